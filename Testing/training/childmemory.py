"""Peak memory of a piece of Python code, run in a process of its own.

The peak comes from ``/proc/self/status``, not from ``getrusage``: Linux hands ``ru_maxrss`` on to a child, so that
after a thousand tests every child would seem as large as the tests themselves, and no test could fail.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process its own peak memory")

PRELUDE = """
def peak_memory():
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
"""


def number_printed_by(script: str, *arguments: object) -> float:
    """Runs a script that prints one number; it may call ``peak_memory()``, which returns bytes."""
    result = subprocess.run(
        [sys.executable, "-c", PRELUDE + script, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert result.returncode == 0, result.stderr
    return float(result.stdout)
