"""The user's outlines: a case is opened in Segment Editor, and what was outlined there becomes its label."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import slicer
from dualtaskseg.contract.segment import Segment, default_color
from dualtaskseg.data.seen import SEEN_ENDING
from dualtaskseg.errors import InputError
from dualtaskseg.names import free_name
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.project.case import EDITED, OUTLINED, PREDICTED, ProjectCase
from DualTaskSegLib.project.emptyslices import Answer
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.project.terms import asDrawn
from DualTaskSegLib.results import results
from DualTaskSegLib.scene import casevolumes, labelmaps, seenmaps, segmentations, segmenttags
from DualTaskSegLib.scene.seenmaps import SliceQuestion

NEW_SEGMENT = "\n"  # a line break can't be in a segment's name
USED_AS = "DualTaskSeg.UsedAs"  # of which case a segmentation is the label, and the content that it had then


@dataclass(frozen=True)
class Annotation:
    """A segmentation in the scene that can become the label of a case."""

    case: ProjectCase
    node: slicer.vtkMRMLSegmentationNode
    isOurs: bool  # whether it was opened from the table; others are only offered


class Annotations:
    """Knows which segmentations of the scene are outlines of cases, and which changed since they were used.

    What was used is noted in the segmentation, too, so that it isn't offered again when the scene is loaded later.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple] = {}  # by node ID: the content that the label file has, too
        self._new: dict[str, tuple] = {}  # by node ID: content that was looked at and is in no label file
        self._ours: set[str] = set()  # IDs of nodes that were opened or used since the scene was loaded

    def openSteps(
        self, project: Project, case: ProjectCase
    ) -> Steps[tuple[slicer.vtkMRMLScalarVolumeNode, slicer.vtkMRMLSegmentationNode]]:
        """Loads the scan of a case and its outlines, or makes a new segmentation for it.

        Raises:
            InputError: a file is missing or damaged.
        """
        volume = yield from casevolumes.loadCaseSteps(case)
        isNew = labelmaps.labelNodeOf(volume) is None
        if case.label:
            node = yield from labelmaps.loadLabelSteps(case, volume, project.segments)
        else:
            node = labelmaps.labelNodeOf(volume) or _newAnnotation(project, case, volume)
        if isNew:
            yield from self.noteUsedSteps(node, case)
        return volume, node

    def lookSteps(self, project: Project) -> Steps[None]:
        """Looks, in a thread, which outlines were used before: those that came with a scene.

        Until that is done, :meth:`inScene` leaves them out.
        """
        for node, case in self._annotations(project):
            content = _content(node)
            if node.GetID() in self._known or self._new.get(node.GetID()) == content:
                continue
            yield from labelcontent.lookSteps([node])
            if node.GetScene() is None:
                continue
            (self._known if _isAsUsed(node, case) else self._new)[node.GetID()] = content

    def inScene(self, project: Project) -> list[Annotation]:
        """Returns the segmentations of the scene that are outlines of cases of the project and not used yet."""
        found = []
        for node, case in self._annotations(project):
            content = _content(node)
            isKnown = node.GetID() in self._known
            if not isKnown and node.GetAttribute(USED_AS) and self._new.get(node.GetID()) != content:
                continue  # it has to be looked at first
            isChanged = self._known.get(node.GetID()) != content
            # What came with a scene file may be older than the label file: it is offered, not used unasked.
            isOurs = node.GetAttribute(casevolumes.ROLE) == labelmaps.LABEL_ROLE and node.GetID() in self._ours
            if isChanged and segmentations.holdsAnything(node):
                found.append(Annotation(case, node, isOurs))
        return found

    @staticmethod
    def _annotations(project: Project) -> list[tuple[slicer.vtkMRMLSegmentationNode, ProjectCase]]:
        """The segmentations that can be outlines, each with its case."""
        found = []
        for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
            role = node.GetAttribute(casevolumes.ROLE)
            if role not in (None, "", labelmaps.LABEL_ROLE) or node.GetHideFromEditors():
                continue
            case = casevolumes.caseOf(segmentations.volumeOf(node), project)
            if case is not None:
                found.append((node, case))
        return found

    def useSteps(
        self,
        project: Project,
        annotation: Annotation,
        mapping: Mapping[str, str | None] | None = None,
        answer: Answer | None = None,
    ) -> Steps[labelmaps.WrittenLabel | SliceQuestion]:
        """Writes an outline as the label of its case, which becomes labeled. The project is not saved.

        Where it isn't known what the empty slices between outlined ones mean, nothing is written: the question is
        returned, to be asked, and this to be called again with the answer.

        Args:
            project: see there. Its structures are set from the outline if no other case has a label.
            mapping: name of a segment of the outline -> name of the project's structure, None to leave it out, or
                ``NEW_SEGMENT`` to add it to the project's structures.
            answer: to that question.

        Raises:
            InputError: the outline can't be used, see :func:`labelmaps.writeLabelSteps`.
        """
        yield from labelcontent.lookSteps([annotation.node])
        content, text = _content(annotation.node), _usedText(annotation.node, annotation.case)
        segments = segmentsFor(project, annotation)
        named = dict(mapping or {})
        new = []
        for name in [name for name, target in named.items() if target == NEW_SEGMENT]:
            info = next(one for one in segmentations.segmentsOf(annotation.node) if one.name == name)
            value = 1 + max([0, *(segment.value for segment in segments), *project.unseenValues])
            segments += asDrawn([Segment(name, value, info.color, info.terminology)])
            named[name] = name
            new.append(name)
        volume = segmentations.volumeOf(annotation.node)
        undecided = set(annotation.case.notLookedFor)
        label = yield from labelmaps.labelSteps(annotation.node, volume, segments, named, undecided)
        lookedAt = yield from seenmaps.lookedAtSteps(annotation.case, label, answer)
        if isinstance(lookedAt, SliceQuestion):
            return lookedAt
        origin = EDITED if annotation.case.origin in (PREDICTED, EDITED) else OUTLINED
        written = yield from seenmaps.writeLabelSteps(
            project, annotation.case, label, lookedAt, labelPath(project, annotation.case), origin
        )
        if segments != project.segments:
            project.setSegments(segments)
        for case in project.cases:
            if case.label and case.id != annotation.case.id:  # it was outlined before these came
                case.notLookedFor = [*case.notLookedFor, *new]
        project.setNotLookedFor(annotation.case.id, {name for name in undecided if not label.counts.get(name)})
        self._note(annotation.node, content, text)
        return written

    def noteUsedSteps(self, node: slicer.vtkMRMLSegmentationNode, case: ProjectCase) -> Steps[None]:
        """Notes that the label file of a case holds what a segmentation holds now; voxels are looked at in a thread."""
        content = _content(node)
        yield from labelcontent.lookSteps([node])
        if node.GetScene() is not None:
            self._note(node, content, _usedText(node, case))

    def changeUnused(self, node: slicer.vtkMRMLSegmentationNode, project: Project, change: Callable[[], None]) -> None:
        """Has an outline changed without that being taken for work of the user's, which would be offered or used."""
        case = casevolumes.caseOf(segmentations.volumeOf(node), project)
        wasUsed = self._known.get(node.GetID()) == _content(node) or _isAsUsed(node, case)
        isOurs = node.GetID() in self._ours
        change()
        if wasUsed:
            self._note(node, _content(node), _usedText(node, case))
            if not isOurs:
                self._ours.discard(node.GetID())

    def _note(self, node: slicer.vtkMRMLSegmentationNode, content: tuple, text: str) -> None:
        self._known[node.GetID()] = content
        self._ours.add(node.GetID())
        node.SetAttribute(USED_AS, text)

    def forget(self) -> None:
        """The scene was closed, or another project is open."""
        self._known.clear()
        self._new.clear()
        self._ours.clear()


