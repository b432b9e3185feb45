"""DICOM segmentations: what stands in them, what validators and other readers say, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import highdicom
import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from childmemory import number_printed_by, only_on_linux
from dicomseries import (
    OBLIQUE,
    compressed_by_gdcm,
    dciodvfy,
    needs_dciodvfy,
    needs_dcmqi,
    save_like,
    segments_by_dcmqi,
    series_image,
    slices_in_order,
    write_enhanced,
    write_series,
)
from dualtaskseg.contract.segment import Segment
from dualtaskseg.dicom.derived_object import source_headers
from dualtaskseg.dicom.export_report import ExportReport
from dualtaskseg.dicom.label_input import read_masks
from dualtaskseg.dicom.readback import verify_segmentation
from dualtaskseg.dicom.segmentation import ExportOptions, export_segmentation, preflight
from dualtaskseg.dicom.source_series import read_source
from dualtaskseg.errors import DualTaskSegError, InputError, StoppedError
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.version import VERSION

KIDNEY = "c~SCT^123037004^Anatomical Structure~SCT^64033007^Kidney~SCT^7771000^Left~r~^^~^^"
MASS = (
    "c~SCT^49755003^Morphologically Abnormal Structure~SCT^4147007^Mass~^^"
    "~Anatomic codes - DICOM master list~SCT^64033007^Kidney~SCT^24028007^Right"
)
SEGMENTS = (
    Segment("Kidney", 1, (200, 80, 60), KIDNEY),
    Segment("Mass", 3, (0, 151, 206), MASS),
    Segment("Cyst", 7, (240, 228, 66)),
)
MODEL = ModelDescription(
    name="Kidneys, 2024",
    segments=SEGMENTS,
    plan={},
    trained_on={},
    versions={"dualtaskseg": "0.0.9"},
    weights_sha256="0123456789ab" + "c" * 52,
)


def boxes(shape: tuple[int, int, int]) -> np.ndarray:
    """A label map with three boxes of different size; some slices are empty at both ends."""
    array = np.zeros(shape, np.uint8)
    depth, rows = shape[:2]
    array[2 : depth // 2, 3 : rows // 2, 2:7] = 1
    array[depth // 3 : depth - 2, rows // 2 : rows - 1, 3:11] = 3
    array[4:6, 1, 13:15] = 7
    return array


@pytest.fixture
def series(tmp_path) -> Path:
    return write_series(tmp_path / "Sérïe 空")


@pytest.fixture
def label(series, tmp_path) -> Path:
    return save_like(boxes((12, 20, 16)), series_image(series), tmp_path / "label.nii.gz")


def export(label, series: Path, segments=SEGMENTS, model=None, **options) -> tuple[pydicom.Dataset, ExportReport]:
    out = series.parent / "out" / "ségment.dcm"
    report = export_segmentation(label, series, out, model, segments, ExportOptions(**options))
    assert report.file == out and [file.name for file in out.parent.iterdir()] == [out.name]
    return pydicom.dcmread(out), report


def refused(label, series: Path, segments=SEGMENTS, model=None, **options) -> InputError:
    """The error of an export, after which nothing is left."""
    folder = series.parent / "refused"
    before = sorted(series.rglob("*"))
    with pytest.raises(InputError) as caught:
        export_segmentation(label, series, folder / "x.dcm", model, segments, ExportOptions(**options))
    assert not folder.exists() or not list(folder.iterdir())
    assert sorted(series.rglob("*")) == before
    assert caught.value.remedy
    assert "Doe" not in str(caught.value)
    findings = preflight(label, series, folder / "x.dcm", model, segments, ExportOptions(**options))
    assert (findings[0].severity, findings[0].what) == ("error", caught.value.what)
    return caught.value


def frames_of(dataset: pydicom.Dataset) -> np.ndarray:
    """Masks of the segments on the series' slices, put together from the frames by their positions alone."""
    frames = dataset.pixel_array.reshape(-1, dataset.Rows, dataset.Columns)
    shared = dataset.SharedFunctionalGroupsSequence[0]
    orientation = np.asarray(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
    normal = np.cross(orientation[:3], orientation[3:])
    placed = []
    for frame, group in zip(frames, dataset.PerFrameFunctionalGroupsSequence, strict=True):
        where = group if "SegmentIdentificationSequence" in group else shared
        number = where.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        depth = float(np.dot(normal, group.PlanePositionSequence[0].ImagePositionPatient))
        placed.append((number, round(depth, 3), frame))
    return placed


# --- validators and other readers


def with_many_digits(dataset: pydicom.Dataset, place: int) -> None:
    """As some converters write numbers, though DICOM allows 16 characters."""
    dataset.ImagePositionPatient = ["-10.1234567890123456789", "5.00000000000000000000", f"{2 + 2.5 * place:.20f}"]
    dataset.ImageOrientationPatient = ["1.00000000000000000000", "0", "0", "0", "1.00000000000000000000", "0"]


SERIES = {
    "axial CT": {"modality": "CT"},
    "oblique MR": {"modality": "MR", "orientation": OBLIQUE, "shape": (14, 19, 17)},
    "coronal MR": {"modality": "MR", "orientation": (1, 0, 0, 0, 0, -1)},
    "sparse MR": {"modality": "MR", "sparse": True},
    "sparse oblique CT": {"modality": "CT", "sparse": True, "orientation": OBLIQUE},
    "implicit types": {"syntax": pydicom.uid.ImplicitVRLittleEndian},
    "deflated": {"syntax": pydicom.uid.DeflatedExplicitVRLittleEndian},
    "RLE": {"syntax": pydicom.uid.RLELossless},
    "JPEG": {"edit": compressed_by_gdcm("JPEG")},
    "JPEG 2000": {"edit": compressed_by_gdcm("JPEG2000")},
    "paired body part": {"BodyPartExamined": "KIDNEY"},
    "one side": {"BodyPartExamined": "KIDNEY", "Laterality": "L"},
    "no thickness": {"edit": lambda dataset, _: delattr(dataset, "SliceThickness")},
    "empty thickness": {"SliceThickness": None},
    "many digits": {"edit": with_many_digits},
    "an age that is none": {"PatientAge": "seventy", "EthnicGroup": "x"},
    "a character set of its own": {"SpecificCharacterSet": "ISO-IR 100", "PatientName": "Müller^Jörg"},
    "Chinese": {"SpecificCharacterSet": "GB18030", "PatientName": "Wang^XiaoDong=王^小东"},
    "lossy": {
        "LossyImageCompression": "01",
        "LossyImageCompressionRatio": 12.5,
        "LossyImageCompressionMethod": "ISO_1",
    },
    "secondary capture": {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"},
    "Latin-1": {"SpecificCharacterSet": "ISO_IR 100", "PatientName": "Müller^Jörg"},
    "UTF-8": {"SpecificCharacterSet": "ISO_IR 192", "PatientName": "山田^太郎"},
    "Japanese": {"SpecificCharacterSet": ["", "ISO 2022 IR 87"], "PatientName": "Yamada^Tarou=山田^太郎"},
}


def check_with_all_readers(series: Path, label: Path, tmp_path: Path, **options) -> pydicom.Dataset:
    expected = sitk.GetArrayFromImage(sitk.ReadImage(str(label)))
    dataset, report = export(label, series, **options)
    assert [segment["name"] for segment in report.segments] == ["Kidney", "Mass", "Cyst"]
    assert dciodvfy(report.file) == []
    masks = segments_by_dcmqi(report.file, series_image(series), tmp_path / "dcmqi")
    for mask, segment in zip(masks, SEGMENTS, strict=True):
        assert np.array_equal(mask, expected == segment.value)
    slices = slices_in_order(series)
    numbers = highdicom.seg.segread(report.file).get_pixels_by_source_instance(
        [header.SOPInstanceUID for header in slices], combine_segments=True, assert_missing_frames_are_empty=True
    )
    for number, segment in enumerate(SEGMENTS, start=1):
        assert np.array_equal(numbers == number, expected == segment.value)
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "StudyInstanceUID", "StudyDate", "AccessionNumber"):
        assert str(dataset.get(keyword) or "") == str(slices[0].get(keyword) or ""), keyword
    assert dataset.FrameOfReferenceUID == slices[0].FrameOfReferenceUID
    references = dataset.ReferencedSeriesSequence
    assert [item.SeriesInstanceUID for item in references] == [slices[0].SeriesInstanceUID]
    assert {item.ReferencedSOPInstanceUID for item in references[0].ReferencedInstanceSequence} == {
        header.SOPInstanceUID for header in slices
    }
    return dataset


@needs_dciodvfy
@needs_dcmqi
@pytest.mark.parametrize("name", SERIES)
def test_synthetic_series(tmp_path, name):
    with pydicom.config.disable_value_validation():
        series = write_series(tmp_path / "series", **SERIES[name])
    image = series_image(series)
    label = save_like(boxes(image.GetSize()[::-1]), image, tmp_path / "label.nii.gz")
    dataset = check_with_all_readers(series, label, tmp_path)
    assert dataset.get("BodyPartExamined") == slices_in_order(series)[0].get("BodyPartExamined")


@needs_dciodvfy
@needs_dcmqi
@pytest.mark.parametrize("name", ["brain_t1post_oblique", "hippocampus_crop_1", "hippocampus_crop_2"])
def test_real_series(real_data, tmp_path, name):
    folder = tmp_path / "series"
    folder.symlink_to(real_data / "dicom" / name)
    image = series_image(folder)
    label = save_like(boxes(image.GetSize()[::-1]), image, tmp_path / "label.nii.gz")
    check_with_all_readers(folder, label, tmp_path)


@needs_dciodvfy
@needs_dcmqi
@pytest.mark.parametrize("shape", [(12, 20, 16), (11, 19, 15)])  # in the latter, frames begin amid a byte
def test_overlapping_segments(tmp_path, shape):
    series = write_series(tmp_path / "series", shape, orientation=OBLIQUE)
    image = series_image(series)
    masks = {"Kidney": np.zeros(shape, np.uint8), "Mass": np.zeros(shape, np.uint8)}
    masks["Kidney"][2:9, 3:15, 2:12] = 1
    masks["Mass"][5:10, 8:18, 6:14] = 200  # a map of one segment, whatever its value is
    files = {name: save_like(array, image, tmp_path / f"{name}.nrrd") for name, array in masks.items()}
    dataset, report = export(files, series)
    assert dataset.SegmentsOverlap == "YES"
    assert report.left_out == ("Cyst",)
    assert dciodvfy(report.file) == []
    read = segments_by_dcmqi(report.file, image, tmp_path / "dcmqi")
    for mask, array in zip(read, masks.values(), strict=True):
        assert np.array_equal(mask, array != 0)
    assert [segment["voxels"] for segment in report.segments] == [np.count_nonzero(array) for array in masks.values()]
    assert "overlap" in str(refused(files, series, labelmap=True))


def test_labelmap_type(series, label):
    dataset, _ = export(label, series, labelmap=True)
    assert dataset.SOPClassUID == "1.2.840.10008.5.1.4.1.1.66.7" and dataset.SegmentationType == "LABELMAP"
    numbers = highdicom.seg.segread(series.parent / "out" / "ségment.dcm").get_pixels_by_source_instance(
        [header.SOPInstanceUID for header in slices_in_order(series)],
        combine_segments=True,
        assert_missing_frames_are_empty=True,
    )
    expected = boxes((12, 20, 16))
    for number, segment in enumerate(SEGMENTS, start=1):
        assert np.array_equal(numbers == number, expected == segment.value)


# --- what stands in it


def test_segments_are_described(series, label):
    dataset, report = export(label, series, model=MODEL, segments=())
    kidney, mass, cyst = dataset.SegmentSequence
    assert [segment.SegmentLabel for segment in (kidney, mass, cyst)] == ["Kidney", "Mass", "Cyst"]
    assert [segment.SegmentNumber for segment in (kidney, mass, cyst)] == [1, 2, 3]
    assert codes(kidney.SegmentedPropertyCategoryCodeSequence) == [("SCT", "123037004", "Anatomical Structure")]
    kind = kidney.SegmentedPropertyTypeCodeSequence
    assert codes(kind) == [("SCT", "64033007", "Kidney")]
    assert codes(kind[0].SegmentedPropertyTypeModifierCodeSequence) == [("SCT", "7771000", "Left")]
    assert "AnatomicRegionSequence" not in kidney
    assert codes(mass.SegmentedPropertyTypeCodeSequence) == [("SCT", "4147007", "Mass")]
    assert codes(mass.AnatomicRegionSequence) == [("SCT", "64033007", "Kidney")]
    assert codes(mass.AnatomicRegionSequence[0].AnatomicRegionModifierSequence) == [("SCT", "24028007", "Right")]
    assert codes(cyst.SegmentedPropertyTypeCodeSequence) == [("SCT", "85756007", "Tissue")]
    assert report.warnings == ("The segment Cyst has no terminology, so it is coded as Tissue only",)
    for segment, known in zip(dataset.SegmentSequence, SEGMENTS, strict=True):
        color = highdicom.color.CIELabColor.from_rgb(*known.color)
        assert list(segment.RecommendedDisplayCIELabValue) == list(color.value)
        assert segment.TrackingID == known.name
    assert len({segment.TrackingUID for segment in dataset.SegmentSequence}) == 3


def codes(sequence) -> list[tuple[str, str, str]]:
    return [(item.CodingSchemeDesignator, item.CodeValue, item.CodeMeaning) for item in sequence]


def test_tracking_identifiers_stay_the_same(series, label):
    first, _ = export(label, series)
    second, _ = export(label, series, overwrite=True)
    for one, other in zip(first.SegmentSequence, second.SegmentSequence, strict=True):
        assert one.TrackingUID == other.TrackingUID
    assert first.SOPInstanceUID != second.SOPInstanceUID and first.SeriesInstanceUID != second.SeriesInstanceUID


@pytest.mark.parametrize("edited", [False, True])
def test_the_model_is_identified(series, label, edited):
    dataset, report = export(label, series, model=MODEL, segments=(), edited=edited)
    kind = "SEMIAUTOMATIC" if edited else "AUTOMATIC"
    assert report.algorithm_type == kind
    for segment in dataset.SegmentSequence:
        assert segment.SegmentAlgorithmType == kind
        assert segment.SegmentAlgorithmName == "DualTaskSeg Kidneys, 2024"
        algorithm = segment.SegmentationAlgorithmIdentificationSequence[0]
        assert algorithm.AlgorithmName == "DualTaskSeg Kidneys, 2024"
        assert algorithm.AlgorithmVersion == "0.0.9+0123456789ab"
        assert f"weights_sha256={MODEL.weights_sha256}" in algorithm.AlgorithmParameters
        assert codes(algorithm.AlgorithmFamilyCodeSequence)[0][2] == "Artificial Intelligence"
    assert dataset.SeriesDescription == "DualTaskSeg Kidneys, 2024" + (" (edited)" if edited else "")
    assert (dataset.Manufacturer, dataset.SoftwareVersions) == ("DualTaskSeg", VERSION)


def test_labels_that_are_not_from_a_model(series, label):
    dataset, _ = export(label, series)
    assert {segment.SegmentAlgorithmType for segment in dataset.SegmentSequence} == {"MANUAL"}
    assert all("SegmentAlgorithmName" not in segment for segment in dataset.SegmentSequence)
    dataset, _ = export(label, series, algorithm="Level sets 2.1", overwrite=True)
    algorithm = dataset.SegmentSequence[0].SegmentationAlgorithmIdentificationSequence[0]
    assert (algorithm.AlgorithmName, algorithm.AlgorithmVersion) == ("Level sets", "2.1")
    assert dataset.SegmentSequence[0].SegmentAlgorithmType == "AUTOMATIC"


def test_options(series, label):
    dataset, report = export(
        label, series, series_description="Für Besprechung", series_number=77, content_creator="Große^Öl"
    )
    assert (dataset.SeriesDescription, dataset.SeriesNumber) == ("Für Besprechung", 77)
    assert (report.series_description, report.series_number) == ("Für Besprechung", 77)
    assert dataset.ContentCreatorName == "Große^Öl"
    dataset, _ = export(label, series, overwrite=True)
    assert dataset.SeriesNumber == 1004 and not dataset.ContentCreatorName


def test_empty_segments_are_left_out_and_numbers_are_gapless(series, tmp_path):
    array = boxes((12, 20, 16))
    array[array == 3] = 0
    dataset, report = export(save_like(array, series_image(series), tmp_path / "l.nrrd"), series)
    assert report.left_out == ("Mass",)
    assert [(s.SegmentNumber, s.SegmentLabel) for s in dataset.SegmentSequence] == [(1, "Kidney"), (2, "Cyst")]
    findings = preflight(tmp_path / "l.nrrd", series, segments=SEGMENTS)
    assert "The segment Mass is empty and will be left out" in [finding.what for finding in findings]


def test_only_slices_with_voxels_are_stored(series, label):
    dataset, report = export(label, series)
    expected = boxes((12, 20, 16))
    placed = frames_of(dataset)
    assert (
        len(placed)
        == report.frames
        == sum(np.any(expected == segment.value, axis=(1, 2)).sum() for segment in SEGMENTS)
    )
    first = slices_in_order(series)[0].ImagePositionPatient[2]
    for number, depth, frame in placed:
        plane = round((depth - first) / 2.5)
        assert np.array_equal(frame != 0, expected[plane] == SEGMENTS[number - 1].value)


def test_nothing_private_and_nothing_invented(tmp_path):
    series = write_series(tmp_path / "series", sparse=True)
    dataset, report = export(save_like(boxes((12, 20, 16)), series_image(series), tmp_path / "l.nrrd"), series)
    for keyword in ("PatientName", "PatientID", "PatientSex", "PatientBirthDate", "StudyDate", "StudyID"):
        assert keyword in dataset and not dataset[keyword].value, keyword
    assert "BodyPartExamined" not in dataset and "Laterality" not in dataset
    assert any("names no patient ID" in warning for warning in report.warnings)
    whole = write_series(tmp_path / "whole" / "series")
    dataset, _ = export(save_like(boxes((12, 20, 16)), series_image(whole), tmp_path / "l2.nrrd"), whole)
    assert not any(element.tag.is_private for element in dataset.iterall())
    assert (dataset.PatientSex, dataset.StudyDescription, dataset.BodyPartExamined) == ("F", "Abdomen", "ABDOMEN")


def test_volumes_of_the_report(series, label):
    _, report = export(label, series)
    expected = boxes((12, 20, 16))
    for told, segment in zip(report.segments, SEGMENTS, strict=True):
        voxels = int((expected == segment.value).sum())
        assert told["voxels"] == voxels
        assert told["volume_ml"] == pytest.approx(voxels * 2.5 * 0.75 * 0.5 / 1000, abs=1e-4)


def test_the_series_as_read_is_not_changed_by_writing(series, label, tmp_path):
    source = read_source(series)
    before = [header.to_json() for header in source.headers]
    source_headers(source, one_pixel=True)
    assert [header.to_json() for header in source.headers] == before


def test_several_label_maps_that_do_not_overlap_become_one(series, tmp_path):
    whole, image = boxes((12, 20, 16)), series_image(series)
    parts = [save_like(np.where(whole == v, v, 0).astype(np.uint8), image, tmp_path / f"{v}.nrrd") for v in (7, 1, 3)]
    dataset, _ = export(parts, series, labelmap=True)
    assert dataset.SegmentsOverlap == "NO"
    one, _ = export(save_like(whole, image, tmp_path / "l.nrrd"), series, labelmap=True, overwrite=True)
    assert dataset.PixelData == one.PixelData


@pytest.mark.parametrize("value", [7, 1000, 70000, 10**8])
def test_large_label_values(series, tmp_path, value):
    array = boxes((12, 20, 16)).astype(np.int32)
    array[array == 7] = value
    segments = (*SEGMENTS[:2], replace(SEGMENTS[2], value=value))
    _, report = export(save_like(array, series_image(series), tmp_path / "l.nrrd"), series, segments)
    assert [segment["voxels"] for segment in report.segments] == [(array == s.value).sum() for s in segments]


# --- texts


@pytest.mark.parametrize("declared", ["ISO_IR 100", None, "ISO_IR 192"])
def test_segment_names_in_any_script(tmp_path, declared):
    values = {"SpecificCharacterSet": declared} if declared else {}
    series = write_series(tmp_path / "series", PatientName="Doe^Jané" if declared else "Doe^Jane", **values)
    segments = (replace(SEGMENTS[0], name="肝臓"), *SEGMENTS[1:])
    label = save_like(boxes((12, 20, 16)), series_image(series), tmp_path / "l.nrrd")
    dataset, _ = export(label, series, segments)
    assert dataset.SpecificCharacterSet == "ISO_IR 192"
    assert dataset.SegmentSequence[0].SegmentLabel == "肝臓"
    assert str(dataset.PatientName) == ("Doe^Jané" if declared else "Doe^Jane")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_name_in_an_undeclared_character_set(tmp_path, encoding):
    """The standard forbids it, but there are such files."""
    series = write_series(tmp_path / "series", PatientName="Doe^Reserved")
    name = "Doe^Müllör".encode(encoding)
    for file in series.iterdir():
        file.write_bytes(file.read_bytes().replace(b"Doe^Reserved", name.ljust(12)))
    label = save_like(boxes((12, 20, 16)), series_image(series), tmp_path / "l.nrrd")
    dataset, _ = export(label, series)
    assert str(dataset.PatientName) == "Doe^Müllör"


def test_names_that_dicom_cannot_hold(series, label):
    segments = (replace(SEGMENTS[0], name="a\\b\n" + "c" * 90), *SEGMENTS[1:])
    dataset, report = export(label, series, segments, series_description="x" * 100 + "\\", edited=True)
    assert dataset.SegmentSequence[0].SegmentLabel == "a/b " + "c" * 60
    assert dataset.SeriesDescription == "x" * 64
    assert any("is written as a/b" in warning for warning in report.warnings)


@pytest.mark.parametrize(
    ("keyword", "value", "kept"),
    [
        ("PatientSex", "W", ""),
        ("StudyDate", "01.02.2024", ""),
        ("PatientBirthDate", "unknown", ""),
        ("StudyTime", "noon", ""),
        ("AccessionNumber", "12345678901234567890", "12345678901234567890"),
        ("StudyID", "a study ID beyond 16 characters", "a study ID beyond 16 characters"),
        ("PatientName", "", ""),
        ("PatientID", "x" * 80, "x" * 80),
        ("SeriesNumber", None, None),
    ],
)
def test_faulty_values_of_the_source(tmp_path, keyword, value, kept):
    with pydicom.config.disable_value_validation():
        series = write_series(tmp_path / "series", **{keyword: value})
        label = save_like(boxes((12, 20, 16)), series_image(series), tmp_path / "l.nrrd")
        dataset, _ = export(label, series)
        if keyword == "SeriesNumber":
            assert dataset.SeriesNumber == 1000
        else:
            assert str(dataset.get(keyword) or "") == kept


# --- label maps from elsewhere


@pytest.mark.parametrize("flips", [(True, False, False), (False, True, True), (True, True, True)])
def test_a_label_map_with_its_axes_turned(series, tmp_path, flips):
    """As converters to NIfTI write them: other directions of the axes, the same voxels."""
    image = series_image(series)
    label = sitk.GetImageFromArray(boxes((12, 20, 16)))
    label.CopyInformation(image)
    turned = sitk.PermuteAxes(label, [2, 0, 1])[tuple(slice(None, None, -1 if flip else 1) for flip in flips)]
    assert turned.GetSize() == (12, 16, 20)
    sitk.WriteImage(turned, str(tmp_path / "turned.nii.gz"))
    dataset, report = export(tmp_path / "turned.nii.gz", series)
    straight, _ = export(save_like(boxes((12, 20, 16)), image, tmp_path / "l.nrrd"), series, overwrite=True)
    assert dataset.PixelData == straight.PixelData
    assert "resampled" not in report.series_description


def test_resampling_on_request(series, tmp_path):
    image = series_image(series)
    fine = sitk.Resample(
        sitk.GetImageFromArray(np.zeros((1, 1, 1), np.uint8)),
        (32, 40, 24),
        sitk.Transform(),
        sitk.sitkNearestNeighbor,
        image.GetOrigin(),
        (0.25, 0.375, 1.25),
        image.GetDirection(),
    )
    array = np.kron(boxes((12, 20, 16)), np.ones((2, 2, 2), np.uint8))
    path = save_like(array, fine, tmp_path / "fine.nrrd")
    error = refused(path, series)
    assert "32x40x24 voxels of 0.25x0.375x1.25 mm" in str(error)
    assert "16x20x12 voxels of 0.5x0.75x2.5 mm" in str(error)
    assert "resample" in error.remedy
    dataset, report = export(path, series, resample=True)
    assert dataset.SeriesDescription == "Segmentation (resampled)" == report.series_description
    assert "resampled" in dataset.ContentDescription
    straight, _ = export(save_like(boxes((12, 20, 16)), image, tmp_path / "l.nrrd"), series, overwrite=True)
    assert dataset.PixelData == straight.PixelData


def test_resampling_says_what_was_lost(series, tmp_path):
    label = sitk.GetImageFromArray(boxes((12, 20, 16)))
    label.CopyInformation(series_image(series))
    label.SetOrigin((-8.0, 5.0, 2.0))  # four columns aside
    sitk.WriteImage(label, str(tmp_path / "aside.nrrd"))
    _, report = export(tmp_path / "aside.nrrd", series, resample=True)
    assert report.left_out == ("Cyst",)
    assert any(warning.startswith("Resampling changed the volume of Cyst from") for warning in report.warnings)


def test_a_map_for_each_segment_in_one_file(series, tmp_path):
    image, shape = series_image(series), (12, 20, 16)
    arrays = np.zeros((3, *shape), np.uint8)
    arrays[0, 2:9, 3:15, 2:12] = 1
    arrays[2, 5:11, 8:18, 6:14] = 1
    joined = sitk.JoinSeries([like(array, image) for array in arrays])
    sitk.WriteImage(joined, str(tmp_path / "four.nii.gz"))
    dataset, report = export(tmp_path / "four.nii.gz", series)
    assert [segment["name"] for segment in report.segments] == ["Kidney", "Cyst"]
    assert [segment["voxels"] for segment in report.segments] == [arrays[0].sum(), arrays[2].sum()]
    assert dataset.SegmentsOverlap == "YES"
    assert "holds 3 maps, but there are 2 segments" in str(refused(tmp_path / "four.nii.gz", series, SEGMENTS[:2]))


def like(array: np.ndarray, image: sitk.Image) -> sitk.Image:
    made = sitk.GetImageFromArray(array)
    made.CopyInformation(image)
    return made


def test_several_label_maps(series, tmp_path):
    image = series_image(series)
    first, second = boxes((12, 20, 16)), np.zeros((12, 20, 16), np.uint8)
    first[first == 3] = 0
    second[3:9, 2:9, 1:9] = 3
    paths = [save_like(first, image, tmp_path / "a.nrrd"), save_like(second, image, tmp_path / "b.nrrd")]
    dataset, report = export(paths, series)
    assert [(s["name"], s["voxels"]) for s in report.segments] == [
        ("Kidney", (first == 1).sum()),
        ("Mass", (second == 3).sum()),
        ("Cyst", (first == 7).sum()),
    ]
    assert dataset.SegmentsOverlap == "YES"


def slicer_segmentation(path: Path, image: sitk.Image, layers: int) -> np.ndarray:
    """A segmentation as 3D Slicer saves it, with values of its own; returns the masks of Kidney and Mass."""
    masks = np.zeros((2, 12, 20, 16), np.uint8)
    masks[0, 2:9, 3:10, 2:12] = 1
    masks[1, 5:11, 8 if layers == 2 else 10 : 18, 6:14] = 1
    stack = sitk.Compose([like(mask, image) for mask in masks])
    label = stack if layers == 2 else like(masks[0] + 5 * masks[1], image)
    told = [("Mass", "1", 5 if layers == 1 else 1, 1), ("Kidney", "0", 1, 0)]
    for index, (name, _, value, layer) in enumerate(told):
        entries = {
            "ID": f"Segment_{index + 1}",
            "Name": name,
            "LabelValue": str(value),
            "Layer": str(layer if layers == 2 else 0),
            "Color": "0.2 0.4 0.6",
            "Tags": f"Other:1|TerminologyEntry:{MASS if name == 'Mass' else KIDNEY}|",
        }
        for key, text in entries.items():
            label.SetMetaData(f"Segment{index}_{key}", text)
    sitk.WriteImage(label, str(path), True)
    return masks


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("with_segments", [True, False])
def test_segmentations_of_slicer_by_the_names_in_them(series, tmp_path, layers, with_segments):
    path = tmp_path / "Édited.seg.nrrd"
    masks = slicer_segmentation(path, series_image(series), layers)
    dataset, report = export(path, series, SEGMENTS if with_segments else ())
    voxels = {segment["name"]: segment["voxels"] for segment in report.segments}
    assert voxels == {"Kidney": masks[0].sum(), "Mass": masks[1].sum()}
    by_name = {segment.SegmentLabel: segment for segment in dataset.SegmentSequence}
    assert codes(by_name["Mass"].AnatomicRegionSequence) == [("SCT", "64033007", "Kidney")]
    color = (0, 151, 206) if with_segments else (51, 102, 153)
    assert list(by_name["Mass"].RecommendedDisplayCIELabValue) == list(
        highdicom.color.CIELabColor.from_rgb(*color).value
    )


def test_a_segment_of_slicer_that_the_model_does_not_know(series, tmp_path):
    slicer_segmentation(tmp_path / "e.seg.nrrd", series_image(series), 1)
    assert "holds the segment Mass, which is none of those known (Kidney)" in str(
        refused(tmp_path / "e.seg.nrrd", series, SEGMENTS[:1])
    )


# --- what is refused


def test_a_value_that_no_segment_has(series, tmp_path):
    array = boxes((12, 20, 16))
    array[0, 0, :5] = 9
    error = refused(save_like(array, series_image(series), tmp_path / "l.nrrd"), series)
    assert "holds the value 9 (5 voxels), which no segment has" in str(error)
    array = array.astype(np.int16)
    array[1, 1, 1] = -1
    error = refused(save_like(array, series_image(series), tmp_path / "l2.nrrd"), series)
    assert "holds the value -1 (1 voxels) and 1 more values" in str(error)


def test_nothing_labeled(series, tmp_path):
    label = save_like(np.zeros((12, 20, 16), np.uint8), series_image(series), tmp_path / "l.nrrd")
    assert "nothing to export" in str(refused(label, series))


def test_a_probability_instead_of_a_label(series, tmp_path):
    path = save_like(np.full((12, 20, 16), 0.3, np.float32), series_image(series), tmp_path / "p.nrrd")
    assert "not whole numbers" in str(refused(path, series))


def test_another_grid_because_the_series_is_split(tmp_path):
    whole = write_series(tmp_path / "whole")
    label = save_like(boxes((12, 20, 16)), series_image(whole), tmp_path / "l.nrrd")
    part = write_series(tmp_path / "study" / "A", (6, 20, 16))
    write_series(tmp_path / "study" / "B", (6, 20, 16), first=6)
    error = refused(label, part)
    assert "16x20x12 voxels" in str(error) and "16x20x6 voxels" in str(error)
    assert f"the series goes on in {tmp_path / 'study' / 'B'}" in str(error)


def test_bad_series(tmp_path, label):
    one = write_series(tmp_path / "one", (1, 20, 16))
    assert "has a single slice" in str(refused(label, one))
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text("no DICOM", encoding="utf-8")
    assert "holds no DICOM scan" in str(refused(label, tmp_path / "text"))
    assert "does not exist" in str(refused(label, tmp_path / "gone"))
    with pytest.raises(InputError, match="is a file"):
        export_segmentation(label, label, tmp_path / "x.dcm", segments=SEGMENTS)


@pytest.mark.parametrize(
    ("keyword", "words"),
    [
        ("FrameOfReferenceUID", "frame of reference"),
        ("StudyInstanceUID", "study"),
        ("SeriesInstanceUID", "series"),
        ("SOPClassUID", "kind of image"),
        ("SOPInstanceUID", "of their own"),
    ],
)
def test_a_series_without_what_its_segmentation_has_to_share(tmp_path, label, keyword, words):
    def edit(dataset, _):
        delattr(dataset, keyword)

    series = write_series(tmp_path / "lacking" / "series", edit=edit)
    assert words in str(refused(label, series))


@pytest.mark.parametrize(("number", "text"), [("SeriesNumber", b"12345a"), ("SliceThickness", b"2,3456")])
def test_numbers_that_are_none(tmp_path, number, text):
    series = write_series(tmp_path / "series", **{number: 123456})
    for file in series.iterdir():
        file.write_bytes(file.read_bytes().replace(b"123456", text))
    label = save_like(boxes((12, 20, 16)), series_image(series), tmp_path / "l.nrrd")
    dataset, _ = export(label, series)
    assert dataset.SeriesNumber == (1000 if number == "SeriesNumber" else 1004)
    assert dataset.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SliceThickness == 2.5


@pytest.mark.parametrize("keyword", ["FrameOfReferenceUID", "StudyInstanceUID", "PatientID"])
def test_slices_of_different_studies_or_patients(tmp_path, label, keyword):
    def edit(dataset, place):
        if place == 5:
            setattr(dataset, keyword, "1.9.9")

    series = write_series(tmp_path / "mixed" / "series", edit=edit)
    assert f"2 different values of {keyword}" in str(refused(label, series))


def test_frames_that_say_no_place(tmp_path, label):
    folder = write_enhanced(tmp_path / "multi", list(range(12)))
    dataset = pydicom.dcmread(folder / "frames.dcm")
    del dataset.PerFrameFunctionalGroupsSequence
    dataset.save_as(folder / "frames.dcm")
    assert "does not say where in the body its frames lie" in str(refused(label, folder))


@needs_dciodvfy
@needs_dcmqi
@pytest.mark.parametrize("order", [list(range(12)), list(range(11, -1, -1))])
@pytest.mark.parametrize("overlapping", [False, True])
def test_frames_of_one_file(tmp_path, order, overlapping):
    """An enhanced MR."""
    series = write_enhanced(tmp_path, order)
    image = series_image(tmp_path / "slices")
    array = boxes((12, 20, 16))
    label = save_like(array, image, tmp_path / "label.nrrd")
    expected = [array == segment.value for segment in SEGMENTS]
    if overlapping:
        expected[2] = array != 0
        label = {
            segment.name: save_like(mask.astype(np.uint8), image, tmp_path / f"{segment.name}.nrrd")
            for segment, mask in zip(SEGMENTS, expected, strict=True)
        }
    dataset, report = export(label, series)
    assert dciodvfy(report.file) == [] and report.slices == 12
    masks = segments_by_dcmqi(report.file, image, tmp_path / "dcmqi")
    assert all(np.array_equal(mask, known) for mask, known in zip(masks, expected, strict=True))
    whole = pydicom.dcmread(series / "frames.dcm")
    for frame in dataset.PerFrameFunctionalGroupsSequence:
        reference = frame.DerivationImageSequence[0].SourceImageSequence[0]
        assert reference.ReferencedSOPInstanceUID == whole.SOPInstanceUID
        source = whole.PerFrameFunctionalGroupsSequence[reference.ReferencedFrameNumber - 1]
        where = source.PlanePositionSequence[0].ImagePositionPatient
        assert frame.PlanePositionSequence[0].ImagePositionPatient == pytest.approx(where)
    assert (dataset.PatientName, dataset.StudyInstanceUID) == ("Doe^Jane", "1.2.3")


def test_one_of_several_series(series, label):
    write_series(series, (5, 8, 8), uid="1.2.3.2")
    assert "holds 2 DICOM series" in str(refused(label, series))
    dataset, _ = export(label, series, series_uid="1.2.3.1")
    assert dataset.ReferencedSeriesSequence[0].SeriesInstanceUID == "1.2.3.1"


def test_the_files_of_a_series_wherever_they_lie(series, label, tmp_path):
    """As the database of 3D Slicer knows them."""
    files = sorted(series.iterdir())
    (tmp_path / "elsewhere").mkdir()
    files[3] = files[3].rename(tmp_path / "elsewhere" / "x.dcm")
    write_series(tmp_path / "other", (5, 8, 8), uid="1.2.3.2")
    out = tmp_path / "x.dcm"
    report = export_segmentation(label, files, out, segments=SEGMENTS)
    assert report.slices == 12
    told = {finding.what for finding in preflight(label, files, segments=SEGMENTS)}
    assert "The series has 12 slices (thin)" in told
    files.append(next((tmp_path / "other").iterdir()))
    with pytest.raises(InputError, match="belong to 2 DICOM series"):
        export_segmentation(label, files, tmp_path / "y.dcm", segments=SEGMENTS)
    with pytest.raises(InputError, match="does not exist"):
        export_segmentation(label, [*files[:-1], tmp_path / "gone"], tmp_path / "y.dcm", segments=SEGMENTS)
    with pytest.raises(InputError, match="Slices are missing"):
        export_segmentation(label, [*files[:4], *files[5:-1]], tmp_path / "y.dcm", segments=SEGMENTS)
    with pytest.raises(InputError, match="has no files"):
        export_segmentation(label, [], tmp_path / "y.dcm", segments=SEGMENTS)
    assert not (tmp_path / "y.dcm").exists()


def test_an_earlier_segmentation_beside_the_series_does_no_harm(series, label):
    export_segmentation(label, series, series / "seg.dcm", segments=SEGMENTS)
    export(label, series)


def test_files_are_not_overwritten_unless_allowed(series, label, tmp_path):
    out = tmp_path / "x.dcm"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="exists already"):
        export_segmentation(label, series, out, segments=SEGMENTS)
    assert out.read_text(encoding="utf-8") == "mine"
    export_segmentation(label, series, out, segments=SEGMENTS, options=ExportOptions(overwrite=True))
    assert pydicom.dcmread(out).Modality == "SEG"
    with pytest.raises(InputError, match="is a folder"):
        export_segmentation(label, series, tmp_path, segments=SEGMENTS)


