"""Shared by all tests: where the real scans are, if they are."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# The tests' networks are so small that a second thread gains next to nothing, and beside other processes it loses: it
# waits in a loop. Set before anything loads PyTorch; children inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Children don't find what only the tests need, as in Slicer. MONAI loads at its start each of these
# packages that is there, which takes as long as all else that a command needs.
HIDDEN = ROOT / "Testing" / "hidden"
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(HIDDEN), os.environ.get("PYTHONPATH"))))
# A shell's background jobs ignore Ctrl-C, and so would their children: those of the tests are to be stopped by it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """What children train is narrow, see hidden/sitecustomize.py; a test of what networks learn takes this away.

    Not in the process that hands tests to workers: they would be such children.
    """
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        os.environ["NARROW_NETWORKS"] = "1"


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory) -> Iterator[None]:
    """Trainings of the tests mark devices in a cache of their own: they neither see nor disturb the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def made_once(tmp_path_factory) -> Callable[[str, Callable[[Path], object]], Path]:
    """``made_once(name, make)``: the folder that ``make(folder)`` makes once for all files and workers of a session.

    A fixture that files import is one for each of them, whatever its scope, and each worker has its own; a training is
    too dear for that. The tests only look at the folder.
    """
    from dualtaskseg.run.locking import FileLock

    own = tmp_path_factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder = common / "made once" / name
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock"), patience=600):
            if not folder.exists():
                try:
                    make(folder)
                except BaseException:
                    shutil.rmtree(folder, ignore_errors=True)
                    raise
        return folder

    return made


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder with the real scans; the test is skipped where it is absent."""
    folder = Path(os.environ.get("DUALTASKSEG_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real scans: {folder} does not exist (set DUALTASKSEG_DATA to their folder)")
    return folder


@pytest.fixture(scope="module")
def narrow_networks() -> Iterator[None]:
    """Trainings with the presets "quick" and "paper" in this process get narrow networks, which take much less time.

    For a whole file: ``pytestmark = pytest.mark.usefixtures("narrow_networks")``.
    """
    from dataclasses import replace

    from dualtaskseg.contract.presets import PRESETS

    with pytest.MonkeyPatch.context() as patch:
        for name in ("quick", "paper"):
            patch.setitem(PRESETS, name, replace(PRESETS[name], filters=6, largest_filters=12))
        yield
