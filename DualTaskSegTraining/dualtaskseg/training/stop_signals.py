"""Signals that ask a training to end."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dualtaskseg.run.folder import RunFolder


@contextmanager
def signals_stop(run: RunFolder) -> Iterator[None]:
    """While this lasts, a signal to end asks the run to stop; the second SIGINT or SIGTERM ends at once.

    SIGHUP, which comes when the terminal is closed or the user logs out, asks however often it comes. Signals that
    this process was started to ignore, as by nohup, stay ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    before = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}

    def on_signal(number: int, _: object) -> None:
        if number != getattr(signal, "SIGHUP", None):
            signal.signal(number, before[number])
        with contextlib.suppress(OSError):  # the folder was moved: the training will find out
            run.request_stop()
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # the terminal is gone
            # not by print: a signal can come in the middle of one, and streams don't take a second one then
            os.write(2, b"\nStopping after this step; press Ctrl-C again to end at once.\n")

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
