"""``PythonSlicer``, which in Slicer is no Python: it is a launcher that starts the real one as its child and waits.

What follows from it, and is so here as well:

* the process that was started is the launcher: killing it alone leaves the real Python alive;
* standard input, output and errors are the child's;
* the child's exit code is passed on, but a child that crashed or was killed makes an exit code of 1, and a line
  "error: [...] exit abnormally - Report the problem." among the errors;
* its own entries come first in ``PYTHONPATH``, before those of whoever started it.

``install(folder)`` puts it on ``PATH``, where Slicer has it as well.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # every import would be paid at each start
    from pathlib import Path

NAME = "PythonSlicer"


def install(folder: Path) -> Path:
    """Make the launcher in a folder and put this folder first into ``PATH`` of this process and its children.

    Returns:
        the launcher.
    """
    import shlex
    import sysconfig

    own = folder / "lib" / "Python"  # what lies here comes before everything of ours
    own.mkdir(parents=True)
    entries = os.pathsep.join((str(own), sysconfig.get_path("purelib")))
    program = folder / "bin" / NAME
    program.parent.mkdir()
    # Isolated and without site, since it only starts the other: 15 ms.
    command = shlex.join([sys.executable, "-I", "-S", os.path.realpath(__file__), sys.executable, entries])
    program.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    os.environ["PATH"] = os.pathsep.join((str(program.parent), os.environ.get("PATH", os.defpath)))
    return program


def main(python: str, entries: str, *arguments: str) -> int:
    """Start the real Python, wait for it, and return the exit code for it."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    environment = dict(os.environ)
    given = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = entries + os.pathsep + given if given else entries
    child = os.posix_spawn(python, [python, *arguments], environment)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        sys.stderr.write(f"error: [{python}] exit abnormally - Report the problem.\n")
        return 1
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
