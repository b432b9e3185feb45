"""Does one job after the other, and listens meanwhile for what is to be cancelled."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dualtaskseg.arguments import fault_of_path
from dualtaskseg.errors import DualTaskSegError, StoppedError
from dualtaskseg.serving.channel import Channel
from dualtaskseg.version import VERSION

PACKAGE_FOLDER = Path(__file__).resolve().parents[1]  # whoever started us can see whether it is the one that was meant
PROGRESS_EVERY_S = 0.1
MOST_WAITING = 10_000
SHOWN = 200  # letters of a request that is not understood
PATIENCE_S = 5.0  # after the end of the input, for a job to notice that it is to end


class Job:
    """One job: what was asked, and the way to tell how it goes. Once it is cancelled, telling raises StoppedError.

    Args:
        request: as it came; ``id`` and ``op`` are there.
    """

    def __init__(self, channel: Channel, request: dict[str, Any]) -> None:
        self.id = request["id"]
        self.operation = str(request["op"])
        self.request = request
        self.cancelled = threading.Event()
        self._channel = channel
        self._told_at = 0.0
        self._began: tuple[str, float] | None = None

    def text(self, key: str) -> str:
        """A text of the request.

        Raises:
            KeyError: it is not there: a defect of whoever asks.
            DualTaskSegError: it is no text that could name a file.
        """
        value = self.request[key]
        fault = fault_of_path(value) if isinstance(value, str) else "it is no text"
        if fault:
            raise DualTaskSegError(f"{key} of the request {self.operation} can't be used: {fault}", "Correct it")
        return value

    def progress(self, done: float, of: float, text: str, share: tuple[float, float] = (0.0, 1.0)) -> None:
        """Tells how far the job is; the time left is reckoned from the speed of what has this text.

        Args:
            done, of: in any unit; ``of`` is 0 where nobody knows.
            text: what is being done.
            share: the part of the whole job that this makes up, as its beginning and end.
        """
        self.check()
        now = time.monotonic()
        if self._began is None or self._began[0] != text:
            self._began = (text, now)
        elif now - self._told_at < PROGRESS_EVERY_S and done < of:
            return
        self._told_at = now
        left = (now - self._began[1]) / done * (of - done) if 0 < done < of else None
        fraction = share[0] + (share[1] - share[0]) * done / of if of else None
        self._send("progress", fraction=fraction, seconds_left=left, text=text)

    def item(self, **values: Any) -> None:
        """Tells a part of the result as soon as it is known."""
        self.check()
        self._send("item", **values)

    def check(self) -> None:
        """Ends the job where it was cancelled."""
        if self.cancelled.is_set():
            raise StoppedError("Cancelled")

    def run(self, operations: Mapping[str, Callable[[Job], dict[str, Any]]]) -> None:
        """Does the job and tells how it ended. Nothing raises."""
        try:
            self.check()
            self._send("started")
            self._send("done", result=operations[self.operation](self))
        except StoppedError:
            self.tell_cancelled()
        except DualTaskSegError as error:
            self._send("error", what=error.what, remedy=error.remedy)
        except Exception as error:
            with contextlib.suppress(OSError, ValueError):  # nobody reads standard error any more
                traceback.print_exc()
            self._send(
                "error",
                what=f"A fault of the program ended this ({type(error).__name__}: {error})",
                remedy="Try again; if it happens again, send the log to the developers",
                is_defect=True,
            )

    def tell_cancelled(self) -> None:
        self._send("cancelled")

    def _send(self, event: str, **values: Any) -> None:
        self._channel.send(id=self.id, event=event, **values)


class Server:
    """Serves one channel until its input ends.

    Args:
        operations: what can be asked for by name; each is given the :class:`Job` and returns its result.
    """

    def __init__(self, channel: Channel, operations: Mapping[str, Callable[[Job], dict[str, Any]]]) -> None:
        self._channel = channel
        self._operations = operations
        self._waiting: deque[Job] = deque()
        self._current: Job | None = None
        self._changed = threading.Condition()
        self._is_closing = False

    def serve(self) -> None:
        """Does jobs until the input ends; then cancels what is left and returns."""
        self._channel.send(
            event="ready",
            version=VERSION,
            folder=str(PACKAGE_FOLDER),
            pid=os.getpid(),
            operations=sorted(self._operations),
        )
        threading.Thread(target=self._listen, name="requests", daemon=True).start()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_closing)
                if self._is_closing:
                    return
                job = self._current = self._waiting.popleft()
            job.run(self._operations)
            with self._changed:
                self._current = None

    def _listen(self) -> None:
        try:
            for request in self._channel.requests():
                self._take(request)
        finally:  # whatever happened: a process that hears nothing any more must end
            with self._changed:
                self._is_closing = True
                self._waiting.clear()
                if self._current is not None:
                    self._current.cancelled.set()
                self._changed.notify()
        time.sleep(PATIENCE_S)
        print("The job did not end in time", file=sys.stderr, flush=True)
        os._exit(0)  # whoever asked is gone; whole files are written in one step, so none is left torn

    def _take(self, request: dict[str, Any]) -> None:
        operation, number = request.get("op"), request.get("id")
        is_numbered = isinstance(number, (int, str)) and not isinstance(number, bool)
        if operation == "cancel":
            self._cancel(number)
        elif not is_numbered or not isinstance(operation, str) or operation not in self._operations:
            shown = request.get("text") or operation
            self._refuse(number if is_numbered else None, f"This request is not understood: {str(shown)[:SHOWN]}")
        elif len(self._waiting) >= MOST_WAITING:
            self._refuse(number, f"{MOST_WAITING} requests are waiting already")
        else:
            with self._changed:
                self._waiting.append(Job(self._channel, request))
                self._changed.notify()

    def _refuse(self, number: int | str | None, what: str) -> None:
        self._channel.send(
            id=number, event="error", what=what, remedy="Update the extension DualTaskSeg", is_defect=True
        )

    def _cancel(self, number: Any) -> None:
        with self._changed:
            if self._current is not None and self._current.id == number:
                self._current.cancelled.set()
                return
            job = next((job for job in self._waiting if job.id == number), None)
            if job is not None:
                self._waiting.remove(job)
        if job is not None:
            job.tell_cancelled()