def segmentsFor(project: Project, annotation: Annotation) -> list[Segment]:
    """The structures that an outline is written with: the project's, or its own if it is the only label there is.

    Raises:
        InputError: other cases have labels, but nobody looked into them yet.
    """
    hasOthers = any(case.label and case.id != annotation.case.id for case in project.cases)
    if hasOthers and not project.segments:
        raise InputError(
            _("It is not known yet what the labels of the other scans mean"),
            _("Wait until they are checked, then click Use outline"),
        )
    if project.segments and (hasOthers or not annotation.case.label):
        return list(project.segments)
    return _ownSegments(project, annotation)


def _ownSegments(project: Project, annotation: Annotation) -> list[Segment]:
    """What an outline has, and those of the project's structures that wait for being drawn in it."""
    infos = segmentations.segmentsOf(annotation.node)
    known = {segment.name.casefold(): segment for segment in project.segments}
    names = {info.name.casefold() for info in infos} | {name.casefold() for name in annotation.case.notLookedFor}
    kept = [segment for key, segment in known.items() if key in names]
    taken = {segment.value for segment in kept} | set(project.unseenValues)
    own = []
    for info in infos:
        if info.empty or info.name.casefold() in known:
            continue
        value = next(value for value in range(1, len(infos) + len(taken) + 2) if value not in taken)
        taken.add(value)
        own.append(Segment(info.name, value, info.color, info.terminology))
    return [*kept, *asDrawn(own)]


