"""What is to be known about the voxels of label maps: counts, and digests by which changes are seen.

Looking at all voxels of a whole body takes longer than the application may stand still. So everything that was found
is kept until the label map changes, and :func:`lookSteps` looks in a thread: after it, the answers are there at once.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import slicer
import vtk

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image.geometry import arrayOf
from DualTaskSegLib.image.volumefiles import voxelsOf

T = TypeVar("T")
MOST_KEPT = 64
QUICK_VOXELS = 16_000_000  # are looked at in less than a tenth of a second


@dataclass(frozen=True)
class Print:
    """A digest of a label's voxels within their own box, so that it doesn't depend on how large the label map is."""

    digest: str  # hexadecimal
    first: tuple[int, int, int]  # index I, J, K of the box's first voxel in the label map


class _Kept:
    """Answers by label map, as long as it is the same and has the same content."""

    def __init__(self, find: Callable[[slicer.vtkOrientedImageData], T]) -> None:
        self._find = find
        self._answers: OrderedDict[tuple[str, int], T] = OrderedDict()

    def knows(self, image: slicer.vtkOrientedImageData) -> bool:
        return self._keyOf(image) in self._answers

    @staticmethod
    def _keyOf(image: slicer.vtkOrientedImageData) -> tuple[str, int]:
        return image.GetAddressAsString(""), image.GetMTime()

    def of(self, image: slicer.vtkOrientedImageData) -> T:
        key = self._keyOf(image)
        if key not in self._answers:
            self._answers[key] = self._find(image)
            while len(self._answers) > MOST_KEPT:
                self._answers.popitem(last=False)
        return self._answers[key]


def binaryName() -> str:
    """What Slicer calls the representation of segments as label maps."""
    return slicer.vtkSegmentationConverter.GetBinaryLabelmapRepresentationName()


def toWorld(image: slicer.vtkOrientedImageData) -> np.ndarray:
    """The 4x4 matrix from the voxels of a segment's label map to RAS in mm."""
    matrix = vtk.vtkMatrix4x4()
    image.GetImageToWorldMatrix(matrix)
    return arrayOf(matrix)


def binaryOf(segment: slicer.vtkSegment) -> slicer.vtkOrientedImageData | None:
    """The label map of a segment; None if it has none, or an empty one."""
    image = segment.GetRepresentation(binaryName())
    if image is None or image.IsEmpty() or image.GetPointData().GetScalars() is None:
        return None
    return image


def segmentsIn(segmentationNode: slicer.vtkMRMLSegmentationNode) -> list[tuple[str, slicer.vtkSegment]]:
    """The segments of a segmentation with their IDs, in its order."""
    segmentation = segmentationNode.GetSegmentation()
    numbers = range(segmentation.GetNumberOfSegments())
    return [(segmentation.GetNthSegmentID(number), segmentation.GetNthSegment(number)) for number in numbers]


def countsOf(image: slicer.vtkOrientedImageData) -> dict[int, int]:
    """How many voxels of a label map have each label value."""
    return _counts.of(image)


def printsOf(image: slicer.vtkOrientedImageData) -> dict[int, Print]:
    """The digests of a label map's labels, by their value."""
    return _prints.of(image)


def holdsAnything(image: slicer.vtkOrientedImageData) -> bool:
    """Whether a label map has any label; quick also for a large one."""
    return _largest.of(image) > 0


def lookSteps(segmentationNodes: Iterable[slicer.vtkMRMLSegmentationNode]) -> Steps[None]:
    """Finds what the functions above tell about all label maps of segmentations, in a thread."""
    for image in _imagesOf(segmentationNodes):
        yield from inThread(lambda image=image: (_counts.of(image), _prints.of(image)))


def isQuick(segmentationNode: slicer.vtkMRMLSegmentationNode) -> bool:
    """Whether the functions above answer at once: their answers are known, or the label maps are small."""
    unknown = [image for image in _imagesOf([segmentationNode]) if not (_counts.knows(image) and _prints.knows(image))]
    return sum(image.GetNumberOfPoints() for image in unknown) <= QUICK_VOXELS


def _imagesOf(segmentationNodes: Iterable[slicer.vtkMRMLSegmentationNode]) -> list[slicer.vtkOrientedImageData]:
    """The label maps of segmentations, each once; segments share them."""
    images = [binaryOf(segment) for node in segmentationNodes for _id, segment in segmentsIn(node)]
    return list({image.GetAddressAsString(""): image for image in images if image is not None}.values())


def boxOf(voxels: np.ndarray) -> tuple[slice, slice, slice]:
    """The smallest box that holds all labels of voxels (K, J, I); one voxel if there are none."""
    slices = _filled(voxels.reshape(len(voxels), -1).max(axis=1))
    plane = voxels[slices].max(axis=0)  # maxima are much faster than any()
    return slices, _filled(plane.max(axis=1)), _filled(plane.max(axis=0))


def countVoxels(voxels: np.ndarray) -> dict[int, int]:
    """How many voxels have each value."""
    if voxels.dtype != np.uint8:
        values, counts = np.unique(voxels, return_counts=True)
        return dict(zip(values.tolist(), counts.tolist(), strict=True))
    counts = np.zeros(256, np.int64)
    for plane in voxels:  # bincount makes 64-bit copies, so a few voxels at a time
        counts += np.bincount(plane.ravel(), minlength=256)
    return {value: int(counts[value]) for value in np.flatnonzero(counts).tolist()}


def _filled(line: np.ndarray) -> slice:
    places = np.flatnonzero(line)
    return slice(int(places[0]), int(places[-1]) + 1) if places.size else slice(0, 1)


def _findPrints(image: slicer.vtkOrientedImageData) -> dict[int, Print]:
    voxels = voxelsOf(image)
    whole = boxOf(voxels)
    inside = voxels[whole]
    low = image.GetExtent()[::2]
    found = {}
    for value in countsOf(image):
        if value == 0:
            continue
        mask = inside == value
        box = boxOf(mask.view(np.uint8))
        part = mask[box]
        digest = hashlib.blake2b(np.packbits(part).tobytes() + repr(part.shape).encode(), digest_size=16).hexdigest()
        corner = [
            start + outer.start + inner.start
            for start, outer, inner in zip(low, reversed(whole), reversed(box), strict=True)
        ]
        found[value] = Print(digest, (corner[0], corner[1], corner[2]))
    return found


_counts: _Kept = _Kept(lambda image: countVoxels(voxelsOf(image)))
_prints: _Kept = _Kept(_findPrints)
_largest: _Kept = _Kept(lambda image: int(voxelsOf(image).max()))
