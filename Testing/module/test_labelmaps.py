"""Outlines written as labels on the scan's grid, and labels shown as outlines."""

import numpy as np
import pytest
import scans
from DualTaskSegLib.common.steps import finish

TISSUE = "85756007"
LIVER = "Segmentation category and type - 3D Slicer General Anatomy list~SCT^123037004^Anatomical Structure~SCT^10200004^Liver~^^~Anatomic codes - DICOM master list~^^~^^"  # noqa: E501
LIVER_OTHER_LIST = "My list~SCT^123037004^Anatomical Structure~SCT^10200004^Liver~^^~~^^~^^"


@pytest.fixture
def segments(host):
    from dualtaskseg.contract.segment import Segment

    return [Segment("Organ", 1, (200, 100, 50), ""), Segment("Vein", 4, (0, 150, 200), "")]


@pytest.fixture
def ball():
    return scans.Ball(scans.OBLIQUE)


@pytest.fixture
def volume(host, ball):
    return scans.addVolume(ball.scan, ball.ijkToRAS)


def cap(ball):
    """The upper third of the ball, as a second structure."""
    mask = ball.label > 0
    k = np.flatnonzero(mask.any(axis=(1, 2)))
    mask[: k[0] + 2 * len(k) // 3] = False
    return mask


@pytest.mark.parametrize("grid", ["OBLIQUE", "LEFT_HANDED", "STRAIGHT"])
def test_outlines_are_written_exactly(host, segments, tmp_path, grid):
    from dualtaskseg.io.images import read_geometry
    from dualtaskseg.io.label_images import read_label
    from DualTaskSegLib.scene import labelmaps

    ball = scans.Ball(getattr(scans, grid))
    scan = scans.addVolume(ball.scan, ball.ijkToRAS)
    vein = cap(ball)
    organ = (ball.label > 0) & ~vein
    node = scans.addSegmentation({"vein": vein, "Organ": organ}, scan)
    written = finish(labelmaps.writeLabelSteps(node, scan, segments, None, tmp_path / "label.nrrd"))
    voxels, matrix = scans.read(written.path)
    outlines, grid = scans.asLoaded(organ + 4 * vein, ball.ijkToRAS)
    assert voxels.dtype == np.uint8 and np.array_equal(voxels, outlines)
    assert np.abs(matrix - grid).max() < 1e-12
    assert written.voxels == {"Organ": organ.sum(), "Vein": vein.sum()} and written.remarks == ()
    image = scans.save(tmp_path / "scan.nii.gz", ball.scan, ball.ijkToRAS)
    read_label(written.path, read_geometry(image))  # the engine takes it for this scan


def test_writing_changes_nothing_in_the_scene(host, segments, volume, ball, tmp_path):
    import slicer.util
    from DualTaskSegLib.scene import labelmaps

    node = scans.addSegmentation({"Organ": ball.label, "Vein": None}, volume)
    before = {(each.GetID(), each.GetName()) for each in allNodes()}
    finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "label.nrrd"))
    assert {(each.GetID(), each.GetName()) for each in allNodes()} == before
    assert np.array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(node, "user0", volume), ball.label)


def allNodes():
    import slicer

    slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)  # Slicer always has one
    return [slicer.mrmlScene.GetNthNode(index) for index in range(slicer.mrmlScene.GetNumberOfNodes())]


def test_outlines_on_another_grid_are_resampled_and_it_is_said(host, segments, volume, ball, tmp_path):
    from DualTaskSegLib.scene import labelmaps

    fine = scans.Ball(scans.matrixAround(scans.CENTER, (0.7, 0.7, 0.8), np.eye(3), (80, 80, 70)), (80, 80, 70))
    node = scans.addSegmentation({"Organ": fine.label}, scans.addVolume(fine.scan, fine.ijkToRAS, "Other"))
    written = finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "label.nrrd"))
    voxels, matrix = scans.read(written.path)
    assert np.abs(matrix - ball.ijkToRAS).max() < 1e-12
    assert scans.dice(voxels == 1, ball.label > 0) > 0.97
    assert any("another grid" in sentence for sentence in written.remarks)


