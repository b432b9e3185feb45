"""What a model says of a volume, as nodes of the scene."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
import scans
import vtk
from DualTaskSegLib.common.steps import finish

LIVER = "List~SCT^123037004^Anatomical Structure~SCT^10200004^Liver~^^~Anatomic codes - DICOM master list~^^~^^"


@pytest.fixture
def model(host):
    from dualtaskseg.contract.segment import Segment
    from dualtaskseg.model.description import ModelDescription

    segments = (Segment("Liver", 3, (221, 130, 101), LIVER), Segment("Cyst", 1, (1, 2, 3), ""))
    return ModelDescription("Liver 2025", segments, {}, {}, weights_sha256="ab")


@pytest.fixture
def ball():
    return scans.Ball(scans.OBLIQUE)


@pytest.fixture
def files(ball, tmp_path):
    """Files as the engine writes them: two segments, of which only one occurs."""
    made = scans.saveAll(tmp_path / "result", ball)
    scans.save(made["label"], 3 * ball.label, ball.ijkToRAS)
    return made


@pytest.fixture
def add(host, model, files):
    from DualTaskSegLib.results import results

    def one(volume, **changes):
        given = {**files, **changes}
        return finish(
            results.addResultSteps(volume, given["label"], {"Liver": given["sdm"]}, given["uncertainty"], model)
        )

    return one


@pytest.fixture
def volume(host, ball):
    return scans.addVolume(ball.scan, ball.ijkToRAS, "CT")


def matrixOf(node):
    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    return np.array([[matrix.GetElement(r, c) for c in range(4)] for r in range(4)])


def test_the_nodes_hold_what_the_files_say_on_exactly_the_volume_s_grid(volume, add, ball):
    import slicer.util

    result = add(volume)
    sdm, uncertainty = result.sdmNodes["Liver"], result.uncertaintyNode
    for node, expected in ((sdm, ball.sdm), (uncertainty, ball.uncertainty)):
        voxels = slicer.util.arrayFromVolume(node)
        assert voxels.dtype == np.float32 and np.array_equal(voxels, expected)
        assert np.array_equal(matrixOf(node), matrixOf(volume))  # to the last bit, though NIfTI keeps 32
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(result.segmentationNode, "Segment_3", volume)
    assert np.array_equal(mask, ball.label)
    assert result.remarks == ["Cyst was not found in this scan."]


def test_names_colors_terminology_and_what_dicom_export_needs(volume, add):
    import slicer
    from dualtaskseg.contract.terminology import is_unspecific, parse_terminology
    from DualTaskSegLib.scene import segmentations, segmenttags

    result = add(volume)
    node = result.segmentationNode
    assert (node.GetName(), result.sdmNodes["Liver"].GetName(), result.uncertaintyNode.GetName()) == (
        "CT segmentation",
        "CT signed distance Liver",
        "CT uncertainty",
    )
    infos = segmentations.segmentsOf(node)
    assert [(one.name, one.color, one.empty) for one in infos] == [
        ("Liver", (221, 130, 101), False),
        ("Cyst", (1, 2, 3), True),
    ]
    assert infos[0].terminology == LIVER and is_unspecific(infos[1].terminology)
    assert parse_terminology(infos[1].terminology) is not None
    for index in range(2):
        segment = node.GetSegmentation().GetNthSegment(index)
        assert segmenttags.textOf(segment, "DICOM.SegmentAlgorithmType") == "AUTOMATIC"
        assert segmenttags.textOf(segment, "DICOM.SegmentAlgorithmName") == "DualTaskSeg Liver 2025"
    role = slicer.vtkMRMLSegmentationNode.GetReferenceImageGeometryReferenceRole()
    assert node.GetNodeReference(role) is volume
    sdm = result.sdmNodes["Liver"]
    wanted = {
        "Role": "signed distance",
        "Units": "mm",
        "Sign": "negative inside",
        "Model": "Liver 2025",
        "Source": "CT",
    }
    assert {name: sdm.GetAttribute(f"DualTaskSeg.{name}") for name in wanted} == wanted
    assert node.GetAttribute("DualTaskSeg.Role") == "segmentation"
    assert result.uncertaintyNode.GetAttribute("DualTaskSeg.Role") == "uncertainty"
    assert result.modelName == "Liver 2025"


def test_results_lie_under_the_volume_s_study(volume, add):
    import slicer

    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    patient = hierarchy.CreateSubjectItem(hierarchy.GetSceneItemID(), "Patient")
    study = hierarchy.CreateStudyItem(patient, "Study")
    hierarchy.CreateItem(study, volume)
    for node in add(volume).nodes:
        assert hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node)) == study
    other = scans.addVolume(np.zeros(3 * (8,), np.int16), np.eye(4), "Other")
    from DualTaskSegLib.results import results

    results.placeBeside(other, scans.addVolume(np.zeros(3 * (8,), np.int16), np.eye(4), "Alone"))
    assert hierarchy.GetItemParent(hierarchy.GetItemByDataNode(other)) == hierarchy.GetSceneItemID()


def test_a_second_result_leaves_the_first_and_the_user_s_own_as_they_are(volume, add, ball):
    import slicer.util
    from DualTaskSegLib.results import results

    mine = scans.addSegmentation({"Mine": ball.label}, volume, "CT segmentation")
    window = volume.GetDisplayNode().GetWindow()
    first = add(volume)
    before = [(node.GetID(), node.GetName(), node.GetMTime()) for node in first.nodes]
    second = add(volume)
    assert [(node.GetID(), node.GetName(), node.GetMTime()) for node in first.nodes] == before
    assert len({node.GetName() for node in [mine, *first.nodes, *second.nodes]}) == 7
    assert [one.id for one in results.resultsOf(volume)] == [first.id, second.id]
    assert results.resultOf(mine) is None and results.resultOf(second.uncertaintyNode).id == second.id
    assert volume.GetDisplayNode().GetWindow() == window
    assert np.array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(mine, "user0", volume), ball.label)


def test_a_result_is_replaced_in_place(volume, add, model, files, ball, tmp_path):
    import slicer.util
    from DualTaskSegLib.results import results

    result = add(volume)
    ids = [node.GetID() for node in result.nodes]
    result.segmentationNode.GetDisplayNode().SetOpacity2DFill(0.123)
    result.segmentationNode.GetDisplayNode().SetSegmentVisibility("Segment_3", False)
    smaller = scans.Ball(scans.OBLIQUE, radius=10)
    label = scans.save(tmp_path / "b.nii.gz", 3 * smaller.label, ball.ijkToRAS)
    again = finish(results.addResultSteps(volume, label, {"Liver": files["sdm"]}, files["uncertainty"], model, result))
    assert [node.GetID() for node in again.nodes] == ids and again.id == result.id
    assert again.segmentationNode.GetDisplayNode().GetOpacity2DFill() == pytest.approx(0.123)
    assert not again.segmentationNode.GetDisplayNode().GetSegmentVisibility("Segment_3")
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(again.segmentationNode, "Segment_3", volume)
    assert np.array_equal(mask, smaller.label) and not results.isEdited(again.segmentationNode)
    less = finish(results.addResultSteps(volume, label, {}, None, model, result))
    assert less.nodes == [again.segmentationNode]
    assert len(slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")) == 1
    slicer.mrmlScene.RemoveNode(less.segmentationNode)  # the user's right
    assert results.resultsOf(volume) == [] and results.resultOf(result.id) is None
    assert len(finish(results.addResultSteps(volume, label, {}, None, model, result)).nodes) == 1


def test_an_edit_is_noticed_and_other_changes_are_not(volume, add, ball):
    import slicer.util
    from DualTaskSegLib.results import results
    from DualTaskSegLib.scene import segmenttags

    node = add(volume).segmentationNode
    segmentation = node.GetSegmentation()
    assert results.originOf(node) == "predicted" and results.updateAlgorithmType(node) == "AUTOMATIC"
    node.SetName("renamed")
    segmentation.GetSegment("Segment_3").SetName("Hepar")
    segmentation.GetSegment("Segment_3").SetColor(1, 0, 0)
    node.CreateClosedSurfaceRepresentation()
    node.GetDisplayNode().SetOpacity2DFill(0.2)
    segmentation.SeparateSegmentLabelmap("Segment_3")
    segmentation.CollapseBinaryLabelmaps(False)
    slicer.util.updateSegmentBinaryLabelmapFromArray(ball.label, node, "Segment_3", volume)  # the same voxels
    assert not results.isEdited(node)
    changed = ball.label.copy()
    changed[tuple(np.argwhere(changed)[0])] = 0  # a single voxel
    slicer.util.updateSegmentBinaryLabelmapFromArray(changed, node, "Segment_3", volume)
    assert results.isEdited(node) and results.originOf(node) == "edited"
    own = segmentation.AddEmptySegment("mine", "Mine")
    assert results.updateAlgorithmType(node) == "SEMIAUTOMATIC"
    assert segmenttags.textOf(segmentation.GetSegment("Segment_3"), "DICOM.SegmentAlgorithmType") == "SEMIAUTOMATIC"
    assert segmenttags.textOf(segmentation.GetSegment(own), "DICOM.SegmentAlgorithmType") == ""


@pytest.mark.parametrize("change", ["shift", "remove", "add", "fill the empty one", "harden"])
def test_every_kind_of_edit_is_noticed(volume, add, ball, change):
    import slicer.util
    from DualTaskSegLib.results import results

    node = add(volume).segmentationNode
    segmentation = node.GetSegmentation()
    if change == "shift":
        moved = np.roll(ball.label, 1, axis=2)
        slicer.util.updateSegmentBinaryLabelmapFromArray(moved, node, "Segment_3", volume)
    elif change == "remove":
        segmentation.RemoveSegment("Segment_1")
    elif change == "add":
        segmentation.AddEmptySegment("mine", "Mine")
    elif change == "harden":
        node.SetAndObserveTransformNodeID(scans.addTransform(scans.moved()).GetID())
        assert not results.isEdited(node)
        node.HardenTransform()
    else:
        slicer.util.updateSegmentBinaryLabelmapFromArray(ball.label, node, "Segment_1", volume)
    assert results.isEdited(node)


def test_results_and_edits_are_known_again_after_the_scene_was_saved(volume, add, ball, tmp_path):
    import slicer.util
    from DualTaskSegLib.results import results

    result, other = add(volume), add(volume)
    changed = ball.label.copy()
    changed[tuple(np.argwhere(changed)[0])] = 0
    slicer.util.updateSegmentBinaryLabelmapFromArray(changed, other.segmentationNode, "Segment_3", volume)
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear()
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    loaded = results.resultsOf(slicer.util.getNode("CT"))
    assert {one.id for one in loaded} == {result.id, other.id}
    for one in loaded:
        assert len(one.nodes) == 3 and set(one.sdmNodes) == {"Liver"}
        assert results.isEdited(one.segmentationNode) == (one.id == other.id)
        assert results.sourceOf(one.uncertaintyNode) is slicer.util.getNode("CT")


def test_results_of_a_moved_volume_move_along(volume, model, ball, tmp_path):
    import slicer.util
    from DualTaskSegLib.results import results
    from DualTaskSegLib.scene import casevolumes

    volume.SetAndObserveTransformNodeID(scans.addTransform(scans.moved()).GetID())
    _voxels, world = scans.read(finish(casevolumes.writeVolumeSteps(volume, tmp_path / "scan.nrrd")))
    hardened = scans.Ball(world, center=tuple((scans.moved() @ [*scans.CENTER, 1])[:3]))
    assert scans.dice(hardened.label > 0, ball.label > 0) == 1
    made = scans.saveAll(tmp_path / "moved", hardened, ".nrrd")
    result = finish(
        results.addResultSteps(
            volume,
            scans.save(made["label"], 3 * hardened.label, world),
            {"Liver": made["sdm"]},
            made["uncertainty"],
            model,
        )
    )
    for node in result.nodes:
        assert node.GetTransformNodeID() == volume.GetTransformNodeID()
    assert np.array_equal(matrixOf(result.sdmNodes["Liver"]), matrixOf(volume))
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(result.segmentationNode, "Segment_3", volume)
    assert np.array_equal(mask, ball.label)


@pytest.mark.parametrize("fault", ["other grid", "damaged", "missing", "no label", "deleted"])
def test_a_bad_file_or_a_deleted_volume_leaves_nothing_behind(volume, add, ball, files, tmp_path, host, fault):
    import slicer
    from dualtaskseg.errors import InputError

    changes = {}
    shifted = ball.ijkToRAS.copy()
    shifted[:3, 3] += 4
    if fault == "other grid":
        changes["sdm"], words = scans.save(tmp_path / "s.nrrd", ball.sdm, shifted), "does not lie on the grid of CT"
    elif fault == "damaged":
        bad = tmp_path / "u.nrrd"
        bad.write_bytes(scans.save(tmp_path / "v.nrrd", ball.uncertainty, ball.ijkToRAS).read_bytes()[:3000])
        changes["uncertainty"], words = bad, "can't be read"
    elif fault == "missing":
        changes["uncertainty"], words = tmp_path / "nowhere.nrrd", "does not exist"
    elif fault == "no label":
        changes["label"], words = files["sdm"], "not whole numbers"
    else:
        slicer.mrmlScene.RemoveNode(volume)
        words = "was deleted"
    count = slicer.mrmlScene.GetNumberOfNodes()
    with pytest.raises(InputError, match=words):
        add(volume, **changes)
    assert slicer.mrmlScene.GetNumberOfNodes() == count
    host.forgetErrors()  # the reader tells VTK as well


def test_what_a_model_folder_says_is_taken(volume, files, tmp_path):
    from dualtaskseg.model.folder import read_model
    from DualTaskSegLib.results import results
    from test_modellibrary import makeModel

    folder = makeModel(tmp_path / "model", "Mine")
    node = finish(results.addResultSteps(volume, files["label"], {}, None, folder)).segmentationNode
    said = read_model(folder)
    assert node.GetAttribute(results.MODEL) == "Mine" == said.name
    assert node.GetAttribute(results.MODEL_HASH) == said.weights_sha256 != ""
    segments = [node.GetSegmentation().GetNthSegment(index) for index in range(len(said.segments))]
    assert [(one.GetName(), one.GetLabelValue()) for one in segments] == [
        (one.name, one.value) for one in said.segments
    ]


def test_a_result_of_usual_size_is_shown_within_a_second_in_short_steps(host, model, tmp_path):
    """256x256x160 voxels, from the files' arrival to the picture with overlay and contour."""
    import slicer
    from DualTaskSegLib.results import results
    from DualTaskSegLib.views import contours, overlays

    size = (256, 256, 160)
    large = scans.Ball(
        scans.matrixAround(scans.CENTER, (0.8, 0.8, 1.2), scans.rotation((5, 9, 13)), size), size, radius=50
    )
    made = scans.saveAll(tmp_path / "large", large)
    scans.save(made["label"], 3 * large.label, large.ijkToRAS)
    volume = scans.addVolume(large.scan, large.ijkToRAS, "Large")
    red = slicer.app.layoutManager().sliceWidget("Red")
    overlays.showVolume(volume)
    red.image()
    clock = Clock()
    result = clock.drive(
        results.addResultSteps(volume, made["label"], {"Liver": made["sdm"]}, made["uncertainty"], model)
    )
    clock.call(overlays.showSegmentation, result.segmentationNode)
    clock.call(overlays.showDistance, result.sdmNodes["Liver"])
    clock.drive(contours.showContoursSteps(result.sdmNodes["Liver"], [0]))
    clock.call(red.image)
    clock.check(total=1.0, longest=0.2)


