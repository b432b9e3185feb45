"""The panel and the scene: saving, loading, deleting, leaving; nothing of another patient's, nothing left behind."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from DualTaskSegLib.common.steps import finish
from modeltools import Heartbeat, tick
from paneltools import *  # noqa: F403
from paneltools import click, section, unfold
from scans import STRAIGHT, Ball, addSegmentation, addVolume, saveAll
from test_stand_scene import countObservers

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture
def ball():
    return Ball(STRAIGHT)


@pytest.fixture
def add(ball, tmp_path):
    """Adds a result to a volume, as Apply does."""
    from dualtaskseg.contract.segment import Segment
    from dualtaskseg.model.description import ModelDescription
    from DualTaskSegLib.results import results

    files = saveAll(tmp_path / "files", ball)

    def addTo(volume, model: str = "Ball model"):
        info = ModelDescription(model, (Segment("Ball", 1, (0, 200, 0)),), {}, {})
        return finish(
            results.addResultSteps(volume, files["label"], {"Ball": files["sdm"]}, files["uncertainty"], info)
        )

    return addTo


@pytest.fixture
def review(host, panel, ball, add):
    """The section Review with a result of the volume Scan."""
    found = unfold(panel, "ReviewSection")
    found.volume = addVolume(ball.scan, ball.ijkToRAS)
    found.result = add(found.volume)
    choose(host, panel, found.result)
    return found


def choose(host, panel, result) -> None:
    panel.panel.parameterNode.segmentation = result.segmentationNode
    settle(host, panel)


def settle(host, panel) -> None:
    host.processEvents(20)
    host.waitFor(lambda: not section(panel, "ReviewSection")._runner.isBusy, seconds=20)


def segmentationsSeen() -> list[str]:
    """Names of the segmentations that are drawn."""
    import slicer.util

    nodes = slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
    return [node.GetName() for node in nodes if node.GetDisplayNode().GetVisibility()]


def contoursSeen() -> list:
    import slicer.util

    models = slicer.util.getNodesByClass("vtkMRMLModelNode")
    return [node for node in models if node.GetAttribute("DualTaskSeg.Role") == "contour"]


# --- saving and loading


@pytest.mark.parametrize("extension", ["mrb", "mrml"])
@pytest.mark.parametrize("clear", [True, False], ids=["instead", "into"])
def test_everything_comes_back_with_the_scene_while_the_panel_is_open(
    host, panel, review, ball, tmp_path, extension, clear
):
    """Values, selectors, overlays, figures; also when the scene is loaded into one that is open."""
    import slicer.util
    from DualTaskSegLib.results import results

    review.ui.layerSelector.setCurrentIndex(review.ui.layerSelector.findData("distance"))
    tick(review.ui.contoursCheck)
    review.ui.contourDistancesEdit.text = "-2, 3"
    review.ui.distanceBandSlider.setValue(12.5)
    later = addVolume(ball.scan, ball.ijkToRAS, "Later")  # not the first scan, which would be chosen anyway
    panel.panel.setCurrentVolume(later)
    settle(host, panel)
    assert slicer.util.saveScene(str(tmp_path / f"scene.{extension}"))
    if extension == "mrml":  # the nodes' own files are saved by Slicer's dialog; here by hand
        for node in [*review.result.nodes, review.volume, later]:
            suffix = ".seg.nrrd" if node.IsA("vtkMRMLSegmentationNode") else ".nrrd"
            assert slicer.util.saveNode(node, str(tmp_path / (node.GetID() + suffix)))
        assert slicer.util.saveScene(str(tmp_path / f"scene.{extension}"))
    slicer.mrmlScene.Clear()
    settle(host, panel)
    assert review.ui.resultSelector.currentNode() is None
    if not clear:
        addVolume(np.ones((8, 8, 8), np.int16), STRAIGHT, "Other")
    slicer.util.loadScene(str(tmp_path / f"scene.{extension}"), {"clear": clear})
    settle(host, panel)
    parameters = panel.panel.parameterNode
    node = slicer.util.getNode("Scan segmentation")
    assert parameters.segmentation is node
    assert review.ui.resultSelector.currentNode() is node
    assert section(panel, "ExportSection").ui.exportSelector.currentNode() is node
    volume = section(panel, "ApplySection").ui.inputVolumeSelector.currentNode()
    assert volume is parameters.inputVolume
    if clear:  # else MRML takes the volume of the open scene that has the same ID, as it does everywhere
        assert volume is slicer.util.getNode("Later")
    assert (parameters.distanceBand, parameters.contourDistances) == (12.5, "-2, 3")
    assert review.ui.distanceBandSlider.value == 12.5
    assert review.ui.contourDistancesEdit.text == "-2, 3"
    result = results.resultOf(node)
    assert list(result.sdmNodes) == ["Ball"]
    assert result.uncertaintyNode is not None
    assert not results.isEdited(node)
    composite = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceCompositeNode()
    assert composite.GetForegroundVolumeID() == result.sdmNodes["Ball"].GetID()
    assert composite.GetBackgroundVolumeID() == slicer.util.getNode("Scan").GetID()
    assert sorted(model.GetName().split("contour ")[1] for model in contoursSeen()) == ["-2 mm", "3 mm"]
    assert segmentationsSeen() == ["Scan segmentation"]
    review.ui.distanceBandSlider.setValue(8)
    assert parameters.distanceBand == 8, "the widgets are tied to the parameters that were loaded"


def test_what_is_chosen_stays_when_a_scene_without_parameters_is_added(host, panel, review, tmp_path):
    """Selectors lose their node while a scene is loaded; the parameters must not follow them."""
    import slicer.util

    (tmp_path / "empty.mrml").write_text('<MRML version="Slicer4.4.0" userTags=""></MRML>', encoding="utf-8")
    panel.panel.setCurrentVolume(review.volume)
    slicer.util.loadScene(str(tmp_path / "empty.mrml"))
    settle(host, panel)
    assert panel.panel.parameterNode.segmentation is review.result.segmentationNode
    assert panel.panel.currentVolume() is review.volume
    assert review.ui.resultSelector.currentNode() is review.result.segmentationNode


def test_a_scene_of_an_older_version_with_another_band_is_opened(host, panel, review, tmp_path):
    import slicer.util

    panel.panel.parameterNode.parameterNode.SetParameter("distanceBand", "400.0")
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear()
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    settle(host, panel)
    assert panel.panel.parameterNode.distanceBand == 50
    slider = review.ui.distanceBandSlider
    assert (slider.minimum, slider.maximum, slider.value) == (0.5, 50, 50)


def test_a_scene_loaded_while_another_module_is_open_is_shown_when_the_user_comes(host, panel, review, tmp_path):
    import slicer.util

    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.util.selectModule("SegmentEditor")
    slicer.mrmlScene.Clear()
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    slicer.util.selectModule("DualTaskSeg")
    settle(host, panel)
    assert review.ui.resultSelector.currentNode() is slicer.util.getNode("Scan segmentation")
    assert not review.ui.agreementLabel.isHidden()


def test_our_layouts_are_not_saved_with_a_scene_and_a_users_is(host, panel, tmp_path):
    """Where our layouts aren't known, a scene with their number would open with an empty view area."""
    import slicer
    import slicer.util
    from DualTaskSegLib.views import layouts

    manager = slicer.app.layoutManager()
    before = layouts.switchTo(layouts.REVIEW)
    slicer.util.saveScene(str(tmp_path / "ours.mrml"))
    assert str(layouts.REVIEW) not in (tmp_path / "ours.mrml").read_text(encoding="utf-8")
    assert manager.layout == layouts.REVIEW
    layouts.restore(before)
    theirs = slicer.vtkMRMLLayoutNode.SlicerLayoutOneUp3DView
    manager.setLayout(theirs)
    slicer.util.saveScene(str(tmp_path / "theirs.mrml"))
    assert f'currentViewArrangement="{theirs}"' in (tmp_path / "theirs.mrml").read_text(encoding="utf-8")


