"""What a training step costs on a CPU, and what each choice that makes it faster is worth, as ratios in one run.

.venv/bin/python Testing/benchmarks/step_time.py
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import shlex
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import torch
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.inference.device import choose_device, describe_device, tune_cpu_memory
from dualtaskseg.method import ahead
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.networks import build_networks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import prepare
from dualtaskseg.synthetic.cohort import write_cohort
from dualtaskseg.training.plan_run import plan_for
from timing import measure
from torch import nn

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "step_time_cpu.json")
    parser.add_argument("--ahead", action="store_true", help="draw patches ahead though no processor is spare")
    args = parser.parse_args()
    if args.ahead:  # in a process of its own: the thread that draws slows all that the process computes
        ahead.given_processors = lambda: sys.maxsize
    device = choose_device(args.device)
    tune_cpu_memory()
    with tempfile.TemporaryDirectory() as folder:
        paths = write_cohort(Path(folder) / "cohort", labeled=3, unlabeled=3, held_out=1)
        dataset = load_dataset(paths.dataset)
        plan = plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset))
        cases = prepare([*dataset.labeled, *dataset.unlabeled], plan, Path(folder) / "prepared")
        learner, supervised = (Learner(plan, cases[:3], cases[3:], device) for _ in range(2))
        image = torch.randn(2, 1, *plan.patch, device=device)
        ways = {
            "whole mutual step": one_after_the_other(learner, 10**6 - 10**4),
            "whole supervised step": one_after_the_other(supervised, 0),
            "bare passes, mutual (with the teachers' forward pass)": bare(learner.students, image, learner.teachers),
            "bare passes, supervised": bare(learner.students, image),
            "bare passes, not channels-last": bare(
                build_networks(plan).to(memory_format=torch.contiguous_format), image
            ),
            "bare passes, instance instead of group normalisation": bare(
                with_instance_norm(build_networks(plan)), image
            ),
            "bare passes, without the half-resolution stem": bare(build_networks(without_stem(plan)), image),
        }
        seconds = measure(ways, args.rounds, device)
    base = seconds["bare passes, supervised"]
    document = {
        "what": f"seconds of a step of two networks, 2 patches of {plan.patch} (z, y, x); medians of {args.rounds}",
        "date": str(date.today()),
        "machine": f"{describe_device(device)}, {platform.system()}, PyTorch {torch.__version__}",
        "command": "Testing/benchmarks/step_time.py " + shlex.join(sys.argv[1:]),
        "seconds": seconds,
        "ratios to the bare supervised passes": {name: round(value / base, 3) for name, value in seconds.items()},
        "whole mutual step to its bare passes": round(
            seconds["whole mutual step"] / seconds["bare passes, mutual (with the teachers' forward pass)"], 3
        ),
    }
    args.out.write_text(json.dumps(document, indent=1) + "\n")
    print(json.dumps(document, indent=1))


def one_after_the_other(learner: Learner, first: int) -> Callable[[], None]:
    """Steps as in a training: each draws the patches of the next one meanwhile."""
    numbers = itertools.count(first)
    return lambda: learner.step(next(numbers), 10**6)


def bare(networks: nn.Module, image: torch.Tensor, teachers: nn.Module | None = None) -> Callable[[], None]:
    networks = networks.to(image.device)

    def run() -> None:
        networks.zero_grad(set_to_none=True)
        if teachers is not None:
            with torch.no_grad():
                teachers.probability(image[:1])
                teachers.distance(image[:1])
        loss = networks.probability(image).square().mean() + networks.distance(image).square().mean()
        loss.backward()

    return run


def with_instance_norm(module: nn.Module) -> nn.Module:
    for name, child in module.named_children():
        if isinstance(child, nn.GroupNorm):
            setattr(module, name, nn.InstanceNorm3d(child.num_channels, affine=True))
        else:
            with_instance_norm(child)
    return module


def without_stem(plan: Plan) -> Plan:
    from dataclasses import replace

    return plan.replaced(network=replace(plan.network, stem=(1, 1, 1)))


if __name__ == "__main__":
    main()
