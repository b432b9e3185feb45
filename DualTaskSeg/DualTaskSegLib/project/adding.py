"""Scans on disk that come into a project: a dataset with labels, or what was found in a folder. No Qt, no Slicer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import EXCLUDED, Dataset
from dualtaskseg.data.assembling import NoDatasetError
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.errors import InputError

from DualTaskSegLib.common.steps import Steps
from DualTaskSegLib.project.knowncases import KnownCases
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.project.terms import withTerms

BATCH = 50  # cases that are added together, before others get a turn
GROWN = 1.25  # times the cases that are shown, from which on new ones are shown: each time all are looked at


def datasetIn(folder: Path | str) -> Dataset | None:
    """Reads a folder as a dataset; None if it is none.

    Raises:
        InputError: it is one in which something is wrong; searched for scans, it would give its labels for scans.
    """
    try:
        return load_dataset(folder)
    except NoDatasetError:
        return None


def datasetSteps(
    project: Project, dataset: Dataset, onAdded: Callable[[list[str]], None], onRefused: Callable[[str], None]
) -> Steps[bool]:
    """Takes all cases of a dataset into a project, which is not saved.

    Args:
        project: the project. If it has no structures yet, it gets those of the dataset.
        onAdded: called with the ids of cases that were added, some at a time.
        onRefused: called with a sentence for each scan that can't be added; the others are.

    Returns:
        whether the labels could be taken, too: not where they mean other structures than the project's.
    """
    if dataset.segments and not project.segments:
        project.setSegments(withTerms(dataset.segments))
    known = {(segment.name, segment.value) for segment in project.segments}
    names = {segment.name for segment in dataset.segments}
    notTold = [segment.name for segment in project.segments if segment.name not in names]
    isUsable = all((segment.name, segment.value) in known for segment in dataset.segments)
    ids, known = [], KnownCases(project.cases)
    shown = len(project.cases)
    for index, each in enumerate(dataset.cases, 1):
        try:
            case = project.addCase(each.image, each.name, known)
            ids.append(case.id)
            if each.role == EXCLUDED:
                project.setRole([case.id], EXCLUDED)
            if each.label is not None and not case.label and isUsable:
                project.setLabel(case.id, each.label, "")
                project.setNotLookedFor(case.id, notTold)
                if each.seen is not None:
                    project.setPartly(case.id, each.seen)
                if each.unseen_value is not None:
                    project.setUnseenValue(case.id, each.unseen_value)
        except InputError as error:
            onRefused(str(error))
        if index % BATCH == 0 or index == len(dataset.cases):
            if index == len(dataset.cases) or len(project.cases) >= GROWN * shown:
                onAdded(ids)
                ids, shown = [], len(project.cases)
            yield index / len(dataset.cases)
            known = KnownCases(project.cases)  # others may have changed them meanwhile
    return isUsable


def addFound(project: Project, scans: Iterable[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Adds scans that the child found in a folder; the project is not saved.

    Args:
        scans: items of :meth:`dualtaskseg.serving.operations.Operations.find_scans`.

    Returns:
        the ids of new cases that nothing is known to be wrong with, and a sentence for each scan that can't be added.
    """
    added, refused, known = [], [], KnownCases(project.cases)
    for scan in scans:
        count = len(project.cases)
        try:
            case = project.addCase(scan["path"], known=known)
        except InputError as error:
            refused.append(str(error))
            continue
        if scan["problem"]:
            case.problems = [scan["problem"]]
        elif len(project.cases) > count:
            added.append(case.id)
    return added, refused