def test_our_layouts_are_known_before_the_panel_was_opened(host):
    from DualTaskSegLib.views import layouts
    from paneltools import MODULE
    from test_panel_module import ROOT

    host.loadModule(ROOT / MODULE)
    assert layouts.layoutNode().IsLayoutDescription(layouts.REVIEW)
    assert layouts.layoutNode().IsLayoutDescription(layouts.TRAINING)


def test_closing_the_scene_while_the_training_layout_is_shown(host, cohortPanel, trainedRun):
    import shutil

    import slicer
    from DualTaskSegLib.views import layouts

    shutil.copytree(trainedRun, cohortPanel.panel.project.runsFolder / "first")
    cohortPanel.panel.runChanged.emit()
    train = unfold(cohortPanel, "TrainSection")
    host.waitFor(lambda: train.ui.curvesButton.isEnabled(), 20)
    click(train.ui.curvesButton)
    manager = slicer.app.layoutManager()
    assert manager.layout == layouts.TRAINING
    slicer.mrmlScene.Clear()
    host.processEvents(300)
    assert manager.layout == layouts.TRAINING
    assert layouts.plotView(layouts.LOSS_VIEW).GetPlotChartNode() is not None
    click(train.ui.curvesButton)
    host.processEvents(50)
    assert not layouts.isOurs(manager.layout)


