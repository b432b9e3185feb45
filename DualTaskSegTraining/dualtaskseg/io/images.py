"""Reads scans, and the grid they lie on.

All that reads here raises what :func:`read_image` raises, as far as it looks.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.io.access import check_access
from dualtaskseg.io.dicom_file import may_be_dicom
from dualtaskseg.io.dicom_series import check_single_file, look_at_frames, look_at_series
from dualtaskseg.io.file_headers import check_file, check_header
from dualtaskseg.io.geometry import GRID_TOLERANCE, Geometry, place_on, times, with_positive_spacing
from dualtaskseg.io.headers import NO_ORIENTATION, Header, ScanHeader, check_position, open_header
from dualtaskseg.io.image_error import (
    COPY_AGAIN,
    SAVE_AGAIN,
    SPACING_REMEDY,
    ImageError,
    beyond_numbers,
    missing,
    size_unknown,
    unreadable,
)
from dualtaskseg.io.image_notes import MODALITY_KEY, modality_of, note_open
from dualtaskseg.io.memory_check import MOST_PACKED, TIFF_PACKED, check_room
from dualtaskseg.io.nifti import KINDS, SEVERAL_VALUES, is_nifti, pose_of, read_header, read_voxels
from dualtaskseg.io.paths import file_stem
from dualtaskseg.io.streams import file_blocks
from dualtaskseg.io.tiff import is_tiff, tiff_size, tiff_spacing

if TYPE_CHECKING:
    import SimpleITK

SHEAR_TOLERANCE = 2e-3  # of the cosine of two axes: rounding in DICOM headers
RIGHT_ANGLE = 1e-4  # below this, axes are at right angles
VTK_OPEN = "does not say in which unit and how it lies in the body: mm, and axes to the left, back and up, are assumed"
VTK_SIZE = re.compile(rb"(?im)^\s*(spacing|aspect_ratio)\s")
VTK_HEADER = 4096  # bytes: five short lines before the voxels
# What the reading library's formats that aren't looked at here leave open; others do not tell the voxel size in mm.
OTHER_FORMATS = {
    **dict.fromkeys(("MINCImageIO", "HDF5ImageIO", "Bruker2dseqImageIO", "GE4ImageIO", "GE5ImageIO"), ()),
    "GiplImageIO": (NO_ORIENTATION,),
    "VTKImageIO": (VTK_OPEN,),
}
KNOWN_BY_NAME = {"NiftiImageIO": ".nii, .nii.gz or .hdr", "MetaImageIO": ".mha or .mhd", "TIFFImageIO": ".tif"}


def output_stem(path: Path | str) -> str:
    """Returns the name of a scan for files made from it: ``la_001`` for ``la_001.nii.gz``, a folder's own name."""
    path = Path(path)
    return path.resolve().name if path.is_dir() else file_stem(path)


def read_geometry(path: Path | str, series_uid: str = "") -> Geometry:
    """Reads the grid of a scan from its header, without its voxels; the arguments are those of :func:`read_image`."""
    path = Path(path)
    with _explaining(path):
        return _look(path, series_uid).geometry


def header_metadata(path: Path | str) -> dict[str, str]:
    """Reads what a file's header notes beside its grid, such as the names of segments; it is not to be printed."""
    path = Path(path)
    with _explaining(path):
        check_header(path)
        if may_be_dicom(path):
            check_single_file(path)
        reader = open_header(path)
        keys = reader.GetMetaDataKeys()
        return {key: reader.GetMetaData(key).encode("utf-8", "replace").decode("utf-8") for key in keys}


def read_image(path: Path | str, series_uid: str = "") -> SimpleITK.Image:
    """Reads a scan.

    Args:
        path: a file in any format that SimpleITK reads, or a folder with a DICOM series.
        series_uid: which series of the folder; needed only where it holds several.

    Returns:
        A 3D image of one number per voxel, of the type in the file. Its metadata is empty, so that no patient's name
        travels on, except for the DICOM modality (key ``0008|0060``) and for what had to be assumed about the scan (see
        :func:`assumptions` and :func:`is_unit_assumed`).

    Raises:
        ImageError: an InputError with a code; the scan is missing, cut short, damaged, not 3D, in color, or its voxels
            have no size, or are sheared, or it does not tell what can't be guessed, or it is one of several series in a
            folder.
    """
    path = Path(path)
    with _explaining(path):
        found = _look(path, series_uid, check_file)
        image = found.read()
        modality = modality_of(image)
        if image.GetDimension() > 3:
            image = image[(slice(None), slice(None), slice(None), *([0] * (image.GetDimension() - 3)))]
        _check_kind(path, image.GetSize(), image.GetNumberOfComponentsPerPixel(), image.GetPixelIDTypeAsString())
    image = _without_metadata(image)
    place_on(image, found.geometry)
    if modality:
        image.SetMetaData(MODALITY_KEY, modality)
    note_open(image, found.assumed, found.names_unit)
    return image


