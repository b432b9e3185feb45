"""Finds scans: those that the arguments of a command mean, and those in a folder tree, one after the other as they are
met, so that a window can show them at once. Reads files' first bytes only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dualtaskseg.data.case_tables import images_of_table
from dualtaskseg.errors import InputError
from dualtaskseg.io.access import as_stored, check_access
from dualtaskseg.io.dicom_kinds import is_object, may_be_slice
from dualtaskseg.io.dicom_series import find_series
from dualtaskseg.io.paths import is_scan_name, passed_over, usable_path, visible
from dualtaskseg.names import natural_key
from dualtaskseg.progress import never

IMAGE, DICOM = "image", "dicom"
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


def find_scans(folder: Path | str, should_stop: Callable[[], bool] = never) -> Iterator[FoundScan]:
    """Yields the scans in a folder and below it, in the order of their names.

    Hidden files and folders, and segmentations of 3D Slicer (``.seg.nrrd``), are passed over; so are folders below it
    that can't be read. A link to a folder is not followed, which could go on for ever.

    Args:
        should_stop: asked before every folder; where it answers True, no more is looked at.

    Raises:
        InputError: the folder doesn't exist or can't be read.
    """
    top = usable_path(folder)
    try:
        next(os.scandir(top), None)
    except OSError as error:
        raise InputError(f"The folder {top} can't be read ({error.strerror})", "Choose another folder") from error
    for root, folders, names in os.walk(top):
        if should_stop():
            return
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=str.casefold)
        names = sorted((name for name in names if not name.startswith(".")), key=str.casefold)
        if any(_may_be_slice(Path(root) / name) for name in names):
            yield FoundScan(Path(root), DICOM)
        for name in names:
            if is_scan_name(name) and not name.lower().endswith(".dcm"):
                yield FoundScan(Path(root) / name, IMAGE)


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


def scans_of(arguments: Sequence[Path | str]) -> list[Path]:
    """The scans that arguments mean: files, folders of files, folders with one DICOM series, folders of such folders,
    and tables (``.csv``) with a column ``image``.

    Returns:
        each scan once, in the order of the arguments, those of a folder by name.

    Raises:
        InputError: something does not exist, or a folder holds no scan.
    """
    found: dict[Path, Path] = {}
    for argument in (as_stored(Path(argument)) for argument in arguments):
        if argument.is_dir():
            scans = scans_in(argument)
        elif argument.suffix.lower() == ".csv":
            scans = images_of_table(argument)
        elif os.path.lexists(argument):
            scans = [argument]  # a link that leads nowhere is told of in its turn, after the others are done
        else:
            raise InputError(f"{argument} does not exist", "Check the path")
        for scan in scans:
            # realpath bears loops of links; links that lead nowhere may lead to the same nowhere
            found.setdefault(Path(os.path.realpath(scan)) if scan.exists() else scan.absolute(), scan)
    return list(found.values())


def scans_in(folder: Path) -> list[Path]:
    """The scans in a folder: itself if it holds DICOM files, and its image files; else also folders of DICOM files.

    Segmentations of 3D Slicer (``.seg.nrrd``) are passed over.

    Raises:
        InputError: there is none, or the folder can't be read.
    """
    is_series = _holds_slices(folder)
    scans = [folder] if is_series else []
    for path in sorted(visible(folder), key=lambda path: natural_key(path.name)):
        if path.is_dir():
            if not is_series and _may_hold_dicom(path):
                scans.append(path)
        elif is_series and may_be_slice(path):
            continue
        elif is_scan_name(path.name):
            scans.append(path)
    if not scans and _holds_dicom(folder):
        return [folder]  # what is wrong with its files is told when it is read
    others = passed_over(visible(folder)) if not scans else []
    if others:
        files, why, remedy = others[0]
        raise InputError(f"The folder {folder} holds no scan but {files}: {why}", remedy.capitalize())
    if not scans:
        raise InputError(
            f"The folder {folder} holds no scan", "Give a folder with image files such as .nii.gz, or a DICOM series"
        )
    return scans


def _may_hold_dicom(folder: Path) -> bool:
    """Whether it holds DICOM files, or can't be read: that is told in its turn, after the others are done."""
    try:
        return _holds_dicom(folder)
    except InputError:
        return True


def _holds_slices(folder: Path) -> bool:
    """Whether a folder holds DICOM files that may be slices; a segmentation exported to it makes it no scan."""
    return any(may_be_slice(path) and not is_object(path) for path in visible(folder))


def _holds_dicom(folder: Path) -> bool:
    return any(may_be_slice(path) for path in visible(folder))
