"""NIfTI-1 and -2: the header, the two poses that it may hold, and the voxels.

The reading library knows no NIfTI-2, makes voxels that are not a number 0, reads a ``.nii`` file whose header gives no
offset four bytes early, adds an intercept where there is no slope, and refuses axes that are a trifle off. So these
files are read here. Which of two poses counts is the reading library's choice, since 3D Slicer makes the same.
"""

from __future__ import annotations

import itertools
import math
import os
import struct
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dualtaskseg.io.access import check_data_file
from dualtaskseg.io.geometry import sides_text
from dualtaskseg.io.headers import NO_ORIENTATION, check_position, check_spacing
from dualtaskseg.io.image_error import (
    COPY_AGAIN,
    SPACING_REMEDY,
    ImageError,
    beyond_numbers,
    cut_short,
    damaged,
    missing,
)
from dualtaskseg.io.streams import file_blocks, is_gzip, unpacked_size

SUFFIXES = (".nii", ".nii.gz", ".hdr")
HEADER_BYTES = 1024  # the longest header (NIfTI-2) has 540
RESULT_HEADER = 352  # bytes, of NIfTI-1 and what tells that no extension follows
LARGEST_OFFSET = 1 << 28  # bytes of extensions between the header and the voxels
LARGEST_EXTENSIONS = 1 << 22  # bytes of them that are looked at
LARGEST_QUATERNION = 1.01  # its numbers are at most 1, but for rounding
SAME_POSE = 0.1  # of the smallest voxel size, by which two poses may differ
KINDS = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4", 1024: "i8", 1280: "u8"}
SEVERAL_VALUES = {32: 2, 1792: 2, 2048: 2, 128: 3, 2304: 4}  # complex numbers and colors
UNITS = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 1e-3}  # mm; files that name none are meant in mm, as all programs take them
# Where the numbers of a header stand, by its version, and which they are, as :mod:`struct` says it.
FIELDS = {
    1: {
        **{"dim": (40, "8h"), "kind": (70, "2h"), "pixdim": (76, "8f"), "scaling": (108, "3f"), "units": (123, "B")},
        **{"codes": (252, "2h"), "numbers": (256, "18f")},
    },
    2: {
        **{"kind": (12, "2h"), "dim": (16, "8q"), "pixdim": (104, "8d"), "scaling": (168, "q2d")},
        **{"codes": (344, "2i"), "numbers": (352, "18d"), "units": (500, "i")},
    },
}
NOTHING_TOLD = {"units": (0,), "codes": (0, 0), "numbers": (0.0,) * 18}  # by Analyze 7.5, where these bytes are others
FLIP = np.diag([-1.0, -1.0, 1.0, 1.0])  # from NIfTI's axes (right, anterior, superior) to DICOM's


