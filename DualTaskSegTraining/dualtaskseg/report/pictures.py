"""The report's pictures: slices of scans as PNG, outlines of people and networks as paths along the voxels' edges."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dualtaskseg.data.label_arrays import bounding_box

MOST_PIXELS = 256  # a side of a slice; larger ones are averaged down, outlines keep every voxel
LEAST_MARGIN = 20.0  # mm of surroundings shown around a structure
MARGIN = 0.3  # the same, as a part of the structure's extent
PERCENTILES = (1.0, 99.0)  # of the intensities shown, from black to white

PICTURES_WIDTH, PICTURE_HEIGHT, MOST_MAGNIFIED = 800.0, 330.0, 9.0  # CSS pixels, and those per mm
RULERS = (200, 100, 50, 20, 10, 5, 2, 1)  # mm

OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "S": "I", "I": "S"}
UNKNOWN_AXES = ("S", "P", "L")  # how most scans are stored; used to draw, never to name
# As radiologists look at scans: what lies across, then the sides towards which rows and columns go.
PLANES = {
    "Axial": ("SI", "P", "L"),
    "Coronal": ("AP", "I", "L"),
    "Sagittal": ("LR", "I", "P"),
}


@dataclass(frozen=True)
class CasePicture:
    """A scan and the outlines to be shown on it. All arrays are (z, y, x) and of one shape.

    Attributes:
        role: ``"validation"``, ``"labeled"`` or ``"unlabeled"``.
        image: the scan, of any number type.
        spacing: (z, y, x) mm.
        outlines: by source (who drew it, such as ``"label"`` or ``"probability network"``), label maps of 0, 1..K.
        note: a few words, such as ``"Dice 0.87"``.
        axes: towards which side of the patient the index grows along (z, y, x), three of the letters L R A P S I, such
            as ``("S", "P", "L")``. With them slices are turned as radiologists look at them, named and lettered;
            without, they are drawn as if stored in the most common way, and not named.
        views: the slices to show, where they were cut out already; see :func:`reduced`.
    """

    title: str
    role: str
    image: np.ndarray
    spacing: tuple[float, float, float]
    outlines: Mapping[str, np.ndarray] = field(default_factory=dict)
    note: str = ""
    axes: tuple[str, str, str] | None = None
    views: tuple[View, ...] = ()


@dataclass(frozen=True)
class View:
    """One slice, ready to be drawn: rows go down, columns to the right.

    Attributes:
        name: of the plane, such as ``"Axial"``; empty where it isn't known.
        number: of the slice, counted from 1 in the order of storage.
        image: float32 (rows, columns).
        outlines: by source, label maps (rows, columns).
        spacing: (rows, columns) mm.
        letters: the patient's sides at the left, right, top and bottom; empty where they aren't known.
    """

    name: str
    number: int
    count: int
    image: np.ndarray
    outlines: dict[str, np.ndarray]
    spacing: tuple[float, float]
    letters: tuple[str, str, str, str] | tuple[()]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in mm."""
        rows, columns = self.image.shape
        return columns * self.spacing[1], rows * self.spacing[0]


def three_views(picture: CasePicture) -> list[View]:
    """The three slices with the structure's largest cross-sections, cut to its surroundings.

    The slices follow the first source that outlines anything, or the middle of the scan where none does.

    Raises:
        ValueError: an outline and the image differ in shape.
    """
    if picture.views:
        return list(picture.views)
    shape = picture.image.shape
    masks = {source: np.asarray(outline) > 0 for source, outline in picture.outlines.items()}
    for source, mask in masks.items():
        if mask.shape != shape:
            raise ValueError(f"outline '{source}' has shape {mask.shape}, its image {shape}")
    nothing = np.zeros(shape, bool)
    structure = next((mask for mask in masks.values() if mask.any()), nothing)
    anything = np.logical_or.reduce([nothing, *masks.values()])
    crop = _surroundings(anything, picture.spacing)
    positions = [_largest_section(structure, axis) for axis in range(3)]
    axes = picture.axes or UNKNOWN_AXES
    views = []
    for name, (across, down, right) in PLANES.items():
        axis = next(axis for axis in range(3) if axes[axis] in across)
        row = next(axis for axis in range(3) if axes[axis] in (down, OPPOSITE[down]))
        column = next(axis for axis in range(3) if axes[axis] in (right, OPPOSITE[right]))
        selection = tuple(positions[axis] if a == axis else crop[a] for a in range(3))
        flips = (
            slice(None, None, 1 if axes[row] == down else -1),
            slice(None, None, 1 if axes[column] == right else -1),
        )

        def turned(array: np.ndarray, selection=selection, flips=flips, transposed=row > column) -> np.ndarray:
            part = np.asarray(array[selection])
            return (part.T if transposed else part)[flips]

        views.append(
            View(
                name=name if picture.axes else "",
                number=positions[axis] + 1,
                count=shape[axis],
                image=turned(picture.image).astype(np.float32),
                outlines={source: turned(outline) for source, outline in picture.outlines.items()},
                spacing=(float(picture.spacing[row]), float(picture.spacing[column])),
                letters=(OPPOSITE[right], right, OPPOSITE[down], down) if picture.axes else (),
            )
        )
    return views


