"""What the reliability tests share: tiny scans, a finished training, children that may be killed, and how long to try.

``make test`` runs the short form, ``make soak`` the long one (``DUALTASKSEG_SOAK=1``), whose figures are written to
``Testing/reliability/results/``.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from dualtaskseg.data.cases import load_dataset
from dualtaskseg.data.synthetic import CohortPaths, write_cohort
from dualtaskseg.training.run import RunFolder
from nursery import Nursery, Outcome

SOAK = os.environ.get("DUALTASKSEG_SOAK") == "1"
RESULTS = Path(__file__).parent / "results"
STEPS = 2
# What is measured before a training takes most of a tiny one's time, and has nothing to do with its files.
QUICK = {"dualtaskseg.training.calibration.STEPS": 1, "dualtaskseg.training.trainer.CHECKPOINT_EVERY_S": 0.0}

if sys.platform == "win32":
    collect_ignore_glob = ["test_*"]

_figures: dict[str, Counter[str]] = {}


@pytest.fixture(scope="session")
def nursery(tmp_path_factory) -> Iterator[Nursery]:
    """Children that know the whole program."""
    with Nursery(tmp_path_factory.mktemp("children"), ("dualtaskseg.training.trainer", "SimpleITK")) as started:
        yield started


@pytest.fixture(scope="session")
def cohort(tmp_path_factory) -> CohortPaths:
    """2 labeled, 2 unlabeled and 2 held-out scans of about 16 voxels a side."""
    folder = tmp_path_factory.mktemp("scans") / "cohort"
    return write_cohort(folder, labeled=2, unlabeled=2, held_out=2, seed=1, size=(16, 18, 16))


@pytest.fixture(scope="session")
def request_of_run(cohort) -> dict:
    """As ``dualtaskseg train`` asks."""
    document = load_dataset(cohort.dataset).to_document()
    return {"dataset": document, "preset": "quick", "iterations": STEPS, "device": "cpu", "seed": 0, "validation": 1}


@pytest.fixture(scope="session")
def finished(nursery, request_of_run, tmp_path_factory) -> RunFolder:
    """A training that nothing disturbed."""
    run = RunFolder.create(tmp_path_factory.mktemp("finished") / "run", request_of_run)
    outcome = nursery.run("resume", run.folder, patches=QUICK)
    assert outcome.code == 0, outcome
    return run


@pytest.fixture
def copy_of(tmp_path) -> Callable[[Path], Path]:
    """Copies a folder anew to always the same place."""

    def copy(folder: Path) -> Path:
        place = tmp_path / folder.name
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder, place)
        return place

    return copy


@pytest.fixture
def count(request) -> Callable[[str, Outcome | None], None]:
    """Counts what was tried and what came of it, for the figures of the long form."""

    def add(what: str, outcome: Outcome | None = None) -> None:
        counter = _figures.setdefault(what, Counter())
        counter["tried"] += 1
        if outcome is not None:
            counter["killed" if outcome.signal == 9 and not outcome.is_late else f"code {outcome.code}"] += 1
            counter["largest memory MB"] = max(counter["largest memory MB"], outcome.memory >> 20)
            counter["longest s"] = max(counter["longest s"], round(outcome.seconds))

    return add


def some(total: int, short: int) -> list[int]:
    """Numbers from 1 to ``total``: all of them in the long form, else so many, evenly spread, the last one included."""
    if SOAK or total <= short:
        return list(range(1, total + 1))
    return sorted({max(1, round(total * (index + 1) / short)) for index in range(short)})


def pytest_sessionfinish(session, exitstatus) -> None:
    """Writes the figures of the long form."""
    if not SOAK or not _figures:
        return
    RESULTS.mkdir(exist_ok=True)
    document = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "command": "make soak",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "python": platform.python_version(),
        "failed tests": session.testsfailed,
        "figures": {what: dict(sorted(counter.items())) for what, counter in sorted(_figures.items())},
    }
    name = "soak.json" if len(session.items) > 20 else "soak_part.json"
    (RESULTS / name).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
