"""What can compute the trainings: the choice of a device, and the packages that are needed for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slicer.i18n import tr as _

from DualTaskSegLib.installing import dependencies
from DualTaskSegLib.installing.selftest import InstallationCheck
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.filling import fillCombo
from DualTaskSegLib.panel.installbox import InstallBox
from DualTaskSegLib.panel.section import Widgets, slot

CPU = "cpu"


class Devices:
    """Drives deviceCombo and the box that installs packages.

    Args:
        onChanged: called when the choice or what is missing has changed.
    """

    def __init__(self, panel: Panel, ui: Widgets, onChanged: Callable[[], None]) -> None:
        self.panel = panel
        self.missing = dependencies.missing()  # the packages that have to be installed first
        self.areKnown = False  # whether it was found out what can compute
        self._combo = ui.deviceCombo
        self._onChanged = onChanged
        self._job: int | None = None
        self._selfTest = InstallationCheck()
        self._combo.connect("currentIndexChanged(int)", onChanged)
        self.installBox = InstallBox(panel, ui, dependencies.missing, dependencies.statusText, self.onInstalled)
        panel.installer.changed.connect(self.onInstallation)

    @property
    def isLooking(self) -> bool:
        """Whether it is being found out what can compute."""
        return self._job is not None

    @property
    def chosen(self) -> str:
        """The name of the device."""
        return self._combo.currentData or "auto"

    def find(self) -> None:
        """Asks the worker what can compute here, once."""
        if self.areKnown or self._job is not None:
            return
        if self.missing:
            self._show([{"name": CPU, "title": _("not known before everything is installed"), "problem": ""}])
            return
        self._combo.clear()
        self._combo.addItem(_("Looking for devices…"), "auto")
        self._job = self.panel.worker.devices(onDone=self._onFound, onError=self._onNotFound)
        self._onChanged()

    @slot
    def _onFound(self, result: dict[str, Any]) -> None:
        self._job = None
        self.areKnown = True
        self._show(result["devices"], result["automatic"])

    @slot
    def _onNotFound(self, sentence: str) -> None:
        self._job = None
        self._show([{"name": CPU, "title": _("Processor (CPU)"), "problem": ""}])
        if sentence:
            self.panel.fail(sentence)

    def _show(self, devices: list[dict[str, Any]], automatic: str = CPU) -> None:
        usable = [(_deviceText(device), device["name"]) for device in devices if not device["problem"]]
        fillCombo(self._combo, usable, self.panel.settings.text("Device"), automatic)
        problems = [device["problem"] for device in devices if device["problem"]]
        self._combo.toolTip = " ".join(problems) or _(
            "What computes. A graphics card is many times faster than the processor"
        )
        self._onChanged()
        if problems:
            self.panel.fail(" ".join(problems))

    def refreshMissing(self) -> None:
        """Shows what is installed and what is missing."""
        self.missing = dependencies.missing()
        self.installBox.refresh()

    def onInstallation(self) -> None:
        """There is news of an installation, wherever it was ordered."""
        if not self.panel.installer.isAtWork:
            self.missing = dependencies.missing()
            self._onChanged()

    @slot
    def onInstalled(self) -> None:
        """What was missing is installed: it is tried in a process of its own."""
        self._say(_("Trying what was installed…"))
        self._selfTest.start(self._onChecked)

    @slot
    def _onChecked(self, result: dependencies.Verification) -> None:
        """The trial has ended."""
        if not result.isWorking:
            self.panel.fail(result.sentence)
            return
        self._say(result.sentence)
        self.areKnown = True
        self._show(result.devices, result.automatic)

    def _say(self, sentence: str) -> None:
        """Says something about an installation, without hiding that Slicer should be started again."""
        self.panel.inform(" ".join(filter(None, (sentence, self.panel.installer.news.restartNote))))

    def close(self) -> None:
        """Ends what goes on."""
        self._selfTest.cancel()


def _deviceText(device: dict[str, Any]) -> str:
    text = device["title"]
    if device.get("total_bytes"):
        text += _(", {free} of {total} GB free").format(
            free=f"{device['free_bytes'] / 1e9:.0f}", total=f"{device['total_bytes'] / 1e9:.0f}"
        )
    return text
