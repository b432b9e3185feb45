"""The plan of a run that goes on. It stands in ``plan.json``, and in every saved state, should that file be lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from dualtaskseg.errors import InputError
from dualtaskseg.files import read_json, write_json
from dualtaskseg.planning.plan import Plan
from dualtaskseg.remedies import reading_fault
from dualtaskseg.run.folder import PLAN_NAME, RunFolder

# What may differ between the plan of the saved state and a newer one: memory ran out since, or the end was moved.
CHANGING = (
    *("patch", "batch_labeled", "batch_unlabeled", "iterations", "turns", "notes"),
    *("keep_largest", "least_parts", "most_parts"),
)


def stored_plan(run: RunFolder, saved: dict[str, Any] | None, tell: Callable[[str], None]) -> Plan | None:
    """The plan that a run was begun with; None where it has not come so far.

    Args:
        saved: its last saved state, None where there is none.
        tell: called with a sentence where ``plan.json`` was lost and is made again.

    Raises:
        InputError: it is lost, and without it the saved state can't be used; or it may not be read.
    """
    path = run.folder / PLAN_NAME
    plan, fault = None, f"{PLAN_NAME} is missing"
    try:
        plan = Plan.from_dict(read_json(path))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise reading_fault(error, path, ", then resume") from error
    except (InputError, ValueError):
        fault = f"{PLAN_NAME} is damaged"
    if saved is None:
        if plan is None and path.exists():
            tell(f"{fault}; nothing was learned yet, so it is made again")
        return plan
    of_state = _plan_of_state(saved) or (_plan_of_model(run) if plan is None else None)
    if of_state is None:
        of_state = plan
    if of_state is None:
        raise InputError(
            f"{path} is {fault.removeprefix(PLAN_NAME + ' is ')}, and without it the saved state of the training can't "
            "be used",
            "Put an intact copy back, from a backup of the run folder, then resume",
        )
    if plan is not None and _is_continued(of_state, plan, int(saved["progress"].get("iteration", 0))):
        return plan
    if plan is not None:
        fault = f"{PLAN_NAME} is of another training"
    tell(f"{fault}: it is made again from the saved state")
    write_json(path, of_state.to_dict())
    return of_state


def refuse_small_batch(plan: Plan, ranks: int) -> None:
    """Refuses ranks for which a step has no patches: a run that goes on keeps its batch.

    Raises:
        InputError: the plan's batch is too small.
    """
    least = min(plan.batch_labeled, plan.batch_unlabeled)
    if least < ranks:
        raise InputError(
            f"A step of this training takes {plan.batch_labeled} + {plan.batch_unlabeled} patches, which {ranks} "
            "workers can't share",
            f"Resume it with --workers {least}; the batch of a training that was begun stays as it is",
        )


def refuse_too_many(run: RunFolder, ranks: int) -> None:
    """The same for a run, before any rank is started; a plan that is not there yet, or is damaged, is passed over."""
    if ranks > 1:
        try:
            plan = Plan.from_dict(read_json(run.folder / PLAN_NAME))
        except (OSError, InputError, ValueError):
            return
        refuse_small_batch(plan, ranks)


def _is_continued(before: Plan, after: Plan, iteration: int) -> bool:
    """Whether a plan can be the one before, as it was changed since that state was saved."""
    as_after = before.replaced(**{name: getattr(after, name) for name in CHANGING})
    if json.dumps(as_after.to_dict()) != json.dumps(after.to_dict()) or after.iterations < iteration:
        return False
    if after.turns == before.turns:
        return after.iterations == before.iterations
    begun = before.turns or ((0, before.iterations),)
    return after.turns[: len(begun)] == begun


def _plan_of_state(saved: dict[str, Any]) -> Plan | None:
    try:
        return Plan.from_dict(saved["plan"]) if "plan" in saved else None
    except InputError:
        return None


def _plan_of_model(run: RunFolder) -> Plan | None:
    """Of a run of an earlier version, whose states don't hold the plan, but which made a model already."""
    from dualtaskseg.model.folder import find_model, read_model

    try:
        return Plan.from_dict(read_model(find_model(run.folder), verify=False).plan)
    except InputError:
        return None
