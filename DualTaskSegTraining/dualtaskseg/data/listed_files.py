"""Reads the documents and tables in which a dataset lists its files, and finds the files that they name."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import ROLES
from dualtaskseg.errors import InputError
from dualtaskseg.files import read_regular
from dualtaskseg.io.access import as_stored, is_there
from dualtaskseg.io.paths import abbreviated, file_stem, usable_path
from dualtaskseg.tablecells import original_cell


def usable_case_name(name: str, where: str) -> str:
    """The name of a case, which a document gave.

    Raises:
        InputError: no file can be called like that.
    """
    if re.search(r'[\\/:*?"<>|\x00-\x1f]', name) or name.startswith(".") or not name.strip():
        raise InputError(
            f"{where}: the name {abbreviated(name)} can't be used, since files are named after it",
            "Use letters, digits, spaces, - and _",
        )
    return name


def read_table(file: Path, required: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Reads a CSV file as (line number, values by column); commas, semicolons and tabs separate columns."""
    is_there(file)  # raises where it was not fetched
    try:
        text = read_regular(file).decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"The table {file} does not exist", "Check the path") from None
    except OSError as error:
        raise InputError(f"The table {file} can't be read ({error.strerror})", "Check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(f"The table {file} is not UTF-8 text", "Save it as 'CSV UTF-8'") from error
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    columns: list[str] = []
    rows = []
    try:
        for cells in reader:
            cells = [original_cell(cell.strip()) for cell in cells]
            if not any(cells):
                continue
            if not columns:
                columns = [cell.lower() for cell in cells]
                _require_columns(file, columns, required)
                continue
            if len(cells) > len(columns) and any(cells[len(columns) :]):
                raise InputError(
                    f"{file}, line {reader.line_num}: {len(cells)} values for {len(columns)} columns",
                    "Put a file name that contains the separator between double quotes",
                )
            cells += [""] * (len(columns) - len(cells))
            rows.append((reader.line_num, dict(zip(columns, cells, strict=False))))
    except csv.Error as error:
        raise InputError(f"{file}, line {reader.line_num}: {error}", "Save the table as CSV again") from error
    _require_columns(file, columns, required)
    return rows


def _require_columns(file: Path, columns: list[str], required: Sequence[str]) -> None:
    missing = [column for column in required if column not in columns]
    if missing:
        raise InputError(
            f"The table {file} has no column {missing[0]!r}",
            f"Its first line must name the columns: {','.join(required)}",
        )


def role_of(text: str, where: str) -> str:
    """The role that a table gives a case, however it is spelled; ``where`` it stands is told where it is unknown."""
    role = text.strip().lower().replace("_", " ").replace("-", " ")
    if role not in ROLES:
        raise InputError(f"{where}: the role {text!r} is unknown", f"Use one of: {', '.join(ROLES)}")
    return role


def read_document(file: Path) -> Any:
    """Reads a JSON file of a dataset.

    Raises:
        InputError: it can't be read, or a name stands twice in one of its tables.
    """
    is_there(file)  # raises where it was not fetched
    try:
        return json.loads(read_regular(file).decode("utf-8-sig"), object_pairs_hook=_unique)
    except OSError as error:
        raise InputError(f"{file} can't be read ({error.strerror})", "Check the path") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{file} is not a UTF-8 text file in the JSON format", "Write it anew") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{file} is not correct JSON: {error.msg} in line {error.lineno}", "Correct it") from error
    except KeyError as error:
        raise InputError(f"{file} names {abbreviated(error.args[0])} twice", "Keep one of the two") from error
    except ValueError as error:  # a number of thousands of digits
        raise InputError(f"{file} holds a number that is far too large", "Correct it") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table of JSON; of a key that stands there twice, one meaning would be lost in silence."""
    table: dict[str, Any] = {}
    for key, value in pairs:
        if key in table:
            raise KeyError(key)
        table[key] = value
    return table


def list_in(file: Path, data: dict[str, Any], key: str) -> list[Any]:
    """The list that stands in a document under a name, empty where none does."""
    items = data.get(key) or []
    if not isinstance(items, list):
        raise InputError(f"{file}: {key!r} is not a list of cases", "Write it as a list")
    return items


def located(folder: Path, name: str, where: str) -> Path:
    """Absolute path of a file that a dataset names, relative to ``folder``; Windows separators are understood."""
    return as_stored(usable_path(folder / name.strip().replace("\\", "/"), where))


def case_stem(path: Path) -> str:
    """What a case is called after its scan: the file's name without suffix, or the folder's."""
    try:
        return path.name if path.is_dir() else file_stem(path)
    except OSError:  # its folder may not be looked into; told when it is read
        return file_stem(path)
