"""Disks that do not answer: the panel opens and goes on, and what comes late is still taken."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest
import scans
from DualTaskSegLib.common.steps import finish
from paneltools import *  # noqa: F403
from paneltools import MODULE, newProject, section, unfold

pytestmark = pytest.mark.usefixtures("host")

PATIENCE_S = 5.0  # so that the test fails, and does not hang, where the main thread asks


class HangingDisk:
    """Whatever asks the system about a file below a folder waits until the disk is back.

    Attributes:
        askedByMain: what the main thread asked, which it must not.
    """

    def __init__(self, monkeypatch, folder: Path) -> None:
        self.isBack = threading.Event()
        self.askedByMain: list[str] = []
        self._folder = str(folder)
        for owner, name in ((os, "stat"), (os, "listdir"), (os, "scandir"), (io, "open"), (os, "lstat")):
            monkeypatch.setattr(owner, name, self._slow(getattr(owner, name)))

    def _slow(self, function):
        def asked(path=".", *arguments, **options):
            if isinstance(path, (str, Path)) and str(path).startswith(self._folder) and not self.isBack.is_set():
                if threading.current_thread() is threading.main_thread():
                    self.askedByMain.append(f"{function.__name__} {path}")
                self.isBack.wait(PATIENCE_S)
            return function(path, *arguments, **options)

        return asked


@pytest.fixture
def disk():
    from DualTaskSegLib.engine.slowdisk import DiskAsker

    asker = DiskAsker()
    yield asker
    asker.close()


def test_answers_and_errors_of_a_quick_disk_are_there_at_once(disk):
    told = []
    assert disk.ask("a", lambda: 7, told.append, told.append)
    assert disk.ask("a", lambda: 1 / 0, told.append, lambda error: told.append(type(error)))
    assert told == [7, ZeroDivisionError] and not disk.isBusy


def test_a_slow_disk_holds_up_nobody(host, disk):
    told, isBack = [], threading.Event()
    assert not disk.ask("slow", lambda: isBack.wait(20), told.append, told.append)
    assert disk.isWaiting("slow")
    assert disk.ask("quick", lambda: "quick", told.append, told.append)
    isBack.set()
    host.waitFor(lambda: len(told) == 2, 10)
    assert told == ["quick", True] and not disk.isBusy


def test_a_silent_disk_is_told_and_a_forgotten_question_is_not(host, disk):
    from DualTaskSegLib.engine.slowdisk import DiskSilentError

    told, isBack = [], threading.Event()
    disk.ask("a", lambda: isBack.wait(20), told.append, told.append, limit=0.3)
    disk.ask("b", lambda: isBack.wait(20), told.append, told.append)
    disk.forget("b")
    host.waitFor(lambda: told, 10)
    isBack.set()
    host.processEvents(100)
    assert [type(each) for each in told] == [DiskSilentError]


def test_the_panel_opens_though_the_disk_of_its_project_hangs(host, panelWidget, tmp_path, monkeypatch):
    import qt
    from DualTaskSegLib.project.project import Project

    folder = Project.create(tmp_path / "on the network").folder
    qt.QSettings().setValue("DualTaskSeg/ProjectFolder", str(folder))
    hanging = HangingDisk(monkeypatch, folder)
    widget = panelWidget(MODULE)
    assert len(widget.sections) == 6 and widget.panel.project is None
    assert "on the network" in widget.ui.messageLabel.text and "does not answer yet" in widget.ui.messageLabel.text
    hanging.isBack.set()
    host.waitFor(lambda: widget.panel.project is not None, 10)
    assert widget.panel.project.folder == folder
    assert widget.ui.messageLabel.text == ""
    assert not hanging.askedByMain


def test_a_project_whose_disk_never_answers_is_told_and_another_one_can_be_made(
    host, panelWidget, tmp_path, monkeypatch
):
    import qt
    from DualTaskSegLib.engine import slowdisk
    from DualTaskSegLib.project.project import Project

    monkeypatch.setattr(slowdisk, "LIMIT_S", 0.3)
    folder = Project.create(tmp_path / "on the network").folder
    qt.QSettings().setValue("DualTaskSeg/ProjectFolder", str(folder))
    hanging = HangingDisk(monkeypatch, folder)
    host.mainWindow.resize(500, 3000)
    host.mainWindow.show()
    widget = panelWidget(MODULE)
    host.waitFor(lambda: "click Open project" in widget.ui.messageLabel.text, 10)
    newProject(widget, tmp_path / "here")
    hanging.isBack.set()
    host.processEvents(200)
    assert widget.panel.project.folder == tmp_path / "here"
    assert not hanging.askedByMain


def test_an_open_project_whose_disk_hangs_does_not_hold_up_the_panel(host, modelPanel, monkeypatch):
    """Models, trainings and the files of cases are looked for in the background; what was known stays."""
    panel, train = modelPanel.panel, section(modelPanel, "TrainSection")
    host.waitFor(lambda: not panel.disk.isBusy and train.shown is not None, 10)
    model, shown = panel.currentModel(), train.shown
    hanging = HangingDisk(monkeypatch, panel.project.folder)
    panel.readModels()
    train.monitor.read()
    train.refresh()
    train.monitor.poll()
    panel.projectChanged.emit()
    assert not hanging.askedByMain
    hanging.isBack.set()
    host.waitFor(lambda: not panel.disk.isBusy, 10)
    assert panel.currentModel() == model and train.shown is not None and train.shown.folder == shown.folder


def test_export_does_not_wait_for_the_files_of_the_series(host, projectPanel, tmp_path, monkeypatch):
    import numpy as np
    import SimpleITK as sitk
    import slicer.util
    from dualtaskseg.synthetic.cohort import make_scan, write_dicom_series
    from DualTaskSegLib.engine import slowdisk
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene.casevolumes import loadCaseSteps

    folder = tmp_path / "series"
    write_dicom_series(sitk.Cast(make_scan(3, size=(16, 24, 20))[0], sitk.sitkInt16), folder, 3, "DTS-3")
    volume = finish(loadCaseSteps(ProjectCase("one", "scan_001", str(folder))))
    mask = np.zeros(slicer.util.arrayFromVolume(volume).shape, bool)
    mask[4:9, 4:9, 4:9] = True
    node = scans.addSegmentation({"Organ": mask}, volume)
    export = unfold(projectPanel, "ExportSection")
    hanging = HangingDisk(monkeypatch, folder)
    projectPanel.panel.parameterNode.segmentation = node
    host.processEvents(100)
    texts = [export.ui.checksList.item(row).text() for row in range(export.ui.checksList.count)]
    assert any("being looked for" in text for text in texts), texts
    assert not export.ui.exportButton.enabled and "being looked for" in export.ui.exportButton.toolTip
    for _refresh in range(3):
        export.refresh()
    hanging.isBack.set()
    host.waitFor(lambda: not projectPanel.panel.disk.isBusy, 10)
    texts = [export.ui.checksList.item(row).text() for row in range(export.ui.checksList.count)]
    assert any("All 16 files" in text or "All 20 files" in text for text in texts), texts
    assert not hanging.askedByMain

    monkeypatch.setattr(slowdisk, "LIMIT_S", 0.2)
    again = HangingDisk(monkeypatch, folder)
    export.refresh()
    host.waitFor(lambda: "does not answer" in export.ui.checksList.item(0).text(), 10)
    assert not export.ui.exportButton.enabled
    again.isBack.set()
    export.refresh()
    assert "does not answer" not in export.ui.checksList.item(0).text()
    assert not again.askedByMain


def test_clicks_on_a_project_whose_disk_hangs_do_not_hold_up_the_panel(host, modelPanel, monkeypatch):
    """Saving, choosing an older training, Stop and Resume wait for the disk, each at its turn; none is lost."""
    panel, train = modelPanel.panel, section(modelPanel, "TrainSection")
    host.waitFor(lambda: not panel.disk.isBusy and train.shown is not None, 10)
    watch, done = train.shown, []
    monkeypatch.setattr(watch, "stop", lambda: done.append("stop"))
    monkeypatch.setattr(watch, "resume", lambda: done.append("resume"))
    panel.project.isModified = True
    hanging = HangingDisk(monkeypatch, panel.project.folder)
    panel.saveProject()
    train.onRunSelected()
    train.onStop()
    train.onResume()
    assert not done and panel.project.isModified and not hanging.askedByMain
    assert not modelPanel.ui.messageLabel.text
    hanging.isBack.set()
    host.waitFor(lambda: not panel.disk.isBusy, 10)
    assert sorted(done) == ["resume", "stop"] and not panel.project.isModified
    assert not hanging.askedByMain


def test_a_project_that_cannot_be_saved_since_its_disk_is_silent_is_told_and_kept(
    host, modelPanel, tmp_path, monkeypatch
):
    from DualTaskSegLib.engine import slowdisk

    panel = modelPanel.panel
    host.waitFor(lambda: not panel.disk.isBusy, 10)
    monkeypatch.setattr(slowdisk, "LIMIT_S", 0.3)
    panel.project.isModified = True
    hanging = HangingDisk(monkeypatch, panel.project.folder)
    panel.saveProject()
    host.waitFor(lambda: "does not answer" in modelPanel.ui.messageLabel.text, 10)
    assert panel.project.isModified and not hanging.askedByMain
    hanging.isBack.set()
    panel.saveProject()
    assert not panel.project.isModified
