"""Several ranks with a share of the batch each take the same steps as one with the whole batch."""

from __future__ import annotations

import contextlib
import errno
import json
import socket
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.errors import DualTaskSegError, InputError, StoppedError
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.networks import build_networks, weights_of
from dualtaskseg.model.weights_file import WEIGHTS_NAME
from dualtaskseg.parallel import joining
from dualtaskseg.parallel import watch as watch_module
from dualtaskseg.parallel.places import Place, place_of_environment
from dualtaskseg.parallel.ranks import JoinedRanks, Ranks
from dualtaskseg.parallel.rows import Share
from dualtaskseg.parallel.watch import LackingMemoryError, LostRankError, Watch
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.prepare import open_prepared, prepare
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.training import following
from dualtaskseg.training.calibration import TooLargeError, fitted_learner, halve_batch_or_patch
from dualtaskseg.training.plan_run import plan_for
from dualtaskseg.training.preparing import prepare_scans
from dualtaskseg.training.stages import lacking_memory
from ranksteps import steps_of
from safetensors.torch import load_file, save_file
from test_partly import write_dataset
from torch import distributed

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
        if name == "mutual":
            torch.manual_seed(17)
            save_file(weights_of(build_networks(plan)), folder / name / WEIGHTS_NAME)
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


def test_two_ranks_start_from_the_model_that_the_first_one_has(folder, by_ranks):
    known = load_file(folder / "mutual" / WEIGHTS_NAME)
    for index in range(2):
        begun = torch.load(folder / "mutual" / f"begun{index}.pt", weights_only=True)
        assert all(torch.equal(begun[name], value) for name, value in known.items()), index


GONE = RuntimeError("[gloo/transport/tcp/pair.cc:553] Connection closed by peer [127.0.0.1]:45202")


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (StoppedError("Stopped at step 3 of 9", "Go on"), StoppedError, "Stopped at step 3 of 9. Go on."),
        (InputError("The disk is full", "Make room"), InputError, "The disk is full (on rank 1). Make room."),
        (LackingMemoryError("Memory ran out"), MemoryError, "Memory ran out on rank 1"),
        (
            OSError(errno.EROFS, "Read-only file system", "prepared/a.npy"),
            InputError,
            "prepared/a.npy can't be read or written: Read-only file system (on rank 1). The disk can only be read",
        ),
        (
            ValueError("no"),
            DualTaskSegError,
            "The training ended by a fault of the program: ValueError: no (on rank 1)",
        ),
    ],
)
def test_a_rank_ends_with_what_another_one_ended_with(error, kind, told):
    store = distributed.HashStore()
    with pytest.raises(type(error)), Watch(store, 1, 2):
        raise error
    explained = Watch(store, 0, 2).explained(GONE)
    assert isinstance(explained, kind) and str(explained).startswith(told)
    assert kind is not DualTaskSegError or explained.exit_code == 1
    assert Watch(store, 0, 2).explained(defect := RuntimeError("shapes don't match")) is defect


def test_a_rank_that_gives_no_sign_of_life_is_lost(monkeypatch):
    monkeypatch.setattr(watch_module, "LOST_S", 0.05)
    store = distributed.HashStore()
    store.add("pulse/1", 1)
    watch = Watch(store, 0, 2)
    explained = watch.explained(GONE)
    assert isinstance(explained, LostRankError) and str(explained).startswith("Rank 1 of this training has given no")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.parametrize(
    ("index", "told"),
    [
        (1, "The other ranks of the training can't be reached at 127.0.0.1"),
        (0, "Only 1 of the 2 ranks of the training"),
    ],
)
def test_ranks_that_do_not_come_together_end_soon(monkeypatch, index, told):
    """A wrong address would have them wait for one another for days."""
    monkeypatch.setattr(joining, "MEETING", timedelta(seconds=0.5))
    place = Place(index, 2, 0, 1, "127.0.0.1", free_port(), hosts=index == 0)
    with pytest.raises(InputError, match=told) as caught, joining.joined(place):
        pass
    assert "MASTER_ADDR" in caught.value.remedy


def test_who_does_not_wait_for_the_end_of_a_training_does_not_wait_for_its_other_processes(tmp_path, monkeypatch):
    monkeypatch.setattr(joining, "ENDING_S", 60.0)
    place = Place(0, 2, 0, 2, "127.0.0.1", free_port(), hosts=True)  # where the other one waits for minutes
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), joining._Workers(place, ["follow", str(tmp_path)]):
        raise KeyboardInterrupt
    assert time.monotonic() - began < 30


