"""Saves a table of numbers where the user wants it."""

from __future__ import annotations

from pathlib import Path

from dualtaskseg.names import folder_name
from slicer.i18n import tr as _

from DualTaskSegLib.measuring.numbers import NumberTable
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.saving import askTarget

SUFFIX = ".csv"


def askTable(panel: Panel, name: str) -> Path | None:
    """Asks where a table is to be saved as CSV; None if the user doesn't want to.

    Args:
        name: of the file that is suggested; it holds no patient's name.
    """
    suggested = Path(panel.settings.text("TableFolder")) / f"{folder_name(name)}{SUFFIX}"
    target = askTarget(panel, _("Save table"), suggested, _("Table (CSV)"), SUFFIX)
    if target is None:
        return None
    panel.settings.store("TableFolder", str(target.file.parent))
    return target.file


def writeTable(panel: Panel, table: NumberTable, file: Path, more: str = "") -> None:
    """Writes a table as CSV.

    Args:
        told: what is told before the name of the file.
    """

    def done(written: Path) -> None:
        text = _("Written: {file}.").format(file=written)
        panel.inform(f"{more} {text}".strip())

    panel.doSteps(table.writeSteps(file), _("Writing the table"), done)


def saveTable(panel: Panel, table: NumberTable, name: str) -> None:
    """Asks for a file and writes the table there, see the functions above."""
    file = askTable(panel, name)
    if file is not None:
        writeTable(panel, table, file)


def figure(value: float | None, decimals: int = 1) -> str:
    """A number for people; a dash where it is undefined."""
    return "–" if value is None else f"{value:.{decimals}f}"
