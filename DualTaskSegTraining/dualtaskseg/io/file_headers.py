"""Finds files that may not be opened, are damaged, or leave open what can't be guessed, before they are read.

The reading library takes a file that is cut short for a scan whose last slices are black, replaces a voxel size of
zero by 1 mm, drops units, crashes on some broken headers, and prints its complaints on the terminal. So the headers of
the common formats are looked at here first: NIfTI-1 and -2 (and Analyze), NRRD, MetaImage, TIFF. Other formats are left
to the reading library.
"""

from __future__ import annotations

from pathlib import Path

from dualtaskseg.io.access import check_access, check_data_file
from dualtaskseg.io.headers import Header
from dualtaskseg.io.image_error import COPY_AGAIN, ImageError, cut_short, unreadable
from dualtaskseg.io.metaimage import read_meta
from dualtaskseg.io.nifti import is_nifti, pose_of, read_header
from dualtaskseg.io.nrrd import read_nrrd
from dualtaskseg.io.streams import file_blocks


def check_header(path: Path) -> Header | None:
    """Checks what can be seen without reading all of a file.

    Returns:
        What the header promises; None for a format that isn't looked at.

    Raises:
        ImageError: the file, or one with its voxels, may not be opened (see
            :func:`~dualtaskseg.io.access.check_access`) or is empty; its header is cut short or makes no sense; or
            its voxel size or position can't be.
    """
    check_access(path)
    header = _header_of(path)
    for file in header.data_files if header is not None else ():
        if file != path:
            check_data_file(file)
    return header


def _header_of(path: Path) -> Header | None:
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            if not start:
                raise ImageError("truncated", f"{path} is empty", COPY_AGAIN)
            stream.seek(0)
            name = path.name.lower()
            if is_nifti(path):
                header = read_header(path)
                assumed = pose_of(header).assumed
                return Header(header.data, 0, header.packed, header.byte_count, (), 1.0, assumed, header.names_unit)
            if start == b"NRRD":
                return read_nrrd(path, stream)
            if name.endswith((".mha", ".mhd")):
                return read_meta(path, stream)
    except OSError as error:
        raise unreadable(path, error) from error
    return None


def check_file(path: Path) -> Header | None:
    """Checks that a file is whole: as long as its header promises, and with the checksum that it was written with.

    Returns:
        As :func:`check_header`.

    Raises:
        ImageError: as :func:`check_header`, or the voxels are cut short or damaged, or in a file that is missing.
    """
    header = check_header(path)
    if header is None or header.data is None or header.size is None:
        return header
    if header.packed:
        actual = sum(map(len, file_blocks(header.data, header.begin, True, header.size)))
    else:
        try:
            actual = header.data.stat().st_size - header.begin
        except OSError as error:
            raise unreadable(header.data, error) from error
    if actual < header.size:
        raise cut_short(header.data, f"{header.size - actual} of {header.size} bytes are missing")
    return header


def files_of(path: Path) -> list[Path]:
    """Returns the files that make up a scan: the file itself, and those with its voxels where they are others.

    Raises:
        ImageError: as :func:`check_header`, or one of them is missing.
    """
    header = check_header(path)
    return [path, *(file for file in (header.data_files if header else ()) if file != path)]
