"""The V-Net of the semi-supervised literature: Milletari et al. (3DV 2016) with 3x3x3 convolutions, batch
normalisation and skip connections that add, as Zhang & Zhang (PRCV 2021) and the works they compare with use it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from dualtaskseg.parallel.pooling import is_pooling, pooled
from dualtaskseg.parallel.rows import Rows


class VNet(nn.Module):
    """V-Net with dropout after the coarsest level and before the last layer.

    Args:
        filters: channels of each level, finest first; the paper has 16, 32, 64, 128, 256.
    """

    CONVOLUTIONS = (1, 2, 3, 3, 3)
    DROPOUT = 0.5  # probability that a channel is dropped

    def __init__(self, in_channels: int, out_channels: int, filters: tuple[int, ...]) -> None:
        super().__init__()
        depths = self.CONVOLUTIONS[: len(filters)]
        self.encoders = nn.ModuleList()
        self.downs = nn.ModuleList()
        for level, (width, depth) in enumerate(zip(filters, depths, strict=True)):
            entering = in_channels if level == 0 else width
            self.encoders.append(_convolutions(entering, width, depth))
            if level + 1 < len(filters):
                self.downs.append(_unit(nn.Conv3d(width, filters[level + 1], 2, stride=2), filters[level + 1]))
        self.ups = nn.ModuleList()
        self.decoders = nn.ModuleList()
        for level in reversed(range(len(filters) - 1)):
            self.ups.append(_unit(nn.ConvTranspose3d(filters[level + 1], filters[level], 2, stride=2), filters[level]))
            self.decoders.append(_convolutions(filters[level], filters[level], depths[level]))
        self.dropout = Dropout(self.DROPOUT)
        self.head = nn.Conv3d(filters[0], out_channels, 1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Args: image (batch, channels, z, y, x), sides divisible by 2 ** (levels - 1)."""
        skips = []
        features = image
        for encoder, down in zip(self.encoders, [*self.downs, None], strict=True):
            features = encoder(features)
            if down is not None:
                skips.append(features)
                features = down(features)
        features = self.dropout(features)
        for up, decoder in zip(self.ups, self.decoders, strict=True):
            features = decoder(up(features) + skips.pop())
        return self.head(self.dropout(features))


class BatchNorm(nn.BatchNorm3d):
    """Batch normalisation over the samples of all ranks that train together.

    PyTorch's own for several ranks computes on GPUs only.
    """

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        if not (self.training and is_pooling()):
            return super().forward(image)
        dimensions, shape = (0, 2, 3, 4), (1, -1, 1, 1, 1)
        own = image.new_full((self.num_features,), image.numel() / self.num_features)
        total, count = pooled(image.sum(dimensions), own)
        centered = image - (total / count).reshape(shape)
        (squares,) = pooled((centered**2).sum(dimensions))
        variance = squares / count
        with torch.no_grad():
            self.num_batches_tracked.add_(1)
            self.running_mean.lerp_(total / count, self.momentum)
            self.running_var.lerp_(squares / (count - 1), self.momentum)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return centered * scale.reshape(shape) + self.bias.reshape(shape)


class Dropout(nn.Dropout3d):
    """Dropout of channels; what is dropped is drawn for the batch of all ranks.

    Attributes:
        rows: which samples of it are this rank's ones, part by part; see :func:`show_rows`.
    """

    rows: Sequence[Rows] = ()

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        if not (self.training and is_pooling()):
            return super().forward(image)
        count = sum(part.of for part in self.rows)
        kept = image.new_empty(count, image.shape[1], 1, 1, 1).bernoulli_(1 - self.p).div_(1 - self.p)
        parts = kept.split([part.of for part in self.rows])
        return image * torch.cat([part.own(drawn) for part, drawn in zip(self.rows, parts, strict=True)])


def show_rows(networks: nn.Module, rows: Sequence[Rows]) -> None:
    """Tells networks which samples of the ranks' batch they are about to see: of each part of it, in their order."""
    for module in networks.modules():
        if isinstance(module, Dropout):
            module.rows = rows


def _unit(convolution: nn.Module, width: int) -> nn.Sequential:
    return nn.Sequential(convolution, BatchNorm(width), nn.ReLU(inplace=True))


def _convolutions(entering: int, width: int, count: int) -> nn.Sequential:
    units = [_unit(nn.Conv3d(entering if i == 0 else width, width, 3, padding=1), width) for i in range(count)]
    return nn.Sequential(*units)
