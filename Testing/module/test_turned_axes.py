"""Files that count the same voxels in another order: Slicer reverses the slices of left-handed ones on loading."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scans
from DualTaskSegLib.common.steps import finish

# As DICOM scans lie in RAS, and as the NIfTI files lie that dcm2niix makes of them.
OF_DICOM = np.diag([-1.0, -1.0, 1.0])
OF_NIFTI = np.diag([-1.0, 1.0, 1.0])
SPACING = (1.2, 1.2, 1.5)


def gridOf(directions: np.ndarray) -> np.ndarray:
    """A grid at the same voxels, whatever the directions of its axes."""
    middle = (np.array(scans.SIZE) - 1) / 2
    matrix = np.eye(4)
    matrix[:3, :3] = directions @ np.diag(SPACING)
    matrix[:3, 3] = scans.CENTER + 2.0 - matrix[:3, :3] @ middle
    return matrix


def ballOn(directions: np.ndarray, center=(9.0, -25.0, 38.0), radius: float = 11.0) -> scans.Ball:
    """A ball beside the middle, so that no turned grid shows the same."""
    return scans.Ball(gridOf(directions), center=center, radius=radius)


NIFTI, DICOM = ballOn(OF_NIFTI), ballOn(OF_DICOM)


@pytest.fixture
def segments():
    from dualtaskseg.contract.segment import Segment

    return [Segment("Organ", 1, (200, 100, 50))]


def heldBy(node, volume) -> np.ndarray:
    import slicer.util

    return slicer.util.arrayFromSegmentBinaryLabelmap(node, node.GetSegmentation().GetNthSegmentID(0), volume)


def isThere(node, volume, ball: scans.Ball) -> bool:
    """Whether the first segment of a segmentation is the ball, by positions in the world."""
    import slicer.util

    matrix = slicer.util.arrayFromVTKMatrix(ijkToWorldOf(volume))
    return np.array_equal(heldBy(node, volume), scans.Ball(matrix, center=ball.center, radius=ball.radius).label)


def ijkToWorldOf(volume):
    import vtk

    matrix, toWorld = vtk.vtkMatrix4x4(), vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    if volume.GetParentTransformNode() is not None:
        volume.GetParentTransformNode().GetMatrixTransformToWorld(toWorld)
        vtk.vtkMatrix4x4.Multiply4x4(toWorld, matrix, matrix)
    return matrix


def resultOn(volume, files: dict[str, Path]):
    from dualtaskseg.contract.segment import Segment
    from dualtaskseg.model.description import ModelDescription
    from DualTaskSegLib.results import results

    model = ModelDescription("Model", (Segment("Organ", 1, (200, 100, 50)),), {}, {})
    maps = {"Organ": files["sdm"]}, files["uncertainty"]
    return finish(results.addResultSteps(volume, files["label"], *maps, model))


@pytest.mark.parametrize(
    "directions",
    [np.diag(signs) for signs in ([1, 1, 1], [-1, 1, 1], [1, -1, 1], [1, 1, -1], [-1, -1, -1])]
    + [np.eye(3)[[2, 0, 1]], -np.eye(3)[[1, 0, 2]]],
)
def test_grids_of_the_same_voxels_are_turned_into_each_other(host, directions):
    from DualTaskSegLib.image.geometry import Geometry

    there = Geometry(scans.SIZE, gridOf(np.eye(3)))
    axes = np.abs(directions).argmax(axis=0)  # the axis of `there` along which each of its own lies
    size = tuple(scans.SIZE[axis] for axis in axes)
    matrix = np.eye(4)
    matrix[:3, :3] = there.ijkToRAS[:3, axes] * directions[axes, range(3)]
    last = (np.array(size) - 1) * (directions[axes, range(3)] < 0)
    matrix[:3, 3] = there.ijkToRAS[:3, 3] - matrix[:3, :3] @ last
    here = Geometry(size, matrix)
    turn = here.turnTo(there)
    assert turn.ofGeometry(here).sameAs(there)
    ball = scans.Ball(matrix, size=size, center=NIFTI.center, radius=NIFTI.radius)
    wanted = scans.Ball(there.ijkToRAS, center=NIFTI.center, radius=NIFTI.radius)
    assert np.array_equal(turn.ofVoxels(ball.label), wanted.label)
    moved = matrix.copy()
    moved[:3, 3] += 0.5
    assert Geometry(size, moved).turnTo(there) is None


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd", ".mha"])
def test_a_left_handed_scan_from_add_data_gets_its_result(host, tmp_path, suffix):
    import slicer.util

    files = scans.saveAll(tmp_path, NIFTI, suffix)
    volume = slicer.util.loadVolume(str(files["scan"]))
    result = resultOn(volume, files)
    assert isThere(result.segmentationNode, volume, NIFTI)
    for node, wanted in ((result.sdmNodes["Organ"], NIFTI.sdm), (result.uncertaintyNode, NIFTI.uncertainty)):
        shown = slicer.util.arrayFromVTKMatrix(ijkToWorldOf(node))
        assert np.allclose(shown, slicer.util.arrayFromVTKMatrix(ijkToWorldOf(volume)))
        # Voxel by voxel beside the scan, as scripts take them.
        assert np.abs(slicer.util.arrayFromVolume(node) - scans.asLoaded(wanted, NIFTI.ijkToRAS)[0]).max() < 1e-4


def test_a_left_handed_scan_from_add_data_is_outlined_and_shown_again(host, segments, tmp_path):
    import slicer.util
    from dualtaskseg.io.images import read_geometry
    from dualtaskseg.io.label_images import read_label
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps

    image = scans.save(tmp_path / "scan.nii.gz", NIFTI.scan, NIFTI.ijkToRAS)
    case = ProjectCase("id", "scan", str(image), str(tmp_path / "label.nrrd"), "labeled")
    volume = slicer.util.loadVolume(str(image))
    casevolumes.markAsCase(volume, case)
    matrix = slicer.util.arrayFromVTKMatrix(ijkToWorldOf(volume))
    outlined = scans.Ball(matrix, center=NIFTI.center, radius=NIFTI.radius).label
    node = scans.addSegmentation({"Organ": outlined}, volume)
    written = finish(labelmaps.writeLabelSteps(node, volume, segments, None, case.label))
    assert written.remarks == () and written.voxels == {"Organ": outlined.sum()}
    asTrained = read_label(written.path, read_geometry(image))
    import SimpleITK

    assert np.array_equal(SimpleITK.GetArrayFromImage(asTrained), NIFTI.label)
    slicer.mrmlScene.Clear(0)
    volume = finish(casevolumes.loadCaseSteps(case))
    assert isThere(finish(labelmaps.loadLabelSteps(case, volume, segments)), volume, NIFTI)


def test_a_left_handed_case_is_the_same_after_its_scene_was_saved_and_loaded(host, segments, tmp_path):
    import slicer.util
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps

    image = scans.save(tmp_path / "scan.nii.gz", NIFTI.scan, NIFTI.ijkToRAS)
    case = ProjectCase("id", "scan", str(image), "", "unlabeled")
    volume = finish(casevolumes.loadCaseSteps(case))
    assert casevolumes.volumeFile(volume) == image
    before = slicer.util.arrayFromVolume(volume).copy()
    scene = tmp_path / "scene.mrml"
    assert slicer.util.saveScene(str(scene))
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(str(scene))
    volume = casevolumes.nodeOf(case)
    assert volume is not None and np.array_equal(slicer.util.arrayFromVolume(volume), before)
    matrix = slicer.util.arrayFromVTKMatrix(ijkToWorldOf(volume))
    node = scans.addSegmentation({"Organ": scans.Ball(matrix, center=NIFTI.center).label}, volume)
    finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "label.nrrd"))


def test_a_label_file_may_count_the_voxels_of_its_scan_otherwise(host, segments, tmp_path):
    """A scan in DICOM's order with a label on the NIfTI file that was made of it."""
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps, seenmaps

    image = scans.save(tmp_path / "scan.nrrd", DICOM.scan, DICOM.ijkToRAS)
    label = scans.save(tmp_path / "label.nii.gz", NIFTI.label, NIFTI.ijkToRAS)
    seen = scans.save(tmp_path / "label_seen.nii.gz", (NIFTI.distance < 4).astype(np.uint8), NIFTI.ijkToRAS)
    case = ProjectCase("id", "scan", str(image), str(label), "labeled", seen=str(seen))
    wanted = finish(casevolumes.gridOfFileSteps(case))
    read = finish(labelmaps.readLabelSteps(case, segments))  # before it is in the scene
    assert np.array_equal(read.voxels, DICOM.label)
    assert np.allclose(read.geometry.ijkToRAS, DICOM.ijkToRAS, atol=1e-4)
    assert np.array_equal(finish(seenmaps.readSeenSteps(case, wanted)), DICOM.distance < 4)
    volume = finish(casevolumes.loadCaseSteps(case))
    assert isThere(finish(labelmaps.loadLabelSteps(case, volume, segments)), volume, DICOM)


