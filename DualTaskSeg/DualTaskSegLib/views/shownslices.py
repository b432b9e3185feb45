"""Which slices of a scan the slice views show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import slicer

from DualTaskSegLib.image.geometry import Geometry, arrayOf, geometryOf
from DualTaskSegLib.image.outlinedplanes import AXES

PARALLEL = 0.999  # cosine of the largest angle between a view and a slice of voxels


@dataclass(frozen=True)
class ShownSlice:
    """A slice of voxels."""

    axis: str  # along which it is counted: "K", "J" or "I"
    index: int  # as labels are counted, see :func:`DualTaskSegLib.scene.casevolumes.caseGeometry`
    count: int  # of slices along that axis
    direction: str  # such as axial, for people


def shownSlices(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> list[ShownSlice]:
    """The slices of a volume that are in the middle of what views of the layout show; not of oblique views."""
    geometry = geometryOf(volumeNode, world=True).rightHanded()  # as labels are counted
    layout = slicer.app.layoutManager()
    found: dict[tuple[int, int], ShownSlice] = {}
    for name in layout.sliceViewNames():
        widget = layout.sliceWidget(name)
        if not widget.mrmlSliceNode().IsViewVisibleInLayout():  # of an earlier layout
            continue
        if widget.mrmlSliceCompositeNode().GetBackgroundVolumeID() != volumeNode.GetID():
            continue
        across = axisAcross(widget.mrmlSliceNode(), geometry)
        if across is None:
            continue
        middle = arrayOf(widget.mrmlSliceNode().GetSliceToRAS())[:, 3]
        index = round(float((np.linalg.inv(geometry.ijkToRAS) @ middle)[across]))
        count = geometry.size[across]
        if 0 <= index < count:
            found[across, index] = ShownSlice(AXES[2 - across], index, count, geometry.sliceDirection(2 - across))
    return list(found.values())


def axisAcross(sliceNode: slicer.vtkMRMLSliceNode, geometry: Geometry) -> int | None:
    """The axis of voxels, 0 to 2 for I, J, K, that is across a view; None if the view is oblique to all.

    Args:
        geometry: where the voxels are in the world.
    """
    along = np.abs((geometry.ijkToRAS[:3, :3] / geometry.spacing).T @ arrayOf(sliceNode.GetSliceToRAS())[:3, 2])
    return int(along.argmax()) if along.max() >= PARALLEL else None
