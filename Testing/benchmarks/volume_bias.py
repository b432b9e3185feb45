"""How much larger than outlined finished trainings draw structures in the very scans that they learned from.

Patches are those of a training, whose voxels are interpolated and whose intensities are changed; those that are only
interpolated; and the scan's own voxels, which a prediction sees. Last, the scans are predicted as a whole.

.venv/bin/python Testing/benchmarks/volume_bias.py RUN ... --out volume_bias.json
"""

from __future__ import annotations

import argparse
import json
import platform
import shlex
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import torch
from dualtaskseg.inference.device import choose_device, describe_device
from dualtaskseg.inference.predictor import Predictor, predict_prepared
from dualtaskseg.method.augment import change_intensity
from dualtaskseg.method.sampling import Sampler
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase, open_prepared

WAYS = {
    "interpolated, intensities changed": (1.0, True),
    "interpolated": (1.0, False),
    "the scan's own voxels": (0.0, False),
}
CPU = torch.device("cpu")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--patches", type=int, default=60, help="of each kind")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    results = []
    for run in args.runs:
        results.append({"run": run.name, **{way: bias_of(run, args.patches, *WAYS[way]) for way in WAYS}})
        results[-1]["whole scans"] = bias_of_whole(run)
        print(json.dumps(results[-1]), flush=True)
    document = {
        "what": "predicted volume over outlined volume, of the probability and of the distance network, in the labeled "
        "scans that a training learned from",
        "date": str(date.today()),
        "machine": f"{describe_device(choose_device('cpu'))}, {platform.system()}, PyTorch {torch.__version__}",
        "command": "Testing/benchmarks/volume_bias.py " + shlex.join(sys.argv[1:]),
        "results": results,
    }
    args.out.write_text(json.dumps(document, indent=1) + "\n")


def bias_of(run: Path, patches: int, moved: float, is_changed: bool) -> list[float]:
    """Of each network, all segments together."""
    plan, networks, cases = trained(run)
    plan = plan.replaced(training=replace(plan.training, moved=moved))
    sampler, generator = Sampler(cases, plan, True, CPU), torch.Generator().manual_seed(0)
    found = torch.zeros(3)
    for _ in range(patches):
        batch = sampler.draw(1, generator)
        image = change_intensity(batch.image, plan.training.weak_intensity, generator) if is_changed else batch.image
        with torch.no_grad():
            masks = [
                networks.probabilities(image).argmax(dim=1) > 0,
                (networks.distances(image) < 0).any(dim=1),
                batch.label > 0,
            ]
        found += torch.stack([(mask & batch.known).sum() for mask in masks])
    return [round(float(each / found[2]), 4) for each in found[:2]]


def bias_of_whole(run: Path) -> list[float]:
    """As :func:`bias_of`, with the scans' windows put together."""
    plan, networks, cases = trained(run)
    found = np.zeros(3)
    for case in cases:
        prediction = predict_prepared(networks, plan, case.image())
        masks = (prediction.label_probability, prediction.label_distance, case.label())
        found += [np.count_nonzero(mask) for mask in masks]
    return [round(float(each / found[2]), 4) for each in found[:2]]


def trained(run: Path) -> tuple[Plan, TwoNetworks, list[PreparedCase]]:
    """The plan, the networks and the scans that were outlined as a whole."""
    plan = Plan.from_dict(json.loads((run / "plan.json").read_text()))
    cases = [case for case in open_prepared(run / "prepared", plan) if case.role == "labeled" and case.seen is None]
    return plan, Predictor(run, "cpu").networks, cases


if __name__ == "__main__":
    main()
