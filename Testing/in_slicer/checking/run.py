"""The steps of the check, in their order, and all that is put back afterwards."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import qt
import slicer

from checking.hands import MODULE
from checking.modelsteps import ModelSteps
from checking.projectsteps import ProjectSteps
from checking.report import Fault, Report
from checking.reviewsteps import ReviewSteps

SECOND_MS = 1000
MINUTE_S = 60


class Run(ProjectSteps, ModelSteps, ReviewSteps):
    """All steps, one after the other.

    Args:
        report: is told what each step gave.
        mayInstall: whether missing packages are installed.
        minutes: after which everything is ended.
    """

    def __init__(self, report: Report, mayInstall: bool, minutes: float) -> None:
        super().__init__()
        self.report = report
        self.mayInstall = mayInstall
        self._minutes = minutes
        self._settings: dict[str, Any] = {}
        self._layout = 0
        self._timer = qt.QTimer()

    def all(self) -> None:
        """Does all steps, and leaves everything as it was."""
        self.report.head()
        self._keep()
        try:
            with self.answers:
                for name, needs, work in self._steps():
                    self.report.step(name, needs, work)
        finally:
            self._restore()

    def _steps(self) -> list[tuple[str, tuple[str, ...], Callable[[], str | None]]]:
        return [
            ("module", (), self.openModule),
            ("sampledata", ("module",), self.findSampleData),
            ("install", ("module",), self.install),
            ("samples", ("module",), self.makeSamples),
            ("project", ("module",), self.makeProject),
            ("cases", ("project", "samples"), self.addCases),
            ("terms", ("cases",), self.chooseTerm),
            ("outline", ("cases",), self.outline),
            ("partly", ("outline",), self.outlinePartly),
            ("train", ("cases", "install"), self.train),
            ("curves", ("train",), self.showCurves),
            ("model", ("train",), self.checkModel),
            ("transfer", ("model",), self.passModelOn),
            ("apply", ("model",), self.apply),
            ("fill", ("apply",), self.showFill),
            ("surface", ("apply",), self.show3D),
            ("distance", ("apply",), self.showDistance),
            ("contours", ("apply",), self.showContours),
            ("uncertainty", ("apply",), self.showUncertainty),
            ("place", ("apply",), self.goToPlace),
            ("measure", ("apply",), self.measure),
            ("hide", ("apply",), self.hideAndShow),
            ("correct", ("apply",), self.correct),
            ("label", ("apply",), self.label),
            ("complete", ("apply", "partly"), self.complete),
            ("suggest", ("model",), self.suggest),
            ("batch", ("model",), self.segmentMany),
            ("export", ("model",), self.exportDicom),
            ("scene", ("apply",), self.saveAndLoadScene),
            ("reload", ("project",), self.reload),
            ("close", ("module",), self.close),
        ]

    def _keep(self) -> None:
        """Remembers what the user has, and ends the check if it hangs, for instance in a dialog that nobody closes."""
        settings = qt.QSettings()
        self._settings = {key: settings.value(key) for key in settings.allKeys() if key.startswith(MODULE + "/")}
        settings.setValue(MODULE + "/ProjectFolder", "")  # or the panel would open the user's own project
        self._layout = slicer.app.layoutManager().layoutLogic().GetLayoutNode().GetViewArrangement()
        self.folder = Path(tempfile.mkdtemp(prefix="DualTaskSeg check "))
        self._timer.setSingleShot(True)
        self._timer.setInterval(int(self._minutes * MINUTE_S * SECOND_MS))
        self._timer.connect("timeout()", self._onTimeIsOver)
        self._timer.start()

    def _restoreSettings(self) -> None:
        settings = qt.QSettings()
        for key in settings.allKeys():
            if key.startswith(MODULE + "/") and key not in self._settings:
                settings.remove(key)
        for key, value in self._settings.items():
            settings.setValue(key, value)
        settings.sync()

    def _restore(self) -> None:
        self._timer.stop()
        self._restoreSettings()
        slicer.app.layoutManager().layoutLogic().GetLayoutNode().SetViewArrangement(self._layout)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _onTimeIsOver(self) -> None:
        self.report.hangs(self._minutes)
        self._restoreSettings()
        if self.program is not None:
            self.program.kill()
        code = self.report.close()
        sys.stdout.flush()
        os._exit(code)  # whatever hangs would not let Slicer end

    def reload(self) -> None:
        folder, former = self.panel.project.folder, self.widget
        former.onReload()
        self.waitFor(lambda: self.widget is not former and len(self.widget.sections) == 6, "the new panel")
        self.waitFor(lambda: self.panel.project is not None, "the project")
        if Path(self.panel.project.folder) != Path(folder):
            raise Fault(f"another project is open: {self.panel.project.folder}")
        self.settle()

    def close(self) -> None:
        """The project is closed and the child process ended, so that the folder can be deleted on Windows, too."""
        slicer.mrmlScene.Clear()
        self.panel.useProject(None)
        self.settle()
        self.panel.close()
        from DualTaskSegLib.engine import childprocess

        self.waitFor(lambda: not childprocess._kept, "the child process to end")
