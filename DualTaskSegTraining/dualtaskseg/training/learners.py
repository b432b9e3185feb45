"""The learner of a run: fresh, as it was saved, and how it is saved."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dualtaskseg.errors import InputError
from dualtaskseg.method.learner import Learner
from dualtaskseg.planning.plan import Plan
from dualtaskseg.run.folder import PLAN_NAME
from dualtaskseg.training.checkpoint import load_checkpoint, save_checkpoint
from dualtaskseg.training.context import RunContext, TrainingState


def fresh_learner(context: RunContext, plan: Plan) -> Learner:
    """As at the first step of this training."""
    return begun(context, blank_learner(context, plan))


def begun(context: RunContext, learner: Learner) -> Learner:
    """With the weights that the training starts from, the same on all ranks."""
    if context.earlier is not None:
        context.earlier.load_weights_into(learner)
    learner.spread()
    return learner


def blank_learner(context: RunContext, plan: Plan) -> Learner:
    """With weights that nothing was learned by."""
    return Learner(plan, context.cases.training, context.cases.unlabeled, context.device, context.ranks)


def restored_learner(context: RunContext, plan: Plan, saved: dict[str, Any]) -> Learner:
    """As it was when a state was saved.

    Raises:
        InputError: the state doesn't fit the plan.
    """
    learner = blank_learner(context, plan)
    try:
        learner.load_state(saved["learner"])
    except (KeyError, TypeError, ValueError, RuntimeError, AttributeError, IndexError) as error:
        raise InputError(
            f"The saved state of the run {context.run.folder} doesn't fit its {PLAN_NAME}",
            "Put intact copies of both back, from a backup of the run folder",
        ) from error
    learner.spread()
    context.run.truncate_metrics(context.state.iteration)
    if context.state.iteration < plan.iterations:
        text = f"Resumed at step {context.state.iteration}"
        context.event(f"{text} with {context.ranks.count} workers" if context.ranks.count > 1 else text)
    return learner


def last_learner(context: RunContext, plan: Plan) -> Learner:
    """As it was when the last state was saved, which the context's state becomes, too; as at the first step without."""
    saved = load_checkpoint(context.run, context.note) if context.ranks.leads else None
    learner = blank_learner(context, plan)
    if saved is not None:
        learner.load_state(saved["learner"])
        learner.spread()
    else:  # or it is not the first rank, which alone knows what was saved
        begun(context, learner)
    state = TrainingState() if saved is None else TrainingState.of(saved["progress"])
    context.state = TrainingState.of(context.ranks.decided(lambda: asdict(state)))
    return learner


def save_state(context: RunContext, learner: Learner) -> None:
    """Saves everything that going on takes.

    Raises:
        InputError: the disk is full or gone; what was saved before is kept.
    """
    if not context.ranks.leads:
        return
    context.state.clock = context.pace.clock
    save_checkpoint(
        context.run,
        {
            "learner": learner.state(),
            "progress": asdict(context.state),
            "plan": learner.plan.to_dict(),
            "split": context.split.to_dict(),
        },
    )
