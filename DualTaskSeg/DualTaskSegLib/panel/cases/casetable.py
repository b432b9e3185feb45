"""The table of cases: quick for hundreds of them, since only what changed is written into it."""

from __future__ import annotations

from collections.abc import Iterable

import qt
from dualtaskseg.contract.dataset import EXCLUDED, LABELED, UNLABELED
from slicer.i18n import tr as _

from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.panel.section import styleTable
from DualTaskSegLib.project.project import EDITED, OUTLINED, PREDICTED, ProjectCase

NAME, ROLE, SEGMENTATION, VALIDATION, PROBLEMS = range(5)
COLUMN_WIDTHS = {NAME: 100, ROLE: 76, SEGMENTATION: 100, VALIDATION: 68}


def roleText(role: str) -> str:
    """Returns the name of a role for people."""
    return {LABELED: _("labeled"), UNLABELED: _("unlabeled"), EXCLUDED: _("left out")}[role]


def segmentationText(case: ProjectCase) -> str:
    """Says what is known of a case's segmentation."""
    if case.label:
        origins = {OUTLINED: _("outlined"), PREDICTED: _("predicted"), EDITED: _("predicted, edited")}
        return origins.get(case.origin, _("from a file"))
    if case.suggested:
        return _("outline next")
    if case.predictedDice is not None:
        return _("Dice ≈ {dice}").format(dice=f"{case.predictedDice:.2f}")
    return ""


