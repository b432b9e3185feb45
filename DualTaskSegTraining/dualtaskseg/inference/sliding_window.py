"""Sliding windows over a scan of any size, in little memory.

Windows lie and weigh as in MONAI's ``sliding_window_inference`` (and nnU-Net): overlapping by half, with Gaussian
weights of an eighth of a side, so results are the same. What differs is memory: windows are taken layer by layer
along one axis, and slices that no further window touches are handed on at once, so only one layer is ever held.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from monai.data.utils import compute_importance_map

from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.planning.plan import Plan
from dualtaskseg.progress import ignore, never

OVERLAP = 0.5  # part of a window that the next one covers too
SIGMA = 0.125  # of a window's side
WHOLE_UP_TO = 1.25  # sides of the patch, up to which a scan goes through the networks as a whole
BATCH_VOXELS = 2**20  # of the windows that a GPU takes at once
BLOCK_VOXELS = 2**19  # of what is computed at once; small against a large scan, large against the cost of a call
HALF_ABOVE = 2**28  # bytes of a layer, from which on it is held in half precision if it is large against the scan

Shape = tuple[int, int, int]


class Grid(Protocol):
    """What windows are cut from; see :class:`dualtaskseg.inference.resampling.ScanGrid`."""

    shape: Shape

    def read(self, axis: int, start: int, stop: int) -> np.ndarray: ...


def window_shape(shape: Shape, plan: Plan) -> Shape:
    """The size of the windows for a scan: the plan's patch, or the whole scan where that is small and costs no more.

    A whole scan is rounded up to what the networks' strides divide. No window is smaller than twice that along any
    axis: on their coarsest level the networks compare voxels with each other, and of one there is nothing to compare.
    """
    fewest = tuple(2 * step for step in plan.network.total_stride)
    if all(side <= WHOLE_UP_TO * limit for side, limit in zip(shape, plan.patch, strict=True)):
        whole = tuple(
            max(least, math.ceil(side / step) * step)
            for side, step, least in zip(shape, plan.network.total_stride, fewest, strict=True)
        )
        count = math.prod(len(starts) for starts in window_starts(shape, plan.patch))
        if math.prod(whole) <= count * math.prod(plan.patch):
            return whole
    return tuple(map(max, plan.patch, fewest))


def window_starts(shape: Shape, window: Shape) -> list[list[int]]:
    """Where windows begin along each axis; the last one ends with the scan. Counted in the scan, padded if smaller."""
    starts = []
    for side, size in zip(shape, window, strict=True):
        step = max(1, int(size * (1 - OVERLAP)))
        last = max(0, side - size)
        starts.append([*range(0, last, step), last])
    return starts


def slide_window(
    grid: Grid,
    window: Shape,
    compute: Callable[[torch.Tensor], torch.Tensor],
    channels: int,
    consume: Callable[[int, torch.Tensor], None],
    device: torch.device,
    axis: int | None = None,
    on_progress: Callable[[int, int], None] = ignore,
    should_stop: Callable[[], bool] = never,
    wanted: np.ndarray | None = None,
    elsewhere: Sequence[float] = (),
) -> None:
    """Computes something of a whole scan, window by window.

    Args:
        window: size of a window (z, y, x); a scan that is smaller is continued from its border, as in training.
        compute: (B, 1, z, y, x) windows to (B, channels, z, y, x).
        consume: called with the number of the first slice and finished slices (channels, z, y, x), in order.
        axis: across which slices are finished; by default the one that :func:`stream_axis` tells.
        wanted: bool by a window's number along z, y, x, whether it is computed; by default all are.
        elsewhere: the value of each channel that voxels get which no window covers then.

    Raises:
        InputError: the device's memory does not suffice for one window.
        StoppedError: ``should_stop`` answered True.
    """
    axis = stream_axis(grid.shape, window) if axis is None else axis
    layer = _Layer(grid, window, axis, channels, device, elsewhere)
    starts = window_starts(grid.shape, window)
    others = [starts[each] for each in range(3) if each != axis]
    across = list(itertools.product(*others))
    is_wanted = np.ones([len(each) for each in starts], bool) if wanted is None else wanted
    is_wanted = np.moveaxis(is_wanted, axis, 0).reshape(len(starts[axis]), -1)
    total, done = int(is_wanted.sum()), 0
    batch = max(1, BATCH_VOXELS // math.prod(window)) if device.type == "cuda" else 1
    for index, first in enumerate(starts[axis]):
        layer.read(first)
        rest = list(itertools.compress(across, is_wanted[index]))
        while rest:
            if should_stop():
                raise StoppedError("The prediction was stopped")
            windows = [layer.window_at(each) for each in rest[:batch]]
            images = torch.stack([layer.image[where] for where in windows])
            try:
                results = compute(images)
            except (RuntimeError, MemoryError) as error:
                batch = _smaller_batch(error, batch, device)
                continue
            for where, result in zip(windows, results, strict=True):
                layer.add(where, result)
            rest = rest[batch:]
            done += len(windows)
            on_progress(done, total)
        following = starts[axis][index + 1] if index + 1 < len(starts[axis]) else first + window[axis]
        layer.finish(following - first, consume)


def stream_axis(shape: Shape, window: Shape) -> int:
    """The axis along which layers of windows take the least memory: the one with the most windows."""
    ratios = [side / size for side, size in zip(shape, window, strict=True)]
    return ratios.index(max(ratios))


def layer_bytes(shape: Shape, window: Shape, channels: int) -> int:
    """How much memory the sums of one layer of windows take on the CPU, see :class:`_Layer`."""
    axis = stream_axis(shape, window)
    padded = [max(side, size) for side, size in zip(shape, window, strict=True)]
    values = (channels + 1) * math.prod(window[each] if each == axis else padded[each] for each in range(3))
    _, dtype = _storage(values, 4 * math.prod(shape), torch.device("cpu"))
    return values * torch.empty((), dtype=dtype).element_size()


class _Layer:
    """One layer of windows: the part of the scan that they cover, and the weighted sums of their results.

    Sums and weights have the layer's place along the axis; the scan is padded along all axes to at least a window.
    """

    def __init__(
        self,
        grid: Grid,
        window: Shape,
        axis: int,
        channels: int,
        device: torch.device,
        elsewhere: Sequence[float] = (),
    ) -> None:
        self.elsewhere = torch.tensor(elsewhere, device=device).reshape(-1, 1, 1, 1) if elsewhere else None
        self.grid = grid
        self.window = window
        self.axis = axis
        self.device = device
        missing = [max(0, size - side) for side, size in zip(grid.shape, window, strict=True)]
        self.before = [count // 2 for count in missing]
        self.after = [count - half for count, half in zip(missing, self.before, strict=True)]
        padded = [side + count for side, count in zip(grid.shape, missing, strict=True)]
        extent = [window[each] if each == axis else padded[each] for each in range(3)]
        self.weight = compute_importance_map(window, mode="gaussian", sigma_scale=SIGMA, device=device)
        storage, dtype = _storage((channels + 1) * math.prod(extent), 4 * math.prod(grid.shape), device)
        self.sums = torch.zeros((channels, *extent), device=storage, dtype=dtype)
        self.weights = torch.zeros(extent, device=storage, dtype=torch.float32)
        self.image = torch.empty((1, *extent), device=device)
        self.first = 0
        self._read_to = 0

    def read(self, first: int) -> None:
        """Reads the part of the scan that the layer beginning at ``first`` covers; what is known already is kept."""
        axis = self.axis
        _shift(self.image, axis + 1, first - self.first)
        self.first = first
        stop = min(first + self.window[axis], self.grid.shape[axis])
        step = rows_at_once(self.grid.shape, axis)
        for start in range(self._read_to, stop, step):
            block = torch.from_numpy(self.grid.read(axis, start, min(start + step, stop)))
            at = self.before[axis] + start - first
            self.image.narrow(axis + 1, at, block.shape[axis]).copy_(self._padded(block))
        self._read_to = stop
        # a scan that is shorter than a window is continued along this axis too
        for at, source in (
            (slice(0, self.before[axis]), self.before[axis]),
            (slice(self.window[axis] - self.after[axis], None), self.window[axis] - self.after[axis] - 1),
        ):
            edge = [slice(None)] * 4
            edge[axis + 1] = at
            self.image[tuple(edge)] = self.image.narrow(axis + 1, source, 1)

    def _padded(self, block: torch.Tensor) -> torch.Tensor:
        """Slices, continued from their border along the two other axes."""
        sides = []
        for each in (2, 1, 0):
            sides += (0, 0) if each == self.axis else (self.before[each], self.after[each])
        return F.pad(block[None, None], sides, mode="replicate")[0] if any(sides) else block[None]

    def window_at(self, starts: Sequence[int]) -> tuple[slice, ...]:
        """Where a window lies in the layer (channels, z, y, x), given where it starts along the two other axes."""
        remaining = iter(starts)
        corner = [0 if each == self.axis else next(remaining) for each in range(3)]
        return (slice(None), *(slice(at, at + size) for at, size in zip(corner, self.window, strict=True)))

    def add(self, where: tuple[slice, ...], result: torch.Tensor) -> None:
        """Adds a window's result, weighted."""
        if self.sums.dtype == torch.float32 and self.sums.device == result.device:
            self.sums[where].addcmul_(result, self.weight)
        else:
            self.sums[where] += (result * self.weight).to(self.sums.device, self.sums.dtype)
        self.weights[where[1:]] += self.weight.to(self.weights.device)

    def finish(self, count: int, consume: Callable[[int, torch.Tensor], None]) -> None:
        """Hands on the first slices, which no later window touches, and moves the others to their place."""
        axis = self.axis
        inner = [
            slice(before, side - after)
            for before, after, side in zip(self.before, self.after, self.sums.shape[1:], strict=True)
        ]
        skipped = inner[axis].start
        stop = min(count, inner[axis].stop)
        step = rows_at_once(self.grid.shape, axis)
        for start in range(skipped, stop, step):
            inner[axis] = slice(start, min(start + step, stop))
            weights = self.weights[tuple(inner)].to(self.device)
            sums = self.sums[(slice(None), *inner)].to(self.device, torch.float32)
            values = sums / weights
            if self.elsewhere is not None:
                values = torch.where(weights > 0, values, self.elsewhere)
            consume(self.first + start - skipped, values)
        for tensor, dimension in ((self.sums, axis + 1), (self.weights, axis)):
            _shift(tensor, dimension, count)


