"""The transform between distances and masks, and the losses."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from dualtaskseg.method.losses import (
    cross_entropy,
    dice_loss,
    distance_loss,
    distance_to_label,
    distance_to_log_mask,
    mask_loss,
)
from dualtaskseg.preparation.signed_distance import signed_distance


def two_boxes() -> np.ndarray:
    label = np.zeros((12, 16, 16), np.int64)
    label[3:9, 3:8, 3:12] = 1
    label[3:9, 8:13, 3:12] = 2
    return label


def distances(label: np.ndarray, truncation: float, spacing=(1.0, 1.0, 1.0)) -> torch.Tensor:
    maps = [signed_distance(label == value, spacing, truncation) / truncation for value in (1, 2)]
    return torch.from_numpy(np.stack(maps))[None]


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (3.0, 0.5, 0.5)])
def test_true_distances_give_the_mask_back_exactly(spacing):
    label = two_boxes()
    distance = distances(label, 8.0, spacing)
    assert torch.equal(distance_to_label(distance)[0], torch.from_numpy(label))
    hard = distance_to_log_mask(distance, torch.tensor([8.0 / 0.1] * 2)).argmax(1)[0]
    assert torch.equal(hard, torch.from_numpy(label))


def test_soft_masks_are_probabilities_and_half_at_the_surface():
    distance = torch.linspace(-1, 1, 21).reshape(1, 1, 21, 1, 1)
    mask = distance_to_log_mask(distance, torch.tensor([8.0])).exp()
    assert torch.allclose(mask.sum(1), torch.ones(1, 21, 1, 1))
    assert mask[0, 1, 10, 0, 0] == pytest.approx(0.5)
    assert (mask[0, 1, 1:, 0, 0] < mask[0, 1, :-1, 0, 0]).all()
    distances_of_three = torch.rand(2, 3, 4, 4, 4) * 2 - 1
    several = distance_to_log_mask(distances_of_three, torch.tensor([8.0, 8.0, 8.0])).exp()
    claims = torch.sigmoid(-8 * distances_of_three)
    together = torch.cat([torch.prod(1 - claims, 1, keepdim=True), claims], 1)
    assert torch.allclose(several, together / together.sum(1, keepdim=True), atol=1e-5)
    assert torch.allclose(several.sum(1), torch.ones(2, 4, 4, 4), atol=1e-5)
    assert (several >= 0).all()


def test_the_transform_leaves_a_gradient_where_the_published_one_has_none():
    """With softness of one voxel a good part of the band learns; with 1500 hardly any does."""
    label = two_boxes()
    distance = distances(label, 8.0)[:, :1]

    def live(sharpness: float) -> float:
        leaf = distance.clone().requires_grad_()
        distance_to_log_mask(leaf, torch.tensor([sharpness])).exp()[:, 1].sum().backward()
        return float((leaf.grad.abs() > 1e-3 * sharpness / 4).float().mean())

    assert live(8.0) > 5 * live(1500.0)


def test_perfect_and_wrong_masks():
    label = torch.from_numpy(two_boxes())[None]
    weight = torch.ones(label.shape)
    right, wrong = (torch.nn.functional.one_hot(which, 3).movedim(-1, 1).float() for which in (label, (label + 1) % 3))
    assert dice_loss(right, label, weight) == pytest.approx(0, abs=1e-5)
    assert dice_loss(wrong, label, weight) > 0.9
    assert mask_loss(right.clamp_min(1e-6).log(), right, label, weight, weight > 0) < 1e-3
    assert mask_loss(wrong.clamp_min(1e-6).log(), wrong, label, weight, weight > 0) > 5


def test_dice_loss_has_its_closed_form():
    weight = torch.ones(1, 1, 1, 10)
    label = torch.zeros(1, 1, 1, 10, dtype=torch.int64)
    label[..., :4] = 1
    probability = torch.zeros(1, 2, 1, 1, 10)
    probability[:, 1, ..., 2:8] = 0.5
    # both = 2 * 0.5, either = 6 * 0.5 + 4, one added to numerator and denominator
    assert dice_loss(probability, label, weight) == pytest.approx(1 - (2 * 1 + 1) / (7 + 1))


def test_voxels_without_weight_do_not_count():
    label = torch.from_numpy(two_boxes())[None]
    weight = torch.ones(label.shape)
    weight[..., :8] = 0
    noise = torch.randn(1, 3, *label.shape[1:], generator=torch.Generator().manual_seed(0))
    other = noise.clone()
    other[..., :8] = torch.randn(other[..., :8].shape, generator=torch.Generator().manual_seed(1))
    near = torch.ones(label.shape, dtype=torch.bool)
    losses = [mask_loss(torch.log_softmax(s, 1), torch.softmax(s, 1), label, weight, near) for s in (noise, other)]
    assert losses[0] == pytest.approx(float(losses[1]))
    target = torch.rand(1, 2, *label.shape[1:])
    voxel = torch.tensor([0.1, 0.1])
    first = distance_loss(noise[:, 1:], target, weight[:, None], voxel)
    assert first == pytest.approx(float(distance_loss(other[:, 1:], target, weight[:, None], voxel)))


def test_nothing_counted_is_no_division_by_zero():
    label = torch.zeros(1, 4, 4, 4, dtype=torch.int64)
    nothing = torch.zeros(1, 4, 4, 4)
    scores = torch.log_softmax(torch.randn(1, 2, 4, 4, 4), 1)
    nowhere = nothing > 0
    assert cross_entropy(scores, label, nothing, nowhere) == 0
    assert torch.isfinite(mask_loss(scores, scores.exp(), label, nothing, nowhere))
    voxel = torch.tensor([0.1])
    assert distance_loss(torch.rand(1, 1, 4, 4, 4), torch.ones(1, 1, 4, 4, 4), nothing[:, None], voxel) == 0


def test_cross_entropy_is_the_mean_of_minus_log_everywhere_and_near_the_surface():
    label = torch.tensor([[[[0, 1]]]])
    log_probability = torch.tensor([0.25, 0.5]).log().reshape(1, 1, 1, 1, 2).repeat(1, 2, 1, 1, 1)
    near = torch.tensor([[[[False, True]]]])
    expected = -(math.log(0.25) + math.log(0.5)) / 2 - math.log(0.5)
    assert cross_entropy(log_probability, label, torch.ones(1, 1, 1, 2), near) == pytest.approx(expected)


def test_distances_near_the_surface_count_in_voxels_besides():
    target = torch.tensor([1.0, 0.2]).reshape(1, 1, 1, 1, 2)
    predicted = torch.tensor([0.7, 0.1]).reshape(1, 1, 1, 1, 2)
    everywhere, near = (0.3 + 0.1) / 2, 0.1 / 0.125
    weight, voxel = torch.ones(1, 1, 1, 1, 2), torch.tensor([0.125])
    assert distance_loss(predicted, target, weight, voxel) == pytest.approx(everywhere + near)
    assert distance_loss(predicted, target, weight, voxel, far=2.0) == pytest.approx(2 * everywhere + near)
