"""Asks what becomes of a training when the user closes Slicer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import qt
import slicer


class ClosingQuestion:
    """Asks when the main window is about to be closed; in an application without one, nothing is asked.

    Args:
        mayClose: called then; says whether the window may close.
    """

    def __init__(self, mayClose: Callable[[], bool]) -> None:
        self._window = slicer.util.mainWindow()
        self._filter = None
        if self._window is not None:
            self._filter = _CloseFilter()
            self._filter.mayClose = mayClose
            self._window.installEventFilter(self._filter)

    def remove(self) -> None:
        """Asks no more."""
        if self._filter is not None:
            self._window.removeEventFilter(self._filter)
            self._filter = None


class _CloseFilter(qt.QWidget):
    """Qt asks a filter's ``eventFilter`` before the window gets an event."""

    mayClose: Callable[[], bool]

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if event.type() == qt.QEvent.Close and not self.mayClose():
            event.ignore()
            return True
        return False
