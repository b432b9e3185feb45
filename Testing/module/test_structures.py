"""Structures in the panel: another name, color or term reaches all, one more teaches nobody that it is absent."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from dualtaskseg.contract.segment import Segment
from DualTaskSegLib.common.steps import finish
from paneltools import *  # noqa: F403
from paneltools import addFolder, click, rows, section, selectRows, unfold, waitForIdle

pytestmark = pytest.mark.usefixtures("host")

BOX = (slice(5, 9), slice(6, 10), slice(4, 8))


def casesOf(widget):
    return section(widget, "CasesSection")


@pytest.fixture
def structuresPanel(host, cohortPanel):
    """The cohort's project with the list of structures open, and the first of them chosen."""
    cases = unfold(cohortPanel, "CasesSection")
    click(cases.ui.structuresButton)
    selectRows(cases.ui.structuresTable, [0])
    return cohortPanel


def answer(host, widget, button, reply, text: str) -> None:
    from slicerhost import questions

    questions.expect(reply, text)
    click(button)
    waitForIdle(host, widget)


def openCase(host, widget, case):
    """The outline of a case, opened as by a double click."""
    import slicer

    casesOf(widget).outlines.open(case.id)
    host.waitFor(lambda: slicer.util.moduleSelector().selectedModule == "SegmentEditor", 20)
    node = slicer.modules.SegmentEditorWidget.editor.segmentationNode()
    slicer.util.selectModule("DualTaskSeg")
    return node


def segmentsIn(node) -> dict[str, object]:
    segmentation = node.GetSegmentation()
    numbers = range(segmentation.GetNumberOfSegments())
    return {segmentation.GetNthSegment(n).GetName(): segmentation.GetNthSegment(n) for n in numbers}


def draw(node, name: str) -> None:
    import slicer

    segmentId = node.GetSegmentation().GetSegmentIdBySegmentName(name)
    volume = node.GetNodeReference(node.GetReferenceImageGeometryReferenceRole())
    mask = np.zeros(slicer.util.arrayFromVolume(volume).shape, np.uint8)
    mask[BOX] = 1
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, volume)


def voxelsOf(file) -> np.ndarray:
    import SimpleITK as sitk

    return sitk.GetArrayFromImage(sitk.ReadImage(str(file)))


def labelThatNamesItself(project, case, folder: Path) -> Path:
    """Gives a case its label as a segmentation that 3D Slicer saved, whose values are numbered in another order."""
    import SimpleITK as sitk
    from dualtaskseg.dicom.plain_files import export_plain

    image = sitk.ReadImage(case.label)
    masks = {}
    for segment in project.segments:
        masks[segment.name] = folder / f"{segment.name}.nrrd"
        sitk.WriteImage(image == segment.value, str(masks[segment.name]))
    file = folder / "mine.seg.nrrd"
    export_plain(masks, [replaced(each, terminology="") for each in reversed(project.segments)], file)
    project.setLabel(case.id, file)
    return file


def replaced(segment: Segment, **changes) -> Segment:
    from dataclasses import replace

    return replace(segment, **changes)


def addResult(project, case, volume, name: str, segments, replacing=None):
    """A result of a model as Apply adds it."""
    from dualtaskseg.model.description import ModelDescription
    from DualTaskSegLib.results import results

    model = ModelDescription(name, tuple(segments), {}, {}, weights_sha256="ab" * 32)
    return finish(results.addResultSteps(volume, case.label, {"Organ": case.image}, None, model, replacing))


