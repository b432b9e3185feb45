"""The section Train, driven by its real buttons with the real engine: seconds of training on tiny scans."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from modeltools import warmWorker  # noqa: F401  a fixture
from paneltools import *  # noqa: F403
from paneltools import MODULE, click, newProject, rows, section, unfold

pytestmark = pytest.mark.usefixtures("host", "ownLocks")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ownLocks(tmp_path, monkeypatch):
    """Other trainings on this machine don't count, and these don't hold up others."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.fixture
def projectPanel(host, panel, tmp_path, warmWorker):  # noqa: F811
    """With one child for all tests of this file: to list the devices, each would load PyTorch."""
    newProject(panel, tmp_path / "project")
    panel.panel.close()
    panel.panel._worker = warmWorker
    yield panel
    host.waitFor(lambda: not warmWorker.isBusy, seconds=60)
    panel.panel._worker = None  # or the end of the panel would end it


@pytest.fixture
def trainPanel(host, cohortPanel):
    """A project with labeled cases, and the section Train open with its devices known; trainings end with the test."""
    train = unfold(cohortPanel, "TrainSection")
    host.waitFor(lambda: train.devices.areKnown, 90)
    yield cohortPanel
    for watch in list(section(cohortPanel, "TrainSection").monitor.news):
        watch.kill()


def trainOf(widget):
    return section(widget, "TrainSection")


def start(widget, minutes: float = 0.1) -> None:
    """Chooses the processor and a time, clicks Train, and agrees."""
    from slicerhost import questions

    train = trainOf(widget)
    train.ui.deviceCombo.setCurrentIndex(train.ui.deviceCombo.findData("cpu"))
    train.ui.minutesSpin.setValue(minutes)
    questions.expect(True, "processor")
    click(train.ui.trainButton)


def newsOf(widget):
    train = trainOf(widget)
    return train.monitor.news[train.shown]


def waitForSteps(host, widget, steps: int = 1) -> None:
    """Waits until the training has done some steps."""
    host.waitFor(lambda: newsOf(widget).status is not None and newsOf(widget).status.iteration >= steps, 120)


def waitForState(host, widget, *states: str) -> None:
    host.waitFor(lambda: newsOf(widget).state in states, 120)


def test_train_says_what_is_missing(host, panel, tmp_path):
    train = trainOf(panel)
    assert not train.ui.trainButton.enabled
    assert "project" in train.ui.trainButton.toolTip
    newProject(panel, tmp_path / "project")
    assert "Add scans" in train.ui.trainButton.toolTip
    project = panel.panel.project
    project.addCase(tmp_path / "a.nii.gz")
    panel.panel.casesChanged.emit()
    assert "Outline" in train.ui.trainButton.toolTip
    for button in (train.ui.stopButton, train.ui.resumeButton, train.ui.reportButton, train.ui.curvesButton):
        assert not button.enabled
        assert button.toolTip
    assert "torch" in train.ui.installLabel.text


def test_devices_and_times_are_shown(trainPanel):
    train = trainOf(trainPanel)
    texts = [train.ui.deviceCombo.itemText(index) for index in range(train.ui.deviceCombo.count)]
    assert any(text.startswith("CPU") for text in texts)
    assert "15 min" in train.ui.presetCombo.currentText
    train.ui.presetCombo.setCurrentIndex(train.ui.presetCombo.findData("standard"))
    assert train.ui.minutesSpin.value == 60
    train.ui.presetCombo.setCurrentIndex(train.ui.presetCombo.findData("paper"))
    assert not train.ui.minutesSpin.enabled
    assert "Organ" in train.ui.segmentsLabel.text
    assert "Vein" in train.ui.segmentsLabel.text


def test_the_processor_is_asked_about(trainPanel):
    from slicerhost import questions

    train = trainOf(trainPanel)
    questions.expect(False, "processor")
    click(train.ui.trainButton)
    assert not train.monitor.news
    assert not list(trainPanel.panel.project.runsFolder.glob("*"))


