"""What a file leaves open is said by every command that reads it; what very many leave open, their unit, only once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import SimpleITK as sitk
from dualtaskseg import cli
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.assumed import UNIT_ASSUMED, Assumed
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.io.image_notes import assumptions, is_unit_assumed
from dualtaskseg.io.images import read_assumptions, read_geometry, read_image
from dualtaskseg.io.label_images import read_label
from dualtaskseg.preparation.prepare import prepare
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.training.plan_run import plan_for
from strangerfiles import AFFINE, CT, RAW, film, labeled_folder, meta, nifti, nrrd, patched, series

TWO_POSES = "holds two poses that differ by up to"
UNIT = "unit of length; millimeters are assumed"


def changed(path: Path, edit: Callable[[nibabel.Nifti1Image], None]) -> Path:
    """Changes the header of a NIfTI file."""
    image = nibabel.load(path)
    voxels = np.asarray(image.dataobj).copy()  # else they are mapped from the file that is written
    image = nibabel.Nifti1Image(voxels, None, image.header)
    edit(image)
    nibabel.save(image, path)
    return path


def without_unit(path: Path) -> Path:
    return changed(path, lambda image: image.header.set_xyzt_units("unknown"))


def with_unit(path: Path) -> Path:
    return changed(path, lambda image: image.header.set_xyzt_units("mm"))


def with_two_poses(path: Path) -> Path:
    """A NIfTI file with a qform that lies 9 mm beside its sform."""

    def edit(image: nibabel.Nifti1Image) -> None:
        pose = image.get_sform()
        moved = pose.copy()
        moved[0, 3] += 9
        image.set_sform(pose, 1)
        image.set_qform(moved, 2)

    return changed(path, edit)


def a_dataset(folder: Path) -> Path:
    """Five scans, two with labels; the first scan, its label, the NRRD and the MetaImage file name no unit."""
    labeled_folder(folder)
    for file in folder.rglob("*.nii.gz"):
        with_unit(file)
    without_unit(folder / "images" / "s0.nii.gz")
    without_unit(folder / "labels" / "s0.nii.gz")
    with_two_poses(folder / "images" / "s2.nii.gz")
    nrrd(folder / "images" / "s3.nrrd")
    meta(folder / "images" / "s4.mha")
    return folder


def run(capsys, *arguments: object, code: int = 0) -> tuple[str, str]:
    assert cli.main(list(map(str, arguments))) == code
    return capsys.readouterr()


# --- who names a unit


def test_files_that_name_no_unit(tmp_path: Path):
    """They are read in mm as by all programs, but nobody knows whether that was meant, and nothing was said."""
    named = {
        with_unit(nifti(tmp_path / "a.nii", AFFINE, AFFINE)): True,
        without_unit(nifti(tmp_path / "b.nii.gz", AFFINE, AFFINE)): False,
        patched(nifti(tmp_path / "c.nii", AFFINE, AFFINE), 123, "B", 3): True,
        nrrd(tmp_path / "d.nrrd"): False,
        nrrd(tmp_path / "e.nrrd", 'space units: "mm" "mm" "mm"'): True,
        nrrd(tmp_path / "f.nrrd", 'space units: "" "" ""'): False,
        meta(tmp_path / "g.mha"): False,
        meta(tmp_path / "h.mha", DistanceUnits="um"): True,
        meta(tmp_path / "i.mha", DistanceUnits="?"): False,
        series(tmp_path / "j"): True,
    }
    assert {path.name: not is_unit_assumed(read_image(path)) for path in named} == {
        path.name: said for path, said in named.items()
    }


def test_what_the_header_tells_is_what_the_scan_tells(tmp_path: Path):
    """Scans that are not read again are told of as those that are."""
    paths = [
        with_two_poses(nifti(tmp_path / "a.nii.gz", AFFINE, AFFINE)),
        nifti(tmp_path / "b.nii", AFFINE, AFFINE, (0, 0)),
        nrrd(tmp_path / "c.nrrd"),
        film(tmp_path / "d" / "a.dcm", CT, "MR", SpacingBetweenSlices=1.0, ImageOrientationPatient=None),
        tmp_path / "d",
        series(tmp_path / "e"),
    ]
    said = [read_assumptions(path) for path in paths]
    assert said == [assumptions(read_image(path)) for path in paths]
    assert [bool(one) for one in said] == [True, True, False, True, True, False]


def test_labels_of_floats_keep_what_was_assumed(tmp_path: Path):
    """Bringing 1.0 to 1 lost it, so that nothing was said."""
    path = with_two_poses(nifti(tmp_path / "a.nii", AFFINE, AFFINE))
    image = nibabel.load(path)
    header = image.header.copy()
    header.set_data_dtype(np.float32)
    nibabel.save(nibabel.Nifti1Image(image.get_fdata().astype(np.float32), None, header), tmp_path / "b.nii")
    assert TWO_POSES in assumptions(read_label(tmp_path / "b.nii"))[0]


# --- check and report


def test_check_says_it_once(tmp_path: Path, capsys):
    folder = a_dataset(tmp_path / "d")
    out, _ = run(capsys, "check", folder)
    assert out.count(UNIT) == 1 and f"Note       4 files do not say their {UNIT}." in out
    report = check_dataset(load_dataset(folder), workers=1)
    assert not [problem for problem in report.problems if UNIT in problem.what]
    assert [one.to_dict()["unitless"] for one in report.fingerprints] == [2, 0, 0, 1, 1]
    document = json.loads(run(capsys, "check", folder, "--json")[0])
    assert f"4 files do not say their {UNIT}" in document["notes"]


def test_the_report_says_it_once(tmp_path: Path):
    report = check_dataset(load_dataset(a_dataset(tmp_path / "d")), workers=1)
    plan = plan_for(report.dataset, ["s0", "s1"], TrainingRequest(report.dataset), report.fingerprints)
    assert [note for note in plan.notes if UNIT in note] == [f"4 files do not say their {UNIT}"]
    assert len([note for note in plan.notes if TWO_POSES in note]) == 1


def test_where_all_name_their_unit_nothing_is_said(tmp_path: Path, capsys):
    folder = labeled_folder(tmp_path / "d")
    for file in folder.rglob("*.nii.gz"):
        with_unit(file)
    assert UNIT not in run(capsys, "check", folder)[0]
    report = check_dataset(load_dataset(folder), workers=1)
    assert not [
        note
        for note in plan_for(report.dataset, ["s0"], TrainingRequest(report.dataset), report.fingerprints).notes
        if UNIT in note
    ]


# --- predict and rank


def test_predict_says_it_once(model: Path, tmp_path: Path, capsys):
    images = a_dataset(tmp_path / "d") / "images"
    _, said = run(capsys, "predict", model, images, "--out", tmp_path / "m", "--device", "cpu")
    assert said.count(UNIT) == 1 and f"Note: 3 files do not say their {UNIT}." in said
    _, said = run(capsys, "predict", model, images / "s3.nrrd", "--out", tmp_path / "m", "--device", "cpu")
    assert f"Note: 1 file does not say its {UNIT}." in said and said.count(UNIT) == 1 and "Warning" not in said
    _, said = run(capsys, "predict", model, images / "s1.nii.gz", "--out", tmp_path / "m", "--device", "cpu")
    assert UNIT not in said


def test_rank_says_what_was_assumed(model: Path, tmp_path: Path, capsys):
    """It said nothing at all, whatever it had assumed."""
    folder = a_dataset(tmp_path / "d")
    _, said = run(capsys, "rank", model, folder, "--device", "cpu")
    assert f"Note: s2: the scan {TWO_POSES} 9 mm" in said
    assert said.count(UNIT) == 1 and f"Note: 2 files do not say their {UNIT}." in said  # of those that were ranked
    notes = json.loads(run(capsys, "rank", model, folder, "--device", "cpu", "--json")[0])["notes"]
    assert len(notes) == 2 and TWO_POSES in notes[0] and UNIT in notes[1]


def test_rank_says_it_of_prepared_scans_too(model: Path, tmp_path: Path, capsys, monkeypatch):
    """The voxels of scans that a training has prepared are not read again."""
    dataset = load_dataset(a_dataset(tmp_path / "d"))
    run_folder = RunFolder.create(tmp_path / "run", {"dataset": dataset.to_dict()})
    shutil.copytree(model, run_folder.model_folder)
    plan = Predictor(model, "cpu").plan
    prepare([*dataset.labeled, *dataset.unlabeled], plan, run_folder.prepared_folder)
    monkeypatch.setattr(Predictor, "predict", None)
    _, said = run(capsys, "rank", run_folder.folder, dataset.folder, "--device", "cpu")
    assert f"Note: s2: the scan {TWO_POSES} 9 mm" in said and f"Note: 2 files do not say their {UNIT}." in said


def test_rank_says_that_a_scan_is_not_in_hounsfield_units(ct_model: Path, tmp_path: Path, capsys):
    """TotalSegmentator issues 130 and 455, here in the ranking, which outlining goes by."""
    for name in ("a", "b", "c", "d", "e"):
        series(tmp_path / "d" / "images" / name, intercept=0)
    _, said = run(capsys, "rank", ct_model, tmp_path / "d", "--device", "cpu")
    assert said.count("Hounsfield units, which this model needs") == 1 and "and 2 more: the scan does not seem" in said


def test_alike_things_are_said_once():
    assumed = Assumed()
    for number in range(5):
        assumed.add(f"s{number}", [f"lies {number}.5 mm off", *([UNIT_ASSUMED] if number == 0 else [])])
    assumed.add("t", ["has no pose"])
    assert assumed.notes() == [
        "s0, s1, s2 and 2 more: lies 0.5 mm off",
        "t: has no pose",
        f"1 file does not say its {UNIT}",
    ]
    assert Assumed().notes() == []


# --- evaluate and export-seg


def test_evaluate_says_what_was_assumed(tmp_path: Path, capsys):
    """Distances in mm go by what was assumed about the references."""
    for part in ("p", "r"):
        for name in ("a", "b"):
            nifti(tmp_path / part / f"{name}.nii.gz", AFFINE, AFFINE)
            label = nibabel.Nifti1Image(
                (RAW.T > 700).astype(np.uint8), nibabel.load(tmp_path / part / f"{name}.nii.gz").affine
            )
            label.header.set_xyzt_units("mm")
            nibabel.save(label, tmp_path / part / f"{name}.nii.gz")
    arguments = ("evaluate", "--prediction", tmp_path / "p", "--reference", tmp_path / "r")
    assert UNIT not in run(capsys, *arguments)[1]
    without_unit(tmp_path / "r" / "a.nii.gz")
    with_two_poses(tmp_path / "r" / "b.nii.gz")
    _, said = run(capsys, *arguments)
    assert said.count(UNIT) == 1 and f"1 file does not say its {UNIT}." in said
    assert f"r/b.nii.gz: {TWO_POSES} 9 mm" in said


def exportable(folder: Path) -> tuple[Path, Path, Path]:
    """A series, a label map of it as a NIfTI file that names its unit, and a list of segments."""
    slices = series(folder / "series")
    scan = read_image(slices)
    label = sitk.Cast(scan > 300, sitk.sitkUInt8)
    sitk.WriteImage(label, str(folder / "label.nii.gz"))
    (folder / "segments.json").write_text(json.dumps([{"name": "Liver", "value": 1}]))
    return slices, folder / "label.nii.gz", folder / "segments.json"


def test_export_says_what_was_assumed_about_labels(tmp_path: Path, capsys):
    """It said nothing, so a mask could be written somewhere else than it was seen."""
    slices, label, segments = exportable(tmp_path)
    arguments = ("--series", slices, "--segments", segments, "--out", tmp_path / "x.dcm", "--overwrite")
    assert "assumed" not in run(capsys, "export-seg", label, *arguments)[1]
    with_two_poses(label)
    _, said = run(capsys, "export-seg", label, *arguments)
    assert f"Warning: {label}: {TWO_POSES} 9 mm" in said and pydicom.dcmread(tmp_path / "x.dcm").Modality == "SEG"
    assert TWO_POSES in run(capsys, "export-seg", label, *arguments, "--check")[0]
    distances = tmp_path / "sdm.nii.gz"
    sitk.WriteImage(sitk.Cast(read_image(slices), sitk.sitkFloat32), str(distances))
    with_two_poses(distances)
    _, said = run(capsys, "export-seg", label, *arguments, "--sdm", f"Liver={distances}")
    assert f"{label}, {distances}: {TWO_POSES} 9 mm" in said or f"{distances}: {TWO_POSES} 9 mm" in said


def test_export_says_that_a_resampled_label_names_no_unit(tmp_path: Path, capsys):
    """On the series' own grid it can't be meant otherwise; brought there from another grid, it could."""
    slices, label, segments = exportable(tmp_path)
    without_unit(label)
    arguments = ("--series", slices, "--segments", segments, "--out", tmp_path / "x.dcm", "--overwrite", "--resample")
    assert UNIT not in run(capsys, "export-seg", label, *arguments)[1]
    fine = sitk.Resample(
        read_label(label),
        [2 * n for n in read_geometry(label).size],
        sitk.Transform(),
        sitk.sitkNearestNeighbor,
        read_geometry(label).origin,
        [s / 2 for s in read_geometry(label).spacing],
    )
    sitk.WriteImage(fine, str(tmp_path / "fine.nrrd"))
    assert (
        run(capsys, "export-seg", tmp_path / "fine.nrrd", *arguments)[1].count(f"1 file does not say its {UNIT}") == 1
    )
