"""What every DICOM object that is derived from a series has: the patient and study of the series, a number and name of
its own, a character set that holds all its texts, and a file that appears only once it is proven.
"""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import Code
from dualtaskseg.dicom.source_series import Source
from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path
from dualtaskseg.io.dicom_values import relaxed_validation
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.remedies import system_faults
from dualtaskseg.version import VERSION

if TYPE_CHECKING:
    from pydicom import Dataset

PROGRAM = "DualTaskSeg"
TEXT_LIMIT = 64  # characters of most texts in DICOM
DEFAULT_SERIES_NUMBER = 1000  # plus that of the source: behind the scanner's own series in every list
LARGEST_SERIES_NUMBER = 2**31 - 1
TEXTS = ("LO", "SH", "ST", "LT", "UT", "UC", "PN")


@dataclass(frozen=True)
class ExportOptions:
    """How to write a segmentation.

    Attributes:
        series_uid: which series of the folder; needed only where it holds several.
        edited: somebody changed what the model made, so it is declared SEMIAUTOMATIC instead of AUTOMATIC.
        labelmap: store it as LABELMAP: smaller, but known to few readers so far, and without overlap.
        resample: bring label maps on another grid to the series' one by nearest neighbor instead of refusing them.
        series_description: instead of one made of the model's name.
        series_number: instead of 1000 plus that of the source.
        content_creator: who made it, such as ``"Doe^Jane"``; nobody is named otherwise.
        algorithm: for labels that are not from a model, the name and version of the program that made them; without it
            they are declared MANUAL.
    """

    series_uid: str = ""
    edited: bool = False
    labelmap: bool = False
    resample: bool = False
    overwrite: bool = False
    series_description: str = ""
    series_number: int | None = None
    content_creator: str = ""
    algorithm: str = ""


@dataclass(frozen=True)
class AlgorithmIdentification:
    """Who or what made the segments, in DICOM's words.

    Attributes:
        type: ``"AUTOMATIC"``, ``"SEMIAUTOMATIC"`` or ``"MANUAL"``.
        name: of the algorithm; empty for MANUAL.
    """

    type: str
    name: str = ""
    version: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def check_options(options: ExportOptions) -> None:
    """Raises :class:`InputError` for a series number that DICOM can't hold."""
    if options.series_number is not None and not 1 <= options.series_number <= LARGEST_SERIES_NUMBER:
        raise InputError(
            f"The series number {options.series_number} is impossible",
            f"Give a whole number from 1 to {LARGEST_SERIES_NUMBER}",
        )


def check_target(out: Path, overwrite: bool) -> None:
    """Refuses a place that can't be written or that is taken.

    Raises:
        InputError: the file exists and is not to be replaced, or it is a folder.
    """
    if out.is_dir():
        raise InputError(f"{out} is a folder", "Give the name of the file to write, such as segmentation.dcm")
    if out.exists() and not overwrite:
        raise InputError(f"{out} exists already", "Choose another name, or have it replaced (option overwrite)")


def protect_inputs(out: Path, source: Source, labels: Any) -> None:
    """Refuses to replace what is being read, whatever the user allowed.

    Raises:
        InputError: the file to write is a slice of the series or a label map.
    """
    if not out.exists():
        return
    given = labels.values() if isinstance(labels, dict) else labels if isinstance(labels, (list, tuple)) else [labels]
    inputs = [*source.series.files, *(label for label in given if isinstance(label, (str, Path)))]
    if any(Path(file).exists() and out.samefile(file) for file in inputs):
        raise InputError(f"The result would overwrite the input {out}", "Choose another name")


def maker_of(model: ModelDescription | None, options: ExportOptions) -> AlgorithmIdentification:
    """Who or what made the segments."""
    kind = "SEMIAUTOMATIC" if options.edited else "AUTOMATIC"
    if model is not None:
        digest = model.weights_sha256
        program = model.versions.get("dualtaskseg", VERSION)
        parameters = {"model": plain(model.name), "created": model.created, "weights_sha256": digest}
        return AlgorithmIdentification(
            kind, plain(f"{PROGRAM} {model.name}"), plain(f"{program}+{digest[:12]}"), parameters
        )
    if options.algorithm:
        name, _, version = options.algorithm.strip().rpartition(" ")
        if not name or not re.match(r"[vV]?\d", version):
            name, version = options.algorithm.strip(), "unknown"
        return AlgorithmIdentification(kind, plain(name), plain(version))
    return AlgorithmIdentification("MANUAL")


def plain(text: str, limit: int = TEXT_LIMIT) -> str:
    """Returns a text that DICOM can hold: one line, without backslashes, which separate values, and not too long."""
    return " ".join(text.replace("\\", "/").split())[:limit].rstrip()


def new_uid() -> str:
    """Returns a UID that nothing else has."""
    return f"2.25.{uuid.uuid4().int}"


