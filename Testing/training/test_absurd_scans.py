"""Scans and networks that give no sensible result are errors of that scan, never a mask that looks right."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from dualtaskseg.contract.segment import Segment
from dualtaskseg.errors import InputError
from dualtaskseg.inference import limits
from dualtaskseg.inference.predictor import Predictor, predict_prepared
from dualtaskseg.inference.resampling import CONSTANT
from dualtaskseg.inference.sliding_window import window_shape
from dualtaskseg.method.networks import build_networks, weights_of
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import write_model
from dualtaskseg.planning.plan import NetworkPlan, Normalization
from safetensors.torch import save_file
from test_predictor import make_model, make_plan

STEM = NetworkPlan("unet", (2, 2, 2), (4, 4, 8), ((1, 1, 1), (2, 2, 2), (2, 2, 2)), ((3, 3, 3),) * 3)
VNET = NetworkPlan("vnet", (1, 1, 1), (2, 4, 8), ((1, 1, 1), (2, 2, 2), (2, 2, 2)), ((3, 3, 3),) * 3)


def scan_of(array: np.ndarray, spacing: float = 1.0) -> sitk.Image:
    image = sitk.GetImageFromArray(array)
    image.SetSpacing((spacing,) * 3)
    return image


def noise(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


# --- networks


@pytest.mark.parametrize("factor", [1e38, 1e20, 1e10])
@pytest.mark.parametrize("which", ["probability", "distance"])
def test_weights_that_are_absurdly_large_are_refused(tmp_path, factor, which):
    """All of them finite; they once gave an empty mask, signed distance 0, "the networks agree to 1.00"."""
    plan = make_plan()
    weights = weights_of(build_networks(plan))
    for name, tensor in weights.items():
        if name.startswith(which):
            tensor.mul_(factor).clamp_(-3e38, 3e38)
    assert all(bool(torch.isfinite(tensor).all()) for tensor in weights.values())
    description = ModelDescription("Test", plan.segments, plan.to_dict(), {"labeled": 1})
    write_model(tmp_path / "model", description, lambda path: save_file(weights, path))
    with pytest.raises(InputError, match="absurdly large"):
        Predictor(tmp_path / "model", "cpu")


@pytest.mark.parametrize("factor", [1e38, 1e10])
@pytest.mark.parametrize("which", ["probability", "distance"])
def test_networks_that_give_no_numbers_do_not_agree_perfectly(tmp_path, factor, which):
    predictor = Predictor(make_model(tmp_path / "model", make_plan()), "cpu")
    with torch.no_grad():
        for parameter in getattr(predictor.networks, which).parameters():
            parameter.mul_(factor).clamp_(-3e38, 3e38)
    with pytest.raises(InputError, match="numbers that make no sense"):
        predictor.predict(scan_of(noise((20, 24, 20))))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("which", ["probability", "distance"])
@pytest.mark.parametrize("preset", ["quick", "paper"])
def test_infinite_scores_are_found_before_they_become_certainties(tmp_path, value, which, preset):
    """tanh makes 1 of infinity, and softmax 0 of its negative: both would be certain, in a single voxel too."""
    plan = make_plan(preset=preset)
    networks = build_networks(plan).eval()

    def spoil(module, arguments, output):
        output[0, -1, 3, 4, 5] = value
        return output

    getattr(networks, which).register_forward_hook(spoil)
    with pytest.raises(InputError, match="numbers that make no sense"):
        predict_prepared(networks, plan, noise((24, 24, 24)).astype(np.float32))


# --- intensities


@pytest.mark.parametrize("normalization", ["scan", "scan mean", "ct"])
@pytest.mark.parametrize("value", [1e300, -1e300, 3.4e38, -1e31])
def test_intensities_with_which_nothing_can_be_computed_are_refused(tmp_path, normalization, value):
    plan = make_plan(normalization=Normalization(normalization, -100.0, 100.0, 0.0, 1.0))
    predictor = Predictor(make_model(tmp_path / "model", plan), "cpu")
    array = noise((20, 20, 20))
    array[3, 4, 5] = value
    with pytest.raises(InputError, match="absurd intensities"):
        predictor.predict(scan_of(array))
    array[3, 4, 5] = np.sign(value) * 1e29
    summary = predictor.predict(scan_of(array)).summary
    assert np.isfinite([summary.agreement, summary.expected_dice, summary.disagreement]).all()


def test_voxels_that_are_no_numbers_are_told(tmp_path):
    plan = make_plan(normalization=Normalization("scan"))  # not for CT: noise is in no Hounsfield units
    predictor = Predictor(make_model(tmp_path / "model", plan), "cpu")
    array = noise((20, 20, 20)).astype(np.float32)
    array[0, 0, :7] = np.nan
    array[1, 1, 1] = np.inf
    (warning,) = predictor.predict(scan_of(array)).summary.warnings
    assert warning.startswith("8 voxels of the scan are no numbers") and f"{np.nanmin(array):g}" in warning
    assert predictor.predict(scan_of(np.full((20, 20, 20), np.nan))).summary.warnings == (CONSTANT,)


# --- sizes


@pytest.mark.parametrize("network", [None, STEM, VNET], ids=["unet", "stem", "vnet"])
@pytest.mark.parametrize("shape", [(2, 2, 2), (5, 6, 5), (6, 6, 6), (8, 8, 8), (1, 30, 9), (4, 4, 40), (16, 8, 4)])
def test_scans_smaller_than_the_networks_strides_are_segmented(tmp_path, network, shape):
    plan = make_plan(preset="paper" if network is VNET else "quick", **({"network": network} if network else {}))
    predictor = Predictor(make_model(tmp_path / "model", plan), "cpu")
    prediction = predictor.predict(scan_of(noise(shape)), sdm=True, uncertainty=True)
    assert prediction.label.GetSize() == prediction.uncertainty.GetSize() == shape[::-1]
    assert np.isfinite(sitk.GetArrayFromImage(prediction.sdm["Teil 1"])).all()
    prepared = predict_prepared(predictor.networks, plan, noise(shape).astype(np.float32))
    assert prepared.label.shape == shape


def test_no_window_leaves_a_single_voxel_on_the_coarsest_level():
    plan = make_plan()
    assert plan.network.total_stride == (4, 4, 4)
    assert window_shape((3, 9, 16), plan) == (8, 12, 16)
    assert window_shape((1, 500, 9), plan) == (24, 24, 24)
    assert window_shape((100, 100, 100), make_plan(patch=(4, 4, 24))) == (8, 8, 24)


def test_a_scan_smaller_than_what_the_networks_look_at_is_told(tmp_path):
    plan = make_plan(network=STEM, normalization=Normalization("scan"))
    predictor = Predictor(make_model(tmp_path / "model", plan), "cpu")
    (warning,) = predictor.predict(scan_of(noise((6, 6, 6)))).summary.warnings
    assert "covers only 6 x 6 x 6 mm" in warning and "24 x 24 x 24 mm" in warning
    assert predictor.predict(scan_of(noise((8, 6, 6)))).summary.warnings == ()


@pytest.mark.parametrize("spacing", [(0.005, 1, 1), (1, 1, 60), (28, 28, 28), (0.02, 0.02, 0.02), (0.1, 0.1, 0.1)])
def test_absurd_voxel_sizes_are_refused_with_the_size(tmp_path, spacing):
    predictor = Predictor(make_model(tmp_path / "model", make_plan()), "cpu")
    image = sitk.GetImageFromArray(noise((24, 24, 24)))
    image.SetSpacing(spacing)
    with pytest.raises(InputError, match=" x ".join(f"{step:g}" for step in spacing) + " mm"):
        predictor.predict(image)


@pytest.mark.parametrize("spacing", [(0.4, 0.4, 8), (5, 5, 5), (0.2, 0.2, 0.2)])
def test_unusual_voxel_sizes_are_not(tmp_path, spacing):
    predictor = Predictor(make_model(tmp_path / "model", make_plan(patch=(32, 32, 32))), "cpu")
    image = sitk.GetImageFromArray(noise((10, 24, 24)))
    image.SetSpacing(spacing)
    assert predictor.predict(image).label.GetSize() == (24, 24, 10)


def test_work_without_end_is_refused_before_it_begins(tmp_path, monkeypatch):
    """Before the scan's voxels are even looked at, which takes minutes where there are billions of them."""
    monkeypatch.setattr(limits, "MOST_WINDOWS", 10)
    monkeypatch.setattr("dualtaskseg.inference.resampling.intensity_range", None)
    predictor = Predictor(make_model(tmp_path / "model", make_plan(patch=(16, 16, 16))), "cpu")
    with pytest.raises(InputError, match=r"covers 48 x 48 x 48 mm, which are 125 patches.*at most 10 are computed"):
        predictor.predict(scan_of(noise((48, 48, 48))))


