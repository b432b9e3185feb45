"""Scans that are outlined on some slices only: the question, its answer in the project, and the map for training."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import scans
from modeltools import Heartbeat
from paneltools import *  # noqa: F403
from paneltools import addFolder, click, rows, section, selectRows, waitForIdle
from test_panel_cases import comeBack, openRow, outlined, scansPanel  # noqa: F401  a fixture

pytestmark = pytest.mark.usefixtures("host")


def casesOf(widget):
    return section(widget, "CasesSection")


def drawOn(node, slices, number: int = 0, axis: int = 0) -> np.ndarray:
    """Outlines a square on some slices, as Segment Editor's effects do, instead of what was outlined before."""
    import slicer.util

    volume = node.GetNodeReference(node.GetReferenceImageGeometryReferenceRole())
    mask = np.zeros(slicer.util.arrayFromVolume(volume).shape, np.uint8)
    np.moveaxis(mask, axis, 0)[list(slices), 6:14, 4:11] = 1
    segmentId = node.GetSegmentation().GetNthSegmentID(number)
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, volume)
    return mask


@pytest.fixture
def outline(host, scansPanel):  # noqa: F811
    """Outlines some slices of the first case, and comes back; returns the mask."""

    def draw(slices, row: int = 0, axis: int = 0):
        openRow(scansPanel, row)
        mask = drawOn(outlined(host, scansPanel).segmentationNode(), slices, axis=axis)
        comeBack(host)
        host.waitFor(lambda: not scansPanel.panel.steps.isBusy, 30)
        host.processEvents(20)
        return mask

    return draw


def answer(host, widget, button) -> None:
    click(button)
    host.waitFor(lambda: not widget.panel.steps.isBusy, 30)
    host.processEvents(20)


def isAsked(widget) -> bool:
    cases = casesOf(widget)
    return cases.ui.slicesBox.isVisibleTo(cases.widget)


