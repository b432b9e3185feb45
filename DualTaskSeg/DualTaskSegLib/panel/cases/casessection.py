"""The section Cases: which scans there are, what each is for, and their outlines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qt
import slicer
from dualtaskseg.contract.dataset import EXCLUDED, LABELED, UNLABELED, Dataset
from dualtaskseg.errors import InputError
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.common.wording import counted, together
from DualTaskSegLib.engine.steprunner import StepRunner
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.panel.cases.casetable import CaseTable, roleText
from DualTaskSegLib.panel.cases.mappingbox import MappingBox
from DualTaskSegLib.panel.jobbar import JobBar
from DualTaskSegLib.panel.section import Section, setAvailable, slot
from DualTaskSegLib.project.adding import BATCH, addFound, datasetIn, datasetSteps
from DualTaskSegLib.project.checking import CaseChecks
from DualTaskSegLib.project.project import Project, ProjectCase
from DualTaskSegLib.results.annotations import (
    Annotation,
    Annotations,
    segmentsFor,
    showInSegmentEditor,
    unknownSegments,
)
from DualTaskSegLib.scene import casevolumes, labelmaps

if TYPE_CHECKING:
    import vtk

    from DualTaskSegLib.panel.context import Panel

SCENE_DELAY_MS = 200  # many nodes may come at once
CHECK_DELAY_MS = 1500


class CasesSection(Section):
    """See the module."""

    UI_FILE = "Cases.ui"

    def __init__(self, panel: Panel, parentLayout: qt.QVBoxLayout) -> None:
        super().__init__(panel, parentLayout)
        self.annotations = Annotations()
        self.table = CaseTable(self.ui.caseTable)
        self.mapping = MappingBox(self.ui)
        self.job = JobBar(self.ui.jobLabel, self.ui.jobBar, self.ui.jobCancelButton)
        self._jobId: int | None = None
        self._adding: object = None  # the work of adding loaded scans
        self._found: list[dict[str, Any]] = []  # scans in a folder that are not in the table yet
        self._refused: list[str] = []  # why some of those can't be added, as sentences
        self._checks: CaseChecks | None = None  # of the open project
        self._isChecking = False
        self._jobProject: Project | None = None  # for which a folder is searched
        self._isSceneClosing = False
        self._runner = StepRunner()  # looks at outlines
        self._annotationsWork: object = None
        self._makeMenu()
        self._connect()
        self._sceneTimer = self._timer(SCENE_DELAY_MS, self.refreshScene)
        self._checkTimer = self._timer(CHECK_DELAY_MS, self.checkCases)
        self._observers = [
            slicer.mrmlScene.AddObserver(event, self._onSceneChanged)
            for event in (slicer.vtkMRMLScene.NodeAddedEvent, slicer.vtkMRMLScene.NodeRemovedEvent)
        ]
        self.refresh()

    def title(self) -> str:
        return _("Cases")

    def _connect(self) -> None:
        ui, panel = self.ui, self.panel
        ui.addLoadedButton.connect("clicked()", self.onAddLoaded)
        ui.addFolderButton.connect("clicked()", self.onAddFolder)
        ui.outlineButton.connect("clicked()", self.onOutline)
        ui.removeButton.connect("clicked()", self.onRemove)
        ui.suggestButton.connect("clicked()", self.onSuggest)
        ui.useButton.connect("clicked()", self.onUseOutlines)
        ui.jobCancelButton.connect("clicked()", self.onCancelJob)
        self.table.opened.connect(self.openCase)
        self.table.roleClicked.connect(self.onRoleClicked)
        self.table.menuWanted.connect(self.showMenu)
        self.table.selectionChanged.connect(self.onSelectionChanged)
        self.table.validationChanged.connect(self.onValidationChanged)
        self.mapping.applied.connect(self.onMapped)
        panel.projectChanged.connect(self.onProjectChanged)
        panel.casesChanged.connect(self.refresh)
        panel.modelsChanged.connect(self.refreshButtons)
        panel.outlineRequested.connect(self.openCase)

    def _timer(self, interval: int, function: Callable[[], None]) -> qt.QTimer:
        timer = qt.QTimer()
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.connect("timeout()", function)
        return timer

    def _makeMenu(self) -> None:
        self.menu = qt.QMenu(self.ui.roleButton)
        self.roleActions = {}
        for role in (LABELED, UNLABELED, EXCLUDED):
            action = self.menu.addAction(roleText(role).capitalize())
            action.connect("triggered()", lambda role=role: self.onRoleChosen(role))
            self.roleActions[role] = action
        self.menu.addSeparator()
        self.holdOutAction = self.menu.addAction(_("Hold out for validation"))
        self.holdOutAction.connect("triggered()", lambda: self.onMarkChosen(True))
        self.takeBackAction = self.menu.addAction(_("Learn from it again"))
        self.takeBackAction.connect("triggered()", lambda: self.onMarkChosen(False))
        self.menu.addSeparator()
        self.renameAction = self.menu.addAction(_("Rename…"))
        self.renameAction.connect("triggered()", self.onRename)
        self.menu.connect("aboutToShow()", self.refreshMenu)
        self.ui.roleButton.setMenu(self.menu)

    # --- state

    def refresh(self) -> None:
        """Shows the project's cases."""
        project = self.panel.project
        self.table.show(project.cases if project is not None else [])
        self.refreshCount()
        self.refreshScene()

    def refreshCount(self) -> None:
        """Shows how many cases there are of each kind."""
        project = self.panel.project
        if project is None or not project.cases:
            self.ui.countLabel.text = ""
            return
        roles = [case.role for case in project.cases]
        self.ui.countLabel.text = _("{labeled} labeled, {unlabeled} unlabeled").format(
            labeled=roles.count(LABELED), unlabeled=roles.count(UNLABELED)
        )

    @slot
    def refreshScene(self) -> None:
        """Shows what the scene offers: scans that are not in the list, and outlines that were not used yet."""
        if self._isSceneClosing:
            return
        self.refreshButtons()
        self.refreshAnnotations()

    def refreshButtons(self) -> None:
        """Enables what can be clicked, and says of the rest why it can't."""
        project, ids = self.panel.project, self.panel.selectedCaseIds
        noProject = "" if project is not None else _("Choose a project folder first (New project, at the top).")
        offered = casevolumes.offeredVolumes(project) if project is not None else []
        count = f" ({len(offered)})" if offered else ""
        self.ui.addLoadedButton.text = _("Add loaded scans") + count
        nothing = "" if offered else _("All scans that are loaded are in the list. Load more with Add Data or DICOM.")
        setAvailable(self.ui.addLoadedButton, noProject or nothing, _("Add the scans that are loaded in Slicer"))
        busy = _("Wait until the present work is done, or cancel it.") if self._jobId is not None else ""
        setAvailable(
            self.ui.addFolderButton,
            noProject or busy,
            _("Add all scans in a folder and the folders below it, image files and DICOM series. They stay there"),
        )
        noChoice = "" if ids else _("Select a scan in the table.")
        setAvailable(
            self.ui.outlineButton,
            noProject or noChoice,
            _("Open the selected scan in Segment Editor to outline your structures. A double click does the same"),
        )
        setAvailable(self.ui.roleButton, noProject or noChoice, _("What the selected scans are used for"))
        setAvailable(
            self.ui.removeButton,
            noProject or noChoice,
            _("Take the selected scans out of the list. No file is deleted"),
        )
        setAvailable(
            self.ui.suggestButton,
            noProject or busy or self._whyNoSuggestion(),
            _("Find the unlabeled scan on which the two networks agree least: outlining it helps most"),
        )

    def _whyNoSuggestion(self) -> str:
        if not any(case.role == UNLABELED for case in self.panel.project.cases):
            return _("There is no unlabeled scan.")
        if self.panel.currentModel() is None:
            return _("Train a model first: it tells on which scan it is unsure.")
        return ""

    def refreshAnnotations(self) -> None:
        """Offers outlines that are not in the project; those that came with a scene once they were looked at."""
        project = self.panel.project
        self._runner.cancel(self._annotationsWork)
        self._showAnnotations()
        if project is None:
            return
        self._annotationsWork = self._runner.start(
            self.annotations.lookSteps(project),
            onDone=lambda _nothing: self._showAnnotations(),
            onError=lambda error: self.panel.fail(str(error)),
        )

    def _showAnnotations(self) -> None:
        found = self.annotations.inScene(self.panel.project) if self.panel.project is not None else []
        names = ", ".join(annotation.case.name for annotation in found)
        isOffered = bool(found) and not self.mapping.isAsking
        self.ui.useLabel.text = _("New outlines of {names}").format(names=names) if found else ""
        self.ui.useLabel.visible = self.ui.useButton.visible = isOffered

    def refreshMenu(self) -> None:
        """Enables what can be done with the selected cases."""
        cases = self._selectedCases()
        isLabeled = [bool(case.label) for case in cases]
        self.roleActions[LABELED].setEnabled(any(isLabeled))
        hint = "" if any(isLabeled) else _("Outline the scan first: it has no segmentation.")
        self.roleActions[LABELED].setToolTip(hint)
        self.menu.setToolTipsVisible(True)
        self.holdOutAction.setEnabled(any(case.role == LABELED and not case.validation for case in cases))
        self.takeBackAction.setEnabled(any(case.validation for case in cases))
        self.renameAction.setEnabled(len(cases) == 1)

    def _selectedCases(self) -> list[ProjectCase]:
        project = self.panel.project
        return [project.caseById(each) for each in self.panel.selectedCaseIds if project.caseById(each)]

    def _changed(self) -> None:
        """Cases came, went or changed: keep it, show it, and check them when there is time."""
        self.panel.saveProject()
        self.panel.casesChanged.emit()
        self._checkTimer.start()

    # --- from the panel

    def onProjectChanged(self) -> None:
        """Another project is open."""
        self.panel.dropSteps(self._adding)
        self.onCancelJob()
        self._found = []
        self._checks = CaseChecks(self.panel.project) if self.panel.project is not None else None
        self.mapping.hide()
        self.annotations.forget()
        self.refresh()
        project = self.panel.project
        if project is not None and project.cases:
            self._checkTimer.start()
            files = [file for case in project.cases for file in (case.image, case.label) if file]
            self.panel.disk.ask(
                "files of cases",
                lambda: {file for file in files if not Path(file).exists()},
                lambda missing: self._tellMissing(project, missing),
                lambda error: self.panel.fail(str(error)),
                isPressing=False,
            )

    def enter(self) -> None:
        """The user comes back, maybe from Segment Editor: what was outlined there is used."""
        self.refreshScene()
        self.useOwnOutlines()

    def _onSceneChanged(self, caller: vtk.vtkObject | None = None, event: str | None = None) -> None:
        if not self._isSceneClosing:
            self._sceneTimer.start()

    def onSceneStartClose(self) -> None:
        """Let go of the scene's nodes."""
        self._isSceneClosing = True
        self._sceneTimer.stop()
        self._runner.close()
        self.panel.cancelSteps()
        self.mapping.hide()
        self.annotations.forget()

    def onSceneEndClose(self) -> None:
        """The list of cases is the project's, not the scene's: it stays."""
        self._isSceneClosing = False
        self.refreshScene()

    def cleanup(self) -> None:
        """The panel goes away."""
        self._sceneTimer.stop()
        self._checkTimer.stop()
        self._runner.close()
        for observer in self._observers:
            slicer.mrmlScene.RemoveObserver(observer)
        self.onCancelJob()

    # --- adding

    @slot
    def onAddLoaded(self) -> None:
        """Adds the loaded scans, each after the other: one without a file of its own is written first."""
        self.panel.inform("")
        project = self.panel.project

        def done(refused: list[str]) -> None:
            if refused:
                self.panel.fail(together(refused))

        steps = self._addVolumesSteps(project, casevolumes.offeredVolumes(project))
        self._adding = self.panel.doSteps(steps, _("Adding the loaded scans"), done)

    def _addVolumesSteps(self, project: Project, volumes: list[slicer.vtkMRMLScalarVolumeNode]) -> Steps[list[str]]:
        """Adds volumes; those that are added stay when it is canceled. Returns why others were not, as sentences."""
        refused = []
        try:
            for index, volume in enumerate(volumes):
                try:
                    case = yield from casevolumes.addCaseSteps(project, volume)
                except InputError as error:
                    refused.append(str(error))
                    continue
                self._checks.waiting.append(case.id)
                if Path(case.image).parent == project.imagesFolder:  # it was written, which took time
                    self._changed()
                yield (index + 1) / len(volumes)
        finally:
            if self.panel.project is project:
                self._changed()
        return refused

    @slot
    def onAddFolder(self) -> None:
        """Asks for a folder; a dataset is taken with its labels, any other folder is searched for scans."""
        folder = qt.QFileDialog.getExistingDirectory(
            slicer.util.mainWindow(), _("Choose a folder with scans"), self.panel.settings.text("ScansFolder")
        )
        if not folder:
            return
        self.panel.inform("")
        self.panel.settings.store("ScansFolder", folder)
        project = self.panel.project

        def read(dataset: Dataset | None) -> None:
            if self.panel.project is not project:
                return
            if dataset is None:
                self._searchFolder(folder)
            else:
                self._addDataset(dataset)

        text = _("Reading {folder}").format(folder=Path(folder).name)
        self.panel.doSteps(inThread(lambda: datasetIn(folder)), text, read)

    def _addDataset(self, dataset: Dataset) -> None:
        project, refused = self.panel.project, []

        def added(ids: list[str]) -> None:
            self._checks.waiting += ids
            self.table.show(project.cases)

        def done(isComplete: bool) -> None:
            if self.panel.project is not project:
                return
            self.panel.segmentsChanged.emit()
            self._changed()
            said = list(refused)
            if not isComplete:
                said.insert(
                    0,
                    _(
                        "The labels of {name} mean other structures than this project's, so its scans were added "
                        "without them. Make a project of its own for them."
                    ).format(name=dataset.name),
                )
            if said:
                self.panel.fail(together(said))

        self._adding = self.panel.doSteps(
            datasetSteps(project, dataset, added, refused.append), _("Adding {name}").format(name=dataset.name), done
        )

    def _searchFolder(self, folder: str) -> None:
        self._found, self._refused = [], []
        self._jobProject = self.panel.project
        self.job.begin(_("Searching {folder}").format(folder=Path(folder).name))
        self._jobId = self.panel.worker.scan(
            folder,
            onItem=self._onFound,
            onProgress=self._onJobProgress,
            onDone=self._onSearched,
            onError=self._onJobFailed,
        )
        self.refreshButtons()

    @slot
    def _onFound(self, scan: dict[str, Any]) -> None:
        if self._jobProject is not self.panel.project:  # another one was opened; the search is being cancelled
            return
        self._found.append(scan)
        if len(self._found) >= BATCH:
            self._takeFound()

    def _takeFound(self) -> None:
        """Takes what was found so far into the project and the table; it is saved at the end."""
        found, self._found = self._found, []
        project = self.panel.project
        if project is None or not found:
            return
        added, refused = addFound(project, found)
        self._checks.waiting += added
        self._refused += refused
        self.table.show(project.cases)

    @slot
    def _onSearched(self, result: dict[str, Any]) -> None:
        self._takeFound()
        refused = self._refused
        self._endJob()
        if self._jobProject is not self.panel.project:
            return
        self._changed()
        if not result["count"]:
            self.panel.fail(
                _("No scan was found in this folder. Image files such as NIfTI or NRRD, and DICOM series are read.")
            )
        elif refused:
            self.panel.fail(together(refused))

    # --- background jobs, one at a time

    def _onJobProgress(self, share: float | None, secondsLeft: float | None, text: str) -> None:
        self.job.update(share, text)

    def _endJob(self) -> None:
        self._jobId, self._refused = None, []
        self.job.end()
        self.refreshButtons()

    @slot
    def _onJobFailed(self, sentence: str) -> None:
        """A job ended with an error, or, with an empty sentence, because it was cancelled."""
        if self._found:
            self._takeFound()
            self._changed()
        refused = self._refused
        self._endJob()
        if sentence or refused:
            self.panel.fail(sentence or together(refused))

    @slot
    def onCancelJob(self) -> None:
        """Ends the search or the ranking; what was found stays."""
        if self._jobId is not None:
            self.panel.worker.cancel(self._jobId)
            self.job.update(None, _("Cancelling"))

    # --- problems

    @slot
    def checkCases(self) -> None:
        """Lets the worker look into the files that are new, a few at a time, so that other work comes in between."""
        checks = self._checks
        if checks is None or self._isChecking:
            return
        isAboutStructures = checks.isAboutStructures
        dataset = checks.next()
        if dataset is None:
            return
        if isAboutStructures:
            self.panel.inform(_("Looking which structures the labels hold…"))

        def done(result: dict[str, Any]) -> None:
            self._isChecking = False
            if self._checks is checks:
                self._takeProblems(dataset, result)
            self.checkCases()

        def failed(sentence: str) -> None:
            self._isChecking = False
            if sentence:
                self.panel.fail(sentence)

        self._isChecking = True
        self.panel.worker.check(dataset, onDone=done, onError=failed)

    def _takeProblems(self, checked: Dataset, result: dict[str, Any]) -> None:
        if self._checks.take(checked, result):
            self.panel.inform("")
            self.panel.segmentsChanged.emit()
        self.panel.saveProject()
        self.panel.casesChanged.emit()

    def _tellMissing(self, project: Project, missing: set[str]) -> None:
        """Notes which files of cases are gone, and which came back."""
        if self.panel.project is project and self._checks.noteMissing(missing):
            self.panel.casesChanged.emit()

    # --- roles

    @slot
    def onSelectionChanged(self) -> None:
        """Other rows are selected."""
        self.panel.selectedCaseIds = self.table.selectedIds()
        self.refreshButtons()
        self.panel.selectionChanged.emit()

    @slot
    def onRoleClicked(self, caseId: str) -> None:
        """Offers the roles beside the clicked cell, for the whole selection if the case is part of it."""
        if caseId not in self.panel.selectedCaseIds:
            self.table.select(caseId)
        self.showMenu()

    def showMenu(self) -> None:
        """Shows what can be done with the selected cases, at the mouse."""
        self.menu.popup(qt.QCursor.pos())

    @slot
    def onRoleChosen(self, role: str) -> None:
        """Gives the selected cases a role; labeled needs a label."""
        cases = self._selectedCases()
        usable = [case.id for case in cases if role != LABELED or case.label]
        self.panel.project.setRole(usable, role)
        self._changed()
        if len(usable) < len(cases):
            self.panel.fail(
                counted(
                    len(cases) - len(usable),
                    _("{count} of the selected scans has no segmentation, so it can't be labeled."),
                    _("{count} of the selected scans have no segmentation, so they can't be labeled."),
                )
            )

    @slot
    def onMarkChosen(self, flag: bool) -> None:
        """Holds the selected labeled cases out, or takes them back."""
        self.panel.project.setValidation(self.panel.selectedCaseIds, flag)
        self._changed()

    @slot
    def onValidationChanged(self, caseId: str, flag: bool) -> None:
        """A box was checked or unchecked."""
        self.panel.project.setValidation([caseId], flag)
        self._changed()

    @slot
    def onRename(self) -> None:
        """Asks for another name of the selected case."""
        case = self._selectedCases()[0]
        name = qt.QInputDialog.getText(
            slicer.util.mainWindow(), _("Rename"), _("Name of the scan:"), qt.QLineEdit.Normal, case.name
        )
        if name:
            self.panel.project.rename(case.id, name)
            self._changed()

    @slot
    def onRemove(self) -> None:
        """Takes the selected cases out of the list."""
        cases = self._selectedCases()
        question = counted(
            len(cases),
            _("Take {count} scan out of the list? Its file and outline are not deleted."),
            _("Take {count} scans out of the list? Their files and outlines are not deleted."),
        )
        if any(case.label for case in cases) and not self.panel.confirm(question):
            return
        self.panel.project.remove([case.id for case in cases])
        self.panel.selectedCaseIds = []
        self._changed()

    # --- outlines

    @slot
    def onOutline(self) -> None:
        """Opens the first of the selected cases."""
        self.openCase(self.panel.selectedCaseIds[0])

    @slot
    def openCase(self, caseId: str) -> None:
        """Loads a case if need be, shows it, and opens Segment Editor for it."""
        project = self.panel.project
        case = project.caseById(caseId) if project is not None else None
        if case is None:
            return
        self.panel.inform("")

        def opened(nodes: tuple[slicer.vtkMRMLScalarVolumeNode, slicer.vtkMRMLSegmentationNode]) -> None:
            volume, node = nodes
            self.panel.setCurrentVolume(volume)
            showInSegmentEditor(volume, node)

        text = _("Loading {name}").format(name=case.name)
        self.panel.doSteps(self.annotations.openSteps(project, case), text, opened)

    @slot
    def useOwnOutlines(self) -> None:
        """Uses the outlines that were drawn in segmentations which were opened from the table."""
        if self.panel.project is None or self.mapping.isAsking or self.panel.isWorking:
            return
        for annotation in self.annotations.inScene(self.panel.project):
            if annotation.isOurs:
                self._useOrAsk(annotation)

    @slot
    def onUseOutlines(self) -> None:
        """Uses all outlines in the scene that belong to cases."""
        self.panel.inform("")
        for annotation in self.annotations.inScene(self.panel.project):
            self._useOrAsk(annotation)

    def _useOrAsk(self, annotation: Annotation) -> None:
        self.panel.doSteps(
            labelcontent.lookSteps([annotation.node]),
            _("Looking at the outline of {name}").format(name=annotation.case.name),
            lambda _nothing: self._useOrAskNow(self.panel.project, annotation),
        )

    @slot
    def _useOrAskNow(self, project: Project | None, annotation: Annotation) -> None:
        if project is None or annotation.case not in project.cases or annotation.node.GetScene() is None:
            return
        found = unknownSegments(project, annotation)
        if not found.unknown:
            self._use(annotation, {})
        elif not self.mapping.isAsking:
            self.mapping.ask(annotation, found, segmentsFor(project, annotation))
            self._showAnnotations()

    @slot
    def onMapped(self, annotation: Annotation, mapping: dict[str, str | None]) -> None:
        """The user said what the segments stand for."""
        self._use(annotation, mapping)

    def _use(self, annotation: Annotation, mapping: dict[str, str | None]) -> None:
        project = self.panel.project

        def done(written: labelmaps.WrittenLabel) -> None:
            if self.panel.project is not project:
                return
            self._checks.waiting.append(annotation.case.id)
            self.panel.segmentsChanged.emit()
            self._changed()
            told = _("The outline of {name} is part of the project.").format(name=annotation.case.name)
            self.panel.inform(" ".join([told, *written.said]))

        text = _("Writing the outline of {name}").format(name=annotation.case.name)
        self.panel.doSteps(self.annotations.useSteps(project, annotation, mapping), text, done)

    # --- suggestion

    @slot
    def onSuggest(self) -> None:
        """Ranks the unlabeled cases in the background, then marks the one to outline next."""
        project, model = self.panel.project, self.panel.currentModel()
        self.panel.inform("")

        def done(result: dict[str, Any]) -> None:
            self._endJob()
            if self.panel.project is project:
                self._takeRanking(result)

        self.job.begin(_("Comparing the networks"))
        self._jobId = self.panel.worker.rank(
            model, project.dataset(), onProgress=self._onJobProgress, onDone=done, onError=self._onJobFailed
        )
        self.refreshButtons()

    def _takeRanking(self, result: dict[str, Any]) -> None:
        case = self.panel.project.takeRanking(result)
        self._changed()
        if case is not None:
            self.table.select(case.id)
            self.panel.inform(
                _("Outline {name} next: the networks agree least on it (expected Dice {dice}).").format(
                    name=case.name, dice=f"{case.predictedDice:.2f}"
                )
            )
