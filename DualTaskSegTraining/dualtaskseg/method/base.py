"""What a method is to the rest of the program: a plan, two networks, a step that teaches them, and how they are read.

A method is one object without state, in one file of this folder: what it decides, it decides from the plan. The loop,
the calibration, prediction and the report ask it and know none by name. ``Docs/method.md`` tells how to add one.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from dualtaskseg.method.optimizers import AdamW
from dualtaskseg.planning.overview import with_overview
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import PlanningInput, usual_plan

if TYPE_CHECKING:
    from dualtaskseg.method.sampling import Batch, Step
    from dualtaskseg.method.two_networks import TwoNetworks

Losses = tuple[torch.Tensor, dict[str, torch.Tensor]]


@dataclass(frozen=True)
class Decoded:
    """What both networks say of some slices of the plan's grid, each (channels, z, y, x).

    Attributes:
        probability, mask: class probabilities of the probability and of the distance network, (K + 1, ...).
        together: the class probabilities that count.
        distance: (K, ...) signed distances divided by the truncation, where the method has any.
    """

    probability: torch.Tensor
    mask: torch.Tensor
    together: torch.Tensor
    distance: torch.Tensor


class Method(ABC):
    """See the module.

    Attributes:
        title: what the report calls it.
        exclusive: whether the probability network scores exclusive classes, the background among them; else each
            segment by itself.
        has_distance: whether the distance network says signed distances; else they are computed from the mask.
        chooses_parts: whether validation decides of which segments only the largest part is kept.
        learns_from_parts: whether it can learn from scans that are outlined in part.
    """

    title: str
    exclusive = True
    has_distance = True
    chooses_parts = True
    learns_from_parts = True

    # --- before training

    def plan(self, inputs: PlanningInput) -> Plan:
        """What the training will do: by the default rules."""
        return with_overview(usual_plan(inputs), inputs)

    def precision(self, fastest: str) -> str:
        """The networks' arithmetic, on a device where ``fastest`` is the fastest for large networks."""
        return fastest

    def warm_started(self, plan: Plan) -> Plan:
        """The plan of a training that starts from networks that know something."""
        return plan

    # --- a step

    def optimizer(self, networks: TwoNetworks, plan: Plan) -> torch.optim.Optimizer:
        """Of all weights of both networks: AdamW with the plan's weight decay."""
        parameters = list(networks.parameters())
        decay, is_fused = plan.training.weight_decay, parameters[0].device.type in ("cpu", "cuda")
        return AdamW(parameters, lr=plan.learning_rate, weight_decay=decay, fused=is_fused)

    def learning_rate(self, plan: Plan, progress: float) -> float:
        """At a point of the training, 0 to 1: a short rise, then half a cosine to 0, so that every end is calm."""
        warm_up = plan.training.warm_up
        rise = min(1.0, (progress + 1e-9) / warm_up) if warm_up else 1.0
        return plan.learning_rate * rise * 0.5 * (1 + math.cos(math.pi * progress))

    def mutual_start(self, plan: Plan) -> float:
        """The point of the training, 0 to 1, from which on unlabeled scans are learned from as well."""
        return plan.mutual.start

    @abstractmethod
    def sample(self, step: Step) -> Any:
        """What a step works on, for :meth:`loss`."""

    @abstractmethod
    def loss(self, students: TwoNetworks, teachers: TwoNetworks, views: Any, progress: float, plan: Plan) -> Losses:
        """The loss of both networks together, and its parts by name for the curves.

        ``outlined_loss`` is that on the labeled patches, ``unlabeled_loss`` that on the others, not yet weighted.

        Args:
            students: the networks that learn.
            teachers: copies of them with averaged weights, which get no gradient.
            views: from :meth:`sample`.
        """

    def sighted(self, views: Any) -> Batch | None:
        """The unlabeled patches among what :meth:`sample` gave, in which :meth:`loss` told what the teachers see; None
        where the method doesn't."""
        return None

    def shorten(self, students: TwoNetworks, plan: Plan) -> torch.Tensor:
        """Shortens the gradients to the plan's largest norm; returns their norm before."""
        return torch.nn.utils.clip_grad_norm_(students.parameters(), plan.training.largest_gradient, foreach=True)

    # --- prediction

    def window_map(self, distance: torch.Tensor, plan: Plan) -> torch.Tensor:
        """What of the distance network's answer, within (-1, 1), is averaged where windows overlap."""
        return distance

    def decode(self, networks: TwoNetworks, probability: torch.Tensor, averaged: torch.Tensor) -> Decoded:
        """The result, from both networks' averaged answers.

        Args:
            probability: (K + 1, z, y, x).
            averaged: (K, z, y, x), of :meth:`window_map`.
        """
        mask = networks.masks(averaged[None])[0]
        return Decoded(probability, mask, (probability + mask) / 2, averaged)
