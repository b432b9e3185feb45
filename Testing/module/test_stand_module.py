"""A scripted module in the test stand: its panel, buttons, selectors, parameters, pictures, life and death."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

DEMO = Path(__file__).parent / "standdemo" / "StandDemo.py"


@pytest.fixture
def panel(panelWidget):
    return panelWidget(DEMO)


def click(button) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    QTest.mouseClick(button, Qt.LeftButton)


def addVolume(name: str = "Scan", bright: bool = True):
    """20 x 30 x 40 voxels of 1 mm, with a bright box in the middle."""
    import slicer.util

    values = np.zeros((20, 30, 40), np.float32)
    if bright:
        values[5:15, 10:20, 10:30] = 100
    return slicer.util.addVolumeFromArray(values, np.diag([-1.0, -1.0, 1.0, 1.0]), name)


def test_module_is_known_by_its_names(host, panel):
    import slicer
    import slicer.util

    assert slicer.modules.standdemo.title == "Stand demo"
    assert slicer.modules.StandDemoWidget is panel
    assert slicer.util.modulePath("StandDemo") == str(DEMO.resolve())
    assert slicer.util.getModuleLogic("StandDemo") is panel.logic
    assert "StandDemo" in slicer.util.moduleNames()
    assert slicer.modules.StandDemoInstance in type(slicer.modules.StandDemoInstance).started


def test_click_segments_the_volume(host, panel):
    import slicer.util

    assert not panel.ui.applyButton.enabled
    assert panel.ui.applyButton.toolTip == "Choose a volume"
    volume = addVolume()
    panel.ui.volumeSelector.setCurrentNode(volume)
    assert panel.ui.applyButton.enabled
    click(panel.ui.applyButton)
    node = slicer.util.getNode("Scan segmentation")
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(node, "bright", volume)
    assert mask.sum() == 10 * 10 * 20
    assert panel.ui.table.item(0, 0).text() == "Scan segmentation"


def test_error_of_a_click_is_seen(host, panel):
    from slicerhost import pythonqt

    panel.ui.volumeSelector.setCurrentNode(addVolume("Flat", bright=False))
    click(panel.ui.applyButton)
    assert len(pythonqt.slotErrors) == 1
    assert "Flat is the same everywhere." in pythonqt.slotErrors[0]
    host.forgetErrors()


def test_process_reports_back(host, panel):
    click(panel.ui.processButton)
    host.waitFor(lambda: panel.ui.progress.value == 100, seconds=10)
    assert panel.ui.stateLabel.text == "done"


def test_parameters_and_widgets_follow_each_other(host, panel, tmp_path):
    import slicer
    from StandDemo import Direction

    node = panel._parameterNode
    assert panel.ui.thresholdSlider.value == 50.0
    assert panel.ui.thresholdSlider.minimum == -1000
    assert [panel.ui.directionCombo.itemText(i) for i in range(2)] == ["Brighter than", "Darker than"]
    panel.ui.thresholdSlider.value = 12.5
    panel.ui.marginSpin.value = 4
    panel.ui.directionCombo.currentIndex = 1
    panel.ui.invertedCheck.click()
    panel.ui.nameEdit.text = "Tumör"
    panel.ui.folderEdit.currentPath = str(tmp_path)
    assert (node.threshold, node.margin, node.direction) == (12.5, 4, Direction.BELOW)
    assert (node.inverted, node.segmentName, node.folder) == (True, "Tumör", tmp_path)
    node.threshold = -3.0
    node.inverted = False
    assert panel.ui.thresholdSlider.value == -3.0
    assert not panel.ui.invertedCheck.checked
    assert node.parameterNode.GetParameter("direction") == "BELOW"
    assert node.parameterNode.GetAttribute("ModuleName") == "StandDemo"
    volume = addVolume()
    node.inputVolume = volume
    assert panel.ui.volumeSelector.currentNode() is volume
    slicer.mrmlScene.RemoveNode(volume)
    assert node.inputVolume is None
    assert panel.ui.volumeSelector.currentNode() is None


def test_parameters_survive_in_a_saved_scene(host, panel, tmp_path):
    import slicer
    import slicer.util

    volume = addVolume("Kept")
    node = panel.logic.getParameterNode()
    node.inputVolume = volume
    node.threshold = 77.0
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"), {})
    slicer.mrmlScene.Clear()
    assert panel.logic.getParameterNode().threshold == 50.0
    slicer.util.loadScene(str(tmp_path / "scene.mrb"), {"clear": True})
    again = panel.logic.getParameterNode()
    assert (again.threshold, again.inputVolume.GetName()) == (77.0, "Kept")


def test_scene_closed_under_the_panel(host, panel):
    import slicer

    panel.ui.volumeSelector.setCurrentNode(addVolume())
    slicer.mrmlScene.Clear()
    assert panel.ui.volumeSelector.currentNode() is None
    assert not panel.ui.applyButton.enabled
    panel.ui.volumeSelector.setCurrentNode(addVolume("Second"))
    assert panel.ui.applyButton.enabled


def test_another_module_is_entered_and_left(host, panel):
    import slicer
    import slicer.util

    assert panel.calls == ["enter"]
    slicer.util.selectModule("SegmentEditor")
    assert panel.calls == ["enter", "exit"]
    assert not panel.parent.isEntered
    slicer.util.selectModule("StandDemo")
    assert panel.calls == ["enter", "exit", "enter"]
    assert slicer.util.selectedModule() == "StandDemo"
    with pytest.raises(RuntimeError, match="NoSuchModule"):
        slicer.util.selectModule("NoSuchModule")


def test_reload_makes_a_new_panel(host, panel):
    import slicer

    panel.onReload()
    assert panel.calls[-1] == "cleanup"
    again = slicer.modules.StandDemoWidget
    assert again is not panel
    again.enter()
    again.ui.volumeSelector.setCurrentNode(addVolume())
    click(again.ui.applyButton)
    assert again.ui.table.rowCount == 1
    assert panel.ui.table.rowCount == 0


def test_unloading_cleans_up(host, panel):
    import slicer

    host.unloadModules()
    assert panel.calls == ["enter", "exit", "cleanup"]
    assert not hasattr(slicer.modules, "standdemo")
    slicer.mrmlScene.Clear()  # observers of a panel that is gone would raise


def test_closing_may_be_refused(host, panel):
    import qt
    import slicer.util

    class Refuse(qt.QObject):
        def eventFilter(self, watched, event):
            if event.type() == qt.QEvent.Close:
                event.ignore()
                return True
            return False

    ended = []
    host.app.connect("aboutToQuit()", lambda: ended.append(True))
    guard = Refuse()
    slicer.util.mainWindow().installEventFilter(guard)
    assert not host.closeApplication()
    assert (ended, panel.calls) == ([], ["enter"])
    slicer.util.mainWindow().removeEventFilter(guard)
    assert host.closeApplication()
    assert ended == [True]
    assert panel.calls[-1] == "cleanup"
    host.app.disconnect("aboutToQuit()")


def test_volume_and_segment_are_drawn(host, panel):
    import slicer
    import slicer.util

    volume = addVolume()
    panel.ui.volumeSelector.setCurrentNode(volume)
    slicer.util.setSliceViewerLayers(background=volume, fit=True)
    red = slicer.app.layoutManager().sliceWidget("Red")
    red.sliceLogic().SetSliceOffset(10)
    inside, outside = (-20.0, -15.0, 10.0), (-5.0, -5.0, 10.0)
    picture = red.image(300, 300)
    assert picture.shape == (300, 300, 3)
    np.testing.assert_allclose(picture[red.pixelOf(inside)], 255, atol=2)
    np.testing.assert_allclose(picture[red.pixelOf(outside)], 0, atol=2)
    click(panel.ui.applyButton)
    picture = red.image(300, 300).astype(int)
    pixel = picture[red.pixelOf(inside)]
    assert pixel[0] > pixel[1] + 50  # red over white
    np.testing.assert_allclose(picture[red.pixelOf(outside)], 0, atol=2)


def test_panel_can_be_photographed(host, panel, tmp_path):
    import slicer

    picture = slicer.modules.standdemo.widgetRepresentation().grab()
    assert picture.save(str(tmp_path / "panel.png"))
    assert (tmp_path / "panel.png").stat().st_size > 2000
