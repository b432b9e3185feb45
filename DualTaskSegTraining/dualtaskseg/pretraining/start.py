"""Trainings that are asked to start from networks that were pretrained on random volumes, as far as their layers fit.

What a preset's networks start from stands in ``weights/PRESET.safetensors``. It was learned by networks for cubic
voxels. Those of a plan may have other depths, kernels and last layers, so layers are matched by their level, from the
finest one, and bent where the plan has thick slices:

- A convolution three voxels wide becomes one a voxel wide along an axis by its sum along it: it answers what the wide
  one answers where nothing changes along that axis.
- A transposed convolution that doubles an axis becomes one that leaves it by its mean along it.

Nothing else is bent; a layer of other channels stays fresh.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from dualtaskseg.contract.presets import PRETRAINED
from dualtaskseg.errors import InputError
from dualtaskseg.files import open_plain
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.networks import named_weights
from dualtaskseg.method.registry import method_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.method.weights import LARGEST_WEIGHT, largest_weight, networks_without_memory
from dualtaskseg.planning.plan import Plan

FOLDER = Path(__file__).parent / "weights"
REMEDY = "Install DualTaskSeg again, or train without --from pretrained"
CHOICE = "Choose the preset quick, or train without --from pretrained"
FEWEST_FITTING = 0.5  # of the layers: a few among fresh ones mean nothing
LEVELS = re.compile(r"\.body\.(input_block|bottleneck|downsamples\.(\d+)|upsamples\.(\d+))\.")
WIDE, DOUBLING = 3, 2  # kernels of convolutions, and of transposed ones


@dataclass(frozen=True)
class PretrainedWeights:
    """What networks start from.

    Attributes:
        name: preset and SHA-256 of the file, as a plan keeps it.
        weights: by the names of :func:`~dualtaskseg.method.networks.named_weights`.
    """

    name: str
    weights: Mapping[str, torch.Tensor]

    @classmethod
    def read(cls, file: Path, preset: str) -> PretrainedWeights:
        """Reads a file that ``dualtaskseg pretrain`` wrote.

        Raises:
            InputError: it can't be read, or holds what are no such weights.
        """
        from safetensors import SafetensorError
        from safetensors.torch import load

        try:
            with open_plain(file) as stream:
                content = stream.read()
            weights = {name: value.float() for name, value in load(content).items()}
        except (OSError, SafetensorError, RuntimeError, ValueError, KeyError) as error:
            raise InputError(f"The pretrained weights in {file} can't be read ({error})", REMEDY) from error
        if not largest_weight(weights) <= LARGEST_WEIGHT:  # or some are no numbers
            raise InputError(f"The pretrained weights in {file} are damaged", REMEDY)
        return cls(f"{preset} {hashlib.sha256(content).hexdigest()}", weights)

    def fitting(self, networks: TwoNetworks) -> dict[str, torch.Tensor]:
        """What of it the networks take over, by their own names and in their own shapes."""
        own = named_weights(networks)
        levels, own_levels = _levels(self.weights), _levels(own)
        known = {_by_level(name, levels): value for name, value in self.weights.items()}
        found = {}
        for name, value in own.items():
            bent = _bent(known.get(_by_level(name, own_levels)), value.shape, _is_transposed(name))
            if bent is not None:
                found[name] = bent
        return found

    def put_into(self, networks: TwoNetworks) -> None:
        """Lets networks begin with it; what doesn't fit stays as it is."""
        own = named_weights(networks)
        with torch.no_grad():
            for name, value in self.fitting(networks).items():
                own[name].copy_(value)


def with_pretrained_start(plan: Plan) -> Plan:
    """The plan for networks that start from pretrained ones.

    Raises:
        InputError: its preset or method has none, most layers don't fit, or the weights are damaged.
    """
    pretrained = pretrained_for(plan)
    if pretrained is None:
        raise InputError(f"There are no pretrained networks for the preset {plan.preset}", CHOICE)
    networks = networks_without_memory(plan, FOLDER)
    fitting, layers = _layers(pretrained.fitting(networks)), _layers(named_weights(networks))
    if len(fitting) < FEWEST_FITTING * len(layers):
        raise InputError(f"Only {len(fitting)} of {len(layers)} layers fit the pretrained networks", CHOICE)
    note = (
        f"The networks start from ones that were pretrained on random shapes, on nobody's scans "
        f"({len(fitting)} of {len(layers)} layers fit)"
    )
    return plan.replaced(start=pretrained.name, notes=(*plan.notes, note))


def start(learner: Learner) -> None:
    """Gives a learner, students and teachers, the weights that its plan starts from.

    Raises:
        InputError: this version has other ones, or they are damaged.
    """
    plan = learner.plan
    if not plan.start:
        return
    pretrained = pretrained_for(plan)
    if pretrained is None or pretrained.name != plan.start:
        raise InputError(
            f"This training was planned to start from the pretrained weights {plan.start[:20]}..., which this version "
            "of DualTaskSeg doesn't have",
            "Train anew in another folder; nothing was learned yet",
        )
    for networks in (learner.students, learner.teachers):
        pretrained.put_into(networks)


def pretrained_for(plan: Plan) -> PretrainedWeights | None:
    """What the networks of a plan may start from; None where they start fresh.

    Raises:
        InputError: it is damaged.
    """
    if plan.preset not in PRETRAINED or plan.network.kind != "unet" or not method_of(plan).starts_pretrained:
        return None
    file = FOLDER / f"{plan.preset}.safetensors"
    return _read_once(file, plan.preset) if file.exists() else None


@functools.lru_cache(1)
def _read_once(file: Path, preset: str) -> PretrainedWeights:
    return PretrainedWeights.read(file, preset)


def _levels(names: Mapping[str, torch.Tensor]) -> int:
    """How many levels the networks have."""
    down = {int(found[2]) for found in map(LEVELS.search, names) if found and found[2]}
    return len(down) + 2


def _by_level(name: str, levels: int) -> str:
    """A name with levels counted from the finest one on the way down and on the way up.

    MONAI's DynUNet calls the finest level on the way down ``input_block`` and the coarsest one ``bottleneck``, and
    counts those on the way up from the coarsest one.
    """

    def counted(found: re.Match) -> str:
        if found[1] == "input_block":
            return ".down.0."
        if found[1] == "bottleneck":
            return f".down.{levels - 1}."
        if found[2]:
            return f".down.{int(found[2]) + 1}."
        return f".up.{levels - 2 - int(found[3])}."

    return LEVELS.sub(counted, name)


def _is_transposed(name: str) -> bool:
    return ".transp_conv." in name or name.split(".")[1] == "up"


def _bent(value: torch.Tensor | None, shape: torch.Size, is_transposed: bool) -> torch.Tensor | None:
    """A weight in another shape, see the module; None where it can't be."""
    if value is None or value.dim() != len(shape) or value.shape[:2] != shape[:2]:
        return None
    for axis in range(2, len(shape)):
        if value.shape[axis] == shape[axis]:
            continue
        if shape[axis] != 1 or value.shape[axis] != (DOUBLING if is_transposed else WIDE):
            return None
        value = value.mean(axis, keepdim=True) if is_transposed else value.sum(axis, keepdim=True)
    return value


def _layers(names: Mapping[str, torch.Tensor]) -> set[str]:
    """A layer has one or two arrays: its weight, and often a bias."""
    return {name.rpartition(".")[0] for name in names}
