"""Signed distances and uncertainty as DICOM parametric maps."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from dicomseries import (
    DCMQI,
    OBLIQUE,
    dciodvfy,
    needs_dciodvfy,
    needs_dcmqi,
    save_like,
    series_image,
    slices_in_order,
    write_enhanced,
    write_series,
)
from dualtaskseg.contract.segment import Segment
from dualtaskseg.dicom.derived_object import ExportOptions
from dualtaskseg.dicom.parametric_map import SIGNED_DISTANCE, UNCERTAINTY, export_map
from dualtaskseg.dicom.readback import verify_map
from dualtaskseg.dicom.source_series import read_source
from dualtaskseg.errors import DualTaskSegError, InputError

KIDNEY = Segment("Kidney", 1, (1, 2, 3), "c~SCT^123037004^Anatomical Structure~SCT^64033007^Kidney~SCT^7771000^Left")


def distances(shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(1).normal(0, 9, shape).astype(np.float32)


@pytest.mark.parametrize("kind", [SIGNED_DISTANCE, UNCERTAINTY])
@pytest.mark.parametrize(
    "values", [{}, {"orientation": OBLIQUE, "modality": "MR", "shape": (9, 13, 11)}, {"sparse": True, "modality": "MR"}]
)
@needs_dciodvfy
@needs_dcmqi
def test_validators_and_other_readers(tmp_path, kind, values):
    series = write_series(tmp_path / "series", **values)
    image = series_image(series)
    array = distances(image.GetSize()[::-1])
    array = array if kind == SIGNED_DISTANCE else np.abs(array) / np.abs(array).max()
    out = export_map(save_like(array, image, tmp_path / "map.nii.gz"), kind, series, tmp_path / "map.dcm", KIDNEY)
    assert dciodvfy(out) == []
    check_with_dcmqi(out, image, array, tmp_path / "dcmqi")
    dataset = pydicom.dcmread(out)
    slices = slices_in_order(series)
    read = np.frombuffer(dataset.FloatPixelData, "<f4").reshape(array.shape)
    for frame, header, voxels in zip(dataset.PerFrameFunctionalGroupsSequence, slices, read, strict=True):
        assert frame.PlanePositionSequence[0].ImagePositionPatient == pytest.approx(header.ImagePositionPatient)
        assert np.array_equal(voxels, array[slices.index(header)])
    mapping = dataset.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
    unit = mapping.MeasurementUnitsCodeSequence[0]
    assert (unit.CodingSchemeDesignator, unit.CodeValue) == ("UCUM", "mm" if kind == SIGNED_DISTANCE else "1")
    assert (mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept) == (1, 0)
    assert mapping.DoubleFloatRealWorldValueFirstValueMapped == pytest.approx(float(array.min()))
    assert dataset.FrameOfReferenceUID == slices[0].FrameOfReferenceUID
    assert dataset.StudyInstanceUID == slices[0].StudyInstanceUID
    assert ("Kidney" in dataset.SeriesDescription) == (kind == SIGNED_DISTANCE)


def check_with_dcmqi(file: Path, like: sitk.Image, array: np.ndarray, folder: Path) -> None:
    folder.mkdir()
    command = [DCMQI / "paramap2itkimage", "--inputDICOM", file, "--outputDirectory", folder, "-t", "nrrd"]
    subprocess.run([str(part) for part in command], capture_output=True, check=True)
    image = sitk.ReadImage(str(folder / "pmap.nrrd"))
    assert np.array_equal(sitk.GetArrayFromImage(image), array)
    assert image.GetOrigin() == pytest.approx(like.GetOrigin(), abs=1e-3)
    assert image.GetSpacing() == pytest.approx(like.GetSpacing(), rel=1e-4)
    assert image.GetDirection() == pytest.approx(like.GetDirection(), abs=1e-4)


@needs_dciodvfy
@needs_dcmqi
def test_real_series(real_data, tmp_path):
    series = real_data / "dicom" / "brain_t1post_oblique"
    image = series_image(series)
    array = distances(image.GetSize()[::-1])
    path = save_like(array, image, tmp_path / "map.nii.gz")
    out = export_map(path, SIGNED_DISTANCE, series, tmp_path / "map.dcm")
    assert dciodvfy(out) == []
    check_with_dcmqi(out, image, array, tmp_path / "dcmqi")


@needs_dciodvfy
@needs_dcmqi
@pytest.mark.parametrize("order", [list(range(12)), list(range(11, -1, -1))])
def test_frames_of_one_file(tmp_path, order):
    series = write_enhanced(tmp_path, order)
    image = series_image(tmp_path / "slices")
    array = distances((12, 20, 16))
    out = export_map(save_like(array, image, tmp_path / "m.nrrd"), SIGNED_DISTANCE, series, tmp_path / "map.dcm")
    assert dciodvfy(out) == []
    check_with_dcmqi(out, image, array, tmp_path / "dcmqi")


def test_where_in_the_body(tmp_path):
    series = write_series(tmp_path / "series")
    path = save_like(distances((12, 20, 16)), series_image(series), tmp_path / "map.nrrd")
    mass = Segment(
        "Mass", 2, (1, 2, 3), "c~SCT^49755003^Abnormal~SCT^4147007^Mass~^^~r~SCT^64033007^Kidney~SCT^24028007^Right"
    )
    for segment, region, side in ((KIDNEY, "64033007", "L"), (mass, "64033007", "R"), (None, "85756007", "U")):
        out = export_map(path, SIGNED_DISTANCE, series, tmp_path / f"{side}.dcm", segment)
        anatomy = pydicom.dcmread(out).SharedFunctionalGroupsSequence[0].FrameAnatomySequence[0]
        assert (anatomy.AnatomicRegionSequence[0].CodeValue, anatomy.FrameLaterality) == (region, side)


def test_reading_back_notices_changes(tmp_path):
    series = write_series(tmp_path / "series")
    array = distances((12, 20, 16))
    path = save_like(array, series_image(series), tmp_path / "map.nrrd")
    out = export_map(path, SIGNED_DISTANCE, series, tmp_path / "map.dcm")
    source = read_source(series)
    assert verify_map(out, source, array) == 12
    changed = array.copy()
    changed[3, 4, 5] += 1e-3
    for other in (changed, array[::-1]):
        with pytest.raises(DualTaskSegError, match="holds other values"):
            verify_map(out, source, other)


def test_what_is_refused(tmp_path):
    series = write_series(tmp_path / "series")
    image = series_image(series)
    array = distances((12, 20, 16))
    good = save_like(array, image, tmp_path / "good.nrrd")
    array[1, 2, 3] = np.inf
    bad = save_like(array, image, tmp_path / "bad.nrrd")
    small = save_like(array[:5], image[:, :, :5], tmp_path / "small.nrrd")
    for path, words in ((bad, "not finite"), (small, "16x20x5 voxels"), (tmp_path / "gone.nrrd", "does not exist")):
        with pytest.raises(InputError, match=words):
            export_map(path, SIGNED_DISTANCE, series, tmp_path / "out" / "x.dcm")
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
    out = export_map(good, UNCERTAINTY, series, tmp_path / "x.dcm")
    with pytest.raises(InputError, match="exists already"):
        export_map(good, UNCERTAINTY, series, out)
    with pytest.raises(InputError, match="would overwrite the input"):
        export_map(good, UNCERTAINTY, series, good, options=ExportOptions(overwrite=True))
