"""The heart: who teaches whom, what is learned, and that it repeats."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from dualtaskseg.contract.dataset import UNLABELED
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.segment import Segment
from dualtaskseg.method import ahead
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.mutual import METHOD, make_views, mixed_target, pseudo_labels, training_step
from dualtaskseg.method.networks import build_networks
from dualtaskseg.method.paper import (
    cases_in_turn,
    ramp,
    squared_dice_loss,
    turn_and_mirror,
)
from dualtaskseg.method.registry import make_plan
from dualtaskseg.method.sampling import Batch, Sampler, step_generator
from dualtaskseg.method.supervision import Ruler, labeled_target
from dualtaskseg.method.two_networks import TwoNetworks, make_teachers, update_average
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import ScanStatistics
from dualtaskseg.planning.settings import MutualSettings, PublishedSettings
from dualtaskseg.preparation.prepare import PreparedCase, prepare
from dualtaskseg.preparation.signed_distance import signed_distance
from dualtaskseg.training.plan_run import plan_for
from publisheddistance import published_signed_distance
from torch import nn

pytestmark = pytest.mark.usefixtures("narrow_networks")
CPU = torch.device("cpu")
PUBLISHED = PublishedSettings()
SEGMENTS = [Segment("Organ", 1, (200, 80, 60))]


def steered(**mutual) -> Plan:
    """A plan for voxels of 1 mm with these settings of the mutual part."""
    scan = ScanStatistics((16, 16, 16), (1.0, 1.0, 1.0), ((6.0, 8.0, 8.0),), (3.0,))
    return make_plan([scan], SEGMENTS).replaced(mutual=MutualSettings(**mutual))


def learner_of(plan, cases):
    labeled = [case for case in cases if case.role != UNLABELED]
    return Learner(plan, labeled, [case for case in cases if case.role == UNLABELED], CPU)


class Fixed(nn.Module):
    """A network that answers a given map plus what it learns on top: one number a channel."""

    def __init__(self, answer: torch.Tensor) -> None:
        super().__init__()
        self.answer = answer
        self.shift = nn.Parameter(torch.zeros(answer.shape[1], 1, 1, 1))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.answer.expand(len(image), -1, -1, -1, -1) + self.shift


def fixed(label_probability: np.ndarray, label_distance: np.ndarray, sure: float = 6.0) -> TwoNetworks:
    """Two networks of one segment with known opinions."""
    scores = torch.stack([torch.zeros(label_probability.shape), torch.from_numpy(label_probability * 2.0 - 1) * sure])
    away = torch.from_numpy(signed_distance(label_distance, (1, 1, 1), 8.0) / 8).clamp(-0.999, 0.999)
    return TwoNetworks(Fixed(scores[None].float()), Fixed(torch.atanh(away)[None, None]), [8.0], 0.5)


def cube(low: int, high: int) -> np.ndarray:
    mask = np.zeros((16, 16, 16), bool)
    mask[low:high, 4:12, 4:12] = True
    return mask


def sure_to(threshold: float, networks: TwoNetworks):
    """The pseudo-labels of networks that have to be so sure."""
    plan = steered(confidence=(threshold, threshold), disagreement_weight=0.5)
    shape = (1, 16, 16, 16)
    return pseudo_labels(networks, Batch(torch.zeros(1, *shape), torch.ones(shape, dtype=torch.bool)), 0.9, plan)


def test_each_network_is_taught_by_the_other_one():
    networks = fixed(cube(4, 10), cube(4, 12))
    taught = sure_to(0.6, networks)
    assert torch.equal(taught.by_probability.label[0] == 1, torch.from_numpy(cube(4, 10)))
    assert torch.equal(taught.by_distance.label[0] == 1, torch.from_numpy(cube(4, 12)))


def test_doubt_and_disagreement_take_weight_away():
    networks = fixed(cube(4, 10), cube(4, 12))
    taught = sure_to(0.8, networks)
    contested = torch.from_numpy(cube(10, 12))
    assert (taught.by_probability.weight[0][contested] == 0.5).all()
    assert (taught.by_probability.weight[0][~contested] == 1).all()
    # half a voxel beside the surface the distance network is sure to sigmoid(2 * 0.5) = 0.73 only, at 1.5 to 0.95
    assert taught.by_distance.weight[0][3, 8, 8] == 0 and taught.by_distance.weight[0][4, 8, 8] == 0
    assert taught.by_distance.weight[0][2, 8, 8] == 1
    unsure = fixed(cube(4, 10), cube(4, 10), sure=0.1)
    assert not sure_to(0.8, unsure).by_probability.weight.any()


def test_a_teacher_has_to_be_surer_of_a_segment_than_of_the_background():
    """What is taken for a segment by mistake would be taught again, and grow."""
    networks = fixed(cube(4, 10), cube(4, 10), sure=1.0)  # of either to sigmoid(1) = 0.73
    shape = (1, 16, 16, 16)
    patches = Batch(torch.zeros(1, *shape), torch.ones(shape, dtype=torch.bool))
    plan = steered(confidence=(0.6, 0.6), segment_confidence=0.95)
    taught = pseudo_labels(networks, patches, 0.9, plan)
    inside = torch.from_numpy(cube(4, 10))
    assert (taught.by_probability.weight[0][~inside] == 1).all() and not taught.by_probability.weight[0][inside].any()
    # the distance network is sure to 0.73 half a voxel off the surface, to 0.95 one and a half voxels off
    assert taught.by_distance.weight[0][3, 8, 8] == 1 and taught.by_distance.weight[0][4, 8, 8] == 0
    assert taught.by_distance.weight[0][6, 8, 8] == 1


def test_what_was_pasted_keeps_the_distances_of_the_scan_it_is_from():
    """Measured on the mixed label, a surface would lie at the seam, which is in neither scan."""
    labeled, unlabeled = batches()
    plan = steered(confidence=(0.6, 0.6), mix=1.0, seams=False)
    views = make_views(labeled, unlabeled, plan, torch.Generator().manual_seed(0))
    networks = fixed(cube(8, 14), cube(8, 14))
    known = labeled_target(labeled, Ruler.of(plan, networks.truncation))
    mixed = mixed_target(pseudo_labels(networks, unlabeled, 0.9, plan).by_probability, known, views, plan)
    taught = torch.from_numpy(signed_distance(cube(8, 14), (1, 1, 1), 8.0))[None, None] / 8
    of_label = (labeled.distance / 8).clamp(-1, 1)
    pasted = views.pasted[:, None]
    assert pasted.any() and not pasted.all()
    torch.testing.assert_close(mixed.distance[pasted], of_label[pasted])
    torch.testing.assert_close(mixed.distance[~pasted], taught[~pasted])
    assert torch.equal(mixed.near, mixed.distance[:, 0].abs() < 3 / 8)


def test_what_is_pasted_is_a_labeled_patch_that_the_step_does_not_show_already(plan, cases):
    learner = learner_of(plan, cases)
    views = learner.views(1.0, 0, torch.Generator().manual_seed(0))
    labeled, source = views.labeled, views.source
    assert plan.mutual.fresh and len(source.image) == len(views.unlabeled.image)
    assert not torch.equal(source.image, labeled.image)
    ruler = Ruler.of(plan, learner.teachers.truncation)
    taught = pseudo_labels(learner.teachers, views.unlabeled, 1.0, plan).by_probability
    mixed = mixed_target(taught, labeled_target(source, ruler), views, plan)
    from_source = views.pasted & source.known
    assert from_source.any()
    assert torch.equal(mixed.label[from_source], source.label[from_source])
    assert (mixed.weight[from_source] == 1).all()


def test_the_distance_network_is_held_at_the_true_distance():
    """The loss in mask space alone would scale every distance up; with the regression, the true scale is the best."""
    labeled, _ = batches()
    losses = {}
    for scale in (0.7, 1.0, 1.4):
        networks = fixed(cube(4, 10), cube(4, 10))
        true = torch.tanh(networks.distance.answer)
        networks.distance.answer = torch.atanh((true * scale).clamp(-0.999, 0.999))
        views = make_views(labeled, None, steered(), torch.Generator().manual_seed(0))
        losses[scale] = training_step(networks, networks, views, 0.1, steered())[1]
    in_mask_space = {scale: parts["distance_supervised"].item() for scale, parts in losses.items()}
    both = {
        scale: (parts["distance_supervised"] + parts["distance_regression"]).item() for scale, parts in losses.items()
    }
    assert in_mask_space[1.4] < in_mask_space[1.0] < in_mask_space[0.7]
    assert both[1.0] < both[1.4] and both[1.0] < both[0.7]


def batches() -> tuple[Batch, Batch]:
    mask = cube(4, 10)
    label = torch.from_numpy(mask)[None].long()
    distance = torch.from_numpy(signed_distance(mask, (1, 1, 1), 12.0))[None, None]
    valid = torch.ones(1, 16, 16, 16, dtype=torch.bool)
    image = torch.from_numpy(mask)[None, None].float()
    return Batch(image, valid, label, distance), Batch(image.clone(), valid)


def step(students, teachers, plan, progress=0.9):
    views = make_views(*batches(), plan, torch.Generator().manual_seed(0))
    return training_step(students, teachers, views, progress, plan)


def test_no_gradient_flows_into_a_teacher():
    students, teachers = fixed(cube(4, 10), cube(4, 10)), fixed(cube(4, 9), cube(4, 11))
    loss, parts = step(students, teachers, steered())
    loss.backward()
    assert all(parameter.grad is None for parameter in teachers.parameters())
    assert all(parameter.grad.abs().sum() > 0 for parameter in students.parameters())
    assert set(parts) >= {"probability_taught", "distance_taught", "consistency", "distance_regression"}


@pytest.mark.parametrize("progress", [0.1, 0.35, 0.9])
def test_the_losses_for_the_curves_make_up_the_whole(progress):
    """Neither jumps when the pseudo-labels gain weight: only their sum does."""
    plan = steered()
    students, teachers = fixed(cube(4, 10), cube(4, 10)), fixed(cube(4, 9), cube(4, 11))
    loss, parts = step(students, teachers, plan, progress)
    weighted = parts["outlined_loss"] + plan.mutual.ramp_weight(progress) * parts["unlabeled_loss"]
    assert loss.item() == pytest.approx(weighted.item())
    _, later = step(students, teachers, plan, progress + 1e-3)
    assert parts["outlined_loss"].item() == pytest.approx(later["outlined_loss"].item())


def test_the_consistency_moves_each_network_as_if_its_partner_were_fixed():
    """Each network's gradient is that of its own distance to the other, counted once (the published code: twice)."""
    labeled, unlabeled = batches()
    moved = []
    for weight in (0.0, 1.0):
        students = fixed(cube(4, 10), cube(4, 12), sure=1.0)
        step(students, students, steered(mix=0.0, consistency=weight), 1.0)[0].backward()
        moved.append((students.probability.shift.grad.clone(), students.distance.shift.grad.clone()))
    students = fixed(cube(4, 10), cube(4, 12), sure=1.0)
    image = torch.cat([labeled.image, unlabeled.image])
    probability, mask = students.probabilities(image), students.masks(students.distances(image))
    (((probability - mask.detach()) ** 2).mean() + ((probability.detach() - mask) ** 2).mean()).backward()
    for index, network in enumerate((students.probability, students.distance)):
        assert torch.allclose(moved[1][index] - moved[0][index], network.shift.grad, atol=1e-7)


