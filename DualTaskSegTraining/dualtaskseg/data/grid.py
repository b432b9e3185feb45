"""One grid for all scans: how an image is brought to a training's orientation and spacing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import SimpleITK


_FEWEST_TO_BLUR = 4  # voxels along an axis that the recursive filter needs


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


def on_plan_grid(image: SimpleITK.Image, plan: Grid, label: bool = False) -> SimpleITK.Image:
    """Brings an image to the plan's orientation and spacing.

    Labels take the nearest value, images are interpolated linearly, after a blur along axes that become much coarser
    so that fine structure does not alias. The new grid covers the old one's extent, voxel edges aligned.
    """
    import SimpleITK as sitk

    image = sitk.DICOMOrient(image, plan.orientation)
    old_spacing, old_size = image.GetSpacing(), image.GetSize()
    spacing = plan.spacing[::-1]
    if all(abs(new - old) < 1e-3 * old for new, old in zip(spacing, old_spacing, strict=True)):
        return image
    size = [max(1, round(n * old / new)) for n, old, new in zip(old_size, old_spacing, spacing, strict=True)]
    shift = [(new - old) / 2 for new, old in zip(spacing, old_spacing, strict=True)]
    direction = np.array(image.GetDirection()).reshape(3, 3)
    origin = np.array(image.GetOrigin()) + direction @ np.array(shift)
    if not label:
        for axis in range(3):
            if spacing[axis] > 1.5 * old_spacing[axis] and old_size[axis] >= _FEWEST_TO_BLUR:
                # the usual width that keeps what the coarser grid can show
                sigma = 0.5 * (spacing[axis] ** 2 - old_spacing[axis] ** 2) ** 0.5
                image = sitk.RecursiveGaussian(image, sigma, direction=axis)
    resampler = sitk.ResampleImageFilter()
    resampler.SetSize(size)
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
