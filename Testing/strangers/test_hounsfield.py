"""A CT scan that is not in Hounsfield units is told of, and does not spoil the window of the others."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import nibabel
import numpy as np
import pytest
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.hounsfield import SMALLEST_DISTANCE, USUAL_SPREADS, far_medians, shifts, why_not_hounsfield
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.io.image_notes import assumptions, modality_of
from dualtaskseg.io.images import read_assumptions, read_image
from dualtaskseg.method.registry import make_plan
from dualtaskseg.planning.rules import ScanStatistics
from dualtaskseg.training.plan_run import plan_for
from pydicom.dataset import Dataset
from strangerfiles import ENHANCED_CT, RAW, array_of, enhanced, series

CHANGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "no intercept": lambda hu: hu + 1024,
    "intercept twice": lambda hu: hu - 1024,
    "read as unsigned": lambda hu: np.where(hu < 0, hu + 65536, hu),
    "windowed": lambda hu: np.clip((hu + 160) / 400 * 255, 0, 255).round(),
    "other slope": lambda hu: hu * 10.0,
    "shifted up": lambda hu: hu + 200,
    "shifted down": lambda hu: hu - 200,
}


def cohort(folder: Path, change: Callable[[np.ndarray], np.ndarray] | None, modality: str = "CT", odd: int = 4) -> Path:
    """Writes five CT scans of a body with an organ of 110 HU, one of them changed."""
    for part in ("imagesTr", "labelsTr"):
        (folder / part).mkdir(parents=True)
    for number in range(5):
        label = np.zeros((32, 32, 16), np.uint8)
        label[8:20, 8:20, 4:12] = 1
        hu = np.full(label.shape, -1000.0)
        hu[3:29, 3:29] = 40
        hu[label > 0] = 110
        hu[3:5, 3:29] = 900
        hu = np.clip(hu + np.random.default_rng(number).normal(0, 8, label.shape), -1024, None).round()
        if number == odd and change is not None:
            hu = change(hu)
        affine = np.diag([-1, -1, 2, 1])
        nibabel.save(nibabel.Nifti1Image(hu.astype(np.int32), affine), folder / f"imagesTr/c{number}.nii.gz")
        nibabel.save(nibabel.Nifti1Image(label, affine), folder / f"labelsTr/c{number}.nii.gz")
    cases = ", ".join(f'{{"image": "imagesTr/c{n}.nii.gz", "label": "labelsTr/c{n}.nii.gz"}}' for n in range(5))
    told = f'"modality": {{"0": "{modality}"}}, ' if modality else ""
    (folder / "dataset.json").write_text(
        f'{{{told}"labels": {{"0": "background", "1": "Liver"}}, "training": [{cases}]}}', encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize("modality", ["CT", ""])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("odd", [0, 4])
def test_the_odd_scan_is_told_of(tmp_path: Path, change: str, modality: str, odd: int):
    """TotalSegmentator issues 130 and 455, lungmask issue 108: bad results without a word."""
    report = check_dataset(load_dataset(cohort(tmp_path / "d", CHANGES[change], modality, odd)), workers=1)
    found = [problem for problem in report.problems if problem.code == "hounsfield"]
    assert [problem.case for problem in found] == [f"c{odd}"]
    assert found[0].severity == "warning" and "does not seem to be in Hounsfield units" in found[0].what


def test_scans_in_hounsfield_units_are_not_told_of(tmp_path: Path):
    """The same: a warning at each scan would be read by nobody."""
    assert check_dataset(load_dataset(cohort(tmp_path / "d", None)), workers=1).problems == []
    assert check_dataset(load_dataset(cohort(tmp_path / "e", None, "")), workers=1).problems == []
    changed = load_dataset(cohort(tmp_path / "f", CHANGES["no intercept"], "MR"))
    assert [problem.code for problem in check_dataset(changed, workers=1).problems] == []


def test_a_series_with_the_wrong_number_type(tmp_path: Path):
    """nibabel issue 549: negative numbers in a type without a sign become 64,000."""
    (tmp_path / "images").mkdir()
    series(tmp_path / "images" / "scan", RAW - 1024, intercept=0, PixelRepresentation=0)
    problems = check_dataset(load_dataset(tmp_path), workers=1).problems
    assert any(one.code == "hounsfield" and "leave the range of CT" in one.what for one in problems)


def unit_of(text: str) -> Callable[[Dataset, int], None]:
    def edit(one: Dataset, _: int) -> None:
        one.RescaleType = text

    return edit


@pytest.mark.parametrize(("text", "told"), [("MGML", True), ("US", True), ("HU", False), ("hu", False)])
def test_a_ct_in_another_unit_is_told_of(tmp_path: Path, text: str, told: bool):
    """A map of iodine in mg/mL is CT by its header; it was taken for Hounsfield units without a word."""
    folder = series(tmp_path / "s", RAW, unit_of(text))
    said = f"is CT, but gives the unit of its intensities as {text!r}, not HU; its numbers are taken as they are"
    assert assumptions(read_image(folder)) == read_assumptions(folder) == ([said] if told else [])
    assert not assumptions(read_image(series(tmp_path / "mr", RAW, unit_of(text), Modality="MR")))


@pytest.mark.parametrize(("text", "told"), [("MGML", True), ("HU", False)])
@pytest.mark.parametrize("is_shared", [True, False])
def test_frames_of_a_ct_in_another_unit_are_told_of(tmp_path: Path, text: str, told: bool, is_shared: bool):
    scale = (2.0, -1000.0)

    def edit(whole: Dataset) -> None:
        for group in (*whole.SharedFunctionalGroupsSequence, *whole.PerFrameFunctionalGroupsSequence):
            if "PixelValueTransformationSequence" in group:
                group.PixelValueTransformationSequence[0].RescaleType = text

    scales, shared = (None, scale) if is_shared else ([scale] * len(RAW), None)
    path = enhanced(tmp_path / "s" / "a.dcm", scales, shared, kind=ENHANCED_CT, edit=edit, Modality="CT")
    for place in (path, path.parent):
        image = read_image(place)
        assert np.array_equal(array_of(image), RAW * 2.0 - 1000)
        assert modality_of(image) == "CT"
        assert [f"{text!r}, not HU" in said for said in assumptions(image)] == ([True] if told else [])


@pytest.mark.parametrize("named", ["", "CT"])
def test_a_scan_of_another_scanner_is_told_of(tmp_path: Path, named: str):
    """An MR scan among CT scans was clipped to their window without a word."""
    for name in ("a", "b", "c"):
        series(tmp_path / "images" / name, RAW, Modality="MR" if name == "b" else "CT")
    if named:
        (tmp_path / "dataset.json").write_text('{"modality": {"0": "CT"}, "labels": {"A": 1}}', encoding="utf-8")
    report = check_dataset(load_dataset(tmp_path), workers=1)
    (found,) = [problem for problem in report.problems if problem.code == "modality"]
    others = "the dataset is CT" if named else "other scans are CT"
    assert found.what == f"{tmp_path / 'images' / 'b'} is MR by its header, but {others}"
    assert found.severity == "warning" and found.case == "b"


def test_a_scan_without_air_is_told_of():
    """Values from -400 on, which neither air nor anything else in the body is at."""
    assert "so it shows no air" in why_not_hounsfield(-400, 1500)
    assert not why_not_hounsfield(-600, 1500)


@pytest.mark.parametrize("change", CHANGES)
def test_the_window_is_that_of_the_usual_scan(change: str):
    """TotalSegmentator issue 130: one such scan made the window 91 to 1150 HU instead of 89 to 130."""
    organ = [np.random.default_rng(number).normal(110, 8, 1000).round() for number in range(5)]

    def plan(samples):
        facts = [
            ScanStatistics((16, 32, 32), (2.0, 1.0, 1.0), ((16.0, 12.0, 12.0),), (6.0,), tuple(sample))
            for sample in samples
        ]
        return make_plan(facts, [Segment("Liver", 1, (0, 0, 0))], modality="CT").normalization

    good, mixed = plan(organ), plan([*organ[:4], CHANGES[change](organ[4])])
    assert (good.lower, good.upper) == pytest.approx((89, 130), abs=2)
    assert (mixed.lower, mixed.upper) == pytest.approx((good.lower, good.upper), abs=2)
    assert (mixed.mean, mixed.std) == pytest.approx((good.mean, good.std), abs=1)
    assert good.std == pytest.approx(8, abs=1)


def test_the_plan_and_so_the_report_tells_of_the_odd_scan(tmp_path: Path):
    """TotalSegmentator issue 130: who reads the report only reads it there."""
    dataset = load_dataset(cohort(tmp_path / "d", CHANGES["no intercept"]))
    plan = plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset))
    told = [note for note in plan.notes if "Hounsfield" in note]
    assert len(told) == 1 and told[0].startswith("The scan c4 is CT, but does not seem to be in Hounsfield units")
    assert str(tmp_path) not in told[0]


@pytest.mark.parametrize("count", [3, 4, 5, 10, 11])
def test_a_median_is_held_against_those_of_the_others(count: int):
    random = np.random.default_rng(count)
    for _ in range(50):
        medians = [*random.choice([-1000.0, -600, -550.5, 0, 40], count - 1).tolist(), None, 1500.0]
        known = [each for each in medians if each is not None]
        far = []
        for each in known:
            others = known.copy()
            others.remove(each)
            middle = statistics.median(others)
            spread = statistics.median(abs(other - middle) for other in others)
            far.append(len(others) > 2 and abs(each - middle) > max(SMALLEST_DISTANCE, USUAL_SPREADS * spread))
        assert [bool(text) for text in far_medians(medians)] == [*far[:-1], False, far[-1]]


def test_many_medians_take_as_long_each_as_few():
    """Holding each of 5000 scans against all others took minutes."""
    medians = np.random.default_rng(0).normal(-600, 100, 5000).tolist()
    began = time.process_time()
    assert sum(map(bool, far_medians([*medians, 3000.0]))) == 1
    assert time.process_time() - began < 2


@pytest.mark.parametrize("odd", [(-860.0, 45.0), (-1000.0, -95.0), (None, 240.0), (-800.0, None), (-920.0, 120.0)])
def test_scans_of_other_parts_of_the_body_are_not_shifted(odd: tuple[float | None, float | None]):
    """A scan of lungs only has most of its "air" in them, a thin patient little fat: neither moves both peaks alike."""
    usual = [(-1000.0, 45.0), (-995.0, -95.0), (-1005.0, 55.0), (-1000.0, 35.0)]
    assert not any(shifts([*usual, odd]))
    assert shifts([*usual, (-800.0, 240.0)])[4].endswith("so its numbers may be shifted by about 200")
    mixed = [(-1000.0, 40.0), (-800.0, 240.0)] * 3  # which of them is right nobody can tell
    assert not any(shifts(mixed)) and not any(shifts([(-1000.0, 40.0), (-800.0, 240.0)]))


def test_metal_that_was_cut_off_where_16_bits_end_is_told_of(tmp_path: Path):
    """TotalSegmentator issue 455 and others: the brightest value is then a type's last number, not one of the scan."""
    scan = cohort(tmp_path / "d", None) / "imagesTr" / "c2.nii.gz"
    image = nibabel.load(scan)
    voxels = np.asarray(image.dataobj).copy()
    voxels[10:12, 10:12, 8] = 32767
    nibabel.save(nibabel.Nifti1Image(voxels, image.affine), scan)
    (found,) = check_dataset(load_dataset(tmp_path / "d"), workers=1).problems
    assert (found.code, found.case, found.severity) == ("cut-off", "c2", "warning") and "32767" in found.what
