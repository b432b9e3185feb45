"""Writes scans and labels, each file in one step."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path
from dualtaskseg.io.access import check_name
from dualtaskseg.io.file_headers import check_file
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.slabs import write_slabs, writes_slabs
from dualtaskseg.io.volume import Volume, volume_of
from dualtaskseg.remedies import remedy_for, system_fault

if TYPE_CHECKING:
    import SimpleITK


def write_image(
    image: SimpleITK.Image, path: Path | str, compress: bool = True, scan: Path | str | None = None
) -> None:
    """Writes an image in the format that the name tells, such as ``.nii.gz`` or ``.nrrd``.

    The folder is made where it doesn't exist. A file of this name is replaced in one step, once the new one is whole.

    Args:
        compress: smaller, but ten times as slow to write.
        scan: the file that the image was made from, on whose grid it lies. Where both are NIfTI files, the new one gets
            the scan's poses (qform and sform), so that it lies on the scan in every program.

    Raises:
        InputError: the disk is full, the folder can't be written, or the format isn't known.
    """
    path = Path(path)
    is_plain = image.GetDimension() == 3 and image.GetNumberOfComponentsPerPixel() == 1
    volume = volume_of(image) if is_plain else None
    with _writing(path) as temporary:
        if volume is not None and writes_slabs(volume, temporary, compress):
            notes = {key: image.GetMetaData(key) for key in image.GetMetaDataKeys()}
            write_slabs(volume, temporary, notes, None if scan is None else Path(scan))
        else:
            _write_whole(image, temporary, compress)


def write_volume(
    volume: Volume, path: Path, notes: Mapping[str, str], compress: bool = True, scan: Path | None = None
) -> None:
    """As :func:`write_image`; a large volume is never held in the type of the file as a whole, where that can be.

    Args:
        notes: the image's metadata.
    """
    with _writing(path) as temporary:
        if writes_slabs(volume, temporary, compress):
            write_slabs(volume, temporary, notes, scan)
            return
        image = volume.image()
        for key, value in notes.items():
            image.SetMetaData(key, value)
        _write_whole(image, temporary, compress)


def _write_whole(image: SimpleITK.Image, path: Path, compress: bool) -> None:
    import SimpleITK

    SimpleITK.WriteImage(image, str(path), useCompression=compress)
    check_file(path)  # a full disk goes unnoticed in some formats


@contextmanager
def _writing(path: Path) -> Iterator[Path]:
    """Yields a temporary path that replaces ``path`` at the end, and explains what went wrong."""
    import SimpleITK

    check_name(path)
    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        with atomic_path(path) as temporary:
            yield temporary
    except OSError as error:
        raise system_fault(error, f"{path} can't be written", "Check the folder and the disk") from error
    except (RuntimeError, ImageError) as error:
        if "ImageIO" in str(error) and "determine" in str(error):
            raise InputError(f"{path} can't be written: unknown format", "End the name in .nii.gz or .nrrd") from error
        remedy = remedy_for(OSError(errno.ENOSPC, ""))  # the library doesn't tell what the system said
        raise InputError(f"{path} can't be written, perhaps since the disk is full", remedy) from error
