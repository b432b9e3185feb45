"""Segments scans with a trained model: masks, signed distances, probabilities, and where the two networks disagree.

Both networks are asked, and their predictions of each voxel averaged, P = (p + m) / 2, with p the probability network's
and m the soft mask of the distance network's signed distance. A method may read its networks otherwise, see
:meth:`dualtaskseg.method.base.Method.decode`; where it has no signed distances, they are computed from the mask.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dualtaskseg.data.assumed import scan_doubts
from dualtaskseg.data.label_arrays import counts_up_to
from dualtaskseg.data.overview import Overview
from dualtaskseg.errors import InputError
from dualtaskseg.inference.answers import Progress, Stop, collected
from dualtaskseg.inference.collectors import GridVolumes, ScanVolumes
from dualtaskseg.inference.device import choose_device
from dualtaskseg.inference.limits import refuse_beyond_memory, smallness_of
from dualtaskseg.inference.overview import collected_within, overview_of
from dualtaskseg.inference.parts import left_out_told, many_parts_told, without_parts
from dualtaskseg.inference.resampling import ArrayGrid, ScanGrid
from dualtaskseg.inference.uncertainty import Accumulator, Summary
from dualtaskseg.io.geometry import Geometry, geometry_of
from dualtaskseg.io.volume import Volume
from dualtaskseg.method.registry import method_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.method.weights import networks_of_file
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.model.weights_file import WEIGHTS_NAME
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.signed_distance import signed_distance
from dualtaskseg.progress import ignore, never

if TYPE_CHECKING:
    import SimpleITK

CUT_OFF = (
    "What was found goes on far beyond the places that a first, coarse look at the scan showed, and was cut off there; "
    "look at its ends"
)


class VolumeImages(Mapping):
    """Volumes by segment name, each made into a SimpleITK image, float32, when it is asked for.

    They are kept in half precision until then: with several segments and a large scan, memory would not hold them all.
    """

    def __init__(self, arrays: dict[str, Callable[[], np.ndarray]], geometry: Geometry) -> None:
        self._arrays = arrays
        self._geometry = geometry

    def __getitem__(self, name: str) -> SimpleITK.Image:
        return self.volume(name).image()

    def volume(self, name: str) -> Volume:
        """The same, to be read some slices at a time."""
        return Volume(self._arrays[name](), self._geometry, np.dtype(np.float32))

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)


@dataclass(frozen=True)
class Prediction:
    """What the networks say of one scan; every image lies on the scan's grid.

    Attributes:
        label_volume: the dataset's label values, 0 for background.
        sdm: float32 signed distance in mm by segment name, negative inside; empty unless asked for.
        probability: float32 from 0 to 1 by segment name; empty unless asked for.
        uncertainty_map: what :attr:`uncertainty` is made from, by that name; empty unless asked for.
    """

    label_volume: Volume
    sdm: VolumeImages
    probability: VolumeImages
    uncertainty_map: VolumeImages
    summary: Summary

    @property
    def label(self) -> SimpleITK.Image:
        """The mask as an image, made when it is asked for."""
        return self.label_volume.image()

    @property
    def uncertainty(self) -> SimpleITK.Image | None:
        """Float32 disagreement of the two networks from 0 to 1, made when it is asked for; None unless wanted."""
        return self.uncertainty_map.get("uncertainty")


@dataclass(frozen=True)
class PreparedPrediction:
    """What the networks say of a prepared scan, on the plan's grid. Labels are 0 or 1 to K, in the plan's order.

    Attributes:
        label_probability, label_distance: uint8 (z, y, x), what each network says by itself.
        label: uint8, what they say together.
        distance_mm: float16 (K, z, y, x) signed distances, negative inside; of ``label`` where the method has none.
        uncertainty: float16 (z, y, x), disagreement of the two networks from 0 to 1.
        summary: figures of the whole scan, ``volume_ml`` on the plan's grid.
    """

    label_probability: np.ndarray
    label_distance: np.ndarray
    label: np.ndarray
    distance_mm: np.ndarray
    uncertainty: np.ndarray
    summary: Summary


class Predictor:
    """A model, loaded and ready.

    Args:
        folder: a model folder, or a run folder with a finished model.
        device: see :func:`dualtaskseg.inference.device.choose_device`.
        mirror: whether to average over mirrored scans, along the axes that training mirrored: slower, a little better.

    Attributes:
        overview: coarse networks that find where to look, where the model has them; None to look everywhere.
        names: of the segments, in the plan's order.
        values: their label values.

    Raises:
        InputError: there is no model, it is damaged, its weights do not fit its plan, or there is no such device.
    """

    def __init__(self, folder: Path | str, device: str = "auto", mirror: bool = False) -> None:
        folder = find_model(folder)
        self.folder = folder
        self.description = read_model(folder)
        self.plan = plan_of(folder, self.description.plan)
        self.names = [segment.name for segment in self.description.segments]
        self.values = [segment.value for segment in self.description.segments]
        if [segment.value for segment in self.plan.segments] != self.values:
            raise InputError(f"The model in {folder} names other segments than its plan", "Get an intact copy of it")
        self.device = choose_device(device)
        self.networks = networks_of_file(folder / WEIGHTS_NAME, self.plan).to(self.device).eval()
        self.overview = None
        if self.plan.overview is not None:
            coarse = networks_of_file(folder / WEIGHTS_NAME, self.plan, of_overview=True)
            self.overview = coarse.to(self.device).eval()
        self.mirror = mirror

    def predict(
        self,
        image: SimpleITK.Image,
        sdm: bool = False,
        probability: bool = False,
        uncertainty: bool = False,
        on_progress: Progress = ignore,
        should_stop: Stop = never,
    ) -> Prediction:
        """Segments a scan of any size, spacing and orientation.

        Args:
            image: the scan. Voxels that are no number count as the lowest intensity.
            sdm, probability, uncertainty: what is wanted beside the mask.

        Raises:
            InputError: it is not a 3D scan of one number a voxel, its voxel size or intensities can't be meant, the
            networks gave no sensible numbers, or memory does not suffice. The scan is not named.
            StoppedError: ``should_stop`` answered True.
        """
        if image.GetDimension() != 3 or image.GetNumberOfComponentsPerPixel() != 1:
            raise InputError("This is not a 3D scan with one value for each voxel", "Give a 3D scan")
        geometry, grid = geometry_of(image), ScanGrid(image, self.plan)
        network_distance = sdm and method_of(self.plan).has_distance
        volumes_wanted = len(self.names) * (network_distance + probability) + uncertainty
        refuse_beyond_memory(grid.scan_shape, grid.shape, self.plan, volumes_wanted, self.device.type)

        def empty() -> ScanVolumes:
            return ScanVolumes(grid, self.plan, network_distance, probability, uncertainty, geometry.shape)

        warnings = scan_doubts(image, grid.intensities, self.plan.normalization.kind)
        warnings += filter(None, [smallness_of(geometry, grid.shape, self.plan)])
        overview = None
        if self.overview is not None and not grid.unseen:
            overview = overview_of(self.overview, self.plan.overview, ScanGrid(image, self.plan.overview), should_stop)
            warnings += _unseen_told(overview, self.names)
        asked = (self.networks, self.plan, grid, empty, self.mirror, on_progress, should_stop)
        volumes = collected(*asked) if overview is None else collected_within(*asked, overview)
        parts = without_parts(volumes, self.plan, image.GetSpacing(), volumes.distance)
        volume = _volumes_ml(volumes.label, self.names, image.GetSpacing())
        warnings += left_out_told(parts.left_out_ml, volume)
        warnings += many_parts_told(parts.left, self.names, self.plan)
        if volumes.is_cut_off:
            warnings.append(CUT_OFF)
        label = _with_values(volumes.label, self.values)
        return Prediction(
            label_volume=Volume(label, geometry, label.dtype),
            sdm=VolumeImages(self._distances(volumes, geometry) if sdm else {}, geometry),
            probability=VolumeImages(_later(self.names, volumes.probability), geometry),
            uncertainty_map=VolumeImages(
                _later(["uncertainty"], None if volumes.uncertainty is None else [volumes.uncertainty]), geometry
            ),
            summary=_summary(grid, volumes.accumulator, self.names, volume, warnings),
        )

    def _distances(self, volumes: ScanVolumes, geometry: Geometry) -> dict[str, Callable[[], np.ndarray]]:
        if volumes.distance is not None:
            return _later(self.names, volumes.distance)
        spacing = geometry.spacing_zyx

        def exact(index: int) -> Callable[[], np.ndarray]:
            return lambda: signed_distance(volumes.label == index + 1, spacing, self.plan.truncation[index])

        return {name: exact(index) for index, name in enumerate(self.names)}


def predict_prepared(
    networks: TwoNetworks,
    plan: Plan,
    image: np.ndarray,
    mirror: bool = False,
    should_stop: Stop = never,
    on_progress: Progress = ignore,
    overview: Overview | None = None,
) -> PreparedPrediction:
    """What the networks say of a prepared scan.

    Args:
        networks: on any device; they are asked as in prediction, without dropout, and left as they were.
        image: (z, y, x), normalised, on the plan's grid, as :meth:`PreparedCase.image` gives it.
        overview: of the scan, where the model has one.
    """
    grid = ArrayGrid(image)
    was_training = networks.training
    networks.eval()
    try:
        asked = (networks, plan, grid, lambda: GridVolumes(grid.shape, plan), mirror, on_progress, should_stop)
        volumes = collected(*asked) if overview is None or grid.unseen else collected_within(*asked, overview)
    finally:
        networks.train(was_training)
    without_parts(volumes, plan, plan.spacing)
    if not method_of(plan).has_distance:
        for index, truncation in enumerate(plan.truncation):
            volumes.distance[index] = signed_distance(volumes.label == index + 1, plan.spacing, truncation)
    names = [segment.name for segment in plan.segments]
    return PreparedPrediction(
        volumes.label_probability,
        volumes.label_distance,
        volumes.label,
        volumes.distance,
        volumes.uncertainty,
        _summary(grid, volumes.accumulator, names, _volumes_ml(volumes.label, names, plan.spacing)),
    )


def _summary(
    grid: ScanGrid | ArrayGrid,
    accumulator: Accumulator,
    names: Sequence[str],
    volume_ml: dict[str, float],
    warnings: Sequence[str] = (),
) -> Summary:
    """Figures of a scan, unknown ones where nothing can be seen in it."""
    if grid.unseen:
        return Summary.of_unseen(grid.unseen, volume_ml, warnings)
    return accumulator.summary(names, volume_ml, warnings)


def _unseen_told(overview: Overview, names: Sequence[str]) -> list[str]:
    """Sentences on segments that were not looked for closely."""
    return [
        f"Nothing of {name} was seen in a first, coarse look at the whole scan, so it was not looked for more closely"
        for name, is_found in zip(names, overview.found, strict=True)
        if not is_found
    ]


def _volumes_ml(label: np.ndarray, names: Sequence[str], spacing: Sequence[float]) -> dict[str, float]:
    """Volume of each segment, in milliliters."""
    voxel_ml = math.prod(spacing) / 1000
    return {name: float(n) * voxel_ml for name, n in zip(names, counts_up_to(label, len(names))[1:], strict=True)}


def _later(names: Sequence[str], arrays: Sequence[np.ndarray] | None) -> dict[str, Callable[[], np.ndarray]]:
    """Arrays by name, to be fetched when they are needed."""
    if arrays is None:
        return {}
    return {name: (lambda index=index: arrays[index]) for index, name in enumerate(names)}


def _with_values(label: np.ndarray, values: Sequence[int]) -> np.ndarray:
    """The dataset's label values in place of the segments' places, in the smallest type that holds them."""
    kind = next(kind for kind in (np.uint8, np.uint16, np.uint32) if max(values) <= np.iinfo(kind).max)
    if list(values) == list(range(1, len(values) + 1)):
        return label
    result = np.empty(label.shape, kind)
    for plane, source in zip(result, label, strict=True):  # plane by plane, since indexing widens its input
        plane[...] = np.array([0, *values], kind)[source]
    return result


def plan_of(folder: Path, data: dict[str, Any]) -> Plan:
    """The plan in a model's description.

    Raises:
        InputError: it is damaged, or of a method that this version doesn't know; it names the folder.
    """
    try:
        plan = Plan.from_dict(data)
        method_of(plan)
        return plan
    except InputError as error:
        raise InputError(f"The model in {folder} can't be used: {error.what}", error.remedy) from error