def test_a_busy_device_is_refused_with_the_reason(trainPanel, tmp_path):
    from dualtaskseg.run.locking import device_lock

    with device_lock("cpu", tmp_path / "other run"):
        start(trainPanel)
    assert "Another training, other run" in trainPanel.ui.messageLabel.text
    assert not trainOf(trainPanel).monitor.news


def test_a_run_folder_that_cant_be_made(trainPanel):
    trainPanel.panel.project.runsFolder.write_text("a file is where the folder should be", encoding="utf-8")
    start(trainPanel)
    assert "can't be written" in trainPanel.ui.messageLabel.text
    assert not trainOf(trainPanel).monitor.news


# --- what stays, and what happens when Slicer is closed


@pytest.mark.parametrize("preset", ["quick", "standard"])
def test_the_minutes_are_kept(host, panel, preset):
    import slicer

    ui = trainOf(panel).ui
    ui.presetCombo.setCurrentIndex(ui.presetCombo.findData(preset))
    ui.minutesSpin.setValue(7.5)
    host.unloadModules()
    host.loadModule(ROOT / MODULE)
    slicer.util.selectModule("DualTaskSeg")
    ui = trainOf(slicer.util.getModuleWidget("DualTaskSeg")).ui
    assert (ui.presetCombo.currentData, ui.minutesSpin.value) == (preset, 7.5)
    ui.presetCombo.setCurrentIndex(ui.presetCombo.findData("best"))
    assert ui.minutesSpin.value != 7.5  # another quality begins with its own time


@pytest.fixture
def runAtWork(host, projectPanel):
    """A run folder in which somebody works, as far as it says; shown in the section."""
    from dualtaskseg.run.folder import RunFolder
    from dualtaskseg.run.status_writer import StatusWriter

    run = RunFolder.create(projectPanel.panel.project.newRunFolder(), {"device": "cpu"})
    with run.lock(), StatusWriter(run) as writer:
        writer.update(phase="training", of=10, iteration=3)
        rows = [{"kind": "train", "iteration": step, "loss": 1.0, "probability_supervised": 1.0} for step in (1, 2)]
        for row in rows:
            run.append_metrics(row)
        train = unfold(projectPanel, "TrainSection")
        train.monitor.read()
        host.waitFor(lambda: train.monitor.atWork, 10)
        yield run


def test_a_closing_that_is_taken_back_stops_no_training(host, projectPanel, runAtWork, monkeypatch):
    """Slicer itself asks afterwards whether to save: with Cancel there, it stays open."""
    from slicerhost import questions

    monkeypatch.setattr(host.mainWindow, "staysOpen", True)
    questions.expect(False, "go on in the background")
    assert not host.mainWindow.close()
    host.processEvents(1200)
    assert not runAtWork.stop_requested()
    questions.expect(True, "go on in the background")  # it is asked anew the next time
    assert not host.mainWindow.close()
    host.unloadModules()
    assert not runAtWork.stop_requested()


def test_a_training_is_stopped_when_slicer_really_ends(host, projectPanel, runAtWork):
    from slicerhost import questions

    questions.expect(False, "go on in the background")
    assert host.mainWindow.close()
    host.processEvents(1200)  # saving the scene takes its time
    assert not runAtWork.stop_requested()
    host.unloadModules()
    assert runAtWork.stop_requested()


def test_the_question_comes_once_where_the_window_is_closed_twice(host, projectPanel, runAtWork):
    """As on macOS."""
    from PySide6 import QtGui, QtWidgets
    from slicerhost import questions

    questions.expect(True, "go on in the background")
    for _ in range(2):
        QtWidgets.QApplication.sendEvent(host.mainWindow, QtGui.QCloseEvent())
    assert len(questions.asked) == 2  # the project's folder, and this
    host.mainWindow.show()


