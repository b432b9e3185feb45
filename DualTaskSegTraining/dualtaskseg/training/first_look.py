"""Tries, at the end of a training, whether predictions may look at scans first and compute closely only where something
is: where that pays, and overlooks nothing that computing all windows finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from dualtaskseg.inference.predictor import PreparedPrediction, predict_prepared
from dualtaskseg.inference.region import Region
from dualtaskseg.inference.sliding_window import window_shape, window_starts
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import MOST_TO_PAY
from dualtaskseg.report.content import CaseFigures

FEWEST = 5  # scans in which it must have been tried


def looked_at_first(
    networks: TwoNetworks,
    plan: Plan,
    image: np.ndarray,
    whole: PreparedPrediction,
    should_stop: Callable[[], bool],
) -> tuple[float | None, int]:
    """Predicts a prepared scan by looking first.

    Args:
        image: (z, y, x), normalised, on the plan's grid.
        whole: what all windows give.

    Returns:
        the windows that were computed to all there are, None where it can't pay and was not tried; and how many voxels
        lost their segment, in any of the three masks.
    """
    window = window_shape(image.shape, plan)
    region = Region(image.shape, window, len(plan.segments))
    masks = (whole.label, whole.label_probability, whole.label_distance)
    present = np.unique(np.concatenate([np.unique(mask) for mask in masks]))
    region.found[present[present > 0].astype(int) - 1] = True
    region.mark(0, 0, np.logical_or.reduce([mask > 0 for mask in masks]))
    if not region.is_worthwhile or region.share() > MOST_TO_PAY:
        return None, 0
    computed = 0

    def count(*_: int) -> None:
        nonlocal computed
        computed += 1

    looked = predict_prepared(
        networks, plan.replaced(look_first=True), image, should_stop=should_stop, on_progress=count
    )
    found = (looked.label, looked.label_probability, looked.label_distance)
    lost = np.logical_or.reduce([(mask > 0) & (mask != other) for mask, other in zip(masks, found, strict=True)])
    windows = np.prod([len(starts) for starts in window_starts(image.shape, window)])
    return computed / float(windows), int(lost.sum())


def with_first_look(plan: Plan, figures: Sequence[CaseFigures]) -> Plan:
    """The plan with what was decided, and why; as it is where looking first was not tried."""
    tried = [entry for entry in figures if entry.look_share is not None]
    if not tried:
        return plan
    lost = sum(entry.overlooked > 0 for entry in tried)
    share = float(np.mean([entry.look_share for entry in tried]))
    pays = not lost and share <= MOST_TO_PAY and len(tried) >= FEWEST
    found = f"It was tried on {len(tried)} scan{'s' * (len(tried) > 1)}: "
    if lost:
        found += f"in {lost} of them it overlooked a part of what all patches show, so all are computed"
    elif not pays:
        found += (
            f"it overlooked nothing, with {share:.0%} of the patches. "
            f"To predict that way it must take at most {MOST_TO_PAY:.0%}, and be tried on {FEWEST}: all are computed"
        )
    else:
        found += (
            f"it overlooked nothing of what all patches show, with {share:.0%} of them, so predictions do that; where "
            "one of the structures is not seen at first, all patches are computed"
        )
    what = (
        "A prediction can look at every second patch along each axis first, and compute all patches only around what "
        "was seen there"
    )
    return plan.replaced(look_first=pays, notes=(*plan.notes, f"{what}. {found}"))
