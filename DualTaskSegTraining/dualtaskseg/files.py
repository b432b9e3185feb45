"""Writing files so that a crash at any moment leaves either the old content or the new, never half of it.

What a killed command leaves half written carries that command's process in its name, so the next command that writes
into the same folder knows what may go: only what this program made, and only if nobody is making it any more.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import json
import math
import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from dualtaskseg.errors import InputError
from dualtaskseg.processes import host_name, is_alive, process_start_time

Result = TypeVar("Result")

TEMPORARY_PREFIX = ".tmp_"  # what begins so is never taken for a scan, a model or a result
TEMPORARY = re.compile(r"\.tmp_dts-(?P<machine>[0-9a-f]{8})-(?P<pid>\d{1,10})-(?P<started>\d{1,12})-[0-9a-f]{8}(\..*)?")
OLD_S = 24 * 3600.0  # after which a temporary file of a process that can't be asked about counts as left behind
TABLE_LIMIT = 64 << 20  # bytes of a table or document that names cases or segments; real ones have some thousands
JSON_LIMIT = 256 << 20  # bytes of a JSON document; the largest that are written have a few
PRIVATE = 0o700  # of folders that hold what was made from scans

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # a named pipe would keep us waiting for ever
_BINARY = getattr(os, "O_BINARY", 0)


def _usual_mode() -> int:
    """The mode that the user's new files have. Asking means setting, for the whole process: so only once, here."""
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


_USUAL_MODE = _usual_mode()


# --- temporary files, and those that a killed command left


def temporary_name(suffix: str = "") -> str:
    """A new name for a temporary file or folder that tells which process of which machine makes it."""
    pid = os.getpid()
    return f".tmp_dts-{_machine()}-{pid}-{_started_at(pid)}-{os.urandom(4).hex()}{suffix}"


def is_temporary(name: str) -> bool:
    """Whether a file or folder of this name was made by this program while it was writing something."""
    return TEMPORARY.fullmatch(name) is not None


def is_left_behind(path: Path) -> bool:
    """Whether it is a temporary file or folder of ours whose process is gone or, unknown here, older than a day."""
    match = TEMPORARY.fullmatch(path.name)
    if match is None:
        return False
    if match["machine"] == _machine():
        started = int(match["started"]) / 100
        return not is_alive(int(match["pid"]), started if started else None)
    try:
        return abs(time.time() - path.lstat().st_mtime) > OLD_S
    except OSError:
        return False


def remove_left_behind(folder: Path | str) -> None:
    """Removes what killed commands left half written in a folder. Never fails, never touches a file of somebody."""
    try:
        with os.scandir(folder) as entries:
            found = [Path(entry.path) for entry in entries if is_temporary(entry.name)]
    except OSError:
        return
    for path in found:
        if is_left_behind(path):
            remove_temporary(path)


def remove_temporary(path: Path) -> None:
    """Removes a temporary file or folder; a link is removed, never what it leads to. Never fails."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@functools.lru_cache(maxsize=1024)
def _remove_left_behind_once(folder: Path) -> None:
    """Once for a process and a folder: what is left there later is of processes that are at work now."""
    remove_left_behind(folder)


@functools.cache
def _machine() -> str:
    """Tells machines apart, and containers of one machine, whose process numbers have nothing to do with each other."""
    name = host_name()
    with suppress(OSError):
        name += str(Path("/proc/self/ns/pid").readlink())
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]


@functools.cache  # by number, so that a forked child asks for its own
def _started_at(pid: int) -> int:
    return round((process_start_time(pid) or 0.0) * 100)


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Yields a temporary path beside ``path``; on leaving without an error it replaces ``path`` in one step.

    The temporary name keeps the suffixes of ``path``, since SimpleITK chooses the file format by them. What killed
    commands left half written in the folder is removed.

    Raises:
        OSError: the folder can't be written, or the disk is full; it names ``path``. Nothing is left behind.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_behind_once(path.parent.absolute())
    temporary = path.with_name(temporary_name("".join(path.suffixes[-2:])))
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR | _NO_LINK, 0o600))
    except OSError as error:
        raise named(error, path) from error
    try:
        yield temporary
        with suppress(OSError):  # some network shares have no modes
            temporary.chmod(_USUAL_MODE)  # made private; a shared disk needs the user's usual mode
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise named(error, path) from error
        raise


@contextmanager
def temporary_folder(beside: Path | str) -> Iterator[Path]:
    """Yields a new folder beside a path, for something that is moved there when it is whole; removed at the end.

    What killed commands left half written there is removed.

    Raises:
        OSError: it can't be made.
    """
    parent = Path(beside).absolute().parent
    _remove_left_behind_once(parent)
    temporary = parent / temporary_name()
    temporary.mkdir()
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def named(error: OSError, path: Path) -> OSError:
    """The error with the file's name where it has none, as after writing to a full disk."""
    if error.filename is not None and not Path(error.filename).name.startswith(TEMPORARY_PREFIX):
        return error
    return type(error)(error.errno, error.strerror or str(error), str(path))


