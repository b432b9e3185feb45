"""``dualtaskseg serve``: does jobs for a graphical program, see :mod:`dualtaskseg.serving`. Not for people to type."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from typing import NoReturn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing can be given."""


def run(args: argparse.Namespace) -> NoReturn:
    """Serves standard input until it ends, and then ends the process."""
    del args
    from dualtaskseg.serving.channel import Channel
    from dualtaskseg.serving.operations import Operations
    from dualtaskseg.serving.server import Server

    with contextlib.suppress(ValueError):  # not in the main thread
        # Ctrl-C in the terminal of the graphical program means that program, whose end we notice.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    Server(Channel.of_this_process(), Operations().table()).serve()
    sys.stderr.flush()
    os._exit(0)  # at once: to take PyTorch down properly takes a second, in which whoever asked for the end may wait
