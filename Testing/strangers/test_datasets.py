"""Datasets as strangers keep them: nothing is overlooked, and labels that are only stored otherwise are taken."""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg.contract.dataset import LABELED, UNLABELED
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.checks import CheckReport, check_dataset
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.data.scan_search import scans_of
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.compare import evaluate_folders
from dualtaskseg.io.geometry import geometry_of
from dualtaskseg.io.images import read_image
from dualtaskseg.io.label_images import read_label
from dualtaskseg.training.plan_run import plan_for
from strangerfiles import CT, RAW, enhanced, film, labeled_folder, nrrd, series

ANNEX = "../.git/annex/objects/aa/bb/MD5E-s100--0.nii.gz"
POINTERS = {
    "link": None,
    "annex": b"/annex/objects/MD5E-s100--0.nii.gz\n",
    "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 100\n",
}
only_on_unix = pytest.mark.skipif(os.name != "posix", reason="needs links as Unix has them")


def unfetch(path: Path, kind: str) -> None:
    """Leaves of a file only what git-annex or Git LFS leave of one that was not fetched."""
    path.unlink(missing_ok=True)
    content = POINTERS[kind]
    path.symlink_to(ANNEX) if content is None else path.write_bytes(content)


def check(folder: Path) -> CheckReport:
    return check_dataset(load_dataset(folder), workers=1)


def codes(report: CheckReport) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in report.problems:
        found.setdefault(problem.case, []).append(problem.code)
    return found


# --- what was not fetched


@only_on_unix
@pytest.mark.parametrize("kind", POINTERS)
@pytest.mark.parametrize(("file", "role"), [("labels/s1", LABELED), ("images/s1", LABELED), ("images/s2", UNLABELED)])
def test_files_that_were_not_fetched(tmp_path: Path, kind: str, file: str, role: str):
    """bids-validator issue 1050, nipoppy pull request 895: the case became unlabeled, or was gone, with exit 0."""
    folder = labeled_folder(tmp_path / "d")
    unfetch(folder / f"{file}.nii.gz", kind)
    report = check(folder)
    case = file[-2:]
    assert {one.name: one.role for one in report.dataset.cases} == {"s0": LABELED, "s1": LABELED, "s2": UNLABELED}
    assert next(one.role for one in report.dataset.cases if one.name == case) == role
    assert codes(report) == {case: ["not-fetched"]} and report.errors
    assert "etch its content" in report.problems[0].remedy


@only_on_unix
@pytest.mark.parametrize("kind", POINTERS)
def test_a_table_of_files_that_were_not_fetched(tmp_path: Path, kind: str):
    """bids-validator issue 1050, for files that a table names."""
    folder = labeled_folder(tmp_path / "d")
    lines = ["image,label"] + [f"images/s{n}.nii.gz,labels/s{n}.nii.gz" for n in range(2)]
    (folder / "cases.csv").write_text("\n".join(lines), encoding="utf-8")
    unfetch(folder / "labels/s1.nii.gz", kind)
    assert codes(check(folder)) == {"s1": ["not-fetched"]}


@only_on_unix
@pytest.mark.parametrize("kind", POINTERS)
@pytest.mark.parametrize("name", ["dataset.json", "cases.csv", "segments.json"])
def test_descriptions_that_were_not_fetched(tmp_path: Path, kind: str, name: str):
    """datalad-handbook pull request 216: without its description a dataset meant something else."""
    folder = labeled_folder(tmp_path / "d")
    unfetch(folder / name, kind)
    with pytest.raises(InputError) as caught:
        load_dataset(folder)
    assert name in str(caught.value) and "etch its content" in str(caught.value)


@only_on_unix
@pytest.mark.parametrize("name", ["images", "labels"])
def test_folders_that_lead_nowhere(tmp_path: Path, name: str):
    """reproin issue 69: a folder on a share that is not mounted."""
    folder = labeled_folder(tmp_path / "d")
    shutil.rmtree(folder / name)
    (folder / name).symlink_to("/mnt/share/that/is/not/there")
    with pytest.raises(InputError) as caught:
        load_dataset(folder)
    assert f"{name} is a link that leads nowhere" in str(caught.value)


@only_on_unix
def test_a_series_of_which_nothing_was_fetched(tmp_path: Path):
    """datalad-handbook pull request 216, with a DICOM folder as a scan."""
    folder = labeled_folder(tmp_path / "d")
    (folder / "images" / "s3").mkdir()
    for number in range(3):
        (folder / "images" / "s3" / f"IM{number}").symlink_to(ANNEX)
    (folder / "images" / "s4").symlink_to("../.git/annex/objects/cc/dd/series")
    found = codes(check(folder))
    assert found["s3"] == ["not-fetched"] and found["s4"] == ["not-fetched"]


