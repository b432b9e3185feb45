"""The optimizers do what PyTorch's do."""

from __future__ import annotations

import pytest
import torch
from dualtaskseg.method import optimizers
from torch import nn


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("AdamW", {"lr": 0.1, "weight_decay": 0.01, "fused": True}),
        ("AdamW", {"lr": 0.1, "weight_decay": 0.01}),
        ("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01}),
    ],
)
def test_steps_and_states_are_pytorchs(name, settings):
    """A state saved by either goes on in the other."""
    weights = {}
    for first, then in ((torch.optim, optimizers), (optimizers, torch.optim), (torch.optim, torch.optim)):
        torch.manual_seed(0)
        layer = nn.Linear(3, 2)
        optimizer = getattr(first, name)(layer.parameters(), **settings)
        for step in range(4):
            if step == 2:
                state = optimizer.state_dict()
                optimizer = getattr(then, name)(layer.parameters(), **settings)
                optimizer.load_state_dict(state)
            optimizer.zero_grad()
            layer(torch.ones(3)).square().sum().backward()
            optimizer.step()
        weights[first, then] = layer.weight
    assert all(torch.equal(each, weights[torch.optim, torch.optim]) for each in weights.values())
    assert not torch.equal(weights[torch.optim, torch.optim], torch.zeros(2, 3)) and len(weights) == 3
