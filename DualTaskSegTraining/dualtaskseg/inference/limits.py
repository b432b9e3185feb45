"""What is refused before a prediction begins: voxel sizes that can't be meant, and work without end.

A voxel size that was written in the wrong unit makes a scan of a hand as large as a house, or as small as a pinhead. A
mask of it would be wrong and look right, or take days; so it is refused with the sizes in question.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from dualtaskseg.data.scan_checks import LARGEST_SPACING, SMALLEST_SPACING
from dualtaskseg.errors import InputError
from dualtaskseg.inference.scan_errors import MEMORY_REMEDY
from dualtaskseg.inference.sliding_window import Shape, layer_bytes, window_shape, window_starts
from dualtaskseg.io.geometry import Geometry, sides_text
from dualtaskseg.memory import available_memory
from dualtaskseg.planning.plan import Plan

MOST_VOXELS = 2**32  # of the plan's grid
MOST_WINDOWS = 50_000  # five times what 512 x 512 x 600 voxels take with the smallest usual patch
MOST_FOLD = 512  # how many voxels of one grid may lie in one of the other: 8 along each axis


def refuse_absurd_size(geometry: Geometry, spacing: Sequence[float], shape: Shape, plan: Plan) -> None:
    """Refuses a scan whose voxel size can't be right, or whose prediction would take days.

    Args:
        spacing: of the scan, in the order of the plan's axes.
        shape: of the plan's grid over the scan.

    Raises:
        InputError: it names the sizes; not the scan, which the caller knows.
    """
    covered = f"The scan covers {_by(reversed(geometry.extent))} mm"
    looked_at = f"this model, which looks at voxels of {_by(plan.spacing)} mm"
    if math.prod(shape) > MOST_VOXELS:
        raise InputError(
            f"{covered}, far too much for {looked_at}",
            "Check the scan's voxel size; crop the scan, or use a model that was trained on such scans",
        )
    if min(geometry.spacing) < SMALLEST_SPACING or max(geometry.spacing) > LARGEST_SPACING:
        raise InputError(
            f"The scan has an absurd voxel size of {_by(geometry.spacing_zyx)} mm",
            "Correct the voxel size, which must be in millimeters, and save the scan again",
        )
    fold = math.prod(theirs / ours for theirs, ours in zip(spacing, plan.spacing, strict=True))
    is_pinhead = all(side <= stride for side, stride in zip(shape, plan.network.total_stride, strict=True))
    if fold > MOST_FOLD or (fold < 1 / MOST_FOLD and is_pinhead):
        raise InputError(
            f"The scan has voxels of {_by(geometry.spacing_zyx)} mm, far too {'large' if fold > 1 else 'small'} "
            f"for {looked_at}",
            "Check the scan's voxel size, which must be in millimeters; or use a model that was trained on such scans",
        )
    windows = math.prod(len(starts) for starts in window_starts(shape, window_shape(shape, plan)))
    if windows > MOST_WINDOWS:
        raise InputError(
            f"{covered}, which are {windows} patches for {looked_at}; at most {MOST_WINDOWS} are computed",
            "Check the scan's voxel size; crop the scan to the part of the body that is of interest",
        )


def refuse_beyond_memory(scan_shape: Shape, shape: Shape, plan: Plan, volumes: int, device: str) -> None:
    """Refuses a prediction whose results alone would not fit into the memory, before the system ends the process.

    Args:
        shape: of the plan's grid over it.
        volumes: how many are wanted beside the mask, each in half precision.
        device: ``"cpu"``, or where else the networks' answers are collected.

    Raises:
        InputError: the computer has less memory to spare; it does not name the scan.
    """
    needed = math.prod(scan_shape) * (1 + 2 * volumes)
    if device == "cpu":
        needed += layer_bytes(shape, window_shape(shape, plan), 2 * len(plan.segments))
    free = available_memory()
    if free is not None and needed > free:
        raise InputError(
            f"The results of this scan need {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free",
            MEMORY_REMEDY,
        )


def smallness_of(geometry: Geometry, shape: Shape, plan: Plan) -> str:
    """A sentence, without a full stop, where a scan is smaller than what the networks look at at once; else empty."""
    if not all(side < stride for side, stride in zip(shape, plan.network.total_stride, strict=True)):
        return ""
    seen = tuple(side * step for side, step in zip(plan.patch, plan.spacing, strict=True))
    return (
        f"The scan covers only {_by(reversed(geometry.extent))} mm, and the model learned from pieces of {_by(seen)} "
        "mm, so the result is a guess: check the voxel size"
    )


def _by(zyx: Iterable[float]) -> str:
    return sides_text(zyx, ".4g")
