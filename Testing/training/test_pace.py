"""The time budget holds, also on a computer that gets busy, and the run can be repeated step by step."""

from __future__ import annotations

import itertools
import json
import shutil
from dataclasses import replace

import pytest
import torch
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.method import learner as learner_module
from dualtaskseg.planning.plan import Plan
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import read_status
from dualtaskseg.training import pace as pace_module
from dualtaskseg.training import stages as stages_module
from dualtaskseg.training import trainer as trainer_module
from dualtaskseg.training.calibration import SPARE
from dualtaskseg.training.pace import Pace, with_moved_end
from dualtaskseg.training.trainer import train
from safetensors.torch import load_file

pytestmark = pytest.mark.usefixtures("narrow_networks")


@pytest.fixture(scope="module")
def plan(dataset) -> Plan:
    from dualtaskseg.training.plan_run import plan_for

    names = [case.name for case in dataset.labeled]
    return plan_for(dataset, names, TrainingRequest(dataset)).replaced(calibrated=True, step_seconds=(1.0, 2.0))


class Clock:
    """Stands for :mod:`time`: the tests move it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def simulated(monkeypatch, plan: Plan, budget: float, slowness, before: float = 0.0, finishing: float = 0.0):
    """Takes all steps of a training whose steps take ``slowness(clock)`` times what was measured.

    Returns:
        seconds at the end, the last plan, and the progress of each step.
    """
    clock = Clock()
    monkeypatch.setattr(pace_module, "time", clock)
    pace = Pace(budget)
    clock.now += before
    left = pace.aim(finishing)
    plan = plan.replaced(iterations=max(20, int(left * SPARE / (0.25 * 1.0 + 0.75 * 2.0))), turns=())
    pace.begin(0)
    iteration, passed = 0, []
    while iteration < plan.iterations:
        progress = plan.progress_at(iteration, plan.iterations)
        passed.append(progress)
        clock.now += (2.0 if progress >= 0.25 else 1.0) * slowness(pace.clock)
        iteration += 1
        end = pace.moved_end(plan, iteration, 0.25)
        if end is not None:
            plan = with_moved_end(plan, iteration, end)
    return pace.clock, plan, passed


@pytest.mark.parametrize(
    "slowness",
    [
        lambda clock: 1.0,
        lambda clock: 1.04,
        lambda clock: 2.0,
        lambda clock: 6.0,
        lambda clock: 0.4,
        lambda clock: 3.0 if clock > 1000 else 1.0,
        lambda clock: 3.0 if clock < 1000 else 1.0,
        lambda clock: 4.0 if int(clock / 150) % 2 else 1.0,
        lambda clock: 1.0 + clock / 1000,
    ],
    ids=["as measured", "nearly", "twice", "six times", "faster", "busy later", "busy first", "on and off", "worse"],
)
@pytest.mark.parametrize("before", [0.0, 500.0])
def test_the_budget_holds_and_the_schedule_is_even(monkeypatch, plan, slowness, before):
    seconds, ended, passed = simulated(monkeypatch, plan, 2000.0, slowness, before)
    assert 0.88 * 2000 < seconds < 1.1 * 2000
    assert passed[0] == 0 and all(0 < later - sooner < 0.1 for sooner, later in itertools.pairwise(passed))
    assert 0.9 < passed[-1] < 1.0 and ended.progress_at(ended.iterations, ended.iterations) == 1.0
    assert Plan.from_dict(json.loads(json.dumps(ended.to_dict()))) == ended
    assert len(ended.turns) < 45


def test_nothing_moves_where_the_computer_is_as_measured(monkeypatch, plan):
    assert simulated(monkeypatch, plan, 2000.0, lambda clock: 1.05)[1].turns == ()


def test_a_number_of_steps_that_was_asked_for_is_kept(plan):
    pace = Pace(None)
    assert pace.aim(10.0) == float("inf")
    pace.begin(0)
    assert all(pace.moved_end(plan.replaced(iterations=100), each, 0.0) is None for each in range(100))


def test_time_before_a_resume_counts(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(pace_module, "time", clock)
    pace = Pace(100.0, worked=60.0)
    clock.now += 5.0
    assert pace.clock == 65.0 and pace.aim(5.0) == 30.0


@pytest.mark.parametrize(
    "turns",
    [
        [[0, 50], [20, 19]],
        [[1, 50], [20, 90]],
        [[0, 50], [60, 90]],
        [[0, 50], [20, 91]],
        [[0, 0], [0, 90]],
        [[0, 90, 1]],
        5,
        [[0.5, 90]],
    ],
)
def test_turns_that_make_no_sense_are_no_plan(plan, turns):
    from dualtaskseg.errors import InputError

    document = json.loads(json.dumps(plan.replaced(iterations=90, turns=((0, 50), (20, 90))).to_dict()))
    Plan.from_dict(document)
    with pytest.raises(InputError, match="turns"):
        Plan.from_dict({**document, "turns": turns})


def test_a_training_on_a_busy_computer_ends_in_time_and_can_be_repeated(request_of, tmp_path, monkeypatch):
    """A real training on a clock of its own, so that it tests the same on every machine."""
    clock, real = Clock(), learner_module.Learner.step
    began = clock.now

    def step(self, iteration, of):
        if of != 10**6:  # not those that are only measured
            clock.now += 0.25 if iteration < 5 else 1.0  # then another program takes the processor
        return real(self, iteration, of)

    monkeypatch.setattr(pace_module, "time", clock)
    monkeypatch.setattr(learner_module.Learner, "step", step)
    monkeypatch.setattr(stages_module, "iterations_within", lambda *_: 100)
    for module in (stages_module, trainer_module):
        monkeypatch.setattr(module, "finishing_seconds", lambda *_: 1.0)
    monkeypatch.setattr(trainer_module, "METRICS_EVERY_S", 0.0)
    run = RunFolder.create(tmp_path / "busy", request_of(iterations=None, time_budget=30))
    train(run.folder)
    status = read_status(run.folder)
    plan = json.loads((run.folder / "plan.json").read_text())
    assert plan["turns"] and plan["turns"][-1][1] == plan["iterations"] == status.iteration == status.of
    assert plan["iterations"] < plan["turns"][0][1] == 100
    assert any("than measured" in note for note in plan["notes"])
    assert 0.8 * 30 < clock.now - began < 1.2 * 30
    rates = [row["rate"] for row in run.read_metrics()[0] if row["kind"] == "train"]
    assert rates[-1] < 0.1 * max(rates)  # the end is calm
    monkeypatch.undo()

    again = RunFolder.create(tmp_path / "again", request_of(iterations=plan["iterations"]))
    for name in ("plan.json", "split.json"):
        shutil.copy(run.folder / name, again.folder / name)
    train(again.folder)
    first, second = (load_file(each.model_folder / "weights.safetensors") for each in (run, again))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert json.loads((again.folder / "plan.json").read_text())["turns"] == plan["turns"]


def test_labels_teach_alone_for_as_many_steps_where_the_end_is_moved(plan):
    """A busy computer takes fewer steps than were measured; the teachers must know as much when they begin."""
    plan = plan.replaced(mutual=replace(plan.mutual, labels_first=400, start=0.3)).of_length(1600)
    assert plan.mutual.start == 0.3
    moved = with_moved_end(plan, 100, 700)
    assert moved.progress_at(399, 700) < moved.mutual.start == moved.progress_at(400, 700)
    again = with_moved_end(moved, 200, 500)
    assert again.progress_at(349, 500) < again.mutual.start == again.progress_at(350, 500)  # at most 70 %
    assert with_moved_end(again, 360, 450).mutual == again.mutual  # they have begun
    assert with_moved_end(plan, 100, 3000).mutual == plan.mutual


def test_a_run_whose_end_was_moved_resumes_to_the_same_weights(request_of, tmp_path, monkeypatch):
    whole = RunFolder.create(tmp_path / "whole", request_of(iterations=8))
    train(whole.folder)
    plan = Plan.from_dict(json.loads((whole.folder / "plan.json").read_text()))
    moved = with_moved_end(plan.replaced(iterations=12), 3, 8)
    runs = []
    for name in ("unbroken", "broken"):
        run = RunFolder.create(tmp_path / name, request_of(iterations=8))
        (run.folder / "plan.json").write_text(json.dumps(moved.to_dict()))
        runs.append(run)
    train(runs[0].folder)
    real = learner_module.Learner.step

    def step(self, iteration, of):
        if iteration == 4:
            runs[1].request_stop()
        return real(self, iteration, of)

    monkeypatch.setattr(learner_module.Learner, "step", step)
    from dualtaskseg.errors import StoppedError

    with pytest.raises(StoppedError):
        train(runs[1].folder)
    monkeypatch.undo()
    runs[1].clear_stop()
    train(runs[1].folder)
    first, second, straight = (load_file(run.model_folder / "weights.safetensors") for run in (*runs, whole))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not all(torch.equal(first[name], straight[name]) for name in first)  # another schedule
