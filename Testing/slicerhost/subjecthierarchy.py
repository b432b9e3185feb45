"""What Slicer's plug-ins for the subject hierarchy do with nodes that come and go: the tree of the module Data.

A node gets an item when it is added, unless it is hidden from editors at that moment; hiding it later changes nothing.
While a scene is imported nothing is added; whatever has no item afterwards gets one. The segments of a segmentation,
which have items of their own in Slicer, have none here.
"""

from __future__ import annotations

import slicer
import vtk

# Classes that one of the plug-ins takes, subclasses included.
_TAKEN = (
    "vtkMRMLScalarVolumeNode",
    "vtkMRMLSegmentationNode",
    "vtkMRMLModelNode",
    "vtkMRMLMarkupsNode",
    "vtkMRMLTransformNode",
    "vtkMRMLTableNode",
    "vtkMRMLTextNode",
    "vtkMRMLPlotChartNode",
    "vtkMRMLPlotSeriesNode",
)
_FIRST = 10.0  # the tree is up to date before others hear of an import


def follow(scene) -> None:
    """Keeps the scene's subject hierarchy as the application does."""
    cls = slicer.vtkMRMLScene
    scene.AddObserver(cls.NodeAddedEvent, _withNode(_onAdded))
    scene.AddObserver(cls.NodeAboutToBeRemovedEvent, _withNode(_onAboutToBeRemoved))
    scene.AddObserver(cls.NodeRemovedEvent, _withNode(_onRemoved))
    scene.AddObserver(cls.EndImportEvent, lambda caller, event: _onImported(caller), _FIRST)
    scene.AddObserver(cls.EndCloseEvent, lambda caller, event: _resolve(caller))
    scene.AddObserver(cls.EndRestoreEvent, lambda caller, event: _resolve(caller))
    scene.AddObserver(cls.EndBatchProcessEvent, lambda caller, event: _onBatchEnded(caller), _FIRST)


def _withNode(react):
    @vtk.calldata_type(vtk.VTK_OBJECT)
    def call(caller, event, node):
        react(caller, node)

    return call


def _resolve(scene):
    """The scene's one subject hierarchy node; made if there is none."""
    return slicer.vtkMRMLSubjectHierarchyNode.ResolveSubjectHierarchy(scene)


def _isTaken(node) -> bool:
    return not node.GetHideFromEditors() and any(node.IsA(name) for name in _TAKEN)


def _onAdded(scene, node) -> None:
    if node.IsA("vtkMRMLSubjectHierarchyNode"):
        _resolve(scene)
    elif not scene.IsImporting() and _isTaken(node):
        _addItem(_resolve(scene), node)


def _addItem(hierarchy, node) -> None:
    if not hierarchy.GetItemByDataNode(node):
        hierarchy.CreateItem(hierarchy.GetSceneItemID(), node)


def _addMissing(scene) -> None:
    hierarchy = _resolve(scene)
    for index in range(scene.GetNumberOfNodes()):
        node = scene.GetNthNode(index)
        if _isTaken(node):
            _addItem(hierarchy, node)


def _onAboutToBeRemoved(scene, node) -> None:
    if scene.IsClosing() or node.IsA("vtkMRMLSubjectHierarchyNode"):
        return
    hierarchy = scene.GetSubjectHierarchyNode()
    item = hierarchy.GetItemByDataNode(node) if hierarchy is not None else 0
    if item:
        hierarchy.RemoveItem(item, False, False)


def _onRemoved(scene, node) -> None:
    if node.IsA("vtkMRMLSubjectHierarchyNode") and not scene.IsClosing():
        _addMissing(scene)


def _onImported(scene) -> None:
    _addMissing(scene)


def _onBatchEnded(scene) -> None:
    """Items whose node is gone go, except folders and virtual ones; nodes without an item get one."""
    hierarchy = scene.GetSubjectHierarchyNode()
    if hierarchy is None:
        return
    items = vtk.vtkIdList()
    hierarchy.GetItemChildren(hierarchy.GetSceneItemID(), items, True)
    for item in [items.GetId(index) for index in range(items.GetNumberOfIds())]:
        if hierarchy.GetItemDataNode(item) is None and not hierarchy.GetItemLevel(item):
            hierarchy.RemoveItem(item, False, False)
    _addMissing(scene)
