"""Reads labels: images of whole numbers on the grid of their scan, one map of a file or several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.io.file_headers import check_file
from dualtaskseg.io.geometry import Geometry, geometry_of, place_on
from dualtaskseg.io.headers import open_header
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.image_notes import assumptions, is_unit_assumed, note_open
from dualtaskseg.io.images import read_image, scaled, straight
from dualtaskseg.io.memory_check import check_room

if TYPE_CHECKING:
    import SimpleITK


NO_SERIES = ("unreadable", "subfolders")  # codes of folders without DICOM files of their own
WHOLE_TOLERANCE = 1e-3  # how far a label's value may be from a whole number: scaled and stored as a float
ALIGNED = 2e-3  # how far axes that are only stored in another order may be from each other, as a sine


def read_label(path: Path | str, like: Geometry | None = None) -> SimpleITK.Image:
    """Reads a label: an image whose voxels tell their segment by a whole number, 0 being background.

    Args:
        path: the file; ``.seg.nrrd`` files of 3D Slicer with one layer too.
        like: the grid of the scan that it belongs to; given that, the result lies on exactly this grid. A label whose
            axes are stored in another order or direction is turned, which moves no voxel.

    Returns:
        An integer image. Whole numbers stored as floats, or in 64 bits, become 32-bit integers; floats may be off by
        rounding, as 0.99998 is.

    Raises:
        ImageError: as :func:`read_image`; or the values are not whole numbers; or the grid is not ``like``.
    """
    path = Path(path)
    try:
        image = read_image(path)
    except ImageError as error:
        if error.code in NO_SERIES and path.is_dir():
            raise ImageError(
                "folder",
                f"The label {path} is a folder, not a file",
                f"Save all of its structures as one label map, such as {path.name}.nii.gz or {path.name}.seg.nrrd",
            ) from error
        if error.code != "color":
            raise
        raise ImageError(
            "several-layers",
            f"The label {path} has several values for each voxel",
            "Save it as one label map; segments of 3D Slicer must not overlap",
        ) from error
    image = as_integers(path, image)
    return image if like is None else on_grid_of(like, path, image)


def on_grid_of(scan: Geometry, path: Path, label: SimpleITK.Image) -> SimpleITK.Image:
    """A label on exactly the grid of its scan; only the order and direction of its axes may be another.

    Args:
        scan: its grid.
        path: of the label.
        label: as read.

    Raises:
        ImageError: it lies elsewhere.
    """
    label = reordered(label, scan)
    if not geometry_of(label).same_grid(scan):
        raise other_grid(path, geometry_of(label), scan)
    place_on(label, scan)
    return label


def other_grid(path: Path, label: Geometry, scan: Geometry) -> ImageError:
    """The error for a label that doesn't lie on its scan's grid."""
    return ImageError(
        "other-grid",
        f"The label {path} does not lie on the grid of its scan: the label has {label.describe()}; "
        f"the scan has {scan.describe()}",
        "Check that the label belongs to this scan; then export it again with the scan as reference volume",
    )


def reordered(image: SimpleITK.Image, geometry: Geometry) -> SimpleITK.Image:
    """The image with its axes in the order and direction of a grid's, where that puts it on the grid; else as it is.

    No voxel moves: a DICOM scan and the NIfTI file made from it often differ that way.
    """
    if geometry_of(image).same_grid(geometry):
        return image
    turned = _turned(image, geometry)
    return turned if turned is not None and geometry_of(turned).same_grid(geometry) else image


def _turned(image: SimpleITK.Image, geometry: Geometry) -> SimpleITK.Image | None:
    """The image with its axes in the order and direction of the grid's; None where they are oblique to these."""
    import SimpleITK

    axes = np.reshape(geometry.direction, (3, 3)).T @ np.reshape(image.GetDirection(), (3, 3))
    order = np.abs(axes).argmax(axis=1)
    if len(set(order.tolist())) < 3:
        return None
    signs = axes[range(3), order]
    if not (np.abs(signs) > 1 - ALIGNED).all():
        return None
    image = SimpleITK.PermuteAxes(image, order.tolist())
    return image[tuple(slice(None, None, 1 if sign > 0 else -1) for sign in signs)]


def as_integers(path: Path, image: SimpleITK.Image) -> SimpleITK.Image:
    """The label with whole numbers of at most 32 bits; what its file leaves open stays noted.

    Raises:
        ImageError: a voxel's value is no whole number, but for rounding, or too large.
    """
    import SimpleITK

    if image.GetPixelID() not in (
        SimpleITK.sitkFloat32,
        SimpleITK.sitkFloat64,
        SimpleITK.sitkInt64,
        SimpleITK.sitkUInt64,
    ):
        return image
    for plane in SimpleITK.GetArrayViewFromImage(image):  # plane after plane, to keep temporary arrays small
        with np.errstate(invalid="ignore"):  # infinite voxels are no whole numbers either
            bad = plane[~((np.abs(np.rint(plane) - plane) < WHOLE_TOLERANCE) & (np.abs(plane) < 2.0**31))]
        if bad.size:
            raise ImageError(
                "not-whole",
                f"The label {path} holds values that are not whole numbers or too large, such as {float(bad[0]):.10g}",
                "Check that it is a label, not a scan or a probability map; resample labels with nearest neighbor only",
            )
    assumed, is_unit_open = assumptions(image), is_unit_assumed(image)  # it holds for the whole numbers too
    if image.GetPixelID() in (SimpleITK.sitkFloat32, SimpleITK.sitkFloat64):
        image = SimpleITK.Round(image)  # casting alone would cut 0.99998 to 0
    whole = SimpleITK.Cast(image, SimpleITK.sitkInt32)
    note_open(whole, assumed, not is_unit_open)
    return whole


SEVERAL_MAPS = ("4d", "several-layers")  # codes of the errors of ``read_label`` for files that hold several maps


def read_layers(path: Path) -> list[SimpleITK.Image]:
    """Reads a label file that holds several maps, for which :func:`~dualtaskseg.io.label_images.read_label` refuses it.

    Returns:
        Integer images, all on one grid.

    Raises:
        ImageError: it can't be read, or holds values that are not whole numbers.
    """
    import SimpleITK

    header = check_file(path)
    try:
        reader = open_header(path)
        check_room(path, (*reader.GetSize(), reader.GetNumberOfComponents()), 2)
        image = reader.Execute()
    except RuntimeError as error:
        raise ImageError("unreadable", f"{path} can't be read", "Save it as one file for each segment") from error
    count = image.GetNumberOfComponentsPerPixel()
    if image.GetDimension() == 4 and count == 1:
        images = [image[:, :, :, index] for index in range(image.GetSize()[3])]
    elif image.GetDimension() == 3:
        images = [SimpleITK.VectorIndexSelectionCast(image, index) for index in range(count)]
    else:
        raise ImageError("4d", f"{path} has too many dimensions", "Save it as one file for each segment")
    layers = []
    for layer in images:
        layer = as_integers(path, layer)
        if header is not None:
            place_on(layer, straight(path, scaled(geometry_of(layer), header.to_mm)))
            note_open(layer, header.assumed, header.names_unit)
        layers.append(layer)
    return layers
