"""The part of a section that shows what is missing, installs it, and shows how that goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import qt
from dualtaskseg.progress import format_duration
from slicer.i18n import tr as _

from DualTaskSegLib.installing.dependencies import Dependency
from DualTaskSegLib.panel.section import slot

if TYPE_CHECKING:
    from DualTaskSegLib.panel.context import Panel
    from DualTaskSegLib.panel.section import Widgets

STEPS = 1000  # of the progress bar


class InstallBox:
    """Text, progress and the buttons Install, Cancel and Log of a section.

    Args:
        panel: its installer is shared by all sections.
        ui: has ``installLabel``, ``installBar``, ``installButton``, ``installCancelButton``, ``installLogButton``.
        missing: says what is to be installed.
        text: says so in a sentence; without a text nothing is shown unless an installation goes on.
        onInstalled: called after what was ordered here is installed.
    """

    def __init__(
        self,
        panel: Panel,
        ui: Widgets,
        missing: Callable[[], list[Dependency]],
        text: Callable[[], str],
        onInstalled: Callable[[], None],
    ) -> None:
        self.panel = panel
        self.ui = ui
        self._missing = missing
        self._text = text
        self._onInstalled = onInstalled
        ui.installBar.setMaximum(STEPS)
        ui.installButton.connect("clicked()", self.onInstall)
        ui.installCancelButton.connect("clicked()", self.onCancel)
        ui.installLogButton.connect("clicked()", self.onLog)
        panel.installer.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows what is missing, or how the installation goes."""
        ui, installer = self.ui, self.panel.installer
        isAtWork = installer.isAtWork
        missing = [] if isAtWork else self._missing()
        text = self._progressText() if isAtWork else self._text()
        ui.installLabel.text = text
        ui.installLabel.visible = bool(text)
        ui.installLabel.enabled = isAtWork or bool(missing)
        ui.installButton.visible = bool(missing)
        for widget in (ui.installBar, ui.installCancelButton):
            widget.visible = isAtWork
        ui.installLogButton.visible = installer.logFile is not None and (isAtWork or bool(missing))
        if isAtWork:
            fraction = installer.news.fraction
            ui.installBar.setMaximum(0 if fraction is None else STEPS)
            if fraction is not None:
                ui.installBar.setValue(round(STEPS * fraction))

    def _progressText(self) -> str:
        news = self.panel.installer.news
        return _("{text}; {time} so far. Slicer can be used meanwhile.").format(
            text=news.text, time=format_duration(news.seconds)
        )

    @slot
    def onInstall(self) -> None:
        """Asks, and installs in the background."""
        self.panel.installer.install(self._missing(), self._onInstalled)

    @slot
    def onCancel(self) -> None:
        """Ends the installation."""
        self.panel.installer.cancel()

    @slot
    def onLog(self) -> None:
        """Opens all that pip said, in the program that shows texts."""
        qt.QDesktopServices.openUrl(qt.QUrl.fromLocalFile(str(self.panel.installer.logFile)))
