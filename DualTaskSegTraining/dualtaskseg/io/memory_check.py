"""Whether there is room in the memory for a scan, by what its header tells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from dualtaskseg.io.geometry import times
from dualtaskseg.io.image_error import ImageError, damaged
from dualtaskseg.memory import available_memory

MOST_VOXELS = 1 << 30  # 1024 along each axis
COPIES = 2  # of a scan that are in memory while it is read
MOST_PACKED = 20_000  # times that a file can be smaller than its voxels: an empty slice in JPEG 2000
TIFF_PACKED = 2000  # the same for LZW or deflate
SMALL = 1 << 24  # bytes of voxels that never are too many


def check_room(
    path: Path, size: Sequence[int], bytes_per_voxel: int, files: Sequence[Path] = (), most_packed: int = MOST_PACKED
) -> None:
    """Refuses a scan that would fill the memory, and a header that promises more voxels than its file can hold.

    Args:
        size: number of voxels along each axis.
        files: those that hold the voxels, where they are known.
        most_packed: how many times smaller than its voxels a file of this format can be.

    Raises:
        ImageError: it is larger than any scan, than this computer's free memory, or than its file can be.
    """
    voxels = math.prod(size)
    if files and SMALL < voxels * bytes_per_voxel > sum(file.stat().st_size for file in files) * most_packed:
        raise damaged(path, "its header tells of far more voxels than it holds")
    free = available_memory()
    if voxels > MOST_VOXELS or (free is not None and voxels * bytes_per_voxel * COPIES > free):
        raise ImageError(
            "memory",
            f"{path} is too large for this computer's memory, with {times(size, 'd')} voxels",
            "Crop the scan or make it coarser, or free memory",
        )
