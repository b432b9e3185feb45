"""RT structure sets: their contours give the masks again, and refer to the right slices, colors and names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from dicomseries import (
    OBLIQUE,
    dciodvfy,
    needs_dciodvfy,
    save_like,
    series_image,
    slices_in_order,
    write_enhanced,
    write_series,
)
from dualtaskseg.cli import main
from dualtaskseg.dicom import structure_set as module
from dualtaskseg.dicom.contours import contours_of, filled
from dualtaskseg.dicom.derived_object import ExportOptions
from dualtaskseg.dicom.export_report import ExportReport
from dualtaskseg.dicom.structure_set import export_structure_set
from dualtaskseg.errors import DualTaskSegError, InputError
from scipy.ndimage import gaussian_filter
from skimage.draw import polygon2mask
from test_dicomseg import MODEL, SEGMENTS

SHAPE = (12, 40, 36)


def shapes() -> np.ndarray:
    """A ball with a hole in which an island lies, blobs of odd shape, and single voxels that touch at corners."""
    z, y, x = np.indices(SHAPE)
    array = np.zeros(SHAPE, np.uint8)
    radius = np.sqrt(((z - 5) * 2.0) ** 2 + (y - 15) ** 2 + (x - 14) ** 2)
    array[(radius < 12) & ~((radius < 7) & (radius > 3))] = 1
    blobs = gaussian_filter(np.random.default_rng(0).random(SHAPE), 1.5) > 0.52
    array[blobs & (array == 0) & (y > 22)] = 3
    array[3, 1, 1] = array[3, 2, 2] = array[3, 0, 35] = 7
    return array


def export(label: Path | list, series: Path, **options) -> tuple[pydicom.Dataset, ExportReport]:
    out = series.parent / "out" / "structures.dcm"
    report = export_structure_set(label, series, out, MODEL, SEGMENTS, ExportOptions(**options))
    return pydicom.dcmread(out), report


def masks_in(dataset: pydicom.Dataset, slices: list[pydicom.Dataset]) -> dict[str, np.ndarray]:
    """The structures by name, filled by another program than ours; contours of one slice together."""
    names = {item.ROINumber: item.ROIName for item in dataset.StructureSetROISequence}
    by_uid = {str(each.SOPInstanceUID): (index, each) for index, each in enumerate(slices)}
    masks = {}
    for roi in dataset.ROIContourSequence:
        mask = masks[names[roi.ReferencedROINumber]] = np.zeros((len(slices), slices[0].Rows, slices[0].Columns), bool)
        for contour in roi.ContourSequence:
            assert contour.ContourGeometricType == "CLOSED_PLANAR"
            index, header = by_uid[str(contour.ContourImageSequence[0].ReferencedSOPInstanceUID)]
            points = np.array(contour.ContourData, float).reshape(-1, 3) - np.array(header.ImagePositionPatient, float)
            assert len(points) == contour.NumberOfContourPoints
            across, down = np.array(header.ImageOrientationPatient, float).reshape(2, 3)
            assert np.abs(points @ np.cross(across, down)).max() < 0.01  # in the plane of its slice
            pixels = np.stack(
                [points @ down / header.PixelSpacing[0], points @ across / header.PixelSpacing[1]], axis=1
            )
            mask[index] |= polygon2mask(mask.shape[1:], pixels)
    return masks


def dice(first: np.ndarray, second: np.ndarray) -> float:
    return 2 * (first & second).sum() / (first.sum() + second.sum())


@pytest.fixture
def series(tmp_path: Path) -> Path:
    return write_series(tmp_path / "Sérïe 空", SHAPE)


@pytest.fixture
def label(series: Path, tmp_path: Path) -> Path:
    return save_like(shapes(), series_image(series), tmp_path / "label.nii.gz")


@pytest.mark.parametrize("orientation", [(1, 0, 0, 0, 1, 0), OBLIQUE, (0, 1, 0, 0, 0, -1)])
def test_the_contours_give_the_masks_again(tmp_path: Path, orientation: tuple[float, ...]) -> None:
    series = write_series(tmp_path / "series", SHAPE, orientation=orientation)
    label = save_like(shapes(), series_image(series), tmp_path / "label.nii.gz")
    dataset, report = export(label, series)
    found = masks_in(dataset, slices_in_order(series))
    assert list(found) == ["Kidney", "Mass", "Cyst"]
    for segment in SEGMENTS:
        expected = shapes() == segment.value
        assert dice(found[segment.name], expected) >= 0.98
        assert np.array_equal(found[segment.name], expected)
    assert report.frames == sum(len(roi.ContourSequence) for roi in dataset.ROIContourSequence)
    assert any("not axial" in warning for warning in report.warnings) == (orientation != (1, 0, 0, 0, 1, 0))


def test_names_colors_and_references(series: Path, label: Path) -> None:
    dataset, report = export(label, series)
    slices = slices_in_order(series)
    assert dataset.SOPClassUID == pydicom.uid.RTStructureSetStorage
    assert dataset.Modality == "RTSTRUCT"
    first = slices[0]
    for keyword in ("PatientName", "PatientID", "StudyInstanceUID", "FrameOfReferenceUID"):
        assert dataset.get(keyword) == first.get(keyword), keyword
    assert dataset.SeriesInstanceUID != first.SeriesInstanceUID
    (frame,) = dataset.ReferencedFrameOfReferenceSequence
    assert frame.FrameOfReferenceUID == first.FrameOfReferenceUID
    (study,) = frame.RTReferencedStudySequence
    (referenced,) = study.RTReferencedSeriesSequence
    assert referenced.SeriesInstanceUID == first.SeriesInstanceUID
    uids = [image.ReferencedSOPInstanceUID for image in referenced.ContourImageSequence]
    assert uids == [each.SOPInstanceUID for each in slices]
    assert {image.ReferencedSOPClassUID for image in referenced.ContourImageSequence} == {first.SOPClassUID}
    for index, segment in enumerate(SEGMENTS):
        structure = dataset.StructureSetROISequence[index]
        contour, observation = dataset.ROIContourSequence[index], dataset.RTROIObservationsSequence[index]
        assert (structure.ROINumber, structure.ROIName) == (index + 1, segment.name)
        assert structure.ReferencedFrameOfReferenceUID == first.FrameOfReferenceUID
        assert structure.ROIGenerationAlgorithm == "AUTOMATIC"
        assert contour.ReferencedROINumber == observation.ReferencedROINumber == index + 1
        assert list(contour.ROIDisplayColor) == list(segment.color)
    kidney = dataset.RTROIObservationsSequence[0].RTROIIdentificationCodeSequence[0]
    assert (kidney.CodeValue, kidney.CodingSchemeDesignator, kidney.CodeMeaning) == ("64033007", "SCT", "Kidney")
    assert kidney.SegmentedPropertyTypeModifierCodeSequence[0].CodeMeaning == "Left"
    assert dataset.ApprovalStatus == "UNAPPROVED"
    assert report.algorithm_type == "AUTOMATIC"
    assert "Kidneys, 2024" in dataset.SeriesDescription


def test_edited_and_empty_segments(series: Path, tmp_path: Path) -> None:
    array = shapes()
    array[array == 3] = 0
    label = save_like(array, series_image(series), tmp_path / "edited.nii.gz")
    dataset, report = export(label, series, edited=True, content_creator="Who^Ever", series_number=7)
    assert [item.ROIName for item in dataset.StructureSetROISequence] == ["Kidney", "Cyst"]
    assert {item.ROIGenerationAlgorithm for item in dataset.StructureSetROISequence} == {"SEMIAUTOMATIC"}
    assert report.left_out == ("Mass",)
    assert (dataset.OperatorsName, dataset.SeriesNumber) == ("Who^Ever", 7)


def test_overlapping_segments_are_kept(series: Path, tmp_path: Path) -> None:
    arrays = np.zeros((2, *SHAPE), np.uint8)
    arrays[0, 2:8, 3:20, 2:20] = 1
    arrays[1, 4:9, 8:30, 4:25] = 1
    image = series_image(series)
    files = {
        name: save_like(array, image, tmp_path / f"{name}.nrrd")
        for name, array in zip(("Kidney", "Mass"), arrays, strict=True)
    }
    dataset, _ = export(files, series)
    found = masks_in(dataset, slices_in_order(series))
    assert np.array_equal(found["Kidney"], arrays[0] == 1) and np.array_equal(found["Mass"], arrays[1] == 1)


@pytest.mark.parametrize("order", [list(range(12)), list(range(11, -1, -1))])
def test_frames_of_one_file_are_referred_to_by_their_numbers(tmp_path: Path, order: list[int]) -> None:
    folder = write_enhanced(tmp_path, order)
    image = series_image(tmp_path / "slices")
    array = np.zeros(image.GetSize()[::-1], np.uint8)
    array[1:3, 2:6, 3:8] = 1
    dataset, _ = export(save_like(array, image, tmp_path / "label.nii.gz"), folder)
    frames = pydicom.dcmread(folder / "frames.dcm").PerFrameFunctionalGroupsSequence
    normal = np.cross(OBLIQUE[:3], OBLIQUE[3:])
    depths = []
    for contour in dataset.ROIContourSequence[0].ContourSequence:
        frame = frames[contour.ContourImageSequence[0].ReferencedFrameNumber - 1]
        points = np.array(contour.ContourData, float).reshape(-1, 3)
        depth = float(np.dot(frame.PlanePositionSequence[0].ImagePositionPatient, normal))
        assert np.allclose(points @ normal, depth, atol=0.01)
        depths.append(depth)
    expected = [float(np.dot(each.ImagePositionPatient, normal)) for each in slices_in_order(tmp_path / "slices")[1:3]]
    assert sorted(depths) == pytest.approx(sorted(expected), abs=0.01)
    study = dataset.ReferencedFrameOfReferenceSequence[0].RTReferencedStudySequence[0]
    assert len(study.RTReferencedSeriesSequence[0].ContourImageSequence) == 1


@needs_dciodvfy
def test_a_validator_finds_nothing(series: Path, label: Path) -> None:
    export(label, series)
    assert dciodvfy(series.parent / "out" / "structures.dcm") == []


def test_wrong_contours_are_found_before_the_file_has_its_name(
    series: Path, label: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "contours_of", lambda mask: [line + np.array([1, 0]) for line in contours_of(mask)])
    with pytest.raises(DualTaskSegError, match="other voxels on slice") as caught:
        export(label, series)
    assert not isinstance(caught.value, InputError)
    assert list((series.parent / "out").iterdir()) == []


def test_the_command(series: Path, label: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "segments.json").write_text(
        '[{"name": "Leber", "value": 1}, {"name": "B", "value": 3}, {"name": "C", "value": 7}]'
    )
    out = tmp_path / "rt.dcm"
    command = ["export-seg", str(label), "--series", str(series), "--format", "rtstruct", "--out", str(out)]
    command += ["--segments", str(tmp_path / "segments.json")]
    assert main([*command, "--check"]) == 0 and not out.exists()
    for wrong in (["--labelmap-type"], ["--sdm", "x.nii.gz"], ["--uncertainty", "x.nii.gz"]):
        assert main([*command, *wrong]) == 2
        assert "contours only" in capsys.readouterr().err
    assert main(command) == 0
    told = capsys.readouterr()
    assert "contours on 12 slices, read back and compared" in told.out and "Doe" not in told.out + told.err
    assert {item.ROIGenerationAlgorithm for item in pydicom.dcmread(out).StructureSetROISequence} == {"MANUAL"}
    assert main(command) == 2 and "exists already" in capsys.readouterr().err


# --- lines


@pytest.mark.parametrize("seed", range(6))
def test_lines_round_anything_give_it_again(seed: int) -> None:
    random = np.random.default_rng(seed)
    for _ in range(20):
        shape = tuple(random.integers(1, 25, 2))
        mask = random.random(shape) > random.random()
        lines = contours_of(mask)
        assert np.array_equal(filled(lines, shape), mask)
        together = np.zeros(shape, bool)
        for line in lines:
            together |= polygon2mask(shape, line[:, ::-1])
        assert np.array_equal(together, mask)


def test_a_straight_side_has_two_points() -> None:
    mask = np.zeros((9, 9), bool)
    mask[2:7, 3:6] = True
    (line,) = contours_of(mask)
    assert len(line) == 8  # the corners are cut off
    assert line.min(axis=0).tolist() == [2.5, 1.5] and line.max(axis=0).tolist() == [5.5, 6.5]
    assert contours_of(np.zeros((4, 4), bool)) == []
