"""Some of many scans, evenly over all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Entry = TypeVar("Entry")


def evenly_spaced(entries: Sequence[Entry], most: int) -> list[Entry]:
    """At most so many entries, evenly over all; of one, the first."""
    if len(entries) <= most:
        return list(entries)
    if most < 2:
        return list(entries[:most])
    return [entries[round(index * (len(entries) - 1) / (most - 1))] for index in range(most)]
