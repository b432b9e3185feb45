"""Segments one volume of the scene: its file to the child process, the result back as nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import slicer
from dualtaskseg.contract.prediction import PredictionRecord
from dualtaskseg.errors import InputError
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps
from DualTaskSegLib.engine.batch import remarksOn
from DualTaskSegLib.engine.scenejob import SceneJob
from DualTaskSegLib.engine.worker import Worker
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.results import results
from DualTaskSegLib.results.results import Result
from DualTaskSegLib.scene import casevolumes

# How much of the progress the parts before and after the prediction itself take.
SHARE_BEFORE, SHARE_AFTER = 0.05, 0.05
VOLUME_NAME = "volume.nrrd"
PREDICTED_DICE, AGREEMENT = "DualTaskSeg.PredictedDice", "DualTaskSeg.Agreement"


@dataclass(eq=False)
class Segmented:
    """A volume that was segmented."""

    volumeNode: slicer.vtkMRMLScalarVolumeNode
    result: Result  # its nodes
    prediction: PredictionRecord  # the networks' figures; its files are gone
    remarks: list[str] = field(default_factory=list)  # what the user should know, as sentences


class SceneSegmenter(SceneJob):
    """Segments one volume at a time.

    Args:
        onProgress: called with the share done, 0 to 1, the seconds left or None, and what is going on.
        onDone: called with a :class:`Segmented`.
    """

    def __init__(
        self,
        worker: Callable[[], Worker],
        onProgress: Callable[[float, float | None, str], None],
        onDone: Callable[[Segmented], None],
        onFailed: Callable[[str], None],
    ) -> None:
        super().__init__(worker, onProgress, onDone, onFailed)
        self._volumeNode: slicer.vtkMRMLScalarVolumeNode | None = None
        self._model: Path | None = None
        self._replaced: Result | None = None
        self._mayLoseEdits = False
        self._remarks: list[str] = []
        self._device = "auto"

    def start(
        self,
        volumeNode: slicer.vtkMRMLScalarVolumeNode,
        model: Path,
        replaced: Result | None = None,
        device: str = "auto",
        mayLoseEdits: bool = False,
    ) -> None:
        """Begins to segment a volume.

        Args:
            replaced: an earlier result of ours whose place the new one takes; None to add one.
            mayLoseEdits: whether the user agreed that corrections in ``replaced`` are lost; else both are kept.

        Raises:
            InputError: the volume can't be segmented, or another one is being segmented.
        """
        if self.isBusy:
            raise InputError(_("Another volume is being segmented"), _("Wait until it is done, or cancel it"))
        casevolumes.requireUsable(volumeNode)
        folder = self._makeFolder()
        self._volumeNode, self._model, self._replaced = volumeNode, Path(model), replaced
        self._remarks, self._device, self._mayLoseEdits = [], device, mayLoseEdits
        if volumeNode.GetParentTransformNode() is not None:
            self._remarks.append(
                _("{name} is under a transform; a copy with the transform applied was segmented.").format(
                    name=volumeNode.GetName()
                )
            )
        file = casevolumes.volumeFile(volumeNode)
        if file is not None:
            self._predict(file)
            return
        self._onProgress(0.0, None, _("Handing over the volume"))
        self._doSteps(
            casevolumes.writeVolumeSteps(volumeNode, folder / VOLUME_NAME),
            self._predict,
            lambda share: self._onProgress(SHARE_BEFORE * share, None, _("Handing over the volume")),
        )

    def _predict(self, image: Path) -> None:
        listeners = self._listeners(self._onPredicting, self._onPredicted)
        self._job = self._worker().predict(
            self._model, image, self._folder / "result", device=self._device, **listeners
        )

    def _onPredicting(self, share: float | None, secondsLeft: float | None, text: str) -> None:
        share = share or 0.0
        self._onProgress(SHARE_BEFORE + (1 - SHARE_BEFORE - SHARE_AFTER) * share, secondsLeft, text)

    def _onPredicted(self, record: dict[str, Any]) -> None:
        self._job = None
        if self._volumeNode.GetScene() is None:
            self._fail(
                _("The volume was deleted meanwhile, so its segmentation has no place. Load it and segment again.")
            )
            return
        prediction = PredictionRecord.from_dict(record)
        self._onProgress(1 - SHARE_AFTER, None, _("Loading the result"))
        self._doSteps(
            self._resultSteps(prediction),
            self._finish,
            lambda share: self._onProgress(1 - SHARE_AFTER * (1 - share), None, _("Loading the result")),
        )

    def _resultSteps(self, prediction: PredictionRecord) -> Steps[Segmented]:
        volume = self._volumeNode
        if not self._mayLoseEdits and (yield from self._editedSteps()):
            self._replaced = None
            self._remarks.append(
                _("The earlier result of {name} was corrected, so both are kept.").format(name=volume.GetName())
            )
        result = yield from results.addResultSteps(
            volume, prediction.label, prediction.sdm, prediction.uncertainty, self._model, self._replaced
        )
        setFigures(result.segmentationNode, prediction)
        remarks = [*self._remarks, *result.remarks, *remarksOn(prediction)]
        return Segmented(volume, result, prediction, remarks)

    def _editedSteps(self) -> Steps[bool]:
        """Whether the result that is to be replaced holds corrections."""
        current = results.resultOf(self._replaced.id) if self._replaced is not None else None
        if current is None:
            return False
        yield from labelcontent.lookSteps([current.segmentationNode])
        return results.isEdited(current.segmentationNode)

    def _clear(self) -> None:
        super()._clear()
        self._volumeNode = self._replaced = None


def setFigures(segmentationNode: slicer.vtkMRMLSegmentationNode, prediction: PredictionRecord) -> None:
    """Notes the networks' figures in a result, so that they are saved with the scene."""
    for name, value in ((PREDICTED_DICE, prediction.predicted_dice), (AGREEMENT, prediction.agreement)):
        segmentationNode.SetAttribute(name, None if value is None else f"{value:.4f}")


def figuresOf(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> tuple[float | None, float | None]:
    """Returns the predicted Dice and the networks' agreement of a result, None where they are unknown."""
    figures = []
    for name in (PREDICTED_DICE, AGREEMENT):
        text = segmentationNode.GetAttribute(name) if segmentationNode is not None else None
        try:
            figures.append(float(text) if text else None)
        except ValueError:
            figures.append(None)
    return figures[0], figures[1]
