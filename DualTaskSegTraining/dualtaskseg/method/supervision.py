"""What both networks learn from labels, each its own task, whatever else a method teaches them."""

from __future__ import annotations

from typing import NamedTuple

import torch

from dualtaskseg.method.losses import distance_loss, mask_loss
from dualtaskseg.method.sampling import Batch
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import Plan


class Outputs(NamedTuple):
    """What both networks say of patches.

    Attributes:
        log_probability, probability: (B, K + 1, z, y, x), of the probability network.
        distance: (B, K, z, y, x), of the distance network, divided by the truncation.
        log_mask, mask: (B, K + 1, z, y, x), its soft mask.
    """

    log_probability: torch.Tensor
    probability: torch.Tensor
    distance: torch.Tensor
    log_mask: torch.Tensor
    mask: torch.Tensor

    @classmethod
    def of(cls, networks: TwoNetworks, image: torch.Tensor) -> Outputs:
        """What the networks say of (B, 1, z, y, x)."""
        log_probability = networks.log_probabilities(image)
        distance = networks.distances(image)
        probability = log_probability.exp()
        log_mask = networks.log_masks(distance)
        return cls(log_probability, probability, distance, log_mask, log_mask.exp())

    def split(self, count: int) -> tuple[Outputs, Outputs]:
        """Of the first ``count`` patches and of the others.

        Split once: each slice by itself would be sent back as a whole tensor of zeros.
        """
        first, second = zip(*(each.split([count, len(each) - count]) for each in self), strict=True)
        return Outputs(*first), Outputs(*second)


class Ruler(NamedTuple):
    """What lengths are in truncations.

    Attributes:
        truncation, voxel: (K,) mm; the size of a voxel, divided by the truncation.
        near_voxels, far: as in :class:`~dualtaskseg.planning.settings.TrainingSettings`.
    """

    truncation: torch.Tensor
    voxel: torch.Tensor
    near_voxels: float
    far: float

    @classmethod
    def of(cls, plan: Plan, truncation: torch.Tensor) -> Ruler:
        settings = plan.training
        return cls(truncation, min(plan.spacing) / truncation, settings.near_voxels, settings.far)

    def divided(self, distance: torch.Tensor) -> torch.Tensor:
        """Signed distances (B, K, z, y, x) in mm, cut at the truncation and divided by it."""
        truncation = self.truncation.reshape(1, -1, 1, 1, 1)
        return distance.clamp(-truncation, truncation) / truncation

    def near(self, distance: torch.Tensor) -> torch.Tensor:
        """Where (B, z, y, x) any surface is near, given distances (B, K, z, y, x) divided by the truncation."""
        return (distance.abs() < self.near_voxels * self.voxel.reshape(1, -1, 1, 1, 1)).any(dim=1)


class Target(NamedTuple):
    """What a network should say of patches.

    Attributes:
        label: (B, z, y, x) int64.
        weight: (B, z, y, x), how much each voxel counts.
        near: (B, z, y, x) bool, where a surface is near.
        distance: (B, K, z, y, x), divided by the truncation; None where none is taught.
        least: (B, K, z, y, x), what it may be at least where ``distance`` is what it may be at most; None where that is
            the same.
    """

    label: torch.Tensor
    weight: torch.Tensor
    near: torch.Tensor
    distance: torch.Tensor | None = None
    least: torch.Tensor | None = None


def labeled_target(labeled: Batch, ruler: Ruler) -> Target:
    """What the labels say."""
    distance, known = ruler.divided(labeled.distance), labeled.known.float()
    if labeled.least is None:
        return Target(labeled.label, known, ruler.near(distance), distance)
    least = ruler.divided(labeled.least)
    return Target(labeled.label, known, ruler.near(torch.maximum(distance.abs(), least.abs())), distance, least)


def probability_loss(outputs: Outputs, target: Target) -> torch.Tensor:
    """Of the probability network: half cross-entropy, half Dice."""
    return mask_loss(outputs.log_probability, outputs.probability, target.label, target.weight, target.near)


def distance_losses(outputs: Outputs, target: Target, ruler: Ruler) -> tuple[torch.Tensor, torch.Tensor]:
    """Of the distance network: half cross-entropy and half Dice of its soft mask; the error of its distance."""
    in_mask_space = mask_loss(outputs.log_mask, outputs.mask, target.label, target.weight, target.near)
    weight = target.weight[:, None]
    of_distance = distance_loss(
        outputs.distance, target.distance, weight, ruler.voxel, ruler.near_voxels, ruler.far, target.least
    )
    return in_mask_space, of_distance


def supervised_loss(outputs: Outputs, target: Target, ruler: Ruler, plan: Plan) -> dict[str, torch.Tensor]:
    """On labeled patches: each network learns its own task. ``outlined_loss`` is the sum."""
    of_probability = probability_loss(outputs, target)
    of_mask, of_distance = distance_losses(outputs, target, ruler)
    return {
        "probability_supervised": of_probability,
        "distance_supervised": of_mask,
        "distance_regression": of_distance,
        "outlined_loss": of_probability + of_mask + plan.mutual.distance * of_distance,
    }
