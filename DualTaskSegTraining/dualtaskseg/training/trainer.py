"""Runs a training from its request to its model, inside a run folder that survives whatever happens.

The order of things: check the scans, plan, prepare, calibrate, train, validate, write model and report. Each step
finds what an earlier, interrupted try left behind and goes on from there.
"""

from __future__ import annotations

import contextlib
import math
import os
import platform
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import torch

from dualtaskseg.contract.dataset import Case
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.fingerprint import CaseFacts
from dualtaskseg.errors import InputError, StoppedError, in_a_word
from dualtaskseg.files import PRIVATE, write_json
from dualtaskseg.inference.device import choose_device, describe_device, largest_precision, tune_cpu_memory
from dualtaskseg.inference.sliding_window import window_shape, window_starts
from dualtaskseg.memory import is_out_of_memory, release_memory
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.registry import method_of
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase, PreparedError, is_current, open_prepared, prepare
from dualtaskseg.progress import Progress, format_duration
from dualtaskseg.run.folder import RunFolder, StatusWriter, read_status
from dualtaskseg.run.locking import device_lock
from dualtaskseg.run.split import draw_split
from dualtaskseg.run.stored_plan import PLAN_NAME, stored_plan
from dualtaskseg.training.calibration import LONGEST_S, fitted_learner, iterations_within, smaller
from dualtaskseg.training.checkpoint import load_checkpoint, save_checkpoint
from dualtaskseg.training.finalize import Finisher
from dualtaskseg.training.pace import Pace, with_moved_end
from dualtaskseg.training.warm_start import EarlierModel

METRICS_EVERY_S = 2.0
CHECKPOINT_EVERY_S = 45.0  # promised: at most a minute of work is lost
MOST_ROLLBACKS = 3
MOST_REPAIRS = 3  # of the prepared scans in one process; who removes them more often means it
MEASURING_SHARE = 0.1  # of the budget, which timing one kind of steps may take
FORWARD_SHARE = 0.35  # of a step's time, which asking both networks about one of its patches takes, about
VALIDATION_SHARE = 0.03  # of the training's time, which looking at validation scans on the way may take
VALIDATIONS = 8  # how often, the one at the end included


