"""What several commands take, and numbers and names on the command line, looked at before anything is done.

What reads a text here raises :class:`argparse.ArgumentTypeError` where the text is not what it should be.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from dualtaskseg.errors import InputError
from dualtaskseg.io.paths import LONGEST_NAME, LONGEST_PATH
from dualtaskseg.parallel.places import MOST_WORKERS

PATH_METAVARS = {"DATASET", "DIR", "FILE", "IMAGE", "LABELMAP", "RUN", "RUN_OR_MODEL"}


def path_argument(text: str) -> str:
    """Returns a path as it was given."""
    fault = fault_of_path(text)
    if fault:
        raise argparse.ArgumentTypeError(fault)
    return text


def fault_of_path(text: str) -> str:
    """Says why no file can be called so, for people; empty where one can."""
    if not text:
        return "the name of the file or folder is empty"
    shown = text if len(text) <= 60 else f"{text[:60]}..."
    if "\0" in text:
        return f"the name {shown!r} holds a zero character, which no name of a file can"
    if max((len(os.fsencode(part)) for part in Path(text).parts), default=0) > LONGEST_NAME:
        return f"the name {shown} is too long: a file's or folder's has at most {LONGEST_NAME} letters"
    if len(os.fsencode(Path(text).absolute())) > LONGEST_PATH:
        return f"the path {shown} is too long: it may have at most {LONGEST_PATH} letters"
    return ""


def guard_paths(parser: argparse.ArgumentParser) -> None:
    """Lets all arguments of a parser and its commands that are files or folders pass :func:`path_argument`."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                guard_paths(command)
        elif action.metavar in PATH_METAVARS and action.type is None:
            action.type = path_argument


def add_dataset(parser: argparse.ArgumentParser) -> None:
    """A dataset, and what of it is to be taken."""
    parser.add_argument(
        "dataset",
        metavar="DATASET",
        help="a folder with dataset.json (Decathlon), or with images/ and labels/, or a cases.csv (image,label)",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--labeled", type=whole_number, metavar="N", help="keep the labels of the first N cases only")
    which.add_argument("--cases", metavar="FILE", help="a CSV file (case,role); cases it doesn't name are left out")
    parser.add_argument("--segments", nargs="+", metavar="NAME", help="learn only these segments")
    parser.add_argument(
        "--include-test",
        action="store_true",
        help="learn from the scans in the list 'test' of a dataset.json too, without labels; else they are left out",
    )


def add_device(parser: argparse.ArgumentParser) -> None:
    """Where to compute."""
    parser.add_argument("--device", default="auto", metavar="DEVICE", help="auto, cpu, cuda, cuda:1, ... or mps")


def add_cluster(parser: argparse.ArgumentParser, gpus: bool = True, workers: bool = True) -> None:
    """Where to spread the work over several devices; see :mod:`dualtaskseg.cluster`."""
    parser.add_argument(
        "--cluster",
        type=cluster_name,
        metavar="CLUSTER",
        help="spread the work with Ray: over this computer's devices (local), over the cluster that it is in (auto), "
        "or over the one at an address (HOST:PORT)",
    )
    if workers:
        parser.add_argument(
            "--workers", type=positive_number, metavar="N", help="how many at a time; one for each device unless given"
        )
    if gpus:
        parser.add_argument(
            "--gpus-per-worker", type=gpu_share, metavar="X", help="such as 0.5, so that two workers share a GPU"
        )


def refuse_without_cluster(args: argparse.Namespace, names: Sequence[str] = ("workers", "gpus_per_worker")) -> None:
    """Refuses options that only mean something on a cluster where none is named.

    Args:
        names: of these options.

    Raises:
        InputError: there is one.
    """
    given = [name for name in names if getattr(args, name, None) is not None]
    if given and args.cluster is None:
        name = f"--{given[0].replace('_', '-')}"
        raise InputError(f"{name} is only for a cluster", f"Add --cluster local, or leave {name} out")


def cluster_name(text: str) -> str:
    """Returns how a cluster is called."""
    if not text.strip():
        raise argparse.ArgumentTypeError("give auto, local, or HOST:PORT")
    return text.strip()


def gpu_share(text: str) -> float:
    """Returns how much of a GPU, or how many of them: 0, a part of 1, or a whole number."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (0 <= value <= 1 or (value < 1000 and value.is_integer())):
        raise argparse.ArgumentTypeError(f"{text} is neither 0 nor a part of 1 nor a whole number")
    return value


def add_workers(parser: argparse.ArgumentParser, default: str) -> None:
    """How many processes train together, and where they are started."""
    parser.add_argument(
        "--workers",
        type=workers,
        metavar="N",
        help="train with N processes, each on a GPU of its own or on a part of the CPU's cores; a step takes N times "
        f"the patches ({default})",
    )
    add_cluster(parser, workers=False)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Output for programs."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def whole_number(text: str) -> int:
    """Returns a whole number, 0 or more."""
    return _integer(text, 0, "is negative")


def positive_number(text: str) -> int:
    """Returns a whole number, 1 or more."""
    return _integer(text, 1, "is less than 1")


def workers(text: str) -> int:
    """Returns how many processes may train together."""
    value = positive_number(text)
    if value > MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text} is too large, {MOST_WORKERS} is the largest")
    return value


def seed(text: str) -> int:
    """Returns a whole number that a generator can start from."""
    value = whole_number(text)
    if value >= 2**32:
        raise argparse.ArgumentTypeError(f"{text} is too large, {2**32 - 1} is the largest")
    return value


def seconds(text: str) -> float:
    """Returns a duration."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value < 1e9:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds, 1 or more")
    return value


def model_name(text: str) -> str:
    """Returns what a model can be called."""
    if not text.strip() or len(text) > 100 or not text.isprintable():
        raise argparse.ArgumentTypeError("a name has 1 to 100 letters that can be printed")
    return text.strip()


def _integer(text: str, lowest: int, fault: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number") from None
    if value < lowest:
        raise argparse.ArgumentTypeError(f"{text} {fault}")
    return value
