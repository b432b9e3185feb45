"""Prepared scans: every scan once on the plan's grid, normalised, with its signed distances, cached on disk.

The arrays lie in ``prepared/`` of the run folder as plain ``.npy`` files that training maps into memory, so a
thousand scans need no more memory than a few. Training from them needs neither SimpleITK nor the scans themselves.
They are made again when the plan or a scan's file changed, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualtaskseg.contract.dataset import LABELED, Case
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.assumed import scan_doubts
from dualtaskseg.data.grid import on_plan_grid, without_gaps
from dualtaskseg.data.intensities import intensity_range
from dualtaskseg.data.label_names import NamedValue, named_values
from dualtaskseg.data.meaning import Meaning
from dualtaskseg.data.outlines import Outline, read_outline
from dualtaskseg.data.overview import Overview
from dualtaskseg.data.parts import lost_parts
from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path, read_json, write_json
from dualtaskseg.io.file_headers import files_of
from dualtaskseg.io.geometry import geometry_of
from dualtaskseg.io.images import read_geometry, read_image
from dualtaskseg.memory import available_memory
from dualtaskseg.planning.plan import Normalization, Plan
from dualtaskseg.preparation.partly import UNSEEN, distance_bounds, widened
from dualtaskseg.preparation.prepared_check import MOST_POSITIONS, are_arrays_whole, is_metadata, is_stem
from dualtaskseg.preparation.signed_distance import signed_distance
from dualtaskseg.progress import ignore, never
from dualtaskseg.remedies import system_faults

if TYPE_CHECKING:
    import SimpleITK

# Voxels of a scan above which every eighth gives its percentiles: they are the same, in an eighth of the time.
SAMPLED_ABOVE = 2**22
FORMAT = 1
_BYTES_AS_READ = 12  # for each voxel of a scan while it is prepared: as read, as float32, blurred
_BYTES_OF_PARTLY = 12  # for each of a partly outlined one besides: the map, and copies of it and of the label
_BYTES_ON_GRID = 24  # for each on the plan's grid: resampled, normalised, halved, the label and one distance map


class PreparedError(InputError):
    """A prepared scan is gone or damaged; it can be made again from the scan."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(
            f"The prepared scan {name} is gone or damaged ({path})",
            "Delete the folder 'prepared' of the run and resume; it is made again from the scans",
        )


@dataclass(frozen=True)
class PreparedCase:
    """One scan on the plan's grid.

    Attributes:
        stem: their file names' beginning.
        shape: (z, y, x).
        foreground: for labeled cases, up to 1000 positions (z, y, x) inside each segment, to center patches on.
        seen: for partly outlined cases, up to 1000 positions that were looked at; None for others.
        checksums: of the arrays' voxels by their kinds; empty where an earlier version prepared it.
        lost: what became of the label's small parts, one sentence for each segment that lost some on the plan's grid.
        doubts: what is to be told about the scan, see :func:`~dualtaskseg.data.assumed.scan_doubts`; None where an
            earlier version prepared it, which did not keep it.
        overview: where coarse networks see something; None where the plan has none.
        region: positions (N, 3) where they do, to center patches on; None also where they see nothing.
    """

    name: str
    role: str
    folder: Path
    stem: str
    shape: tuple[int, int, int]
    foreground: tuple[np.ndarray, ...] = ()
    lost: tuple[str, ...] = ()
    doubts: tuple[str, ...] | None = None
    seen: np.ndarray | None = None
    checksums: dict[str, int] = field(default_factory=dict)
    overview: Overview | None = None
    region: np.ndarray | None = None

    def is_unchanged(self) -> bool:
        """Whether the voxels are those that were written; all of them are read. True where that can't be known."""
        try:
            return all(zlib.crc32(self._load(kind)) == checksum for kind, checksum in self.checksums.items())
        except PreparedError:
            return False

    def image(self) -> np.ndarray:
        """float16 (z, y, x), mapped into memory."""
        return self._load("image")

    def label(self) -> np.ndarray:
        """uint8 (z, y, x): 0 or the segment's place in the plan, counted from 1; UNSEEN where nobody looked."""
        return self._load("label")

    def distance(self) -> np.ndarray:
        """float16 (segments, z, y, x): signed distances in mm; of a partly outlined scan the largest possible ones."""
        return self._load("distance")

    def least_distance(self) -> np.ndarray:
        """float16 (segments, z, y, x): of a partly outlined scan the least possible signed distances in mm."""
        return self._load("least")

    def _load(self, kind: str) -> np.ndarray:
        path = self.folder / f"{self.stem}_{kind}.npy"
        try:
            array = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise PreparedError(self.name, path) from error
        if array.shape[-3:] != self.shape:
            raise PreparedError(self.name, path)
        return array


