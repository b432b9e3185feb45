"""Whether networks still tell two alike structures apart when patches are pasted into each other.

Synthetic scans of 16 x 16 x 56 voxels with two equal balls; beside the one lies a bright ball, beside the other a dark
one, and nothing else tells which is which. Small networks learn from three labeled scans; with the method `mutual` from
a fourth, unlabeled one besides. Labeled patches are pasted into each other never, from the same place of the scans, as
the program does, or from any place.

    .venv/bin/python Testing/benchmarks/alike_structures.py
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from alterations import anywhere
from cohorts import write_results
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.inference.predictor import predict_prepared
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.sampling import Sampler
from dualtaskseg.planning.plan import NetworkPlan
from dualtaskseg.preparation.prepare import normalize, prepare
from dualtaskseg.training.plan_run import plan_for

HERE = Path(__file__).resolve().parent
SIZE, PATCH = (16, 16, 56), (16, 16, 24)  # (z, y, x)
NETWORK = NetworkPlan("unet", (1, 1, 1), (8, 16, 16), ((1,) * 3, (2,) * 3, (2,) * 3), ((3,) * 3,) * 3)
LABELED, HELD_OUT = 3, 3
DRAW = Sampler.draw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1])
    parser.add_argument("--out", type=Path, default=HERE / "results" / "alike_structures.json")
    args = parser.parse_args()
    results = []
    for method, pasting, place in (
        ("supervised", 0.0, "none"),
        ("supervised", 0.5, "same"),
        ("supervised", 0.5, "any"),
        ("supervised", 1.0, "same"),
        ("supervised", 1.0, "any"),
        ("mutual", 0.0, "none"),
        ("mutual", 0.5, "same"),
    ):
        for seed in args.seeds:
            found = {"method": method, "pasting": pasting, "place": place, "seed": seed}
            results.append(found | train(method, pasting, place == "any", seed, args.iterations))
            print(json.dumps(results[-1]), flush=True)
    what = f"{LABELED} labeled scans, {args.iterations} steps, {HELD_OUT} others: Dice of either structure"
    write_results(args, f"{what}, and the part of their voxels that is taken for the other one", results)


def train(method: str, pasting: float, from_any_place: bool, seed: int, iterations: int) -> dict:
    """Trains once and tells how well the two are found and told apart."""
    Sampler.draw = DRAW
    if from_any_place:
        anywhere(1)
    with tempfile.TemporaryDirectory() as folder:
        report = check_dataset(load_dataset(write_cohort(Path(folder) / "cohort", unlabeled=method == "mutual")))
        dataset = report.dataset
        request = TrainingRequest(dataset, preset="quick", method=method, seed=seed)
        plan = plan_for(dataset, [case.name for case in dataset.labeled], request, report.fingerprints)
        training = replace(plan.training, pasting=pasting)
        plan = plan.replaced(network=NETWORK, patch=PATCH, ema_decay=0.95, learning_rate=1e-2, training=training)
        plan = plan.replaced(mutual=replace(plan.mutual, labels_first=0))
        labeled = prepare(dataset.labeled, plan, Path(folder) / "prepared")
        unlabeled = prepare(dataset.unlabeled, plan, Path(folder) / "prepared")
        learner = Learner(plan, labeled, unlabeled, torch.device("cpu"))
        for iteration in range(iterations):
            learner.step(iteration, iterations)
        networks = learner.teachers.eval()
    dice, mistaken = [], []
    for number in range(HELD_OUT):
        image, truth = scan(50 + number)
        mask = predict_prepared(networks, plan, normalize(image, plan.normalization), False).label
        for value in (1, 2):
            found, true = mask == value, truth == value
            dice.append(2 * (found & true).sum() / (found.sum() + true.sum()))
            mistaken.append(((mask == 3 - value) & true).sum() / true.sum())
    return {
        "dice_mean": round(statistics.mean(map(float, dice)), 3),
        "dice_worst": round(float(min(dice)), 3),
        "taken_for_the_other": round(statistics.mean(map(float, mistaken)), 3),
    }


def write_cohort(folder: Path, unlabeled: bool) -> Path:
    for index in range(LABELED + unlabeled):
        image, label = scan(index)
        for kind, array in (("images", image), ("labels", label)):
            if kind == "images" or index < LABELED:
                (folder / kind).mkdir(parents=True, exist_ok=True)
                sitk.WriteImage(sitk.GetImageFromArray(array), str(folder / kind / f"s{index}.nii.gz"))
    names = [{"name": "Kidney_L", "value": 1}, {"name": "Kidney_R", "value": 2}]
    (folder / "segments.json").write_text(json.dumps(names), encoding="utf-8")
    return folder


def scan(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Intensities and label (z, y, x) of a body with the two balls and their neighbors."""
    random = np.random.default_rng(seed)
    z, y, x = np.mgrid[: SIZE[0], : SIZE[1], : SIZE[2]].astype(float)
    image = 50.0 * (((x - 27.5) / 27) ** 2 + ((y - 7.5) / 8) ** 2 + ((z - 7.5) / 8) ** 2 < 1)
    center_y, center_z = 7.5 + random.uniform(-2, 2, 2)
    radius, shift = random.uniform(2.6, 3.4), random.uniform(-2, 2)
    label = np.zeros(SIZE, np.uint8)
    for value, own, neighbor, tone in ((1, 14, 22, 30), (2, 41, 33, -30)):
        around = (y - center_y) ** 2 + (z - center_z) ** 2
        label[(x - own - shift) ** 2 + around < radius**2] = value
        image += tone * ((x - neighbor - shift) ** 2 + around < 3.2**2)
    return (image + 60 * (label > 0) + random.normal(0, 6, SIZE)).astype(np.int16), label


if __name__ == "__main__":
    main()
