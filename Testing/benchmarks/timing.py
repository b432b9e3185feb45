"""Times several ways of doing something against each other, for the benchmarks."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

import torch


def measure(
    ways: dict[str, Callable],
    rounds: int,
    device: torch.device,
    summary: Callable[[Sequence[float]], float] = statistics.median,
) -> dict[str, float]:
    """Seconds of each way, after a round that is not counted.

    The ways take turns, so that a slow minute of the machine hits all of them.
    """
    times: dict[str, list[float]] = {name: [] for name in ways}
    for index in range(rounds + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            if device.type == "cuda":
                torch.cuda.synchronize()
            if index:
                times[name].append(time.perf_counter() - started)
    return {name: round(summary(values), 4) for name, values in times.items()}
