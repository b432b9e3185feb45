"""Masks and label maps as arrays: boxes and counts. Careful with memory, as scans can be large."""

from __future__ import annotations

import numpy as np

TABLE_LIMIT = 1 << 16  # values up to which tables are looked up


def bounding_box(mask: np.ndarray) -> tuple[slice, ...] | None:
    """The smallest box round a bool mask of any number of dimensions; None for an empty one."""
    box = []
    for axis in range(mask.ndim):
        filled = np.flatnonzero(mask.any(axis=tuple(other for other in range(mask.ndim) if other != axis)))
        if not filled.size:
            return None
        box.append(slice(int(filled[0]), int(filled[-1]) + 1))
    return tuple(box)


def counts_up_to(label: np.ndarray, largest: int) -> np.ndarray:
    """How many voxels have each value from 0 to ``largest``; plane by plane, since counting widens its input."""
    counts = np.zeros(largest + 1, np.int64)
    for plane in label:
        counts += np.bincount(plane.ravel(), minlength=largest + 1)
    return counts


def value_counts(label: np.ndarray) -> dict[int, int]:
    """How many voxels have each value that occurs in a label map, in ascending order of the values."""
    if label.min() >= 0 and label.max() < TABLE_LIMIT:
        counts = counts_up_to(label, int(label.max()))
        return {int(value): int(counts[value]) for value in np.flatnonzero(counts)}
    total: dict[int, int] = {}
    for plane in label:
        for value, count in zip(*(found.tolist() for found in np.unique(plane, return_counts=True)), strict=True):
            total[value] = total.get(value, 0) + count
    return dict(sorted(total.items()))
