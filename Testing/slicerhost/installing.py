"""Installing Python packages: nothing is installed here unless a test says what stands for pip.

``with installing.asInSlicer510(run):`` gives ``slicer.util.pip_install`` alone, ``installing.asInSlicer512(run)`` also
``slicer.packaging``; ``run`` gets the list of requirements, and what it raises is what pip failed with.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import slicer
import slicer.util
from packaging.requirements import Requirement

from . import questions


def refuse(requirements, **keywords):
    raise NotImplementedError(
        "The test stand installs nothing: a test says what stands for pip, see slicerhost.installing."
    )


@contextlib.contextmanager
def asInSlicer510(run: Callable[[list[str]], None]) -> Iterator[None]:
    slicer.util.pip_install = lambda requirements: run(_texts(requirements))
    try:
        yield
    finally:
        slicer.util.pip_install = refuse


@contextlib.contextmanager
def asInSlicer512(run: Callable[[list[str]], None]) -> Iterator[None]:
    module = types.ModuleType("slicer.packaging")

    def pip_install(
        requirements,
        constraints=None,
        skip_packages=None,
        no_deps_requirements=None,
        blocking=True,
        show_progress=True,
        requester=None,
        parent=None,
        logCallback=None,
        completedCallback=None,
    ):
        if not blocking:
            raise NotImplementedError("The test stand models pip_install(blocking=True) only.")
        run(_texts(requirements))

    def pip_ensure(
        requirements,
        constraints=None,
        skip_packages=None,
        prompt_install=True,
        prompt_restart=True,
        requester=None,
        skip_in_testing=True,
        show_progress=True,
    ):
        missing = [one for one in _texts(requirements) if not pip_check(one)]
        if not missing or (skip_in_testing and slicer.app.testingEnabled()):
            return
        if prompt_install and not questions.ask("slicer.packaging.pip_ensure", f"{requester}: {', '.join(missing)}"):
            raise RuntimeError(f"{requester} was refused the packages {', '.join(missing)}")
        pip_install(missing, requester=requester)

    module.load_requirements, module.pip_check = load_requirements, pip_check
    module.pip_install, module.pip_ensure = pip_install, pip_ensure
    sys.modules["slicer.packaging"] = slicer.packaging = module
    slicer.util.pip_install = pip_install
    try:
        yield
    finally:
        slicer.util.pip_install = refuse
        del sys.modules["slicer.packaging"], slicer.packaging


def load_requirements(path: str | Path) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in Path(path).read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line]


def pip_check(requirements) -> bool:
    """Whether the packages are installed in the versions asked for."""
    for requirement in map(Requirement, _texts(requirements)):
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            return False
        if not requirement.specifier.contains(version, prereleases=True):
            return False
    return True


def _texts(requirements) -> list[str]:
    if isinstance(requirements, str):
        return requirements.split()
    if isinstance(requirements, Requirement):
        return [str(requirements)]
    return [str(one) for one in requirements]
