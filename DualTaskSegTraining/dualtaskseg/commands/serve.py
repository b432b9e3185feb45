"""``dualtaskseg serve``: does jobs for a graphical program, see :mod:`dualtaskseg.serving`. Not for people to type."""

from __future__ import annotations

import argparse
import contextlib
import signal


def run(args: argparse.Namespace) -> int:
    """Serves standard input until it ends."""
    del args
    from dualtaskseg.serving.channel import Channel
    from dualtaskseg.serving.operations import Operations
    from dualtaskseg.serving.server import Server

    with contextlib.suppress(ValueError):  # not in the main thread
        # Ctrl-C in the terminal of the graphical program means that program, whose end we notice.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    Server(Channel.of_this_process(), Operations().table()).serve()
    return 0
