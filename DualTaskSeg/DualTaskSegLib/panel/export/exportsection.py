"""The section Export: what a segmentation still needs to leave Slicer as a file of some kind, and writing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import qt
import slicer
from dualtaskseg.contract.issue import ERROR, NOTE, WARNING
from dualtaskseg.errors import DualTaskSegError
from dualtaskseg.names import folder_name
from slicer.i18n import tr as _

from DualTaskSegLib.common.i18n import counted
from DualTaskSegLib.common.steps import inThread
from DualTaskSegLib.dicom.exportchecks import (
    FINE,
    UNKNOWN,
    Check,
    checksOf,
    filesCheck,
    filesThere,
    sourceVolume,
    withoutTerm,
)
from DualTaskSegLib.dicom.exportformats import SEG, ExportFormat, formats
from DualTaskSegLib.dicom.exporting import Exporter, addToDatabase, hasDatabase, mapsBeside, modelOf
from DualTaskSegLib.engine.steprunner import StepRunner
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.installing import dependencies
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.filling import fillCombo
from DualTaskSegLib.panel.installbox import InstallBox
from DualTaskSegLib.panel.jobbar import JobBar
from DualTaskSegLib.panel.saving import askTarget
from DualTaskSegLib.panel.section import Section, setAvailable, slot
from DualTaskSegLib.panel.termbox import TermBox
from DualTaskSegLib.panel.watching import SceneWatch
from DualTaskSegLib.project.modellibrary import keepTerm
from DualTaskSegLib.results import results

SERIES = "files of the series"  # a question for the disk
ICONS = {
    FINE: "SP_DialogApplyButton",
    NOTE: "SP_MessageBoxInformation",
    WARNING: "SP_MessageBoxWarning",
    ERROR: "SP_MessageBoxCritical",
    UNKNOWN: "SP_BrowserReload",
}
SPOKEN = {FINE: _("fine"), NOTE: _("note"), WARNING: _("warning"), ERROR: _("open point"), UNKNOWN: _("looking")}


class ExportSection(Section):
    TITLE = _("E&xport")
    UI_FILE = "Export.ui"

    def __init__(self, panel: Panel, parentLayout: qt.QVBoxLayout) -> None:
        super().__init__(panel, parentLayout)
        self.job = JobBar(self.ui.exportStatus, self.ui.exportProgress, self.ui.exportCancelButton)
        self.exporter = Exporter(lambda: panel.worker, self.job.update, self._onDone, self._onFailed)
        self.checks: list[Check] = []
        self._formats = {each.id: each for each in formats()}
        self._key: tuple = ()
        self._files: tuple[Path, ...] = ()  # of the series, about which the disk was asked
        self._filesCheck: Check | None = None  # what it answered
        self._isRefreshing = self._hasAnswer = False
        self._lookedAt: tuple[object, ...] = ()  # the content whose voxels were counted
        self._runner = StepRunner()
        ui = self.ui
        fillCombo(
            ui.formatCombo,
            [(each.title, each.id) for each in self._formats.values()],
            panel.settings.text("ExportFormat"),
        )
        ui.formatCombo.connect("currentIndexChanged(int)", self.onFormat)
        ui.exportButton.connect("clicked()", self.onExport)
        ui.exportCancelButton.connect("clicked()", self.onCancel)
        ui.fixButton.connect("clicked()", self.onFix)
        self.terms = TermBox(ui)
        self.terms.chosen.connect(self.onTermChosen)
        ui.termButton.connect("clicked()", self.askTerm)
        self.button.connect("contentsCollapsed(bool)", self.onCollapsed)
        panel.resultsChanged.connect(self.refresh)
        panel.projectChanged.connect(self.refresh)
        self.watch = SceneWatch(panel, self.onSceneChanged)
        self.installBox = InstallBox(panel, ui, _missing, _missingText, self.refresh)
        self.refresh()

    # --- state

    def enter(self) -> None:
        """The segmentation may have been edited in another module, and packages installed."""
        self.installBox.refresh()
        self.refresh()

    @slot
    def onCollapsed(self, isCollapsed: bool) -> None:
        """The list is only kept up to date while it is seen: it looks for files and at voxels."""
        if not isCollapsed:
            self.refresh()

    @slot
    def onSceneChanged(self) -> None:
        """Parameters changed or nodes went away: only another segmentation, or another content, is looked at anew."""
        if self._keyOf(self._segmentation()) != self._key:
            self.refresh()

    @staticmethod
    def _keyOf(node: slicer.vtkMRMLSegmentationNode | None) -> tuple[object, ...]:
        if node is None:
            return ()
        volume = sourceVolume(node)
        times = [segment.GetMTime() for _id, segment in labelcontent.segmentsIn(node)]
        return node, volume, volume.GetTransformNodeID() if volume is not None else None, tuple(times)

    @property
    def format(self) -> ExportFormat:
        """As what it is to be saved."""
        return self._formats[self.ui.formatCombo.currentData]

    @slot
    def onFormat(self) -> None:
        """It is to be saved as something else, which needs other things."""
        self.panel.settings.store("ExportFormat", self.format.id)
        self.refresh()

    def refresh(self) -> None:
        """Shows what the segmentation still needs."""
        self._key = self._keyOf(self._segmentation())
        node = self._segmentation()
        self._runner.close()
        isCounted = node is None or self._lookedAt == self._key or labelcontent.isQuick(node)
        if not self.collapsed and not isCounted:
            self._count(node)
            self.checks = [Check(UNKNOWN, _("The segments are being looked at."))]
            self._showChecks()
        elif not self.collapsed:
            self._isRefreshing = True
            try:
                self.checks = self._checks(node) if node is not None else []
            finally:
                self._isRefreshing = False
            self._showChecks()
        ui = self.ui
        ui.exportButton.text = self.format.button
        tooltip = _("Write the segmentation as a DICOM file") if self.format.isDicom else _("Write the segmentation")
        setAvailable(ui.exportButton, self._whyNotExport(node), tooltip)
        ui.fixButton.visible = any(check.fix is not None for check in self.checks)
        self._refreshTerms(node)
        noDicom = "" if self.format.isDicom else _("Only DICOM files have this.")
        noDatabase = "" if hasDatabase() else _("Slicer's DICOM database is not open. Open the module DICOM once.")
        setAvailable(
            ui.databaseCheck,
            noDicom or noDatabase,
            _("Also keep a copy in Slicer's DICOM database, beside the series; it stays there until you delete it"),
        )
        result = results.resultOf(node)
        hasMaps = result is not None and bool(result.sdmNodes or result.uncertaintyNode)
        noMaps = "" if hasMaps else _("This segmentation has no signed distance or uncertainty volume.")
        setAvailable(
            ui.mapsCheck,
            noMaps if self.format.id == SEG else _("Only a DICOM segmentation can have them beside it."),
            _("Also write signed distance (mm) and uncertainty as DICOM parametric maps beside the file"),
        )
        model = (node.GetAttribute(results.MODEL) or "") if node is not None else ""
        setAvailable(ui.descriptionEdit, noDicom, _("The name under which the segmentation appears in the archive."))
        setAvailable(
            ui.creatorEdit,
            noDicom,
            _("Your name as DICOM writes it, such as Doe^Jane. Nobody is named if it is empty"),
        )
        ui.descriptionEdit.placeholderText = f"DualTaskSeg {model}" if model else _("Segmentation")

    def _count(self, node: slicer.vtkMRMLSegmentationNode) -> None:
        """Counts the voxels of a large segmentation while the application goes on."""
        key = self._key

        def done(_nothing: None) -> None:
            self._lookedAt = key
            self.refresh()

        self._runner.start(labelcontent.lookSteps([node]), done, self.panel.failWith)

    def _segmentation(self) -> slicer.vtkMRMLSegmentationNode | None:
        return self.panel.parameterNode.segmentation if self.panel.parameterNode is not None else None

    def _checks(self, node: slicer.vtkMRMLSegmentationNode) -> list[Check]:
        checks = checksOf(node, self._checkFiles, self.format.isDicom)
        names = ", ".join(one.wish for one in _missing())
        if names and self.format.id == SEG:
            checks.append(Check(ERROR, _("It needs these packages: {names}.").format(names=names), _("Click Install.")))
        order = (ERROR, UNKNOWN, WARNING, NOTE, FINE)
        return sorted(checks, key=lambda check: order.index(check.severity))

    def _checkFiles(self, files: tuple[Path, ...], count: int) -> Check:
        """Whether the files of the series are there: asked anew each time, without waiting for a disk that is gone."""
        if files != self._files:
            self.panel.disk.forget(SERIES)
            self._files, self._filesCheck = files, None
        if not self._hasAnswer and not self.panel.disk.isWaiting(SERIES):
            self.panel.disk.ask(
                SERIES,
                lambda: len(filesThere(files)),
                lambda there: self._onFiles(filesCheck(there, count)),
                self._onSilentDisk,
            )
        return self._filesCheck or Check(UNKNOWN, _("The files of its series are being looked for."))

    def _onFiles(self, check: Check) -> None:
        self._filesCheck = check
        if self._isRefreshing:  # the answer came at once
            return
        self._hasAnswer = True
        try:
            self.refresh()
        finally:
            self._hasAnswer = False

    def _onSilentDisk(self, error: Exception) -> None:
        if not isinstance(error, (DualTaskSegError, OSError)):
            raise error
        self._onFiles(
            Check(
                ERROR,
                _("The files of its series can't be looked for: their disk does not answer."),
                _("If it is a network drive, connect it again, then close and open this section."),
            )
        )

    def _showChecks(self) -> None:
        checksList = self.ui.checksList
        checksList.clear()
        for check in self.checks:
            text = f"{check.what} {check.remedy}".strip()
            item = qt.QListWidgetItem(text)
            item.setIcon(slicer.app.style().standardIcon(getattr(qt.QStyle, ICONS[check.severity])))
            item.setToolTip(text)
            item.setData(qt.Qt.AccessibleTextRole, f"{SPOKEN[check.severity]}: {text}")
            item.setFlags(qt.Qt.ItemIsEnabled)
            checksList.addItem(item)
        checksList.visible = bool(self.checks)

    def _whyNotExport(self, node: slicer.vtkMRMLSegmentationNode | None) -> str:
        if self.exporter.isBusy:
            return _("A segmentation is being written.")
        if node is None:
            return _("Choose a result.")
        problem = next((check for check in self.checks if check.severity in (ERROR, UNKNOWN)), None)
        return f"{problem.what} {problem.remedy}".strip() if problem is not None else ""

    # --- clicks

    @slot
    def onFix(self) -> None:
        """Does what can be done by a click."""
        for check in self.checks:
            if check.fix is not None:
                check.fix()
        self.refresh()

    # --- terms

    def _refreshTerms(self, node: slicer.vtkMRMLSegmentationNode | None) -> None:
        isLookedAt = not any(check.severity == UNKNOWN and check.fix is None for check in self.checks)
        names = withoutTerm(node) if isLookedAt and not self.collapsed else []
        if self.terms.structure and self.terms.structure not in names:
            self.terms.hide()
        self.ui.termButton.visible = bool(names) and not self.terms.structure

    @slot
    def askTerm(self) -> None:
        """Asks for the term of the first structure that has none."""
        names = withoutTerm(self._segmentation())
        if names:
            self.terms.ask(names[0])
        self.ui.termButton.visible = False

    @slot
    def onTermChosen(self, name: str, entry: str) -> None:
        """Gives a structure its term, keeps it in the model that made it, and asks for the next one."""
        node = self._segmentation()
        results.chooseTerm(node, name, entry)
        self.refresh()
        self.askTerm()
        model = modelOf(node, self.panel.models)
        if model is not None:
            text = _("Keeping the term of {name} in the model").format(name=name)
            self.panel.doSteps(inThread(lambda: keepTerm(model, name, entry)), text, lambda _isKept: None)

    @slot
    def onExport(self) -> None:
        """Asks for a file and writes it."""
        node = self._segmentation()
        self.refresh()
        reason = self._whyNotExport(node)
        if reason:
            self.panel.fail(reason)
            return
        name = folder_name(self._suggestedName(node))
        folder = self.panel.settings.text("ExportFolder")
        chosen = self.format
        suggested = Path(folder) / f"{name}{chosen.suffix}"
        withMaps = self.ui.mapsCheck.enabled and self.ui.mapsCheck.checked
        beside = mapsBeside if withMaps else chosen.beside
        target = askTarget(self.panel, chosen.question, suggested, chosen.kind, chosen.suffix, beside)
        if target is None:
            return
        self.panel.settings.store("ExportFolder", str(target.file.parent))
        self.panel.inform("")
        self.exporter.start(
            node,
            target.file,
            self.ui.descriptionEdit.text.strip(),
            self.ui.creatorEdit.text.strip(),
            mayReplace=target.mayReplace,
            withMaps=withMaps,
            model=modelOf(node, self.panel.models),
            format=chosen,
            protected=self._filesOfProject(),
        )
        self.job.begin(_("Starting"))
        self.refresh()

    def _filesOfProject(self) -> list[str]:
        cases = self.panel.project.cases if self.panel.project is not None else []
        return [file for case in cases for file in (case.image, case.label, case.seen) if file]

    def _suggestedName(self, node: slicer.vtkMRMLSegmentationNode) -> str:
        project, volume = self.panel.project, sourceVolume(node)
        caseId = volume.GetAttribute("DualTaskSeg.CaseId") if volume is not None else None
        case = project.caseById(caseId) if project is not None and caseId else None
        return _("{name} segmentation").format(name=case.name) if case is not None else _("segmentation")

    @slot
    def onCancel(self) -> None:
        """Ends the export."""
        self.exporter.cancel()
        self.job.end(_("Canceled. No file was written."))
        self.refresh()

    # --- the exporter

    def _onDone(self, report: dict[str, Any]) -> None:
        file = Path(report["file"])
        isDicom = "algorithm_type" in report
        if isDicom:
            text = counted(
                len(report["segments"]),
                _("Written and read back: {file}, {count} segment, {kind}."),
                _("Written and read back: {file}, {count} segments, {kind}."),
                file=file,
                kind=report["algorithm_type"],
            )
        else:
            text = counted(
                len(report["segments"]),
                _("Written: {file}, {count} segment."),
                _("Written: {file}, {count} segments."),
                file=file,
            )
        if report.get("table"):
            text += " " + _("{name} beside it tells what the values mean.").format(name=Path(report["table"]).name)
        if report.get("maps"):
            text += " " + counted(
                len(report["maps"]),
                _("{count} parametric map lies beside it."),
                _("{count} parametric maps lie beside it."),
            )
        if report["left_out"]:
            text += " " + _("Left out, since empty: {names}.").format(names=", ".join(report["left_out"]))
        if isDicom and self.ui.databaseCheck.checked and hasDatabase():
            for each in (file, *report.get("maps", ())):
                addToDatabase(each)
            text += " " + _("A copy is in the DICOM database.")
        self.job.end(text)
        if report["warnings"]:
            self.panel.inform(" ".join(f"{warning.rstrip('.')}." for warning in report["warnings"]))
        self.refresh()

    def _onFailed(self, sentence: str) -> None:
        self.job.end()
        if sentence:
            self.panel.fail(sentence)
        self.refresh()

    # --- the scene

    def onSceneStartClose(self) -> None:
        if self.exporter.isBusy:
            self.onCancel()
        self.checks = []

    def cleanup(self) -> None:
        self.watch.close()
        self._runner.close()
        self.exporter.cancel()


def _missing() -> list[dependencies.Dependency]:
    """What only the export needs, and is not there."""
    return [one for one in dependencies.missing(withOptional=True) if one.isOptional]


def _missingText() -> str:
    names = ", ".join(one.wish for one in _missing())
    return _("To be installed before exporting: {names}.").format(names=names) if names else ""
