"""Segmenting what strangers bring: the mask lies on its scan in every program, and what was assumed is said."""

from __future__ import annotations

import os
from pathlib import Path

import nibabel
import numpy as np
import pytest
from dualtaskseg import cli
from strangerfiles import AFFINE, CT, RAW, film, nifti, series, turned


def predict(*arguments: Path | str) -> int:
    return cli.main(["predict", *map(str, arguments), "--device", "cpu"])


def test_masks_lie_on_scans_with_two_poses(model: Path, tmp_path: Path, capsys):
    """spinalcordtoolbox issue 2106, torchio issue 567: masks lay 35.7 mm beside their scans, and nothing was said."""
    other = turned(10) @ AFFINE
    other[:3, 3] += (20, 0, 0)
    sheared = AFFINE.copy()
    sheared[0, 2] = 0.004
    in_microns = np.vstack([AFFINE[:3] * 1000, AFFINE[3:]])
    micron = nibabel.Nifti1Image(RAW.T, in_microns)
    micron.set_sform(in_microns, 2)
    micron.set_qform(in_microns, 1)
    micron.header.set_xyzt_units("micron")
    scans = tmp_path / "scans"
    for name, poses, codes in (
        ("q1_s2", (AFFINE, other), (1, 2)),
        ("q1_s1", (AFFINE, other), (1, 1)),
        ("q2_s4", (AFFINE, other), (2, 4)),
        ("s_only", (None, other), (0, 2)),
        ("q_only", (other, None), (3, 0)),
        ("sheared", (None, sheared), (0, 1)),
    ):
        nifti(scans / f"{name}.nii.gz", *poses, codes)
    for _ in range(2):  # once more over its own results, which it has to know again
        assert predict(model, scans, "--out", tmp_path / "masks", "--sdm") == 0
    said = capsys.readouterr().err
    for name in ("q1_s2", "q1_s1", "q2_s4"):
        assert f"Warning: {name}: the scan holds two poses that differ by up to" in said
    assert "Warning: s_only" not in said and "Warning: q_only" not in said
    for scan_file in scans.iterdir():
        scan = nibabel.load(scan_file)
        results = [tmp_path / "masks" / scan_file.name, *(tmp_path / "masks").glob(f"{scan_file.name[:-7]}_sdm_*")]
        assert len(results) == 2
        for file in results:
            mask = nibabel.load(file)
            assert mask.shape == scan.shape
            assert np.allclose(mask.affine, scan.affine, atol=1e-4)
            assert int(mask.header["sform_code"]) == int(scan.header["sform_code"])
            if scan_file.name != "sheared.nii.gz":
                assert int(mask.header["qform_code"]) == int(scan.header["qform_code"])
                assert np.allclose(mask.get_qform(), scan.get_qform(), atol=1e-4)
    nibabel.save(micron, tmp_path / "micron.nii")
    assert predict(model, tmp_path / "micron.nii", "--out", tmp_path / "m") == 0
    mask = nibabel.load(tmp_path / "m" / "micron.nii.gz")
    assert np.allclose(mask.affine, AFFINE, atol=1e-3) and np.allclose(mask.get_qform(), AFFINE, atol=1e-3)
    assert mask.header.get_xyzt_units()[0] == "mm"


@pytest.mark.skipif(os.name != "posix", reason="needs links and pipes")
def test_a_folder_of_odd_files(model: Path, tmp_path: Path, capsys):
    """bids-validator issue 1050 and others: each bad one is named, and the good one is segmented."""
    scans = tmp_path / "scans"
    nifti(scans / "good.nii.gz", AFFINE, AFFINE)
    (scans / "annex.nii.gz").symlink_to("../.git/annex/objects/aa/bb/MD5E-s100--0.nii.gz")
    (scans / "loop.nii.gz").symlink_to("loop.nii.gz")
    (scans / "lfs.nii.gz").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 100\n")
    os.mkfifo(scans / "pipe.nii.gz")
    film(tmp_path / "film.dcm", "1.2.840.10008.5.1.4.1.1.3.1", "US", FrameTime=33.3)
    film(tmp_path / "dental.dcm", CT, "CT", SliceThickness=0.3)
    (scans / os.fsdecode(b"caf\xe9.nii")).write_bytes(nifti(tmp_path / "a.nii", AFFINE, AFFINE).read_bytes())
    assert predict(model, scans, tmp_path / "film.dcm", tmp_path / "dental.dcm", "--out", tmp_path / "masks") == 2
    assert [path.name for path in (tmp_path / "masks").iterdir()] == ["good.nii.gz"]
    told = capsys.readouterr().err
    assert "7 of 8 scans could not be segmented" in told
    for part in (
        *("annex.nii.gz is a link that leads nowhere", "loop.nii.gz is a link that leads nowhere"),
        *("lfs.nii.gz is only a placeholder of Git LFS", "pipe.nii.gz is no file but a named pipe"),
        *("film.dcm is a film", "dental.dcm does not tell how far its 10 slices lie apart", "is not UTF-8"),
    ):
        assert part in told


def test_a_folder_with_slices_and_other_files(model: Path, tmp_path: Path):
    """The same: a NIfTI file beside the slices of a series was left out, and nothing was said."""
    nifti(series(tmp_path / "scans") / "other.nii.gz", AFFINE, AFFINE)
    assert predict(model, tmp_path / "scans", "--out", tmp_path / "masks") == 0
    assert sorted(path.name for path in (tmp_path / "masks").iterdir()) == ["other.nii.gz", "scans.nii.gz"]


def test_a_scan_that_is_not_in_hounsfield_units(ct_model: Path, tmp_path: Path, capsys):
    """TotalSegmentator issues 130 and 455: a model for CT on other numbers gives bad masks without a word."""
    series(tmp_path / "ct")
    series(tmp_path / "raw", intercept=0)
    assert predict(ct_model, tmp_path / "ct", tmp_path / "raw", "--out", tmp_path / "masks") == 0
    said = capsys.readouterr().err
    assert "Warning: raw: the scan does not seem to be in Hounsfield units, which this model needs" in said
    assert "Warning: ct" not in said
