"""From the checked scans to the plan: gathers what planning needs to know of each scan."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from dualtaskseg.contract.dataset import Case, Dataset
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.assumed import alike, unit_notes
from dualtaskseg.data.checks import side_statistics
from dualtaskseg.data.fingerprint import ASSUMED, CaseFingerprint, extract_fingerprints
from dualtaskseg.data.grid import target_spacing
from dualtaskseg.data.meaning import Meaning
from dualtaskseg.data.outlines import read_outline
from dualtaskseg.data.parts import is_coarser, part_extents
from dualtaskseg.data.scan_checks import hounsfield_doubts, modality_doubts
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.io.geometry import geometry_of, image_of
from dualtaskseg.method.registry import make_plan, method_named
from dualtaskseg.names import listed
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import ScanStatistics
from dualtaskseg.preparation.partly import UNSEEN
from dualtaskseg.progress import ignore, never
from dualtaskseg.terminal import counted

MOST_WORKERS = 4  # each holds a label and some arrays of its size in memory
MEASURED_VOXELS = 2**24
SHOWN = 5


def plan_for(
    dataset: Dataset,
    training: Sequence[str],
    request: TrainingRequest,
    fingerprints: Sequence[CaseFingerprint] | None = None,
    on_progress: Callable[[int, int], None] = ignore,
    should_stop: Callable[[], bool] = never,
) -> Plan:
    """Makes the plan of a run.

    Args:
        training: names of the labeled cases that are learned from; the held-out ones inform nothing but the grid.
        fingerprints: of the scans, where they were gathered already.

    Raises:
        InputError: a scan can't be read.
        StoppedError: ``should_stop`` answered True.
    """
    cases = [*dataset.labeled, *dataset.unlabeled]
    chosen = set(training)
    labeled = [case for case in dataset.labeled if case.name in chosen]
    to_read = 0 if fingerprints is not None else len(cases)

    def tell(done: int, _: str = "") -> None:
        on_progress(done, to_read + len(labeled))

    if fingerprints is None:
        fingerprints = extract_fingerprints(cases, dataset.segments, on_progress=tell, not_chosen=dataset.not_chosen)
    by_name = {fingerprint.name: fingerprint for fingerprint in fingerprints}
    partly = [case.name for case in labeled if by_name[case.name].seen_share < 1]
    _refuse_parts(partly, request, len(dataset.segments))
    usual = target_spacing([_scan(by_name[case.name], None, dataset).spacing for case in cases])
    shapes = []

    def look(case: Case) -> Structure:
        return structure_of(case, by_name[case.name], dataset, usual, should_stop)

    with ThreadPoolExecutor(min(MOST_WORKERS, os.cpu_count() or 1)) as pool:
        for shape in pool.map(look, labeled):
            shapes.append(shape)
            tell(to_read + len(shapes))
    if should_stop():
        raise StoppedError("Stopped before the training began", "Go on with dualtaskseg resume")
    scans = [_scan(by_name[case.name], shape, dataset) for case, shape in zip(labeled, shapes, strict=True)]
    scans += [_scan(by_name[case.name], None, dataset) for case in cases if case.name not in chosen]
    modalities = {fingerprint.modality for fingerprint in fingerprints if fingerprint.modality}
    modality = dataset.modality or (modalities.pop() if len(modalities) == 1 else "")
    plan = make_plan(
        scans,
        dataset.segments,
        request.preset,
        request.method,
        has_unlabeled=bool(dataset.unlabeled or partly),
        seed=request.seed,
        modality=modality,
        not_chosen=[segment.name for segment in dataset.not_chosen],
    )
    doubts = [
        problem.what.replace(str(problem.file), f"The scan {problem.case}", 1)
        for judge in (modality_doubts, hounsfield_doubts)
        for problem in judge(dataset, fingerprints)
    ]
    notes = _labels_notes(plan, partly, labeled)
    return plan.replaced(notes=(*plan.notes, *notes, *_assumed_notes(fingerprints), *doubts))


def _refuse_parts(partly: Sequence[str], request: TrainingRequest, segments: int) -> None:
    """Raises :class:`InputError` where scans that are outlined in part can't be learned from."""
    if partly and segments >= UNSEEN:
        raise InputError(
            f"{segments} segments can't be learned from scans that are outlined in part, such as {partly[0]}",
            f"Choose at most {UNSEEN - 1} of them with the option --segments",
        )
    if partly and not method_named(request.preset, request.method).learns_from_parts:
        raise InputError(
            f"The preset {request.preset} learns from whole outlines only, and {listed(partly, SHOWN)} "
            f"{'is' if len(partly) == 1 else 'are'} outlined in part",
            "Choose another preset, outline these scans whole, or leave them out",
        )


