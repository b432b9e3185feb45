"""The file of the weights: its checksum, and the table at its beginning."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import IO, Any

from dualtaskseg.errors import InputError
from dualtaskseg.model.description import GET_AGAIN, damaged, parse_json
from dualtaskseg.remedies import reading_fault

WEIGHTS_NAME = "weights.safetensors"
HEADER_LIMIT = 4 << 20  # bytes of the table at the beginning of the weights
WEIGHTS_LIMIT = 16 << 30  # bytes
CHUNK = 1 << 20
ITEM_SIZES = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3"), 1),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 2),
    **dict.fromkeys(("I32", "U32", "F32"), 4),
    **dict.fromkeys(("F64", "I64", "U64"), 8),
}


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return sha256_of(file)


def sha256_of(file: IO[bytes], begin: bytes = b"") -> str:
    digest = hashlib.sha256(begin)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def verify_weights(path: Path, expected: str) -> None:
    try:
        found = sha256(path)
    except OSError as error:
        raise reading_fault(error, path) from error
    if found != expected:
        raise InputError(f"The weights in {path} are not those the model was made with", GET_AGAIN)


def check_weights_header(file: IO[bytes], size: int) -> bytes:
    """Checks the table at the beginning of a safetensors file against the file's size.

    The file is eight bytes (the table's length, little-endian), the table as JSON (tensor name -> dtype, shape,
    data_offsets), and the numbers without gaps. See https://huggingface.co/docs/safetensors, section Format.

    Args:
        file: open at its beginning; left behind the table.

    Returns:
        The bytes read.

    Raises:
        InputError: the table doesn't fit the file.
    """
    begin = file.read(8)
    length = int.from_bytes(begin, "little")
    if len(begin) < 8 or not 2 <= length <= min(size - 8, HEADER_LIMIT):
        raise damaged("its weights are not a safetensors file")
    table_bytes = file.read(length)
    if len(table_bytes) < length:
        raise damaged("its weights end early")
    table = parse_json(table_bytes)
    if not isinstance(table, dict):
        raise damaged("its weights have no table")
    table.pop("__metadata__", None)
    position = 0
    for begins, ends in sorted(_tensor_span(name, entry) for name, entry in table.items()):
        if begins != position:
            raise damaged("its weights overlap or have gaps")
        position = ends
    if position != size - 8 - length or not table:
        raise damaged("its weights are longer or shorter than their table says")
    return begin + table_bytes


def _tensor_span(name: str, entry: Any) -> tuple[int, int]:
    """Returns where a tensor begins and ends, in bytes behind the table."""
    entry = entry if isinstance(entry, dict) else {}
    shape, offsets = entry.get("shape"), entry.get("data_offsets")
    item_size = ITEM_SIZES.get(str(entry.get("dtype")))
    is_sound = item_size is not None and _is_counts(shape) and len(shape) <= 16 and _is_counts(offsets)
    if not is_sound or len(offsets) != 2 or offsets[1] - offsets[0] != math.prod(shape) * item_size:
        raise damaged(f"the entry {name[:100]} of its weights makes no sense")
    return offsets[0], offsets[1]


def _is_counts(value: Any) -> bool:
    return isinstance(value, list) and all(type(each) is int and 0 <= each <= WEIGHTS_LIMIT for each in value)
