"""Names that every file system takes, and different from each other."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

WINDOWS_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")


def folder_name(name: str) -> str:
    """Returns a name that every common file system takes for a folder, as near to ``name`` as possible."""
    name = unicodedata.normalize("NFC", name)
    kept = "".join("_" if each in '<>:"/\\|?*' or unicodedata.category(each)[0] == "C" else each for each in name)
    kept = re.sub(r"\s+", " ", kept).strip(" .")
    while len(kept.encode("utf-8")) > 150:  # file systems allow 255 bytes, and we add to the name
        kept = kept[:-1].rstrip(" .")
    if WINDOWS_DEVICES.match(kept):
        kept = "_" + kept
    return kept or "model"


def natural_key(name: str) -> tuple[list[tuple[int, str]], str]:
    """Sorts ``scan2`` before ``scan10``."""
    parts = re.split(r"(\d+)", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], name


def endings(separator: str = "_") -> Iterator[str]:
    """What tells names apart that would be the same: nothing, ``_2``, ``_3`` and so on."""
    yield ""
    yield from (f"{separator}{number}" for number in itertools.count(2))


def free_name(
    wanted: str, is_taken: Callable[[str], bool], separator: str = "_", left: Iterator[str] | None = None
) -> str:
    """Returns the name, or where something has it, the first of ``name_2``, ``name_3`` ... that nothing has.

    Args:
        left: the endings that were not tried yet, where many want the same name.
    """
    return next(name for ending in left or endings(separator) if not is_taken(name := wanted + ending))


def safe_segment_names(names: Iterable[str]) -> list[str]:
    """The segments' names, fit for file names and still different from each other."""
    safe: list[str] = []
    taken: set[str] = set()
    left: dict[str, Iterator[str]] = {}
    for name in map(folder_name, names):
        key = name.casefold()
        safe.append(free_name(name, lambda one: one.casefold() in taken, left=left.setdefault(key, endings())))
        taken.add(safe[-1].casefold())
    return safe


def listed(items: Iterable[object], most: int, separator: str = ", ") -> str:
    """``A, B and 3 more``: as many as ``most`` by themselves."""
    texts = [str(item) for item in items]
    more = f"{separator.strip(', ')} and {len(texts) - most} more" if len(texts) > most else ""
    return separator.join(texts[:most]) + more
