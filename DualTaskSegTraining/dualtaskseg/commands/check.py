"""``dualtaskseg check``: what a dataset holds, and everything that is wrong with it."""

from __future__ import annotations

import argparse
import json
import os
import statistics
from collections.abc import Iterable, Sequence
from itertools import groupby

from dualtaskseg.arguments import add_cluster, add_dataset, add_json, refuse_without_cluster
from dualtaskseg.contract.dataset import EXCLUDED, Dataset, choose_segments, keep_labels
from dualtaskseg.contract.issue import ERROR
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.case_tables import apply_case_list
from dualtaskseg.data.checks import CheckReport, check_dataset
from dualtaskseg.data.fingerprint import CaseFingerprint
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.data.parts import three_digits
from dualtaskseg.progress import Progress
from dualtaskseg.terminal import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    add_dataset(parser)
    add_json(parser)
    add_cluster(parser, gpus=False)


def run(args: argparse.Namespace) -> int:
    """Checks a dataset and prints the result.

    Returns:
        0, or 2 where there are errors.

    Raises:
        InputError: the dataset's list of cases can't be read, or the options don't fit it.
    """
    refuse_without_cluster(args)
    dataset = select(load_dataset(args.dataset, args.include_test), args)
    count = sum(case.role != EXCLUDED for case in dataset.cases)
    if args.cluster:
        report = _on_cluster(args, dataset)
    else:
        with Progress("Checking", count) as progress:
            report = check_dataset(dataset, on_progress=progress.update)
    print(json.dumps(report.to_dict(), indent=1) if args.json else "\n".join(describe(report)))
    return 2 if report.errors else 0


def _on_cluster(args: argparse.Namespace, dataset: Dataset) -> CheckReport:
    from dualtaskseg.cluster.checking import reader
    from dualtaskseg.cluster.command import cluster_command
    from dualtaskseg.cluster.share import reading_share

    with cluster_command(args.cluster, "Checking") as command:
        return check_dataset(dataset, extract=reader(command, reading_share(command.cluster, args.workers)))


def select(dataset: Dataset, args: argparse.Namespace) -> Dataset:
    """Applies the options ``cases``, ``labeled`` and ``segments``, in this order, where they are given.

    Raises:
        InputError: they don't fit the dataset.
    """
    if args.cases is not None:
        dataset = apply_case_list(dataset, args.cases)
    if args.labeled is not None:
        dataset = keep_labels(dataset, args.labeled)
    if args.segments is not None:
        dataset = choose_segments(dataset, args.segments)
    return dataset


def describe(report: CheckReport) -> list[str]:
    """Returns the report as lines for people."""
    dataset = report.dataset
    left_out = sum(case.role == EXCLUDED for case in dataset.cases)
    lines = [
        f"{dataset.name}: {len(dataset.labeled)} labeled and {len(dataset.unlabeled)} unlabeled cases"
        + (f", {left_out} left out" if left_out else ""),
        f"  Folder     {dataset.folder}",
        f"  Modality   {dataset.modality or 'unknown'}",
    ]
    read = [fingerprint for fingerprint in report.fingerprints if fingerprint.geometry]
    if read:
        lines.append(f"  Size       {_range([fingerprint.geometry.size for fingerprint in read])} voxels")
        lines.append(f"  Voxels     {_range([fingerprint.geometry.spacing for fingerprint in read])} mm")
    lines += [f"  Segment    {_describe_segment(segment, report.fingerprints)}" for segment in dataset.segments]
    lines += [f"  Note       {note}." for note in report.notes]
    lines += _describe_problems(report)
    lines.append("")
    if report.problems:
        lines.append(f"{counted(len(report.errors), 'error')}, {counted(len(report.warnings), 'warning')}.")
    else:
        lines.append("No problems found.")
    return lines


def _describe_segment(segment: Segment, fingerprints: Iterable[CaseFingerprint]) -> str:
    labeled = [one for one in fingerprints if one.label_geometry]
    volumes = [
        one.label_values[segment.value] * one.label_geometry.voxel_ml
        for one in labeled
        if segment.value in one.label_values
    ]
    start = f"{segment.value} {segment.name}: in {len(volumes)} of {counted(len(labeled), 'label')}"
    if not volumes:
        return start
    least, most, middle = (three_digits(pick(volumes)) for pick in (min, max, statistics.median))
    return f"{start}, {least} to {most} ml, median {middle} ml"


def _describe_problems(report: CheckReport) -> list[str]:
    lines = []
    for case, problems in groupby(report.problems, key=lambda problem: problem.case):
        lines += ["", f"Case {case}" if case else "The dataset as a whole"]
        for problem in problems:
            lines.append(f"  {'ERROR' if problem.severity == ERROR else 'Warning'}: {_short(problem.what, report)}.")
            lines.append(f"    {problem.remedy}.")
    return lines


def _short(text: str, report: CheckReport) -> str:
    """Names files relative to the dataset, whose folder is said above."""
    return text.replace(str(report.dataset.folder) + os.sep, "")


def _range(values: Sequence[tuple[float, ...]]) -> str:
    """``31x40x24 to 43x59x47, median 35x51x35``; the smallest and largest along each axis."""
    columns = list(zip(*values, strict=True))
    lowest, highest, middle = (
        "x".join(f"{pick(column):.4g}" for column in columns) for pick in (min, max, statistics.median)
    )
    return lowest if lowest == highest else f"{lowest} to {highest}, median {middle}"
