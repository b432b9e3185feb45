"""How much larger than outlined finished trainings draw structures in the very scans that they learned from.

Patches are those of a training, whose voxels are interpolated and whose intensities are changed; those that are only
interpolated; and the scan's own voxels, which a prediction sees. Last, the scans are predicted as a whole.

.venv/bin/python Testing/benchmarks/volume_bias.py RUN ... --out volume_bias.json
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from cohorts import write_results
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
Learned = tuple[Plan, TwoNetworks, list[PreparedCase]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--patches", type=int, default=60, help="of each kind")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    results = []
    for run in args.runs:
        learned = trained(run)
        result = {way: bias_of(learned, args.patches, *WAYS[way]) for way in WAYS}
        results.append({"run": run.name, **result, "whole scans": bias_of_whole(learned)})
        print(json.dumps(results[-1]), flush=True)
    what = "predicted volume over outlined volume, of the probability and of the distance network, in the labeled scans"
    write_results(args, f"{what} that a training learned from", results)


def bias_of(learned: Learned, patches: int, moved: float, is_changed: bool) -> list[float]:
    """Of each network, all segments together."""
    plan, networks, cases = learned
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


def bias_of_whole(learned: Learned) -> list[float]:
    """As :func:`bias_of`, with the scans' windows put together."""
    plan, networks, cases = learned
    found = np.zeros(3)
    for case in cases:
        prediction = predict_prepared(networks, plan, case.image())
        masks = (prediction.label_probability, prediction.label_distance, case.label())
        found += [np.count_nonzero(mask) for mask in masks]
    return [round(float(each / found[2]), 4) for each in found[:2]]


def trained(run: Path) -> Learned:
    """The plan, the networks and the scans that were outlined as a whole."""
    plan = Plan.from_dict(json.loads((run / "plan.json").read_text()))
    cases = [case for case in open_prepared(run / "prepared", plan) if case.role == "labeled" and case.seen is None]
    return plan, Predictor(run, "cpu").networks, cases


if __name__ == "__main__":
    main()
