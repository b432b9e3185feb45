"""The networks, built from the plan.

A planned network is MONAI's ``DynUNet`` with instance normalisation. Where the plan says so it works at half the
resolution (``stem``): the first convolution halves the grid, the last layers bring it back, seeing the image again.
On a CPU that gives the most accuracy a minute. The paper's network is in :mod:`dualtaskseg.method.vnet`.
"""

from __future__ import annotations

import torch
from monai.networks.nets import DynUNet
from torch import nn

from dualtaskseg.method.registry import method_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.method.vnet import VNet
from dualtaskseg.planning.plan import NetworkPlan, Plan


class HalfResolutionNetwork(nn.Module):
    """A network that works on a coarser grid, between a striding stem and a head that sees the image again.

    Args:
        body: network from ``features`` channels to ``features`` channels on the coarse grid.
        features: channels between stem, body and head.
        stride: how much coarser, along (z, y, x).
    """

    def __init__(
        self, body: nn.Module, in_channels: int, out_channels: int, features: int, stride: tuple[int, int, int]
    ) -> None:
        super().__init__()
        detail = 8  # channels of the head on the full grid; few, since the full grid is where time goes
        kernel = tuple(3 if step > 1 else 1 for step in stride)
        padding = tuple(size // 2 for size in kernel)
        self.stem = nn.Conv3d(in_channels, features, kernel, stride=stride, padding=padding)
        self.body = body
        self.up = nn.ConvTranspose3d(features, detail, stride, stride=stride)
        self.mix = nn.Sequential(
            nn.Conv3d(detail + in_channels, detail, 3, padding=1),
            nn.InstanceNorm3d(detail, affine=True),
            nn.LeakyReLU(0.01, inplace=True),
            nn.Conv3d(detail, out_channels, 1),
        )

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Args: image (batch, channels, z, y, x), sides divisible by the network's total stride."""
        features = self.up(self.body(self.stem(image)))
        return self.mix(torch.cat([features, image], dim=1))


def build_network(plan: NetworkPlan, out_channels: int) -> nn.Module:
    """One network with fresh weights, from an image of one channel to ``out_channels``."""
    if plan.kind == "vnet":
        return with_fast_layers(VNet(1, out_channels, plan.filters))
    has_stem = max(plan.stem) > 1
    width = plan.filters[0]
    unet = DynUNet(
        spatial_dims=3,
        in_channels=width if has_stem else 1,
        out_channels=width if has_stem else out_channels,
        kernel_size=plan.kernels,
        strides=plan.strides,
        upsample_kernel_size=plan.strides[1:],
        filters=plan.filters,
        norm_name=("INSTANCE", {"affine": True}),
    )
    network = HalfResolutionNetwork(unet, 1, out_channels, width, plan.stem) if has_stem else unet
    return with_fast_layers(network)


def build_networks(plan: Plan) -> TwoNetworks:
    """Both networks with fresh weights, in the memory layout in which convolutions are fastest."""
    count = len(plan.segments)
    exclusive = method_of(plan).exclusive
    networks = TwoNetworks(
        build_network(plan.network, count + exclusive),
        build_network(plan.network, count),
        list(plan.truncation),
        plan.temperature,
        exclusive,
    )
    return networks.to(memory_format=torch.channels_last_3d)


def named_weights(networks: TwoNetworks) -> dict[str, torch.Tensor]:
    """The weights by name, each once: DynUNet lists some of its layers under two names."""
    named = [*networks.named_parameters(), *networks.named_buffers()]
    saved = networks.state_dict().keys()
    return {name: tensor for name, tensor in named if name in saved}


def weights_of(networks: TwoNetworks) -> dict[str, torch.Tensor]:
    """As :func:`named_weights`, on the CPU."""
    return {name: tensor.detach().cpu().contiguous() for name, tensor in named_weights(networks).items()}


def load_weights(networks: TwoNetworks, weights: dict[str, torch.Tensor]) -> None:
    """Puts weights from :func:`weights_of` into networks of the same plan.

    Raises:
        ValueError: the names or the shapes are not those of the networks.
    """
    own = named_weights(networks)
    if own.keys() != weights.keys() or any(own[name].shape != weights[name].shape for name in own):
        raise ValueError("the weights are not those of the planned networks")
    networks.load_state_dict(weights, strict=False)  # not strict: the second names are absent


class Convolution(nn.Conv3d):
    """A convolution that is as fast for one scan as for two.

    On a CPU, PyTorch hands a batch of one with few channels to its plain implementation, which took four times as long
    as oneDNN's (Testing/benchmarks/step_time.py). Prediction and teachers see batches of one all the time.
    """

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        if len(image) > 1 or torch.is_grad_enabled() or image.device.type != "cpu" or image.dtype != torch.float32:
            return super().forward(image)
        if not torch.backends.mkldnn.is_available():
            return super().forward(image)
        return torch.ops.aten.mkldnn_convolution(
            image, self.weight, self.bias, self.padding, self.stride, self.dilation, self.groups
        )


def with_fast_layers(module: nn.Module) -> nn.Module:
    """Replaces layers by ones that compute the same, faster.

    PyTorch's instance normalisation copies a channels-last tensor there and back; group normalisation with one channel
    a group is the same formula and works on it as it lies.
    """
    for name, child in module.named_children():
        if isinstance(child, nn.InstanceNorm3d):
            setattr(module, name, nn.GroupNorm(child.num_features, child.num_features, eps=child.eps))
        elif type(child) is nn.Conv3d:
            child.__class__ = Convolution
        else:
            with_fast_layers(child)
    return module
