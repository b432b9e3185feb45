"""The part of the section Apply that segments many cases: which, how far each is, and what becomes of the results."""

from __future__ import annotations

from collections.abc import Callable

import slicer
from dualtaskseg.contract.dataset import UNLABELED
from slicer.i18n import tr as _

from DualTaskSegLib.common.i18n import counted
from DualTaskSegLib.common.steps import Steps
from DualTaskSegLib.engine.batch import CANCELED, DONE, FAILED, WAITING, WORKING, Batch, BatchItem, batchItems
from DualTaskSegLib.panel.apply.batchnumbers import BatchNumbers
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.filling import fillRow, selectedRows, styleTable
from DualTaskSegLib.panel.section import Widgets, setAvailable, slot
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.results import results
from DualTaskSegLib.results.accepting import acceptFileSteps
from DualTaskSegLib.results.segmenting import setFigures
from DualTaskSegLib.scene import casevolumes

TOKEN = "DualTaskSeg.Prediction"
CASE, STATE, DICE = range(3)
ALL_UNLABELED, SELECTED = range(2)
COLUMN_WIDTHS = {CASE: 22, STATE: 20}  # in characters


class BatchTable:
    """Drives batchSelector, batchButton, batchCancelButton, batchTable and the buttons below it.

    Args:
        showResult: called with a segmentation and its volume once a result was loaded.
    """

    def __init__(
        self,
        panel: Panel,
        ui: Widgets,
        showResult: Callable[[slicer.vtkMRMLSegmentationNode, slicer.vtkMRMLScalarVolumeNode], None],
    ) -> None:
        self.panel = panel
        self.ui = ui
        self._showResult = showResult
        self._reasonForAll = ""
        self.batch: Batch | None = None
        self.numbers = BatchNumbers(panel, ui.batchNumbersButton, lambda: self.refresh(self._reasonForAll))
        table = ui.batchTable
        styleTable(table, COLUMN_WIDTHS, DICE)
        ui.batchButton.connect("clicked()", self.onStart)
        ui.batchCancelButton.connect("clicked()", self.onCancel)
        ui.batchSelector.connect("currentIndexChanged(int)", self.onChoice)
        ui.batchShowButton.connect("clicked()", self.onShow)
        ui.batchAcceptButton.connect("clicked()", self.onAccept)
        ui.batchNumbersButton.connect("clicked()", self.onNumbers)
        table.connect("cellDoubleClicked(int,int)", self.onDoubleClicked)
        table.connect("itemSelectionChanged()", self.onChoice)
        panel.selectionChanged.connect(self.onChoice)
        panel.projectChanged.connect(self.clear)

    @property
    def isRunning(self) -> bool:
        """Whether cases are being segmented."""
        return self.batch is not None and self.batch.isRunning

    def refresh(self, reasonForAll: str) -> None:
        """Shows what can be done.

        Args:
            reasonForAll: why nothing can be segmented at all; empty if something can.
        """
        self._reasonForAll = reasonForAll
        ui = self.ui
        setAvailable(ui.batchButton, self._whyNotStart(), _("Segment these cases one after the other"))
        ui.batchCancelButton.visible = self.isRunning or self.numbers.isBusy
        ui.batchTable.visible = bool(self.batch)
        done = [item for item in self._selected() if item.state == DONE]
        setAvailable(
            ui.batchShowButton,
            "" if len(done) == 1 else _("Select one finished case in the list."),
            _("Load the case with its result"),
        )
        setAvailable(
            ui.batchAcceptButton,
            "" if done else _("Select finished cases in the list."),
            _("Make the results the labels of their cases as they are, so that the next training learns from them"),
        )
        self.numbers.refresh(len(self._measurable()), self.isRunning)
        for widget in (ui.batchShowButton, ui.batchAcceptButton, ui.batchNumbersButton):
            widget.visible = bool(self.batch)
        chosen = self._selected()
        ui.batchNoteLabel.text = _note(chosen[0]) if len(chosen) == 1 else ""
        ui.batchNoteLabel.visible = bool(ui.batchNoteLabel.text)

    def _whyNotStart(self) -> str:
        if self.panel.project is None:
            return _("Open or make a project first (at the top).")
        if self._reasonForAll or self.isRunning:
            return self._reasonForAll or _("Cases are being segmented.")
        if not self._cases():
            if self.ui.batchSelector.currentIndex == SELECTED:
                return _("Select cases in the table of the section Cases.")
            return _("The project has no unlabeled case.")
        return ""

    def _cases(self) -> list[ProjectCase]:
        cases = self.panel.project.cases if self.panel.project is not None else []
        if self.ui.batchSelector.currentIndex == SELECTED:
            chosen = set(self.panel.selectedCaseIds)
            return [case for case in cases if case.id in chosen]
        return [case for case in cases if case.role == UNLABELED]

    def _selected(self) -> list[BatchItem]:
        if self.batch is None:
            return []
        rows = selectedRows(self.ui.batchTable)
        return [self.batch.items[row] for row in rows if row < len(self.batch.items)]

    @slot
    def onChoice(self) -> None:
        """Other cases are chosen."""
        self.refresh(self._reasonForAll)

    # --- segmenting

    @slot
    def onStart(self) -> None:
        """Segments the chosen cases; those that have results of this model only if the user wants."""
        model = self.panel.currentModel()
        items = batchItems(self.panel.project, model, self._cases())
        done = [item for item in items if item.state == DONE]
        if done and self._askAgain(len(done), len(items)):
            for item in done:
                item.state, item.prediction = WAITING, None
        device = self.panel.settings.text("Device", "auto") or "auto"
        self.batch = Batch(self.panel.worker, model, items, self._onChanged, self._onFinished, device)
        self._fill()
        self.batch.start()
        self.panel.resultsChanged.emit()

    def _askAgain(self, done: int, of: int) -> bool:
        return self.panel.askYesNo(
            counted(
                done,
                _(
                    "{count} of {of} cases has a result of this model already. Segment it again?\n\n"
                    "Yes: its result is replaced.\nNo: only the others are segmented."
                ),
                _(
                    "{count} of {of} cases have results of this model already. Segment them again?\n\n"
                    "Yes: their results are replaced.\nNo: only the others are segmented."
                ),
                of=of,
            ),
        )

    @slot
    def onCancel(self) -> None:
        """Ends it; what is done stays."""
        self.cancel()
        self.panel.resultsChanged.emit()

    def cancel(self) -> None:
        """Ends it; what is done stays."""
        self.numbers.cancel()
        if self.isRunning:
            self.batch.cancel()

    @slot
    def clear(self) -> None:
        """Another project is open."""
        self.cancel()
        self.batch = None
        self.ui.batchTable.setRowCount(0)

    def _onChanged(self, item: BatchItem) -> None:
        self._showRow(self.batch.items.index(item))

    def _onFinished(self) -> None:
        done, failed, of = self.batch.count(DONE), self.batch.count(FAILED), len(self.batch.items)
        text = counted(done, _("{count} of {of} cases is segmented."), _("{count} of {of} cases are segmented."), of=of)
        if failed:
            text += " " + _("{failed} could not be; the list says why.").format(failed=failed)
        remarked = sum(bool(item.remarks) for item in self.batch.items)
        if remarked:
            text += " " + counted(
                remarked,
                _("There are remarks on {count} of them: select it in the list to read them."),
                _("There are remarks on {count} of them: select one in the list to read them."),
            )
        (self.panel.fail if failed else self.panel.inform)(text)
        self.panel.resultsChanged.emit()

    def _fill(self) -> None:
        table = self.ui.batchTable
        table.setRowCount(0)
        table.setRowCount(len(self.batch.items))
        for row in range(len(self.batch.items)):
            self._showRow(row)

    def _showRow(self, row: int) -> None:
        item = self.batch.items[row]
        dice = item.prediction.predicted_dice if item.prediction is not None else None
        texts = {
            CASE: item.case.name,
            STATE: self._stateText(item),
            DICE: item.problem or ("" if dice is None else f"{dice:.2f}"),
        }
        note = _note(item)
        fillRow(self.ui.batchTable, row, texts, dict.fromkeys(texts, note) if note else texts)

    @staticmethod
    def _stateText(item: BatchItem) -> str:
        if item.state == DONE and item.remarks:
            return _("done, with remarks")
        if item.state == WORKING:
            return _("working, {percent} %").format(percent=round(100 * item.share))
        return {WAITING: _("waits"), DONE: _("done"), FAILED: _("failed"), CANCELED: _("canceled")}[item.state]

    # --- results

    @slot
    def onDoubleClicked(self, row: int, column: int) -> None:
        """Loads a finished case with its result."""
        if self.batch is not None and row < len(self.batch.items) and self.batch.items[row].state == DONE:
            self._show(self.batch.items[row])

    @slot
    def onShow(self) -> None:
        """Loads the selected case with its result."""
        self._show(self._selected()[0])

    def _show(self, item: BatchItem) -> None:
        text = _("Loading {name}").format(name=item.case.name)
        self.panel.doSteps(_loadSteps(item), text, lambda nodes: self._showResult(*nodes))

    def _measurable(self) -> list[BatchItem]:
        """The selected finished cases; all finished ones where none is selected."""
        items = self._selected() or (self.batch.items if self.batch is not None else [])
        return [item for item in items if item.state == DONE]

    @slot
    def onNumbers(self) -> None:
        """Measures results and saves one table with a row for each case."""
        self.numbers.start(self._measurable(), self.batch.model)

    @slot
    def onAccept(self) -> None:
        """Makes the selected results the labels of their cases."""
        items = [item for item in self._selected() if item.state == DONE]
        labeled = [item for item in items if item.case.label]
        if labeled and not self.panel.confirm(
            counted(
                len(labeled),
                _("{count} of these cases has a label already. Use the result instead?"),
                _("{count} of these cases have a label already. Use the results instead?"),
            )
        ):
            return
        project = self.panel.project

        def steps() -> Steps[int]:
            for index, item in enumerate(items):
                yield from acceptFileSteps(project, item.case, item.prediction)
                yield (index + 1) / len(items)
            return len(items)

        self.panel.doSteps(steps(), _("Writing labels"), self._onAccepted, self._onNotAccepted)

    def _onAccepted(self, count: int) -> None:
        self._keep()
        self.panel.inform(
            counted(
                count,
                _("{count} case is labeled now; the next training learns from it."),
                _("{count} cases are labeled now; the next training learns from them."),
            )
        )

    def _onNotAccepted(self, sentence: str) -> None:
        self._keep()  # those before it are labels already
        self.panel.fail(sentence)

    def _keep(self) -> None:
        self.panel.segmentsChanged.emit()
        self.panel.keepCases()


def _loadSteps(item: BatchItem) -> Steps[tuple[slicer.vtkMRMLSegmentationNode, slicer.vtkMRMLScalarVolumeNode]]:
    """Loads a case and its result; a result that is in the scene already is not loaded again."""
    volume = yield from casevolumes.loadCaseSteps(item.case)
    prediction, token = item.prediction, _token(item)
    for known in results.resultsOf(volume):
        if known.segmentationNode is not None and known.segmentationNode.GetAttribute(TOKEN) == token:
            return known.segmentationNode, volume
    result = yield from results.addResultSteps(
        volume, prediction.label, prediction.sdm, prediction.uncertainty, prediction.model
    )
    setFigures(result.segmentationNode, prediction)
    result.segmentationNode.SetAttribute(TOKEN, token)
    return result.segmentationNode, volume


def _note(item: BatchItem) -> str:
    """What is to be known about a case; empty where all is well."""
    return item.problem or " ".join(item.remarks)


def _token(item: BatchItem) -> str:
    """Tells one prediction from another, without a path, which would be saved with the scene."""
    return f"{item.folder.parent.name}/{item.folder.name}/{item.prediction.label.stat().st_mtime_ns}"
