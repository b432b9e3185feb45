"""The stand's PythonSlicer behaves as Slicer's launcher: it waits for the real Python, and hides how that ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time

import pytest

PRINTS = "import sys; print(sys.stdin.read()); print('oh', file=sys.stderr); sys.exit(int(sys.argv[1]))"
TELLS_PID_AND_WAITS = "import os, sys, time; print(os.getpid(), flush=True); time.sleep(60)"


def isRunning(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("code", [0, 7, 137])
def test_input_output_and_exit_code_are_the_childs(pythonSlicer, code):
    done = subprocess.run(
        [pythonSlicer, "-c", PRINTS, str(code)], input="Ünï", capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "Ünï\n", "oh\n")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_crash_makes_1_and_a_line(pythonSlicer, number):
    code = f"import os; os.kill(os.getpid(), {int(number)})"
    done = subprocess.run([pythonSlicer, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: [") and done.stderr.endswith("] exit abnormally - Report the problem.\n")


def test_the_child_outlives_a_killed_launcher(pythonSlicer):
    with subprocess.Popen([pythonSlicer, "-c", TELLS_PID_AND_WAITS], stdout=subprocess.PIPE) as launcher:
        child = int(launcher.stdout.readline())
        assert child != launcher.pid
        launcher.kill()
        launcher.wait()
        time.sleep(0.2)
        assert isRunning(child)
        os.kill(child, signal.SIGKILL)


def test_its_own_folders_come_first(pythonSlicer, tmp_path):
    own = pythonSlicer.parents[1] / "lib" / "Python"
    done = subprocess.run(
        [pythonSlicer, "-c", "import sys; print(*sys.path[1:], sep=chr(10))"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    path = done.stdout.splitlines()
    assert path[0] == str(own) and path[1].endswith("site-packages") and path[2] == str(tmp_path)


def test_it_is_on_path(pythonSlicer):
    assert shutil.which("PythonSlicer") == str(pythonSlicer)
