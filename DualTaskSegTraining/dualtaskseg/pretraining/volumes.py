"""Endless random volumes to pretrain networks on, and what is true of each voxel; the idea is that of Dey et al.
(Learning General-Purpose Biomedical Volume Representations using Randomized Synthesis, ICLR 2025), made smaller.

A volume is a few regions that touch (the largest of several smooth random fields), and over them ellipsoids, tubes and
sheets, bent, nested and side by side, from a voxel thin to half the volume. Each has a random intensity and texture;
then the scan is spoilt by blur, thick slices, a bias field, noise and other contrast. Nothing real is in it.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
import torch
import torch.nn.functional as F

from dualtaskseg.method.augment import change_intensity
from dualtaskseg.method.sampling import generator_of
from dualtaskseg.planning.settings import IntensityRange
from dualtaskseg.preparation.signed_distance import squared_distance_to

KINDS = ("region", "ellipsoid", "tube", "sheet")
CUT = 6.0  # voxels, the largest distance that is told
VISIBLE = 0.2  # difference of intensities, in standard deviations of the clean volume, that makes a boundary
SPOILT = IntensityRange(probability=0.7, contrast=0.3, brightness=0.3, gamma=0.6, bias=0.5, noise=0.4, blur=1.2)
# Volumes go from process to process: half the bytes, and finer than the arithmetic of a GPU's training.
KEPT_AS = torch.float16


@dataclass(frozen=True)
class Volumes:
    """Some volumes, each tensor (batch, channels, z, y, x); see :data:`KEPT_AS`.

    Attributes:
        image: what a scanner would see, of mean 0 and deviation 1 before its contrast is changed.
        clean: the mean intensity of each voxel's shape, of mean 0 and deviation 1.
        kind: index into :data:`KINDS`, as bytes and without channels.
        distance: to the nearest visible boundary, 0 to 1 where it is :data:`CUT` voxels or more.
        side: 1 at the brighter side of a boundary, -1 at the darker one, fading to 0 at :data:`CUT` voxels.
    """

    image: torch.Tensor
    clean: torch.Tensor
    kind: torch.Tensor
    distance: torch.Tensor
    side: torch.Tensor

    @classmethod
    def stacked(cls, parts: list[Volumes]) -> Volumes:
        """All of them in one batch."""
        return cls(**{each.name: torch.cat([getattr(part, each.name) for part in parts]) for each in fields(cls)})

    def moved(self, device: torch.device) -> Volumes:
        """On a device, without waiting for it, as numbers to compute with."""
        moved = {each.name: getattr(self, each.name).to(device, non_blocking=True) for each in fields(self)}
        return replace(
            self, **{name: value.long() if name == "kind" else value.float() for name, value in moved.items()}
        )

    def __getstate__(self) -> dict[str, np.ndarray]:
        """As arrays: tensors would take shared memory, of which containers often have little."""
        return {each.name: getattr(self, each.name).numpy() for each in fields(self)}

    def __setstate__(self, state: dict[str, np.ndarray]) -> None:
        for name, array in state.items():
            object.__setattr__(self, name, torch.from_numpy(array))

    def pin_memory(self) -> Volumes:
        """For copies to a GPU that go on beside its work; called by PyTorch's loader."""
        return replace(self, **{each.name: getattr(self, each.name).pin_memory() for each in fields(self)})


def random_volumes(size: tuple[int, int, int], seed: int, step: int, count: int) -> Volumes:
    """The volumes of one step of a pretraining, which depend on nothing but these numbers."""
    with _one_thread():
        return Volumes.stacked([_one(size, seed, step, index) for index in range(count)])


