"""The door for scripts: DualTaskSegLogic trains, segments, exports and suggests without the panel."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest
import scans
from modeltools import trainedRun  # noqa: F401  a fixture
from paneltools import MODULE, cohort  # noqa: F401  a fixture

DOCUMENT = Path(__file__).resolve().parents[2] / "Docs" / "scripting.md"


@pytest.fixture
def logic(host):
    """The logic, as a script makes it; no panel is open."""
    host.loadModule(Path(__file__).resolve().parents[2] / MODULE)
    made = sys.modules["DualTaskSeg"].DualTaskSegLogic()
    yield made
    made.close()
    from DualTaskSegLib.engine import childprocess

    host.waitFor(lambda: not childprocess._kept, seconds=20)


@pytest.fixture
def model(trainedRun) -> Path:  # noqa: F811
    """The model of a short training."""
    return trainedRun / "model"


@pytest.fixture
def ball(host):
    return scans.Ball(scans.OBLIQUE)


@pytest.fixture
def outlined(logic, tmp_path, ball):
    """A project with a scan of the scene and its outlines, and the nodes."""
    volume = scans.addVolume(ball.scan, ball.ijkToRAS)
    node = scans.addSegmentation({"Organ": ball.label > 0}, volume)
    project = logic.createProject(tmp_path / "project")
    return project, logic.addCase(project, volume, node), volume, node


def test_a_scan_of_the_scene_becomes_a_labeled_case(logic, outlined, ball):
    project, case, volume, _node = outlined
    again = logic.openProject(project.folder)
    assert [each.role for each in again.cases] == ["labeled"] and [each.name for each in again.segments] == ["Organ"]
    label, _matrix = scans.read(Path(case.label))
    assert np.array_equal(label > 0, ball.label > 0)
    assert logic.loadCase(case) is volume


def test_what_can_not_be_added_is_a_sentence_and_changes_nothing(logic, outlined):
    import slicer
    from dualtaskseg.errors import InputError

    project = outlined[0]
    before = (project.folder / "project.json").read_bytes()
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Nothing")
    with pytest.raises(InputError, match="Nothing holds no voxels"):
        logic.addCase(project, empty)
    assert (project.folder / "project.json").read_bytes() == before


def test_a_missing_package_is_named(logic, outlined, model, monkeypatch):
    from dualtaskseg.errors import InputError
    from DualTaskSegLib.installing import dependencies

    absent = dependencies.Dependency("torch", None, ">=2.0", "much", "from somewhere")
    monkeypatch.setattr(dependencies, "missing", lambda withOptional=False: [absent])
    for call in (lambda: logic.segment(outlined[2], model), lambda: logic.train(outlined[0])):
        with pytest.raises(InputError, match="torch"):
            call()


def test_the_mask_is_that_of_the_command_line(host, logic, outlined, model, tmp_path):
    """And events are processed meanwhile, nothing is chosen in the scene, and a call within a call is refused."""
    import subprocess

    import qt
    import SimpleITK as sitk
    import slicer.util
    from dualtaskseg.errors import DualTaskSegError

    _project, case, volume, _node = outlined
    refused, beats, shares = [], [], []

    def within() -> None:
        with pytest.raises(DualTaskSegError, match="Another call is waiting"):
            logic.segment(volume, model)
        refused.append(True)

    qt.QTimer.singleShot(50, within)
    timer = qt.QTimer()
    timer.connect("timeout()", lambda: beats.append(True))
    timer.start(20)
    result = logic.segment(volume, model, device="cpu", onProgress=lambda share, text: shares.append(share))
    timer.stop()
    assert refused and len(beats) > 5 and shares[0] == 0 and max(shares) > 0.9
    command = [sys.executable, "-m", "dualtaskseg", "predict", str(model), case.image, "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    expected = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "out" / "scan_001.nii.gz")))
    for index in range(result.segmentationNode.GetSegmentation().GetNumberOfSegments()):
        segmentId = result.segmentationNode.GetSegmentation().GetNthSegmentID(index)
        mask = slicer.util.arrayFromSegmentBinaryLabelmap(result.segmentationNode, segmentId, volume)
        wanted = expected == index + 1
        assert np.array_equal(mask > 0, wanted) if mask is not None else not wanted.any()
    assert logic.getParameterNode().segmentation is None
    again = logic.segment(volume, model, device="cpu", replaced=result)
    assert again.segmentationNode is result.segmentationNode


def test_a_result_that_can_not_be_is_a_sentence(logic, outlined, tmp_path):
    from dualtaskseg.errors import DualTaskSegError

    with pytest.raises(DualTaskSegError, match="model"):
        logic.segment(outlined[2], tmp_path / "no model", device="cpu")


def test_a_partly_outlined_scan_is_completed_and_a_slice_suggested(logic, tmp_path, model, ball):
    """What the empty slices are has to be said; the outlines stay, and the suggestion is none of them."""
    import slicer.util
    from dualtaskseg.errors import InputError

    volume = scans.addVolume(ball.scan, ball.ijkToRAS)
    mask = ball.label > 0
    mask[np.arange(len(mask)) % 4 > 0] = False
    node = scans.addSegmentation({"Organ": mask}, volume)
    project = logic.createProject(tmp_path / "project")
    with pytest.raises(InputError, match="empty slices between outlined ones"):
        logic.addCase(project, volume, node)
    case = logic.addCase(project, volume, node, isPartly=True)
    result = logic.complete(project, case, model, device="cpu")
    organ = slicer.util.arrayFromSegmentBinaryLabelmap(result.segmentationNode, "Segment_1", volume)
    on = mask.any(axis=(1, 2))
    assert np.array_equal(organ[on] > 0, mask[on])
    found = logic.suggestSlice(case, result)
    assert found is None or not {found.index - 1, found.index, found.index + 1} & set(np.flatnonzero(on).tolist())
    logic.addCase(project, volume, node, isPartly=False)
    with pytest.raises(InputError, match="nothing to complete"):
        logic.complete(project, case, model)


def test_what_is_canceled_leaves_nothing(logic, outlined, model):
    import slicer.util
    from DualTaskSegLib.engine.waiting import CanceledError

    before = slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
    with pytest.raises(CanceledError):
        logic.segment(outlined[2], model, device="cpu", onProgress=lambda share, text: logic.cancel())
    assert slicer.util.getNodesByClass("vtkMRMLSegmentationNode") == before
    assert logic.segment(outlined[2], model, device="cpu").segmentationNode is not None  # it can go on


def test_numbers_of_outlines_and_what_can_not_be_measured_or_compared(logic, outlined, tmp_path, ball):
    """On an oblique grid, of a person's outline: the ball's own size; nothing is replaced unasked."""
    import slicer.util
    from dualtaskseg.errors import DualTaskSegError, InputError

    _project, _case, volume, node = outlined
    file = tmp_path / "numbers.csv"
    table = logic.measure(node, file).GetTable()
    value = {table.GetColumnName(k): table.GetColumn(k).GetValue(0) for k in range(table.GetNumberOfColumns())}
    assert value["largest_mm"] == pytest.approx(2 * scans.RADIUS, abs=2)
    assert value["volume_ml"] == pytest.approx(4 / 3 * np.pi * scans.RADIUS**3 / 1000, rel=0.02)
    assert np.isnan(value["predicted_dice"])  # no model made it
    with pytest.raises(InputError, match="exists already"):
        logic.measure(node, file)
    smaller = scans.addSegmentation({"Organ": ball.distance < -3}, volume)
    (row,) = logic.compare(smaller, node).table.rows
    assert row[1] < row[2] and row[4] == 0 and row[6] == pytest.approx(3, abs=1)  # mL before and now, removed, mean mm
    other = scans.addSegmentation({"Organ": ball.label}, scans.addVolume(ball.scan, ball.ijkToRAS, "Other"))
    with pytest.raises(InputError, match="not of the same scan"):
        logic.compare(other, node)
    empty = scans.addSegmentation({"Organ": ball.label * 0}, volume)
    tables = slicer.util.getNodesByClass("vtkMRMLTableNode")
    with pytest.raises(DualTaskSegError, match="holds nothing"):
        logic.measure(empty)
    assert slicer.util.getNodesByClass("vtkMRMLTableNode") == tables


def test_the_export_refuses_what_no_series_belongs_to(logic, outlined, tmp_path):
    from dualtaskseg.errors import InputError

    with pytest.raises(InputError, match="DICOM"):
        logic.exportSegmentation(outlined[3], tmp_path / "a.dcm")
    with pytest.raises(InputError, match="no export format 'stl'"):
        logic.exportSegmentation(outlined[3], tmp_path / "a.nii.gz", format="stl")
    with pytest.raises(InputError, match="beside a DICOM segmentation only"):
        logic.exportSegmentation(outlined[3], tmp_path / "a.nii.gz", withMaps=True)
    assert not list(tmp_path.glob("*.dcm"))


@pytest.fixture
def data(host, tmp_path) -> Path:
    """The files that the document names."""
    import SimpleITK as sitk
    import slicer.util
    from dualtaskseg.synthetic.cohort import make_scan, write_dicom_series

    terminology = (
        "Segmentation category and type - 3D Slicer General Anatomy list~SCT^123037004^Anatomical Structure"
        "~SCT^10200004^Liver~^^~Anatomic codes - DICOM master list~^^~^^"
    )
    for number in range(1, 7):
        image, label = make_scan(number, size=(16, 24, 20))[:2]
        if number == 5:
            write_dicom_series(sitk.Cast(image, sitk.sitkInt16), tmp_path / "CT5 DICOM", 5, "DTS-5")
            continue
        sitk.WriteImage(image, str(tmp_path / f"CT{number}.nrrd"))
        if number in (3, 4):
            continue
        volume = slicer.util.loadVolume(str(tmp_path / f"CT{number}.nrrd"))
        mask, name = sitk.GetArrayFromImage(label) > 0, f"CT{number}"
        if number == 6:
            mask[np.arange(len(mask)) % 4 > 0] = False
            name = "CT6 some slices"
        node = scans.addSegmentation({"Liver": mask}, volume)
        node.GetSegmentation().GetNthSegment(0).SetTag("TerminologyEntry", terminology)
        assert slicer.util.saveNode(node, str(tmp_path / f"{name}.seg.nrrd"))
    slicer.mrmlScene.Clear()
    return tmp_path


def test_the_document_runs(host, logic, data, capsys):
    """Its blocks, one after the other, with the folder of the test; nothing of the panel is there meanwhile."""
    import pydicom

    text = DOCUMENT.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 9
    assert text.count('Path("/data")') == 1
    names: dict[str, object] = {}
    for block in blocks:
        exec(block.replace('Path("/data")', f"Path({str(data)!r})"), names)
    names["logic"].close()
    said = capsys.readouterr().out
    assert "100 %" in said and "CT5.dcm" in said and "canceled" in said
    project, case = names["project"], names["case"]
    assert [each.role for each in project.cases].count("labeled") == 3 and len(project.cases) == 6
    assert case in project.cases and case.role == "unlabeled" and 0 <= case.predictedDice <= 1 and case.suggested
    drawn, filled = (_voxels(names[each], names["begun"]) for each in ("slices", "completed"))
    on = drawn.any(axis=(1, 2))
    assert names["partly"].isPartly and np.array_equal(filled[on], drawn[on]) and "slice" in said
    assert (names["model"] / "model.json").is_file()
    assert all(file.is_file() for file in names["files"]) and len(names["files"]) > 1
    plain = [file.name for each in ("contours", "named", "labelMap") for file in names[each]]
    assert plain == ["CT5 contours.dcm", "CT5.seg.nrrd", "CT5.nii.gz", "CT5_ColorTable.ctbl"]
    assert all((data / name).is_file() for name in plain)
    assert pydicom.dcmread(data / "CT5 contours.dcm").Modality == "RTSTRUCT"
    assert names["scan"].GetAttribute("DualTaskSeg.CaseId") == case.id
    assert (data / "CT5 numbers.csv").read_text(encoding="utf-8").startswith("structure,volume_ml,axial_mm")
    assert names["numbers"].GetTable().GetColumnByName("volume_ml").GetValue(0) > 0
    assert names["table"].GetTable().GetColumnByName("dice").GetValue(0) == 1  # the same model said the same


def _voxels(result, volume) -> np.ndarray:
    import slicer.util

    node = getattr(result, "segmentationNode", result)
    segment = node.GetSegmentation().GetNthSegmentID(0)
    return slicer.util.arrayFromSegmentBinaryLabelmap(node, segment, volume) > 0


def test_the_docstring_names_what_there_is(logic):
    """The example of the class calls methods that exist, with names of arguments that they have."""
    import ast
    import inspect

    kind = type(logic)
    example = kind.__doc__.split("::\n", 1)[1]
    calls = [
        node
        for node in ast.walk(ast.parse(inspect.cleandoc(example)))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logic.")
    ]
    assert {call.func.attr for call in calls} >= {"train", "segment", "exportSegmentation", "suggestNext", "close"}
    for call in calls:
        arguments = [None] * len(call.args), {each.arg: None for each in call.keywords}
        inspect.signature(getattr(kind, call.func.attr)).bind(logic, *arguments[0], **arguments[1])
