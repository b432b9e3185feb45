"""The cohorts of real scans that methods are compared on, and which of their scans nobody trains on."""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from dualtaskseg.inference.device import choose_device, describe_device
from dualtaskseg.inference.predictor import Predictor

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("DUALTASKSEG_DATA", ROOT.parent / "shared" / "data"))


@dataclass(frozen=True)
class Cohort:
    """A dataset in the Decathlon's layout with a rule for what is held out.

    Attributes:
        folder: within the folder of real scans.
        held_out: how many scans are kept out as test.
        by_name: whether these are the last by name; else the last in the dataset's order.
    """

    folder: str
    held_out: int
    by_name: bool

    def names(self, data: Path) -> tuple[list[str], list[str]]:
        """Names of the scans to learn from, in the dataset's order, and of those that are held out."""
        entries = json.loads((data / self.folder / "dataset.json").read_text())["training"]
        names = [Path(entry["image"]).name.removesuffix(".nii.gz") for entry in entries]
        held_out = (sorted(names) if self.by_name else names)[-self.held_out :]
        return [name for name in names if name not in held_out], held_out


COHORTS = {
    "hippocampus": Cohort("hippocampus", 40, by_name=True),
    # The published protocol labels the first 4, 8 or 16 of the list; its 20 test scans aren't among these 80.
    "left_atrium": Cohort("left_atrium", 16, by_name=False),
}


def parse_runs(description: str) -> argparse.Namespace:
    """The command line of what looks at trainings that `compare_methods.py` left behind."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cohort", choices=COHORTS)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def scans_of_run(run: Path, cohort: str, data: Path) -> tuple[Path, list[str]]:
    """The dataset that a training read, and the names of the scans that were held out."""
    request = json.loads((run / "run.json").read_text())
    return Path(request["dataset"]["folder"]), COHORTS[cohort].names(data)[1]


def each_run(args: argparse.Namespace) -> Iterator[tuple[Path, Predictor, Path, list[str]]]:
    """The runs of :func:`parse_runs`, each with its model and what :func:`scans_of_run` tells."""
    for run in args.runs:
        yield run, Predictor(run, "cpu"), *scans_of_run(run, args.cohort, args.data)


def write_results(args: argparse.Namespace, what: str, results: list[dict]) -> None:
    """Writes what was found in the runs of :func:`parse_runs`, where a file is asked for."""
    if args.out:
        document = {
            "what": what,
            "date": str(date.today()),
            "machine": f"{describe_device(choose_device('cpu'))}, {platform.system()}",
            "command": f"Testing/benchmarks/{Path(sys.argv[0]).name} {shlex.join(sys.argv[1:])}",
            "results": results,
        }
        args.out.write_text(json.dumps(document, indent=1) + "\n")


def write_cases(path: Path, names: list[str], labeled: list[str]) -> Path:
    """Writes the list of cases that ``dualtaskseg train --cases`` takes."""
    rows = [(name, "labeled" if name in labeled else "unlabeled") for name in names]
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([("case", "role"), *rows])
    return path


def at_spacing(source: Path, target: Path, spacing: float) -> Path:
    """A copy of a dataset with cubic voxels of a spacing (mm); made once.

    Scans are interpolated linearly after smoothing by what the coarser voxels can't hold; a voxel is labeled where
    the label, smoothed in the same way, is above one half.
    """
    done = target / "dataset.json"
    if done.exists():
        return target
    for folder in ("imagesTr", "labelsTr"):
        (target / folder).mkdir(parents=True, exist_ok=True)
        for path in sorted((source / folder).glob("*.nii.gz")):
            image = _resampled(sitk.Cast(sitk.ReadImage(str(path)), sitk.sitkFloat32), spacing)
            if folder == "labelsTr":
                image = sitk.Cast(image > 0.5, sitk.sitkUInt8)
            sitk.WriteImage(image, str(target / folder / path.name))
    done.write_text((source / "dataset.json").read_text())
    return target


def outlined_every(source: Path, target: Path, names: list[str], step: int) -> Path:
    """A dataset whose named scans are outlined on every ``step``-th slice only (the slowest axis); made once."""
    done = target / "dataset.json"
    if done.exists():
        return target
    (target / "labelsTr").mkdir(parents=True, exist_ok=True)
    (target / "imagesTr").symlink_to((source / "imagesTr").resolve())
    for path in (source / "labelsTr").glob("*.nii.gz"):
        copy = target / "labelsTr" / path.name
        name = path.name.removesuffix(".nii.gz")
        if name not in names:
            copy.symlink_to(path.resolve())
            continue
        image = sitk.ReadImage(str(path))
        label = sitk.GetArrayFromImage(image)
        seen = np.zeros_like(label)
        seen[step // 2 :: step] = 1
        for array, file in ((label * seen, copy), (seen, copy.with_name(f"{name}_seen.nii.gz"))):
            written = sitk.GetImageFromArray(array)
            written.CopyInformation(image)
            sitk.WriteImage(written, str(file))
    done.write_text((source / "dataset.json").read_text())
    return target


def _resampled(image: sitk.Image, spacing: float) -> sitk.Image:
    sigmas = [max(1e-3, 0.5 * (spacing**2 - old**2) ** 0.5) if spacing > old else 1e-3 for old in image.GetSpacing()]
    size = [max(1, round(n * old / spacing)) for n, old in zip(image.GetSize(), image.GetSpacing(), strict=True)]
    shift = [(spacing - old) / 2 for old in image.GetSpacing()]
    origin = image.TransformContinuousIndexToPhysicalPoint(
        [value / old for value, old in zip(shift, image.GetSpacing(), strict=True)]
    )
    smooth = sitk.SmoothingRecursiveGaussian(image, sigmas)
    return sitk.Resample(
        smooth, size, sitk.Transform(), sitk.sitkLinear, origin, [spacing] * 3, image.GetDirection(), 0.0
    )