@dataclass
class Progressed:
    """Where the training is; saved with every checkpoint.

    Attributes:
        iteration: steps done.
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
    def of(cls, document: dict[str, Any]) -> Progressed:
        """From what a saved state holds; what it lacks, as those of an earlier version, is as at the beginning."""
        known = {each.name for each in fields(cls)}
        return cls(**{key: value for key, value in document.items() if key in known})


class Trainer:
    """One process's work in a run folder.

    Args:
        run: the run folder; its request says what to train.
        facts: of the scans, where they were gathered already.
        device: where to compute instead of where the request says, as on a machine that the run was moved to.
    """

    def __init__(self, run: RunFolder, facts: Sequence[CaseFacts] | None = None, device: str | None = None) -> None:
        self.run = run
        self.facts = facts
        request = run.read_request()
        self.request = replace(request, device=device) if device else request
        self.dataset = request.dataset
        self.state = Progressed()
        self.repairs = 0

    def execute(self) -> None:
        """Trains from wherever the run folder stands to the end.

        Raises:
            InputError: the input is bad, the disk is full, the memory too small.
            StoppedError: stopped on request; everything is saved.
        """
        with self.run.lock():
            self.run.tidy()
            with (
                StatusWriter(self.run, before=read_status(self.run.folder)) as self.status,
                contextlib.ExitStack() as self.held,
            ):
                try:
                    self._execute(load_checkpoint(self.run, self.note))
                except StoppedError as stopped:
                    self.status.update(phase="stopped", seconds_left=None, message=str(stopped))
                    raise
                except KeyboardInterrupt:
                    raise KeyboardInterrupt(self._ended_at_once()) from None

    def _execute(self, saved: dict[str, Any] | None) -> None:
        if saved is not None:
            told = self.state.warnings
            self.state = Progressed.of(saved["progress"])
            self.state.warnings = [*self.state.warnings, *told]
        self.pace = Pace(self._budget(), self.state.clock)
        self.device = choose_device(self.request.device)
        self._claim_device()
        tune_cpu_memory()
        torch.backends.cudnn.benchmark = self.device.type == "cuda"
        self.status.update(device=describe_device(self.device))
        self.run.log(f"{platform.platform()}, PyTorch {torch.__version__}, {describe_device(self.device)}")
        plan = stored_plan(self.run, saved, self.note)
        self.split = draw_split(self.run, self.dataset, self.request, saved, self.note)
        self.earlier = self._earlier_model(saved)
        if plan is None:
            plan = self._make_plan(self.split.training)
        self._take(self._prepare(plan))
        finisher = Finisher(self)
        finisher.check(plan)
        self._check_stop()
        if saved is None:
            self.run.truncate_metrics(0)  # of a try that broke off before its first checkpoint
            learner = self._calibrate(plan)
        else:
            learner = Learner(plan, self.training, self.unlabeled, self.device)
            self._restore(learner, saved)
        learner = self._train(learner)
        try:
            finisher.finish(learner)
        except StoppedError:
            raise self._stopped("Stopped while looking at the results; the training itself is done and saved") from None

    def note(self, sentence: str) -> None:
        """Keeps a sentence for the user: in the log, in the status, in the report, and on the terminal."""
        sentence = sentence.rstrip(".")
        self.run.log(sentence)
        self.state.warnings.append(sentence)
        self.status.update(notes=[*self.status.status.notes, sentence])
        with contextlib.suppress(OSError, ValueError):
            print(f"Note: {sentence}.", file=sys.stderr)

    def _budget(self) -> float | None:
        """Seconds for the whole run; None where a number of steps was asked for."""
        if self.request.time_budget:
            return float(self.request.time_budget)
        seconds = PRESETS[self.request.preset].seconds
        return None if self.request.iterations or not seconds else float(seconds)

    def _ended_at_once(self) -> str:
        """What to say where somebody didn't wait until everything was saved."""
        again = f'dualtaskseg resume "{self.run.folder}"'
        if not self.run.checkpoint_file.exists():
            return f"Ended at once, before anything of the training was saved. Begin it again with: {again}"
        return (
            f"Ended at once; what was done since the last saved state, at most a minute, is lost. Go on with: {again}"
        )

    # --- before training

    def _claim_device(self) -> None:
        """Marks the device as used until this training ends.

        Raises:
            InputError: another training uses it, and the request says that this must not be.
        """
        try:
            self.held.enter_context(device_lock(str(self.device), self.run.folder))
        except InputError as error:
            if self.request.exclusive_device:
                raise
            self.run.log(f"{error.what}; this training goes on beside it")

    def _earlier_model(self, saved: dict[str, Any] | None) -> EarlierModel | None:
        """The model to start from; not needed any more once there is a checkpoint."""
        path = self.request.start_from
        if not path or saved is not None:
            return None
        earlier = EarlierModel.open(path)
        self.run.log(f"Starting from the model {earlier.description.name} in {earlier.folder}")
        return earlier

    def _fresh_learner(self, plan: Plan) -> Learner:
        """As at the first step of this training."""
        learner = Learner(plan, self.training, self.unlabeled, self.device)
        if self.earlier is not None:
            self.earlier.put_into(learner)
        return learner

    def _store_plan(self, plan: Plan) -> None:
        write_json(self.run.folder / PLAN_NAME, plan.to_document())

    def _make_plan(self, training: list[str]) -> Plan:
        from dualtaskseg.training.plan_run import plan_for

        self.status.update(phase="checking", message="Looking at all scans")
        if self.facts is None:
            self._check_scans()
        plan = plan_for(
            self.dataset, training, self.request, self.facts, self.on_progress("Checking"), self._should_stop
        )
        plan = plan.replaced(precision=method_of(plan).precision(largest_precision(self.device)))
        if self.earlier is not None:
            plan = self.earlier.adapted(plan)
        self._store_plan(plan)
        return plan

    def _check_scans(self) -> None:
        """Looks for what is wrong with the scans, where nobody did before the run folder was made.

        Raises:
            InputError: something must be put right first.
            StoppedError: a stop was asked for meanwhile.
        """
        show = self.on_progress("Checking")
        count = len(self.dataset.labeled) + len(self.dataset.unlabeled)

        def on_progress(done: int, _: str) -> None:
            self._check_stop()
            show(done, count)

        report = check_dataset(self.dataset, on_progress)
        for problem in report.warnings:
            self.run.log(f"Warning: {problem.case + ': ' if problem.case else ''}{problem.what}")
        report.raise_if_errors()
        self.facts, self.dataset = report.facts, report.dataset

    def _prepare(self, plan: Plan) -> list[PreparedCase]:
        cases = [case for case in self.dataset.cases if case.role in ("labeled", "unlabeled")]
        self.status.update(phase="preparing", message="Preparing the scans")
        folder = self.run.prepared_folder
        folder.mkdir(exist_ok=True)
        with contextlib.suppress(OSError):  # some network shares have no modes
            folder.chmod(PRIVATE)
        prepared = open_prepared(folder, plan)
        # Moved to a machine without the scans: what was prepared is all that is needed.
        scans_are_here = all(case.image.exists() for case in cases)
        if _are_of(prepared, cases) and (not scans_are_here or is_current(cases, plan, folder)):
            return prepared
        show = self.on_progress("Preparing")
        prepared = prepare(cases, plan, folder, show, self._should_stop, self.dataset.not_chosen)
        self._check_stop()
        if not _are_of(prepared, cases):
            raise InputError(
                f"The prepared scans in {folder} change while they are made",
                "Make sure that nobody else writes there, then resume",
            )
        return prepared

    def _take(self, prepared: list[PreparedCase]) -> None:
        """Sorts prepared scans into those that are learned from and those that were held out."""
        by_name = {case.name: case for case in prepared}
        self.training = [by_name[name] for name in self.split.training]
        self.validation = [by_name[name] for name in self.split.validation]
        self.unlabeled = [case for case in prepared if case.role == "unlabeled"]
        for sentence in (sentence for case in prepared for sentence in case.lost):
            if sentence not in self.state.warnings:
                self.note(sentence)

    def prepare_again(self, learner: Learner, error: PreparedError) -> None:
        """Makes the prepared scans again, that somebody removed or a disk damaged while they were learned from.

        Raises:
            PreparedError: it was done often enough.
            InputError: a scan can't be read; everything is saved.
            StoppedError: a stop was asked for meanwhile; everything is saved.
        """
        self.repairs += 1
        if self.repairs > MOST_REPAIRS:
            raise error
        phase = self.status.status.phase
        if self.state.iteration:
            self._save(learner)
        self._event(f"{error.what}; the prepared scans are made again")
        self._take(self._prepare(learner.plan))
        learner.labeled.cases = list(self.training)
        if learner.unlabeled is not None:
            learner.unlabeled.cases = list(self.unlabeled)
        self.looked_at = None
        self.status.update(phase=phase)

    def on_progress(self, title: str, unit: str = "scan") -> Callable[[int, int], None]:
        progress: dict[str, Progress] = {}

        def show(done: int, of: int) -> None:
            if "bar" not in progress:
                progress["bar"] = Progress(title, of)
            progress["bar"].update(done)
            if done >= of:
                progress["bar"].close()
            self.status.update(message=f"{title} {unit} {done} of {of}")

        return show

    def _calibrate(self, plan: Plan) -> Learner:
        """Finds what fits into memory and how many steps into the time; both are written into the plan for good."""
        if plan.calibrated:  # broken off before its first checkpoint
            return self._fresh_learner(plan)
        self.status.update(phase="calibrating", message="Measuring how fast this computer is")

        def on_smaller(sentence: str) -> None:
            self.run.log(sentence)
            self.state.warnings.append(sentence)

        show = self.on_progress("Timing", "step")

        def on_step(done: int, of: int) -> None:
            self._check_stop()
            show(done, of)

        budget = self.pace.budget
        learner, supervised, mutual = fitted_learner(
            plan,
            self.training,
            self.unlabeled,
            self.device,
            on_smaller,
            on_step,
            None if budget is None else min(LONGEST_S, MEASURING_SHARE * budget),
            (self.request.iterations or plan.iterations) if budget is None else None,
        )
        plan = learner.plan.replaced(step_seconds=(round(supervised, 6), round(mutual, 6)))
        iterations = self.request.iterations or plan.iterations
        if budget is not None:
            left = self.pace.aim(self._finishing_seconds(plan, mutual))
            iterations = iterations_within(left, supervised, mutual, learner.mutual_start)
        note = (
            f"A step takes {supervised:.2f} s from labels alone and {mutual:.2f} s with unlabeled scans on "
            f"{describe_device(self.device)}: {iterations} steps"
        )
        learner.plan = plan.replaced(
            iterations=int(iterations),
            calibrated=True,
            notes=(*plan.notes, note),
        )
        self._store_plan(learner.plan)
        self.run.log(note)
        if self.earlier is not None:
            self.earlier.put_into(learner)
        return learner

    def _finishing_seconds(self, plan: Plan, step: float) -> float:
        """About how long looking at the results will take, by the windows that go through the networks."""
        looks = [*self.validation * 2, *self.validation[:4]] or [*self.training[:4], *self.unlabeled[:4]]
        patches = plan.batch_labeled + plan.batch_unlabeled
        windows = 0.0
        for case in looks:
            window = window_shape(case.shape, plan)
            count = math.prod(len(starts) for starts in window_starts(case.shape, window))
            windows += count * math.prod(window) / math.prod(plan.patch)
        return FORWARD_SHARE * step / patches * windows

    def _restore(self, learner: Learner, saved: dict[str, Any]) -> None:
        try:
            learner.load_state(saved["learner"])
        except (KeyError, TypeError, ValueError, RuntimeError, AttributeError, IndexError) as error:
            raise InputError(
                f"The saved state of the run {self.run.folder} doesn't fit its {PLAN_NAME}",
                "Put intact copies of both back, from a backup of the run folder",
            ) from error
        self.run.truncate_metrics(self.state.iteration)
        if self.state.iteration < learner.plan.iterations:
            self._event(f"Resumed at step {self.state.iteration}")

    # --- training

    def _train(self, learner: Learner) -> Learner:
        """Takes all steps that are left; returns the learner, which can be another one than at the start."""
        of = learner.plan.iterations
        self.status.update(phase="training", of=of, iteration=self.state.iteration, message="Training")
        self.pace.aim(self._finishing_seconds(learner.plan, (learner.plan.step_seconds or (0.0, 0.0))[1]))
        self.pace.begin(self.state.iteration)
        saved_at = shown_at = time.monotonic()
        sums: dict[str, torch.Tensor] = {}
        counted = 0
        validations = validation_points(of) if self.validation else set()
        self.looked_at: list[PreparedCase] | None = None
        step_seconds = None
        with Progress("Training", of) as bar:
            while self.state.iteration < of:
                began = time.monotonic()
                try:
                    losses = _step_or_none(learner, self.state.iteration, of)
                except PreparedError as error:  # comes before anything is learned, so the step is simply taken again
                    self.prepare_again(learner, error)
                    continue
                if losses is None:
                    learner = self._after_memory_ran_out(learner)
                    sums, counted = {}, 0
                    continue
                self.state.iteration += 1
                for name, value in losses.items():
                    sums[name] = sums.get(name, 0) + value
                counted += 1
                now = time.monotonic()
                self.state.seconds += now - began
                step_seconds = now - began if step_seconds is None else 0.95 * step_seconds + 0.05 * (now - began)
                end = self.pace.moved_end(learner.plan, self.state.iteration, learner.mutual_start)
                if end is not None:
                    of = bar.total = self._move_end(learner, end)
                    validations = validation_points(of) if self.validation else set()
                is_last = self.state.iteration == of
                stops = self.run.stop_requested()
                due = now - saved_at >= CHECKPOINT_EVERY_S or is_last or stops
                if due or now - shown_at >= METRICS_EVERY_S:
                    shown_at = now
                    row = {name: float(value) / counted for name, value in sums.items()}
                    sums, counted = {}, 0
                    if not all(math.isfinite(value) for value in row.values()):
                        learner = self._after_non_finite(learner)
                        continue
                    self._report_step(learner, row, of, step_seconds, bar)
                if due:
                    self._save(learner)
                    saved_at = time.monotonic()
                if stops and not is_last:
                    raise self._stopped(f"Stopped at step {self.state.iteration} of {of}; everything is saved")
                if self.state.iteration in validations:
                    self._validate(learner, VALIDATION_SHARE * step_seconds * of / VALIDATIONS)
        return learner

    def _move_end(self, learner: Learner, end: int) -> int:
        """Writes a new end into the plan before a step depends on it; returns it."""
        before = learner.plan.iterations
        plan = with_moved_end(learner.plan, self.state.iteration, end)
        slower = "slower" if end < before else "faster"
        sentence = (
            f"The computer is {slower} than measured: to keep to the time, the training ends after {end} steps "
            f"instead of {before}, told at step {self.state.iteration}"
        )
        notes = [note for note in plan.notes if not note.startswith("The computer is ")]
        learner.plan = plan.replaced(notes=(*notes, sentence))
        self._store_plan(learner.plan)
        self._event(sentence)
        self.status.update(of=end)
        return end

    def _report_step(
        self, learner: Learner, row: dict[str, float], of: int, step_seconds: float, bar: Progress
    ) -> None:
        iteration = self.state.iteration
        left = (of - iteration) * step_seconds
        values = {"kind": "train", "iteration": iteration, "time": round(self.state.seconds, 2)}
        values["rate"] = learner.rate(learner.plan.progress_at(iteration - 1, of))
        self.run.append_metrics({**values, **{name: round(value, 5) for name, value in row.items()}})
        self.status.update(iteration=iteration, seconds_left=left, message=f"Training, step {iteration} of {of}")
        bar.update(iteration, f"loss {row['loss']:.3f}", left)

    def _save(self, learner: Learner) -> None:
        self.state.clock = self.pace.clock
        save_checkpoint(
            self.run,
            {
                "learner": learner.state(),
                "progress": asdict(self.state),
                "plan": learner.plan.to_document(),
                "split": self.split.to_document(),
            },
        )

    def _validate(self, learner: Learner, seconds: float) -> None:
        """Looks at as many validation scans as take no longer than ``seconds``, always the same ones.

        It only informs: a stop that is asked for meanwhile, or a scan that can't be looked at, does no harm.
        """
        from dualtaskseg.training.finalize import named_means, score_cases, spread

        self.status.update(phase="validating", message="Looking at the validation scans")
        try:
            if self.looked_at is None:
                started = time.monotonic()
                score_cases(learner.teachers, learner.plan, self.validation[:1], self._should_stop)
                count = int(seconds / max(time.monotonic() - started, 1e-6))
                self.looked_at = spread(self.validation, count)
                if count < len(self.validation):
                    self.run.log(
                        f"Validation on the way looks at {count} of {len(self.validation)} scans, to save time"
                    )
            scores = score_cases(learner.teachers, learner.plan, self.looked_at, self._should_stop)
        except StoppedError:
            scores = []  # the next step sees the request
        except PreparedError as error:
            scores = []
            self.prepare_again(learner, error)
        except Exception as error:  # whatever is wrong with a scan, it only informs
            scores = []
            self._event(f"Validation was left out: {in_a_word(error)}")
        if scores:
            self.run.append_metrics(
                {
                    "kind": "validation",
                    "iteration": self.state.iteration,
                    "time": round(self.state.seconds, 2),
                    "dice": named_means(scores, learner.plan),
                    "cases": len(scores),
                }
            )
        self.status.update(phase="training", message="Training")

    def _after_memory_ran_out(self, learner: Learner) -> Learner:
        """Goes on from the weights in memory with a smaller plan."""
        state = learner.state()
        plan = smaller(learner.plan)
        learner.optimizer.zero_grad(set_to_none=True)
        release_memory(self.device)
        again = Learner(plan, self.training, self.unlabeled, self.device)
        again.load_state(state)
        self._store_plan(plan)
        self.state.warnings.append(plan.notes[-1])
        self._event(plan.notes[-1])
        return again

    def _after_non_finite(self, learner: Learner) -> Learner:
        """Goes back to the last checkpoint with half the learning rate, at most three times."""
        rollbacks = self.state.rollbacks + 1
        at = self.state.iteration
        if rollbacks > MOST_ROLLBACKS:
            raise InputError(
                f"The training became unstable (a loss that is no number) for the fourth time, at step {at}",
                "Run 'dualtaskseg check' on the scans for extreme intensities, then train again, best with --seed 1",
            )
        saved = load_checkpoint(self.run, self.note)
        again = self._fresh_learner(learner.plan)
        warnings = self.state.warnings
        self.state = Progressed(warnings=warnings)
        if saved is not None:
            again.load_state(saved["learner"])
            self.state = Progressed.of(saved["progress"])
        self.pace.begin(self.state.iteration)
        self.state.warnings = warnings
        self.state.rollbacks = rollbacks
        again.rate_factor = 0.5**rollbacks
        self.run.truncate_metrics(self.state.iteration)
        sentence = f"A loss was no number at step {at}: back to step {self.state.iteration} with half the learning rate"
        self.state.warnings.append(sentence)
        self._event(sentence)
        return again

    # --- all along

    def _event(self, text: str) -> None:
        self.run.log(text)
        self.run.append_metrics({"kind": "event", "iteration": self.state.iteration, "text": text})

    def _should_stop(self) -> bool:
        return self.run.stop_requested()

    def _check_stop(self) -> None:
        if self._should_stop():
            raise self._stopped("Stopped before the training began")

    def _stopped(self, what: str) -> StoppedError:
        return StoppedError(what, f'Go on with: dualtaskseg resume "{self.run.folder}"')