class Clock:
    """Seconds of computing, and on the clock on the wall, which counts only while nobody else needs the processor."""

    def __init__(self):
        self.began = time.process_time(), time.monotonic()
        self.longest = [0.0, 0.0]

    def call(self, function, *arguments):
        before = time.thread_time(), time.monotonic()
        try:
            return function(*arguments)
        finally:
            now = time.thread_time(), time.monotonic()
            self.longest = [max(old, b - a) for old, a, b in zip(self.longest, before, now, strict=True)]

    def drive(self, steps):
        while True:
            try:
                self.call(next, steps)
            except StopIteration as end:
                return end.value

    def check(self, total, longest):
        spent = [b - a for a, b in zip(self.began, (time.process_time(), time.monotonic()), strict=True)]
        isBusy = os.getloadavg()[0] > os.cpu_count()
        for index in range(1 if isBusy else 2):
            assert spent[index] < total, f"{spent[index]:.2f} s"
            assert self.longest[index] < longest, f"{self.longest[index]:.2f} s"


def test_nothing_is_kept_open(volume, add, files):
    """A result's files may be deleted at once, as those in a folder for temporary files are."""
    import slicer.util

    result = add(volume)
    for file in files.values():
        Path(file).unlink()
    assert slicer.util.arrayFromVolume(result.sdmNodes["Liver"]).min() < -5