def test_the_layout_is_the_users_again_before_slicer_ends(host, projectPanel, runAtWork):
    """When modules are unloaded, no view is built any more."""
    import slicer
    from DualTaskSegLib.views import layouts

    train = trainOf(projectPanel)
    before = slicer.app.layoutManager().layout
    click(train.ui.curvesButton)
    assert layouts.isOurs(slicer.app.layoutManager().layout)
    slicer.util.selectModule("SegmentEditor")
    assert slicer.app.layoutManager().layout == before
    slicer.util.selectModule("DualTaskSeg")  # the button is still down
    assert layouts.isOurs(slicer.app.layoutManager().layout)
    host.mainWindow.moduleSelector().leave()  # as Slicer does before it writes its settings
    assert slicer.app.layoutManager().layout == before
    train.onCurves(True)
    changes = []
    slicer.app.layoutManager().connect("layoutChanged(int)", changes.append)
    train.cleanup()
    assert changes == [] and layouts.isOurs(slicer.app.layoutManager().layout)
    layouts.restore(before)


def test_a_reload_goes_back_to_the_users_layout(host, projectPanel, runAtWork):
    import slicer

    before = slicer.app.layoutManager().layout
    click(trainOf(projectPanel).ui.curvesButton)
    projectPanel.panel.isReloading = True  # see DualTaskSegWidget.onReload
    trainOf(projectPanel).cleanup()
    assert slicer.app.layoutManager().layout == before


@pytest.mark.undisturbed
@pytest.mark.slow
def test_from_the_click_to_the_model(host, trainPanel):
    """Train: progress, time left, growing curves, a row in the table; at the end a model that is chosen."""
    import slicer

    train, ui = trainOf(trainPanel), trainOf(trainPanel).ui
    began = time.perf_counter()
    start(trainPanel, 0.3)  # long enough for curves to grow, however fast the computer is
    assert time.perf_counter() - began < 1.0
    assert train.monitor.atWork
    assert "Training is going on" in trainPanel.ui.nextStepLabel.text
    assert not ui.trainButton.enabled
    assert "going on" in ui.trainButton.toolTip
    assert ui.trainBar.isVisibleTo(train.widget)
    click(ui.curvesButton)
    host.waitFor(lambda: train.curves.of(train.shown).loss.node() is not None, 120)
    points = len(train.curves.of(train.shown).loss.columns()["Loss on outlines"][0])
    host.waitFor(lambda: len(train.curves.of(train.shown).loss.columns()["Loss on outlines"][0]) > points, 60)
    waitForState(host, trainPanel, "finished", "failed")
    assert newsOf(trainPanel).state == "finished", newsOf(trainPanel).message
    assert "finished" in trainPanel.ui.messageLabel.text
    models = section(trainPanel, "ModelsSection")
    assert models.ui.modelsTable.rowCount == 1
    assert trainPanel.panel.currentModel() == train.shown.modelFolder
    assert ui.reportButton.enabled
    assert ui.trainButton.enabled
    assert rows(ui.runsTable)[0][1:] == ["finished", "100 %"]
    assert ui.startCombo.count == 2
    charts = slicer.util.getNodesByClass("vtkMRMLPlotChartNode")
    assert all(not chart.GetSaveWithScene() for chart in charts)
    click(ui.logButton)
    assert ui.logText.plainText.strip()
    click(ui.curvesButton)
    # and on from this model
    ui.startCombo.setCurrentIndex(1)
    start(trainPanel)
    assert train.shown.request.start_from == str(trainPanel.panel.currentModel())
    waitForSteps(host, trainPanel)


