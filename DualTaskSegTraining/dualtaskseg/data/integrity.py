"""Finds damaged scan files before they are read.

The reading library takes a file that is cut short for a scan whose last slices are black, replaces a voxel size of
zero by 1 mm and a NIfTI voxel that is not a number by 0, and prints its complaints on the terminal. So the headers of
the common formats are looked at here first: NIfTI-1 and -2 (and Analyze), NRRD, MetaImage. Other formats are left to
the reading library.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from dualtaskseg.errors import InputError

CHUNK = 1 << 20
COPY_AGAIN = "Copy or download the file again"
SPACING_REMEDY = "Correct the voxel size, for example in 3D Slicer's module Volumes, and save the scan again"
NRRD_BYTES = {
    **dict.fromkeys(("signed char", "int8", "int8_t", "uchar", "unsigned char", "uint8", "uint8_t"), 1),
    **dict.fromkeys(("short", "short int", "signed short", "signed short int", "int16", "int16_t"), 2),
    **dict.fromkeys(("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"), 2),
    **dict.fromkeys(("int", "signed int", "int32", "int32_t", "uint", "unsigned int", "uint32", "uint32_t"), 4),
    **dict.fromkeys(("longlong", "long long", "long long int", "signed long long", "signed long long int"), 8),
    **dict.fromkeys(("int64", "int64_t", "ulonglong", "unsigned long long", "unsigned long long int"), 8),
    **dict.fromkeys(("uint64", "uint64_t", "double"), 8),
    "float": 4,
}
# MET_LONG is left out: it has 4 or 8 bytes, depending on who wrote it.
META_BYTES = {
    **dict.fromkeys(("MET_CHAR", "MET_UCHAR"), 1),
    **dict.fromkeys(("MET_SHORT", "MET_USHORT"), 2),
    **dict.fromkeys(("MET_INT", "MET_UINT", "MET_FLOAT"), 4),
    **dict.fromkeys(("MET_DOUBLE", "MET_LONG_LONG", "MET_ULONG_LONG"), 8),
}


class ImageError(InputError):
    """A scan or label file is missing, damaged or of a kind that can't be used.

    Args:
        code: the fault in one word for programs, such as ``"truncated"``.
        what: one sentence that names the file and the fault.
        remedy: what the user can do about it.
    """

    def __init__(self, code: str, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.code = code


@dataclass(frozen=True)
class _Header:
    """What a header promises.

    Attributes:
        data: the file that holds the voxels; None where they are spread over several.
        begin: byte of ``data`` where the voxels begin, or the gzip or zlib stream that they are packed in.
        packed: True where they are packed.
        size: how many bytes there are from ``begin`` on, unpacked; None where that isn't known.
        skip: how many of these come before the voxels.
        floats: numpy's name for the type of the voxels of a NIfTI file that holds floats, else empty.
    """

    data: Path | None
    begin: int
    packed: bool
    size: int | None
    skip: int = 0
    floats: str = ""


def check_header(path: Path) -> None:
    """Checks what can be seen without reading all of a file.

    Raises:
        ImageError: the file is missing or empty, its header is cut short, or its voxel size is not positive.
    """
    _read_header(path)


def check_file(path: Path) -> None:
    """Checks that a file is whole: as long as its header promises, and with the checksum that it was written with.

    Raises:
        ImageError: as :func:`check_header`, or the voxels are cut short or damaged, or in a file that is missing.
    """
    header = _read_header(path)
    if header is None or header.data is None or header.size is None:
        return
    if header.packed:
        actual = sum(map(len, _voxel_bytes(header)))
    else:
        try:
            actual = header.data.stat().st_size - header.begin
        except OSError as error:
            raise _unreadable(header.data, error) from error
    if actual < header.size:
        raise ImageError(
            "truncated",
            f"{header.data} is cut short: {header.size - actual} of {header.size} bytes are missing",
            COPY_AGAIN,
        )


def files_of(path: Path) -> list[Path]:
    """Returns the files that make up a scan: the file itself, and the one with its voxels where that is another.

    Raises:
        ImageError: as :func:`check_header`.
    """
    header = _read_header(path)
    return [path] if header is None or header.data in (None, path) else [path, header.data]


def not_finite_voxels(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Finds the voxels of a NIfTI file that are not a number or infinite; the reading library makes them 0.

    Returns:
        Their positions in the order of the file (x fastest), and their values; empty arrays for other formats.

    Raises:
        ImageError: as :func:`check_file`.
    """
    header = _read_header(path)
    positions, values = [np.empty(0, np.int64)], [np.empty(0)]
    if header is not None and header.floats:
        assert header.size is not None
        seen = 0
        for numbers in _numbers(_voxel_bytes(header), header):
            bad = np.flatnonzero(~np.isfinite(numbers))
            positions.append(bad + seen)
            values.append(numbers[bad].astype(np.float64))
            seen += numbers.size
    return np.concatenate(positions), np.concatenate(values)


