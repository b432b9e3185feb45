"""A file of many frames is a scan only if it tells that they lie side by side in space, and how far apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dualtaskseg.io.geometry import geometry_of
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.image_notes import assumptions
from dualtaskseg.io.images import read_geometry, read_image
from pydicom.dataset import Dataset
from strangerfiles import CT, MR, ORIGIN, RAW, SHAPE, STEP, array_of, enhanced, film, item, series

SIZES = {"PixelSpacing": [0.3, 0.3], "SliceThickness": 0.3}
NO_PLACE: dict[str, Any] = {"ImageOrientationPatient": None, "ImagePositionPatient": None}
ULTRASOUND, ANGIOGRAPHY, FLUOROSCOPY = (f"1.2.840.10008.5.1.4.1.1.{kind}" for kind in ("3.1", "12.1", "12.2"))
GRAY_FILM, NUCLEAR, DOSE = (f"1.2.840.10008.5.1.4.1.1.{kind}" for kind in ("7.3", "20", "481.2"))


def refused(path: Path) -> ImageError:
    """The error that the file and its folder, and reading the grid alone, all raise."""
    errors = []
    for read in (read_image, read_geometry):
        for place in (path, path.parent):
            with pytest.raises(ImageError) as caught:
                read(place)
            errors.append(caught.value)
    assert len({error.code for error in errors}) == 1
    assert all(error.remedy and "Doe" not in str(error) for error in errors)
    return errors[0]


def test_a_dental_scan_that_tells_its_thickness_only(tmp_path: Path):
    """Slicer issues 7496 and 6773: 0.3 mm slices were taken for 1 mm. How thick they are isn't how far apart."""
    error = refused(film(tmp_path / "s" / "a.dcm", CT, "CT", **SIZES))
    assert error.code == "spacing-unknown"
    assert "how far its 10 slices lie apart, only that each is 0.3 mm thick" in str(error)


@pytest.mark.parametrize("kind", [CT, GRAY_FILM, NUCLEAR])
@pytest.mark.parametrize("distance", [0.3, 0.45])
def test_a_dental_scan_that_tells_its_distance(tmp_path: Path, kind: str, distance: float):
    """Slicer issue 7496: what is told is taken, whatever kind of object tells it."""
    path = film(tmp_path / "s" / "a.dcm", kind, "CT", SpacingBetweenSlices=distance, **SIZES)
    for place in (path, path.parent):
        image = read_image(place)
        assert image.GetSpacing() == pytest.approx((0.3, 0.3, distance))
        assert read_geometry(place).spacing == pytest.approx((0.3, 0.3, distance))
        assert np.array_equal(array_of(image), RAW)
        assert not assumptions(image)


def test_a_dental_scan_that_does_not_tell_how_it_lies(tmp_path: Path):
    """Slicer issue 6773: it is read, and what is assumed of its axes is said."""
    path = film(tmp_path / "s" / "a.dcm", CT, "CT", SpacingBetweenSlices=0.3, **SIZES, **NO_PLACE)
    assert "does not say how it lies in the body" in assumptions(read_image(path))[0]


def test_pixels_of_an_unknown_size(tmp_path: Path):
    """Slicer issue 7496, across the slices."""
    path = film(tmp_path / "s" / "a.dcm", CT, "CT", SpacingBetweenSlices=0.3, PixelSpacing=None)
    assert "does not tell the size of its pixels" in str(refused(path))


@pytest.mark.parametrize(
    ("kind", "modality", "values"),
    [
        (ULTRASOUND, "US", {"FrameTime": 33.3, "FrameIncrementPointer": 0x00181063, "PixelSpacing": None}),
        (ULTRASOUND, "US", {"SpacingBetweenSlices": 0.5}),
        (ANGIOGRAPHY, "XA", {"FrameTime": 66.0, "ImagerPixelSpacing": [0.3, 0.3], "PixelSpacing": None}),
        (ANGIOGRAPHY, "XA", {"SpacingBetweenSlices": 0.5}),
        (FLUOROSCOPY, "RF", {"SpacingBetweenSlices": 1.0}),
        (GRAY_FILM, "OT", {"FrameTime": 40.0, "SpacingBetweenSlices": 1.0}),
        (GRAY_FILM, "OT", {"FrameIncrementPointer": 0x00181063, "SpacingBetweenSlices": 1.0}),
        (GRAY_FILM, "OT", {"FrameTimeVector": [0.0] + [40.0] * 9, "SpacingBetweenSlices": 1.0}),
        (NUCLEAR, "NM", {"FrameIncrementPointer": [0x00540010, 0x00540020], "SpacingBetweenSlices": 4.0}),
        (CT, "CT", {"FrameIncrementPointer": 0x00181065, "SpacingBetweenSlices": 1.0}),
    ],
)
def test_films_are_no_scans(tmp_path: Path, kind: str, modality: str, values: dict[str, Any]):
    """bioformats pull request 4167, Seg3D issue 303: frames in time became slices of 1 mm, and 9.4 mL of an organ."""
    error = refused(film(tmp_path / "s" / "a.dcm", kind, modality, **values, **NO_PLACE))
    assert error.code == "film"
    assert "is a film: its 10 images follow each other in time" in str(error)


