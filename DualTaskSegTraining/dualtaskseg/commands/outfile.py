"""The table that a command shows and writes: its file is looked at before the work begins."""

from __future__ import annotations

import errno
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualtaskseg.errors import InputError
from dualtaskseg.files import write_json, write_text
from dualtaskseg.remedies import system_fault, system_faults
from dualtaskseg.terminal import one_line

if TYPE_CHECKING:
    from dualtaskseg.evaluation.compare import Evaluation
    from dualtaskseg.evaluation.measure import Measurements


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
    refuse_unwritable(out.parent, out)
    return out


def refuse_unwritable(folder: Path, named: Path) -> None:
    """Refuses a folder, or where it is to be made, in which nothing can be written, before hours were spent for it.

    Args:
        named: what can't be written, for the sentence.

    Raises:
        InputError: the system says so; what it doesn't tell, writing will.
    """
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if folder.is_dir() and not _may_write(folder):
        is_read_only = hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY
        code = errno.EROFS if is_read_only else errno.EACCES
        raise system_fault(OSError(code, os.strerror(code)), f"{named} can't be written", "")


def _may_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


def show_figures(found: Evaluation | Measurements, text: str, as_json: bool, out: Path | None) -> int:
    """Shows figures on standard output, everything else on standard error, and writes the table.

    Returns:
        the exit code.
    """
    if as_json:
        print(json.dumps(found.to_dict(), indent=1, allow_nan=False))
    elif text:
        print(text)
    for problem in found.problems:
        print(one_line(f"{problem.case}: {problem}"), file=sys.stderr)
    for note in found.notes:
        print(f"{one_line(note)}.", file=sys.stderr)
    if out is not None:
        remedy = "Check the folder and the free space, or choose another place"
        write_table(out, found.to_csv(), found.to_dict(), remedy)
    return 2 if found.problems else 0


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
