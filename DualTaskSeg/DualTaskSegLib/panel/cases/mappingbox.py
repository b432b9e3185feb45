"""Asks which structure of the project a segment stands for, in the panel rather than in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import qt
from dualtaskseg.contract.segment import Segment
from slicer.i18n import tr as _

from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.results.annotations import NEW_SEGMENT, Annotation
from DualTaskSegLib.scene.segmentations import Mismatches

if TYPE_CHECKING:
    from DualTaskSegLib.panel.section import Widgets


class MappingBox:
    """Drives the group box with a row for each segment that the project doesn't know.

    Args:
        ui: holds mappingBox, mappingLabel, mappingTable, mappingApplyButton and mappingCancelButton.

    Attributes:
        applied: the user answered: the outline, and the names of its segments -> names of structures, None to leave
            one out, ``NEW_SEGMENT`` to add it to the project.
    """

    def __init__(self, ui: Widgets) -> None:
        self.ui = ui
        self.annotation: Annotation | None = None
        self.applied = Signal()
        self._choices: list[tuple[str, qt.QComboBox]] = []
        ui.mappingTable.setColumnCount(2)
        ui.mappingTable.setHorizontalHeaderLabels([_("Segment"), _("Structure of the project")])
        ui.mappingTable.verticalHeader().setVisible(False)
        ui.mappingTable.horizontalHeader().setStretchLastSection(True)
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
            table.setItem(row, 0, item)
            choice = qt.QComboBox()
            choice.addItem(_("leave it out"), "")
            for segment in segments:
                choice.addItem(segment.name, segment.name)
            choice.addItem(_("add it as a new structure"), NEW_SEGMENT)
            suggested = found.suggestions.get(info.name)
            names = [segment.name for segment in segments]
            choice.setCurrentIndex(1 + names.index(suggested) if suggested in names else 0)
            table.setCellWidget(row, 1, choice)
            self._choices.append((info.name, choice))
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
