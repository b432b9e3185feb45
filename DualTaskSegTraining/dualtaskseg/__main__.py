"""``python -m dualtaskseg``: the same as the command ``dualtaskseg``.

As a file, ``python .../dualtaskseg/__main__.py``, it is this very package that works, whatever else of its name is
installed.
"""

import sys
from pathlib import Path

if not __package__:  # started as a file: Python has put the folder of this file first, but the one above is wanted
    _here = Path(__file__).resolve().parent
    sys.path[:] = [str(_here.parent), *(entry for entry in sys.path if Path(entry).resolve() != _here)]

from dualtaskseg.cli import main
from dualtaskseg.lean import without_extras


def run() -> int:
    """The command line in a process of its own, see :func:`dualtaskseg.cli.main`."""
    without_extras()
    return main()


if __name__ == "__main__":
    sys.exit(run())