def test_inputs_are_never_overwritten(series, label):
    slice_file = sorted(series.iterdir())[0]
    for target in (slice_file, label):
        before = target.read_bytes()
        with pytest.raises(InputError, match="would overwrite the input"):
            export_segmentation(label, series, target, segments=SEGMENTS, options=ExportOptions(overwrite=True))
        assert target.read_bytes() == before


def test_a_place_that_cannot_be_written(series, label):
    with pytest.raises(InputError, match="can't be written"):
        export_segmentation(label, series, label / "x.dcm", segments=SEGMENTS)


@pytest.mark.parametrize("after", [10, 30, 60, 75, 90, 100])
def test_stopping_leaves_nothing(series, label, tmp_path, after):
    out = tmp_path / "out" / "x.dcm"

    def stop(done, of):
        if done >= after:
            raise StoppedError("Stopped")

    with pytest.raises(StoppedError):
        export_segmentation(label, series, out, segments=SEGMENTS, on_progress=stop)
    assert not out.parent.exists() or not list(out.parent.iterdir())


def test_progress_goes_from_nothing_to_all(series, label, tmp_path):
    told = []
    export_segmentation(
        label, series, tmp_path / "x.dcm", segments=SEGMENTS, on_progress=lambda done, of: told.append((done, of))
    )
    assert told == sorted(told) and told[-1] == (100, 100) and len(told) > 10


