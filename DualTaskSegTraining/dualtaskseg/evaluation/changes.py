"""What a later segmentation of a scan changed: volumes, agreement and surface distances, and a map of the places."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.contract.segment import folded
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.metrics import score_masks
from dualtaskseg.io.geometry import Geometry, geometry_of, place_on
from dualtaskseg.io.label_images import on_grid_of, read_label
from dualtaskseg.io.writing import write_image
from dualtaskseg.progress import ignore

if TYPE_CHECKING:
    import SimpleITK

SAME, ADDED, REMOVED, OTHER = range(4)  # the values of the map


@dataclass(frozen=True)
class Change:
    """What changed of one structure.

    Attributes:
        structure: its name.
        before_ml, after_ml: its volume in milliliters.
        added_ml, removed_ml: what only the later and what only the earlier segmentation holds of it.
        dice: of the two, 0 to 1.
        mean_mm, percentile95_mm, largest_mm: distances of their surfaces, see :mod:`dualtaskseg.evaluation.metrics`
            (ASSD, HD95, HD); None where exactly one of the two is empty.
    """

    structure: str
    before_ml: float
    after_ml: float
    added_ml: float
    removed_ml: float
    dice: float
    mean_mm: float | None
    percentile95_mm: float | None
    largest_mm: float | None


def compare_masks(
    before: Mapping[str, Path | str],
    after: Mapping[str, Path | str],
    out: Path | str | None = None,
    on_progress: Callable[[int, int], None] = ignore,
) -> list[Change]:
    """Compares two segmentations structure by structure; one that only one of them has is empty in the other.

    Args:
        before: of the earlier one, a file by structure: everything but zero is inside. All lie on one grid.
        after: of the later one. Capital letters in names make no difference.
        out: where a map of the changes goes: 1 where only the later one has a structure, 2 where only the earlier one
            has, 3 where both have, but not the same, else 0.

    Raises:
        InputError: there is no mask, a file can't be read, lies on another grid or can't be written.
    """
    files = [{folded(name): (name, Path(file)) for name, file in each.items()} for each in (before, after)]
    keys = list(dict.fromkeys([*files[0], *files[1]]))
    if not keys:
        raise InputError("Neither of the two segmentations holds anything", "Choose others")
    changes: list[Change] = []
    grid: Geometry | None = None
    maps: list[np.ndarray] = []  # where any structure is, earlier and later, and where any differs
    for done, key in enumerate(keys):
        on_progress(done, len(keys))
        found = []
        for each in files:
            image = _read(each[key][1], grid) if key in each else None
            if grid is None and image is not None:
                grid = geometry_of(image)
            found.append(image)
        masks = [np.zeros(grid.shape, bool) if each is None else _mask(each) for each in found]
        maps = maps or [np.zeros(grid.shape, bool) for _ in range(3)]
        name = next(each[key][0] for each in reversed(files) if key in each)
        changes.append(_change(name, *masks, grid))
        for collected, mask in zip(maps, (*masks, masks[0] ^ masks[1]), strict=True):
            collected |= mask
    if out is not None:
        _write_map(*maps, grid, out)
    on_progress(len(keys), len(keys))
    return changes


def _read(file: Path, grid: Geometry | None) -> SimpleITK.Image:
    image = read_label(file)
    return image if grid is None else on_grid_of(grid, file, image)


def _mask(image: SimpleITK.Image) -> np.ndarray:
    import SimpleITK

    return SimpleITK.GetArrayViewFromImage(image) != 0


def _change(name: str, before: np.ndarray, after: np.ndarray, grid: Geometry) -> Change:
    score = score_masks(after, before, grid.spacing_zyx)
    lengths = (score.assd_mm, score.hd95_mm, score.hd_mm)
    return Change(
        name,
        score.volume_reference_mm3 / 1000,
        score.volume_prediction_mm3 / 1000,
        int(np.count_nonzero(after & ~before)) * grid.voxel_ml,
        int(np.count_nonzero(before & ~after)) * grid.voxel_ml,
        score.dice,
        *(None if math.isnan(length) else length for length in lengths),
    )


def _write_map(before: np.ndarray, after: np.ndarray, differs: np.ndarray, grid: Geometry, out: Path | str) -> None:
    """Writes where a structure came, went, or became another.

    Args:
        before, after: where any structure is.
        differs: where any structure differs.
    """
    import SimpleITK

    values = np.zeros(grid.shape, np.uint8)
    values[after & ~before] = ADDED
    values[before & ~after] = REMOVED
    values[before & after & differs] = OTHER
    image = SimpleITK.GetImageFromArray(values)
    place_on(image, grid)
    write_image(image, out, compress=False)
