"""``dualtaskseg stop RUN``: ask a training to save and end."""

from __future__ import annotations

import argparse
import sys
import time

from dualtaskseg.arguments import whole_number
from dualtaskseg.commands.status import SENTENCES, progress_text
from dualtaskseg.remedies import system_faults
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import RunState, read_status

POLL_S = 0.2
TELL_EVERY_S = 5.0
STILL_WORKING = 4  # the exit code where the wait ran out; nothing is wrong


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given."""
    parser.add_argument("run", metavar="RUN", help="the run folder")
    parser.add_argument("--wait", type=whole_number, default=60, metavar="SECONDS", help="how long to wait for it")


def run(args: argparse.Namespace) -> int:
    """Asks the training in a run folder to stop, and waits until it has.

    Args:
        args: as :func:`add_arguments` defines them; to wait 0 s is not to wait at all.

    Returns:
        0 if no process works there any more or none was to be waited for; 4 if it still works after the wait. The
        request stands in that case.

    Raises:
        InputError: there is no such run, or it can't be written.
    """
    folder = RunFolder.open(args.run)
    state = folder.state()
    if state is not RunState.RUNNING:
        print(f"No process is working in {folder.folder} ({SENTENCES[state]}), so there is nothing to stop.")
        return 0
    with system_faults(f"The run folder {folder.folder} can't be written", "Make sure you may write there"):
        folder.request_stop()
    return _wait(folder, args.wait)


def _wait(folder: RunFolder, seconds: float) -> int:
    print("Asked the training to save and stop.", file=sys.stderr)
    if seconds <= 0:
        return 0
    began = last_told = time.monotonic()
    while time.monotonic() - began < seconds:
        state = folder.state()
        if state is not RunState.RUNNING:
            folder.clear_stop()  # it may have ended by itself without seeing the request
            print(f"The training in {folder.folder} has ended ({SENTENCES[state]}).")
            return 0
        if time.monotonic() - last_told >= TELL_EVERY_S:
            last_told = time.monotonic()
            print(_waiting_text(folder), file=sys.stderr)
        time.sleep(POLL_S)
    print(f"The training in {folder.folder} is still working; it will stop after its current step.")
    return STILL_WORKING


def _waiting_text(folder: RunFolder) -> str:
    status = read_status(folder.folder)
    if status is None:
        return "Waiting for the training to stop"
    return f"Waiting for the training to stop: {status.phase}, {progress_text(status, with_time_left=False)}"