def test_nuclear_slices_counted_along_space(tmp_path: Path):
    """The same reports: frames that are counted along slices are side by side."""
    path = film(tmp_path / "a.dcm", NUCLEAR, "NM", FrameIncrementPointer=0x00540080, SpacingBetweenSlices=4.0, **SIZES)
    assert read_image(path).GetSpacing()[2] == pytest.approx(4.0)


@pytest.mark.parametrize(("offsets", "good"), [(2.5 * np.arange(10), True), (np.arange(10) ** 1.5, False)])
def test_a_dose_grid(tmp_path: Path, offsets: np.ndarray, good: bool):
    """Slicer issue 7496, for the other way of telling distances."""
    values = {"FrameIncrementPointer": 0x3004000C, "GridFrameOffsetVector": [round(float(z), 4) for z in offsets]}
    path = film(tmp_path / "s" / "a.dcm", DOSE, "RTDOSE", **values, DoseGridScaling=1.0)
    if good:
        assert read_image(path).GetSpacing()[2] == pytest.approx(2.5)
    else:
        assert refused(path).code == "geometry"


@pytest.mark.parametrize(
    "positions",
    [
        [3.0 * place for place in (3, 1, 4, 0, 5, 9, 2, 6, 8, 7)],
        [3.0 * place + (place > 4) for place in range(10)],
        [3.0 * (place // 2) for place in range(10)],
    ],
    ids=["shuffled", "uneven", "twice"],
)
def test_frames_at_other_places_than_told(tmp_path: Path, positions: list[float]):
    """dcm2niix issue 168: the reading library takes frames as they come."""
    assert refused(enhanced(tmp_path / "s" / "a.dcm", positions=positions)).code == "geometry"


@pytest.mark.parametrize("kind", [CT, "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.128"])
def test_slices_lie_where_they_say_whatever_kind_of_object_they_are(tmp_path: Path, kind: str):
    """dcm2niix issue 300, Slicer issue 6773: the reading library takes secondary captures to have pixels of 1 mm."""
    turned = [0, 1, 0, 0, 0, -1]
    place = [[ORIGIN[0] - STEP * index, *ORIGIN[1:].tolist()] for index in range(10)]

    def edit(one: Dataset, index: int) -> None:
        one.SOPClassUID = one.file_meta.MediaStorageSOPClassUID = kind
        one.ImageOrientationPatient, one.ImagePositionPatient = turned, place[index]

    image = read_image(series(tmp_path, edit=edit))
    assert image.GetSpacing() == pytest.approx((0.75, 1.25, 3.0))
    assert image.GetOrigin() == pytest.approx(place[0])
    assert image.GetDirection() == pytest.approx((0, 0, -1, 1, 0, 0, 0, -1, 0))
    assert np.array_equal(array_of(image), RAW - 1024.0)


def test_a_segmentation_is_no_scan(tmp_path: Path):
    """DICOM-SEG given as a scan or as a label: said what it is, and what to do."""
    path = enhanced(tmp_path / "s" / "a.dcm", kind="1.2.840.10008.5.1.4.1.1.66.4")
    error = refused(path)
    assert error.code == "no-scan"
    assert "a DICOM segmentation" in str(error) and "save it as .seg.nrrd or .nii.gz" in str(error)


def test_pixels_that_are_not_all_there(tmp_path: Path):
    """TotalSegmentator issue 24, in a file that says itself how long it is."""

    def short(whole: Dataset) -> None:
        whole.PixelData = whole.PixelData[: len(whole.PixelData) // 2]

    assert refused(enhanced(tmp_path / "s" / "a.dcm", edit=short)).code == "truncated"
    folder = series(tmp_path / "t", edit=lambda one, _: setattr(one, "Rows", 40))
    with pytest.raises(ImageError, match="cut short or damaged"):
        read_image(folder)
    assert SHAPE[0] == 10


# --- what an enhanced file lacks


def without_positions(whole: Dataset) -> None:
    for frame in whole.PerFrameFunctionalGroupsSequence:
        del frame.PlanePositionSequence
    without_direction(whole)


def without_direction(whole: Dataset) -> None:
    del whole.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence


def without_one_position(whole: Dataset) -> None:
    del whole.PerFrameFunctionalGroupsSequence[3].PlanePositionSequence


def without_pixel_size(whole: Dataset) -> None:
    del whole.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (without_positions, "does not tell the position of its 10 frames"),
        (without_direction, "does not tell the direction of its 10 frames"),
        (without_one_position, "does not tell the position of 1 of its 10 frames"),
        (without_pixel_size, "does not tell the size of the pixels of its 10 frames"),
    ],
)
def test_what_frames_lack_is_named(tmp_path: Path, edit, words: str):
    """A folder with such a file was called damaged, the file uneven."""
    error = refused(enhanced(tmp_path / "s" / "a.dcm", edit=edit))
    assert words in error.what and "damaged" not in str(error)


# --- frames that are not one volume, and what is assumed of those that may be


def each(frame_group: str, **values: Any):
    """Gives every second frame the one value, the others the other."""

    def edit(whole: Dataset) -> None:
        for place, frame in enumerate(whole.PerFrameFunctionalGroupsSequence):
            setattr(frame, frame_group, item(**{keyword: pair[place % 2] for keyword, pair in values.items()}))

    return edit


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (each("MREchoSequence", EffectiveEchoTime=(10.0, 20.0)), "2 different echo times"),
        (each("MRDiffusionSequence", DiffusionBValue=(0.0, 1000.0)), "2 different diffusion weightings"),
        (each("FrameContentSequence", TemporalPositionIndex=(1, 2)), "2 different times"),
        (each("MRImageFrameTypeSequence", ComplexImageComponent=("PHASE", "MAGNITUDE")), "2 different kinds"),
        (each("PlanePositionSequence", ImagePositionPatient=([0, 0, 3], [0, 0, 3])), "holds 10 frames of one place"),
    ],
)
def test_frames_of_two_volumes_that_interleave_are_no_scan(tmp_path: Path, edit, words: str):
    """dcm2niix issues 168 and 300, in one file: they passed for one scan of twice the slices."""
    error = refused(enhanced(tmp_path / "s" / "a.dcm", edit=edit))
    assert error.code == "geometry" and words in str(error)


