"""How results are shown on the slice views and in 3D: only our own nodes and the layers of the views are touched.

A volume of the user's keeps its window, level and colors; which volumes the views showed before, and in which layout,
is kept by :class:`.viewstate.ViewState`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import slicer
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps
from DualTaskSegLib.image.surfaces import makeSurfacesSteps
from DualTaskSegLib.results.results import CHANGES, RESULT_ID, SIGNED_DISTANCE, UNCERTAINTY, sourceOf
from DualTaskSegLib.scene import segmentations
from DualTaskSegLib.scene.casevolumes import ROLE
from DualTaskSegLib.views.contours import hideContours
from DualTaskSegLib.views.legends import hideLegend, showLegend

CATEGORY = "DualTaskSeg"
MAPS = (SIGNED_DISTANCE, UNCERTAINTY, CHANGES)  # volumes of ours that lie over a scan
# Blue inside, red outside, white at the surface; dark toward the ends so that distances can be told apart as well.
DISTANCE_COLORS = (
    (-1.0, (0.02, 0.12, 0.42)),
    (-0.5, (0.15, 0.42, 0.86)),
    (-0.08, (0.68, 0.84, 1.0)),
    (0.0, (1.0, 1.0, 1.0)),
    (0.08, (1.0, 0.82, 0.70)),
    (0.5, (0.88, 0.28, 0.16)),
    (1.0, (0.42, 0.02, 0.06)),
)
# Steps of even brightness from dark violet to yellow.
UNCERTAINTY_COLORS = (
    (0.0, (0.16, 0.05, 0.35)),
    (0.35, (0.63, 0.13, 0.47)),
    (0.7, (0.95, 0.45, 0.25)),
    (1.0, (0.99, 0.95, 0.55)),
)
LEAST_UNCERTAINTY = 0.05  # below it the scan shows through
# What a later result added, took away, and gave to another structure; also for eyes that don't tell red from green.
CHANGE_COLORS = ((0.0, 0.62, 0.95), (1.0, 0.55, 0.0), (0.85, 0.35, 0.85))


def showSegmentation(node: slicer.vtkMRMLSegmentationNode, fill: float = 0.4, outline: bool = True) -> None:
    """Shows a segmentation on the slice views, its areas with an opacity from 0 to 1, and on request outlines."""
    display = _displayOf(node)
    if display is None:
        return
    isModifying = display.StartModify()
    display.SetVisibility(True)
    display.SetVisibility2D(True)
    display.SetVisibility2DFill(fill > 0)
    display.SetOpacity2DFill(float(np.clip(fill, 0, 1)))
    display.SetVisibility2DOutline(bool(outline))
    display.SetOpacity2DOutline(1.0)
    display.EndModify(isModifying)


def hideSegmentation(node: slicer.vtkMRMLSegmentationNode) -> None:
    """Hides a segmentation in all views."""
    display = _displayOf(node)
    if display is not None:
        display.SetVisibility(False)


def hide3D(segmentationNode: slicer.vtkMRMLSegmentationNode) -> None:
    """Hides a segmentation's surfaces in the 3D views."""
    display = _displayOf(segmentationNode)
    if display is not None:
        display.SetVisibility3D(False)


def show3DSteps(segmentationNode: slicer.vtkMRMLSegmentationNode) -> Steps[None]:
    """Shows a segmentation's surfaces in the 3D views; those that are missing are made in a thread."""
    if _displayOf(segmentationNode) is None:
        return
    yield from makeSurfacesSteps(segmentationNode)
    display = _displayOf(segmentationNode)
    if display is None:
        return
    segmentationNode.CreateClosedSurfaceRepresentation()  # of what could not be made here
    display.SetVisibility(True)
    display.SetVisibility3D(True)


