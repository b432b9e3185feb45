"""Segmentations and label files: what a segmentation holds, written as a label, and a label shown as segments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import slicer
import vtk
from dualtaskseg.errors import InputError
from slicer.i18n import tr as _

from DualTaskSegLib import terminology
from DualTaskSegLib.casescene import CASE_ID, CASE_IN_WORLD, ROLE, caseGrid, placeOf, problemsOf
from DualTaskSegLib.grids import Grid, arrayOf, gridOf, isLinearlyTransformed, matrixOf
from DualTaskSegLib.steps import Steps, finish
from DualTaskSegLib.volumefiles import imageOf, readSteps, voxelsOf, writeSteps
from DualTaskSegLib.wording import counted

if TYPE_CHECKING:
    from dualtaskseg.data.cases import Segment

    from DualTaskSegLib.project import ProjectCase

LABEL_ROLE = "label"
MOST_VALUE = 255  # labels are written as uint8
LOST = 0.02  # share of a segment outside of the scan from which it is said


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


@dataclass(frozen=True)
class WrittenLabel:
    """A label file that was written.

    Attributes:
        path: the file.
        voxels: number of voxels by name of the project's segment.
        said: what the user should know, as sentences.
    """

    path: Path
    voxels: dict[str, int]
    said: tuple[str, ...]


def segmentsOf(segmentationNode) -> list[SegmentInfo]:
    """What a segmentation holds, in its order; an empty list if the node was deleted."""
    if segmentationNode is None or segmentationNode.GetScene() is None:
        return []
    segmentation = segmentationNode.GetSegmentation()
    counts = _LabelCounts()
    found = []
    for index in range(segmentation.GetNumberOfSegments()):
        segment = segmentation.GetNthSegment(index)
        ml, empty = counts.of(segment, segmentation.GetSourceRepresentationName())
        color = tuple(round(255 * part) for part in segment.GetColor())
        found.append(
            SegmentInfo(
                segmentation.GetNthSegmentID(index), segment.GetName(), color, terminology.tagOf(segment), empty, ml
            )
        )
    return found


def mismatches(segmentationNode, projectSegments: Iterable[Segment]) -> Mismatches:
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
        meant = [s for s in free if terminology.sameMeaning(one.terminology, s.terminology)]
        meant = meant or [s for s in free if _plain(s.name) == _plain(one.name)]
        if not meant and len(unknown) == 1 and len(free) == 1:
            meant = free
        if meant:
            suggestions[one.name] = meant[0].name
            free.remove(meant[0])
    missing = tuple(s.name for s in project if s.name.casefold() not in here)
    return Mismatches(unknown, missing, empty, suggestions)


def writeLabel(
    segmentationNode,
    volumeNode,
    projectSegments: Iterable[Segment],
    mapping: Mapping[str, str | None] | None,
    path: Path | str,
    allowEmpty: bool = False,
) -> WrittenLabel:
    """Writes a segmentation as a label file, see :func:`writeLabelSteps`."""
    return finish(writeLabelSteps(segmentationNode, volumeNode, projectSegments, mapping, path, allowEmpty))


def writeLabelSteps(
    segmentationNode,
    volumeNode,
    projectSegments: Iterable[Segment],
    mapping: Mapping[str, str | None] | None,
    path: Path | str,
    allowEmpty: bool = False,
) -> Steps[WrittenLabel]:
    """Writes a segmentation as a label on exactly the grid of the case's scan; neither node is changed.

    Transforms of segmentation and volume are applied, and another grid is resampled.

    Args:
        segmentationNode: the outlines.
        volumeNode: the scan.
        projectSegments: names and values of the label.
        mapping: name of a segment -> name of the project's segment, or None to leave it out; segments it doesn't
            name keep their name.
        path: ends in ``.nrrd``; replaced in one step once the new file is whole. Voxels are uint8.
        allowEmpty: whether a label without any voxel may be written, for a scan that shows none of the structures.

    Raises:
        InputError: a node was deleted; nothing is outlined; a segment is not the project's and not in ``mapping``; two
            are mapped to the same; the volume changed since it became a case; or the file can't be written.
    """
    project = list(projectSegments)
    _checkNodes(segmentationNode, volumeNode)
    _checkValues(project)
    said: list[str] = []
    chosen = _chosen(segmentationNode, project, mapping or {}, said)
    if not allowEmpty and all(info.empty for info, _segment in chosen):
        raise InputError(
            _("{name} holds no outline of a segment of the project").format(name=segmentationNode.GetName()),
            _("Outline the structure in Segment Editor first"),
        )
    yield 0.0
    grid = caseGrid(volumeNode)
    reference, isTemporary = _reference(volumeNode, grid)
    try:
        if _isResampled(segmentationNode, reference):
            said.append(
                _(
                    "{name} lies on another grid or under another transform; it was brought to the grid of {scan}."
                ).format(name=segmentationNode.GetName(), scan=volumeNode.GetName())
            )
        label = np.zeros(tuple(reversed(grid.size)), np.uint8)
        voxels = {segment.name: 0 for segment in project}
        overlapping = 0
        for info, segment in chosen:
            if info.empty:
                continue
            mask = _maskOf(segmentationNode, info.id, reference)
            yield 0.0
            taken = label[mask] > 0
            overlapping += int(np.count_nonzero(taken))
            label[mask & (label == 0)] = segment.value
            voxels[segment.name] = int(mask.sum()) - int(np.count_nonzero(taken))
            _sayLost(info, int(mask.sum()) * grid.voxelMl, volumeNode, said)
            yield 0.0
    finally:
        if isTemporary:
            slicer.mrmlScene.RemoveNode(reference)
    if overlapping:
        said.append(
            counted(
                overlapping,
                _("{count} voxel belongs to several segments; it was counted to the first in the list."),
                _("{count} voxels belong to several segments; they were counted to the first in the list."),
            )
        )
    if not allowEmpty and not any(voxels.values()):
        raise InputError(
            _("No outline of {name} lies within {scan}").format(
                name=segmentationNode.GetName(), scan=volumeNode.GetName()
            ),
            _("Check that the segmentation belongs to this scan"),
        )
    written = yield from writeSteps(path, label, grid.ijkToRAS)
    return WrittenLabel(written, voxels, tuple(said))


def loadLabel(projectCase: ProjectCase, volumeNode, segments: Sequence[Segment]):
    """Shows the label of a case as a segmentation, see :func:`loadLabelSteps`."""
    return finish(loadLabelSteps(projectCase, volumeNode, segments))


def loadLabelSteps(projectCase: ProjectCase, volumeNode, segments: Sequence[Segment]) -> Steps:
    """Makes a segmentation from the label file of a case; one that this made before is returned as it is.

    Returns:
        the segmentation node, with a segment for each of ``segments``, and one for each other value in the file.

    Raises:
        InputError: the file is missing or damaged, no label, or not on the volume's grid.
    """
    known = labelNodeOf(volumeNode)
    if known is not None:
        return known
    path = Path(projectCase.label)
    image, grid = yield from readSteps(path)
    voxels = labelVoxels(image, path)
    place, transform = placeOf(volumeNode, grid)
    yield 0.5
    segments = _withOthers(voxels, segments)
    yield 0.7
    node = newSegmentation(slicer.mrmlScene.GenerateUniqueName(_("{name} outlines").format(name=projectCase.name)))
    fillSegmentation(node, voxels, place, segments)
    node.SetAndObserveTransformNodeID(transform)
    node.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
    node.SetAttribute(ROLE, LABEL_ROLE)
    node.SetAttribute(CASE_ID, projectCase.id)
    return node


def labelNodeOf(volumeNode):
    """The segmentation that :func:`loadLabel` made for a volume; None if there is none in the scene."""
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        if node.GetAttribute(ROLE) == LABEL_ROLE and volumeOf(node) is volumeNode:
            return node
    return None


def volumeOf(segmentationNode):
    """The volume that a segmentation's grid comes from; None if it has none or it was deleted."""
    if segmentationNode is None:
        return None
    return segmentationNode.GetNodeReference(slicer.vtkMRMLSegmentationNode.GetReferenceImageGeometryReferenceRole())


