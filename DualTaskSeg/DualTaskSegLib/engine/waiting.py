"""Waits, in a script, for what is done in the background, while the application goes on."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import slicer
from dualtaskseg.errors import DualTaskSegError
from slicer.i18n import tr as _

T = TypeVar("T")
INTERVAL_S = 0.01  # between looks


class CanceledError(DualTaskSegError):
    """The work was canceled."""


class Waiter:
    """Processes events until work has ended, or until :meth:`cancel` is called by one of them."""

    def __init__(self) -> None:
        self._isWaiting = self._isCanceled = False

    def cancel(self) -> None:
        """Lets the call that waits end; without effect when none does."""
        self._isCanceled = self._isWaiting

    def waitFor(
        self, start: Callable[[Callable[[T], None], Callable[[str | Exception], None]], Callable[[], None]]
    ) -> T:
        """Starts work, waits for its end and returns its result.

        Args:
            start: begins the work. It gets two functions: one to be called with the result, and one with an error or a
                sentence where there is none. It returns what ends the work; that calls neither of them afterwards.

        Raises:
            DualTaskSegError: the work failed; its text is that sentence. Or that error.
            CanceledError: :meth:`cancel` was called.
        """
        results: list[T] = []
        errors: list[str | Exception] = []
        with self._waiting():
            cancel = start(results.append, errors.append)
            while not results and not errors:
                if not self._goOn():
                    cancel()
                    raise CanceledError(_("It was canceled"))
        if errors and isinstance(errors[0], Exception):
            raise errors[0]
        if errors:
            raise DualTaskSegError(errors[0]) if errors[0] else CanceledError(_("It was canceled"))
        return results[0]

    def pollUntil(
        self, poll: Callable[[], T], isEnd: Callable[[T], bool], cancel: Callable[[], None], every: float
    ) -> T:
        """Asks ``every`` so many seconds, until ``isEnd`` says of an answer that it is the last one.

        ``cancel`` asks the work to end soon; its end is waited for all the same.

        Raises:
            CanceledError: :meth:`cancel` was called, and the work has ended.
        """
        isTold = False
        with self._waiting():
            while not isEnd(answer := poll()):
                end = time.monotonic() + every
                while time.monotonic() < end:
                    if not self._goOn() and not isTold:
                        isTold = True
                        cancel()
        if isTold:
            raise CanceledError(_("It was canceled"))
        return answer

    @contextlib.contextmanager
    def _waiting(self) -> Iterator[None]:
        if self._isWaiting:
            raise DualTaskSegError(_("Another call is waiting"), _("Wait until it ends, or cancel it"))
        self._isWaiting, self._isCanceled = True, False
        try:
            yield
        finally:
            self._isWaiting = False

    def _goOn(self) -> bool:
        slicer.app.processEvents()
        time.sleep(INTERVAL_S)
        return not self._isCanceled
