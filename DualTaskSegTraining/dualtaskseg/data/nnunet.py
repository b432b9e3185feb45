"""What nnU-Net's ``dataset.json`` (version 2) says beside what the Decathlon's does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dualtaskseg.errors import InputError
from dualtaskseg.io.paths import abbreviated, is_volume_name
from dualtaskseg.names import listed, natural_key

TEST_FOLDER = "imagesTs"
CASES = "dataset"  # the key of a list of cases that lie elsewhere


def has_channels(data: dict[str, Any]) -> bool:
    """Whether images are named with their channel, as ``case_0000``: so in every raw folder of nnU-Net."""
    return "channel_names" in data or "file_ending" in data


def of_ending(file: Path, data: dict[str, Any], paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """The files that have the dataset's ``file_ending``, and a note about volumes that haven't; all where none is told.

    Raises:
        InputError: it is no ending, or one of files that are no volumes.
    """
    ending = data.get("file_ending")
    if ending is None:
        return list(paths), []
    if not isinstance(ending, str) or not ending.strip("."):
        raise InputError(f"{file}: 'file_ending' is {abbreviated(ending)}", 'Write it as ".nii.gz"')
    if not is_volume_name(f"x{ending}"):
        raise InputError(
            f"{file}: the scans are files that end in {abbreviated(ending)}, which are no 3D scans with a voxel size",
            "Convert them to .nii.gz, and change 'file_ending'",
        )
    kept = [path for path in paths if path.name.lower().endswith(ending.lower())]
    others = [path.name for path in paths if path not in kept and is_volume_name(path.name)]
    if not others:
        return kept, []
    named = listed(sorted(others, key=natural_key), 1)
    where = paths[0].parent.name
    verb = "are" if " more" in named else "is"
    return kept, [f"{named} in {where} {verb} left out, since 'file_ending' of {file.name} is {ending}"]


def cases_of(file: Path, data: dict[str, Any]) -> list[tuple[str, str, str | None]] | None:
    """Name, image and label of each case in the list ``dataset``; None where there is no such list.

    Raises:
        InputError: it is no such list, or a scan has several images.
    """
    given = data.get(CASES)
    if given is None:
        return None
    remedy = 'Write it as {"case": {"images": ["case_0000.nii.gz"], "label": "case.nii.gz"}}'
    if not isinstance(given, dict):
        raise InputError(f"{file}: {CASES!r} is not a list of cases", remedy)
    cases = []
    for name, entry in given.items():
        images = entry.get("images") if isinstance(entry, dict) else None
        label = entry.get("label") if isinstance(entry, dict) else None
        if not isinstance(images, list) or not images or not all(isinstance(each, str) and each for each in images):
            raise InputError(f"{file}: the case {abbreviated(name)} names no images", remedy)
        if len(images) > 1:
            raise InputError(
                f"{file}: the case {abbreviated(name)} has {len(images)} images",
                "Keep one image of each scan; images of several kinds at once are not supported",
            )
        if label is not None and not isinstance(label, str):
            raise InputError(f"{file}: the label of {abbreviated(name)} is not a file name", remedy)
        cases.append((name, images[0], label or None))
    return cases


def one_value(value: Any) -> Any:
    """The value of a region of one label, ``[3]``; others as they are."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value
