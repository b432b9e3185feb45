"""The metrics against closed forms, an independent implementation with scipy, and MONAI's own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from distanceerror import signed_distance_error
from dualtaskseg.evaluation.metrics import quick_dice, score_masks, surface_distances
from scipy import ndimage

pytestmark = pytest.mark.filterwarnings("ignore:.*always_return_as_numpy:FutureWarning")  # MONAI's own call

SPACINGS = [(1.0, 1.0, 1.0), (3.0, 0.7, 0.5), (0.625, 0.9, 5.0)]


def blob(rng: np.random.Generator, shape: tuple[int, int, int], fraction: float) -> np.ndarray:
    """A random smooth mask filling a fraction of the volume; it touches the volume's edges too."""
    field = ndimage.gaussian_filter(rng.standard_normal(shape), 2.0, mode="wrap")
    return field > np.quantile(field, 1 - fraction)


def blob_pairs() -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(7)
    shape = (13, 22, 31)
    pairs = [(blob(rng, shape, a), blob(rng, shape, b)) for a, b in [(0.1, 0.1), (0.5, 0.3), (0.05, 0.9)]]
    noise = rng.random(shape) > 0.5
    full = np.ones(shape, bool)
    single = np.zeros(shape, bool)
    single[0, 21, 30] = True
    return [*pairs, (noise, rng.random(shape) > 0.7), (full, pairs[0][0]), (single, pairs[1][1])]


def scipy_figures(
    prediction: np.ndarray, reference: np.ndarray, spacing: tuple[float, ...]
) -> tuple[float, float, float]:
    """HD95, ASSD and HD over the whole volume, without a crop, by another distance transform."""
    borders = [mask ^ ndimage.binary_erosion(mask, border_value=0) for mask in (prediction, reference)]
    fields = [ndimage.distance_transform_edt(~border, sampling=spacing) for border in borders]
    directed = [fields[1][borders[0]], fields[0][borders[1]]]
    pooled = np.concatenate(directed)
    return max(np.percentile(d, 95) for d in directed), pooled.mean(), pooled.max()


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("pair", range(len(blob_pairs())))
def test_agrees_with_scipy(pair: int, spacing: tuple[float, float, float]) -> None:
    prediction, reference = blob_pairs()[pair]
    score = score_masks(prediction, reference, spacing)
    hd95, assd, hd = scipy_figures(prediction, reference, spacing)
    assert score.hd_mm == pytest.approx(hd, abs=1e-4)
    assert score.hd95_mm == pytest.approx(hd95, abs=1e-4)
    assert score.assd_mm == pytest.approx(assd, abs=1e-4)
    both = np.logical_and(prediction, reference).sum()
    assert score.dice == pytest.approx(2 * both / (prediction.sum() + reference.sum()))
    assert score.jaccard == pytest.approx(both / np.logical_or(prediction, reference).sum())
    assert score.volume_prediction_mm3 == pytest.approx(prediction.sum() * math.prod(spacing))
    assert score.volume_reference_mm3 == pytest.approx(reference.sum() * math.prod(spacing))


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("pair", range(len(blob_pairs())))
def test_agrees_with_monai(pair: int, spacing: tuple[float, float, float]) -> None:
    import torch
    from monai.metrics import (
        compute_average_surface_distance,
        compute_dice,
        compute_hausdorff_distance,
        compute_iou,
    )

    prediction, reference = blob_pairs()[pair]
    y_pred, y = (torch.from_numpy(mask)[None, None].float() for mask in (prediction, reference))
    score = score_masks(prediction, reference, spacing)
    hd95 = compute_hausdorff_distance(y_pred, y, include_background=True, percentile=95, spacing=spacing)
    assd = compute_average_surface_distance(y_pred, y, include_background=True, symmetric=True, spacing=spacing)
    assert score.dice == pytest.approx(compute_dice(y_pred, y).item(), abs=1e-6)
    assert score.jaccard == pytest.approx(compute_iou(y_pred, y).item(), abs=1e-6)
    assert score.hd95_mm == pytest.approx(hd95.item(), abs=1e-4)
    assert score.assd_mm == pytest.approx(assd.item(), abs=1e-4)


@pytest.mark.parametrize(("axis", "shift"), [(0, 2), (1, 3), (2, 4)])
def test_shifted_box(axis: int, shift: int) -> None:
    """A solid box against itself shifted along one axis by less than its size, in closed form."""
    spacing, size = (2.5, 0.8, 1.25), 8
    reference = np.zeros((20, 20, 20), bool)
    reference[4:12, 4:12, 4:12] = True
    prediction = np.roll(reference, shift, axis)
    score = score_masks(prediction, reference, spacing)
    assert score.dice == pytest.approx((size - shift) / size)
    assert score.jaccard == pytest.approx((size - shift) / (size + shift))
    # The leading face alone holds 64 of the 296 border voxels, more than 5%, and lies the whole shift away.
    assert score.hd95_mm == pytest.approx(shift * spacing[axis], abs=1e-5)


def test_two_points() -> None:
    prediction, reference = np.zeros((2, 9, 6, 7), bool)
    prediction[1, 2, 3] = reference[4, 5, 5] = True
    distance = math.hypot(3 * 2.0, 3 * 0.5, 2 * 0.25)
    score = score_masks(prediction, reference, (2.0, 0.5, 0.25))
    assert score.dice == score.jaccard == 0
    assert score.hd95_mm == pytest.approx(distance, abs=1e-5)
    assert score.assd_mm == pytest.approx(distance, abs=1e-5)