def _labels_notes(plan: Plan, partly: Sequence[str], labeled: Sequence[Case]) -> list[str]:
    """Where there are few labels, or parts of them."""
    notes = []
    if len(labeled) == 1 and not plan.is_supervised:
        notes.append(
            "Only one scan to learn from is labeled; where that was tried, the unlabeled scans made the result worse "
            "in a short training, and better in a longer one. Outline a second one"
        )
    if not partly:
        return notes
    are = "is" if len(partly) == 1 else "are"
    return [
        *notes,
        f"{len(partly)} of the {counted(len(labeled), 'labeled scan')} {are} outlined in part: what was looked at "
        "teaches as an outline, the rest as an unlabeled scan. The structures' extents that this plan was made from "
        "are lower bounds there, and how thick they are is an estimate",
    ]


def _assumed_notes(fingerprints: Sequence[CaseFingerprint]) -> list[str]:
    """What was assumed about scans and labels, each thing once, whatever the numbers in it."""
    findings = [
        (one.name, problem.what.removeprefix(f"{problem.file} "))
        for one in fingerprints
        for problem in one.problems
        if problem.code == ASSUMED
    ]
    notes = [f"{'A file' if count == 1 else 'Each file'} of {names} {text}" for names, count, text in alike(findings)]
    return notes + unit_notes(sum(one.unitless for one in fingerprints))


def _scan(fingerprint: CaseFingerprint, shape: Structure | None, dataset: Dataset) -> ScanStatistics:
    """One scan's figures in the plan's orientation and (z, y, x) order."""
    if fingerprint.geometry is None:
        raise InputError(f"The scan {fingerprint.image} can't be read", "Run 'dualtaskseg check' to see why")
    size, spacing = fingerprint.geometry.patient_shape, fingerprint.geometry.patient_spacing
    if shape is None:
        return ScanStatistics(size, spacing)
    return ScanStatistics(
        size,
        spacing,
        tuple(shape.boxes),
        tuple(shape.radii),
        fingerprint.foreground_sample,
        tuple(shape.small_parts),
        side_statistics(fingerprint, dataset.segments),
    )


@dataclass
class Structure:
    """What planning needs of a label; extents are in mm, (z, y, x) along the patient's axes.

    Attributes:
        boxes: extents of the box round each segment that is there.
        radii: inner radius of each segment, 0 where it is absent.
        small_parts: extents of each part of the segments, where the scan is finer than most.
    """

    boxes: list[tuple[float, float, float]] = field(default_factory=list)
    radii: list[float] = field(default_factory=list)
    small_parts: list[tuple[float, float, float]] = field(default_factory=list)


def structure_of(
    case: Case,
    fingerprint: CaseFingerprint,
    dataset: Dataset,
    usual: tuple[float, float, float],
    should_stop: Callable[[], bool],
) -> Structure:
    """Looks at one label; ``usual`` is the spacing of most scans, (z, y, x)."""
    import SimpleITK as sitk

    if should_stop() or fingerprint.geometry is None:
        return Structure()
    outline = read_outline(case, Meaning(dataset.segments, dataset.not_chosen), fingerprint.geometry)
    label, seen = outline.label, outline.seen_array()
    geometry = geometry_of(label)
    spacing = geometry.spacing_zyx
    values = sitk.GetArrayViewFromImage(label)
    is_fine = is_coarser(usual, geometry.patient_spacing) and seen is None
    found = Structure()
    for segment in dataset.segments:
        box = fingerprint.segment_boxes.get(segment.value)
        if box is None:
            found.radii.append(0.0)
            continue
        sides = [float((end - first) * step) for (first, end), step in zip(box, spacing, strict=True)]
        found.boxes.append(geometry.along_patient(sides))
        box = tuple(slice(*ends) for ends in box)
        inside = values[box]
        unseen = None if seen is None else ~seen[box]
        found.radii.append(_inner_radius(inside == segment.value, spacing, unseen))
        if is_fine:
            for extents in part_extents(inside, segment.value, spacing):
                found.small_parts.append(geometry.along_patient(extents))
    return found


def _inner_radius(mask: np.ndarray, spacing: Sequence[float], unseen: np.ndarray | None = None) -> float:
    """Radius in mm of the largest ball inside a mask (z, y, x); of a very large mask a coarser one's.

    In a partly outlined scan it is that of the largest ball about a voxel of the mask that holds none that is known to
    lie outside: between outlined slices the structure is most likely there.

    Args:
        unseen: bool (z, y, x), where nobody looked.
    """
    import SimpleITK as sitk

    filled = mask if unseen is None else mask | unseen
    step = math.ceil((mask.size / MEASURED_VOXELS) ** (1 / 3))
    mask, filled = (each[::step, ::step, ::step] for each in (mask, filled))
    spacing = tuple(step * value for value in spacing)
    image = image_of(np.pad(filled, 1).astype(np.uint8), spacing)
    distance = sitk.SignedMaurerDistanceMap(image, insideIsPositive=True, squaredDistance=False, useImageSpacing=True)
    inner = sitk.GetArrayViewFromImage(distance)[1:-1, 1:-1, 1:-1]
    # measured between voxel centers; the ball reaches half a voxel farther
    return float(inner[mask].max(initial=0)) + 0.5 * min(spacing)  # 0: what is thin may fall between coarser voxels
