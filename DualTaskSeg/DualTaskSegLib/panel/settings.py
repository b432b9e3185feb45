"""What belongs to this computer and its user rather than to a scene or a project: kept in Slicer's settings.

A scene file is passed on to others, so that paths and devices must not stand in it.
"""

from __future__ import annotations

from pathlib import Path

import qt
import slicer

PREFIX = "DualTaskSeg/"


class Settings:
    """Reads and writes values in ``QSettings``, each under its name with a common prefix."""

    def text(self, name: str, default: str = "") -> str:
        """Returns a text."""
        return slicer.util.settingsValue(PREFIX + name, default, converter=str)

    def number(self, name: str) -> float | None:
        """Returns a number; None where there is none."""
        try:
            return float(self.text(name))
        except ValueError:
            return None

    def store(self, name: str, value: str) -> None:
        """Keeps a value."""
        qt.QSettings().setValue(PREFIX + name, value)

    @property
    def projectFolder(self) -> Path | None:
        """Folder of the project that was open last, whether or not it is there; None at first."""
        text = self.text("ProjectFolder")
        return Path(text) if text else None

    @projectFolder.setter
    def projectFolder(self, folder: Path | None) -> None:
        self.store("ProjectFolder", str(folder) if folder else "")
