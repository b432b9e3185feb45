"""Whether scans may be mirrored: only where no segment can be one of a pair, such as left and right kidney.

A mirrored scan shows the left structure where the right one belongs. A network that learned from mirrored scans can
no longer tell them apart, and nothing in its figures for both together shows it. So mirroring has to be known to be
harmless: names, codes and the labels themselves are asked, and what remains unknown means no. Light: no torch, no
SimpleITK.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.side_words import (
    BESIDE_OS,
    BESIDE_VE,
    NOT_SIDES,
    PAIRED_ENDS,
    SIDE_ANYWHERE,
    SIDE_BEGINNINGS,
    SIDE_WORDS,
)

# Codes of the modifiers "Left" and "Right" in SNOMED CT and in the older SNOMED RT; "Right and left" is no side.
_SIDE_CODES = {"7771000", "24028007", "G-A101", "G-A100", "255208005"}
_BOTH_SIDES_CODES = {"51440002", "G-A102"}
# Names that a program gave, since a person did not: "Segment 1", "Segment_2", "Label3", "4".
_NO_NAME = re.compile(
    r"(segment\w*|label|class|klasse|classe|clase|roi|structure|struktur|object|objekt|region|mask|maske|value|wert"
    r"|untitled|unnamed|new ?segment)?[\s_.:#-]*(\d*|[a-z])"
)


@dataclass(frozen=True)
class SideStatistics:
    """What the label of one scan tells about sides.

    Attributes:
        pairs: indices, in the list of segments, of two segments that are near mirror images of each other.
        sides: for each segment: -1 or 1 where it lies wholly on one side of the scan's middle (of the patient's right,
            of the left), 0 where it crosses the middle, None where it is absent.
        is_whole: whether the scan is outlined whole; else two segments may be mirror images without looking so.
    """

    pairs: tuple[tuple[int, int], ...] = ()
    sides: tuple[int | None, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True)
class Mirroring:
    """Whether scans may be mirrored from left to right, and the reason as a part of a sentence."""

    allowed: bool
    reason: str

    @property
    def note(self) -> str:
        """The decision in one sentence."""
        return f"Scans are {'' if self.allowed else 'not '}mirrored from left to right, since {self.reason}"


def decide_mirroring(
    segments: Sequence[Segment], labels: Iterable[SideStatistics] = (), others: Iterable[str] = ()
) -> Mirroring:
    """Decides whether scans may be mirrored from left to right, in training and in prediction.

    Args:
        labels: what the labels of the scans to learn from tell.
        others: names of segments of the dataset that are not learned; one of a pair may be among them.
    """
    reason = reason_of_names(segments)
    if reason is None:
        learned = [segment.name for segment in segments]
        pairs = ((name, other) for other in others for name in learned if may_be_pair(name, other))
        reason = next((f"the segments {one} and {other} may be a pair, left and right" for one, other in pairs), None)
    if reason is None:
        reason = _reason_of_labels([segment.name for segment in segments], list(labels))
    if reason is not None:
        return Mirroring(False, reason)
    return Mirroring(
        True, "no segment's name or code tells a side, and no label looks like one of a left and a right structure"
    )


def reason_of_names(segments: Sequence[Segment]) -> str | None:
    """Why the names and codes of segments forbid mirroring, as a part of a sentence; None where they don't."""
    names = [segment.name for segment in segments]
    for segment, name in zip(segments, names, strict=True):
        if tells_side(name) or code_tells_side(segment.terminology):
            return f"the segment {name} is named or coded by its side"
    # By their number of words: only these can differ by one word. Endings within a word need the same comparison.
    for first, second in _similar(names):
        if may_be_pair(first, second):
            return f"the segments {first} and {second} may be a pair, left and right"
    for name in names:
        if has_no_name(name):
            return f"the segment {name} has no name that tells what it is, so it may be one of a pair"
    return None


def is_published_case(segments: Sequence[Segment]) -> bool:
    """Whether the only segment is the left atrium, which the published method turns and mirrors: its shape tells it
    from the right one, in a mirrored scan too."""
    return len(segments) == 1 and "atrium" in _words(segments[0].name)


def tells_side(name: str) -> bool:
    """Whether a name says left or right, in one of many languages: ``Kidney_L``, ``lh.thalamus``, ``riñón izq``."""
    plain = _plain(name)
    if any(part in plain for part in SIDE_ANYWHERE):
        return True
    words = {*_words(name), *_words(_without_accents(name))}
    if not words.isdisjoint(BESIDE_OS):
        words.discard("os")
    if not BESIDE_VE.isdisjoint(plain) and not plain.startswith("ve"):
        words.discard("ve")
    return any(word in SIDE_WORDS for word in words) or any(
        word.startswith(beginning) for word in words for beginning in SIDE_BEGINNINGS
    )


