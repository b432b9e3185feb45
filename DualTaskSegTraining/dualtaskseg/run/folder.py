"""The run folder: where the training process and those who watch it meet.

One process trains and writes; any number of others (the panel in Slicer, ``dualtaskseg status``) read, on this
machine or on another that shares the disk. Every document is replaced in one step, the metrics only grow, and a lock
of the operating system keeps a second training out.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.errors import InputError
from dualtaskseg.files import (
    PRIVATE,
    TEMPORARY_PREFIX,
    atomic_path,
    is_temporary,
    json_safe,
    named,
    open_own,
    open_plain,
    read_json,
    remove_left_behind,
    remove_temporary,
    retry_on_permission_error,
    write_json,
)
from dualtaskseg.processes import host_name
from dualtaskseg.remedies import reading_fault, reason_of, system_faults
from dualtaskseg.run.locking import (
    FileLock,
    LockForeignError,
    LockHeldError,
    LockUnsupportedError,
    is_lock_file,
    is_locked,
)
from dualtaskseg.run.status import (
    PHASES_AT_END,
    STATUS_NAME,
    TEMPORARY_STATUS_NAME,
    RunState,
    is_ours,
    read_status,
    shows_life,
)

REQUEST_NAME = "run.json"
LOCK_NAME = "lock"
PLAN_NAME = "plan.json"
SYSTEM_NAMES = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what may stand in a folder that counts as empty


class RunFolder:
    """A run folder on disk. Make one with :meth:`create` or :meth:`open`.

    What writes raises OSError where the disk is full or the folder can't be written.

    Attributes:
        request: what stands in ``run.json``, unchecked; see :meth:`read_request`.
        identity: of this run and no other, by which its saved states are known; empty for runs that have none.
    """

    FORMAT = 1

    def __init__(self, folder: Path | str, request: dict[str, Any], identity: str = "") -> None:
        self.folder = Path(folder)
        self.request = request
        self.identity = identity
        self.request_file = self.folder / REQUEST_NAME
        self.split_file = self.folder / "split.json"
        self.status_file = self.folder / STATUS_NAME
        self.metrics_file = self.folder / "metrics.jsonl"
        self.log_file = self.folder / "log.txt"
        self.stop_file = self.folder / "stop"
        self.lock_file = self.folder / LOCK_NAME
        self.checkpoint_file = self.folder / "checkpoint.pt"
        self.previous_checkpoint_file = self.folder / "checkpoint.previous.pt"
        self.prepared_folder = self.folder / "prepared"
        self.overview_file = self.folder / "overview.safetensors"
        self.overview_state_file = self.folder / "overview.pt"
        self.model_folder = self.folder / "model"
        self.report_file = self.folder / "report.html"

    @classmethod
    def create(cls, path: Path | str, request: dict[str, Any]) -> RunFolder:
        """Makes a run folder and writes the request, once and for ever.

        Args:
            path: a folder that is empty or doesn't exist. Other users of the machine can't look into it afterwards:
                it will hold what was made from scans.
            request: what :meth:`TrainingRequest.to_dict` returned.

        Raises:
            InputError: the folder holds a run or something foreign, or can't be written.
            TypeError, ValueError: the request can't be written as JSON.
        """
        run = cls(path, {"format": cls.FORMAT} | request | {"format": cls.FORMAT}, uuid.uuid4().hex)
        remedy = "Choose a folder in which you may write, on a disk with free space"
        with system_faults(f"The run folder {path} can't be written", remedy):
            refuse_occupied(run.folder)
            run.folder.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(OSError):  # some network shares have no modes
                run.folder.chmod(PRIVATE)
            busy = InputError(f"Another process is making a run in {run.folder}", "Choose another folder with --out")
            lock = _acquired(run.lock_file, lambda _: busy)
            try:
                refuse_occupied(run.folder)  # again: until the lock another process could have been here
                write_json(run.request_file, {**run.request, "id": run.identity})
            finally:
                lock.release()
        return run

    @classmethod
    def open(cls, path: Path | str) -> RunFolder:
        """Opens an existing run folder.

        Raises:
            InputError: there is no run, or its ``run.json`` is damaged or of a newer program.
        """
        request_file = Path(path) / REQUEST_NAME
        if not request_file.is_file():
            raise InputError(
                f"{path} is not a run folder: it has no {REQUEST_NAME}",
                "Give the folder that was named with --out when the training was started",
            )
        remedy = "Put an intact copy back, from a backup of the run folder; without one, train again in another folder"
        request = _read_object(request_file, remedy)
        version = request.get("format")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise InputError(f"{request_file} is damaged: it names no format", remedy)
        if version > cls.FORMAT:
            raise InputError(
                f"{path} was made by a newer version of this program (format {version}, known here: {cls.FORMAT})",
                "Update DualTaskSeg",
            )
        identity = request.pop("id", "")
        return cls(path, request, identity if isinstance(identity, str) else "")

    def read_request(self) -> TrainingRequest:
        """What was asked for.

        Raises:
            InputError: something in ``run.json`` makes no sense.
        """
        return TrainingRequest.from_dict(self.request, self.request_file)

    @property
    def going_on(self) -> str:
        """How to go on with a training that ended, one sentence without a full stop."""
        return f'Go on with: dualtaskseg resume "{self.folder}"'

    @property
    def ended_at_once(self) -> str:
        """What to say where somebody didn't wait until everything was saved."""
        again = f'dualtaskseg resume "{self.folder}"'
        if not self.checkpoint_file.exists():
            return f"Ended at once, before anything of the training was saved. Begin it again with: {again}"
        return (
            f"Ended at once; what was done since the last saved state, at most a minute, is lost. Go on with: {again}"
        )

    def refuse_foreign(self) -> None:
        """Refuses a run folder in which something else stands in the place of a file of ours.

        A link there would have us write into files anywhere on the disk, a pipe would have us wait for ever.

        Raises:
            InputError: it names what stands there.
            OSError: the folder can't be read.
        """
        folders = {self.prepared_folder.name, self.model_folder.name}
        known = {path.name for path in vars(self).values() if isinstance(path, Path) and path != self.folder}
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name not in known | {TEMPORARY_STATUS_NAME, PLAN_NAME}:
                    continue
                is_fit = entry.is_dir if entry.name in folders else entry.is_file
                if not is_fit(follow_symlinks=False):
                    what = "a link" if entry.is_symlink() else "not what belongs there"
                    raise InputError(
                        f"{entry.path} is {what}, and the training would write through it",
                        "Move it away, then try again"
                        + ("; prepared scans are made again" if entry.name == self.prepared_folder.name else ""),
                    )

    @property
    def overview_folder(self) -> Path:
        """Scans on the grid of the coarse networks."""
        return self.prepared_folder / "overview"

    def tidy(self) -> None:
        """Removes what killed processes left half written; only for who holds the lock. Never fails."""
        remove_temporary(self.folder / TEMPORARY_STATUS_NAME)
        for folder in (self.folder, self.prepared_folder, self.overview_folder):
            remove_left_behind(folder)

    def write_plan(self, data: dict[str, Any]) -> None:
        """Writes what the training will do, as :meth:`Plan.to_dict` returned it."""
        write_json(self.folder / PLAN_NAME, data)

    # --- the split

    def write_split(self, data: dict[str, Any]) -> None:
        """Keeps the split, once and for ever; writing the same again does nothing.

        Raises:
            FileExistsError: another split stands there.
        """
        if self.split_file.exists():
            if self.read_split() == json.loads(json.dumps(data)):
                return
            raise FileExistsError(f"{self.split_file} holds another split, and a split is drawn once")
        write_json(self.split_file, data)

    def read_split(self) -> dict[str, Any] | None:
        """Returns the split; None if it has not been drawn.

        Raises:
            InputError: the file is damaged.
        """
        if not self.split_file.exists():
            return None
        return _read_object(self.split_file, "Put an intact copy back, from a backup of the run folder")

    # --- stopping

    def request_stop(self) -> None:
        """Asks the training process to finish its step, save and end."""
        if self.stop_file.is_symlink():
            raise OSError(errno.ELOOP, "it is a link", str(self.stop_file))
        self.stop_file.touch()

    def stop_requested(self) -> bool:
        """Says whether a stop was asked for."""
        return self.stop_file.exists()

    def clear_stop(self) -> None:
        """Forgets that a stop was asked for."""
        self.stop_file.unlink(missing_ok=True)

    # --- metrics

    def append_metrics(self, row: dict[str, Any]) -> None:
        """Adds one line to the metrics; NaN and infinity become null."""
        line = json.dumps(json_safe(row), ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
        try:
            with open_own(self.metrics_file, "ab") as file:
                if _ends_torn(self.metrics_file):
                    line = "\n" + line
                file.write(line.encode("utf-8"))
        except OSError as error:
            raise named(error, self.metrics_file) from error

    def read_metrics(self, offset: int = 0, limit: int = -1) -> tuple[list[dict[str, Any]], int]:
        """Reads the metrics, or what was added since the last reading.

        Lines torn by a crash are passed over. A last line without its end stays unread: it may still be growing.

        Args:
            offset: the second value of the last reading.
            limit: how many bytes to read at most, more than any line has, for readers in a hurry; -1 for all.

        Returns:
            The rows, and the offset for the next reading. If the file was shortened meanwhile (a resume drops rows
            beyond its checkpoint) all rows come again and the new offset may be smaller than ``offset``; rows are
            told apart by their ``iteration``.
        """
        try:
            with open_plain(self.metrics_file) as file:
                if offset and not _is_line_start(file, offset):
                    offset = 0
                file.seek(offset)
                content = file.read(limit)
        except OSError:
            return [], 0
        end = content.rfind(b"\n") + 1
        rows = [row for _, row in _metrics_lines(content[:end])]
        return rows, offset + end

    def truncate_metrics(self, iteration: int) -> None:
        """Drops the rows beyond an iteration, in one step; for a resume, which will write them again."""
        if not self.metrics_file.exists():
            return
        content = self.metrics_file.read_bytes()
        kept = [line + b"\n" for line, row in _metrics_lines(content) if not _is_beyond(row, iteration)]

        def write() -> None:
            with atomic_path(self.metrics_file) as temporary:
                temporary.write_bytes(b"".join(kept))

        retry_on_permission_error(write)

    # --- who works here

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Held by the training process as long as it works here.

        Where the file system has no locks, and against machines whose locks don't reach this one, the heartbeat in
        ``status.json`` decides; that leaves a gap of an instant when two start at the very same time.

        Raises:
            InputError: another process works here, or the folder can't be written.
        """
        remedy = "Make sure the disk is connected and that you may write there"
        with system_faults(f"The run folder {self.folder} can't be written", remedy):
            self.refuse_foreign()
            lock = _acquired(self.lock_file, lambda holder: self._busy(holder.get("pid"), holder.get("host")))
        try:
            status = read_status(self.folder)
            if status is not None and not is_ours(status) and shows_life(status):
                raise self._busy(status.pid, status.host)
            yield
        finally:
            lock.release()

    def state(self) -> RunState:
        """Says what the run is doing; cheap enough to ask every second."""
        if is_locked(self.lock_file):
            return RunState.RUNNING
        status = read_status(self.folder)
        if status is None:
            return RunState.INTERRUPTED if self.checkpoint_file.exists() else RunState.NEW
        if status.phase in PHASES_AT_END:
            return RunState(status.phase)
        return RunState.RUNNING if shows_life(status) else RunState.INTERRUPTED

    def _busy(self, pid: Any, host: Any) -> InputError:
        who = f"pid {pid}" if pid else "its number is unknown"
        if host and host != host_name():
            who += f" on {host}"
        return InputError(
            f"Another process ({who}) is training in this run folder, {self.folder}",
            f"Wait until it ends, or stop it with: dualtaskseg stop {_quoted(self.folder)}",
        )

    # --- the log

    def log(self, text: str) -> None:
        """Adds a line with date and time to ``log.txt``. No names of patients, please.

        Never fails: what can't be written goes to standard error, for a log is not worth a training.
        """
        lines = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}\n"
        try:
            with open_own(self.log_file, "ab") as file:
                file.write(lines.encode("utf-8", "backslashreplace"))
        except OSError:
            with contextlib.suppress(OSError, ValueError):
                print(lines, end="", file=sys.stderr)


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)


def refuse_occupied(folder: Path) -> None:
    """Refuses a folder in which no run can be made.

    Raises:
        InputError: it is a file, or it holds a run or something foreign.
        OSError: it can't be read.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, not a folder", "Choose another folder with --out")
    if not folder.exists():
        return
    entries = {each.name: each for each in folder.iterdir()}
    if REQUEST_NAME in entries:
        raise InputError(
            f"{folder} already holds a run",
            f"Continue it with: dualtaskseg resume {_quoted(folder)}, or choose another folder with --out",
        )
    foreign = sorted(name for name, path in entries.items() if not _is_harmless(name, path))
    if foreign:
        raise InputError(f"The folder {folder} is not empty (it holds {foreign[0]})", "Choose another one with --out")


def _is_harmless(name: str, path: Path) -> bool:
    """Whether it may stand in a folder that counts as empty: of the system, or left by a try of ours to make a run."""
    if path.is_symlink():
        return False
    if name in SYSTEM_NAMES:
        return path.is_file()
    if name.startswith(TEMPORARY_PREFIX) and path.is_file() and not path.stat().st_size:
        return True  # holds nothing of anybody, and stays as it is
    return is_temporary(name) or (name == LOCK_NAME and is_lock_file(path))


def _acquired(file: Path, busy: Callable[[dict[str, Any]], InputError]) -> FileLock:
    """The run folder's lock, held; not on a file system that has no locks.

    Raises:
        InputError: that which ``busy`` makes of the holder, where somebody else has it; or it is no lock of ours.
        OSError: it can't be made.
    """
    lock = FileLock(file)
    try:
        lock.acquire()
    except LockHeldError as error:
        raise busy(error.holder) from None
    except LockUnsupportedError:
        pass
    except LockForeignError as error:
        raise InputError(
            f"{error.filename} stands where this program keeps its lock, but {reason_of(error)}",
            "Move it away, then try again",
        ) from error
    return lock


def _read_object(path: Path, remedy: str) -> dict[str, Any]:
    try:
        data = read_json(path)
    except OSError as error:
        raise reading_fault(error, path) from error
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise InputError(f"{path} is damaged", remedy)
    return data


def _ends_torn(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        return size > 0 and not _is_line_start(file, size)


def _is_line_start(file: Any, offset: int) -> bool:
    file.seek(offset - 1)
    return file.read(1) == b"\n"


def _metrics_lines(content: bytes) -> Iterator[tuple[bytes, dict[str, Any]]]:
    for line in content.split(b"\n"):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):  # empty, torn by a crash, or nonsense
            continue
        if isinstance(row, dict):
            yield line, row


def _is_beyond(row: dict[str, Any], iteration: int) -> bool:
    value = row.get("iteration")
    return isinstance(value, (int, float)) and value > iteration
