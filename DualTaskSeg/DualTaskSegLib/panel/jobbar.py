"""How far a job in the background is: a line of text, a bar, and a button that cancels it."""

from __future__ import annotations

import qt

STEPS = 1000


class JobBar:
    """Drives the widgets. Bar and button are seen while a job goes on, the text as long as there is one.

    Args:
        label: for the text.
        bar: for the share that is done.
        button: cancels; whoever makes this connects it.
    """

    def __init__(self, label: qt.QLabel, bar: qt.QProgressBar, button: qt.QPushButton) -> None:
        self._label = label
        self._bar = bar
        self._button = button
        self.end()

    def begin(self, text: str) -> None:
        """A job begins; how much of it is done is not known yet."""
        self._bar.setMaximum(0)
        self._show(text, True)

    def update(self, share: float | None, text: str) -> None:
        """Shows how much is done, 0 to 1 or None where that is not known, and what is going on."""
        self._bar.setMaximum(0 if share is None else STEPS)
        if share is not None:
            self._bar.setValue(round(STEPS * share))
        self._label.text = text

    def end(self, text: str = "") -> None:
        """The job has ended; the text says how."""
        self._show(text, False)

    def _show(self, text: str, isAtWork: bool) -> None:
        self._label.text = text
        self._label.visible = bool(text)
        self._bar.visible = self._button.visible = isAtWork
