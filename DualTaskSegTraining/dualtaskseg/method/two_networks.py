"""Both networks together, and their averaged copies."""

from __future__ import annotations

import copy

import torch
from torch import nn

from dualtaskseg.method.losses import claims_to_log_classes, distance_to_log_mask


class TwoNetworks(nn.Module):
    """The probability network and the distance network, and what is needed to compare them.

    The probability network scores each class, and softmax makes the scores probabilities of exclusive classes. In the
    published method it scores each segment by itself (``exclusive=False``): sigmoid, and the background is the rest.

    Args:
        probability: image (B, 1, z, y, x) to class scores (B, K + 1, z, y, x).
        distance: image to raw distances (B, K, z, y, x); tanh makes them the distance divided by the truncation.
        truncation: (K,) mm.
        temperature: mm over which the soft mask changes from inside to outside.
        exclusive: see above.
    """

    def __init__(
        self,
        probability: nn.Module,
        distance: nn.Module,
        truncation: list[float],
        temperature: float,
        exclusive: bool = True,
    ) -> None:
        super().__init__()
        self.exclusive = exclusive
        self.probability = probability
        self.distance = distance
        self.register_buffer("truncation", torch.tensor(truncation, dtype=torch.float32), persistent=False)
        self.register_buffer("kappa", self.truncation / temperature, persistent=False)

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
        return distance_to_log_mask(distance, self.kappa)

    def masks(self, distance: torch.Tensor) -> torch.Tensor:
        """The soft masks of :meth:`distances`: class probabilities."""
        return self.log_masks(distance).exp()


def _with_fast_gradient(output: torch.Tensor) -> torch.Tensor:
    """A network's output, whose gradient will come back in the memory layout of its layers; else each converts it."""
    if output.requires_grad:
        output.register_hook(lambda gradient: gradient.contiguous(memory_format=torch.channels_last_3d))
    return output


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
