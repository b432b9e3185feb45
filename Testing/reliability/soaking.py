"""How long the reliability tests try, and the figures of the long form."""

from __future__ import annotations

import json
import os
import platform
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

from nursery import Outcome

# How much of the long form is tried, up to 1; 0 for the short form.
SHARE = float(os.environ.get("DUALTASKSEG_SOAK") or 0)
IS_LONG = SHARE > 0  # of each kind everything is tried; the share tells how often
RESULTS = Path(__file__).parent / "results"
FEWEST_OF_ALL = 60  # tests; a run of fewer is of a part
STEPS = 2
# What is measured before a training takes most of a tiny one's time, and has nothing to do with its files.
QUICK = {"dualtaskseg.training.calibration.STEPS": 1, "dualtaskseg.training.trainer.CHECKPOINT_EVERY_S": 0.0}

_figures: dict[str, Counter[str]] = {}


def some(total: int, short: int) -> list[int]:
    """Numbers from 1 to ``total``: all of them in the long form, else so many, evenly spread, the last one included.

    A single one is the middle, where most is at stake.
    """
    count = times(short, total)
    if count == 1:
        return [(total + 1) // 2]
    if total <= count:
        return list(range(1, total + 1))
    return sorted({max(1, round(total * (index + 1) / count)) for index in range(count)})


def times(short: int, long: int) -> int:
    """How often something is tried."""
    if SHARE >= 1:
        return long
    return max(short, round(long * SHARE))


def add_figure(what: str, outcome: Outcome | None = None) -> None:
    """Counts what was tried and what came of it."""
    counter = _figures.setdefault(what, Counter())
    counter["tried"] += 1
    if outcome is not None:
        counter["killed" if outcome.signal == 9 and not outcome.is_late else f"code {outcome.code}"] += 1
        counter["largest memory MB"] = max(counter["largest memory MB"], outcome.memory >> 20)
        counter["longest s"] = max(counter["longest s"], round(outcome.seconds))
        counter["processor s"] += outcome.processor


def _rounded(counter: Counter[str]) -> dict[str, int]:
    return {name: round(value) for name, value in sorted(counter.items())}


def write_figures(failed: int, is_whole: bool) -> None:
    """Writes the figures of the long form."""
    if not SHARE or not _figures:
        return
    RESULTS.mkdir(exist_ok=True)
    document = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "command": "make soak" if SHARE == 1 else f"make soak SHARE={SHARE:g}",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "python": platform.python_version(),
        "failed tests": failed,
        "figures": {what: _rounded(counter) for what, counter in sorted(_figures.items())},
    }
    name = "soak.json" if is_whole else "soak_part.json"
    (RESULTS / name).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
