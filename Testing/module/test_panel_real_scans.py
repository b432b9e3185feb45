"""The section Cases with real scans: a Decathlon dataset, and DICOM series in folders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from paneltools import *  # noqa: F403
from paneltools import addFolder, rows, section, waitForIdle
from test_panel_cases import Heartbeat, comeBack, draw, openRow, outlined

pytestmark = pytest.mark.usefixtures("host")


@pytest.mark.undisturbed
def test_a_decathlon_dataset(host, projectPanel, real_data):
    """220 scans with labels are in the table at once, without a pause, and stay where they are."""
    cases, project = section(projectPanel, "CasesSection"), projectPanel.panel.project
    with Heartbeat(host) as beat:
        addFolder(projectPanel, real_data / "hippocampus")
        waitForIdle(host, projectPanel)
    cases.checks.timer.stop()
    assert len(project.cases) == 220
    assert [segment.name for segment in project.segments] == ["Anterior", "Posterior"]
    assert all(case.role == "labeled" for case in project.cases)
    assert all(Path(case.image).is_relative_to(real_data) for case in project.cases)
    assert not list(project.imagesFolder.glob("*"))
    assert beat.longest < 0.5, "far more than what a busy machine explains"
    cases.checks._checks.waiting = cases.checks._checks.waiting[:8]
    cases.checks.check()
    host.waitFor(lambda: not cases.checks.isChecking, 60)
    assert not any(case.problems for case in project.cases), "these scans are in order"


def test_editing_a_real_outline(host, projectPanel, real_data):
    import slicer

    addFolder(projectPanel, real_data / "hippocampus")
    waitForIdle(host, projectPanel)
    section(projectPanel, "CasesSection").checks.timer.stop()
    project = projectPanel.panel.project
    case = project.cases[0]
    before = slicer.util.arrayFromVolume(slicer.util.loadLabelVolume(case.label)).copy()
    openRow(projectPanel, 0)
    node = outlined(host, projectPanel).segmentationNode()
    volume = slicer.modules.SegmentEditorWidget.editor.sourceVolumeNode()
    mask = (before == 1).astype(np.uint8)
    assert np.array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(node, "Segment_1", volume), mask)
    box = (
        slice(3, 5),
        slice(4, 6),
        slice(4, 6),
    )  # next to the outline: with slices left empty between, it would be asked
    slicer.util.updateSegmentBinaryLabelmapFromArray(np.maximum(mask, _box(mask, box)), node, "Segment_1", volume)
    comeBack(host)
    host.waitFor(lambda: Path(case.label).parent == project.labelsFolder, 20)
    expected = before.copy()
    expected[box] = 1
    assert np.array_equal(slicer.util.arrayFromVolume(slicer.util.loadLabelVolume(case.label)), expected)


def _box(mask: np.ndarray, box: tuple) -> np.ndarray:
    drawn = np.zeros_like(mask)
    drawn[box] = 1
    return drawn


def test_dicom_series(host, projectPanel, real_data):
    """Folders with DICOM series are found, get names that say nothing, and are outlined like any other scan."""
    import slicer

    addFolder(projectPanel, real_data / "dicom")
    waitForIdle(host, projectPanel)
    project = projectPanel.panel.project
    assert [case.name for case in project.cases] == ["scan_001", "scan_002", "scan_003"]
    assert [row[4] for row in rows(section(projectPanel, "CasesSection").ui.caseTable)] == ["", "", ""]
    openRow(projectPanel, 0)
    editor = outlined(host, projectPanel)
    node, volume = editor.segmentationNode(), editor.sourceVolumeNode()
    shape = slicer.util.arrayFromVolume(volume).shape
    draw(node, node.GetSegmentation().GetNthSegmentID(0), tuple(slice(n // 3, n // 2) for n in shape))
    comeBack(host)
    host.waitFor(lambda: project.cases[0].label != "", 20)
    assert project.cases[0].role == "labeled"
    label = slicer.util.loadLabelVolume(project.cases[0].label)
    assert np.allclose(
        slicer.util.arrayFromVTKMatrix(_matrix(label)), slicer.util.arrayFromVTKMatrix(_matrix(volume)), atol=1e-4
    )


def _matrix(node):
    import vtk

    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    return matrix
