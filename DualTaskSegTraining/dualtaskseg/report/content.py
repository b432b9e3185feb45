"""What the report tells: the data that the page is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dualtaskseg.contract.segment import Segment
from dualtaskseg.report.pictures import CasePicture

ROLES = ("validation", "labeled", "unlabeled")


@dataclass(frozen=True)
class CaseFigures:
    """The figures of one scan.

    Attributes:
        role: one of ROLES.
        dice: by the segments' names; None where there is no outline to compare with.
        union: Dice of all segments taken as one.
        expected_dice: what the networks' agreement lets expect, 0..1.
        agreement: Dice between the two networks' masks, 0..1.
        look_share: what part of the patches were computed when the scan was looked at first; None where that was not
            tried.
        overlooked: voxels that computing all patches gives to a segment, and looking first does not.
    """

    name: str
    role: str
    dice: Mapping[str, float | None] = field(default_factory=dict)
    union: float | None = None
    expected_dice: float | None = None
    agreement: float | None = None
    look_share: float | None = None
    overlooked: int = 0


@dataclass
class ReportContent:
    """What the page tells. Texts are plain words, not HTML.

    Attributes:
        created: date and time, as people write them.
        asked: what was asked, such as ``{"dataset": ..., "preset": ...}``.
        plan_notes: sentences that say how the plan came about.
        metrics: the rows of ``metrics.jsonl``; values may be missing, None or not finite.
        segments: in the order of their label values 1..K.
        cases: figures of the finished model; these may be some of the scans only.
        validation_note: how the validation scans were drawn, or why there are none.
        outcome: ``"finished"``, ``"stopped early"`` or a few other words.
        scans: by role, how many scans the model learned from or was checked on; without it the page doesn't say.
    """

    title: str
    created: str
    asked: Mapping[str, str] = field(default_factory=dict)
    plan_notes: Sequence[str] = ()
    plan_table: Mapping[str, str] = field(default_factory=dict)
    metrics: Sequence[Mapping[str, Any]] = ()
    segments: Sequence[Segment] = ()
    cases: Sequence[CaseFigures] = ()
    pictures: Sequence[CasePicture] = ()
    validation_note: str = ""
    timing: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    outcome: str = "finished"
    scans: Mapping[str, int] = field(default_factory=dict)

    def cases_of(self, role: str) -> list[CaseFigures]:
        """The figures of the scans of one role."""
        return [case for case in self.cases if case.role == role]
