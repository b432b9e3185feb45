"""The part of the section Review that measures the result: volumes and largest diameters, as a table to be saved."""

from __future__ import annotations

from collections.abc import Callable

import slicer
from slicer.i18n import tr as _

from DualTaskSegLib.measuring.numbers import NumberTable
from DualTaskSegLib.measuring.scenejobs import Measurer, scanIfThere
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.filling import fillRow, styleTable
from DualTaskSegLib.panel.jobbar import JobBar
from DualTaskSegLib.panel.section import Widgets, setAvailable, slot
from DualTaskSegLib.panel.tablesaving import figure, saveTable
from DualTaskSegLib.results import results

STRUCTURE, VOLUME, AXIAL, LARGEST = range(4)
COLUMN_WIDTHS = {VOLUME: 10, AXIAL: 20, LARGEST: 10}  # in characters


class NumbersBox:
    """Drives measureButton, numbersTable and numbersSaveButton.

    Args:
        job: shows how far the work is.
        onChanged: called when the work begins or ends.
    """

    def __init__(self, panel: Panel, ui: Widgets, job: JobBar, onChanged: Callable[[], None]) -> None:
        self.panel = panel
        self.ui = ui
        self.job = job
        self._onChanged = onChanged
        self._node: slicer.vtkMRMLSegmentationNode | None = None  # under review
        self._measured: slicer.vtkMRMLSegmentationNode | None = None  # what is being, or was, measured
        self._table: NumberTable | None = None
        self._measuredPrint: dict[str, tuple[str, list[float]]] = {}  # what the segmentation held then
        self.measurer = Measurer(lambda: panel.worker, job.update, self._onDone, self._onFailed)
        headings = (_("Structure"), _("Volume"), _("Axial slice"), _("In 3D"))
        styleTable(ui.numbersTable, COLUMN_WIDTHS, STRUCTURE, headings)
        ui.measureButton.connect("clicked()", self.onMeasure)
        ui.numbersSaveButton.connect("clicked()", self.onSave)

    def refresh(self, node: slicer.vtkMRMLSegmentationNode | None, reason: str, busy: str) -> None:
        """Shows what can be done.

        Args:
            node: the result under review.
            reason: why nothing can be measured; empty if something can.
            busy: the same, as long as other work goes on.
        """
        if node is not self._node:
            self._node, self._table = node, None
        ui = self.ui
        setAvailable(
            ui.measureButton,
            reason or busy,
            _("Measure each structure: its volume, and its largest diameters in an axial slice and in 3D"),
        )
        setAvailable(
            ui.numbersSaveButton,
            "" if self._table is not None else _("Measure first."),
            _("Save these numbers as a table for a spreadsheet (CSV)"),
        )
        for widget in (ui.numbersTable, ui.numbersSaveButton):
            widget.visible = self._table is not None

    def check(self) -> None:
        """Looks, at all voxels, whether the result changed since it was measured: then the numbers are wrong."""
        if self._table is not None and not results.sameContent(self._measuredPrint, results.fingerprintOf(self._node)):
            self._table = None

    @slot
    def onMeasure(self) -> None:
        """Measures the result."""
        self._measured = self._node
        self.measurer.start(self._node)
        self.job.begin(_("Measuring"))
        self._onChanged()

    @slot
    def onSave(self) -> None:
        """Saves the numbers as CSV."""
        if self._table is not None:
            saveTable(self.panel, self._table, _("numbers"))

    def cancel(self) -> None:
        """Ends what goes on."""
        self.measurer.cancel()

    def close(self) -> None:
        """Ends everything."""
        self.measurer.cancel()
        self._node = self._measured = self._table = None

    def _onDone(self, table: NumberTable) -> None:
        self.job.end()
        node = self._measured
        if node.GetScene() is None:
            self._onFailed("")
            return
        made = table.toNode(_("{name} numbers").format(name=node.GetName()), scanIfThere(node))
        self.panel.inform(_("Measured. The table is {name}.").format(name=made.GetName()))
        if node is self._node:
            self._table, self._measuredPrint = table, self.measurer.fingerprint
            self._fill(table)
        self._onChanged()

    def _onFailed(self, sentence: str) -> None:
        self.job.end()
        if sentence:
            self.panel.fail(sentence)
        self._onChanged()

    def _fill(self, table: NumberTable) -> None:
        self.ui.numbersTable.setRowCount(len(table.rows))
        for row, (structure, volume, axial, across, largest, *_forecast) in enumerate(table.rows):
            texts = {
                STRUCTURE: structure,
                VOLUME: _("{volume} mL").format(volume=f"{volume:.4g}"),
                AXIAL: ""
                if axial is None
                else _("{length} x {across} mm").format(length=figure(axial), across=figure(across)),
                LARGEST: "" if largest is None else _("{length} mm").format(length=figure(largest)),
            }
            fillRow(self.ui.numbersTable, row, texts, texts)
