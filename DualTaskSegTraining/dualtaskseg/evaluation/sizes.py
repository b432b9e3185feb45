"""How large a structure is: volume, largest diameter in an axial slice with its perpendicular, largest diameter in 3D.

Definitions:

* The volume is the number of voxels times the volume of a voxel.
* The edge of a mask lies half-way between a voxel inside and its face neighbor outside; what lies beyond the scan
  counts as outside. These points are the vertices of the mask's isosurface at 0.5 (marching cubes; in a slice,
  marching squares), so that a row of n voxels is n spacings long, not n - 1.
* The largest diameter in 3D is the largest Euclidean distance between two of these points: max |p - q|. It is the
  "maximum 3D diameter" (code L0JK) of the Image Biomarker Standardisation Initiative (Zwanenburg et al. 2020,
  Radiology 295(2):328-338), and of PyRadiomics.
* The largest axial diameter is the same in each slice of the scan's grid alone, the largest of all slices: max over
  slices of max |p - q|. The slices are those of the grid that lie nearest to axial, as people measure in them; in a
  scan that was taken obliquely, they are oblique.
* Its perpendicular is the longest line in that slice at right angles to it, from edge to edge of the convex outline
  (the convex hull of the slice's points): the two lines of the WHO's bidimensional measurement (Miller et al. 1981,
  Cancer 47(1):207-214). Where several slices have the same largest diameter, the one with the longest perpendicular.

Diameters of an empty mask are undefined (NaN).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dualtaskseg.data.label_arrays import bounding_box
from dualtaskseg.io.geometry import Geometry

PAIRS_AT_ONCE = 1 << 20
SAME_LENGTH = 1e-9  # of it, up to rounding


@dataclass(frozen=True)
class Size:
    """How large a structure is.

    Attributes:
        volume_ml: its volume in milliliters.
        axial_mm: the largest diameter in an axial slice.
        perpendicular_mm: the longest line in that slice at right angles to it.
        largest_mm: the largest diameter in 3D.
    """

    volume_ml: float
    axial_mm: float
    perpendicular_mm: float
    largest_mm: float


def size_of(mask: np.ndarray, geometry: Geometry) -> Size:
    """Measures a mask, as the head of this file defines it.

    Args:
        mask: of the shape (z, y, x); everything but zero is inside.
        geometry: the grid that it lies on.

    Raises:
        ValueError: the mask is not of the grid's shape.
    """
    mask = np.asarray(mask) != 0
    if mask.shape != geometry.shape:
        raise ValueError(f"the mask has the shape {mask.shape}, its grid {geometry.shape}")
    box = bounding_box(mask)
    if box is None:
        return Size(0.0, math.nan, math.nan, math.nan)
    inside = mask[box]
    axial, perpendicular = _axial(inside, geometry)
    spacing = np.array(geometry.spacing_zyx)
    points = _hull_candidates(_edge_points(inside)) * (spacing / 2)
    largest, _, _ = _farthest(points)
    return Size(int(np.count_nonzero(inside)) * geometry.voxel_ml, axial, perpendicular, largest)


def _axial(inside: np.ndarray, geometry: Geometry) -> tuple[float, float]:
    """The largest diameter in a slice, and its perpendicular."""
    across = geometry.along_patient((0, 1, 2))[0]  # the axis of the array that runs most nearly from foot to head
    spacing = np.delete(np.array(geometry.spacing_zyx), across)
    best = (0.0, 0.0)
    for plane in np.moveaxis(inside, across, 0):
        box = bounding_box(plane)
        if box is None:
            continue
        part = plane[box]
        if math.hypot(*(np.array(part.shape) * spacing)) < best[0]:
            continue
        outline = np.array(_hull(sorted(set(map(tuple, _edge_points(part).tolist()))))) * (spacing / 2)
        length, start, end = _farthest(outline)
        if length < best[0] * (1 - SAME_LENGTH):
            continue
        across_it = _longest_across(outline, (end - start) / length)
        if length > best[0] * (1 + SAME_LENGTH) or across_it > best[1]:
            best = (length, across_it)
    return best


def _edge_points(inside: np.ndarray) -> np.ndarray:
    """The outermost edge points of each row of voxels along each axis, in half voxels: those that can be farthest.

    Args:
        inside: bool array of n axes, not empty.

    Returns:
        integers of the shape (points, n): twice the index of a voxel's center, so that edges have odd numbers.
    """
    found = []
    for axis in range(inside.ndim):
        lines = np.argwhere(inside.any(axis))
        count = inside.shape[axis]
        for edge in (2 * inside.argmax(axis) - 1, 2 * (count - np.flip(inside, axis).argmax(axis)) - 1):
            found.append(np.insert(2 * lines, axis, edge[tuple(lines.T)], axis=1))
    return np.concatenate(found)


def _hull_candidates(points: np.ndarray) -> np.ndarray:
    """Drops points that can't be corners of the convex hull, since they are none in a plane across some axis.

    Args:
        points: whole numbers of the shape (points, 3).
    """
    for axis in range(3):
        points = np.array([corner for plane in _planes(points, axis) for corner in plane])
    return points


def _planes(points: np.ndarray, axis: int) -> Iterator[list[tuple[int, ...]]]:
    """The corners of the convex hull of each set of points that share their position along an axis."""
    first, second = (other for other in range(3) if other != axis)
    points = points[np.lexsort((points[:, second], points[:, first], points[:, axis]))]
    for plane in np.split(points, np.flatnonzero(np.diff(points[:, axis])) + 1):
        corners = _hull(list(dict.fromkeys(map(tuple, plane[:, (first, second)].tolist()))))
        position = int(plane[0, axis])
        yield [(*corner[:axis], position, *corner[axis:]) for corner in corners]


def _hull(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The corners of the convex hull of points in a plane, in order around it; Andrew's monotone chain.

    Args:
        points: sorted, each once.
    """
    if len(points) < 3:
        return points
    both = []
    for way in (points, reversed(points)):
        chain: list[tuple[int, int]] = []
        for x, y in way:
            while len(chain) > 1:
                (x0, y0), (x1, y1) = chain[-2], chain[-1]
                if (x1 - x0) * (y - y0) > (y1 - y0) * (x - x0):
                    break
                chain.pop()
            chain.append((x, y))
        both += chain[:-1]
    return both


