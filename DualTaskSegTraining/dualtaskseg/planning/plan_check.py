"""Checks a plan that comes from a file. A model is something people mail to each other, so nothing in it is believed:
a plan that passes can be built and asked, and asks for no absurd amount of memory. Light: no torch, no SimpleITK.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dualtaskseg.contract.dataset import MOST_SEGMENTS

if TYPE_CHECKING:
    from dualtaskseg.planning.plan import NetworkPlan, Normalization, Plan

PRECISIONS = ("float32", "bfloat16", "float16")
NORMALIZATIONS = ("ct", "scan", "scan mean")
PATIENT_AXES = ("LR", "PA", "SI")
LARGEST_VALUE = 2**31 - 1  # of a label
SPACING = (0.01, 50.0)  # mm; what is checked of scans, too
MOST_VOXELS = 2**22  # of a patch; planned ones have a quarter of it at most
MOST_FEATURES = 2**28  # numbers that a level of a network gives for a patch
MOST_RESULTS = 2**29  # numbers that both networks give for a patch
MOST_WEIGHTS = 2**28  # of the convolutions of one network, roughly; planned ones have a tenth of it
MOST_LEVELS = 10
MOST_TURNS = 10_000
MOST_FILTERS = 1024
LARGEST_STRIDE = 4
KERNELS = (1, 3, 5, 7)


def fault_of(plan: Plan) -> str | None:
    """Says what in a plan makes no sense; None where all does. Values may be of any type."""
    segments = plan.segments
    if not _are(segments, _is_segment) or not segments:
        return "its segments make no sense"
    count = len(segments)
    if count > MOST_SEGMENTS:
        return f"it has {count} segments, at most {MOST_SEGMENTS} are possible"
    if len({segment["name"] for segment in segments}) < count:
        return "two of its segments have the same name"
    if len({segment["value"] for segment in segments}) < count:
        return "two of its segments have the same value"
    sound = {
        "preset": isinstance(plan.preset, str),  # a later version may know others
        "method": isinstance(plan.method, str),
        "seed": _is_whole(plan.seed, 0, 2**63),
        "spacing": _are(plan.spacing, lambda value: _is_number(value, *SPACING), 3),
        "orientation": _is_orientation(plan.orientation),
        "normalization": _is_normalization(plan.normalization),
        "batch_labeled": _is_whole(plan.batch_labeled, 1, 1024),
        "batch_unlabeled": _is_whole(plan.batch_unlabeled, 1, 1024),
        "truncation": _are(plan.truncation, lambda value: _is_number(value, 1e-3, 1e4), count),
        "softness": _is_number(plan.softness, 1e-4, 1e4),
        "rotation": _are(plan.rotation, lambda value: _is_number(value, 0, 180), 3),
        "zoom": _are(plan.zoom, lambda value: _is_number(value, 0.1, 10), 2),
        "mirror": _are(plan.mirror, _is_flag, 3),
        "sides_matter": _is_flag(plan.sides_matter),
        "foreground_share": _is_number(plan.foreground_share, 0, 1),
        "rate": _is_number(plan.rate, 0, 10),
        "averaging": _is_number(plan.averaging, 0, 1),
        "mutual": isinstance(plan.mutual, dict),
        "iterations": _is_whole(plan.iterations, 0, 2**53),
        "turns": plan.turns == () or _are_turns(plan.turns, plan.iterations),
        "step_seconds": plan.step_seconds == () or _are(plan.step_seconds, lambda value: _is_number(value, 0, 1e9), 2),
        "calibrated": _is_flag(plan.calibrated),
        "precision": plan.precision in PRECISIONS,
        "keep_largest": plan.keep_largest == () or _are(plan.keep_largest, _is_flag, count),
        "notes": _are(plan.notes, lambda value: isinstance(value, str)),
    }
    for name, is_sound in sound.items():
        if not is_sound:
            return f'its "{name}" makes no sense'
    if not _is_network(plan.network):
        return 'its "network" makes no sense'
    if not _is_patch(plan.patch, plan.network, count):
        return 'its "patch" makes no sense'
    return None


def _is_segment(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("name"), str)
        and _is_whole(value.get("value"), 1, LARGEST_VALUE)
    )


def _is_orientation(value: Any) -> bool:
    """One letter for each of the patient's axes, in any order."""
    if not isinstance(value, str) or len(value) != 3:
        return False
    return all(sum(letter in axis for letter in value) == 1 for axis in PATIENT_AXES)


def _is_normalization(value: Normalization) -> bool:
    numbers = (value.lower, value.upper, value.mean, value.deviation)
    return (
        value.kind in NORMALIZATIONS
        and all(_is_number(number, -1e9, 1e9) for number in numbers)
        and value.lower <= value.upper
        and value.deviation > 0
    )


def _is_network(network: NetworkPlan) -> bool:
    levels = len(network.filters) if _are(network.filters, lambda value: _is_whole(value, 1, MOST_FILTERS)) else 0
    fits = {
        "strides": lambda step: _is_whole(step, 1, LARGEST_STRIDE),
        "kernels": lambda size: _is_whole(size, 1, max(KERNELS)) and size in KERNELS,
    }

    def are_steps(name: str) -> bool:
        return _are(getattr(network, name), lambda value: _are(value, fits[name], 3), levels)

    if network.kind not in ("unet", "vnet") or not 2 <= levels <= MOST_LEVELS:
        return False
    if not are_steps("strides") or not are_steps("kernels") or network.strides[0] != (1, 1, 1):
        return False
    if not _are(network.stem, fits["strides"], 3):
        return False
    weights = sum(math.prod(kernel) * width**2 for kernel, width in zip(network.kernels, network.filters, strict=True))
    return weights <= MOST_WEIGHTS


def _is_patch(patch: Any, network: NetworkPlan, segments: int) -> bool:
    if not _are(patch, lambda side: _is_whole(side, 1, 2**14), 3):
        return False
    if not all(side % step == 0 for side, step in zip(patch, network.total_stride, strict=True)):
        return False
    # what a prediction sees at once is at least twice what the strides come to
    seen = math.prod(max(side, 2 * step) for side, step in zip(patch, network.total_stride, strict=True))
    if seen > MOST_VOXELS or 2 * segments * seen > MOST_RESULTS:
        return False
    voxels = seen / math.prod(network.stem)
    for stride, filters in zip(network.strides, network.filters, strict=True):
        voxels /= math.prod(stride)
        if voxels * filters > MOST_FEATURES:
            return False
    return True


def _are_turns(turns: Any, iterations: int) -> bool:
    """The first from 0 on, each later than the one before and before its own and the former end, the last the end."""
    if not _are(turns, lambda turn: _are(turn, lambda value: _is_whole(value, 0, 2**53), 2)) or len(turns) > MOST_TURNS:
        return False
    starts, ends = [turn[0] for turn in turns], [turn[1] for turn in turns]
    rises = all(before < after for before, after in itertools.pairwise(starts))
    inside = all(start < end for start, end in turns) and all(a >= b for a, b in zip(ends, starts[1:], strict=False))
    return starts[0] == 0 and rises and inside and ends[-1] == iterations


def _are(values: Any, check: Callable[[Any], bool], count: int | None = None) -> bool:
    return isinstance(values, tuple) and (count is None or len(values) == count) and all(map(check, values))


def _is_number(value: Any, least: float, most: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)
