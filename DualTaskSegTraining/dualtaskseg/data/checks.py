"""Finds everything that is wrong with a dataset before hours are spent on it, and says it all at once."""

from __future__ import annotations

import os
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import EXCLUDED, LABELED, SEGMENTS_FILE, Case, Dataset
from dualtaskseg.contract.issue import ERROR, WARNING, Issue
from dualtaskseg.contract.segment import MOST_SEGMENTS, Segment, default_color, refuse_name
from dualtaskseg.contract.terminology import parse_terminology
from dualtaskseg.data.assumed import unit_notes
from dualtaskseg.data.fingerprint import MOST_VALUES, CaseFingerprint, extract_fingerprints
from dualtaskseg.data.grid import target_spacing, very_large_voxels, very_long_voxels
from dualtaskseg.data.hounsfield import cut_off, far_medians, shifts, why_not_hounsfield
from dualtaskseg.data.intensities import refuse_absurd_intensities
from dualtaskseg.data.label_names import Meaning, named_values, number_alike
from dualtaskseg.data.labels import read_named_label
from dualtaskseg.data.laterality import Mirroring, SideStatistics, decide_mirroring
from dualtaskseg.data.parts import is_coarser, lost_parts, three_digits
from dualtaskseg.data.segment_lists import DATASET_FILE
from dualtaskseg.errors import InputError
from dualtaskseg.io.geometry import Geometry, sides_text, times
from dualtaskseg.io.images import other_grid
from dualtaskseg.names import listed
from dualtaskseg.progress import ignore