def _farthest(points: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """The largest distance between two points, and these two; exact.

    Pairs that can't be the farthest, since both lie too near to the middle of all, are not looked at.
    """
    radii = np.linalg.norm(points - (points.min(0) + points.max(0)) / 2, axis=1)
    order = np.argsort(-radii, kind="stable")
    points, radii = points[order], radii[order]
    best, pair = -1.0, (0, 0)
    start = 0
    while start < len(points):
        reach = int(np.searchsorted(-radii, radii[start] - best, side="right"))  # those that may be far enough
        if reach <= start and best >= 0:
            break
        rows = max(1, PAIRS_AT_ONCE // max(reach, 1)) if best >= 0 else 1
        block = points[start : start + rows, None] - points[None, :reach]
        squares = np.einsum("ijk,ijk->ij", block, block)
        index = int(squares.argmax())
        if squares.flat[index] > best * abs(best):
            best = math.sqrt(squares.flat[index])
            pair = (start + index // reach, index % reach)
        start += rows
    return best, points[pair[0]], points[pair[1]]


def _longest_across(outline: np.ndarray, direction: np.ndarray) -> float:
    """The longest line at right angles to a direction within a convex outline.

    Its length is a concave function of the place along the direction, linear between corners, so it is the longest at
    a corner.

    Args:
        outline: corners of the shape (corners, 2), in order around it; at least four.
        direction: of the largest diameter, of length 1.
    """
    along, across = outline @ direction, outline @ np.array((-direction[1], direction[0]))
    turned = np.roll(np.stack((along, across), axis=1), -int(along.argmin()), axis=0)
    last = int(turned[:, 0].argmax())
    there, back = turned[: last + 1], np.concatenate((turned[last:], turned[:1]))[::-1]
    sides = [np.interp(along, side[:, 0], side[:, 1]) for side in (there, back)]
    return float(np.abs(sides[1] - sides[0]).max())
