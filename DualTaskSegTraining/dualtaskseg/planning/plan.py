"""The plan: everything that was decided about a training before it began, and why.

It is written into the run folder and into the model, so that a run can be repeated exactly and a prediction treats a
scan as the training did. Light: no torch, no SimpleITK.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from dualtaskseg.contract.bounds import (
    REMEDY,
    bounded,
    flag,
    is_sound,
    number,
    one_of,
    read_settings,
    text,
    tuple_of,
    unfit,
    whole,
)
from dualtaskseg.contract.segment import Segment, segments_of
from dualtaskseg.data.laterality import is_published_case, reason_of_names
from dualtaskseg.errors import InputError
from dualtaskseg.planning.settings import MutualSettings, PublishedSettings, TrainingSettings, training_settings

FORMAT = 1
SPACING = (0.01, 50.0)  # mm; what is checked of scans, too
MOST_VOXELS = 2**22  # of a patch; planned ones have a quarter of it at most
MOST_FEATURES = 2**28  # numbers that a level of a network gives for a patch
MOST_RESULTS = 2**29  # numbers that both networks give for a patch
MOST_WEIGHTS = 2**28  # of the convolutions of one network, roughly; planned ones have a tenth of it
MOST_LEVELS = 10
MOST_TURNS = 10_000
MOST_FILTERS = 1024
PATIENT_AXES = ("LR", "PA", "SI")
FEWEST_AVERAGED = 5  # steps over which weights are averaged, in however short a training
# the names that plans of all versions have
_STORED_AS = {"learning_rate": "rate", "ema_decay": "averaging", "temperature": "softness", "std": "deviation"}
_STRIDES = tuple_of(whole(1, 4), 3)
_INTENSITY = number(-1e9, 1e9)
_KERNEL = tuple_of(one_of(1, 3, 5, 7), 3)


def _is_orientation(value: Any) -> bool:
    """One letter for each of the patient's axes, in any order."""
    if not isinstance(value, str) or len(value) != 3:
        return False
    return all(sum(letter in axis for letter in value) == 1 for axis in PATIENT_AXES)


@dataclass(frozen=True)
class NetworkPlan:
    """Shape of one network.

    Attributes:
        kind: ``"unet"`` or ``"vnet"``.
        stem: stride (z, y, x) before the first level; (1, 1, 1) for none.
        filters: channels of each level.
        strides: stride (z, y, x) into each level; the first is (1, 1, 1).
        kernels: kernel size (z, y, x) of each level.
    """

    kind: str = bounded(one_of("unet", "vnet"))
    stem: tuple[int, int, int] = bounded(_STRIDES)
    filters: tuple[int, ...] = bounded(tuple_of(whole(1, MOST_FILTERS)))
    strides: tuple[tuple[int, int, int], ...] = bounded(tuple_of(_STRIDES))
    kernels: tuple[tuple[int, int, int], ...] = bounded(tuple_of(_KERNEL))

    @property
    def total_stride(self) -> tuple[int, int, int]:
        """By what the sides (z, y, x) of a patch must be divisible."""
        total = list(self.stem)
        for stride in self.strides:
            total = [a * b for a, b in zip(total, stride, strict=True)]
        return total[0], total[1], total[2]

    def fault(self) -> str | None:
        """What makes no sense; None where such a network can be built in a sensible amount of memory."""
        name = unfit(self)
        if name is not None:
            return name
        levels = len(self.filters)
        if not (2 <= levels <= MOST_LEVELS and len(self.strides) == len(self.kernels) == levels):
            return "filters"
        if self.strides[0] != (1, 1, 1):
            return "strides"
        sizes = zip(self.kernels, self.filters, strict=True)
        weights = sum(math.prod(kernel) * width**2 for kernel, width in sizes)
        return "filters" if weights > MOST_WEIGHTS else None

    def has_room_for(self, patch: tuple[int, int, int], segments: int) -> bool:
        """Whether a patch (z, y, x) can go through both networks in a sensible amount of memory."""
        if not all(side % step == 0 for side, step in zip(patch, self.total_stride, strict=True)):
            return False
        # what a prediction sees at once is at least twice what the strides come to
        seen = math.prod(max(side, 2 * step) for side, step in zip(patch, self.total_stride, strict=True))
        if seen > MOST_VOXELS or 2 * segments * seen > MOST_RESULTS:
            return False
        voxels = seen / math.prod(self.stem)
        for stride, filters in zip(self.strides, self.filters, strict=True):
            voxels /= math.prod(stride)
            if voxels * filters > MOST_FEATURES:
                return False
        return True


