"""Intensities of a scan as figures: their range and percentiles. Careful with memory, as scans can be large."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dualtaskseg.errors import InputError

PERCENTILE_SAMPLE = 1_000_000  # voxels that percentiles are taken from
LARGEST_INTENSITY = 1e30  # beyond it float32 can't compute with differences any more; no scanner comes near


@dataclass(frozen=True)
class IntensityRange:
    """Where a scan's intensities lie.

    Attributes:
        lowest, highest: of the finite voxels; both 0 where there is none.
        not_finite: how many voxels are no number, or infinite.
    """

    lowest: float
    highest: float
    not_finite: int = 0

    @property
    def is_constant(self) -> bool:
        """Whether all finite voxels are the same, or none is finite: nothing can be seen in such a scan."""
        return self.lowest == self.highest


def intensity_range(voxels: np.ndarray) -> IntensityRange:
    """The range of an array (z, y, x) of any number type; plane by plane."""
    lowest, highest, not_finite = math.inf, -math.inf, 0
    for plane in voxels:
        values = finite(plane)
        not_finite += plane.size - values.size
        if values.size:
            lowest, highest = min(lowest, float(values.min())), max(highest, float(values.max()))
    return IntensityRange(lowest, highest, not_finite) if lowest <= highest else IntensityRange(0.0, 0.0, not_finite)


def refuse_absurd_intensities(lowest: float, highest: float, scan: str = "The scan") -> None:
    """Raises :class:`InputError` for intensities with which nothing can be computed; ``scan`` begins its sentence."""
    if max(abs(lowest), abs(highest)) > LARGEST_INTENSITY:
        raise InputError(
            f"{scan} holds absurd intensities, from {lowest:g} to {highest:g}",
            "Replace such voxels, for example by the scan's lowest sensible value, and save the scan again",
        )


def percentiles(voxels: np.ndarray, of: tuple[float, ...]) -> tuple[float, ...]:
    """Percentiles of the finite values, of a regular sample in large arrays; empty where no value is finite."""
    sample = finite(sample_of(voxels))
    if not sample.size:
        return ()
    return tuple(float(value) for value in np.percentile(sample.astype(np.float64), of))


def sample_of(voxels: np.ndarray) -> np.ndarray:
    """All voxels, or a regular sample of large arrays, as one line."""
    return _even_sample(voxels, PERCENTILE_SAMPLE)


def finite(values: np.ndarray) -> np.ndarray:
    """The finite values; the very same array where all are."""
    if not np.issubdtype(values.dtype, np.floating):
        return values
    is_finite = np.isfinite(values)
    return values if is_finite.all() else values[is_finite]


def _even_sample(array: np.ndarray, count: int) -> np.ndarray:
    """At most ``count`` values spread over an array, or all of a smaller one."""
    stride = -(-array.size // count)
    # A stride with a common factor with the array's shape would look at the same few columns only.
    while any(math.gcd(stride, length) > 1 for length in array.shape):
        stride += 1
    return array.ravel()[::stride]
