"""The heart: one step in which two networks with two tasks learn from labels and from each other.

One network gives a probability for every class, the other a signed distance for every segment. On labeled scans each
learns its own task. On unlabeled scans each is taught by the *other's* averaged copy: the distance network's zero
level is the label for the probability network, the probability network's most likely class is the label for the
distance network, each only where its teacher is sure. No gradient flows into a teacher.

What is ours beyond Zhang & Zhang (PRCV 2021), and the evidence for it, is told in ``Docs/method.md``. Their method as
published is in :mod:`dualtaskseg.method.paper`.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass

import torch
from torch import nn

from dualtaskseg.method.augment import STRONG_INTENSITY, WEAK_INTENSITY, change_intensity
from dualtaskseg.method.device_distance import signed_distances
from dualtaskseg.method.losses import (
    NEAR_VOXELS,
    claims_to_log_classes,
    distance_loss,
    distance_to_label,
    distance_to_log_mask,
    mask_loss,
)


@dataclass
class Batch:
    """Patches, augmented in space but not in intensity.

    Attributes:
        image: (B, 1, z, y, x).
        valid: (B, z, y, x) bool, where the patch lies inside its scan.
        label: (B, z, y, x) int64, or None for unlabeled patches.
        distance: (B, K, z, y, x) signed distance in mm, or None.
    """

    image: torch.Tensor
    valid: torch.Tensor
    label: torch.Tensor | None = None
    distance: torch.Tensor | None = None


@dataclass(frozen=True)
class MutualSettings:
    """What steers the default method; all of it is written into the plan.

    Attributes:
        start: part of the training after which the networks teach each other; before, they learn from labels alone,
            since a teacher who knows nothing teaches nothing.
        ramp: part of the training over which their lessons gain weight.
        weight: of a pseudo-labeled voxel against a labeled one.
        confidence: how sure a teacher must be, at the start and at the end of the mutual part.
        disagreement_weight: of a lesson where the two teachers contradict each other.
        consistency: weight of the squared difference of the two networks' masks.
        distance: weight of the distance regression.
        mix: part of the unlabeled patches that exchange a cuboid with a labeled one.
    """

    start: float = 0.3
    ramp: float = 0.2
    weight: float = 0.5
    confidence: tuple[float, float] = (0.75, 0.9)
    disagreement_weight: float = 0.5
    consistency: float = 0.1
    distance: float = 1.0
    mix: float = 0.5

    def lesson_weight(self, progress: float) -> float:
        """The ramp exp(-5 (1 - t)^2) of Laine & Aila (ICLR 2017), 0 before the mutual part begins."""
        if progress < self.start:
            return 0.0
        t = min(1.0, (progress - self.start) / max(self.ramp, 1e-6))
        return math.exp(-5 * (1 - t) ** 2)

    def threshold(self, progress: float) -> float:
        low, high = self.confidence
        return low + (high - low) * max(0.0, progress - self.start) / max(1 - self.start, 1e-6)


class TwoNetworks(nn.Module):
    """The probability network and the distance network, and what is needed to compare them.

    The probability network scores each class, and softmax makes the scores probabilities of exclusive classes. In the
    published method it scores each segment by itself (``exclusive=False``): sigmoid, and the background is the rest.

    Args:
        probability: image (B, 1, z, y, x) to class scores (B, K + 1, z, y, x).
        distance: image to raw distances (B, K, z, y, x); tanh makes them the distance divided by the truncation.
        truncation: (K,) mm.
        softness: mm over which the soft mask changes from inside to outside.
        exclusive: see above.
    """

    def __init__(
        self,
        probability: nn.Module,
        distance: nn.Module,
        truncation: list[float],
        softness: float,
        exclusive: bool = True,
    ) -> None:
        super().__init__()
        self.exclusive = exclusive
        self.probability = probability
        self.distance = distance
        self.register_buffer("truncation", torch.tensor(truncation, dtype=torch.float32), persistent=False)
        self.register_buffer("sharpness", self.truncation / softness, persistent=False)

    def probabilities(self, image: torch.Tensor) -> torch.Tensor:
        """Class probabilities (B, K + 1, z, y, x), the background first."""
        return self.probabilities_of(self.probability(image).float())

    def probabilities_of(self, scores: torch.Tensor) -> torch.Tensor:
        """The same, given the probability network's scores in float32."""
        if self.exclusive:
            return torch.softmax(scores, dim=1)
        return claims_to_log_classes(scores).exp()

    def log_probabilities(self, image: torch.Tensor) -> torch.Tensor:
        """Their logarithm, for exclusive classes."""
        return torch.log_softmax(_with_fast_gradient(self.probability(image)).float(), dim=1)

    def distances(self, image: torch.Tensor) -> torch.Tensor:
        """Signed distances divided by the truncation, within (-1, 1)."""
        return torch.tanh(_with_fast_gradient(self.distance(image)).float())

    def log_masks(self, distance: torch.Tensor) -> torch.Tensor:
        """The soft masks of :meth:`distances`, as logarithms of class probabilities (B, K + 1, z, y, x)."""
        return distance_to_log_mask(distance, self.sharpness)

    def masks(self, distance: torch.Tensor) -> torch.Tensor:
        """The soft masks of :meth:`distances`: class probabilities."""
        return self.log_masks(distance).exp()


