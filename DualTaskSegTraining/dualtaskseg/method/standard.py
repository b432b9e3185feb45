"""What most methods have in common: optimiser, learning rate, a limit for gradients."""

from __future__ import annotations

import math

import torch
from torch import nn

from dualtaskseg.planning.plan import Plan


def adamw(networks: nn.Module, plan: Plan) -> torch.optim.Optimizer:
    """AdamW with the plan's weight decay."""
    parameters = list(networks.parameters())
    is_fused = parameters[0].device.type in ("cpu", "cuda")
    return torch.optim.AdamW(parameters, lr=plan.learning_rate, weight_decay=plan.training.weight_decay, fused=is_fused)


def warmed_cosine(plan: Plan, progress: float) -> float:
    """The learning rate: a short rise, then half a cosine down to 0, so that the end of any budget is calm."""
    warm_up = plan.training.warm_up
    rise = min(1.0, (progress + 1e-9) / warm_up) if warm_up else 1.0
    return plan.learning_rate * rise * 0.5 * (1 + math.cos(math.pi * progress))


def shorten_gradients(networks: nn.Module, plan: Plan) -> torch.Tensor:
    """Shortens the gradients to the plan's largest norm; returns their norm before."""
    return torch.nn.utils.clip_grad_norm_(networks.parameters(), plan.training.largest_gradient, foreach=True)
