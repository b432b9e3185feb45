"""Makes the plan from the figures of all scans, labeled and unlabeled. Light: numpy, no torch, no SimpleITK.

The rules are those that nnU-Net has shown to carry over between data sets (Isensee et al., Nature Methods 2021),
fitted to two networks, few labels and small computers: a patch has to hold the structure, so where a small patch is
all that the machine can compute, the grid is made coarser until it does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from dualtaskseg.contract.presets import PRESETS, Preset
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.grid import rounded_spacing, target_spacing
from dualtaskseg.data.laterality import Mirroring, SideStatistics, decide_mirroring
from dualtaskseg.io.geometry import sides_text
from dualtaskseg.planning.plan import NetworkPlan, Normalization, Plan
from dualtaskseg.planning.settings import MutualSettings, TrainingSettings

TEMPERATURE = 0.5  # voxels over which the soft mask of a distance changes
ANISOTROPIC = 2.0  # an axis this much coarser than the finest is treated as one of slices
SMALLEST_SIDE = 4  # voxels that the coarsest level of a network keeps along each axis
FEWEST_LEVELS, MOST_LEVELS = 3, 6
SMALLEST_PATCH = 8  # voxels of a patch along the axes that a network of the fewest levels halves
MOST_FINER = 8.0  # times the voxels that keeping small parts may cost
# How sure a teacher must be. What is taken for a segment by mistake would be taught again, and grow.
SURE_OF_BACKGROUND, SURE_OF_SEGMENT = 0.6, 0.95
MOVED = 0.5  # of the patches are rotated and zoomed; the others show voxels as they are, as predictions do
PASTING = 0.5  # of the labeled patches exchange a cuboid with another labeled one
MIX = 1.0  # of the unlabeled patches exchange a cuboid with a labeled one: all
SEEKING = 0.67  # of the unlabeled patches are cut where a structure was seen or is to be expected
MOST_TO_PAY = 0.5  # of a prediction's windows that looking first may leave to compute, or it isn't worth it
FIRST_A_SCAN = 50  # steps from labels alone for each labeled scan, which shows it in about a hundred patches
LABELS_FIRST = (200, 450)  # steps, the fewest and the most of them, before the networks teach each other
AVERAGED = 0.05  # of the training, over which the weights are averaged at most
FAR = 2.0  # weight of the error of distances far from the surface
# How sentences on grid, patch and intensities begin: a training that starts from a model keeps those of the model.
NOTES_ON_GRID = (
    *("Every scan is brought to ", "The scans' usual voxels are ", "The scans have "),
    *("CT numbers are clipped ", "Each scan's intensities "),
)


@dataclass(frozen=True)
class ScanStatistics:
    """What planning needs to know of one scan. Tuples are (z, y, x) in the plan's orientation.

    Attributes:
        size: voxels.
        spacing: mm.
        foreground_size: extent in mm of the box round each segment, empty for unlabeled scans.
        inner_radius: for each segment, radius in mm of the largest ball inside; 0 where it is absent.
        foreground_sample: intensities inside the segments, for CT; an array where there are many.
        small_parts: extents in mm of the box round each connected part of the segments, where the scan is finer than
            most.
        sides: what the label tells about left and right.
    """

    size: tuple[int, int, int]
    spacing: tuple[float, float, float]
    foreground_size: tuple[tuple[float, float, float], ...] = ()
    inner_radius: tuple[float, ...] = ()
    foreground_sample: Sequence[float] = ()
    small_parts: tuple[tuple[float, float, float], ...] = ()
    sides: SideStatistics = field(default_factory=SideStatistics)


@dataclass(frozen=True)
class PlanningInput:
    """What a plan is made from.

    Attributes:
        scans: every scan that takes part.
        segments: in the order of the network's channels.
        preset: a key of :data:`dualtaskseg.contract.presets.PRESETS`.
        method: its name, a key of :data:`dualtaskseg.method.registry.METHODS`.
        modality: ``"CT"`` makes intensities comparable across scans as they are.
        not_chosen: names of segments of the dataset that are not learned.
    """

    scans: Sequence[ScanStatistics]
    segments: Sequence[Segment]
    preset: str
    method: str
    seed: int = 0
    modality: str = ""
    not_chosen: Sequence[str] = ()

    @property
    def labeled(self) -> list[ScanStatistics]:
        """Of the labeled scans."""
        return [scan for scan in self.scans if scan.inner_radius]


def usual_plan(inputs: PlanningInput) -> Plan:
    """Returns the plan for a training by the default rules."""
    preset = PRESETS[inputs.preset]
    scans, labeled, segments = inputs.scans, inputs.labeled, inputs.segments
    notes: list[str] = []
    native = _finer_for_small_parts(target_spacing([scan.spacing for scan in scans]), labeled, notes)
    spacing = _coarsened(native, scans, labeled, preset, notes)
    median = np.median([resampled_size(scan, spacing) for scan in scans], axis=0)
    patch, network = patch_and_network(median, spacing, preset)
    finest = min(spacing)
    truncation = truncation_of(labeled, len(segments), finest)
    normalization = _normalization(labeled, inputs.modality, notes)
    notes.append(
        f"Every scan is brought to {sides_text(spacing)} mm and trained on in patches of {sides_text(patch)} voxels "
        f"({sides_text([round(a * b) for a, b in zip(patch, spacing, strict=True)])} mm)"
    )
    _tell_small_scans(scans, spacing, patch, notes)
    mirroring = mirroring_of(inputs, notes)
    return Plan(
        preset=inputs.preset,
        method=inputs.method,
        seed=inputs.seed,
        segments=tuple(segments),
        spacing=spacing,
        normalization=normalization,
        patch=patch,
        batch_labeled=1,
        batch_unlabeled=1,
        network=network,
        truncation=truncation,
        temperature=TEMPERATURE * finest,
        rotation=rotation_of(spacing),
        mirror=(False, False, mirroring.allowed),
        sides_matter=not mirroring.allowed,
        learning_rate=preset.learning_rate,
        keep_largest=(False,) * len(segments),
        leave_out_doubted=True,
        mutual=MutualSettings(
            labels_first=_labels_first(len(labeled)),
            confidence=(SURE_OF_BACKGROUND, SURE_OF_BACKGROUND),
            segment_confidence=SURE_OF_SEGMENT,
            mix=MIX,
            fresh=True,
            seams=False,
        ),
        training=TrainingSettings(seeking=SEEKING, far=FAR, moved=MOVED, pasting=PASTING, averaged=AVERAGED),
        notes=tuple(notes),
    )


def _labels_first(labeled: int) -> int:
    """Steps from labels alone: the fewer scans are labeled, the sooner there is nothing new in them.

    What one scan alone teaches is wrong elsewhere; the later the networks teach it each other, the less they keep it.
    """
    fewest, most = LABELS_FIRST
    return most if labeled == 1 else min(max(fewest, FIRST_A_SCAN * labeled), most)


def _finer_for_small_parts(
    usual: tuple[float, float, float], labeled: Sequence[ScanStatistics], notes: list[str]
) -> tuple[float, float, float]:
    """A finer spacing than the usual one where small parts outlined in finer scans would fall between its voxels.

    It is as fine as the smallest part, as long as that costs no more than ``MOST_FINER`` times the voxels; what is lost
    all the same is told when the scans are prepared.
    """
    spacing = np.array(usual)
    parts = np.array([part for scan in labeled for part in scan.small_parts]).reshape(-1, 3)
    small = parts[(parts < spacing).any(axis=1)]
    if not len(small):
        return usual
    finest = np.min([scan.spacing for scan in labeled], axis=0)
    finer = np.clip(small.min(axis=0), np.minimum(finest, spacing), spacing)
    factor = float(np.prod(spacing / finer))
    if factor > MOST_FINER:
        finer = spacing * (finer / spacing) ** (np.log(MOST_FINER) / np.log(factor))
    finer = tuple(math.floor(value * 1e4) / 1e4 for value in finer.tolist())  # never coarser than the part
    notes.append(
        f"The scans' usual voxels are {sides_text(usual)} mm; {len(small)} of {len(parts)} outlined parts in finer "
        f"scans are smaller, so {sides_text(finer)} mm are used"
    )
    return finer


def _coarsened(
    native: tuple[float, float, float],
    scans: Sequence[ScanStatistics],
    labeled: Sequence[ScanStatistics],
    preset: Preset,
    notes: list[str],
) -> tuple[float, float, float]:
    """A coarser spacing where a patch would otherwise hold too little of the structure to recognise it.

    The patch should hold two thirds of the box round the structures; but half of them keep at least six voxels across
    at their thickest.
    """
    extent = np.median([np.array(scan.size) * np.array(scan.spacing) for scan in scans], axis=0)
    boxes = [np.max(scan.foreground_size, axis=0) for scan in labeled if scan.foreground_size]
    wanted = np.minimum(extent, np.median(boxes, axis=0) * 1.2) if boxes else extent / 2
    radii = [radius for scan in labeled for radius in scan.inner_radius if radius > 0]
    coarsest = 2 * float(np.median(radii)) / 6 if radii else float("inf")
    spacing = np.array(native)
    finest = float(spacing.min())
    # Fine axes are coarsened first, until the box fits into a patch.
    while np.prod(np.maximum(wanted / spacing, 1)) > 1.5 * preset.patch_voxels and finest * 1.02 <= coarsest:
        finest *= 1.02
        spacing = np.maximum(spacing, finest)
    if finest <= 1.05 * min(native):
        return native
    notes.append(
        f"The scans have {sides_text(native)} mm; they are trained on at {sides_text(rounded_spacing(spacing))} mm so "
        "that a patch shows the structure with its surroundings. A larger preset keeps more detail"
    )
    return rounded_spacing(spacing)


def patch_and_network(
    median: np.ndarray, spacing: tuple[float, float, float], preset: Preset
) -> tuple[tuple[int, int, int], NetworkPlan]:
    """The largest patch of the median scan's shape within the preset's voxels, and a network that fits it."""
    stem = _stem(spacing, preset)
    wanted = np.ceil(median).astype(float)
    while np.prod(wanted) > preset.patch_voxels:
        extent = wanted * np.array(spacing)
        wanted[int(np.argmax(extent / np.cbrt(np.prod(extent))))] *= 0.95
    network = _network(wanted, spacing, stem, preset)
    if len(network.filters) < FEWEST_LEVELS:  # scans of a few voxels: they are continued at their borders
        wanted = np.where(np.array(network.kernels[0]) > 1, np.maximum(wanted, SMALLEST_PATCH), wanted)
        network = _network(wanted, spacing, stem, preset)
    step = np.array(network.total_stride)
    # at least two voxels remain along each halved axis, or there would be nothing to normalise over
    patch = np.maximum(np.where(step > 1, 2 * step, 1), np.ceil((wanted - 0.25 * step) / step) * step)
    return tuple(int(side) for side in patch), network


def _stem(spacing: tuple[float, float, float], preset: Preset) -> tuple[int, int, int]:
    if not preset.stem:
        return (1, 1, 1)
    finest = min(spacing)
    return tuple(1 if value >= ANISOTROPIC * finest else 2 for value in spacing)


def _network(
    patch: np.ndarray, spacing: tuple[float, float, float], stem: tuple[int, int, int], preset: Preset
) -> NetworkPlan:
    """Levels are added while an axis still has voxels to halve; coarse axes wait until the others caught up."""
    size = patch / np.array(stem)
    current = np.array(spacing) * np.array(stem)
    waits = np.ones(3, bool)  # axes that were never halved
    filters, strides, kernels = [preset.filters], [(1, 1, 1)], [_kernel(current, waits)]
    while len(filters) < MOST_LEVELS:
        can = size >= 2 * (SMALLEST_SIDE if len(filters) >= FEWEST_LEVELS else 1)
        fine = current < ANISOTROPIC * np.min(current[can]) if can.any() else can
        halved = can & fine
        if not halved.any():
            break
        stride = np.where(halved, 2, 1)
        size = size / stride
        current = current * stride
        waits &= ~halved
        filters.append(min(2 * filters[-1], preset.largest_filters))
        strides.append(tuple(int(step) for step in stride))
        kernels.append(_kernel(current, waits))
    return NetworkPlan("unet", stem, tuple(filters), tuple(strides), tuple(kernels))


def _kernel(spacing: np.ndarray, waits: np.ndarray) -> tuple[int, int, int]:
    """3 along each axis, but 1 across slices that are much thicker than the pixels still are wide."""
    finest = float(np.min(spacing))
    return tuple(1 if wait and value >= ANISOTROPIC * finest else 3 for value, wait in zip(spacing, waits, strict=True))


def truncation_of(labeled: Sequence[ScanStatistics], count: int, finest: float) -> tuple[float, ...]:
    """The largest inner radius of a segment (95th percentile over cases), between 8 and 20 voxels, in mm."""
    result = []
    for index in range(count):
        radii = [scan.inner_radius[index] for scan in labeled if scan.inner_radius[index] > 0]
        radius = float(np.percentile(radii, 95)) if radii else 0.0
        result.append(round(float(np.clip(radius, 8 * finest, 20 * finest)), 4))
    return tuple(result)


def _normalization(labeled: Sequence[ScanStatistics], modality: str, notes: list[str]) -> Normalization:
    """The window of CT scans is the median of each scan's own, so that one that is not in HU does not spoil it."""
    samples = [np.asarray(scan.foreground_sample, float) for scan in labeled if len(scan.foreground_sample)]
    if modality.upper() == "CT" and samples:
        lower, upper = np.median([np.percentile(sample, [0.5, 99.5]) for sample in samples], axis=0).tolist()
        clipped = [np.clip(sample, lower, upper) for sample in samples]
        mean = float(np.median([sample.mean() for sample in clipped]))
        std = max(float(np.median([sample.std() for sample in clipped])), 1e-3)
        notes.append(
            f"CT numbers are clipped to {lower:.0f} to {upper:.0f} HU, the usual range inside the labeled structures"
        )
        return Normalization("ct", lower, upper, mean, std)
    notes.append(
        "Each scan's intensities are brought to the same mean and spread, since they mean nothing by themselves"
    )
    return Normalization("scan")


