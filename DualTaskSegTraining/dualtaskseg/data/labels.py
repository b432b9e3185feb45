"""Reads label files such that each voxel's value is that of the dataset's segment, however the file numbers it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.data.label_arrays import value_counts
from dualtaskseg.data.label_names import NamedValue, in_one_layer, named_values, slicer_segments
from dualtaskseg.data.meaning import Meaning, values_in_dataset
from dualtaskseg.io.geometry import Geometry
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.image_notes import assumptions, is_unit_assumed, note_open
from dualtaskseg.io.label_images import SEVERAL_MAPS, on_grid_of, read_label, read_layers

if TYPE_CHECKING:
    import SimpleITK


def read_named_label(
    path: Path | str, meaning: Meaning, like: Geometry | None = None, beside: Sequence[NamedValue] = ()
) -> tuple[SimpleITK.Image, bool]:
    """Reads a label with the dataset's values.

    Args:
        meaning: of values in the dataset. Without segments, values stay as they are in the file.
        like: the grid of the scan that it belongs to, as for :func:`~dualtaskseg.io.label_images.read_label`.
        beside: what a list beside the file calls its values, which counts where the file itself does not name them.

    Returns:
        An integer image, and whether the file (or a table beside it) names its values.

    Raises:
        ImageError: as ``read_label``; or the file's names don't fit the dataset's, or its segments overlap.
    """
    path = Path(path)
    try:
        image = read_label(path, like)
    except ImageError as error:
        if error.code not in SEVERAL_MAPS or not slicer_segments(path):
            raise
        image = _joined(path, read_layers(path))
        image = image if like is None else on_grid_of(like, path, image)
    named = named_values(path) or tuple(beside)
    if not named or not (meaning.segments or meaning.others):
        return image, bool(named)
    values = values_in_dataset(path, named, voxel_values(image), meaning)
    return with_values(image, values), True


def _joined(path: Path, layers: Sequence[SimpleITK.Image]) -> SimpleITK.Image:
    """The layers of a segmentation of 3D Slicer as one label map, with the values that ``named_values`` tells.

    Slicer puts segments into layers where they overlap, or once did so.

    Raises:
        ImageError: they overlap, or a voxel's value has no name.
    """
    import SimpleITK

    arrays = [SimpleITK.GetArrayViewFromImage(layer) for layer in layers]
    given = [segment for segment in slicer_segments(path) if segment.layer < len(arrays)]
    joined = np.zeros(arrays[0].shape, np.int32)
    names = {}
    for segment, target in zip(given, in_one_layer(given, len(arrays)), strict=True):
        mask = arrays[segment.layer] == segment.value
        taken = joined[mask]
        if taken.any():
            other = names[int(taken.max())]
            raise ImageError(
                "overlap",
                f"The label {path} has segments that overlap: {np.count_nonzero(taken)} voxels of {segment.name} "
                f"belong to another, such as {other}",
                "Let each voxel belong to one of them: take it from the others in 3D Slicer's Segment Editor, with the "
                "effect Logical operators, and save the segmentation again",
            )
        joined[mask] = target.value
        names[target.value] = target.name
    for index, array in enumerate(arrays):
        known = {segment.value for segment in given if segment.layer == index}
        nameless = sorted(set(value_counts(array)) - known - {0})
        if nameless:
            raise ImageError(
                "segment-names",
                f"The label {path} holds the value {nameless[0]} in its layer {index}, which no segment has",
                "Save it again from the program that it was drawn with",
            )
    image = SimpleITK.GetImageFromArray(joined)
    image.CopyInformation(layers[0])
    note_open(image, assumptions(layers[0]), not is_unit_assumed(layers[0]))
    return image


def voxel_values(image: SimpleITK.Image) -> set[int]:
    """The values that occur in a label image."""
    import SimpleITK

    return set(value_counts(SimpleITK.GetArrayViewFromImage(image)))


def with_values(image: SimpleITK.Image, values: dict[int, int]) -> SimpleITK.Image:
    """A label image with other values; ``values`` tells the new one of each that occurs."""
    import SimpleITK

    if all(old == new for old, new in values.items()):
        return image
    given = SimpleITK.GetArrayViewFromImage(image)
    result = np.zeros(given.shape, np.int32)
    for old, new in values.items():
        if new:
            result[given == old] = new
    changed = SimpleITK.GetImageFromArray(result)
    changed.CopyInformation(image)
    for key in image.GetMetaDataKeys():
        changed.SetMetaData(key, image.GetMetaData(key))
    return changed
