"""The section Review, driven by its real widgets; what the slice views show is looked at pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
from DualTaskSegLib.common.steps import finish
from modeltools import Heartbeat, tick
from paneltools import *  # noqa: F403
from paneltools import click, unfold
from scans import CENTER, RADIUS, STRAIGHT, Ball, addVolume, saveAll

pytestmark = pytest.mark.usefixtures("host")

WIDTH = HEIGHT = 300


def slider(widget, value: float) -> None:
    """As typing a value beside the slider does."""
    widget.setValue(value)


def chooseLayer(review, layer: str) -> None:
    """Chooses the map over the scan, as a person does in the list."""
    selector = review.ui.layerSelector
    assert selector.enabled, selector.toolTip
    index = selector.findData(layer)
    assert index >= 0, f"{layer} can't be chosen"
    selector.setCurrentIndex(index)


@pytest.fixture
def ball():
    return Ball(STRAIGHT)


@pytest.fixture
def review(host, panel, ball, tmp_path):
    """The section with a result under review: a ball around a known point, white noise around it."""
    from dualtaskseg.contract.segment import Segment
    from dualtaskseg.model.description import ModelDescription
    from DualTaskSegLib.results import results

    files = saveAll(tmp_path, ball)
    volume = addVolume(ball.scan, ball.ijkToRAS)
    model = ModelDescription("Ball model", (Segment("Ball", 1, (0, 200, 0)),), {}, {})
    panel.panel.setCurrentVolume(volume)
    section = unfold(panel, "ReviewSection")
    result = finish(results.addResultSteps(volume, files["label"], {"Ball": files["sdm"]}, files["uncertainty"], model))
    panel.panel.parameterNode.segmentation = result.segmentationNode
    host.processEvents()
    section.volume, section.result = volume, result
    return section


def settle(host, review) -> None:
    """Until everything that was asked for is drawn."""
    host.processEvents()
    host.waitFor(lambda: not review._runner.isBusy, seconds=10)


def jump(ras) -> None:
    from DualTaskSegLib.results import uncertainregions

    uncertainregions.jumpTo(tuple(ras))


def picture(host, name: str = "Red") -> np.ndarray:
    import slicer

    host.processEvents()
    return slicer.app.layoutManager().sliceWidget(name).image(WIDTH, HEIGHT).astype(int)


def colorAt(host, ras, name: str = "Red") -> np.ndarray:
    """The color of the slice view at a point of the slice through it."""
    import slicer
    import vtk

    jump(ras)
    image = picture(host, name)
    node = slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode()
    toXY = vtk.vtkMatrix4x4()
    vtk.vtkMatrix4x4.Invert(node.GetXYToRAS(), toXY)
    x, y, _z, _w = toXY.MultiplyPoint([*ras, 1.0])
    return image[HEIGHT - 1 - round(y), round(x)]


def isGray(color) -> bool:
    return max(color) - min(color) < 12


def beside(right: float, anterior: float, superior: float) -> np.ndarray:
    """A point at some mm from the ball's center."""
    return CENTER + np.array((right, anterior, superior))


INSIDE = beside(4, 4, 0)
OUTSIDE = beside(0, RADIUS + 5, 0)


def test_segmentation_is_filled_with_its_color_and_the_rest_is_not(host, review):
    red, green, blue = colorAt(host, INSIDE)
    assert green > red + 20 and green > blue + 20
    assert isGray(colorAt(host, OUTSIDE))
    slider(review.ui.fillSlider, 0.0)
    assert isGray(colorAt(host, INSIDE))


def test_outline_can_be_taken_away(host, review):
    slider(review.ui.fillSlider, 0.0)
    jump(CENTER)
    withOutline = (picture(host)[..., 1] - picture(host)[..., 0] > 40).sum()
    tick(review.ui.outlineCheck)
    without = (picture(host)[..., 1] - picture(host)[..., 0] > 40).sum()
    assert withOutline > 100
    assert without == 0


