"""Volumes and diameters against closed forms and against all pairs of points, on anisotropic and oblique grids."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from dualtaskseg.evaluation.sizes import size_of
from dualtaskseg.io.geometry import Geometry
from scipy import ndimage
from scipy.spatial.distance import pdist

SPACINGS = [(1.0, 1.0, 1.0), (0.6, 0.9, 3.0), (2.5, 0.7, 1.1)]  # x, y, z
ANGLES = (math.radians(20), math.radians(-35), math.radians(10))
# Which axis of the grid runs from foot to head: z as it is, x in a sagittal scan, y in a coronal one.
ORDERS = {"axial": (0, 1, 2), "sagittal": (1, 2, 0), "coronal": (2, 0, 1)}


def oblique() -> np.ndarray:
    """A rotation by less than 45 degrees about each axis: the grid's axes still have names."""
    turns = []
    for axis, angle in enumerate(ANGLES):
        turn = np.eye(3)
        first, second = (axis + 1) % 3, (axis + 2) % 3
        turn[first, first] = turn[second, second] = math.cos(angle)
        turn[first, second], turn[second, first] = -math.sin(angle), math.sin(angle)
        turns.append(turn)
    return turns[0] @ turns[1] @ turns[2]


def grid(shape: tuple[int, int, int], spacing=(1.0, 1.0, 1.0), direction=None) -> Geometry:
    return Geometry(
        shape[::-1], spacing, (12.0, -40.0, 7.0), tuple((np.eye(3) if direction is None else direction).flat)
    )


def ellipsoid(radii, spacing, turn) -> tuple[np.ndarray, tuple[int, int, int]]:
    """A mask (z, y, x) of an ellipsoid with these half axes in mm along x, y, z of the grid, turned by a rotation."""
    half = [int(np.ceil(max(radii) / step)) + 2 for step in spacing]
    x, y, z = np.meshgrid(*(np.arange(-n, n + 1) * s for n, s in zip(half, spacing, strict=True)), indexing="ij")
    own = np.stack((x, y, z), axis=-1) @ turn
    mask = ((own / np.array(radii)) ** 2).sum(axis=-1) <= 1
    return mask.transpose(2, 1, 0), mask.T.shape


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("direction", [np.eye(3), oblique()], ids=["straight", "oblique"])
def test_box(order, direction) -> None:
    """The edges of a box of 7 x 12 x 5 voxels; in a slice, the line from edge to edge that leaves out half a voxel."""
    spacing = (0.8, 0.5, 2.0)
    mask = np.zeros((11, 20, 9), bool)
    mask[3:8, 4:16, 1:8] = True
    turned = direction[:, ORDERS[order]]
    found = size_of(mask, grid(mask.shape, spacing, turned))
    edges, steps = np.array((7, 12, 5)) * spacing, np.array(spacing)
    assert found.volume_ml == pytest.approx(edges.prod() / 1000)
    across = int(np.argmax(np.abs(turned[2])))  # of the grid's x, y, z
    (w, h), (sw, sh) = np.delete(edges, across), np.delete(steps, across)
    length = max(math.hypot(w, h - sh), math.hypot(w - sw, h))
    assert found.axial_mm == pytest.approx(length)
    longest = [math.sqrt(((edges - steps * (np.arange(3) != axis)) ** 2).sum()) for axis in range(3)]
    assert found.largest_mm == pytest.approx(max(longest))
    assert found.perpendicular_mm <= found.axial_mm <= found.largest_mm


@pytest.mark.parametrize("spacing", SPACINGS)
def test_ellipsoid_along_the_grid(spacing) -> None:
    """Axes of 2 * 14, 2 * 9 and 2 * 22 mm: each diameter within a voxel of it."""
    radii = (14.0, 9.0, 22.0)
    mask, shape = ellipsoid(radii, spacing, np.eye(3))
    found = size_of(mask, grid(shape, spacing, oblique()))
    assert found.axial_mm == pytest.approx(28, abs=max(spacing[:2]))
    assert found.perpendicular_mm == pytest.approx(18, abs=max(spacing[:2]))
    assert found.largest_mm == pytest.approx(44, abs=max(spacing))
    assert found.volume_ml == pytest.approx(4 / 3 * math.pi * np.prod(radii) / 1000, rel=0.02)
    sagittal = size_of(mask, grid(shape, spacing, np.eye(3)[:, (2, 0, 1)]))  # the grid's x runs from foot to head
    assert sagittal.axial_mm == pytest.approx(44, abs=max(spacing))
    assert sagittal.perpendicular_mm == pytest.approx(18, abs=max(spacing[1:]))


