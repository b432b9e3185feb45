"""What a process costs: its peak memory, as the kernel keeps it, and the time that the processor worked for it."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """Of one process.

    Attributes:
        peak: bytes of memory.
        seconds: until it ended.
        processor_seconds: that all its threads computed, which other programs on the machine hardly change.
        output: what it printed.
    """

    peak: int
    seconds: float
    processor_seconds: float
    output: str = ""


def cost_of(command: Sequence[object], **options: object) -> Cost:
    """Runs a command to its end; ``options`` are those of :class:`subprocess.Popen`.

    Raises:
        SystemExit: it fails.
    """
    words = [str(word) for word in command]
    started = time.monotonic()
    process = subprocess.Popen(words, encoding="utf-8", **options)
    peak = 0
    while True:
        peak = max(peak, _high_water_mark(process.pid))
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{shlex.join(words)} failed with exit code {process.returncode}")
    output = process.stdout.read() if process.stdout is not None else ""
    return Cost(peak, time.monotonic() - started, usage.ru_utime + usage.ru_stime, output)


def _high_water_mark(process: int) -> int:
    # not ru_maxrss, in which the memory of the process that started it counts too
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
