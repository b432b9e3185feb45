"""The list of scans to learn from: which there are, which have an outline, and what the outlines mean.

These layouts are read: a folder of the Decathlon or of nnU-Net (``dataset.json``), a folder with ``images`` and
``labels``, a data folder of MONAI Label, and a table ``cases.csv``. Nothing here opens a scan; a file that is missing
or damaged is found by :mod:`dualtaskseg.data.checks`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import EXCLUDED, LABELED, ROLES, SEGMENTS_FILE, UNLABELED, Case, Dataset
from dualtaskseg.contract.segment import Segment, default_color, refuse_name, rgb_of
from dualtaskseg.data import nnunet
from dualtaskseg.data.monai_label import LIST_FILE, MonaiLabelFolder, find_folder, label_values
from dualtaskseg.data.seen import apart_from_unseen, companion, is_companion, is_unseen_name
from dualtaskseg.errors import InputError
from dualtaskseg.files import read_regular
from dualtaskseg.io.access import as_stored, is_dangling, is_there
from dualtaskseg.io.paths import (
    PASSED_OVER_SUFFIXES,
    abbreviated,
    file_stem,
    is_text,
    is_volume_name,
    left_out,
    passed_over,
    usable_path,
    visible,
)
from dualtaskseg.names import free_name, natural_key
from dualtaskseg.tablecells import original_cell

DATASET_FILE = "dataset.json"
FOLDER_LAYOUTS = (("images", "labels"), ("imagesTr", "labelsTr"))

LAYOUT_REMEDY = (
    "Give a folder with a dataset.json (Decathlon, nnU-Net), a folder with the subfolders images and labels, a data "
    "folder of MONAI Label, or a table cases.csv with the columns image and label"
)
LONGEST_CASE_NAME = 200  # bytes; names of results are somewhat longer
WORDS_CT = {"CT", "CTA", "CECT", "NCCT", "LDCT"}
WORDS_MR = {"MR", "MRI", "MRA", "CMR", "FMRI", "T1", "T1W", "T2", "T2W", "T1C", "T1CE", "FLAIR", "ADC", "DWI", "LGE"}


class NoDatasetError(InputError):
    """There is nothing that a dataset is known by; other errors are of datasets in which something is wrong."""


def load_dataset(path: Path | str, include_test: bool = False) -> Dataset:
    """Reads the list of cases of a dataset.

    Args:
        path: a folder of the Decathlon or nnU-Net or its ``dataset.json``; a ``cases.csv`` or its folder; a data folder
            of MONAI Label; a folder with ``images`` and, where there are any, ``labels``. Where a folder holds several
            of these, the first in this order counts.
        include_test: learn from the scans of a Decathlon folder's list ``test``, or of nnU-Net's folder ``imagesTs``,
            as unlabeled ones. Else they are left out: figures on scans that were learned from, if only without their
            labels, say little about new ones.

    Returns:
        The dataset. Files it names need not exist. Where it names no segments but its label files do, the segments are
        those.

    Raises:
        NoDatasetError: it is none of these, or holds no scan.
        InputError: its list of cases is wrong.
    """
    path = usable_path(path)
    if not path.exists():
        raise InputError(f"The dataset {path} does not exist", "Check the path")
    if path.is_file():
        if path.suffix.lower() == ".json":
            return _load_decathlon(path, include_test)
        if path.suffix.lower() == ".csv":
            return _load_table(path)
        raise NoDatasetError(f"{path} is not a dataset", LAYOUT_REMEDY)
    if is_there(path / DATASET_FILE):
        return _load_decathlon(path / DATASET_FILE, include_test)
    if is_there(path / "cases.csv"):
        return _load_table(path / "cases.csv")
    server_list = _read_json(path / LIST_FILE) if is_there(path / LIST_FILE) else None
    found = find_folder(path, server_list)
    if found:
        return _load_monai_label(path, found, server_list)
    images, labels = _folder_layout(path)
    if images:
        entries, notes = _folder_cases(images, labels)
        return _assemble(path.name, path, entries, _read_segments(path), "", source=images, notes=notes)
    raise NoDatasetError(
        f"{path} is not a dataset: it holds no dataset.json, no cases.csv and no folder images", LAYOUT_REMEDY
    )


def apply_case_list(dataset: Dataset, file: Path | str) -> Dataset:
    """Gives cases the roles that a table lists.

    Args:
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
        role = roles.get(case.name, EXCLUDED)
        return case.unlabeled() if role == UNLABELED else replace(case, role=role)

    return replace(dataset, cases=tuple(map(with_role, dataset.cases)))


