"""A training by two processes: stopped, resumed, and either of them killed, it goes on with both or with one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from dualtaskseg import cli
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.processes import process_start_time
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import RunState, read_status
from dualtaskseg.synthetic.cohort import write_cohort

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the other process in /proc")
PATIENCE_S = 240  # of a busy computer
BUDGET_S = 10


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("zwei ß") / "run"


@pytest.fixture(scope="module")
def scans(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("scans") / "cohort"
    return write_cohort(folder, labeled=2, unlabeled=1, held_out=0, seed=1, size=(16, 16, 16)).dataset


def started(*arguments: str | Path) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "dualtaskseg", *arguments], stderr=subprocess.PIPE, encoding="utf-8")


def wait_until(is_so, what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def trains(run: Path, pid: int, steps: int) -> None:
    """Waits until a process has taken some steps of its own."""

    def is_far() -> bool:
        status = read_status(run)
        if status is None or status.pid != pid or status.phase != "training":
            return False
        return status.iteration >= steps

    wait_until(is_far, f"{run} doesn't come to step {steps}")


def follower_of(process: subprocess.Popen) -> int:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    (follower,) = map(int, children)
    return follower


def ends(pid: int) -> None:
    begun = time.monotonic()
    wait_until(lambda: process_start_time(pid) is None, f"{pid} is still there")
    assert time.monotonic() - begun < 60  # seconds on an idle computer


def test_either_process_can_be_lost_and_the_training_goes_on_with_both_or_one(run, scans):
    training = started("train", scans, "--out", run, "--iterations", "100000", "--device", "cpu", "--workers", "2")
    trains(run, training.pid, 2)
    plan = (run / "plan.json").read_text()
    assert re.search(r'"batch_labeled": 2,.*"batch_unlabeled": 2,', plan, re.DOTALL)
    assert "2 workers train together: a step takes 2 + 2 patches, 1 + 1 on each" in plan.replace(" of them", "")

    follower = follower_of(training)  # is asked to stop: the first process saves and ends, and so does it
    os.kill(follower, signal.SIGTERM)
    _, told = training.communicate(timeout=PATIENCE_S)
    assert training.returncode == 3 and "everything is saved" in told, told
    ends(follower)
    stopped = read_status(run)
    assert stopped.phase == "stopped" and stopped.iteration >= 2
    assert {path.name for path in run.iterdir()} <= {*RUN_FILES}

    training = started("resume", run)  # with two, as it was begun
    trains(run, training.pid, stopped.iteration + 1)
    follower = follower_of(training)
    os.kill(follower, signal.SIGKILL)
    _, told = training.communicate(timeout=PATIENCE_S)
    assert training.returncode == 2, told
    last = told.strip().splitlines()[-1]
    assert re.match(r"Error: Rank 1 of this training was ended by the signal SIGKILL, .*dualtaskseg resume", last), told
    assert RunFolder.open(run).state() == RunState.FAILED
    assert "SIGKILL" in read_status(run).error["what"]

    training = started("resume", run)
    trains(run, training.pid, stopped.iteration + 1)
    follower = follower_of(training)
    training.kill()
    ends(follower)
    _, told = training.communicate(timeout=PATIENCE_S)
    assert re.search("Error: Rank 0 of this training has ended unexpectedly, .*dualtaskseg resume", told), told
    assert RunFolder.open(run).state() == RunState.INTERRUPTED


def test_a_training_by_two_goes_on_with_one_and_keeps_its_batch(run, scans, capfd):
    if read_status(run) is None:  # the test above ran in another of pytest's processes, or not at all
        training = started("train", scans, "--out", run, "--iterations", "100000", "--device", "cpu", "--workers", "2")
        trains(run, training.pid, 2)
        RunFolder.open(run).request_stop()
        training.communicate(timeout=PATIENCE_S)
    before = read_status(run).iteration
    saved = (run / "plan.json").read_bytes()

    def stop_soon() -> None:
        trains(run, os.getpid(), before + 1)
        RunFolder.open(run).request_stop()

    threading.Thread(target=stop_soon, daemon=True).start()
    assert cli.main(["resume", str(run), "--workers", "1"]) == 3
    assert read_status(run).iteration > before
    assert (run / "plan.json").read_bytes() == saved
    assert cli.main(["resume", str(run), "--workers", "3"]) == 2
    assert "2 + 2 patches, which 3 workers can't share. Resume it with --workers 2" in capfd.readouterr().err


def test_two_processes_keep_to_a_time_budget(tmp_path, scans):
    run = tmp_path / "run"
    asked = ("--time-budget", str(BUDGET_S), "--device", "cpu", "--workers", "2")
    training = started("train", scans, "--out", run, *asked)
    _, told = training.communicate(timeout=PATIENCE_S)
    assert training.returncode == 0, told
    kept_to_its_time(run, read_status(run).elapsed_s)


def kept_to_its_time(run: Path, worked: float) -> None:
    """Whether a training with a time budget came to a calm end, and what it says fits together."""
    finished, plan = read_status(run), json.loads((run / "plan.json").read_text())
    assert finished.phase == "finished" and finished.iteration == finished.of == plan["iterations"]
    assert worked < 10 * BUDGET_S  # of a busy computer; without a budget it would be a quarter of an hour
    rates = [row["rate"] for row in RunFolder.open(run).read_metrics()[0] if row["kind"] == "train"]
    assert rates[-1] < 0.1 * max(rates)  # the end is calm
    assert read_model(find_model(run)).weights_sha256


RUN_FILES = (
    *("run.json", "split.json", "plan.json", "status.json", "metrics.jsonl", "log.txt", "lock", "stop", "prepared"),
    *("checkpoint.pt", "checkpoint.previous.pt"),
)
