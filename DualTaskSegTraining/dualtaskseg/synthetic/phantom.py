"""Made-up MR-like scans with exact labels: an organ that veins connect to a great vessel, among look-alikes.

The anatomy is a set of implicit functions in physical space (negative inside, roughly millimeters), so the label is
exact on any grid: the same functions are sampled at the voxel centers of an oblique or anisotropic scan. What a scanner
adds (partial volume, bias field, noise, an arbitrary intensity scale) touches only the image, never the label.

Points are arrays of shape (..., 3) in x, y, z order and millimeters; images are indexed (z, y, x).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.errors import InputError

if TYPE_CHECKING:
    import SimpleITK

Array = np.ndarray

SIZE = (40, 48, 40)  # voxels in z, y, x
SMALLEST_SIZE = 12
FIELD_OF_VIEW = 40.0  # mm along the shortest side: the anatomy fits in it
SLICE_RATIO = 2.5  # slice distance over in-plane spacing of an anisotropic scan

ORGAN, VEIN = 1, 2


# --- shapes: signed distances (approximate, mm, negative inside) at points (..., 3) -----------------------------------


def _ellipsoid(points: Array, center: Array, radii: Array) -> Array:
    """First-order distance: f / |grad f| of the ellipsoid's implicit function, good near the surface."""
    offset = (points - np.asarray(center, np.float32)) / np.asarray(radii, np.float32)
    level = np.linalg.norm(offset, axis=-1)
    slope = np.linalg.norm(offset / np.asarray(radii, np.float32), axis=-1)
    return level * (level - 1) / np.maximum(slope, 1e-6)


def _tube(points: Array, path: Array, radii: Array) -> Array:
    """Distance to a tube along the points of ``path`` (n, 3) whose radius changes linearly between them."""
    path = np.asarray(path, np.float32)
    distance = np.full(points.shape[:-1], np.inf, np.float32)
    for start, end, first, last in zip(path[:-1], path[1:], radii[:-1], radii[1:], strict=True):
        axis = end - start
        offset = points - start
        along = np.clip(offset @ axis / (axis @ axis), 0, 1)
        to_axis = np.linalg.norm(offset - along[..., None] * axis, axis=-1)
        np.minimum(distance, to_axis - (first + along * np.float32(last - first)), out=distance)
    return distance


def _bend(start: Array, middle: Array, end: Array, pieces: int = 7) -> Array:
    """Points (pieces + 1, 3) on the quadratic Bezier curve of three control points."""
    t = np.linspace(0, 1, pieces + 1)[:, None]
    return (1 - t) ** 2 * np.asarray(start) + 2 * t * (1 - t) * np.asarray(middle) + t**2 * np.asarray(end)


def _union(a: Array, b: Array, blend: float) -> Array:
    """Union with a fillet about ``blend`` mm wide (polynomial smooth minimum)."""
    h = np.clip(0.5 + 0.5 * (b - a) / blend, 0, 1)
    return b + (a - b) * h - blend * h * (1 - h)


class _Waves:
    """A smooth random field over physical space: a sum of sine waves, so it needs no grid.

    Args:
        wavelengths: shortest and longest wavelength in mm.
    """

    def __init__(
        self, rng: np.random.Generator, wavelengths: tuple[float, float], fields: int = 1, count: int = 12
    ) -> None:
        directions = rng.normal(size=(3, fields, count))
        directions /= np.linalg.norm(directions, axis=0)
        lengths = np.exp(rng.uniform(*np.log(wavelengths), size=(fields, count)))
        self.wave_vectors = (2 * np.pi * directions / lengths).astype(np.float32)
        self.phases = rng.uniform(0, 2 * np.pi, size=(fields, count)).astype(np.float32)

    def __call__(self, points: Array) -> Array:
        """Returns the fields (..., fields) with a standard deviation near 1."""
        count = self.phases.shape[1]
        total = np.zeros((*points.shape[:-1], self.phases.shape[0]), np.float32)
        for wave in range(count):
            total += np.sin(points @ self.wave_vectors[:, :, wave] + self.phases[:, wave])
        return total * np.float32(np.sqrt(2 / count))


# --- anatomy ----------------------------------------------------------------------------------------------------------


@dataclass
class _Structures:
    """Signed distances (mm, negative inside) of all structures at the same points."""

    organ: Array
    veins: Array
    trunk: Array
    neighbors: Array  # organs and nodes of the same brightness, some nearly touching ours
    artery: Array
    bowel: Array
    muscle: Array
    bone: Array
    body: Array


