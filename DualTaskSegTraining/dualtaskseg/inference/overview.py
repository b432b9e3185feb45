"""Looks over a whole scan with the coarse networks of a model that has an overview."""

from __future__ import annotations

import numpy as np
import torch

from dualtaskseg.data.overview import Overview
from dualtaskseg.inference.answers import NetworkAnswers, Stop
from dualtaskseg.inference.resampling import ArrayGrid, ScanGrid
from dualtaskseg.inference.sliding_window import rows_across
from dualtaskseg.method.base import Decoded
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.progress import ignore, never

# Probability of any segment by both networks together, from which on it counts as seen. After few steps one of them may
# still give all of a scan's background up to a quarter (measured: 0.25, and 0.8 to 0.9 inside, after 400 steps).
SEEN = 0.25
MARGIN = 1  # coarse voxels round what was seen


def overview_of(networks: TwoNetworks, plan: Plan, grid: ScanGrid | ArrayGrid, should_stop: Stop = never) -> Overview:
    """Where two coarse networks together see something in a scan.

    Args:
        networks: in evaluation mode or not; left as they were.
        plan: of the overview.
        grid: the scan on the overview's grid.

    Raises:
        StoppedError: ``should_stop`` answered True.
    """
    seen = np.zeros(grid.shape, bool)
    found = np.zeros(len(plan.segments), bool)

    def note(axis: int, first: int, slices: Decoded) -> None:
        is_seen = slices.together[1:] >= SEEN
        found[:] |= is_seen.flatten(1).any(dim=1).cpu().numpy()
        seen[rows_across(axis, first, first + is_seen.shape[axis + 1])] = is_seen.any(dim=0).cpu().numpy()

    if not grid.unseen:
        was_training = networks.training
        networks.eval()
        try:
            NetworkAnswers(networks, plan, note).collect(grid, False, ignore, should_stop)
        finally:
            networks.train(was_training)
    return Overview(widened(seen, MARGIN), tuple(bool(each) for each in found))


def widened(mask: np.ndarray, voxels: int) -> np.ndarray:
    """A mask (z, y, x) with a margin."""
    side = 2 * voxels + 1
    dense = torch.from_numpy(mask)[None, None].float()
    return (torch.nn.functional.max_pool3d(dense, side, 1, voxels)[0, 0] > 0).numpy()
