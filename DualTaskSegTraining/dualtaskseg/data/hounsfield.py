"""Whether the numbers of a CT scan can be Hounsfield units.

Converters that drop the rescale intercept, or write a screenshot's gray values, leave no trace in the file but the
numbers. A model for CT clips them as if they were HU, so its mask would be wrong without a word.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence

LOWEST, HIGHEST = -4096.0, 32767.0  # HU: beyond the range of any scanner's numbers, extended ones too
AIR = -500.0  # there is air, at -1000, round and in every body; all else is denser than half of that
TISSUE = -50.0  # all but fat is denser; in every scan there is some
FEWEST_OTHERS = 3  # scans that tell what is usual
SMALLEST_DISTANCE = 300.0  # HU between a scan's median and the others' that is far
USUAL_SPREADS = 6.0  # how many times as far as the others lie from each other


def why_not_hounsfield(minimum: float, maximum: float, high: float | None = None) -> str:
    """What speaks against Hounsfield units, as the end of a sentence, or empty.

    Args:
        minimum, maximum: of the scan's voxels.
        high: their 99.5th percentile, where it is known.
    """
    if minimum < LOWEST or maximum > HIGHEST:
        return f"its values from {minimum:.6g} to {maximum:.6g} leave the range of CT"
    if minimum > AIR:
        return f"its lowest value is {minimum:.6g}, so it shows no air, which is at -1000 HU"
    if (maximum if high is None else high) < TISSUE:
        return f"its values end at {maximum if high is None else high:.6g}, so it shows no tissue, which is near 0 HU"
    return ""


def far_medians(medians: Sequence[float | None]) -> list[str]:
    """As :func:`why_not_hounsfield`, what speaks against each scan when it is held against the others.

    Args:
        medians: of the scans' voxels; None where a scan could not be read.
    """
    known = sorted(median for median in medians if median is not None)
    distances: dict[float, list[float]] = {}  # of all from the middle of the others, which is one of three at most
    findings = []
    for median in medians:
        findings.append("")
        if median is None or len(known) <= FEWEST_OTHERS:
            continue
        middle = _median_without(known, median)
        if middle not in distances:
            distances[middle] = sorted(abs(each - middle) for each in known)
        spread = _median_without(distances[middle], abs(median - middle))
        if abs(median - middle) > max(SMALLEST_DISTANCE, USUAL_SPREADS * spread):
            findings[-1] = f"its median is {median:.6g}, that of the other scans {middle:.6g}"
    return findings


def _median_without(values: Sequence[float], left_out: float) -> float:
    """The median of sorted values but for one of them."""
    place, half = bisect.bisect_left(values, left_out), (len(values) - 1) // 2
    upper = values[half + (half >= place)]
    if len(values) % 2 == 0:
        return upper
    lower = values[half - 1 + (half - 1 >= place)]
    return (lower + upper) / 2
