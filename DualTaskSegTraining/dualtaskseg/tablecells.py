"""Cells of the tables that are written for people, who open them with a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


def safe_cell(value: Any) -> Any:
    """Returns a cell that no spreadsheet takes for a formula.

    Names of scans and segments come from others' files, and a spreadsheet computes what begins like a formula, such as
    ``=HYPERLINK(...)``. An apostrophe before it makes it text; numbers stay numbers, negative ones too.
    """
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value.startswith(FORMULA_STARTS) or value.lstrip()[:1] in ("=", "+", "-", "@") else value


def original_cell(text: str) -> str:
    """Returns what :func:`safe_cell` was given, when such a table is read again."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """Returns a CSV table with a header, its cells made safe; None becomes an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([safe_cell(column) for column in columns])  # segments' names may be in them
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return text.getvalue()
