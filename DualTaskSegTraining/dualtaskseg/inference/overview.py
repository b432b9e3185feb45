"""Looks over a whole scan with a model's coarse networks, and with the others closely where these see something."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from dualtaskseg.data.largest_part import DOUBTED, apart_from
from dualtaskseg.data.overview import Overview
from dualtaskseg.inference.answers import NetworkAnswers, Progress, Stop, Volumes
from dualtaskseg.inference.collectors import GridVolumes, ScanVolumes, marks_doubts
from dualtaskseg.inference.parts import remove
from dualtaskseg.inference.region import Region
from dualtaskseg.inference.resampling import ArrayGrid, ScanGrid
from dualtaskseg.inference.sliding_window import rows_across, window_shape
from dualtaskseg.method.base import Decoded
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.progress import ignore, never

# Probability of any segment by both networks together, from which on it counts as seen. After few steps one of them may
# still give all of a scan's background up to a quarter (measured: 0.25, and 0.8 to 0.9 inside, after 400 steps).
SEEN = 0.25
MOST_GROWTHS = 2  # of what an overview showed; each time by up to a window
SURE = 0.5  # that it has somewhere in each part that counts
LEAST_WITHIN = 0.1  # of a part that was found closely, that lies where the overview showed something


def overview_of(
    networks: TwoNetworks,
    plan: Plan,
    grid: ScanGrid | ArrayGrid,
    should_stop: Stop = never,
    is_quick: bool = False,
) -> Overview:
    """Where two coarse networks together see something in a scan.

    Args:
        networks: in evaluation mode or not; left as they were.
        plan: of the overview.
        grid: the scan on the overview's grid.
        is_quick: whether windows that lie side by side will do, an eighth of the work: less is seen at their borders.

    Raises:
        StoppedError: ``should_stop`` answered True.
    """
    seen, sure = np.zeros(grid.shape, np.uint8), np.zeros(grid.shape, bool)
    found = np.zeros(len(plan.segments), bool)

    def note(axis: int, first: int, slices: Decoded) -> None:
        segments = slices.together[1:]
        found[:] |= (segments >= SURE).flatten(1).any(dim=1).cpu().numpy()
        rows, largest = rows_across(axis, first, first + segments.shape[axis + 1]), segments.amax(dim=0).cpu().numpy()
        seen[rows], sure[rows] = largest >= SEEN, largest >= SURE

    if not grid.unseen:
        was_training = networks.training
        networks.eval()
        try:
            wanted = Region(grid.shape, window_shape(grid.shape, plan), len(found)).first_look() if is_quick else None
            NetworkAnswers(networks, plan, note).collect(grid, False, ignore, should_stop, wanted)
        finally:
            networks.train(was_training)
    for slab, unsure in apart_from(seen, 1, 0, lambda slab: sure[slab]):
        seen[slab][unsure] = 0
    return Overview(seen > 0, tuple(bool(each) for each in found))


def collected_within(
    networks: TwoNetworks,
    plan: Plan,
    grid: ScanGrid | ArrayGrid,
    empty: Callable[[], Volumes],
    mirror: bool,
    on_progress: Progress,
    should_stop: Stop,
    overview: Overview,
) -> Volumes:
    """Asks the networks closely where an overview showed something. What lies beside that is left out.

    Where what is left reaches beyond what was computed, all that touches it is computed, too.

    Args:
        empty: makes what the answers are collected in.
    """
    window, seen = window_shape(grid.shape, plan), overview
    wanted = Region(grid.shape, window, len(plan.segments), seen).wanted()
    for _ in range(1 + MOST_GROWTHS):
        volumes = empty()
        NetworkAnswers(networks, plan, volumes.add).collect(grid, mirror, on_progress, should_stop, wanted)
        found = _leave_out_what_is_apart(volumes, plan, grid, overview)
        seen = Overview(seen.seen | found, overview.found)
        more = wanted | Region(grid.shape, window, len(plan.segments), seen).wanted()
        if np.array_equal(more, wanted):
            return volumes
        wanted = more
    volumes.is_cut_off = True
    return volumes


def _leave_out_what_is_apart(
    volumes: GridVolumes | ScanVolumes, plan: Plan, grid: ScanGrid | ArrayGrid, overview: Overview
) -> np.ndarray:
    """Removes parts of segments that lie beside what the overview showed; returns where the others are, as it does."""
    label, mark = grid.oriented(volumes.label), DOUBTED if marks_doubts(plan) else 0
    scale = label.size / math.prod(grid.shape)  # the networks were looked at on the plan's grid
    for index in range(len(plan.segments)):
        distance = None if volumes.distance is None else {index: grid.oriented(volumes.distance[index])}
        parts = apart_from(label, index + 1, mark, lambda slab: overview.part(label.shape, slab), LEAST_WITHIN)
        removed, agreed = remove(parts, index, label, distance)
        if mark:
            volumes.accumulator.leave_out(index, removed / scale, agreed / scale)
    found = np.zeros_like(overview.seen)
    for number, plane in enumerate(label):
        inside = np.argwhere(plane)
        if len(inside):
            at = np.insert(inside, 0, number, axis=1) * np.array(found.shape) // np.array(label.shape)
            found[tuple(at.T)] = True
    return found
