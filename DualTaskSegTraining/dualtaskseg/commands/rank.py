"""``dualtaskseg rank``: tells which unlabeled scan is worth outlining next."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.arguments import add_cluster, add_device, add_json, refuse_without_cluster
from dualtaskseg.commands.outfile import checked_table, write_table
from dualtaskseg.contract.issue import Issue
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.errors import InputError
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.progress import Progress
from dualtaskseg.tablecells import csv_text
from dualtaskseg.terminal import one_line

if TYPE_CHECKING:
    from dualtaskseg.contract.dataset import Case
    from dualtaskseg.data.assumed import Assumed
    from dualtaskseg.errors import DualTaskSegError
    from dualtaskseg.inference.ranking import Ranked

SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument("model", metavar="RUN_OR_MODEL", help="a run folder or a model folder")
    parser.add_argument("dataset", metavar="DATASET")
    parser.add_argument("--out", metavar="FILE", help="a .csv or .json file for the ranking")
    add_json(parser)
    add_device(parser)
    add_cluster(parser)


def run(args: argparse.Namespace) -> int:
    """Ranks the cases of a dataset that the model did not learn from with their labels.

    Returns:
        0, or 2 when a case could not be ranked, or 1 when a defect of the program was the reason; the others are.

    Raises:
        InputError: there is no model or no dataset, nothing is to be ranked, or the table can't be written.
    """
    from dualtaskseg.data.assumed import Assumed
    from dualtaskseg.inference.ranking import cases_to_rank, prepared_scans, rank_cases
    from dualtaskseg.inference.scan_errors import exit_code_of
    from dualtaskseg.run.folder import RunFolder

    refuse_without_cluster(args)
    out = checked_table(args.out)
    folder = Path(args.model)
    read_model(find_model(folder), verify=False)
    dataset = load_dataset(args.dataset)
    run_folder = RunFolder.open(folder) if (folder / "run.json").is_file() else None
    cases = cases_to_rank(dataset, run_folder.read_request().dataset if run_folder else None)
    if not cases:
        raise InputError(f"All cases of {args.dataset} are labeled", "Add scans that nobody outlined")
    assumed = Assumed()
    if args.cluster:
        ranking, problems = _on_cluster(args, run_folder is not None, cases, assumed)
    else:
        from dualtaskseg.inference.predictor import Predictor

        predictor = Predictor(args.model, args.device)
        prepared = prepared_scans(run_folder, predictor.plan) if run_folder else None
        with Progress("Comparing the networks", len(cases)) as bar:
            ranking, problems = rank_cases(predictor, cases, prepared, bar.update, assumed)
    entries = [asdict(entry) for entry in ranking]
    for note in assumed.notes():
        print(f"Note: {one_line(note)}.", file=sys.stderr)
    if out is not None:
        figures = ((entry.case, round(entry.agreement, 5), _rounded(entry.predicted_dice)) for entry in ranking)
        table = csv_text(("case", "agreement", "predicted_dice"), figures)
        write_table(out, table, {"ranking": entries}, "Check the folder and the free space")
    if args.json:
        failed = [Issue.of(error, case=case.name).to_dict("case", "what", "remedy") for case, error in problems]
        data = {"ranking": entries, "failed": failed, "notes": assumed.notes()}
        print(json.dumps(data, indent=1, ensure_ascii=False))
    else:
        _show(ranking, out)
    if problems:
        print(f"{len(problems)} of {len(cases)} scans could not be ranked:", file=sys.stderr)
        for _, error in problems:
            print(f"  {one_line(str(error))}", file=sys.stderr)
    return exit_code_of([error for _, error in problems])


def _on_cluster(
    args: argparse.Namespace, has_run: bool, cases: Sequence[Case], assumed: Assumed
) -> tuple[list[Ranked], list[tuple[Case, DualTaskSegError]]]:
    from dualtaskseg.cluster.command import cluster_command
    from dualtaskseg.cluster.comparing import Comparing, rank_on
    from dualtaskseg.cluster.share import computing_share

    with cluster_command(args.cluster, "Comparing the networks") as command:
        share = computing_share(command.cluster, args.device, args.workers, args.gpus_per_worker)
        job = Comparing(Path(args.model).absolute(), share.device, has_run)
        return rank_on(command, share, job, cases, assumed)


def _show(ranking: Sequence[Ranked], out: Path | None) -> None:
    unknown = sum(entry.predicted_dice is None for entry in ranking)
    print(f"{len(ranking)} scans; outline first the one on which the two networks agree least:\n")
    if unknown:
        scans = "scans come" if unknown > 1 else "scan comes"
        print(f"{unknown} {scans} first in which nothing was found: the structure is not there, or was overlooked.\n")
    print(f"{'':4}{'Predicted Dice':>14}{'Agreement':>11}   Scan")
    for rank, entry in enumerate(ranking[:SHOWN], 1):
        dice = "nothing found" if entry.predicted_dice is None else f"{entry.predicted_dice:.2f}"
        print(f"{rank:>3} {dice:>14}{entry.agreement:11.2f}   {entry.case}")
    if len(ranking) > SHOWN:
        print(f"    ... and {len(ranking) - SHOWN} more" + (f", all in {out}" if out else ""))


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 5)