def test_transforms_of_outlines_are_applied(host, segments, volume, ball, tmp_path):
    from DualTaskSegLib.scene import labelmaps

    # Outlined on a scan that lies elsewhere, and brought here by a transform.
    away = np.linalg.inv(scans.moved())
    node = scans.addSegmentation({"Organ": ball.label}, scans.addVolume(ball.scan, away @ ball.ijkToRAS, "Elsewhere"))
    node.SetAndObserveTransformNodeID(scans.addTransform(scans.moved()).GetID())
    written = finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "label.nrrd"))
    voxels, _matrix = scans.read(written.path)
    assert scans.dice(voxels == 1, ball.label > 0) > 0.995
    assert any("transform" in sentence for sentence in written.remarks)
    assert node.GetParentTransformNode() is not None


def test_outlines_of_a_moved_scan_fit_its_hardened_copy(host, segments, volume, ball, tmp_path):
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps

    move = scans.addTransform(scans.moved())
    volume.SetAndObserveTransformNodeID(move.GetID())
    image = finish(casevolumes.writeVolumeSteps(volume, tmp_path / "scan.nrrd"))
    casevolumes.markAsCase(volume, ProjectCase("id", "scan", str(image)))
    node = scans.addSegmentation({"Organ": ball.label}, volume)
    written = finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "label.nrrd"))
    voxels, matrix = scans.read(written.path)
    assert np.array_equal(voxels, ball.label)
    assert np.abs(matrix - scans.moved() @ ball.ijkToRAS).max() < 1e-9
    assert np.abs(matrix - scans.read(image)[1]).max() < 1e-9
    assert any("no segment Vein" in sentence for sentence in written.remarks) and len(written.remarks) == 1
    # Moved once more: the file lies elsewhere now, so outlines can't be brought to it.
    from dualtaskseg.errors import InputError

    further = scans.addTransform(scans.moved((0, 0, 0), (30, 0, 0)))
    volume.SetAndObserveTransformNodeID(further.GetID())
    with pytest.raises(InputError, match="changed or moved since it became a case"):
        finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "label2.nrrd"))
    assert not (tmp_path / "label2.nrrd").exists()


def test_a_scan_moved_after_it_became_a_case_keeps_its_own_grid(host, segments, ball, tmp_path):
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps

    image = scans.save(tmp_path / "scan.nrrd", ball.scan, ball.ijkToRAS)
    scan = finish(casevolumes.loadCaseSteps(ProjectCase("id", "scan", str(image))))
    move = scans.addTransform(scans.moved())
    scan.SetAndObserveTransformNodeID(move.GetID())
    node = scans.addSegmentation({"Organ": ball.label}, scan)
    voxels, matrix = scans.read(
        finish(labelmaps.writeLabelSteps(node, scan, segments, None, tmp_path / "label.nrrd")).path
    )
    assert np.array_equal(voxels, ball.label) and np.abs(matrix - ball.ijkToRAS).max() < 1e-9


def test_outlines_of_a_bent_scan_fit_its_hardened_copy(host, segments, tmp_path):
    import slicer
    import vtk
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps

    ball = scans.Ball(scans.STRAIGHT)
    scan = scans.addVolume(ball.scan, ball.ijkToRAS)
    bent = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTransformNode", "Bent")
    spline = vtk.vtkThinPlateSplineTransform()
    source, target = vtk.vtkPoints(), vtk.vtkPoints()
    for corner in np.ndindex(3, 3, 3):
        point = scans.CENTER + 25 * (np.array(corner) - 1.0)
        source.InsertNextPoint(*point)
        target.InsertNextPoint(point[0] + 2 * np.sin(point[1] / 9), point[1] + 1.5, point[2])
    spline.SetSourceLandmarks(source)
    spline.SetTargetLandmarks(target)
    spline.SetBasisToR()
    bent.SetAndObserveTransformToParent(spline)
    node = scans.addSegmentation({"Organ": ball.label}, scan)
    scan.SetAndObserveTransformNodeID(bent.GetID())
    node.SetAndObserveTransformNodeID(bent.GetID())
    image = finish(casevolumes.writeVolumeSteps(scan, tmp_path / "scan.nrrd"))
    casevolumes.markAsCase(scan, ProjectCase("id", "scan", str(image)))
    written = finish(labelmaps.writeLabelSteps(node, scan, segments, None, tmp_path / "label.nrrd"))
    voxels, matrix = scans.read(written.path)
    bentScan, bentMatrix = scans.read(image)
    assert np.abs(matrix - bentMatrix).max() < 1e-9 and voxels.shape == bentScan.shape
    assert scans.dice(voxels == 1, bentScan > 250) > 0.97


