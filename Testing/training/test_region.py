"""A scan is looked at first, and computed closely where something is: the same mask, for less work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from dualtaskseg.contract.segment import Segment
from dualtaskseg.inference.predictor import predict_prepared
from dualtaskseg.inference.region import MOST_WANTED, Region
from dualtaskseg.inference.sliding_window import window_shape, window_starts
from dualtaskseg.method.base import Decoded
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.planning.overview import with_overview
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import PlanningInput, ScanStatistics, usual_plan
from dualtaskseg.progress import never
from dualtaskseg.report.content import CaseFigures
from dualtaskseg.training.first_look import looked_at_first, with_first_look
from test_predictor import FromIntensity, make_plan, predictor_of  # noqa: F401  # a fixture

SHAPE = (70, 96, 101)


class Shortsighted(FromIntensity):
    """Sees nothing farther from the middle of its window than ``reach`` voxels along z: side by side, windows overlook
    what overlapping ones find."""

    reach = 6
    asked = 0

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        Shortsighted.asked += self.kind == "distance"
        offset = torch.arange(image.shape[2], dtype=torch.float32) - (image.shape[2] - 1) / 2
        return super().forward(torch.where(offset.abs()[:, None, None] <= self.reach, image, image + 20))


def bar(length: int, first: int = 10) -> sitk.Image:
    """Signed distances to a bar along z, from its first slice on."""
    z, y, x = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in SHAPE), indexing="ij")
    along = np.maximum(np.maximum(first - z, z - first - length), 0)
    return sitk.GetImageFromArray((np.sqrt(along**2 + (y - 40) ** 2 + (x - 30) ** 2) - 4).astype(np.float32))


def predicted(make, plan: Plan, scan: sitk.Image) -> tuple[np.ndarray, np.ndarray, int]:
    predictor = make(plan)
    networks = [Shortsighted(1, kind) for kind in ("probability", "distance")]
    predictor.networks = TwoNetworks(*networks, list(plan.truncation), plan.temperature).eval()
    Shortsighted.asked = 0
    steps: list[tuple[int, int]] = []
    prediction = predictor.predict(scan, sdm=True, on_progress=lambda *step: steps.append(step))
    assert steps[-1][0] == steps[-1][1]
    distance = sitk.GetArrayFromImage(prediction.sdm["Teil 1"])
    return sitk.GetArrayFromImage(prediction.label), distance, Shortsighted.asked


@pytest.mark.parametrize("reach", [12, 7], ids=["sees all", "overlooks parts"])
@pytest.mark.parametrize("length", [8, 50])
def test_the_mask_is_that_of_all_windows(predictor_of, monkeypatch, reach, length):  # noqa: F811
    monkeypatch.setattr(Shortsighted, "reach", reach)
    scan, plan = bar(length), make_plan()
    label, distance, asked = predicted(predictor_of, plan, scan)
    looked, looked_distance, looked_asked = predicted(predictor_of, plan.replaced(look_first=True), scan)
    assert label.sum() > 40 * length / 2
    assert np.array_equal(label, looked)
    near = sitk.GetArrayFromImage(scan) < 0
    assert np.array_equal(distance[near & (label > 0)], looked_distance[near & (label > 0)])
    assert looked_asked < (0.6 if reach == 12 else 1) * asked  # what was overlooked costs another round


def test_a_scan_of_which_a_structure_was_not_seen_is_computed_as_a_whole(predictor_of, monkeypatch):  # noqa: F811
    """The look sees nothing, as the bar lies far from the middle of all its windows; overlapping windows do."""
    monkeypatch.setattr(Shortsighted, "reach", 3)
    scan, plan = bar(2, first=22), make_plan()
    label = predicted(predictor_of, plan, scan)[0]
    region = Region(SHAPE, window_shape(SHAPE, plan), 1)
    assert region.wanted().all() and not region.found.any()
    looked, _, asked = predicted(predictor_of, plan.replaced(look_first=True), scan)
    assert label.any() and np.array_equal(looked, label)
    assert asked >= region.wanted().size

    nowhere = sitk.Cast(bar(8) + 40, sitk.sitkFloat32)
    label, distance, _ = predicted(predictor_of, make_plan(look_first=True), nowhere)
    assert not label.any() and (distance > 11.9).all()


def test_a_structure_that_the_first_look_cut_off_is_whole(predictor_of, monkeypatch):  # noqa: F811
    """Of a long bar the first look sees one end; the region grows until nothing reaches beyond it."""
    rounds = []
    note = Region.note

    def half_blind(self: Region, axis: int, first: int, slices) -> None:
        if first == 0:
            rounds.append(first)
        note(self, axis, first, slices)
        if len(rounds) == 1:
            self.seen[2:] = False

    monkeypatch.setattr(Region, "note", half_blind)
    monkeypatch.setattr(Shortsighted, "reach", 12)
    scan, plan = bar(50), make_plan()
    looked = predicted(predictor_of, plan.replaced(look_first=True), scan)[0]
    assert len(rounds) > 2
    assert np.array_equal(looked, predicted(predictor_of, plan, scan)[0])
    assert np.flatnonzero(looked.any(axis=(1, 2)))[-1] >= 60


@pytest.mark.parametrize("shape", [(70, 96, 101), (24, 24, 24), (24, 48, 49), (10, 37, 200)])
def test_every_voxel_is_looked_at_once_and_all_windows_about_what_was_seen(shape):
    window = (24, 24, 24)
    region = Region(shape, window, 2)
    starts = window_starts(shape, window)
    covered = np.zeros(shape, int)
    for number in np.argwhere(region.first_look()):
        covered[tuple(slice(s[n], s[n] + w) for s, n, w in zip(starts, number, window, strict=True))] += 1
    assert covered.min() >= 1
    assert not region.seen.any() and region.wanted().all(), "nothing was found, so all are computed"
    voxel = tuple(side // 2 for side in shape)
    slices = torch.zeros(3, *shape)
    slices[0] = 1
    slices[(slice(None), *voxel)] = torch.tensor([0.8, 0.2, 0.0])
    region.note(0, 0, Decoded(slices, slices, slices, slices[1:]))
    assert region.found.tolist() == [True, False] and region.wanted().all(), "the other one may have been overlooked"
    region.found[:] = True
    touches = np.array(
        [
            all(s[n] <= at < s[n] + w for s, n, w, at in zip(starts, number, window, voxel, strict=True))
            for number in np.ndindex(*region.first_look().shape)
        ]
    ).reshape(region.first_look().shape)
    assert region.seen.sum() == 1
    assert np.array_equal(region.wanted(), touches | (touches.mean() > MOST_WANTED))


def test_the_plan_says_where_it_pays():
    """For a nodule in a large scan; not for an organ that fills the scan, nor for anything in a small scan."""
    scan = ScanStatistics((300, 512, 512), (1.0, 0.8, 0.8), ((25.0, 25.0, 25.0),), (9.0,))

    def plan_for(scan: ScanStatistics) -> Plan:
        inputs = PlanningInput([scan], [Segment("Nodule", 1, (1, 2, 3))], "quick", "mutual")
        return with_overview(usual_plan(inputs), inputs)  # of one labeled scan there is none

    small = plan_for(scan)
    assert any("tried when the training ends" in note for note in small.notes)
    assert not small.look_first, "what trained networks overlook that way is not known yet"
    for other in (
        replace(scan, foreground_size=((200.0, 300.0, 300.0),), inner_radius=(90.0,)),
        replace(scan, size=(60, 60, 60)),
    ):
        plan = plan_for(other)
        assert not any("tried when the training ends" in note for note in plan.notes)
    assert Plan.from_dict({k: v for k, v in small.to_dict().items() if k != "look_first"}).look_first is False


@pytest.mark.parametrize("reach", [12, 3], ids=["sees all", "overlooks parts"])
def test_a_training_tries_it_and_says_what_it_found(monkeypatch, reach):
    """Of two bars the look sees both, or one: then predictions go on to compute all windows."""
    monkeypatch.setattr(Shortsighted, "reach", reach)
    plan = make_plan()
    networks = TwoNetworks(*(Shortsighted(1, kind) for kind in ("probability", "distance")), [12.0], plan.temperature)
    z, y, x = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in SHAPE), indexing="ij")
    near = np.sqrt((z - 12) ** 2 + (y - 40) ** 2 + (x - 30) ** 2) - 4
    far = np.sqrt((z - 23) ** 2 + (y - 60) ** 2 + (x - 90) ** 2) - 3
    image = np.minimum(near, far).astype(np.float16)
    whole = predict_prepared(networks, plan, image)
    share, overlooked = looked_at_first(networks, plan, image, whole, never)
    assert 0.1 < share <= 0.6
    assert (overlooked > 0) == (reach == 3)
    tried = CaseFigures("a", "unlabeled", look_share=share, overlooked=overlooked)
    others = [replace(tried, look_share=0.2, overlooked=0)] * 4
    decided = with_first_look(plan, [tried, *others])
    assert decided.look_first == (reach == 12)
    assert ("overlooked nothing" if decided.look_first else "in 1 of them it overlooked") in decided.notes[-1]
    assert not with_first_look(plan, others).look_first, "four scans are too few"
    assert with_first_look(plan, [CaseFigures("a", "unlabeled")]) == plan
