"""Writes segments as a DICOM RT Structure Set (RTSTRUCT), which planning systems read, with pydicom alone.

As with segmentations, the file is read back and held against the masks before it gets its name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import TISSUE, Code, parse_terminology
from dualtaskseg.dicom.contours import contours_of, filled
from dualtaskseg.dicom.derived_object import (
    PROGRAM,
    ExportOptions,
    character_set_of,
    check_options,
    check_target,
    maker_of,
    new_uid,
    plain,
    protect_inputs,
    series_description,
    series_number,
    write_proven,
)
from dualtaskseg.dicom.export_report import ExportReport
from dualtaskseg.dicom.label_input import Masks
from dualtaskseg.dicom.segmentation import described_by, masks_on, said_of
from dualtaskseg.dicom.source_series import INSTALL, UPDATE, Source, read_source
from dualtaskseg.errors import DualTaskSegError, InputError
from dualtaskseg.io.dicom_values import relaxed_validation
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.progress import ignore
from dualtaskseg.version import VERSION

if TYPE_CHECKING:
    from pydicom import Dataset

    from dualtaskseg.dicom.derived_object import AlgorithmIdentification
    from dualtaskseg.dicom.label_input import Labels

STRUCTURE_SETS = "1.2.840.10008.5.1.4.1.1.481.3"  # SOP class of RT Structure Set Storage
DETACHED_STUDY = "1.2.840.10008.3.1.2.3.1"  # the class that references to a study name by tradition
LABEL_LIMIT = 16  # characters of the label of a structure set
OF_PATIENT = (
    *("PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex", "OtherPatientIDs"),
    *("PatientAge", "PatientSize", "PatientWeight", "PatientIdentityRemoved", "DeidentificationMethod"),
    *("StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "StudyDescription", "AccessionNumber"),
    *("ReferringPhysicianName", "FrameOfReferenceUID", "PositionReferenceIndicator"),
)
AXIAL = 0.999  # cosine between the slices' normal and the body's axis, from which on slices count as axial
PLANE_TOLERANCE = 1e-2  # mm


def require_pydicom() -> None:
    """Raises :class:`InputError` where the library that writes structure sets is missing or too old."""
    try:
        import pydicom
    except ImportError as error:
        raise InputError("Writing DICOM needs the library pydicom, but it is missing", INSTALL) from error
    if int(pydicom.__version__.split(".")[0]) < 3:
        raise InputError(f"Writing DICOM needs pydicom 3 or newer, but this is {pydicom.__version__}", UPDATE)


def export_structure_set(
    labels: Labels,
    series: Path | str | Sequence[Path | str],
    out: Path | str,
    model: ModelDescription | Path | str | None = None,
    segments: Sequence[Segment] = (),
    options: ExportOptions | None = None,
    on_progress: Callable[[int, int], None] = ignore,
) -> ExportReport:
    """Writes segments as contours on the slices of a series.

    Args:
        labels, series, model, segments, on_progress: as of
            :func:`~dualtaskseg.dicom.segmentation.export_segmentation`.

    Returns:
        What was written; its ``frames`` are contours.

    Raises:
        InputError: pydicom is missing, the series or a label map is bad, or the file exists.
        DualTaskSegError: the contours did not hold the very masks; the file is removed.
    """
    started = time.monotonic()
    options, out = options or ExportOptions(), Path(out)
    require_pydicom()
    check_options(options)
    described, known = described_by(model, segments)
    check_target(out, options.overwrite)
    source = read_source(series, options.series_uid, lambda done, of: on_progress(20 * done // max(of, 1), 100))
    protect_inputs(out, source, labels)
    masks = masks_on(labels, known, source, options)
    maker = maker_of(described, options)
    on_progress(30, 100)
    default = f"{PROGRAM} {described.name}" if described is not None else "Structure set"
    description = series_description(maker, options, default, masks.is_resampled)
    with relaxed_validation():
        dataset = _build(source, masks, maker, description, options)
    on_progress(70, 100)
    number = int(dataset.SeriesNumber)
    count = write_proven(dataset, out, lambda file: verify_structure_set(file, source, masks))
    return ExportReport.of(
        out,
        source,
        masks,
        frames=count,
        algorithm_type=maker.type,
        series_description=description,
        series_number=number,
        warnings=(*masks.warnings, *said_of(source, masks), *_said_of_planes(source)),
        seconds=time.monotonic() - started,
    )


def verify_structure_set(path: Path, source: Source, masks: Masks) -> int:
    """Fills the contours of a file and compares them with the masks that they should hold.

    Returns:
        The number of contours.

    Raises:
        DualTaskSegError: they hold anything else. That is a defect of the program, not of the input.
    """
    import pydicom

    with relaxed_validation():
        dataset = pydicom.dcmread(path)
    slices = source.plane_indices()
    if [item.ROINumber for item in dataset.StructureSetROISequence] != list(range(1, len(masks.segments) + 1)):
        raise _other("other structures")
    count = 0
    for roi in dataset.ROIContourSequence:
        lines: dict[int, list[np.ndarray]] = {}
        for contour in roi.ContourSequence:
            image = contour.ContourImageSequence[0]
            plane = slices.get((str(image.ReferencedSOPInstanceUID), int(image.get("ReferencedFrameNumber") or 0)))
            if plane is None:
                raise _other("contours on other slices")
            points = np.array(contour.ContourData, float).reshape(-1, 3)
            lines.setdefault(plane, []).append(_in_pixels(points, source.headers[plane]))
            count += 1
        for plane in range(len(masks.array)):
            expected = masks.plane(plane, int(roi.ReferencedROINumber))
            if not np.array_equal(filled(lines.get(plane, []), expected.shape), expected):
                raise _other(f"other voxels on slice {plane + 1}")
    return count


def _other(what: str) -> DualTaskSegError:
    return DualTaskSegError(
        f"The structure set that was written holds {what} than it should", "It was removed; report this as a defect"
    )


def _build(
    source: Source, masks: Masks, maker: AlgorithmIdentification, description: str, options: ExportOptions
) -> Dataset:
    from pydicom import Dataset
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    first, now = source.headers[0], datetime.now()
    dataset = Dataset()
    for keyword in OF_PATIENT:
        if keyword in first:
            dataset.add(deepcopy(first[keyword]))
    if "PositionReferenceIndicator" not in dataset:
        dataset.PositionReferenceIndicator = ""
    dataset.SOPClassUID, dataset.SOPInstanceUID = STRUCTURE_SETS, new_uid()
    dataset.InstanceCreationDate = dataset.StructureSetDate = dataset.SeriesDate = now.strftime("%Y%m%d")
    dataset.InstanceCreationTime = dataset.StructureSetTime = dataset.SeriesTime = now.strftime("%H%M%S")
    dataset.Modality, dataset.SeriesInstanceUID = "RTSTRUCT", new_uid()
    dataset.SeriesNumber, dataset.InstanceNumber = series_number(source, options), 1
    dataset.SeriesDescription = description
    dataset.OperatorsName = options.content_creator
    dataset.Manufacturer = dataset.ManufacturerModelName = PROGRAM
    dataset.SoftwareVersions = VERSION
    dataset.StructureSetLabel = plain(description, LABEL_LIMIT)
    dataset.StructureSetName = description
    dataset.ApprovalStatus = "UNAPPROVED"  # nobody has looked at it in a planning system yet
    dataset.ReferencedFrameOfReferenceSequence = [_reference(source)]
    dataset.StructureSetROISequence = [
        _structure(segment, index + 1, source, maker) for index, segment in enumerate(masks.segments)
    ]
    dataset.ROIContourSequence = [
        _contours(segment, index + 1, source, masks) for index, segment in enumerate(masks.segments)
    ]
    dataset.RTROIObservationsSequence = [
        _observation(segment, index + 1) for index, segment in enumerate(masks.segments)
    ]
    character_set = character_set_of(dataset, source)
    if character_set:
        dataset.SpecificCharacterSet = character_set
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return dataset


def _item(**values: Any) -> Dataset:
    from pydicom import Dataset

    item = Dataset()
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


def _slice_reference(source: Source, index: int) -> Dataset:
    uid, frame = source.key(index)
    item = _item(ReferencedSOPClassUID=source.headers[0].SOPClassUID, ReferencedSOPInstanceUID=uid)
    if frame:
        item.ReferencedFrameNumber = frame
    return item


def _reference(source: Source) -> Dataset:
    """The frame of reference, the study, the series and each of its slices."""
    first = source.headers[0]
    files = {str(header.SOPInstanceUID): index for index, header in enumerate(source.headers)}
    images = [_slice_reference(source, index) for index in files.values()]
    if source.whole is not None:  # all of its frames
        del images[0].ReferencedFrameNumber
    series = _item(SeriesInstanceUID=first.SeriesInstanceUID, ContourImageSequence=images)
    study = _item(
        ReferencedSOPClassUID=DETACHED_STUDY,
        ReferencedSOPInstanceUID=first.StudyInstanceUID,
        RTReferencedSeriesSequence=[series],
    )
    return _item(FrameOfReferenceUID=first.FrameOfReferenceUID, RTReferencedStudySequence=[study])


def _structure(segment: Segment, number: int, source: Source, maker: AlgorithmIdentification) -> Dataset:
    item = _item(
        ROINumber=number,
        ReferencedFrameOfReferenceUID=source.headers[0].FrameOfReferenceUID,
        ROIName=plain(segment.name) or f"Segment {number}",
        ROIGenerationAlgorithm=maker.type,
    )
    if maker.name:
        item.ROIGenerationDescription = plain(f"{maker.name} {maker.version}")
    return item


def _contours(segment: Segment, number: int, source: Source, masks: Masks) -> Dataset:
    contours = []
    for index, header in enumerate(source.headers):
        for line in contours_of(masks.plane(index, number)):
            points = _in_patient(line, header)
            contours.append(
                _item(
                    ContourImageSequence=[_slice_reference(source, index)],
                    ContourGeometricType="CLOSED_PLANAR",
                    NumberOfContourPoints=len(points),
                    ContourData=[f"{value:.4f}" for value in points.ravel()],
                )
            )
    return _item(
        ROIDisplayColor=list(segment.color),
        ContourSequence=contours,
        ReferencedROINumber=number,
    )


def _observation(segment: Segment, number: int) -> Dataset:
    codes = parse_terminology(segment.terminology) or TISSUE
    structure = _code(codes.type)
    if codes.type_modifier is not None:
        structure.SegmentedPropertyTypeModifierCodeSequence = [_code(codes.type_modifier)]
    return _item(
        ObservationNumber=number,
        ReferencedROINumber=number,
        ROIObservationLabel=plain(segment.name, LABEL_LIMIT),
        SegmentedPropertyCategoryCodeSequence=[_code(codes.category)],
        RTROIIdentificationCodeSequence=[structure],
        RTROIInterpretedType="",  # whether it is a target or an organ at risk, a planner decides
        ROIInterpreter="",
    )


def _code(code: Code) -> Dataset:
    return _item(CodeValue=code.value, CodingSchemeDesignator=code.scheme, CodeMeaning=code.meaning)


def _axes(header: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """The position of a slice's first pixel, and the way in mm from a pixel to the next column and to the next row."""
    across, down = np.array(header.ImageOrientationPatient, float).reshape(2, 3)
    row_step, column_step = (float(step) for step in header.PixelSpacing)
    return np.array(header.ImagePositionPatient, float), np.stack([across * column_step, down * row_step])


def _in_patient(line: np.ndarray, header: Dataset) -> np.ndarray:
    """Points (column, row) of a slice as positions in mm, (points, 3)."""
    origin, steps = _axes(header)
    return origin + line @ steps


def _in_pixels(points: np.ndarray, header: Dataset) -> np.ndarray:
    """The way back; raises :class:`DualTaskSegError` for points that don't lie on the slice."""
    origin, steps = _axes(header)
    normal = np.cross(*steps)
    if np.abs((points - origin) @ (normal / np.linalg.norm(normal))).max() > PLANE_TOLERANCE:
        raise _other("contours beside their slices")
    return (points - origin) @ np.linalg.pinv(steps)


def _said_of_planes(source: Source) -> list[str]:
    across, down = np.array(source.headers[0].ImageOrientationPatient, float).reshape(2, 3)
    if abs(np.cross(across, down)[2]) >= AXIAL:
        return []
    return ["The slices are not axial, and many planning systems read structure sets on axial slices only"]
