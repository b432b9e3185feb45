"""What is told about a scan doesn't depend on who asked: the command, the warm process of the panel, or a ranking."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg import cli
from dualtaskseg.contract.dataset import Case, Dataset
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.assumed import UNIT_ASSUMED
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.io.images import read_image
from dualtaskseg.preparation.prepare import open_prepared, prepare
from dualtaskseg.run.folder import RunFolder
from strangerfiles import AFFINE, nrrd, series
from test_assumed import with_two_poses, with_unit, without_unit
from test_serve import Client

HU = "Hounsfield units, which this model needs"


def hot(path: Path) -> Path:
    """A CT of air only, but for one voxel, as where a wrong intercept moved all but a piece of metal."""
    voxels = np.full((24, 20, 10), -1000.0, np.float32) + np.random.default_rng(0).uniform(0, 99, (24, 20, 10))
    voxels[3, 4, 5] = 3000
    nibabel.save(nibabel.Nifti1Image(voxels.astype(np.float32), AFFINE), path)
    return with_unit(path)


def long(path: Path) -> Path:
    """Voxels of 0.3 x 0.3 x 12 mm, some of which are no numbers."""
    voxels = np.random.default_rng(1).normal(0, 400, (40, 40, 6)).astype(np.float32)
    voxels[:2] = np.nan
    nibabel.save(nibabel.Nifti1Image(voxels, np.diag([0.3, 0.3, 12, 1])), path)
    return with_unit(path)


def large(path: Path) -> Path:
    """Voxels as where centimeters were written, one of them cut off where 16 bits end."""
    voxels = np.random.default_rng(3).normal(0, 500, (16, 16, 16)).astype(np.int16)
    voxels[3, 4, 5] = 32767
    nibabel.save(nibabel.Nifti1Image(voxels, np.diag([12.0, 11, 3, 1])), path)
    return with_unit(path)


@pytest.fixture(scope="module")
def scans(tmp_path_factory) -> dict[str, Path]:
    """Scans about which something is to be told, by what that is; none stops a prediction with a model for CT."""
    folder = tmp_path_factory.mktemp("scans") / "images"
    folder.mkdir()
    good = series(folder / "good")
    poses = folder / "poses.nii.gz"
    nibabel.save(nibabel.Nifti1Image(np.random.default_rng(2).normal(0, 500, (24, 20, 10)), AFFINE), poses)
    plain = shutil.copy(poses, folder / "unitless.nii.gz")
    return {
        "": good,
        "holds two poses": with_two_poses(with_unit(poses)),
        "does not say its unit": without_unit(plain),
        "shows no air": series(folder / "offset", intercept=0),
        "shows no tissue": hot(folder / "hot.nii.gz"),
        "very long voxels of 0.3x0.3x12 mm": long(folder / "long.nii.gz"),
        "very large voxels of 12x11x3 mm": large(folder / "large.nii.gz"),
        "holds the value 32767": folder / "large.nii.gz",
        "voxels of the scan are no numbers": folder / "long.nii.gz",
        "the scan is MR by its header, but this model was trained on CT": series(folder / "mr", Modality="MR"),
        "lowest value is 0": nrrd(folder / "all.nrrd"),
    }


@pytest.fixture(scope="module")
def told(scans, ct_model) -> dict[Path, tuple[str, ...]]:
    """What a prediction warns of."""
    predictor = Predictor(ct_model, "cpu")
    return {path: predictor.predict(read_image(path)).summary.warnings for path in scans.values()}


def test_each_doubt_is_told(scans, told):
    assert told[scans.pop("")] == ()
    for doubt, path in scans.items():
        assert any(doubt in warning for warning in told[path]), (doubt, told[path])
    assert len(told[scans["lowest value is 0"]]) == 2 and UNIT_ASSUMED in told[scans["lowest value is 0"]]


def test_the_panels_process_tells_the_same(told, ct_model, tmp_path):
    client = Client()
    try:
        for number, (path, warnings) in enumerate(told.items()):
            request = {"model": str(ct_model), "image": str(path), "folder": str(tmp_path / str(number))}
            assert tuple(client.result("predict", device="cpu", **request)["warnings"]) == warnings
    finally:
        client.end()


def test_the_command_tells_the_same(told, ct_model, tmp_path, capsys):
    """But for the unit, which very many don't name: that is told once, with how many they are."""
    paths = list(map(str, told))
    assert cli.main(["predict", str(ct_model), *paths, "--out", str(tmp_path / "m"), "--device", "cpu"]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith(("Warning", "Note"))]
    expected = [
        f"Warning: {path.name.removesuffix('.nii.gz').removesuffix('.nrrd')}: {warning}."
        for path, warnings in told.items()
        for warning in warnings
        if warning != UNIT_ASSUMED
    ]
    assert said[:-1] == expected
    assert said[-1] == "Note: 2 files do not say their unit of length; millimeters are assumed."


def test_check_tells_the_same_of_each_scan(scans, told):
    cases = tuple(Case(path.name, path, None, "unlabeled") for path in told)
    dataset = Dataset("d", scans["lowest value is 0"].parent, cases, (Segment("Organ", 1, (1, 2, 3)),), "CT")
    report = check_dataset(dataset, workers=1)
    for path, warnings in told.items():
        known = [problem.what for problem in report.problems if problem.case == path.name]
        for warning in warnings:
            end = warning.partition("the scan ")[2]
            if HU in warning:
                end = warning.partition(f"{HU}: ")[2]
            elif "by its header" in warning:
                end = "is MR by its header, but the dataset is CT"
            elif "no numbers" in warning:
                end = "holds voxels that are no numbers"
            if warning != UNIT_ASSUMED:
                assert any(end in what for what in known), (warning, known)
    assert any("2 files do not say their unit" in note for note in report.notes)


def test_rank_tells_of_prepared_scans_what_it_tells_of_others(scans, ct_model, tmp_path, capsys, monkeypatch):
    """Whose voxels are not read again; it told neither that they are no HU nor that some are no numbers."""
    folder = scans["lowest value is 0"].parent.parent
    (folder / "labels").mkdir()
    sitk.WriteImage(read_image(folder / "images" / "good") > 300, str(folder / "labels" / "good.nii.gz"))
    dataset = load_dataset(folder)
    run = RunFolder.create(tmp_path / "run", {"dataset": dataset.to_dict()})
    shutil.copytree(ct_model, run.model_folder)
    plan = Predictor(ct_model, "cpu").plan
    arguments = ["rank", str(run.folder), str(folder), "--device", "cpu", "--json"]
    assert cli.main(arguments) == 0
    unprepared = json.loads(capsys.readouterr().out)["notes"]
    cases = [*dataset.labeled, *dataset.unlabeled]
    prepare(cases, plan, run.prepared_folder)
    with monkeypatch.context() as patch:
        patch.setattr(Predictor, "predict", None)
        assert cli.main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == unprepared and any(HU in note for note in unprepared)
    for file in run.prepared_folder.glob("0*.json"):  # as earlier versions left them
        document = json.loads(file.read_text())
        file.write_text(json.dumps({key: value for key, value in document.items() if key != "doubts"}))
    assert [case.doubts for case in open_prepared(run.prepared_folder, plan)] == [None] * len(cases)
    assert cli.main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == unprepared
