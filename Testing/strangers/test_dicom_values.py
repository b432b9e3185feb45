"""The numbers of DICOM files become the intensities that the files tell, or the file is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dualtaskseg.io.dicom_values import DOSE
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.images import read_geometry, read_image
from pydicom.dataset import Dataset
from pydicom.uid import JPEGLSLossless, RLELossless
from strangerfiles import ENHANCED_CT, RAW, SHAPE, array_of, enhanced, film, item, series

VARYING = [(1 + place / 3, -7.0 * place) for place in range(SHAPE[0])]


def times(scales) -> np.ndarray:
    slopes, intercepts = np.array(scales).T
    return RAW * slopes[:, None, None] + intercepts[:, None, None]


@pytest.mark.parametrize("kind", [None, ENHANCED_CT, "1.2.840.10008.5.1.4.1.1.7.3"])
@pytest.mark.parametrize(
    ("scales", "shared"),
    [
        (VARYING, None),
        ([(2.5, -10.0)] * SHAPE[0], None),
        (None, (2.5, -10.0)),
        ([(3.0, 0.0)] * 5 + [None] * 5, (2.0, 1.0)),
        ([(1.0, -1024.0 - place) for place in range(SHAPE[0])], None),
    ],
    ids=["each its own", "the same", "shared", "some their own", "intercepts only"],
)
def test_frames_with_slopes_of_their_own(tmp_path: Path, scales, shared, kind):
    """dcm2niix issues 363 and 853, mrpro pull request 933: a slope for each frame was not applied."""
    path = enhanced(tmp_path / "s" / "a.dcm", scales, shared, **({"kind": kind} if kind else {}))
    told = [scale or shared for scale in scales] if scales else [shared] * SHAPE[0]
    for place in (path, path.parent):
        image = read_image(place)
        assert np.allclose(array_of(image), times(told), rtol=1e-6, atol=1e-3)
        assert image.GetSpacing() == pytest.approx((0.75, 1.25, 3.0))


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless])
@pytest.mark.parametrize("scales", [VARYING, [(2.5, -10.0)] * SHAPE[0]], ids=["each its own", "the same"])
def test_slopes_of_compressed_frames(tmp_path: Path, syntax, scales):
    """dcm2niix issue 363, in files whose pixels are compressed."""

    def grown(whole: Dataset) -> None:  # compressors want some size
        whole.Rows, whole.Columns = 80, 96
        whole.PixelData = np.kron(RAW, np.ones((1, 4, 4), np.int16)).astype("<u2").tobytes()
        whole.compress(syntax, generate_instance_uid=False)

    found = array_of(read_image(enhanced(tmp_path / "a.dcm", scales, edit=grown)))
    assert np.allclose(found[:, ::4, ::4], times(scales), rtol=1e-6, atol=1e-3)


def test_frames_of_which_only_some_tell_their_slope(tmp_path: Path):
    """GDCM pull request 68: what a frame does not tell is not 1."""
    with pytest.raises(ImageError, match="for some of its frames only how their numbers become intensities"):
        read_image(enhanced(tmp_path / "a.dcm", [(2.0, 0.0)] * 5 + [None] * 5))


@pytest.mark.parametrize("bits", [16, 12, 8])
@pytest.mark.parametrize("signed", [0, 1])
@pytest.mark.parametrize(("slope", "intercept"), [(None, None), (1, -1024), (0.5, 3)])
def test_inverted_pixels_keep_their_values(tmp_path: Path, bits: int, signed: int, slope, intercept):
    """SimpleITK issue 1795, scifio issue 311: MONOCHROME1 was turned round within the range of its type."""
    if signed and bits == 12:
        pytest.skip("the reading library refuses these")
    raw = RAW % min(1 << (bits - signed), 1500)
    values = {"BitsAllocated": 8 if bits == 8 else 16, "BitsStored": bits, "HighBit": bits - 1}
    values |= {"PhotometricInterpretation": "MONOCHROME1", "PixelRepresentation": signed}
    folder = series(tmp_path, raw, None, slope, intercept, **values)
    expected = raw * float(slope or 1) + (intercept or 0)
    assert np.allclose(array_of(read_image(folder)), expected)


def test_inverted_slices_with_slopes_of_their_own(tmp_path: Path):
    """monai-deploy-app-sdk issue 282, with a PET's slopes."""

    def edit(one: Dataset, place: int) -> None:
        one.RescaleSlope, one.RescaleIntercept = VARYING[place][0], 0
        one.PhotometricInterpretation = "MONOCHROME1"

    slopes = [(round(slope, 12), 0.0) for slope, _ in VARYING]
    assert np.allclose(array_of(read_image(series(tmp_path, edit=edit))), times(slopes), rtol=1e-4, atol=0.01)


