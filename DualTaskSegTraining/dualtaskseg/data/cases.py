"""The list of scans to learn from: which there are, which have an outline, and what the outlines mean.

Three layouts are read: a Decathlon folder (``dataset.json``), a folder with ``images`` and ``labels``, and a table
``cases.csv``. Nothing here opens a scan; a file that is missing or damaged is found by :mod:`dualtaskseg.data.checks`.
"""

from __future__ import annotations

import colorsys
import contextlib
import csv
import io
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dualtaskseg.data.access import as_stored, is_dangling, is_there
from dualtaskseg.errors import InputError
from dualtaskseg.regular import read_regular_text
from dualtaskseg.tablecells import original_cell

LABELED, UNLABELED, LEFT_OUT = "labeled", "unlabeled", "left out"
ROLES = (LABELED, UNLABELED, LEFT_OUT)

# Longest first, so that "a.seg.nrrd" is called "a". Headers only: the .raw and .img files beside them are no scans.
VOLUME_SUFFIXES = (
    *(".seg.nrrd", ".seg.nhdr", ".nii.gz", ".gipl.gz", ".nii", ".hdr", ".nrrd", ".nhdr", ".mha", ".mhd"),
    *(".gipl", ".vtk", ".tiff", ".tif", ".dcm"),
)
FOLDER_LAYOUTS = (("images", "labels"), ("imagesTr", "labelsTr"))
SEGMENTS_FILE = "segments.json"

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
LAYOUT_REMEDY = (
    "Give a folder with a dataset.json (Decathlon), a folder with the subfolders images and labels, or a table "
    "cases.csv with the columns image and label"
)
# Names of label values that stand for "nobody looked here", which is neither a structure nor background.
IGNORE_NAMES = {
    *("ignore", "ignored", "ignore label", "ignore index", "ignore region", "ignore mask", "ignore value", "to ignore"),
    *("don t care", "dont care", "do not care", "unlabeled", "unlabelled", "unannotated", "not annotated"),
}
LONGEST_NAME = 255  # bytes of one part of a path, on all usual disks
LONGEST_PATH = 4095
LONGEST_CASE_NAME = 200  # bytes; names of results are somewhat longer
WORDS_CT = {"CT", "CTA", "CECT", "NCCT", "LDCT"}
WORDS_MR = {"MR", "MRI", "MRA", "CMR", "FMRI", "T1", "T1W", "T2", "T2W", "T1C", "T1CE", "FLAIR", "ADC", "DWI", "LGE"}


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
        color = _color(document["color"])
        return cls(document["name"], int(document["value"]), color, document.get("terminology", ""))


@dataclass(frozen=True)
class Case:
    """One scan and, where there is one, its outline.

    Attributes:
        name: unique within the dataset, also when case is ignored; output files are named after it.
        image: absolute path of a file, or of a folder that holds one DICOM series.
        label: absolute path of the label file; None where there is none or where it is hidden.
        role: ``LABELED``, ``UNLABELED`` or ``LEFT_OUT``.
    """

    name: str
    image: Path
    label: Path | None
    role: str


