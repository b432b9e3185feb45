"""Weights that come from a file, held against the plan before memory is spent on either.

A plan asks for networks of a certain size, and a file claims to hold their weights. Both may be anybody's, so the
networks are first drawn up without memory (on PyTorch's device ``meta``) and compared with the table at the start of
the file: names, shapes, types. Only what fits is read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from dualtaskseg.errors import InputError
from dualtaskseg.method.networks import build_network, named_weights
from dualtaskseg.method.registry import method_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.plan import Plan

OVERVIEW = "overview."  # begins the names of the coarse networks' weights
LARGEST_WEIGHT = 1e6  # trained ones stay below a hundred
REMEDY = "Get an intact copy of the model, or train it again"
TYPES = {torch.float32: "F32", torch.int64: "I64"}  # as safetensors calls them


def networks_of_file(file: Path, plan: Plan, of_overview: bool = False) -> TwoNetworks:
    """The networks of a plan with the weights of a safetensors file, on the CPU.

    Args:
        of_overview: the coarse ones, of a plan that has an overview.

    Raises:
        InputError: the file can't be read, its weights are not those of the plan's networks, or make no sense.
    """
    networks = networks_without_memory(plan.overview if of_overview else plan, file)
    weights = read_weights(file, plan, networks, OVERVIEW if of_overview else "")
    networks.load_state_dict(weights, strict=False, assign=True)
    return networks.to(memory_format=torch.channels_last_3d)


def read_weights(
    file: Path, plan: Plan, networks: TwoNetworks | None = None, prefix: str = ""
) -> dict[str, torch.Tensor]:
    """The weights of a safetensors file by name, after they were held against the plan.

    Args:
        networks: of :func:`networks_without_memory`, where they are there already.
        prefix: of the names of the weights that are wanted, ``OVERVIEW`` or none.

    Raises:
        InputError: see :func:`networks_of_file`.
    """
    from safetensors import SafetensorError, safe_open

    networks = networks or networks_without_memory(plan, file)
    expected = named_weights(networks)
    others = _other_names(plan, file, prefix)
    try:
        with safe_open(file, "pt", device="cpu") as content:
            names = set(content.keys())
            if names != {prefix + name for name in expected} | others:
                raise _unfit(file)
            for name, wanted in expected.items():
                entry = content.get_slice(prefix + name)
                if list(entry.get_shape()) != list(wanted.shape):
                    raise _unfit(file)
                if entry.get_dtype() != TYPES.get(wanted.dtype):
                    raise InputError(
                        f"The weights of the model in {file.parent} are of the type {entry.get_dtype()}, not "
                        f"{TYPES.get(wanted.dtype)} as this program writes them",
                        REMEDY,
                    )
            # copied: what the library gives is the file itself, which may be replaced or cut short meanwhile
            weights = {name: content.get_tensor(prefix + name).clone() for name in expected}
    except (SafetensorError, OSError, RuntimeError, ValueError) as error:
        raise InputError(f"The weights of the model in {file.parent} can't be read ({error})", REMEDY) from error
    _refuse_absurd(weights, file)
    return weights


def _other_names(plan: Plan, file: Path, prefix: str) -> set[str]:
    """Names of the weights in the same file that are not those with the prefix."""
    if plan.overview is None:
        return set()
    if prefix:
        return set(named_weights(networks_without_memory(plan, file)))
    return {OVERVIEW + name for name in named_weights(networks_without_memory(plan.overview, file))}


def networks_without_memory(plan: Plan, file: Path) -> TwoNetworks:
    """The networks of a plan in evaluation mode, whose weights have shapes and types but no memory.

    Raises:
        InputError: such networks can't be built, or would not give a result for each voxel.
    """
    count = len(plan.segments)
    exclusive = method_of(plan).exclusive
    try:
        with torch.device("meta"), _OnlyShapes():
            parts = [build_network(plan.network, channels) for channels in (count + exclusive, count)]
            image = torch.empty(1, 1, *(2 * step for step in plan.network.total_stride))
        networks = TwoNetworks(*parts, list(plan.truncation), plan.temperature, exclusive).eval()
        with torch.inference_mode(), _OnlyShapes():
            shapes = [tuple(part(image).shape) for part in parts]
    except Exception as error:  # whatever a library says of sizes that don't go together
        raise _unbuildable(file) from error
    if shapes != [(1, channels, *image.shape[2:]) for channels in (count + exclusive, count)]:
        raise _unbuildable(file)
    return networks


class _OnlyShapes(TorchFunctionMode):
    """Tells shapes without what, on the device meta, would load PyTorch's compiler: seconds, for nothing."""

    KEPT_BY = (torch.Tensor.normal_, torch.Tensor.uniform_, F.group_norm, F.leaky_relu)

    def __torch_function__(self, function, types, arguments=(), named=None):
        if function in self.KEPT_BY:
            return arguments[0]
        if function is torch.cat:
            return _joined(*arguments, **(named or {}))
        return function(*arguments, **(named or {}))


def _joined(tensors: Sequence[torch.Tensor], dim: int) -> torch.Tensor:
    first, *others = (list(tensor.shape) for tensor in tensors)
    for shape in others:
        first[dim] += shape[dim]
        if shape[:dim] + shape[dim + 1 :] != first[:dim] + first[dim + 1 :]:
            raise ValueError(f"{[tuple(tensor.shape) for tensor in tensors]} can't be joined")
    return tensors[0].new_empty(first)


def largest_weight(weights: Mapping[str, torch.Tensor]) -> float:
    """Of all of them, without their sign; no number where one is none."""
    largest = [
        float(torch.stack(tensor.aminmax()).abs().amax())
        for tensor in weights.values()
        if tensor.is_floating_point() and tensor.numel()
    ]
    return max(largest, default=0.0) if all(map(math.isfinite, largest)) else math.nan


def _refuse_absurd(weights: Mapping[str, torch.Tensor], file: Path) -> None:
    largest = largest_weight(weights)
    if math.isnan(largest):
        raise InputError(f"The weights of the model in {file.parent} are damaged: some are no numbers", REMEDY)
    if largest > LARGEST_WEIGHT:
        raise InputError(f"The weights of the model in {file.parent} are damaged: some are absurdly large", REMEDY)


def _unfit(file: Path) -> InputError:
    return InputError(f"The weights of the model in {file.parent} do not fit its plan", REMEDY)


def _unbuildable(file: Path) -> InputError:
    return InputError(f"The model in {file.parent} has a plan whose networks can't be built", REMEDY)
