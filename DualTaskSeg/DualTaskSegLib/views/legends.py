"""Legends of maps in the slice views: only where they cover nothing of the scan; the panel tells the colors as well."""

from __future__ import annotations

import itertools

import slicer
import vtk

# Of the view's width and height. A title of more than a few letters makes a legend wider than it may be.
SIZE, POSITION = (0.1, 0.35), (0.99, 0.03)
MARGIN = 0.01  # of the view's width, beside it
FRAME = 8  # pixels; a legend is wider than its size by some of its letters
LEAST_VIEW = 200  # pixels; in a smaller view it could not be read


def showLegend(
    volumeNode: slicer.vtkMRMLScalarVolumeNode, title: str, labelFormat: str, labels: int
) -> slicer.vtkMRMLColorLegendDisplayNode | None:
    """Shows the legend of a map, from now on in every slice view that has room for it beside the scan.

    A legend that the user moved stays where it is, in all views.

    Args:
        title: a few letters.
    """
    logic = slicer.vtkSlicerColorLogic
    legend = logic.GetColorLegendDisplayNode(volumeNode)
    if legend is None:
        legend = logic.AddDefaultColorLegendDisplayNode(volumeNode)
        if legend is None:
            return None
        legend.SetSize(*SIZE)
        legend.SetPosition(*POSITION)
    isModifying = legend.StartModify()
    legend.SetTitleText(title)
    legend.SetLabelFormat(labelFormat)
    legend.SetNumberOfLabels(labels)
    _keeper.follow(legend)
    legend.EndModify(isModifying)
    return legend


def hideLegend(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Hides the legend of a map."""
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(volumeNode)
    if legend is not None:
        _keeper.leave(legend)
        legend.SetVisibility(False)


def release() -> None:
    """Lets go of the views; called when the module goes."""
    _keeper.leave()


class _Keeper:
    """Follows the slice views, and shows the legend of the map in those that have room for it."""

    def __init__(self) -> None:
        self._legend: slicer.vtkMRMLColorLegendDisplayNode | None = None
        self._observed: list[tuple[slicer.vtkMRMLSliceNode, int]] = []
        self._hasRoom: dict[str, bool] = {}  # by the ID of the view

    def follow(self, legend: slicer.vtkMRMLColorLegendDisplayNode) -> None:
        self.leave()
        self._legend = legend
        for node in slicer.util.getNodesByClass("vtkMRMLSliceNode"):
            self._observed.append((node, node.AddObserver(vtk.vtkCommand.ModifiedEvent, self._onView)))
            self._hasRoom[node.GetID()] = hasRoom(node)
        self._apply()

    def leave(self, legend: slicer.vtkMRMLColorLegendDisplayNode | None = None) -> None:
        if legend is not None and legend is not self._legend:
            return
        for node, tag in self._observed:
            node.RemoveObserver(tag)
        self._observed.clear()
        self._hasRoom.clear()
        self._legend = None

    def _onView(self, node: slicer.vtkMRMLSliceNode, event: str | None = None) -> None:
        """A view was moved, zoomed, or made larger or smaller."""
        if self._legend is None or self._legend.GetScene() is None:
            self.leave()
            return
        now = hasRoom(node)
        if self._hasRoom.get(node.GetID()) != now:
            self._hasRoom[node.GetID()] = now
            self._apply()

    def _apply(self) -> None:
        legend = self._legend
        isMoved = max(abs(a - b) for a, b in zip(legend.GetPosition(), POSITION, strict=True)) > 1e-6
        views = [viewId for viewId, isFree in self._hasRoom.items() if isFree]
        isModifying = legend.StartModify()
        legend.RemoveAllViewNodeIDs()  # which means all views
        if not isMoved:
            for viewId in views:
                legend.AddViewNodeID(viewId)
        legend.SetVisibility(isMoved or bool(views))
        legend.EndModify(isModifying)


_keeper = _Keeper()


def hasRoom(sliceNode: slicer.vtkMRMLSliceNode) -> bool:
    """Whether a legend at the right edge of a slice view covers nothing of the view's volume."""
    width, height = sliceNode.GetDimensions()[:2]
    if min(width, height) < LEAST_VIEW:
        return False
    right = _rightEdge(sliceNode)
    return right is None or width - right >= (SIZE[0] + MARGIN) * width + FRAME


def _rightEdge(sliceNode: slicer.vtkMRMLSliceNode) -> float | None:
    """How far to the right the background volume reaches, in pixels of the view; None if there is no such volume."""
    composites = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    composite = next((each for each in composites if each.GetLayoutName() == sliceNode.GetLayoutName()), None)
    volumeId = composite.GetBackgroundVolumeID() if composite is not None else None
    volume = slicer.mrmlScene.GetNodeByID(volumeId) if volumeId else None
    if volume is None or volume.GetImageData() is None:
        return None
    bounds = [0.0] * 6
    volume.GetRASBounds(bounds)  # in the world
    toView = vtk.vtkMatrix4x4()
    vtk.vtkMatrix4x4.Invert(sliceNode.GetXYToRAS(), toView)
    corners = itertools.product(bounds[:2], bounds[2:4], bounds[4:])
    return max(toView.MultiplyPoint((*corner, 1.0))[0] for corner in corners)
