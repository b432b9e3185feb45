"""Overlays as they are seen: colors at known points of rendered slice views."""

import numpy as np
import pytest
import scans
from DualTaskSegLib.common.steps import finish

BAND = 10.0  # mm


class Scene:
    """A ball's scan with a result of it, in the red view, centered."""

    def __init__(self, tmp_path, grid=scans.OBLIQUE, move=None):
        import slicer
        from dualtaskseg.contract.segment import Segment
        from dualtaskseg.model.description import ModelDescription
        from DualTaskSegLib.results import results, uncertainregions
        from DualTaskSegLib.views import overlays

        self.ball = scans.Ball(grid)
        self.volume = scans.addVolume(self.ball.scan, grid, "CT")
        self.center = scans.CENTER
        files = scans.saveAll(tmp_path / "result", self.ball, ".nrrd")
        if move is not None:
            self.volume.SetAndObserveTransformNodeID(scans.addTransform(move).GetID())
            self.center = (move @ [*scans.CENTER, 1.0])[:3]
            for name, file in files.items():
                scans.save(file, getattr(self.ball, name), move @ grid)
        model = ModelDescription("m", (Segment("Organ", 1, (0, 255, 0), ""),), {}, {})
        self.result = finish(
            results.addResultSteps(self.volume, files["label"], {"Organ": files["sdm"]}, files["uncertainty"], model)
        )
        self.sdm = self.result.sdmNodes["Organ"]
        self.files, self.model = files, model
        overlays.hideAll()
        self.red = slicer.app.layoutManager().sliceWidget("Red")
        overlays.showVolume(self.volume)
        self.red.image()
        self.red.fitSliceToBackground()
        uncertainregions.jumpTo(tuple(self.center))
        self.plain = self.picture()

    def picture(self):
        return self.red.image().astype(float)

    def at(self, picture, distance, degrees=100.0):
        """The pixel so many mm from the ball's surface, in the plane of the view."""
        angle = np.radians(degrees)
        way = (scans.RADIUS + distance) * np.array([np.cos(angle), np.sin(angle), 0.0])
        row, column = self.red.pixelOf(tuple(self.center + way))
        return picture[row, column]

    def along(self, picture, degrees):
        """Distances from the surface in mm, and the pixels there."""
        distances = np.arange(-scans.RADIUS, 12, 0.1)
        return distances, np.array([self.at(picture, distance, degrees) for distance in distances])


@pytest.fixture
def scene(host, tmp_path):
    return Scene(tmp_path)


def blueness(pixel):
    return pixel[..., 2] - pixel[..., 0]


@pytest.mark.parametrize("grid", ["OBLIQUE", "LEFT_HANDED"])
def test_negative_distances_are_blue_positive_red_and_zero_white(host, tmp_path, grid):
    from DualTaskSegLib.views import overlays

    scene = Scene(tmp_path, getattr(scans, grid))
    overlays.showDistance(scene.sdm, BAND, 1.0)
    picture = scene.picture()
    for degrees in range(-60, 100, 40):
        inside, surface, outside = (scene.at(picture, d, degrees) for d in (-5, 0, 5))
        assert blueness(inside) > 80 and blueness(outside) < -80, (inside, outside)
        assert surface.min() > 150
        # The middle of the color scale is where the ball's surface is.
        distances, pixels = scene.along(picture, degrees)
        near = np.abs(distances) < 6
        signs = np.sign(blueness(pixels[near]))
        assert (signs[distances[near] < -1.5] > 0).all() and (signs[distances[near] > 1.5] < 0).all()


def test_the_window_is_symmetric_and_distances_beyond_the_band_are_left_clear(scene):
    from DualTaskSegLib.views import overlays

    for band in (4.0, BAND):
        overlays.showDistance(scene.sdm, band, 1.0)
        display = scene.sdm.GetDisplayNode()
        assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == (-band, band)
        assert (display.GetLevel(), display.GetWindow()) == (0, 2 * band)
        picture = scene.picture()
        for distance in (-band - 2, band + 2):
            assert np.abs(scene.at(picture, distance) - scene.at(scene.plain, distance)).max() <= 2
        assert np.abs(scene.at(picture, band - 2) - scene.at(scene.plain, band - 2)).max() > 50


