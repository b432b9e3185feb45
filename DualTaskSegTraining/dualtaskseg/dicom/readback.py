"""Reads a segmentation back from the file and compares it with what was meant to be written.

A segmentation whose slices are in a wrong order passes every validator. So each frame is compared voxel by voxel with
the slice that it says it is from, by code that shares nothing with the library that wrote it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.dicom.label_input import Masks
from dualtaskseg.dicom.source_series import Source
from dualtaskseg.errors import DualTaskSegError
from dualtaskseg.io.dicom_values import relaxed_validation
from dualtaskseg.progress import ignore

if TYPE_CHECKING:
    from pydicom import Dataset

POSITION_TOLERANCE = 1e-2  # mm: numbers in DICOM have up to 16 characters, not all of which every writer uses


def verify_segmentation(
    path: Path, source: Source, masks: Masks, on_progress: Callable[[int, int], None] = ignore
) -> int:
    """Compares a segmentation file with the segments that it should hold.

    Args:
        path: the file, of the type BINARY or LABELMAP, not compressed.

    Returns:
        The number of frames.

    Raises:
        DualTaskSegError: it holds anything else. That is a defect of the program, not of the input.
    """
    import pydicom

    with relaxed_validation():
        dataset = pydicom.dcmread(path)
        _verify_reference(dataset, source)
        described = sorted(item.SegmentNumber for item in dataset.SegmentSequence if item.SegmentNumber > 0)
        if described != list(range(1, len(masks.segments) + 1)):
            raise _other("other segments")
        frames = dataset.PerFrameFunctionalGroupsSequence
        pixels = np.frombuffer(dataset.PixelData, np.uint8)
        slices = source.plane_indices()
        is_binary = dataset.SegmentationType == "BINARY"
        shared = dataset.SharedFunctionalGroupsSequence[0]
        seen: dict[int, list[int]] = {number: [0] * len(slices) for number in range(1, len(masks.segments) + 1)}
        size = dataset.Rows * dataset.Columns
        for index, frame in enumerate(frames):
            plane = slices[source_of(frame)]
            _verify_geometry(frame, source.headers[plane])
            if is_binary:
                group = frame if "SegmentIdentificationSequence" in frame else shared
                number = int(group.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
                expected = {number: masks.plane(plane, number)}
                found = {number: _bits(pixels, index * size, size).reshape(dataset.Rows, dataset.Columns)}
            else:
                values = _values(dataset.PixelData, dataset.BitsAllocated, index * size, size)
                values = values.reshape(dataset.Rows, dataset.Columns)
                expected = {number: masks.plane(plane, number) for number in seen}
                found = {number: values == number for number in seen}
                if values.max(initial=0) > len(seen):
                    raise _other("an unknown segment")
            for number, voxels in expected.items():
                if not np.array_equal(found[number], voxels):
                    raise _other(f"other voxels of {masks.segments[number - 1].name} in slice {plane + 1}")
                seen[number][plane] += int(np.count_nonzero(voxels))
            on_progress(index + 1, len(frames))
    for number, counts in seen.items():
        if sum(counts) != masks.counts[number - 1]:
            raise _other(f"{sum(counts)} voxels of {masks.segments[number - 1].name}, not {masks.counts[number - 1]}")
    return len(frames)


def verify_map(path: Path, source: Source, array: np.ndarray) -> int:
    """Compares a parametric map with the values that it should hold.

    Args:
        array: float32 of the shape z, y, x.

    Returns:
        The number of frames.

    Raises:
        DualTaskSegError: it holds anything else.
    """
    import pydicom

    with relaxed_validation():
        dataset = pydicom.dcmread(path)
        _verify_reference(dataset, source)
        frames = dataset.PerFrameFunctionalGroupsSequence
        slices = source.plane_indices()
        values = np.frombuffer(dataset.FloatPixelData, "<f4").reshape(len(frames), dataset.Rows, dataset.Columns)
        found = set()
        for index, frame in enumerate(frames):
            plane = slices[source_of(frame)]
            _verify_geometry(frame, source.headers[plane])
            if not np.array_equal(values[index], array[plane]):
                raise _other(f"other values in slice {plane + 1}")
            found.add(plane)
    if len(found) != len(array):
        raise _other("other slices")
    return len(frames)


def _verify_reference(dataset: Dataset, source: Source) -> None:
    """The patient, study, frame of reference, slices and grid must be those of the series."""
    first = source.headers[0]
    for keyword in ("StudyInstanceUID", "FrameOfReferenceUID", "PatientID", "PatientName"):
        if str(dataset.get(keyword) or "") != str(first.get(keyword) or ""):
            raise _other(f"another {keyword}")
    referenced = [item for series in dataset.ReferencedSeriesSequence for item in series.ReferencedInstanceSequence]
    if {str(item.ReferencedSOPInstanceUID) for item in referenced} != {str(h.SOPInstanceUID) for h in source.headers}:
        raise _other("references to other slices")
    shared = dataset.SharedFunctionalGroupsSequence[0]
    orientation = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    if not np.allclose(orientation, first.ImageOrientationPatient, atol=1e-4):
        raise _other("another direction of the slices")
    if not np.allclose(shared.PixelMeasuresSequence[0].PixelSpacing, source.geometry.spacing[1::-1], rtol=1e-4):
        raise _other("another size of the pixels")


def source_of(frame: Dataset) -> tuple[str, int]:
    """What the slice that a frame was made from is referred to by: see :meth:`Source.key`."""
    reference = frame.DerivationImageSequence[0].SourceImageSequence[0]
    return str(reference.ReferencedSOPInstanceUID), int(reference.get("ReferencedFrameNumber") or 0)


def _verify_geometry(frame: Dataset, header: Dataset) -> None:
    position = np.asarray(frame.PlanePositionSequence[0].ImagePositionPatient, float)
    if np.abs(position - np.asarray(header.ImagePositionPatient, float)).max() > POSITION_TOLERANCE:
        raise _other("another position of a slice")


def _bits(pixels: np.ndarray, start: int, size: int) -> np.ndarray:
    """Bits from ``start`` on as booleans; frames follow each other without padding, so they may begin amid a byte."""
    first, last = start // 8, -(-(start + size) // 8)
    return np.unpackbits(pixels[first:last], bitorder="little")[start % 8 :][:size].astype(bool)


def _values(data: bytes, bits: int, start: int, size: int) -> np.ndarray:
    kind = np.dtype("<u2" if bits == 16 else "u1")
    return np.frombuffer(data, kind, size, start * kind.itemsize)


def _other(what: str) -> DualTaskSegError:
    return DualTaskSegError(
        f"The written DICOM file holds {what} than was meant to be written, so it was removed"
        if what.startswith(("other", "another"))
        else f"The written DICOM file holds {what}, so it was removed",
        "This is a defect of DualTaskSeg or of its DICOM library; please report it",
    )
