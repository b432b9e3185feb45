"""The test stand's application: files, questions, settings, Segment Editor, samples, pip, and what it refuses."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def volume(host):
    """40 x 30 x 20 voxels of 1 x 2 x 3 mm, not along the axes."""
    import slicer.util

    turn, axes = np.radians(20), np.eye(4)
    axes[:2, :2] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    axes = axes @ np.diag([1.0, 2.0, 3.0, 1.0])
    axes[:3, 3] = [5, -7, 11]
    values = np.arange(20 * 30 * 40, dtype=np.float32).reshape(20, 30, 40)
    return slicer.util.addVolumeFromArray(values, axes, "Scan")


# Every test begins anew


def test_errors_of_vtk_are_seen(host):
    import slicer

    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLNoSuchNode")
    assert len(host.errors()) == 1
    assert "vtkMRMLNoSuchNode" in host.errors()[0]
    host.forgetErrors()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_the_scene_is_empty_and_settings_are_default(host, turn):
    import qt
    import slicer

    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == 0
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScriptedModuleNode") == 0
    assert qt.QSettings().value("DualTaskSeg/Test") is None
    lm = slicer.app.layoutManager()
    assert lm.layout == slicer.vtkMRMLLayoutNode.SlicerLayoutFourUpView
    assert lm.sliceWidget("Red").mrmlSliceNode().GetOrientation() == "Axial"
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode")
    qt.QSettings().setValue("DualTaskSeg/Test", 1)
    lm.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalPlotView)
    lm.sliceWidget("Red").mrmlSliceNode().SetOrientation("Sagittal")


def test_settings_are_a_file(host):
    import qt
    import slicer.util

    qt.QSettings().setValue("DualTaskSeg/Folder", "/a b/ß")
    qt.QSettings().sync()
    again = qt.QSettings(slicer.app.settings().fileName(), qt.QSettings.IniFormat)
    assert again.value("DualTaskSeg/Folder") == "/a b/ß"
    assert slicer.util.settingsValue("DualTaskSeg/Missing", True, converter=slicer.util.toBool) is True


# Files


@pytest.mark.parametrize("name", ["scan.nrrd", "scan.nii.gz", "scan.mha"])
def test_volumes_are_written_and_read(host, volume, tmp_path, name):
    import slicer.util

    assert slicer.util.saveNode(volume, str(tmp_path / name), {})
    again = slicer.util.loadVolume(str(tmp_path / name), {"name": "Again"})
    assert again.GetName() == "Again"
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(again), slicer.util.arrayFromVolume(volume))
    np.testing.assert_allclose(axesOf(again), axesOf(volume), atol=1e-5)
    composite = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceCompositeNode()
    assert composite.GetBackgroundVolumeID() == again.GetID()


def axesOf(volume) -> np.ndarray:
    import slicer.util
    import vtk

    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    return slicer.util.arrayFromVTKMatrix(matrix)


def test_segmentations_are_written_and_read(host, volume, tmp_path):
    import slicer
    import slicer.util

    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Organs")
    node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    node.GetSegmentation().AddEmptySegment("organ", "Organ", (0.2, 0.4, 0.6))
    mask = (slicer.util.arrayFromVolume(volume) > 20000).astype(np.uint8)
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, "organ", volume)
    assert slicer.util.saveNode(node, str(tmp_path / "organs.seg.nrrd"), {})
    again = slicer.util.loadSegmentation(str(tmp_path / "organs.seg.nrrd"))
    np.testing.assert_array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(again, "organ", volume), mask)
    assert again.GetSegmentation().GetSegment("organ").GetName() == "Organ"


def test_unreadable_and_unknown_files(host, tmp_path):
    import slicer.util

    (tmp_path / "scan.nrrd").write_text("no image")
    with pytest.raises(RuntimeError, match=r"scan\.nrrd"):
        slicer.util.loadVolume(str(tmp_path / "scan.nrrd"), {})
    host.forgetErrors()
    with pytest.raises(NotImplementedError):
        slicer.util.loadNodeFromFile(str(tmp_path / "scan.xyz"))


# Questions


def test_questions_are_answered_beforehand(host, tmp_path):
    import qt
    import slicer.util
    from slicerhost import questions

    questions.expect(False, "delete")
    questions.expect(True)
    questions.expect(str(tmp_path))
    questions.expect("Liver 2")
    assert slicer.util.confirmOkCancelDisplay("Really delete it?") is False
    assert slicer.util.confirmYesNoDisplay("Sure?") is True
    assert qt.QFileDialog.getExistingDirectory(None, "Choose a folder") == str(tmp_path)
    assert qt.QInputDialog.getText(None, "Rename", "Name:", qt.QLineEdit.Normal, "Liver") == "Liver 2"
    assert [question.text for question in questions.asked][:2] == ["Really delete it?", "Sure?"]
    slicer.util.errorDisplay("It went wrong.")
    slicer.util.infoDisplay("All is well.")
    assert [(m.level, m.text) for m in questions.shown] == [("error", "It went wrong."), ("info", "All is well.")]


def test_what_slicer_asks_is_logged_and_a_message_box_is_not(host, caplog):
    import logging

    import qt
    import slicer.util
    from slicerhost import questions

    caplog.set_level(logging.INFO)
    for answer in (True, True, False, True):
        questions.expect(answer)
    buttons = qt.QMessageBox.Yes | qt.QMessageBox.No
    assert slicer.util.confirmOkCancelDisplay("Delete Doe's scan?")
    assert slicer.util.messageBox("Keep Roe's scan?", standardButtons=buttons) == qt.QMessageBox.Yes
    assert slicer.util.messageBox("Keep Roe's scan?", standardButtons=buttons) == qt.QMessageBox.No
    assert slicer.util.messageBox("Roe's scan is kept.") == qt.QMessageBox.Ok
    slicer.util.errorDisplay("Doe's scan is broken.")
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("INFO", "Delete Doe's scan?"),
        ("ERROR", "Doe's scan is broken."),
    ]


def test_unexpected_questions_raise(host):
    import qt
    import slicer.util
    from slicerhost import questions

    with pytest.raises(questions.UnexpectedQuestion, match="Really"):
        slicer.util.confirmOkCancelDisplay("Really?")
    questions.expect(True, "delete")
    with pytest.raises(questions.UnexpectedQuestion, match="delete"):
        slicer.util.confirmYesNoDisplay("Overwrite it?")
    with pytest.raises(questions.UnexpectedQuestion):
        qt.QMessageBox.question(None, "Title", "Text")
    with pytest.raises(questions.UnexpectedQuestion):
        qt.QDialog().exec()
    assert len(host.errors()) == 5  # four questions and an answer nobody asked for
    questions.forget()


def test_a_modal_dialog_is_used_by_the_answer(host):
    import qt
    from slicerhost import questions

    def fill(dialog):
        dialog.findChild(qt.QLineEdit, "name").text = "Spleen"
        return qt.QDialog.Accepted

    dialog = qt.QDialog()
    edit = qt.QLineEdit(dialog)
    edit.objectName = "name"
    questions.expect(fill)
    assert dialog.exec() == qt.QDialog.Accepted
    assert edit.text == "Spleen"


def test_what_the_desktop_opens_is_recorded(host, tmp_path):
    import qt
    from slicerhost import questions

    qt.QDesktopServices.openUrl(qt.QUrl.fromLocalFile(str(tmp_path)))
    qt.QDesktopServices.openUrl(qt.QUrl("https://slicer.org/"))
    assert questions.opened == [str(tmp_path), "https://slicer.org/"]


# Widgets


def test_unknown_widgets_raise_when_made(host, tmp_path):
    import ctk
    import slicer
    import slicer.util

    for cls in (ctk.ctkRangeWidget, slicer.qMRMLSliceWidget, slicer.qSlicerSaveDataDialog):
        with pytest.raises(NotImplementedError, match=cls.__name__):
            cls()
    form = '<ui version="4.0"><class>F</class><widget class="{}" name="F">{}</widget></ui>'
    (tmp_path / "unknown.ui").write_text(form.format("ctkRangeWidget", ""))
    with pytest.raises(NotImplementedError, match="ctkRangeWidget"):
        slicer.util.loadUI(str(tmp_path / "unknown.ui"))
    wrong = '<property name="noSuch"><bool>true</bool></property>'
    (tmp_path / "property.ui").write_text(form.format("ctkCollapsibleButton", wrong))
    with pytest.raises(AttributeError, match="noSuch"):
        slicer.util.loadUI(str(tmp_path / "property.ui"))


def test_collapsible_button_hides_its_contents(host):
    import ctk
    import qt

    button = ctk.ctkCollapsibleButton("Section")
    button.setLayout(qt.QVBoxLayout())
    shown, hidden, later = qt.QLabel("a"), qt.QLabel("b"), qt.QLabel("c")
    for label in (shown, hidden, later):
        button.layout().addWidget(label)
    hidden.visible = later.visible = False
    button.show()
    states = []
    button.connect("contentsCollapsed(bool)", states.append)
    button.collapsed = True
    later.visible = True
    assert (shown.visible, hidden.visible, later.visible) == (False, False, False)
    button.click()
    assert (shown.visible, hidden.visible, later.visible) == (True, False, True)
    assert states == [True, False]


def test_slider_widget_announces_each_value_once(host):
    import ctk

    slider = ctk.ctkSliderWidget()
    slider.minimum, slider.maximum, slider.singleStep = -1, 1, 0.25
    values = []
    slider.connect("valueChanged(double)", values.append)
    slider.value = 0.5
    slider.value = 0.5
    slider.slider().value = 0
    slider.value = 7
    assert values == [0.5, -1.0, 1.0]


def test_path_line_edit_keeps_a_history(host, tmp_path):
    import ctk

    edit = ctk.ctkPathLineEdit()
    edit.filters = ctk.ctkPathLineEdit.Dirs
    edit.settingKey = "DualTaskSeg/Folders"
    valid, paths = [], []
    edit.connect("validInputChanged(bool)", valid.append)
    edit.connect("currentPathChanged(QString)", paths.append)
    edit.currentPath = str(tmp_path / "missing")
    edit.currentPath = str(tmp_path)
    edit.addCurrentPathToHistory()
    assert valid == [True]
    assert paths == [str(tmp_path / "missing"), str(tmp_path)]
    again = ctk.ctkPathLineEdit()
    again.settingKey = "DualTaskSeg/Folders"
    assert again.currentPath == str(tmp_path)


def test_node_selector_follows_the_scene(host):
    import slicer

    selector = slicer.qMRMLNodeComboBox()
    selector.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    selector.noneEnabled = True
    selector.showChildNodeTypes = False
    selector.setMRMLScene(slicer.mrmlScene)
    chosen = []
    selector.connect("currentNodeChanged(vtkMRMLNode*)", chosen.append)
    first = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "First")
    second = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Second")
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "Labels")
    hidden = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Hidden")
    hidden.SetHideFromEditors(True)
    assert selector.nodeCount() == 2
    assert selector.currentNode() is None
    selector.setCurrentNode(second)
    second.SetName("Renamed")
    assert selector.comboBox().currentText == "Renamed"
    slicer.mrmlScene.RemoveNode(second)
    assert chosen == [second, second, first]  # told of the new name, too; and the neighbor is chosen, not "None"
    slicer.mrmlScene.RemoveNode(first)
    assert chosen[3:] == [None]
    third = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Third")
    assert selector.currentNode() is None
    selector.noneEnabled = False
    assert selector.currentNode() is third


# Parts of Slicer


def test_segment_editor_takes_over(host, volume):
    import slicer
    import slicer.util

    assert not hasattr(slicer.modules, "SegmentEditorWidget")
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Mine")
    slicer.util.selectModule("SegmentEditor")
    editor = slicer.modules.SegmentEditorWidget.editor
    assert editor.segmentationNode() is node
    editor.setSourceVolumeNode(volume)
    assert editor.mrmlSegmentEditorNode().GetSourceVolumeNode() is volume
    role = node.GetReferenceImageGeometryReferenceRole()
    assert node.GetNodeReference(role) is volume
    with pytest.raises(NotImplementedError):
        editor.setActiveEffectByName("Paint")
    slicer.mrmlScene.Clear()
    assert editor.segmentationNode() is None


def test_samples_are_registered_and_made(host, tmp_path):
    import SampleData
    from slicerhost import sampledata

    made = []
    arguments = {"uris": [], "fileNames": [], "nodeNames": []}
    for _ in range(2):
        SampleData.SampleDataLogic.registerCustomSampleDataSource(
            category="Ours", sampleName="Cohort", customDownloader=made.append, **arguments
        )
    (source,) = SampleData.SampleDataLogic.sampleDataSourcesByCategory("Ours")
    sampledata.click("Cohort")
    assert made == [source]
    with pytest.raises(ValueError, match="same length"):
        SampleData.SampleDataLogic.registerCustomSampleDataSource("Ours", "Bad", uris=["a"], fileNames=[], nodeNames=[])


def test_packages_are_installed_by_what_the_test_says(host, tmp_path):
    import slicer.util
    from slicerhost import installing, questions

    with pytest.raises(NotImplementedError):
        slicer.util.pip_install("no-such-package")
    installed = []
    with installing.asInSlicer510(installed.extend):
        slicer.util.pip_install("no-such-package>=2")
        with pytest.raises(TypeError, match="requester"):
            slicer.util.pip_install("no-such-package>=2", requester="Test")
        with pytest.raises(ModuleNotFoundError):
            import slicer.packaging
    assert installed == ["no-such-package>=2"]
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# packages\nnumpy>=1\nno-such-package>=2\n")
    with installing.asInSlicer512(installed.extend):
        import slicer.packaging

        needed = slicer.packaging.load_requirements(requirements)
        assert slicer.packaging.pip_check(needed[0])
        assert not slicer.packaging.pip_check(needed)
        questions.expect(False, "no-such-package")
        with pytest.raises(RuntimeError, match="declined"):
            slicer.packaging.pip_ensure(needed, requester="Test", skip_in_testing=False)
        questions.expect(True)
        slicer.packaging.pip_ensure(needed, requester="Test", skip_in_testing=False)
    assert installed == ["no-such-package>=2"] * 2


def test_parameter_nodes_refuse_what_is_not_modelled(host):
    import slicer
    from slicer.parameterNodeWrapper import parameterNodeWrapper

    with pytest.raises(NotImplementedError, match="values"):

        @parameterNodeWrapper
        class Lists:
            values: list[int]

    @parameterNodeWrapper
    class Simple:
        count: int = 3

    simple = Simple(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode"))
    with pytest.raises(AttributeError):
        simple.other = 1
    with pytest.raises(TypeError):
        simple.count = "many"
    with pytest.raises(NotImplementedError, match="QLCDNumber"):
        import qt

        simple.connectParametersToGui({"count": qt.QLCDNumber()})


# Views


def test_layouts_make_their_views(host):
    import slicer
    import slicer.util

    lm = slicer.app.layoutManager()
    assert lm.sliceViewNames() == ("Red", "Green", "Yellow")
    assert (lm.threeDViewCount, lm.plotViewCount) == (1, 0)
    description = (
        '<layout type="horizontal"><item><view class="vtkMRMLSliceNode" singletontag="Red"/></item>'
        '<item><view class="vtkMRMLPlotViewNode" singletontag="Curves"/></item></layout>'
    )
    changed = []
    lm.connect("layoutChanged(int)", changed.append)
    lm.layoutLogic().GetLayoutNode().AddLayoutDescription(29999, description)
    lm.setLayout(29999)
    assert changed == [29999]
    assert (lm.threeDViewCount, lm.plotViewCount) == (0, 1)
    lm.disconnect("layoutChanged(int)", changed.append)


def test_surface_is_drawn_in_3d(host, volume):
    import slicer
    import slicer.util

    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    node.CreateDefaultDisplayNodes()
    node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    node.GetSegmentation().AddEmptySegment("organ", "Organ", (0.0, 1.0, 0.0))
    mask = np.zeros((20, 30, 40), np.uint8)
    mask[5:15, 8:22, 10:30] = 1
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, "organ", volume)
    before = slicer.app.layoutManager().threeDWidget(0).image(200, 200)
    node.CreateClosedSurfaceRepresentation()
    slicer.app.layoutManager().resetThreeDViews()
    after = slicer.app.layoutManager().threeDWidget(0).image(200, 200).astype(int)
    green = (after[..., 1] > after[..., 0] + 60) & (after[..., 1] > after[..., 2] + 60)
    assert green[100, 100]
    assert 500 < green.sum() < 30000
    assert not (before[..., 1].astype(int) > before[..., 0].astype(int) + 60).any()


def test_plot_is_drawn(host):
    import slicer
    import slicer.util

    lm = slicer.app.layoutManager()
    lm.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalPlotView)
    empty = lm.plotWidget(0).image(300, 200)
    nodes = {}
    slicer.util.plot(
        np.array([[0, 4.0], [1, 2.0], [2, 1.0]]), 0, columnNames=["step", "loss"], title="Loss", nodes=nodes
    )
    nodes["series"][0].SetColor(1, 0, 0)
    picture = lm.plotWidget(0).image(300, 200).astype(int)
    red = (picture[..., 0] > 150) & (picture[..., 1] < 100)
    assert red.sum() > 50
    assert not (empty[..., 1] < 100).any()
    chart = lm.plotWidget(0).plotView().chart()
    assert (chart.GetNumberOfPlots(), chart.GetTitle()) == (1, "Loss")


def test_the_application_tells_the_version(slicerVersion):
    import slicer

    assert f"{slicer.app.majorVersion}.{slicer.app.minorVersion}" == slicerVersion
    assert slicer.app.applicationVersion.startswith(slicerVersion)


@pytest.mark.undisturbed
def test_start_is_quick_and_ends_cleanly(tmp_path):
    import subprocess
    import sys
    import time

    code = "import shutil; from slicerhost import app; app.start(); print(shutil.which('PythonSlicer'))"
    environment = {**os.environ, "PATH": os.defpath}  # where no launcher is, the host brings one
    started = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert run.returncode == 0 and "slicerhost" in run.stdout, run.stderr
    assert time.perf_counter() - started < 15  # about 2 s on an idle machine