# --- files that stand where they are


def open_own(path: Path | str, mode: str) -> BinaryIO:
    """Opens a file that is written where it stands, never one that somebody put a link to in its place.

    Args:
        path: a plain file, or nothing yet.
        mode: ``"ab"`` to add to it, ``"wb"`` to write it anew.

    Raises:
        OSError: it is a link, a device or a pipe, or can't be opened.
    """
    flags = {"ab": os.O_APPEND, "wb": 0}[mode] | os.O_WRONLY | os.O_CREAT | _NO_LINK | _NO_WAIT | _BINARY
    handle = os.open(path, flags, 0o666)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.ENOTSUP, "it is no plain file", str(path))
        if mode == "wb":
            os.ftruncate(handle, 0)
    except BaseException:
        os.close(handle)
        raise
    return os.fdopen(handle, mode)  # closes it itself where Ctrl-C comes meanwhile


def open_plain(path: Path | str) -> BinaryIO:
    """Opens a file to read it, without waiting for a pipe.

    Raises:
        OSError: it can't be opened, or is a device or a pipe.
    """
    handle = os.open(path, os.O_RDONLY | _NO_WAIT | _BINARY)
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "Is a directory", str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.ENOTSUP, "it is no plain file", str(path))
    except BaseException:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def open_regular(path: Path | str) -> BinaryIO:
    """As :func:`open_plain`, of a file that somebody named.

    Raises:
        InputError: it is a pipe, a device, or whatever else is no file, and may have no end.
        OSError: it is a folder, doesn't exist, or can't be opened.
    """
    try:
        return open_plain(path)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        raise InputError(f"{path} is no file, but a pipe, a device or the like", "Give a file") from error


def read_regular(path: Path | str) -> bytes:
    """Reads a table or document that somebody named, only as much as such a file ever holds.

    Raises:
        InputError, OSError: as :func:`open_regular`; or it has more.
    """
    with open_regular(path) as stream:
        content = stream.read(TABLE_LIMIT + 1)
    if len(content) > TABLE_LIMIT:
        what = f"{path} has more than {TABLE_LIMIT >> 20} MB, too much for such a file"
        raise InputError(what, "Check which file it is")
    return content


def write_text(path: Path | str, text: str) -> None:
    """Writes UTF-8 text atomically."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())  # or a power failure could leave the new name with nothing in it


def write_json(path: Path | str, data: Any) -> None:
    """Writes a JSON document atomically, readable by people."""
    write_text(path, json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def json_safe(value: Any) -> Any:
    """Returns a value as JSON knows it: NaN and infinity become None, numbers and arrays of numpy or torch plain.

    Paths become texts, dataclasses tables of their fields.

    Raises:
        TypeError: JSON has nothing for this value.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): json_safe(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_safe(each) for each in value]
    if isinstance(value, Path):
        return str(value)
    if is_dataclass(value):
        return json_safe(vars(value))
    if hasattr(value, "tolist"):
        return json_safe(value.tolist())
    raise TypeError(f"{type(value).__name__} can't be written as JSON")


def read_json(path: Path | str) -> Any:
    """Reads a JSON document.

    Raises:
        OSError: the file can't be read.
        ValueError: it is not JSON, nested beyond reason, or larger than any document of ours.
    """
    with open_plain(path) as stream:
        content = stream.read(JSON_LIMIT + 1)
    if len(content) > JSON_LIMIT:
        raise ValueError(f"{path} is larger than {JSON_LIMIT >> 20} MB")
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError:
        raise ValueError(f"{path} is nested too deeply") from None


def retry_on_permission_error(action: Callable[[], Result]) -> Result:
    """Tries again for a short while: Windows refuses to replace a file, or to open it, while someone else does."""
    for _ in range(5):
        try:
            return action()
        except PermissionError:
            time.sleep(0.02)
    return action()
