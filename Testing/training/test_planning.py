"""The plan follows from the scans, and survives being written down."""

from __future__ import annotations

import copy
import json
from dataclasses import astuple, replace
from typing import Any

import numpy as np
import pytest
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.grid import target_spacing
from dualtaskseg.errors import InputError
from dualtaskseg.method.mutual import METHOD
from dualtaskseg.method.registry import make_plan
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import ScanStatistics
from dualtaskseg.planning.settings import WEAK_INTENSITY, MutualSettings, PublishedSettings, TrainingSettings

SEGMENTS = [Segment("Organ", 1, (200, 80, 60))]


def scan(size, spacing, box=None, radius=None, sample=()) -> ScanStatistics:
    if box is None:
        return ScanStatistics(size, spacing)
    return ScanStatistics(size, spacing, (box,), (radius,), tuple(sample))


def hippocampus() -> list[ScanStatistics]:
    return [scan((35, 51, 36), (1.0, 1.0, 1.0), (20.0, 40.0, 20.0), 4.5)] * 8 + [scan((36, 50, 35), (1.0,) * 3)] * 50


def thick_slices() -> list[ScanStatistics]:
    return [scan((22, 512, 512), (5.0, 0.43, 0.43), (60.0, 80.0, 80.0), 20.0)] * 5


def abdomen() -> list[ScanStatistics]:
    sample = np.linspace(-50, 200, 200)
    return [scan((300, 512, 512), (1.0, 0.8, 0.8), (160.0, 180.0, 220.0), 40.0, sample)] * 6


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("scans", [hippocampus(), thick_slices(), abdomen()], ids=["small", "thick", "large"])
def test_every_plan_fits_its_preset_and_its_network(preset, scans):
    plan = make_plan(scans, SEGMENTS, preset)
    assert all(side % step == 0 for side, step in zip(plan.patch, plan.network.total_stride, strict=True))
    assert np.prod(plan.patch) <= 1.5 * PRESETS[preset].patch_voxels
    assert len(plan.network.filters) == len(plan.network.strides) == len(plan.network.kernels)
    finest = min(plan.spacing)
    assert all(8 * finest - 1e-3 <= value <= 20 * finest + 1e-3 for value in plan.truncation)
    assert plan.notes


def test_small_scans_keep_their_spacing_and_fit_into_a_patch():
    plan = make_plan(hippocampus(), SEGMENTS, "quick")
    assert plan.spacing == (1.0, 1.0, 1.0)
    assert all(side >= size for side, size in zip(plan.patch, (32, 48, 32), strict=True))
    assert plan.truncation == (8.0,)


@pytest.mark.parametrize("size", [(1, 64, 64), (3, 20, 20), (8, 8, 8), (20, 24, 20)])
def test_tiny_and_flat_scans_get_a_network_too(size):
    plan = make_plan([scan(size, (1.0, 1.0, 1.0), (3.0, 3.0, 3.0), 1.5)], SEGMENTS, "quick")
    assert len(plan.network.filters) >= 3
    assert all(side % step == 0 for side, step in zip(plan.patch, plan.network.total_stride, strict=True))


def test_thick_slices_get_flat_kernels_and_are_not_tilted():
    plan = make_plan(thick_slices(), SEGMENTS, "best")
    assert plan.spacing[0] == pytest.approx(5.0)
    assert plan.network.kernels[0] == (1, 3, 3)
    assert plan.network.strides[1][0] == 1 and plan.network.strides[1][1:] == (2, 2)
    assert plan.rotation[0] > plan.rotation[1]


def test_a_large_scan_is_coarsened_for_a_small_patch_but_not_beyond_the_structure():
    quick, best = (make_plan(abdomen(), SEGMENTS, preset) for preset in ("quick", "best"))
    assert min(quick.spacing) > min(best.spacing)
    extent = np.array(quick.patch) * np.array(quick.spacing)
    assert (extent > 120).all()
    tiny = [scan((300, 512, 512), (1.0, 0.8, 0.8), (160.0, 180.0, 220.0), 3.0)] * 6
    assert max(make_plan(tiny, SEGMENTS, "quick").spacing) <= 1.02  # six voxels across 6 mm


def test_ct_is_clipped_to_the_foreground_and_mr_is_not():
    ct = make_plan(abdomen(), SEGMENTS, modality="CT").normalization
    assert ct.kind == "ct" and -50 < ct.lower < -45 and 195 < ct.upper < 200
    assert make_plan(abdomen(), SEGMENTS, modality="MR").normalization.kind == "scan"


