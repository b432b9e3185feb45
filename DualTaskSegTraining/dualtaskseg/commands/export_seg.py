"""``dualtaskseg export-seg``: writes a label map as a DICOM segmentation."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualtaskseg.data.cases import Segment, file_stem, read_segments
from dualtaskseg.data.dicommaps import SIGNED_DISTANCE, UNCERTAINTY, export_map, numbered
from dualtaskseg.data.dicomobject import ExportOptions, check_target
from dualtaskseg.data.dicomseg import ERROR, ExportReport, described_by, export_segmentation, preflight
from dualtaskseg.data.dicomsource import read_source, require_highdicom
from dualtaskseg.errors import InputError
from dualtaskseg.inference.scans import safe_segment_names
from dualtaskseg.progress import Progress


def run(args: argparse.Namespace) -> int:
    """Writes the segmentation, or with ``check`` only tells whether it could be written.

    Args:
        args: as :mod:`dualtaskseg.cli` defines them for ``export-seg``.

    Returns:
        0, or 2 when ``check`` found an error.

    Raises:
        InputError: anything about the input is bad; no file is left.
    """
    segments = read_segments(args.segments) if args.segments else ()
    labels = _labels(args.labels)
    options = ExportOptions(
        series_uid=args.series_uid,
        edited=args.edited,
        labelmap=args.labelmap_type,
        resample=args.resample,
        overwrite=args.overwrite,
        series_description=args.series_description,
        series_number=args.series_number,
        content_creator=args.content_creator,
        algorithm=args.algorithm,
    )
    if args.check:
        return _check(labels, segments, options, args)
    maps = _maps(args, segments)
    for wanted in maps:
        check_target(wanted.out, options.overwrite)
    check_target(Path(args.out), options.overwrite)
    with _removed_on_error() as written:
        _write_maps(maps, args.series, options, written)
        with _Bar("Writing the segmentation") as bar:
            report = export_segmentation(labels, args.series, args.out, args.model, segments, options, bar.update)
    for warning in report.warnings:
        print(f"Warning: {warning}.", file=sys.stderr)
    if args.json:
        document = {**report.to_document(), "maps": [str(wanted.out) for wanted in maps]}
        print(json.dumps(document, indent=1, ensure_ascii=False))
    else:
        print(_text(report))
        for wanted in maps:
            print(f"{wanted.out}: {wanted.title}, read back and compared")
    return 0


def _labels(arguments: Sequence[str]) -> Any:
    """A file, several files, or files by names of segments."""
    if all("=" in argument and not Path(argument).exists() for argument in arguments):
        named = dict(argument.split("=", 1) for argument in arguments)
        if len(named) < len(arguments):
            raise InputError("A segment is given twice", "Give one file for each segment")
        return named
    return arguments[0] if len(arguments) == 1 else list(arguments)


@dataclass(frozen=True)
class _Map:
    """A parametric map to write."""

    image: str
    kind: str
    out: Path
    segment: Segment | None

    @property
    def title(self) -> str:
        return f"signed distance to {self.segment.name} in mm" if self.segment else "uncertainty"


def _maps(args: argparse.Namespace, segments: Sequence[Segment]) -> list[_Map]:
    """The parametric maps that are asked for, each with the file beside the segmentation that it goes to."""
    out = Path(args.out)
    _, known = described_by(args.model, segments)
    safe = safe_segment_names(segment.name for segment in known)
    wanted = []
    for argument in args.sdm:
        name, _, file = argument.partition("=") if not Path(argument).exists() else ("", "", argument)
        place = _segment_of(name, file, [segment.name for segment in known], safe)
        wanted.append(_Map(file, SIGNED_DISTANCE, out.with_name(f"{out.stem}_sdm_{safe[place]}.dcm"), known[place]))
    if args.uncertainty:
        wanted.append(_Map(args.uncertainty, UNCERTAINTY, out.with_name(f"{out.stem}_uncertainty.dcm"), None))
    if len({one.out for one in wanted}) < len(wanted):
        raise InputError("A segment's signed distance is given twice", "Give one file for each segment")
    return wanted


def _segment_of(name: str, file: str, names: Sequence[str], safe: Sequence[str]) -> int:
    """Which segment a file of signed distances belongs to: the one that is named, or that the file's name tells."""
    if name in names:
        return names.index(name)
    matches = [place for place, one in enumerate(safe) if not name and file_stem(file).endswith(f"_sdm_{one}")]
    if not file or not matches:
        raise InputError(
            f"Of which segment {file or name} holds the signed distances is not clear",
            f"Give it as SEGMENT=FILE, with one of: {', '.join(names)}",
        )
    return max(matches, key=lambda place: len(safe[place]))


def _write_maps(maps: Sequence[_Map], folder: str, options: ExportOptions, written: list[Path]) -> None:
    if not maps:
        return
    require_highdicom()
    source = read_source(folder, options.series_uid)
    for index, wanted in enumerate(maps):
        is_new = not wanted.out.exists()
        with _Bar(f"Writing the {wanted.title}") as bar:
            export_map(
                wanted.image,
                wanted.kind,
                source,
                wanted.out,
                wanted.segment,
                numbered(options, source, index + 1),
                bar.update,
            )
        if is_new:
            written.append(wanted.out)


@contextlib.contextmanager
def _removed_on_error() -> Iterator[list[Path]]:
    """Yields a list of new files, which are removed again if anything fails: all is written or nothing."""
    written: list[Path] = []
    try:
        yield written
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        raise


def _check(labels: Any, segments: Sequence[Segment], options: ExportOptions, args: argparse.Namespace) -> int:
    findings = preflight(labels, args.series, args.out, args.model, segments, options)
    if args.json:
        document = [{"severity": f.severity, "what": f.what, "remedy": f.remedy} for f in findings]
        print(json.dumps({"findings": document}, indent=1, ensure_ascii=False))
    else:
        for finding in findings:
            remedy = f" {finding.remedy}." if finding.remedy else ""
            print(f"{finding.severity.capitalize()}: {finding.what}.{remedy}")
    return 2 if any(finding.severity == ERROR for finding in findings) else 0


def _text(report: ExportReport) -> str:
    lines = [
        f"  {segment['name']}: {segment['volume_ml']:.4g} mL ({', '.join(segment['terminology'])})"
        for segment in report.segments
    ]
    if report.left_out:
        lines.append(f"  Left out, since empty: {', '.join(report.left_out)}")
    return "\n".join(
        [
            f"{report.file}: {report.series_description}, {report.algorithm_type}, {report.frames} frames on "
            f"{report.slices} slices, read back and compared",
            *lines,
        ]
    )


class _Bar:
    """A progress bar that appears with the first news."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.progress: Progress | None = None

    def update(self, done: int, of: int) -> None:
        self.progress = self.progress or Progress(self.title, of, percent=True)
        self.progress.update(done)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self.progress is not None:
            self.progress.close()
