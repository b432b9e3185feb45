"""Which Slicer the stand stands for: 5.10, or 5.12, which is the default.

The two differ in what their Python modules offer. A test that concerns a difference runs as both, by the fixture
``slicerVersion`` of ``Testing/module/conftest.py`` or with ``with versions.running("5.10"):``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

ALL = ("5.10", "5.12")
DEFAULT = "5.12"

current = DEFAULT
_followers: list[Callable[[str], None]] = []


def follow(change: Callable[[str], None]) -> None:
    """Call ``change`` with the version now, and whenever it changes."""
    _followers.append(change)
    change(current)


@contextlib.contextmanager
def running(version: str) -> Iterator[None]:
    """Slicer of a version for the time of the with block."""
    if version not in ALL:
        raise ValueError(f"The test stand stands for Slicer {' and '.join(ALL)}, not for {version}.")
    before = current
    _change(version)
    try:
        yield
    finally:
        _change(before)


def _change(version: str) -> None:
    global current
    current = version
    for change in _followers:
        change(version)