def test_surfaces_are_turned_into_voxels(host, segments, volume, ball, tmp_path):
    import slicer
    from DualTaskSegLib.scene import labelmaps, segmentations

    node = scans.addSegmentation({"Organ": ball.label}, volume)
    node.CreateClosedSurfaceRepresentation()
    surface = slicer.vtkSegmentationConverter.GetClosedSurfaceRepresentationName()
    node.GetSegmentation().SetSourceRepresentationName(surface)
    node.GetSegmentation().RemoveRepresentation(slicer.vtkSegmentationConverter.GetBinaryLabelmapRepresentationName())
    assert not segmentations.segmentsOf(node)[0].empty
    written = finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "label.nrrd"))
    assert scans.dice(scans.read(written.path)[0] == 1, ball.label > 0) > 0.95


def test_an_empty_segment_is_said_and_nothing_outlined_is_refused(host, segments, volume, ball, tmp_path):
    from dualtaskseg.errors import InputError
    from DualTaskSegLib.scene import labelmaps, segmentations

    node = scans.addSegmentation({"Organ": ball.label, "Vein": np.zeros_like(ball.label)}, volume)
    assert [(one.name, one.empty) for one in segmentations.segmentsOf(node)] == [("Organ", False), ("Vein", True)]
    written = finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "label.nrrd"))
    assert any("Vein is empty" in sentence for sentence in written.remarks)
    nothing = scans.addSegmentation({"Organ": None}, volume)
    with pytest.raises(InputError, match="no outline"):
        finish(labelmaps.writeLabelSteps(nothing, volume, segments, None, tmp_path / "none.nrrd"))
    assert not (tmp_path / "none.nrrd").exists()


def test_overlapping_segments_are_counted_once_and_it_is_said(host, segments, volume, ball, tmp_path):
    from DualTaskSegLib.scene import labelmaps

    vein = cap(ball)
    node = scans.addSegmentation({"Vein": vein, "Organ": ball.label}, volume)
    written = finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "label.nrrd"))
    voxels, _matrix = scans.read(written.path)
    assert np.array_equal(voxels, ball.label)  # the first of the project's segments holds them
    assert any(f"{vein.sum()} voxels belong to several segments" in sentence for sentence in written.remarks)
    assert written.voxels == {"Organ": ball.label.sum(), "Vein": 0}


def test_unknown_segments_are_mapped_or_left_out_or_refused(host, segments, volume, ball, tmp_path):
    from dualtaskseg.errors import InputError
    from DualTaskSegLib.scene import labelmaps

    node = scans.addSegmentation({"My liver": ball.label, "Scribble": cap(ball)}, volume)
    path = tmp_path / "label.nrrd"
    with pytest.raises(InputError, match="no segment named My liver"):
        finish(labelmaps.writeLabelSteps(node, volume, segments, None, path))
    with pytest.raises(InputError, match="stand for Organ"):
        finish(labelmaps.writeLabelSteps(node, volume, segments, {"My liver": "Organ", "Scribble": "Organ"}, path))
    with pytest.raises(InputError, match="no segment named Kidney"):
        finish(labelmaps.writeLabelSteps(node, volume, segments, {"My liver": "Kidney", "Scribble": None}, path))
    assert not path.exists()
    written = finish(labelmaps.writeLabelSteps(node, volume, segments, {"My liver": "Organ", "Scribble": None}, path))
    assert np.array_equal(scans.read(path)[0], ball.label)
    assert any("Scribble was left out" in sentence for sentence in written.remarks)


