"""On which slices of a scan's grid somebody outlined something, and which slices between them are empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from DualTaskSegLib.image.labelcontent import boxOf

AXES = "KJI"  # of voxels (K, J, I): what a slice is counted along
MOST_BESIDE = 2  # slices beside each other that somebody has who outlines only some
MOST_CROSSING = 2  # slices along each axis that need no gaps of equal width
EQUAL_GAPS = 0.6  # share of the gaps
MOST_SOLID = 0.5  # share of voxels that are in no single slice, from which whole pieces were outlined


@dataclass(frozen=True)
class OutlinedPlanes:
    """Slices of a grid that together hold every outlined voxel.

    Attributes:
        shape: number of voxels (K, J, I).
        planes: indices of the slices along K, J and I, in rising order each.
    """

    shape: tuple[int, int, int]
    planes: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]

    @property
    def count(self) -> int:
        """How many slices there are."""
        return sum(map(len, self.planes))

    @property
    def axis(self) -> int:
        """Along which axis most of them are counted."""
        return max(range(3), key=lambda axis: len(self.planes[axis]))

    @property
    def isOnOneAxis(self) -> bool:
        """Whether they are all parallel."""
        return self.count == len(self.planes[self.axis])

    @property
    def empty(self) -> dict[str, tuple[int, ...]]:
        """The slices, by axis, of which the outlines don't tell whether the structure is not there.

        Those between outlined ones; of single slices, those beside them. None of a structure that is outlined on all
        its slices.
        """
        between = {AXES[axis]: _missing(planes) for axis, planes in enumerate(self.planes)}
        if not any(between.values()) and all(len(planes) <= 1 for planes in self.planes):
            between = {AXES[axis]: self._beside(axis) for axis in range(3)}
        return {axis: planes for axis, planes in between.items() if planes}

    @property
    def isRegular(self) -> bool:
        """Whether the slices are spaced as people space them who outline only some.

        That is one or two at a time, with gaps of equal width but for the last and few others; or some that cross.
        """
        few = all(len(planes) <= MOST_CROSSING for planes in self.planes)
        return _areRegular(self.planes[self.axis]) or (few and not self.isOnOneAxis)

    def seen(self) -> np.ndarray:
        """A map (K, J, I) of uint8 with 1 on the slices."""
        seen = np.zeros(self.shape, np.uint8)
        for axis, planes in enumerate(self.planes):
            if planes:
                seen[(slice(None),) * axis + (list(planes),)] = 1
        return seen

    def _beside(self, axis: int) -> tuple[int, ...]:
        return tuple(
            index for plane in self.planes[axis] for index in (plane - 1, plane + 1) if 0 <= index < self.shape[axis]
        )


def outlinedPlanes(voxels: np.ndarray) -> OutlinedPlanes:
    """Finds the slices on which something is outlined, along one axis or several; may take long.

    A voxel without neighbors along one axis, but with some along the others, lies in a single slice across that axis:
    the slices with most such voxels come first, until all are held. Where most voxels have neighbors on all sides,
    whole pieces were outlined, and the slices are those of the scan, across K.

    Args:
        voxels: label values (K, J, I); all but 0 are outlined.
    """
    box = boxOf(voxels)
    mask = voxels[box] > 0
    chosen: tuple[list[int], list[int], list[int]] = ([], [], [])
    single = _single(mask)
    if sum(map(np.count_nonzero, single)) < (1 - MOST_SOLID) * np.count_nonzero(mask):
        chosen[0].extend(np.flatnonzero(_counts(mask)[0]).tolist())
    else:
        for marks in (single, [mask] * 3):  # what is left lies where slices cross, or is a speck
            for axis, index in _largest(marks, mask):
                chosen[axis].append(index)
    first = [axis.start for axis in box]
    planes = [tuple(sorted(start + index for index in indices)) for start, indices in zip(first, chosen, strict=True)]
    return OutlinedPlanes((*voxels.shape,), (planes[0], planes[1], planes[2]))


def _single(mask: np.ndarray) -> list[np.ndarray]:
    """For each axis, the voxels that have no neighbors along it, but some along both others."""
    alone = []
    for axis in range(3):
        lines = np.moveaxis(mask, axis, 0)
        has = np.zeros_like(mask)
        view = np.moveaxis(has, axis, 0)
        view[1:] |= lines[:-1]
        view[:-1] |= lines[1:]
        alone.append(mask & ~has)
    return [alone[axis] & ~alone[axis - 1] & ~alone[axis - 2] for axis in range(3)]


def _largest(marks: list[np.ndarray], mask: np.ndarray) -> Iterator[tuple[int, int]]:
    """The slices with most marked voxels, again and again, until no voxel is marked that none of them holds.

    Args:
        marks: for each axis, the voxels that count for a slice across it.
        mask: all voxels; those on a slice that was found are taken out of it.
    """
    counts = [_counts(one & mask)[axis] for axis, one in enumerate(marks)]
    while True:
        best = max(range(3), key=lambda axis: int(counts[axis].max()))
        index = int(counts[best].argmax())
        if counts[best][index] == 0:
            return
        yield best, index
        plane = (slice(None),) * best + (index,)
        counts[best][index] = 0
        others = [axis for axis in range(3) if axis != best]
        for axis, across in zip(others, (1, 0), strict=True):
            counts[axis] -= np.count_nonzero(marks[axis][plane] & mask[plane], axis=across)
        mask[plane] = False


def _counts(mask: np.ndarray) -> list[np.ndarray]:
    """For each axis, how many voxels of a mask each slice across it has."""
    across = np.zeros(mask.shape[1:], np.int32)
    first = np.zeros(len(mask), np.int64)
    for index, plane in enumerate(mask):  # much faster than sums over axes, which make 64-bit copies
        first[index] = np.count_nonzero(plane)
        if first[index]:
            across += plane
    return [first, across.sum(axis=1, dtype=np.int64), across.sum(axis=0, dtype=np.int64)]


def _missing(planes: tuple[int, ...]) -> tuple[int, ...]:
    if not planes:
        return ()
    there = set(planes)
    return tuple(index for index in range(planes[0], planes[-1]) if index not in there)


def _widths(planes: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """How many slices lie beside each other, and how many are missing between those groups; both in their order."""
    steps = np.diff(planes)
    breaks = np.flatnonzero(steps > 1)
    ends = [-1, *breaks.tolist(), len(planes) - 1]
    return np.diff(ends).tolist(), (steps[breaks] - 1).tolist()


def _areRegular(planes: tuple[int, ...]) -> bool:
    """Whether thin groups of slices have gaps of equal width between them, but for a few."""
    groups, gaps = _widths(planes)
    if len(gaps) < 2 or max(groups) > MOST_BESIDE:
        return False
    if len(gaps) == 2:
        return gaps[0] >= gaps[1]
    return gaps.count(max(gaps, key=gaps.count)) >= EQUAL_GAPS * len(gaps)
