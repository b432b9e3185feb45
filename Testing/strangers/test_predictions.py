"""Scans that other tools stumbled over when they were segmented: too small, of absurd voxel sizes, edited results."""

from __future__ import annotations

import sys
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg import cli

sys.path.append(str(Path(__file__).parents[1] / "training"))
from test_predictor import make_model, make_plan


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "model", make_plan())


def scan(path: Path, shape: tuple[int, ...] = (20, 24, 22), spacing: float = 1.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    voxels = np.random.default_rng(0).normal(100, 30, shape).astype(np.float32)
    nibabel.save(nibabel.Nifti1Image(voxels, np.diag([-spacing, -spacing, spacing, 1])), path)
    return path


def predict(*arguments: Path | str) -> int:
    return cli.main(["predict", *map(str, arguments), "--device", "cpu"])


@pytest.mark.parametrize("shape", [(6, 6, 6), (8, 8, 8), (5, 6, 5), (2, 2, 2), (3, 40, 3), (7, 2, 30)])
def test_scans_smaller_than_the_pooling(model, tmp_path, shape):
    """MONAI/tutorials#48, mmsegmentation#272, n2v#114: small scans end in an error of the network's layers."""
    folder, out = tmp_path / "scans", tmp_path / "out"
    for name, each in (("a", (20, 24, 22)), ("b", shape), ("c", (20, 24, 22))):
        scan(folder / f"{name}.nii.gz", each)
    assert predict(model, folder, "--out", out, "--sdm") == 0
    mask, distance = (nibabel.load(out / name) for name in ("b.nii.gz", "b_sdm_Teil 1.nii.gz"))
    assert mask.shape == distance.shape == shape and np.isfinite(distance.get_fdata()).all()
    assert (out / "c.nii.gz").exists()


@pytest.mark.parametrize("spacing", [28.0, 0.02, 0.005, 60.0])
def test_voxel_sizes_in_another_unit(model, tmp_path, capsys, spacing):
    """ANTsPy#514 and others: microns or centimeters taken for millimeters; once a week's work, or an error within."""
    folder, out = tmp_path / "scans", tmp_path / "out"
    scan(folder / "a.nii.gz")
    odd = scan(folder / "b.nii.gz", spacing=spacing)
    assert predict(model, folder, "--out", out) == 2
    error = capsys.readouterr().err
    assert str(odd) in error and f"{spacing:g} x {spacing:g} x {spacing:g} mm" in error and "Traceback" not in error
    assert [path.name for path in out.iterdir()] == ["a.nii.gz"]


@pytest.mark.parametrize("value", [1e300, -1e300, 3.4e38])
def test_values_far_beyond_any_scanner(model, tmp_path, capsys, value):
    """Fill values of other programs once gave an empty mask and "the networks agree to 1.00"."""
    path = tmp_path / "a.nii.gz"
    voxels = np.random.default_rng(0).normal(100, 30, (20, 24, 22))
    voxels[3, 4, 5] = value
    nibabel.save(nibabel.Nifti1Image(voxels, np.eye(4)), path)
    assert predict(model, path, "--out", tmp_path / "out") == 2
    captured = capsys.readouterr()
    assert "absurd intensities" in captured.err and "agree" not in captured.out and not (tmp_path / "out").exists()


def test_a_mask_that_was_corrected_with_another_library(model, tmp_path, capsys):
    """nibabel keeps the header's description, as SimpleITK does; the correction counts, not the description."""
    path, out = scan(tmp_path / "a.nii.gz"), tmp_path / "out"
    assert predict(model, path, "--out", out) == 0
    mask = nibabel.load(out / "a.nii.gz")
    voxels = np.asarray(mask.dataobj).copy()
    voxels[3, 4, 5] ^= 1
    corrected = nibabel.Nifti1Image(voxels, mask.affine, mask.header)
    nibabel.save(corrected, out / "a.nii.gz")
    content = (out / "a.nii.gz").read_bytes()
    assert predict(model, path, "--out", out) == 2
    assert "was changed since" in capsys.readouterr().err and (out / "a.nii.gz").read_bytes() == content


def test_a_mask_that_was_saved_again_unchanged(model, tmp_path):
    """It is still what was written, whoever wrote it last."""
    path, out = scan(tmp_path / "a.nii.gz"), tmp_path / "out"
    assert predict(model, path, "--out", out) == 0
    sitk.WriteImage(sitk.ReadImage(str(out / "a.nii.gz")), str(out / "a.nii.gz"))
    assert predict(model, path, "--out", out) == 0


@pytest.mark.parametrize("kind", ["two poses", "sheared a trifle", "qform only", "sform only"])
def test_results_on_odd_headers_are_known_again(model, tmp_path, kind):
    """Their masks get the scans' own poses (spinalcordtoolbox#2106), which the reading library may refuse."""
    straight = np.array([[-1.1, 0, 0, 5.0], [0, -1.2, 0, 9.0], [0, 0, 1.3, -3.0], [0, 0, 0, 1]])
    other = straight.copy()
    other[:3, 3] += 30.0
    sheared = straight.copy()
    sheared[0, 1] += 1e-3
    voxels = np.random.default_rng(0).normal(100, 30, (20, 24, 22)).astype(np.float32)
    image = nibabel.Nifti1Image(voxels, straight)
    poses = {
        "two poses": ((straight, 1), (other, 2)),
        "sheared a trifle": ((None, 0), (sheared, 1)),
        "qform only": ((straight, 1), (None, 0)),
        "sform only": ((None, 0), (straight, 1)),
    }
    image.set_qform(*poses[kind][0])
    image.set_sform(*poses[kind][1])
    path, out = tmp_path / "a.nii.gz", tmp_path / "out"
    nibabel.save(image, path)
    for _ in range(2):
        assert predict(model, path, "--out", out, "--sdm", "--uncertainty") == 0
    mask = nibabel.load(out / "a.nii.gz")
    voxels = np.asarray(mask.dataobj).copy()
    voxels[3, 4, 5] ^= 1
    nibabel.save(nibabel.Nifti1Image(voxels, None, mask.header), out / "a.nii.gz")
    assert predict(model, path, "--out", out) == 2
