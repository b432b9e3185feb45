"""Two processes that want the same: one gets it, the other is told, and nothing is torn."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from dualtaskseg.model.folder import read_model
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status_writer import StatusWriter
from soaking import QUICK, times

# Flags that the system refuses, as a network share without locks refuses all.
NO_LOCKS = {"fcntl.LOCK_EX": 1 << 7, "fcntl.LOCK_SH": 1 << 7}


def test_two_trainings_of_one_folder(nursery, count, cohort, tmp_path):
    place = tmp_path / "run"
    for _ in range(times(1, 10)):
        shutil.rmtree(place, ignore_errors=True)
        task = nursery.task("train", cohort.dataset, "--out", place, "--iterations", 1, patches=QUICK)
        outcomes = nursery.run_together([task, task])
        for outcome in outcomes:
            count("two trainings of one folder", outcome)
            assert outcome.is_clean, outcome
        assert sorted(outcome.code for outcome in outcomes) == [0, 2], outcomes


@pytest.mark.parametrize("guards", ["both", "the lock"])
def test_two_resumes(nursery, count, request_of_run, finished, tmp_path, guards):
    """Also where no heartbeat counts as a sign of life, so that the lock decides alone."""
    place = tmp_path / "run"
    patches = QUICK if guards == "both" else {**QUICK, "dualtaskseg.run.status.FRESH_S": -1.0}
    for _ in range(times(1, 10)):
        shutil.rmtree(place, ignore_errors=True)
        RunFolder.create(place, request_of_run)
        task = nursery.task("resume", place, patches=patches)
        outcomes = nursery.run_together([task, task, task])
        for outcome in outcomes:
            count("three resumes of one run", outcome)
            assert outcome.is_clean, outcome
        assert min(outcome.code for outcome in outcomes) == 0
        assert all("is training in this run folder" in each.errors for each in outcomes if each.code == 2)
        assert sum("Training" in each.errors for each in outcomes) == 1, outcomes
        ours, theirs = (each / "model" / "weights.safetensors" for each in (place, finished.folder))
        assert ours.read_bytes() == theirs.read_bytes()


def test_where_there_are_no_locks_the_heartbeat_keeps_a_resume_out(nursery, count, request_of_run, tmp_path):
    """The lock alone would let it in: somebody on another machine works here, or the disk has no locks."""
    run = RunFolder.create(tmp_path / "run", request_of_run)
    with StatusWriter(run) as status:
        status.update(phase="training")
        for lockless in ({}, NO_LOCKS):
            outcome = nursery.run("resume", run.folder, patches={**QUICK, **lockless})
            count("a resume beside a heartbeat", outcome)
            assert outcome.code == 2 and f"(pid {os.getpid()}) is training in this run folder" in outcome.errors, (
                outcome
            )
    assert not run.checkpoint_file.exists() and not run.model_folder.exists()


def test_imports_of_one_model(nursery, count, finished, tmp_path):
    file, place = tmp_path / "model.dtsmodel", tmp_path / "models"
    assert nursery.run("model", "export", finished.folder, "--out", file).code == 0
    for _ in range(times(2, 20)):
        shutil.rmtree(place, ignore_errors=True)
        outcomes = nursery.run_together([nursery.task("model", "import", file, "--out", place)] * 4)
        for outcome in outcomes:
            count("four imports of one model", outcome)
            assert outcome.code == 0, outcome
        names = {read_model(folder).name for folder in place.iterdir()}
        assert len(names) == len(list(place.iterdir())) == 4


def test_predictions_into_one_folder(nursery, count, cohort, finished, tmp_path):
    place = tmp_path / "masks"

    def contents() -> dict[str, bytes]:
        return {each.name: each.read_bytes() for each in Path(place).iterdir()}

    task = nursery.task("predict", finished.folder, cohort.held_out_images, "--out", place)
    assert nursery.run_together([task])[0].code == 0
    alone = contents()
    shutil.rmtree(place)
    for outcome in nursery.run_together([task, task]):
        count("two predictions into one folder", outcome)
        assert outcome.code == 0, outcome
    assert contents().keys() == alone.keys()
