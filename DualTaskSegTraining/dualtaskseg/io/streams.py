"""The bytes of a file, unpacked where it is compressed, some MiB at a time and never more than a header promised."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from dualtaskseg.io.image_error import cut_short, damaged, unreadable

CHUNK = 1 << 20
SLACK = 64 << 20  # bytes that may follow after what a header promises, such as another program's notes


def is_gzip(path: Path) -> bool:
    """Whether a file begins as gzip streams do."""
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def unpacked_size(path: Path) -> int:
    """What a gzip file says of itself at its end: its size unpacked, without multiples of 4 GiB."""
    with path.open("rb") as stream:
        stream.seek(-4, 2)
        return int.from_bytes(stream.read(4), "little")


def file_blocks(path: Path, begin: int, packed: bool, promised: int | None) -> Iterator[bytes]:
    """Yields the bytes from ``begin`` on, unpacked where ``packed``, up to the file's end.

    Args:
        begin: where to begin in the file as it is on the disk.
        promised: how many bytes a header promises; None where that is not known.

    Raises:
        ImageError: it is cut short or damaged, or unpacks to far more than is promised.
    """
    try:
        with path.open("rb") as stream:
            stream.seek(begin)
            if not packed:
                yield from iter(lambda: stream.read(CHUNK), b"")
                return
            total = 0
            for block in _unpacked(stream):
                total += len(block)
                yield block
                if promised is not None and total > promised + SLACK:
                    raise damaged(path, "it unpacks to far more than its header tells")
    except OSError as error:
        raise unreadable(path, error) from error
    except EOFError as error:
        raise cut_short(path, "its last part is missing") from error
    except zlib.error as error:
        raise damaged(path) from error


def _unpacked(stream: BinaryIO) -> Iterator[bytes]:
    """Unpacks a gzip or zlib stream, some MiB at a time.

    Raises:
        EOFError: the stream ends too early.
        zlib.error: it is damaged, or its checksum is wrong.
    """
    block = stream.read(CHUNK)
    while True:
        inflate = zlib.decompressobj(47)  # 47 reads both gzip and zlib
        while not inflate.eof:
            piece = inflate.decompress(block, 4 * CHUNK)
            yield piece
            block = inflate.unconsumed_tail
            if not block and not inflate.eof:
                block = stream.read(CHUNK)
                if not block and not piece:
                    raise EOFError
        block = inflate.unused_data or stream.read(CHUNK)
        if not block.startswith(b"\x1f\x8b"):  # not one more part of a gzip file, such as zeros that fill a disk block
            return
