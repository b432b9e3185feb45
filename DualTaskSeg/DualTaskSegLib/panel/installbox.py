"""The part of a section that shows what is missing, installs it, and shows how that goes."""

from __future__ import annotations

from collections.abc import Callable

import qt
from dualtaskseg.progress import format_duration
from slicer.i18n import tr as _

from DualTaskSegLib.installing.dependencies import Dependency
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.jobbar import showShare
from DualTaskSegLib.panel.section import Widgets, slot


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
        ui.installButton.connect("clicked()", self.onInstall)
        ui.installCancelButton.connect("clicked()", panel.installer.cancel)
        ui.installLogButton.connect("clicked()", self.onLog)
        panel.installer.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Shows what is missing, or how the installation goes."""
        ui, installer = self.ui, self.panel.installer
        isAtWork = installer.isAtWork
        missing = [] if isAtWork else self._missing()
        text = self._text()
        if isAtWork:
            text = _("{text}; {time} so far. Slicer can be used meanwhile.").format(
                text=installer.news.text, time=format_duration(installer.news.seconds)
            )
        ui.installLabel.text = text
        ui.installLabel.visible = bool(text)
        ui.installLabel.enabled = isAtWork or bool(missing)
        ui.installButton.visible = bool(missing)
        for widget in (ui.installBar, ui.installCancelButton):
            widget.visible = isAtWork
        ui.installLogButton.visible = installer.logFile is not None and (isAtWork or bool(missing))
        if isAtWork:
            showShare(ui.installBar, installer.news.fraction)

    @slot
    def onInstall(self) -> None:
        """Asks, and installs in the background."""
        self.panel.installer.install(self._missing(), self._onInstalled)

    @slot
    def onLog(self) -> None:
        """Opens all that pip said, in the program that shows texts."""
        qt.QDesktopServices.openUrl(qt.QUrl.fromLocalFile(str(self.panel.installer.logFile)))
