"""Coarse clinical scans and a fine one with small lesions, brought to one grid."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
from dualtaskseg.cli import main

COARSE, FINE = (2.0, 2.0, 5.0), (0.5, 0.5, 1.0)


def dataset(folder: Path, sides: tuple[int, int, int]) -> Path:
    """Three labeled scans of thick slices, and a fine one with eight lesions of these sides in voxels."""
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True)
    for index in range(4):
        rng = np.random.default_rng(index)
        spacing = FINE if index == 3 else COARSE
        label = np.zeros([int(40 / step) for step in spacing], np.uint8)
        if index == 3:
            for number in range(8):
                x, y, z = int(rng.integers(5, 70)), int(rng.integers(5, 70)), 3 + 4 * number
                label[x : x + sides[0], y : y + sides[1], z : z + sides[2]] = 1
        else:
            label[6:12, 6:12, 3:6] = 1
        affine = np.diag([-spacing[0], -spacing[1], spacing[2], 1])
        image = (100 + 80 * label + rng.normal(0, 8, label.shape)).astype(np.int16)
        nibabel.save(nibabel.Nifti1Image(image, affine), folder / f"images/c{index}.nii.gz")
        nibabel.save(nibabel.Nifti1Image(label, affine), folder / f"labels/c{index}.nii.gz")
    return folder


@pytest.mark.parametrize("sides", [(3, 3, 2), (1, 2, 1)])
def test_lesions_that_vanish_are_told_of(tmp_path: Path, sides: tuple[int, int, int], capsys):
    """nnDetection issue 19: small lesions vanish by resampling and are taught as background."""
    assert main(["check", str(dataset(tmp_path, sides))]) == 0
    printed = capsys.readouterr().out
    assert "of 8 parts of Segment 1 in c3 are lost at 2 x 2 x 5 mm" in printed
    assert "The voxels of the scans differ much" in printed