def test_sided_structures_are_not_mirrored():
    left = [replace(SEGMENTS[0], name="Left kidney")]
    assert not any(make_plan(hippocampus(), left).mirror)
    assert any(make_plan(hippocampus(), SEGMENTS).mirror)


def test_only_thick_slices_get_flat_kernels_not_axes_that_were_halved_before_others():
    scans = [scan((60, 140, 190), (0.6,) * 3, (60.0, 60.0, 60.0), 15.0)] * 3
    for preset in ("quick", "standard", "best"):
        assert set(make_plan(scans, SEGMENTS, preset).network.kernels) == {(3, 3, 3)}


def test_one_odd_scan_does_not_set_the_spacing():
    scans = [scan((50, 50, 50), (1.0, 1.0, 1.0))] * 9 + [scan((10, 10, 10), (9.0, 9.0, 9.0))]
    assert target_spacing([scan.spacing for scan in scans]) == (1.0, 1.0, 1.0)


def test_supervised_is_what_remains_without_unlabeled_scans():
    assert make_plan(hippocampus(), SEGMENTS, has_unlabeled=False).method == "supervised"


def test_the_paper_preset_has_the_published_settings():
    large = [scan((88, 140, 190), (0.625,) * 3, (60.0, 60.0, 60.0), 15.0)] * 3
    plan = make_plan(large, SEGMENTS, "paper")
    assert plan.patch == (80, 112, 112)
    assert plan.network.kind == "vnet" and plan.network.filters == (16, 32, 64, 128, 256)
    assert (plan.batch_labeled, plan.batch_unlabeled, plan.iterations, plan.learning_rate) == (2, 2, 6000, 0.01)


def test_a_plan_survives_json():
    plan = make_plan(thick_slices(), SEGMENTS, "standard", seed=7).replaced(
        iterations=123, mutual=MutualSettings(start=0.5)
    )
    changed = plan.replaced(training=replace(plan.training, cuboid=(0.1, 0.2), strong_intensity=WEAK_INTENSITY))
    published = make_plan(thick_slices(), SEGMENTS, "paper")
    for each in (plan, changed, published):
        assert Plan.from_dict(json.loads(json.dumps(each.to_dict()))) == each


@pytest.mark.parametrize(
    ("change", "words"),
    [({"format": 99}, "Update"), ({"format": None}, "damaged"), ({"network": None}, "damaged")],
)
def test_a_damaged_or_newer_plan_is_refused(change, words):
    document = make_plan(hippocampus(), SEGMENTS).to_dict() | change
    with pytest.raises(InputError, match=words):
        Plan.from_dict(document)


@pytest.mark.parametrize("section", ["mutual", "training"])
def test_a_setting_that_is_unknown_is_named(section):
    document = json.loads(json.dumps(make_plan(hippocampus(), SEGMENTS).to_dict()))
    document[section]["patience"] = 5
    with pytest.raises(InputError, match=f'"{section}" has the setting "patience", which is unknown here') as raised:
        Plan.from_dict(document)
    assert "update DualTaskSeg" in raised.value.remedy


@pytest.mark.parametrize(
    ("preset", "settings"),
    [("quick", TrainingSettings()), ("best", TrainingSettings()), ("paper", PublishedSettings())],
)
def test_a_plan_of_before_is_steered_by_what_steered_it_then(preset, settings):
    """Its settings were constants of the program: the numbers here are those."""
    document = json.loads(json.dumps(make_plan(hippocampus(), SEGMENTS, preset).to_dict()))
    del document["training"]
    document["mutual"] = {"start": 0.25}
    plan = Plan.from_dict(document)
    assert plan.training == settings and plan.mutual == MutualSettings(start=0.25)


def test_weights_are_averaged_over_a_twentieth_of_a_short_training():
    """Not over most of it, when the networks knew little; long trainings and plans of before keep the plan's decay."""
    plan = make_plan(hippocampus(), SEGMENTS, "quick")
    decays = [plan.of_length(steps).ema_decay for steps in (20, 140, 700, 2000, 10_000)]
    assert decays == [0.8, 0.857143, 0.971429, 0.99, 0.99]
    assert plan.of_length(140).iterations == 140
    document = plan.to_dict()
    del document["training"]["averaged"]
    assert Plan.from_dict(document).of_length(140).ema_decay == 0.99
    assert make_plan(hippocampus(), SEGMENTS, "paper").of_length(140).ema_decay == 0.0