@pytest.mark.parametrize("isStored", [True, False])
def test_a_left_handed_volume_that_a_script_made_is_segmented_and_outlined(host, segments, tmp_path, isStored):
    import slicer.util
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps

    volume = scans.addVolume(NIFTI.scan, NIFTI.ijkToRAS)
    image = finish(casevolumes.writeVolumeSteps(volume, tmp_path / "scan.nrrd"))
    assert np.array_equal(scans.read(image)[0], scans.asLoaded(NIFTI.scan, NIFTI.ijkToRAS)[0])
    label = ProjectCase("id", "scan", str(image), str(tmp_path / "label.nrrd"), "labeled")
    if isStored:
        casevolumes.markAsCase(volume, label)
    node = scans.addSegmentation({"Organ": NIFTI.label}, volume)
    finish(labelmaps.writeLabelSteps(node, volume, segments, None, label.label))
    voxels, matrix = scans.read(label.label)
    assert np.array_equal(voxels, scans.asLoaded(NIFTI.label, NIFTI.ijkToRAS)[0])
    assert np.allclose(matrix, scans.read(image)[1])
    slicer.mrmlScene.RemoveNode(node)
    assert isThere(finish(labelmaps.loadLabelSteps(label, volume, segments)), volume, NIFTI)
    result = resultOn(volume, scans.saveAll(tmp_path / "result", NIFTI))
    assert isThere(result.segmentationNode, volume, NIFTI)


