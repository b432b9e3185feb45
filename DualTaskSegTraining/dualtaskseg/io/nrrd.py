"""NRRD headers: every line is looked at before the reading library sees it, which a line it can't parse may crash."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from dualtaskseg.io.headers import NO_ORIENTATION, Header, check_position, check_spacing, millimeters, number
from dualtaskseg.io.image_error import SPACING_REMEDY, ImageError, cut_short, damaged, size_unknown

LONGEST_LINE = 800  # characters: the reading library writes faulty lines into a buffer of 1024
LONGEST_TEXT = 1 << 24  # of a comment or a key with its value, such as a segmentation's history
MOST_LINES = 100_000
# Those that the reading library understands; of others it takes the axes as they are.
SPACES = ("right-anterior-superior", "left-anterior-superior", "left-posterior-superior", "ras", "las", "lps")
FIELDS = {
    *("content", "number", "type", "block size", "blocksize", "dimension", "space", "space dimension", "sizes"),
    *("spacings", "thicknesses", "axis mins", "axismins", "axis maxs", "axismaxs", "space directions"),
    *("centers", "centerings", "kinds", "labels", "units", "min", "max", "old min", "oldmin", "old max", "oldmax"),
    *("endian", "encoding", "line skip", "lineskip", "byte skip", "byteskip", "sample units", "sampleunits"),
    *("space units", "space origin", "measurement frame", "data file", "datafile"),
}
BYTES = {
    **dict.fromkeys(("signed char", "int8", "int8_t", "uchar", "unsigned char", "uint8", "uint8_t"), 1),
    **dict.fromkeys(("short", "short int", "signed short", "signed short int", "int16", "int16_t"), 2),
    **dict.fromkeys(("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"), 2),
    **dict.fromkeys(("int", "signed int", "int32", "int32_t", "uint", "unsigned int", "uint32", "uint32_t"), 4),
    **dict.fromkeys(("longlong", "long long", "long long int", "signed long long", "signed long long int"), 8),
    **dict.fromkeys(("int64", "int64_t", "ulonglong", "unsigned long long", "unsigned long long int"), 8),
    **dict.fromkeys(("uint64", "uint64_t", "double"), 8),
    "float": 4,
}
WRITTEN_TYPES = {f"{sign}int{bits}": f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
WRITTEN_TYPES |= {"float32": "float", "float64": "double"}
Vector = Iterable[float]
ENCODINGS = ("raw", "txt", "text", "ascii", "hex", "gz", "gzip", "bz2", "bzip2")


def header_to_write(
    kind: str, size: Sequence[int], steps: Iterable[Vector], origin: Vector, endian: str, layers: int = 1
) -> list[str]:
    """The lines of a header, to be followed by an empty one and voxels (x the fastest) compressed by gzip.

    Args:
        kind: one of ``WRITTEN_TYPES``, which are NumPy's names.
        steps: from one voxel to the next along x, y, z, in mm to the left, back and up, as ``origin`` is.
        layers: numbers for each voxel, one after the other.
    """

    def vector(values: Vector) -> str:
        return "(" + ",".join(repr(float(value) + 0.0) for value in values) + ")"  # + 0.0: no -0.0

    kinds, sizes, vectors = ["domain"] * 3, [*size], [*map(vector, steps)]
    if layers > 1:
        kinds, sizes, vectors = ["list", *kinds], [layers, *sizes], ["none", *vectors]
    return [
        "NRRD0004",
        f"type: {WRITTEN_TYPES[kind]}",
        f"dimension: {len(sizes)}",
        "space: left-posterior-superior",
        f"sizes: {' '.join(map(str, sizes))}",
        f"space directions: {' '.join(vectors)}",
        f"kinds: {' '.join(kinds)}",
        f"endian: {endian}",
        "encoding: gzip",
        f"space origin: {vector(origin)}",
        'space units: "mm" "mm" "mm"',  # without it, others could only assume so
    ]


def read_nrrd(path: Path, stream: BinaryIO) -> Header:
    """Reads and checks the header at the beginning of a stream.

    Raises:
        ImageError: the header is cut short or holds a line that makes no sense, or its voxel size can't be.
        OSError: the file can't be read.
    """
    fields, names = _read_fields(path, stream)
    begin = stream.tell()
    if not {"sizes", "type", "encoding", "dimension"} <= fields.keys():
        raise cut_short(path)
    sizes = fields["sizes"].split()
    if fields["dimension"] != str(len(sizes)) or not all(re.fullmatch(r"0*[1-9]\d{0,9}", size) for size in sizes):
        raise damaged(path, "its header makes no sense")
    if fields["encoding"].lower() not in ENCODINGS:
        raise damaged(path, "its header makes no sense")
    _refuse_film(path, fields, sizes)
    spacing = _spacing(path, fields, len(sizes))
    if len(spacing) < min(3, len(sizes)):  # an axis may say that it is none of space, which a scan's can't
        raise size_unknown(path)
    check_spacing(path, spacing)
    origin = [number(text) for text in fields.get("space origin", "").strip("() ").split(",") if text.strip()]
    check_position(path, origin)
    name = fields.get("data file", fields.get("datafile", ""))
    others = tuple(path.parent / one for one in names) or _numbered(path, name)
    data = None if others else path.parent / name if name else path
    packed = fields["encoding"].lower() in ("gzip", "gz")
    known = packed or fields["encoding"].lower() == "raw"
    if any(fields.get(key, "0") != "0" for key in ("byte skip", "byteskip", "line skip", "lineskip")):
        known = False
    width = BYTES.get(fields["type"].lower())
    size = math.prod(map(int, sizes)) * width if known and width and not others else None
    assumed = () if fields.get("space", "").lower() in SPACES else (NO_ORIENTATION,)
    units = _units(fields)
    names_unit = bool(units) and all(units)
    return Header(data, 0 if name else begin, packed, size, others, _to_mm(path, units), assumed, names_unit)


def _read_fields(path: Path, stream: BinaryIO) -> tuple[dict[str, str], list[str]]:
    """The fields by their names in small letters, and the files that a list at the end names."""
    if not re.fullmatch(rb"NRRD000[1-6]", stream.readline(64).strip()):
        raise damaged(path, "its header makes no sense")
    fields: dict[str, str] = {}
    for _ in range(MOST_LINES):
        raw = stream.readline(LONGEST_TEXT)
        line = raw.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if not line:
            return fields, []
        if len(raw) == LONGEST_TEXT:
            break
        if line.startswith("#"):
            continue
        name, separator, value = line.partition(": ")
        name = name.strip().lower()
        if not separator or name not in FIELDS:
            if ":=" in line:
                continue
            raise damaged(path, f"its header has a line that makes no sense ({_start(line)})")
        if name in fields or "\0" in line or (len(raw) > LONGEST_LINE and name != "content"):
            raise damaged(path, f"its header has a line that makes no sense ({_start(line)})")
        fields[name] = value.strip()
        if name in ("data file", "datafile") and value.startswith("LIST"):
            rest = stream.read(LONGEST_TEXT).decode("utf-8", "surrogateescape").splitlines()
            return fields, [line.strip() for line in rest if line.strip()]
    raise damaged(path, "its header has no end")


def _start(line: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in line[:40])
    return shown + ("..." if len(line) > 40 else "")


def _refuse_film(path: Path, fields: dict[str, str], sizes: list[str]) -> None:
    """Refuses images that follow each other in time; the reading library takes them for slices."""
    kinds = fields.get("kinds", "").lower().split()
    if len(sizes) <= 3 and "time" in [kind for kind, size in zip(kinds, sizes, strict=False) if int(size) > 1]:
        raise ImageError(
            "film",
            f"{path} is a film: its axis {kinds.index('time') + 1} is time, so it is no 3D scan",
            "Give a scan whose slices lie side by side",
        )


def _spacing(path: Path, fields: dict[str, str], dimension: int) -> tuple[float, ...]:
    """Spacing per axis that has one; the axis of colors or segments has none."""
    directions = fields.get("space directions", "")
    if directions:
        vectors = re.findall(r"\([^()]*\)|\S+", directions)
        if len(vectors) != dimension:
            raise damaged(path, "its header makes no sense")
        numbers = [[number(part) for part in one.strip("()").split(",")] for one in vectors if one.lower() != "none"]
        return tuple(math.hypot(*values) for values in numbers)
    spacings = [number(text) for text in fields.get("spacings", "").split()]
    kinds = fields.get("kinds", "").lower().split() or ["domain"] * len(spacings)
    return tuple(s for s, kind in zip(spacings, kinds, strict=False) if kind in ("domain", "space"))


def _numbered(path: Path, name: str) -> tuple[Path, ...]:
    """The files that a pattern such as ``s%02d.raw 0 15 1`` means."""
    parts = name.split()
    if "%" not in name or len(parts) < 4:
        return ()
    try:
        first, last, step = (int(text) for text in parts[1:4])
        count = (last - first) // step + 1
        if not 1 <= count <= MOST_LINES:
            raise ValueError
        return tuple(path.parent / (parts[0] % value) for value in range(first, last + (1 if step > 0 else -1), step))
    except (ValueError, TypeError, ZeroDivisionError):
        raise damaged(path, "its header makes no sense") from None


def _units(fields: dict[str, str]) -> list[str]:
    """The units of the axes of space, empty for those that have none; no entry at all where no axis is told of."""
    if fields.get("space directions"):
        named = re.findall(r'"([^"]*)"', fields.get("space units", ""))
    else:
        kinds = fields.get("kinds", "").lower().split()
        units = re.findall(r'"([^"]*)"', fields.get("units", ""))
        is_length = [not kinds or kind in ("domain", "space") for kind in kinds or units]
        named = [unit for unit, wanted in zip(units, is_length, strict=False) if wanted]
    return [unit.strip() for unit in named]


def _to_mm(path: Path, units: list[str]) -> float:
    """What lengths have to be multiplied with; files that name no unit are taken in mm, as all programs do."""
    if not any(units):
        return 1.0
    # An axis without a unit may be in mm as the others are, which is told; in microns as the others are it may not.
    factors = {millimeters(unit) if unit else 1.0 for unit in units}
    if len(factors) > 1 or None in factors:
        named = ", ".join(unit or "none" for unit in units)
        raise ImageError(
            "unit", f"{path} gives its voxel size in units that are not understood ({named})", SPACING_REMEDY
        )
    return next(iter(factors)) or 1.0
