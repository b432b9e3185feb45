"""The table of cases: quick for hundreds of them, since only what changed is written into it."""

from __future__ import annotations

from collections.abc import Iterable

import qt
from dualtaskseg.contract.dataset import EXCLUDED, LABELED, UNLABELED
from slicer.i18n import tr as _

from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.panel.filling import fillRow, selectedRows, silenced, styleTable
from DualTaskSegLib.project.case import EDITED, OUTLINED, PREDICTED, ProjectCase
from DualTaskSegLib.project.emptyslices import shortSlicesText, slicesText

NAME, ROLE, SEGMENTATION, VALIDATION, PROBLEMS = range(5)
COLUMN_WIDTHS = {NAME: 16, ROLE: 12, SEGMENTATION: 16, VALIDATION: 10}  # in characters


def roleText(role: str) -> str:
    """Returns the name of a role for people."""
    return _roleTexts()[role]


def _roleTexts() -> dict[str, str]:
    return {LABELED: _("labeled"), UNLABELED: _("unlabeled"), EXCLUDED: _("left out")}


def segmentationText(case: ProjectCase) -> str:
    """Says what is known of a case's segmentation."""
    if case.isPartly:
        return shortSlicesText(case)
    if case.label:
        origins = {OUTLINED: _("outlined"), PREDICTED: _("predicted"), EDITED: _("predicted, edited")}
        return origins.get(case.origin, _("from a file"))
    if case.suggested:
        return _("outline next")
    if case.nothingFound:
        return _("nothing found")
    if case.predictedDice is not None:
        return _("Dice ≈ {dice}").format(dice=f"{case.predictedDice:.2f}")
    return ""


