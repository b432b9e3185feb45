"""Sentences in the user's language: in Slicer translated by Slicer, without it as they stand in the code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

if "slicer" in sys.modules:  # Slicer has it loaded; on the Python Package Index there is another of this name
    from slicer.i18n import tr, translate
else:

    def translate(_context: str, text: str) -> str:
        """Returns the text."""
        return text

    def tr(text: str) -> str:
        """Returns the text."""
        return text


_ = tr
SHOWN = 3  # sentences that a line bears
NAMES = 6  # that a sentence bears


def counted(count: int, one: str, many: str, **values: object) -> str:
    """Returns the sentence that fits a number, so that nobody reads "1 cases are".

    Args:
        count: decides which; ``{count}`` in the sentence stands for it.
        one: the sentence for 1, translated.
        many: the sentence for 0, 2 and more, translated.
        **values: what else stands in braces in the sentence.
    """
    return (one if count == 1 else many).format(count=count, **values)


def together(sentences: Sequence[str]) -> str:
    """Returns sentences as one text; of many, the first ones and how many more there are."""
    more = len(sentences) - SHOWN
    shown = list(sentences[:SHOWN])
    if more > 0:
        shown.append(counted(more, _("There is {count} more like that."), _("There are {count} more like that.")))
    return " ".join(shown)


def firstNames(names: Sequence[str]) -> str:
    """Returns names for a sentence; of many, the first ones."""
    return ", ".join(names[:NAMES]) + ("…" if len(names) > NAMES else "")
