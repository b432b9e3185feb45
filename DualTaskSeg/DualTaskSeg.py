"""The module DualTaskSeg: segmentation networks of one's own, trained in the background from a few outlined scans.

Kept thin: the work is done in DualTaskSegLib and in the training package dualtaskseg.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import slicer
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin

if TYPE_CHECKING:
    from collections.abc import Callable

    import qt
    import vtk
    from DualTaskSegLib.common.steps import Steps
    from DualTaskSegLib.engine.runs import RunSnapshot
    from DualTaskSegLib.engine.worker import Worker
    from DualTaskSegLib.measuring.scenejobs import Comparison
    from DualTaskSegLib.panel.context import Panel
    from DualTaskSegLib.panel.section import Section
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.project.project import Project
    from DualTaskSegLib.results.completing import CaseCompleter
    from DualTaskSegLib.results.results import Result
    from DualTaskSegLib.results.segmenting import Segmented
    from DualTaskSegLib.results.suggestedslice import SuggestedSlice
    from DualTaskSegLib.scene.parameters import DualTaskSegParameterNode

    OnProgress = Callable[[float | None, str], None]

# From top to bottom: the folder in DualTaskSegLib/panel and the class, whose name in small letters is that of the file.
SECTIONS = (
    ("cases", "CasesSection"),
    ("train", "TrainSection"),
    ("models", "ModelsSection"),
    ("apply", "ApplySection"),
    ("review", "ReviewSection"),
    ("export", "ExportSection"),
)
T = TypeVar("T")
AFTER_SELECTORS = -10.0  # priority of an observer
TRAINING_POLL_S = 1.0


class DualTaskSeg(ScriptedLoadableModule):
    """What Slicer shows about the module before it is opened."""

    def __init__(self, parent: qt.QWidget | None) -> None:
        ScriptedLoadableModule.__init__(self, parent)
        # Before DualTaskSegLib is imported, parts of which have sentences that are translated when they are.
        slicer.app.loadTranslations(str(Path(__file__).parent / "Resources" / "Translations"))
        self.parent.title = _("DualTaskSeg")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        self.parent.dependencies = ["Segmentations", "SegmentEditor", "Volumes", "Plots", "Tables", "Terminologies"]
        self.parent.contributors = ["The DualTaskSeg developers"]
        self.parent.helpText = _(
            "<p>Train a segmentation network of your own from a few outlined scans and many that nobody outlined, then"
            " apply it with one click. Two networks, one for a probability map and one for a signed distance map, teach"
            " each other; where they disagree, the result is unsure.</p>"
            "<p>1. <b>Cases</b>: choose a project folder, add scans, outline your structures on a few.<br>"
            "2. <b>Train</b>: click Train and go on working.<br>"
            "3. <b>Apply</b>: segment a scan; <b>Review</b> the result and correct it; <b>Export</b> it.</p>"
            "<p>Everything is computed on this computer; no data leaves it. For research only: look at every result"
            " before you use it.</p>"
            '<p><a href="https://github.com/DualTaskSeg/SlicerDualTaskSeg">Documentation and tutorial</a></p>'
        )
        self.parent.acknowledgementText = _(
            "The method is dual-task mutual learning: Y. Zhang and J. Zhang, Dual-Task Mutual Learning for"
            " Semi-supervised Medical Image Segmentation, PRCV 2021, arXiv:2103.04708. Built with PyTorch, MONAI,"
            " SimpleITK, highdicom and dcmqi. Please cite the paper and this software when you use it in research."
        )
        slicer.app.connect("startupCompleted()", onStartupCompleted)


def onStartupCompleted() -> None:
    """Adds the synthetic scans to the module Sample Data, and our layouts, which a scene may have been saved with."""
    from DualTaskSegLib.scene import sampledata
    from DualTaskSegLib.views import layouts

    layouts.register()
    sampledata.register()


class DualTaskSegWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel: the project at the top, the next step, messages, and the sections."""

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.logic: DualTaskSegLogic | None = None
        self._panel = None
        self._sections: list[Section] = []
        self._forgetting: tuple[Callable[[], None], ...] = ()  # what lets go of nodes that modules hold
        self._making: object | None = None  # the work that makes the sections, until they are there

    def setup(self) -> None:
        """Builds the panel when it is opened first; its sections follow one by one, lest Slicer stand still."""
        ScriptedLoadableModuleWidget.setup(self)
        uiWidget = slicer.util.loadUI(self.resourcePath("UI/DualTaskSeg.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.logic = DualTaskSegLogic()

        from DualTaskSegLib.panel.accessible import makeAccessible
        from DualTaskSegLib.panel.chosennodes import ChosenNodes
        from DualTaskSegLib.panel.context import Panel
        from DualTaskSegLib.panel.header import Header
        from DualTaskSegLib.scene import parameters
        from DualTaskSegLib.views import layouts, legends

        makeAccessible(uiWidget)
        self.header = Header(self.ui)
        self._panel = Panel(self.resourcePath, self.header.showMessage)
        self.chosenNodes = ChosenNodes()
        layouts.register()
        self._forgetting = (
            parameters.forget,
            layouts.release,
            legends.release,
        )  # of these very modules: a reload makes new ones first
        scene = slicer.mrmlScene
        self.addObserver(scene, scene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(scene, scene.StartImportEvent, self.onSceneStartImport)
        # After the selectors, which lose their node when the scene's nodes come and go all at once.
        self.addObserver(scene, scene.EndCloseEvent, self.onSceneEndClose, priority=AFTER_SELECTORS)
        self.addObserver(scene, scene.EndImportEvent, self.onSceneEndImport, priority=AFTER_SELECTORS)
        self._making = self._panel.steps.start(self._makeSections(), self._onSectionsMade, self._onSectionsFailed)

    def _makeSections(self) -> Steps[None]:
        """Steps that make one section each."""
        layout = self.ui.sectionsWidget.layout()
        for index, (folder, className) in enumerate(SECTIONS):
            module = importlib.import_module(f"DualTaskSegLib.panel.{folder}.{className.lower()}")
            yield index / len(SECTIONS)
            self._sections.append(getattr(module, className)(self._panel, layout))
            yield (index + 0.5) / len(SECTIONS)

    def _onSectionsMade(self, _nothing: None) -> None:
        self._making = None
        self.header.attach(self._panel, self._sections)
        self.initializeParameterNode()
        self.header.reopenProject()
        if self.parent.isEntered:
            self.enter()

    def _onSectionsFailed(self, error: Exception) -> None:
        self._making = None
        raise error

    @property
    def sections(self) -> list[Section]:
        """The sections from top to bottom; whoever asks before they are all there has them made at once."""
        self._finishMaking()
        return self._sections

    @property
    def panel(self) -> Panel:
        """What the sections share; as with them."""
        self._finishMaking()
        return self._panel

    def _finishMaking(self) -> None:
        if self._making is not None:
            self._panel.steps.finish(self._making)

    def cleanup(self) -> None:
        """Lets go of everything; called when Slicer closes and before a reload."""
        self.removeObservers()
        if self._panel is None:
            return
        if self._making is not None:
            self._panel.steps.cancel(self._making)
            self._making = None
        self._setParameterNode(None)
        self.logic.close()
        for section in self._sections:
            section.cleanup()
        self.chosenNodes.close()
        for forget in self._forgetting:
            forget()
        self._panel.close()

    def enter(self) -> None:
        if self._making is not None:  # it comes once they are made
            return
        self.initializeParameterNode()
        for section in self._sections:
            section.enter()
        self._panel.shortcuts.install()

    def exit(self) -> None:
        if self._making is not None:
            return
        self._panel.shortcuts.remove()
        for section in self._sections:
            section.exit()
        self._setParameterNode(None)

    def onSceneStartClose(self, caller: vtk.vtkObject | None = None, event: str | None = None) -> None:
        self._setParameterNode(None)
        for section in self._sections:
            section.onSceneStartClose()

    def onSceneEndClose(self, caller: vtk.vtkObject | None = None, event: str | None = None) -> None:
        for section in self._sections:
            section.onSceneEndClose()
        self._useParameterNodeAgain()

    def onSceneStartImport(self, caller: vtk.vtkObject | None = None, event: str | None = None) -> None:
        """A scene is about to be loaded, into the one that is open perhaps."""
        self._setParameterNode(None)

    def onSceneEndImport(self, caller: vtk.vtkObject | None = None, event: str | None = None) -> None:
        """A scene was loaded: its parameters, if it has some, are in the parameter node now."""
        self._useParameterNodeAgain()
        if self._panel is not None and self._making is None:
            self._panel.resultsChanged.emit()

    def _useParameterNodeAgain(self) -> None:
        if self._making is None and self.parent.isEntered:
            self.initializeParameterNode()

    def initializeParameterNode(self) -> None:
        """Makes the scene's parameter node if there is none; chooses the first scan where none is chosen."""
        from DualTaskSegLib.scene.casevolumes import isScan, scansInScene

        node = self.logic.getParameterNode()
        if not isScan(node.inputVolume):
            node.inputVolume = next(iter(scansInScene()), None)
        self._setParameterNode(node)

    def _setParameterNode(self, node: DualTaskSegParameterNode | None) -> None:
        if node is None and self._panel.parameterNode is None:
            return
        self._panel.parameterNode = node
        self._panel.parameterNodeChanged.emit()

    def onReload(self) -> None:
        """Reloads the parts too, not only this file."""
        if self._panel is not None:
            self._panel.isReloading = True
        for name in list(sys.modules):
            if name.split(".")[0] in ("DualTaskSegLib", "dualtaskseg"):
                del sys.modules[name]
        ScriptedLoadableModuleWidget.onReload(self)


class DualTaskSegLogic(ScriptedLoadableModuleLogic):
    """What the module does, for scripts: nobody is asked, and nothing of the panel is touched.

    Each call waits for the end of its work while Slicer goes on: events are processed meanwhile, so a timer, a button
    or ``onProgress`` may call :meth:`cancel`. What can't be done raises a ``DualTaskSegError`` whose text is a sentence
    for people, and what was canceled a ``CanceledError``. ``device`` and ``onProgress`` mean the same everywhere, see
    :meth:`train`. More is told in ``Docs/scripting.md``.

    Usage example: scans ``CT1`` to ``CT3`` are loaded, ``CT1`` and ``CT2`` are outlined::

        from DualTaskSeg import DualTaskSegLogic

        logic = DualTaskSegLogic()
        project = logic.createProject("/data/my project")
        for name in ("CT1", "CT2"):
            logic.addCase(project, slicer.util.getNode(name), slicer.util.getNode(name + " outlines"))
        volume = slicer.util.getNode("CT3")
        logic.addCase(project, volume)

        model = logic.train(project, preset="quick", onProgress=lambda share, text: print(text))
        result = logic.segment(volume, model)
        logic.exportSegmentation(result.segmentationNode, "/data/CT3.dcm")
        case = logic.suggestNext(project, model)
        logic.close()
    """

    def __init__(self, parent: qt.QObject | None = None) -> None:
        ScriptedLoadableModuleLogic.__init__(self, parent)

        from DualTaskSegLib.engine.waiting import Waiter

        self._ownWorker: Worker | None = None
        self._waiter = Waiter()

    def getParameterNode(self) -> DualTaskSegParameterNode:
        """Returns the scene's parameter node, see :mod:`DualTaskSegLib.scene.parameters`."""
        from DualTaskSegLib.scene.parameters import parametersOf

        return parametersOf(super().getParameterNode())

    # --- projects

    def createProject(self, folder: Path | str) -> Project:
        """Makes a project in a folder that is empty or doesn't exist.

        Raises:
            InputError: the folder holds something, or can't be written.
        """
        from DualTaskSegLib.project.project import Project

        return Project.create(folder)

    def openProject(self, folder: Path | str) -> Project:
        """Opens a project. What the panel does with the same one is not seen: it is best not open there.

        Raises:
            InputError: there is none, or it is damaged.
        """
        from DualTaskSegLib.project.project import Project

        return Project.open(folder)

    def addCase(
        self,
        project: Project,
        volumeNode: slicer.vtkMRMLScalarVolumeNode,
        segmentationNode: slicer.vtkMRMLSegmentationNode | None = None,
        isPartly: bool | None = None,
    ) -> ProjectCase:
        """Adds a scan of the scene to a project and saves it.

        Args:
            volumeNode: the scan. One that is in no file as it is, is written into the project's folder. If it is a case
                already, that one gets the outlines.
            segmentationNode: its outlines, which become its label; without them training learns from it unlabeled. The
                first one says which structures the project has, the others need segments of the same names.
            isPartly: whether only the slices with outlines were looked at, so that the rest of the scan is unlabeled.
                It has to be said where the outlines have empty slices between others.

        Raises:
            InputError: the scan or the outlines can't be used, or the project can't be saved.
        """
        from DualTaskSegLib.results.accepting import acceptSteps
        from DualTaskSegLib.scene.casevolumes import addCaseSteps, caseOf

        case = caseOf(volumeNode, project) or self._do(addCaseSteps(project, volumeNode))
        if segmentationNode is not None:
            self._do(acceptSteps(project, case, segmentationNode, volumeNode, isPartly))
        project.save()
        return case

    def loadCase(self, case: ProjectCase) -> slicer.vtkMRMLScalarVolumeNode:
        """Loads the scan of a case; the volume that it has in the scene already is returned as it is."""
        from DualTaskSegLib.scene.casevolumes import loadCaseSteps

        return self._do(loadCaseSteps(case))

    # --- work

    def train(
        self,
        project: Project,
        preset: str = "quick",
        seconds: float | None = None,
        iterations: int | None = None,
        device: str = "auto",
        startFrom: Path | str | None = None,
        onProgress: OnProgress | None = None,
    ) -> Path:
        """Trains a model on the cases of a project, in a process of its own.

        Canceled, the training ends its step and saves; it can be resumed in the panel.

        Args:
            project: with at least one labeled case; it is saved.
            preset: ``"quick"``, ``"standard"``, ``"best"`` or ``"paper"``.
            seconds: how long it may take; the preset's own time if None.
            iterations: steps, instead of a time.
            device: ``"auto"``, ``"cpu"``, ``"cuda:0"``, ...
            startFrom: a model that is trained further.
            onProgress: called now and then with how much is done, 0 to 1 or None, and a sentence.

        Returns:
            the folder of the model.

        Raises:
            InputError: the project isn't ready, packages are missing, or another training uses the device.
        """
        from dualtaskseg.errors import DualTaskSegError
        from DualTaskSegLib.engine import runs

        self._requirePackages()
        request = project.request(
            preset=preset, time_budget=seconds, iterations=iterations, device=device, start_from=startFrom
        )
        project.save()
        watch = runs.startTraining(project, request)

        def poll() -> RunSnapshot:
            news = watch.poll()
            (onProgress or _ignore)(news.fraction, news.message)
            return news

        news = self._waiter.pollUntil(poll, lambda news: not news.isAtWork, watch.stop, TRAINING_POLL_S)
        if news.state != runs.FINISHED:
            raise DualTaskSegError(news.message)
        return watch.modelFolder

    def segment(
        self,
        volumeNode: slicer.vtkMRMLScalarVolumeNode,
        model: Path | str,
        device: str = "auto",
        replaced: Result | None = None,
        onProgress: OnProgress | None = None,
    ) -> Result:
        """Segments a volume of the scene with a model, given by its folder.

        Args:
            replaced: an earlier result whose nodes get the new content, unless somebody corrected it since; without it
                new nodes are added.

        Returns:
            the nodes: ``segmentationNode``, ``sdmNodes`` by the segment's name, ``uncertaintyNode``; and in
            ``remarks`` what the user should know.

        Raises:
            InputError: the volume or the model can't be used, or packages are missing.
        """
        return self._segment(lambda one: one.start(volumeNode, Path(model), replaced, device), onProgress)

    def complete(
        self,
        project: Project,
        case: ProjectCase,
        model: Path | str,
        device: str = "auto",
        replaced: Result | None = None,
        onProgress: OnProgress | None = None,
    ) -> Result:
        """Fills what is not outlined yet of a partly outlined case; what was looked at stays exactly as it is.

        Its scan is loaded if need be. The case is not changed: correct the result, then give it to :meth:`addCase`.

        Args:
            replaced: as in :meth:`segment`.

        Returns:
            the nodes, as :meth:`segment` does.

        Raises:
            InputError: the case is not partly outlined, the model can't be used or doesn't know a structure of the
                project, or packages are missing.
        """
        from DualTaskSegLib.results.completing import requireCompletable

        requireCompletable(project, case, Path(model))
        volume = self.loadCase(case)
        return self._segment(lambda one: one.complete(project, volume, Path(model), replaced, device), onProgress)

    def _segment(self, begin: Callable[[CaseCompleter], None], onProgress: OnProgress | None) -> Result:
        from DualTaskSegLib.results.completing import CaseCompleter

        self._requirePackages()

        def start(onDone: Callable[[Segmented], None], onFailed: Callable[[str], None]) -> Callable[[], None]:
            completer = CaseCompleter(self._worker, _withoutTime(onProgress), onDone, onFailed)
            begin(completer)
            return completer.cancel

        segmented = self._waiter.waitFor(start)
        segmented.result.remarks = segmented.remarks
        return segmented.result

    def measure(
        self,
        segmentationNode: slicer.vtkMRMLSegmentationNode,
        file: Path | str | None = None,
        overwrite: bool = False,
        onProgress: OnProgress | None = None,
    ) -> slicer.vtkMRMLTableNode:
        """Measures each structure of a segmentation, in mL and mm; what they mean is told in ``Docs/method.md``.

        Args:
            file: where the table is written as well, ``.csv``.
            overwrite: whether a file that is there may be replaced.

        Returns:
            a table with one row a structure: ``volume_ml``, ``axial_mm`` (the largest diameter in an axial slice) with
            its ``perpendicular_mm``, ``largest_mm`` (in 3D), and the forecast, ``predicted_dice`` and ``agreement``.

        Raises:
            InputError: the segmentation holds nothing, its scan can't be used, or the file can't be written.
        """
        from dualtaskseg.errors import InputError
        from DualTaskSegLib.measuring.numbers import NumberTable
        from DualTaskSegLib.measuring.scenejobs import Measurer, scanOf

        target = None if file is None else Path(file)
        if target is not None and target.exists() and not overwrite:
            raise InputError(
                _("{file} exists already").format(file=target), _("Choose another name, or say that it may be replaced")
            )

        def start(onDone: Callable[[NumberTable], None], onFailed: Callable[[str], None]) -> Callable[[], None]:
            measurer = Measurer(self._worker, onProgress or _ignore, onDone, onFailed)
            measurer.start(segmentationNode)
            return measurer.cancel

        table = self._waiter.waitFor(start)
        if target is not None:
            self._do(table.writeSteps(target))
        return table.toNode(_("{name} numbers").format(name=segmentationNode.GetName()), scanOf(segmentationNode))

    def compare(
        self,
        before: slicer.vtkMRMLSegmentationNode,
        after: slicer.vtkMRMLSegmentationNode,
        onProgress: OnProgress | None = None,
    ) -> Comparison:
        """Compares an earlier segmentation of a scan with a later one, such as those of two models.

        Returns:
            ``node``, a volume that is 1 where only the later one has a structure, 2 where only the earlier one has, 3
            where both have, but not the same; and ``table`` with one row a structure: volumes, Dice, distances of
            surfaces. ``table.toNode(name)`` adds it to the scene, ``table.toCsv()`` is its text.

        Raises:
            InputError: the two are not of one scan, or one holds nothing.
        """
        from DualTaskSegLib.measuring.scenejobs import Comparer

        def start(onDone: Callable[[Comparison], None], onFailed: Callable[[str], None]) -> Callable[[], None]:
            comparer = Comparer(self._worker, onProgress or _ignore, onDone, onFailed)
            comparer.start(before, after)
            return comparer.cancel

        return self._waiter.waitFor(start)

    def exportSegmentation(
        self,
        segmentationNode: slicer.vtkMRMLSegmentationNode,
        file: Path | str,
        description: str = "",
        creator: str = "",
        withMaps: bool = False,
        overwrite: bool = False,
        model: Path | str | None = None,
        format: str = "",
        onProgress: OnProgress | None = None,
    ) -> list[Path]:
        """Writes a segmentation to a file. For DICOM its scan must have come from a DICOM series.

        Args:
            file: what is written.
            description: of the series, for DICOM.
            creator: who made it, such as ``Doe^Jane``, for DICOM; nobody is named if empty.
            withMaps: whether signed distances and uncertainty are written beside a DICOM segmentation, as parametric
                maps.
            overwrite: whether files that are there may be replaced.
            model: folder of the model that made it, to be described in a DICOM file.
            format: ``"seg"`` (DICOM segmentation), ``"rtstruct"`` (contours for radiotherapy planning), ``"nrrd"``
                (Slicer's segmentation with names and terms) or ``"nifti"`` (label map with a color table). Without it
                the end of the file's name tells: ``.dcm`` for the first, ``.seg.nrrd`` or ``.nii.gz``.

        Returns:
            the files, the segmentation first.

        Raises:
            InputError: it can't be exported, or packages are missing.
        """
        from dualtaskseg.errors import InputError
        from DualTaskSegLib.dicom.exportformats import SEG, formats

        known = {each.id: each for each in formats()}
        ended = [each.id for each in known.values() if str(file).lower().endswith(each.suffix)]
        chosen = known.get(format or next(iter(ended), SEG))
        if chosen is None:
            raise InputError(
                _("There is no export format '{format}'").format(format=format),
                _("Use one of: {formats}").format(formats=", ".join(known)),
            )
        if withMaps and chosen.id != SEG:
            raise InputError(
                _("Maps are written beside a DICOM segmentation only"),
                _("Export as DICOM segmentation, or without maps"),
            )
        self._requirePackages(withOptional=chosen.isDicom)
        from DualTaskSegLib.dicom.exporting import Exporter

        def start(onDone: Callable[[dict[str, Any]], None], onFailed: Callable[[str], None]) -> Callable[[], None]:
            exporter = Exporter(self._worker, onProgress or _ignore, onDone, onFailed)
            folder = None if model is None else Path(model)
            exporter.start(segmentationNode, Path(file), description, creator, overwrite, withMaps, folder, chosen)
            return exporter.cancel

        report = self._waiter.waitFor(start)
        beside = [*report.get("maps", ()), *filter(None, [report.get("table")])]
        return [Path(each) for each in (report["file"], *beside)]

    def suggestNext(
        self,
        project: Project,
        model: Path | str,
        device: str = "auto",
        onProgress: OnProgress | None = None,
    ) -> ProjectCase | None:
        """Finds the unlabeled case on which the two networks of a model agree least: outlining it helps most.

        The ranking is kept in the project, which is saved. Returns None where no case is unlabeled.

        Raises:
            InputError: the model can't be used, packages are missing, or the project can't be saved.
        """
        self._requirePackages()

        def start(onDone: Callable[[dict[str, Any]], None], onFailed: Callable[[str], None]) -> Callable[[], None]:
            listeners = {"onProgress": _withoutTime(onProgress), "onDone": onDone, "onError": onFailed}
            job = self._worker().rank(model, project.dataset(), device, **listeners)
            return lambda: self._worker().cancel(job)

        case = project.takeRanking(self._waiter.waitFor(start))
        project.save()
        return case

    def suggestSlice(self, case: ProjectCase, result: Result) -> SuggestedSlice | None:
        """Finds the slice of a partly outlined case to outline next: not outlined, nor beside one that is.

        Args:
            result: of its scan, from :meth:`segment` or :meth:`complete`.

        Returns:
            the slice on which the networks disagree over the largest area; None if they agree on all that are left.
            ``uncertainregions.jumpTo(slice.ras)`` takes the slice views there.

        Raises:
            InputError: the case is not partly outlined, or the result has no uncertainty volume of its scan.
        """
        from dualtaskseg.errors import InputError
        from DualTaskSegLib.results.results import sourceOf
        from DualTaskSegLib.results.suggestedslice import suggestSliceSteps

        volume = sourceOf(result.uncertaintyNode)
        if volume is None:
            raise InputError(_("The result has no uncertainty volume of the scan"), _("Segment the scan again"))
        return self._do(suggestSliceSteps(case, volume, result.uncertaintyNode))

    def cancel(self) -> None:
        """Ends the call that waits, which then raises a ``CanceledError``; without effect when none does."""
        self._waiter.cancel()

    def close(self) -> None:
        """Ends the child process that computes; it is started again if need be. Also done when Slicer ends."""
        self._waiter.cancel()
        if self._ownWorker is not None:
            slicer.app.disconnect("aboutToQuit()", self.close)
            self._ownWorker.close()
            self._ownWorker = None

    # --- parts

    def _worker(self) -> Worker:
        """The child process of this logic; the panel has another one."""
        if self._ownWorker is None:
            from DualTaskSegLib.engine.worker import Worker

            self._ownWorker = Worker()
            slicer.app.connect("aboutToQuit()", self.close)
        return self._ownWorker

    def _do(self, steps: Steps[T]) -> T:
        """Does work of this process."""
        from DualTaskSegLib.engine.steprunner import StepRunner

        def start(onDone: Callable[[T], None], onFailed: Callable[[Exception], None]) -> Callable[[], None]:
            runner = StepRunner()
            runner.start(steps, onDone, onFailed)
            return runner.close

        return self._waiter.waitFor(start)

    @staticmethod
    def _requirePackages(withOptional: bool = False) -> None:
        from dualtaskseg.errors import InputError
        from DualTaskSegLib.common.knownfailures import INSTALL_AGAIN
        from DualTaskSegLib.installing import dependencies

        absent = dependencies.missing(withOptional=withOptional)
        if absent:
            names = ", ".join(one.wish for one in absent)
            raise InputError(_("Packages are missing: {names}").format(names=names), INSTALL_AGAIN)


def _withoutTime(onProgress: OnProgress | None) -> Callable[[float | None, float | None, str], None]:
    """Passes on what the child process tells, but for the seconds left."""
    return lambda share, _secondsLeft, text: (onProgress or _ignore)(share, text)


def _ignore(_share: float | None, _text: str) -> None:
    """Nobody wants to know."""


class DualTaskSegTest(ScriptedLoadableModuleTest):
    """A short test inside Slicer; the longer ones are in Testing."""

    def setUp(self) -> None:
        """Begins with an empty scene."""
        slicer.mrmlScene.Clear()

    def runTest(self) -> None:
        """Runs all tests."""
        self.setUp()
        self.test_parametersAreKeptInTheScene()
        self.setUp()
        self.test_panelOpens()

    def test_parametersAreKeptInTheScene(self) -> None:
        """What is chosen stands in the scene's parameter node."""
        volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Scan")
        node = DualTaskSegLogic().getParameterNode()
        node.inputVolume = volume
        node.distanceBand = 7.5
        again = DualTaskSegLogic().getParameterNode()
        self.assertEqual(again.inputVolume.GetID(), volume.GetID())
        self.assertAlmostEqual(again.distanceBand, 7.5)

    def test_panelOpens(self) -> None:
        """The panel opens with its sections in order, without torch in this process."""
        widget = slicer.util.getModuleWidget("DualTaskSeg")
        names = [type(section).__name__ for section in widget.sections]
        self.assertEqual(names, [className for _file, className in SECTIONS])
        self.assertNotIn("torch", sys.modules)
