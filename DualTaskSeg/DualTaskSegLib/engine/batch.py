"""Segments many cases on disk, one after the other; none of them is loaded into the scene."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualtaskseg.contract.prediction import PredictionRecord
from dualtaskseg.names import folder_name

from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.engine.worker import Worker
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.project.project import Project

PREDICTIONS_NAME = "predictions"
WAITING, WORKING, DONE, FAILED, CANCELED = "waiting", "working", "done", "failed", "canceled"


@dataclass(eq=False)
class BatchItem:
    """A case of a batch."""

    case: ProjectCase
    folder: Path  # where its results lie
    state: str = WAITING  # WAITING, WORKING, DONE, FAILED or CANCELED
    share: float = 0.0  # how much of it is done, 0 to 1
    problem: str = ""  # why it failed, a sentence
    prediction: PredictionRecord | None = None  # its results, once they are there

    @property
    def remarks(self) -> list[str]:
        """What the user should know about its results, as sentences; the same as after segmenting its volume alone."""
        return remarksOn(self.prediction) if self.prediction is not None else []


def remarksOn(prediction: PredictionRecord) -> list[str]:
    """What a prediction warns of, as sentences."""
    return [f"{warning[:1].upper()}{warning[1:]}." for warning in prediction.warnings]


class Batch:
    """Segments cases one after the other. A bad one does not keep the others from being segmented.

    Args:
        onChanged: called with an item whenever something about it changed.
        onFinished: called when no case is left.
    """

    def __init__(
        self,
        worker: Worker,
        model: Path,
        items: Iterable[BatchItem],
        onChanged: Callable[[BatchItem], None],
        onFinished: Callable[[], None],
        device: str = "auto",
    ) -> None:
        self.items = list(items)
        self._worker = worker
        self.model = model  # its folder
        self._onChanged = onChanged
        self._onFinished = onFinished
        self._device = device
        self._job: int | None = None
        self._isCanceled = False

    @property
    def isRunning(self) -> bool:
        """Whether a case is being segmented or waits for it."""
        return any(item.state in (WAITING, WORKING) for item in self.items)

    def count(self, *states: str) -> int:
        """How many cases are in one of these states."""
        return sum(item.state in states for item in self.items)

    def start(self) -> None:
        """Begins with the first case."""
        self._next()

    def cancel(self) -> None:
        """Ends it. What is done stays."""
        self._isCanceled = True
        self._worker.cancel(self._job)
        for item in self.items:
            if item.state in (WAITING, WORKING):
                self._set(item, CANCELED)

    def _next(self) -> None:
        item = next((each for each in self.items if each.state == WAITING), None)
        if item is None:
            self._onFinished()
            return
        self._set(item, WORKING)
        self._job = self._worker.predict(
            self.model,
            item.case.image,
            item.folder,
            onProgress=lambda share, _seconds, _text: self._onProgress(item, share),
            onDone=lambda record: self._onDone(item, record),
            onError=lambda sentence: self._onError(item, sentence),
            device=self._device,
        )

    def _onProgress(self, item: BatchItem, share: float | None) -> None:
        if self._isCanceled:
            return
        item.share = share or 0.0
        self._onChanged(item)

    def _onDone(self, item: BatchItem, record: dict[str, Any]) -> None:
        if self._isCanceled:
            return
        prediction = PredictionRecord.from_dict(record)
        try:
            prediction.save(item.folder)
        except OSError as error:
            self._onError(
                item,
                _("{folder} can't be written ({reason}).").format(folder=item.folder, reason=error.strerror or error),
            )
            return
        item.prediction = prediction
        self._set(item, DONE)
        self._next()

    def _onError(self, item: BatchItem, sentence: str) -> None:
        if self._isCanceled:
            return
        item.problem = sentence
        self._set(item, FAILED)
        self._next()

    def _set(self, item: BatchItem, state: str) -> None:
        item.state = state
        self._onChanged(item)


def batchItems(project: Project, model: Path, cases: Iterable[ProjectCase]) -> list[BatchItem]:
    """The cases with the folders of their results; those that have results of this model are done already."""
    items = []
    for case in cases:
        item = BatchItem(case, predictionsFolder(project, model) / case.id)
        item.prediction = PredictionRecord.read(item.folder)
        if item.prediction is not None:
            item.state = DONE
        items.append(item)
    return items


def predictionsFolder(project: Project, model: Path) -> Path:
    """Where the results of a model lie in a project. A model of a run is called after the run."""
    model = Path(model)
    name = model.parent.name if model.name == "model" else model.name
    return project.folder / PREDICTIONS_NAME / folder_name(name)
