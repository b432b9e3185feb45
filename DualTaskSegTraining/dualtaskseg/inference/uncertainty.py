"""How unsure the two networks are: voxel by voxel, and of a whole scan.

Two networks with two tasks answer the same question, so where they contradict each other, at least one is wrong. No
label is needed to see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch


@dataclass(frozen=True)
class Summary:
    """What the two networks' predictions tell of one scan. Figures of all segments together unless by segment.

    Of a scan in which nothing can be seen, agreement, expected Dice and disagreement are None, and those by segment
    are empty: the networks were not asked, and nothing is known of what they would be worth.

    Attributes:
        agreement: Dice of the two networks' masks.
        expected_dice: what the probabilities themselves promise, see :class:`Accumulator`.
        disagreement: mean of :func:`total_variation` over the voxels that either network counts to a segment.
        agreement_of, expected_dice_of, volume_ml: by segment name.
        warnings: what the user should know, each without a full stop.
        unseen: why nothing can be seen in the scan, one of the warnings; empty where something can.
    """

    agreement: float | None
    expected_dice: float | None
    disagreement: float | None
    agreement_of: dict[str, float] = field(default_factory=dict)
    expected_dice_of: dict[str, float] = field(default_factory=dict)
    volume_ml: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    unseen: str = ""

    @classmethod
    def of_unseen(cls, why: str, volume_ml: dict[str, float], warnings: Sequence[str] = ()) -> Summary:
        """That of a scan in which nothing can be seen."""
        return cls(None, None, None, volume_ml=volume_ml, warnings=(*warnings, why), unseen=why)


def total_variation(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """The total variation distance of two predictions of each voxel, 1/2 sum_c |p_c - m_c|.

    0 where both are the same, 1 where both are certain of different classes: the largest difference between the
    probabilities that the two give to any event (Levin & Peres, "Markov Chains and Mixing Times", proposition 4.2).
    The entropy of their mean would also call voxels unsure on whose uncertainty both agree; this doesn't.

    Args:
        first, second: probabilities (classes, ...), sum 1.

    Returns:
        values from 0 to 1, (...).
    """
    return 0.5 * (first - second).abs().sum(dim=0)


class Accumulator:
    """Sums over the voxels of a scan, given some slices at a time, from which the figures of :class:`Summary` come.

    The expected Dice of a mask y under probabilities P is taken as 2 sum P y / (sum P + sum y), the "soft Dice
    confidence" of Borges, Pacheco & Silva (arXiv 2402.10665); with all segments together, P is the probability
    of any of them.
    """

    def __init__(self, segments: int) -> None:
        self.segments = segments
        shape = (segments + 1,)  # the last one: all segments together
        self.first, self.second, self.both = (torch.zeros(shape, dtype=torch.float64) for _ in range(3))
        self.mass, self.mask, self.mass_inside = (torch.zeros(shape, dtype=torch.float64) for _ in range(3))
        self.uncertainty = 0.0
        self.either = 0.0

    def add(
        self,
        probability: torch.Tensor,
        label: torch.Tensor,
        first: torch.Tensor,
        second: torch.Tensor,
        uncertainty: torch.Tensor,
    ) -> None:
        """Adds some voxels.

        Args:
            probability: averaged, (classes, ...), the background first.
            label: its most likely class, (...).
            first, second: labels of the two networks, (...).
            uncertainty: their disagreement, (...).
        """
        for index in range(self.segments + 1):
            is_union = index == self.segments
            mass = 1 - probability[0] if is_union else probability[index + 1]
            masks = [each > 0 if is_union else each == index + 1 for each in (label, first, second)]
            self.mass[index] += _sum(mass)
            self.mask[index] += _sum(masks[0])
            self.mass_inside[index] += _sum(mass * masks[0])
            self.first[index] += _sum(masks[1])
            self.second[index] += _sum(masks[2])
            self.both[index] += _sum(masks[1] & masks[2])
        either = (first > 0) | (second > 0)
        self.uncertainty += _sum(uncertainty * either)
        self.either += _sum(either)

    def leave_out(self, index: int, voxels: float, agreed: float) -> None:
        """Takes back what either network sees in parts of a segment that the result doesn't have.

        Args:
            index: of the segment.
            voxels: in these parts, each of which one network sees at least.
            agreed: which of them both see.
        """
        for place in (index, self.segments):
            self.first[place] -= voxels
            self.second[place] -= agreed
            self.both[place] -= agreed

    def summary(
        self, names: Sequence[str], volume_ml: dict[str, float] | None = None, warnings: Sequence[str] = ()
    ) -> Summary:
        """The figures, given the segments' names. What is absent from both networks' masks is agreed upon: 1."""
        agreement = _ratio(2 * self.both, self.first + self.second)
        expected = _ratio(2 * self.mass_inside, self.mass + self.mask)
        return Summary(
            agreement=agreement[-1],
            expected_dice=expected[-1],
            disagreement=self.uncertainty / self.either if self.either else 0.0,
            agreement_of=dict(zip(names, agreement, strict=False)),
            expected_dice_of=dict(zip(names, expected, strict=False)),
            volume_ml=volume_ml or {},
            warnings=tuple(warnings),
        )


def _sum(values: torch.Tensor) -> float:
    # float64 exists everywhere but on Apple's GPUs; sums of slices are added up in it on the CPU
    if values.dtype == torch.bool:
        return float(values.sum())
    return float(values.sum(dtype=torch.float32 if values.device.type == "mps" else torch.float64))


def _ratio(part: torch.Tensor, whole: torch.Tensor) -> list[float]:
    share = (part / whole.clamp_min(1e-12)).clamp(0, 1)  # what was left out was counted on another grid
    return torch.where(whole > 0, share, torch.ones_like(whole)).tolist()