def _with_fast_gradient(output: torch.Tensor) -> torch.Tensor:
    """A network's output, whose gradient will come back in the memory layout of its layers; else each converts it."""
    if output.requires_grad:
        output.register_hook(lambda gradient: gradient.contiguous(memory_format=torch.channels_last_3d))
    return output


class Lessons:
    """What the averaged copies say of unlabeled patches: labels, and how much each voxel of them counts."""

    def __init__(self, teachers: TwoNetworks, image: torch.Tensor, threshold: float, disagreement: float) -> None:
        with torch.no_grad():
            probability = teachers.probabilities(image)
            self.distance = teachers.distances(image)
        sure_probability, self.from_probability = probability.max(dim=1)
        sure_mask = torch.sigmoid((self.distance * teachers.sharpness.reshape(1, -1, 1, 1, 1)).abs().amin(dim=1))
        self.from_distance = distance_to_label(self.distance)
        agree = torch.where(self.from_probability == self.from_distance, 1.0, disagreement)
        self.weight_probability = (sure_probability >= threshold) * agree
        self.weight_distance = (sure_mask >= threshold) * agree


@dataclass
class Views:
    """What the networks are shown in one step, all chance in it drawn.

    Attributes:
        labeled: patches with label and distance.
        unlabeled: as many patches without, as the teachers see them; None to learn from labels alone.
        image: what the students see: the labeled patches, then the unlabeled ones, changed and mixed.
        pasted: where the latter show a labeled patch, bool (B, z, y, x); None without unlabeled patches.
    """

    labeled: Batch
    unlabeled: Batch | None
    image: torch.Tensor
    pasted: torch.Tensor | None


def make_views(labeled: Batch, unlabeled: Batch | None, settings: MutualSettings, generator: torch.Generator) -> Views:
    """Changes intensities, weakly of labeled and strongly of unlabeled patches, and mixes them.

    Args:
        labeled, unlabeled: see :class:`Views`.
        settings: how often patches are mixed.
        generator: on the CPU, the only source of chance.
    """
    image = change_intensity(labeled.image, WEAK_INTENSITY, generator)
    if unlabeled is None:
        return Views(labeled, None, image, None)
    strong = change_intensity(unlabeled.image, STRONG_INTENSITY, generator)
    mixed, pasted = _exchange_cuboids(strong, image, settings.mix, generator)
    return Views(labeled, unlabeled, torch.cat([image, mixed]), pasted)


