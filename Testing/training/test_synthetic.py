"""The synthetic cohort: exact labels, a task that no threshold solves, every format and grid it promises."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.errors import InputError
from dualtaskseg.io.images import read_image
from dualtaskseg.synthetic.cohort import write_cohort, write_dicom_series
from dualtaskseg.synthetic.phantom import SLICE_RATIO, make_scan

SMALL = (20, 24, 20)
SEEDS = range(6)


def voxels(image: SimpleITK.Image) -> np.ndarray:
    return SimpleITK.GetArrayFromImage(image)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_same_grid(one: SimpleITK.Image, other: SimpleITK.Image) -> None:
    assert one.GetSize() == other.GetSize()
    np.testing.assert_allclose(one.GetSpacing(), other.GetSpacing(), atol=1e-5)
    np.testing.assert_allclose(one.GetOrigin(), other.GetOrigin(), atol=1e-4)
    np.testing.assert_allclose(one.GetDirection(), other.GetDirection(), atol=1e-6)


def best_threshold_dice(scan: np.ndarray, target: np.ndarray) -> float:
    """Dice of the best intensity window over all pairs of 2 %-quantiles; an open end is a window too."""
    edges = np.unique(np.quantile(scan, np.linspace(0, 1, 51)))
    edges[-1] += 1
    hits = np.r_[0, np.histogram(scan[target], edges)[0].cumsum()]
    taken = np.r_[0, np.histogram(scan, edges)[0].cumsum()]
    dice = 2 * (hits[None] - hits[:, None]) / np.maximum(taken[None] - taken[:, None] + target.sum(), 1)
    return float(np.triu(dice, 1).max())


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic") / "Köhler's Proben 肾"  # what people call their folders
    return write_cohort(folder, labeled=4, unlabeled=8, held_out=4, seed=3, size=SMALL)


# --- one scan


def test_same_seed_same_voxels_other_seed_other_patient():
    scan, label = make_scan(5, SMALL, anisotropic=True, oblique=True)
    again, label_again = make_scan(5, SMALL, anisotropic=True, oblique=True)
    assert voxels(scan).tobytes() == voxels(again).tobytes()
    assert voxels(label).tobytes() == voxels(label_again).tobytes()
    assert_same_grid(scan, again)
    other, other_label = make_scan(6, SMALL, anisotropic=True, oblique=True)
    assert (voxels(other) != voxels(scan)).any()
    assert (voxels(other_label) != voxels(label)).any()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("anisotropic", [False, True])
def test_both_segments_are_there_touch_and_lie_inside(seed, anisotropic):
    scan, label = make_scan(seed, (16, 48, 40) if anisotropic else (40, 48, 40), anisotropic, oblique=seed % 2 == 1)
    assert_same_grid(scan, label)
    assert scan.GetPixelID() == SimpleITK.sitkInt16
    assert label.GetPixelID() == SimpleITK.sitkUInt8
    array = voxels(label)
    assert set(np.unique(array)) == {0, 1, 2}
    voxel = np.prod(label.GetSpacing())
    assert 1500 < (array == 1).sum() * voxel < 7000
    assert 100 < (array == 2).sum() * voxel < 1200
    contacts = 0
    for axis in range(3):
        pair = np.moveaxis(array, axis, 0)
        contacts += ((pair[1:] == 1) & (pair[:-1] == 2)).sum() + ((pair[1:] == 2) & (pair[:-1] == 1)).sum()
    assert contacts > 10
    inside = np.zeros(array.shape, bool)
    inside[1:-1, 1:-1, 1:-1] = True
    assert not array[~inside].any()


def test_label_is_the_same_anatomy_on_any_grid():
    """The anatomy lives in space: a finer and turned grid of the same patient shows the same volumes in one place."""
    _, coarse = make_scan(2, (32, 38, 32))
    _, fine = make_scan(2, (64, 76, 64), oblique=True)
    for value in (1, 2):
        volumes, centers = [], []
        for label in (coarse, fine):
            index = np.argwhere(voxels(label) == value)[:, ::-1]
            direction = np.array(label.GetDirection()).reshape(3, 3)
            points = label.GetOrigin() + (index * label.GetSpacing()) @ direction.T
            volumes.append(len(index) * np.prod(label.GetSpacing()))
            centers.append(points.mean(0))
        assert volumes[0] == pytest.approx(volumes[1], rel=0.08)
        np.testing.assert_allclose(centers[0], centers[1], atol=0.35)


def test_grids_are_what_was_asked_for():
    plain, _ = make_scan(1, (14, 22, 18))
    assert plain.GetSize() == (18, 22, 14)
    assert plain.GetDirection() == (1, 0, 0, 0, 1, 0, 0, 0, 1)
    assert len(set(plain.GetSpacing())) == 1
    turned, _ = make_scan(1, (14, 22, 18), anisotropic=True, oblique=True)
    spacing = turned.GetSpacing()
    assert spacing[0] == spacing[1]
    assert spacing[2] / spacing[0] == pytest.approx(SLICE_RATIO, rel=0.01)
    direction = np.array(turned.GetDirection()).reshape(3, 3)
    np.testing.assert_allclose(direction @ direction.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(direction) == pytest.approx(1)
    assert 10 <= np.degrees(np.arccos((np.trace(direction) - 1) / 2)) <= 25


@pytest.mark.parametrize("size", [(11, 20, 20), (20, 20), (0, 0, 0)])
def test_too_small_a_size_is_refused(size):
    with pytest.raises(InputError, match="12 or more"):
        make_scan(0, size)


def test_the_organ_is_visible_but_no_threshold_finds_it():
    for seed in SEEDS:
        scan, label = (voxels(image) for image in make_scan(seed))
        near = label == 0
        assert scan[label == 1].mean() > 1.3 * np.median(scan[near]), "an organ that nobody sees can't be learned"
        assert best_threshold_dice(scan, label > 0) < 0.75
        assert best_threshold_dice(scan, label == 1) < 0.75
        assert best_threshold_dice(scan, label == 2) < 0.75


@pytest.mark.parametrize("anisotropic", [False, True])
def test_scan_and_label_lie_exactly_over_each_other(anisotropic):
    """Moved by one voxel along any axis, the label fits the picture worse."""
    size = (16, 48, 40) if anisotropic else (40, 48, 40)
    fits = []
    for seed in SEEDS:
        scan, label = (voxels(image) for image in make_scan(seed, size, anisotropic, oblique=True))
        bright = scan / scan[label > 0].mean()
        moves = [np.roll(label > 0, step, axis) for axis in range(3) for step in (-1, 0, 1)]
        fits.append([bright[moved].mean() for moved in moves])
    back, there, forth = np.mean(fits, axis=0).reshape(3, 3).T
    assert (there > back + 0.01).all()
    assert (there > forth + 0.01).all()


def test_intensity_scales_differ_between_scans():
    medians = [np.median(voxels(make_scan(seed, SMALL)[0])) for seed in range(12)]
    assert max(medians) > 10 * min(medians)


# --- the cohort


def test_cohort_loads_with_roles_segments_and_order(cohort):
    dataset = load_dataset(cohort.dataset)
    assert [case.name for case in dataset.cases] == [f"case_{k:02d}" for k in range(1, 13)]
    assert [case.name for case in dataset.labeled] == ["case_01", "case_02", "case_03", "case_04"]
    assert len(dataset.unlabeled) == 8
    assert [(s.name, s.value, s.color) for s in dataset.segments] == [
        ("Organ", 1, (221, 130, 101)),
        ("Vein", 2, (0, 151, 206)),
    ]
    context, category, kind, modifier, region_context, region, region_modifier = dataset.segments[0].terminology.split(
        "~"
    )
    assert context == "Segmentation category and type - 3D Slicer General Anatomy list"
    assert (category, kind) == ("SCT^85756007^Tissue", "SCT^113343008^Organ")
    assert region_context == "Anatomic codes - DICOM master list"
    assert modifier == region == region_modifier == "^^"


def test_every_case_reads_on_the_grid_of_its_label(cohort):
    dataset = load_dataset(cohort.dataset)
    for case in dataset.cases:
        label = case.label or cohort.hidden_labels / f"{case.name}.nii.gz"
        scan, truth = read_image(case.image), SimpleITK.ReadImage(str(label))
        assert_same_grid(scan, truth)
        assert set(np.unique(voxels(truth))) == {0, 1, 2}
    for image in sorted(cohort.held_out_images.iterdir()):
        scan = read_image(image)
        assert_same_grid(scan, SimpleITK.ReadImage(str(cohort.held_out_labels / image.name)))
    assert len(list(cohort.held_out_images.iterdir())) == len(list(cohort.held_out_labels.iterdir())) == 4


def test_formats_spacings_orientations_and_sizes_are_mixed(cohort):
    scans = [read_image(case.image) for case in load_dataset(cohort.dataset).cases]
    ratios = [scan.GetSpacing()[2] / scan.GetSpacing()[0] for scan in scans]
    assert sum(ratio > 2 for ratio in ratios) == 3
    assert sum(ratio == pytest.approx(1, abs=1e-4) for ratio in ratios) == 9
    turned = [abs(np.trace(np.array(scan.GetDirection()).reshape(3, 3)) - 3) > 0.01 for scan in scans]
    assert 2 <= sum(turned) <= 8
    assert turned[3] and ratios[3] > 2, "a labeled DICOM series is both oblique and anisotropic"
    assert len({scan.GetSize() for scan in scans}) > 6
    with (cohort.dataset / "cases.csv").open(encoding="utf-8", newline="") as file:
        images = [row["image"] for row in csv.DictReader(file)]
    kinds = ["dicom" if (cohort.dataset / image).is_dir() else image.split(".", 1)[1] for image in images]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"nii.gz": 7, "nrrd": 2, "mha": 1, "dicom": 2}


def test_true_labels_of_unlabeled_cases_stay_out_of_the_dataset(cohort):
    inside = {path.name for path in cohort.dataset.rglob("*") if path.is_file()}
    hidden = {path.name for path in cohort.hidden_labels.iterdir()}
    assert hidden == {f"case_{k:02d}.nii.gz" for k in range(5, 13)}
    labels = {path.name for path in (cohort.dataset / "labels").iterdir()}
    assert labels == {f"case_{k:02d}.nii.gz" for k in range(1, 5)}
    assert "cohort.json" not in inside
    assert cohort.dataset not in cohort.hidden_labels.parents


def test_dicom_series_reads_back_voxel_for_voxel(tmp_path, capfd):
    scan, label = make_scan(8, (14, 30, 26), anisotropic=True, oblique=True)
    write_dicom_series(scan, tmp_path / "Серия 1", seed=8, patient="case_01")
    back = read_image(tmp_path / "Серия 1")
    np.testing.assert_array_equal(voxels(back), voxels(scan))
    assert_same_grid(back, label)
    assert capfd.readouterr().err == ""


def test_dicom_headers_are_complete_and_reproducible(tmp_path):
    scan, _ = make_scan(9, (12, 20, 16), oblique=True)
    for name in ("one", "two"):
        write_dicom_series(scan, tmp_path / name, seed=9, patient="case_07")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    write_dicom_series(scan, tmp_path / "other", seed=10, patient="case_07")
    slices = [pydicom.dcmread(path) for path in sorted((tmp_path / "one").iterdir())]
    other = pydicom.dcmread(tmp_path / "other" / "slice_001.dcm")
    assert len({s.SOPInstanceUID for s in slices}) == 12
    assert len({(s.StudyInstanceUID, s.SeriesInstanceUID, s.FrameOfReferenceUID) for s in slices}) == 1
    assert other.SeriesInstanceUID != slices[0].SeriesInstanceUID
    for index, header in enumerate(slices):
        assert header.file_meta.MediaStorageSOPClassUID == pydicom.uid.MRImageStorage
        assert header.file_meta.MediaStorageSOPInstanceUID == header.SOPInstanceUID
        assert all(pydicom.uid.UID(u).is_valid for u in (header.SOPInstanceUID, header.StudyInstanceUID))
        assert header.PatientName == "Synthetic^Cohort"
        assert header.InstanceNumber == index + 1
        assert (header.RescaleSlope, header.RescaleIntercept) == (1, 0)
        assert header.SliceThickness == pytest.approx(scan.GetSpacing()[2])
        np.testing.assert_allclose(
            header.ImagePositionPatient, scan.TransformIndexToPhysicalPoint((0, 0, index)), atol=1e-5
        )
        direction = np.array(scan.GetDirection()).reshape(3, 3)
        np.testing.assert_allclose(header.ImageOrientationPatient, np.r_[direction[:, 0], direction[:, 1]], atol=1e-7)
        np.testing.assert_allclose(header.PixelSpacing, scan.GetSpacing()[:2])


def test_a_case_does_not_depend_on_the_counts(tmp_path):
    few = write_cohort(tmp_path / "few", labeled=1, unlabeled=1, held_out=1, seed=4, size=SMALL)
    more = write_cohort(tmp_path / "more", labeled=2, unlabeled=0, held_out=2, seed=4, size=SMALL)
    for one, other in (
        (few.dataset / "images" / "case_02.nrrd", more.dataset / "images" / "case_02.nrrd"),
        (few.hidden_labels / "case_02.nii.gz", more.dataset / "labels" / "case_02.nii.gz"),
        (few.held_out_images / "held_out_01.nii.gz", more.held_out_images / "held_out_01.nii.gz"),
    ):
        np.testing.assert_array_equal(voxels(SimpleITK.ReadImage(str(one))), voxels(SimpleITK.ReadImage(str(other))))
    different = write_cohort(tmp_path / "seed", labeled=1, unlabeled=0, held_out=0, seed=5, size=SMALL)
    first, second = (load_dataset(paths.dataset).cases[0].image for paths in (few, different))
    first, second = (voxels(SimpleITK.ReadImage(str(path))) for path in (first, second))
    assert first.shape != second.shape or (first != second).any()


def test_the_same_cohort_is_used_as_it_is(tmp_path):
    calls = []
    arguments = {"labeled": 1, "unlabeled": 1, "held_out": 1, "seed": 1, "size": (12, 12, 12)}
    first = write_cohort(tmp_path / "c", **arguments, on_progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 3), (2, 3), (3, 3)]
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "c").rglob("*")}
    again = write_cohort(tmp_path / "c", **arguments, on_progress=lambda done, total: calls.append((done, total)))
    assert again.dataset == first.dataset
    assert len(calls) == 3
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "c").rglob("*")}


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "empty").mkdir()
    paths = write_cohort(tmp_path / "empty", 1, 0, 0, size=(12, 12, 12))
    assert (paths.dataset / "cases.csv").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_other_contents_are_left_alone(tmp_path):
    foreign = tmp_path / "thesis"
    foreign.mkdir()
    (foreign / "chapter 1.txt").write_text("years of work")
    (tmp_path / "file").write_text("not a folder")
    other = tmp_path / "other cohort"
    write_cohort(other, 1, 0, 0, seed=1, size=(12, 12, 12))
    json_folder = tmp_path / "json"
    json_folder.mkdir()
    (json_folder / "cohort.json").write_text(json.dumps(["something else"]))
    before = contents(tmp_path)
    for folder, words in (
        (foreign, "not a synthetic cohort"),
        (tmp_path / "file", "not a synthetic cohort"),
        (json_folder, "not a synthetic cohort"),
        (other, "another synthetic cohort"),
    ):
        with pytest.raises(InputError, match=words) as error:
            write_cohort(folder, 1, 0, 0, seed=2, size=(12, 12, 12))
        assert str(folder) in str(error.value)
        assert error.value.remedy
    assert contents(tmp_path) == before


def test_an_incomplete_cohort_is_named(tmp_path):
    paths = write_cohort(tmp_path / "c", 1, 0, 0, size=(12, 12, 12))
    (paths.dataset / "labels" / "case_01.nii.gz").unlink()
    with pytest.raises(InputError, match=r"case_01\.nii\.gz is missing"):
        write_cohort(tmp_path / "c", 1, 0, 0, size=(12, 12, 12))


def test_an_interrupted_call_leaves_nothing(tmp_path):
    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_cohort(tmp_path / "c", 2, 2, 0, size=(12, 12, 12), on_progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_can_not_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't be written") as error:
        write_cohort(tmp_path / "file" / "c", 1, 0, 0, size=(12, 12, 12))
    assert error.value.remedy


@pytest.mark.parametrize("counts", [{"labeled": 0, "unlabeled": 0}, {"held_out": -1}, {"seed": -1}])
def test_senseless_numbers_are_refused(tmp_path, counts):
    with pytest.raises(InputError, match="at least one case"):
        write_cohort(tmp_path / "c", **counts)
    assert list(tmp_path.iterdir()) == []


def test_without_look_alikes_the_same_patient_has_darker_neighbors(tmp_path):
    (scan, label), (easy, same_label) = (make_scan(5, look_alikes=look_alikes) for look_alikes in (True, False))
    np.testing.assert_array_equal(voxels(label), voxels(same_label))
    inside = voxels(label) > 0
    np.testing.assert_allclose(voxels(easy)[inside].mean(), voxels(scan)[inside].mean(), rtol=0.03)
    darker = voxels(easy) < 0.8 * voxels(scan).astype(float)
    assert 0.02 < darker[~inside].mean() < 0.3 and (
        voxels(scan)[darker & ~inside].mean() > 0.7 * voxels(scan)[inside].mean()
    )
    made = write_cohort(tmp_path / "c", 1, 0, 0, size=(12, 12, 12), look_alikes=False).dataset.stat()
    again = write_cohort(tmp_path / "c", 1, 0, 0, size=(12, 12, 12), look_alikes=False).dataset.stat()
    assert (again.st_ino, again.st_mtime_ns) == (made.st_ino, made.st_mtime_ns)
    with pytest.raises(InputError, match="another synthetic cohort"):
        write_cohort(tmp_path / "c", 1, 0, 0, size=(12, 12, 12))
