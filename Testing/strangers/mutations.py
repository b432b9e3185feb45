"""Damages files by seeded mutations, and reads them in a child that tells how each reading ended."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

# Reads the files named in its input, one a line; says before each which it is, so that a crash has a culprit.
CHILD = """
import resource, sys, time
from pathlib import Path
from dualtaskseg.io.images import read_geometry, read_image
from dualtaskseg.errors import InputError
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
for line in sys.stdin:
    path = Path(line.rstrip("\\n"))
    print("at", path, flush=True)
    began = time.process_time()
    for read in (read_image, read_geometry):
        try:
            read(path)
        except InputError as error:
            if not error.remedy:
                print("says", error, flush=True)
        except Exception as error:
            print("raises", type(error).__name__, error, flush=True)
    if time.process_time() - began > 5:
        print("takes", time.process_time() - began, flush=True)
try:  # not getrusage, which on Linux also counts what the parent had when it made this process
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
except OSError:
    peak = 0
print("peak", peak // 1024, flush=True)
"""


def mutated(content: bytes, head: int, generator: random.Random) -> bytes:
    """A copy with one to three faults, mostly among its first ``head`` bytes."""
    result = bytearray(content)
    for _ in range(generator.randint(1, 3)):
        end = max(2, min(head if generator.random() < 0.8 else len(result), len(result)))
        at = generator.randrange(end - 1)
        kind = generator.randrange(7)
        if kind == 0:
            result[at] ^= 1 << generator.randrange(8)
        elif kind == 1:
            result[at : at + generator.randint(1, 8)] = generator.randbytes(generator.randint(1, 8))
        elif kind == 2:
            del result[at : at + generator.randint(1, 200)]
        elif kind == 3:
            result[at:at] = generator.choice((b"\n", b"\0", b"9" * 20, b"A" * 1500, b": ", b"\xff\xff\xff\xff"))
        elif kind == 4:
            other = generator.randrange(end)
            result[at:at] = result[other : other + generator.randint(1, 300)]
        elif kind == 5:
            del result[generator.randrange(len(result)) :]
        else:
            result[at : at + 4] = generator.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"nan "))
        if len(result) < 2:
            break
    return bytes(result)


def write_mutations(path: Path, folder: Path, count: int, seed: int, head: int) -> list[Path]:
    """Writes ``count`` damaged copies of a file, each in a folder of its own beside its series' other files."""
    content, paths = path.read_bytes(), []
    for number in range(count):
        place = folder / f"{seed}_{number}"
        place.mkdir(parents=True)
        damaged = place / path.name
        damaged.write_bytes(mutated(content, head, random.Random(seed * 100_003 + number)))
        paths.append(damaged)
    return paths


def read_in_child(paths: list[Path]) -> tuple[list[str], int]:
    """What went wrong while these were read, and the peak of memory in MiB; a crash ends the reading."""
    result = subprocess.run(
        [sys.executable, "-c", CHILD],
        input="\n".join(map(str, paths)),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=300,
        check=False,
    )
    lines = result.stdout.splitlines()
    faults = [f"{before}: {line}" for before, line in pairwise(lines) if not line.startswith("at")]
    if result.returncode != 0 or not lines or not lines[-1].startswith("peak"):
        return [f"ended with {result.returncode} {lines[-1] if lines else ''} {result.stderr[-300:]}"], 0
    return faults[:-1], int(lines[-1].split()[1])
