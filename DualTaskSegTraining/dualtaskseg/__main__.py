"""``python -m dualtaskseg``: the same as the command ``dualtaskseg``."""

import sys

from dualtaskseg.cli import main

if __name__ == "__main__":
    sys.exit(main())
