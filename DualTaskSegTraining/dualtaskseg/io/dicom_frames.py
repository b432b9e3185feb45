"""DICOM files that hold all slices of a scan as frames, as enhanced CT and MR, dental CT and dose grids do.

A third axis may be time as well as space. The reading library does not ask: it takes the frames as they come, and 1 mm
for the distance that it does not find. So a file is a scan here only if it tells that its frames lie side by side, and
how far apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, MutableSequence, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualtaskseg.errors import InputError
from dualtaskseg.io.dicom_file import DicomFile
from dualtaskseg.io.dicom_values import MODALITY, Scale, other_units, relaxed_validation
from dualtaskseg.io.geometry import Geometry, geometry_of, with_positive_spacing
from dualtaskseg.io.headers import NO_ORIENTATION
from dualtaskseg.io.image_error import SPACING_REMEDY, ImageError

if TYPE_CHECKING:
    import SimpleITK
    from pydicom import Dataset

TOLERANCE = 0.25  # of the smallest voxel size, by which a frame may lie beside its place
POSITIONS = ("PlanePositionSequence", "ImagePositionPatient")
ORIENTATIONS = ("PlaneOrientationSequence", "ImageOrientationPatient")
SPACINGS = ("PixelMeasuresSequence", "PixelSpacing")
DISTANCES = ("PixelMeasuresSequence", "SpacingBetweenSlices")
THICKNESS = ("PixelMeasuresSequence", "SliceThickness")
COMPONENTS = ("MRImageFrameTypeSequence", "ComplexImageComponent")
# What is the same in all frames of one scan.
ONE_FOR_ALL = (
    (("MREchoSequence", "EffectiveEchoTime"), "echo times"),
    (("MRDiffusionSequence", "DiffusionBValue"), "diffusion weightings"),
    (("FrameContentSequence", "TemporalPositionIndex"), "times"),
    (("CTXRayDetailsSequence", "KVP"), "tube voltages"),
    (("CTReconstructionSequence", "ConvolutionKernel"), "kernels"),
    (COMPONENTS, "kinds of complex numbers"),
)
SLOPES = ("PixelValueTransformationSequence", "RescaleSlope")
INTERCEPTS = ("PixelValueTransformationSequence", "RescaleIntercept")
UNITS = ("PixelValueTransformationSequence", "RescaleType")
REAL_VALUES = "RealWorldValueMappingSequence"
LACKS = (
    (POSITIONS, 3, "the position"),
    (ORIENTATIONS, 6, "the direction"),
    (SPACINGS, 2, "the size of the pixels"),
)
WANTED = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")
GROUPS = ((0x5200, 0x9229), (0x5200, 0x9230))
DETECTORS = (0x0054, 0x0022)
# Ultrasound, angiography, fluoroscopy, and whatever a camera filmed.
FILMS = tuple("1.2.840.10008.5.1.4.1.1." + kind for kind in ("3", "3.1", "12.1", "12.1.1", "12.2", "12.2.1", "12.3"))
CAMERAS = "1.2.840.10008.5.1.4.1.1.77.1."
FILM_MODALITIES = ("US", "IVUS", "XA", "RF", "ES", "XC", "GM", "OP", "DX", "CR", "MG")
# What frames may be counted along for the third axis to be space: slices, offsets of a grid, positions, groups.
SLICE_LOCATIONS = (0x0018, 0x2005)
SPACE_POINTERS = {
    *((0x0054, 0x0080), (0x3004, 0x000C), (0x0020, 0x0032), (0x0020, 0x1041), (0x5200, 0x9230)),
    SLICE_LOCATIONS,
}
TIMES = ((0x0018, 0x1063), (0x0018, 0x1065))
COUNTS_OF_TIMES = ((0x0020, 0x0105), (0x0018, 0x1090))  # more than one: the heart or a body filmed
DISPLAY_RATES = ((0x0018, 0x0040), (0x0008, 0x2144))  # images per second; viewers of volumes may be told one, too
TILT = (0x0018, 0x1120)
SMALLEST_TILT = 0.1  # degrees
NUCLEAR = "1.2.840.10008.5.1.4.1.1.20"
DISTANCE_REMEDY = (
    "Export the scan as single slices; or open it in 3D Slicer, set its voxel size in the module Volumes, and save it "
    "as .nrrd"
)
SINGLE_SLICES = "Export the scan as single slices, or load it in 3D Slicer and save it as .nrrd"
ONE_ONLY = "Keep one of its volumes: one time, one echo, one phase"


@dataclass(frozen=True)
class Frames:
    """What is known of the frames of a file.

    Attributes:
        scales: slope and intercept of each frame where groups tell them, else None.
        assumed: what the file leaves open, see :func:`dualtaskseg.io.image_notes.assumptions`.
    """

    geometry: Geometry
    scales: tuple[Scale, ...] | None = None
    assumed: tuple[str, ...] = ()


def check_frames(path: Path, file: DicomFile, header: SimpleITK.ImageFileReader) -> Frames:
    """Refuses a file whose frames do not lie where the reading library puts them, or of which that isn't known.

    Raises:
        ImageError: frames follow each other in time; their distance is not told; or they are missing, doubled, out of
            order, tilted or unevenly spaced.
    """
    try:
        return _checked(path, file, header)
    except InputError:
        raise
    except Exception as error:  # pydicom raises whatever damaged values lead to, when they are first looked at
        raise _irregular(path) from error


def _checked(path: Path, file: DicomFile, header: SimpleITK.ImageFileReader) -> Frames:
    shared, frames = _groups(path, file)
    scales = _scales(path, frames, shared)
    positions = [frame_values(POSITIONS, frame, shared) for frame in frames]
    units = other_units(file.text(*MODALITY), (frame_text(UNITS, one, shared) for one in frames or [None]))
    if any(positions):
        _refuse_lack(path, frames, shared)
        _refuse_several(path, frames, shared, positions)
        directions = [frame_values(ORIENTATIONS, frame, shared) for frame in frames]
        spacings = [frame_values(SPACINGS, frame, shared) for frame in frames]
        grids = enumerate(zip(positions, directions, spacings, strict=True))
        if len(frames) != header.GetSize()[2] or not all(_fits(header, index, *values) for index, values in grids):
            raise _irregular(path)
        return Frames(geometry_of(header), scales, units)
    offsets = file.numbers(0x3004, 0x000C)
    if offsets:
        _check_offsets(path, offsets, header)
        return Frames(geometry_of(header), scales, (*_orientation(file), *units))
    _refuse_film(path, file)
    spacing = _spacing(path, file, frames, shared)
    direction = file.numbers(0x0020, 0x0037) or _common_direction(frames, shared)
    geometry = _told_geometry(file, spacing, direction, header)
    return Frames(geometry, scales, (*_orientation(file, direction), *_stack(file), *units))


def without_place(file: DicomFile) -> ImageError:
    """The error for a file whose frames the reading library can't put side by side, with what it lacks."""
    try:
        shared, frames = _groups(file.path, file)
        _refuse_lack(file.path, frames, shared)
        _scales(file.path, frames, shared)
    except ImageError as error:
        return error
    except Exception:  # pydicom raises whatever damaged values lead to
        pass
    return ImageError(
        "unreadable",
        f"{file.path} does not tell where its {file.frames} frames lie, or in a way that can't be read",
        SINGLE_SLICES,
    )


