"""Runs a training from its request to its model, inside a run folder that survives whatever happens.

The order of things: check the scans, plan, prepare, calibrate, train, validate, write model and report. Each step
finds what an earlier, interrupted try left behind and goes on from there.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from dualtaskseg.data.fingerprint import CaseFingerprint
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.memory import is_out_of_memory, release_memory
from dualtaskseg.method.learner import Learner
from dualtaskseg.preparation.prepare import PreparedError
from dualtaskseg.progress import Progress, format_duration
from dualtaskseg.run.folder import RunFolder, StatusWriter, read_status
from dualtaskseg.training.calibration import halve_batch_or_patch
from dualtaskseg.training.checkpoint import load_checkpoint
from dualtaskseg.training.context import RunContext, TrainingState
from dualtaskseg.training.finalize import Finalizer
from dualtaskseg.training.pace import with_moved_end
from dualtaskseg.training.stages import (
    begin,
    calibrate,
    finishing_seconds,
    fresh_learner,
    make_plan,
    prepare_again,
    prepare_scans,
    restored_learner,
    save_state,
)
from dualtaskseg.training.stop_signals import signals_stop
from dualtaskseg.training.validation import Validation

METRICS_EVERY_S = 2.0
CHECKPOINT_EVERY_S = 45.0  # promised: at most a minute of work is lost
MOST_ROLLBACKS = 3


def train(
    run_folder: Path | str, fingerprints: Sequence[CaseFingerprint] | None = None, device: str | None = None
) -> None:
    """Trains, or goes on training, in a run folder that exists; see :func:`execute`.

    Ctrl-C, or being asked by the system to end, is a request to stop: the step is finished and everything saved.
    A second Ctrl-C ends at once.
    """
    run = RunFolder.open(run_folder)
    started = time.monotonic()
    with signals_stop(run):
        execute(run, fingerprints, device)
    with contextlib.suppress(OSError, ValueError):  # nobody listens any more
        print(f"Done in {format_duration(time.monotonic() - started)}: {run.model_folder}")


def execute(run: RunFolder, fingerprints: Sequence[CaseFingerprint] | None = None, device: str | None = None) -> None:
    """Trains from wherever the run folder stands to the end.

    Args:
        run: the run folder; its request says what to train.
        fingerprints: of the scans, where they were gathered already.
        device: where to compute instead of where the request says, as on a machine that the run was moved to.

    Raises:
        InputError: the input is bad, the disk is full, the memory too small.
        StoppedError: stopped on request; everything is saved.
    """
    request = run.read_request()
    request = replace(request, device=device) if device else request
    with run.lock():
        run.tidy()
        with StatusWriter(run, before=read_status(run.folder)) as status, contextlib.ExitStack() as held:
            try:
                context, saved, plan = begin(run, request, status, held)
                if plan is None:
                    plan = make_plan(context, fingerprints)
                context.cases = prepare_scans(context, plan)
                finalizer = Finalizer(context)
                finalizer.check(plan)
                context.check_stop()
                if saved is None:
                    run.truncate_metrics(0)  # of a try that broke off before its first checkpoint
                    learner = calibrate(context, plan)
                else:
                    learner = restored_learner(context, plan, saved)
                finalizer.finish(Trainer(context, learner).train())
            except StoppedError as stopped:
                status.update(phase="stopped", seconds_left=None, message=str(stopped))
                raise
            except KeyboardInterrupt:
                raise KeyboardInterrupt(_ended_at_once(run)) from None


def _ended_at_once(run: RunFolder) -> str:
    """What to say where somebody didn't wait until everything was saved."""
    again = f'dualtaskseg resume "{run.folder}"'
    if not run.checkpoint_file.exists():
        return f"Ended at once, before anything of the training was saved. Begin it again with: {again}"
    return f"Ended at once; what was done since the last saved state, at most a minute, is lost. Go on with: {again}"


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
        context.pace.aim(finishing_seconds(context.cases, plan, (plan.step_seconds or (0.0, 0.0))[1]))
        context.pace.begin(iteration)
        self.saved_at = self.shown_at = time.monotonic()
        with Progress("Training", of) as bar:
            while context.state.iteration < self.learner.plan.iterations:
                if not self._take_step():
                    continue
                self._keep_pace(bar)
                now, iteration, of = time.monotonic(), context.state.iteration, self.learner.plan.iterations
                stops = context.should_stop()
                due = now - self.saved_at >= CHECKPOINT_EVERY_S or iteration == of or stops
                if due or now - self.shown_at >= METRICS_EVERY_S:
                    self.shown_at = now
                    if not self._report(bar):
                        continue
                if due:
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

    def _keep_pace(self, bar: Progress) -> None:
        """Moves the end where the time budget asks for it; it stands in the plan before a step depends on it."""
        context, plan = self.context, self.learner.plan
        end = context.pace.moved_end(plan, context.state.iteration, self.learner.mutual_start)
        if end is None:
            return
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
        if not all(math.isfinite(value) for value in row.values()):
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
        """Where memory ran out: goes on from the weights in memory with a smaller plan."""
        context, cases = self.context, self.context.cases
        state = self.learner.state()
        plan = halve_batch_or_patch(self.learner.plan)
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
        saved = load_checkpoint(context.run, context.note)
        self.learner = fresh_learner(context, self.learner.plan)
        context.state = TrainingState()
        if saved is not None:
            self.learner.load_state(saved["learner"])
            context.state = TrainingState.of(saved["progress"])
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
        if not is_out_of_memory(error):
            raise
        return None
