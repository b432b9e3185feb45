"""Prepares the scans of a run."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from dualtaskseg.contract.dataset import Case
from dualtaskseg.errors import InputError
from dualtaskseg.files import PRIVATE
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase, forget, is_current, open_prepared, prepare
from dualtaskseg.training.context import Cases, RunContext


def prepare_scans(context: RunContext, plan: Plan) -> Cases:
    """Prepares all scans, but those that are prepared already, and sorts them by what they are for.

    Raises:
        InputError: a scan can't be read, or somebody else writes among the prepared ones.
    """
    prepared = context.ranks.first(
        lambda: prepared_in(context, plan, context.run.prepared_folder), lambda: _prepared_by_first(context, plan)
    )
    for sentence in (sentence for case in prepared for sentence in case.lost):
        if sentence not in context.state.warnings:
            context.note(sentence)
    return sorted_cases(context, prepared)


def sorted_cases(context: RunContext, prepared: Sequence[PreparedCase]) -> Cases:
    """Prepared scans by what they are for."""
    by_name = {case.name: case for case in prepared}
    split = context.split
    return Cases(
        [by_name[name] for name in split.training],
        [by_name[name] for name in split.validation],
        [case for case in prepared if case.role == "unlabeled"],
    )


def _prepared_by_first(context: RunContext, plan: Plan) -> list[PreparedCase]:
    folder = context.run.prepared_folder
    prepared = open_prepared(folder, plan)
    if not _are_of(prepared, _to_prepare(context)):
        raise InputError(
            f"The scans that rank 0 prepared are not in {folder}, as rank {context.ranks.index} sees it",
            "Make sure that all ranks reach the run folder at the same place, and that nobody else writes there",
        )
    return prepared


def _to_prepare(context: RunContext) -> list[Case]:
    return [case for case in context.dataset.cases if case.role in ("labeled", "unlabeled")]


def prepared_in(context: RunContext, plan: Plan, folder: Path) -> list[PreparedCase]:
    """All scans on a plan's grid, prepared in a folder where they are not there already."""
    cases = _to_prepare(context)
    context.status.update(phase="preparing", message="Preparing the scans")
    folder.mkdir(exist_ok=True)
    with contextlib.suppress(OSError):  # some network shares have no modes
        folder.chmod(PRIVATE)
    _forget_damaged(context, open_prepared(folder, plan))
    prepared = open_prepared(folder, plan)
    # Moved to a machine without the scans: what was prepared is all that is needed.
    scans_are_here = all(case.image.exists() for case in cases)
    if _are_of(prepared, cases) and (not scans_are_here or is_current(cases, plan, folder)):
        return prepared
    show = context.on_progress("Preparing")
    prepared = prepare(cases, plan, folder, show, context.should_stop, context.dataset.not_chosen)
    context.check_stop()
    if not _are_of(prepared, cases):
        raise InputError(
            f"The prepared scans in {folder} change while they are made",
            "Make sure that nobody else writes there, then resume",
        )
    return prepared


def _forget_damaged(context: RunContext, prepared: list[PreparedCase]) -> None:
    """Of scans that an earlier process prepared, forgets those whose voxels are not those that were written."""
    show = context.on_progress("Checking")
    for done, case in enumerate(prepared, 1):
        context.check_stop()
        if not case.is_unchanged():
            context.run.log(f"The prepared scan {case.name} is damaged; it is made again")
            forget(case)
        show(done, len(prepared))


def _are_of(prepared: list[PreparedCase], cases: Sequence[Case]) -> bool:
    """Whether these are the prepared scans of exactly these cases."""
    return sorted((case.name, case.role) for case in prepared) == sorted((case.name, case.role) for case in cases)
