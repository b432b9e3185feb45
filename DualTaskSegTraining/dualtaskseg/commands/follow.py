"""``dualtaskseg follow``: a rank of a training but the first. ``train`` and ``resume`` start it, people don't.

What torchrun or a program like it starts calls ``train`` or ``resume`` on every rank; here is how they tell which.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.errors import DualTaskSegError, InputError
from dualtaskseg.parallel.places import Place, place_of_environment
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.stored_plan import refuse_too_many
from dualtaskseg.terminal import one_line

if TYPE_CHECKING:
    from dualtaskseg.data.fingerprint import CaseFingerprint
    from dualtaskseg.parallel.ranks import Ranks

Command = Callable[[argparse.Namespace], int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument("run", metavar="RUN", help="the run folder")
    parser.add_argument("--device", metavar="DEVICE", help="compute there, not where the training was started")


def run(args: argparse.Namespace) -> int:
    """See the module."""
    place = place_of_environment()
    if place is None or place.index == 0:
        raise InputError("This process was not started as a worker of a training", "Use: dualtaskseg resume RUN")
    return follow_at(place, args.run, args.device)


def follow_at(place: Place, run_folder: Path | str, device: str | None) -> int:
    """Trains as one of several ranks but the first, and returns the exit code. Why it ends, the first one tells."""
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "FATAL")
    from dualtaskseg.parallel.joining import joined
    from dualtaskseg.parallel.watch import LostRankError
    from dualtaskseg.training.trainer import follow

    try:
        with joined(place) as ranks:
            follow(run_folder, device, ranks)
    except LostRankError as error:
        print(f"Error: {one_line(str(error))}", file=sys.stderr)
        return error.exit_code
    except DualTaskSegError as error:
        return error.exit_code
    except Exception as error:
        RunFolder(run_folder, {}).log(f"Rank {place.index}: {''.join(traceback.format_exception(error))}")
        return DualTaskSegError.exit_code
    return 0


def at_its_place(
    run_folder: Path | str, device: str | None, workers: int | None, first: Callable[[Ranks | None], int]
) -> int:
    """Does what this process was started for, and returns the exit code.

    Args:
        workers: how many the user asked for, if so.
        first: what the first of the ranks does, or a process by itself, which gets None.
    """
    place = place_of_environment()
    if place is not None and place.index > 0:
        return follow_at(place, run_folder, device)
    with _met(place, workers) as ranks:
        return first(ranks)


def on_cluster(args: argparse.Namespace, run_folder: str, begin: Command, again: Command) -> int:
    """Trains with workers of a cluster, each of which calls a command at its place, and returns the exit code.

    Args:
        args: of the command.
        begin, again: the command, given its arguments there, at first and after workers were lost.

    Raises:
        InputError, StoppedError, KeyboardInterrupt: as :func:`~dualtaskseg.cluster.training.train_on`.
    """
    if place_of_environment() is not None:
        what = "This process was started as a rank of a training, so it can't start others on a cluster"
        raise InputError(what, "Start it without torchrun, or leave --cluster out")
    from dualtaskseg.cluster.training import train_on

    works = [functools.partial(_at_worker, command, args) for command in (begin, again)]
    return train_on(args.cluster, Path(run_folder), args.device or "auto", args.workers, args.gpus_per_worker, *works)


def _at_worker(command: Command, args: argparse.Namespace, workers: int) -> int:
    there = {"cluster": None, "gpus_per_worker": None, "workers": workers}
    return command(argparse.Namespace(**{**vars(args), **there}))


@contextlib.contextmanager
def _met(place: Place | None, workers: int | None) -> Iterator[Ranks | None]:
    """This process as the first of the ranks that something else started, while this lasts; None where nothing did.

    It meets the others before it does anything else. So they hear what it ends with, whatever that is.

    Args:
        workers: how many the user asked for, if so.

    Raises:
        InputError: so many were not started, or they don't come together.
    """
    if place is None:
        yield None
        return
    if workers not in (None, place.count):
        raise InputError(
            f"--workers {workers} was given, but {place.count} workers were started", "Leave --workers out"
        )
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "FATAL")
    from dualtaskseg.parallel.joining import joined

    with joined(place) as ranks:
        yield ranks


def lead(
    run_folder: Path | str,
    ranks: Ranks | None,
    workers: int | None,
    fingerprints: Sequence[CaseFingerprint] | None = None,
    device: str | None = None,
) -> int:
    """Trains in a run folder as the first of several ranks, or alone, and returns the exit code.

    Args:
        ranks: that something else started, see :func:`at_its_place`.
        workers: how many ranks to start, this one included; as many as the run was begun with unless given.
        fingerprints, device: see :func:`~dualtaskseg.training.trainer.execute`.

    Raises:
        InputError, StoppedError: see there.
    """
    meeting = contextlib.nullcontext(ranks)
    if ranks is None:
        run = RunFolder.open(run_folder)
        count = workers or run.read_request().workers
        refuse_too_many(run, count)
        if count > 1:
            os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "FATAL")  # where a rank is lost, one sentence tells it
        from dualtaskseg.parallel.joining import with_workers

        meeting = with_workers(count, ["follow", str(run_folder), *(["--device", device] if device else [])])
    from dualtaskseg.training.trainer import train

    with meeting as ranks:
        train(run_folder, fingerprints, device, ranks)
    return 0