def test_a_wrong_teacher_pulls_its_pupil_and_the_ramp_decides_how_strongly():
    students, teachers = fixed(cube(4, 10), cube(4, 10)), fixed(cube(4, 10), cube(4, 14))
    plan = steered(mix=0.0, confidence=(0.5, 0.5), disagreement_weight=1.0)
    start, ramp_length = plan.mutual.start, plan.mutual.ramp
    pulls = []
    for progress in (start, start + ramp_length / 2, 1.0):
        students.zero_grad()
        step(students, teachers, plan, progress)[0].backward()
        pulls.append(float(students.probability.shift.grad[1]))
    # too much is taught: the score of the segment wants to rise (a negative gradient), more so later
    assert pulls[2] < pulls[1] < pulls[0]


def test_the_ramp_and_the_threshold():
    settings = MutualSettings(start=0.3, ramp=0.2, confidence=(0.7, 0.9))
    assert settings.ramp_weight(0.29) == 0
    assert settings.ramp_weight(0.3) == pytest.approx(np.exp(-5))
    assert settings.ramp_weight(0.5) == settings.ramp_weight(1.0) == 1
    assert settings.thresholds(0.3) == pytest.approx((0.7, 0.7))
    assert settings.thresholds(1.0) == pytest.approx((0.9, 0.9))
    of_segments = replace(settings, segment_confidence=0.8)
    assert of_segments.thresholds(0.3) == pytest.approx((0.7, 0.8)) and of_segments.thresholds(1.0) == (0.9, 0.9)