@dataclass(frozen=True)
class NiftiHeader:
    """What a header tells.

    Attributes:
        version: 1 or 2; 0 for Analyze 7.5.
        order: ``"<"`` or ``">"``.
        dim: number of voxels along each axis, as many as there are.
        kind: NIfTI's number of the voxels' type.
        pixdim: of the header, the sign of the quaternion's axes first; as it is, in the file's unit.
        unit: how many mm the file's unit is, 1 where it names none.
        offset: byte of the unpacked data file where the voxels begin.
        slope, intercept: how numbers become intensities; 1 and 0 where they stay as they are.
        codes: of qform and sform.
        numbers: quaternion (3), its shift (3), the sform's rows (12).
    """

    path: Path
    version: int
    order: str
    dim: tuple[int, ...]
    kind: int
    bits: int
    pixdim: tuple[float, ...]
    unit: float
    names_unit: bool
    offset: int
    slope: float
    intercept: float
    codes: tuple[int, int]
    numbers: tuple[float, ...]
    data: Path
    packed: bool

    @property
    def byte_count(self) -> int:
        """How long the unpacked data file has to be."""
        return self.offset + -(-math.prod(self.dim) * self.bits // 8)

    @property
    def components(self) -> int:
        """Values for each voxel: of a color or complex number, or along the fifth axis, which is for vectors."""
        along = self.dim[4] if len(self.dim) > 4 and self.dim[3] == 1 else 1
        return SEVERAL_VALUES.get(self.kind, 1) * along

    @property
    def spacing(self) -> tuple[float, ...]:
        """Voxel size in mm along the first three axes."""
        return tuple(abs(step) * self.unit for step in self.pixdim[1:4])

    def quaternion_pose(self) -> np.ndarray | None:
        """The qform: 4x4 from index x, y, z to mm in DICOM's axes; None where the file holds none."""
        return FLIP @ _from_quaternion(self.numbers, self.pixdim) * _scale(self.unit) if self.codes[0] > 0 else None

    def affine_pose(self) -> np.ndarray | None:
        """The sform, as :meth:`quaternion_pose`."""
        if self.codes[1] <= 0:
            return None
        affine = np.vstack([np.reshape(self.numbers[6:], (3, 4)), [0, 0, 0, 1]])
        return FLIP @ affine * _scale(self.unit)


@dataclass(frozen=True)
class NiftiPose:
    """Where the voxels lie.

    Attributes:
        affine: 4x4 from index x, y, z to mm in DICOM's axes; its axes are at right angles unless ``sheared``.
        sheared: the file's axes are not at right angles.
        assumed: sentences, without a full stop, about what the file leaves open; they follow after its name.
    """

    affine: np.ndarray
    sheared: bool
    assumed: tuple[str, ...]


def is_nifti(path: Path) -> bool:
    """Whether the name is one of a NIfTI (or Analyze) file."""
    return path.name.lower().endswith(SUFFIXES)


def read_header(path: Path) -> NiftiHeader:
    """Reads and checks the header.

    Raises:
        ImageError: it is cut short, makes no sense, has an impossible voxel size, or its data file is missing.
        OSError: it can't be read.
    """
    with path.open("rb") as stream:
        start = stream.read(HEADER_BYTES)
        packed = start.startswith(b"\x1f\x8b")
        if packed and not path.name.lower().endswith(".gz"):
            raise ImageError(
                "unreadable", f"{path} is compressed but its name does not say so", "Rename it to end in .nii.gz"
            )
        if packed:
            stream.seek(0)
            start = _unpacked_start(path, stream.read(1 << 16))
    if not start:
        raise ImageError("truncated", f"{path} is empty", COPY_AGAIN)
    order = next((o for o in "<>" if start[:4] in (struct.pack(o + "i", 348), struct.pack(o + "i", 540))), None)
    if order is None and len(start) >= 348:
        raise ImageError("unreadable", f"{path} is not a NIfTI file, though its name says so", COPY_AGAIN)
    is_second = order is not None and start[:4] == struct.pack(order + "i", 540)
    if order is None or len(start) < (540 if is_second else 348):
        raise cut_short(path)
    version, magic = (2, start[4:7]) if is_second else (1, start[344:347])
    fields = {name: struct.unpack_from(order + kind, start, at) for name, (at, kind) in FIELDS[version].items()}
    if version == 1 and magic not in (b"n+1", b"ni1"):
        version, fields = 0, {**fields, **NOTHING_TOLD, "scaling": (fields["scaling"][0], 1.0, 0.0)}
    return _with_data(_checked(path, version, order, fields, packed), magic)


def read_extensions(path: Path) -> bytes:
    """What stands between the header and the voxels of a file that holds both, such as a table of labels; may be empty.

    Raises:
        ImageError, OSError: as :func:`read_header`.
    """
    header = read_header(path)
    begin = (540 if header.version == 2 else 348) + 4
    end = min(header.offset, LARGEST_EXTENSIONS)
    if header.data != path or end <= begin:
        return b""
    start = b""
    for block in file_blocks(path, 0, header.packed, header.byte_count):
        start += block
        if len(start) >= end:
            break
    return start[begin:end]


def _unpacked_start(path: Path, start: bytes) -> bytes:
    try:
        return zlib.decompressobj(47).decompress(start, HEADER_BYTES)
    except zlib.error as error:
        raise damaged(path) from error


def _checked(path: Path, version: int, order: str, fields: dict[str, tuple[Any, ...]], packed: bool) -> NiftiHeader:
    dim, pixdim, units = fields["dim"], fields["pixdim"], fields["units"][0]
    (offset, slope, intercept), (kind, bits) = fields["scaling"], fields["kind"]
    rank = dim[0]
    makes_sense = 1 <= rank <= 7 and all(length >= 1 for length in dim[1 : rank + 1]) and bits >= 1
    if not makes_sense or not math.isfinite(offset) or not 0 <= offset <= LARGEST_OFFSET:
        raise damaged(path, "its header makes no sense")
    if kind in KINDS and np.dtype(KINDS[kind]).itemsize * 8 != bits:
        raise damaged(path, "its header makes no sense")
    steps = pixdim[1 : 1 + min(rank, 3)]
    check_spacing(path, steps)
    if units & 7 not in UNITS:
        raise ImageError("unit", f"{path} gives its voxel size in an unknown unit ({units & 7})", SPACING_REMEDY)
    # Where there is no slope, nothing is scaled, whatever the intercept is. Neither is by numbers that are none.
    scaled = math.isfinite(slope) and slope != 0
    return NiftiHeader(
        path=path,
        version=version,
        order=order,
        dim=tuple(dim[1 : rank + 1]),
        kind=kind,
        bits=bits,
        pixdim=pixdim,
        unit=UNITS[units & 7],
        names_unit=units & 7 != 0,
        offset=int(offset),
        slope=slope if scaled else 1.0,
        intercept=intercept if scaled and math.isfinite(intercept) else 0.0,
        codes=fields["codes"],
        numbers=fields["numbers"],
        data=path,
        packed=packed,
    )


def _with_data(header: NiftiHeader, magic: bytes) -> NiftiHeader:
    path = header.path
    if path.suffix.lower() == ".hdr" or magic.startswith(b"ni"):
        data = _image_of_pair(path)
        return replace(header, data=data, packed=is_gzip(data))
    return replace(header, offset=_begin(header))


def _begin(header: NiftiHeader) -> int:
    """Where the voxels begin in a file that holds the header, too: not before its end, whatever it says.

    Some writers leave the offset 0. Then the voxels follow the header's 348 bytes, or the four that tell of extensions.
    """
    least = 540 if header.version == 2 else 348
    if header.offset > least:
        return header.offset
    length = unpacked_size(header.path) if header.packed else header.path.stat().st_size
    voxels = header.byte_count - header.offset
    return least if length == least + voxels else least + 4


def _image_of_pair(path: Path) -> Path:
    for suffix in (".img", ".IMG", ".img.gz"):
        candidate = path.with_name(path.name[: -len(path.suffix)] + suffix)
        if os.path.lexists(candidate):
            check_data_file(candidate)
            return candidate
    raise missing(path.with_suffix(".img"))


def pose_of(header: NiftiHeader) -> NiftiPose:
    """Where the voxels lie, by the pose that the reading library would choose.

    Raises:
        ImageError: the pose holds numbers that are none, or places the scan at the end of the world.
    """
    if header.codes[0] > 0:
        check_position(header.path, header.numbers[:3], LARGEST_QUATERNION)
        check_position(header.path, header.numbers[3:6])
    if header.codes[1] > 0:
        check_position(header.path, header.numbers[6:])
    quaternion, affine = header.quaternion_pose(), header.affine_pose()
    if quaternion is None and affine is None:
        # as the reading library does: voxel sizes only
        return NiftiPose(np.diag([*header.spacing, 1.0]), False, (NO_ORIENTATION,))
    straight = _with_spacing(affine, header.spacing) if affine is not None else None
    is_sheared = straight is not None and not _is_straight(straight)
    by_affine = straight is not None and (quaternion is None or (header.codes[1] == 1 and not is_sheared))
    used = straight if by_affine else quaternion
    assumed = []
    if quaternion is not None and affine is not None:
        distance = _difference(quaternion, affine, header.dim)
        if distance > SAME_POSE * min(header.spacing):
            name, other = ("sform", "qform") if by_affine else ("qform", "sform")
            assumed.append(
                f"holds two poses that differ by up to {distance:.3g} mm: its {name} is used, not its {other}"
            )
    elif affine is not None and straight is not None and not is_sheared:
        distance = _difference(straight, affine, header.dim)
        if distance > SAME_POSE * min(header.spacing):
            assumed.append(
                f"gives two voxel sizes: that of its header, {sides_text(header.spacing[::-1])} mm, is used, not that "
                f"of its sform, which would place voxels up to {distance:.3g} mm elsewhere"
            )
    return NiftiPose(used, by_affine and is_sheared, tuple(assumed))


def read_voxels(header: NiftiHeader, blocks: Iterator[bytes]) -> np.ndarray:
    """Reads the voxels of a scan of one value each.

    Args:
        header: of a kind in :data:`KINDS`.
        blocks: the unpacked bytes of the data file, from its beginning.

    Returns:
        Array with the axes of the file in reverse order (so z, y, x), of the type in the file; float32 or float64 where
        the header scales.

    Raises:
        ImageError: there are too few bytes.
    """
    array = np.empty(math.prod(header.dim), KINDS[header.kind])
    target = memoryview(array).cast("B")
    skip, done = header.offset, 0
    for block in blocks:
        if skip >= len(block):
            skip -= len(block)
            continue
        part = block[skip : skip + len(target) - done]
        target[done : done + len(part)] = part
        done, skip = done + len(part), 0
    if done < len(target):
        left = len(target) - done
        raise cut_short(header.data, f"{left} of {header.byte_count} bytes are missing")
    if (header.order == "<") != (sys.byteorder == "little") and array.itemsize > 1:
        array.byteswap(inplace=True)
    if (header.slope, header.intercept) != (1.0, 0.0):
        array = array.astype(np.float64 if array.itemsize > 2 and array.dtype.kind != "f" else np.float32)
        try:
            with np.errstate(over="raise", invalid="ignore"):
                array *= header.slope
                array += header.intercept
        except FloatingPointError:
            raise beyond_numbers(header.data, (header.slope, header.intercept)) from None
    return array.reshape(header.dim[::-1])


def copy_pose(source: Path, target: Path) -> None:
    """Gives a NIfTI-1 result the very poses of the scan that it was made from, both of them, with their codes.

    Other programs then see the result on the scan, whichever of the two poses they go by.

    Args:
        source: the scan, a NIfTI file.
        target: a ``.nii`` file with the same voxel grid, in the byte order of this machine.

    Raises:
        ImageError: the target has no whole header.
    """
    header = read_header(source)
    if header.version == 0:
        return
    unit = header.unit
    scale = (1.0, 1.0, 1.0, unit, unit, unit, *(unit,) * 12)  # results are in mm; quaternions have no unit
    numbers = [value * factor for value, factor in zip(header.numbers, scale, strict=True)]
    with target.open("r+b") as stream:
        begin = bytearray(stream.read(RESULT_HEADER))
        if len(begin) < RESULT_HEADER:  # of a full disk the library that wrote it said nothing
            raise cut_short(target, "its header is not whole")
        if header.codes[0] > 0 or not pose_of(header).sheared:
            struct.pack_into("h", begin, 252, header.codes[0])
            struct.pack_into("6f", begin, 256, *numbers[:6])
            struct.pack_into("f", begin, 76, -1.0 if header.pixdim[0] < 0 else 1.0)
        # else: the straightened pose stays as qform, or the reading library could not read the result
        struct.pack_into("h", begin, 254, header.codes[1])
        struct.pack_into("12f", begin, 280, *numbers[6:])
        struct.pack_into("3f", begin, 80, *header.spacing)
        stream.seek(0)
        stream.write(begin)


def _from_quaternion(numbers: tuple[float, ...], pixdim: tuple[float, ...]) -> np.ndarray:
    b, c, d = numbers[:3]
    squared = 1.0 - (b * b + c * c + d * d)
    if squared < 1e-7:  # rounding: the rotation is by 180 degrees
        length = math.sqrt(b * b + c * c + d * d) or 1.0
        a, b, c, d = 0.0, b / length, c / length, d / length
    else:
        a = math.sqrt(squared)
    rotation = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
        ]
    )
    rotation[:, 2] *= -1.0 if pixdim[0] < 0 else 1.0
    affine = np.eye(4)
    affine[:3, :3] = rotation * np.abs(pixdim[1:4])
    affine[:3, 3] = numbers[3:6]
    return affine


def _scale(unit: float) -> np.ndarray:
    scale = np.ones((4, 4))
    scale[:3] = unit
    return scale


def _with_spacing(affine: np.ndarray, spacing: tuple[float, ...]) -> np.ndarray:
    """The affine with the axes that it has but the header's voxel size, which the reading library uses."""
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    if not lengths.all():
        return affine
    result = affine.copy()
    result[:3, :3] *= np.array(spacing) / lengths
    return result


def _is_straight(affine: np.ndarray) -> bool:
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    if not lengths.all():
        return False
    axes = affine[:3, :3] / lengths
    return bool(np.abs(axes.T @ axes - np.eye(3)).max() < 1e-3)


def _difference(first: np.ndarray, second: np.ndarray, dim: tuple[int, ...]) -> float:
    """The largest distance in mm that a corner voxel has from its place in the other pose."""
    size = [*dim, 1, 1][:3]
    corners = np.array([[*corner, 1] for corner in itertools.product(*((0, count - 1) for count in size))], float).T
    return float(np.linalg.norm(((first - second) @ corners)[:3], axis=0).max())
