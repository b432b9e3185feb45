"""The voxels that segments hold on the grid of a scan, whatever grid and transforms they are on and under."""

from __future__ import annotations

import numpy as np
import slicer
import vtk
from dualtaskseg.errors import InputError
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image.geometry import Geometry, arrayOf, matrixOf
from DualTaskSegLib.image.labelcontent import binaryName, binaryOf, segmentsIn, toWorld
from DualTaskSegLib.image.volumefiles import voxelsOf


class Masks:
    """The voxels that segments hold on another grid, found in threads without touching the scene.

    Args:
        transform: the transform node that this grid lies under; None if it lies in the world.
    """

    def __init__(
        self,
        segmentationNode: slicer.vtkMRMLSegmentationNode,
        geometry: Geometry,
        transform: slicer.vtkMRMLTransformNode | None,
    ) -> None:
        self._node = segmentationNode
        self._geometry = geometry
        self._transform = transform
        self._brought: dict[str, np.ndarray] = {}  # label maps on the grid, by their address: segments share them

    def ofSteps(self, segmentId: str) -> Steps[np.ndarray]:
        """The mask (K, J, I) of one segment; ``InputError`` if it was deleted, or can't be turned into voxels."""
        segment = self._node.GetSegmentation().GetSegment(segmentId)
        if self._node.GetScene() is None or segment is None:
            raise InputError(_("The segmentation was deleted from the scene"), _("Choose another one"))
        image = segment.GetRepresentation(binaryName())
        surface = segment.GetRepresentation(slicer.vtkSegmentationConverter.GetClosedSurfaceRepresentationName())
        if image is None and surface is not None:
            return (yield from self._ofSurfaceSteps(surface))
        value = segment.GetLabelValue()
        if image is None:
            image, value = self._converted(segment), 1
        key = image.GetAddressAsString("")
        if key not in self._brought:
            reslice = self._reslice(image)
            yield from inThread(reslice.Update)
            self._brought.clear()  # segments that share one mostly stand together
            self._brought[key] = voxelsOf(reslice.GetOutput())
        labels = self._brought[key]
        return (yield from inThread(lambda: labels == value))

    def _reslice(self, image: slicer.vtkOrientedImageData) -> vtk.vtkImageReslice:
        """Brings a label map to the grid, each voxel from the nearest one."""
        plain = vtk.vtkImageData()  # its geometry is part of the transform
        plain.SetExtent(image.GetExtent())
        plain.GetPointData().SetScalars(image.GetPointData().GetScalars())
        reslice = vtk.vtkImageReslice()
        reslice.SetInputData(plain)
        reslice.SetResliceTransform(self._chain(self._geometry.ijkToRAS, False, np.linalg.inv(toWorld(image))))
        reslice.SetInterpolationModeToNearestNeighbor()
        reslice.SetBackgroundLevel(0)
        reslice.SetOutputOrigin(0, 0, 0)
        reslice.SetOutputSpacing(1, 1, 1)
        i, j, k = self._geometry.size
        reslice.SetOutputExtent(0, i - 1, 0, j - 1, 0, k - 1)
        return reslice

    def _ofSurfaceSteps(self, surface: vtk.vtkPolyData) -> Steps[np.ndarray]:
        onGeometry = vtk.vtkTransformPolyDataFilter()
        copy = vtk.vtkPolyData()
        copy.ShallowCopy(surface)
        onGeometry.SetInputData(copy)
        onGeometry.SetTransform(self._chain(np.eye(4), True, np.linalg.inv(self._geometry.ijkToRAS)))
        i, j, k = self._geometry.size
        stencil = vtk.vtkPolyDataToImageStencil()
        stencil.SetInputConnection(onGeometry.GetOutputPort())
        stencil.SetOutputSpacing(1, 1, 1)
        stencil.SetOutputOrigin(0, 0, 0)
        stencil.SetOutputWholeExtent(0, i - 1, 0, j - 1, 0, k - 1)
        filled = vtk.vtkImageStencilToImage()
        filled.SetInputConnection(stencil.GetOutputPort())
        filled.SetOutputScalarTypeToUnsignedChar()
        yield from inThread(filled.Update)
        voxels = voxelsOf(filled.GetOutput())
        return (yield from inThread(lambda: voxels > 0))

    def _chain(self, first: np.ndarray, fromSegmentation: bool, last: np.ndarray) -> vtk.vtkAbstractTransform:
        """A matrix, then the transform from or to the segmentation, then another matrix."""
        own = self._node.GetParentTransformNode()
        source, target = (own, self._transform) if fromSegmentation else (self._transform, own)
        between = vtk.vtkMatrix4x4()
        isLinear = all(node is None or node.IsTransformToWorldLinear() for node in (source, target))
        if isLinear:
            slicer.vtkMRMLTransformNode.GetMatrixTransformBetweenNodes(source, target, between)
            chain = vtk.vtkTransform()
            chain.SetMatrix(matrixOf(last @ arrayOf(between) @ first))
            return chain
        bent = vtk.vtkGeneralTransform()
        slicer.vtkMRMLTransformNode.GetTransformBetweenNodes(source, target, bent)
        general = vtk.vtkGeneralTransform()
        general.PostMultiply()
        general.Concatenate(matrixOf(first))
        general.Concatenate(bent)
        general.Concatenate(matrixOf(last))
        general.Update()
        return general

    def _converted(self, segment: slicer.vtkSegment) -> slicer.vtkOrientedImageData:
        """The label map of a segment in a representation that only Slicer can convert, such as planar contours."""
        segmentation = self._node.GetSegmentation()
        copy = slicer.vtkSegmentation()
        copy.SetSourceRepresentationName(segmentation.GetSourceRepresentationName())
        copy.CopyConversionParameters(segmentation)
        one = slicer.vtkSegment()
        one.DeepCopy(segment)
        copy.AddSegment(one, "copy")
        image = one.GetRepresentation(binaryName()) if copy.CreateRepresentation(binaryName()) else None
        if image is None:
            raise InputError(
                _("A segment of {name} can't be turned into voxels").format(name=self._node.GetName()),
                _("Look at it in the module Segmentations"),
            )
        return image


def isResampled(
    segmentationNode: slicer.vtkMRMLSegmentationNode, geometry: Geometry, transform: slicer.vtkMRMLTransformNode | None
) -> bool:
    """Whether outlines have to be resampled to lie on a grid under a transform node, or none."""
    if segmentationNode.GetParentTransformNode() is not transform:
        return True
    if segmentationNode.GetSegmentation().GetSourceRepresentationName() != binaryName():
        return True
    for _id, segment in segmentsIn(segmentationNode):
        image = binaryOf(segment)
        if image is None:
            continue
        relative = np.linalg.inv(geometry.ijkToRAS) @ toWorld(image)
        turned = np.abs(np.rint(relative[:3, :3]))  # axes in another order or direction move no voxel
        isTurned = (turned.sum(axis=0) == 1).all() and (turned.sum(axis=1) == 1).all()
        if not isTurned or not np.allclose(np.abs(relative[:3, :3]), turned, atol=1e-3):
            return True
        if not np.allclose(relative[:3, 3], np.rint(relative[:3, 3]), atol=0.05):
            return True
    return False