# --- reading back


@pytest.mark.parametrize("labelmap", [False, True])
def test_reading_back_notices_every_change(series, tmp_path, labelmap):
    array = boxes((12, 20, 16))
    array[range(12), 2, range(12)] = 1  # no slice is like another
    label = save_like(array, series_image(series), tmp_path / "l.nrrd")
    out = tmp_path / "x.dcm"
    export_segmentation(label, series, out, segments=SEGMENTS, options=ExportOptions(labelmap=labelmap))
    source = read_source(series)
    masks = read_masks(label, SEGMENTS, source.geometry)
    assert verify_segmentation(out, source, masks) > 0

    def swap(dataset):
        items = dataset.PerFrameFunctionalGroupsSequence
        for keyword in ("DerivationImageSequence", "PlanePositionSequence"):
            first, last = items[0][keyword].value, items[-1][keyword].value
            items[0][keyword].value, items[-1][keyword].value = last, first

    def flip_a_bit(dataset):
        pixels = bytearray(dataset.PixelData)
        pixels[41] ^= 1
        dataset.PixelData = bytes(pixels)

    def drop_a_frame(dataset):
        del dataset.PerFrameFunctionalGroupsSequence[0]

    def move(dataset):
        position = dataset.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence[0]
        position.ImagePositionPatient = [value + 0.5 for value in position.ImagePositionPatient]

    def widen(dataset):
        dataset.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing = [0.8, 0.5]

    def rename(dataset):
        dataset.PatientName = "Somebody^Else"

    def forget_a_slice(dataset):
        del dataset.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0]

    for change in (swap, flip_a_bit, drop_a_frame, move, widen, rename, forget_a_slice):
        dataset = pydicom.dcmread(out)
        change(dataset)
        dataset.save_as(tmp_path / "changed.dcm")
        with pytest.raises(DualTaskSegError, match="The written DICOM file holds"):
            verify_segmentation(tmp_path / "changed.dcm", source, masks)


