"""The measurement of memory that other tests rely on: it must see what a child takes, and only that."""

from __future__ import annotations

import numpy as np
from childmemory import number_printed_by, only_on_linux

MIB = 2**20


@only_on_linux
def test_a_child_of_a_large_process_is_measured_by_itself():
    ballast = np.ones(200 * MIB, np.uint8)  # which ru_maxrss would hand on to the child
    small = number_printed_by("print(peak_memory())")
    large = number_printed_by("block = b'x' * (60 << 20)\nprint(peak_memory())")
    assert ballast[-1] == 1
    assert small < 60 * MIB
    assert 55 * MIB < large - small < 70 * MIB