def _load_monai_label(folder: Path, found: MonaiLabelFolder, server_list: Any) -> Dataset:
    entries, notes = _folder_cases(found.images, found.labels, with_series=found.images != folder)
    segments = _read_segments(folder)
    if not segments:
        values = label_values(folder / LIST_FILE, server_list)
        items = [{"name": name, "value": value} for name, value in values.items()]
        segments = _segments(folder / LIST_FILE, items)
    return _assemble(folder.name, folder, entries, segments, "", source=found.images, notes=[*found.notes, *notes])


def _load_decathlon(file: Path, include_test: bool) -> Dataset:
    data = _read_description(file)
    folder = file.parent
    images, labels = _folder_layout(folder)
    entries: list[Case] = []
    notes: list[str] = []
    if "training" in data:
        entries = [_decathlon_entry(file, item, allow_label=True) for item in _list(file, data, "training")]
        tests = [_decathlon_entry(file, item, allow_label=False) for item in _list(file, data, "test")]
        entries += _tests(tests, f"the list 'test' of {file.name}", include_test, notes)
    elif nnunet.CASES in data:
        for name, image, label in nnunet.cases_of(file, data) or []:
            item = {"image": image, "label": label}
            entries.append(replace(_decathlon_entry(file, item, allow_label=True), name=_usable_name(name, str(file))))
        entries += _tests(_nnunet_tests(file, data), nnunet.TEST_FOLDER, include_test, notes)
    elif images:  # nnU-Net writes a dataset.json without a list of cases
        entries, notes = _folder_cases(images, labels, file, data)
        entries += _tests(_nnunet_tests(file, data), nnunet.TEST_FOLDER, include_test, notes)
    else:
        raise NoDatasetError(f"{file} has no list 'training' of cases", LAYOUT_REMEDY)
    name = data.get("name")
    return _assemble(
        name if isinstance(name, str) and name.strip() and is_text(name) else folder.name,
        folder,
        entries,
        _described_segments(file, data) or _read_segments(folder),
        _modality(data.get("modality", data.get("channel_names"))),
        source=file,
        notes=notes,
    )


def _tests(tests: list[Case], where: str, include_test: bool, notes: list[str]) -> list[Case]:
    """Scans that are kept to test with: left out, which is noted, unless they are asked for."""
    if include_test or not tests:
        return tests
    scans = "The scan" if len(tests) == 1 else f"The {len(tests)} scans"
    notes.append(
        f"{scans} in {where} {'is' if len(tests) == 1 else 'are'} left out; "
        "the option --include-test learns from them as unlabeled scans"
    )
    return [replace(entry, role=EXCLUDED) for entry in tests]


def _nnunet_tests(file: Path, data: dict[str, Any]) -> list[Case]:
    folder = file.parent / nnunet.TEST_FOLDER
    if not (is_there(folder) and folder.is_dir()):
        return []
    return _folder_cases(folder, None, file, data)[0]


def _read_description(file: Path) -> dict[str, Any]:
    data = _read_json(file)
    if not isinstance(data, dict):
        raise NoDatasetError(f"{file} is not a description of a dataset", LAYOUT_REMEDY)
    return data


