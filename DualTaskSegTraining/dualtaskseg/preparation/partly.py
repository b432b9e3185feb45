"""What a partly outlined scan teaches: on the plan's grid, and what it tells of distances."""

from __future__ import annotations

import math

import numpy as np

from dualtaskseg.data.outlines import Outline
from dualtaskseg.io.geometry import geometry_of, place_on
from dualtaskseg.preparation.signed_distance import signed_distance

UNSEEN = 255  # in the prepared label of a partly outlined scan, where nobody looked
HARDLY_COARSER = 0.1  # voxels by which a plane may be thinner than those of the new grid


def widened(outline: Outline, spacing: tuple[float, float, float], orientation: str) -> Outline:
    """Lets outlined planes reach as far as a voxel of the new grid does, so that none falls between two of its planes.

    Unseen voxels take the value of the nearest seen one along an axis that becomes coarser, up to about half a new
    voxel away: no farther than taking the nearest value moves an outline anyway.

    Args:
        outline: one with a map of what was looked at.
        spacing: of the new grid, (z, y, x) in mm, along the axes of ``orientation``.
        orientation: of the new grid's axes, as DICOM names them for (x, y, z).
    """
    import SimpleITK as sitk

    oriented = [sitk.DICOMOrient(image, orientation) for image in (outline.label, outline.seen)]
    geometry = geometry_of(oriented[0])
    label, seen = (sitk.GetArrayFromImage(image) for image in oriented)
    for axis, (old, new) in enumerate(zip(geometry.spacing_zyx, spacing, strict=True)):
        reach = math.ceil((new / old - 1) / 2 - HARDLY_COARSER)
        if reach < 1:
            continue
        given_label, given_seen = np.moveaxis(label.copy(), axis, 0), np.moveaxis(seen.copy(), axis, 0)
        along_label, along_seen = np.moveaxis(label, axis, 0), np.moveaxis(seen, axis, 0)
        for step in range(1, reach + 1):
            for to, start in ((slice(step, None), slice(None, -step)), (slice(None, -step), slice(step, None))):
                taken = (along_seen[to] == 0) & (given_seen[start] != 0)
                along_label[to][taken] = given_label[start][taken]
                along_seen[to][taken] = 1
    images = [sitk.GetImageFromArray(array) for array in (label, seen)]
    for image in images:
        place_on(image, geometry)
    return outline._replace(label=images[0], seen=images[1])


def distance_bounds(
    inside: np.ndarray, unseen: np.ndarray, spacing: tuple[float, float, float], truncation: float
) -> tuple[np.ndarray, np.ndarray]:
    """The least and the largest signed distance that a voxel can have, whatever lies where nobody looked.

    It is least where all unseen voxels are inside, and largest where all are outside. Where both are the same the
    distance is certain; on a single outlined slice the depth within it is what the true depth can't exceed.

    Args:
        inside: bool (z, y, x), voxels that were seen to be inside.
        unseen: bool (z, y, x), where nobody looked.
        spacing, truncation: as for :func:`~dualtaskseg.preparation.signed_distance.signed_distance`.

    Returns:
        two float32 arrays (z, y, x) in mm.
    """
    return signed_distance(inside | unseen, spacing, truncation), signed_distance(inside, spacing, truncation)
