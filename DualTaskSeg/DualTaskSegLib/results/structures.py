"""Carries changes of structures to wherever they are known: label files, outlines and results that are open."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import slicer
from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import or_tissue
from dualtaskseg.data.label_names import named_values
from dualtaskseg.data.meaning import Meaning, values_in_dataset
from dualtaskseg.errors import InputError

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.project.structures import Change, apply, presentName, structureNamed
from DualTaskSegLib.results import results
from DualTaskSegLib.results.annotations import Annotations, labelPath
from DualTaskSegLib.scene import casevolumes, labelmaps, seenmaps, segmentations, segmenttags


def changeSteps(project: Project, change: Change, annotations: Annotations, modelNames: Iterable[str]) -> Steps[int]:
    """Makes a change of a structure everywhere. Runs and models keep what they were trained with.

    A label file that names its structures itself would not be understood under the new name: it is copied into the
    project, where numbers count, and the user's own file stays as it is. The project is not saved.

    Args:
        annotations: know which open outlines are those of the label files.
        modelNames: of the project's models, whose results in the scene follow.

    Returns:
        how many label files were copied.

    Raises:
        InputError: the structures would contradict each other, or a label file can't be read or written; nothing but
            copies has changed then.
    """
    after = change.appliedTo(project.segments)
    Project(project.folder, project.name).setSegments(after)  # raises before anything is done
    copied = 0
    labeled = [case for case in project.cases if case.label]
    marked = []
    for index, case in enumerate(labeled):
        path, unseen = Path(case.label), case.unseenValue
        meanings = [Meaning(tuple(segments), (), unseen) for segments in (project.segments, after)]
        if change.before is None:
            knows = yield from inThread(lambda path=path: _names(path, change.after))
            marked += [] if knows else [case]
        elif change.after is not None:
            now, then = yield from inThread(lambda path=path, both=meanings: [_means(path, each) for each in both])
            if now != then:
                yield from _adoptSteps(project, case)
                copied += 1
        yield (index + 1) / len(labeled)
    if change.before is None:
        marked += _outlinedOnly(project)
    apply(project, change, marked)
    _follow(project, change, annotations, set(modelNames))
    return copied


def nameAsNow(project: Project, modelNames: Iterable[str]) -> None:
    """Gives results that a model of the project made the present names of structures that it knows by former ones."""
    if not project.formerNames:
        return
    names = set(modelNames)
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        if not _isResult(node, project, names):
            continue
        for _id, segment in labelcontent.segmentsIn(node):
            before = segment.GetName()
            now = structureNamed(project, presentName(project, before))
            if now is not None and now.name.casefold() != before.casefold():
                _dress(segment, now)
                _renameDistance(node, before, now.name)


# --- label files


def _means(path: Path, meaning: Meaning) -> list[int | None]:
    """The project's value for each value that a label file names; None for one that isn't understood."""
    try:
        named = named_values(path)
    except (InputError, OSError):
        return []
    found: list[int | None] = []
    for entry in named:
        try:
            found.append(values_in_dataset(path, named, [entry.value], meaning).get(entry.value))
        except InputError:
            found.append(None)
    return found


def _names(path: Path, segment: Segment) -> bool:
    """Whether a label file itself tells where a structure is."""
    try:
        named = named_values(path)
        meant = Meaning((segment,)).named
        return any(meant(entry.name) is not None for entry in named)
    except (InputError, OSError):
        return False


def _adoptSteps(project: Project, case: ProjectCase) -> Steps[None]:
    """Copies a label into the project, with the project's values, and what was looked at for it; the file stays."""
    label = yield from labelmaps.readLabelSteps(case, project.segments)
    seen = None
    if case.isPartly:
        seen = yield from seenmaps.readSeenSteps(case, label.geometry)
    path = labelPath(project, case)
    written = yield from label.writeSteps(path)
    if seen is not None:
        file = yield from seenmaps.writeSeenSteps(project, case, seen, label.geometry, path)
        project.setPartly(case.id, file, case.outlinedSlices, case.allSlices, case.emptySlices)
    case.label, case.unseenValue = str(written.path), None


# --- the scene


def _outlinedOnly(project: Project) -> list[ProjectCase]:
    """Cases without a label whose outlines are in the scene and not used yet."""
    found = []
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        case = casevolumes.caseOf(segmentations.volumeOf(node), project) if _isOutline(node) else None
        if case is not None and not case.label and segmentations.holdsAnything(node):
            found.append(case)
    return found


def _follow(project: Project, change: Change, annotations: Annotations, modelNames: set[str]) -> None:
    before, after = change.before, change.after
    for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode"):
        if _isOutline(node) and casevolumes.caseOf(segmentations.volumeOf(node), project) is not None:
            annotations.changeUnused(node, project, lambda node=node: _changeOutline(node, change))
        elif before is not None and after is not None and _isResult(node, project, modelNames):
            for segment in _segmentsCalled(node, before.name):
                _dress(segment, after)
                _renameDistance(node, before.name, after.name)


def _changeOutline(node: slicer.vtkMRMLSegmentationNode, change: Change) -> None:
    before, after = change.before, change.after
    segmentation = node.GetSegmentation()
    if before is None:
        if not _segmentsCalled(node, after.name):
            color = [part / 255.0 for part in after.color]
            segmentId = segmentation.AddEmptySegment(f"Segment_{after.value}", after.name, color)
            segmenttags.setTerminology(segmentation.GetSegment(segmentId), or_tissue(after.terminology))
        return
    if after is not None:
        for segment in _segmentsCalled(node, before.name):
            _dress(segment, after)
        return
    for info in segmentations.segmentsOf(node):
        if info.empty and info.name.casefold() == before.name.casefold():
            segmentation.RemoveSegment(info.id)


def _segmentsCalled(node: slicer.vtkMRMLSegmentationNode, name: str) -> list[slicer.vtkSegment]:
    return [one for _id, one in labelcontent.segmentsIn(node) if one.GetName().casefold() == name.casefold()]


def _dress(segment: slicer.vtkSegment, structure: Segment) -> None:
    segment.SetName(structure.name)
    segment.SetColor(*(part / 255.0 for part in structure.color))
    segmenttags.setTerminology(segment, or_tissue(structure.terminology))


def _renameDistance(node: slicer.vtkMRMLSegmentationNode, before: str, after: str) -> None:
    """The volume of signed distances that belongs to a segment of a result is called after it."""
    result = results.resultOf(node)
    for name, volume in (result.sdmNodes if result is not None else {}).items():
        if name.casefold() == before.casefold():
            volume.SetAttribute(results.SEGMENT, after)
            if volume.GetName().endswith(name):
                volume.SetName(volume.GetName()[: -len(name)] + after)


def _isOutline(node: slicer.vtkMRMLSegmentationNode) -> bool:
    return node.GetAttribute(casevolumes.ROLE) == labelmaps.LABEL_ROLE


def _isResult(node: slicer.vtkMRMLSegmentationNode, project: Project, modelNames: set[str]) -> bool:
    if not node.GetAttribute(results.RESULT_ID):
        return False
    case = casevolumes.caseOf(results.sourceOf(node), project)
    return case is not None or node.GetAttribute(results.MODEL) in modelNames
