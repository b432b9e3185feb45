"""The table of a project's trainings."""

from __future__ import annotations

from collections.abc import Callable

import qt
from slicer.i18n import tr as _

from DualTaskSegLib.engine import runs
from DualTaskSegLib.engine.runs import RunSnapshot, RunWatch
from DualTaskSegLib.panel.filling import fillRow, selectedRows, silenced, styleTable

NAME, STATE, PROGRESS = range(3)
COLUMN_WIDTHS = {NAME: 28, STATE: 14}  # in characters


def stateText(state: str) -> str:
    """Returns the name of a state for people."""
    return {
        runs.NEW: _("not started"),
        runs.STARTING: _("starting"),
        runs.RUNNING: _("training"),
        runs.STOPPING: _("stopping"),
        runs.INTERRUPTED: _("interrupted"),
        runs.STOPPED: _("stopped"),
        runs.FINISHED: _("finished"),
        runs.FAILED: _("failed"),
        runs.GONE: _("missing"),
    }[state]


class RunTable:
    """Drives a QTableWidget with a row for each training; ``onSelected`` is called when the user selects another."""

    def __init__(self, table: qt.QTableWidget, onSelected: Callable[[], None]) -> None:
        self.table = table
        self.watches: list[RunWatch] = []
        styleTable(table, COLUMN_WIDTHS, PROGRESS, [_("Training"), _("State"), _("Progress")])
        table.connect("itemSelectionChanged()", onSelected)

    def show(self, watches: list[RunWatch], news: dict[RunWatch, RunSnapshot]) -> None:
        """Makes the table show these trainings, and what is known of them."""
        with silenced(self.table):
            selected = self.selected()
            if watches != self.watches:
                self.watches = list(watches)
                self.table.setRowCount(len(watches))
            for watch in watches:
                self.update(watch, news.get(watch))
            if selected in watches:
                self.table.selectRow(watches.index(selected))

    def update(self, watch: RunWatch, news: RunSnapshot | None) -> None:
        """Shows what is new of one training."""
        if watch not in self.watches:
            return
        state = stateText(news.state) if news is not None else ""
        share = news.fraction if news is not None else None
        texts = {NAME: watch.name, STATE: state, PROGRESS: "" if share is None else f"{100 * share:.0f} %"}
        tooltips = {NAME: str(watch.folder), STATE: news.message if news is not None else ""}
        fillRow(self.table, self.watches.index(watch), texts, tooltips)

    def selected(self) -> RunWatch | None:
        """Returns the training in the selected row."""
        rows = selectedRows(self.table)
        return self.watches[rows[0]] if rows and rows[0] < len(self.watches) else None

    def select(self, watch: RunWatch | None) -> None:
        """Selects a training; the function for the user's selections is not called."""
        with silenced(self.table):
            if watch in self.watches:
                self.table.selectRow(self.watches.index(watch))
            else:
                self.table.clearSelection()
