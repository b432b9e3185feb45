"""Makes a dataset of the cases that were found: names of their own, maps of what was looked at, segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace
from pathlib import Path

from dualtaskseg.contract.dataset import Case, Dataset
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.seen import apart_from_unseen, companion
from dualtaskseg.errors import InputError
from dualtaskseg.names import free_name

LAYOUT_REMEDY = (
    "Give a folder with a dataset.json (Decathlon, nnU-Net), a folder with the subfolders images and labels, a data "
    "folder of MONAI Label, or a table cases.csv with the columns image and label"
)


class NoDatasetError(InputError):
    """There is nothing that a dataset is known by; other errors are of datasets in which something is wrong."""


def assemble(
    name: str,
    folder: Path,
    entries: list[Case],
    segments: tuple[Segment, ...],
    modality: str,
    source: Path,
    notes: Sequence[str] = (),
) -> Dataset:
    """A dataset of the cases that a layout's reader found.

    Args:
        segments: those that the dataset names, among them perhaps one for voxels that nobody looked at; where there
            are none, those that the label files name.
        modality: ``"CT"``, ``"MR"``, or empty where the dataset doesn't tell it.
        source: where the cases were looked for.

    Raises:
        NoDatasetError: there is no case.
        InputError: the label files name segments that don't fit together.
    """
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
    from dualtaskseg.data.label_names import named_values
    from dualtaskseg.data.meaning import number_alike, segments_of_files

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
