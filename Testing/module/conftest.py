"""The test stand for the tests of the module: one application a process, an empty scene for every test."""

from __future__ import annotations

import importlib.util
import os
import sys
import types
from pathlib import Path

import pytest

TESTING = Path(__file__).resolve().parents[1]
# The module's folder, as Slicer does when it loads a module.
sys.path[:0] = [str(TESTING), str(TESTING.parent / "DualTaskSeg")]


@pytest.fixture(scope="session")
def _startedHost():
    for package, wheel in (("slicer_core", "slicer-core"), ("PySide6", "PySide6-Essentials")):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"The test stand needs {wheel}: pip install -r requirements-dev.txt")
    from slicerhost import app

    started = app.start()
    yield started
    _waitForChildren(started)


def _waitForChildren(started) -> None:
    """Panels let go of their child without waiting for its end; here Qt must not end before it, which would kill it."""
    if "DualTaskSegLib.engine.childprocess" in sys.modules:
        from DualTaskSegLib.engine import childprocess

        started.waitFor(lambda: not childprocess._kept, seconds=20)


@pytest.fixture(scope="session", autouse=True)
def _launcherOnPath(tmp_path_factory):
    """Children start as they do in Slicer: through the launcher PythonSlicer, found on PATH."""
    from slicerhost import launcher

    before = os.environ["PATH"]
    yield launcher.install(tmp_path_factory.mktemp("Slicer"))
    os.environ["PATH"] = before


@pytest.fixture(autouse=True)
def _sameModulesAfterwards():
    """A reload of the panel makes our modules anew; the tests that follow hold on to the classes of the old ones."""
    before = _ourModules()
    yield
    if all(sys.modules.get(name) is module for name, module in before.items()):
        return
    for name in _ourModules():
        del sys.modules[name]
    sys.modules.update(before)
    left = list(before.values())
    while left:  # those that the test itself imported before the reload: the old packages hold them
        for module in vars(left.pop()).values():
            if isinstance(module, types.ModuleType) and _isOurs(module.__name__):
                if module.__name__ not in sys.modules:
                    left.append(module)
                sys.modules.setdefault(module.__name__, module)


def _ourModules() -> dict[str, types.ModuleType]:
    return {name: module for name, module in sys.modules.items() if _isOurs(name)}


def _isOurs(name: str) -> bool:
    return name.split(".")[0] in ("DualTaskSegLib", "dualtaskseg")


@pytest.fixture
def pythonSlicer(tmp_path, monkeypatch):
    """A launcher for one test, whose own folder ``lib/Python`` beside ``bin`` the test may fill. Its path."""
    from slicerhost import launcher

    monkeypatch.setenv("PATH", os.environ["PATH"])
    return launcher.install(tmp_path / "Slicer")


@pytest.fixture
def host(_startedHost):
    """The running application. Afterwards no slot may have raised, VTK printed no error, and no answer is left over."""
    from slicerhost import questions

    _startedHost.forgetErrors()
    questions.forget()
    yield _startedHost
    _startedHost.processEvents()
    _startedHost.unloadModules()
    errors = _startedHost.errors()
    _startedHost.reset()
    assert not errors, "\n".join(errors)


@pytest.fixture
def panelWidget(host):
    """Loads a scripted module from its path, enters it and returns its panel; the module is unloaded afterwards."""
    import slicer.util

    def load(path: str | Path):
        module = host.loadModule(Path(path) if Path(path).is_absolute() else TESTING.parent / path)
        slicer.util.selectModule(module.name)
        return slicer.util.getModuleWidget(module.name)

    return load


@pytest.fixture(params=["5.10", "5.12"])
def slicerVersion(request, host):
    """Runs a test once for each version of Slicer that the module supports; the stand offers what that version has."""
    from slicerhost import versions

    with versions.running(request.param):
        yield request.param
