"""Is that process still there? Answered without psutil, on Linux, macOS and Windows.

A process number alone proves nothing: the system gives the number of a dead process to a new one. Number and start
time together name one process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
START_TOLERANCE_S = 1.5  # `ps` knows whole seconds only


def process_start_time(pid: int) -> float | None:
    """Says when a process started, in seconds.

    The zero of the clock differs between systems (Linux counts from the start of the machine, which no correction of
    the wall clock can shift), so compare values of one machine only, best with :func:`is_alive`.

    Returns:
        Seconds, or None where no such process works any more (one that has ended but was not yet collected by its
        parent counts as gone).
    """
    if pid <= 0:
        return None
    if sys.platform == "win32":
        return _start_time_windows(pid)
    if sys.platform.startswith("linux"):
        return _start_time_linux(pid)
    return _start_time_ps(pid)


def is_alive(pid: int | None, started: float | None) -> bool:
    """Says whether the process that had this number and this start time still works on this machine.

    Args:
        started: what :func:`process_start_time` returned for it; None if unknown, then the number alone decides.
    """
    if pid is None:
        return False
    found = process_start_time(pid)
    if found is None:
        return False
    return started is None or abs(found - started) < START_TOLERANCE_S


def host_name() -> str:
    """Returns the name of this machine, by which a run folder on a shared disk tells where its process works."""
    if sys.platform == "win32":
        return os.environ.get("COMPUTERNAME", "")
    return os.uname().nodename


def given_processors() -> int:
    """How many processors the system gives this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def usable_processors() -> int:
    """How many processors this process may use: those that the system gives it, or fewer where OMP_NUM_THREADS asks."""
    given = given_processors()
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(given, int(asked)) if asked.isdecimal() and int(asked) else given


def _start_time_linux(pid: int) -> float | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # the program's name, in parentheses, may itself hold spaces
    if len(fields) < 20 or fields[0] in "ZX":
        return None
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def _start_time_ps(pid: int) -> float | None:
    import calendar
    import subprocess

    environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}  # a fixed language and no change to summer time
    try:
        answer = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
            capture_output=True,
            encoding="utf-8",
            timeout=10,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    fields = answer.stdout.split()  # such as: S+ Tue Mar  4 09:05:31 2025
    if answer.returncode != 0 or len(fields) != 6 or fields[0].startswith("Z") or fields[2] not in MONTHS:
        return None
    hour, minute, second = (int(part) for part in fields[4].split(":"))
    return float(calendar.timegm((int(fields[5]), MONTHS.index(fields[2]) + 1, int(fields[3]), hour, minute, second)))


def _start_time_windows(pid: int) -> float | None:
    import ctypes
    from ctypes import wintypes

    query_limited_information = 0x1000
    still_active = 259
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
    kernel.OpenProcess.restype = wintypes.HANDLE
    kernel.GetExitCodeProcess.argtypes = (wintypes.HANDLE, ctypes.POINTER(wintypes.DWORD))
    kernel.GetProcessTimes.argtypes = (wintypes.HANDLE, *[ctypes.POINTER(wintypes.FILETIME)] * 4)
    kernel.CloseHandle.argtypes = (wintypes.HANDLE,)

    handle = kernel.OpenProcess(query_limited_information, False, pid)
    if not handle:
        return None
    try:
        code = wintypes.DWORD()
        if not kernel.GetExitCodeProcess(handle, ctypes.byref(code)) or code.value != still_active:
            return None  # ended, but someone still holds a handle to it
        times = [wintypes.FILETIME() for _ in range(4)]
        if not kernel.GetProcessTimes(handle, *[ctypes.byref(each) for each in times]):
            return None
    finally:
        kernel.CloseHandle(handle)
    ticks = (times[0].dwHighDateTime << 32) | times[0].dwLowDateTime
    return ticks * 1e-7  # a tick is 100 ns