class _Anatomy:
    """One made-up patient: every shape drawn from ``rng``, in the patient's own axes with the organ near the middle."""

    def __init__(self, rng: np.random.Generator) -> None:
        def near(values: tuple[float, ...], spread: float) -> Array:
            return np.asarray(values) + rng.uniform(-spread, spread, size=np.shape(values))

        def scaled(values: tuple[float, ...], spread: float) -> Array:
            return np.asarray(values) * rng.uniform(1 - spread, 1 + spread, size=np.shape(values))

        self.warp = _Waves(rng, (16, 40), fields=3, count=8)
        self.warp_mm = rng.uniform(0.5, 1.1)
        self.lobes = [
            (near((5, 0, 0), 0.5), scaled((6.0, 6.5, 8.5), 0.12)),
            (near((4, -1.5, 6), 1.2), scaled((5.0, 5.5, 5.5), 0.15)),
            (near((4.5, 2, -6), 1.2), scaled((5.0, 5.0, 5.0), 0.15)),
        ]
        if rng.random() < 0.4:  # some people have one lobe more
            self.lobes.append((near((9, -3, 1), 2.0), scaled((3.5, 3.5, 3.5), 0.2)))
        self.hilum = (near((-3, -0.5, 0), 0.7), scaled((4.5, 3.5, 3.5), 0.15))
        trunk_top, trunk_bottom = near((-13, 2, 45), 2.0), near((-12, 2, -45), 2.0)
        self.trunk = _bend(trunk_top, near((-11.0, 2, 0), 1.0), trunk_bottom, pieces=9)
        self.trunk_radii = np.full(10, rng.uniform(2.6, 3.4))
        self.artery = self.trunk + near((1.5, 7.0, 0), 0.8)
        self.artery_radii = np.full(10, rng.uniform(1.8, 2.6))
        self.veins = [self._vein(rng, height) for height in self._vein_heights(rng)]
        self.neighbors = [
            (near((14, 3, 14), 1.5), scaled((7.5, 10.0, 9.0), 0.12)),
            (near((15, -10, -3), 1.5), scaled((7.0, 8.0, 16.0), 0.15)),
        ]
        for _ in range(rng.integers(3, 7)):  # nodes as bright and as wide as a vein, anywhere
            self.neighbors.append((rng.uniform((-16, -14, -18), (16, 10, 18)), rng.uniform(1.3, 2.6, size=3)))
        self.bowel = _bend(near((-14, -10, 14), 3.0), near((0, -17, 0), 4.0), near((4, -10, -19), 3.0), pieces=9)
        self.bowel_radii = rng.uniform(2.6, 3.8) * (1 + 0.18 * np.sin(np.arange(10) * 2.2 + rng.uniform(0, 6)))
        self.muscle = (near((4, 14.5, -6), 1.2), scaled((9.0, 6.0, 26.0), 0.1))
        self.bone = (near((-14, 17, 0), 1.5), scaled((8.5, 7.0, 30.0), 0.1))
        self.skin = rng.uniform(-23, -17)

    @staticmethod
    def _vein_heights(rng: np.random.Generator) -> list[float]:
        count = 2 + int(rng.random() < 0.5)
        middle = rng.uniform(-1.0, 1.0)
        return [middle + (k - (count - 1) / 2) * rng.uniform(4.2, 5.4) for k in range(count)]

    def _vein(self, rng: np.random.Generator, height: float) -> tuple[Array, Array]:
        start = np.array([3.0, rng.uniform(-1, 1), 0.75 * height])
        middle = np.array([-5.0, rng.uniform(-3.5, 1.0), height + rng.uniform(-2, 2)])
        heights = self.trunk[:, 2]  # falls along the trunk
        target = height + rng.uniform(-3.0, 3.0)
        end = [np.interp(-target, -heights, self.trunk[:, axis]) for axis in range(3)]
        return _bend(start, middle, np.array(end)), np.linspace(rng.uniform(1.5, 2.0), rng.uniform(1.9, 2.5), 8)

    def __call__(self, points: Array) -> _Structures:
        points = points + np.float32(self.warp_mm) * self.warp(points)
        organ = _ellipsoid(points, *self.lobes[0])
        for lobe in self.lobes[1:]:
            organ = _union(organ, _ellipsoid(points, *lobe), 3.0)
        organ = -_union(-organ, _ellipsoid(points, *self.hilum), 1.5)
        veins = _tube(points, *self.veins[0])
        for vein in self.veins[1:]:
            veins = _union(veins, _tube(points, *vein), 1.0)
        apart = 0.8 - np.minimum(organ, veins)  # a thin layer of fat, as there is between organs
        neighbors = np.minimum.reduce([_ellipsoid(points, *shape) for shape in self.neighbors])
        return _Structures(
            organ=organ,
            veins=veins,
            trunk=_tube(points, self.trunk, self.trunk_radii),
            neighbors=np.maximum(neighbors, apart),
            artery=np.maximum(_tube(points, self.artery, self.artery_radii), apart),
            bowel=np.maximum(_tube(points, self.bowel, self.bowel_radii), apart),
            muscle=np.maximum(_ellipsoid(points, *self.muscle), apart),
            bone=_ellipsoid(points, *self.bone),
            body=self.skin - points[..., 1],
        )