# --- names


def test_composed_and_decomposed_names(tmp_path: Path):
    """owncloud issue 21365: macOS writes an accented letter as two characters; the files still are there."""
    composed, decomposed = (unicodedata.normalize(form, "Müller") for form in ("NFC", "NFD"))
    for first, second in ((composed, decomposed), (decomposed, composed)):
        folder = labeled_folder(tmp_path / first)
        (folder / "images/s1.nii.gz").rename(folder / f"images/{first}.nii.gz")
        (folder / "labels/s1.nii.gz").rename(folder / f"labels/{second}.nii.gz")
        report = check(folder)
        assert not report.errors and len(report.dataset.cases) == 3 and len(report.dataset.labeled) == 2
        (folder / "cases.csv").write_text(f"image,label\nimages/{second}.nii.gz,labels/{first}.nii.gz\n", "utf-8")
        assert not check(folder).errors
        training = [{"image": f"images/{second}.nii.gz", "label": f"labels/{first}.nii.gz"}]
        (folder / "dataset.json").write_text(json.dumps({"training": training, "labels": {"1": "A"}}), "utf-8")
        assert not check(folder).errors


def test_folders_whose_names_are_stored_otherwise_are_found(tmp_path: Path):
    """owncloud issue 21365, of the folders that a command is given: they "did not exist"."""
    composed, decomposed = (unicodedata.normalize(form, "Müller") for form in ("NFC", "NFD"))
    folder = labeled_folder(tmp_path / decomposed)
    given = tmp_path / composed
    assert len(load_dataset(given).cases) == 3
    assert scans_of([given / "images"]) == sorted((folder / "images").iterdir())
    assert evaluate_folders(given / "labels", given).compared == 2


@pytest.mark.parametrize(("label", "said"), [("S1.nii.gz", "S1.nii.gz"), ("s1 .nii.gz", "s1 .nii.gz")])
def test_names_that_differ_a_little_are_named(tmp_path: Path, label: str, said: str):
    """The same report: a label's scan "does not exist", although one is there that the eye hardly tells apart."""
    folder = labeled_folder(tmp_path / "d")
    (folder / "labels" / "s1.nii.gz").rename(folder / "labels" / label)
    (problem,) = check(folder).errors
    assert f"images/{said} does not exist, only s1.nii.gz, which differs" in problem.what


# --- labels that are no file that is read


@pytest.mark.parametrize("kind", ["masks", "empty", "segmentation", "nameless segmentation"])
def test_labels_in_folders_are_not_overlooked(tmp_path: Path, kind: str):
    """A mask for each organ in a folder, as TotalSegmentator writes them, or a DICOM segmentation as archives do: the
    case passed for unlabeled, with exit 0."""
    folder = labeled_folder(tmp_path / "d")
    label = folder / "labels" / "s1"
    if kind == "nameless segmentation":
        enhanced(label, kind="1.2.840.10008.5.1.4.1.1.66.4", Modality="SEG")
    elif kind == "segmentation":
        enhanced(label / "1.dcm", kind="1.2.840.10008.5.1.4.1.1.66.4", Modality="SEG")
    else:
        label.mkdir()
    (folder / "labels" / "s1.nii.gz").rename(label / "liver.nii.gz" if kind == "masks" else tmp_path / "away.nii.gz")
    report = check(folder)
    assert [case.role for case in report.dataset.cases] == [LABELED, LABELED, UNLABELED]
    (problem,) = report.errors
    assert problem.case == "s1" and str(label) in problem.what
    words = "is a folder, not a file" if kind in ("masks", "empty") else "is a DICOM segmentation"
    assert words in problem.what and ".seg.nrrd" in problem.remedy


# --- the same place, stored otherwise


def stored_otherwise(label: np.ndarray, scan: sitk.Image, axes: str, path: Path) -> Path:
    """Writes a label of a scan as a converter to NIfTI does: along other axes, each voxel at its place."""
    image = sitk.GetImageFromArray(label)
    image.CopyInformation(scan)
    sitk.WriteImage(sitk.DICOMOrient(image, axes), str(path))
    return path