def test_the_learning_rate_rises_shortly_and_falls_to_nothing():
    """The default schedule: 3 % of the steps up, then half a cosine; half of it in the middle, nothing at the end."""
    plan = steered().replaced(learning_rate=0.01)
    assert plan.training.warm_up == 0.03
    rates = {progress: METHOD.learning_rate(plan, progress) for progress in (0.0, 0.015, 0.03, 0.25, 0.5, 0.75, 1.0)}
    assert rates[0.0] == pytest.approx(0, abs=1e-9)
    assert rates[0.015] == pytest.approx(0.01 * 0.5 * 0.5 * (1 + np.cos(np.pi * 0.015)), rel=1e-6)
    assert rates[0.03] == pytest.approx(0.01 * 0.5 * (1 + np.cos(np.pi * 0.03)), rel=1e-6)
    assert rates[0.25] == pytest.approx(0.01 * (2 + np.sqrt(2)) / 4)
    assert rates[0.5] == pytest.approx(0.005)
    assert rates[0.75] == pytest.approx(0.01 * (2 - np.sqrt(2)) / 4)
    assert rates[1.0] == pytest.approx(0, abs=1e-9)
    every = [METHOD.learning_rate(plan, step / 1000) for step in range(1001)]
    top = every.index(max(every))
    assert top == 30 and every[:31] == sorted(every[:31]) and every[30:] == sorted(every[30:], reverse=True)
    assert METHOD.learning_rate(plan.replaced(training=replace(plan.training, warm_up=0.0)), 0.0) == 0.01