def test_distance_is_blue_inside_and_red_outside_up_to_the_band(host, review):
    slider(review.ui.fillSlider, 0.0)
    chooseLayer(review, "distance")
    slider(review.ui.distanceOpacitySlider, 1.0)
    slider(review.ui.distanceBandSlider, 10.0)
    red, _green, blue = colorAt(host, beside(0, RADIUS - 6, 0))
    assert blue > red + 60
    red, _green, blue = colorAt(host, beside(0, RADIUS + 6, 0))
    assert red > blue + 60
    assert isGray(colorAt(host, beside(0, RADIUS + 13, 0)))
    slider(review.ui.distanceBandSlider, 4.0)
    assert isGray(colorAt(host, beside(0, RADIUS + 6, 0)))
    chooseLayer(review, "")
    assert isGray(colorAt(host, beside(0, RADIUS - 6, 0)))


def test_contours_are_drawn_where_they_belong(host, review):
    slider(review.ui.fillSlider, 0.0)
    tick(review.ui.outlineCheck)
    review.ui.contourDistancesEdit.setText("0, 5")
    tick(review.ui.contoursCheck)
    settle(host, review)
    jump(CENTER)
    image = picture(host)
    colored = image.max(axis=2) - image.min(axis=2) > 60
    import slicer

    spacing = np.linalg.norm(
        [slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode().GetXYToRAS().GetElement(k, 0) for k in range(3)]
    )
    rows_, columns = np.nonzero(colored)
    middle = (rows_.min() + rows_.max()) / 2, (columns.min() + columns.max()) / 2
    radii = np.hypot(rows_ - middle[0], columns - middle[1]) * spacing
    on0 = np.abs(radii - RADIUS) < 1.5
    on5 = np.abs(radii - RADIUS - 5) < 1.5
    assert on0.sum() > 100 and on5.sum() > 100
    assert (on0 | on5).mean() > 0.97


def test_distances_that_are_no_numbers_are_told(host, panel, review):
    tick(review.ui.contoursCheck)
    review.ui.contourDistancesEdit.setText("2, far")
    host.processEvents()
    settle(host, review)
    assert "'far' is no distance in mm" in panel.ui.messageLabel.text


def test_uncertainty_and_distance_take_turns(host, panel, review):
    slider(review.ui.fillSlider, 0.0)
    chooseLayer(review, "distance")
    host.processEvents()
    chooseLayer(review, "uncertainty")
    host.processEvents()
    assert not panel.panel.parameterNode.showDistance
    slider(review.ui.uncertaintyOpacitySlider, 1.0)
    assert not isGray(colorAt(host, beside(0, RADIUS, 0)))
    assert isGray(colorAt(host, CENTER))
    chooseLayer(review, "distance")
    host.processEvents()
    assert not panel.panel.parameterNode.showUncertainty
    assert panel.panel.parameterNode.showDistance


def test_surface_appears_in_3d(host, review):
    import slicer

    tick(review.ui.show3DCheck)
    closed = slicer.vtkSegmentationConverter.GetClosedSurfaceRepresentationName()
    segmentation = review.result.segmentationNode.GetSegmentation()
    host.waitFor(lambda: segmentation.ContainsRepresentation(closed), seconds=20)
    view = slicer.app.layoutManager().threeDWidget(0).threeDView()
    view.resetFocalPoint()
    image = view.image(WIDTH, HEIGHT).astype(int)
    isGreen = (image[..., 1] > image[..., 0] + 40) & (image[..., 1] > image[..., 2] + 40)
    assert isGreen.sum() > 500


