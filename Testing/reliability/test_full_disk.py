"""A disk that is full, read-only, gone or not ours ends a command with one sentence, and the next try succeeds."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from dualtaskseg.run.folder import RunFolder, read_status
from soaking import QUICK, some, times


@pytest.fixture
def commands(cohort, finished, request_of_run, tmp_path, nursery) -> dict[str, tuple[tuple, Callable[[], None], Path]]:
    """Arguments, what to do before, and the folder that is written, for each command."""
    place, file = tmp_path / "place", tmp_path / "model.dtsmodel"
    assert nursery.run("model", "export", finished.folder, "--out", file).code == 0

    def empty() -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()

    def new_run() -> None:
        shutil.rmtree(place, ignore_errors=True)
        RunFolder.create(place, request_of_run)

    def done_run() -> None:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(finished.folder, place)
        shutil.rmtree(place / "model")

    return {
        "training": (("resume", place), new_run, place),
        "finishing": (("resume", place), done_run, place),
        "predicting": (("predict", finished.folder, cohort.held_out_images, "--out", place, "--sdm"), empty, place),
        "exporting": (("model", "export", finished.folder, "--out", place / "x.dtsmodel"), empty, place),
        "importing": (("model", "import", file, "--out", place), empty, place),
    }


NAMES = ["training", "finishing", "predicting", "exporting", "importing"]
ERRORS = [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE, errno.EMFILE, errno.EDQUOT]


@pytest.mark.parametrize("name", NAMES)
def test_an_error_of_the_system_at_any_file_operation(commands, nursery, count, name):
    arguments, start, place = commands[name]
    start()
    whole = nursery.run(*arguments, watch=place, patches=QUICK)
    assert whole.code == 0, whole
    for index, at in enumerate(some(whole.operations, 2)):
        for number in (ERRORS[index % len(ERRORS)], *ERRORS[: times(0, 1)]):
            start()
            outcome = nursery.run(*arguments, watch=place, at=at, how=number, patches=QUICK)
            count(f"errors of the system while {name}", outcome)
            assert outcome.is_clean and outcome.code in (0, 2), (at, os.strerror(number), outcome)
            if outcome.code == 2:
                # one sentence; of several scans, one each
                assert outcome.errors.count("Error: ") == (name != "predicting"), outcome
                last = outcome.errors.strip().splitlines()[-1]
                assert ("Make room" in last) == (number in (errno.ENOSPC, errno.EDQUOT)), (at, outcome)
            if name in ("training", "finishing"):
                status = read_status(place)
                assert status is None or status.phase != "failed" or status.error["remedy"]
            again = nursery.run(*arguments, patches=QUICK)
            assert again.code == 0, (at, os.strerror(number), again)


@pytest.mark.parametrize("name", NAMES)
def test_files_that_may_not_grow(commands, nursery, count, name):
    """The system itself refuses to write on, in the middle of a file, also where libraries in C write."""
    arguments, start, _ = commands[name]
    for size in [30_000] if not times(0, 1) else [0, 100, 2_000, 30_000, 100_000, 300_000, 1_000_000]:
        start()
        outcome = nursery.run(*arguments, largest_file=size, patches=QUICK)
        count(f"files that may not grow while {name}", outcome)
        assert outcome.is_clean and outcome.code in (0, 2), (size, outcome)
        again = nursery.run(*arguments, patches=QUICK)
        assert again.code == 0, (size, again)
