"""Writing files so that a crash at any moment leaves either the old content or the new, never half of it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


def _usual_mode() -> int:
    """The mode that the user's new files have. Asking means setting, for the whole process: so only once, here."""
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


_USUAL_MODE = _usual_mode()


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Yields a temporary path beside ``path``; on leaving without an error it replaces ``path`` in one step.

    The temporary name keeps the suffixes of ``path``, since SimpleITK chooses the file format by them.

    Raises:
        OSError: the folder can't be written, or the disk is full; it names ``path``. Nothing is left behind.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".tmp_", suffix="".join(path.suffixes[-2:]), dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with suppress(OSError):  # some network shares have no modes
            temporary.chmod(_USUAL_MODE)  # mkstemp makes it private; a shared disk needs the user's usual mode
        temporary.replace(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise named(error, path) from error
        raise


def named(error: OSError, path: Path) -> OSError:
    """The error with the file's name where it has none, as after writing to a full disk."""
    if error.filename is not None and Path(error.filename).name[:5] != ".tmp_":
        return error
    return type(error)(error.errno, error.strerror or str(error), str(path))


def write_text(path: Path | str, text: str) -> None:
    """Writes UTF-8 text atomically."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())  # or a power failure could leave the new name with nothing in it


def write_json(path: Path | str, document: Any) -> None:
    """Writes a JSON document atomically, readable by people."""
    write_text(path, json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path | str) -> Any:
    """Reads a JSON document.

    Raises:
        OSError: the file can't be read.
        ValueError: it is not JSON.
    """
    return json.loads(Path(path).read_text(encoding="utf-8"))
