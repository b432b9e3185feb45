"""Which scans the arguments of ``predict`` mean, and what the results are called. Reads files' first bytes only."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dualtaskseg.errors import InputError
from dualtaskseg.io.dicom_series import may_be_slice
from dualtaskseg.io.images import output_stem
from dualtaskseg.io.paths import VOLUME_SUFFIXES

SEGMENTATION_SUFFIXES = (".seg.nrrd", ".seg.nhdr")
SUFFIX = ".nii.gz"
LONGEST_NAME = 255  # bytes, on all usual file systems
NUMBER_ROOM = 8  # bytes for what tells equal names apart


@dataclass(frozen=True)
class Scan:
    """A scan to segment.

    Attributes:
        path: a file, or a folder with one DICOM series.
        name: unique among the scans, also where case is ignored; the results are named after it.
    """

    path: Path
    name: str

    def output_name(self, kind: str = "", segment: str = "") -> str:
        """File name of a result: ``NAME.nii.gz`` for the mask, else such as ``NAME_sdm_SEGMENT.nii.gz``."""
        return "_".join(part for part in (self.name, kind, segment) if part) + SUFFIX


def find_scans(arguments: Sequence[Path | str]) -> list[Path]:
    """The scans that arguments mean: files, folders of files, folders with one DICOM series, folders of such folders.

    Returns:
        each scan once, in the order of the arguments, those of a folder by name.

    Raises:
        InputError: something does not exist, or a folder holds no scan.
    """
    found: dict[Path, Path] = {}
    for argument in map(Path, arguments):
        if argument.is_dir():
            scans = scans_in(argument)
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
    is_series = _holds_dicom(folder)
    scans = [folder] if is_series else []
    for path in sorted(_visible(folder), key=_natural_key):
        name = path.name.lower()
        if path.is_dir():
            if not is_series and _holds_dicom(path):
                scans.append(path)
        elif is_series and may_be_slice(path):
            continue
        elif name.endswith(VOLUME_SUFFIXES) and not name.endswith(SEGMENTATION_SUFFIXES):
            scans.append(path)
    if not scans:
        raise InputError(
            f"The folder {folder} holds no scan", "Give a folder with image files such as .nii.gz, or a DICOM series"
        )
    return scans


def named_scans(paths: Sequence[Path], segments: Sequence[str]) -> tuple[list[Scan], list[str]]:
    """Gives scans names such that no two results have the same.

    Args:
        paths: from :func:`find_scans`.
        segments: names of the model's segments, fit for file names.

    Returns:
        the scans, and sentences about those that could not be called after their file alone.
    """
    stems = [output_stem(path) for path in paths]
    counts = Counter(stem.casefold() for stem in stems)
    room = LONGEST_NAME - max(len(os.fsencode(name)) for name in _all_names(Scan(Path(), ""), segments)) - NUMBER_ROOM
    scans, notes, taken = [], [], set()
    last: dict[str, int] = {}  # number of the last one that was wanted to be called so
    for path, stem in zip(paths, stems, strict=True):
        wanted = _shortened(stem if counts[stem.casefold()] == 1 else f"{path.resolve().parent.name}_{stem}", room)
        number = last.get(wanted.casefold(), 0) + 1
        scan = Scan(path, wanted if number == 1 else f"{wanted}_{number}")
        while taken & _all_names(scan, segments):
            number += 1
            scan = Scan(path, f"{wanted}_{number}")
        last[wanted.casefold()] = number
        taken |= _all_names(scan, segments)
        scans.append(scan)
        if scan.name != stem:
            is_long = len(os.fsencode(stem)) > room
            why = "its name is too long for them" if is_long else "another scan's would be called the same"
            notes.append(f"The results of {path} are called {scan.name}, since {why}")
    return scans, notes


def _shortened(name: str, room: int) -> str:
    """The name, without its middle where it has more bytes than there is room for."""
    if len(os.fsencode(name)) <= room:
        return name
    start, end = name, name
    while len(os.fsencode(start)) > (room - 3) * 2 // 3:
        start = start[:-1]
    while len(os.fsencode(end)) > (room - 3) // 3:
        end = end[1:]
    return f"{start}...{end}"


def _all_names(scan: Scan, segments: Sequence[str]) -> set[str]:
    """All file names that results of a scan may have, as disks compare them that ignore case."""
    names = [scan.output_name(), scan.output_name("uncertainty")]
    names += [scan.output_name(kind, segment) for kind in ("sdm", "probability") for segment in segments]
    return {name.casefold() for name in names}


def _holds_dicom(folder: Path) -> bool:
    return any(may_be_slice(path) for path in _visible(folder))


def _visible(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise InputError(f"The folder {folder} can't be read ({error.strerror})", "Check its permissions") from error


def _natural_key(path: Path) -> tuple[list[tuple[int, str]], str]:
    """Sorts ``scan2`` before ``scan10``."""
    parts = re.split(r"(\d+)", path.name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], path.name
