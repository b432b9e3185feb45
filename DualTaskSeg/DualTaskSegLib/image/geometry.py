"""The grid that a volume's voxels lie on, in RAS, with and without the transform that the volume is under."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import slicer
import vtk

from DualTaskSegLib.common.i18n import tr as _

# As in dualtaskseg.io.images: above the rounding of file formats, far below what an eye could see.
GEOMETRY_TOLERANCE = 0.1
SHEAR_TOLERANCE = 2e-3


@dataclass(frozen=True, eq=False)
class Geometry:
    """A grid of voxels."""

    size: tuple[int, int, int]  # number of voxels along I, J, K
    ijkToRAS: np.ndarray  # 4x4 matrix in mm, from voxel centers to RAS

    @property
    def spacing(self) -> np.ndarray:
        """Distance of voxel centers along I, J, K in mm."""
        return np.linalg.norm(self.ijkToRAS[:3, :3], axis=0)

    @property
    def voxelMl(self) -> float:
        """Volume of a voxel in mL."""
        return abs(float(np.linalg.det(self.ijkToRAS[:3, :3]))) / 1000.0

    @property
    def isSheared(self) -> bool:
        """Whether the axes are not at right angles, so that most file formats and programs can't hold it."""
        axes = self.ijkToRAS[:3, :3] / np.maximum(self.spacing, 1e-300)
        return bool(np.abs(axes.T @ axes - np.eye(3)).max() > SHEAR_TOLERANCE)

    def sliceDirection(self, axis: int) -> str:
        """What slices across an axis of voxels (K, J, I), 0 to 2, are called; of oblique ones, the nearest name."""
        across = np.abs(self.ijkToRAS[:3, 2 - axis])
        return (_("sagittal"), _("coronal"), _("axial"))[int(across.argmax())]

    def positions(self, ijk: np.ndarray) -> np.ndarray:
        """RAS of points (n, 3) given in voxels."""
        return np.asarray(ijk, float) @ self.ijkToRAS[:3, :3].T + self.ijkToRAS[:3, 3]

    def sameAs(self, other: Geometry, tolerance: float = GEOMETRY_TOLERANCE) -> bool:
        """Whether both have as many voxels at the same places; the tolerance is in units of the smallest spacing."""
        if self.size != other.size:
            return False
        corners = np.array(list(itertools.product(*((0, n - 1) for n in self.size))))
        distance = np.linalg.norm(self.positions(corners) - other.positions(corners), axis=1).max()
        return bool(distance <= tolerance * min(self.spacing.min(), other.spacing.min()))

    def toText(self) -> str:
        """As one line, for a node's attribute."""
        return json.dumps([list(self.size), self.ijkToRAS.ravel().tolist()])

    @classmethod
    def fromText(cls, text: str | None) -> Geometry | None:
        """Reads what :meth:`toText` wrote; None if it is something else."""
        try:
            size, matrix = json.loads(text or "")
            i, j, k = (int(n) for n in size)
            return cls((i, j, k), np.array(matrix, float).reshape(4, 4))
        except (ValueError, TypeError):
            return None

    def describe(self) -> str:
        """As people say it: ``256x256x160 voxels of 0.9x0.9x1.2 mm``."""
        return _("{size} voxels of {spacing} mm").format(size=_times(self.size), spacing=_times(self.spacing))


def geometryOf(volumeNode: slicer.vtkMRMLScalarVolumeNode, world: bool = False) -> Geometry:
    """Returns a volume's grid; on request where its linear parent transform puts it, not in its own coordinates."""
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    ijkToRAS, transform = arrayOf(matrix), volumeNode.GetParentTransformNode()
    if world and transform is not None:
        transform.GetMatrixTransformToWorld(matrix)
        ijkToRAS = arrayOf(matrix) @ ijkToRAS
    i, j, k = volumeNode.GetImageData().GetDimensions()
    return Geometry((i, j, k), ijkToRAS)


def isLinearlyTransformed(node: slicer.vtkMRMLTransformableNode) -> bool:
    """Whether a node has no parent transform or linear ones only."""
    transform = node.GetParentTransformNode()
    return transform is None or bool(transform.IsTransformToWorldLinear())


def arrayOf(matrix: vtk.vtkMatrix4x4) -> np.ndarray:
    """A VTK matrix as an array (4, 4)."""
    return np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])


def matrixOf(array: np.ndarray) -> vtk.vtkMatrix4x4:
    """An array (4, 4) as a VTK matrix."""
    matrix = vtk.vtkMatrix4x4()
    matrix.DeepCopy(np.asarray(array, float).ravel().tolist())
    return matrix


def _times(values: Iterable[float]) -> str:
    return "x".join(f"{float(value):.4g}" for value in values)
