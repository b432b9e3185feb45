"""The section Cases: which scans there are, what each is for, and which to outline next."""

from __future__ import annotations

from functools import partial
from typing import Any

import qt
import slicer
import vtk
from dualtaskseg.contract.dataset import EXCLUDED, LABELED, UNLABELED
from slicer.i18n import tr as _

from DualTaskSegLib.common.i18n import counted
from DualTaskSegLib.panel.cases.adding import CaseAdder
from DualTaskSegLib.panel.cases.casetable import CaseTable, roleText
from DualTaskSegLib.panel.cases.checking import BackgroundChecks
from DualTaskSegLib.panel.cases.outlines import Outlines
from DualTaskSegLib.panel.cases.structuresbox import StructuresBox
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.jobbar import ChildJob
from DualTaskSegLib.panel.section import Section, setAvailable, slot
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.scene import casevolumes
from DualTaskSegLib.views.shownslices import shownSlices

SCENE_DELAY_MS = 200  # many nodes may come at once


class CasesSection(Section):
    TITLE = _("&Cases")
    UI_FILE = "Cases.ui"

    def __init__(self, panel: Panel, parentLayout: qt.QVBoxLayout) -> None:
        super().__init__(panel, parentLayout)
        ui = self.ui
        self.table = CaseTable(ui.caseTable)
        self.job = ChildJob(panel, ui.jobLabel, ui.jobBar, ui.jobCancelButton, self.refreshButtons)
        self.checks = BackgroundChecks(panel)
        self.adder = CaseAdder(panel, self.table, self.job, self.checks)
        self.outlines = Outlines(panel, ui, self.checks)
        self.structures = StructuresBox(panel, ui, self.outlines.annotations, self.checks)
        self.structures.caseWanted.connect(self.outlines.open)
        self._isSceneClosing = False
        self._makeMenu()
        self._connect()
        self._sceneTimer = qt.QTimer()
        self._sceneTimer.setSingleShot(True)
        self._sceneTimer.setInterval(SCENE_DELAY_MS)
        self._sceneTimer.connect("timeout()", self.refreshScene)
        self._observers = [
            slicer.mrmlScene.AddObserver(event, self._onSceneChanged)
            for event in (slicer.vtkMRMLScene.NodeAddedEvent, slicer.vtkMRMLScene.NodeRemovedEvent)
        ]
        self.refresh()

    def _connect(self) -> None:
        ui, panel = self.ui, self.panel
        ui.addLoadedButton.connect("clicked()", self.adder.onAddLoaded)
        ui.addFolderButton.connect("clicked()", self.adder.onAddFolder)
        ui.outlineButton.connect("clicked()", self.onOutline)
        ui.removeButton.connect("clicked()", self.onRemove)
        ui.suggestButton.connect("clicked()", self.onSuggest)
        self.table.opened.connect(self.outlines.open)
        self.table.roleClicked.connect(self.onRoleClicked)
        self.table.menuWanted.connect(self.showMenu)
        self.table.selectionChanged.connect(self.onSelectionChanged)
        self.table.validationChanged.connect(lambda caseId, flag: self.setValidation([caseId], flag))
        panel.projectChanged.connect(self.refresh)
        panel.casesChanged.connect(self.refresh)
        panel.modelsChanged.connect(self.refreshButtons)

    def _makeMenu(self) -> None:
        self.menu = qt.QMenu(self.ui.roleButton)
        self.roleActions = {}
        for role in (LABELED, UNLABELED, EXCLUDED):
            text = roleText(role)
            action = self.menu.addAction(text[:1].upper() + text[1:])  # other words may be written large, too
            action.connect("triggered()", lambda role=role: self.onRoleChosen(role))
            self.roleActions[role] = action
        self.menu.addSeparator()
        self.holdOutAction = self.menu.addAction(_("Hold out for validation"))
        self.holdOutAction.connect("triggered()", lambda: self.setValidation(self.panel.selectedCaseIds, True))
        self.takeBackAction = self.menu.addAction(_("Learn from it again"))
        self.takeBackAction.connect("triggered()", lambda: self.setValidation(self.panel.selectedCaseIds, False))
        self.menu.addSeparator()
        self.slicesAction = self.menu.addAction(_("Slices without outline…"))
        self.slicesAction.connect("triggered()", lambda: self.outlines.askAgain(self.panel.selectedCaseIds[0]))
        self.renameAction = self.menu.addAction(_("Rename…"))
        self.renameAction.connect("triggered()", self.onRename)
        self.menu.connect("aboutToShow()", self.refreshMenu)
        self.ui.roleButton.setMenu(self.menu)
        self.nothingMenu = qt.QMenu(self.ui.nothingHereButton)
        self.nothingMenu.connect("aboutToShow()", self.fillNothingMenu)
        self.ui.nothingHereButton.setMenu(self.nothingMenu)

    # --- state

    def refresh(self) -> None:
        """Shows the project's cases."""
        project = self.panel.project
        self.table.show(project.cases if project is not None else [])
        self.refreshCount()
        self.refreshProblems()
        self.refreshScene()

    def refreshCount(self) -> None:
        """Shows how many cases there are of each kind."""
        project = self.panel.project
        if project is None or not project.cases:
            self.ui.countLabel.text = ""
            return
        roles = [case.role for case in project.cases]
        partly = sum(case.isPartly for case in project.cases if case.role == LABELED)
        text = _("{labeled} labeled, {unlabeled} unlabeled")
        if partly:
            text = _("{labeled} labeled ({partly} of them partly), {unlabeled} unlabeled")
        self.ui.countLabel.text = text.format(
            labeled=roles.count(LABELED), unlabeled=roles.count(UNLABELED), partly=partly
        )

    def refreshProblems(self) -> None:
        """Shows all problems of the selected case: the table has room for the beginning of one."""
        ids = self.panel.selectedCaseIds
        case = self.panel.project.caseById(ids[0]) if self.panel.project is not None and len(ids) == 1 else None
        self.ui.problemsLabel.text = "\n".join(case.problems) if case is not None else ""
        self.ui.problemsLabel.visible = bool(self.ui.problemsLabel.text)

    @slot
    def refreshScene(self) -> None:
        """Shows what the scene offers: scans that are not in the list, and outlines that were not used yet."""
        if self._isSceneClosing:
            return
        self.refreshButtons()
        self.outlines.refresh()
        self.panel.scansChanged.emit()

    def refreshButtons(self) -> None:
        """Enables what can be clicked, and says of the rest why it can't."""
        project, ids = self.panel.project, self.panel.selectedCaseIds
        noProject = self.panel.whyNoProject()
        offered = casevolumes.offeredVolumes(project) if project is not None else []
        count = f" ({len(offered)})" if offered else ""
        self.ui.addLoadedButton.text = _("Add loaded scans") + count
        nothing = "" if offered else _("All scans that are loaded are in the list. Load more with Add Data or DICOM.")
        setAvailable(self.ui.addLoadedButton, noProject or nothing, _("Add the scans that are loaded in Slicer"))
        busy = _("Wait until the present work is done, or cancel it.") if self.job.isAtWork else ""
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
        self._refreshNothingHere()
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

    def _refreshNothingHere(self) -> None:
        """Only a partly outlined case has slices that somebody looked at and others that nobody did."""
        cases = self._selectedCases() if self.panel.project is not None else []
        self.ui.nothingHereButton.visible = len(cases) == 1 and cases[0].isPartly
        isShown = len(cases) == 1 and casevolumes.nodeOf(cases[0]) is not None
        setAvailable(
            self.ui.nothingHereButton,
            "" if isShown else _("Open the scan first: double-click it."),
            _("Say of a slice in the views that you looked at it and the structure is not there"),
        )

    @slot
    def fillNothingMenu(self) -> None:
        """Offers the slices that the views show; those of which it was said have a check mark."""
        self.nothingMenu.clear()
        [case] = self._selectedCases()
        shownHere = shownSlices(casevolumes.nodeOf(case))
        for shown in shownHere:
            text = _("{direction} slice {number} of {all}").format(
                direction=shown.direction, number=shown.index + 1, all=shown.count
            )
            action = self.nothingMenu.addAction(text)
            action.setCheckable(True)
            action.setChecked(shown.index in case.emptySlices.get(shown.axis, ()))
            action.connect("triggered()", partial(self.outlines.sayNothingThere, case, shown, text))
        if not shownHere:
            action = self.nothingMenu.addAction(_("No view shows a slice of {name}.").format(name=case.name))
            action.setEnabled(False)

    def _whyNoSuggestion(self) -> str:
        if not any(case.role == UNLABELED for case in self.panel.project.cases):
            return _("There is no unlabeled scan.")
        if self.panel.currentModel() is None:
            return _("Train a model first: it tells on which scan it is unsure.")
        return ""

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
        self.slicesAction.setEnabled(len(cases) == 1 and isLabeled[0])
        self.slicesAction.setToolTip(_("Say whether they are not outlined yet or the structure is not there"))
        self.renameAction.setEnabled(len(cases) == 1)

    def _selectedCases(self) -> list[ProjectCase]:
        project = self.panel.project
        return [project.caseById(each) for each in self.panel.selectedCaseIds if project.caseById(each)]

    # --- from the panel

    def enter(self) -> None:
        """The user comes back, maybe from Segment Editor: what was outlined there is used."""
        self.refreshScene()
        self.outlines.useOwn()

    def _onSceneChanged(self, caller: vtk.vtkObject | None = None, event: str | None = None) -> None:
        if not self._isSceneClosing:
            self._sceneTimer.start()

    def onSceneStartClose(self) -> None:
        self._isSceneClosing = True
        self._sceneTimer.stop()
        self.panel.cancelSteps()
        self.outlines.forget()

    def onSceneEndClose(self) -> None:
        """The list of cases is the project's, not the scene's: it stays."""
        self._isSceneClosing = False
        self.refreshScene()

    def cleanup(self) -> None:
        self._sceneTimer.stop()
        self.checks.close()
        self.outlines.close()
        for observer in self._observers:
            slicer.mrmlScene.RemoveObserver(observer)
        self.job.cancel()

    # --- roles

    @slot
    def onSelectionChanged(self) -> None:
        """Other rows are selected."""
        self.panel.selectedCaseIds = self.table.selectedIds()
        self.refreshButtons()
        self.refreshProblems()
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
        self.panel.keepCases()
        if len(usable) < len(cases):
            self.panel.fail(
                counted(
                    len(cases) - len(usable),
                    _("{count} of the selected scans has no segmentation, so it can't be labeled."),
                    _("{count} of the selected scans have no segmentation, so they can't be labeled."),
                )
            )

    @slot
    def setValidation(self, ids: list[str], flag: bool) -> None:
        """Holds labeled cases out, or takes them back."""
        self.panel.project.setValidation(ids, flag)
        self.panel.keepCases()

    @slot
    def onRename(self) -> None:
        """Asks for another name of the selected case."""
        case = self._selectedCases()[0]
        name = self.panel.askText(_("Rename"), _("Name of the scan:"), case.name)
        if name:
            self.panel.project.rename(case.id, name)
            self.panel.keepCases()

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
        self.panel.keepCases()

    # --- outlines

    @slot
    def onOutline(self) -> None:
        """Opens the first of the selected cases."""
        self.outlines.open(self.panel.selectedCaseIds[0])

    # --- suggestion

    @slot
    def onSuggest(self) -> None:
        """Ranks the unlabeled cases in the background, then marks the one to outline next."""
        project, model = self.panel.project, self.panel.currentModel()
        self.panel.inform("")

        def done(result: dict[str, Any]) -> None:
            if self.panel.project is project:
                self._takeRanking(result)

        self.job.start(_("Comparing the networks"), partial(self.panel.worker.rank, model, project.dataset()), done)

    def _takeRanking(self, result: dict[str, Any]) -> None:
        case = self.panel.project.takeRanking(result)
        self.panel.keepCases()
        if case is None:
            return
        self.table.select(case.id)
        if case.nothingFound:
            text = _("Look at {name} next: nothing was found in it, which may have been overlooked.")
            self.panel.inform(text.format(name=case.name))
        else:
            text = _("Outline {name} next: the networks agree least on it (predicted Dice {dice}).")
            self.panel.inform(text.format(name=case.name, dice=f"{case.predictedDice:.2f}"))
