"""Reads a folder that holds one DICOM series, and refuses what would silently give a wrong scan.

The reading library skips a slice that it can't read, closes the gap, and takes 1 mm for a voxel size that is missing.
So every slice of a folder is accounted for here before the scan is built.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.data.frames import check_frames
from dualtaskseg.data.integrity import COPY_AGAIN, SPACING_REMEDY, ImageError, missing

if TYPE_CHECKING:
    import SimpleITK

# Kinds of DICOM objects that are no scans: segmentations, reports, presentation states, radiotherapy plans, documents.
NOT_SCANS = tuple(
    "1.2.840.10008.5.1.4.1.1." + kind for kind in ("66", "67", "88.", "11.", "9.", "104.", "481.3", "481.5", "481.8")
)
DICOM_DIRECTORY = "1.2.840.10008.1.3.10"
# Rescale intercept and slope, bits stored, whether numbers are signed.
SCALE_KEYS = ("0028|1052", "0028|1053", "0028|0101", "0028|0103")
LARGEST_TILT = 1.0  # pixels by which the last slice may stand beside the first
LARGEST_GAP = 1.5  # in units of the usual distance of two slices
LARGEST_SHIFT = 0.25  # of the distance of two slices, from where evenly spaced slices would be


@dataclass(frozen=True)
class Series:
    """One DICOM series in a folder.

    Attributes:
        uid: SeriesInstanceUID.
        description: SeriesDescription, or empty.
        modality: such as ``"CT"`` or ``"MR"``.
        files: its files in the order of their positions.
    """

    uid: str
    description: str
    modality: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class _Slice:
    """Header of one slice; positions in mm, in the scanner's axes; ``scale`` is how its numbers become intensities."""

    path: str
    instance: str
    size: tuple[int, ...]
    position: tuple[float, ...]
    orientation: tuple[float, ...]
    spacing: tuple[float, ...]
    scale: tuple[str, ...]


def list_series(folder: Path) -> list[Series]:
    """Lists the series of scans in a folder, not in its subfolders.

    Other DICOM objects, such as segmentations, are passed over.

    Raises:
        ImageError: the folder does not exist.
    """
    import SimpleITK

    if not folder.is_dir():
        raise missing(folder)
    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    found = []
    for uid in SimpleITK.ImageSeriesReader.GetGDCMSeriesIDs(str(folder)):
        files = SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder), uid)
        header = _header(files[0])
        if not _tag(header, "0008|0016").startswith(NOT_SCANS):
            found.append(Series(uid, _tag(header, "0008|103e"), _tag(header, "0008|0060"), tuple(files)))
    return found


def find_series(folder: Path, uid: str = "") -> Series:
    """Finds the one series of scans in a folder, or the one that is named.

    Args:
        folder: holds the files; other series of scans may lie beside it only if ``uid`` says which is meant.
        uid: its SeriesInstanceUID, or empty.

    Raises:
        ImageError: there is none, or more than one to choose from, or a file of the folder is damaged, or the series
            goes on in subfolders.
    """
    found = list_series(folder)
    damaged = _damaged_files(folder, {Path(file).name for series in found for file in series.files})
    if not found:
        raise _damaged(damaged) if damaged else _no_series(folder)
    wanted = [series for series in found if series.uid == uid] if uid else found
    if not wanted:
        raise ImageError(
            "unknown-series",
            f"The folder {folder} holds no series {uid}, only {_listed(found)}",
            "Give the UID of one of these, or another folder",
        )
    if len(wanted) > 1:
        raise ImageError(
            "several-series",
            f"The folder {folder} holds {len(found)} DICOM series ({_listed(found)})",
            "Choose one by its UID where that can be given, or move each series to a folder of its own",
        )
    if damaged:
        raise _damaged(damaged)
    elsewhere = folders_with(wanted[0].uid, [path for path in sorted(folder.iterdir()) if path.is_dir()])
    if elsewhere:
        raise ImageError(
            "split-series",
            f"The series in {folder} goes on in {_names(elsewhere)}",
            "Move all files of the series to one folder",
        )
    return wanted[0]


