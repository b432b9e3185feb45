"""What a segment is, in codes: from Slicer's terminology entry to the codes that DICOM asks for.

Slicer writes a terminology entry as one string of seven parts between tildes:
``context~category~type~type modifier~region context~region~region modifier``; the parts that are codes read
``scheme^value^meaning``, such as ``SCT^10200004^Liver``.
"""

from __future__ import annotations

from dataclasses import dataclass

CONTEXT = "Segmentation category and type - 3D Slicer General Anatomy list"
REGION_CONTEXT = "Anatomic codes - DICOM master list"
NO_CODE = "^^"
MEANING_LIMIT = 64  # characters of a code's meaning in DICOM
SCHEME_LIMIT = 16


@dataclass(frozen=True)
class Code:
    """One coded concept.

    Attributes:
        scheme: who defined the code, such as ``SCT`` (SNOMED CT) or ``DCM``.
        value: the code itself, such as ``10200004``.
        meaning: what it stands for, in words.
    """

    scheme: str
    value: str
    meaning: str

    def __str__(self) -> str:
        return "^".join((self.scheme, self.value, self.meaning))


@dataclass(frozen=True)
class Terminology:
    """What a segment is and where it lies; modifiers and region are None where nothing is said.

    Attributes:
        category: such as anatomical structure.
        type: such as liver.
        type_modifier: such as left.
        region: the region of the body, for types that aren't themselves one, such as a tumor.
        region_modifier: such as right.
    """

    category: Code
    type: Code
    type_modifier: Code | None = None
    region: Code | None = None
    region_modifier: Code | None = None

    def to_entry(self) -> str:
        """Returns the entry as Slicer writes it."""
        modifier, region, region_modifier = (
            NO_CODE if code is None else str(code) for code in (self.type_modifier, self.region, self.region_modifier)
        )
        parts = (CONTEXT, str(self.category), str(self.type), modifier, REGION_CONTEXT, region, region_modifier)
        return "~".join(parts)


# What Slicer itself falls back to: true of every structure, and saying nothing about it.
TISSUE = Terminology(Code("SCT", "85756007", "Tissue"), Code("SCT", "85756007", "Tissue"))


def parse_terminology(entry: str) -> Terminology | None:
    """Reads a terminology entry as Slicer writes it.

    Returns:
        Its codes, or None where category or type is missing or no code.
    """
    parts = [*entry.split("~"), *[""] * 7][:7]
    category, kind = _code(parts[1]), _code(parts[2])
    if category is None or kind is None:
        return None
    region = _code(parts[5])
    return Terminology(category, kind, _code(parts[3]), region, _code(parts[6]) if region else None)


def or_tissue(entry: str) -> str:
    """An entry that DICOM export accepts: the given one, or that of :data:`TISSUE` where it has no codes."""
    return entry if parse_terminology(entry) else TISSUE.to_entry()


def is_unspecific(entry: str) -> bool:
    """Whether an entry says nothing more than that it is tissue, or nothing at all."""
    codes = parse_terminology(entry)
    return codes is None or (codes.type == TISSUE.type and codes.region is None)


def short_text(entry: str) -> str:
    """For people: ``Liver``, ``Kidney, right``; empty where an entry has no codes."""
    codes = parse_terminology(entry)
    if codes is None:
        return ""
    parts = ", ".join(code.meaning for code in (codes.type, codes.type_modifier, codes.region) if code)
    return parts.replace(", Right", ", right").replace(", Left", ", left")


def same_meaning(first: str, second: str) -> bool:
    """Whether two entries code the same structure, whatever list they were chosen from; unspecific ones never do."""
    one, other = parse_terminology(first), parse_terminology(second)
    return one is not None and other is not None and not is_unspecific(first) and _values(one) == _values(other)


def _values(codes: Terminology) -> list[tuple[str, str] | None]:
    return [code and (code.scheme, code.value) for code in vars(codes).values()]


def _code(text: str) -> Code | None:
    fields = [field.strip() for field in text.split("^")]
    if len(fields) != 3 or not all(fields) or len(fields[0]) > SCHEME_LIMIT:
        return None
    return Code(fields[0], fields[1], fields[2][:MEANING_LIMIT].rstrip())
