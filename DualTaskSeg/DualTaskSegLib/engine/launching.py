"""Starts processes that outlive Slicer, and ends them with everything they started. No shell is involved."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from dualtaskseg.processes import is_alive

from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.engine.interpreter import childEnvironment

# Kept, so that the system can tell how they ended, and none stays behind as a zombie.
_children: dict[int, subprocess.Popen] = {}

LAUNCHER_SAW_CRASH = (
    "exit abnormally"  # in what PythonSlicer prints when the Python that it started is killed or crashes
)

# Of ntstatus.h, as Windows gives them as exit codes.
STATUS_ACCESS_VIOLATION = 0xC0000005
STATUS_NO_MEMORY = 0xC0000017
STATUS_STACK_OVERFLOW = 0xC00000FD
STATUS_DLL_NOT_FOUND = 0xC0000135
STATUS_ILLEGAL_INSTRUCTION = 0xC000001D
STATUS_CONTROL_C_EXIT = 0xC000013A


def startDetached(arguments: Sequence[str], logFile: Path | str) -> int:
    """Starts a process that goes on when this one ends.

    Args:
        logFile: what it prints is added there; made if absent.

    Returns:
        Its process number. Of a launcher, such as PythonSlicer, that of the launcher.

    Raises:
        OSError: the program can't be started, or the log can't be written.
    """
    with Path(logFile).open("ab") as log:
        process = _start(
            list(map(str, arguments)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=childEnvironment(),
            cwd=str(Path(logFile).parent),
            close_fds=True,
        )
    _children[process.pid] = process
    return process.pid


def _start(arguments: list[str], **options: object) -> subprocess.Popen:
    if sys.platform != "win32":
        return subprocess.Popen(arguments, start_new_session=True, **options)
    # Not DETACHED_PROCESS: PythonSlicer is a launcher, and what it starts would open a console window of its own. With
    # an invisible console, which is inherited, nothing is seen; and such a process outlives its parent just as well.
    flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        return subprocess.Popen(arguments, creationflags=flags | subprocess.CREATE_BREAKAWAY_FROM_JOB, **options)
    except OSError:  # Slicer itself runs in a job that lets nobody go
        return subprocess.Popen(arguments, creationflags=flags, **options)


def isRunning(pid: int) -> bool:
    """Says whether a process that :func:`startDetached` started from here still runs; False for any other."""
    process = _children.get(pid)
    return process is not None and process.poll() is None


def exitCode(pid: int) -> int | None:
    """Returns how a process that was started from here ended; None while it runs, and for any other process."""
    process = _children.get(pid)
    return None if process is None else process.poll()


def endTree(pid: int, startedAt: float | None) -> bool:
    """Ends a process at once, with all that it started; nothing is saved.

    Args:
        startedAt: when it started, see :func:`dualtaskseg.processes.process_start_time`; None if unknown.
            A process of this number that started at another time is another one, and is left alone.

    Returns:
        Whether there was such a process. It may take a moment to be gone.
    """
    if not is_alive(pid, startedAt):
        return False
    if sys.platform == "win32":
        subprocess.Popen(  # not waited for: it takes a moment, and who asked sees the process vanish
            ["taskkill", "/PID", str(pid), "/T", "/F"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=subprocess.CREATE_NO_WINDOW,
        )
        return True
    with contextlib.suppress(ProcessLookupError):  # it ended by itself meanwhile
        group = os.getpgid(pid)
        # A group that leads its own session was started by startDetached and holds the launcher and all below it. Any
        # other group is shared with Slicer or with a terminal, whose other processes are none of our business.
        if group == os.getsid(pid) and group != os.getpgid(0):
            os.killpg(group, signal.SIGKILL)
        else:
            _killBranch(pid)
    return True


def _killBranch(pid: int) -> None:
    """Ends a process and all below it. Each is halted first, so that none starts another one meanwhile."""
    halted: list[int] = []
    while new := [each for each in _branch(pid) if each not in halted]:
        for each in new:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGSTOP)
        halted += new
    for each in halted:
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def _branch(pid: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents():
        children.setdefault(parent, []).append(child)
    found = [pid]
    for each in found:  # grows meanwhile
        found += children.get(each, [])
    return found


def _parents() -> Iterator[tuple[int, int]]:
    """The numbers of all processes, each with that of its parent; of POSIX systems."""
    if sys.platform.startswith("linux"):
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal():
                with contextlib.suppress(OSError):
                    text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
                    yield int(folder.name), int(text.rpartition(")")[2].split()[1])
        return
    answer = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, encoding="ascii", check=False)
    for line in answer.stdout.splitlines():
        child, parent = line.split()
        yield int(child), int(parent)


def exitReason(code: int | None, output: str = "") -> str:
    """Says in plain words how a process ended that did not say so itself.

    Args:
        code: its exit code; negative for the number of a signal; None where nobody knows it.
        output: the last lines that it printed on standard error. PythonSlicer is a launcher that outlives the Python
            it starts: when that is killed or crashes, the launcher says so there and itself ends with code 1.
    """
    if code not in (None, 0) and LAUNCHER_SAW_CRASH in output:
        return _("its process was ended by the system, perhaps for lack of memory, or crashed in a library")
    if code is None:
        return _(
            "its process is gone and nobody saw why: the computer was switched off, or the system ended it, "
            "perhaps for lack of memory"
        )
    number = code & 0xFFFFFFFF
    if code in (-9, 137) or number == STATUS_NO_MEMORY:
        return _("the system ended its process, perhaps for lack of memory")
    if code in (-15, 143, -1, -2, 130) or number == STATUS_CONTROL_C_EXIT:
        return _("its process was ended from outside, for example since the computer was shut down")
    if code in (-11, 139, -7, 135, -6, 134) or number in (STATUS_ACCESS_VIOLATION, STATUS_STACK_OVERFLOW):
        return _("its process crashed inside a library (code {code})").format(code=code)
    if code in (-4, 132) or number == STATUS_ILLEGAL_INSTRUCTION:
        return _("the installed PyTorch does not work with the processor of this computer (code {code})").format(
            code=code
        )
    if number == STATUS_DLL_NOT_FOUND:
        return _("a library of PyTorch is missing on this computer")
    if code == 0:
        return _("its process ended without a result")
    return _("its process ended with code {code}").format(code=code)
