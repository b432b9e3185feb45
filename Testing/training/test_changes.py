"""What a later segmentation changed, against what was put in."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.changes import ADDED, OTHER, REMOVED, compare_masks

TURN = (math.cos(0.3), -math.sin(0.3), 0, math.sin(0.3), math.cos(0.3), 0, 0, 0, 1)


def mask(path: Path, *box: slice, spacing=(0.5, 1.0, 2.0)) -> Path:
    array = np.zeros((8, 10, 12), np.uint8)
    array[box] = 1
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(spacing)
    image.SetDirection(TURN)
    sitk.WriteImage(image, str(path))
    return path


def test_a_structure_that_moved_one_that_came_and_one_that_went(tmp_path):
    """A box moved by two voxels along x; its neighbor took what it left; one went, one came."""
    z, y = slice(2, 6), slice(3, 7)
    before = {
        "Liver": mask(tmp_path / "a.nrrd", z, y, slice(2, 8)),
        "Cyst": mask(tmp_path / "b.nrrd", 0, 0, slice(0, 3)),
    }
    after = {
        "liver": mask(tmp_path / "c.nrrd", z, y, slice(4, 10)),
        "Vein": mask(tmp_path / "d.nrrd", z, y, slice(3, 4)),
    }
    liver, cyst, vein = compare_masks(before, after, tmp_path / "map.nrrd")
    voxel = 0.001  # mL
    assert liver.structure == "liver"
    assert (liver.before_ml, liver.after_ml) == pytest.approx((96 * voxel, 96 * voxel))
    assert (liver.added_ml, liver.removed_ml) == pytest.approx((32 * voxel, 32 * voxel))
    assert liver.dice == pytest.approx(64 / 96)
    assert liver.largest_mm == pytest.approx(1.0, abs=1e-5)  # two voxels of half a mm
    assert 0 < liver.mean_mm < liver.percentile95_mm <= liver.largest_mm + 1e-6
    assert (cyst.after_ml, cyst.removed_ml, cyst.dice) == pytest.approx((0, 3 * voxel, 0))
    assert cyst.largest_mm is None
    assert (vein.before_ml, vein.added_ml) == pytest.approx((0, 16 * voxel))
    written = sitk.ReadImage(str(tmp_path / "map.nrrd"))
    assert written.GetDirection() == pytest.approx(TURN)
    values = sitk.GetArrayFromImage(written)
    expected = np.zeros_like(values)
    expected[z, y, 2] = REMOVED
    expected[z, y, 3] = OTHER  # from the one structure to the other
    expected[z, y, 8:10] = ADDED
    expected[0, 0, :3] = REMOVED
    assert np.array_equal(values, expected)


def test_masks_of_two_scans_are_refused_and_nothing_is_written(tmp_path):
    one, other = mask(tmp_path / "a.nrrd", 3), mask(tmp_path / "b.nrrd", 3, spacing=(1, 1, 1))
    with pytest.raises(InputError, match=r"b\.nrrd"):
        compare_masks({"A": one}, {"A": other}, tmp_path / "map.nrrd")
    with pytest.raises(InputError, match="Neither"):
        compare_masks({}, {}, tmp_path / "map.nrrd")
    assert not (tmp_path / "map.nrrd").exists()


def test_an_earlier_segmentation_without_any_structure_is_empty(tmp_path):
    """Also where the first structure is only in the later one, so that nothing tells the grid before."""
    file = tmp_path / "a.nrrd"
    sitk.WriteImage(sitk.GetImageFromArray(np.ones((2, 3, 4), np.uint8)), str(file))
    (change,) = compare_masks({}, {"A": file})
    assert (change.structure, change.before_ml, change.removed_ml) == ("A", 0, 0)
    assert change.added_ml == change.after_ml > 0
