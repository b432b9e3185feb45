"""Looks into the files of a project's cases in the background, and notes what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import qt
from dualtaskseg.contract.dataset import Dataset
from slicer.i18n import tr as _

from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.section import slot
from DualTaskSegLib.project.checking import CaseChecks
from DualTaskSegLib.project.project import Project

DELAY_MS = 1500


class BackgroundChecks:
    """Has the child look into files that are new, once the user has been busy with something else for a moment."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.isChecking = False
        self._checks: CaseChecks | None = None  # of the open project
        self.timer = qt.QTimer()
        self.timer.setSingleShot(True)
        self.timer.setInterval(DELAY_MS)
        self.timer.connect("timeout()", self.check)
        panel.projectChanged.connect(self.onProjectChanged)
        panel.casesChanged.connect(self.timer.start)

    def add(self, ids: Iterable[str]) -> None:
        """Notes cases whose files nobody looked into."""
        self._checks.waiting += ids

    def onProjectChanged(self) -> None:
        """Another project is open: which of its files are still there?"""
        project = self.panel.project
        self._checks = CaseChecks(project) if project is not None else None
        if project is None or not project.cases:
            return
        self.timer.start()
        files = [file for case in project.cases for file in (case.image, case.label, case.seen) if file]
        self.panel.disk.ask(
            "files of cases",
            lambda: {file for file in files if not Path(file).exists()},
            lambda missing: self._noteMissing(project, missing),
            self.panel.failWith,
            isPressing=False,
        )

    @slot
    def check(self) -> None:
        """Lets the worker look into the files that are new, a few at a time, so that other work comes in between."""
        checks = self._checks
        if checks is None or self.isChecking:
            return
        isAboutStructures = checks.isAboutStructures
        dataset = checks.next()
        if dataset is None:
            return
        if isAboutStructures:
            self.panel.inform(_("Looking which structures the labels hold…"))

        def done(result: dict[str, Any]) -> None:
            self.isChecking = False
            if self._checks is checks:
                self._takeProblems(dataset, result)
            self.check()

        def failed(sentence: str) -> None:
            self.isChecking = False
            if sentence:
                self.panel.fail(sentence)

        self.isChecking = True
        self.panel.worker.check(dataset, onDone=done, onError=failed)

    def _takeProblems(self, checked: Dataset, result: dict[str, Any]) -> None:
        isNews, isAboutStructures = self._checks.take(checked, result)
        if isAboutStructures:
            self.panel.inform("")
            self.panel.segmentsChanged.emit()
        if isNews:  # of thousands of sound cases nothing is written or shown
            self.panel.keepCases()

    def _noteMissing(self, project: Project, missing: set[str]) -> None:
        """Notes which files of cases are gone, and which came back."""
        if self.panel.project is project and self._checks.noteMissing(missing):
            self.panel.casesChanged.emit()

    def close(self) -> None:
        """Looks no more."""
        self.timer.stop()
