"""Whether the numbers of a CT scan can be Hounsfield units.

Converters that drop the rescale intercept, or write a screenshot's gray values, leave no trace in the file but the
numbers. A model for CT clips them as if they were HU, so its mask would be wrong without a word.
"""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Sequence

import numpy as np

from dualtaskseg.data.intensities import finite, sample_of

LOWEST, HIGHEST = -4096.0, 32767.0  # HU: beyond the range of any scanner's numbers, extended ones too
AIR = -500.0  # there is air, at -1000, round and in every body; all else is denser than half of that
TISSUE = -50.0  # all but fat is denser; in every scan there is some
FEWEST_OTHERS = 3  # scans that tell what is usual
SMALLEST_DISTANCE = 300.0  # HU between a scan's median and the others' that is far
USUAL_SPREADS = 6.0  # how many times as far as the others lie from each other
AIR_RANGE, TISSUE_RANGE = (-1300.0, -500.0), (-200.0, 500.0)  # HU between which a peak of voxels is one of either
BIN, BINS_OF_PEAK = 10.0, 5  # HU, and how many of such bins make up a peak
FEWEST_AT_PEAK = 0.01  # of all voxels
SMALLEST_SHIFT = 100.0  # HU by which air has to lie elsewhere than in the other scans
LARGEST_DIFFERENCE = 60.0  # HU by which tissue may be shifted more or less than air
LARGEST_SPREAD = 40.0  # HU that the air of the other scans usually lies from their median
CEILING = 32767.0  # the largest number of 16 bits


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


def cut_off(maximum: float) -> str:
    """What to say of a CT scan whose numbers were cut off where 16 bits end, without a full stop; else empty."""
    if maximum != CEILING:
        return ""
    return "holds the value 32767, where numbers of 16 bits end: what is brighter, such as metal, was cut off there"


def peaks(voxels: np.ndarray) -> tuple[float | None, float | None]:
    """At how many HU most of a CT scan's air, and most of its tissue, lies; None where there is hardly any.

    Args:
        voxels: (z, y, x) of any number type.
    """
    values = finite(sample_of(voxels))
    found = []
    for low, high in (AIR_RANGE, TISSUE_RANGE):
        counts, edges = np.histogram(values, np.arange(low, high + BIN, BIN))
        counts = np.convolve(counts, np.ones(BINS_OF_PEAK), "same")
        best = int(counts.argmax())
        is_there = counts[best] >= FEWEST_AT_PEAK * max(1, values.size)
        found.append(float(edges[best] + BIN / 2) if is_there else None)
    return found[0], found[1]


def shifts(scans: Sequence[tuple[float | None, float | None]]) -> list[str]:
    """As :func:`why_not_hounsfield`, scans whose air and tissue both lie elsewhere than in the others, equally far.

    That is what another intercept looks like; scans of other parts of the body differ in one of the two, if at all.

    Args:
        scans: their :func:`peaks`.
    """
    known = [(air, tissue) for air, tissue in scans if air is not None and tissue is not None]
    if len(known) <= FEWEST_OTHERS:
        return [""] * len(scans)
    usual_air, usual_tissue = (statistics.median(column) for column in zip(*known, strict=True))
    if statistics.median(abs(air - usual_air) for air, _ in known) > LARGEST_SPREAD:
        return [""] * len(scans)
    findings = []
    for air, tissue in scans:
        findings.append("")
        if air is None or tissue is None:
            continue
        shift = air - usual_air
        if abs(shift) > SMALLEST_SHIFT and abs(tissue - usual_tissue - shift) <= LARGEST_DIFFERENCE:
            findings[-1] = (
                f"its air lies at about {air:.0f} and its tissue at {tissue:.0f}, those of the other scans at "
                f"{usual_air:.0f} and {usual_tissue:.0f}, so its numbers may be shifted by about {shift:.0f}"
            )
    return findings


def _median_without(values: Sequence[float], left_out: float) -> float:
    """The median of sorted values but for one of them."""
    place, half = bisect.bisect_left(values, left_out), (len(values) - 1) // 2
    upper = values[half + (half >= place)]
    if len(values) % 2 == 0:
        return upper
    lower = values[half - 1 + (half - 1 >= place)]
    return (lower + upper) / 2
