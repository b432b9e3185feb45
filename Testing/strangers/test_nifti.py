"""NIfTI files with odd headers lie where nibabel says, and what is open about them is said."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg.io.geometry import geometry_of
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.image_notes import assumptions
from dualtaskseg.io.images import read_geometry, read_image
from dualtaskseg.io.writing import write_image
from strangerfiles import AFFINE, RAW, affine_of, array_of, nifti, patched, turned

SHIFTED = turned(10) @ AFFINE
SHIFTED[:3, 3] += (20, 0, 0)


def sheared(by: float) -> np.ndarray:
    affine = AFFINE.copy()
    affine[0, 2] = by
    return affine


@pytest.mark.parametrize("codes", [(q, s) for q in (1, 2, 3) for s in (1, 2, 3, 4)])
@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_two_poses_are_said_and_kept(tmp_path: Path, codes: tuple[int, int], suffix: str):
    """spinalcordtoolbox issue 2106, torchio issue 567, nibabel issue 863: masks lay 35.7 mm beside their scans."""
    path = nifti(tmp_path / f"scan{suffix}", AFFINE, SHIFTED, codes)
    image = read_image(path)
    used, other = ("sform", "qform") if codes[1] == 1 else ("qform", "sform")
    assert np.allclose(affine_of(image), SHIFTED if used == "sform" else AFFINE, atol=1e-4)
    (said,) = assumptions(image)
    assert "holds two poses that differ by up to" in said and f"its {used} is used, not its {other}" in said
    mask = sitk.Cast(image > 700, sitk.sitkUInt8)
    write_image(mask, tmp_path / f"mask{suffix}", scan=path)
    scan, result = nibabel.load(path), nibabel.load(tmp_path / f"mask{suffix}")
    assert np.allclose(result.affine, scan.affine, atol=1e-5)
    assert np.allclose(result.get_qform(), scan.get_qform(), atol=1e-5)
    assert [int(result.header[f"{name}_code"]) for name in ("qform", "sform")] == list(codes)
    assert np.array_equal(np.asanyarray(result.dataobj), RAW.T > 700)
    assert geometry_of(read_image(tmp_path / f"mask{suffix}")).same_grid(geometry_of(image), 1e-3)


@pytest.mark.parametrize("away", [0.0, 0.1, 0.2])
def test_poses_that_differ_by_less_than_a_tenth_of_a_voxel_are_one(tmp_path: Path, away: float):
    """MONAILabel issues 211 and 1407."""
    moved = AFFINE.copy()
    moved[0, 3] += away
    assert len(assumptions(read_image(nifti(tmp_path / "a.nii", AFFINE, moved)))) == (away > 0.125)


@pytest.mark.parametrize("qform", [AFFINE, SHIFTED, np.diag([-1.0, 1, 1, 1]) @ AFFINE])
@pytest.mark.parametrize("sform", [AFFINE, SHIFTED, None, turned(35.0) @ np.diag([2.0, 2, 2, 1]) @ AFFINE])
@pytest.mark.parametrize("codes", [(0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (0, 0)])
def test_the_pose_is_that_of_the_reading_library(tmp_path: Path, qform, sform, codes):
    """SimpleITK and Slicer have to see the scan where it is segmented (MONAILabel issue 1407)."""
    path = nifti(tmp_path / "a.nii", qform, sform if sform is not None else qform)
    patched(path, 252, "<2h", *codes)
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    reader.ReadImageInformation()
    expected = np.eye(4)
    expected[:3, :3] = np.reshape(reader.GetDirection(), (3, 3)) * reader.GetSpacing()
    expected[:3, 3] = reader.GetOrigin()
    image = read_image(path)
    assert np.allclose(affine_of(image), np.diag([-1, -1, 1, 1]) @ expected, atol=1e-4)
    assert read_geometry(path) == geometry_of(image)
    assert bool(assumptions(image)) or np.allclose(affine_of(image), nibabel.load(path).affine, atol=1e-3)


def test_a_header_without_a_pose_is_said(tmp_path: Path):
    """fmriprep and others: what is left is a guess."""
    path = patched(nifti(tmp_path / "a.nii", AFFINE, AFFINE), 252, "<2h", 0, 0)
    assert "does not say how it lies in the body" in assumptions(read_image(path))[0]
    nibabel.save(nibabel.AnalyzeImage(RAW.T, AFFINE), tmp_path / "b.img")
    assert "does not say how it lies in the body" in assumptions(read_image(tmp_path / "b.hdr"))[0]
    assert np.array_equal(array_of(read_image(tmp_path / "b.hdr")), RAW)


@pytest.mark.parametrize("by", [0.002, 0.005, 0.01])
def test_axes_that_are_a_trifle_off(tmp_path: Path, by: float):
    """SimpleITK issue 1452, TotalSegmentator issue 461, nnU-Net issue 2265: no voxel moves by a tenth."""
    path = nifti(tmp_path / "a.nii.gz", None, sheared(by))
    image = read_image(path)
    corner = np.array([[*(n - 1 for n in image.GetSize()), 1], [0, 0, image.GetSize()[2] - 1, 1]]).T
    assert np.abs((affine_of(image) - sheared(by)) @ corner).max() < 0.1 * 1.25
    axes = np.reshape(image.GetDirection(), (3, 3))
    assert np.abs(axes.T @ axes - np.eye(3)).max() < 2e-3
    assert read_geometry(path) == geometry_of(image)


@pytest.mark.parametrize("by", [0.05, 0.4])
def test_sheared_axes_are_refused(tmp_path: Path, by: float):
    """nnU-Net issue 2265; in NRRD, too."""
    with pytest.raises(ImageError, match="not at right angles"):
        read_image(nifti(tmp_path / "a.nii.gz", None, sheared(by * 4)))
    image = read_image(nifti(tmp_path / "b.nii.gz", AFFINE, sheared(by * 4)))
    assert np.allclose(affine_of(image), AFFINE, atol=1e-4)
    assert "its qform is used, not its sform" in assumptions(image)[0]


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["int16", "uint8", "float32", "float64", "int64"])
def test_nifti_2(tmp_path: Path, suffix: str, order: str, kind: str):
    """MIRTK issue 151: NIfTI-2 was "no scan, or of an unknown format"."""
    header = nibabel.Nifti2Header(endianness=order)
    header.set_data_dtype(kind)
    image = nibabel.Nifti2Image((RAW % 200).T.astype(kind), SHIFTED, header, dtype=kind)
    nibabel.save(image, tmp_path / f"a{suffix}")
    found = read_image(tmp_path / f"a{suffix}")
    assert np.array_equal(array_of(found), RAW % 200)
    assert np.allclose(affine_of(found), SHIFTED, atol=1e-5)


def test_results_of_nifti_2_lie_on_their_scans(tmp_path: Path):
    """MIRTK issue 151, spinalcordtoolbox issue 2106: both poses of a NIfTI-2 scan in a NIfTI-1 mask."""
    scan = nibabel.Nifti2Image(RAW.T, AFFINE)
    scan.set_qform(AFFINE, 2)
    scan.set_sform(SHIFTED, 4)
    nibabel.save(scan, tmp_path / "scan.nii.gz")
    image = read_image(tmp_path / "scan.nii.gz")
    write_image(sitk.Cast(image > 700, sitk.sitkUInt8), tmp_path / "mask.nii.gz", scan=tmp_path / "scan.nii.gz")
    mask = nibabel.load(tmp_path / "mask.nii.gz")
    assert isinstance(mask, nibabel.Nifti1Image)
    assert np.allclose(mask.affine, SHIFTED, atol=1e-4) and np.allclose(mask.get_qform(), AFFINE, atol=1e-4)
    assert (int(mask.header["qform_code"]), int(mask.header["sform_code"])) == (2, 4)
    assert np.array_equal(np.asanyarray(mask.dataobj), RAW.T > 700)


@pytest.mark.parametrize(("slope", "intercept"), [(1e38, 0.0), (-3e38, 1.0), (1e37, 3e38)])
def test_slopes_beyond_all_numbers(tmp_path: Path, slope: float, intercept: float):
    """All voxels became infinite, and the scan counted as one in which nothing can be seen."""
    path = patched(nifti(tmp_path / "a.nii", AFFINE, AFFINE), 112, "<2f", slope, intercept)
    with pytest.raises(ImageError, match="scaled"):
        read_image(path)


@pytest.mark.parametrize(
    ("slope", "intercept", "expected"),
    [
        (0.0, 5.0, (1, 0)),
        (0.0, 0.0, (1, 0)),
        (np.nan, 5.0, (1, 0)),
        (np.inf, 0.0, (1, 0)),
        (1.0, np.nan, (1, 0)),
        (2.0, -1024.0, (2, -1024)),
        (0.25, 3.0, (0.25, 3)),
        (1.0, -1024.0, (1, -1024)),
        (-1.0, 0.0, (-1, 0)),
    ],
)
def test_slopes(tmp_path: Path, slope: float, intercept: float, expected: tuple[float, float]):
    """NIfTI.jl issue 14, LAYNII issue 26: with a slope of 0 nothing is scaled, nor is an intercept added."""
    path = patched(nifti(tmp_path / "a.nii", AFFINE, AFFINE), 112, "<2f", slope, intercept)
    assert np.allclose(array_of(read_image(path)), RAW * expected[0] + expected[1])


@pytest.mark.parametrize("offset", [0.0, 348.0, 352.0])
@pytest.mark.parametrize("packed", [True, False])
def test_voxels_whose_offset_is_not_told(tmp_path: Path, offset: float, packed: bool):
    """Voxels were read four bytes early, so two of them came from the header."""
    path = patched(nifti(tmp_path / "a.nii", AFFINE, AFFINE), 108, "<f", offset)
    if packed:
        path = tmp_path / "a.nii.gz"
        path.write_bytes(gzip.compress((tmp_path / "a.nii").read_bytes()))
    assert np.array_equal(array_of(read_image(path)), RAW)


@pytest.mark.parametrize(("unit", "factor"), [("micron", 1e-3), ("meter", 1e3), ("mm", 1.0), (0, 1.0)])
def test_units(tmp_path: Path, unit, factor: float):
    """ANTs issue 1114, ITK pull request 4595."""
    image = nibabel.Nifti1Image(RAW.T, np.diag([1 / factor, 1.5 / factor, 2 / factor, 1]))
    image.header.set_xyzt_units(unit)
    nibabel.save(image, tmp_path / "a.nii")
    assert read_image(tmp_path / "a.nii").GetSpacing() == pytest.approx((1, 1.5, 2))


@pytest.mark.parametrize("at", [256, 268, 272, 280, 292, 320])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30])
def test_positions_that_are_no_numbers(tmp_path: Path, at: int, value: float):
    """A mask with a position that is no number was written, and nothing said."""
    path = patched(nifti(tmp_path / "a.nii", AFFINE, AFFINE), at, "<f", value)
    for read in (read_image, read_geometry):
        with pytest.raises(ImageError) as caught:
            read(path)
        assert caught.value.code == "position" and str(path) in str(caught.value)


def test_more_than_one_value_a_voxel(tmp_path: Path):
    """nnU-Net issue 946 and others: several channels, colors, complex numbers, sequences."""
    for values, code in ((RAW.T.astype(np.complex64), "color"), (np.stack([RAW.T] * 3, -1), "4d")):
        nibabel.save(nibabel.Nifti1Image(values, AFFINE), tmp_path / "a.nii")
        with pytest.raises(ImageError) as caught:
            read_image(tmp_path / "a.nii")
        assert caught.value.code == code
    nibabel.save(nibabel.Nifti1Image(np.stack([RAW.T] * 3, -1)[:, :, :, None], AFFINE), tmp_path / "b.nii")
    with pytest.raises(ImageError, match="3 values for each voxel"):
        read_image(tmp_path / "b.nii")
    assert struct.unpack("<h", (tmp_path / "b.nii").read_bytes()[40:42]) == (5,)
