"""What the check says: one line a step, and a verdict."""

from __future__ import annotations

import platform
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

OK, FAILED, SKIPPED = "ok", "failed", "skipped"
WIDTH = 12


class Skip(Exception):  # noqa: N818  it is no error
    """A step can't be tried here, which is no fault; the text says why."""


class Fault(Exception):  # noqa: N818
    """A step did not do what it should; the text says what is wrong."""


class Report:
    """Prints a line for each step as soon as it is done.

    Args:
        file: where the lines go, too; None for nowhere.

    Attributes:
        states: ``OK``, ``FAILED`` or ``SKIPPED`` by the name of the step.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._stream = file.open("w", encoding="utf-8") if file is not None else None
        self.states: dict[str, str] = {}
        self._errors: list[str] = []  # of slots and observers, which raise into nothing
        self._hook, sys.excepthook = sys.excepthook, self._onException
        self._step = ""
        self._began = 0.0

    def say(self, text: str) -> None:
        """Prints lines."""
        print(text, flush=True)
        if self._stream is not None:
            self._stream.write(text + "\n")
            self._stream.flush()

    def head(self) -> None:
        """Says where this is run."""
        import slicer

        version = getattr(slicer.app, "applicationVersion", "unknown")
        self.say(f"Slicer {version}, Python {platform.python_version()}, {platform.platform()}")

    def step(self, name: str, needs: Sequence[str], work: Callable[[], str | None]) -> None:
        """Does a step, unless one that it needs did not work.

        Args:
            name: of the step.
            needs: names of steps before it.
            work: does it; what it returns is said, too. Raises :class:`Skip` or :class:`Fault`; anything else that
                it raises is a fault as well.
        """
        self._step, self._began = name, time.monotonic()
        lacking = [each for each in needs if self.states.get(each) != OK]
        if lacking:
            self._end(SKIPPED, f"it needs: {', '.join(lacking)}")
            return
        self._errors.clear()
        try:
            text = work() or ""
            if self._errors:
                raise Fault(f"an error in a slot or observer: {self._errors[0]}")
        except Skip as reason:
            self._end(SKIPPED, str(reason))
        except Exception as error:
            if not isinstance(error, Fault):
                self.say("".join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip())
            self._end(FAILED, f"{type(error).__name__}: {error}" if not isinstance(error, Fault) else str(error))
        else:
            self._end(OK, text)

    def _end(self, state: str, text: str) -> None:
        self.states[self._step] = state
        seconds = time.monotonic() - self._began
        line = f"{state:8}{self._step:{WIDTH}}{seconds:7.1f} s"
        self.say(f"{line}  {' '.join(text.split())}" if text else line)

    def hangs(self, minutes: float) -> None:
        """The time is over while a step works."""
        self._end(FAILED, f"no end after {minutes:g} minutes in all")

    def crashed(self, error: BaseException) -> None:
        """The check itself is at fault."""
        self.say("".join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip())
        self.states["check"] = FAILED

    def close(self) -> int:
        """Says the verdict and returns the exit code."""
        sys.excepthook = self._hook
        states = list(self.states.values())
        counts = ", ".join(f"{states.count(state)} {state}" for state in (OK, FAILED, SKIPPED))
        isPassed = OK in states and FAILED not in states
        self.say(f"verdict: {'passed' if isPassed else 'failed'} ({counts})")
        if self._stream is not None:
            self._stream.close()
        return 0 if isPassed else 1

    def _onException(self, kind: type, error: BaseException, trace: object) -> None:
        self._errors.append(f"{kind.__name__}: {error}")
        self._hook(kind, error, trace)
