"""A training in memory: both networks, their averages, the optimiser, and one step after the other."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from torch import nn

from dualtaskseg.method.ahead import Ahead
from dualtaskseg.method.base import Losses, Method
from dualtaskseg.method.networks import build_networks
from dualtaskseg.method.registry import method_of
from dualtaskseg.method.sampling import Sampler, Step, step_generator
from dualtaskseg.method.sightings import Sightings
from dualtaskseg.method.two_networks import TwoNetworks, make_teachers, update_average
from dualtaskseg.parallel.ranks import ALONE, Ranks
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase, PreparedError

_PRECISION = {"bfloat16": torch.bfloat16, "float16": torch.float16}


class Learner:
    """Takes the steps of the plan's method.

    A step depends on the weights, the seed, the iteration and what the teachers saw before, all of which is saved. So
    a run that is continued ends with the same weights as one that was never interrupted.

    Attributes:
        sightings: where the teachers saw something in unlabeled scans; None where the plan doesn't ask for it.
        students, teachers: the networks that learn, and their averaged copies.
        rate_factor: by which the learning rate is multiplied.
        ranks: those that take each step together.
    """

    def __init__(
        self,
        plan: Plan,
        labeled: Sequence[PreparedCase],
        unlabeled: Sequence[PreparedCase],
        device: torch.device,
        ranks: Ranks = ALONE,
    ) -> None:
        self.plan = plan
        self.ranks = ranks
        self.device = device
        self.method = method_of(plan)
        torch.manual_seed(plan.seed)
        self.students = build_networks(plan).to(device)
        self.teachers = make_teachers(self.students)
        self._loss = ranks.parallel(_Loss(self.method, self.students))
        self.labeled = Sampler(labeled, plan, True, device)
        self.unlabeled = self.sightings = None
        scans = _mutual_scans(labeled, unlabeled)
        if scans and not plan.is_supervised:
            if getattr(plan.training, "seeking", 0):
                self.sightings = Sightings(labeled, len(scans), plan.patch, ranks.gathered)
            self.unlabeled = Sampler(scans, plan, False, device, self.sightings)
        self.optimizer = self.method.optimizer(self.students, plan)
        self.scaler = torch.amp.GradScaler(device.type, enabled=plan.precision == "float16")
        self.rate_factor = 1.0
        self._ahead = Ahead(device)

    @property
    def mutual_start(self) -> float:
        """The point of the training, 0 to 1, from which on unlabeled scans are learned from as well; 1 without any."""
        return 1.0 if self.unlabeled is None else self.method.mutual_start(self.plan)

    def replace_cases(self, labeled: Sequence[PreparedCase], unlabeled: Sequence[PreparedCase]) -> None:
        """Goes on with the same scans, prepared anew."""
        self.labeled.cases = list(labeled)
        if self.unlabeled is not None:
            self.unlabeled.cases = _mutual_scans(labeled, unlabeled)

    def learning_rate(self, progress: float) -> float:
        """The learning rate at a point of the training."""
        return self.method.learning_rate(self.plan, progress) * self.rate_factor

    def step(self, iteration: int, of: int) -> dict[str, torch.Tensor]:
        """One training step.

        Args:
            iteration: counted from 0.
            of: how many there will be.

        Returns:
            the loss and its parts, on the device, so that nothing has to wait for it.
        """
        progress = self.plan.progress_at(iteration, of)
        seed, views = self._views_of(iteration, of)
        torch.manual_seed(seed)  # dropout draws from the global source
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate(progress)
        self.optimizer.zero_grad(set_to_none=True)
        with self.autocast():
            loss, parts = self.compute(progress, views)
        self._note_sightings(iteration, views)
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        norm = self.method.shorten(self.students, self.plan)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        update_average(self.teachers, self.students, iteration, self.plan.ema_decay)
        losses = {"loss": loss.detach(), **{name: part.detach() for name, part in parts.items()}}
        if not self.scaler.is_enabled():  # with half precision an overflow is normal, and the scaler skips the step
            losses["gradient"] = norm.detach()
        return losses

    def _note_sightings(self, iteration: int, views: Any) -> None:
        patches = self.method.sighted(views) if self.sightings is not None else None
        if patches is not None and patches.seen is not None:
            self.sightings.note(iteration, patches.cuts, patches.seen, patches.rows)

    def _views_of(self, iteration: int, of: int) -> tuple[int, Any]:
        """What a step works on; that of the next one is made meanwhile, since it keeps a single processor busy."""
        views, damaged = None, None
        try:
            views = self._ahead.take(self._draw, iteration, of)
        except PreparedError as error:
            damaged = error
        self.ranks.agree(damaged, lambda: PreparedError("of another rank", Path("prepared")))
        if iteration + 1 < of:
            self._ahead.begin(self._draw, iteration + 1, of)
        return views

    def _draw(self, iteration: int, of: int) -> tuple[int, Any]:
        """A step's seed and views, which depend on the plan's seed, the iteration and what earlier steps saw."""
        if self.sightings is not None:
            self.sightings.settle(iteration)
        generator = step_generator(self.plan.seed, iteration)
        seed = int(torch.randint(2**31, (1,), generator=generator))
        return seed, self.views(self.plan.progress_at(iteration, of), iteration, generator)

    def views(self, progress: float, iteration: int, generator: torch.Generator) -> Any:
        """What :meth:`compute` works on: patches, as the method samples them from the generator."""
        return self.method.sample(
            Step(self.labeled, self.unlabeled, self.plan, progress, iteration, generator, self.ranks.share)
        )

    def compute(self, progress: float, views: Any) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """The loss of one step and its parts."""
        return self._loss(self.teachers, views, progress, self.plan)

    def autocast(self) -> AbstractContextManager:
        if self.plan.precision in _PRECISION:
            return torch.autocast(self.device.type, _PRECISION[self.plan.precision])
        return nullcontext()

    def spread(self) -> None:
        """Makes the learners of all ranks as that of rank 0."""
        self.ranks.spread(self.state, self.load_state)

    def state(self) -> dict[str, Any]:
        """Everything that a later :meth:`load_state` needs to go on as if nothing had happened."""
        self._ahead.wait()  # sightings are taken over there
        return {
            "students": self.students.state_dict(),
            "teachers": self.teachers.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "rate_factor": self.rate_factor,
            **({"sightings": self.sightings.state()} if self.sightings is not None else {}),
        }

    def load_state(self, state: dict[str, Any]) -> None:
        self.students.load_state_dict(state["students"])
        self.teachers.load_state_dict(state["teachers"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scaler.load_state_dict(state["scaler"])
        self.rate_factor = state["rate_factor"]
        if self.sightings is not None:
            self.sightings.load_state(state["sightings"])


class _Loss(nn.Module):
    """A method's loss as a module of the networks' weights, which PyTorch can compute on several ranks."""

    def __init__(self, method: Method, students: TwoNetworks) -> None:
        super().__init__()
        self.method = method
        self.students = students

    def forward(self, teachers: TwoNetworks, views: Any, progress: float, plan: Plan) -> Losses:
        return self.method.loss(self.students, teachers, views, progress, plan)


def _mutual_scans(labeled: Sequence[PreparedCase], unlabeled: Sequence[PreparedCase]) -> list[PreparedCase]:
    """The scans in which the networks teach each other: without outlines, or partly outlined."""
    return [*unlabeled, *(case for case in labeled if case.seen is not None)]
