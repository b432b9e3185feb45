"""``dualtaskseg evaluate``: how well a folder of segmentations agrees with its references."""

from __future__ import annotations

import argparse
import json
import sys

from dualtaskseg.arguments import add_json
from dualtaskseg.commands.outfile import checked_table, write_table
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
    if args.json:
        print(json.dumps(evaluation.to_dict(), indent=1, allow_nan=False))
    else:
        print(evaluation_text(evaluation))
    for problem in evaluation.problems:
        print(f"{problem.case}: {problem}", file=sys.stderr)
    for note in evaluation.notes:
        print(f"{note}.", file=sys.stderr)
    if out is not None:
        remedy = "Check the folder and the free space, or choose another place"
        write_table(out, evaluation.to_csv(), evaluation.to_dict(), remedy)
    return 2 if evaluation.problems else 0
