"""MONAI Label's data folder: scans in it, outlines that somebody approved in ``labels/final``.

The server keeps a list beside the scans, ``datastore_v2.json``, with other folders' names where they are others, and
what the values of each outline mean. ``labels/original`` holds what a model said, which nobody approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.data.assembling import assemble
from dualtaskseg.data.image_folders import folder_cases
from dualtaskseg.data.segment_lists import checked_segments, segments_beside
from dualtaskseg.errors import InputError
from dualtaskseg.io.access import is_there
from dualtaskseg.io.paths import abbreviated, is_volume_name, usable_path, visible

LIST_FILE = "datastore_v2.json"
FINAL, ORIGINAL = "final", "original"


@dataclass(frozen=True)
class MonaiLabelFolder:
    """Where things lie in a data folder of MONAI Label.

    Attributes:
        images: the folder of the scans.
        labels: that of the approved outlines; None where there is none.
        notes: sentences for people about what is left out.
    """

    images: Path
    labels: Path | None
    notes: tuple[str, ...]


def find_folder(folder: Path, data: Any = None) -> MonaiLabelFolder | None:
    """Looks whether a folder is one of MONAI Label's; None where it isn't.

    Args:
        data: what stands in the server's list; None where there is none.

    Raises:
        InputError: the list is damaged, or names folders that can't be.
    """
    file = folder / LIST_FILE
    if data is not None and not isinstance(data, dict):
        raise InputError(f"{file} is not a list of MONAI Label", "Correct it, or move it away")
    labels = _folder_of(file, data, "labels_dir", "labels")
    final = labels / FINAL
    if data is None:
        if not any(is_there(labels / name) and (labels / name).is_dir() for name in (FINAL, ORIGINAL)):
            return None
        if any(is_volume_name(path.name) for path in visible(labels)):
            return None  # somebody's own folder of labels
    images = _folder_of(file, data, "images_dir", ".")
    if data is None and not any(is_volume_name(path.name) for path in visible(images)):
        images = folder / "images" if is_there(folder / "images") else images
    if not (is_there(images) and images.is_dir()):
        raise InputError(f"{file} names the folder {images} for scans, which does not exist", "Correct it")
    return MonaiLabelFolder(images, final if is_there(final) and final.is_dir() else None, tuple(_left_out(labels)))


def _folder_of(file: Path, data: dict[str, Any] | None, key: str, usual: str) -> Path:
    given = (data or {}).get(key) or usual
    if not isinstance(given, str):
        raise InputError(f"{file}: {key!r} is {abbreviated(given)}, not a folder's name", "Correct it")
    return usable_path(file.parent / given.replace("\\", "/"), str(file))


def _left_out(labels: Path) -> list[str]:
    folder = labels / ORIGINAL
    if not (is_there(folder) and folder.is_dir()):
        return []
    count = sum(is_volume_name(path.name) for path in visible(folder))
    if not count:
        return []
    which = "1 label in labels/original is" if count == 1 else f"{count} labels in labels/original are"
    return [f"{which} left out: a model made them, and nobody approved them; labels/final counts"]


def label_values(file: Path, data: Any) -> dict[str, int]:
    """What the values of the approved outlines mean, by name; empty where the list does not tell it.

    Args:
        data: what stands in the server's list, or None.

    Raises:
        InputError: two outlines number a structure differently, or give two structures one number.
    """
    values: dict[str, int] = {}
    names: dict[int, str] = {}
    objects = data.get("objects") if isinstance(data, dict) else None
    for case, entry in (objects if isinstance(objects, dict) else {}).items():
        for item in _label_info(entry):
            name, value = item.get("name"), item.get("idx")
            if not isinstance(name, str) or not name.strip() or not isinstance(value, int) or isinstance(value, bool):
                continue
            if values.setdefault(name, value) != value or names.setdefault(value, name) != name:
                raise InputError(
                    f"{file} gives the structure {abbreviated(name)} the value {value} in {abbreviated(case)}, "
                    "unlike in other scans",
                    "Make the labels alike, and write a segments.json that names their values",
                )
    return {name: value for name, value in values.items() if value > 0}


def _label_info(entry: Any) -> list[dict[str, Any]]:
    """The structures that the server noted with the approved outline of one scan."""
    for key in ("labels", FINAL, "info", "label_info"):
        entry = entry.get(key) if isinstance(entry, dict) else None
    return [item for item in entry if isinstance(item, dict)] if isinstance(entry, list) else []


def load_monai_label(folder: Path, found: MonaiLabelFolder, server_list: Any) -> Dataset:
    """The dataset of a data folder in which :func:`find_folder` found something; ``server_list`` is the server's."""
    entries, notes = folder_cases(found.images, found.labels, with_series=found.images != folder)
    segments = segments_beside(folder)
    if not segments:
        values = label_values(folder / LIST_FILE, server_list)
        items = [{"name": name, "value": value} for name, value in values.items()]
        segments = checked_segments(folder / LIST_FILE, items)
    return assemble(folder.name, folder, entries, segments, "", source=found.images, notes=[*found.notes, *notes])
