"""Run folders and models that an earlier version wrote are read, gone on with, and predicted with.

They lie in ``Testing/fixtures/stored``; its README tells how they were made.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.io.images import read_image
from dualtaskseg.model.folder import read_model
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.settings import MutualSettings, PublishedSettings, TrainingSettings
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.training.checkpoint import load_checkpoint
from dualtaskseg.training.trainer import train
from safetensors.numpy import load_file

STORED = Path(__file__).parents[1] / "fixtures" / "stored"
MADE = json.loads((STORED / "made.json").read_text(encoding="utf-8"))
PRESETS = ("quick", "paper")
# Arithmetic is repeated bit for bit only by the same library on a processor with the same instructions.
IS_SAME_ARITHMETIC = (torch.__version__, torch.backends.cpu.get_cpu_capability()) == (MADE["torch"], MADE["capability"])


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(MADE["threads"])
    yield
    torch.set_num_threads(before)


def digest(weights: dict[str, np.ndarray]) -> str:
    content = b"".join(name.encode() + np.ascontiguousarray(weights[name]).tobytes() for name in sorted(weights))
    return hashlib.sha256(content).hexdigest()


def sha256(image: sitk.Image) -> str:
    return hashlib.sha256(sitk.GetArrayFromImage(image).tobytes()).hexdigest()


def far_apart(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> float:
    """The distance between two sets of weights."""
    return float(np.sqrt(sum(((first[name].astype(float) - second[name]) ** 2).sum() for name in second)))


@pytest.fixture
def stopped(preset, tmp_path) -> RunFolder:
    """A copy of the training that was stopped half-way."""
    return RunFolder.open(shutil.copytree(STORED / preset / "run", tmp_path / "run"))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_stored_plan_is_steered_by_what_steered_it_then(preset):
    plan = Plan.from_dict(json.loads((STORED / preset / "run" / "plan.json").read_text(encoding="utf-8")))
    assert plan.training == (PublishedSettings() if preset == "paper" else TrainingSettings())
    assert plan.mutual == MutualSettings() and plan.preset == preset and plan.calibrated


@pytest.mark.parametrize("preset", PRESETS)
def test_a_stored_run_goes_on_to_the_weights_of_the_unbroken_one(preset, stopped):
    """The scans it was made from are gone; what was prepared of them is enough."""
    weights = load_file(STORED / preset / "model" / "weights.safetensors")
    assert digest(weights) == MADE[preset]["weights_sha256"]  # what the version of then ended with
    begun = load_checkpoint(stopped)
    assert begun["progress"]["iteration"] == 4 < stopped.request["iterations"] == 8
    assert not any(Path(case["image"]).exists() for case in stopped.request["dataset"]["cases"])
    train(stopped.folder)
    resumed = load_file(stopped.model_folder / "weights.safetensors")
    assert resumed.keys() == weights.keys()
    if IS_SAME_ARITHMETIC:
        assert digest(resumed) == MADE[preset]["weights_sha256"]
    # elsewhere rounding differs, but the last four steps lead to the same place
    start = {name: tensor.numpy() for name, tensor in begun["learner"]["teachers"].items() if name in weights}
    assert far_apart(resumed, weights) < 0.1 * far_apart(start, weights)
    assert [row["iteration"] for row in stopped.read_metrics()[0] if row["kind"] == "train"][-1] == 8
    assert read_model(stopped.model_folder).trained_on["unlabeled"] == 1


@pytest.mark.parametrize("preset", PRESETS)
def test_a_stored_model_predicts_what_it_predicted_then(preset):
    read_model(STORED / preset / "model")
    image = read_image(STORED / preset / "scan.nrrd")
    prediction = Predictor(STORED / preset / "model", "cpu").predict(image, sdm=True)
    then = sitk.GetArrayFromImage(sitk.ReadImage(str(STORED / preset / "label.nrrd")))
    assert (sitk.GetArrayFromImage(prediction.label) == then).mean() > 0.99
    if IS_SAME_ARITHMETIC:
        assert sha256(prediction.label) == MADE[preset]["label_sha256"]
        assert {name: sha256(image) for name, image in prediction.sdm.items()} == MADE[preset]["sdm_sha256"]
