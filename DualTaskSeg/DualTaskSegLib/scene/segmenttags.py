"""Tags of segments in the scene: their terminology entry, where Slicer looks for it, and others."""

from __future__ import annotations

import slicer
import vtk


def terminologyOf(segment: slicer.vtkSegment) -> str:
    """Returns the terminology entry of a segment; empty if it has none."""
    return textOf(segment, _terminologyTag())


def setTerminology(segment: slicer.vtkSegment, entry: str) -> None:
    """Gives a segment a terminology entry."""
    segment.SetTag(_terminologyTag(), entry)


def textOf(segment: slicer.vtkSegment, name: str) -> str:
    """Returns a tag of a segment; empty if it has none of this name."""
    text = vtk.reference("")
    return str(text) if segment.GetTag(name, text) else ""


def _terminologyTag() -> str:
    """The name of the tag; a function of the class since Slicer 5.10, of each segment before."""
    try:
        return slicer.vtkSegment.GetTerminologyEntryTagName()
    except TypeError:
        return slicer.vtkSegment().GetTerminologyEntryTagName()
