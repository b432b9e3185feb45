"""A model for the tests that segment: of random weights, since only where masks lie and what is said matters."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent.parent / "training"))  # whose tests know how a model is made


def _model(folder: Path, normalization: str) -> Path:
    from dualtaskseg.planning.plan import Normalization
    from test_predictor import make_model, make_plan

    window = (-900.0, 1300.0, 100.0, 300.0) if normalization == "ct" else ()
    plan = make_plan(values=(1,), patch=(16, 16, 16), spacing=(3.0, 3.0, 3.0))
    return make_model(folder / "model", plan.replaced(normalization=Normalization(normalization, *window)))


@pytest.fixture(scope="session")
def model(tmp_path_factory) -> Path:
    return _model(tmp_path_factory.mktemp("mr"), "scan")


@pytest.fixture(scope="session")
def ct_model(tmp_path_factory) -> Path:
    return _model(tmp_path_factory.mktemp("ct"), "ct")
