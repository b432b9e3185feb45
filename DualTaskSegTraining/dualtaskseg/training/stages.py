"""What comes before the first step: begin, check the scans, plan, calibrate; :mod:`~dualtaskseg.training.preparing` is
another such stage. Each gets the context and returns what it found; each finds what an earlier, interrupted try left
behind and goes on from there. Where a stop is asked for meanwhile, it raises StoppedError.
"""

from __future__ import annotations

import contextlib
import math
import platform
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.fingerprint import CaseFingerprint
from dualtaskseg.errors import InputError
from dualtaskseg.inference.device import choose_device, describe_device, largest_precision, tune_cpu_memory
from dualtaskseg.inference.region import Region
from dualtaskseg.inference.sliding_window import window_shape, window_starts
from dualtaskseg.memory import is_out_of_memory
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.registry import method_of, refuse_unknown_method
from dualtaskseg.parallel.ranks import ALONE, Ranks
from dualtaskseg.parallel.watch import LackingMemoryError
from dualtaskseg.planning.plan import Plan
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.locking import device_lock
from dualtaskseg.run.split import draw_split
from dualtaskseg.run.status_writer import StatusWriter
from dualtaskseg.run.stored_plan import refuse_small_batch, stored_plan
from dualtaskseg.training.calibration import (
    LONGEST_S,
    TooLargeError,
    fitted_learner,
    halve_batch_or_patch,
    iterations_within,
)
from dualtaskseg.training.checkpoint import load_checkpoint
from dualtaskseg.training.context import Cases, RunContext, TrainingState, keep_note
from dualtaskseg.training.learners import begun, fresh_learner
from dualtaskseg.training.pace import Pace
from dualtaskseg.training.plan_run import plan_for
from dualtaskseg.training.warm_start import InitialModel

MEASURING_SHARE = 0.1  # of the budget, which timing one kind of steps may take
FORWARD_SHARE = 0.35  # of a step's time, which asking both networks about one of its patches takes, about


def begin(
    run: RunFolder,
    request: TrainingRequest,
    status: StatusWriter,
    held: contextlib.ExitStack,
    ranks: Ranks = ALONE,
) -> tuple[RunContext, dict[str, Any] | None, Plan | None]:
    """Begins to work on a run.

    Args:
        run: the run folder, locked.
        held: gets what is to be let go of at the end.
        ranks: those that train together; this is the first of them.

    Returns:
        the context, the last saved state, and the plan; None where there is none yet.

    Raises:
        InputError: the method is unknown, what is there is damaged, or the device isn't there or is used by another
            training.
    """
    try:
        refuse_unknown_method(request.preset, request.method)
    except InputError as error:
        raise InputError(f"{run.request_file} can't be followed: {error.what}", error.remedy) from error
    warnings: list[str] = []

    def note(sentence: str) -> None:
        keep_note(run, status, warnings, sentence)

    saved = load_checkpoint(run, note)
    state = TrainingState() if saved is None else TrainingState.of(saved["progress"])
    state.warnings = warnings = [*state.warnings, *warnings]
    pace = Pace(budget_of(request), state.clock)
    device = computing_device(request.device, ranks)
    _claim_device(device, run, request, held)
    status.update(device=describe_device(device))
    run.log(f"{platform.platform()}, PyTorch {torch.__version__}, {describe_device(device)}")
    plan = stored_plan(run, saved, note)
    split = draw_split(run, request.dataset, request, saved, note)
    earlier = None
    if saved is None and request.start_from:
        earlier = InitialModel.open(request.start_from)
        run.log(f"Starting from the model {earlier.description.name} in {earlier.folder}")
    if plan is not None:
        refuse_small_batch(plan, ranks.count)
    return (
        RunContext(run, request, request.dataset, status, state, device, pace, split, earlier, ranks=ranks),
        saved,
        plan,
    )


