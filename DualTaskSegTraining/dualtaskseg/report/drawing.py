"""Pictures of scans with outlines for a web page: slices as PNG, outlines as SVG paths along the voxels' edges."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

MOST_PIXELS = 256  # a side of a slice; larger ones are averaged down, outlines keep every voxel
LEAST_MARGIN = 20.0  # mm of surroundings shown around a structure
MARGIN = 0.3  # the same, as a part of the structure's extent
PERCENTILES = (1.0, 99.0)  # of the intensities shown, from black to white

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
        title: the case's name.
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
        count: slices in this direction.
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
        place = tuple(positions[axis] if a == axis else crop[a] for a in range(3))
        flips = (
            slice(None, None, 1 if axes[row] == down else -1),
            slice(None, None, 1 if axes[column] == right else -1),
        )

        def turned(array: np.ndarray, place=place, flips=flips, transposed=row > column) -> np.ndarray:
            part = np.asarray(array[place])
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
    """The picture with its three slices alone: the volumes of many large scans would not fit into memory.

    Raises:
        ValueError: as :func:`three_views`.
    """
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


def _surroundings(structure: np.ndarray, spacing: Sequence[float]) -> tuple[slice, slice, slice]:
    """The box (z, y, x) around a structure and its margin, within the scan; the whole scan where it is empty."""
    box = []
    for axis, size in enumerate(structure.shape):
        there = np.flatnonzero(structure.any(axis=tuple(a for a in range(3) if a != axis)))
        if not len(there):
            return slice(0, structure.shape[0]), slice(0, structure.shape[1]), slice(0, structure.shape[2])
        first, end = int(there[0]), int(there[-1]) + 1
        margin = int(np.ceil(max(LEAST_MARGIN / spacing[axis], MARGIN * (end - first))))
        box.append(slice(max(0, first - margin), min(size, end + margin)))
    return box[0], box[1], box[2]


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


def slice_svg(
    view: View, window: tuple[float, float], classes: Mapping[str, str], tints: Mapping[int, str], description: str
) -> str:
    """One slice with its outlines as an ``<svg>`` element; its user unit is 1 mm.

    Args:
        view: the slice.
        window: intensities shown as black and white.
        classes: CSS class by source; sources are drawn in this order.
        tints: CSS color by label value, laid thinly over the first source's structures; empty for none.
        description: for those who can't see it, escaped already.
    """
    width, height = view.size
    data, covered = _slice_png(view.image, window)
    image_size = f'width="{_mm(covered[1] * view.spacing[1])}" height="{_mm(covered[0] * view.spacing[0])}"'
    parts = [
        f'<svg viewBox="0 0 {_mm(width)} {_mm(height)}" role="img" aria-label="{description}">',
        f'<image {image_size} preserveAspectRatio="none" href="data:image/png;base64,{data}"/>',
        f'<g transform="scale({_mm(view.spacing[1])} {_mm(view.spacing[0])})">',
    ]
    tinted = next((view.outlines[source] for source in classes if np.any(view.outlines.get(source, 0))), None)
    for value, color in tints.items() if tinted is not None else ():
        path = outline_path(tinted == value)
        if path:
            parts.append(f'<path class="tint" style="fill:{color}" d="{path}"/>')
    for source, css_class in classes.items():
        path = outline_path(view.outlines[source]) if source in view.outlines else ""
        if path:
            parts.append(f'<path class="outline {css_class}" d="{path}"/>')
    return "".join([*parts, "</g></svg>"])


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


def _mm(value: float) -> str:
    return f"{value:.5g}"


def encode_png(pixels: np.ndarray) -> bytes:
    """A gray PNG (ISO/IEC 15948) of uint8 (rows, columns)."""
    pixels = np.ascontiguousarray(pixels, dtype=np.uint8)
    rows, columns = pixels.shape
    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)  # 8 bits, gray, not interlaced
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(_filtered(pixels), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _filtered(pixels: np.ndarray) -> bytes:
    """The rows, each as differences to its neighbors after the one of PNG's five filters that leaves least."""
    here = pixels.astype(np.int16)
    left = np.pad(here, ((0, 0), (1, 0)))[:, :-1]
    above = np.pad(here, ((1, 0), (0, 0)))[:-1]
    corner = np.pad(here, ((1, 0), (1, 0)))[:-1, :-1]
    estimate = left + above - corner
    far_left, far_above, far_corner = (np.abs(estimate - other) for other in (left, above, corner))
    paeth = np.where(
        (far_left <= far_above) & (far_left <= far_corner), left, np.where(far_above <= far_corner, above, corner)
    )
    guesses = np.stack([np.zeros_like(here), left, above, (left + above) // 2, paeth])
    differences = (here - guesses).astype(np.uint8)
    effort = np.abs(differences.view(np.int8).astype(np.int16)).sum(axis=2)
    chosen = effort.argmin(axis=0).astype(np.uint8)
    best = differences[chosen, np.arange(len(pixels))]
    return np.concatenate([chosen[:, None], best], axis=1).tobytes()


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
    for places, direction in ((between_rows, "right"), (between_columns, "down")):
        for row, column in np.argwhere(places).tolist():
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