def test_each_step_is_taken_with_the_rate_of_the_schedule(plan, cases):
    learner = learner_of(plan.replaced(learning_rate=0.01), cases)
    for factor in (1.0, 0.25):  # a quarter after two losses that were no numbers
        learner.rate_factor = factor
        for iteration in (0, 3, 5):
            learner.step(iteration, 6)
            used = {group["lr"] for group in learner.optimizer.param_groups}
            assert (
                used
                == {factor * METHOD.learning_rate(learner.plan, iteration / 6)}
                == {learner.learning_rate(iteration / 6)}
            )


def test_averaged_weights_follow_by_their_formula():
    students = nn.Linear(2, 1)
    teachers = make_teachers(students)
    start = teachers.weight.clone()
    with torch.no_grad():
        students.weight += 1
    update_average(teachers, students, 10**6, 0.9)
    assert torch.allclose(teachers.weight, start + 0.1)
    update_average(teachers, students, 0, 0.9)
    assert torch.allclose(teachers.weight, students.weight)


def test_a_segment_outside_the_patch_is_no_division_by_zero(plan):
    networks = build_networks(plan)
    shape = plan.patch
    image = torch.randn(1, 1, *shape)
    valid = torch.ones(1, *shape, dtype=torch.bool)
    labeled = Batch(image, valid, torch.zeros(1, *shape, dtype=torch.int64), torch.full((1, 2, *shape), 99.0))
    views = make_views(labeled, Batch(image, valid), plan, torch.Generator().manual_seed(0))
    loss, _ = training_step(networks, networks, views, 0.9, plan)
    loss.backward()
    assert torch.isfinite(loss)
    assert all(torch.isfinite(p.grad).all() for p in networks.parameters() if p.grad is not None)


