"""``dualtaskseg predict``: segments scans with a model."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualtaskseg.errors import InputError
from dualtaskseg.inference.scans import Scan, find_scans, named_scans, safe_segment_names
from dualtaskseg.model import find_model, read_model
from dualtaskseg.progress import Progress, format_duration
from dualtaskseg.version import VERSION

if TYPE_CHECKING:
    import SimpleITK

    from dualtaskseg.inference.predictor import Prediction, Predictor
    from dualtaskseg.inference.uncertainty import Summary

# Stands in every result's header, so that a later prediction replaces results and never a file of the user's.
MARK = "DualTaskSeg"
MARK_KEYS = ("ITK_FileNotes", "descrip")


@dataclass(frozen=True)
class Wanted:
    """What is to be written beside the masks, and where; and which series to take from a DICOM folder of several."""

    folder: Path
    sdm: bool
    probability: bool
    uncertainty: bool
    segments: tuple[str, ...]
    series_uid: str = ""

    def files(self, scan: Scan) -> list[Path]:
        """The files that a scan's results go to."""
        names = [scan.output_name()]
        names += [scan.output_name("sdm", segment) for segment in self.segments if self.sdm]
        names += [scan.output_name("probability", segment) for segment in self.segments if self.probability]
        names += [scan.output_name("uncertainty")] if self.uncertainty else []
        return [self.folder / name for name in names]


def run(args: argparse.Namespace) -> int:
    """Segments every scan that the arguments mean; a bad one does not keep the others from being segmented.

    Args:
        args: ``model``, ``images``, ``out``, and optionally ``sdm``, ``probability``, ``uncertainty``, ``mirror``,
            ``device``, ``series_uid`` and ``json``.

    Returns:
        0, or 2 when a scan could not be segmented.

    Raises:
        InputError: there is no model or no scan, or a file of the user's would be overwritten; or the only scan is bad.
    """
    model = find_model(args.model)
    description = read_model(model, verify=False)
    wanted = Wanted(
        Path(args.out),
        getattr(args, "sdm", False),
        getattr(args, "probability", False),
        getattr(args, "uncertainty", False),
        tuple(safe_segment_names(segment["name"] for segment in description.segments)),
        getattr(args, "series_uid", ""),
    )
    paths = find_scans(args.images)
    scans, notes = named_scans(paths, wanted.segments)
    _refuse_overwriting(scans, wanted)
    for note in notes:
        print(f"{note}.", file=sys.stderr)

    from dualtaskseg.inference.device import describe_device
    from dualtaskseg.inference.predictor import Predictor

    predictor = Predictor(model, getattr(args, "device", None) or "auto", bool(getattr(args, "mirror", False)))
    is_json = bool(getattr(args, "json", False))
    if not is_json:
        print(f"{_count(len(scans), 'scan')} on {describe_device(predictor.device)}")
    results, failures = _segment_all(predictor, scans, wanted, None if is_json else print)
    if is_json:
        failed = [{"image": str(scan.path), "what": e.what, "remedy": e.remedy} for scan, e in failures]
        print(json.dumps({"cases": results, "failed": failed}, indent=1, ensure_ascii=False))
    if len(scans) == 1 and failures:
        raise failures[0][1]
    if failures:
        print(f"{len(failures)} of {len(scans)} scans could not be segmented:", file=sys.stderr)
        for _, error in failures:
            print(f"  {error}", file=sys.stderr)
    return 2 if failures else 0


def _segment_all(
    predictor: Predictor, scans: Sequence[Scan], wanted: Wanted, tell: Callable[[str], None] | None
) -> tuple[list[dict[str, Any]], list[tuple[Scan, InputError]]]:
    """What became of each scan, and those that could not be segmented with the reason."""
    results: list[dict[str, Any]] = []
    failures: list[tuple[Scan, InputError]] = []
    started = time.monotonic()
    for index, scan in enumerate(scans):
        began = time.monotonic()
        try:
            summary = _segment(predictor, scan, wanted, _Bar(index, len(scans), scan.name, started))
        except InputError as error:
            failures.append((scan, error))
            continue
        seconds = time.monotonic() - began
        for warning in summary.warnings:
            print(f"Warning: {scan.name}: {warning}.", file=sys.stderr)
        results.append(_document(scan, wanted, summary, seconds))
        if tell is not None:
            tell(_line(scan.name, summary, seconds))
    return results, failures


