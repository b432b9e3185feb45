"""Makes results the labels of their cases, so that the next training learns from them."""

from __future__ import annotations

import shutil
from pathlib import Path

import slicer
from dualtaskseg.contract.prediction import PredictionRecord
from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path
from dualtaskseg.model.folder import read_model
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.project.case import OUTLINED, PREDICTED, ProjectCase
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.project.structures import presentName
from DualTaskSegLib.project.terms import withTerms
from DualTaskSegLib.results import results
from DualTaskSegLib.results.annotations import Annotation, labelPath, segmentsFor
from DualTaskSegLib.scene import labelmaps, seenmaps, segmentations


def acceptSteps(
    project: Project,
    case: ProjectCase,
    segmentationNode: slicer.vtkMRMLSegmentationNode,
    volumeNode: slicer.vtkMRMLScalarVolumeNode,
    isPartly: bool | None = False,
) -> Steps[labelmaps.WrittenLabel]:
    """Writes a segmentation of the scene as the label of a case. The project is not saved.

    Args:
        isPartly: whether only its outlined slices were looked at; None to refuse one that leaves it open.

    Raises:
        InputError: it has a segment that the project does not know, leaves it open, or can't be written.
    """
    yield from labelcontent.lookSteps([segmentationNode])
    segments = segmentsFor(project, Annotation(case, segmentationNode, isOurs=True))
    origin = results.originOf(segmentationNode)
    undecided = set(case.notLookedFor)
    if origin != OUTLINED:  # the model may not have known all structures of the project
        names = {info.name.casefold() for info in segmentations.segmentsOf(segmentationNode)}
        undecided |= {segment.name for segment in segments if segment.name.casefold() not in names}
    label = yield from labelmaps.labelSteps(segmentationNode, volumeNode, segments, None, undecided)
    lookedAt = yield from seenmaps.answeredSteps(case, label, isPartly)
    written = yield from seenmaps.writeLabelSteps(project, case, label, lookedAt, labelPath(project, case), origin)
    if segments != project.segments:
        project.setSegments(segments)
    project.setNotLookedFor(case.id, {name for name in undecided if not label.counts.get(name)})
    return written


def acceptFileSteps(project: Project, case: ProjectCase, prediction: PredictionRecord) -> Steps[Path]:
    """Takes the label file of a prediction as the label of its case, without loading it. The project is not saved.

    Raises:
        InputError: the model's segments are not the project's, or the file can't be written.
    """
    model = read_model(prediction.model, verify=False)
    others = any(each.label and each.id != case.id for each in project.cases)
    isFixed = bool(project.segments) and (others or not case.label or bool(case.notLookedFor))
    made = {(presentName(project, each.name).casefold(), each.value): each.name for each in model.segments}
    known = {(segment.name.casefold(), segment.value): segment.name for segment in project.segments}
    if isFixed:
        unknown = [name for key, name in made.items() if key not in known]
        if unknown:
            raise InputError(
                _("The project has no segment {name} with the label value that the model gives it").format(
                    name=unknown[0]
                ),
                _("Show the result and use it as label there"),
            )
    path = labelPath(project, case)
    yield from inThread(lambda: _copy(prediction.label, path))
    if not isFixed:
        project.setSegments(withTerms(model.segments))
    project.setLabel(case.id, path, PREDICTED)
    project.setNotLookedFor(case.id, {name for key, name in known.items() if isFixed and key not in made})
    return path


def _copy(source: Path, target: Path) -> None:
    with atomic_path(target) as temporary:
        shutil.copyfile(source, temporary)
