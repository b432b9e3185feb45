"""How the other ranks of a training do: each gives a sign of life, and says why when it ends.

What a rank waits for never comes when another one is gone, and a GPU waits without an end. So a thread looks after the
others through the store by which the ranks found one another, whatever started them.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from torch import distributed

from dualtaskseg.errors import DualTaskSegError, InputError, StoppedError, in_a_word
from dualtaskseg.remedies import reason_of, remedy_for
from dualtaskseg.terminal import one_line

LOOK_S = 1.0
LOST_S = 30.0  # without a sign of life, after which a rank counts as lost
GRACE_S = 10.0  # for a rank that waits in vain to end by itself
TELLING_S = 3.0  # for the news that another rank has ended to arrive
# In what PyTorch says when it can't reach another rank any more.
SIGNS = ("onnection", "Broken pipe", "gloo", "NCCL", "nccl", "timed out", "Timed out", "Socket")


class Started(Protocol):
    """Processes that rank 0 started."""

    def ended(self) -> str:
        """Which of them has ended as it should not have, for people; empty if none."""

    def kill(self) -> None:
        """Ends them at once."""


class Watch(threading.Thread):
    """Looks after the other ranks; a context manager that says goodbye on leaving.

    Args:
        store: its own connection to the store of the ranks.
        started: the processes that this rank started, if any.

    Attributes:
        on_stop: called on rank 0 where another rank was asked to stop.
        on_lost: called with the reason where this rank waits in vain for another one, before it is ended; says it on
            standard error unless set.
        lost: who is gone without a word, for people; empty while nobody is.
        remedy: what to do then.
    """

    def __init__(self, store: Any, index: int, count: int, started: Started | None = None) -> None:
        super().__init__(name="watch", daemon=True)
        self._store = store
        self._index = index
        self._processes = started
        others = [other for other in range(count) if other != index] if index == 0 else [0]
        self._pulses = dict.fromkeys(others, (0, time.monotonic()))  # of those that are not known to have ended
        self._ends: dict[int, dict[str, str]] = {}
        self._closing = threading.Event()
        self._is_asked_to_stop = False
        self.on_stop: Callable[[], None] = lambda: None
        self.on_lost: Callable[[Exception], None] = self._tell
        self._lock = threading.Lock()
        self.lost = ""
        self.remedy = "Resume it"

    def __enter__(self) -> Watch:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        self._closing.set()
        self.join()
        with contextlib.suppress(Exception):  # the store is gone, so nobody can be told
            self._store.set(f"end/{self._index}", json.dumps(_end_of(error)))

    def ask_to_stop(self) -> None:
        """Lets rank 0 know that this rank was asked to stop."""
        self._is_asked_to_stop = True

    def explained(self, error: Exception) -> Exception:
        """See :meth:`~dualtaskseg.parallel.ranks.Ranks.explained`."""
        if isinstance(error, DualTaskSegError) or not _is_of_connection(error):
            return error
        until = time.monotonic() + TELLING_S
        while time.monotonic() < until and not self.has_bad_news:
            self._look_around()
            time.sleep(0.1)
        return self.reason()

    @property
    def has_bad_news(self) -> bool:
        """Whether another rank is known to have ended before the training did."""
        return bool(self.lost or self._ends)

    def see_off(self, seconds: float) -> None:
        """Waits until all others have ended, but not longer than so many seconds."""
        until = time.monotonic() + seconds
        with contextlib.suppress(Exception):  # the store is gone
            while self._pulses and time.monotonic() < until:
                for other in list(self._pulses):
                    self._look_after(other)
                time.sleep(0.05)

    def run(self) -> None:
        while not self._closing.wait(LOOK_S):
            self._look_around()
            if self.has_bad_news:
                if not self._closing.wait(GRACE_S):  # waits for what never comes
                    error = self.reason()
                    self.on_lost(error)
                    if self._processes is not None:
                        self._processes.kill()
                    os._exit(getattr(error, "exit_code", InputError.exit_code))
                return

    def _tell(self, error: Exception) -> None:
        if self._index == 0 or isinstance(error, LostRankError):  # rank 0 tells why it ends itself
            with contextlib.suppress(OSError, ValueError):
                print(f"Error: {one_line(str(error))}", file=sys.stderr, flush=True)

    def _look_around(self) -> None:
        with self._lock:
            self._look_at_all()

    def _look_at_all(self) -> None:
        try:
            self._store.add(f"pulse/{self._index}", 1)
            if self._is_asked_to_stop:
                self._store.set("stop", "1")
            for other in list(self._pulses):
                self._look_after(other)
            if self._index == 0 and self._store.check(["stop"]):
                self._store.delete_key("stop")
                self.on_stop()
            if self._processes is not None:
                self.lost = self.lost or self._processes.ended()
        except Exception:  # the store is that of rank 0, or of what started all ranks
            self.lost = self.lost or "Rank 0 of this training has ended unexpectedly"

    def _look_after(self, other: int) -> None:
        if self._store.check([f"end/{other}"]):
            end = json.loads(self._store.get(f"end/{other}"))
            self._pulses.pop(other)
            if end["kind"] != "done":
                self._ends[other] = end
            return
        pulse, now = self._store.add(f"pulse/{other}", 0), time.monotonic()
        before, seen = self._pulses[other]
        if pulse != before:
            self._pulses[other] = (pulse, now)
        elif pulse and now - seen > LOST_S:
            self.lost = self.lost or f"Rank {other} of this training has given no sign of life for {LOST_S:.0f} s"

    def reason(self) -> Exception:
        """What the end of another rank means for this one."""
        for other, end in self._ends.items():
            if end["kind"] == "memory":
                return MemoryError(f"Memory ran out on rank {other}")
            if end["kind"] == "stopped":
                return StoppedError(end["what"], end["remedy"])
            if end["kind"] in ("failed", "defect"):
                where = "" if other == 0 else f" (on rank {other})"
                kind = DualTaskSegError if end["kind"] == "defect" else InputError
                return kind(f"{end['what']}{where}", end["remedy"])
        lost = self.lost or "Another rank of this training has ended unexpectedly"
        return LostRankError(f"{lost}, so the training has ended; what was saved before is kept", self.remedy)


class LackingMemoryError(InputError):
    """Memory ran out in the middle of a step, so that the other ranks wait for it in vain."""


class LostRankError(InputError):
    """Another rank is gone without a word."""


def _end_of(error: BaseException | None) -> dict[str, str]:
    if error is None:
        return {"kind": "done", "what": "", "remedy": ""}
    if isinstance(error, LackingMemoryError):
        return {"kind": "memory", "what": "", "remedy": ""}
    if isinstance(error, DualTaskSegError):
        kind = "stopped" if isinstance(error, StoppedError) else "failed"
        return {"kind": kind, "what": error.what, "remedy": error.remedy}
    if isinstance(error, KeyboardInterrupt):
        return {"kind": "stopped", "what": "Ended at once", "remedy": "Resume it"}
    if isinstance(error, OSError) and remedy_for(error):
        what = f"{error.filename or 'A file'} can't be read or written: {reason_of(error)}"
        return {"kind": "failed", "what": what, "remedy": f"{remedy_for(error)}, then resume"}
    return {
        "kind": "defect",
        "what": f"The training ended by a fault of the program: {in_a_word(error)}",
        "remedy": "Resume once; if it happens again, send log.txt to the developers",
    }


def _is_of_connection(error: Exception) -> bool:
    if isinstance(error, distributed.DistError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in SIGNS)
