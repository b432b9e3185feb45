"""Where a result is most uncertain, and how to get there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import slicer
import vtk

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image.geometry import Geometry, geometryOf
from DualTaskSegLib.image.labelcontent import boxOf
from DualTaskSegLib.image.volumefiles import voxelsOf

HIGH = 0.25  # disagreement from which a voxel counts
REGION_EDGE = 12.0  # mm; a larger region is looked at piece by piece, in cubes with edges of this length
LEAST_VOXELS = 3
MOST_REGIONS = 5  # looked at for each place that is asked for


@dataclass(frozen=True)
class UncertainRegion:
    """A region where the two networks disagree."""

    ras: tuple[float, float, float]  # a point within it, where the disagreement around is greatest; mm, in the world
    sizeMl: float  # its volume in mL
    value: float  # mean disagreement of its voxels, 0 to 1


def uncertainRegionsSteps(
    uncertaintyNode: slicer.vtkMRMLScalarVolumeNode | None, n: int = 10
) -> Steps[list[UncertainRegion]]:
    """Finds connected regions of high disagreement, ranked by size times value, in a thread.

    Along a surface that is uncertain all around, the region is a shell whose center says nothing. So a region that is
    larger than 12 mm is divided: the piece with the most disagreement first, then the next.

    Args:
        n: at most so many places.

    Returns:
        the places, most uncertain first; none if the networks agree everywhere, or the volume was deleted.
    """
    if uncertaintyNode is None or uncertaintyNode.GetScene() is None or uncertaintyNode.GetImageData() is None:
        return []
    values = voxelsOf(uncertaintyNode.GetImageData())
    geometry = geometryOf(uncertaintyNode)
    found = yield from inThread(lambda: _find(values, geometry, n))
    return [UncertainRegion(worldPosition(uncertaintyNode, ras), size, value) for ras, size, value in found]


def jumpTo(ras: tuple[float, float, float]) -> None:
    """Centers all slice views on a point of the world, in mm."""
    for node in slicer.util.getNodesByClass("vtkMRMLSliceNode"):
        node.JumpSliceByCentering(*ras)


def _find(values: np.ndarray, geometry: Geometry, n: int) -> list[tuple[np.ndarray, float, float]]:
    """RAS, size in mL and mean value of each place."""
    from scipy import ndimage

    high = values >= HIGH
    if not high.max():
        return []
    box = boxOf(high.view(np.uint8))
    values, high = values[box], high[box]
    first = np.array([axis.start for axis in box])
    labels, count = ndimage.label(high, np.ones((3, 3, 3), bool))
    edge = np.maximum(1, np.rint(REGION_EDGE / geometry.spacing[::-1])).astype(int)
    sizes = np.bincount(labels[high], minlength=count + 1)
    totals = np.bincount(labels[high], values[high], minlength=count + 1)
    totals[sizes < LEAST_VOXELS] = 0
    # Noise can have a hundred thousand regions; those of less weight than so many others can't be among the first.
    chosen = [label for label in np.argsort(-totals)[: MOST_REGIONS * n] if totals[label] > 0]
    renumbered = np.zeros(count + 1, np.int32)
    renumbered[chosen] = np.arange(1, len(chosen) + 1)
    labels = renumbered[labels]
    pieces: list[tuple[float, int, float, np.ndarray]] = []
    for label, region in enumerate(ndimage.find_objects(labels), start=1):
        inside = labels[region] == label
        weights = np.where(inside, values[region], 0).astype(np.float32)
        corner = first + [axis.start for axis in region]
        for size, total, index in _pieces(weights, edge, n):
            pieces.append((total, size, total / size, corner + index))
    pieces.sort(key=lambda piece: -piece[0])
    return [
        (geometry.positions(index[::-1][None].astype(float))[0], size * geometry.voxelMl, mean)
        for _total, size, mean, index in pieces[:n]
    ]


def _pieces(weights: np.ndarray, edge: np.ndarray, n: int) -> list[tuple[int, float, np.ndarray]]:
    """Divides one region; of each piece the number of voxels, the sum of values, and the voxel to look at."""
    found = []
    around = _around(weights, edge)
    for _turn in range(n):
        center = np.array(np.unravel_index(int(around.argmax()), around.shape))
        if around[tuple(center)] <= 0:
            break
        cube = _cube(center, edge // 2, around.shape)
        size = int(np.count_nonzero(weights[cube]))
        if size >= LEAST_VOXELS:
            found.append((size, float(weights[cube].sum()), center))
        weights[cube] = 0
        # Only what is near the piece changes; a margin of another edge makes the sums there right.
        changed, needed = _cube(center, edge + 1, around.shape), _cube(center, 2 * edge + 2, around.shape)
        inner = tuple(slice(c.start - m.start, c.stop - m.start) for c, m in zip(changed, needed, strict=True))
        around[changed] = _around(weights[needed], edge)[inner]
    return found


def _around(weights: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """The sum of values around each voxel, up to a factor; below zero outside of the region."""
    from scipy import ndimage

    around = ndimage.uniform_filter(weights, tuple(int(r) | 1 for r in edge), mode="constant")
    around[weights == 0] = -1  # the point must lie within the region
    return around


def _cube(center: np.ndarray, half: np.ndarray, shape: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(
        slice(max(0, c - h), min(n, c + h + 1)) for c, h, n in zip(center.tolist(), half.tolist(), shape, strict=True)
    )


def worldPosition(node: slicer.vtkMRMLTransformableNode, ras: np.ndarray) -> tuple[float, float, float]:
    """Where a point in a node's own coordinates lies in the world, in mm."""
    transform = node.GetParentTransformNode()
    toWorld = vtk.vtkGeneralTransform()
    if transform is not None:
        transform.GetTransformToWorld(toWorld)
    return toWorld.TransformPoint(*map(float, ras))
