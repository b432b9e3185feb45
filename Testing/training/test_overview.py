"""A coarse pair of networks finds where small structures are; the fine pair learns and predicts there."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from dualtaskseg import cli
from dualtaskseg.bundle.export import export_bundle
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.overview import Overview, widened
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.inference.predictor import CUT_OFF, Predictor
from dualtaskseg.inference.region import Region
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.sampling import Sampler, step_generator
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import read_model
from dualtaskseg.parallel.ranks import ALONE
from dualtaskseg.planning import overview as planning
from dualtaskseg.planning.overview import with_overview
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import PlanningInput, ScanStatistics, usual_plan
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.training import overview as stage
from dualtaskseg.training import stages
from dualtaskseg.training.trainer import train
from safetensors.torch import load_file, save_file
from test_predictor import FromIntensity, make_plan, predictor_of  # noqa: F401  # a fixture

pytestmark = pytest.mark.usefixtures("narrow_networks")

SHAPE = (70, 96, 101)
NODULE = ScanStatistics((300, 512, 512), (1.0, 0.8, 0.8), ((25.0, 25.0, 25.0),), (9.0,))


def planned(scan: ScanStatistics, labeled: int = 3, segments: int = 1) -> Plan:
    names = [Segment(f"Nodule {index}", index + 1, (1, 2, 3)) for index in range(segments)]
    inputs = PlanningInput([scan] * labeled, names, "quick", "mutual")
    return with_overview(usual_plan(inputs), inputs)


# --- the plan


def test_a_nodule_in_a_large_scan_has_an_overview_that_shows_most_of_the_scan():
    plan = planned(NODULE)
    assert plan.overview is not None
    assert min(plan.overview.spacing) >= 3 * min(plan.spacing)
    assert min(plan.overview.spacing) <= 9.0, "two voxels across the nodule"
    seen = np.prod(np.array(plan.overview.patch) * plan.overview.spacing)
    assert seen > 0.1 * np.prod(np.array(NODULE.size) * NODULE.spacing)
    assert any("second pair of networks" in note for note in plan.notes)
    assert not any("every second patch" in note for note in plan.notes), "it looks otherwise"
    assert plan.overview.truncation[0] > plan.truncation[0]


@pytest.mark.parametrize(
    "scan, labeled",
    [
        (replace(NODULE, foreground_size=((200.0, 300.0, 300.0),), inner_radius=(90.0,)), 3),
        (replace(NODULE, size=(60, 60, 60)), 3),
        (replace(NODULE, inner_radius=(1.0,)), 3),
        (replace(NODULE, inner_radius=(0.0,), foreground_size=()), 3),
        (NODULE, 1),
    ],
    ids=["large structure", "small scan", "too thin for a coarse grid", "nothing outlined", "one labeled scan"],
)
def test_elsewhere_there_is_none(scan, labeled):
    inputs = PlanningInput([scan] * labeled, [Segment("Nodule", 1, (1, 2, 3))], "quick", "mutual")
    usual = usual_plan(inputs)
    plan = with_overview(usual, inputs)
    assert plan == usual.replaced(notes=plan.notes)


def test_a_plan_with_an_overview_is_read_as_it_was_written():
    plan = planned(NODULE)
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    assert "overview" not in plan.replaced(overview=None).to_dict(), "as earlier versions wrote it"


@pytest.mark.parametrize(
    "damage",
    [
        lambda overview: overview.update(overview=json.loads(json.dumps(overview))),
        lambda overview: overview.update(method="supervised"),
        lambda overview: overview["segments"][0].update(value=7),
        lambda overview: overview.update(spacing=[0, 1, 1]),
        lambda overview: overview.clear(),
    ],
    ids=["an overview of its own", "another method", "another segment", "no spacing", "empty"],
)
def test_an_overview_that_makes_no_sense_is_refused(damage):
    document = json.loads(json.dumps(planned(NODULE).to_dict()))
    damage(document["overview"])
    with pytest.raises(InputError, match="The training plan is damaged"):
        Plan.from_dict(document)


def test_several_workers_learn_none_and_say_so():
    plan = planned(NODULE)
    assert stages._without_overview_on(plan, ALONE) == plan
    without = stages._without_overview_on(plan, SimpleNamespace(count=2))
    assert without.overview is None and "learn no coarse networks" in without.notes[-1]


# --- what was seen


def test_what_was_seen_lies_at_the_same_place_on_the_fine_grid():
    seen = np.zeros((7, 8, 10), bool)
    seen[2, 5, 3] = True
    overview, shape = Overview(seen, (True,)), (70, 64, 101)
    wide, others = overview.with_margin(), (slice(None), slice(None))
    fine = np.concatenate([wide.part(shape, (slice(first, first + 16), *others)) for first in range(0, 70, 16)])
    assert fine.shape == shape
    where = np.argwhere(fine)
    assert where.min(axis=0).tolist() == [10, 32, 20] and where.max(axis=0).tolist() == [39, 55, 49], "with a margin"
    places = wide.places(shape)
    assert places.shape == (27, 3) and all(fine[tuple(place)] for place in np.round(places).astype(int))
    piece = overview.part(shape, (slice(15, 40), slice(0, 64), slice(0, 101)))
    assert np.argwhere(piece).min(axis=0).tolist() == [5, 40, 30], "without"


def test_places_are_few_and_spread():
    places = Overview(np.ones((40, 40, 40), bool), (True,)).places((80, 80, 80))
    assert len(places) == 1000
    assert (np.ptp(places, axis=0) > 70).all() and all(len(set(axis)) > 30 for axis in places.T.tolist())


def test_it_is_kept_and_made_again_where_it_is_damaged_or_of_other_networks(tmp_path):
    overview = Overview(np.random.default_rng(0).random((5, 6, 7)) > 0.5, (True, False))
    path = tmp_path / "seen.npz"
    overview.save(path, "these")
    read = Overview.load(path, "these")
    assert read is not None and np.array_equal(read.seen, overview.seen) and read.found == overview.found
    assert Overview.load(path, "others") is None
    assert Overview.load(tmp_path / "none.npz", "these") is None
    path.write_bytes(path.read_bytes()[:-40])
    assert Overview.load(path, "these") is None


def test_only_windows_that_touch_what_was_seen_are_computed():
    seen = np.zeros((7, 10, 10), bool)
    region = Region(SHAPE, (24, 24, 24), 1, Overview(seen, (False,)))
    assert not region.wanted().any(), "what the coarse networks see nowhere is not looked for"
    seen[3, 4, 3] = True
    wanted = Region(SHAPE, (24, 24, 24), 1, Overview(seen, (True,))).wanted()
    assert 0 < wanted.mean() < 0.4


# --- prediction


def two_balls() -> sitk.Image:
    """Signed distances to two balls, of which the first lies at (35, 40, 30)."""
    z, y, x = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in SHAPE), indexing="ij")
    first = np.sqrt((z - 35) ** 2 + (y - 40) ** 2 + (x - 30) ** 2) - 8
    return sitk.GetImageFromArray(np.minimum(first, np.sqrt((z - 35) ** 2 + (y - 40) ** 2 + (x - 85) ** 2) - 8))


class OnTheLeft(FromIntensity):
    """Sees nothing in the right half of what it is shown: coarse networks that know where the structure is."""

    reach = 50.0

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        column = torch.arange(image.shape[4], dtype=torch.float32) * 4
        return super().forward(torch.where(column < self.reach, image, torch.full_like(image, 11.0)))


@pytest.fixture
def overlooking(predictor_of):  # noqa: F811
    """A predictor with coarse networks that see the left of a scan only, as far as they are told."""

    def make(reach: float = 50.0) -> Predictor:
        plan = make_plan()
        predictor = predictor_of(plan)
        coarse = plan.replaced(spacing=(4.0, 4.0, 4.0), patch=(32, 32, 32))
        networks = [OnTheLeft(1, kind) for kind in ("probability", "distance")]
        for each in networks:
            each.reach = reach
        predictor.plan = plan.replaced(overview=coarse)
        predictor.overview = TwoNetworks(*networks, list(plan.truncation), plan.temperature).eval()
        return predictor

    return make


def test_what_the_coarse_networks_do_not_take_for_the_structure_is_not_found(overlooking):
    """Two balls look alike from near; the overview tells which is meant. There the mask is that of all windows."""
    predictor, scan = overlooking(), two_balls()
    asked = []
    looked = predictor.predict(scan, sdm=True, on_progress=lambda *step: asked.append(step))
    predictor.overview = None
    everything = []
    whole = predictor.predict(scan, sdm=True, on_progress=lambda *step: everything.append(step))
    ours, all_of_it = (sitk.GetArrayFromImage(each.label) for each in (looked, whole))
    assert all_of_it[35, 40, 85] == 1 and ours[35, 40, 30] == 1
    assert np.array_equal(ours[:, :, :55], all_of_it[:, :, :55]) and not ours[:, :, 70:].any()
    assert len(asked) < 0.6 * len(everything)
    assert not any(CUT_OFF in warning for warning in looked.summary.warnings)
    assert (sitk.GetArrayFromImage(looked.sdm["Teil 1"])[:, :, 75:] > 11.9).all()


def test_a_structure_that_the_overview_cut_off_is_whole(overlooking, monkeypatch):
    monkeypatch.setattr("dualtaskseg.inference.overview.MOST_GROWTHS", 5)
    z, y, x = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in SHAPE), indexing="ij")
    along = np.maximum(np.maximum(10 - x, x - 60), 0)
    bar = sitk.GetImageFromArray((np.sqrt(along**2 + (y - 40) ** 2 + (z - 35) ** 2) - 5).astype(np.float32))
    predictor = overlooking(reach=24.0)
    label = sitk.GetArrayFromImage(predictor.predict(bar).label)
    predictor.overview = None
    assert np.array_equal(label, sitk.GetArrayFromImage(predictor.predict(bar).label))
    assert label[35, 40, 60]


def test_a_part_that_only_touches_what_the_overview_showed_is_left_out(overlooking):
    """A vessel that passes close to the structure."""
    z, y, x = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in SHAPE), indexing="ij")
    ball = np.sqrt((z - 35) ** 2 + (y - 40) ** 2 + (x - 20) ** 2) - 8
    vessel = np.hypot(np.hypot(y - 40, z - 60) - 0, np.maximum(26 - x, 0)) - 4
    scan = sitk.GetImageFromArray(np.minimum(ball, vessel))
    predictor = overlooking(reach=30.0)
    label = sitk.GetArrayFromImage(predictor.predict(scan).label)
    assert label[35, 40, 20] and not label[60, 40].any()
    predictor.overview = None
    assert sitk.GetArrayFromImage(predictor.predict(scan).label)[60, 40, 50]


def test_what_goes_on_and_on_is_cut_off_and_told(overlooking, monkeypatch):
    monkeypatch.setattr("dualtaskseg.inference.overview.MOST_GROWTHS", 1)
    z, y, _ = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in SHAPE), indexing="ij")
    bar = sitk.GetImageFromArray((np.hypot(y - 40, z - 35) - 5).astype(np.float32))
    prediction = overlooking(reach=14.0).predict(bar)
    label = sitk.GetArrayFromImage(prediction.label)
    assert label[35, 40, 5] and not label[35, 40, 99]
    assert CUT_OFF in prediction.summary.warnings


def test_what_is_seen_nowhere_is_told(overlooking):
    prediction = overlooking(reach=0.0).predict(two_balls())
    assert not sitk.GetArrayFromImage(prediction.label).any()
    assert "Nothing of Teil 1 was seen" in " ".join(prediction.summary.warnings)


# --- training


@pytest.fixture
def small_scans(monkeypatch):
    """The test's scans, small as they are, get an overview, however little it learns."""
    monkeypatch.setattr(planning, "LARGEST_SHARE", 1.0)
    monkeypatch.setattr(planning, "LEAST_FACTOR", 1.2)
    monkeypatch.setattr(planning, "_radii", lambda inputs: [[30.0]] * len(inputs.segments))
    monkeypatch.setattr(planning, "PATCHES", 0.01)
    monkeypatch.setattr(stage, "MOST_MISSED", 1.0)


