"""The build files: what Slicer installs is what is there. CMake itself reads them, with stand-ins for its macros."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "DualTaskSeg"
PACKAGE = ROOT / "DualTaskSegTraining"
# As Slicer's macros are called; each call is written down instead of being built.
STAND_INS = """
cmake_minimum_required(VERSION 3.20)
set(BUILD_TESTING ON)
set(Slicer_QTSCRIPTEDMODULES_LIB_DIR lib/qt-scripted-modules)
set(Slicer_INSTALL_QTSCRIPTEDMODULES_LIB_DIR lib/qt-scripted-modules)
function(note kind)
  foreach(each IN LISTS ARGN)
    file(APPEND "${CALLS}" "${kind}\\t${CMAKE_CURRENT_SOURCE_DIR}\\t${each}\\n")
  endforeach()
endfunction()
macro(slicerMacroBuildScriptedModule)
  cmake_parse_arguments(GIVEN "WITH_GENERIC_TESTS" "NAME" "SCRIPTS;RESOURCES" ${ARGN})
  note(module ${GIVEN_NAME})
  note(script ${GIVEN_SCRIPTS})
  note(resource ${GIVEN_RESOURCES})
  note(unknown ${GIVEN_UNPARSED_ARGUMENTS})
endmacro()
macro(ctkMacroCompilePythonScript)
  cmake_parse_arguments(GIVEN "NO_INSTALL_SUBDIR" "TARGET_NAME;DESTINATION_DIR;INSTALL_DIR" "SCRIPTS;RESOURCES" ${ARGN})
  note(package ${GIVEN_SCRIPTS})
  note(packageresource ${GIVEN_RESOURCES})
  note(packagefolder ${GIVEN_INSTALL_DIR})
  note(unknown ${GIVEN_UNPARSED_ARGUMENTS})
endmacro()
macro(slicer_add_python_unittest)
  cmake_parse_arguments(GIVEN "" "SCRIPT;TESTNAME_PREFIX" "SLICER_ARGS" ${ARGN})
  note(test ${GIVEN_SCRIPT})
  note(unknown ${GIVEN_UNPARSED_ARGUMENTS})
