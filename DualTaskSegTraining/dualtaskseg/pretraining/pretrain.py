"""Pretrains both networks of a preset on random volumes; trainings start from what they learned, see
:mod:`dualtaskseg.pretraining.start`.

The networks have tasks of their own, so that they begin differently: the probability network tells each voxel's clean
intensity and the kind of its shape, the distance network how far the nearest boundary is and on which side of it the
voxel lies. What is kept is all but the last layer, whose channels depend on the task, with weights averaged as in a
training.

A step depends on the weights, the seed and its number only. So the volumes of later steps are made by other processes
meanwhile, and a pretraining that goes on after a stop comes to the same weights as one that was never stopped.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

from dualtaskseg.contract.segment import Segment
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.inference.device import describe_device, largest_precision
from dualtaskseg.method.networks import build_network, weights_of
from dualtaskseg.method.optimizers import AdamW
from dualtaskseg.method.two_networks import TwoNetworks, make_teachers, update_average
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import PlanningInput, ScanStatistics, usual_plan
from dualtaskseg.pretraining.making import volumes_of_steps
from dualtaskseg.pretraining.state import remove_state, save_state, saved_state, write_weights
from dualtaskseg.pretraining.volumes import KINDS, Volumes
from dualtaskseg.progress import Progress, never
from dualtaskseg.version import VERSION

# Of the volumes, in voxels. A patch of the preset "standard" has twice as many; but shapes and boundaries are the same
# in a smaller one, whose coarsest level still has 4 x 4 x 4 voxels, and a step costs half.
SIZES = {"quick": (48, 48, 48), "standard": (64, 64, 64)}
LAST_LAYER = ".mix.3."
# Not kept: the last layer, and of the largest networks the largest one, so that all files together stay below 20 MB.
LEFT_OUT = {"quick": (LAST_LAYER,), "standard": (LAST_LAYER, ".bottleneck.conv2.")}
AVERAGED, WARM_UP, LARGEST_GRADIENT, WEIGHT_DECAY = 0.998, 0.01, 5.0, 0.01
TOLD = ("intensity", "kind", "distance", "side")
TOLD_OVER = 100  # steps, about
SAVED_EVERY_S, SHOWN_EVERY_S = 45.0, 2.0


@dataclass(frozen=True)
class Pretraining:
    """What is asked for; the same on the same device gives the same weights.

    Attributes:
        preset: a key of :data:`SIZES`.
        batch: volumes a step.
    """

    preset: str
    steps: int
    seed: int = 0
    batch: int = 2

    @property
    def command(self) -> str:
        """That makes these weights, without where to write them."""
        asked = " ".join(f"--{name} {value}" for name, value in asdict(self).items())
        return f"dualtaskseg pretrain {asked}"

    def rate(self, step: int) -> float:
        """The learning rate of a step, as a part of the highest: a short rise, then half a cosine to 0."""
        progress = step / self.steps
        return min(1.0, (progress + 1e-4) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * progress))


def pretrain(
    asked: Pretraining,
    out: Path,
    device: torch.device,
    makers: int,
    should_stop: Callable[[], bool] = never,
) -> None:
    """Pretrains to the end, from where an earlier try was saved beside ``out``, and writes the weights.

    Args:
        makers: processes that make volumes ahead; 0 to make them in this one.

    Raises:
        InputError: what is saved is of another pretraining or damaged, the disk is full, or a loss is no number.
        StoppedError: a stop was asked for; everything is saved.
    """
    torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic = False, True
    work = _Work(asked, device)
    saved = saved_state(out, asked)
    if saved is not None:
        work.load(saved)
    with Progress("Pretraining", asked.steps) as bar:
        if work.step:
            bar.note(f"Going on after step {work.step}")
        _take_steps(work, asked, out, makers, should_stop, bar)
    work.refuse_no_numbers()
    write_weights(out, work.kept(), _origin(asked, device, work))
    remove_state(out)


def _take_steps(
    work: _Work, asked: Pretraining, out: Path, makers: int, should_stop: Callable[[], bool], bar: Progress
) -> None:
    first, began = work.step, time.monotonic()
    saved_at = shown_at = began
    batches = iter(volumes_of_steps(asked, SIZES[asked.preset], work.step, makers, work.device.type == "cuda"))
    while work.step < asked.steps:
        work.take(next(batches))
        now, stops = time.monotonic(), should_stop()
        if now - shown_at >= SHOWN_EVERY_S or work.step == asked.steps:
            shown_at = now
            left = (now - began) / (work.step - first) * (asked.steps - work.step)
            bar.update(work.step, work.told(), left)
        if (stops or now - saved_at >= SAVED_EVERY_S) and work.step < asked.steps:
            work.refuse_no_numbers()
            save_state(out, asked, work.state())
            saved_at = time.monotonic()
            if stops:
                raise StoppedError(
                    f"Stopped after step {work.step} of {asked.steps}; everything is saved",
                    "Give the same command again to go on",
                )


class _Work:
    """Networks, their averages and the optimizer, and one step after the other.

    Attributes:
        step: how many were taken.
    """

    def __init__(self, asked: Pretraining, device: torch.device) -> None:
        self.asked, self.device, self.step = asked, device, 0
        plan = pretraining_plan(asked.preset)
        self.rate = plan.learning_rate
        torch.manual_seed(asked.seed)
        networks = TwoNetworks(*networks_to_pretrain(plan), list(plan.truncation), 1.0)
        self.students = networks.to(device, memory_format=torch.channels_last_3d)
        self.averaged = make_teachers(self.students)
        is_fused = device.type in ("cpu", "cuda")
        self.optimizer = AdamW(self.students.parameters(), lr=self.rate, weight_decay=WEIGHT_DECAY, fused=is_fused)
        self.precision = torch.bfloat16 if largest_precision(device) == "bfloat16" else None
        self.means = torch.zeros(len(TOLD), device=device)  # of the losses; stay on the device until they are shown

    def take(self, batch: Volumes) -> None:
        """One step."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * self.asked.rate(self.step)
        batch = batch.moved(self.device)
        with torch.autocast(self.device.type, self.precision, enabled=self.precision is not None):
            parts = losses(self.students, batch)
        self.optimizer.zero_grad(set_to_none=True)
        parts.sum().backward()
        for network in (self.students.probability, self.students.distance):
            torch.nn.utils.clip_grad_norm_(network.parameters(), LARGEST_GRADIENT, foreach=True)
        self.optimizer.step()
        update_average(self.averaged, self.students, self.step, AVERAGED)
        self.means.lerp_(parts.detach(), 1 / min(self.step + 1, TOLD_OVER))
        self.step += 1

    def told(self) -> str:
        """The losses of the last steps, for people."""
        return ", ".join(f"{name} {value:.3f}" for name, value in zip(TOLD, self.means.tolist(), strict=True))

    def refuse_no_numbers(self) -> None:
        """Raises :class:`InputError` where the losses are no numbers any more."""
        if not bool(torch.isfinite(self.means).all()):
            raise InputError(
                f"The pretraining became unstable: a loss is no number, told at step {self.step}",
                "Begin it anew with another --seed; what was saved before is kept",
            )

    def kept(self) -> dict[str, torch.Tensor]:
        """What trainings start from: of a range and fineness that half precision has to spare."""
        weights, left_out = weights_of(self.averaged), LEFT_OUT[self.asked.preset]
        return {name: value.half() for name, value in weights.items() if not any(part in name for part in left_out)}

    def state(self) -> dict[str, Any]:
        """Everything that going on takes."""
        parts = {"students": self.students, "averaged": self.averaged, "optimizer": self.optimizer}
        return {**{name: part.state_dict() for name, part in parts.items()}, "step": self.step, "means": self.means}

    def load(self, state: dict[str, Any]) -> None:
        """Goes on from what :meth:`state` returned."""
        for name, part in (("students", self.students), ("averaged", self.averaged), ("optimizer", self.optimizer)):
            part.load_state_dict(state[name])
        self.step = state["step"]
        self.means.copy_(state["means"])


