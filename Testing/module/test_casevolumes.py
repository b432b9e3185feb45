"""Scans of a project in the scene: found, loaded, judged, written."""

from pathlib import Path

import numpy as np
import pytest
import scans
import vtk
from DualTaskSegLib.common.steps import finish


@pytest.fixture
def case(host, tmp_path):
    from DualTaskSegLib.project.case import ProjectCase

    def make(ball=None, suffix=".nii.gz", name="anna"):
        ball = ball or scans.Ball(scans.OBLIQUE)
        path = scans.save(tmp_path / f"{name}{suffix}", ball.scan, ball.ijkToRAS)
        return ProjectCase(f"id-{name}", name, str(path))

    return make


def matrixOf(node):
    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    return np.array([[matrix.GetElement(r, c) for c in range(4)] for r in range(4)])


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd", ".mha"])
@pytest.mark.parametrize("grid", ["OBLIQUE", "LEFT_HANDED", "STRAIGHT"])
def test_a_loaded_case_is_as_slicer_loads_its_file(host, case, suffix, grid):
    import slicer.util
    from DualTaskSegLib.scene import casevolumes

    ball = scans.Ball(getattr(scans, grid))
    one = case(ball, suffix)
    node = finish(casevolumes.loadCaseSteps(one))
    voxels, matrix = scans.asLoaded(*scans.read(one.image))
    theirs = slicer.util.loadVolume(one.image)
    assert np.array_equal(slicer.util.arrayFromVolume(theirs), voxels)
    assert np.abs(matrixOf(theirs) - matrix).max() < 1e-9
    assert node.GetName() == "anna" and node.GetAttribute("DualTaskSeg.CaseId") == "id-anna"
    assert np.array_equal(slicer.util.arrayFromVolume(node), voxels)
    assert np.abs(matrixOf(node) - matrix).max() < 1e-9
    given = scans.asLoaded(ball.scan, ball.ijkToRAS)[1]
    assert np.abs(matrixOf(node) - given).max() < 1e-4  # NIfTI keeps 32 bits
    assert node.GetDisplayNode().GetWindow() > 0
    assert str(casevolumes.volumeFile(node)) == one.image


def test_a_case_is_loaded_once_and_a_volume_of_the_same_file_is_taken(host, case):
    import slicer.util
    from DualTaskSegLib.scene import casevolumes

    one, other = case(), case(name="bert")
    mine = slicer.util.loadVolume(other.image, {"name": "My own name"})
    node = finish(casevolumes.loadCaseSteps(one))
    assert finish(casevolumes.loadCaseSteps(one)) is node
    name = mine.GetName()
    assert finish(casevolumes.loadCaseSteps(other)) is mine and mine.GetName() == name
    assert mine.GetAttribute("DualTaskSeg.CaseId") == "id-bert"
    slicer.mrmlScene.RemoveNode(node)
    assert casevolumes.nodeOf(one) is None
    assert finish(casevolumes.loadCaseSteps(one)) is not node


@pytest.mark.parametrize("option", ["center", "discardOrientation"])
def test_a_volume_that_was_loaded_to_another_place_no_longer_stands_for_its_file(host, case, tmp_path, option):
    """Options of Add Data; what the file's own place would be is not where the user sees the scan."""
    import slicer.util
    from DualTaskSegLib.project.project import Project
    from DualTaskSegLib.scene import casevolumes

    file = case().image
    assert casevolumes.volumeFile(slicer.util.loadVolume(file)) is not None
    node = slicer.util.loadVolume(file, {option: True})
    assert np.abs(matrixOf(node) - scans.OBLIQUE).max() > 1
    assert casevolumes.volumeFile(node) is None
    added = finish(casevolumes.addCaseSteps(Project.create(tmp_path / "project"), node))
    assert added.image != file
    voxels, matrix = scans.read(added.image)
    assert np.allclose(matrix, matrixOf(node)) and np.array_equal(voxels, slicer.util.arrayFromVolume(node))