# --- segmentations from arrays


def newSegmentation(name: str):
    """Adds an empty segmentation with display properties to the scene."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", name)
    node.CreateDefaultDisplayNodes()
    return node


def fillSegmentation(node, voxels: np.ndarray, grid: Grid, segments: Sequence[Segment]) -> list[str]:
    """Replaces what a segmentation holds by the segments of a label array.

    All segments share one label map that covers no more than is needed.

    Args:
        node: a segmentation of ours.
        voxels: label values (K, J, I).
        grid: that of ``voxels``.
        segments: which values, and what they are called. Their terminology falls back to "Tissue".

    Returns:
        the IDs of the segments, in their order.
    """
    segmentation = node.GetSegmentation()
    box = boxOf(voxels)
    image = slicer.vtkOrientedImageData()
    image.ShallowCopy(imageOf(voxels[box].astype(np.uint8, copy=False)))
    first = [axis.start for axis in reversed(box)]
    shift = np.eye(4)
    shift[:3, 3] = first
    image.SetGeometryFromImageToWorldMatrix(matrixOf(grid.ijkToRAS @ shift))
    isModifying = node.StartModify()
    segmentation.RemoveAllSegments()
    segmentation.SetSourceRepresentationName(_binary())
    ids = []
    for segment in segments:
        one = slicer.vtkSegment()
        one.SetName(segment.name)
        one.SetColor(*(part / 255.0 for part in segment.color))
        one.SetLabelValue(segment.value)
        one.AddRepresentation(_binary(), image)
        terminology.setTag(one, terminology.orDefault(segment.terminology)[0])
        # Plain IDs, since some exporters make file names of them.
        segmentId = f"Segment_{segment.value}"
        segmentation.AddSegment(one, segmentId)
        ids.append(segmentId)
    node.EndModify(isModifying)
    return ids


def labelVoxels(image: vtk.vtkImageData, path: Path) -> np.ndarray:
    """The voxels (K, J, I) of a label file as whole numbers.

    Raises:
        InputError: they are not whole numbers from 0 to 255.
    """
    voxels = voxelsOf(image)
    if voxels.dtype == np.uint8:
        return voxels
    low, high = voxels.min(), voxels.max()
    small = voxels.astype(np.uint8) if low >= 0 and high <= MOST_VALUE else None
    if small is None or (voxels.dtype.kind == "f" and not np.array_equal(small, voxels)):
        raise InputError(
            _("The label {file} holds values that are not whole numbers from 0 to 255").format(file=path),
            _("Check that it is a label, not a scan or a probability map"),
        )
    return small


# --- parts


class _LabelCounts:
    """Counts voxels by label, once for each label map that segments share."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[int, int]] = {}

    def of(self, segment, source: str) -> tuple[float, bool]:
        """The volume in mL, and whether the segment is empty."""
        image = segment.GetRepresentation(_binary())
        if source != _binary() and image is None:
            surface = segment.GetRepresentation(source)
            return 0.0, surface is None or surface.GetNumberOfPoints() == 0
        if image is None or image.IsEmpty() or image.GetPointData().GetScalars() is None:
            return 0.0, True
        key = image.GetAddressAsString("")
        if key not in self._counts:
            self._counts[key] = _countsOf(voxelsOf(image))
        count = self._counts[key].get(segment.GetLabelValue(), 0)
        matrix = vtk.vtkMatrix4x4()
        image.GetImageToWorldMatrix(matrix)
        return count * abs(float(np.linalg.det(arrayOf(matrix)[:3, :3]))) / 1000.0, count == 0