def computing_device(name: str, ranks: Ranks) -> torch.device:
    """Where this rank computes, made ready for it.

    Raises:
        InputError: the device isn't there.
    """
    device = choose_device(ranks.device_name(name))
    tune_cpu_memory()
    torch.backends.cudnn.benchmark = device.type == "cuda"
    return device


def budget_of(request: TrainingRequest) -> float | None:
    """Seconds for the whole run; None where a number of steps was asked for."""
    if request.time_budget:
        return float(request.time_budget)
    seconds = PRESETS[request.preset].seconds
    return None if request.iterations or not seconds else float(seconds)


def _claim_device(device: torch.device, run: RunFolder, request: TrainingRequest, held: contextlib.ExitStack) -> None:
    """Marks the device as used until this training ends.

    Raises:
        InputError: another training uses it, and the request says that this must not be.
    """
    try:
        held.enter_context(device_lock(str(device), run.folder))
    except InputError as error:
        if request.exclusive_device:
            raise
        run.log(f"{error.what}; this training goes on beside it")


def check_scans(context: RunContext) -> Sequence[CaseFingerprint]:
    """Looks for what is wrong with the scans, where nobody did before the run folder was made.

    Returns:
        what was found out about them; the context's dataset becomes as they were found.

    Raises:
        InputError: something must be put right first.
    """
    show = context.on_progress("Checking")
    count = len(context.dataset.labeled) + len(context.dataset.unlabeled)

    def on_progress(done: int, _: str) -> None:
        context.check_stop()
        show(done, count)

    report = check_dataset(context.dataset, on_progress)
    for problem in report.warnings:
        context.run.log(f"Warning: {problem.case + ': ' if problem.case else ''}{problem.what}")
    report.raise_if_errors()
    context.dataset = report.dataset
    return report.fingerprints


def make_plan(context: RunContext, fingerprints: Sequence[CaseFingerprint] | None) -> Plan:
    """Decides what the training will do, and stores it.

    Args:
        fingerprints: of the scans, where they were checked already.

    Raises:
        InputError: the scans are not fit to learn from, or the earlier model doesn't fit them.
    """
    context.status.update(phase="checking", message="Looking at all scans")
    if fingerprints is None:
        fingerprints = check_scans(context)
    show = context.on_progress("Checking")
    plan = plan_for(context.dataset, context.split.training, context.request, fingerprints, show, context.should_stop)
    plan = plan.replaced(precision=method_of(plan).precision(largest_precision(context.device)))
    if context.earlier is not None:
        plan = context.earlier.adapted(plan, context.request.former_names)
    plan = _for_ranks(_without_overview_on(plan, context.ranks), context.ranks)
    context.store_plan(plan)
    return plan


def _without_overview_on(plan: Plan, ranks: Ranks) -> Plan:
    """Several ranks learn no overview: the plan without it, said in its notes."""
    if ranks.count == 1 or plan.overview is None:
        return plan
    note = "Several workers train together, which learn no coarse networks: whole scans are learned from and predicted"
    return plan.replaced(overview=None, notes=(*plan.notes, note))


def _for_ranks(plan: Plan, ranks: Ranks) -> Plan:
    """The plan with a batch for each of the ranks, together."""
    if ranks.count == 1:
        return plan
    labeled, unlabeled = ranks.count * plan.batch_labeled, ranks.count * plan.batch_unlabeled
    note = (
        f"{ranks.count} workers train together: a step takes {labeled} + {unlabeled} patches, {plan.batch_labeled} + "
        f"{plan.batch_unlabeled} of them on each; the learning rate is that of one"
    )
    return plan.replaced(batch_labeled=labeled, batch_unlabeled=unlabeled, notes=(*plan.notes, note))


