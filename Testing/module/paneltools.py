"""What the tests of the panel share: a small cohort, the panel with a project, and clicks as a person makes them."""

from __future__ import annotations

from pathlib import Path

import pytest

MODULE = "DualTaskSeg/DualTaskSeg.py"


@pytest.fixture(scope="session")
def cohort(made_once):
    """3 labeled and 3 unlabeled scans of about 20 x 24 x 20 voxels with two structures, and 2 held out."""
    from dualtaskseg.synthetic.cohort import write_cohort

    def make(folder: Path):
        return write_cohort(folder, labeled=3, unlabeled=3, held_out=2, seed=1, size=(20, 24, 20))

    return make(made_once("Kohorte ß", make))  # the second time it only says where all lies


@pytest.fixture
def panel(host, panelWidget):
    """The module's widget, entered, without a project. In Slicer it can be scrolled; here the window is high enough."""
    host.mainWindow.resize(500, 3000)
    host.mainWindow.show()  # or nothing is laid out
    widget = panelWidget(MODULE)
    assert len(widget.sections) == 6  # made one after the other; a person would wait a moment, too
    return widget


@pytest.fixture
def projectPanel(panel, tmp_path):
    """The module's widget with a new, empty project, made as a user does."""
    newProject(panel, tmp_path / "project")
    return panel


@pytest.fixture
def cohortPanel(host, projectPanel, cohort):
    """The module's widget with a project that has the cohort's cases, checked by the worker."""
    addFolder(projectPanel, cohort.dataset)
    waitForIdle(host, projectPanel)
    section(projectPanel, "CasesSection").checks.timer.stop()
    return projectPanel


def section(widget, name: str):
    """The section of a class."""
    return next(each for each in widget.sections if type(each).__name__ == name)


def click(button) -> None:
    """A click with the left mouse button; the button must be seen and enabled, as for a person."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    QTest.qWait(20)  # until it is laid out and painted, which a person waits for, too
    assert button.isVisibleTo(button.window()), f"{button.objectName} is not visible"
    assert button.isEnabled(), f"{button.objectName} is disabled: {button.toolTip}"
    QTest.mouseClick(button, Qt.LeftButton)


def unfold(widget, name: str):
    """Opens a section with a click on its heading and returns it."""
    found = section(widget, name)
    found.collapsed = False
    return found


def newProject(widget, folder: Path) -> None:
    from slicerhost import questions

    questions.expect(str(folder), "empty folder")
    click(widget.ui.newProjectButton)
    assert widget.panel.project is not None, widget.ui.messageLabel.text


def addFolder(widget, folder: Path) -> None:
    from slicerhost import questions

    cases = unfold(widget, "CasesSection")
    questions.expect(str(folder), "folder with scans")
    click(cases.ui.addFolderButton)


def waitForIdle(host, widget, seconds: float = 60) -> None:
    """Waits until the panel has done what was ordered: in this process, and by the worker for the section Cases."""
    cases = section(widget, "CasesSection")
    host.waitFor(lambda: not (widget.panel.steps.isBusy or widget.panel.disk.isBusy or cases.job.isAtWork), seconds)


def rows(table) -> list[list[str]]:
    """The texts of a table, row by row."""
    return [
        [table.item(row, column).text() if table.item(row, column) else "" for column in range(table.columnCount)]
        for row in range(table.rowCount)
    ]


def selectRows(table, wanted) -> None:
    """Selects rows as clicks with the control key do."""
    table.clearSelection()
    model = table.selectionModel()
    from PySide6.QtCore import QItemSelectionModel

    for row in wanted:
        model.select(table.model().index(row, 0), QItemSelectionModel.Select | QItemSelectionModel.Rows)


@pytest.fixture(scope="session")
def trainedRun(cohort, made_once):
    """The run folder of a short but real training on the cohort."""

    def train(folder: Path) -> None:
        import subprocess

        from DualTaskSegLib.engine import interpreter

        command = interpreter.command("train", cohort.dataset, "--out", folder, "--iterations", "4", "--device", "cpu")
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", env=interpreter.childEnvironment(), check=False
        )
        assert done.returncode == 0, done.stderr

    return made_once("first", train)


@pytest.fixture
def modelPanel(cohortPanel, trainedRun):
    """The cohort's project with one finished training, and so with one model."""
    import shutil

    shutil.copytree(trainedRun, cohortPanel.panel.project.runsFolder / "first")
    cohortPanel.panel.readModels()
    cohortPanel.panel.runChanged.emit()
    unfold(cohortPanel, "ModelsSection")
    return cohortPanel
