"""What the header of a scan file promises and leaves open, whatever the format."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.io.geometry import Geometry, sides_text
from dualtaskseg.io.image_error import SPACING_REMEDY, ImageError

if TYPE_CHECKING:
    import SimpleITK

MILLIMETERS = {
    **dict.fromkeys(("mm", "millimeter", "millimeters", "millimetre", "millimetres", "milimeter"), 1.0),
    **dict.fromkeys(("cm", "centimeter", "centimeters", "centimetre", "centimetres"), 10.0),
    **dict.fromkeys(("dm", "decimeter", "decimeters", "decimetre", "decimetres"), 100.0),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), 1000.0),
    **dict.fromkeys(("um", "micron", "microns", "micrometer", "micrometers", "micrometre", "micrometres"), 1e-3),
    **dict.fromkeys(("nm", "nanometer", "nanometers", "nanometre", "nanometres"), 1e-6),
    **dict.fromkeys(("in", "inch", "inches", '"'), 25.4),
}
LARGEST_ORIGIN = 1e7  # mm: farther than any room is wide
NO_ORIENTATION = "does not say how it lies in the body: its axes are taken to run to the left, to the back and upwards"


@dataclass(frozen=True)
class Header:
    """What a header promises.

    Attributes:
        data: the file that holds the voxels; None where they are spread over several.
        begin: byte of ``data`` where the voxels begin, or the gzip or zlib stream that they are packed in.
        packed: whether it is such a stream.
        size: how many bytes there are from ``begin`` on, unpacked; None where that isn't known.
        others: the files that hold the voxels, where they are several.
        to_mm: what the reading library's voxel size and origin have to be multiplied with.
        assumed: sentences, without a full stop, about what the file leaves open; they follow after its name.
        names_unit: whether it names its unit of length. Where it doesn't, mm are assumed, as all programs do.
        scale: slope and intercept of the intensities, where the reading library does not apply them.
    """

    data: Path | None
    begin: int
    packed: bool
    size: int | None
    others: tuple[Path, ...] = field(default=())
    to_mm: float = 1.0
    assumed: tuple[str, ...] = ()
    names_unit: bool = True
    scale: tuple[float, float] = (1.0, 0.0)

    @property
    def data_files(self) -> tuple[Path, ...]:
        """All files that hold voxels."""
        return self.others or ((self.data,) if self.data else ())


@dataclass(frozen=True)
class ScanHeader:
    """A scan, looked at before its voxels take memory.

    Attributes:
        assumed, names_unit: as of :class:`Header`.
        read: reads the voxels into an image, whose grid is to be replaced by ``geometry``; of its metadata only the
            modality is worth keeping.
    """

    geometry: Geometry
    assumed: tuple[str, ...]
    read: Callable[[], SimpleITK.Image]
    names_unit: bool = True


def open_header(path: Path | str) -> SimpleITK.ImageFileReader:
    """What the reading library tells of a file by its header.

    Raises:
        RuntimeError: it can't read it.
    """
    import SimpleITK

    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(str(path))
    reader.ReadImageInformation()
    return reader


def millimeters(unit: str) -> float | None:
    """How many mm a unit of length is, whatever its spelling; None where it is unknown or empty."""
    plain = unit.strip().strip("\"'").strip().casefold().replace("µ", "u").replace("μ", "u").replace("\\u00b5", "u")
    return MILLIMETERS.get(plain)


def check_spacing(path: Path, spacing: Sequence[float]) -> None:
    """Raises :class:`ImageError` for a voxel size that is zero, negative or no number."""
    if any(not math.isfinite(step) or step <= 0 for step in spacing):
        raise ImageError(
            "spacing", f"{path} has an impossible voxel size of {sides_text(spacing[::-1])} mm", SPACING_REMEDY
        )


def check_position(path: Path, numbers: Sequence[float], largest: float = LARGEST_ORIGIN) -> None:
    """Raises :class:`ImageError` for a position or direction that is no number, or not of this world."""
    if any(not math.isfinite(number) or abs(number) > largest for number in numbers):
        raise ImageError(
            "position",
            f"{path} says that it lies at a place that can't be: its header's position is no usable number",
            "Save the scan again with the program that it came from",
        )


def number(text: str) -> float:
    """The number that a text is, NaN where it is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
