"""Where the training package and the Python that runs it are. No Qt, no Slicer: it works in tests and in a console."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

PACKAGE = "dualtaskseg"
# Slicer lets the libraries of its own process load ITK plug-ins from its folders; in a child, whose SimpleITK can be
# another build, they must not be loaded.
NOT_FOR_CHILDREN = ("ITK_AUTOLOAD_PATH", "LC_ALL", "PYTHONCASEOK", "PYTHONSTARTUP", "PYTHONOPTIMIZE")


def engineFolder() -> Path:
    """Returns the folder that holds the package ``dualtaskseg``.

    Installed, it lies beside the module or in ``DualTaskSegTraining`` there; in a source tree in the folder
    ``DualTaskSegTraining`` beside the module's own.

    Raises:
        FileNotFoundError: the extension is incomplete.
    """
    module = Path(__file__).resolve().parents[2]
    candidates = [module / "DualTaskSegTraining", module.parent / "DualTaskSegTraining", module]
    for folder in candidates:
        if (folder / PACKAGE / "cli.py").is_file():
            return folder
    raise FileNotFoundError(
        f"The training package {PACKAGE} is missing beside {module}. Install the extension DualTaskSeg again."
    )


def ensureImportable() -> None:
    """Makes ``import dualtaskseg`` work, with the package that belongs to this module and no other of this name."""
    folder = engineFolder()
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None or Path(found.origin).resolve().parent != (folder / PACKAGE).resolve():
        sys.path.insert(0, str(folder))


def pythonExecutable() -> str:
    """Returns the Python to start children with: Slicer's, which knows Slicer's libraries, else the present one."""
    return shutil.which("PythonSlicer") or sys.executable


def childEnvironment() -> dict[str, str]:
    """Returns the environment of children.

    UTF-8 whatever the system's language; output at once; numbers with a decimal point; nothing from the user's own
    Python packages, whose versions nobody knows; the package ``dualtaskseg`` importable.
    """
    environment = {name: value for name, value in os.environ.items() if name.upper() not in NOT_FOR_CHILDREN}
    paths = [str(engineFolder())]
    if environment.get("PYTHONPATH"):
        paths.append(environment["PYTHONPATH"])
    environment.update(
        PYTHONUTF8="1",
        PYTHONIOENCODING="utf-8",
        PYTHONUNBUFFERED="1",
        PYTHONNOUSERSITE="1",
        PYTHONPATH=os.pathsep.join(paths),
        LC_NUMERIC="C",
    )
    return environment


def command(*arguments: str | Path) -> list[str]:
    """Returns the arguments that start a command of the training package: ``command("resume", folder)``.

    The package is named by its place: with ``-m``, one of the same name in the working directory or among Slicer's
    packages would come first, for PythonSlicer puts its own folders before those of the environment.
    """
    return [pythonExecutable(), str(engineFolder() / PACKAGE / "__main__.py"), *map(str, arguments)]
