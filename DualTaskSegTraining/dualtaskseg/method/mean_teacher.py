"""Mean teacher, as a yardstick: Tarvainen & Valpola, "Mean teachers are better role models", NeurIPS 2017.

The probability network learns from labels, and on unlabeled patches to say what its averaged copy says of the same
patch under other changes of intensity: the mean squared difference of their probabilities. Weight and ramp are those of
Yu et al. (MICCAI 2019), who use the method for the same kind of scans; they were not tuned here. The distance network
learns from labels alone. It does not infer: the mask is the averaged probability network's. But it gives the signed
distance, and where it contradicts is uncertain.

This file is also the example of ``Docs/method.md`` for how a method is added.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from dualtaskseg.method.augment import change_intensity
from dualtaskseg.method.base import Decoded, Losses, Method
from dualtaskseg.method.pasting import draw_partners, shown
from dualtaskseg.method.sampling import Batch, Step, draw_patches
from dualtaskseg.method.sightings import is_seen
from dualtaskseg.method.supervision import Outputs, Ruler, labeled_target, supervised_loss
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.parallel.pooling import pooled
from dualtaskseg.planning.overview import with_overview
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import PlanningInput, usual_plan
from dualtaskseg.planning.settings import MutualSettings


@dataclass
class Views:
    """What the networks are shown in one step; images are (B, 1, z, y, x).

    Attributes:
        labeled: patches with label and distance.
        unlabeled: patches without; None without unlabeled scans.
        labeled_image, unlabeled_image: what the students see.
        teacher_image: the unlabeled patches, as the teacher sees them.
    """

    labeled: Batch
    unlabeled: Batch | None
    labeled_image: torch.Tensor
    unlabeled_image: torch.Tensor | None = None
    teacher_image: torch.Tensor | None = None


class MeanTeacher(Method):
    """See the module."""

    title = "mean teacher"

    def plan(self, inputs: PlanningInput) -> Plan:
        plan = usual_plan(inputs)  # one network decides alone: there is no second one that would doubt it
        plan = plan.replaced(mutual=MutualSettings(start=0.0, ramp=1.0, consistency=0.1), leave_out_doubted=False)
        return with_overview(plan, inputs)

    def sample(self, step: Step) -> Views:
        known, unknown = draw_patches(step)
        generator, plan = step.generator, step.plan
        weak, strong = plan.training.weak_intensity, plan.training.strong_intensity
        known, image = shown(known, draw_partners(step, known), plan, generator)
        views = Views(known, unknown, image)
        if unknown is not None:
            views.unlabeled_image = change_intensity(unknown.image, strong, generator, unknown.rows)
            views.teacher_image = change_intensity(unknown.image, weak, generator, unknown.rows)
        return views

    def loss(self, students: TwoNetworks, teachers: TwoNetworks, views: Views, progress: float, plan: Plan) -> Losses:
        ruler = Ruler.of(plan, students.truncation)
        outputs = Outputs.of(students, views.labeled_image)
        parts = supervised_loss(outputs, labeled_target(views.labeled, ruler), ruler, plan)
        if views.unlabeled is None:
            return parts["outlined_loss"], parts
        with torch.no_grad():
            expected = teachers.probabilities(views.teacher_image)
        views.unlabeled.seen = is_seen(expected)
        difference = (students.log_probabilities(views.unlabeled_image).exp() - expected) ** 2
        valid = views.unlabeled.valid[:, None].float()
        total, voxels = pooled((difference * valid).sum(), valid.sum())
        parts["teacher_consistency"] = total / (voxels * difference.shape[1]).clamp_min(1)
        parts["unlabeled_loss"] = plan.mutual.consistency * parts["teacher_consistency"]
        return parts["outlined_loss"] + plan.mutual.ramp_weight(progress) * parts["unlabeled_loss"], parts

    def sighted(self, views: Views) -> Batch | None:
        return views.unlabeled

    def decode(self, networks: TwoNetworks, probability: torch.Tensor, averaged: torch.Tensor) -> Decoded:
        return Decoded(probability, networks.masks(averaged[None])[0], probability, averaged)


METHOD = MeanTeacher()
