"""The last state of a training on disk. Replaced in one step; the one before is kept, in case a disk lies.

Before a state is used, every byte of it is compared with the checksums it was written with, and it must be of this
very run: a damaged or a foreign one would be learned on from in silence.
"""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path, retry_on_permission_error
from dualtaskseg.remedies import reading_fault, reason_of, remedy_for
from dualtaskseg.run.folder import RunFolder

FORMAT = 1
WRITER_SIGNS = ("PytorchStreamWriter", "inline_container")  # of torch's writer, when the disk takes no more
KEYS = {"learner": dict, "progress": dict}  # what every state has


class _DamagedError(Exception):
    """Says in a few words what is wrong with a checkpoint."""


def save_checkpoint(run: RunFolder, state: dict[str, Any]) -> None:
    """Writes the state.

    Raises:
        InputError: the disk is full or gone; the older checkpoint is kept.
    """
    try:
        with atomic_path(run.checkpoint_file) as temporary:
            with temporary.open("wb") as stream:
                torch.save({"format": FORMAT, "run": run.identity, **state}, stream)
                stream.flush()
                os.fsync(stream.fileno())
            if run.checkpoint_file.exists():
                # moved, not copied: large networks have gigabytes; a crash in between leaves this one to resume from
                retry_on_permission_error(lambda: run.checkpoint_file.replace(run.previous_checkpoint_file))
    except (OSError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not any(sign in str(error) for sign in WRITER_SIGNS):
            raise
        reason, remedy = "the disk is full or gone", "Make room on the disk"
        if isinstance(error, OSError):
            reason, remedy = reason_of(error), remedy_for(error, remedy)
        raise InputError(
            f"The training's state can't be written to {run.checkpoint_file}: {reason}",
            f"{remedy}, then resume; what was saved before is kept",
        ) from error


def load_checkpoint(run: RunFolder, tell: Callable[[str], None] | None = None) -> dict[str, Any] | None:
    """Returns the last state, or the one before if the last is damaged, or None if there is none.

    Only tensors and plain values are read, never code.

    Args:
        tell: called with a sentence where the last state can't be used and the one before is.

    Raises:
        InputError: there are checkpoints, but none can be used, or they may not be read.
    """
    problems = []
    for path in (run.checkpoint_file, run.previous_checkpoint_file):
        if not path.exists() and not path.is_symlink():
            continue
        try:
            state = _read(path, run)
        except OSError as error:
            if error.errno != errno.EIO:  # an unreadable sector is damage; all else can be put right
                what = f"The saved state of this training, {path},"
                raise reading_fault(error, what, ", then resume; nothing is lost") from error
            problems.append(f"{path.name}: the disk can't read it")
        except _DamagedError as error:
            problems.append(f"{path.name}: {error}")
        else:
            if problems and tell is not None:
                tell(f"The last saved state can't be used ({problems[0]}), so the one before it, {path.name}, is")
            return state
    if problems:
        raise InputError(
            f"The saved state of the run {run.folder} can't be read ({'; '.join(problems)})",
            "Put intact copies of these files back, from a backup of the run folder; without one, train again in "
            "another folder. A model that is there already stays usable",
        )
    return None


def _read(path: Path, run: RunFolder) -> dict[str, Any]:
    """Reads one state.

    Raises:
        OSError: the file can't be read.
        _DamagedError: it is no state, damaged, or of another training.
        InputError: it is of a newer program.
    """
    if not path.is_file():
        raise _DamagedError("it is no file")
    with path.open("rb") as stream:
        _compare_checksums(stream)
        stream.seek(0)
        try:
            state = torch.load(stream, map_location="cpu", weights_only=True)
        except (OSError, MemoryError):
            raise
        except Exception as error:  # what is no state of ours can raise anything
            raise _DamagedError("it is damaged, or no saved state") from error
    if not isinstance(state, dict) or not isinstance(state.get("format"), int):
        raise _DamagedError("it is no saved state")
    if state["format"] > FORMAT:
        raise InputError(f"{path} was written by a newer version of DualTaskSeg", "Update DualTaskSeg")
    if not all(isinstance(state.get(key), kind) for key, kind in KEYS.items()):
        raise _DamagedError("it lacks a part")
    if state.get("run", run.identity) != run.identity:
        raise _DamagedError("it is of another training")
    return state


def _compare_checksums(stream: Any) -> None:
    """A state is a zip archive, with a checksum for each array in it; PyTorch writes them but doesn't look.

    Raises:
        OSError: the file can't be read.
        _DamagedError: something in it changed since it was written.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            size = stream.seek(0, os.SEEK_END)
            # PyTorch packs nothing, and nothing twice: what does could be gigabytes, or something else when it is read
            is_plain = all(entry.compress_type == zipfile.ZIP_STORED for entry in entries)
            is_plain &= len({entry.filename for entry in entries}) == len(entries)
            if not is_plain or sum(entry.file_size for entry in entries) > size:
                raise _DamagedError("it is damaged")
            bad = archive.testzip()
    except _DamagedError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise _DamagedError("it is damaged") from error  # wrong places and lengths in it can raise anything
    if bad is not None:
        raise _DamagedError("it is damaged")
