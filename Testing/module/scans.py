"""Scans, labels and signed distances of a ball whose place and size in the world are known, for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

CENTER = np.array([12.0, -20.0, 35.0])  # RAS, mm
RADIUS = 18.0  # mm
LIMIT = 15.0  # mm, where signed distances end
SIZE = (44, 52, 36)  # I, J, K


def rotation(degrees: tuple[float, float, float]) -> np.ndarray:
    """A 3x3 rotation about R, then A, then S."""
    matrix = np.eye(3)
    for axis, angle in enumerate(np.radians(degrees)):
        one = np.eye(3)
        a, b = [k for k in range(3) if k != axis]
        one[a, a] = one[b, b] = np.cos(angle)
        one[a, b], one[b, a] = -np.sin(angle), np.sin(angle)
        matrix = one @ matrix
    return matrix


def matrixAround(center, spacing, directions, size=SIZE) -> np.ndarray:
    """IJK to RAS of a grid around a point."""
    matrix = np.eye(4)
    matrix[:3, :3] = directions @ np.diag(spacing)
    matrix[:3, 3] = center - matrix[:3, :3] @ ((np.array(size) - 1) / 2 + 0.3)
    return matrix


STRAIGHT = matrixAround(CENTER, (1.2, 1.2, 1.5), np.diag([-1.0, -1.0, 1.0]))
OBLIQUE = matrixAround(CENTER, (1.1, 1.3, 2.0), rotation((20, -15, 35)))
LEFT_HANDED = matrixAround(CENTER, (1.2, 1.0, 1.7), rotation((10, 25, -30)) @ np.diag([1.0, -1.0, 1.0]))


@dataclass(frozen=True, eq=False)
class Ball:
    """Arrays (K, J, I) of a ball on a grid."""

    ijkToRAS: np.ndarray
    size: tuple[int, int, int] = SIZE
    center: tuple[float, float, float] = tuple(CENTER)
    radius: float = RADIUS

    @cached_property
    def distance(self) -> np.ndarray:
        """Exact signed distance in mm, not limited."""
        i, j, k = (np.arange(n, dtype=np.float32) for n in self.size)
        squared = 0
        for row in range(3):
            a, b, c, start = self.ijkToRAS[row].astype(np.float32)
            offset = start - np.float32(self.center[row])
            squared = squared + (a * i + b * j[:, None] + c * k[:, None, None] + offset) ** 2
        return np.sqrt(squared) - np.float32(self.radius)

    @property
    def label(self) -> np.ndarray:
        return (self.distance < 0).astype(np.uint8)

    @property
    def sdm(self) -> np.ndarray:
        return np.clip(self.distance, -LIMIT, LIMIT)

    @property
    def scan(self) -> np.ndarray:
        noise = np.random.default_rng(0).normal(0, 15, self.distance.shape)
        return (np.where(self.distance < 0, 400, 100) + noise).astype(np.int16)

    @property
    def uncertainty(self) -> np.ndarray:
        return np.exp(-np.abs(self.distance) / 2).astype(np.float32)


def save(path: Path, voxels: np.ndarray, ijkToRAS: np.ndarray) -> Path:
    """Writes with SimpleITK, as the engine does."""
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(voxels)
    lps = np.diag([-1.0, -1, 1, 1]) @ ijkToRAS
    spacing = np.linalg.norm(lps[:3, :3], axis=0)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((lps[:3, :3] / spacing).ravel().tolist())
    image.SetOrigin(lps[:3, 3].tolist())
    sitk.WriteImage(image, str(path), useCompression=True)
    return path


def saveAll(folder: Path, ball: Ball, suffix: str = ".nii.gz") -> dict[str, Path]:
    """Files of a scan and of what a model says about it."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        name: save(folder / f"{name}{suffix}", getattr(ball, name), ball.ijkToRAS)
        for name in ("scan", "label", "sdm", "uncertainty")
    }


def read(path: Path):
    """Voxels and IJK to RAS of a file, as SimpleITK reads them."""
    import SimpleITK as sitk

    image = sitk.ReadImage(str(path))
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) @ np.diag(image.GetSpacing())
    matrix[:3, 3] = image.GetOrigin()
    return sitk.GetArrayFromImage(image), np.diag([-1.0, -1, 1, 1]) @ matrix


def asLoaded(voxels: np.ndarray, ijkToRAS: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Voxels and IJK to RAS as Slicer loads them: slices reversed where the axes are left-handed."""
    if np.linalg.det(ijkToRAS[:3, :3]) > 0:
        return voxels, ijkToRAS
    reverse = np.diag([1.0, 1.0, -1.0, 1.0])
    reverse[2, 3] = len(voxels) - 1
    return voxels[::-1], ijkToRAS @ reverse


def dice(a: np.ndarray, b: np.ndarray) -> float:
    return 2 * float((a & b).sum()) / float(a.sum() + b.sum())


def addVolume(voxels: np.ndarray, ijkToRAS: np.ndarray, name: str = "Scan"):
    import slicer.util

    return slicer.util.addVolumeFromArray(voxels, ijkToRAS, name)


def addTransform(matrix: np.ndarray):
    import slicer.util

    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "Move")
    slicer.util.updateTransformMatrixFromArray(node, matrix)
    return node


def moved(degrees=(8, -12, 5), shift=(4.0, -3.0, 6.0)) -> np.ndarray:
    """A rigid movement about the ball's place."""
    matrix = np.eye(4)
    matrix[:3, :3] = rotation(degrees)
    matrix[:3, 3] = np.array(shift) + CENTER - matrix[:3, :3] @ CENTER
    return matrix


def addSegmentation(parts: dict[str, np.ndarray], volumeNode, name: str = "Segmentation"):
    """A segmentation as a user makes it, with one segment for each mask, under the volume's transform."""
    import slicer.util

    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", name)
    node.CreateDefaultDisplayNodes()
    node.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
    node.SetAndObserveTransformNodeID(volumeNode.GetTransformNodeID())
    for index, (segmentName, mask) in enumerate(parts.items()):
        segmentId = node.GetSegmentation().AddEmptySegment(f"user{index}", segmentName, (0.2, 0.7, 0.3))
        if mask is not None:
            slicer.util.updateSegmentBinaryLabelmapFromArray(mask.astype(np.uint8), node, segmentId, volumeNode)
    return node
