"""The lines of JSON that a serving process reads and writes."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

from dualtaskseg.files import json_safe

LINE_LIMIT = 32 << 20  # bytes; a request with ten thousand cases has some two million
CHUNK = 1 << 20
SHOWN = 200  # of a line that is no request


class Channel:
    """Reads requests and writes events, each a JSON object on a line of its own, in UTF-8."""

    def __init__(self, source: BinaryIO, target: BinaryIO) -> None:
        self._source = source
        self._target = target
        self._lock = threading.Lock()

    @classmethod
    def of_this_process(cls) -> Channel:
        """Takes standard input and output for itself; whatever else prints, libraries in C too, goes to stderr."""
        sys.stdout.flush()
        target = os.fdopen(os.dup(1), "wb")
        source = os.fdopen(os.dup(0), "rb")
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)  # a library that asks a question gets no answer, and takes none of our lines
        os.close(nothing)
        return cls(source, target)

    def requests(self) -> Iterator[dict[str, Any]]:
        """Yields requests until the input ends; a line that is none becomes ``{"op": ""}`` with its text.

        Nothing that a line holds raises: whoever listens here must not stop listening.
        """
        while True:
            try:
                line = self._source.readline(LINE_LIMIT)
                is_whole = len(line) < LINE_LIMIT or line.endswith(b"\n")
                while not is_whole:  # the rest of it, in pieces; nothing of it is kept
                    rest = self._source.readline(CHUNK)
                    is_whole = not rest or rest.endswith(b"\n")
                    line = line[:SHOWN] + b"..."
            except (OSError, ValueError):  # the input was closed or is gone
                return
            if not line:
                return
            text = line.decode("utf-8", "replace").strip()
            if not text:
                continue
            try:
                request = json.loads(text)
            except (ValueError, RecursionError, MemoryError):
                request = None
            yield request if isinstance(request, dict) else {"op": "", "text": text[:SHOWN]}

    def send(self, **event: Any) -> None:
        """Writes an event at once. Where nobody listens any more, it is lost: the input has ended too, then."""
        line = json.dumps(json_safe(event), ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
        try:
            with self._lock:
                self._target.write(line.encode("utf-8", "backslashreplace"))
                self._target.flush()
        except (OSError, ValueError):
            pass
