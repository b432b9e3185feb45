"""Label maps made ready to be written as DICOM: on the series' grid, one number for each segment that has voxels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dualtaskseg.contract.segment import Segment, folded
from dualtaskseg.data.assumed import Assumed, left_open
from dualtaskseg.data.label_arrays import TABLE_LIMIT, counts_up_to, value_counts
from dualtaskseg.data.label_names import NamedValue, slicer_segments
from dualtaskseg.errors import InputError
from dualtaskseg.io.geometry import Geometry, geometry_of
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.image_notes import assumptions
from dualtaskseg.io.label_images import SEVERAL_MAPS, other_grid, read_label, read_layers, reordered

if TYPE_CHECKING:
    import SimpleITK

    # One label map; several, whose segments may overlap; or one binary map for each segment, by its name.
    Labels = Path | str | SimpleITK.Image | Sequence[Path | str] | Mapping[str, Path | str]

LARGEST_CHANGE = 0.1  # of a segment's volume by resampling, before it is said
RESAMPLE_REMEDY = (
    "Check that it belongs to this series; then export it with the scan as reference volume, or have it resampled "
    "(option resample)"
)


@dataclass(frozen=True)
class Masks:
    """Segments on a series' grid.

    Attributes:
        segments: those with voxels; the one at index n has the number n + 1.
        array: unsigned integers of the shape z, y, x: the segments' numbers, 0 being background; or, where segments
            overlap, bits: bit n is set where the segment at index n is.
        counts: voxels of each of ``segments``.
        overlap: whether a voxel may belong to several segments.
        is_resampled: a label map lay on another grid.
        warnings: sentences about what the user should know.
    """

    segments: tuple[Segment, ...]
    empty: tuple[Segment, ...]
    array: np.ndarray
    counts: tuple[int, ...]
    overlap: bool = False
    is_resampled: bool = False
    warnings: tuple[str, ...] = ()

    def plane(self, index: int, number: int) -> np.ndarray:
        """Where a segment is in a slice, as booleans of the shape y, x; numbers count from 1."""
        plane = self.array[index]
        return plane & self.array.dtype.type(1 << (number - 1)) != 0 if self.overlap else plane == number


@dataclass(frozen=True)
class _Layer:
    """A label map, and which segment (by its index in the list) each of its values means.

    ``load`` returns the image. ``meanings`` may hold the value 0 for a binary map: then the only other value, whatever
    it is, means that segment. ``file`` is None for an image.
    """

    name: str
    load: Callable[[], SimpleITK.Image]
    meanings: dict[int, int]
    file: Path | None = None


def read_masks(labels: Labels, segments: Sequence[Segment], geometry: Geometry, resample: bool = False) -> Masks:
    """Reads label maps and brings them on a series' grid.

    Args:
        labels: one label map whose values are those of ``segments``, as a file or an image; several, whose segments may
            overlap; a 4D file with a binary map for each segment in their order; a segmentation of 3D Slicer
            (``.seg.nrrd``), whose segments are found by their names; or binary maps by names of segments.
        segments: what the values mean; where empty, a ``.seg.nrrd`` file tells it itself.
        geometry: the series' grid. A label map that only has its axes in another order or direction is turned.
        resample: bring another grid to the series' one, by nearest neighbor, instead of refusing it.

    Raises:
        InputError: a file can't be read, lies on another grid, or holds a value that no segment has; or there is no
            labeled voxel at all.
    """
    layers, segments = _layers(labels, segments)
    warnings: list[str] = []
    assumed = Assumed()
    is_resampled = False

    def numbers_of(layer: _Layer) -> np.ndarray:
        nonlocal is_resampled
        given = layer.load()
        image, moved = on_grid(layer.name, given, geometry, resample)
        # on the series' own grid, which is in mm, a label map without a unit can't be meant otherwise
        assumed.add(str(layer.file or layer.name), left_open(given) if moved else assumptions(given))
        numbers, counts = _numbered(layer, image, len(segments))
        if moved:
            is_resampled = True
            before = _numbered(layer, given, len(segments))[1] * geometry_of(given).voxel_ml
            warnings.extend(_changed_volumes(segments, before, counts * geometry.voxel_ml))
        return numbers

    masks = _single(numbers_of(layers[0]), segments) if len(layers) == 1 else _merged(map(numbers_of, layers), segments)
    return replace(masks, is_resampled=is_resampled, warnings=(*warnings, *assumed.notes()))


def _layers(labels: Labels, segments: Sequence[Segment]) -> tuple[list[_Layer], tuple[Segment, ...]]:
    if isinstance(labels, Mapping):
        return _named_layers(labels, segments), tuple(segments)
    if isinstance(labels, (str, Path)):
        return _file_layers(Path(labels), segments)
    if not isinstance(labels, Sequence):
        return [_Layer("The label map", lambda: labels, _by_value(segments))], tuple(segments)
    layers: list[_Layer] = []
    known = tuple(segments)
    for path in labels:
        more, known = _file_layers(Path(path), known)
        layers += more
    if not layers:
        raise InputError("No label map is given", "Give at least one")
    return layers, known


def _by_value(segments: Sequence[Segment]) -> dict[int, int]:
    return {segment.value: index for index, segment in enumerate(segments)}


def _named_layers(labels: Mapping[str, Path | str], segments: Sequence[Segment]) -> list[_Layer]:
    if not labels:
        raise InputError("No label map is given", "Give at least one")
    return [
        _Layer(str(path), partial(read_label, path), {0: _index_of(name, Path(path), segments)}, Path(path))
        for name, path in labels.items()
    ]


def _file_layers(path: Path, segments: Sequence[Segment]) -> tuple[list[_Layer], tuple[Segment, ...]]:
    try:
        image = read_label(path)
    except ImageError as error:
        if error.code not in SEVERAL_MAPS:
            raise
        images = read_layers(path)
    else:
        images = [image]
    described = slicer_segments(path)
    if described:
        known = tuple(segments) or tuple(entry.segment for entry in described)
        return _slicer_layers(path, images, described, known), known
    if not segments:
        raise InputError(
            f"{path} does not say which segments its values mean", "Give the model it is from, or a list of segments"
        )
    if len(images) == 1:
        return [_Layer(str(path), lambda: images[0], _by_value(segments), path)], tuple(segments)
    if len(images) != len(segments):
        raise InputError(
            f"{path} holds {len(images)} maps, but there are {len(segments)} segments", "Give one map for each segment"
        )
    return [
        _Layer(f"Map {index + 1} of {path}", partial(images.__getitem__, index), {0: index}, path)
        for index in range(len(images))
    ], tuple(segments)


# --- segmentations of 3D Slicer


def _slicer_layers(
    path: Path, images: Sequence[SimpleITK.Image], described: Sequence[NamedValue], segments: Sequence[Segment]
) -> list[_Layer]:
    meanings: list[dict[int, int]] = [{} for _ in images]
    for entry in described:
        index = _index_of(entry.name, path, segments)
        if entry.layer < len(images):
            meanings[entry.layer][entry.value] = index
    return [
        _Layer(str(path), partial(images.__getitem__, index), meaning, path) for index, meaning in enumerate(meanings)
    ]


def _index_of(name: str, path: Path, segments: Sequence[Segment]) -> int:
    names = [segment.name for segment in segments]
    alike = [index for index, known in enumerate(names) if folded(known) == folded(name)]
    if name not in names and len(alike) != 1:
        raise InputError(
            f"{path} holds the segment {name}, which is none of those known ({', '.join(names)})",
            "Remove or rename it, or give a list of segments that names it",
        )
    return names.index(name) if name in names else alike[0]


# --- the grid


def on_grid(
    name: str, image: SimpleITK.Image, geometry: Geometry, resample: bool = False
) -> tuple[SimpleITK.Image, bool]:
    """Brings an image on a series' grid.

    Args:
        image: what to bring there; where only its axes have another order or direction, it is turned.
        resample: use the nearest voxel where the grids differ, instead of refusing.

    Returns:
        The image there, and whether it had to be resampled for that.

    Raises:
        ImageError: it lies on another grid, which is not to be resampled.
    """
    import SimpleITK

    image = reordered(image, geometry)
    if geometry_of(image).same_grid(geometry):
        return image, False
    if not resample:
        error = other_grid(Path(name), geometry_of(image), geometry)
        raise ImageError(error.code, error.what, RESAMPLE_REMEDY)
    moved = SimpleITK.Resample(
        image,
        geometry.size,
        SimpleITK.Transform(),
        SimpleITK.sitkNearestNeighbor,
        geometry.origin,
        geometry.spacing,
        geometry.direction,
    )
    return moved, True


# --- the voxels


def _numbered(layer: _Layer, image: SimpleITK.Image, segments: int) -> tuple[np.ndarray, np.ndarray]:
    """Puts each segment's index + 1 for the values, and counts the voxels of each segment."""
    import SimpleITK

    values = SimpleITK.GetArrayViewFromImage(image)
    found = value_counts(values)
    meanings = dict(layer.meanings)
    if 0 in meanings:  # a binary map
        index = meanings.pop(0)
        inside = [value for value in found if value != 0]
        if len(inside) > 1:
            raise InputError(
                f"{layer.name} holds the values {', '.join(map(str, inside[:5]))}, but is to be the map of one segment",
                "Give a map with one value beside 0",
            )
        meanings = dict.fromkeys(inside, index)
    unknown = [value for value in sorted(found) if value != 0 and value not in meanings]
    if unknown:
        more = f" and {len(unknown) - 1} more values" if len(unknown) > 1 else ""
        raise InputError(
            f"{layer.name} holds the value {unknown[0]} ({found[unknown[0]]} voxels){more}, which no segment has",
            "Give the model or the list of segments that it was made with, or remove these voxels",
        )
    kind = np.uint8 if segments < 256 else np.uint16
    numbers = np.zeros(values.shape, kind)
    counts = np.zeros(segments, np.int64)
    for value, index in meanings.items():
        counts[index] += found.get(value, 0)
    if max(found, default=0) < TABLE_LIMIT and min(found, default=0) >= 0:
        table = np.zeros(max(found, default=0) + 1, kind)
        for value in found.keys() - {0}:
            table[value] = meanings[value] + 1
        for index, plane in enumerate(values):
            numbers[index] = table[plane]
    else:
        for value in found.keys() - {0}:
            numbers[values == value] = meanings[value] + 1
    return numbers, counts


