"""Checks DICOM files that hold all slices of a scan as frames, as enhanced CT and MR do.

The reading library takes the frames as they come, and 1 mm for all distances where they are not evenly spaced.
"""

from __future__ import annotations

from collections.abc import MutableSequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.data.integrity import ImageError

if TYPE_CHECKING:
    import SimpleITK
    from pydicom import Dataset

TOLERANCE = 0.25  # of the smallest voxel size, by which a frame may lie beside its place
POSITIONS = ("PlanePositionSequence", "ImagePositionPatient")
ORIENTATIONS = ("PlaneOrientationSequence", "ImageOrientationPatient")
SPACINGS = ("PixelMeasuresSequence", "PixelSpacing")
THICKNESS = ("PixelMeasuresSequence", "SliceThickness")
WANTED = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")


def check_frames(path: Path | str, header: SimpleITK.ImageFileReader) -> None:
    """Refuses a file whose frames do not lie where the reading library puts them.

    Files without positions of their frames pass, and so do all where pydicom is not installed.

    Args:
        path: the file.
        header: what the reading library tells of it.

    Raises:
        ImageError: frames are missing, doubled, out of order, tilted or unevenly spaced.
    """
    try:
        import pydicom
    except ImportError:
        return
    dataset = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=list(WANTED))
    frames = dataset.get(WANTED[1]) or []
    shared = (dataset.get(WANTED[0]) or [None])[0]
    positions = [frame_values(POSITIONS, frame, shared) for frame in frames]
    if not any(positions):
        return
    directions = [frame_values(ORIENTATIONS, frame, shared) for frame in frames]
    spacings = [frame_values(SPACINGS, frame, shared) for frame in frames]
    if not all(
        _fits(header, index, *told) for index, told in enumerate(zip(positions, directions, spacings, strict=True))
    ):
        raise ImageError(
            "geometry",
            f"The frames of {path} are not one volume of evenly spaced slices in the order of their positions",
            "Export the scan as single slices, or load it in 3D Slicer and save it as .nrrd",
        )


def frame_values(names: tuple[str, str], frame: Dataset, shared: Dataset | None) -> list[float]:
    """Returns the numbers of a frame, or those of all frames; empty where there are none.

    Args:
        names: of the functional group and of the attribute in it.
        frame: the frame's groups.
        shared: the groups of all frames.
    """
    for group in (frame, shared):
        items = group.get(names[0]) if group is not None else None
        value = items[0].get(names[1]) if items else None
        if value is not None and value != "":
            return [float(one) for one in (value if isinstance(value, MutableSequence) else [value])]
    return []


def _fits(
    header: SimpleITK.ImageFileReader, index: int, position: list[float], direction: list[float], spacing: list[float]
) -> bool:
    if (len(position), len(direction), len(spacing)) != (3, 6, 2):
        return False
    axes = np.reshape(header.GetDirection(), (3, 3))
    place = np.array(header.GetOrigin()) + axes[:, 2] * header.GetSpacing()[2] * index
    return (
        float(np.abs(place - position).max()) <= TOLERANCE * min(map(abs, header.GetSpacing()))
        and np.allclose(axes[:, :2].T.ravel(), direction, atol=1e-3)
        and np.allclose(header.GetSpacing()[1::-1], spacing, rtol=1e-3)
    )