@pytest.mark.parametrize("preset", ["quick", "paper"])
def test_the_same_seed_gives_the_same_weights(preset, dataset, tmp_path):
    request = TrainingRequest(dataset, preset, seed=3)
    plan = plan_for(dataset, [case.name for case in dataset.labeled], request)
    if preset == "paper":
        plan = plan.replaced(batch_labeled=1, batch_unlabeled=1)
    cases = prepare([*dataset.labeled, *dataset.unlabeled], plan, tmp_path)
    states = []
    for seed in (3, 3, 4):
        learner = learner_of(plan.replaced(seed=seed), cases)
        for iteration in range(4):
            learner.step(iteration, 4)
        states.append(learner.students.state_dict())
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert any(not torch.equal(states[0][name], states[2][name]) for name in states[0])


def test_going_on_from_a_saved_state_ends_where_the_unbroken_run_ends(plan, cases):
    whole = learner_of(plan, cases)
    for iteration in range(6):
        whole.step(iteration, 6)
    first = learner_of(plan, cases)
    for iteration in range(3):
        first.step(iteration, 6)
    second = learner_of(plan, cases)
    second.load_state(first.state())
    for iteration in range(3, 6):
        second.step(iteration, 6)
    for name, tensor in whole.teachers.state_dict().items():
        assert torch.equal(tensor, second.teachers.state_dict()[name]), name


@pytest.mark.parametrize("is_spare", [True, False])
def test_what_is_drawn_ahead_is_what_would_be_drawn_anyway(plan, cases, monkeypatch, is_spare):
    """Steps out of order, as after going back to a checkpoint: each sees the patches of its own number.

    Nothing is drawn ahead where the networks have all processors.
    """
    monkeypatch.setattr(ahead, "given_processors", lambda: torch.get_num_threads() + is_spare)
    learner, alone = learner_of(plan, cases), learner_of(plan, cases)
    for iteration in (0, 1, 5, 1, 2):
        _, views = learner._views_of(iteration, 6)
        _, expected = alone._draw(iteration, 6)
        assert torch.equal(views.image, expected.image)
        assert learner._ahead.has_begun == (is_spare and iteration < 5)
        assert (views.unlabeled is None) == (iteration < 2)  # mutual learning begins after three tenths of the steps
    assert learner._views_of(5, 6)[0] == alone._draw(5, 6)[0]
    assert not learner._ahead.has_begun  # nothing comes after the last


@pytest.mark.slow
def test_it_learns(plan, cases):
    """In forty steps both networks find the organ on a scan that they learn from."""
    learner = learner_of(plan, cases)
    losses = [learner.step(iteration, 40) for iteration in range(40)]
    for part in ("probability_supervised", "distance_supervised", "distance_regression"):
        values = [float(entry[part]) for entry in losses]
        assert np.mean(values[-8:]) < 0.85 * np.mean(values[:4]), part


# --- the published method


def test_published_ramp():
    assert ramp(0, PUBLISHED) == pytest.approx(np.exp(-5))
    assert ramp(3000, PUBLISHED) == pytest.approx(0.2865, abs=1e-4)
    assert ramp(149, PUBLISHED) == ramp(0, PUBLISHED) and ramp(6000, PUBLISHED) == ramp(9000, PUBLISHED) == 1
    assert (
        ramp(3450 / 6000 * 6000, PUBLISHED) == ramp(3450, PUBLISHED) > ramp(3449, PUBLISHED)
    )  # though that product is less than 3450


