"""The panel's installation: at most one at a time, watched while it goes on, told when it has ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import qt
from slicer.i18n import tr as _

from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.installing import dependencies
from DualTaskSegLib.installing.dependencies import Dependency
from DualTaskSegLib.installing.installation import CANCELED, Installation, InstallationNews

if TYPE_CHECKING:
    from DualTaskSegLib.panel.context import Panel

POLL_MS = 500


class Installer:
    """Asks, installs in the background, and tells in the panel what came of it."""

    def __init__(self, panel: Panel) -> None:
        self.news: InstallationNews | None = None  # of the present or the last installation; None before the first
        self.changed = Signal()  # there is news
        self._panel = panel
        self._installation: Installation | None = None
        self._onDone: Callable[[], None] | None = None
        self._timer = qt.QTimer()
        self._timer.setInterval(POLL_MS)
        self._timer.connect("timeout()", self.poll)

    @property
    def isAtWork(self) -> bool:
        """Whether an installation goes on."""
        return self.news is not None and self.news.isAtWork

    @property
    def logFile(self) -> Path | None:
        """What pip said in the present or the last installation; None before the first."""
        return self._installation.logFile if self._installation is not None else None

    def install(self, packages: Sequence[Dependency], onDone: Callable[[], None] | None = None) -> None:
        """Asks, and installs in the background, then calls ``onDone``. Without effect while an installation goes on."""
        if self.isAtWork or not packages:
            return
        problem = dependencies.lackOfVersion(packages) or dependencies.lackOfRoom(packages)
        if problem:
            self._panel.fail(problem)
            return
        if not self._panel.confirm(dependencies.consentText(packages)):
            self._panel.inform(dependencies.DECLINED)
            return
        self._panel.inform("")
        self._panel.renewWorker()  # on Windows a library can't be replaced while a process has it loaded
        self._close()
        self._onDone = onDone
        self._installation = Installation(packages)
        self._installation.start()
        self._timer.start()
        self.poll()

    def cancel(self) -> None:
        """Ends the installation at once."""
        if self.isAtWork:
            self._installation.cancel()
            self.poll()

    def poll(self) -> None:
        """Asks how it goes; a timer does so."""
        self.news = self._installation.poll()
        if not self.news.isAtWork:
            self._timer.stop()
            self._panel.renewWorker()  # even of a failed one something may have been replaced
            self._tell(self.news)
        self.changed.emit()
        if self.news.isDone and self._onDone is not None:
            self._onDone()

    def _tell(self, news: InstallationNews) -> None:
        text = CANCELED if news.isCanceled else _("Installed.") if news.isDone else news.problem
        sentences = " ".join(filter(None, (text, news.restartNote)))
        if news.problem:
            self._panel.fail(sentences)
        else:
            self._panel.inform(sentences)

    def close(self) -> None:
        """Ends what goes on, and forgets the log."""
        self._timer.stop()
        self._close()

    def _close(self) -> None:
        if self._installation is not None:
            self._installation.close()
        self._installation = self.news = None
