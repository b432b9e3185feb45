"""What a segmentation holds, how that fits the project's segments, and segmentations made from arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import slicer
from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import or_tissue, same_meaning

from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.image.geometry import Geometry, matrixOf
from DualTaskSegLib.image.volumefiles import imageOf
from DualTaskSegLib.scene import segmenttags


@dataclass(frozen=True)
class SegmentInfo:
    """A segment as the project sees it."""

    id: str  # of the segment in its segmentation
    name: str  # for people
    color: tuple[int, int, int]  # red, green and blue, 0 to 255 each
    terminology: str  # tag; empty if the segment has none
    empty: bool  # it holds no voxel and no surface
    ml: float = 0.0  # its volume in mL; 0 where only a surface is known


@dataclass(frozen=True)
class Mismatches:
    """Where a segmentation and the project's segments don't fit."""

    unknown: tuple[SegmentInfo, ...] = ()  # that the project doesn't have; empty ones don't count
    # name of an unknown segment -> name of the project's segment that is probably meant
    suggestions: dict[str, str] = field(default_factory=dict)


def segmentsOf(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> list[SegmentInfo]:
    """What a segmentation holds, in its order; an empty list if the node was deleted.

    Voxels are counted for that: let :func:`labelcontent.lookSteps` do it first where it could take long.
    """
    if segmentationNode is None or segmentationNode.GetScene() is None:
        return []
    source = segmentationNode.GetSegmentation().GetSourceRepresentationName()
    found = []
    for segmentId, segment in labelcontent.segmentsIn(segmentationNode):
        ml, empty = _contentOf(segment, source)
        color = tuple(round(255 * part) for part in segment.GetColor())
        terminology = segmenttags.terminologyOf(segment)
        found.append(SegmentInfo(segmentId, segment.GetName(), color, terminology, empty, ml))
    return found


def holdsAnything(segmentationNode: slicer.vtkMRMLSegmentationNode) -> bool:
    """Whether a segmentation has any voxel or surface; quick also for a large one."""
    source = segmentationNode.GetSegmentation().GetSourceRepresentationName()
    for _id, segment in labelcontent.segmentsIn(segmentationNode):
        image = labelcontent.binaryOf(segment)
        if image is not None:
            if labelcontent.holdsAnything(image):
                return True
        elif source != labelcontent.binaryName() and not _contentOf(segment, source)[1]:
            return True
    return False


def mismatches(segmentationNode: slicer.vtkMRMLSegmentationNode, projectSegments: Sequence[Segment]) -> Mismatches:
    """Compares a segmentation with the project's segments, by name, upper and lower case being the same."""
    own = segmentsOf(segmentationNode)
    projectNames = {segment.name.casefold() for segment in projectSegments}
    ownNames = {info.name.casefold() for info in own}
    unknown = [info for info in own if info.name.casefold() not in projectNames]
    free = [segment for segment in projectSegments if segment.name.casefold() not in ownNames]
    suggestions = {}
    for info in unknown:
        meant = [segment for segment in free if same_meaning(info.terminology, segment.terminology)]
        meant = meant or [segment for segment in free if _plain(segment.name) == _plain(info.name)]
        if not meant and len(unknown) == 1 and len(free) == 1:
            meant = free
        if meant:
            suggestions[info.name] = meant[0].name
            free.remove(meant[0])
    return Mismatches(tuple(info for info in unknown if not info.empty), suggestions)


def volumeOf(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> slicer.vtkMRMLScalarVolumeNode | None:
    """The volume that a segmentation's grid comes from; None if it has none or it was deleted."""
    if segmentationNode is None:
        return None
    return segmentationNode.GetNodeReference(slicer.vtkMRMLSegmentationNode.GetReferenceImageGeometryReferenceRole())


def newSegmentation(name: str) -> slicer.vtkMRMLSegmentationNode:
    """Adds an empty segmentation with display properties to the scene."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", name)
    node.CreateDefaultDisplayNodes()
    return node


class Content:
    """The labels of an array, cut out so that they cover no more than is needed; may be made in a thread.

    Args:
        voxels: label values (K, J, I).
    """

    def __init__(self, voxels: np.ndarray, geometry: Geometry) -> None:
        box = labelcontent.boxOf(voxels)
        labels = voxels[box].astype(np.uint8, copy=False)
        self.image = slicer.vtkOrientedImageData()  # those within the box that holds all labels
        self.image.ShallowCopy(imageOf(labels))
        shift = np.eye(4)
        shift[:3, 3] = [axis.start for axis in reversed(box)]
        self.image.SetGeometryFromImageToWorldMatrix(matrixOf(geometry.ijkToRAS @ shift))


def fillSegmentation(node: slicer.vtkMRMLSegmentationNode, content: Content, segments: Sequence[Segment]) -> list[str]:
    """Replaces what a segmentation holds by labels, in one label map that all segments share.

    A segment that was there before, by its ID, is displayed as before.

    Args:
        segments: which values, and what they are called. Their terminology falls back to "Tissue".

    Returns:
        the IDs of the segments, in their order.
    """
    segmentation, display = node.GetSegmentation(), node.GetDisplayNode()
    forgets = display is not None and display.GetRemoveUnusedDisplayProperties()
    if forgets:
        display.SetRemoveUnusedDisplayProperties(False)
    isModifying = node.StartModify()
    for _id, segment in labelcontent.segmentsIn(node):
        segment.RemoveAllRepresentations()  # or each is cut out of the label map that they share, which takes long
    segmentation.RemoveAllSegments()
    segmentation.SetSourceRepresentationName(labelcontent.binaryName())
    ids = []
    for segment in segments:
        one = slicer.vtkSegment()
        one.SetName(segment.name)
        one.SetColor(*(part / 255.0 for part in segment.color))
        one.SetLabelValue(segment.value)
        one.AddRepresentation(labelcontent.binaryName(), content.image)
        segmenttags.setTerminology(one, or_tissue(segment.terminology))
        # Plain IDs, since some exporters make file names of them.
        segmentId = f"Segment_{segment.value}"
        segmentation.AddSegment(one, segmentId)
        ids.append(segmentId)
    node.EndModify(isModifying)
    if forgets:
        display.SetRemoveUnusedDisplayProperties(True)
    return ids


def _contentOf(segment: slicer.vtkSegment, source: str) -> tuple[float, bool]:
    """The volume of a segment in mL, and whether it is empty."""
    if source != labelcontent.binaryName() and segment.GetRepresentation(labelcontent.binaryName()) is None:
        surface = segment.GetRepresentation(source)
        return 0.0, surface is None or surface.GetNumberOfPoints() == 0
    image = labelcontent.binaryOf(segment)
    if image is None:
        return 0.0, True
    count = labelcontent.countsOf(image).get(segment.GetLabelValue(), 0)
    return count * abs(float(np.linalg.det(labelcontent.toWorld(image)[:3, :3]))) / 1000.0, count == 0


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
