"""Parts of outlines that a coarser grid does not meet are counted and told; a finer grid saves them where cheap."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.grid import target_spacing
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.data.parts import lost_parts, part_extents
from dualtaskseg.io.geometry import Geometry
from dualtaskseg.method.registry import make_plan
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import MOST_FINER, ScanStatistics
from dualtaskseg.preparation.prepare import label_on_plan_grid, prepare
from dualtaskseg.training.plan_run import plan_for

SEGMENTS = [Segment("Lesion", 1, (200, 80, 60))]


def image_of(array: np.ndarray, spacing: tuple[float, ...], flipped: bool = False) -> SimpleITK.Image:
    """Array (z, y, x), spacing (x, y, z)."""
    image = SimpleITK.GetImageFromArray(array)
    image.SetSpacing(spacing)
    if flipped:
        image.SetDirection((-1.0, 0, 0, 0, -1.0, 0, 0, 0, 1.0))
    return image


def lesions(size: tuple[int, int, int], sides: tuple[int, int, int], count: int, seed: int = 0) -> np.ndarray:
    """Boxes at random places in planes of their own, so that none touches another."""
    rng = np.random.default_rng(seed)
    label = np.zeros(size, np.uint8)
    for index in range(count):
        z = 1 + index * (sides[0] + 2)
        y, x = (int(rng.integers(1, size[axis] - sides[axis] - 1)) for axis in (1, 2))
        label[z : z + sides[0], y : y + sides[1], x : x + sides[2]] = 1
    return label


def plan_with(spacing: tuple[float, float, float]) -> Plan:
    scans = [ScanStatistics((20, 20, 20), spacing, ((5.0, 5.0, 5.0),), (2.0,))]
    return make_plan(scans, SEGMENTS).replaced(spacing=spacing)


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize(
    ("own", "spacing"),
    [
        ((0.5, 0.5, 1.0), (5.0, 2.0, 2.0)),
        ((0.7, 0.8, 1.1), (3.0, 2.1, 1.7)),
        ((1.0, 1.0, 1.0), (2.0, 2.0, 2.0)),
        ((1.0, 1.0, 1.0), (4.0, 1.0, 1.0)),
    ],
)
def test_a_part_is_lost_exactly_where_the_resampled_label_lacks_it(own, spacing, flipped: bool):
    """The count is compared with the parts that the resampling itself leaves."""
    label = lesions((44, 60, 60), (2, 3, 3), 8, seed=3)
    image = image_of(label, own, flipped)
    (parts,) = lost_parts(image, [1], spacing)
    assert parts.count == 8
    assert parts.volume == pytest.approx(label.sum() * np.prod(own))
    numbers = SimpleITK.GetArrayFromImage(SimpleITK.ConnectedComponent(image))
    left = 0
    for number in range(1, 9):  # each part by itself, so that none can hide behind another
        alone = image_of((numbers == number).astype(np.uint8), own, flipped)
        moved = label_on_plan_grid(alone, plan_with(spacing))
        left += bool(moved.any())
    assert parts.count - parts.lost == left
    after = label_on_plan_grid(image, plan_with(spacing))
    assert parts.volume_after == pytest.approx(after.sum() * np.prod(spacing))


def test_a_volume_that_changes_much_is_told_too():
    label = np.zeros((20, 20, 20), np.uint8)
    label[7:10, 7:10, 7:10] = 1
    label[2:18, 2:18, 2:18] += 2 * (label[2:18, 2:18, 2:18] == 0).astype(np.uint8)
    small, large = lost_parts(image_of(label, (1.0, 1.0, 1.0)), [1, 2], (2.0, 2.0, 2.0))
    assert (small.lost, small.volume, small.volume_after) == (0, 27.0, 64.0)
    assert small.is_told and not large.is_told
    assert "The volume of Cyst in c1 changes from 27 to 64 mm3 at 2 x 2 x 2 mm" in small.sentence(
        "c1", "Cyst", (2, 2, 2)
    )


def test_nothing_is_lost_on_a_grid_that_is_nowhere_coarser():
    assert lost_parts(image_of(lesions((44, 60, 60), (2, 3, 3), 8), (1.0, 1.0, 2.0)), [1], (2.0, 1.0, 0.5)) == []


def test_extents_of_parts_are_in_mm_and_specks_are_passed_over():
    label = lesions((44, 60, 60), (2, 3, 3), 2)
    label[40, 5, 5] = 1
    assert list(part_extents(label, 1, (2.0, 1.0, 0.5))) == [(4.0, 3.0, 1.5)] * 2
    assert list(part_extents(label, 7, (2.0, 1.0, 0.5))) == []


def test_spacing_follows_the_patients_axes():
    sagittal = (0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)  # the axes run to the back, head, left
    grid = Geometry((10, 20, 50), (1.0, 2.0, 5.0), (0.0, 0.0, 0.0), sagittal)
    assert grid.patient_spacing == (2.0, 1.0, 5.0) and grid.patient_shape == (20, 10, 50)
    assert grid.spacing_zyx == (5.0, 2.0, 1.0) and grid.shape == (50, 20, 10)


COARSE, FINE = (5.0, 2.0, 2.0), (1.0, 0.5, 0.5)


def scans_of(part: tuple[float, float, float]) -> list[ScanStatistics]:
    coarse = ScanStatistics((8, 20, 20), COARSE, ((15.0, 12.0, 12.0),), (6.0,))
    fine = ScanStatistics((40, 80, 80), FINE, ((30.0, 30.0, 30.0),), (1.0,), small_parts=(part,) * 8)
    return [coarse, coarse, coarse, fine]


def test_the_grid_becomes_as_fine_as_the_smallest_part_where_that_is_cheap():
    plan = make_plan(scans_of((2.0, 1.5, 1.5)), SEGMENTS)
    assert plan.spacing == (2.0, 1.5, 1.5)
    assert any("8 of 8 outlined parts" in note and "1.5 x 1.5 x 2 mm" in note for note in plan.notes)
    assert target_spacing([scan.spacing for scan in scans_of((2.0, 1.5, 1.5))]) == COARSE


def test_but_never_much_finer_and_never_for_parts_that_are_large_enough():
    dear = make_plan(scans_of((1.0, 0.5, 0.5)), SEGMENTS)
    assert np.prod(COARSE) / np.prod(dear.spacing) == pytest.approx(MOST_FINER, rel=1e-2)
    assert make_plan(scans_of((6.0, 4.0, 4.0)), SEGMENTS).spacing == COARSE


def write_mixed(folder: Path, sides: tuple[int, int, int]) -> Path:
    """Two coarse scans and a fine one with eight small lesions."""
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True)
    for index in range(3):
        is_fine = index == 2
        spacing, size = ((0.5, 0.5, 1.0), (40, 80, 80)) if is_fine else ((2.0, 2.0, 5.0), (8, 20, 20))
        label = lesions(size, sides, 8) if is_fine else np.zeros(size, np.uint8)
        if not is_fine:
            label[3:6, 6:12, 6:12] = 1
        noise = np.random.default_rng(index).normal(0, 8, size)
        SimpleITK.WriteImage(
            image_of((100 + 80 * label + noise).astype(np.int16), spacing), str(folder / f"images/c{index}.nii.gz")
        )
        SimpleITK.WriteImage(image_of(label, spacing), str(folder / f"labels/c{index}.nii.gz"))
    return folder


def test_check_and_preparing_tell_what_is_lost(tmp_path: Path):
    report = check_dataset(load_dataset(write_mixed(tmp_path / "data", (1, 2, 2))))
    (problem,) = report.warnings
    assert (problem.case, problem.code) == ("c2", "lost-parts")
    assert "of 8 parts of Segment 1 in c2 are lost at 2 x 2 x 5 mm" in problem.what
    assert any("voxels of the scans differ much" in note and "0.5 to 2" in note for note in report.notes)
    plan = plan_for(report.dataset, ["c0", "c1", "c2"], TrainingRequest(report.dataset), report.fingerprints).replaced(
        spacing=COARSE
    )
    prepared = prepare(report.dataset.labeled, plan, tmp_path / "prepared")
    assert [len(case.lost) for case in prepared] == [0, 0, 1]
    assert "of 8 parts of Segment 1 in c2 are lost at 2 x 2 x 5 mm" in prepared[2].lost[0]


def test_no_lesion_is_lost_in_training_where_a_finer_grid_is_cheap(tmp_path: Path):
    report = check_dataset(load_dataset(write_mixed(tmp_path / "data", (2, 3, 3))))
    plan = plan_for(report.dataset, ["c0", "c1", "c2"], TrainingRequest(report.dataset), report.fingerprints)
    prepared = prepare(report.dataset.labeled, plan, tmp_path / "prepared")
    components = SimpleITK.ConnectedComponent(SimpleITK.GetImageFromArray(np.array(prepared[2].label())), True)
    assert SimpleITK.GetArrayFromImage(components).max() == 8
    assert not prepared[2].lost
