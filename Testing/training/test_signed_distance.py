"""Signed distances against closed forms and against an independent, slow computation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from dualtaskseg.preparation.signed_distance import signed_distance


def box_distance(shape, low, high, spacing):
    """Closed form: signed distance of voxel centers to a box that fills voxels low..high-1 (z, y, x)."""
    offsets = []
    for axis in range(3):
        position = np.arange(shape[axis]) * spacing[axis]
        center = (low[axis] + high[axis] - 1) / 2 * spacing[axis]
        half = (high[axis] - low[axis]) / 2 * spacing[axis]
        offset_shape = [1, 1, 1]
        offset_shape[axis] = -1
        offsets.append((np.abs(position - center) - half).reshape(offset_shape))
    outside = np.sqrt(sum(np.maximum(offset, 0) ** 2 for offset in offsets))
    inside = np.minimum(np.maximum(np.maximum(offsets[0], offsets[1]), offsets[2]), 0)
    return outside + inside


def slow_distance(mask, spacing):
    """Every voxel against every point half-way between two neighbours of different sides."""
    points = []
    for axis in range(3):
        between = np.argwhere(np.diff(mask.astype(int), axis=axis) != 0).astype(float)
        between[:, axis] += 0.5
        points.append(between)
    points = np.concatenate(points) * np.array(spacing)
    centers = np.argwhere(np.ones_like(mask)) * np.array(spacing)
    least = np.array([np.sqrt(((points - center) ** 2).sum(1)).min() for center in centers]).reshape(mask.shape)
    return np.where(mask, -least, least)


@pytest.mark.parametrize("spacing", [(1, 1, 1), (0.625, 0.625, 0.625), (5.0, 0.43, 0.43), (1.0, 2.5, 0.7)])
def test_a_box_has_its_closed_form_on_any_spacing(spacing):
    shape, low, high = (14, 20, 18), (4, 6, 5), (10, 13, 12)
    mask = np.zeros(shape, bool)
    mask[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] = True
    expected = box_distance(shape, low, high, spacing)
    distance = signed_distance(mask, spacing, 1000.0)
    z, y, x = np.meshgrid(*(np.arange(side) for side in shape), indexing="ij")
    spans = [(axis >= a) & (axis < b) for axis, a, b in zip((z, y, x), low, high, strict=True)]
    # opposite a face, and everywhere inside, the nearest surface point lies straight ahead: exact
    straight = sum(span.astype(int) for span in spans) >= 2
    assert straight.sum() > mask.sum()
    assert np.allclose(distance[straight], expected[straight], atol=1e-4)
    # opposite edges and corners the mask itself leaves open how sharp they are, within a voxel
    assert np.abs(distance - expected).max() < np.linalg.norm(spacing) / 2


def test_zero_lies_half_way_between_voxels_along_each_axis():
    spacing = (3.0, 2.0, 1.0)
    mask = np.zeros((7, 7, 7), bool)
    mask[3:, :, :] = True
    distance = signed_distance(mask, spacing, 100.0)
    assert np.allclose(distance[2], 1.5)
    assert np.allclose(distance[3], -1.5)
    assert np.allclose(distance[0], 7.5)


def test_a_ball_is_met_within_half_a_voxel():
    spacing, radius = (1.0, 1.0, 1.0), 9.0
    z, y, x = np.meshgrid(*(np.arange(27.0) - 13,) * 3, indexing="ij")
    truth = np.sqrt(z**2 + y**2 + x**2) - radius
    distance = signed_distance(truth < 0, spacing, 50.0)
    error = distance - truth
    assert np.abs(error).max() < 0.55
    assert np.abs(error).mean() < 0.2
    near = np.abs(truth) < 6
    assert abs(error[near].mean()) < 0.1


@pytest.mark.parametrize("seed", range(4))
def test_random_masks_agree_with_the_slow_computation(seed):
    generator = np.random.default_rng(seed)
    mask = generator.random((6, 7, 8)) < (0.1, 0.5, 0.9, 0.02)[seed]
    mask[2, 3, 4] = True
    spacing = (2.0, 1.0, 0.5)
    assert np.allclose(signed_distance(mask, spacing, 1000.0), slow_distance(mask, spacing), atol=1e-4)


def test_truncation_only_cuts():
    generator = np.random.default_rng(7)
    mask = np.zeros((30, 30, 30), bool)
    mask[8:20, 9:22, 10:18] = generator.random((12, 13, 8)) < 0.7
    spacing = (1.5, 1.0, 1.0)
    whole = signed_distance(mask, spacing, 1000.0)
    assert np.allclose(signed_distance(mask, spacing, 4.0), np.clip(whole, -4, 4), atol=1e-5)


def test_thresholding_at_zero_gives_the_mask_back(real_data):
    import SimpleITK as sitk

    label = sitk.ReadImage(str(real_data / "hippocampus" / "labelsTr" / "hippocampus_004.nii.gz"))
    values = sitk.GetArrayFromImage(label)
    for value, spacing in itertools.product((1, 2), [(1, 1, 1), (4.0, 0.5, 0.5)]):
        assert np.array_equal(signed_distance(values == value, spacing, 8.0) < 0, values == value)


def test_distance_changes_no_faster_than_one_goes():
    mask = np.random.default_rng(3).random((20, 20, 20)) < 0.3
    distance = signed_distance(mask, (2.0, 1.0, 1.0), 50.0)
    for axis, spacing in enumerate((2.0, 1.0, 1.0)):
        assert np.abs(np.diff(distance, axis=axis)).max() <= spacing + 1e-5


def test_absent_and_full_segments():
    assert (signed_distance(np.zeros((4, 4, 4)), (1, 1, 1), 8.0) == 8.0).all()
    assert (signed_distance(np.ones((4, 4, 4)), (1, 1, 1), 8.0) == -8.0).all()
    assert signed_distance(np.zeros((4, 4, 4)), (1, 1, 1), 8.0).dtype == np.float32


@pytest.mark.parametrize(
    ("mask", "spacing", "truncation"),
    [(np.ones((3, 3)), (1, 1, 1), 1), (np.ones((3, 3, 3)), (0, 1, 1), 1), (np.ones((3, 3, 3)), (1, 1, 1), 0)],
)
def test_nonsense_is_refused(mask, spacing, truncation):
    with pytest.raises(ValueError):
        signed_distance(mask, spacing, truncation)