def _decathlon_entry(file: Path, item: Any, allow_label: bool) -> Case:
    fields = {"image": item} if isinstance(item, str) else item
    image = fields.get("image") if isinstance(fields, dict) else None
    if not isinstance(image, str) or not image.strip():
        raise InputError(
            f"{file} lists a case that names no image file: {abbreviated(item)}",
            'Write each case as {"image": "...", "label": "..."}; scans in several files are not supported',
        )
    label = fields.get("label") if allow_label else None
    if label is not None and not isinstance(label, str):
        raise InputError(f"{file}: the label of {image} is not a file name", "Give one label file for each case")
    image_path = _locate(file.parent, image, str(file))
    label_path = _locate(file.parent, label, str(file)) if label else None
    return Case(_stem(image_path), image_path, label_path, LABELED if label_path else UNLABELED)


def _described_segments(file: Path, data: dict[str, Any], same_names: bool = False) -> tuple[Segment, ...]:
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
    return _segments(file, segments, same_names)


def _name_and_value(key: str, entry: Any) -> tuple[Any, Any]:
    """Name and value of an entry of ``labels``, which may stand either way round; a value may be written as text."""
    entry = nnunet.one_value(entry)
    is_value_first = isinstance(entry, str) and (key.strip().isdecimal() or not entry.strip().isdecimal())
    return (entry, key) if is_value_first else (key, entry)


def _folder_layout(folder: Path) -> tuple[Path | None, Path | None]:
    for images_name, labels_name in FOLDER_LAYOUTS:
        images, labels = folder / images_name, folder / labels_name
        if is_there(images) and images.is_dir():
            return images, labels if is_there(labels) and labels.is_dir() else None
    return None, None


def _folder_cases(
    images: Path,
    labels: Path | None,
    file: Path | None = None,
    data: dict[str, Any] | None = None,
    with_series: bool = True,
) -> tuple[list[Case], list[str]]:
    """The cases of two folders, and what is to be told of other files that hold volumes, too.

    Args:
        file, data: nnU-Net's description of them, and what stands in it.
        with_series: whether a folder in the folder of the images is a scan, too.

    Raises:
        InputError: all that could be scans are passed over.
    """
    in_images, in_labels = visible(images), visible(labels) if labels else []
    unread = passed_over(in_images)
    notes: list[str] = []
    if file and data:
        in_images, notes = nnunet.of_ending(file, data, in_images)
        in_labels, of_labels = nnunet.of_ending(file, data, in_labels)
        notes += of_labels
    cases = _paired(images, in_images, in_labels, bool(data and nnunet.has_channels(data)), with_series)
    if unread and not cases:
        files, why, remedy = unread[0]
        raise InputError(f"The folder {images} holds no scan but {files}: {why}", remedy.capitalize())
    return cases, [*notes, *left_out(images, in_images), *(left_out(labels, in_labels) if labels else [])]


def _paired(
    images: Path,
    in_images: Sequence[Path],
    in_labels: Sequence[Path],
    with_channels: bool = False,
    with_series: bool = True,
) -> list[Case]:
    """Pairs images and labels by their names without suffixes; files that are neither are passed over.

    Args:
        in_images: what the folder ``images`` holds.
        in_labels: what that of the labels holds.
        with_channels: whether it is known that the images' names end in a channel, where all of them could.
        with_series: whether a folder is a scan, too.
    """
    # A link that leads nowhere (to a series, perhaps), or a pipe called like an image, is found out when it is read.
    image_of = _by_stem(
        path
        for path in in_images
        if is_volume_name(path.name)
        or (with_series and path.is_dir() and not path.name.lower().endswith(PASSED_OVER_SUFFIXES))
        or (not path.suffix and is_dangling(path))
    )
    label_of = _by_stem(path for path in in_labels if is_volume_name(path.name) and not path.is_dir())
    label_of = {stem: path for stem, path in label_of.items() if not is_companion(stem, label_of, image_of)}
    all_could = all(re.search(r"_\d{4}$", stem) for stem in image_of)
    has_channels = (with_channels and all_could) or _has_channels(image_of, label_of)
    if has_channels:
        _require_one_channel(image_of)
    entries = []
    for stem, image in image_of.items():
        short = stem.removesuffix("_0000")
        name = short if has_channels or (stem not in label_of and short in label_of) else stem
        label = label_of.pop(name, None)
        entries.append(Case(name, image, label, LABELED if label else UNLABELED))
    # A label without an image is most likely a wrong name. As a case whose image is missing, it shows up in the checks.
    entries += [Case(stem, images / label.name, label, LABELED) for stem, label in label_of.items()]
    return sorted(entries, key=lambda entry: natural_key(entry.name))


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
        if re.search(r"_\d{4}$", stem) and not stem.endswith("_0000"):
            raise InputError(
                f"{image.parent} holds several images of one scan, such as {image.name}",
                "Keep one image of each scan; images of several kinds at once are not supported",
            )


