"""Preparing scans: the right grid, the right values, once."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from childmemory import number_printed_by, only_on_linux
from dualtaskseg.contract.dataset import Case, Dataset
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.fingerprint import extract_fingerprints
from dualtaskseg.data.grid import on_plan_grid
from dualtaskseg.errors import InputError
from dualtaskseg.io.images import read_image
from dualtaskseg.io.writing import write_image
from dualtaskseg.method.sampling import Sampler, step_generator
from dualtaskseg.planning.plan import Normalization, Plan
from dualtaskseg.preparation import prepare as prepare_module
from dualtaskseg.preparation.prepare import MOST_POSITIONS, _positions, is_current, normalize, open_prepared, prepare
from dualtaskseg.preparation.signed_distance import signed_distance
from dualtaskseg.training.plan_run import plan_for, structure_of


@pytest.fixture(scope="module")
def plan(dataset) -> Plan:
    return plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset))


@pytest.fixture(scope="module")
def cases(dataset) -> list[Case]:
    return [*dataset.labeled, *dataset.unlabeled]


@pytest.fixture(scope="module")
def prepared(cases, plan, tmp_path_factory):
    return prepare(cases, plan, tmp_path_factory.mktemp("prepared"))


def test_all_cases_are_there_in_order_and_normalised(prepared, cases):
    assert [case.name for case in prepared] == [case.name for case in cases]
    for case in prepared:
        image = np.asarray(case.image(), np.float32)
        assert image.shape == case.shape
        assert abs(image.mean()) < 0.05 and abs(image.std() - 1) < 0.05


def test_labels_and_distances_agree(prepared, plan):
    for case in prepared[:3]:
        label, distance = case.label(), np.asarray(case.distance(), np.float32)
        for index, truncation in enumerate(plan.stored_truncation):
            expected = signed_distance(label == index + 1, plan.spacing, truncation)
            assert np.allclose(distance[index], expected, atol=0.01)
            assert np.array_equal(distance[index] < 0, label == index + 1)
            assert all(label[tuple(position)] == index + 1 for position in case.foreground[index])


def test_a_second_time_nothing_is_done(prepared, cases, plan):
    folder = prepared[0].folder
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.npy")}
    assert is_current(cases, plan, folder)
    prepare(cases, plan, folder)
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.npy")} == before


def test_a_changed_scan_or_plan_is_prepared_again(cases, plan, tmp_path):
    scan = tmp_path / "scan ß.nii.gz"
    image = read_image(cases[-1].image)
    write_image(image, scan)
    case = replace(cases[-1], image=scan)
    folder = tmp_path / "prepared"
    first = np.array(prepare([case], plan, folder)[0].image())
    write_image(sitk.Cast(image, sitk.sitkFloat32) ** 2, scan)
    os.utime(scan, ns=(1, 1))
    assert not is_current([case], plan, folder)
    assert not np.allclose(first, prepare([case], plan, folder)[0].image(), atol=1e-2)
    coarser = plan.replaced(spacing=tuple(2 * value for value in plan.spacing))
    assert open_prepared(folder, coarser) == []
    assert prepare([case], coarser, folder)[0].shape != first.shape


def test_a_half_prepared_case_is_made_again(cases, plan, tmp_path):
    prepared = prepare(cases[:2], plan, tmp_path)
    (tmp_path / f"{prepared[0].stem}.json").unlink()
    assert not is_current(cases[:2], plan, tmp_path)
    assert is_current(cases[:2], plan, prepare(cases[:2], plan, tmp_path)[0].folder)


def test_a_missing_scan_is_named(cases, plan, tmp_path):
    missing = replace(cases[0], image=tmp_path / "weg.nii.gz")
    with pytest.raises(InputError, match=r"weg\.nii\.gz"):
        prepare([missing, *cases[1:]], plan, tmp_path / "prepared")


def test_a_full_disk_is_told(cases, plan, tmp_path, monkeypatch):
    def full(*_args, **_keywords):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(InputError, match="No space left"):
        prepare(cases[:1], plan, tmp_path)
    assert not list(tmp_path.glob("*.npy")) and not list(tmp_path.glob(".tmp*"))


@pytest.mark.parametrize("flip", [(1, 1, 1), (-1, -1, 1), (1, -1, -1)])
def test_orientation_and_spacing_do_not_move_anything(plan, flip):
    """A bright ball is found at the same place of the patient on the plan's grid."""
    image = sitk.Image(30, 40, 24, sitk.sitkFloat32)
    image.SetSpacing((0.8, 0.6, 1.5))
    image.SetDirection(np.diag(flip).astype(float).ravel().tolist())
    image.SetOrigin((10, -20, 30))
    array = np.zeros((24, 40, 30), np.float32)
    z, y, x = np.meshgrid(np.arange(24) * 1.5, np.arange(40) * 0.6, np.arange(30) * 0.8, indexing="ij")
    array[(z - 15) ** 2 + (y - 9) ** 2 + (x - 13) ** 2 < 36] = 100
    source = sitk.GetImageFromArray(array)
    source.CopyInformation(image)

    def center(of: sitk.Image) -> np.ndarray:
        found = np.argwhere(sitk.GetArrayFromImage(of) > 50).mean(0)[::-1]
        return np.array(of.TransformContinuousIndexToPhysicalPoint(found.tolist()))

    coarse = plan.replaced(spacing=(1.2, 1.0, 1.0))
    assert np.allclose(center(on_plan_grid(source, coarse.spacing, coarse.orientation)), center(source), atol=0.35)
    assert np.allclose(
        center(on_plan_grid(source, coarse.spacing, coarse.orientation, label=True)), center(source), atol=0.35
    )
    grid = on_plan_grid(source, coarse.spacing, coarse.orientation)
    assert np.allclose(np.diag(np.array(grid.GetDirection()).reshape(3, 3)), 1)
    covered = np.array(grid.GetSize()) * np.array(grid.GetSpacing())
    assert np.allclose(covered, np.array(source.GetSize()) * np.array(source.GetSpacing()), atol=0.6)


