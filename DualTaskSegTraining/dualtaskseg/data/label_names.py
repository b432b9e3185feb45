"""What label files themselves say about their values: segment names in ``.seg.nrrd`` files, tables of colors beside.

3D Slicer numbers segments in the order in which they were drawn, so the same structure may have another value in each
file. Where a file names its values, these names count, never the bare numbers.
Light: reads headers and small text files, no SimpleITK.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from dualtaskseg.contract.segment import Segment, default_color
from dualtaskseg.errors import InputError
from dualtaskseg.io.image_error import ImageError
from dualtaskseg.io.nifti import is_nifti, read_extensions
from dualtaskseg.io.paths import file_stem

NRRD_SUFFIXES = (".nrrd", ".nhdr")
SPACE_KINDS = {"domain", "space", "time", "none", "???"}  # of axes; those of other kinds hold layers
LONGEST_HEADER = 2**22  # bytes; a thousand segments with their terminology need far less
CHUNK = 2**16
LARGEST_TABLE = 2**20
# Beside a label a.nii.gz: Slicer's color tables, and label descriptions of ITK-SNAP.
# BIDS has a table beside a label, or one for all of a folder.
TABLE_NAMES = (
    *("{}.ctbl", "{}_ColorTable.ctbl", "{}-label_ColorTable.ctbl", "{}.label", "{}.txt", "{}_labels.txt", "{}.tsv"),
    "dseg.tsv",
)

disagreement = partial(ImageError, "segment-names")


@dataclass(frozen=True)
class NamedValue:
    """A value that a label file names.

    Attributes:
        segment: name, value, color and terminology as the file has them.
        layer: in which of the file's layers the value has this meaning.
    """

    segment: Segment
    layer: int = 0

    @property
    def name(self) -> str:
        return self.segment.name

    @property
    def value(self) -> int:
        return self.segment.value


def named_values(path: Path | str) -> tuple[NamedValue, ...]:
    """The values that a label file, or a table beside it, names; none where there is no such thing.

    Raises:
        InputError: the names can't be understood, or contradict each other.
    """
    path = Path(path)
    if path.name.lower().endswith(NRRD_SUFFIXES):
        return in_one_layer(slicer_segments(path), layer_count(path))
    for pattern in TABLE_NAMES:
        table = path.parent / pattern.format(file_stem(path))
        if table.is_file():
            found = _read_table(table)
            if found:
                return found
    return _nifti_table(path) if is_nifti(path) and path.is_file() else ()


# --- segmentations of 3D Slicer


def nrrd_fields(path: Path) -> dict[str, str]:
    """The key/value pairs (``key:=value``) in the header of an NRRD file; none where it can't be read as such."""
    fields = {}
    for line in _lines(path):
        key, mark, value = line.partition(b":=")
        if mark:
            # the end of a line and a backslash have a backslash before them
            text = re.sub(r"\\([n\\])", lambda found: "\n" if found[1] == "n" else "\\", _decoded(value))
            fields[_decoded(key).strip()] = text.strip()
    return fields


def _lines(path: Path) -> list[bytes]:
    """The lines of an NRRD header, without the first one and comments."""
    try:
        header = _nrrd_header(path) if path.is_file() else b""  # a pipe would keep us waiting
    except OSError:
        return []  # told by whoever reads the voxels
    return [line for line in re.split(rb"\r?\n", header)[1:] if not line.startswith(b"#")]


def _nrrd_header(path: Path) -> bytes:
    """The text before the first empty line; the voxels may follow it."""
    header = b""
    with path.open("rb") as stream:
        while len(header) < LONGEST_HEADER:
            part = stream.read(CHUNK)
            header += part
            if not header.startswith(b"NRRD") or not part:
                break
            end = re.search(rb"\r?\n\r?\n", header)
            if end:
                return header[: end.start()]
    return header if header.startswith(b"NRRD") else b""


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def slicer_segments(path: Path) -> tuple[NamedValue, ...]:
    """The segments that the header of a ``.seg.nrrd`` file names, also those without voxels; none for other files.

    Raises:
        ImageError: they contradict each other.
    """
    fields = nrrd_fields(path)
    found: list[NamedValue] = []
    index = 0
    while fields.get(f"Segment{index}_ID"):
        found.append(_slicer_segment(path, fields, index))
        index += 1
    _require_one_name_each(path, found)
    return tuple(found)


def layer_count(path: Path) -> int:
    """How many layers an NRRD file has by its header; 1 where it can't be read as such."""
    fields = {}
    for line in _lines(path):
        name, mark, value = line.partition(b": ")
        if mark:
            fields[name.strip().lower()] = _decoded(value).split()
    sizes, kinds = fields.get(b"sizes", []), [kind.lower() for kind in fields.get(b"kinds", [])]
    if not all(size.isdecimal() for size in sizes):
        return 1
    is_layer = [kind not in SPACE_KINDS for kind in kinds] if len(kinds) == len(sizes) else [False] * len(sizes)
    if not any(is_layer) and len(sizes) > 3:
        is_layer[3:] = [True] * (len(sizes) - 3)  # volumes along a fourth axis
    return math.prod(int(size) for size, is_one in zip(sizes, is_layer, strict=True) if is_one)


def in_one_layer(segments: Sequence[NamedValue], layers: int) -> tuple[NamedValue, ...]:
    """The segments of a file with the values that they have once its layers are joined to one label map.

    They are the file's own, unless it gives one value to several segments in different layers: then they count from 1.

    Args:
        layers: how many the file has. A header may still list segments of layers that were taken out: these have no
            voxel, and are left out here, since else they would give other values to the segments that are there.
    """
    there = [entry for entry in segments if entry.layer < layers]
    if len({entry.value for entry in there}) == len(there):
        return tuple(there)
    return tuple(replace(entry, segment=replace(entry.segment, value=index)) for index, entry in enumerate(there, 1))


