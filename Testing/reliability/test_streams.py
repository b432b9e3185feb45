"""Nobody has to read along, no home folder is needed, and signals end a training in order."""

from __future__ import annotations

import shutil

import pytest
from dualtaskseg.run.folder import RunFolder
from soaking import IS_LONG, QUICK, some


@pytest.mark.parametrize("closed", [(2,), (0, 1, 2)][: 2 if IS_LONG else 1])
def test_closed_streams(nursery, count, cohort, finished, copy_of, tmp_path, closed):
    place = copy_of(finished.folder)
    (place / "status.json").unlink()
    for arguments in (
        ("check", cohort.dataset),
        ("status", place),
        ("resume", place),
        ("predict", place, cohort.held_out_images, "--out", tmp_path / "masks"),
        ("evaluate", "--prediction", tmp_path / "masks", "--reference", cohort.held_out_labels),
        ("model", "info", place),
    ):
        outcome = nursery.run(*arguments, closed=closed, patches=QUICK)
        count("commands with closed streams", outcome)
        assert outcome.code == 0, (arguments, outcome)
    assert RunFolder.open(place).state() == "finished"


def test_bad_input_with_closed_streams(nursery, tmp_path):
    assert nursery.run("check", tmp_path / "nowhere", closed=(0, 1, 2)).code == 2


def test_without_a_home_folder(nursery, count, finished, copy_of):
    place = copy_of(finished.folder)
    (place / "status.json").unlink()
    for arguments in (("resume", place), ("status", place)):
        outcome = nursery.run(*arguments, is_homeless=True, patches=QUICK)
        count("commands without a home folder", outcome)
        assert outcome.code == 0, outcome


@pytest.fixture(scope="module")
def operations(nursery, request_of_run, tmp_path_factory) -> int:
    """How many file operations a training has."""
    place = RunFolder.create(tmp_path_factory.mktemp("counted") / "run", request_of_run).folder
    return nursery.run("resume", place, watch=place, patches=QUICK).operations


@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM", "SIGINT"][: 3 if IS_LONG else 1])
def test_signals_end_a_training_in_order(nursery, count, finished, request_of_run, operations, tmp_path, name):
    place = tmp_path / "run"
    for at in some(operations, 2)[:-1]:
        shutil.rmtree(place, ignore_errors=True)
        RunFolder.create(place, request_of_run)
        outcome = nursery.run("resume", place, watch=place, at=at, how=name, patches=QUICK)
        count(f"{name} while training", outcome)
        assert outcome.code in (0, 3) and outcome.is_clean, (at, outcome)
        state = RunFolder.open(place).state()
        assert state == ("stopped" if outcome.code == 3 else "finished"), (at, state)
        again = nursery.run("resume", place, patches=QUICK)
        assert again.code == 0, (at, again)
        ours, theirs = (each / "model" / "weights.safetensors" for each in (place, finished.folder))
        assert ours.read_bytes() == theirs.read_bytes(), at
