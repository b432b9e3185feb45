"""Losses of the two tasks and the bridge between them, the soft transform from a signed distance to a mask.

Shapes: B samples, K segments, C = K + 1 classes with the background first, voxels (z, y, x). Probabilities and their
logarithms are (B, C, z, y, x), a ``label`` is (B, z, y, x) int64, ``near`` is (B, z, y, x) bool, ``weight`` says how
much each voxel counts, (B, z, y, x), 0 to leave it out. Where several ranks train together, B are a rank's samples, and
sums are those over all ranks' ones.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from dualtaskseg.parallel.pooling import pooled


def distance_to_log_mask(distance: torch.Tensor, kappa: torch.Tensor) -> torch.Tensor:
    """The soft transform of signed distances to class probabilities, as logarithms.

    m_k = sigmoid(-kappa_k z_k), the transform of Zhang & Zhang (PRCV 2021, after Xue et al., AAAI 2020) with a
    sharpness that leaves a gradient; the background is what no segment claims, prod(1 - m_k); the sum is made 1.

    Args:
        distance: (B, K, z, y, x), divided by the truncation, negative inside.
        kappa: (K,) kappa: truncation / (temperature in mm).

    Returns:
        log-probabilities (B, K + 1, z, y, x).
    """
    return claims_to_log_classes(-kappa.reshape(1, -1, 1, 1, 1) * distance)


def claims_to_log_classes(scores: torch.Tensor) -> torch.Tensor:
    """What each segment claims for itself, sigmoid(score), as log-probabilities of K + 1 exclusive classes.

    log prod(1 - sigmoid(s_k)) = sum of logsigmoid(-s_k), and softmax makes the sum 1: no probability is ever divided
    or cut off, so that the gradient lives however sure the network is.

    Args:
        scores: (B, K, z, y, x).
    """
    background = F.logsigmoid(-scores).sum(dim=1, keepdim=True)
    return F.log_softmax(torch.cat([background, F.logsigmoid(scores)], dim=1), dim=1)


def distance_to_label(distance: torch.Tensor) -> torch.Tensor:
    """The hard transform: the segment with the least distance where that is negative, else 0. (B, z, y, x) int64."""
    least, segment = distance.min(dim=1)
    return torch.where(least < 0, segment + 1, torch.zeros_like(segment))


def cross_entropy(
    log_probability: torch.Tensor, label: torch.Tensor, weight: torch.Tensor, near: torch.Tensor
) -> torch.Tensor:
    """Mean of -log p(label) over the voxels that count, plus its mean over those near a surface.

    Most voxels are far from any surface and soon learned; those near it decide on the mask.
    """
    cost = -log_probability.gather(1, label[:, None])[:, 0] * weight
    close = near * weight
    of_all, all_count, of_close, close_count = pooled(cost.sum(), weight.sum(), (cost * near).sum(), close.sum())
    return of_all / all_count.clamp_min(1) + of_close / close_count.clamp_min(1)


def dice_loss(probability: torch.Tensor, label: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """1 - soft Dice, the mean over the segments (not the background), pooled over the batch.

    Pooling keeps segments that are absent from one small patch from dominating (batch Dice of nnU-Net, Isensee et
    al., Nature Methods 2021).
    """
    both, either = [], []
    for segment in range(1, probability.shape[1]):
        inside = (label == segment) * weight
        ours = probability[:, segment]
        both.append((ours * inside).sum())
        either.append((ours * weight).sum() + inside.sum())
    both, either = pooled(torch.stack(both), torch.stack(either))  # of all segments at once: ranks wait for each
    return (1 - (2 * both + 1) / (either + 1)).mean()


def mask_loss(
    log_probability: torch.Tensor,
    probability: torch.Tensor,
    label: torch.Tensor,
    weight: torch.Tensor,
    near: torch.Tensor,
) -> torch.Tensor:
    """Half cross-entropy, half Dice: the loss of both networks in mask space.

    Args:
        log_probability, probability: (B, C, z, y, x), the same twice, since both are there already.
    """
    return 0.5 * (cross_entropy(log_probability, label, weight, near) + dice_loss(probability, label, weight))


def distance_loss(
    distance: torch.Tensor,
    target: torch.Tensor,
    weight: torch.Tensor,
    voxel: torch.Tensor,
    near_voxels: float = 3.0,
    far: float = 1.0,
    least: torch.Tensor | None = None,
) -> torch.Tensor:
    """Mean absolute error of the distances: in voxels near the surface, and in truncations everywhere.

    The voxels within some voxels of the surface are few, and it is they that decide on the mask; so they have a mean
    of their own. The absolute error pulls as strongly at a small error as at a large one, and this one pulls strongly
    enough to hold the true distance against the loss in mask space, which by itself would have every voxel deep
    inside or far outside (measured without it: half a millimetre from the surface the network said 1.9).

    Args:
        distance, target: (B, K, z, y, x), divided by the truncation.
        weight: (B, 1, z, y, x).
        voxel: (K,) the size of a voxel, divided by the truncation.
        near_voxels: how many voxels are near.
        far: weight of the mean everywhere.
        least: (B, K, z, y, x), what the distance may be at least where ``target`` is what it may be at most: between
            them there is no error.
    """
    voxel = voxel.reshape(1, -1, 1, 1, 1)
    size = target.abs()
    if least is None:
        error = (distance - target).abs() * weight
    else:
        error = (F.relu(distance - target) + F.relu(least - distance)) * weight
        size = torch.maximum(size, least.abs())
    near = (size < near_voxels * voxel) * weight
    of_all, all_count, of_near, near_count = pooled(error.sum(), weight.sum(), (error / voxel * near).sum(), near.sum())
    everywhere = of_all / (distance.shape[1] * all_count).clamp_min(1)
    return far * everywhere + of_near / near_count.clamp_min(1)