# --- deleting


def test_when_the_reviewed_result_is_deleted_no_other_scans_outlines_are_drawn(host, panel, review, ball, add):
    """Slicer's selector would go on to its neighbor: another patient's outlines over this scan."""
    import slicer

    other = add(addVolume(ball.scan, ball.ijkToRAS, "Other patient"), "Other model")
    choose(host, panel, other)
    choose(host, panel, review.result)
    assert segmentationsSeen() == ["Scan segmentation"]
    slicer.mrmlScene.RemoveNode(review.result.segmentationNode)
    settle(host, panel)
    assert segmentationsSeen() == []
    assert panel.panel.parameterNode.segmentation is None
    assert review.ui.resultSelector.currentNode() is None
    assert section(panel, "ExportSection").ui.exportSelector.currentNode() is None
    composite = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceCompositeNode()
    assert composite.GetBackgroundVolumeID() == review.volume.GetID()
    assert other.segmentationNode.GetScene() is not None


def test_when_the_reviewed_result_is_deleted_another_of_the_same_volume_is_shown(host, panel, review, ball, add):
    import slicer

    second = add(review.volume, "Second model")
    add(addVolume(ball.scan, ball.ijkToRAS, "Other patient"), "Other model")
    choose(host, panel, review.result)
    slicer.mrmlScene.RemoveNode(review.result.segmentationNode)
    settle(host, panel)
    assert panel.panel.parameterNode.segmentation is second.segmentationNode
    assert review.ui.resultSelector.currentNode() is second.segmentationNode
    assert segmentationsSeen() == [second.segmentationNode.GetName()]


@pytest.mark.parametrize("isLeft", [False, True], ids=["open", "left"])
def test_a_deleted_distance_volume_leaves_no_lines(host, panel, review, isLeft):
    import slicer
    import slicer.util

    tick(review.ui.contoursCheck)
    settle(host, panel)
    assert len(contoursSeen()) == 1
    if isLeft:
        slicer.util.selectModule("SegmentEditor")
    slicer.mrmlScene.RemoveNode(review.result.sdmNodes["Ball"])
    settle(host, panel)
    assert contoursSeen() == []


def test_a_deleted_scan_is_not_replaced_by_its_neighbor(host, panel, ball):
    import slicer

    volumes = [addVolume(ball.scan, ball.ijkToRAS, name) for name in ("First", "Second", "Third")]
    panel.panel.setCurrentVolume(volumes[1])
    slicer.mrmlScene.RemoveNode(volumes[1])
    assert panel.panel.currentVolume() is None
    assert section(panel, "ApplySection").ui.inputVolumeSelector.currentNode() is None


# --- choosing


