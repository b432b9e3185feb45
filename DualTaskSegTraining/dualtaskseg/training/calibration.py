"""Measures what this machine can do with a plan: how long a step takes, and whether it fits into memory.

Nothing is assumed of a device: real steps are run, and when memory does not suffice, the batch is halved, then the
patch, until it does. Where a device offers half precision, steps in single precision are timed as well, and the faster
ones are taken: what half precision saves in computing, it may cost in starting computations, and old devices have it
without being fast in it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from dualtaskseg.errors import InputError
from dualtaskseg.io.geometry import sides_text
from dualtaskseg.memory import available_memory, is_out_of_memory, release_memory
from dualtaskseg.method.learner import Learner
from dualtaskseg.parallel.pooling import pooling
from dualtaskseg.parallel.ranks import ALONE, Ranks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase

SINGLE = "float32"
STEPS = 6  # timed, after one that is not
SHARE_OF_STEPS = 0.1  # of those that the training will take; for short ones, a rough figure will do
LONGEST_S = 15.0  # of timing one kind of steps, after which fewer will do
FEWEST_ITERATIONS = 20
CLEARLY_FASTER = 0.9  # of the time: a little less could be chance, and a training repeated should compute as the first
SHARE_OF_MEMORY = 0.8  # of what is free, which a step may use
BACKWARD_FACTOR = 1.6  # what the backward pass needs on top of what the forward pass keeps
SPARE = 0.96  # part of the time budget that training may use; saving, validation and the report need the rest


def halve_batch_or_patch(plan: Plan, least: int = 1) -> Plan:
    """The plan with half the batch, or where that is the least already, with a smaller patch.

    Args:
        least: patches that a batch keeps, one for each rank.

    Raises:
        InputError: it can't get any smaller.
    """
    if plan.batch_labeled > least or plan.batch_unlabeled > least:
        batches = max(least, plan.batch_labeled // 2), max(least, plan.batch_unlabeled // 2)
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


class TooLargeError(Exception):
    """Memory ran out while several ranks took a step.

    Attributes:
        plan: of the step.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.plan = plan


@dataclass(frozen=True)
class Timed:
    """A plan, and how long its steps take on this machine.

    Attributes:
        plan: of the steps.
        supervised, mutual: seconds of a step that learns from labels alone, and of one with unlabeled scans.
        mutual_start: the part of the training, 0 to 1, after which steps are of the second kind.
    """

    plan: Plan
    supervised: float
    mutual: float
    mutual_start: float

    @property
    def mean(self) -> float:
        """Seconds of a step, on average over the training."""
        return mean_seconds(self.supervised, self.mutual, self.mutual_start)


def fitted_learner(
    plan: Plan,
    labeled: Sequence[PreparedCase],
    unlabeled: Sequence[PreparedCase],
    device: torch.device,
    on_smaller: Callable[[str], None],
    on_step: Callable[[int, int], None] = lambda done, of: None,
    longest: float | None = None,
    iterations: int | None = None,
    ranks: Ranks = ALONE,
) -> tuple[Learner, float, float]:
    """A fresh learner that fits into memory, and the seconds of a step: learning from labels alone, and mutually.

    Several ranks compute as the plan says; one that is alone takes the faster arithmetic.

    Args:
        on_smaller: called with a sentence each time the plan had to be made smaller.
        on_step: called with how many steps of how many were timed; what it raises ends the measurement.
        longest: seconds of timing one kind of steps, after which fewer will do.
        iterations: that the training will take, where that is known.
        ranks: those that train together.

    Raises:
        InputError: the memory is too small.
        TooLargeError: it is for this plan, and what several ranks begin together can't be taken back.
    """
    steps = STEPS if iterations is None else min(STEPS, max(1, int(SHARE_OF_STEPS * iterations)))
    while ranks.any(not _seems_to_fit(plan, labeled, unlabeled, device, ranks)):
        plan = halve_batch_or_patch(plan, ranks.count)
        on_smaller(plan.notes[-1])

    def timed(plan: Plan) -> Timed:
        return _timed(
            Learner(plan, labeled, unlabeled, device, ranks), on_step, LONGEST_S if longest is None else longest, steps
        )

    while True:
        try:
            fastest = timed(plan)
            if plan.precision != SINGLE and ranks.count == 1:
                fastest = _faster(fastest, timed, device)
            # Fresh again: the timed steps must leave no trace, so that a repeated run starts from the same weights.
            learner = Learner(fastest.plan, labeled, unlabeled, device, ranks)
            return learner, fastest.supervised, fastest.mutual
        except (RuntimeError, MemoryError) as error:
            explained = ranks.explained(error)
            if not is_out_of_memory(explained):
                raise
            if ranks.count > 1:  # the others wait in the middle of that step
                raise TooLargeError(plan) from error
        plan = halve_batch_or_patch(plan)
        on_smaller(plan.notes[-1])
        release_memory(device)