class CaseTable:
    """Drives a QTableWidget.

    Args:
        table: the widget; it is filled and connected here.

    Attributes:
        opened: a case, by its id, was double-clicked.
        roleClicked: the role of a case, by its id, was clicked.
        menuWanted: the right mouse button was pressed on the table.
        selectionChanged: other rows are selected.
        validationChanged: the mark of a case, by its id, was set or taken away (a bool).
    """

    def __init__(self, table: qt.QTableWidget) -> None:
        self.table = table
        self.opened = Signal()
        self.roleClicked = Signal()
        self.menuWanted = Signal()
        self.selectionChanged = Signal()
        self.validationChanged = Signal()
        self._shown: dict[str, tuple] = {}  # what stands in the row of a case
        table.setColumnCount(5)
        table.setHorizontalHeaderLabels([_("Scan"), _("Role"), _("Segmentation"), _("Validation"), _("Problems")])
        table.horizontalHeaderItem(VALIDATION).setToolTip(
            _("Cases with a check mark measure the quality and are not learned from")
        )
        styleTable(table, COLUMN_WIDTHS, PROBLEMS)
        table.setContextMenuPolicy(qt.Qt.CustomContextMenu)
        table.setSortingEnabled(True)
        table.sortByColumn(NAME, qt.Qt.AscendingOrder)
        table.connect("cellDoubleClicked(int,int)", self._onDoubleClick)
        table.connect("cellClicked(int,int)", self._onClick)
        table.connect("itemSelectionChanged()", self.selectionChanged.emit)
        table.connect("itemChanged(QTableWidgetItem*)", self._onItemChanged)
        table.connect("customContextMenuRequested(QPoint)", self._onContextMenu)

    # --- contents

    def show(self, cases: Iterable[ProjectCase]) -> None:
        """Makes the table show these cases; the selection stays."""
        wanted = {case.id: _contents(case) for case in cases}
        if wanted == self._shown:
            return
        wasBlocked = self.table.blockSignals(True)
        self.table.setUpdatesEnabled(False)
        self.table.setSortingEnabled(False)
        try:
            self._removeOthers(wanted)
            rows = self._rows()
            new = [caseId for caseId in wanted if caseId not in rows]
            first = self.table.rowCount
            self.table.setRowCount(first + len(new))
            rows.update({caseId: first + index for index, caseId in enumerate(new)})
            for caseId, contents in wanted.items():
                if self._shown.get(caseId) != contents:
                    self._fillRow(rows[caseId], caseId, contents)
            self._shown = wanted
        finally:
            self.table.setSortingEnabled(True)
            self.table.setUpdatesEnabled(True)
            self.table.blockSignals(wasBlocked)
        self.selectionChanged.emit()

    def _removeOthers(self, wanted: dict[str, tuple]) -> None:
        gone = [row for caseId, row in self._rows().items() if caseId not in wanted]
        if len(gone) == self.table.rowCount:
            self.table.setRowCount(0)
        for row in sorted(gone, reverse=True) if self.table.rowCount else ():
            self.table.removeRow(row)
        self._shown = {caseId: shown for caseId, shown in self._shown.items() if caseId in wanted}

    def _fillRow(self, row: int, caseId: str, contents: tuple) -> None:
        name, tooltip, role, segmentation, isSuggested, validation, problems = contents
        texts = {NAME: name, ROLE: role, SEGMENTATION: segmentation, VALIDATION: "", PROBLEMS: problems.split("\n")[0]}
        tooltips = {NAME: tooltip, ROLE: _("Click to change the role"), PROBLEMS: problems}
        for column in range(5):
            item = self.table.item(row, column)
            if item is None:
                item = qt.QTableWidgetItem()
                item.setFlags(qt.Qt.ItemIsSelectable | qt.Qt.ItemIsEnabled)
                if column == NAME:
                    item.setData(qt.Qt.UserRole, caseId)
                self.table.setItem(row, column, item)
            item.setText(texts[column])
            item.setToolTip(tooltips.get(column, ""))
            font = item.font()
            if font.bold() != isSuggested:
                font.setBold(isSuggested)
                item.setFont(font)
        self._fillMark(self.table.item(row, VALIDATION), validation)

    def _fillMark(self, item: qt.QTableWidgetItem, validation: bool | None) -> None:
        """Only labeled cases can be held out: others have no box to check."""
        if validation is None:
            item.setFlags(qt.Qt.ItemIsSelectable | qt.Qt.ItemIsEnabled)
            item.setData(qt.Qt.CheckStateRole, None)
            item.setToolTip(_("Only labeled cases can be held out for validation"))
        else:
            item.setFlags(qt.Qt.ItemIsSelectable | qt.Qt.ItemIsEnabled | qt.Qt.ItemIsUserCheckable)
            item.setCheckState(qt.Qt.Checked if validation else qt.Qt.Unchecked)
            item.setToolTip(_("Hold this case out to measure the quality"))

    # --- rows and cases

    def caseIdOf(self, row: int) -> str:
        """Returns the id of the case in a row."""
        item = self.table.item(row, NAME)
        return str(item.data(qt.Qt.UserRole)) if item is not None else ""

    def rowOf(self, caseId: str) -> int:
        """Returns the row of a case; -1 if it has none."""
        return self._rows().get(caseId, -1)

    def _rows(self) -> dict[str, int]:
        return {self.caseIdOf(row): row for row in range(self.table.rowCount)}

    def selectedIds(self) -> list[str]:
        """Returns the ids of the selected cases, from top to bottom."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows(NAME))
        return [self.caseIdOf(row) for row in rows]

    def select(self, caseId: str) -> None:
        """Selects a case and scrolls to it."""
        row = self.rowOf(caseId)
        if row >= 0:
            self.table.selectRow(row)
            self.table.scrollToItem(self.table.item(row, NAME))

    # --- from the widget

    def _onDoubleClick(self, row: int, column: int) -> None:
        if column not in (ROLE, VALIDATION):
            self.opened.emit(self.caseIdOf(row))

    def _onClick(self, row: int, column: int) -> None:
        if column == ROLE:
            self.roleClicked.emit(self.caseIdOf(row))

    def _onContextMenu(self, position: qt.QPoint) -> None:
        if self.table.itemAt(position) is not None:
            self.menuWanted.emit()

    def _onItemChanged(self, item: qt.QTableWidgetItem) -> None:
        if item.column() == VALIDATION and item.data(qt.Qt.CheckStateRole) is not None:
            self.validationChanged.emit(self.caseIdOf(item.row()), item.checkState() == qt.Qt.Checked)


def _contents(case: ProjectCase) -> tuple[object, ...]:
    return (
        case.name,
        case.image,
        roleText(case.role),
        segmentationText(case),
        case.suggested,
        case.validation if case.role == LABELED else None,
        "\n".join(case.problems),
    )
