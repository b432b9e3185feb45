"""How results are shown on the slice views and in 3D: only our own nodes and the layers of the views are touched.

A volume of the user's keeps its window, level and colors; which volumes the views showed before, and in which layout,
is kept by :class:`ViewState`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import slicer
import vtk
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, finish, inThread
from DualTaskSegLib.image.geometry import arrayOf, gridOf, matrixOf
from DualTaskSegLib.image.surfaces import makeSurfacesSteps
from DualTaskSegLib.results.results import RESULT_ID, SEGMENT, SIGNED_DISTANCE, SOURCE_REFERENCE, UNCERTAINTY, sourceOf
from DualTaskSegLib.scene import labelmaps
from DualTaskSegLib.scene.casevolumes import ROLE

CONTOUR = "contour"
CONTOUR_DISTANCE = "DualTaskSeg.ContourDistance"
CONTOUR_OF = "DualTaskSeg.ContourOf"
CONTOUR_TIME = "DualTaskSeg.ContourTime"
CATEGORY = "DualTaskSeg"
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
SURFACE_COLOR = (1.0, 1.0, 0.0)
MOST_CONTOURS = 9
LEGEND_SIZE, LEGEND_POSITION = (0.1, 0.35), (0.98, 0.03)  # the default hides a good part of a small view


# --- segmentation


def showSegmentation(node, fill: float = 0.4, outline: bool = True) -> None:
    """Shows a segmentation on the slice views.

    Args:
        node: the segmentation.
        fill: opacity of the areas, 0 to 1.
        outline: whether the outlines are drawn.
    """
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


def hideSegmentation(node) -> None:
    """Hides a segmentation in all views."""
    display = _displayOf(node)
    if display is not None:
        display.SetVisibility(False)


def show3D(segmentationNode, visible: bool = True) -> None:
    """Shows or hides a segmentation's surfaces in the 3D views, see :func:`show3DSteps`."""
    if visible:
        finish(show3DSteps(segmentationNode))
        return
    display = _displayOf(segmentationNode)
    if display is not None:
        display.SetVisibility3D(False)


def show3DSteps(segmentationNode) -> Steps[None]:
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


# --- volumes as layers


def showVolume(volumeNode) -> None:
    """Shows a volume as the background of all slice views; its window and level stay as they are."""
    for composite in _composites():
        if composite.GetBackgroundVolumeID() != volumeNode.GetID():
            composite.SetBackgroundVolumeID(volumeNode.GetID())


def showDistance(sdmNode, band_mm: float = 10.0, opacity: float = 0.5, beyond: bool = False) -> None:
    """Shows a signed distance volume over its scan: blue inside, white at the surface, red outside, with a legend.

    It takes the place of whatever the foreground shows, since slice views have one only.

    Args:
        sdmNode: signed distances in mm, negative inside.
        band_mm: the distance of the darkest colors; the window is symmetric about zero.
        opacity: of the layer, 0 to 1.
        beyond: whether voxels farther away than the band are drawn as well, in the darkest colors.
    """
    band = max(float(band_mm), 1e-3)
    _showOver(sdmNode, _colors(_("Signed distance"), DISTANCE_COLORS, "Distance"), -band, band, opacity)
    display = sdmNode.GetDisplayNode()
    display.SetThreshold(-band, band)
    display.SetApplyThreshold(not beyond)
    _legend(sdmNode, _("Signed distance (mm)\nnegative inside"), "%.0f" if band >= 4 else "%.1f", 5)


def showUncertainty(node, opacity: float = 0.6) -> None:
    """Shows where the two networks disagree over the scan, with a legend; places of agreement are left clear.

    It takes the place of whatever the foreground shows.

    Args:
        node: disagreement from 0 to 1.
        opacity: of the layer, 0 to 1.
    """
    _showOver(node, _colors(_("Uncertainty"), UNCERTAINTY_COLORS, "Uncertainty"), 0.0, 1.0, opacity)
    display = node.GetDisplayNode()
    display.SetThreshold(LEAST_UNCERTAINTY, 1e9)
    display.SetApplyThreshold(True)
    _legend(node, _("Disagreement of\nthe two networks"), "%.1f", 6)


def hideLayer(node) -> None:
    """Takes a volume of ours out of the slice views' layers and hides its legend."""
    if node is None or node.GetScene() is None:
        return
    for composite in _composites():
        if composite.GetForegroundVolumeID() == node.GetID():
            composite.SetForegroundVolumeID(None)
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(node)
    if legend is not None:
        legend.SetVisibility(False)


