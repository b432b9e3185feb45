"""What is wrong with scans, each by itself and beside the others of its dataset."""

from __future__ import annotations

import os
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from dualtaskseg.contract.dataset import LABELED, Case, Dataset
from dualtaskseg.contract.issue import ERROR, WARNING, Issue
from dualtaskseg.data.fingerprint import CaseFingerprint
from dualtaskseg.data.grid import target_spacing, very_large_voxels, very_long_voxels
from dualtaskseg.data.hounsfield import cut_off, far_medians, shifts, why_not_hounsfield
from dualtaskseg.data.intensities import refuse_absurd_intensities
from dualtaskseg.data.parts import three_digits
from dualtaskseg.errors import InputError
from dualtaskseg.io.geometry import Geometry, sides_text, times
from dualtaskseg.names import listed

SMALLEST_SPACING, LARGEST_SPACING = 0.01, 50.0  # mm
LARGEST_EXTENT_RATIO = 3.0  # to the median scan, along any axis
FEWEST_FOR_EXTENT = 4  # fewer scans don't tell which of them is the odd one
CT_AIR, CT_BONE = (-4096, -800), (200, 32767)  # HU: where the lowest and the highest voxel of a CT scan lie
DIFFERING_SPACINGS = 2.5  # of the finest to the coarsest along any axis, from which on it is said
SHOWN = 5  # items listed in one sentence


def looks_like_ct(fingerprint: CaseFingerprint) -> bool:
    assert fingerprint.minimum is not None and fingerprint.maximum is not None
    return CT_AIR[0] <= fingerprint.minimum <= CT_AIR[1] and CT_BONE[0] <= fingerprint.maximum <= CT_BONE[1]


def modality_doubts(dataset: Dataset, fingerprints: Sequence[CaseFingerprint]) -> Iterable[Issue]:
    """Scans that another kind of scanner made than the dataset names, or than most others are from."""
    named = [one for one in fingerprints if one.modality]
    usual = dataset.modality or (statistics.mode(one.modality for one in named) if named else "")
    for one in named:
        if one.modality != usual:
            others = f"the dataset is {usual}" if dataset.modality else f"other scans are {usual}"
            what = f"{one.image} is {one.modality} by its header, but {others}"
            yield _of_scan(one, WARNING, "modality", what, "Leave the case out, unless scans of both kinds are meant")


def hounsfield_doubts(dataset: Dataset, fingerprints: Sequence[CaseFingerprint]) -> Iterable[Issue]:
    """Scans whose numbers can't be Hounsfield units, where the dataset, the scan or most other scans are CT."""
    read = [one for one in fingerprints if one.minimum is not None and one.maximum is not None and not one.constant]
    nameless = [one for one in read if not one.modality]
    mostly = not dataset.modality and 2 * sum(map(looks_like_ct, nameless)) > len(nameless)
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


def judge_scan(fingerprint: CaseFingerprint) -> Iterable[Issue]:
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


def judge_files(cases: list[Case]) -> Iterable[Issue]:
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


def judge_duplicates(fingerprints: list[CaseFingerprint]) -> Iterable[Issue]:
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


def judge_extents(fingerprints: list[CaseFingerprint]) -> Iterable[Issue]:
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


def usable_spacings(fingerprints: Iterable[CaseFingerprint]) -> list[tuple[float, ...]]:
    """Of all scans that can be read and tell a size that can be, (z, y, x) along the patient's axes, in mm."""
    return [
        one.geometry.patient_spacing for one in fingerprints if one.geometry and not _is_absurd(one.geometry.spacing)
    ]


def _is_absurd(spacing: Sequence[float]) -> bool:
    return min(spacing) < SMALLEST_SPACING or max(spacing) > LARGEST_SPACING


def note_on_spacings(fingerprints: list[CaseFingerprint]) -> Iterable[str]:
    """Says it where scans of very different voxels are brought to one grid."""
    spacings = usable_spacings(fingerprints)
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
