"""Writes NIfTI and NRRD files some slices at a time, with exactly the header that the reading library writes.

That library wants all voxels in memory, in the type of the file. So it writes a volume of two slices, which costs
nothing, and what follows the header is written here.
"""

from __future__ import annotations

import itertools
import os
import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dualtaskseg.files import temporary_name
from dualtaskseg.io.geometry import place_on
from dualtaskseg.io.image_error import cut_short
from dualtaskseg.io.nifti import RESULT_HEADER, copy_pose, is_nifti
from dualtaskseg.io.packing import pack
from dualtaskseg.io.volume import Volume

MOST_SLICES = 2**15 - 1  # that a NIfTI-1 header can tell
NIFTI_SLICES_AT = 46  # where it tells them


def writes_slabs(volume: Volume, path: Path, compress: bool) -> bool:
    """Whether :func:`write_slabs` can write this."""
    name = path.name.lower()
    if name.endswith((".nii", ".nii.gz")):
        return max(volume.geometry.size) <= MOST_SLICES
    return name.endswith(".nrrd") and not compress


def write_slabs(volume: Volume, path: Path, notes: Mapping[str, str], scan: Path | None = None) -> None:
    """Writes a volume as a ``.nii``, ``.nii.gz`` or plain ``.nrrd`` file.

    Args:
        notes: the image's metadata.
        scan: the file that it was made from. Where both are NIfTI files, this one gets the scan's poses.

    Raises:
        OSError: the file can't be written.
        ImageError: its header could not be written.
    """
    blocks = itertools.chain([_header(volume, path, notes, scan)], map(memoryview, volume.slabs()))
    with path.open("wb") as stream:
        if path.name.lower().endswith(".gz"):
            pack(blocks, stream)
        else:
            for block in blocks:
                stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())  # a full disk is noticed here


def _header(volume: Volume, path: Path, notes: Mapping[str, str], scan: Path | None) -> bytes:
    """What stands before the voxels, by way of a file of two slices."""
    import SimpleITK as sitk

    slices = np.zeros((2, *volume.array.shape[1:]), volume.kind)
    image = sitk.GetImageFromArray(slices)
    place_on(image, volume.geometry)
    for key, value in notes.items():
        image.SetMetaData(key, value)
    suffix = ".nrrd" if path.name.lower().endswith(".nrrd") else ".nii"
    small = path.with_name(temporary_name(suffix))
    try:
        sitk.WriteImage(image, str(small), useCompression=False)
        if scan is not None and suffix == ".nii" and is_nifti(scan):
            copy_pose(scan, small)
        header = bytearray(small.read_bytes()[: -slices.nbytes])
    finally:
        small.unlink(missing_ok=True)
    if len(header) != RESULT_HEADER if suffix == ".nii" else not header.endswith(b"\n\n"):
        raise cut_short(path, "its header is not whole")  # of a full disk the library that wrote it said nothing
    return _with_slices(header, volume.geometry.size, suffix)


def _with_slices(header: bytearray, size: tuple[int, int, int], suffix: str) -> bytes:
    """A header of two slices, made one of all."""
    if suffix == ".nii":
        struct.pack_into("h", header, NIFTI_SLICES_AT, size[2])
        return bytes(header)
    columns, rows, slices = size
    before, after = (f"\nsizes: {columns} {rows} {count}\n".encode() for count in (2, slices))
    if header.count(before) != 1:
        raise OSError(f"the header of {suffix} files is not as expected")
    return bytes(header.replace(before, after))
