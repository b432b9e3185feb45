"""Several ranks with a share of the batch each take the same steps as one with the whole batch."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.preparation.prepare import prepare
from dualtaskseg.training.plan_run import plan_for
from ranksteps import steps_of
from test_partly import write_dataset

pytestmark = pytest.mark.usefixtures("narrow_networks")
TOLERANCE = 1e-5
BATCHES = {"mutual": (3, 3), "mean-teacher": (2, 2), "paper": (2, 2)}  # 3 can't be shared evenly


@pytest.fixture(scope="module")
def folder(tmp_path_factory, narrow_networks) -> Path:
    """A plan of each method, with its scans prepared."""
    folder = tmp_path_factory.mktemp("ranks")
    for name, (labeled, unlabeled) in BATCHES.items():
        is_published = name == "paper"
        data = load_dataset(write_dataset(tmp_path_factory.mktemp("data"), whole=3 if is_published else 1))
        asked = {"preset": "paper"} if is_published else {"method": name}
        plan = plan_for(data, [case.name for case in data.labeled], TrainingRequest(data, **asked))
        plan = plan.replaced(patch=(16, 16, 16), batch_labeled=labeled, batch_unlabeled=unlabeled)
        if is_published:
            plan = plan.replaced(network=replace(plan.network, filters=(4, 4, 8, 8, 8)))
            # the published sharpness makes differences in the last bits 1500 times larger
            plan = plan.replaced(training=replace(plan.training, sharpness=5.0))
        prepare([*data.labeled, *data.unlabeled], plan, folder / name)
        (folder / name / "plan.json").write_text(json.dumps(plan.to_dict()))
    return folder


@pytest.fixture(scope="module")
def by_ranks(folder) -> dict[str, list[dict]]:
    """What two ranks come to that torchrun started."""
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    subprocess.run([*torchrun, Path(__file__).with_name("ranksteps.py"), folder], check=True, timeout=200)
    return {name: torch.load(folder / name / "found.pt", weights_only=True) for name in BATCHES}


@pytest.mark.parametrize("method", BATCHES)
def test_two_ranks_take_the_same_steps_as_one(method, folder, by_ranks):
    alone, together = steps_of(folder / method), by_ranks[method]
    for step, (one, two) in enumerate(zip(alone, together, strict=True)):
        assert one["losses"].keys() == two["losses"].keys()
        for name, value in one["losses"].items():
            assert two["losses"][name] == pytest.approx(value, rel=TOLERANCE, abs=TOLERANCE), (step, name)
        scale = max(1.0, float(one["gradients"].abs().max()))
        assert (one["gradients"] - two["gradients"]).abs().max() < TOLERANCE * scale, step
        assert torch.allclose(one["running"], two["running"], rtol=TOLERANCE, atol=TOLERANCE)
        assert torch.equal(one["places"], two["places"])
    assert method == "paper" or len(alone[-1]["places"])  # something was seen, and patches were cut there
    assert max(float(step["gradients"].abs().max()) for step in alone) > 1e-3
