"""Asks which structure of the project a segment stands for, in the panel rather than in a window."""

from __future__ import annotations

import qt
from dualtaskseg.contract.segment import Segment
from slicer.i18n import tr as _

from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.panel.accessible import giveName, inTabOrder
from DualTaskSegLib.panel.filling import fillCombo, styleTable
from DualTaskSegLib.panel.section import Widgets
from DualTaskSegLib.results.annotations import NEW_SEGMENT, Annotation
from DualTaskSegLib.scene.segmentations import Mismatches

SEGMENT, STRUCTURE = range(2)
COLUMN_WIDTHS = {SEGMENT: 18}  # in characters


class MappingBox:
    """Drives mappingBox, with a row for each segment that the project doesn't know.

    Attributes:
        applied: the user answered: the outline, and the names of its segments -> names of structures, None to leave
            one out, ``NEW_SEGMENT`` to add it to the project.
    """

    def __init__(self, ui: Widgets) -> None:
        self.ui = ui
        self.annotation: Annotation | None = None
        self.applied = Signal()
        self._choices: list[tuple[str, qt.QComboBox]] = []
        styleTable(ui.mappingTable, COLUMN_WIDTHS, STRUCTURE, [_("Segment"), _("Structure of the project")])
        ui.mappingApplyButton.connect("clicked()", self._onApply)
        ui.mappingCancelButton.connect("clicked()", self.hide)

    def ask(self, annotation: Annotation, found: Mismatches, segments: list[Segment]) -> None:
        """Shows the question; the probable answer is chosen already."""
        self.annotation = annotation
        self._choices = []
        self.ui.mappingLabel.text = _(
            "The outline of {case} has segments that the project does not know. Choose what they stand for."
        ).format(case=annotation.case.name)
        table = self.ui.mappingTable
        table.setRowCount(0)
        table.setRowCount(len(found.unknown))
        for row, info in enumerate(found.unknown):
            item = qt.QTableWidgetItem(info.name)
            item.setFlags(qt.Qt.ItemIsEnabled)
            table.setItem(row, SEGMENT, item)
            choice = qt.QComboBox()
            entries = [(_("leave it out"), ""), *((segment.name, segment.name) for segment in segments)]
            entries.append((_("add it as a new structure"), NEW_SEGMENT))
            fillCombo(choice, entries, found.suggestions.get(info.name, ""))
            giveName(choice, info.name)
            table.setCellWidget(row, STRUCTURE, choice)
            self._choices.append((info.name, choice))
        table.resizeRowsToContents()  # a list to choose from is higher than a text
        inTabOrder([table, *(choice for _name, choice in self._choices), self.ui.mappingCancelButton])
        self.ui.mappingBox.visible = True

    @property
    def isAsking(self) -> bool:
        """Whether the question is shown."""
        return self.annotation is not None

    def hide(self) -> None:
        """Puts the question away."""
        self.annotation = None
        self._choices = []
        self.ui.mappingTable.setRowCount(0)
        self.ui.mappingBox.visible = False

    def _onApply(self) -> None:
        annotation = self.annotation
        mapping = {name: choice.currentData or None for name, choice in self._choices}
        self.hide()
        self.applied.emit(annotation, mapping)
