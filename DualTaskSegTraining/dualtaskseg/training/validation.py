"""Looks at validation scans on the way. It only informs: nothing is chosen by what it finds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from dualtaskseg.errors import StoppedError, in_a_word
from dualtaskseg.evaluation.metrics import UNION, quick_dice
from dualtaskseg.inference.predictor import predict_prepared
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.partly import UNSEEN
from dualtaskseg.preparation.prepare import PreparedCase, PreparedError
from dualtaskseg.progress import never
from dualtaskseg.training.context import RunContext
from dualtaskseg.training.repairing import prepare_again
from dualtaskseg.training.spacing import evenly_spaced

SHARE = 0.03  # of the training's time, which looking at validation scans on the way may take
TIMES = 8  # how often, the one at the end included


class Validation:
    """Looks at as many validation scans as its share of the time allows, always the same ones."""

    def __init__(self, context: RunContext) -> None:
        self.context = context
        self._count: int | None = None

    def is_due(self, of: int) -> bool:
        """Whether it is time to look, in a training of so many steps."""
        context = self.context
        return bool(context.cases.validation) and context.state.iteration in validation_points(of)

    def look(self, learner: Learner, step_seconds: float) -> None:
        """Looks at the scans and writes down what it finds.

        Rank 0 does; the others wait, for what is at most a small part of the time.

        A stop that is asked for meanwhile, or a scan that can't be looked at, does no harm.
        """
        context = self.context
        context.status.update(phase="validating", message="Looking at the validation scans")
        scores: list[dict[int | str, float]] = []
        damaged: PreparedError | None = None
        try:
            seconds = SHARE * step_seconds * learner.plan.iterations / TIMES
            chosen = self._chosen(learner, seconds) if context.ranks.leads else []
            scores = score_cases(learner.teachers, learner.plan, chosen, context.should_stop)
        except StoppedError:
            pass  # the next step sees the request
        except PreparedError as error:
            self._count = None
            damaged = error
        except Exception as error:  # whatever is wrong with a scan, it only informs
            context.event(f"Validation was left out: {in_a_word(error)}")
        if context.ranks.any(damaged is not None):
            prepare_again(context, learner, damaged)
        if scores:
            context.run.append_metrics(
                {
                    "kind": "validation",
                    "iteration": context.state.iteration,
                    "time": round(context.state.seconds, 2),
                    "dice": named_means(scores, learner.plan),
                    "cases": len(scores),
                }
            )
        context.status.update(phase="training", message="Training")

    def _chosen(self, learner: Learner, seconds: float) -> list[PreparedCase]:
        """The scans to look at; how many is measured by the first one, once."""
        cases, context = self.context.cases.validation, self.context
        if self._count is None:
            started = time.monotonic()
            score_cases(learner.teachers, learner.plan, cases[:1], context.should_stop)
            self._count = int(seconds / max(time.monotonic() - started, 1e-6))
            if self._count < len(cases):
                context.run.log(f"Validation on the way looks at {self._count} of {len(cases)} scans, to save time")
        return evenly_spaced(cases, self._count)


def validation_points(of: int) -> set[int]:
    """After which iterations the validation cases are looked at, the last excepted, which is looked at anyway."""
    return {round(of * point / TIMES) for point in range(1, TIMES)} - {0, of}


def score_cases(
    networks: TwoNetworks, plan: Plan, cases: Sequence[PreparedCase], should_stop: Callable[[], bool] = never
) -> list[dict[int | str, float]]:
    """Dice of each case, by segment and of all segments together, on the plan's grid.

    Raises:
        StoppedError: ``should_stop`` answered True.
    """
    values = range(1, len(plan.segments) + 1)
    scores = []
    for case in cases:
        image, overview = case.image(), case.overview
        prediction_on_grid = predict_prepared(networks, plan, image, should_stop=should_stop, overview=overview)
        scores.append(quick_dice(*comparable(prediction_on_grid.label, case), values))
    return scores


def comparable(prediction: np.ndarray, case: PreparedCase) -> tuple[np.ndarray, np.ndarray]:
    """A predicted label and the case's own, both background where nobody looked."""
    truth = np.asarray(case.label())
    if case.seen is None:
        return prediction, truth
    unseen = truth == UNSEEN
    return np.where(unseen, 0, prediction), np.where(unseen, 0, truth)


def named_means(scores: Sequence[dict[int | str, float]], plan: Plan) -> dict[str, float]:
    """The mean over cases, by the segments' names."""
    if not scores:
        return {}
    names = {index + 1: segment.name for index, segment in enumerate(plan.segments)} | {UNION: UNION}
    return {names[key]: round(float(np.mean([score[key] for score in scores])), 5) for key in scores[0]}
