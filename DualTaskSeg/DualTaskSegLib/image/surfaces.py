"""The smoothed surfaces of segments, made in a thread."""

from __future__ import annotations

import slicer
import vtk

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image.labelcontent import binaryOf

SMOOTHING_ITERATIONS, SMOOTHING_PASS_BAND = 40, 0.01  # what Slicer's default smoothing factor of 0.5 comes to


def makeSurfacesSteps(segmentationNode: slicer.vtkMRMLSegmentationNode) -> Steps[None]:
    """Makes the surfaces that a segmentation's segments lack.

    They are smoothed as Slicer's own are by default. Once the user edits a segment, Slicer makes its surface anew, also
    where that was in the meantime.
    """
    segmentation = segmentationNode.GetSegmentation()
    closed = slicer.vtkSegmentationConverter.GetClosedSurfaceRepresentationName()
    made: list[tuple[str, tuple, vtk.vtkPolyData]] = []
    for segmentId in list(segmentation.GetSegmentIDs()):
        segment = segmentation.GetSegment(segmentId)
        if segment is None or segment.GetRepresentation(closed) is not None:
            continue
        state = _stateOf(segment)
        surface = yield from _surfaceSteps(segment)
        if surface is not None:
            made.append((segmentId, state, surface))
    # All at once: as soon as the first segment has a surface, a 3D view has Slicer make those of all the others, in
    # the main thread.
    isModifying = segmentationNode.StartModify()
    for segmentId, state, surface in made:
        segment = segmentation.GetSegment(segmentId)
        if segment is not None and _stateOf(segment) == state:
            segment.AddRepresentation(closed, surface)
    segmentationNode.EndModify(isModifying)


def _stateOf(segment: slicer.vtkSegment) -> tuple:
    """What changes when a segment is edited."""
    image = binaryOf(segment)
    voxels = (image.GetAddressAsString(""), image.GetMTime()) if image is not None else ("", 0)
    return segment.GetAddressAsString(""), segment.GetLabelValue(), *voxels


def _surfaceSteps(segment: slicer.vtkSegment) -> Steps[vtk.vtkPolyData | None]:
    """The smoothed surface of a segment's voxels, empty where the label map holds none; None without a label map."""
    image = binaryOf(segment)
    if image is None:
        return None
    extent = image.GetExtent()
    voxels = vtk.vtkImageData()
    voxels.SetExtent(extent)
    voxels.GetPointData().SetScalars(image.GetPointData().GetScalars())  # without the grid: that comes last
    padding = vtk.vtkImageConstantPad()  # or the surface would be open where the voxels end
    padding.SetInputData(voxels)
    padding.SetOutputWholeExtent(*(value + step for value, step in zip(extent, (-1, 1) * 3, strict=True)))
    surface = vtk.vtkDiscreteFlyingEdges3D()
    surface.SetInputConnection(padding.GetOutputPort())
    surface.SetValue(0, segment.GetLabelValue())
    surface.ComputeNormalsOff()
    surface.ComputeScalarsOff()
    surface.ComputeGradientsOff()
    smooth = vtk.vtkWindowedSincPolyDataFilter()
    smooth.SetInputConnection(surface.GetOutputPort())
    smooth.SetNumberOfIterations(SMOOTHING_ITERATIONS)
    smooth.SetPassBand(SMOOTHING_PASS_BAND)
    smooth.BoundarySmoothingOff()
    smooth.FeatureEdgeSmoothingOff()
    smooth.NonManifoldSmoothingOn()
    smooth.NormalizeCoordinatesOn()
    matrix = vtk.vtkMatrix4x4()
    image.GetImageToWorldMatrix(matrix)
    transform = vtk.vtkTransform()
    transform.SetMatrix(matrix)
    toRas = vtk.vtkTransformPolyDataFilter()
    toRas.SetInputConnection(smooth.GetOutputPort())
    toRas.SetTransform(transform)
    normals = vtk.vtkPolyDataNormals()
    normals.SetInputConnection(toRas.GetOutputPort())
    normals.SplittingOff()
    normals.ConsistencyOn()
    normals.AutoOrientNormalsOff()
    yield from inThread(normals.Update, 0.1)
    made = vtk.vtkPolyData()
    made.ShallowCopy(normals.GetOutput())
    return made
