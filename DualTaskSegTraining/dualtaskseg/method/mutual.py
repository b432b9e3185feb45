"""The default method: one step in which two networks with two tasks learn from labels and from each other.

One network gives a probability for every class, the other a signed distance for every segment. On labeled scans each
learns its own task. On unlabeled scans each is taught by the *other's* averaged copy: the distance network's zero
level is the label for the probability network, the probability network's most likely class is the label for the
distance network, each only where its teacher is sure. No gradient flows into a teacher.

What is ours beyond Zhang & Zhang (PRCV 2021), and the evidence for it, is told in ``Docs/method.md``. Their method as
published is in :mod:`dualtaskseg.method.paper`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import torch

from dualtaskseg.method.augment import change_intensity
from dualtaskseg.method.base import Losses, Method
from dualtaskseg.method.losses import distance_to_label
from dualtaskseg.method.pasting import Partners, draw_partners, exchange_cuboids, shown
from dualtaskseg.method.sampling import Batch, Step, draw_patches
from dualtaskseg.method.sightings import is_seen
from dualtaskseg.method.supervision import (
    Outputs,
    Ruler,
    Target,
    distance_losses,
    labeled_target,
    probability_loss,
    supervised_loss,
)
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.parallel.pooling import pooled_mean
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.signed_distance import signed_distances


class MutualLearning(Method):
    """See the module. Without unlabeled scans (``--method supervised``) both networks learn from labels alone."""

    title = "mutual learning"

    def warm_started(self, plan: Plan) -> Plan:
        """Teachers who know something may teach from the first step."""
        return plan.replaced(mutual=replace(plan.mutual, start=0.0, labels_first=0))

    def sample(self, step: Step) -> Views:
        labeled, unlabeled = draw_patches(step)
        if unlabeled is None:
            return make_views(labeled, None, step.plan, step.generator, partners=draw_partners(step, labeled))
        source = None  # labeled patches stay whole: what is pasted is in the unlabeled ones
        if step.plan.mutual.fresh:
            source = step.labeled.draw(step.plan.batch_unlabeled, step.generator, share=step.share)
        return make_views(labeled, unlabeled, step.plan, step.generator, source)

    def loss(self, students: TwoNetworks, teachers: TwoNetworks, views: Views, progress: float, plan: Plan) -> Losses:
        return training_step(students, teachers, views, progress, plan)

    def sighted(self, views: Views) -> Batch | None:
        return views.unlabeled


METHOD = MutualLearning()


# --- what the networks are shown


@dataclass
class Views:
    """What the networks are shown in one step, all chance in it drawn.

    Attributes:
        labeled: patches with label and distance; without unlabeled patches some are mixed with others of the kind.
        unlabeled: as many patches without, as the teachers see them; None to learn from labels alone.
        image: what the students see: the labeled patches, then the unlabeled ones, changed and mixed.
        pasted: where the latter show a labeled patch, bool (B, z, y, x); None without unlabeled patches.
        source: the labeled patches that are pasted; None without unlabeled patches.
    """

    labeled: Batch
    unlabeled: Batch | None
    image: torch.Tensor
    pasted: torch.Tensor | None
    source: Batch | None = None


def make_views(
    labeled: Batch,
    unlabeled: Batch | None,
    plan: Plan,
    generator: torch.Generator,
    source: Batch | None = None,
    partners: Partners | None = None,
) -> Views:
    """Changes intensities, weakly of labeled and strongly of unlabeled patches, and mixes them.

    Args:
        source: labeled patches, as many as unlabeled ones, to paste into these; the labeled ones unless given.
        partners: labeled patches to paste into labeled ones; nothing unless given.
        plan: how far, and how often patches are mixed.
        generator: on the CPU, the only source of chance.
    """
    known, image = shown(labeled, partners, plan, generator)
    if unlabeled is None:
        return Views(known, None, image, None)
    rows = unlabeled.rows
    other = image
    if source is not None:
        other = change_intensity(source.image, plan.training.weak_intensity, generator, source.rows)
    strong = change_intensity(unlabeled.image, plan.training.strong_intensity, generator, rows)
    mixed, pasted = exchange_cuboids(strong, other, plan.mutual.mix, plan.training.cuboid, generator, rows)
    return Views(known, unlabeled, torch.cat([image, mixed]), pasted, source or known)


# --- the step


def training_step(
    students: TwoNetworks, teachers: TwoNetworks, views: Views, progress: float, plan: Plan
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """The loss of one step, of both networks together (they share no weights, so one backward pass serves both).

    Returns:
        the loss, and its parts by name for the curves: ``outlined_loss`` on the labeled patches, ``unlabeled_loss`` on
        the others, not yet weighted by the ramp, and what either is made of.
    """
    ruler = Ruler.of(plan, students.truncation)
    pseudo = pseudo_labels(teachers, views.unlabeled, progress, plan) if views.unlabeled is not None else None
    if pseudo is not None:
        views.unlabeled.seen = pseudo.seen
    outputs = Outputs.of(students, views.image)
    on_labeled, on_unlabeled = outputs.split(len(views.labeled.image))
    known = labeled_target(views.labeled, ruler)
    parts = supervised_loss(on_labeled, known, ruler, plan)
    if pseudo is None:
        return parts["outlined_loss"], parts
    pasted = known if views.source is views.labeled else labeled_target(views.source, ruler)
    by_distance = mixed_target(pseudo.by_distance, pasted, views, plan)
    by_probability = mixed_target(pseudo.by_probability, pasted, views, plan)
    if plan.mutual.seams:
        distance = _distances(by_probability.label, students, plan)
        by_probability = by_probability._replace(distance=distance, near=ruler.near(distance))
    parts |= mutual_loss(on_unlabeled, by_distance, by_probability, outputs, ruler, plan)
    return parts["outlined_loss"] + plan.mutual.ramp_weight(progress) * parts["unlabeled_loss"], parts


def consistency(outputs: Outputs) -> torch.Tensor:
    """The paper's squared difference of both masks. Its gradient in p is 2 (p - m) and in m is 2 (m - p): just what
    each network would get with its partner held fixed, so nothing has to be.
    """
    return pooled_mean((outputs.probability - outputs.mask) ** 2)


def mutual_loss(
    outputs: Outputs, by_distance: Target, by_probability: Target, everywhere: Outputs, ruler: Ruler, plan: Plan
) -> dict[str, torch.Tensor]:
    """On unlabeled patches: each network is taught by the other one. ``unlabeled_loss`` is the sum.

    Args:
        by_distance, by_probability: what the distance and the probability teacher say.
        everywhere: of the students on all patches, the labeled ones too.
    """
    settings = plan.mutual
    of_probability = probability_loss(outputs, by_distance)
    of_mask, of_distance = distance_losses(outputs, by_probability, ruler)
    of_both = of_mask + settings.distance * of_distance
    difference = consistency(everywhere)
    return {
        "probability_taught": of_probability,
        "distance_taught": of_both,
        "consistency": difference,
        "unlabeled_loss": of_probability + of_both + settings.consistency * difference,
    }


# --- what the teachers say


class PseudoLabels(NamedTuple):
    """What both averaged copies say of unlabeled patches; and where (B, z, y, x) one of them sees a segment, or doubts.

    Distances go with what the probability teacher says alone.
    """

    by_probability: Target
    by_distance: Target
    seen: torch.Tensor


def pseudo_labels(teachers: TwoNetworks, unlabeled: Batch, progress: float, plan: Plan) -> PseudoLabels:
    """Labels by both averaged copies, which count where their teacher is sure, and less where the teachers differ.

    In a partly outlined scan the label counts wherever it is known, whatever the teachers say.

    Args:
        progress: of the training; it decides how sure a teacher must be.
    """
    image = unlabeled.image
    settings = plan.mutual
    of_background, of_segment = settings.thresholds(progress)
    with torch.no_grad():
        probability = teachers.probabilities(image)
        distance = teachers.distances(image)
    sure_probability, from_probability = probability.max(dim=1)
    sure_mask = torch.sigmoid((distance * teachers.kappa.reshape(1, -1, 1, 1, 1)).abs().amin(dim=1))
    from_distance = distance_to_label(distance)
    weights = torch.where(from_probability == from_distance, 1.0, settings.disagreement_weight)
    by_both = ((from_probability, sure_probability), (from_distance, sure_mask))
    weights = [weights * (sure >= torch.where(label > 0, of_segment, of_background)) for label, sure in by_both]
    if unlabeled.known is not None:
        from_probability = torch.where(unlabeled.known, unlabeled.label, from_probability)
        from_distance = torch.where(unlabeled.known, unlabeled.label, from_distance)
        weights = [torch.where(unlabeled.known, 1.0, weight) for weight in weights]
    ruler = Ruler.of(plan, teachers.truncation)
    own = distance if settings.seams else _distances(from_probability, teachers, plan)  # else of the mixed label
    return PseudoLabels(
        Target(from_probability, weights[0], ruler.near(own), None if settings.seams else own),
        Target(from_distance, weights[1], ruler.near(distance)),
        is_seen(probability) | (from_distance > 0),
    )


def _distances(label: torch.Tensor, networks: TwoNetworks, plan: Plan) -> torch.Tensor:
    """Of labels (B, z, y, x), divided by the truncation."""
    largest = max(plan.truncation)  # asked of the tensor, a GPU would be waited for
    return signed_distances(label, len(plan.truncation), plan.spacing, networks.truncation, largest)


def mixed_target(pseudo: Target, known: Target, views: Views, plan: Plan) -> Target:
    """What a teacher says of unlabeled patches, and the labels where a labeled patch was pasted into them.

    The distances are those in the scans that the mixed image is made of. Measured on the mixed label, as by earlier
    versions (``plan.mutual.seams``), they are those to the seam, too; ``Docs/method.md`` tells what that cost.
    """
    from_label = views.pasted & views.source.known
    there = torch.where(views.pasted, views.source.known, views.unlabeled.valid).float()
    weight = torch.where(from_label, torch.ones_like(pseudo.weight), plan.mutual.weight * pseudo.weight) * there
    label = torch.where(from_label, known.label, pseudo.label)
    near = torch.where(from_label, known.near, pseudo.near)
    if pseudo.distance is None:
        return Target(label, weight, near)
    distance = torch.where(from_label[:, None], known.distance, pseudo.distance)
    if known.least is None:
        return Target(label, weight, near, distance)
    return Target(label, weight, near, distance, torch.where(from_label[:, None], known.least, pseudo.distance))