def test_opacity_blends_with_the_scan(scene):
    from DualTaskSegLib.views import overlays

    overlays.showDistance(scene.sdm, BAND, 1.0)
    full = scene.at(scene.picture(), 5)
    overlays.showDistance(scene.sdm, BAND, 0.25)
    blended = scene.at(scene.picture(), 5)
    assert np.abs(blended - (0.25 * full + 0.75 * scene.at(scene.plain, 5))).max() < 4


def test_the_legend_tells_unit_and_sign_and_covers_nothing_of_the_scan(scene):
    import slicer
    from DualTaskSegLib.views import overlays

    overlays.showDistance(scene.sdm, BAND, 0.0)
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(scene.sdm)
    assert legend.GetTitleText() == "mm" and legend.GetLabelFormat().startswith("%+")
    for width, height, isSeen in ((700, 400, True), (400, 700, False), (160, 100, False)):
        scene.red.image(width, height)
        scene.red.fitSliceToBackground()
        overlays.hideLayer(scene.sdm)
        plain = scene.red.image(width, height).astype(float)
        overlays.showDistance(scene.sdm, BAND, 0.0)
        picture = scene.red.image(width, height).astype(float)
        changed = np.abs(picture - plain).max(axis=2) > 0
        assert changed.any() == isSeen, (width, height)
        if isSeen:
            assert plain[changed].max() == 0, "a part of the scan is covered"
            assert changed.any(axis=0).sum() < 0.13 * width
            bar = picture[np.abs(blueness(picture)) > 100]
            assert (blueness(bar) > 100).any() and (blueness(bar) < -100).any()


def test_the_legend_goes_and_comes_while_the_view_is_zoomed(scene):
    import slicer
    from DualTaskSegLib.views import overlays

    scene.red.image(700, 400)
    scene.red.fitSliceToBackground()
    overlays.showDistance(scene.sdm, BAND, 0.5)
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(scene.sdm)
    node = scene.red.mrmlSliceNode()
    fieldOfView = node.GetFieldOfView()
    assert legend.GetVisibility(node.GetID())
    node.SetFieldOfView(fieldOfView[0] / 3, fieldOfView[1] / 3, fieldOfView[2])
    assert not legend.GetVisibility(node.GetID())
    node.SetFieldOfView(*fieldOfView)
    assert legend.GetVisibility(node.GetID())
    overlays.hideLayer(scene.sdm)
    node.SetFieldOfView(fieldOfView[0] / 3, fieldOfView[1] / 3, fieldOfView[2])
    node.SetFieldOfView(*fieldOfView)
    assert not legend.GetVisibility()


def test_a_legend_stays_where_the_user_moved_it(scene):
    import slicer
    from DualTaskSegLib.views import overlays

    overlays.showDistance(scene.sdm, BAND, 0.5)
    slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(scene.sdm).SetPosition(0.1, 0.9)
    overlays.showDistance(scene.sdm, 3.0, 0.5)
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(scene.sdm)
    assert legend.GetPosition()[0] == pytest.approx(0.1) and legend.GetLabelFormat() == "%+.1f"


@pytest.mark.parametrize("case", ["OBLIQUE", "LEFT_HANDED", "moved"])
def test_contours_lie_where_the_distance_is(host, tmp_path, case):
    from DualTaskSegLib.views import contours

    move = scans.moved((15, 5, -20), (7, 3, -4)) if case == "moved" else None
    scene = Scene(tmp_path, scans.OBLIQUE if move is not None else getattr(scans, case), move)
    wanted = [0, -8, 6]
    assert finish(contours.showContoursSteps(scene.sdm, wanted)) == []
    picture = scene.picture()
    found = dict.fromkeys(wanted, 0)
    for degrees in range(0, 360, 5):
        distances, pixels = scene.along(picture, degrees)
        _same, before = scene.along(scene.plain, degrees)
        drawn = np.abs(pixels - before).max(axis=1) > 40
        for distance in wanted:
            near = distances[drawn & (np.abs(distances - distance) < 3)]
            if near.size:  # lines have gaps of a pixel where they are rasterized
                found[distance] += 1
                assert abs(near.mean() - distance) < 0.7, (degrees, distance, near)
        assert not drawn[(np.abs(distances + 4) < 1.5) | (np.abs(distances + 13) < 2)].any()
        at = np.abs(distances) < 0.5
        if drawn[at].any():
            yellow = pixels[at & drawn].mean(axis=0)
            assert yellow[0] > 150 and yellow[1] > 150 and yellow[2] < 150, yellow
    assert min(found.values()) > 65, found  # of 72
    thickness = {
        float(model.GetAttribute(contours.CONTOUR_DISTANCE)): model.GetDisplayNode().GetSliceIntersectionThickness()
        for model in contours._ownModels()
    }
    assert thickness[0] > thickness[-8] > thickness[6]  # told without color, too


