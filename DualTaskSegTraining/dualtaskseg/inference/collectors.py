"""What both networks say of a scan, collected slice by slice into whole volumes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from dualtaskseg.data.largest_part import DOUBTED
from dualtaskseg.inference.resampling import ScanGrid
from dualtaskseg.inference.sliding_window import rows_across, rows_at_once
from dualtaskseg.inference.uncertainty import Accumulator, total_variation
from dualtaskseg.method.base import Decoded
from dualtaskseg.planning.plan import Plan


class GridVolumes:
    """Collects whole volumes on the plan's grid.

    Attributes:
        label: what both networks say together, with the bit ``DOUBTED`` where one of them by itself says otherwise and
            the plan wants to know; also of :class:`ScanVolumes`.
        is_cut_off: whether a structure reaches beyond what was computed; also of :class:`ScanVolumes`.
    """

    def __init__(self, shape: Sequence[int], plan: Plan) -> None:
        self.plan = plan
        self.accumulator = Accumulator(len(plan.segments))
        self.label, self.label_probability, self.label_distance = (np.zeros(shape, np.uint8) for _ in range(3))
        self.distance = np.zeros((len(plan.segments), *shape), np.float16)
        self.uncertainty = np.zeros(shape, np.float16)
        self.is_cut_off = False

    def add(self, axis: int, first: int, slices: Decoded) -> None:
        count = slices.together.shape[axis + 1]
        rows = rows_across(axis, first, first + count)
        label, by_first, by_second, uncertainty = _look(slices, self.accumulator)
        if marks_doubts(self.plan):
            label = _marked(label, _is_doubted(label, by_first, by_second))
        self.label[rows] = _array(label, np.uint8)
        self.label_probability[rows] = _array(by_first, np.uint8)
        self.label_distance[rows] = _array(by_second, np.uint8)
        self.distance[(slice(None), *rows)] = _array(_in_mm(slices.distance, self.plan), np.float16)
        self.uncertainty[rows] = _array(uncertainty, np.float16)

    def fill_empty(self) -> None:
        """Says of a scan in which nothing can be seen that all of it is background."""
        for index, truncation in enumerate(self.plan.truncation):
            self.distance[index] = truncation


class ScanVolumes:
    """Collects whole volumes on the scan's own grid, interpolated from the plan's.

    Args:
        distance, probability, uncertainty: what is wanted beside the label.
        shape: of the scan as it lies in memory.
    """

    def __init__(
        self, grid: ScanGrid, plan: Plan, distance: bool, probability: bool, uncertainty: bool, shape: Sequence[int]
    ) -> None:
        self.grid = grid
        self.plan = plan
        self._marks = marks_doubts(plan)
        segments = len(plan.segments)
        self.accumulator = Accumulator(segments)
        self.label = np.zeros(shape, np.uint8)
        self.distance = np.zeros((segments, *shape), np.float16) if distance else None
        self.probability = np.zeros((segments, *shape), np.float16) if probability else None
        self.uncertainty = np.zeros(shape, np.float16) if uncertainty else None
        self._kept: torch.Tensor | None = None  # the last slice that came, for what lies between it and the next
        self._done = 0
        self.is_cut_off = False

    def add(self, axis: int, first: int, slices: Decoded) -> None:
        label, by_first, by_second, uncertainty = _look(slices, self.accumulator)
        parts = [slices.together]
        if self._marks:
            parts.append(_is_doubted(label, by_first, by_second)[None].to(slices.together.dtype))
        if self.distance is not None:
            parts.append(_in_mm(slices.distance, self.plan))
        if self.uncertainty is not None:
            parts.append(uncertainty[None])
        block = torch.cat(parts) if len(parts) > 1 else parts[0]
        known = first + block.shape[axis + 1]
        if self._kept is not None:
            block, first = torch.cat([self._kept, block], dim=axis + 1), first - 1
        self._kept = block.narrow(axis + 1, block.shape[axis + 1] - 1, 1).clone()
        stop = self.grid.scan_rows(axis, known)
        step = rows_at_once(self.grid.scan_shape, axis)
        for start in range(self._done, stop, step):
            end = min(start + step, stop)
            self._write(axis, start, end, self.grid.to_scan(block, axis, first, start, end))
        self._done = max(self._done, stop)

    def _write(self, axis: int, start: int, stop: int, values: torch.Tensor) -> None:
        rows = rows_across(axis, start, stop)
        classes = len(self.plan.segments) + 1
        others = classes + self._marks
        label = _most_likely(values[:classes])
        if self._marks:
            label = _marked(label, values[classes] > 0.5)
        self.grid.oriented(self.label)[rows] = _array(label, np.uint8)
        if self.probability is not None:
            for index, volume in enumerate(self.probability):
                self.grid.oriented(volume)[rows] = _array(values[1 + index], np.float16)
        if self.distance is not None:
            for index, volume in enumerate(self.distance):
                self.grid.oriented(volume)[rows] = _array(values[others + index], np.float16)
        if self.uncertainty is not None:
            self.grid.oriented(self.uncertainty)[rows] = _array(values[-1], np.float16)

    def fill_empty(self) -> None:
        """Says of a scan in which nothing can be seen that all of it is background."""
        if self.distance is not None:
            for index, truncation in enumerate(self.plan.truncation):
                self.distance[index] = truncation


def marks_doubts(plan: Plan) -> bool:
    """Whether labels get the bit ``DOUBTED``; where there are too many segments for it they don't."""
    return plan.leave_out_doubted and len(plan.segments) < DOUBTED


def _is_doubted(label: torch.Tensor, by_first: torch.Tensor, by_second: torch.Tensor) -> torch.Tensor:
    return (by_first != label) | (by_second != label)


def _marked(label: torch.Tensor, doubted: torch.Tensor) -> torch.Tensor:
    """A label with the bit ``DOUBTED`` where a voxel of a segment is doubted."""
    return torch.where(doubted & (label > 0), label + DOUBTED, label)


def _look(slices: Decoded, accumulator: Accumulator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Adds slices to the accumulator; returns the labels of the average, of either network, and their uncertainty."""
    label, by_first, by_second = (_most_likely(each) for each in (slices.together, slices.probability, slices.mask))
    uncertainty = total_variation(slices.probability, slices.mask)
    accumulator.add(slices.together, label, by_first, by_second, uncertainty)
    return label, by_first, by_second, uncertainty


def _most_likely(probability: torch.Tensor) -> torch.Tensor:
    """The most likely class, uint8, given (classes, z, y, x); ten times as fast as argmax, which strides in memory."""
    best = probability[0]
    label = torch.zeros(best.shape, dtype=torch.uint8, device=best.device)
    for index in range(1, len(probability)):
        label.masked_fill_(probability[index] > best, index)
        best = torch.maximum(best, probability[index])
    return label


def _in_mm(distance: torch.Tensor, plan: Plan) -> torch.Tensor:
    return distance * torch.tensor(plan.truncation, device=distance.device).reshape(-1, 1, 1, 1)


def _array(values: torch.Tensor, kind: type) -> np.ndarray:
    return values.to(getattr(torch, np.dtype(kind).name)).cpu().numpy()
