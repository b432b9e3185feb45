"""Boxes round masks, and how often values occur."""

from __future__ import annotations

import numpy as np
import pytest
from dualtaskseg.data.label_arrays import bounding_box, counts_up_to, value_counts


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [(0, 4, np.uint8), (-3, 3, np.int16), (70_000, 70_005, np.int32), (0, 70_000, np.uint32)],
)
def test_every_value_is_counted(low, high, kind):
    label = np.random.default_rng(0).integers(low, high, (5, 6, 7)).astype(kind)
    values, counts = np.unique(label, return_counts=True)
    assert value_counts(label) == dict(zip(values.tolist(), counts.tolist(), strict=True))
    assert list(value_counts(label)) == values.tolist()


def test_values_that_do_not_occur_count_nothing():
    label = np.zeros((2, 3, 4), np.uint8)
    label[1, 1, 1] = 2
    assert counts_up_to(label, 3).tolist() == [23, 0, 1, 0]
    assert value_counts(label) == {0: 23, 2: 1}


def test_a_box_is_as_small_as_can_be():
    mask = np.zeros((6, 7, 8), bool)
    assert bounding_box(mask) is None
    mask[2, 3, 4] = mask[4, 3, 7] = True
    assert bounding_box(mask) == (slice(2, 5), slice(3, 4), slice(4, 8))
    assert bounding_box(mask[2]) == (slice(3, 4), slice(4, 5))