def _segment(predictor: Predictor, scan: Scan, wanted: Wanted, bar: _Bar) -> Summary:
    """Segments one scan and writes its results, the mask last: where it is, all is."""
    from dualtaskseg.data.images import read_image
    from dualtaskseg.training.calibration import is_out_of_memory

    with bar:
        try:
            image = read_image(scan.path, wanted.series_uid)
            prediction = predictor.predict(
                image, wanted.sdm, wanted.probability, wanted.uncertainty, on_progress=bar.update
            )
            del image  # writing needs memory too
            _write(prediction, scan, wanted, predictor.names)
        except (MemoryError, RuntimeError) as error:
            if not (is_out_of_memory(error) or "allocate" in str(error).lower()):
                raise
            raise InputError(
                f"{scan.path} is too large for this computer's memory",
                "Crop the scan, free memory, or ask for fewer results at once",
            ) from error
    return prediction.summary


def _write(prediction: Prediction, scan: Scan, wanted: Wanted, names: Sequence[str]) -> None:
    for name, segment in zip(names, wanted.segments, strict=True):
        if wanted.sdm:
            write_result(prediction.sdm[name], wanted.folder / scan.output_name("sdm", segment))
        if wanted.probability:
            write_result(prediction.probability[name], wanted.folder / scan.output_name("probability", segment))
    if prediction.uncertainty is not None:
        write_result(prediction.uncertainty, wanted.folder / scan.output_name("uncertainty"))
    write_result(prediction.label, wanted.folder / scan.output_name())


def write_result(image: SimpleITK.Image, path: Path, compress: bool = True) -> None:
    """Writes an image, marked as a result of this program, see :func:`is_result`.

    Raises:
        InputError: see :func:`dualtaskseg.data.images.write_image`.
    """
    from dualtaskseg.data.images import write_image

    image.SetMetaData(MARK_KEYS[0], f"{MARK} {VERSION}")
    write_image(image, path, compress)


def _refuse_overwriting(scans: Sequence[Scan], wanted: Wanted) -> None:
    """Results of an earlier prediction may be replaced; scans and whatever else the user has may not."""
    if wanted.folder.exists() and not wanted.folder.is_dir():
        raise InputError(f"{wanted.folder} is a file", "Give --out the name of a folder")
    inputs = [scan.path for scan in scans]
    for scan in scans:
        for file in wanted.files(scan):
            if not file.exists():
                continue
            if any(file.samefile(path) for path in inputs):
                raise InputError(f"The result would overwrite the scan {file}", "Give another folder with --out")
            if not is_result(file):
                raise InputError(
                    f"{file} exists and was not written by this program, so it is not replaced",
                    "Give another folder with --out, or move the file away",
                )


def is_result(file: Path) -> bool:
    """Whether a file was written by an earlier prediction."""
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(file))
    try:
        reader.ReadImageInformation()
    except RuntimeError:
        return False
    return any(reader.HasMetaDataKey(key) and reader.GetMetaData(key).startswith(MARK) for key in MARK_KEYS)


class _Bar:
    """Progress of one scan among several; the time left is that of all."""

    def __init__(self, index: int, count: int, name: str, started: float) -> None:
        self.index = index
        self.count = count
        self.started = started
        self.title = f"Segmenting {name}" if count == 1 else f"Segmenting {index + 1} of {count}, {name}"
        self.progress: Progress | None = None

    def update(self, done: int, of: int) -> None:
        if self.progress is None:
            self.progress = Progress(self.title, of)
        share = (self.index + done / of) / self.count
        left = (time.monotonic() - self.started) * (1 - share) / share
        self.progress.update(done, seconds_left=left if done > 1 or self.index else None)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self.progress is not None:
            self.progress.close()


def _document(scan: Scan, wanted: Wanted, summary: Summary, seconds: float) -> dict[str, Any]:
    return {
        "name": scan.name,
        "image": str(scan.path.absolute()),
        "files": [str(file.absolute()) for file in wanted.files(scan)],
        "seconds": round(seconds, 3),
        "agreement": round(summary.agreement, 4),
        "expected_dice": round(summary.expected_dice, 4),
        "disagreement": round(summary.disagreement, 4),
        "volume_ml": {name: round(volume, 4) for name, volume in summary.volume_ml.items()},
        "warnings": list(summary.warnings),
    }


def _line(name: str, summary: Summary, seconds: float) -> str:
    volumes = ", ".join(f"{segment} {volume:.4g} mL" for segment, volume in summary.volume_ml.items())
    time_taken = format_duration(seconds) if seconds >= 10 else f"{seconds:.1f} s"
    return (
        f"{name}: {time_taken}, the networks agree to {summary.agreement:.2f}, "
        f"expected Dice {summary.expected_dice:.2f}, {volumes}"
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