@dataclass(frozen=True)
class Normalization:
    """How intensities are made comparable.

    Attributes:
        kind: ``"ct"``: clipped to [lower, upper], then minus mean, divided by std, the same for all scans;
            ``"scan"``: each scan clipped to its own 0.5 and 99.5 percentiles, then to mean 0 and std 1;
            ``"scan mean"``: each scan to mean 0 and std 1, not clipped (as the published code does).
        lower, upper, mean, std: for CT, from the voxels inside the labeled segments.
    """

    kind: str = bounded(one_of("ct", "scan", "scan mean"))
    lower: float = bounded(_INTENSITY, 0.0)
    upper: float = bounded(_INTENSITY, 0.0)
    mean: float = bounded(_INTENSITY, 0.0)
    std: float = bounded(_INTENSITY, 1.0)

    def fault(self) -> str | None:
        """What makes no sense; None where all does."""
        return unfit(self) or (None if self.lower <= self.upper and self.std > 0 else "deviation")

    def to_dict(self) -> dict[str, Any]:
        return {_STORED_AS.get(name, name): value for name, value in vars(self).items()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Normalization:
        return cls(**{"std" if name == _STORED_AS["std"] else name: value for name, value in data.items()})


@dataclass(frozen=True)
class Plan:
    """See the module. Tuples of three are (z, y, x); lengths are in mm.

    Attributes:
        preset, method, seed: as asked.
        segments: in the order of the network's channels.
        spacing: of the grid that is trained on.
        orientation: of its axes, as DICOM names them for (x, y, z).
        patch: size of a patch in voxels.
        batch_labeled, batch_unlabeled: patches a step; without unlabeled scans, both numbers are labeled patches.
        truncation: for each segment, where signed distances are cut.
        temperature: over which length the soft mask changes from inside to outside.
        rotation: largest rotation about each axis in degrees.
        zoom: smallest and largest.
        mirror: axes that may be mirrored, in training and in prediction.
        sides_matter: left and right are told apart, so that nothing at all is mirrored.
        foreground_share: part of the labeled patches that are centered on a segment; the rest lie anywhere.
        learning_rate: at its highest.
        ema_decay: of the averaged weights, the largest one before the number of steps is known; 0 makes them the last
            weights.
        mutual: settings of what the networks teach each other.
        iterations: fixed after the calibration, 0 before; where a time budget asks for it, moved on the way.
        turns: where the end was moved, ``((0, first end), (iteration, later end), ...)``; the last one is
            ``iterations``. Empty where it was not.
        step_seconds: that a step took when the computer was measured: from labels alone, and mutually.
        calibrated: whether this machine's memory and speed were measured.
        precision: ``"float32"``, ``"bfloat16"`` or ``"float16"`` for the networks' arithmetic.
        keep_largest: for each segment, whether only its largest connected part is kept; decided on validation cases.
        least_parts: for each segment, the mm³ below which predictions leave out a part but the largest; decided by the
            outlines at the end of a training.
        most_parts: for each segment, the most parts that it has in any outlined scan; 0 where too few scans tell.
        leave_out_doubted: whether predictions leave out parts of a segment, but the largest, on most of whose voxels
            the two networks do not agree. Those of earlier versions' models don't.
        look_first: whether a prediction looks at a scan in windows side by side first, and with overlapping ones only
            where that shows something; tried and decided at the end of a training.
        overview: of a coarse pair of networks that finds where the structures are, with the same segments; None for
            none. Its ``iterations`` are fixed before the training's own.
        notes: the decisions in plain words.
    """

    preset: str = bounded(text)  # a later version may know others
    method: str = bounded(text)
    seed: int = bounded(whole(0, 2**63))
    segments: tuple[Segment, ...]
    spacing: tuple[float, float, float] = bounded(tuple_of(number(*SPACING), 3))
    normalization: Normalization = bounded(is_sound)
    patch: tuple[int, int, int] = bounded(tuple_of(whole(1, 2**14), 3))
    batch_labeled: int = bounded(whole(1, 1024))
    batch_unlabeled: int = bounded(whole(1, 1024))
    network: NetworkPlan = bounded(is_sound)
    truncation: tuple[float, ...] = bounded(tuple_of(number(1e-3, 1e4)))
    temperature: float = bounded(number(1e-4, 1e4))
    rotation: tuple[float, float, float] = bounded(tuple_of(number(0, 180), 3), (15.0, 15.0, 15.0))
    zoom: tuple[float, float] = bounded(tuple_of(number(0.1, 10), 2), (0.8, 1.25))
    mirror: tuple[bool, bool, bool] = bounded(tuple_of(flag, 3), (False, False, True))
    sides_matter: bool = bounded(flag, False)
    foreground_share: float = bounded(number(0, 1), 0.67)
    learning_rate: float = bounded(number(0, 10), 2e-3)
    ema_decay: float = bounded(number(0, 1), 0.99)
    mutual: MutualSettings = field(default=MutualSettings())
    training: TrainingSettings | PublishedSettings = field(default=TrainingSettings())
    orientation: str = bounded(_is_orientation, "LPS")
    iterations: int = bounded(whole(0, 2**53), 0)
    turns: tuple[tuple[int, int], ...] = bounded(tuple_of(tuple_of(whole(0, 2**53), 2)), ())
    step_seconds: tuple[float, ...] = bounded(tuple_of(number(0, 1e9)), ())
    calibrated: bool = bounded(flag, False)
    precision: str = bounded(one_of("float32", "bfloat16", "float16"), "float32")
    keep_largest: tuple[bool, ...] = bounded(tuple_of(flag), ())
    least_parts: tuple[float, ...] = bounded(tuple_of(number(0, 1e12)), ())
    most_parts: tuple[int, ...] = bounded(tuple_of(whole(0, 2**31)), ())
    leave_out_doubted: bool = bounded(flag, False)
    look_first: bool = bounded(flag, False)
    overview: Plan | None = field(default=None)
    notes: tuple[str, ...] = bounded(tuple_of(text), ())

    @property
    def is_supervised(self) -> bool:
        """Whether only labeled scans are learned from."""
        return self.method == "supervised"

    @property
    def stored_truncation(self) -> tuple[float, ...]:
        """Where prepared distances are cut: beyond the truncation, since zooming out brings farther ones nearer."""
        return tuple(1.05 * value / min(1.0, self.zoom[0]) for value in self.truncation)

    def progress_at(self, iteration: int, of: int) -> float:
        """How much of the schedule lies behind, 0 to 1.

        Args:
            of: how many there will be. Where the end was moved, the rest of the schedule runs evenly from there.
        """
        if not self.turns:
            return iteration / max(of, 1)
        progress, (start, end) = 0.0, self.turns[0]
        for turn, later in self.turns[1:]:
            if iteration < turn:
                break
            progress += (1 - progress) * (turn - start) / (end - start)
            start, end = turn, later
        return min(1.0, progress + (1 - progress) * (iteration - start) / (end - start))

    def fault(self) -> str | None:
        """Says what makes no sense; None where all does. Values may be of any type."""
        count = len(self.segments)
        name = unfit(self)
        if name is None:
            fits = {
                "truncation": len(self.truncation) == count,
                "keep_largest": len(self.keep_largest) in (0, count),
                "least_parts": len(self.least_parts) in (0, count),
                "most_parts": len(self.most_parts) in (0, count),
                "step_seconds": len(self.step_seconds) in (0, 2),
                "turns": not self.turns or _are_turns(self.turns, self.iterations),
                "patch": self.network.has_room_for(self.patch, count),
                "overview": self.overview is None or self.overview.is_overview_of(self),
            }
            name = next((each for each, is_fit in fits.items() if not is_fit), None)
        return f'its "{_STORED_AS.get(name, name)}" makes no sense' if name is not None else None

    def is_overview_of(self, plan: Plan) -> bool:
        """Whether it tells of the same segments of the same scans, and has no overview of its own."""
        same = ("segments", "method", "normalization", "orientation")
        return self.overview is None and all(getattr(self, name) == getattr(plan, name) for name in same)

    def of_length(self, iterations: int) -> Plan:
        """The plan once it is known how many steps the training has.

        In a short one the networks teach each other later, and the weights are averaged over fewer steps: else the
        teachers would be networks that knew nothing yet.
        """
        share, decay = getattr(self.training, "averaged", 0.0), self.ema_decay
        if share:
            decay = min(decay, 1 - 1 / max(FEWEST_AVERAGED, share * iterations))
        mutual = self.mutual.begun_after(iterations, self.progress_at)
        return self.replaced(iterations=iterations, ema_decay=round(decay, 6), mutual=mutual)

    def replaced(self, **changes: Any) -> Plan:
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """A document that JSON holds."""
        values = {_STORED_AS.get(name, name): value for name, value in asdict(self.replaced(overview=None)).items()}
        if self.overview is not None:
            values["overview"] = self.overview.to_dict()
        else:
            del values["overview"]
        values["normalization"] = self.normalization.to_dict()
        return {"format": FORMAT, **values, "segments": [each.to_dict() for each in self.segments]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Plan:
        """The plan of a document.

        Older versions mirrored scans of paired structures. Here no plan mirrors anything if the names of its segments
        tell, or might tell, left from right.

        Raises:
            InputError: the document is damaged or of a newer format.
        """
        if not isinstance(data, dict) or not isinstance(data.get("format"), int):
            raise InputError("The training plan is damaged", REMEDY)
        if data["format"] > FORMAT:
            raise InputError(
                f"The training plan has format {data['format']}, this version reads up to {FORMAT}",
                "Update DualTaskSeg",
            )
        stored = {_STORED_AS.get(item.name, item.name): item.name for item in fields(cls)}
        try:
            values = {stored[key]: _tuples(value) for key, value in data.items() if key in stored}
            values["segments"] = segments_of(data["segments"])
            values["mutual"] = read_settings(MutualSettings, _tuples(data.get("mutual", {})), "mutual")
            values["training"] = training_settings(data.get("preset"), _tuples(data.get("training", {})))
            values["network"] = NetworkPlan(**_tuples(data["network"]))
            values["normalization"] = Normalization.from_dict(data["normalization"])
            if values.get("overview") is not None:
                values["overview"] = cls.from_dict(data["overview"])
            plan = cls(**values)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
            raise InputError(f"The training plan is damaged ({error})", REMEDY) from error
        fault = plan.fault()
        if fault is not None:
            raise InputError(f"The training plan is damaged: {fault}", REMEDY)
        as_published = isinstance(plan.training, PublishedSettings) and is_published_case(plan.segments)
        if not plan.sides_matter and not as_published and reason_of_names(plan.segments) is not None:
            plan = plan.replaced(mirror=(False, False, False), sides_matter=True)
        return plan


def _tuples(value: Any) -> Any:
    """JSON's lists as tuples, all the way down."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


def _are_turns(turns: tuple[tuple[int, int], ...], iterations: int) -> bool:
    """The first from 0 on, each later than the one before and before its own and the former end, the last the end."""
    starts, ends = [turn[0] for turn in turns], [turn[1] for turn in turns]
    rises = all(before < after for before, after in itertools.pairwise(starts))
    inside = all(start < end for start, end in turns) and all(a >= b for a, b in zip(ends, starts[1:], strict=False))
    return len(turns) <= MOST_TURNS and starts[0] == 0 and rises and inside and ends[-1] == iterations
