"""Installing from the sections Train and Export, with real clicks and the real pip; nothing is installed for good."""

from __future__ import annotations

import importlib
import socket
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from dualtaskseg.processes import is_alive
from modeltools import Heartbeat
from paneltools import *  # noqa: F403
from paneltools import click, section, unfold
from piptools import *  # noqa: F403
from piptools import writeWheel
from scans import addSegmentation, addVolume

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture
def silentIndex(monkeypatch, pipPlace):
    """pip waits for an index that takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.getsockname()[1]}/simple")
        yield


def checksOf(export) -> list[str]:
    return [export.ui.checksList.item(row).text() for row in range(export.ui.checksList.count)]


def ended(host, widget) -> None:
    host.waitFor(lambda: not widget.panel.installer.isAtWork, 60)


@pytest.mark.undisturbed
def test_train_installs_what_is_missing_and_tries_it(pipPlace, host, panel):
    from slicerhost import questions

    for name in ("torch", "monai", "safetensors"):
        pipPlace.add(name, "9.1")
    train = unfold(panel, "TrainSection")
    ui = train.ui
    assert "To be installed before training: torch" in ui.installLabel.text
    assert not ui.installBar.isVisibleTo(train.widget) and not ui.installLogButton.isVisibleTo(train.widget)
    questions.expect(True, "Slicer stays usable")
    with Heartbeat() as heart:
        click(ui.installButton)
        assert panel.panel.installer.isAtWork
        assert not ui.installButton.isVisibleTo(train.widget), "it can be clicked again while pip is at work"
        for widget in (ui.installBar, ui.installCancelButton, ui.installLogButton):
            assert widget.isVisibleTo(train.widget)
        host.waitFor(lambda: "so far. Slicer can be used" in ui.installLabel.text, 20)
        panel.panel.installer.install(train.devices.missing)  # of no effect: nothing is asked, nothing starts
        ended(host, panel)
        took = panel.panel.installer.news.seconds
    assert heart.work < Heartbeat.MOST_WORK
    assert heart.pause < took / 2, "the window stood still while pip was at work"
    assert "Everything needed is installed: torch 9.1" in ui.installLabel.text
    assert not ui.installButton.isVisibleTo(train.widget) and not ui.installBar.isVisibleTo(train.widget)
    assert panel.ui.messageLabel.text.startswith("Trying what was installed")
    host.waitFor(lambda: train.devices.areKnown, 90)
    assert "works on" in panel.ui.messageLabel.text


def test_nothing_is_installed_without_consent(pipPlace, host, panel):
    import qt
    from slicerhost import questions

    def no(question):
        assert qt.QApplication.overrideCursor() is None, "the question stands under the wait cursor"
        return False

    train = unfold(panel, "TrainSection")
    questions.expect(no, "torch 2.5")
    click(train.ui.installButton)
    assert not panel.panel.installer.isAtWork and "Nothing was installed" in panel.ui.messageLabel.text
    assert train.ui.installButton.isVisibleTo(train.widget)


def test_a_failure_is_told_in_words_and_the_log_is_one_click_away(pipPlace, host, panel):
    from slicerhost import questions

    train = unfold(panel, "TrainSection")
    questions.expect(True, "torch")
    click(train.ui.installButton)
    ended(host, panel)
    assert "There is no fitting version of torch" in panel.ui.messageLabel.text
    click(train.ui.installLogButton)
    [opened] = questions.opened
    assert "No matching distribution found for torch" in Path(opened).read_text(encoding="utf-8")
    assert train.ui.installButton.isVisibleTo(train.widget)  # to try again


def test_cancel_ends_pip(silentIndex, host, panel, tmp_path):
    """Before pip starts, the worker lets go of all libraries: on Windows they could not be replaced."""
    from slicerhost import questions

    answers = []
    panel.panel.worker.findScans(tmp_path, onDone=answers.append)
    host.waitFor(lambda: answers, 60)
    child = panel.panel.worker._childPid
    train = unfold(panel, "TrainSection")
    questions.expect(True, "torch")
    click(train.ui.installButton)
    pid = panel.panel.installer._installation._pid
    assert is_alive(pid, None)
    host.waitFor(lambda: not is_alive(child, None), 10)
    click(train.ui.installCancelButton)
    host.waitFor(lambda: not is_alive(pid, None), 10)
    assert "canceled" in panel.ui.messageLabel.text
    assert train.ui.installButton.isVisibleTo(train.widget) and train.ui.installLogButton.isVisibleTo(train.widget)


def test_closing_slicer_asks_and_ends_pip(silentIndex, host, panel):
    from slicerhost import questions

    train = unfold(panel, "TrainSection")
    questions.expect(True, "torch")
    click(train.ui.installButton)
    pid = panel.panel.installer._installation._pid
    questions.expect(False, "being installed")
    assert not host.closeApplication()
    assert is_alive(pid, None)
    host.processEvents(1100)  # an answer counts for the closing that it was given for
    questions.expect(True, "being installed")
    assert host.closeApplication()
    host.unloadModules()
    host.waitFor(lambda: not is_alive(pid, None), 10)


def test_export_installs_what_only_it_needs(pipPlace, host, panel, monkeypatch, tmp_path):
    """As in Slicer 5.10, where a package in use is replaced; PyTorch is not needed, and the worker learns of it."""
    from slicerhost import questions

    with zipfile.ZipFile(writeWheel(tmp_path, "inuse", "2.4")) as wheel:
        wheel.extractall(tmp_path / "older")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "older")])
    monkeypatch.setitem(sys.modules, "inuse", importlib.import_module("inuse"))
    pipPlace.add("inuse", "3.0")
    pipPlace.add("highdicom", "9.1", metadataLines="Requires-Dist: inuse>=3\n")
    answers = []
    panel.panel.worker.findScans(pipPlace.wheels, onDone=answers.append)
    host.waitFor(lambda: answers, 60)
    child = panel.panel.worker._childPid
    export = unfold(panel, "ExportSection")
    assert "To be installed before exporting: highdicom 0.27 or newer" in export.ui.installLabel.text
    volume = addVolume(np.zeros((8, 9, 10), np.int16), np.eye(4), "Scan")
    panel.panel.parameterNode.segmentation = addSegmentation({"Organ": np.ones((8, 9, 10), bool)}, volume)
    host.processEvents()
    assert "It needs these packages: highdicom 0.27 or newer. Click Install." in checksOf(export)
    questions.expect(True, "highdicom")
    click(export.ui.installButton)
    [asked] = questions.asked
    assert "torch" not in asked.text
    ended(host, panel)
    assert panel.ui.messageLabel.text.startswith("Installed. Start Slicer again before you go on")
    assert "inuse 2.4 by 3.0" in panel.ui.messageLabel.text
    assert not export.ui.installLabel.isVisibleTo(export.widget)
    assert not export.ui.installButton.isVisibleTo(export.widget)
    assert not any("highdicom" in text for text in checksOf(export))
    panel.panel.worker.findScans(pipPlace.wheels, onDone=answers.append)
    host.waitFor(lambda: len(answers) == 2, 60)
    assert panel.panel.worker._childPid != child
    assert section(panel, "TrainSection").ui.installButton.isVisibleTo(section(panel, "TrainSection").widget)