def prepare(
    cases: Sequence[Case],
    plan: Plan,
    folder: Path,
    on_progress: Callable[[int, int], None] = ignore,
    should_stop: Callable[[], bool] = never,
    not_chosen: Sequence[Segment] = (),
) -> list[PreparedCase]:
    """Prepares all cases, those that are prepared already are left as they are.

    Args:
        cases: labeled and unlabeled ones, in the order they are returned in.
        folder: ``prepared/`` of the run folder.
        not_chosen: segments of the dataset that count as background; a label file may name them.

    Raises:
        InputError: a scan can't be read (or written: a full disk); the first such error, after the others are done.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key = _plan_key(plan)
    stems = {case.name: f"{index:05d}_{_digest(case.name)[:8]}" for index, case in enumerate(cases)}
    done = 0
    first_error: InputError | None = None
    workers = _workers(cases, plan)

    def work(case: Case) -> None:
        if not should_stop():
            _prepare_one(case, plan, folder, stems[case.name], key, not_chosen)

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work, case) for case in cases]
        for future in as_completed(futures):
            try:
                future.result()
            except InputError as error:
                first_error = first_error or error
            done += 1
            on_progress(done, len(cases))
    if first_error is not None:
        raise first_error
    if should_stop():
        return []
    index = {"format": FORMAT, "plan": key, "cases": [[case.name, case.role, stems[case.name]] for case in cases]}
    write_json(folder / "index.json", index)
    return open_prepared(folder, plan)


def open_prepared(folder: Path, plan: Plan) -> list[PreparedCase]:
    """The prepared cases of a folder; empty where there are none for this plan. Needs no scan and no SimpleITK."""
    try:
        index = read_json(folder / "index.json")
        if index["format"] != FORMAT or index["plan"] != _plan_key(plan):
            return []
        return [_open_one(folder, name, role, stem, plan) for name, role, stem in index["cases"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # damaged or never finished: it is made again


def forget(case: PreparedCase) -> None:
    """Lets a prepared scan be made again."""
    (case.folder / f"{case.stem}.json").unlink(missing_ok=True)


def is_current(cases: Sequence[Case], plan: Plan, folder: Path) -> bool:
    """Whether exactly these cases are prepared, and no file of theirs changed since."""
    prepared = {case.name: case for case in open_prepared(folder, plan)}
    key = _plan_key(plan)
    return len(prepared) == len(cases) and all(
        case.name in prepared
        and prepared[case.name].role == case.role
        and _read_metadata(folder, prepared[case.name].stem).get("source") == _source_key(case, key)
        for case in cases
    )


def normalize(image: np.ndarray, normalization: Normalization) -> np.ndarray:
    """Brings intensities to mean 0 and std about 1.

    Args:
        image: (z, y, x) of any number type; NaN and infinite voxels become the smallest finite value.

    Returns:
        float32 array; a constant image becomes 0.
    """
    image = np.asarray(image, np.float32)
    finite = np.isfinite(image)
    if not finite.all():
        image = np.where(finite, image, image[finite].min() if finite.any() else 0)
    if normalization.kind == "ct":
        image = np.clip(image, normalization.lower, normalization.upper)
        return (image - np.float32(normalization.mean)) / np.float32(normalization.std)
    if normalization.kind == "scan":
        sample = image[::2, ::2, ::2] if image.size > SAMPLED_ABOVE else image
        lower, upper = np.percentile(sample, [0.5, 99.5])
        image = np.clip(image, np.float32(lower), np.float32(upper))
    mean = np.float32(image.mean(dtype=np.float64))
    std = np.float32(max(image.std(dtype=np.float64), 1e-6))
    return (image - mean) / std


def _workers(cases: Sequence[Case], plan: Plan) -> int:
    """How many scans are worked on at once: one a processor, but no more than fit into half of the free memory."""
    workers = min(8, os.cpu_count() or 1)
    free = available_memory()
    if free is None:
        return workers
    largest = 1.0
    for case in cases:
        try:
            geometry = read_geometry(case.image)
        except InputError:
            continue  # told when its turn comes
        on_grid = math.prod(geometry.extent) / math.prod(plan.spacing)
        is_partly = case.seen is not None or case.unseen_value is not None
        maps = (1 + is_partly) * len(plan.segments) if case.role == LABELED else 0  # of distances, float16
        as_read = _BYTES_AS_READ + is_partly * _BYTES_OF_PARTLY
        largest = max(largest, as_read * math.prod(geometry.size) + (_BYTES_ON_GRID + 2 * maps) * on_grid)
    return max(1, min(workers, int(free / 2 / largest)))


def _prepare_one(case: Case, plan: Plan, folder: Path, stem: str, key: str, not_chosen: Sequence[Segment] = ()) -> None:
    source = _source_key(case, key)
    if _is_prepared(folder, stem, source, len(plan.segments) if case.role == LABELED else 0):
        return
    # the metadata go first and come last: half a case is never taken for a whole one
    (folder / f"{stem}.json").unlink(missing_ok=True)
    import SimpleITK as sitk

    image = read_image(case.image)
    doubts = scan_doubts(image, intensity_range(sitk.GetArrayViewFromImage(image)), plan.normalization.kind)
    prepared = on_plan_grid(without_gaps(sitk.Cast(image, sitk.sitkFloat32)), plan.spacing, plan.orientation)
    array = normalize(sitk.GetArrayViewFromImage(prepared), plan.normalization)
    checksums = {"image": _save(folder / f"{stem}_image.npy", array.astype(np.float16))}
    foreground: list[list[list[int]]] = []
    lost: list[str] = []
    seen: list[list[int]] | None = None
    if case.role == LABELED:
        outline = read_outline(case, Meaning(plan.segments, tuple(not_chosen)), geometry_of(image))
        label = outline_on_plan_grid(outline, plan)
        unseen = None
        if outline.seen is None:
            lost = _lost_parts(outline.label, case.name, plan)
        else:
            unseen = label == UNSEEN
            seen = _positions(~unseen)
        checksums["label"] = _save(folder / f"{stem}_label.npy", label)
        distances = np.empty((len(plan.segments), *label.shape), np.float16)
        least = np.empty_like(distances) if unseen is not None else None
        for index, truncation in enumerate(plan.stored_truncation):
            inside = label == index + 1
            if unseen is None:
                distances[index] = signed_distance(inside, plan.spacing, truncation)
            else:
                least[index], distances[index] = distance_bounds(inside, unseen, plan.spacing, truncation)
            foreground.append(_positions(inside))
        checksums["distance"] = _save(folder / f"{stem}_distance.npy", distances)
        if least is not None:
            checksums["least"] = _save(folder / f"{stem}_least.npy", least)
    metadata = {"source": source, "shape": list(array.shape), "foreground": foreground, "lost": lost, "doubts": doubts}
    metadata["checksums"] = checksums
    if seen is not None:
        metadata["seen"] = seen
    write_json(folder / f"{stem}.json", metadata)


def outline_on_plan_grid(outline: Outline, plan: Plan) -> np.ndarray:
    """What was outlined, as :func:`label_on_plan_grid` gives it; UNSEEN where nobody looked."""
    if outline.seen is None:
        return label_on_plan_grid(outline.label, plan)
    import SimpleITK as sitk

    outline = widened(outline, plan.spacing, plan.orientation)
    label = label_on_plan_grid(outline.label, plan)
    seen = on_plan_grid(outline.seen, plan.spacing, plan.orientation, label=True)
    label[sitk.GetArrayViewFromImage(seen) == 0] = UNSEEN
    return label


def _lost_parts(drawn: SimpleITK.Image, case: str, plan: Plan) -> list[str]:
    """A sentence for each segment of which parts fall between the voxels of the plan's grid."""
    names = {segment.value: segment.name for segment in plan.segments}
    found = lost_parts(drawn, names, plan.spacing, plan.orientation)
    return [parts.sentence(case, names[parts.value], plan.spacing) for parts in found if parts.is_told]


