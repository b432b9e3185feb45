"""Words and figures of the report, readable for people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from dualtaskseg.evaluation.tables import UNDEFINED
from dualtaskseg.names import listed


def number(value: object) -> float:
    """A figure as float; NaN for all that is none."""
    return float(value) if isinstance(value, (int, float, np.number)) and not isinstance(value, bool) else math.nan


def finite(values: Iterable[object]) -> list[float]:
    """The finite figures among values."""
    return [value for value in map(number, values) if math.isfinite(value)]


def shown(value: float, decimals: int = 3) -> str:
    """A figure for people, a dash where there is none."""
    return f"{value:.{decimals}f}" if math.isfinite(value) else UNDEFINED


def enumerated(names: Sequence[str], most: int = 5) -> str:
    """``A, B and C``; ``A, B, C and 10 more`` where there are many."""
    if len(names) > most:
        return listed(names, most - 1)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


def sentence(words: str) -> str:
    """Words with an end, so that sentences can follow each other."""
    words = str(words).strip()
    return words if not words or words[-1] in ".!?…" else f"{words}."
