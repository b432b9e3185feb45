"""Sentences with a number in them. No Qt, no Slicer."""

from __future__ import annotations


def counted(count: int, one: str, many: str, **values: object) -> str:
    """Returns the sentence that fits a number, so that nobody reads "1 cases are".

    Args:
        count: decides which; ``{count}`` in the sentence stands for it.
        one: the sentence for 1, translated.
        many: the sentence for 0, 2 and more, translated.
        **values: what else stands in braces in the sentence.
    """
    return (one if count == 1 else many).format(count=count, **values)
