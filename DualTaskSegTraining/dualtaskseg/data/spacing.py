"""The voxel size that scans of a dataset have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def target_spacing(scan_spacings: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """The median spacing (z, y, x) in mm; along an axis of thick slices the finest tenth, so that none is lost."""
    spacings = np.array(scan_spacings)
    median = np.median(spacings, axis=0)
    worst = int(np.argmax(median))
    others = [median[axis] for axis in range(3) if axis != worst]
    if median[worst] > 3 * max(others):
        median[worst] = max(np.percentile(spacings[:, worst], 10), max(others))
    return rounded_spacing(median)


def rounded_spacing(values: Sequence[float]) -> tuple[float, float, float]:
    """Spacing to four digits behind the point: finer differences come from how files store numbers."""
    return tuple(round(float(value), 4) for value in values)
