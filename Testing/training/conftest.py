"""Small synthetic scans for the tests of the training package."""

from __future__ import annotations

from pathlib import Path

import pytest
from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import PreparedCase, prepare
from dualtaskseg.synthetic.cohort import write_cohort
from dualtaskseg.training.plan_run import plan_for
from untrained import untimed


@pytest.fixture(scope="session")
def cohort(tmp_path_factory):
    """A cohort of 3 labeled, 3 unlabeled and 2 held-out scans of about 20 x 24 x 20 voxels."""
    folder = tmp_path_factory.mktemp("kohorte ß") / "cohort"
    return write_cohort(folder, labeled=3, unlabeled=3, held_out=2, seed=1, size=(20, 24, 20))


@pytest.fixture(scope="session")
def dataset(cohort) -> Dataset:
    return load_dataset(cohort.dataset)


@pytest.fixture(scope="module")
def plan(dataset) -> Plan:
    """The default one for its labeled scans; files with needs of their own have another."""
    return plan_for(dataset, [case.name for case in dataset.labeled], TrainingRequest(dataset))


@pytest.fixture(scope="module")
def cases(dataset, plan, tmp_path_factory) -> list[PreparedCase]:
    """All of its scans, prepared for the plan."""
    return prepare([*dataset.labeled, *dataset.unlabeled], plan, tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def prepared(plan, cases) -> tuple[Plan, list[PreparedCase], list[PreparedCase]]:
    """What a learner is made of: the plan, the labeled scans and the unlabeled ones."""
    return plan, cases[:3], cases[3:]


@pytest.fixture
def request_of(dataset):
    """Makes what ``run.json`` says, as ``dualtaskseg train`` does."""

    def make(**changes) -> dict:
        asked = {"dataset": dataset, "iterations": 6, "device": "cpu", "validation": 0}
        return TrainingRequest(**{**asked, **changes}).to_dict()

    return make


@pytest.fixture
def run_path(tmp_path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def untrained(monkeypatch):
    """Trainings end before their first step; what they would have begun with is kept."""
    from dualtaskseg.training import stages as stages_module
    from dualtaskseg.training import trainer as trainer_module

    learners = []

    def keep(self):
        learners.append((self.context, self.learner))
        return self.learner

    monkeypatch.setattr(stages_module, "fitted_learner", untimed)
    monkeypatch.setattr(trainer_module.Trainer, "train", keep)
    monkeypatch.setattr(trainer_module.Finalizer, "finish", lambda self, learner: None)
    return learners