def _changed_volumes(segments: Sequence[Segment], before: np.ndarray, after: np.ndarray) -> list[str]:
    """Says which segments changed their volume by resampling: they are smaller than a voxel, or partly outside."""
    return [
        f"Resampling changed the volume of {segments[index].name} from {before[index]:.4g} to {after[index]:.4g} mL"
        for index in np.flatnonzero(before)
        if abs(after[index] - before[index]) > LARGEST_CHANGE * before[index]
    ]


def _single(numbers: np.ndarray, segments: Sequence[Segment]) -> Masks:
    """The masks of one label map, without the segments that have no voxel."""
    counts = counts_up_to(numbers, len(segments))[1:]
    kept, empty = _kept(counts, segments)
    if empty:
        table = np.zeros(len(segments) + 1, numbers.dtype)
        table[[index + 1 for index in kept]] = range(1, len(kept) + 1)
        for plane in numbers:
            plane[...] = table[plane]
    return Masks(tuple(segments[index] for index in kept), empty, numbers, tuple(int(counts[index]) for index in kept))


def _merged(layers: Iterable[np.ndarray], segments: Sequence[Segment]) -> Masks:
    """The masks of several label maps: bits where they overlap, numbers where they don't."""
    if len(segments) > 64:
        raise InputError(
            f"{len(segments)} segments are too many for several label maps",
            "Give one label map, or at most 64 segments",
        )
    kind = next(kind for kind in (np.uint8, np.uint16, np.uint32, np.uint64) if len(segments) <= 8 * kind().itemsize)
    table = np.array([0, *(1 << index for index in range(len(segments)))], kind)
    bits: np.ndarray | None = None
    for numbers in layers:
        bits = np.zeros(numbers.shape, kind) if bits is None else bits
        for index, plane in enumerate(numbers):
            bits[index] |= table[plane]
    counts = np.zeros(len(segments), np.int64)
    overlap = False
    for plane in bits:
        overlap = overlap or bool((plane & (plane - kind(1))).any())
        counts += [np.count_nonzero(plane & bit) for bit in table[1:]]
    kept, empty = _kept(counts, segments)
    chosen = tuple(segments[index] for index in kept)
    array = bits if overlap else np.zeros(bits.shape, np.uint8)
    for plane, target in zip(bits, array, strict=True):
        values = [kind(1 << number) if overlap else number + 1 for number in range(len(kept))]
        parts = [np.where(plane & table[index + 1], value, 0) for index, value in zip(kept, values, strict=True)]
        target[...] = np.sum(parts, axis=0, dtype=array.dtype)
    return Masks(chosen, empty, array, tuple(int(counts[index]) for index in kept), overlap)


def _kept(counts: np.ndarray, segments: Sequence[Segment]) -> tuple[list[int], tuple[Segment, ...]]:
    """The indices of the segments that have voxels, and the others."""
    kept = np.flatnonzero(counts).tolist()
    if not kept:
        raise InputError("No segment has a voxel, so there is nothing to export", "Outline something first")
    return kept, tuple(segment for index, segment in enumerate(segments) if index not in kept)
