"""The module ``slicer`` shows what Slicer puts there, and nothing else.

The wheel puts all that it has into ``slicer``: classes which Slicer keeps in modules of their own (``vtkITK``,
``vtkTeem``), and the functions of ``slicer.util``. Code that uses them runs here and fails in Slicer. Therefore every
name is removed that is not in ``namespace_5.10.txt`` or not in ``namespace_5.12.txt``, but those that the stand itself
puts there later for one of the versions.
"""

from __future__ import annotations

import sys

import slicer
import slicer.util
import slicer_core

from . import signatures, versions

# Modules of Slicer beside ``slicer``, by their name in the wheel.
_OWN_MODULES = {"vtkITK": "vtkITK", "vtkTeem": "vtkTeem", "vtkSegmentationCore": "vtkSegmentationCore"}
_OWN_MODULES["vtkAddonPython"] = "vtkAddon"


def names(version: str) -> frozenset[str]:
    """What Slicer of a version, as "5.10", has in ``slicer``."""
    return frozenset(signatures.lines(f"namespace_{version}.txt"))


def inAll() -> frozenset[str]:
    """What all versions have there: whatever is used has to be among it."""
    return frozenset.intersection(*(names(version) for version in versions.ALL))


def install() -> None:
    """Remove what Slicer has not got there, and make the modules importable that it has beside ``slicer``."""
    for wheels, slicers in _OWN_MODULES.items():
        sys.modules[slicers] = getattr(slicer_core, wheels)
    known = inAll()
    for name in list(vars(slicer)):
        if not name.startswith("__") and name not in known:
            delattr(slicer, name)
