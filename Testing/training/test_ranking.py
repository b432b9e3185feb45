"""The ranking: the right cases, the least agreement first, and a bad scan does not spoil it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg import cli
from dualtaskseg.contract.dataset import Dataset, keep_labels
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.inference.ranking import cases_to_rank, forecast_factor, predicted_dice, prepared_scans, rank_cases
from dualtaskseg.inference.uncertainty import Summary
from dualtaskseg.preparation.prepare import PreparedCase, prepare
from dualtaskseg.run.folder import RunFolder
from test_predictor import make_model, make_plan


@pytest.fixture
def given(dataset) -> Dataset:
    """The cohort with one of its three labels kept."""
    return keep_labels(dataset, 1)


@pytest.fixture
def run(tmp_path, given) -> RunFolder:
    """A run folder as a training leaves it, with a model of random weights."""
    run = RunFolder.create(tmp_path / "Lauf ß", {"dataset": given.to_dict()})
    plan = make_plan(spacing=(2.0, 2.0, 2.0))
    make_model(run.model_folder, plan)
    prepare([*given.labeled, *given.unlabeled], plan, run.prepared_folder)
    return run


def test_what_was_learned_from_is_not_ranked(run, given, dataset, tmp_path):
    learned = given.labeled[0].name
    names = [case.name for case in dataset.cases if case.name != learned]
    assert [
        case.name for case in cases_to_rank(dataset, run.read_request().dataset)
    ] == names  # their labels were hidden in training
    assert [case.name for case in cases_to_rank(dataset, None)] == [case.name for case in dataset.unlabeled]
    moved = Dataset.from_dict(
        json.loads(json.dumps(dataset.to_dict()).replace(str(dataset.folder), str(tmp_path / "moved")))
    )
    assert [case.name for case in cases_to_rank(moved, run.read_request().dataset)] == names


def test_where_all_have_labels_and_no_run_is_known_all_are_ranked(dataset):
    labeled = Dataset(dataset.name, dataset.folder, tuple(dataset.labeled), dataset.segments, "")
    assert cases_to_rank(labeled, None) == dataset.labeled


def test_the_least_agreement_comes_first_whatever_it_is_read_from(run, dataset):
    predictor = Predictor(run.folder, "cpu")
    cases = cases_to_rank(dataset, run.read_request().dataset)
    prepared = prepared_scans(run, predictor.plan)
    assert {case.image for case in cases} < prepared.keys()
    fast, problems = rank_cases(predictor, cases, prepared)
    slow, _ = rank_cases(predictor, cases)
    assert not problems and len(fast) == len(slow) == len(cases)
    assert [entry.agreement for entry in fast] == sorted(entry.agreement for entry in fast)
    by_name = {entry.case: entry.agreement for entry in slow}
    assert all(entry.agreement == pytest.approx(by_name[entry.case], abs=0.03) for entry in fast)


def test_prepared_scans_are_used_while_they_are_current(run, dataset, monkeypatch):
    predictor = Predictor(run.folder, "cpu")
    opened = []
    real_image = PreparedCase.image
    monkeypatch.setattr(PreparedCase, "image", lambda self: opened.append(self.name) or real_image(self))
    cases = cases_to_rank(dataset, run.read_request().dataset)
    rank_cases(predictor, cases, prepared_scans(run, predictor.plan))
    assert opened == [case.name for case in cases]
    assert prepared_scans(run, predictor.plan.replaced(spacing=(3.0, 3.0, 3.0))) == {}


def test_a_bad_scan_does_not_spoil_the_ranking(run, tmp_path, capsys):
    images = tmp_path / "neu" / "images"
    images.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for name in ("a", "c"):
        sitk.WriteImage(
            sitk.GetImageFromArray(rng.normal(size=(12, 12, 12)).astype(np.float32)), images / f"{name}.nii"
        )
    (images / "b.nii").write_text("nothing")
    sitk.WriteImage(sitk.Image([9, 9, 9], sitk.sitkInt16), images / "empty.nii")
    out = tmp_path / "Rangliste.csv"
    code = cli.main(["rank", str(run.folder), str(images.parent), "--out", str(out), "--json", "--device", "cpu"])
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert code == 2 and "Traceback" not in captured.err
    assert [entry["case"] for entry in document["failed"]] == ["b", "empty"]
    assert "All of the scan has the same intensity" in document["failed"][1]["what"]
    with out.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["case"] for row in rows] == [entry["case"] for entry in document["ranking"]]
    assert {row["case"] for row in rows} == {"a", "c"}
    assert float(rows[0]["predicted_dice"]) <= float(rows[1]["predicted_dice"])


def test_a_table_that_cant_be_written_is_said(run, dataset, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    out: Path = tmp_path / "file" / "ranking.csv"
    assert cli.main(["rank", str(run.folder), str(dataset.folder), "--out", str(out), "--device", "cpu"]) == 2
    assert "can't be written" in capsys.readouterr().err


def test_the_forecast_is_the_agreement_less_what_was_lost_on_labeled_scans():
    factor = forecast_factor([(0.8, 0.9), (0.7, 0.85)])
    assert factor == pytest.approx(1.5 / 1.75)
    summary: Summary = SimpleNamespace(agreement=0.9)
    assert predicted_dice(summary, factor) == pytest.approx(0.9 * factor)
    assert forecast_factor([]) == 1 and forecast_factor([(0.9, 0.8)]) == 1


def test_whatever_one_scan_raises_the_others_are_ranked(run, dataset, capsys, monkeypatch):
    real = PreparedCase.image

    def broken(self):
        if self.name == dataset.unlabeled[1].name:
            raise ValueError("Expected more than 1 value per channel")
        return real(self)

    monkeypatch.setattr(PreparedCase, "image", broken)
    cases = cases_to_rank(dataset, run.read_request().dataset)
    predictor = Predictor(run.folder, "cpu")
    ranking, [(case, error)] = rank_cases(predictor, cases, prepared_scans(run, predictor.plan))
    assert len(ranking) == len(cases) - 1 and case.name == dataset.unlabeled[1].name
    assert error.exit_code == 1 and str(case.image) in error.what and "ValueError: Expected more" in error.what
    assert cli.main(["rank", str(run.folder), str(dataset.folder), "--device", "cpu"]) == 1
    assert "could not be ranked" in capsys.readouterr().err


@pytest.mark.parametrize("order", [("model", "nowhere"), ("nowhere", "scans"), ("nowhere", "nowhere")])
def test_what_is_missing_is_told_before_pytorch_is_loaded(tmp_path, order):
    """Which takes seconds; it was loaded first, only to be told that a folder does not exist."""
    make_model(tmp_path / "model", make_plan())
    (tmp_path / "scans" / "images").mkdir(parents=True)
    (tmp_path / "scans" / "images" / "a.nrrd").touch()
    script = (
        "import sys; from dualtaskseg import cli; code = cli.main(sys.argv[1:]); print('torch' in sys.modules, code)"
    )
    command = [sys.executable, "-c", script, "rank", *(str(tmp_path / name) for name in order)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == ["False", "2"] and "nowhere" in done.stderr and len(done.stderr.splitlines()) == 1
