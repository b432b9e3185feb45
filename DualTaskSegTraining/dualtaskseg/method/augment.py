"""Augmentation of a whole batch on the device it is trained on.

Spatial: a rotation, a zoom that is the same along all axes, and mirrors. These, and no others, because a signed
distance stays a signed distance under them: rotations and mirrors leave it, a zoom by s multiplies it by s. So the
distances of labeled scans, computed once and exactly, stay exact in every augmented patch. (A shear or an elastic
deformation would make them wrong.)

Intensity: what changes between scanners, not between patients: contrast, brightness, gamma, a smooth bias field,
noise, blur. The strong view of mutual learning uses the same with larger ranges.

All randomness comes from the generator that is handed in, so a step can be repeated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from dualtaskseg.parallel.rows import Rows
from dualtaskseg.planning.settings import IntensityRange


@dataclass(frozen=True)
class SpatialRange:
    """How far spatial augmentation goes.

    Attributes:
        rotation: largest angle in degrees about each axis (z, y, x).
        zoom: smallest and largest zoom; above 1 things look larger.
        mirror: which axes (z, y, x) may be mirrored.
        moved: part of the patches that are rotated and zoomed.
    """

    rotation: tuple[float, float, float] = (15.0, 15.0, 15.0)
    zoom: tuple[float, float] = (0.8, 1.25)
    mirror: tuple[bool, bool, bool] = (False, False, True)
    moved: float = 1.0


def random_transforms(
    count: int, spacing: tuple[float, float, float], limits: SpatialRange, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Draws spatial transforms.

    Args:
        spacing: voxel size (z, y, x) in mm; a rotation is one in millimetres, not in voxels.
        generator: on the CPU.

    Returns:
        matrices (count, 3, 3) that take an offset from the patch's center in voxels (z, y, x) to the offset in the
        scan, and the zooms (count,), by which distances in mm have to be multiplied.
    """
    angles = torch.empty(count, 3).uniform_(-1, 1, generator=generator)
    angles *= torch.tensor(limits.rotation) * (math.pi / 180)
    low, high = (math.log(value) for value in limits.zoom)
    zoom = torch.exp(torch.empty(count).uniform_(low, high, generator=generator))
    if limits.moved < 1:
        stays = torch.rand(count, generator=generator) >= limits.moved
        angles[stays], zoom[stays] = 0.0, 1.0
    flips = 1 - 2 * torch.randint(0, 2, (count, 3), generator=generator) * torch.tensor(limits.mirror)
    rotation = torch.eye(3).expand(count, 3, 3)
    for axis in range(3):
        rotation = rotation @ _rotation_about(axis, angles[:, axis])
    size = torch.tensor(spacing)
    in_mm = rotation * flips[:, None, :] / zoom[:, None, None]
    return in_mm * size[None, None, :] / size[None, :, None], zoom


def _rotation_about(axis: int, angle: torch.Tensor) -> torch.Tensor:
    first, second = [other for other in range(3) if other != axis]
    matrix = torch.eye(3).repeat(len(angle), 1, 1)
    matrix[:, first, first] = matrix[:, second, second] = torch.cos(angle)
    matrix[:, first, second] = -torch.sin(angle)
    matrix[:, second, first] = torch.sin(angle)
    return matrix


def patch_extent(matrix: torch.Tensor, patch: tuple[int, int, int]) -> tuple[int, int, int]:
    """Returns how many voxels of the scan on each side of its center a transformed patch can touch, (z, y, x)."""
    half = (torch.tensor(patch, dtype=torch.float32) - 1) / 2
    extent = (matrix.abs() * half).sum(-1)
    return tuple(math.ceil(value) + 1 for value in extent.tolist())


def sample(box: torch.Tensor, grid: torch.Tensor) -> torch.Tensor:
    """Values of a box (channels, z, y, x) at the positions of a :func:`sampling_grid`, by trilinear interpolation.

    Returns:
        the patch (channels, z, y, x), float32, with what lies outside the box continued from its border.
    """
    return F.grid_sample(box[None].float(), grid[None], mode="bilinear", padding_mode="border", align_corners=True)[0]


def sample_nearest(box: torch.Tensor, grid: torch.Tensor) -> torch.Tensor:
    """Values of a box (z, y, x) at its voxels that are nearest to the positions of a :func:`sampling_grid`.

    The same as grid_sample's, bit by bit, in a quarter of the time: labels need not become numbers with fractions.

    Returns:
        the patch (z, y, x), of the box's type, with what lies outside the box continued from its border.
    """
    place = None
    for axis, side in enumerate(box.shape):
        index = ((grid[..., 2 - axis] + 1) * (0.5 * (side - 1))).round_().clamp_(0, side - 1).long()
        place = index if place is None else place.mul_(side).add_(index)
    return box.reshape(-1)[place]


def is_inside(grid: torch.Tensor, size: tuple[int, int, int]) -> torch.Tensor:
    """Where the positions of a :func:`sampling_grid` lie inside a box of a size (z, y, x), bool."""
    result = None
    for axis, side in enumerate(size):
        border = 1 + 1 / max(side - 1, 1)  # a voxel reaches half a voxel beyond its center
        inside = grid[..., 2 - axis].abs() <= border + 1e-4
        result = inside if result is None else result.logical_and_(inside)
    return result