def _checkNodes(segmentationNode, volumeNode) -> None:
    if segmentationNode is None or segmentationNode.GetScene() is None:
        raise InputError(_("The segmentation was deleted from the scene"), _("Choose another one"))
    problems = problemsOf(volumeNode)
    if problems:
        raise InputError(problems[0], "")
    if segmentationNode.GetSegmentation().GetNumberOfSegments() == 0:
        raise InputError(
            _("{name} has no segments").format(name=segmentationNode.GetName()), _("Outline the structure first")
        )


def _checkValues(project: Sequence[Segment]) -> None:
    if not project:
        raise InputError(_("The project has no segments"), _("Name at least one segment to learn"))
    for segment in project:
        if not 1 <= segment.value <= MOST_VALUE:
            raise InputError(
                _("The label value {value} of {name} is not from 1 to 255").format(
                    value=segment.value, name=segment.name
                ),
                _("Give it another value"),
            )


def _chosen(
    segmentationNode, project: Sequence[Segment], mapping: Mapping[str, str | None], said: list[str]
) -> list[tuple[SegmentInfo, Segment]]:
    """Pairs of a segment and the project's, in the project's order."""
    names = {segment.name.casefold(): segment for segment in project}
    wanted = {name.casefold(): target for name, target in mapping.items()}
    pairs: dict[str, tuple[SegmentInfo, Segment]] = {}
    for info in segmentsOf(segmentationNode):
        key = info.name.casefold()
        target = wanted.get(key, info.name)
        if not target:
            said.append(_("The segment {name} was left out.").format(name=info.name))
            continue
        segment = names.get(target.casefold())
        if segment is None:
            if info.empty:
                continue
            raise InputError(
                _("The project has no segment named {name}").format(name=target),
                _("Map it to one of: {names}; or leave it out").format(names=", ".join(s.name for s in project)),
            )
        if segment.name in pairs:
            raise InputError(
                _("Two segments, {first} and {second}, stand for {name}").format(
                    first=pairs[segment.name][0].name, second=info.name, name=segment.name
                ),
                _("Leave one of them out, or join them in Segment Editor"),
            )
        pairs[segment.name] = (info, segment)
    for segment in project:
        if segment.name not in pairs:
            said.append(_("There is no segment {name}; the scan is taken not to show it.").format(name=segment.name))
        elif pairs[segment.name][0].empty:
            said.append(_("The segment {name} is empty.").format(name=segment.name))
    return [pairs[segment.name] for segment in project if segment.name in pairs]


