"""Whatever is written to the serving process: it answers, and it ends when its input ends."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from soaking import times

LONGEST_S = 60.0


LINES: list[Callable[[random.Random], bytes]] = [
    lambda source: json.dumps({"id": 1, "op": source.choice([["predict"], {}, None, 3, "", "x" * 10_000])}).encode(),
    lambda source: b"[" * source.choice([10, 100_000]),
    lambda source: bytes(source.randrange(11, 256) for _ in range(200)),
    lambda source: json.dumps({"id": source.choice([None, [], {}, 1e308]), "op": "predict", "model": [1]}).encode(),
    lambda source: json.dumps({"op": "info", "id": 2, "path": source.choice([7, None, "/nowhere", "\x00"])}).encode(),
    lambda source: b'{"id": 1, "op": "predict", "model": "\xff\xfe", "images": {"a": NaN}}',
]


def test_serving(nursery, count):
    source = random.Random(3)
    for _ in range(times(2, 60)):
        lines = [source.choice(LINES)(source) for _ in range(10)]
        outcome = nursery.run("serve", given=b"\n".join([*lines, b""]), within=LONGEST_S)
        count("serving 10 lines of nonsense", outcome)
        assert outcome.code == 0 and not outcome.is_late, outcome
        events = [json.loads(line) for line in outcome.output.splitlines()]
        refused = [event for event in events if "is not understood" in event.get("what", "")]
        assert len(refused) == sum(b'"images"' not in line for line in lines), "each other line is answered"
        assert all(event["remedy"] for event in refused)
