"""A case of the project, and how it stands in ``project.json``."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import EXCLUDED, LABELED, ROLES, UNLABELED, Case
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.case_tables import LONGEST_CASE_NAME
from dualtaskseg.io.paths import usable_path

OUTLINED, PREDICTED, EDITED = "outlined", "predicted", "edited"
ORIGINS = ("", OUTLINED, PREDICTED, EDITED)
LARGEST_VALUE = 999_999_999  # of a label, as in lists of segments


@dataclass
class ProjectCase:
    """One scan of the project."""

    id: str  # never changes, and is never given to another case
    name: str  # unique, upper and lower case being the same; files are named after it
    image: str  # absolute path of its file or DICOM folder; of an unwritten volume the one it will get
    label: str = ""  # absolute path of its label file; empty while there is none
    role: str = UNLABELED  # LABELED, UNLABELED or EXCLUDED
    validation: bool = False  # held out from training to measure the quality; only labeled cases are
    origin: str = ""  # of the label: OUTLINED by a person, PREDICTED and accepted, EDITED after prediction, or empty
    problems: list[str] = field(default_factory=list)  # sentences
    predictedDice: float | None = None  # what the networks' agreement promises, 0 to 1; None if unknown
    nothingFound: bool = False  # the networks found nothing in it, so that the above is unknown
    suggested: bool = False  # to be outlined next
    seen: str = ""  # absolute path of the map of what was looked at for the label; empty where that is all of the scan
    outlinedSlices: int = 0  # of a partly outlined case; 0 where that is unknown
    allSlices: int = 0  # of the scan, along the axis of those; 0 where they lie across several axes
    # Slices without outline of which the user said that the structure is not there, by axis: "K", "J" or "I". Of a
    # partly outlined case these count as looked at, beside the outlined ones.
    emptySlices: dict[str, list[int]] = field(default_factory=dict)
    unseenValue: int | None = None  # in its label, where nobody looked; None where no value means that
    # Names of structures that came into the project after its label, until somebody said whether they are in this scan.
    notLookedFor: list[str] = field(default_factory=list)

    @property
    def teaches(self) -> bool:
        """Whether networks learn from its label: not before each structure was looked for, or its absence is taught."""
        return self.role == LABELED and not self.notLookedFor

    @property
    def isPartly(self) -> bool:
        """Whether only a part of its scan was looked at for the label."""
        return bool(self.seen) or self.unseenValue is not None


def datasetCase(case: ProjectCase) -> Case:
    """The case as the training package sees it."""
    role = UNLABELED if case.role == LABELED and not case.teaches else case.role
    if role == UNLABELED:
        return Case(case.name, Path(case.image), None, UNLABELED)
    return Case(
        case.name,
        Path(case.image),
        Path(case.label) if case.label else None,
        EXCLUDED if role == LABELED and not case.label else role,
        Path(case.seen) if case.seen else None,
        case.unseenValue,
    )


def readSegment(item: dict[str, Any]) -> Segment:
    """A structure of ``project.json``; a ValueError, TypeError or KeyError where it can't be one."""
    segment = Segment.from_dict(item)
    if segment.value > LARGEST_VALUE:
        raise ValueError(f"the value of {segment.name} makes no sense")
    text(segment.name)
    text(segment.terminology)
    return segment


def readCase(item: dict[str, Any], folder: Path) -> ProjectCase:
    """A case of ``project.json``; a ValueError, TypeError or KeyError where it can't be one."""
    known = {each.name for each in fields(ProjectCase)}
    case = ProjectCase(**{key: value for key, value in item.items() if key in known})
    for each in (case.id, case.name, case.image, case.label, case.seen, *case.problems, *case.notLookedFor):
        text(each)
    makes_sense = (
        case.role in ROLES
        and case.origin in ORIGINS
        and isinstance(case.problems, list)
        and isinstance(case.notLookedFor, list)
        and isinstance(case.validation, bool)
        and isinstance(case.suggested, bool)
        and isinstance(case.nothingFound, bool)
        and _isCount(case.outlinedSlices)
        and _isCount(case.allSlices)
        and _areIndices(case.emptySlices)
        and (case.unseenValue is None or (_isCount(case.unseenValue) and 1 <= case.unseenValue <= LARGEST_VALUE))
        and not (case.isPartly and not case.label)
        and (case.predictedDice is None or 0 <= case.predictedDice <= 1)
        and case.id
        and case.image
        and _isFileName(case.name)
    )
    if not makes_sense:
        raise ValueError(f"the case {case.name} makes no sense")
    case.image = str(usable_path(folder / case.image))
    case.label = str(usable_path(folder / case.label)) if case.label else ""
    case.seen = str(usable_path(folder / case.seen)) if case.seen else ""
    return case


def _isCount(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _areIndices(slices: object) -> bool:
    """Whether a value of ``project.json`` may stand for slices by their axis."""
    return isinstance(slices, dict) and all(
        axis in ("K", "J", "I") and isinstance(indices, list) and all(map(_isCount, indices))
        for axis, indices in slices.items()
    )


def text(value: object) -> str:
    """A value of ``project.json`` that must be text."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return value


def _isFileName(name: str) -> bool:
    """Whether a file may be named so: names come from files too, and must not lead out of the project's folder."""
    is_plain = name.isprintable() and not any(sign in name for sign in "/\\:")
    return is_plain and bool(name.strip(" .")) and len(os.fsencode(name)) <= LONGEST_CASE_NAME
