"""The DICOM series that a result was made from: its headers, in the order of its slices, fit to derive objects from."""

from __future__ import annotations

from collections.abc import Callable, MutableSequence, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualtaskseg.errors import InputError
from dualtaskseg.io.dicom_frames import ORIENTATIONS, POSITIONS, SPACINGS, THICKNESS, WANTED, frame_values
from dualtaskseg.io.dicom_series import Series, find_series, ordered_series, series_of
from dualtaskseg.io.dicom_values import relaxed_validation
from dualtaskseg.io.geometry import Geometry, with_positive_spacing
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.progress import ignore

if TYPE_CHECKING:
    from pydicom import Dataset

# Every object that is derived from a scan must have these; where the scan lacks one, it is written empty: unknown.
MAY_BE_EMPTY = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex"),
    *("StudyID", "StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName"),
)
# What has to stand in every slice for the reference to it, and for its place.
OF_EACH_SLICE = (
    *("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"),
    *("Rows", "Columns", "PixelSpacing", "SliceThickness", "SpacingBetweenSlices"),
    *("ImagePositionPatient", "ImageOrientationPatient", "PatientID"),
)
# For people at a command line and in Slicer alike: who uses Slicer never needs to call pip.
INSTALL = "Install the package highdicom; in Slicer, click Install in the section Export"
UPDATE = "Update the package pydicom; in Slicer, click Install in the section Export"


@dataclass(frozen=True)
class Source:
    """A DICOM series, without its voxels.

    Attributes:
        headers: of its slices, in the order of their positions; the first has everything about patient and study, and
            none has private tags or voxels. Text is decoded. Of frames of one file each has a header too.
        geometry: its grid, on which slice k of an array is that of ``headers[k]``.
        character_set: SpecificCharacterSet of the series, as it stands there; None where it names none.
        whole: the header of the file where one file holds all slices as frames, else None.
    """

    folder: Path
    series: Series
    headers: tuple[Dataset, ...]
    geometry: Geometry
    character_set: Any
    whole: Dataset | None = None

    def key(self, index: int) -> tuple[str, int]:
        """What a slice is referred to by: its SOPInstanceUID, and its number as a frame, or 0."""
        return str(self.headers[index].SOPInstanceUID), index + 1 if self.whole is not None else 0

    def plane_indices(self) -> dict[tuple[str, int], int]:
        """The slices' indices by what they are referred to by."""
        return {self.key(index): index for index in range(len(self.headers))}

    @property
    def number(self) -> int:
        """SeriesNumber, 0 where there is none."""
        value = self.headers[0].get("SeriesNumber")
        return int(value) if value is not None and str(value).strip() else 0


def require_highdicom() -> None:
    """Checks that the libraries that write DICOM are there.

    Raises:
        InputError: one is missing or too old.
    """
    try:
        import highdicom
        import pydicom
    except ImportError as error:
        missing = error.name or "highdicom"
        raise InputError(f"Writing DICOM needs the library highdicom, but {missing} is missing", INSTALL) from error
    if int(pydicom.__version__.split(".")[0]) < 3 or not hasattr(highdicom.seg, "segread"):
        raise InputError(f"Writing DICOM needs pydicom 3 or newer, but this is {pydicom.__version__}", UPDATE)


def read_source(
    paths: Path | str | Sequence[Path | str], uid: str = "", on_progress: Callable[[int, int], None] = ignore
) -> Source:
    """Reads the headers of a series.

    Args:
        paths: the folder that holds the series, or all its files.
        uid: which series, where the folder holds several.

    Raises:
        InputError: pydicom is missing; or the series can't be found, is no regular volume, or lacks what a derived
            object has to share with it.
    """
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    folder = Path(paths if isinstance(paths, (str, Path)) else next(iter(paths), "")).absolute()
    if isinstance(paths, (str, Path)) and folder.is_file():
        raise InputError(f"{folder} is a file", "Give the folder that holds the DICOM series")
    try:
        if isinstance(paths, (str, Path)):
            series = find_series(folder, uid)
        else:
            folder, series = folder.parent, series_of(paths)
        geometry, files = ordered_series(folder, series)
    except (OSError, RuntimeError) as error:
        raise ImageError("unreadable", f"The series in {folder} can't be read", "Copy or export it again") from error
    try:
        with relaxed_validation():
            headers = _read_headers(files, on_progress)
    except ImportError as error:
        raise InputError("Writing DICOM needs the library pydicom", INSTALL) from error
    whole = headers[0] if len(files) == 1 else None
    if whole is not None:
        headers = _frame_headers(Path(files[0]), whole)
    _check_shared(folder, headers, whole is not None)
    return Source(
        folder, series, tuple(headers), with_positive_spacing(geometry), headers[0].get("SpecificCharacterSet"), whole
    )