endmacro()
"""


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """What the build files ask Slicer for: kind, folder and file."""
    cmake = shutil.which("cmake")
    if cmake is None:
        pytest.skip("CMake is not installed")
    folder = tmp_path_factory.mktemp("build")
    calls = folder / "calls.txt"
    top = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    folders = re.findall(r"^add_subdirectory\((\w+)\)", top, re.MULTILINE)
    lines = [STAND_INS, "project(Check NONE)"]
    lines += [f'add_subdirectory("{ROOT / each}" "{folder / each}")' for each in folders]
    (folder / "CMakeLists.txt").write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        [cmake, f"-DCALLS={calls}", "-S", folder, "-B", folder / "b"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in calls.read_text(encoding="utf-8").splitlines()]


def listed(calls, kind: str) -> list[str]:
    return [file for each, _folder, file in calls if each == kind]


def filesIn(folder: Path, base: Path, suffix: str = "") -> set[str]:
    found = (file for file in folder.rglob(f"*{suffix}") if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(base).as_posix() for file in found if not file.name.startswith(".")}


def test_every_script_is_installed(calls):
    scripts = listed(calls, "script")
    assert len(scripts) == len(set(scripts))
    assert set(scripts) == {"DualTaskSeg.py"} | filesIn(MODULE / "DualTaskSegLib", MODULE, ".py")
    assert listed(calls, "module") == ["DualTaskSeg"]
    assert not listed(calls, "unknown")


def test_every_resource_is_installed(calls):
    resources = listed(calls, "resource")
    assert len(resources) == len(set(resources))
    sources = filesIn(MODULE / "Resources" / "Translations", MODULE, ".ts")  # of the .qm files beside them
    assert set(resources) == filesIn(MODULE / "Resources", MODULE) - sources


def test_no_file_of_the_module_is_of_a_kind_that_is_not_installed():
    kinds = {Path(name).suffix for name in filesIn(MODULE / "DualTaskSegLib", MODULE)}
    assert kinds == {".py"}


def test_the_whole_training_package_is_installed_beside_the_module(calls):
    scripts, resources = listed(calls, "package"), listed(calls, "packageresource")
    assert {Path(name).suffix for name in scripts} == {".py"}  # CTK gives every other name this ending
    assert len(scripts + resources) == len({*scripts, *resources})
    assert {*scripts, *resources} == filesIn(PACKAGE / "dualtaskseg", PACKAGE)
    assert listed(calls, "packagefolder") == ["lib/qt-scripted-modules"]


def test_the_whole_training_package_is_installed_by_pip(tmp_path):
    source = tmp_path / "source"
    shutil.copytree(PACKAGE, source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"))
    done = subprocess.run(
        [sys.executable, "-c", "import setuptools; setuptools.setup()", "-q", "build_py", "--build-lib", "../built"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=source,
    )
    assert done.returncode == 0, done.stderr
    assert filesIn(tmp_path / "built", tmp_path / "built") == filesIn(PACKAGE / "dualtaskseg", PACKAGE)


INSTALLED = """
import sys
sys.path.insert(0, {testing!r})
from slicerhost import app
host = app.start()
host.loadModule({module!r})
import slicer.util
slicer.util.selectModule("DualTaskSeg")
import dualtaskseg
import DualTaskSegLib.engine.worker
print(len(slicer.util.getModuleWidget("DualTaskSeg").sections), dualtaskseg.__file__)
done = []
worker = DualTaskSegLib.engine.worker.Worker()
worker.findScans({folder!r}, onDone=done.append, onError=done.append)
host.waitFor(lambda: done, 60)
print(done[0])
worker.close()
from dualtaskseg.report.content import ReportContent
from dualtaskseg.report.page import report_html
print(report_html(ReportContent(title="Run", created="")).count("</html>"))
assert not host.errors(), host.errors()
"""


def test_what_is_installed_works_by_itself(calls, tmp_path):
    """Just the listed files, in one folder as Slicer installs them: the panel opens, and its child process works."""
    folder = tmp_path / "qt-scripted-modules"
    for kind, base in (("script", MODULE), ("resource", MODULE), ("package", PACKAGE), ("packageresource", PACKAGE)):
        for file in listed(calls, kind):
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(base / file, target)
    program = INSTALLED.format(testing=str(ROOT / "Testing"), module=str(folder / "DualTaskSeg.py"), folder=str(folder))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False, cwd=tmp_path, timeout=120
    )
    assert done.returncode == 0, done.stderr
    first, second, third = done.stdout.splitlines()[-3:]
    assert first == f"6 {folder / 'dualtaskseg' / '__init__.py'}"
    assert second == "{'count': 0}"
    assert third == "1"  # the report's page is there


def test_tests_that_slicer_runs_are_there(calls):
    tests = {(Path(folder), file) for kind, folder, file in calls if kind == "test"}
    assert all((folder / file).is_file() for folder, file in tests)
    folder = MODULE / "Testing" / "Python"
    assert {file for each, file in tests if each == folder} == {file.name for file in folder.glob("*.py")}
    assert (MODULE, "DualTaskSeg.py") in tests


def test_extension_metadata():
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    values = dict(re.findall(r'^set\((EXTENSION_\w+) "([^"]*)"\)', text, re.MULTILINE))
    for name in ("HOMEPAGE", "CONTRIBUTORS", "DESCRIPTION", "ICONURL", "SCREENSHOTURLS"):
        assert values[f"EXTENSION_{name}"]
    for name, value in re.findall(r"^set\((EXTENSION_\w+)\s+(.*)\)", text, re.MULTILINE):
        assert ";" not in value, f"{name}: CMake takes the parts of a list for arguments, so the rest would be lost"
    assert 'set(EXTENSION_DEPENDS "PyTorch")' in text
    assert re.search(r"^project\(DualTaskSeg\)", text, re.MULTILINE)
    assert values["EXTENSION_ICONURL"].endswith("/DualTaskSeg.png")
    for address in values["EXTENSION_SCREENSHOTURLS"].split():
        (name,) = re.findall(r"/Resources/Screenshots/(\w+\.png)$", address)
        pictures = ROOT / "Resources" / "Screenshots"
        assert not pictures.is_dir() or (pictures / name).is_file()


def test_index_description():
    """The fields that the catalog of extensions allows, and no other."""
    entry = json.loads((ROOT / "DualTaskSeg.json").read_text(encoding="utf-8"))
    assert entry.pop("$schema").endswith("slicer-extension-catalog-entry-schema-v1.0.1.json#")
    assert set(entry) == {"build_dependencies", "build_subdirectory", "category", "scm_revision", "scm_url", "tier"}
    assert entry["build_dependencies"] == ["PyTorch"]
    assert entry["category"] == "Segmentation"
    assert entry["scm_url"].startswith("https://")


def test_icons():
    """Large enough for the catalog, and square."""
    for path, least in ((ROOT / "DualTaskSeg.png", 128), (MODULE / "Resources" / "Icons" / "DualTaskSeg.png", 64)):
        content = path.read_bytes()
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = (int.from_bytes(content[start : start + 4], "big") for start in (16, 20))
        assert width == height >= least
