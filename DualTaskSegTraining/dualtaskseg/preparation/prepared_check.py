"""Whether the files of a prepared scan are whole, told from their sizes and heads, without reading their voxels.

They may be deleted at any time, a power cut may leave them empty, and a run folder can come from anybody.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np

STEM = re.compile(r"\d{5,}_[0-9a-f]{8}")
KINDS = {"image", "label", "distance", "least"}  # of arrays
MOST_VOXELS = 2**40
MOST_POSITIONS = 1000  # inside a segment


def is_stem(text: Any) -> bool:
    """Whether it is how file names of a prepared scan begin, and no path to somewhere else."""
    return isinstance(text, str) and STEM.fullmatch(text) is not None


def is_metadata(metadata: Any, segments: int) -> bool:
    """Whether what stands beside the arrays makes sense.

    Args:
        segments: how many the plan has; 0 for an unlabeled scan.
    """
    if not isinstance(metadata, dict) or not isinstance(metadata.get("source"), str):
        return False
    shape, foreground = metadata.get("shape"), metadata.get("foreground")
    if not _are_whole(shape, 3, 1) or math.prod(shape) > MOST_VOXELS:
        return False
    if not isinstance(foreground, list) or len(foreground) != segments:
        return False
    seen = metadata.get("seen")
    if seen is not None and not (segments and seen and _are_positions(seen, shape)):
        return False
    checksums = metadata.get("checksums", {})
    if (
        not isinstance(checksums, dict)
        or not set(checksums) <= KINDS
        or not all(type(each) is int for each in checksums.values())
    ):
        return False
    return all(_are_positions(positions, shape) for positions in foreground)


def are_arrays_whole(folder: Path, stem: str, metadata: dict[str, Any], segments: int) -> bool:
    """Whether all arrays of a prepared scan are there, of the right kind and as long as they say.

    Args:
        metadata: what stands beside them, looked at by :func:`is_metadata`.
        segments: how many the plan has; 0 for an unlabeled scan, which has an image only.
    """
    shape = tuple(metadata["shape"])
    wanted = {"image": (np.dtype(np.float16), shape)}
    if segments:
        wanted["label"] = (np.dtype(np.uint8), shape)
        wanted["distance"] = (np.dtype(np.float16), (segments, *shape))
    if metadata.get("seen") is not None:
        wanted["least"] = wanted["distance"]
    return all(_is_whole(folder / f"{stem}_{kind}.npy", *what) for kind, what in wanted.items())


def _is_whole(path: Path, dtype: np.dtype, shape: tuple[int, ...]) -> bool:
    try:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as stream:
            if np.lib.format.read_magic(stream) != (1, 0):
                return False
            found, _, kind = np.lib.format.read_array_header_1_0(stream)
            begin = stream.tell()
        size = path.stat().st_size
    except (OSError, ValueError, EOFError):
        return False
    return tuple(found) == shape and kind == dtype and size == begin + math.prod(shape) * dtype.itemsize


def _are_positions(positions: Any, shape: list[int]) -> bool:
    if not isinstance(positions, list) or len(positions) > MOST_POSITIONS:
        return False
    return all(_are_whole(each, 3, 0) and all(a < b for a, b in zip(each, shape, strict=True)) for each in positions)


def _are_whole(values: Any, count: int, least: int) -> bool:
    return (
        isinstance(values, list)
        and len(values) == count
        and all(type(each) is int and each >= least for each in values)
    )
