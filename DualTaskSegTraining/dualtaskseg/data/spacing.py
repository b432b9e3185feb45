"""The voxel size that scans of a dataset have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LARGEST_RATIO = 25.0  # of a voxel's sides that is still usual


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


def very_long_voxels(spacing: Sequence[float]) -> str:
    """What to say of voxels (x, y, z) with one side far longer than another, such as ``very long voxels of 1x1x30 mm``.

    Empty where they are usual.
    """
    if max(spacing) <= LARGEST_RATIO * min(spacing):
        return ""
    return f"very long voxels of {'x'.join(f'{step:.4g}' for step in spacing)} mm"
