"""The module Segment Editor as far as others hand work over to it: its nodes are real, its effects are not there."""

from __future__ import annotations

import slicer
from PySide6 import QtCore
from slicer.ScriptedLoadableModule import ScriptedLoadableModule, ScriptedLoadableModuleWidget


class SegmentEditor(ScriptedLoadableModule):
    def __init__(self, parent):
        super().__init__(parent)
        parent.title = "Segment Editor"


class SegmentEditorWidget(ScriptedLoadableModuleWidget):
    def setup(self) -> None:
        super().setup()
        self.editor = qMRMLSegmentEditorWidget()
        self.parent.layout().addWidget(self.editor)

    def enter(self) -> None:
        """As in Slicer, an editor without a segmentation takes the first of the scene, or makes one."""
        self.editor.setMRMLSegmentEditorNode(self._editorNode())
        if self.editor.segmentationNode() is None:
            first = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLSegmentationNode")
            self.editor.setSegmentationNode(first or slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode"))

    @staticmethod
    def _editorNode():
        node = slicer.mrmlScene.GetSingletonNode("SegmentEditor", "vtkMRMLSegmentEditorNode")
        if node is None:
            node = slicer.mrmlScene.CreateNodeByClass("vtkMRMLSegmentEditorNode")
            node.UnRegister(None)
            node.SetSingletonTag("SegmentEditor")
            node = slicer.mrmlScene.AddNode(node)
        return node


class qMRMLSegmentEditorWidget(slicer.qMRMLWidget):
    """The editor's choice of segmentation, source volume and segment; an effect can't be chosen."""

    segmentationChanged = QtCore.Signal(object)
    sourceChanged = QtCore.Signal(object)
    currentSegmentIDChanged = QtCore.Signal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._node = None

    def setMRMLSegmentEditorNode(self, node) -> None:
        self._node = node

    def mrmlSegmentEditorNode(self):
        return self._node

    def _needed(self):
        if self._node is None:
            raise RuntimeError("Segment Editor has no parameter node before it is opened.")
        return self._node

    def setSegmentationNode(self, node) -> None:
        if node is self.segmentationNode():
            return
        self._needed().SetAndObserveSegmentationNode(node)
        self._node.SetSelectedSegmentID("")
        self.segmentationChanged.emit(node)

    def segmentationNode(self):
        return self._node.GetSegmentationNode() if self._node is not None else None

    def segmentationNodeID(self) -> str:
        node = self.segmentationNode()
        return node.GetID() if node is not None else ""

    def setSourceVolumeNode(self, node) -> None:
        """The first source volume becomes the reference geometry of a segmentation that has none."""
        if self.segmentationNode() is None:
            raise RuntimeError("Segment Editor takes a source volume after its segmentation.")
        self._needed().SetAndObserveSourceVolumeNode(node)
        segmentation = self.segmentationNode()
        role = segmentation.GetReferenceImageGeometryReferenceRole()
        if node is not None and segmentation.GetNodeReference(role) is None:
            segmentation.SetReferenceImageGeometryParameterFromVolumeNode(node)
        self.sourceChanged.emit(node)

    def sourceVolumeNode(self):
        return self._node.GetSourceVolumeNode() if self._node is not None else None

    def sourceVolumeNodeID(self) -> str:
        node = self.sourceVolumeNode()
        return node.GetID() if node is not None else ""

    def setCurrentSegmentID(self, segmentID: str) -> None:
        self._needed().SetSelectedSegmentID(segmentID)
        self.currentSegmentIDChanged.emit(segmentID)

    def currentSegmentID(self) -> str:
        return self._needed().GetSelectedSegmentID() or ""

    def activeEffect(self):
        return None

    def setActiveEffectByName(self, name: str) -> None:
        if name:
            raise NotImplementedError("The test stand has no effects of Segment Editor.")

    SIGNALS = {  # noqa: RUF012
        **slicer.qMRMLWidget.SIGNALS,
        "segmentationNodeChanged(vtkMRMLSegmentationNode*)": "segmentationChanged",
        "sourceVolumeNodeChanged(vtkMRMLVolumeNode*)": "sourceChanged",
    }
