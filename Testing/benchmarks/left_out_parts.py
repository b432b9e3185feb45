"""What it is worth to leave out parts of a segment that only one of the two networks sees, or that are too small.

.venv/bin/python Testing/benchmarks/left_out_parts.py left_atrium runs/left_atrium_2mm_mutual_8_600steps_seed0 ...
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np
import SimpleITK as sitk
from cohorts import each_run, parse_runs, write_results
from dualtaskseg.evaluation.metrics import score_masks
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.planning.plan import Plan
from dualtaskseg.training import findings
from dualtaskseg.training.findings import with_usual_parts

# Whether parts are left out that are doubted, which are too small, and whether all but the largest are.
WAYS = {
    "all parts": (False, "none", False),
    "without doubted parts": (True, "none", False),
    "without doubted parts and those below a quarter of the smallest outlined": (True, "below a quarter", False),
    "without doubted and small parts": (True, "as the program does", False),
    "largest part only": (False, "none", True),
}


def main() -> None:
    args = parse_runs(__doc__)
    results = []
    for run, predictor, folder, names in each_run(args):
        result = {"run": run.name}
        least = least_parts(Outlined(run), predictor.plan)
        for way, (doubted, small, largest) in WAYS.items():
            predictor.plan = predictor.plan.replaced(
                leave_out_doubted=doubted,
                least_parts=least[small],
                keep_largest=(largest,) * len(predictor.names),
            )
            dice, distance = np.nanmean([figures_of(predictor, folder, name) for name in names], axis=0)
            result[way] = {"dice": round(float(dice), 4), "hd95_mm": round(float(distance), 2)}
        print(json.dumps(result), flush=True)
        results.append(result)
    write_results(
        args, "means over the held-out scans, and over the segments of each: Dice and 95 % Hausdorff distance", results
    )


class Outlined:
    """The wholly outlined scans of a run folder, as :func:`with_usual_parts` looks at them."""

    def __init__(self, run: Path) -> None:
        labels = sorted((run / "prepared").glob("*_label.npy"))
        self.training = [SimpleNamespace(seen=None, label=lambda path=path: np.load(path)) for path in labels]
        self.cases = self


def least_parts(outlined: Outlined, plan: Plan) -> dict[str, tuple[float, ...]]:
    """The mm³ below which a part is left out, for each segment, by each of the rules."""
    as_now = with_usual_parts(outlined, plan).least_parts
    with patch.object(findings, "FEWEST_ALIKE", sys.maxsize):  # single parts that are alike say no more than others
        of_a_quarter = with_usual_parts(outlined, plan).least_parts
    return {"none": (), "below a quarter": of_a_quarter, "as the program does": as_now}


def figures_of(predictor: Predictor, folder: Path, name: str) -> tuple[float, float]:
    """Dice and 95 % Hausdorff distance (mm) of one scan, means over its segments."""
    image = sitk.ReadImage(str(folder / "imagesTr" / f"{name}.nii.gz"))
    truth = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "labelsTr" / f"{name}.nii.gz")))
    label = sitk.GetArrayFromImage(predictor.predict(image).label)
    spacing = image.GetSpacing()[::-1]
    scores = [score_masks(label == value, truth == value, spacing) for value in predictor.values]
    return float(np.mean([score.dice for score in scores])), float(np.mean([score.hd95_mm for score in scores]))


if __name__ == "__main__":
    main()
