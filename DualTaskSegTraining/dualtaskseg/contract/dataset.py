"""The scans to learn from: which there are, which have an outline, and what the outlines mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dualtaskseg.contract.segment import Segment, folded
from dualtaskseg.errors import InputError

LABELED, UNLABELED, EXCLUDED = "labeled", "unlabeled", "left out"
ROLES = (LABELED, UNLABELED, EXCLUDED)
SEGMENTS_FILE = "segments.json"


@dataclass(frozen=True)
class Case:
    """One scan and, where there is one, its outline.

    Attributes:
        name: unique within the dataset, also when case is ignored; output files are named after it.
        image: absolute path of a file, or of a folder that holds one DICOM series.
        label: absolute path of the label file; None where there is none or where it is hidden.
        seen: absolute path of a map of what was looked at when it was outlined, not 0 there; None where that is all.
        unseen_value: of the label, where nobody looked; None where no value means that.
    """

    name: str
    image: Path
    label: Path | None
    role: str
    seen: Path | None = None
    unseen_value: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Returns the case as JSON values; what only partly outlined cases have is left out of others."""
        data = {"name": self.name, "image": str(self.image), "label": None, "role": self.role}
        if self.label is not None:
            data["label"] = str(self.label)
        if self.seen is not None:
            data["seen"] = str(self.seen)
        if self.unseen_value is not None:
            data["unseen_value"] = self.unseen_value
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Case:
        """Builds a case from what :meth:`to_dict` returned."""
        label, seen, unseen = data["label"] or None, data.get("seen") or None, data.get("unseen_value")
        if data["role"] == LABELED and label is None:
            raise ValueError(f"the labeled case {data['name']} has no label")
        return cls(
            data["name"],
            Path(data["image"]),
            Path(label) if label is not None else None,
            data["role"],
            Path(seen) if seen is not None else None,
            int(unseen) if unseen is not None else None,
        )

    def unlabeled(self) -> Case:
        """The same scan with its outline hidden."""
        return replace(self, role=UNLABELED, label=None, seen=None, unseen_value=None)


@dataclass(frozen=True)
class Dataset:
    """All cases, in the dataset's own order.

    Attributes:
        folder: absolute path of the folder that holds it.
        segments: the structures; empty where the dataset doesn't name them.
        modality: ``"CT"``, ``"MR"``, or empty where unknown.
        background: label values beside 0 that count as background, since the user didn't choose their segments.
        not_chosen: these segments, where they have names: a label file may name its values.
        named_by_labels: whether the segments are those that the label files name, since the dataset names none.
        notes: what was assumed about the dataset, one sentence each, for people.
    """

    name: str
    folder: Path
    cases: tuple[Case, ...]
    segments: tuple[Segment, ...]
    modality: str
    background: tuple[int, ...] = ()
    not_chosen: tuple[Segment, ...] = ()
    named_by_labels: bool = False
    notes: tuple[str, ...] = ()

    @property
    def labeled(self) -> list[Case]:
        """The cases to learn from with their outlines."""
        return [case for case in self.cases if case.role == LABELED]

    @property
    def unlabeled(self) -> list[Case]:
        """The cases to learn from without outlines."""
        return [case for case in self.cases if case.role == UNLABELED]

    def to_dict(self) -> dict[str, Any]:
        """Returns the dataset as JSON values; paths become absolute strings."""
        return {
            "name": self.name,
            "folder": str(self.folder),
            "modality": self.modality,
            "segments": [segment.to_dict() for segment in self.segments],
            "background": list(self.background),
            "not_chosen": [segment.to_dict() for segment in self.not_chosen],
            "named_by_labels": self.named_by_labels,
            "notes": list(self.notes),
            "cases": [case.to_dict() for case in self.cases],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Dataset:
        """Builds a dataset from what :meth:`to_dict` returned.

        Raises:
            InputError: the document is not one.
        """
        try:
            segments = _segments(data["segments"])
            return cls(
                data["name"],
                Path(data["folder"]),
                tuple(Case.from_dict(case) for case in data["cases"]),
                segments,
                data["modality"],
                tuple(int(value) for value in data.get("background", ())),
                _segments(data.get("not_chosen", ())),
                bool(data.get("named_by_labels", False)),
                tuple(str(note) for note in data.get("notes", ())),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise InputError(f"The description of the dataset is damaged ({error!r})", "Write it anew") from error


def _segments(items: Sequence[Any]) -> tuple[Segment, ...]:
    return tuple(Segment.from_dict(data, index) for index, data in enumerate(items))


def keep_labels(dataset: Dataset, count: int) -> Dataset:
    """Keeps the labels of the first ``count`` labeled cases in the dataset's order and hides those of the others.

    Raises:
        InputError: ``count`` is below 1 or above the number of labeled cases.
    """
    available = len(dataset.labeled)
    if not 1 <= count <= available:
        raise InputError(
            f"{count} labeled cases were asked for, but {dataset.name} has {available}",
            f"Give a number from 1 to {available}" if available else "Add a label to at least one case",
        )
    kept = {case.name for case in dataset.labeled[:count]}
    cases = tuple(
        case.unlabeled() if case.role == LABELED and case.name not in kept else case for case in dataset.cases
    )
    return replace(dataset, cases=cases)


def choose_segments(dataset: Dataset, names: Sequence[str]) -> Dataset:
    """Keeps only the named segments; the values of the others then count as background.

    Raises:
        InputError: the dataset doesn't name its segments, or has none of this name, or no name is given.
    """
    if not dataset.segments:
        raise InputError(
            f"The dataset {dataset.name} does not name its segments, so none can be chosen",
            f"Name them in {SEGMENTS_FILE} in its folder",
        )
    known = ", ".join(segment.name for segment in dataset.segments)
    if not names:
        raise InputError("No segment is chosen", f"Choose from: {known}")
    chosen: set[int] = set()
    for name in names:
        matches = [s.value for s in dataset.segments if s.name == name] or [
            s.value for s in dataset.segments if folded(s.name) == folded(name)
        ]
        if not matches:
            raise InputError(f"The dataset {dataset.name} has no segment named {name!r}", f"Choose from: {known}")
        chosen.update(matches)
    kept = tuple(segment for segment in dataset.segments if segment.value in chosen)
    dropped = tuple(segment for segment in dataset.segments if segment.value not in chosen)
    background = {segment.value for segment in dropped} | set(dataset.background)
    return replace(
        dataset, segments=kept, background=tuple(sorted(background)), not_chosen=(*dataset.not_chosen, *dropped)
    )
