"""The list of models: what made them, what is wrong with them, and what can be done with them."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest
from dualtaskseg.contract.segment import Segment
from dualtaskseg.errors import InputError
from dualtaskseg.model.description import SUFFIX, ModelDescription, describe
from dualtaskseg.model.folder import read_model, rename_model, write_model
from dualtaskseg.run.folder import RunFolder
from DualTaskSegLib.project import modellibrary
from DualTaskSegLib.project.modellibrary import ModelEntry, listModels

needsRights = pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere")


def writeWeights(path: Path) -> None:
    """A safetensors file with one tensor of one float, written by hand: this part knows no torch."""
    table = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    path.write_bytes(len(table).to_bytes(8, "little") + table + b"\0\0\x80\x3f")


def makeModel(folder: Path, name: str = "Model", created: str = "2026-03-04T09:05:31Z", **trained) -> Path:
    segments = tuple(Segment(each, value, (10, 20, 30)) for value, each in enumerate(("Liver", "Vène"), 1))
    trained = {"labeled": 8, "unlabeled": 30, "validation": 2, **trained}
    write_model(folder, ModelDescription(name, segments, {"spacing": [1.0, 1.0, 2.0]}, trained, created), writeWeights)
    return folder


@pytest.fixture
def models(tmp_path) -> Path:
    return tmp_path / "Modelle ß"


@pytest.fixture
def runsFolder(tmp_path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def runModel(runsFolder) -> Path:
    run = RunFolder.create(runsFolder / "Liver 1", {"dataset": {}})
    run.metrics_file.write_text("{}\n")
    return makeModel(run.model_folder, "Liver 1", "2026-05-01T00:00:00Z")


def test_models_of_runs_and_imported_ones_are_listed_the_newest_first(models, runsFolder, runModel):
    figures = {"Liver": {"dice": 0.9}, "Vène": {"dice": 0.7}}
    makeModel(models / "a", "Old", "2026-01-01T00:00:00Z", validation_figures=figures)
    makeModel(models / "b", "New", "2026-09-01T00:00:00Z")
    RunFolder.create(runsFolder / "not finished", {})
    (models / "notes.txt").write_text("")
    (models / ".tmp_x").mkdir()
    entries = listModels(models, runsFolder)
    assert [entry.name for entry in entries] == ["New", "Liver 1", "Old"]
    assert [entry.runFolder for entry in entries] == [None, runsFolder / "Liver 1", None]
    old = entries[2]
    assert (old.labeled, old.unlabeled, old.segments) == (8, 30, ("Liver", "Vène"))
    assert old.validationDice == pytest.approx(0.8) and entries[0].validationDice is None
    assert old.sizeBytes == sum(file.stat().st_size for file in (models / "a").iterdir()) and not old.problem


def test_no_folders_are_no_models(tmp_path):
    assert listModels(tmp_path / "x", tmp_path / "y") == []


def change(folder: Path, **changes) -> None:
    file = folder / "model.json"
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: change(folder, format=99), "newer version"),
        (lambda folder: change(folder, segments=[]), "no segments"),
        (lambda folder: (folder / "model.json").write_text("{"), "damaged"),
        (lambda folder: (folder / "model.json").write_bytes(b"\xff"), "damaged"),
        (lambda folder: (folder / "weights.safetensors").unlink(), "lacks its weights"),
    ],
)
def test_a_model_that_cannot_be_used_is_listed_last_with_the_reason(models, tmp_path, damage, words):
    makeModel(models / "good", "Good", "2020-01-01T00:00:00Z")
    damage(makeModel(models / "bad"))
    good, bad = listModels(models, tmp_path / "runs")
    assert good.name == "Good" and not good.problem
    assert words in bad.problem and bad.folder == models / "bad" and bad.name


def test_odd_figures_do_no_harm(models):
    makeModel(models / "a")
    change(models / "a", trained_on={"labeled": "many", "validation_figures": {"Liver": {"dice": None}, "x": 3}})
    [entry] = listModels(models, models / "none")
    assert (entry.labeled, entry.validationDice, entry.problem) == (None, None, "")


def test_details_tell_where_a_model_comes_from(models):
    text = modellibrary.details(makeModel(models / "a"))
    assert "Learned from: 8 outlined scans (0 in part), 30 others; " in text
    assert "Structure: Liver (label value 1), without a term" in text and "Vène (label value 2), without a term" in text
    assert "roughly first" not in text + describe(read_model(models / "a"))
    change(models / "a", plan={"spacing": [1.0, 1.0, 2.0], "look_first": True})
    assert "looked at roughly first" in modellibrary.details(models / "a")
    assert "looks at a scan roughly first" in describe(read_model(models / "a"))
    change(models / "a", trained_on={"labeled": "many", "validation_figures": {"Liver": {"dice": None}, "x": 3}})
    text = modellibrary.details(models / "a")
    assert "Learned from: many outlined scans" in text and "Quality of Liver: dice ?" in text


def test_a_new_name_is_kept_in_the_model(models):
    entry = modellibrary.modelEntry(makeModel(models / "a"))
    before = (entry.folder / "weights.safetensors").read_bytes()
    rename_model(entry.folder, "  Léber\n neu\t2 ")
    assert read_model(entry.folder).name == "Léber neu 2"  # with its checksum verified
    assert modellibrary.modelEntry(entry.folder).name == "Léber neu 2"
    assert (entry.folder / "weights.safetensors").read_bytes() == before
    for bad in ("", "  ", "/etc/passwd", "C:\\models"):
        with pytest.raises(InputError, match="needs a name"):
            rename_model(entry.folder, bad)


def test_deleting_takes_the_model_and_nothing_else(models, tmp_path):
    keep, gone = makeModel(models / "keep"), makeModel(models / "gone")
    entry = modellibrary.modelEntry(gone)
    assert "can't be undone" in modellibrary.deletionText(entry)
    modellibrary.deleteModel(entry)
    assert [each.name for each in models.iterdir()] == ["keep"] and keep.is_dir()
    with pytest.raises(InputError, match="no longer there"):
        modellibrary.deleteModel(entry)


def test_deleting_a_trained_model_takes_its_run(models, runsFolder, runModel):
    makeModel(models / "keep")
    [entry] = [each for each in listModels(models, runsFolder) if each.runFolder]
    assert str(runsFolder / "Liver 1") in modellibrary.deletionText(entry)
    with RunFolder.open(entry.runFolder).lock(), pytest.raises(InputError, match="Stop it first"):
        modellibrary.deleteModel(entry)
    assert runModel.is_dir()
    modellibrary.deleteModel(entry)
    assert list(runsFolder.iterdir()) == [] and len(listModels(models, runsFolder)) == 1


def test_a_folder_that_is_no_model_is_never_deleted(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_text("")
    for entry in (
        ModelEntry(tmp_path / "photos", "x"),
        ModelEntry(tmp_path / "photos" / "model", "x", runFolder=tmp_path / "photos"),
    ):
        with pytest.raises(InputError):
            modellibrary.deleteModel(entry)
    assert (tmp_path / "photos" / "a.png").exists()


@needsRights
def test_what_cannot_be_deleted_stays_whole(models):
    entry = modellibrary.modelEntry(makeModel(models / "a"))
    models.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(InputError, match="can't be deleted"):
            modellibrary.deleteModel(entry)
    finally:
        models.chmod(0o755)
    assert read_model(entry.folder)


def test_a_model_travels_in_one_file(models, tmp_path):
    entry = modellibrary.modelEntry(makeModel(models / "a", "Léber"))
    file = modellibrary.exportModel(entry, tmp_path / "Post" / "léber")
    assert file.name == "léber" + SUFFIX
    with pytest.raises(InputError, match="exists already"):
        modellibrary.exportModel(entry, file)
    modellibrary.exportModel(entry, file, overwrite=True)
    first, second = (modellibrary.importModel(file, tmp_path / "other") for _ in range(2))
    assert (first.name, second.name) == ("Léber", "Léber 2") and not first.problem
    assert first.segments == entry.segments and read_model(first.folder)


def test_a_damaged_file_is_refused_and_leaves_nothing(models, tmp_path):
    file = modellibrary.exportModel(modellibrary.modelEntry(makeModel(models / "a")), tmp_path / "a.dtsmodel")
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(InputError):
        modellibrary.importModel(file, tmp_path / "other")
    assert not (tmp_path / "other").exists() or not list((tmp_path / "other").iterdir())


def test_an_export_that_cannot_be_written_is_told(models, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't be written"):
        modellibrary.exportModel(modellibrary.modelEntry(makeModel(models / "a")), tmp_path / "file" / "x.dtsmodel")
    shutil.rmtree(models)
    with pytest.raises(InputError):
        modellibrary.exportModel(ModelEntry(models / "a", "a"), tmp_path / "x.dtsmodel")
