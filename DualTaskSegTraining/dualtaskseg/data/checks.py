"""Finds everything that is wrong with a dataset before hours are spent on it, and says it all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dualtaskseg.contract.dataset import EXCLUDED, SEGMENTS_FILE, Dataset
from dualtaskseg.contract.issue import ERROR, WARNING, Issue
from dualtaskseg.contract.segment import Segment, default_color
from dualtaskseg.contract.terminology import parse_terminology
from dualtaskseg.data.assumed import unit_notes
from dualtaskseg.data.fingerprint import MOST_VALUES, CaseFingerprint, extract_fingerprints
from dualtaskseg.data.label_checks import (
    judge_label,
    judge_labels_together,
    judge_lost_parts,
    judge_nameless_values,
    judge_segments,
    judge_unnamed_labels,
)
from dualtaskseg.data.laterality import Mirroring, SideStatistics, decide_mirroring
from dualtaskseg.data.scan_checks import (
    SHOWN,
    hounsfield_doubts,
    judge_duplicates,
    judge_extents,
    judge_files,
    judge_scan,
    looks_like_ct,
    modality_doubts,
    note_on_spacings,
)
from dualtaskseg.data.segment_lists import DATASET_FILE
from dualtaskseg.errors import InputError
from dualtaskseg.names import listed
from dualtaskseg.progress import ignore


@dataclass(frozen=True)
class CheckReport:
    """The result of checking a dataset.

    Attributes:
        dataset: the dataset; its segments and modality are filled in from the scans where it doesn't tell them.
        fingerprints: what is known about each case that is not left out, in the dataset's order.
        problems: everything found; those of the dataset as a whole last.
        notes: what is assumed and was decided, one sentence each, for people.
    """

    dataset: Dataset
    fingerprints: list[CaseFingerprint]
    problems: list[Issue]
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> list[Issue]:
        """What must be put right before training."""
        return [problem for problem in self.problems if problem.severity == ERROR]

    @property
    def warnings(self) -> list[Issue]:
        """What may be meant, but should be looked at."""
        return [problem for problem in self.problems if problem.severity == WARNING]

    def raise_if_errors(self) -> None:
        """Raises one error that names the first problems.

        Raises:
            InputError: there is at least one error.
        """
        errors = self.errors
        if not errors:
            return
        if len(errors) == 1:
            raise InputError(errors[0].what, errors[0].remedy)
        raise InputError(
            f"The dataset {self.dataset.name} has {len(errors)} errors: "
            f"{listed((problem.what for problem in errors), 3, '; ')}",
            f'See them all with: dualtaskseg check "{self.dataset.folder}"; correct them or leave the cases out',
        )

    def to_dict(self) -> dict[str, Any]:
        """Returns the report as JSON values, without the intensities sampled for planning."""
        return {
            "ok": not self.errors,
            "errors": len(self.errors),
            "warnings": len(self.warnings),
            "dataset": self.dataset.to_dict(),
            "facts": [fingerprint.to_dict() for fingerprint in self.fingerprints],
            "problems": [problem.to_dict() for problem in self.problems],
            "notes": list(self.notes),
        }


def check_dataset(
    dataset: Dataset,
    on_progress: Callable[[int, str], None] = ignore,
    workers: int | None = None,
    extract: Callable[..., list[CaseFingerprint]] = extract_fingerprints,
) -> CheckReport:
    """Reads every case that is not left out, and lists every problem of each.

    Args:
        dataset: the dataset, after cases, labels and segments were chosen.
        on_progress: called with the number of cases done and the name of the last.
        workers: how many scans are read at a time, see :func:`~dualtaskseg.data.fingerprint.extract_fingerprints`.
        extract: reads the scans in place of that function, as on other computers.

    Returns:
        The report. Nothing that is wrong with the dataset raises.
    """
    cases = [case for case in dataset.cases if case.role != EXCLUDED]
    fingerprints = extract(cases, dataset.segments, workers, on_progress, dataset.not_chosen)
    filled = _fill_in(dataset, fingerprints)
    problems: list[Issue] = []
    for one in fingerprints:
        problems += one.problems
        problems += judge_scan(one)
        problems += judge_label(one, dataset)
    problems += judge_files(cases)
    problems += judge_duplicates(fingerprints)
    problems += judge_extents(fingerprints)
    problems += modality_doubts(filled, fingerprints)
    problems += hounsfield_doubts(filled, fingerprints)
    problems += judge_lost_parts(filled, fingerprints)
    order = {case.name: index for index, case in enumerate(cases)}
    problems.sort(key=lambda problem: order.get(problem.case, len(order)))
    problems += judge_labels_together(filled, fingerprints)
    problems += judge_unnamed_labels(filled, fingerprints)
    problems += judge_segments(filled)
    problems += judge_nameless_values(dataset, filled)
    notes = [
        *filled.notes,
        *_notes_on_parts(fingerprints),
        *note_on_spacings(fingerprints),
        *unit_notes(sum(one.unitless for one in fingerprints)),
    ]
    if filled.segments:
        notes.append(mirroring_of(filled, fingerprints).note)
        notes += _note_on_terms(filled)
    return CheckReport(filled, fingerprints, problems, tuple(notes))


def _note_on_terms(dataset: Dataset) -> list[str]:
    """Said before training, since a model hands its terms on to all that it segments."""
    names = [segment.name for segment in dataset.segments if parse_terminology(segment.terminology) is None]
    if not names:
        return []
    return [
        f"No standard term is named for {listed(names, SHOWN)}, so DICOM files will call it Tissue; name it as "
        f'"terminology" in {SEGMENTS_FILE} or {DATASET_FILE}, or choose it in 3D Slicer before you export'
    ]


def mirroring_of(dataset: Dataset, fingerprints: Iterable[CaseFingerprint]) -> Mirroring:
    """Whether scans of this dataset may be mirrored in training, as far as names and labels tell."""
    return decide_mirroring(
        dataset.segments,
        [side_statistics(one, dataset.segments) for one in fingerprints if one.label_geometry is not None],
        [segment.name for segment in dataset.not_chosen],
    )


def side_statistics(fingerprint: CaseFingerprint, segments: Sequence[Segment]) -> SideStatistics:
    """What a case's label tells about sides; segments by their index."""
    indices = {segment.value: index for index, segment in enumerate(segments)}
    pairs = [(indices[a], indices[b]) for a, b in fingerprint.mirrored_pairs if a in indices and b in indices]
    return SideStatistics(
        tuple((min(pair), max(pair)) for pair in pairs),
        tuple(fingerprint.sides.get(segment.value) for segment in segments),
        fingerprint.seen_share == 1,
    )