def _seems_to_fit(
    plan: Plan,
    labeled: Sequence[PreparedCase],
    unlabeled: Sequence[PreparedCase],
    device: torch.device,
    ranks: Ranks,
) -> bool:
    """Whether a step of this rank fits into memory, as far as can be told before all ranks take one together.

    A CPU that runs out of memory is not told so: the system ends the process. So it is measured. On a GPU nothing is
    assumed, a step is just taken; but where others would wait for it in vain, it is tried alone before.
    """
    if device.type != "cpu" and ranks.count == 1:
        return True
    of_both = ranks.share.rows(plan.batch_labeled), ranks.share.rows(plan.batch_unlabeled)
    own_labeled, own_unlabeled = (rows.end - rows.first for rows in of_both)
    own = plan.replaced(batch_labeled=own_labeled, batch_unlabeled=own_unlabeled)
    with pooling(False):
        if device.type == "cpu":
            return _fits_into_memory(own, labeled, unlabeled, device, ranks.here)
        try:
            float(Learner(own, labeled, unlabeled, device).step(10**6 - 1, 10**6)["loss"])
            return True
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
    release_memory(device)
    return False


def iterations_within(seconds: float, supervised: float, mutual: float, mutual_start: float) -> int:
    """How many iterations a time budget holds.

    Args:
        supervised, mutual: of the two kinds of steps.
        mutual_start: the part of the training, 0 to 1, after which steps are of the second kind.
    """
    return max(FEWEST_ITERATIONS, int(seconds * SPARE / mean_seconds(supervised, mutual, mutual_start)))


def mean_seconds(supervised: float, mutual: float, mutual_start: float) -> float:
    """Seconds of a step on average over a training; the arguments are those of :func:`iterations_within`."""
    return mutual_start * supervised + (1 - mutual_start) * mutual


def _fits_into_memory(
    plan: Plan, labeled: Sequence[PreparedCase], unlabeled: Sequence[PreparedCase], device: torch.device, users: int = 1
) -> bool:
    """Whether a step fits, by what the forward pass of a small patch keeps for the backward one, scaled up.

    Args:
        users: how many ranks share the memory.
    """
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
    return free is None or BACKWARD_FACTOR * activations < SHARE_OF_MEMORY * free / users


def _faster(half: Timed, timed: Callable[[Plan], Timed], device: torch.device) -> Timed:
    """The steps as they are, in half precision, or where these are faster and fit into memory, in single precision."""
    release_memory(device)
    try:
        single = timed(half.plan.replaced(precision=SINGLE))
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        single = None
    release_memory(device)
    if single is None or single.mean > CLEARLY_FASTER * half.mean:
        return half
    note = f"Computes in single precision, where a step takes {single.mean:.3f} s; in half precision {half.mean:.3f} s"
    return replace(single, plan=single.plan.replaced(notes=(*single.plan.notes, note)))


def _timed(learner: Learner, on_step: Callable[[int, int], None], longest: float, steps: int) -> Timed:
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
            is_long = step > 0 and time.perf_counter() - begun > longest
            if learner.ranks.decided(lambda is_long=is_long: is_long):
                break
        on_step(done + steps + 1, total)
        return min(seconds[1:])

    supervised = timed(0, 0)
    mutual = supervised if learner.unlabeled is None else timed(10**6 - steps - 1, steps + 1)
    return Timed(learner.plan, supervised, mutual, learner.mutual_start)
