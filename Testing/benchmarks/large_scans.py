"""Large scans with a small structure: peak memory of planning, preparing, training and predicting; and what it is worth
to look at a scan first and to compute closely only where something is.

Synthetic CT scans of a body with noise, vessels and a ball that fills 0.05 to 1 % of the scan. Each stage is a process
of its own. The networks are narrow and the patches small, so that a CPU trains and predicts in minutes: memory is that
of the scans. With ``--model`` the scans are predicted with the network of another size's training.

    .venv/bin/python Testing/benchmarks/large_scans.py --size 256 256 256
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
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.networks import weights_of
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import write_model
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import open_prepared, prepare
from dualtaskseg.training.plan_run import plan_for
from safetensors.torch import save_file

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SPACING = (0.8, 0.8, 1.0)
SHARES = (0.0005, 0.0005, 0.01, 0.0005)  # of the scan; the third is unlabeled, the last is held out
STAGES = ("plan", "prepare", "train", "predict with a first look", "predict all windows")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, nargs=3, default=(256, 256, 256), help="x y z, voxels")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--stages", nargs="+", default=STAGES, choices=STAGES)
    parser.add_argument("--filters", type=int, default=8, help="of the networks' first layer")
    parser.add_argument("--vessels", type=int, default=160, help="their brightness in HU; the ball has 160")
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "benchmark" / "large")
    parser.add_argument("--model", type=Path, help="a model folder, instead of the one trained here")
    parser.add_argument("--patch", type=int, default=2**15, help="voxels of a patch")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--stage", help=argparse.SUPPRESS)
    args = parser.parse_args()
    PRESETS["quick"] = replace(
        PRESETS["quick"], filters=args.filters, largest_filters=4 * args.filters, patch_voxels=args.patch
    )
    name = "x".join(map(str, args.size))
    work = args.work / name
    if args.stage:
        print(json.dumps(globals()[f"stage_{args.stage.split()[0]}"](args, work)))
        return
    write_cohort(work / "dataset", tuple(args.size), args.vessels)
    results = {"program and libraries": run(args, "nothing")}
    for stage in args.stages:
        results[stage] = run(args, stage)
        print(stage, results[stage], flush=True)
        document = {
            "what": f"CT scans of {' x '.join(map(str, args.size))} voxels, a ball of {SHARES[-1]:.2%} to "
            f"{max(SHARES):.0%} and 160 HU, vessels of {args.vessels} HU; {args.filters} filters, {args.steps} steps; "
            "peak GB and seconds of the processor",
            "date": str(date.today()),
            "machine": f"{describe_device(torch.device('cpu'))}, {platform.system()}, PyTorch {torch.__version__}",
            "command": "Testing/benchmarks/large_scans.py " + shlex.join(sys.argv[1:]),
            "scan in float32, GB": round(4 * np.prod(args.size, dtype=float) / 1e9, 3),
            "stages": results,
        }
        out = args.out or HERE / "results" / f"large_scans_{name}.json"
        out.write_text(json.dumps(document, indent=1) + "\n")


def run(args: argparse.Namespace, stage: str) -> dict:
    words = [sys.executable, __file__, "--size", *args.size, "--steps", args.steps, "--work", args.work]
    words += ["--patch", args.patch, "--filters", args.filters]
    words += ["--model", args.model or args.work / "x".join(map(str, args.size)) / "model"]
    cost = cost_of([*words, "--stage", stage], stdout=subprocess.PIPE)
    return {
        "peak GB": round(cost.peak / 1e9, 3),
        "processor seconds": round(cost.processor_seconds, 1),
        **json.loads(cost.output.splitlines()[-1]),
    }


def write_cohort(folder: Path, size: tuple[int, int, int], vessels: int) -> None:
    """Two labeled scans, an unlabeled one, and one beside them to predict; made once."""
    if (folder / "cases.csv").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for index, share in enumerate(SHARES):
        image, label = make_scan(index, size, share, vessels)
        for array, kind in ((image, "image"), (label, "label")):
            written = sitk.GetImageFromArray(array)
            written.SetSpacing(SPACING)
            sitk.WriteImage(written, str(folder / f"{kind}_{index}.nii.gz"), useCompression=True, compressionLevel=1)
    rows = ["image,label", *(f"image_{index}.nii.gz,label_{index}.nii.gz" for index in range(2)), "image_2.nii.gz,"]
    (folder / "dataset.json").unlink(missing_ok=True)
    (folder / "cases.csv").write_text("\n".join(rows) + "\n")


def make_scan(seed: int, size: tuple[int, int, int], share: float, brightness: int) -> tuple[np.ndarray, np.ndarray]:
    """Slice by slice: air, a body with a spine, thin vessels of a brightness (HU), and a ball, the structure."""
    random = np.random.default_rng(seed)
    shape = size[::-1]
    spacing = np.array(SPACING[::-1])
    radius = (share * np.prod(shape, dtype=float) * spacing.prod() * 3 / (4 * np.pi)) ** (1 / 3)
    extent = np.array(shape) * spacing
    center = extent * random.uniform(0.4, 0.6, 3)
    vessels = [(extent[1:] * random.uniform(0.3, 0.7, 2), random.uniform(2, 4)) for _ in range(6)]
    y, x = np.meshgrid(*((np.arange(side) + 0.5) * step for side, step in zip(shape[1:], spacing[1:], strict=True)),
                       indexing="ij")  # fmt: skip
    spine = (y / extent[1] - 0.75) ** 2 + (x / extent[2] - 0.5) ** 2 < 0.003
    body = ((y / extent[1] - 0.5) ** 2 + (x / extent[2] - 0.5) ** 2) < 0.2
    plain = np.where(spine, 500, np.where(body, 40, -1000))
    for place, width in vessels:
        plain[(y - place[0]) ** 2 + (x - place[1]) ** 2 < width**2] = brightness
    image, label = np.empty(shape, np.int16), np.zeros(shape, np.uint8)
    in_plane = (y - center[1]) ** 2 + (x - center[2]) ** 2
    for index in range(shape[0]):
        label[index] = in_plane + ((index + 0.5) * spacing[0] - center[0]) ** 2 < radius**2
        image[index] = np.where(label[index], 160, plain) + random.integers(-30, 30, shape[1:])
    return image, label


def stage_nothing(args: argparse.Namespace, work: Path) -> dict:
    return {}


def stage_plan(args: argparse.Namespace, work: Path) -> dict:
    report = check_dataset(load_dataset(work / "dataset"))
    dataset, names = report.dataset, [case.name for case in report.dataset.labeled]
    plan = plan_for(dataset, names, TrainingRequest(dataset, preset="quick"), report.fingerprints)
    (work / "plan.json").write_text(json.dumps(plan.to_dict()))
    return {"plan": {"spacing": plan.spacing, "patch": plan.patch, "look_first": plan.look_first}}


def plan_in(work: Path) -> Plan:
    return Plan.from_dict(json.loads((work / "plan.json").read_text()))


def stage_prepare(args: argparse.Namespace, work: Path) -> dict:
    dataset = load_dataset(work / "dataset")
    prepare([*dataset.labeled, *dataset.unlabeled], plan_in(work), work / "prepared")
    return {}


def stage_train(args: argparse.Namespace, work: Path) -> dict:
    plan = plan_in(work)
    cases = open_prepared(work / "prepared", plan)
    labeled = [case for case in cases if case.role == "labeled"]
    learner = Learner(plan, labeled, [case for case in cases if case.role != "labeled"], torch.device("cpu"))
    for iteration in range(args.steps):
        losses = learner.step(iteration, args.steps)
        if iteration % 50 == 0:
            print(iteration, {name: round(float(value), 3) for name, value in losses.items()}, file=sys.stderr)
    weights = weights_of(learner.teachers)
    description = ModelDescription("Ball", plan.segments, plan.to_dict(), {"labeled": len(labeled)})
    write_model(work / "model", description, lambda path: save_file(weights, path))
    return {"loss": round(float(losses["loss"]), 4)}


def stage_predict(args: argparse.Namespace, work: Path) -> dict:
    predictor = Predictor(args.model, "cpu")
    predictor.plan = predictor.plan.replaced(look_first=args.stage.endswith("first look"))
    windows = 0

    def count(*_: object) -> None:
        nonlocal windows
        windows += 1

    image = read_image(work / "dataset" / f"image_{len(SHARES) - 1}.nii.gz")
    prediction = predictor.predict(image, sdm=True, uncertainty=True, on_progress=count)
    found = prediction.label_volume.array > 0
    truth = sitk.GetArrayFromImage(sitk.ReadImage(str(work / "dataset" / f"label_{len(SHARES) - 1}.nii.gz"))) > 0
    return {
        "dice": round(2 * float((found & truth).sum()) / float(found.sum() + truth.sum()), 4),
        "voxels": int(found.sum()),
        "windows": windows,
    }


if __name__ == "__main__":
    main()
