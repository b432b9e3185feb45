"""The connected parts of a segment: the largest one, those that are doubted, and small ones; voxels that touch at a
corner are connected.

Numbering the parts of a mask takes several times the mask's memory. In large scans it is done some slices at a time,
and parts that touch across the slices between are joined afterwards, so the result is the same.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

import numpy as np

from dualtaskseg.data.label_arrays import counts_up_to

Parts = Iterator[tuple[tuple[slice, ...], np.ndarray]]
SLAB_VOXELS = 2**24  # whose parts are numbered at once
DOUBTED = 128  # added to the label of a voxel that is doubted: of segments below, so that it takes no memory
MOST_DOUBTED = 0.5  # of a part's voxels, above which the part is doubted
SPECK = 0.01  # of the largest part of a segment in a scan: smaller ones are no parts but slips


def largest_part(mask: np.ndarray) -> np.ndarray:
    """The largest connected part of a mask (z, y, x); of equally large ones the first.

    Returns:
        a bool array; of an empty mask, an empty one.
    """
    result = np.asarray(mask) != 0
    for rows, others in beside_largest(result, 1):
        result[rows][others] = False
    return result


def beside_largest(label: np.ndarray, value: int, mark: int = 0) -> Parts:
    """Finds the voxels of a segment that do not belong to its largest connected part.

    Args:
        label: (z, y, x); what was yielded may be changed in it before the next is asked for.
        value: of the segment.
        mark: :data:`DOUBTED` where the values of doubted voxels have that bit, 0 where none is marked.

    Yields:
        a piece of the array, as slices of it, and where in the piece the voxels are, bool; only where there are any.
    """
    yield from _parts_where(label, value, mark, lambda sizes, doubted: _but_largest(sizes))


def implausible_beside_largest(
    label: np.ndarray, value: int, mark: int, least: float, kept: list[np.ndarray] | None = None
) -> Parts:
    """As :func:`beside_largest`, of parts only of which most voxels are doubted, or that have less than ``least``.

    Args:
        kept: gets the voxels of each other part, once, before anything is yielded.
    """

    def is_implausible(sizes: np.ndarray, doubted: np.ndarray) -> np.ndarray:
        found = _but_largest(sizes) & ((doubted > MOST_DOUBTED * sizes) | (sizes < least))
        if kept is not None:
            kept.append(sizes[~found])
        return found

    yield from _parts_where(label, value, mark, is_implausible)


def apart_from(
    label: np.ndarray, value: int, mark: int, seen: Callable[[tuple[slice, ...]], np.ndarray], least: float = 0.0
) -> Parts:
    """As :func:`beside_largest`, of all parts with no voxel, or less than a share of them, where something was seen.

    Args:
        seen: given slices of the array, where in them something was seen, bool.
        least: the share.
    """
    yield from _parts_where(label, value, mark, lambda sizes, inside: (inside == 0) | (inside < least * sizes), seen)


def _but_largest(sizes: np.ndarray) -> np.ndarray:
    return np.arange(len(sizes)) != int(np.argmax(sizes))


def without_specks(sizes: np.ndarray) -> np.ndarray:
    """The sizes of parts of a segment in a scan, without those that are too small to be meant."""
    return sizes[sizes >= SPECK * sizes.max(initial=0)]


def part_sizes(label: np.ndarray, value: int) -> np.ndarray:
    """The voxels of each part of a segment, the most first."""
    box = _box(label, value, 0)
    if box is None:
        return np.zeros(0, np.int64)
    numbers = _numbered(label[box] == value)
    return np.sort(counts_up_to(numbers, int(numbers.max()))[1:])[::-1]


def _parts_where(
    label: np.ndarray,
    value: int,
    mark: int,
    is_found: Callable[[np.ndarray, np.ndarray], np.ndarray],
    seen: Callable[[tuple[slice, ...]], np.ndarray] | None = None,
) -> Parts:
    """The parts of which ``is_found`` says so, given the sizes of all and how many of their voxels are doubted.

    Args:
        seen: counted instead of doubted ones, see :func:`apart_from`.
    """
    box = _box(label, value, mark)
    if box is None:
        return
    rows = max(1, SLAB_VOXELS // math.prod(side.stop - side.start for side in box[1:]))
    starts = range(box[0].start, box[0].stop, rows)
    slabs = [(slice(start, min(start + rows, box[0].stop)), *box[1:]) for start in starts]
    sizes: list[np.ndarray] = []  # of each slab's parts, by their number
    doubted: list[np.ndarray] = []  # how many of their voxels are
    pairs: list[np.ndarray] = []  # numbers in all of the parts that touch
    last, count = None, 0
    for slab in slabs:
        numbers = _numbered(_is(label[slab], value, mark))
        sizes.append(counts_up_to(numbers, int(numbers.max()))[1:])
        marked = np.zeros(0, np.int64)
        if seen is not None:
            marked = numbers * seen(slab)
        elif mark:
            marked = numbers * (label[slab] >= mark)
        doubted.append(counts_up_to(marked, len(sizes[-1]))[1:])
        if last is not None:
            pairs.append(np.add(_touching(last, numbers[0]), (count - len(sizes[-2]), count)))
        last = numbers[-1].copy()
        count += len(sizes[-1])
    first_of = _joined(count, np.concatenate(pairs) if pairs else np.empty((0, 2), np.int64))
    of_joined = np.bincount(first_of[1:], np.concatenate(sizes), count + 1)
    doubted_of_joined = np.bincount(first_of[1:], np.concatenate(doubted), count + 1)
    is_other = is_found(of_joined, doubted_of_joined)[first_of[1:]]
    ends = np.cumsum([len(of_slab) for of_slab in sizes])
    for slab, of_slab in zip(slabs, np.split(is_other, ends[:-1]), strict=True):
        if of_slab.any():
            numbers = numbers if len(slabs) == 1 else _numbered(_is(label[slab], value, mark))
            yield slab, np.concatenate([[False], of_slab])[numbers]


def _is(label: np.ndarray, value: int, mark: int) -> np.ndarray:
    """Where a label is of a segment, whether it is marked or not."""
    return (label == value) | (label == value | mark) if mark else label == value


def _box(label: np.ndarray, value: int, mark: int) -> tuple[slice, ...] | None:
    """The smallest box round the segment, found plane by plane; None where it is absent."""
    filled = [np.zeros(side, bool) for side in label.shape]
    for index, plane in enumerate(label):
        mask = _is(plane, value, mark)
        rows = mask.any(axis=1)
        if rows.any():
            filled[0][index] = True
            filled[1] |= rows
            filled[2] |= mask.any(axis=0)
    if not filled[0].any():
        return None
    return tuple(slice(int(at[0]), int(at[-1]) + 1) for at in map(np.flatnonzero, filled))


def _numbered(mask: np.ndarray) -> np.ndarray:
    """The number of each voxel's part in a mask, 0 outside; parts are numbered from 1 as their first voxels come."""
    try:
        import SimpleITK as sitk
    except ImportError:
        return _numbered_by_torch(mask)
    image = sitk.GetImageFromArray(np.ascontiguousarray(mask).view(np.uint8))
    return sitk.GetArrayFromImage(sitk.ConnectedComponent(image, True))


