"""MetaImage headers (``.mha``, ``.mhd``)."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import BinaryIO

from dualtaskseg.io.headers import NO_ORIENTATION, Header, check_position, check_spacing, millimeters, number
from dualtaskseg.io.image_error import SPACING_REMEDY, ImageError, cut_short, damaged, size_unknown

LONGEST_LINE = 1 << 20
MOST_LINES = 10_000
# MET_LONG is left out: it has 4 or 8 bytes, depending on who wrote it.
BYTES = {
    **dict.fromkeys(("MET_CHAR", "MET_UCHAR"), 1),
    **dict.fromkeys(("MET_SHORT", "MET_USHORT"), 2),
    **dict.fromkeys(("MET_INT", "MET_UINT", "MET_FLOAT"), 4),
    **dict.fromkeys(("MET_DOUBLE", "MET_LONG_LONG", "MET_ULONG_LONG"), 8),
}
NO_UNIT = ("", "?")
DIRECTIONS = ("TransformMatrix", "Rotation", "Orientation")
PLACES = ("Offset", "Position", "Origin")
SCALE = ("ElementToIntensityFunctionSlope", "ElementToIntensityFunctionOffset")


def read_meta(path: Path, stream: BinaryIO) -> Header:
    """Reads and checks the header at the beginning of a stream.

    Raises:
        ImageError: the header is cut short, or its voxel size, its unit or its position can't be.
        OSError: the file can't be read.
    """
    fields: dict[str, str] = {}
    for _ in range(MOST_LINES):
        raw = stream.readline(LONGEST_LINE)
        if not raw:
            raise cut_short(path)
        name, separator, value = raw.decode("utf-8", "surrogateescape").partition("=")
        if separator:
            fields[name.strip()] = value.strip()
        if "ElementDataFile" in fields:
            break
    else:
        raise damaged(path, "its header has no end")
    sizes = [int(text) for text in re.findall(r"\d+", fields.get("DimSize", ""))]
    spacing = fields.get("ElementSpacing", fields.get("ElementSize", "")).split()
    if not spacing:
        raise size_unknown(path)
    check_spacing(path, [number(text) for text in spacing[:3]])
    for key in PLACES + DIRECTIONS:
        values = [number(text) for text in fields.get(key, "").split()]
        check_position(path, values)
        if key in fields and len(values) != len(sizes) ** (2 if key in DIRECTIONS else 1):
            raise damaged(path, f"its {key} has {len(values)} numbers")
    if len(spacing) != len(sizes):
        raise damaged(path, f"its header gives {len(spacing)} voxel sizes for {len(sizes)} axes")
    name = fields["ElementDataFile"]
    is_local = name.upper() == "LOCAL"
    others = _files(path, name, stream)
    data = path if is_local else None if others else path.parent / name
    packed = fields.get("CompressedData", "False").lower() in ("true", "1")
    if packed and is_local and "CompressedDataSize" not in fields:
        raise ImageError(
            "unreadable",
            f"{path} holds compressed voxels but not their compressed size, so it can't be read",
            "Save it again without compression, or as .nrrd",
        )
    width = BYTES.get(fields.get("ElementType", "").removesuffix("_ARRAY"))
    channels = fields.get("ElementNumberOfChannels", "1")
    size = math.prod(sizes) * width * int(channels) if width and channels.isdecimal() and not others else None
    if fields.get("HeaderSize", "0") != "0" or fields.get("BinaryData", "True").lower() in ("false", "0"):
        size = None
    begin = stream.tell() if is_local else 0
    unit = fields.get("DistanceUnits", "?")
    return Header(
        data=data,
        begin=begin,
        packed=packed,
        size=size,
        others=others,
        to_mm=_to_mm(path, unit),
        assumed=() if any(fields.get(key) for key in DIRECTIONS) else (NO_ORIENTATION,),
        names_unit=unit not in NO_UNIT,
        scale=_scale(path, fields),
    )


def _scale(path: Path, fields: dict[str, str]) -> tuple[float, float]:
    """Slope and intercept of the intensities, which the reading library passes over."""
    slope, intercept = (number(fields.get(key, usual)) for key, usual in zip(SCALE, ("1", "0"), strict=True))
    if not math.isfinite(slope) or not math.isfinite(intercept) or slope == 0:
        raise ImageError(
            "values",
            f"{path} gives {fields.get(SCALE[0], '1')[:20]!r} and {fields.get(SCALE[1], '0')[:20]!r} as slope and "
            "intercept of its intensities, which are no usable numbers",
            "Save the scan again with the program that it came from",
        )
    return slope, intercept


def _files(path: Path, name: str, stream: BinaryIO) -> tuple[Path, ...]:
    """The files that a list, or a pattern such as ``s%02d.raw 0 15 1``, means."""
    if name.startswith("LIST"):
        lines = stream.read(LONGEST_LINE).decode("utf-8", "surrogateescape").splitlines()
        return tuple(path.parent / line.strip() for line in lines if line.strip())
    parts = name.split()
    if "%" not in name or len(parts) < 3:
        return ()
    try:
        first, last = int(parts[1]), int(parts[2])
        step = int(parts[3]) if len(parts) > 3 else 1
        if not 0 <= (last - first) // step < MOST_LINES:
            raise ValueError
        return tuple(path.parent / (parts[0] % value) for value in range(first, last + 1, step))
    except (ValueError, TypeError, ZeroDivisionError):
        raise damaged(path, "its header makes no sense") from None


def _to_mm(path: Path, unit: str) -> float:
    if unit in NO_UNIT:  # taken in mm, as all programs do
        return 1.0
    factor = millimeters(unit)
    if factor is None:
        raise ImageError("unit", f"{path} gives its voxel size in an unknown unit ({unit})", SPACING_REMEDY)
    return factor
