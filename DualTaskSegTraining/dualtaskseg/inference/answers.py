"""What both networks answer about windows of a scan, and what a method makes of the average of such answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import numpy as np
import torch

from dualtaskseg.errors import InputError
from dualtaskseg.inference.collectors import GridVolumes, ScanVolumes
from dualtaskseg.inference.device import largest_precision
from dualtaskseg.inference.region import Region
from dualtaskseg.inference.resampling import ArrayGrid, ScanGrid
from dualtaskseg.inference.sliding_window import slide_window, stream_axis, window_shape
from dualtaskseg.method.base import Decoded
from dualtaskseg.method.registry import method_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import Plan

LARGEST_SCORE = 1e6  # of a network's last layer; trained ones stay below a thousand, where a voxel is certain already
Progress = Callable[[int, int], None]
Stop = Callable[[], bool]
Volumes = TypeVar("Volumes", GridVolumes, ScanVolumes)


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


def collected(
    networks: TwoNetworks,
    plan: Plan,
    grid: ScanGrid | ArrayGrid,
    empty: Callable[[], Volumes],
    mirror: bool,
    on_progress: Progress,
    should_stop: Stop,
) -> Volumes:
    """Asks the networks about a whole scan, or closely only where a first look sees something if the plan says so.

    Args:
        empty: makes what the answers are collected in.
    """
    if grid.unseen:
        volumes = empty()
        volumes.fill_empty()
        return volumes
    region = Region(grid.shape, window_shape(grid.shape, plan), len(plan.segments)) if plan.look_first else None
    wanted, before, notes = None, 0, ()
    if region is not None and region.is_worthwhile:
        first, notes = region.first_look(), (region.note,)
        before = int(first.sum())
        look = NetworkAnswers(networks, plan, region.note)
        look.collect(grid, mirror, lambda done, _: on_progress(done, 2 * before), should_stop, first)
        wanted = region.wanted()
    while True:
        volumes = empty()
        answers = NetworkAnswers(networks, plan, volumes.add, *notes)
        answers.collect(grid, mirror, lambda done, of: on_progress(before + done, before + of), should_stop, wanted)
        if wanted is None or not (region.wanted() & ~wanted).any():
            return volumes
        wanted = region.wanted()  # the structure reaches beyond: all that touches it is computed
        del volumes, answers  # a second set of volumes may not fit into the memory


class NetworkAnswers:
    """Asks both networks about a whole scan.

    Args:
        consumers: called with the axis, the number of the first slice, and the slices, in order.
    """

    def __init__(self, networks: TwoNetworks, plan: Plan, *consumers: Callable[[int, int, Decoded], None]) -> None:
        self.networks = networks
        self.plan = plan
        self.consumers = consumers
        self.device = networks.truncation.device
        self.segments = len(plan.segments)
        self.largest_score = torch.zeros((), device=self.device)  # so far, NaN if any was; read once a layer

    @torch.inference_mode()
    def collect(
        self,
        grid: ScanGrid | ArrayGrid,
        mirror: bool,
        on_progress: Progress,
        should_stop: Stop,
        wanted: np.ndarray | None = None,
    ) -> None:
        """All windows, or the ``wanted`` ones, see :func:`~dualtaskseg.inference.sliding_window.slide_window`."""
        window = window_shape(grid.shape, self.plan)
        axis = stream_axis(grid.shape, window)
        flips = _flips(self.plan.mirror if mirror else (False, False, False))

        def compute(images: torch.Tensor) -> torch.Tensor:
            images = images.to(memory_format=torch.channels_last_3d)
            total = self._ask(images)
            for flip in flips[1:]:
                total += self._ask(images.flip(flip)).flip(flip)
            return total / len(flips) if len(flips) > 1 else total

        def consume(first: int, values: torch.Tensor) -> None:
            slices = self._decoded(values)
            for each in self.consumers:
                each(axis, first, slices)

        slide_window(
            grid,
            window,
            compute,
            2 * self.segments,
            consume,
            self.device,
            axis,
            on_progress=on_progress,
            should_stop=should_stop,
            wanted=wanted,
            # outside of all segments and far from them, by both networks
            elsewhere=() if wanted is None else [0.0] * self.segments + [1.0] * self.segments,
        )

    def _ask(self, images: torch.Tensor) -> torch.Tensor:
        """Both networks' outputs (B, 2 K, z, y, x): probabilities of the segments, then the method's distance map."""
        with _autocast(self.device):
            scores = self.networks.probability(images).float()
            raw = self.networks.distance(images).float()
        self.largest_score = torch.stack([self.largest_score, largest_of(scores, raw)]).amax()
        return answers_of(self.networks, self.plan, scores, raw)

    def _decoded(self, values: torch.Tensor) -> Decoded:
        if not float(self.largest_score) <= LARGEST_SCORE:
            raise InputError(
                "The networks answered with numbers that make no sense (not a number, or absurdly large)",
                "Check the intensities of the scan; if this happens with other scans too, the model is damaged: get it "
                "again or train it anew",
            )
        return decoded(self.networks, self.plan, values)


def _flips(mirror: Sequence[bool]) -> list[list[int]]:
    """All combinations of the axes to mirror, as dimensions of (B, C, z, y, x); the first is none."""
    axes = [axis + 2 for axis in range(3) if mirror[axis]]
    return [list(chosen) for count in range(len(axes) + 1) for chosen in itertools.combinations(axes, count)]


def _autocast(device: torch.device) -> AbstractContextManager:
    if device.type != "cuda" or largest_precision(device) == "float32":
        return nullcontext()
    return torch.autocast("cuda", getattr(torch, largest_precision(device)))
