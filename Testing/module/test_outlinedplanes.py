"""On which slices something is outlined: on axial, coronal or sagittal ones, also mixed, or on all of them."""

from __future__ import annotations

import time

import numpy as np
import pytest
import scans

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture
def find():
    from DualTaskSegLib.image.outlinedplanes import outlinedPlanes

    return outlinedPlanes


def ball(shape=(60, 62, 64), radius=(20, 20, 20)) -> np.ndarray:
    grid = np.indices(shape)
    squared = sum(((grid[axis] - shape[axis] // 2) / radius[axis]) ** 2 for axis in range(3))
    return (squared < 1).astype(np.uint8)


def kept(voxels, k=(), j=(), i=()) -> np.ndarray:
    """Outlines on some slices only."""
    on = np.zeros(voxels.shape, bool)
    on[list(k)] = True
    on[:, list(j)] = True
    on[:, :, list(i)] = True
    return voxels * on


@pytest.mark.parametrize(
    "voxels",
    [ball(), ball((40, 60, 60), (7, 20, 10)), ball() - ball(radius=(18, 18, 18))],
    ids=["ball", "long", "wall"],
)
def test_a_whole_outline_leaves_nothing_open(find, voxels):
    planes = find(voxels)
    assert planes.empty == {} and planes.isOnOneAxis
    assert np.array_equal(planes.planes[0], np.flatnonzero(voxels.any(axis=(1, 2))))


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("step", [2, 5, 10])
def test_every_so_manieth_slice_on_each_axis(find, axis, step):
    on = {"kji"[axis]: range(1, 60, step)}
    planes = find(kept(ball(), **on))
    there = [index for index in range(1, 60, step) if abs(index - ball().shape[axis] // 2) < 20]
    assert planes.planes[axis] == tuple(there) and planes.isOnOneAxis and planes.axis == axis
    assert planes.empty == {"KJI"[axis]: tuple(sorted(set(range(there[0], there[-1])) - set(there)))}
    assert planes.isRegular
    seen = planes.seen()
    assert seen.dtype == np.uint8 and np.flatnonzero(np.moveaxis(seen, axis, 0).all(axis=(1, 2))).tolist() == there
    assert seen.sum() == len(there) * seen[0].size * len(seen) // seen.shape[axis]


def test_slices_across_a_thin_structure_are_not_taken_for_ones_along_it(find):
    """Fewer slices along it hold all outlined voxels."""
    planes = find(kept(ball((300, 60, 60), (150, 8, 8)), k=range(1, 300, 5)))
    assert planes.count == 60 and planes.axis == 0 and planes.isOnOneAxis and planes.isRegular


def test_slices_that_cross(find):
    planes = find(kept(ball(), [30], [31], [32]))
    assert planes.planes == ((30,), (31,), (32,))
    assert planes.empty == {"K": (29, 31), "J": (30, 32), "I": (31, 33)} and planes.isRegular
    mixed = find(kept(ball(), range(12, 50, 5), i=(25, 40)))
    assert mixed.planes == (tuple(range(12, 50, 5)), (), (25, 40)) and mixed.isRegular and not mixed.isOnOneAxis
    assert mixed.empty["I"] == tuple(range(26, 40))
    assert mixed.seen().sum() == (mixed.seen() > 0).sum() == 8 * 62 * 64 + 2 * (60 - 8) * 62


def test_a_single_slice_leaves_its_neighbors_open(find):
    planes = find(kept(ball(), [0, 30]))
    assert planes.planes == ((30,), (), ()) and planes.empty == {"K": (29, 31)} and not planes.isRegular
    atTheEnd = find(kept(np.ones((20, 9, 9), np.uint8), [0]))
    assert atTheEnd.empty == {"K": (1,)}


def test_a_speck_on_another_slice_makes_no_other_pattern(find):
    voxels = kept(ball(), range(12, 50, 5))
    voxels[14, 2, 3] = 1
    planes = find(voxels)
    assert planes.planes[0] == (12, 14, 17, 22, 27, 32, 37, 42, 47) and planes.isOnOneAxis and planes.isRegular


def test_pieces_of_their_own_look_like_a_structure_that_is_not_there_between(find):
    voxels = np.zeros((60, 60, 60), np.uint8)
    voxels[5:9, 20:27, 10:17] = 1
    voxels[30:33, 2:9, 40:47] = 1
    voxels[54:58, 40:43, 20:27] = 2
    planes = find(voxels)
    assert planes.planes[0] == (5, 6, 7, 8, 30, 31, 32, 54, 55, 56, 57) and not planes.isRegular
    assert planes.empty == {"K": (*range(9, 30), *range(33, 54))}
    side = np.zeros((60, 60, 60), np.uint8)  # two vessels beside each other: no slice of the scan is empty between
    side[5:50, 20:27, 10:17] = side[8:55, 20:27, 40:47] = 1
    assert find(side).empty == {}


@pytest.mark.parametrize(
    ("slices", "isRegular"),
    [
        ((10, 20, 30), True),
        ((10, 20, 30, 34), True),  # the last one ends the structure
        ((10, 11, 20, 21, 30, 31), True),
        ((10, 20), False),  # one gap tells nothing
        ((10, 13, 33, 41), False),
        ((10, 14, 31), False),
    ],
)
def test_gaps_of_equal_width_are_regular(find, slices, isRegular):
    planes = find(kept(np.ones((60, 30, 30), np.uint8), slices))
    assert planes.planes[0] == slices and planes.isRegular == isRegular


def test_a_large_label_is_looked_at_in_seconds(find):
    """In a thread: see the section Cases; here the time that it computes."""
    voxels = np.zeros((400, 400, 400), np.uint8)
    voxels[50:350, 100:300, 100:300] = 1
    for part in (voxels, kept(voxels, range(50, 350, 10))):
        started = time.thread_time()
        planes = find(part)
        assert time.thread_time() - started < 4
        assert bool(planes.empty) == (planes.count == 30)


def test_slices_are_called_by_their_direction(host):
    from DualTaskSegLib.image.geometry import Geometry

    names = [Geometry(scans.SIZE, scans.STRAIGHT).sliceDirection(axis) for axis in range(3)]
    assert names == ["axial", "coronal", "sagittal"]
    turned = scans.STRAIGHT[:, [2, 0, 1, 3]]
    assert [Geometry(scans.SIZE, turned).sliceDirection(axis) for axis in range(3)] == ["coronal", "sagittal", "axial"]
