"""The run folder: written by one process, watched by others, killed at any moment."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from argparse import Namespace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
from dualtaskseg.commands import status as status_command
from dualtaskseg.commands import stop as stop_command
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.files import json_safe
from dualtaskseg.processes import process_start_time
from dualtaskseg.run import folder as run_module
from dualtaskseg.run import status_writer
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import RunState, Status, read_status
from dualtaskseg.run.status_writer import StatusWriter

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")
needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "mein Lauf ü", {"cases": [], "seed": 3})


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert child.stdout.readline(), "the child ended before it was ready"
    return child


def kill(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.communicate()


TRAIN = """
import sys, time
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status_writer import StatusWriter
run = RunFolder.open(sys.argv[1])
with run.lock(), StatusWriter(run) as status:
    status.update(phase="training", of=1000, device="cpu", seconds_left=90.0)
    print("ready", flush=True)
    for iteration in range(1, 1001):
        time.sleep(0.02)
        status.update(iteration=iteration)
        run.append_metrics({"iteration": iteration, "loss": 1 / iteration})
        if run.stop_requested():
            status.update(phase="stopped", message="Stopped on request")
            break
"""

# --- creating and opening


def test_request_is_written_once_and_read_back(tmp_path: Path) -> None:
    folder = tmp_path / "läufe" / "erster Lauf"
    request = {"format": 99, "segments": [{"name": "Hüfte"}], "seed": 5}
    created = RunFolder.create(folder, request)
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["format"] == 1
    assert RunFolder.open(folder).request == created.request == {**request, "format": 1}
    with pytest.raises(InputError, match="already holds a run") as caught:
        RunFolder.create(folder, {"seed": 6})
    assert "dualtaskseg resume" in caught.value.remedy and "--out" in caught.value.remedy
    assert RunFolder.open(folder).request["seed"] == 5


def test_foreign_folder_is_refused_and_left_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        RunFolder.create(tmp_path, {})
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(InputError, match="is a file"):
        RunFolder.create(tmp_path / "thesis.txt", {})
    with pytest.raises(InputError, match="can't be written"):
        RunFolder.create(tmp_path / "thesis.txt" / "below", {})


def test_folder_that_only_looks_occupied_is_taken(tmp_path: Path) -> None:
    for name in (".DS_Store", ".tmp_abc.json", "lock"):
        (tmp_path / name).touch()
    assert RunFolder.create(tmp_path, {"seed": 1}).state() is RunState.NEW


@pytest.mark.parametrize("content", ['{"format": 1, "see', "[]", "null", '{"seed": 1}', '{"format": true}', "\xff"])
def test_damaged_request(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match="damaged") as caught:
        RunFolder.open(tmp_path)
    assert caught.value.remedy


def test_newer_or_missing_request(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a run folder"):
        RunFolder.open(tmp_path / "nowhere")
    (tmp_path / "run.json").write_text('{"format": 2}')
    with pytest.raises(InputError, match="newer version") as caught:
        RunFolder.open(tmp_path)
    assert "Update" in caught.value.remedy


def test_request_that_is_not_json_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        RunFolder.create(tmp_path, {"budget": float("nan")})
    assert not (tmp_path / "run.json").exists()
    assert RunFolder.create(tmp_path, {"budget": 600}).request["budget"] == 600


def test_split_is_drawn_once(run: RunFolder) -> None:
    assert run.read_split() is None
    run.write_split({"validation": ["a", "b"]})
    run.write_split({"validation": ("a", "b")})
    with pytest.raises(FileExistsError):
        run.write_split({"validation": ["c"]})
    assert run.read_split() == {"validation": ["a", "b"]}
    run.split_file.write_text("{")
    with pytest.raises(InputError, match="damaged"):
        run.read_split()


def test_stop_flag(run: RunFolder) -> None:
    assert not run.stop_requested()
    run.request_stop()
    run.request_stop()
    assert run.stop_requested()
    run.clear_stop()
    run.clear_stop()
    assert not run.stop_requested()


# --- metrics


def test_metrics_come_back_and_grow(run: RunFolder) -> None:
    assert run.read_metrics() == ([], 0)
    run.append_metrics({"iteration": 1, "loss": float("nan"), "dice": {"Hüfte": float("inf")}})
    rows, offset = run.read_metrics()
    assert rows == [{"iteration": 1, "loss": None, "dice": {"Hüfte": None}}]
    run.append_metrics({"iteration": np.int64(2), "loss": np.float32(0.5), "all": np.array([1.0, np.nan])})
    rows, new_offset = run.read_metrics(offset)
    assert rows == [{"iteration": 2, "loss": 0.5, "all": [1.0, None]}]
    assert run.read_metrics(new_offset) == ([], new_offset)
    with pytest.raises(TypeError):
        run.append_metrics({"iteration": object()})


def test_torn_last_line_waits_and_is_passed_over_after_a_crash(run: RunFolder) -> None:
    run.append_metrics({"iteration": 1})
    with run.metrics_file.open("ab") as file:
        file.write(b'{"iteration": 2, "lo')
    rows, offset = run.read_metrics()
    assert [row["iteration"] for row in rows] == [1]
    with run.metrics_file.open("ab") as file:
        file.write(b'ss": 0.5}\n')
    assert run.read_metrics(offset)[0] == [{"iteration": 2, "loss": 0.5}]
    with run.metrics_file.open("ab") as file:
        file.write('{"iteration": 3, "name": "ü'.encode()[:-1])  # torn in the middle of a letter
    run.append_metrics({"iteration": 4})
    assert [row["iteration"] for row in run.read_metrics()[0]] == [1, 2, 4]


def test_resume_drops_what_lies_beyond_the_checkpoint(run: RunFolder) -> None:
    run.truncate_metrics(10)
    for iteration in range(1, 21):
        run.append_metrics({"iteration": iteration})
    run.append_metrics({"note": "a row without an iteration stays"})
    _, offset = run.read_metrics()
    run.truncate_metrics(10)
    rows, new_offset = run.read_metrics(offset)
    assert [row.get("iteration") for row in rows] == [*range(1, 11), None]  # a watcher gets all anew
    assert new_offset < offset
    run.append_metrics({"iteration": 11})
    assert [row.get("iteration") for row in run.read_metrics()[0]] == [*range(1, 11), None, 11]


def test_offset_within_a_line_gives_all_anew(run: RunFolder) -> None:
    for iteration in range(100):
        run.append_metrics({"iteration": iteration})
    assert len(run.read_metrics(offset=25)[0]) == 100


@needs_dev_full
def test_full_disk_while_appending(
    run: RunFolder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run.metrics_file.touch()
    with monkeypatch.context() as patch, pytest.raises(OSError) as caught:
        # a device that is really full; not through a link, for through links nothing is written
        patch.setattr(run_module, "open_own", lambda path, mode: Path("/dev/full").open(mode))  # noqa: SIM115
        run.append_metrics({"iteration": 1})
    assert caught.value.errno == errno.ENOSPC
    run.log_file.symlink_to("/dev/full")
    run.log("the log is not worth a training")
    assert "not worth a training" in capsys.readouterr().err


@posix_only
def test_metrics_survive_a_kill_in_the_middle(run: RunFolder) -> None:
    script = """
