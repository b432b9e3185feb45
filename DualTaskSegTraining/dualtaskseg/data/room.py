"""Whether there is room in the memory for a scan, by what its header tells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from dualtaskseg.data.imageerror import ImageError
from dualtaskseg.memory import available_memory

MOST_VOXELS = 1 << 30  # 1024 along each axis
COPIES = 2  # of a scan that are in memory while it is read


def check_room(path: Path, size: Sequence[int], bytes_per_voxel: int) -> None:
    """Refuses a scan that would fill the memory.

    Args:
        path: of the scan.
        size: number of voxels along each axis.
        bytes_per_voxel: of the numbers in the file.

    Raises:
        ImageError: it is larger than any scan, or than this computer's free memory.
    """
    voxels = math.prod(size)
    free = available_memory()
    if voxels > MOST_VOXELS or (free is not None and voxels * bytes_per_voxel * COPIES > free):
        listed = "x".join(str(count) for count in size)
        raise ImageError(
            "memory",
            f"{path} is too large for this computer's memory, with {listed} voxels",
            "Crop the scan or make it coarser, or free memory",
        )
