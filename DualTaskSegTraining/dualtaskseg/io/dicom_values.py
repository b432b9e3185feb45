"""From the numbers stored in DICOM files to intensities, where the reading library does not get them right.

It turns pixels of the kind MONOCHROME1 (low is bright) round within the range of their type, which is no intensity that
anybody measured; it leaves frames that have a slope of their own each as they are stored; and it passes over tables.
"""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.io.dicom_file import DicomFile, Tag
from dualtaskseg.io.geometry import geometry_of
from dualtaskseg.io.image_error import SAVE_AGAIN, ImageError

if TYPE_CHECKING:
    import SimpleITK

INVERTED = "MONOCHROME1"
MODALITY, RESCALE_TYPE = (0x0008, 0x0060), (0x0028, 0x1054)
HU = "HU"
LUT_SEQUENCE = (0x0028, 0x3000)
BITS_STORED, HIGH_BIT = (0x0028, 0x0101), (0x0028, 0x0102)
SLOPE, INTERCEPT = (0x0028, 0x1053), (0x0028, 0x1052)
WORDS = {SLOPE: "slope", INTERCEPT: "intercept"}
USUAL = {SLOPE: 1.0, INTERCEPT: 0.0}  # where a file tells none
DOSE, DOSE_SCALING = "1.2.840.10008.5.1.4.1.1.481.2", (0x3004, 0x000E)
LARGEST_INVERTED = 16  # bits: of wider ones the reading library rounds
Scale = tuple[float, float]  # slope and intercept


@contextlib.contextmanager
def relaxed_validation() -> Iterator[None]:
    """Takes the faulty values that real files are full of as they are, and prints no warning: they hold names."""
    import pydicom

    settings = pydicom.config.settings
    reading, writing = settings.reading_validation_mode, settings.writing_validation_mode
    settings.reading_validation_mode = settings.writing_validation_mode = pydicom.config.IGNORE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        settings.reading_validation_mode, settings.writing_validation_mode = reading, writing


def check_values(folder: Path, files: Sequence[DicomFile]) -> None:
    """Refuses slices whose numbers can't be brought to one scale.

    Args:
        folder: that holds them, or the only file.
        files: the slices, or the file with all frames.

    Raises:
        ImageError: bright is high in some and low in others; only some tell their slope and intercept; or they are of
            a kind that can't be read rightly.
    """
    for file in files:
        _check_numbers(file)
    missing = {tag: bare for tag in (SLOPE, INTERCEPT) if (bare := _without(tag, files))}
    if any(_number(file, tag) != USUAL[tag] for tag in missing for file in files):
        bare = next(iter(missing.values()))
        names = " and ".join(WORDS[tag] for tag in missing)
        raise ImageError(
            "mixed-values",
            f"In {len(bare)} of the {len(files)} slices in {folder}, such as {bare[0].path.name}, the "
            f"{names} of the intensities {'are' if len(missing) > 1 else 'is'} missing, which the others tell",
            "Export the series again from the archive",
        )
    inverted = [file for file in files if _is_inverted(file)]
    if 0 < len(inverted) < len(files):
        raise ImageError(
            "mixed-values",
            f"In {len(inverted)} of the {len(files)} slices in {folder}, such as {inverted[0].path.name}, low values "
            "are bright (MONOCHROME1), in the others high ones, so they are not one scan",
            "Export the series again from the archive",
        )
    for file in inverted:
        if file.whole(0x0028, 0x0100, 16) > LARGEST_INVERTED:
            raise ImageError("unreadable", f"{file.path} has inverted pixels of more than 16 bits", SAVE_AGAIN)
    for file in files:
        if LUT_SEQUENCE in file.sequences and _scale(file) != (1.0, 0.0):
            raise ImageError(
                "mixed-values",
                f"{file.path} tells its intensities in two ways, by a table and by a slope",
                "Export the series again from the archive",
            )


