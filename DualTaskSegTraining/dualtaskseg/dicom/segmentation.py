"""Writes segments as a DICOM segmentation (SEG) that refers to the series they were made on.

The file is written under a temporary name, read back, compared voxel by voxel with what was meant to be written, and
only then gets its name. Nothing is left behind when anything fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualtaskseg.contract.issue import ERROR, NOTE, WARNING, Issue
from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import TISSUE, Terminology, parse_terminology
from dualtaskseg.data.assumed import Assumed
from dualtaskseg.dicom.derived_object import (
    PROGRAM,
    AlgorithmIdentification,
    ExportOptions,
    check_options,
    check_target,
    concept,
    finish_header,
    maker_of,
    new_series_attributes,
    pixel_measures,
    plain,
    protect_inputs,
    put_voxels,
    series_description,
    source_headers,
    tracking_uid,
    write_proven,
)
from dualtaskseg.dicom.export_report import ExportReport
from dualtaskseg.dicom.label_input import Masks, read_masks
from dualtaskseg.dicom.parametric_map import MapFile, maps_beside, maps_written
from dualtaskseg.dicom.readback import source_of, verify_segmentation
from dualtaskseg.dicom.source_series import Source, read_source, require_highdicom
from dualtaskseg.errors import InputError
from dualtaskseg.io.dicom_series import folders_with
from dualtaskseg.io.dicom_values import relaxed_validation
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.images import read_assumptions
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.progress import ignore

if TYPE_CHECKING:
    from pydicom import Dataset

    from dualtaskseg.dicom.label_input import Labels

NEIGHBORS = 200  # folders beside a series' in which the rest of it is looked for


def export_segmentation(
    labels: Labels,
    series: Path | str | Sequence[Path | str],
    out: Path | str,
    model: ModelDescription | Path | str | None = None,
    segments: Sequence[Segment] = (),
    options: ExportOptions | None = None,
    on_progress: Callable[[int, int], None] = ignore,
    sdm: Mapping[str, Path | str] | None = None,
    uncertainty: Path | str | None = None,
) -> ExportReport:
    """Writes segments as a DICOM segmentation.

    Args:
        labels: as :func:`dualtaskseg.dicom.label_input.read_masks` takes them.
        series: the folder with the DICOM series that the labels belong to, or all files of that series.
        model: the model, or the run or model folder, that the labels are from; None where they are from none.
        segments: what the values mean, instead of what the model says.
        on_progress: told how much of how much is done. What it raises ends the export, with nothing left behind.
        sdm: files of signed distances in mm by segment, to be written as parametric maps beside ``out``.
        uncertainty: a file of uncertainty, to be written as a parametric map too.

    Returns:
        What was written.

    Raises:
        InputError: a library is missing, the series or a label map is bad, or the file exists.
        DualTaskSegError: the file did not hold what was meant to be written; it is removed.
    """
    started = time.monotonic()
    options, out = options or ExportOptions(), Path(out)

    def part(begin: int, end: int) -> Callable[[int, int], None]:
        return lambda done, of: on_progress(begin + (end - begin) * done // max(of, 1), 100)

    require_highdicom()
    check_options(options)
    described, known = described_by(model, segments)
    check_target(out, options.overwrite)
    maps = maps_beside(out, sdm or {}, uncertainty, known)
    for one in maps:
        check_target(one.out, options.overwrite)
    source = read_source(series, options.series_uid, part(0, 15))
    for target in (out, *(one.out for one in maps)):
        protect_inputs(target, source, labels)
    masks = masks_on(labels, known, source, options)
    maker = maker_of(described, options)
    warnings = [*masks.warnings, *said_of(source, masks), *_said_of_maps(maps)]
    with maps_written(maps, source, options, part(15, 25)):
        on_progress(30, 100)
        dataset = _build(source, masks, maker, described, options)
        on_progress(60, 100)
        description, number = str(dataset.SeriesDescription), int(dataset.SeriesNumber)

        def prove(file: Path) -> int:
            on_progress(75, 100)
            return verify_segmentation(file, source, masks, part(75, 100))

        frames = write_proven(dataset, out, prove)
    return ExportReport.of(
        out,
        source,
        masks,
        frames=frames,
        algorithm_type=maker.type,
        series_description=description,
        series_number=number,
        warnings=tuple(warnings),
        seconds=time.monotonic() - started,
        maps=tuple(one.out for one in maps),
    )


def preflight(
    labels: Labels | None,
    series: Path | str | Sequence[Path | str],
    out: Path | str | None = None,
    model: ModelDescription | Path | str | None = None,
    segments: Sequence[Segment] = (),
    options: ExportOptions | None = None,
    needed: Callable[[], None] = require_highdicom,
) -> list[Issue]:
    """Answers beforehand whether an export would work, and what it would say; writes nothing.

    Args:
        labels, series, out, model, segments, options: as of :func:`export_segmentation`; without ``labels`` or
            ``out`` only the other questions are answered.
        needed: checks that the libraries are there which write the file.

    Returns:
        Errors first, then warnings, then notes. Without an error the export can start.
    """
    options = options or ExportOptions()
    findings: list[Issue] = []

    def attempt(question: Callable[[], Any]) -> Any:
        try:
            return question()
        except InputError as error:
            findings.append(Issue.of(error))
            return None

    attempt(needed)
    attempt(lambda: check_options(options))
    described, known = attempt(lambda: described_by(model, segments)) or (None, tuple(segments))
    if out is not None:
        attempt(lambda: check_target(Path(out), options.overwrite))
    source = attempt(lambda: read_source(series, options.series_uid))
    if source is not None:
        if out is not None:
            attempt(lambda: protect_inputs(Path(out), source, labels))
        title = source.series.description or "no description"
        findings.append(Issue(NOTE, f"The series has {len(source.headers)} slices ({title})"))
        masks = attempt(lambda: masks_on(labels, known, source, options)) if labels is not None else None
        if masks is not None:
            findings += [Issue(WARNING, warning) for warning in (*masks.warnings, *said_of(source, masks))]
            findings += [
                Issue(NOTE, f"The segment {segment.name} is empty and will be left out") for segment in masks.empty
            ]
    if described is not None or options.algorithm or options.edited:
        findings.append(Issue(NOTE, f"The segments will be declared {maker_of(described, options).type}"))
    return sorted(findings, key=lambda finding: (ERROR, WARNING, NOTE).index(finding.severity))


def described_by(
    model: ModelDescription | Path | str | None, segments: Sequence[Segment]
) -> tuple[ModelDescription | None, tuple[Segment, ...]]:
    """Returns the model's description and the segments that label values mean.

    Raises:
        InputError: there is no such model.
    """
    if isinstance(model, (str, Path)):
        model = read_model(find_model(model), verify=False)
    return model, tuple(segments) or (model.segments if model is not None else ())


# --- internals


def masks_on(labels: Labels, segments: Sequence[Segment], source: Source, options: ExportOptions) -> Masks:
    """The segments on the series' grid.

    Raises:
        InputError: as :func:`dualtaskseg.dicom.label_input.read_masks`; or they overlap and can't be stored so.
    """
    try:
        masks = read_masks(labels, segments, source.geometry, options.resample)
    except ImageError as error:
        if error.code != "other-grid":
            raise
        beside = [path for path in sorted(source.folder.parent.iterdir()) if path.is_dir()][:NEIGHBORS]
        others = [path for path in folders_with(source.series.uid, beside) if not path.samefile(source.folder)]
        if others:
            names = ", ".join(map(str, others[:3]))
            raise InputError(
                f"{error.what}; the series goes on in {names}", "Move all files of the series to one folder"
            ) from error
        raise
    if options.labelmap and masks.overlap:
        raise InputError(
            "Segments overlap, which a segmentation of the type LABELMAP can't hold", "Write it as BINARY instead"
        )
    return masks


def said_of(source: Source, masks: Masks) -> list[str]:
    """What the user should know about what is going to be written."""
    warnings = []
    for segment in masks.segments:
        if parse_terminology(segment.terminology) is None:
            reason = (
                "has a terminology that can't be read" if segment.terminology.strip(" ~^") else "has no terminology"
            )
            warnings.append(f"The segment {segment.name} {reason}, so it is coded as Tissue only")
        if plain(segment.name) != segment.name:
            warnings.append(f"The name of the segment {segment.name} is written as {plain(segment.name)}")
    first = source.headers[0]
    warnings += [
        f"The series names no {name}, so the segmentation names none either"
        for keyword, name in (("PatientID", "patient ID"), ("PatientName", "patient name"))
        if not str(first.get(keyword) or "").strip()
    ]
    return warnings


def _said_of_maps(maps: Sequence[MapFile]) -> list[str]:
    """What is assumed about the maps; they lie on the series' own grid, so their unit of length is mm."""
    assumed = Assumed()
    for one in maps:
        assumed.add(str(one.image), read_assumptions(one.image))
    return assumed.notes()


