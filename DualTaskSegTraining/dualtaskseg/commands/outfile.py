"""The table that a command writes: its file is looked at before the work begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dualtaskseg.errors import InputError
from dualtaskseg.files import write_json, write_text
from dualtaskseg.remedies import system_faults


def checked_table(out: Path | str | None) -> Path | None:
    """Returns the path of a table that is to be written; None where none is.

    Raises:
        InputError: it is neither a .csv nor a .json file, or a folder.
    """
    if out is None:
        return None
    out = Path(out)
    if out.suffix.lower() not in (".csv", ".json"):
        raise InputError(f"{out} is neither a .csv nor a .json file", "Give --out a name that ends with .csv or .json")
    if out.is_dir():
        raise InputError(f"{out} is a folder", "Give --out the name of a file")
    return out


def write_table(out: Path, table: str, data: Any, otherwise: str) -> None:
    """Writes a CSV table, or a JSON document where the file's name asks for one.

    Raises:
        InputError: the file can't be written; for ``otherwise`` see :func:`~dualtaskseg.remedies.remedy_for`.
    """
    with system_faults(f"{out} can't be written", otherwise):
        if out.suffix.lower() == ".csv":
            write_text(out, table)
        else:
            write_json(out, data)