def _reference(volumeNode, grid: Grid):
    """The volume whose grid and transform the outlines are brought to, and whether it must be removed afterwards."""
    own = gridOf(volumeNode)
    if isLinearlyTransformed(volumeNode):
        if grid.sameAs(own) or grid.sameAs(gridOf(volumeNode, world=True)):
            return volumeNode, False
    elif grid.sameAs(own) and not volumeNode.GetAttribute(CASE_IN_WORLD):
        return volumeNode, False
    elif volumeNode.GetAttribute(CASE_IN_WORLD):
        flat = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "DualTaskSegReference")
        flat.SetHideFromEditors(1)
        flat.SetAndObserveImageData(imageOf(np.zeros(tuple(reversed(grid.size)), np.uint8)))
        flat.SetIJKToRASMatrix(matrixOf(grid.ijkToRAS))
        return flat, True
    raise InputError(
        _("{name} was changed or moved since it became a case: it has {now}, its file has {then}").format(
            name=volumeNode.GetName(), now=own.describe(), then=grid.describe()
        ),
        _("Undo the change, or remove the case and add the volume again"),
    )


def _maskOf(segmentationNode, segmentId: str, volumeNode) -> np.ndarray:
    """The voxels (K, J, I) of a volume that a segment holds, all transforms applied."""
    scene = slicer.mrmlScene
    label = scene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "DualTaskSegMask")
    label.SetHideFromEditors(1)
    colors = {node.GetID() for node in slicer.util.getNodesByClass("vtkMRMLColorTableNode")}
    ids = vtk.vtkStringArray()
    ids.InsertNextValue(segmentId)
    try:
        if not slicer.vtkSlicerSegmentationsModuleLogic.ExportSegmentsToLabelmapNode(
            segmentationNode, ids, label, volumeNode
        ):
            raise InputError(
                _("A segment of {name} can't be turned into voxels").format(name=segmentationNode.GetName()),
                _("Look at it in the module Segmentations"),
            )
        image = label.GetImageData()
        return voxelsOf(image) > 0
    finally:
        display = label.GetDisplayNode()
        color = display.GetColorNode() if display is not None else None
        if color is not None and color.GetID() not in colors:  # the export makes one with the segments' colors
            scene.RemoveNode(color)
        if display is not None:
            scene.RemoveNode(display)
        scene.RemoveNode(label)