def test_published_rate_drops_twice():
    plan = make_plan([ScanStatistics((20, 24, 20), (1.0,) * 3, ((6.0,) * 3,), (3.0,))], SEGMENTS, "paper")
    learner = Learner(plan, [], [], CPU)
    rates = [learner.learning_rate(iteration / 6000) for iteration in (0, 2499, 2500, 4999, 5000, 5999)]
    assert rates == pytest.approx([0.01, 0.01, 0.001, 0.001, 0.0001, 0.0001])


def test_published_distance_loses_the_inner_boundary():
    mask = cube(4, 12)
    distance = published_signed_distance(mask)
    assert distance.min() == -1 and distance.max() == 1
    assert distance[4, 8, 8] == 0 and distance[5, 8, 8] < 0 and distance[3, 8, 8] > 0
    assert ((distance < 0) & ~mask).sum() == 0 and (distance < 0).sum() < mask.sum()
    assert not published_signed_distance(np.zeros((4, 4, 4))).any()


def test_published_distance_is_the_exact_one_of_every_voxel():
    rng = np.random.default_rng(3)
    mask = rng.random((9, 10, 11)) > 0.9
    here = np.argwhere(np.ones(mask.shape))
    inside, outside = np.argwhere(mask), np.argwhere(~mask)
    from_mask, from_rest = (
        np.sqrt(((here[:, None] - there[None]) ** 2).sum(-1).min(1)).reshape(mask.shape) for there in (inside, outside)
    )
    expected = from_mask / from_mask.max() - from_rest / from_rest.max()
    padded = np.pad(mask, 1, mode="edge")
    core = np.min([np.roll(padded, step, axis)[1:-1, 1:-1, 1:-1] for axis in range(3) for step in (-1, 1)], axis=0)
    expected[mask & ~core] = 0
    assert np.allclose(published_signed_distance(mask), expected, atol=1e-5)


def test_published_consistency_counts_twice_and_reaches_both_networks(dataset, tmp_path):
    """The gradient of our one loss is the sum of what the code's two backward passes leave in each network.

    The published code sends back both networks' losses, each of which holds the consistency, before either step.
    """
    plan = plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset, preset="paper"))
    plan = plan.replaced(batch_labeled=1, batch_unlabeled=1)
    learner = learner_of(plan, prepare([*dataset.labeled, *dataset.unlabeled], plan, tmp_path))
    networks = learner.students.eval()
    labeled, unlabeled = views = learner.views(0.5, 3000, torch.Generator().manual_seed(0))
    weights = [*networks.parameters()]
    ours = torch.autograd.grad(learner.compute(0.5, views)[0], weights)

    image, count = torch.cat([labeled.image, unlabeled.image]), len(labeled.image)
    target = torch.stack([labeled.label == value for value in (1, 2)], dim=1).float()
    score = networks.probability(image)
    probability, mask = torch.sigmoid(score), torch.sigmoid(-1500 * torch.tanh(networks.distance(image)))
    consistency = ramp(3000, PUBLISHED) * ((mask - probability) ** 2).mean()
    entropy = nn.functional.binary_cross_entropy_with_logits(score[:count], target)
    of_probability = 0.5 * (entropy + squared_dice_loss(probability[:count], target)) + consistency
    of_distance = squared_dice_loss(mask[:count], target) + consistency
    theirs = [
        torch.autograd.grad(loss, weights, retain_graph=True, allow_unused=True)
        for loss in (of_probability, of_distance)
    ]
    alone = torch.autograd.grad(2 * consistency, weights)
    for name, our, first, second, part in zip(
        (name for name, _ in networks.named_parameters()), ours, *theirs, alone, strict=True
    ):
        expected = sum(each for each in (first, second) if each is not None)
        assert torch.allclose(our, expected, rtol=1e-3, atol=1e-6), name
        if name.endswith("head.weight"):
            assert part.abs().sum() > 0, name  # it reaches this network


