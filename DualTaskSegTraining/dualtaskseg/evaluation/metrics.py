"""How well two masks agree: Dice, Jaccard, Hausdorff distance (95% and whole), average symmetric surface distance.

Definitions, the same as in MONAI (``monai.metrics``), so that figures can be set beside published ones:

* The surface of a mask is its border voxels: voxels of the mask with at least one of their six face neighbors outside
  the mask. What lies beyond the volume counts as outside, so a mask that touches the volume's edge has a surface there.
* A directed surface distance is the exact Euclidean distance in mm from the center of a border voxel of one mask to
  the nearest border voxel center of the other mask.
* HD95 is the larger of the two directed 95th percentiles (linear interpolation between ranks). Pooling both
  directions before taking the percentile, as some programs do, gives a slightly different figure.
* HD is the largest directed distance: the Hausdorff distance itself.
* ASSD is the mean over the directed distances of both directions pooled, so each border voxel counts once
  (Heimann et al. 2009, IEEE Transactions on Medical Imaging 28(8):1251-1265).

Empty masks: when both are empty they agree perfectly (Dice and Jaccard 1, distances 0). When exactly one is empty,
Dice and Jaccard are 0 and the distances are undefined (NaN); a mean leaves undefined figures out and counts them.

Arrays are ordered (z, y, x) and spacings are (z, y, x) in mm throughout this file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dualtaskseg.data.label_arrays import bounding_box
from dualtaskseg.io.geometry import image_of

HAUSDORFF_PERCENTILE = 95.0
UNION = "all segments"


@dataclass(frozen=True)
class SegmentScore:
    """The agreement of one predicted mask with its reference.

    Attributes:
        dice: Dice coefficient, 0 to 1.
        jaccard: Jaccard index (intersection over union), 0 to 1.
        hd95_mm: 95% Hausdorff distance in mm; NaN where exactly one mask is empty.
        assd_mm: average symmetric surface distance in mm; NaN where exactly one mask is empty.
        hd_mm: Hausdorff distance in mm, the largest distance of the surfaces; NaN where exactly one mask is empty.
        volume_reference_mm3, volume_prediction_mm3: of the two masks, in mm^3.
    """

    dice: float
    jaccard: float
    hd95_mm: float
    assd_mm: float
    hd_mm: float
    volume_reference_mm3: float
    volume_prediction_mm3: float


BOTH_EMPTY = SegmentScore(1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def score_masks(prediction: np.ndarray, reference: np.ndarray, spacing: Sequence[float]) -> SegmentScore:
    """Scores a predicted mask against its reference.

    Args:
        prediction: mask of the shape (z, y, x); everything but zero is inside.
        reference: mask of the same shape.
        spacing: size of a voxel in mm, (z, y, x).

    Returns:
        The figures, as they are defined at the head of this file.

    Raises:
        ValueError: the shapes differ, or the spacing doesn't have one positive number per axis.
    """
    prediction, reference = _as_masks(prediction, reference)
    if len(spacing) != reference.ndim or not all(size > 0 for size in spacing):
        raise ValueError(f"{reference.ndim} positive numbers are needed as spacing, not {tuple(spacing)}")
    voxels_prediction = int(np.count_nonzero(prediction))
    voxels_reference = int(np.count_nonzero(reference))
    shared = int(np.count_nonzero(prediction & reference))
    hd95, assd, hd = _distance_figures(prediction, reference, spacing)
    voxel_mm3 = math.prod(float(size) for size in spacing)
    return SegmentScore(
        dice=_ratio(2 * shared, voxels_prediction + voxels_reference),
        jaccard=_ratio(shared, voxels_prediction + voxels_reference - shared),
        hd95_mm=hd95,
        assd_mm=assd,
        hd_mm=hd,
        volume_reference_mm3=voxels_reference * voxel_mm3,
        volume_prediction_mm3=voxels_prediction * voxel_mm3,
    )


def without_surfaces(score: SegmentScore) -> SegmentScore:
    """The score of a part of a scan, whose edge is no surface."""
    return replace(score, hd95_mm=math.nan, assd_mm=math.nan, hd_mm=math.nan)


def surface_distances(
    prediction: np.ndarray, reference: np.ndarray, spacing: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Measures the distance from every border voxel of either mask to the other mask's border.

    Args:
        prediction: mask of the shape (z, y, x), not empty; everything but zero is inside.
        reference: mask of the same shape, not empty.
        spacing: size of a voxel in mm, (z, y, x).

    Returns:
        Distances in mm from the prediction's border voxels to the reference's border, and those the other way round,
        each a flat array with one entry per border voxel.

    Raises:
        ValueError: the shapes differ, or a mask is empty.
    """
    prediction, reference = _as_masks(prediction, reference)
    if not prediction.any() or not reference.any():
        raise ValueError("an empty mask has no surface")
    box = bounding_box(prediction | reference)
    border_prediction = _border_padded(prediction[box])
    border_reference = _border_padded(reference[box])
    to_reference = _distance_to(border_reference, spacing)[border_prediction]
    to_prediction = _distance_to(border_prediction, spacing)[border_reference]
    return to_reference, to_prediction