def tracking_uid(source: Source, segment: Segment) -> str:
    """Returns a UID that is always the same for a segment of this name in this series."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'{source.series.uid}/{segment.name}').int}"


def series_description(maker: AlgorithmIdentification, options: ExportOptions, default: str, is_resampled: bool) -> str:
    """The description of the new series: as asked for, or ``default``; it says whether it was edited or resampled."""
    text = options.series_description or default
    marks = [
        *(["edited"] if maker.type == "SEMIAUTOMATIC" and not options.series_description else []),
        *(["resampled"] if is_resampled else []),
    ]
    ending = f" ({', '.join(marks)})" if marks else ""
    return plain(text, TEXT_LIMIT - len(ending)) + ending


def series_number(source: Source, options: ExportOptions) -> int:
    """The number of the new series."""
    if options.series_number is not None:
        return options.series_number
    return min(DEFAULT_SERIES_NUMBER + max(source.number, 0), LARGEST_SERIES_NUMBER)


def new_series_attributes(source: Source, options: ExportOptions) -> dict[str, Any]:
    """What every new object says of itself, as arguments for highdicom: a series of its own, made by this program."""
    return {
        "series_instance_uid": new_uid(),
        "series_number": series_number(source, options),
        "sop_instance_uid": new_uid(),
        "instance_number": 1,
        "manufacturer": PROGRAM,
        "manufacturer_model_name": PROGRAM,
        "software_versions": VERSION,
        "device_serial_number": VERSION,  # a program has none, but it has to be there
    }


def source_headers(source: Source, one_pixel: bool = False) -> list[Dataset]:
    """Returns copies of the headers of the series' files, with what a derived object has to copy.

    Args:
        one_pixel: say that slices have one pixel. The library holds several copies of all voxels at once; given one a
            slice, it writes the same header, and :func:`put_voxels` adds the voxels.
    """
    thickness, spacing = _thickness(source), _pixel_spacing(source)
    if source.whole is not None:
        whole = deepcopy(source.whole)
        if one_pixel:
            whole.Rows = whole.Columns = 1
        whole.pop("SpecificCharacterSet", None)
        return [whole]
    headers = []
    for header in source.headers:
        header = deepcopy(header)
        header.SliceThickness, header.PixelSpacing = thickness, spacing  # the library reads them, lacking or not
        for keyword in ("ImagePositionPatient", "ImageOrientationPatient"):  # in some files with too many digits
            setattr(header, keyword, [_short(float(value)) for value in header[keyword].value])
        if one_pixel:
            header.Rows = header.Columns = 1
        headers.append(header)
    headers[0].pop("SpecificCharacterSet", None)  # chosen for the new object's own texts
    return headers


def finish_header(dataset: Dataset, source: Source) -> None:
    """Adds what the library leaves out: the body part, a creator without a name, a character set for all texts."""
    # Not Laterality: among many frames it would have to stand in each, and segments have modifiers of their own.
    body_part = source.headers[0].get("BodyPartExamined")
    if body_part:
        dataset.BodyPartExamined = body_part
    if "ContentCreatorName" not in dataset:
        dataset.ContentCreatorName = None
    character_set = character_set_of(dataset, source)
    if character_set:
        dataset.SpecificCharacterSet = character_set


def put_voxels(dataset: Dataset, source: Source, keyword: str, data: bytes) -> None:
    """Puts voxels into an object that was made of slices of one pixel."""
    dataset.Columns, dataset.Rows = source.geometry.size[:2]
    setattr(dataset, keyword, data)


def pixel_measures(source: Source) -> Any:
    """The size of the pixels and the distance of the slices, as DICOM writes them."""
    import highdicom

    return highdicom.PixelMeasuresSequence(
        pixel_spacing=_pixel_spacing(source),
        slice_thickness=_thickness(source),
        spacing_between_slices=_short(source.geometry.spacing[2]),
    )


def concept(code: Code) -> Dataset:
    """Returns a code as DICOM writes it."""
    import highdicom

    return highdicom.sr.CodedConcept(code.value, code.scheme, code.meaning)


def write_proven(dataset: Dataset, out: Path, prove: Callable[[Path], int]) -> int:
    """Writes an object under a temporary name, and gives it its own only when it is proven.

    Args:
        prove: is given the temporary file, and raises where it holds anything else than it should.

    Returns:
        What ``prove`` returned.

    Raises:
        InputError: the file can't be written.
    """
    explaining = system_faults(f"{out} can't be written", "Check the folder and the space on the disk")
    with explaining, atomic_path(out) as temporary:
        with relaxed_validation():
            dataset.save_as(temporary, enforce_file_format=True)
        dataset.clear()  # the file is read back, so its content would be in memory twice
        return prove(temporary)


def character_set_of(dataset: Dataset, source: Source) -> Any:
    """The series' own character set where it holds all texts, else UTF-8."""
    from pydicom.charset import convert_encodings, python_encoding

    own = source.character_set or ""
    if not all(name in python_encoding for name in ([own] if isinstance(own, str) else own)):
        return "ISO_IR 192"  # of no standard, as in some old files
    encodings = convert_encodings(own) if own else ["ascii"]
    for element in dataset.iterall():
        if element.VR in TEXTS and element.value:
            values = element.value if element.VM > 1 else [element.value]
            if not all(_has_encoding(str(value), encodings) for value in values):
                return "ISO_IR 192"
    return own


def _has_encoding(text: str, encodings: Sequence[str]) -> bool:
    for encoding in encodings:
        with contextlib.suppress(UnicodeError, LookupError):
            text.encode(encoding)
            return True
    return False


def _pixel_spacing(source: Source) -> list[float]:
    spacing = source.headers[0].get("PixelSpacing") or source.geometry.spacing[1::-1]
    return [_short(float(step)) for step in spacing]


def _thickness(source: Source) -> float:
    """SliceThickness, or the distance of the slices where the series does not say how thick they are."""
    thickness = source.headers[0].get("SliceThickness")
    return _short(float(thickness) if thickness and float(thickness) > 0 else source.geometry.spacing[2])


def _short(value: float) -> float:
    """A number that fits into the 16 characters that DICOM has for it."""
    return float(f"{value:.10g}")
