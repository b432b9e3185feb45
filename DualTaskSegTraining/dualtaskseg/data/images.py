"""Reading and writing scans and labels, and the grid they lie on."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.data.cases import file_stem
from dualtaskseg.data.integrity import COPY_AGAIN, ImageError, check_file, check_header, missing, not_finite_voxels
from dualtaskseg.data.series import check_single_file, read_series, series_geometry
from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path

if TYPE_CHECKING:
    import SimpleITK

MODALITY_KEY = "0008|0060"
IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
# Above float32 rounding of NIfTI headers and rounding to four digits in DICOM; far below what an eye could see.
GRID_TOLERANCE = 0.1
SHEAR_TOLERANCE = 2e-3


@dataclass(frozen=True)
class Geometry:
    """The grid that voxels lie on, in SimpleITK's order x, y, z.

    Attributes:
        size: number of voxels along x, y, z.
        spacing: distance of voxel centers along x, y, z in mm.
        origin: position of the first voxel's center in mm, in DICOM's patient axes (left, posterior, superior).
        direction: 3x3 matrix, row after row; its columns are the directions of x, y, z.
    """

    size: tuple[int, int, int]
    spacing: tuple[float, float, float]
    origin: tuple[float, float, float]
    direction: tuple[float, ...] = IDENTITY

    @property
    def voxel_diagonal(self) -> float:
        """Length of a voxel's diagonal in mm."""
        return math.hypot(*self.spacing)

    @property
    def extent(self) -> tuple[float, float, float]:
        """Size in mm along x, y, z."""
        x, y, z = (count * step for count, step in zip(self.size, self.spacing, strict=True))
        return x, y, z

    def describe(self) -> str:
        """Says the grid as people do: ``35x51x35 voxels of 1x1x1 mm, origin (0, 0, 0) mm, not rotated``."""
        rounded = tuple(round(value, 4) + 0.0 for value in self.direction)
        rows = "; ".join(" ".join(f"{value:g}" for value in rounded[row : row + 3]) for row in (0, 3, 6))
        rotation = "not rotated" if rounded == IDENTITY else f"direction ({rows})"
        origin = ", ".join(f"{round(value, 4) + 0.0:g}" for value in self.origin)
        return f"{_times(self.size)} voxels of {_times(self.spacing)} mm, origin ({origin}) mm, {rotation}"

    def same_grid(self, other: Geometry, tolerance: float = GRID_TOLERANCE) -> bool:
        """Whether both have as many voxels, at the same places.

        Args:
            other: the grid to compare with.
            tolerance: how far a corner voxel may lie from the other's, in units of the smallest spacing.
        """
        if self.size != other.size:
            return False
        limit = tolerance * min(*self.spacing, *other.spacing)
        corners = itertools.product(*((0, count - 1) for count in self.size))
        return all(math.dist(self.position(corner), other.position(corner)) <= limit for corner in corners)

    def position(self, index: Sequence[float]) -> tuple[float, ...]:
        """Position in mm of a voxel's center, given its index x, y, z."""
        steps = [i * step for i, step in zip(index, self.spacing, strict=True)]
        return tuple(
            start + sum(self.direction[3 * row + column] * steps[column] for column in range(3))
            for row, start in enumerate(self.origin)
        )


def output_stem(path: Path | str) -> str:
    """Returns the name of a scan for files made from it: ``la_001`` for ``la_001.nii.gz``, a folder's own name."""
    path = Path(path)
    return path.resolve().name if path.is_dir() else file_stem(path)


def geometry_of(image: SimpleITK.Image) -> Geometry:
    """Returns the grid of a 3D image."""
    return Geometry(image.GetSize(), image.GetSpacing(), image.GetOrigin(), image.GetDirection())


def read_geometry(path: Path | str, series_uid: str = "") -> Geometry:
    """Reads the grid of a scan from its header, without its voxels; the arguments are those of :func:`read_image`.

    Raises:
        InputError: as :func:`read_image`, as far as a header shows it.
    """
    import SimpleITK

    path = Path(path)
    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        if path.is_dir():
            geometry = Geometry(*series_geometry(path, series_uid))
        else:
            check_header(path)
            header = _open(path)
            size, spacing, origin = header.GetSize()[:3], header.GetSpacing()[:3], header.GetOrigin()[:3]
            rank, matrix = header.GetDimension(), header.GetDirection()
            direction = tuple(matrix[row * rank + column] for row in range(3) for column in range(3))
            geometry = Geometry(size, spacing, origin, direction)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except RuntimeError as error:
        raise _explained(path, error) from error
    geometry = forward(geometry)
    _check_geometry(path, geometry)
    return geometry


