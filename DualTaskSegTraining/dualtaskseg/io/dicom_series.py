"""Reads a folder that holds one DICOM series, and refuses what would silently give a wrong scan.

The reading library skips a slice that it can't read, closes the gap, and takes 1 mm for a voxel size that is missing.
So every slice of a folder is accounted for here before the scan is built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.io.access import check_access, check_fetched, check_name, dangling, is_dangling
from dualtaskseg.io.dicom_file import DicomFile, may_be_dicom, read_dicom_file
from dualtaskseg.io.dicom_frames import check_frames, without_place
from dualtaskseg.io.dicom_kinds import (
    DICOM_DIRECTORY,
    NOT_SCANS,
    SUFFIXES,
    is_named_like_a_slice,
    kind_of,
    may_be_slice,
    no_scan,
)
from dualtaskseg.io.dicom_slices import geometry_of_slices, read_slices, regular_slices
from dualtaskseg.io.dicom_values import check_values, right_frames, value_assumptions
from dualtaskseg.io.geometry import Geometry
from dualtaskseg.io.headers import ScanHeader, open_header
from dualtaskseg.io.image_error import COPY_AGAIN, SAVE_AGAIN, ImageError, missing, unreadable
from dualtaskseg.io.memory_check import check_room
from dualtaskseg.names import listed

if TYPE_CHECKING:
    import SimpleITK


@dataclass(frozen=True)
class Series:
    """One DICOM series in a folder.

    Attributes:
        uid: SeriesInstanceUID.
        modality: such as ``"CT"`` or ``"MR"``.
        files: its files in the order of their positions.
    """

    uid: str
    description: str
    modality: str
    files: tuple[str, ...]


def list_series(folder: Path) -> list[Series]:
    """Lists the series of scans in a folder, not in its subfolders.

    Other DICOM objects, such as segmentations, are passed over.

    Raises:
        ImageError: the folder does not exist.
    """
    return _look_through(folder).series


@dataclass(frozen=True)
class _Contents:
    """What a folder holds: series of scans, kinds of other DICOM objects, and what can't be read with the reason."""

    series: list[Series]
    others: list[DicomFile]
    faults: list[ImageError]
    damaged: list[str]


def _look_through(folder: Path) -> _Contents:
    """Looks at all files of a folder; no pipe or device is opened, and none that is no DICOM file is read."""
    check_access(folder)
    if not folder.is_dir():
        raise missing(folder)
    by_uid: dict[str, list[DicomFile]] = {}
    others: list[DicomFile] = []
    faults: list[ImageError] = []
    broken: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        try:
            file = _look_at(path)
        except OSError as error:
            faults.append(unreadable(path, error))
            continue
        except ImageError as error:
            if error.code in ("truncated", "damaged"):
                broken.append(str(path))
            else:
                faults.append(error)
            continue
        if file is None:
            continue
        if file.kind.startswith(NOT_SCANS):
            others.append(file)
        elif not file.is_whole:
            broken.append(str(path))
        else:
            by_uid.setdefault(file.text(0x0020, 0x000E), []).append(file)
    series = [
        Series(uid, files[0].text(0x0008, 0x103E), files[0].text(0x0008, 0x0060), tuple(str(f.path) for f in files))
        for uid, files in sorted(by_uid.items())
    ]
    return _Contents(series, others, faults, broken)


def _look_at(path: Path) -> DicomFile | None:
    """What a file of a folder tells; None where it has nothing to do with DICOM.

    Raises:
        ImageError: it may be a slice, but can't be read: a link that leads nowhere, a damaged file.
    """
    is_named_so = path.suffix.lower() in SUFFIXES
    if not path.is_file():
        if is_dangling(path) and is_named_like_a_slice(path):
            raise dangling(path)
        return None
    if is_named_like_a_slice(path):
        check_fetched(path)
    if not may_be_dicom(path):
        if path.suffix.lower() == ".dcm":
            raise _damaged([str(path)])
        return None
    check_name(path)
    with path.open("rb") as stream:
        start = stream.read(2048)
    has_preamble = start[128:132] == b"DICM"
    kind = kind_of(start) if has_preamble else ""
    if kind == DICOM_DIRECTORY:
        return None
    try:
        file = read_dicom_file(path)
    except ImageError:
        if kind.startswith(NOT_SCANS) or not (has_preamble or is_named_so):
            return None  # no scan, so it does no harm
        raise
    return file if has_preamble or file.pixels else None


