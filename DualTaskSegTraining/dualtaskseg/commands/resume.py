"""``dualtaskseg resume``: goes on with a training that was stopped or broke off."""

from __future__ import annotations

import argparse

from dualtaskseg.training.run import RunFolder, RunState


def run(args: argparse.Namespace) -> int:
    """Trains from the last checkpoint to the end; a finished run is left as it is."""
    folder = RunFolder.open(args.run)
    state = folder.state()
    if state == RunState.FINISHED:
        print(f"The training in {args.run} is finished; its model is in {folder.model_folder}")
        return 0
    # Here, before torch is imported, and not in the trainer: a stop that is asked for meanwhile has to count.
    if state != RunState.RUNNING:
        folder.clear_stop()
    from dualtaskseg.training.trainer import train

    train(args.run, device=getattr(args, "device", None))
    return 0
