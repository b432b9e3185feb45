"""``dualtaskseg evaluate``: how well a folder of segmentations agrees with its references."""

from __future__ import annotations

import argparse

from dualtaskseg.arguments import add_json
from dualtaskseg.commands.outfile import checked_table, show_figures
from dualtaskseg.evaluation.compare import evaluate_folders
from dualtaskseg.evaluation.tables import evaluation_text
from dualtaskseg.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument("--prediction", required=True, metavar="DIR")
    parser.add_argument("--reference", required=True, metavar="DIR")
    parser.add_argument("--out", metavar="FILE", help="a .csv or .json file for the figures of every case")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Compares the folders and shows the figures on standard output, everything else on standard error.

    Returns:
        0, or 2 when a case could not be compared.

    Raises:
        InputError: nothing can be compared, or the file can't be written.
    """
    out = checked_table(args.out)
    with Progress("Comparing") as progress:
        evaluation = evaluate_folders(args.prediction, args.reference, progress.show)
    return show_figures(evaluation, evaluation_text(evaluation), args.json, out)
