"""Locks between processes, kept by the operating system: whatever ends a process, its locks are free at once.

The lock file itself is never deleted, since between deleting and creating two processes could each hold "the" lock.
What stands in it (process number, host, purpose) serves messages only.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from dualtaskseg.errors import InputError
from dualtaskseg.processes import host_name

Result = TypeVar("Result")

WINDOWS_LOCKED_BYTE = 0x7FFF0000  # far behind the text: Windows lets nobody read a locked byte
RETRY_S = 0.02
NOTE_LIMIT = 1 << 16  # bytes; a note has a few hundred
NOTE_BEGIN = b'{"pid": '  # by which a lock file of ours is told from a file of somebody else
_CAREFULLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # neither led astray nor kept waiting


class LockHeldError(Exception):
    """Another holder has the lock.

    Args:
        holder: what the holder wrote about itself; empty if unreadable.
    """

    def __init__(self, holder: dict[str, Any]) -> None:
        super().__init__(f"held by {holder or 'another process'}")
        self.holder = holder


class LockUnsupportedError(OSError):
    """The file system, such as some network shares, has no locks."""


class LockForeignError(OSError):
    """A file, link or pipe that this program did not make stands where the lock file should be."""


class FileLock:
    """An exclusive lock on a file, also a context manager.

    Forked children do not inherit it, so that a data-loading worker that outlives its parent blocks nobody.

    Args:
        path: the lock file, created if absent, never deleted.
        note: what to tell others about the holder, beside its process number and host.
        patience: seconds during which to try again. Someone who merely asks whether the lock is held has it for an
            instant, and must not keep us out.
    """

    _held: ClassVar[set[FileLock]] = set()  # of the whole process

    def __init__(self, path: Path | str, note: dict[str, Any] | None = None, patience: float = 0.5) -> None:
        self.path = Path(path)
        self.note = note or {}
        self.patience = patience
        self._handle: int | None = None

    def acquire(self) -> FileLock:
        """Takes the lock.

        Raises:
            LockHeldError: another process, or another part of this one, has it.
            LockForeignError: what stands there is not ours; it is left as it is.
            LockUnsupportedError: the file system has no locks.
            OSError: the lock file can't be created.
        """
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | _CAREFULLY, 0o666)
        except OSError as error:
            if error.errno == errno.ELOOP or self.path.is_symlink():
                raise LockForeignError(errno.ELOOP, "it is a link", str(self.path)) from error
            raise
        end = time.monotonic() + self.patience
        try:
            if not _is_ours(handle):
                raise LockForeignError(errno.EEXIST, "this program did not make it", str(self.path))
            while not _try_lock(handle, shared=False):
                if time.monotonic() >= end:
                    raise LockHeldError(read_holder(self.path))
                time.sleep(RETRY_S)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        FileLock._held.add(self)
        self._write_note()
        return self

    def release(self) -> None:
        """Frees the lock; without effect if it is not held."""
        if self._handle is None:
            return
        with contextlib.suppress(OSError):  # a stale note is harmless, the lock decides
            os.ftruncate(self._handle, 0)
        _unlock(self._handle)
        self._forget()

    def _forget(self) -> None:
        handle, self._handle = self._handle, None
        FileLock._held.discard(self)
        if handle is not None:
            os.close(handle)

    def _write_note(self) -> None:
        text = json.dumps({"pid": os.getpid(), "host": host_name(), **self.note}, ensure_ascii=False)
        with contextlib.suppress(OSError):  # a full disk: the lock holds without the note
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, text.encode("utf-8", "surrogateescape"))

    def __enter__(self) -> FileLock:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


def is_locked(path: Path | str) -> bool | None:
    """Says whether somebody holds the lock now; None where that can't be known (no locks there, no permission)."""
    try:
        handle = os.open(path, os.O_RDONLY | _CAREFULLY)
    except FileNotFoundError:
        return False
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        for _ in range(3):  # on Windows two who ask at the same moment keep each other out
            if _try_lock(handle, shared=True):
                _unlock(handle)
                return False
            time.sleep(RETRY_S if sys.platform == "win32" else 0)
    except OSError:
        return None
    finally:
        os.close(handle)
    return True


