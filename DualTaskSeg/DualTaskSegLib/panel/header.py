"""What is above the sections: the project, the next step, and the message line."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import qt
import slicer
from dualtaskseg.errors import DualTaskSegError
from slicer.i18n import tr as _

from DualTaskSegLib.engine.slowdisk import DiskSilentError
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.section import slot
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.scene import casevolumes, sampledata

if TYPE_CHECKING:
    from pathlib import Path

    from DualTaskSegLib.common.steps import Steps
    from DualTaskSegLib.panel.section import Section, Widgets

ICON_SIZE = 16
ZERO_WIDTH_SPACE = "\u200b"


class Header:
    """Drives the widgets of ``DualTaskSeg.ui``."""

    def __init__(self, ui: Widgets) -> None:
        self.ui = ui
        self.panel: Panel | None = None
        self.sections: list[Section] = []
        self._setEnabled(False)

    def _setEnabled(self, isEnabled: bool) -> None:
        """A project can be opened once the sections are there to show it."""
        for button in (self.ui.newProjectButton, self.ui.openProjectButton, self.ui.samplesButton):
            button.enabled = isEnabled

    def attach(self, panel: Panel, sections: list[Section]) -> None:
        """Connects the widgets, once panel and sections are there."""
        self.panel = panel
        self.sections = sections
        self.ui.newProjectButton.connect("clicked()", self.onNewProject)
        self.ui.openProjectButton.connect("clicked()", self.onOpenProject)
        self.ui.samplesButton.connect("clicked()", self.onSamples)
        self.ui.messageCloseButton.connect("clicked()", self.hideMessage)
        self.ui.workCancelButton.connect("clicked()", panel.cancelSteps)
        panel.workChanged.connect(self.showWork)
        panel.projectChanged.connect(self.unfoldNextStep)
        news = (
            panel.projectChanged,
            panel.casesChanged,
            panel.scansChanged,
            panel.modelsChanged,
            panel.trainingChanged,
        )
        for signal in news:
            signal.connect(self.refresh)
        self._setEnabled(True)
        self.refresh()
        self.unfoldNextStep()

    def reopenProject(self) -> None:
        """Opens the project that was open last, if it is still there; its disk may take its time, or never answer."""
        folder = self.panel.settings.projectFolder
        if folder is None:
            return

        def answered(project: Project | None) -> None:
            if self.panel.project is not None:  # the user chose another one meanwhile
                return
            self.hideMessage()
            if project is not None:
                self.panel.useProject(project)

        def failed(error: Exception) -> None:
            if not isinstance(error, (DualTaskSegError, OSError)):
                raise error
            if self.panel.project is None:
                silent = _(
                    "The disk with the project {name} does not answer. If it is a network drive, connect it again; "
                    "then click Open project."
                ).format(name=folder.name)
                self.panel.fail(silent if isinstance(error, DiskSilentError) else str(error))

        def read() -> Project | None:
            return Project.open(folder) if folder.is_dir() else None

        if not self.panel.disk.ask("project", read, answered, failed):
            self.panel.inform(
                _("The disk with the project {name} does not answer yet; it is opened as soon as it does.").format(
                    name=folder.name
                )
            )

    @slot
    def onNewProject(self) -> None:
        """Asks for a folder and makes a project in it."""
        self._choose(_("Choose an empty folder for the project"), self.panel.createProject)

    @slot
    def onOpenProject(self) -> None:
        """Asks for the folder of an earlier project and opens it."""
        self._choose(_("Choose the folder of a project"), self.panel.openProject)

    @slot
    def onSamples(self) -> None:
        """Makes the sample scans, unless they are there, and opens the project with them."""
        self.hideMessage()

        def steps() -> Steps[tuple[Path, Project]]:
            dataset = yield from sampledata.cohortSteps()
            project = yield from sampledata.projectSteps(dataset)
            return dataset, project

        def done(made: tuple[Path, Project]) -> None:
            dataset, project = made
            self.panel.useProject(project)
            try:
                self.panel.setCurrentVolume(sampledata.loadScan(dataset))
            except (DualTaskSegError, OSError, RuntimeError) as error:  # RuntimeError: Slicer can't load it
                self.panel.fail(str(error))

        self.panel.doSteps(steps(), _("Making sample scans"), done)

    def _choose(self, title: str, use: Callable[[str], None]) -> None:
        former = self.panel.settings.projectFolder
        start = str(former.parent) if former is not None else ""
        folder = qt.QFileDialog.getExistingDirectory(slicer.util.mainWindow(), title, start)
        if folder:
            self.hideMessage()
            use(folder)

    def refresh(self) -> None:
        """Shows the project and the next step."""
        project = self.panel.project
        self.ui.samplesButton.visible = project is None
        if project is None:
            self.ui.projectLabel.text = _("No project is open")
            self.ui.projectLabel.toolTip = ""
        else:
            self.ui.projectLabel.text = _("Project: {name}").format(name=breakable(project.name))
            self.ui.projectLabel.toolTip = str(project.folder)
        _section, sentence = nextStep(self.panel)
        self.ui.nextStepLabel.text = "<b>{}</b> {}".format(escape(_("Next:")), escape(sentence))

    def unfoldNextStep(self) -> None:
        """Opens the section in which the user goes on and folds the others, so that nobody has to search."""
        wanted = nextStep(self.panel)[0] or "CasesSection"
        for section in self.sections:
            section.collapsed = type(section).__name__ != wanted

    def showMessage(self, sentence: str, isProblem: bool) -> None:
        """Shows a sentence in the message line; an empty one hides it."""
        kind = qt.QStyle.SP_MessageBoxWarning if isProblem else qt.QStyle.SP_MessageBoxInformation
        self.ui.messageIcon.setPixmap(slicer.app.style().standardIcon(kind).pixmap(ICON_SIZE, ICON_SIZE))
        self.ui.messageLabel.text = sentence
        self.ui.messageIcon.accessibleName = _("Problem") if isProblem else _("Message")
        for widget in (self.ui.messageIcon, self.ui.messageLabel, self.ui.messageCloseButton):
            widget.visible = bool(sentence)

    def hideMessage(self) -> None:
        """Clears the message line."""
        self.showMessage("", False)

    def showWork(self, text: str, share: float) -> None:
        """Shows what this process works on, and how much of it is done, from 0 to 1; hides it if the text is empty."""
        self.ui.workLabel.text = text
        self.ui.workBar.value = round(self.ui.workBar.maximum * share)
        for widget in (self.ui.workLabel, self.ui.workBar, self.ui.workCancelButton):
            widget.visible = bool(text)


def breakable(name: str) -> str:
    """A name with invisible places for line breaks, as long ones of folders need them where the panel is narrow."""
    return "".join(sign if sign.isalnum() or sign.isspace() else sign + ZERO_WIDTH_SPACE for sign in name)


def nextStep(panel: Panel) -> tuple[str, str]:
    """The class name of the section in which the user goes on, empty for the buttons at the top; and what to do."""
    project = panel.project
    if project is None:
        return "", _("Click New project and choose a folder that keeps your scans' list, outlines and models.")
    if not project.cases:
        if casevolumes.offeredVolumes(project):
            return "CasesSection", _("Click Add loaded scans to take those that are open, or add a folder of scans.")
        return "CasesSection", _("Add a folder of scans, or load scans in Slicer and add those.")
    if panel.isTraining:
        return "TrainSection", _("Training is going on. You can go on working in Slicer, or close it.")
    if not any(case.label for case in project.cases):
        return "CasesSection", _("Double-click a scan to outline your structures on it; two or more are best.")
    if panel.currentModel() is not None:
        return "ApplySection", _("Apply your model to a scan, review the result, and correct it to train again.")
    ready, reason = project.readyToTrain()
    if not ready:
        return "CasesSection", reason
    if sampledata.isSampleProject(project):
        return "TrainSection", _("Click Train. For these sample scans {minutes} minutes are enough.").format(
            minutes=f"{sampledata.TRAINING_MINUTES:.0f}"
        )
    return "TrainSection", _("Click Train. Outlining more scans first makes the result better.")
