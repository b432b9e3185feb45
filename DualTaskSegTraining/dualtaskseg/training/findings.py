"""Looks at the results of a training: figures and pictures of some scans, and what keeping largest parts would gain.

A scan that can't be looked at is left out, and told.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dualtaskseg.data.largest_part import largest_part, part_sizes, without_specks
from dualtaskseg.evaluation.metrics import UNION, quick_dice
from dualtaskseg.inference.predictor import PreparedPrediction, predict_prepared
from dualtaskseg.inference.ranking import forecast_factor
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.registry import method_of
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase, PreparedError
from dualtaskseg.report.content import CaseFigures
from dualtaskseg.report.pictures import CasePicture, reduced
from dualtaskseg.training.context import RunContext
from dualtaskseg.training.first_look import looked_at_first
from dualtaskseg.training.repairing import prepare_again
from dualtaskseg.training.spacing import evenly_spaced
from dualtaskseg.training.validation import comparable

MOST_LABELED = 8  # labeled cases that are looked at where none was held out
MOST_UNLABELED = 12  # unlabeled cases that are looked at for the estimate of the quality
FEWEST = 2  # of each kind, however long it takes to look at one; one where the time budget is over
LOOKING_SHARE = 0.1  # of the training's time, after which no more of these are looked at
FEWEST_OUTLINED = 3  # wholly outlined scans with a segment, from which on they tell what its parts are like
MOST_OUTLINED = 20  # whose parts are measured
IMPLAUSIBLE = 0.25  # of the smallest part outlined: a prediction's part below is none
FEWEST_ALIKE = 4  # wholly outlined scans with a segment in one part, from which on these tell how alike such parts are
UNLIKE = 4.0  # standard deviations of the logarithm of their size, below which a part is none either...
MOST_IMPLAUSIBLE = 0.5  # ...as far as it is below this of the smallest
PICTURES = {"validation": 4, "labeled": 2, "unlabeled": 4}


def with_largest_parts(context: RunContext, learner: Learner, plan: Plan) -> Plan:
    """Decides for each segment whether to keep its largest part only: where that helps on the validation scans."""
    cases, nothing = context.cases.validation, np.zeros(len(plan.segments))
    if not method_of(plan).chooses_parts or len(cases) < 2:
        return plan
    gains = nothing.copy()
    show = context.on_progress("Looking at validation")
    for done, case in enumerate(cases, 1):
        what = "The comparison of the largest parts"
        gains += context.attempt(what, lambda case=case: _gains(context, learner, plan, case), nothing, case)
        show(done, len(cases))
    return plan.replaced(keep_largest=tuple(bool(gain > 0) for gain in gains))


def with_usual_parts(context: RunContext, plan: Plan) -> Plan:
    """Decides for each segment which parts of a prediction are too small, and how many too many, to be meant, by the
    parts outlined.
    """
    cases = [case for case in context.cases.training if case.seen is None]
    if not method_of(plan).chooses_parts:
        return plan
    outlined: list[list[np.ndarray]] = [[] for _ in plan.segments]
    for case in evenly_spaced(cases, MOST_OUTLINED):
        label = case.label()
        for index, found in enumerate(outlined):
            sizes = without_specks(part_sizes(label, index + 1))
            if len(sizes):
                found.append(sizes)
    outlined = [found if len(found) >= FEWEST_OUTLINED else [] for found in outlined]
    least = [round(_least_size(found) * math.prod(plan.spacing), 4) for found in outlined]
    most = [max((len(sizes) for sizes in found), default=0) for found in outlined]
    return plan.replaced(least_parts=tuple(least), most_parts=tuple(most))


def _least_size(outlined: Sequence[np.ndarray]) -> float:
    """How many voxels a part has at least that is meant: a quarter of what the smallest one outlined has.

    More, up to a half, where a segment is a single part in each scan and these are alike, as organs are: what they say
    of a second part is that it is something else. Lesions, of which one is ten times another, say nothing of the kind.

    Args:
        outlined: for each scan the sizes of the segment's parts, the largest first.
    """
    if not outlined:
        return 0.0
    smallest = min(int(sizes[-1]) for sizes in outlined)
    least = IMPLAUSIBLE * smallest
    if len(outlined) < FEWEST_ALIKE or any(len(sizes) > 1 for sizes in outlined):
        return least
    logarithms = np.log([sizes[0] for sizes in outlined])
    usual = math.exp(logarithms.mean() - UNLIKE * logarithms.std(ddof=1))
    return min(max(least, usual), MOST_IMPLAUSIBLE * smallest)


def look_at_scans(context: RunContext, learner: Learner, plan: Plan) -> tuple[list[CaseFigures], list[CasePicture]]:
    """Figures of validation cases, of some labeled and of some unlabeled ones, and pictures of a few of each.

    All validation cases are looked at; of the others, on scans that take long, fewer than planned.
    """
    pace = context.pace
    until = time.monotonic() + LOOKING_SHARE * context.state.seconds
    groups: dict[str, Sequence[PreparedCase]] = {
        "validation": context.cases.validation,
        "labeled": [] if context.cases.validation else context.cases.training[:MOST_LABELED],
        "unlabeled": evenly_spaced(context.cases.unlabeled, MOST_UNLABELED),
    }
    figures, pictures = [], []
    for role, cases in groups.items():
        show = context.on_progress(f"Looking at {role}")
        looked_at: list[tuple[PreparedCase, CaseFigures]] = []
        for done, case in enumerate(cases, 1):
            entry = context.attempt(
                "The figures", lambda c=case, r=role: _figures(context, learner, plan, c, r), None, case
            )
            if entry is not None:
                looked_at.append((case, entry))
            is_enough = pace.is_over() or (done >= FEWEST and time.monotonic() > until)
            if role != "validation" and is_enough:
                show(len(cases), len(cases))
                break
            show(done, len(cases))
        figures += [entry for _, entry in looked_at]
        # from the worst to the best, since uncertain ones are those to look at; asked again for the pictures, as the
        # answers of all cases at once could fill the memory
        looked_at.sort(key=lambda pair: _certainty(pair[1]))
        for case, entry in evenly_spaced(looked_at, 1 if pace.is_over() else PICTURES[role]):
            picture = context.attempt(
                "The picture", lambda c=case, e=entry: _picture(context, learner, plan, c, e), None, case
            )
            pictures += [picture] if picture is not None else []
    return figures, pictures


def mean_of(figures: Sequence[CaseFigures], plan: Plan) -> dict[str, float]:
    """The mean Dice of the validation cases, by the segments' names and of all together; empty without any.

    Raises:
        ValueError: a figure is no number.
    """
    entries = [entry for entry in figures if entry.role == "validation"]
    if not entries:
        return {}
    means = {each.name: float(np.mean([entry.dice[each.name] for entry in entries])) for each in plan.segments}
    means[UNION] = float(np.mean([entry.union for entry in entries]))
    if not all(math.isfinite(value) for value in means.values()):
        raise ValueError("the networks gave no numbers")
    return {name: round(value, 5) for name, value in means.items()}


def factor_of(figures: Sequence[CaseFigures]) -> float:
    """What the agreement of the networks is multiplied with for a forecast of the Dice.

    Raises:
        ValueError: a figure is no number.
    """
    pairs = [(entry.union, entry.agreement) for entry in figures]
    factor = forecast_factor([pair for pair in pairs if None not in pair])
    if not math.isfinite(factor):
        raise ValueError("the networks gave no numbers")
    return factor


def with_forecast(figures: Sequence[CaseFigures], factor: float) -> list[CaseFigures]:
    """The figures with the Dice to expect of each scan, None where nothing can be seen in it."""
    forecasts = [None if entry.agreement is None else min(1.0, entry.agreement * factor) for entry in figures]
    return [replace(entry, expected_dice=dice) for entry, dice in zip(figures, forecasts, strict=True)]


def _certainty(entry: CaseFigures) -> float:
    """How good or sure a result is; the lowest where nothing is known of it."""
    known = entry.agreement if entry.union is None else entry.union
    return -1.0 if known is None else known


def _gains(context: RunContext, learner: Learner, plan: Plan, case: PreparedCase) -> np.ndarray:
    """By how much the Dice of each segment grows where only its largest part is kept."""
    label = _prediction_of(context, learner, plan, case).label
    found, truth = comparable(label, case)
    counts = found == label  # not where nobody looked
    gains = np.zeros(len(plan.segments))
    for index in range(len(plan.segments)):
        mask = label == index + 1
        before = quick_dice(mask & counts, truth == index + 1, [1])[1]
        gains[index] = quick_dice(largest_part(mask) & counts, truth == index + 1, [1])[1] - before
    return gains


def _figures(context: RunContext, learner: Learner, plan: Plan, case: PreparedCase, role: str) -> CaseFigures:
    prediction = _prediction_of(context, learner, plan, case)
    names = [segment.name for segment in plan.segments]
    dice: dict[str, float | None] = dict.fromkeys(names)
    union = None
    if case.role == "labeled":
        scores = quick_dice(*comparable(prediction.label, case), range(1, len(names) + 1))
        dice = {name: scores[index + 1] for index, name in enumerate(names)}
        union = scores[UNION]
    share, overlooked = None, 0
    if role != "labeled" and plan.overview is None:  # of what the networks learned by heart they overlook less

        def look() -> tuple[float | None, int]:
            return looked_at_first(
                learner.teachers, plan, case.image(), prediction, should_stop=context.run.stop_requested
            )

        share, overlooked = context.attempt("The first look", look, (None, 0), case)
    summary = prediction.summary
    return CaseFigures(case.name, role, dice, union, summary.expected_dice, summary.agreement, share, overlooked)


def _picture(context: RunContext, learner: Learner, plan: Plan, case: PreparedCase, entry: CaseFigures) -> CasePicture:
    prediction = _prediction_of(context, learner, plan, case)
    outlines = {"label": comparable(prediction.label, case)[1]} if case.role == "labeled" else {}
    outlines["probability network"] = prediction.label_probability
    outlines["distance network"] = prediction.label_distance
    is_known = entry.agreement is not None
    agreement = f"the two networks agree to {entry.agreement:.2f}" if is_known else "the networks can see nothing in it"
    note = f"Dice {entry.union:.2f}, {agreement}" if entry.union is not None else agreement
    axes = tuple(reversed(plan.orientation))
    return reduced(CasePicture(case.name, entry.role, case.image(), plan.spacing, outlines, note, axes))


def _prediction_of(context: RunContext, learner: Learner, plan: Plan, case: PreparedCase) -> PreparedPrediction:
    def ask() -> PreparedPrediction:
        return predict_prepared(
            learner.teachers, plan, case.image(), should_stop=context.run.stop_requested, overview=case.overview
        )

    try:
        return ask()
    except PreparedError as error:
        prepare_again(context, learner, error)
        return ask()
