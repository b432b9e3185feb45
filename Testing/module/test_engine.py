"""Where the training package is found, and in what environment its processes run."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from dualtaskseg.version import VERSION
from DualTaskSegLib.engine import interpreter

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"

LIGHT = (
    "engine.interpreter",
    "engine.launching",
    "engine.runs",
    "project.project",
    "project.modellibrary",
    "common.knownfailures",
    "installing.dependencies",
)
# What every one of them needs of the standard library: how long it takes here and now is the measure for their own.
STANDARD = "dataclasses, hashlib, inspect, json, pathlib, shutil, typing, urllib.parse, random, datetime"
HEAVY = ("torch", "SimpleITK", "monai", "numpy", "scipy", "highdicom", "pydicom", "slicer", "qt", "vtk", "PySide6")


@pytest.mark.parametrize("name", LIGHT)
def test_the_parts_without_a_window_are_light(name):
    code = (
        f"import sys, time; begin = time.process_time(); import {STANDARD}; before = time.process_time(); "
        f"import DualTaskSegLib.{name}; spent = time.process_time() - before; "
        f"print([each for each in {HEAVY} if each in sys.modules], spent / (before - begin))"
    )
    environment = {**os.environ, "PYTHONPATH": str(MODULE)}
    ratios = []
    for _ in range(3):  # the smallest counts: the first has no compiled files, and the machine may be busy
        answer = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=environment)
        assert answer.returncode == 0, answer.stderr
        loaded, _, ratio = answer.stdout.rpartition(" ")
        assert loaded == "[]"
        ratios.append(float(ratio))
    assert min(ratios) < 3


def test_the_training_package_is_found_in_the_source_tree():
    package = interpreter.engineFolder() / "dualtaskseg"
    assert (package / "cli.py").is_file()
    found = importlib.util.find_spec("dualtaskseg")
    assert Path(found.origin).parent == package  # whether it is installed from there, or by the path that was added


@pytest.mark.parametrize("where", [".", "DualTaskSegTraining"])
def test_the_training_package_is_found_where_it_is_installed(tmp_path, where):
    installed = tmp_path / "qt-scripted-modules ß"
    shutil.copytree(
        MODULE / "DualTaskSegLib", installed / "DualTaskSegLib", ignore=shutil.ignore_patterns("__pycache__")
    )
    package = installed / where / "dualtaskseg"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "cli.py").write_text("")
    code = "from DualTaskSegLib.engine import interpreter; import dualtaskseg; print(dualtaskseg.__file__)"
    answer = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(installed)},
    )
    assert Path(answer.stdout.strip()) == package / "__init__.py", answer.stderr


def test_without_the_training_package_the_remedy_is_told(tmp_path):
    shutil.copytree(MODULE / "DualTaskSegLib", tmp_path / "x" / "DualTaskSegLib")
    answer = subprocess.run(
        [sys.executable, "-c", "import DualTaskSegLib"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(tmp_path / "x")},
    )
    assert "Install the extension DualTaskSeg again" in answer.stderr


def test_children_get_slicers_python(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert interpreter.pythonExecutable() == sys.executable
    name = "PythonSlicer.exe" if sys.platform == "win32" else "PythonSlicer"
    program = tmp_path / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert Path(interpreter.pythonExecutable()) == program
    package = interpreter.engineFolder() / "dualtaskseg"
    assert interpreter.command("resume", Path("a b")) == [str(program), str(package / "__main__.py"), "resume", "a b"]


def strangePackage(folder: Path) -> Path:
    """A package of the same name, as someone may have installed it."""
    package = folder / "dualtaskseg"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    for name in ("__main__", "cli"):
        (package / f"{name}.py").write_text("raise SystemExit('the wrong one')")
    return package


@pytest.mark.parametrize("where", ["working directory", "packages of Slicer"])
def test_the_extensions_own_package_works_whatever_else_has_its_name(tmp_path, pythonSlicer, where):
    """PythonSlicer puts its own folders before those of the environment, and ``-m`` the working directory first."""
    place = tmp_path / "strange" if where == "working directory" else pythonSlicer.parents[1] / "lib" / "Python"
    strangePackage(place)
    folder = place if where == "working directory" else tmp_path
    answer = subprocess.run(
        interpreter.command("--version"),
        capture_output=True,
        encoding="utf-8",
        env=interpreter.childEnvironment(),
        cwd=folder,
    )
    assert answer.returncode == 0, answer.stderr
    assert VERSION in answer.stdout


def test_the_folder_of_the_package_itself_is_not_in_the_path():
    """A file of the training package, such as files.py, must not be found as a module of its own."""
    main = interpreter.engineFolder() / "dualtaskseg" / "__main__.py"
    code = f"import runpy, sys; sys.argv = ['x', '--version']; sys.path[0] = {str(main.parent)!r}\n"
    code += f"try: runpy.run_path({str(main)!r}, run_name='__main__')\nexcept SystemExit: pass\nprint(sys.path[:2])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    path = ast.literal_eval(answer.stdout.splitlines()[-1])
    assert path[0] == str(interpreter.engineFolder()) and str(main.parent) not in path


def test_in_slicer_the_extensions_own_package_is_imported_too(tmp_path):
    strange = strangePackage(tmp_path / "site-packages").parent
    code = "import DualTaskSegLib, dualtaskseg; print(dualtaskseg.__file__)"
    path = os.pathsep.join([str(strange), str(MODULE), str(interpreter.engineFolder())])
    environment = {**os.environ, "PYTHONPATH": path}
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=environment)
    assert Path(answer.stdout.strip()).parent == interpreter.engineFolder() / "dualtaskseg", answer.stderr


def test_children_speak_utf8_and_write_numbers_with_a_point(monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", "ar_EG")
    monkeypatch.setenv("LC_NUMERIC", "de_DE.UTF-8")
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("ITK_AUTOLOAD_PATH", "/somewhere")
    code = (
        "import json, locale, os, sys; locale.setlocale(locale.LC_ALL, ''); import dualtaskseg; "
        "print(json.dumps([sys.stdout.encoding, sys.flags.utf8_mode, sys.flags.no_user_site, "
        "locale.localeconv()['decimal_point'], os.environ.get('ITK_AUTOLOAD_PATH'), sys.path[1:3], 'Ünïcode 空'], "
        "ensure_ascii=False))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, env=interpreter.childEnvironment())
    assert answer.returncode == 0, answer.stderr
    encoding, utf8, noUserSite, point, autoload, path, text = json.loads(answer.stdout.decode("utf-8"))
    assert (encoding, utf8, noUserSite, point, autoload, text) == ("utf-8", 1, 1, ".", None, "Ünïcode 空")
    assert path == [str(interpreter.engineFolder()), str(tmp_path)]  # ours first, whatever the user's path holds


def test_the_environment_of_slicer_is_left_alone():
    before = dict(os.environ)
    interpreter.childEnvironment()
    assert dict(os.environ) == before
