"""Names that no disk likes, and models that ask for more than any machine has."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

import pytest
from soaking import IS_LONG

LONGEST_S = 60.0
MOST_MEMORY = 1 << 30  # bytes

IMPOSSIBLE = ["x" * 300, "/".join(["y" * 100] * 50), "~nosuchuser/x", "/dev/null/x", ""]
NAMES = {
    "not UTF-8": os.fsdecode(b"caf\xe9"),
    "line feed": "a\nb",
    "quotes": "\"'`$(x)%s",
    "like an option": "-rf",
    "other direction": "\u202egnp.",
    "composed": "Mu\u0308ller",
    "long": "x" * 200,
    "spaces": "  a  b ",
}


@pytest.mark.parametrize("name", list(NAMES)[:: 1 if IS_LONG else 4])
def test_names_that_exist(nursery, count, cohort, finished, tmp_path, name):
    folder = tmp_path / NAMES[name]
    (folder / "images").mkdir(parents=True)
    scan = sorted(cohort.held_out_images.iterdir())[0]
    shutil.copy(scan, folder / "images" / f"{NAMES[name]}.nii.gz")
    run = folder / "run"
    shutil.copytree(finished.folder, run)
    for arguments in (
        ("check", folder),
        ("status", run),
        ("resume", run),
        ("predict", run, folder / "images", "--out", folder / "masks"),
        ("model", "info", run),
        ("model", "export", run, "--out", folder / "x.dtsmodel"),
    ):
        outcome = nursery.run(*arguments, within=LONGEST_S)
        count("strange names", outcome)
        assert outcome.is_clean, (arguments, outcome)
        assert outcome.code == 0 or name == "not UTF-8" or arguments[0] == "check", (arguments, outcome)


@pytest.mark.parametrize("path", IMPOSSIBLE[:: 1 if IS_LONG else 2])
def test_names_that_cannot_exist(nursery, count, cohort, finished, tmp_path, path):
    scan = sorted(cohort.held_out_images.iterdir())[0]
    for arguments in (
        ("check", path),
        ("status", path),
        ("resume", path),
        ("stop", path),
        ("train", cohort.dataset, "--out", "/dev/null" if path in ("", "~nosuchuser/x") else path),
        ("predict", path, scan, "--out", tmp_path / "masks"),
        ("predict", finished.folder, path, "--out", tmp_path / "masks"),
        ("model", "info", path),
        ("model", "import", path, "--out", tmp_path / "models"),
    ):
        outcome = nursery.run(*arguments, within=LONGEST_S)
        count("impossible names", outcome)
        assert outcome.is_clean and outcome.code == 2, (arguments, outcome)


def with_many_segments(model: dict[str, Any], count: int) -> None:
    for part in (model, model["plan"]):
        part["segments"] = [{**part["segments"][0], "name": f"S{index}", "value": index + 1} for index in range(count)]
    model["plan"]["truncation"] = [5.0] * count


ABSURD = {
    "filters": lambda model: model["plan"]["network"].update(
        filters=[1000 for _ in model["plan"]["network"]["filters"]]
    ),
    "more filters": lambda model: model["plan"]["network"].update(
        filters=[2200 for _ in model["plan"]["network"]["filters"]]
    ),
    "kernels": lambda model: model["plan"]["network"].update(
        kernels=[[16, 16, 16] for _ in model["plan"]["network"]["kernels"]]
    ),
    "tiny voxels": lambda model: model["plan"].update(spacing=[0.02, 0.02, 0.02]),
    "huge voxels": lambda model: model["plan"].update(spacing=[1000.0, 1000.0, 1000.0]),
    "800 segments": lambda model: with_many_segments(model, 800),
    "a value beyond all": lambda model: (
        model["segments"][0].update(value=2**32),
        model["plan"]["segments"][0].update(value=2**32),
    ),
    "a huge patch": lambda model: model["plan"].update(patch=[8192, 8192, 8192]),
    "no numbers": lambda model: model["plan"]["normalization"].update(mean=1e308, deviation=1e-308),
}


@pytest.mark.parametrize("what", list(ABSURD)[:: 1 if IS_LONG else 2])
def test_models_that_ask_for_absurd_things(nursery, count, cohort, finished, copy_of, tmp_path, what):
    place = copy_of(finished.model_folder)
    model = json.loads((place / "model.json").read_text(encoding="utf-8"))
    ABSURD[what](model)
    (place / "model.json").write_text(json.dumps(model), encoding="utf-8")
    scan = sorted(cohort.held_out_images.iterdir())[0]
    for arguments in (("model", "info", place), ("predict", place, scan, "--out", tmp_path / "masks")):
        outcome = nursery.run(*arguments, within=LONGEST_S)
        count("models that ask for absurd things", outcome)
        assert outcome.is_clean and not outcome.is_late and outcome.memory < MOST_MEMORY, outcome
