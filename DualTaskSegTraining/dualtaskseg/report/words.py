"""Words and figures of the report, made safe for HTML and readable for people."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from dualtaskseg.evaluation.tables import UNDEFINED


def text(value: object) -> str:
    """Any text, safe in HTML: escaped, without control characters and without halves of characters.

    File names may hold bytes that are no characters; they couldn't be written as UTF-8.
    """
    valid = str(value).encode("utf-8", "replace").decode("utf-8")
    return escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "\N{REPLACEMENT CHARACTER}", valid), quote=True)


def number(value: object) -> float:
    """A figure as float; NaN for all that is none."""
    return float(value) if isinstance(value, (int, float, np.number)) and not isinstance(value, bool) else math.nan


def finite(values: Iterable[object]) -> list[float]:
    """The finite figures among values."""
    return [value for value in map(number, values) if math.isfinite(value)]


def shown(value: float, decimals: int = 3) -> str:
    """A figure for people, a dash where there is none."""
    return f"{value:.{decimals}f}" if math.isfinite(value) else UNDEFINED


def listed(names: Sequence[str], most: int = 5) -> str:
    """``A, B and C``; ``A, B, C and 10 more`` where there are many."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


def sentence(words: str) -> str:
    """Words with an end, so that sentences can follow each other."""
    words = str(words).strip()
    return words if not words or words[-1] in ".!?…" else f"{words}."


def css_color(color: Sequence[float]) -> str:
    """Red, green, blue of 0..255 as CSS."""
    return f"rgb({','.join(str(min(max(round(part), 0), 255)) for part in color)})"


def swatch(segment: Mapping[str, Any]) -> str:
    """A small field of a segment's own color."""
    return f'<span class="swatch" style="background:{css_color(segment["color"])}"></span>'


def definitions(facts: Mapping[str, str]) -> str:
    """Names and what they stand for, as a list."""
    rows = "".join(f"<dt>{text(_capital(name))}</dt><dd>{text(value)}</dd>" for name, value in facts.items())
    return f"<dl>{rows}</dl>"


def _capital(words: str) -> str:
    return str(words)[:1].upper() + str(words)[1:]