def test_mismatches_are_found_and_what_is_probably_meant(host, volume, ball):
    from dualtaskseg.contract.segment import Segment
    from DualTaskSegLib.scene import segmentations, segmenttags

    project = [
        Segment("Liver", 1, (1, 2, 3), LIVER),
        Segment("Left vein", 2, (1, 2, 3), ""),
        Segment("Cyst", 3, (1, 2, 3)),
    ]
    node = scans.addSegmentation(
        {"Hepar": ball.label, "left_vein": ball.label, "cyst": None, "Else": ball.label}, volume
    )
    segmenttags.setTerminology(node.GetSegmentation().GetNthSegment(0), LIVER_OTHER_LIST)
    found = segmentations.mismatches(node, project)
    assert [one.name for one in found.unknown] == ["Hepar", "left_vein", "Else"]
    assert found.suggestions == {"Hepar": "Liver", "left_vein": "Left vein"}
    only = scans.addSegmentation({"Segment_1": ball.label}, volume)
    assert segmentations.mismatches(only, project[:1]).suggestions == {"Segment_1": "Liver"}
    right = scans.addSegmentation({"LIVER": ball.label}, volume)
    assert segmentations.mismatches(right, project[:1]).unknown == ()
    assert segmentations.mismatches(scans.addSegmentation({"Else": None}, volume), project).unknown == ()


def test_what_is_lost_outside_of_the_scan_is_said(host, segments, volume, ball, tmp_path):
    from dualtaskseg.errors import InputError
    from DualTaskSegLib.scene import labelmaps

    node = scans.addSegmentation({"Organ": ball.label}, volume)
    node.SetAndObserveTransformNodeID(scans.addTransform(scans.moved((0, 0, 0), (25, 0, 0))).GetID())
    written = finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "label.nrrd"))
    assert any("of Organ was lost" in sentence for sentence in written.remarks), written.remarks
    node.SetAndObserveTransformNodeID(scans.addTransform(scans.moved((0, 0, 0), (900, 0, 0))).GetID())
    with pytest.raises(InputError, match="No outline of Segmentation lies within Scan"):
        finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "away.nrrd"))


def test_deleted_nodes_and_changed_scans_are_told(host, segments, volume, ball, tmp_path):
    import slicer
    from dualtaskseg.errors import InputError
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps, segmentations

    node = scans.addSegmentation({"Organ": ball.label}, volume)
    casevolumes.markAsCase(volume, ProjectCase("id", "scan", "scan.nrrd"))
    volume.SetSpacing(1, 1, 1)
    with pytest.raises(InputError, match="changed or moved since"):
        finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "a.nrrd"))
    slicer.mrmlScene.RemoveNode(node)
    assert segmentations.segmentsOf(node) == []
    with pytest.raises(InputError, match="segmentation was deleted"):
        finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "a.nrrd"))
    other = scans.addSegmentation({"Organ": ball.label}, volume)
    slicer.mrmlScene.RemoveNode(volume)
    with pytest.raises(InputError, match="volume was deleted"):
        finish(labelmaps.writeLabelSteps(other, volume, segments, None, tmp_path / "a.nrrd"))
    with pytest.raises(InputError, match="project has no segments"):
        finish(
            labelmaps.writeLabelSteps(other, scans.addVolume(ball.scan, ball.ijkToRAS), [], None, tmp_path / "a.nrrd")
        )


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd"])
def test_a_label_is_shown_and_comes_back_the_same(host, segments, tmp_path, suffix):
    import slicer.util
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps, segmentations

    ball = scans.Ball(scans.OBLIQUE)
    labels = (ball.label + 3 * cap(ball)).astype(np.uint8)  # 1 and 4
    image = scans.save(tmp_path / f"scan{suffix}", ball.scan, ball.ijkToRAS)
    label = scans.save(tmp_path / f"label{suffix}", labels.astype(np.float32), ball.ijkToRAS)
    case = ProjectCase("id", "scan", str(image), str(label), "labeled")
    volume = finish(casevolumes.loadCaseSteps(case))
    node = finish(labelmaps.loadLabelSteps(case, volume, segments))
    assert finish(labelmaps.loadLabelSteps(case, volume, segments)) is node  # once
    infos = segmentations.segmentsOf(node)
    assert [(one.name, one.color) for one in infos] == [("Organ", (200, 100, 50)), ("Vein", (0, 150, 200))]
    assert all(TISSUE in one.terminology for one in infos)
    assert infos[0].ml == pytest.approx((labels == 1).sum() * 1.1 * 1.3 * 2.0 / 1000, rel=1e-4)
    assert np.array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(node, infos[1].id, volume), labels == 4)
    assert segmentations.volumeOf(node) is volume and node.GetAttribute("DualTaskSeg.CaseId") == "id"
    written = finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "again.nrrd"))
    assert np.array_equal(scans.read(written.path)[0], labels) and written.remarks == ()


