"""What becomes of a label's small parts on a coarser grid: each connected part that no voxel of the grid meets is lost.

A lesion that is lost on the training grid is worse than one left out: it is taught as background.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.data.grid import on_plan_grid
from dualtaskseg.data.label_arrays import bounding_box
from dualtaskseg.io.geometry import Geometry, geometry_of, place_on, sides_text

if TYPE_CHECKING:
    import SimpleITK

FEWEST_VOXELS = 4  # of a part that the choice of the grid minds
LARGEST_CHANGE = 0.5  # of a segment's volume, before it is said
COARSER = 1.02  # how much coarser an axis has to be, before anything is counted


@dataclass(frozen=True)
class Parts:
    """The connected parts (by faces, edges or corners) of one segment in one scan.

    Attributes:
        count: how many there are as drawn.
        lost: how many no voxel of the grid meets.
        volume: of all in mm^3, as drawn.
        volume_after: of what is left on the grid.
    """

    value: int
    count: int
    lost: int
    volume: float
    volume_lost: float
    volume_after: float

    @property
    def is_told(self) -> bool:
        """Whether a part is lost, or the volume changes so much that somebody should hear of it."""
        return self.lost > 0 or abs(self.volume_after - self.volume) > LARGEST_CHANGE * self.volume

    def sentence(self, case: str, segment: str, spacing: Sequence[float]) -> str:
        """What was lost or changed, for people; ``spacing`` is that of the grid in mm, (z, y, x)."""
        size = sides_text(spacing)
        if not self.lost:
            return (
                f"The volume of {segment} in {case} changes from {three_digits(self.volume)} to "
                f"{three_digits(self.volume_after)} mm3 at {size} mm: it is hardly larger than such voxels"
            )
        which = "The only part" if self.count == 1 else f"{self.lost} of {self.count} parts"
        return (
            f"{which} of {segment} in {case} {'is' if self.lost == 1 else 'are'} lost at {size} mm "
            f"({three_digits(self.volume_lost)} of {three_digits(self.volume)} mm3): no voxel of this size meets them"
        )


def three_digits(value: float) -> str:
    """A number to three digits as people write it: 0.0316, 1.6, 1480, never with an exponent where it is large."""
    return f"{float(f'{value:.3g}'):g}"


def is_coarser(spacing: Sequence[float], own: Sequence[float]) -> bool:
    """Whether a grid is coarser than a scan along any axis, so that parts may be lost; both (z, y, x)."""
    return any(new > COARSER * old for new, old in zip(spacing, own, strict=True))


def lost_parts(
    label: SimpleITK.Image, values: Iterable[int], spacing: Sequence[float], orientation: str = "LPS"
) -> list[Parts]:
    """Counts the parts of segments that a grid of another voxel size does not meet.

    Args:
        spacing: of the grid, (z, y, x) in mm, along the axes of ``orientation``; the grid begins where the scan does.
        orientation: of the grid's axes, as DICOM names them for (x, y, z).

    Returns:
        One entry for each value that occurs; none at all where the grid is nowhere coarser than the label's.
    """
    import SimpleITK as sitk

    label = sitk.DICOMOrient(label, orientation)
    array = sitk.GetArrayViewFromImage(label)
    geometry = geometry_of(label)
    own = geometry.spacing_zyx
    if not is_coarser(spacing, own):
        return []
    spacing = tuple(float(step) for step in spacing)
    sources = [_sources(geometry, axis, spacing, orientation) for axis in range(3)]
    voxel = float(np.prod(own))
    found = []
    for value in values:
        parts = _parts(array, value)
        if parts is None:
            continue
        starts, numbers = parts
        sizes = np.bincount(numbers.ravel())
        sizes[0] = 0
        inside = [
            indices[(indices >= start) & (indices < start + size)] - start
            for indices, start, size in zip(sources, starts, numbers.shape, strict=True)
        ]
        after = numbers[np.ix_(*inside)]
        kept = np.zeros(len(sizes), bool)
        kept[np.unique(after)] = True
        gone = sizes[~kept]
        volume, volume_lost = float(sizes.sum() * voxel), float(gone.sum() * voxel)
        volume_after = float(np.count_nonzero(after) * np.prod(spacing))
        found.append(Parts(int(value), len(sizes) - 1, int((gone > 0).sum()), volume, volume_lost, volume_after))
    return found


def part_extents(array: np.ndarray, value: int, spacing: Sequence[float]) -> Iterator[tuple[float, ...]]:
    """The extents in mm, (z, y, x), of the box round each part of a segment; specks of a few voxels are passed over.

    Args:
        array: label values (z, y, x).
        spacing: of the array, (z, y, x) in mm.
    """
    import SimpleITK as sitk

    parts = _parts(array, value)
    if parts is None:
        return
    shapes = sitk.LabelShapeStatisticsImageFilter()
    shapes.ComputeFeretDiameterOff()
    shapes.ComputePerimeterOff()
    shapes.Execute(sitk.GetImageFromArray(parts[1]))
    for number in shapes.GetLabels():
        if shapes.GetNumberOfPixels(number) < FEWEST_VOXELS:
            continue
        sides = shapes.GetBoundingBox(number)[3:][::-1]
        yield tuple(side * step for side, step in zip(sides, spacing, strict=True))


def _sources(geometry: Geometry, axis: int, spacing: Sequence[float], orientation: str) -> np.ndarray:
    """From which voxel along an axis (0 for z) each voxel of the new grid takes its value.

    A line of voxels is resampled as a label is, since half-way between two voxels rounding decides.
    """
    import SimpleITK as sitk

    count = geometry.shape[axis]
    shape = [1, 1, 1]
    shape[axis] = count
    line = sitk.GetImageFromArray(np.arange(count, dtype=np.int32).reshape(shape))
    place_on(line, geometry)
    moved = sitk.GetArrayFromImage(on_plan_grid(line, spacing, orientation, label=True))
    moved = np.moveaxis(moved, axis, -1)
    return moved.reshape(-1, moved.shape[-1])[0]


def _parts(array: np.ndarray, value: int) -> tuple[tuple[int, ...], np.ndarray] | None:
    """Where the box round a segment begins, and in it the number of each voxel's part, from 1; None if it is absent."""
    import SimpleITK as sitk

    mask = array == value
    box = bounding_box(mask)
    if box is None:
        return None
    image = sitk.ConnectedComponent(sitk.GetImageFromArray(mask[box].astype(np.uint8)), True)
    return tuple(part.start for part in box), sitk.GetArrayFromImage(image)