def test_hide_everything_gives_the_users_view_back(host, panel, review, ball):
    """Layers, layout, window and the 3D view as before; the next click shows the result again."""
    import slicer

    logic = slicer.app.layoutManager().sliceWidget("Red").sliceLogic()
    composite = logic.GetSliceCompositeNode()
    click(review.ui.hideButton)  # away with ours, then the user's own view
    mine = addVolume(ball.scan, ball.ijkToRAS, "Mine")
    over = addVolume(ball.scan, ball.ijkToRAS, "Over")
    mine.GetDisplayNode().AutoWindowLevelOff()
    mine.GetDisplayNode().SetWindowLevel(77, 33)
    slicer.util.setSliceViewerLayers(background=mine, foreground=over, foregroundOpacity=0.25)
    layout = slicer.app.layoutManager().layout
    camera = slicer.app.layoutManager().threeDWidget(0).threeDView().cameraNode()
    camera.SetPosition(300, -200, 100)
    camera.SetFocalPoint(30, 20, 10)
    click(review.ui.hideButton)
    host.processEvents()
    assert composite.GetBackgroundVolumeID() == review.volume.GetID()
    chooseLayer(review, "distance")
    tick(review.ui.show3DCheck)
    settle(host, review)
    assert composite.GetForegroundVolumeID() == review.result.sdmNodes["Ball"].GetID()
    camera.SetPosition(1, 2, 3)  # as turning the view to the surface does, and the user meanwhile

    click(review.ui.hideButton)
    host.processEvents()
    assert np.allclose(camera.GetPosition(), (300, -200, 100)) and np.allclose(camera.GetFocalPoint(), (30, 20, 10))
    assert composite.GetBackgroundVolumeID() == mine.GetID()
    assert composite.GetForegroundVolumeID() == over.GetID()
    assert composite.GetForegroundOpacity() == pytest.approx(0.25)
    assert slicer.app.layoutManager().layout == layout
    assert (mine.GetDisplayNode().GetWindow(), mine.GetDisplayNode().GetLevel()) == (77, 33)
    assert not review.result.segmentationNode.GetDisplayNode().GetVisibility()
    assert not review.ui.fillSlider.enabled
    assert "Show again" in review.ui.fillSlider.toolTip

    click(review.ui.hideButton)
    host.processEvents()
    assert composite.GetForegroundVolumeID() == review.result.sdmNodes["Ball"].GetID()
    assert review.result.segmentationNode.GetDisplayNode().GetVisibility()


def test_jumping_through_uncertain_places(host, review):
    import slicer

    click(review.ui.nextPlaceButton)
    host.waitFor(lambda: review.regions.found is not None, seconds=20)
    count = len(review.regions.found)
    assert count > 1
    assert review.ui.placeLabel.text.startswith(f"1 of {count}")
    assert not review.ui.previousPlaceButton.enabled
    for number in range(2, count + 1):
        click(review.ui.nextPlaceButton)
        assert review.ui.placeLabel.text.startswith(f"{number} of {count}")
    assert not review.ui.nextPlaceButton.enabled
    assert "last place" in review.ui.nextPlaceButton.toolTip
    click(review.ui.previousPlaceButton)
    place = review.regions.found[count - 2]
    node = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode()
    shown = [node.GetSliceToRAS().GetElement(k, 3) for k in range(3)]
    assert np.allclose(shown, place.ras, atol=0.5)
    distance = np.linalg.norm(np.array(place.ras) - CENTER)
    assert abs(distance - RADIUS) < 4, "the networks disagree at the surface"


def test_figures_are_told_in_words(host, panel, review):
    from dualtaskseg.contract.prediction import PredictionRecord
    from DualTaskSegLib.results.segmenting import setFigures

    assert "no forecast" in review.ui.agreementLabel.text
    setFigures(review.result.segmentationNode, PredictionRecord("label.nrrd", predicted_dice=0.91, agreement=0.94))
    panel.panel.resultsChanged.emit()
    assert "Predicted Dice 0.91: likely good" in review.ui.agreementLabel.text
    assert "agree to 0.94" in review.ui.agreementLabel.text
    setFigures(review.result.segmentationNode, PredictionRecord("label.nrrd", predicted_dice=0.5, agreement=0.4))
    panel.panel.resultsChanged.emit()
    assert "expect to correct it" in review.ui.agreementLabel.text