def test_directed_distances_are_told_apart() -> None:
    """A slab and the same slab with a far island: only one direction sees the island."""
    reference = np.zeros((5, 5, 30), bool)
    reference[:, :, :3] = True
    prediction = reference.copy()
    prediction[2, 2, 28] = True
    to_reference, to_prediction = surface_distances(prediction, reference, (1, 1, 1))
    assert to_prediction.max() == 0
    assert to_reference.max() == pytest.approx(26)
    assert len(to_reference) == len(to_prediction) + 1
    score = score_masks(prediction, reference, (1, 1, 1))
    assert score.assd_mm == pytest.approx(26 / (len(to_reference) + len(to_prediction)))


def test_a_mask_touching_the_edge_has_a_surface_there() -> None:
    mask = np.ones((4, 4, 4), bool)
    to_itself, _ = surface_distances(mask, mask, (1, 1, 1))
    assert len(to_itself) == 4**3 - 2**3


def test_position_in_the_volume_does_not_matter() -> None:
    """The crop to the masks changes nothing: the same pair inside a larger volume scores the same."""
    prediction, reference = blob_pairs()[0]
    wide = [np.pad(mask, ((9, 1), (0, 14), (3, 6))) for mask in (prediction, reference)]
    assert score_masks(*wide, (3.0, 0.7, 0.5)) == score_masks(prediction, reference, (3.0, 0.7, 0.5))


def test_empty_masks() -> None:
    empty, something = np.zeros((4, 5, 6), bool), np.zeros((4, 5, 6), bool)
    something[1:3, 2, 2] = True
    both = score_masks(empty, empty, (1, 1, 2))
    assert (both.dice, both.jaccard, both.hd95_mm, both.assd_mm) == (1, 1, 0, 0)
    for prediction, reference in [(empty, something), (something, empty)]:
        one = score_masks(prediction, reference, (1, 1, 2))
        assert (one.dice, one.jaccard) == (0, 0)
        assert math.isnan(one.hd95_mm) and math.isnan(one.assd_mm)
        assert one.volume_prediction_mm3 == 2 * prediction.sum()
        assert one.volume_reference_mm3 == 2 * reference.sum()
    with pytest.raises(ValueError, match="empty"):
        surface_distances(empty, something, (1, 1, 1))


@pytest.mark.parametrize("spacing", [(1, 1), (1, 0, 1), (1, float("nan"), 1)])
def test_bad_spacing(spacing: tuple[float, ...]) -> None:
    mask = np.ones((2, 2, 2), bool)
    with pytest.raises(ValueError, match="spacing"):
        score_masks(mask, mask, spacing)


def test_different_shapes_are_refused() -> None:
    one, other = np.ones((2, 2, 2)), np.ones((2, 2, 1))
    for refuse in (
        lambda: score_masks(one, other, (1, 1, 1)),
        lambda: signed_distance_error(one, other, 1.0),
        lambda: quick_dice(one, other, [1]),
    ):
        with pytest.raises(ValueError, match="shape"):
            refuse()


def test_signed_distance_error() -> None:
    reference = np.array([[[-5.0, -1.0, 0.5, 1.5, 5.0]]], np.float32)
    predicted = np.array([[[5.0, -1.5, 0.5, 2.5, -5.0]]], np.float32)
    assert signed_distance_error(predicted, reference, 2.0) == pytest.approx(0.5)  # 0.5, 0 and 1
    assert signed_distance_error(predicted, reference, 5.0) == pytest.approx(0.5)  # the band is open at its end
    assert signed_distance_error(predicted, reference, 5.1) == pytest.approx(21.5 / 5)
    assert signed_distance_error(reference, reference, 2.0) == 0
    assert math.isnan(signed_distance_error(predicted, np.full_like(reference, 5.0), 5.0))
    with pytest.raises(ValueError, match="band"):
        signed_distance_error(predicted, reference, 0.0)


def test_quick_dice_agrees_with_the_full_score() -> None:
    rng = np.random.default_rng(3)
    prediction, reference = rng.integers(0, 4, (2, 9, 8, 7), dtype=np.uint8)
    scores = quick_dice(prediction, reference, [1, 3])
    assert list(scores) == [1, 3, "all segments"]
    for value in (1, 3):
        assert scores[value] == score_masks(prediction == value, reference == value, (1, 1, 1)).dice
    union = score_masks(np.isin(prediction, [1, 3]), np.isin(reference, [1, 3]), (1, 1, 1))
    assert scores["all segments"] == union.dice
    assert quick_dice(prediction, reference, [9]) == {9: 1.0, "all segments": 1.0}


def test_real_hippocampus_against_monai(real_data) -> None:
    """A real outline against itself moved by a voxel, figures as MONAI gives them."""
    import SimpleITK
    import torch
    from monai.metrics import compute_average_surface_distance, compute_hausdorff_distance

    path = sorted((real_data / "hippocampus" / "labelsTr").glob("*.nii.gz"))[0]
    image = SimpleITK.ReadImage(str(path))
    spacing = tuple(reversed(image.GetSpacing()))
    reference = SimpleITK.GetArrayFromImage(image) > 0
    prediction = np.roll(reference, (1, -1, 2), (0, 1, 2))
    score = score_masks(prediction, reference, spacing)
    y_pred, y = (torch.from_numpy(mask)[None, None].float() for mask in (prediction, reference))
    hd95 = compute_hausdorff_distance(y_pred, y, include_background=True, percentile=95, spacing=spacing)
    assd = compute_average_surface_distance(y_pred, y, include_background=True, symmetric=True, spacing=spacing)
    assert 0.5 < score.dice < 1
    assert score.hd95_mm == pytest.approx(hd95.item(), abs=1e-5)
    assert score.assd_mm == pytest.approx(assd.item(), abs=1e-5)