def test_contours_that_occur_nowhere_are_told_and_others_disappear(scene):
    import slicer
    from DualTaskSegLib.views import contours

    assert finish(contours.showContoursSteps(scene.sdm, [0, 40, -8])) == [40]
    finish(contours.showContoursSteps(scene.sdm, [-8]))
    picture = scene.picture()
    distances, pixels = scene.along(picture, 150)
    _same, before = scene.along(scene.plain, 150)
    drawn = distances[np.abs(pixels - before).max(axis=1) > 40]
    assert drawn.size and np.abs(drawn + 8).max() < 2
    contours.hideContours()
    assert np.array_equal(scene.picture(), scene.plain)
    models = slicer.util.getNodesByClass("vtkMRMLModelNode")
    ours = [model for model in models if model.GetAttribute("DualTaskSeg.Role") == "contour"]
    assert len(ours) == 3 and all(model.GetHideFromEditors() and not model.GetSaveWithScene() for model in ours)
    slicer.mrmlScene.RemoveNode(scene.sdm)
    contours.removeLostContours()
    left = slicer.util.getNodesByClass("vtkMRMLModelNode")
    assert len(left) == len(models) - 3


def test_contours_are_made_once_and_anew_when_the_distances_change(scene):
    import slicer.util
    from DualTaskSegLib.views import contours

    finish(contours.showContoursSteps(scene.sdm, [0]))
    (model,) = [m for m in slicer.util.getNodesByClass("vtkMRMLModelNode") if m.GetAttribute("DualTaskSeg.Role")]
    surface = model.GetPolyData()
    contours.hideContours()
    finish(contours.showContoursSteps(scene.sdm, [0]))
    assert model.GetPolyData() is surface and model.GetDisplayNode().GetVisibility()
    slicer.util.arrayFromVolume(scene.sdm)[:] += 3
    slicer.util.arrayFromVolumeModified(scene.sdm)
    finish(contours.showContoursSteps(scene.sdm, [0]))
    assert model.GetPolyData() is not surface
    points = slicer.util.arrayFromModelPoints(model)
    radii = np.linalg.norm(points - scene.center, axis=1)
    assert abs(radii.mean() - (scans.RADIUS - 3)) < 0.1 and radii.std() < 0.1


def test_segmentation_as_fill_and_outline(scene):
    from DualTaskSegLib.views import overlays

    node = scene.result.segmentationNode
    overlays.showSegmentation(node, fill=0.5, outline=False)
    picture = scene.picture()
    expected = 0.5 * scene.at(scene.plain, -6) + 0.5 * np.array([0, 255, 0])
    assert np.abs(scene.at(picture, -6) - expected).max() < 12
    assert np.array_equal(scene.at(picture, 4), scene.at(scene.plain, 4))
    overlays.showSegmentation(node, fill=0.0, outline=True)
    picture = scene.picture()
    assert np.array_equal(scene.at(picture, -6), scene.at(scene.plain, -6))
    distances, pixels = scene.along(picture, 150)
    green = distances[(pixels[:, 1] > 180) & (pixels[:, 0] < 120)]
    assert green.size and np.abs(green).max() < 3
    overlays.hideSegmentation(node)
    assert np.array_equal(scene.picture(), scene.plain)


def test_uncertainty_is_bright_at_the_surface_and_clear_elsewhere(scene):
    from DualTaskSegLib.views import overlays

    overlays.showDistance(scene.sdm)
    overlays.showUncertainty(scene.result.uncertaintyNode, 1.0)
    picture = scene.picture()
    surface = scene.at(picture, 0)
    assert surface[0] > 180 and surface[0] > surface[2] + 40  # from orange to yellow
    assert np.array_equal(scene.at(picture, -12), scene.at(scene.plain, -12))
    assert np.array_equal(scene.at(picture, 10), scene.at(scene.plain, 10))
    display = scene.result.uncertaintyNode.GetDisplayNode()
    assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == (0, 1)
    import slicer

    assert not slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(scene.sdm).GetVisibility()
    scene.red.image(700, 400)
    scene.red.fitSliceToBackground()
    assert slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(scene.result.uncertaintyNode).GetVisibility()