@pytest.mark.slow
def test_stop_resume_kill_and_end(host, trainPanel):
    """Stop saves; Resume goes on from there; a killed process is told as interrupted; the second Stop ends at once."""
    from slicerhost import questions

    train, ui = trainOf(trainPanel), trainOf(trainPanel).ui
    start(trainPanel, 5)
    waitForSteps(host, trainPanel, 2)
    click(ui.stopButton)
    assert newsOf(trainPanel).state in ("stopping", "stopped")
    waitForState(host, trainPanel, "stopped")
    done = newsOf(trainPanel).status.iteration
    assert "Resume" in trainPanel.ui.messageLabel.text
    assert not train.monitor.atWork
    click(ui.resumeButton)
    assert train.monitor.atWork
    waitForSteps(host, trainPanel, done + 2)
    pid = newsOf(trainPanel).status.pid
    os.kill(pid, signal.SIGKILL)
    waitForState(host, trainPanel, "interrupted")
    assert "interrupted" in rows(ui.runsTable)[0][1]
    assert "Resume" in trainPanel.ui.messageLabel.text
    click(ui.resumeButton)
    waitForState(host, trainPanel, "running")
    pid = newsOf(trainPanel).status.pid
    host.waitFor(lambda: newsOf(trainPanel).status.phase in ("training", "calibrating"), 120)
    train.shown.stop()
    train.monitor.poll()
    if newsOf(trainPanel).state == "stopping":
        assert ui.stopButton.text == "End at once"
        questions.expect(True, "at once")
        click(ui.stopButton)
        host.waitFor(lambda: not train.monitor.atWork, 30)
        host.waitFor(lambda: not _isAlive(pid), 5)  # it was ended, and takes a moment to go
    host.waitFor(lambda: not _isAlive(pid), 30)  # it had stopped by itself, and says so before it ends


def _isAlive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
def test_a_restart_of_slicer_finds_the_training(host, trainPanel):
    """Closing asks; the training goes on; the module, loaded anew, shows it and stops it."""
    import slicer
    from DualTaskSegLib.engine.runs import RunWatch
    from slicerhost import questions

    start(trainPanel, 5)
    waitForSteps(host, trainPanel, 1)
    pid = newsOf(trainPanel).status.pid
    questions.expect(True, "go on in the background")
    assert host.closeApplication()
    host.unloadModules()
    assert _isAlive(pid)
    host.loadModule(ROOT / MODULE)
    slicer.util.selectModule("DualTaskSeg")
    again = slicer.util.getModuleWidget("DualTaskSeg")
    host.waitFor(lambda: trainOf(again).monitor.atWork, 10)
    assert newsOf(again).status.pid == pid
    assert "Training is going on" in again.ui.nextStepLabel.text
    before = newsOf(again).status.iteration
    waitForSteps(host, again, before + 1)
    questions.expect(False, "go on in the background")
    assert host.closeApplication()
    host.waitFor(lambda: not _isAlive(pid), 60)
    assert RunWatch(trainOf(again).shown.folder).poll().state == "stopped"


@pytest.mark.slow
def test_scene_closed_and_run_folder_gone_in_mid_training(host, trainPanel):
    import slicer

    train, ui = trainOf(trainPanel), trainOf(trainPanel).ui
    start(trainPanel, 5)
    click(ui.curvesButton)
    waitForSteps(host, trainPanel, 1)
    host.waitFor(lambda: train.curves.of(train.shown).loss.node() is not None, 60)
    slicer.mrmlScene.Clear(0)
    waitForSteps(host, trainPanel, newsOf(trainPanel).status.iteration + 1)
    assert train.monitor.atWork
    assert len(train.curves.of(train.shown).loss.columns()["Loss on outlines"][0]) >= 2, (
        "the curve begins anew with a new scene"
    )
    pid = newsOf(trainPanel).status.pid
    gone = train.shown.folder
    os.kill(pid, signal.SIGSTOP)  # so that it doesn't write while its folder goes
    shutil.rmtree(gone)
    os.kill(pid, signal.SIGKILL)
    # Not by its state: once that was told, the training leaves the list.
    host.waitFor(lambda: "missing" in trainPanel.ui.messageLabel.text, 120)
    assert str(gone) in trainPanel.ui.messageLabel.text
    assert not ui.resumeButton.enabled
    host.processEvents(300)