def _refuse_lack(path: Path, frames: list[Dataset], shared: Dataset | None) -> None:
    """Refuses frames of which only some, or none, tell where they lie, which way, or how large their pixels are."""
    for names, count, what in LACKS:
        bare = sum(len(frame_values(names, frame, shared)) != count for frame in frames)
        if bare:
            some = f"{bare} of its {len(frames)}" if bare < len(frames) else f"its {bare}"
            raise ImageError("geometry", f"{path} does not tell {what} of {some} frames", SINGLE_SLICES)


def frame_values(names: tuple[str, str], frame: Dataset | None, shared: Dataset | None) -> list[float]:
    """Returns the numbers of a frame, or those of all frames; empty where there are none.

    Args:
        names: of the functional group and of the attribute in it.
    """
    value = _told(names, frame, shared)
    if value is None:
        return []
    return [float(one) for one in (value if isinstance(value, MutableSequence) else [value])]


def frame_text(names: tuple[str, str], frame: Dataset | None, shared: Dataset | None) -> str:
    """As :func:`frame_values`, a text."""
    value = _told(names, frame, shared)
    return "" if value is None else str(value).strip()


def _told(names: tuple[str, str], frame: Dataset | None, shared: Dataset | None) -> Any:
    for group in (frame, shared):
        items = group.get(names[0]) if group is not None else None
        value = items[0].get(names[1]) if items else None
        if value is not None and value != "":
            return value
    return None


def _groups(path: Path, file: DicomFile) -> tuple[Dataset | None, list[Dataset]]:
    """The groups that all frames share, and those of each."""
    if not file.sequences.intersection(GROUPS):
        return None, []
    try:
        import pydicom
    except ImportError:
        raise ImageError(
            "unreadable", f"To read {path}, the library pydicom is needed", "Install the package pydicom"
        ) from None
    with relaxed_validation():
        dataset = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=list(WANTED))
    return (dataset.get(WANTED[0]) or [None])[0], list(dataset.get(WANTED[1]) or [])