def test_everything_can_be_hidden_and_the_user_s_own_stays(scene):
    from DualTaskSegLib.views import contours, overlays

    mine = scans.addSegmentation({"Mine": scene.ball.label}, scene.volume)
    with_mine = scene.picture()
    overlays.showSegmentation(scene.result.segmentationNode)
    overlays.showDistance(scene.sdm)
    finish(contours.showContoursSteps(scene.sdm, [0, 5]))
    finish(overlays.show3DSteps(scene.result.segmentationNode))
    assert not np.array_equal(scene.picture(), with_mine)
    overlays.hideAll()
    assert np.array_equal(scene.picture(), with_mine)
    assert mine.GetDisplayNode().GetVisibility()


def test_the_surface_is_seen_in_3d(scene):
    import slicer
    from DualTaskSegLib.views import overlays

    view = slicer.app.layoutManager().threeDWidget(0)
    view.threeDView().resetFocalPoint()
    empty = view.image().astype(float)
    finish(overlays.show3DSteps(scene.result.segmentationNode))
    view.threeDView().resetFocalPoint()
    picture = view.image().astype(float)
    green = (picture[..., 1] > picture[..., 0] + 60) & (picture[..., 1] > picture[..., 2] + 60)
    assert green.sum() > 500
    overlays.hide3D(scene.result.segmentationNode)
    picture = view.image().astype(float)
    assert not ((picture[..., 1] > picture[..., 0] + 60) & (picture[..., 1] > picture[..., 2] + 60)).any()
    assert empty.shape == picture.shape


@pytest.mark.parametrize("grid", ["OBLIQUE", "LEFT_HANDED"])
def test_surfaces_are_those_that_slicer_makes(host, tmp_path, grid):
    import vtk
    from DualTaskSegLib.scene import labelmaps, segmentations
    from DualTaskSegLib.views import overlays
    from vtk.util.numpy_support import vtk_to_numpy

    scene = Scene(tmp_path, getattr(scans, grid))
    ours, theirs = (segmentations.newSegmentation(name) for name in ("Ours", "Theirs"))
    content = segmentations.Content(scene.ball.label, labelmaps.Geometry(scene.ball.size, scene.ball.ijkToRAS))
    for node in (ours, theirs):
        segmentations.fillSegmentation(node, content, scene.model.segments)
    finish(overlays.show3DSteps(ours))
    theirs.CreateClosedSurfaceRepresentation()
    points, normals, volumes = [], [], []
    for node in (ours, theirs):
        surface = vtk.vtkPolyData()
        assert node.GetClosedSurfaceRepresentation("Segment_1", surface)
        points.append(vtk_to_numpy(surface.GetPoints().GetData()))
        normals.append(vtk_to_numpy(surface.GetPointData().GetNormals()))
        measure = vtk.vtkMassProperties()
        measure.SetInputData(surface)
        volumes.append(measure.GetVolume())
    assert np.abs(points[0] - points[1]).max() < 1e-4 and np.abs(normals[0] - normals[1]).max() < 1e-4
    assert volumes[0] == pytest.approx(volumes[1]) == pytest.approx(4 / 3 * np.pi * scans.RADIUS**3, rel=0.03)


def test_a_surface_is_not_that_of_voxels_which_were_edited_meanwhile(scene):
    import slicer.util
    import vtk
    from DualTaskSegLib.image.surfaces import makeSurfacesSteps
    from DualTaskSegLib.views import overlays

    node = scene.result.segmentationNode
    node.RemoveClosedSurfaceRepresentation()
    steps = makeSurfacesSteps(node)
    next(steps)
    smaller = scans.Ball(scene.ball.ijkToRAS, radius=10)
    slicer.util.updateSegmentBinaryLabelmapFromArray(smaller.label, node, "Segment_1", scene.volume)
    finish(steps)
    closed = slicer.vtkSegmentationConverter.GetClosedSurfaceRepresentationName()
    assert node.GetSegmentation().GetSegment("Segment_1").GetRepresentation(closed) is None
    surface = vtk.vtkPolyData()
    finish(overlays.show3DSteps(node))
    assert node.GetClosedSurfaceRepresentation("Segment_1", surface)
    measure = vtk.vtkMassProperties()
    measure.SetInputData(surface)
    assert measure.GetVolume() == pytest.approx(4 / 3 * np.pi * 10**3, rel=0.08)


