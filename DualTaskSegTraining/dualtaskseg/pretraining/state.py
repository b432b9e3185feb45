"""What a pretraining writes: the weights, and beside them, until it is finished, all that going on takes."""

from __future__ import annotations

import io
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path
from dualtaskseg.remedies import reading_fault, system_faults
from dualtaskseg.version import VERSION

FORMAT = 1
ROOM = "Make room on the disk, then give the same command again; what was saved before is kept"


def state_file(out: Path) -> Path:
    """Where the state stands until the weights are finished."""
    return out.with_name(f"{out.name}.state")


def save_state(out: Path, asked: Any, state: dict[str, Any]) -> None:
    """Writes the state, whole or not at all.

    Raises:
        InputError: the disk is full or gone.
    """
    path, content = state_file(out), io.BytesIO()
    torch.save({"format": FORMAT, "asked": _asked(asked), **state}, content)
    _write(path, content.getbuffer(), f"The state of the pretraining can't be written to {path}")


def saved_state(out: Path, asked: Any) -> dict[str, Any] | None:
    """What was saved of the same pretraining; None where nothing was. Only tensors and plain values are read.

    Raises:
        InputError: it is of another pretraining, damaged, or can't be read.
    """
    path = state_file(out)
    anew = f"Remove {path.name} to begin anew, or choose another name for the weights"
    try:
        with path.open("rb") as stream:
            state = torch.load(stream, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise reading_fault(error, path) from error
    except Exception as error:  # what is no state of ours can raise anything
        raise InputError(f"{path} is damaged, or no state of a pretraining", anew) from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise InputError(f"{path} is no state of a pretraining of this version", anew)
    if state.get("asked") != _asked(asked):
        raise InputError(f"{path} is the state of another pretraining, or of another version of DualTaskSeg", anew)
    return state


def remove_state(out: Path) -> None:
    """When the weights are there."""
    state_file(out).unlink(missing_ok=True)


def write_weights(out: Path, weights: dict[str, torch.Tensor], origin: dict[str, str]) -> None:
    """Writes weights as safetensors, whole or not at all.

    Raises:
        InputError: the disk is full or gone; the state is kept.
    """
    from safetensors.torch import save

    _write(out, save(weights, origin), f"{out} can't be written")


def _write(path: Path, content: bytes | memoryview, fault: str) -> None:
    with system_faults(fault, ROOM), atomic_path(path) as temporary, temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _asked(asked: Any) -> dict[str, Any]:
    return {**asdict(asked), "version": VERSION}
