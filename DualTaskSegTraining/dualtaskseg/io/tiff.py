"""TIFF stacks: the voxel size, where a file tells it, as those of ImageJ and of OME do; plain ones never do.

The reading library takes 1 mm for what it can't find. A stack whose slices lie at an unknown distance is no scan:
every volume and every distance would be wrong.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import BinaryIO

from dualtaskseg.io.headers import millimeters
from dualtaskseg.io.image_error import ImageError, damaged, size_unknown

SUFFIXES = (".tif", ".tiff")
WIDTH, HEIGHT, DESCRIPTION, RESOLUTION_X, RESOLUTION_Y = 256, 257, 270, 282, 283
LONGEST_TEXT = 1 << 24
MOST_TAGS = 4096
OME_SIZES = tuple(f"PhysicalSize{axis}" for axis in "XYZ")


def is_tiff(path: Path) -> bool:
    """Whether the name is one of a TIFF file."""
    return path.name.lower().endswith(SUFFIXES)


def tiff_size(path: Path) -> tuple[int, int]:
    """Reads width and height of the first image.

    Raises:
        ImageError: the file is no TIFF file, or is damaged.
        OSError: it can't be read.
    """
    with path.open("rb") as stream:
        tags = _tags(path, stream)
    return int(tags.get(WIDTH, 0)), int(tags.get(HEIGHT, 0))


def tiff_spacing(path: Path) -> tuple[float, float, float]:
    """Reads the voxel size along x, y, z in mm.

    Raises:
        ImageError: the file doesn't tell it in full, or its third axis is not one of slices.
        OSError: it can't be read.
    """
    with path.open("rb") as stream:
        tags = _tags(path, stream)
    text = tags.get(DESCRIPTION, "")
    if not isinstance(text, str):
        text = ""
    if text.startswith("ImageJ="):
        return _from_imagej(path, text, tags)
    if re.search(r"<(\w+:)?OME\b", text):
        return _from_ome(path, text)
    raise size_unknown(path)


def _from_imagej(path: Path, text: str, tags: dict[int, str | float]) -> tuple[float, float, float]:
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    _refuse_films(path, fields.get("frames", "1"), fields.get("channels", "1"))
    factors = {millimeters(fields.get(key, fields.get("unit", ""))) for key in ("unit", "yunit", "zunit")}
    try:
        steps = [1 / float(tags[RESOLUTION_X]), 1 / float(tags[RESOLUTION_Y]), float(fields["spacing"])]
    except (KeyError, ValueError, ZeroDivisionError):
        raise size_unknown(path) from None
    factor = factors.pop()
    if factors or factor is None or min(steps) <= 0:
        raise size_unknown(path)
    return steps[0] * factor, steps[1] * factor, steps[2] * factor


def _from_ome(path: Path, text: str) -> tuple[float, float, float]:
    found = re.findall(r"""\b(Size[TC]|PhysicalSize[XYZ](?:Unit)?)\s*=\s*["']([^"']*)["']""", text)
    fields = dict(found)
    if set(fields.items()) != set(found):  # several images, each of a size of its own
        raise size_unknown(path)
    _refuse_films(path, fields.get("SizeT", "1"), fields.get("SizeC", "1"))
    try:
        steps = [float(fields[key]) * (millimeters(fields.get(f"{key}Unit", "µm")) or 0.0) for key in OME_SIZES]
    except (KeyError, ValueError):
        raise size_unknown(path) from None
    if not all(step > 0 for step in steps):
        raise size_unknown(path)
    return steps[0], steps[1], steps[2]


def _refuse_films(path: Path, frames: str, channels: str) -> None:
    if frames.strip() != "1" or channels.strip() != "1":
        raise ImageError(
            "4d",
            f"{path} holds {frames} times and {channels} channels, not one volume",
            "Save the one that you want as a 3D scan",
        )


def _tags(path: Path, stream: BinaryIO) -> dict[int, str | float]:
    """The first image's description and resolution, whichever of them there are."""
    start = stream.read(16)
    order = {b"II": "<", b"MM": ">"}.get(start[:2])
    kind = struct.unpack(order + "H", start[2:4])[0] if order and len(start) == 16 else 0
    if kind not in (42, 43):
        raise damaged(path, "it is no TIFF file, though its name says so")
    is_big = kind == 43
    count_format, entry_format, offset_at = ("Q", "HHQ8s", 8) if is_big else ("H", "HHI4s", 4)
    offset = struct.unpack_from(order + ("Q" if is_big else "I"), start, offset_at)[0]
    stream.seek(offset)
    size = struct.calcsize(order + count_format)
    try:
        count = struct.unpack(order + count_format, stream.read(size))[0]
        step = struct.calcsize(order + entry_format)
        entries = stream.read(min(count, MOST_TAGS) * step)
        found: dict[int, str | float] = {}
        for at in range(0, len(entries) - step + 1, step):
            tag, type_, length, value = struct.unpack_from(order + entry_format, entries, at)
            where = struct.unpack(order + ("Q" if is_big else "I"), value)[0]
            if tag == DESCRIPTION and type_ == 2 and length <= LONGEST_TEXT:
                found[tag] = _bytes(stream, value, where, length).split(b"\0")[0].decode("utf-8", "replace")
            elif tag in (WIDTH, HEIGHT) and type_ in (3, 4):
                found[tag] = struct.unpack_from(order + ("H" if type_ == 3 else "I"), value)[0]
            elif tag in (RESOLUTION_X, RESOLUTION_Y) and type_ == 5:
                above, below = struct.unpack(order + "2I", _bytes(stream, value, where, 8))
                found[tag] = above / below if below else 0.0
        return found
    except struct.error:
        raise damaged(path, "its header makes no sense") from None


def _bytes(stream: BinaryIO, value: bytes, where: int, length: int) -> bytes:
    if length <= len(value):
        return value[:length]
    stream.seek(where)
    return stream.read(length)
