"""Leaves out of a prediction the parts of segments that can't be meant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dualtaskseg.data.largest_part import DOUBTED, Parts, beside_largest, implausible_beside_largest, without_specks
from dualtaskseg.inference.collectors import GridVolumes, ScanVolumes, marks_doubts
from dualtaskseg.planning.plan import Plan

TRIFLE = 0.01  # of a segment's volume, above which it is told that parts were left out


class FoundParts(NamedTuple):
    """What :func:`without_parts` tells of each segment.

    Attributes:
        left_out_ml: how much was removed since it is doubted or too little.
        left: how many parts remain, without specks; 0 where nobody counted.
    """

    left_out_ml: list[float]
    left: list[int]


def without_parts(
    volumes: GridVolumes | ScanVolumes, plan: Plan, spacing: Sequence[float], distance: np.ndarray | None = None
) -> FoundParts:
    """Removes parts of segments: those that are doubted or too small, or all but the largest where the plan wants it.

    Args:
        volumes: as collected; afterwards no voxel of the label is marked as doubted, and where doubts were marked, the
            networks' agreement doesn't count what was removed.
        spacing: of the label's voxels, mm.
        distance: made to agree, where it is given: no voxel of a part that was removed is inside.
    """
    label, mark = volumes.label, DOUBTED if marks_doubts(plan) else 0
    voxel, count = math.prod(spacing), len(plan.segments)
    found = FoundParts([0.0] * count, [0] * count)
    for index, keeps_largest, least in zip(
        range(count), plan.keep_largest or [False] * count, plan.least_parts or [0.0] * count, strict=True
    ):
        kept: list[np.ndarray] = []
        if keeps_largest:
            parts = beside_largest(label, index + 1, mark)
        elif mark or least:
            parts = implausible_beside_largest(label, index + 1, mark, least / voxel, kept)
        else:
            continue
        removed, agreed = remove(parts, index, label, distance)
        if mark:
            scale = voxel / math.prod(plan.spacing)  # the networks were looked at on the plan's grid
            volumes.accumulator.leave_out(index, removed * scale, agreed * scale)
        found.left_out_ml[index] = 0.0 if keeps_largest else removed * voxel / 1000
        found.left[index] = sum(len(without_specks(sizes)) for sizes in kept)
    if mark:
        label &= DOUBTED - 1
    return found


def remove(parts: Parts, index: int, label: np.ndarray, distance: np.ndarray | None) -> tuple[int, int]:
    """Makes parts of a segment background; returns how many voxels they have, and how many of these no doubt."""
    count = agreed = 0
    for rows, removed in parts:
        values = label[rows][removed]
        count += len(values)
        agreed += int(np.count_nonzero(values == index + 1))
        label[rows][removed] = 0
        if distance is not None:
            distance[index][rows][removed] = np.abs(distance[index][rows][removed])
    return count, agreed


def left_out_told(left_out: Sequence[float], volume_ml: dict[str, float]) -> list[str]:
    """Sentences on doubted and small parts that were left out, where they are more than a trifle."""
    return [
        f"{removed:.2g} ml apart from the main part of {name} were left out: parts that only one of the two networks "
        "sees, or far smaller than any that was outlined"
        for removed, (name, kept) in zip(left_out, volume_ml.items(), strict=True)
        if removed > TRIFLE * kept
    ]


def many_parts_told(left: Sequence[int], names: Sequence[str], plan: Plan) -> list[str]:
    """Sentences on segments that have more parts than in any outlined scan: one of them may be something else."""
    told = []
    for found, name, most in zip(left, names, plan.most_parts or [0] * len(names), strict=True):
        if found > most == 1:
            told.append(
                f"{name} has {found} parts here, in each outlined scan a single one: look whether all are meant"
            )
        elif found > most > 0:
            told.append(f"{name} has {found} parts here, in outlined scans {most} at most: look whether all are meant")
    return told
