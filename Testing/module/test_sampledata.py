"""Our own sample scans: registered with Slicer, made on this computer."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from paneltools import *  # noqa: F403
from paneltools import click, section, waitForIdle


def test_the_cohort_is_registered_once(slicerVersion):
    import SampleData
    from DualTaskSegLib.scene import sampledata

    sampledata.register()
    sampledata.register()
    sources = SampleData.SampleDataLogic.sampleDataSourcesByCategory("DualTaskSeg")
    assert [source.sampleName for source in sources] == ["DualTaskSegCohort"]
    assert not sources[0].uris  # nothing is downloaded
    if slicerVersion == "5.12":
        assert SampleData.SampleDataLogic.categoryTitle("DualTaskSeg") == "DualTaskSeg"


def test_a_cohort_is_made_while_the_application_answers(host, tmp_path, monkeypatch):
    import qt
    from dualtaskseg.data.layouts import load_dataset
    from DualTaskSegLib.scene import sampledata

    ticks = []
    timer = qt.QTimer()
    timer.setInterval(20)
    timer.connect("timeout()", lambda: ticks.append(1))
    timer.start()
    folder = tmp_path / "Ünïcode ß 空"
    dataset = sampledata.writeCohort(folder, 2, 1)
    timer.stop()
    assert len(ticks) > 10 and folder in dataset.parents
    cases = load_dataset(dataset)
    assert len(cases.labeled) == 2 and len(cases.unlabeled) == 1
    assert [segment.name for segment in cases.segments] == ["Organ", "Vein"]
    assert sampledata.writeCohort(folder, 2, 1) == dataset  # found again


@pytest.fixture
def documents(host, tmp_path, monkeypatch):
    """The user's documents."""
    import slicer

    folder = tmp_path / "Dokumente ß"
    monkeypatch.setattr(slicer.app, "defaultScenePath", str(folder))
    return folder


@pytest.fixture
def fewSamples(documents, monkeypatch):
    from DualTaskSegLib.scene import sampledata

    steps = sampledata.cohortSteps
    monkeypatch.setattr(sampledata, "cohortSteps", lambda folder=None, *_: steps(folder, 2, 1))


def test_a_click_in_sample_data_leads_into_a_project(host, panel, fewSamples, documents):
    """With a scan to be seen, labeled cases, and the next step said; a second click finds all as it was left."""
    import slicer.util
    from DualTaskSegLib.scene import sampledata
    from slicerhost import sampledata as sampleDataModule

    sampledata.register()
    (node,) = sampleDataModule.click("DualTaskSegCohort")
    waitForIdle(host, panel)
    assert np.ptp(slicer.util.arrayFromVolume(node)) > 0
    assert slicer.util.selectedModule() == "DualTaskSeg"
    project = panel.panel.project
    assert Path(project.folder) == documents / "DualTaskSeg samples" / "project"
    assert [case.role for case in project.cases] == ["labeled", "labeled", "unlabeled"]
    assert panel.panel.currentVolume() is node and not panel.ui.samplesButton.visible
    assert "Click Train. For these sample scans 4 minutes are enough." in panel.ui.nextStepLabel.text
    train = section(panel, "TrainSection")
    assert not train.collapsed and train.ui.minutesSpin.value == 4
    project.rename(project.cases[0].id, "mine")
    project.save()
    panel.panel.useProject(None)
    assert train.ui.minutesSpin.value == 15  # what is right for samples is not kept for other scans
    click(panel.ui.samplesButton)
    waitForIdle(host, panel)
    assert panel.panel.project.cases[0].name == "mine"
    assert len(slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")) == 1


def test_making_samples_shows_how_far_it_is_and_can_be_canceled(host, panel, fewSamples, documents):
    click(panel.ui.samplesButton)
    host.waitFor(lambda: panel.ui.workBar.value > 0, 30)
    assert "sample scans" in panel.ui.workLabel.text
    click(panel.ui.workCancelButton)
    assert panel.panel.project is None and not panel.ui.workBar.visible
    assert not (documents / "DualTaskSeg samples" / "scans").exists()


def test_what_fails_on_a_click_is_shown_once_and_raises_nothing(host, documents):
    """Sample Data calls our function from a signal: what it raised would stand in the console beside the message."""
    from DualTaskSegLib.scene import sampledata
    from slicerhost import questions

    folder = documents / "DualTaskSeg samples" / "scans"
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("important")
    assert sampledata.onSampleClicked() == []
    (message,) = questions.shown
    assert message.level == "error" and "left as it is" in message.text


def test_a_double_click_makes_one_cohort(host, panel, fewSamples):
    import qt
    import slicer.util
    from DualTaskSegLib.scene import sampledata

    second = []
    qt.QTimer.singleShot(100, lambda: second.append(sampledata.onSampleClicked()))
    assert len(sampledata.onSampleClicked()) == 1
    assert second == [[]]
    assert len(slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")) == 1
    waitForIdle(host, panel)


def test_no_console_window_opens_on_windows(host, tmp_path, monkeypatch):
    from types import SimpleNamespace

    from DualTaskSegLib.scene import sampledata

    flags = []

    def popen(command, creationflags=0, **options):
        flags.append(creationflags)
        return subprocess.Popen(command, **options)

    monkeypatch.setattr(sampledata, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(sampledata, "subprocess", SimpleNamespace(Popen=popen, CREATE_NO_WINDOW=0x08000000))
    sampledata.writeCohort(tmp_path / "cohort", 1, 1)
    assert flags == [0x08000000]


def test_why_it_can_not_be_made_is_told(host, tmp_path):
    from DualTaskSegLib.scene import sampledata

    (tmp_path / "mine.txt").write_text("important")
    with pytest.raises(OSError, match=r"can't be made: /.*left as it is"):
        sampledata.writeCohort(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "important"
