"""Unlabeled patches are cut where a teacher saw something: remembered at the right place, forgotten, and repeatable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.registry import make_plan
from dualtaskseg.method.sampling import Sampler, step_generator
from dualtaskseg.method.sightings import CELL, DELAY, KEPT_OF_CASE, Cut, Sightings
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import SEEKING, ScanStatistics
from dualtaskseg.preparation.prepare import PreparedCase
from test_mutual import SEGMENTS

CPU = torch.device("cpu")
SHAPE = (40, 96, 88)
LOW, HIGH = np.array([8, 60, 10]), np.array([14, 70, 18])  # the structure: 0.14 % of the scan, in one corner


def made_case(folder: Path, name: str, role: str, seed: int) -> PreparedCase:
    """A large scan of noise with a small bright box."""
    image = np.random.default_rng(seed).normal(0, 0.3, SHAPE).astype(np.float16)
    box = tuple(slice(*pair) for pair in zip(LOW, HIGH, strict=True))
    image[box] += 3
    label = np.zeros(SHAPE, np.uint8)
    label[box] = 1
    np.save(folder / f"{name}_image.npy", image)
    np.save(folder / f"{name}_label.npy", label)
    np.save(folder / f"{name}_distance.npy", np.where(label, -2, 2)[None].astype(np.float16))
    positions = np.argwhere(label).astype(np.int32) if role == "labeled" else None
    return PreparedCase(name, role, folder, name, SHAPE, (positions,) if positions is not None else ())


@pytest.fixture(scope="module")
def plan() -> Plan:
    scan = ScanStatistics(SHAPE, (1.0, 1.0, 1.0), ((6.0, 10.0, 8.0),), (3.0,))
    return make_plan([scan], SEGMENTS).replaced(patch=(16, 24, 24))


@pytest.fixture(scope="module")
def cases(tmp_path_factory) -> list[PreparedCase]:
    folder = tmp_path_factory.mktemp("large")
    return [made_case(folder, f"case {seed}", "unlabeled" if seed else "labeled", seed) for seed in range(3)]


def shown(batch) -> int:
    """How many of its patches show the structure."""
    return int((batch.image.amax(dim=(1, 2, 3, 4)) > 2).sum())


def drawn(sampler: Sampler, count: int = 60) -> int:
    return sum(shown(sampler.draw(1, step_generator(5, iteration))) for iteration in range(count))


def test_the_usual_plan_seeks_and_a_plan_of_earlier_versions_does_not(plan):
    assert plan.training.seeking == SEEKING > 0
    document = plan.to_dict()
    del document["training"]["seeking"]
    assert Plan.from_dict(document).training.seeking == 0


def test_what_is_seen_in_a_turned_patch_is_remembered_where_it_lies_in_the_scan(plan, cases):
    sampler = Sampler(cases[:1], plan, True, CPU)
    found = 0
    for iteration in range(40):
        batch = sampler.draw(1, step_generator(1, iteration))
        sightings = Sightings([], 1, plan.patch)
        sightings.note(0, batch.cuts, batch.label > 0)
        sightings.settle(DELAY)
        places = sightings.state()["places"][0].numpy()
        assert bool(len(places)) == bool((batch.label > 0).any())
        assert ((places > LOW - 1 - CELL) & (places < HIGH + CELL)).all()
        found += len(places)
    assert found > 40


def test_patches_are_cut_where_something_was_seen(plan, cases):
    anywhere = drawn(Sampler(cases[1:], plan, False, CPU))
    sightings = Sightings([], 2, plan.patch)
    blind = drawn(Sampler(cases[1:], plan, False, CPU, sightings))
    center = torch.from_numpy((LOW + HIGH) / 2).float()
    seen = torch.zeros(1, *plan.patch, dtype=torch.bool)
    seen[0, 6:10, 10:14, 10:14] = True
    for case in range(2):
        sightings.note(case, [Cut(case, center, torch.eye(3))], seen)
    sightings.settle(10)
    sought = drawn(Sampler(cases[1:], plan, False, CPU, sightings))
    assert anywhere < 15 and blind < 15  # of 60
    assert 36 < sought <= 60  # two thirds, and some by chance


def test_a_scan_that_nothing_was_seen_in_is_searched_where_structures_usually_are(plan, cases):
    sought = drawn(Sampler(cases[1:], plan, False, CPU, Sightings(cases[:1], 2, plan.patch)))
    assert sought > drawn(Sampler(cases[1:], plan, False, CPU)) + 15


def test_a_step_counts_two_steps_later_and_what_is_gone_is_forgotten(plan):
    sightings = Sightings([], 1, plan.patch)
    cut = Cut(0, torch.tensor([20.0, 40.0, 40.0]), torch.eye(3))
    generator = torch.Generator().manual_seed(0)
    seen = torch.zeros(1, *plan.patch, dtype=torch.bool)
    seen[0, 8, 12, 12] = True
    sightings.note(7, [cut], seen)
    sightings.settle(7 + DELAY - 1)
    assert sightings.place(0, SHAPE, generator) is None
    sightings.settle(7 + DELAY)
    assert torch.dist(sightings.place(0, SHAPE, generator), cut.center) < CELL
    far = Cut(0, torch.tensor([20.0, 80.0, 40.0]), torch.eye(3))
    sightings.note(8, [far], ~seen & False)
    sightings.settle(8 + DELAY)
    assert sightings.place(0, SHAPE, generator) is not None  # it looked elsewhere
    sightings.note(9, [cut], ~seen & False)
    sightings.settle(9 + DELAY)
    assert sightings.place(0, SHAPE, generator) is None


def test_memory_is_bounded(plan):
    sightings = Sightings([], 1, plan.patch)
    for iteration in range(50):
        cut = Cut(0, torch.tensor([20.0, 24.0 * (1 + iteration), 40.0]), torch.eye(3))
        sightings.note(iteration, [cut], torch.ones(1, *plan.patch, dtype=torch.bool))
    sightings.settle(100)
    state = sightings.state()
    assert len(state["places"][0]) == KEPT_OF_CASE and not state["notes"]


def test_a_continued_training_cuts_the_same_patches(plan, cases):
    """Bit for bit, though patches are cut ahead, and what was seen lately has not been taken over when it stops."""

    def trained(stop_at: int | None) -> tuple[dict, dict]:
        learner = Learner(plan, cases[:1], cases[1:], CPU)
        for iteration in range(14):
            if iteration == stop_at:
                state = learner.state()
                learner = Learner(plan, cases[:1], cases[1:], CPU)
                learner.load_state(state)
            learner.step(iteration, 14)
        return learner.students.state_dict(), learner.sightings.state()

    weights, seen = trained(None)
    assert sum(map(len, seen["places"])) + len(seen["notes"]) > 0
    for stop_at in (5, 9, 13):
        again, seen_again = trained(stop_at)
        assert all(torch.equal(weights[name], again[name]) for name in weights)
        assert all(torch.equal(one, other) for one, other in zip(seen["places"], seen_again["places"], strict=True))


def test_a_state_that_is_damaged_or_of_other_scans_is_refused(plan):
    sightings = Sightings([], 2, plan.patch)
    cut = Cut(1, torch.tensor([20.0, 24.0, 40.0]), torch.eye(3))
    sightings.note(3, [cut], torch.ones(1, *plan.patch, dtype=torch.bool))
    good = sightings.state()
    sightings.load_state(good)
    note = good["notes"][0]
    damaged = [
        {**good, "places": good["places"][:1]},
        {**good, "places": [torch.zeros(4), torch.zeros(0, 3)]},
        *({**good, "notes": [{**note, **wrong}]} for wrong in ({"case": 2}, {"center": torch.zeros(2)})),
        *({**good, "notes": [{**note, name: note[name][1:]}]} for name in ("matrix", "cells")),
    ]
    for state in damaged:
        with pytest.raises(ValueError, match="seen"):
            sightings.load_state(state)
    assert len(sightings.state()["notes"]) == 1  # nothing by halves