def showInSegmentEditor(volume: slicer.vtkMRMLScalarVolumeNode, node: slicer.vtkMRMLSegmentationNode) -> None:
    """Shows a scan in the slice views and opens Segment Editor for it, as if the user had chosen both there."""
    slicer.util.setSliceViewerLayers(background=volume, fit=True)
    slicer.util.selectModule("SegmentEditor")
    editor = slicer.modules.SegmentEditorWidget.editor
    editor.setSegmentationNode(node)
    editor.setSourceVolumeNode(volume)


def _newAnnotation(
    project: Project, case: ProjectCase, volume: slicer.vtkMRMLScalarVolumeNode
) -> slicer.vtkMRMLSegmentationNode:
    node = segmentations.newSegmentation(
        slicer.mrmlScene.GenerateUniqueName(_("{name} outlines").format(name=case.name))
    )
    node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    node.SetAndObserveTransformNodeID(volume.GetTransformNodeID())
    node.SetAttribute(casevolumes.ROLE, labelmaps.LABEL_ROLE)
    node.SetAttribute(casevolumes.CASE_ID, case.id)
    segments = project.segments or [Segment(_("Structure"), 1, default_color(0), "")]
    for segment in segments:
        segmentId = node.GetSegmentation().AddEmptySegment(
            f"Segment_{segment.value}", segment.name, [part / 255.0 for part in segment.color]
        )
        if segment.terminology:
            segmenttags.setTerminology(node.GetSegmentation().GetSegment(segmentId), segment.terminology)
    return node


def labelPath(project: Project, case: ProjectCase) -> Path:
    """Where the label goes: over the one that was written for this case before, never over any other file."""

    def isTaken(stem: str) -> bool:
        path = project.labelsFolder / f"{stem}.nrrd"
        return path.exists() and str(path) != case.label

    # By its name, another label's map of what was looked at is known.
    name = f"{case.name} label" if case.name.lower().endswith(SEEN_ENDING) else case.name
    return project.labelsFolder / f"{free_name(name, isTaken)}.nrrd"


def _content(node: slicer.vtkMRMLSegmentationNode) -> tuple[object, ...]:
    """Changes whenever the outlines change: names, codes and the time at which each segment was last drawn in."""
    source = node.GetSegmentation().GetSourceRepresentationName()
    content = []
    for segmentId, segment in labelcontent.segmentsIn(node):
        drawing = segment.GetRepresentation(source)
        when = drawing.GetMTime() if drawing is not None else 0
        content.append((segmentId, segment.GetName(), segmenttags.terminologyOf(segment), when))
    return tuple(content)


def _usedText(node: slicer.vtkMRMLSegmentationNode, case: ProjectCase) -> str:
    """What is noted in a segmentation that was used: as :func:`_content`, but the same after the scene was saved."""
    segments = labelcontent.segmentsIn(node)
    named = [[segment.GetName(), segmenttags.terminologyOf(segment)] for _id, segment in segments]
    return json.dumps([case.id, named, results.fingerprintOf(node)])


def _isAsUsed(node: slicer.vtkMRMLSegmentationNode, case: ProjectCase) -> bool:
    """Whether a segmentation is as it was when it became the label of a case, which still has a label."""
    try:
        caseId, named, fingerprint = json.loads(node.GetAttribute(USED_AS) or "")
        before = dict(fingerprint)
    except (ValueError, TypeError):
        return False
    nowId, nowNamed, now = json.loads(_usedText(node, case))
    return bool(case.label) and caseId == nowId and named == nowNamed and results.sameContent(before, now)