def read_image(path: Path | str, series_uid: str = "") -> SimpleITK.Image:
    """Reads a scan.

    Args:
        path: a file in any format that SimpleITK reads, or a folder with a DICOM series.
        series_uid: which series of the folder; needed only where it holds several.

    Returns:
        A 3D image of one number per voxel, of the type in the file. Its metadata is empty except for the DICOM modality
        (key ``0008|0060``), so that no patient's name travels on.

    Raises:
        ImageError: an InputError with a code; the scan is missing, cut short, damaged, not 3D, in color, or its voxels
            have no size, or are sheared, or it is one of several series in a folder.
    """
    import SimpleITK

    path = Path(path)
    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        if path.is_dir():
            image = read_series(path, series_uid)
        else:
            check_file(path)
            image = _with_not_finite(_open(path).Execute(), path)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except RuntimeError as error:
        raise _explained(path, error) from error
    if image.GetDimension() > 3:
        image = image[(slice(None), slice(None), slice(None), *([0] * (image.GetDimension() - 3)))]
    _check_kind(path, image.GetSize(), image.GetNumberOfComponentsPerPixel(), image.GetPixelIDTypeAsString())
    _check_geometry(path, geometry_of(image))
    for key in image.GetMetaDataKeys():
        if key != MODALITY_KEY:
            image.EraseMetaData(key)
    return image


def read_label(path: Path | str, like: Geometry | None = None) -> SimpleITK.Image:
    """Reads a label: an image whose voxels tell their segment by a whole number, 0 being background.

    Args:
        path: the file; ``.seg.nrrd`` files of 3D Slicer with one layer too.
        like: the grid of the scan that it belongs to; given that, the result lies on exactly this grid.

    Returns:
        An integer image. Whole numbers stored as floats, or in 64 bits, become 32-bit integers.

    Raises:
        ImageError: as :func:`read_image`; or the values are not whole numbers; or the grid is not ``like``.
    """
    import SimpleITK

    path = Path(path)
    try:
        image = read_image(path)
    except ImageError as error:
        if error.code != "color":
            raise
        raise ImageError(
            "several-layers",
            f"The label {path} has several values for each voxel",
            "Save it as one label map; segments of 3D Slicer must not overlap",
        ) from error
    if image.GetPixelID() in (SimpleITK.sitkFloat32, SimpleITK.sitkFloat64, SimpleITK.sitkInt64, SimpleITK.sitkUInt64):
        image = _as_integers(path, image)
    if like is not None:
        if not geometry_of(image).same_grid(like):
            raise other_grid(path, geometry_of(image), like)
        image.SetSpacing(like.spacing)
        image.SetOrigin(like.origin)
        image.SetDirection(like.direction)
    return image


def other_grid(path: Path, label: Geometry, scan: Geometry) -> ImageError:
    """The error for a label that doesn't lie on its scan's grid."""
    return ImageError(
        "other-grid",
        f"The label {path} does not lie on the grid of its scan: the label has {label.describe()}; "
        f"the scan has {scan.describe()}",
        "Check that the label belongs to this scan; then export it again with the scan as reference volume",
    )


def write_image(image: SimpleITK.Image, path: Path | str, compress: bool = True) -> None:
    """Writes an image in the format that the name tells, such as ``.nii.gz`` or ``.nrrd``.

    The folder is made where it doesn't exist. A file of this name is replaced in one step, once the new one is whole.

    Args:
        image: to write.
        path: where to.
        compress: smaller, but ten times as slow to write.

    Raises:
        InputError: the disk is full, the folder can't be written, or the format isn't known.
    """
    import SimpleITK

    path = Path(path)
    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        with atomic_path(path) as temporary:
            SimpleITK.WriteImage(image, str(temporary), useCompression=compress)
            check_file(temporary)  # a full disk goes unnoticed in some formats
    except OSError as error:
        raise InputError(
            f"{path} can't be written ({error.strerror or error})", "Check the folder and the disk"
        ) from error
    except (RuntimeError, ImageError) as error:
        if "ImageIO" in str(error) and "determine" in str(error):
            raise InputError(f"{path} can't be written: unknown format", "End the name in .nii.gz or .nrrd") from error
        raise InputError(f"{path} can't be written, perhaps since the disk is full", "Free some space on it") from error


def _with_not_finite(image: SimpleITK.Image, path: Path) -> SimpleITK.Image:
    """Puts back the voxels of a NIfTI file that are no finite number, so that they can be found."""
    import SimpleITK

    positions, values = not_finite_voxels(path)
    if not positions.size:
        return image
    array = SimpleITK.GetArrayFromImage(image)
    array.ravel()[positions] = values
    repaired = SimpleITK.GetImageFromArray(array, isVector=False)
    repaired.CopyInformation(image)
    return repaired


