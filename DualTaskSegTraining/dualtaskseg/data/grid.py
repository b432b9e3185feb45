"""One grid for all scans: how an image is brought to a training's orientation and spacing.

What decides about the grid stands here once, for whole images and for :mod:`dualtaskseg.inference.resampling`, which
has a few slices at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.io.geometry import geometry_of, times

if TYPE_CHECKING:
    import SimpleITK

LARGEST_VOXEL = 10.0  # mm that two sides of a voxel may have; slices may be thicker
LARGEST_RATIO = 25.0  # of a voxel's sides that is still usual
SAME_SPACING = 1e-3  # relative difference up to which an image is left on its own grid
BLUR_ABOVE = 1.5  # how much coarser an axis becomes before fine structure has to be blurred away
FEWEST_TO_BLUR = 4  # voxels along an axis that the recursive filter needs


def target_spacing(scan_spacings: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """The median spacing (z, y, x) in mm; along an axis of thick slices the finest tenth, so that none is lost."""
    spacings = np.array(scan_spacings)
    median = np.median(spacings, axis=0)
    worst = int(np.argmax(median))
    others = [median[axis] for axis in range(3) if axis != worst]
    if median[worst] > 3 * max(others):
        median[worst] = max(np.percentile(spacings[:, worst], 10), max(others))
    return rounded_spacing(median)


def rounded_spacing(values: Sequence[float]) -> tuple[float, float, float]:
    """Spacing to four digits behind the point: finer differences come from how files store numbers."""
    return tuple(round(float(value), 4) for value in values)


def very_long_voxels(spacing: Sequence[float]) -> str:
    """What to say of voxels (x, y, z) with one side far longer than another, such as ``very long voxels of 1x1x30 mm``.

    Empty where they are usual.
    """
    if max(spacing) <= LARGEST_RATIO * min(spacing):
        return ""
    return f"very long voxels of {times(spacing, '.4g')} mm"


def very_large_voxels(spacing: Sequence[float]) -> str:
    """As :func:`very_long_voxels`, of voxels that no scanner for people makes, as where centimeters were written."""
    return f"very large voxels of {times(spacing, '.4g')} mm" if sorted(spacing)[1] > LARGEST_VOXEL else ""


def is_same_spacing(old: Sequence[float], new: Sequence[float]) -> bool:
    """Whether voxel sizes differ so little that nothing is resampled."""
    return all(abs(after - before) < SAME_SPACING * before for after, before in zip(new, old, strict=True))


def grid_shape(shape: Sequence[int], old: Sequence[float], new: Sequence[float]) -> tuple[int, ...]:
    """How many voxels of a new size cover what a number of an old size cover, along each axis; at least one."""
    return tuple(max(1, round(n * before / after)) for n, before, after in zip(shape, old, new, strict=True))


def blur_std(count: int, old: float, new: float) -> float:
    """Standard deviation of the blur along an axis of ``count`` voxels, in the unit of the voxel sizes; 0 for none.

    It has the usual width, which keeps what the coarser grid can show.
    """
    if new <= BLUR_ABOVE * old or count < FEWEST_TO_BLUR:
        return 0.0
    return 0.5 * (new**2 - old**2) ** 0.5


def on_plan_grid(
    image: SimpleITK.Image, spacing: Sequence[float], orientation: str, label: bool = False
) -> SimpleITK.Image:
    """Brings an image to a plan's spacing, (z, y, x) in mm, and orientation, such as ``"LPS"``.

    Labels take the nearest value, images are interpolated linearly, after a blur along axes that become much coarser
    so that fine structure does not alias. The new grid covers the old one's extent, voxel edges aligned.
    """
    import SimpleITK as sitk

    image = sitk.DICOMOrient(image, orientation)
    old = geometry_of(image)
    if is_same_spacing(old.spacing_zyx, spacing):
        return image
    new = old.resized(grid_shape(old.shape, old.spacing_zyx, spacing), spacing)
    if not label:
        for axis in range(3):
            std = blur_std(old.size[axis], old.spacing[axis], new.spacing[axis])
            if std:
                image = sitk.RecursiveGaussian(image, std, direction=axis)
    resampler = sitk.ResampleImageFilter()
    resampler.SetSize(new.size)
    resampler.SetOutputSpacing(new.spacing)
    resampler.SetOutputOrigin(new.origin)
    resampler.SetOutputDirection(new.direction)
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