import sys
from dualtaskseg.run.folder import RunFolder
run = RunFolder.open(sys.argv[1])
print("ready", flush=True)
iteration = 0
while True:
    iteration += 1
    run.append_metrics({"iteration": iteration, "text": "x" * 3000})
"""
    last = 0
    for _ in range(3):
        child = start(script, run.folder)
        time.sleep(0.3)
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        rows, _ = run.read_metrics()
        iterations = [row["iteration"] for row in rows]
        assert iterations == list(range(1, len(iterations) + 1))
        last = iterations[-1] // 2
        run.truncate_metrics(last)
        assert len(run.read_metrics()[0]) == last
        run.metrics_file.unlink()
    assert last > 0


# --- lock and state


def test_states_through_a_life(run: RunFolder) -> None:
    assert run.state() is RunState.NEW
    assert str(run.state()) == "new" and run.state() == "new"
    child = start(TRAIN, run.folder)
    try:
        assert run.state() is RunState.RUNNING
        with pytest.raises(InputError, match=f"pid {child.pid}") as caught, run.lock():
            pass
        assert "dualtaskseg stop" in caught.value.remedy
    finally:
        kill(child)
    assert read_status(run.folder).phase == "training"
    assert run.state() is RunState.INTERRUPTED
    with run.lock(), StatusWriter(run) as status:  # resume at once, without waiting for a heartbeat to grow stale
        assert run.state() is RunState.RUNNING
        status.update(phase="finished")
    assert run.state() is RunState.FINISHED


def test_stop_command_ends_a_training(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    child = start(TRAIN, run.folder)
    try:
        assert stop_command.run(Namespace(run=str(run.folder), wait=20)) == 0
        assert child.wait(timeout=5) == 0
    finally:
        kill(child)
    assert "has ended (stopped on request" in capsys.readouterr().out
    assert run.state() is RunState.STOPPED
    assert not run.stop_requested()
    assert stop_command.run(Namespace(run=str(run.folder), wait=60)) == 0
    assert "No process is working" in capsys.readouterr().out
    assert not run.stop_requested()  # a later resume must not stop at once


def test_stop_command_gives_up_waiting_for_a_long_step(
    run: RunFolder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stop_command, "TELL_EVERY_S", 0.1)
    with run.lock(), StatusWriter(run) as status:
        status.update(phase="training", iteration=3, of=10)
        assert stop_command.run(Namespace(run=run.folder, wait=1)) == 4  # 1 would mean a defect of ours
        assert run.stop_requested()
        assert stop_command.run(Namespace(run=run.folder, wait=0)) == 0
    said = capsys.readouterr()
    assert "still working" in said.out
    assert "iteration 3 of 10" in said.err


@posix_only
def test_without_locks_the_heartbeat_keeps_a_second_training_out(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dualtaskseg.run import locking

    def no_locks(handle: int, operation: int) -> None:  # as some network shares answer
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    child = start(TRAIN, run.folder)
    try:
        monkeypatch.setattr(locking.fcntl, "flock", no_locks)
        assert run.state() is RunState.RUNNING
        with pytest.raises(InputError, match=f"pid {child.pid}"), run.lock():
            pass
    finally:
        kill(child)
    assert run.state() is RunState.INTERRUPTED
    with run.lock():
        pass


def test_process_on_another_machine_is_judged_by_its_heartbeat(run: RunFolder) -> None:
    status = Status(phase="training", pid=os.getpid(), host="another-machine", heartbeat=time.time() - 4)
    run.status_file.write_text(json.dumps(status.to_dict()))
    assert run.state() is RunState.RUNNING
    with pytest.raises(InputError, match="on another-machine"), run.lock():
        pass
    status.heartbeat -= 60
    run.status_file.write_text(json.dumps(status.to_dict()))
    assert run.state() is RunState.INTERRUPTED
    with run.lock():
        pass


def test_number_given_to_another_process_is_not_life(run: RunFolder) -> None:
    started = process_start_time(os.getpid())
    host = run_module.host_name()
    status = Status(phase="training", pid=os.getpid(), process_started=started, host=host, heartbeat=time.time())
    run.status_file.write_text(json.dumps(status.to_dict()))
    assert run.state() is RunState.RUNNING
    status.process_started = started - 500
    run.status_file.write_text(json.dumps(status.to_dict()))
    assert run.state() is RunState.INTERRUPTED


def test_checkpoint_without_status_is_an_interrupted_run(run: RunFolder) -> None:
    run.checkpoint_file.touch()
    run.status_file.write_text('{"phase": "trai')
    assert read_status(run.folder) is None
    assert run.state() is RunState.INTERRUPTED


# --- status


def test_status_round_trip(run: RunFolder) -> None:
    error = {"what": "a", "why": "b", "remedy": "c"}
    status = Status(phase="failed", iteration=4, of=9, seconds_left=1.5, error=error, message="Tschüß", pid=12)
    document = status.to_dict()
    assert document["eta_s"] == 1.5 and "seconds_left" not in document
    assert Status.from_dict(json.loads(json.dumps(document))) == status


def test_status_from_strange_documents(run: RunFolder) -> None:
    status = Status.from_dict({"phase": "training", "iteration": "x", "of": True, "error": {"what": 3}, "new": 1})
    assert (status.iteration, status.of) == (0, 0)
    assert status.error == {"what": "3", "why": "", "remedy": ""}
    for document in (None, [], {}, {"phase": 3}):
        with pytest.raises(ValueError):
            Status.from_dict(document)
    assert read_status(run.folder / "nowhere") is None


ABSURD = [
    "10" * 200,
    "Infinity",
    "-Infinity",
    "NaN",
    "-1",
    "1e400",
    '"soon"',
    "null",
    "true",
    "[]",
    "{}",
    '"\\ud800"',
    "[" * 5000,
]


@pytest.mark.parametrize("value", ABSURD)
@pytest.mark.parametrize("key", [field for field in Status().to_dict() if field != "version"])
def test_absurd_values_in_a_status_are_passed_over(run: RunFolder, key: str, value: str) -> None:
    """A status can come from anybody, and from a damaged disk: no traceback, and never a run that stays locked."""
    document = Status(phase="training", host="another-machine", heartbeat=time.time() - 3600, iteration=3, of=9)
    text = json.dumps({**document.to_dict(), key: "HERE"}).replace('"HERE"', value)
    run.status_file.write_text(text, encoding="utf-8")
    assert status_command.run(Namespace(run=str(run.folder), json=False)) == 0
    assert status_command.run(Namespace(run=str(run.folder), json=True)) == 0
    assert run.state() in (RunState.INTERRUPTED, RunState.NEW)
    with run.lock(), StatusWriter(run, before=read_status(run.folder)):
        pass


def test_absurd_metrics_are_passed_over(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    large = '{"iteration": 1' + "0" * 400 + "}"
    lines = ["[" * 100_000, large, '{"kind": [1], "iteration": NaN, "loss": Infinity}', "\xff", '{"iteration": 3}', ""]
    run.metrics_file.write_bytes("\n".join(lines).encode("latin-1"))
    with StatusWriter(run):
        pass
    assert status_command.run(Namespace(run=str(run.folder), json=False)) == 0
    assert "train: iteration 3" in capsys.readouterr().out
    assert status_command.run(Namespace(run=str(run.folder), json=True)) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["latest_metrics"]["[1]"] == {"kind": [1], "iteration": None, "loss": None}
    run.truncate_metrics(3)
    assert run.read_metrics()[0][-1] == {"iteration": 3}


@posix_only
def test_a_status_that_is_a_pipe_or_without_end_keeps_nobody_waiting(run: RunFolder) -> None:
    os.mkfifo(run.status_file)
    assert read_status(run.folder) is None and run.state() is RunState.NEW
    run.status_file.unlink()
    run.status_file.symlink_to("/dev/zero")
    assert read_status(run.folder) is None


def test_how_far_a_run_was_stays_told_when_its_resume_fails(run: RunFolder) -> None:
    with pytest.raises(InputError), StatusWriter(run) as status:
        status.update(phase="training", iteration=28, of=30)
        raise InputError("The disk is full")
    with pytest.raises(InputError), StatusWriter(run, before=read_status(run.folder)):
        raise InputError("The scan is gone")
    status = read_status(run.folder)
    assert (status.phase, status.iteration, status.of) == ("failed", 28, 30) and "gone" in status.error["what"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "Make room"),
        (errno.EDQUOT, "Make room"),
        (errno.EACCES, "you may read and write"),
        (errno.EPERM, "protected against changes"),
        (errno.EROFS, "can only be read"),
        (errno.ENOENT, "nobody moves, renames or removes"),
        (errno.EIO, "is connected"),
        (errno.ESTALE, "is connected"),
        (errno.EMFILE, "ulimit -n"),
        (errno.EFBIG, "files of this size"),
        (errno.ENAMETOOLONG, "shorter name"),
    ],
)
def test_each_error_of_the_system_has_its_own_remedy(run: RunFolder, number: int, words: str) -> None:
    with pytest.raises(OSError), StatusWriter(run):
        raise OSError(number, os.strerror(number), "metrics.jsonl")
    error = read_status(run.folder).error
    assert os.strerror(number) in error["what"] and words in error["remedy"], error
    assert ("Make room" in error["remedy"]) == (words == "Make room")


def test_reader_never_sees_half_a_status(run: RunFolder) -> None:
    """A child writes as fast as it can, with texts of changing length, while we read as fast as we can."""
    script = """
