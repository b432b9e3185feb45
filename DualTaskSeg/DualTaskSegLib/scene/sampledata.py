"""Our own made-up cohort among Slicer's sample data: generated on this computer, nothing is downloaded."""

from __future__ import annotations

import logging
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

from DualTaskSegLib.engine import interpreter

CATEGORY = "DualTaskSeg"
SAMPLE_NAME = "DualTaskSegCohort"
LABELED, UNLABELED = 4, 8
_isMaking = False
# Written by a child process: SimpleITK and seconds of computing do not belong into the application's own.
_PROGRAM = (
    "import sys; from dualtaskseg.synthetic.cohort import write_cohort; "
    "print(write_cohort(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), 0).dataset)"
)


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
        customDownloader=loadCohort,  # no lambda: Slicer knows by it that the sample is registered already
    )


def cohortFolder() -> Path:
    """Where the cohort is written: Slicer's folder for downloads, else one for temporary files."""
    remote = slicer.mrmlScene.GetCacheManager() if slicer.mrmlScene is not None else None
    folder = remote.GetRemoteCacheDirectory() if remote is not None else ""
    return Path(folder or tempfile.gettempdir()) / SAMPLE_NAME


def writeCohort(folder: Path | None = None, labeled: int = LABELED, unlabeled: int = UNLABELED) -> Path:
    """Writes the cohort, or finds it where it was written before; the application answers meanwhile.

    Returns:
        the dataset's folder, with ``cases.csv``, images and labels, for the section Cases.

    Raises:
        RuntimeError: it can't be written; the text says why.
    """
    folder = folder or cohortFolder()
    command = [interpreter.pythonExecutable(), "-c", _PROGRAM, str(folder), str(labeled), str(unlabeled)]
    # Windows opens a console window for each console program that one with windows starts, unless it is told.
    flags = subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdout=output, stderr=errors, env=interpreter.childEnvironment(), creationflags=flags
        )
        while process.poll() is None:
            slicer.app.processEvents()
            time.sleep(0.02)
        output.seek(0)
        errors.seek(0)
        lines = output.read().decode("utf-8", "replace").split("\n")
        if process.returncode != 0:
            problem = errors.read().decode("utf-8", "replace").strip().split("\n")[-1]
            problem = re.sub(r"^[\w.]+Error: ", "", problem)
            raise RuntimeError(_("The sample scans can't be made: {problem}").format(problem=problem))
    return Path(next(line for line in reversed(lines) if line.strip()).strip())


def loadCohort(source: object = None) -> list[slicer.vtkMRMLScalarVolumeNode]:
    """Writes the cohort and loads the first labeled scan of it, so that there is something to see at once.

    Returns the volume in a list, as the module Sample Data wants it: an empty one where writing failed, which is shown,
    and of the second click of two, which comes while the first one waits.
    """
    global _isMaking
    if _isMaking:
        return []
    _isMaking = True
    try:
        with slicer.util.WaitCursor():
            dataset = writeCohort()
            case = next(each for each in load_dataset(dataset).labeled if each.image.is_file())
            node = slicer.util.loadVolume(str(case.image), {"name": case.name})
    except (DualTaskSegError, OSError, RuntimeError) as error:  # what else goes wrong is a defect, for the log
        slicer.util.errorDisplay(str(error), windowTitle=_("DualTaskSeg"))
        return []
    finally:
        _isMaking = False
    text = _("The sample scans are in {folder}: add this folder in the section Cases.").format(folder=dataset)
    logging.info(text)
    slicer.util.showStatusMessage(text, 10000)
    return [node]
