"""The planned networks, and that their faster layers compute the same."""

from __future__ import annotations

import pytest
import torch
from dualtaskseg.method.networks import Convolution, build_network
from dualtaskseg.planning.plan import NetworkPlan
from torch import nn

ISOTROPIC = NetworkPlan("unet", (2, 2, 2), (8, 16, 32), ((1, 1, 1), (2, 2, 2), (2, 2, 2)), ((3, 3, 3),) * 3)
THICK = NetworkPlan(
    "unet", (1, 2, 2), (8, 16, 32), ((1, 1, 1), (1, 2, 2), (2, 2, 2)), ((1, 3, 3), (1, 3, 3), (3, 3, 3))
)
WHOLE = NetworkPlan("unet", (1, 1, 1), (8, 16, 32), ((1, 1, 1), (2, 2, 2), (2, 2, 2)), ((3, 3, 3),) * 3)
VNET = NetworkPlan(
    "vnet", (1, 1, 1), (4, 8, 16, 32, 64), ((1, 1, 1), (2, 2, 2), (2, 2, 2), (2, 2, 2), (2, 2, 2)), ((3, 3, 3),) * 5
)


@pytest.mark.parametrize("plan", [ISOTROPIC, THICK, WHOLE, VNET], ids=["half", "thick", "whole", "vnet"])
def test_the_result_has_the_patch_s_shape(plan):
    sides = [2 * step for step in plan.total_stride]
    network = build_network(plan, 3).eval()
    assert network(torch.randn(2, 1, *sides)).shape == (2, 3, *sides)
    assert all(torch.isfinite(parameter).all() for parameter in network.parameters())


@pytest.mark.parametrize("plan", [ISOTROPIC, VNET], ids=["unet", "vnet"])
def test_one_scan_gives_what_it_gives_beside_another(plan):
    """The convolution that is used for a batch of one without gradients agrees with PyTorch's own."""
    torch.manual_seed(0)
    network = build_network(plan, 2).eval().to(memory_format=torch.channels_last_3d)
    image = torch.randn(1, 1, *[4 * step for step in plan.total_stride])
    with torch.no_grad():
        alone = network(image)
        beside = network(torch.cat([image, image]))[:1]
    assert torch.allclose(alone, beside, atol=1e-4)
    assert any(isinstance(module, Convolution) for module in network.modules())


def test_group_normalisation_with_one_channel_a_group_is_instance_normalisation():
    features = torch.randn(2, 6, 5, 6, 7)
    ours, theirs = nn.GroupNorm(6, 6), nn.InstanceNorm3d(6, affine=True)
    assert torch.allclose(ours(features), theirs(features), atol=1e-5)
    assert not any(isinstance(module, nn.InstanceNorm3d) for module in build_network(ISOTROPIC, 2).modules())


def test_the_paper_s_network_drops_channels_only_while_training():
    network = build_network(VNET, 1)
    image = torch.randn(2, 1, 16, 16, 16)
    assert not torch.equal(network(image), network(image))
    network.eval()
    assert torch.equal(network(image), network(image))
