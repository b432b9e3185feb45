"""Which scan to outline next: what is unknown is told as unknown, whatever the scan is read from."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import nibabel
import numpy as np
import torch
from dualtaskseg import cli
from dualtaskseg.contract.dataset import UNLABELED, Case
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.inference.ranking import rank_cases
from dualtaskseg.method.networks import build_networks, weights_of
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import write_model
from dualtaskseg.preparation.prepare import prepare
from dualtaskseg.run.folder import RunFolder
from safetensors.torch import save_file
from strangerfiles import labeled_folder
from test_predictor import make_plan, predictor_of  # noqa: F401 - a fixture


def ball(path: Path, radius: float) -> Case:
    """A scan whose intensities are distances from a ball in mm; of a negative radius, so that there is none."""
    z, y, x = np.mgrid[:20, :20, :20] - 9.5
    voxels = np.sqrt(z**2 + y**2 + x**2).astype(np.float32) - radius
    nibabel.save(nibabel.Nifti1Image(voxels, np.eye(4)), path)
    return Case(path.name.partition(".")[0], path, None, UNLABELED)


def blind_model(folder: Path) -> Path:
    """A model that finds nothing anywhere, as one of few steps may."""
    plan = make_plan()
    weights = {name: torch.zeros_like(values) for name, values in weights_of(build_networks(plan)).items()}
    description = ModelDescription("Blind", plan.segments, plan.to_dict(), {"labeled": 1})
    write_model(folder, description, lambda path: save_file(weights, path))
    return folder


def test_scans_in_which_nothing_was_found_come_first(predictor_of, tmp_path: Path):  # noqa: F811
    """The reports on masks that are missing in means (MONAI issue 9095): two networks that overlook a structure agree
    on it entirely, so the scan came last, with a forecast of 1."""
    radii = {"small": 4.0, "large": 8.0, "b": -3.0, "a": -4.0}
    cases = [ball(tmp_path / f"{name}.nii.gz", radius) for name, radius in radii.items()]
    ranking, problems = rank_cases(predictor_of(make_plan(), shift=1.0), cases)
    assert not problems and [entry.case for entry in ranking] == ["a", "b", "small", "large"]
    assert [entry.predicted_dice for entry in ranking[:2]] == [None, None]
    assert 0.5 < ranking[2].predicted_dice < ranking[3].predicted_dice < 1


def test_the_command_tells_that_nothing_was_found(tmp_path: Path, capsys):
    """The same, for those who read the list."""
    model, folder = blind_model(tmp_path / "model"), labeled_folder(tmp_path / "d", count=4, labeled=2)
    table = tmp_path / "order.csv"
    assert cli.main(["rank", str(model), str(folder), "--device", "cpu", "--out", str(table)]) == 0
    said = capsys.readouterr().out
    assert "2 scans come first in which nothing was found: the structure is not there, or was overlooked." in said
    assert said.count("nothing found") == 2
    with table.open(encoding="utf-8", newline="") as stream:
        assert [row["predicted_dice"] for row in csv.DictReader(stream)] == ["", ""]
    assert cli.main(["rank", str(model), str(folder), "--device", "cpu", "--json"]) == 0
    ranking = json.loads(capsys.readouterr().out)["ranking"]
    assert [entry["predicted_dice"] for entry in ranking] == [None, None]


def test_a_scan_that_shows_nothing_at_the_models_voxel_size(model: Path, tmp_path: Path, capsys):
    """It was refused where a training had prepared it, and ranked where it was read again."""
    folder = labeled_folder(tmp_path / "d", count=2, labeled=1)
    thin = np.full(
        (24, 24, 3), 5, np.float32
    )  # slices of 1 mm, of which a model that looks at 3 mm sees the middle one
    thin[:, :, 0] = np.random.default_rng(0).normal(0, 9, (24, 24))
    nibabel.save(nibabel.Nifti1Image(thin, np.diag([3.0, 3, 1, 1])), folder / "images" / "thin.nii.gz")
    dataset = load_dataset(folder)
    run = RunFolder.create(tmp_path / "run", {"dataset": dataset.to_dict()})
    shutil.copytree(model, run.model_folder)
    documents = []
    for is_prepared in (False, True):
        if is_prepared:
            prepare([*dataset.labeled, *dataset.unlabeled], Predictor(model, "cpu").plan, run.prepared_folder)
        assert cli.main(["rank", str(run.folder), str(folder), "--device", "cpu", "--json"]) == 2
        documents.append(json.loads(capsys.readouterr().out))
    assert documents[0]["failed"] == documents[1]["failed"]
    (failed,) = documents[0]["failed"]
    assert failed["case"] == "thin" and "at the voxel size, that the model looks at" in failed["what"]
