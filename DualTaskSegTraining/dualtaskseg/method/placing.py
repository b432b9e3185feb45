"""What a patch shows of a scan: which voxels of it are read, and what becomes of them.

A patch that is rotated or zoomed is interpolated. One that is neither, mirrored at most, shows the scan's voxels as
they are, as a prediction does, and nothing has to be computed.
"""

from __future__ import annotations

import numpy as np
import torch

from dualtaskseg.method.augment import is_inside, patch_extent, sample, sample_nearest, sampling_grid
from dualtaskseg.method.sightings import Cut

Shape = tuple[int, int, int]


class Turned:
    """A patch that is interpolated.

    Args:
        shape: of the scan (z, y, x).
        patch: its shape.
        device: of what it shows.

    Attributes:
        box: what of the scan has to be read.
        valid: (z, y, x) bool, where the patch lies inside the scan.
    """

    def __init__(self, cut: Cut, shape: Shape, patch: Shape, device: torch.device) -> None:
        ranges = []
        for center, side, length in zip(cut.center, patch_extent(cut.matrix, patch), shape, strict=True):
            first = min(max(0, int(center) - side), length - 1)
            ranges.append((first, max(min(length, int(center) + side + 2), first + 1)))
        self.box = tuple(slice(*each) for each in ranges)
        size = tuple(last - first for first, last in ranges)
        start = torch.tensor([first for first, _ in ranges], dtype=torch.float32)
        self._grid = sampling_grid(size, cut.center - start, cut.matrix, patch, device)
        self.valid = is_inside(self._grid, size)

    def smooth(self, values: np.ndarray) -> torch.Tensor:
        """What it shows of values of the box (channels, z, y, x): float32; beyond the scan its border goes on."""
        return sample(torch.from_numpy(values).to(self._grid.device), self._grid)

    def nearest(self, values: np.ndarray) -> torch.Tensor:
        """What it shows of values of the box (z, y, x) that can't be interpolated, of their type."""
        return sample_nearest(torch.from_numpy(values).to(self._grid.device), self._grid)


class Straight:
    """A patch of the scan's own voxels; as :class:`Turned`."""

    def __init__(self, cut: Cut, shape: Shape, patch: Shape, device: torch.device) -> None:
        ranges, places, inside = [], [], []
        for axis, (side, length) in enumerate(zip(patch, shape, strict=True)):
            offsets = torch.arange(side) - (side - 1) / 2
            place = torch.round(cut.center[axis] + cut.matrix[axis, axis] * offsets).long()
            inside.append((place >= 0) & (place < length))
            place = place.clamp(0, length - 1)
            first = int(place.min())
            ranges.append(slice(first, int(place.max()) + 1))
            places.append((place - first).to(device))
        self.box = tuple(ranges)
        z, y, x = inside
        self.valid = (z[:, None, None] & y[:, None] & x).to(device)
        z, y, x = places
        self._places = (z[:, None, None], y[:, None], x)

    def smooth(self, values: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(values).to(self.valid.device)[(slice(None), *self._places)].float()

    def nearest(self, values: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(values).to(self.valid.device)[self._places]


def placed(cut: Cut, shape: Shape, patch: Shape, device: torch.device) -> Turned | Straight:
    """Where a patch lies in a scan of a shape (z, y, x)."""
    return (Straight if cut.is_straight else Turned)(cut, shape, patch, device)
