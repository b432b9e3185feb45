"""Names that every file system takes, and different from each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

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


def safe_segment_names(names: Iterable[str]) -> list[str]:
    """The segments' names, fit for file names and still different from each other."""
    safe: list[str] = []
    taken: set[str] = set()
    last: dict[str, int] = {}  # number of the last one that was wanted to be called so
    for name in names:
        wanted = folder_name(name)
        number = last.get(wanted.casefold(), 0) + 1
        chosen = wanted if number == 1 else f"{wanted}_{number}"
        while chosen.casefold() in taken:
            number += 1
            chosen = f"{wanted}_{number}"
        last[wanted.casefold()] = number
        taken.add(chosen.casefold())
        safe.append(chosen)
    return safe
