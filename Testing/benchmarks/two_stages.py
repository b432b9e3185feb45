"""Small structures in large scans: with an overview by coarse networks, and without, in the same number of steps.

Synthetic CT scans of a body with a spine, vessels as bright as the structure, and a ball that fills a small part of the
scan; what is alike from near has another shape from afar. Both trainings get as many steps, those of the overview
included, and predict scans that neither has seen. The networks are narrow and the patches small, so that a CPU trains
in minutes. Each stage is a process of its own.

    .venv/bin/python Testing/benchmarks/two_stages.py --size 256 256 256 --share 0.0005
    .venv/bin/python Testing/benchmarks/two_stages.py --size 512 512 300 --share 0.0005 --held-out 1
"""

from __future__ import annotations

import argparse
import json
import platform
import shlex
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from childcost import cost_of
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.inference.device import describe_device
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.io.images import read_image
from dualtaskseg.model.folder import read_model
from dualtaskseg.planning import overview
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.training.finalize import Finalizer
from dualtaskseg.training.overview import STEPS
from dualtaskseg.training.trainer import train
from large_scans import SPACING, make_scan

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LABELED, UNLABELED = 3, 3
WAYS = ("with an overview", "without")


def main() -> None:
    args = parse()
    preset = PRESETS["quick"]
    PRESETS["quick"] = replace(preset, filters=args.filters, largest_filters=4 * args.filters, patch_voxels=args.patch)
    work = args.work / f"{'x'.join(map(str, args.size))}_{args.share:g}_{args.vessels}"
    if args.way:
        print(json.dumps(stage_train(args, work) if args.stage == "train" else stage_predict(args, work)))
        return
    write_cohort(work, args)
    results = {}
    for way in args.ways:
        results[way] = {stage: run(args, way, stage) for stage in ("train", "predict")}
        print(way, json.dumps(results[way]), flush=True)
        document = {
            "what": f"CT scans of {' x '.join(map(str, args.size))} voxels, a ball of {args.share:.2%} and 160 HU, "
            f"vessels of {args.vessels} HU; {LABELED} labeled, {UNLABELED} unlabeled, {args.held_out} held out; "
            f"{args.filters} filters, {args.steps} steps in all; peak GB and seconds of the processor",
            "date": str(date.today()),
            "machine": f"{describe_device(torch.device('cpu'))}, {platform.system()}, PyTorch {torch.__version__}",
            "command": "Testing/benchmarks/two_stages.py " + shlex.join(sys.argv[1:]),
            "note": args.note,
            "results": results,
        }
        out = args.out or HERE / "results" / f"two_stages_{'x'.join(map(str, args.size))}.json"
        out.write_text(json.dumps(document, indent=1) + "\n")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, nargs=3, default=(256, 256, 256), help="x y z, voxels")
    parser.add_argument("--share", type=float, default=0.0005, help="of the scan, that the ball fills")
    parser.add_argument("--steps", type=int, default=1000, help="in all")
    parser.add_argument("--filters", type=int, default=24, help="of the networks' first layer")
    parser.add_argument("--patch", type=int, default=2**15, help="voxels of a patch")
    parser.add_argument("--vessels", type=int, default=160, help="their brightness in HU; the ball has 160")
    parser.add_argument("--no-looks", action="store_true", help="write the model, and look at no scan for a report")
    parser.add_argument("--ways", nargs="+", default=WAYS, choices=WAYS)
    parser.add_argument("--held-out", type=int, default=3)
    parser.add_argument("--note", default="", help="what a reader should know of the circumstances")
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "benchmark" / "two_stages")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--stage", help=argparse.SUPPRESS)
    return parser.parse_args()


def run(args: argparse.Namespace, way: str, stage: str) -> dict:
    words = [sys.executable, __file__, *sys.argv[1:], "--way", way, "--stage", stage]
    cost = cost_of(words, stdout=subprocess.PIPE)
    return {
        "peak GB": round(cost.peak / 1e9, 3),
        "processor seconds": round(cost.processor_seconds, 1),
        **json.loads(cost.output.splitlines()[-1]),
    }


def write_cohort(folder: Path, args: argparse.Namespace) -> None:
    """Labeled and unlabeled scans, and some beside them to predict; made once."""
    dataset, apart = folder / "dataset", folder / "held_out"
    if (dataset / "cases.csv").exists():
        return
    for each in (dataset, apart):
        each.mkdir(parents=True, exist_ok=True)
    rows = ["image,label"]
    for index in range(LABELED + UNLABELED + args.held_out):
        image, label = make_scan(index, tuple(args.size), args.share, args.vessels)
        place = dataset if index < LABELED + UNLABELED else apart
        for array, kind in ((image, "image"), (label, "label")):
            written = sitk.GetImageFromArray(array)
            written.SetSpacing(SPACING)
            sitk.WriteImage(written, str(place / f"{kind}_{index}.nii.gz"), useCompression=True, compressionLevel=1)
        if place is dataset:
            rows.append(f"image_{index}.nii.gz," + (f"label_{index}.nii.gz" if index < LABELED else ""))
    (dataset / "cases.csv").write_text("\n".join(rows) + "\n")


def stage_train(args: argparse.Namespace, work: Path) -> dict:
    """Trains by the program's own rules, without its overview where the way says so."""
    steps = args.steps - STEPS
    if args.way == "without":
        overview.LARGEST_SHARE, steps = 0.0, args.steps
    if args.no_looks:  # which would compute all windows of some scans
        Finalizer.finish = lambda self, learner: self._write_model(learner, learner.plan)
    report = check_dataset(load_dataset(work / "dataset"))
    request = TrainingRequest(report.dataset, preset="quick", iterations=steps, device="cpu", validation=0)
    train(RunFolder.create(work / f"run_{args.way.replace(' ', '_')}_{args.steps}", request.to_dict()).folder)
    plan = read_model(work / f"run_{args.way.replace(' ', '_')}_{args.steps}" / "model").plan
    coarse = plan.get("overview")
    return {"spacing": plan["spacing"], "overview": coarse and coarse["spacing"], "look_first": plan["look_first"]}


def stage_predict(args: argparse.Namespace, work: Path) -> dict:
    predictor = Predictor(work / f"run_{args.way.replace(' ', '_')}_{args.steps}", "cpu")
    dice, windows = [], 0

    def count(*_: object) -> None:
        nonlocal windows
        windows += 1

    for file in sorted((work / "held_out").glob("image_*")):
        prediction = predictor.predict(read_image(file), sdm=True, uncertainty=True, on_progress=count)
        found = prediction.label_volume.array > 0
        label = sitk.ReadImage(str(file.with_name(file.name.replace("image", "label"))))
        truth = sitk.GetArrayFromImage(label) > 0
        dice.append(round(2 * float((found & truth).sum()) / float(found.sum() + truth.sum()), 4))
    return {"dice": dice, "mean dice": round(float(np.mean(dice)), 4), "windows": windows}


if __name__ == "__main__":
    main()