def test_editing_is_told(host, panel, review):
    import slicer.util

    node = review.result.segmentationNode
    segmentId = node.GetSegmentation().GetNthSegmentID(0)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(node, segmentId, review.volume)
    mask[:10] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, review.volume)
    slicer.util.selectModule("SegmentEditor")
    slicer.util.selectModule("DualTaskSeg")
    host.waitFor(lambda: "edited since" in review.ui.agreementLabel.text, seconds=10)


def test_outlines_of_other_scans_step_aside(host, panel, review, ball):
    """Scans often lie at the same place: what we made for another one is hidden meanwhile, the user's own never."""
    from DualTaskSegLib.scene.casevolumes import ROLE
    from scans import addSegmentation

    other = addVolume(ball.scan, ball.ijkToRAS, "Other scan")
    ours = addSegmentation({"Ball": ball.label}, other, "Outlines of another case")
    ours.SetAttribute(ROLE, "label")
    users = addSegmentation({"Ball": ball.label}, other, "The user's")
    tick(review.ui.outlineCheck)
    click(review.ui.hideButton)
    click(review.ui.hideButton)
    host.processEvents()
    assert not ours.GetDisplayNode().GetVisibility()
    assert users.GetDisplayNode().GetVisibility()
    click(review.ui.hideButton)
    assert ours.GetDisplayNode().GetVisibility()


def test_segmentation_of_the_users_own_can_be_looked_at(host, panel, review, ball):
    from scans import addSegmentation

    mine = addSegmentation({"Mine": ball.label}, review.volume, "Mine")
    panel.panel.parameterNode.segmentation = mine
    host.processEvents()
    assert not review.ui.layerSelector.enabled
    assert "no map" in review.ui.layerSelector.toolTip
    assert "no signed distance" in review.ui.contoursCheck.toolTip
    assert not review.ui.nextPlaceButton.enabled
    assert review.ui.fillSlider.enabled


def test_deleted_nodes_disable_what_needs_them(host, panel, review):
    import slicer

    chooseLayer(review, "distance")
    tick(review.ui.contoursCheck)
    settle(host, review)
    slicer.mrmlScene.RemoveNode(review.result.sdmNodes["Ball"])
    host.processEvents()
    assert not review.ui.contoursCheck.enabled
    assert review.ui.layerSelector.findData("distance") < 0
    slicer.mrmlScene.RemoveNode(review.volume)
    host.processEvents()
    slicer.mrmlScene.RemoveNode(review.result.segmentationNode)
    host.processEvents()
    assert not review.ui.fillSlider.enabled
    assert panel.panel.parameterNode.segmentation is None
    assert not review.ui.hideButton.enabled


def test_scene_closed_while_everything_is_shown(host, panel, review):
    import slicer

    chooseLayer(review, "distance")
    for check in (review.ui.contoursCheck, review.ui.show3DCheck):
        tick(check)
    slicer.mrmlScene.Clear()
    host.processEvents()
    assert not review.ui.fillSlider.enabled
    assert review.ui.agreementLabel.text == ""


def test_scene_that_was_saved_shows_the_same_again(host, panel, review, tmp_path):
    import slicer

    chooseLayer(review, "distance")
    slider(review.ui.distanceBandSlider, 6.5)
    host.processEvents()
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear()
    host.processEvents()
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    host.processEvents()
    parameters = panel.panel.parameterNode
    assert parameters.segmentation is not None
    assert parameters.showDistance
    assert parameters.distanceBand == pytest.approx(6.5)
    assert review.ui.layerSelector.currentData == "distance"
    assert review.ui.distanceBandSlider.value == pytest.approx(6.5)


