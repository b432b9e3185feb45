"""Draws batches of augmented patches from prepared scans.

Which patch a step sees depends on the seed and the iteration, not on what was drawn before. So a resumed run sees
exactly the patches that an unbroken one would have seen. All that has to be saved is where something was seen in
unlabeled scans, see :mod:`dualtaskseg.method.sightings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from dualtaskseg.method.augment import SpatialRange, random_transforms
from dualtaskseg.method.placing import placed
from dualtaskseg.method.sightings import Cut, Sightings
from dualtaskseg.parallel.rows import Rows, Share
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.partly import UNSEEN
from dualtaskseg.preparation.prepare import PreparedCase

WHOLE = Share()


@dataclass
class Batch:
    """Patches, augmented in space but not in intensity.

    Attributes:
        image: (B, 1, z, y, x).
        valid: (B, z, y, x) bool, where the patch lies inside its scan.
        label: (B, z, y, x) int64, 0 where it is not known; or None for unlabeled patches.
        distance: (B, K, z, y, x) signed distance in mm, or None.
        cuts: where the patches lie in their scans; of all ranks' ones.
        seen: (B, z, y, x) bool, where a teacher sees a structure or doubts; the step tells it of unlabeled patches.
        known: (B, z, y, x) bool, where the label is known: everywhere inside a scan, or where somebody looked at a
            partly outlined one; None where nothing is.
        least: (B, K, z, y, x) signed distance in mm that is possible at least, where ``distance`` is the largest
            possible one; None where no patch is of a partly outlined scan.
        rows: which patches these are of those that the ranks draw together; all of them unless given.
    """

    image: torch.Tensor
    valid: torch.Tensor
    label: torch.Tensor | None = None
    distance: torch.Tensor | None = None
    cuts: Sequence[Cut] = ()
    seen: torch.Tensor | None = None
    known: torch.Tensor | None = None
    least: torch.Tensor | None = None
    rows: Rows | None = None

    def __post_init__(self) -> None:
        if self.rows is None:
            self.rows = Rows.all(len(self.image))
        if self.known is None and self.label is not None:
            self.known = self.valid


def step_generator(seed: int, iteration: int) -> torch.Generator:
    """The source of randomness of one step."""
    mixed = np.random.SeedSequence((seed, iteration)).generate_state(2, np.uint32)
    return torch.Generator().manual_seed(int(mixed[0]) << 31 ^ int(mixed[1]))


class Sampler:
    """Draws patches from one kind of cases.

    Args:
        labeled: whether labels and distances are drawn too. Of partly outlined cases among unlabeled ones the labels
            are, where they are known.
        sightings: where something was seen in cases without labels.
    """

    def __init__(
        self,
        cases: Sequence[PreparedCase],
        plan: Plan,
        labeled: bool,
        device: torch.device,
        sightings: Sightings | None = None,
    ) -> None:
        self.cases = list(cases)
        self.plan = plan
        self.labeled = labeled
        self.device = device
        self.sightings = sightings
        moved = getattr(plan.training, "moved", 1.0)
        self.limits = SpatialRange(plan.rotation, plan.zoom, plan.mirror, moved)
        self.is_plain_crop = not any(plan.rotation) and plan.zoom == (1.0, 1.0)

    def draw(
        self,
        count: int,
        generator: torch.Generator,
        chosen: Sequence[int] | None = None,
        share: Share = WHOLE,
        rows: Rows | None = None,
        places: Sequence[torch.Tensor] | None = None,
    ) -> Batch:
        """Returns the share of ``count`` patches, each of a case drawn by chance, or of the ``chosen`` ones.

        Where all of them lie is drawn, which takes no time; read and sampled are those of the share.

        Args:
            rows: which of them are returned, instead of the share.
            places: where they lie, from :meth:`places`, instead of by chance.
        """
        rows = rows or share.rows(count)
        matrices, zooms = random_transforms(count, self.plan.spacing, self.limits, generator)
        cuts = []
        for index in range(count):
            case = int(torch.randint(len(self.cases), (1,), generator=generator)) if chosen is None else chosen[index]
            center = self._center(case, generator, None if places is None else places[index])
            cut = Cut(case, center, matrices[index])
            cuts.append(cut.on_voxels(self.plan.patch) if cut.is_straight else cut)
        patches = [self._patch(cuts[index], float(zooms[index])) for index in range(rows.first, rows.end)]
        images, valids, labels, knowns, distances, leasts = (list(part) for part in zip(*patches, strict=True))
        batch = Batch(torch.stack(images), torch.stack(valids), cuts=cuts, rows=rows)
        is_partly = any(self.cases[cut.case].seen is not None for cut in cuts)
        if self.labeled or is_partly:
            batch.label, batch.known = torch.stack(labels), torch.stack(knowns)
        if self.labeled:
            batch.distance = torch.stack(distances)
            batch.least = torch.stack(leasts) if is_partly else None
        return batch

    def places(self, batch: Batch) -> list[torch.Tensor]:
        """Where the centers of patches lie, (3,) each, relative to the size of their scan."""
        return [cut.center / (torch.tensor(self.cases[cut.case].shape) - 1).clamp_min(1) for cut in batch.cuts]

    def _patch(self, cut: Cut, zoom: float) -> tuple:
        case = self.cases[cut.case]
        place = placed(cut, case.shape, self.plan.patch, self.device)
        box, valid = place.box, place.valid
        # Opened anew each time: mapping a file takes a fraction of a millisecond, and a thousand open files are more
        # than many systems allow.
        size = tuple(part.stop - part.start for part in box)
        segments, is_partly = len(self.plan.segments) if self.labeled else 0, case.seen is not None
        # As they are stored: PyTorch makes them longer in half the time, and on a GPU half as much is sent there.
        smooth = np.empty((1 + segments * (1 + is_partly), *size), np.float16)
        smooth[0] = case.image()[box]
        if self.labeled:
            smooth[1 : 1 + segments] = case.distance()[(slice(None), *box)]
            if is_partly:
                smooth[1 + segments :] = case.least_distance()[(slice(None), *box)]
        sampled = place.smooth(smooth)
        if not self.labeled and not is_partly:
            nowhere = torch.zeros_like(valid)
            return sampled[:1], valid, nowhere.long(), nowhere, None, None
        label = place.nearest(case.label()[box].copy()).long()
        known = valid
        if is_partly:
            known = valid & (label != UNSEEN)
            label = torch.where(label == UNSEEN, 0, label)
        distance, least = sampled[1 : 1 + segments] * zoom, sampled[1 + segments :] * zoom
        return sampled[:1], valid, label, known, distance, least if is_partly else distance

    def _center(self, index: int, generator: torch.Generator, place: torch.Tensor | None = None) -> torch.Tensor:
        """Where the patch's center lies (z, y, x): at a place, on a segment, or anywhere the patch still covers scan.

        Anywhere in a partly outlined case, whose label is drawn, is anywhere that somebody looked. In other scans that
        have an overview it is anywhere that this showed something.
        """
        case = self.cases[index]
        shape = torch.tensor(case.shape, dtype=torch.float32)
        if place is not None:
            return self._inside(place * (shape - 1), shape)
        chance, spread = torch.rand(2, generator=generator), torch.rand(3, generator=generator)
        if self.is_plain_crop:  # as published: on the scan's voxels, each place inside it as likely as another
            patch = torch.tensor(self.plan.patch, dtype=torch.float32)
            room = shape - patch
            start = torch.where(room >= 0, torch.floor(spread * (room + 1)), torch.floor(room / 2))
            return start + (patch - 1) / 2
        settings = self.plan.training
        center = None
        filled = [positions for positions in case.foreground if len(positions)]
        if filled and float(chance[0]) < self.plan.foreground_share:
            positions = filled[int(float(chance[1]) * len(filled))]
            center = torch.from_numpy(positions[int(float(spread[0]) * len(positions))].astype(np.float32))
        elif self.sightings is not None and float(chance[0]) < settings.seeking:
            center = self.sightings.place(index, case.shape, generator)
        elif self.labeled and case.seen is not None:
            center = torch.from_numpy(case.seen[int(float(spread[0]) * len(case.seen))].astype(np.float32))
        elif case.region is not None:
            center = torch.from_numpy(case.region[int(float(spread[0]) * len(case.region))])
        if center is None:
            center = spread * shape
        else:
            jitter = (torch.rand(3, generator=generator) - 0.5) * torch.tensor(self.plan.patch) / settings.jitter
            center = center + jitter
        return self._inside(center, shape)

    def _inside(self, center: torch.Tensor, shape: torch.Tensor) -> torch.Tensor:
        """The nearest center that is far enough from the scan's border: a patch mostly outside teaches little.

        That is a part of the patch, or of a scan that is smaller than that.
        """
        settings = self.plan.training
        margin = torch.minimum(torch.tensor(self.plan.patch) * settings.margin, shape * settings.margin)
        margin = torch.minimum(margin, (shape - 1) / 2)  # a scan of a few slices
        return torch.minimum(torch.maximum(center, margin), shape - 1 - margin)


class Step(NamedTuple):
    """What the patches of one training step are sampled from.

    Attributes:
        labeled, unlabeled: give patches; the latter is None where there are no unlabeled scans.
        progress: of the training, 0 to 1.
        generator: on the CPU; all chance comes from it.
        share: what of the patches this rank computes.
    """

    labeled: Sampler
    unlabeled: Sampler | None
    plan: Plan
    progress: float
    iteration: int
    generator: torch.Generator
    share: Share = WHOLE


def draw_patches(step: Step) -> tuple[Batch, Batch | None]:
    """Labeled patches, and unlabeled ones once the networks learn from them; before, more of the former instead."""
    plan, generator = step.plan, step.generator
    if step.unlabeled is not None and step.progress >= plan.mutual.start:
        known = step.labeled.draw(plan.batch_labeled, generator, share=step.share)
        return known, step.unlabeled.draw(plan.batch_unlabeled, generator, share=step.share)
    return step.labeled.draw(plan.batch_labeled + plan.batch_unlabeled, generator, share=step.share), None
