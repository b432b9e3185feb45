"""Pretrains both networks of preset quick on random volumes, see `random_volumes.py`; `altered.py` starts from them.

The networks have tasks of their own, so that they begin differently: the probability network tells each voxel's clean
intensity and the kind of its shape, the distance network how far the nearest boundary is and on which side of it the
voxel lies. What is kept is all but the last layer, with weights averaged as in a training.

    .venv/bin/python Testing/benchmarks/pretrain.py --minutes 60 --out weights.safetensors
    .venv/bin/python Testing/benchmarks/compare_methods.py hippocampus --labeled 2 --iterations 700 \\
        --methods mutual mutual:start=weights.safetensors
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from dualtaskseg.contract.segment import Segment
from dualtaskseg.method.networks import build_network, weights_of
from dualtaskseg.method.optimizers import AdamW
from dualtaskseg.method.two_networks import TwoNetworks, make_teachers, update_average
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import PlanningInput, ScanStatistics, usual_plan
from random_volumes import KINDS, RandomVolumes, Volumes
from safetensors.torch import save_file

HEAD = ".mix.3."  # the last layer, whose channels depend on the task
BATCH, AVERAGED, WARM_UP, SAVED_EVERY = 2, 0.998, 0.01, 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, help="as many steps instead, whatever time they take: repeatable")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="safetensors; losses go to a .jsonl beside it")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    plan = planned()
    students = TwoNetworks(
        build_network(plan.network, 1 + len(KINDS)), build_network(plan.network, 2), list(plan.truncation), 1.0
    ).to(memory_format=torch.channels_last_3d)
    averaged = make_teachers(students)
    optimizer = AdamW(students.parameters(), lr=plan.learning_rate, weight_decay=0.01, fused=True)
    volumes = RandomVolumes(plan.patch, args.seed)
    began = saved = time.time()
    step, progress, making, sums = 0, 0.0, 0.0, {}
    with args.out.with_suffix(".jsonl").open("w") as log:
        while progress < 1:
            rise = min(1.0, (progress + 1e-4) / WARM_UP)
            optimizer.param_groups[0]["lr"] = plan.learning_rate * rise * 0.5 * (1 + math.cos(math.pi * progress))
            started = time.time()
            batch = volumes.batch(BATCH)
            making += time.time() - started
            parts = losses(students, batch)
            optimizer.zero_grad(set_to_none=True)
            sum(parts.values()).backward()
            for network in (students.probability, students.distance):
                torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            update_average(averaged, students, step, AVERAGED)
            sums = {name: sums.get(name, 0.0) + float(part.detach()) for name, part in parts.items()}
            step += 1
            progress = step / args.steps if args.steps else (time.time() - began) / (60 * args.minutes)
            if step % 100 == 0:
                means = {name: round(value / 100, 4) for name, value in sums.items()}
                share = making / (time.time() - began)
                row = {"step": step, "seconds": round(time.time() - began), "making": round(share, 3), **means}
                print(json.dumps(row), file=log, flush=True)
                sums = {}
            if time.time() - saved > SAVED_EVERY:
                save(averaged, args.out, step)
                saved = time.time()
    save(averaged, args.out, step)


def planned() -> Plan:
    """The plan of preset quick for cubic voxels, as for the Decathlon's hippocampus."""
    scan = ScanStatistics((36, 50, 35), (1.0, 1.0, 1.0), ((20.0, 40.0, 20.0),), (8.0,))
    return usual_plan(PlanningInput([scan], [Segment("Any", 1, (255, 255, 255))], "quick", "mutual"))


def losses(networks: TwoNetworks, batch: Volumes) -> dict[str, torch.Tensor]:
    """Of the probability network's two tasks and of the distance network's two."""
    seen = batch.image.contiguous(memory_format=torch.channels_last_3d)
    first, second = networks.probability(seen), networks.distance(seen)
    return {
        "intensity": F.smooth_l1_loss(first[:, :1], batch.clean),
        "kind": F.cross_entropy(first[:, 1:], batch.kind),
        "distance": 2 * F.smooth_l1_loss(torch.sigmoid(second[:, :1]), batch.distance, beta=0.2),
        "side": F.smooth_l1_loss(torch.tanh(second[:, 1:]), batch.side, beta=0.2),
    }


def save(networks: TwoNetworks, out: Path, steps: int) -> None:
    """Whole or not at all: a training may begin with them at any time."""
    weights = {name: value for name, value in weights_of(networks).items() if HEAD not in name}
    unfinished = out.with_suffix(".part")
    save_file(weights, unfinished, {"steps": str(steps)})
    unfinished.replace(out)


if __name__ == "__main__":
    main()
