"""The plan: everything that was decided about a training before it began, and why.

It is written into the run folder and into the model, so that a run can be repeated exactly and a prediction treats a
scan as the training did. Light: no torch, no SimpleITK.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from dualtaskseg.data.laterality import is_published_case, reason_of_names
from dualtaskseg.errors import InputError
from dualtaskseg.planning.plan_check import fault_of

FORMAT = 1


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

    kind: str
    stem: tuple[int, int, int]
    filters: tuple[int, ...]
    strides: tuple[tuple[int, int, int], ...]
    kernels: tuple[tuple[int, int, int], ...]

    @property
    def total_stride(self) -> tuple[int, int, int]:
        """By what the sides (z, y, x) of a patch must be divisible."""
        total = list(self.stem)
        for stride in self.strides:
            total = [a * b for a, b in zip(total, stride, strict=True)]
        return total[0], total[1], total[2]


@dataclass(frozen=True)
class Normalization:
    """How intensities are made comparable.

    Attributes:
        kind: ``"ct"``: clipped to [lower, upper], then minus mean, divided by deviation, the same for all scans;
            ``"scan"``: each scan clipped to its own 0.5 and 99.5 percentiles, then to mean 0 and deviation 1;
            ``"scan mean"``: each scan to mean 0 and deviation 1, not clipped (as the published code does).
        lower, upper, mean, deviation: for CT, from the voxels inside the labeled segments.
    """

    kind: str
    lower: float = 0.0
    upper: float = 0.0
    mean: float = 0.0
    deviation: float = 1.0


@dataclass(frozen=True)
class Plan:
    """See the module. Tuples of three are (z, y, x); lengths are in mm.

    Attributes:
        preset, method, seed: as asked.
        segments: documents with name, value, color, terminology, in the order of the network's channels.
        spacing: of the grid that is trained on.
        orientation: of its axes, as DICOM names them for (x, y, z).
        normalization: see there.
        patch: size of a patch in voxels.
        batch_labeled, batch_unlabeled: patches a step; without unlabeled scans, both numbers are labeled patches.
        network: shape of both networks.
        truncation: for each segment, where signed distances are cut.
        softness: over which length the soft mask changes from inside to outside.
        rotation: largest rotation about each axis in degrees.
        zoom: smallest and largest.
        mirror: axes that may be mirrored, in training and in prediction.
        sides_matter: left and right are told apart, so that nothing at all is mirrored.
        foreground_share: part of the labeled patches that are centered on a segment; the rest lie anywhere.
        rate: learning rate at its highest.
        averaging: decay of the averaged weights; 0 makes them the last weights.
        mutual: settings of the mutual part, see :class:`dualtaskseg.method.mutual.MutualSettings`.
        iterations: fixed after the calibration, 0 before; where a time budget asks for it, moved on the way.
        turns: where the end was moved, ``((0, first end), (iteration, later end), ...)``; the last one is
            ``iterations``. Empty where it was not.
        step_seconds: that a step took when the computer was measured: from labels alone, and mutually.
        calibrated: whether this machine's memory and speed were measured.
        precision: ``"float32"``, ``"bfloat16"`` or ``"float16"`` for the networks' arithmetic.
        keep_largest: for each segment, whether only its largest connected part is kept; decided on validation cases.
        notes: the decisions in plain words.
    """

    preset: str
    method: str
    seed: int
    segments: tuple[dict[str, Any], ...]
    spacing: tuple[float, float, float]
    normalization: Normalization
    patch: tuple[int, int, int]
    batch_labeled: int
    batch_unlabeled: int
    network: NetworkPlan
    truncation: tuple[float, ...]
    softness: float
    rotation: tuple[float, float, float] = (15.0, 15.0, 15.0)
    zoom: tuple[float, float] = (0.8, 1.25)
    mirror: tuple[bool, bool, bool] = (False, False, True)
    sides_matter: bool = False
    foreground_share: float = 0.67
    rate: float = 2e-3
    averaging: float = 0.99
    mutual: dict[str, Any] = field(default_factory=dict)
    orientation: str = "LPS"
    iterations: int = 0
    turns: tuple[tuple[int, int], ...] = ()
    step_seconds: tuple[float, ...] = ()
    calibrated: bool = False
    precision: str = "float32"
    keep_largest: tuple[bool, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def distance_reach(self) -> tuple[float, ...]:
        """Where prepared distances are cut: beyond the truncation, since zooming out brings farther ones nearer."""
        return tuple(1.05 * value / min(1.0, self.zoom[0]) for value in self.truncation)

    def progress_at(self, iteration: int, of: int) -> float:
        """How much of the schedule lies behind, 0 to 1.

        Args:
            iteration: steps done.
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

    def replaced(self, **changes: Any) -> Plan:
        return replace(self, **changes)

    def to_document(self) -> dict[str, Any]:
        """A document that JSON holds."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Plan:
        """The plan of a document.

        Older versions mirrored scans of paired structures. Here no plan mirrors anything if the names of its segments
        tell, or might tell, left from right.

        Raises:
            InputError: the document is damaged or of a newer format.
        """
        if not isinstance(document, dict) or not isinstance(document.get("format"), int):
            raise InputError("The training plan is damaged", "Use an intact copy of the run or model")
        if document["format"] > FORMAT:
            raise InputError(
                f"The training plan has format {document['format']}, this version reads up to {FORMAT}",
                "Update DualTaskSeg",
            )
        known = {item.name for item in fields(cls)}
        try:
            values = {key: _tuples(value) for key, value in document.items() if key in known}
            values["segments"] = tuple(document["segments"])
            values["mutual"] = dict(document.get("mutual", {}))
            values["network"] = NetworkPlan(**_tuples(document["network"]))
            values["normalization"] = Normalization(**document["normalization"])
            plan = cls(**values)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
            raise InputError(
                f"The training plan is damaged ({error})", "Use an intact copy of the run or model"
            ) from error
        fault = fault_of(plan)
        if fault is not None:
            raise InputError(f"The training plan is damaged: {fault}", "Use an intact copy of the run or model")
        as_published = plan.preset == "paper" and is_published_case(plan.segments)
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