def test_ranks_of_different_versions_do_not_train_together():
    store = distributed.HashStore()
    place = Place(0, 2, 0, 1, "", 0, hosts=True)
    store.set("version", "0.0.1")
    with pytest.raises(InputError, match=r"others are DualTaskSeg 0\.0\.1\. Install the same version"):
        joining._wait_for_all(store, place, Watch(store, 0, 2))


class OneOfTwo(Ranks):
    """A rank that asks no other one."""

    index, count = 1, 2

    def first(self, work, then):
        return then()


def test_memory_that_runs_out_while_ranks_are_timed_makes_the_plan_smaller(folder, tmp_path, monkeypatch):
    plan = Plan.from_dict(json.loads((folder / "mutual" / "plan.json").read_text()))
    cases = open_prepared(folder / "mutual", plan)
    labeled, unlabeled = ([case for case in cases if case.role == role] for role in ("labeled", "unlabeled"))

    def lack(*_):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(Learner, "step", lack)
    with pytest.raises(TooLargeError) as caught:
        fitted_learner(plan, labeled, unlabeled, torch.device("cpu"), print, ranks=OneOfTwo())
    run = RunFolder(tmp_path, {})
    told = lacking_memory(run, caught.value.plan, OneOfTwo())
    assert "the plan was made smaller" in told.what and f'dualtaskseg resume "{tmp_path}"' in told.remedy
    assert json.loads((tmp_path / "plan.json").read_text())["batch_labeled"] == 2  # for two ranks, of 3


def test_memory_that_ran_out_on_a_rank_that_a_gpu_waits_for_makes_the_plan_smaller(folder, tmp_path, monkeypatch):
    """Waiting for a GPU never ends, so the watch ends the process, and nothing else can make the plan smaller."""
    monkeypatch.setattr(following.time, "sleep", lambda _: None)
    (tmp_path / "plan.json").write_bytes((folder / "mutual" / "plan.json").read_bytes())
    run, status = RunFolder(tmp_path, {}), SimpleNamespace(update=lambda **told: said.append(told))
    said: list[dict] = []
    ranks = JoinedRanks(Place(0, 2, 0, 2, "", 0, True), Watch(distributed.HashStore(), 0, 2))
    with following.leading(run, status, ranks):
        ranks.watch.on_lost(MemoryError("Memory ran out on rank 1"))
    assert said[-1]["phase"] == "failed" and "the plan was made smaller" in said[-1]["error"]["what"]
    assert said[-1]["error"]["remedy"] == run.going_on
    assert json.loads((tmp_path / "plan.json").read_text())["batch_labeled"] == 2  # of 3


def test_ranks_of_a_finished_training_have_nothing_to_do(tmp_path):
    ranks = OneOfTwo()
    ranks.decided = lambda _: {}
    assert following.begin_following(tmp_path, None, ranks, contextlib.ExitStack()) is None


def test_a_rank_that_does_not_see_the_prepared_scans_says_so(folder, tmp_path):
    plan = Plan.from_dict(json.loads((folder / "mutual" / "plan.json").read_text()))
    case = SimpleNamespace(name="a", role="labeled")
    context = SimpleNamespace(
        ranks=OneOfTwo(), run=RunFolder(tmp_path, {}), dataset=SimpleNamespace(cases=[case]), state=None
    )
    with pytest.raises(InputError, match="as rank 1 sees it"):
        prepare_scans(context, plan)


def test_a_batch_that_is_made_smaller_keeps_a_patch_for_each_rank(folder):
    plan = Plan.from_dict(json.loads((folder / "mutual" / "plan.json").read_text()))
    plan = plan.replaced(batch_labeled=4, batch_unlabeled=4)
    smaller = halve_batch_or_patch(plan, least=3)
    assert (smaller.batch_labeled, smaller.batch_unlabeled, smaller.patch) == (3, 3, plan.patch)
    smallest = halve_batch_or_patch(smaller, least=3)
    assert smallest.batch_labeled == 3 and smallest.patch != plan.patch


def test_where_ranks_stand_is_told_by_the_environment(monkeypatch):
    place = Place(3, 4, 1, 2, "node1", 1234, hosts=False)
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    assert place_of_environment() == place
    monkeypatch.setenv("MASTER_PORT", "none")
    with pytest.raises(InputError, match="make no sense"):
        place_of_environment()
    monkeypatch.setenv("WORLD_SIZE", "1")
    assert place_of_environment() is None


@pytest.mark.parametrize(("of", "count"), [(3, 2), (2, 2), (7, 3), (5, 1)])
def test_shares_are_the_whole_batch_once(of, count):
    rows = [Share(index, count).rows(of) for index in range(count)]
    assert [place for each in rows for place in range(each.first, each.end)] == list(range(of))
    assert max(each.end - each.first for each in rows) - min(each.end - each.first for each in rows) <= 1
