"""Which patches of a step's batch a rank computes. Light: no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import torch


class Rows(NamedTuple):
    """The patches from ``first`` to before ``end``, of ``of`` that the ranks draw together."""

    first: int
    end: int
    of: int

    @classmethod
    def all(cls, count: int) -> Rows:
        """Those of a rank that computes the whole batch."""
        return cls(0, count, count)

    def own(self, drawn: torch.Tensor) -> torch.Tensor:
        """Of what was drawn by chance for the whole batch, (of, ...), that which is for these patches."""
        return drawn[self.first : self.end]


class Share(NamedTuple):
    """What a rank computes of every batch: the part with this index, of so many that are as equal as can be."""

    index: int = 0
    count: int = 1

    def rows(self, of: int) -> Rows:
        """Of a batch of so many patches."""
        return Rows(self.index * of // self.count, (self.index + 1) * of // self.count, of)
