"""What a user can do about an error of the system: each has a remedy of its own."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from dualtaskseg.errors import InputError

_ROOM = "Make room on the disk, or choose another folder"
_RIGHTS = "Make sure that you may read and write there, or choose another folder"
_CONNECTION = "Make sure that the disk is connected, then try again"
_PLACE = "Make sure that nobody moves, renames or removes it meanwhile, then try again"
_MAY_READ = "Make sure that you may read it"
_HANDLES = "Close other programs, or raise the number of files that may be open (ulimit -n)"

# What an error of the system asks the user to do. What stands here is no defect of the program.
_REMEDIES = {
    **dict.fromkeys(("ENOSPC", "EDQUOT"), _ROOM),
    "EFBIG": "Choose a folder on a disk that takes files of this size, or raise the limit (ulimit -f)",
    "EACCES": _RIGHTS,
    "EPERM": "The file or folder is protected against changes: lift the protection, or choose another folder",
    "EROFS": "The disk can only be read: choose a folder on a disk that can be written",
    **dict.fromkeys(("ENOENT", "ENOTDIR"), _PLACE),
    "EISDIR": "A folder stands where a file should be: move it away, or choose another name",
    "EEXIST": "Something stands there already: move it away, or choose another name",
    "ENOTEMPTY": "The folder is not empty: move what is in it away, or choose another one",
    **dict.fromkeys(
        ("EIO", "ENODEV", "ENXIO", "ESTALE", "ENOTCONN", "ETIMEDOUT", "EHOSTDOWN", "ENETDOWN"), _CONNECTION
    ),
    **dict.fromkeys(("EMFILE", "ENFILE"), _HANDLES),
    "ENOMEM": "Close other programs, so that there is more memory",
    "ENAMETOOLONG": "Choose a shorter name",
    "EILSEQ": "Choose a name that this disk can hold",
    "EINVAL": "Choose a name or a folder that this disk can hold",
    "ELOOP": "It is a link, or leads through links without end: put the file or folder itself there",
    "ETXTBSY": "Another program is using it: close that program, then try again",
    "EBUSY": "Another program is using it: close that program, then try again",
    **dict.fromkeys(("ENOTSUP", "EOPNOTSUPP"), "Put a plain file or folder on a usual disk in its place"),
    "EXDEV": "Choose a folder on the same disk",
}
_REMEDY_BY_NUMBER = {getattr(errno, name): remedy for name, remedy in _REMEDIES.items() if hasattr(errno, name)}


def reason_of(error: OSError) -> str:
    """What the system says is wrong, such as ``No space left on device``."""
    return error.strerror or str(error) or type(error).__name__


def remedy_for(error: OSError, otherwise: str = "") -> str:
    """What a user can do about an error of the system, one sentence without a full stop.

    Args:
        otherwise: where the error is one that no user can do anything about; empty tells that it is a defect.
    """
    return _REMEDY_BY_NUMBER.get(error.errno, otherwise)


def reading_fault(error: OSError, path: Path | str, then: str = "") -> InputError:
    """An error of the system for people, of a file that can't be read: no other place would help.

    Args:
        then: what to do afterwards, to follow the remedy.
    """
    is_forbidden = error.errno in (errno.EACCES, errno.EPERM)
    remedy = _MAY_READ if is_forbidden else remedy_for(error, _MAY_READ)
    return InputError(f"{path} can't be read ({reason_of(error)})", remedy + then)


def system_fault(error: OSError, what: str, otherwise: str) -> InputError:
    """An error of the system for people.

    Args:
        what: can't be done; the reason follows in brackets.
        otherwise: see :func:`remedy_for`.
    """
    return InputError(f"{what} ({reason_of(error)})", remedy_for(error, otherwise))


@contextlib.contextmanager
def system_faults(what: str, otherwise: str) -> Iterator[None]:
    """Turns errors of the system into :func:`system_fault`.

    Raises:
        InputError: there was one.
    """
    try:
        yield
    except OSError as error:
        raise system_fault(error, what, otherwise) from error
