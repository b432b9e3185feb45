"""What the tests of Apply, Review and Export share: a model trained for seconds, and the panel with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from paneltools import cohort, newProject, panel, projectPanel, section  # noqa: F401  fixtures

ITERATIONS = 40
_trained: dict[str, Path] = {}  # one training for all test files of a session


@pytest.fixture(scope="session")
def trainedRun(tmp_path_factory, cohort) -> Path:  # noqa: F811
    """The run folder of a short training on the synthetic cohort, by the command line."""
    if "run" not in _trained:
        run = tmp_path_factory.mktemp("trained") / "run ß"
        command = [sys.executable, "-m", "dualtaskseg", "train", str(cohort.dataset), "--out", str(run)]
        command += ["--iterations", str(ITERATIONS), "--device", "cpu", "--validation", "0"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        _trained["run"] = run
    return _trained["run"]


@pytest.fixture(scope="module")
def warmWorker(_startedHost):
    """One child process for all tests of a file, since each would need seconds to load PyTorch."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "DualTaskSeg"))
    from DualTaskSegLib import worker

    warm = worker.Worker()
    yield warm
    warm.close()
    _startedHost.waitFor(lambda: not worker._closing, seconds=20)


@pytest.fixture
def modelPanel(host, projectPanel, trainedRun, warmWorker):  # noqa: F811
    """The module's widget with a project that has the trained model, as if it had been imported."""
    project = projectPanel.panel.project
    shutil.copytree(trainedRun / "model", project.modelsFolder / "Short training")
    projectPanel.panel.readModels()
    projectPanel.panel.close()
    projectPanel.panel._worker = warmWorker
    yield projectPanel
    host.waitFor(lambda: not warmWorker.isBusy, seconds=60)
    projectPanel.panel._worker = None  # or the end of the panel would end it


def tick(checkBox) -> None:
    """A click on the box of a check box; only the box and its text take clicks, not the room beside them."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    assert checkBox.isEnabled(), f"{checkBox.objectName} is disabled: {checkBox.toolTip}"
    QTest.mouseClick(checkBox, Qt.LeftButton, pos=QPoint(8, checkBox.height // 2))


def loadScan(path: Path):
    """Loads a scan as a user does with Add Data, and shows it."""
    import slicer.util

    node = slicer.util.loadVolume(str(path))
    slicer.util.setSliceViewerLayers(background=node)
    return node


def waitForResult(host, widget, seconds: float = 120) -> None:
    """Until the section Apply is at rest again."""
    apply = section(widget, "ApplySection")
    host.waitFor(lambda: not apply.segmenter.isBusy, seconds=seconds)
    host.processEvents()


class Heartbeat:
    """A timer in the event loop that notes the longest pause between two of its beats, in seconds."""

    def __init__(self) -> None:
        import qt

        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = qt.QTimer()
        self._timer.setInterval(5)
        self._timer.connect("timeout()", self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def __enter__(self) -> Heartbeat:
        self._last = time.perf_counter()
        self.longest = 0.0
        return self

    def __exit__(self, *_: object) -> None:
        self._beat()
        self._timer.stop()