def is_lock_file(path: Path | str) -> bool:
    """Whether a file is a lock file of this program, or empty, so that it can become one."""
    return _looked_into(path, _is_ours, False)


def read_holder(path: Path | str) -> dict[str, Any]:
    """Returns what the present or last holder wrote about itself (``pid``, ``host``, ...); empty if nothing."""
    return _looked_into(path, _note_in, {})


def _looked_into(path: Path | str, look: Callable[[int], Result], otherwise: Result) -> Result:
    try:
        handle = os.open(path, os.O_RDONLY | _CAREFULLY)
    except OSError:
        return otherwise
    try:
        return look(handle)
    finally:
        os.close(handle)


def _is_ours(handle: int) -> bool:
    """Whether an open file is a lock file of this program: a plain one with nothing or a holder's note in it."""
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        return False
    os.lseek(handle, 0, os.SEEK_SET)
    return os.read(handle, len(NOTE_BEGIN)) in (b"", NOTE_BEGIN)  # read once: a holder may empty it at any moment


def _note_in(handle: int) -> dict[str, Any]:
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        data = json.loads(os.read(handle, NOTE_LIMIT).decode("utf-8", "surrogateescape"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


@contextlib.contextmanager
def device_lock(device_name: str, run_folder: Path | str) -> Iterator[None]:
    """Marks a compute device of this machine as used by this user's training in ``run_folder``.

    Args:
        device_name: as PyTorch says it: ``cpu``, ``cuda:0``, ``mps``; ``cuda`` counts as ``cuda:0``.
        run_folder: told to those who find the device taken.

    Raises:
        InputError: another training works on the device.
    """
    path = _device_file(device_name)
    if path is None:
        yield
        return
    lock = FileLock(path, note={"folder": str(Path(run_folder).absolute())})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except LockHeldError as error:
        raise InputError(
            f"Another training, in {_folder_of(error.holder)}, is using the device {device_name}",
            "Wait until it ends, stop it, or choose another device",
        ) from None
    except OSError:
        pass  # no home folder to write in, or no locks there: a courtesy is lost; the run folder guards itself
    try:
        yield
    finally:
        lock.release()


def device_lock_holder(device_name: str) -> Path | None:
    """Returns the run folder of the training that works on a device of this machine, None if the device is free."""
    path = _device_file(device_name)
    if path is None or not is_locked(path):
        return None
    return _folder_of(read_holder(path))


def _folder_of(holder: dict[str, Any]) -> Path:
    return Path(str(holder.get("folder", "an unknown folder")))


def _device_file(device_name: str) -> Path | None:
    """None where the user has no home folder to keep it in, as in some containers."""
    folder = _cache_folder()
    if folder is None:
        return None
    name = "cuda:0" if device_name == "cuda" else device_name
    # A home folder may be shared by many machines, each with its own cuda:0.
    file_name = re.sub(r"[^A-Za-z0-9.-]+", "_", f"{host_name()}-{name}") + ".lock"
    return folder / "devices" / file_name


def _cache_folder() -> Path | None:
    try:
        return _system_cache() / "dualtaskseg"
    except RuntimeError:  # neither a variable nor the system's list of users tells where home is
        return None


def _system_cache() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int, shared: bool) -> bool:
        del shared  # Windows' C library has exclusive locks only
        os.lseek(handle, WINDOWS_LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EDEADLK, errno.EDEADLOCK):
                return False
            raise LockUnsupportedError(error.errno, str(error)) from error
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, WINDOWS_LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: int, shared: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        except OSError as error:
            raise LockUnsupportedError(error.errno, str(error)) from error
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)

    def _close_in_child() -> None:
        for lock in tuple(FileLock._held):
            lock._forget()

    os.register_at_fork(after_in_child=_close_in_child)
