"""What an exported segmentation needs: asked of the nodes beforehand, each open point with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import slicer
from dualtaskseg.contract.issue import ERROR, NOTE, WARNING, Issue
from dualtaskseg.contract.terminology import is_unspecific, short_text
from slicer.i18n import tr as _

from DualTaskSegLib.common.i18n import counted
from DualTaskSegLib.project.case import EDITED, OUTLINED
from DualTaskSegLib.results import results
from DualTaskSegLib.scene import segmentations
from DualTaskSegLib.scene.casevolumes import INSTANCE_UIDS

FINE, UNKNOWN = "fine", "unknown"


@dataclass(frozen=True)
class Check(Issue):
    """The answer to one question: with ``ERROR`` it can't be exported, with ``UNKNOWN`` not until it is found out."""

    fix: Callable[[], None] | None = None  # does what the remedy says, if it can be done by a click


def checksOf(
    segmentationNode: slicer.vtkMRMLSegmentationNode,
    filesCheck: Callable[[tuple[Path, ...], int], Check] | None = None,
    isDicom: bool = True,
) -> list[Check]:
    """Answers all questions about a segmentation; without an error it can be exported.

    Args:
        filesCheck: answers whether these files of the series are there, and how many it has; it may know from before.
            Without it, it is not asked. No disk is looked at otherwise.
        isDicom: whether a DICOM file is to be written; other files need no series.
    """
    volume = sourceVolume(segmentationNode)
    if volume is None:
        source = Check(
            ERROR,
            _("The segmentation has no source volume."),
            _("Choose its volume as source geometry in the module Segmentations."),
        )
        return [source, *_segmentChecks(segmentationNode)]
    if not isDicom:
        return _segmentChecks(segmentationNode)
    return [
        *_sourceChecks(volume, filesCheck),
        _studyCheck(segmentationNode, volume),
        *_segmentChecks(segmentationNode),
        _makerCheck(segmentationNode),
    ]


