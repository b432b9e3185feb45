"""A structure to outline, and the colors that structures get."""

from __future__ import annotations

import colorsys
import re
import unicodedata
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

MOST_SEGMENTS = 255  # as many as label maps of one byte a voxel tell apart
LARGEST_VALUE = 2**31 - 1  # of a label
LONGEST_NAME = 1000


@dataclass(frozen=True)
class Segment:
    """A structure to outline.

    Attributes:
        value: its value in label files, 1 or more; 0 is background.
        color: red, green and blue, 0 to 255 each.
        terminology: Slicer's terminology entry as one string, or empty.
    """

    name: str
    value: int
    color: tuple[int, int, int]
    terminology: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Returns the segment as JSON values."""
        return {"name": self.name, "value": self.value, "color": list(self.color), "terminology": self.terminology}

    @classmethod
    def from_dict(cls, data: Any, index: int = 0) -> Segment:
        """Builds a segment from what :meth:`to_dict` returned; it may come from anybody.

        Args:
            data: values of any type. Color and terminology may be absent or None.
            index: in the order of segments, from 0; tells the color where there is none.

        Raises:
            ValueError: it is no segment; says why.
        """
        if not isinstance(data, dict):
            raise ValueError("a segment is not a table")
        name, value = data.get("name"), data.get("value")
        if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
            raise ValueError("the name of a segment is missing or not a text")
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LARGEST_VALUE:
            raise ValueError(f"the value of segment {name} is missing, below 1 or too large")
        terminology = data.get("terminology") or ""
        if not isinstance(terminology, str):
            raise ValueError(f"the terminology of segment {name} is not a text")
        color = data.get("color")
        try:
            color = default_color(index) if color is None else rgb_of(color)
        except (TypeError, ValueError):
            raise ValueError(f"the color of segment {name} is not three whole numbers from 0 to 255") from None
        return cls(name, value, color, terminology)


def segments_of(items: Any) -> tuple[Segment, ...]:
    """Builds the segments of a plan or model, which can be told apart by name and by value.

    Raises:
        ValueError: they can't, there are none or too many, or one is none; says why.
    """
    if not isinstance(items, (list, tuple)) or not items:
        raise ValueError("it has no segments")
    if len(items) > MOST_SEGMENTS:
        raise ValueError(f"it has {len(items)} segments, at most {MOST_SEGMENTS} are possible")
    segments = tuple(Segment.from_dict(data, index) for index, data in enumerate(items))
    names: set[str] = set()
    values: set[int] = set()
    for segment in segments:
        if segment.name in names:
            raise ValueError(f"two segments have the name {segment.name}")
        if segment.value in values:
            raise ValueError(f"the value of segment {segment.name} is used twice")
        names.add(segment.name)
        values.add(segment.value)
    return segments


def default_color(index: int) -> tuple[int, int, int]:
    """Returns the RGB color, 0 to 255 each, of the segment at this place (from 0) in the order of segments."""
    if index < len(PALETTE):
        return PALETTE[index]
    # The golden ratio spreads hues evenly whatever their number; brightness alternates to help further.
    hue = (index * 0.618034) % 1.0
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.65, 0.95 if index % 2 else 0.7)
    return round(red * 255), round(green * 255), round(blue * 255)


def rgb_of(value: Any) -> tuple[int, int, int]:
    """Returns red, green and blue of a document.

    Raises:
        TypeError, ValueError: they aren't three whole numbers from 0 to 255.
    """
    red, green, blue = value
    if not all(_is_channel(each) for each in (red, green, blue)):
        raise ValueError("a color has whole numbers from 0 to 255")
    return int(red), int(green), int(blue)


def _is_channel(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 255 and value % 1 == 0


# Names of label values that stand for "nobody looked here", which is neither a structure nor background.
IGNORE_NAMES = {
    *("ignore", "ignored", "ignore label", "ignore index", "ignore region", "ignore mask", "ignore value", "to ignore"),
    *("don t care", "dont care", "dontcare", "do not care", "unlabeled", "unlabelled", "not labeled", "not labelled"),
    *("unannotated", "not annotated", "unclassified", "void", "exclude", "excluded", "ignorieren", "ignoriert"),
    *("ignorer", "ignorar", "ignorare", "negeren"),
}
NAMES_OF_ZERO = {  # those of them that are also background's, where they have its value
    *("void", "unclassified", "exclude", "excluded", "not labeled", "not labelled", "unlabeled", "unlabelled"),
    *("unannotated", "not annotated"),
}
BACKGROUND_NAMES = {
    *("background", "back ground", "backgrnd", "bg", "clear label", "hintergrund", "arrière plan", "arriere plan"),
    *("fond", "fondo", "sfondo", "achtergrond", "fundo", "bakgrund", "baggrund", "bakgrunn", "tło", "pozadí", "фон"),
    "背景",
}


def folded(name: str) -> str:
    """What names have in common that are the same to people: neither capital letters nor how accents are stored count.

    macOS, and what is copied from there, writes an accented letter as two characters where other systems write one.
    """
    return unicodedata.normalize("NFKC", name).casefold()


def refuse_name(source: Path | str, name: str, value: int) -> None:
    """Refuses a name that no structure has: of voxels to ignore, or of background where its value is not 0.

    Args:
        source: what names it, such as a file.
        value: of the label.

    Raises:
        InputError: voxels would be learned as a structure that are none, or as background that may be one.
    """
    plain = re.sub(r"[\W_]+", " ", folded(name)).strip()
    if plain in IGNORE_NAMES and (value or plain not in NAMES_OF_ZERO):
        raise InputError(
            f"{source} names the label {name!r}: voxels to ignore are no structure",
            "Where nobody looked, give voxels a value that the dataset's dataset.json or segments.json calls 'ignore', "
            "or set them to 0 in a map beside the label, NAME_seen.nii.gz; else set them to 0 in the label",
        )
    if plain in BACKGROUND_NAMES and value:
        raise InputError(
            f"{source} gives {name!r} the value {value}, but background is 0",
            "Give background the value 0, in the list and in the labels; in 3D Slicer, remove this segment",
        )