def test_another_name_reaches_everything(host, structuresPanel, tmp_path):
    """Files, open outlines, open results and the project; a label that names itself is copied and stays as it was."""
    from dualtaskseg.data.checks import check_dataset
    from dualtaskseg.data.layouts import load_dataset

    panel, cases = structuresPanel.panel, casesOf(structuresPanel)
    project = panel.project
    own, opened, *_others = [case for case in project.cases if case.label]
    before = voxelsOf(own.label)
    mine = labelThatNamesItself(project, own, tmp_path)
    content = mine.read_bytes()
    seen = np.ones_like(before)
    seen[3:] = 0  # nobody looked there
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(seen)
    image.CopyInformation(sitk.ReadImage(own.image))
    sitk.WriteImage(image, str(tmp_path / "looked at.nrrd"))
    project.setPartly(own.id, tmp_path / "looked at.nrrd")
    node = openCase(host, structuresPanel, opened)
    volume = node.GetNodeReference(node.GetReferenceImageGeometryReferenceRole())
    result = addResult(project, opened, volume, "Old", project.segments)
    written = Path(opened.label).read_bytes()

    answer(host, structuresPanel, cases.ui.structureRenameButton, "Linke Niere", "Name of the structure")
    assert [segment.name for segment in project.segments] == ["Linke Niere", "Vein"]
    told = json.loads((project.folder / "segments.json").read_text("utf-8"))
    assert [each["name"] for each in told] == ["Linke Niere", "Vein"]
    assert rows(cases.ui.structuresTable)[0][0] == "Linke Niere"
    assert mine.read_bytes() == content and Path(own.label).parent == project.labelsFolder
    assert np.array_equal(voxelsOf(own.label), before)
    assert own.isPartly and Path(own.seen).parent == project.labelsFolder and np.array_equal(voxelsOf(own.seen), seen)
    assert "a copy in the project is used" in structuresPanel.ui.messageLabel.text
    assert Path(opened.label).read_bytes() == written  # numbers need no change
    assert set(segmentsIn(node)) == {"Linke Niere", "Vein"}
    assert not cases.outlines.annotations.inScene(project), "the renamed outline is taken for a new one"
    assert set(segmentsIn(result.segmentationNode)) == {"Linke Niere", "Vein"}
    from DualTaskSegLib.results import results

    again = results.resultOf(result.id)
    assert list(again.sdmNodes) == ["Linke Niere"] and again.sdmNodes["Linke Niere"].GetName().endswith("Linke Niere")
    assert not results.isEdited(result.segmentationNode)
    report = check_dataset(load_dataset(project.folder))
    assert not report.errors and len(load_dataset(project.folder).labeled) == 3

    # what models know by the former name is still understood
    from DualTaskSegLib.project.structures import presentName

    later = addResult(project, opened, volume, "Older", [Segment("organ", 1, (1, 2, 3)), Segment("Vein", 2, (4, 5, 6))])
    panel.resultsChanged.emit()
    assert set(segmentsIn(later.segmentationNode)) == {"Linke Niere", "Vein"}
    replacing = addResult(
        project, opened, volume, "Older", [Segment("Organ", 1, (1, 2, 3)), Segment("Vein", 2, (4, 5, 6))], later
    )
    panel.resultsChanged.emit()
    assert set(segmentsIn(replacing.segmentationNode)) == {"Linke Niere", "Vein"}
    assert replacing.segmentationNode is later.segmentationNode and list(results.resultOf(later.id).sdmNodes) == [
        "Linke Niere"
    ]
    segmentsIn(later.segmentationNode)["Linke Niere"].SetName("Organ")  # as in a scene that was saved before
    panel.resultsChanged.emit()
    assert set(segmentsIn(later.segmentationNode)) == {"Linke Niere", "Vein"}
    selectRows(cases.ui.structuresTable, [1])
    answer(host, structuresPanel, cases.ui.structureRenameButton, "Organ", "Name of the structure")
    assert "models know it by that" in structuresPanel.ui.messageLabel.text
    assert [segment.name for segment in project.segments] == ["Linke Niere", "Vein"]
    from DualTaskSegLib.project.project import Project

    reopened = Project.open(project.folder)
    assert presentName(reopened, "ORGAN") == "Linke Niere" and reopened.request(start_from="x").former_names


def test_color_and_term_reach_open_outlines(host, structuresPanel):
    import qt
    from DualTaskSegLib.scene import segmenttags
    from PySide6.QtTest import QTest

    cases, project = casesOf(structuresPanel), structuresPanel.panel.project
    node = openCase(host, structuresPanel, project.cases[0])
    answer(host, structuresPanel, cases.ui.structureColorButton, qt.QColor(10, 200, 30), "Color of Organ")
    assert project.segments[0].color == (10, 200, 30)
    assert [round(255 * part) for part in segmentsIn(node)["Organ"].GetColor()] == [10, 200, 30]

    click(cases.ui.structureTermButton)
    ui = cases.ui
    assert ui.termList.item(ui.termList.currentRow).text() == "Organ"  # what the name suggests
    ui.termEdit.clear()
    QTest.keyClicks(ui.termEdit, "kidn left")
    assert ui.termList.item(0).text() == "Kidney, left"
    assert "SCT 64033007" in ui.termList.item(0).toolTip()
    ui.termEdit.clear()
    QTest.keyClicks(ui.termEdit, "xyz")
    assert ui.termList.count == 1 and not ui.termUseButton.enabled  # nothing is taken unless it is chosen
    ui.termEdit.clear()
    QTest.keyClicks(ui.termEdit, "kidn left")
    click(ui.termUseButton)
    waitForIdle(host, structuresPanel)
    assert "~SCT^64033007^Kidney~SCT^7771000^Left~" in project.segments[0].terminology
    assert segmenttags.terminologyOf(segmentsIn(node)["Organ"]) == project.segments[0].terminology
    assert rows(ui.structuresTable)[0][1] == "Kidney, left" and not ui.termBox.isVisibleTo(cases.widget)
    assert not cases.outlines.annotations.inScene(project)


