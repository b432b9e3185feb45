"""The section Models: what was trained or imported, with its figures, and which one is used."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import qt
import slicer
from dualtaskseg.model.description import SUFFIX
from dualtaskseg.model.folder import rename_model
from dualtaskseg.names import folder_name, free_name
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import inThread
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.filling import fillRow, selectedRows, silenced, styleTable
from DualTaskSegLib.panel.jobbar import ChildJob
from DualTaskSegLib.panel.saving import askTarget
from DualTaskSegLib.panel.section import Section, setAvailable, slot
from DualTaskSegLib.project import modellibrary
from DualTaskSegLib.project.modellibrary import ModelEntry

NAME, DATE, SEGMENTS, CASES, DICE, SIZE = range(6)
COLUMN_WIDTHS = {NAME: 20, DATE: 13, SEGMENTS: 14, CASES: 7, DICE: 7}  # in characters
MEGABYTE = 1_000_000


class ModelsSection(Section):
    TITLE = _("&Models")
    UI_FILE = "Models.ui"

    def __init__(self, panel: Panel, parentLayout: qt.QVBoxLayout) -> None:
        super().__init__(panel, parentLayout)
        ui = self.ui
        self.job = ChildJob(panel, ui.modelJobLabel, ui.modelJobBar, ui.modelJobCancelButton, self._showSelected)
        table = self.ui.modelsTable
        headings = [_("Model"), _("Date"), _("Structures"), _("Cases"), _("Dice"), _("Size")]
        styleTable(table, COLUMN_WIDTHS, SIZE, headings)
        table.horizontalHeaderItem(CASES).setToolTip(_("Outlined scans + other scans that it learned from"))
        table.horizontalHeaderItem(DICE).setToolTip(_("On scans held out from training, mean over the structures"))
        table.connect("itemSelectionChanged()", self.onSelected)
        self.ui.detailsButton.connect("toggled(bool)", self.showDetails)
        self.ui.renameButton.connect("clicked()", self.onRename)
        self.ui.exportButton.connect("clicked()", self.onExport)
        self.ui.bundleButton.connect("clicked()", self.onExportBundle)
        self.ui.importButton.connect("clicked()", self.onImport)
        self.ui.deleteButton.connect("clicked()", self.onDelete)
        panel.projectChanged.connect(panel.readModels)
        panel.modelsChanged.connect(self.refresh)
        self.refresh()

    # --- state

    def refresh(self) -> None:
        """Shows the models; the chosen one is selected."""
        models = self.panel.models
        table = self.ui.modelsTable
        with silenced(table):
            table.setRowCount(len(models))
            for row, entry in enumerate(models):
                self._fillRow(row, entry)
            chosen = [row for row, entry in enumerate(models) if entry.folder == self.panel.currentModel()]
            if chosen:
                table.selectRow(chosen[0])
            elif self._selected() is None:
                table.clearSelection()
        self._showSelected()

    def _fillRow(self, row: int, entry: ModelEntry) -> None:
        cases = "" if entry.labeled is None else str(entry.labeled)
        if cases and entry.unlabeled:
            cases += f"+{entry.unlabeled}"
        texts = {
            NAME: entry.name,
            DATE: entry.created[:10],
            SEGMENTS: _("can't be used") if entry.problem else ", ".join(entry.segments),
            CASES: cases,
            DICE: "" if entry.validationDice is None else f"{entry.validationDice:.3f}",
            SIZE: _("{size} MB").format(size=f"{entry.sizeBytes / MEGABYTE:.1f}"),
        }
        tooltips = dict.fromkeys(texts, entry.problem) if entry.problem else {**texts, NAME: str(entry.folder)}
        fillRow(self.ui.modelsTable, row, texts, tooltips)

    def _selected(self) -> ModelEntry | None:
        rows = selectedRows(self.ui.modelsTable)
        return self.panel.models[rows[0]] if rows and rows[0] < len(self.panel.models) else None

    def _showSelected(self) -> None:
        entry = self._selected()
        self.ui.problemLabel.text = entry.problem if entry is not None else ""
        self.ui.problemLabel.visible = bool(self.ui.problemLabel.text)
        noProject = self.panel.whyNoProject()
        noModel = noProject or ("" if self.panel.models else _("There is no model yet: train or import one."))
        noChoice = noModel or ("" if entry is not None else _("Select a model in the table."))
        broken = noChoice or (_("This model can't be used.") if entry.problem else "")
        setAvailable(self.ui.detailsButton, broken, _("What the model learned from, its figures and its versions"))
        setAvailable(self.ui.renameButton, broken, _("Give the model another name"))
        setAvailable(self.ui.exportButton, broken, _("Save the model as one file, to pass it on"))
        busy = _("Wait until the present work is done, or cancel it.") if self.job.isAtWork else ""
        setAvailable(
            self.ui.bundleButton,
            broken or busy,
            _("Save the model as a folder that MONAI and programs built on it run without DualTaskSeg"),
        )
        setAvailable(self.ui.importButton, noProject, _("Add a model from a file that was exported"))
        setAvailable(self.ui.deleteButton, noChoice, _("Delete the model from disk; you are asked before"))
        if broken and self.ui.detailsButton.checked:
            self.ui.detailsButton.setChecked(False)
        self.showDetails()

    @slot
    def showDetails(self) -> None:
        """Shows or hides the details."""
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
        entry = self._selected()
        if entry is not None and not entry.problem:
            self.panel.setCurrentModel(entry.folder)
        self._showSelected()

    @slot
    def onRename(self) -> None:
        """Asks for another name."""
        entry = self._selected()
        name = self.panel.askText(_("Rename"), _("Name of the model:"), entry.name)
        if name and name != entry.name:
            rename_model(entry.folder, name)
            self.panel.readModels()

    @slot
    def onExport(self) -> None:
        """Asks where to, then packs the model into one file."""
        entry = self._selected()
        start = Path(self.panel.settings.text("ModelExportFolder")) / f"{entry.folder.name}{SUFFIX}"
        suggested = start.with_name(folder_name(entry.name) + SUFFIX)
        target = askTarget(self.panel, _("Export the model"), suggested, _("Model"), SUFFIX)
        if target is None:
            return
        self.panel.settings.store("ModelExportFolder", str(target.file.parent))

        def exported(written: Path) -> None:
            self.panel.inform(_("The model was exported to {file}.").format(file=written))

        work = inThread(lambda: modellibrary.exportModel(entry, target.file, overwrite=target.mayReplace))
        self.panel.doSteps(work, _("Exporting {name}").format(name=entry.name), exported)

    @slot
    def onExportBundle(self) -> None:
        """Asks in which folder, then makes a new folder there that holds the model as a MONAI Bundle."""
        entry = self._selected()
        parent = qt.QFileDialog.getExistingDirectory(
            slicer.util.mainWindow(),
            _("Choose the folder in which a folder with the MONAI Bundle is made"),
            self.panel.settings.text("ModelExportFolder"),
        )
        if not parent:
            return
        self.panel.settings.store("ModelExportFolder", parent)
        self.panel.inform("")
        name = free_name(folder_name(entry.name), lambda one: (Path(parent) / one).exists(), " ")

        def exported(result: dict[str, Any]) -> None:
            self.panel.inform(
                _("The MONAI Bundle is in {folder}; docs/README.md in it tells how to run it.").format(
                    folder=result["folder"]
                )
            )

        self.job.start(
            _("Exporting {name}").format(name=entry.name),
            partial(self.panel.worker.exportBundle, entry.folder, Path(parent) / name),
            exported,
        )

    def cleanup(self) -> None:
        self.job.cancel()

    @slot
    def onImport(self) -> None:
        """Asks for a file, checks it, and adds its model."""
        file = qt.QFileDialog.getOpenFileName(
            slicer.util.mainWindow(),
            _("Import a model"),
            self.panel.settings.text("ModelExportFolder"),
            _("Model") + f" (*{SUFFIX})",
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
