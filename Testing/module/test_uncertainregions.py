"""The most uncertain places of a result."""

import numpy as np
import pytest
import scans
from DualTaskSegLib.common.steps import finish

GRID = scans.matrixAround(scans.CENTER, (1.0, 1.0, 2.0), scans.rotation((12, -8, 25)), (60, 50, 40))


def node(voxels, grid=GRID):
    return scans.addVolume(voxels.astype(np.float32), grid, "Uncertainty")


def blank():
    return np.full((40, 50, 60), 0.02)


def ras(k, j, i, grid=GRID):
    return tuple((grid @ [i, j, k, 1.0])[:3])


def test_places_are_ranked_by_size_times_value(host):
    from DualTaskSegLib.results import uncertainregions

    values = blank()
    values[10:12, 10:14, 10:14] = 0.9  # 32 voxels, 28.8
    values[25:29, 30:35, 40:45] = 0.5  # 100 voxels, 50
    values[30:31, 5:8, 50:53] = 1.0  # 9 voxels, 9
    values[2, 2, 2] = 1.0  # noise
    values[20:24, 5:10, 5:10] = 0.2  # not high
    found = finish(uncertainregions.uncertainRegionsSteps(node(values), 10))
    assert [round(place.sizeMl, 6) for place in found] == [0.2, 0.064, 0.018]
    assert [place.value for place in found] == pytest.approx([0.5, 0.9, 1.0])
    weights = [region.sizeMl * region.value for region in found]
    assert weights[0] > weights[1] > weights[2]
    # Each point lies within its region, whatever the grid's directions.
    for place, box in zip(
        found, [(25, 29, 30, 35, 40, 45), (10, 12, 10, 14, 10, 14), (30, 31, 5, 8, 50, 53)], strict=True
    ):
        i, j, k = np.rint((np.linalg.inv(GRID) @ [*place.ras, 1.0])[:3])
        assert box[0] <= k < box[1] and box[2] <= j < box[3] and box[4] <= i < box[5], (i, j, k)
    assert len(finish(uncertainregions.uncertainRegionsSteps(node(values), 2))) == 2


def test_an_uncertain_shell_gives_points_on_it(host):
    from DualTaskSegLib.results import uncertainregions

    ball = scans.Ball(scans.OBLIQUE)
    weak, strong = 0.6 * ball.uncertainty, ball.uncertainty
    upper = np.zeros(weak.shape, bool)
    upper[weak.shape[0] // 2 :] = True
    found = finish(uncertainregions.uncertainRegionsSteps(node(np.where(upper, strong, weak), scans.OBLIQUE), 6))
    assert len(found) == 6
    points = np.array([place.ras for place in found])
    assert np.abs(np.linalg.norm(points - scans.CENTER, axis=1) - scans.RADIUS).max() < 2.5
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    assert apart[~np.eye(6, dtype=bool)].min() > uncertainregions.REGION_EDGE / 2
    k = [(np.linalg.inv(scans.OBLIQUE) @ [*point, 1.0])[2] for point in points[:3]]
    assert min(k) > weak.shape[0] // 2 - 1  # where the networks disagree most


def test_no_place_where_the_networks_agree_or_the_node_is_gone(host):
    import slicer
    from DualTaskSegLib.results import uncertainregions

    calm = node(blank())
    assert finish(uncertainregions.uncertainRegionsSteps(calm)) == []
    slicer.mrmlScene.RemoveNode(calm)
    assert (
        finish(uncertainregions.uncertainRegionsSteps(calm)) == []
        and finish(uncertainregions.uncertainRegionsSteps(None)) == []
    )


def test_a_parent_transform_is_taken_into_account(host):
    from DualTaskSegLib.results import uncertainregions

    values = blank()
    values[25:29, 30:35, 40:45] = 0.8
    moving = node(values)
    (before,) = finish(uncertainregions.uncertainRegionsSteps(moving))
    moving.SetAndObserveTransformNodeID(scans.addTransform(scans.moved()).GetID())
    (after,) = finish(uncertainregions.uncertainRegionsSteps(moving))
    assert after.ras == pytest.approx(tuple((scans.moved() @ [*before.ras, 1.0])[:3]), abs=1e-6)


def test_jumping_centers_all_slice_views(host):
    import slicer
    from DualTaskSegLib.results import uncertainregions
    from DualTaskSegLib.views import overlays

    values = blank()
    values[25:29, 30:35, 40:45] = 0.8
    scan = node(values)
    manager = slicer.app.layoutManager()
    scan.GetDisplayNode().AutoWindowLevelOff()
    scan.GetDisplayNode().SetWindowLevelMinMax(0, 0.8)
    overlays.showVolume(scan)
    for name in manager.sliceViewNames():
        manager.sliceWidget(name).image()
        manager.sliceWidget(name).fitSliceToBackground()
    (place,) = finish(uncertainregions.uncertainRegionsSteps(scan))
    uncertainregions.jumpTo(place.ras)
    for name in manager.sliceViewNames():
        widget = manager.sliceWidget(name)
        picture = widget.image()
        row, column = widget.pixelOf(place.ras)
        assert abs(row - picture.shape[0] / 2) <= 1.5 and abs(column - picture.shape[1] / 2) <= 1.5
        normal = widget.mrmlSliceNode().GetSliceToRAS()
        distance = sum((place.ras[k] - normal.GetElement(k, 3)) * normal.GetElement(k, 2) for k in range(3))
        assert abs(distance) < 1e-6  # the slice goes through the place
        assert picture[row, column].max() > 200  # and shows it bright
