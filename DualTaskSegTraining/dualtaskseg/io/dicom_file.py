"""Walks through a DICOM file element by element, before the reading library does.

One damaged byte can make the reading library ask for gigabytes of memory, and keep them. So every length is held
against the end of what it lies in, every type of value against those that the standard knows, and only what fits is
given on. Light: needs neither pydicom nor SimpleITK. The values that reading a scan needs are picked up on the way.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from dualtaskseg.io.image_error import COPY_AGAIN, SAVE_AGAIN, ImageError, unreadable

MAGIC = b"DICM"
UNDEFINED = 0xFFFFFFFF
LONG_FORM = {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
SHORT_FORM = {
    *(b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FL", b"FD", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS"),
    *(b"ST", b"TM", b"UI", b"UL", b"US"),
}
ITEM, ITEM_END, SEQUENCE_END = (0xFFFE, 0xE000), (0xFFFE, 0xE00D), (0xFFFE, 0xE0DD)
PIXELS = ((0x7FE0, 0x0008), (0x7FE0, 0x0009), (0x7FE0, 0x0010))
IMPLICIT, EXPLICIT, BIG_ENDIAN = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
BLOCK = 1 << 14  # bytes read at a time
DEEPEST = 32  # sequences within sequences
LONGEST_VALUE = 1 << 16  # bytes of a value that is kept
LARGEST_DEFLATED = 1 << 30
MOST_ELEMENTS = 5_000_000
REMEDY = f"{COPY_AGAIN}; if it is the same, load it in 3D Slicer and save it as .nrrd"

Tag = tuple[int, int]


@dataclass
class DicomFile:
    """What a file tells, after it was found whole.

    Attributes:
        syntax: UID of the transfer syntax.
        values: short values of the data set's own elements, not those in sequences, as they are in the file.
        sequences: tags of the data set's sequences that are not empty.
        big_endian: the order of the bytes of numbers.
        pixels: whether there are pixels.
        pixel_bytes: how many bytes the pixels take; None where they are compressed.
        is_float: whether the pixels are floating-point numbers.
    """

    path: Path
    syntax: str = IMPLICIT
    values: dict[Tag, bytes] = field(default_factory=dict)
    sequences: set[Tag] = field(default_factory=set)
    big_endian: bool = False
    pixels: bool = False
    pixel_bytes: int | None = None
    is_float: bool = False

    def text(self, group: int, element: int) -> str:
        """A text that can be printed, empty where there is none."""
        value = self.values.get((group, element), b"").strip(b"\0 ")
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.decode("latin-1")

    def numbers(self, group: int, element: int) -> tuple[float, ...]:
        """Numbers written as texts; empty where there are none."""
        try:
            return tuple(float(part) for part in self.text(group, element).split("\\") if part.strip())
        except ValueError:
            return ()

    def whole(self, group: int, element: int, default: int = 0) -> int:
        """A 16-bit number."""
        value = self.values.get((group, element), b"")
        return struct.unpack((">" if self.big_endian else "<") + "H", value[:2])[0] if len(value) >= 2 else default

    def tags(self, group: int, element: int) -> list[Tag]:
        """Tags that an element points to."""
        value = self.values.get((group, element), b"")
        count = len(value) // 4
        parts = struct.unpack((">" if self.big_endian else "<") + f"{2 * count}H", value[: 4 * count])
        return list(zip(parts[::2], parts[1::2], strict=True))

    @property
    def kind(self) -> str:
        """UID of the kind of object (SOP class)."""
        return self.text(0x0008, 0x0016) or self.text(0x0002, 0x0002)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.whole(0x0028, 0x0011), self.whole(0x0028, 0x0010)

    @property
    def is_whole(self) -> bool:
        """Whether there are as many pixels as the size needs; of compressed ones that is not known."""
        if self.pixel_bytes is None or self.syntax == DEFLATED:
            return self.pixels
        columns, rows = self.size
        bits = columns * rows * self.frames * self.whole(0x0028, 0x0002, 1) * self.whole(0x0028, 0x0100, 16)
        return self.pixel_bytes * 8 >= bits > 0

    @property
    def frames(self) -> int:
        """Number of images in the file."""
        numbers = self.numbers(0x0028, 0x0008)
        return int(numbers[0]) if numbers and 1 <= numbers[0] < 1e7 else 1


class _DamagedError(Exception):
    pass


def is_dicom(path: Path) -> bool:
    """Whether a file begins as DICOM files do."""
    with path.open("rb") as stream:
        return stream.read(132)[128:] == MAGIC


def may_be_dicom(path: Path) -> bool:
    """Whether a file begins as DICOM files do, or as those of old programs, which lack the preamble."""
    with path.open("rb") as stream:
        start = stream.read(132)
    return start[128:] == MAGIC or _begins_bare(start)


def _begins_bare(start: bytes) -> bool:
    """Whether the first element is one that data sets begin with, its length or type making sense."""
    if len(start) < 16 or start[:2] not in (b"\x08\x00", b"\x02\x00") or start[3] != 0:
        return False
    return start[4:6] in SHORT_FORM or struct.unpack_from("<I", start, 4)[0] <= 64


def read_dicom_file(path: Path) -> DicomFile:
    """Walks through a file.

    Raises:
        ImageError: it is no DICOM file, or is cut short or damaged.
    """
    try:
        with path.open("rb") as stream:
            return _read(path, _Bytes(stream))
    except OSError as error:
        raise unreadable(path, error) from error
    except _DamagedError as error:
        raise ImageError("truncated", f"{path} can't be read: cut short or damaged ({error})", REMEDY) from None


class _Bytes:
    """A file as bytes, of which only the blocks that are asked for are read."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.length = stream.seek(0, 2)
        self.begin, self.block = 0, b""

    def __len__(self) -> int:
        return self.length

    def get(self, at: int, count: int) -> bytes:
        """``count`` bytes from ``at`` on, fewer at the end."""
        if not self.begin <= at <= at + count <= self.begin + len(self.block):
            self.stream.seek(at)
            self.begin, self.block = at, self.stream.read(max(BLOCK, count))
        return self.block[at - self.begin : at - self.begin + count]