def tableOf(project) -> list[dict[str, str]]:
    with (project.folder / "cases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EVERY_FOURTH = (3, 7, 11, 15)


def test_not_outlined_yet(host, scansPanel, outline):  # noqa: F811
    """The map holds the outlined slices, lies beside the label on its grid, and the project names it."""
    project, ui = scansPanel.panel.project, casesOf(scansPanel).ui
    mask = outline(EVERY_FOURTH)
    case = project.cases[0]
    assert isAsked(scansPanel) and not case.label and case.role == "unlabeled"
    assert "axial: 4 of 21" in ui.slicesLabel.text and case.name in ui.slicesLabel.text
    assert ui.slicesPartlyButton.default and not ui.slicesNothingButton.default
    answer(host, scansPanel, ui.slicesPartlyButton)
    assert not isAsked(scansPanel)
    assert case.role == "labeled" and Path(case.seen) == project.labelsFolder / f"{case.name}_seen.nrrd"
    label, ijkToRAS = scans.read(Path(case.label))
    seen, own = scans.read(Path(case.seen))
    assert np.array_equal(label, mask) and np.allclose(own, ijkToRAS) and seen.dtype == np.uint8
    expected = np.zeros_like(mask)
    expected[list(EVERY_FOURTH)] = 1
    assert np.array_equal(seen, expected)
    assert rows(ui.caseTable)[0][1:3] == ["labeled", "partly: 4 of 21"]
    assert ui.caseTable.item(0, 2).toolTip() == "partly outlined (4 of 21 slices)"
    assert "1 of them partly" in ui.countLabel.text
    assert tableOf(project)[0]["seen"] == f"labels/{case.name}_seen.nrrd" and tableOf(project)[1]["seen"] == ""
    assert project.dataset().cases[0].seen == Path(case.seen) and project.dataset().cases[1].seen is None
    assert project.request().dataset.cases[0].seen == Path(case.seen)
    assert "Only its outlined slices count" in scansPanel.ui.messageLabel.text


def test_the_structure_is_not_there(host, scansPanel, outline):  # noqa: F811
    """Of that the scan is outlined as a whole, and the same slices are not asked about again."""
    project, ui = scansPanel.panel.project, casesOf(scansPanel).ui
    outline((3, 4, 5, 12, 13))
    case = project.cases[0]
    assert isAsked(scansPanel) and ui.slicesNothingButton.default and not ui.slicesPartlyButton.default
    answer(host, scansPanel, ui.slicesNothingButton)
    assert case.role == "labeled" and not case.seen and case.emptySlices == {"K": list(range(6, 12))}
    assert rows(ui.caseTable)[0][2] == "outlined"
    outline((3, 4, 5, 6, 12, 13))  # fewer empty ones
    assert not isAsked(scansPanel) and case.emptySlices == {"K": list(range(7, 12))}
    outline((3, 4, 5, 6, 12, 13, 17, 18))  # others
    assert isAsked(scansPanel)
    assert scans.read(Path(case.label))[0].any(axis=(1, 2)).sum() == 6  # the label is as it was


def test_outlined_bit_by_bit_it_is_asked_once(host, scansPanel, outline):  # noqa: F811
    """Until no slice between is empty: then all of it is outlined, and the map is gone."""
    project, ui = scansPanel.panel.project, casesOf(scansPanel).ui
    outline((3, 7, 11))
    answer(host, scansPanel, ui.slicesPartlyButton)
    case = project.cases[0]
    seenFile = Path(case.seen)
    outline((3, 7, 11, 15, 18))
    assert not isAsked(scansPanel) and (case.outlinedSlices, case.allSlices) == (5, 21)
    assert np.flatnonzero(scans.read(Path(case.seen))[0].all(axis=(1, 2))).tolist() == [3, 7, 11, 15, 18]
    assert Path(case.seen) == seenFile and len(list(project.labelsFolder.iterdir())) == 2
    outline(range(3, 19))
    assert not isAsked(scansPanel) and not case.seen and not seenFile.exists()
    assert rows(ui.caseTable)[0][2] == "outlined" and tableOf(project)[0]["seen"] == ""


def test_slices_of_other_directions(host, scansPanel, outline):  # noqa: F811
    ui = casesOf(scansPanel).ui
    outline((3, 8, 13), axis=2)
    assert "sagittal: 3 of 21" in ui.slicesLabel.text
    answer(host, scansPanel, ui.slicesPartlyButton)
    seen, _matrix = scans.read(Path(scansPanel.panel.project.cases[0].seen))
    assert np.flatnonzero(seen.all(axis=(0, 1))).tolist() == [3, 8, 13] and seen.mean() == 3 / 21


def test_a_whole_outline_is_not_asked_about(scansPanel, outline):  # noqa: F811
    outline(range(4, 12))
    case = scansPanel.panel.project.cases[0]
    assert not isAsked(scansPanel) and case.role == "labeled" and not case.seen and case.emptySlices == {}


def test_the_answer_is_kept_with_the_project(host, scansPanel, outline):  # noqa: F811
    from DualTaskSegLib.project.project import Project

    project, ui = scansPanel.panel.project, casesOf(scansPanel).ui
    outline(EVERY_FOURTH)
    answer(host, scansPanel, ui.slicesPartlyButton)
    outline((3, 9), row=1)
    answer(host, scansPanel, ui.slicesNothingButton)
    again = Project.open(project.folder)
    assert again.cases == project.cases
    assert again.cases[0].seen and again.cases[1].emptySlices == {"K": [4, 5, 6, 7, 8]}
    document = json.loads((project.folder / "project.json").read_text(encoding="utf-8"))
    assert document["cases"][0]["seen"].startswith("labels/") and document["format"] == 2


def test_the_answer_can_be_changed_in_the_menu(host, scansPanel, outline):  # noqa: F811
    """Removing it removes the map; the label stays as it is."""
    project, cases = scansPanel.panel.project, casesOf(scansPanel)
    outline(EVERY_FOURTH)
    answer(host, scansPanel, cases.ui.slicesPartlyButton)
    case = project.cases[0]
    seenFile, label = Path(case.seen), Path(case.label).read_bytes()
    for partly in (False, True):
        selectRows(cases.ui.caseTable, [0])
        cases.refreshMenu()
        assert cases.slicesAction.isEnabled()
        cases.slicesAction.trigger()
        host.waitFor(lambda: isAsked(scansPanel), 20)
        button = cases.ui.slicesPartlyButton if partly else cases.ui.slicesNothingButton
        answer(host, scansPanel, button)
        assert bool(case.seen) == seenFile.exists() == partly
        assert bool(case.emptySlices) == (not partly)
        assert Path(case.label).read_bytes() == label and case.origin == "outlined" and case.role == "labeled"
    selectRows(cases.ui.caseTable, [1])
    cases.refreshMenu()
    assert not cases.slicesAction.isEnabled()


def _sayNothingHere(host, widget, direction: str):
    """Chooses the slice of a direction that a view shows, in the menu; returns whether it had a check mark."""
    cases = casesOf(widget)
    cases.fillNothingMenu()  # as when the menu opens
    [action] = [each for each in cases.nothingMenu.actions() if direction in each.text]
    isChecked = action.isChecked()
    action.trigger()
    host.waitFor(lambda: not widget.panel.steps.isBusy, 30)
    host.processEvents(20)
    return isChecked


def _showSlice(volume, axis: int, index: int) -> None:
    """Takes the views to a slice of voxels (K, J, I)."""
    import slicer.util
    import vtk

    shape = slicer.util.arrayFromVolume(volume).shape
    kji = [size / 2 for size in shape]
    kji[axis] = index
    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    ras = matrix.MultiplyPoint((*kji[::-1], 1.0))[:3]
    for node in slicer.util.getNodesByClass("vtkMRMLSliceNode"):
        node.JumpSliceByCentering(*ras)


def test_a_slice_that_shows_nothing_counts_as_looked_at_once_it_is_said(host, scansPanel, outline):  # noqa: F811
    from DualTaskSegLib.project.project import Project

    project, ui, panel = scansPanel.panel.project, casesOf(scansPanel).ui, scansPanel.panel
    outline(EVERY_FOURTH)
    assert not ui.nothingHereButton.isVisibleTo(ui.nothingHereButton.window())
    answer(host, scansPanel, ui.slicesPartlyButton)
    selectRows(ui.caseTable, [0])
    case, volume = project.cases[0], panel.currentVolume()
    assert ui.nothingHereButton.isVisibleTo(ui.nothingHereButton.window()) and ui.nothingHereButton.enabled

    def looked() -> list[int]:
        return np.flatnonzero(scans.read(Path(case.seen))[0].all(axis=(1, 2))).tolist()

    _showSlice(volume, 0, 18)
    assert not _sayNothingHere(host, scansPanel, "axial")
    assert looked() == [*EVERY_FOURTH, 18] and case.emptySlices == {"K": [18]}
    assert "axial slice 19 of 21: looked at, and nothing is there" in scansPanel.ui.messageLabel.text
    assert rows(ui.caseTable)[0][2] == "partly: 4 of 21"
    assert ui.caseTable.item(0, 2).toolTip().endswith("; 1 slice has nothing to outline")
    _showSlice(volume, 2, 16)
    _sayNothingHere(host, scansPanel, "sagittal")
    seen = scans.read(Path(project.dataset().cases[0].seen))[0]  # what training reads
    assert seen[:, :, 16].all() and seen[18].all() and not seen[17, :, 15].any()
    outline((*EVERY_FOURTH, 12))  # it goes on to count when more is outlined
    assert looked() == [3, 7, 11, 12, 15, 18] and Project.open(project.folder).cases[0] == case
    assert case.emptySlices == {"K": [18], "I": [16]}

    _showSlice(volume, 0, 18)
    assert _sayNothingHere(host, scansPanel, "axial")  # a second click takes it back
    seen = scans.read(Path(case.seen))[0]
    assert looked() == [3, 7, 11, 12, 15] and seen[:, :, 16].all() and case.emptySlices == {"I": [16]}
    _showSlice(volume, 0, 12)
    _sayNothingHere(host, scansPanel, "axial")
    assert "counts as looked at already" in scansPanel.ui.messageLabel.text and case.emptySlices == {"I": [16]}


def test_a_map_that_came_with_the_label_is_not_lost_by_saying_so_and_taking_it_back(host, partlyPanel):
    project, ui = partlyPanel.panel.project, casesOf(partlyPanel).ui
    case = project.cases[0]
    file, before = Path(case.seen), scans.read(Path(case.seen))[0]
    content = file.read_bytes()
    openRow(partlyPanel, 0)
    outlined(host, partlyPanel)
    comeBack(host)
    selectRows(ui.caseTable, [0])
    volume = partlyPanel.panel.currentVolume()
    _showSlice(volume, 2, 20)
    _sayNothingHere(host, partlyPanel, "sagittal")
    expected = before.copy()
    expected[:, :, 20] = 1
    assert np.array_equal(scans.read(Path(case.seen))[0], expected) and file.read_bytes() == content
    _showSlice(volume, 0, 5)
    _sayNothingHere(host, partlyPanel, "axial")  # a part of it was looked at: taken back, it would be lost
    assert "counts as looked at already" in partlyPanel.ui.messageLabel.text
    _showSlice(volume, 2, 20)
    assert _sayNothingHere(host, partlyPanel, "sagittal")
    assert np.array_equal(scans.read(Path(case.seen))[0], before) and file.read_bytes() == content

    from dualtaskseg.errors import InputError
    from DualTaskSegLib.common.steps import finish
    from DualTaskSegLib.scene.seenmaps import sayNothingThereSteps

    with pytest.raises(InputError, match="tells itself that nobody looked"):  # by a value
        finish(sayNothingThereSteps(project, project.cases[1], "I", 17))
    assert not project.cases[1].seen


def test_later_uses_nothing_and_coming_back_asks_again(host, scansPanel, outline):  # noqa: F811
    ui, case = casesOf(scansPanel).ui, scansPanel.panel.project.cases[0]
    outline(EVERY_FOURTH)
    click(ui.slicesLaterButton)
    assert not isAsked(scansPanel) and not case.label
    outline((3, 7, 11, 15, 19))
    assert isAsked(scansPanel) and "5 of 21" in ui.slicesLabel.text  # as it is outlined by now
    answer(host, scansPanel, ui.slicesPartlyButton)
    assert case.outlinedSlices == 5


def test_what_is_drawn_while_it_is_asked_counts(host, scansPanel, outline):  # noqa: F811
    """The answer fits the slices that it was given for; of others it is asked again, and nothing is written."""
    import slicer.util

    ui, case = casesOf(scansPanel).ui, scansPanel.panel.project.cases[0]
    outline(EVERY_FOURTH)
    [node] = slicer.util.getNodesByClass("vtkMRMLSegmentationNode")
    drawOn(node, (*EVERY_FOURTH, 19))
    answer(host, scansPanel, ui.slicesPartlyButton)
    assert isAsked(scansPanel) and not case.label
    answer(host, scansPanel, ui.slicesPartlyButton)
    assert case.outlinedSlices == 5


def test_a_case_that_was_removed_while_it_was_asked(host, scansPanel, outline):  # noqa: F811
    project, cases = scansPanel.panel.project, casesOf(scansPanel)
    outline(EVERY_FOURTH)
    selectRows(cases.ui.caseTable, [0])
    click(cases.ui.removeButton)
    answer(host, scansPanel, cases.ui.slicesPartlyButton)
    assert len(project.cases) == 2 and not isAsked(scansPanel)
    assert not project.labelsFolder.exists()


@pytest.mark.undisturbed
def test_a_large_scan_is_looked_at_while_the_panel_answers(host, projectPanel, tmp_path):
    from DualTaskSegLib.common.steps import finish
    from DualTaskSegLib.scene import casevolumes

    project = projectPanel.panel.project
    file = scans.save(tmp_path / "large.nrrd", np.zeros((160, 360, 360), np.int16), np.diag([-1.0, -1.0, 2.0, 1.0]))
    case = project.addCase(file)
    volume = finish(casevolumes.loadCaseSteps(case))
    mask = np.zeros((160, 360, 360), bool)
    mask[10:150:5, 60:300, 60:300] = True
    scans.addSegmentation({"Organ": mask}, volume)
    cases = casesOf(projectPanel)
    cases.refreshScene()
    host.waitFor(lambda: cases.ui.useButton.isVisibleTo(cases.widget), 20)
    with Heartbeat() as beat:
        click(cases.ui.useButton)
        host.waitFor(lambda: isAsked(projectPanel), 60)
        answer(host, projectPanel, cases.ui.slicesPartlyButton)
    assert case.outlinedSlices == 28 and case.allSlices == 160
    beat.check()


def test_a_map_that_cant_be_written_leaves_the_case_as_it_was(host, scansPanel, outline, monkeypatch):  # noqa: F811
    """Else its other slices would count as ones without the structure."""
    from DualTaskSegLib.scene import seenmaps

    def refuse(path, *_arguments):
        from dualtaskseg.errors import InputError

        raise InputError(f"{path} can't be written", "Free some space")
        yield

    project, ui, case = scansPanel.panel.project, casesOf(scansPanel).ui, scansPanel.panel.project.cases[0]
    outline(EVERY_FOURTH)
    with monkeypatch.context() as patch:
        patch.setattr(seenmaps, "writeSteps", refuse)
        answer(host, scansPanel, ui.slicesPartlyButton)
    assert "_seen.nrrd can't be written" in scansPanel.ui.messageLabel.text
    assert not case.label and not case.seen and case.role == "unlabeled"
    assert not list(project.labelsFolder.glob("*"))


def test_a_label_that_cant_be_written_leaves_no_map(host, scansPanel, outline, monkeypatch):  # noqa: F811
    from DualTaskSegLib.scene import labelmaps

    def refuse(_self, path):
        from dualtaskseg.errors import InputError

        raise InputError(f"{path} can't be written", "Free some space")
        yield

    project, ui, case = scansPanel.panel.project, casesOf(scansPanel).ui, scansPanel.panel.project.cases[0]
    outline(EVERY_FOURTH)
    monkeypatch.setattr(labelmaps.Label, "writeSteps", refuse)
    answer(host, scansPanel, ui.slicesPartlyButton)
    assert not case.label and not case.seen
    assert not list(project.labelsFolder.glob("*.nrrd"))


# --- scans that come partly outlined


@pytest.fixture
def partlyPanel(host, projectPanel, cohort, tmp_path):
    """A project with a dataset: of one scan a map tells what was looked at, of one a value of its label."""
    folder = tmp_path / "nnunet"
    shutil.copytree(cohort.dataset / "images", folder / "imagesTr")
    (folder / "labelsTr").mkdir()
    for number, file in enumerate(sorted((cohort.dataset / "labels").iterdir())[:2]):
        voxels, ijkToRAS = scans.read(file)
        if number == 0:
            scans.save(folder / "labelsTr" / file.name, voxels, ijkToRAS)
            seen = np.zeros_like(voxels)
            seen[:, :, :12] = 1
            scans.save(folder / "labelsTr" / file.name.replace(".nii", "_seen.nii"), seen, ijkToRAS)
        else:
            voxels[:, :, 12:] = 9
            scans.save(folder / "labelsTr" / file.name, voxels, ijkToRAS)
    (folder / "dataset.json").write_text(
        json.dumps({"labels": {"background": 0, "Organ": 1, "Vein": 2, "ignore": 9}}), "utf-8"
    )
    addFolder(projectPanel, folder)
    waitForIdle(host, projectPanel)
    return projectPanel


def test_partly_outlined_scans_of_a_dataset(host, partlyPanel):
    """What they tell goes on to count: in the table, in training, and for the command line that reads the project."""
    from dualtaskseg.data.layouts import load_dataset

    project, cases = partlyPanel.panel.project, casesOf(partlyPanel)
    assert [case.isPartly for case in project.cases] == [True, True, *[False] * (len(project.cases) - 2)]
    assert [row[2] for row in rows(cases.ui.caseTable)[:2]] == ["partly", "partly"]
    ours, read = project.dataset(), load_dataset(project.folder)
    assert ours.cases[0].seen.name.endswith("_seen.nii.gz")
    assert ours.cases[1].seen is None and ours.cases[1].unseen_value == 9
    assert [case.seen for case in read.cases] == [case.seen for case in ours.cases]
    assert read.cases[1].unseen_value == 9 and read.segments == ours.segments == tuple(project.segments)
    host.waitFor(lambda: not cases.checks.isChecking, 60)
    assert not any(case.problems for case in project.cases)


@pytest.mark.parametrize("row", [0, 1], ids=["map", "value"])
def test_more_is_outlined_in_a_scan_that_came_partly_outlined(host, partlyPanel, row):
    """Nothing is asked: what was looked at before counts on, and what is outlined now, too. The files stay."""
    project = partlyPanel.panel.project
    case = project.cases[row]
    files = {Path(file): Path(file).read_bytes() for file in (case.label, case.seen) if file}
    openRow(partlyPanel, row)
    node = outlined(host, partlyPanel).segmentationNode()
    assert node.GetSegmentation().GetNumberOfSegments() == 2  # the value is no structure
    mask = drawOn(node, range(3, 15), axis=2)  # beyond what was looked at
    comeBack(host)
    host.waitFor(lambda: Path(case.label).parent == project.labelsFolder, 30)
    assert not isAsked(partlyPanel) and case.unseenValue is None
    label, _matrix = scans.read(Path(case.label))
    seen, _matrix = scans.read(Path(case.seen))
    assert label.max() <= 2 and label[mask > 0].all()
    assert seen[:, :, :12].all() and seen[mask > 0].all() and not seen[:, :, 15:].any()
    assert all(file.read_bytes() == content for file, content in files.items())
    assert rows(casesOf(partlyPanel).ui.caseTable)[row][2] == "partly"


def test_a_segmentation_that_names_where_nobody_looked_with_a_value_of_its_own(tmp_path):
    """A file of Slicer may number its segments otherwise than the dataset."""
    import SimpleITK as sitk
    from dualtaskseg.contract.segment import Segment
    from DualTaskSegLib.common.steps import finish
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene import labelmaps, seenmaps

    voxels = np.zeros((6, 7, 8), np.uint8)
    voxels[2:4, 2:4, 2:4], voxels[:, :, 5:] = 2, 1
    image = sitk.GetImageFromArray(voxels)
    for index, name in enumerate(("ignore", "Liver")):
        for key, value in (("ID", f"Segment_{index}"), ("Name", name), ("LabelValue", index + 1), ("Layer", 0)):
            image.SetMetaData(f"Segment{index}_{key}", str(value))
    sitk.WriteImage(image, str(tmp_path / "a.seg.nrrd"))
    case = ProjectCase("1", "a", "", str(tmp_path / "a.seg.nrrd"), "labeled", unseenValue=9)
    label = finish(labelmaps.readLabelSteps(case, [Segment("Liver", 1, (1, 2, 3))]))
    assert np.array_equal(label.voxels, voxels == 2)
    assert np.array_equal(finish(seenmaps.readSeenSteps(case, label.geometry)) > 0, voxels != 1)