def label_on_plan_grid(label: SimpleITK.Image, plan: Plan) -> np.ndarray:
    """A label image as uint8 (z, y, x) on the plan's grid: 0 or the segment's place in the plan, counted from 1."""
    import SimpleITK as sitk

    # named, since a view does not keep its image alive
    image = on_plan_grid(label, plan.spacing, plan.orientation, label=True)
    values = sitk.GetArrayViewFromImage(image)
    result = np.zeros(values.shape, np.uint8)
    for index, segment in enumerate(plan.segments):
        result[values == segment.value] = index + 1
    return result


def _positions(mask: np.ndarray) -> list[list[int]]:
    """Some positions inside a mask, spread evenly; plane by plane, as all of a large scan's would fill the memory."""
    step = max(1, np.count_nonzero(mask) // MOST_POSITIONS)
    found, passed = [], 0
    for index, plane in enumerate(mask):
        inside = np.argwhere(plane)
        found += [[index, *position] for position in inside[-passed % step :: step].tolist()]
        passed += len(inside)
    return found[:MOST_POSITIONS]


def _is_prepared(folder: Path, stem: str, source: str, segments: int) -> bool:
    metadata = _read_metadata(folder, stem)
    if not is_metadata(metadata, segments) or metadata["source"] != source:
        return False
    return are_arrays_whole(folder, stem, metadata, segments)


def _open_one(folder: Path, name: Any, role: Any, stem: Any, plan: Plan) -> PreparedCase:
    segments = len(plan.segments) if role == LABELED else 0
    metadata = _read_metadata(folder, stem) if is_stem(stem) and isinstance(name, str) else {}
    if not is_metadata(metadata, segments) or not are_arrays_whole(folder, stem, metadata, segments):
        raise ValueError(f"{name} is damaged")
    foreground = tuple(np.array(positions, np.int32).reshape(-1, 3) for positions in metadata["foreground"])
    seen = np.array(metadata["seen"], np.int32).reshape(-1, 3) if metadata.get("seen") is not None else None
    lost, doubts = _texts(metadata.get("lost")) or (), _texts(metadata.get("doubts"))
    checksums = metadata.get("checksums", {})
    return PreparedCase(name, role, folder, stem, tuple(metadata["shape"]), foreground, lost, doubts, seen, checksums)


def _texts(value: Any) -> tuple[str, ...] | None:
    """The texts of a list; None where it is none."""
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else None


def _read_metadata(folder: Path, stem: str) -> dict[str, Any]:
    try:
        metadata = read_json(folder / f"{stem}.json")
    except (OSError, ValueError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _save(path: Path, array: np.ndarray) -> int:
    """Writes an array, and returns the checksum of its voxels."""
    array = np.ascontiguousarray(array)
    remedy = "Make room on the disk or choose another folder for the run, then resume"
    explaining = system_faults(f"The prepared scan {path} can't be written", remedy)
    with explaining, atomic_path(path) as temporary, temporary.open("wb") as stream:
        np.save(stream, array, allow_pickle=False)
        stream.flush()
        os.fsync(stream.fileno())  # or a power failure could leave the new name with nothing in it
    return zlib.crc32(array)


def _plan_key(plan: Plan) -> str:
    """Changes when what is prepared would."""
    values = [segment.value for segment in plan.segments]
    truncation = [round(value, 4) for value in plan.stored_truncation]
    relevant = [FORMAT, plan.spacing, plan.orientation, plan.normalization.to_dict(), values, truncation]
    return _digest(json.dumps(relevant, sort_keys=True))


def _source_key(case: Case, key: str) -> str:
    """Changes when the plan, the case's files or its role do."""
    parts = [key, case.role]
    if case.unseen_value is not None:
        parts.append(f"unseen {case.unseen_value}")
    for path in (case.image, case.label, case.seen):
        if path is None:
            continue
        for file in sorted(path.iterdir()) if path.is_dir() else _files_of(path):
            if file.exists():
                status = file.stat()
                parts.append(f"{file}|{status.st_size}|{status.st_mtime_ns}")
    names = _names_in(case.label) if case.label is not None else ()
    if names:
        parts.append(repr(names))
    return _digest("\n".join(parts))


def _names_in(label: Path) -> tuple[NamedValue, ...]:
    """What a label file, or a table beside it, says about its values."""
    try:
        return named_values(label)
    except InputError:
        return ()  # told when it is read


def _files_of(path: Path) -> list[Path]:
    """The file, and the one with its voxels where that is another."""
    try:
        return files_of(path)
    except InputError:
        return [path]  # missing or damaged; told when it is read


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
