"""Keeps a training within its time. A computer that gets busy, or idle, takes other times than those measured first.

The end is moved then, and the schedule with it: from where the training is, the rest of it runs evenly to the new end,
so that the learning rate still falls to zero and the end is calm. Each move is written into the plan (``turns``) before
a step depends on it. So a run that is resumed, or repeated from its plan, takes exactly the same steps.
"""

from __future__ import annotations

import math
import time

from dualtaskseg.planning.plan import Plan
from dualtaskseg.training.calibration import FEWEST_ITERATIONS

LOOK_SHARE = 0.02  # of the budget, between two looks at the clock
LOOK_LEAST_S = 2.0
LOOK_LEAST_STEPS = 3
TOLERANCE = 0.06  # of the budget, by which the end may be missed before it is moved
CALM_SHARE = 0.05  # of the budget, which the way to the end takes where the time is over already
FEWEST_AT_LAST = 10  # steps of a training whose time suffices for no more
NO_LATER = 0.9  # of the training, from which on it is not made longer any more
TRAINING_SHARE = 0.3  # of the budget, which is for training however long checking and preparing took
FINISHING_SHARES = (0.02, 0.25)  # of the budget, least and most that is kept for looking at the results


class Pace:
    """Compares the clock with the budget.

    Args:
        budget: seconds for the whole run; None where a number of steps was asked for, which is kept whatever happens.
        worked: seconds of it that were used before.
    """

    def __init__(self, budget: float | None, worked: float = 0.0) -> None:
        self.budget = budget
        self._begun = time.monotonic() - worked
        self._target = math.inf
        self._looked_s: float | None = None
        self._looked_at = 0
        self._expected = 0.0  # seconds that the steps since the last look would have taken as measured at first
        self._slowness: float | None = None

    @property
    def clock(self) -> float:
        """Seconds worked on this run; what a killed process did after its last saved state does not count."""
        return time.monotonic() - self._begun

    def is_over(self) -> bool:
        """Whether the budget is used up, so that what can be left out should be."""
        return self.budget is not None and self.clock > self.budget

    def aim(self, finishing: float) -> float:
        """Sets when the training is to end; returns the seconds until then.

        Args:
            finishing: seconds that looking at the results will take, about.
        """
        if self.budget is None:
            return math.inf
        least, most = (share * self.budget for share in FINISHING_SHARES)
        clock = self.clock
        self._target = max(self.budget - min(max(finishing, least), most), clock + TRAINING_SHARE * self.budget)
        return self._target - clock

    def begin(self, iteration: int) -> None:
        """Begins to watch, at the first step of this process."""
        self._looked_s, self._looked_at, self._expected = self.clock, iteration, 0.0

    def moved_end(self, plan: Plan, iteration: int, mutual_start: float) -> int | None:
        """After which step the training should end now; None where it stays.

        Args:
            mutual_start: at which progress unlabeled scans begin to be learned from, which takes longer.
        """
        if self.budget is None or self._looked_s is None:
            return None
        progress = plan.progress_at(iteration, plan.iterations)
        supervised, mutual = plan.step_seconds or (1.0, 1.0)
        self._expected += mutual if progress > mutual_start else supervised
        clock, steps = self.clock, iteration - self._looked_at
        if clock - self._looked_s < max(LOOK_LEAST_S, LOOK_SHARE * self.budget) or steps < LOOK_LEAST_STEPS:
            return None
        now = (clock - self._looked_s) / max(self._expected, 1e-9)
        self._slowness = now if self._slowness is None else (self._slowness + now) / 2
        self.begin(iteration)
        if plan.turns and iteration < plan.turns[-1][0]:
            return None  # repeats what was decided before; nothing is decided anew in between
        early = min(1.0, max(0.0, (mutual_start - progress) / max(1 - progress, 1e-9)))
        step = self._slowness * (early * supervised + (1 - early) * mutual)
        missed = clock + (plan.iterations - iteration) * step - self._target
        if abs(missed) <= TOLERANCE * self.budget or (missed < 0 and progress > NO_LATER):
            return None
        calm = max(LOOK_LEAST_STEPS, CALM_SHARE * self.budget / step)
        end = iteration + math.ceil(max((self._target - clock) / step, calm))
        least = FEWEST_AT_LAST if missed > 0 else FEWEST_ITERATIONS
        end = max(end, least, iteration + 1)
        return end if (end < plan.iterations) == (missed > 0) and end != plan.iterations else None


def with_moved_end(plan: Plan, iteration: int, end: int) -> Plan:
    """The plan whose training ends after ``end`` steps, of which ``iteration`` are done.

    Where the networks learned from labels alone so far, they do for as many steps as before, not for the same part.
    """
    turns = plan.turns or ((0, plan.iterations),)
    if turns[-1][0] == iteration and iteration > 0:
        turns = turns[:-1]
    moved = plan.replaced(iterations=end, turns=(*turns, (iteration, end)))
    if plan.progress_at(iteration, plan.iterations) >= plan.mutual.start:
        return moved
    return moved.replaced(mutual=plan.mutual.begun_after(end, moved.progress_at))
