"""Left and right structures, named as people name them or not at all, are told apart by the trained model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
import torch
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.inference.predictor import predict_prepared
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import NetworkPlan, Plan
from dualtaskseg.preparation.prepare import normalize, prepare
from dualtaskseg.training.plan_run import plan_for

SIZE = (12, 12, 20)  # z, y, x
STEPS = 150
PAIRS = {
    "words": ("Left hippocampus", "Right hippocampus"),
    "suffix": ("Hippocampus_L", "Hippocampus_R"),
    "letter": ("Kidney L", "Kidney R"),
    "hemisphere": ("lh.hippocampus", "rh.hippocampus"),
    "abbreviation": ("Lt Parotid", "Rt Parotid"),
    "parenthesis": ("Lung (L)", "Lung (R)"),
    "spanish": ("riñón izq", "riñón der"),
    "other words": ("Bean", "Pea"),
    "unnamed": None,
}


def scan(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A symmetric head with two equal balls, as (z, y, x); value 1 lies towards low x."""
    rng = np.random.default_rng(seed)
    z, y, x = np.mgrid[: SIZE[0], : SIZE[1], : SIZE[2]].astype(float)
    head = ((x - 9.5) / 9.5) ** 2 + ((y - 5.5) / 5.5) ** 2 + ((z - 5.5) / 5.5) ** 2 < 1
    label = np.zeros(SIZE, np.uint8)
    cy, cz, radius = 5.5 + rng.uniform(-1, 1), 5.5 + rng.uniform(-1, 1), rng.uniform(2.6, 3.2)
    for value, cx in ((1, 5), (2, 14)):
        label[(x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2 < radius**2] = value
    image = 50 * head + 60 * (label > 0) + rng.normal(0, 4, SIZE)
    return image.astype(np.int16), label


def save(path: Path, array: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(array), str(path))


def dataset(folder: Path, names: tuple[str, str] | None) -> Path:
    for index in range(4):
        image, label = scan(index)
        save(folder / "images" / f"s{index}.nii.gz", image)
        if index < 3:
            save(folder / "labels" / f"s{index}.nii.gz", label)
    if names:
        document = [{"name": name, "value": value} for value, name in enumerate(names, 1)]
        (folder / "segments.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.mark.parametrize("names", PAIRS.values(), ids=PAIRS)
def test_scans_of_pairs_are_not_mirrored(tmp_path: Path, names: tuple[str, str] | None):
    """nnUNet issues 80, 869, 1834 and 2225: mirrored scans exchange left and right of paired structures."""
    report = check_dataset(load_dataset(dataset(tmp_path, names)))
    assert any(note.startswith("Scans are not mirrored from left to right") for note in report.notes)


def small_model(folder: Path, into: Path, **changes) -> tuple[Plan, TwoNetworks]:
    """Trains networks that are much smaller than a preset's, so that it takes seconds."""
    report = check_dataset(load_dataset(folder))
    names = [case.name for case in report.dataset.labeled]
    plan = plan_for(
        report.dataset, names, TrainingRequest(report.dataset, preset="quick", method="supervised"), report.fingerprints
    )
    network = NetworkPlan("unet", (1, 1, 1), (8, 16, 16), ((1,) * 3, (2,) * 3, (2,) * 3), ((3,) * 3,) * 3)
    plan = plan.replaced(network=network, patch=SIZE, ema_decay=0.9, learning_rate=1e-2, **changes)
    prepared = prepare(report.dataset.labeled, plan, into)
    learner = Learner(plan, prepared, [], torch.device("cpu"))
    for iteration in range(STEPS):
        learner.step(iteration, STEPS)
    return plan, learner.teachers.eval()


def test_a_model_of_a_pair_tells_its_sides(tmp_path: Path):
    """nnUNet issue 869: structures named _L and _R got a Dice of 0.2 each, though 0.98 together."""
    plan, networks = small_model(dataset(tmp_path / "data", PAIRS["suffix"]), tmp_path / "prepared")
    image, truth = scan(50)
    for mirror in (False, True):
        mask = predict_prepared(networks, plan, normalize(image, plan.normalization), mirror).label
        for value in (1, 2):
            dice = 2 * ((mask == value) & (truth == value)).sum() / ((mask == value).sum() + (truth == value).sum())
            assert dice > 0.9, (mirror, value)
        assert not ((mask == 1) & (truth == 2)).any() and not ((mask == 2) & (truth == 1)).any()
