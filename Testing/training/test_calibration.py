"""Which arithmetic a training takes: steps of real networks, slowed down as another device would be."""

from __future__ import annotations

import time

import pytest
import torch
from dualtaskseg.errors import StoppedError
from dualtaskseg.method.learner import Learner
from dualtaskseg.training.calibration import fitted_learner

pytestmark = pytest.mark.usefixtures("narrow_networks")
CPU = torch.device("cpu")


@pytest.fixture
def fitted(prepared, monkeypatch):
    """Fits a plan of half precision to a device whose steps in each arithmetic take so much longer, or fail."""
    plan, labeled, unlabeled = prepared
    real_step = Learner.step

    def fit(half: float, single: float | Exception, precision: str = "bfloat16"):
        def step(self, iteration, of):
            slower = half if self.plan.precision == "bfloat16" else single
            if isinstance(slower, Exception):
                raise slower
            time.sleep(slower)
            return real_step(self, iteration, of)

        monkeypatch.setattr(Learner, "step", step)
        smaller = []
        asked = plan.replaced(precision=precision)
        learner, supervised, mutual = fitted_learner(asked, labeled, unlabeled, CPU, smaller.append, iterations=20)
        assert not smaller
        monkeypatch.setattr(Learner, "step", real_step)
        return learner, supervised, mutual

    return fit


def test_single_precision_is_taken_where_it_is_faster(fitted):
    learner, supervised, mutual = fitted(half=0.6, single=0)
    assert learner.plan.precision == "float32" and supervised < 0.6 and mutual < 0.6
    assert learner.plan.notes[-1].startswith("Computes in single precision, where a step takes ")
    assert learner.step(0, 20)["loss"].isfinite()


def test_half_precision_is_kept_where_single_precision_is_slower(fitted, prepared):
    learner, supervised, mutual = fitted(half=0, single=0.6)
    assert learner.plan.precision == "bfloat16" and supervised < 0.6 and mutual < 0.6
    assert learner.plan.notes == prepared[0].notes
    assert learner.step(0, 20)["loss"].isfinite()


def test_half_precision_is_kept_where_single_precision_does_not_fit(fitted):
    learner, *_ = fitted(half=0, single=torch.OutOfMemoryError("CUDA out of memory"))
    assert learner.plan.precision == "bfloat16"


def test_what_else_goes_wrong_in_single_precision_is_told(fitted):
    with pytest.raises(RuntimeError, match="another fault"):
        fitted(half=0, single=RuntimeError("another fault"))
    with pytest.raises(StoppedError):
        fitted(half=0, single=StoppedError("asked to"))


def test_a_plan_of_single_precision_stays(fitted, prepared):
    learner, *_ = fitted(half=0, single=0.1, precision="float32")
    assert learner.plan == prepared[0]
