"""A partly outlined case is completed by a model, and the slice to outline next is suggested."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scans
from DualTaskSegLib.common.steps import finish
from modeltools import *  # noqa: F403
from modeltools import waitForResult
from paneltools import click, section, unfold
from scans import STRAIGHT, Ball, addSegmentation, saveAll

pytestmark = pytest.mark.usefixtures("host")

OUTLINED = (3, 7, 11, 15, 19)


def loadedCase(project, file: Path):
    """A scan on disk, loaded and in the project."""
    from DualTaskSegLib.scene import casevolumes

    case = project.addCase(file)
    return case, finish(casevolumes.loadCaseSteps(case))


def outlinePartly(project, case, volume, masks: dict[str, np.ndarray], slices=OUTLINED) -> None:
    """Outlines some axial slices of a case and says that the others are not outlined yet."""
    from DualTaskSegLib.results.accepting import acceptSteps

    on = np.zeros((next(iter(masks.values())).shape[0], 1, 1), bool)
    on[list(slices)] = True
    node = addSegmentation({name: mask & on for name, mask in masks.items()}, volume, "Outlines")
    finish(acceptSteps(project, case, node, volume, isPartly=True))


def labelsOf(node, volume) -> dict[str, np.ndarray]:
    import slicer.util

    segmentation, found = node.GetSegmentation(), {}
    for index in range(segmentation.GetNumberOfSegments()):
        segmentId = segmentation.GetNthSegmentID(index)
        mask = slicer.util.arrayFromSegmentBinaryLabelmap(node, segmentId, volume)
        shape = slicer.util.arrayFromVolume(volume).shape
        found[segmentation.GetSegment(segmentId).GetName()] = np.zeros(shape, bool) if mask is None else mask > 0
    return found


@pytest.fixture
def partly(host, modelPanel, cohort):
    """A case with outlines on some slices; its structures have other values in the project than in the model."""
    from DualTaskSegLib.project.project import Project

    project: Project = modelPanel.panel.project
    case, volume = loadedCase(project, sorted((cohort.dataset / "images").iterdir())[0])
    truth, _matrix = scans.read(sorted((cohort.dataset / "labels").iterdir())[0])
    masks = {"Vein": truth == 2, "Organ": truth == 1}
    outlinePartly(project, case, volume, masks)
    assert case.isPartly and [(one.name, one.value) for one in project.segments] == [("Vein", 1), ("Organ", 2)]
    modelPanel.panel.setCurrentVolume(volume)
    modelPanel.panel.keepCases()
    return case, volume, masks


def test_outlines_stay_and_the_rest_is_predicted(host, modelPanel, partly):
    from DualTaskSegLib.results import results
    from slicerhost import questions

    case, volume, masks = partly
    apply = unfold(modelPanel, "ApplySection")
    click(apply.ui.completeButton)
    waitForResult(host, modelPanel)
    completed = modelPanel.panel.parameterNode.segmentation
    assert "Your outlines are in it" in apply.ui.resultLabel.text
    questions.expect(False, "Replace it?")  # both are kept
    click(apply.ui.segmentButton)
    waitForResult(host, modelPanel)
    predicted = modelPanel.panel.parameterNode.segmentation
    assert predicted is not completed and "Your outlines" not in apply.ui.resultLabel.text
    seen = scans.read(Path(case.seen))[0] > 0
    slices = np.flatnonzero(seen.all(axis=(1, 2))).tolist()
    assert len(slices) == case.outlinedSlices and set(slices) <= set(OUTLINED)
    whole, added = labelsOf(completed, volume), labelsOf(predicted, volume)
    assert any((added[name] != masks[name])[slices].any() for name in masks)  # or it would prove nothing
    for name, mask in masks.items():
        assert np.array_equal(whole[name], np.where(seen, mask, added[name])), name
    assert results.originOf(completed) == "predicted" and results.isCompleted(completed)
    assert results.updateAlgorithmType(completed) == "SEMIAUTOMATIC"  # a person outlined a part of it
    assert results.updateAlgorithmType(predicted) == "AUTOMATIC"
    assert case.isPartly and case.origin == "outlined"  # the case is as it was


def test_a_completed_result_becomes_the_label_of_all_of_the_scan(host, modelPanel, partly):
    from slicerhost import questions

    case, _volume, masks = partly
    seen = Path(case.seen)
    slices = np.flatnonzero(scans.read(seen)[0].all(axis=(1, 2))).tolist()
    apply = unfold(modelPanel, "ApplySection")
    click(apply.ui.completeButton)
    waitForResult(host, modelPanel)
    questions.expect(True, "has a label already")
    click(apply.ui.acceptButton)
    host.waitFor(lambda: not modelPanel.panel.steps.isBusy, 30)
    assert not case.isPartly and case.origin == "predicted" and not seen.exists()
    label, _matrix = scans.read(Path(case.label))
    for segment in modelPanel.panel.project.segments:
        assert np.array_equal((label == segment.value)[slices], masks[segment.name][slices])
    assert not apply.ui.completeButton.enabled and "nothing to complete" in apply.ui.completeButton.toolTip


def test_what_a_model_does_not_know_is_not_lost(host, modelPanel, partly):
    """An outlined structure that the model lacks would vanish from the result, so it is refused."""
    from dualtaskseg.contract.segment import Segment

    project, apply = modelPanel.panel.project, unfold(modelPanel, "ApplySection")
    project.setSegments([*project.segments, Segment("Tumor", 3, (1, 2, 3))])
    click(apply.ui.completeButton)
    assert "does not know the project's structure Tumor" in modelPanel.ui.messageLabel.text
    assert not apply.segmenter.isBusy


def test_a_damaged_map_is_told_and_nothing_is_added(host, modelPanel, partly):
    import slicer.util

    case, _volume, _masks = partly
    before = len(slicer.util.getNodesByClass("vtkMRMLSegmentationNode"))
    voxels, ijkToRAS = scans.read(Path(case.seen))
    scans.save(Path(case.seen), voxels[1:], ijkToRAS)
    click(unfold(modelPanel, "ApplySection").ui.completeButton)
    waitForResult(host, modelPanel)
    message = modelPanel.ui.messageLabel.text
    assert case.name in message and "_seen.nrrd" in message and "slices without outline" in message
    assert len(slicer.util.getNodesByClass("vtkMRMLSegmentationNode")) == before


# --- the slice to outline next


@pytest.fixture
def reviewed(host, projectPanel, tmp_path):
    """A result under review, of a case that is outlined on a few slices. Uncertain: much of slice 15, less of 12."""
    from dualtaskseg.contract.segment import Segment
    from dualtaskseg.model.description import ModelDescription
    from DualTaskSegLib.results import results

    ball = Ball(STRAIGHT)
    files = saveAll(tmp_path / "files", ball)
    project = projectPanel.panel.project
    case, volume = loadedCase(project, files["scan"])
    outlinePartly(project, case, volume, {"Ball": ball.label > 0}, (10, 14, 20, 26))
    uncertainty = np.zeros_like(ball.uncertainty)
    uncertainty[14:16, 5:45, 5:40] = 0.9  # outlined, and beside it
    uncertainty[12, 20:30, 10:20] = 0.5
    uncertainty[17, 20:30, 10:30] = 0.5
    uncertainty[23, 20:30, 10:40] = 0.2  # not high
    scans.save(files["uncertainty"], uncertainty, ball.ijkToRAS)
    model = ModelDescription("Ball model", (Segment("Ball", 1, (0, 200, 0)),), {}, {})
    result = finish(results.addResultSteps(volume, files["label"], None, files["uncertainty"], model))
    projectPanel.panel.setCurrentVolume(volume)
    projectPanel.panel.parameterNode.segmentation = result.segmentationNode
    host.processEvents()
    return projectPanel, case, ball


def suggest(host, widget) -> str:
    review = unfold(widget, "ReviewSection")
    click(review.ui.suggestSliceButton)
    host.waitFor(lambda: not review._runner.isBusy, 30)
    return widget.ui.messageLabel.text


def shownPosition(name: str = "Red") -> np.ndarray:
    import slicer

    matrix = slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode().GetSliceToRAS()
    return np.array([matrix.GetElement(row, 3) for row in range(3)])


def test_a_click_goes_to_the_slice_with_the_largest_uncertain_area(host, reviewed):
    """Not to one that is outlined, nor beside one, though they are more uncertain."""
    widget, case, ball = reviewed
    text = suggest(host, widget)
    assert "axial" in text and case.name in text and "2.9 cm²" in text  # 200 voxels of 1.2 x 1.2 mm
    expected = (ball.ijkToRAS @ [19.5, 24.5, 17, 1])[:3]
    for name in ("Red", "Yellow", "Green"):
        assert np.allclose(shownPosition(name), expected, atol=0.01)


def test_the_next_one_once_it_is_outlined_and_none_where_the_networks_agree(host, reviewed):
    widget, case, ball = reviewed
    project, volume = widget.panel.project, widget.panel.currentVolume()
    outlinePartly(project, case, volume, {"Ball": ball.label > 0}, (10, 14, 17, 20, 26))
    widget.panel.keepCases()
    assert "1.4 cm²" in suggest(host, widget)
    assert np.allclose(shownPosition(), (ball.ijkToRAS @ [14.5, 24.5, 12, 1])[:3], atol=0.01)
    outlinePartly(project, case, volume, {"Ball": ball.label > 0}, (10, 12, 14, 17, 20, 26))
    widget.panel.keepCases()
    assert "agree on all slices" in suggest(host, widget)


def test_it_says_why_no_slice_can_be_suggested(host, reviewed):
    widget, case, _ball = reviewed
    button = section(widget, "ReviewSection").ui.suggestSliceButton
    assert button.enabled
    widget.panel.project.setWhole(case.id, {})
    widget.panel.keepCases()
    assert not button.enabled and "not partly outlined" in button.toolTip


def test_slices_across_another_axis(host):
    """Parallel to most of those that are outlined, and a grid of its own; the point lies in the slice."""
    from DualTaskSegLib.image.geometry import Geometry
    from DualTaskSegLib.results import suggestedslice

    seen = np.zeros((20, 30, 40), np.uint8)
    seen[:, :, [5, 15, 25, 35]] = 1
    seen[[8, 9]] = 1  # fewer
    values = np.zeros(seen.shape, np.float32)
    values[:, :, 24] = 1.0  # beside one
    values[2:5, 10:20, 20] = 0.6
    values[7:11, 10:18, 10] = 0.6  # more voxels, but those of two slices are outlined
    axis, index, ijk, area = suggestedslice._find(seen, values, Geometry((40, 30, 20), np.diag([1.0, 2.0, 3.0, 1.0])))
    assert (axis, index) == (2, 20) and ijk.tolist() == [20, 14.5, 3] and area == pytest.approx(30 * 6 / 100)
