"""The panel of DualTaskSeg in the application: its sections, its buttons, and the way to Segment Editor and back."""

import tempfile
import time
import unittest
from pathlib import Path

import numpy as np
import qt
import slicer

SECTIONS = ["CasesSection", "TrainSection", "ModelsSection", "ApplySection", "ReviewSection", "ExportSection"]


def waitFor(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"Waited {seconds} s in vain.")
        slicer.app.processEvents()
        time.sleep(0.01)


class DualTaskSegPanelTest(unittest.TestCase):
    def setUp(self):
        slicer.mrmlScene.Clear()
        self.folder = tempfile.TemporaryDirectory(prefix="DualTaskSeg ß ", ignore_cleanup_errors=True)
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        slicer.util.selectModule("DualTaskSeg")
        self.panel = slicer.util.getModuleWidget("DualTaskSeg")
        self.panel.panel.createProject(self.path / "project")
        self.addCleanup(self.leave)

    def leave(self):
        slicer.util.getModuleWidget("DualTaskSeg").panel.useProject(None)
        qt.QSettings().remove("DualTaskSeg")

    def section(self, name):
        widget = slicer.util.getModuleWidget("DualTaskSeg")
        return next(section for section in widget.sections if type(section).__name__ == name)

    def test_sections_are_in_order(self):
        self.assertEqual([type(section).__name__ for section in self.panel.sections], SECTIONS)

    def test_disabled_buttons_say_why(self):
        for section in self.panel.sections:
            for name, widget in vars(section.ui).items():
                if widget.inherits("QPushButton") and not widget.isEnabled():
                    self.assertTrue(
                        widget.toolTip, f"{name} in {type(section).__name__} doesn't say why it is disabled"
                    )

    def test_from_a_loaded_scan_to_a_labeled_case(self):
        volume = slicer.util.addVolumeFromArray(
            np.random.default_rng(0).normal(100, 20, (12, 16, 14)).astype(np.int16), np.diag([-0.8, -0.9, 2.5, 1.0])
        )
        cases = self.section("CasesSection")
        waitFor(lambda: cases.ui.addLoadedButton.enabled)
        cases.ui.addLoadedButton.click()
        project = self.panel.panel.project
        waitFor(lambda: len(project.cases) == 1)
        cases.ui.caseTable.selectRow(0)
        cases.ui.outlineButton.click()
        waitFor(lambda: slicer.util.moduleSelector().selectedModule == "SegmentEditor")
        editor = slicer.modules.SegmentEditorWidget.editor
        node = editor.segmentationNode()
        self.assertEqual(editor.sourceVolumeNode().GetID(), volume.GetID())
        mask = np.zeros((12, 16, 14), np.uint8)
        mask[3:8, 4:10, 2:9] = 1
        segmentId = node.GetSegmentation().GetNthSegmentID(0)
        slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, volume)
        slicer.util.selectModule("DualTaskSeg")
        waitFor(lambda: project.cases[0].label != "")
        self.assertEqual(project.cases[0].role, "labeled")
        label = slicer.util.loadLabelVolume(project.cases[0].label)
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(label), mask)

    def test_reload_loses_nothing(self):
        project = self.panel.panel.project
        project.addCase(self.path / "a.nii.gz")
        self.panel.panel.saveProject()
        self.panel.onReload()
        again = slicer.util.getModuleWidget("DualTaskSeg")
        self.assertIsNot(again, self.panel)
        self.assertEqual([type(section).__name__ for section in again.sections], SECTIONS)
        self.assertEqual([case.name for case in again.panel.project.cases], ["a"])

    def test_scene_can_be_closed(self):
        slicer.util.addVolumeFromArray(np.zeros((4, 5, 6), np.int16))
        slicer.mrmlScene.Clear()
        slicer.app.processEvents()
        self.assertIsNotNone(self.panel.panel.parameterNode)
        self.assertIsNotNone(self.panel.panel.project)


if __name__ == "__main__":
    unittest.main()