@pytest.mark.parametrize(
    "values",
    [
        {"NumberOfTemporalPositions": 10},
        {"CardiacNumberOfImages": 10},
        {"SOPClassUID": NUCLEAR, "ImageType": ["ORIGINAL", "PRIMARY", "DYNAMIC", "EMISSION"]},
        {"SOPClassUID": NUCLEAR, "ImageType": ["ORIGINAL", "PRIMARY", "TOMO", "EMISSION"]},
    ],
)
def test_films_that_tell_a_distance_of_slices(tmp_path: Path, values: dict[str, Any]):
    """Seg3D issue 303: hearts in motion and views from many sides, in files that tell no time of a frame."""
    assert refused(film(tmp_path / "s" / "a.dcm", MR, "MR", SpacingBetweenSlices=1.0, **values)).code == "film"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"RecommendedDisplayFrameRate": 25}, "how fast its frames are to be shown"),
        ({"GantryDetectorTilt": 20.0}, "tilted by 20 degrees"),
    ],
)
def test_what_is_assumed_of_frames_without_positions_is_said(tmp_path: Path, values: dict[str, Any], words: str):
    """Slicer issue 6773: they were taken for straight slices in silence."""
    path = film(tmp_path / "a.dcm", CT, "CT", SpacingBetweenSlices=0.3, **SIZES, **values)
    (said,) = assumptions(read_image(path))
    assert words in said


def test_slices_that_lie_against_their_normal(tmp_path: Path):
    """Nuclear medicine writes a negative distance there: without its sign, the scan was read upside down."""
    path = film(tmp_path / "s" / "a.dcm", NUCLEAR, "NM", SpacingBetweenSlices=-3.0)
    for read in (lambda place: geometry_of(read_image(place)), read_geometry):
        for place in (path, path.parent):
            assert read(place).spacing[2] == 3.0 and read(place).direction[8] == -1.0
    error = refused(film(tmp_path / "t" / "a.dcm", CT, "CT", SpacingBetweenSlices=-3.0))  # elsewhere it means nothing
    assert error.code == "spacing" and "-3 mm" in str(error)


@pytest.mark.parametrize(("locations", "good"), [(0.3 * np.arange(10), True), (np.arange(10) ** 1.5, False)])
def test_frames_counted_along_their_locations(tmp_path: Path, locations: np.ndarray, good: bool):
    """Slicer issue 7496, for the vector that secondary captures have: it is no time."""
    values = {"FrameIncrementPointer": 0x00182005, "SliceLocationVector": [round(float(z), 4) for z in locations]}
    path = film(tmp_path / "s" / "a.dcm", GRAY_FILM, "CT", **values, **SIZES)
    if good:
        assert read_image(path).GetSpacing()[2] == pytest.approx(0.3)
    else:
        assert refused(path).code == "geometry"


def test_frames_without_positions_lie_as_their_groups_say(tmp_path: Path):
    """Slicer issue 6773: the direction was there, and the patient's axes were assumed."""

    def edit(whole: Dataset) -> None:
        for frame in whole.PerFrameFunctionalGroupsSequence:
            del frame.PlanePositionSequence
        whole.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient = [
            0,
            1,
            0,
            0,
            0,
            -1,
        ]

    image = read_image(enhanced(tmp_path / "a.dcm", edit=edit))
    assert image.GetDirection() == pytest.approx((0, 0, -1, 1, 0, 0, 0, -1, 0)) and not assumptions(image)