def test_the_first_scan_is_chosen_not_a_label_map_nor_our_own_map(host, panel, review):
    """And the selector offers what can be chosen: scans."""
    import slicer
    import slicer.util

    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "Labels")
    slicer.util.selectModule("SegmentEditor")
    slicer.mrmlScene.RemoveNode(review.volume)
    slicer.util.selectModule("DualTaskSeg")
    assert panel.panel.currentVolume() is None
    scan = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "New")
    slicer.util.selectModule("SegmentEditor")
    slicer.util.selectModule("DualTaskSeg")
    host.processEvents(20)
    assert panel.panel.currentVolume() is scan
    selector = section(panel, "ApplySection").ui.inputVolumeSelector
    assert selector.currentNode() is scan
    assert [selector.nodeFromIndex(index) for index in range(selector.nodeCount())] == [scan]
    assert labels.GetScene() is not None


def test_of_two_scans_of_one_name_the_chosen_one_is_taken(host, panel, ball):
    """In some versions a selector doesn't tell that its node changed if the names are equal."""
    first, second = (addVolume(ball.scan, ball.ijkToRAS, "CT chest") for _index in range(2))
    first.SetName("CT chest")
    second.SetName("CT chest")
    host.processEvents(20)
    selector = section(panel, "ApplySection").ui.inputVolumeSelector
    for index, volume in ((1, first), (2, second)):
        selector.comboBox().setCurrentIndex(index)
        selector.comboBox().activated.emit(index)
        assert panel.panel.currentVolume() is volume


def test_a_message_about_distances_goes_when_they_are_right(host, panel, review):
    tick(review.ui.contoursCheck)
    review.ui.contourDistancesEdit.text = "two"
    settle(host, panel)
    assert "'two' is no distance" in panel.ui.messageLabel.text
    review.ui.contourDistancesEdit.text = "2"
    settle(host, panel)
    assert panel.ui.messageLabel.text == ""
    review.ui.contourDistancesEdit.text = "three"
    settle(host, panel)
    panel.panel.inform("Something else.")
    review.ui.contourDistancesEdit.text = "3"
    settle(host, panel)
    assert panel.ui.messageLabel.text == "Something else."


# --- leaving


def test_coming_and_going_leaves_no_observers(host, panel, review):
    import slicer.util

    node = panel.panel.parameterNode
    counts = []
    for _turn in range(3):
        slicer.util.selectModule("SegmentEditor")
        slicer.util.selectModule("DualTaskSeg")
        settle(host, panel)
        counts.append(countObservers(node.parameterNode))
    assert counts[0] == counts[1] == counts[2]
    assert panel.panel.parameterNode is node
    assert panel.logic.getParameterNode() is node


@pytest.mark.undisturbed
def test_the_panel_is_made_in_short_steps(host):
    """Its sections come one after the other; closing a scene is quick, too."""
    import slicer
    import slicer.util
    from paneltools import MODULE
    from test_panel_module import ROOT

    host.loadModule(ROOT / MODULE)
    with Heartbeat() as heart:
        slicer.util.selectModule("DualTaskSeg")
        widget = slicer.modules.DualTaskSegWidget
        assert not widget._sections
        host.waitFor(lambda: len(widget._sections) == 6 and widget._making is None, 20)
    assert heart.work < Heartbeat.MOST_WORK, f"computed for {heart.work:.2f} s in one go"
    with Heartbeat() as heart:
        slicer.mrmlScene.Clear()
    assert heart.work < Heartbeat.MOST_WORK


def test_the_panel_may_go_or_be_left_before_its_sections_are_there(host):
    import slicer
    import slicer.util
    from paneltools import MODULE
    from test_panel_module import ROOT

    host.loadModule(ROOT / MODULE)
    slicer.util.selectModule("DualTaskSeg")
    widget = slicer.modules.DualTaskSegWidget
    assert not widget.ui.newProjectButton.isEnabled()
    slicer.util.selectModule("SegmentEditor")
    slicer.mrmlScene.Clear()
    host.waitFor(lambda: widget._making is None, 20)
    assert widget.ui.newProjectButton.isEnabled()
    widget.onReload()
    slicer.modules.DualTaskSegWidget.cleanup()


# --- what others see


