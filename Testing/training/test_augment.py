"""Augmentation keeps distances exact, and repeats itself for a seed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from dualtaskseg.method.augment import (
    SpatialRange,
    change_intensity,
    is_inside,
    patch_extent,
    random_transforms,
    sample,
    sample_nearest,
    sampling_grid,
)
from dualtaskseg.planning.settings import STRONG_INTENSITY, IntensityRange


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def warp(
    box: torch.Tensor, center: torch.Tensor, matrix: torch.Tensor, patch: tuple[int, int, int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """A transformed patch out of a box (channels, z, y, x), and where it lies inside the box."""
    size = tuple(box.shape[1:])
    grid = sampling_grid(size, center, matrix, patch, box.device)
    return sample(box, grid), is_inside(grid, size)


def ball(size: int, spacing: tuple[float, float, float], radius: float) -> torch.Tensor:
    """Signed distance of a ball in the middle, (z, y, x)."""
    axes = [(np.arange(size) - (size - 1) / 2) * step for step in spacing]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    return torch.from_numpy(np.sqrt(z**2 + y**2 + x**2) - radius).float()


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (2.0, 1.0, 1.0)])
@pytest.mark.parametrize("seed", range(5))
def test_a_distance_map_is_still_one_after_rotation_zoom_and_mirror(seed, spacing):
    limits = SpatialRange(rotation=(40, 40, 40), zoom=(0.7, 1.4), mirror=(True, True, True))
    matrices, zooms = random_transforms(1, spacing, limits, seeded(seed))
    distance = ball(41, spacing, 8.0)
    patch = (15, 21, 21)
    warped, valid = warp(distance[None], torch.tensor([20.0] * 3), matrices[0], patch)
    zoom = float(zooms[0])
    axes = [(np.arange(side) - (side - 1) / 2) * step for side, step in zip(patch, spacing, strict=True)]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    expected = np.sqrt(z**2 + y**2 + x**2) - 8.0 * zoom  # a ball that looks zoom times as large
    error = np.abs((warped[0] * zoom).numpy() - expected)[valid.numpy()]
    assert error.max() < 0.5 * max(spacing)
    assert error.mean() < 0.06 * max(spacing)


def test_a_rotation_is_one_in_millimetres():
    spacing = (3.0, 1.0, 1.0)
    matrices, _ = random_transforms(1, spacing, SpatialRange((30, 30, 30), (1.0, 1.0), (False,) * 3), seeded(1))
    size = torch.tensor(spacing)
    in_mm = matrices[0] * size[:, None] / size[None, :]
    assert torch.allclose(in_mm @ in_mm.T, torch.eye(3), atol=1e-5)


def test_without_change_the_patch_is_a_crop():
    image = torch.rand(1, 12, 13, 14)
    patch, valid = warp(image, torch.tensor([5.5, 6.0, 6.5]), torch.eye(3), (4, 5, 6))
    assert torch.allclose(patch, image[:, 4:8, 4:9, 4:10], atol=1e-5)
    assert valid.all()


def test_what_lies_outside_is_marked_and_continued():
    image = torch.rand(1, 4, 4, 4)
    patch, valid = warp(image, torch.tensor([1.5, 1.5, 1.5]), torch.eye(3), (8, 4, 4))
    assert valid[2:6].all() and not valid[:2].any() and not valid[6:].any()
    assert torch.allclose(patch[:, 0], image[:, 0], atol=1e-5)


def turned_grid(size: tuple[int, int, int]) -> torch.Tensor:
    """Of a patch somewhat larger than the box."""
    matrices, _ = random_transforms(1, (1.0, 1.0, 1.0), SpatialRange(mirror=(True,) * 3), seeded(4))
    return sampling_grid(size, (torch.tensor(size) - 1) / 2, matrices[0], (12, 12, 12), torch.device("cpu"))


@pytest.mark.parametrize("size", [(9, 10, 11), (1, 10, 11)])
def test_labels_are_those_of_grid_sample(size):
    label, grid = torch.randint(0, 256, size, generator=seeded(3), dtype=torch.uint8), turned_grid(size)
    expected = torch.nn.functional.grid_sample(
        label[None, None].float(), grid[None], mode="nearest", padding_mode="border", align_corners=True
    )
    assert torch.equal(sample_nearest(label, grid).float(), expected[0, 0])


def test_voxels_reach_half_a_voxel_beyond_their_centers():
    size = (9, 10, 11)
    grid = turned_grid(size)
    positions = (grid.flip(-1) + 1) / 2 * (torch.tensor(size) - 1)  # (z, y, x)
    inside = ((positions >= -0.5) & (positions <= torch.tensor(size) - 0.5)).all(-1)
    assert (is_inside(grid, size) == inside).float().mean() > 0.99 and 0.1 < inside.float().mean() < 0.9


def test_reach_covers_the_patch():
    for seed in range(10):
        matrices, _ = random_transforms(1, (2.0, 1.0, 1.0), SpatialRange((45, 45, 45), (0.7, 1.0)), seeded(seed))
        sides = patch_extent(matrices[0], (9, 15, 15))
        corners = torch.cartesian_prod(*[torch.tensor([-(s - 1) / 2, (s - 1) / 2]) for s in (9, 15, 15)])
        offsets = (corners @ matrices[0].T).abs().amax(0)
        assert all(float(offset) <= side for offset, side in zip(offsets, sides, strict=True))


def test_intensity_changes_repeat_for_a_seed_and_differ_between_samples():
    image = torch.randn(1, 1, 12, 12, 12).repeat(3, 1, 1, 1, 1)
    first = change_intensity(image, STRONG_INTENSITY, seeded(5))
    assert torch.equal(first, change_intensity(image, STRONG_INTENSITY, seeded(5)))
    assert not torch.allclose(first[0], first[1])
    assert torch.isfinite(first).all()


def test_no_chance_means_no_change():
    image = torch.randn(2, 1, 8, 9, 10)
    unchanged = change_intensity(image, IntensityRange(probability=0.0), seeded())
    assert torch.allclose(unchanged, image, atol=1e-4)


def test_a_constant_image_stays_finite():
    image = torch.zeros(2, 1, 8, 8, 8)
    assert torch.isfinite(change_intensity(image, STRONG_INTENSITY, seeded())).all()