def _numbers(blocks: Iterable[bytes], header: _Header) -> Iterator[np.ndarray]:
    """Cuts a stream of bytes into the floats that it holds after its first ``header.skip`` bytes."""
    kind = np.dtype(header.floats)
    left, skip, wanted = b"", header.skip, (header.size or 0) - header.skip
    for block in blocks:
        if skip >= len(block):
            skip -= len(block)
            continue
        left, skip = (left + block[skip:])[:wanted], 0
        whole = len(left) // kind.itemsize * kind.itemsize
        yield np.frombuffer(left[:whole], kind)
        left, wanted = left[whole:], wanted - whole


def _voxel_bytes(header: _Header) -> Iterator[bytes]:
    """The bytes from where the voxels begin, unpacked, some MiB at a time."""
    assert header.data is not None
    try:
        with header.data.open("rb") as stream:
            stream.seek(header.begin)
            yield from _unpacked(stream) if header.packed else iter(lambda: stream.read(CHUNK), b"")
    except OSError as error:
        raise _unreadable(header.data, error) from error
    except EOFError as error:
        raise ImageError("truncated", f"{header.data} is cut short: its last part is missing", COPY_AGAIN) from error
    except zlib.error as error:
        raise ImageError("damaged", f"{header.data} is damaged", COPY_AGAIN) from error


def _read_header(path: Path) -> _Header | None:
    """Returns None for a format that isn't looked at."""
    try:
        with path.open("rb") as stream:
            start = stream.read(1024)
            if not start:
                raise ImageError("truncated", f"{path} is empty", COPY_AGAIN)
            name = path.name.lower()
            if name.endswith((".nii", ".nii.gz", ".hdr")):
                return _read_nifti(path, start)
            if start.startswith(b"NRRD"):
                stream.seek(0)
                return _read_nrrd(path, stream)
            if name.endswith((".mha", ".mhd")):
                stream.seek(0)
                return _read_meta(path, stream)
    except FileNotFoundError:
        raise missing(path) from None
    except OSError as error:
        raise _unreadable(path, error) from error
    return None


def missing(path: Path) -> ImageError:
    """The error for a file or folder that isn't there."""
    return ImageError("missing", f"{path} does not exist", "Put it back, correct its name, or leave the case out")


def _unreadable(path: Path, error: OSError) -> ImageError:
    if isinstance(error, FileNotFoundError):
        return missing(path)
    return ImageError("unreadable", f"{path} can't be read ({error.strerror})", "Check the file and its permissions")


