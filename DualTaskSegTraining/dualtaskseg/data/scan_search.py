"""Finds scans in a folder tree, one after the other as they are met, so that a window can show them at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dualtaskseg.errors import InputError
from dualtaskseg.io.access import check_access
from dualtaskseg.io.dicom_series import find_series, may_be_slice
from dualtaskseg.io.paths import VOLUME_SUFFIXES, usable_path

IMAGE, DICOM = "image", "dicom"
SEGMENTATION_SUFFIXES = (".seg.nrrd", ".seg.nhdr")
DICOM_SUFFIXES = ("", ".dcm", ".ima", ".img", ".dicom")  # DICOM files often have no suffix, or the number of the slice


@dataclass(frozen=True)
class FoundScan:
    """A scan that was met.

    Attributes:
        path: absolute; a file, or a folder with DICOM files.
        kind: ``IMAGE`` or ``DICOM``.
    """

    path: Path
    kind: str


def find_scans(folder: Path | str, should_stop: Callable[[], bool] | None = None) -> Iterator[FoundScan]:
    """Yields the scans in a folder and below it, in the order of their names.

    Hidden files and folders, and segmentations of 3D Slicer (``.seg.nrrd``), are passed over; so are folders below it
    that can't be read. A link to a folder is not followed, which could go on for ever.

    Args:
        folder: where to look.
        should_stop: asked before every folder; where it answers True, no more is looked at.

    Raises:
        InputError: the folder doesn't exist or can't be read.
    """
    top = usable_path(folder)
    try:
        next(os.scandir(top), None)
    except OSError as error:
        raise InputError(f"The folder {top} can't be read ({error.strerror})", "Choose another folder") from error
    for place, folders, names in os.walk(top):
        if should_stop is not None and should_stop():
            return
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=str.casefold)
        names = sorted((name for name in names if not name.startswith(".")), key=str.casefold)
        if any(_may_be_slice(Path(place) / name) for name in names):
            yield FoundScan(Path(place), DICOM)
        for name in names:
            lower = name.lower()
            if lower.endswith(VOLUME_SUFFIXES) and not lower.endswith((*SEGMENTATION_SUFFIXES, ".dcm")):
                yield FoundScan(Path(place) / name, IMAGE)


def problem_of(found: FoundScan) -> str:
    """Why a scan that was met can't be used, as far as that is seen without reading it; else empty."""
    try:
        if found.kind == DICOM:
            find_series(found.path)
        else:
            check_access(found.path)
    except InputError as error:
        return str(error)
    except (OSError, RuntimeError):
        return f"The DICOM files in {found.path} can't be read."
    return ""


def _may_be_slice(path: Path) -> bool:
    suffix = path.suffix.lower()
    return (suffix in DICOM_SUFFIXES or suffix[1:].isdecimal()) and may_be_slice(path)
