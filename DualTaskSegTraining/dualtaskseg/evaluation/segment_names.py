"""What the values of references and predictions mean: from ``dataset.json`` or ``segments.json`` beside the references,
else from the files themselves, where they name their values.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.contract.dataset import SEGMENTS_FILE
from dualtaskseg.contract.segment import Segment, default_color, refuse_background, refuse_ignored
from dualtaskseg.data.label_names import Meaning, NamedValue, named_values, number_alike, segments_of_files
from dualtaskseg.data.layouts import name_and_value, read_document
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.metrics import UNION
from dualtaskseg.io.paths import is_text

if TYPE_CHECKING:
    from dualtaskseg.evaluation.pairing import Pairs

DATASET_FILE = "dataset.json"


@dataclass(frozen=True)
class Names:
    """What values mean in a comparison; false where nothing names them.

    Attributes:
        by_value: name of each value that is compared.
        meaning: the same, to read files by that name their values themselves.
        notes: what is assumed, one sentence each.
        is_numbered_anew: the files that name their values number them differently, so that a file without names can't
            be understood.
    """

    by_value: dict[int, str]
    meaning: Meaning
    notes: tuple[str, ...] = ()
    is_numbered_anew: bool = False

    def __bool__(self) -> bool:
        return bool(self.by_value)

    def require_known(self, file: Path) -> None:
        """Refuses a file whose values can't be understood.

        Raises:
            InputError: it doesn't name its values, and others number them differently.
        """
        if self.is_numbered_anew and not named_values(file):
            raise InputError(
                f"{file} does not tell which segments its values mean, and others number them differently",
                f"Name the segments and their values in {SEGMENTS_FILE} beside the references",
            )


def names_of(label_folder: Path, pairs: Pairs) -> Names:
    """What the values of references and predictions mean.

    Raises:
        InputError: the names can't be understood, or a file contradicts itself.
    """
    by_value = read_segment_names(label_folder)
    if by_value is not None:
        return Names(by_value, _meaning(by_value))
    named = [
        _named([paths[place] for paths in pairs.matched.values()])  # the references first: their numbers count
        for place in (1, 0)
    ]
    files = [*named[0], *named[1]]
    if not files:
        return Names({}, Meaning())
    segments = segments_of_files(files)
    by_value = _unique([(segment.value, segment.name) for segment in segments])
    listed = ", ".join(f"{value} {name}" for value, name in by_value.items())
    is_numbered_anew = not number_alike(values for _, values in files)
    if is_numbered_anew:
        note = "The files number their segments differently; they are compared by the names that the files give"
        return Names(by_value, Meaning(segments), (note,), True)
    count = sum(len(paths) for both in pairs.matched.values() for paths in both)
    notes = (f"Values mean what the files that name them say: {listed}",) if len(files) < count else ()
    return Names(by_value, Meaning(segments), notes)


def _meaning(by_value: dict[int, str]) -> Meaning:
    return Meaning(tuple(Segment(name, value, default_color(0)) for value, name in by_value.items()))


def _named(groups: list[list[Path]]) -> list[tuple[Path, tuple[NamedValue, ...]]]:
    """The files that name their values; those that can't be understood are told when they are compared."""
    found = []
    for paths in groups:
        for path in paths:
            try:
                values = named_values(path)
            except InputError:
                continue
            if values:
                found.append((path, values))
    return found


def read_segment_names(label_folder: Path) -> dict[int, str] | None:
    """Looks for segment names in a folder of labels, then in its parent.

    ``dataset.json`` has them under ``"labels"``, either as the Decathlon writes them (``{"1": "Liver"}``) or as
    nnU-Net does (``{"Liver": 1}``); ``segments.json`` is a list such as ``[{"name": "Liver", "value": 1}]``.

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
    document = read_document(file)
    try:
        if file.name == SEGMENTS_FILE:
            pairs = [(item["name"], item["value"]) for item in document]
        else:
            pairs = [name_and_value(key, entry) for key, entry in document.get("labels", {}).items()]
        named = [(int(value), str(name)) for name, value in pairs]
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        raise InputError(
            f"The segment names in {file} can't be understood", 'Give each segment one value, such as {"1": "Liver"}'
        ) from error
    seen: dict[int, str] = {}
    for value, name in named:
        if not is_text(name):
            raise InputError(f"{file}: the name {name!r} of a segment holds signs that are no text", "Correct it")
        refuse_ignored(file, name, value)
        refuse_background(file, name, value)
        if value and value in seen:
            raise InputError(f"{file}: two segments have the value {value}", "Give each a value of its own")
        seen[value] = name
    return _unique(sorted((value, name) for value, name in named if value != 0))


def _unique(named: list[tuple[int, str]]) -> dict[int, str]:
    """Figures are told apart by the segment's name, so a second one of the same name gets its value added."""
    names: dict[int, str] = {}
    taken = {UNION}
    for value, name in named:
        names[value] = f"{name} ({value})" if name in taken else name
        taken.add(names[value])
    return names