def test_a_scan_under_a_mirroring_transform_gets_its_result_and_label(host, segments, tmp_path):
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps

    volume = scans.addVolume(DICOM.scan, DICOM.ijkToRAS)
    mirror = np.diag([1.0, 1.0, -1.0, 1.0])
    mirror[2, 3] = 70
    volume.SetAndObserveTransformNodeID(scans.addTransform(mirror).GetID())
    image = finish(casevolumes.writeVolumeSteps(volume, tmp_path / "scan.nrrd"))
    case = ProjectCase("id", "scan", str(image), str(tmp_path / "label.nrrd"), "labeled")
    casevolumes.markAsCase(volume, case)
    center = (mirror @ [*DICOM.center, 1])[:3]
    world = scans.Ball(scans.read(image)[1], center=tuple(center), radius=DICOM.radius)
    result = resultOn(volume, scans.saveAll(tmp_path / "result", world, ".nrrd"))
    assert result.segmentationNode.GetTransformNodeID() == volume.GetTransformNodeID()
    assert np.array_equal(heldBy(result.segmentationNode, volume), DICOM.label)
    node = scans.addSegmentation({"Organ": DICOM.label}, volume)
    finish(labelmaps.writeLabelSteps(node, volume, segments, None, case.label))
    assert np.array_equal(scans.read(case.label)[0], world.label)


def test_a_case_that_was_mirrored_in_its_place_is_refused(host, segments, tmp_path):
    """Its grid looks as before, but what was outlined on it lies elsewhere in the file that training reads."""
    import slicer.util
    from dualtaskseg.errors import InputError
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes, labelmaps

    files = scans.saveAll(tmp_path, DICOM, ".nrrd")
    case = ProjectCase("id", "scan", str(files["scan"]), str(files["label"]), "labeled")
    volume = finish(casevolumes.loadCaseSteps(case))
    mirror = np.diag([1.0, 1.0, -1.0, 1.0])
    corners = slicer.util.arrayFromVTKMatrix(ijkToWorldOf(volume)) @ [[0, 0], [0, 0], [0, scans.SIZE[2] - 1], [1, 1]]
    mirror[2, 3] = corners[2].sum()
    volume.SetAndObserveTransformNodeID(scans.addTransform(mirror).GetID())
    volume.HardenTransform()
    node = scans.addSegmentation({"Organ": DICOM.label}, volume)
    with pytest.raises(InputError, match="was changed or moved"):
        finish(labelmaps.writeLabelSteps(node, volume, segments, None, tmp_path / "new.nrrd"))
    with pytest.raises(InputError, match="does not lie on the grid"):
        resultOn(volume, files)
    with pytest.raises(InputError, match="does not lie on the grid"):
        finish(labelmaps.loadLabelSteps(case, volume, segments))
