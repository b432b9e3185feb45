"""Reads small files that people or models name: only files, and only as much as such a file ever holds.

A device has no end, a named pipe waits for ever, and a table of some gigabytes is a mistake or meant to harm.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import BinaryIO

from dualtaskseg.errors import InputError
from dualtaskseg.files import open_plain

TABLE_LIMIT = 64 << 20  # bytes of a table or document that names cases or segments; real ones have some thousands


def open_regular(path: Path | str) -> BinaryIO:
    """Opens a file for reading, without waiting for anything.

    Raises:
        InputError: it is a pipe, a device, or whatever else is no file.
        OSError: it is a folder, doesn't exist, or can't be opened.
    """
    try:
        return open_plain(path)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        raise InputError(f"{path} is no file, but a pipe, a device or the like", "Give a file") from error


def read_regular(path: Path | str, limit: int = TABLE_LIMIT) -> bytes:
    """Reads a small file.

    Raises:
        InputError: it is no file, or has more.
        OSError: it can't be read.
    """
    with open_regular(path) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise InputError(f"{path} has more than {limit >> 20} MB, too much for such a file", "Check which file it is")
    return content


def read_regular_text(path: Path | str, limit: int = TABLE_LIMIT) -> str:
    """As :func:`read_regular`, as UTF-8 text, with or without a mark of its byte order.

    Raises:
        UnicodeDecodeError: it is no such text.
    """
    return read_regular(path, limit).decode("utf-8-sig")