def _read_headers(files: Sequence[str], on_progress: Callable[[int, int], None]) -> list[Dataset]:
    import pydicom

    headers = []
    for index, file in enumerate(files):
        wanted = None if index == 0 else list(OF_EACH_SLICE)
        try:
            header = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=wanted)
            if index == 0:
                if "SpecificCharacterSet" not in header and _is_utf8(header):
                    header.SpecificCharacterSet = "ISO_IR 192"
                header.remove_private_tags()
                header.decode()
                _clean(header)
        except Exception as error:  # pydicom raises whatever the damaged bytes lead to
            raise ImageError("unreadable", f"The header of {file} can't be read", "Copy or export it again") from error
        headers.append(header)
        on_progress(index + 1, len(files))
    return headers


def _frame_headers(file: Path, whole: Dataset) -> list[Dataset]:
    """A header for each frame of a file, like those of files with one slice each."""
    from pydicom import Dataset

    frames = whole.get("PerFrameFunctionalGroupsSequence") or []
    shared = (whole.get("SharedFunctionalGroupsSequence") or [None])[0]
    headers = []
    for index, frame in enumerate(frames):
        header = Dataset()
        for element in whole if index == 0 else [whole[keyword] for keyword in OF_EACH_SLICE if keyword in whole]:
            if element.VR != "SQ" or element.keyword not in WANTED:
                header.add(element)
        header.ImagePositionPatient = frame_values(POSITIONS, frame, shared)
        header.ImageOrientationPatient = frame_values(ORIENTATIONS, frame, shared)
        header.PixelSpacing = frame_values(SPACINGS, frame, shared)
        header.SliceThickness = next(iter(frame_values(THICKNESS, frame, shared)), None)
        headers.append(header)
    if not headers or not all(header.ImagePositionPatient for header in headers):
        raise InputError(
            f"{file} does not say where in the body its frames lie, so a segmentation can't refer to them",
            "Export the scan as single slices, or save the segmentation as .nrrd",
        )
    return headers


def _clean(header: Dataset) -> None:
    """Drops values that the standard forbids and that new objects must not take over; what must be there is emptied.

    Numbers, dates and codes only: too long a text is somebody's identity, and is kept as it is.
    """
    for tag in list(header.keys()):
        try:
            element = header[tag]
            is_fine = bool(element.value) if element.VR == "SQ" else _is_valid(element.VR, element.value)
        except ValueError:
            is_fine = False
        if not is_fine:
            del header[tag]
    if header.get("PatientSex") not in ("M", "F", "O"):
        header.PatientSex = ""
    for keyword in MAY_BE_EMPTY:
        if keyword not in header:
            setattr(header, keyword, "")


def _is_valid(kind: str, value: Any) -> bool:
    """Whether a value is one that its type of value allows; unknown ones are.

    Raises:
        ValueError: it is not.
    """
    from pydicom import config, valuerep

    if kind not in ("AS", "CS", "DA", "DS", "IS", "TM") or value is None or value == "":
        return True
    for one in value if isinstance(value, MutableSequence) else [value]:
        if kind in ("DS", "IS"):  # longer than the standard allows, they still are numbers
            float(str(one))
            continue
        valuerep.validate_value(kind, str(one), config.RAISE)
        if kind in ("DA", "TM"):
            (valuerep.DA if kind == "DA" else valuerep.TM)(str(one))
    return True


def _is_utf8(header: Dataset) -> bool:
    """Whether the patient's name is in UTF-8 beyond doubt, though nothing says so; else it counts as Latin-1."""
    value = header.get_item("PatientName").value if "PatientName" in header else b""
    if not isinstance(value, bytes) or value.isascii():
        return False
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _check_shared(folder: Path, headers: Sequence[Dataset], are_frames: bool) -> None:
    """Slices of one scan have one study and one frame of reference, each slice an identity of its own."""
    names = {
        "StudyInstanceUID": "study",
        "FrameOfReferenceUID": "frame of reference",
        "SeriesInstanceUID": "series",
        "SOPClassUID": "kind of image",
        "PatientID": "patient ID",
    }
    for keyword, name in names.items():
        values = {str(header.get(keyword) or "") for header in headers}
        if len(values) > 1:
            raise InputError(
                f"The slices in {folder} name {len(values)} different values of {keyword} ({name})",
                "Export the series again from the archive, so that it is one scan of one study",
            )
        if not values.pop() and keyword != "PatientID":
            raise InputError(
                f"The series in {folder} names no {keyword} ({name}), which its segmentation has to share",
                "Export the series again from the archive, or save the segmentation as .nrrd instead",
            )
    instances = {str(header.get("SOPInstanceUID") or "") for header in headers}
    if "" in instances or len(instances) < (1 if are_frames else len(headers)):
        raise InputError(
            f"The slices in {folder} have no SOPInstanceUID of their own, so they can't be referred to",
            "Export the series again from the archive",
        )