def _scales(path: Path, frames: list[Dataset], shared: Dataset | None) -> tuple[Scale, ...] | None:
    """Slope and intercept of each frame; None where the groups tell none."""
    scales = [(frame_values(SLOPES, one, shared), frame_values(INTERCEPTS, one, shared)) for one in frames]
    if not any(slope or intercept for slope, intercept in scales):
        _refuse_real_values(path, frames, shared)
        return None
    if not all(len(slope) == len(intercept) == 1 for slope, intercept in scales):
        raise ImageError(
            "mixed-values",
            f"{path} tells for some of its frames only how their numbers become intensities",
            "Export the series again from the archive",
        )
    pairs = tuple((slope[0], intercept[0]) for slope, intercept in scales)
    for slope, intercept in pairs:
        if not slope or not math.isfinite(slope) or not math.isfinite(intercept):
            raise ImageError(
                "values",
                f"{path} gives {slope:g} and {intercept:g} as slope and intercept of a frame's intensities, which are "
                "no usable numbers",
                "Export the series again from the archive",
            )
    return pairs


def _refuse_real_values(path: Path, frames: list[Dataset], shared: Dataset | None) -> None:
    """Refuses frames whose stored numbers are on scales of their own, which only a map of real-world values tells."""
    scales = set()
    for frame in frames:
        items = frame.get(REAL_VALUES) or (shared.get(REAL_VALUES) if shared is not None else None)
        if items:
            scales.add((items[0].get("RealWorldValueSlope"), items[0].get("RealWorldValueIntercept")))
    if len(scales) > 1:
        raise ImageError(
            "mixed-values",
            f"The numbers in the frames of {path} are on {len(scales)} different scales: it tells slope and intercept "
            "of real-world values, which are not applied",
            "Export the series again with rescaled intensities",
        )


def _refuse_several(
    path: Path, frames: list[Dataset], shared: Dataset | None, positions: Sequence[Sequence[float]]
) -> None:
    """Refuses frames of several times, echoes or the like, which may interleave as if they were one volume."""
    for names, what in ONE_FOR_ALL:
        told = [_told(names, frame, shared) for frame in frames]
        values = {f"{one:.3f}" if isinstance(one, float) else str(one) for one in told if one is not None}
        if len(values) > 1:
            raise ImageError(
                "geometry",
                f"{path} holds frames with {len(values)} different {what}, so it is no single scan",
                ONE_ONLY,
            )
    if len({tuple(round(value, 3) for value in position) for position in positions}) == 1:
        raise ImageError(
            "geometry",
            f"{path} holds {len(positions)} frames of one place, so it is no single scan",
            ONE_ONLY,
        )


def _fits(
    header: SimpleITK.ImageFileReader, index: int, position: list[float], direction: list[float], spacing: list[float]
) -> bool:
    if (len(position), len(direction), len(spacing)) != (3, 6, 2):
        return False
    axes = np.reshape(header.GetDirection(), (3, 3))
    expected = np.array(header.GetOrigin()) + axes[:, 2] * header.GetSpacing()[2] * index
    return (
        float(np.abs(expected - position).max()) <= TOLERANCE * min(map(abs, header.GetSpacing()))
        and np.allclose(axes[:, :2].T.ravel(), direction, atol=1e-3)
        and np.allclose(header.GetSpacing()[1::-1], spacing, rtol=1e-3)
    )


def _check_offsets(path: Path, offsets: tuple[float, ...], header: SimpleITK.ImageFileReader) -> None:
    """Refuses the frames of a dose grid that are unevenly spaced, or that the reading library places elsewhere."""
    gaps = [after - before for before, after in pairwise(offsets)]
    step = abs(header.GetSpacing()[2])
    is_uneven = any(abs(abs(gap) - step) > TOLERANCE * step for gap in gaps)
    if len(offsets) != header.GetSize()[2] or is_uneven or len({gap > 0 for gap in gaps}) > 1:
        raise _irregular(path)


def _refuse_film(path: Path, file: DicomFile) -> None:
    pointers = file.tags(0x0028, 0x0009)
    is_film = (
        file.kind in FILMS
        or file.kind.startswith(CAMERAS)
        or file.text(0x0008, 0x0060) in FILM_MODALITIES
        or any(number for tag in TIMES for number in file.numbers(*tag))
        or any(number > 1 for tag in COUNTS_OF_TIMES for number in file.numbers(*tag))
        or any(pointer not in SPACE_POINTERS for pointer in pointers)
        or (file.kind == NUCLEAR and not pointers and third_name(file) not in ("", "RECON TOMO"))
    )
    if is_film:
        raise ImageError(
            "film",
            f"{path} is a film: its {file.frames} images follow each other in time or are seen from other sides, so "
            "they are no 3D scan",
            "Give a scan whose slices lie side by side",
        )


def third_name(file: DicomFile) -> str:
    """What kind of image it is among those of its scanner, by ImageType; empty where that isn't told."""
    return "".join(part.strip() for part in file.text(0x0008, 0x0008).split("\\")[2:3])


