"""Pastes a cuboid of one patch into another, as Bai et al. do with labeled and unlabeled ones.

"Bidirectional Copy-Paste for Semi-Supervised Medical Image Segmentation", CVPR 2023. What surrounds a voxel then says
less of it, so that networks learn to judge it by what it looks like, also from few outlines. What that is worth is told
in ``Docs/method.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch

from dualtaskseg.method.augment import change_intensity
from dualtaskseg.method.sampling import Batch, Step
from dualtaskseg.parallel.rows import Rows
from dualtaskseg.planning.plan import Plan


class Partners(NamedTuple):
    """Labeled patches to paste into others.

    Attributes:
        patches: one for each of these others that is mixed.
        into: which of the others these are.
        chance: the source of all that is drawn for the mixing.
    """

    patches: Batch
    into: list[int]
    chance: torch.Generator


def draw_partners(step: Step, labeled: Batch) -> Partners | None:
    """Labeled patches to paste into the planned part of these; None where nothing is to be pasted.

    They lie at the same place of their scan, so that left stays left: with patches of any place, networks no longer
    told two alike structures apart by what is beside them.
    """
    part = step.plan.training.pasting
    if not part:
        return None  # and no chance is used up: trainings of earlier versions go on as they began
    rows, places = labeled.rows, step.labeled.places(labeled)
    # A source of its own, as ranks that paste nothing draw nothing from it.
    chance = torch.Generator().manual_seed(int(torch.randint(2**31, (1,), generator=step.generator)))
    mixed = (torch.rand(rows.of, generator=chance) < part).nonzero()[:, 0].tolist()
    into = [row for row in mixed if rows.first <= row < rows.end]
    if not into:
        return None
    first = mixed.index(into[0])
    own = Rows(first, first + len(into), len(mixed))
    patches = step.labeled.draw(len(mixed), chance, rows=own, places=[places[row] for row in mixed])
    return Partners(patches, [row - rows.first for row in into], chance)


def shown(
    labeled: Batch, partners: Partners | None, plan: Plan, generator: torch.Generator
) -> tuple[Batch, torch.Tensor]:
    """Labeled patches as the students see them: intensities weakly changed, and a cuboid of another patch in some.

    Args:
        labeled: as they were drawn.
        partners: what to paste; None for nothing.
        plan: how far intensities are changed, and how large cuboids are.
        generator: on the CPU, the source of chance for the intensities.

    Returns:
        the patches with what is known of the mixed ones; the images (B, 1, z, y, x).
    """
    settings = plan.training
    image = change_intensity(labeled.image, settings.weak_intensity, generator, labeled.rows)
    if partners is None:
        return labeled, image
    patches, into, chance = partners
    other = change_intensity(patches.image, settings.weak_intensity, chance, patches.rows)
    mixed, pasted = exchange_cuboids(image[into], other, 1.0, settings.cuboid, chance, patches.rows)
    return _joined(labeled, patches, into, pasted), image.index_copy(0, torch.tensor(into, device=image.device), mixed)


def _joined(own: Batch, other: Batch, into: list[int], pasted: torch.Tensor) -> Batch:
    """What is known of mixed patches: of each voxel label and distances in the scan that it is from.

    Measured on the mixed label, distances would be those to the seam, too, which is in neither scan.
    """
    index = torch.tensor(into, device=pasted.device)

    def mixed(ours: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
        where = pasted if ours.ndim == pasted.ndim else pasted[:, None]
        return ours.index_copy(0, index, torch.where(where, theirs, ours[into]))

    is_partly = own.least is not None or other.least is not None
    return replace(
        own,
        image=mixed(own.image, other.image),
        valid=mixed(own.valid, other.valid),
        label=mixed(own.label, other.label),
        known=mixed(own.known, other.known),
        distance=mixed(own.distance, other.distance),
        least=mixed(_least(own), _least(other)) if is_partly else None,
    )


def _least(batch: Batch) -> torch.Tensor:
    return batch.distance if batch.least is None else batch.least


def exchange_cuboids(
    image: torch.Tensor,
    other: torch.Tensor,
    share: float,
    sides: tuple[float, float],
    generator: torch.Generator,
    rows: Rows | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Pastes a cuboid of ``other`` into ``image``, or all but a cuboid of it, into a share of the samples.

    Args:
        image, other: (B, 1, z, y, x).
        share: of the samples that are mixed.
        sides: of the cuboid, least and largest part of the patch's.
        generator: on the CPU.
        rows: which samples of the ranks' batch these are; all of them unless given.

    Returns:
        the mixed images, and where they come from ``other``, bool (B, z, y, x).
    """
    rows = rows or Rows.all(len(image))
    pasted = torch.zeros(image.shape[0], *image.shape[2:], dtype=torch.bool)
    for sample in range(-rows.first, rows.of - rows.first):  # the others' samples are drawn for, too
        chosen, inverted = (torch.rand(2, generator=generator) < torch.tensor([share, 0.5])).tolist()
        lengths = torch.empty(3).uniform_(*sides, generator=generator)
        positions = torch.rand(3, generator=generator)
        if not chosen or sample not in range(len(image)):
            continue
        slices = []
        for size, side, position in zip(image.shape[2:], lengths.tolist(), positions.tolist(), strict=True):
            length = max(1, round(size * side))
            start = round((size - length) * position)
            slices.append(slice(start, start + length))
        pasted[(sample, *slices)] = True
        if inverted:
            pasted[sample] = ~pasted[sample]
    pasted = pasted.to(image.device)
    return torch.where(pasted[:, None], other, image), pasted