def read_series(folder: Path, uid: str = "") -> SimpleITK.Image:
    """Reads the scan; its only metadata is the modality (key ``0008|0060``).

    Raises:
        ImageError: as :func:`find_series`, or the slices don't make up one regular volume.
        RuntimeError: the reading library can't read it.
    """
    import SimpleITK

    series = find_series(folder, uid)
    if len(series.files) == 1:
        _check_frames(folder, series)
        image = SimpleITK.ReadImage(series.files[0])
    else:
        slices = _regular_slices(folder, series)
        reader = SimpleITK.ImageSeriesReader()
        reader.SetFileNames([one.path for one in slices])
        if len({one.scale for one in slices}) > 1:
            # The reading library takes the first slice's type for all, and cuts off or wraps what does not fit it.
            reader.SetOutputPixelType(SimpleITK.sitkFloat32)
        image = reader.Execute()
    image.SetMetaData("0008|0060", series.modality)
    return image


def series_geometry(
    folder: Path, uid: str = ""
) -> tuple[tuple[int, ...], tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Returns size, spacing (mm), origin (mm) and direction, in the order x, y, z, from the headers only.

    Raises:
        ImageError: as :func:`read_series`.
        RuntimeError: the reading library can't read it.
    """
    return grid_of(folder, find_series(folder, uid))


def grid_of(
    folder: Path, series: Series
) -> tuple[tuple[int, ...], tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Returns what :func:`series_geometry` does, of a series that is known already.

    Raises:
        ImageError: the slices don't make up one regular volume.
        RuntimeError: the reading library can't read it.
    """
    if len(series.files) == 1:
        _check_frames(folder, series)
        header = _header(series.files[0])
        return header.GetSize(), header.GetSpacing(), header.GetOrigin(), header.GetDirection()
    slices = _regular_slices(folder, series)
    first = _header(slices[0].path)
    depth = math.dist(slices[0].position, slices[-1].position) / (len(slices) - 1)
    return (
        (*first.GetSize()[:2], len(slices)),
        (*first.GetSpacing()[:2], depth),
        first.GetOrigin(),
        first.GetDirection(),
    )


def series_of(files: Sequence[Path | str]) -> Series:
    """Makes a series of files that are known to belong together, wherever they lie.

    Raises:
        ImageError: there is none, or one does not exist or is of another series.
        RuntimeError: the reading library can't read one.
    """
    if not files:
        raise ImageError("missing", "The series has no files", "Import it again")
    for file in files:
        if not Path(file).is_file():
            raise missing(Path(file))
    headers = [_header(str(file)) for file in files]
    uids = {_tag(header, "0020|000e") for header in headers}
    if len(uids) > 1:
        raise ImageError(
            "several-series",
            f"The files belong to {len(uids)} DICOM series ({', '.join(sorted(uids)[:5])})",
            "Give the files of one of them",
        )
    first = headers[0]
    return Series(uids.pop(), _tag(first, "0008|103e"), _tag(first, "0008|0060"), tuple(str(file) for file in files))


def ordered_files(folder: Path, series: Series) -> list[str]:
    """Returns the files in the order of their slices' positions, as :func:`read_series` stacks them.

    Raises:
        ImageError: the slices don't make up one regular volume.
    """
    return [one.path for one in _regular_slices(folder, series)]


def folders_with(uid: str, folders: Iterable[Path]) -> list[Path]:
    """Returns those of the folders that hold files of a series."""
    import SimpleITK

    return [
        folder
        for folder in folders
        if _holds_dicom(folder) and uid in SimpleITK.ImageSeriesReader.GetGDCMSeriesIDs(str(folder))
    ]


def check_single_file(path: Path) -> None:
    """Refuses one slice of a series, whose neighbors would be missing, and frames that are no regular volume.

    Raises:
        ImageError: the file is a DICOM file with one slice, or with such frames.
        RuntimeError: the reading library can't read it.
    """
    if not is_dicom(path):
        return
    header = _header(str(path))
    if header.GetSize()[2:] in ((), (1,)):
        raise ImageError("one-slice", f"{path} is a single slice of a scan", "Give the folder that holds its series")
    check_frames(path, header)


def is_dicom(path: Path) -> bool:
    """Whether a file begins as DICOM files do."""
    with path.open("rb") as stream:
        return stream.read(132)[128:] == b"DICM"


def _holds_dicom(folder: Path) -> bool:
    """Whether one of a folder's own files is a DICOM file."""
    try:
        return any(path.is_file() and not path.name.startswith(".") and is_dicom(path) for path in folder.iterdir())
    except OSError:  # not ours to read
        return False


def _no_series(folder: Path) -> ImageError:
    """The error for a folder without a scan; it names the subfolders that a study's series often lie in."""
    below = [path for depth in ("*", "*/*") for path in sorted(folder.glob(depth)) if path.is_dir()]
    below = [path for path in below if _holds_dicom(path)]
    if below:
        return ImageError(
            "subfolders",
            f"The folder {folder} holds no DICOM scan itself, but its subfolders do ({_names(below)})",
            "Give the folder of one series",
        )
    return ImageError("unreadable", f"The folder {folder} holds no DICOM scan", "Give a folder with one DICOM series")


def _names(paths: list[Path]) -> str:
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return ", ".join(str(path) for path in paths[:3]) + more


def _listed(found: list[Series]) -> str:
    listed = "; ".join(
        f"{series.description or 'no description'}, {len(series.files)} "
        f"{'image' if len(series.files) == 1 else 'images'}, {series.uid}"
        for series in found[:5]
    )
    return listed + (f"; and {len(found) - 5} more" if len(found) > 5 else "")


def _check_frames(folder: Path, series: Series) -> None:
    """Refuses a series whose only file has only one slice, or frames that are no regular volume."""
    header = _header(series.files[0])
    if header.GetSize()[2:] in ((), (1,)):
        raise ImageError(
            "one-slice",
            f"The series in {folder} has a single slice, {Path(series.files[0]).name}, so it is no 3D scan",
            "Give a scan with several slices; if this one had more, copy or export the complete series again",
        )
    check_frames(series.files[0], header)


def _regular_slices(folder: Path, series: Series) -> list[_Slice]:
    """The slices in the order of their positions, if together they make up one regular volume."""
    slices = [_read_slice(file) for file in series.files]
    for one in slices:
        _check_slice(one)
    # Most slices belong to the scan, so its plane is that of most; the first may be a localizer.
    planes = [(one.size, *(round(value, 3) for value in one.orientation)) for one in slices]
    first = slices[planes.index(Counter(planes).most_common(1)[0][0])]
    others = [one for one in slices if not _same_plane(one, first)]
    if others:
        names = ", ".join(Path(one.path).name for one in others[:3]) + (", ..." if len(others) > 3 else "")
        raise ImageError(
            "geometry",
            f"The slices in {folder} do not belong to one volume: {len(others)} of {len(slices)} have another size or "
            f"direction than the others ({names})",
            "Keep one scan in the folder, without localizers",
        )
    slices.sort(key=_depth)
    _check_positions(folder, slices)
    return slices


def _same_plane(one: _Slice, other: _Slice) -> bool:
    same_direction = all(abs(a - b) < 1e-3 for a, b in zip(one.orientation, other.orientation, strict=True))
    same_spacing = all(abs(a - b) < 1e-3 * b for a, b in zip(one.spacing, other.spacing, strict=True))
    return one.size == other.size and same_direction and same_spacing


def _read_slice(file: str) -> _Slice:
    header = _header(file)
    spacing = _numbers(header, "0028|0030") or _numbers(header, "0018|1164")
    position, orientation = _numbers(header, "0020|0032"), _numbers(header, "0020|0037")
    scale = tuple(_tag(header, key) for key in SCALE_KEYS)
    return _Slice(file, _tag(header, "0008|0018"), header.GetSize()[:2], position, orientation, spacing, scale)


def _check_slice(one: _Slice) -> None:
    if len(one.position) != 3 or len(one.orientation) != 6:
        raise ImageError(
            "geometry",
            f"{one.path} does not say where in the body its slice lies",
            "Export the series as it was scanned",
        )
    if len(one.spacing) != 2 or not all(math.isfinite(step) and step > 0 for step in one.spacing):
        listed = " x ".join(f"{step:g}" for step in one.spacing) + " mm" if one.spacing else "nothing"
        raise ImageError("spacing", f"{one.path} gives {listed} as the size of its pixels", SPACING_REMEDY)


def _depth(one: _Slice) -> float:
    """Position along the slice's normal, in mm."""
    a, b = one.orientation[:3], one.orientation[3:]
    normal = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return sum(n * p for n, p in zip(normal, one.position, strict=True))


def _check_positions(folder: Path, slices: list[_Slice]) -> None:
    """Slices must stand straight behind each other at even distances; others would be moved there in silence."""
    depths = [_depth(one) for one in slices]
    gaps = [after - before for before, after in pairwise(depths)]
    usual = sorted(gaps)[len(gaps) // 2]
    repeated = sum(gap < 1e-3 for gap in gaps)
    if repeated:
        _check_copies(folder, slices)
        raise ImageError(
            "geometry",
            f"The series in {folder} holds {repeated} images of places that others show, so it is no single scan",
            "Keep one of its volumes: one time, one echo, one phase",
        )
    for index, gap in enumerate(gaps):
        if gap > LARGEST_GAP * usual:
            names = f"{Path(slices[index].path).name} and {Path(slices[index + 1].path).name}"
            raise ImageError(
                "missing-slices",
                f"Slices are missing in {folder}: {gap:.4g} mm lie between {names}, elsewhere {usual:.4g} mm",
                "Export the complete series again",
            )
    even = (depths[-1] - depths[0]) / (len(depths) - 1)
    if any(abs(depth - depths[0] - index * even) > LARGEST_SHIFT * even for index, depth in enumerate(depths)):
        raise ImageError(
            "geometry",
            f"The slices in {folder} are unevenly spaced ({min(gaps):.4g} to {max(gaps):.4g} mm)",
            "Resample the scan to even slices, for example in 3D Slicer, which can do it while loading DICOM",
        )
    move = math.dist(slices[-1].position, slices[0].position)
    sideways = math.sqrt(max(0.0, move**2 - (depths[-1] - depths[0]) ** 2))
    if sideways > LARGEST_TILT * max(slices[0].spacing):
        raise ImageError(
            "geometry",
            f"The slices in {folder} do not stand straight behind each other (tilted gantry, {sideways:.3g} mm)",
            "Load the scan in 3D Slicer, which straightens it, and save it as .nrrd",
        )


def _check_copies(folder: Path, slices: list[_Slice]) -> None:
    """Refuses files that are the same image once more."""
    firsts: dict[str, str] = {}
    copies = [
        (Path(one.path).name, Path(firsts[one.instance]).name)
        for one in slices
        if one.instance and firsts.setdefault(one.instance, one.path) != one.path
    ]
    if copies:
        raise ImageError(
            "copies",
            f"The folder {folder} holds {len(copies)} of the slices twice, such as {copies[0][0]} and {copies[0][1]}",
            "Remove the copies",
        )


def _damaged(files: list[str]) -> ImageError:
    more = f" and {len(files) - 1} more files" if len(files) > 1 else ""
    return ImageError("truncated", f"{files[0]}{more} can't be read: cut short or damaged", COPY_AGAIN)


def _damaged_files(folder: Path, accepted: set[str]) -> list[str]:
    """Files in a folder that should be slices but that the reading library skips."""
    damaged = []
    for path in sorted(folder.iterdir()):
        if path.name in accepted or path.name.startswith(".") or not path.is_file():
            continue
        with path.open("rb") as stream:
            start = stream.read(2048)
        if start[128:132] == b"DICM":
            kind = _kind(start)
            if not kind.startswith(NOT_SCANS) and kind != DICOM_DIRECTORY:
                damaged.append(str(path))
        elif path.suffix.lower() == ".dcm":
            damaged.append(str(path))
    return damaged


def _kind(start: bytes) -> str:
    """MediaStorageSOPClassUID (0002,0002); the group it lies in is little endian with explicit types in every file."""
    at = start.find(b"\x02\x00\x02\x00UI", 132)
    if at < 0:
        return ""
    length = struct.unpack_from("<H", start, at + 6)[0]
    return start[at + 8 : at + 8 + length].decode("ascii", "replace").rstrip("\0 ")


def _header(file: str) -> SimpleITK.ImageFileReader:
    import SimpleITK

    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(file)
    reader.ReadImageInformation()
    return reader


def _tag(header: SimpleITK.ImageFileReader, key: str) -> str:
    """A header's value as text that can be printed, empty where there is none."""
    if not header.HasMetaDataKey(key):
        return ""
    return header.GetMetaData(key).encode("utf-8", "replace").decode("utf-8").strip("\0 ")


def _numbers(header: SimpleITK.ImageFileReader, key: str) -> tuple[float, ...]:
    try:
        return tuple(float(text) for text in _tag(header, key).split("\\") if text)
    except ValueError:
        return ()
