"""The grid that a scan's voxels lie on, in both orders of axes: SimpleITK's (x, y, z) and NumPy's (z, y, x)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import SimpleITK


IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
# Above float32 rounding of NIfTI headers and rounding to four digits in DICOM; far below what an eye could see.
GRID_TOLERANCE = 0.1


@dataclass(frozen=True)
class Geometry:
    """The grid that voxels lie on.

    Its own axes are x, y, z, as in SimpleITK; arrays have them the other way round. The patient's axes x, y, z run from
    right to left, front to back, foot to head.

    Attributes:
        size: number of voxels along x, y, z.
        spacing: distance of voxel centers along x, y, z in mm.
        origin: position of the first voxel's center in mm, in DICOM's patient axes (left, posterior, superior).
        direction: 3x3 matrix, row after row; its columns are the directions of x, y, z.
    """

    size: tuple[int, int, int]
    spacing: tuple[float, float, float]
    origin: tuple[float, float, float]
    direction: tuple[float, ...] = IDENTITY

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of voxels along z, y, x: the shape of arrays on this grid."""
        return self.size[::-1]

    @property
    def spacing_zyx(self) -> tuple[float, float, float]:
        """Distance of voxel centers along z, y, x in mm."""
        return self.spacing[::-1]

    @property
    def patient_shape(self) -> tuple[int, int, int]:
        """Number of voxels along the patient's z, y, x."""
        return self.along_patient(self.shape)

    @property
    def patient_spacing(self) -> tuple[float, float, float]:
        """Distance of voxel centers along the patient's z, y, x in mm."""
        return self.along_patient(self.spacing_zyx)

    def along_patient(self, values: Sequence[Any]) -> tuple[Any, Any, Any]:
        """One value for each of the grid's z, y, x, in the order of the patient's axes z, y, x."""
        z, y, x = (values[2 - axis] for axis in reversed(self._patient_axes()))
        return z, y, x

    def _patient_axes(self) -> list[int]:
        """Which axis of the grid runs mostly along the patient's x, y and z; each is used once."""
        matrix = np.abs(np.array(self.direction).reshape(3, 3))
        order = [0, 0, 0]
        for _ in range(3):
            physical, axis = np.unravel_index(int(np.argmax(matrix)), (3, 3))
            order[physical] = int(axis)
            matrix[physical, :] = -1
            matrix[:, axis] = -1
        return order

    @property
    def voxel_ml(self) -> float:
        """Volume of a voxel in milliliters."""
        return math.prod(self.spacing) / 1000

    @property
    def extent(self) -> tuple[float, float, float]:
        """Size in mm along x, y, z."""
        x, y, z = (count * step for count, step in zip(self.size, self.spacing, strict=True))
        return x, y, z

    def resized(self, shape: Sequence[int], spacing_zyx: Sequence[float]) -> Geometry:
        """A grid of so many voxels along z, y, x of another size in mm, which begins at this one's first voxel edge."""
        spacing = tuple(spacing_zyx[::-1])
        shift = [(new - old) / 2 for new, old in zip(spacing, self.spacing, strict=True)]
        origin = np.array(self.origin) + np.array(self.direction).reshape(3, 3) @ np.array(shift)
        return replace(self, size=tuple(shape[::-1]), spacing=spacing, origin=tuple(origin.tolist()))

    def describe(self) -> str:
        """Says the grid as people do: ``35x51x35 voxels of 1x1x1 mm, origin (0, 0, 0) mm, not rotated``."""
        rounded = tuple(round(value, 4) + 0.0 for value in self.direction)
        rows = "; ".join(" ".join(f"{value:g}" for value in rounded[row : row + 3]) for row in (0, 3, 6))
        rotation = "not rotated" if rounded == IDENTITY else f"direction ({rows})"
        origin = ", ".join(f"{round(value, 4) + 0.0:g}" for value in self.origin)
        return f"{times(self.size)} voxels of {times(self.spacing)} mm, origin ({origin}) mm, {rotation}"

    def same_grid(self, other: Geometry, tolerance: float = GRID_TOLERANCE) -> bool:
        """Whether both have as many voxels, at the same places.

        Args:
            tolerance: how far a corner voxel may lie from the other's, in units of the smallest spacing.
        """
        if self.size != other.size:
            return False
        limit = tolerance * min(*self.spacing, *other.spacing)
        corners = itertools.product(*((0, count - 1) for count in self.size))
        return all(math.dist(self.position(corner), other.position(corner)) <= limit for corner in corners)

    def position(self, index: Sequence[float]) -> tuple[float, ...]:
        """Position in mm of a voxel's center, given its index x, y, z."""
        steps = [i * step for i, step in zip(index, self.spacing, strict=True)]
        return tuple(
            start + sum(self.direction[3 * row + column] * steps[column] for column in range(3))
            for row, start in enumerate(self.origin)
        )


def geometry_of(image: SimpleITK.Image) -> Geometry:
    """Returns the grid of a 3D image."""
    return Geometry(image.GetSize(), image.GetSpacing(), image.GetOrigin(), image.GetDirection())


def place_on(image: SimpleITK.Image, geometry: Geometry) -> None:
    """Gives an image the spacing, origin and direction of a grid of its size."""
    image.SetSpacing(geometry.spacing)
    image.SetOrigin(geometry.origin)
    image.SetDirection(geometry.direction)


def with_positive_spacing(geometry: Geometry) -> Geometry:
    """Turns axes of a negative spacing round, as reading the voxels does: headers of DICOM frames may have them."""
    signs = [-1.0 if step < 0 else 1.0 for step in geometry.spacing]
    spacing = tuple(abs(step) for step in geometry.spacing)
    direction = tuple(value * signs[index % 3] for index, value in enumerate(geometry.direction))
    return replace(geometry, spacing=spacing, direction=direction)


def image_of(array: np.ndarray, spacing_zyx: Sequence[float]) -> SimpleITK.Image:
    """An image of an array (z, y, x) whose voxels have this size in mm, (z, y, x)."""
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(array)
    image.SetSpacing([float(step) for step in reversed(spacing_zyx)])
    return image


def sides_text(zyx: Iterable[float], digits: str = "g") -> str:
    """Lengths or counts along z, y, x as people write them, x first: ``1 x 1 x 2.5``."""
    return " x ".join(f"{side:{digits}}" for side in reversed(tuple(zyx)))


def times(xyz: Iterable[float], digits: str = ".6g") -> str:
    """Lengths or counts along x, y, z as a size: ``1x1x2.5``."""
    return "x".join(f"{side:{digits}}" for side in xyz)
