"""Volumes for the steps of a pretraining, made ahead by processes beside it, or in the process itself."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from typing import Any, Protocol

import torch
from torch.utils.data import DataLoader, Dataset

from dualtaskseg.pretraining.volumes import Volumes, random_volumes

AHEAD = 3  # steps that each process makes ahead


class Asked(Protocol):
    """What the volumes depend on."""

    steps: int
    seed: int
    batch: int


class StepVolumes(Dataset):
    """The volumes of each step, by its number."""

    def __init__(self, size: tuple[int, int, int], asked: Asked) -> None:
        self.size, self.seed, self.count, self.steps = size, asked.seed, asked.batch, asked.steps

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int) -> Volumes:
        return random_volumes(self.size, self.seed, step, self.count)


def volumes_of_steps(
    asked: Asked, size: tuple[int, int, int], first: int, makers: int, pinned: bool
) -> Iterable[Volumes]:
    """The volumes of step ``first`` and the later ones, in order.

    Args:
        makers: processes that make them; 0 to make each when it is asked for.
        pinned: in memory that a GPU copies from while it computes.
    """
    return DataLoader(
        StepVolumes(size, asked),
        batch_size=None,
        sampler=range(first, asked.steps),
        num_workers=makers,
        collate_fn=_as_made,
        worker_init_fn=_begin_making,
        # a fresh interpreter: copies of one that has used a GPU or threads may hang
        multiprocessing_context="spawn" if makers else None,
        prefetch_factor=AHEAD if makers else None,
        pin_memory=pinned,
    )


def _as_made(volumes: Volumes) -> Volumes:
    return volumes


def _begin_making(_: Any) -> None:
    """One core for each; Ctrl-C, which all processes of a terminal get, is for the one that saves."""
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
