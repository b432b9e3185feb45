"""The command line. Each command is a module of :mod:`dualtaskseg.commands`, imported when it is called."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from dualtaskseg.arguments import guard_paths
from dualtaskseg.errors import DualTaskSegError, StoppedError, in_a_word
from dualtaskseg.remedies import reason_of, remedy_for
from dualtaskseg.terminal import fill_closed_streams, guarded_streams, one_line
from dualtaskseg.version import VERSION

DESCRIPTION = """\
Train a segmentation network of your own from a few outlined scans and many that are not, and use it.
Two networks, one that predicts a probability map and one that predicts a signed distance map, teach each other.
"""
COMMANDS = {
    "check": "list every problem of every scan and label of a dataset",
    "train": "train a model",
    "resume": "go on with a training that was stopped or broke off",
    "stop": "end a training after its current step, with everything saved",
    "status": "tell how far a training is",
    "predict": "segment scans with a model",
    "evaluate": "compare predictions with reference labels",
    "measure": "tell volumes and largest diameters of what is segmented",
    "rank": "tell which unlabeled scan is worth outlining next",
    "export-seg": "write a label map as a DICOM segmentation (SEG) of its series",
    "model": "show, export or import a model",
    "demo": "the whole path on synthetic scans, in a few minutes",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code.

    0 done, 2 bad input, 3 stopped on request, 4 still at work when the wait ran out (``stop``), 1 a defect of ours.
    """
    fill_closed_streams()
    # Read by PyTorch's threads when it is loaded: they sleep while they wait for one another instead of spinning, for a
    # thread that spins keeps the one it waits for off the core. Beside two busy programs on two cores a step took 1.9
    # instead of 2.25 times as long, and on an idle computer it costs nothing (Testing/benchmarks/busy_machine.py).
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # MONAI imports it where it is there, and it would tell of the fonts that it looks for.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
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
        return command_module(args.command).run(args)
    except DualTaskSegError as error:
        print(f"{'' if isinstance(error, StoppedError) else 'Error: '}{one_line(str(error))}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        remedy = remedy_for(error)
        if remedy:
            where = f"{error.filename}: " if error.filename else ""
            print(f"Error: {one_line(f'{where}{reason_of(error)}')}. {remedy}.", file=sys.stderr)
            return 2
        defect = error
    except KeyboardInterrupt as interrupt:
        print(str(interrupt) or "Interrupted.", file=sys.stderr)
        return 3
    except Exception as error:
        defect = error
    _tell_defect(defect, getattr(args, "out", None) or getattr(args, "run", None))
    return 1


class CommandParser(argparse.ArgumentParser):
    """Takes a command's arguments. The command's module tells them; it is imported when the command is called."""

    def __init__(self, command: str, **options: Any) -> None:
        super().__init__(**options)
        self.command = command
        self.is_filled = False

    def fill(self) -> None:
        """Adds the arguments, unless they are there."""
        if not self.is_filled:
            self.is_filled = True
            command_module(self.command).add_arguments(self)
            guard_paths(self)

    def parse_known_args(self, *arguments: Any, **options: Any) -> tuple[argparse.Namespace, list[str]]:
        self.fill()
        return super().parse_known_args(*arguments, **options)


def command_module(name: str) -> ModuleType:
    """The module of :mod:`dualtaskseg.commands` that does a command's work."""
    return importlib.import_module(f"dualtaskseg.commands.{name.replace('-', '_')}")


def make_parser() -> argparse.ArgumentParser:
    """All commands; each one's arguments are added when it is called."""
    parser = argparse.ArgumentParser(
        prog="dualtaskseg", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"dualtaskseg {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=CommandParser)
    for name, description in COMMANDS.items():
        commands.add_parser(name, help=description, command=name)
    for hidden in ("serve", "selftest", "follow"):  # without help, so not listed: programs call them, not people
        commands.add_parser(hidden, command=hidden)
    return parser


def _tell_defect(error: Exception, folder: str | None) -> None:
    """Says where the defect is, and keeps the traceback in the run folder's log where there is one."""
    text = "".join(traceback.format_exception(error))
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "nowhere"
    log = Path(folder) / "log.txt" if folder else None
    message = text
    with contextlib.suppress(OSError, ValueError):  # a folder with an impossible name, or that can't be written
        if log is not None and (log.parent / "run.json").is_file():
            with log.open("a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(text)
            message = f"The details are in {log}"
    print(
        f"Error: this is a defect of DualTaskSeg: {one_line(in_a_word(error))} ({where}).\n{message}", file=sys.stderr
    )


if __name__ == "__main__":
    sys.exit(main())
