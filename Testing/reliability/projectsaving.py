"""Saves a project as the panel does, in a child of the nursery; like a command, so that it may be killed or starved."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "DualTaskSeg"))

from dualtaskseg.contract.segment import Segment
from dualtaskseg.errors import InputError
from DualTaskSegLib.project.project import Project

MODULE = "projectsaving"  # for the nursery
SEGMENTS = (Segment("Liver", 1, (1, 2, 3)), Segment("Vein", 2, (4, 5, 6)))


def main(arguments: Sequence[str]) -> int:
    """``create FOLDER``, or ``add FOLDER COUNT``: opens the project, adds so many scans, and saves.

    Returns:
        0, or 2 where the panel would show a sentence, which is printed.
    """
    action, folder = arguments[:2]
    try:
        if action == "create":
            Project.create(folder, "Livers")
        else:
            add(Project.open(folder), int(arguments[2]))
    except InputError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2
    return 0


def add(project: Project, count: int) -> None:
    """Adds scans, the first of them with a label, and saves."""
    for number in range(count):
        case = project.addCase(project.imagesFolder / f"case {number}.nrrd")
        if number % 2 == 0:
            project.setLabel(case.id, project.labelsFolder / f"case {number}.nrrd")
    project.setSegments(SEGMENTS)
    project.save()
