"""The part of the section Review that compares the result with another one of the scan: what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import slicer
from slicer.i18n import tr as _

from DualTaskSegLib.engine.steprunner import StepRunner
from DualTaskSegLib.measuring.scenejobs import Comparer, Comparison, comparisonOf, dropIfStaleSteps, scanIfThere
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.filling import fillCombo, fillRow, styleTable
from DualTaskSegLib.panel.jobbar import JobBar
from DualTaskSegLib.panel.section import Widgets, setAvailable, slot
from DualTaskSegLib.panel.tablesaving import figure, saveTable
from DualTaskSegLib.results import results

STRUCTURE, BEFORE, AFTER, ADDED, REMOVED, DISTANCE = range(6)
COLUMN_WIDTHS = {BEFORE: 8, AFTER: 8, ADDED: 8, REMOVED: 8, DISTANCE: 16}  # in characters


class CompareBox:
    """Drives compareSelector, comparedCheck, compareButton, changesTable and changesSaveButton.

    Args:
        job: shows how far the work is.
        onCompared: called when there is a new comparison, or one is gone.
    """

    def __init__(self, panel: Panel, ui: Widgets, job: JobBar, onCompared: Callable[[bool], None]) -> None:
        self.panel = panel
        self.ui = ui
        self.job = job
        self._onCompared = onCompared
        self._node: slicer.vtkMRMLSegmentationNode | None = None  # under review
        self.comparison: Comparison | None = None  # of the result under review, see look
        self._filled: tuple[slicer.vtkMRMLScalarVolumeNode, int] | None = None  # whose numbers the table shows
        self._runner = StepRunner()
        self.comparer = Comparer(lambda: panel.worker, job.update, self._onDone, self._onFailed)
        headings = (_("Structure"), _("Before"), _("Now"), _("Added"), _("Removed"), _("Surfaces apart"))
        styleTable(ui.changesTable, COLUMN_WIDTHS, STRUCTURE, headings)
        ui.compareSelector.connect("currentIndexChanged(int)", self.onChosen)
        ui.compareButton.connect("clicked()", self.onCompare)
        ui.changesSaveButton.connect("clicked()", self.onSave)

    @property
    def compared(self) -> slicer.vtkMRMLSegmentationNode | None:
        """The segmentation to compare with: the chosen one, else the newest other one of the scan; None without one."""
        chosen, others = self.panel.parameterNode.compared, self._others()
        return chosen if chosen in others else next(iter(others), None)

    def look(self, node: slicer.vtkMRMLSegmentationNode | None) -> None:
        """Looks which result is under review, and whether it was compared."""
        self._node, self.comparison = node, comparisonOf(node)

    def refresh(self, reason: str, busy: str) -> None:
        """Shows what can be done with the result under review.

        Args:
            reason: why nothing can be compared; empty if something can.
            busy: the same, as long as other work goes on.
        """
        ui, others = self.ui, self._others()
        reason = reason or ("" if others else _("There is no other segmentation of this scan."))
        entries = [(_nameOf(other), other.GetID()) for other in others]
        selector = ui.compareSelector
        there = [(selector.itemText(index), selector.itemData(index)) for index in range(selector.count)]
        compared = self.compared
        chosen = compared.GetID() if compared is not None else ""
        if there != entries or (chosen and selector.currentData != chosen):
            fillCombo(selector, entries, chosen)
        setAvailable(selector, reason, _("The earlier result to compare with: of another model, or an outline"))
        setAvailable(ui.comparedCheck, reason, _("Show the outline of the other one in the slice views"))
        setAvailable(
            ui.compareButton,
            reason or busy,
            _("Find what changed from the other one to this result: volumes, surfaces, and a colored map"),
        )
        isCompared = self.comparison is not None
        setAvailable(
            ui.changesSaveButton,
            "" if isCompared else _("Compare first."),
            _("Save these numbers as a table for a spreadsheet (CSV)"),
        )
        for widget in (ui.changesTable, ui.changesSaveButton):
            widget.visible = isCompared
        self._fill()

    def _others(self) -> list[slicer.vtkMRMLSegmentationNode]:
        """The other segmentations of the scan, the newest first."""
        volume = scanIfThere(self._node)
        if volume is None:
            return []
        nodes = reversed(list(slicer.util.getNodesByClass("vtkMRMLSegmentationNode")))
        return [node for node in nodes if node is not self._node and scanIfThere(node) is volume]

    def _fill(self) -> None:
        comparison = self.comparison
        node = comparison.node if comparison is not None else None
        key = (node, node.GetMTime()) if node is not None else None
        if key == self._filled:
            return
        self._filled = key
        rows = comparison.table.rows if comparison is not None else ()
        self.ui.changesTable.setRowCount(len(rows))
        for row, (structure, before, after, added, removed, dice, mean, percentile, largest) in enumerate(rows):
            tooltip = _(
                "{structure}: Dice {dice}. Surfaces: mean {mean}, 95 % {percentile}, largest {largest} mm."
            ).format(
                structure=structure,
                dice=figure(dice, 3),
                mean=figure(mean),
                percentile=figure(percentile),
                largest=figure(largest),
            )
            texts = {STRUCTURE: structure, DISTANCE: _distances(mean, percentile, largest)}
            for column, ml in ((BEFORE, before), (AFTER, after), (ADDED, added), (REMOVED, removed)):
                texts[column] = _("{volume} mL").format(volume=f"{ml:.3g}")
            fillRow(self.ui.changesTable, row, texts, dict.fromkeys(texts, tooltip))

    # --- clicks

    @slot
    def onChosen(self, index: int) -> None:
        """Another segmentation is to be compared with."""
        if self.panel.parameterNode is not None and index >= 0:
            node = slicer.mrmlScene.GetNodeByID(self.ui.compareSelector.itemData(index))
            self.panel.parameterNode.compared = node

    @slot
    def onCompare(self) -> None:
        """Compares."""
        other = slicer.mrmlScene.GetNodeByID(self.ui.compareSelector.currentData)
        self.panel.parameterNode.compared = other
        self.comparer.start(other, self._node)
        self.job.begin(_("Comparing"))
        self._onCompared(False)

    @slot
    def onSave(self) -> None:
        """Saves the numbers as CSV."""
        if self.comparison is not None:
            saveTable(self.panel, self.comparison.table, _("changes"))

    def check(self) -> None:
        """Looks whether the segmentations that were compared were edited since; if so, what was found is wrong."""
        if self.comparison is None:
            return

        def done(isStale: bool) -> None:
            if isStale and self.panel.parameterNode is not None:
                self.panel.inform(_("A segmentation has changed since it was compared. Compare again."))
                self._onCompared(False)

        self._runner.start(dropIfStaleSteps(self.comparison), done, self.panel.failWith)

    def cancel(self) -> None:
        """Ends what goes on."""
        self.comparer.cancel()

    def close(self) -> None:
        """Ends everything."""
        self._runner.close()
        self.comparer.cancel()
        self._node = self.comparison = self._filled = None

    def _onDone(self, comparison: Comparison) -> None:
        self.job.end()
        name = _("{name} changes").format(name=comparison.node.GetNodeReference(results.SOURCE_REFERENCE).GetName())
        table = comparison.table.toNode(name, comparison.node.GetNodeReference(results.SOURCE_REFERENCE))
        self.panel.inform(_("What changed is colored in the views. The table is {name}.").format(name=table.GetName()))
        self._onCompared(True)

    def _onFailed(self, sentence: str) -> None:
        self.job.end()
        if sentence:
            self.panel.fail(sentence)
        self._onCompared(False)


def _nameOf(node: slicer.vtkMRMLSegmentationNode) -> str:
    model = node.GetAttribute(results.MODEL)
    if not model:
        return node.GetName()
    return _("{name}, by {model}").format(name=node.GetName(), model=model)


def _distances(mean: float | None, percentile: float | None, largest: float | None) -> str:
    if mean is None:
        return ""
    figures: Iterable[str] = (figure(value) for value in (mean, percentile, largest))
    return " / ".join(figures)
