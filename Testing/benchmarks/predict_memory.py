"""Peak memory and time of predicting a large CT scan, 512 x 512 x 600 voxels, through the command line.

The networks are tiny: what is measured is what the scan costs, and the networks' own memory stays out of it.

.venv/bin/python Testing/benchmarks/predict_memory.py
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import shlex
import sys
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from childcost import Cost, cost_of
from dualtaskseg.contract.segment import Segment
from dualtaskseg.inference.device import describe_device
from dualtaskseg.method.networks import build_networks, weights_of
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import write_model
from dualtaskseg.planning.plan import NetworkPlan, Normalization, Plan
from safetensors.torch import save_file

HERE = Path(__file__).resolve().parent
SEGMENTS = tuple(Segment(name, value, (0, 0, 0)) for value, name in enumerate(("Organ", "Vein"), 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, nargs=3, default=(512, 512, 600), help="x y z, voxels")
    parser.add_argument(
        "--spacing", type=float, default=1.5, help="of the model's grid, mm; the scan has 0.8 x 0.8 x 1"
    )
    parser.add_argument("--monai", action="store_true", help="measure the same with MONAI's transforms, too")
    parser.add_argument("--least", action="store_true", help="networks that take hardly any time")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "predict_memory.json")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_ct(folder / "ct.nii.gz", args.size)
        write_tiny_model(folder / "model", args.spacing, args.least)
        wanted = {"mask only": [], "mask, distances, disagreement": ["--sdm", "--uncertainty"]}
        write_ct(folder / "small.nii.gz", (64, 64, 64))
        start = predict(folder, "small.nii.gz", ["--out", str(folder / "small")]).peak
        results = {
            what: predict(folder, "ct.nii.gz", [*options, "--out", str(folder / f"out{index}")])
            for index, (what, options) in enumerate(wanted.items())
        }
        if args.monai:
            command = [sys.executable, HERE / "monai_pipeline.py", folder / "model", folder / "ct.nii.gz"]
            results["the latter, with MONAI's transforms"] = cost_of([*command, folder / "monai"])
    volume = 4 * math.prod(args.size)
    document = {
        "what": f"peak memory of `dualtaskseg predict` on a CT scan of {' x '.join(map(str, args.size))} voxels of "
        f"0.8 x 0.8 x 1 mm, as 16-bit .nii.gz, a model of two segments on {args.spacing:g} mm",
        "date": str(date.today()),
        "machine": f"{describe_device(torch.device('cpu'))}, {platform.system()}, PyTorch {torch.__version__}",
        "command": "Testing/benchmarks/predict_memory.py " + shlex.join(sys.argv[1:]),
        "volume in float32, GB": round(volume / 1e9, 3),
        "runs": {
            what: {
                "peak GB": round(cost.peak / 1e9, 3),
                "peak without program and libraries, to the volume in float32": round((cost.peak - start) / volume, 3),
                "seconds": round(cost.seconds, 1),
                "processor seconds": round(cost.processor_seconds, 1),
            }
            for what, cost in results.items()
        },
        "peak GB on a scan of 64 x 64 x 64 voxels: program and libraries": round(start / 1e9, 3),
    }
    args.out.parent.mkdir(exist_ok=True)
    args.out.write_text(json.dumps(document, indent=1) + "\n")
    print(json.dumps(document, indent=1))


def write_ct(path: Path, size: tuple[int, int, int]) -> None:
    """A body of soft tissue in air, with noise and a bright organ, a slice at a time."""
    rng = np.random.default_rng(0)
    x, y, z = size
    voxels = np.empty((z, y, x), np.int16)
    rows, columns = np.mgrid[-1 : 1 : y * 1j, -1 : 1 : x * 1j]
    body, organ = rows**2 + columns**2 < 0.7, (rows - 0.2) ** 2 + (columns + 0.3) ** 2 < 0.05
    for index in range(z):
        plane = np.where(body, 40, -1000) + np.where(organ & (z // 3 < index < z // 2), 100, 0)
        voxels[index] = plane + rng.integers(-20, 20, (y, x))
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing([0.8, 0.8, 1.0])
    sitk.WriteImage(image, str(path), useCompression=True, compressionLevel=1)


def write_tiny_model(folder: Path, spacing: float, least: bool = False) -> None:
    network = NetworkPlan("unet", (2, 2, 2), (4, 4, 4), ((1, 1, 1), (2, 2, 2), (2, 2, 2)), ((3, 3, 3),) * 3)
    if least:
        network = NetworkPlan("unet", (4, 4, 4), (2, 2, 2), ((1, 1, 1), (2, 2, 2), (2, 2, 2)), ((1, 1, 1),) * 3)
    plan = Plan(
        preset="quick",
        method="mutual",
        seed=0,
        segments=SEGMENTS,
        spacing=(spacing,) * 3,
        normalization=Normalization("ct", -100, 200, 50, 60),
        patch=(64, 64, 64),
        batch_labeled=1,
        batch_unlabeled=1,
        network=network,
        truncation=(12.0, 12.0),
        temperature=0.5 * spacing,
        keep_largest=(True, False),
        leave_out_doubted=True,
        least_parts=(0.0, 100.0),
    )
    torch.manual_seed(0)
    weights = weights_of(build_networks(plan))
    description = ModelDescription("Tiny", SEGMENTS, plan.to_dict(), {"labeled": 1})
    write_model(folder, description, lambda path: save_file(weights, path))


def predict(folder: Path, scan: str, options: list[str]) -> Cost:
    command = [sys.executable, "-m", "dualtaskseg", "predict", folder / "model", folder / scan]
    return cost_of([*command, *options, "--device", "cpu"])


if __name__ == "__main__":
    main()