def test_the_largest_usual_scan_is_within_the_limits():
    from dualtaskseg.io.geometry import Geometry
    from dualtaskseg.method.registry import make_plan as planned
    from dualtaskseg.planning.rules import ScanStatistics

    scan = ScanStatistics((600, 512, 512), (0.8, 0.7, 0.7), ((60.0, 70.0, 70.0),) * 2, (25.0, 5.0))
    plan = planned([scan] * 4, [Segment("Organ", 1, (0, 0, 0))], "quick")
    limits.refuse_absurd_size(
        Geometry((512, 512, 1200), (0.7, 0.7, 0.8), (0, 0, 0)), (0.8, 0.7, 0.7), (1200, 512, 512), plan
    )


def test_results_that_do_not_fit_into_the_memory_are_refused_before_they_are_computed(tmp_path, monkeypatch):
    """With 255 segments the signed distances of a small scan fill a computer; the system would end the process."""
    monkeypatch.setattr(limits, "available_memory", lambda: 10**7)
    predictor = Predictor(make_model(tmp_path / "model", make_plan(values=tuple(range(1, 256)))), "cpu")
    predictor.networks = None  # is not asked
    scan = scan_of(noise((48, 48, 48)))
    with pytest.raises(InputError, match=r"need 0\.\d GB of memory, and 0.0 GB are free"):
        predictor.predict(scan, sdm=True)