SMALLEST_SPACING, LARGEST_SPACING = 0.01, 50.0  # mm
LARGEST_EXTENT_RATIO = 3.0  # to the median scan, along any axis
FEWEST_FOR_EXTENT = 4  # fewer scans don't tell which of them is the odd one
CT_AIR, CT_BONE = (-4096, -800), (200, 32767)  # HU: where the lowest and the highest voxel of a CT scan lie
DIFFERING_SPACINGS = 2.5  # of the finest to the coarsest along any axis, from which on it is said
OFTEN_IGNORED = {255, 65535}  # values beside those of structures, of datasets that leave voxels undecided
SHOWN = 5  # items listed in one sentence


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
        problems += _judge_scan(one)
        problems += _judge_label(one, dataset)
    problems += _judge_files(cases)
    problems += _judge_duplicates(fingerprints)
    problems += _judge_extents(fingerprints)
    problems += modality_doubts(filled, fingerprints)
    problems += hounsfield_doubts(filled, fingerprints)
    problems += _judge_lost_parts(filled, fingerprints)
    order = {case.name: index for index, case in enumerate(cases)}
    problems.sort(key=lambda problem: order.get(problem.case, len(order)))
    problems += _judge_labels_together(filled, fingerprints)
    problems += _judge_unnamed_labels(filled, fingerprints)
    problems += _judge_segments(filled)
    problems += _judge_nameless_values(dataset, filled)
    notes = [
        *filled.notes,
        *_notes_on_parts(fingerprints),
        *_note_on_spacings(fingerprints),
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
    return bool(read) and all(map(_looks_like_ct, read))


def _looks_like_ct(fingerprint: CaseFingerprint) -> bool:
    assert fingerprint.minimum is not None and fingerprint.maximum is not None
    return CT_AIR[0] <= fingerprint.minimum <= CT_AIR[1] and CT_BONE[0] <= fingerprint.maximum <= CT_BONE[1]


def modality_doubts(dataset: Dataset, fingerprints: Sequence[CaseFingerprint]) -> Iterable[Issue]:
    """Scans that another kind of scanner made than the dataset names, or than most others are from."""
    told = [one for one in fingerprints if one.modality]
    usual = dataset.modality or (statistics.mode(one.modality for one in told) if told else "")
    for one in told:
        if one.modality != usual:
            others = f"the dataset is {usual}" if dataset.modality else f"other scans are {usual}"
            what = f"{one.image} is {one.modality} by its header, but {others}"
            yield _of_scan(one, WARNING, "modality", what, "Leave the case out, unless scans of both kinds are meant")


def hounsfield_doubts(dataset: Dataset, fingerprints: Sequence[CaseFingerprint]) -> Iterable[Issue]:
    """Scans whose numbers can't be Hounsfield units, where the dataset, the scan or most other scans are CT."""
    read = [one for one in fingerprints if one.minimum is not None and one.maximum is not None and not one.constant]
    nameless = [one for one in read if not one.modality]
    mostly = not dataset.modality and 2 * sum(map(_looks_like_ct, nameless)) > len(nameless)
    judged = [one for one in read if (one.modality or dataset.modality or ("CT" if mostly else "")) == "CT"]
    far = far_medians([one.percentile_50 for one in judged])
    shifted = shifts([(one.air_peak, one.tissue_peak) for one in judged])
    for one, is_far, is_shifted in zip(judged, far, shifted, strict=True):
        cut = cut_off(one.maximum)
        if cut:
            remedy = "Export it again with all its values, if it was not scanned so; look at what lies beside the metal"
            yield _of_scan(one, WARNING, "cut-off", f"{one.image} {cut}", remedy)
        why = why_not_hounsfield(one.minimum, one.maximum, one.percentile_99_5) or is_far or is_shifted
        if why:
            what = f"{one.image} is CT, but does not seem to be in Hounsfield units: {why}"
            remedy = "Export or convert it again with its rescale slope and intercept, or leave the case out"
            yield _of_scan(one, WARNING, "hounsfield", what, remedy)


def _of_scan(fingerprint: CaseFingerprint, severity: str, code: str, what: str, remedy: str) -> Issue:
    return Issue(severity, what, remedy, code, fingerprint.name, fingerprint.image)


def _of_label(fingerprint: CaseFingerprint, severity: str, code: str, what: str, remedy: str) -> Issue:
    return Issue(severity, what, remedy, code, fingerprint.name, str(fingerprint.label))


def _judge_scan(fingerprint: CaseFingerprint) -> Iterable[Issue]:
    if fingerprint.geometry is None:
        return
    spacing = fingerprint.geometry.spacing
    if _is_absurd(spacing):
        yield _of_scan(
            fingerprint,
            ERROR,
            "spacing",
            f"{fingerprint.image} has an absurd voxel size of {times(spacing, '.4g')} mm",
            "Correct the voxel size, which must be in millimeters, and save the scan again",
        )
    elif very_large_voxels(spacing) or very_long_voxels(spacing):
        yield _of_scan(
            fingerprint,
            WARNING,
            "spacing-ratio",
            f"{fingerprint.image} has {very_large_voxels(spacing) or very_long_voxels(spacing)}",
            "Check the voxel size; leave the case out if it is wrong",
        )
    if fingerprint.nan_count or fingerprint.infinite_count:
        yield _of_scan(
            fingerprint,
            ERROR,
            "not-finite",
            f"{fingerprint.image} holds voxels that are no numbers: {fingerprint.nan_count} not a number (NaN), "
            f"{fingerprint.infinite_count} infinite",
            "Replace them, for example by the scan's lowest value, or leave the case out",
        )
    if fingerprint.minimum is None:
        return
    if fingerprint.constant:
        yield _of_scan(
            fingerprint,
            ERROR,
            "constant",
            f"{fingerprint.image} has the same value {fingerprint.minimum:g} in all voxels, so it shows nothing",
            "Save the scan again, or leave the case out",
        )
    try:
        refuse_absurd_intensities(fingerprint.minimum, fingerprint.maximum, fingerprint.image)
    except InputError as error:
        yield _of_scan(fingerprint, ERROR, "intensities", error.what, error.remedy)


def _judge_label(fingerprint: CaseFingerprint, dataset: Dataset) -> Iterable[Issue]:
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


def _judge_files(cases: list[Case]) -> Iterable[Issue]:
    """A file that is used twice is a slip in the list of cases."""
    users: dict[Path, list[tuple[Case, str, Path]]] = defaultdict(list)
    for case in cases:
        users[_real(case.image)].append((case, "scan", case.image))
        if case.label is not None:
            users[_real(case.label)].append((case, "label", case.label))
        if case.seen is not None:
            users[_real(case.seen)].append((case, "map of what was looked at", case.seen))
    for uses in users.values():
        first_case, first_kind, _ = uses[0]
        for case, kind, file in uses[1:]:
            yield Issue(
                ERROR,
                f"{file} is the {kind} of the case {case.name} and the {first_kind} of the case {first_case.name}",
                "Give each case files of its own, or remove one of the cases",
                "same-file",
                case.name,
                str(file),
            )


def _real(path: Path | str) -> Path:
    """Where links lead; a loop of them, which ``Path.resolve`` can't bear, is told when the file is read."""
    return Path(os.path.realpath(path))


def _judge_duplicates(fingerprints: list[CaseFingerprint]) -> Iterable[Issue]:
    """The same voxels in two files: harmless at best; if one is labeled and the other not, the figures would lie."""
    groups: dict[str, list[CaseFingerprint]] = defaultdict(list)
    for one in fingerprints:
        if one.voxel_hash and not one.constant:
            groups[one.voxel_hash].append(one)
    for group in groups.values():
        files = {_real(one.image) for one in group}
        if len(group) < 2 or len(files) < len(group):  # the latter is reported as the same file
            continue
        roles = {one.role for one in group}
        others = listed((one.name for one in group[1:]), SHOWN)
        leaks = LABELED in roles and len(roles) > 1
        detail = ", and is both labeled and unlabeled" if leaks else ""
        what = f"{group[0].image} shows the same scan as {others}{detail}"
        yield _of_scan(group[0], ERROR if leaks else WARNING, "duplicate", what, "Leave all but one of them out")


def _judge_extents(fingerprints: list[CaseFingerprint]) -> Iterable[Issue]:
    """Compares sizes in mm along the patient's axes, since scans may be stored along different ones."""
    extents = {one.name: _patient_extent(one.geometry) for one in fingerprints if one.geometry}
    if len(extents) < FEWEST_FOR_EXTENT:
        return
    usual = tuple(statistics.median(column) for column in zip(*extents.values(), strict=True))
    for one in fingerprints:
        if one.name not in extents:
            continue
        own = extents[one.name]
        ratios = [length / middle for length, middle in zip(own, usual, strict=True)]
        is_smaller = min(ratios) < 1 / LARGEST_EXTENT_RATIO
        if is_smaller or max(ratios) > LARGEST_EXTENT_RATIO:
            yield _of_scan(
                one,
                WARNING,
                "extent",
                f"{one.image} is far {'smaller' if is_smaller else 'larger'} than the other scans: it covers "
                f"{_lengths(own)} mm from left to right, front to back, head to foot, the others {_lengths(usual)} mm",
                "Check its voxel size and whether it shows the same part of the body",
            )


def _patient_extent(geometry: Geometry) -> tuple[float, ...]:
    """Size in mm of the scan's box from left to right, front to back, head to foot."""
    return tuple(
        sum(abs(geometry.direction[3 * row + column]) * geometry.extent[column] for column in range(3))
        for row in range(3)
    )


def _lengths(lengths: Iterable[float]) -> str:
    return "x".join(three_digits(length) for length in lengths)


def _judge_labels_together(dataset: Dataset, fingerprints: list[CaseFingerprint]) -> Iterable[Issue]:
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


def _spacings(fingerprints: Iterable[CaseFingerprint]) -> list[tuple[float, ...]]:
    """Of all scans that can be read and tell a size that can be, (z, y, x) along the patient's axes, in mm."""
    return [
        one.geometry.patient_spacing for one in fingerprints if one.geometry and not _is_absurd(one.geometry.spacing)
    ]


def _is_absurd(spacing: Sequence[float]) -> bool:
    return min(spacing) < SMALLEST_SPACING or max(spacing) > LARGEST_SPACING


def _notes_on_parts(fingerprints: list[CaseFingerprint]) -> list[str]:
    """How much of partly outlined scans was looked at; of many, one sentence."""
    parts = {one.name: one.seen_share for one in fingerprints if one.seen_share < 1}
    if len(parts) <= SHOWN:
        return [f"{name} is outlined in part: {share:.0%} of it was looked at" for name, share in parts.items()]
    least, most = min(parts.values()), max(parts.values())
    return [f"{len(parts)} scans are outlined in part: {least:.0%} to {most:.0%} of each was looked at"]


def _note_on_spacings(fingerprints: list[CaseFingerprint]) -> Iterable[str]:
    """Says it where scans of very different voxels are brought to one grid."""
    spacings = _spacings(fingerprints)
    if not spacings:
        return
    columns = list(zip(*spacings, strict=True))
    if any(max(column) > DIFFERING_SPACINGS * min(column) for column in columns):
        ranges = (f"{three_digits(min(column))} to {three_digits(max(column))}" for column in reversed(columns))
        usual = sides_text(target_spacing(spacings))
        yield (
            f"The voxels of the scans differ much ({', '.join(ranges)} mm from left to right, front to back, head to "
            f"foot); all are brought to about {usual} mm"
        )


def _judge_lost_parts(dataset: Dataset, fingerprints: list[CaseFingerprint]) -> Iterable[Issue]:
    """Outlined parts that fall between the voxels of the grid that the scans will be brought to."""
    spacings = _spacings(fingerprints)
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


def _judge_unnamed_labels(dataset: Dataset, fingerprints: list[CaseFingerprint]) -> Iterable[Issue]:
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


def _judge_segments(dataset: Dataset) -> Iterable[Issue]:
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


def _judge_nameless_values(given: Dataset, filled: Dataset) -> Iterable[Issue]:
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
