"""Installing Python packages: nothing is installed here unless a test says what stands for pip.

``with installing.asInSlicer510(run):`` gives ``slicer.util.pip_install`` alone, ``installing.asInSlicer512(run)`` also
``slicer.packaging``; ``run`` gets the list of requirements, and what it raises is what pip failed with. Otherwise the
functions of the version are there and refuse to install.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import shlex
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import slicer
import slicer.util
from packaging.requirements import InvalidRequirement, Requirement

from . import questions, versions


def refuse(requirements) -> None:
    raise NotImplementedError(
        "The test stand installs nothing: a test says what stands for pip, see slicerhost.installing."
    )


_run: Callable[[list[str]], None] = refuse


@contextlib.contextmanager
def asInSlicer510(run: Callable[[list[str]], None]) -> Iterator[None]:
    with versions.running("5.10"), _installingBy(run):
        yield


@contextlib.contextmanager
def asInSlicer512(run: Callable[[list[str]], None]) -> Iterator[None]:
    with versions.running("5.12"), _installingBy(run):
        yield


@contextlib.contextmanager
def _installingBy(run: Callable[[list[str]], None]) -> Iterator[None]:
    global _run
    before, _run = _run, run
    try:
        yield
    finally:
        _run = before


def install() -> None:
    """Let ``slicer.util`` have the functions of the version, and ``slicer.packaging`` be there from 5.12 on."""
    versions.follow(_become)


def _become(version: str) -> None:
    if version == "5.10":
        slicer.util.pip_install, slicer.util.pip_uninstall = _pip_install510, _pip_uninstall510
        sys.modules.pop("slicer.packaging", None)
        slicer.__dict__.pop("packaging", None)
        return
    slicer.util.pip_install, slicer.util.pip_uninstall = _pip_install512, _pip_uninstall512
    module = types.ModuleType("slicer.packaging")
    for function in (load_requirements, pip_check, pip_ensure, pip_install):
        setattr(module, function.__name__, function)
    sys.modules["slicer.packaging"] = slicer.packaging = module


# slicer.util


def _pip_install510(requirements):
    _run(_texts(requirements))


def _pip_uninstall510(requirements):
    refuse(requirements)


def _pip_install512(requirements, **kwargs):
    return pip_install(requirements, **kwargs)


def _pip_uninstall512(requirements, **kwargs):
    refuse(requirements)


# slicer.packaging


def pip_install(
    requirements,
    constraints=None,
    no_deps_requirements=None,
    skip_packages=None,
    blocking=True,
    show_progress=True,
    requester=None,
    parent=None,
    logCallback=None,
    completedCallback=None,
):
    if not blocking or skip_packages is not None or no_deps_requirements is not None:
        raise NotImplementedError("The test stand models pip_install(blocking=True) of all that is required only.")
    _run(_texts(requirements))


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
    missing = [str(one) for one in _requirements(requirements) if not pip_check(one)]
    if not missing or (skip_in_testing and slicer.app.testingEnabled()):
        return None
    if prompt_install and not questions.ask("slicer.packaging.pip_ensure", f"{requester}: {', '.join(missing)}"):
        raise RuntimeError("User declined package installation")
    return pip_install(missing, constraints=constraints, skip_packages=skip_packages, requester=requester)


def load_requirements(path):
    lines = [line.strip() for line in Path(path).read_text().splitlines()]  # in the system's encoding, as in Slicer
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def pip_check(req, _seen=None):
    """Whether the packages are installed in the versions asked for."""
    for requirement in _requirements(req):
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        if requirement.extras:
            raise NotImplementedError("The test stand models pip_check without extras only.")
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            return False
        if not requirement.specifier.contains(version):
            return False
    return True


def _requirements(given) -> list[Requirement]:
    """As Slicer reads them: a text, a Requirement, or a list of both; nothing else."""
    if isinstance(given, str):
        try:
            return [Requirement(given)]
        except InvalidRequirement:
            return [Requirement(one) for one in given.split()]
    if isinstance(given, Requirement):
        return [given]
    if isinstance(given, list):
        return [Requirement(one) if isinstance(one, str) else one for one in given]
    raise TypeError(f"Requirements are a text, a Requirement or a list, not {type(given).__name__}.")


def _texts(requirements) -> list[str]:
    """What is given to pip; options may be among it."""
    if isinstance(requirements, str):
        return shlex.split(requirements)
    if isinstance(requirements, list):
        return requirements
    raise ValueError("pip_install takes a text or a list.")