def _isResampled(segmentationNode, volumeNode) -> bool:
    """Whether outlines have to be resampled to lie on the volume's grid."""
    segmentation = segmentationNode.GetSegmentation()
    if segmentationNode.GetTransformNodeID() != volumeNode.GetTransformNodeID():
        return True
    if segmentation.GetSourceRepresentationName() != _binary():
        return True
    own = gridOf(volumeNode).ijkToRAS
    for index in range(segmentation.GetNumberOfSegments()):
        image = segmentation.GetNthSegment(index).GetRepresentation(_binary())
        if image is None or image.IsEmpty():
            continue
        matrix = vtk.vtkMatrix4x4()
        image.GetImageToWorldMatrix(matrix)
        relative = np.linalg.inv(own) @ arrayOf(matrix)
        if not np.allclose(relative[:3, :3], np.eye(3), atol=1e-3):
            return True
        if not np.allclose(relative[:3, 3], np.rint(relative[:3, 3]), atol=0.05):
            return True
    return False


def _sayLost(info: SegmentInfo, ml: float, volumeNode, said: list[str]) -> None:
    if info.ml > 0 and ml < (1 - LOST) * info.ml:
        said.append(
            _("{share} % of {name} was lost, since it lies outside of {scan} or between its voxels.").format(
                share=max(1, round(100 * (1 - ml / info.ml))), name=info.name, scan=volumeNode.GetName()
            )
        )


def _withOthers(voxels: np.ndarray, segments: Sequence[Segment]) -> list[Segment]:
    """The segments, and stand-ins for values that they don't name."""
    from dualtaskseg.data.cases import Segment, default_color

    known = {segment.value for segment in segments}
    made = [
        Segment(_("Value {value}").format(value=value), value, default_color(value - 1))
        for value in _countsOf(voxels[boxOf(voxels)])
        if value and value not in known
    ]
    return [*segments, *made]


def boxOf(voxels: np.ndarray) -> tuple[slice, slice, slice]:
    """The smallest box that holds all labels; one voxel if there are none."""
    slices = _filled(voxels.reshape(len(voxels), -1).max(axis=1))
    plane = voxels[slices].max(axis=0)  # maxima are much faster than any()
    return slices, _filled(plane.max(axis=1)), _filled(plane.max(axis=0))


def _filled(line: np.ndarray) -> slice:
    places = np.flatnonzero(line)
    return slice(int(places[0]), int(places[-1]) + 1) if places.size else slice(0, 1)


def _countsOf(voxels: np.ndarray) -> dict[int, int]:
    """How many voxels have each value."""
    if voxels.dtype != np.uint8:
        values, counts = np.unique(voxels, return_counts=True)
        return dict(zip(values.tolist(), counts.tolist(), strict=True))
    counts = np.zeros(256, np.int64)
    for plane in voxels:  # bincount makes 64-bit copies, so a few voxels at a time
        counts += np.bincount(plane.ravel(), minlength=256)
    return {value: int(counts[value]) for value in np.flatnonzero(counts).tolist()}


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _binary() -> str:
    return slicer.vtkSegmentationConverter.GetBinaryLabelmapRepresentationName()