def test_a_changed_or_moved_volume_no_longer_stands_for_its_file(host, case):
    import slicer.util
    from DualTaskSegLib.scene import casevolumes

    node = finish(casevolumes.loadCaseSteps(case()))
    node.SetName("renamed")
    node.GetDisplayNode().SetWindow(12)
    assert casevolumes.volumeFile(node) is not None
    node.SetAndObserveTransformNodeID(scans.addTransform(scans.moved()).GetID())
    assert casevolumes.volumeFile(node) is None
    node.SetAndObserveTransformNodeID(None)
    assert casevolumes.volumeFile(node) is not None
    slicer.util.arrayFromVolume(node)[0, 0, 0] += 1
    slicer.util.arrayFromVolumeModified(node)
    assert casevolumes.volumeFile(node) is None


def test_a_volume_whose_grid_was_changed_does_not_stand_for_its_file(host, case):
    from DualTaskSegLib.scene import casevolumes

    node = finish(casevolumes.loadCaseSteps(case()))
    node.SetOrigin(1, 2, 3)
    assert casevolumes.volumeFile(node) is None


def test_a_volume_without_a_file_or_whose_file_is_gone_has_none(host, case):
    from DualTaskSegLib.scene import casevolumes

    ball = scans.Ball(scans.STRAIGHT)
    assert casevolumes.volumeFile(scans.addVolume(ball.scan, ball.ijkToRAS)) is None
    one = case()
    node = finish(casevolumes.loadCaseSteps(one))
    Path(one.image).unlink()
    assert casevolumes.volumeFile(node) is None


@pytest.mark.parametrize("name", ["0000", "1.2.826.0.1.77"])
def test_a_file_of_the_dicom_database_stands_for_its_volume(host, tmp_path, name):
    """It has no suffix, so a copy was made with what Slicer took for granted: of a dental scan 1 mm between slices."""
    from DualTaskSegLib.project.project import Project
    from DualTaskSegLib.scene import casevolumes

    ball = scans.Ball(scans.STRAIGHT)
    for content, isDicom in ((b"\0" * 128 + b"DICM" + b"\0" * 2000, True), (b"\0" * 2000, False)):
        path = tmp_path / name
        path.write_bytes(content)
        node = scans.addVolume(ball.scan, ball.ijkToRAS)
        node.AddDefaultStorageNode()
        casevolumes._markAsStored(node.GetStorageNode())
        node.GetStorageNode().SetFileName(str(path))
        node.GetStorageNode().SetSingleFile(True)
        assert casevolumes.volumeFile(node) == (path if isDicom else None)
    project = Project.create(tmp_path / "project", "Dental")
    assert project.addCase(tmp_path / name).name == "scan_001"


@pytest.mark.parametrize("kind", [np.int16, np.float32, np.uint8, np.float64, np.uint16, np.int32])
def test_a_volume_is_written_as_it_is(host, tmp_path, kind):
    from DualTaskSegLib.scene import casevolumes

    ball = scans.Ball(scans.OBLIQUE)
    voxels = (ball.scan / 3).clip(0, 255).astype(kind)
    node = scans.addVolume(voxels, ball.ijkToRAS)
    path = finish(casevolumes.writeVolumeSteps(node, tmp_path / "new folder" / "Ünïcode 空.nrrd"))
    written, matrix = scans.read(path)
    assert written.dtype == kind and np.array_equal(written, voxels)
    assert np.abs(matrix - ball.ijkToRAS).max() < 1e-12
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_transform_is_applied_to_what_is_written_and_not_to_the_volume(host, tmp_path):
    from DualTaskSegLib.scene import casevolumes

    ball = scans.Ball(scans.OBLIQUE)
    node = scans.addVolume(ball.scan, ball.ijkToRAS)
    outer, inner = scans.addTransform(scans.moved()), scans.addTransform(scans.moved((1, 2, 3), (9, 8, 7)))
    inner.SetAndObserveTransformNodeID(outer.GetID())
    node.SetAndObserveTransformNodeID(inner.GetID())
    written, matrix = scans.read(finish(casevolumes.writeVolumeSteps(node, tmp_path / "a.nrrd")))
    assert np.array_equal(written, ball.scan)
    expected = scans.moved() @ scans.moved((1, 2, 3), (9, 8, 7)) @ ball.ijkToRAS
    assert np.abs(matrix - expected).max() < 1e-9
    assert node.GetParentTransformNode() is inner
    assert np.abs(matrixOf(node) - ball.ijkToRAS).max() < 1e-12


