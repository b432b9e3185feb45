"""What a segmentation holds, how that fits the project's segments, and segmentations made from arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import slicer
from dualtaskseg.contract.terminology import or_tissue, same_meaning
from slicer.i18n import tr as _

from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.image.geometry import Grid, matrixOf
from DualTaskSegLib.image.volumefiles import imageOf
from DualTaskSegLib.scene import segmenttags

if TYPE_CHECKING:
    from dualtaskseg.contract.segment import Segment


@dataclass(frozen=True)
class SegmentInfo:
    """A segment as the project sees it.

    Attributes:
        id: of the segment in its segmentation.
        name: for people.
        color: red, green and blue, 0 to 255 each.
        terminology: tag; empty if the segment has none.
        empty: it holds no voxel and no surface.
        ml: its volume in mL; 0 where only a surface is known.
    """

    id: str
    name: str
    color: tuple[int, int, int]
    terminology: str
    empty: bool
    ml: float = 0.0


@dataclass(frozen=True)
class Mismatches:
    """Where a segmentation and the project's segments don't fit.

    Attributes:
        unknown: segments that the project doesn't have.
        missing: names of the project's segments that the segmentation lacks; they count as absent from the scan.
        empty: names of the project's segments that are there but hold nothing.
        suggestions: name of an unknown segment -> name of the project's segment that is probably meant.
    """

    unknown: tuple[SegmentInfo, ...] = ()
    missing: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    suggestions: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.unknown or self.missing or self.empty)

    def sentences(self) -> list[str]:
        """For people."""
        told = [_("The project has no segment named {name}.").format(name=one.name) for one in self.unknown]
        told += [_("The segmentation has no segment named {name}.").format(name=name) for name in self.missing]
        told += [_("The segment {name} is empty.").format(name=name) for name in self.empty]
        return told


def segmentsOf(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> list[SegmentInfo]:
    """What a segmentation holds, in its order; an empty list if the node was deleted.

    Voxels are counted for that: let :func:`labelcontent.lookSteps` do it first where it could take long.
    """
    if segmentationNode is None or segmentationNode.GetScene() is None:
        return []
    segmentation = segmentationNode.GetSegmentation()
    found = []
    for index in range(segmentation.GetNumberOfSegments()):
        segment = segmentation.GetNthSegment(index)
        ml, empty = _contentOf(segment, segmentation.GetSourceRepresentationName())
        color = tuple(round(255 * part) for part in segment.GetColor())
        found.append(
            SegmentInfo(
                segmentation.GetNthSegmentID(index),
                segment.GetName(),
                color,
                segmenttags.terminologyOf(segment),
                empty,
                ml,
            )
        )
    return found


def holdsAnything(segmentationNode: slicer.vtkMRMLSegmentationNode) -> bool:
    """Whether a segmentation has any voxel or surface; quick also for a large one."""
    segmentation = segmentationNode.GetSegmentation()
    source = segmentation.GetSourceRepresentationName()
    for index in range(segmentation.GetNumberOfSegments()):
        segment = segmentation.GetNthSegment(index)
        image = labelcontent.binaryOf(segment)
        if image is not None:
            if labelcontent.holdsAnything(image):
                return True
        elif source != labelcontent.binaryName() and not _contentOf(segment, source)[1]:
            return True
    return False


def mismatches(segmentationNode: slicer.vtkMRMLSegmentationNode, projectSegments: Iterable[Segment]) -> Mismatches:
    """Compares a segmentation with the project's segments, by name, upper and lower case being the same."""
    project = list(projectSegments)
    own = segmentsOf(segmentationNode)
    names = {segment.name.casefold(): segment for segment in project}
    here = {one.name.casefold(): one for one in own}
    unknown = tuple(one for one in own if one.name.casefold() not in names)
    free = [segment for segment in project if segment.name.casefold() not in here]
    empty = tuple(s.name for s in project if s.name.casefold() in here and here[s.name.casefold()].empty)
    suggestions = {}
    for one in unknown:
        meant = [s for s in free if same_meaning(one.terminology, s.terminology)]
        meant = meant or [s for s in free if _plain(s.name) == _plain(one.name)]
        if not meant and len(unknown) == 1 and len(free) == 1:
            meant = free
        if meant:
            suggestions[one.name] = meant[0].name
            free.remove(meant[0])
    missing = tuple(s.name for s in project if s.name.casefold() not in here)
    return Mismatches(unknown, missing, empty, suggestions)


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
        grid: that of ``voxels``.

    Attributes:
        image: those within the box that holds all labels, as segments want them.
    """

    def __init__(self, voxels: np.ndarray, grid: Grid) -> None:
        box = labelcontent.boxOf(voxels)
        labels = voxels[box].astype(np.uint8, copy=False)
        self.image = slicer.vtkOrientedImageData()
        self.image.ShallowCopy(imageOf(labels))
        shift = np.eye(4)
        shift[:3, 3] = [axis.start for axis in reversed(box)]
        self.image.SetGeometryFromImageToWorldMatrix(matrixOf(grid.ijkToRAS @ shift))


def fillSegmentation(node: slicer.vtkMRMLSegmentationNode, content: Content, segments: Sequence[Segment]) -> list[str]:
    """Replaces what a segmentation holds by labels, in one label map that all segments share.

    Args:
        node: a segmentation of ours.
        content: the labels.
        segments: which values, and what they are called. Their terminology falls back to "Tissue".

    Returns:
        the IDs of the segments, in their order.
    """
    segmentation = node.GetSegmentation()
    isModifying = node.StartModify()
    for index in range(segmentation.GetNumberOfSegments()):
        # Or each one would be cut out of the label map that they share, which takes long.
        segmentation.GetNthSegment(index).RemoveAllRepresentations()
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
