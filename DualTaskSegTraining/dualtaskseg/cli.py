"""The command line. Each command's work is a module of :mod:`dualtaskseg.commands`, imported when it is called."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from dualtaskseg.arguments import guard_paths
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.errors import DualTaskSegError
from dualtaskseg.method.registry import METHODS
from dualtaskseg.remedies import reason_of, remedy_for
from dualtaskseg.terminal import fill_closed_streams, guarded_streams, one_line
from dualtaskseg.version import VERSION

DESCRIPTION = """\
Train a segmentation network of your own from a few outlined scans and many that are not, and use it.
Two networks, one that predicts a probability map and one that predicts a signed distance map, teach each other.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code.

    0 done, 2 bad input, 3 stopped on request, 4 still at work when the wait ran out (``stop``), 1 a defect of ours.
    """
    fill_closed_streams()
    # Read by PyTorch's threads when it is loaded: they sleep while they wait for one another instead of spinning, for a
    # thread that spins keeps the one it waits for off the core. Beside two busy programs on two cores a step took 1.9
    # instead of 2.25 times as long, and on an idle computer it costs nothing (Testing/benchmarks/busy_machine.py).
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without "×" must not end a training
    with guarded_streams():
        code = _run(arguments)
        sys.stdout.flush()
        if code == 0 and sys.stdout.lost is not None:
            print(f"Error: what was to be printed got lost: {sys.stdout.lost}. Print it elsewhere.", file=sys.stderr)
            return 2
        return code


def _run(arguments: Sequence[str] | None) -> int:
    args = make_parser().parse_args(arguments)
    try:
        command = importlib.import_module(f"dualtaskseg.commands.{args.command.replace('-', '_')}")
        return command.run(args)
    except DualTaskSegError as error:
        print(f"{'Error: ' if error.exit_code == 2 else ''}{one_line(str(error))}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        remedy = remedy_for(error)
        if not remedy:
            _tell_defect(error, getattr(args, "out", None) or getattr(args, "run", None))
            return 1
        where = f"{error.filename}: " if error.filename else ""
        print(f"Error: {one_line(f'{where}{reason_of(error)}')}. {remedy}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt as interrupt:
        print(str(interrupt) or "Interrupted.", file=sys.stderr)
        return 3
    except Exception as error:
        _tell_defect(error, getattr(args, "out", None) or getattr(args, "run", None))
        return 1


def make_parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    parser = argparse.ArgumentParser(
        prog="dualtaskseg", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"dualtaskseg {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_check(commands)
    _add_train(commands)
    _add_run_commands(commands)
    _add_predict(commands)
    _add_evaluate(commands)
    _add_rank(commands)
    _add_export_seg(commands)
    _add_model(commands)
    _add_demo(commands)
    for hidden in ("serve", "selftest"):  # without help, so not listed: graphical programs call them, not people
        commands.add_parser(hidden)
    guard_paths(parser)
    return parser


def _dataset_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "dataset",
        metavar="DATASET",
        help="a folder with dataset.json (Decathlon), or with images/ and labels/, or a cases.csv (image,label)",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--labeled", type=_count, metavar="N", help="keep the labels of the first N cases only")
    which.add_argument("--cases", metavar="FILE", help="a CSV file (case,role); cases it doesn't name are left out")
    parser.add_argument("--segments", nargs="+", metavar="NAME", help="learn only these segments")
    parser.add_argument(
        "--include-test",
        action="store_true",
        help="learn from the scans in the list 'test' of a dataset.json too, without labels; else they are left out",
    )


def _add_check(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("check", help="list every problem of every scan and label of a dataset")
    _dataset_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _add_train(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("train", help="train a model")
    _dataset_arguments(parser)
    parser.add_argument("--out", required=True, metavar="RUN", help="the run folder to make")
    parser.add_argument(
        "--name", type=_name, metavar="NAME", help="what to call the model (default: as the run folder)"
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
    length.add_argument("--time-budget", type=_seconds, metavar="SECONDS", help="how long the training may take")
    length.add_argument("--iterations", type=_positive, metavar="N", help="how many steps, instead of a time")
    _device_argument(parser)
    parser.add_argument("--seed", type=_seed, default=0, metavar="N", help="of all randomness (default 0)")
    parser.add_argument(
        "--from",
        dest="start_from",
        metavar="RUN_OR_MODEL",
        help="go on from the networks of an earlier model with the same segments, such as after labeling more scans",
    )
    parser.add_argument(
        "--validation",
        type=_count,
        metavar="N",
        help="how many labeled cases are held out to measure the quality (default: a fifth, of fewer than ten none)",
    )


def _add_run_commands(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("resume", help="go on with a training that was stopped or broke off")
    parser.add_argument("run", metavar="RUN", help="the run folder")
    parser.add_argument("--device", metavar="DEVICE", help="compute there, not where the training was started")
    parser = commands.add_parser("stop", help="end a training after its current step, with everything saved")
    parser.add_argument("run", metavar="RUN", help="the run folder")
    parser.add_argument("--wait", type=_count, default=60, metavar="SECONDS", help="how long to wait for it")
    parser = commands.add_parser("status", help="tell how far a training is")
    parser.add_argument("run", metavar="RUN", help="the run folder")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _add_predict(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("predict", help="segment scans with a model")
    parser.add_argument("model", metavar="RUN_OR_MODEL", help="a run folder or a model folder")
    parser.add_argument(
        "images", nargs="+", metavar="IMAGE", help="image files, folders of them, or folders with one DICOM series"
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="where the results go")
    parser.add_argument("--sdm", action="store_true", help="write signed distances too (mm, negative inside)")
    parser.add_argument("--probability", action="store_true", help="write probabilities too")
    parser.add_argument("--uncertainty", action="store_true", help="write where the two networks disagree")
    parser.add_argument("--mirror", action="store_true", help="average over mirrored scans: slower, a little better")
    parser.add_argument("--series-uid", default="", metavar="UID", help="which series of a DICOM folder with several")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace files of the results' names whatever they are, also masks that were corrected; never the scans",
    )
    _device_argument(parser)


def _add_evaluate(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("evaluate", help="compare predictions with reference labels")
    parser.add_argument("--prediction", required=True, metavar="DIR")
    parser.add_argument("--reference", required=True, metavar="DIR")
    parser.add_argument("--out", metavar="FILE", help="a .csv or .json file for the figures of every case")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _add_rank(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("rank", help="tell which unlabeled scan is worth outlining next")
    parser.add_argument("model", metavar="RUN_OR_MODEL", help="a run folder or a model folder")
    parser.add_argument("dataset", metavar="DATASET")
    parser.add_argument("--out", metavar="FILE", help="a .csv or .json file for the ranking")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    _device_argument(parser)


def _add_export_seg(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("export-seg", help="write a label map as a DICOM segmentation (SEG) of its series")
    parser.add_argument(
        "labels",
        nargs="+",
        metavar="LABELMAP",
        help="a label map on the series' grid; several, or SEGMENT=FILE for each segment, where segments overlap; "
        "or a .seg.nrrd of 3D Slicer",
    )
    parser.add_argument("--series", required=True, metavar="DIR", help="the folder with the DICOM series")
    parser.add_argument("--out", required=True, metavar="FILE", help="the .dcm file to write")
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
        "--labelmap-type", action="store_true", help="store as LABELMAP: small, but new to many readers"
    )
    parser.add_argument("--resample", action="store_true", help="bring a label map on another grid to the series' grid")
    parser.add_argument("--series-description", default="", metavar="TEXT")
    parser.add_argument("--series-number", type=_positive, metavar="N")
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
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _add_model(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("model", help="show, export or import a model")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    action = actions.add_parser("info", help="what a model is and what it was trained on")
    action.add_argument("path", metavar="RUN_OR_MODEL")
    action.add_argument("--json", action="store_true", help="print one JSON document")
    action = actions.add_parser("export", help="make one .dtsmodel file of a model, to pass on")
    action.add_argument("path", metavar="RUN_OR_MODEL")
    action.add_argument("--out", required=True, metavar="FILE")
    action = actions.add_parser("import", help="unpack a .dtsmodel file, after checking it")
    action.add_argument("path", metavar="FILE")
    action.add_argument("--out", required=True, metavar="DIR", help="the folder to put the model's folder into")


def _add_demo(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser("demo", help="the whole path on synthetic scans, in a few minutes")
    parser.add_argument("--out", default="demo", metavar="DIR", help="where everything goes (default: demo)")
    parser.add_argument("--time-budget", type=_seconds, default=120, metavar="SECONDS", help="for the training")


def _device_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", default="auto", metavar="DEVICE", help="auto, cpu, cuda, cuda:1, ... or mps")


def _count(text: str) -> int:
    value = _whole(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return value


def _name(text: str) -> str:
    if not text.strip() or len(text) > 100 or not text.isprintable():
        raise argparse.ArgumentTypeError("a name has 1 to 100 letters that can be printed")
    return text.strip()


def _seed(text: str) -> int:
    value = _count(text)
    if value >= 2**32:
        raise argparse.ArgumentTypeError(f"{text} is too large, {2**32 - 1} is the largest")
    return value


def _positive(text: str) -> int:
    value = _whole(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number") from None


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value < 1e9:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds, 1 or more")
    return value


def _tell_defect(error: Exception, folder: str | None) -> None:
    """Says where the defect is, and keeps the traceback in the run folder's log where there is one."""
    text = "".join(traceback.format_exception(error))
    places = traceback.extract_tb(error.__traceback__)
    where = f"{Path(places[-1].filename).name}, line {places[-1].lineno}" if places else "nowhere"
    log = Path(folder) / "log.txt" if folder else None
    told = text
    with contextlib.suppress(OSError, ValueError):  # a folder with an impossible name, or that can't be written
        if log is not None and (log.parent / "run.json").is_file():
            with log.open("a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(text)
            told = f"The details are in {log}"
    brief = (str(error).strip().splitlines() or [""])[0][:200]
    print(
        f"Error: this is a defect of DualTaskSeg: {type(error).__name__}: {one_line(brief)} ({where}).\n{told}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(main())
