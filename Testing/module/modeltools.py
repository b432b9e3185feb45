"""What the tests of Apply, Review and Export share: a model trained for seconds, and the panel with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from paneltools import cohort, newProject, panel, projectPanel, section  # noqa: F401  fixtures

ITERATIONS = 40


@pytest.fixture(scope="session")
def trainedRun(made_once, cohort) -> Path:  # noqa: F811
    """The run folder of a short training on the synthetic cohort, by the command line."""

    def train(folder: Path) -> None:
        command = [sys.executable, "-m", "dualtaskseg", "train", str(cohort.dataset), "--out", str(folder)]
        command += ["--iterations", str(ITERATIONS), "--device", "cpu", "--validation", "0"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr

    return made_once("run ß", train)


@pytest.fixture(scope="module")
def warmWorker(_startedHost):
    """One child process for all tests of a file, since each would need seconds to load PyTorch."""
    from DualTaskSegLib.engine import childprocess, worker

    warm = worker.Worker()
    yield warm
    warm.close()
    _startedHost.waitFor(lambda: not childprocess._kept, seconds=20)


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


def openViews() -> None:
    """The slice and 3D views, which the stand otherwise makes once they are drawn."""
    import slicer

    manager = slicer.app.layoutManager()
    for name in manager.sliceViewNames():
        manager.sliceWidget(name).sliceView()
    manager.threeDWidget(0).threeDView()


class Heartbeat:
    """A timer in the event loop that notes how long the application did not answer between two of its beats.

    All views are there meanwhile, as in Slicer: what they do when something changes counts.

    Attributes:
        work: the longest that this thread computed in one go, in seconds of its own; other programs don't count.
        pause: the longest pause on the clock, which waiting for a file or a process lengthens, but a busy machine, too.
    """

    MOST_WORK, MOST_PAUSE = 0.2, 0.6

    def __init__(self) -> None:
        import qt

        openViews()
        self.work = self.pause = 0.0
        self._timer = qt.QTimer()
        self._timer.setInterval(5)
        self._timer.connect("timeout()", self._beat)

    def check(self) -> None:
        assert self.work < self.MOST_WORK, f"computed for {self.work:.2f} s in one go"
        assert self.pause < self.MOST_PAUSE, f"did not answer for {self.pause:.2f} s"

    def _beat(self) -> None:
        clock, worked = time.perf_counter(), time.thread_time()
        self.pause = max(self.pause, clock - self._clock)
        self.work = max(self.work, worked - self._worked)
        self._clock, self._worked = clock, worked

    def __enter__(self) -> Heartbeat:
        self._clock, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._beat()
        self._timer.stop()


class LargeLabelMaps:
    """Has the module take every label map for a large one.

    Attributes:
        countedByMain: how often the main thread looked at all voxels of one, which it must not.
    """

    def __init__(self, monkeypatch) -> None:
        from DualTaskSegLib.image import labelcontent

        self.countedByMain = 0
        monkeypatch.setattr(labelcontent, "QUICK_VOXELS", 0)
        for kept in (labelcontent._counts, labelcontent._prints):
            kept._answers.clear()
            monkeypatch.setattr(kept, "_find", self._watched(kept._find))

    def _watched(self, find):
        def watched(image):
            self.countedByMain += threading.current_thread() is threading.main_thread()
            return find(image)

        return watched
