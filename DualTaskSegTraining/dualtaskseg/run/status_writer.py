"""Keeps a run's status fresh while it trains."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from dataclasses import replace
from typing import Any

from dualtaskseg.contract.issue import ERROR, Issue
from dualtaskseg.errors import DualTaskSegError, StoppedError
from dualtaskseg.files import json_safe, open_own, retry_on_permission_error
from dualtaskseg.processes import host_name, process_start_time
from dualtaskseg.remedies import reason_of, remedy_for
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import PHASES_AT_END, STATUS_NAME, TEMPORARY_STATUS_NAME, Status
from dualtaskseg.version import VERSION

HEARTBEAT_S = 3.0  # promised: at most 5 s between two heartbeats; the rest is for a busy machine


class StatusWriter:
    """Keeps ``status.json`` fresh from a thread of its own while the training works.

    A context manager. Changes are written at most twice a second, and a heartbeat at least every five seconds however
    long a step takes. Trouble with writing (a full disk, a share that vanished) never reaches the training: the first
    is kept in :attr:`problem` and logged, and later writes are tried all the same. On leaving, the last state is
    written; an error that leaves the block becomes phase ``failed`` with its sentences, unless the training has said
    how it ended itself.

    Args:
        before: what the status was before a resume; how far the training was stays told until it is further.
        heartbeat_s: seconds between two writes without a change.
        min_interval_s: shortest time between two writes.
    """

    def __init__(
        self,
        run: RunFolder,
        heartbeat_s: float = HEARTBEAT_S,
        min_interval_s: float = 0.5,
        before: Status | None = None,
    ) -> None:
        self.run = run
        self.problem: OSError | None = None
        before = before or Status()
        self._elapsed_before_s = before.elapsed_s
        self._heartbeat_s = heartbeat_s
        self._min_interval_s = min_interval_s
        self._began = time.monotonic()
        self._temporary = run.folder / TEMPORARY_STATUS_NAME
        self._changed = threading.Condition()
        self._is_dirty = False
        self._is_closing = False
        self._thread = threading.Thread(target=self._work, name="status", daemon=True)
        pid = os.getpid()
        self._status = Status(
            iteration=before.iteration,
            of=before.of,
            pid=pid,
            process_started=process_start_time(pid),
            host=host_name(),
            started=time.time(),
            version=VERSION,
        )

    @property
    def status(self) -> Status:
        """A copy of the present status."""
        with self._changed:
            return replace(self._status)

    def update(self, **changes: Any) -> None:
        """Changes fields of the :class:`Status`; returns at once.

        Raises:
            TypeError: no such field, or a value that JSON doesn't know.
        """
        changes = json_safe(changes)
        with self._changed:
            self._status = replace(self._status, **changes)
            self._is_dirty = True
            self._changed.notify()

    def __enter__(self) -> StatusWriter:
        self._write()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join()
        if error is not None and self._status.phase not in PHASES_AT_END:
            self._status = replace(self._status, **_end_of(error))
        self._write()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_dirty or self._is_closing, timeout=self._heartbeat_s)
                if self._is_closing:
                    return
                self._is_dirty = False
            self._write()
            with self._changed:
                self._changed.wait_for(lambda: self._is_closing, timeout=self._min_interval_s)

    def _write(self) -> None:
        with self._changed:
            self._status.heartbeat = time.time()
            self._status.elapsed_s = self._elapsed_before_s + time.monotonic() - self._began
            text = json.dumps(self._status.to_dict(), indent=1, ensure_ascii=False) + "\n"
        try:
            retry_on_permission_error(lambda: self._replace(text))
        except OSError as error:
            if self.problem is None:
                self.problem = error
                self.run.log(f"{STATUS_NAME} can't be written ({reason_of(error)}); the training goes on")

    def _replace(self, text: str) -> None:
        # Not by atomic_path: twice a second, without waiting for the disk. A fixed name is safe, since the run folder
        # has one writer.
        try:
            self._temporary.unlink(missing_ok=True)  # of a killed process, or a link that somebody put there
            with open_own(self._temporary, "wb") as file:
                file.write(text.encode("utf-8", "backslashreplace"))
            self._temporary.replace(self.run.status_file)
        except OSError:
            with contextlib.suppress(OSError):
                self._temporary.unlink()
            if not self._is_closing:
                raise
            self._overwrite(text.encode("utf-8", "backslashreplace"))

    def _overwrite(self, content: bytes) -> None:
        """The last word on a full disk: over the old status, which has its place there already."""
        with self.run.status_file.open("r+b") as file:
            file.write(content.ljust(self.run.status_file.stat().st_size))


def _end_of(error: BaseException) -> dict[str, Any]:
    if isinstance(error, StoppedError):
        return {"phase": "stopped", "seconds_left": None, "message": "Stopped on request"}
    if isinstance(error, KeyboardInterrupt):
        return {"phase": "interrupted", "seconds_left": None, "message": str(error) or "Ended at once"}
    why = ""
    if isinstance(error, DualTaskSegError):
        issue = Issue.of(error)
    elif isinstance(error, OSError):
        issue = Issue(
            ERROR,
            f"{error.filename or 'A file'} can't be read or written: {reason_of(error)}",
            f"{remedy_for(error, 'Make sure that the disk is connected and has free space')}, then resume",
        )
    else:
        why = f"{type(error).__name__}: {error}"
        issue = Issue(
            ERROR,
            "The training ended by a fault of the program",
            "Resume once; if it happens again, send log.txt to the developers",
        )
    return failed(issue, why)


def failed(issue: Issue, why: str = "") -> dict[str, Any]:
    """The fields of a status that tells why a training ended."""
    error = {**issue.to_dict("what", "remedy"), "why": why}
    return {"phase": "failed", "seconds_left": None, "error": error, "message": issue.what}