def _shift(tensor: torch.Tensor, dimension: int, count: int) -> None:
    """Moves slices ``count`` places to the front and fills up with 0, in place."""
    if count == 0:
        return
    size = tensor.shape[dimension]
    for start in range(count, size, count):
        moved = min(count, size - start)
        tensor.narrow(dimension, start - count, moved).copy_(tensor.narrow(dimension, start, moved))
    cleared = min(count, size)
    tensor.narrow(dimension, size - cleared, cleared).zero_()


def _storage(values: int, scan_bytes: int, device: torch.device) -> tuple[torch.device, torch.dtype]:
    """Where a layer's sums are held, and how exactly: with many segments they could outgrow the scan itself."""
    large = 4 * values > max(HALF_ABOVE, scan_bytes // 2)
    dtype = torch.float16 if large else torch.float32
    needed = values * (2 if large else 4)
    if device.type == "cuda" and needed > torch.cuda.mem_get_info(device)[0] // 3:
        return torch.device("cpu"), dtype
    return device, dtype


def _smaller_batch(error: BaseException, batch: int, device: torch.device) -> int:
    """Half the batch after memory ran out; whatever else went wrong goes on."""
    from dualtaskseg.memory import is_out_of_memory

    if not is_out_of_memory(error):
        raise error
    if device.type == "cuda":
        torch.cuda.empty_cache()
    if batch == 1:
        remedy = "Close other programs" if device.type == "cpu" else "Close other programs, or choose --device cpu"
        raise InputError("Memory does not suffice to predict with this model", remedy) from error
    return batch // 2


def rows_at_once(shape: tuple[int, ...], axis: int) -> int:
    """How many slices across ``axis`` are computed at once."""
    return max(1, BLOCK_VOXELS * shape[axis] // math.prod(shape))


def rows_across(axis: int, start: int, stop: int) -> tuple[slice, ...]:
    """Where some slices across ``axis`` lie in an array (z, y, x)."""
    return tuple(slice(start, stop) if each == axis else slice(None) for each in range(3))
