"""Processes that outlive the one that started them, and that end with all they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dualtaskseg.processes import is_alive, process_start_time
from DualTaskSegLib.engine import launching

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the processes of these tests are those of POSIX")
WRITER = "import os, sys, time; print(os.getpid(), os.getsid(0), repr(sys.stdin.read()), flush=True); time.sleep(60)"


def waitFor(condition, seconds: float = 10.0):
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return answer


def test_a_process_outlives_the_one_that_started_it(tmp_path):
    log = tmp_path / "Läufe 1" / "output.txt"
    log.parent.mkdir()
    code = (
        f"import sys; sys.path.insert(0, {str(MODULE)!r}); from DualTaskSegLib.engine import launching; "
        f"print(launching.startDetached([sys.executable, '-c', {WRITER!r}], {str(log)!r}))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert answer.returncode == 0, answer.stderr
    pid = int(answer.stdout)
    try:
        told = waitFor(lambda: log.read_text().split())
        assert told == [str(pid), str(pid), "''"]  # a session of its own, which no closed terminal ends; no input
        assert is_alive(pid, None)
        assert launching.exitCode(pid) is None and not launching.isRunning(pid)  # not started from here
    finally:
        os.kill(pid, signal.SIGKILL)


def test_what_a_process_prints_is_added_to_the_log(tmp_path):
    log = tmp_path / "output.txt"
    log.write_text("before\n")
    pid = launching.startDetached(
        [sys.executable, "-c", "import sys; print('Ünï 空'); print('oh', file=sys.stderr); sys.exit(3)"], log
    )
    assert waitFor(lambda: launching.exitCode(pid) is not None)
    assert launching.exitCode(pid) == 3
    assert sorted(log.read_text(encoding="utf-8").splitlines()) == sorted(["before", "Ünï 空", "oh"])


def test_no_shell_looks_at_the_arguments(tmp_path):
    victim = tmp_path / "victim"
    text = f"; touch {victim}; $(touch {victim}) `touch {victim}` \"'"
    pid = launching.startDetached(
        [sys.executable, "-c", "import sys; print(sys.argv[1])", text], tmp_path / "output.txt"
    )
    assert waitFor(lambda: launching.exitCode(pid) is not None)
    assert (tmp_path / "output.txt").read_text().strip() == text.strip()
    assert not victim.exists()


def test_a_program_that_is_missing_is_told(tmp_path):
    with pytest.raises(OSError):
        launching.startDetached([str(tmp_path / "nothing")], tmp_path / "output.txt")


def test_the_whole_tree_ends(tmp_path):
    """As with Slicer's launcher: what was started starts what works, which may start others."""
    code = (
        "import os, subprocess, sys, time; "
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        "print(os.getpid(), p.pid, flush=True); time.sleep(60)"
    )
    launcher = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {code!r}]))"
    log = tmp_path / "output.txt"
    pid = launching.startDetached([sys.executable, "-c", launcher], log)
    parent, grandchild = map(int, waitFor(lambda: log.read_text().split()))
    assert parent != pid
    assert launching.endTree(parent, process_start_time(parent))  # the one whose number the status tells
    waitFor(lambda: not any(is_alive(each, None) for each in (pid, parent, grandchild)))
    assert launching.exitCode(pid) == -9


def test_the_tree_of_a_child_that_shares_our_group_ends_from_the_launcher_on(pythonSlicer):
    """Qt starts its processes in Slicer's own group; of them only the launcher's number is known at first."""
    code = (
        "import os, subprocess, sys, time; "
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        "print(os.getpid(), p.pid, flush=True); time.sleep(60)"
    )
    neighbor = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    launcher = subprocess.Popen([str(pythonSlicer), "-c", code], stdout=subprocess.PIPE, encoding="ascii")
    try:
        below = [int(text) for text in launcher.stdout.readline().split()]
        assert launcher.pid not in below
        assert launching.endTree(launcher.pid, None)
        assert launcher.wait(10) == -signal.SIGKILL
        waitFor(lambda: not any(is_alive(each, None) for each in below))
        assert neighbor.poll() is None
    finally:
        neighbor.kill()
        neighbor.wait()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_below_the_launcher_is_told(tmp_path, pythonSlicer, number):
    """The launcher itself ends as usual, with code 1: what it prints tells more."""
    log = tmp_path / "output.txt"
    pid = launching.startDetached([str(pythonSlicer), "-c", f"import os; os.kill(os.getpid(), {int(number)})"], log)
    waitFor(lambda: launching.exitCode(pid) is not None)
    assert launching.exitCode(pid) == 1
    reason = launching.exitReason(1, log.read_text())
    assert "ended by the system, perhaps for lack of memory, or crashed in a library" in reason


def test_another_process_of_the_same_number_is_left_alone(tmp_path):
    pid = launching.startDetached([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "output.txt")
    try:
        assert not launching.endTree(pid, process_start_time(pid) + 100)
        time.sleep(0.1)
        assert launching.isRunning(pid)
    finally:
        assert launching.endTree(pid, process_start_time(pid))


def test_a_training_of_a_terminal_does_not_take_its_neighbors_along():
    """It shares a process group with others: here with this test."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert launching.endTree(process.pid, None)
    assert process.wait(10) == -signal.SIGKILL


def test_a_process_that_has_ended_can_be_ended():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert not launching.endTree(process.pid, None)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-9, "perhaps for lack of memory"),
        (137, "perhaps for lack of memory"),
        (-(2**32 - 0xC0000017), "perhaps for lack of memory"),
        (-11, "crashed"),
        (0xC0000005, "crashed"),
        (-(2**32 - 0xC0000005), "crashed"),
        (-15, "from outside"),
        (-4, "does not work with the processor"),
        (0, "without a result"),
        (1, "code 1"),
        (None, "nobody saw why"),
    ],
)
def test_exit_codes_are_told_in_words(code, words):
    assert words in launching.exitReason(code)
