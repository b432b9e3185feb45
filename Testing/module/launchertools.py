"""A stand-in for PythonSlicer: a launcher that outlives the Python it starts, as Slicer's does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

# Its own entries come first in the path; a crash or a kill of the child becomes exit code 1 and a line on stderr.
LAUNCHER = """#!{python} -S
import os, subprocess, sys
path = [*{own!r}, *filter(None, [os.environ.get("PYTHONPATH")])]
environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path))
code = subprocess.call([{python!r}, *sys.argv[1:]], env=environment)
if code < 0:
    print("error: [{python}] exit abnormally - Report the problem.", file=sys.stderr, flush=True)
    code = 1
sys.exit(code)
"""


@pytest.fixture
def pythonSlicer(tmp_path, monkeypatch):
    """Makes the launcher and puts it into PATH; takes the folders that it puts first in Python's path."""
    if sys.platform == "win32":
        pytest.skip("a script is no program on Windows")

    def make(*own: Path) -> Path:
        program = tmp_path / "launcher" / "PythonSlicer"
        program.parent.mkdir(exist_ok=True)
        program.write_text(LAUNCHER.format(python=sys.executable, own=[str(each) for each in own]), encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return program

    return make
