"""The script that checks the module in a real Slicer, run on the test stand: it must at least be right there."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "Testing" / "in_slicer" / "check.py"
STEPS = [
    "module",
    "sampledata",
    "install",
    "samples",
    "project",
    "cases",
    "terms",
    "outline",
    "partly",
    "train",
    "curves",
    "model",
    "transfer",
    "apply",
    "fill",
    "surface",
    "distance",
    "contours",
    "uncertainty",
    "place",
    "measure",
    "hide",
    "correct",
    "label",
    "complete",
    "suggest",
    "batch",
    "export",
    "scene",
    "reload",
    "close",
]
# As Slicer does with --python-script: after the start, in the application's own Python.
ON_THE_STAND = """
import runpy, sys
root, script, *arguments = sys.argv[1:]
sys.path[:0] = [root + "/Testing", root + "/DualTaskSeg"]
from slicerhost import app
host = app.start()
host.loadModule(root + "/DualTaskSeg/DualTaskSeg.py")
import qt, slicer
for name, value in (("ProjectFolder", "/my/own project"), ("Device", "cuda:7")):
    qt.QSettings().setValue("DualTaskSeg/" + name, value)
codes = []
slicer.app.exit = codes.append
sys.argv = [script, *arguments]
exec(sys.stdin.read())
runpy.run_path(script, run_name="__main__")
settings = qt.QSettings()
kept = {key: settings.value(key) for key in settings.allKeys() if key.startswith("DualTaskSeg/")}
assert kept == {"DualTaskSeg/ProjectFolder": "/my/own project", "DualTaskSeg/Device": "cuda:7"}, kept
errors = host.errors()
host.unloadModules()
assert not errors, errors
sys.exit(codes[0])
"""


def run(
    *arguments: str, before: str = "", tmp_path: Path, **environment: str
) -> tuple[int, dict[str, tuple[str, str]], str]:
    """Runs the script on the stand.

    Args:
        arguments: of the script.
        before: Python that is done before it.
        tmp_path: where temporary files go.
        environment: variables beside the usual ones.

    Returns:
        The exit code, state and text by step, and all that was printed.
    """
    done = subprocess.run(
        [sys.executable, "-c", ON_THE_STAND, str(ROOT), str(SCRIPT), *arguments],
        input=before,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "TMPDIR": str(tmp_path), **environment},
        timeout=900,
        check=False,
    )
    lines = re.findall(r"^(ok|failed|skipped) +(\w+) +[\d.]+ s *(.*)$", done.stdout, re.MULTILINE)
    return done.returncode, {name: (state, text) for state, name, text in lines}, done.stdout + done.stderr


@pytest.fixture(autouse=True)
def _only_with_the_stand():
    for package in ("slicer_core", "PySide6"):
        if importlib.util.find_spec(package) is None:
            pytest.skip("The test stand is not installed")


@pytest.mark.slow
def test_the_whole_path_without_a_person(tmp_path):
    out = tmp_path / "out.txt"
    code, steps, text = run("--out", str(out), tmp_path=tmp_path)
    assert list(steps) == STEPS, text
    expected = "skipped" if importlib.util.find_spec("highdicom") is None else "ok"
    assert {name: state for name, (state, _text) in steps.items()} == {
        name: expected if name == "export" else "ok" for name in STEPS
    }, text
    assert code == 0
    assert out.read_text(encoding="utf-8").splitlines()[-1].startswith("verdict: passed (")
    assert "Organ, Vein" in steps["cases"][1] and "edited" in steps["label"][1]
    assert not list(tmp_path.glob("DualTaskSeg*")), "what was written for the check is removed"


def test_missing_packages_are_a_step_that_fails_and_the_rest_goes_on(tmp_path):
    """And what needs them is skipped, not tried."""
    before = """
from DualTaskSegLib.installing import dependencies
dependencies.installedVersion = lambda name: None
"""
    code, steps, text = run(before=before, tmp_path=tmp_path)
    assert code == 1
    assert list(steps) == STEPS, text
    assert steps["install"][0] == "failed" and "torch>=" in steps["install"][1] and "--install" in steps["install"][1]
    assert steps["train"] == ("skipped", "it needs: install")
    assert steps["apply"] == ("skipped", "it needs: model")
    for name in ("module", "samples", "project", "cases", "outline", "reload", "close"):
        assert steps[name][0] == "ok", text
    assert re.search(r"^verdict: failed \(\d+ ok, 1 failed, \d+ skipped\)$", text, re.MULTILINE)


@pytest.mark.parametrize("is_complete", [True, False])
def test_with_install_the_packages_are_installed_without_a_question(tmp_path, is_complete):
    """By the panel's own installation, with the real pip; what pip says is told."""
    sys.path.append(str(ROOT / "Testing" / "module"))
    from piptools import writeWheel

    wheels, target = tmp_path / "wheels", tmp_path / "site-packages"
    target.mkdir()
    for name in ("torch", "monai", "safetensors", "highdicom")[: 4 if is_complete else 2]:
        writeWheel(wheels, name, "9.1")
    before = f"""
from importlib import metadata
from DualTaskSegLib.installing import dependencies
dependencies.ROOM_NEEDED = dependencies.ROOM_TO_DOWNLOAD = 0  # the packages of this test are small
everywhere = dependencies.installedVersion
def installedVersion(name):
    if name not in ("torch", "monai", "safetensors", "highdicom", "light-the-torch"):
        return everywhere(name)
    found = next(iter(metadata.distributions(name=name, path=[{str(target)!r}])), None)
    return found.version if found is not None else None
dependencies.installedVersion = installedVersion
sys.path.insert(0, root + "/Testing/in_slicer")
from checking.run import Run
steps = Run._steps
Run._steps = lambda self: steps(self)[:3]
"""
    pip = {"CONFIG_FILE": os.devnull, "TARGET": str(target), "FIND_LINKS": str(wheels), "NO_INDEX": "1"}
    environment = {"PIP_" + name: value for name, value in pip.items()}
    code, steps, text = run("--install", before=before, tmp_path=tmp_path, **environment)
    state, said = steps["install"]
    if is_complete:
        assert (code, state) == (0, "ok") and "torch 9.1" in said, text
    else:
        assert (code, state) == (1, "failed") and "no fitting version" in said.lower(), text
        assert "verdict: failed (2 ok, 1 failed, 0 skipped)" in text


def test_a_check_that_hangs_ends_by_itself_and_puts_the_settings_back(tmp_path):
    before = """
from DualTaskSegLib.scene import sampledata
import time
def hang(*_):
    while True:
        slicer.app.processEvents()
        time.sleep(0.01)
sampledata.writeCohort = hang
import os
leave = os._exit
def tell(code):
    print("kept:", qt.QSettings().value("DualTaskSeg/ProjectFolder"), flush=True)
    leave(code)
os._exit = tell
"""
    code, steps, text = run("--minutes", "0.1", before=before, tmp_path=tmp_path)
    assert code == 1, text
    assert steps["samples"][0] == "failed" and "no end after 0.1 minutes" in steps["samples"][1]
    assert "verdict: failed" in text and "kept: /my/own project" in text


def test_the_script_can_be_read_in_any_encoding():
    """Slicer reads it in the system's own, on Windows not in UTF-8; and it is exec'd, so it knows no package of its
    own."""
    content = SCRIPT.read_bytes()
    assert content.isascii()
    assert not [node for node in ast.walk(ast.parse(content)) if isinstance(node, ast.ImportFrom) and node.level]