def test_a_file_that_was_written_wrongly_is_removed(series, label, tmp_path, monkeypatch):
    whole = highdicom.seg.Segmentation

    def with_slices_reversed(sources, array, *arguments, **options):
        return whole(sources, np.ascontiguousarray(array[::-1]), *arguments, **options)

    monkeypatch.setattr(highdicom.seg, "Segmentation", with_slices_reversed)
    with pytest.raises(DualTaskSegError, match="holds other voxels") as caught:
        export_segmentation(label, series, tmp_path / "out" / "x.dcm", segments=SEGMENTS)
    assert caught.value.exit_code == 1
    assert not list((tmp_path / "out").iterdir())


# --- surroundings


def test_findings_come_in_order_and_say_what_is_needed(series, label, tmp_path):
    out = tmp_path / "x.dcm"
    findings = preflight(label, series, out, MODEL, options=ExportOptions(edited=True))
    assert [finding.severity for finding in findings] == ["warning", "note", "note"]
    assert "coded as Tissue only" in findings[0].what
    assert {finding.what for finding in findings[1:]} == {
        "The series has 12 slices (thin)",
        "The segments will be declared SEMIAUTOMATIC",
    }
    assert not out.exists()
    out.write_text("", encoding="utf-8")
    findings = preflight(None, tmp_path / "gone", out, tmp_path / "no model")
    assert [finding.severity for finding in findings] == ["error"] * 3
    assert all(finding.remedy for finding in findings)


