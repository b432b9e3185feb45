"""The slices of a DICOM series in the order of their positions, refused where they don't make up one regular volume."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.io.dicom_file import DicomFile, read_dicom_file
from dualtaskseg.io.dicom_frames import ONE_ONLY, depth_of, direction_of, third_name
from dualtaskseg.io.dicom_values import check_values, right_values
from dualtaskseg.io.geometry import Geometry, sides_text
from dualtaskseg.io.image_error import SPACING_REMEDY, ImageError
from dualtaskseg.io.memory_check import check_room

if TYPE_CHECKING:
    import SimpleITK


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
class Slice:
    """Header of one slice; positions in mm, in the scanner's axes; ``scale`` is how its numbers become intensities."""

    path: str
    instance: str
    size: tuple[int, ...]
    position: tuple[float, ...]
    orientation: tuple[float, ...]
    spacing: tuple[float, ...]
    scale: tuple[str, ...]
    file: DicomFile


def read_slices(folder: Path, slices: list[Slice]) -> SimpleITK.Image:
    """The scan that they make up."""
    import SimpleITK

    check_room(folder, (*slices[0].size, len(slices)), 2, [one.file.path for one in slices])
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames([one.path for one in slices])
    if len({one.scale for one in slices}) > 1:
        # The reading library takes the first slice's type for all, and cuts off or wraps what does not fit it.
        reader.SetOutputPixelType(SimpleITK.sitkFloat32)
    return right_values(reader.Execute(), [one.file for one in slices])


def geometry_of_slices(slices: list[Slice]) -> Geometry:
    """The grid by the slices' own words, which the reading library does not look for in all kinds of objects."""
    first = slices[0]
    depth = math.dist(first.position, slices[-1].position) / (len(slices) - 1)
    along_y, along_x = first.spacing
    size = (*first.size, len(slices))
    return Geometry(size, (along_x, along_y, depth), first.position, direction_of(first.orientation))


def regular_slices(folder: Path, files: Iterable[str]) -> list[Slice]:
    """The slices in the order of their positions, if together they make up one regular volume."""
    slices = [_read_slice(file) for file in files]
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


def _same_plane(one: Slice, other: Slice) -> bool:
    same_direction = all(abs(a - b) < 1e-3 for a, b in zip(one.orientation, other.orientation, strict=True))
    same_spacing = all(abs(a - b) < 1e-3 * b for a, b in zip(one.spacing, other.spacing, strict=True))
    return one.size == other.size and same_direction and same_spacing


def _check_one_volume(folder: Path, slices: list[Slice]) -> None:
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


def _read_slice(path: str) -> Slice:
    file = read_dicom_file(Path(path))
    spacing = file.numbers(0x0028, 0x0030)  # not that of the detector, on which all is larger than in the body
    position, orientation = file.numbers(0x0020, 0x0032), file.numbers(0x0020, 0x0037)
    scale = (*(file.text(*tag) for tag in SCALES), *(str(file.whole(*tag)) for tag in TYPES))
    return Slice(path, file.text(0x0008, 0x0018), file.size, position, orientation, spacing, scale, file)


def _check_slice(one: Slice) -> None:
    if len(one.position) != 3 or len(one.orientation) != 6:
        raise ImageError(
            "geometry",
            f"{one.path} does not say where in the body its slice lies",
            "Export the series as it was scanned",
        )
    if len(one.spacing) != 2 or not all(math.isfinite(step) and step > 0 for step in one.spacing):
        size = sides_text(one.spacing[::-1]) + " mm" if one.spacing else "nothing"
        raise ImageError("spacing", f"{one.path} gives {size} as the size of its pixels", SPACING_REMEDY)


def _check_positions(folder: Path, slices: list[Slice]) -> None:
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


def _check_copies(folder: Path, slices: list[Slice]) -> None:
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
