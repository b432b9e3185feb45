"""What everything that works on one run shares: the folder, the request, the scans, the clock, the way to the user."""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, TextIO, TypeVar

import torch

from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.errors import StoppedError, in_a_word
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.parallel.ranks import ALONE, Ranks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase
from dualtaskseg.progress import Progress
from dualtaskseg.remedies import remedy_for
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.split import Split
from dualtaskseg.run.status_writer import StatusWriter
from dualtaskseg.terminal import one_line
from dualtaskseg.training.pace import Pace
from dualtaskseg.training.warm_start import InitialModel

Result = TypeVar("Result")


@dataclass
class TrainingState:
    """Where the training is; saved with every checkpoint.

    Attributes:
        rollbacks: how often a non-finite loss sent it back.
        seconds: trained so far.
        clock: seconds worked on the run so far, see :class:`~dualtaskseg.training.pace.Pace`.
        warnings: what the user should know of what happened.
    """

    iteration: int = 0
    rollbacks: int = 0
    seconds: float = 0.0
    clock: float = 0.0
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, data: dict[str, Any]) -> TrainingState:
        """From what a saved state holds; what it lacks, as those of an earlier version, is as at the beginning."""
        known = {each.name for each in fields(cls)}
        return cls(**{key: value for key, value in data.items() if key in known})


@dataclass(frozen=True)
class Cases:
    """Prepared scans by what they are for: to learn from with labels, to hold out, to learn from without labels."""

    training: list[PreparedCase] = field(default_factory=list)
    validation: list[PreparedCase] = field(default_factory=list)
    unlabeled: list[PreparedCase] = field(default_factory=list)


@dataclass
class RunContext:
    """One process's work on a run.

    Attributes:
        dataset: its scans, as they were found.
        pace: compares the clock with the time budget.
        earlier: the model to start from; None without one, and once there is a checkpoint.
        overview: the coarse networks that find where the structures are, averaged; None where the plan has none.
        cases: the scans once they are prepared; replaced where they have to be prepared again.
        repairs: how often that was.
        ranks: those that train together; of those but the first, the run writes nothing.
        screen: where progress is shown, standard error unless given.
    """

    run: RunFolder
    request: TrainingRequest
    dataset: Dataset
    status: StatusWriter
    state: TrainingState
    device: torch.device
    pace: Pace
    split: Split
    earlier: InitialModel | None = None
    overview: TwoNetworks | None = None
    cases: Cases = field(default_factory=Cases)
    repairs: int = 0
    ranks: Ranks = ALONE
    screen: TextIO | None = None

    def note(self, sentence: str) -> None:
        """Keeps a sentence for the user; see :func:`keep_note`."""
        keep_note(self.run, self.status, self.state.warnings, sentence)

    def event(self, text: str) -> None:
        """Keeps what happened at this step in the log and for the curves."""
        self.run.log(text)
        self.run.append_metrics({"kind": "event", "iteration": self.state.iteration, "text": text})

    def on_progress(self, title: str, unit: str = "scan") -> Callable[[int, int], None]:
        """What shows how much of how much is done, on the terminal and in the status."""
        bar = Progress(title, stream=self.screen)

        def show(done: int, of: int) -> None:
            bar.show(done, of)
            if done >= of:
                bar.close()
            self.status.update(message=f"{title} {unit} {done} of {of}")

        return show

    def should_stop(self) -> bool:
        """Whether a stop was asked for."""
        return self.run.stop_requested()

    @property
    def name(self) -> str:
        """What the model and the report are called: as asked, else as the run folder."""
        return str(self.request.name or self.run.folder.resolve().name)

    def counts(self, plan: Plan) -> dict[str, int]:
        """How many scans the model learned from, how many of them are outlined in part, how many were held out."""
        return {
            "labeled": len(self.split.training),
            "partly": sum(case.seen is not None for case in self.cases.training),
            "unlabeled": 0 if plan.is_supervised else len(self.cases.unlabeled),
            "validation": len(self.split.validation),
        }

    def attempt(
        self, what: str, work: Callable[[], Result], otherwise: Result, case: PreparedCase | None = None
    ) -> Result:
        """Does something that only informs: a fault of any kind is told, and the rest goes on with ``otherwise``.

        Args:
            what: is to be made, as the beginning of a sentence.
            case: the one scan that it is about, if any.

        Raises:
            StoppedError: a stop was asked for meanwhile.
            OSError: the disk is full or gone, so that nothing else could be written either.
        """
        try:
            return work()
        except StoppedError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and case is None and remedy_for(error):
                raise
            self.run.log("".join(traceback.format_exception(error)))
            part = what if case is None else f"{what} of the scan {case.name}"
            self.note(f"{part} could not be made; everything else goes on ({in_a_word(error)})")
            return otherwise

    def check_stop(self) -> None:
        """Raises :class:`StoppedError` before the training begins where a stop was asked for."""
        if self.should_stop():
            raise self.stopped("Stopped before the training began")

    def stopped(self, what: str) -> StoppedError:
        """The error that says how to go on."""
        return StoppedError(what, self.run.going_on)

    def store_plan(self, plan: Plan) -> None:
        """Writes the plan into the run folder."""
        self.run.write_plan(plan.to_dict())


def keep_note(run: RunFolder, status: StatusWriter, warnings: list[str], sentence: str) -> None:
    """Keeps a sentence for the user: in the log, in the status, in the warnings of the report, and on the terminal."""
    sentence = sentence.rstrip(".")
    run.log(sentence)
    warnings.append(sentence)
    status.update(notes=[*status.status.notes, sentence])
    with contextlib.suppress(OSError, ValueError):
        print(f"Note: {one_line(sentence)}.", file=sys.stderr)
