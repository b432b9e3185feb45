"""The names of the segments beside a folder of labels, from ``dataset.json`` or ``segments.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dualtaskseg.data.cases import SEGMENTS_FILE
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.metrics import UNION

DATASET_FILE = "dataset.json"


def read_segment_names(label_folder: Path) -> dict[int, str] | None:
    """Looks for segment names in a folder of labels, then in its parent.

    ``dataset.json`` has them under ``"labels"``, either as the Decathlon writes them (``{"1": "Liver"}``) or as
    nnU-Net does (``{"Liver": 1}``); ``segments.json`` is a list such as ``[{"name": "Liver", "value": 1}]``.

    Args:
        label_folder: folder of label volumes.

    Returns:
        Name of every label value but 0 (the background), by rising value; None where no file gives names.

    Raises:
        InputError: there is such a file, and it can't be understood.
    """
    for folder in (label_folder, label_folder.absolute().parent):
        for file_name in (DATASET_FILE, SEGMENTS_FILE):
            file = folder / file_name
            if file.is_file():
                names = _names_from(file)
                if names:
                    return names
    return None


def _names_from(file: Path) -> dict[int, str]:
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} can't be read as JSON", "Correct the file, or move it away") from error
    try:
        if file.name == SEGMENTS_FILE:
            named = [(int(item["value"]), str(item["name"])) for item in document]
        else:
            named = _both_styles(document.get("labels", {}))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise InputError(
            f"The segment names in {file} can't be understood", 'Give each segment one value, such as {"1": "Liver"}'
        ) from error
    return _unique(sorted((value, name) for value, name in named if value != 0))


def _both_styles(labels: dict[str, Any]) -> list[tuple[int, str]]:
    """A name is text in either style, a value is a number or, as a key, a number written as text."""
    return [(int(key), entry) if isinstance(entry, str) else (int(entry), key) for key, entry in labels.items()]


def _unique(named: list[tuple[int, str]]) -> dict[int, str]:
    """Figures are told apart by the segment's name, so a second one of the same name gets its value added."""
    names: dict[int, str] = {}
    for value, name in named:
        taken = name == UNION or name in names.values()
        names[value] = f"{name} ({value})" if taken else name
    return names
