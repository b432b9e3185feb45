"""What a label tells about left and right: segments that mirror each other, and those that lie on one side.

Everything is measured along the patient's left and right, whatever the order and direction of the voxels' axes.
Light: numpy, no SimpleITK.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from dualtaskseg.io.geometry import Geometry

MOST_VOXELS = 2**19  # of a segment's box that are looked at; of larger boxes every second, third, ...
BINS = 8  # along each axis, in which shapes are compared: a pair is alike in the large, not voxel by voxel
ALIKE = 0.6  # Dice of one segment and the mirrored other, laid upon each other
LARGEST_VOLUME_RATIO = 3.0
LARGEST_SHIFT = 0.6  # to the front or to the head, as a part of the segment's size
LEAST_DISTANCE = 0.5  # from left to right, as a part of the segments' size: nested structures are no pair


@dataclass(frozen=True)
class _Shape:
    """A segment: the offsets of its voxels from its center in mm, each standing for ``weight`` mm^3."""

    center: np.ndarray
    offsets: np.ndarray
    size: np.ndarray
    weight: float

    @property
    def volume(self) -> float:
        return self.weight * len(self.offsets)


def mirrored_pairs(
    label: np.ndarray, geometry: Geometry, boxes: Mapping[int, tuple[tuple[int, int], ...]]
) -> list[tuple[int, int]]:
    """The values of segments that are near mirror images of each other, as left and right kidney are.

    Args:
        label: label values (z, y, x).
        boxes: for each value to compare, first and last-plus-one index of its voxels along z, y, x.
    """
    shapes = {value: _shape(label, geometry, value, box) for value, box in boxes.items()} if len(boxes) > 1 else {}
    return [(a, b) for a, b in combinations(sorted(shapes), 2) if _mirror_each_other(shapes[a], shapes[b], geometry)]


def side_of(geometry: Geometry, box: tuple[tuple[int, int], ...]) -> int:
    """On which side of the scan's middle a box of voxels lies.

    Args:
        box: first and last-plus-one index along z, y, x.

    Returns:
        -1 where it lies wholly towards the patient's right, 1 where towards the left, 0 where it reaches across.
    """
    row = np.array(geometry.direction[:3]) * np.array(geometry.spacing)  # mm towards the left, by index along x, y, z
    middle = sum(step * (count - 1) / 2 for step, count in zip(row, geometry.size, strict=True))
    along = zip(row, reversed(box), strict=True)
    ends = [sorted((step * (first - 0.5), step * (end - 0.5))) for step, (first, end) in along]
    lowest, highest = sum(end[0] for end in ends) - middle, sum(end[1] for end in ends) - middle
    return 1 if lowest > 0 else -1 if highest < 0 else 0


def _shape(label: np.ndarray, geometry: Geometry, value: int, box: tuple[tuple[int, int], ...]) -> _Shape:
    part = label[tuple(slice(*ends) for ends in box)]
    step = max(1, int(np.ceil((part.size / MOST_VOXELS) ** (1 / 3))))
    indices = np.argwhere(part[::step, ::step, ::step] == value)
    if not len(indices):  # thinner than what was looked at
        step, indices = 1, np.argwhere(part == value)
    starts = np.array([first for first, _ in box])
    matrix = np.array(geometry.direction).reshape(3, 3) * np.array(geometry.spacing)
    points = (indices * step + starts)[:, ::-1] @ matrix.T
    center = points.mean(axis=0)
    weight = float(np.prod(geometry.spacing)) * step**3
    return _Shape(center, points - center, np.ptp(points, axis=0) + _voxel(geometry), weight)


def _voxel(geometry: Geometry) -> np.ndarray:
    """How far a voxel reaches along the patient's axes in mm."""
    return np.abs(np.array(geometry.direction).reshape(3, 3)) @ np.array(geometry.spacing)


def _mirror_each_other(one: _Shape, other: _Shape, geometry: Geometry) -> bool:
    if max(one.volume, other.volume) > LARGEST_VOLUME_RATIO * min(one.volume, other.volume):
        return False
    size = (one.size + other.size) / 2
    shift = np.abs(one.center - other.center)
    if shift[0] < LEAST_DISTANCE * size[0] or (shift[1:] > LARGEST_SHIFT * size[1:]).any():
        return False
    extent = np.maximum(np.abs(one.offsets).max(axis=0), np.abs(other.offsets).max(axis=0))
    width = np.maximum(2 * extent / BINS, 1.01 * _voxel(geometry))
    count = np.ceil(extent / width).astype(int) * 2 + 1  # odd, so that the bins are their own mirror image
    edges = [np.linspace(-c * w / 2, c * w / 2, c + 1) for c, w in zip(count, width, strict=True)]
    mine = np.histogramdd(one.offsets, edges)[0] * one.weight
    theirs = np.histogramdd(other.offsets, edges)[0][::-1] * other.weight
    return bool(2 * np.minimum(mine, theirs).sum() >= ALIKE * (one.volume + other.volume))
