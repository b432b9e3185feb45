"""The module DualTaskSeg: segmentation networks of one's own, trained in the background from a few outlined scans.

Kept thin: the work is done in DualTaskSegLib and in the training package dualtaskseg.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

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

# From top to bottom: the file in DualTaskSegLib/sections and its class.
SECTIONS = (
    ("cases", "CasesSection"),
    ("train", "TrainSection"),
    ("models", "ModelsSection"),
    ("apply", "ApplySection"),
    ("review", "ReviewSection"),
    ("export", "ExportSection"),
)


class DualTaskSeg(ScriptedLoadableModule):
    """What Slicer shows about the module before it is opened."""

    def __init__(self, parent: Any) -> None:
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
        slicer.app.connect("startupCompleted()", registerSampleData)


def registerSampleData() -> None:
    """Adds the synthetic scans to the module Sample Data."""
    from DualTaskSegLib import sampledata

    sampledata.register()


class DualTaskSegWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The panel: the project at the top, the next step, messages, and the sections."""

    def __init__(self, parent: Any = None) -> None:
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.logic: DualTaskSegLogic | None = None
        self.panel = None
        self.sections: list[Any] = []

    def setup(self) -> None:
        """Builds the panel when it is opened first."""
        ScriptedLoadableModuleWidget.setup(self)
        uiWidget = slicer.util.loadUI(self.resourcePath("UI/DualTaskSeg.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.logic = DualTaskSegLogic()

        from DualTaskSegLib.frame import Frame
        from DualTaskSegLib.panel import Panel

        self.frame = Frame(self.ui)
        self.panel = Panel(self.resourcePath, self.frame.showMessage)
        self.sections = self._makeSections(self.ui.sectionsWidget.layout())
        self.frame.attach(self.panel, self.sections)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndCloseEvent, self.onSceneEndClose)
        self.initializeParameterNode()
        self.frame.reopenProject()

    def _makeSections(self, layout: Any) -> list[Any]:
        sections = []
        for fileName, className in SECTIONS:
            module = importlib.import_module("DualTaskSegLib.sections." + fileName)
            sections.append(getattr(module, className)(self.panel, layout))
        return sections

    def cleanup(self) -> None:
        """Lets go of everything; called when Slicer closes and before a reload."""
        self.removeObservers()
        if self.panel is not None:
            self._setParameterNode(None)
            for section in self.sections:
                section.cleanup()
            self.frame.cleanup()
            self.panel.close()

    def enter(self) -> None:
        """The user opens the module."""
        self.initializeParameterNode()
        for section in self.sections:
            section.enter()

    def exit(self) -> None:
        """The user goes to another module."""
        for section in self.sections:
            section.exit()
        self._setParameterNode(None)

    def onSceneStartClose(self, caller: Any = None, event: Any = None) -> None:
        """The scene is about to be closed."""
        self._setParameterNode(None)
        for section in self.sections:
            section.onSceneStartClose()

    def onSceneEndClose(self, caller: Any = None, event: Any = None) -> None:
        """The scene was closed."""
        for section in self.sections:
            section.onSceneEndClose()
        if self.parent.isEntered:
            self.initializeParameterNode()

    def initializeParameterNode(self) -> None:
        """Makes the scene's parameter node if there is none; chooses the first scan where none is chosen."""
        node = self.logic.getParameterNode()
        if node.inputVolume is None:
            node.inputVolume = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLScalarVolumeNode")
        self._setParameterNode(node)

    def _setParameterNode(self, node: Any) -> None:
        self.panel.parameterNode = node
        self.panel.parameterNodeChanged.emit()

    def onReload(self) -> None:
        """Reloads the parts too, not only this file."""
        for name in list(sys.modules):
            if name.split(".")[0] in ("DualTaskSegLib", "dualtaskseg"):
                del sys.modules[name]
        ScriptedLoadableModuleWidget.onReload(self)


class DualTaskSegLogic(ScriptedLoadableModuleLogic):
    """What scripts and tests use without the panel."""

    def getParameterNode(self) -> Any:
        """Returns the scene's parameter node, see :mod:`DualTaskSegLib.parameters`."""
        from DualTaskSegLib.parameters import DualTaskSegParameterNode

        return DualTaskSegParameterNode(super().getParameterNode())


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