@pytest.mark.undisturbed
def test_sliders_answer_at_once(host, review):
    """Every change of an overlay of a usual scan takes less than 0.2 s, the drawing of the views aside."""
    chooseLayer(review, "distance")
    tick(review.ui.contoursCheck)
    host.processEvents()
    with Heartbeat() as heart:
        for value in (0.1, 0.3, 0.5, 0.7, 0.9):
            slider(review.ui.fillSlider, value)
            slider(review.ui.distanceOpacitySlider, value)
            slider(review.ui.distanceBandSlider, 20 * value)
            host.processEvents()
        host.waitFor(lambda: not review._runner.isBusy, seconds=10)
    heart.check()


@pytest.mark.parametrize("text", ["0", "-2, 0, 5", "-2;0;5", " 1.5  2 "])
def test_distances_are_read_as_people_type_them(host, text):
    from DualTaskSegLib.panel.review.reviewsection import contourDistances

    expected = {"0": (0,), " 1.5  2 ": (1.5, 2)}.get(text, (-2, 0, 5))
    assert contourDistances(text) == expected


# --- the keyboard, hiding, the legend


def test_keys_go_to_places_hide_the_result_and_work_in_this_module_only(host, panel, review):
    import slicer.util

    display = review.result.segmentationNode.GetDisplayNode()
    for button, keys in ((review.ui.nextPlaceButton, "N"), (review.ui.resultCheck, "H")):
        assert button.toolTip.endswith(f"(key: {keys})")
    host.pressKeys("N")
    host.waitFor(lambda: review.regions.found is not None, seconds=20)
    host.pressKeys("N")
    assert review.ui.placeLabel.text.startswith("2 of")
    host.pressKeys("Shift+N")
    assert review.ui.placeLabel.text.startswith("1 of")
    host.pressKeys("H")
    assert not display.GetVisibility()
    assert "not visible" in review.ui.fillSlider.toolTip
    host.pressKeys("H")
    assert display.GetVisibility()
    host.pressKeys("Shift+A")  # it can't be accepted: the reason is told
    assert "project first" in panel.ui.messageLabel.text
    slicer.util.selectModule("SegmentEditor")
    host.pressKeys("H")
    assert display.GetVisibility()
    slicer.util.selectModule("DualTaskSeg")
    host.pressKeys("H")
    assert not display.GetVisibility()


def test_letters_that_are_typed_are_no_keys_and_correcting_has_one(host, panel, review):
    import slicer.util
    from PySide6.QtTest import QTest

    tick(review.ui.contoursCheck)
    settle(host, review)
    edit = review.ui.contourDistancesEdit
    host.pressKeys("Esc")  # the window is active from now on
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "hn")
    assert edit.text == "hn"
    assert review.result.segmentationNode.GetDisplayNode().GetVisibility()
    edit.text = "0"
    host.pressKeys("Shift+E")
    assert slicer.util.selectedModule() == "SegmentEditor"


def test_the_panel_tells_what_colors_mean(host, review):
    ui = review.ui
    assert not ui.legendBar.isVisibleTo(ui.legendBar.window())
    chooseLayer(review, "distance")
    slider(ui.distanceBandSlider, 7.5)
    host.processEvents()
    assert ui.legendBar.isVisibleTo(ui.legendBar.window()) and "stop:0.500 #ffffff" in ui.legendBar.styleSheet
    assert (ui.legendLowLabel.text, ui.legendHighLabel.text) == ("-7.5 mm, inside", "+7.5 mm, outside")
    chooseLayer(review, "uncertainty")
    host.processEvents()
    assert "contradict" in ui.legendHighLabel.text
    click(ui.hideButton)
    assert not ui.legendBar.isVisibleTo(ui.legendBar.window())


# --- comparing and measuring


