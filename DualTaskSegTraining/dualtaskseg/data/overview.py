"""Where a coarse look at a scan showed something. Light: numpy only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dualtaskseg.files import atomic_path

MARGIN = 1  # coarse voxels round what was seen, that are looked at closely, too
MOST_PLACES = 1000  # that patches are centered on


@dataclass(frozen=True)
class Overview:
    """Where coarse networks saw any segment in a scan.

    Attributes:
        seen: bool (z, y, x) on the coarse grid.
        found: for each segment, whether it was seen anywhere.
    """

    seen: np.ndarray
    found: tuple[bool, ...]

    def with_margin(self) -> Overview:
        """The same, with what lies beside it: what is looked at closely."""
        return Overview(widened(self.seen, MARGIN), self.found)

    def part(self, shape: tuple[int, int, int], slab: tuple[slice, ...]) -> np.ndarray:
        """Where something was seen in a piece of a finer grid of the same scan, bool."""
        columns = [_nearest(side, fine)[at] for side, fine, at in zip(self.seen.shape, shape, slab, strict=True)]
        return self.seen[np.ix_(*columns)]

    def places(self, shape: tuple[int, int, int]) -> np.ndarray:
        """Some positions (z, y, x) on a finer grid where something was seen, the same each time: (N, 3) float32."""
        found = np.argwhere(self.seen)
        if len(found) > MOST_PLACES:  # by chance, as every so-manieth would lie on a few lines
            found = found[np.random.default_rng(0).choice(len(found), MOST_PLACES, replace=False)]
        return ((found + 0.5) * np.array(shape) / np.array(self.seen.shape) - 0.5).astype(np.float32)

    def save(self, path: Path, key: str) -> None:
        """Writes it in one step; ``key`` tells what it was made by."""
        with atomic_path(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, seen=self.seen, found=np.array(self.found, bool), key=np.array(key))
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def load(cls, path: Path, key: str) -> Overview | None:
        """Reads it; None where there is none, it is damaged, or was made by something else."""
        try:
            with np.load(path, allow_pickle=False) as content:
                if str(content["key"]) != key:
                    return None
                seen, found = content["seen"], content["found"]
        except Exception:  # whatever a damaged file makes NumPy and zlib say: it is made again
            return None
        if seen.dtype != bool or seen.ndim != 3 or found.dtype != bool or found.ndim != 1:
            return None
        return cls(seen, tuple(bool(each) for each in found))


def widened(mask: np.ndarray, voxels: int) -> np.ndarray:
    """A mask (z, y, x) with a margin of so many voxels, along all axes and diagonals."""
    for axis in range(3):
        for _ in range(voxels):
            wider = mask.copy()
            ahead, behind = np.moveaxis(wider, axis, 0), np.moveaxis(mask, axis, 0)
            ahead[1:] |= behind[:-1]
            ahead[:-1] |= behind[1:]
            mask = wider
    return mask


def _nearest(coarse: int, fine: int) -> np.ndarray:
    """For each voxel along an axis of the fine grid, the one of the coarse grid it lies in."""
    return np.minimum(((np.arange(fine) + 0.5) * coarse / fine).astype(int), coarse - 1)
