"""Whether a file may be opened at all: what its name is made of, where a link leads, and whether it is a file.

Reading a named pipe waits for ever, a device has no end, a name that is not UTF-8 ends the whole process inside the
reading library, and a link that leads nowhere looks like a file that never was there. So everything that is read
passes here first. Light: needs neither numpy nor SimpleITK.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

from dualtaskseg.io.image_error import ImageError, missing, unreadable

POINTER_SIZE = 1024  # bytes; the placeholders below are shorter
LFS_POINTER = b"version https://git-lfs"
ANNEX_POINTERS = (b"/annex/objects/", b"annex/objects/")
FETCH = "Fetch its content, for example with 'datalad get' or 'git annex get', or connect the disk that it lies on"
FETCH_LFS = "Fetch its content with 'git lfs pull'"
SPECIAL_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def check_data_file(path: Path) -> None:
    """As :func:`check_access`, for the file that a header names; there no folder passes."""
    check_access(path)
    if path.is_dir():
        raise ImageError("special", f"{path} is no file but a folder", "Put the file with the voxels in its place")


def check_access(path: Path) -> None:
    """Refuses what must not be opened. Folders pass if they exist.

    Raises:
        ImageError: the name is not UTF-8; nothing is there; a link leads nowhere; it is no file, such as a named pipe;
            or it is a placeholder of git-annex or Git LFS, whose content was not fetched.
    """
    check_name(path)
    try:
        status = path.stat()
    except FileNotFoundError:
        raise (dangling(path) if is_dangling(path) else missing(path)) from None
    except (OSError, ValueError) as error:  # a loop of links, too long a name, a zero byte in it
        if is_dangling(path):
            raise dangling(path) from None
        raise unreadable(path, error if isinstance(error, OSError) else OSError(0, str(error))) from error
    if stat.S_ISDIR(status.st_mode):
        return
    if not stat.S_ISREG(status.st_mode):
        kind = next((name for is_kind, name in SPECIAL_KINDS if is_kind(status.st_mode)), "something else")
        raise ImageError("special", f"{path} is no file but {kind}", "Give a file in its place, or leave it out")
    check_fetched(path, status.st_size)


def check_fetched(path: Path, size: int | None = None) -> None:
    """Refuses a placeholder of git-annex or Git LFS that stands in a file's place; ``size`` is the file's, in bytes.

    Raises:
        ImageError: it is one, or can't be read.
    """
    try:
        if (path.stat().st_size if size is None else size) > POINTER_SIZE:
            return
        with path.open("rb") as stream:
            start = stream.read(64)
    except OSError as error:
        raise unreadable(path, error) from error
    if start.startswith(LFS_POINTER):
        raise ImageError("not-fetched", f"{path} is only a placeholder of Git LFS", FETCH_LFS)
    if start.startswith(ANNEX_POINTERS):
        raise ImageError("not-fetched", f"{path} is only a placeholder of git-annex", FETCH)


def check_name(path: Path) -> None:
    """Raises :class:`ImageError` for a name that is not UTF-8, which the reading library can't bear."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        raise ImageError(
            "name",
            f"The name {path} is not UTF-8, so the scan can't be opened",
            "Rename the file or folder, for example with plain letters",
        ) from None


def is_dangling(path: Path) -> bool:
    """Whether it is a link that leads nowhere, as those of git-annex whose content was not fetched."""
    try:
        return path.is_symlink() and not path.exists()
    except (OSError, ValueError):  # a loop of links leads nowhere, too
        return path.is_symlink()


def dangling(path: Path) -> ImageError:
    """The error for a link that leads nowhere."""
    try:
        target = f" ({os.fsdecode(path.readlink())})"
    except OSError:
        target = ""
    return ImageError("not-fetched", f"{path} is a link that leads nowhere{target}", FETCH)


def is_there(path: Path) -> bool:
    """Whether a file or folder is there that a dataset may have or lack.

    Raises:
        ImageError: it may not be opened: a link that leads nowhere, or a placeholder, is not lacking, only not fetched.
    """
    if not os.path.lexists(path):
        return False
    check_access(path)
    return True


def as_stored(path: Path) -> Path:
    """The path with the names that files have on the disk, where only the way accented letters are written differs.

    macOS writes them as two characters where other systems write one.
    """
    if os.path.lexists(path) or path == path.parent:
        return path
    parent = as_stored(path.parent)
    wanted = unicodedata.normalize("NFC", path.name)
    try:
        for entry in parent.iterdir():
            if unicodedata.normalize("NFC", entry.name) == wanted:
                return entry
    except OSError:
        pass
    return path
