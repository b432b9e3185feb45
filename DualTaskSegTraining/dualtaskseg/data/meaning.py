"""What the values that label files name stand for in a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dualtaskseg.contract.segment import Segment, default_color, folded, refuse_name
from dualtaskseg.data.label_names import NamedValue, disagreement
from dualtaskseg.data.laterality import has_no_name
from dualtaskseg.data.seen import is_unseen_name
from dualtaskseg.names import listed

UNSPECIFIC_CODES = {"85756007", "T-D0050", "M-01000"}  # "Tissue" and its like, which Slicer gives to every new segment


@dataclass(frozen=True)
class Meaning:
    """What label values mean in a dataset.

    Attributes:
        segments: those to learn; where there are none, every value is one.
        others: segments of the dataset that were not chosen; background, but known by their names.
        unseen_value: of voxels that nobody looked at; None where no value means that.
    """

    segments: tuple[Segment, ...] = ()
    others: tuple[Segment, ...] = ()
    unseen_value: int | None = None
    _by_name: dict[str, Segment] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for segment in (*self.others, *self.segments):
            self._by_name[_key(segment.name)] = segment

    def named(self, name: str) -> Segment | None:
        """The segment of this name; capital letters, spaces, - and _ make no difference."""
        return self._by_name.get(_key(name))

    def coded(self, terminology: str) -> Segment | None:
        """The only segment with this type in its terminology entry, where the type says more than "tissue"."""
        code = _type_of(terminology)
        matches = [s for s in (*self.segments, *self.others) if code and _type_of(s.terminology) == code]
        return matches[0] if len(matches) == 1 else None


def values_in_dataset(
    path: Path, named: Sequence[NamedValue], found: Iterable[int], meaning: Meaning
) -> dict[int, int]:
    """Which value of the dataset each value of a label file stands for.

    Args:
        named: what the file says about its values; not empty.
        meaning: of values in the dataset; names its segments.

    Raises:
        ImageError: a value has no name in the file, or a name that the dataset doesn't have, or two values mean the
            same segment.
        InputError: a name stands for voxels to ignore, or for background.
    """
    by_value = {entry.value: entry for entry in named}
    result = {0: 0}
    origin: dict[int, NamedValue] = {}
    for value in sorted(set(found) - {0}):
        entry = by_value.get(value)
        if entry is None:
            named_so = listed((f"{each.value} ({each.name})" for each in named), 5)
            raise disagreement(
                f"The label {path} holds the value {value}, but names only {named_so}",
                "Save it again from the program that it was drawn with",
            )
        target = _target(path, entry, named, meaning)
        if target in origin:
            raise disagreement(
                f"The label {path} has two segments that mean the same: {origin[target].name} (value "
                f"{origin[target].value}) and {entry.name} (value {value})",
                "Give each a name of its own, or make one segment of them",
            )
        origin[target] = entry
        result[value] = target
    return result


def segments_of_files(labels: Sequence[tuple[Path, Sequence[NamedValue]]]) -> tuple[Segment, ...]:
    """The segments that label files name, each with one value for the whole dataset.

    Where the files number them alike these are their values; else the first file's, and further ones count on.

    Args:
        labels: the files and what they name, in the dataset's order.

    Raises:
        InputError: a file has two segments of the same name, or one for voxels to ignore or for background.
    """
    for path, named in labels:
        for entry in named:
            refuse_name(path, entry.name, entry.value)
    chosen: dict[str, Segment] = {}
    taken: set[int] = set()
    for path, named in labels:
        seen: dict[str, NamedValue] = {}
        for entry in named:
            key = _key(entry.name)
            if key in seen:
                raise disagreement(
                    f"The label {path} has two segments named {entry.name} (values {seen[key].value} and "
                    f"{entry.value})",
                    "Give each a name of its own, or make one segment of them",
                )
            seen[key] = entry
            if key in chosen:
                continue
            value = entry.value if entry.value not in taken and entry.value > 0 else max(taken, default=0) + 1
            taken.add(value)
            segment = entry.segment
            chosen[key] = Segment(segment.name, value, segment.color, segment.terminology)
    segments = sorted(chosen.values(), key=lambda segment: segment.value)
    colors = [segment.color for segment in segments]
    if len(set(colors)) < len(colors):  # some programs give all the same
        segments = [Segment(s.name, s.value, default_color(i), s.terminology) for i, s in enumerate(segments)]
    return tuple(segments)


def number_alike(labels: Iterable[Sequence[NamedValue]]) -> bool:
    """Whether files that name their values agree on which value has which name."""
    values: dict[str, int] = {}
    names: dict[int, str] = {}
    return all(
        values.setdefault(_key(entry.name), entry.value) == entry.value
        and names.setdefault(entry.value, _key(entry.name)) == _key(entry.name)
        for named in labels
        for entry in named
    )


def _target(path: Path, entry: NamedValue, named: Sequence[NamedValue], meaning: Meaning) -> int:
    segment = meaning.named(entry.name)
    code = _type_of(entry.segment.terminology)
    if segment is None and [_type_of(other.segment.terminology) for other in named].count(code) == 1:
        segment = meaning.coded(entry.segment.terminology)
    if segment is None and has_no_name(entry.name):
        segment = _by_number(entry, meaning)
    if segment is not None:
        return segment.value
    if meaning.unseen_value is not None and is_unseen_name(entry.name):
        return meaning.unseen_value
    refuse_name(path, entry.name, entry.value)
    known = ", ".join(f"{segment.name} ({segment.value})" for segment in (*meaning.segments, *meaning.others))
    raise disagreement(
        f"The label {path} calls its value {entry.value} {entry.name!r}, which is none of the dataset's segments: "
        f"{known}",
        "Rename the segment in 3D Slicer's Segment Editor, or name it in the dataset's list of segments",
    )


def _by_number(entry: NamedValue, meaning: Meaning) -> Segment | None:
    """The segment of the same value, for a name such as Segment_2 that says nothing, unless its number says another."""
    number = re.search(r"\d+", entry.name)
    if number and int(number[0]) != entry.value:
        return None
    return next((s for s in (*meaning.segments, *meaning.others) if s.value == entry.value), None)


def _key(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", folded(name)).strip()


def _type_of(terminology: str) -> tuple[str, ...]:
    """Codes of type and modifier in a terminology entry; none where the type is unspecific or absent."""
    parts = terminology.split("~")
    if len(parts) < 4:
        return ()
    codes = tuple(part.split("^")[1] if "^" in part else "" for part in parts[2:4])
    return codes if codes[0] and codes[0] not in UNSPECIFIC_CODES else ()