@pytest.mark.parametrize("axes", ["LPS", "LAS", "RAS", "SPL", "AIR"])
def test_labels_stored_along_other_axes(tmp_path: Path, axes: str):
    """nnU-Net issue 1956, TotalSegmentator issue 20: outlines on dcm2niix's files, refused though each voxel fits."""
    for part in ("images", "labels", "predictions"):
        (tmp_path / part).mkdir()
    label = np.zeros(RAW.shape, np.uint8)
    label[2:5, 3:9, 4:17] = 1
    scan = read_image(series(tmp_path / "images" / "a"))
    file = stored_otherwise(label, scan, axes, tmp_path / "labels" / "a.nii.gz")
    report = check(tmp_path)
    assert not report.errors
    (facts,) = report.fingerprints
    assert facts.label_geometry.same_grid(facts.geometry)
    assert facts.segment_boxes == {1: ((2, 5), (3, 9), (4, 17))}
    expected = sitk.GetArrayFromImage(scan)[label > 0]
    assert sorted(facts.foreground_sample.tolist()) == sorted(expected.astype(np.float32).tolist())
    brought = read_label(file, like=geometry_of(scan))
    assert np.array_equal(sitk.GetArrayFromImage(brought), label)
    stored_otherwise(label, scan, "LPS", tmp_path / "predictions" / "a.nii.gz")
    evaluation = evaluate_folders(tmp_path / "predictions", tmp_path / "labels")
    assert not evaluation.problems and not evaluation.notes
    assert [row.score.dice for row in evaluation.rows] == [1.0]


def test_nothing_untrue_is_said_where_nothing_was_compared(tmp_path: Path):
    """nnU-Net issue 1956: after such a refusal, evaluate said that there was no segment at all."""
    for part, shape in (("p", (9, 9, 9)), ("r", (8, 9, 9))):
        (tmp_path / part).mkdir()
        nibabel.save(nibabel.Nifti1Image(np.ones(shape, np.uint8), np.eye(4)), tmp_path / part / "a.nii.gz")
    evaluation = evaluate_folders(tmp_path / "p", tmp_path / "r")
    assert len(evaluation.problems) == 1 and not evaluation.notes


# --- what is assumed


def test_what_is_assumed_is_a_warning(tmp_path: Path):
    """spinalcordtoolbox issue 2106, Slicer issue 6773: what was assumed of a scan or a label is said."""
    folder = labeled_folder(tmp_path / "d")
    scan = nibabel.load(folder / "images/s0.nii.gz")
    scan.set_qform(np.diag([1, 1, 1, 1.0]) + np.array([[0, 0, 0, 9.0]] + [[0] * 4] * 3), 1)
    nibabel.save(scan, folder / "images/s3.nii.gz")
    path = nrrd(folder / "images" / "s4.nrrd")
    path.write_bytes(path.read_bytes().replace(b"space: left-posterior-superior", b"space: scanner-xyz"))
    film(folder / "images" / "s5" / "a.dcm", CT, "MR", SpacingBetweenSlices=1.0, ImageOrientationPatient=None)
    report = check(folder)
    told = {problem.case: problem.what for problem in report.problems if problem.code == "assumed"}
    assert "holds two poses" in told["s3"] and "does not say how it lies" in told["s4"] and "does not say" in told["s5"]
    assert list(told) == ["s3", "s4", "s5"]
    assert not [problem for problem in report.errors if problem.code == "assumed"]


def test_what_is_assumed_stands_in_the_report(tmp_path: Path):
    """spinalcordtoolbox issue 2106: the plan's notes, which the report shows, say it once for all scans."""
    folder = labeled_folder(tmp_path / "d", count=7)
    for number in range(2, 7):
        scan = nibabel.load(folder / f"images/s{number}.nii.gz")
        scan.set_qform(np.diag([1, 1, 1, 1.0]) + np.array([[0, 0, 0, 9.0 + number]] + [[0] * 4] * 3), 1)
        nibabel.save(scan, folder / f"images/s{number}.nii.gz")
    report = check(folder)
    plan = plan_for(report.dataset, ["s0", "s1"], TrainingRequest(report.dataset), report.fingerprints)
    (note,) = [note for note in plan.notes if "two poses" in note]
    assert note.startswith("Each file of s2, s3, s4 and 2 more holds two poses that differ by up to")


def test_a_segmentation_beside_folders_of_slices_hides_none_of_them(tmp_path: Path):
    """QuantitativeReporting issue 273 and others: a mask that was exported to where the scans lie."""
    for name in ("a", "b"):
        series(tmp_path / name)
    mask = enhanced(tmp_path / "mask.dcm", kind="1.2.840.10008.5.1.4.1.1.66.4", Modality="SEG")
    assert scans_of([tmp_path]) == [tmp_path / "a", tmp_path / "b", mask]  # which is told of in its turn
    (tmp_path / "only").mkdir()
    mask.rename(tmp_path / "only" / "mask")
    assert scans_of([tmp_path / "only"]) == [tmp_path / "only"]