def _label(structures: _Structures) -> Array:
    """Returns the label (uint8): the organ, and its veins up to the wall of the vessel they drain into."""
    organ = structures.organ < 0
    vein = (structures.veins < 0) & (structures.trunk >= 0) & ~organ
    return np.where(organ, ORGAN, np.where(vein, VEIN, 0)).astype(np.uint8)


# --- what the scanner makes of it -------------------------------------------------------------------------------------


class _Scanner:
    """How one scan shows the anatomy: brightness of each tissue, texture, bias, noise, intensity scale.

    Args:
        look_alikes: whether what lies around is as bright as the organ and its veins, some of it; else it is darker.
    """

    def __init__(self, rng: np.random.Generator, look_alikes: bool = True) -> None:
        organ = rng.uniform(0.60, 0.70)
        vessel = organ + rng.uniform(0.10, 0.20)
        self.brightness = {
            "bone": rng.uniform(0.38, 0.52),
            "muscle": rng.uniform(0.30, 0.42),
            "bowel": organ + rng.uniform(-0.08, 0.16),
            "neighbors": organ + rng.uniform(-0.06, 0.06),
            "artery": vessel + rng.uniform(-0.06, 0.06),
            "trunk": vessel + rng.uniform(-0.04, 0.04),
            "veins": vessel,
            "organ": organ,
        }
        if not look_alikes:
            self.brightness |= {name: 0.6 * self.brightness[name] for name in ("bowel", "neighbors")}
        self.fat = rng.uniform(0.16, 0.28)
        self.inner_shift = rng.uniform(-0.10, -0.03)  # the middle of the organ is a little darker than its rim
        self.lumen_shift = rng.uniform(-0.25, 0.05)
        self.texture = _Waves(rng, (2.5, 9), fields=2, count=16)
        self.bias = _Waves(rng, (60, 120), count=3)
        self.bias_strength = rng.uniform(0.08, 0.22)
        self.gamma = rng.uniform(0.85, 1.2)
        self.noise = rng.uniform(0.025, 0.05)
        self.white = np.exp(rng.uniform(np.log(150), np.log(25000)))

    def signal(self, points: Array, structures: _Structures, blur: float) -> Array:
        """Returns the noiseless signal; borders are blended over ``blur`` mm."""

        def cover(distance: Array) -> Array:
            return np.clip(0.5 - distance / np.float32(blur), 0, 1)

        fine, coarse = np.moveaxis(self.texture(points), -1, 0)
        signal = self.fat * (1 + 0.22 * fine)
        for name, value in self.brightness.items():  # later structures lie over earlier ones
            distance = getattr(structures, name)
            tissue = value * (1 + 0.035 * coarse)
            if name == "organ":
                tissue = tissue + self.inner_shift * np.clip((-distance - 1.5) / 2, 0, 1) * (1 + 0.4 * fine)
            if name == "bowel":
                tissue = tissue + self.lumen_shift * cover(distance + 1.6)
            weight = cover(distance)
            signal = signal * (1 - weight) + tissue * weight
        return np.maximum(signal, 0) * cover(structures.body)

    def expose(self, rng: np.random.Generator, signal: Array, points: Array) -> Array:
        """Returns what is stored (int16): the signal with bias, Rician noise and this scan's intensity scale."""
        signal = signal**self.gamma * np.exp(self.bias_strength * self.bias(points)[..., 0])
        real, imaginary = rng.normal(scale=self.noise, size=(2, *signal.shape))
        magnitude = np.hypot(signal + real, imaginary)
        return np.clip(np.round(magnitude * self.white), 0, 32767).astype(np.int16)


# --- one scan ---------------------------------------------------------------------------------------------------------


