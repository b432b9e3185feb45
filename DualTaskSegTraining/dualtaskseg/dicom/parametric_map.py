"""Writes signed distances and uncertainty as DICOM parametric maps that refer to the series they were made on."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import TISSUE, Code, parse_terminology
from dualtaskseg.dicom.derived_object import (
    PROGRAM,
    ExportOptions,
    check_options,
    check_target,
    concept,
    finish_header,
    new_series_attributes,
    pixel_measures,
    plain,
    protect_inputs,
    put_voxels,
    series_number,
    source_headers,
    write_proven,
)
from dualtaskseg.dicom.label_input import on_grid
from dualtaskseg.dicom.readback import verify_map
from dualtaskseg.dicom.source_series import Source, read_source, require_highdicom
from dualtaskseg.errors import InputError
from dualtaskseg.io.dicom_frames import depth_of
from dualtaskseg.io.dicom_values import relaxed_validation
from dualtaskseg.io.images import read_image
from dualtaskseg.names import safe_segment_names

if TYPE_CHECKING:
    from pydicom import Dataset

SIGNED_DISTANCE, UNCERTAINTY = "sdm", "uncertainty"
MILLIMETER = Code("UCUM", "mm", "millimeter")
NO_UNITS = Code("UCUM", "1", "no units")
DISTANCE = Code("DCM", "121206", "Distance")
SOURCE_IMAGE = Code("DCM", "121322", "Source image for image processing operation")
DERIVATION = Code("DCM", "112187", "Unspecified method of calculation")
ANATOMICAL = Code("SCT", "123037004", "Anatomical Structure")
SIDES = {"24028007": "R", "7771000": "L", "51440002": "B"}  # right, left, both
UNPAIRED = "U"


def export_map(
    image: Path | str,
    kind: str,
    series: Path | str | Sequence[Path | str] | Source,
    out: Path | str,
    segment: Segment | None = None,
    options: ExportOptions | None = None,
) -> Path:
    """Writes one map as a DICOM parametric map of 32-bit floats.

    Args:
        image: the file with the values: signed distances in mm, negative inside; or uncertainty from 0 to 1.
        kind: ``SIGNED_DISTANCE`` or ``UNCERTAINTY``.
        series: the folder with the DICOM series, or all files of the series, or the series as already read.
        segment: whose distances these are.
        options: of these count ``series_uid``, ``overwrite``, ``series_number``, ``series_description`` and
            ``content_creator``.

    Returns:
        The file, read back and compared.

    Raises:
        InputError: a library is missing, the series or the image is bad or on another grid, or the file exists.
        DualTaskSegError: the file did not hold what was meant to be written; it is removed.
    """
    options, out = options or ExportOptions(), Path(out)
    if kind not in (SIGNED_DISTANCE, UNCERTAINTY):
        raise ValueError(f"{kind} is no kind of map")
    require_highdicom()
    check_options(options)
    check_target(out, options.overwrite)
    source = series if isinstance(series, Source) else read_source(series, options.series_uid)
    protect_inputs(out, source, image)
    array = _values(Path(image), source)
    dataset = _build(array, kind, segment, source, options)
    write_proven(dataset, out, lambda file: verify_map(file, source, array))
    return out


@dataclass(frozen=True)
class MapFile:
    """A map that is to be written beside a segmentation.

    Attributes:
        kind: ``SIGNED_DISTANCE`` or ``UNCERTAINTY``.
    """

    image: Path
    kind: str
    out: Path
    segment: Segment | None = None


def maps_beside(
    out: Path, sdm: Mapping[str, Path | str], uncertainty: Path | str | None, segments: Sequence[Segment]
) -> list[MapFile]:
    """Names the files for maps beside a segmentation: ``OUT_sdm_SEGMENT.dcm`` and ``OUT_uncertainty.dcm``.

    Raises:
        InputError: a name is that of no segment.
    """
    names = [segment.name for segment in segments]
    safe = safe_segment_names(names)
    files = []
    for name, image in sdm.items():
        if name not in names:
            raise InputError(f"{image} is for {name}, which is no segment", f"Give one of: {', '.join(names)}")
        index = names.index(name)
        target = out.with_name(f"{out.stem}_sdm_{safe[index]}.dcm")
        files.append(MapFile(Path(image), SIGNED_DISTANCE, target, segments[index]))
    if uncertainty is not None:
        files.append(MapFile(Path(uncertainty), UNCERTAINTY, out.with_name(f"{out.stem}_uncertainty.dcm")))
    return files


@contextlib.contextmanager
def maps_written(
    maps: Sequence[MapFile], source: Source, options: ExportOptions, on_progress: Callable[[int, int], None]
) -> Iterator[None]:
    """Writes maps; those that are new are removed again if anything fails until the end of the block.

    Each is a series of its own, so the numbers after the segmentation's are given to them.
    """
    written: list[Path] = []
    try:
        for index, one in enumerate(maps):
            number = series_number(source, options) + index + 1
            of_map = replace(options, series_number=number, series_description="")
            is_new = not one.out.exists()
            export_map(one.image, one.kind, source, one.out, one.segment, of_map)
            if is_new:
                written.append(one.out)
            on_progress(index + 1, len(maps))
        yield
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        raise


def _values(path: Path, source: Source) -> np.ndarray:
    import SimpleITK

    image, _ = on_grid(str(path), read_image(path), source.geometry)
    array = SimpleITK.GetArrayFromImage(image).astype(np.float32, copy=False)
    if not all(np.isfinite(plane).all() for plane in array):
        raise InputError(f"{path} holds values that are not finite numbers", "Make it again from the scan")
    return array


def _build(array: np.ndarray, kind: str, segment: Segment | None, source: Source, options: ExportOptions) -> Dataset:
    import highdicom

    is_distance = kind == SIGNED_DISTANCE
    of = f" to {segment.name}" if segment else ""
    title = f"Signed distance{of} (mm)" if is_distance else "Uncertainty (0 to 1)"
    meaning = (
        f"Signed distance{of}, negative inside" if is_distance else "Disagreement of two networks: 0 none, 1 complete"
    )
    lowest, highest = float(array.min()), float(array.max())
    largest = max(abs(lowest), abs(highest), 1.0)
    mapping = highdicom.pm.RealWorldValueMapping(
        lut_label="SIGNED_DISTANCE" if is_distance else "UNCERTAINTY",
        lut_explanation=plain(meaning),
        unit=concept(MILLIMETER if is_distance else NO_UNITS),
        value_range=(lowest, highest),
        slope=1.0,
        intercept=0.0,
        quantity_definition=concept(DISTANCE) if is_distance else None,
    )
    description = plain(options.series_description or f"{PROGRAM} {title}")
    with relaxed_validation():
        dataset = highdicom.pm.ParametricMap(
            source_headers(source, one_pixel=True),
            array[:, :1, :1],
            **new_series_attributes(source, options),
            contains_recognizable_visual_features=False,
            real_world_value_mappings=[mapping],
            **_window(0.0, 2 * largest) if is_distance else _window(0.5, 1.0),
            content_label="SIGNED_DISTANCE" if is_distance else "UNCERTAINTY",
            content_description=plain(meaning),
            content_creator_name=options.content_creator or None,
            series_description=description,
            pixel_measures=pixel_measures(source),
        )
        # Optional, but a reader in wide use (dcmqi, and with it 3D Slicer) crashes without it.
        dataset.SharedFunctionalGroupsSequence[0].FrameAnatomySequence = [_anatomy(segment)]
        finish_header(dataset, source)
        _order_frames(dataset, array, source)
    return dataset


def _window(center: float, width: float) -> dict[str, Any]:
    """How viewers should show the values at first, as the library wants to be told: 0.27 otherwise than later ones."""
    import highdicom

    if "voi_lut_transformations" not in inspect.signature(highdicom.pm.ParametricMap.__init__).parameters:
        return {"window_center": center, "window_width": width}
    return {"voi_lut_transformations": [highdicom.VOILUTTransformation(window_center=center, window_width=width)]}


def _order_frames(dataset: Dataset, array: np.ndarray, source: Source) -> None:
    """Puts the frames in the order of their positions along the slices' normal, and has each name its slice.

    A reader in wide use (dcmqi, and with it 3D Slicer) takes the frames as they come instead of by their positions, and
    would show the map upside down.
    """
    positions = np.array([header.ImagePositionPatient for header in source.headers], float)
    orientation = [float(part) for part in source.headers[0].ImageOrientationPatient]
    order = np.argsort([depth_of(position, orientation) for position in positions.tolist()])
    frames: list[Any] = [None] * len(order)
    for frame in dataset.PerFrameFunctionalGroupsSequence:
        position = np.array(frame.PlanePositionSequence[0].ImagePositionPatient, float)
        frames[int(np.linalg.norm(positions[order] - position, axis=1).argmin())] = frame
    for rank, (frame, index) in enumerate(zip(frames, order.tolist(), strict=True)):
        frame.FrameContentSequence[0].DimensionIndexValues = [rank + 1]
        frame.DerivationImageSequence = [_derivation(source, index)]
    dataset.PerFrameFunctionalGroupsSequence = frames
    if not np.array_equal(order, np.arange(len(order))):  # else a copy would only take memory
        array = array[order]
    put_voxels(dataset, source, "FloatPixelData", array.astype("<f4", copy=False).tobytes())


def _derivation(source: Source, index: int) -> Dataset:
    """The reference of a frame to its slice, which the library leaves out up to its version 0.27."""
    from pydicom import Dataset

    slice_of = Dataset()
    slice_of.ReferencedSOPClassUID = source.headers[index].SOPClassUID
    slice_of.ReferencedSOPInstanceUID, number = source.key(index)
    if number:
        slice_of.ReferencedFrameNumber = number
    slice_of.SpatialLocationsPreserved = "YES"
    slice_of.PurposeOfReferenceCodeSequence = [concept(SOURCE_IMAGE)]
    derivation = Dataset()
    derivation.SourceImageSequence = [slice_of]
    derivation.DerivationCodeSequence = [concept(DERIVATION)]
    return derivation


def _anatomy(segment: Segment | None) -> Dataset:
    """Where in the body the map belongs, from the segment's terminology; where that says nothing: some tissue."""
    from pydicom import Dataset

    terminology = (parse_terminology(segment.terminology) if segment else None) or TISSUE
    is_anatomical = terminology.category.value == ANATOMICAL.value
    region = terminology.region or (terminology.type if is_anatomical else TISSUE.type)
    side = terminology.region_modifier if terminology.region else terminology.type_modifier
    anatomy = Dataset()
    anatomy.AnatomicRegionSequence = [concept(region)]
    anatomy.FrameLaterality = SIDES.get(side.value, UNPAIRED) if side else UNPAIRED
    return anatomy
