"""Alterations of the method that were tried and are no part of it, by name, for :mod:`altered`.

Each is a function of one number; it changes the program that runs afterwards in this process.

- ``elastic=MM``: patches are also bent, by up to so many mm; their distances are computed anew from the bent labels.
- ``residual=1``: the distance network has another backbone than the probability network, one of residual blocks.
- ``agreeing=1``: pseudo-labels count only where both teachers say the same, and there fully if one of them is sure.
- ``correcting=W``: where a network's mask contradicts the label, or the networks each other, its squared error is one
  more loss, with this weight.
- ``dice=W``: weight of the Dice loss, against that of the cross-entropy, on unlabeled patches.
- ``anywhere=1``: labeled patches are pasted into each other from any place of the scans, rather than from the same.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from dualtaskseg.method import losses, mutual, networks, placing, supervision, weights
from dualtaskseg.method.sampling import Batch, Sampler
from dualtaskseg.method.supervision import Outputs, Ruler, Target
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import NetworkPlan, Plan
from dualtaskseg.preparation.signed_distance import signed_distances
from monai.networks.nets import DynUNet
from torch import nn

KNOTS = 4  # of the bending along each axis of a patch


def elastic(largest_mm: float) -> None:
    straight, draw = placing.sampling_grid, Sampler.draw
    chance: list[torch.Generator] = []
    spacing: list[tuple[float, float, float]] = []

    def bent_grid(size: tuple[int, int, int], center, matrix, patch, device) -> torch.Tensor:
        grid = straight(size, center, matrix, patch, device)
        knots = torch.empty(1, 3, KNOTS, KNOTS, KNOTS).uniform_(-largest_mm, largest_mm, generator=chance[0])
        bending = F.interpolate(knots, size=patch, mode="trilinear", align_corners=True)[0].to(device)
        for axis, (side, step) in enumerate(zip(size, spacing[0], strict=True)):
            grid[..., 2 - axis] += bending[axis] * (2 / (step * max(side - 1, 1)))
        return grid

    def bent_draw(self: Sampler, count: int, generator: torch.Generator, *args, **settings) -> Batch:
        chance[:], spacing[:] = [generator], [self.plan.spacing]
        batch = draw(self, count, generator, *args, **settings)
        if self.labeled:
            truncation = torch.tensor(self.plan.truncation, device=batch.label.device)
            largest = max(self.plan.truncation)
            distance = signed_distances(batch.label, len(truncation), self.plan.spacing, truncation, largest)
            batch.distance = distance * truncation.reshape(1, -1, 1, 1, 1)
        return batch

    placing.sampling_grid, Sampler.draw = bent_grid, bent_draw


def residual(_on: float) -> None:
    usual = networks.build_network

    def build_network(plan: NetworkPlan, out_channels: int) -> nn.Module:
        """With one segment the distance network is the one with a single channel."""
        if out_channels > 1:
            return usual(plan, out_channels)
        width = plan.filters[0]
        body = DynUNet(
            spatial_dims=3,
            in_channels=width,
            out_channels=width,
            kernel_size=plan.kernels,
            strides=plan.strides,
            upsample_kernel_size=plan.strides[1:],
            filters=plan.filters,
            norm_name=("INSTANCE", {"affine": True}),
            res_block=True,
        )
        return networks.with_fast_layers(networks.HalfResolutionNetwork(body, 1, out_channels, width, plan.stem))

    networks.build_network = weights.build_network = build_network


def agreeing(_on: float) -> None:
    usual = mutual.pseudo_labels

    def pseudo_labels(teachers: TwoNetworks, unlabeled: Batch, progress: float, plan: Plan) -> mutual.PseudoLabels:
        found = usual(teachers, unlabeled, progress, plan)
        first, second = found.by_probability, found.by_distance
        weight = torch.where(first.label == second.label, torch.maximum(first.weight, second.weight), 0.0)
        return found._replace(by_probability=first._replace(weight=weight), by_distance=second._replace(weight=weight))

    mutual.pseudo_labels = pseudo_labels


def correcting(weight: float) -> None:
    usual = mutual.mutual_loss

    def mutual_loss(
        outputs: Outputs, by_distance: Target, by_probability: Target, everywhere: Outputs, ruler: Ruler, plan: Plan
    ) -> dict[str, torch.Tensor]:
        parts = usual(outputs, by_distance, by_probability, everywhere, ruler, plan)
        differs = (outputs.probability.argmax(1) != outputs.mask.argmax(1))[:, None].float()
        classes = outputs.probability.shape[1]
        for ours, target in ((outputs.probability, by_distance), (outputs.mask, by_probability)):
            truth = F.one_hot(target.label, classes).movedim(-1, 1)
            error = (ours - truth) ** 2 * differs * target.weight[:, None]
            parts["unlabeled_loss"] = parts["unlabeled_loss"] + weight * error.sum() / differs.sum().clamp_min(1)
        return parts

    mutual.mutual_loss = mutual_loss


def dice(weight: float) -> None:
    usual = mutual.mutual_loss

    def mask_loss(log_probability, probability, label, count, near) -> torch.Tensor:
        of_dice = losses.dice_loss(probability, label, count) if weight else 0.0
        return 0.5 * ((2 - weight) * losses.cross_entropy(log_probability, label, count, near) + weight * of_dice)

    def mutual_loss(*args) -> dict[str, torch.Tensor]:
        before, supervision.mask_loss = supervision.mask_loss, mask_loss
        try:
            return usual(*args)
        finally:
            supervision.mask_loss = before

    mutual.mutual_loss = mutual_loss


def anywhere(_on: float) -> None:
    usual = Sampler.draw

    def draw(self: Sampler, *args, places: object = None, **settings) -> Batch:
        return usual(self, *args, **settings)

    Sampler.draw = draw


ALTERATIONS: dict[str, Callable[[float], None]] = {
    each.__name__: each for each in (elastic, residual, agreeing, correcting, dice, anywhere)
}
