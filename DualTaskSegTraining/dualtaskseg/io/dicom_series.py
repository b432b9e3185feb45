"""Reads a folder that holds one DICOM series, and refuses what would silently give a wrong scan.

The reading library skips a slice that it can't read, closes the gap, and takes 1 mm for a voxel size that is missing.
So every slice of a folder is accounted for here before the scan is built.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.io.access import POINTER_SIZE, check_access, check_fetched, check_name, dangling, is_dangling
from dualtaskseg.io.dicom_file import DicomFile, is_dicom, may_be_dicom, read_dicom_file
from dualtaskseg.io.dicom_frames import ONE_ONLY, check_frames, depth_of, direction_of, third_name, without_place
from dualtaskseg.io.dicom_values import check_values, right_frames, right_values, value_assumptions
from dualtaskseg.io.geometry import Geometry, sides_text
from dualtaskseg.io.headers import ScanHeader, open_header
from dualtaskseg.io.image_error import COPY_AGAIN, SAVE_AGAIN, SPACING_REMEDY, ImageError, missing, unreadable
from dualtaskseg.io.memory_check import check_room
from dualtaskseg.names import listed

if TYPE_CHECKING:
    import SimpleITK

# Kinds of DICOM objects that are no scans: segmentations, reports, presentation states, radiotherapy plans, documents.
NOT_SCANS = tuple(
    "1.2.840.10008.5.1.4.1.1." + kind for kind in ("66", "67", "88.", "11.", "9.", "104.", "481.3", "481.5", "481.8")
)
DICOM_DIRECTORY = "1.2.840.10008.1.3.10"
SUFFIXES = (".dcm", ".ima", ".dicom")
OBJECTS = {
    "1.2.840.10008.5.1.4.1.1.66.4": "a DICOM segmentation",
    "1.2.840.10008.5.1.4.1.1.66.5": "a DICOM segmentation of surfaces",
    "1.2.840.10008.5.1.4.1.1.66.7": "a DICOM segmentation",
    "1.2.840.10008.5.1.4.1.1.66.": "a DICOM registration or another object without slices",
    "1.2.840.10008.5.1.4.1.1.481.3": "a DICOM structure set of radiotherapy",
    "1.2.840.10008.5.1.4.1.1.88.": "a DICOM report",
    "1.2.840.10008.5.1.4.1.1.11.": "a DICOM presentation state",
    "1.2.840.10008.5.1.4.1.1.104.": "a document within DICOM",
}
SCALES = ((0x0028, 0x1052), (0x0028, 0x1053))  # rescale intercept and slope
TYPES = ((0x0028, 0x0101), (0x0028, 0x0103))  # bits stored, whether numbers are signed
ONE_FOR_ALL = {
    (0x0018, 0x0081): "echo times",
    (0x0018, 0x9087): "diffusion weightings",
    (0x0018, 0x0060): "tube voltages",
    (0x0018, 0x1210): "kernels",
    (0x0020, 0x0100): "times",
}
COMPLEX_PARTS = {"M", "P", "R", "I"}  # magnitude, phase, real and imaginary part
LARGEST_TILT = 1.0  # pixels by which the last slice may stand beside the first
LARGEST_GAP = 1.5  # in units of the usual distance of two slices
LARGEST_SHIFT = 0.25  # of the distance of two slices, from where evenly spaced slices would be


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
    file: DicomFile


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
        if is_dangling(path) and _is_named_like_a_slice(path):
            raise dangling(path)
        return None
    if _is_named_like_a_slice(path):
        check_fetched(path)
    if not may_be_dicom(path):
        if path.suffix.lower() == ".dcm":
            raise _damaged([str(path)])
        return None
    check_name(path)
    with path.open("rb") as stream:
        start = stream.read(2048)
    has_preamble = start[128:132] == b"DICM"
    kind = _kind(start) if has_preamble else ""
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
        slices = _regular_slices(folder, series)
        geometry, assumed = _geometry_of(slices), value_assumptions([one.file for one in slices])

        def read() -> SimpleITK.Image:
            return _read_slices(folder, slices)

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
    slices = _regular_slices(folder, series)
    return _geometry_of(slices), tuple(one.path for one in slices)


def _read_slices(folder: Path, slices: list[_Slice]) -> SimpleITK.Image:
    import SimpleITK

    check_room(folder, (*slices[0].size, len(slices)), 2, [one.file.path for one in slices])
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames([one.path for one in slices])
    if len({one.scale for one in slices}) > 1:
        # The reading library takes the first slice's type for all, and cuts off or wraps what does not fit it.
        reader.SetOutputPixelType(SimpleITK.sitkFloat32)
    return right_values(reader.Execute(), [one.file for one in slices])


def _geometry_of(slices: list[_Slice]) -> Geometry:
    """The grid by the slices' own words, which the reading library does not look for in all kinds of objects."""
    first = slices[0]
    depth = math.dist(first.position, slices[-1].position) / (len(slices) - 1)
    along_y, along_x = first.spacing
    size = (*first.size, len(slices))
    return Geometry(size, (along_x, along_y, depth), first.position, direction_of(first.orientation))


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
        raise _no_scan(file)
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