def test_turning_outlines_into_voxels_leaves_no_trace_in_the_data_tree(host, panel, ball, tmp_path):
    """Neither of a scan as it is nor of one under a transform that is not linear."""
    import slicer
    from dualtaskseg.contract.segment import Segment
    from DualTaskSegLib.scene import labelmaps

    volume = addVolume(ball.scan, ball.ijkToRAS)
    node = addSegmentation({"Ball": ball.label}, volume)
    seen = []
    observer = slicer.mrmlScene.AddObserver(slicer.vtkMRMLScene.NodeAddedEvent, lambda *_: seen.append("node"))
    finish(labelmaps.writeLabelSteps(node, volume, [Segment("Ball", 1, (0, 200, 0))], None, tmp_path / "label.nrrd"))
    slicer.mrmlScene.RemoveObserver(observer)
    assert seen == []


def test_no_name_or_path_of_a_patient_comes_into_slicers_log(host, modelPanel, ball, add, caplog, tmp_path):
    """What is asked can hold names; it isn't logged. Nor does anything else that the panel does log them."""
    from dualtaskseg.contract.dataset import LABELED
    from slicerhost import questions

    caplog.set_level(logging.DEBUG)
    secret = "Mustermann"
    project = modelPanel.panel.project
    volume = addVolume(ball.scan, ball.ijkToRAS, secret)
    apply, cases = unfold(modelPanel, "ApplySection"), unfold(modelPanel, "CasesSection")
    result = add(volume, apply.ui.modelSelector.currentText)
    modelPanel.panel.setCurrentVolume(volume)
    host.processEvents(300)
    for answer in (False, True):  # Segment: replace the earlier result?
        questions.expect(answer, secret)
        model = modelPanel.panel.currentModel()
        apply._askAndStart(apply.segmenter.start, volume, model, apply._earlierResult(volume, model))
        assert (apply.segmenter._replaced is not None) == answer
        apply.onCancel()
    click(cases.ui.addLoadedButton)
    host.waitFor(lambda: not modelPanel.panel.steps.isBusy, 20)
    case = next(each for each in project.cases if volume.GetAttribute("DualTaskSeg.CaseId") == each.id)
    project.rename(case.id, secret)
    case.label = str(tmp_path / f"{secret}.nrrd")
    case.role = LABELED
    choose(host, modelPanel, result)
    host.processEvents(50)
    questions.expect(False, secret)
    click(apply.ui.acceptButton)
    modelPanel.panel.selectedCaseIds = [case.id]
    questions.expect(False)
    cases.onRemove()
    cases.outlines.open(case.id)
    modelPanel.panel.fail(f"{tmp_path}/{secret} is broken.")
    questions.expect(False)
    modelPanel.panel.confirm(f"Delete {tmp_path}/{secret}?")
    host.waitFor(lambda: not modelPanel.panel.steps.isBusy, 20)
    assert len(questions.asked) > 5
    for record in caplog.records:
        assert secret not in record.getMessage()
        assert str(tmp_path) not in record.getMessage()


# --- outlines


def test_outlines_that_were_used_are_not_offered_again_after_a_reload_or_another_day(
    host, projectPanel, ball, tmp_path
):
    import slicer
    import slicer.util

    cases = unfold(projectPanel, "CasesSection")
    volume = addVolume(ball.scan, ball.ijkToRAS)
    host.processEvents(300)
    click(cases.ui.addLoadedButton)
    host.waitFor(lambda: not projectPanel.panel.steps.isBusy, 20)
    addSegmentation({"Ball": ball.label}, volume, "Mine")
    host.waitFor(lambda: cases.ui.useButton.isVisibleTo(cases.widget), 10)
    click(cases.ui.useButton)
    host.waitFor(lambda: projectPanel.panel.project.cases[0].label and not projectPanel.panel.steps.isBusy, 20)
    cases.checks.timer.stop()

    def isOffered(widget) -> bool:
        host.processEvents(300)
        found = section(widget, "CasesSection")
        host.waitFor(lambda: not found.outlines._runner.isBusy, 10)
        found.checks.timer.stop()
        return found.ui.useButton.isVisibleTo(found.widget)

    assert not isOffered(projectPanel)
    projectPanel.onReload()
    again = slicer.util.getModuleWidget("DualTaskSeg")
    again.enter()
    assert not isOffered(again)
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear()
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    assert not isOffered(again)
    node = slicer.util.getNode("Mine")
    mask = ball.label.copy()
    mask[: mask.shape[0] // 2] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(
        mask, node, node.GetSegmentation().GetNthSegmentID(0), slicer.util.getNode("Scan")
    )
    section(again, "CasesSection").refreshScene()
    assert isOffered(again), "it was changed"


