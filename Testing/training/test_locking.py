"""Locks and process identity, with real processes that are really killed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dualtaskseg import processes
from dualtaskseg.errors import InputError
from dualtaskseg.run import locking
from dualtaskseg.run.locking import (
    FileLock,
    LockForeignError,
    LockHeldError,
    device_lock,
    device_lock_holder,
    is_locked,
    read_holder,
)

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Starts a Python child and returns once it has printed a line."""
    child = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        encoding="utf-8",
    )
    line = child.stdout.readline()
    assert line, "the child ended before it was ready"
    child.first_line = line.strip()
    return child


def end(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.communicate()


HOLD = """
import sys, time
from dualtaskseg.run.locking import FileLock
FileLock(sys.argv[1], note={"folder": "röntgen run"}).acquire()
print("ready", flush=True)
time.sleep(60)
"""


def test_second_process_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = start(HOLD, path)
    try:
        assert is_locked(path) is True
        with pytest.raises(LockHeldError) as caught:
            FileLock(path, patience=0.1).acquire()
        assert caught.value.holder["pid"] == child.pid
        assert caught.value.holder["folder"] == "röntgen run"
    finally:
        end(child)


@posix_only
def test_kill_frees_the_lock_at_once(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = start(HOLD, path)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    assert is_locked(path) is False
    with FileLock(path, patience=0):
        assert read_holder(path)["pid"] == os.getpid()


@posix_only
def test_forked_worker_does_not_keep_the_lock_of_a_killed_parent(tmp_path: Path) -> None:
    script = """
import os, sys, time
from dualtaskseg.run.locking import FileLock
FileLock(sys.argv[1]).acquire()
worker = os.fork()
if worker == 0:
    os.close(1)
    time.sleep(60)
    os._exit(0)
time.sleep(0.2)
print(worker, flush=True)
time.sleep(60)
"""
    path = tmp_path / "lock"
    child = start(script, path)
    worker = int(child.first_line)
    try:
        assert is_locked(path) is True  # the worker closing its copy did not free the parent's lock
        end(child)
        os.kill(worker, 0)  # the worker still lives
        assert is_locked(path) is False
    finally:
        os.kill(worker, signal.SIGKILL)


def test_two_holders_in_one_process_are_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with FileLock(path), pytest.raises(LockHeldError):
        FileLock(path, patience=0).acquire()
    assert is_locked(path) is False
    assert is_locked(tmp_path / "absent") is False


def test_asking_often_never_keeps_a_holder_out(tmp_path: Path) -> None:
    script = """
import sys
from dualtaskseg.run.locking import is_locked
print("ready", flush=True)
while True:
    is_locked(sys.argv[1])
"""
    path = tmp_path / "lock"
    path.touch()
    child = start(script, path)
    try:
        for _ in range(200):
            with FileLock(path):
                pass
    finally:
        end(child)


@posix_only
def test_only_one_of_many_gets_the_lock(tmp_path: Path) -> None:
    script = """
import sys, time
from dualtaskseg.run.locking import FileLock, LockHeldError
try:
    FileLock(sys.argv[1], patience=0.05).acquire()
except LockHeldError:
    print("refused", flush=True)
else:
    print("got", flush=True)
    sys.stdin.read()
"""
    arguments = [sys.executable, "-c", script, str(tmp_path / "lock")]
    children = [
        subprocess.Popen(arguments, stdout=subprocess.PIPE, stdin=subprocess.PIPE, encoding="utf-8") for _ in range(5)
    ]
    answers = [child.stdout.readline().strip() for child in children]
    for child in children:
        child.communicate()
    assert sorted(answers) == ["got"] + ["refused"] * 4


@posix_only
def test_file_system_without_locks_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # No such file system is at hand here; this is the errno that some NFS and SMB mounts give.
    def no_locks(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(locking.fcntl, "flock", no_locks)
    path = tmp_path / "lock"
    path.touch()
    assert is_locked(path) is None
    with pytest.raises(locking.LockUnsupportedError):
        FileLock(path).acquire()


def test_device_lock_names_the_run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_cache_folder", lambda: tmp_path / "cache")
    run = tmp_path / "läuft jetzt"
    assert device_lock_holder("cuda:0") is None
    with device_lock("cuda", run):
        assert device_lock_holder("cuda:0") == run
        assert device_lock_holder("cuda:1") is None
        assert device_lock_holder("cpu") is None
        with pytest.raises(InputError, match="läuft jetzt"), device_lock("cuda:0", tmp_path / "other"):
            pass
    assert device_lock_holder("cuda") is None


def test_device_lock_without_a_place_to_write_lets_work_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    monkeypatch.setattr(locking, "_cache_folder", lambda: tmp_path / "cache")
    done = []
    with device_lock("cpu", tmp_path):
        done.append(True)
    assert done == [True]
    assert device_lock_holder("cpu") is None


def test_without_a_home_folder_a_training_works_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user stands in no list."""

    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    done = []
    with device_lock("cpu", tmp_path):
        done.append(True)
    assert done == [True] and device_lock_holder("cpu") is None


@pytest.mark.parametrize("content", [b"my key", b"{}", b'{"name": "x"}', b"\x00" * 10])
def test_a_file_that_is_no_lock_of_ours_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lock").write_bytes(content)
    with pytest.raises(LockForeignError):
        FileLock(tmp_path / "lock").acquire()
    assert (tmp_path / "lock").read_bytes() == content


def test_a_note_of_a_killed_holder_is_no_obstacle(tmp_path: Path) -> None:
    for content in (b"", b'{"pid": 7, "host": "x"}', b'{"pid": 7, "ho'):
        (tmp_path / "lock").write_bytes(content)
        with FileLock(tmp_path / "lock"):
            pass


def test_a_lock_that_is_freed_while_one_looks_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between any two looks at the file its holder may empty it."""
    holder = FileLock(tmp_path / "project.lock").acquire()
    real = os.fstat

    def freed_afterwards(handle: int) -> os.stat_result:
        status = real(handle)
        holder.release()
        return status

    monkeypatch.setattr(locking.os, "fstat", freed_afterwards)
    with FileLock(tmp_path / "project.lock"):
        pass
    assert holder._handle is None, "it was not freed in between"


def test_device_lock_lets_errors_of_the_work_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_cache_folder", lambda: tmp_path / "cache")
    with pytest.raises(OSError, match="work failed"), device_lock("cpu", tmp_path):
        raise OSError("work failed")
    assert device_lock_holder("cpu") is None


def test_a_process_is_known_by_number_and_start_time() -> None:
    child = start("print('ready', flush=True); import time; time.sleep(60)")
    try:
        started = processes.process_start_time(child.pid)
        own = processes.process_start_time(os.getpid())
        assert own is not None and started is not None and started >= own
        assert processes.is_alive(child.pid, started)
        assert processes.is_alive(child.pid, None)
        assert not processes.is_alive(child.pid, started - 100)  # the number was given to another process
    finally:
        child.kill()
    time.sleep(0.2)
    assert not processes.is_alive(child.pid, started)  # not collected yet, but no longer working
    child.communicate()
    assert processes.process_start_time(child.pid) is None
    assert not processes.is_alive(None, None)
    assert processes.process_start_time(0) is None


@posix_only
def test_start_time_by_ps_agrees_with_the_clock() -> None:
    """The way macOS goes; `ps` of Linux has the same columns."""
    before = time.time()
    child = start("print('ready', flush=True); import time; time.sleep(60)")
    try:
        assert processes._start_time_ps(child.pid) == pytest.approx(before, abs=3)
        child.kill()
        time.sleep(0.2)
        assert processes._start_time_ps(child.pid) is None
    finally:
        end(child)
    assert processes._start_time_ps(child.pid) is None
