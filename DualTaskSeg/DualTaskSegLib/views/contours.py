"""Lines of equal distance on the slice views: models of ours that the slices cut."""

from __future__ import annotations

from collections.abc import Iterable

import slicer
import vtk
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image.geometry import geometryOf, matrixOf
from DualTaskSegLib.results.results import SEGMENT, SOURCE_REFERENCE
from DualTaskSegLib.scene.casevolumes import ROLE

CONTOUR = "contour"
CONTOUR_DISTANCE = "DualTaskSeg.ContourDistance"
CONTOUR_OF = "DualTaskSeg.ContourOf"
CONTOUR_TIME = "DualTaskSeg.ContourTime"
SURFACE_COLOR = (1.0, 1.0, 0.0)
MOST_CONTOURS = 9


def showContoursSteps(
    sdmNode: slicer.vtkMRMLScalarVolumeNode, distances: Iterable[float] = (0.0,)
) -> Steps[list[float]]:
    """Draws lines of equal distance on the slice views, as models that the slices cut; other contours disappear.

    Those that were drawn before and whose volume did not change are shown again as they are. The models belong to us:
    hidden in lists, not saved with the scene, under the volume's transform.

    Args:
        distances: in mm, negative inside; 0 is the surface. At most nine.

    Returns:
        the distances that occur nowhere, so that nothing could be drawn; the program's maps end at some distance.
    """
    wanted = list(dict.fromkeys(round(float(distance), 3) for distance in distances))[:MOST_CONTOURS]
    models = _contoursOf(sdmNode)
    kept = [model for distance, model in models.items() if distance in wanted]
    for model in _ownModels():
        if model not in kept:
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
        display.SetSliceIntersectionThickness(_thickness(distance))
        display.SetVisibility(True)
        if model.GetPolyData().GetNumberOfPoints() == 0:
            absent.append(distance)
        yield 0.9
    return absent


def hideContours() -> None:
    """Hides all contours."""
    for model in _ownModels():
        model.GetDisplayNode().SetVisibility(False)


def removeLostContours() -> None:
    """Removes the contours of volumes that were deleted, which would stay over the scan."""
    for model in _ownModels():
        if model.GetNodeReference(CONTOUR_OF) is None:
            slicer.mrmlScene.RemoveNode(model)


def _ownModels() -> list[slicer.vtkMRMLModelNode]:
    return [node for node in slicer.util.getNodesByClass("vtkMRMLModelNode") if node.GetAttribute(ROLE) == CONTOUR]


def _contoursOf(sdmNode: slicer.vtkMRMLScalarVolumeNode) -> dict[float, object]:
    return {
        float(node.GetAttribute(CONTOUR_DISTANCE)): node
        for node in _ownModels()
        if node.GetNodeReference(CONTOUR_OF) is sdmNode
    }


def _surfaceSteps(sdmNode: slicer.vtkMRMLScalarVolumeNode, distance: float) -> Steps[vtk.vtkPolyData]:
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
    transform.SetMatrix(matrixOf(geometryOf(sdmNode).ijkToRAS))
    toRas = vtk.vtkTransformPolyDataFilter()
    toRas.SetTransform(transform)
    toRas.SetInputConnection(contour.GetOutputPort())
    yield from inThread(toRas.Update, 0.1)
    surface = vtk.vtkPolyData()
    surface.ShallowCopy(toRas.GetOutput())
    return surface


def _contourModel(
    sdmNode: slicer.vtkMRMLScalarVolumeNode,
    distance: float,
    surface: vtk.vtkPolyData,
    time: str,
    model: slicer.vtkMRMLModelNode | None,
) -> slicer.vtkMRMLModelNode:
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


def _thickness(distance: float) -> int:
    """The surface is thick, what lies inside it less so, what lies outside thin: told without color, too."""
    if distance == 0:
        return 5
    return 3 if distance < 0 else 2


def _contourColor(relative: float) -> tuple[float, float, float]:
    """The surface in yellow, which the color scale lacks; other distances light blue or red, to be seen on it."""
    if relative == 0:
        return SURFACE_COLOR
    share = 0.35 * (1 - abs(relative))
    return (0.25 + share, 0.65 + share, 1.0) if relative < 0 else (1.0, 0.45 + share, 0.35 + share)
