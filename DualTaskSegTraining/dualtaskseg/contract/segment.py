"""A structure to outline, and the colors that structures get."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualtaskseg.errors import InputError

# Okabe and Ito's palette, made to be told apart by color-blind people as well, without its black and grays.
PALETTE = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
)


@dataclass(frozen=True)
class Segment:
    """A structure to outline.

    Attributes:
        name: what people call it.
        value: its value in label files, 1 or more; 0 is background.
        color: red, green and blue, 0 to 255 each.
        terminology: Slicer's terminology entry as one string, or empty.
    """

    name: str
    value: int
    color: tuple[int, int, int]
    terminology: str = ""

    def to_document(self) -> dict[str, Any]:
        """Returns the segment as JSON values."""
        return {"name": self.name, "value": self.value, "color": list(self.color), "terminology": self.terminology}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Segment:
        """Builds a segment from what :meth:`to_document` returned.

        Raises:
            KeyError, TypeError, ValueError: the document is not one.
        """
        color = rgb_of(document["color"])
        return cls(document["name"], int(document["value"]), color, document.get("terminology", ""))


def default_color(index: int) -> tuple[int, int, int]:
    """Returns the RGB color, 0 to 255 each, of the segment at this place (from 0) in the order of segments."""
    if index < len(PALETTE):
        return PALETTE[index]
    # The golden ratio spreads hues evenly whatever their number; brightness alternates to help further.
    hue = (index * 0.618034) % 1.0
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.65, 0.95 if index % 2 else 0.7)
    return round(red * 255), round(green * 255), round(blue * 255)


def rgb_of(value: Any) -> tuple[int, int, int]:
    red, green, blue = (int(channel) for channel in value)
    if not all(0 <= channel <= 255 for channel in (red, green, blue)):
        raise ValueError("a color has values from 0 to 255")
    return red, green, blue


# Names of label values that stand for "nobody looked here", which is neither a structure nor background.
IGNORE_NAMES = {
    *("ignore", "ignored", "ignore label", "ignore index", "ignore region", "ignore mask", "ignore value", "to ignore"),
    *("don t care", "dont care", "do not care", "unlabeled", "unlabelled", "unannotated", "not annotated"),
}


def refuse_ignored(file: Path, name: str) -> None:
    """Refuses a name that stands for voxels to ignore: neither a structure to learn nor background.

    Raises:
        InputError: it is one.
    """
    if re.sub(r"[\W_]+", " ", name).strip().casefold() in IGNORE_NAMES:
        raise InputError(
            f"{file} names the label {name!r}: voxels to ignore, such as nnU-Net's, are not supported",
            "Outline the whole structure on each labeled scan, set these voxels to 0 and remove the label from the "
            "list, or leave these cases out",
        )
