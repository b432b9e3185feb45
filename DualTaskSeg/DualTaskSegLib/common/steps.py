"""Long work in short steps, so that the application answers in between.

A function whose name ends in ``Steps`` is a generator: each ``next`` does a part of the work, meant to take less than
0.2 s, and yields how much is done, from 0 to 1, where it knows. Its return value is the result. A timer drives it in
the application; :func:`finish` does all at once in scripts and tests.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")
Steps = Generator[float, None, T]

WAIT = 0.005  # seconds; gives a thread the interpreter, which the event loop holds


def finish(steps: Steps[T]) -> T:
    """Does all steps and returns the result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def inThread(work: Callable[[], T], atStart: float = 0.0) -> Steps[T]:
    """Steps that wait for work in a thread; the work must not touch the scene.

    Args:
        work: what to do; its exception is raised here.
        atStart: what is yielded while it goes on.
    """
    result: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            result.append(work())
        except BaseException as error:  # handed on to the main thread, whatever it is
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():  # if these steps are given up, the thread ends by itself
        time.sleep(WAIT)
        yield atStart
    if errors:
        raise errors[0]
    return result[0]
