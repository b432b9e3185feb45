"""The module DualTaskSeg: segmentation networks of one's own, trained in the background from a few outlined scans.

Kept thin: the work is done in DualTaskSegLib and in the training package dualtaskseg.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

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
    from DualTaskSegLib.panel.context import Panel
    from DualTaskSegLib.panel.section import Section
    from DualTaskSegLib.scene.parameters import DualTaskSegParameterNode

# From top to bottom: the folder in DualTaskSegLib/panel and the class, whose name in small letters is that of the file.
SECTIONS = (
    ("cases", "CasesSection"),
    ("train", "TrainSection"),
    ("models", "ModelsSection"),
    ("apply", "ApplySection"),
    ("review", "ReviewSection"),
    ("export", "ExportSection"),
)
AFTER_SELECTORS = -10.0  # priority of an observer


class DualTaskSeg(ScriptedLoadableModule):
    """What Slicer shows about the module before it is opened."""

    def __init__(self, parent: qt.QWidget | None) -> None:
        ScriptedLoadableModule.__init__(self, parent)
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

        from DualTaskSegLib.panel.chosennodes import ChosenNodes
        from DualTaskSegLib.panel.context import Panel
        from DualTaskSegLib.panel.header import Frame
        from DualTaskSegLib.scene import parameters
        from DualTaskSegLib.views import layouts

        self.frame = Frame(self.ui)
        self._panel = Panel(self.resourcePath, self.frame.showMessage)
        self.chosenNodes = ChosenNodes()
        layouts.register()
        self._forgetting = (parameters.forget, layouts.release)  # of these very modules: a reload makes new ones first
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
        self.frame.attach(self._panel, self._sections)
        self.initializeParameterNode()
        self.frame.reopenProject()
        if self._isEntered():
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
        for section in self._sections:
            section.cleanup()
        self.chosenNodes.close()
        for forget in self._forgetting:
            forget()
        self.frame.cleanup()
        self._panel.close()

    def _isEntered(self) -> bool:
        return bool(self.parent.isEntered)

    def enter(self) -> None:
        """The user opens the module."""
        if self._making is not None:  # it comes once they are made
            return
        self.initializeParameterNode()
        for section in self._sections:
            section.enter()

    def exit(self) -> None:
        """The user goes to another module."""
        if self._making is not None:
            return
        for section in self._sections:
            section.exit()
        self._setParameterNode(None)

    def onSceneStartClose(self, caller: vtk.vtkObject | None = None, event: str | None = None) -> None:
        """The scene is about to be closed."""
        self._setParameterNode(None)
        for section in self._sections:
            section.onSceneStartClose()

    def onSceneEndClose(self, caller: vtk.vtkObject | None = None, event: str | None = None) -> None:
        """The scene was closed."""
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
        if self._making is None and self._isEntered():
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
    """What scripts and tests use without the panel."""

    def getParameterNode(self) -> DualTaskSegParameterNode:
        """Returns the scene's parameter node, see :mod:`DualTaskSegLib.scene.parameters`."""
        from DualTaskSegLib.scene.parameters import parametersOf

        return parametersOf(super().getParameterNode())


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
