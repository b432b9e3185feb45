"""What is known about each scan after reading it once: what planning needs and what the checks judge."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualtaskseg.contract.dataset import Case
from dualtaskseg.contract.issue import ERROR, WARNING, Issue
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.hounsfield import peaks
from dualtaskseg.data.intensities import finite, percentiles
from dualtaskseg.data.label_arrays import value_counts
from dualtaskseg.data.meaning import Meaning
from dualtaskseg.data.outlines import Outline, read_outline
from dualtaskseg.data.symmetry import mirrored_pairs, side_of
from dualtaskseg.errors import InputError
from dualtaskseg.files import json_safe
from dualtaskseg.io.file_headers import files_of
from dualtaskseg.io.geometry import Geometry, geometry_of
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.image_notes import assumptions, is_unit_assumed, modality_of
from dualtaskseg.io.images import read_image
from dualtaskseg.io.label_images import reordered
from dualtaskseg.progress import ignore

if TYPE_CHECKING:
    import SimpleITK

Box = tuple[tuple[int, int], ...]

ASSUMED = "assumed"  # the code of what a file leaves open
ASSUMED_REMEDY = "If that is not so, correct the scan, for example in 3D Slicer, and save it as .nrrd"
MOST_VALUES = 100  # a label with more values is a scan
FOREGROUND_SAMPLE = 5000
SLAB = 1_000_000  # voxels worked on at a time, so that temporary arrays stay small beside the scan


@dataclass
class CaseFingerprint:
    """What is known about one case. What could not be found out is None, zero or empty; ``problems`` says why.

    Attributes:
        name, role, image, label: as in :class:`~dualtaskseg.contract.dataset.Case`; paths as strings.
        geometry, label_geometry: the grids of the scan and of its label.
        modality: DICOM's, such as ``"CT"``; empty for other formats.
        minimum, maximum, mean, std: of the finite voxels.
        percentile_00_5, percentile_50, percentile_99_5: of the finite voxels, of a regular sample in large scans.
        air_peak, tissue_peak: where most of a CT scan's air and tissue lies, see
            :func:`~dualtaskseg.data.hounsfield.peaks`.
        nan_count, infinite_count: number of voxels that are no number, or infinite.
        voxel_hash: SHA-256 of size and voxels as 32-bit floats, the same whatever file format and number type.
        label_values: number of voxels of each value in the label, background included. Where the label file names its
            values, they are those of the dataset's segments of these names.
        label_names: whether the label file names its values.
        foreground_sample: float32, at most 5000 intensities, evenly picked from the finite voxels of all segments.
        segment_boxes: for each segment's value, first and last-plus-one index of its voxels along z, y, x.
        mirrored_pairs: values of segments that are near mirror images of each other, from left to right.
        sides: for each segment's value, see :func:`~dualtaskseg.data.symmetry.side_of`.
        seen_share: which part of the voxels was looked at when it was outlined; 1 for a whole outline.
        unitless: how many of its files, the scan and the label, name no unit of length; mm are assumed.
        file_size, modified_ns: bytes and latest modification time of the scan's files.
    """

    name: str
    role: str
    image: str
    label: str | None = None
    geometry: Geometry | None = None
    modality: str = ""
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    percentile_00_5: float | None = None
    percentile_50: float | None = None
    percentile_99_5: float | None = None
    air_peak: float | None = None
    tissue_peak: float | None = None
    nan_count: int = 0
    infinite_count: int = 0
    voxel_hash: str = ""
    label_geometry: Geometry | None = None
    label_values: dict[int, int] = field(default_factory=dict)
    foreground_sample: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    segment_boxes: dict[int, Box] = field(default_factory=dict)
    label_names: bool = False
    mirrored_pairs: list[tuple[int, int]] = field(default_factory=list)
    sides: dict[int, int] = field(default_factory=dict)
    seen_share: float = 1.0
    unitless: int = 0
    file_size: int = 0
    modified_ns: int = 0
    label_file_size: int = 0
    label_modified_ns: int = 0
    problems: list[Issue] = field(default_factory=list)

    @property
    def constant(self) -> bool:
        """Whether all finite voxels have the same intensity."""
        return self.minimum is not None and self.minimum == self.maximum

    def to_dict(self) -> dict[str, Any]:
        """Returns the fingerprint as JSON values, without the foreground intensities."""
        data = {**vars(self), "problems": [problem.to_dict() for problem in self.problems]}
        del data["foreground_sample"]
        return json_safe(data)


def extract_fingerprints(
    cases: Sequence[Case],
    segments: Sequence[Segment],
    workers: int | None = None,
    on_progress: Callable[[int, str], None] = ignore,
    not_chosen: Sequence[Segment] = (),
) -> list[CaseFingerprint]:
    """Reads every scan and label once and returns their fingerprints, in the order of ``cases``.

    Args:
        segments: whose voxels are foreground; where there are none, all labeled voxels are.
        workers: how many scans are read, and held in memory, at a time; by default one for each core, at most 4.
        on_progress: called with the number of cases done and the name of the last, from this thread.
        not_chosen: segments that count as background; a label file may name them.

    Returns:
        The fingerprints. An error of a case becomes one of its problems.
    """
    workers = workers or min(os.cpu_count() or 1, 4)
    meaning = Meaning(tuple(segments), tuple(not_chosen))
    fingerprints: list[CaseFingerprint] = []
    executor = ThreadPoolExecutor(max_workers=workers)  # reading, unpacking and counting let other threads run
    try:
        for one in executor.map(lambda case: extract_fingerprint(case, meaning), cases):
            fingerprints.append(one)
            on_progress(len(fingerprints), one.name)
    finally:
        executor.shutdown(cancel_futures=True)
    return fingerprints


def blank_fingerprint(case: Case) -> CaseFingerprint:
    """What is known about a case before anything of it is read."""
    return CaseFingerprint(case.name, case.role, str(case.image), str(case.label) if case.label else None)


def extract_fingerprint(case: Case, meaning: Meaning) -> CaseFingerprint:
    """Reads one case; the segments of ``meaning`` are foreground, all values but 0 where there are none."""
    fingerprint = blank_fingerprint(case)
    scan = None
    try:
        fingerprint.file_size, fingerprint.modified_ns = _size_and_time(case.image)
        scan = read_image(case.image)
        fingerprint.problems += _assumed(case, case.image, assumptions(scan))
        fingerprint.unitless += is_unit_assumed(scan)
        _describe_scan(scan, fingerprint)
    except (InputError, OSError, MemoryError) as error:
        fingerprint.problems.append(_problem(case, case.image, error))
    if case.label is not None:
        try:
            fingerprint.label_file_size, fingerprint.label_modified_ns = _size_and_time(case.label)
            outline = read_outline(case, meaning)
            label, fingerprint.label_names = outline.label, outline.is_named
            known = {problem.what.removeprefix(fingerprint.image) for problem in fingerprint.problems}
            new = [text for text in assumptions(label) if f" {text}" not in known]
            fingerprint.problems += _assumed(case, case.label, new)
            fingerprint.unitless += is_unit_assumed(label)
            if scan is not None:
                label = reordered(label, geometry_of(scan))
            _describe_label(label, scan, [segment.value for segment in meaning.segments], fingerprint)
            _describe_seen(outline, case, fingerprint)
        except (InputError, OSError, MemoryError) as error:
            fingerprint.problems.append(_problem(case, case.label, error))
    return fingerprint


def _assumed(case: Case, file: Path, texts: Sequence[str]) -> list[Issue]:
    return [Issue(WARNING, f"{file} {text}", ASSUMED_REMEDY, ASSUMED, case.name, str(file)) for text in texts]


def _problem(case: Case, file: Path, error: Exception) -> Issue:
    if isinstance(error, InputError):
        code = error.code if isinstance(error, ImageError) else "unreadable"
        return Issue.of(error, code, case.name, str(file))
    if isinstance(error, MemoryError):
        return Issue(ERROR, f"{file} is too large for the memory", "Crop the scan", "memory", case.name, str(file))
    reason = getattr(error, "strerror", None) or error
    return Issue(ERROR, f"{file} can't be read ({reason})", "Check the file", "unreadable", case.name, str(file))


def _size_and_time(path: Path) -> tuple[int, int]:
    """Size in bytes and latest modification time of all files of a scan."""
    if path.is_dir():
        files = [file for file in path.iterdir() if file.is_file() and not file.name.startswith(".")]
    else:
        files = files_of(path)
    states = [file.stat() for file in files]
    return sum(state.st_size for state in states), max((state.st_mtime_ns for state in states), default=0)


def _describe_scan(image: SimpleITK.Image, fingerprint: CaseFingerprint) -> None:
    import SimpleITK

    fingerprint.geometry = geometry_of(image)
    fingerprint.modality = modality_of(image)
    with np.errstate(over="ignore"):  # voxels beyond the range of 32-bit floats
        _describe_intensities(SimpleITK.GetArrayViewFromImage(image), fingerprint)


def _describe_intensities(voxels: np.ndarray, fingerprint: CaseFingerprint) -> None:
    digest = hashlib.sha256(repr(voxels.shape).encode())
    count, total, lowest, highest = 0, 0.0, math.inf, -math.inf
    for slab in _slabs(voxels):
        digest.update(np.ascontiguousarray(slab, dtype="<f4"))
        values = finite(slab)
        fingerprint.nan_count += int(np.isnan(slab).sum()) if values is not slab else 0
        fingerprint.infinite_count += int(np.isinf(slab).sum()) if values is not slab else 0
        if values.size:
            count, total = count + values.size, total + float(values.sum(dtype=np.float64))
            lowest, highest = min(lowest, float(values.min())), max(highest, float(values.max()))
    fingerprint.voxel_hash = digest.hexdigest()
    if not count:
        return
    mean = total / count
    squares = sum(float(((finite(slab) - mean) ** 2).sum(dtype=np.float64)) for slab in _slabs(voxels))
    fingerprint.minimum, fingerprint.maximum = lowest, highest
    fingerprint.mean, fingerprint.std = (v if math.isfinite(v) else None for v in (mean, math.sqrt(squares / count)))
    found = percentiles(voxels, (0.5, 50, 99.5))
    if found:
        fingerprint.percentile_00_5, fingerprint.percentile_50, fingerprint.percentile_99_5 = found
    fingerprint.air_peak, fingerprint.tissue_peak = peaks(voxels)


def _describe_label(
    image: SimpleITK.Image, scan: SimpleITK.Image | None, values: Sequence[int], fingerprint: CaseFingerprint
) -> None:
    """Fills in what the label tells; foreground intensities only where it has as many voxels as the scan."""
    import SimpleITK

    fingerprint.label_geometry = geometry_of(image)
    label = SimpleITK.GetArrayViewFromImage(image)
    fingerprint.label_values = counts = value_counts(label)
    wanted = [value for value in counts if (value in values if values else value != 0)]
    if not wanted or len(wanted) > MOST_VALUES:
        return
    fingerprint.segment_boxes = _boxes(label, wanted)
    fingerprint.mirrored_pairs = mirrored_pairs(label, fingerprint.label_geometry, fingerprint.segment_boxes)
    fingerprint.sides = {
        value: side_of(fingerprint.label_geometry, box) for value, box in fingerprint.segment_boxes.items()
    }
    if scan is not None and scan.GetSize() == image.GetSize():
        total = sum(counts[value] for value in wanted)
        fingerprint.foreground_sample = _foreground_sample(SimpleITK.GetArrayViewFromImage(scan), label, wanted, total)


def _describe_seen(outline: Outline, case: Case, fingerprint: CaseFingerprint) -> None:
    seen = outline.seen_array()
    if seen is None:
        return
    count = int(np.count_nonzero(seen))
    fingerprint.seen_share = count / seen.size
    background = fingerprint.label_values[0] - (seen.size - count)
    del fingerprint.label_values[0]
    if background:
        fingerprint.label_values = {0: background, **fingerprint.label_values}
    if outline.added:
        what = f"{case.seen} says that nobody looked at {outline.added} voxels that {case.label} outlines"
        remedy = "They are taken for looked at; correct the map if they are not meant"
        fingerprint.problems.append(Issue(WARNING, what, remedy, "outlined-unseen", case.name, str(case.seen)))


def _boxes(label: np.ndarray, values: Sequence[int]) -> dict[int, Box]:
    """First and last-plus-one index of each value along z, y, x."""
    occupied = {value: [np.zeros(length, bool) for length in label.shape] for value in values}
    start = 0
    for slab in _slabs(label):
        end = start + len(slab)
        for value, (along_z, along_y, along_x) in occupied.items():
            mask = slab == value
            along_z[start:end] = mask.any(axis=(1, 2))
            along_y |= mask.any(axis=(0, 2))
            along_x |= mask.any(axis=(0, 1))
        start = end
    return {
        value: tuple((int(np.argmax(axis)), int(len(axis) - np.argmax(axis[::-1]))) for axis in axes)
        for value, axes in occupied.items()
    }


def _foreground_sample(voxels: np.ndarray, label: np.ndarray, values: Sequence[int], total: int) -> np.ndarray:
    """Evenly spaced ones of the ``total`` voxels that have one of these label values; finite ones only, float32."""
    stride = -(-total // FOREGROUND_SAMPLE)
    picked, seen = [], 0
    for slab, scan_slab in zip(_slabs(label), _slabs(voxels), strict=True):
        inside = scan_slab[np.isin(slab, values)]
        picked.append(inside[-seen % stride :: stride])
        seen += inside.size
    return finite(np.concatenate(picked)).astype(np.float32)


def _slabs(array: np.ndarray) -> Iterator[np.ndarray]:
    """Cuts an array (z, y, x) into groups of planes of at most about ``SLAB`` voxels."""
    planes = max(1, SLAB // max(1, array[0].size))
    for start in range(0, len(array), planes):
        yield array[start : start + planes]