def quick_dice(
    prediction_labels: np.ndarray, reference_labels: np.ndarray, values: Iterable[int]
) -> dict[int | str, float]:
    """Dice alone, fast enough to be called during training.

    Args:
        prediction_labels: label values, in any shape.
        reference_labels: label values in the same shape.
        values: those to compare.

    Returns:
        Dice of each of ``values``, and under ``"all segments"`` that of their union. Absent from both: 1.

    Raises:
        ValueError: the shapes differ.
    """
    prediction_labels, reference_labels = np.asarray(prediction_labels), np.asarray(reference_labels)
    if prediction_labels.shape != reference_labels.shape:
        raise ValueError(f"the labels differ in shape: {prediction_labels.shape} and {reference_labels.shape}")
    values = list(values)
    scores: dict[int | str, float] = {
        value: _dice(prediction_labels == value, reference_labels == value) for value in values
    }
    scores[UNION] = _dice(np.isin(prediction_labels, values), np.isin(reference_labels, values))
    return scores


def _as_masks(prediction: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    prediction, reference = np.asarray(prediction).astype(bool), np.asarray(reference).astype(bool)
    if prediction.shape != reference.shape:
        raise ValueError(f"the masks differ in shape: {prediction.shape} and {reference.shape}")
    return prediction, reference


def _dice(prediction: np.ndarray, reference: np.ndarray) -> float:
    total = int(np.count_nonzero(prediction)) + int(np.count_nonzero(reference))
    return _ratio(2 * int(np.count_nonzero(prediction & reference)), total)


def _ratio(part: int, whole: int) -> float:
    """Nothing out of nothing is perfect agreement: both masks are empty."""
    return part / whole if whole else 1.0


def _distance_figures(
    prediction: np.ndarray, reference: np.ndarray, spacing: Sequence[float]
) -> tuple[float, float, float]:
    """HD95, ASSD and HD in mm, with the empty cases as the head of this file defines them."""
    has_prediction, has_reference = bool(prediction.any()), bool(reference.any())
    if not has_prediction and not has_reference:
        return 0.0, 0.0, 0.0
    if not has_prediction or not has_reference:
        return math.nan, math.nan, math.nan
    directed = surface_distances(prediction, reference, spacing)
    hd95 = max(float(np.percentile(distances, HAUSDORFF_PERCENTILE)) for distances in directed)
    assd = float(np.concatenate(directed).mean(dtype=np.float64))
    return hd95, assd, max(float(distances.max()) for distances in directed)


def _border_padded(mask: np.ndarray) -> np.ndarray:
    """The border voxels of a mask, with one layer of background added on every side.

    The added layer makes the volume's edge count as outside, and gives the distance transform a background.
    """
    padded = np.pad(mask, 1)
    interior = padded.copy()
    for axis in range(padded.ndim):
        # np.roll brings the far side around, which is background on both sides here
        interior &= np.roll(padded, 1, axis) & np.roll(padded, -1, axis)
    return padded & ~interior


def _distance_to(border: np.ndarray, spacing: Sequence[float]) -> np.ndarray:
    """Exact Euclidean distance in mm of every voxel to the nearest border voxel, shape (z, y, x).

    Method: Maurer et al. 2003, IEEE Transactions on Pattern Analysis and Machine Intelligence 25(2):265-270.
    """
    import SimpleITK

    image = image_of(border.astype(np.uint8), spacing)
    # A border voxel always has a neighbor outside, so every one is on the contour from which the filter measures.
    distance = SimpleITK.SignedMaurerDistanceMap(
        image, insideIsPositive=False, squaredDistance=False, useImageSpacing=True
    )
    return np.abs(SimpleITK.GetArrayFromImage(distance))
