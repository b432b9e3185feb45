"""``dualtaskseg resume``: goes on with a training that was stopped or broke off."""

from __future__ import annotations

import argparse
import contextlib
from typing import TYPE_CHECKING

from dualtaskseg.arguments import add_workers, refuse_without_cluster
from dualtaskseg.commands.follow import at_its_place, lead, on_cluster
from dualtaskseg.errors import InputError
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import RunState
from dualtaskseg.run.stored_plan import refuse_too_many

if TYPE_CHECKING:
    from dualtaskseg.parallel.ranks import Ranks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument("run", metavar="RUN", help="the run folder")
    add_workers(parser, "default: as many as it was begun with")
    parser.add_argument("--device", metavar="DEVICE", help="compute there, not where the training was started")


def run(args: argparse.Namespace) -> int:
    """Trains from the last checkpoint to the end; a finished run is left as it is, as long as its model is whole."""
    refuse_without_cluster(args, ["gpus_per_worker"])
    if args.cluster:
        return _resume_on_cluster(args)
    return at_its_place(args.run, args.device, args.workers, lambda ranks: _resume(args, ranks))


def _resume_on_cluster(args: argparse.Namespace) -> int:
    folder = RunFolder.open(args.run)
    if _is_finished(folder):
        return 0
    request = folder.read_request()
    args.workers = args.workers or request.workers
    args.device = args.device or request.device
    refuse_too_many(folder, args.workers)
    return on_cluster(args, args.run, run, run)


def _resume(args: argparse.Namespace, ranks: Ranks | None) -> int:
    folder = RunFolder.open(args.run)
    state = folder.state()
    if _is_finished(folder):
        if ranks is not None:
            ranks.decided(dict)  # which tells the others that there is nothing to do
        return 0
    # Here, before torch is imported, and not in the trainer: a stop that is asked for meanwhile has to count.
    if state != RunState.RUNNING:
        folder.clear_stop()
    return lead(args.run, ranks, args.workers, device=args.device)


def _is_finished(folder: RunFolder) -> bool:
    """Whether there is nothing to do, which is told."""
    if folder.state() != RunState.FINISHED or not _has_model(folder):
        return False
    with contextlib.suppress(InputError), folder.lock():  # not ours, or only to be read: then it stays as it is
        folder.tidy()
    print(f"The training in {folder.folder} is finished; its model is in {folder.model_folder}")
    return True


def _has_model(folder: RunFolder) -> bool:
    """Whether the model of a finished run is there and whole; if not, it is made again from the saved state."""
    from dualtaskseg.model.folder import read_model

    try:
        read_model(folder.model_folder)
    except InputError as error:
        if not folder.checkpoint_file.exists() and not folder.previous_checkpoint_file.exists():
            raise
        folder.log(f"{error.what}; it is made again from the saved state")
        return False
    return True
