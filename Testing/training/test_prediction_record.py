"""What is told about a prediction, on the way between the processes and on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dualtaskseg.contract.prediction import RECORD_NAME, PredictionRecord
from dualtaskseg.contract.segment import Segment


@pytest.fixture
def record(tmp_path) -> PredictionRecord:
    files = [tmp_path / "fälle" / name for name in ("label.nrrd", "sdm_Leber.nrrd", "uncertainty.nrrd")]
    files[0].parent.mkdir()
    for file in files:
        file.touch()
    return PredictionRecord(
        label=files[0],
        sdm={"Leber / links": files[1]},
        uncertainty=files[2],
        segments=(Segment("Leber / links", 3, (1, 2, 3)),),
        agreement=0.5,
        expected_dice=0.25,
        predicted_dice=0.125,
        disagreement=0.0625,
        volume_ml={"Leber / links": 1.5},
        warnings=("the scan is dark",),
        seconds=2.5,
        device="cpu",
        model="/models/Leber",
        model_name="Leber",
        weights_sha256="ab",
    )


def test_a_record_survives_the_way_between_processes(record):
    assert PredictionRecord.from_dict(json.loads(json.dumps(record.to_dict()))) == record


def test_figures_are_told_to_four_digits(record):
    document = PredictionRecord(record.label, agreement=0.123456, volume_ml={"a": 1.23456}).to_dict()
    assert (document["agreement"], document["expected_dice"], document["volume_ml"]) == (0.1235, None, {"a": 1.2346})


def test_a_record_beside_its_files_moves_with_them(record, tmp_path):
    document = json.loads(record.save(record.label.parent).read_text(encoding="utf-8"))
    assert document == {
        "format": 1,
        "label": "label.nrrd",
        "sdm": {"Leber / links": "sdm_Leber.nrrd"},
        "uncertainty": "uncertainty.nrrd",
        "model": "/models/Leber",
        "model_name": "Leber",
        "predicted_dice": 0.125,
        "agreement": 0.5,
        "warnings": ["the scan is dark"],
    }
    moved = record.label.parent.rename(tmp_path / "anderswo")
    read = PredictionRecord.read(moved)
    assert read.label == moved / "label.nrrd" and read.sdm == {"Leber / links": moved / "sdm_Leber.nrrd"}
    assert (read.agreement, read.predicted_dice, read.model_name) == (0.5, 0.125, "Leber")
    read.uncertainty.unlink()
    assert PredictionRecord.read(moved) is None


@pytest.mark.parametrize(
    "content",
    ["", "[]", "7", '{"format": 2}', '{"format": 1}', '{"format": 1, "label": 5}', '{"format": 1, "sdm": []}'],
)
def test_a_damaged_record_is_none(tmp_path: Path, content):
    (tmp_path / RECORD_NAME).write_text(content, encoding="utf-8")
    assert PredictionRecord.read(tmp_path) is None