def _step_or_none(learner: Learner, iteration: int, of: int) -> dict[str, torch.Tensor] | None:
    """One step, or None where memory ran out. By itself, so that nothing of the failed step is kept alive."""
    try:
        return learner.step(iteration, of)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return None


def validation_points(of: int, count: int = VALIDATIONS) -> set[int]:
    """After which iterations the validation cases are looked at, the last excepted, which is looked at anyway."""
    return {round(of * point / count) for point in range(1, count)} - {0, of}


def _are_of(prepared: list[PreparedCase], cases: Sequence[Case]) -> bool:
    """Whether these are the prepared scans of exactly these cases."""
    return sorted((case.name, case.role) for case in prepared) == sorted((case.name, case.role) for case in cases)


@contextmanager
def _signals_stop(run: RunFolder) -> Iterator[None]:
    """While this lasts, a signal to end asks the run to stop; the second SIGINT or SIGTERM ends at once.

    SIGHUP, which comes when the terminal is closed or the user logs out, asks however often it comes. Signals that
    this process was started to ignore, as by nohup, stay ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    before = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}

    def on_signal(number: int, _: object) -> None:
        if number != getattr(signal, "SIGHUP", None):
            signal.signal(number, before[number])
        with contextlib.suppress(OSError):  # the folder was moved: the training will find out
            run.request_stop()
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # the terminal is gone
            # not by print: a signal can come in the middle of one, and streams don't take a second one then
            os.write(2, b"\nStopping after this step; press Ctrl-C again to end at once.\n")

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def train(run_folder: Path | str, facts: Sequence[CaseFacts] | None = None, device: str | None = None) -> None:
    """Trains, or goes on training, in a run folder that exists; see :class:`Trainer`.

    Ctrl-C, or being asked by the system to end, is a request to stop: the step is finished and everything saved.
    A second Ctrl-C ends at once.
    """
    trainer = Trainer(RunFolder.open(run_folder), facts, device)
    started = time.monotonic()
    with _signals_stop(trainer.run):
        trainer.execute()
    with contextlib.suppress(OSError, ValueError):  # nobody listens any more
        print(f"Done in {format_duration(time.monotonic() - started)}: {trainer.run.model_folder}")
