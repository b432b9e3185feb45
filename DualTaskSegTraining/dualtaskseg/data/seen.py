"""How a dataset tells that a scan is only partly outlined: a label value for where nobody looked, a map beside a label.

The value has nnU-Net's name for it, ``ignore``, in the dataset's list of segments. The map is called as the label file
with ``_seen`` before its suffix, or named by the column ``seen`` of a ``cases.csv``. Light: no SimpleITK.
"""

from __future__ import annotations

import os
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

from dualtaskseg.contract.segment import Segment
from dualtaskseg.io.paths import VOLUME_SUFFIXES, file_stem

UNSEEN_NAME = "ignore"
SEEN_ENDING = "_seen"


def is_unseen_name(name: Any) -> bool:
    """Whether a list of segments means voxels that nobody looked at by this name."""
    return isinstance(name, str) and name.strip().casefold() == UNSEEN_NAME


def apart_from_unseen(segments: Sequence[Segment]) -> tuple[tuple[Segment, ...], int | None]:
    """The structures of a list of segments, and the value of voxels that nobody looked at (None where none has it)."""
    unseen = [segment.value for segment in segments if is_unseen_name(segment.name)]
    structures = tuple(segment for segment in segments if not is_unseen_name(segment.name))
    return structures, unseen[0] if unseen else None


def companion(label: Path, labels: Container[Path] = ()) -> Path | None:
    """The map of what was looked at beside a label file; None where there is none.

    Args:
        labels: files that are the labels of cases themselves, whatever they are called.
    """
    stem = file_stem(label)
    found = (label.with_name(f"{stem}{SEEN_ENDING}{suffix}") for suffix in VOLUME_SUFFIXES)
    return next((path for path in found if os.path.isfile(path) and path not in labels), None)  # noqa: PTH113  never raises


def is_companion(stem: str, labels: Container[str], cases: Container[str]) -> bool:
    """Whether a file is the map that belongs to a label, and not the label of a case called like that.

    Args:
        stem: its name without suffix.
        labels: names of all label files, without suffixes.
        cases: names of the cases.
    """
    return stem.endswith(SEEN_ENDING) and stem.removesuffix(SEEN_ENDING) in labels and stem not in cases