def code_tells_side(terminology: str) -> bool:
    """Whether a terminology entry of 3D Slicer names a side, as a modifier or in what its codes mean."""
    for triple in re.split(r"[~|]", terminology):
        parts = triple.split("^")
        if len(parts) < 3 or parts[1] in _BOTH_SIDES_CODES:
            continue
        if parts[1] in _SIDE_CODES or any(side in _words(parts[2]) for side in ("left", "right")):
            return True
    return False


def may_be_pair(first: str, second: str) -> bool:
    """Whether two names are the same apart from one word, or one ending, that may tell left from right."""
    one, two = _words(first), _words(second)
    if len(one) == len(two) and len(one) > 1:
        differing = [(a, b) for a, b in zip(one, two, strict=True) if a != b]
        if len(differing) == 1 and not set(differing[0]) <= NOT_SIDES and not _are_numbered_levels(*differing[0]):
            return True
    plain_one, plain_two = "".join(one), "".join(two)
    start = 0
    while start < min(len(plain_one), len(plain_two)) and plain_one[start] == plain_two[start]:
        start += 1
    rest_one, rest_two = plain_one[start:], plain_two[start:]
    end = 0
    while end < min(len(rest_one), len(rest_two)) and rest_one[-1 - end] == rest_two[-1 - end]:
        end += 1
    middles = frozenset((rest_one[: len(rest_one) - end], rest_two[: len(rest_two) - end]))
    return middles in PAIRED_ENDS


def has_no_name(name: str) -> bool:
    """Whether a name says nothing, since a program gave it: ``Segment 1``, ``label_3``, ``2``."""
    return _NO_NAME.fullmatch(_plain(name).strip()) is not None


def _similar(names: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Pairs of names that could differ by one word or ending; an atlas of hundreds is not compared all with all."""
    if len(names) <= 40:
        return combinations(names, 2)
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        words = _words(name)
        keys = {(*words[:index], "*", *words[index + 1 :]) for index in range(len(words))} if len(words) > 1 else set()
        plain = "".join(words)
        keys |= {(plain[:-1], "end"), (plain[1:], "start")}
        for key in keys:
            groups.setdefault(key, []).append(name)
    return ((group[0], other) for group in groups.values() for other in group[1:])


def _are_numbered_levels(one: str, two: str) -> bool:
    """Whether two words count something that comes in more than two, such as T11 and T12."""
    first, second = re.fullmatch(r"(\D*)(\d+)", one), re.fullmatch(r"(\D*)(\d+)", two)
    return bool(first and second and first[1] and first[1] == second[1])


def _reason_of_labels(names: Sequence[str], labels: Sequence[SideStatistics]) -> str | None:
    for first, second in combinations(range(len(names)), 2):
        with_both = [
            statistics for statistics in labels if _is_there(statistics, first) and _is_there(statistics, second)
        ]
        alike = sum((first, second) in statistics.pairs for statistics in with_both)
        if alike and 2 * alike >= len(with_both):
            return (
                f"{names[first]} and {names[second]} are near mirror images of each other in {alike} of "
                f"{len(with_both)} labels, so they are taken for a left and a right structure"
            )
        if with_both and not any(statistics.is_whole for statistics in with_both):
            return (
                f"{names[first]} and {names[second]} are nowhere outlined whole, so that they may be a left and a "
                "right structure"
            )
    for index, name in enumerate(names):
        sides = [statistics.sides[index] for statistics in labels if _is_there(statistics, index)]
        if sides and sides[0] and all(side == sides[0] for side in sides):
            return (
                f"{name} lies on the same side of the middle in all labels, so that the other side may show its "
                "counterpart"
            )
    return None


def _is_there(statistics: SideStatistics, index: int) -> bool:
    return index < len(statistics.sides) and statistics.sides[index] is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _without_accents(text: str) -> str:
    """``Levá`` as Leva; people leave accents out, and languages that bend words change them."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if unicodedata.category(sign) != "Mn"))


def _words(name: str) -> list[str]:
    """``LKidney_lower pole`` as l, kidney, lower, pole."""
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"([^\W\d_A-Z])([A-Z])", r"\1 \2", text)  # kidneyL
    text = re.sub(r"([A-Z])([A-Z][^\W\d_A-Z])", r"\1 \2", text)  # LKidney
    return [word.casefold() for word in re.split(r"[\W_]+", text) if word]
