"""Drives work in steps, see :mod:`DualTaskSegLib.common.steps`, from the event loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import qt

from DualTaskSegLib.common.steps import Steps

T = TypeVar("T")

SLICE_S = 0.05  # short steps are done together up to here, so that they need not wait for the timer
INTERVAL_MS = 5


@dataclass(eq=False)
class _Work:
    steps: Steps[object]
    onDone: Callable[[object], None]
    onError: Callable[[Exception], None]
    onProgress: Callable[[float], None] | None


class StepRunner:
    """Does pieces of work one after the other, a few steps at a time, while the application goes on."""

    def __init__(self) -> None:
        self._queue: list[_Work] = []
        self._timer = qt.QTimer()
        self._timer.setInterval(INTERVAL_MS)
        self._timer.connect("timeout()", self._onTimeout)

    @property
    def isBusy(self) -> bool:
        """Whether something is left to be done."""
        return bool(self._queue)

    def start(
        self,
        steps: Steps[T],
        onDone: Callable[[T], None],
        onError: Callable[[Exception], None],
        onProgress: Callable[[float], None] | None = None,
    ) -> object:
        """Adds work. ``onDone`` gets its result, ``onError`` what it raised, ``onProgress`` how much is done, 0 to 1.

        Returns what :meth:`cancel` wants.
        """
        work = _Work(steps, onDone, onError, onProgress)
        self._queue.append(work)
        self._timer.start()
        return work

    def cancel(self, work: object) -> None:
        """Ends work without a word; its functions are not called any more. Of work that is done, nothing."""
        if work in self._queue:
            self._queue.remove(work)
            work.steps.close()

    def finish(self, work: object) -> None:
        """Does what is left of work at once. Of work that is done, nothing."""
        while work in self._queue:
            self._doStep(work)

    def close(self) -> None:
        """Ends all work."""
        self._timer.stop()
        for work in tuple(self._queue):
            self.cancel(work)

    def _onTimeout(self) -> None:
        started = time.monotonic()
        while self._queue and time.monotonic() - started < SLICE_S:
            self._doStep(self._queue[0])
        if not self._queue:
            self._timer.stop()

    def _doStep(self, work: _Work) -> None:
        try:
            share = next(work.steps)
        except StopIteration as end:
            self._queue.remove(work)
            work.onDone(end.value)
        except Exception as error:  # whoever started the work knows what to say about it
            self._queue.remove(work)
            work.onError(error)
        else:
            if work.onProgress is not None:
                work.onProgress(share)