def test_inverted_frames_with_slopes_of_their_own(tmp_path: Path):
    """SimpleITK issue 1795 and dcm2niix issue 363 at once."""
    path = enhanced(tmp_path / "a.dcm", VARYING, PhotometricInterpretation="MONOCHROME1")
    assert np.allclose(array_of(read_image(path)), times(VARYING), rtol=1e-6, atol=1e-3)
    path = enhanced(tmp_path / "b.dcm", PhotometricInterpretation="MONOCHROME1")
    assert np.array_equal(array_of(read_image(path)), RAW)


def test_slices_of_both_kinds_are_no_scan(tmp_path: Path):
    """SimpleITK issue 1795: half of a series inverted gave stripes from 0 to 65535."""

    def edit(one: Dataset, place: int) -> None:
        one.PhotometricInterpretation = f"MONOCHROME{1 + place % 2}"

    series(tmp_path, edit=edit)
    for read in (read_image, read_geometry):
        with pytest.raises(ImageError, match=r"5 of the 10 slices .*MONOCHROME1") as caught:
            read(tmp_path)
        assert caught.value.remedy


@pytest.mark.parametrize("wide", [True, False])
def test_intensities_told_by_a_table(tmp_path: Path, wide: bool):
    """DICOM's Modality LUT Sequence: the table's entries are the intensities, not the numbers that point to them."""

    def edit(one: Dataset, _: int) -> None:
        one.ModalityLUTSequence = item(ModalityLUTType="US")
        one.ModalityLUTSequence[0].add_new("LUTDescriptor", "US", [16, 5, 16 if wide else 8])
        one.ModalityLUTSequence[0].add_new("LUTData", "US", [n * n for n in range(16)])

    folder = series(tmp_path, RAW % 30, edit, None, None, PixelRepresentation=0)
    assert np.array_equal(array_of(read_image(folder)), np.clip(RAW % 30 - 5, 0, 15).astype(float) ** 2)


def test_a_table_and_a_slope_are_refused(tmp_path: Path):
    """The standard allows only one of them; which one counts is nobody's to guess."""

    def edit(one: Dataset, _: int) -> None:
        one.ModalityLUTSequence = item(ModalityLUTType="US")
        one.ModalityLUTSequence[0].add_new("LUTDescriptor", "US", [16, 0, 16])
        one.ModalityLUTSequence[0].add_new("LUTData", "US", list(range(16)))

    with pytest.raises(ImageError, match="in two ways"):
        read_image(series(tmp_path, RAW % 16, edit, 2, 0, PixelRepresentation=0))


@pytest.mark.parametrize(("keyword", "what"), [("EchoTime", "echo times"), ("DiffusionBValue", "diffusion weightings")])
def test_two_volumes_that_interleave_are_no_scan(tmp_path: Path, keyword: str, what: str):
    """dcm2niix issues 168 and 300: slices of two echoes half a step apart looked like one scan of twice the slices."""

    def edit(one: Dataset, place: int) -> None:
        setattr(one, keyword, 10.0 * (1 + place % 2))

    with pytest.raises(ImageError, match=f"2 different {what}"):
        read_image(series(tmp_path, edit=edit))


