"""What a step costs that two workers with a core each take together, against one worker with both cores and the batch.

.venv/bin/torchrun --standalone --nproc-per-node 2 Testing/benchmarks/workers_step_time.py
"""

from __future__ import annotations

import argparse
import json
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import torch
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.inference.device import describe_device, tune_cpu_memory
from dualtaskseg.method.learner import Learner
from dualtaskseg.parallel.joining import joined
from dualtaskseg.parallel.places import place_of_environment
from dualtaskseg.parallel.pooling import pooling
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import open_prepared, prepare
from dualtaskseg.synthetic.cohort import write_cohort
from dualtaskseg.training.plan_run import plan_for

HERE = Path(__file__).resolve().parent
CPU = torch.device("cpu")
LATE = 10**6 - 10**4  # of so many steps, one in which the networks teach each other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=HERE / "results" / "workers_step_time_cpu.json")
    args = parser.parse_args()
    tune_cpu_memory()
    with joined(place_of_environment()) as ranks, tempfile.TemporaryDirectory() as own:
        folder = Path(ranks.decided(lambda: own))
        plan = Plan.from_dict(ranks.decided(lambda: made(folder, ranks.count).to_dict()))
        cases = open_prepared(folder / "prepared", plan)
        torch.set_num_threads(1)
        together = Learner(plan, cases[:3], cases[3:], CPU, ranks)
        torch.set_num_threads(ranks.count)
        alone = Learner(plan, cases[:3], cases[3:], CPU)
        seconds: dict[str, list[tuple[float, float]]] = {"one": [], "several": []}
        for index in range(args.rounds + 1):
            if ranks.leads:
                torch.set_num_threads(ranks.count)
                with pooling(False):
                    seconds["one"].append(timed(alone, LATE + index))
            ranks.any(False)  # the others wait, which takes no processor
            torch.set_num_threads(1)
            wall, busy = timed(together, LATE + index)
            total = torch.tensor([busy])
            torch.distributed.all_reduce(total)
            seconds["several"].append((wall, float(total)))
        if ranks.leads:
            tell(seconds, plan, ranks.count, args)


def made(folder: Path, workers: int) -> Plan:
    """The plan of the preset "quick" with a batch for so many workers; its scans are prepared."""
    dataset = load_dataset(write_cohort(folder / "cohort", labeled=3, unlabeled=3, held_out=1).dataset)
    plan = plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset))
    plan = plan.replaced(batch_labeled=workers, batch_unlabeled=workers)
    prepare([*dataset.labeled, *dataset.unlabeled], plan, folder / "prepared")
    return plan


def timed(learner: Learner, iteration: int) -> tuple[float, float]:
    """Seconds of a step by the clock, and of this process's processors."""
    began, busy = time.perf_counter(), time.process_time()
    float(learner.step(iteration, 10**6)["loss"])
    return time.perf_counter() - began, time.process_time() - busy


def tell(seconds: dict[str, list[tuple[float, float]]], plan: Plan, workers: int, args: argparse.Namespace) -> None:
    def median(way: str, of: Callable[[tuple[float, float]], float]) -> float:
        return round(statistics.median(of(each) for each in seconds[way][1:]), 3)

    document = {
        "what": f"seconds of a mutual step of {plan.batch_labeled} + {plan.batch_unlabeled} patches of {plan.patch} "
        f"(z, y, x), medians of {args.rounds}: one worker with {workers} threads, {workers} with one each",
        "date": str(date.today()),
        "machine": f"{describe_device(CPU)}, PyTorch {torch.__version__}",
        "command": "torchrun --nproc-per-node 2 Testing/benchmarks/workers_step_time.py " + shlex.join(sys.argv[1:]),
        "by the clock": {way: median(way, lambda each: each[0]) for way in seconds},
        "of processors": {way: median(way, lambda each: each[1]) for way in seconds},
    }
    args.out.write_text(json.dumps(document, indent=1) + "\n")
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
