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


def test_a_broken_scan_hides_no_lost_lesions(tmp_path: Path, capsys):
    """The same, with another fault in the list: it was told only after that one was put right."""
    folder = dataset(tmp_path, (1, 2, 1))
    (folder / "images" / "c0.nii.gz").write_bytes(b"")
    assert main(["check", str(folder)]) == 2
    printed = capsys.readouterr().out
    assert "of 8 parts of Segment 1 in c3 are lost" in printed and "c0.nii.gz is empty" in printed


def test_a_thin_sheet_that_grows_is_told_of(tmp_path: Path, capsys):
    """The same, of a structure that is not lost but becomes five times as thick: only the report said so."""
    folder = dataset(tmp_path, (3, 3, 2))
    label = nibabel.load(folder / "labels" / "c3.nii.gz")
    sheet = np.zeros(label.shape, np.uint8)
    sheet[10:60, 10:60, 17] = 1
    nibabel.save(nibabel.Nifti1Image(sheet, label.affine), folder / "labels" / "c3.nii.gz")
    assert main(["check", str(folder)]) == 0
    assert "The volume of Segment 1 in c3 changes from 625 to" in capsys.readouterr().out
