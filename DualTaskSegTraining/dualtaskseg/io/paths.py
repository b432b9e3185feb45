"""What files are called: the suffixes of images, names that no disk takes."""

from __future__ import annotations

import contextlib
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dualtaskseg.errors import InputError
from dualtaskseg.names import listed, natural_key

# Longest first, so that "a.seg.nrrd" is called "a". Headers only: the .raw and .img files beside them are no scans.
VOLUME_SUFFIXES = (
    *(".seg.nrrd", ".seg.nhdr", ".nii.gz", ".gipl.gz", ".nii", ".hdr", ".nrrd", ".nhdr", ".mha", ".mhd"),
    *(".gipl", ".vtk", ".tiff", ".tif", ".dcm"),
)
SEGMENTATION_SUFFIXES = (".seg.nrrd", ".seg.nhdr")  # of 3D Slicer
# Files that hold volumes, too, but are passed over in a folder: how their names end, why, and what to do.
PASSED_OVER = (
    (
        (".mgz", ".mgh", ".npy", ".npz", ".mat", ".par", ".v", ".zarr", ".czi", ".ims", ".stl", ".vtp", ".obj"),
        "files of this kind are not read",
        "convert them to .nii.gz",
    ),
    (
        (".h5", ".hdf5", ".mnc"),
        "files of this kind are only read where each is named",
        "name each of them, for example in a table cases.csv, or convert them to .nii.gz",
    ),
    (
        (".nii.bz2", ".nii.xz", ".nii.zip", ".zip", ".7z", ".rar", ".tar", ".tgz", ".tar.gz"),
        "files packed so are not read",
        "unpack them",
    ),
)
PASSED_OVER_SUFFIXES = tuple(suffix for suffixes, _, _ in PASSED_OVER for suffix in suffixes)
LONGEST_NAME = 255  # bytes of one part of a path, on all usual disks
LONGEST_PATH = 4095  # bytes


def file_stem(path: Path | str) -> str:
    """Returns a file's name without the suffixes of image formats: ``la_001`` for ``la_001.nii.gz``."""
    name = Path(path).name
    for suffix in VOLUME_SUFFIXES:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def is_volume_name(name: str) -> bool:
    """Whether a file is a scan or a label map by its name."""
    return name.lower().endswith(VOLUME_SUFFIXES)


def is_scan_name(name: str) -> bool:
    """Whether a file is a scan by its name, and no segmentation of 3D Slicer."""
    return is_volume_name(name) and not name.lower().endswith(SEGMENTATION_SUFFIXES)


def passed_over(paths: Iterable[Path]) -> list[tuple[str, str, str]]:
    """Of files that hold volumes, too: which are passed over, why, and what to do, one entry for each kind."""
    found = []
    for suffixes, why, remedy in PASSED_OVER:
        names = sorted((path.name for path in paths if path.name.lower().endswith(suffixes)), key=natural_key)
        if names:
            found.append((listed(names, 1), why, remedy))
    return found


def left_out(folder: Path, paths: Iterable[Path]) -> list[str]:
    """The same as sentences without a full stop: without them, a scan or a label would only seem to be missing.

    Args:
        paths: what the folder holds.
    """
    return [
        f"{files} in {folder.name} {'are' if ' more' in files else 'is'} left out: {why}; {remedy}"
        for files, why, remedy in passed_over(paths)
    ]


def visible(folder: Path) -> list[Path]:
    """What a folder holds, without hidden files such as the ``._name`` files that macOS leaves on shared disks.

    Raises:
        InputError: it can't be read.
    """
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise InputError(f"The folder {folder} can't be read ({error.strerror})", "Check its permissions") from error


def usable_path(path: Path | str, where: str = "") -> Path:
    """The path, absolute and without ``..``, of a name that a person or a document gave.

    Links are kept, since the name of a link is the one that the user knows.

    Args:
        path: as given; ``~`` is the user's own folder.
        where: the document and place that gave it, for errors.

    Raises:
        InputError: no file can have this name on any computer.
    """
    path = Path(path)
    lead = f"{where}: the" if where else "The"
    with contextlib.suppress(RuntimeError):  # ~nobody, or no home: then it is a name like any other
        path = path.expanduser()
    try:
        result = Path(os.path.normpath(path.absolute()))
        parts = [len(os.fsencode(part)) for part in result.parts]
    except UnicodeError:
        raise InputError(
            f"{lead} file name {abbreviated(str(path))} holds signs that are no text", "Correct it"
        ) from None
    if "\0" in str(path):
        raise InputError(f"{lead} file name {abbreviated(str(path))} holds a zero character", "Correct it")
    if max(parts) > LONGEST_NAME or sum(parts) + len(parts) > LONGEST_PATH:
        raise InputError(f"{lead} file name {abbreviated(result.name)} is too long", "Correct it")
    return result


def is_text(name: str) -> bool:
    """Whether a name can be written anywhere: JSON allows halves of signs, and signs that control a terminal."""
    return not any(unicodedata.category(sign) in ("Cs", "Cc") for sign in name)


def abbreviated(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