def test_slicer_s_selector_is_used_where_it_is(host, structuresPanel):
    """It shows the present term, and what is chosen in it becomes the structure's."""
    import slicer
    from slicerhost import questions

    cases, project = casesOf(structuresPanel), structuresPanel.panel.project
    shown = []

    def choose(dialog):
        [navigator] = dialog.findChildren(slicer.qSlicerTerminologyNavigatorWidget)
        entry = slicer.vtkSlicerTerminologyEntry()
        assert navigator.terminologyEntry(entry) and not navigator.overrideSectionVisible
        shown.append(entry.GetTypeObject().GetCodeMeaning())
        entry.GetTypeObject().SetCodeValue("10200004")
        entry.GetTypeObject().SetCodeMeaning("Liver")
        navigator.setTerminologyEntry(entry)
        return 1

    click(cases.ui.structureTermButton)
    for reply in (0, choose):
        questions.expect(reply, "Standard term of Organ")
        click(cases.ui.termSlicerButton)
        waitForIdle(host, structuresPanel)
    assert shown == ["Organ"] and "SCT^10200004^Liver" in project.segments[0].terminology


@pytest.mark.parametrize(
    "name", ["left kidney", "liver", "liver tumor", "right lung nodule", "blood", "something that no list knows"]
)
def test_slicer_s_selector_keeps_side_and_region(host, structuresPanel, name):
    """Shown and chosen unchanged, a term stays what it was; what has none shows the lists, and "None" is no term."""
    import slicer
    from dualtaskseg.contract.terminology import same_meaning
    from DualTaskSegLib.panel import termbox
    from DualTaskSegLib.project import terms
    from slicerhost import questions

    suggested = terms.suggestion(name)
    wanted = suggested.entry if suggested is not None else ""
    if wanted:
        questions.expect(1, f"Standard term of {name}")
        assert same_meaning(termbox.askSlicer("", name), wanted)
        questions.expect(1, "Standard term of Organ")
        assert same_meaning(termbox.askSlicer(wanted, "Organ"), wanted)
        return
    hadLists = []

    def choose(dialog):
        [navigator] = dialog.findChildren(slicer.qSlicerTerminologyNavigatorWidget)
        hadLists.append(navigator.terminologyEntry(slicer.vtkSlicerTerminologyEntry()))
        return 1

    questions.expect(choose, f"Standard term of {name}")
    assert termbox.askSlicer("", name) == "" and hadLists == [True]


