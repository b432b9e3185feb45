"""Sentences in the user's language: in Slicer translated by Slicer, without it as they stand in the code."""

from __future__ import annotations

import sys

if "slicer" in sys.modules:  # Slicer has it loaded; on the Python Package Index there is another of this name
    from slicer.i18n import tr
else:

    def tr(text: str) -> str:
        """Returns the text."""
        return text
