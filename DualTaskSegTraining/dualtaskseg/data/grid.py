"""One grid for all scans: how an image is brought to a training's orientation and spacing.

What decides about the grid stands here once, for whole images and for :mod:`dualtaskseg.inference.resampling`, which
has a few slices at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import SimpleITK

SAME_SPACING = 1e-3  # relative difference up to which an image is left on its own grid
BLUR_ABOVE = 1.5  # how much coarser an axis becomes before fine structure has to be blurred away
FEWEST_TO_BLUR = 4  # voxels along an axis that the recursive filter needs


class Grid(Protocol):
    """What a plan says of the grid of all scans.

    Attributes:
        spacing: mm, (z, y, x).
        orientation: of its axes, such as ``"LPS"``.
    """

    @property
    def spacing(self) -> tuple[float, ...]: ...
    @property
    def orientation(self) -> str: ...


def is_same_spacing(old: Sequence[float], new: Sequence[float]) -> bool:
    """Whether voxel sizes differ so little that nothing is resampled."""
    return all(abs(after - before) < SAME_SPACING * before for after, before in zip(new, old, strict=True))


def grid_shape(shape: Sequence[int], old: Sequence[float], new: Sequence[float]) -> tuple[int, ...]:
    """How many voxels of a new size cover what a number of an old size cover, along each axis; at least one."""
    return tuple(max(1, round(n * before / after)) for n, before, after in zip(shape, old, new, strict=True))


def blur_deviation(count: int, old: float, new: float) -> float:
    """Standard deviation of the blur along an axis of ``count`` voxels, in the unit of the voxel sizes; 0 for none.

    It has the usual width, which keeps what the coarser grid can show.
    """
    if new <= BLUR_ABOVE * old or count < FEWEST_TO_BLUR:
        return 0.0
    return 0.5 * (new**2 - old**2) ** 0.5


def on_plan_grid(image: SimpleITK.Image, plan: Grid, label: bool = False) -> SimpleITK.Image:
    """Brings an image to the plan's orientation and spacing.

    Labels take the nearest value, images are interpolated linearly, after a blur along axes that become much coarser
    so that fine structure does not alias. The new grid covers the old one's extent, voxel edges aligned.
    """
    import SimpleITK as sitk

    image = sitk.DICOMOrient(image, plan.orientation)
    old_spacing, old_size = image.GetSpacing(), image.GetSize()
    spacing = plan.spacing[::-1]
    if is_same_spacing(old_spacing, spacing):
        return image
    shift = [(new - old) / 2 for new, old in zip(spacing, old_spacing, strict=True)]
    direction = np.array(image.GetDirection()).reshape(3, 3)
    origin = np.array(image.GetOrigin()) + direction @ np.array(shift)
    if not label:
        for axis in range(3):
            deviation = blur_deviation(old_size[axis], old_spacing[axis], spacing[axis])
            if deviation:
                image = sitk.RecursiveGaussian(image, deviation, direction=axis)
    resampler = sitk.ResampleImageFilter()
    resampler.SetSize(grid_shape(old_size, old_spacing, spacing))
    resampler.SetOutputSpacing(spacing)
    resampler.SetOutputOrigin(origin.tolist())
    resampler.SetOutputDirection(image.GetDirection())
    resampler.SetInterpolator(sitk.sitkNearestNeighbor if label else sitk.sitkLinear)
    resampler.UseNearestNeighborExtrapolatorOn()  # border voxels' outer halves lie outside the old centers
    return resampler.Execute(image)


def without_gaps(image: SimpleITK.Image) -> SimpleITK.Image:
    """A float image whose voxels that are no number have its smallest value, before a filter can spread them."""
    import SimpleITK as sitk

    voxels = sitk.GetArrayViewFromImage(image)
    finite = np.isfinite(voxels)
    if finite.all():
        return image
    filled = sitk.GetImageFromArray(np.where(finite, voxels, voxels[finite].min() if finite.any() else 0))
    filled.CopyInformation(image)
    return filled
