"""How much of what trainings miss is that their labeled scans were outlined more generously than others, or less.

Two questions. How large are the outlines of the first scans of a cohort, beside what networks say of them that learned
from the outlines of all? And what would the Dice of finished trainings be if each had moved the surfaces of all its
masks by the same distance, so that all held-out volumes together were right? What it gains by that no use of unlabeled
scans can give, since only outlines tell how generously to outline.

.venv/bin/python Testing/benchmarks/generosity.py left_atrium RUN ... --of-all RUN_WITH_ALL_LABELED
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import SimpleITK as sitk
from cohorts import COHORTS, DATA, write_results
from dualtaskseg.data.label_arrays import bounding_box
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.preparation.signed_distance import signed_distance
from scipy.ndimage import gaussian_filter

FIRST = 16  # scans of the cohort, the most that are labeled
REACH = 3.0  # mm, that surfaces are moved at most
SHIFTS = np.arange(-REACH, REACH, 0.05)  # mm inwards
SMOOTH = 1.0  # voxels: distances of a mask have few values, those of smoothed ones tell more


class Moved(NamedTuple):
    """A mask for each of ``SHIFTS``: its voxels, and those that are in the truth, too; and the voxels of the truth."""

    found: np.ndarray
    both: np.ndarray
    true: int

    @property
    def dice(self) -> np.ndarray:
        return 2 * self.both / (self.found + self.true)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cohort", choices=COHORTS)
    parser.add_argument("runs", nargs="+", type=Path, help="with their predictions of the held-out scans")
    parser.add_argument("--of-all", type=Path, required=True, help="a run that learned from all outlines")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    cohort = COHORTS[args.cohort]
    folder = args.data / cohort.folder
    names, held_out = cohort.names(args.data)
    results: list[dict] = [{"predicted over outlined volume": volume_ratios(args.of_all, folder, names[:FIRST])}]
    print(json.dumps(results[0]), flush=True)
    for run in args.runs:
        results.append({"run": run.name, **figures_of(run, folder, held_out)})
        print(json.dumps(results[-1]), flush=True)
    what = "volumes of the first scans, by networks that learned from all; and what Dice is with surfaces moved alike"
    write_results(args, what, results)


def volume_ratios(run: Path, folder: Path, names: list[str]) -> dict[str, float]:
    """Of scans that the run learned from, among others."""
    predictor = Predictor(run, "cpu")
    ratios = {}
    for name in names:
        image = sitk.ReadImage(str(folder / "imagesTr" / f"{name}.nii.gz"))
        found = np.count_nonzero(sitk.GetArrayViewFromImage(predictor.predict(image).label))
        ratios[name] = round(found / np.count_nonzero(mask_of(folder / "labelsTr", name)[0]), 3)
    return ratios


def figures_of(run: Path, folder: Path, names: list[str]) -> dict[str, float]:
    moved = [moved_masks(run / "predictions", folder / "labelsTr", name) for name in names]
    dice = np.array([each.dice for each in moved])
    ratio = np.sum([each.found for each in moved], axis=0) / sum(each.true for each in moved)
    unmoved, right = np.abs(SHIFTS).argmin(), np.abs(ratio - 1).argmin()
    return {
        "dice": round(float(dice[:, unmoved].mean()), 4),
        "worst": round(float(dice[:, unmoved].min()), 4),
        "volume_ratio": round(float(ratio[unmoved]), 4),
        "moved_inwards_mm": round(float(SHIFTS[right]), 2),
        "dice_moved": round(float(dice[:, right].mean()), 4),
        "worst_moved": round(float(dice[:, right].min()), 4),
    }


def moved_masks(predictions: Path, labels: Path, name: str) -> Moved:
    found, spacing = mask_of(predictions, name)
    truth, _spacing = mask_of(labels, name)
    box = bounding_box(found | truth)
    margins = [int(REACH / step) + 2 for step in spacing]
    box = tuple(slice(max(0, each.start - more), each.stop + more) for each, more in zip(box, margins, strict=True))
    found, truth = found[box], truth[box]
    depth = -gaussian_filter(signed_distance(found, spacing, REACH + 2), SMOOTH)
    edges = np.append(SHIFTS, np.inf)  # so many voxels are at least so deep

    def at_least(values: np.ndarray) -> np.ndarray:
        return np.histogram(values, edges)[0][::-1].cumsum()[::-1]

    return Moved(at_least(depth), at_least(depth[truth]), int(truth.sum()))


def mask_of(folder: Path, name: str) -> tuple[np.ndarray, tuple[float, float, float]]:
    """The whole structure (z, y, x), and the voxel size in mm."""
    image = sitk.ReadImage(str(folder / f"{name}.nii.gz"))
    return sitk.GetArrayFromImage(image) > 0, image.GetSpacing()[::-1]


if __name__ == "__main__":
    main()