def _without_metadata(image: SimpleITK.Image) -> SimpleITK.Image:
    import SimpleITK

    keys = image.GetMetaDataKeys()
    if any(key != key.encode("utf-8", "replace").decode("utf-8") for key in keys):  # those can't be erased
        return SimpleITK.GetImageFromArray(SimpleITK.GetArrayViewFromImage(image), isVector=False)
    for key in keys:
        image.EraseMetaData(key)
    return image


def read_assumptions(path: Path | str) -> list[str]:
    """What :func:`assumptions` will say of a scan once it is read, from its header, without its voxels."""
    path = Path(path)
    with _explaining(path):
        return list(_look(path).assumed)


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    """Turns whatever reading a scan raises into an error that names it."""
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    check_access(path)
    try:
        yield
    except OSError as error:
        raise (unreadable(path, error) if error.errno else _unreadable(path, str(error))) from error
    except RuntimeError as error:
        raise _explained(path, error) from error


def _look(path: Path, series_uid: str = "", check: Callable[[Path], Header | None] = check_header) -> ScanHeader:
    """Looks at a scan's header, and refuses what is no scan before its voxels take memory."""
    if path.is_dir():
        found = look_at_series(path, series_uid)
    elif is_nifti(path):
        check_header(path)  # reading it checks that it is whole, too
        found = _look_at_nifti(path)
    else:
        found = _look_at_file(path, check(path))
    return replace(found, geometry=straight(path, with_positive_spacing(found.geometry)))


def _look_at_file(path: Path, header: Header | None) -> ScanHeader:
    if header is None and not is_tiff(path) and may_be_dicom(path):
        return look_at_frames(check_single_file(path), _open)
    if is_tiff(path):  # before the reading library tries
        check_room(path, tiff_size(path), 1, [path], TIFF_PACKED)
    reader = _open(path, header)
    geometry = _geometry_of_header(reader)
    if header is not None:
        grid = scaled(geometry, header.to_mm)
        return ScanHeader(
            grid, header.assumed, lambda: _rescaled(path, reader.Execute(), header.scale), header.names_unit
        )
    if is_tiff(path):
        return ScanHeader(replace(geometry, spacing=tiff_spacing(path)), (NO_ORIENTATION,), reader.Execute)
    return ScanHeader(geometry, _check_format(path), reader.Execute)


def _rescaled(path: Path, image: SimpleITK.Image, scale: tuple[float, float]) -> SimpleITK.Image:
    import SimpleITK

    if scale == (1.0, 0.0):
        return image
    image = SimpleITK.Cast(image, SimpleITK.sitkFloat32)
    result = image * scale[0] + scale[1]
    was, became = (np.isinf(SimpleITK.GetArrayViewFromImage(each)).any() for each in (image, result))
    if became and not was:
        raise beyond_numbers(path, scale)
    return result


