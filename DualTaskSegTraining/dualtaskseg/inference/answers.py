"""What both networks answer about windows of a scan, and what a method makes of the average of such answers."""

from __future__ import annotations

import torch

from dualtaskseg.method.base import Decoded
from dualtaskseg.method.registry import method_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import Plan

LARGEST_SCORE = 1e6  # of a network's last layer; trained ones stay below a thousand, where a voxel is certain already


def answers_of(networks: TwoNetworks, plan: Plan, scores: torch.Tensor, raw: torch.Tensor) -> torch.Tensor:
    """What is averaged where windows overlap: (B, 2 K, z, y, x).

    Args:
        scores: of the probability network, float32, (B, K + 1, z, y, x); (B, K, ...) where classes aren't exclusive.
        raw: of the distance network, float32, (B, K, z, y, x).

    Returns:
        probabilities of the segments, then the method's distance map.
    """
    probability = networks.probabilities_of(scores)[:, 1:]
    return torch.cat([probability, method_of(plan).window_map(torch.tanh(raw), plan)], dim=1)


def largest_of(scores: torch.Tensor, raw: torch.Tensor) -> torch.Tensor:
    """The largest absolute score, NaN if any is.

    Looked at before softmax and tanh, which make whole numbers of infinite ones.
    """
    return torch.stack([*scores.aminmax(), *raw.aminmax()]).abs().amax()


def decoded(networks: TwoNetworks, plan: Plan, values: torch.Tensor) -> Decoded:
    """The result, from averaged answers (2 K, z, y, x)."""
    count = len(plan.segments)
    segments, second = values[:count], values[count:]
    probability = torch.cat([1 - segments.sum(dim=0, keepdim=True), segments])
    return method_of(plan).decode(networks, probability, second)