# --- large scans


@pytest.mark.undisturbed
def test_a_whole_body_does_not_hold_up_the_panel(host, projectPanel, tmp_path):
    """512 x 512 x 300 voxels: outlines are seen, used and compared, a result with surfaces is replaced."""
    from dualtaskseg.contract.segment import Segment
    from dualtaskseg.model.description import ModelDescription
    from DualTaskSegLib.results import results
    from DualTaskSegLib.scene import casevolumes, labelmaps, segmentations
    from DualTaskSegLib.views import overlays

    size = (300, 512, 512)
    label = np.zeros(size, np.uint8)
    label[10:290, 40:470, 30:480] = 1
    label[20:280, 100:400, 100:250] = 2
    matrix = np.diag([-0.8, -0.8, 1.0, 1.0])
    volume = addVolume((label * 50).astype(np.uint8), matrix, "Body")
    cases = unfold(projectPanel, "CasesSection")
    project = projectPanel.panel.project
    case = project.addCase(str(tmp_path / "body.nrrd"), "body")
    casevolumes.markAsCase(volume, case)
    segments = [Segment("Body", 1, (200, 10, 10), ""), Segment("Organ", 2, (10, 200, 10), "")]
    node = segmentations.newSegmentation("Outlines")
    node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    segmentations.fillSegmentation(node, segmentations.Content(label, labelmaps.geometryOf(volume)), segments)
    with Heartbeat() as heart:
        host.waitFor(lambda: cases.ui.useButton.isVisibleTo(cases.widget), 60)
        click(cases.ui.useButton)
        host.waitFor(lambda: case.label and not projectPanel.panel.steps.isBusy, 120)
        cases.checks.timer.stop()
        host.waitFor(lambda: not cases.outlines._runner.isBusy, 60)
    assert heart.work < Heartbeat.MOST_WORK, f"using: computed for {heart.work:.2f} s in one go"
    model = ModelDescription("Model", tuple(segments), {}, {})
    done = []
    for former in (None, "first"):
        steps = results.addResultSteps(volume, case.label, {}, None, model, done[0] if former else None)
        with Heartbeat() as heart:
            projectPanel.panel.doSteps(steps, "Loading", done.append)
            host.waitFor(lambda: len(done) == (2 if former else 1), 120)  # noqa: B023
            choose(host, projectPanel, done[0])
        assert heart.work < Heartbeat.MOST_WORK, f"into {former}: computed for {heart.work:.2f} s in one go"
        if not former:
            finish(overlays.show3DSteps(done[0].segmentationNode))
    closed = done[0].segmentationNode.GetSegmentation().GetNthSegment(0).GetRepresentation("Closed surface")
    assert closed is not None
    assert closed.GetNumberOfPoints() > 0


def test_of_what_a_child_printed_only_the_trace_is_logged(host, tmp_path, caplog):
    """A defect while a patient's file is read: the log says where and what kind, not which file."""
    import sys

    from DualTaskSegLib.engine.worker import Worker
    from test_worker import Caller

    caplog.set_level(logging.DEBUG)
    secret = tmp_path / "Max Mustermann" / "ct scan.nrrd"
    program = f"raise ValueError('no such thing as {secret}')"
    code = f"import sys; sys.stdin.readline(); exec({program!r})"
    worker = Worker([sys.executable, "-c", code])
    caller = Caller(host, worker)
    worker.findScans(tmp_path, **caller.hooks("scan"))
    caller.wait(30)
    worker.close()
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "ValueError" in logged
    assert "<string>:1 <module>" in logged
    assert "Mustermann" not in logged
    assert "ct scan" not in logged
    assert any("Mustermann" in line for line in worker.lastLines(100))