def _fill_in(dataset: Dataset, fingerprints: list[CaseFingerprint]) -> Dataset:
    """Takes segments from the label values, and the modality from DICOM or the intensities, where none is named."""
    if not dataset.segments:
        values = sorted(
            {v for one in fingerprints if len(one.label_values) <= MOST_VALUES for v in one.label_values if v > 0}
        )
        values = [value for value in values if value not in dataset.background]
        segments = (Segment(f"Segment {value}", value, default_color(index)) for index, value in enumerate(values))
        dataset = replace(dataset, segments=tuple(segments))
    if dataset.named_by_labels and not dataset.not_chosen:
        dataset = _without_empty_segments(dataset, fingerprints)
    modalities = {one.modality for one in fingerprints}
    if not dataset.modality and len(modalities) == 1 and modalities <= {"CT", "MR"}:
        dataset = replace(dataset, modality=modalities.pop())
    if not dataset.modality and modalities == {""} and _look_like_ct(fingerprints):
        dataset = replace(dataset, modality="CT")
    return dataset


def _without_empty_segments(dataset: Dataset, fingerprints: list[CaseFingerprint]) -> Dataset:
    """Passes over segments that label files list but no voxel has: leftovers of drawing, which nobody chose."""
    found = {value for one in fingerprints for value in one.label_values}
    kept = tuple(segment for segment in dataset.segments if segment.value in found)
    empty = tuple(segment for segment in dataset.segments if segment.value not in found)
    if not kept or not empty:
        return dataset
    background = sorted({*dataset.background, *(segment.value for segment in empty)})
    names = listed((segment.name for segment in empty), SHOWN)
    which = "it is" if len(empty) == 1 else "they are"
    note = f"No voxel of any label belongs to {names}, which label files list; {which} left out"
    return replace(dataset, segments=kept, not_chosen=empty, background=tuple(background), notes=(*dataset.notes, note))


def _look_like_ct(fingerprints: Iterable[CaseFingerprint]) -> bool:
    """Whether all scans reach from air to bone on the scale of CT, which no other scanner uses."""
    read = [one for one in fingerprints if one.minimum is not None]
    return bool(read) and all(map(looks_like_ct, read))


def _notes_on_parts(fingerprints: list[CaseFingerprint]) -> list[str]:
    """How much of partly outlined scans was looked at; of many, one sentence."""
    parts = {one.name: one.seen_share for one in fingerprints if one.seen_share < 1}
    if len(parts) <= SHOWN:
        return [f"{name} is outlined in part: {share:.0%} of it was looked at" for name, share in parts.items()]
    least, most = min(parts.values()), max(parts.values())
    return [f"{len(parts)} scans are outlined in part: {least:.0%} to {most:.0%} of each was looked at"]
