"""Segments as plain files: ``.seg.nrrd`` with names, colors and terms, or a NIfTI label map with a color table."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import or_tissue
from dualtaskseg.dicom.derived_object import check_target
from dualtaskseg.dicom.label_input import Masks, read_masks
from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path, write_text
from dualtaskseg.io.geometry import Geometry, place_on
from dualtaskseg.io.images import read_geometry
from dualtaskseg.io.nrrd import header_to_write
from dualtaskseg.io.paths import file_stem
from dualtaskseg.io.writing import write_image
from dualtaskseg.progress import ignore
from dualtaskseg.remedies import system_faults

NRRD, NIFTI = ".seg.nrrd", ".nii.gz"
TABLE_ENDING = "_ColorTable.ctbl"  # after the stem of a label map, as 3D Slicer calls it
READING_SHARE = 60  # per cent


@dataclass(frozen=True)
class PlainReport:
    """What was written.

    Attributes:
        file: the segmentation.
        table: the color table beside it, which names the values; None where the file itself does.
        segments: for each segment in it ``name``, ``voxels`` and ``volume_ml``.
        left_out: names of segments without a voxel.
        warnings: sentences about what the user should know.
    """

    file: Path
    table: Path | None
    segments: tuple[dict[str, Any], ...]
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {
            **vars(self),
            "file": str(self.file),
            "table": None if self.table is None else str(self.table),
            "segments": list(self.segments),
            "left_out": list(self.left_out),
            "warnings": list(self.warnings),
        }


def export_plain(
    labels: Mapping[str, Path | str],
    segments: Sequence[Segment],
    out: Path | str,
    overwrite: bool = False,
    tags: Mapping[str, str] | None = None,
    on_progress: Callable[[int, int], None] = ignore,
) -> PlainReport:
    """Writes segments on the grid of their label maps.

    Args:
        labels: by the name of a segment its binary label map; all on one grid.
        segments: names, colors and terminology; they are numbered from 1 in this order, without those that are empty.
        out: ends in ``.seg.nrrd`` (overlapping segments are kept, in layers) or ``.nii.gz`` (a voxel that belongs to
            several segments is given to the first; a table beside it names the values).
        tags: more of 3D Slicer's tags, which each segment of a ``.seg.nrrd`` gets.

    Raises:
        InputError: a label map is bad, none has a voxel, the file exists, or it can't be written.
    """
    out = Path(out)
    suffix = next((one for one in (NRRD, NIFTI) if out.name.lower().endswith(one)), None)
    if suffix is None:
        raise InputError(f"{out} is of no format that is known", f"End the name in {NRRD} or {NIFTI}")
    table = out.with_name(file_stem(out) + TABLE_ENDING) if suffix == NIFTI else None
    for each in (out, *([table] if table is not None else [])):
        check_target(each, overwrite)
    geometry = read_geometry(next(iter(labels.values()), out))
    masks = read_masks(labels, segments, geometry)
    on_progress(READING_SHARE, 100)
    warnings = list(masks.warnings)
    with system_faults(f"{out} can't be written", "Choose a folder in which you may write, on a disk with free space"):
        if table is None:
            _write_nrrd(masks, geometry, out, dict(tags or {}), on_progress)
        else:
            numbers, shared = _exclusive(masks)
            if shared:
                warnings.append(
                    f"{shared} voxels belong to several segments; a NIfTI label map can't tell that, so they were "
                    "counted to the first in the list"
                )
            _write_nifti(numbers, geometry, out)
            write_text(table, _color_table(masks.segments))
    on_progress(100, 100)
    written = [
        {"name": segment.name, "voxels": count, "volume_ml": count * geometry.voxel_ml}
        for segment, count in zip(masks.segments, masks.counts, strict=True)
    ]
    return PlainReport(out, table, tuple(written), tuple(one.name for one in masks.empty), tuple(warnings))


# --- NIfTI


def _exclusive(masks: Masks) -> tuple[np.ndarray, int]:
    """Numbers of segments (z, y, x), the first of the list where several are, and in how many voxels that is so."""
    if not masks.overlap:
        return masks.array, 0
    numbers = np.zeros(masks.array.shape, np.uint8)  # bits are for 64 segments at most
    shared = 0
    for index, plane in enumerate(numbers):
        for number in range(len(masks.segments), 0, -1):
            inside = masks.plane(index, number)
            plane[inside] = number
        bits = masks.array[index]
        shared += int(np.count_nonzero(bits & (bits - bits.dtype.type(1))))
    return numbers, shared


def _write_nifti(numbers: np.ndarray, geometry: Geometry, out: Path) -> None:
    import SimpleITK

    image = SimpleITK.GetImageFromArray(numbers)
    place_on(image, geometry)
    write_image(image, out)


def _color_table(segments: Sequence[Segment]) -> str:
    """A color table of 3D Slicer, in which a name has no spaces."""
    lines = ["# Color table file", f"# {len(segments) + 1} values", "0 Background 0 0 0 0"]
    for number, segment in enumerate(segments, 1):
        name = "_".join(segment.name.split())
        lines.append(f"{number} {name} {segment.color[0]} {segment.color[1]} {segment.color[2]} 255")
    return "\n".join(lines) + "\n"


# --- segmentations of 3D Slicer


def _write_nrrd(
    masks: Masks, geometry: Geometry, out: Path, tags: dict[str, str], on_progress: Callable[[int, int], None]
) -> None:
    layers = _layers(masks)
    count = max(layers, default=0) + 1
    with atomic_path(out) as temporary, temporary.open("wb") as stream:
        stream.write(_header(masks, geometry, layers, count, tags).encode("utf-8"))
        with gzip.GzipFile(filename="", fileobj=stream, mode="wb", compresslevel=1, mtime=0) as packed:
            for index in range(len(masks.array)):
                plane = _plane(masks, index, layers, count)
                packed.write(plane.astype(plane.dtype.newbyteorder("<"), copy=False).tobytes())
                done = (index + 1) / len(masks.array)
                on_progress(READING_SHARE + round((99 - READING_SHARE) * done), 100)


def _layers(masks: Masks) -> list[int]:
    """In which layer each segment lies: in the first one where it overlaps no other."""
    if not masks.overlap:
        return [0] * len(masks.segments)
    together: set[int] = set()
    for plane in masks.array:
        together.update(np.unique(plane).tolist())
    layers: list[int] = []
    for index in range(len(masks.segments)):
        bit = 1 << index
        taken = {
            layer for other, layer in enumerate(layers) if any(bits & bit and bits & (1 << other) for bits in together)
        }
        layers.append(next(layer for layer in range(len(layers) + 1) if layer not in taken))
    return layers


def _plane(masks: Masks, index: int, layers: Sequence[int], count: int) -> np.ndarray:
    """A slice as it is stored: the numbers of the segments, of the shape y, x, or y, x, layer."""
    if count == 1:
        return masks.array[index]
    plane = np.zeros((*masks.array.shape[1:], count), np.uint8)
    for number, layer in enumerate(layers, 1):
        plane[..., layer][masks.plane(index, number)] = number
    return plane


def _header(masks: Masks, geometry: Geometry, layers: Sequence[int], count: int, tags: dict[str, str]) -> str:
    size = tuple(reversed(masks.array.shape))
    directions = np.array(geometry.direction, float).reshape(3, 3) * np.array(geometry.spacing, float)
    kind = "uint8" if count > 1 else masks.array.dtype.name
    lines = header_to_write(kind, size, directions.T, geometry.origin, "little", count)
    extent = " ".join(f"0 {length - 1}" for length in size)
    for index, segment in enumerate(masks.segments):
        all_tags = {"TerminologyEntry": or_tissue(segment.terminology), **tags}
        fields = {
            "ID": f"Segment_{index + 1}",
            "Name": segment.name,
            "NameAutoGenerated": "0",
            "Color": " ".join(f"{part / 255:.6g}" for part in segment.color),
            "ColorAutoGenerated": "0",
            "LabelValue": str(index + 1),
            "Layer": str(layers[index]),
            "Extent": extent,
            "Tags": "".join(f"{name}:{value.replace('|', ' ')}|" for name, value in all_tags.items()),
        }
        lines += [f"Segment{index}_{name}:={_escaped(value)}" for name, value in fields.items()]
    lines += [
        "Segmentation_ContainedRepresentationNames:=Binary labelmap|",
        "Segmentation_ConversionParameters:=",
        "Segmentation_MasterRepresentation:=Binary labelmap",  # Slicer before 5.2
        "Segmentation_SourceRepresentation:=Binary labelmap",
        "Segmentation_ReferenceImageExtentOffset:=0 0 0",
    ]
    return "\n".join(lines) + "\n\n"


def _escaped(text: str) -> str:
    """A value of a header, in which the end of a line and a backslash have a backslash before them."""
    return text.replace("\\", "\\\\").replace("\r", "").replace("\n", "\\n")
