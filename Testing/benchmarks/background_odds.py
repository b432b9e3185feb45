"""What it would be worth that the background counts more in predictions, the more so the fewer scans are labeled.

Networks that learned from few scans take too much for a structure in others. Each finished training predicts the
held-out scans with a voxel in a structure from several probabilities on, and from 0.5 + 0.3 / n on with n labeled
scans, at most 0.65.

.venv/bin/python Testing/benchmarks/background_odds.py left_atrium runs/left_atrium_2mm_mutual_4_600steps_seed0 ...
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from cohorts import each_run, parse_runs, write_results
from dualtaskseg.evaluation.metrics import score_masks
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.method.base import Decoded
from dualtaskseg.method.mutual import MutualLearning

THRESHOLDS = (0.5, 0.55, 0.6, 0.65)
USUAL = MutualLearning.decode
RULE = "by the number of labeled scans"
EXCESS, MOST_EXCESS = 0.3, 0.15  # of that probability over a half


def main() -> None:
    args = parse_runs(__doc__)
    results = []
    for run, predictor, folder, names in each_run(args):
        labeled = predictor.description.trained_on["labeled"]
        by_rule = 0.5 + min(MOST_EXCESS, EXCESS / labeled)
        thresholds = {f"{each:g}": each for each in THRESHOLDS} | {RULE: by_rule}
        result = {"run": run.name, "labeled": labeled}
        for way, threshold in thresholds.items():
            MutualLearning.decode = decoding(threshold / (1 - threshold))
            figures = np.array([figures_of(predictor, folder, name) for name in names])
            means = np.nanmean(figures, axis=0).round(4).tolist()
            result[way] = dict(zip(("dice", "hd95_mm", "precision", "recall"), means, strict=True))
            result[way]["worst"] = round(float(figures[:, 0].min()), 4)
        print(json.dumps(result), flush=True)
        results.append(result)
    write_results(
        args,
        "means over the held-out scans of the whole structure, and the worst Dice, where a voxel belongs to one from "
        "such a probability on",
        results,
    )


def decoding(odds: float) -> Callable[..., Decoded]:
    """A decoding in which the odds of the background, against any segment, are multiplied.

    It is the correction of class probabilities for other priors than those of the training, p'(c) = w_c p(c) / sum
    (Saerens, Latinne & Decaestecker, Neural Computation 2002), here with one weight, of the background.
    """

    def decode(self: MutualLearning, networks, probability, averaged) -> Decoded:
        result = USUAL(self, networks, probability, averaged)
        counted = torch.cat([odds * result.together[:1], result.together[1:]])
        return replace(result, together=counted / counted.sum(dim=0))

    return decode


def figures_of(predictor: Predictor, folder: Path, name: str) -> tuple[float, float, float, float]:
    """Dice, 95 % Hausdorff distance (mm), precision and recall of the whole structure in one scan."""
    image = sitk.ReadImage(str(folder / "imagesTr" / f"{name}.nii.gz"))
    truth = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "labelsTr" / f"{name}.nii.gz"))) > 0
    found = sitk.GetArrayFromImage(predictor.predict(image).label) > 0
    score = score_masks(found, truth, image.GetSpacing()[::-1])
    both = float(np.count_nonzero(found & truth))
    return score.dice, score.hd95_mm, both / max(1, np.count_nonzero(found)), both / max(1, np.count_nonzero(truth))


if __name__ == "__main__":
    main()
