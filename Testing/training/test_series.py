"""Folders of DICOM files as hospitals hand them out: the right series is found, and what is wrong with it is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dicomseries import OBLIQUE, series_image, write_enhanced, write_series
from dualtaskseg.io.dicom_series import list_series
from dualtaskseg.io.geometry import geometry_of
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.image_notes import MODALITY_KEY
from dualtaskseg.io.images import read_geometry, read_image


def error_of(folder: Path, uid: str = "") -> ImageError:
    """The error that reading raises; reading the grid alone must raise the same."""
    with pytest.raises(ImageError) as caught:
        read_geometry(folder, uid)
    with pytest.raises(ImageError) as again:
        read_image(folder, uid)
    assert (caught.value.code, str(caught.value)) == (again.value.code, str(again.value))
    assert caught.value.remedy
    assert "Doe" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("modality", ["CT", "MR"])
@pytest.mark.parametrize("orientation", [(1, 0, 0, 0, 1, 0), OBLIQUE, (0, 1, 0, 0, 0, -1)])
def test_slices_by_their_positions(tmp_path, modality, orientation):
    folder = write_series(tmp_path / "ß 空", modality=modality, orientation=orientation)
    image, expected = read_image(folder), series_image(folder)
    assert np.array_equal(sitk.GetArrayFromImage(image), sitk.GetArrayFromImage(expected))
    assert geometry_of(image).same_grid(geometry_of(expected), tolerance=1e-3)
    assert read_geometry(folder).same_grid(geometry_of(image), tolerance=1e-3)
    assert image.GetMetaData(MODALITY_KEY) == modality
    assert image.GetMetaDataKeys() == (MODALITY_KEY,)
    assert (sitk.GetArrayViewFromImage(image).min() < 0) == (modality == "CT")  # its rescale intercept is applied


def test_one_of_several_series_by_its_uid(tmp_path):
    write_series(tmp_path, uid="1.2.3.1", SeriesDescription="thin")
    write_series(tmp_path, (5, 8, 8), uid="1.2.3.2", SeriesDescription="thick")
    assert {series.uid: len(series.files) for series in list_series(tmp_path)} == {"1.2.3.1": 12, "1.2.3.2": 5}
    assert read_image(tmp_path, "1.2.3.2").GetSize() == (8, 8, 5)
    assert read_geometry(tmp_path, "1.2.3.1").size == (16, 20, 12)
    error = error_of(tmp_path)
    assert error.code == "several-series" and "thick, 5 images, 1.2.3.2" in str(error)
    error = error_of(tmp_path, "1.2.3.4")
    assert error.code == "unknown-series" and "thin, 12 images, 1.2.3.1" in str(error)


def test_the_only_series_needs_no_uid_and_must_not_have_another(tmp_path):
    write_series(tmp_path)
    assert read_image(tmp_path, "1.2.3.1").GetSize() == read_image(tmp_path).GetSize()
    assert error_of(tmp_path, "1.2").code == "unknown-series"


def test_a_localizer_series_beside_the_scan(tmp_path):
    write_series(tmp_path)
    write_series(tmp_path, (1, 64, 64), uid="1.2.3.2", orientation=(0, 1, 0, 0, 0, -1), SeriesDescription="Scout")
    assert "Scout, 1 image, 1.2.3.2" in str(error_of(tmp_path))
    assert read_image(tmp_path, "1.2.3.1").GetSize() == (16, 20, 12)
    assert error_of(tmp_path, "1.2.3.2").code == "one-slice"


@pytest.mark.parametrize("shape", [(20, 16), (64, 64)])
def test_localizers_within_the_series(tmp_path, shape):
    write_series(tmp_path)
    write_series(tmp_path / "scouts", (2, *shape), orientation=(0, 1, 0, 0, 0, -1), first=50)
    scouts = [shutil.move(file, tmp_path / f"A{number}") for number, file in enumerate((tmp_path / "scouts").iterdir())]
    (tmp_path / "scouts").rmdir()
    error = error_of(tmp_path)
    assert "do not belong to one volume: 2 of 14 have another size or direction" in str(error)
    assert all(Path(scout).name in str(error) for scout in scouts)  # not one of the scan, though these are read first


def test_one_slice(tmp_path):
    write_series(tmp_path, (1, 20, 16))
    error = error_of(tmp_path)
    assert error.code == "one-slice" and "has a single slice" in str(error)


def test_a_slice_that_is_there_twice(tmp_path):
    write_series(tmp_path)
    file = sorted(tmp_path.iterdir())[3]
    shutil.copy(file, tmp_path / "copy of it")
    error = error_of(tmp_path)
    assert error.code == "copies" and "copy of it" in str(error) and file.name in str(error)


def test_several_volumes_in_one_series(tmp_path):
    write_series(tmp_path)
    write_series(tmp_path, uid="1.2.3.8", SeriesInstanceUID="1.2.3.1")  # a second echo, with instances of its own
    assert "holds 12 images of places that others show" in str(error_of(tmp_path))


def test_a_study_folder_with_series_folders(tmp_path):
    write_series(tmp_path / "study" / "S1")
    write_series(tmp_path / "study" / "deeper" / "S2", uid="1.2.3.2")
    error = error_of(tmp_path / "study")
    assert error.code == "subfolders"
    assert "S1" in str(error) and "S2" in str(error) and "Give the folder of one series" in str(error)


def test_a_series_that_goes_on_in_a_subfolder(tmp_path):
    write_series(tmp_path, (6, 20, 16))
    write_series(tmp_path / "part 2", (6, 20, 16), first=6)
    error = error_of(tmp_path)
    assert error.code == "split-series" and str(tmp_path / "part 2") in str(error)
    shutil.rmtree(tmp_path / "part 2")
    write_series(tmp_path / "another scan", uid="1.2.3.2")
    assert read_image(tmp_path).GetSize() == (16, 20, 6)


def test_no_dicom_at_all(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    error = error_of(tmp_path)
    assert "holds no DICOM scan" in str(error)
    assert error_of(tmp_path / "gone").code == "missing"


@pytest.mark.parametrize(
    ("slopes", "intercepts", "expected"),
    [
        ([1, 1, 0.5, 0.25, 2.5, 1], [0] * 6, [101, 101, 50.5, 25.25, 252.5, 101]),
        ([1] * 6, [0, -100, -200, 0, 5, 0], [101, 1, -99, 101, 106, 101]),
        ([0.5, 1, 1, 1, 1, 2], [0] * 6, [50.5, 101, 101, 101, 101, 202]),
    ],
)
def test_slices_with_a_rescaling_of_their_own(tmp_path, slopes, intercepts, expected):
    """The reading library takes the first slice's type for all of them."""

    def edit(dataset, place):
        dataset.RescaleSlope, dataset.RescaleIntercept = slopes[place], intercepts[place]
        dataset.PixelData = np.full((8, 8), 101, "<u2").tobytes()

    write_series(tmp_path, (6, 8, 8), modality="PT", edit=edit)
    image = read_image(tmp_path)
    assert sitk.GetArrayFromImage(image)[:, 3, 4] == pytest.approx(expected)
    assert image.GetMetaData(MODALITY_KEY) == "PT"