def calibrate(context: RunContext, plan: Plan) -> Learner:
    """Finds what fits into memory and how many steps into the time; both are written into the plan for good.

    Returns:
        what is ready for the first step.

    Raises:
        InputError: the memory is too small.
    """
    if plan.calibrated:  # broken off before its first checkpoint
        return fresh_learner(context, plan)
    context.status.update(phase="calibrating", message="Measuring how fast this computer is")
    show = context.on_progress("Timing", "step")

    def on_smaller(sentence: str) -> None:
        context.run.log(sentence)
        context.state.warnings.append(sentence)

    def on_step(done: int, of: int) -> None:
        context.check_stop()
        show(done, of)

    budget, cases = context.pace.budget, context.cases
    iterations = context.request.iterations or plan.iterations
    try:
        learner, supervised, mutual = fitted_learner(
            plan,
            cases.training,
            cases.unlabeled,
            context.device,
            on_smaller,
            on_step,
            None if budget is None else min(LONGEST_S, MEASURING_SHARE * budget),
            iterations if budget is None else None,
            context.ranks,
        )
    except TooLargeError as error:
        raise lacking_memory(context.run, error.plan, context.ranks) from error
    plan = learner.plan.replaced(step_seconds=(round(supervised, 6), round(mutual, 6)))
    if budget is not None:
        left = context.pace.aim(finishing_seconds(cases, plan, mutual, context.ranks.count))
        # twice, as the number of steps decides when the mutual part begins, whose steps take longer
        for _ in range(2):
            learner.plan = plan.of_length(iterations_within(left, supervised, mutual, learner.mutual_start))
        iterations = learner.plan.iterations
    note = (
        f"A step takes {supervised:.2f} s from labels alone and {mutual:.2f} s with unlabeled scans on "
        f"{describe_device(context.device)}: {iterations} steps"
    )
    plan = plan.of_length(int(iterations)).replaced(calibrated=True, notes=(*plan.notes, note))
    learner.plan = told_plan(context, plan)
    context.store_plan(learner.plan)
    context.run.log(note)
    return begun(context, learner)


def lacking_memory(run: RunFolder, plan: Plan, ranks: Ranks) -> LackingMemoryError:
    """Where memory ran out on one of several ranks: makes the plan smaller, and says why the training has to end.

    The others are in the middle of a step, so it goes on with the smaller plan only when it is resumed.

    Raises:
        InputError: the plan can't get any smaller.
    """
    run.write_plan(halve_batch_or_patch(plan, ranks.count).to_dict())
    what = "Memory ran out, so the training has ended; what was saved is kept, and the plan was made smaller"
    return LackingMemoryError(what, run.going_on)


@contextlib.contextmanager
def memory_told(run: RunFolder) -> Iterator[None]:
    """While this lasts, memory that ran out where nothing can be made smaller is told to people.

    Raises:
        LackingMemoryError: it ran out.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        what = "Memory ran out, so the training has ended; what was saved is kept"
        raise LackingMemoryError(what, f"Close other programs. {run.going_on}") from error


def told_plan(context: RunContext, plan: Plan) -> Plan:
    """The plan as rank 0 has it."""
    if context.ranks.count == 1:
        return plan
    return Plan.from_dict(context.ranks.decided(plan.to_dict))


def finishing_seconds(cases: Cases, plan: Plan, step: float, ranks: int = 1) -> float:
    """About how long looking at the results will take, by the windows that go through the networks.

    Args:
        step: seconds.
        ranks: how many share a step; one of them looks at the results.
    """
    looks = [*cases.validation * 2, *cases.validation[:4]] or [*cases.training[:4], *cases.unlabeled[:4]]
    patches = (plan.batch_labeled + plan.batch_unlabeled) / ranks
    windows = 0.0
    for case in looks:
        window = window_shape(case.shape, plan)
        count = math.prod(len(starts) for starts in window_starts(case.shape, window))
        if case.overview is not None:
            count = int(Region(case.shape, window, len(plan.segments), case.overview).wanted().sum())
        windows += count * math.prod(window) / math.prod(plan.patch)
    return FORWARD_SHARE * step / patches * windows
