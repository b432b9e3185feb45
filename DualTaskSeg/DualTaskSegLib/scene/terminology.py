"""What segments mean: Slicer's terminology entries, as the one string that segments and models keep."""

from __future__ import annotations

from dataclasses import dataclass

import slicer
import vtk

CONTEXT = "Segmentation category and type - 3D Slicer General Anatomy list"
REGION_CONTEXT = "Anatomic codes - DICOM master list"
PARTS = 7


@dataclass(frozen=True)
class Code:
    """A coded concept, such as SCT 10200004 Liver; empty where an entry has none."""

    scheme: str = ""
    value: str = ""
    meaning: str = ""

    def __bool__(self) -> bool:
        return bool(self.scheme and self.value and self.meaning)

    def toText(self) -> str:
        return "^".join((self.scheme, self.value, self.meaning))


@dataclass(frozen=True)
class Terminology:
    """An entry: a category and a type, each with what else Slicer keeps about it."""

    category: Code
    type: Code
    modifier: Code = Code()
    region: Code = Code()
    regionModifier: Code = Code()
    context: str = CONTEXT
    regionContext: str = REGION_CONTEXT

    def toText(self) -> str:
        """As Slicer writes it into a segment's tag."""
        return "~".join(
            (
                self.context,
                self.category.toText(),
                self.type.toText(),
                self.modifier.toText(),
                self.regionContext,
                self.region.toText(),
                self.regionModifier.toText(),
            )
        )


TISSUE = Terminology(Code("SCT", "85756007", "Tissue"), Code("SCT", "85756007", "Tissue"))


def parse(text: str | None) -> Terminology | None:
    """Reads a tag; None if it doesn't name a category and a type, so that DICOM export would refuse it."""
    parts = (text or "").split("~")
    if len(parts) < 3:
        return None
    parts += [""] * (PARTS - len(parts))
    category, type_, modifier, region, regionModifier = (_code(parts[index]) for index in (1, 2, 3, 5, 6))
    if not category or not type_:
        return None
    return Terminology(category, type_, modifier, region, regionModifier, parts[0], parts[4])


def orDefault(text: str | None) -> tuple[str, bool]:
    """Returns a tag that DICOM export accepts, and whether it is the stand-in "Tissue", since the given one is none."""
    return (text or "", False) if parse(text) else (TISSUE.toText(), True)


def isDefault(text: str | None) -> bool:
    """Whether a tag says nothing more than that it is tissue, or nothing at all."""
    entry = parse(text)
    return entry is None or (entry.type == TISSUE.type and not entry.region)


def shortText(text: str | None) -> str:
    """For people: ``Liver``, ``Kidney, right``; empty if it is none."""
    entry = parse(text)
    if entry is None:
        return ""
    return (
        ", ".join(code.meaning for code in (entry.type, entry.modifier, entry.region) if code)
        .replace(", Right", ", right")
        .replace(", Left", ", left")
    )


def sameMeaning(first: str | None, second: str | None) -> bool:
    """Whether two tags code the same structure, whatever list they were chosen from; not for the stand-in."""
    a, b = parse(first), parse(second)
    if a is None or b is None or isDefault(first):
        return False
    return _codes(a) == _codes(b)


def tagOf(segment: slicer.vtkSegment) -> str:
    """Returns the tag of a vtkSegment; empty if it has none."""
    return textOf(segment, tagName())


def textOf(segment: slicer.vtkSegment, name: str) -> str:
    """Returns a tag of a vtkSegment; empty if it has none of this name."""
    text = vtk.reference("")
    return str(text) if segment.GetTag(name, text) else ""


def setTag(segment: slicer.vtkSegment, text: str) -> None:
    """Sets the tag of a vtkSegment."""
    segment.SetTag(tagName(), text)


def tagName() -> str:
    """The name of the tag; a function of the class since Slicer 5.10, of each segment before."""
    try:
        return slicer.vtkSegment.GetTerminologyEntryTagName()
    except TypeError:
        return slicer.vtkSegment().GetTerminologyEntryTagName()


def _code(text: str) -> Code:
    parts = text.split("^")
    return Code(*(part.strip() for part in parts)) if len(parts) == 3 else Code()


def _codes(entry: Terminology) -> list[tuple[str, str]]:
    codes = (entry.category, entry.type, entry.modifier, entry.region, entry.regionModifier)
    return [(code.scheme, code.value) for code in codes]