import sys, time
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status_writer import StatusWriter
run = RunFolder.open(sys.argv[1])
with StatusWriter(run, min_interval_s=0.0) as status:
    print("ready", flush=True)
    end = time.monotonic() + 2
    while time.monotonic() < end:
        status.update(phase="training", iteration=status.status.iteration + 1, message="x" * 20000)
        time.sleep(0)
        status.update(message="")
"""
    child = start(script, run.folder)
    seen = set()
    reads = 0
    try:
        while child.poll() is None:
            document = json.loads(run.status_file.read_text(encoding="utf-8"))  # raises on half a document
            seen.add(document["heartbeat"])
            reads += 1
    finally:
        kill(child)
    assert child.returncode == 0
    assert reads > 100 and len(seen) > 20


def test_heartbeat_goes_on_while_the_main_thread_is_busy(run: RunFolder) -> None:
    assert status_writer.HEARTBEAT_S < 5
    beats = set()
    with StatusWriter(run, heartbeat_s=0.2, min_interval_s=0.05) as status:
        status.update(phase="training", iteration=7)
        end = time.monotonic() + 2
        while time.monotonic() < end:  # a long step in pure Python, which hardly lets go of the interpreter
            sum(range(20000))
            if len(beats) < 1000:
                beats.add(read_status(run.folder).heartbeat)
    ordered = sorted(beats)
    assert len(ordered) >= 5
    assert max(later - earlier for earlier, later in itertools.pairwise(ordered)) < 1.0


def test_changes_are_written_soon_but_not_all_of_them(run: RunFolder) -> None:
    beats = set()
    with StatusWriter(run, heartbeat_s=60, min_interval_s=0.3) as status:
        end = time.monotonic() + 1.5
        iteration = 0
        while time.monotonic() < end:
            iteration += 1
            status.update(phase="training", iteration=iteration)
            beats.add(read_status(run.folder).heartbeat)
            time.sleep(0.005)
        assert iteration > 50
        assert 3 <= len(beats) <= 7
        time.sleep(0.5)
        assert read_status(run.folder).iteration == iteration
    assert list(run.folder.glob(".tmp_*")) == []


def test_unknown_fields_and_values_are_refused_where_they_are_set(run: RunFolder) -> None:
    with StatusWriter(run) as status:
        with pytest.raises(TypeError):
            status.update(iterations=3)
        with pytest.raises(TypeError):
            status.update(message=object())
        status.update(seconds_left=float("inf"), iteration=np.int64(3))
    assert read_status(run.folder).seconds_left is None
    assert read_status(run.folder).iteration == 3


def test_elapsed_time_goes_on_after_a_resume(run: RunFolder) -> None:
    with StatusWriter(run, before=Status(elapsed_s=1000)):
        pass
    assert 1000 <= read_status(run.folder).elapsed_s < 1010


def test_errors_become_sentences_in_the_status(run: RunFolder) -> None:
    with pytest.raises(InputError), StatusWriter(run):
        raise InputError("scan.nii is missing", "Put it back")
    status = read_status(run.folder)
    assert status.phase == "failed"
    assert status.error == {"what": "scan.nii is missing", "why": "", "remedy": "Put it back"}
    assert run.state() is RunState.FAILED
    with pytest.raises(StoppedError), StatusWriter(run):
        raise StoppedError("Stopped")
    assert read_status(run.folder).phase == "stopped"
    assert read_status(run.folder).error is None
    with pytest.raises(FileNotFoundError), StatusWriter(run):
        (run.folder / "gone.nii").read_bytes()
    assert "No such file" in read_status(run.folder).error["what"]
    with pytest.raises(ZeroDivisionError), StatusWriter(run) as writer:
        writer.update(phase="failed", error={"what": "said by the training", "why": "", "remedy": ""})
        _ = 1 / 0
    assert read_status(run.folder).error["what"] == "said by the training"


@needs_dev_full
def test_full_disk_never_reaches_the_training(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open, full = status_writer.open_own, []

    def opened(path: Path, mode: str) -> BinaryIO:
        if full and path.name == ".tmp_status.json":
            return Path("/dev/full").open("wb")  # a device that is really full; through a link nothing is written
        return real_open(path, mode)

    monkeypatch.setattr(status_writer, "open_own", opened)
    steps = 0
    with StatusWriter(run, heartbeat_s=0.05, min_interval_s=0.01) as status:
        full.append(True)
        end = time.monotonic() + 1
        while time.monotonic() < end:
            status.update(phase="training", iteration=steps)
            steps += 1
            time.sleep(0.01)
        assert status.problem.errno == errno.ENOSPC
        full.clear()
        time.sleep(0.1)
        status.update(phase="finished")
    assert steps > 10
    assert run.log_file.read_text(encoding="utf-8").count("No space left") == 1
    assert read_status(run.folder).phase == "finished"  # there was room again, and writing had not been given up


def test_vanished_folder_never_reaches_the_training(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    with StatusWriter(run, heartbeat_s=0.05, min_interval_s=0.01) as status:
        shutil.rmtree(run.folder)
        time.sleep(0.5)
        status.update(phase="training")
    assert isinstance(status.problem, FileNotFoundError)
    assert capsys.readouterr().err.count("can't be written") == 1


def test_replacing_a_file_that_is_being_read_is_tried_again() -> None:
    attempts = []

    def replace() -> str:
        attempts.append(1)
        if len(attempts) < 3:
            raise PermissionError("[WinError 5] as Windows says while a reader has the file open")
        return "done"

    assert run_module.retry_on_permission_error(replace) == "done"
    assert len(attempts) == 3


def test_status_writer_leaves_the_umask_alone(run: RunFolder) -> None:
    """The umask belongs to the whole process; a thread that changes it spoils files of others."""
    before = os.umask(0o022)
    try:
        with StatusWriter(run, heartbeat_s=0.01, min_interval_s=0.0):
            modes = set()
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                probe = run.folder / "probe"
                probe.touch()
                modes.add(probe.stat().st_mode & 0o777)
                probe.unlink()
        assert modes == {0o644}
        assert run.status_file.stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(before)


def test_json_safe() -> None:
    assert json_safe({1: (float("-inf"), np.bool_(True), None, "x")}) == {"1": [None, True, None, "x"]}


def test_log_has_times_and_takes_every_text(run: RunFolder) -> None:
    threads = [threading.Thread(target=run.log, args=(f"Zeile {i} ü \udcff",)) for i in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = run.log_file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 5
    for line in lines:
        time.strptime(line[:19], "%Y-%m-%d %H:%M:%S")
        assert "Zeile" in line


# --- commands


def test_status_command(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_command.run(Namespace(run=str(run.folder), json=False)) == 0
    assert "not started yet" in capsys.readouterr().out
    with run.lock(), StatusWriter(run) as status:
        status.update(phase="training", iteration=250, of=1000, seconds_left=200, device="cuda:0", message="Learning")
        run.append_metrics({"kind": "train", "iteration": 249, "loss": 0.5})
        run.append_metrics({"kind": "train", "iteration": 250, "loss": 0.123456, "rate": None})
        run.append_metrics({"kind": "validation", "iteration": 250, "dice": 0.8})
        time.sleep(0.7)
        run.request_stop()
        assert status_command.run(Namespace(run=str(run.folder), json=False)) == 0
        text = capsys.readouterr().out
        assert "iteration 250 of 1000 (25 %), 3 min 20 s left" in text
        assert "running, asked to stop" in text and "cuda:0" in text
        assert "train: iteration 250, loss 0.1235, rate unknown" in text
        assert "validation: iteration 250, dice 0.8" in text
    with pytest.raises(InputError), StatusWriter(run):
        raise InputError("The disk is full", "Make room")
    status_command.run(Namespace(run=str(run.folder), json=False))
    assert "The disk is full. Make room." in capsys.readouterr().out
    status_command.run(Namespace(run=str(run.folder), json=True))
    document = json.loads(capsys.readouterr().out)
    assert document["state"] == "failed"
    assert document["status"]["error"]["remedy"] == "Make room"
    assert document["latest_metrics"]["train"]["iteration"] == 250
    with pytest.raises(InputError):
        status_command.run(Namespace(run=str(run.folder / "nowhere"), json=False))


@pytest.mark.parametrize(
    "module", ["run.folder", "model.folder", "commands.status", "commands.stop", "commands.model", "run.locking"]
)
def test_imports_are_light(module: str) -> None:
    script = f"""
