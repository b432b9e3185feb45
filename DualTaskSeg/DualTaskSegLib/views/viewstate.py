"""What the user's views showed before a review, kept and put back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import slicer
import vtk

from DualTaskSegLib.image.geometry import arrayOf, geometryOf
from DualTaskSegLib.views import layouts
from DualTaskSegLib.views.overlays import compositeNodes, isOurLayer, showVolume
from DualTaskSegLib.views.shownslices import axisAcross


@dataclass
class _View:
    background: str | None
    foreground: str | None
    foregroundOpacity: float
    label: str | None
    position: tuple[list[float], list[float], list[float]] | None  # field of view, origin and SliceToRAS


@dataclass
class ViewState:
    """What the views showed before we changed it.

    Window and level of the user's volumes need no keeping: nothing here changes them.
    """

    layout: int | None = None  # number of the layout; None where there is no layout
    views: dict[str, _View] = field(default_factory=dict)  # layers by the ID of the slice view's composite node
    shown: dict[str, str | None] = field(default_factory=dict)  # the background that we set, by the same ID
    turned: dict[str, np.ndarray] = field(default_factory=dict)  # how we turned slice views, by the same ID
    cameras: dict[str, vtk.vtkCamera] = field(default_factory=dict)  # of 3D views that we turn, by the node's ID

    @classmethod
    def save(cls) -> ViewState:
        """Keeps the layout and the layers of all slice views."""
        node = layouts.layoutNode()
        state = cls(node.GetViewArrangement() if node is not None else None)
        for composite in compositeNodes():
            state.views[composite.GetID()] = _View(
                composite.GetBackgroundVolumeID(),
                None if isOurLayer(composite.GetForegroundVolumeID()) else composite.GetForegroundVolumeID(),
                composite.GetForegroundOpacity(),
                composite.GetLabelVolumeID(),
                _positionOf(composite),
            )
        return state

    def showVolume(self, volumeNode: slicer.vtkMRMLScalarVolumeNode) -> None:
        """As :func:`showVolume`, remembered so that :meth:`restore` puts back what was there before.

        Where another volume was shown, the view is fitted to this one.
        """
        others = [each for each in compositeNodes() if each.GetBackgroundVolumeID() != volumeNode.GetID()]
        showVolume(volumeNode)
        for composite in compositeNodes():
            self.shown[composite.GetID()] = volumeNode.GetID()
        if others:
            slicer.util.resetSliceViews()

    def turnTo(self, volumeNode: slicer.vtkMRMLScalarVolumeNode) -> None:
        """Turns slice views that cut across a volume's slices into these; :meth:`restore` turns them back."""
        geometry = geometryOf(volumeNode, world=True)
        for composite in compositeNodes():
            node = _sliceNodeOf(composite)
            if node is not None and self._isAsLeft(composite) and axisAcross(node, geometry) is None:
                node.RotateToVolumePlane(volumeNode)
                self.turned[composite.GetID()] = _rotationOf(node)

    def _isAsLeft(self, composite: slicer.vtkMRMLSliceCompositeNode) -> bool:
        """Whether a view still shows the volume that we put there."""
        shown = self.shown.get(composite.GetID())
        return shown is not None and composite.GetBackgroundVolumeID() == shown

    def _isTurned(self, composite: slicer.vtkMRMLSliceCompositeNode) -> bool:
        turned, node = self.turned.get(composite.GetID()), _sliceNodeOf(composite)
        return turned is not None and node is not None and np.allclose(turned, _rotationOf(node))

    def reset3DViews(self) -> None:
        """Turns all 3D views to what is shown in them; :meth:`restore` turns them back to how they were before."""
        for node in slicer.util.getNodesByClass("vtkMRMLCameraNode"):
            if node.GetID() not in self.cameras:
                kept = self.cameras[node.GetID()] = vtk.vtkCamera()
                kept.DeepCopy(node.GetCamera())
        slicer.util.resetThreeDViews()

    def restore(self) -> None:
        """Puts layers, cameras and layout back, except where the user has chosen something else in the meantime."""
        for composite in compositeNodes():
            view = self.views.get(composite.GetID())
            if view is None:
                continue
            foreground = composite.GetForegroundVolumeID()
            if foreground is None or isOurLayer(foreground):
                composite.SetForegroundVolumeID(_ifThere(view.foreground))
                composite.SetForegroundOpacity(view.foregroundOpacity)
            isOther = composite.GetBackgroundVolumeID() != view.background
            if self._isAsLeft(composite) and (isOther or self._isTurned(composite)) and _ifThere(view.background):
                composite.SetBackgroundVolumeID(view.background)
                _putBack(composite, view.position)
        for nodeId, camera in self.cameras.items():
            node = slicer.mrmlScene.GetNodeByID(nodeId)
            if node is not None:
                _turnBack(node, camera)
        layouts.restore(self.layout)


def _sliceNodeOf(composite: slicer.vtkMRMLSliceCompositeNode) -> slicer.vtkMRMLSliceNode | None:
    nodes = slicer.util.getNodesByClass("vtkMRMLSliceNode")
    return next((node for node in nodes if node.GetLayoutName() == composite.GetLayoutName()), None)


def _rotationOf(node: slicer.vtkMRMLSliceNode) -> np.ndarray:
    return arrayOf(node.GetSliceToRAS())[:3, :3]


def _positionOf(composite: slicer.vtkMRMLSliceCompositeNode) -> tuple[list[float], list[float], list[float]] | None:
    node = _sliceNodeOf(composite)
    if node is None:
        return None
    return list(node.GetFieldOfView()), list(node.GetXYZOrigin()), arrayOf(node.GetSliceToRAS()).ravel().tolist()


def _putBack(
    composite: slicer.vtkMRMLSliceCompositeNode, position: tuple[list[float], list[float], list[float]] | None
) -> None:
    node = _sliceNodeOf(composite)
    if node is None or position is None:
        return
    (width, height, depth), origin, sliceToRas = position
    # The view may have another shape by now: as tall a field as before, or the scan would be shown stretched.
    columns, rows, _slices = node.GetDimensions()
    node.GetSliceToRAS().DeepCopy(sliceToRas)
    node.SetXYZOrigin(*origin)
    node.SetFieldOfView(height * columns / rows if columns > 0 and rows > 0 else width, height, depth)
    node.UpdateMatrices()


def _turnBack(node: slicer.vtkMRMLCameraNode, camera: vtk.vtkCamera) -> None:
    isModifying = node.StartModify()
    node.SetPosition(*camera.GetPosition())
    node.SetFocalPoint(*camera.GetFocalPoint())
    node.SetViewUp(*camera.GetViewUp())
    node.SetParallelProjection(camera.GetParallelProjection())
    node.SetParallelScale(camera.GetParallelScale())
    node.SetViewAngle(camera.GetViewAngle())
    node.EndModify(isModifying)
    node.ResetClippingRange()


def _ifThere(nodeId: str | None) -> str | None:
    return nodeId if nodeId and slicer.mrmlScene.GetNodeByID(nodeId) is not None else None
