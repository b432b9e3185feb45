"""A volume to write: its voxels are held in a small type and handed on in a larger one, some slices at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.io.geometry import Geometry, geometry_of, place_on

if TYPE_CHECKING:
    import SimpleITK

SLAB_BYTES = 2**24  # of a large scan, that are converted at once


@dataclass(frozen=True)
class Volume:
    """Voxels on a grid.

    Attributes:
        array: (z, y, x), as they are held.
        kind: as they count and are written, such as float32 for an array in half precision.
    """

    array: np.ndarray
    geometry: Geometry
    kind: np.dtype

    def slabs(self) -> Iterator[np.ndarray]:
        """The voxels in their own type, some slices at a time, each contiguous in memory."""
        plane = self.array[0].size * self.kind.itemsize
        step = max(1, SLAB_BYTES // plane)
        for start in range(0, len(self.array), step):
            yield np.ascontiguousarray(self.array[start : start + step], self.kind)

    def image(self) -> SimpleITK.Image:
        """All of it as an image, in memory of its own."""
        import SimpleITK as sitk

        if self.array.dtype == self.kind or self.array.nbytes <= SLAB_BYTES:
            image = sitk.GetImageFromArray(self.array.astype(self.kind, copy=False))
        else:  # the whole array of the other type would be one more volume
            image = sitk.Image(self.geometry.size, _pixel_type(self.kind))
            start = 0
            for part in self.slabs():
                image[:, :, start : start + len(part)] = sitk.GetImageFromArray(part)
                start += len(part)
        place_on(image, self.geometry)
        return image


def volume_of(image: SimpleITK.Image) -> Volume:
    """The voxels of a 3D image of one number a voxel, not copied: valid as long as the image is kept."""
    import SimpleITK as sitk

    voxels = sitk.GetArrayViewFromImage(image)
    return Volume(voxels, geometry_of(image), voxels.dtype)


def _pixel_type(kind: np.dtype) -> int:
    import SimpleITK as sitk

    return sitk.GetImageFromArray(np.zeros((1, 1, 1), kind)).GetPixelID()