import sys, time
began = time.process_time()  # work, not waiting: the machine may be busy with other things
import dualtaskseg.{module}
print(time.process_time() - began)
print(*sorted({{name.split(".")[0] for name in sys.modules}}))
"""
    times = []
    for _ in range(3):
        answer = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
        seconds, modules = answer.stdout.splitlines()
        assert not {"torch", "numpy", "SimpleITK", "monai", "scipy", "safetensors"} & set(modules.split())
        times.append(float(seconds))
        if times[-1] < 0.1:
            break
    assert min(times) < 0.1


def test_on_a_full_disk_the_last_word_goes_over_the_old_status(tmp_path, monkeypatch):
    """A new file finds no room, but the old one has its place: so whoever watches learns how the training ended."""
    run = RunFolder.create(tmp_path / "run", {})
    real_open = status_writer.open_own

    def opened(path, mode):
        if path.name == ".tmp_status.json":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return real_open(path, mode)

    with pytest.raises(OSError, match="No space"), StatusWriter(run) as writer:
        writer.update(phase="training", message="a long message " * 20)
        while "long message" not in read_status(run.folder).message:
            time.sleep(0.01)
        monkeypatch.setattr(status_writer, "open_own", opened)
        raise OSError(errno.ENOSPC, "No space left on device", "metrics.jsonl")
    status = read_status(run.folder)
    assert status.phase == "failed" and "No space left" in status.error["what"]
    assert status.error["remedy"]