def find_series(folder: Path, uid: str = "") -> Series:
    """Finds the one series of scans in a folder, or the one that is named.

    Args:
        folder: holds the files; other series of scans may lie beside it only if ``uid`` says which is meant.
        uid: its SeriesInstanceUID, or empty.

    Raises:
        ImageError: there is none, or more than one to choose from, or a file of the folder is damaged, or the series
            goes on in subfolders.
    """
    contents = _look_through(folder)
    found, damaged = contents.series, contents.damaged
    if not found:
        if contents.faults:
            raise contents.faults[0]
        raise _damaged(damaged) if damaged else _no_series(folder, contents.others)
    wanted = [series for series in found if series.uid == uid] if uid else found
    if not wanted:
        raise ImageError(
            "unknown-series",
            f"The folder {folder} holds no series {uid}, only {_described(found)}",
            "Give the UID of one of these, or another folder",
        )
    if len(wanted) > 1:
        raise ImageError(
            "several-series",
            f"The folder {folder} holds {len(found)} DICOM series ({_described(found)})",
            "Choose one by its UID where that can be given, or move each series to a folder of its own",
        )
    if contents.faults:  # any of them may be a slice
        raise contents.faults[0]
    if damaged:
        raise _damaged(damaged)
    elsewhere = folders_with(wanted[0].uid, [path for path in sorted(folder.iterdir()) if path.is_dir()])
    if elsewhere:
        raise ImageError(
            "split-series",
            f"The series in {folder} goes on in {listed(elsewhere, 3)}",
            "Move all files of the series to one folder",
        )
    return wanted[0]


def look_at_series(folder: Path, uid: str = "") -> ScanHeader:
    """Looks at the one series of scans in a folder, or the one that is named.

    Raises:
        ImageError: as :func:`find_series`, or the slices don't make up one regular volume.
        RuntimeError: the reading library can't read it.
    """
    series = find_series(folder, uid)
    if len(series.files) == 1:
        found = _framed(folder, series)
        geometry, assumed, read = found.geometry, found.assumed, found.read
    else:
        slices = regular_slices(folder, series.files)
        geometry, assumed = geometry_of_slices(slices), value_assumptions([one.file for one in slices])

        def read() -> SimpleITK.Image:
            return read_slices(folder, slices)

    def with_modality() -> SimpleITK.Image:
        image = read()
        image.SetMetaData("0008|0060", series.modality)
        return image

    return ScanHeader(geometry, assumed, with_modality)


def ordered_series(folder: Path, series: Series) -> tuple[Geometry, tuple[str, ...]]:
    """The grid of a series that is known already, and its files in the order of their slices' positions.

    Raises:
        ImageError, RuntimeError: as :func:`look_at_series`.
    """
    if len(series.files) == 1:
        return _framed(folder, series).geometry, series.files
    slices = regular_slices(folder, series.files)
    return geometry_of_slices(slices), tuple(one.path for one in slices)


def series_of(files: Sequence[Path | str]) -> Series:
    """Makes a series of files that are known to belong together, wherever they lie.

    Raises:
        ImageError: there is none, or one does not exist or is of another series.
        RuntimeError: the reading library can't read one.
    """
    if not files:
        raise ImageError("missing", "The series has no files", "Import it again")
    for file in files:
        check_access(Path(file))
    headers = [read_dicom_file(Path(file)) for file in files]
    uids = {header.text(0x0020, 0x000E) for header in headers}
    if len(uids) > 1:
        raise ImageError(
            "several-series",
            f"The files belong to {len(uids)} DICOM series ({', '.join(sorted(uids)[:5])})",
            "Give the files of one of them",
        )
    first = headers[0]
    names = tuple(str(file) for file in files)
    return Series(uids.pop(), first.text(0x0008, 0x103E), first.text(0x0008, 0x0060), names)


