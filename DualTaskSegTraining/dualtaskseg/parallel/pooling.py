"""Sums over all patches of a step, whichever rank computes them.

Most losses here are ratios of sums over the whole batch, as the Dice of all patches together. The mean of such ratios
over the ranks would be another number. So every rank takes the sums over all patches, and computes the same loss; only
the way from the sums back to the weights is its own. PyTorch's DistributedDataParallel then takes the mean of the
ranks' gradients, and :func:`pooled` gives back a gradient by which that mean is the whole batch's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch import distributed

_several = False  # whether this process is one of several ranks


@contextlib.contextmanager
def pooling(several: bool) -> Iterator[None]:
    """While this lasts, whether sums are those over all ranks of the process group."""
    global _several
    before, _several = _several, several
    try:
        yield
    finally:
        _several = before


def is_pooling() -> bool:
    """Whether sums are those over several ranks."""
    return _several


def pooled(*sums: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The sums over all ranks of each rank's sums, tensors of one shape; alone, they are what they are.

    All ranks have to ask for the same sums in the same order.
    """
    if not _several:
        return sums
    return tuple(_SumOverRanks.apply(torch.stack(sums)))


def pooled_mean(values: torch.Tensor) -> torch.Tensor:
    """The mean of all ranks' values, of which they may have different numbers."""
    if not _several:
        return values.mean()
    total, count = pooled(values.sum(), values.new_tensor(float(values.numel())))
    return total / count


class _SumOverRanks(torch.autograd.Function):
    """Every rank's loss depends on what each rank put in, so the gradient of a rank's part is the sum of all ranks'."""

    @staticmethod
    def forward(context, values: torch.Tensor) -> torch.Tensor:
        return _summed(values)

    @staticmethod
    def backward(context, gradient: torch.Tensor) -> torch.Tensor:
        return _summed(gradient)


def _summed(values: torch.Tensor) -> torch.Tensor:
    total = values.detach().clone(memory_format=torch.contiguous_format)
    distributed.all_reduce(total)
    return total
