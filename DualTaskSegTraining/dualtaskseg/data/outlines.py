"""Reads what was outlined on a scan, and where somebody looked for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dualtaskseg.contract.dataset import Case
from dualtaskseg.data.labels import read_named_label, with_values
from dualtaskseg.data.meaning import Meaning
from dualtaskseg.io.geometry import Geometry, geometry_of
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.label_images import on_grid_of, read_label

if TYPE_CHECKING:
    import SimpleITK


class Outline(NamedTuple):
    """What was outlined on one scan.

    Attributes:
        label: integer image with the dataset's values; 0 where nobody looked.
        is_named: whether the label file (or a table beside it) names its values.
        seen: 1 where somebody looked, 0 elsewhere, on the label's grid; None where that is everywhere.
        added: how many voxels are outlined although the map says that nobody looked there; they count as seen.
    """

    label: SimpleITK.Image
    is_named: bool
    seen: SimpleITK.Image | None = None
    added: int = 0

    def seen_array(self) -> np.ndarray | None:
        """``seen`` as a bool array (z, y, x)."""
        import SimpleITK

        return None if self.seen is None else SimpleITK.GetArrayFromImage(self.seen) > 0


def read_outline(case: Case, meaning: Meaning, like: Geometry | None = None) -> Outline:
    """Reads the label of a case, and the map of what was looked at where it has one.

    Args:
        case: one that has a label.
        meaning: of values in the dataset, see :func:`~dualtaskseg.data.labels.read_named_label`.
        like: the grid of the scan.

    Raises:
        ImageError: as ``read_named_label``, of either file; or nothing at all was looked at.
    """
    meaning = replace(meaning, unseen_value=case.unseen_value)  # a file may name that value, too
    label, is_named = read_named_label(case.label, meaning, like)
    return outline_of(label, is_named, case.label, case.seen, case.unseen_value)


def outline_of(
    label: SimpleITK.Image, is_named: bool, file: Path, seen_map: Path | None, unseen_value: int | None
) -> Outline:
    """What a label that was read tells, together with the map beside it.

    Args:
        file: the label's.
        seen_map: file of the map, if there is one.
        unseen_value: of the label where nobody looked, if there is such a value.

    Raises:
        ImageError: the map can't be read or lies on another grid, or nothing at all was looked at.
    """
    import SimpleITK

    if seen_map is None and unseen_value is None:
        return Outline(label, is_named)
    values = SimpleITK.GetArrayViewFromImage(label)
    seen = np.ones(values.shape, bool) if unseen_value is None else values != unseen_value
    added = 0
    if seen_map is not None:
        looked_at = SimpleITK.GetArrayFromImage(_read_map(seen_map, geometry_of(label))) != 0
        outlined = seen & (values != 0)
        added = int(np.count_nonzero(outlined & ~looked_at))
        seen &= looked_at | outlined
    if not seen.any():
        raise ImageError(
            "nothing-seen",
            f"Nothing of the scan was looked at, says {seen_map or file}",
            "Set the map to 1 where the scan was looked at; or make the case unlabeled",
        )
    if seen.all():
        return Outline(label, is_named)
    if unseen_value is not None:
        label = with_values(label, {int(value): int(value) for value in np.unique(values)} | {unseen_value: 0})
    image = SimpleITK.GetImageFromArray(seen.astype(np.uint8))
    image.CopyInformation(label)
    return Outline(label, is_named, image, added)


def _read_map(path: Path, grid: Geometry) -> SimpleITK.Image:
    try:
        return on_grid_of(grid, path, read_label(path))
    except ImageError as error:
        if error.code != "other-grid":
            raise
        what = error.what.replace("The label", "The map of what was looked at", 1).replace(
            "the label has", "the map has"
        )
        raise ImageError(error.code, what, error.remedy.replace("the label", "the map")) from error
