"""Cuboids of one patch in another: what is known of the mixed ones, and which patches are mixed."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from dualtaskseg.method.pasting import Partners, draw_partners, exchange_cuboids, shown
from dualtaskseg.method.sampling import WHOLE, Batch, Sampler, Step
from dualtaskseg.parallel.rows import Share
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase
from test_mutual import CPU, learner_of, steered

pytestmark = pytest.mark.usefixtures("narrow_networks")
SIZE = (16, 16, 16)


def batch(value: float, count: int = 6, least: bool = False) -> Batch:
    """Patches in which everything has one value."""
    return Batch(
        image=torch.full((count, 1, *SIZE), value),
        valid=torch.ones(count, *SIZE, dtype=torch.bool),
        label=torch.full((count, *SIZE), int(value)),
        distance=torch.full((count, 1, *SIZE), value),
        least=torch.full((count, 1, *SIZE), -value) if least else None,
    )


def plan_with(**training) -> Plan:
    """One that leaves intensities as they are."""
    plan = steered()
    as_it_is = replace(plan.training.weak_intensity, probability=0.0)
    return plan.replaced(training=replace(plan.training, weak_intensity=as_it_is, **training))


def mixed_with(own: Batch, other: Batch, into: list[int]) -> tuple[Batch, torch.Tensor]:
    partners = Partners(other, into, torch.Generator().manual_seed(1))
    return shown(own, partners, plan_with(), torch.Generator().manual_seed(0))


def test_cuboids_are_exchanged_both_ways():
    image, other = torch.zeros(40, 1, 12, 12, 12), torch.ones(40, 1, 12, 12, 12)
    mixed, pasted = exchange_cuboids(image, other, 0.5, (0.5, 0.67), torch.Generator().manual_seed(0))
    assert torch.equal(mixed[:, 0].bool(), pasted)
    shares = pasted.float().mean((1, 2, 3))
    assert (shares == 0).any() and ((shares > 0.05) & (shares < 0.35)).any() and (shares > 0.65).any()


def test_of_each_voxel_of_a_labeled_patch_is_known_what_its_own_scan_says():
    known, image = mixed_with(batch(1.0), batch(2.0, 4), [0, 2, 3, 5])
    assert set(image.unique().tolist()) == {1.0, 2.0}
    assert torch.equal(known.label, image[:, 0].long())
    assert torch.equal(known.distance, image) and torch.equal(known.image, image)
    shares = (image == 2.0).float().mean((1, 2, 3, 4))
    assert [0 < share < 1 for share in shares.tolist()] == [True, False, True, True, False, True]


def test_where_nobody_looked_stays_unknown_wherever_it_is_pasted():
    own, other = batch(1.0, 2, least=True), batch(2.0, 2)
    own.known = torch.zeros_like(own.valid)
    known, image = mixed_with(own, other, [0, 1])
    assert torch.equal(known.known, image[:, 0] == 2.0)
    # of a wholly outlined scan the distance is what it may be at least, too
    assert torch.equal(known.least, torch.where(image == 2.0, 2.0, -1.0))


def step_of(cases: list[PreparedCase], plan: Plan, pasting: float, share: Share = WHOLE, seed: int = 0) -> Step:
    plan = plan.replaced(training=replace(plan.training, pasting=pasting))
    generator = torch.Generator().manual_seed(seed)
    return Step(Sampler(cases[:3], plan, True, CPU), None, plan, 0.0, 0, generator, share)


def test_the_planned_part_of_labeled_patches_is_mixed_with_others_of_the_same_place(plan, cases):
    """A kidney that is pasted into the other side would be taught beside the wrong organs."""
    step = step_of(cases, plan, 0.3)
    labeled = step.labeled.draw(40, step.generator)
    partners = draw_partners(step, labeled)
    assert 4 <= len(partners.into) <= 20 and len(partners.patches.image) == len(partners.into)
    own, other = step.labeled.places(labeled), step.labeled.places(partners.patches)
    for row, place in zip(partners.into, other, strict=True):
        assert torch.allclose(own[row], place, atol=0.05)  # to a voxel, where they are not rotated


def test_a_partner_shows_its_scan_also_where_a_larger_one_has_more_beside(plan, cases):
    """Places of large scans may lie nearer to the border, in voxels of a small one, than a patch should."""
    sampler = Sampler(cases[:3], plan, True, CPU)
    batch = sampler.draw(6, torch.Generator().manual_seed(0), places=[torch.zeros(3)] * 3 + [torch.ones(3)] * 3)
    for cut in batch.cuts:
        shape = torch.tensor(cases[cut.case].shape)
        margin = torch.minimum(torch.tensor(plan.patch), shape) * plan.training.margin - 0.5  # half a voxel to fit
        assert (cut.center >= margin).all() and (cut.center <= shape - 1 - margin).all()


def test_nothing_is_drawn_where_nothing_is_pasted(plan, cases):
    step = step_of(cases, plan, 0.0)
    labeled = step.labeled.draw(4, step.generator)
    before = step.generator.get_state()
    assert draw_partners(step, labeled) is None
    assert torch.equal(step.generator.get_state(), before), "a training of an earlier version would go on otherwise"


def test_ranks_mix_what_one_would_mix(plan, cases):
    whole = step_of(cases, plan, 0.5, seed=3)
    labeled = whole.labeled.draw(5, whole.generator)
    _known, expected = shown(labeled, draw_partners(whole, labeled), plan, whole.generator)
    images = []
    for index in range(2):
        step = step_of(cases, plan, 0.5, Share(index, 2), seed=3)
        own = step.labeled.draw(5, step.generator, share=step.share)
        images.append(shown(own, draw_partners(step, own), plan, step.generator)[1])
    assert torch.equal(torch.cat(images), expected)


def mixed_part(plan: Plan, cases: list[PreparedCase], method: str, progress: float) -> float:
    """How much of the labeled patches of a step is pasted."""
    seen, usual = (
        learner_of(plan.replaced(method=method, training=replace(plan.training, pasting=part)), cases)
        .views(progress, 0, torch.Generator().manual_seed(0))
        .labeled.image
        for part in (1.0, 0.0)
    )
    return float((seen != usual).float().mean())


@pytest.mark.parametrize("method", ["mutual", "supervised", "mean-teacher"])
def test_every_method_mixes_labeled_patches_as_long_as_labels_alone_teach(plan, cases, method):
    assert plan.training.pasting == 0.5
    alone = plan.replaced(mutual=replace(plan.mutual, start=0.5))
    assert 0.05 < mixed_part(alone, cases, method, 0.2) < 0.95


def test_once_the_networks_teach_each_other_labeled_patches_stay_whole(plan, cases):
    """What is pasted is in the unlabeled ones then; someone has to show what lies beside what."""
    assert mixed_part(plan, cases, "mutual", 1.0) == 0
    assert mixed_part(plan, cases, "mean-teacher", 1.0) > 0  # which pastes nothing into unlabeled ones


def test_plans_of_earlier_versions_paste_nothing_into_labeled_patches():
    document = steered().to_dict()
    del document["training"]["pasting"]
    assert Plan.from_dict(document).training.pasting == 0.0
