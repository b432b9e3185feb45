"""Progress for people: a bar with time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from dualtaskseg.terminal import one_line


def format_duration(seconds: float) -> str:
    """Returns a duration as people say it: ``45 s``, ``3 min 20 s``, ``2 h 5 min``."""
    seconds = max(0, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 10:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes + (seconds >= 30), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def ignore(*_: object) -> None:
    """Takes news of the progress that nobody wants."""


def never() -> bool:
    """The answer to whether to stop where nobody can ask for it."""
    return False


class Progress:
    """Shows how far a piece of work is, and how long it will still take.

    On a terminal one line is redrawn at most ten times a second; elsewhere (a log file, a pipe) a plain line is
    written at most every ``plain_interval`` seconds, so that logs stay readable.

    Args:
        title: what is being done, such as ``"Preparing"``.
        total: how many units the work has; where None, the first news tells, and time is taken from then on.
        stream: where to write, standard error unless given, so that standard output stays machine-readable.
        percent: show parts of a hundred instead of units, where the units mean nothing to people.
    """

    def __init__(
        self,
        title: str,
        total: int | None = None,
        stream: TextIO | None = None,
        plain_interval: float = 10.0,
        percent: bool = False,
    ) -> None:
        self.title = title
        self.percent = percent
        self.total = None if total is None else max(int(total), 1)
        self.stream = sys.stderr if stream is None else stream
        self.is_terminal = self.stream.isatty()
        self.interval = 0.1 if self.is_terminal else plain_interval
        self.started = time.monotonic()
        self.last_shown = -float("inf") if self.is_terminal else self.started
        self.width = 0

    def update(self, done: int, note: str = "", seconds_left: float | None = None) -> None:
        """Sets how many units are done; ``seconds_left`` replaces our own estimate where the caller knows better."""
        assert self.total is not None, "the size of the work is not known yet"
        now = time.monotonic()
        if now - self.last_shown < self.interval and done < self.total:
            return
        self.last_shown = now
        if seconds_left is None and 0 < done < self.total:
            seconds_left = (now - self.started) / done * (self.total - done)
        left = f", {format_duration(seconds_left)} left" if seconds_left is not None and done < self.total else ""
        note = f", {note}" if note else ""
        share = f"{100 * done // self.total} %" if self.percent else f"{done}/{self.total}"
        if self.is_terminal:
            filled = round(24 * done / self.total)
            bar = "█" * filled + "░" * (24 - filled)
            text = f"{self.title} {bar} {share}{left}{note}"
            self._write("\r" + text.ljust(self.width))
            self.width = len(text)
        else:
            self._write(f"{self.title} {share}{left}{note}\n")

    def show(self, done: int, total: int) -> None:
        """Sets how many units of how many are done."""
        if self.total is None:
            self.started = time.monotonic()
        self.total = max(int(total), 1)
        self.update(done)

    def clear(self) -> None:
        """Makes room on a terminal for a line of somebody else."""
        if self.is_terminal and self.width:
            self._write("\r" + " " * self.width + "\r")
            self.width, self.last_shown = 0, -float("inf")

    def note(self, sentence: str) -> None:
        """Writes a line beside the progress."""
        self.clear()
        self._write(f"{one_line(sentence)}\n")

    def close(self) -> None:
        """Ends the line on a terminal."""
        if self.is_terminal and self.width:
            self._write("\n")

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except UnicodeEncodeError:  # a terminal without block characters
            self.stream.write(text.encode("ascii", "replace").decode())
        except (OSError, ValueError):  # the terminal was closed; the work goes on
            self.is_terminal = False
            self.interval = float("inf")

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
