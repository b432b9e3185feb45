"""The cases that a project has, by scan and by name, so that many can be added as quickly as one. No Qt, no Slicer."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from dualtaskseg.io.paths import usable_path
from dualtaskseg.names import endings, free_name

from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.project.storedproject import plainName

NEUTRAL_NAME = "scan"


class KnownCases:
    """A project's cases, made once to add many; it holds until other code changes them."""

    def __init__(self, cases: Iterable[ProjectCase]) -> None:
        self._byImage: dict[str, ProjectCase] = {}
        self._names: set[str] = set()
        self._endings: dict[str, Iterator[str]] = {}  # not tried yet, by the name that many want
        self._neutral = 1  # no lower number is free
        for case in cases:
            self.add(case)

    def add(self, case: ProjectCase) -> None:
        self._byImage.setdefault(os.path.normcase(case.image), case)
        self._names.add(case.name.casefold())

    def withImage(self, image: Path | str) -> ProjectCase | None:
        """See :meth:`.Project.caseByImage`."""
        return self._byImage.get(os.path.normcase(usable_path(image)))

    def freeName(self, name: str) -> str:
        """See :meth:`.Project.uniqueName`."""
        wanted = plainName(name) or NEUTRAL_NAME
        left = self._endings.setdefault(wanted.casefold(), endings())
        return free_name(wanted, lambda one: one.casefold() in self._names, left=left)

    def neutralName(self) -> str:
        """See :meth:`.Project.neutralName`."""
        while f"{NEUTRAL_NAME}_{self._neutral:03}" in self._names:
            self._neutral += 1
        return f"{NEUTRAL_NAME}_{self._neutral:03}"
