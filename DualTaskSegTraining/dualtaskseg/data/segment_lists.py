"""Lists of segments: those of segments.json, and what a dataset.json tells of its labels."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import SEGMENTS_FILE
from dualtaskseg.contract.segment import Segment, default_color, folded, refuse_name, rgb_of
from dualtaskseg.data import nnunet
from dualtaskseg.data.listed_files import read_document
from dualtaskseg.data.seen import apart_from_unseen, is_unseen_name
from dualtaskseg.errors import InputError
from dualtaskseg.io.access import is_there
from dualtaskseg.io.paths import abbreviated, is_text

DATASET_FILE = "dataset.json"


def described_segments(file: Path, data: dict[str, Any], same_names: bool = False) -> tuple[Segment, ...]:
    """Reads ``labels``: value to name in the Decathlon's own files, name to value in nnU-Net's."""
    labels = data.get("labels", {})
    if not isinstance(labels, dict):
        raise InputError(f"{file}: 'labels' is not a list of names and values", 'Write it as {"1": "Liver"}')
    segments = []
    for key, entry in labels.items():
        name, value = _name_and_value(key, entry)
        segments.append({"name": name, "value": value})
        for field, plural in (("color", "colors"), ("terminology", "terminology")):
            given = data.get(plural)
            if isinstance(given, dict) and name in given:
                segments[-1][field] = given[name]
    return checked_segments(file, segments, same_names)


def _name_and_value(key: str, entry: Any) -> tuple[Any, Any]:
    """Name and value of an entry of ``labels``, which may stand either way round; a value may be written as text."""
    entry = nnunet.one_value(entry)
    is_value_first = isinstance(entry, str) and (key.strip().isdecimal() or not entry.strip().isdecimal())
    return (entry, key) if is_value_first else (key, entry)


def segments_in(folder: Path, same_names: bool = False) -> tuple[Segment, ...]:
    """The segments that a folder's ``dataset.json`` names, else those of its ``segments.json``; none without either.

    Among them may be one for voxels that nobody looked at, see :func:`~dualtaskseg.data.seen.apart_from_unseen`.

    Args:
        same_names: several may have the same name.

    Raises:
        InputError: the file can't be read, or what it names are no segments.
    """
    remedy = "Correct the file, or move it away"  # nobody named it; it was met beside the labels
    for name, kind, segments_of in (
        (DATASET_FILE, dict, described_segments),
        (SEGMENTS_FILE, list, _listed_segments),
    ):
        file = folder / name
        if not is_there(file):
            continue
        try:
            data = read_document(file)
        except InputError as error:
            raise InputError(error.what, remedy) from error
        if not isinstance(data, kind):
            raise InputError(f"{file} does not tell what segments are called", remedy)
        segments = segments_of(file, data, same_names)
        if segments:
            return segments
    return ()


def segments_beside(folder: Path) -> tuple[Segment, ...]:
    """The segments of a folder's ``segments.json``; none without it."""
    file = folder / SEGMENTS_FILE
    return _listed_segments(file, read_document(file)) if is_there(file) else ()


def read_segments(file: Path | str) -> tuple[Segment, ...]:
    """Reads a list of segments, such as ``[{"name": "Liver", "value": 1}]``, sorted by their values.

    Raises:
        InputError: the file can't be read, or is no such list.
    """
    file = Path(file)
    return apart_from_unseen(_listed_segments(file, read_document(file)))[0]


def _listed_segments(file: Path, data: Any, same_names: bool = False) -> tuple[Segment, ...]:
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise InputError(f"{file} is not a list of segments", 'Write it as [{"name": "Liver", "value": 1}]')
    return checked_segments(file, data, same_names)


def checked_segments(file: Path, items: list[dict[str, Any]], same_names: bool = False) -> tuple[Segment, ...]:
    """Checks names and values, drops the background, sorts by value and fills in colors."""
    checked: list[tuple[int, str, dict[str, Any]]] = []
    for item in items:
        name, value = item.get("name"), item.get("value")
        if not isinstance(name, str) or not name.strip():
            raise InputError(
                f"{file}: a segment has no name: {abbreviated(item)}", "Give each segment a name and a value"
            )
        if not is_text(name):
            raise InputError(
                f"{file}: the name {abbreviated(name)} of a segment holds signs that are no text", "Correct it"
            )
        if not isinstance(value, bool) and re.fullmatch(r"\d{10,}", str(value).strip(), re.ASCII):
            raise InputError(
                f"{file}: the value of the segment {name} is {abbreviated(value)}, which is too large",
                "Give it a value below 1000000000, in the list and in the labels",
            )
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}", str(value).strip(), re.ASCII):
            raise InputError(
                f"{file}: the value of the segment {name} is {abbreviated(value)}",
                "Give each segment one whole number as its value; 0 is background; regions of several values, as "
                "nnU-Net has them, overlap and are not learned",
            )
        if not (is_unseen_name(name) and int(value) > 0):
            refuse_name(file, name, int(value))
        if int(value) > 0:
            checked.append((int(value), name.strip(), item))
    if checked and all(is_unseen_name(name) for _, name, _ in checked):
        raise InputError(
            f"{file} names no structure, but only voxels to ignore", "Name the structures, each with its value, as well"
        )
    checked.sort(key=lambda entry: entry[0])
    for what, kept in (("value", [v for v, _, _ in checked]), ("name", [folded(n) for _, n, _ in checked])):
        if what == "name" and same_names:
            continue
        twice = [entry for entry, count in Counter(kept).items() if count > 1]
        if twice:
            raise InputError(f"{file}: two segments have the {what} {twice[0]!r}", f"Give each a {what} of its own")
    segments = []
    for index, (value, name, item) in enumerate(checked):
        try:
            color = rgb_of(item["color"]) if item.get("color") is not None else default_color(index)
        except (TypeError, ValueError, OverflowError) as error:
            raise InputError(
                f"{file}: the color of the segment {name} is {abbreviated(item['color'])}",
                "Write red, green and blue from 0 to 255, such as [230, 159, 0]",
            ) from error
        segments.append(Segment(name, value, color, str(item.get("terminology") or "")))
    return tuple(segments)