def _spacing(path: Path, file: DicomFile, frames: list[Dataset], shared: Dataset | None) -> tuple[float, float, float]:
    """Spacing along x, y, z in mm as the file tells it; negative along z where slices lie against their normal."""
    distances = {*file.numbers(0x0018, 0x0088), *_steps(path, file)}
    for group in frames or [None]:
        distances.update(frame_values(DISTANCES, group, shared))
    if file.kind != NUCLEAR and any(number < 0 for number in distances):  # only there its sign has a meaning
        raise ImageError(
            "spacing",
            f"{path} gives {min(distances):g} mm as the distance of its slices, which can't be",
            SPACING_REMEDY,
        )
    if len(distances) != 1 or not all(math.isfinite(number) and number for number in distances):
        thickness = next(iter(file.numbers(0x0018, 0x0050)), None)
        only = f", only that each is {thickness:g} mm thick" if thickness else ""
        raise ImageError(
            "spacing-unknown", f"{path} does not tell how far its {file.frames} slices lie apart{only}", DISTANCE_REMEDY
        )
    pixels = {file.numbers(0x0028, 0x0030)}
    pixels.update(tuple(frame_values(SPACINGS, group, shared)) for group in frames or [None])
    pixels.discard(())
    if len(pixels) != 1 or len(next(iter(pixels))) != 2:
        raise ImageError("spacing-unknown", f"{path} does not tell the size of its pixels", DISTANCE_REMEDY)
    along_y, along_x = pixels.pop()
    return along_x, along_y, distances.pop()


def _steps(path: Path, file: DicomFile) -> set[float]:
    """The distance of slices by the vector of their locations, in mm; empty where there is none."""
    locations = file.numbers(*SLICE_LOCATIONS)
    if not locations:
        return set()
    gaps = [after - before for before, after in pairwise(locations)]
    if len(locations) != file.frames or not gaps or min(gaps) <= 0 or max(gaps) - min(gaps) > TOLERANCE * min(gaps):
        raise _irregular(path)
    return {round((locations[-1] - locations[0]) / len(gaps), 6)}


def _common_direction(frames: list[Dataset], shared: Dataset | None) -> list[float]:
    """The direction of all frames where the groups tell it and it is the same; else empty."""
    directions = {tuple(frame_values(ORIENTATIONS, frame, shared)) for frame in frames}
    return list(directions.pop()) if len(directions) == 1 else []


def _told_geometry(
    file: DicomFile,
    spacing: tuple[float, float, float],
    direction: Sequence[float],
    header: SimpleITK.ImageFileReader,
) -> Geometry:
    """The grid by the file's own words, which the reading library does not look for in all kinds of objects."""
    position = file.numbers(0x0020, 0x0032)
    geometry = replace(geometry_of(header), spacing=spacing)
    if len(direction) == 6:
        geometry = replace(geometry, direction=direction_of(direction))
    return with_positive_spacing(replace(geometry, origin=position) if len(position) == 3 else geometry)


def direction_of(orientation: Sequence[float]) -> tuple[float, ...]:
    """The 3x3 matrix, row after row, whose columns are the directions of x, y and z.

    Args:
        orientation: ImageOrientationPatient, six numbers.
    """
    a, b = orientation[:3], orientation[3:]
    normal = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return tuple(axis[row] for row in range(3) for axis in (a, b, normal))


def _orientation(file: DicomFile, direction: Sequence[float] = ()) -> tuple[str, ...]:
    """What is assumed where nothing tells the direction of the axes."""
    is_told = 6 in (len(direction), len(file.numbers(0x0020, 0x0037))) or DETECTORS in file.sequences
    return () if is_told else (NO_ORIENTATION,)


def _stack(file: DicomFile) -> Iterator[str]:
    """What is assumed of frames that do not tell each where they lie."""
    if any(number for tag in DISPLAY_RATES for number in file.numbers(*tag)):
        yield "tells how fast its frames are to be shown; they are taken for slices side by side, not for a film"
    tilt = next(iter(file.numbers(*TILT)), 0.0)
    if abs(tilt) > SMALLEST_TILT:
        yield (
            f"tells that the scanner was tilted by {tilt:g} degrees, but not where its frames lie; they are taken to "
            "stand straight behind each other"
        )


def _irregular(path: Path) -> ImageError:
    return ImageError(
        "geometry",
        f"The frames of {path} are not one volume of evenly spaced slices in the order of their positions",
        SINGLE_SLICES,
    )


def depth_of(position: Sequence[float], orientation: Sequence[float]) -> float:
    """Where a slice lies along its normal, in mm: slices of a volume are in the order of it.

    Args:
        position: ImagePositionPatient, 3 numbers.
        orientation: ImageOrientationPatient, 6 numbers.
    """
    return sum(n * p for n, p in zip(direction_of(orientation)[2::3], position, strict=True))
