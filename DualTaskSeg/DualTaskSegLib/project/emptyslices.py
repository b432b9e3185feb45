"""What the user says of the slices between outlined ones: not outlined yet, or the structure is not there.

No Qt, no Slicer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from DualTaskSegLib.common.i18n import counted
from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.project.case import ProjectCase

EmptySlices = Mapping[str, Sequence[int]]  # indices of slices by their axis: "K", "J" or "I"


@dataclass(frozen=True)
class Answer:
    """What the user said, and of which slices."""

    isPartly: bool  # they are not outlined yet; else the structure is not there
    empty: EmptySlices


def isPartlyOutlined(case: ProjectCase, empty: EmptySlices, answer: Answer | None = None) -> bool | None:
    """Whether only a part of a case's scan was looked at; None if the user has to be asked.

    "Not outlined yet" holds until no slice between is empty, for such a case is outlined bit by bit. "Not there" holds
    for the slices that it was said of: when others become empty, it is asked again. A map that came with the label
    counts until the user is asked.

    Args:
        empty: the slices that the outlines leave open.
        answer: given just now.
    """
    if answer is None and case.isPartly and not case.outlinedSlices:
        return True
    if not empty:
        return False
    if answer is not None and _areWithin(empty, answer.empty):
        return answer.isPartly
    if case.seen:
        return True
    return False if _areWithin(empty, case.emptySlices) else None


def slicesText(case: ProjectCase) -> str:
    """How much of a partly outlined case is outlined, for people."""
    text = _outlinedText(case)
    empty = sum(map(len, case.emptySlices.values()))
    if not empty:
        return text
    more = counted(empty, _("{count} slice has nothing to outline"), _("{count} slices have nothing to outline"))
    return f"{text}; {more}"


def _outlinedText(case: ProjectCase) -> str:
    if not case.outlinedSlices:
        return _("partly outlined")
    if not case.allSlices:
        return _("partly outlined (slices: {outlined})").format(outlined=case.outlinedSlices)
    return _("partly outlined ({outlined} of {all} slices)").format(outlined=case.outlinedSlices, all=case.allSlices)


def shortSlicesText(case: ProjectCase) -> str:
    """The same for a narrow column."""
    if not case.outlinedSlices:
        return _("partly")
    if not case.allSlices:
        return _("partly: {outlined}").format(outlined=case.outlinedSlices)
    return _("partly: {outlined} of {all}").format(outlined=case.outlinedSlices, all=case.allSlices)


def _areWithin(empty: EmptySlices, known: EmptySlices) -> bool:
    return all(set(indices) <= set(known.get(axis, ())) for axis, indices in empty.items())
