"""Sentences with a number in them, and several sentences at once. No Qt, no Slicer."""

from __future__ import annotations

from collections.abc import Sequence

from DualTaskSegLib.common.i18n import tr as _

SHOWN = 3  # sentences that a line bears


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