def showVolume(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Shows a volume as the background of all slice views; its window and level stay as they are."""
    for composite in compositeNodes():
        if composite.GetBackgroundVolumeID() != volumeNode.GetID():
            composite.SetBackgroundVolumeID(volumeNode.GetID())


def showDistance(sdmNode: slicer.vtkMRMLScalarVolumeNode, band_mm: float = 10.0, opacity: float = 0.5) -> None:
    """Shows a signed distance volume over its scan: blue inside, white at the surface, red outside, with a legend.

    It takes the place of whatever the foreground shows, since slice views have one only.

    Args:
        band_mm: the distance of the darkest colors; the window is symmetric about zero.
    """
    band = max(float(band_mm), 1e-3)
    _showOver(sdmNode, _colors(_("Signed distance"), DISTANCE_COLORS, "Distance"), -band, band, opacity)
    display = sdmNode.GetDisplayNode()
    display.SetThreshold(-band, band)
    display.SetApplyThreshold(True)
    showLegend(sdmNode, "mm", "%+.0f" if band >= 4 else "%+.1f", 5)


def showUncertainty(node: slicer.vtkMRMLScalarVolumeNode, opacity: float = 0.6) -> None:
    """Shows where the two networks disagree over the scan, with a legend; places of agreement are left clear.

    It takes the place of whatever the foreground shows.
    """
    _showOver(node, _colors(_("Uncertainty"), UNCERTAINTY_COLORS, "Uncertainty"), 0.0, 1.0, opacity)
    display = node.GetDisplayNode()
    display.SetThreshold(LEAST_UNCERTAINTY, 1e9)
    display.SetApplyThreshold(True)
    showLegend(node, "", "%.1f", 6)


def showChanges(node: slicer.vtkMRMLScalarVolumeNode, opacity: float = 0.7) -> None:
    """Shows what a later result changed over the scan: a color each for added, removed and other structure.

    It takes the place of whatever the foreground shows.
    """
    points = [(0.0, (0.0, 0.0, 0.0)), *((float(value), color) for value, color in enumerate(CHANGE_COLORS, start=1))]
    _showOver(node, _colors(_("Changes"), points, "Changes"), 0.0, float(len(CHANGE_COLORS)), opacity)
    display = node.GetDisplayNode()
    display.SetInterpolate(False)  # its values are kinds
    display.SetThreshold(0.5, 1e9)
    display.SetApplyThreshold(True)


def hideLayer(node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
    """Takes a volume of ours out of the slice views' layers and hides its legend."""
    if node is None or node.GetScene() is None:
        return
    for composite in compositeNodes():
        if composite.GetForegroundVolumeID() == node.GetID():
            composite.SetForegroundVolumeID(None)
    hideLegend(node)


def hideForeign(segmentationNode: slicer.vtkMRMLSegmentationNode) -> list[slicer.vtkMRMLSegmentationNode]:
    """Hides segmentations of ours, not the user's, that would be drawn over this one.

    Those are all that belong to other volumes, since scans often lie at the same place, and other results of its own
    volume.

    Returns:
        what was hidden of other volumes.
    """
    source = segmentations.volumeOf(segmentationNode)
    hidden = []
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        display = node.GetDisplayNode()
        if node is segmentationNode or display is None or not display.GetVisibility():
            continue
        isForeign = segmentations.volumeOf(node) is not source
        if node.GetAttribute(ROLE) and isForeign:
            display.SetVisibility(False)
            hidden.append(node)
        elif node.GetAttribute(RESULT_ID) and not isForeign:
            display.SetVisibility(False)
    return hidden


def hideAll() -> None:
    """Hides everything that we show: segmentations of results, layers, legends, contours."""
    hideContours()
    for node in slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode"):
        if node.GetAttribute(ROLE) in MAPS:
            hideLayer(node)
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        if node.GetAttribute(RESULT_ID):
            hideSegmentation(node)


def _displayOf(node: slicer.vtkMRMLNode | None) -> slicer.vtkMRMLDisplayNode | None:
    if node is None or node.GetScene() is None:
        return None
    node.CreateDefaultDisplayNodes()
    return node.GetDisplayNode()


def compositeNodes() -> list[slicer.vtkMRMLSliceCompositeNode]:
    """What the slice views show, one node each."""
    return list(slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"))


def isOurLayer(nodeId: str | None) -> bool:
    """Whether a node is a map of ours that lies over a scan."""
    node = slicer.mrmlScene.GetNodeByID(nodeId) if nodeId else None
    return node is not None and node.GetAttribute(ROLE) in MAPS


def _showOver(
    node: slicer.vtkMRMLScalarVolumeNode, colors: slicer.vtkMRMLColorTableNode, low: float, high: float, opacity: float
) -> None:
    """Shows a volume of ours as the foreground, over the scan that it belongs to."""
    display = _displayOf(node)
    isModifying = display.StartModify()
    display.SetAndObserveColorNodeID(colors.GetID())
    display.AutoWindowLevelOff()
    display.SetAutoThreshold(False)
    display.SetWindowLevelMinMax(low, high)
    display.SetInterpolate(True)
    display.EndModify(isModifying)
    source = sourceOf(node)
    for composite in compositeNodes():
        former = composite.GetForegroundVolumeID()
        if former and former != node.GetID() and isOurLayer(former):
            hideLayer(slicer.mrmlScene.GetNodeByID(former))
        if source is not None and composite.GetBackgroundVolumeID() is None:
            composite.SetBackgroundVolumeID(source.GetID())
        composite.SetForegroundVolumeID(node.GetID())
        composite.SetForegroundOpacity(float(np.clip(opacity, 0, 1)))
        composite.SetCompositing(slicer.vtkMRMLSliceCompositeNode.Alpha)


def _colors(
    name: str, points: Sequence[tuple[float, tuple[float, float, float]]], tag: str
) -> slicer.vtkMRMLColorTableNode:
    """Our color node of this kind, made once in a scene.

    It is saved with the scene, since what is shown with it is. Its colors are in a file of their own then, which may be
    absent when the scene is loaded, so they are put in anew.
    """
    nodes = slicer.util.getNodesByClass("vtkMRMLProceduralColorNode")
    known = next((node for node in nodes if node.GetAttribute(f"{CATEGORY}.Colors") == tag), None)
    node = known or slicer.vtkMRMLProceduralColorNode()
    function = node.GetColorTransferFunction()
    if known is None or function.GetSize() == 0:
        function.RemoveAllPoints()
        for position, color in points:
            function.AddRGBPoint(position, *color)
    if known is not None:
        return known
    node.SetName(slicer.mrmlScene.GenerateUniqueName(f"{CATEGORY} {name}"))
    node.SetAttribute("Category", CATEGORY)
    node.SetAttribute(f"{CATEGORY}.Colors", tag)
    return slicer.mrmlScene.AddNode(node)
