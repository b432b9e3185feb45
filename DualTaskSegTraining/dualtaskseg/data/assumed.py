"""What files leave open and is assumed, collected over all files of a command: alike things are said once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dualtaskseg.io.image_notes import assumptions, is_unit_assumed
from dualtaskseg.names import listed

if TYPE_CHECKING:
    import SimpleITK

SHOWN = 3  # names in one sentence
UNIT_ASSUMED = "the scan does not say its unit of length; millimeters are assumed"  # of one scan; of many, see below


@dataclass
class Assumed:
    """Collects what was assumed.

    Attributes:
        told: names of scans, and a sentence without a full stop about each.
        unitless: names of the files that name no unit of length.
    """

    told: list[tuple[str, str]] = field(default_factory=list)
    unitless: set[str] = field(default_factory=set)

    def add(self, name: str, texts: Iterable[str]) -> list[str]:
        """Adds what was assumed about one file, :data:`UNIT_ASSUMED` where it names no unit; returns all but that."""
        texts = list(texts)
        if UNIT_ASSUMED in texts:
            self.unitless.add(name)
        others = [text for text in texts if text != UNIT_ASSUMED]
        self.told += [(name, text) for text in others]
        return others

    def update(self, other: Assumed) -> None:
        """Adds what was assumed about other files."""
        self.told += other.told
        self.unitless |= other.unitless

    def notes(self) -> list[str]:
        """One sentence, without a full stop, for each thing that was assumed, whatever the numbers in it."""
        return [f"{names}: {text}" for names, _, text in alike(self.told)] + unit_notes(len(self.unitless))


def left_open(image: SimpleITK.Image) -> list[str]:
    """What the file of a scan or label that was read leaves open, for :meth:`Assumed.add`."""
    return [*assumptions(image), *([UNIT_ASSUMED] if is_unit_assumed(image) else [])]


def alike(sentences: Iterable[tuple[str, str]]) -> list[tuple[str, int, str]]:
    """Brings together sentences that differ only in their numbers.

    Returns:
        for each kind of sentence the names, the first ones if there are many; how many they are; the first sentence.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, text in sentences:
        groups.setdefault(re.sub(r"\d[\d.]*", "#", text), []).append((name, text))
    result = []
    for group in groups.values():
        names = dict.fromkeys(name for name, _ in group)
        result.append((listed(names, SHOWN), len(names), group[0][1]))
    return result


def unit_notes(count: int) -> list[str]:
    """The sentence about files that name no unit of length; none where there is no such file.

    Many programs write such files, and all that read them take mm. So it is told once, with how many they are.
    """
    if not count:
        return []
    files = "1 file does not say its" if count == 1 else f"{count} files do not say their"
    return [f"{files} unit of length; millimeters are assumed"]
