"""Reading labels that hold several maps: layers of 3D Slicer's ``.seg.nrrd`` files, or volumes along a fourth axis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.io.file_headers import check_file
from dualtaskseg.io.geometry import geometry_of, place_on
from dualtaskseg.io.headers import open_header
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.image_notes import note_open
from dualtaskseg.io.images import scaled, straight
from dualtaskseg.io.label_images import as_integers
from dualtaskseg.io.memory_check import check_room

if TYPE_CHECKING:
    import SimpleITK

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
