"""Where the training package and the Python that runs it are. No Qt, no Slicer: it works in tests and in a console."""

from __future__ import annotations

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
    module = Path(__file__).resolve().parent.parent
    candidates = [module / "DualTaskSegTraining", module.parent / "DualTaskSegTraining", module]
    for folder in candidates:
        if (folder / PACKAGE / "cli.py").is_file():
            return folder
    raise FileNotFoundError(
        f"The training package {PACKAGE} is missing beside {module}. Install the extension DualTaskSeg again."
    )


def ensureImportable() -> None:
    """Makes ``import dualtaskseg`` work, with the package that belongs to this module."""
    folder = str(engineFolder())
    if folder not in sys.path:
        sys.path.insert(0, folder)


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
    """Returns the arguments that start a command of the training package: ``command("resume", folder)``."""
    return [pythonExecutable(), "-m", PACKAGE, *map(str, arguments)]