def _look_at_nifti(path: Path) -> ScanHeader:
    header = read_header(path)
    bits = "complex" if header.kind in SEVERAL_VALUES and header.kind not in (128, 2304) else ""
    _check_kind(path, header.dim, header.components, bits)
    if header.kind not in KINDS:
        raise _unreadable(path, "its voxels are numbers of a kind that is not supported")
    check_room(path, header.dim, header.bits // 8, [header.data])
    if header.version == 0:
        geometry, assumed = _geometry_of_header(_open(path, check_header(path))), (NO_ORIENTATION,)
    else:
        pose = pose_of(header)
        spacing = np.linalg.norm(pose.affine[:3, :3], axis=0)
        with np.errstate(invalid="ignore"):  # an axis without length is refused below
            axes = pose.affine[:3, :3] / spacing
        geometry = Geometry(
            header.dim[:3], tuple(spacing.tolist()), tuple(pose.affine[:3, 3].tolist()), tuple(axes.ravel().tolist())
        )
        assumed = pose.assumed

    def read() -> SimpleITK.Image:
        import SimpleITK

        voxels = read_voxels(header, file_blocks(header.data, 0, header.packed, header.byte_count))
        return SimpleITK.GetImageFromArray(voxels.reshape(header.dim[2::-1]), isVector=False)

    return ScanHeader(geometry, assumed, read, header.names_unit)


def _open(path: Path, header: Header | None = None) -> SimpleITK.ImageFileReader:
    """Opens a file and refuses what is no scan before its voxels take memory."""
    import SimpleITK

    reader = open_header(path)
    kind = SimpleITK.GetPixelIDValueAsString(reader.GetPixelID())
    _check_kind(path, reader.GetSize(), reader.GetNumberOfComponents(), kind)
    width = 8 if "64" in kind else 4 if "32" in kind else 2
    files = [path] if header is None else [file for file in header.data_files if file.exists()]
    check_room(path, reader.GetSize(), width, files, TIFF_PACKED if is_tiff(path) else MOST_PACKED)
    return reader


def _geometry_of_header(header: SimpleITK.ImageFileReader) -> Geometry:
    rank, matrix = header.GetDimension(), header.GetDirection()
    direction = tuple(matrix[row * rank + column] for row in range(3) for column in range(3))
    return Geometry(header.GetSize()[:3], header.GetSpacing()[:3], header.GetOrigin()[:3], direction)


def _check_format(path: Path) -> tuple[str, ...]:
    """What a format leaves open that has no header of its own here.

    Raises:
        ImageError: it leaves open how large a voxel is.
    """
    import SimpleITK

    name = SimpleITK.ImageFileReader.GetImageIOFromFileName(str(path))
    if name in KNOWN_BY_NAME:
        raise ImageError(
            "unreadable",
            f"{path} is not named as files of its format are",
            f"Give the file whose name ends in {KNOWN_BY_NAME[name]}, or rename it so",
        )
    if name not in OTHER_FORMATS:
        raise ImageError(
            "spacing-unknown",
            f"{path} is of a format that does not tell the size of its voxels in mm",
            "Open it in 3D Slicer, set its voxel size in the module Volumes, and save it as .nrrd",
        )
    if name == "VTKImageIO":
        with path.open("rb") as stream:
            if not VTK_SIZE.search(stream.read(VTK_HEADER).partition(b"POINT_DATA")[0]):
                raise size_unknown(path)
    return OTHER_FORMATS[name]


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
            f"{path} is a sequence of {math.prod(size[3:])} volumes ({times(size)}), not one",
            "Save the one that you want as a 3D scan",
        )
    if len(size) < 3 or min(size[:3]) < 2:
        raise ImageError(
            "2d", f"{path} is a flat image ({times(size)}), not a 3D scan", "Give a scan with several slices"
        )


def scaled(geometry: Geometry, factor: float) -> Geometry:
    """The grid with all lengths multiplied, to bring it from another unit to mm."""
    spacing = tuple(step * factor for step in geometry.spacing)
    return replace(geometry, spacing=spacing, origin=tuple(value * factor for value in geometry.origin))


def straight(path: Path, geometry: Geometry) -> Geometry:
    """The grid with axes at right angles, where those of the file are off by a trifle that moves no voxel visibly.

    Raises:
        ImageError: they are off by more, or the voxel size or the position can't be.
    """
    if not all(math.isfinite(step) and step > 0 for step in geometry.spacing):
        raise ImageError(
            "spacing", f"{path} has an impossible voxel size of {times(geometry.spacing)} mm", SPACING_REMEDY
        )
    check_position(path, (*geometry.origin, *geometry.direction))
    axes = np.reshape(geometry.direction, (3, 3))
    away = float(np.abs(axes.T @ axes - np.eye(3)).max())
    if away < RIGHT_ANGLE:
        return geometry
    left, _, right = np.linalg.svd(axes)
    nearest = left @ right
    corner = (np.array(geometry.size) - 1) * geometry.spacing
    corners = np.array(list(itertools.product(*((0.0, length) for length in corner)))).T
    moved = float(np.linalg.norm((axes - nearest) @ corners, axis=0).max())
    if moved <= GRID_TOLERANCE * min(geometry.spacing):
        return replace(geometry, direction=tuple(nearest.ravel().tolist()))
    if away < SHEAR_TOLERANCE:
        return geometry
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
    return ImageError("unreadable", f"{path} can't be read ({reason})", SAVE_AGAIN)