def losses(networks: TwoNetworks, batch: Volumes) -> torch.Tensor:
    """Of the probability network's two tasks and of the distance network's two, as named in :data:`TOLD`."""
    seen = batch.image.contiguous(memory_format=torch.channels_last_3d)
    first, second = networks.probability(seen).float(), networks.distance(seen).float()
    # with classes as shares, since a GPU sums over indices in any order
    kinds = F.one_hot(batch.kind, len(KINDS)).movedim(-1, 1).float()
    return torch.stack(
        [
            F.smooth_l1_loss(first[:, :1], batch.clean),
            F.cross_entropy(first[:, 1:], kinds),
            2 * F.smooth_l1_loss(torch.sigmoid(second[:, :1]), batch.distance, beta=0.2),
            F.smooth_l1_loss(torch.tanh(second[:, 1:]), batch.side, beta=0.2),
        ]
    )


def pretraining_plan(preset: str) -> Plan:
    """The plan of a preset for cubic voxels and scans large enough for all levels of its networks."""
    scan = ScanStatistics((120, 120, 120), (1.0, 1.0, 1.0), ((20.0, 40.0, 20.0),), (8.0,))
    return usual_plan(PlanningInput([scan], [Segment("Any", 1, (255, 255, 255))], preset, "mutual"))


def networks_to_pretrain(plan: Plan) -> Iterator[torch.nn.Module]:
    """The probability network and the distance network with as many channels as their tasks here take."""
    for channels in (1 + len(KINDS), 2):
        yield build_network(plan.network, channels)


def _origin(asked: Pretraining, device: torch.device, work: _Work) -> dict[str, str]:
    """What stands in the file of the weights: how they were made, of no place and nobody."""
    return {
        **{name: str(value) for name, value in asdict(asked).items()},
        "losses": work.told(),
        "command": asked.command,
        "device": describe_device(device),
        "dualtaskseg": VERSION,
        "torch": torch.__version__,
        "made": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
