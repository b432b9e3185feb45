"""Methods against each other on real scans, with the same scans, seeds and time, on scans that none of them has seen.

The first N scans of a cohort are labeled, with `--after` the N that follow so many, and the others unlabeled;
`cohorts.py` tells which are held out. Methods are the program's own (mutual, supervised, mean-teacher) and `paper`, the
published one with its published networks. A method with some numbers of its plan changed is written
`mutual:mutual.mix=0,training.seeking=0`, see `altered.py`. Several can be trained at once, which share the threads:
that is fair, since a slow minute of the machine hits all of them. A campaign of several methods, numbers of labels and
seeds can be spread over a Ray cluster, whose computers share the disk; given again, it trains what is missing.

    .venv/bin/python Testing/benchmarks/compare_methods.py hippocampus --labeled 8 --seconds 900
    .venv/bin/python Testing/benchmarks/compare_methods.py hippocampus --labeled 8 --every 5 --seconds 900
    .venv/bin/python Testing/benchmarks/compare_methods.py left_atrium --spacing 2 --seconds 2400 --at-once 2
    .venv/bin/python Testing/benchmarks/compare_methods.py hippocampus --labeled 2 --iterations 700 --seeds 0 1 \\
        --methods mutual mutual:mutual.mix=0
    .venv/bin/python Testing/benchmarks/compare_methods.py left_atrium --labeled 4 8 16 --seeds 0 1 2 --cluster auto
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import os
import platform
import re
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from cohorts import COHORTS, DATA, at_spacing, outlined_every, write_cases
from distanceerror import signed_distance_error
from dualtaskseg.cluster.command import cluster_command
from dualtaskseg.cluster.share import campaign_share
from dualtaskseg.cluster.worker import Job
from dualtaskseg.data.largest_part import largest_part
from dualtaskseg.errors import StoppedError
from dualtaskseg.evaluation.metrics import UNION, quick_dice
from dualtaskseg.inference.device import choose_device, describe_device
from dualtaskseg.preparation.signed_distance import signed_distance
from dualtaskseg.progress import never
from scipy.stats import spearmanr

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = [sys.executable, "-m", "dualtaskseg"]
NEAR_MM = 5.0
LONGEST_NAME = 120  # of a method with its alterations, in a folder's name
FIGURES = ("dice", "jaccard", "hd95_mm", "assd_mm")


@dataclass(frozen=True)
class Arm:
    """One training to be made: a method, from so many labels and one seed."""

    method: str
    labeled: int
    seed: int
    run: Path


@dataclass(frozen=True)
class Scans:
    """What the arms of one number of labels share: the dataset, the list of cases, and the names that are held out."""

    folder: Path
    cases: Path
    held_out: list[str]


def main() -> None:
    args = parse()
    scans = {labeled: scans_of(args, labeled) for labeled in args.labeled}
    arms = arms_of(args)
    found: dict[Arm, dict] = {}
    for arm, result in on_cluster(args, scans, arms) if args.cluster else here(args, scans, arms):
        print(json.dumps(result), flush=True)
        found[arm] = result
        results = [found[each] for each in arms if each in found and each.labeled == arm.labeled]
        write(args, arm.labeled, results)  # a long comparison that is ended keeps what it has


def arms_of(args: argparse.Namespace) -> list[Arm]:
    return [
        Arm(method, labeled, seed, run_folder(args, method, labeled, seed))
        for labeled in args.labeled
        for seed in args.seeds
        for method in args.methods
    ]


def here(args: argparse.Namespace, scans: dict[int, Scans], arms: list[Arm]) -> Iterator[tuple[Arm, dict]]:
    with ThreadPoolExecutor(args.at_once) as pool:
        yield from zip(arms, pool.map(lambda arm: run_one(args, scans[arm.labeled], arm), arms), strict=True)


def on_cluster(args: argparse.Namespace, scans: dict[int, Scans], arms: list[Arm]) -> Iterator[tuple[Arm, dict]]:
    """As they come. An arm that fails keeps no other from being trained; it is told of at the end."""
    failed = []
    with cluster_command(args.cluster, "Training and measuring", "training", [HERE]) as command:
        share = campaign_share(command.cluster, args.workers, args.gpus_per_worker)
        for answer in command.answers(share, Campaign(args, scans), arms, len(arms)):
            if answer.result is None:
                failed.append(f"{answer.task}: {answer.lost or answer.fault.error()}")
            else:
                yield answer.task, answer.result
    if failed:
        sys.exit("\n".join(["These failed:", *failed]))


@dataclass
class Campaign(Job):
    """Trains and measures one arm after the other, on a worker."""

    args: argparse.Namespace
    scans: dict[int, Scans]

    def start(self) -> str:
        return ""

    def do(self, task: Arm, should_stop: Callable[[], bool]) -> dict:
        return run_one(self.args, self.scans[task.labeled], task, should_stop)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cohort", choices=COHORTS)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--spacing", type=float, help="mm: the scans are brought to it first")
    parser.add_argument("--labeled", nargs="+", type=int, default=[8], help="each number has a file of results")
    parser.add_argument("--after", type=int, default=0, help="scans of the list before the labeled ones, unlabeled")
    parser.add_argument("--every", type=int, help="outline the labeled scans on every so-manieth slice only")
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--iterations", type=int, help="as many steps for each instead, whatever time they take")
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--methods", nargs="+", default=["mutual", "supervised"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--at-once", type=int, default=1, help="trainings at a time, which share the threads")
    parser.add_argument("--validation", type=int, help="labeled scans that the trainings keep for validation")
    parser.add_argument("--no-ranking", action="store_true", help="leave out how well trainings forecast their Dice")
    parser.add_argument("--cluster", help="auto, local or HOST:PORT: spread the trainings over a Ray cluster instead")
    parser.add_argument("--workers", type=int, help="on a cluster: a CPU core each, or a GPU each, unless given")
    parser.add_argument("--gpus-per-worker", type=float)
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "benchmark")
    parser.add_argument("--note", default="", help="what a reader should know of the circumstances")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.out and len(args.labeled) > 1:
        parser.error("--out names one file; leave it out with several numbers of labels")
    return args


def scans_of(args: argparse.Namespace, labeled: int) -> Scans:
    cohort = COHORTS[args.cohort]
    names, held_out = cohort.names(args.data)
    outlined = names[args.after : args.after + labeled]
    args.work.mkdir(parents=True, exist_ok=True)
    which = labeled_name(args, labeled)
    cases = write_cases(args.work / f"{args.cohort}_{which}.csv", names, outlined)
    folder = args.data / cohort.folder
    if args.spacing:
        folder = at_spacing(folder, args.work / f"{args.cohort}_{args.spacing:g}mm", args.spacing)
    if args.every:
        target = args.work / f"{folder.name}_{which}_every{args.every}"
        folder = outlined_every(folder, target, outlined, args.every)
    return Scans(folder, cases, held_out)


def labeled_name(args: argparse.Namespace, labeled: int) -> str:
    """Which scans are labeled, in the name of a file."""
    return f"{labeled}_after{args.after}" if args.after else str(labeled)


def run_folder(args: argparse.Namespace, method: str, labeled: int, seed: int) -> Path:
    spacing = f"_{args.spacing:g}mm" if args.spacing else ""
    every = f"_every{args.every}" if args.every else ""
    budget = f"{args.iterations}steps" if args.iterations else f"{round(args.seconds)}s"
    name = re.sub(r"[^A-Za-z0-9.=-]+", "-", method)
    if len(name) > LONGEST_NAME:  # file systems take no longer one
        name = f"{name[:LONGEST_NAME]}-{hashlib.sha256(method.encode()).hexdigest()[:8]}"
    return args.work / f"{args.cohort}{spacing}_{name}_{labeled_name(args, labeled)}{every}_{budget}_seed{seed}"


def write(args: argparse.Namespace, labeled: int, results: list[dict]) -> None:
    out = args.out or HERE / "results" / f"{args.cohort}_{labeled}_labeled_{round(args.seconds / 60)}_min.json"
    after = f" after the first {args.after}" if args.after else ""
    scans = f"{labeled} labeled{after}{f' on every {args.every}th slice' if args.every else ''}"
    shared = {0: "all threads", 1: "one thread each"}.get(threads_of(args), f"{threads_of(args)} threads each")
    at_once = f"{args.at_once} at once, {shared}"
    budget = f"{args.iterations} steps" if args.iterations else f"{args.seconds:g} s"
    device = describe_device(choose_device("auto"))
    document = {
        "what": f"{args.cohort}, {scans}, {budget}, over {COHORTS[args.cohort].held_out} held-out scans",
        "date": str(date.today()),
        "machine": f"{device}, {platform.system()}, Python {platform.python_version()}; "
        f"{'on a Ray cluster' if args.cluster else at_once}",
        "command": "Testing/benchmarks/compare_methods.py " + shlex.join(sys.argv[1:]),
        "note": args.note,
        "results": results,
    }
    out.write_text(json.dumps(document, indent=1) + "\n")


def threads_of(args: argparse.Namespace) -> int:
    """How many threads each of the trainings at a time gets; 0 where one gets all of them."""
    return max(1, (os.cpu_count() or 1) // args.at_once) if args.at_once > 1 else 0


def run_one(args: argparse.Namespace, scans: Scans, arm: Arm, should_stop: Callable[[], bool] = never) -> dict:
    environment = dict(os.environ)
    if threads := threads_of(args):
        environment |= {"OMP_NUM_THREADS": str(threads), "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": str(threads)}
        environment["XDG_CACHE_HOME"] = str(args.work.absolute() / "caches" / arm.run.name)  # they share a GPU

    def program(*command: object, start: list = PROGRAM) -> str:
        return output_of([str(word) for word in (*start, *command)], environment, should_stop)

    started = time.time()
    name, _colon, changes = arm.method.partition(":")
    altered = [sys.executable, HERE / "altered.py", changes] if changes else PROGRAM
    if not (arm.run / "model" / "model.json").exists():  # the training of an earlier call is used again
        chosen = ["--preset", "paper"] if name == "paper" else ["--preset", args.preset, "--method", name]
        budget = ["--iterations", args.iterations] if args.iterations else ["--time-budget", args.seconds]
        budget += [] if args.validation is None else ["--validation", args.validation]
        words = ["train", scans.folder, "--cases", scans.cases, "--out", arm.run, *chosen, *budget, "--seed", arm.seed]
        is_begun = (arm.run / "run.json").exists() and not changes  # on a computer that was lost
        program(*(["resume", arm.run] if is_begun else words), start=altered)
    seconds = time.time() - started
    predictions = arm.run / "predictions"
    images = [scans.folder / "imagesTr" / f"{name}.nii.gz" for name in scans.held_out]
    program("predict", arm.run, *images, "--out", predictions, "--sdm", "--overwrite", start=altered)
    reference = scans.folder / "labelsTr"
    evaluation = json.loads(program("evaluate", "--prediction", predictions, "--reference", reference, "--json"))
    plan = json.loads((arm.run / "plan.json").read_text())
    everywhere, near = distance_errors(predictions, reference, scans.held_out, plan, (math.inf, NEAR_MM))
    ranking = arm.run / "ranking.csv"
    if not args.no_ranking:
        program("rank", arm.run, scans.folder, "--out", ranking, start=altered)
    return {
        "method": arm.method,
        "labeled": arm.labeled,
        "seed": arm.seed,
        "wall_seconds": round(seconds, 1),
        "steps": plan["iterations"],
        "summary": {row["segment"]: {name: brief(row[name]) for name in FIGURES} for row in evaluation["summary"]},
        "dice_of_largest_parts": largest_parts(predictions, reference, scans.held_out, plan),
        "signed_distance_error_mm": everywhere,
        f"signed_distance_error_within_{NEAR_MM:g}_mm": near,
        "forecast_spearman": None if args.no_ranking else forecast(ranking, evaluation),
    }


def output_of(words: list[str], environment: dict[str, str], should_stop: Callable[[], bool]) -> str:
    """What a command prints. When it is to stop, it is asked to, as by Ctrl-C: a training saves what it has."""
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as process:
        while True:
            try:
                printed, _ = process.communicate(timeout=1)
                break
            except subprocess.TimeoutExpired:
                if should_stop():
                    process.terminate()
                    process.wait()
                    raise StoppedError("Stopped") from None
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    return printed


def brief(figure: dict) -> dict:
    """Mean, spread and extremes of a figure over the scans."""
    return {name: figure[name] for name in ("mean", "sd", "minimum", "maximum", "undefined")}


def largest_parts(predictions: Path, reference: Path, names: list[str], plan: dict) -> dict[str, float]:
    """Dice of the whole structure if only the largest part of each segment is kept.

    A false part far away costs a scan much Dice, and whether there is one is a matter of luck; this is the rest.
    """
    dice, values = [], [segment["value"] for segment in plan["segments"]]
    for name in names:
        predicted, truth = (
            sitk.GetArrayFromImage(sitk.ReadImage(str(folder / f"{name}.nii.gz")))
            for folder in (predictions, reference)
        )
        kept = sum(value * largest_part(predicted == value) for value in values)
        dice.append(quick_dice(kept, truth, values)[UNION])
    return {"mean": round(statistics.mean(dice), 4), "minimum": round(min(dice), 4)}


def distance_errors(
    predictions: Path, reference: Path, names: list[str], plan: dict, bands: Sequence[float]
) -> list[dict[str, float]]:
    """Mean absolute error in mm, by segment, of voxels so near to the true surface; at most the truncation."""
    errors: list[dict[str, list[float]]] = [{} for _band in bands]
    for name in names:
        label = sitk.ReadImage(str(reference / f"{name}.nii.gz"))
        values, spacing = sitk.GetArrayFromImage(label), label.GetSpacing()[::-1]
        for segment, truncation in zip(plan["segments"], plan["truncation"], strict=True):
            predicted = sitk.GetArrayFromImage(
                sitk.ReadImage(str(predictions / f"{name}_sdm_{segment['name']}.nii.gz"))
            )
            truth = signed_distance(values == segment["value"], spacing, truncation)
            for found, band in zip(errors, bands, strict=True):
                error = signed_distance_error(predicted, truth, min(band, truncation))
                found.setdefault(segment["name"], []).append(error)
    return [{name: round(statistics.mean(values), 4) for name, values in found.items()} for found in errors]


def forecast(ranking: Path, evaluation: dict) -> float | None:
    """Spearman correlation of the predicted Dice with the true one over the held-out scans."""
    rows = evaluation["cases"]
    whole = UNION if any(row["segment"] == UNION for row in rows) else rows[0]["segment"]
    truth = {row["case"]: row["dice"] for row in rows if row["segment"] == whole}
    with ranking.open(newline="", encoding="utf-8") as stream:
        predicted = {row["case"]: float(row["predicted_dice"]) for row in csv.DictReader(stream)}
    names = [name for name in truth if name in predicted]
    if len(names) < 5:
        return None
    return round(float(spearmanr([truth[name] for name in names], [predicted[name] for name in names])[0]), 3)


if __name__ == "__main__":
    np.seterr(all="raise")
    main()