# --- contours


def showContours(sdmNode, distances: Iterable[float] = (0.0,)) -> list[float]:
    """Draws lines of equal distance on the slice views, see :func:`showContoursSteps`."""
    return finish(showContoursSteps(sdmNode, distances))


def showContoursSteps(sdmNode, distances: Iterable[float] = (0.0,)) -> Steps[list[float]]:
    """Draws lines of equal distance on the slice views, as models that the slices cut; other contours disappear.

    Those that were drawn before and whose volume did not change are shown again as they are. The models belong to us:
    hidden in lists, not saved with the scene, under the volume's transform.

    Args:
        sdmNode: signed distances in mm.
        distances: in mm, negative inside; 0 is the surface. At most nine.

    Returns:
        the distances that occur nowhere, so that nothing could be drawn; the program's maps end at some distance.
    """
    wanted = list(dict.fromkeys(round(float(distance), 3) for distance in distances))[:MOST_CONTOURS]
    models = _contoursOf(sdmNode)
    for distance, model in models.items():
        if distance not in wanted:
            model.GetDisplayNode().SetVisibility(False)
    for model in _ownModels():
        if model.GetNodeReference(CONTOUR_OF) is not sdmNode:
            model.GetDisplayNode().SetVisibility(False)
    time = str(sdmNode.GetImageData().GetMTime())
    furthest = max((abs(distance) for distance in wanted), default=0.0) or 1.0
    absent = []
    for distance in wanted:
        model = models.get(distance)
        if model is None or model.GetAttribute(CONTOUR_TIME) != time:
            surface = yield from _surfaceSteps(sdmNode, distance)
            if sdmNode.GetScene() is None:
                return []
            model = _contourModel(sdmNode, distance, surface, time, model)
        model.SetAndObserveTransformNodeID(sdmNode.GetTransformNodeID())
        display = model.GetDisplayNode()
        display.SetColor(*_contourColor(distance / furthest))
        display.SetSliceIntersectionThickness(3 if distance == 0 else 2)
        display.SetVisibility(True)
        if model.GetPolyData().GetNumberOfPoints() == 0:
            absent.append(distance)
        yield 0.9
    return absent


def hideContours() -> None:
    """Hides all contours."""
    for model in _ownModels():
        model.GetDisplayNode().SetVisibility(False)


def removeContours(sdmNode=None) -> None:
    """Removes the contours of a volume from the scene, or all of them."""
    for model in _ownModels():
        if sdmNode is None or model.GetNodeReference(CONTOUR_OF) is sdmNode:
            slicer.mrmlScene.RemoveNode(model)


def removeLostContours() -> None:
    """Removes the contours of volumes that were deleted, which would stay over the scan."""
    for model in _ownModels():
        if model.GetNodeReference(CONTOUR_OF) is None:
            slicer.mrmlScene.RemoveNode(model)


def hideForeign(segmentationNode) -> list:
    """Hides segmentations of ours that belong to other volumes, since scans often lie at the same place.

    Returns:
        what was hidden; the user's own segmentations are not.
    """
    source = labelmaps.volumeOf(segmentationNode)
    hidden = []
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        display = node.GetDisplayNode()
        isForeign = node.GetAttribute(ROLE) and node is not segmentationNode and labelmaps.volumeOf(node) is not source
        if isForeign and display is not None and display.GetVisibility():
            display.SetVisibility(False)
            hidden.append(node)
    return hidden


def hideAll() -> None:
    """Hides everything that we show: segmentations of results, layers, legends, contours."""
    hideContours()
    for node in _ours("vtkMRMLScalarVolumeNode"):
        hideLayer(node)
    for node in _ours("vtkMRMLSegmentationNode"):
        hideSegmentation(node)


# --- the user's views


@dataclass
class _View:
    background: str | None
    foreground: str | None
    foregroundOpacity: float
    label: str | None
    place: tuple[list[float], list[float], list[float]] | None  # field of view, origin and SliceToRAS


