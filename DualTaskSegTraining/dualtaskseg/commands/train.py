"""``dualtaskseg train``: checks the scans, makes the run folder, trains."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dualtaskseg.errors import InputError


def run(args: argparse.Namespace) -> int:
    """See the module. Nothing is written before the scans are found fit to train on."""
    from dualtaskseg.commands.check import select
    from dualtaskseg.contract.request import TrainingRequest
    from dualtaskseg.data.checks import check_dataset
    from dualtaskseg.data.layouts import load_dataset
    from dualtaskseg.method.registry import refuse_unknown_method
    from dualtaskseg.progress import Progress
    from dualtaskseg.run.folder import RunFolder, refuse_occupied
    from dualtaskseg.run.split import validation_count

    refuse_unknown_method(args.preset, args.method)
    dataset = select(load_dataset(args.dataset, getattr(args, "include_test", False)), args)
    refuse_occupied(Path(args.out))  # before the scans are looked at, which takes a while
    if not dataset.labeled:
        raise InputError(
            f"No case of {args.dataset} is labeled", "Outline the structure on a few scans and name the files as labels"
        )
    validation_count(len(dataset.labeled), args.validation)
    if args.start_from:
        from dualtaskseg.model.folder import find_model, read_model

        read_model(find_model(args.start_from), verify=False)
    if args.device != "auto":
        from dualtaskseg.inference.device import choose_device

        choose_device(args.device)
    with Progress("Checking", len(dataset.labeled) + len(dataset.unlabeled)) as bar:
        report = check_dataset(dataset, on_progress=bar.update)
    for problem in report.warnings:
        print(f"Warning: {problem.case + ': ' if problem.case else ''}{problem.what}.", file=sys.stderr)
    for note in report.notes:
        print(f"Note: {note}.", file=sys.stderr)
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
        start_from=str(Path(args.start_from).absolute()) if args.start_from else None,
    )
    folder = RunFolder.create(args.out, request.to_document()).folder
    from dualtaskseg.training.trainer import train

    train(folder, report.facts)
    return 0
