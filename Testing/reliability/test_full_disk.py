"""A disk that is full, read-only, gone or not ours ends a command with one sentence, and the next try succeeds."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import read_status
from DualTaskSegLib.project.project import Project
from projectsaving import MODULE, add
from soaking import IS_LONG, QUICK, some


@dataclass(frozen=True)
class Command:
    """What writes into a folder.

    Attributes:
        arguments: of the command.
        start: puts the folder as it was before.
        place: the folder.
        details: for the nursery.
    """

    arguments: tuple
    start: Callable[[], None]
    place: Path
    details: dict[str, Any] = field(default_factory=lambda: {"patches": QUICK})


@pytest.fixture
def command(cohort, finished, exportable, request_of_run, tmp_path, nursery) -> Callable[[str, Path], Command]:
    """Gives the command of a name that writes into a folder ``place`` within another one."""

    def make(name: str, within: Path) -> Command:
        place, file = within / "place", tmp_path / "model.dtsmodel"
        if name == "importing":
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

        def project() -> None:
            shutil.rmtree(place, ignore_errors=True)
            add(Project.create(place), 3)

        predict = ("predict", finished.folder, cohort.held_out_images, "--out", place, "--sdm")
        return {
            "training": Command(("resume", place), new_run, place),
            "finishing": Command(("resume", place), done_run, place),
            "predicting": Command(predict, empty, place),
            "exporting": Command(("model", "export", finished.folder, "--out", place / "x.dtsmodel"), empty, place),
            "importing": Command(("model", "import", file, "--out", place), empty, place),
            "writing DICOM": Command(
                ("export-seg", *exportable, "--out", place / "x.dcm", "--overwrite"), empty, place
            ),
            "saving a project": Command(("add", place, 200), project, place, {"module": MODULE}),
        }[name]

    return make


DEAR = ("training", "finishing", "predicting")  # each takes seconds: in the short form other tests try them
NAMES = ["training", "finishing", "predicting", "exporting", "importing", "writing DICOM", "saving a project"]
ERRORS = [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE, errno.EMFILE, errno.EDQUOT]


@pytest.mark.parametrize("name", NAMES if IS_LONG else ["training", *NAMES[len(DEAR) :]])
def test_an_error_of_the_system_at_any_file_operation(command, nursery, count, tmp_path, name):
    one = command(name, tmp_path)
    one.start()
    whole = nursery.run(*one.arguments, watch=one.place, **one.details)
    assert whole.code == 0, whole
    for index, at in enumerate(some(whole.operations, 1 if name in DEAR else 2)):
        for number in (ERRORS[index % len(ERRORS)], *ERRORS[: int(IS_LONG)]):
            one.start()
            outcome = nursery.run(*one.arguments, watch=one.place, at=at, how=number, **one.details)
            count(f"errors of the system while {name}", outcome)
            assert outcome.is_clean and outcome.code in (0, 2), (at, os.strerror(number), outcome)
            if outcome.code == 2:
                # one sentence; of several scans, one each
                assert outcome.errors.count("Error: ") == (name != "predicting"), outcome
                last = outcome.errors.strip().splitlines()[-1]
                assert ("Make room" in last) == (number in (errno.ENOSPC, errno.EDQUOT)), (at, outcome)
            if name in ("training", "finishing"):
                status = read_status(one.place)
                assert status is None or status.phase != "failed" or status.error["remedy"]
            again = nursery.run(*one.arguments, **one.details)
            assert again.code == 0, (at, os.strerror(number), again)


@pytest.mark.parametrize("name", NAMES if IS_LONG else NAMES[len(DEAR) :])
def test_files_that_may_not_grow(command, nursery, count, tmp_path, name):
    """The system itself refuses to write on, in the middle of a file, also where libraries in C write."""
    one = command(name, tmp_path)
    for size in [30_000] if not IS_LONG else [0, 100, 2_000, 30_000, 100_000, 300_000, 1_000_000]:
        one.start()
        outcome = nursery.run(*one.arguments, largest_file=size, **one.details)
        count(f"files that may not grow while {name}", outcome)
        assert outcome.is_clean and outcome.code in (0, 2), (size, outcome)
        if outcome.code:
            again = nursery.run(*one.arguments, **one.details)
            assert again.code == 0, (size, again)


# --- a disk that really is full


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Callable[[int], Path]]:
    """Gives a file system of so many bytes, the same one every time; it lies in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    is_there = False

    def of(size: int) -> Path:
        nonlocal is_there
        options = f"{'remount,' if is_there else ''}size={size},mode=700"
        result = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True)
        if result.returncode and not is_there:
            pytest.skip(f"no file system may be mounted here: {result.stderr.decode(errors='replace').strip()}")
        assert result.returncode == 0, result.stderr
        is_there = True
        return folder

    if shutil.which("mount") is None:
        pytest.skip("there is no program to mount a file system")
    yield of
    if is_there:
        subprocess.run(["umount", "-l", folder], check=True)


LARGE, BLOCK = 512 << 20, 4096


def used(folder: Path) -> int:
    """Bytes that are used on the file system of a folder."""
    disk = os.statvfs(folder)
    return (disk.f_blocks - disk.f_bfree) * disk.f_frsize


@pytest.mark.parametrize("name", NAMES if IS_LONG else NAMES[len(DEAR) :])
def test_a_full_disk(command, nursery, count, small_disk, name):
    """The file system has a part of the room that is needed: one sentence; with more room, the same succeeds."""
    one = command(name, small_disk(LARGE))
    one.start()
    before = used(one.place)
    whole = nursery.run(*one.arguments, **one.details)
    assert whole.code == 0, whole
    needed = used(one.place) - before
    assert needed > 0
    for share in [0.5] if not IS_LONG else [0.0, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]:
        small_disk(LARGE)
        one.start()
        small_disk(max(BLOCK, (used(one.place) + int(needed * share)) // BLOCK * BLOCK))
        outcome = nursery.run(*one.arguments, **one.details)
        count(f"full disks while {name}", outcome)
        assert outcome.is_clean and outcome.code == 2, (share, outcome)
        last = outcome.errors.strip().splitlines()[-1]
        assert "Make room" in last, (share, outcome)
        assert not list(one.place.rglob(".tmp_*")), "something half written takes the room that is needed"
        small_disk(LARGE)
        again = nursery.run(*one.arguments, **one.details)
        assert again.code == 0, (share, again)