def sampling_grid(
    size: tuple[int, int, int],
    center: torch.Tensor,
    matrix: torch.Tensor,
    patch: tuple[int, int, int],
    device: torch.device,
) -> torch.Tensor:
    """Where a transformed patch lies in a box of a size (z, y, x), for :func:`sample`.

    Args:
        center: the patch's center in voxels of the box (z, y, x).
        matrix: (3, 3) from :func:`random_transforms`.
        device: where it is made, from what is different along each axis.

    Returns:
        positions (z, y, x, 3) as grid_sample wants them: (x, y, z) from -1 to 1.
    """
    scale = 2 / torch.tensor([max(side - 1, 1) for side in size], dtype=torch.float32)
    start = center * scale - 1
    offsets = [torch.arange(side, dtype=torch.float32) - (side - 1) / 2 for side in patch]
    # All at once, since a GPU takes as long for one number as for a hundred thousand.
    lines = [offsets[along] * matrix[axis, along] * scale[axis] for axis in (2, 1, 0) for along in range(3)]
    *lines, start = torch.cat([*lines, start]).to(device).split([*patch, *patch, *patch, 3])
    planes = []
    for index, axis in enumerate((2, 1, 0)):
        along_z, along_y, along_x = lines[3 * index : 3 * index + 3]
        position = start[axis] + along_z.reshape(-1, 1, 1) + along_y.reshape(-1, 1)
        planes.append(position + along_x)
    return torch.stack(planes, dim=-1)


def change_intensity(
    image: torch.Tensor, limits: IntensityRange, generator: torch.Generator, rows: Rows | None = None
) -> torch.Tensor:
    """Changes the intensities of a batch, each sample in its own way.

    Args:
        image: (batch, 1, z, y, x).
        generator: on the CPU; the noise too comes from it, so that it is the same on every device.
        rows: which samples these are where they are a part of a batch that several ranks draw together; each draws what
            chance says of the whole batch, and takes its part.
    """
    rows = rows or Rows.all(len(image))
    count = rows.of

    def draw(limit: float, lowest: float | None = None) -> torch.Tensor:
        value = torch.empty(count).uniform_(-limit if lowest is None else lowest, limit, generator=generator)
        return rows.own(value * (torch.rand(count, generator=generator) < limits.probability))

    bias = draw(limits.bias)
    coarse = rows.own(torch.empty(count, 1, 3, 3, 3).uniform_(-1, 1, generator=generator))
    small = [bias, draw(limits.gamma), draw(limits.contrast), draw(limits.brightness), draw(limits.blur, 0.0)]
    small.append(draw(limits.noise, 0.0))
    is_blurred = bool(small[4].any())
    # All at once, since a GPU takes as long for one number as for a hundred thousand.
    sent = torch.cat([torch.stack(small), coarse.reshape(len(image), 27).T]).to(image.device)
    bias, gamma, contrast, brightness, blur, noise = (row.reshape(-1, 1, 1, 1, 1) for row in sent[:6])
    image = image * _bias_field(bias, sent[6:].T.reshape(-1, 1, 3, 3, 3), image.shape[2:])
    image = _gamma(image, torch.exp(gamma))
    image = image * (1 + contrast) + brightness
    if is_blurred:
        image = _blur(image, blur)
    return image + noise * rows.own(torch.randn((count, *image.shape[1:]), generator=generator)).to(image.device)


def _bias_field(strength: torch.Tensor, coarse: torch.Tensor, size: Sequence[int]) -> torch.Tensor:
    """A smooth factor about 1: a coarse random field (B, 1, 3, 3, 3), interpolated."""
    return torch.exp(strength * F.interpolate(coarse, size=size, mode="trilinear", align_corners=True))


def _gamma(image: torch.Tensor, exponent: torch.Tensor) -> torch.Tensor:
    low = image.amin(dim=(1, 2, 3, 4), keepdim=True)
    extent = (image.amax(dim=(1, 2, 3, 4), keepdim=True) - low).clamp_min(1e-6)
    return ((image - low) / extent).clamp_min(1e-6).pow(exponent) * extent + low


def _blur(image: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
    """Separable Gaussian blur of five voxels, one width a sample; width 0 leaves the sample as it is."""
    offsets = torch.arange(-2, 3, device=image.device, dtype=image.dtype)
    kernel = torch.exp(-0.5 * (offsets / sigma.reshape(-1, 1).clamp_min(0.05)) ** 2)
    kernel = kernel / kernel.sum(1, keepdim=True)
    channels_as_batch = image.transpose(0, 1)
    for axis in range(3):
        shape = [-1, 1, 1, 1, 1]
        shape[2 + axis] = 5
        padding = [0] * 6
        padding[2 * (2 - axis)] = padding[2 * (2 - axis) + 1] = 2
        padded = F.pad(channels_as_batch, padding, mode="replicate")
        channels_as_batch = F.conv3d(padded, kernel.reshape(shape), groups=len(image))
    return channels_as_batch.transpose(0, 1)
