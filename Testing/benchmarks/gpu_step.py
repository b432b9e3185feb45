"""What a training step costs on a GPU: seconds and memory of each preset and each arithmetic, as ratios in one run.

    .venv/bin/python Testing/benchmarks/gpu_step.py

Beside each whole mutual step stand the bare passes of its networks (forward and backward of the students, forward of
their averages, nothing else), and the drawing of a step's patches by itself, which a step leaves to a helper thread.
"""

from __future__ import annotations

import argparse
import json
import platform
import shlex
import sys
import tempfile
from datetime import date
from pathlib import Path

import torch
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.inference.device import choose_device, describe_device
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.sampling import step_generator
from dualtaskseg.preparation.prepare import prepare
from dualtaskseg.training.plan_run import plan_for
from published_step import written_balls
from step_time import bare, one_after_the_other
from timing import measure

HERE = Path(__file__).resolve().parent
OF = 10**6
LATE = OF - 10**4  # unlabeled scans teach by then


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presets", nargs="+", default=["quick", "standard", "best"])
    parser.add_argument("--arithmetic", nargs="+", default=["bfloat16", "float16", "float32"])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--size", type=int, nargs=3, default=(88, 142, 194), help="z y x, voxels of a scan")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "gpu_step.json")
    args = parser.parse_args()
    device = choose_device(args.device)
    torch.backends.cudnn.benchmark = True  # as in a training
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        dataset = written_balls(Path(folder), tuple(args.size))
        for preset in args.presets:
            plan = plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset, preset))
            cases = prepare(dataset.cases, plan, Path(folder) / preset)
            for arithmetic in args.arithmetic:
                row = {"preset": preset, "arithmetic": arithmetic, "patch": plan.patch}
                row |= costs(Learner(plan.replaced(precision=arithmetic), cases[:2], cases[2:], device), args.rounds)
                rows.append(row)
                print(json.dumps(row), flush=True)
    document = {
        "what": f"seconds of a step with 1 + 1 patches, medians of {args.rounds}; patch in voxels (z, y, x)",
        "date": str(date.today()),
        "machine": f"{describe_device(device)}, {platform.system()}, PyTorch {torch.__version__}",
        "command": "Testing/benchmarks/gpu_step.py " + shlex.join(sys.argv[1:]),
        "results": rows,
    }
    args.out.write_text(json.dumps(document, indent=1) + "\n")


def costs(learner: Learner, rounds: int) -> dict[str, float]:
    """Of a step: seconds of the whole, of its bare passes and of drawing its patches; and the GPU's memory, GB."""
    device, image = learner.device, torch.randn(2, 1, *learner.plan.patch, device=learner.device)
    passes = bare(learner.students, image, learner.teachers)

    def computed() -> None:
        with learner.autocast():
            passes()

    whole = one_after_the_other(learner, LATE)
    torch.cuda.reset_peak_memory_stats(device)
    whole()
    memory = torch.cuda.max_memory_allocated(device)
    ways = {
        "whole mutual step": whole,
        "bare passes": computed,
        "drawing patches": lambda: learner.views(1.0, LATE, step_generator(0, LATE)),
        "averaging and optimizer": learner.optimizer.step,
    }
    seconds = {name: measure({name: way}, rounds, device)[name] for name, way in ways.items()}
    ratio = seconds["whole mutual step"] / seconds["bare passes"]
    return {**seconds, "whole to bare": round(ratio, 3), "memory_gb": round(memory / 2**30, 2)}


if __name__ == "__main__":
    main()
