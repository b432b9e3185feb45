"""Mutual against supervised-only training on the hippocampus scans, on scans that neither has seen.

The last 40 scans by name are held out altogether; of the others the first N in the dataset's order are labeled and the
rest unlabeled. Run it on an otherwise idle machine:

    .venv/bin/python Testing/benchmarks/hippocampus.py --labeled 8 --seconds 900 --seeds 0
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from dualtaskseg.evaluation.metrics import UNION, signed_distance_error
from dualtaskseg.inference.device import choose_device, describe_device
from dualtaskseg.preparation.signed_distance import signed_distance
from scipy.stats import spearmanr

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HELD_OUT = 40


def main() -> None:
    args = parse()
    data = args.data / "hippocampus"
    entries = json.loads((data / "dataset.json").read_text())["training"]
    names = [Path(entry["image"]).name.removesuffix(".nii.gz") for entry in entries]
    held_out = sorted(names)[-HELD_OUT:]
    args.work.mkdir(parents=True, exist_ok=True)
    case_list = write_case_list(args.work / f"cases_{args.labeled}.csv", names, held_out, args.labeled)
    results = []
    for seed in args.seeds:
        for method in args.methods:
            result = run_one(args, data, case_list, held_out, method, seed)
            results.append(result)
            print(json.dumps(result, indent=1), flush=True)
    document = {
        "what": f"hippocampus, {args.labeled} labeled, {args.seconds} s, means over {HELD_OUT} held-out scans",
        "date": str(date.today()),
        "machine": f"{describe_device(choose_device('cpu'))}, {platform.system()}, Python {platform.python_version()}",
        "command": "Testing/benchmarks/hippocampus.py " + shlex.join(sys.argv[1:]),
        "results": results,
    }
    out = args.out or HERE / "results" / f"hippocampus_{args.labeled}_labeled_{round(args.seconds / 60)}_min.json"
    out.write_text(json.dumps(document, indent=1) + "\n")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("DUALTASKSEG_DATA", ROOT.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--labeled", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--methods", nargs="+", default=["mutual", "supervised"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "benchmark")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def write_case_list(path: Path, names: list[str], held_out: list[str], labeled: int) -> Path:
    rows = []
    for name in names:
        if name not in held_out:
            role = "labeled" if sum(row[1] == "labeled" for row in rows) < labeled else "unlabeled"
            rows.append((name, role))
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([("case", "role"), *rows])
    return path


def run_one(args: argparse.Namespace, data: Path, case_list: Path, held_out: list[str], method: str, seed: int) -> dict:
    run = args.work / f"{method}_{args.labeled}_{round(args.seconds)}s_seed{seed}"
    predictions = run / "predictions"
    command = [sys.executable, "-m", "dualtaskseg"]
    started = time.time()
    options = ["--preset", args.preset, "--method", method, "--time-budget", str(args.seconds), "--seed", str(seed)]
    subprocess.run([*command, "train", str(data), "--cases", str(case_list), "--out", str(run), *options], check=True)
    seconds = time.time() - started
    images = [str(data / "imagesTr" / f"{name}.nii.gz") for name in held_out]
    subprocess.run([*command, "predict", str(run), *images, "--out", str(predictions), "--sdm"], check=True)
    reference = data / "labelsTr"
    output = subprocess.run(
        [*command, "evaluate", "--prediction", str(predictions), "--reference", str(reference), "--json"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    evaluation = json.loads(output)
    plan = json.loads((run / "plan.json").read_text())
    result = {
        "method": method,
        "seed": seed,
        "wall_seconds": round(seconds, 1),
        "steps": plan["iterations"],
        "summary": evaluation["summary"],
    }
    result["signed_distance_error_mm"] = distance_error(predictions, reference, held_out, plan)
    ranking = run / "ranking.csv"
    subprocess.run([*command, "rank", str(run), str(data), "--out", str(ranking)], check=True, capture_output=True)
    result["forecast_spearman"] = forecast(ranking, predictions, evaluation)
    return result


def distance_error(predictions: Path, reference: Path, names: list[str], plan: dict) -> dict[str, float]:
    """Mean absolute error in mm within the band, by segment."""
    errors: dict[str, list[float]] = {}
    for name in names:
        label = sitk.ReadImage(str(reference / f"{name}.nii.gz"))
        values, spacing = sitk.GetArrayFromImage(label), label.GetSpacing()[::-1]
        for segment, truncation in zip(plan["segments"], plan["truncation"], strict=True):
            predicted = sitk.GetArrayFromImage(
                sitk.ReadImage(str(predictions / f"{name}_sdm_{segment['name']}.nii.gz"))
            )
            truth = signed_distance(values == segment["value"], spacing, truncation)
            errors.setdefault(segment["name"], []).append(signed_distance_error(predicted, truth, truncation))
    return {name: round(statistics.mean(values), 4) for name, values in errors.items()}


def forecast(ranking: Path, predictions: Path, evaluation: dict) -> float | None:
    """Spearman correlation of the predicted Dice with the true one over the held-out scans."""
    truth = {row["case"]: row["dice"] for row in evaluation["cases"] if row["segment"] == UNION}
    with ranking.open(newline="", encoding="utf-8") as stream:
        predicted = {row["case"]: float(row["predicted_dice"]) for row in csv.DictReader(stream)}
    names = [name for name in truth if name in predicted]
    if len(names) < 5:
        return None
    return round(float(spearmanr([truth[name] for name in names], [predicted[name] for name in names])[0]), 3)


if __name__ == "__main__":
    np.seterr(all="raise")
    main()
