"""What ranks but the first begin with: they are told what the first one found, and write nothing.

The run folder has one writer, rank 0. The others have the same context as it, whose run and status keep quiet.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from dualtaskseg.contract.issue import ERROR, Issue
from dualtaskseg.errors import DualTaskSegError, StoppedError, in_a_word
from dualtaskseg.files import read_json
from dualtaskseg.method.learner import Learner
from dualtaskseg.parallel.ranks import JoinedRanks, Ranks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.run.folder import PLAN_NAME, RunFolder
from dualtaskseg.run.locking import device_lock
from dualtaskseg.run.split import Split
from dualtaskseg.run.status import Status
from dualtaskseg.run.status_writer import StatusWriter, failed
from dualtaskseg.terminal import one_line
from dualtaskseg.training.context import RunContext, TrainingState
from dualtaskseg.training.learners import blank_learner
from dualtaskseg.training.pace import Pace
from dualtaskseg.training.preparing import prepare_scans
from dualtaskseg.training.stages import budget_of, calibrate, computing_device, lacking_memory


class QuietRun(RunFolder):
    """A run folder that somebody else writes.

    Attributes:
        ranks: of whom the first one is told where this one is asked to stop.
    """

    def __init__(self, folder: Path, request: dict[str, Any], ranks: JoinedRanks) -> None:
        super().__init__(folder, request)
        self.ranks = ranks

    def write_plan(self, data: dict[str, Any]) -> None:
        """Leaves it to rank 0."""

    def append_metrics(self, row: dict[str, Any]) -> None:
        """Leaves it to rank 0."""

    def truncate_metrics(self, iteration: int) -> None:
        """Leaves it to rank 0."""

    def log(self, text: str) -> None:
        """Leaves it to rank 0."""

    def request_stop(self) -> None:
        """Lets rank 0 know."""
        self.ranks.watch.ask_to_stop()

    def stop_requested(self) -> bool:
        """Rank 0 looks."""
        return False


class QuietStatus:
    """A status that nobody reads."""

    def __init__(self) -> None:
        self.status = Status()

    def update(self, **changes: Any) -> None:
        """Keeps it."""
        self.status = replace(self.status, **changes)


class Nowhere(io.TextIOBase):
    """Where progress is shown that nobody looks at."""

    def write(self, text: str) -> int:
        """Forgets it."""
        return len(text)


class QuietContext(RunContext):
    """What it has to tell, rank 0 tells."""

    def note(self, sentence: str) -> None:
        """Keeps it with the warnings."""
        self.state.warnings.append(sentence)


@contextlib.contextmanager
def leading(run: RunFolder, status: StatusWriter, ranks: Ranks) -> Iterator[None]:
    """While this lasts, rank 0 of several stops where another one is asked to, and says so if one is lost."""
    if not isinstance(ranks, JoinedRanks):
        yield
        return

    def on_lost(error: Exception) -> None:  # rank 0 waits for what never comes, and will be ended
        run.log(str(error))
        if isinstance(error, MemoryError):
            with contextlib.suppress(OSError, ValueError, DualTaskSegError):  # it may be as small as can be
                error = lacking_memory(run, Plan.from_dict(read_json(run.folder / PLAN_NAME)), ranks)
        issue = Issue(ERROR, in_a_word(error), getattr(error, "remedy", ranks.watch.remedy))
        stopped = {"phase": "stopped", "error": None} if isinstance(error, StoppedError) else {}
        status.update(**failed(issue) | stopped)
        time.sleep(2.0)  # until the status is written
        with contextlib.suppress(OSError, ValueError):
            print(f"Error: {one_line(str(error))}", file=sys.stderr, flush=True)

    ranks.watch.on_stop, ranks.watch.on_lost = run.request_stop, on_lost
    ranks.watch.remedy = run.going_on
    yield


def tell_followers(context: RunContext, plan: Plan, is_begun: bool) -> None:
    """Tells the other ranks, of whom :func:`begin_following` listens, what they need to know.

    Args:
        is_begun: whether the training just begins, with nothing saved yet.
    """
    context.ranks.decided(
        lambda: {
            "request": context.run.request,
            "plan": plan.to_dict(),
            "state": asdict(context.state),
            "split": context.split.to_dict(),
            "is_begun": is_begun,
        }
    )


def begin_following(
    run_folder: Path | str, device: str | None, ranks: JoinedRanks, held: contextlib.ExitStack
) -> tuple[RunContext, Plan, bool] | None:
    """What rank 0 knows, see :func:`tell_followers`; None where the training is finished already.

    Raises:
        InputError: the device isn't there.
    """
    decided = ranks.decided(dict)
    if not decided:
        return None
    run = QuietRun(Path(run_folder), decided["request"], ranks)
    ranks.watch.remedy = run.going_on
    request = run.read_request()
    request = replace(request, device=device) if device else request
    computing = computing_device(request.device, ranks)
    if computing.type == "cuda":  # a processor is rank 0's
        with contextlib.suppress(DualTaskSegError):
            held.enter_context(device_lock(str(computing), run.folder))
    plan, split = Plan.from_dict(decided["plan"]), Split(**decided["split"])
    state = TrainingState.of(decided["state"])
    screen = Nowhere()
    pace, status = Pace(budget_of(request)), QuietStatus()
    context = QuietContext(
        run, request, request.dataset, status, state, computing, pace, split, ranks=ranks, screen=screen
    )
    context.cases = prepare_scans(context, plan)
    return context, plan, decided["is_begun"]


def followed_learner(context: RunContext, plan: Plan, is_begun: bool) -> Learner:
    """As that of rank 0, ready for the next step."""
    if is_begun:
        return calibrate(context, plan)
    learner = blank_learner(context, plan)
    learner.spread()
    return learner
