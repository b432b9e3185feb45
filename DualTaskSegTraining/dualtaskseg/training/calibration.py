"""Measures what this machine can do with a plan: how long a step takes, and whether it fits into memory.

Nothing is assumed of a device: real steps are run, and when memory does not suffice, the batch is halved, then the
patch, until it does.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch

from dualtaskseg.errors import InputError
from dualtaskseg.io.geometry import sides_text
from dualtaskseg.memory import available_memory, is_out_of_memory, release_memory
from dualtaskseg.method.learner import Learner
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase

STEPS = 6  # timed, after one that is not
SHARE_OF_STEPS = 0.1  # of those that the training will take; for short ones, a rough figure will do
LONGEST_S = 15.0  # of timing one kind of steps, after which fewer will do
FEWEST_ITERATIONS = 20
SHARE_OF_MEMORY = 0.8  # of what is free, which a step may use
BACKWARD_FACTOR = 1.6  # what the backward pass needs on top of what the forward pass keeps
SPARE = 0.96  # part of the time budget that training may use; saving, validation and the report need the rest


def halve_batch_or_patch(plan: Plan) -> Plan:
    """The plan with half the batch, or where that is one already, with a smaller patch.

    Raises:
        InputError: it can't get any smaller.
    """
    if plan.batch_labeled > 1 or plan.batch_unlabeled > 1:
        batches = max(1, plan.batch_labeled // 2), max(1, plan.batch_unlabeled // 2)
        return plan.replaced(
            batch_labeled=batches[0],
            batch_unlabeled=batches[1],
            notes=(*plan.notes, f"Memory did not suffice: a step now takes {batches[0]} + {batches[1]} patches"),
        )
    step = np.array(plan.network.total_stride)
    patch = np.array(plan.patch)
    axis = int(np.argmax(patch * np.array(plan.spacing) * (patch > step)))
    half = int(np.ceil(patch[axis] / 2 / step[axis]) * step[axis])
    if half >= patch[axis]:
        raise InputError(
            "Memory does not suffice even for the smallest patch",
            "Close other programs, choose the preset 'quick', or train on another device",
        )
    patch[axis] = half
    sides = tuple(int(side) for side in patch)
    note = f"Memory did not suffice: patches now have {sides_text(sides)} voxels"
    return plan.replaced(patch=sides, notes=(*plan.notes, note))


def fitted_learner(
    plan: Plan,
    labeled: Sequence[PreparedCase],
    unlabeled: Sequence[PreparedCase],
    device: torch.device,
    on_smaller: Callable[[str], None],
    on_step: Callable[[int, int], None] = lambda done, of: None,
    longest: float | None = None,
    iterations: int | None = None,
) -> tuple[Learner, float, float]:
    """A fresh learner that fits into memory, and the seconds of a step: learning from labels alone, and mutually.

    Args:
        on_smaller: called with a sentence each time the plan had to be made smaller.
        on_step: called with how many steps of how many were timed; what it raises ends the measurement.
        longest: seconds of timing one kind of steps, after which fewer will do.
        iterations: that the training will take, where that is known.
    """
    steps = STEPS if iterations is None else min(STEPS, max(1, int(SHARE_OF_STEPS * iterations)))
    while device.type == "cpu" and not _fits_into_memory(plan, labeled, unlabeled, device):
        # A CPU that runs out of memory is not told so: the system ends the process. So it is measured before.
        plan = halve_batch_or_patch(plan)
        on_smaller(plan.notes[-1])
    while True:
        try:
            supervised, mutual = _time_steps(
                Learner(plan, labeled, unlabeled, device), on_step, LONGEST_S if longest is None else longest, steps
            )
            # Fresh again: the timed steps must leave no trace, so that a repeated run starts from the same weights.
            return Learner(plan, labeled, unlabeled, device), supervised, mutual
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        plan = halve_batch_or_patch(plan)
        on_smaller(plan.notes[-1])
        release_memory(device)


def iterations_within(seconds: float, supervised: float, mutual: float, mutual_start: float) -> int:
    """How many iterations a time budget holds.

    Args:
        supervised, mutual: of the two kinds of steps.
        mutual_start: the part of the training, 0 to 1, after which steps are of the second kind.
    """
    mean = mutual_start * supervised + (1 - mutual_start) * mutual
    return max(FEWEST_ITERATIONS, int(seconds * SPARE / mean))


def _fits_into_memory(
    plan: Plan, labeled: Sequence[PreparedCase], unlabeled: Sequence[PreparedCase], device: torch.device
) -> bool:
    """Whether a step fits, by what the forward pass of a small patch keeps for the backward one, scaled up."""
    free = available_memory()
    step = np.array(plan.network.total_stride)
    side = np.minimum(plan.patch, np.maximum(2, np.ceil(32 / step)) * step).astype(int)
    small = plan.replaced(patch=tuple(int(value) for value in side))
    learner = Learner(small, labeled, unlabeled, device)
    kept: dict[int, int] = {}

    def count(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor):
        learner.compute(1.0, learner.views(1.0, 0, torch.Generator().manual_seed(0)))
    weights = sum(tensor.nbytes for tensor in learner.students.parameters())
    activations = (sum(kept.values()) - weights) * math.prod(plan.patch) / math.prod(small.patch)
    return free is None or BACKWARD_FACTOR * activations < SHARE_OF_MEMORY * free


def _time_steps(
    learner: Learner, on_step: Callable[[int, int], None], longest: float, steps: int
) -> tuple[float, float]:
    """Seconds of a step at the beginning of the training and at its end; so many of each kind are timed.

    The shortest of a few counts: what else the computer did in these seconds, it will not do for the whole training.
    """
    kinds = 1 if learner.unlabeled is None else 2
    total = kinds * (steps + 1)

    def timed(iteration: int, done: int) -> float:
        begun = time.perf_counter()
        seconds: list[float] = []
        for step in range(steps + 1):
            on_step(done + step, total)
            started = time.perf_counter()
            losses = learner.step(iteration + step, 10**6)
            float(losses["loss"])  # waits for a GPU
            seconds.append(time.perf_counter() - started)
            if step and time.perf_counter() - begun > longest:
                break
        on_step(done + steps + 1, total)
        return min(seconds[1:])

    supervised = timed(0, 0)
    if learner.unlabeled is None:
        return supervised, supervised
    return supervised, timed(10**6 - steps - 1, steps + 1)