def may_be_slice(path: Path) -> bool:
    """Whether a file begins as DICOM files do, or stands for one whose content was not fetched."""
    try:
        if path.is_file():
            if path.stat().st_size > POINTER_SIZE or not _is_named_like_a_slice(path):
                return is_dicom(path)
            check_fetched(path)
            return is_dicom(path)
        if not is_dangling(path):
            return False
        leads_into_annex = _is_named_like_a_slice(path) and "annex" in path.readlink().parts
        return path.suffix.lower() in SUFFIXES or leads_into_annex
    except ImageError:
        return True
    except (OSError, ValueError):  # not ours to read
        return False


def is_object(path: Path) -> bool:
    """Whether a DICOM file is no scan but an object that goes with one, such as a segmentation, by its first bytes."""
    try:
        with path.open("rb") as stream:
            start = stream.read(2048)
    except OSError:
        return False
    return start[128:132] == b"DICM" and _kind(start).startswith(NOT_SCANS)


def _is_named_like_a_slice(path: Path) -> bool:
    """DICOM files often have no suffix, or the number of the slice."""
    return path.suffix.lower() in SUFFIXES or not path.suffix or path.suffix[1:].isdecimal()


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
        return _no_scan(others[0])
    return ImageError("unreadable", f"The folder {folder} holds no DICOM scan", "Give a folder with one DICOM series")


def _no_scan(file: DicomFile) -> ImageError:
    """The error for a DICOM object that is no scan, such as a segmentation."""
    for start, name in OBJECTS.items():
        if file.kind.startswith(start):
            return ImageError(
                "no-scan",
                f"{file.path} is {name}, which can be read neither as a scan nor as a label",
                "Load it in 3D Slicer and save it as .seg.nrrd or .nii.gz, on the grid of its scan"
                if "segment" in name or "struct" in name
                else "Give the folder of the scan's own series",
            )
    return ImageError("no-scan", f"{file.path} is a DICOM object, but no scan", "Give the folder of the scan's series")


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


def _regular_slices(folder: Path, series: Series) -> list[_Slice]:
    """The slices in the order of their positions, if together they make up one regular volume."""
    slices = [_read_slice(file) for file in series.files]
    for one in slices:
        _check_slice(one)
    check_values(folder, [one.file for one in slices])
    _check_one_volume(folder, slices)
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
    slices.sort(key=lambda one: depth_of(one.position, one.orientation))
    _check_positions(folder, slices)
    return slices


def _same_plane(one: _Slice, other: _Slice) -> bool:
    same_direction = all(abs(a - b) < 1e-3 for a, b in zip(one.orientation, other.orientation, strict=True))
    same_spacing = all(abs(a - b) < 1e-3 * b for a, b in zip(one.spacing, other.spacing, strict=True))
    return one.size == other.size and same_direction and same_spacing


def _check_one_volume(folder: Path, slices: list[_Slice]) -> None:
    """Refuses slices of several echoes or diffusion weightings, which may interleave as if they were one volume."""
    for (group, element), what in ONE_FOR_ALL.items():
        values = {one.file.values.get((group, element), b"").strip() for one in slices} - {b""}
        if len(values) > 1:
            raise ImageError(
                "geometry",
                f"The series in {folder} holds slices with {len(values)} different {what}, so it is no single scan",
                ONE_ONLY,
            )
    parts = {third_name(one.file).partition("_")[0] for one in slices} & COMPLEX_PARTS
    if len(parts) > 1:
        raise ImageError(
            "geometry",
            f"The series in {folder} holds {len(parts)} kinds of images, such as magnitude and phase, so it is no "
            "single scan",
            ONE_ONLY,
        )


def _read_slice(path: str) -> _Slice:
    file = read_dicom_file(Path(path))
    spacing = file.numbers(0x0028, 0x0030)  # not that of the detector, on which all is larger than in the body
    position, orientation = file.numbers(0x0020, 0x0032), file.numbers(0x0020, 0x0037)
    scale = (*(file.text(*tag) for tag in SCALES), *(str(file.whole(*tag)) for tag in TYPES))
    return _Slice(path, file.text(0x0008, 0x0018), file.size, position, orientation, spacing, scale, file)


def _check_slice(one: _Slice) -> None:
    if len(one.position) != 3 or len(one.orientation) != 6:
        raise ImageError(
            "geometry",
            f"{one.path} does not say where in the body its slice lies",
            "Export the series as it was scanned",
        )
    if len(one.spacing) != 2 or not all(math.isfinite(step) and step > 0 for step in one.spacing):
        size = sides_text(one.spacing[::-1]) + " mm" if one.spacing else "nothing"
        raise ImageError("spacing", f"{one.path} gives {size} as the size of its pixels", SPACING_REMEDY)


def _check_positions(folder: Path, slices: list[_Slice]) -> None:
    """Slices must stand straight behind each other at even distances; others would be moved there in silence."""
    depths = [depth_of(one.position, one.orientation) for one in slices]
    gaps = [after - before for before, after in pairwise(depths)]
    usual = sorted(gaps)[len(gaps) // 2]
    repeated = sum(gap < 1e-3 for gap in gaps)
    if repeated:
        _check_copies(folder, slices)
        raise ImageError(
            "geometry",
            f"The series in {folder} holds {repeated} images of places that others show, so it is no single scan",
            ONE_ONLY,
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


def _kind(start: bytes) -> str:
    """MediaStorageSOPClassUID (0002,0002); the group it lies in is little endian with explicit types in every file."""
    at = start.find(b"\x02\x00\x02\x00UI", 132)
    if at < 0:
        return ""
    length = struct.unpack_from("<H", start, at + 6)[0]
    return start[at + 8 : at + 8 + length].decode("ascii", "replace").rstrip("\0 ")