def folders_with(uid: str, folders: Iterable[Path]) -> list[Path]:
    """Returns those of the folders that hold files of a series."""
    return [
        folder
        for folder in folders
        if _holds_dicom(folder) and any(series.uid == uid for series in list_series(folder))
    ]


def check_single_file(path: Path) -> DicomFile:
    """Refuses DICOM files that are no scan, and one slice of a series, whose neighbors would be missing.

    Raises:
        ImageError: the file is such a one, or damaged.
    """
    file = read_dicom_file(path)
    if file.kind.startswith(NOT_SCANS):
        raise no_scan(file)
    if not file.is_whole:
        raise _damaged([str(path)])
    if file.frames == 1:
        raise ImageError("one-slice", f"{path} is a single slice of a scan", "Give the folder that holds its series")
    return file


def look_at_frames(file: DicomFile, open_file: Callable[[Path], SimpleITK.ImageFileReader]) -> ScanHeader:
    """Refuses frames that are no regular volume, or of which that isn't known.

    Args:
        open_file: has the reading library look at the header.

    Raises:
        ImageError: see :func:`~dualtaskseg.io.dicom_frames.check_frames` and
            :func:`~dualtaskseg.io.dicom_values.check_values`.
    """
    if file.is_float:
        raise ImageError(
            "unreadable", f"{file.path} holds floating-point pixels, which are not read from DICOM files", SAVE_AGAIN
        )
    try:
        header = open_file(file.path)
    except RuntimeError as error:
        raise without_place(file) from error
    frames = check_frames(file.path, file, header)
    check_values(file.path, [file])
    assumed = tuple(dict.fromkeys((*frames.assumed, *value_assumptions([file]))))

    def read() -> SimpleITK.Image:
        image = right_frames(header.Execute(), file, frames.scales)
        image.SetMetaData("0008|0060", file.text(0x0008, 0x0060))
        return image

    return ScanHeader(frames.geometry, assumed, read)


def _holds_dicom(folder: Path) -> bool:
    """Whether one of a folder's own files is a DICOM file."""
    try:
        return any(not path.name.startswith(".") and may_be_slice(path) for path in folder.iterdir())
    except OSError:  # not ours to read
        return False


def _no_series(folder: Path, others: Sequence[DicomFile] = ()) -> ImageError:
    """The error for a folder without a scan; it names the subfolders that a study's series often lie in."""
    below = [path for depth in ("*", "*/*") for path in sorted(folder.glob(depth)) if path.is_dir()]
    below = [path for path in below if _holds_dicom(path)]
    if below:
        return ImageError(
            "subfolders",
            f"The folder {folder} holds no DICOM scan itself, but its subfolders do ({listed(below, 3)})",
            "Give the folder of one series",
        )
    if others:
        return no_scan(others[0])
    return ImageError("unreadable", f"The folder {folder} holds no DICOM scan", "Give a folder with one DICOM series")


def _described(found: list[Series]) -> str:
    texts = (
        f"{series.description or 'no description'}, {len(series.files)} "
        f"{'image' if len(series.files) == 1 else 'images'}, {series.uid}"
        for series in found
    )
    return listed(texts, 5, "; ")


def _framed(folder: Path, series: Series) -> ScanHeader:
    """A series whose only file has all the slices as frames."""
    file = read_dicom_file(Path(series.files[0]))
    if file.frames == 1:
        raise ImageError(
            "one-slice",
            f"The series in {folder} has a single slice, {file.path.name}, so it is no 3D scan",
            "Give a scan with several slices; if this one had more, copy or export the complete series again",
        )
    check_room(file.path, (*file.size, file.frames), 2, [file.path])
    return look_at_frames(file, open_header)


def _damaged(files: list[str]) -> ImageError:
    more = f" and {len(files) - 1} more files" if len(files) > 1 else ""
    return ImageError("truncated", f"{files[0]}{more} can't be read: cut short or damaged", COPY_AGAIN)