def test_colors_that_a_scene_lost_are_put_in_anew(scene):
    import slicer
    from DualTaskSegLib.views import overlays

    overlays.showDistance(scene.sdm, BAND, 1.0)
    colors = scene.sdm.GetDisplayNode().GetColorNode()
    function = colors.GetColorTransferFunction()
    picture, size = scene.picture(), function.GetSize()
    function.RemoveAllPoints()  # as when the file beside the scene was not copied along
    overlays.showDistance(scene.sdm, BAND, 1.0)
    assert scene.sdm.GetDisplayNode().GetColorNode() is colors and function.GetSize() == size
    assert np.abs(scene.picture() - picture).max() <= 2
    function.AddRGBPoint(0.123, 1, 0, 1)  # by the user, who wants it so
    overlays.showDistance(scene.sdm, BAND, 1.0)
    assert function.GetSize() == size + 1
    maps = slicer.util.getNodesByClass("vtkMRMLProceduralColorNode")
    assert [node for node in maps if node.GetAttribute("DualTaskSeg.Colors")] == [colors]


def test_a_view_that_has_another_shape_comes_back_without_stretching_the_scan(scene):
    import slicer
    from DualTaskSegLib.views import viewstate

    other = scans.addVolume(scene.ball.scan, scans.OBLIQUE, "Other")
    slicer.util.setSliceViewerLayers(background=other, fit=True)
    node = scene.red.mrmlSliceNode()
    height = node.GetFieldOfView()[1]
    state = viewstate.ViewState.save()
    state.showVolume(scene.volume)
    columns, rows, _slices = node.GetDimensions()
    scene.red.sliceLogic().ResizeSliceNode(2 * columns, rows)
    state.restore()
    assert scene.red.mrmlSliceCompositeNode().GetBackgroundVolumeID() == other.GetID()
    width = node.GetFieldOfView()[0]
    assert node.GetFieldOfView()[1] == pytest.approx(height)
    assert width / node.GetDimensions()[0] == pytest.approx(height / node.GetDimensions()[1])
    assert node.GetDimensions()[0] == 2 * columns


def test_the_user_s_window_layers_and_layout_come_back(scene):
    import slicer
    from DualTaskSegLib.views import contours, layouts, overlays, viewstate

    other = scans.addVolume(scene.ball.scan, scans.OBLIQUE, "Other")
    slicer.util.setSliceViewerLayers(background=other, foreground=scene.volume, foregroundOpacity=0.3)
    for node in (other, scene.volume):
        node.GetDisplayNode().AutoWindowLevelOff()
        node.GetDisplayNode().SetWindowLevel(123, 45)
    layout = slicer.app.layoutManager().layout
    state = viewstate.ViewState.save()
    state.showVolume(scene.volume)
    layouts.switchTo(layouts.REVIEW)
    overlays.showDistance(scene.sdm)
    overlays.showUncertainty(scene.result.uncertaintyNode)
    finish(contours.showContoursSteps(scene.sdm, [0]))
    overlays.hideAll()
    state.restore()
    composite = scene.red.mrmlSliceCompositeNode()
    assert composite.GetBackgroundVolumeID() == other.GetID()
    assert composite.GetForegroundVolumeID() == scene.volume.GetID()
    assert composite.GetForegroundOpacity() == pytest.approx(0.3)
    assert slicer.app.layoutManager().layout == layout
    for node in (other, scene.volume):
        display = node.GetDisplayNode()
        assert (display.GetWindow(), display.GetLevel(), display.GetAutoWindowLevel()) == (123, 45, 0)


