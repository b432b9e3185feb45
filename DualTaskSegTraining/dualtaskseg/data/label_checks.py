"""What is wrong with labels, each by itself and all of a dataset together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dualtaskseg.contract.dataset import SEGMENTS_FILE, Dataset
from dualtaskseg.contract.issue import ERROR, WARNING, Issue
from dualtaskseg.contract.segment import MOST_SEGMENTS, refuse_name
from dualtaskseg.data.fingerprint import MOST_VALUES, CaseFingerprint
from dualtaskseg.data.grid import target_spacing
from dualtaskseg.data.label_names import named_values
from dualtaskseg.data.labels import read_named_label
from dualtaskseg.data.meaning import Meaning, number_alike
from dualtaskseg.data.parts import is_coarser, lost_parts
from dualtaskseg.data.scan_checks import SHOWN, usable_spacings
from dualtaskseg.errors import InputError
from dualtaskseg.io.label_images import other_grid
from dualtaskseg.names import listed

OFTEN_IGNORED = {255, 65535}  # values beside those of structures, of datasets that leave voxels undecided


def _of_label(fingerprint: CaseFingerprint, severity: str, code: str, what: str, remedy: str) -> Issue:
    return Issue(severity, what, remedy, code, fingerprint.name, str(fingerprint.label))


def judge_label(fingerprint: CaseFingerprint, dataset: Dataset) -> Iterable[Issue]:
    if fingerprint.label_geometry is None:
        return
    if fingerprint.geometry is not None and not fingerprint.label_geometry.same_grid(fingerprint.geometry):
        error = other_grid(Path(str(fingerprint.label)), fingerprint.label_geometry, fingerprint.geometry)
        yield _of_label(fingerprint, ERROR, error.code, error.what, error.remedy)
    values, named = fingerprint.label_values, {segment.value for segment in dataset.segments}
    if len(values) > MOST_VALUES and not named:
        yield _of_label(
            fingerprint,
            ERROR,
            "label-values",
            f"The label {fingerprint.label} holds {len(values)} different values, so it seems to be a scan",
            f"Check that image and label were not mixed up; if so many structures are outlined, name them in "
            f"{SEGMENTS_FILE}",
        )
    elif named:
        unknown = [value for value in values if value not in {0, *named, *dataset.background}]
        if unknown:
            yield _of_label(
                fingerprint,
                ERROR,
                "label-values",
                f"The label {fingerprint.label} holds values that the dataset does not name: {listed(unknown, SHOWN)}",
                "Name them as segments of the dataset, or remove them from the label",
            )
    elif min(values) < 0:
        negative = listed((value for value in values if value < 0), SHOWN)
        yield _of_label(
            fingerprint,
            ERROR,
            "label-values",
            f"The label {fingerprint.label} holds negative values: {negative}",
            "Use 0 for background and whole numbers from 1 for segments",
        )
    if not any(value in named for value in values) and set(values) <= {0, *dataset.background}:
        yield _of_label(
            fingerprint,
            WARNING,
            "empty-label",
            f"The label {fingerprint.label} is empty: it holds no voxel of any segment",
            "This is right if the scan shows none of them; else outline them, or make the case unlabeled",
        )
    elif fingerprint.seen_share == 1 and set(values) <= named:
        yield _of_label(
            fingerprint,
            WARNING,
            "no-background",
            f"The label {fingerprint.label} has no background: all of its voxels belong to segments",
            "This is right if the segments fill all of the scan; else give the value 0 to what is none of them",
        )


def judge_labels_together(dataset: Dataset, fingerprints: list[CaseFingerprint]) -> Iterable[Issue]:
    def problem(severity: str, code: str, what: str, remedy: str) -> Issue:
        return Issue(severity, what, remedy, code)

    if not dataset.labeled:
        yield problem(
            ERROR,
            "no-labeled-case",
            f"The dataset {dataset.name} has no labeled case",
            "Outline the structure on at least one scan, and save it as that case's label",
        )
        return
    read = [one for one in fingerprints if one.label_geometry is not None]
    if not read:  # what is wrong with each label is in the list already
        return
    found = {value for one in read for value in one.label_values}
    missing = [segment for segment in dataset.segments if segment.value not in found]
    if len(missing) == len(dataset.segments):
        yield problem(
            ERROR,
            "no-segment",
            f"No label of the dataset {dataset.name} holds a segment: there is nothing to learn",
            "Outline the structure on at least one scan, and check that the labels belong to this dataset",
        )
        return
    for segment in missing:
        yield problem(
            WARNING,
            "segment-absent",
            f"No label holds the segment {segment.name} (value {segment.value}), so it can't be learned",
            "Outline it on at least one scan, or choose only the other segments",
        )


def judge_lost_parts(dataset: Dataset, fingerprints: list[CaseFingerprint]) -> Iterable[Issue]:
    """Outlined parts that fall between the voxels of the grid that the scans will be brought to."""
    spacings = usable_spacings(fingerprints)
    if not spacings:
        return
    usual = target_spacing(spacings)
    names = {segment.value: segment.name for segment in dataset.segments}
    meaning = Meaning(dataset.segments, dataset.not_chosen)
    for one in fingerprints:
        grid = one.label_geometry
        if grid is None or one.seen_share < 1 or not is_coarser(usual, grid.patient_spacing):
            continue  # outlined planes are widened to the grid's voxels
        if any(problem.severity == ERROR for problem in one.problems):
            continue  # which comes first; the other cases don't wait for it
        try:
            label, _ = read_named_label(str(one.label), meaning)
        except InputError:
            continue  # changed since it was read
        for parts in lost_parts(label, [value for value in names if value in one.segment_boxes], usual):
            if parts.is_told:
                yield _of_label(
                    one,
                    WARNING,
                    "lost-parts",
                    parts.sentence(one.name, names[parts.value], usual),
                    "Training chooses a finer grid where that costs little, and tells what is lost; train on scans of "
                    "similar voxel size, or leave this case out",
                )


def judge_unnamed_labels(dataset: Dataset, fingerprints: list[CaseFingerprint]) -> Iterable[Issue]:
    """Labels that don't name their values, in a dataset whose segments are those that other labels name."""
    read = [one for one in fingerprints if one.label_geometry is not None]
    nameless = [one for one in read if not one.label_names and any(one.label_values.keys() - {0})]
    if not dataset.named_by_labels or not nameless:
        return
    named = [named_values(one.label) for one in read if one.label_names and one.label]
    alike = number_alike(named)
    names = listed((f"{segment.value} {segment.name}" for segment in (*dataset.segments, *dataset.not_chosen)), SHOWN)
    for one in nameless:
        what = f"The label {one.label} does not tell which segments its values mean, others of the dataset do"
        remedy = f"Name the segments and their values in {SEGMENTS_FILE}, or save it as .seg.nrrd"
        if alike:
            yield _of_label(one, WARNING, "unnamed-label", f"{what}; theirs are assumed: {names}", remedy)
        else:
            yield _of_label(one, ERROR, "unnamed-label", f"{what}, but number them differently", remedy)


def judge_segments(dataset: Dataset) -> Iterable[Issue]:
    for segment in dataset.segments:
        try:
            refuse_name(f"The dataset {dataset.name}", segment.name, segment.value)
        except InputError as error:
            yield Issue.of(error, "no-structure")
    if len(dataset.segments) > MOST_SEGMENTS:
        yield Issue(
            ERROR,
            f"The dataset {dataset.name} has {len(dataset.segments)} segments, but at most {MOST_SEGMENTS} can be "
            "learned at once",
            "Choose some of them with the option --segments, or join them",
            "too-many-segments",
        )


def judge_nameless_values(given: Dataset, filled: Dataset) -> Iterable[Issue]:
    """Values that many datasets keep for voxels that nobody looked at, where nothing says what the values mean."""
    values = {segment.value for segment in filled.segments}
    for value in sorted(values & OFTEN_IGNORED) if not given.segments and len(values) > 1 else ():
        yield Issue(
            WARNING,
            f"The labels hold the value {value}, which often stands for voxels to ignore; it is taken for a structure, "
            "as the dataset names none",
            f"Name the structures in {SEGMENTS_FILE}, or set these voxels to 0",
            "often-ignored",
        )
