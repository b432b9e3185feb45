"""The section Apply, driven by its real buttons, with the real engine in its child process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from modeltools import *  # noqa: F403
from modeltools import Heartbeat, LargeLabelMaps, loadScan, waitForResult
from paneltools import addFolder, click, rows, section, selectRows, unfold, waitForIdle
from scans import addTransform, moved

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture
def scan(modelPanel, cohort):
    """A held-out scan, loaded and chosen."""
    node = loadScan(sorted(cohort.held_out_images.iterdir())[0])
    modelPanel.panel.setCurrentVolume(node)
    return node


@pytest.fixture
def apply(host, modelPanel, scan):
    host.processEvents()
    return unfold(modelPanel, "ApplySection")


def scalars(node) -> np.ndarray:
    import slicer.util

    return slicer.util.arrayFromVolume(node)


def labelOf(segmentationNode, volume) -> np.ndarray:
    """The segmentation as a label array with the values of the segments' order, on the volume's grid."""
    import slicer.util

    segmentation = segmentationNode.GetSegmentation()
    label = np.zeros(scalars(volume).shape, np.uint8)
    for index in range(segmentation.GetNumberOfSegments()):
        segmentId = segmentation.GetNthSegmentID(index)
        mask = slicer.util.arrayFromSegmentBinaryLabelmap(segmentationNode, segmentId, volume)
        if mask is not None:
            label[mask > 0] = index + 1
    return label


def resultsIn() -> list:
    from DualTaskSegLib.results import results

    return [result for volume in _volumes() for result in results.resultsOf(volume)]


def _volumes() -> list:
    import slicer.util

    return slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")


def segment(host, widget) -> None:
    click(section(widget, "ApplySection").ui.segmentButton)
    waitForResult(host, widget)


# --- what keeps it from starting


def test_buttons_say_why_they_can_not_be_used(host, projectPanel):
    apply = unfold(projectPanel, "ApplySection")
    host.processEvents()
    assert not apply.ui.segmentButton.enabled
    assert "Train a model first" in apply.ui.segmentButton.toolTip
    assert not apply.ui.batchButton.enabled
    assert not apply.ui.resultBox.isVisibleTo(apply.widget)


def test_missing_packages_are_named_before_anything_else(host, modelPanel, scan, apply, monkeypatch):
    from DualTaskSegLib.installing import dependencies

    real = dependencies.installedVersion
    monkeypatch.setattr(dependencies, "installedVersion", lambda name: None if name == "torch" else real(name))
    apply.enter()
    for button in (apply.ui.segmentButton, apply.ui.batchButton):
        assert not button.enabled
        assert "Install" in button.toolTip
    monkeypatch.undo()
    apply.refresh()
    assert apply.ui.segmentButton.enabled


def test_volume_without_voxels_is_refused_with_a_reason(host, modelPanel):
    import slicer

    apply = unfold(modelPanel, "ApplySection")
    modelPanel.panel.setCurrentVolume(slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Empty"))
    host.processEvents()
    assert not apply.ui.segmentButton.enabled
    assert "holds no voxels" in apply.ui.segmentButton.toolTip


def test_volume_without_geometry_is_refused_with_a_reason(host, modelPanel, scan, apply):
    scan.SetSpacing(0, 1, 1)
    modelPanel.panel.resultsChanged.emit()
    host.processEvents()
    assert not apply.ui.segmentButton.enabled
    assert "no usable geometry" in apply.ui.segmentButton.toolTip


# --- one volume


def test_mask_equals_that_of_the_command_line(host, modelPanel, scan, apply, cohort, trainedRun, tmp_path):
    """Segmented by a click, and by ``dualtaskseg predict``: voxel for voxel the same, and so the distances."""
    import SimpleITK as sitk

    click(apply.ui.segmentButton)
    assert "Starting, about 10 s" in apply.ui.statusLabel.text
    assert apply.ui.progressBar.isVisibleTo(apply.widget)
    assert not apply.ui.segmentButton.enabled
    assert "being segmented" in apply.ui.segmentButton.toolTip
    waitForResult(host, modelPanel)
    assert not apply.ui.progressBar.isVisibleTo(apply.widget)
    image = sorted(cohort.held_out_images.iterdir())[0]
    command = [sys.executable, "-m", "dualtaskseg", "predict", str(trainedRun), str(image), "--out", str(tmp_path)]
    done = subprocess.run([*command, "--sdm", "--uncertainty"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    stem = image.name.removesuffix(".nii.gz")
    expected = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / f"{stem}.nii.gz")))
    (result,) = resultsIn()
    assert expected.max() > 0, "the short training found nothing, so the test shows nothing"
    assert np.array_equal(labelOf(result.segmentationNode, scan), expected)
    for name, node in result.sdmNodes.items():
        distances = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / f"{stem}_sdm_{name}.nii.gz")))
        assert np.array_equal(scalars(node), distances)
    doubt = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / f"{stem}_uncertainty.nii.gz")))
    assert np.array_equal(scalars(result.uncertaintyNode), doubt)
    assert modelPanel.panel.parameterNode.segmentation is result.segmentationNode
    assert "Predicted Dice" in apply.ui.resultLabel.text


def test_scan_with_left_handed_axes_is_segmented_where_slicer_shows_it(host, modelPanel, cohort, trainedRun, tmp_path):
    """Many NIfTI files have such axes: Slicer loads their slices in reversed order, and the child reads the file."""
    import SimpleITK as sitk

    unfold(modelPanel, "ApplySection")
    original = sitk.ReadImage(str(sorted(cohort.held_out_images.iterdir())[0]))
    image = tmp_path / "left.nii.gz"
    sitk.WriteImage(original[:, ::-1, :], str(image))
    volume = loadScan(image)
    assert np.array_equal(scalars(volume), sitk.GetArrayFromImage(original)[::-1, ::-1])
    modelPanel.panel.setCurrentVolume(volume)
    host.processEvents()
    segment(host, modelPanel)
    command = [
        sys.executable,
        "-m",
        "dualtaskseg",
        "predict",
        str(trainedRun),
        str(image),
        "--out",
        str(tmp_path / "out"),
    ]
    subprocess.run([*command, "--sdm"], check=True, capture_output=True)
    (result,) = resultsIn()
    expected = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "out" / "left.nii.gz")))
    assert expected.max() > 0, "the short training found nothing, so the test shows nothing"
    assert np.array_equal(labelOf(result.segmentationNode, volume), expected[::-1])
    for name, node in result.sdmNodes.items():
        distances = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "out" / f"left_sdm_{name}.nii.gz")))
        assert np.array_equal(scalars(node), distances[::-1])


@pytest.mark.undisturbed
def test_second_scan_finds_the_child_warm(host, modelPanel, scan, apply, cohort):
    segment(host, modelPanel)
    other = loadScan(sorted(cohort.held_out_images.iterdir())[1])
    modelPanel.panel.setCurrentVolume(other)
    host.processEvents()
    began = time.perf_counter()
    click(apply.ui.segmentButton)
    assert "10 s" not in apply.ui.statusLabel.text
    waitForResult(host, modelPanel)
    assert time.perf_counter() - began < 5
    assert len(resultsIn()) == 2


def test_earlier_result_is_kept_or_replaced_as_the_user_says(host, modelPanel, scan, apply):
    from slicerhost import questions

    segment(host, modelPanel)
    (first,) = resultsIn()
    segmentId = first.segmentationNode.GetSegmentation().GetNthSegmentID(0)
    first.segmentationNode.SetName("mine now")

    questions.expect(False, "Replace it?")
    segment(host, modelPanel)
    assert len(resultsIn()) == 2

    last = resultsIn()[-1].segmentationNode
    questions.expect(True, "Replace it?")
    segment(host, modelPanel)
    assert len(resultsIn()) == 2
    assert resultsIn()[-1].segmentationNode is last
    assert first.segmentationNode.GetName() == "mine now"
    assert first.segmentationNode.GetSegmentation().GetSegment(segmentId) is not None


def test_edited_result_is_not_replaced_without_a_warning(host, modelPanel, scan, apply):
    import slicer.util
    from slicerhost import questions

    segment(host, modelPanel)
    (result,) = resultsIn()
    node = result.segmentationNode
    segmentId = node.GetSegmentation().GetNthSegmentID(0)
    mask = np.zeros(scalars(scan).shape, np.uint8)
    mask[2:5, 2:5, 2:5] = 1
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, scan)
    questions.expect(False, "corrections would be lost")
    segment(host, modelPanel)
    assert np.array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(node, segmentId, scan), mask)


def test_result_that_is_corrected_while_its_successor_is_computed_is_kept(host, modelPanel, scan, apply):
    """Nobody was warned of the loss of these corrections, since there were none when it was asked."""
    import slicer.util
    from slicerhost import questions

    segment(host, modelPanel)
    (result,) = resultsIn()
    node = result.segmentationNode
    segmentId = node.GetSegmentation().GetNthSegmentID(0)
    mask = np.zeros(scalars(scan).shape, np.uint8)
    mask[2:5, 2:5, 2:5] = 1
    questions.expect(True, "Replace it?")
    click(apply.ui.segmentButton)
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, scan)
    waitForResult(host, modelPanel)
    assert len(resultsIn()) == 2
    assert np.array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(node, segmentId, scan), mask)


def test_users_segmentation_and_window_are_not_touched(host, modelPanel, scan, apply):
    from scans import addSegmentation

    mask = np.zeros(scalars(scan).shape, np.uint8)
    mask[3:8, 3:8, 3:8] = 1
    mine = addSegmentation({"Organ": mask}, scan)
    display = scan.GetDisplayNode()
    display.AutoWindowLevelOff()
    display.SetWindowLevel(123, 45)
    before = mine.GetMTime(), mine.GetSegmentation().GetMTime()
    segment(host, modelPanel)
    assert (display.GetWindow(), display.GetLevel()) == (123, 45)
    assert (mine.GetMTime(), mine.GetSegmentation().GetMTime()) == before


def test_changed_volume_is_handed_over_as_it_is_now(host, modelPanel, scan, apply):
    """Voxels changed in the scene count, not those of the file."""
    import slicer.util

    voxels = scalars(scan)
    voxels[:] = voxels[::-1].copy()
    slicer.util.arrayFromVolumeModified(scan)
    segment(host, modelPanel)
    (mirrored,) = resultsIn()
    voxels[:] = voxels[::-1].copy()
    slicer.util.arrayFromVolumeModified(scan)
    before = labelOf(mirrored.segmentationNode, scan)
    from slicerhost import questions

    questions.expect(False, "Replace it?")
    segment(host, modelPanel)
    after = labelOf(resultsIn()[-1].segmentationNode, scan)
    assert before.any() and after.any()
    assert not np.array_equal(before, after)


def test_volume_under_a_transform_is_said_and_its_result_lies_on_it(host, modelPanel, scan, apply):
    transform = addTransform(moved())
    scan.SetAndObserveTransformNodeID(transform.GetID())
    host.processEvents()
    segment(host, modelPanel)
    assert "under a transform" in modelPanel.ui.messageLabel.text
    (result,) = resultsIn()
    distance = next(iter(result.sdmNodes.values()))
    corners = []
    for node in (scan, distance):
        bounds = [0.0] * 6
        node.GetRASBounds(bounds)  # in the world
        corners.append(bounds)
    assert np.allclose(corners[0], corners[1], atol=0.01)


def edit(segmentationNode, volume) -> None:
    """A stroke of a user in the first segment, which changes it whatever the model saw there."""
    import slicer.util

    segmentId = segmentationNode.GetSegmentation().GetNthSegmentID(0)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(segmentationNode, segmentId, volume).copy()
    mask[:2, :4, :4] = 1 - mask[:2, :4, :4]
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, segmentationNode, segmentId, volume)


def test_large_result_is_looked_at_for_corrections_while_the_panel_goes_on(host, modelPanel, scan, apply, monkeypatch):
    """As in a scene that was loaded: nobody has looked at the earlier result, and its user corrected it."""
    from slicerhost import questions

    segment(host, modelPanel)
    (earlier,) = resultsIn()
    edit(earlier.segmentationNode, scan)
    modelPanel.panel.parameterNode.segmentation = None
    host.processEvents(200)
    large = LargeLabelMaps(monkeypatch)
    questions.expect(True, "your corrections would be lost")
    click(apply.ui.segmentButton)
    host.waitFor(lambda: apply.segmenter.isBusy, seconds=20)
    waitForResult(host, modelPanel)
    (replaced,) = resultsIn()
    assert replaced.segmentationNode is earlier.segmentationNode
    assert modelPanel.panel.parameterNode.segmentation is earlier.segmentationNode
    host.processEvents(200)
    assert not large.countedByMain


def test_correction_while_predicting_is_kept_and_looked_for_in_the_background(
    host, modelPanel, scan, apply, monkeypatch
):
    from slicerhost import questions

    segment(host, modelPanel)
    (earlier,) = resultsIn()
    large = LargeLabelMaps(monkeypatch)
    questions.expect(True, "Replace it?")
    click(apply.ui.segmentButton)
    host.waitFor(lambda: apply.segmenter.isBusy, seconds=60)
    edit(earlier.segmentationNode, scan)
    corrected = labelOf(earlier.segmentationNode, scan)
    waitForResult(host, modelPanel)
    assert len(resultsIn()) == 2
    assert "was corrected, so both are kept" in modelPanel.ui.messageLabel.text
    assert np.array_equal(labelOf(earlier.segmentationNode, scan), corrected)
    assert not large.countedByMain


def test_cancel_leaves_everything_as_it_was(host, modelPanel, scan, apply):
    click(apply.ui.segmentButton)
    click(apply.ui.cancelButton)
    assert not apply.segmenter.isBusy
    assert "Canceled" in apply.ui.statusLabel.text
    assert apply.ui.segmentButton.enabled
    segment(host, modelPanel)  # what was canceled doesn't come back, and the next one does
    assert len(resultsIn()) == 1


def test_scene_closed_while_predicting(host, modelPanel, scan, apply):
    import slicer

    click(apply.ui.segmentButton)
    host.waitFor(lambda: apply.ui.progressBar.maximum > 0, seconds=60)
    slicer.mrmlScene.Clear()
    host.processEvents()
    assert not apply.segmenter.isBusy
    assert "scene was closed" in modelPanel.ui.messageLabel.text
    host.waitFor(lambda: not modelPanel.panel.worker.isBusy, seconds=60)
    assert not resultsIn()


def test_volume_deleted_while_predicting(host, modelPanel, scan, apply):
    import slicer

    other = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Other")
    click(apply.ui.segmentButton)
    slicer.mrmlScene.RemoveNode(scan)
    waitForResult(host, modelPanel)
    assert "deleted" in modelPanel.ui.messageLabel.text
    assert other.GetScene() is not None
    assert not resultsIn()


def test_model_deleted_meanwhile(host, modelPanel, scan, apply):
    import shutil

    shutil.rmtree(modelPanel.panel.currentModel())
    click(apply.ui.segmentButton)
    waitForResult(host, modelPanel)
    message = modelPanel.ui.messageLabel.text
    assert "model" in message.lower()
    assert len(message) < 400
    assert apply.ui.statusLabel.text == ""


def test_child_killed_while_predicting(host, modelPanel, scan, apply):
    """The message says that it broke off, and the next click starts a new child."""
    segment(host, modelPanel)
    from slicerhost import questions

    questions.expect(False, "Replace it?")
    pid = modelPanel.panel.worker._childPid
    click(apply.ui.segmentButton)
    os.kill(pid, signal.SIGKILL)
    waitForResult(host, modelPanel)
    assert "broke off" in modelPanel.ui.messageLabel.text
    assert len(resultsIn()) == 1
    questions.expect(False, "Replace it?")
    click(apply.ui.segmentButton)
    assert "10 s" in apply.ui.statusLabel.text
    waitForResult(host, modelPanel)
    assert len(resultsIn()) == 2


@pytest.mark.undisturbed
def test_event_loop_goes_on_while_a_volume_is_segmented(host, modelPanel, scan, apply):
    with Heartbeat() as heart:
        began = time.thread_time()
        click(apply.ui.segmentButton)
        assert time.thread_time() - began < 0.2
        waitForResult(host, modelPanel)
    heart.check()


@pytest.mark.undisturbed
def test_large_result_is_shown_within_a_second(host, modelPanel, apply, tmp_path):
    """From the worker's answer to the overlay, for 256 x 256 x 160 voxels; the answer's files are made here."""
    from scans import Ball, addVolume, saveAll

    size = (256, 256, 160)
    ball = Ball(np.diag([-0.9, -0.9, 1.2, 1.0]), size, (-115.0, -115.0, 96.0), 45.0)
    files = saveAll(tmp_path / "answer", ball, ".nrrd")
    volume = addVolume(ball.scan, ball.ijkToRAS, "Large")
    modelPanel.panel.setCurrentVolume(volume)
    host.processEvents()
    segmenter = apply.segmenter
    segmenter._folder, segmenter._volumeNode = tmp_path / "way", volume
    segmenter._folder.mkdir()
    segmenter._model = modelPanel.panel.currentModel()
    answer = {
        "label": str(files["label"]),
        "sdm": {"Organ": str(files["sdm"])},
        "uncertainty": str(files["uncertainty"]),
        "model": str(segmenter._model),
        "model_name": "Short training",
        "predicted_dice": 0.8,
        "agreement": 0.9,
        "warnings": [],
        "seconds": 1.0,
        "device": "cpu",
    }
    with Heartbeat() as heart:
        began = time.perf_counter()
        segmenter._onPredicted(answer)
        host.waitFor(lambda: modelPanel.panel.parameterNode.segmentation is not None, seconds=20)
        host.processEvents()
        seconds = time.perf_counter() - began
    display = modelPanel.panel.parameterNode.segmentation.GetDisplayNode()
    assert display.GetVisibility() and display.GetVisibility2DFill()
    assert seconds < 1.0
    heart.check()


# --- what becomes of a result


def test_result_becomes_the_label_of_its_case(host, modelPanel, scan, apply, cohort):
    import SimpleITK as sitk
    from DualTaskSegLib.scene import casevolumes

    segment(host, modelPanel)
    host.processEvents()
    assert not apply.ui.acceptButton.enabled
    assert "no case of the project" in apply.ui.acceptButton.toolTip
    case = modelPanel.panel.project.addCase(casevolumes.volumeFile(scan))
    modelPanel.panel.casesChanged.emit()
    click(apply.ui.acceptButton)
    host.waitFor(lambda: bool(case.label), seconds=20)
    assert (case.role, case.origin) == ("labeled", "predicted")
    written = sitk.GetArrayFromImage(sitk.ReadImage(case.label))
    (result,) = resultsIn()
    assert np.array_equal(written > 0, labelOf(result.segmentationNode, scan) > 0)
    from DualTaskSegLib.project.project import Project

    assert Project.open(modelPanel.panel.project.folder).cases[0].origin == "predicted"


def test_edited_result_becomes_a_label_of_that_origin(host, modelPanel, scan, apply):
    import slicer.util
    from DualTaskSegLib.scene import casevolumes
    from slicerhost import questions

    case = modelPanel.panel.project.addCase(casevolumes.volumeFile(scan))
    segment(host, modelPanel)
    (result,) = resultsIn()
    node = result.segmentationNode
    mask = np.zeros(scalars(scan).shape, np.uint8)
    mask[2:9, 2:9, 2:9] = 1
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, node.GetSegmentation().GetNthSegmentID(0), scan)
    modelPanel.panel.resultsChanged.emit()
    click(apply.ui.acceptButton)
    host.waitFor(lambda: bool(case.label), seconds=20)
    assert case.origin == "edited"
    questions.expect(False, "has a label already")
    before = Path(case.label).stat().st_mtime_ns
    click(apply.ui.acceptButton)
    host.processEvents()
    assert Path(case.label).stat().st_mtime_ns == before


def test_result_opens_in_segment_editor(host, modelPanel, scan, apply):
    import slicer

    segment(host, modelPanel)
    click(apply.ui.editButton)
    editor = slicer.modules.SegmentEditorWidget.editor
    (result,) = resultsIn()
    assert editor.segmentationNode() is result.segmentationNode
    assert editor.sourceVolumeNode() is scan
    assert slicer.util.selectedModule() == "SegmentEditor"


# --- many cases


@pytest.fixture
def batchPanel(host, modelPanel, cohort):
    addFolder(modelPanel, cohort.dataset)
    waitForIdle(host, modelPanel)  # scans are added by steps, and a busy computer takes more than one of them
    apply = unfold(modelPanel, "ApplySection")
    apply.ui.batchCollapsible.collapsed = False
    host.processEvents()
    return modelPanel


def waitForBatch(host, widget) -> None:
    batch = section(widget, "ApplySection").batch
    host.waitFor(lambda: not batch.isRunning, seconds=120)
    host.processEvents()


@pytest.mark.undisturbed
def test_batch_goes_on_after_a_bad_case(host, batchPanel):
    apply = section(batchPanel, "ApplySection")
    project = batchPanel.panel.project
    unlabeled = [case for case in project.cases if case.role == "unlabeled"]
    broken = unlabeled[1]
    bad = project.folder / "bad.nii.gz"
    bad.write_bytes(b"no image")
    broken.image = str(bad)
    with Heartbeat() as heart:
        click(apply.ui.batchButton)
        assert apply.ui.batchCancelButton.isVisibleTo(apply.widget)
        waitForBatch(host, batchPanel)
    heart.check()
    table = rows(apply.ui.batchTable)
    assert [row[1].partition(",")[0] for row in table] == ["done", "failed", "done"]
    assert "bad.nii.gz" in table[1][2]
    assert "2 of 3 cases are segmented" in batchPanel.ui.messageLabel.text
    assert not resultsIn(), "a batch does not fill the scene"
    _numbersAreSavedWithOneRowACase(host, batchPanel, project.folder.parent / "numbers")


def _numbersAreSavedWithOneRowACase(host, batchPanel, target: Path) -> None:
    import csv

    import slicer.util
    from slicerhost import questions

    apply = section(batchPanel, "ApplySection")
    questions.expect(str(target.with_name("canceled")), "Save table")
    click(apply.ui.batchNumbersButton)
    click(apply.ui.batchCancelButton)
    questions.expect(str(target), "Save table")
    click(apply.ui.batchNumbersButton)  # at once: what is still heard of the canceled one is not taken for this one
    host.waitFor(lambda: len(batchPanel.panel.worker._jobs) < 2, seconds=60)
    host.processEvents()
    assert apply.ui.batchCancelButton.isVisibleTo(apply.widget) and not apply.ui.batchNumbersButton.enabled
    file = target.with_suffix(".csv")
    host.waitFor(lambda: file.is_file() and not batchPanel.panel.steps.isBusy, seconds=60)
    assert not target.with_name("canceled.csv").exists()
    done = [item for item in apply.batch.batch.items if item.prediction is not None]
    with file.open(newline="", encoding="utf-8") as stream:
        found = list(csv.DictReader(stream))
    assert [row["case"] for row in found] == [item.case.name for item in done]
    assert [float(row["predicted_dice"]) for row in found] == [item.prediction.predicted_dice for item in done]
    for row, item in zip(found, done, strict=True):
        for name, volume in item.prediction.volume_ml.items():
            assert float(row[f"{name} volume_ml"]) == pytest.approx(volume, abs=1e-3)
    (node,) = slicer.util.getNodesByClass("vtkMRMLTableNode")
    assert node.GetNumberOfRows() == len(done)
    assert "2 cases are measured" in batchPanel.ui.messageLabel.text and str(file) in batchPanel.ui.messageLabel.text
    assert apply.ui.batchNumbersButton.text == "Save numbers..."


def test_batch_tells_the_same_as_segmenting_one_volume(host, batchPanel):
    """What was assumed about a scan was told of the volume in the scene only, and lost where many cases were done."""
    from dualtaskseg.io.image_notes import is_unit_assumed
    from dualtaskseg.io.images import read_image

    apply = section(batchPanel, "ApplySection")
    click(apply.ui.batchButton)
    waitForBatch(host, batchPanel)
    table, items = apply.ui.batchTable, apply.batch.batch.items
    remark = "The scan does not say its unit of length; millimeters are assumed."
    unitless = [
        is_unit_assumed(read_image(item.case.image)) for item in items
    ]  # the cohort's scans are of several formats
    assert sum(unitless) == 1
    others = [[text for text in item.remarks if "were left out" not in text] for item in items]  # that is another story
    assert others == [[remark] if each else [] for each in unitless]
    remarked = [bool(item.remarks) for item in items]
    assert [row[1] for row in rows(table)] == ["done, with remarks" if each else "done" for each in remarked]
    assert [remark in table.item(row, 1).toolTip() for row in range(3)] == unitless
    assert f"There are remarks on {sum(remarked)} of them" in batchPanel.ui.messageLabel.text


def test_batch_results_are_loaded_accepted_and_not_computed_twice(host, batchPanel):
    from slicerhost import questions

    apply = section(batchPanel, "ApplySection")
    click(apply.ui.batchButton)
    waitForBatch(host, batchPanel)
    items = apply.batch.batch.items
    assert {item.state for item in items} == {"done"}

    selectRows(apply.ui.batchTable, [0])
    click(apply.ui.batchShowButton)
    host.waitFor(lambda: len(resultsIn()) == 1, seconds=20)
    host.processEvents()
    click(apply.ui.batchShowButton)
    host.waitFor(lambda: not batchPanel.panel.steps.isBusy, seconds=20)
    assert len(resultsIn()) == 1, "shown twice, loaded once"
    assert batchPanel.panel.currentVolume().GetAttribute("DualTaskSeg.CaseId") == items[0].case.id

    selectRows(apply.ui.batchTable, [0])
    click(apply.ui.batchAcceptButton)
    host.waitFor(lambda: items[0].case.label and not batchPanel.panel.steps.isBusy, seconds=20)
    assert batchPanel.ui.messageLabel.text == "1 case is labeled now; the next training learns from it."
    selectRows(apply.ui.batchTable, [1])
    click(apply.ui.batchAcceptButton)
    host.waitFor(lambda: all(item.case.label for item in items[:2]), seconds=20)
    assert [item.case.role for item in items] == ["labeled", "labeled", "unlabeled"]
    assert {item.case.origin for item in items[:2]} == {"predicted"}
    assert Path(items[0].case.label).parent == batchPanel.panel.project.labelsFolder

    stamp = items[2].prediction.label.stat().st_mtime_ns
    questions.expect(False, "1 of 1 cases has a result")
    click(apply.ui.batchButton)
    waitForBatch(host, batchPanel)
    assert items[2].prediction.label.stat().st_mtime_ns == stamp


def test_batch_of_the_selected_cases_and_cancel(host, batchPanel):
    apply = section(batchPanel, "ApplySection")
    apply.ui.batchSelector.setCurrentIndex(1)
    batchPanel.panel.selectedCaseIds = []
    batchPanel.panel.selectionChanged.emit()
    assert not apply.ui.batchButton.enabled
    assert "Select cases" in apply.ui.batchButton.toolTip
    selectRows(section(batchPanel, "CasesSection").ui.caseTable, [0, 4])
    host.processEvents()
    click(apply.ui.batchButton)
    assert len(apply.batch.batch.items) == 2
    click(apply.ui.batchCancelButton)
    assert not apply.batch.isRunning
    assert [row[1] for row in rows(apply.ui.batchTable)] == ["canceled", "canceled"]
    host.waitFor(lambda: not batchPanel.panel.worker.isBusy, seconds=60)
    assert not apply.ui.batchCancelButton.isVisibleTo(apply.widget)


@pytest.mark.undisturbed
def test_batch_of_500_cases_answers_at_once(host, modelPanel):
    project = modelPanel.panel.project
    for number in range(500):
        project.addCase(project.folder / "gone" / f"case_{number:03}.nii.gz")
    modelPanel.panel.casesChanged.emit()
    apply = unfold(modelPanel, "ApplySection")
    apply.ui.batchCollapsible.collapsed = False
    host.processEvents()
    with Heartbeat() as heart:
        began = time.thread_time()
        click(apply.ui.batchButton)
        assert time.thread_time() - began < 0.2
        host.waitFor(lambda: apply.batch.batch.count("failed") >= 5, seconds=60)
        click(apply.ui.batchCancelButton)
        host.processEvents()
    heart.check()
    assert len(rows(apply.ui.batchTable)) == 500
    assert "does not exist" in rows(apply.ui.batchTable)[0][2]
