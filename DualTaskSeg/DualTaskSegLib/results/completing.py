"""Completes a partly outlined case: what was looked at stays as it is, the rest is filled by a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import slicer
from dualtaskseg.contract.prediction import PredictionRecord
from dualtaskseg.contract.segment import Segment
from dualtaskseg.errors import InputError
from dualtaskseg.model.folder import read_model
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image.volumefiles import readSteps, writeSteps
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.project.structures import presentName
from DualTaskSegLib.results import results
from DualTaskSegLib.results.results import Result
from DualTaskSegLib.results.segmenting import SceneSegmenter, Segmented
from DualTaskSegLib.scene import seenmaps
from DualTaskSegLib.scene.casevolumes import caseOf
from DualTaskSegLib.scene.labelmaps import labelVoxels, readLabelSteps

COMPLETED_NAME = "completed.nrrd"


class CaseCompleter(SceneSegmenter):
    """Segments a volume as :class:`SceneSegmenter` does; or completes the partly outlined case that it shows.

    The result is one of the model, marked as predicted; that it holds outlines of a person is noted, too.
    """

    _completed: tuple[Project, ProjectCase] | None = None  # None while a volume is segmented

    def complete(
        self,
        project: Project,
        volumeNode: slicer.vtkMRMLScalarVolumeNode,
        model: Path,
        replaced: Result | None = None,
        device: str = "auto",
        mayLoseEdits: bool = False,
    ) -> None:
        """Begins to complete the case that a volume shows; the other arguments are those of ``start``.

        Raises:
            InputError: see :func:`requireCompletable`; or the volume can't be segmented, or another one is being.
        """
        case = caseOf(volumeNode, project)
        requireCompletable(project, case, model)
        self.start(volumeNode, model, replaced, device, mayLoseEdits)
        self._completed = project, case

    def _resultSteps(self, prediction: PredictionRecord) -> Steps[Segmented]:
        if self._completed is None:
            return (yield from super()._resultSteps(prediction))
        file = yield from completedSteps(*self._completed, prediction, self._folder / COMPLETED_NAME)
        segmented = yield from super()._resultSteps(replace(prediction, label=file))
        results.markAsCompleted(segmented.result.segmentationNode)
        return segmented

    def _clear(self) -> None:
        super()._clear()
        self._completed = None


def requireCompletable(project: Project, case: ProjectCase | None, model: Path) -> None:
    """Refuses what can't be completed.

    Raises:
        InputError: there is no such case, all of it was looked at, the model can't be read, or it doesn't know a
            structure of the project.
    """
    if case is None:
        raise InputError(_("The volume is no case of the project"), _("Add it in the section Cases"))
    if not case.isPartly:
        raise InputError(
            _("The case {name} is not partly outlined, so there is nothing to complete").format(name=case.name),
            _("Outline some of its slices and say that the others are not outlined yet"),
        )
    description = read_model(model, verify=False)
    _valuesInModel(project, description.segments, description.name)


def completedSteps(project: Project, case: ProjectCase, prediction: PredictionRecord, file: Path) -> Steps[Path]:
    """Writes the mask of a prediction with a case's own outlines where somebody looked; returns the new file.

    Args:
        file: ends in ``.nrrd``; it gets the model's label values.

    Raises:
        InputError: a file is missing, damaged or on another grid, or the model doesn't know an outlined structure.
    """
    model = read_model(prediction.model, verify=False)
    image, geometry = yield from readSteps(prediction.label)
    predicted = yield from inThread(lambda: labelVoxels(image, prediction.label))
    label = yield from readLabelSteps(case, project.segments, geometry)
    if not label.geometry.sameAs(geometry):
        raise InputError(
            _("The outline of {name} does not lie on its scan: it has {outline}, the scan has {scan}").format(
                name=case.name, outline=label.geometry.describe(), scan=geometry.describe()
            ),
            _("Outline the case again"),
        )
    seen = yield from seenmaps.readSeenSteps(case, geometry)
    values = _valuesInModel(project, model.segments, model.name)
    completed = yield from inThread(lambda: _joined(predicted, label.voxels, seen, values))
    return (yield from writeSteps(file, completed, geometry.ijkToRAS))


def _joined(predicted: np.ndarray, outlined: np.ndarray, seen: np.ndarray, values: Mapping[int, int]) -> np.ndarray:
    """The outlines, with other values, where somebody looked or something is outlined; the prediction elsewhere."""
    table = np.zeros(256, np.uint8)
    for own, value in values.items():
        table[own] = value
    return np.where((seen != 0) | (outlined != 0), table[outlined], predicted)


def _valuesInModel(project: Project, known: Sequence[Segment], model: str) -> dict[int, int]:
    """The model's value for each of the project's: the names count, also former ones, whether in capitals or not."""
    structures = project.segments
    byName = {presentName(project, segment.name).casefold(): segment.value for segment in known}
    absent = [segment.name for segment in structures if segment.name.casefold() not in byName]
    if absent:
        raise InputError(
            _("The model {model} does not know the project's structure {name}").format(model=model, name=absent[0]),
            _("Choose a model that was trained on it"),
        )
    return {segment.value: byName[segment.name.casefold()] for segment in structures}