def _build(
    source: Source, masks: Masks, maker: AlgorithmIdentification, model: ModelDescription | None, options: ExportOptions
) -> Dataset:
    import highdicom

    default = f"{PROGRAM} {model.name}" if model is not None else "Segmentation"
    description = series_description(maker, options, default, masks.is_resampled)
    kind = "LABELMAP" if options.labelmap else "BINARY"
    with relaxed_validation():
        dataset = highdicom.seg.Segmentation(
            source_headers(source, one_pixel=masks.overlap),
            _presence(masks) if masks.overlap else masks.array,
            highdicom.seg.SegmentationTypeValues(kind),
            [_describe(segment, index + 1, source, maker) for index, segment in enumerate(masks.segments)],
            **new_series_attributes(source, options),
            content_label="SEGMENTATION",
            content_description=description,
            content_creator_name=options.content_creator or None,
            series_description=description,
            pixel_measures=pixel_measures(source),
        )
        finish_header(dataset, source)
        if masks.overlap:
            dataset.SegmentsOverlap = "YES"
            put_voxels(dataset, source, "PixelData", _packed(dataset, source, masks))
    return dataset


def _presence(masks: Masks) -> np.ndarray:
    """Which slices each segment has voxels in, as if slices had one pixel: of the shape z, 1, 1, segment."""
    numbers = range(1, len(masks.segments) + 1)
    present = [[masks.plane(index, number).any() for number in numbers] for index in range(len(masks.array))]
    return np.array(present, np.uint8)[:, None, None, :]