def test_normalisation():
    image = np.random.default_rng(0).normal(300, 40, (20, 20, 20))
    image[0, 0, 0] = np.nan
    image[0, 0, 1] = np.inf
    scan = normalize(image, Normalization("scan"))
    assert np.isfinite(scan).all() and abs(scan.mean()) < 1e-3 and abs(scan.std() - 1) < 1e-3
    ct = normalize(np.array([[[-2000.0, 0, 50, 3000]]]), Normalization("ct", -100, 200, 50, 25))
    assert ct.ravel().tolist() == [-6, -2, 0, 6]
    assert not normalize(np.full((4, 4, 4), 7), Normalization("scan")).any()


def test_patches_depend_on_seed_and_iteration_alone(prepared, plan):
    sampler = Sampler(prepared[:3], plan, True, torch.device("cpu"))
    first = sampler.draw(2, step_generator(3, 11))
    sampler.draw(2, step_generator(3, 12))
    again = Sampler(prepared[:3], plan, True, torch.device("cpu")).draw(2, step_generator(3, 11))
    assert torch.equal(first.image, again.image) and torch.equal(first.label, again.label)
    assert not torch.equal(first.image, sampler.draw(2, step_generator(3, 12)).image)
    assert first.image.shape == (2, 1, *plan.patch)
    assert first.distance.shape == (2, 2, *plan.patch)


def test_drawn_distances_fit_drawn_labels(prepared, plan):
    """Inside the label the drawn distance is negative, but for the voxels that interpolation touches."""
    sampler = Sampler(prepared[:3], plan, True, torch.device("cpu"))
    for iteration in range(5):
        batch = sampler.draw(1, step_generator(0, iteration))
        for index in range(2):
            inside = batch.distance[:, index] < 0
            differs = (inside != (batch.label == index + 1)) & batch.valid
            assert differs.float().mean() < 0.02
            if differs.any():
                assert batch.distance[:, index][differs].abs().max() < 2 * max(plan.spacing)


