"""Where unlabeled patches are cut: where the averaged networks saw a structure, or doubted.

In a scan of a whole body nearly all patches show nothing but background, and teach nothing about the structure. So what
the teachers see in the patches of the steps is remembered for each scan, and a part of the later patches is centered
there. It costs no pass of a network. A scan in which nothing was seen yet is searched where the structures lie in the
labeled scans, relative to the scans' size; and a part of the patches is cut anywhere, so that no place is overlooked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch.nn.functional import max_pool3d

from dualtaskseg.parallel.ranks import ALONE
from dualtaskseg.parallel.rows import Rows
from dualtaskseg.preparation.prepare import PreparedCase

DOUBT = 0.2  # a voxel is seen from this probability of any structure on
CELL = 4  # voxels; what is seen is remembered this coarsely
KEPT_OF_PATCH, KEPT_OF_CASE = 8, 64
DELAY = 2  # steps; the next step's patches are cut while a step computes


def is_seen(probability: torch.Tensor) -> torch.Tensor:
    """Where (B, z, y, x) any segment is seen, or doubted, given class probabilities (B, K + 1, z, y, x)."""
    return probability[:, 0] <= 1 - DOUBT


@dataclass(frozen=True)
class Cut:
    """Where a patch lies in its scan.

    Attributes:
        case: place of the scan in the list of cases.
        center: (3,), in voxels of the scan (z, y, x).
        matrix: (3, 3), takes an offset from the patch's center in voxels to the offset in the scan.
    """

    case: int
    center: torch.Tensor
    matrix: torch.Tensor

    @property
    def is_straight(self) -> bool:
        """Whether it is neither rotated nor zoomed, mirrored at most."""
        return torch.equal(self.matrix.abs(), torch.eye(3))

    def on_voxels(self, patch: tuple[int, int, int]) -> Cut:
        """The nearest one that shows voxels of the scan as they are, if it is straight."""
        half = (torch.tensor(patch, dtype=torch.float32) - 1) / 2
        return replace(self, center=torch.round(self.center - half) + half)


@dataclass
class _Note:
    """What was seen in one patch in one step: bool (z, y, x) of its cells, on the device."""

    iteration: int
    cut: Cut
    cells: torch.Tensor

    def fits(self, patch: torch.Tensor) -> bool:
        """Whether it can be of a patch of this size (z, y, x)."""
        shapes = (tuple(part.shape) for part in (self.cut.center, self.cut.matrix, self.cells))
        return tuple(shapes) == ((3,), (3, 3), tuple(torch.ceil(patch / CELL).int().tolist()))


class Sightings:
    """Remembers for each unlabeled scan where something was seen.

    What a step sees counts from the second step after it on, so that patches can be cut ahead, and a run that was
    continued cuts the same ones as one that was never interrupted.

    Args:
        labeled: cases whose segments' places guide the search where nothing was seen.
        count: of unlabeled cases.
        patch: size (z, y, x) of a patch.
        gathered: see :meth:`~dualtaskseg.parallel.ranks.Ranks.gathered`.
    """

    def __init__(
        self,
        labeled: Sequence[PreparedCase],
        count: int,
        patch: tuple[int, int, int],
        gathered: Callable[[torch.Tensor, Rows], torch.Tensor] = ALONE.gathered,
    ) -> None:
        self._gathered = gathered
        self._patch = torch.tensor(patch, dtype=torch.float32)
        self._places = [torch.empty(0, 3) for _case in range(count)]
        self._notes: list[_Note] = []
        self._usual = torch.cat([torch.empty(0, 3), *(_relative_places(case) for case in labeled)])

    def note(self, iteration: int, cuts: Sequence[Cut], seen: torch.Tensor, rows: Rows | None = None) -> None:
        """Notes what the teachers saw in a step's patches.

        Args:
            cuts: of the patches.
            seen: (B, z, y, x) bool.
            rows: which of the patches those of ``seen`` are; all of them unless given.
        """
        cells = max_pool3d(seen[:, None].float(), CELL, ceil_mode=True)[:, 0] > 0
        cells = self._gathered(cells, rows or Rows.all(len(cells)))
        self._notes += [_Note(iteration, cut, cell) for cut, cell in zip(cuts, cells, strict=True)]

    def settle(self, iteration: int) -> None:
        """Takes over what counts in this step; patches are cut in the order of the steps."""
        while self._notes and self._notes[0].iteration <= iteration - DELAY:
            self._take(self._notes.pop(0))

    def place(self, case: int, shape: Sequence[int], generator: torch.Generator) -> torch.Tensor | None:
        """A place (z, y, x) to center a patch on; None where nothing is known.

        Args:
            case: place of the scan in the list of cases.
            shape: of the scan.
            generator: on the CPU.
        """
        chance, spread = torch.rand(1, generator=generator), torch.rand(3, generator=generator) - 0.5
        seen = self._places[case]
        if len(seen):
            return seen[int(chance * len(seen))]
        if len(self._usual):
            usual = self._usual[int(chance * len(self._usual))]
            return usual * torch.tensor(shape, dtype=torch.float32) + spread * self._patch
        return None

    def _take(self, note: _Note) -> None:
        """What is seen in a patch replaces what was seen there before."""
        cut = note.cut
        places = self._places[cut.case]
        offsets = (places - cut.center) @ torch.linalg.inv(cut.matrix).T
        places = places[~(offsets.abs() <= self._patch / 2).all(dim=1)]
        cells = note.cells.cpu().nonzero()
        if len(cells):
            some = torch.linspace(0, len(cells) - 1, min(len(cells), KEPT_OF_PATCH)).round().long()
            voxels = (cells[some].float() + 0.5) * CELL - 0.5
            places = torch.cat([places, cut.center + (voxels - (self._patch - 1) / 2) @ cut.matrix.T])
        self._places[cut.case] = places[-KEPT_OF_CASE:]

    def state(self) -> dict[str, Any]:
        """Everything that a later :meth:`load_state` needs; tensors on the CPU and plain values."""
        notes = [{"iteration": note.iteration, **vars(note.cut), "cells": note.cells.cpu()} for note in self._notes]
        return {"places": list(self._places), "notes": notes}

    def load_state(self, state: dict[str, Any]) -> None:
        """Goes on from what :meth:`state` gave.

        Raises:
            ValueError: it is that of other scans, or damaged.
        """
        places = list(state["places"])
        if len(places) != len(self._places) or any(place.ndim != 2 or place.shape[1] != 3 for place in places):
            raise ValueError("the places where something was seen are not those of these scans")
        notes = [
            _Note(note["iteration"], Cut(note["case"], note["center"], note["matrix"]), note["cells"])
            for note in state["notes"]
        ]
        if not all(note.cut.case in range(len(places)) and note.fits(self._patch) for note in notes):
            raise ValueError("what was seen in the last steps is not of these scans' patches")
        self._places, self._notes = places, notes


def _relative_places(case: PreparedCase) -> torch.Tensor:
    """Some places inside each segment, as parts of the scan's sides."""
    some = [torch.from_numpy(positions[:: max(1, len(positions) // 20)]) for positions in case.foreground]
    return (torch.cat([torch.empty(0, 3), *some]) + 0.5) / torch.tensor(case.shape, dtype=torch.float32)
