"""The section Models: what was trained or imported, with its figures, and which one is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import qt
import slicer
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import inThread
from DualTaskSegLib.panel.saving import askTarget
from DualTaskSegLib.panel.section import Section, setAvailable, slot, styleTable
from DualTaskSegLib.project import modellibrary
from DualTaskSegLib.project.modellibrary import ModelEntry

if TYPE_CHECKING:
    from DualTaskSegLib.panel.context import Panel

NAME, DATE, SEGMENTS, CASES, DICE, SIZE = range(6)
COLUMN_WIDTHS = {NAME: 125, DATE: 80, SEGMENTS: 85, CASES: 45, DICE: 45}
MEGABYTE = 1_000_000


class ModelsSection(Section):
    """See the module."""

    UI_FILE = "Models.ui"

    def __init__(self, panel: Panel, parentLayout: qt.QVBoxLayout) -> None:
        super().__init__(panel, parentLayout)
        self._isFilling = False
        table = self.ui.modelsTable
        table.setColumnCount(6)
        table.setHorizontalHeaderLabels(
            [_("Model"), _("Date"), _("Structures"), _("Cases"), _("Dice"), _("Size")],
        )
        table.horizontalHeaderItem(CASES).setToolTip(_("Outlined scans + other scans that it learned from"))
        table.horizontalHeaderItem(DICE).setToolTip(_("On scans held out from training, mean over the structures"))
        styleTable(table, COLUMN_WIDTHS, SIZE)
        table.connect("itemSelectionChanged()", self.onSelected)
        self.ui.detailsButton.connect("toggled(bool)", self.onDetails)
        self.ui.renameButton.connect("clicked()", self.onRename)
        self.ui.exportButton.connect("clicked()", self.onExport)
        self.ui.importButton.connect("clicked()", self.onImport)
        self.ui.deleteButton.connect("clicked()", self.onDelete)
        panel.projectChanged.connect(panel.readModels)
        panel.modelsChanged.connect(self.refresh)
        self.refresh()

    def title(self) -> str:
        return _("Models")

    # --- state

    def refresh(self) -> None:
        """Shows the models; the chosen one is selected."""
        models = self.panel.models
        table = self.ui.modelsTable
        self._isFilling = True
        try:
            table.setRowCount(len(models))
            for row, entry in enumerate(models):
                self._fillRow(row, entry)
            chosen = [row for row, entry in enumerate(models) if entry.folder == self.panel.currentModel()]
            if chosen:
                table.selectRow(chosen[0])
            elif self._selected() is None:
                table.clearSelection()
        finally:
            self._isFilling = False
        self._showSelected()

    def _fillRow(self, row: int, entry: ModelEntry) -> None:
        cases = "" if entry.labeled is None else str(entry.labeled)
        if cases and entry.unlabeled:
            cases += f"+{entry.unlabeled}"
        texts = {
            NAME: entry.name,
            DATE: entry.created[:10],
            SEGMENTS: ", ".join(entry.segments),
            CASES: cases,
            DICE: "" if entry.validationDice is None else f"{entry.validationDice:.3f}",
            SIZE: _("{size} MB").format(size=f"{entry.sizeBytes / MEGABYTE:.1f}"),
        }
        if entry.problem:
            texts[SEGMENTS] = _("can't be used")
        for column, text in texts.items():
            item = qt.QTableWidgetItem(text)
            item.setFlags(qt.Qt.ItemIsSelectable | qt.Qt.ItemIsEnabled)
            item.setToolTip(entry.problem or (str(entry.folder) if column == NAME else text))
            self.ui.modelsTable.setItem(row, column, item)

    def _selected(self) -> ModelEntry | None:
        rows = self.ui.modelsTable.selectionModel().selectedRows()
        row = rows[0].row() if rows else -1
        return self.panel.models[row] if 0 <= row < len(self.panel.models) else None

    def _showSelected(self) -> None:
        entry = self._selected()
        self.ui.problemLabel.text = entry.problem if entry is not None else ""
        self.ui.problemLabel.visible = bool(self.ui.problemLabel.text)
        noProject = (
            "" if self.panel.project is not None else _("Choose a project folder first (New project, at the top).")
        )
        noModel = noProject or ("" if self.panel.models else _("There is no model yet: train or import one."))
        noChoice = noModel or ("" if entry is not None else _("Select a model in the table."))
        broken = noChoice or (_("This model can't be used.") if entry.problem else "")
        setAvailable(self.ui.detailsButton, broken, _("What the model learned from, its figures and its versions"))
        setAvailable(self.ui.renameButton, broken, _("Give the model another name"))
        setAvailable(self.ui.exportButton, broken, _("Save the model as one file, to pass it on"))
        setAvailable(self.ui.importButton, noProject, _("Add a model from a file that was exported"))
        setAvailable(self.ui.deleteButton, noChoice, _("Delete the model from disk; you are asked before"))
        if broken and self.ui.detailsButton.checked:
            self.ui.detailsButton.setChecked(False)
        self._showDetails()

    def _showDetails(self) -> None:
        entry = self._selected()
        isShown = self.ui.detailsButton.checked and entry is not None and not entry.problem
        self.ui.detailsText.visible = isShown
        if isShown:
            self.ui.detailsText.setPlainText(modellibrary.details(entry.folder))

    def enter(self) -> None:
        """The user comes back: models may have come from elsewhere."""
        if self.panel.project is not None:
            self.panel.readModels()

    # --- clicks

    @slot
    def onSelected(self) -> None:
        """A row was selected: the model is used from now on."""
        if self._isFilling:
            return
        entry = self._selected()
        if entry is not None and not entry.problem:
            self.panel.setCurrentModel(entry.folder)
        self._showSelected()

    @slot
    def onDetails(self, isOn: bool) -> None:
        """Shows or hides the details."""
        self._showDetails()

    @slot
    def onRename(self) -> None:
        """Asks for another name."""
        entry = self._selected()
        name = qt.QInputDialog.getText(
            slicer.util.mainWindow(), _("Rename"), _("Name of the model:"), qt.QLineEdit.Normal, entry.name
        )
        if name and name != entry.name:
            modellibrary.renameModel(entry, name)
            self.panel.readModels()

    @slot
    def onExport(self) -> None:
        """Asks where to, then packs the model into one file."""
        entry = self._selected()
        suffix = modellibrary.FILE_SUFFIX
        start = Path(self.panel.settings.text("ModelExportFolder")) / f"{entry.folder.name}{suffix}"
        suggested = start.with_name(_fileName(entry.name) + suffix)
        target = askTarget(self.panel, _("Export the model"), suggested, _("Model"), suffix)
        if target is None:
            return
        self.panel.settings.store("ModelExportFolder", str(target.file.parent))

        def exported(written: Path) -> None:
            self.panel.inform(_("The model was exported to {file}.").format(file=written))

        work = inThread(lambda: modellibrary.exportModel(entry, target.file, overwrite=target.mayReplace))
        self.panel.doSteps(work, _("Exporting {name}").format(name=entry.name), exported)

    @slot
    def onImport(self) -> None:
        """Asks for a file, checks it, and adds its model."""
        suffix = modellibrary.FILE_SUFFIX
        file = qt.QFileDialog.getOpenFileName(
            slicer.util.mainWindow(),
            _("Import a model"),
            self.panel.settings.text("ModelExportFolder"),
            _("Model") + f" (*{suffix})",
        )
        if not file:
            return
        self.panel.inform("")
        folder = self.panel.project.modelsFolder

        def imported(entry: ModelEntry) -> None:
            self.panel.readModels(choose=entry.folder)
            self.panel.inform(_("The model {name} was imported.").format(name=entry.name))

        work = inThread(lambda: modellibrary.importModel(file, folder))
        self.panel.doSteps(work, _("Importing {name}").format(name=Path(file).name), imported)

    @slot
    def onDelete(self) -> None:
        """Deletes the model after asking."""
        entry = self._selected()
        if not self.panel.confirm(modellibrary.deletionText(entry)):
            return

        def deleted(_nothing: None) -> None:
            self.panel.readModels()
            self.panel.runChanged.emit()

        work = inThread(lambda: modellibrary.deleteModel(entry))
        self.panel.doSteps(work, _("Deleting {name}").format(name=entry.name), deleted)


def _fileName(name: str) -> str:
    from dualtaskseg.names import folder_name

    return folder_name(name)
