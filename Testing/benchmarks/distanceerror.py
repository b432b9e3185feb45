"""How far signed distances are from the true ones where it matters: close to the true surface."""

from __future__ import annotations

import math

import numpy as np


def signed_distance_error(predicted_sdm: np.ndarray, reference_sdm: np.ndarray, band_mm: float) -> float:
    """Mean absolute error of a signed distance map close to the true surface.

    Args:
        predicted_sdm: signed distances in mm, negative inside, shape (z, y, x).
        reference_sdm: the true signed distances, same shape.
        band_mm: voxels count where ``|reference_sdm| < band_mm``. With maps truncated at a distance T, use a band of
            at most T: voxels at the truncation are then left out.

    Returns:
        The error in mm; NaN where no voxel lies within the band, such as for an absent segment.

    Raises:
        ValueError: the shapes differ, or the band is not positive.
    """
    predicted_sdm, reference_sdm = np.asarray(predicted_sdm), np.asarray(reference_sdm)
    if predicted_sdm.shape != reference_sdm.shape:
        raise ValueError(f"the maps differ in shape: {predicted_sdm.shape} and {reference_sdm.shape}")
    if not band_mm > 0:
        raise ValueError(f"the band must be positive, not {band_mm}")
    in_band = np.abs(reference_sdm) < band_mm
    if not in_band.any():
        return math.nan
    error = predicted_sdm[in_band].astype(np.float64) - reference_sdm[in_band]
    return float(np.abs(error).mean())
