"""Prediction: the mask lands where the structure is; windows change nothing; memory stays bounded."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from childmemory import number_printed_by, only_on_linux
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.grid import on_plan_grid
from dualtaskseg.data.largest_part import implausible_beside_largest, largest_part, without_specks
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.inference import resampling as grid_module
from dualtaskseg.inference import sliding_window as windows
from dualtaskseg.inference.parts import many_parts_told
from dualtaskseg.inference.predictor import Predictor, predict_prepared
from dualtaskseg.inference.ranking import predicted_dice
from dualtaskseg.inference.resampling import CONSTANT, OUT_OF_RANGE, ArrayGrid, ScanGrid
from dualtaskseg.inference.sliding_window import slide_window, stream_axis, window_shape, window_starts
from dualtaskseg.inference.uncertainty import Accumulator, total_variation
from dualtaskseg.method.networks import build_networks, weights_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import write_model
from dualtaskseg.planning.plan import NetworkPlan, Normalization, Plan
from dualtaskseg.planning.settings import training_settings
from dualtaskseg.preparation.prepare import normalize
from dualtaskseg.preparation.signed_distance import signed_distance
from dualtaskseg.report.content import CaseFigures
from dualtaskseg.training.findings import with_forecast
from monai.inferers import sliding_window_inference
from safetensors.torch import save_file
from torch import nn

REACH = 12.0  # mm, truncation of signed distances


def make_plan(segments: int = 1, values: tuple[int, ...] = (), **changes) -> Plan:
    """A plan with tiny networks whose normalisation leaves intensities as they are."""
    values = values or tuple(range(1, segments + 1))
    preset = changes.pop("preset", "quick")
    return Plan(
        preset=preset,
        method="mutual",
        seed=0,
        segments=tuple(Segment(f"Teil {value}", value, (value % 256, 9, 9)) for value in values),
        spacing=changes.pop("spacing", (1.0, 1.0, 1.0)),
        normalization=changes.pop("normalization", Normalization("ct", -1e4, 1e4, 0.0, 1.0)),
        patch=changes.pop("patch", (24, 24, 24)),
        batch_labeled=1,
        batch_unlabeled=1,
        network=changes.pop(
            "network", NetworkPlan("unet", (1, 1, 1), (4, 4, 8), ((1, 1, 1), (2, 2, 2), (2, 2, 2)), ((3, 3, 3),) * 3)
        ),
        truncation=(REACH,) * len(values),
        temperature=1.0,
        training=training_settings(preset, {}),
        **changes,
    )


def make_model(folder: Path, plan: Plan) -> Path:
    """A model folder with random weights."""
    torch.manual_seed(3)
    weights = weights_of(build_networks(plan))
    description = ModelDescription("Test", plan.segments, plan.to_dict(), {"labeled": 1})
    write_model(folder, description, lambda path: save_file(weights, path))
    return folder


class FromIntensity(nn.Module):
    """A network that reads off a scan whose intensities are signed distances in mm of the first segment.

    The second segment, if there is one, is all that is farther than 4 mm from it on the outside, up to 8 mm.
    """

    def __init__(self, segments: int, kind: str, shift: float = 0.0) -> None:
        super().__init__()
        self.segments, self.kind, self.shift = segments, kind, shift

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        first = image + self.shift
        distances = torch.cat([first, (first - 6).abs() - 2][: self.segments], dim=1)
        if self.kind == "distance":
            return torch.atanh((distances / REACH).clamp(-0.999, 0.999))
        return torch.cat([torch.zeros_like(image), -4 * distances], dim=1)


@pytest.fixture
def predictor_of(tmp_path):
    """Makes a predictor whose networks are :class:`FromIntensity`."""

    def make(plan: Plan, shift: float = 0.0, **arguments) -> Predictor:
        predictor = Predictor(make_model(tmp_path / "Modell ß", plan), "cpu", **arguments)
        count = len(plan.segments)
        predictor.networks = TwoNetworks(
            FromIntensity(count, "probability"),
            FromIntensity(count, "distance", shift),
            list(plan.truncation),
            plan.temperature,
        ).eval()
        return predictor

    return make


# --- geometry


def rotation(seed: int) -> np.ndarray:
    matrix, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return matrix * np.sign(np.linalg.det(matrix))


def direction_of(code: str) -> np.ndarray:
    probe = sitk.DICOMOrient(sitk.Image([2, 2, 2], sitk.sitkUInt8), code)
    return np.array(probe.GetDirection()).reshape(3, 3)


DIRECTIONS = {code: direction_of(code) for code in ("LPS", "RAI", "PSR", "AIL", "SRP")} | {
    "oblique": rotation(1),
    "oblique and turned": rotation(2) @ direction_of("PIR"),
    "left-handed": np.diag([1.0, 1.0, -1.0]),
}
SPACINGS = {"as planned": (1.0, 1.0, 1.0), "anisotropic": (0.8, 1.3, 2.6), "fine": (0.5, 0.45, 0.6)}


def empty_scan(direction: np.ndarray, spacing: tuple[float, ...], side_mm: float = 40.0) -> sitk.Image:
    image = sitk.Image([round(side_mm * factor / step) for factor, step in zip((1, 1.2, 0.9), spacing, strict=True)], 8)
    image.SetSpacing(spacing)
    image.SetDirection(direction.ravel().tolist())
    image.SetOrigin((17.5, -40.25, 103.0))
    return image


def positions(image: sitk.Image) -> np.ndarray:
    """Positions in mm (z, y, x, 3) of all voxel centers."""
    indices = np.stack(np.meshgrid(*(np.arange(n) for n in image.GetSize()), indexing="ij"), -1).transpose(2, 1, 0, 3)
    matrix = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    return indices @ matrix.T + np.array(image.GetOrigin())


def capsule(points: np.ndarray) -> np.ndarray:
    """Signed distance in mm to a capsule that is not its own mirror image in any axis."""
    start, end, radius = np.array([-6.0, -3.0, 2.0]), np.array([5.0, 6.0, -4.0]), 5.5
    way = end - start
    along = np.clip((points - start) @ way / (way @ way), 0, 1)
    return np.linalg.norm(points - start - along[..., None] * way, axis=-1) - radius


def scan_of_capsule(direction: np.ndarray, spacing: tuple[float, ...]) -> tuple[sitk.Image, np.ndarray]:
    image = empty_scan(direction, spacing)
    center = np.array(image.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in image.GetSize()]))
    field = capsule(positions(image) - center)
    scan = sitk.GetImageFromArray(field.astype(np.float32))
    scan.CopyInformation(image)
    return scan, field


def dice(first: np.ndarray, second: np.ndarray) -> float:
    return 2 * np.count_nonzero(first & second) / (np.count_nonzero(first) + np.count_nonzero(second))


@pytest.mark.parametrize("spacing", SPACINGS.values(), ids=SPACINGS.keys())
@pytest.mark.parametrize("direction", DIRECTIONS.values(), ids=DIRECTIONS.keys())
def test_the_structure_is_found_where_it_is(predictor_of, direction, spacing):
    scan, field = scan_of_capsule(direction, spacing)
    prediction = predictor_of(make_plan()).predict(scan, sdm=True, probability=True, uncertainty=True)
    outputs = [prediction.label, prediction.sdm["Teil 1"], prediction.probability["Teil 1"], prediction.uncertainty]
    for image in outputs:
        assert image.GetSize() == scan.GetSize() and image.GetSpacing() == scan.GetSpacing()
        assert image.GetOrigin() == scan.GetOrigin() and image.GetDirection() == scan.GetDirection()
    label, distance, probability, doubt = (sitk.GetArrayFromImage(image) for image in outputs)
    inside = field < 0
    coarse = max(spacing) > 2
    assert dice(label == 1, inside) > (0.95 if coarse else 0.98)
    moved = np.argwhere(label).mean(0) - np.argwhere(inside).mean(0)
    assert np.abs(moved * spacing[::-1]).max() < 0.1  # mm
    band = np.abs(field) < 5
    assert np.abs(distance - field)[band].mean() < (0.3 if coarse else 0.15)
    assert distance[field < -1.5].max() < 0 < distance[field > 1.5].min()
    assert probability[field < -1.5].min() > 0.85 and probability[field > 1.5].max() < 0.15
    assert (distance.dtype, probability.dtype, doubt.dtype) == (np.float32,) * 3
    assert doubt.min() >= 0 and doubt.max() <= 1


@pytest.mark.parametrize(
    "normalization",
    [Normalization("scan"), Normalization("scan mean"), Normalization("ct", -300, 500, 90, 150)],
    ids=lambda n: n.kind,
)
@pytest.mark.parametrize("seed", range(6))
def test_a_scan_is_brought_to_the_grid_as_in_training(monkeypatch, seed, normalization):
    monkeypatch.setattr(windows, "BLOCK_VOXELS", 2000)
    monkeypatch.setattr(grid_module, "WHOLE_VOXELS", 0 if seed % 2 else 2**24)
    rng = np.random.default_rng(seed)
    array = rng.integers(-1000, 3000, rng.integers(8, 40, 3)).astype([np.int16, np.float32, np.float64][seed % 3])
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(rng.uniform(0.4, 4, 3).tolist())
    image.SetOrigin(rng.normal(size=3).tolist())
    image.SetDirection(list(DIRECTIONS.values())[seed].ravel().tolist())
    plan = make_plan(spacing=tuple(rng.uniform(0.5, 4, 3).tolist()), normalization=normalization)
    expected = normalize(
        sitk.GetArrayFromImage(on_plan_grid(sitk.Cast(image, sitk.sitkFloat32), plan.spacing, plan.orientation)),
        normalization,
    )
    grid = ScanGrid(image, plan)
    assert grid.shape == expected.shape
    for axis in range(3):
        blocks = [grid.read(axis, start, min(start + 3, grid.shape[axis])) for start in range(0, grid.shape[axis], 3)]
        np.testing.assert_allclose(np.concatenate(blocks, axis), expected, atol=2e-4)


def test_voxels_that_are_no_numbers_count_as_the_lowest(predictor_of):
    scan, _ = scan_of_capsule(DIRECTIONS["RAI"], SPACINGS["anisotropic"])
    array = np.maximum(sitk.GetArrayFromImage(scan), -4)
    holes = np.random.default_rng(0).random(array.shape) < 0.02
    predictor = predictor_of(make_plan(spacing=(2.5, 1.5, 1.5)))
    for bad in (np.nan, np.inf, -np.inf):
        image = sitk.GetImageFromArray(np.where(holes, np.float32(bad), array))
        filled = sitk.GetImageFromArray(np.where(holes, array[~holes].min(), array))
        image.CopyInformation(scan)
        filled.CopyInformation(scan)
        result, expected = (sitk.GetArrayFromImage(predictor.predict(each).label) for each in (image, filled))
        assert result.any() and (result == expected).all()


def one_voxel_apart() -> np.ndarray:
    array = np.full((20, 21, 22), 7, np.float32)
    array[3, 4, 5] = 8
    return array


@pytest.mark.parametrize(
    ("array", "normalization", "why"),
    [
        (np.zeros((20, 21, 22), np.int16), Normalization("scan"), CONSTANT),
        (np.full((20, 21, 22), 37.5, np.float32), Normalization("scan mean"), CONSTANT),
        (np.full((20, 21, 22), np.nan, np.float32), Normalization("scan"), CONSTANT),
        (one_voxel_apart(), Normalization("scan"), OUT_OF_RANGE),  # a range from the 0.5th to the 99.5th percentile
        (np.arange(9240).reshape(20, 21, 22) % 60 - 1000, Normalization("ct", -50, 150, 0, 50), OUT_OF_RANGE),
        (np.arange(9240).reshape(20, 21, 22) % 60 + 150, Normalization("ct", -50, 150, 0, 50), OUT_OF_RANGE),
    ],
)
def test_of_a_scan_in_which_nothing_can_be_seen_nothing_is_forecast(predictor_of, array, normalization, why):
    scan = sitk.GetImageFromArray(array)
    plan = make_plan(2, normalization=normalization)
    prediction = predictor_of(plan).predict(scan, sdm=True, probability=True, uncertainty=True)
    summary = prediction.summary
    assert summary.unseen == summary.warnings[-1] == why
    assert (summary.agreement, summary.expected_dice, summary.disagreement) == (None, None, None)
    assert (summary.agreement_of, summary.expected_dice_of, predicted_dice(summary, 1.0)) == ({}, {}, None)
    assert not sitk.GetArrayFromImage(prediction.label).any()
    assert (sitk.GetArrayFromImage(prediction.sdm["Teil 2"]) == REACH).all()
    assert not sitk.GetArrayFromImage(prediction.probability["Teil 1"]).any()
    assert prediction.summary.volume_ml == {"Teil 1": 0.0, "Teil 2": 0.0}


def test_something_else_than_a_volume_is_refused(predictor_of):
    predictor = predictor_of(make_plan())
    for image in (sitk.Image([8, 8], sitk.sitkUInt8), sitk.Image([8, 8, 8], sitk.sitkVectorUInt8, 3)):
        with pytest.raises(InputError, match="3D"):
            predictor.predict(image)


# --- label values, segments, parts


@pytest.mark.parametrize(("values", "kind"), [((7, 200), "uint8"), ((2, 300), "uint16"), ((1, 70000), "uint32")])
def test_labels_have_the_values_of_the_dataset(predictor_of, values, kind):
    scan, field = scan_of_capsule(DIRECTIONS["LPS"], SPACINGS["as planned"])
    prediction = predictor_of(make_plan(values=values)).predict(scan, sdm=True)
    label = sitk.GetArrayFromImage(prediction.label)
    assert label.dtype == kind and set(np.unique(label)) == {0, *values}
    assert dice(label == values[0], field < 0) > 0.98
    assert dice(label == values[1], np.abs(field - 6) < 2) > 0.97
    distance = sitk.GetArrayFromImage(prediction.sdm[f"Teil {values[1]}"])
    expected = np.abs(field - 6) - 2
    assert np.abs(distance - expected)[(expected < 1) & (field < 10)].mean() < 0.2
    volume = prediction.summary.volume_ml[f"Teil {values[0]}"]
    assert volume == pytest.approx(np.count_nonzero(label == values[0]) / 1000)


def two_spots() -> sitk.Image:
    """Distances in mm to a ball of 5 mm or one of 3 mm, whichever is nearer."""
    image = empty_scan(DIRECTIONS["PSR"], (1.2, 0.9, 1.1), 48.0)
    center = np.array(image.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in image.GetSize()]))
    points = positions(image) - center
    large = np.linalg.norm(points - np.array([-9.0, 2, 0]), axis=-1) - 5
    small = np.linalg.norm(points - np.array([9.0, -3, 2]), axis=-1) - 3
    scan = sitk.GetImageFromArray(np.minimum(large, small).astype(np.float32))
    scan.CopyInformation(image)
    return scan


@pytest.mark.parametrize("keeps", [True, False])
def test_only_the_largest_part_is_kept_where_the_plan_says_so(predictor_of, keeps):
    scan = two_spots()
    field = sitk.GetArrayFromImage(scan)
    prediction = predictor_of(make_plan(keep_largest=(keeps,))).predict(scan, sdm=True)
    label = sitk.GetArrayFromImage(prediction.label)
    distance = sitk.GetArrayFromImage(prediction.sdm["Teil 1"])
    parts = sitk.GetArrayFromImage(sitk.ConnectedComponent(prediction.label))
    assert parts.max() == (1 if keeps else 2)
    assert (largest_part(field < 0) & (label == 0)).sum() < 0.04 * (field < 0).sum()
    away = (field < -1) & (label == 0)  # in the small ball
    assert away.any() == keeps and not (distance[away] < 0).any()


@pytest.mark.parametrize("leaves_out", [True, False])
def test_a_part_that_one_network_alone_sees_is_left_out_where_the_plan_says_so(predictor_of, leaves_out):
    """The distance network sees no more than the middle of the large ball, and nothing of the small one."""
    scan = two_spots()
    field = sitk.GetArrayFromImage(scan)
    predictor = predictor_of(make_plan(2, leave_out_doubted=leaves_out), shift=3.5)
    prediction = predictor.predict(scan, sdm=True, probability=True, uncertainty=True)
    ball = sitk.GetArrayFromImage(prediction.label) == 1
    parts = sitk.GetArrayFromImage(sitk.ConnectedComponent(sitk.GetImageFromArray(ball.astype(np.uint8))))
    assert parts.max() == (1 if leaves_out else 2)
    left_out = (field < -1) & ~ball & ~largest_part(field < 0)
    assert left_out.any() == leaves_out and (largest_part(field < 0) & ball).any()
    told = [warning for warning in prediction.summary.warnings if "apart from the main part of Teil 1" in warning]
    assert len(told) == leaves_out
    distance = sitk.GetArrayFromImage(prediction.sdm["Teil 1"])
    assert np.abs(distance - field - 3.5)[np.abs(field) < 3].mean() < 0.3
    assert sitk.GetArrayFromImage(prediction.uncertainty)[field > 9].max() < 0.1
    assert sitk.GetArrayFromImage(prediction.probability["Teil 2"])[field < -2].max() < 0.1


def test_a_prepared_scan_has_no_doubted_parts_either(predictor_of):
    plan = make_plan(leave_out_doubted=True)
    image = sitk.GetArrayFromImage(two_spots())
    found = predict_prepared(predictor_of(plan, shift=3.5).networks, plan, image)
    assert np.unique(found.label).tolist() == [0, 1] and np.array_equal(found.label == 1, largest_part(found.label))
    assert (found.label_probability > found.label).any()


@pytest.mark.parametrize(("least", "parts"), [(50.0, 2), (250.0, 1), (1e6, 1)])
def test_parts_below_the_plans_volume_are_left_out_but_never_the_largest(predictor_of, least, parts):
    """The small ball has about 110 mm³."""
    prediction = predictor_of(make_plan(least_parts=(least,))).predict(two_spots())
    found = sitk.GetArrayFromImage(sitk.ConnectedComponent(prediction.label))
    assert found.max() == parts and np.count_nonzero(found) > 300
    told = [warning for warning in prediction.summary.warnings if "apart from the main part of Teil 1" in warning]
    assert len(told) == 2 - parts and all(warning.startswith("0.1") for warning in told)


@pytest.mark.parametrize(("least", "most", "told"), [(50.0, 1, 1), (50.0, 2, 0), (50.0, 0, 0), (250.0, 1, 0)])
def test_more_parts_than_in_any_outlined_scan_are_told(predictor_of, least, most, told):
    """Two balls are found; of 250 mm³ the small one is left out."""
    prediction = predictor_of(make_plan(least_parts=(least,), most_parts=(most,))).predict(two_spots())
    found = [warning for warning in prediction.summary.warnings if "look whether all are meant" in warning]
    assert len(found) == told
    assert all("Teil 1 has 2 parts here, in each outlined scan a single one" in warning for warning in found)


def test_specks_are_no_parts():
    label = np.zeros((4, 40, 40), np.uint8)
    label[:, :20, :20] = label[:, 30:, 30:] = label[0, 0, 39] = 1
    kept: list[np.ndarray] = []
    list(implausible_beside_largest(label, 1, 0, 0.0, kept))
    assert [len(without_specks(sizes)) for sizes in kept] == [2]
    told = many_parts_told([3, 2], ["A", "B"], make_plan(segments=2, most_parts=(2, 2)))
    assert told == ["A has 3 parts here, in outlined scans 2 at most: look whether all are meant"]


def test_the_largest_part_of_nothing_is_nothing():
    assert not largest_part(np.zeros((3, 4, 5), np.uint8)).any()
    corner = np.zeros((4, 4, 4), bool)
    corner[0, 0, 0] = corner[1, 1, 1] = corner[3, 3, 3] = True
    assert largest_part(corner).sum() == 2


def test_the_published_method_infers_with_the_probability_network_and_measures_its_mask(predictor_of):
    scan, field = scan_of_capsule(DIRECTIONS["oblique"], SPACINGS["anisotropic"])
    plan = make_plan(preset="paper", keep_largest=(True,))
    predictor = predictor_of(plan, shift=100.0)  # the distance network finds nothing, and must not matter
    predictor.networks.exclusive = False
    predictor.networks.probability = nn.Sequential(predictor.networks.probability, _LastChannels(1))
    prediction = predictor.predict(scan, sdm=True, uncertainty=True)
    label = sitk.GetArrayFromImage(prediction.label)
    assert dice(label == 1, field < 0) > 0.95
    expected = signed_distance(label, scan.GetSpacing()[::-1], REACH)
    np.testing.assert_array_equal(sitk.GetArrayFromImage(prediction.sdm["Teil 1"]), expected)
    assert prediction.summary.agreement == 0
    assert sitk.GetArrayFromImage(prediction.uncertainty)[field < -2].min() > 0.9


class _LastChannels(nn.Module):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return values[:, -self.count :]


# --- what the two networks make of each other


def test_disagreement_is_the_total_variation_distance():
    first = torch.tensor([[1.0, 0.2], [0.0, 0.5], [0.0, 0.3]])
    second = torch.tensor([[0.0, 0.2], [1.0, 0.5], [0.0, 0.3]])
    assert total_variation(first, second).tolist() == [1.0, 0.0]


def test_the_summary_is_what_its_definitions_say(predictor_of):
    scan, field = scan_of_capsule(DIRECTIONS["LPS"], SPACINGS["as planned"])
    shift = 1.5
    predictor = predictor_of(make_plan(), shift=shift)
    prediction = predictor.predict(scan, probability=True, uncertainty=True)
    summary = prediction.summary
    assert summary.agreement == pytest.approx(dice(field < 0, field + shift < 0), abs=1e-6)
    assert summary.agreement_of == {"Teil 1": summary.agreement}
    probability = 1 / (1 + np.exp(4 * field))
    mask = 1 / (1 + np.exp((field + shift).clip(-REACH * 0.999, REACH * 0.999)))
    together = (probability + mask) / 2
    hard = together > 0.5
    expected = 2 * together[hard].sum() / (together.sum() + hard.sum())
    assert summary.expected_dice == pytest.approx(expected, abs=1e-3)
    doubt = sitk.GetArrayFromImage(prediction.uncertainty)
    np.testing.assert_allclose(doubt, np.abs(probability - mask), atol=2e-3)
    assert summary.disagreement == pytest.approx(np.abs(probability - mask)[field < 0].mean(), abs=2e-3)
    np.testing.assert_allclose(sitk.GetArrayFromImage(prediction.probability["Teil 1"]), together, atol=2e-3)


def test_a_tally_in_pieces_is_the_tally_of_all():
    torch.manual_seed(0)
    probability = torch.rand(3, 6, 5, 4).softmax(0)
    labels = torch.randint(0, 3, (3, 6, 5, 4))
    doubt = torch.rand(6, 5, 4)
    whole, pieces = Accumulator(2), Accumulator(2)
    whole.add(probability, *labels, doubt)
    for part in (slice(0, 1), slice(1, 4), slice(4, 6)):
        pieces.add(probability[:, part], *labels[:, part], doubt[part])
    assert whole.summary(["a", "b"]).expected_dice == pytest.approx(pieces.summary(["a", "b"]).expected_dice)
    assert whole.summary(["a", "b"]).agreement_of == pytest.approx(pieces.summary(["a", "b"]).agreement_of)


def test_a_prepared_scan_is_seen_as_the_scan_itself(tmp_path):
    plan = make_plan(2, spacing=(1.0, 1.0, 1.0), normalization=Normalization("scan"), keep_largest=(True, False))
    predictor = Predictor(make_model(tmp_path / "model", plan), "cpu")
    scan, _ = scan_of_capsule(DIRECTIONS["LPS"], SPACINGS["as planned"])
    array = normalize(
        sitk.GetArrayFromImage(on_plan_grid(scan, plan.spacing, plan.orientation)), plan.normalization
    ).astype(np.float16)
    predictor.networks.train()
    prediction_on_grid = predict_prepared(predictor.networks, plan, array)
    assert predictor.networks.training
    predictor.networks.eval()
    prediction = predictor.predict(scan, sdm=True, uncertainty=True)
    label = sitk.GetArrayFromImage(prediction.label)
    assert label.any() and (prediction_on_grid.label != label).mean() < 0.01
    assert (
        prediction_on_grid.label.dtype
        == prediction_on_grid.label_probability.dtype
        == prediction_on_grid.label_distance.dtype
        == np.uint8
    )
    assert prediction_on_grid.summary.agreement == pytest.approx(prediction.summary.agreement, abs=0.02)
    distance = np.stack([sitk.GetArrayFromImage(prediction.sdm[name]) for name in predictor.names])
    assert np.abs(prediction_on_grid.distance_mm - distance).mean() < 0.05
    assert np.abs(prediction_on_grid.uncertainty - sitk.GetArrayFromImage(prediction.uncertainty)).mean() < 0.01


def test_of_a_prepared_scan_without_content_nothing_is_forecast(tmp_path):
    plan = make_plan(2)
    networks = Predictor(make_model(tmp_path / "model", plan), "cpu").networks
    prediction = predict_prepared(networks, plan, np.full((24, 20, 22), 0.5, np.float16))
    assert prediction.summary.unseen == OUT_OF_RANGE and prediction.summary.agreement is None
    assert not prediction.label.any() and (prediction.distance_mm == REACH).all()
    figures = [CaseFigures("a", "unlabeled"), CaseFigures("b", "unlabeled", agreement=0.5)]
    assert [entry.expected_dice for entry in with_forecast(figures, 0.8)] == [None, 0.4]


# --- windows


def test_windows_lie_as_monai_lays_them():
    assert window_starts((20, 64, 65), (24, 32, 32)) == [[0], [0, 16, 32], [0, 16, 32, 33]]
    plan = make_plan(patch=(16, 16, 16))
    assert window_shape((20, 9, 16), plan) == (20, 12, 16)
    assert window_shape((21, 9, 16), plan) == (16, 16, 16)
    assert stream_axis((60, 100, 50), (20, 50, 20)) == 0


@pytest.mark.parametrize("shape", [(41, 50, 37), (16, 70, 33), (20, 20, 61), (10, 40, 40)])
def test_streaming_equals_monai(shape, monkeypatch):
    monkeypatch.setattr(windows, "BLOCK_VOXELS", 5000)
    torch.manual_seed(1)
    plan = make_plan(2, patch=(16, 20, 24))
    networks = build_networks(plan).eval()
    image = torch.randn(shape)

    def compute(images: torch.Tensor) -> torch.Tensor:
        return torch.cat([networks.probabilities(images), networks.distances(images)], dim=1)

    with torch.inference_mode():
        expected = sliding_window_inference(
            image[None, None], plan.patch, 1, compute, 0.5, mode="gaussian", sigma_scale=0.125, padding_mode="replicate"
        )[0]
        for axis in range(3):
            if shape[axis] < plan.patch[axis]:
                continue
            firsts, blocks = [], []

            def consume(first: int, values: torch.Tensor, firsts=firsts, blocks=blocks) -> None:
                firsts.append(first)
                blocks.append(values)

            slide_window(ArrayGrid(image.numpy()), plan.patch, compute, 5, consume, torch.device("cpu"), axis)
            assert firsts == np.cumsum([0, *(block.shape[axis + 1] for block in blocks)])[:-1].tolist()
            result = torch.cat(blocks, dim=axis + 1)
            assert result.shape == expected.shape
            assert float((result - expected).abs().max()) < 1e-4


def test_a_layer_in_half_precision_is_exact_enough(monkeypatch):
    torch.manual_seed(1)
    plan = make_plan(2, patch=(16, 16, 16))
    networks = build_networks(plan).eval()
    image = np.random.default_rng(0).normal(size=(30, 40, 50)).astype(np.float16)
    exact = predict_prepared(networks, plan, image)
    monkeypatch.setattr(windows, "HALF_ABOVE", 0)
    half = predict_prepared(networks, plan, image)
    assert np.abs(exact.distance_mm.astype(np.float32) - half.distance_mm).max() < 2e-3 * REACH
    assert (exact.label != half.label).mean() < 1e-3


@pytest.mark.parametrize("direction", ["LPS", "SRP", "oblique and turned"])
def test_windows_give_what_the_whole_gives(predictor_of, monkeypatch, direction):
    """With networks that see single voxels, windows, blocks and layers must leave no trace."""
    scan, _ = scan_of_capsule(DIRECTIONS[direction], SPACINGS["anisotropic"])
    whole = predictor_of(make_plan(2, patch=(64, 64, 64))).predict(scan, True, True, True)
    monkeypatch.setattr(windows, "BLOCK_VOXELS", 3000)
    monkeypatch.setattr(grid_module, "WHOLE_VOXELS", 0)
    small = predictor_of(make_plan(2, patch=(12, 8, 16))).predict(scan, True, True, True)
    pairs = [(whole.label, small.label), (whole.uncertainty, small.uncertainty)]
    pairs += [(whole.sdm[name], small.sdm[name]) for name in whole.sdm]
    pairs += [(whole.probability[name], small.probability[name]) for name in whole.probability]
    for first, second in pairs:
        np.testing.assert_allclose(sitk.GetArrayFromImage(first), sitk.GetArrayFromImage(second), rtol=1e-3, atol=5e-3)
    assert whole.summary.agreement == pytest.approx(small.summary.agreement, abs=1e-6)


@pytest.mark.parametrize("shape", [(3, 4, 5), (1, 30, 30), (70, 6, 40)])
def test_scans_smaller_than_a_patch_are_continued_from_their_border(tmp_path, shape):
    plan = make_plan(patch=(24, 24, 24))
    predictor = Predictor(make_model(tmp_path / "model", plan), "cpu")
    array = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    prediction = predictor.predict(sitk.GetImageFromArray(array), sdm=True)
    assert prediction.label.GetSize() == shape[::-1]
    assert np.isfinite(sitk.GetArrayFromImage(prediction.sdm["Teil 1"])).all()


def test_mirrored_averaging_uses_the_planned_axes_only(tmp_path):
    plan = make_plan(mirror=(False, False, True), patch=(16, 16, 16))
    folder = make_model(tmp_path / "model", plan)
    array = np.random.default_rng(0).normal(size=(16, 16, 16)).astype(np.float32)
    predictor = Predictor(folder, "cpu", mirror=True)

    def distance(values: np.ndarray) -> np.ndarray:
        image = sitk.GetImageFromArray(np.ascontiguousarray(values))
        return sitk.GetArrayFromImage(predictor.predict(image, sdm=True).sdm["Teil 1"])

    np.testing.assert_allclose(distance(array[:, :, ::-1])[:, :, ::-1], distance(array), atol=2e-2)
    assert np.abs(distance(array[::-1])[::-1] - distance(array)).max() > 0.1


def test_stopping_and_progress(predictor_of):
    scan, _ = scan_of_capsule(DIRECTIONS["LPS"], SPACINGS["as planned"])
    predictor = predictor_of(make_plan(patch=(16, 16, 16)))
    told = []
    predictor.predict(scan, on_progress=lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == list(range(1, told[-1][1] + 1)) and len({of for _, of in told}) == 1
    with pytest.raises(StoppedError):
        predictor.predict(scan, should_stop=lambda: True)


def test_when_memory_runs_out_it_is_said(predictor_of):
    class Greedy(nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return torch.empty(2**60)

    predictor = predictor_of(make_plan())
    predictor.networks.probability = Greedy()
    scan, _ = scan_of_capsule(DIRECTIONS["LPS"], SPACINGS["as planned"])
    with pytest.raises(InputError, match="Memory does not suffice"):
        predictor.predict(scan)


def test_a_scan_far_too_large_for_the_model_is_refused_at_once(predictor_of):
    scan = sitk.Image([64, 64, 64], sitk.sitkFloat32)
    scan[3, 3, 3] = 1
    scan.SetSpacing([50.0, 50.0, 50.0])
    with pytest.raises(InputError, match=r"covers 3200 x 3200 x 3200 mm.*voxels of"):
        predictor_of(make_plan()).predict(scan)


# --- the model folder


def test_weights_of_another_plan_are_refused(tmp_path):
    plan = make_plan()
    other = weights_of(build_networks(make_plan(3)))
    description = ModelDescription("Test", plan.segments, plan.to_dict(), {"labeled": 1})
    write_model(tmp_path / "model", description, lambda path: save_file(other, path))
    with pytest.raises(InputError, match="do not fit"):
        Predictor(tmp_path / "model", "cpu")


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    plan = make_plan()
    weights = weights_of(build_networks(plan))
    next(iter(weights.values())).view(-1)[0] = float("nan")
    description = ModelDescription("Test", plan.segments, plan.to_dict(), {"labeled": 1})
    write_model(tmp_path / "model", description, lambda path: save_file(weights, path))
    with pytest.raises(InputError, match="no numbers"):
        Predictor(tmp_path / "model", "cpu")


# --- memory and time

MEMORY_SCRIPT = """
import sys
import numpy as np, SimpleITK as sitk, torch
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.method.two_networks import TwoNetworks

