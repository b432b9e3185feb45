"""The grid that a volume's voxels lie on, in RAS, with and without the transform that the volume is under.

The same voxels can be counted in another order: Slicer reverses the slices of a file whose axes are left-handed when it
loads it, and a DICOM scan and the NIfTI file made from it often differ in the direction of an axis. Such grids are
turned into each other; no voxel moves.
"""

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
ALIGNED = 1e-3  # 1 less the cosine of the largest angle between axes that count as the same


@dataclass(frozen=True)
class Turn:
    """Another order and direction of a grid's axes."""

    axes: tuple[int, int, int]  # for I, J, K of the turned grid, the axis of the given one: 0 to 2
    isReversed: tuple[bool, bool, bool]  # of each of them

    def ofVoxels(self, voxels: np.ndarray) -> np.ndarray:
        """Voxels (K, J, I) of the given grid as those of the turned one."""
        turned = voxels.transpose([2 - axis for axis in reversed(self.axes)])
        return np.ascontiguousarray(turned[tuple(slice(None, None, -1 if r else 1) for r in reversed(self.isReversed))])

    def ofGeometry(self, geometry: Geometry) -> Geometry:
        """The turned grid."""
        first = np.zeros(3)  # its first voxel, in those of the given one
        for axis, isReversed in zip(self.axes, self.isReversed, strict=True):
            first[axis] = (geometry.size[axis] - 1) * isReversed
        matrix = geometry.ijkToRAS.copy()
        matrix[:3, :3] = geometry.ijkToRAS[:3, self.axes] * np.where(self.isReversed, -1.0, 1.0)
        matrix[:3, 3] = geometry.positions(first[None])[0]
        i, j, k = (geometry.size[axis] for axis in self.axes)
        return Geometry((i, j, k), matrix)


AS_IT_IS = Turn((0, 1, 2), (False, False, False))
SLICES_REVERSED = Turn((0, 1, 2), (False, False, True))


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

    @property
    def isRightHanded(self) -> bool:
        """Whether I, J and K lie in RAS as the thumb, the index and the middle finger of the right hand."""
        return float(np.linalg.det(self.ijkToRAS[:3, :3])) > 0

    def rightHanded(self) -> Geometry:
        """The grid as Slicer loads it: with its slices reversed where its axes are left-handed."""
        return self if self.isRightHanded else SLICES_REVERSED.ofGeometry(self)

    def turnTo(self, other: Geometry) -> Turn | None:
        """What makes this grid, as :meth:`sameAs` compares, the other one; None if that has voxels at other places."""
        if self.sameAs(other):
            return AS_IT_IS
        cosines = (other.ijkToRAS[:3, :3] / other.spacing).T @ (self.ijkToRAS[:3, :3] / self.spacing)
        i, j, k = (int(axis) for axis in np.abs(cosines).argmax(axis=1))
        nearest = cosines[range(3), (i, j, k)]
        if len({i, j, k}) < 3 or np.abs(nearest).min() < 1 - ALIGNED:
            return None
        turn = Turn((i, j, k), (bool(nearest[0] < 0), bool(nearest[1] < 0), bool(nearest[2] < 0)))
        return turn if turn.ofGeometry(self).sameAs(other) else None

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
