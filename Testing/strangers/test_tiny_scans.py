"""Scans of a few voxels are planned for, or refused, before the training, never after its last step."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
from dualtaskseg.cli import main

pytestmark = pytest.mark.usefixtures("narrow_networks")


def write(folder: Path, size: tuple[int, int, int], spacing: tuple[float, float, float]) -> Path:
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True)
    label = np.zeros(size, np.uint8)
    label[tuple(slice(side // 4, side // 4 + max(1, side // 3)) for side in size)] = 1
    affine = np.diag([-spacing[0], -spacing[1], spacing[2], 1])
    for index in range(3):
        image = (np.random.default_rng(index).normal(100, 9, size) + 60 * label).astype(np.int16)
        nibabel.save(nibabel.Nifti1Image(image, affine), folder / f"images/c{index}.nii.gz")
        if index < 2:
            nibabel.save(nibabel.Nifti1Image(label, affine), folder / f"labels/c{index}.nii.gz")
    return folder


@pytest.mark.parametrize(
    ("size", "spacing"),
    [
        ((8, 8, 8), (1.0, 1.0, 1.0)),
        ((5, 6, 5), (1.0, 1.0, 1.0)),
        ((2, 3, 2), (1.0, 1.0, 1.0)),
        ((6, 6, 2), (1, 1, 6.0)),
    ],
)
def test_tiny_crops_train_and_are_segmented(tmp_path: Path, size, spacing):
    """MONAI tutorials issue 48, mmsegmentation issue 272, n2v issue 114: scans smaller than a network's pooling."""
    folder = write(tmp_path / "data", size, spacing)
    run, out = tmp_path / "run", tmp_path / "masks"
    assert main(["train", str(folder), "--out", str(run), "--iterations", "2", "--device", "cpu"]) == 0
    assert (run / "model" / "model.json").is_file() and (run / "report.html").is_file()
    assert main(["predict", str(run), str(folder / "images"), "--out", str(out), "--device", "cpu"]) == 0
    for index in range(3):
        assert nibabel.load(out / f"c{index}.nii.gz").shape == size