@pytest.fixture
def earlier(host, review, tmp_path):
    """Another model's result of the same scan: a smaller ball, moved by some mm, so that something went and came."""
    from dualtaskseg.contract.segment import Segment
    from dualtaskseg.model.description import ModelDescription
    from DualTaskSegLib.results import results

    other = Ball(STRAIGHT, center=tuple(beside(6, 0, 0)), radius=RADIUS - 3)
    files = saveAll(tmp_path / "earlier", other)
    model = ModelDescription("Earlier model", (Segment("Ball", 1, (0, 200, 0)),), {}, {})
    result = finish(results.addResultSteps(review.volume, files["label"], {}, None, model))
    review.panel.parameterNode.segmentation = result.segmentationNode  # as after segmenting with it
    host.processEvents()
    review.panel.parameterNode.segmentation = review.result.segmentationNode
    host.processEvents()
    assert not result.segmentationNode.GetDisplayNode().GetVisibility()
    return result, other


def compare(host, review) -> None:
    click(review.ui.compareButton)
    host.waitFor(lambda: not review.comparing.comparer.isBusy, seconds=60)
    host.processEvents()


def test_comparing_tells_what_changed_in_ml_and_as_a_map(host, panel, review, ball, earlier, tmp_path):
    import csv

    import slicer.util
    from slicerhost import questions

    _before, other = earlier
    ui = review.ui
    host.processEvents()
    assert not ui.changesTable.isVisibleTo(ui.changesTable.window())
    assert "Earlier model" in ui.compareSelector.currentText
    compare(host, review)
    voxelMl = 1.2 * 1.2 * 1.5 / 1000
    now, then = ball.label > 0, other.label > 0
    comparison = review.comparing.comparison
    (row,) = comparison.table.rows
    found = dict(zip(comparison.table.columns, row, strict=True))
    assert found["before_ml"] == pytest.approx(then.sum() * voxelMl, abs=1e-3)
    assert found["added_ml"] == pytest.approx((now & ~then).sum() * voxelMl, abs=1e-3)
    assert found["removed_ml"] == pytest.approx((then & ~now).sum() * voxelMl, abs=1e-3)
    assert 0 < found["mean_mm"] < found["percentile95_mm"] <= found["largest_mm"] < 10
    texts = [ui.changesTable.item(0, column).text() for column in range(6)]
    assert texts[0] == "Ball" and texts[3] == f"{found['added_ml']:.3g} mL"
    changes = slicer.util.arrayFromVolume(comparison.node)
    assert np.array_equal(changes == 1, now & ~then) and np.array_equal(changes == 2, then & ~now)
    # it is the layer now: what came is blue, what went is orange, the rest is the scan
    slider(ui.changesOpacitySlider, 1.0)
    assert not ui.fillSlider.enabled  # a filled segment would change the colors of the map
    assert ui.layerSelector.currentData == "changes" and "added" in ui.legendKindsLabel.text
    red, _green, blue = colorAt(host, beside(-(RADIUS - 3), 0, 0))
    assert blue > red + 60
    assert isGray(colorAt(host, CENTER))
    # the same in a Slicer table and a file
    (table,) = slicer.util.getNodesByClass("vtkMRMLTableNode")
    assert (
        table.GetName().startswith("Scan changes")
        and table.GetTable().GetColumnByName("added_ml").GetValue(0) == found["added_ml"]
    )
    questions.expect(str(tmp_path / "saved"), "Save table")
    click(ui.changesSaveButton)
    host.waitFor((tmp_path / "saved.csv").is_file, seconds=10)
    with (tmp_path / "saved.csv").open(newline="", encoding="utf-8") as stream:
        assert float(next(csv.DictReader(stream))["removed_ml"]) == found["removed_ml"]


def test_the_earlier_result_is_shown_as_an_outline(host, review, earlier):
    before, _other = earlier
    display = before.segmentationNode.GetDisplayNode()
    tick(review.ui.comparedCheck)
    host.processEvents()
    assert display.GetVisibility() and display.GetVisibility2DOutline() and not display.GetVisibility2DFill()
    tick(review.ui.comparedCheck)
    host.processEvents()
    assert not display.GetVisibility()
    assert review.result.segmentationNode.GetDisplayNode().GetVisibility()