def test_in_a_short_training_labels_teach_alone_for_longer():
    plan = make_plan(hippocampus(), SEGMENTS, "quick")
    starts = [plan.of_length(steps).mutual.start for steps in (20, 500, 800, 1000, 1500, 10_000)]
    assert starts == [0.7, 0.7, 0.5, 0.4, 0.3, 0.3]
    scans = hippocampus()
    labels_first = [make_plan(scans[8 - count :], SEGMENTS, "quick").mutual.labels_first for count in (1, 2, 6, 8)]
    assert labels_first == [450, 200, 300, 400]  # the more labeled scans, the longer there is something new in them
    assert make_plan(abdomen() * 10, SEGMENTS, "quick").mutual.labels_first == 450
    document = plan.to_dict()
    del document["mutual"]["labels_first"]
    assert Plan.from_dict(document).of_length(140).mutual.start == 0.3  # a plan of before
    assert METHOD.warm_started(plan).of_length(140).mutual.start == 0.0


def test_the_settings_are_those_that_were_constants():
    usual, published, mutual = TrainingSettings(), PublishedSettings(), MutualSettings()
    assert (usual.warm_up, usual.largest_gradient, usual.weight_decay, usual.near_voxels) == (0.03, 12.0, 0.01, 3.0)
    assert (usual.cuboid, usual.margin, usual.jitter) == ((0.5, 0.67), 0.4, 3)
    assert astuple(usual.weak_intensity) == (0.5, 0.25, 0.2, 0.4, 0.3, 0.15, 1.0)
    assert astuple(usual.strong_intensity) == (0.8, 0.4, 0.4, 0.6, 0.4, 0.2, 1.0)
    assert astuple(mutual) == (0.3, 0, 0.2, 0.5, (0.75, 0.9), 0.0, 0.5, 0.1, 1.0, 0.5, False, True)
    assert usual.far == 1.0 and usual.averaged == 0.0
    assert (published.momentum, published.weight_decay, published.drops) == (0.9, 1e-4, (2500, 5000))
    assert (published.schedule, published.ramp_steps, published.ramp_interval) == (6000, 40, 150)
    assert (published.consistency, published.sharpness) == (2.0, 1500.0)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("spacing",), [0.0, 1.0, 1.0]),
        (("spacing",), "abc"),
        (("patch",), [0, 0, 0]),
        (("patch",), [100_000] * 3),
        (("patch",), [16.5, 16, 16]),
        (("patch",), [17, 16, 16]),
        (("truncation",), []),
        (("truncation",), [-8.0]),
        (("softness",), 0),
        (("orientation",), "LLS"),
        (("normalization", "kind"), "unknown"),
        (("normalization", "deviation"), 0),
        (("network", "kind"), "unknown"),
        (("network", "filters"), [8]),
        (("network", "filters", 1), 2**40),
        (("network", "strides", 1), [0, 2, 2]),
        (("network", "kernels", 0), [3, 3]),
        (("network", "stem"), [10**6] * 3),
        (("segments",), []),
        (("segments", 0, "value"), "one"),
        (("keep_largest",), [True, True]),
        (("mirror",), [True]),
        (("precision",), "float8"),
        (("mutual",), "none"),
        (("mutual", "start"), 1.5),
        (("mutual", "start"), True),
        (("mutual", "ramp"), "long"),
        (("mutual", "weight"), -1.0),
        (("mutual", "confidence"), [0.5]),
        (("mutual", "confidence"), [0.5, 1.5]),
        (("mutual", "disagreement_weight"), None),
        (("mutual", "consistency"), 1e9),
        (("mutual", "distance"), "far"),
        (("mutual", "mix"), 2),
        (("mutual", "lessons"), 0.5),
        (("training",), []),
        (("training", "warm_up"), -0.1),
        (("training", "largest_gradient"), 0),
        (("training", "weight_decay"), 2),
        (("training", "near_voxels"), "three"),
        (("training", "weak_intensity"), 0.5),
        (("training", "weak_intensity", "noise"), -1),
        (("training", "strong_intensity", "rain"), 1),
        (("training", "cuboid"), [0.67, 0.5]),
        (("training", "margin"), 0.6),
        (("training", "jitter"), 0),
        (("training", "momentum"), 0.9),
        (("batch_labeled",), 10**9),
    ],
)
def test_a_plan_from_elsewhere_is_not_believed(place, value):
    """A model is something people mail to each other: what makes no sense in it ends in a sentence, not in a crash."""
    document: Any = json.loads(json.dumps(make_plan(hippocampus(), SEGMENTS, "quick").to_dict()))
    assert Plan.from_dict(copy.deepcopy(document)).segments
    changed = document
    for key in place[:-1]:
        changed = changed[key]
    changed[place[-1]] = value
    with pytest.raises(InputError, match="plan is damaged"):
        Plan.from_dict(document)
