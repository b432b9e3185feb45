"""The file that a command writes its table to, looked at before the work begins."""

from __future__ import annotations

from pathlib import Path

from dualtaskseg.errors import InputError


def checked_table(out: Path | str) -> Path:
    """Returns the path of a table that is to be written.

    Raises:
        InputError: it is neither a .csv nor a .json file, or a folder.
    """
    out = Path(out)
    if out.suffix.lower() not in (".csv", ".json"):
        raise InputError(f"{out} is neither a .csv nor a .json file", "Give --out a name that ends with .csv or .json")
    if out.is_dir():
        raise InputError(f"{out} is a folder", "Give --out the name of a file")
    return out
