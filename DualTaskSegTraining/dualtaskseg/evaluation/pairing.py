"""Which prediction belongs to which reference: two folders matched by file name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dualtaskseg.data.image_folders import FOLDER_LAYOUTS
from dualtaskseg.data.monai_label import FINAL
from dualtaskseg.data.seen import companion, is_companion
from dualtaskseg.errors import InputError
from dualtaskseg.io.paths import VOLUME_SUFFIXES, file_stem

# What `predict` writes beside NAME: NAME_sdm_SEGMENT, NAME_probability_SEGMENT, NAME_uncertainty.
SIDE_FILES_WITH_SEGMENT = ("_sdm_", "_probability_")
SIDE_FILE_PLAIN = "_uncertainty"
IMAGE_CHANNEL = "_0000"  # how nnU-Net ends the name of an image, but not that of its label

# Files by name without suffix. More than one file: the name is ambiguous.
Volumes = dict[str, list[Path]]


@dataclass
class Pairs:
    """The outcome of matching two folders; all lists are sorted by name.

    Attributes:
        matched: case name -> (prediction files, reference files). More than one file: the name is ambiguous.
        missing_predictions: names of references without prediction.
        missing_references: names of predictions without reference.
        seen: maps of what was looked at, by the names of the references that they belong to.
    """

    matched: dict[str, tuple[list[Path], list[Path]]] = field(default_factory=dict)
    missing_predictions: list[str] = field(default_factory=list)
    missing_references: list[str] = field(default_factory=list)
    seen: dict[str, Path] = field(default_factory=dict)


def match_folders(prediction_dir: Path, reference_dir: Path) -> Pairs:
    """Matches the label volumes of two folders by name.

    Names are compared without their suffixes, so ``A.nii.gz`` matches ``A.nrrd``. A prediction named after an nnU-Net
    image, ``A_0000``, matches ``A`` where no other does. What ``predict`` writes beside a mask is passed over.

    Raises:
        InputError: a folder is missing or unreadable, or no names match.
    """
    predictions, references = _volumes(prediction_dir), _volumes(reference_dir)
    references = {name: at for name, at in references.items() if not is_companion(name, references, predictions)}
    masks = set(predictions) | set(references)
    pairs = _match(_without_side_files(predictions, masks), _without_side_files(references, masks))
    if not pairs.matched:
        raise _none_matched(prediction_dir, reference_dir, predictions, references)
    labels = {path for paths in references.values() for path in paths}
    maps = {case: companion(paths[0], labels) for case, (_, paths) in pairs.matched.items()}
    pairs.seen = {case: path for case, path in maps.items() if path is not None}
    return pairs


def label_volumes(folder: Path) -> Volumes:
    """The label volumes of a folder by name; what ``predict`` writes beside a mask is passed over.

    Raises:
        InputError: the folder is missing or unreadable.
    """
    volumes = _volumes(folder)
    labels = {name: at for name, at in volumes.items() if not is_companion(name, volumes, ())}
    return _without_side_files(labels, set(labels))


def only_one(paths: list[Path]) -> Path:
    """The file of a case.

    Raises:
        InputError: there are several of this name.
    """
    if len(paths) > 1:
        files = " and ".join(path.name for path in paths)
        raise InputError(f"{files} in {paths[0].parent} have the same name", "Keep only the one that is meant")
    return paths[0]


def label_folder(folder: Path) -> Path:
    """Returns where the labels lie: the folder itself, or the label folder in it when it is the root of a dataset."""
    of_monai_label = folder / "labels" / FINAL
    if of_monai_label.is_dir():
        return of_monai_label
    if folder.is_dir() and not _volumes(folder):
        for _, name in FOLDER_LAYOUTS:
            if (folder / name).is_dir():
                return folder / name
    return folder


def _volumes(folder: Path) -> Volumes:
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise InputError(f"{folder} {what}", "Give the folder that holds the label volumes")
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(
            f"The folder {folder} can't be read ({error.strerror})", "Check the permissions of the folder"
        ) from error
    found: Volumes = {}
    for path in paths:
        if path.name.lower().endswith(VOLUME_SUFFIXES) and not path.name.startswith(".") and path.is_file():
            # macOS may write an accented letter as two characters where other systems write one
            name = unicodedata.normalize("NFC", file_stem(path))
            found.setdefault(name, []).append(path)
    return found


def _without_side_files(volumes: Volumes, masks: set[str]) -> Volumes:
    """Passes over ``A_sdm_Liver`` and its like where there is an ``A``; a case merely named like that is kept."""
    return {name: paths for name, paths in volumes.items() if masks.isdisjoint(_owners(name))}


def _owners(name: str) -> Iterator[str]:
    """The names of the masks beside which ``predict`` would write a file of this name."""
    if name.endswith(SIDE_FILE_PLAIN):
        yield name.removesuffix(SIDE_FILE_PLAIN)
    for mark in SIDE_FILES_WITH_SEGMENT:
        start = name.find(mark)
        while start >= 0:
            yield name[:start]
            start = name.find(mark, start + 1)


def _match(predictions: Volumes, references: Volumes) -> Pairs:
    pairs = Pairs()
    for name, paths in sorted(predictions.items()):  # sorted: A comes before A_0000 and takes the reference A
        for candidate in (name, name.removesuffix(IMAGE_CHANNEL)):
            if candidate in references and candidate not in pairs.matched:
                pairs.matched[candidate] = (paths, references[candidate])
                break
        else:
            pairs.missing_references.append(name)
    pairs.matched = dict(sorted(pairs.matched.items()))
    pairs.missing_predictions = sorted(set(references) - set(pairs.matched))
    return pairs


def _none_matched(prediction_dir: Path, reference_dir: Path, predictions: Volumes, references: Volumes) -> InputError:
    for folder, volumes in ((prediction_dir, predictions), (reference_dir, references)):
        if not volumes:
            return InputError(
                f"{folder} holds no label volumes", "Give the folder that holds files such as NAME.nii.gz or NAME.nrrd"
            )
    return InputError(
        f"No file in {prediction_dir} has the name of a reference in {reference_dir}"
        f" (the first names are {min(predictions)} and {min(references)})",
        "Give each prediction the name of its reference, such as NAME.nii.gz for NAME.nii.gz",
    )
