"""Which windows of a scan are worth computing, where the structures fill a small part of it.

Windows overlap by half, so every second one along each axis covers the scan once: an eighth of the work. Such a first
look tells where something is. Then all windows that touch it are computed, so there the result is what computing all
windows of the scan gives; elsewhere is background. Where that shows more of a structure, the region grows until it
holds all of it; at worst it is the whole scan. A scan of which the first look doesn't see every structure is computed
as a whole: what is small may have been overlooked.
"""

from __future__ import annotations

import numpy as np
import torch

from dualtaskseg.data.overview import Overview
from dualtaskseg.inference.sliding_window import Shape, window_starts
from dualtaskseg.method.base import Decoded

SEEN = 0.1  # probability of any segment, by either network, from which on something counts as seen
MOST_LOOKED_AT = 0.4  # of the windows, in a first look that is worth its time
ROWS = 16  # slices of an overview that are brought to the fine grid at once
MOST_WANTED = 0.5  # of the windows; where more are wanted, all are


class Region:
    """Where something was seen, as blocks: the pieces that the borders of all windows cut a scan into.

    Args:
        shape: of the scan on the plan's grid.
        window: size of a window.
        segments: how many there are.
        overview: what coarse networks saw. With one, what they did not see is not looked for.

    Attributes:
        seen: by block (z, y, x), whether anything was seen in it.
        found: by segment, whether it was seen anywhere.
    """

    def __init__(self, shape: Shape, window: Shape, segments: int, overview: Overview | None = None) -> None:
        self._is_trusted = overview is not None
        self.found = np.zeros(segments, bool)
        self._starts = window_starts(shape, window)
        self._edges, self._blocks = [], []
        for starts, size, side in zip(self._starts, window, shape, strict=True):
            ends = [min(start + size, side) for start in starts]
            edges = sorted({*starts, *ends})
            self._edges.append(np.array(edges))
            self._blocks.append([(edges.index(a), edges.index(b)) for a, b in zip(starts, ends, strict=True)])
        self.seen = np.zeros([len(edges) - 1 for edges in self._edges], bool)
        if overview is not None:
            wide = overview.with_margin()
            for first in range(0, shape[0], ROWS):
                slab = (slice(first, min(first + ROWS, shape[0])), slice(None), slice(None))
                self.mark(0, first, wide.part(shape, slab))

    @property
    def is_worthwhile(self) -> bool:
        """Whether a first look is a small part of the work."""
        return self.first_look().mean() <= MOST_LOOKED_AT

    def first_look(self) -> np.ndarray:
        """Which windows cover the scan once: bool by the number of a window along z, y, x."""
        every_second = []
        for starts in self._starts:
            chosen = np.arange(len(starts)) % 2 == 0
            chosen[-1] = True  # the last one ends with the scan, wherever it begins
            every_second.append(chosen)
        return every_second[0][:, None, None] & every_second[1][:, None] & every_second[2]

    def wanted(self) -> np.ndarray:
        """Which windows are to be computed, as :meth:`first_look`: all that touch what was seen."""
        wanted = np.zeros([len(starts) for starts in self._starts], bool)
        for number in np.ndindex(*wanted.shape):
            box = tuple(slice(*self._blocks[axis][index]) for axis, index in enumerate(number))
            wanted[number] = self.seen[box].any()
        if not self._is_trusted and (wanted.mean() > MOST_WANTED or not self.found.all()):
            wanted[:] = True
        return wanted

    def share(self) -> float:
        """The windows that are computed, first look included, to all there are."""
        return float(self.first_look().mean() + self.wanted().mean())

    def note(self, axis: int, first: int, slices: Decoded) -> None:
        """Notes what can be seen in some slices, of which ``first`` is the number of the first across ``axis``."""
        larger = torch.maximum(slices.probability[1:], slices.mask[1:])
        self.found |= (larger.flatten(1).amax(dim=1) >= SEEN).cpu().numpy()
        seen = torch.maximum(1 - slices.probability[0], 1 - slices.mask[0]) >= SEEN
        self.mark(axis, first, seen.cpu().numpy())

    def mark(self, axis: int, first: int, found: np.ndarray) -> None:
        """As :meth:`note`, of what is known already: bool (z, y, x), of some slices."""
        for other in (each for each in range(3) if each != axis):
            found = np.logical_or.reduceat(found, self._edges[other][:-1], axis=other)
        rows = np.arange(first, first + found.shape[axis])
        blocks = np.searchsorted(self._edges[axis], rows, side="right") - 1
        np.logical_or.at(np.moveaxis(self.seen, axis, 0), blocks, np.moveaxis(found, axis, 0))
