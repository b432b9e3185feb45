"""Learns the overview of a plan that has one, and looks over all scans with it.

See :mod:`dualtaskseg.planning.overview` for what it is.

It comes between preparing and the training proper. What is learned is kept in the run folder, so an interrupted try
goes on from there. Where the overview does not find what was outlined, the training goes on without it.
"""

from __future__ import annotations

import io
import math
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from dualtaskseg.data.overview import MARGIN, Overview, widened
from dualtaskseg.files import atomic_path
from dualtaskseg.inference.overview import overview_of
from dualtaskseg.inference.resampling import ArrayGrid
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.networks import build_networks, load_weights, weights_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.method.weights import largest_weight
from dualtaskseg.model.weights_file import sha256
from dualtaskseg.names import listed
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.partly import UNSEEN
from dualtaskseg.preparation.prepare import PreparedCase
from dualtaskseg.training.calibration import FEWEST_ITERATIONS, fitted_learner, iterations_within
from dualtaskseg.training.context import Cases, RunContext
from dualtaskseg.training.preparing import prepared_in, sorted_cases
from dualtaskseg.training.spacing import evenly_spaced

STEPS = 400  # at most; structures that are large on the coarse grid are soon found
BUDGET_SHARE = 0.15  # of a time budget, that they may take
TIMING_SHARE = 0.02  # of it, that timing a step may take
FEWEST_UNLABELED = 64  # that are looked over and learned from by the fine networks, where there are so many
BUDGET_A_SCAN, STEPS_A_SCAN = 15.0, 10  # seconds of the budget, or steps, that each more of them takes
SAVE_EVERY_S = 45.0  # promised: at most a minute of work is lost
REACH = 1  # coarse voxels beyond what is looked at closely, that the windows round it show in any case
MOST_MISSED = 0.01  # of what was outlined in a scan, that may lie beyond
SHOWN = 3  # names of scans in a sentence


def learn_overview(context: RunContext, plan: Plan) -> Plan:
    """Learns to find the structures, and looks over all scans: the context gets the networks, and its cases what they
    show.

    Returns:
        the plan, as it is stored; without an overview where it does not find what was outlined.

    Raises:
        StoppedError: a stop was asked for; what was learned is saved.
        InputError: a scan can't be read, the disk is full, or the memory too small.
    """
    if plan.overview is None:
        return plan
    context.status.update(phase="preparing", message="Learning an overview of the scans")
    coarse = _coarse_cases(context, plan.overview)
    context.overview = _kept(context, plan.overview)
    if context.overview is None:
        learner = _learned(context, plan.overview, coarse)
        missed = _missed(context, learner, [*coarse.validation, *coarse.training])
        if missed:
            return _without(context, plan, missed)
        plan = plan.replaced(overview=learner.plan)
        context.overview = learner.teachers.eval()
        _write(context.run.overview_file, save(weights_of(context.overview)))
        context.store_plan(plan)
        context.run.overview_state_file.unlink(missing_ok=True)
    unlabeled = len(context.cases.unlabeled)
    context.cases = looked_over(context, plan, context.cases, coarse)
    if len(context.cases.unlabeled) < unlabeled:
        context.run.log(f"The fine networks learn from {len(context.cases.unlabeled)} of {unlabeled} unlabeled scans")
    return plan


def _kept(context: RunContext, plan: Plan) -> TwoNetworks | None:
    """The networks as they were learned; None where they are not there, or damaged, and so have to learn again."""
    if not plan.calibrated:
        return None
    networks = build_networks(plan)
    try:
        load_weights(networks, load(context.run.overview_file.read_bytes()))
    except (SafetensorError, OSError, ValueError):
        return None
    return networks.to(context.device).eval()


def looked_over(context: RunContext, plan: Plan, cases: Cases, coarse: Cases | None = None) -> Cases:
    """The prepared scans with what the overview shows of each; as they are where there is none.

    Args:
        coarse: the same scans on the overview's grid, where they are at hand.
    """
    if plan.overview is None or context.overview is None:
        return cases
    coarse = coarse or _coarse_cases(context, plan.overview)
    by_name = {case.name: case for group in _groups(coarse) for case in group}
    key = sha256(context.run.overview_file)
    cases = replace(cases, unlabeled=evenly_spaced(cases.unlabeled, _most_unlabeled(context)))
    show = context.on_progress("Looking over")
    of, done = sum(map(len, _groups(cases))), 0

    def with_overview(case: PreparedCase) -> PreparedCase:
        nonlocal done
        context.check_stop()
        overview = _overview(context.overview, plan.overview, by_name[case.name], key, case.role == "unlabeled")
        done += 1
        show(done, of)
        places = overview.with_margin().places(case.shape)
        return replace(case, overview=overview, region=places if len(places) else None)

    return Cases(*([with_overview(case) for case in group] for group in _groups(cases)))


def _groups(cases: Cases) -> tuple[list[PreparedCase], ...]:
    return cases.training, cases.validation, cases.unlabeled


def _coarse_cases(context: RunContext, plan: Plan) -> Cases:
    return sorted_cases(context, prepared_in(context, plan, context.run.overview_folder))


