"""Asks disks without holding up the application: a network drive that is gone lets who asks it wait for a minute.

Python's own functions for files know no time limit, so each question is put in a thread that is left alone if no answer
comes.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import qt
from dualtaskseg.errors import InputError
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread

T = TypeVar("T")

# A disk of this computer answers within these looks of 5 ms each, so that nothing flickers. They are counted, not
# timed: on a busy computer the thread that asks comes as late as the one that looks.
LOOKS_AT_ONCE = 24
LIMIT_S = 20.0
INTERVAL_MS = 20  # between looks, when an answer takes longer


class DiskSilentError(InputError):
    """A disk gave no answer in time."""

    def __init__(self) -> None:
        super().__init__(_("The disk does not answer"), _("If it is a network drive, connect it again, then try again"))


@dataclass(eq=False)
class _Question:
    kind: str
    steps: Steps[object]
    onAnswer: Callable[[object], None]
    onError: Callable[[Exception], None]


class DiskAsker:
    """Asks disks, one question of a kind at a time; functions are called from the main thread only."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Question] = {}
        self._timer = qt.QTimer()
        self._timer.setInterval(INTERVAL_MS)
        self._timer.connect("timeout()", self._look)

    @property
    def isBusy(self) -> bool:
        """Whether any question has no answer yet."""
        return bool(self._waiting)

    def isWaiting(self, kind: str) -> bool:
        """Whether a question has no answer yet."""
        return kind in self._waiting

    def ask(
        self,
        kind: str,
        question: Callable[[], T],
        onAnswer: Callable[[T], None],
        onError: Callable[[Exception], None],
        limit: float | None = None,
        isPressing: bool = True,
    ) -> bool:
        """Asks something that looks at files; an older question of the same kind is forgotten.

        Args:
            question: works in a thread, so it must not touch the scene or widgets.
            onAnswer: gets what the question returned.
            onError: gets what it raised, or a :class:`DiskSilentError`.
            limit: seconds after which no answer is waited for any more; ``LIMIT_S`` if absent.
            isPressing: where the disk answers at once, the functions are called before this method returns.

        Returns:
            Whether the answer, or the error, is there already.
        """
        self.forget(kind)
        asked = _Question(kind, _answerSteps(question, LIMIT_S if limit is None else limit), onAnswer, onError)
        self._waiting[kind] = asked
        for _attempt in range(LOOKS_AT_ONCE if isPressing else 0):
            if self._isAnswered(asked):
                return True
        self._timer.start()
        return False

    def forget(self, kind: str) -> None:
        """Nobody wants the answer any more."""
        asked = self._waiting.pop(kind, None)
        if asked is not None:
            asked.steps.close()

    def close(self) -> None:
        """Forgets all questions."""
        self._timer.stop()
        for kind in tuple(self._waiting):
            self.forget(kind)

    def _look(self) -> None:
        for asked in tuple(self._waiting.values()):
            if self._waiting.get(asked.kind) is asked:  # not forgotten by what an answer before it did
                self._isAnswered(asked)
        if not self._waiting:
            self._timer.stop()

    def _isAnswered(self, asked: _Question) -> bool:
        try:
            next(asked.steps)
            return False
        except StopIteration as end:
            finish = functools.partial(asked.onAnswer, end.value)
        except Exception as error:  # whoever asked knows what to say about it
            finish = functools.partial(asked.onError, error)
        del self._waiting[asked.kind]  # before the function is called, which may ask again
        finish()
        return True


def _answerSteps(question: Callable[[], T], limit: float) -> Steps[T]:
    end = time.monotonic() + limit
    steps = inThread(question)
    while True:
        try:
            share = next(steps)
        except StopIteration as answer:
            return answer.value
        if time.monotonic() > end:
            raise DiskSilentError
        yield share
