"""How the tables of the panel look, the same for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import qt

ROW_HEIGHT = 22


def dress(table: Any, widths: Mapping[int, int], stretched: int) -> None:
    """Gives a QTableWidget the look of the panel's tables.

    Args:
        table: with its columns.
        widths: of the columns, in pixels.
        stretched: the column that takes the room that is left.
    """
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    table.horizontalHeader().setDefaultAlignment(qt.Qt.AlignLeft | qt.Qt.AlignVCenter)
    table.horizontalHeader().setSectionResizeMode(stretched, qt.QHeaderView.Stretch)
    table.horizontalHeader().setHighlightSections(False)
    for column, width in widths.items():
        table.setColumnWidth(column, width)