def test_one_more_structure_teaches_nobody_that_it_is_absent(host, structuresPanel):
    panel, cases = structuresPanel.panel, casesOf(structuresPanel)
    project, ui = panel.project, casesOf(structuresPanel).ui
    labeled = [case for case in project.cases if case.label]
    written = {case.id: Path(case.label).read_bytes() for case in labeled}
    node = openCase(host, structuresPanel, labeled[0])
    answer(host, structuresPanel, ui.structureAddButton, "Liver tumor", "Add a structure")
    added = project.segments[-1]
    assert (added.name, added.value) == ("Liver tumor", 3) and "SCT^10200004^Liver" in added.terminology
    assert added.color not in {segment.color for segment in project.segments[:-1]}
    assert all(case.notLookedFor == ["Liver tumor"] for case in labeled)
    assert set(segmentsIn(node)) == {"Organ", "Vein", "Liver tumor"}
    assert not cases.outlines.annotations.inScene(project) and ui.laterBox.isVisibleTo(cases.widget)
    assert "3 scans were outlined before Liver tumor" in ui.laterLabel.text
    assert "Look at it again for: Liver tumor" in str(rows(ui.caseTable))

    # until somebody looked, the outlines are lost to nobody and taught to nobody
    assert (
        not project.dataset().labeled
        and "look at them again" in section(structuresPanel, "TrainSection").ui.trainButton.toolTip
    )
    assert json.loads((project.folder / "project.json").read_text("utf-8"))["format"] == 3
    assert ",labeled" not in (project.folder / "cases.csv").read_text("utf-8")
    assert {case.id: Path(case.label).read_bytes() for case in labeled} == written
    selectRows(ui.structuresTable, [2])
    assert ui.structureRemoveButton.enabled

    # drawn in one scan: that one is known
    draw(node, "Liver tumor")
    structuresPanel.enter()
    host.waitFor(lambda: not labeled[0].notLookedFor, 20)
    waitForIdle(host, structuresPanel)
    assert (voxelsOf(labeled[0].label)[BOX] == 3).any()
    assert [case.name for case in project.dataset().labeled] == [labeled[0].name]
    assert not ui.structureRemoveButton.enabled and labeled[0].name in ui.structureRemoveButton.toolTip

    # in another one something else is changed: that says nothing of the tumor
    other = openCase(host, structuresPanel, labeled[1])
    draw(other, "Vein")
    structuresPanel.enter()
    host.waitFor(lambda: "still to be looked for" in structuresPanel.ui.messageLabel.text, 20)
    waitForIdle(host, structuresPanel)
    assert labeled[1].notLookedFor == ["Liver tumor"] and (voxelsOf(labeled[1].label)[BOX] == 2).all()

    # the user looked at the others and found none
    ui.caseTable.clearSelection()
    assert not ui.laterAbsentButton.enabled
    ui.caseTable.selectAll()
    answer(host, structuresPanel, ui.laterAbsentButton, False, "is Liver tumor not there")
    assert labeled[1].notLookedFor
    answer(host, structuresPanel, ui.laterAbsentButton, True, "is Liver tumor not there")
    assert not any(case.notLookedFor for case in project.cases) and not ui.laterBox.isVisibleTo(cases.widget)
    assert len(project.dataset().labeled) == 3 and Path(labeled[2].label).read_bytes() == written[labeled[2].id]


def test_a_structure_that_nobody_outlined_is_taken_out(host, structuresPanel):
    cases, project = casesOf(structuresPanel), structuresPanel.panel.project
    node = openCase(host, structuresPanel, project.cases[0])
    before = project.segments
    answer(host, structuresPanel, cases.ui.structureAddButton, "background", "Add a structure")
    assert "background" in structuresPanel.ui.messageLabel.text and project.segments == before
    answer(host, structuresPanel, cases.ui.structureAddButton, "organ", "Add a structure")
    assert "already a structure called Organ" in structuresPanel.ui.messageLabel.text
    answer(host, structuresPanel, cases.ui.structureAddButton, "Spleen", "Add a structure")
    selectRows(cases.ui.structuresTable, [2])
    click(cases.ui.structureRemoveButton)
    waitForIdle(host, structuresPanel)
    assert project.segments == before and set(segmentsIn(node)) == {"Organ", "Vein"}
    assert not any(case.notLookedFor for case in project.cases)


def test_a_result_of_a_model_that_does_not_know_a_structure_does_not_teach_its_absence(host, structuresPanel):
    """It becomes the label, but somebody has to look for what the model does not know."""
    from DualTaskSegLib.project import structures
    from DualTaskSegLib.results.accepting import acceptSteps

    project = structuresPanel.panel.project
    case = next(case for case in project.cases if case.label)
    node = openCase(host, structuresPanel, case)
    volume = node.GetNodeReference(node.GetReferenceImageGeometryReferenceRole())
    result = addResult(project, case, volume, "Old", project.segments)
    structures.apply(project, structures.added(project, "Spleen"))
    finish(acceptSteps(project, case, result.segmentationNode, volume))
    assert case.notLookedFor == ["Spleen"]