def test_a_transform_that_is_not_linear_resamples_what_is_written(host, tmp_path):
    import slicer
    from DualTaskSegLib.scene import casevolumes

    ball = scans.Ball(scans.STRAIGHT)
    node = scans.addVolume(ball.scan, ball.ijkToRAS)
    before = len(slicer.util.getNodes("*", useLists=True))
    bent = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTransformNode", "Bent")
    spline = vtk.vtkThinPlateSplineTransform()
    shift = np.array([2.4, 0, 0])  # two voxels, everywhere
    source, target = vtk.vtkPoints(), vtk.vtkPoints()
    for corner in np.ndindex(2, 2, 2):
        point = scans.CENTER + 40 * (np.array(corner) - 0.5)
        source.InsertNextPoint(*point)
        target.InsertNextPoint(*(point + shift))
    spline.SetSourceLandmarks(source)
    spline.SetTargetLandmarks(target)
    spline.SetBasisToR()
    bent.SetAndObserveTransformToParent(spline)
    node.SetAndObserveTransformNodeID(bent.GetID())
    written, matrix = scans.read(finish(casevolumes.writeVolumeSteps(node, tmp_path / "a.nrrd")))
    # Slicer moves the grid along, so the same voxels lie on another place.
    assert np.abs(matrix[:3, 3] - ball.ijkToRAS[:3, 3] - shift).max() < 1e-4
    assert np.abs(written[5:-5, 5:-5, 5:-5] - ball.scan[5:-5, 5:-5, 5:-5]).max() <= 1
    assert len(slicer.util.getNodes("*", useLists=True)) == before + 1  # the transform; nothing of ours is left
    assert node.GetParentTransformNode() is bent


def test_an_older_file_stays_where_writing_fails(host, tmp_path):
    from dualtaskseg.errors import InputError
    from DualTaskSegLib.scene import casevolumes

    ball = scans.Ball(scans.STRAIGHT)
    node = scans.addVolume(ball.scan, ball.ijkToRAS)
    path = tmp_path / "a.nrrd"
    finish(casevolumes.writeVolumeSteps(node, path))
    before = path.read_bytes()
    steps = casevolumes.writeVolumeSteps(node, path)
    next(steps)
    steps.close()  # as if it were canceled
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1
    with pytest.raises(InputError, match="can't be written"):
        finish(casevolumes.writeVolumeSteps(node, path / "below a file.nrrd"))


