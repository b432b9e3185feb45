"""How a dataset tells that a scan is only partly outlined: a label value for where nobody looked, a map beside a label.

The value has nnU-Net's name for it, ``ignore``, in the dataset's list of segments. The map is called as the label file
with ``_seen`` before its suffix, or named by the column ``seen`` of a ``cases.csv``. Light: no SimpleITK.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def companion(label: Path) -> Path | None:
    """The map of what was looked at beside a label file; None where there is none."""
    stem = file_stem(label)
    found = (label.with_name(f"{stem}{SEEN_ENDING}{suffix}") for suffix in VOLUME_SUFFIXES)
    return next((path for path in found if path.is_file()), None)


def without_companions(labels: dict[str, Path]) -> dict[str, Path]:
    """Label files by their names without suffixes, without the maps that belong to others of them."""
    return {stem: path for stem, path in labels.items() if not is_companion(stem, labels)}


def is_companion(stem: str, stems: Any) -> bool:
    """Whether a file of this name belongs to another one of these names."""
    return stem.endswith(SEEN_ENDING) and stem.removesuffix(SEEN_ENDING) in stems
