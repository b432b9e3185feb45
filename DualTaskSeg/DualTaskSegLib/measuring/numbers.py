"""Tables of numbers that people report: as nodes that Slicer shows and saves, and as CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import slicer
import vtk
from dualtaskseg.files import write_text
from dualtaskseg.remedies import system_faults
from dualtaskseg.tablecells import csv_text
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.results.results import placeBeside

# One row a structure; names are the same in nodes, in CSV files and in those of the command line.
SIZE_COLUMNS = ("volume_ml", "axial_mm", "perpendicular_mm", "largest_mm")
FORECAST_COLUMNS = ("predicted_dice", "agreement")
CHANGE_COLUMNS = (
    *("before_ml", "after_ml", "added_ml", "removed_ml", "dice"),
    *("mean_mm", "percentile95_mm", "largest_mm"),
)
DECIMALS = 4
Cell = str | float | None


@dataclass(frozen=True)
class NumberTable:
    """A table of texts and numbers; None is a figure that is undefined or unknown."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def toNode(self, name: str, volumeNode: slicer.vtkMRMLScalarVolumeNode | None = None) -> slicer.vtkMRMLTableNode:
        """Adds it to the scene as a table.

        Args:
            volumeNode: the scan beside which it is put in the subject hierarchy.
        """
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTableNode", slicer.mrmlScene.GenerateUniqueName(name))
        isModifying = node.StartModify()
        for index, column in enumerate(self.columns):
            node.AddColumn(_array(column, [row[index] for row in self.rows]))
        node.SetUseColumnTitleAsColumnHeader(True)
        node.EndModify(isModifying)
        if volumeNode is not None:
            placeBeside(node, volumeNode)
        return node

    def toCsv(self) -> str:
        """As CSV; what a spreadsheet would take for a formula is made text."""
        return csv_text(self.columns, self.rows)

    def writeSteps(self, file: Path) -> Steps[Path]:
        """Writes it as CSV, in one step as others see it; a file that is there is replaced.

        Raises:
            InputError: the file can't be written.
        """

        def write() -> Path:
            remedy = _("Choose another folder, or free some space on the disk")
            with system_faults(_("{file} can't be written").format(file=file), remedy):
                write_text(file, self.toCsv())
            return file

        return (yield from inThread(write))


def sizesTable(case: dict[str, Any]) -> NumberTable:
    """One row a structure of what the child process measured in a case, with the forecast of its quality."""
    forecast = [case[name] for name in FORECAST_COLUMNS]
    rows = [(each["segment"], *(each[name] for name in SIZE_COLUMNS), *forecast) for each in case["segments"]]
    return NumberTable(("structure", *SIZE_COLUMNS, *FORECAST_COLUMNS), tuple(rows))


def changesTable(structures: Sequence[dict[str, Any]]) -> NumberTable:
    """One row a structure of what the child process found changed."""
    rows = [(each["structure"], *(_rounded(each[name]) for name in CHANGE_COLUMNS)) for each in structures]
    return NumberTable(("structure", *CHANGE_COLUMNS), tuple(rows))


def _array(name: str, values: Sequence[Cell]) -> vtk.vtkAbstractArray:
    isText = any(isinstance(value, str) for value in values)
    array = vtk.vtkStringArray() if isText else vtk.vtkDoubleArray()
    array.SetName(name)
    for value in values:
        empty = "" if isText else float("nan")
        array.InsertNextValue(empty if value is None else value)
    return array


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
