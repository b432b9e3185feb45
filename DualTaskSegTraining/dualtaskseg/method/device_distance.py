"""Signed distances of a whole batch of label patches, on the device they are trained on.

The same distances as :func:`dualtaskseg.preparation.signed_distance.signed_distance`, which prepares labeled scans
once. These are for what is known only in the step itself: the labels that one network gives to the other.
"""

from __future__ import annotations

import math

import torch


@torch.no_grad()
def signed_distances(
    label: torch.Tensor, segments: int, spacing: tuple[float, float, float], truncation: torch.Tensor
) -> torch.Tensor:
    """Returns the signed distances to each segment of each patch, divided by the truncation.

    Args:
        label: (B, z, y, x) whole numbers, 0 to ``segments``.
        segments: how many.
        spacing: voxel size (z, y, x) in mm.
        truncation: (segments,) where distances are cut, mm.

    Returns:
        (B, segments, z, y, x) from -1 to 1, negative inside; 1 for a segment that is absent from the patch.
    """
    values = torch.arange(1, segments + 1, device=label.device).reshape(1, -1, 1, 1, 1)
    inside = label[:, None] == values
    largest = float(truncation.max())
    least = torch.full(inside.shape, largest**2, device=label.device)
    for axis in range(3):
        length = inside.shape[axis + 2]
        if length < 2:
            continue
        crossed = inside.narrow(axis + 2, 1, length - 1) != inside.narrow(axis + 2, 0, length - 1)
        squared = torch.where(crossed, 0.0, largest**2)
        for other in range(3):
            if other != axis:
                squared = _pass(squared, other + 2, spacing[other], largest)
        _pass_from_faces(squared, least, axis + 2, spacing[axis], largest)
    distance = least.sqrt_()
    distance = torch.where(inside, -distance, distance) / truncation.reshape(1, -1, 1, 1, 1)
    # a patch that a segment fills leaves its surface unknown; that it is inside, and far from the surface, is known
    filled = inside.flatten(2).all(dim=2)[:, :, None, None, None]
    return torch.where(filled, -1.0, distance).clamp_(-1, 1)


def _pass(squared: torch.Tensor, dimension: int, spacing: float, reach: float) -> torch.Tensor:
    """The least along one axis of ``squared`` at any place plus the squared way to it."""
    length = squared.shape[dimension]
    best = squared.clone()
    for offset in range(1, min(length, math.ceil(reach / spacing) + 1)):
        away = squared + (offset * spacing) ** 2
        for to, start in ((offset, 0), (0, offset)):
            place = best.narrow(dimension, to, length - offset)
            torch.minimum(place, away.narrow(dimension, start, length - offset), out=place)
    return best


def _pass_from_faces(squared: torch.Tensor, least: torch.Tensor, dimension: int, spacing: float, reach: float) -> None:
    """As :func:`_pass`, from the places between voxels (one fewer along the axis) to the voxels, into ``least``."""
    length = squared.shape[dimension]
    for offset in range(min(length, math.ceil(reach / spacing) + 1)):
        away = squared + ((offset + 0.5) * spacing) ** 2
        for to, start in ((offset + 1, 0), (0, offset)):
            place = least.narrow(dimension, to, length - offset)
            torch.minimum(place, away.narrow(dimension, start, length - offset), out=place)
