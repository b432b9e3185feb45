"""Does long work in steps from the event loop, so that the application answers in between; see :mod:`steps`."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import qt

from DualTaskSegLib.signals import Signal
from DualTaskSegLib.steps import Steps

TURN_S = 0.04  # how long steps are done before other events get their turn


@dataclass
class Job:
    """Work to be done.

    Attributes:
        steps: the generator.
        text: what it does, for people.
        onDone: called with the result.
        onError: called with the exception.
    """

    steps: Steps[Any]
    text: str
    onDone: Callable[[Any], None]
    onError: Callable[[Exception], None]


class StepDriver:
    """Does one job after the other.

    Attributes:
        progressed: the text of the present job and how much of it is done, from 0 to 1.
        finished: no job is left.
    """

    def __init__(self) -> None:
        self.progressed = Signal()
        self.finished = Signal()
        self._jobs: deque[Job] = deque()
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.connect("timeout()", self._turn)

    @property
    def isBusy(self) -> bool:
        """Whether work is left."""
        return bool(self._jobs)

    def add(self, job: Job) -> None:
        """Does a job after those that were added before."""
        self._jobs.append(job)
        self._timer.start()

    def cancel(self) -> None:
        """Drops all jobs; what the present one has begun is cleaned up by it."""
        if not self._jobs:
            return
        self._timer.stop()
        jobs, self._jobs = self._jobs, deque()
        for job in jobs:
            job.steps.close()
        self.finished.emit()

    def _turn(self) -> None:
        if not self._jobs:
            return
        job, end = self._jobs[0], time.monotonic() + TURN_S
        done = None
        try:
            while time.monotonic() < end:
                done = next(job.steps)
        except StopIteration as stop:
            self._drop(job)
            self._report(job.onDone, stop.value)
        except Exception as error:  # the one who ordered the work tells the user, or raises it
            self._drop(job)
            self._report(job.onError, error)
        else:
            self._timer.start()
            self.progressed.emit(job.text, done)

    def _drop(self, job: Job) -> None:
        if self._jobs and self._jobs[0] is job:
            self._jobs.popleft()

    def _report(self, function: Callable[[Any], None], argument: Any) -> None:
        try:
            function(argument)
        finally:
            if self._jobs:
                self._timer.start()
            else:
                self.finished.emit()