def _numbered_by_torch(mask: np.ndarray) -> np.ndarray:
    """As :func:`_numbered`, for a bare machine that only trains, without SimpleITK: slower, the same parts."""
    import torch

    inside = torch.from_numpy(np.ascontiguousarray(mask))
    # the earlier a voxel, the larger its number, so that the first of a part gives it its number
    numbers = torch.arange(mask.size, 0, -1, dtype=torch.float64).reshape(mask.shape) * inside
    while True:
        grown = torch.nn.functional.max_pool3d(numbers[None, None], 3, 1, 1)[0, 0] * inside
        if torch.equal(grown, numbers):
            values = np.unique(numbers.numpy()[mask])
            return np.where(mask, len(values) - np.searchsorted(values, numbers.numpy()), 0)
        numbers = grown


def _touching(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Pairs (n, 2) of the parts of two neighboring planes that touch, by faces, edges or corners."""
    padded = np.pad(before.astype(np.int64), 1)
    after = after.astype(np.int64)
    height, width = after.shape
    found = []
    for row, column in itertools.product(range(3), range(3)):
        shifted = padded[row : row + height, column : column + width]
        both = (shifted > 0) & (after > 0)
        found.append(np.unique(shifted[both] << 32 | after[both]))
    pairs = np.unique(np.concatenate(found))
    return np.stack([pairs >> 32, pairs & 0xFFFFFFFF], axis=1)


def _joined(count: int, pairs: np.ndarray) -> np.ndarray:
    """For each number from 0 to ``count`` the smallest that it is connected to by pairs."""
    first_of = np.arange(count + 1)
    while True:
        roots = first_of[pairs]
        smaller = roots.min(axis=1)
        if (roots == smaller[:, None]).all():
            return first_of
        for side in range(2):
            np.minimum.at(first_of, roots[:, side], smaller)
        while not np.array_equal(first_of, first_of[first_of]):
            first_of = first_of[first_of]