def test_training_from_prepared_scans_needs_neither_simpleitk_nor_the_scans(prepared, plan, tmp_path):
    import json

    (tmp_path / "plan.json").write_text(json.dumps(plan.to_dict()))
    script = (
        "import sys, json, torch; sys.modules['SimpleITK'] = None\n"
        "from pathlib import Path\n"
        "from dualtaskseg.preparation.prepare import open_prepared\n"
        "from dualtaskseg.method.learner import Learner\n"
        "from dualtaskseg.planning.plan import Plan\n"
        "plan = Plan.from_dict(json.loads(Path(sys.argv[1]).read_text()))\n"
        "cases = open_prepared(Path(sys.argv[2]), plan)\n"
        "learner = Learner(plan, cases[:3], cases[3:], torch.device('cpu'))\n"
        "print(float(learner.step(0, 10)['loss']), float(learner.step(9, 10)['loss']))\n"
        "assert 'torch._dynamo' not in sys.modules, 'PyTorch loads its compiler'\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "plan.json"), str(prepared[0].folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert all(np.isfinite(float(value)) for value in result.stdout.split())


def test_a_thousand_cases_open_no_more_files_than_one(prepared, plan):
    """Each draw maps the files anew, so that the number of cases is not bounded by open files."""
    many = [replace(prepared[index % 3], name=f"case {index}") for index in range(1000)]
    sampler = Sampler(many, plan, True, torch.device("cpu"))
    for iteration in range(30):
        sampler.draw(1, step_generator(0, iteration))
    if Path("/proc/self/fd").exists():
        targets = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        assert sum(target.endswith(".npy") for target in targets) < 10


@only_on_linux
def test_memory_does_not_grow_with_the_number_of_cases(tmp_path):
    """Planning and preparing: 34 more cases, more than 40 MiB of arrays on disk, and hardly more memory.

    The first two dozen let the memory that is kept for reuse grow to its size.
    """
    rng = np.random.default_rng(0)
    for seed in range(4):
        image = sitk.GetImageFromArray(rng.normal(size=(64, 64, 64)).astype(np.float32))
        sitk.WriteImage(image, str(tmp_path / f"{seed}.nrrd"))
    label = np.zeros((64, 64, 64), np.uint8)
    label[8:56, 8:56, 8:56] = 1
    sitk.WriteImage(sitk.GetImageFromArray(label), str(tmp_path / "label.nrrd"))
    script = """
import sys
from pathlib import Path
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.dataset import Case, Dataset
from dualtaskseg.contract.segment import Segment
from dualtaskseg.preparation.prepare import prepare
from dualtaskseg.training.plan_run import plan_for

folder, count = Path(sys.argv[1]), int(sys.argv[2])
cases = tuple(Case(str(n), folder / f"{n % 4}.nrrd", folder / "label.nrrd", "labeled") for n in range(count))
dataset = Dataset("many", folder, cases, (Segment("A", 1, (1, 2, 3)),), "MR")
plan = plan_for(dataset, [case.name for case in cases], TrainingRequest(dataset))
assert len(prepare(cases, plan, folder / sys.argv[2])) == count
print(peak_memory() / 2**20)
"""
    growth = number_printed_by(script, tmp_path, 58) - number_printed_by(script, tmp_path, 24)
    on_disk = [sum(file.stat().st_size for file in (tmp_path / count).iterdir()) for count in ("24", "58")]
    assert on_disk[1] - on_disk[0] > 40 * 2**20
    assert growth < 25  # MiB, of which the allocator takes up to 15 one time and none another


def test_thestructure_of_is_measured_in_the_patient_s_axes(tmp_path):
    """A label that is stored sideways: its box and its inner radius are the same as upright."""
    label = np.zeros((30, 40, 50), np.uint8)
    label[5:15, 10:30, 5:45] = 3  # 10 x 20 x 40 voxels, z y x
    image = sitk.GetImageFromArray(label)
    image.SetSpacing([1.0, 1.5, 2.0])  # so 20 x 30 x 40 mm
    dataset = Dataset("one", tmp_path, (), (Segment("A", 3, (1, 2, 3)),), "MR")
    for index, stored in enumerate((image, sitk.PermuteAxes(image, [2, 0, 1]), sitk.DICOMOrient(image, "AIR"))):
        file = tmp_path / f"{index}.nrrd"
        sitk.WriteImage(stored, str(file))
        case = Case(str(index), file, file, "labeled")
        (facts,) = extract_fingerprints([case], dataset.segments)
        structure = structure_of(case, facts, dataset, (1.0, 1.0, 1.0), lambda: False)
        boxes, radii = structure.boxes, structure.radii
        assert boxes == [pytest.approx((20.0, 30.0, 40.0))]
        assert radii == [pytest.approx(8.5)]  # to within a voxel of 10


def test_a_changed_file_of_voxels_beside_its_header_is_noticed(plan, tmp_path):
    image = sitk.GetImageFromArray(np.random.default_rng(0).normal(size=(20, 20, 20)).astype(np.float32))
    sitk.WriteImage(image, str(tmp_path / "a.mhd"))
    case = Case("a", tmp_path / "a.mhd", None, "unlabeled")
    prepare([case], plan, tmp_path / "prepared")
    assert is_current([case], plan, tmp_path / "prepared")
    os.utime(tmp_path / "a.raw", ns=(1, 1))
    assert not is_current([case], plan, tmp_path / "prepared")


def test_as_many_scans_at_once_as_fit_into_memory(plan, tmp_path, monkeypatch):
    sitk.WriteImage(sitk.Image([100, 100, 100], sitk.sitkInt16), str(tmp_path / "a.nrrd"))
    case = Case("a", tmp_path / "a.nrrd", None, "unlabeled")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    fine, coarse = plan.replaced(spacing=(0.5, 1.0, 1.0)), plan.replaced(spacing=(1.0, 1.0, 1.0))
    for free, expected in ((2**40, (6, 6)), (220 * 10**6, (1, 3)), (1, (1, 1))):
        monkeypatch.setattr(prepare_module, "available_memory", lambda free=free: free)
        assert (prepare_module._workers([case], fine), prepare_module._workers([case], coarse)) == expected


@pytest.mark.parametrize("density", [0.0, 0.001, 0.3, 1.0])
def test_positions_lie_evenly_and_cost_no_memory(density):
    """Those of nearly all voxels, as nobody looked at them, took 24 bytes a voxel."""
    mask = np.random.default_rng(0).random((60, 80, 90)) < density
    every = np.argwhere(mask)
    expected = every[:: max(1, len(every) // MOST_POSITIONS)][:MOST_POSITIONS].tolist()
    del every
    tracemalloc.start()
    assert _positions(mask) == expected
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * mask.size + 500_000