def value_assumptions(files: Sequence[DicomFile]) -> tuple[str, ...]:
    """What is assumed about the numbers of slices that :func:`check_values` passed; see
    :func:`dualtaskseg.io.image_notes.assumptions`."""
    assumed = []
    bare = len(_without(SLOPE, files))
    if bare:
        assumed.append(
            f"does not tell the slope of the intensities of {bare} of its {len(files)} slices; their numbers are taken "
            "as they are"
        )
    if any(file.numbers(*SLOPE) == (0.0,) for file in files):
        assumed.append("gives 0 as the slope of its intensities; its numbers are taken as they are")
    return (*assumed, *other_units(files[0].text(*MODALITY), [file.text(*RESCALE_TYPE) for file in files]))


def other_units(modality: str, units: Iterable[str]) -> tuple[str, ...]:
    """What is assumed about a CT scan whose intensities are in another unit than HU, such as a map of iodine.

    Args:
        units: RescaleType of its slices; empty where it is not told, which stands for HU.
    """
    others = sorted({unit for unit in units if unit and unit.upper() != HU})
    if modality != "CT" or not others:
        return ()
    unit = others[0][:16]
    return (f"is CT, but gives the unit of its intensities as {unit!r}, not HU; its numbers are taken as they are",)


def _check_numbers(file: DicomFile) -> None:
    """Refuses a file in which what its numbers mean makes no sense.

    The reading library would take a slope such as ``1,5`` for 1, and numbers in the upper bits for sixteen times as
    much.
    """
    for tag, what in WORDS.items():
        numbers, text = file.numbers(*tag), file.text(*tag)
        is_zero = tag == SLOPE and numbers == (0.0,) and any(file.numbers(*INTERCEPT))
        if text and (len(numbers) != 1 or not math.isfinite(numbers[0]) or is_zero):
            raise ImageError(
                "values",
                f"{file.path} gives {text[:20]!r} as the {what} of its intensities, which is no usable number",
                "Export the series again from the archive",
            )
    if file.kind == DOSE:
        numbers = file.numbers(*DOSE_SCALING)
        if len(numbers) != 1 or not math.isfinite(numbers[0]) or numbers[0] <= 0:
            raise ImageError(
                "values",
                f"{file.path} does not tell the scale of its doses",
                "Export it again from the planning system",
            )
    bits, high = file.whole(*BITS_STORED), file.whole(*HIGH_BIT)
    if bits and HIGH_BIT in file.values and high != bits - 1:
        raise ImageError(
            "values",
            f"{file.path} keeps the {bits} bits of its numbers below bit {high + 1} of a pixel, which is not supported",
            SAVE_AGAIN,
        )


def right_values(image: SimpleITK.Image, files: Sequence[DicomFile]) -> SimpleITK.Image:
    """Puts right what the reading library made of the numbers.

    Args:
        files: one for each slice in their order, or one with all frames; see :func:`check_values`.

    Returns:
        The same image where nothing is to be put right, else one with the intensities that the files tell.
    """
    import SimpleITK

    if not any(_is_inverted(file) or LUT_SEQUENCE in file.sequences for file in files):
        return image
    array = SimpleITK.GetArrayFromImage(image).astype(np.float64)
    for index, file in enumerate(files):
        part = array[index : index + 1] if len(files) > 1 else array
        if _is_inverted(file):
            slope, intercept = _scale(file)
            # It read slope * (turn - stored) + intercept.
            part[...] = slope * _turn(file) + 2 * intercept - part
        if LUT_SEQUENCE in file.sequences:
            part[...] = _looked_up(file, part)
    return _as_image(array, image)


def right_frames(image: SimpleITK.Image, file: DicomFile, scales: Sequence[Scale] | None) -> SimpleITK.Image:
    """Puts right what the reading library made of the numbers of a file with many frames.

    Args:
        scales: slope and intercept of each frame where its functional groups tell them, else None.
    """
    import SimpleITK

    if scales is None:
        image = right_values(image, [file])
        dose = _dose_scaling(file)
        return image if dose == 1.0 else _as_image(dose * SimpleITK.GetArrayFromImage(image).astype(np.float64), image)
    stored = _stored(file.path)
    if stored is None or stored.shape != geometry_of(image).shape:
        # Packed in a way that pydicom can't unpack. The library scales where all frames agree, else not at all.
        stored = SimpleITK.GetArrayFromImage(image).astype(np.float64)
        if len(set(scales)) == 1:
            slope, intercept = scales[0]
            return _as_image(slope * _turn(file) + 2 * intercept - stored, image) if _is_inverted(file) else image
        if _is_inverted(file):
            stored = _turn(file) - stored
    array = np.empty(stored.shape, np.float64)
    for plane, numbers, (slope, intercept) in zip(array, stored, scales, strict=True):
        np.multiply(numbers, slope, out=plane)
        plane += intercept
    return _as_image(array, image)


