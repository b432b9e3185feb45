"""Segmentations and label files: what a segmentation holds, written as a label, and a label shown as segments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import slicer
import vtk
from dualtaskseg.contract.segment import Segment, default_color
from dualtaskseg.errors import InputError
from slicer.i18n import tr as _

from DualTaskSegLib.common.i18n import counted
from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.image.geometry import SLICES_REVERSED, Geometry, geometryOf, isLinearlyTransformed
from DualTaskSegLib.image.masks import Masks, isResampled
from DualTaskSegLib.image.volumefiles import readSteps, voxelsOf, writeSteps
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.scene.casevolumes import (
    CASE_ID,
    CASE_IN_WORLD,
    ROLE,
    caseGeometry,
    geometryInScene,
    gridOfCase,
    gridOfFileSteps,
    requireUsable,
)
from DualTaskSegLib.scene.segmentations import (
    Content,
    SegmentInfo,
    fillSegmentation,
    newSegmentation,
    segmentsOf,
    volumeOf,
)

LABEL_ROLE = "label"
MOST_VALUE = 255  # labels are written as uint8
LOST = 0.02  # share of a segment outside of the scan from which it is said


@dataclass(frozen=True)
class WrittenLabel:
    """A label file that was written."""

    path: Path  # the file
    voxels: dict[str, int]  # number of voxels by name of the project's segment
    remarks: tuple[str, ...]  # what the user should know, as sentences


@dataclass(frozen=True, eq=False)
class Label:
    """A label that is not written yet."""

    voxels: np.ndarray  # label values (K, J, I), uint8
    geometry: Geometry  # exactly that of the case's scan
    counts: dict[str, int]  # number of voxels by name of the project's segment
    remarks: tuple[str, ...]  # what the user should know, as sentences

    def writeSteps(self, path: Path | str) -> Steps[WrittenLabel]:
        """Writes it. The file ends in ``.nrrd``; it is replaced in one step once the new one is whole.

        Raises:
            InputError: the file can't be written.
        """
        written = yield from writeSteps(path, self.voxels, self.geometry.ijkToRAS)
        return WrittenLabel(written, self.counts, self.remarks)


def writeLabelSteps(
    segmentationNode: slicer.vtkMRMLSegmentationNode,
    volumeNode: slicer.vtkMRMLScalarVolumeNode,
    projectSegments: Iterable[Segment],
    mapping: Mapping[str, str | None] | None,
    path: Path | str,
) -> Steps[WrittenLabel]:
    """Makes a label, see :func:`labelSteps`, and writes it, see :meth:`Label.writeSteps`."""
    label = yield from labelSteps(segmentationNode, volumeNode, projectSegments, mapping)
    return (yield from label.writeSteps(path))


def labelSteps(
    segmentationNode: slicer.vtkMRMLSegmentationNode,
    volumeNode: slicer.vtkMRMLScalarVolumeNode,
    projectSegments: Iterable[Segment],
    mapping: Mapping[str, str | None] | None,
    undecided: Collection[str] = (),
) -> Steps[Label]:
    """Makes a label from a segmentation, on exactly the grid of the case's scan; neither node is changed.

    Transforms of segmentation and volume are applied, and another grid is resampled.

    Args:
        projectSegments: names and values of the label.
        mapping: name of a segment -> name of the project's segment, or None to leave it out; segments it doesn't
            name keep their name.
        undecided: names of the project's segments that nobody looked for: without an outline they may be there.

    Raises:
        InputError: a node was deleted; nothing is outlined; a segment is not the project's and not in ``mapping``; two
            are mapped to the same; or the volume changed since it became a case.
    """
    project = list(projectSegments)
    _checkNodes(segmentationNode, volumeNode)
    _checkValues(project)
    yield from labelcontent.lookSteps([segmentationNode])
    _checkNodes(segmentationNode, volumeNode)
    remarks: list[str] = []
    chosen = _chosen(segmentationNode, project, mapping or {}, undecided, remarks)
    if all(info.empty for info, _segment in chosen):
        raise InputError(
            _("{name} holds no outline of a segment of the project").format(name=segmentationNode.GetName()),
            _("Outline the structure in Segment Editor first"),
        )
    geometry = caseGeometry(volumeNode)
    inScene, transform = _target(volumeNode)
    if isResampled(segmentationNode, inScene, transform):
        remarks.append(
            _("{name} lies on another grid or under another transform; it was brought to the grid of {scan}.").format(
                name=segmentationNode.GetName(), scan=volumeNode.GetName()
            )
        )
    masks = Masks(segmentationNode, inScene, transform)
    label = np.zeros(tuple(reversed(geometry.size)), np.uint8)
    voxels = {segment.name: 0 for segment in project}
    overlapping = 0
    for info, segment in chosen:
        if info.empty:
            continue
        mask = yield from masks.ofSteps(info.id)
        inside, taken = yield from inThread(lambda mask=mask, value=segment.value: _paint(label, mask, value))
        overlapping += taken
        voxels[segment.name] = inside - taken
        _remarkOnLoss(info, inside * geometry.voxelMl, volumeNode, remarks)
    if overlapping:
        remarks.append(
            counted(
                overlapping,
                _("{count} voxel belongs to several segments; it was counted to the first in the list."),
                _("{count} voxels belong to several segments; they were counted to the first in the list."),
            )
        )
    if not any(voxels.values()):
        raise InputError(
            _("No outline of {name} lies within {scan}").format(
                name=segmentationNode.GetName(), scan=volumeNode.GetName()
            ),
            _("Check that the segmentation belongs to this scan"),
        )
    return Label(label, geometry, voxels, tuple(remarks))


def loadLabelSteps(
    projectCase: ProjectCase, volumeNode: slicer.vtkMRMLScalarVolumeNode, segments: Sequence[Segment]
) -> Steps[slicer.vtkMRMLSegmentationNode]:
    """Makes a segmentation from the label file of a case; one that this made before is returned as it is.

    Returns:
        the segmentation node, with a segment for each of ``segments``, and one for each other value in the file.

    Raises:
        InputError: the file is missing or damaged, no label, or not on the volume's grid; or it names its segments
            otherwise than ``segments``.
    """
    known = labelNodeOf(volumeNode)
    if known is not None:
        return known
    label = yield from readLabelSteps(projectCase, segments, caseGeometry(volumeNode))
    voxels, geometry = label.voxels, label.geometry
    inScene, transform = geometryInScene(volumeNode, geometry)
    content = yield from inThread(lambda: Content(voxels, inScene), 0.5)
    counts = yield from inThread(lambda: labelcontent.countsOf(content.image), 0.7)
    segments = _withOthers(counts, segments)
    node = newSegmentation(slicer.mrmlScene.GenerateUniqueName(_("{name} outlines").format(name=projectCase.name)))
    fillSegmentation(node, content, segments)
    node.SetAndObserveTransformNodeID(transform)
    node.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
    node.SetAttribute(ROLE, LABEL_ROLE)
    node.SetAttribute(CASE_ID, projectCase.id)
    return node


def readLabelSteps(
    projectCase: ProjectCase, segments: Sequence[Segment], geometry: Geometry | None = None
) -> Steps[Label]:
    """Reads the label of a case, with the values of the project's segments; 0 where nobody looked.

    It is counted as the scan, whatever the order and direction of the axes in its file; where it lies elsewhere, as it
    is.

    Args:
        geometry: of the scan, see :func:`.casevolumes.caseGeometry`, where it is known.

    Raises:
        InputError: the file is missing, damaged or no label, or names its segments otherwise than ``segments``.
    """
    path, unseen = Path(projectCase.label), projectCase.unseenValue
    image, own = yield from readSteps(path)
    if geometry is None:
        geometry = yield from gridOfFileSteps(projectCase)
    turn = own.turnTo(geometry) if geometry is not None else None

    def find() -> np.ndarray:
        voxels = _asInProject(labelVoxels(image, path), path, segments, unseen)
        voxels = voxels if unseen is None else np.where(voxels == unseen, np.uint8(0), voxels)
        return voxels if turn is None else turn.ofVoxels(voxels)

    voxels = yield from inThread(find, 0.4)
    return Label(voxels, own if turn is None else geometry, {}, ())


def labelNodeOf(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLSegmentationNode | None:
    """The segmentation that :func:`loadLabel` made for a volume; None if there is none in the scene."""
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        if node.GetAttribute(ROLE) == LABEL_ROLE and volumeOf(node) is volumeNode:
            return node
    return None


# --- segmentations from arrays


def labelVoxels(image: vtk.vtkImageData, path: Path) -> np.ndarray:
    """The voxels (K, J, I) of a label file; ``InputError`` unless they are whole numbers from 0 to 255."""
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


def _checkNodes(
    segmentationNode: slicer.vtkMRMLSegmentationNode | None, volumeNode: slicer.vtkMRMLScalarVolumeNode
) -> None:
    if segmentationNode is None or segmentationNode.GetScene() is None:
        raise InputError(_("The segmentation was deleted from the scene"), _("Choose another one"))
    requireUsable(volumeNode)
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
    segmentationNode: slicer.vtkMRMLSegmentationNode,
    project: Sequence[Segment],
    mapping: Mapping[str, str | None],
    undecided: Collection[str],
    remarks: list[str],
) -> list[tuple[SegmentInfo, Segment]]:
    """Pairs of a segment and the project's, in the project's order."""
    names = {segment.name.casefold(): segment for segment in project}
    wanted = {name.casefold(): target for name, target in mapping.items()}
    pairs: dict[str, tuple[SegmentInfo, Segment]] = {}
    for info in segmentsOf(segmentationNode):
        key = info.name.casefold()
        target = wanted.get(key, info.name)
        if not target:
            remarks.append(_("The segment {name} was left out.").format(name=info.name))
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
        if segment.name in undecided and (segment.name not in pairs or pairs[segment.name][0].empty):
            remarks.append(_("{name} is still to be looked for in this scan.").format(name=segment.name))
        elif segment.name not in pairs:
            remarks.append(_("There is no segment {name}; the scan is taken not to show it.").format(name=segment.name))
        elif pairs[segment.name][0].empty:
            remarks.append(_("The segment {name} is empty.").format(name=segment.name))
    return [pairs[segment.name] for segment in project if segment.name in pairs]


def _target(
    volumeNode: slicer.vtkMRMLScalarVolumeNode,
) -> tuple[Geometry, slicer.vtkMRMLTransformNode | None]:
    """Where the voxels of a case's label lie, in the order of :func:`caseGeometry`.

    Returns:
        the grid, and the transform node that it lies under; None if that is none.

    Raises:
        InputError: the volume isn't where it was any more.
    """
    own, transform = geometryOf(volumeNode), volumeNode.GetParentTransformNode()
    grid = gridOfCase(volumeNode)
    if isLinearlyTransformed(volumeNode):
        isThere = grid.sameAs(own) or grid.sameAs(geometryOf(volumeNode, world=True))
    elif volumeNode.GetAttribute(CASE_IN_WORLD):
        return grid.rightHanded(), None
    else:
        isThere = grid.sameAs(own)
    if isThere:
        return own if grid.isRightHanded else SLICES_REVERSED.ofGeometry(own), transform
    raise InputError(
        _("{name} was changed or moved since it became a case: it has {now}, its file has {then}").format(
            name=volumeNode.GetName(), now=own.describe(), then=grid.describe()
        ),
        _("Undo the change, or remove the case and add the volume again"),
    )


def _paint(label: np.ndarray, mask: np.ndarray, value: int) -> tuple[int, int]:
    """Gives the mask's voxels a value, except those that have one; returns how many it has, and how many had one."""
    free = label == 0
    free &= mask
    inside = int(np.count_nonzero(mask))
    label[free] = value
    return inside, inside - int(np.count_nonzero(free))


