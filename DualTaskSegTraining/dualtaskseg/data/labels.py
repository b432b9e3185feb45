"""Reads label files such that each voxel's value is that of the dataset's segment, however the file numbers it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.data.label_arrays import value_counts
from dualtaskseg.data.label_names import Meaning, named_values, values_in_dataset
from dualtaskseg.io.geometry import Geometry
from dualtaskseg.io.images import read_label

if TYPE_CHECKING:
    import SimpleITK

__all__ = ["Meaning", "read_named_label"]


def read_named_label(path: Path | str, meaning: Meaning, like: Geometry | None = None) -> tuple[SimpleITK.Image, bool]:
    """Reads a label with the dataset's values.

    Args:
        meaning: of values in the dataset. Without segments, values stay as they are in the file.
        like: the grid of the scan that it belongs to, as for :func:`~dualtaskseg.io.images.read_label`.

    Returns:
        An integer image, and whether the file (or a table beside it) names its values.

    Raises:
        ImageError: as ``read_label``; or the file's names don't fit the dataset's.
    """
    path = Path(path)
    image = read_label(path, like)
    named = named_values(path)
    if not named or not (meaning.segments or meaning.others):
        return image, bool(named)
    values = values_in_dataset(path, named, voxel_values(image), meaning)
    return with_values(image, values), True


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