def sourceVolume(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> slicer.vtkMRMLScalarVolumeNode | None:
    """The volume that a segmentation belongs to; None if there is none."""
    return segmentations.volumeOf(segmentationNode) or results.sourceOf(segmentationNode)


def withoutTerm(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> list[str]:
    """Names of the filled segments of which nobody said what they are in standard terms."""
    if segmentationNode is None:
        return []
    return [
        info.name
        for info in segmentations.segmentsOf(segmentationNode)
        if not info.empty and is_unspecific(info.terminology) and not results.hasChosenTerm(segmentationNode, info.id)
    ]


def seriesFiles(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> tuple[tuple[Path, ...], int]:
    """Where the DICOM files of a volume should lie; the disk is not looked at.

    Returns:
        the files, and how many the series has, which may be more; nothing and 0 if the volume is not from DICOM.
    """
    uids = (volumeNode.GetAttribute(INSTANCE_UIDS) or "").split()
    database = getattr(slicer, "dicomDatabase", None)
    inDatabase = [database.fileForInstance(uid) for uid in uids] if database is not None and database.isOpen else []
    named = [Path(file) for file in inDatabase if file]
    if len(named) < len(uids):
        named = storedFiles(volumeNode) or named
    return tuple(named), max(len(uids), len(named))


def filesThere(files: Iterable[Path]) -> list[Path]:
    """Those that are there. Looks at the disk, which may not answer for a long time, so call it in a thread."""
    return [file for file in files if file.is_file()]


def filesCheck(there: int, of: int) -> Check:
    """Says whether a series is whole: how many of its files are there, of how many."""
    if there == of:
        return Check(
            FINE,
            counted(of, _("The {count} file of its series is there."), _("All {count} files of its series are there.")),
        )
    return Check(
        ERROR,
        counted(
            of - there,
            _("{count} of {of} files of its series is not where it was."),
            _("{count} of {of} files of its series are not where they were."),
            of=of,
        ),
        _("Connect the disk, or import the series again in the module DICOM."),
    )


def storedFiles(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> list[Path]:
    """The files that a volume was read from; only with UIDs are they known to be DICOM."""
    storage = volumeNode.GetStorageNode()
    if storage is None:
        return []
    names = [storage.GetFullNameFromNthFileName(index) for index in range(storage.GetNumberOfFileNames())]
    names = names or [storage.GetFullNameFromFileName()]
    return [Path(name) for name in dict.fromkeys(names) if name]


def _sourceChecks(
    volume: slicer.vtkMRMLScalarVolumeNode, checkFiles: Callable[[tuple[Path, ...], int], Check] | None
) -> list[Check]:
    name = volume.GetName()
    if not (volume.GetAttribute(INSTANCE_UIDS) or "").strip():
        return [
            Check(
                ERROR,
                _("{name} was not loaded from DICOM.").format(name=name),
                _("Save it with 'Export to DICOM' in the module Data, load it from there, and segment that volume."),
            )
        ]
    checks = [Check(FINE, _("{name} was loaded from DICOM.").format(name=name))]
    if checkFiles is not None:
        checks.append(checkFiles(*seriesFiles(volume)))
    if volume.GetParentTransformNode() is not None:
        checks.append(
            Check(
                ERROR,
                _("{name} is under a transform, so it lies elsewhere than its DICOM files say.").format(name=name),
                _("Take the transform away in the module Data."),
            )
        )
    return checks


def _studyCheck(segmentationNode: slicer.vtkMRMLSegmentationNode, volume: slicer.vtkMRMLScalarVolumeNode) -> Check:
    """Slicer's own export dialog wants both under one study; our file takes the study from the series."""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    if hierarchy is None:
        return Check(FINE, _("The segmentation takes the study of its volume."))
    items = [hierarchy.GetItemByDataNode(node) for node in (segmentationNode, volume)]
    parents = [hierarchy.GetItemParent(item) if item else 0 for item in items]
    if items[1] and parents[0] == parents[1]:
        return Check(FINE, _("The segmentation stands in the study of its volume."))
    return Check(
        WARNING,
        _("The segmentation stands in another study than its volume."),
        _("Click Fix to move it; Slicer's own export dialog needs it there."),
        fix=lambda: results.placeBeside(segmentationNode, volume),
    )


def _segmentChecks(segmentationNode: slicer.vtkMRMLSegmentationNode) -> list[Check]:
    infos = segmentations.segmentsOf(segmentationNode)
    filled = [info for info in infos if not info.empty]
    if not filled:
        return [
            Check(
                ERROR,
                _("Nothing is outlined: all segments are empty."),
                _("Draw in Segment Editor, or choose another result."),
            )
        ]
    checks = []
    names = [info.name.casefold() for info in filled]
    twice = sorted({info.name for info in filled if names.count(info.name.casefold()) > 1})
    if twice:
        checks.append(
            Check(
                ERROR,
                _("Two segments are called {name}.").format(name=twice[0]),
                _("Give each a name of its own in the module Segmentations."),
            )
        )
    empty = [info.name for info in infos if info.empty]
    if empty:
        checks.append(Check(NOTE, _("Empty, so left out: {names}.").format(names=", ".join(empty))))
    unspecific = [info for info in filled if is_unspecific(info.terminology)]
    uncoded = withoutTerm(segmentationNode)
    chosen = [info.name for info in unspecific if info.name not in uncoded]
    if chosen:
        checks.append(Check(NOTE, _("Coded as 'Tissue', as it was chosen: {names}.").format(names=", ".join(chosen))))
    if uncoded:
        checks.append(
            Check(
                WARNING,
                _("Without a term of its own, so coded as 'Tissue' only: {names}.").format(names=", ".join(uncoded)),
                _("Click 'Choose terms'."),
            )
        )
    coded = [f"{info.name} ({short_text(info.terminology)})" for info in filled if info not in unspecific]
    if coded:
        checks.append(Check(FINE, _("Terms are known: {names}.").format(names=", ".join(coded))))
    return checks


def _makerCheck(segmentationNode: slicer.vtkMRMLSegmentationNode) -> Check:
    origin = results.originOf(segmentationNode)
    model = segmentationNode.GetAttribute(results.MODEL) or ""
    if origin == OUTLINED:
        return Check(NOTE, _("It is declared MANUAL: no model made it."))
    if results.isCompleted(segmentationNode):
        return Check(
            NOTE, _("It is declared SEMIAUTOMATIC: outlined in part, completed by {model}.").format(model=model)
        )
    if origin == EDITED:
        return Check(NOTE, _("It is declared SEMIAUTOMATIC: made by {model}, then edited.").format(model=model))
    return Check(NOTE, _("It is declared AUTOMATIC: made by {model}, not edited.").format(model=model))
