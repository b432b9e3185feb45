"""The numbers that steer a training, typed and with their bounds. All of them stand in the plan.

Their defaults are what trainings of earlier versions, whose plans lack them, were steered by. Light: no torch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from dualtaskseg.contract.bounds import bounded, flag, is_sound, number, read_settings, rising, tuple_of, unfit, whole
from dualtaskseg.contract.presets import PRESETS

SHARE = number(0, 1)
LATEST_START = 0.7  # of the mutual part, in however short a training


@dataclass(frozen=True)
class IntensityRange:
    """How far intensity augmentation goes; intensities have mean 0 and standard deviation about 1.

    Attributes:
        probability: of each of the changes, for each sample by itself.
        contrast: factor 1 ± this.
        brightness: offset ± this.
        gamma: exponent within exp(± this).
        bias: strength of the smooth field, factor within exp(± this).
        noise: largest standard deviation of the noise.
        blur: largest standard deviation of the blur in voxels.
    """

    probability: float = bounded(SHARE, 0.5)
    contrast: float = bounded(SHARE, 0.25)
    brightness: float = bounded(number(0, 10), 0.2)
    gamma: float = bounded(number(0, 10), 0.4)
    bias: float = bounded(number(0, 10), 0.3)
    noise: float = bounded(number(0, 10), 0.15)
    blur: float = bounded(number(0, 10), 1.0)

    def fault(self) -> str | None:
        """The name of a setting that makes no sense; None where all do."""
        return unfit(self)


WEAK_INTENSITY = IntensityRange()
STRONG_INTENSITY = IntensityRange(probability=0.8, contrast=0.4, brightness=0.4, gamma=0.6, bias=0.4, noise=0.2)


@dataclass(frozen=True)
class MutualSettings:
    """What one network learns from the other, or from averaged copies.

    Attributes:
        start: part of the training after which the networks teach each other; before, they learn from labels alone,
            since a teacher who knows nothing teaches nothing.
        labels_first: steps that they learn from labels alone before, as far as :meth:`begun_after` allows.
        ramp: part of the training over which their pseudo-labels gain weight.
        weight: of a pseudo-labeled voxel against a labeled one.
        confidence: how sure a teacher must be, at the start and at the end of the mutual part.
        segment_confidence: how sure of a segment at least; as of the background where that is more. What is taken for a
            segment by mistake would be taught again, and grow.
        disagreement_weight: of a pseudo-label where the two teachers contradict each other.
        consistency: weight of the squared difference of the two networks' masks.
        distance: weight of the distance regression.
        mix: part of the unlabeled patches that exchange a cuboid with a labeled one.
        fresh: whether that labeled patch is one more, rather than the one that the step shows anyway.
        seams: whether the distances of such a patch are those to the seam, too, rather than those of the scans that it
            is made of.
    """

    start: float = bounded(SHARE, 0.3)
    labels_first: int = bounded(whole(0, 10**9), 0)
    ramp: float = bounded(SHARE, 0.2)
    weight: float = bounded(number(0, 100), 0.5)
    confidence: tuple[float, float] = bounded(tuple_of(SHARE, 2), (0.75, 0.9))
    segment_confidence: float = bounded(SHARE, 0.0)
    disagreement_weight: float = bounded(number(0, 100), 0.5)
    consistency: float = bounded(number(0, 100), 0.1)
    distance: float = bounded(number(0, 100), 1.0)
    mix: float = bounded(SHARE, 0.5)
    fresh: bool = bounded(flag, False)
    seams: bool = bounded(flag, True)

    def begun_after(self, iterations: int, progress_at: Callable[[int, int], float]) -> MutualSettings:
        """The settings for so many steps: with so few that the networks would know little, they begin later.

        Args:
            progress_at: how much of the training lies behind after a step, of so many.
        """
        first = min(self.labels_first, round(LATEST_START * iterations))
        return replace(self, start=max(self.start, progress_at(first, iterations)))

    def ramp_weight(self, progress: float) -> float:
        """The ramp exp(-5 (1 - t)^2) of Laine & Aila (ICLR 2017), 0 before the mutual part begins."""
        if progress < self.start:
            return 0.0
        t = min(1.0, (progress - self.start) / max(self.ramp, 1e-6))
        return math.exp(-5 * (1 - t) ** 2)

    def thresholds(self, progress: float) -> tuple[float, float]:
        """How sure a teacher must be of the background and of a segment at this point of the training."""
        low, high = self.confidence
        threshold = low + (high - low) * max(0.0, progress - self.start) / max(1 - self.start, 1e-6)
        return threshold, max(threshold, self.segment_confidence)


@dataclass(frozen=True)
class TrainingSettings:
    """How a training samples, augments and optimises; the learning rate itself is the plan's.

    Attributes:
        warm_up: part of the training over which the learning rate rises.
        largest_gradient: norm beyond which gradients are shortened.
        weight_decay: of AdamW.
        near_voxels: how near the surface, in voxels, a voxel counts by itself.
        far: weight of the error of distances everywhere, in truncations, against that near the surface, in voxels.
        weak_intensity: how labeled patches are changed.
        strong_intensity: how unlabeled patches are changed for the students.
        cuboid: least and largest side of an exchanged cuboid, as parts of the patch.
        margin: part of a patch, or of a smaller scan, that its center stays away from the scan's border.
        jitter: into how many parts a patch is divided, by half of one of which its center may lie beside the voxel
            that it is centered on.
        seeking: part of the unlabeled patches that are centered where a teacher saw a structure, or where one is to be
            expected; the rest lie anywhere.
        moved: part of the patches that are rotated and zoomed, and so interpolated; the others show voxels as they are,
            as a prediction does, mirrored at most.
        pasting: part of the labeled patches that exchange a cuboid with another labeled one, as long as nothing is
            pasted into unlabeled ones.
        averaged: part of the training over which the weights are averaged at most; 0 where the plan's ``ema_decay``
            holds whatever its length.
    """

    warm_up: float = bounded(SHARE, 0.03)
    largest_gradient: float = bounded(number(1e-6, 1e9), 12.0)
    weight_decay: float = bounded(SHARE, 1e-2)
    near_voxels: float = bounded(number(0, 1000), 3.0)
    far: float = bounded(number(0, 1000), 1.0)
    weak_intensity: IntensityRange = bounded(is_sound, WEAK_INTENSITY)
    strong_intensity: IntensityRange = bounded(is_sound, STRONG_INTENSITY)
    cuboid: tuple[float, float] = bounded(rising(SHARE, 2), (0.5, 0.67))
    margin: float = bounded(number(0, 0.5), 0.4)
    jitter: int = bounded(whole(1, 1000), 3)
    seeking: float = bounded(SHARE, 0.0)
    moved: float = bounded(SHARE, 1.0)
    pasting: float = bounded(SHARE, 0.0)
    averaged: float = bounded(SHARE, 0.0)


@dataclass(frozen=True)
class PublishedSettings:
    """What the published code is steered by; see :mod:`dualtaskseg.method.paper`. It neither warms up nor shortens
    gradients, and changes no intensities.

    Attributes:
        momentum, weight_decay: of SGD.
        schedule: iterations that the numbers below refer to; with another number they are stretched in proportion.
        drops: after which iterations of it the learning rate is divided by ten.
        ramp_steps, ramp_interval: the weight of the consistency rises in so many steps, so many iterations apart.
        consistency: weight of the consistency at the end of the ramp; 1 for each of both networks.
        sharpness: kappa of the mask sigmoid(-kappa z).
    """

    momentum: float = bounded(SHARE, 0.9)
    weight_decay: float = bounded(SHARE, 1e-4)
    schedule: int = bounded(whole(1, 10**9), 6000)
    drops: tuple[int, ...] = bounded(rising(whole(0, 10**9)), (2500, 5000))
    ramp_steps: int = bounded(whole(1, 10**9), 40)
    ramp_interval: int = bounded(whole(1, 10**9), 150)
    consistency: float = bounded(number(0, 100), 2.0)
    sharpness: float = bounded(number(1e-3, 1e9), 1500.0)


def training_settings(preset: str, data: Any) -> TrainingSettings | PublishedSettings:
    """The settings of a plan with this preset, from its document.

    Raises:
        InputError: they make no sense; see :func:`~dualtaskseg.contract.bounds.read_settings`.
    """
    kind = PublishedSettings if preset in PRESETS and PRESETS[preset].as_published else TrainingSettings
    if isinstance(data, Mapping):
        ranges = {"weak_intensity": WEAK_INTENSITY, "strong_intensity": STRONG_INTENSITY}
        read = {
            name: read_settings(IntensityRange, {**asdict(usual), **data[name]}, f"training.{name}")
            for name, usual in ranges.items()
            if isinstance(data.get(name), Mapping)
        }
        data = {**data, **read}
    return read_settings(kind, data, "training")