@pytest.mark.parametrize(("keyword", "values"), [("KVP", (80, 140)), ("ConvolutionKernel", ("B30f", "B70f"))])
def test_slices_of_two_energies_or_kernels_are_no_scan(tmp_path: Path, keyword: str, values: tuple):
    """dcm2niix issues 168 and 300, for CT: intensities changed from slice to slice."""
    with pytest.raises(ImageError, match="so it is no single scan"):
        read_image(series(tmp_path, edit=lambda one, place: setattr(one, keyword, values[place % 2])))


def test_magnitude_and_phase_are_no_scan(tmp_path: Path):
    """dcm2niix issue 168, for MR: two kinds of numbers took turns."""

    def edit(one: Dataset, place: int) -> None:
        one.ImageType = ["ORIGINAL", "PRIMARY", "M_FFE" if place % 2 else "P"]

    with pytest.raises(ImageError, match="such as magnitude and phase"):
        read_image(series(tmp_path, edit=edit, Modality="MR"))


@pytest.mark.parametrize("scale", [(0.0, 5.0), (float("nan"), 0.0), (float("inf"), 0.0)])
def test_slopes_of_frames_that_are_no_numbers_are_refused(tmp_path: Path, scale: tuple[float, float]):
    """NIfTI.jl issue 14, in the groups of frames: voxels became no numbers, or the position was blamed."""
    for read in (read_image, read_geometry):
        with pytest.raises(ImageError, match="as slope and intercept of a frame's intensities"):
            read(enhanced(tmp_path / "a.dcm", [(1.0, 0.0)] * 9 + [scale]))


def test_frames_scaled_by_real_world_values_only_are_refused(tmp_path: Path):
    """dcm2niix issue 363: the one other place where a scanner writes a slope for each frame."""

    def edit(whole: Dataset) -> None:
        for place, frame in enumerate(whole.PerFrameFunctionalGroupsSequence):
            frame.RealWorldValueMappingSequence = item(RealWorldValueSlope=1.0 + place, RealWorldValueIntercept=0.0)

    with pytest.raises(ImageError, match="on 10 different scales"):
        read_image(enhanced(tmp_path / "a.dcm", edit=edit))
    assert np.allclose(
        array_of(read_image(enhanced(tmp_path / "b.dcm", VARYING, edit=edit))), times(VARYING), atol=1e-3
    )


def test_pixels_that_are_floats_are_called_so(tmp_path: Path):
    """A parametric map was said not to tell where its frames lie."""

    def edit(whole: Dataset) -> None:
        for keyword in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
            delattr(whole, keyword)
        whole.BitsAllocated, whole.FloatPixelData = 32, RAW.astype("<f4").tobytes()

    for place in (enhanced(tmp_path / "a.dcm", edit=edit), tmp_path):
        with pytest.raises(ImageError, match="holds floating-point pixels"):
            read_image(place)


@pytest.mark.parametrize("scaling", [0.5, 1e-5])
def test_doses_are_scaled(tmp_path: Path, scaling: float):
    """dcm2niix issue 363, for dose grids: the one number that makes doses of what is stored was passed over."""
    told = {"FrameIncrementPointer": 0x3004000C, "GridFrameOffsetVector": [2.5 * place for place in range(SHAPE[0])]}
    path = film(tmp_path / "a.dcm", DOSE, "RTDOSE", **told, DoseGridScaling=scaling)
    assert np.allclose(array_of(read_image(path)), RAW * scaling)
    with pytest.raises(ImageError, match="does not tell the scale of its doses"):
        read_image(film(tmp_path / "b.dcm", DOSE, "RTDOSE", **told))


@pytest.mark.filterwarnings("ignore:Invalid value")
def test_inverted_pixels_spelled_otherwise(tmp_path: Path):
    """SimpleITK issue 1795: what the reading library does not take for inverted is not to be turned back."""
    folder = series(tmp_path, PhotometricInterpretation="monochrome1")
    assert np.array_equal(array_of(read_image(folder)), RAW - 1024.0)