def test_a_file_of_a_batch_teaches_what_its_model_knows_and_by_the_present_names(host, projectPanel, cohort, tmp_path):
    from dualtaskseg.contract.prediction import PredictionRecord
    from dualtaskseg.model.description import ModelDescription
    from DualTaskSegLib.project import structures
    from DualTaskSegLib.results.accepting import acceptFileSteps

    project = projectPanel.panel.project
    image = sorted((cohort.dataset / "images").iterdir())[0]
    case = project.addCase(image)
    for name in ("Organ", "Vein"):
        structures.apply(project, structures.added(project, name))
    model = ModelDescription("Old", tuple(project.segments), {}, {}, weights_sha256="ab" * 32)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.json").write_text(json.dumps(model.to_dict()), "utf-8")
    (tmp_path / "model" / "weights.safetensors").write_bytes(b"")
    structures.apply(project, structures.renamed(project, project.segments[0], "Niere"))
    structures.apply(project, structures.added(project, "Spleen"))
    label = cohort.dataset / "labels" / image.name
    finish(acceptFileSteps(project, case, PredictionRecord(label, model=str(tmp_path / "model"))))
    assert case.notLookedFor == ["Spleen"] and case.label
    finish(acceptFileSteps(project, case, PredictionRecord(label, model=str(tmp_path / "model"))))
    assert [segment.name for segment in project.segments] == ["Niere", "Vein", "Spleen"]


def test_a_dataset_with_fewer_structures_does_not_teach_the_absence_of_the_others(host, projectPanel, cohort):
    from DualTaskSegLib.project import structures

    project = projectPanel.panel.project
    addFolder(projectPanel, cohort.dataset)
    waitForIdle(host, projectPanel)
    structures.apply(project, structures.added(project, "Spleen"))
    project.remove([case.id for case in project.cases])
    addFolder(projectPanel, cohort.dataset)
    waitForIdle(host, projectPanel)
    assert [case.notLookedFor for case in project.cases if case.label] == [["Spleen"]] * 3


def test_structures_named_beforehand_are_outlined(host, projectPanel, cohort, tmp_path):
    """Named in the panel before anything is outlined, with their terms; the first outline has them."""
    import shutil

    folder = tmp_path / "scans"
    folder.mkdir()
    shutil.copy(sorted((cohort.dataset / "images").iterdir())[0], folder)
    addFolder(projectPanel, folder)
    waitForIdle(host, projectPanel)
    cases, project = casesOf(projectPanel), projectPanel.panel.project
    click(cases.ui.structuresButton)
    for name in ("Leber", "Something"):
        answer(host, projectPanel, cases.ui.structureAddButton, name, "Add a structure")
    node = openCase(host, projectPanel, project.cases[0])
    assert set(segmentsIn(node)) == {"Leber", "Something"}
    draw(node, "Leber")
    projectPanel.enter()
    host.waitFor(lambda: project.cases[0].label != "", 20)
    waitForIdle(host, projectPanel)
    assert [(each.name, each.value) for each in project.segments] == [("Leber", 1), ("Something", 2)]
    assert "SCT^10200004^Liver" in project.segments[0].terminology

    # Train sees to it that each has a term, so that Export has nothing to warn of
    from slicerhost import questions

    train = section(projectPanel, "TrainSection")
    questions.expect(False, "No standard term is chosen for Something")
    assert not train._confirmStructures() and project.segments[1].terminology == ""
    questions.expect(True, "No standard term is chosen for Something")
    assert train._confirmStructures()
    assert train._confirmStructures()  # it is not asked again
    from DualTaskSegLib.dicom.exportchecks import checksOf

    volume = node.GetNodeReference(node.GetReferenceImageGeometryReferenceRole())
    case = project.cases[0]
    made = addResult(project, case, volume, "New", project.segments).segmentationNode
    draw(made, "Something")
    told = {check.what: check.severity for check in checksOf(made, isDicom=False)}
    assert told["Coded as 'Tissue', as it was chosen: Something."] == "note" and "warning" not in told.values()
    old = addResult(project, case, volume, "Old", [replaced(each, terminology="") for each in project.segments])
    told = {check.what: check.severity for check in checksOf(old.segmentationNode, isDicom=False)}
    assert "warning" in told.values()


def test_a_term_that_came_from_the_name_goes_with_it(host, projectPanel):
    """A liver that is renamed to spleen is no liver; a term that somebody chose stays."""
    from DualTaskSegLib.project import structures

    project = projectPanel.panel.project
    structures.apply(project, structures.added(project, "Liver"))
    for name, code in (("Spleen", "78961009"), ("My spleen 2", ""), ("Liver", "10200004")):
        structures.apply(project, structures.renamed(project, project.segments[0], name))
        assert code in project.segments[0].terminology and bool(project.segments[0].terminology) == bool(code)
    other = replaced(project.segments[0], name="Kidney")
    assert structures.Change(project.segments[0], other).appliedTo(project.segments) == [other]
