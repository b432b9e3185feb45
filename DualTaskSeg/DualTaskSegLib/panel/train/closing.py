"""Asks what becomes of work in the background when the user closes Slicer."""

from __future__ import annotations

from collections.abc import Callable

import qt
import slicer

FORGET_MS = 1000


class ClosingQuestion:
    """Asks when the main window is about to be closed; in an application without one, nothing is asked.

    Asking is all that may be done then: Slicer itself asks afterwards whether to save, and may stay open. Whoever asked
    acts on the answer when Slicer really ends, see ``answer``. An answer counts for one closing, in the course of which
    macOS lets the window be closed twice.

    Args:
        ask: called then; returns the answer, or None if the window is to stay open.
    """

    def __init__(self, ask: Callable[[], str | None]) -> None:
        self.answer: str | None = None  # for the closing that goes on; None while there is none
        self._ask = ask
        self._window = slicer.util.mainWindow()
        self._filter = None
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(FORGET_MS)
        self._timer.connect("timeout()", self._forget)
        if self._window is not None:
            self._filter = _CloseFilter()
            self._filter.mayClose = self._mayClose
            self._window.installEventFilter(self._filter)

    def remove(self) -> None:
        """Asks no more."""
        self._timer.stop()
        if self._filter is not None:
            self._window.removeEventFilter(self._filter)
            self._filter = None

    def _mayClose(self) -> bool:
        if self.answer is None:
            self.answer = self._ask()
            self._timer.start()
        return self.answer is not None

    def _forget(self) -> None:
        """Slicer stayed open after all, unless it still asks something itself or its window has gone."""
        if qt.QApplication.activeModalWidget() is not None:
            self._timer.start()
        elif self._window.visible:
            self.answer = None


class _CloseFilter(qt.QWidget):
    """Qt asks a filter's ``eventFilter`` before the window gets an event."""

    mayClose: Callable[[], bool]

    def eventFilter(self, watched: qt.QObject, event: qt.QEvent) -> bool:
        if event.type() == qt.QEvent.Close and not self.mayClose():
            event.ignore()
            return True
        return False
