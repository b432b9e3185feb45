"""What an export of segments tells: which it wrote, which were empty, what the user should know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import TISSUE, parse_terminology
from dualtaskseg.files import json_safe

if TYPE_CHECKING:
    from dualtaskseg.dicom.label_input import Masks
    from dualtaskseg.dicom.source_series import Source


@dataclass(frozen=True)
class ExportReport:
    """What was written.

    Attributes:
        segments: for each segment in it ``name``, ``number``, ``voxels``, ``volume_ml`` and its ``terminology``: the
            meanings of category, type and, where there are any, modifiers and region.
        left_out: names of the segments without a voxel.
        frames: how many slices of segments, or contours, are stored.
        algorithm_type: ``"AUTOMATIC"``, ``"SEMIAUTOMATIC"`` or ``"MANUAL"``.
        warnings: sentences about what the user should know.
    """

    file: Path
    segments: tuple[dict[str, Any], ...]
    left_out: tuple[str, ...]
    frames: int
    slices: int
    algorithm_type: str
    series_description: str
    series_number: int
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    maps: tuple[Path, ...] = ()

    @classmethod
    def of(cls, file: Path, source: Source, masks: Masks, **figures: Any) -> ExportReport:
        """The report on masks that were written; ``told`` is what source and masks don't tell."""
        segments = (
            _told_of(segment, masks.counts[index], index, source) for index, segment in enumerate(masks.segments)
        )
        left_out = (segment.name for segment in masks.empty)
        return cls(file, tuple(segments), tuple(left_out), slices=len(source.headers), **figures)

    def to_dict(self) -> dict[str, Any]:
        """Returns the report as JSON values."""
        return {**json_safe(self), "seconds": round(self.seconds, 3)}


def _told_of(segment: Segment, count: int, index: int, source: Source) -> dict[str, Any]:
    """What :attr:`ExportReport.segments` says of one."""
    codes = parse_terminology(segment.terminology) or TISSUE
    parts = (codes.category, codes.type, codes.type_modifier, codes.region, codes.region_modifier)
    return {
        "name": segment.name,
        "number": index + 1,
        "voxels": count,
        "volume_ml": round(count * source.geometry.voxel_ml, 4),
        "terminology": list(dict.fromkeys(code.meaning for code in parts if code is not None)),
    }
