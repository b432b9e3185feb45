"""Decides whether a training has an overview: a second, coarse pair of networks that finds where the structures are.

Where structures fill a small part of large scans, nearly no patch of the fine grid shows what else there is, and what
looks alike elsewhere is taken for the structure. A patch of a coarse grid shows most of a scan. So the coarse networks
tell where to look, and the fine ones work there. Light: numpy, no torch.
"""

from __future__ import annotations

import numpy as np

from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.data.grid import rounded_spacing
from dualtaskseg.io.geometry import sides_text
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import (
    TEMPERATURE,
    PlanningInput,
    ScanStatistics,
    first_look_notes,
    patch_and_network,
    resampled_size,
    rotation_of,
    truncation_of,
)

FEWEST_LABELED = 2  # of one scan the coarse networks learn its places rather than the structure
LARGEST_SHARE = 0.03  # of a scan, that the boxes round its structures fill
PATCHES = 4  # that the usual scan has on the coarse grid
MOST_PATCHES = 64  # that it may have where a coarser grid would lose the structures
LEAST_FACTOR = 3.0  # between the two grids; with 2.2 the coarse networks saw little more, and it did not pay


def with_overview(plan: Plan, inputs: PlanningInput) -> Plan:
    """The plan with an overview where it pays; else it is told where a first look may."""
    without = plan.replaced(notes=(*plan.notes, *first_look_notes(plan, inputs.labeled)))
    labeled, preset = inputs.labeled, PRESETS[inputs.preset]
    if len(labeled) < FEWEST_LABELED or not all(any(radius > 0 for radius in radii) for radii in _radii(inputs)):
        return without
    shares = [_boxes(scan) / np.prod(np.array(scan.size) * np.array(scan.spacing)) for scan in labeled]
    fine = np.array(plan.spacing)
    voxels = float(np.median([np.prod(resampled_size(scan, plan.spacing)) for scan in inputs.scans]))
    factor = np.cbrt(voxels / (PATCHES * preset.patch_voxels))
    # a structure keeps two voxels across where it is thickest
    thinnest = min(float(np.median([radius for radius in radii if radius > 0])) for radii in _radii(inputs))
    factor = min(factor, thinnest / fine.min())
    spacing = rounded_spacing(np.maximum(fine, round(factor * fine.min(), 1)))
    median = np.median([resampled_size(scan, spacing) for scan in inputs.scans], axis=0)
    too_large = np.prod(median) > MOST_PATCHES * preset.patch_voxels
    if np.median(shares) > LARGEST_SHARE or factor < LEAST_FACTOR or too_large:
        return without
    patch, network = patch_and_network(median, spacing, preset)
    overview = plan.replaced(
        spacing=spacing,
        patch=patch,
        network=network,
        truncation=truncation_of(labeled, len(inputs.segments), min(spacing)),
        temperature=TEMPERATURE * min(spacing),
        rotation=rotation_of(spacing),
        notes=(),
    )
    note = (
        f"The structures fill a small part of the scans, {float(np.median(shares)):.2%} with the box round them. So a "
        f"second pair of networks learns first to find them at {sides_text(spacing)} mm, in patches that show "
        f"{sides_text([round(a * b) for a, b in zip(patch, spacing, strict=True)])} mm; the others learn and predict "
        "where these see something, and wherever a structure reaches beyond that"
    )
    return plan.replaced(overview=overview, notes=(*plan.notes, note))


def _radii(inputs: PlanningInput) -> list[list[float]]:
    """For each segment, its inner radius in the labeled scans, mm."""
    return [[scan.inner_radius[index] for scan in inputs.labeled] for index in range(len(inputs.segments))]


def _boxes(scan: ScanStatistics) -> float:
    """The mm³ of the boxes round a scan's segments."""
    return float(sum(np.prod(box) for box in scan.foreground_size))