def reduced(picture: CasePicture) -> CasePicture:
    """The picture with its three slices alone: the volumes of many large scans would not fit into memory."""
    views = tuple(
        replace(
            view,
            image=view.image.copy(),
            outlines={source: outline.copy() for source, outline in view.outlines.items()},
        )
        for view in three_views(picture)
    )
    nothing = np.empty((0, 0, 0), np.uint8)
    return replace(picture, image=nothing, outlines=dict.fromkeys(picture.outlines, nothing), views=views)


def _surroundings(structure: np.ndarray, spacing: Sequence[float]) -> tuple[slice, ...]:
    """The box (z, y, x) around a structure and its margin, within the scan; the whole scan where it is empty."""
    box = bounding_box(structure)
    if box is None:
        return tuple(slice(0, side) for side in structure.shape)
    around = []
    for inside, side, step in zip(box, structure.shape, spacing, strict=True):
        margin = int(np.ceil(max(LEAST_MARGIN / step, MARGIN * (inside.stop - inside.start))))
        around.append(slice(max(0, inside.start - margin), min(side, inside.stop + margin)))
    return tuple(around)


def _largest_section(structure: np.ndarray, axis: int) -> int:
    """The slice with the largest area; of several, the one nearest to the middle of them."""
    areas = np.count_nonzero(structure, axis=tuple(a for a in range(3) if a != axis))
    best = np.flatnonzero(areas == areas.max())
    return int(best[len(best) // 2])


def intensity_window(views: Sequence[View]) -> tuple[float, float]:
    """The intensities to be shown as black and white: 1st and 99th percentile of what is on the slices."""
    values = np.concatenate([view.image[np.isfinite(view.image)] for view in views])
    if not len(values):
        return 0.0, 1.0
    low, high = (float(value) for value in np.percentile(values, PERCENTILES))
    return low, high if high > low else low + 1.0


@dataclass(frozen=True)
class Picture:
    """A scan as the template draws it."""

    title: str
    role: str
    note: str
    slices: tuple[Slice, ...]


@dataclass(frozen=True)
class Slice:
    """A slice as the template draws it. Lengths are in mm, those of paths in voxels.

    Attributes:
        size: width and height.
        png: the image in base64.
        png_size: width and height of what the image covers; averaging may need some more than the slice.
        spacing: of the columns and of the rows.
        tints: colors and areas of the segments.
        outlines: looks and borders.
        letters: the patient's sides at the left, right, top and bottom; empty where they aren't known.
        share: of the page's width that it takes, CSS pixels, and of that of the widest slice beside it, percent.
        ruler: a round length, and percent of the slice's width; only in the first slice.
    """

    caption: str
    size: tuple[float, float]
    png: str
    png_size: tuple[float, float]
    spacing: tuple[float, float]
    tints: tuple[tuple[str, str], ...]
    outlines: tuple[tuple[str, str], ...]
    letters: tuple[str, str, str, str] | tuple[()]
    share: tuple[float, float]
    ruler: tuple[int, float] | None


def look_of(source: str) -> str:
    """The look of an outline: the two networks have theirs, wherever they come in the list."""
    lower = source.lower()
    return "source1" if "probability" in lower else "source2" if "distance" in lower else "source0"


def picture_of(picture: CasePicture, tints: Mapping[int, str]) -> Picture:
    """Three slices of a scan.

    Args:
        picture: the scan; outlines of people are drawn first, and the slices follow them.
        tints: CSS color by label value, laid thinly over the first source's structures; empty for none.
    """
    sources = sorted(sorted(picture.outlines), key=look_of)
    views = three_views(replace(picture, outlines={source: picture.outlines[source] for source in sources}))
    window = intensity_window(views)
    widths, heights = zip(*(view.size for view in views), strict=True)
    scale = min(PICTURES_WIDTH / sum(widths), PICTURE_HEIGHT / max(heights), MOST_MAGNIFIED)
    slices = []
    for index, (view, width) in enumerate(zip(views, widths, strict=True)):
        png, (rows, columns) = _slice_png(view.image, window)
        tinted = next((view.outlines[source] for source in sources if np.any(view.outlines[source])), None)
        areas = ((color, outline_path(tinted == value)) for value, color in tints.items() if tinted is not None)
        borders = ((look_of(source), outline_path(view.outlines[source])) for source in sources)
        slices.append(
            Slice(
                caption=f"{f'{view.name}, slice' if view.name else 'Slice'} {view.number} of {view.count}",
                size=view.size,
                png=png,
                png_size=(columns * view.spacing[1], rows * view.spacing[0]),
                spacing=view.spacing[::-1],
                tints=tuple(area for area in areas if area[1]),
                outlines=tuple(border for border in borders if border[1]),
                letters=view.letters,
                share=(width * scale, 100 * width / max(widths)),
                ruler=_ruler(width) if index == 0 else None,
            )
        )
    return Picture(picture.title, picture.role, picture.note, tuple(slices))


def _ruler(width: float) -> tuple[int, float]:
    """A round length, about a quarter of a picture's width, and what it is of that in percent."""
    length = next((mm for mm in RULERS if mm <= 0.4 * width), 1)
    return length, 100 * length / width


def _slice_png(image: np.ndarray, window: tuple[float, float]) -> tuple[str, tuple[int, int]]:
    """A slice as PNG in base64, and how many rows and columns of voxels it covers (averaging may need some more)."""
    rows, columns = image.shape
    factors = -(-rows // MOST_PIXELS), -(-columns // MOST_PIXELS)
    padding = [(0, -size % factor) for size, factor in zip(image.shape, factors, strict=True)]
    low, high = window
    shown = np.clip((np.where(np.isfinite(image), image, low) - low) / (high - low), 0, 1)
    padded = np.pad(shown, padding, mode="edge")
    blocks = padded.reshape(padded.shape[0] // factors[0], factors[0], padded.shape[1] // factors[1], factors[1])
    png = encode_png(np.round(blocks.mean(axis=(1, 3)) * 255).astype(np.uint8))
    return base64.b64encode(png).decode("ascii"), (padded.shape[0], padded.shape[1])


def encode_png(pixels: np.ndarray) -> bytes:
    """A gray PNG (ISO/IEC 15948) of uint8 (rows, columns)."""
    pixels = np.ascontiguousarray(pixels, dtype=np.uint8)
    rows, columns = pixels.shape
    unfiltered = np.pad(pixels, ((0, 0), (1, 0)))  # each row begins with the number of its filter, 0 for none
    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)  # 8 bits, gray, not interlaced
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(unfiltered.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


Vertex = tuple[int, int]  # (row, column) of a voxel's corner
STEPS: dict[str, Vertex] = {"right": (0, 1), "down": (1, 0), "left": (0, -1), "up": (-1, 0)}
BACK = {"right": "left", "left": "right", "up": "down", "down": "up"}


def outline_path(labels: np.ndarray) -> str:
    """The borders between different labels as SVG path data, exactly along the voxels' edges.

    Args:
        labels: (rows, columns) label map or mask; what lies outside counts as 0.

    Returns:
        path data in units of voxels: (0, 0) is the upper left corner of the first voxel, x counts columns. Each
        border is drawn once, in lines as long as possible, so that dashes run on around corners.
    """
    edges = _edges(labels)
    # A line begins where three borders meet, else anywhere; sorted, so that a ring begins at its upper left corner.
    starts = sorted(edges, key=lambda vertex: (len(edges[vertex]) % 2 == 0, vertex))
    lines = []
    for start in starts:
        while edges.get(start):
            lines.append(_walk(edges, start))
    return "".join(lines)


def _edges(labels: np.ndarray) -> dict[Vertex, set[str]]:
    """For each corner at a border, the directions in which borders leave it."""
    padded = np.pad(np.asarray(labels).astype(np.int64), 1)
    between_rows = padded[1:, 1:-1] != padded[:-1, 1:-1]
    between_columns = padded[1:-1, 1:] != padded[1:-1, :-1]
    edges: dict[Vertex, set[str]] = {}
    for borders, direction in ((between_rows, "right"), (between_columns, "down")):
        for row, column in np.argwhere(borders).tolist():
            there = row + STEPS[direction][0], column + STEPS[direction][1]
            edges.setdefault((row, column), set()).add(direction)
            edges.setdefault(there, set()).add(BACK[direction])
    return edges


def _walk(edges: dict[Vertex, set[str]], start: Vertex) -> str:
    """Follows borders from a corner as far as they go, straight on where possible, and takes them out of ``edges``."""
    runs: list[tuple[str, int]] = []
    here, heading = start, ""
    while edges[here]:
        heading = heading if heading in edges[here] else next(d for d in STEPS if d in edges[here])
        edges[here].remove(heading)
        here = here[0] + STEPS[heading][0], here[1] + STEPS[heading][1]
        edges[here].remove(BACK[heading])
        if runs and runs[-1][0] == heading:
            runs[-1] = heading, runs[-1][1] + 1
        else:
            runs.append((heading, 1))
    is_ring = here == start
    drawn = runs[:-1] if is_ring else runs  # z draws a ring's last run
    commands = "".join(
        f"{'h' if direction in ('right', 'left') else 'v'}{'-' if direction in ('left', 'up') else ''}{length}"
        for direction, length in drawn
    )
    return f"M{start[1]} {start[0]}{commands}{'z' if is_ring else ''}"
