"""The ledger beside the results: what became of each scan, so that a command that is given again does what is missing.

``ledger.jsonl`` has a line of JSON for each scan that was worked on, added as soon as it is done; of several about one
scan the last counts, and a last line that a crash cut short counts for nothing. ``ledger.csv`` tells the same to
people; it is written when the command ends.
"""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO

from dualtaskseg.contract.bounds import bounded, number, one_of, text, texts_by_text, unfit, whole
from dualtaskseg.errors import InputError
from dualtaskseg.files import json_safe, open_own, open_plain, remove_left_behind, write_text
from dualtaskseg.remedies import system_faults
from dualtaskseg.run.locking import FileLock, LockForeignError, LockHeldError, LockUnsupportedError
from dualtaskseg.tablecells import csv_text

NAME, TABLE, LOCK = "ledger.jsonl", "ledger.csv", "ledger.lock"
DONE, FAILED, SET_ASIDE = "done", "failed", "set aside"
COLUMNS = ("scan", "state", "seconds", "agreement", "forecast", "tries", "computer", "error")
ELSEWHERE = "Move it away, or choose another folder with --out"


def _figure(value: Any) -> bool:
    return value is None or number(0, 1e11)(value)


@dataclass(frozen=True)
class Entry:
    """What became of a scan.

    Attributes:
        scan: its path.
        state: ``DONE``; ``FAILED``; or ``SET_ASIDE``, as it ended the processes that worked on it.
        agreement, forecast: Dice of the two networks' masks, and the expected Dice with the truth; None where unknown.
        error: why it is not done, for people.
        tries: how often it was handed out.
        computer: that worked on it last.
        made_from: what the results depend on: the model, the scan's content, and what was asked for. Results that were
            made from something else are no longer those of this scan.
        results: a fingerprint of the voxels by the file's name.
    """

    scan: str = bounded(text)
    state: str = bounded(one_of(DONE, FAILED, SET_ASIDE))
    seconds: float | None = bounded(_figure, None)
    agreement: float | None = bounded(_figure, None)
    forecast: float | None = bounded(_figure, None)
    error: str = bounded(text, "")
    tries: int = bounded(whole(1, 2**31), 1)
    computer: str = bounded(text, "")
    made_from: dict[str, str] = field(default_factory=dict, metadata={"fits": texts_by_text})
    results: dict[str, str] = field(default_factory=dict, metadata={"fits": texts_by_text})


class Ledger:
    """The ledger of a folder, open for one command. Made by :func:`open_ledger`."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._table = folder / TABLE
        self._entries = {entry.scan: entry for entry in _read(self.path)}
        _refuse_foreign_table(self._table)
        self._write_anew()
        self._stream = self._opened()

    def entry(self, scan: Path) -> Entry | None:
        """What became of a scan when it was worked on last; None where it never was."""
        return self._entries.get(key_of(scan))

    def add(self, entry: Entry) -> None:
        """Notes what became of a scan.

        Raises:
            InputError: it can't be written.
        """
        self._entries[entry.scan] = entry
        with _writing(self.path):
            self._stream.write(_line(entry))
            self._stream.flush()

    def close(self) -> None:
        """Brings both files into order: one line for each scan.

        Raises:
            InputError: they can't be written.
        """
        self._stream.close()
        self._write_anew()
        rows = (tuple(getattr(entry, name) for name in COLUMNS) for entry in self._entries.values())
        with _writing(self._table):
            write_text(self._table, csv_text(COLUMNS, rows))

    def _opened(self) -> BinaryIO:
        with _writing(self.path):
            return open_own(self.path, "ab")

    def _write_anew(self) -> None:
        with _writing(self.path):
            write_text(self.path, b"".join(map(_line, self._entries.values())).decode())


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """Opens the ledger of a folder, for one command at a time.

    Raises:
        InputError: another command is at work there, a file of somebody else has the ledger's name, or the folder can't
            be written.
    """
    lock = FileLock(folder / LOCK)
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except LockHeldError as error:
            who = " ".join(f"{name} {error.holder[name]}" for name in ("host", "pid") if name in error.holder)
            what = f"Another command is writing into {folder}{f' ({who})' if who else ''}"
            raise InputError(what, "Wait until it is done, or choose another folder with --out") from error
        except LockForeignError as error:
            raise InputError(f"{lock.path} was not made by this program", ELSEWHERE) from error
        except LockUnsupportedError:  # some network shares: then nobody keeps two commands apart
            pass
    try:
        ledger = Ledger(folder)
        try:
            yield ledger
        finally:
            ledger.close()
    finally:
        remove_left_behind(folder)  # by workers that were killed on this computer
        lock.release()


def key_of(scan: Path) -> str:
    """How a scan is called in a ledger."""
    return str(scan.absolute())


def _line(entry: Entry) -> bytes:
    return (json.dumps(json_safe(asdict(entry)), ensure_ascii=True, allow_nan=False) + "\n").encode()


def _read(file: Path) -> Iterator[Entry]:
    """The entries of a ledger, the oldest first; none where there is no ledger.

    Raises:
        InputError: the file is not a ledger of this program, or can't be read.
    """
    try:
        stream = open_plain(file)
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"{file} can't be read ({error.strerror})", ELSEWHERE) from error
    with stream:
        for number, line in enumerate(stream, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield _entry(json.loads(line))
            except (ValueError, TypeError, RecursionError) as error:
                raise InputError(f"{file}, line {number}, is not of a ledger of this program", ELSEWHERE) from error


def _entry(data: Any) -> Entry:
    """Raises :class:`TypeError` or :class:`ValueError` where it is no entry."""
    if not isinstance(data, dict):
        raise TypeError
    entry = Entry(**{each.name: data[each.name] for each in fields(Entry) if each.name in data})
    if unfit(entry) is not None:
        raise ValueError
    return entry


def _refuse_foreign_table(file: Path) -> None:
    with _writing(file), contextlib.suppress(FileNotFoundError), open_plain(file) as stream:
        first = stream.readline(1 << 16).decode("utf-8", "replace")
        if next(csv.reader([first]), []) != list(COLUMNS):
            raise InputError(f"{file} was not made by this program", ELSEWHERE)


def _writing(path: Path) -> contextlib.AbstractContextManager[None]:
    return system_faults(f"{path} can't be written", "Check the folder and the free space")