def _slicer_segment(path: Path, fields: Mapping[str, str], index: int) -> NamedValue:
    def told(what: str, default: str = "") -> str:
        return fields.get(f"Segment{index}_{what}", default)

    name = re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", told("Name") or told("ID")).strip() or f"Segment_{index + 1}"
    # Old versions of Slicer wrote no values: the segments of one layer then count from 1.
    value, layer = told("LabelValue", str(index + 1)), told("Layer", "0")
    if not re.fullmatch(r"\d{1,9}", value) or not re.fullmatch(r"\d{1,4}", layer):
        raise disagreement(
            f"The label {path} gives its segment {name} the value {value[:20]!r} in the layer {layer[:20]!r}",
            "Save it again in 3D Slicer",
        )
    try:
        red, green, blue = (min(255, max(0, round(255 * float(part)))) for part in told("Color").split())
    except ValueError:
        red, green, blue = default_color(index)
    terminology = re.search(r"TerminologyEntry:([^|]*)", told("Tags"))
    segment = Segment(name, int(value), (red, green, blue), terminology[1] if terminology else "")
    return NamedValue(segment, int(layer))


def _require_one_name_each(path: Path, named: Sequence[NamedValue]) -> None:
    seen: dict[tuple[int, int], NamedValue] = {}
    for entry in named:
        other = seen.setdefault((entry.layer, entry.value), entry)
        if other is not entry:
            raise disagreement(
                f"The label {path} gives two segments, {other.name} and {entry.name}, the same value {entry.value}",
                "Save it again in 3D Slicer",
            )


# --- tables beside a label


def _table_text(content: bytes) -> str:
    """The text of a table; on Windows, ITK-SNAP and editors write UTF-16 or an alphabet of a byte a letter."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    return _decoded(content.removeprefix(b"\xef\xbb\xbf"))


def _read_table(path: Path) -> tuple[NamedValue, ...]:
    """A color table of 3D Slicer (``1 Liver 221 130 101 255``) or ITK-SNAP's label descriptions; else nothing."""
    try:
        if path.stat().st_size > LARGEST_TABLE:
            return ()
        lines = _table_text(path.read_bytes()).splitlines()
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror or error})", "Check its permissions") from error
    if path.suffix.lower() == ".tsv":
        return _bids_table(path, lines)
    found = []
    for line in lines:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        snap = re.fullmatch(r'(\d{1,9})\s+(\d+)\s+(\d+)\s+(\d+)\s+[\d.]+\s+[01]\s+[01]\s+"(.*)"', line)
        slicer = re.fullmatch(r"(\d{1,9})\s+(\S+)\s+(\d+)\s+(\d+)\s+(\d+)\s+\d+", line)
        if snap:
            value, *color, name = snap.groups()
        elif slicer:
            value, name, *color = slicer.groups()
            name = name.replace("_", " ")
        else:
            return ()  # some other text
        if int(value) > 0 and name.strip() and name.strip("() ").lower() not in ("none", "invalid"):
            red, green, blue = (min(255, int(part)) for part in color)
            found.append(NamedValue(Segment(name.strip(), int(value), (red, green, blue))))
    _require_one_name_each(path, found)
    return tuple(found)


def _nifti_table(path: Path) -> tuple[NamedValue, ...]:
    """The table of labels that Caret, and TotalSegmentator after it, writes into the header of a NIfTI file."""
    try:
        text = _decoded(read_extensions(path))
    except (ImageError, OSError):
        return ()  # told by whoever reads the voxels
    found = []
    for attributes, name in re.findall(r"<Label\s([^<>]{,400})>\s{,9}(?:<!\[CDATA\[)?([^<\]]{,400})", text):
        fields = dict(re.findall(r"""(\w+)\s*=\s*["']([^"']*)["']""", attributes))
        value, name = _label_value(fields.get("Key", "")), html.unescape(name).strip()
        if not value or not name:
            continue
        try:
            rgb = tuple(min(255, max(0, round(255 * float(fields[part])))) for part in ("Red", "Green", "Blue"))
        except (KeyError, ValueError, OverflowError):
            rgb = default_color(len(found))
        found.append(NamedValue(Segment(name, value, rgb)))
    _require_one_name_each(path, found)
    return tuple(found)


def _label_value(text: str) -> int:
    """The value of a label; 0 where a table tells none that can be one."""
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0


def _bids_table(path: Path, lines: Sequence[str]) -> tuple[NamedValue, ...]:
    """A table of BIDS (``index``, ``name`` and perhaps ``color``, such as #ff0000, between tabs); else nothing."""
    columns = lines[0].strip().lower().split("\t") if lines else []
    if not {"index", "name"} <= set(columns):
        return ()
    found = []
    for line in lines[1:]:
        fields = dict(zip(columns, (cell.strip() for cell in line.split("\t")), strict=False))
        value, name = _label_value(fields.get("index", "")), fields.get("name", "")
        if not value or not name:
            continue
        color = re.fullmatch("#?([0-9a-fA-F]{6})", fields.get("color", ""))
        rgb = tuple(bytes.fromhex(color[1])) if color else default_color(len(found))
        found.append(NamedValue(Segment(name, value, rgb)))
    _require_one_name_each(path, found)
    return tuple(found)
