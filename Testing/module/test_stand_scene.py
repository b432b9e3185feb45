"""The stand does with a scene's nodes what Slicer does: the tree of the module Data, selectors, parameters."""

from __future__ import annotations

import pytest


def addNode(className: str, name: str = "Node", hidden: bool = False):
    import slicer

    node = slicer.mrmlScene.CreateNodeByClass(className)
    node.UnRegister(None)
    node.SetName(name)
    node.SetHideFromEditors(hidden)
    return slicer.mrmlScene.AddNode(node)


def itemOf(node) -> int:
    import slicer

    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    return hierarchy.GetItemByDataNode(node)


# The subject hierarchy


@pytest.mark.parametrize(
    "className",
    ["vtkMRMLScalarVolumeNode", "vtkMRMLLabelMapVolumeNode", "vtkMRMLSegmentationNode", "vtkMRMLPlotSeriesNode"],
)
def test_new_nodes_get_an_item_by_themselves(host, className):
    assert itemOf(addNode(className))


def test_nodes_hidden_when_they_come_get_no_item_and_hiding_later_is_no_use(host):
    import slicer

    node = addNode("vtkMRMLModelNode", hidden=True)
    node.SetHideFromEditors(False)
    assert not itemOf(node)
    seen = addNode("vtkMRMLModelNode")
    seen.SetHideFromEditors(True)
    assert itemOf(seen)
    assert not itemOf(addNode("vtkMRMLColorTableNode"))
    slicer.mrmlScene.RemoveNode(seen)
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    assert hierarchy.GetNumberOfItems() == 0


def test_items_outlive_saving_loading_and_closing(host, tmp_path):
    import slicer
    import slicer.util

    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    folder = hierarchy.CreateFolderItem(hierarchy.GetSceneItemID(), "Folder")
    hierarchy.SetItemParent(itemOf(addNode("vtkMRMLTableNode", "Kept")), folder)
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear()
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    item = itemOf(slicer.util.getNode("Kept"))
    assert hierarchy.GetItemName(hierarchy.GetItemParent(item)) == "Folder"
    added = addNode("vtkMRMLTableNode", "Added")
    assert itemOf(added)


# Selectors


@pytest.fixture
def selector(host):
    import slicer

    box = slicer.qMRMLNodeComboBox()
    box.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    box.noneEnabled = True
    box.setMRMLScene(slicer.mrmlScene)
    yield box
    box.setMRMLScene(None)


def test_without_none_the_first_node_is_chosen(host):
    import slicer

    box = slicer.qMRMLNodeComboBox()
    box.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    box.setMRMLScene(slicer.mrmlScene)
    assert box.currentNode() is None
    first = addNode("vtkMRMLScalarVolumeNode", "First")
    addNode("vtkMRMLScalarVolumeNode", "Second")
    assert box.currentNode() is first


def test_between_nodes_of_one_name_no_change_is_told_but_the_choice_is(selector):
    first, second = (addNode("vtkMRMLScalarVolumeNode", "CT") for _index in range(2))
    told, chosen = [], []
    selector.connect("currentNodeChanged(vtkMRMLNode*)", told.append)
    selector.connect("nodeActivated(vtkMRMLNode*)", chosen.append)
    selector.setCurrentNode(first)
    selector.comboBox().setCurrentIndex(2)
    selector.comboBox().activated.emit(2)
    assert told == [first]
    assert chosen == [second]
    assert selector.currentNode() is second


def test_importing_and_closing_leave_nothing_chosen(selector, tmp_path):
    import slicer
    import slicer.util

    node = addNode("vtkMRMLScalarVolumeNode", "Kept")
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    selector.setCurrentNode(node)
    told = []
    selector.connect("currentNodeChanged(vtkMRMLNode*)", told.append)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    assert selector.nodeCount() == 2
    assert told == [None]
    selector.setCurrentNode(node)
    slicer.mrmlScene.Clear()
    assert told == [None, node, None]
    assert selector.nodeCount() == 0


def test_nodes_can_be_hidden_in_one_selector(selector):
    first, second = (addNode("vtkMRMLScalarVolumeNode", name) for name in ("A", "B"))
    selector.sortFilterProxyModel().hiddenNodeIDs = [first.GetID()]
    assert [selector.nodeFromIndex(index) for index in range(selector.nodeCount())] == [second]
    selector.sortFilterProxyModel().hiddenNodeIDs = []
    assert selector.nodeCount() == 2


# Parameters


@pytest.fixture
def wrapped(host):
    """A class of parameters and a node for them."""
    import slicer
    from slicer.parameterNodeWrapper import parameterNodeWrapper

    hints = {"volume": slicer.vtkMRMLScalarVolumeNode, "name": str}
    cls = type("Parameters", (), {"__annotations__": hints, "name": "x"})
    return parameterNodeWrapper(cls), addNode("vtkMRMLScriptedModuleNode")


def test_values_are_kept_until_the_node_says_that_it_changed(wrapped):
    cls, node = wrapped
    parameters = cls(node)
    volume = addNode("vtkMRMLScalarVolumeNode")
    parameters.volume = volume
    wasModifying = node.StartModify()
    node.SetParameter("name", "y")
    assert parameters.name == "x"
    node.EndModify(wasModifying)
    assert parameters.name == "y"
    node.RemoveNodeReferenceIDs("volume")
    assert parameters.volume is None
    assert cls(node).isCached("volume")


def test_every_tie_leaves_an_observer(wrapped):
    import qt
    import vtk

    cls, node = wrapped
    parameters = cls(node)
    edit = qt.QLineEdit()
    tag = parameters.connectParametersToGui({"name": edit})
    assert tag == 0
    parameters.disconnectGui(tag)
    parameters.name = "z"
    assert edit.text == "x"
    before = countObservers(node)
    for _turn in range(3):
        parameters.disconnectGui(parameters.connectParametersToGui({"name": edit}))
    assert countObservers(node) == before + 3
    assert node.HasObserver(vtk.vtkCommand.ModifiedEvent)


def countObservers(node) -> int:
    """Of the event Modified, by the tags that are in use."""
    return sum(node.GetCommand(tag) is not None for tag in range(1, 10_000))