def _open(path: Path) -> SimpleITK.ImageFileReader:
    """Opens a file and refuses what is no scan before its voxels take memory."""
    import SimpleITK

    check_single_file(path)
    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(str(path))
    reader.ReadImageInformation()
    _check_kind(
        path, reader.GetSize(), reader.GetNumberOfComponents(), SimpleITK.GetPixelIDValueAsString(reader.GetPixelID())
    )
    return reader


def _is_volume(size: Sequence[int]) -> bool:
    return len(size) >= 3 and all(count == 1 for count in size[3:]) and min(size[:3]) > 1


def _check_kind(path: Path, size: Sequence[int], components: int, kind: str) -> None:
    if components > 1 or "complex" in kind:
        raise ImageError(
            "color",
            f"{path} has {components} values for each voxel (color or several channels)",
            "Give a scan with one gray value for each voxel",
        )
    if len(size) > 3 and any(count > 1 for count in size[3:]):
        raise ImageError(
            "4d",
            f"{path} is a sequence of {math.prod(size[3:])} volumes ({_times(size)}), not one",
            "Save the one that you want as a 3D scan",
        )
    if not _is_volume(size):
        raise ImageError(
            "2d", f"{path} is a flat image ({_times(size)}), not a 3D scan", "Give a scan with several slices"
        )


def forward(geometry: Geometry) -> Geometry:
    """Turns axes of a negative spacing round, as reading the voxels does: headers of DICOM frames may have them."""
    signs = [-1.0 if step < 0 else 1.0 for step in geometry.spacing]
    spacing = tuple(abs(step) for step in geometry.spacing)
    direction = tuple(value * signs[index % 3] for index, value in enumerate(geometry.direction))
    return replace(geometry, spacing=spacing, direction=direction)


def _check_geometry(path: Path, geometry: Geometry) -> None:
    if not all(math.isfinite(step) and step > 0 for step in geometry.spacing):
        raise ImageError(
            "spacing",
            f"{path} has an impossible voxel size of {_times(geometry.spacing)} mm",
            "Correct the voxel size, for example in 3D Slicer's module Volumes, and save the scan again",
        )
    axes = [geometry.direction[column::3] for column in range(3)]
    products = [sum(a * b for a, b in zip(axes[i], axes[j], strict=True)) for i in range(3) for j in range(3)]
    if not all(abs(product - unit) < SHEAR_TOLERANCE for product, unit in zip(products, IDENTITY, strict=True)):
        raise _sheared(path)


def _sheared(path: Path) -> ImageError:
    return ImageError(
        "sheared",
        f"The axes of {path} are not at right angles to each other",
        "Resample it to a straight grid, for example in 3D Slicer with the module Resample Scalar/Vector/DWI Volume",
    )


def _explained(path: Path, error: RuntimeError) -> ImageError:
    """Says in plain words what the reading library complains about."""
    text = str(error).lower()
    if "orthonormal" in text or "determinant" in text:
        return _sheared(path)
    if "allocate" in text or "memory" in text:
        return ImageError("memory", f"{path} is too large for this computer's memory", "Crop the scan, or free memory")
    if "unable to determine imageio" in text:
        return _unreadable(path, "it is no scan, or of an unknown format")
    if "expected" in text or "got only" in text:
        return ImageError("truncated", f"{path} is cut short", COPY_AGAIN)
    return _unreadable(path, "it is damaged, or of a kind that is not supported")


def _unreadable(path: Path, reason: str) -> ImageError:
    if not path.exists():
        return missing(path)
    return ImageError(
        "unreadable",
        f"{path} can't be read ({reason})",
        "Open it in 3D Slicer; if that works, save it as .nii.gz or .nrrd",
    )


def _as_integers(path: Path, image: SimpleITK.Image) -> SimpleITK.Image:
    import numpy as np
    import SimpleITK

    for plane in SimpleITK.GetArrayViewFromImage(image):  # plane after plane, to keep temporary arrays small
        bad = plane[~((np.rint(plane) == plane) & (np.abs(plane) < 2.0**31))]
        if bad.size:
            raise ImageError(
                "not-whole",
                f"The label {path} holds values that are not whole numbers or too large, such as {float(bad[0]):g}",
                "Check that it is a label, not a scan or a probability map; resample labels with nearest neighbor only",
            )
    return SimpleITK.Cast(image, SimpleITK.sitkInt32)


def _times(values: Sequence[float]) -> str:
    return "x".join(f"{value:.6g}" for value in values)