def test_missing_libraries_are_named(series, label, tmp_path):
    script = (
        "import sys; sys.modules['highdicom'] = None\n"
        "from dualtaskseg.dicom.segmentation import export_segmentation, preflight\n"
        "from dualtaskseg.errors import InputError\n"
        "print(preflight(None, sys.argv[2])[0].what)\n"
        "try:\n    export_segmentation(sys.argv[1], sys.argv[2], sys.argv[3])\n"
        "except InputError as error:\n    print(error)\n"
    )
    command = [sys.executable, "-c", script, str(label), str(series), str(tmp_path / "x.dcm")]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.splitlines() == [
        "Writing DICOM needs the library highdicom, but highdicom is missing",
        "Writing DICOM needs the library highdicom, but highdicom is missing. Install the package highdicom; "
        "in Slicer, click Install in the section Export.",
    ]
    assert not (tmp_path / "x.dcm").exists()


def test_import_is_light():
    script = (
        "import sys, dualtaskseg.dicom.segmentation, dualtaskseg.dicom.parametric_map\n"
        "import dualtaskseg.commands.export_seg\n"
        "print([m for m in ('torch', 'monai', 'highdicom', 'pydicom', 'SimpleITK', 'scipy') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.strip() == "[]"


def test_no_name_of_a_patient_is_printed(series, label, tmp_path, capfd):
    export(label, series)
    preflight(label, series, segments=SEGMENTS)
    assert capfd.readouterr() == ("", "")


@only_on_linux
def test_time_and_memory(tmp_path):
    """Bounded by what a scan of this size takes: 100 slices of 256 x 256, five segments."""
    shape = (100, 256, 256)
    series = write_series(tmp_path / "series", shape, spacing=(1.0, 0.8, 0.8))
    array = np.zeros(shape, np.uint8)
    for value in range(1, 6):
        array[5:95, 40 * value : 40 * value + 30, 50:200] = value
    label = save_like(array, series_image(series), tmp_path / "l.nii.gz")
    script = """
import sys
from dualtaskseg.contract.segment import Segment
from dualtaskseg.dicom.segmentation import export_segmentation
segments = [Segment(f"s{value}", value, (1, 2, 3)) for value in range(1, 6)]
report = export_segmentation(sys.argv[1], sys.argv[2], sys.argv[3], segments=segments)
assert report.frames == 450 and report.seconds < 10, report
print(peak_memory())
"""
    assert number_printed_by(script, label, series, tmp_path / "x.dcm") < 400e6
