"""A small module which the test stand's own tests drive: a volume is smoothed and thresholded into a segment."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import numpy as np
import qt
import slicer
import vtk
from slicer import vtkMRMLScalarVolumeNode
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import Minimum, WithinRange, parameterNodeWrapper
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin


class Direction(enum.Enum):
    ABOVE = 1
    BELOW = 2

    def label(self) -> str:
        return _("Brighter than") if self is Direction.ABOVE else _("Darker than")


@parameterNodeWrapper
class StandDemoParameterNode:
    inputVolume: vtkMRMLScalarVolumeNode
    threshold: Annotated[float, WithinRange(-1000, 1000)] = 50.0
    margin: Annotated[int, Minimum(0)] = 1
    direction: Direction
    inverted: bool = False
    segmentName: str = "Bright"
    folder: Path


class StandDemo(ScriptedLoadableModule):
    def __init__(self, parent):
        super().__init__(parent)
        self.parent.title = _("Stand demo")
        self.parent.categories = ["Testing"]
        slicer.app.connect("startupCompleted()", lambda: StandDemo.started.append(self))

    started = []  # noqa: RUF012


class StandDemoWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.calls = []
        self._parameterNode = None

    def setup(self):
        super().setup()
        widget = slicer.util.loadUI(self.resourcePath("UI/StandDemo.ui"))
        self.layout.addWidget(widget)
        self.ui = slicer.util.childWidgetVariables(widget)
        widget.setMRMLScene(slicer.mrmlScene)
        self.logic = StandDemoLogic()
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndCloseEvent, self.onSceneEndClose)
        self.ui.applyButton.connect("clicked(bool)", self.onApply)
        self.ui.processButton.clicked.connect(self.onProcess)

    def enter(self):
        self.calls.append("enter")
        self._setParameterNode(self.logic.getParameterNode())

    def exit(self):
        self.calls.append("exit")
        self._setParameterNode(None)

    def cleanup(self):
        self.calls.append("cleanup")
        self._setParameterNode(None)
        self.removeObservers()

    def onSceneStartClose(self, caller, event):
        self._setParameterNode(None)

    def onSceneEndClose(self, caller, event):
        if self.parent.isEntered:
            self._setParameterNode(self.logic.getParameterNode())

    def _setParameterNode(self, node):
        if self._parameterNode is not None:
            self._parameterNode.disconnectGui(self._guiTag)
            self.removeObserver(self._parameterNode, vtk.vtkCommand.ModifiedEvent, self._checkCanApply)
        self._parameterNode = node
        if node is not None:
            self._guiTag = node.connectGui(self.ui)
            self.addObserver(node, vtk.vtkCommand.ModifiedEvent, self._checkCanApply)
            self._checkCanApply()

    def _checkCanApply(self, caller=None, event=None):
        ready = self._parameterNode.inputVolume is not None
        self.ui.applyButton.enabled = ready
        self.ui.applyButton.toolTip = "" if ready else _("Choose a volume")

    def onApply(self, checked):
        with slicer.util.tryWithErrorDisplay(_("The volume can't be segmented."), waitCursor=True):
            node = self.logic.segment(self._parameterNode)
        row = self.ui.table.rowCount
        self.ui.table.insertRow(row)
        self.ui.table.setItem(row, 0, qt.QTableWidgetItem(node.GetName()))

    def onProcess(self):
        self.process = qt.QProcess()
        self.process.connect("finished(int,QProcess::ExitStatus)", self.onFinished)
        self.process.start("echo", ["done"])

    def onFinished(self, code, status):
        self.ui.progress.value = 100
        self.ui.stateLabel.text = self.process.readAllStandardOutput().data().decode().strip()


class StandDemoLogic(ScriptedLoadableModuleLogic):
    def getParameterNode(self):
        return StandDemoParameterNode(super().getParameterNode())

    def segment(self, parameters):
        volume = parameters.inputVolume
        values = slicer.util.arrayFromVolume(volume)
        if values.min() == values.max():
            raise ValueError(f"{volume.GetName()} is the same everywhere.")
        above = values > parameters.threshold
        mask = above if parameters.direction is Direction.ABOVE else ~above
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", volume.GetName() + " segmentation")
        node.CreateDefaultDisplayNodes()
        node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
        segmentId = node.GetSegmentation().AddEmptySegment("bright", parameters.segmentName, (1.0, 0.0, 0.0))
        slicer.util.updateSegmentBinaryLabelmapFromArray(mask.astype(np.uint8), node, segmentId, volume)
        return node