@dataclass
class ViewState:
    """What the views showed before we changed it.

    Window and level of the user's volumes need no keeping: nothing here changes them.

    Attributes:
        layout: number of the layout; None where there is no layout.
        views: layers by the ID of the slice view's composite node.
        shown: the background that we set, by the same ID; where the user has chosen another since, it stays.
    """

    layout: int | None = None
    views: dict[str, _View] = field(default_factory=dict)
    shown: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def save(cls) -> ViewState:
        """Keeps the layout and the layers of all slice views."""
        node = _layoutNode()
        state = cls(node.GetViewArrangement() if node is not None else None)
        for composite in _composites():
            state.views[composite.GetID()] = _View(
                composite.GetBackgroundVolumeID(),
                None if _isOurs(composite.GetForegroundVolumeID()) else composite.GetForegroundVolumeID(),
                composite.GetForegroundOpacity(),
                composite.GetLabelVolumeID(),
                _placeOf(composite),
            )
        return state

    def showVolume(self, volumeNode) -> None:
        """As :func:`showVolume`, remembered so that :meth:`restore` puts back what was there before.

        Where another volume was shown, the view is fitted to this one.
        """
        others = [each for each in _composites() if each.GetBackgroundVolumeID() != volumeNode.GetID()]
        showVolume(volumeNode)
        for composite in _composites():
            self.shown[composite.GetID()] = volumeNode.GetID()
        if others:
            slicer.util.resetSliceViews()

    def restore(self) -> None:
        """Puts layers and layout back, except where the user has chosen something else in the meantime."""
        for composite in _composites():
            view = self.views.get(composite.GetID())
            if view is None:
                continue
            foreground = composite.GetForegroundVolumeID()
            if foreground is None or _isOurs(foreground):
                composite.SetForegroundVolumeID(_ifThere(view.foreground))
                composite.SetForegroundOpacity(view.foregroundOpacity)
            shown = self.shown.get(composite.GetID())
            isAsLeft = shown is not None and composite.GetBackgroundVolumeID() == shown
            if isAsLeft and shown != view.background and _ifThere(view.background):
                composite.SetBackgroundVolumeID(view.background)
                _putBack(composite, view.place)
        node = _layoutNode()
        if node is not None and self.layout is not None:
            from DualTaskSegLib.views import layouts

            if layouts.isOurs(node.GetViewArrangement()):
                node.SetViewArrangement(self.layout)


# --- parts


def _displayOf(node):
    if node is None or node.GetScene() is None:
        return None
    node.CreateDefaultDisplayNodes()
    return node.GetDisplayNode()


