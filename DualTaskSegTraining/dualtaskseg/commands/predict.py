"""``dualtaskseg predict``: segments scans with a model."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from dualtaskseg.arguments import add_cluster, add_device, refuse_without_cluster
from dualtaskseg.commands.outfile import checked_table, refuse_unwritable, write_table
from dualtaskseg.contract.issue import Issue
from dualtaskseg.contract.prediction import PredictionRecord
from dualtaskseg.data.scan_search import scans_of
from dualtaskseg.errors import DualTaskSegError, InputError
from dualtaskseg.evaluation.measure import Measurements, measured_prediction
from dualtaskseg.inference.outputs import OutputFiles, Scan, named_scans, segment_to_files
from dualtaskseg.inference.results import Guard
from dualtaskseg.inference.scan_errors import exit_code_of, explained
from dualtaskseg.io.paths import left_out, visible
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.names import safe_segment_names
from dualtaskseg.progress import Progress, format_duration
from dualtaskseg.terminal import counted, one_line

Work = Sequence[tuple[Scan, OutputFiles]]
Outcomes = Iterator[tuple[Scan, PredictionRecord | DualTaskSegError]]
NOT_MIRRORED = "The scans are not averaged with their mirror images: training did not mirror them."
LOOKS_FIRST = (
    "Scans are looked at roughly first, and computed closely where something was seen: that overlooked nothing when "
    "this model's training ended. With --no-look-first all of each scan is computed closely."
)
HAS_OVERVIEW = (
    "A second, coarse pair of networks of this model finds its structures in the whole scan first, which is computed "
    "closely where these saw something. With --no-look-first all of each scan is computed closely."
)
LONG_S = 60.0  # of work that is left, from which on the first line of progress comes at once


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument("model", metavar="RUN_OR_MODEL", help="a run folder or a model folder")
    parser.add_argument(
        "images",
        nargs="+",
        metavar="IMAGE",
        help="image files, folders of them, folders with one DICOM series, or tables (.csv) with a column image",
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="where the results go")
    parser.add_argument("--sdm", action="store_true", help="write signed distances too (mm, negative inside)")
    parser.add_argument("--probability", action="store_true", help="write probabilities too")
    parser.add_argument("--uncertainty", action="store_true", help="write where the two networks disagree")
    parser.add_argument(
        "--table", metavar="FILE", help="a .csv or .json file: volumes, diameters and predicted Dice, one row a scan"
    )
    parser.add_argument(
        "--look-first",
        action=argparse.BooleanOptionalAction,
        help="look at a scan roughly first, and compute closely only where something was seen, or all of it where a "
        "structure was not seen: faster where structures are small in large scans, but what the first look overlooks "
        "is missing. Without this option it is done where it overlooked nothing when the training ended",
    )
    parser.add_argument("--mirror", action="store_true", help="average over mirrored scans: slower, a little better")
    parser.add_argument("--series-uid", default="", metavar="UID", help="which series of a DICOM folder with several")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace files of the results' names whatever they are, also masks that were corrected; never the scans",
    )
    add_device(parser)
    add_cluster(parser)


def run(args: argparse.Namespace) -> int:
    """Segments every scan that the arguments mean; a bad one does not keep the others from being segmented.

    Returns:
        0, or 2 when a scan could not be segmented, or 1 when a defect of the program was the reason for one.

    Raises:
        InputError: there is no model or no scan, or a file of the user's would be overwritten; or the only scan is bad.
    """
    refuse_without_cluster(args)
    if args.cluster and args.table:
        remedy = f'Leave --table out, and measure the results afterwards: dualtaskseg measure "{args.out}"'
        raise InputError("--table is not written by work on a cluster", remedy)
    if args.cluster and args.look_first is not None:
        remedy = "Leave it out: a cluster looks first where the model asks for it"
        raise InputError("Work on a cluster can't be told whether to look first", remedy)
    table = checked_table(args.table)
    model = find_model(args.model)
    names = [segment.name for segment in read_model(model, verify=False).segments]
    out, paths = Path(args.out), scans_of(args.images)
    if args.cluster:  # its workers are at home elsewhere
        out, paths = out.absolute(), [path.absolute() for path in paths]
    scans, notes = named_scans(paths, safe_segment_names(names))
    outputs = [
        OutputFiles.named(
            lambda *kind, scan=scan: out / scan.output_name(*kind), names, args.sdm, args.probability, args.uncertainty
        )
        for scan in scans
    ]
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file", "Give --out the name of a folder")
    refuse_unwritable(out, out)
    for folder in filter(Path.is_dir, map(Path, args.images)):
        notes += left_out(folder, visible(folder))
    work = list(zip(scans, outputs, strict=True))
    outcomes = _on_cluster(args, model, work, notes) if args.cluster else _here(args, model, work, notes)
    from dualtaskseg.data.assumed import Assumed, unit_notes

    failures, assumed, measured = [], Assumed(), Measurements()
    for scan, result in outcomes:
        if isinstance(result, PredictionRecord) and table is not None:
            result = _measured(scan, result, measured)
        if isinstance(result, DualTaskSegError):
            failures.append(result)
            measured.problems += [Issue.of(result, case=scan.name)] if isinstance(result, InputError) else []
            continue
        for warning in assumed.add(scan.name, result.warnings):
            print(f"Warning: {one_line(f'{scan.name}: {warning}')}.", file=sys.stderr)
        print(one_line(_line(scan.name, result)), flush=True)
    if table is not None:
        write_table(table, measured.to_csv(), measured.to_dict(), "Check the folder and the free space")
    for note in unit_notes(len(assumed.unitless)):  # very many don't say it, so it is told once
        print(f"Note: {one_line(note)}.", file=sys.stderr)
    if len(scans) == 1 and failures:
        raise failures[0] if isinstance(failures[0], InputError) else failures[0].__cause__ or failures[0]
    if failures:
        _tell(failures, len(scans))
    return exit_code_of(failures)


def _measured(scan: Scan, record: PredictionRecord, measured: Measurements) -> PredictionRecord | DualTaskSegError:
    """The record, after its results were measured; or why they could not be."""
    try:
        measured.cases.append(measured_prediction(scan.name, record))
    except Exception as error:
        return explained(error, scan.path)
    return record


def _here(args: argparse.Namespace, model: Path, work: Work, notes: Sequence[str]) -> Outcomes:
    """Segments scans one after the other in this process, and yields what became of each."""
    guard = Guard([scan.path for scan, _ in work], args.overwrite)
    guard.check([(scan.path, files.all()) for scan, files in work], args.series_uid)
    _note(notes)
    from dualtaskseg.inference.device import describe_device
    from dualtaskseg.inference.predictor import Predictor

    predictor = Predictor(model, args.device, args.mirror)
    if args.look_first is not None:
        predictor.plan = predictor.plan.replaced(look_first=args.look_first)
        predictor.overview = predictor.overview if args.look_first else None
    elif predictor.overview is not None:
        print(HAS_OVERVIEW, file=sys.stderr)
    elif predictor.plan.look_first:
        print(LOOKS_FIRST, file=sys.stderr)
    if predictor.mirror and not any(predictor.plan.mirror):
        print(NOT_MIRRORED, file=sys.stderr)
    print(f"{counted(len(work), 'scan')} on {describe_device(predictor.device)}", flush=True)
    started = time.monotonic()
    for index, (scan, files) in enumerate(work):
        try:
            with _Bar(index, len(work), scan.name, started) as bar:
                record = segment_to_files(predictor, scan.path, files, guard, args.series_uid, on_progress=bar.show)
        except Exception as error:  # whatever it is, it must not keep the other scans from being segmented
            yield scan, explained(error, scan.path)
            continue
        yield scan, record


def _on_cluster(args: argparse.Namespace, model: Path, work: Work, notes: Sequence[str]) -> Outcomes:
    """Segments those scans on a cluster whose results are missing, and yields what became of each as it comes."""
    from dualtaskseg.cluster.command import cluster_command
    from dualtaskseg.cluster.ledger import TABLE, open_ledger
    from dualtaskseg.cluster.segmenting import Segmenting, identity_of, segment_scans
    from dualtaskseg.cluster.share import computing_share

    description = read_model(model)
    if args.mirror and not any(description.plan.get("mirror", ())):
        print(NOT_MIRRORED, file=sys.stderr)
    with cluster_command(args.cluster, "Segmenting") as command:
        share = computing_share(command.cluster, args.device, args.workers, args.gpus_per_worker)
        job = Segmenting(
            model.absolute(),
            share.device,
            args.mirror,
            args.overwrite,
            args.series_uid,
            [scan.path for scan, _ in work],
            identity_of(description),
        )
        there = 0
        with open_ledger(Path(args.out)) as ledger:
            _note(notes)
            for outcome in segment_scans(command, share, job, work, ledger):
                there += outcome.is_kept
                if not outcome.is_kept:
                    yield outcome.scan, outcome.error or outcome.record
    if there:
        print(f"{there} of {counted(len(work), 'scan')} had been segmented already", flush=True)
    print(f"What became of each is in {Path(args.out) / TABLE}", flush=True)


def _note(notes: Sequence[str]) -> None:
    for note in notes:
        print(f"{one_line(note)}.", file=sys.stderr)


def _tell(failures: Sequence[DualTaskSegError], count: int) -> None:
    """Lists the scans that could not be segmented."""
    print(f"{len(failures)} of {count} scans could not be segmented:", file=sys.stderr)
    for error in failures:
        print(f"  {one_line(str(error))}", file=sys.stderr)
    for error in failures:
        if not isinstance(error, InputError):
            print("".join(traceback.format_exception(error.__cause__ or error)), file=sys.stderr)


class _Bar(Progress):
    """Progress of one scan among several; the time left is that of all."""

    def __init__(self, index: int, count: int, name: str, began: float) -> None:
        super().__init__(one_line(f"Segmenting {name}" if count == 1 else f"Segmenting {index + 1} of {count}, {name}"))
        self.index = index
        self.count = count
        self.began = began

    def show(self, done: int, total: int) -> None:
        share = (self.index + done / total) / self.count
        left = (time.monotonic() - self.began) * (1 - share) / share
        is_known = done > 1 or self.index > 0
        self.total = total
        if done == 1 and not self.is_terminal and left > LONG_S:
            self.last_shown = -float("inf")  # a line at once, so that nobody waits in the dark
            is_known = True
        self.update(done, seconds_left=left if is_known else None)


def _line(name: str, record: PredictionRecord) -> str:
    volumes = ", ".join(f"{segment} {volume:.4g} mL" for segment, volume in record.volume_ml.items())
    time_taken = format_duration(record.seconds) if record.seconds >= 10 else f"{record.seconds:.1f} s"
    if record.agreement is None:
        return f"{name}: {time_taken}, nothing can be seen in it, predicted Dice unknown, {volumes}"
    if record.predicted_dice is None:
        return f"{name}: {time_taken}, no structure was found in it, predicted Dice unknown, {volumes}"
    return (
        f"{name}: {time_taken}, the networks agree to {record.agreement:.2f}, "
        f"predicted Dice {record.predicted_dice:.2f}, {volumes}"
    )
