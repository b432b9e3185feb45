"""The largest part of a segment: the same in slabs as at once, with and without SimpleITK."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg.data import largest_part as module
from dualtaskseg.data.largest_part import (
    DOUBTED,
    beside_largest,
    implausible_beside_largest,
    largest_part,
    part_sizes,
)


def by_itk(mask: np.ndarray) -> np.ndarray:
    numbers = sitk.GetArrayFromImage(sitk.ConnectedComponent(sitk.GetImageFromArray(mask.astype(np.uint8)), True))
    sizes = np.bincount(numbers.ravel())
    sizes[0] = 0
    return numbers == sizes.argmax()


@pytest.mark.parametrize("density", [0.01, 0.04, 0.08, 0.2, 1.0])
@pytest.mark.parametrize("slab", [1, 3 * 17 * 19, 2**24], ids=["planes", "slabs", "at once"])
def test_slabs_find_what_the_whole_does(monkeypatch, density, slab):
    """Sparse noise has thousands of small parts, many of them equally large, most of them across planes."""
    monkeypatch.setattr(module, "SLAB_VOXELS", slab)
    label = np.pad(np.random.default_rng(1).random((14, 17, 19)) < density, ((2, 1), (0, 3), (1, 0))) * np.uint8(7)
    wanted = by_itk(label == 7)
    assert np.array_equal(largest_part(label), wanted)
    label[0] = 5  # another segment is left alone
    for rows, others in beside_largest(label, 7):
        label[rows][others] = 0
    assert np.array_equal(label == 7, wanted) and (label == 5).sum() == label[0].size


@pytest.mark.parametrize("slab", [1, 3 * 17 * 19, 2**24], ids=["planes", "slabs", "at once"])
def test_parts_are_doubted_by_most_of_their_voxels(monkeypatch, slab):
    monkeypatch.setattr(module, "SLAB_VOXELS", slab)
    chance = np.random.default_rng(3)
    mask, doubts = chance.random((14, 17, 19)) < 0.04, chance.random((14, 17, 19)) < 0.5
    numbers = sitk.GetArrayFromImage(sitk.ConnectedComponent(sitk.GetImageFromArray(mask.astype(np.uint8)), True))
    shares = np.bincount(numbers[mask], doubts[mask]) / np.maximum(1, np.bincount(numbers[mask]))
    wanted = mask & ((shares <= 0.5)[numbers] | by_itk(mask))
    assert 0 < (mask & ~wanted).sum() < mask.sum() / 2
    label = np.where(mask, np.uint8(7), np.uint8(0)) | np.where(mask & doubts, np.uint8(DOUBTED), np.uint8(0))
    for rows, others in implausible_beside_largest(label, 7, DOUBTED, 0):
        label[rows][others] = 0
    assert np.array_equal(label & (DOUBTED - 1) == 7, wanted)


@pytest.mark.parametrize("slab", [1, 2**24], ids=["planes", "at once"])
def test_small_parts_have_less_than_so_many_voxels(monkeypatch, slab):
    monkeypatch.setattr(module, "SLAB_VOXELS", slab)
    label = np.zeros((9, 9, 9), np.uint8)
    label[1:4, 1:4, 1:4] = label[6, 6:8, 6:8] = label[1, 7, 7] = 3
    assert part_sizes(label, 3).tolist() == [27, 4, 1] and part_sizes(label, 2).tolist() == []
    for least, kept in ((1, 32), (4, 31), (5, 27), (1e9, 27)):
        found = label.copy()
        for rows, others in implausible_beside_largest(found, 3, 0, least):
            found[rows][others] = 0
        assert np.count_nonzero(found) == kept


def test_parts_that_meet_far_away_are_one(monkeypatch):
    """Two long bars, apart in all planes but the last: together they are larger than the third."""
    monkeypatch.setattr(module, "SLAB_VOXELS", 1)
    mask = np.zeros((20, 5, 9), bool)
    mask[:, 1, 1] = mask[:, 1, 3] = mask[:, 4, 6:8] = True
    mask[:2, 4, 6] = False
    mask[-1, 1, 2] = True
    assert np.flatnonzero(largest_part(mask).any(axis=(0, 1))).tolist() == [1, 2, 3]


def test_without_the_reading_library(monkeypatch):
    mask = np.random.default_rng(2).random((9, 10, 11)) < 0.05
    wanted = by_itk(mask)
    monkeypatch.setitem(sys.modules, "SimpleITK", None)
    assert np.array_equal(largest_part(mask), wanted)
    assert largest_part(np.ones((2, 3, 4), bool)).all()