def _remarkOnLoss(info: SegmentInfo, ml: float, volumeNode: slicer.vtkMRMLScalarVolumeNode, remarks: list[str]) -> None:
    if info.ml > 0 and ml < (1 - LOST) * info.ml:
        remarks.append(
            _("{share} % of {name} was lost, since it lies outside of {scan} or between its voxels.").format(
                share=max(1, round(100 * (1 - ml / info.ml))), name=info.name, scan=volumeNode.GetName()
            )
        )


def unseenValueIn(projectCase: ProjectCase) -> int | None:
    """The value in the label file of a case of voxels at which nobody looked; None if no value means that.

    A file that names its segments may have another value than the project knows.
    """
    from dualtaskseg.data.label_names import named_values
    from dualtaskseg.data.seen import is_unseen_name

    named = named_values(projectCase.label) if projectCase.unseenValue is not None else ()
    if not named:
        return projectCase.unseenValue
    return next((each.segment.value for each in named if is_unseen_name(each.segment.name)), None)


def _asInProject(voxels: np.ndarray, path: Path, segments: Sequence[Segment], unseen: int | None) -> np.ndarray:
    """The voxels with the values of the project's segments; a file that names its own may number them otherwise."""
    from dualtaskseg.data.label_names import named_values
    from dualtaskseg.data.meaning import Meaning, values_in_dataset

    named = named_values(path)
    if not named:
        return voxels
    values = values_in_dataset(path, named, labelcontent.countVoxels(voxels), Meaning(tuple(segments), (), unseen))
    table = np.zeros(MOST_VALUE + 1, np.uint8)
    for old, new in values.items():
        table[old] = new
    return table[voxels]


def _withOthers(values: Iterable[int], segments: Sequence[Segment]) -> list[Segment]:
    """The segments, and stand-ins for values that they don't name."""
    known = {segment.value for segment in segments}
    made = [
        Segment(_("Value {value}").format(value=value), value, default_color(value - 1))
        for value in values
        if value and value not in known
    ]
    return [*segments, *made]