def _dose_scaling(file: DicomFile) -> float:
    """What the numbers of a dose grid have to be multiplied with, which the reading library does not; 1 for others."""
    return file.numbers(*DOSE_SCALING)[0] if file.kind == DOSE else 1.0


def _stored(path: Path) -> np.ndarray | None:
    try:
        import pydicom

        with relaxed_validation():
            return pydicom.dcmread(path).pixel_array
    except Exception:  # pydicom raises whatever its decoders lead to
        return None


def _is_inverted(file: DicomFile) -> bool:
    return file.text(0x0028, 0x0004) == INVERTED  # spelled otherwise, the reading library does not turn it round


def _scale(file: DicomFile) -> Scale:
    return _number(file, SLOPE), _number(file, INTERCEPT)


def _number(file: DicomFile, tag: Tag) -> float:
    """Slope or intercept; a slope of zero counts as one, as it does in the reading library."""
    return next((number for number in file.numbers(*tag) if number or tag == INTERCEPT), USUAL[tag])


def _without(tag: Tag, files: Sequence[DicomFile]) -> list[DicomFile]:
    """Files that don't tell a number that others tell; 0 is no slope."""

    def tells(file: DicomFile) -> bool:
        return any(file.numbers(*tag)) if tag == SLOPE else bool(file.numbers(*tag))

    bare = [file for file in files if not tells(file)]
    return bare if len(bare) < len(files) else []


def _turn(file: DicomFile) -> float:
    """What a stored number and its turned one add up to."""
    return -1.0 if file.whole(0x0028, 0x0103) else float((1 << file.whole(0x0028, 0x0101, 16)) - 1)


def _looked_up(file: DicomFile, stored: np.ndarray) -> np.ndarray:
    first, table = _table(file)
    return table[np.clip(stored.astype(np.int64) - first, 0, len(table) - 1)]


def _table(file: DicomFile) -> tuple[int, np.ndarray]:
    """The first stored number that a table is for, and what it and those after it mean."""
    refusal = ImageError("unreadable", f"{file.path} tells its intensities by a table that can't be read", SAVE_AGAIN)
    try:
        import pydicom

        with relaxed_validation():
            whole = pydicom.dcmread(file.path, stop_before_pixels=True, specific_tags=["ModalityLUTSequence"])
            item = whole.ModalityLUTSequence[0]
        count, first, bits = (int(value) for value in item.LUTDescriptor)
        count = count or 1 << 16
        data = item.LUTData
        if isinstance(data, bytes):
            wide = len(data) >= 2 * count
            data = np.frombuffer(data, (">" if file.big_endian else "<") + "u2" if wide else "u1")
        table = np.asarray(data, np.float64).ravel()[:count]
    except Exception as error:  # pydicom raises whatever damaged bytes lead to
        raise refusal from error
    if len(table) < count or not 8 <= bits <= 16:
        raise refusal
    if file.whole(0x0028, 0x0103) and first >= 1 << 15:
        first -= 1 << 16
    return first, table


def _as_image(array: np.ndarray, like: SimpleITK.Image) -> SimpleITK.Image:
    """An image on a grid, of whole numbers where all are."""
    import SimpleITK

    is_whole = bool(np.abs(array).max(initial=0) < 2**31) and all((np.rint(plane) == plane).all() for plane in array)
    image = SimpleITK.GetImageFromArray(array.astype(np.int32 if is_whole else np.float32), isVector=False)
    image.CopyInformation(like)
    return image
