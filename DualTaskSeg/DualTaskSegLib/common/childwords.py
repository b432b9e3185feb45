"""What the training package says, in the user's language. It has no Slicer, so it says everything in English.

A file lists its sentences, with names in braces where it puts something in; ``Testing/translations.py`` collects them.
Here what was said is recognized by them, and said again in the translation, with the same things put in.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from DualTaskSegLib.common.i18n import translate

FILE = Path(__file__).resolve().parents[2] / "Resources" / "Translations" / "dualtaskseg.txt"
CONTEXT = "dualtaskseg"  # of these sentences in the files of Qt Linguist
SAID = ("what", "remedy", "text", "problem", "notes", "warnings")  # keys of what is said in a child's answer
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class _Sentence:
    """A sentence of the package, and its translation."""

    words: tuple[str, ...]  # between the places
    pattern: re.Pattern[str]
    translation: str

    @classmethod
    def of(cls, text: str, translation: str) -> _Sentence:
        parts, known = _PLACE.split(text), set()
        pattern = re.escape(parts[0])
        for name, words in zip(parts[1::2], parts[2::2], strict=True):
            pattern += f"(?P={name})" if name in known else f"(?P<{name}>.+?)"
            pattern += re.escape(words)
            known.add(name)
        return cls(tuple(parts[::2]), re.compile(pattern, re.DOTALL), translation)

    def match(self, text: str) -> dict[str, str] | None:
        """What is put in, by the name of its place; None if it is another sentence."""
        found = self.pattern.fullmatch(text) if all(words in text for words in self.words) else None
        return found.groupdict() if found is not None else None


@functools.cache
def _sentences() -> list[_Sentence]:
    """All that have a translation; those with more words of their own come first, since they are the more certain."""
    try:
        texts = FILE.read_text(encoding="utf-8").splitlines()
    except OSError:  # an installation that is not whole speaks English
        return []
    translated = [(text, translate(CONTEXT, text)) for text in texts]
    translated.sort(key=lambda pair: -len(_PLACE.sub("", pair[0])))
    return [_Sentence.of(text, translation) for text, translation in translated if translation != text]


@functools.lru_cache(maxsize=4096)
def inUsersWords(text: str) -> str:
    """Returns what the training package said, translated; other things as they are.

    Args:
        text: a sentence with or without a full stop, or several, such as an error and what to do about it.
    """
    for sentence in _sentences():
        putIn = sentence.match(text)
        if putIn is not None:
            words = {name: inUsersWords(value) for name, value in putIn.items()}
            return _PLACE.sub(lambda place, words=words: words[place[1]], sentence.translation)
    if text.endswith("."):
        return f"{inUsersWords(text[:-1])}."
    if ". " in text and _sentences():
        return ". ".join(map(inUsersWords, text.split(". ")))
    return text


def answerInUsersWords(answer: object, isSaid: bool = False) -> object:
    """Returns an answer of the child, a JSON value, with all that it says translated, see :data:`SAID`."""
    if isinstance(answer, dict):
        return {key: answerInUsersWords(value, isSaid=key in SAID) for key, value in answer.items()}
    if isinstance(answer, list):
        return [answerInUsersWords(value, isSaid) for value in answer]
    return inUsersWords(answer) if isSaid and isinstance(answer, str) else answer
