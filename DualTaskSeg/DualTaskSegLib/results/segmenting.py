"""Segments one volume of the scene: its file to the child process, the result back as nodes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualtaskseg.contract.prediction import PredictionRecord
from dualtaskseg.errors import DualTaskSegError, InputError
from slicer.i18n import tr as _

from DualTaskSegLib.engine.batch import remarksOn
from DualTaskSegLib.engine.steprunner import StepRunner
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.results import results
from DualTaskSegLib.scene import casevolumes

if TYPE_CHECKING:
    import slicer

    from DualTaskSegLib.common.steps import Steps
    from DualTaskSegLib.engine.worker import Worker
    from DualTaskSegLib.results.results import Result

# How much of the progress the parts before and after the prediction itself take.
SHARE_BEFORE, SHARE_AFTER = 0.05, 0.05
VOLUME_NAME = "volume.nrrd"
PREDICTED_DICE, AGREEMENT = "DualTaskSeg.PredictedDice", "DualTaskSeg.Agreement"


@dataclass(eq=False)
class Segmented:
    """A volume that was segmented.

    Attributes:
        volumeNode: the volume.
        result: its nodes.
        prediction: the networks' figures; its files are gone.
        remarks: what the user should know, as sentences.
    """

    volumeNode: slicer.vtkMRMLScalarVolumeNode
    result: Result
    prediction: PredictionRecord
    remarks: list[str] = field(default_factory=list)


class SceneSegmenter:
    """Segments one volume at a time. It never blocks, and whatever happens ends in one of the functions given.

    Args:
        worker: gives the child process that computes.
        onProgress: called with the share done, 0 to 1, the seconds left or None, and what is going on.
        onDone: called with a :class:`Segmented`.
        onFailed: called with a sentence.
    """

    def __init__(
        self,
        worker: Callable[[], Worker],
        onProgress: Callable[[float, float | None, str], None],
        onDone: Callable[[Segmented], None],
        onFailed: Callable[[str], None],
    ) -> None:
        self._worker = worker
        self._onProgress = onProgress
        self._onDone = onDone
        self._onFailed = onFailed
        self._folder: Path | None = None  # for the files on the way; None while nothing is going on
        self._volumeNode: slicer.vtkMRMLScalarVolumeNode | None = None
        self._model: Path | None = None
        self._replaced: Result | None = None
        self._mayLoseEdits = False
        self._remarks: list[str] = []
        self._device = "auto"
        self._runner = StepRunner()  # of its own: the panel's is emptied as a whole when the user cancels there
        self._job: int | None = None

    @property
    def isBusy(self) -> bool:
        """Whether a volume is being segmented."""
        return self._folder is not None

    @property
    def volumeNode(self) -> slicer.vtkMRMLScalarVolumeNode | None:
        """The volume that is being segmented; None while there is none."""
        return self._volumeNode

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
            volumeNode: the volume.
            model: folder of the model.
            replaced: an earlier result of ours whose place the new one takes; None to add one.
            device: where to compute, such as ``"auto"`` or ``"cpu"``.
            mayLoseEdits: whether the user agreed that corrections in ``replaced`` are lost; else both are kept.

        Raises:
            InputError: the volume can't be segmented, or another one is being segmented.
        """
        if self.isBusy:
            raise InputError(_("Another volume is being segmented"), _("Wait until it is done, or cancel it"))
        problems = casevolumes.problemsOf(volumeNode)
        if problems:
            raise InputError(problems[0], "")
        self._folder = Path(tempfile.mkdtemp(prefix="DualTaskSeg_"))
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
        self._runner.start(
            casevolumes.writeVolumeSteps(volumeNode, self._folder / VOLUME_NAME),
            self._predict,
            self._onError,
            lambda share: self._onProgress(SHARE_BEFORE * share, None, _("Handing over the volume")),
        )

    def cancel(self) -> None:
        """Ends what is going on, without calling any of the functions."""
        self._runner.close()
        if self._job is not None:
            self._worker().cancel(self._job)
        self._clear()

    def _predict(self, image: Path) -> None:
        folder = self._folder

        def ifCurrent(function: Callable[..., None]) -> Callable[..., None]:
            """The worker still tells about a job that was cancelled; another one may be going on by then."""
            return lambda *arguments: function(*arguments) if self._folder == folder else None

        self._job = self._worker().predict(
            self._model,
            image,
            folder / "result",
            onProgress=ifCurrent(self._onPredicting),
            onDone=ifCurrent(self._onPredicted),
            onError=ifCurrent(self._fail),
            device=self._device,
        )

    def _onPredicting(self, share: float | None, secondsLeft: float | None, text: str) -> None:
        share = share or 0.0
        self._onProgress(SHARE_BEFORE + (1 - SHARE_BEFORE - SHARE_AFTER) * share, secondsLeft, text)

    def _onPredicted(self, document: dict[str, Any]) -> None:
        self._job = None
        if self._volumeNode.GetScene() is None:
            self._fail(
                _("The volume was deleted meanwhile, so its segmentation has no place. Load it and segment again.")
            )
            return
        prediction = PredictionRecord.from_dict(document)
        self._onProgress(1 - SHARE_AFTER, None, _("Loading the result"))
        self._runner.start(
            self._resultSteps(prediction),
            lambda result: self._finish(result, prediction),
            self._onError,
            lambda share: self._onProgress(1 - SHARE_AFTER * (1 - share), None, _("Loading the result")),
        )

    def _resultSteps(self, prediction: PredictionRecord) -> Steps[Result]:
        arguments = (self._volumeNode, prediction.label, prediction.sdm, prediction.uncertainty, self._model)
        if not self._mayLoseEdits and (yield from self._editedSteps()):
            self._replaced = None
            self._remarks.append(
                _("The earlier result of {name} was corrected, so both are kept.").format(
                    name=self._volumeNode.GetName()
                )
            )
        if self._replaced is not None:
            return (yield from results.replaceResultSteps(self._replaced, *arguments))
        return (yield from results.addResultSteps(*arguments))

    def _editedSteps(self) -> Steps[bool]:
        """Whether the result that is to be replaced holds corrections."""
        current = results.resultOf(self._replaced.id) if self._replaced is not None else None
        if current is None:
            return False
        yield from labelcontent.lookSteps([current.segmentationNode])
        return results.isEdited(current.segmentationNode)

    def _finish(self, result: Result, prediction: PredictionRecord) -> None:
        setFigures(result.segmentationNode, prediction)
        remarks = [*self._remarks, *result.said, *remarksOn(prediction)]
        segmented = Segmented(self._volumeNode, result, prediction, remarks)
        self._clear()
        self._onDone(segmented)

    def _onError(self, error: Exception) -> None:
        self._fail(str(error))
        if not isinstance(error, (DualTaskSegError, OSError)):
            raise error

    def _fail(self, sentence: str) -> None:
        self._clear()
        self._onFailed(sentence)

    def _clear(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._volumeNode = self._replaced = self._job = None


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