def test_equal_rescaling_keeps_whole_numbers(tmp_path):
    assert read_image(write_series(tmp_path)).GetPixelID() in (sitk.sitkInt16, sitk.sitkInt32)


def test_a_damaged_file_beside_the_chosen_series(tmp_path):
    """It could be one of its slices."""
    write_series(tmp_path)
    write_series(tmp_path, (3, 8, 8), uid="1.2.3.2")
    file = sorted(tmp_path.iterdir())[0]
    file.write_bytes(file.read_bytes()[:200])
    error = error_of(tmp_path, "1.2.3.1")
    assert error.code == "truncated" and file.name in str(error)


@pytest.mark.parametrize("order", [list(range(12)), list(range(11, -1, -1))])
def test_frames_of_one_file(tmp_path, order):
    folder = write_enhanced(tmp_path, order)
    expected = series_image(tmp_path / "slices")
    for place in (folder, folder / "frames.dcm"):
        image = read_image(place)
        placed = sitk.Resample(image, expected, sitk.Transform(), sitk.sitkNearestNeighbor)
        assert np.array_equal(sitk.GetArrayFromImage(placed), sitk.GetArrayFromImage(expected))
        assert image.GetSpacing() == pytest.approx(expected.GetSpacing())
        assert read_geometry(place).same_grid(geometry_of(image), tolerance=1e-3)


@pytest.mark.parametrize("order", [[0, 2, 1, *range(3, 12)], [0, 1, 2, 6, 7, 8, 9], [0, 0, 1, 1, 2, 2], [3, 7, 1, 9]])
def test_frames_that_are_no_regular_volume(tmp_path, order):
    folder = write_enhanced(tmp_path, order)
    for place in (folder, folder / "frames.dcm"):
        assert "are not one volume of evenly spaced slices" in str(error_of(place))