def _by_stem(paths: Iterable[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(paths, key=lambda path: natural_key(path.name)):
        # macOS may write an accented letter as two characters where other systems write one
        stem = unicodedata.normalize("NFC", _stem(path))
        if stem in found:
            raise InputError(
                f"{path.parent} holds two files for the case {stem}: {found[stem].name} and {path.name}",
                "Remove or rename one of them",
            )
        found[stem] = path
    return found


def images_of_table(file: Path | str) -> list[Path]:
    """The scans that a table with a column ``image`` names, such as ``cases.csv``; not those that are left out.

    Raises:
        InputError: the table can't be read, or names no scan.
    """
    file = usable_path(file)
    images = []
    for line, row in _read_table(file, required=("image",)):
        where = f"{file}, line {line}"
        if not row["image"]:
            raise InputError(f"{where}: the column image is empty", "Name the scan's file")
        if not row.get("role") or _role(row["role"], where) != EXCLUDED:
            images.append(_locate(file.parent, row["image"], where))
    if not images:
        raise InputError(f"The table {file} names no scan", "Name the scans' files in the column image")
    return images


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
        _usable_name(name, where)
        if len(os.fsencode(name)) > LONGEST_CASE_NAME and row.get("name"):
            raise InputError(
                f"{where}: the name {abbreviated(name)} is too long, since files are named after it",
                f"Use at most {LONGEST_CASE_NAME} letters",
            )
        seen = _locate(folder, row["seen"], where) if row.get("seen") else None
        if seen is not None and label is None:
            raise InputError(
                f"{where}: the column seen names {seen.name}, but no label is given",
                "Name the label that was outlined there, or leave the column seen empty",
            )
        case = Case(name, image, label, role, seen)
        entries.append(case.unlabeled() if role == UNLABELED else case)
    return _assemble(folder.name, folder, entries, _read_segments(folder), "", source=file)


def _usable_name(name: str, where: str) -> str:
    """The name of a case, which a document gave.

    Raises:
        InputError: no file can be called like that.
    """
    if re.search(r'[\\/:*?"<>|\x00-\x1f]', name) or name.startswith(".") or not name.strip():
        raise InputError(
            f"{where}: the name {abbreviated(name)} can't be used, since files are named after it",
            "Use letters, digits, spaces, - and _",
        )
    return name


def _assemble(
    name: str,
    folder: Path,
    entries: list[Case],
    segments: tuple[Segment, ...],
    modality: str,
    source: Path,
    notes: Sequence[str] = (),
) -> Dataset:
    if not entries:
        raise NoDatasetError(f"{source} holds no scan", LAYOUT_REMEDY)
    segments, unseen_value = apart_from_unseen(segments)
    labels = {entry.label for entry in entries}
    cases = tuple(_with_seen(case, unseen_value, labels) for case in _named_apart(entries))
    dataset = Dataset(name, folder, cases, segments, modality, notes=tuple(notes))
    return dataset if segments else _with_segments_of_labels(dataset)


def _with_seen(case: Case, unseen_value: int | None, labels: Container[Path | None]) -> Case:
    """A labeled case with what tells where it was looked at: the map beside its label, a value of the label."""
    if case.label is None:
        return case
    return replace(case, seen=case.seen or companion(case.label, labels), unseen_value=unseen_value)


def _with_segments_of_labels(dataset: Dataset) -> Dataset:
    """Takes the segments from label files that name them, where the dataset names none."""
    from dualtaskseg.data.label_names import named_values, number_alike, segments_of_files

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


def _named_apart(entries: list[Case]) -> tuple[Case, ...]:
    """The cases, each with a name of its own, also on disks that don't tell upper from lower case."""
    counts = Counter(entry.name.casefold() for entry in entries)
    taken: set[str] = set()
    cases = []
    for entry in entries:
        is_alone = counts[entry.name.casefold()] == 1
        wanted = entry.name if is_alone else f"{entry.image.parent.name}_{entry.name}"
        cases.append(replace(entry, name=free_name(wanted, lambda one: one.casefold() in taken)))
        taken.add(cases[-1].name.casefold())
    return tuple(cases)


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
        (DATASET_FILE, dict, _described_segments),
        (SEGMENTS_FILE, list, _listed_segments),
    ):
        file = folder / name
        if not is_there(file):
            continue
        try:
            data = _read_json(file)
        except InputError as error:
            raise InputError(error.what, remedy) from error
        if not isinstance(data, kind):
            raise InputError(f"{file} does not tell what segments are called", remedy)
        segments = segments_of(file, data, same_names)
        if segments:
            return segments
    return ()


def _read_segments(folder: Path) -> tuple[Segment, ...]:
    file = folder / SEGMENTS_FILE
    return _listed_segments(file, _read_json(file)) if is_there(file) else ()


def read_segments(file: Path | str) -> tuple[Segment, ...]:
    """Reads a list of segments, such as ``[{"name": "Liver", "value": 1}]``, sorted by their values.

    Raises:
        InputError: the file can't be read, or is no such list.
    """
    file = Path(file)
    return apart_from_unseen(_listed_segments(file, _read_json(file)))[0]


def _listed_segments(file: Path, data: Any, same_names: bool = False) -> tuple[Segment, ...]:
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise InputError(f"{file} is not a list of segments", 'Write it as [{"name": "Liver", "value": 1}]')
    return _segments(file, data, same_names)


def _segments(file: Path, items: list[dict[str, Any]], same_names: bool = False) -> tuple[Segment, ...]:
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
    for what, kept in (("value", [v for v, _, _ in checked]), ("name", [n.casefold() for _, n, _ in checked])):
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
        text = read_regular(file).decode("utf-8-sig")
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
    """Reads a JSON file of a dataset.

    Raises:
        InputError: it can't be read, or a name stands twice in one of its tables.
    """
    is_there(file)  # raises where it was not fetched
    try:
        return json.loads(read_regular(file).decode("utf-8-sig"), object_pairs_hook=_unique)
    except OSError as error:
        raise InputError(f"{file} can't be read ({error.strerror})", "Check the path") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{file} is not a UTF-8 text file in the JSON format", "Write it anew") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{file} is not correct JSON: {error.msg} in line {error.lineno}", "Correct it") from error
    except KeyError as error:
        raise InputError(f"{file} names {abbreviated(error.args[0])} twice", "Keep one of the two") from error
    except ValueError as error:  # a number of thousands of digits
        raise InputError(f"{file} holds a number that is far too large", "Correct it") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table of JSON; of a key that stands there twice, one meaning would be lost in silence."""
    table: dict[str, Any] = {}
    for key, value in pairs:
        if key in table:
            raise KeyError(key)
        table[key] = value
    return table


def _list(file: Path, data: dict[str, Any], key: str) -> list[Any]:
    items = data.get(key) or []
    if not isinstance(items, list):
        raise InputError(f"{file}: {key!r} is not a list of cases", "Write it as a list")
    return items


def _locate(folder: Path, name: str, where: str) -> Path:
    """Absolute path of a file that a dataset names, relative to ``folder``; Windows separators are understood."""
    return as_stored(usable_path(folder / name.strip().replace("\\", "/"), where))


def _stem(path: Path) -> str:
    try:
        return path.name if path.is_dir() else file_stem(path)
    except OSError:  # its folder may not be looked into; told when it is read
        return file_stem(path)
