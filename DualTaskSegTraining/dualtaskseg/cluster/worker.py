"""What runs on a device of the cluster: a job that is prepared once, as by loading networks, then done for each task.

Whatever goes wrong with a task is an answer, so that nothing about scans gets into the logs of the cluster.
"""

from __future__ import annotations

import threading
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dualtaskseg.errors import DualTaskSegError, InputError, StoppedError, in_a_word
from dualtaskseg.lean import without_extras
from dualtaskseg.processes import host_name
from dualtaskseg.remedies import reason_of, remedy_for
from dualtaskseg.version import VERSION


class Job(ABC):
    """The work of a pool. It is sent to every worker, so its fields are few and plain."""

    @abstractmethod
    def start(self) -> str:
        """Prepares, once for each worker, and returns what it computes on, for people.

        Raises:
            InputError: it can't be done here.
        """

    @abstractmethod
    def do(self, task: Any, should_stop: Callable[[], bool]) -> Any:
        """Does a task and returns its result, small and picklable.

        Raises:
            StoppedError: ``should_stop`` answered True.
            Exception: anything; it becomes the task's fault.
        """


@dataclass(frozen=True)
class Fault:
    """An error as it travels: exceptions may hold what can't be sent.

    Attributes:
        details: the traceback, of a defect; else empty.
    """

    what: str
    remedy: str
    exit_code: int
    details: str = ""

    def error(self) -> DualTaskSegError:
        """The error as it would have been raised here; a defect has the traceback as its cause."""
        kind = {InputError.exit_code: InputError, StoppedError.exit_code: StoppedError}.get(
            self.exit_code, DualTaskSegError
        )
        error = kind(self.what, self.remedy)
        error.__cause__ = DefectElsewhereError(self.details) if self.details else None
        return error


class DefectElsewhereError(Exception):
    """A defect of the program that showed on a worker; the text is the traceback there."""


@dataclass(frozen=True)
class Started:
    """A worker that is ready.

    Attributes:
        node: identifies the computer within the cluster.
        host: the name of the computer.
        device: what it computes on, for people.
        version: of this program.
    """

    node: str
    host: str
    device: str
    version: str


class Worker:
    """One for each device; Ray makes an actor of it. Tasks come one at a time, :meth:`stop` may come meanwhile."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stopped = threading.Event()

    def start(self) -> Started | Fault:
        """Prepares the job."""
        import ray

        without_extras()
        node = ray.get_runtime_context().get_node_id()
        try:
            return Started(node, host_name(), self._job.start(), VERSION)
        except Exception as error:
            return fault_of(error)

    def do(self, task: Any) -> Any:
        """Does a task; returns its result, or a :class:`Fault`."""
        try:
            return self._job.do(task, self._stopped.is_set)
        except Exception as error:
            return fault_of(error)

    def stop(self) -> None:
        """Asks for an end of the present task."""
        self._stopped.set()


def fault_of(error: Exception) -> Fault:
    """An error of a job as something that travels."""
    if isinstance(error, DualTaskSegError):
        details = (
            "".join(traceback.format_exception(error.__cause__)) if error.exit_code == 1 and error.__cause__ else ""
        )
        return Fault(error.what, error.remedy, error.exit_code, details)
    if isinstance(error, OSError) and remedy_for(error):
        where = f"{error.filename}: " if error.filename else ""
        return Fault(f"{where}{reason_of(error)}", remedy_for(error), InputError.exit_code)
    what = f"This is a defect of DualTaskSeg: {in_a_word(error)}"
    return Fault(what, "", DualTaskSegError.exit_code, "".join(traceback.format_exception(error)))