def _most_unlabeled(context: RunContext) -> int:
    """How many unlabeled scans are looked over: each takes about a second on a CPU, which is to be a small part."""
    budget, iterations = context.pace.budget or 0.0, context.request.iterations or 0
    return max(FEWEST_UNLABELED, int(max(budget / BUDGET_A_SCAN, iterations / STEPS_A_SCAN)))


def _overview(networks: TwoNetworks, plan: Plan, case: PreparedCase, key: str, is_quick: bool) -> Overview:
    """What is seen in a prepared scan; kept beside it."""
    path = case.folder / f"{case.stem}_seen.npz"
    known = Overview.load(path, key)
    if known is not None and known.seen.shape == case.shape:
        return known
    overview = overview_of(networks, plan, ArrayGrid(case.image()), is_quick=is_quick)
    overview.save(path, key)
    return overview


def _learned(context: RunContext, plan: Plan, cases: Cases) -> Learner:
    """The coarse networks after their steps."""
    learner, begun = _begun(context, plan, cases)
    plan, of = learner.plan, learner.plan.iterations
    show = context.on_progress("Learning the overview", "step")
    saved_at = time.monotonic()
    for iteration in range(begun, of):
        if context.should_stop():
            _save_state(context, learner, iteration)
            raise context.stopped(f"Stopped at step {iteration} of {of} of the overview; everything is saved")
        learner.step(iteration, of)
        if time.monotonic() - saved_at >= SAVE_EVERY_S:
            _save_state(context, learner, iteration + 1)
            saved_at = time.monotonic()
        show(iteration + 1, of)
    return learner


def _begun(context: RunContext, plan: Plan, cases: Cases) -> tuple[Learner, int]:
    """A learner, and how many steps it has taken: of an interrupted try, or a fresh one that fits memory and time."""
    state = _load_state(context)
    if state is not None:
        learner = Learner(Plan.from_dict(state["plan"]), cases.training, cases.unlabeled, context.device)
        learner.load_state(state["learner"])
        return learner, state["iteration"]
    if plan.calibrated:  # learned already, but the weights are gone
        return Learner(plan, cases.training, cases.unlabeled, context.device), 0
    budget = context.pace.budget
    steps = min(STEPS, context.request.iterations or STEPS)

    def on_step(done: int, of: int) -> None:
        context.check_stop()

    learner, supervised, mutual = fitted_learner(
        plan,
        cases.training,
        cases.unlabeled,
        context.device,
        context.run.log,
        on_step,
        None if budget is None else TIMING_SHARE * budget,
        steps,
    )
    if budget is not None:
        within = iterations_within(BUDGET_SHARE * budget, supervised, mutual, learner.mutual_start)
        steps = max(FEWEST_ITERATIONS, min(steps, within))
    learner.plan = learner.plan.of_length(steps).replaced(calibrated=True)
    return learner, 0


def _save_state(context: RunContext, learner: Learner, iteration: int) -> None:
    state: dict[str, Any] = {"plan": learner.plan.to_dict(), "learner": learner.state(), "iteration": iteration}
    content = io.BytesIO()  # not the file: what PyTorch says of a full disk does not tell so
    torch.save({**state, "run": context.run.identity}, content)
    _write(context.run.overview_state_file, content.getvalue())


def _write(path: Path, content: bytes) -> None:
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _load_state(context: RunContext) -> dict[str, Any] | None:
    """What an interrupted try saved; None where there is none that can be used, as it is soon made again."""
    try:
        state = torch.load(context.run.overview_state_file, map_location="cpu", weights_only=True)
        is_ours = state["run"] == context.run.identity
    except Exception:  # a damaged file makes PyTorch say all sorts of things
        return None
    return state if is_ours else None


def _missed(context: RunContext, learner: Learner, cases: Sequence[PreparedCase]) -> list[str]:
    """Names of labeled scans in which the networks overlook a part of what was outlined."""
    if math.isnan(largest_weight(weights_of(learner.teachers))):  # a loss was no number
        return [case.name for case in cases]
    missed = []
    for case in cases:
        context.check_stop()
        overview = overview_of(learner.teachers, learner.plan, ArrayGrid(case.image()))
        label = np.asarray(case.label())
        outlined = (label > 0) & (label != UNSEEN)
        beyond = outlined & ~widened(overview.seen, MARGIN + REACH)
        share = np.count_nonzero(beyond) / max(1, np.count_nonzero(outlined))
        if share > MOST_MISSED:
            missed.append(case.name)
    return missed


def _without(context: RunContext, plan: Plan, missed: Sequence[str]) -> Plan:
    """The plan without an overview, since it overlooked something."""
    note = (
        f"After their steps the coarse networks overlooked a part of what was outlined in {listed(missed, SHOWN)}, so "
        "whole scans are learned from and predicted"
    )
    context.run.log(note)
    note = (
        "After their steps the coarse networks overlooked a part of what was outlined, so whole scans are learned from "
        "and predicted"
    )
    plan = plan.replaced(overview=None, notes=(*plan.notes, note))
    context.store_plan(plan)
    return plan
