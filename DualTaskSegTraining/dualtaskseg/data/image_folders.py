"""Folders with images and labels: which files are scans, and which label belongs to which."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import LABELED, UNLABELED, Case
from dualtaskseg.data import nnunet
from dualtaskseg.data.listed_files import case_stem
from dualtaskseg.data.seen import is_companion
from dualtaskseg.errors import InputError
from dualtaskseg.io.access import is_dangling, is_there
from dualtaskseg.io.dicom_file import is_dicom
from dualtaskseg.io.paths import PASSED_OVER_SUFFIXES, is_volume_name, left_out, passed_over, visible
from dualtaskseg.names import natural_key

FOLDER_LAYOUTS = (("images", "labels"), ("imagesTr", "labelsTr"))


def folder_layout(folder: Path) -> tuple[Path | None, Path | None]:
    """The folders of the images and of the labels in a dataset's folder, None for what isn't there."""
    for images_name, labels_name in FOLDER_LAYOUTS:
        images, labels = folder / images_name, folder / labels_name
        if is_there(images) and images.is_dir():
            return images, labels if is_there(labels) and labels.is_dir() else None
    return None, None


def folder_cases(
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
        or _is_nameless_dicom(path)
        or (with_series and path.is_dir() and not path.name.lower().endswith(PASSED_OVER_SUFFIXES))
        or (not path.suffix and is_dangling(path))
    )
    label_of = _by_stem(
        path for path in in_labels if (is_volume_name(path.name) and not path.is_dir()) or _is_nameless_dicom(path)
    )
    label_of = {stem: path for stem, path in label_of.items() if not is_companion(stem, label_of, image_of)}
    # A folder called like a scan holds its label, if not in a way that can be read; without it the case would pass for
    # unlabeled in silence.
    folder_of = {unicodedata.normalize("NFC", path.name): path for path in in_labels if path.is_dir()}
    label_of |= {stem: path for stem, path in folder_of.items() if stem in image_of and stem not in label_of}
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


def _is_nameless_dicom(path: Path) -> bool:
    """Whether it is a DICOM file without a suffix, as archives write them."""
    try:
        return not path.suffix and path.is_file() and is_dicom(path)
    except OSError:  # not ours to read
        return False


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
        stem = unicodedata.normalize("NFC", case_stem(path))
        if stem in found:
            raise InputError(
                f"{path.parent} holds two files for the case {stem}: {found[stem].name} and {path.name}",
                "Remove or rename one of them",
            )
        found[stem] = path
    return found
