"""``dualtaskseg export-seg``: writes a label map as a DICOM segmentation, or as an RT structure set."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from dualtaskseg.arguments import add_json, positive_number
from dualtaskseg.contract.issue import ERROR
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.segment_lists import read_segments
from dualtaskseg.dicom.derived_object import ExportOptions
from dualtaskseg.dicom.export_report import ExportReport
from dualtaskseg.dicom.segmentation import described_by, export_segmentation, preflight
from dualtaskseg.dicom.source_series import require_highdicom
from dualtaskseg.dicom.structure_set import export_structure_set, require_pydicom
from dualtaskseg.errors import InputError
from dualtaskseg.io.paths import file_stem
from dualtaskseg.names import safe_segment_names
from dualtaskseg.progress import Progress
from dualtaskseg.terminal import json_text, one_line

SEG, RTSTRUCT = FORMATS = ("seg", "rtstruct")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument(
        "labels",
        nargs="+",
        metavar="LABELMAP",
        help="a label map on the series' grid; several, or SEGMENT=FILE for each segment, where segments overlap; "
        "or a .seg.nrrd of 3D Slicer",
    )
    parser.add_argument("--series", required=True, metavar="DIR", help="the folder with the DICOM series")
    parser.add_argument("--out", required=True, metavar="FILE", help="the .dcm file to write")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default=SEG,
        help="seg: a DICOM segmentation; rtstruct: contours, an RT Structure Set for planning systems",
    )
    parser.add_argument("--model", metavar="RUN_OR_MODEL", help="the model that the label map is from")
    parser.add_argument(
        "--segments", metavar="FILE", help='what the values mean: [{"name": "Liver", "value": 1, "terminology": ...}]'
    )
    parser.add_argument("--series-uid", default="", metavar="UID", help="which series, where the folder holds several")
    parser.add_argument("--edited", action="store_true", help="the label map was edited: SEMIAUTOMATIC, not AUTOMATIC")
    parser.add_argument(
        "--algorithm",
        default="",
        metavar="NAME_VERSION",
        help="what made a label map that is not from a model; without it, it is declared as outlined by hand (MANUAL)",
    )
    parser.add_argument(
        "--labelmap-type",
        dest="labelmap",
        action="store_true",
        help="store as LABELMAP: small, but new to many readers",
    )
    parser.add_argument("--resample", action="store_true", help="bring a label map on another grid to the series' grid")
    parser.add_argument("--series-description", default="", metavar="TEXT")
    parser.add_argument("--series-number", type=positive_number, metavar="N")
    parser.add_argument("--content-creator", default="", metavar="NAME", help="who made it, such as Doe^Jane")
    parser.add_argument(
        "--sdm",
        nargs="+",
        default=[],
        metavar="FILE",
        help="write these signed distances (NAME_sdm_SEGMENT.nii.gz, or SEGMENT=FILE) as parametric maps beside it",
    )
    parser.add_argument("--uncertainty", metavar="FILE", help="write this uncertainty as a parametric map beside it")
    parser.add_argument("--overwrite", action="store_true", help="replace the file where it exists")
    parser.add_argument("--check", action="store_true", help="only tell what the export would say or lack")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Writes the segmentation, or with ``check`` only tells whether it could be written.

    Returns:
        0, or 2 when ``check`` found an error.

    Raises:
        InputError: anything about the input is bad; no file is left.
    """
    _check_format(args)
    segments = read_segments(args.segments) if args.segments else ()
    labels = _labels(args.labels)
    options = ExportOptions(**{each.name: getattr(args, each.name) for each in fields(ExportOptions)})
    if args.check:
        return _check(labels, segments, options, args)
    sdm = _distances(args, segments)
    with Progress("Writing DICOM", percent=True) as bar:
        if args.format == RTSTRUCT:
            report = export_structure_set(labels, args.series, args.out, args.model, segments, options, bar.show)
        else:
            report = export_segmentation(
                labels, args.series, args.out, args.model, segments, options, bar.show, sdm, args.uncertainty
            )
    for warning in report.warnings:
        print(f"Warning: {one_line(warning)}.", file=sys.stderr)
    if args.json:
        print(json_text(report.to_dict()))
    else:
        print(_text(report, "contours" if args.format == RTSTRUCT else "frames"))
        for file in report.maps:
            print(f"{file}: parametric map, read back and compared")
    return 0


def _check_format(args: argparse.Namespace) -> None:
    """Refuses what a structure set can't hold."""
    given = [("--labelmap-type", args.labelmap), ("--sdm", args.sdm), ("--uncertainty", args.uncertainty)]
    for option, value in given:
        if args.format == RTSTRUCT and value:
            raise InputError(
                f"A structure set holds contours only, so {option} makes no sense with --format {RTSTRUCT}",
                f"Leave it out, or use --format {SEG}",
            )


def _labels(arguments: Sequence[str]) -> Any:
    """A file, several files, or files by names of segments."""
    if all("=" in argument and not Path(argument).exists() for argument in arguments):
        named = dict(argument.split("=", 1) for argument in arguments)
        if len(named) < len(arguments):
            raise InputError("A segment is given twice", "Give one file for each segment")
        return named
    return arguments[0] if len(arguments) == 1 else list(arguments)


def _distances(args: argparse.Namespace, segments: Sequence[Segment]) -> dict[str, str]:
    """The files of signed distances by segment."""
    _, known = described_by(args.model, segments)
    names = [segment.name for segment in known]
    found: dict[str, str] = {}
    for argument in args.sdm:
        name, _, file = argument.partition("=") if not Path(argument).exists() else ("", "", argument)
        name = names[_segment_of(name, file, names, safe_segment_names(names))]
        if name in found:
            raise InputError(f"The signed distance to {name} is given twice", "Give one file for each segment")
        found[name] = file
    return found


def _segment_of(name: str, file: str, names: Sequence[str], safe: Sequence[str]) -> int:
    """Which segment a file of signed distances belongs to: the one that is named, or that the file's name tells."""
    if name in names:
        return names.index(name)
    matches = [index for index, one in enumerate(safe) if not name and file_stem(file).endswith(f"_sdm_{one}")]
    if not file or not matches:
        raise InputError(
            f"Of which segment {file or name} holds the signed distances is not clear",
            f"Give it as SEGMENT=FILE, with one of: {', '.join(names)}",
        )
    return max(matches, key=lambda index: len(safe[index]))


def _check(labels: Any, segments: Sequence[Segment], options: ExportOptions, args: argparse.Namespace) -> int:
    needed = require_pydicom if args.format == RTSTRUCT else require_highdicom
    findings = preflight(labels, args.series, args.out, args.model, segments, options, needed)
    if args.json:
        data = [finding.to_dict("severity", "what", "remedy") for finding in findings]
        print(json_text({"findings": data}))
    else:
        for finding in findings:
            remedy = f" {finding.remedy}." if finding.remedy else ""
            print(one_line(f"{finding.severity.capitalize()}: {finding.what}.{remedy}"))
    return 2 if any(finding.severity == ERROR for finding in findings) else 0


def _text(report: ExportReport, stored: str) -> str:
    start = (
        f"{report.file}: {report.series_description}, {report.algorithm_type}, {report.frames} {stored} on "
        f"{report.slices} slices, read back and compared"
    )
    lines = [
        f"  {segment['name']}: {segment['volume_ml']:.4g} mL ({', '.join(segment['terminology'])})"
        for segment in report.segments
    ]
    if report.left_out:
        lines.append(f"  Left out, since empty: {', '.join(report.left_out)}")
    return "\n".join([start, *lines])