def _read(path: Path, content: _Bytes) -> DicomFile:
    found = DicomFile(path)
    start, begin = content.get(0, 132), 0
    is_bare = start[128:] != MAGIC
    if is_bare and not _begins_bare(start):
        raise ImageError("unreadable", f"{path} can't be read (it is no DICOM file)", SAVE_AGAIN)
    if not is_bare or start[:2] == b"\x02\x00":
        begin = _Walk(content, found, explicit=True, big=False).meta(0 if is_bare else 132)
        found.syntax = found.text(0x0002, 0x0010) or IMPLICIT
    else:
        found.syntax = EXPLICIT if start[4:6] in SHORT_FORM | LONG_FORM else IMPLICIT
    if found.syntax == DEFLATED:
        content, begin = _inflated(content.get(begin, len(content) - begin)), 0
    found.big_endian = found.syntax == BIG_ENDIAN
    _Walk(content, found, found.syntax != IMPLICIT, found.big_endian).dataset(begin)
    return found


def _inflated(content: bytes) -> _Bytes:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        result = inflate.decompress(content, LARGEST_DEFLATED)
    except zlib.error as error:
        raise _DamagedError("its compressed part") from error
    if not inflate.eof:
        raise _DamagedError("its compressed part")
    return _Bytes(io.BytesIO(result))


