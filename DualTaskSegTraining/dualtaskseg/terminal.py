"""What is printed: nothing in it steers the terminal, and nobody has to be there to read it.

Names of files, segments and models come from others. Control characters in them could move the cursor, change what a
terminal shows of other lines, or turn the direction of writing round; they are replaced by a question mark. And whoever
reads along may go away (``dualtaskseg predict ... | head``), or never have been there (``2>&-``): the work goes on, and
the exit code tells of the work.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, TextIO

REPLACEMENT = "?"
LAYOUT = "\n\r\t"  # what the program itself arranges its lines with
# Turn the direction of writing round, or are lines and paragraphs that no terminal agrees on.
STEERING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069\ufeff"


def one_line(text: str) -> str:
    """A name, or a sentence with names in it, such that a terminal shows all of it on one line."""
    return "".join(REPLACEMENT if _is_steering(each) else each for each in text)


def many_lines(text: str) -> str:
    """The same of a text that has lines, and a progress bar that goes back to the beginning of its own."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(REPLACEMENT if each not in LAYOUT and _is_steering(each) else each for each in text)


def json_text(data: Any) -> str:
    """A JSON document to be printed: what would steer a terminal is written as ``\\uXXXX``, which means the same."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    return "".join(f"\\u{ord(each):04x}" if each != "\n" and _is_steering(each) else each for each in text)


def fill_closed_streams() -> None:
    """Opens nothing in the place of standard streams that were closed (``2>&-``) before the program was started.

    Or the next file that is opened would take their place, and what a library prints would be written into it.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                handle = os.open(os.devnull, os.O_RDWR)
                if handle != number:
                    os.dup2(handle, number)
                    os.close(handle)


@contextlib.contextmanager
def guarded_streams() -> Iterator[None]:
    """Guards standard output and standard error, see the module, for as long as a command runs."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _guarded(before[0]), _guarded(before[1])
    ours = sys.stdout, sys.stderr
    try:
        yield
    finally:
        for stream in ours:
            stream.flush()
        if (sys.stdout, sys.stderr) == ours:
            sys.stdout, sys.stderr = before


class GuardedStream:
    """A text stream that can be written to whatever happens; see the module.

    Args:
        stream: what is written to; None where there is none.

    Attributes:
        lost: why something could not be written that somebody wanted, as a file on a full disk; None where all was, or
            nobody reads any more.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self.lost: OSError | None = None

    def write(self, text: str) -> int:
        """Writes a text, or drops it where nobody can read it."""
        if self._stream is None:
            return len(text)
        text = many_lines(text)
        try:
            self._stream.write(text)
        except UnicodeEncodeError:  # a terminal without such letters
            encoding = self._stream.encoding or "ascii"
            self._try(lambda: self._stream.write(text.encode(encoding, "replace").decode(encoding)))
        except (OSError, ValueError) as error:
            self._drop(error)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Writes texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Sends on what was written."""
        if self._stream is not None:
            self._try(self._stream.flush)

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        try:
            return self._stream is not None and self._stream.isatty()
        except ValueError:  # closed
            return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _try(self, work: Callable[[], Any]) -> None:
        try:
            work()
        except (OSError, ValueError) as error:
            self._drop(error)

    def _drop(self, error: Exception) -> None:
        """What is still to be written goes nowhere, also at the end of the process."""
        if isinstance(error, OSError) and error.errno not in (errno.EPIPE, errno.EBADF, errno.EIO):
            self.lost = self.lost or error
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


def _guarded(stream: TextIO | GuardedStream | None) -> Any:
    return stream if isinstance(stream, GuardedStream) else GuardedStream(stream)


def _is_steering(letter: str) -> bool:
    return letter in STEERING or unicodedata.category(letter) in ("Cc", "Cs")


def counted(number: int, noun: str) -> str:
    """Returns ``1 case``, ``2 cases``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
