"""The published method: Zhang & Zhang, "Dual-Task Mutual Learning for Semi-supervised Medical Image Segmentation",
PRCV 2021 (arXiv 2103.04708), as ``--preset paper``.

Where the paper and the published code (the repository DTML of its first author) differ, this follows the code, since
it is what gave the published figures:

============================  ==================================  ================================================
what                          paper                               published code, and here
============================  ==================================  ================================================
networks                      two V-Nets                          the same; each of the code's networks has both
                                                                  heads, of which one is never used: left out here
loss on the signed distance   considered, found worse than L_mask  computed, but part of no loss: not computed here
consistency, on               unlabeled scans                     unlabeled and labeled scans
consistency, weight           lambda                              both losses are sent back before either step, so
                                                                  each network receives its gradient twice:
                                                                  2 lambda, as one term here
lambda                        Gaussian ramp                       exp(-5 (1 - min(t, 40) / 40)^2), t = iteration // 150
network that infers           not told                            the probability network alone
============================  ==================================  ================================================

Losses: on labeled patches L_seg = (BCE + Dice) / 2 of the probability network, with squared denominators in Dice,
L_mask = Dice(sigmoid(-1500 z), y) of the distance network's output z = tanh(.); on all patches the mean squared
difference of sigmoid(-1500 z) and the probability. SGD, rate 0.01, momentum 0.9, weight decay 1e-4, the rate divided by
ten after 2500 and after 5000 of 6000 iterations; batches of 2 labeled and 2 unlabeled patches of 112 x 112 x 80 voxels,
turned by quarters in the slice plane and mirrored along one of its axes (not mirrored where a segment may be one of a
left and a right structure: the published case, the left atrium, is turned and mirrored as published). With another
number of iterations the schedule, ramp and drops, is stretched or shortened in proportion.

What is generalised here, with the published case of one segment unchanged: several segments have one channel each.
What is not as published: a scan that is smaller than a patch is continued from its border instead of with zeros;
prediction goes through this package's predictor (windows with Gaussian weights at half overlap instead of a stride of
18 x 18 x 4), then keeps the largest connected part as the published test does; the last weights infer, where the
published test takes a "best" checkpoint by a rule that is not in the repository.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.nn.utils import get_total_norm

from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.data.grid import target_spacing
from dualtaskseg.data.laterality import is_published_case
from dualtaskseg.method.base import Decoded, Losses, Method
from dualtaskseg.method.losses import claims_to_log_classes
from dualtaskseg.method.optimizers import SGD
from dualtaskseg.method.sampling import Batch, Sampler, Step
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.method.vnet import show_rows
from dualtaskseg.parallel.pooling import pooled, pooled_mean
from dualtaskseg.planning.plan import NetworkPlan, Normalization, Plan
from dualtaskseg.planning.rules import PlanningInput, mirroring_of, resampled_size, truncation_of
from dualtaskseg.planning.settings import PublishedSettings


class Published(Method):
    """See the module."""

    title = "mutual learning"
    exclusive = False
    has_distance = False
    chooses_parts = False  # always the largest, as published
    learns_from_parts = False

    def plan(self, inputs: PlanningInput) -> Plan:
        """The published configuration on the median spacing: patch 112 x 112 x 80, V-Net, batch 2 + 2."""
        scans, preset, settings = inputs.scans, PRESETS[inputs.preset], PublishedSettings()
        spacing = target_spacing([scan.spacing for scan in scans])
        smallest = np.min([resampled_size(scan, spacing) for scan in scans], axis=0)
        wanted = np.minimum([80, 112, 112], np.maximum(16, np.ceil(smallest / 16) * 16))
        filters = tuple(min(preset.filters * 2**level, preset.largest_filters) for level in range(5))
        strides = ((1, 1, 1),) + ((2, 2, 2),) * 4
        notes = ["The published method with its published settings; see Docs/method.md for how the default differs"]
        if is_published_case(inputs.segments):
            sides_matter = False
            notes.append("Scans are turned and mirrored, as published for the left atrium")
        else:
            sides_matter = not mirroring_of(inputs, notes).allowed
        return Plan(
            preset=inputs.preset,
            method=inputs.method,
            seed=inputs.seed,
            segments=tuple(inputs.segments),
            spacing=spacing,
            normalization=Normalization("scan mean"),
            patch=tuple(int(side) for side in wanted),
            batch_labeled=2,
            batch_unlabeled=2,
            network=NetworkPlan("vnet", (1, 1, 1), filters, strides, ((3, 3, 3),) * 5),
            truncation=truncation_of(inputs.labeled, len(inputs.segments), min(spacing)),
            temperature=min(spacing),
            rotation=(0.0, 0.0, 0.0),
            zoom=(1.0, 1.0),
            mirror=(False, False, False),  # turned and, where sides don't matter, mirrored as published, see sample
            sides_matter=sides_matter,
            foreground_share=0.0,
            learning_rate=preset.learning_rate,
            ema_decay=0.0,
            training=settings,
            iterations=settings.schedule,
            keep_largest=(True,) * len(inputs.segments),
            notes=tuple(notes),
        )

    def precision(self, fastest: str) -> str:
        """The published method was trained in single precision."""
        return "float32"

    def optimizer(self, networks: TwoNetworks, plan: Plan) -> torch.optim.Optimizer:
        settings = plan.training
        return SGD(
            networks.parameters(), lr=plan.learning_rate, momentum=settings.momentum, weight_decay=settings.weight_decay
        )

    def learning_rate(self, plan: Plan, progress: float) -> float:
        settings = plan.training
        return plan.learning_rate * 0.1 ** sum(progress >= drop / settings.schedule for drop in settings.drops)

    def mutual_start(self, plan: Plan) -> float:
        return 0.0

    def sample(self, step: Step) -> tuple[Batch, Batch | None]:
        """A labeled and an unlabeled batch."""
        plan = step.plan

        def drawn(sampler: Sampler, count: int, seed: int) -> Batch:
            turn = cases_in_turn(len(sampler.cases), count, step.iteration, seed)
            batch = sampler.draw(count, step.generator, turn, step.share)
            return turn_and_mirror(batch, step.generator, not plan.sides_matter)

        known = drawn(step.labeled, plan.batch_labeled, plan.seed)
        unlabeled = step.unlabeled
        return known, None if unlabeled is None else drawn(unlabeled, plan.batch_unlabeled, plan.seed + 1)

    def loss(
        self,
        students: TwoNetworks,
        teachers: TwoNetworks,
        views: tuple[Batch, Batch | None],
        progress: float,
        plan: Plan,
    ) -> Losses:
        labeled, unlabeled = views
        settings = plan.training
        count = len(labeled.image)
        image = labeled.image if unlabeled is None else torch.cat([labeled.image, unlabeled.image])
        target = torch.stack([labeled.label == index + 1 for index in range(len(plan.segments))], dim=1).float()
        show_rows(students, [labeled.rows] if unlabeled is None else [labeled.rows, unlabeled.rows])
        score = students.probability(image).float()
        probability = torch.sigmoid(score)
        mask = self.window_map(torch.tanh(students.distance(image).float()), plan)
        cross_entropy = pooled_mean(binary_cross_entropy_with_logits(score[:count], target, reduction="none"))
        parts = {
            "probability_supervised": 0.5 * (cross_entropy + squared_dice_loss(probability[:count], target)),
            "distance_supervised": squared_dice_loss(mask[:count], target),
        }
        loss = parts["outlined_loss"] = parts["probability_supervised"] + parts["distance_supervised"]
        if unlabeled is not None:
            parts["consistency"] = parts["unlabeled_loss"] = pooled_mean((mask - probability) ** 2)
            weight = settings.consistency * ramp(progress * settings.schedule, settings)
            loss = loss + weight * parts["consistency"]
        return loss, parts

    def shorten(self, students: TwoNetworks, plan: Plan) -> torch.Tensor:
        """The norm of the gradients, which the published code does not shorten."""
        return get_total_norm([p.grad for p in students.parameters() if p.grad is not None])

    def window_map(self, distance: torch.Tensor, plan: Plan) -> torch.Tensor:
        """What each segment claims by the published transform."""
        return torch.sigmoid(-plan.training.sharpness * distance)

    def decode(self, networks: TwoNetworks, probability: torch.Tensor, averaged: torch.Tensor) -> Decoded:
        """The probability network alone infers."""
        claims = torch.logit(averaged[None], eps=1e-6)
        return Decoded(probability, claims_to_log_classes(claims)[0].exp(), probability, averaged)


METHOD = Published()


def ramp(iteration: float, settings: PublishedSettings) -> float:
    """Part of the consistency's weight at an iteration of the published schedule."""
    # a hair more, since a share of the schedule times its length may fall short of a whole number
    t = min(float(int(iteration + 1e-6) // settings.ramp_interval), settings.ramp_steps)
    return math.exp(-5 * (1 - t / settings.ramp_steps) ** 2)


def squared_dice_loss(probability: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """1 - 2 sum(p y) / (sum(p^2) + sum(y^2)), pooled over the batch; the mean over segments (dimension 1)."""
    dimensions = (0, 2, 3, 4)
    both = (probability * target).sum(dimensions)
    either = (probability**2).sum(dimensions) + (target**2).sum(dimensions)
    both, either = pooled(both, either)
    return (1 - (2 * both + 1e-5) / (either + 1e-5)).mean()


def cases_in_turn(cases: int, count: int, iteration: int, seed: int) -> list[int]:
    """Which cases a step sees: all of them once in a random order, then again in another, as published.

    It depends on seed and iteration alone, so that a resumed run goes on with the cases that come next.
    """
    chosen = []
    for index in range(iteration * count, (iteration + 1) * count):
        order = np.random.default_rng([seed, index // cases]).permutation(cases)
        chosen.append(int(order[index % cases]))
    return chosen


def turn_and_mirror(batch: Batch, generator: torch.Generator, mirror: bool = True) -> Batch:
    """Turns each sample by a random number of quarters in the slice plane, then mirrors it along one of its axes.

    Mirrored along either axis, a sample shows left as right, as it is turned too. So it is along none where ``mirror``
    is False.

    A plane that is not square is turned by halves only, so that the patch keeps its shape.
    """
    rows = batch.rows
    count = rows.of
    turns = torch.randint(0, 4, (count,), generator=generator).tolist()
    axes = torch.randint(-2, 0, (count,), generator=generator).tolist()
    turns, axes = turns[rows.first : rows.end], axes[rows.first : rows.end]
    if batch.image.shape[-1] != batch.image.shape[-2]:
        turns = [2 * (turn // 2) for turn in turns]

    def changed(tensor: torch.Tensor | None) -> torch.Tensor | None:
        if tensor is None:
            return None
        parts = zip(tensor, turns, axes, strict=True)
        turned = [(torch.rot90(part, turn, (-2, -1)), axis) for part, turn, axis in parts]
        return torch.stack([part.flip(axis) if mirror else part for part, axis in turned])

    image, valid, label, distance = map(changed, (batch.image, batch.valid, batch.label, batch.distance))
    return Batch(image, valid, label, distance, rows=rows)
