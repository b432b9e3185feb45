"""Which figure tells best, without a label, how good a segmentation is: Spearman's correlation with the true Dice.

.venv/bin/python Testing/benchmarks/forecast.py left_atrium runs/benchmark/left_atrium_2mm_mutual_8_2400s_seed0 ...
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from cohorts import each_run, parse_runs, write_results
from dualtaskseg.evaluation.metrics import quick_dice
from dualtaskseg.inference.predictor import Predictor
from scipy.stats import spearmanr


def main() -> None:
    args = parse_runs(__doc__)
    results = []
    for run, predictor, folder, names in each_run(args):
        rows = [figures_of(predictor, folder, name) for name in names]
        truth = [row.pop("dice") for row in rows]
        result = {"run": run.name, "dice": round(float(np.mean(truth)), 4)}
        for name in rows[0]:
            values = [row[name] for row in rows]
            result[name] = {
                "spearman": round(float(spearmanr(truth, values)[0]), 3),
                "mean": round(float(np.mean(values)), 3),
                "mean_absolute_error": round(float(np.mean(np.abs(np.array(values) - truth))), 3),
            }
        print(json.dumps(result), flush=True)
        results.append(result)
    write_results(args, "forecasts of Dice on held-out scans", results)


def figures_of(predictor: Predictor, folder: Path, name: str) -> dict[str, float]:
    """The true Dice of one scan and the figures that may tell it."""
    image = sitk.ReadImage(str(folder / "imagesTr" / f"{name}.nii.gz"))
    label = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "labelsTr" / f"{name}.nii.gz"))) > 0
    prediction = predictor.predict(image)
    mask = sitk.GetArrayFromImage(prediction.label) > 0
    summary = prediction.summary
    shaken = [dice(mask, sitk.GetArrayFromImage(predictor.predict(each).label) > 0) for each in shakes(image)]
    steady = float(np.mean(shaken))
    return {
        "dice": dice(mask, label),
        "agreement": summary.agreement,
        "expected_dice": summary.expected_dice,
        "no_disagreement": 1 - summary.disagreement,
        "steady": steady,
        "agreement_x_expected": summary.agreement * summary.expected_dice,
        "agreement_x_steady": summary.agreement * steady,
        "expected_x_steady": summary.expected_dice * steady,
        "all_three": summary.agreement * summary.expected_dice * steady,
    }


def dice(mask: np.ndarray, other: np.ndarray) -> float:
    return float(quick_dice(mask, other, [1])[1])


def shakes(image: sitk.Image) -> list[sitk.Image]:
    """The scan with other intensities, as another machine might have taken it."""
    random = torch.Generator().manual_seed(0)
    values = sitk.GetArrayFromImage(image).astype(np.float32)
    low, high = np.percentile(values, [0.5, 99.5])
    parts = np.clip((values - low) / max(high - low, 1e-6), 0, None)
    noise = torch.randn(values.shape, generator=random).numpy()
    changed = [parts**0.7, parts**1.4, parts + 0.08 * noise]
    made = []
    for each in changed:
        made.append(sitk.GetImageFromArray((low + (high - low) * each).astype(np.float32)))
        made[-1].CopyInformation(image)
    return [*made, sitk.SmoothingRecursiveGaussian(sitk.Cast(image, sitk.sitkFloat32), max(image.GetSpacing()) * 0.6)]


if __name__ == "__main__":
    main()