def _one(size: tuple[int, int, int], seed: int, step: int, index: int) -> Volumes:
    chance = generator_of(seed, step, index)
    image, clean, kind, distance, side = RandomVolume(size, chance).drawn()
    image = change_intensity(image[None, None], SPOILT, chance)
    clean, distance, side = (part[None, None].to(KEPT_AS) for part in (clean, distance, side))
    return Volumes(image.to(KEPT_AS), clean, kind[None].to(torch.uint8), distance, side)


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """While this lasts, sums are made in the same order whatever the number of threads of the process."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class RandomVolume:
    """Draws one volume.

    Args:
        size: voxels (z, y, x).
        chance: all of it.
    """

    def __init__(self, size: tuple[int, int, int], chance: torch.Generator) -> None:
        self.size = size
        self.chance = chance
        axes = [torch.arange(side, dtype=torch.float32) - (side - 1) / 2 for side in size]
        self.positions = torch.stack(torch.meshgrid(*axes, indexing="ij"))  # (3, z, y, x), voxels from the center

    def drawn(self) -> tuple[torch.Tensor, ...]:
        """Image, clean intensity, kind, distance and side of each voxel (z, y, x); see :class:`Volumes`."""
        label, kinds = self._shapes()
        means = self._uniform(0, 1, len(kinds))
        clean = means[label]
        textured = clean + self._texture(label, len(kinds))
        mean, deviation = clean.mean(), clean.std().clamp_min(0.05)
        clean = (clean - mean) / deviation
        distance, side = distance_to_boundary(clean)
        image = self._thick_slices((textured - mean) / deviation)
        image = (image - image.mean()) / image.std().clamp_min(1e-3)
        return image, clean, kinds[label], distance, side

    def _shapes(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The number of each voxel's shape (z, y, x), and the kind of each shape."""
        regions = self._whole(1, 6)
        scale = self._scaled(8, 30)
        label = torch.stack([self._field(scale) + 0.15 * self._field(scale / 3) for _ in range(regions)]).argmax(0)
        kinds = [0] * regions
        bent = self.positions + self._one(0, 5) * torch.stack([self._field(self._one(6, 16)) for _ in range(3)])
        for _ in range(self._whole(1, 9)):
            kind = self._whole(1, 3)
            for part in (self._ellipsoids, self._tube, self._sheet)[kind - 1](bent):
                label[part] = len(kinds)
                kinds.append(kind)
        return label, torch.tensor(kinds)

    def _ellipsoids(self, bent: torch.Tensor) -> list[torch.Tensor]:
        """One, and often another one inside or beside it."""
        radii = self._scaled(1.5, 14) * self._uniform(0.6, 1.7, 3)
        turn, _ = torch.linalg.qr(torch.randn(3, 3, generator=self.chance))
        center = self._center()
        radius = self._radius(bent, center, turn, radii)
        found, more = [radius < 1], self._one(0, 1)
        if more < 0.35:
            found.append(radius < self._one(0.3, 0.85))
        elif more < 0.6:
            axis = self._whole(0, 2)
            beside = center + turn[:, axis] * radii[axis] * self._one(1.5, 2.2)
            found.append((self._radius(bent, beside, turn, radii) < 1) & ~found[0])
        return found

    def _radius(
        self, bent: torch.Tensor, center: torch.Tensor, turn: torch.Tensor, radii: torch.Tensor
    ) -> torch.Tensor:
        """1 on the surface of an ellipsoid, less inside."""
        to_unit = (turn / radii).T
        unit = to_unit @ bent.reshape(3, -1) - (to_unit @ center)[:, None]
        return unit.square().sum(0).sqrt().reshape(self.size)

    def _tube(self, bent: torch.Tensor) -> list[torch.Tensor]:
        """Along a curve through three points; sometimes it has a wall."""
        ends = torch.stack([self._center() for _ in range(3)])
        t = torch.linspace(0, 1, 24)[:, None]
        curve = (1 - t) ** 2 * ends[0] + 2 * t * (1 - t) * ends[1] + t**2 * ends[2]
        radius = self._scaled(0.8, 5)
        # squared distances by one product of matrices
        points = bent.reshape(3, -1)
        squared = curve.square().sum(1)[:, None] - 2 * curve @ points
        nearest = (squared.amin(0) + points.square().sum(0)).reshape(self.size)
        found = [nearest < radius**2]
        if radius > 2.5 and self._one(0, 1) < 0.4:
            found.append(nearest < (radius - self._one(1, 1.6)) ** 2)
        return found

    def _sheet(self, bent: torch.Tensor) -> list[torch.Tensor]:
        """A bent plane of some thickness, within a ball so that it ends somewhere."""
        center = self._center()
        normal = F.normalize(torch.randn(3, generator=self.chance), dim=0)
        offset = bent - center[:, None, None, None]
        height = torch.einsum("c,czyx->zyx", normal, offset) + self._one(0, 3) * self._field(self._one(6, 14))
        return [(height.abs() < self._scaled(0.7, 3)) & (offset.square().sum(0) < self._scaled(8, 40) ** 2)]

    def _texture(self, label: torch.Tensor, count: int) -> torch.Tensor:
        strength = self._one(0, 0.25) * self._uniform(0, 1, count)
        smooth = self._one(0, 0.2) * (2 * self._uniform(0, 1, count) - 1)
        return strength[label] * self._field(self._scaled(1, 4)) + smooth[label] * self._field(self._one(8, 20))

    def _thick_slices(self, image: torch.Tensor) -> torch.Tensor:
        """Averaged along an axis and interpolated again, in a third of the volumes."""
        axis, factor = self._whole(0, 2), self._one(1.3, 4)
        if self._one(0, 1) > 1 / 3:
            return image
        size = list(self.size)
        size[axis] = max(4, round(size[axis] / factor))
        thick = F.interpolate(image[None, None], size=size, mode="area")
        mode = "nearest" if self._one(0, 1) < 0.3 else "trilinear"
        return F.interpolate(thick, size=self.size, mode=mode)[0, 0]

    def _field(self, scale: float) -> torch.Tensor:
        """A smooth random field of deviation about 1 that changes over so many voxels."""
        coarse = [max(2, math.ceil(side / scale) + 1) for side in self.size]
        values = torch.randn(1, 1, *coarse, generator=self.chance)
        field = F.interpolate(values, size=self.size, mode="trilinear", align_corners=True)[0, 0]
        return field * 1.5 if scale > 1 else field  # interpolation takes some of the deviation

    def _center(self) -> torch.Tensor:
        return self._uniform(-0.5, 0.5, 3) * torch.tensor(self.size)

    def _uniform(self, low: float, high: float, count: int) -> torch.Tensor:
        return torch.empty(count).uniform_(low, high, generator=self.chance)

    def _one(self, low: float, high: float) -> float:
        return float(self._uniform(low, high, 1))

    def _scaled(self, low: float, high: float) -> float:
        """As many small ones as large ones."""
        return math.exp(self._one(math.log(low), math.log(high)))

    def _whole(self, low: int, high: int) -> int:
        return int(torch.randint(low, high + 1, (1,), generator=self.chance))


def distance_to_boundary(clean: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """How far the nearest visible boundary is, and on which side of it a voxel (z, y, x) lies; see :class:`Volumes`.

    A boundary runs between two voxels, a brighter and a darker one. Where the nearest ones of both kinds are equally
    far, a voxel lies between two boundaries, on neither side.
    """
    brighter, darker = torch.zeros_like(clean), torch.zeros_like(clean)  # by how much, than the most other neighbor
    for axis, length in enumerate(clean.shape):
        step = clean.narrow(axis, 0, length - 1) - clean.narrow(axis, 1, length - 1)
        for start, down in ((0, step), (1, -step)):
            for most, difference in ((brighter, down), (darker, -down)):
                part = most.narrow(axis, start, length - 1)
                torch.maximum(part, difference, out=part)
    is_bright = (brighter > VISIBLE) & (brighter >= darker)
    is_dark = (darker > VISIBLE) & ~is_bright
    to_bright, to_dark = squared_distance_to(torch.stack([is_bright, is_dark]), CUT).sqrt_()
    told = ((torch.minimum(to_bright, to_dark) + 0.5) / CUT).clamp_max(1)
    return told, torch.sign(to_dark - to_bright) * (1 - told)