def training_step(
    students: TwoNetworks,
    teachers: TwoNetworks,
    views: Views,
    progress: float,
    settings: MutualSettings,
    spacing: tuple[float, float, float],
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """The loss of one step, of both networks together (they share no weights, so one backward pass serves both).

    Args:
        students: the networks that learn.
        teachers: their averaged copies.
        views: what is shown to them.
        progress: 0 at the beginning of the training, 1 at its end.
        settings: see there.
        spacing: voxel size (z, y, x) in mm.

    Returns:
        the loss, and its parts by name for the curves: ``outlined_loss`` on the labeled patches, ``unlabeled_loss`` on
        the others, not yet weighted by the ramp, and what either is made of.
    """
    labeled, unlabeled, image, pasted = views.labeled, views.unlabeled, views.image, views.pasted
    count = len(labeled.image)
    if unlabeled is not None:
        lessons = Lessons(teachers, unlabeled.image, settings.threshold(progress), settings.disagreement_weight)

    all_log_probability = students.log_probabilities(image)
    all_distance = students.distances(image)
    all_probability = all_log_probability.exp()
    all_log_mask = students.log_masks(all_distance)
    all_mask = all_log_mask.exp()
    # Split once: each slice by itself would be sent back as a whole tensor of zeros.
    log_probability, probability, distance, log_mask, mask = (
        each.split([count, len(image) - count])
        for each in (all_log_probability, all_probability, all_distance, all_log_mask, all_mask)
    )

    truncation = students.truncation.reshape(1, -1, 1, 1, 1)
    target = labeled.distance.clamp(-truncation, truncation) / truncation
    valid = labeled.valid.float()

    voxel = min(spacing) / students.truncation

    def near(distance: torch.Tensor) -> torch.Tensor:
        return (distance.abs() < NEAR_VOXELS * voxel.reshape(1, -1, 1, 1, 1)).any(dim=1)

    def distance_task(
        part: int, label: torch.Tensor, target: torch.Tensor, weight: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        in_mask_space = mask_loss(log_mask[part], mask[part], label, weight, near(target))
        return in_mask_space, distance_loss(distance[part], target, weight[:, None], voxel)

    known, taught = 0, 1
    parts = {
        "probability_supervised": mask_loss(
            log_probability[known], probability[known], labeled.label, valid, near(target)
        )
    }
    parts["distance_supervised"], parts["distance_regression"] = distance_task(known, labeled.label, target, valid)
    loss = parts["outlined_loss"] = (
        parts["probability_supervised"]
        + parts["distance_supervised"]
        + settings.distance * parts["distance_regression"]
    )
    if unlabeled is None:
        return loss, parts

    from_label = pasted & labeled.valid
    there = torch.where(pasted, labeled.valid, unlabeled.valid).float()

    def lesson(label: torch.Tensor, weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return (
            torch.where(from_label, labeled.label, label),
            torch.where(from_label, torch.ones_like(weight), settings.weight * weight) * there,
        )

    close = torch.where(from_label, near(target), near(lessons.distance))
    label, weight = lesson(lessons.from_distance, lessons.weight_distance)
    parts["probability_taught"] = mask_loss(log_probability[taught], probability[taught], label, weight, close)
    label, weight = lesson(lessons.from_probability, lessons.weight_probability)
    # Measured on the mixed label, as the mixed image shows it: what was cut at a seam is cut for the eye as well.
    target = signed_distances(label, all_distance.shape[1], spacing, students.truncation)
    parts["distance_taught"], regression = distance_task(taught, label, target, weight)
    parts["distance_taught"] = parts["distance_taught"] + settings.distance * regression
    # The paper's squared difference. Its gradient in p is 2 (p - m) and in m is 2 (m - p): just what each network
    # would get with its partner held fixed, so nothing has to be.
    parts["consistency"] = ((all_probability - all_mask) ** 2).mean()
    parts["unlabeled_loss"] = (
        parts["probability_taught"] + parts["distance_taught"] + settings.consistency * parts["consistency"]
    )
    loss = loss + settings.lesson_weight(progress) * parts["unlabeled_loss"]
    return loss, parts


def _exchange_cuboids(
    image: torch.Tensor, other: torch.Tensor, share: float, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Pastes a cuboid of ``other`` into ``image``, or all but a cuboid of it, into a share of the samples.

    After Bai et al., "Bidirectional Copy-Paste" (CVPR 2023). The cuboid's sides are half to two thirds of the patch.

    Returns:
        the mixed images, and where they come from ``other``, bool (B, z, y, x).
    """
    pasted = torch.zeros(image.shape[0], *image.shape[2:], dtype=torch.bool)
    for sample in range(len(image)):
        chosen, inverted = (torch.rand(2, generator=generator) < torch.tensor([share, 0.5])).tolist()
        sides = torch.empty(3).uniform_(0.5, 0.67, generator=generator)
        places = torch.rand(3, generator=generator)
        if not chosen:
            continue
        slices = []
        for size, side, place in zip(image.shape[2:], sides.tolist(), places.tolist(), strict=True):
            length = max(1, round(size * side))
            start = round((size - length) * place)
            slices.append(slice(start, start + length))
        pasted[(sample, *slices)] = True
        if inverted:
            pasted[sample] = ~pasted[sample]
    pasted = pasted.to(image.device)
    return torch.where(pasted[:, None], other, image), pasted


def make_teachers(students: TwoNetworks) -> TwoNetworks:
    """A copy of the networks to average their weights in."""
    return copy.deepcopy(students).requires_grad_(False)


@torch.no_grad()
def update_average(teachers: TwoNetworks, students: TwoNetworks, iteration: int, decay: float) -> None:
    """Moves the averaged weights towards the students' ones: w <- d w + (1 - d) w'.

    The decay grows as 1 - 1 / (iteration + 1) up to ``decay``, so that the first, random weights are soon forgotten
    (Tarvainen & Valpola, NeurIPS 2017).
    """
    decay = min(1 - 1 / (iteration + 1), decay)
    averaged = list(teachers.parameters())
    current = list(students.parameters())
    torch._foreach_lerp_(averaged, current, 1 - decay)
    for average, value in zip(teachers.buffers(), students.buffers(), strict=True):
        average.copy_(value)
