"""How good each of both networks is by itself: who is taught by a better one, and what both are worth together.

.venv/bin/python Testing/benchmarks/networks_alone.py hippocampus runs/benchmark/hippocampus_mutual_8_700steps_seed0 ...
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from cohorts import each_run, parse_runs, write_results
from dualtaskseg.evaluation.metrics import quick_dice
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.method.base import Decoded
from dualtaskseg.method.mutual import MutualLearning

PROBABILITY_SHARES = {"together": 0.5, "probability network": 1.0, "distance network": 0.0}  # in the result


def main() -> None:
    args = parse_runs(__doc__)
    results = []
    for run, predictor, folder, names in each_run(args):
        dice = np.mean([dice_of(predictor, folder, name) for name in names], axis=0)
        result = {"run": run.name, **dict(zip(PROBABILITY_SHARES, dice.round(4).tolist(), strict=True))}
        print(json.dumps(result), flush=True)
        results.append(result)
    write_results(
        args, "mean Dice of the whole structure over the held-out scans, by both networks and by each alone", results
    )


def dice_of(predictor: Predictor, folder: Path, name: str) -> list[float]:
    """Of one scan, for each of PROBABILITY_SHARES."""
    image = sitk.ReadImage(str(folder / "imagesTr" / f"{name}.nii.gz"))
    truth = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "labelsTr" / f"{name}.nii.gz"))) > 0
    figures = []
    for share in PROBABILITY_SHARES.values():
        MutualLearning.decode = decoding(share)
        mask = sitk.GetArrayFromImage(predictor.predict(image).label) > 0
        figures.append(float(quick_dice(mask, truth, [1])[1]))
    return figures


def decoding(share: float) -> Callable[..., Decoded]:
    """A decoding in which the probability network has this share in the result, the distance network the rest."""

    def decode(self: MutualLearning, networks, probability, averaged) -> Decoded:
        mask = networks.masks(averaged[None])[0]
        return Decoded(probability, mask, share * probability + (1 - share) * mask, averaged)

    return decode


if __name__ == "__main__":
    main()
