"""Adds scans to the project: those that are loaded, a dataset, or all that lie in a folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import qt
import slicer
from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.errors import InputError
from slicer.i18n import tr as _

from DualTaskSegLib.common.i18n import together
from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.panel.cases.casetable import CaseTable
from DualTaskSegLib.panel.cases.checking import BackgroundChecks
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.jobbar import ChildJob
from DualTaskSegLib.panel.section import slot
from DualTaskSegLib.project.adding import BATCH, GROWN, addFound, datasetIn, datasetSteps
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.scene import casevolumes


class CaseAdder:
    """Does what the buttons that add scans are for.

    Args:
        table: shows what was found, also before all of it is.
        job: searches a folder.
        checks: look into what was added.
    """

    def __init__(self, panel: Panel, table: CaseTable, job: ChildJob, checks: BackgroundChecks) -> None:
        self.panel = panel
        self._table = table
        self._job = job
        self._checks = checks
        self._work: object = None
        self._found: list[dict[str, Any]] = []  # scans in a folder that are not in the table yet
        self._refused: list[str] = []  # why some of those can't be added, as sentences
        self._project: Project | None = None  # for which a folder is searched
        panel.projectChanged.connect(self.onProjectChanged)

    def onProjectChanged(self) -> None:
        """Another project is open."""
        self.panel.dropSteps(self._work)
        self._job.cancel()
        self._found, self._refused = [], []

    @slot
    def onAddLoaded(self) -> None:
        """Adds the loaded scans, each after the other: one without a file of its own is written first."""
        self.panel.inform("")
        project = self.panel.project

        def done(refused: list[str]) -> None:
            if refused:
                self.panel.fail(together(refused))

        steps = self._addVolumesSteps(project, casevolumes.offeredVolumes(project))
        self._work = self.panel.doSteps(steps, _("Adding the loaded scans"), done)

    def _addVolumesSteps(self, project: Project, volumes: list[slicer.vtkMRMLScalarVolumeNode]) -> Steps[list[str]]:
        """Adds volumes; those that are added stay when it is canceled. Returns why others were not, as sentences."""
        refused = []
        try:
            for index, volume in enumerate(volumes):
                try:
                    case = yield from casevolumes.addCaseSteps(project, volume)
                except InputError as error:
                    refused.append(str(error))
                    continue
                self._checks.add([case.id])
                if Path(case.image).parent == project.imagesFolder:  # it was written, which took time
                    self.panel.keepCases()
                yield (index + 1) / len(volumes)
        finally:
            if self.panel.project is project:
                self.panel.keepCases()
        return refused

    @slot
    def onAddFolder(self) -> None:
        """Asks for a folder; a dataset is taken with its labels, any other folder is searched for scans."""
        folder = qt.QFileDialog.getExistingDirectory(
            slicer.util.mainWindow(), _("Choose a folder with scans"), self.panel.settings.text("ScansFolder")
        )
        if not folder:
            return
        self.panel.inform("")
        self.panel.settings.store("ScansFolder", folder)
        project = self.panel.project

        def read(dataset: Dataset | None) -> None:
            if self.panel.project is not project:
                return
            if dataset is None:
                self._searchFolder(folder)
            else:
                self._addDataset(dataset)

        text = _("Reading {folder}").format(folder=Path(folder).name)
        self.panel.doSteps(inThread(lambda: datasetIn(folder)), text, read)

    def _addDataset(self, dataset: Dataset) -> None:
        project, refused = self.panel.project, []

        def added(ids: list[str]) -> None:
            self._checks.add(ids)
            self._table.show(project.cases)

        def done(isComplete: bool) -> None:
            if self.panel.project is not project:
                return
            self.panel.segmentsChanged.emit()
            self.panel.keepCases()
            if not isComplete:
                refused.insert(
                    0,
                    _(
                        "The labels of {name} mean other structures than this project's, so its scans were added "
                        "without them. Make a project of its own for them."
                    ).format(name=dataset.name),
                )
            if refused:
                self.panel.fail(together(refused))

        self._work = self.panel.doSteps(
            datasetSteps(project, dataset, added, refused.append), _("Adding {name}").format(name=dataset.name), done
        )

    def _searchFolder(self, folder: str) -> None:
        self._found, self._refused = [], []
        self._project = self.panel.project
        self._job.start(
            _("Searching {folder}").format(folder=Path(folder).name),
            partial(self.panel.worker.findScans, folder, onItem=self._onFound),
            self._onSearched,
            self._onBrokenOff,
        )

    @slot
    def _onFound(self, scan: dict[str, Any]) -> None:
        if self._project is not self.panel.project:  # another one was opened; the search is being cancelled
            return
        self._found.append(scan)
        if len(self._found) >= max(BATCH, (GROWN - 1) * len(self.panel.project.cases)):
            self._takeFound()

    def _takeFound(self) -> None:
        """Takes what was found so far into the project and the table; it is saved at the end."""
        found, self._found = self._found, []
        project = self.panel.project
        if project is None or not found:
            return
        added, refused = addFound(project, found)
        self._checks.add(added)
        self._refused += refused
        self._table.show(project.cases)

    @slot
    def _onBrokenOff(self) -> None:
        """What was found until then stays."""
        if self._found:
            self._takeFound()
            self.panel.keepCases()
        if self._refused:
            self.panel.fail(together(self._refused))

    @slot
    def _onSearched(self, result: dict[str, Any]) -> None:
        self._takeFound()
        if self._project is not self.panel.project:
            return
        self.panel.keepCases()
        if not result["count"]:
            self.panel.fail(
                _("No scan was found in this folder. Image files such as NIfTI or NRRD, and DICOM series are read.")
            )
        elif self._refused:
            self.panel.fail(together(self._refused))
