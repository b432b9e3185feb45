"""Masks and label maps as arrays: boxes, counts, connected parts. Careful with memory, as scans can be large."""

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


def largest_part(mask: np.ndarray) -> np.ndarray:
    """The largest connected part of a mask (z, y, x); voxels that touch at a corner are connected.

    Returns:
        a bool array; of an empty mask, an empty one.
    """
    mask = np.asarray(mask)
    mask = mask if mask.dtype == bool else mask != 0
    result = np.zeros(mask.shape, bool)
    box = bounding_box(mask)
    if box is not None:
        result[box] = _largest_of(mask[box])
    return result


def _largest_of(mask: np.ndarray) -> np.ndarray:
    """As :func:`largest_part`, of a mask that is not empty. Careful with memory, as scans can be large."""
    try:
        import SimpleITK as sitk
    except ImportError:
        return _most_frequent(_numbered_parts(mask))
    parts = sitk.ConnectedComponent(sitk.GetImageFromArray(np.ascontiguousarray(mask).view(np.uint8)), True)
    return _most_frequent(sitk.GetArrayViewFromImage(parts))


def _most_frequent(numbers: np.ndarray) -> np.ndarray:
    """Where an array of whole numbers has the most frequent one that is not 0."""
    sizes = counts_up_to(numbers, int(numbers.max()))
    sizes[0] = 0
    return numbers == int(np.argmax(sizes))


def _numbered_parts(mask: np.ndarray) -> np.ndarray:
    """Whole numbers, the same within each connected part of a mask, 0 outside.

    For a bare machine that only trains, without SimpleITK: slower, the same parts.
    """
    import torch

    inside = torch.from_numpy(mask)
    numbers = torch.arange(1, mask.size + 1, dtype=torch.float64).reshape(mask.shape) * inside
    while True:
        grown = torch.nn.functional.max_pool3d(numbers[None, None], 3, 1, 1)[0, 0] * inside
        if torch.equal(grown, numbers):
            return np.unique(numbers.numpy(), return_inverse=True)[1].reshape(mask.shape)
        numbers = grown
