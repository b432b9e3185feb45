"""How far a job in the background is: a line of text, a bar, and a button that cancels it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import qt
from slicer.i18n import tr as _

from DualTaskSegLib.panel.context import Panel

STEPS = 1000


def showShare(bar: qt.QProgressBar, share: float | None) -> None:
    """Shows how much is done, 0 to 1, or None where that is not known."""
    bar.setMaximum(0 if share is None else STEPS)
    if share is not None:
        bar.setValue(round(STEPS * share))


class JobBar:
    """Drives the widgets. Bar and button are seen while a job goes on, the text as long as there is one.

    Whoever makes this connects the button, which cancels.
    """

    def __init__(self, label: qt.QLabel, bar: qt.QProgressBar, button: qt.QPushButton) -> None:
        self.label = label
        self.bar = bar
        self.button = button
        self.end()

    def begin(self, text: str) -> None:
        """A job begins; how much of it is done is not known yet."""
        showShare(self.bar, None)
        self._show(text, True)

    def update(self, share: float | None, text: str) -> None:
        """Shows how much is done, 0 to 1 or None where that is not known, and what is going on."""
        showShare(self.bar, share)
        self.label.text = text

    def end(self, text: str = "") -> None:
        """The job has ended; the text says how."""
        self._show(text, False)

    def _show(self, text: str, isAtWork: bool) -> None:
        self.label.text = self.bar.accessibleName = text
        self.label.visible = bool(text)
        self.bar.visible = self.button.visible = isAtWork


class ChildJob(JobBar):
    """A job of the child process, one at a time.

    Args:
        onChanged: called when a job begins, and when it has ended.
    """

    def __init__(
        self,
        panel: Panel,
        label: qt.QLabel,
        bar: qt.QProgressBar,
        button: qt.QPushButton,
        onChanged: Callable[[], None],
    ) -> None:
        super().__init__(label, bar, button)
        self._panel = panel
        self._onChanged = onChanged
        self._id: int | None = None
        button.connect("clicked()", self.cancel)

    @property
    def isAtWork(self) -> bool:
        """Whether a job goes on."""
        return self._id is not None

    def start(
        self,
        text: str,
        submit: Callable[..., int],
        onDone: Callable[[dict[str, Any]], None],
        onBrokenOff: Callable[[], None] | None = None,
    ) -> None:
        """Hands a job over.

        Args:
            submit: a function of the child that takes listeners.
            onBrokenOff: called if it fails or is canceled.
        """

        def done(result: dict[str, Any]) -> None:
            self._endJob()
            onDone(result)

        def failed(sentence: str) -> None:
            if onBrokenOff is not None:
                onBrokenOff()
            self._endJob()
            if sentence:  # empty when it was canceled
                self._panel.fail(sentence)

        self.begin(text)
        self._id = submit(
            onProgress=lambda share, _secondsLeft, what: self.update(share, what), onDone=done, onError=failed
        )
        self._onChanged()

    def cancel(self) -> None:
        """Ends what goes on."""
        if self.isAtWork:
            self._panel.worker.cancel(self._id)
            self.update(None, _("Cancelling"))

    def _endJob(self) -> None:
        self._id = None
        self.end()
        self._onChanged()
