"""Files and folders that may not be read or written: what is named is what is in the way, and the rest is done."""

from __future__ import annotations

import ctypes
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dualtaskseg import cli
from test_predictor import make_model, make_plan

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="makes root a user like others")

CAPABILITY_VERSION = 0x20080522
READS_AND_WRITES_ALL = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, which root has


@contextmanager
def like_others() -> Iterator[None]:
    """Rights count while this lasts, also where the tests run as root."""
    library = ctypes.CDLL(None)
    header, data = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    assert library.capget(header, data) == 0
    had = data[0]
    data[0] &= ~READS_AND_WRITES_ALL
    assert library.capset(header, data) == 0
    try:
        yield
    finally:
        data[0] = had
        assert library.capset(header, data) == 0


@pytest.fixture(scope="module")
def place(cohort, tmp_path_factory) -> Path:
    """Scans, a model, and an empty folder, that may be forbidden."""
    tmp_path = tmp_path_factory.mktemp("rights")
    shutil.copytree(cohort.dataset, tmp_path / "data")
    make_model(tmp_path / "run" / "model", make_plan(values=(1, 2), patch=(16, 16, 16), spacing=(2.6, 2.6, 2.6)))
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.fixture
def run(place, capsys, monkeypatch) -> Callable[..., str]:
    """Runs a command that has to end with bad input while something is forbidden, and gives what it said."""
    monkeypatch.chdir(place)

    def run_without(path: str, mode: int, *arguments: str) -> str:
        before = (place / path).stat().st_mode
        (place / path).chmod(mode)
        try:
            with like_others():
                assert cli.main(list(arguments)) == 2
        finally:
            (place / path).chmod(before)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return said.out + said.err

    return run_without


@pytest.mark.parametrize(
    ("forbidden", "named"),
    [
        ("data", "The folder {0} can't be read (Permission denied)"),
        ("data/labels", "labels/case_01.nii.gz can't be read (Permission denied)"),
        ("data/images/case_04", "images/case_04 can't be read (Permission denied)"),
        ("data/images/case_04/slice_004.dcm", "images/case_04/slice_004.dcm can't be read (Permission denied)"),
        ("data/cases.csv", "cases.csv can't be read (Permission denied)"),
    ],
)
def test_what_may_not_be_read_of_a_dataset_is_named(run, place, forbidden, named):
    said = run(forbidden, 0, "check", "data")
    assert named.format(place / forbidden) in said and "3D Slicer" not in said and "_seen" not in said


def test_one_folder_that_may_not_be_read_keeps_no_other_scan_from_being_segmented(run, place):
    said = run("data/images/case_04", 0, "predict", "run", "data/images", "--out", "masks", "--device", "cpu")
    assert "1 of 6 scans could not be segmented" in said and "case_04 can't be read (Permission denied)" in said
    assert len(list((place / "masks").iterdir())) == 5


@pytest.mark.parametrize(
    ("forbidden", "command"),
    [
        ("run/model", "model export run --out new"),
        ("run/model", "predict run data/images --out new"),
        ("run/model/model.json", "train data --out new --from run"),
        ("run/model/weights.safetensors", "train data --out new --from run"),
    ],
)
def test_of_a_model_that_may_not_be_read_it_is_told_and_nothing_is_left(run, place, forbidden, command):
    said = run(forbidden, 0, *command.split())
    file = forbidden if "." in forbidden else "run/model/model.json"
    assert said.rstrip().endswith(f"Error: {file} can't be read (Permission denied). Make sure that you may read it.")
    assert not any(place.glob("new*"))


@pytest.mark.parametrize(
    "command",
    [
        "predict run data/images --out empty/new",
        "predict run data/images --out empty",
        "rank run data --out empty/new.csv",
        "measure data/labels --out empty/new.json",
        "predict run data/images --out out --table empty/new.csv",
    ],
)
def test_where_nothing_may_be_written_no_work_is_begun(run, place, command):
    said = run("empty", 0o500, *command.split())
    where = next(word for word in command.split() if word.startswith("empty"))
    assert said.startswith(f"Error: {where} can't be written (Permission denied). Make sure that you may")
    assert not (place / "out").exists() and not any((place / "empty").iterdir())


def test_documents_of_a_run_that_may_not_be_read_ask_for_nothing_else(run, place, request_of):
    from dualtaskseg.run.folder import RunFolder

    RunFolder.create(place / "began", request_of())
    said = run("began/run.json", 0, "resume", "began")
    assert said == "Error: began/run.json can't be read (Permission denied). Make sure that you may read it.\n"
