"""Prepares the scans of a run again where somebody removed them, or a disk damaged them."""

from __future__ import annotations

from dualtaskseg.method.learner import Learner
from dualtaskseg.preparation.prepare import PreparedError
from dualtaskseg.training.context import RunContext
from dualtaskseg.training.learners import save_state
from dualtaskseg.training.overview import looked_over
from dualtaskseg.training.preparing import prepare_scans

MOST_REPAIRS = 3  # of the prepared scans in one process; who removes them more often means it


def prepare_again(context: RunContext, learner: Learner, error: PreparedError | None) -> None:
    """Makes the prepared scans again, that somebody removed or a disk damaged while they were learned from.

    Args:
        error: what told so; None where another rank was told.

    Raises:
        PreparedError: it was done often enough.
        InputError: a scan can't be read; everything is saved.
        StoppedError: a stop was asked for meanwhile; everything is saved.
    """
    context.repairs += 1
    error = error or PreparedError("of another rank", context.run.prepared_folder)
    if context.repairs > MOST_REPAIRS:
        raise error
    phase = context.status.status.phase
    if context.state.iteration:
        save_state(context, learner)
    context.event(f"{error.what}; the prepared scans are made again")
    context.cases = looked_over(context, learner.plan, prepare_scans(context, learner.plan))
    learner.replace_cases(context.cases.training, context.cases.unlabeled)
    context.status.update(phase=phase)
