"""Signals that ask for an end: a first one lets the work come to a good end, a second one ends it at once."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPPING = "Stopping after this step; press Ctrl-C again to end at once."  # said by trainings


@contextmanager
def signals_ask(stop: Callable[[], None], sentence: str) -> Iterator[None]:
    """While this lasts, a signal to end calls ``stop``; the second SIGINT or SIGTERM does what it did before.

    SIGHUP, which comes when the terminal is closed or the user logs out, asks however often it comes. Signals that
    this process was started to ignore, as by nohup, stay ignored. Outside of the main thread nothing is done.

    Args:
        sentence: said on standard error when the signal comes; nothing is where it is empty.
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
        stop()
        if not sentence:
            return
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # the terminal is gone
            # not by print: a signal can come in the middle of one, and streams don't take a second one then
            os.write(2, f"\n{sentence}\n".encode())

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def sigterm_interrupts() -> Iterator[Callable[[], object]]:
    """For a library that sets what SIGTERM does: afterwards it does what it did before.

    Yields:
        What to call once the library has set it. From there on SIGTERM does what Ctrl-C does, so that it comes to the
        same good end; it is ignored where it was before. Outside of the main thread nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    before = signal.getsignal(signal.SIGTERM)
    then = before if before is signal.SIG_IGN else signal.default_int_handler
    try:
        yield lambda: signal.signal(signal.SIGTERM, then)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)
