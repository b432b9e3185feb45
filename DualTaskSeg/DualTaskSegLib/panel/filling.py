"""Filling tables and lists to choose from: what the user didn't do is not told by them, and all tables look alike."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import qt

ROW_ROOM = 8  # pixels of a row above and below its text


@contextlib.contextmanager
def silenced(widget: qt.QWidget) -> Iterator[None]:
    """Keeps a widget from telling of changes."""
    wasBlocked = widget.blockSignals(True)
    try:
        yield
    finally:
        widget.blockSignals(wasBlocked)


def fillCombo(combo: qt.QComboBox, entries: Iterable[tuple[str, str]], *wishes: str) -> None:
    """Replaces what can be chosen.

    Args:
        entries: what is read, and what it stands for.
        *wishes: the first of these that is there is chosen, or else the first entry.
    """
    with silenced(combo):
        combo.clear()
        for text, meaning in entries:
            combo.addItem(text, meaning)
        found = (combo.findData(wish) for wish in wishes)
        combo.setCurrentIndex(next((index for index in found if index >= 0), 0))


def styleTable(
    table: qt.QTableWidget, widths: Mapping[int, int], stretched: int, headings: Sequence[str] | None = None
) -> None:
    """Gives a table the look of the panel's tables.

    Rows and columns are as large as the user's font needs.

    Args:
        widths: of columns, in characters; each is at least as wide as its heading.
        stretched: the column that takes the room that is left.
        headings: of the columns, unless the form has them.
    """
    if headings is not None:
        table.setColumnCount(len(headings))
        table.setHorizontalHeaderLabels(headings)
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + ROW_ROOM)
    table.horizontalHeader().setDefaultAlignment(qt.Qt.AlignLeft | qt.Qt.AlignVCenter)
    table.horizontalHeader().setHighlightSections(False)
    character = table.fontMetrics().averageCharWidth()
    for column, width in {**widths, stretched: 0}.items():
        table.setColumnWidth(column, max(width * character, table.horizontalHeader().sectionSizeHint(column)))
    # The stretched column, too, keeps the room for its heading where the panel is narrow.
    table.horizontalHeader().setMinimumSectionSize(table.columnWidth(stretched))
    table.horizontalHeader().setSectionResizeMode(stretched, qt.QHeaderView.Stretch)


def fillRow(table: qt.QTableWidget, row: int, texts: Mapping[int, str], tooltips: Mapping[int, str]) -> None:
    """Writes a row, by column; only what changed is written anew."""
    for column, text in texts.items():
        item = table.item(row, column)
        if item is None:
            item = qt.QTableWidgetItem()
            item.setFlags(qt.Qt.ItemIsSelectable | qt.Qt.ItemIsEnabled)
            table.setItem(row, column, item)
        if item.text() != text:
            item.setText(text)
        if item.toolTip() != tooltips.get(column, ""):
            item.setToolTip(tooltips.get(column, ""))


def selectedRows(table: qt.QTableWidget) -> list[int]:
    """The selected rows from top to bottom."""
    return sorted(index.row() for index in table.selectionModel().selectedRows())