@dataclass(frozen=True)
class Dataset:
    """All cases, in the dataset's own order.

    Attributes:
        name: what people call it.
        folder: absolute path of the folder that holds it.
        cases: the cases.
        segments: the structures; empty where the dataset doesn't name them.
        modality: ``"CT"``, ``"MR"``, or empty where unknown.
        background: label values beside 0 that count as background, since the user didn't choose their segments.
        not_chosen: these segments, where they have names: a label file may name its values.
        named_by_labels: whether the segments are those that the label files name, since the dataset names none.
        notes: what was assumed about the dataset, one sentence each, for people.
    """

    name: str
    folder: Path
    cases: tuple[Case, ...]
    segments: tuple[Segment, ...]
    modality: str
    background: tuple[int, ...] = ()
    not_chosen: tuple[Segment, ...] = ()
    named_by_labels: bool = False
    notes: tuple[str, ...] = ()

    @property
    def labeled(self) -> list[Case]:
        """The cases to learn from with their outlines."""
        return [case for case in self.cases if case.role == LABELED]

    @property
    def unlabeled(self) -> list[Case]:
        """The cases to learn from without outlines."""
        return [case for case in self.cases if case.role == UNLABELED]

    def to_document(self) -> dict[str, Any]:
        """Returns the dataset as JSON values; paths become absolute strings."""
        return {
            "name": self.name,
            "folder": str(self.folder),
            "modality": self.modality,
            "segments": [segment.to_document() for segment in self.segments],
            "background": list(self.background),
            "not_chosen": [segment.to_document() for segment in self.not_chosen],
            "named_by_labels": self.named_by_labels,
            "notes": list(self.notes),
            "cases": [
                {"name": c.name, "image": str(c.image), "label": str(c.label) if c.label else None, "role": c.role}
                for c in self.cases
            ],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Dataset:
        """Builds a dataset from what :meth:`to_document` returned.

        Raises:
            InputError: the document is not one.
        """
        try:
            segments = tuple(map(Segment.from_document, document["segments"]))
            cases = tuple(
                Case(c["name"], Path(c["image"]), Path(c["label"]) if c["label"] else None, c["role"])
                for c in document["cases"]
            )
            return cls(
                document["name"],
                Path(document["folder"]),
                cases,
                segments,
                document["modality"],
                tuple(int(value) for value in document.get("background", ())),
                tuple(map(Segment.from_document, document.get("not_chosen", ()))),
                bool(document.get("named_by_labels", False)),
                tuple(str(note) for note in document.get("notes", ())),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise InputError(f"The description of the dataset is damaged ({error!r})", "Write it anew") from error


def default_color(index: int) -> tuple[int, int, int]:
    """Returns the RGB color, 0 to 255 each, of the segment at this place (from 0) in the order of segments."""
    if index < len(PALETTE):
        return PALETTE[index]
    # The golden ratio spreads hues evenly whatever their number; brightness alternates to help further.
    hue = (index * 0.618034) % 1.0
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.65, 0.95 if index % 2 else 0.7)
    return round(red * 255), round(green * 255), round(blue * 255)


def file_stem(path: Path | str) -> str:
    """Returns a file's name without the suffixes of image formats: ``la_001`` for ``la_001.nii.gz``."""
    name = Path(path).name
    for suffix in VOLUME_SUFFIXES:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def load_dataset(path: Path | str, include_test: bool = False) -> Dataset:
    """Reads the list of cases of a dataset.

    Args:
        path: a Decathlon folder or its ``dataset.json``; a folder with ``images`` and, where there are any, ``labels``;
            a ``cases.csv`` or its folder. Where a folder holds several of these, the first in this order counts.
        include_test: learn from the scans of a Decathlon folder's list ``test``, as unlabeled ones. Else they are left
            out: figures on scans that were learned from, if only without their labels, say little about new ones.

    Returns:
        The dataset. Files it names need not exist. Where it names no segments but its label files do, the segments are
        those.

    Raises:
        InputError: it is none of these, or its list of cases is wrong.
    """
    path = usable_path(path)
    if not path.exists():
        raise InputError(f"The dataset {path} does not exist", "Check the path")
    if path.is_file():
        if path.suffix.lower() == ".json":
            return _load_decathlon(path, include_test)
        if path.suffix.lower() == ".csv":
            return _load_table(path)
        raise InputError(f"{path} is not a dataset", LAYOUT_REMEDY)
    if is_there(path / "dataset.json"):
        return _load_decathlon(path / "dataset.json", include_test)
    images, labels = _folder_layout(path)
    if is_there(path / "cases.csv"):
        return _load_table(path / "cases.csv")
    if images:
        return _load_folder(path, images, labels)
    raise InputError(
        f"{path} is not a dataset: it holds no dataset.json, no cases.csv and no folder images", LAYOUT_REMEDY
    )


def keep_labels(dataset: Dataset, count: int) -> Dataset:
    """Keeps the labels of the first ``count`` labeled cases in the dataset's order and hides those of the others.

    Raises:
        InputError: ``count`` is below 1 or above the number of labeled cases.
    """
    available = len(dataset.labeled)
    if not 1 <= count <= available:
        raise InputError(
            f"{count} labeled cases were asked for, but {dataset.name} has {available}",
            f"Give a number from 1 to {available}" if available else "Add a label to at least one case",
        )
    kept = {case.name for case in dataset.labeled[:count]}
    cases = tuple(
        replace(case, role=UNLABELED, label=None) if case.role == LABELED and case.name not in kept else case
        for case in dataset.cases
    )
    return replace(dataset, cases=cases)


def apply_case_list(dataset: Dataset, file: Path | str) -> Dataset:
    """Gives cases the roles that a table lists.

    Args:
        dataset: the dataset.
        file: a CSV file with the columns ``case`` and ``role``. A case it doesn't name is left out; the label of an
            unlabeled one is hidden.

    Raises:
        InputError: the file is unreadable, or a line names an unknown case, an unknown role, a case twice, or the role
            labeled for a case without a label.
    """
    file = Path(file)
    by_name = {case.name: case for case in dataset.cases}
    roles: dict[str, str] = {}
    for line, row in _read_table(file, required=("case", "role")):
        name, where = row["case"], f"{file}, line {line}"
        if name not in by_name:
            raise InputError(
                f"{where}: {dataset.name} has no case named {name!r}",
                "Run 'dualtaskseg check' on the dataset to see how its cases are named",
            )
        if name in roles:
            raise InputError(f"{where}: the case {name} is listed twice", "Remove one of its lines")
        roles[name] = _role(row["role"], where)
        if roles[name] == LABELED and by_name[name].label is None:
            raise InputError(
                f"{where}: the case {name} is to be labeled but has no label", "Give it another role, or add a label"
            )

    def with_role(case: Case) -> Case:
        role = roles.get(case.name, LEFT_OUT)
        return replace(case, role=role, label=None if role == UNLABELED else case.label)

    return replace(dataset, cases=tuple(map(with_role, dataset.cases)))


def choose_segments(dataset: Dataset, names: Sequence[str]) -> Dataset:
    """Keeps only the named segments; the values of the others then count as background.

    Raises:
        InputError: the dataset doesn't name its segments, or has none of this name, or no name is given.
    """
    if not dataset.segments:
        raise InputError(
            f"The dataset {dataset.name} does not name its segments, so none can be chosen",
            f"Name them in {SEGMENTS_FILE} in its folder",
        )
    known = ", ".join(segment.name for segment in dataset.segments)
    if not names:
        raise InputError("No segment is chosen", f"Choose from: {known}")
    chosen: set[int] = set()
    for name in names:
        matches = [s.value for s in dataset.segments if s.name == name] or [
            s.value for s in dataset.segments if s.name.casefold() == name.casefold()
        ]
        if not matches:
            raise InputError(f"The dataset {dataset.name} has no segment named {name!r}", f"Choose from: {known}")
        chosen.update(matches)
    kept = tuple(segment for segment in dataset.segments if segment.value in chosen)
    dropped = tuple(segment for segment in dataset.segments if segment.value not in chosen)
    background = {segment.value for segment in dropped} | set(dataset.background)
    return replace(
        dataset,
        segments=kept,
        background=tuple(sorted(background)),
        not_chosen=(*dataset.not_chosen, *dropped),
    )


@dataclass(frozen=True)
class _Entry:
    """A case before it has its unique name; ``stem`` is the name that its file suggests."""

    stem: str
    image: Path
    label: Path | None
    role: str


def _load_decathlon(file: Path, include_test: bool) -> Dataset:
    document = _read_json(file)
    if not isinstance(document, dict):
        raise InputError(f"{file} is not a description of a dataset", LAYOUT_REMEDY)
    folder = file.parent
    images, labels = _folder_layout(folder)
    notes: list[str] = []
    if "training" in document:
        entries = [_decathlon_entry(file, item, allow_label=True) for item in _list(file, document, "training")]
        tests = [_decathlon_entry(file, item, allow_label=False) for item in _list(file, document, "test")]
        if tests and not include_test:
            tests = [replace(entry, role=LEFT_OUT) for entry in tests]
            scans = "The scan" if len(tests) == 1 else f"The {len(tests)} scans"
            notes.append(
                f"{scans} in the list 'test' of {file.name} {'is' if len(tests) == 1 else 'are'} left out; "
                "the option --include-test learns from them as unlabeled scans"
            )
        entries += tests
    elif images:  # nnU-Net writes a dataset.json without a list of cases
        entries = _folder_entries(images, labels)
    else:
        raise InputError(f"{file} has no list 'training' of cases", LAYOUT_REMEDY)
    name = document.get("name")
    return _assemble(
        name if isinstance(name, str) and name.strip() and is_text(name) else folder.name,
        folder,
        entries,
        _decathlon_segments(file, document) or _read_segments(folder),
        _modality(document.get("modality", document.get("channel_names"))),
        source=file,
        notes=notes,
    )


def _decathlon_entry(file: Path, item: Any, allow_label: bool) -> _Entry:
    fields = {"image": item} if isinstance(item, str) else item
    image = fields.get("image") if isinstance(fields, dict) else None
    if not isinstance(image, str) or not image.strip():
        raise InputError(
            f"{file} lists a case that names no image file: {_short(item)}",
            'Write each case as {"image": "...", "label": "..."}; scans in several files are not supported',
        )
    label = fields.get("label") if allow_label else None
    if label is not None and not isinstance(label, str):
        raise InputError(f"{file}: the label of {image} is not a file name", "Give one label file for each case")
    image_path = _locate(file.parent, image, str(file))
    label_path = _locate(file.parent, label, str(file)) if label else None
    return _Entry(_stem(image_path), image_path, label_path, LABELED if label_path else UNLABELED)


def _decathlon_segments(file: Path, document: dict[str, Any]) -> tuple[Segment, ...]:
    """Reads ``labels``: value to name in the Decathlon's own files, name to value in nnU-Net's."""
    labels = document.get("labels", {})
    if not isinstance(labels, dict):
        raise InputError(f"{file}: 'labels' is not a list of names and values", 'Write it as {"1": "Liver"}')
    segments = []
    for key, entry in labels.items():
        name, value = (entry, key) if isinstance(entry, str) else (key, entry)
        segments.append({"name": name, "value": value})
        for field, plural in (("color", "colors"), ("terminology", "terminology")):
            given = document.get(plural)
            if isinstance(given, dict) and name in given:
                segments[-1][field] = given[name]
    return _segments(file, segments)


def _load_folder(folder: Path, images: Path, labels: Path | None) -> Dataset:
    segments = _read_segments(folder)
    return _assemble(folder.name, folder, _folder_entries(images, labels), segments, "", source=images)


def _folder_layout(folder: Path) -> tuple[Path | None, Path | None]:
    for images_name, labels_name in FOLDER_LAYOUTS:
        images, labels = folder / images_name, folder / labels_name
        if is_there(images) and images.is_dir():
            return images, labels if is_there(labels) and labels.is_dir() else None
    return None, None


def _folder_entries(images: Path, labels: Path | None) -> list[_Entry]:
    """Pairs images and labels by their names without suffixes."""
    image_of = _by_stem(path for path in _visible(images) if path.is_dir() or _is_volume(path) or _was_series(path))
    label_of = _by_stem(path for path in _visible(labels) if _is_volume(path)) if labels else {}
    has_channels = _has_channels(image_of, label_of)
    if has_channels:
        _require_one_channel(image_of)
    entries = []
    for stem, image in image_of.items():
        short = stem.removesuffix("_0000")
        name = short if has_channels or (stem not in label_of and short in label_of) else stem
        label = label_of.pop(name, None)
        entries.append(_Entry(name, image, label, LABELED if label else UNLABELED))
    # A label without an image is most likely a wrong name. As a case whose image is missing, it shows up in the checks.
    entries += [_Entry(stem, images / label.name, label, LABELED) for stem, label in label_of.items()]
    return sorted(entries, key=lambda entry: _natural_key(entry.stem))


def _has_channels(image_of: dict[str, Path], label_of: dict[str, Path]) -> bool:
    """Whether names end in a channel, as nnU-Net's do: the image scan_0000 belongs to the label scan.

    Others simply count from 0000; there the label has the very name of the image.
    """
    if any(stem in label_of for stem in image_of):
        return False
    matches = any(stem.endswith("_0000") and stem[:-5] in label_of for stem in image_of)
    return matches or all(stem.endswith("_0000") for stem in image_of)


def _require_one_channel(image_of: dict[str, Path]) -> None:
    for stem, image in image_of.items():
        if re.search(r"_000[1-9]$", stem):
            raise InputError(
                f"{image.parent} holds several images of one scan, such as {image.name}",
                "Keep one image of each scan; images of several kinds at once are not supported",
            )


def _by_stem(paths: Iterable[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(paths, key=lambda path: _natural_key(path.name)):
        # macOS may write an accented letter as two characters where other systems write one
        stem = unicodedata.normalize("NFC", _stem(path))
        if stem in found:
            raise InputError(
                f"{path.parent} holds two files for the case {stem}: {found[stem].name} and {path.name}",
                "Remove or rename one of them",
            )
        found[stem] = path
    return found


def _load_table(file: Path) -> Dataset:
    folder = file.parent
    entries = []
    for line, row in _read_table(file, required=("image",)):
        where = f"{file}, line {line}"
        if not row["image"]:
            raise InputError(f"{where}: the column image is empty", "Name the scan's file")
        image = _locate(folder, row["image"], where)
        label = _locate(folder, row["label"], where) if row.get("label") else None
        role = _role(row["role"], where) if row.get("role") else (LABELED if label else UNLABELED)
        if role == LABELED and label is None:
            raise InputError(
                f"{where}: the role is labeled but no label is given", "Name the label file, or give another role"
            )
        name = row.get("name") or _stem(image)
        if re.search(r'[\\/:*?"<>|\x00-\x1f]', name) or name.startswith("."):
            raise InputError(
                f"{where}: the name {_short(name)} can't be used, since files are named after it",
                "Use letters, digits, spaces, - and _",
            )
        if len(os.fsencode(name)) > LONGEST_CASE_NAME and row.get("name"):
            raise InputError(
                f"{where}: the name {_short(name)} is too long, since files are named after it",
                f"Use at most {LONGEST_CASE_NAME} letters",
            )
        entries.append(_Entry(name, image, None if role == UNLABELED else label, role))
    return _assemble(folder.name, folder, entries, _read_segments(folder), "", source=file)


def _assemble(
    name: str,
    folder: Path,
    entries: list[_Entry],
    segments: tuple[Segment, ...],
    modality: str,
    source: Path,
    notes: Sequence[str] = (),
) -> Dataset:
    if not entries:
        raise InputError(f"{source} holds no scan", LAYOUT_REMEDY)
    names = _unique_names(entries)
    cases = tuple(Case(n, e.image, e.label, e.role) for n, e in zip(names, entries, strict=True))
    dataset = Dataset(name, folder, cases, segments, modality, notes=tuple(notes))
    return dataset if segments else _with_segments_of_labels(dataset)


def _with_segments_of_labels(dataset: Dataset) -> Dataset:
    """Takes the segments from label files that name them, where the dataset names none."""
    from dualtaskseg.data.labelnames import named_values, number_alike, segments_of_files

    named = [(case.label, named_values(case.label)) for case in dataset.cases if case.label is not None]
    named = [(label, values) for label, values in named if values]
    if not named:
        return dataset
    segments = segments_of_files(named)
    notes = [*dataset.notes, "The segments are those that the label files name"]
    if not number_alike(values for _, values in named):
        numbers = ", ".join(f"{segment.value} {segment.name}" for segment in segments)
        notes[-1] += f", which number them differently; they are told apart by their names, and numbered {numbers}"
    return replace(dataset, segments=segments, named_by_labels=True, notes=tuple(notes))


def _unique_names(entries: list[_Entry]) -> list[str]:
    """Case names without repetition, also on disks that don't tell upper from lower case."""
    stems = Counter(entry.stem.casefold() for entry in entries)
    names = [
        entry.stem if stems[entry.stem.casefold()] == 1 else f"{entry.image.parent.name}_{entry.stem}"
        for entry in entries
    ]
    taken: set[str] = set()
    for index, name in enumerate(names):
        number = 2
        while names[index].casefold() in taken:
            names[index] = f"{name}_{number}"
            number += 1
        taken.add(names[index].casefold())
    return names


def _read_segments(folder: Path) -> tuple[Segment, ...]:
    file = folder / SEGMENTS_FILE
    return read_segments(file) if is_there(file) else ()


def read_segments(file: Path | str) -> tuple[Segment, ...]:
    """Reads a list of segments, such as ``[{"name": "Liver", "value": 1}]``, sorted by their values.

    Raises:
        InputError: the file can't be read, or is no such list.
    """
    file = Path(file)
    document = _read_json(file)
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        raise InputError(f"{file} is not a list of segments", 'Write it as [{"name": "Liver", "value": 1}]')
    return _segments(file, document)


def _segments(file: Path, items: list[dict[str, Any]]) -> tuple[Segment, ...]:
    """Checks names and values, drops the background, sorts by value and fills in colors."""
    checked: list[tuple[int, str, dict[str, Any]]] = []
    for item in items:
        name, value = item.get("name"), item.get("value")
        if not isinstance(name, str) or not name.strip():
            raise InputError(f"{file}: a segment has no name: {_short(item)}", "Give each segment a name and a value")
        if not is_text(name):
            raise InputError(f"{file}: the name {_short(name)} of a segment holds signs that are no text", "Correct it")
        refuse_ignored(file, name)
        if not isinstance(value, bool) and re.fullmatch(r"\d{10,}", str(value).strip(), re.ASCII):
            raise InputError(
                f"{file}: the value of the segment {name} is {_short(value)}, which is too large",
                "Give it a value below 1000000000, in the list and in the labels",
            )
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}", str(value).strip(), re.ASCII):
            raise InputError(
                f"{file}: the value of the segment {name} is {_short(value)}",
                "Give each segment one whole number as its value; 0 is background",
            )
        if int(value) > 0:
            checked.append((int(value), name.strip(), item))
    checked.sort(key=lambda entry: entry[0])
    for what, kept in (("value", [v for v, _, _ in checked]), ("name", [n.casefold() for _, n, _ in checked])):
        twice = [entry for entry, count in Counter(kept).items() if count > 1]
        if twice:
            raise InputError(f"{file}: two segments have the {what} {twice[0]!r}", f"Give each a {what} of its own")
    segments = []
    for index, (value, name, item) in enumerate(checked):
        try:
            color = _color(item["color"]) if item.get("color") is not None else default_color(index)
        except (TypeError, ValueError, OverflowError) as error:
            raise InputError(
                f"{file}: the color of the segment {name} is {_short(item['color'])}",
                "Write red, green and blue from 0 to 255, such as [230, 159, 0]",
            ) from error
        segments.append(Segment(name, value, color, str(item.get("terminology") or "")))
    return tuple(segments)


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


def _color(value: Any) -> tuple[int, int, int]:
    red, green, blue = (int(channel) for channel in value)
    if not all(0 <= channel <= 255 for channel in (red, green, blue)):
        raise ValueError("a color has values from 0 to 255")
    return red, green, blue


def _modality(value: Any) -> str:
    """Returns ``"CT"`` or ``"MR"`` for what datasets write: ``{"0": "LGE-MRI"}``, ``["CT"]``, ``"t1"``."""
    texts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
    words = set(re.findall(r"[A-Z0-9]+", " ".join(text for text in texts if isinstance(text, str)).upper()))
    is_ct, is_mr = bool(words & WORDS_CT), bool(words & WORDS_MR)
    if is_ct == is_mr:
        return ""
    return "CT" if is_ct else "MR"


def _read_table(file: Path, required: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Reads a CSV file as (line number, values by column); commas, semicolons and tabs separate columns."""
    is_there(file)  # raises where it was not fetched
    try:
        text = read_regular_text(file)
    except FileNotFoundError:
        raise InputError(f"The table {file} does not exist", "Check the path") from None
    except OSError as error:
        raise InputError(f"The table {file} can't be read ({error.strerror})", "Check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(f"The table {file} is not UTF-8 text", "Save it as 'CSV UTF-8'") from error
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    columns: list[str] = []
    rows = []
    try:
        for cells in reader:
            cells = [original_cell(cell.strip()) for cell in cells]
            if not any(cells):
                continue
            if not columns:
                columns = [cell.lower() for cell in cells]
                _require_columns(file, columns, required)
                continue
            if len(cells) > len(columns) and any(cells[len(columns) :]):
                raise InputError(
                    f"{file}, line {reader.line_num}: {len(cells)} values for {len(columns)} columns",
                    "Put a file name that contains the separator between double quotes",
                )
            cells += [""] * (len(columns) - len(cells))
            rows.append((reader.line_num, dict(zip(columns, cells, strict=False))))
    except csv.Error as error:
        raise InputError(f"{file}, line {reader.line_num}: {error}", "Save the table as CSV again") from error
    _require_columns(file, columns, required)
    return rows


def _require_columns(file: Path, columns: list[str], required: Sequence[str]) -> None:
    missing = [column for column in required if column not in columns]
    if missing:
        raise InputError(
            f"The table {file} has no column {missing[0]!r}",
            f"Its first line must name the columns: {','.join(required)}",
        )


def _role(text: str, where: str) -> str:
    role = text.strip().lower().replace("_", " ").replace("-", " ")
    if role not in ROLES:
        raise InputError(f"{where}: the role {text!r} is unknown", f"Use one of: {', '.join(ROLES)}")
    return role


def _read_json(file: Path) -> Any:
    is_there(file)  # raises where it was not fetched
    try:
        return json.loads(read_regular_text(file))
    except OSError as error:
        raise InputError(f"{file} can't be read ({error.strerror})", "Check the path") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{file} is not a UTF-8 text file in the JSON format", "Write it anew") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{file} is not correct JSON: {error.msg} in line {error.lineno}", "Correct it") from error
    except ValueError as error:  # a number of thousands of digits
        raise InputError(f"{file} holds a number that is far too large", "Correct it") from error


def _list(file: Path, document: dict[str, Any], key: str) -> list[Any]:
    items = document.get(key) or []
    if not isinstance(items, list):
        raise InputError(f"{file}: {key!r} is not a list of cases", "Write it as a list")
    return items


def _locate(folder: Path, name: str, where: str) -> Path:
    """Absolute path of a file that a dataset names, relative to ``folder``; Windows separators are understood."""
    return as_stored(usable_path(folder / name.strip().replace("\\", "/"), where))


def usable_path(path: Path | str, where: str = "") -> Path:
    """The path, absolute and without ``..``, of a name that a person or a document gave.

    Links are kept, since the name of a link is the one that the user knows.

    Args:
        path: as given; ``~`` is the user's own folder.
        where: the document and place that gave it, for errors.

    Raises:
        InputError: no file can have this name on any computer.
    """
    path = Path(path)
    lead = f"{where}: the" if where else "The"
    with contextlib.suppress(RuntimeError):  # ~nobody, or no home: then it is a name like any other
        path = path.expanduser()
    try:
        result = Path(os.path.normpath(path.absolute()))
        parts = [len(os.fsencode(part)) for part in result.parts]
    except UnicodeError:
        raise InputError(f"{lead} file name {_short(str(path))} holds signs that are no text", "Correct it") from None
    if "\0" in str(path):
        raise InputError(f"{lead} file name {_short(str(path))} holds a zero character", "Correct it")
    if max(parts) > LONGEST_NAME or sum(parts) + len(parts) > LONGEST_PATH:
        raise InputError(f"{lead} file name {_short(result.name)} is too long", "Correct it")
    return result


def _stem(path: Path) -> str:
    try:
        return path.name if path.is_dir() else file_stem(path)
    except OSError:  # its folder may not be looked into; told when it is read
        return file_stem(path)


def _is_volume(path: Path) -> bool:
    """Whether a file is a scan or a label by its name; a link that leads nowhere or a pipe is found out when read."""
    return path.name.lower().endswith(VOLUME_SUFFIXES) and not path.is_dir()


def _was_series(path: Path) -> bool:
    """Whether it may be a link to a folder with a DICOM series that leads nowhere."""
    return not path.suffix and is_dangling(path)


def _visible(folder: Path) -> list[Path]:
    """What a folder holds, without hidden files such as the ``._name`` files that macOS leaves on shared disks."""
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise InputError(f"The folder {folder} can't be read ({error.strerror})", "Check its permissions") from error


def _natural_key(name: str) -> tuple[list[tuple[int, str]], str]:
    """Sorts ``scan2`` before ``scan10``."""
    parts = re.split(r"(\d+)", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], name


def is_text(name: str) -> bool:
    """Whether a name can be written anywhere: JSON allows halves of signs, and signs that control a terminal."""
    return not any(unicodedata.category(sign) in ("Cs", "Cc") for sign in name)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
