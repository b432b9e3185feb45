"""Our own made-up cohort among Slicer's sample data: generated on this computer, nothing is downloaded.

It leads into a project, so that a newcomer gets from an empty Slicer to a mask of a network of their own.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import slicer
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.errors import DualTaskSegError
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, finish, inThread
from DualTaskSegLib.engine import interpreter
from DualTaskSegLib.project.adding import datasetSteps
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.project.storedproject import PROJECT_NAME
from DualTaskSegLib.scene.casevolumes import scansInScene, storedAt

CATEGORY = "DualTaskSeg"
SAMPLE_NAME = "DualTaskSegCohort"
LABELED, UNLABELED = 4, 8
TRAINING_MINUTES = 4.0  # after which a mask of these scans looks right, on a slow computer too
WAIT_S = 0.02
_isMaking = False
# Written by a child process: SimpleITK and seconds of computing do not belong into the application's own. Without
# look-alikes, which so short a training doesn't learn to tell apart. Each line is a share; the last one the folder.
_PROGRAM = """
import sys
from dualtaskseg.synthetic.cohort import write_cohort
folder, labeled, unlabeled = sys.argv[1:]
tell = lambda done, total: print(done / total, flush=True)
paths = write_cohort(folder, int(labeled), int(unlabeled), 0, look_alikes=False, on_progress=tell)
print(paths.dataset)
"""


def register() -> None:
    """Adds the cohort to the module Sample Data; without that module nothing happens."""
    try:
        import SampleData
    except ImportError:
        return
    logic = SampleData.SampleDataLogic
    if hasattr(logic, "registerCustomSampleDataCategory"):  # not before Slicer 5.12
        logic.registerCustomSampleDataCategory(CATEGORY, title=_("DualTaskSeg"))
    icon = Path(__file__).resolve().parents[2] / "Resources" / "Icons" / "DualTaskSeg.png"
    logic.registerCustomSampleDataSource(
        category=CATEGORY,
        sampleName=SAMPLE_NAME,
        thumbnailFileName=str(icon) if icon.is_file() else None,
        uris=[],
        fileNames=[],
        nodeNames=[],
        customDownloader=onSampleClicked,  # no lambda: Slicer knows by it that the sample is registered already
    )


def samplesFolder() -> Path:
    """Where scans and project lie: among the user's documents, for what is trained there is to stay."""
    return Path(slicer.app.defaultScenePath) / "DualTaskSeg samples"


def cohortSteps(folder: Path | None = None, labeled: int = LABELED, unlabeled: int = UNLABELED) -> Steps[Path]:
    """Writes the cohort, or finds it where it was written before.

    Returns:
        the dataset's folder, with ``cases.csv``, images and labels, for the section Cases.

    Raises:
        OSError: it can't be written; the text says why.
    """
    folder = folder or samplesFolder() / "scans"
    command = [interpreter.pythonExecutable(), "-c", _PROGRAM, str(folder), str(labeled), str(unlabeled)]
    # Windows opens a console window for each console program that one with windows starts, unless it is told.
    flags = subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0
    with tempfile.TemporaryDirectory(prefix="DualTaskSeg_") as temporary:
        said, complaints = Path(temporary, "said.txt"), Path(temporary, "complaints.txt")
        with said.open("wb") as output, complaints.open("wb") as errors:
            process = subprocess.Popen(
                command, stdout=output, stderr=errors, env=interpreter.childEnvironment(), creationflags=flags
            )
        try:
            while process.poll() is None:
                time.sleep(WAIT_S)
                yield _share(_lines(said))
        finally:
            if process.poll() is None:  # the user canceled
                process.kill()
                process.wait()
        if process.returncode != 0:
            problem = re.sub(r"^[\w.]+Error: ", "", (_lines(complaints) or [""])[-1])
            raise OSError(_("The sample scans can't be made: {problem}").format(problem=problem))
        return Path(_lines(said)[-1])


def _lines(file: Path) -> list[str]:
    text = file.read_bytes().decode("utf-8", "replace")
    return [line for line in text[: text.rfind("\n") + 1].splitlines() if line.strip()]


def _share(lines: list[str]) -> float:
    return float(lines[-1]) if lines and re.fullmatch(r"[\d.]+", lines[-1]) else 0.0


def writeCohort(folder: Path | None = None, labeled: int = LABELED, unlabeled: int = UNLABELED) -> Path:
    """Does the same at once; the application answers meanwhile."""
    steps = cohortSteps(folder, labeled, unlabeled)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        slicer.app.processEvents()


def projectSteps(dataset: Path) -> Steps[Project]:
    """Opens the project of the samples, and makes it where there is none yet.

    Raises:
        InputError: it can't be read or written.
    """
    folder, title = samplesFolder() / "project", _("Sample scans")

    def openOrCreate() -> Project:
        isThere = (folder / PROJECT_NAME).is_file()
        return Project.open(folder) if isThere else Project.create(folder, title)

    project = yield from inThread(openOrCreate)
    if not project.cases:  # it is new, or was broken off the last time
        cohort = yield from inThread(lambda: load_dataset(dataset))
        yield from datasetSteps(project, cohort, lambda ids: None, lambda sentence: None)
        yield from inThread(project.save)
    return project


def isSampleProject(project: Project) -> bool:
    """Whether a project is that of the samples."""
    return Path(project.folder) == samplesFolder() / "project"


def loadScan(dataset: Path) -> slicer.vtkMRMLScalarVolumeNode:
    """Loads a scan that nobody outlined, for the first mask, or finds it loaded."""
    case = next(each for each in load_dataset(dataset).unlabeled if each.image.is_file())
    loaded = [node for node in scansInScene() if storedAt(node) == case.image]
    return loaded[0] if loaded else slicer.util.loadVolume(str(case.image), {"name": case.name})


def onSampleClicked(source: object = None) -> list[slicer.vtkMRMLScalarVolumeNode]:
    """Leads from the module Sample Data into the project of the samples.

    Returns the loaded scan in a list, as that module wants it: an empty one where something failed, which is shown, and
    of the second click of two, which comes while the first one waits.
    """
    global _isMaking
    if _isMaking:
        return []
    _isMaking = True
    try:
        with slicer.util.WaitCursor():
            dataset = writeCohort()
            node = loadScan(dataset)
            project = finish(projectSteps(dataset))
        if slicer.util.mainWindow() is not None:
            slicer.util.selectModule("DualTaskSeg")
            panel = slicer.util.getModuleWidget("DualTaskSeg").panel
            panel.useProject(project)
            panel.setCurrentVolume(node)
    except (DualTaskSegError, OSError, RuntimeError) as error:  # what else goes wrong is a defect, for the log
        slicer.util.errorDisplay(str(error), windowTitle=_("DualTaskSeg"))
        return []
    finally:
        _isMaking = False
    return [node]