def test_what_is_no_scan_is_told(host, tmp_path):
    import slicer.util
    from dualtaskseg.errors import InputError
    from DualTaskSegLib.scene import casevolumes

    ball = scans.Ball(scans.STRAIGHT)
    color = slicer.util.addVolumeFromArray(
        np.zeros((4, 5, 6, 3), np.uint8), name="Photo", nodeClassName="vtkMRMLVectorVolumeNode"
    )
    flat = scans.addVolume(ball.scan[:1], ball.ijkToRAS, "Flat")
    nothing = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Nothing")
    label = slicer.util.addVolumeFromArray(ball.label, ball.ijkToRAS, "Label", "vtkMRMLLabelMapVolumeNode")
    crushed = scans.addVolume(ball.scan, ball.ijkToRAS, "Crushed")
    matrix = vtk.vtkMatrix4x4()
    matrix.SetElement(2, 2, 0.0)
    crushed.SetIJKToRASMatrix(matrix)
    sheared = scans.addVolume(ball.scan, ball.ijkToRAS, "Sheared")
    shear = np.eye(4)
    shear[0, 1] = 0.3
    sheared.SetAndObserveTransformNodeID(scans.addTransform(shear).GetID())
    fine = scans.addVolume(ball.scan, ball.ijkToRAS, "Fine")
    gone = scans.addVolume(ball.scan, ball.ijkToRAS, "Gone")
    slicer.mrmlScene.RemoveNode(gone)
    for node, words in (
        (color, "Photo has 3 values"),
        (flat, "Flat is a flat image"),
        (nothing, "Nothing holds no voxels"),
        (label, "Label is a label map"),
        (crushed, "Crushed has no usable geometry"),
        (sheared, "axes of Sheared are not at right angles"),
        (gone, "was deleted"),
        (None, "was deleted"),
    ):
        problems = casevolumes.problemsOf(node)
        assert any(words in problem for problem in problems), (words, problems)
        with pytest.raises(InputError):
            finish(casevolumes.writeVolumeSteps(node, tmp_path / "a.nrrd"))
    assert not list(tmp_path.iterdir())
    assert casevolumes.problemsOf(fine) == [] and casevolumes.remarksOf(fine) == []
    for plain in (np.eye(4), np.diag([-1.0, -1.0, 1.0, 1.0])):  # as an array of numbers has it, and a stack of TIFF
        assert "no geometry of its own" in casevolumes.remarksOf(scans.addVolume(ball.scan, plain, "Plain"))[0]


def test_scans_that_are_no_case_yet_are_offered(host, case, tmp_path):
    import slicer.util
    from DualTaskSegLib.project.project import Project
    from DualTaskSegLib.scene import casevolumes

    project = Project.create(tmp_path / "project")
    one = case()
    ball = scans.Ball(scans.STRAIGHT)
    assert casevolumes.offeredVolumes(project) == []
    mine = scans.addVolume(ball.scan, ball.ijkToRAS, "Mine")
    fromFile = slicer.util.loadVolume(one.image)
    slicer.util.addVolumeFromArray(ball.label, ball.ijkToRAS, "Label", "vtkMRMLLabelMapVolumeNode")
    ours = scans.addVolume(ball.sdm, ball.ijkToRAS, "Distance")
    ours.SetAttribute(casevolumes.ROLE, "signed distance")
    scans.addVolume(ball.scan, ball.ijkToRAS, "Hidden").SetHideFromEditors(1)
    assert casevolumes.offeredVolumes(project) == [mine, fromFile]
    added = project.addCase(one.image)
    assert casevolumes.offeredVolumes(project) == [mine]
    assert casevolumes.caseOf(fromFile, project) is added and casevolumes.nodeOf(added) is fromFile
    casevolumes.markAsCase(mine, project.addCase(tmp_path / "later.nrrd", "Mine"))
    assert casevolumes.offeredVolumes(project) == []


@pytest.mark.parametrize("content", [None, b"", b"no scan at all", "cut"])
def test_a_missing_or_damaged_file_is_one_sentence_and_leaves_no_node(host, case, content):
    import slicer
    from dualtaskseg.errors import InputError
    from DualTaskSegLib.scene import casevolumes

    one = case(suffix=".nrrd")
    path = Path(one.image)
    if content is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:2000] if content == "cut" else content)
    count = slicer.mrmlScene.GetNumberOfNodes()
    with pytest.raises(InputError, match="anna"):
        finish(casevolumes.loadCaseSteps(one))
    assert slicer.mrmlScene.GetNumberOfNodes() == count
    host.forgetErrors()  # the reader tells VTK as well