class CaseTable:
    """Drives a QTableWidget."""

    def __init__(self, table: qt.QTableWidget) -> None:
        self.table = table
        self.opened = Signal()  # a case, by its id, was double-clicked
        self.roleClicked = Signal()  # the role of a case, by its id, was clicked
        self.menuWanted = Signal()  # the right mouse button was pressed on the table
        self.selectionChanged = Signal()  # other rows are selected
        self.validationChanged = Signal()  # the mark of a case, by its id, was set or taken away (a bool)
        self._shown: dict[str, tuple] = {}  # what stands in the row of a case
        headings = [_("Scan"), _("Role"), _("Segmentation"), _("Validation"), _("Problems")]
        styleTable(table, COLUMN_WIDTHS, PROBLEMS, headings)
        table.horizontalHeaderItem(VALIDATION).setToolTip(
            _("Cases with a check mark measure the quality and are not learned from")
        )
        table.setContextMenuPolicy(qt.Qt.CustomContextMenu)
        table.setSortingEnabled(True)
        table.horizontalHeader().connect("sortIndicatorChanged(int,Qt::SortOrder)", self._makeRoomForArrow)
        table.sortByColumn(NAME, qt.Qt.AscendingOrder)
        table.connect("cellDoubleClicked(int,int)", self._onDoubleClick)
        table.connect("cellClicked(int,int)", self._onClick)
        table.connect("itemSelectionChanged()", self.selectionChanged.emit)
        table.connect("itemChanged(QTableWidgetItem*)", self._onItemChanged)
        table.connect("customContextMenuRequested(QPoint)", self._onContextMenu)

    # --- contents

    def show(self, cases: Iterable[ProjectCase]) -> None:
        """Makes the table show these cases; the selection stays."""
        roles = _roleTexts()
        wanted = {case.id: _contents(case, roles) for case in cases}
        if wanted == self._shown:
            return
        with silenced(self.table):
            self.table.setUpdatesEnabled(False)
            self.table.setSortingEnabled(False)
            try:
                rows = self._rows()
                if any(caseId not in wanted for caseId in rows):
                    self._removeOthers(rows, wanted)
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
        self.selectionChanged.emit()

    def _removeOthers(self, rows: dict[str, int], wanted: dict[str, tuple]) -> None:
        gone = [row for caseId, row in rows.items() if caseId not in wanted]
        if len(gone) == self.table.rowCount:
            self.table.setRowCount(0)
        for row in sorted(gone, reverse=True) if self.table.rowCount else ():
            self.table.removeRow(row)
        self._shown = {caseId: shown for caseId, shown in self._shown.items() if caseId in wanted}

    def _fillRow(self, row: int, caseId: str, contents: tuple) -> None:
        name, tooltip, role, segmentation, isSuggested, validation, problems, outlined = contents
        texts = {NAME: name, ROLE: role, SEGMENTATION: segmentation, VALIDATION: "", PROBLEMS: problems.split("\n")[0]}
        hint = _("Only labeled cases can be held out for validation")
        if validation is not None:
            hint = _("Hold this case out to measure the quality")
        tooltips = {
            SEGMENTATION: outlined,
            NAME: tooltip,
            ROLE: _("Click to change the role"),
            VALIDATION: hint,
            PROBLEMS: problems,
        }
        fillRow(self.table, row, texts, tooltips)
        if caseId not in self._shown:
            self.table.item(row, NAME).setData(qt.Qt.UserRole, caseId)
        if isSuggested != (caseId in self._shown and self._shown[caseId][4]):
            for column in texts:
                item = self.table.item(row, column)
                font = item.font()
                font.setBold(isSuggested)
                item.setFont(font)
        self._fillMark(self.table.item(row, VALIDATION), validation)

    def _fillMark(self, item: qt.QTableWidgetItem, validation: bool | None) -> None:
        """Only labeled cases can be held out: others have no box to check."""
        if validation is None:
            item.setFlags(qt.Qt.ItemIsSelectable | qt.Qt.ItemIsEnabled)
            item.setData(qt.Qt.CheckStateRole, None)
        else:
            item.setFlags(qt.Qt.ItemIsSelectable | qt.Qt.ItemIsEnabled | qt.Qt.ItemIsUserCheckable)
            item.setCheckState(qt.Qt.Checked if validation else qt.Qt.Unchecked)

    # --- rows and cases

    def caseIdOf(self, row: int) -> str:
        """Returns the id of the case in a row."""
        item = self.table.item(row, NAME)
        return str(item.data(qt.Qt.UserRole)) if item is not None else ""

    def _rows(self) -> dict[str, int]:
        return {self.caseIdOf(row): row for row in range(self.table.rowCount)}

    def selectedIds(self) -> list[str]:
        """Returns the ids of the selected cases, from top to bottom."""
        return [self.caseIdOf(row) for row in selectedRows(self.table)]

    def select(self, caseId: str) -> None:
        """Selects a case and scrolls to it."""
        row = self._rows().get(caseId)
        if row is not None:
            self.table.selectRow(row)
            self.table.scrollToItem(self.table.item(row, NAME))

    # --- from the widget

    def _onDoubleClick(self, row: int, column: int) -> None:
        if column not in (ROLE, VALIDATION):
            self.opened.emit(self.caseIdOf(row))

    def _onClick(self, row: int, column: int) -> None:
        if column == ROLE:
            self.roleClicked.emit(self.caseIdOf(row))

    def _makeRoomForArrow(self, column: int, _order: int) -> None:
        """The heading of the column by which the table is sorted has an arrow beside its text."""
        if column != PROBLEMS:
            needed = self.table.horizontalHeader().sectionSizeHint(column)
            self.table.setColumnWidth(column, max(self.table.columnWidth(column), needed))

    def _onContextMenu(self, position: qt.QPoint) -> None:
        if self.table.itemAt(position) is not None:
            self.menuWanted.emit()

    def _onItemChanged(self, item: qt.QTableWidgetItem) -> None:
        if item.column() == VALIDATION and item.data(qt.Qt.CheckStateRole) is not None:
            self.validationChanged.emit(self.caseIdOf(item.row()), item.checkState() == qt.Qt.Checked)


def _unanswered(case: ProjectCase) -> list[str]:
    """What has to be said of a labeled case before networks learn from its label."""
    if case.role != LABELED or not case.notLookedFor:
        return []
    return [_("Look at it again for: {names}.").format(names=", ".join(case.notLookedFor))]


def _contents(case: ProjectCase, roles: dict[str, str]) -> tuple[object, ...]:
    return (
        case.name,
        case.image,
        roles[case.role],
        segmentationText(case),
        case.suggested,
        case.validation if case.role == LABELED else None,
        "\n".join([*_unanswered(case), *case.problems]),
        slicesText(case) if case.isPartly else "",
    )
