"""The distances that a training step measures are those that are prepared once."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from dualtaskseg.preparation import signed_distance as module
from dualtaskseg.preparation.signed_distance import signed_distance, signed_distances


@pytest.fixture(params=["as on a CPU", "as on a GPU"], autouse=True)
def way(request, monkeypatch):
    monkeypatch.setattr(module, "_counts_starts", lambda squared: request.param == "as on a GPU")
    return request.param


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (3.0, 0.7, 0.7)])
@pytest.mark.parametrize("seed", range(3))
def test_a_batch_agrees_with_one_mask_at_a_time(seed, spacing):
    generator = np.random.default_rng(seed)
    label = np.zeros((2, 12, 14, 13), np.int64)
    label[:, 3:9, 4:11, 3:10] = generator.integers(0, 3, (2, 6, 7, 7))
    truncation = torch.tensor([5.0, 3.0])
    found = signed_distances(torch.from_numpy(label), 2, spacing, truncation, 5.0)
    assert found.shape == (2, 2, 12, 14, 13)
    for sample in range(2):
        for index in range(2):
            expected = signed_distance(label[sample] == index + 1, spacing, float(truncation[index]))
            assert torch.allclose(found[sample, index] * truncation[index], torch.from_numpy(expected), atol=1e-4)


def test_absent_and_filling_segments():
    label = torch.ones(1, 4, 5, 6, dtype=torch.int64)
    found = signed_distances(label, 2, (1.0, 1.0, 1.0), torch.tensor([8.0, 8.0]), 8.0)
    assert (found[:, 0] == -1).all() and (found[:, 1] == 1).all()


def test_flat_patches():
    label = torch.zeros(1, 1, 8, 8, dtype=torch.int64)
    label[..., 3:6, 3:6] = 1
    found = signed_distances(label, 1, (5.0, 1.0, 1.0), torch.tensor([8.0]), 8.0)
    assert found[0, 0, 0, 4, 4] * 8 == pytest.approx(-1.5)


@pytest.mark.parametrize("limit", [2.3, 8.0, 40.0])
@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (3.0, 0.7, 0.7), (0.5, 0.9, 2.0)])
def test_both_ways_give_the_same_numbers(spacing, limit, monkeypatch):
    inside = torch.rand(2, 2, 9, 11, 13, generator=torch.Generator().manual_seed(0)) > 0.97
    found = []
    for few_starts in (False, True):
        monkeypatch.setattr(module, "_counts_starts", lambda squared, few=few_starts: few)
        monkeypatch.setattr(module, "_MOST_IN_WINDOWS", 2**12)
        found.append(module._squared_distance(inside, spacing, limit))
    assert torch.equal(*found)
