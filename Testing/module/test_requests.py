"""The panel, the command line and scripts ask for a training in the same words."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from dualtaskseg import cli
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.synthetic.cohort import write_cohort
from DualTaskSegLib.project.project import Project

ASKED = {"preset": "standard", "time_budget": 600.0, "device": "cpu", "method": "supervised", "seed": 7}


@pytest.fixture(scope="module")
def scans(tmp_path_factory) -> Path:
    return write_cohort(tmp_path_factory.mktemp("scans") / "cohort", 2, 1, 0, seed=1, size=(16, 18, 16)).dataset


@pytest.fixture
def earlier(tmp_path) -> Path:
    """Where an earlier model would be."""
    return tmp_path / "früher"


def of_panel(scans: Path, folder: Path, earlier: Path) -> RunFolder:
    project = Project.create(folder / "project")
    for case in load_dataset(scans).cases:
        added = project.addCase(case.image)
        if case.label:
            project.setLabel(added.id, case.label)
    project.setSegments(load_dataset(scans).segments)
    project.setValidation([next(case.id for case in project.cases if case.label)], True)
    return RunFolder.create(folder / "run", project.request(start_from=earlier, **ASKED).to_dict())


def of_command_line(scans: Path, folder: Path, earlier: Path) -> RunFolder:
    options = [word for key, value in ASKED.items() for word in (f"--{key.replace('_', '-')}", str(value))]
    out = ["--out", folder / "run", "--from", earlier, "--validation", "1", "--name", "Leber"]
    assert cli.main(["train", str(scans), *map(str, out), *options]) == 0
    return RunFolder.open(folder / "run")


def of_script(scans: Path, folder: Path, earlier: Path) -> RunFolder:
    asked = TrainingRequest(load_dataset(scans), start_from=str(earlier), validation=1, **ASKED)
    return RunFolder.create(folder / "run", asked.to_dict())


@pytest.mark.parametrize("asker", [of_panel, of_command_line, of_script])
def test_whoever_asks_for_a_training_writes_the_same(asker, scans, earlier, tmp_path, monkeypatch):
    monkeypatch.setattr("dualtaskseg.training.trainer.train", lambda *_: None)  # what was asked stands there already
    monkeypatch.setattr("dualtaskseg.model.folder.find_model", lambda path: path)
    monkeypatch.setattr("dualtaskseg.model.folder.read_model", lambda *_, **__: None)
    run = asker(scans, tmp_path / asker.__name__, earlier)
    document = json.loads(run.request_file.read_text(encoding="utf-8"))
    assert set(document) == {each.name for each in fields(TrainingRequest)} | {"format", "id"}
    request = run.read_request()
    assert request.to_dict() == {key: value for key, value in document.items() if key not in ("format", "id")}
    assert {key: getattr(request, key) for key in ASKED} == ASKED
    assert request.start_from == str(earlier)
    assert [type(getattr(request, key)) for key in ASKED] == [type(value) for value in ASKED.values()]


def test_what_a_request_leaves_out_has_its_default(scans):
    document = {"dataset": load_dataset(scans).to_dict(), "name": None, "asked": {"labeled": 3}}
    assert TrainingRequest.from_dict(document, "run.json") == TrainingRequest(load_dataset(scans))
