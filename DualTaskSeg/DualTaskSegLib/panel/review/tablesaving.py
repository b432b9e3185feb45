"""Saves a table of numbers where the user wants it."""

from __future__ import annotations

from pathlib import Path

from dualtaskseg.names import folder_name
from slicer.i18n import tr as _

from DualTaskSegLib.measuring.numbers import NumberTable
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.saving import askTarget

SUFFIX = ".csv"


def saveTable(panel: Panel, table: NumberTable, name: str) -> None:
    """Asks for a file and writes the table as CSV.

    Args:
        name: of the file that is suggested; it holds no patient's name.
    """
    suggested = Path(panel.settings.text("TableFolder")) / f"{folder_name(name)}{SUFFIX}"
    target = askTarget(panel, _("Save table"), suggested, _("Table (CSV)"), SUFFIX)
    if target is None:
        return
    panel.settings.store("TableFolder", str(target.file.parent))
    panel.doSteps(
        table.writeSteps(target.file),
        _("Writing the table"),
        lambda file: panel.inform(_("Written: {file}.").format(file=file)),
    )


def figure(value: float | None, decimals: int = 1) -> str:
    """A number for people; a dash where it is undefined."""
    return "–" if value is None else f"{value:.{decimals}f}"