@pytest.mark.parametrize("spacing", SPACINGS)
def test_ellipsoid_across_the_grid(spacing) -> None:
    """The diameter in 3D doesn't depend on how the structure lies on the grid."""
    mask, shape = ellipsoid((8.0, 6.0, 20.0), spacing, oblique())
    assert size_of(mask, grid(shape, spacing)).largest_mm == pytest.approx(40, abs=max(spacing))


def all_points(mask: np.ndarray) -> np.ndarray:
    """Every point between a voxel inside and one outside, in voxels, without a thought."""
    padded = np.pad(mask, 1)
    found = []
    for axis in range(mask.ndim):
        step = np.eye(mask.ndim)[axis] / 2
        for way in (1, -1):
            inside = np.argwhere(padded & ~np.roll(padded, -way, axis)) - 1
            found.append(inside + way * step)
    return np.concatenate(found)


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_all_pairs_of_points(seed) -> None:
    """Random shapes with holes and several parts: the very distance, and the very line across it."""
    rng = np.random.default_rng(seed)
    field = ndimage.gaussian_filter(rng.standard_normal((9, 14, 17)), 1.5)
    mask = field > np.quantile(field, 0.8)
    spacing = np.array((1.7, 0.9, 0.6))  # z, y, x
    found = size_of(mask, grid(mask.shape, tuple(spacing[::-1].tolist())))
    assert found.largest_mm == pytest.approx(pdist(all_points(mask) * spacing).max(), abs=1e-9)
    slices = [all_points(plane) * spacing[1:] for plane in mask if plane.any()]
    lengths = [pdist(points).max() for points in slices]
    assert found.axial_mm == pytest.approx(max(lengths), abs=1e-9)
    across = []  # several slices may have the largest diameter
    for points in (plane for plane, length in zip(slices, lengths, strict=True) if length > max(lengths) - 1e-9):
        far = np.linalg.norm(points[:, None] - points[None], axis=-1)
        start, end = points[list(np.unravel_index(far.argmax(), far.shape))]
        along = (end - start) / far.max()
        across.append(longest_line(points, np.array((-along[1], along[0]))))
    assert found.perpendicular_mm == pytest.approx(max(across), abs=1e-6)


def longest_line(points: np.ndarray, direction: np.ndarray) -> float:
    """The longest line in a direction within the convex hull, by linear programming: from a to b, both in the hull."""
    from scipy.optimize import linprog

    n = len(points)
    ones, zeros = np.ones(n), np.zeros(n)
    equal = [np.append(np.append(-points[:, k], points[:, k]), -direction[k]) for k in range(2)]
    equal += [np.append(np.append(ones, zeros), 0), np.append(np.append(zeros, ones), 0)]
    done = linprog(np.append(np.zeros(2 * n), -1), A_eq=np.array(equal), b_eq=(0, 0, 1, 1))
    return -done.fun


def test_one_voxel_and_none() -> None:
    mask = np.zeros((5, 5, 5), bool)
    empty = size_of(mask, grid(mask.shape))
    assert empty.volume_ml == 0 and math.isnan(empty.axial_mm) and math.isnan(empty.largest_mm)
    mask[2, 2, 2] = True
    one = size_of(mask, grid(mask.shape, (2.0, 1.0, 3.0)))
    assert (one.axial_mm, one.perpendicular_mm, one.largest_mm) == pytest.approx((2, 1, 3))
    with pytest.raises(ValueError, match="shape"):
        size_of(mask, grid((4, 5, 5)))


def test_large_ball_is_quick() -> None:
    """A ball's surface has no point that is clearly out: the hardest case."""
    x, y, z = np.ogrid[-60:61, -60:61, -60:61]
    mask = x**2 + y**2 + z**2 <= 58**2
    began = time.thread_time()
    found = size_of(mask, grid(mask.shape))
    assert time.thread_time() - began < 5
    assert found.largest_mm == pytest.approx(117, abs=1)