def _read_nifti(path: Path, start: bytes) -> _Header:
    packed = start.startswith(b"\x1f\x8b")
    if packed and not path.name.lower().endswith(".gz"):
        raise ImageError(
            "unreadable", f"{path} is compressed but its name does not say so", "Rename it to end in .nii.gz"
        )
    if packed:
        try:
            start = zlib.decompressobj(47).decompress(start, 1024)
        except zlib.error as error:
            raise ImageError("damaged", f"{path} is damaged", COPY_AGAIN) from error
    order = next((o for o in "<>" if start[:4] in (struct.pack(o + "i", 348), struct.pack(o + "i", 540))), None)
    if order is None and len(start) >= 348:
        raise ImageError("unreadable", f"{path} is not a NIfTI file, though its name says so", COPY_AGAIN)
    is_second = order is not None and start[:4] == struct.pack(order + "i", 540)
    if order is None or len(start) < (540 if is_second else 348):
        raise ImageError("truncated", f"{path} is cut short: not even its header is whole", COPY_AGAIN)
    if is_second:
        dim = struct.unpack_from(order + "8q", start, 16)
        kind, bits = struct.unpack_from(order + "2h", start, 12)
        spacing = struct.unpack_from(order + "8d", start, 104)
        offset, magic = struct.unpack_from(order + "q", start, 168)[0], start[4:7]
    else:
        dim = struct.unpack_from(order + "8h", start, 40)
        kind, bits = struct.unpack_from(order + "2h", start, 70)
        spacing = struct.unpack_from(order + "8f", start, 76)
        offset, magic = struct.unpack_from(order + "f", start, 108)[0], start[344:347]
    rank = dim[0]
    if not 1 <= rank <= 7 or any(length < 1 for length in dim[1 : rank + 1]) or not math.isfinite(offset) or bits < 1:
        raise ImageError("damaged", f"{path} is damaged: its header makes no sense", COPY_AGAIN)
    _check_spacing(path, spacing[1 : 1 + min(rank, 3)])
    data = path
    if path.suffix.lower() == ".hdr" or magic.startswith(b"ni"):
        data = _image_of_pair(path)
        packed = _is_gzip(data)
    size = int(offset) + -(-math.prod(dim[1 : rank + 1]) * bits // 8)
    floats = {16: order + "f4", 64: order + "f8"}.get(kind, "")
    return _Header(data, begin=0, packed=packed, size=size, skip=int(offset), floats=floats)


def _image_of_pair(path: Path) -> Path:
    for suffix in (".img", ".IMG", ".img.gz"):
        candidate = path.with_name(path.name[: -len(path.suffix)] + suffix)
        if candidate.exists():
            return candidate
    raise missing(path.with_suffix(".img"))


def _read_nrrd(path: Path, stream: BinaryIO) -> _Header:
    fields: dict[str, str] = {}
    while True:
        raw = stream.readline(CHUNK)
        line = raw.decode("utf-8", "surrogateescape").strip()
        if not line:
            break
        name, separator, value = line.partition(": ")
        if separator and not name.startswith("#"):
            fields[name.strip().lower()] = value.strip()
    begin = stream.tell()
    if not {"sizes", "type", "encoding"} <= fields.keys():
        raise ImageError("truncated", f"{path} is cut short: not even its header is whole", COPY_AGAIN)
    _check_spacing(path, _nrrd_spacing(fields))
    name = fields.get("data file", fields.get("datafile", ""))
    data: Path | None = path
    if name:
        data, begin = (None, 0) if name.startswith("LIST") or "%" in name else (path.parent / name, 0)
    packed = fields["encoding"].lower() in ("gzip", "gz")
    known = packed or fields["encoding"].lower() == "raw"
    if not known or any(fields.get(key, "0") != "0" for key in ("byte skip", "byteskip", "line skip", "lineskip")):
        return _Header(data, begin, packed, size=None)
    sizes, width = re.findall(r"\d+", fields["sizes"]), NRRD_BYTES.get(fields["type"].lower())
    return _Header(data, begin, packed, size=math.prod(map(int, sizes)) * width if width else None)


def _nrrd_spacing(fields: dict[str, str]) -> tuple[float, ...]:
    """Spacing per axis that has one; the axis of colors or segments has none."""
    vectors = re.findall(r"\(([^)]*)\)", fields.get("space directions", ""))
    if vectors:
        return tuple(math.hypot(*map(_number, vector.split(","))) for vector in vectors)
    spacings = [_number(text) for text in fields.get("spacings", "").split()]
    kinds = fields.get("kinds", "").lower().split() or ["domain"] * len(spacings)
    return tuple(s for s, kind in zip(spacings, kinds, strict=False) if kind in ("domain", "space"))


def _read_meta(path: Path, stream: BinaryIO) -> _Header | None:
    fields: dict[str, str] = {}
    while "ElementDataFile" not in fields:
        raw = stream.readline(CHUNK)
        if not raw:
            raise ImageError("truncated", f"{path} is cut short: not even its header is whole", COPY_AGAIN)
        name, separator, value = raw.decode("utf-8", "surrogateescape").partition("=")
        if separator:
            fields[name.strip()] = value.strip()
    sizes = [int(text) for text in re.findall(r"\d+", fields.get("DimSize", ""))]
    spacing = fields.get("ElementSpacing", fields.get("ElementSize", "")).split()
    _check_spacing(path, [_number(text) for text in spacing[:3]])
    name = fields["ElementDataFile"]
    is_local = name.upper() == "LOCAL"
    data = path if is_local else None if name.startswith("LIST") or "%" in name else path.parent / name
    packed = fields.get("CompressedData", "False").lower() in ("true", "1")
    width = META_BYTES.get(fields.get("ElementType", "").removesuffix("_ARRAY"))
    size = math.prod(sizes) * width * int(fields.get("ElementNumberOfChannels", "1")) if width else None
    if fields.get("HeaderSize", "0") != "0" or fields.get("BinaryData", "True").lower() in ("false", "0"):
        size = None
    return _Header(data, stream.tell() if is_local else 0, packed, size)


def _check_spacing(path: Path, spacing: Sequence[float]) -> None:
    if any(not math.isfinite(step) or step <= 0 for step in spacing):
        listed = " x ".join(f"{step:g}" for step in spacing)
        raise ImageError("spacing", f"{path} has an impossible voxel size of {listed} mm", SPACING_REMEDY)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _unpacked(stream: BinaryIO) -> Iterator[bytes]:
    """Unpacks a gzip or zlib stream, some MiB at a time.

    Raises:
        EOFError: the stream ends too early.
        zlib.error: it is damaged, or its checksum is wrong.
    """
    block = stream.read(CHUNK)
    while True:
        inflate = zlib.decompressobj(47)  # 47 reads both gzip and zlib
        while not inflate.eof:
            piece = inflate.decompress(block, 4 * CHUNK)
            yield piece
            block = inflate.unconsumed_tail
            if not block and not inflate.eof:
                block = stream.read(CHUNK)
                if not block and not piece:
                    raise EOFError
        block = inflate.unused_data or stream.read(CHUNK)
        if not block.startswith(b"\x1f\x8b"):  # not one more part of a gzip file, such as zeros that fill a disk block
            return