@pytest.fixture
def new_run(tmp_path, dataset):
    def make(name: str) -> RunFolder:
        request = TrainingRequest(dataset, iterations=6, device="cpu", validation=1)
        return RunFolder.create(tmp_path / name, request.to_dict())

    return make


def weights(run: RunFolder) -> dict[str, torch.Tensor]:
    return load_file(run.model_folder / "weights.safetensors")


@pytest.mark.usefixtures("small_scans")
def test_it_is_learned_first_kept_in_the_model_and_goes_on_where_it_stopped(new_run, dataset, tmp_path, monkeypatch):
    run = new_run("whole")
    train(run.folder)
    plan = Plan.from_dict(read_model(run.model_folder).plan)
    assert plan.overview is not None and plan.overview.iterations == 6 and plan.overview.calibrated
    names = weights(run).keys()
    assert any(name.startswith("overview.probability.") for name in names)
    assert any(name.startswith("probability.") for name in names)
    assert not run.overview_state_file.exists()

    stopped = new_run("stopped")
    step = Learner.step

    def stopping(self, iteration, of):
        if self.plan.overview is None and of == 6 and iteration == 3:
            stopped.request_stop()
        return step(self, iteration, of)

    monkeypatch.setattr(Learner, "step", stopping)
    with pytest.raises(StoppedError, match="step 4 of 6 of the overview"):
        train(stopped.folder)
    monkeypatch.setattr(Learner, "step", step)
    stopped.clear_stop()
    train(stopped.folder)
    first, second = weights(run), weights(stopped)
    assert first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)
    stopped.overview_file.write_bytes(b"damaged")
    shutil.rmtree(stopped.model_folder)
    train(stopped.folder)
    second = weights(stopped)
    assert first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)

    scan = dataset.unlabeled[0].image
    assert cli.main(["predict", str(run.folder), str(scan), "--out", str(tmp_path / "out")]) == 0
    assert cli.main(["predict", str(run.folder), str(scan), "--out", str(tmp_path / "all"), "--no-look-first"]) == 0
    with pytest.raises(InputError, match="coarse pair of networks"):
        export_bundle(run.folder, tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


class _KilledError(BaseException):
    """Ends a training wherever it is, as a kill does."""


@pytest.mark.usefixtures("small_scans")
def test_broken_off_in_the_middle_it_goes_on_from_what_was_saved(new_run, monkeypatch):
    monkeypatch.setattr(stage, "SAVE_EVERY_S", 0.0)
    whole, broken, step, taken = new_run("whole"), new_run("broken"), Learner.step, []
    train(whole.folder)

    def breaking(self, iteration, of):
        taken.append(iteration)
        if self.plan.overview is None and of == 6 and iteration == 4:
            raise _KilledError
        return step(self, iteration, of)

    monkeypatch.setattr(Learner, "step", breaking)
    with pytest.raises(_KilledError):
        train(broken.folder)
    monkeypatch.setattr(Learner, "step", step)
    assert taken[-1] == 4 and broken.overview_state_file.exists()
    train(broken.folder)
    first, second = weights(whole), weights(broken)
    assert first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.usefixtures("small_scans")
def test_a_training_that_starts_from_such_a_model_learns_its_overview_anew(new_run, dataset, tmp_path):
    first = new_run("first")
    train(first.folder)
    request = TrainingRequest(dataset, iterations=6, device="cpu", validation=1, start_from=str(first.model_folder))
    second = RunFolder.create(tmp_path / "second", request.to_dict())
    train(second.folder)
    plan, earlier = (Plan.from_dict(read_model(run.model_folder).plan) for run in (second, first))
    assert plan.overview is not None and plan.overview.spacing == earlier.overview.spacing
    Predictor(second.folder, "cpu")


@pytest.mark.usefixtures("small_scans")
def test_of_many_unlabeled_scans_some_are_looked_over_and_learned_from(new_run, monkeypatch):
    monkeypatch.setattr(stage, "FEWEST_UNLABELED", 2)
    run = new_run("some")
    train(run.folder)
    assert read_model(run.model_folder).trained_on["unlabeled"] == 2
    seen = sorted(run.overview_folder.glob("*_seen.npz"))
    assert len(seen) == 2 + 1 + 2
    assert "learn from 2 of 3 unlabeled scans" in (run.folder / "log.txt").read_text("utf-8")


@pytest.mark.usefixtures("small_scans")
def test_one_that_overlooks_what_was_outlined_is_left_out(new_run, monkeypatch):
    monkeypatch.setattr(stage, "MOST_MISSED", -1.0)
    run = new_run("without")
    train(run.folder)
    description = read_model(run.model_folder)
    assert "overview" not in description.plan
    assert any("overlooked a part of what was outlined" in note for note in description.plan["notes"])
    assert not any(name.startswith("overview.") for name in weights(run))


@pytest.mark.usefixtures("small_scans")
def test_one_whose_loss_was_no_number_is_left_out(new_run, monkeypatch):
    step = Learner.step

    def breaking(self, iteration, of):
        losses = step(self, iteration, of)
        if min(self.plan.spacing) > 2.5:  # of the coarse grid
            with torch.no_grad():
                next(self.teachers.parameters()).fill_(float("nan"))
        return losses

    monkeypatch.setattr(Learner, "step", breaking)
    run = new_run("broken")
    train(run.folder)
    assert "overview" not in read_model(run.model_folder).plan


@pytest.mark.usefixtures("small_scans")
def test_patches_lie_where_the_overview_shows_something(new_run):
    run = new_run("patches")
    train(run.folder)
    plan = Plan.from_dict(read_model(run.model_folder).plan)
    from dualtaskseg.preparation.prepare import open_prepared

    case = next(case for case in open_prepared(run.prepared_folder, plan) if case.role == "unlabeled")
    place = np.array([[case.shape[0] / 2, case.shape[1] / 2, case.shape[2] / 2]], np.float32)
    sampler = Sampler([replace(case, region=place)], plan, False, torch.device("cpu"))
    centers = [cut.center for seed in range(20) for cut in sampler.draw(1, step_generator(0, seed)).cuts]
    far = max(float((center - torch.from_numpy(place[0])).abs().max()) for center in centers)
    assert far <= max(plan.patch) / plan.training.jitter / 2 + max(plan.patch) * plan.training.margin


# --- models of others


def with_weights(folder: Path, change) -> Path:
    """A model with an overview whose weights were changed."""
    from dualtaskseg.method.networks import build_networks, weights_of
    from dualtaskseg.method.weights import OVERVIEW
    from dualtaskseg.model.folder import write_model

    plan = make_plan()
    plan = plan.replaced(overview=plan.replaced(spacing=(4.0, 4.0, 4.0)))
    tensors = weights_of(build_networks(plan))
    tensors |= {OVERVIEW + name: tensor.clone() for name, tensor in weights_of(build_networks(plan.overview)).items()}
    tensors = change(tensors)
    description = ModelDescription("Test", plan.segments, plan.to_dict(), {"labeled": 1})
    write_model(folder, description, lambda path: save_file(tensors, path))
    return folder


def test_a_model_lacking_the_coarse_weights_or_with_strange_ones_is_refused(tmp_path):
    assert Predictor(with_weights(tmp_path / "sound", lambda tensors: tensors), "cpu").overview is not None

    def lacking(tensors):
        return {name: tensor for name, tensor in tensors.items() if not name.startswith("overview.")}

    def strange(tensors):
        return {**tensors, "overview.more": torch.zeros(3)}

    def absurd(tensors):
        name = next(name for name in tensors if name.startswith("overview.") and tensors[name].is_floating_point())
        return {**tensors, name: torch.full_like(tensors[name], float("nan"))}

    for change, why in ((lacking, "do not fit its plan"), (strange, "do not fit its plan"), (absurd, "no numbers")):
        with pytest.raises(InputError, match=why):
            Predictor(with_weights(tmp_path / change.__name__, change), "cpu")


def test_a_margin_is_the_same_on_all_sides():
    mask = np.zeros((5, 6, 7), bool)
    mask[2, 3, 3] = True
    assert np.argwhere(widened(mask, 1)).min(axis=0).tolist() == [1, 2, 2]
    assert widened(mask, 1).sum() == 27