def test_a_label_that_names_its_segments_is_shown_by_their_names(host, segments, volume, ball, tmp_path):
    import SimpleITK
    import slicer.util
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import labelmaps, segmentations

    vein = cap(ball)
    plain = scans.save(tmp_path / "plain.nrrd", (2 * (ball.label - vein) + vein).astype(np.uint8), ball.ijkToRAS)
    image = SimpleITK.ReadImage(str(plain))
    for index, (name, value) in enumerate((("vein", 1), ("Organ", 2))):
        for key, text in (("ID", f"S{index}"), ("Name", name), ("LabelValue", str(value)), ("Layer", "0")):
            image.SetMetaData(f"Segment{index}_{key}", text)
    file = tmp_path / "label.seg.nrrd"
    SimpleITK.WriteImage(image, str(file))
    node = finish(labelmaps.loadLabelSteps(ProjectCase("id", "scan", "", str(file)), volume, segments))
    organ, other = segmentations.segmentsOf(node)
    assert (organ.name, other.name) == ("Organ", "Vein")
    assert np.array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(node, organ.id, volume), ball.label - vein)
    assert np.array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(node, other.id, volume), vein)


def test_a_label_of_a_moved_scan_moves_along(host, segments, tmp_path, ball):
    import slicer.util
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps

    image = scans.save(tmp_path / "scan.nrrd", ball.scan, ball.ijkToRAS)
    label = scans.save(tmp_path / "label.nrrd", ball.label, ball.ijkToRAS)
    case = ProjectCase("id", "scan", str(image), str(label), "labeled")
    volume = finish(casevolumes.loadCaseSteps(case))
    volume.SetAndObserveTransformNodeID(scans.addTransform(scans.moved()).GetID())
    node = finish(labelmaps.loadLabelSteps(case, volume, segments))
    assert node.GetTransformNodeID() == volume.GetTransformNodeID()
    assert np.array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(node, "Segment_1", volume), ball.label)


def test_values_without_a_name_are_shown_too(host, segments, volume, ball, tmp_path):
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import labelmaps, segmentations

    label = scans.save(tmp_path / "label.nrrd", 7 * ball.label, ball.ijkToRAS)
    node = finish(labelmaps.loadLabelSteps(ProjectCase("id", "scan", "", str(label)), volume, segments))
    assert [(one.name, one.empty) for one in segmentations.segmentsOf(node)] == [
        ("Organ", True),
        ("Vein", True),
        ("Value 7", False),
    ]


def test_what_is_no_label_of_this_scan_is_refused(host, segments, volume, ball, tmp_path):
    import slicer
    from dualtaskseg.errors import InputError
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import labelmaps

    count = slicer.mrmlScene.GetNumberOfNodes()
    shifted = ball.ijkToRAS.copy()
    shifted[0, 3] += 5
    for name, voxels, matrix, words in (
        ("shifted", ball.label, shifted, "does not lie on the grid"),
        ("smaller", ball.label[:-1], ball.ijkToRAS, "does not lie on the grid"),
        ("scan", ball.scan, ball.ijkToRAS, "not whole numbers from 0 to 255"),
        ("probability", ball.uncertainty, ball.ijkToRAS, "not whole numbers from 0 to 255"),
    ):
        file = scans.save(tmp_path / f"{name}.nrrd", voxels, matrix)
        with pytest.raises(InputError, match=words):
            finish(labelmaps.loadLabelSteps(ProjectCase("id", "scan", "", str(file)), volume, segments))
    with pytest.raises(InputError, match="does not exist"):
        finish(labelmaps.loadLabelSteps(ProjectCase("id", "scan", "", str(tmp_path / "none.nrrd")), volume, segments))
    assert slicer.mrmlScene.GetNumberOfNodes() == count