class _Walk:
    """Goes from element to element.

    Args:
        found: is filled in.
        explicit: whether the types of values are written down.
    """

    def __init__(self, content: _Bytes, found: DicomFile, explicit: bool, big: bool) -> None:
        self.content = content
        self.found = found
        self.explicit = explicit
        order = ">" if big else "<"
        self.tag_format = struct.Struct(order + "2H")
        self.long = struct.Struct(order + "I")
        self.short = struct.Struct(order + "H")
        self.count = 0

    def meta(self, at: int) -> int:
        """Reads the group of the file itself; returns where the data set begins."""
        end = len(self.content)
        while at + 8 <= end and self.tag_format.unpack(self.content.get(at, 4))[0] == 0x0002:
            tag, kind, length, at = self._element(at, end)
            if length == UNDEFINED or kind == b"SQ":
                raise _DamagedError(_named(tag))
            self._keep(tag, at, length)
            at += length
        return at

    def dataset(self, at: int) -> None:
        """Walks through the whole data set."""
        end = len(self.content)
        while at < end:
            if self.found.pixels and not any(self.content.get(at, 4096)):
                return  # some writers fill up the last block
            tag, kind, length, at = self._element(at, end)
            if length == UNDEFINED and tag in PIXELS:
                at = self._fragments(at, end)
            elif length == UNDEFINED or kind == b"SQ":
                if length:
                    self.found.sequences.add(tag)
                at = self._sequence(tag, kind, at, length, end, 0)
            else:
                self._keep(tag, at, length)
                if kind is None and length >= 8 and tag[0] % 2 == 0 and tag not in PIXELS and self._is_item(at):
                    self.found.sequences.add(tag)  # types are not written down, and it begins like a sequence
                    self._sequence(tag, None, at, length, at + length, 0)
                at += length
            if tag in PIXELS:
                self.found.pixels = True
                self.found.is_float = tag != PIXELS[-1]
                self.found.pixel_bytes = None if length == UNDEFINED else length

    def _is_item(self, at: int) -> bool:
        return self.tag_format.unpack(self.content.get(at, 4)) == ITEM

    def _element(self, at: int, end: int) -> tuple[Tag, bytes | None, int, int]:
        """Tag, type, length of the value, and where the value begins; the value lies before ``end``."""
        self.count += 1
        if at + 8 > end or self.count > MOST_ELEMENTS:
            raise _DamagedError("its last element is cut short")
        tag = self.tag_format.unpack(self.content.get(at, 4))
        kind: bytes | None = None
        if not self.explicit or tag[0] == 0xFFFE:
            length, value = self.long.unpack(self.content.get(at + 4, 4))[0], at + 8
        else:
            kind = self.content.get(at + 4, 2)
            if kind in SHORT_FORM:
                length, value = self.short.unpack(self.content.get(at + 6, 2))[0], at + 8
            elif kind in LONG_FORM and at + 12 <= end:
                length, value = self.long.unpack(self.content.get(at + 8, 4))[0], at + 12
            else:
                raise _DamagedError(_named(tag))
        if length == UNDEFINED:
            if kind not in (None, b"SQ", b"UN", b"OB", b"OW"):
                raise _DamagedError(_named(tag))
        elif value + length > end:
            raise _DamagedError(_named(tag))
        return tag, kind, length, value

    def _keep(self, tag: Tag, at: int, length: int) -> None:
        if length <= LONGEST_VALUE:
            self.found.values[tag] = self.content.get(at, length)

    def _sequence(self, tag: Tag, kind: bytes | None, at: int, length: int, end: int, depth: int) -> int:
        """Walks through the items; returns where they end."""
        if depth > DEEPEST:
            raise _DamagedError(_named(tag))
        explicit = self.explicit
        if kind == b"UN":  # what a program did not know, it wrote down without types
            self.explicit = False
        until = end if length == UNDEFINED else at + length
        while at < until:
            mark, _, size, at = self._element(at, until)
            if mark == SEQUENCE_END and length == UNDEFINED:
                break
            if mark != ITEM:
                raise _DamagedError(_named(tag))
            at = self._item(tag, at, size, until, depth)
        else:
            if length == UNDEFINED:
                raise _DamagedError(_named(tag))
        self.explicit = explicit
        return at

    def _item(self, tag: Tag, at: int, size: int, until: int, depth: int) -> int:
        end = until if size == UNDEFINED else at + size
        while at < end:
            inner, kind, length, at = self._element(at, end)
            if inner == ITEM_END and size == UNDEFINED:
                return at
            if inner[0] == 0xFFFE:
                raise _DamagedError(_named(tag))
            if length == UNDEFINED and inner in PIXELS:
                at = self._fragments(at, end)
            elif length == UNDEFINED or kind == b"SQ":
                at = self._sequence(inner, kind, at, length, end, depth + 1)
            else:
                at += length
        if size == UNDEFINED:
            raise _DamagedError(_named(tag))
        return at

    def _fragments(self, at: int, end: int) -> int:
        """Walks through the parts of compressed pixels."""
        while True:
            mark, _, length, at = self._element(at, end)
            if mark == SEQUENCE_END:
                return at
            if mark != ITEM or length == UNDEFINED:
                raise _DamagedError("its pixels")
            at += length


def _named(tag: Tag) -> str:
    return f"at the element {tag[0]:04X},{tag[1]:04X}"