def test_the_3d_view_comes_back_as_the_user_had_turned_it(scene):
    import slicer
    from DualTaskSegLib.views import overlays, viewstate

    camera = slicer.app.layoutManager().threeDWidget(0).threeDView().cameraNode()
    camera.SetPosition(111, -222, 333)
    camera.SetFocalPoint(1, 2, 3)
    camera.SetViewUp(0, 1, 0)
    state = viewstate.ViewState.save()
    state.restore()
    assert camera.GetPosition() == (111, -222, 333)
    finish(overlays.show3DSteps(scene.result.segmentationNode))
    state.reset3DViews()
    slicer.app.layoutManager().threeDWidget(0).threeDView().resetFocalPoint()
    assert np.abs(np.subtract(camera.GetFocalPoint(), (1, 2, 3))).max() > 1
    state.reset3DViews()  # a second time: what the user had is still known
    state.restore()
    assert np.allclose(camera.GetPosition(), (111, -222, 333))
    assert np.allclose(camera.GetFocalPoint(), (1, 2, 3)) and np.allclose(camera.GetViewUp(), (0, 1, 0))


def test_what_the_user_chose_meanwhile_stays(scene):
    import slicer
    from DualTaskSegLib.views import layouts, overlays, viewstate

    other = scans.addVolume(scene.ball.scan, scans.OBLIQUE, "Other")
    state = viewstate.ViewState.save()
    state.showVolume(scene.volume)
    layouts.switchTo(layouts.REVIEW)
    overlays.showDistance(scene.sdm)
    slicer.util.setSliceViewerLayers(background=other, foreground=scene.volume)
    slicer.app.layoutManager().setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView)
    state.restore()
    composite = scene.red.mrmlSliceCompositeNode()
    assert composite.GetBackgroundVolumeID() == other.GetID()
    assert composite.GetForegroundVolumeID() == scene.volume.GetID()
    assert slicer.app.layoutManager().layout == slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView


def test_deleted_nodes_do_no_harm(scene):
    import slicer
    from DualTaskSegLib.views import contours, overlays, viewstate

    state = viewstate.ViewState.save()
    overlays.showDistance(scene.sdm)
    finish(contours.showContoursSteps(scene.sdm, [0]))
    slicer.mrmlScene.RemoveNode(scene.sdm)
    slicer.mrmlScene.RemoveNode(scene.volume)
    slicer.mrmlScene.RemoveNode(scene.result.segmentationNode)
    overlays.hideLayer(scene.sdm)
    overlays.hideSegmentation(scene.result.segmentationNode)
    overlays.showSegmentation(scene.result.segmentationNode)
    finish(overlays.show3DSteps(scene.result.segmentationNode))
    contours.removeLostContours()
    overlays.hideAll()
    models = slicer.util.getNodesByClass("vtkMRMLModelNode")
    assert not [model for model in models if model.GetAttribute("DualTaskSeg.Role")]
    composite = scene.red.mrmlSliceCompositeNode()
    for _again in range(2):
        state.restore()
        assert composite.GetBackgroundVolumeID() is None and composite.GetForegroundVolumeID() is None
        slicer.mrmlScene.Clear()
        overlays.hideAll()


def test_slice_views_turn_to_the_slices_of_an_oblique_scan_and_back(host):
    import slicer.util
    from DualTaskSegLib.image.geometry import arrayOf
    from DualTaskSegLib.views.shownslices import shownSlices
    from DualTaskSegLib.views.viewstate import ViewState

    volume = scans.addVolume(scans.Ball(scans.OBLIQUE).scan, scans.OBLIQUE)
    slicer.util.setSliceViewerLayers(background=volume, fit=True)
    node = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode()
    before = arrayOf(node.GetSliceToRAS())
    state = ViewState.save()
    state.showVolume(volume)
    assert shownSlices(volume) == []  # no view shows a single one
    state.turnTo(volume)
    assert sorted(shown.axis for shown in shownSlices(volume)) == ["I", "J", "K"]
    layout = slicer.app.layoutManager().layout
    slicer.app.layoutManager().setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView)
    assert [shown.axis for shown in shownSlices(volume)] == ["K"]  # nobody looks at the others
    slicer.app.layoutManager().setLayout(layout)
    state.restore()
    assert np.allclose(arrayOf(node.GetSliceToRAS()), before) and shownSlices(volume) == []
    state.turnTo(volume)
    node.SetOrientation("Coronal")  # by the user, who wants it so
    state.restore()
    assert node.GetOrientation() == "Coronal"
