"""A process that is killed at any moment leaves nothing torn, nothing locked, nothing behind, and can be repeated."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydicom
import pytest
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.model.folder import read_model
from dualtaskseg.run.folder import RunFolder
from DualTaskSegLib.project.project import Project
from projectsaving import MODULE, SEGMENTS, add
from soaking import QUICK, some


def leftovers(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.name.startswith((".tmp_", ".old_"))]


def refuse_torn(folder: Path) -> None:
    """Every document that has its final name is whole."""
    for path in folder.rglob("*.json"):
        if not any(part.startswith((".tmp_", ".old_")) for part in path.relative_to(folder).parts):
            json.loads(path.read_text(encoding="utf-8"))


def killed_before_each(
    nursery, count, folder: Path, start: Callable[[], None], arguments: tuple, short: int, what: str, **details: Any
):
    """Kills a command before its n-th file operation, for many n, and yields n after each kill.

    Args:
        nursery, count: fixtures.
        folder: that is watched.
        start: puts the folder as it was before the command.
        arguments: of the command.
        short: how many kills the short form makes.
        what: name for the figures.
        details: for each run.
    """
    details = {"patches": QUICK, **details}
    start()
    whole = nursery.run(*arguments, watch=folder, **details)
    assert whole.code == 0 and whole.operations > 2, whole
    for at in some(whole.operations, short):
        start()
        outcome = nursery.run(*arguments, watch=folder, at=at, **details)
        assert outcome.signal == 9 or outcome.code == 0, outcome  # the heartbeats make the count vary a little
        count(what, outcome)
        refuse_torn(folder)
        yield at
        again = nursery.run(*arguments, **details)
        assert again.code == 0, (at, again)
        assert not leftovers(folder), at


def weights(run: Path) -> bytes:
    return (run / "model" / "weights.safetensors").read_bytes()


def test_training(nursery, count, finished, request_of_run, tmp_path):
    place = tmp_path / "run"

    def start() -> None:
        shutil.rmtree(place, ignore_errors=True)
        RunFolder.create(place, request_of_run)

    for _ in killed_before_each(nursery, count, place, start, ("resume", place), 1, "kills while training"):
        assert RunFolder.open(place).state() in ("new", "interrupted", "finished")
    # the last repetition, like all, went on to the same weights
    assert weights(place) == weights(finished.folder)
    assert RunFolder.open(place).state() == "finished" and (place / "report.html").is_file()


def test_finishing(nursery, count, finished, copy_of):
    place = copy_of(finished.folder)

    def start() -> None:
        copy_of(finished.folder)
        (place / "status.json").unlink()

    for at in killed_before_each(nursery, count, place, start, ("resume", place), 1, "kills while finishing"):
        model = read_model(place / "model") if (place / "model").exists() else read_model(place / ".old_model")
        assert model.weights_sha256 == read_model(finished.model_folder).weights_sha256, at
    assert weights(place) == weights(finished.folder)


def test_starting(nursery, count, cohort, tmp_path):
    """From the command line on: what ``train`` refuses or leaves is never half a run."""
    place = tmp_path / "run"
    arguments = ("train", cohort.dataset, "--out", place, "--iterations", 1)
    whole = nursery.run(*arguments, watch=tmp_path, patches=QUICK)
    assert whole.code == 0, whole
    for at in some(8, 1):  # later ones are those of resume
        shutil.rmtree(place)
        outcome = nursery.run(*arguments, watch=tmp_path, at=at, patches=QUICK)
        assert outcome.signal == 9, outcome
        count("kills while starting", outcome)
        again = nursery.run(*arguments, patches=QUICK)
        if again.code == 2:
            assert "already holds a run" in again.errors
            again = nursery.run("resume", place, patches=QUICK)
        assert again.code == 0, (at, again)


def test_predicting(nursery, count, cohort, finished, tmp_path):
    place = tmp_path / "masks"
    arguments = ("predict", finished.folder, cohort.held_out_images, "--out", place, "--sdm", "--uncertainty")

    def start() -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()

    names = None
    for _ in killed_before_each(nursery, count, place, start, arguments, 1, "kills while predicting"):
        names = {each.name for each in place.iterdir() if not each.name.startswith(".tmp_")}
    assert names is not None and {each.name for each in place.iterdir()} >= names


@pytest.mark.parametrize("action", ["export", "import"])
def test_models(nursery, count, finished, tmp_path, action):
    place, file = tmp_path / "place", tmp_path / "model.dtsmodel"
    assert nursery.run("model", "export", finished.folder, "--out", file).code == 0
    arguments = ("model", "export", finished.folder, "--out", place / "x.dtsmodel")
    if action == "import":
        arguments = ("model", "import", file, "--out", place)

    def start() -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()

    for at in killed_before_each(nursery, count, place, start, arguments, 2, f"kills while a model is {action}ed"):
        whole = [each for each in place.iterdir() if not each.name.startswith((".tmp_", ".old_"))]
        for each in whole:  # either nothing, or all of it
            if action == "import":
                read_model(each)
                shutil.rmtree(each)
            else:
                assert each.read_bytes() == file.read_bytes(), at
                each.unlink()
    assert len(list(place.iterdir())) == 1


def test_figures(nursery, count, cohort, finished, tmp_path):
    masks, place = tmp_path / "masks", tmp_path / "place"
    assert nursery.run("predict", finished.folder, cohort.held_out_images, "--out", masks).code == 0
    arguments = ("evaluate", "--prediction", masks, "--reference", cohort.held_out_labels, "--out", place / "m.csv")

    def start() -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()

    for _ in killed_before_each(nursery, count, place, start, arguments, 1, "kills while evaluating"):
        assert not (place / "m.csv").exists() or len((place / "m.csv").read_text().splitlines()) >= 3


def test_writing_dicom(nursery, count, exportable, tmp_path):
    """Whatever is there after a kill was read back and compared, segmentation and maps."""
    place = tmp_path / "place"
    arguments = ("export-seg", *exportable, "--out", place / "x.dcm", "--overwrite")

    def start() -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()

    for at in killed_before_each(nursery, count, place, start, arguments, 2, "kills while DICOM is written"):
        for file in place.iterdir():
            if not file.name.startswith(".tmp_"):
                assert pydicom.dcmread(file).Modality in ("SEG", "OT"), (at, file)
    assert sorted(file.name for file in place.iterdir()) == ["x.dcm", "x_sdm_Organ.dcm"]


def test_saving_a_project(nursery, count, tmp_path):
    """It is as it was, or as it is to be; and what the command line reads of it fits."""
    place = tmp_path / "place"

    def start() -> None:
        shutil.rmtree(place, ignore_errors=True)
        add(Project.create(place), 3)

    def names() -> list[str]:
        return [case.name for case in Project.open(place).cases]

    arguments = ("add", place, 5)
    found = set()
    for at in killed_before_each(nursery, count, place, start, arguments, 3, "kills while saving", module=MODULE):
        found.add(len(names()))
        assert len(names()) in (3, 5), at
        dataset = load_dataset(place)
        assert {case.name for case in dataset.cases} >= set(names()) and len(dataset.segments) == len(SEGMENTS), at
    assert found == {3, 5} or found == {3}
    assert names() == [case.name for case in load_dataset(place).cases] and len(names()) == 5


def test_making_a_project(nursery, count, tmp_path):
    """A folder in which that was broken off can be made a project, or is one."""
    place = tmp_path / "place"
    arguments = ("create", place)
    whole = nursery.run(*arguments, watch=tmp_path, module=MODULE)
    assert whole.code == 0 and whole.operations > 5, whole
    for at in some(whole.operations, 4):
        shutil.rmtree(place)
        outcome = nursery.run(*arguments, watch=tmp_path, at=at, module=MODULE)
        assert outcome.signal == 9, outcome
        count("kills while a project is made", outcome)
        again = nursery.run(*arguments, module=MODULE)
        assert again.code == 0 or "already holds a project" in again.errors, (at, again)
        assert nursery.run("add", place, 1, module=MODULE).code == 0, at
        assert not leftovers(place) and len(load_dataset(place).cases) == 1, at
