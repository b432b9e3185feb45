"""``dualtaskseg train``: checks the scans, makes the run folder, trains."""

from __future__ import annotations

import argparse
import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.arguments import (
    add_dataset,
    add_device,
    add_workers,
    model_name,
    positive_number,
    refuse_without_cluster,
    seconds,
    seed,
    whole_number,
)
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.errors import InputError
from dualtaskseg.method.registry import METHODS
from dualtaskseg.terminal import one_line

if TYPE_CHECKING:
    from dualtaskseg.parallel.ranks import Ranks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    add_dataset(parser)
    parser.add_argument("--out", required=True, metavar="RUN", help="the run folder to make")
    parser.add_argument(
        "--name", type=model_name, metavar="NAME", help="what to call the model (default: as the run folder)"
    )
    parser.add_argument(
        "--preset",
        choices=list(PRESETS),
        default="quick",
        help="how large the networks are: quick (15 minutes unless --time-budget says otherwise), standard (an hour), "
        "best (a night, on a GPU), paper (the published method with its published settings)",
    )
    parser.add_argument(
        "--method",
        choices=list(METHODS),
        default="mutual",
        help="to compare with: supervised learns from the labeled scans alone, mean-teacher is the usual method of one "
        "network and its averaged copy",
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--time-budget", type=seconds, metavar="SECONDS", help="how long the training may take")
    length.add_argument("--iterations", type=positive_number, metavar="N", help="how many steps, instead of a time")
    add_device(parser)
    add_workers(parser, "default 1")
    parser.add_argument("--seed", type=seed, default=0, metavar="N", help="of all randomness (default 0)")
    parser.add_argument(
        "--from",
        dest="start_from",
        metavar="RUN_OR_MODEL",
        help="go on from the networks of an earlier model with the same segments, such as after labeling more scans",
    )
    parser.add_argument(
        "--validation",
        type=whole_number,
        metavar="N",
        help="how many labeled cases are held out to measure the quality (default: a fifth, of fewer than ten none)",
    )


def run(args: argparse.Namespace) -> int:
    """See the module."""
    from dualtaskseg.commands.follow import at_its_place, on_cluster

    refuse_without_cluster(args, ["gpus_per_worker"])
    if args.cluster:
        from dualtaskseg.run.folder import refuse_occupied

        refuse_occupied(Path(args.out))
        return on_cluster(args, args.out, run, functools.partial(_go_on, args.out))
    return at_its_place(args.out, args.device, args.workers, lambda ranks: _train(args, ranks))


def _go_on(run_folder: str, args: argparse.Namespace) -> int:
    """Resumes what was begun, after workers of a cluster were lost."""
    from dualtaskseg.commands.resume import run as resume

    return resume(argparse.Namespace(**{**vars(args), "run": run_folder, "device": None}))


def _train(args: argparse.Namespace, ranks: Ranks | None) -> int:
    """Nothing is written before the scans are found fit to train on."""
    from dualtaskseg.commands.check import select
    from dualtaskseg.commands.follow import lead
    from dualtaskseg.contract.request import TrainingRequest
    from dualtaskseg.data.checks import check_dataset
    from dualtaskseg.data.layouts import load_dataset
    from dualtaskseg.method.registry import refuse_unknown_method
    from dualtaskseg.progress import Progress
    from dualtaskseg.run.folder import RunFolder, refuse_occupied
    from dualtaskseg.run.split import validation_count

    refuse_unknown_method(args.preset, args.method)
    dataset = select(load_dataset(args.dataset, args.include_test), args)
    refuse_occupied(Path(args.out))  # before the scans are looked at, which takes a while
    if not dataset.labeled:
        raise InputError(
            f"No case of {args.dataset} is labeled", "Outline the structure on a few scans and name the files as labels"
        )
    validation_count(len(dataset.labeled), args.validation)
    start_from = args.start_from
    if start_from:
        from dualtaskseg.model.folder import find_model, read_model

        read_model(find_model(start_from))  # or a run folder would be left that can never begin
        start_from = str(Path(start_from).absolute())
    if args.device != "auto":
        from dualtaskseg.inference.device import choose_device

        choose_device(args.device)
    with Progress("Checking", len(dataset.labeled) + len(dataset.unlabeled)) as bar:
        report = check_dataset(dataset, on_progress=bar.update)
    for problem in report.warnings:
        warning = f"{problem.case}: {problem.what}" if problem.case else problem.what
        print(f"Warning: {one_line(warning)}.", file=sys.stderr)
    for note in report.notes:
        print(f"Note: {one_line(note)}.", file=sys.stderr)
    report.raise_if_errors()
    request = TrainingRequest(
        report.dataset,
        preset=args.preset,
        method=args.method,
        time_budget=args.time_budget,
        iterations=args.iterations,
        device=args.device,
        seed=args.seed,
        validation=args.validation,
        name=args.name,
        start_from=start_from,
        workers=args.workers or 1,
    )
    folder = RunFolder.create(args.out, request.to_dict()).folder
    return lead(folder, ranks, args.workers, report.fingerprints)