def test_a_dicom_folder_is_read_in_the_order_of_positions(host, tmp_path):
    import SimpleITK as sitk
    import slicer.util
    from dualtaskseg.errors import InputError
    from dualtaskseg.io.images import read_image
    from dualtaskseg.synthetic.cohort import write_dicom_series
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes

    ball = scans.Ball(scans.OBLIQUE)
    scan = sitk.ReadImage(str(scans.save(tmp_path / "a.nrrd", ball.scan, ball.ijkToRAS)))
    folder = tmp_path / "series"
    write_dicom_series(scan, folder, seed=1, patient="nobody")
    for index, file in enumerate(sorted(folder.iterdir())):
        file.rename(folder / f"{(index * 7) % 36 + 1}.dcm")  # names tell nothing about positions
    one = ProjectCase("id", "scan_001", str(folder))
    node = finish(casevolumes.loadCaseSteps(one))
    expected = read_image(folder)
    assert np.array_equal(slicer.util.arrayFromVolume(node), sitk.GetArrayFromImage(expected))
    lps = np.diag([-1.0, -1, 1, 1]) @ matrixOf(node)
    assert np.abs(lps[:3, 3] - expected.GetOrigin()).max() < 1e-3
    direction = np.array(expected.GetDirection()).reshape(3, 3) @ np.diag(expected.GetSpacing())
    assert np.abs(lps[:3, :3] - direction).max() < 1e-4
    assert casevolumes.volumeFile(node) == folder
    assert len(node.GetAttribute("DICOM.instanceUIDs").split()) == len(list(folder.iterdir())) == scans.SIZE[2]
    (folder / "notes.txt").write_text("something else")
    assert casevolumes.volumeFile(node) is None  # the training would read more than this volume
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no DICOM scan"):
        finish(casevolumes.loadCaseSteps(ProjectCase("id2", "scan_002", str(tmp_path / "empty"))))
    second = tmp_path / "second"
    write_dicom_series(scan, second, seed=2, patient="nobody")
    for file in second.iterdir():
        file.rename(folder / f"b{file.name}")
    slicer.mrmlScene.RemoveNode(node)
    with pytest.raises(InputError, match="holds 2 DICOM series"):
        finish(casevolumes.loadCaseSteps(one))


def test_a_series_with_a_gap_is_refused(host, tmp_path):
    import SimpleITK as sitk
    from dualtaskseg.errors import InputError
    from dualtaskseg.synthetic.cohort import write_dicom_series
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes

    ball = scans.Ball(scans.OBLIQUE)
    scan = sitk.ReadImage(str(scans.save(tmp_path / "a.nrrd", ball.scan, ball.ijkToRAS)))
    write_dicom_series(scan, tmp_path / "series", seed=1, patient="nobody")
    sorted((tmp_path / "series").iterdir())[10].unlink()
    with pytest.raises(InputError, match="not evenly spaced: 2 to 4 mm"):
        finish(casevolumes.loadCaseSteps(ProjectCase("id", "scan_001", str(tmp_path / "series"))))


@pytest.mark.parametrize("name", ["brain_t1post_oblique", "hippocampus_crop_1", "hippocampus_crop_2"])
def test_real_series_are_read_as_the_training_reads_them(host, real_data, name):
    import SimpleITK as sitk
    import slicer.util
    from dualtaskseg.io.images import read_image
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import casevolumes

    folder = real_data / "dicom" / name
    node = finish(casevolumes.loadCaseSteps(ProjectCase("id", "scan_001", str(folder))))
    expected = read_image(folder)
    assert np.array_equal(slicer.util.arrayFromVolume(node), sitk.GetArrayFromImage(expected))
    corner = np.array(expected.GetSize()) - 1.0
    lps = expected.TransformContinuousIndexToPhysicalPoint(corner.tolist())
    ras = matrixOf(node) @ [*corner, 1.0]
    assert np.abs(ras[:3] - np.array(lps) * [-1, -1, 1]).max() < 0.01
    assert casevolumes.volumeFile(node) == folder


def test_what_is_known_of_a_case_survives_saving_the_scene(host, case, tmp_path):
    import slicer.util
    from DualTaskSegLib.scene import casevolumes

    one = case(suffix=".nrrd")
    finish(casevolumes.loadCaseSteps(one))
    slicer.util.saveScene(str(tmp_path / "scene.mrml"))
    slicer.mrmlScene.Clear()
    slicer.util.loadScene(str(tmp_path / "scene.mrml"))
    node = casevolumes.nodeOf(one)
    assert node is not None and str(casevolumes.volumeFile(node)) == one.image
    assert casevolumes.caseGeometry(node).sameAs(casevolumes.geometryOf(node))
