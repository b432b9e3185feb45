"""Which files of a project nobody looked into yet, and what was found in the others. No Qt, no Slicer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dualtaskseg.contract.dataset import EXCLUDED, Dataset
from dualtaskseg.contract.segment import Segment

from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.project.terms import asDrawn

CHECKED_AT_ONCE = 8  # so that other work of the child comes in between


class CaseChecks:
    """The cases of a project that are to be checked."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.waiting: list[str] = []  # ids of the cases whose files nobody looked into
        if not project.segments:  # it was closed before the labels were looked into
            self.waiting = [case.id for case in project.cases if case.label]

    @property
    def isAboutStructures(self) -> bool:
        """Whether the next check is to find out which structures the labels hold."""
        waiting = set(self.waiting)
        return not self.project.segments and any(case.label and case.id in waiting for case in self.project.cases)

    def next(self) -> Dataset | None:
        """Takes out a few cases to check, as a dataset; None if none is left.

        Where nobody named the structures, all labels at once are checked, since each may hold others.
        """
        while self.waiting:
            ids = set(self.waiting[:CHECKED_AT_ONCE])
            if self.isAboutStructures:
                ids = {case.id for case in self.project.cases if case.label}
            self.waiting = [each for each in self.waiting if each not in ids]
            names = {case.name for case in self.project.cases if case.id in ids}
            dataset = self.project.dataset()
            chosen = tuple(case for case in dataset.cases if case.name in names and case.role != EXCLUDED)
            if chosen:
                return replace(dataset, cases=chosen)
        return None

    def take(self, checked: Dataset, result: dict[str, Any]) -> tuple[bool, bool]:
        """Notes what was found; the project is not saved.

        Args:
            checked: what was checked, from :meth:`next`.
            result: of :meth:`dualtaskseg.serving.operations.Operations.check`.

        Returns:
            whether that is news, and whether the structures of the project became known by it.
        """
        names, isNews = {case.name for case in checked.cases}, False
        for case in self.project.cases:
            if case.name in names:
                found = result["problems"].get(case.name, [])
                sentences = [f"{problem['what']}. {problem['remedy']}." for problem in found]
                isNews = isNews or sentences != case.problems
                case.problems = sentences
        if self.project.segments or not result["segments"]:
            return isNews, False
        self.project.setSegments(asDrawn(map(Segment.from_dict, result["segments"])))
        return True, True

    def noteMissing(self, missing: Iterable[str]) -> bool:
        """Notes which files of cases are gone, and which came back; returns whether that is news."""
        gone, isNews = set(missing), False
        for case in self.project.cases:
            sentences = {
                file: _("{file} is missing. Check that it was not moved.").format(file=file)
                for file in (case.image, case.label, case.seen)
                if file
            }
            others = [problem for problem in case.problems if problem not in sentences.values()]
            named = [sentence for file, sentence in sentences.items() if file in gone] or others
            isNews = isNews or named != case.problems
            case.problems = named
        return isNews
