"""The module as a whole: quick to import, light, translatable, and helpful where something can't be clicked."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from modeltools import *  # noqa: F403
from modeltools import loadScan, openViews, waitForResult
from paneltools import addFolder, click, newProject, section, unfold, waitForIdle

pytestmark = pytest.mark.usefixtures("host")
ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "DualTaskSeg").rglob("*.py"))
HEAVY = ("torch", "monai", "SimpleITK", "highdicom", "pydicom", "scipy", "safetensors")
IMPORT_S = 0.3
CLICK_S = 0.2
# Buttons that ask something, or open a menu; and some of the others, all of which are to be clicked.
ASKING = {
    *("addFolderButton", "removeButton", "trainButton", "resumeButton", "reportButton", "installButton"),
    *("renameButton", "exportButton", "importButton", "deleteButton", "segmentButton", "acceptButton"),
    *(
        "batchButton",
        "batchAcceptButton",
        "numbersSaveButton",
        "changesSaveButton",
        "batchNumbersButton",
        "bundleButton",
    ),
}
MENUS = {"roleButton"}
CLICKED = {
    *("outlineButton", "suggestButton", "curvesButton", "logButton", "detailsButton", "editButton"),
    *("outlineCheck", "show3DCheck", "resultCheck", "contoursCheck", "hideButton"),
    *("nextPlaceButton", "measureButton", "mapsCheck"),
}

PROGRAM = f"""
import sys, time
sys.path.insert(0, {str(ROOT / "Testing")!r})
from slicerhost import app
host = app.start()
began = time.perf_counter()
host.loadModule({str(ROOT / "DualTaskSeg" / "DualTaskSeg.py")!r})
took = time.perf_counter() - began
import slicer.util
slicer.util.selectModule("DualTaskSeg")
panel = slicer.util.getModuleWidget("DualTaskSeg")
assert len(panel.sections) == 6
heavy = [name for name in {HEAVY!r} if name in sys.modules]
print(took, time.perf_counter() - began - took, ",".join(heavy))
"""


@pytest.mark.undisturbed
def test_import_is_quick_and_light():
    """Importing the module takes less than 0.3 s, and neither that nor opening the panel loads a heavy library."""
    found = []
    for _attempt in range(3):  # the best one: other programs run on the machine, too
        done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        took, opening, heavy = done.stdout.splitlines()[-1].split(" ")
        assert heavy == "", f"{heavy} was imported into the application's process"
        found.append((float(took), float(opening)))
        if float(took) < IMPORT_S:
            break
    assert min(took for took, _opening in found) < IMPORT_S, found


def test_what_slicer_shows_about_the_module(panel):
    import slicer

    module = slicer.app.moduleManager().module("DualTaskSeg")
    assert module.categories == ["Segmentation"]
    assert module.contributors
    assert "arXiv:2103.04708" in module.acknowledgementText
    assert "research only" in module.helpText
    assert not module.icon.isNull()


def test_sections_are_in_order(panel):
    headings = [each.button.text for each in panel.sections]
    assert headings == ["&Cases", "&Train", "&Models", "&Apply", "&Review", "E&xport"]


def disabledWithoutReason(widget) -> list[str]:
    found = []
    for each in widget.sections:
        for name, child in vars(each.ui).items():
            if child.inherits("QAbstractButton") and not child.isEnabled() and not child.toolTip:
                found.append(f"{type(each).__name__}.{name}")
    return found


def test_disabled_buttons_say_why(host, panel, cohort, tmp_path):
    """In every state that is reached without a training."""
    assert not disabledWithoutReason(panel)
    newProject(panel, tmp_path / "project")
    assert not disabledWithoutReason(panel)
    panel.panel.project.addCase(next((cohort.dataset / "images").iterdir()))
    panel.panel.casesChanged.emit()
    host.processEvents(50)
    assert not disabledWithoutReason(panel)


def test_only_the_next_step_is_open(panel, tmp_path):
    def unfolded():
        return [type(each).__name__ for each in panel.sections if not each.collapsed]

    assert unfolded() == ["CasesSection"]
    newProject(panel, tmp_path / "project")
    assert unfolded() == ["CasesSection"]


@pytest.fixture
def fullPanel(host, modelPanel, cohort, trainedRun):
    """The panel where most can be clicked: cases, a training, its model, and a result under review."""
    shutil.copytree(trainedRun, modelPanel.panel.project.runsFolder / "first")
    addFolder(modelPanel, cohort.dataset)
    waitForIdle(host, modelPanel)
    section(modelPanel, "CasesSection").checks.timer.stop()
    modelPanel.panel.runChanged.emit()
    modelPanel.panel.setCurrentVolume(loadScan(sorted((cohort.dataset / "images").iterdir())[0]))
    host.waitFor(lambda: not modelPanel.panel.disk.isBusy, 20)
    click(unfold(modelPanel, "ApplySection").ui.segmentButton)
    waitForResult(host, modelPanel)
    openViews()
    return modelPanel


@pytest.mark.undisturbed
def test_clicks_answer_at_once(host, fullPanel):
    """Every button that needs no question answers within 0.2 s of computing, and so does opening a section."""
    import slicer.util

    took = {}

    def measure(name: str, action) -> None:
        began = time.thread_time()
        action()
        host.processEvents()
        took[name] = time.thread_time() - began

    for each in fullPanel.sections:
        each.collapsed = True
        measure(type(each).__name__, lambda each=each: setattr(each, "collapsed", False))
    section(fullPanel, "CasesSection").ui.caseTable.selectRow(5)
    host.processEvents()
    for each in fullPanel.sections:
        # The one that hides everything comes last: nothing else can be clicked after it.
        for name, button in sorted(vars(each.ui).items(), key=lambda item: item[0] == "hideButton"):
            if not button.inherits("QAbstractButton") or name in ASKING | MENUS:
                continue
            if button.isEnabled() and button.isVisibleTo(each.widget):
                measure(f"{type(each).__name__}.{name}", button.click)
                host.waitFor(lambda: not fullPanel.panel.steps.isBusy and not fullPanel.panel.worker.isBusy, 60)
                slicer.util.selectModule("DualTaskSeg")  # some lead to another module
                host.processEvents()
    assert {name.rpartition(".")[2] for name in took} >= CLICKED
    assert max(took.values()) < CLICK_S, took


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.stem)
def test_nothing_heavy_at_file_scope(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    assert not names & set(HEAVY)