predictor = Predictor(sys.argv[1], "cpu")
tiny = [torch.nn.Conv3d(1, channels, 1) for channels in (3, 2)]  # so that it is not their memory that is measured
predictor.networks = TwoNetworks(*tiny, list(predictor.plan.truncation), 1.0).eval()


def scan_of(shape):
    image = sitk.Image(shape, sitk.sitkFloat32)
    image[0, 0, 0] = 1
    return image


predictor.predict(scan_of([80, 80, 80]))
before = peak_memory()
shape = [320, 256, 288]
predictor.predict(scan_of(shape))
print((peak_memory() - before) / (4 * np.prod(shape)))
"""


@only_on_linux
def test_memory_stays_bounded(tmp_path):
    """The scan itself and all that is added, with two segments, stay below three times its size in float32."""
    folder = make_model(tmp_path / "model", make_plan(2, patch=(64, 64, 64)))
    assert 1 < number_printed_by(MEMORY_SCRIPT, folder) < 3


@pytest.mark.undisturbed
def test_not_slower_than_monai():
    """A generous bound, as tests run beside other work; the measurement is in Testing/benchmarks."""
    torch.manual_seed(1)
    plan = make_plan(2, patch=(32, 32, 32))
    networks = build_networks(plan).eval()
    image = torch.randn(48, 64, 80)

    def compute(images: torch.Tensor) -> torch.Tensor:
        return torch.cat([networks.probabilities(images)[:, 1:], networks.distances(images)], dim=1)

    def ours() -> None:
        slide_window(ArrayGrid(image.numpy()), plan.patch, compute, 4, lambda *_: None, torch.device("cpu"))

    def monai() -> None:
        sliding_window_inference(image[None, None], plan.patch, 1, compute, 0.5, mode="gaussian")

    seconds: dict = {ours: [], monai: []}
    with torch.inference_mode():
        for _ in range(3):
            for function, times in seconds.items():
                started = time.perf_counter()
                function()
                times.append(time.perf_counter() - started)
    assert min(seconds[ours]) < 1.3 * min(seconds[monai])