def test_squared_dice_has_its_closed_form():
    probability = torch.tensor([0.5, 0.5, 0.0, 0.0]).reshape(1, 1, 1, 1, 4)
    target = torch.tensor([1.0, 0.0, 0.0, 1.0]).reshape(1, 1, 1, 1, 4)
    assert squared_dice_loss(probability, target) == pytest.approx(1 - 2 * 0.5 / (0.5 + 2), abs=1e-4)


@pytest.fixture
def paper_learner(dataset, tmp_path):
    plan = plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset, preset="paper", seed=0))
    plan = plan.replaced(batch_labeled=1, batch_unlabeled=1)
    cases = prepare([*dataset.labeled, *dataset.unlabeled], plan, tmp_path)
    return learner_of(plan, cases)


def test_the_last_weights_of_the_published_method_infer(paper_learner):
    for iteration in range(2):
        paper_learner.step(iteration, 10)
    averaged = paper_learner.teachers.state_dict()
    assert all(torch.equal(tensor, averaged[name]) for name, tensor in paper_learner.students.state_dict().items())


def test_published_patches_are_turned_in_the_slice_plane_only():
    image = torch.arange(2 * 4 * 4.0).reshape(1, 1, 2, 4, 4).repeat(60, 1, 1, 1, 1)
    valid = torch.ones(60, 2, 4, 4, dtype=torch.bool)
    changed = turn_and_mirror(Batch(image, valid, image[:, 0].long(), image), torch.Generator().manual_seed(0))
    assert torch.equal(changed.image[:, 0].long(), changed.label)
    assert all(
        set(after[0, z].ravel().tolist()) == set(image[0, 0, z].ravel().tolist())
        for after in changed.image
        for z in (0, 1)
    )
    # any turn, then one reflection: the four reflections of a square
    assert len({tuple(after.ravel().tolist()) for after in changed.image}) == 4


def test_published_patches_lie_on_the_voxels_of_the_scan(paper_learner):
    """Nothing is interpolated: every drawn value is one of the scan's, but for rounding."""
    values = np.unique(np.concatenate([np.ravel(case.image()) for case in paper_learner.labeled.cases]))
    values = values.astype(np.float64)
    for iteration in range(3):
        drawn = paper_learner.labeled.draw(1, step_generator(0, iteration)).image.double().numpy().ravel()
        place = np.searchsorted(values, drawn).clip(1, len(values) - 1)
        assert np.minimum(abs(drawn - values[place - 1]), abs(drawn - values[place])).max() < 2e-5


def test_every_place_of_a_published_patch_is_as_likely_as_another(paper_learner):
    large = PreparedCase("large", "labeled", Path(), "", (20, 16, 13))
    sampler = Sampler([large], paper_learner.plan.replaced(patch=(16, 16, 16)), True, CPU)
    generator = torch.Generator().manual_seed(0)
    starts = torch.stack([sampler._center(0, generator) for _ in range(2000)]) - 7.5
    assert sorted(set(starts[:, 0].tolist())) == [0, 1, 2, 3, 4]
    counts = torch.bincount(starts[:, 0].long())
    assert counts.min() > 330 and counts.max() < 470  # 400 each on average
    assert set(starts[:, 1].tolist()) == {0.0}
    assert set(starts[:, 2].tolist()) == {-2.0}  # a scan smaller than the patch: all of it, on its voxels


def test_published_cases_come_in_turn():
    seen = [case for iteration in range(10) for case in cases_in_turn(5, 2, iteration, seed=7)]
    assert all(sorted(seen[start : start + 5]) == list(range(5)) for start in range(0, 20, 5))
    assert seen != [case for iteration in range(10) for case in cases_in_turn(5, 2, iteration, seed=8)]
    assert cases_in_turn(1, 3, 4, seed=0) == [0, 0, 0]


@pytest.mark.parametrize("precision", ["bfloat16"])
def test_mixed_precision_trains(plan, cases, precision):
    learner = learner_of(plan.replaced(precision=precision), cases)
    for iteration in (0, 5, 9):
        assert all(torch.isfinite(value) for value in learner.step(iteration, 10).values())
    assert all(torch.isfinite(parameter).all() for parameter in learner.students.parameters())