def rotation_of(spacing: tuple[float, float, float]) -> tuple[float, float, float]:
    """Degrees about (z, y, x); thick slices are hardly tilted, as that would blur across them."""
    if max(spacing) >= 3 * min(spacing):
        coarse = int(np.argmax(spacing))
        return tuple(30.0 if axis == coarse else 5.0 for axis in range(3))
    return (20.0, 20.0, 20.0)


def _tell_small_scans(
    scans: Sequence[ScanStatistics], spacing: Sequence[float], patch: Sequence[int], notes: list[str]
) -> None:
    small = sum(bool((resampled_size(scan, spacing) < np.array(patch) / 2).any()) for scan in scans)
    if small:
        notes.append(
            f"{small} of {len(scans)} scans {'is' if small == 1 else 'are'} smaller than half a patch along an axis; "
            "beyond their borders they are continued by their outermost voxels, as if there were more of the same"
        )


def first_look_notes(plan: Plan, labeled: Sequence[ScanStatistics]) -> list[str]:
    """A note where it pays that predictions look at every second window along each axis first, and then only where
    something was seen: where the structures fill a small part of large scans.

    It is tried when the training ends; what it overlooks then decides.
    """
    shares, spacing, patch = [], plan.spacing, plan.patch
    step = np.maximum(1, np.array(patch) // 2)
    for scan in labeled:
        if scan.foreground_size:
            count = np.maximum(0, np.ceil((resampled_size(scan, spacing) - np.array(patch)) / step)) + 1
            look, whole = float(np.prod(np.floor(count / 2) + 1)), float(np.prod(count))
            boxes = np.array(scan.foreground_size) / np.array(spacing)
            near = np.minimum(count, np.ceil((boxes + np.array(patch)) / step) + 1).prod(axis=1).sum()
            shares.append((look + near) / whole)
    if not shares or np.median(shares) > MOST_TO_PAY:
        return []
    return [
        "The structures fill a small part of the scans: a prediction that looks at every second patch along each "
        "axis first, and computes all patches only around what either network saw there, or where a structure "
        f"reaches beyond that, is expected to take {float(np.median(shares)):.0%} of the time. Whether it "
        "overlooks anything is tried when the training ends"
    ]


def mirroring_of(inputs: PlanningInput, notes: list[str]) -> Mirroring:
    """Whether scans may be mirrored; why stands in the notes then."""
    mirroring = decide_mirroring(inputs.segments, [scan.sides for scan in inputs.labeled], inputs.not_chosen)
    notes.append(mirroring.note)
    return mirroring


def resampled_size(scan: ScanStatistics, spacing: Sequence[float]) -> np.ndarray:
    """Voxels (z, y, x) of a scan at another spacing."""
    return np.maximum(1, np.round(np.array(scan.size) * np.array(scan.spacing) / np.array(spacing)))
