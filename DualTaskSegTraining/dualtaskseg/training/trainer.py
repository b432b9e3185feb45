"""Runs a training from its request to its model, inside a run folder that survives whatever happens.

The order of things: check the scans, plan, prepare, calibrate, train, validate, write model and report. Each step
finds what an earlier, interrupted try left behind and goes on from there.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from dualtaskseg.data.fingerprint import CaseFingerprint
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.memory import is_out_of_memory, release_memory
from dualtaskseg.method.learner import Learner
from dualtaskseg.parallel.ranks import ALONE, Ranks
from dualtaskseg.preparation.prepare import PreparedError
from dualtaskseg.progress import Progress, format_duration
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import read_status
from dualtaskseg.run.status_writer import StatusWriter
from dualtaskseg.signals import STOPPING, signals_ask
from dualtaskseg.training.calibration import halve_batch_or_patch
from dualtaskseg.training.context import RunContext
from dualtaskseg.training.finalize import Finalizer
from dualtaskseg.training.following import begin_following, followed_learner, leading, tell_followers
from dualtaskseg.training.learners import last_learner, restored_learner, save_state
from dualtaskseg.training.overview import learn_overview
from dualtaskseg.training.pace import with_moved_end
from dualtaskseg.training.preparing import prepare_scans
from dualtaskseg.training.repairing import prepare_again
from dualtaskseg.training.stages import begin, calibrate, finishing_seconds, lacking_memory, make_plan, memory_told
from dualtaskseg.training.validation import Validation

METRICS_EVERY_S = 2.0
CHECKPOINT_EVERY_S = 45.0  # promised: at most a minute of work is lost
MOST_ROLLBACKS = 3


def train(
    run_folder: Path | str,
    fingerprints: Sequence[CaseFingerprint] | None = None,
    device: str | None = None,
    ranks: Ranks = ALONE,
) -> None:
    """Trains, or goes on training, in a run folder that exists; see :func:`execute`.

    Ctrl-C, or being asked by the system to end, is a request to stop: the step is finished and everything saved.
    A second Ctrl-C ends at once.
    """
    run = RunFolder.open(run_folder)
    started = time.monotonic()
    with _signals_stop(run):
        execute(run, fingerprints, device, ranks)
    with contextlib.suppress(OSError, ValueError):  # nobody listens any more
        print(f"Done in {format_duration(time.monotonic() - started)}: {run.model_folder}")


def execute(
    run: RunFolder,
    fingerprints: Sequence[CaseFingerprint] | None = None,
    device: str | None = None,
    ranks: Ranks = ALONE,
) -> None:
    """Trains from wherever the run folder stands to the end.

    Args:
        run: the run folder; its request says what to train.
        fingerprints: of the scans, where they were gathered already.
        device: where to compute instead of where the request says, as on a machine that the run was moved to.
        ranks: those that train together, of which this is the first; the others :func:`follow`.

    Raises:
        InputError: the input is bad, the disk is full, the memory too small.
        StoppedError: stopped on request; everything is saved.
    """
    request = run.read_request()
    request = replace(request, device=device) if device else request
    with run.lock():
        run.tidy()
        with StatusWriter(run, before=read_status(run.folder)) as status, contextlib.ExitStack() as held:
            held.enter_context(leading(run, status, ranks))
            held.enter_context(memory_told(run))
            held.enter_context(ranks.explaining())
            try:
                context, saved, plan = begin(run, request, status, held, ranks)
                if plan is None:
                    plan = make_plan(context, fingerprints)
                tell_followers(context, plan, is_begun=saved is None)
                context.cases = prepare_scans(context, plan)
                finalizer = Finalizer(context)
                finalizer.check(plan)
                plan = learn_overview(context, plan)
                context.check_stop()
                if saved is None:
                    run.truncate_metrics(0)  # of a try that broke off before its first checkpoint
                    learner = calibrate(context, plan)
                else:
                    learner = restored_learner(context, plan, saved)
                learner = Trainer(context, learner).train()
                context.ranks = ALONE  # the others are done
                finalizer.finish(learner)
            except StoppedError as stopped:
                status.update(phase="stopped", seconds_left=None, message=str(stopped))
                raise
            except KeyboardInterrupt:
                raise KeyboardInterrupt(run.ended_at_once) from None


def follow(run_folder: Path | str, device: str | None, ranks: Ranks) -> None:
    """Takes the steps of a training as one of several ranks but the first, which executes it.

    Args:
        run_folder: as this machine sees it; nothing is written there, and read are only the prepared scans.
        device: as for :func:`execute`.

    Raises:
        StoppedError: the training was stopped.
        InputError: it ended for the reason that is told.
    """
    with contextlib.ExitStack() as held:
        held.enter_context(memory_told(RunFolder(run_folder, {})))
        held.enter_context(ranks.explaining())
        begun = begin_following(run_folder, device, ranks, held)
        if begun is None:
            return
        context, plan, is_begun = begun
        with signals_ask(context.run.request_stop, ""):  # rank 0 tells
            Trainer(context, followed_learner(context, plan, is_begun)).train()


class Trainer:
    """Takes the steps of a training that are left.

    Args:
        learner: ready for the next step. It can become another one, see :meth:`train`.
    """

    def __init__(self, context: RunContext, learner: Learner) -> None:
        self.context = context
        self.learner = learner
        self.validation = Validation(context)
        self.losses = _Means()
        self.step_seconds: float | None = None
        self.saved_at = self.shown_at = time.monotonic()

    def train(self) -> Learner:
        """Returns the learner after the last step.

        It is another one than at the start where memory ran out or a loss was no number on the way.

        Raises:
            InputError: the disk is full, the training is unstable.
            StoppedError: a stop was asked for; everything is saved.
        """
        context, plan = self.context, self.learner.plan
        iteration, of = context.state.iteration, plan.iterations
        context.status.update(phase="training", of=of, iteration=iteration, message="Training")
        step = (plan.step_seconds or (0.0, 0.0))[1]
        context.pace.aim(finishing_seconds(context.cases, plan, step, context.ranks.count))
        context.pace.begin(iteration)
        self.saved_at = self.shown_at = time.monotonic()
        with Progress("Training", of, context.screen) as bar:
            while context.state.iteration < self.learner.plan.iterations:
                if not self._take_step():
                    continue
                end, stops, saves, shows = context.ranks.decided(self._decisions)
                if end:
                    self._move_end(end, bar)
                iteration, of = context.state.iteration, self.learner.plan.iterations
                if shows:
                    self.shown_at = time.monotonic()
                    if not self._report(bar):
                        continue
                if saves:
                    save_state(context, self.learner)
                    self.saved_at = time.monotonic()
                if stops and iteration < of:
                    raise context.stopped(f"Stopped at step {iteration} of {of}; everything is saved")
                if self.validation.is_due(of):
                    self.validation.look(self.learner, self.step_seconds)
        return self.learner

    def _take_step(self) -> bool:
        """Takes a step; False where it has to be taken again, since something was put right instead."""
        context, plan = self.context, self.learner.plan
        began = time.monotonic()
        try:
            losses = _step_or_none(self.learner, context.state.iteration, plan.iterations)
        except PreparedError as error:  # comes before anything is learned
            prepare_again(context, self.learner, error)
            return False
        if losses is None:
            self._make_smaller()
            return False
        context.state.iteration += 1
        self.losses.add(losses)
        took = time.monotonic() - began
        context.state.seconds += took
        self.step_seconds = took if self.step_seconds is None else 0.95 * self.step_seconds + 0.05 * took
        return True

    def _decisions(self) -> tuple[int, bool, bool, bool]:
        """What depends on the clock or the user after a step: after which one the training ends from now on, 0 where
        that stays; and whether to stop, to save, and to show the losses."""
        context, plan = self.context, self.learner.plan
        iteration, now = context.state.iteration, time.monotonic()
        end = context.pace.moved_end(plan, iteration, self.learner.mutual_start) or 0
        stops = context.should_stop()
        saves = now - self.saved_at >= CHECKPOINT_EVERY_S or iteration == (end or plan.iterations) or stops
        return end, stops, saves, saves or now - self.shown_at >= METRICS_EVERY_S

    def _move_end(self, end: int, bar: Progress) -> None:
        """Moves the end, as the time budget asks; it stands in the plan before a step depends on it."""
        context, plan = self.context, self.learner.plan
        slower = "slower" if end < plan.iterations else "faster"
        sentence = (
            f"The computer is {slower} than measured: to keep to the time, the training ends after {end} steps "
            f"instead of {plan.iterations}, told at step {context.state.iteration}"
        )
        notes = [note for note in plan.notes if not note.startswith("The computer is ")]
        self.learner.plan = with_moved_end(plan, context.state.iteration, end).replaced(notes=(*notes, sentence))
        context.store_plan(self.learner.plan)
        context.event(sentence)
        context.status.update(of=end)
        bar.total = end

    def _report(self, bar: Progress) -> bool:
        """Writes down the mean losses since the last time; False where one is no number and the training went back."""
        context, plan = self.context, self.learner.plan
        row = self.losses.taken()
        if context.ranks.any(not all(math.isfinite(value) for value in row.values())):
            self._go_back()
            return False
        iteration, of = context.state.iteration, plan.iterations
        left = (of - iteration) * self.step_seconds
        values = {"kind": "train", "iteration": iteration, "time": round(context.state.seconds, 2)}
        values["rate"] = self.learner.learning_rate(plan.progress_at(iteration - 1, of))
        context.run.append_metrics({**values, **{name: round(value, 5) for name, value in row.items()}})
        context.status.update(iteration=iteration, seconds_left=left, message=f"Training, step {iteration} of {of}")
        bar.update(iteration, f"loss {row['loss']:.3f}", left)
        return True

    def _make_smaller(self) -> None:
        """Where memory ran out: goes on from the weights in memory with a smaller plan.

        Several ranks can't, since the others are in the middle of a step. So the training ends, and goes on with the
        smaller plan when it is resumed.

        Raises:
            InputError: there are several ranks, or the plan can't get any smaller.
        """
        context, cases = self.context, self.context.cases
        if context.ranks.count > 1:
            raise lacking_memory(context.run, self.learner.plan, context.ranks)
        plan = halve_batch_or_patch(self.learner.plan)
        state = self.learner.state()
        self.learner.optimizer.zero_grad(set_to_none=True)
        release_memory(context.device)
        self.learner = Learner(plan, cases.training, cases.unlabeled, context.device)
        self.learner.load_state(state)
        self.losses = _Means()
        context.store_plan(plan)
        context.state.warnings.append(plan.notes[-1])
        context.event(plan.notes[-1])

    def _go_back(self) -> None:
        """Goes back to the last checkpoint with half the learning rate, at most three times."""
        context = self.context
        rollbacks, at, warnings = context.state.rollbacks + 1, context.state.iteration, context.state.warnings
        if rollbacks > MOST_ROLLBACKS:
            raise InputError(
                f"The training became unstable (a loss that is no number) for the fourth time, at step {at}",
                "Run 'dualtaskseg check' on the scans for extreme intensities, then train again, best with --seed 1",
            )
        self.learner = last_learner(context, self.learner.plan)
        context.pace.begin(context.state.iteration)
        context.state.warnings, context.state.rollbacks = warnings, rollbacks
        self.learner.rate_factor = 0.5**rollbacks
        context.run.truncate_metrics(context.state.iteration)
        sentence = (
            f"A loss was no number at step {at}: back to step {context.state.iteration} with half the learning rate"
        )
        context.state.warnings.append(sentence)
        context.event(sentence)


class _Means:
    """The means of losses over some steps; they stay on the device until they are asked for."""

    def __init__(self) -> None:
        self.sums: dict[str, torch.Tensor] = {}
        self.steps = 0

    def add(self, losses: dict[str, torch.Tensor]) -> None:
        for name, value in losses.items():
            self.sums[name] = self.sums.get(name, 0) + value
        self.steps += 1

    def taken(self) -> dict[str, float]:
        """The means, which begin anew."""
        means = {name: float(value) / self.steps for name, value in self.sums.items()}
        self.sums, self.steps = {}, 0
        return means


def _step_or_none(learner: Learner, iteration: int, of: int) -> dict[str, torch.Tensor] | None:
    """One step, or None where memory ran out. By itself, so that nothing of the failed step is kept alive."""
    try:
        return learner.step(iteration, of)
    except (RuntimeError, MemoryError) as error:
        explained = learner.ranks.explained(error)
        if is_out_of_memory(explained):
            return None
        if explained is error:
            raise
        raise explained from error


@contextlib.contextmanager
def _signals_stop(run: RunFolder) -> Iterator[None]:
    """While this lasts, a signal to end asks the run to stop, see :func:`~dualtaskseg.signals.signals_ask`."""

    def stop() -> None:
        with contextlib.suppress(OSError):  # the folder was moved: the training will find out
            run.request_stop()

    with signals_ask(stop, STOPPING):
        yield
