"""``dualtaskseg measure``: volumes and largest diameters of the structures in label maps."""

from __future__ import annotations

import argparse

from dualtaskseg.arguments import add_json
from dualtaskseg.commands.outfile import checked_table, show_figures
from dualtaskseg.evaluation.measure import measure_labels
from dualtaskseg.evaluation.tables import sizes_text
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument("labels", metavar="LABELMAP", help="a label map, or a folder of them")
    parser.add_argument("--model", metavar="RUN_OR_MODEL", help="the model that made them: names the structures")
    parser.add_argument("--out", metavar="FILE", help="a .csv or .json file for the figures, one row a case")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Measures and shows the figures on standard output, everything else on standard error.

    Returns:
        0, or 2 when a case could not be measured.

    Raises:
        InputError: there is no label map, or the file can't be written.
    """
    out = checked_table(args.out)
    segments = read_model(find_model(args.model), verify=False).segments if args.model else ()
    with Progress("Measuring") as progress:
        found = measure_labels(args.labels, segments, progress.show)
    return show_figures(found, sizes_text(found.cases) if found.cases else "", args.json, out)