def _packed(dataset: Dataset, source: Source, masks: Masks) -> bytes:
    """The voxels of all frames, a bit each, without padding between frames."""
    slices = source.plane_indices()
    frames = dataset.PerFrameFunctionalGroupsSequence
    packed = bytearray()
    for first in range(0, len(frames), 8):  # 8 frames end with a whole byte, whatever their size
        planes = [
            masks.plane(slices[source_of(frame)], frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
            for frame in frames[first : first + 8]
        ]
        packed += np.packbits(np.stack(planes).ravel(), bitorder="little").tobytes()
    return bytes(packed) + b"\0" * (len(packed) % 2)


def _describe(segment: Segment, number: int, source: Source, maker: AlgorithmIdentification) -> Dataset:
    import highdicom
    from pydicom.sr.codedict import codes as known_codes

    terminology = parse_terminology(segment.terminology) or TISSUE
    algorithm = None
    if maker.type != "MANUAL":
        algorithm = highdicom.AlgorithmIdentificationSequence(
            maker.name,
            known_codes.cid7162.ArtificialIntelligence,
            maker.version,
            source=PROGRAM if maker.parameters else None,
            parameters=maker.parameters or None,
        )
    name = plain(segment.name) or f"Segment {number}"
    description = highdicom.seg.SegmentDescription(
        number,
        name,
        concept(terminology.category),
        concept(terminology.type),
        highdicom.seg.SegmentAlgorithmTypeValues(maker.type),
        algorithm,
        tracking_uid=tracking_uid(source, segment),
        tracking_id=name,
        anatomic_regions=[concept(terminology.region)] if terminology.region else None,
        display_color=highdicom.color.CIELabColor.from_rgb(*segment.color),
    )
    _add_modifiers(description, terminology)
    return description


def _add_modifiers(description: Dataset, terminology: Terminology) -> None:
    if terminology.type_modifier is not None:
        kind = description.SegmentedPropertyTypeCodeSequence[0]
        kind.SegmentedPropertyTypeModifierCodeSequence = [concept(terminology.type_modifier)]
    if terminology.region_modifier is not None:
        region = description.AnatomicRegionSequence[0]
        region.AnatomicRegionModifierSequence = [concept(terminology.region_modifier)]
