"""Which slice of a partly outlined scan to outline next: where the networks disagree over the largest area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import slicer
from dualtaskseg.errors import InputError
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image.geometry import Geometry, geometryOf
from DualTaskSegLib.image.volumefiles import voxelsOf
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.results.uncertainregions import HIGH, worldPosition
from DualTaskSegLib.scene.casevolumes import caseGeometry
from DualTaskSegLib.scene.seenmaps import readSeenSteps

OUTLINED_SHARE = 0.5  # of a slice that was looked at; slices that cross it are a small part


@dataclass(frozen=True)
class SuggestedSlice:
    """A slice that is worth outlining."""

    axis: int  # of voxels (K, J, I) that it lies across
    index: int  # along that axis
    direction: str  # "axial" and so on, for people
    ras: tuple[float, float, float]  # the middle of its uncertain area; mm, in the world
    areaCm2: float  # of the voxels on which the networks disagree


def suggestSliceSteps(
    case: ProjectCase,
    volumeNode: slicer.vtkMRMLScalarVolumeNode,
    uncertaintyNode: slicer.vtkMRMLScalarVolumeNode,
) -> Steps[SuggestedSlice | None]:
    """Finds the slice to outline next, in a thread.

    It is parallel to most of those that are outlined, none of them, nor beside one: its neighbor tells much of it.

    Args:
        case: partly outlined.
        volumeNode: its scan.
        uncertaintyNode: of a result of that scan.

    Returns:
        the slice; None if the networks agree on all that are left.

    Raises:
        InputError: the map of what was looked at is missing or damaged, or the result lies on another grid.
    """
    if not case.isPartly:
        raise InputError(
            _("The case {name} is not partly outlined").format(name=case.name),
            _("Outline some of its slices and say that the others are not outlined yet"),
        )
    seen = yield from readSeenSteps(case, caseGeometry(volumeNode))
    values, geometry = voxelsOf(uncertaintyNode.GetImageData()), geometryOf(uncertaintyNode)
    if values.shape != seen.shape:
        raise InputError(
            _("The uncertainty volume {name} does not lie on the grid of {case}").format(
                name=uncertaintyNode.GetName(), case=case.name
            ),
            _("Segment the scan again"),
        )
    found = yield from inThread(lambda: _find(seen, values, geometry))
    if found is None:
        return None
    axis, index, ijk, area = found
    ras = worldPosition(uncertaintyNode, geometry.positions(ijk[None])[0])
    return SuggestedSlice(axis, index, geometry.sliceDirection(axis), ras, area)


def _find(seen: np.ndarray, values: np.ndarray, geometry: Geometry) -> tuple[int, int, np.ndarray, float] | None:
    """Axis, index, the middle of the uncertain area as I, J, K, and its size in cm²."""
    shares = [seen.mean(axis=across) for across in ((1, 2), (0, 2), (0, 1))]
    axis = max(range(3), key=lambda each: int(np.count_nonzero(shares[each] >= OUTLINED_SHARE)))
    isDone = shares[axis] >= OUTLINED_SHARE
    near = isDone.copy()
    near[1:] |= isDone[:-1]
    near[:-1] |= isDone[1:]
    planes = np.moveaxis(values, axis, 0)
    hidden = np.moveaxis(seen, axis, 0) != 0
    sizes = [
        0 if near[index] else int(np.count_nonzero((planes[index] >= HIGH) & ~hidden[index]))
        for index in range(len(planes))
    ]
    index = int(np.argmax(sizes))
    if sizes[index] == 0:
        return None
    rows, columns = np.nonzero((planes[index] >= HIGH) & ~hidden[index])
    kji = np.insert(np.array([rows.mean(), columns.mean()]), axis, index)
    spacing = np.delete(geometry.spacing[::-1], axis)
    return axis, index, kji[::-1], sizes[index] * float(spacing.prod()) / 100.0
