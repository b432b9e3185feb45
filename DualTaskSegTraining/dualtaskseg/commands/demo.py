"""``dualtaskseg demo``: the whole path on synthetic scans: make them, train, predict, evaluate, report."""

from __future__ import annotations

import argparse
import shlex
import shutil
from pathlib import Path

from dualtaskseg.arguments import seconds
from dualtaskseg.errors import InputError
from dualtaskseg.files import read_json
from dualtaskseg.progress import Progress

NAME = "Organ and vein of synthetic scans"
LABELED, UNLABELED, HELD_OUT = 4, 16, 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument("--out", default="demo", metavar="DIR", help="where everything goes (default: demo)")
    parser.add_argument("--time-budget", type=seconds, default=240, metavar="SECONDS", help="for the training")


def run(args: argparse.Namespace) -> int:
    """Runs every step through the same commands that a user would type, and says where to look."""
    from dualtaskseg import cli
    from dualtaskseg.synthetic.cohort import write_cohort

    folder = Path(args.out)
    _remove_old(folder / "run")
    print(f"1. Synthetic scans: {LABELED} labeled, {UNLABELED} unlabeled, {HELD_OUT} held out, in {folder / 'scans'}")
    with Progress("Making scans", LABELED + UNLABELED + HELD_OUT) as bar:
        # Without look-alikes, which so short a training doesn't learn to tell apart.
        paths = write_cohort(
            folder / "scans",
            LABELED,
            UNLABELED,
            HELD_OUT,
            look_alikes=False,
            on_progress=lambda done, _: bar.update(done),
        )
    run_folder, predictions, figures = str(folder / "run"), str(folder / "predictions"), str(folder / "metrics.csv")
    dataset, reference = str(paths.dataset), str(paths.held_out_labels)
    budget = ["--time-budget", str(args.time_budget)]
    steps = [
        ("2. Check the scans", ["check", dataset]),
        (
            "3. Train two networks that teach each other",
            ["train", dataset, "--out", run_folder, "--name", NAME, *budget],
        ),
        (
            "4. Segment the held-out scans",
            ["predict", run_folder, str(paths.held_out_images), "--out", predictions, "--sdm", "--uncertainty"],
        ),
        (
            "5. Compare with the truth",
            ["evaluate", "--prediction", predictions, "--reference", reference, "--out", figures],
        ),
        ("6. Which scan to outline next", ["rank", run_folder, dataset, "--out", str(folder / "ranking.csv")]),
    ]
    for title, arguments in steps:
        print(f"\n{title}\n   dualtaskseg {shlex.join(arguments)}")
        code = cli.main(arguments)
        if code != 0:
            return code
    print(
        f"\nDone. Open {(folder / 'run' / 'report.html').resolve()} in a browser: curves, figures and pictures.\n"
        f"The masks and signed distance maps are in {predictions}, the figures in {figures}."
    )
    return 0


def _remove_old(folder: Path) -> None:
    """Removes the run of an earlier demo, and nothing else."""
    if not folder.exists():
        return
    try:
        name = read_json(folder / "run.json")["dataset"]["folder"]
    except (OSError, ValueError, KeyError, TypeError):
        name = ""
    if Path(name) != (folder.parent / "scans" / "dataset").resolve():
        raise InputError(f"{folder} holds something that is not of the demo", "Choose another folder with --out")
    shutil.rmtree(folder)
