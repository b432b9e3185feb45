"""The rows of ``metrics.jsonl`` as curves and events."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dualtaskseg.report.charts import Series, Timeline
from dualtaskseg.report.words import number

MUTUAL_PARTS = ("probability_taught", "distance_taught", "consistency")


class History:
    """The rows of ``metrics.jsonl`` as columns.

    Args:
        rows: as written; of two training or validation rows of one step the later counts.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.train = self._ordered(rows, "train")
        self.validation = [row for row in self._ordered(rows, "validation") if isinstance(row.get("dice"), Mapping)]
        self.events = [
            row for row in rows if row.get("kind") == "event" and math.isfinite(number(row.get("iteration")))
        ]
        self.events.sort(key=lambda row: row["iteration"])
        timed = [row for row in self.train if math.isfinite(number(row.get("time")))]
        everything = [number(row["iteration"]) for row in [*self.train, *self.validation, *self.events]]
        self.last = max(everything, default=0.0)
        self.seconds = number(timed[-1]["time"]) if timed else math.nan
        self.timeline = Timeline(
            last=self.last,
            steps=np.array([number(row["iteration"]) for row in timed]),
            seconds=np.array([number(row["time"]) for row in timed]),
            mutual_start=self._mutual_start(),
            events=tuple(number(row["iteration"]) for row in self.events),
        )

    @staticmethod
    def _ordered(rows: Sequence[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
        by_step = {
            number(row.get("iteration")): row
            for row in rows
            if row.get("kind") == kind and math.isfinite(number(row.get("iteration")))
        }
        return [by_step[step] for step in sorted(by_step)]

    @property
    def is_mutual(self) -> bool:
        """Whether the networks taught each other."""
        return any(row.get(part) is not None for row in self.train for part in MUTUAL_PARTS)

    def _mutual_start(self) -> float | None:
        """The step at which the networks began to teach each other, None where they did from the first or never."""
        for index, row in enumerate(self.train):
            if any(row.get(part) is not None for part in MUTUAL_PARTS):
                return number(row["iteration"]) if index else None
        return None

    def column(self, key: str, name: str, color: str, smoothed: bool = True, short: str = "") -> Series | None:
        """A training curve; None where it holds no figure."""
        values = [row.get(key) for row in self.train]
        return _curve(self.train, values, name, color, smoothed=smoothed, short=short)

    def dice(self, name: str, color: str = "", short: str = "") -> Series | None:
        """A validation curve; None where it holds no figure."""
        values = [row["dice"].get(name) for row in self.validation]
        return _curve(self.validation, values, name, color, smoothed=False, has_dots=True, short=short)


def _curve(
    rows: Sequence[Mapping[str, Any]], values: Sequence[object], name: str, color: str, **options: Any
) -> Series | None:
    figures = np.array([number(value) for value in values])
    if not np.isfinite(figures).any():
        return None
    return Series(name, np.array([number(row["iteration"]) for row in rows]), figures, color, **options)
