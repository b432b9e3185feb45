"""What the reliability tests share: tiny scans, a finished training, children that may be killed, and how long to try.

``make test`` runs the short form, ``make soak`` the long one (``DUALTASKSEG_SOAK=1``, or a share of it), whose figures
are written to ``Testing/reliability/results/``.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import SimpleITK as sitk
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.synthetic.cohort import CohortPaths, write_cohort
from nursery import Nursery, Outcome
from soaking import FEWEST_OF_ALL, QUICK, STEPS, add_figure, write_figures

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "DualTaskSeg"), str(ROOT / "Testing" / "training")]  # projects; how DICOM series are made

if sys.platform == "win32":
    collect_ignore_glob = ["test_*"]


@pytest.fixture(scope="session")
def nursery(tmp_path_factory) -> Iterator[Nursery]:
    """Children that know the whole program, and train narrow networks."""
    modules = ("dualtaskseg.training.trainer", "SimpleITK", "highdicom", "narrow")
    with Nursery(tmp_path_factory.mktemp("children"), modules) as started:
        yield started


@pytest.fixture(scope="session")
def cohort(tmp_path_factory) -> CohortPaths:
    """2 labeled, 2 unlabeled and 2 held-out scans of about 16 voxels a side."""
    folder = tmp_path_factory.mktemp("scans") / "cohort"
    return write_cohort(folder, labeled=2, unlabeled=2, held_out=2, seed=1, size=(16, 18, 16))


@pytest.fixture(scope="session")
def request_of_run(cohort) -> dict:
    """As ``dualtaskseg train`` asks."""
    dataset = load_dataset(cohort.dataset)
    return TrainingRequest(dataset, iterations=STEPS, device="cpu", validation=1).to_dict()


@pytest.fixture(scope="session")
def finished(nursery, request_of_run, tmp_path_factory) -> RunFolder:
    """A training that nothing disturbed."""
    run = RunFolder.create(tmp_path_factory.mktemp("finished") / "run", request_of_run)
    outcome = nursery.run("resume", run.folder, patches=QUICK)
    assert outcome.code == 0, outcome
    return run


@pytest.fixture(scope="session")
def exportable(tmp_path_factory) -> tuple:
    """Arguments of ``export-seg``, without ``--out``: a label map of a DICOM series, and signed distances."""
    from dicomseries import save_like, series_image, write_series

    folder = tmp_path_factory.mktemp("exportable")
    slices = write_series(folder / "series", (6, 16, 16))
    scan = series_image(slices)
    values = sitk.GetArrayFromImage(scan)
    label = save_like((values > values.mean()).astype("uint8"), scan, folder / "label.nii.gz")
    distance = save_like(values.astype("float32"), scan, folder / "distance.nii.gz")
    (folder / "segments.json").write_text(json.dumps([{"name": "Organ", "value": 1}]), encoding="utf-8")
    return (label, "--series", slices, "--segments", folder / "segments.json", "--sdm", f"Organ={distance}")


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

    return add_figure


def pytest_sessionfinish(session, exitstatus) -> None:
    """Writes the figures of the long form."""
    write_figures(session.testsfailed, is_whole=len(session.items) > FEWEST_OF_ALL)
