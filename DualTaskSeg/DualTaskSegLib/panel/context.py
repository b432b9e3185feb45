"""What the sections of the panel share: the project, the scene's parameters, the worker, the way to the user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import qt
import slicer
from dualtaskseg.errors import DualTaskSegError
from slicer.i18n import tr as _

from DualTaskSegLib.common.childwords import inUsersWords
from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.common.steps import Steps
from DualTaskSegLib.engine.slowdisk import DiskAsker
from DualTaskSegLib.engine.steprunner import StepRunner
from DualTaskSegLib.engine.worker import Worker
from DualTaskSegLib.installing.installer import Installer
from DualTaskSegLib.panel.settings import Settings
from DualTaskSegLib.panel.shortcuts import Shortcuts
from DualTaskSegLib.project.modellibrary import ModelEntry, listModels
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.scene.parameters import DualTaskSegParameterNode

T = TypeVar("T")


class Panel:
    """Shared by all sections; knows none of them.

    Args:
        resourcePath: gives the path of a file in the module's ``Resources``.
        showMessage: shows a sentence in the panel, as a problem or as plain news.
    """

    def __init__(self, resourcePath: Callable[[str], str], showMessage: Callable[[str, bool], None]) -> None:
        self.resourcePath = resourcePath
        self.settings = Settings()
        self.project: Project | None = None
        self.parameterNode: DualTaskSegParameterNode | None = None  # None while a scene is being closed
        self.selectedCaseIds: list[str] = []  # the cases chosen in the table
        self.isTraining = False  # whether a training of the project is going on
        self.isReloading = False  # the panel goes away to be made anew, while Slicer goes on
        self.models: list[ModelEntry] = []  # of the project, the newest first, see readModels
        self.projectChanged = Signal()  # another project is open, or none
        self.casesChanged = Signal()  # cases came, went, or have another role, label or problem
        self.segmentsChanged = Signal()  # the project's structures changed
        self.modelsChanged = Signal()  # models came or went, or another one is chosen
        self.runChanged = Signal()  # trainings came or went on disk
        self.trainingChanged = Signal()  # a training begins or ends, see isTraining
        self.resultsChanged = Signal()  # results in the scene came or went, or another one is under review
        self.scansChanged = Signal()  # scans in the scene came or went
        self.selectionChanged = Signal()  # other cases are chosen in the table
        self.parameterNodeChanged = Signal()  # the scene has another parameter node, or none
        self.workChanged = Signal()  # what doSteps works on, and how much is done; an empty text when it is done
        self.steps = StepRunner()  # does long work of this process, see doSteps
        self.disk = DiskAsker()  # asks disks that may not answer
        self.installer = Installer(self)  # installs packages in the background
        self.shortcuts = Shortcuts(self.inform)  # keys for buttons, while the module is entered
        self._model: Path | None = None
        self._ordered: list[object] = []  # work that the user waits for
        self._showMessage = showMessage
        self._told = ""  # what the message line was given last
        self._worker: Worker | None = None

    # --- the project

    def whyNoProject(self) -> str:
        """Says what to do before there is a project; empty where one is open."""
        return "" if self.project is not None else _("Choose a project folder first (New project, at the top).")

    def openProject(self, folder: Path | str) -> None:
        """Opens a project, see :meth:`.Project.open`."""
        self.useProject(Project.open(folder))

    def createProject(self, folder: Path | str) -> None:
        """Makes a project in a folder and opens it, see :meth:`.Project.create`."""
        self.useProject(Project.create(folder))

    def useProject(self, project: Project | None) -> None:
        """Takes a project that was opened, or none; nothing of the former one is lost."""
        self.project = project
        self.selectedCaseIds = []
        self._model = None
        if project is not None:
            self.settings.projectFolder = Path(project.folder)
        self.projectChanged.emit()

    def saveProject(self) -> None:
        """Saves the project; if that fails, it is told, and everything is kept in memory for the next try."""
        project = self.project
        self.whenReachable("save", project.folder, project.save)

    def whenReachable(self, kind: str, folder: Path, action: Callable[[], None]) -> None:
        """Does what reads or writes a folder: at once where its disk answers, else when it does.

        So a network drive that is gone doesn't hold up the application. What goes wrong is told in the message line.

        Args:
            kind: names the action; an older one of its kind in this folder that still waits is forgotten.
        """

        def reached(_isThere: bool) -> None:
            try:
                action()
            except DualTaskSegError as error:
                self.fail(str(error))

        self.disk.ask(f"{kind} {folder}", lambda: Path(folder).is_dir(), reached, self.failWith)

    def keepCases(self) -> None:
        """Cases came, went or changed: the project is saved, and everybody is told."""
        self.saveProject()
        self.casesChanged.emit()

    # --- what is chosen

    def currentVolume(self) -> slicer.vtkMRMLScalarVolumeNode | None:
        """Returns the scan to work on; None where none is chosen."""
        return self.parameterNode.inputVolume if self.parameterNode is not None else None

    def setCurrentVolume(self, volume: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Chooses the scan to work on."""
        if self.parameterNode is not None:
            self.parameterNode.inputVolume = volume

    def currentModel(self) -> Path | None:
        """Returns the folder of the chosen model; None where there is none."""
        return self._model

    def setCurrentModel(self, folder: Path | None) -> None:
        """Chooses a model."""
        if folder != self._model:
            self._model = folder
            self.modelsChanged.emit()

    def readModels(self, choose: Path | None = None) -> None:
        """Looks which models there are, on a slow disk in the background; ``modelsChanged`` tells when it is known.

        If the chosen one is gone, the newest that can be used is chosen.

        Args:
            choose: folder of the model to choose from now on, if it is there and can be used.
        """
        project = self.project
        if project is None:
            self.disk.forget("models")
            self._showModels([], None)
            return

        def answered(models: list[ModelEntry]) -> None:
            if self.project is project:
                self._showModels(models, choose)

        def failed(error: Exception) -> None:
            self._showModels([], None)
            self.failWith(error)

        self.disk.ask("models", lambda: listModels(project.modelsFolder, project.runsFolder), answered, failed)

    def _showModels(self, models: list[ModelEntry], choose: Path | None) -> None:
        self.models = models
        usable = [entry.folder for entry in models if not entry.problem]
        if choose in usable:
            self._model = choose
        if self._model not in usable:
            self._model = usable[0] if usable else None
        self.modelsChanged.emit()

    def setTraining(self, flag: bool) -> None:
        """Notes whether a training of the project is going on."""
        if flag != self.isTraining:
            self.isTraining = flag
            self.trainingChanged.emit()

    # --- work in the background

    @property
    def worker(self) -> Worker:
        """The child process that computes; it is started when it gets its first job."""
        if self._worker is None:
            self._worker = Worker()
        return self._worker

    def renewWorker(self) -> None:
        """Sees to it that later jobs know what was installed meanwhile."""
        if self._worker is not None:
            self._worker.renew()

    def close(self) -> None:
        """Ends the worker and all work in this process. Trainings are processes of their own and go on."""
        self.shortcuts.remove()
        self.steps.close()
        self.installer.close()
        self.disk.close()
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def doSteps(
        self, steps: Steps[T], text: str, onDone: Callable[[T], None], onError: Callable[[str], None] | None = None
    ) -> object:
        """Does long work of this process bit by bit; its progress and a button to cancel it are shown in the panel.

        Args:
            text: what is done, shown beside the progress.
            onDone: called with the result; not called after an error or when the user cancels.
            onError: called with a sentence instead of showing it in the message line.

        Returns:
            what ``steps.cancel`` wants.
        """

        def done(result: T) -> None:
            self._ended(work)
            onDone(result)

        def failed(error: Exception) -> None:
            self._ended(work)
            if not isinstance(error, (DualTaskSegError, OSError)):
                self.fail(_("Something went wrong that is a defect of DualTaskSeg. See the application log."))
                raise error
            (onError or self.fail)(str(error))

        work = self.steps.start(steps, done, failed, lambda share: self.workChanged.emit(text, share))
        self._ordered.append(work)
        return work

    def _ended(self, work: object) -> None:
        self._ordered.remove(work)
        self.workChanged.emit("", 0.0)

    @property
    def isWorking(self) -> bool:
        """Whether something that the user ordered is being done in this process, see :meth:`doSteps`."""
        return bool(self._ordered)

    def dropSteps(self, work: object) -> None:
        """Drops work of :meth:`doSteps`; without effect when it has ended."""
        self.steps.cancel(work)
        if work in self._ordered:
            self._ended(work)

    def cancelSteps(self) -> None:
        """Drops all work that the user ordered and that is left."""
        for work in tuple(self._ordered):
            self.steps.cancel(work)
        self._ordered.clear()
        self.workChanged.emit("", 0.0)

    # --- talking to the user

    def inform(self, sentence: str) -> None:
        """Shows news in the panel's message line; an empty text clears it."""
        self._tell(sentence, False)

    def fail(self, sentence: str) -> None:
        """Shows a problem in the panel's message line. It isn't logged: it can hold a path with a patient's name."""
        self._tell(sentence, True)

    def failWith(self, error: Exception) -> None:
        """Shows an error of work in the background; a defect of ours is raised on, so that it stands in the log."""
        self.fail(str(error))
        if not isinstance(error, (DualTaskSegError, OSError)):
            raise error

    def withdraw(self, sentence: str) -> None:
        """Clears the message line if it still shows this sentence."""
        if sentence and self._told == sentence:
            self._tell("", False)

    def _tell(self, sentence: str, isProblem: bool) -> None:
        self._told = sentence
        self._showMessage(inUsersWords(sentence), isProblem)

    def confirm(self, text: str) -> bool:
        """Asks before something that can't be undone or costs much."""
        return self._ask(text, qt.QMessageBox.Ok | qt.QMessageBox.Cancel)

    def askYesNo(self, text: str) -> bool:
        """Asks a question whose answer is yes or no; the text says what either does."""
        return self._ask(text, qt.QMessageBox.Yes | qt.QMessageBox.No)

    @staticmethod
    def askText(title: str, question: str, text: str = "") -> str:
        """Asks for a text such as a name, of which one may be given; empty if the user canceled."""
        return qt.QInputDialog.getText(slicer.util.mainWindow(), title, question, qt.QLineEdit.Normal, text)

    @staticmethod
    def _ask(text: str, buttons: qt.QMessageBox.StandardButtons) -> bool:
        """Not by slicer.util's confirm functions: they log the text, which can hold a patient's name."""
        answer = slicer.util.messageBox(
            text, windowTitle=_("DualTaskSeg"), icon=qt.QMessageBox.Question, standardButtons=buttons
        )
        return answer in (qt.QMessageBox.Ok, qt.QMessageBox.Yes)