@dataclass
class _Grid:
    """A voxel grid: size, spacing (mm) and first voxel's position, all in x, y, z order; direction as columns."""

    size: Array
    spacing: Array
    direction: Array
    origin: Array

    def points(self, slice_offset: float = 0.0) -> Array:
        """Physical positions (z, y, x, 3) of the voxel centers, moved by a fraction of the slice distance."""
        z, y, x = np.meshgrid(*(np.arange(n) for n in self.size[::-1]), indexing="ij")
        index = np.stack([x, y, z + slice_offset], axis=-1)
        return self.origin + (index * self.spacing) @ self.direction.T


def _rotation(axis: Array, degrees: float) -> Array:
    """Rotation matrix (3, 3) about an axis (Rodrigues' formula)."""
    x, y, z = np.asarray(axis) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def _make_grid(
    rng: np.random.Generator, size: tuple[int, int, int], center: Array, anisotropic: bool, oblique: bool
) -> _Grid:
    steps = np.array([1.0, 1.0, SLICE_RATIO if anisotropic else 1.0])
    count = np.array(size[::-1])
    in_plane = round(FIELD_OF_VIEW / (count * steps).min() * rng.uniform(0.96, 1.06), 3)
    spacing = np.round(in_plane * steps, 3)
    axis, degrees = rng.normal(size=3), rng.uniform(10, 25)
    direction = _rotation(axis, degrees) if oblique else np.eye(3)
    return _Grid(count, spacing, direction, center - direction @ (spacing * (count - 1) / 2))


def make_scan(
    seed: int,
    size: tuple[int, int, int] = SIZE,
    anisotropic: bool = False,
    oblique: bool = False,
    look_alikes: bool = True,
) -> tuple[SimpleITK.Image, SimpleITK.Image]:
    """Makes one scan of one made-up patient and its exact label.

    Args:
        seed: the same seed and arguments give the same voxels.
        size: voxels in (z, y, x) order, 12 or more each. The field of view stays the same: fewer voxels are larger.
        anisotropic: slices 2.5 times as far apart as the pixels in them.
        oblique: turn the voxel grid 10 to 25 degrees about a random axis; else it follows the patient's axes.
        look_alikes: show other organs and nodes as bright as the organ and its veins; else darker.

    Returns:
        The scan (int16) and, on the same grid, the label (uint8: 0 background, 1 organ, 2 vein).

    Raises:
        InputError: the size is too small.
    """
    check_size(size)
    # separate streams: the patient does not change with the grid, so a test can image one patient on two grids
    shape_rng, pose_rng, grid_rng, scanner_rng = (
        np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(4)
    )
    anatomy = _Anatomy(shape_rng)
    scanner = _Scanner(scanner_rng, look_alikes)
    center = pose_rng.uniform(-60, 60, size=3).round(1)
    grid = _make_grid(grid_rng, size, center, anisotropic, oblique)
    turn = _rotation(pose_rng.normal(size=3), pose_rng.uniform(-18, 18))
    scale, shift = pose_rng.uniform(1.02, 1.26), pose_rng.uniform(-2.5, 2.5, size=3)

    def patient_points(points: Array) -> Array:
        return ((points - center - shift) @ turn / scale).astype(np.float32)

    # a thick slice shows the mean over its thickness; in the plane the blended borders do the same
    layers = 3 if anisotropic else 1
    signal = np.zeros(size, np.float32)
    for layer in range(layers):
        offset = (layer + 0.5) / layers - 0.5
        points = patient_points(grid.points(offset))
        structures = anatomy(points)
        signal += scanner.signal(points, structures, blur=1.2 * grid.spacing[0]) / layers
        if layer == layers // 2:  # the voxel centers
            middle, label = points, _label(structures)
    return _to_image(scanner.expose(scanner_rng, signal, middle), grid), _to_image(label, grid)


def check_size(size: tuple[int, int, int]) -> None:
    """Raises :class:`InputError` for a size (z, y, x) below 12 voxels along an axis, too small to show the anatomy."""
    if len(size) != 3 or min(size) < SMALLEST_SIZE:
        raise InputError(
            f"A synthetic scan can't have {' x '.join(map(str, size))} voxels",
            f"Give three sizes of {SMALLEST_SIZE} or more",
        )


def _to_image(array: Array, grid: _Grid) -> SimpleITK.Image:
    import SimpleITK

    image = SimpleITK.GetImageFromArray(array)
    image.SetSpacing(grid.spacing.tolist())
    image.SetOrigin(grid.origin.tolist())
    image.SetDirection(grid.direction.ravel().tolist())
    return image
