"""How much longer a training step takes beside other busy programs, with waiting threads that spin or sleep.

A clinician goes on working in Slicer while a training runs, so this is the normal case. Run it on an otherwise idle
machine:

    .venv/bin/python Testing/benchmarks/busy_machine.py
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
POLICIES = {"spin (PyTorch's default)": "", "sleep (as set by the command line)": "passive"}
BUSY = "while True: pass"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10, help="for each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=HERE / "results" / "busy_machine_cpu.json")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        print(json.dumps(step_seconds(args.seconds)))
        return
    times: dict[str, list[float]] = {}
    for _ in range(args.rounds):
        for neighbors in (0, 1, 2):
            for name, policy in POLICIES.items():
                seconds = measured(args.seconds, policy, neighbors)
                times.setdefault(f"{name}, {neighbors} busy neighbors", []).append(seconds)
    medians = {name: round(statistics.median(values), 4) for name, values in times.items()}
    base = medians[f"{next(iter(POLICIES))}, 0 busy neighbors"]
    document = {
        "what": f"mean seconds of a mutual step of the quick preset on {os.cpu_count()} cores, {args.rounds} rounds",
        "date": str(date.today()),
        "machine": f"{platform.processor() or platform.machine()}, {platform.system()}, {os.cpu_count()} cores",
        "command": "Testing/benchmarks/busy_machine.py " + shlex.join(sys.argv[1:]),
        "seconds": medians,
        "ratios to spinning on an idle machine": {name: round(value / base, 2) for name, value in medians.items()},
    }
    args.out.write_text(json.dumps(document, indent=1) + "\n")
    print(json.dumps(document, indent=1))


def measured(seconds: float, policy: str, neighbors: int) -> float:
    environment = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    if policy:
        environment["OMP_WAIT_POLICY"] = policy
    others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(neighbors)]
    try:
        command = [sys.executable, __file__, "--measure", "--seconds", str(seconds)]
        return json.loads(
            subprocess.run(command, env=environment, check=True, capture_output=True, encoding="utf-8").stdout
        )
    finally:
        for other in others:
            other.kill()
            other.wait()


def step_seconds(seconds: float) -> float:
    """The mean over some seconds: where threads wait for one another, it is the long steps that count."""
    from dualtaskseg.contract.request import TrainingRequest
    from dualtaskseg.data.layouts import load_dataset
    from dualtaskseg.inference.device import choose_device
    from dualtaskseg.method.learner import Learner
    from dualtaskseg.preparation.prepare import prepare
    from dualtaskseg.synthetic.cohort import write_cohort
    from dualtaskseg.training.plan_run import plan_for

    with tempfile.TemporaryDirectory() as folder:
        paths = write_cohort(Path(folder) / "cohort", labeled=2, unlabeled=2, held_out=1)
        dataset = load_dataset(paths.dataset)
        plan = plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset))
        cases = prepare([*dataset.labeled, *dataset.unlabeled], plan, Path(folder) / "prepared")
        learner = Learner(plan, cases[:2], cases[2:], choose_device("cpu"))
        learner.step(10**6 - 2, 10**6)
        times = []
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            started = time.perf_counter()
            learner.step(10**6 - 2, 10**6)
            times.append(time.perf_counter() - started)
    return statistics.mean(times)


if __name__ == "__main__":
    main()
