"""What the sections of the panel share: the project, the scene's parameters, the worker, the way to the user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import qt
import slicer
from dualtaskseg.errors import DualTaskSegError
from slicer.i18n import tr as _

from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.engine.slowdisk import DiskAsker
from DualTaskSegLib.engine.steprunner import StepRunner
from DualTaskSegLib.installing.installer import Installer
from DualTaskSegLib.panel.settings import Settings
from DualTaskSegLib.project.modellibrary import ModelEntry, listModels
from DualTaskSegLib.project.project import Project

if TYPE_CHECKING:
    from DualTaskSegLib.common.steps import Steps
    from DualTaskSegLib.engine.worker import Worker
    from DualTaskSegLib.scene.parameters import DualTaskSegParameterNode

T = TypeVar("T")


class Panel:
    """Shared by all sections; knows none of them.

    Args:
        resourcePath: gives the path of a file in the module's ``Resources``.
        showMessage: shows a sentence in the panel, as a problem or as plain news.

    Attributes:
        project: the open project; None before one is chosen.
        parameterNode: the scene's parameters; None while a scene is being closed.
        selectedCaseIds: the cases chosen in the table.
        isTraining: whether a training of the project is going on.
        isReloading: the panel goes away to be made anew, while Slicer goes on.
        models: of the project, the newest first, see :meth:`readModels`.
        projectChanged: another project is open, or none.
        casesChanged: cases came, went, or have another role, label or problem.
        segmentsChanged: the project's structures changed.
        modelsChanged: models came or went, or another one is chosen.
        runChanged: trainings came or went on disk.
        trainingChanged: a training begins or ends, see ``isTraining``.
        resultsChanged: results in the scene came or went, or another one is under review.
        selectionChanged: other cases are chosen in the table.
        installer: installs packages in the background.
        steps: does long work of this process, see :meth:`doSteps`.
        disk: asks disks that may not answer.
        parameterNodeChanged: the scene has another parameter node, or none.
        workChanged: what this process works on, see :meth:`doSteps`, and how much is done; empty when it is done.
        outlineRequested: a case, by its id, is to be opened for outlining.
    """

    def __init__(self, resourcePath: Callable[[str], str], showMessage: Callable[[str, bool], None]) -> None:
        self.resourcePath = resourcePath
        self.settings = Settings()
        self.project: Project | None = None
        self.parameterNode: DualTaskSegParameterNode | None = None
        self.selectedCaseIds: list[str] = []
        self.isTraining = False
        self.isReloading = False
        self.projectChanged = Signal()
        self.casesChanged = Signal()
        self.segmentsChanged = Signal()
        self.modelsChanged = Signal()
        self.runChanged = Signal()
        self.trainingChanged = Signal()
        self.resultsChanged = Signal()
        self.selectionChanged = Signal()
        self.parameterNodeChanged = Signal()
        self.workChanged = Signal()
        self.outlineRequested = Signal()
        self.steps = StepRunner()
        self.disk = DiskAsker()
        self._ordered: list[object] = []  # work that the user waits for
        self._showMessage = showMessage
        self._told = ""  # what the message line was given last
        self._worker: Worker | None = None
        self.installer = Installer(self)
        self.models: list[ModelEntry] = []
        self._model: Path | None = None

    # --- the project

    def openProject(self, folder: Path | str) -> None:
        """Opens a project.

        Raises:
            InputError: there is none, or it is damaged.
        """
        self.useProject(Project.open(folder))

    def useProject(self, project: Project) -> None:
        """Takes a project that was opened."""
        self._setProject(project)

    def createProject(self, folder: Path | str) -> None:
        """Makes a project in a folder and opens it.

        Raises:
            InputError: the folder holds one already, or can't be written.
        """
        self._setProject(Project.create(folder))

    def closeProject(self) -> None:
        """Leaves the project; nothing of it is lost."""
        self._setProject(None)

    def _setProject(self, project: Project | None) -> None:
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
            folder: where.
            action: what to do.
        """

        def reached(_isThere: bool) -> None:
            try:
                action()
            except DualTaskSegError as error:
                self.fail(str(error))

        def silent(error: Exception) -> None:
            self.fail(str(error))
            if not isinstance(error, (DualTaskSegError, OSError)):
                raise error

        self.disk.ask(f"{kind} {folder}", lambda: Path(folder).is_dir(), reached, silent)

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
            self.fail(str(error))
            if not isinstance(error, (DualTaskSegError, OSError)):
                raise error

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
            from DualTaskSegLib.engine.worker import Worker

            self._worker = Worker()
        return self._worker

    def renewWorker(self) -> None:
        """Sees to it that later jobs know what was installed meanwhile."""
        if self._worker is not None:
            self._worker.renew()

    def close(self) -> None:
        """Ends the worker and all work in this process. Trainings are processes of their own and go on."""
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
            steps: see :mod:`DualTaskSegLib.common.steps`.
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

    def withdraw(self, sentence: str) -> None:
        """Clears the message line if it still shows this sentence."""
        if sentence and self._told == sentence:
            self._tell("", False)

    def _tell(self, sentence: str, isProblem: bool) -> None:
        self._told = sentence
        self._showMessage(sentence, isProblem)

    def confirm(self, text: str, details: str = "") -> bool:
        """Asks before something that can't be undone or costs much."""
        return self._ask(text, qt.QMessageBox.Ok | qt.QMessageBox.Cancel, details)

    def askYesNo(self, text: str) -> bool:
        """Asks a question whose answer is yes or no; the text says what either does."""
        return self._ask(text, qt.QMessageBox.Yes | qt.QMessageBox.No)

    @staticmethod
    def _ask(text: str, buttons: qt.QMessageBox.StandardButtons, details: str = "") -> bool:
        """Not by slicer.util's confirm functions: they log the text, which can hold a patient's name."""
        options = {"detailedText": details} if details else {}
        answer = slicer.util.messageBox(
            text, windowTitle=_("DualTaskSeg"), icon=qt.QMessageBox.Question, standardButtons=buttons, **options
        )
        return answer in (qt.QMessageBox.Ok, qt.QMessageBox.Yes)
