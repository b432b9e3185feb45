"""What a training process last said about itself, and whether it still lives."""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import Any

from dualtaskseg.contract.bounds import bounded, list_of, number, text, whole
from dualtaskseg.files import json_safe, read_json, retry_on_permission_error
from dualtaskseg.processes import host_name, is_alive
from dualtaskseg.version import VERSION

STATUS_NAME = "status.json"
TEMPORARY_STATUS_NAME = f".tmp_{STATUS_NAME}"
PHASES_AT_END = ("finished", "stopped", "failed", "interrupted")
FRESH_S = 30.0  # a heartbeat younger than this counts as a sign of life
_SECONDS = number(0, 1e11)  # of times and durations: about 3000 years


class RunState(str, Enum):
    """What a run folder's run is doing now. Compares equal to its plain word, such as ``"running"``."""

    NEW = "new"
    RUNNING = "running"
    INTERRUPTED = "interrupted"  # its process is gone without having said goodbye; resume continues
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"

    def __str__(self) -> str:
        return self.value


@dataclass
class Status:
    """What the training process last said about itself.

    Attributes:
        phase: checking, preparing, calibrating, training, validating, finishing, or one of ``PHASES_AT_END``.
        of: iterations planned; 0 while unknown.
        seconds_left: expected time to the end (``eta_s`` in the file), None while unknown.
        process_started: its start time, see :func:`dualtaskseg.processes.process_start_time`.
        heartbeat: Unix time of the last sign of life.
        error: ``{"what", "why", "remedy"}`` of the last error, else None.
        notes: sentences about what could not be done although the training goes on or is finished.
        message: what is going on, in plain words.
        started: Unix time at which the process began.
        elapsed_s: seconds worked on this run, those before a resume included.
    """

    phase: str = bounded(text, "checking")
    iteration: int = bounded(whole(0, 2**53), 0)
    of: int = bounded(whole(0, 2**53), 0)
    seconds_left: float | None = bounded(_SECONDS, None)
    device: str = bounded(text, "")
    pid: int | None = bounded(whole(0, 2**31), None)
    process_started: float | None = bounded(_SECONDS, None)
    host: str = bounded(text, "")
    heartbeat: float = bounded(_SECONDS, 0.0)
    error: dict[str, str] | None = bounded(lambda value: isinstance(value, dict), None)
    notes: list[str] = field(default_factory=list, metadata={"fits": list_of(text)})
    message: str = bounded(text, "")
    started: float = bounded(_SECONDS, 0.0)
    elapsed_s: float = bounded(_SECONDS, 0.0)
    version: str = bounded(text, VERSION)

    def to_dict(self) -> dict[str, Any]:
        """Returns what stands in ``status.json``."""
        data = asdict(self)
        data["eta_s"] = data.pop("seconds_left")
        return json_safe(data)

    @classmethod
    def from_dict(cls, data: Any) -> Status:
        """Reads what stands in ``status.json``; unknown keys and values of a wrong kind are passed over.

        Raises:
            ValueError: it is not a status at all.
        """
        if not isinstance(data, dict) or not isinstance(data.get("phase"), str):
            raise ValueError("not a status")
        data = {**data, "seconds_left": data.get("eta_s")}
        status = cls(version="")
        for each in fields(cls):
            value = data.get(each.name)
            if each.metadata["fits"](value):
                setattr(status, each.name, value)
        if status.error is not None:
            parts = {key: status.error.get(key, "") for key in ("what", "why", "remedy")}
            status.error = {
                key: str(part) if isinstance(part, (str, int, float)) else "" for key, part in parts.items()
            }
        return status


def read_status(folder: Path | str) -> Status | None:
    """Reads ``status.json`` of a run folder; None if it is absent or unreadable."""
    try:
        return Status.from_dict(retry_on_permission_error(lambda: read_json(Path(folder) / STATUS_NAME)))
    except (OSError, ValueError, RecursionError):
        return None


def shows_life(status: Status) -> bool:
    """Says whether the process that wrote a status still works, as far as can be seen from this machine."""
    if status.phase in PHASES_AT_END or abs(time.time() - status.heartbeat) > FRESH_S:
        return False
    if status.host and status.host != host_name():
        return True  # on another machine the heartbeat is all there is to see
    return is_alive(status.pid, status.process_started)


def is_ours(status: Status) -> bool:
    """Says whether it is this process that wrote a status."""
    return status.pid == os.getpid() and status.host == host_name()
