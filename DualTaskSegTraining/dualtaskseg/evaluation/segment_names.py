"""What the values of references and predictions mean: from ``dataset.json`` or ``segments.json`` beside the references,
else from the files themselves, where they name their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dualtaskseg.contract.dataset import SEGMENTS_FILE
from dualtaskseg.contract.segment import Segment, default_color
from dualtaskseg.data.label_names import NamedValue, named_values
from dualtaskseg.data.meaning import Meaning, number_alike, segments_of_files
from dualtaskseg.data.seen import apart_from_unseen
from dualtaskseg.data.segment_lists import segments_in
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.metrics import UNION
from dualtaskseg.evaluation.pairing import Pairs


@dataclass(frozen=True)
class Names:
    """What values mean in a comparison.

    Attributes:
        by_value: name of each value that is compared; empty where nothing names them.
        meaning: the same, to read files by that name their values themselves.
        notes: what is assumed, one sentence each.
        is_numbered_anew: the files that name their values number them differently, so that a file without names can't
            be understood.
        unseen_value: of references where nobody looked; None where no value means that.
        of_predictions: what a list in the folder of the predictions calls their values; empty where there is none.
    """

    by_value: dict[int, str]
    meaning: Meaning
    notes: tuple[str, ...] = ()
    is_numbered_anew: bool = False
    unseen_value: int | None = None
    of_predictions: tuple[NamedValue, ...] = ()

    def of(self, found: Iterable[int]) -> dict[int, str]:
        """Name of each value that is compared: of all that were found, where nothing names them."""
        return self.by_value or {value: f"Segment {value}" for value in sorted(found)}

    def require_known(self, file: Path, beside: Sequence[NamedValue] = ()) -> None:
        """Refuses a file whose values can't be understood.

        Args:
            beside: what a list beside the file calls its values.

        Raises:
            InputError: it doesn't name its values, and others number them differently.
        """
        if self.is_numbered_anew and not beside and not named_values(file):
            raise InputError(
                f"{file} does not tell which segments its values mean, and others number them differently",
                f"Name the segments and their values in {SEGMENTS_FILE} beside the references",
            )


def names_of(label_folder: Path, pairs: Pairs, prediction_folder: Path | None = None) -> Names:
    """What the values of references and predictions mean.

    Args:
        label_folder: of the references; lists in it or in the folder above count.
        pairs: the files.
        prediction_folder: of the predictions; a list in it tells what their values mean where they don't name them.

    Raises:
        InputError: the names can't be understood, or a file contradicts itself.
    """
    by_value, unseen_value = read_segment_names(label_folder)
    of_predictions = _list_of(prediction_folder) if prediction_folder not in (None, label_folder) else ()
    if by_value is not None:
        named = tuple(Segment(n, value, default_color(0)) for value, n in by_value.items())
        meaning = Meaning(named, unseen_value=unseen_value)
        return Names(by_value, meaning, unseen_value=unseen_value, of_predictions=of_predictions)
    named = [
        _named([paths[index] for paths in pairs.matched.values()])  # the references first: their numbers count
        for index in (1, 0)
    ]
    files = [*named[0], *named[1]]
    if of_predictions:
        files.append((prediction_folder / SEGMENTS_FILE, of_predictions))
    if not files:
        return Names({}, Meaning())
    segments = segments_of_files(files)
    by_value = _unique(segments)
    is_numbered_anew = not number_alike(values for _, values in files)
    if is_numbered_anew:
        note = "The files number their segments differently; they are compared by the names that the files give"
        return Names(by_value, Meaning(segments), (note,), True, of_predictions=of_predictions)
    numbers = ", ".join(f"{value} {name}" for value, name in by_value.items())
    count = sum(len(paths) for both in pairs.matched.values() for paths in both)
    notes = (f"Values mean what the files that name them say: {numbers}",) if len(files) < count else ()
    return Names(by_value, Meaning(segments), notes, of_predictions=of_predictions)


def _list_of(folder: Path) -> tuple[NamedValue, ...]:
    """What a list in the folder of the predictions names; none where it can't be understood."""
    try:
        return tuple(map(NamedValue, apart_from_unseen(segments_in(folder))[0]))
    except InputError:
        return ()


def names_of_segments(segments: Sequence[Segment]) -> Names:
    """What values mean where it is known, such as from the model that wrote them."""
    return Names(_unique(segments), Meaning(tuple(segments)))


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


def read_segment_names(label_folder: Path) -> tuple[dict[int, str] | None, int | None]:
    """Looks for segment names in a folder of labels, then in its parent.

    ``dataset.json`` has them under ``"labels"``, either as the Decathlon writes them (``{"1": "Liver"}``) or as nnU-Net
    does (``{"Liver": 1}``); ``segments.json`` is a list such as ``[{"name": "Liver", "value": 1}]``.

    Returns:
        Name of every label value but 0 (the background), by rising value; None where no file gives names. And the value
        that stands for voxels that nobody looked at, if there is one.

    Raises:
        InputError: there is such a file, and it can't be understood.
    """
    for folder in (label_folder, label_folder.absolute().parent):
        segments = segments_in(folder, same_names=True)
        if segments:
            structures, unseen_value = apart_from_unseen(segments)
            return _unique(structures), unseen_value
    return None, None


def _unique(segments: Sequence[Segment]) -> dict[int, str]:
    """Figures are told apart by the segment's name, so a second one of the same name gets its value added."""
    names: dict[int, str] = {}
    taken = {UNION}
    for segment in segments:
        name = segment.name
        names[segment.value] = f"{name} ({segment.value})" if name in taken else name
        taken.add(names[segment.value])
    return names
