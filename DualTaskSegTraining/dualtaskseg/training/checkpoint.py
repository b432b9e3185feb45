"""The last state of a training on disk. Replaced in one step; the one before is kept, in case a disk lies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path
from dualtaskseg.training.run import RunFolder, patiently

FORMAT = 1
WRITER_SIGNS = ("PytorchStreamWriter", "inline_container")  # of torch's writer, when the disk takes no more


def save_checkpoint(run: RunFolder, state: dict[str, Any]) -> None:
    """Writes the state.

    Raises:
        InputError: the disk is full or gone; the older checkpoint is kept.
    """
    try:
        with atomic_path(run.checkpoint_file) as temporary:
            with temporary.open("wb") as stream:
                torch.save({"format": FORMAT, **state}, stream)
                stream.flush()
                os.fsync(stream.fileno())
            if run.checkpoint_file.exists():
                # moved, not copied: large networks have gigabytes; a crash in between leaves this one to resume from
                patiently(lambda: run.checkpoint_file.replace(run.previous_checkpoint_file))
    except (OSError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not any(sign in str(error) for sign in WRITER_SIGNS):
            raise
        reason = (error.strerror if isinstance(error, OSError) else None) or "the disk is full or gone"
        raise InputError(
            f"The training's state can't be written to {run.checkpoint_file}: {reason}",
            "Make room on the disk, then resume; what was saved before is kept",
        ) from error


def load_checkpoint(run: RunFolder) -> dict[str, Any] | None:
    """Returns the last state, or the one before if the last can't be read, or None if there is none.

    Only tensors and plain values are read, never code.

    Raises:
        InputError: there are checkpoints, but none can be read.
    """
    problems = []
    for path in (run.checkpoint_file, run.previous_checkpoint_file):
        if not path.exists():
            continue
        try:
            return _read(path)
        except InputError:
            raise
        except Exception as error:  # a damaged zip or pickle can raise anything
            problems.append(f"{path.name}: {str(error).splitlines()[0] if str(error) else type(error).__name__}")
    if problems:
        raise InputError(
            f"The saved state of the run {run.folder} can't be read ({'; '.join(problems)})",
            "Start the training again in another folder; the model made so far, if any, stays usable",
        )
    return None


def _read(path: Path) -> dict[str, Any]:
    state = torch.load(path, map_location="cpu", weights_only=True)
    if state["format"] > FORMAT:
        raise InputError(f"{path} was written by a newer version of DualTaskSeg", "Update DualTaskSeg")
    return state