def test_a_comparison_is_gone_once_one_of_the_two_was_edited(host, panel, review, earlier):
    compare(host, review)
    node = review.comparing.comparison.node
    comeBack(host, review)
    assert node.GetScene() is not None  # nothing changed meanwhile
    edit(earlier[0].segmentationNode, review.volume)
    comeBack(host, review)
    assert review.comparing.comparison is None
    assert node.GetScene() is None
    assert "Compare again" in panel.ui.messageLabel.text
    assert review.ui.layerSelector.findData("changes") < 0

    click(review.ui.compareButton)
    host.waitFor(lambda: review.comparing.comparer._job is not None, seconds=60)
    edit(earlier[0].segmentationNode, review.volume, 12)  # while the child compares what it was given
    host.waitFor(lambda: not review.comparing.comparer.isBusy, seconds=60)
    comeBack(host, review)
    assert review.comparing.comparison is None


def test_measuring_gives_a_table_with_the_forecast(host, panel, review, tmp_path):
    import slicer.util
    from dualtaskseg.contract.prediction import PredictionRecord
    from DualTaskSegLib.results.segmenting import setFigures

    setFigures(review.result.segmentationNode, PredictionRecord("label.nrrd", predicted_dice=0.91, agreement=0.94))
    with Heartbeat() as heart:
        click(review.ui.measureButton)
        assert not review.ui.measureButton.enabled
        host.waitFor(lambda: not review.numbers.measurer.isBusy, seconds=60)
    host.processEvents()
    assert heart.work < heart.MOST_WORK
    (node,) = slicer.util.getNodesByClass("vtkMRMLTableNode")
    value = {
        node.GetTable().GetColumnName(k): node.GetTable().GetColumn(k).GetValue(0)
        for k in range(node.GetNumberOfColumns())
    }
    assert value["structure"] == "Ball"
    assert value["volume_ml"] == pytest.approx(4 / 3 * np.pi * RADIUS**3 / 1000, rel=0.02)
    assert value["axial_mm"] == pytest.approx(2 * RADIUS, abs=1.5)
    assert value["perpendicular_mm"] == pytest.approx(2 * RADIUS, abs=1.5)
    assert value["largest_mm"] == pytest.approx(2 * RADIUS, abs=1.5)
    assert (value["predicted_dice"], value["agreement"]) == (0.91, 0.94)
    texts = [review.ui.numbersTable.item(0, column).text() for column in range(4)]
    assert texts[1].endswith(" mL") and " x " in texts[2] and texts[3].endswith(" mm")

    comeBack(host, review)
    assert review.ui.numbersSaveButton.enabled  # nothing changed meanwhile
    edit(review.result.segmentationNode, review.volume)
    comeBack(host, review)
    assert not review.ui.numbersSaveButton.enabled
    assert not review.ui.numbersTable.isVisibleTo(review.ui.numbersTable.window())

    click(review.ui.measureButton)
    host.waitFor(lambda: review.numbers.measurer._job is not None, seconds=60)
    slicer.mrmlScene.RemoveNode(review.volume)  # what was measured is told all the same
    host.waitFor(lambda: not review.numbers.measurer.isBusy, seconds=60)
    assert len(slicer.util.getNodesByClass("vtkMRMLTableNode")) == 2


def edit(node, volume, slices: int = 10) -> None:
    """Removes some slices of a segmentation's first segment, as Segment Editor does."""
    import slicer.util

    segmentId = node.GetSegmentation().GetNthSegmentID(0)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(node, segmentId, volume)
    mask[:slices] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, volume)


def comeBack(host, review) -> None:
    """The user was in Segment Editor and comes back."""
    import slicer.util

    slicer.util.selectModule("SegmentEditor")
    slicer.util.selectModule("DualTaskSeg")
    settle(host, review)
    host.waitFor(lambda: not review.comparing._runner.isBusy, seconds=10)
    host.processEvents()
