"""Standard terms (SNOMED CT) for structures: a list to search in, and what the name of a structure suggests.

The list holds anatomic structures, tissues and lesions of DICOM's context groups for segmentations (CID 7191 to 7197
and some more), with the codes that DICOM has for them. No Qt, no Slicer.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import TISSUE, Code, Terminology, is_unspecific, parse_terminology

FILE = Path(__file__).resolve().parents[2] / "Resources" / "Terms" / "structures.csv"
# As Slicer's own lists call them, so that its selector finds the entries.
CATEGORIES = {
    "123037004": "Anatomical Structure",
    "85756007": "Tissue",
    "49755003": "Morphologically Altered Structure",
    "91720002": "Body Substance",
}
LESIONS = "49755003"
SIDES = {"left": Code("SCT", "7771000", "Left"), "right": Code("SCT", "24028007", "Right")}
LEFT = {"left", "l", "lt", "lh", "links", "linke", "linker", "linkes", "li", "gauche", "izquierdo", "izquierda"}
LEFT |= {"sinistro", "sinistra", "esquerdo", "esquerda", "sin", "sinister"}
RIGHT = {"right", "r", "rt", "rh", "rechts", "rechte", "rechter", "rechtes", "re", "droit", "droite", "derecho"}
RIGHT |= {"derecha", "destro", "destra", "direito", "direita", "dexter", "dextra"}
FILLING = {"of", "the", "in", "and", "der", "die", "das", "des", "structure", "whole"}
MOST_FOUND = 60


@dataclass(frozen=True)
class Term:
    """What a structure may be called in the standard.

    Attributes:
        text: for people, such as ``Kidney, right`` or ``Neoplasm, Liver``.
        entry: as Slicer writes it.
    """

    text: str
    entry: str


@dataclass(frozen=True)
class _Row:
    """A line of the list."""

    code: Code
    category: Code
    isSided: bool  # there are a left and a right one
    names: tuple[str, ...]  # what people call it, the code's own meaning first

    def term(self, side: str = "", region: _Row | None = None) -> Term:
        """The term, of a side if one is told, and for a lesion with the organ that it is in."""
        if region is not None:
            of = SIDES.get(side)
            codes = Terminology(self.category, self.code, None, region.code, of)
        else:
            codes = Terminology(self.category, self.code, SIDES.get(side))
        parts = [self.code.meaning, *([region.code.meaning] if region is not None else []), *([side] if side else [])]
        return Term(", ".join(parts), codes.to_entry())


def search(text: str) -> list[Term]:
    """The terms in which each word of a text begins a word, the likeliest first; all of a side if the text names one.

    A structure of which there are two is found without a side and with either.
    """
    words, side = _words(text), ""
    if len(words) > 1:
        side, words = _withoutSide(words)
    if not words:
        return []
    hit = suggestion(text)
    found = [*([] if hit is None else [hit]), *_inOrgans(words, side)]
    ranked = []
    for row in _rows():
        ranks = [_rank(words, _words(name)) for name in row.names]
        # what the standard calls so comes before what is only known as that, too
        best = min((rank + 20 * (at > 0) for at, rank in enumerate(ranks) if rank is not None), default=None)
        if best is not None and (not side or row.isSided or side in _words(row.code.meaning)):
            ranked.append((best, row.code.meaning.casefold(), row))
    for _best, _meaning, row in sorted(ranked, key=lambda each: each[:2])[:MOST_FOUND]:
        sides = [side if row.isSided else ""] if side else ["", "right", "left"] if row.isSided else [""]
        found += [row.term(each) for each in sides]
    return list(dict.fromkeys(found))[:MOST_FOUND]


def _inOrgans(words: list[str], side: str) -> list[Term]:
    """Lesions whose name begins with one of the words, in the organ that the others name."""
    found = []
    for at, word in enumerate(words):
        region = _byName().get(_key(words[:at] + words[at + 1 :]))
        if region is None or region.category.value == LESIONS or (side and not region.isSided):
            continue
        for row in _rows():
            if row.category.value == LESIONS and any(_words(name)[0].startswith(word) for name in row.names):
                found.append(row.term(side, region))
    return found


def suggestion(name: str) -> Term | None:
    """The term that a name stands for, where it is the very name of one: ``Liver``, ``kidney_L``, ``Liver tumor``."""
    words = _words(name)
    byName = _byName()
    row = byName.get(_key(words))
    if row is not None:
        return row.term()
    side, plain = _withoutSide(words)
    row = byName.get(_key(plain))
    if row is not None:
        return row.term(side) if row.isSided and side else None
    for cut in ((plain[:at], plain[at:]) for at in range(1, len(plain))):
        for lesion, organ in (cut, cut[::-1]):
            kind, region = byName.get(_key(lesion)), byName.get(_key(organ))
            if kind is None or region is None or kind.category.value != LESIONS or region.category.value == LESIONS:
                continue
            if side and not region.isSided:
                continue
            return kind.term(side, region)
    return None


def withTerms(segments: Iterable[Segment]) -> list[Segment]:
    """The structures; those without a term get the one that their name is, if there is such a one."""
    return [_withTerm(segment) for segment in segments]


def asDrawn(segments: Iterable[Segment]) -> list[Segment]:
    """As :func:`withTerms`, of a segmentation: Slicer calls each new segment "Tissue", which nobody chose."""
    return withTerms(
        replace(segment, terminology="") if is_unspecific(segment.terminology) else segment for segment in segments
    )


def withoutTerm(segments: Iterable[Segment]) -> list[Segment]:
    """Those of which nobody said what they are in the standard. "Tissue" counts as said where somebody chose it."""
    return [segment for segment in segments if parse_terminology(segment.terminology) is None]


def _withTerm(segment: Segment) -> Segment:
    if parse_terminology(segment.terminology) is not None:
        return segment
    found = suggestion(segment.name)
    return segment if found is None else replace(segment, terminology=found.entry)


def orTissue(segments: Iterable[Segment]) -> list[Segment]:
    """The structures; those without a term are tissue, as the user knows and wants."""
    return [
        replace(segment, terminology=tissue().entry) if parse_terminology(segment.terminology) is None else segment
        for segment in segments
    ]


def tissue() -> Term:
    """The term that says nothing more than that it is tissue, for what no other fits."""
    return Term(TISSUE.type.meaning, TISSUE.to_entry())


# --- the list


@functools.cache
def _rows() -> tuple[_Row, ...]:
    with FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(
            _Row(
                Code(line["scheme"], line["code"], line["meaning"]),
                Code("SCT", line["category"], CATEGORIES[line["category"]]),
                line["sided"] == "1",
                (line["meaning"], *filter(None, line["synonyms"].split("|"))),
            )
            for line in csv.DictReader(stream)
        )


@functools.cache
def _byName() -> dict[tuple[str, ...], _Row | None]:
    """The rows by the words of their names; None where two rows have the same."""
    found: dict[tuple[str, ...], _Row | None] = {}
    for row in _rows():
        for key in {_key(_words(name)) for name in row.names}:
            found[key] = row if key not in found else None
    return found


def _words(text: str) -> list[str]:
    """The words of a name, also of ``leftKidney`` and ``KIDNEY_L``, without accents."""
    split = re.sub(r"(?<=[^\W\d_])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", " ", text)
    plain = unicodedata.normalize("NFKD", split.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", kept)


def _key(words: Iterable[str]) -> tuple[str, ...]:
    """The same for names of the same words in any order; the plural is that of the singular."""
    kept = [word for word in words if word not in FILLING]
    return tuple(sorted(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in kept))


def _withoutSide(words: list[str]) -> tuple[str, list[str]]:
    """The side that words name, if they name one, and the other words."""
    isLeft, isRight = not LEFT.isdisjoint(words), not RIGHT.isdisjoint(words)
    if isLeft == isRight:
        return "", words
    side = LEFT if isLeft else RIGHT
    return "left" if isLeft else "right", [word for word in words if word not in side]


def _rank(wanted: list[str], words: list[str]) -> int | None:
    """How well words fit, the best being 0; None where one of the wanted ones begins none of them."""
    if not all(any(word.startswith(each) for word in words) for each in wanted):
        return None
    if sorted(wanted) == sorted(words):
        return 0
    return (1 if words[0].startswith(wanted[0]) else 2) * 10 + min(len(words), 9)
