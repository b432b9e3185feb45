"""JSON of a model, read strictly, and what is said where it is damaged."""

from __future__ import annotations

import json
from typing import Any

from dualtaskseg.errors import InputError


def parse_json(content: bytes) -> Any:
    """Reads JSON strictly: no key twice, no NaN, no text that UTF-8 can't hold."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) != len(pairs):
            raise ValueError("a key stands there twice")
        return table

    def no_constant(name: str) -> None:
        raise ValueError(f"{name} is not a number")

    try:
        document = json.loads(content.decode("utf-8"), object_pairs_hook=unique, parse_constant=no_constant)
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise damaged(f"its table can't be read ({error})") from error
    return document


GET_AGAIN = "Get the model again from where it came from"


def damaged(why: str) -> InputError:
    return InputError(f"The model is damaged: {why}", GET_AGAIN)
