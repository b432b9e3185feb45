"""Contours of masks: closed lines half-way between voxels inside and outside, and back.

A line never passes through the center of a voxel, so whoever fills it by the voxels' centers gets the very mask again.
Points are (column, row), counted in pixels from the center of the first one.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

# For each cell between four pixel centers, by which of them are inside (upper left 1, upper right 2, lower right 4,
# lower left 8): from which of its sides to which the line goes. Pixels that touch at a corner only are apart.
TOP, RIGHT, BOTTOM, LEFT = (0, 1), (1, 2), (2, 1), (1, 0)  # row and column in half pixels, from the cell's upper left
STEPS = {
    1: [(TOP, LEFT)],
    2: [(RIGHT, TOP)],
    3: [(RIGHT, LEFT)],
    4: [(BOTTOM, RIGHT)],
    5: [(TOP, LEFT), (BOTTOM, RIGHT)],
    6: [(BOTTOM, TOP)],
    7: [(BOTTOM, LEFT)],
    8: [(LEFT, BOTTOM)],
    9: [(TOP, BOTTOM)],
    10: [(RIGHT, TOP), (LEFT, BOTTOM)],
    11: [(RIGHT, BOTTOM)],
    12: [(LEFT, RIGHT)],
    13: [(TOP, RIGHT)],
    14: [(LEFT, TOP)],
}


def contours_of(mask: np.ndarray) -> list[np.ndarray]:
    """The contours of a mask.

    Args:
        mask: bool (y, x).

    Returns:
        Arrays (points, 2) of closed lines, the last point not being the first again. A part with holes has one line,
        that goes to each hole and back on the same way: DICOM knows no other way that all readers understand.
    """
    lines = _lines(mask)
    areas = [_area(line) for line in lines]
    outer = [index for index, area in enumerate(areas) if area > 0]
    joined = {index: lines[index] for index in outer}
    holes = [index for index, area in enumerate(areas) if area < 0]
    for hole in sorted(holes, key=lambda index: tuple(lines[index].min(axis=0))):
        around = [index for index in outer if _is_inside(lines[hole][0], lines[index])]
        whole = min(around, key=lambda index: areas[index])
        joined[whole] = _with_hole(joined[whole], lines[hole])
    return [joined[index] for index in outer]


def filled(lines: Iterable[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """The pixels of a plane (y, x) whose centers lie within closed lines; within two of them is outside again."""
    toggled = np.zeros((shape[0], shape[1] + 1), np.int64)
    for line in lines:
        ends = np.roll(line, -1, axis=0)
        for (x, y), (next_x, next_y) in zip(line.tolist(), ends.tolist(), strict=True):
            low, high = min(y, next_y), max(y, next_y)
            for row in range(max(0, int(np.ceil(low))), min(shape[0], int(np.ceil(high)))):
                at = x + (row - y) / (next_y - y) * (next_x - x)
                toggled[row, min(max(int(np.ceil(at)), 0), shape[1])] += 1
    return np.cumsum(toggled, axis=1)[:, :-1] % 2 == 1


def _lines(mask: np.ndarray) -> list[np.ndarray]:
    """All closed lines, the inside on one's right hand as the image is usually shown; straight stretches are one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return []
    top, left = int(rows[0]), int(columns[0])
    inside = np.pad(mask[top : rows[-1] + 1, left : columns[-1] + 1], 1).astype(np.uint8)
    codes = inside[:-1, :-1] + 2 * inside[:-1, 1:] + 4 * inside[1:, 1:] + 8 * inside[1:, :-1]
    following: dict[tuple[int, int], tuple[int, int]] = {}
    for row, column in np.argwhere((codes > 0) & (codes < 15)).tolist():
        for (begin_row, begin_column), (end_row, end_column) in STEPS[int(codes[row, column])]:
            begin = (2 * row + begin_row, 2 * column + begin_column)
            following[begin] = (2 * row + end_row, 2 * column + end_column)
    lines = []
    while following:
        start, point = following.popitem()
        line = [start]
        while point != start:
            line.append(point)
            point = following.pop(point)
        corners = _corners(np.array(line))
        # in half pixels of the padded box; the box begins one pixel before the first one inside
        lines.append(corners[:, ::-1] / 2 + np.array([left - 1, top - 1]))
    return lines


def _corners(line: np.ndarray) -> np.ndarray:
    """A closed line without the points at which it goes straight on."""
    before, after = line - np.roll(line, 1, axis=0), np.roll(line, -1, axis=0) - line
    return line[(before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0])]


def _area(line: np.ndarray) -> float:
    """The area within a line, positive where the inside is on the right hand."""
    x, y = line.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2


def _is_inside(point: np.ndarray, line: np.ndarray) -> bool:
    x, y = point
    ends = np.roll(line, -1, axis=0)
    crossed = (line[:, 1] <= y) != (ends[:, 1] <= y)
    begin, end = line[crossed], ends[crossed]
    at = begin[:, 0] + (y - begin[:, 1]) / (end[:, 1] - begin[:, 1]) * (end[:, 0] - begin[:, 0])
    return int(np.count_nonzero(at > x)) % 2 == 1


def _with_hole(line: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The line, with a way from its point that is nearest to the hole's first one, round the hole and back."""
    at = int(np.argmin(np.sum((line - hole[0]) ** 2, axis=1)))
    return np.concatenate([line[: at + 1], hole, hole[:1], line[at:]])
