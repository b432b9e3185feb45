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
from dualtaskseg.data.intensities import finite, percentiles
from dualtaskseg.data.label_arrays import value_counts
from dualtaskseg.data.labels import Meaning, read_named_label
from dualtaskseg.data.symmetry import mirrored_pairs, side_of
from dualtaskseg.errors import InputError
from dualtaskseg.io.file_headers import ImageError, files_of
from dualtaskseg.io.geometry import Geometry, geometry_of
from dualtaskseg.io.images import MODALITY_KEY, assumptions, names_unit, read_image, reordered

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
    """Facts about one case. What could not be found out is None, zero or empty; ``problems`` says why.

    Attributes:
        name, role, image, label: as in :class:`~dualtaskseg.contract.dataset.Case`; paths as strings.
        geometry, label_geometry: the grids of the scan and of its label.
        modality: DICOM's, such as ``"CT"``; empty for other formats.
        minimum, maximum, mean, std: of the finite voxels.
        percentile_00_5, percentile_50, percentile_99_5: of the finite voxels, of a regular sample in large scans.
        nan_count, infinite_count: number of voxels that are no number, or infinite.
        voxel_hash: SHA-256 of size and voxels as 32-bit floats, the same whatever file format and number type.
        label_values: number of voxels of each value in the label, background included. Where the label file names its
            values, they are those of the dataset's segments of these names.
        label_names: whether the label file names its values.
        foreground_sample: float32, at most 5000 intensities, evenly picked from the finite voxels of all segments.
        segment_boxes: for each segment's value, first and last-plus-one index of its voxels along z, y, x.
        mirrored_pairs: values of segments that are near mirror images of each other, from left to right.
        sides: for each segment's value, see :func:`~dualtaskseg.data.symmetry.side_of`.
        unitless: how many of its files, the scan and the label, name no unit of length; mm are assumed.
        file_size, modified_ns: bytes and latest modification time of the scan's files.
        label_file_size, label_modified_ns: those of the label's.
        problems: what went wrong while reading.
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
    unitless: int = 0
    file_size: int = 0
    modified_ns: int = 0
    label_file_size: int = 0
    label_modified_ns: int = 0
    problems: list[Issue] = field(default_factory=list)

    @property
    def size(self) -> tuple[int, int, int] | None:
        """Number of voxels along x, y, z."""
        return self.geometry.size if self.geometry else None

    @property
    def spacing(self) -> tuple[float, float, float] | None:
        """Voxel size in mm along x, y, z."""
        return self.geometry.spacing if self.geometry else None

    @property
    def direction(self) -> tuple[float, ...] | None:
        """3x3 matrix, row after row; its columns are the directions of x, y, z."""
        return self.geometry.direction if self.geometry else None

    @property
    def constant(self) -> bool:
        """Whether all finite voxels have the same intensity."""
        return self.minimum is not None and self.minimum == self.maximum

    def to_dict(self, with_sample: bool = True) -> dict[str, Any]:
        """Returns the facts as JSON values; ``with_sample=False`` leaves out the foreground intensities."""
        document = dict(vars(self))
        for key in ("geometry", "label_geometry"):
            document[key] = dict(vars(document[key])) if document[key] else None
        for key in ("label_values", "segment_boxes", "sides"):
            document[key] = {str(value): entry for value, entry in document[key].items()}
        document["foreground_sample"] = self.foreground_sample.tolist()
        document["problems"] = [problem.to_dict() for problem in self.problems]
        if not with_sample:
            del document["foreground_sample"]
        return document

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> CaseFingerprint:
        """Builds the facts from what :meth:`to_dict` returned.

        Raises:
            InputError: the document is not one.
        """
        try:
            values = dict(document)
            for key in ("geometry", "label_geometry"):
                if values[key]:
                    values[key] = Geometry(**{name: tuple(entry) for name, entry in values[key].items()})
            values["label_values"] = {int(value): count for value, count in values["label_values"].items()}
            values["sides"] = {int(value): side for value, side in values.get("sides", {}).items()}
            values["mirrored_pairs"] = [(int(a), int(b)) for a, b in values.get("mirrored_pairs", ())]
            values["foreground_sample"] = np.asarray(values.get("foreground_sample", ()), np.float32)
            boxes = values["segment_boxes"].items()
            values["segment_boxes"] = {int(key): tuple((first, end) for first, end in box) for key, box in boxes}
            values["problems"] = [Issue(**problem) for problem in values["problems"]]
            return cls(**values)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"The facts about a case are damaged ({error!r})", "Gather them anew") from error


def extract_fingerprints(
    cases: Sequence[Case],
    segments: Sequence[Segment],
    workers: int | None = None,
    on_progress: Callable[[int, str], None] | None = None,
    not_chosen: Sequence[Segment] = (),
) -> list[CaseFingerprint]:
    """Reads every scan and label once and returns the facts about each, in the order of ``cases``.

    Args:
        segments: whose voxels are foreground; where there are none, all labeled voxels are.
        workers: how many scans are read, and held in memory, at a time; by default one for each core, at most 4.
        on_progress: called with the number of cases done and the name of the last, from this thread.
        not_chosen: segments that count as background; a label file may name them.

    Returns:
        The facts. An error of a case becomes one of its problems.
    """
    workers = workers or min(os.cpu_count() or 1, 4)
    meaning = Meaning(tuple(segments), tuple(not_chosen))
    facts: list[CaseFingerprint] = []
    executor = ThreadPoolExecutor(max_workers=workers)  # reading, unpacking and counting let other threads run
    try:
        for one in executor.map(lambda case: extract_fingerprint(case, meaning), cases):
            facts.append(one)
            if on_progress:
                on_progress(len(facts), one.name)
    finally:
        executor.shutdown(cancel_futures=True)
    return facts


def extract_fingerprint(case: Case, meaning: Meaning) -> CaseFingerprint:
    """Reads one case; the segments of ``meaning`` are foreground, all values but 0 where there are none."""
    facts = CaseFingerprint(case.name, case.role, str(case.image), str(case.label) if case.label else None)
    scan = None
    try:
        facts.file_size, facts.modified_ns = _file_facts(case.image)
        scan = read_image(case.image)
        facts.problems += _assumed(case, case.image, assumptions(scan))
        facts.unitless += not names_unit(case.image)
        _describe_scan(scan, facts)
    except (InputError, OSError, MemoryError) as error:
        facts.problems.append(_problem(case, case.image, error))
    if case.label is not None:
        try:
            facts.label_file_size, facts.label_modified_ns = _file_facts(case.label)
            label, facts.label_names = read_named_label(case.label, meaning)
            told = {problem.what.removeprefix(facts.image) for problem in facts.problems}
            new = [text for text in assumptions(label) if f" {text}" not in told]
            facts.problems += _assumed(case, case.label, new)
            facts.unitless += not names_unit(case.label)
            if scan is not None:
                label = reordered(label, geometry_of(scan))
            _describe_label(label, scan, [segment.value for segment in meaning.segments], facts)
        except (InputError, OSError, MemoryError) as error:
            facts.problems.append(_problem(case, case.label, error))
    return facts


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


def _file_facts(path: Path) -> tuple[int, int]:
    """Size in bytes and latest modification time of all files of a scan."""
    if path.is_dir():
        files = [file for file in path.iterdir() if file.is_file() and not file.name.startswith(".")]
    else:
        files = files_of(path)
    states = [file.stat() for file in files]
    return sum(state.st_size for state in states), max((state.st_mtime_ns for state in states), default=0)


def _describe_scan(image: SimpleITK.Image, facts: CaseFingerprint) -> None:
    import SimpleITK

    facts.geometry = geometry_of(image)
    facts.modality = image.GetMetaData(MODALITY_KEY).strip() if image.HasMetaDataKey(MODALITY_KEY) else ""
    with np.errstate(over="ignore"):  # voxels beyond the range of 32-bit floats
        _describe_intensities(SimpleITK.GetArrayViewFromImage(image), facts)


def _describe_intensities(voxels: np.ndarray, facts: CaseFingerprint) -> None:
    digest = hashlib.sha256(repr(voxels.shape).encode())
    count, total, lowest, highest = 0, 0.0, math.inf, -math.inf
    for slab in _slabs(voxels):
        digest.update(np.ascontiguousarray(slab, dtype="<f4"))
        values = finite(slab)
        facts.nan_count += int(np.isnan(slab).sum()) if values is not slab else 0
        facts.infinite_count += int(np.isinf(slab).sum()) if values is not slab else 0
        if values.size:
            count, total = count + values.size, total + float(values.sum(dtype=np.float64))
            lowest, highest = min(lowest, float(values.min())), max(highest, float(values.max()))
    facts.voxel_hash = digest.hexdigest()
    if not count:
        return
    mean = total / count
    squares = sum(float(((finite(slab) - mean) ** 2).sum(dtype=np.float64)) for slab in _slabs(voxels))
    facts.minimum, facts.maximum = lowest, highest
    facts.mean, facts.std = (v if math.isfinite(v) else None for v in (mean, math.sqrt(squares / count)))
    found = percentiles(voxels, (0.5, 50, 99.5))
    if found:
        facts.percentile_00_5, facts.percentile_50, facts.percentile_99_5 = found


def _describe_label(
    image: SimpleITK.Image, scan: SimpleITK.Image | None, values: Sequence[int], facts: CaseFingerprint
) -> None:
    """Fills in the facts about the label; foreground intensities only where it has as many voxels as the scan."""
    import SimpleITK

    facts.label_geometry = geometry_of(image)
    label = SimpleITK.GetArrayViewFromImage(image)
    facts.label_values = counts = value_counts(label)
    wanted = [value for value in counts if (value in values if values else value != 0)]
    if not wanted or len(wanted) > MOST_VALUES:
        return
    facts.segment_boxes = _boxes(label, wanted)
    facts.mirrored_pairs = mirrored_pairs(label, facts.label_geometry, facts.segment_boxes)
    facts.sides = {value: side_of(facts.label_geometry, box) for value, box in facts.segment_boxes.items()}
    if scan is not None and scan.GetSize() == image.GetSize():
        total = sum(counts[value] for value in wanted)
        facts.foreground_sample = _foreground_sample(SimpleITK.GetArrayViewFromImage(scan), label, wanted, total)


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
    """Every so-manieth of the ``total`` voxels that have one of these label values; finite ones only, float32."""
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
