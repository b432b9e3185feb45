"""A scan seen on the plan's grid, and the way back, a few slices at a time.

Training brings each scan to the plan's orientation and spacing once (:func:`dualtaskseg.data.grid.on_plan_grid`).
Prediction does the same to scans of any size, so it never holds the result as a whole: the plan's orientation only
exchanges and turns axes, so resampling is linear interpolation along one axis after the other, both ways, and any few
slices can be had by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import torch

from dualtaskseg.data.grid import blur_std, grid_shape, is_same_spacing
from dualtaskseg.data.intensities import intensity_range, refuse_absurd_intensities
from dualtaskseg.inference.limits import refuse_absurd_size
from dualtaskseg.inference.sliding_window import rows_across, rows_at_once
from dualtaskseg.io.geometry import geometry_of
from dualtaskseg.planning.plan import Normalization, Plan
from dualtaskseg.preparation.prepare import SAMPLED_ABOVE, normalize

if TYPE_CHECKING:
    import SimpleITK

WHOLE_VOXELS = 2**24  # a grid up to this size is kept as a whole, since reading it again and again would take longer
CONSTANT = "All of the scan has the same intensity, so nothing was segmented"
OUT_OF_RANGE = (
    "Nothing in the scan differs within the intensities, and at the voxel size, that the model looks at, so nothing "
    "was segmented"
)
READ_VOXELS = 2**25  # of a scan, that are resampled at once: smoothing takes several times their memory
BLUR_RADIUS = 8  # standard deviations after which the blur's tail is below float32's resolution


class ScanGrid:
    """A scan on the plan's grid. Axes are (z, y, x) of the plan's orientation throughout, unless told otherwise.

    Args:
        image: the scan, 3D, one number a voxel. Its voxels are not copied.

    Attributes:
        shape: of the plan's grid.
        scan_shape: of the scan itself in the plan's orientation.
        scale: voxel size of the plan's grid, counted in voxels of the scan.
        intensities: of the scan; voxels that are no finite number count as the lowest intensity.
        unseen: why the networks would see the same intensity everywhere; empty where they see something.

    Raises:
        InputError: voxel size or intensities can't be meant, see :mod:`dualtaskseg.inference.limits`.
    """

    def __init__(self, image: SimpleITK.Image, plan: Plan) -> None:
        import SimpleITK as sitk

        geometry = geometry_of(image)
        self.axes, self.flipped = _orientation(image, plan.orientation)
        self._image = image  # the view below doesn't keep it alive
        voxels = sitk.GetArrayViewFromImage(image)
        self._voxels = self.oriented(voxels)
        self.scan_shape = tuple(int(side) for side in self._voxels.shape)
        self.scan_spacing = tuple(geometry.spacing_zyx[axis] for axis in self.axes)
        spacing = plan.spacing
        if is_same_spacing(self.scan_spacing, spacing):
            spacing = self.scan_spacing
        self.scale = tuple(new / old for new, old in zip(spacing, self.scan_spacing, strict=True))
        self.shape = grid_shape(self.scan_shape, self.scan_spacing, spacing)
        refuse_absurd_size(geometry, self.scan_spacing, self.shape, plan)
        self.intensities = intensity_range(voxels)
        refuse_absurd_intensities(self.intensities.lowest, self.intensities.highest)
        self._whole: np.ndarray | None = None
        self._normalization = self._with_statistics(plan.normalization)
        if math.prod(self.shape) <= WHOLE_VOXELS:
            self._whole = self._read_whole()
        self.unseen = self._why_unseen()

    def oriented(self, array: np.ndarray) -> np.ndarray:
        """A view of an array that lies as the scan in memory, with the axes in the plan's orientation."""
        turned = tuple(slice(None, None, -1) if flipped else slice(None) for flipped in self.flipped)
        return array.transpose(self.axes)[turned]

    def read(self, axis: int, start: int, stop: int) -> np.ndarray:
        """Some slices of the plan's grid, with intensities normalised.

        Args:
            axis: across which the slices lie.

        Returns:
            float32 array of the grid's shape but for ``axis``, where it has ``stop - start``.
        """
        if self._whole is not None:
            return self._whole[rows_across(axis, start, stop)]
        return normalize(self._intensities(axis, start, stop), self._normalization)

    def _read_whole(self) -> np.ndarray:
        """All of the plan's grid; of a scan with far more voxels than the grid some slices at a time."""
        rows = max(1, self.shape[0] * READ_VOXELS // math.prod(self.scan_shape))
        parts = [(start, min(start + rows, self.shape[0])) for start in range(0, self.shape[0], rows)]
        whole = np.empty(self.shape, np.float32)
        for start, stop in parts:
            whole[start:stop] = normalize(self._intensities(0, start, stop), self._normalization)
        return whole

    def scan_rows(self, axis: int, known: int) -> int:
        """How many of the scan's slices across ``axis`` lie within the first ``known`` slices of the plan's grid."""
        if known >= self.shape[axis]:
            return self.scan_shape[axis]
        # the last slice whose center is not beyond the center of the last known one
        return min(self.scan_shape[axis], math.floor((known - 0.5) * self.scale[axis] - 0.5 + 1e-9) + 1)

    def to_scan(self, block: torch.Tensor, axis: int, first: int, start: int, stop: int) -> torch.Tensor:
        """Brings values from the plan's grid to the scan's own, by linear interpolation.

        Args:
            block: (channels, z, y, x), whole but for ``axis``.
            axis: across which the block holds only some slices.
            first: the first of them.
            start, stop: the slices of the scan that are wanted.

        Returns:
            (channels, z, y, x) in the plan's orientation.
        """
        for dimension in range(3):
            rows = (start, stop) if dimension == axis else (0, self.scan_shape[dimension])
            offset = first if dimension == axis else 0
            position = (torch.arange(*rows, dtype=torch.float64) + 0.5) / self.scale[dimension] - 0.5
            position = position.clamp(0, self.shape[dimension] - 1) - offset
            block = _interpolated(block, dimension + 1, position)
        return block

    def _intensities(self, axis: int, start: int, stop: int) -> np.ndarray:
        """As :meth:`read`, before normalisation."""
        position = self._position(axis, start, stop)
        margin = math.ceil(BLUR_RADIUS * self._blur(axis)) + 1 if self._blur(axis) else 0
        first = max(0, math.floor(float(position[0])) - margin)
        last = min(self.scan_shape[axis], math.floor(float(position[-1])) + 2 + margin)
        block = np.array(self._voxels[rows_across(axis, first, last)], np.float32, order="C")
        if self.intensities.not_finite:
            block[~np.isfinite(block)] = self.intensities.lowest
        block = torch.from_numpy(self._blurred(block))
        for dimension in range(3):
            if dimension == axis:
                block = _interpolated(block, dimension, position - first)
            else:
                block = _interpolated(block, dimension, self._position(dimension, 0, self.shape[dimension]))
        return block.numpy()

    def _position(self, axis: int, start: int, stop: int) -> torch.Tensor:
        """Where slices of the plan's grid lie, in voxels of the scan."""
        position = (torch.arange(start, stop, dtype=torch.float64) + 0.5) * self.scale[axis] - 0.5
        return position.clamp(0, self.scan_shape[axis] - 1)

    def _blur(self, axis: int) -> float:
        """Standard deviation of the blur along an axis, in voxels of the scan; 0 for none."""
        return blur_std(self.scan_shape[axis], 1.0, self.scale[axis])

    def _blurred(self, block: np.ndarray) -> np.ndarray:
        stds = [self._blur(axis) for axis in range(3)]
        if not any(stds):
            return block
        import SimpleITK as sitk

        image = sitk.GetImageFromArray(block)
        for axis, std in enumerate(stds):
            if std:
                image = sitk.RecursiveGaussian(image, std, direction=2 - axis)
        return sitk.GetArrayFromImage(image)

    def _why_unseen(self) -> str:
        if self.intensities.is_constant:
            return CONSTANT
        return OUT_OF_RANGE if self._is_alike() else ""

    def _is_alike(self) -> bool:
        """Whether all voxels of the plan's grid are the same, as precisely as prepared scans are stored.

        Ends with the first slices that differ: nearly always the first ones.
        """
        blocks = (normalize(block, self._normalization) for _, block in self._blocks())
        first = None
        for block in blocks if self._whole is None else self._whole:
            with np.errstate(over="ignore"):
                values = block.astype(np.float16)
            first = values.flat[0] if first is None else first
            if (values != first).any():
                return False
        return True

    def _with_statistics(self, normalization: Normalization) -> Normalization:
        """The normalisation with the scan's own range, mean and std, so that slices can be treated singly."""
        if normalization.kind == "ct":
            return normalization
        lower, upper = -math.inf, math.inf
        if normalization.kind == "scan":
            step = 2 if math.prod(self.shape) > SAMPLED_ABOVE else 1
            sample = [block[start % step :: step, ::step, ::step].ravel() for start, block in self._blocks()]
            lower, upper = (float(value) for value in np.percentile(np.concatenate(sample), [0.5, 99.5]))
        count, total, squares = math.prod(self.shape), 0.0, 0.0
        for _, block in self._blocks():
            # taken from the lowest value on, since sums of squares of large numbers would lose the small differences
            values = np.clip(block, lower, upper).astype(np.float64) - self.intensities.lowest
            total += values.sum()
            squares += np.square(values, out=values).sum()
        mean = total / count
        std = math.sqrt(max(0.0, squares / count - mean**2))
        return Normalization("ct", lower, upper, mean + self.intensities.lowest, max(std, 1e-6))

    def _blocks(self) -> Iterator[tuple[int, np.ndarray]]:
        """All intensities of the plan's grid, some slices at a time, with the number of the first."""
        rows = rows_at_once(self.shape, 0)
        for start in range(0, self.shape[0], rows):
            yield start, self._intensities(0, start, min(start + rows, self.shape[0]))


class ArrayGrid:
    """A prepared scan, which lies on the plan's grid already; for what works on a :class:`ScanGrid` too.

    Args:
        array: (z, y, x), normalised.

    Attributes:
        unseen: see :class:`ScanGrid`.
    """

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        self.shape = tuple(int(side) for side in array.shape)
        # a scan of one intensity is refused before it is prepared, so it is the range or the grid that made it one
        self.unseen = OUT_OF_RANGE if array.min() == array.max() else ""

    def oriented(self, array: np.ndarray) -> np.ndarray:
        """See :meth:`ScanGrid.oriented`."""
        return array

    def read(self, axis: int, start: int, stop: int) -> np.ndarray:
        """See :meth:`ScanGrid.read`."""
        return np.array(self.array[rows_across(axis, start, stop)], np.float32)  # copied, as it may be mapped


def _orientation(image: SimpleITK.Image, name: str) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    """For each axis (z, y, x) of the named orientation: which axis (z, y, x) of the scan it is, and whether turned."""
    import SimpleITK as sitk

    probe = sitk.Image([1, 1, 1], sitk.sitkUInt8)
    probe.SetDirection(image.GetDirection())
    before = np.array(image.GetDirection()).reshape(3, 3)
    after = np.array(sitk.DICOMOrient(probe, name).GetDirection()).reshape(3, 3)
    same = before.T @ after  # 1 or -1 where the new axis (column) is the old one (row)
    order = [int(np.argmax(np.abs(same[:, column]))) for column in (2, 1, 0)]
    flipped = [bool(same[row, column] < 0) for row, column in zip(order, (2, 1, 0), strict=True)]
    return tuple(2 - row for row in order), tuple(flipped)


def _interpolated(block: torch.Tensor, dimension: int, position: torch.Tensor) -> torch.Tensor:
    """Linear interpolation along one dimension at positions within it."""
    count = block.shape[dimension]
    position = position.clamp(0, count - 1)
    if torch.equal(position, torch.arange(count, dtype=position.dtype)):
        return block
    lower = position.floor().long().to(block.device)
    upper = (lower + 1).clamp_max(count - 1)
    weight = (position - position.floor()).to(block.device, block.dtype)
    weight = weight.reshape([-1 if each == dimension else 1 for each in range(block.dim())])
    return torch.lerp(block.index_select(dimension, lower), block.index_select(dimension, upper), weight)