def _composites() -> list:
    return list(slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"))


def _sliceNodeOf(composite):
    nodes = slicer.util.getNodesByClass("vtkMRMLSliceNode")
    return next((node for node in nodes if node.GetLayoutName() == composite.GetLayoutName()), None)


def _placeOf(composite) -> tuple[list[float], list[float], list[float]] | None:
    node = _sliceNodeOf(composite)
    if node is None:
        return None
    return list(node.GetFieldOfView()), list(node.GetXYZOrigin()), arrayOf(node.GetSliceToRAS()).ravel().tolist()


def _putBack(composite, place: tuple[list[float], list[float], list[float]] | None) -> None:
    node = _sliceNodeOf(composite)
    if node is None or place is None:
        return
    fieldOfView, origin, sliceToRas = place
    node.GetSliceToRAS().DeepCopy(sliceToRas)
    node.SetXYZOrigin(*origin)
    node.SetFieldOfView(*fieldOfView)
    node.UpdateMatrices()


def _layoutNode():
    nodes = slicer.util.getNodesByClass("vtkMRMLLayoutNode")
    return nodes[0] if nodes else None


def _ours(className: str) -> list:
    return [node for node in slicer.util.getNodesByClass(className) if node.GetAttribute(RESULT_ID)]


def _isOurs(nodeId: str | None) -> bool:
    node = slicer.mrmlScene.GetNodeByID(nodeId) if nodeId else None
    return node is not None and node.GetAttribute(ROLE) in (SIGNED_DISTANCE, UNCERTAINTY)


def _ifThere(nodeId: str | None) -> str | None:
    return nodeId if nodeId and slicer.mrmlScene.GetNodeByID(nodeId) is not None else None


def _showOver(node, colors, low: float, high: float, opacity: float) -> None:
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
    for composite in _composites():
        former = composite.GetForegroundVolumeID()
        if former and former != node.GetID() and _isOurs(former):
            hideLayer(slicer.mrmlScene.GetNodeByID(former))
        if source is not None and composite.GetBackgroundVolumeID() is None:
            composite.SetBackgroundVolumeID(source.GetID())
        composite.SetForegroundVolumeID(node.GetID())
        composite.SetForegroundOpacity(float(np.clip(opacity, 0, 1)))
        composite.SetCompositing(slicer.vtkMRMLSliceCompositeNode.Alpha)


def _colors(name: str, points: Sequence[tuple[float, tuple[float, float, float]]], tag: str):
    """Our color node of this kind; made once in a scene, and not saved with it."""
    for node in slicer.util.getNodesByClass("vtkMRMLProceduralColorNode"):
        if node.GetAttribute(f"{CATEGORY}.Colors") == tag:
            return node
    node = slicer.vtkMRMLProceduralColorNode()
    node.SetName(slicer.mrmlScene.GenerateUniqueName(f"{CATEGORY} {name}"))
    node.SetAttribute("Category", CATEGORY)
    node.SetAttribute(f"{CATEGORY}.Colors", tag)
    function = node.GetColorTransferFunction()
    function.RemoveAllPoints()
    for position, color in points:
        function.AddRGBPoint(position, *color)
    return slicer.mrmlScene.AddNode(node)


def _legend(node, title: str, labelFormat: str, labels: int) -> None:
    logic = slicer.vtkSlicerColorLogic
    legend = logic.GetColorLegendDisplayNode(node)
    if legend is None:
        legend = logic.AddDefaultColorLegendDisplayNode(node)
        if legend is None:
            return
        legend.SetSize(*LEGEND_SIZE)
        legend.SetPosition(*LEGEND_POSITION)
    isModifying = legend.StartModify()
    legend.SetTitleText(title)
    legend.SetLabelFormat(labelFormat)
    legend.SetNumberOfLabels(labels)
    legend.SetVisibility(True)
    legend.EndModify(isModifying)


def _ownModels() -> list:
    return [node for node in slicer.util.getNodesByClass("vtkMRMLModelNode") if node.GetAttribute(ROLE) == CONTOUR]


def _contoursOf(sdmNode) -> dict[float, object]:
    return {
        float(node.GetAttribute(CONTOUR_DISTANCE)): node
        for node in _ownModels()
        if node.GetNodeReference(CONTOUR_OF) is sdmNode
    }


def _surfaceSteps(sdmNode, distance: float) -> Steps[vtk.vtkPolyData]:
    """The surface of equal distance in the volume's own RAS, made in a thread."""
    image = vtk.vtkImageData()
    image.ShallowCopy(sdmNode.GetImageData())
    contour = vtk.vtkFlyingEdges3D()
    contour.SetInputData(image)
    contour.SetValue(0, distance)
    contour.ComputeNormalsOff()
    contour.ComputeScalarsOff()
    contour.ComputeGradientsOff()
    transform = vtk.vtkTransform()
    transform.SetMatrix(matrixOf(gridOf(sdmNode).ijkToRAS))
    toRas = vtk.vtkTransformPolyDataFilter()
    toRas.SetTransform(transform)
    toRas.SetInputConnection(contour.GetOutputPort())
    yield from inThread(toRas.Update, 0.1)
    surface = vtk.vtkPolyData()
    surface.ShallowCopy(toRas.GetOutput())
    return surface


def _contourModel(sdmNode, distance: float, surface: vtk.vtkPolyData, time: str, model):
    if model is None:
        model = slicer.vtkMRMLModelNode()
        model.SetName(_("{name} contour {distance:g} mm").format(name=sdmNode.GetName(), distance=distance))
        model.SetHideFromEditors(1)
        model.SetSaveWithScene(False)
        model.SetAttribute(ROLE, CONTOUR)
        model.SetAttribute(SEGMENT, sdmNode.GetAttribute(SEGMENT))
        model.SetAttribute(CONTOUR_DISTANCE, repr(distance))
        slicer.mrmlScene.AddNode(model)
        model.SetNodeReferenceID(CONTOUR_OF, sdmNode.GetID())
        model.SetNodeReferenceID(SOURCE_REFERENCE, sdmNode.GetNodeReferenceID(SOURCE_REFERENCE))
        model.CreateDefaultDisplayNodes()
        display = model.GetDisplayNode()
        display.SetSaveWithScene(False)
        display.SetVisibility2D(True)
        display.SetVisibility3D(False)
        display.SetSliceDisplayModeToIntersection()
    model.SetAndObservePolyData(surface)
    model.SetAttribute(CONTOUR_TIME, time)
    return model


def _contourColor(relative: float) -> tuple[float, float, float]:
    """The surface in yellow, which the color scale lacks; other distances light blue or red, to be seen on it."""
    if relative == 0:
        return SURFACE_COLOR
    share = 0.35 * (1 - abs(relative))
    return (0.25 + share, 0.65 + share, 1.0) if relative < 0 else (1.0, 0.45 + share, 0.35 + share)
