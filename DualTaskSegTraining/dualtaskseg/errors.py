"""The errors that people see. Each carries what went wrong, why, and what to do about it."""

from __future__ import annotations

from pathlib import Path


class DualTaskSegError(Exception):
    """An error with a sentence for people.

    Args:
        what: one sentence that names the file or case and the fault, without a full stop at its end.
        remedy: what the user can do about it, one sentence without a full stop at its end.
    """

    exit_code = 1

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = printable(what).rstrip(".")
        self.remedy = printable(remedy).rstrip(".")
        super().__init__(f"{self.what}. {self.remedy}." if self.remedy else f"{self.what}.")


class InputError(DualTaskSegError):
    """The input is bad: a file, an argument, a run folder. The command ends with exit code 2."""

    exit_code = 2


def naming(error: InputError, path: Path | str) -> InputError:
    """The error with the file that it is about, where its sentence doesn't name it yet."""
    if str(path) in error.what:
        return error
    return InputError(f"{path}: {error.what}", error.remedy)


class StoppedError(DualTaskSegError):
    """Stopped on request, everything saved. The command ends with exit code 3."""

    exit_code = 3


def printable(text: str) -> str:
    """The text with what can't be written as UTF-8 spelled out: bytes of a file name in another encoding."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def in_a_word(error: BaseException) -> str:
    """An error for a sentence: what it says to people, or else its kind and the beginning of its text."""
    if isinstance(error, DualTaskSegError):
        return error.what
    brief = (str(error).strip().splitlines() or [""])[0][:200]
    return f"{type(error).__name__}: {brief}" if brief else type(error).__name__
