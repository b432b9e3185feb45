"""The panel's side of the warm process, on real Qt and a real child."""

from __future__ import annotations

import inspect
import os
import signal
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))

from dualtaskseg.contract.dataset import Case, Dataset  # noqa: E402
from dualtaskseg.processes import is_alive  # noqa: E402


class Caller:
    """Hands over jobs and notes what comes back."""

    def __init__(self, host, worker) -> None:
        self.host = host
        self.worker = worker
        self.events: list[tuple[str, str, object]] = []

    def hooks(self, name: str) -> dict:
        def note(kind):
            return lambda *values: self.events.append((name, kind, values[0] if len(values) == 1 else values))

        return {"onProgress": note("progress"), "onDone": note("done"), "onError": note("error")}

    def wait(self, seconds: float = 90.0) -> None:
        self.host.waitFor(lambda: not self.worker.isBusy, seconds=seconds)

    def waitForProgress(self, name: str, text: str) -> None:
        self.host.waitFor(
            lambda: any(who == name and kind == "progress" and value[2] == text for who, kind, value in self.events),
            seconds=90,
        )

    def ends(self) -> list[tuple[str, str, object]]:
        return [event for event in self.events if event[1] != "progress"]


@pytest.fixture
def worker(host):
    from DualTaskSegLib.engine import childprocess
    from DualTaskSegLib.engine.worker import Worker

    worker = Worker()
    yield worker
    worker.close()
    host.waitFor(lambda: not childprocess._kept, seconds=10)


@pytest.fixture
def caller(host, worker) -> Caller:
    return Caller(host, worker)


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    from test_predictor import make_model, make_plan

    return make_model(tmp_path_factory.mktemp("Modelle ü") / "model", make_plan(patch=(16, 16, 16)))


def makeScan(path: Path, side: int = 16) -> Path:
    import SimpleITK as sitk

    array = np.random.default_rng(side).integers(0, 900, (side, side, side)).astype(np.int16)
    sitk.WriteImage(sitk.GetImageFromArray(array), str(path))
    return path


@pytest.fixture(scope="module")
def largeScan(tmp_path_factory) -> Path:
    return makeScan(tmp_path_factory.mktemp("large") / "large.nrrd", 120)


def childOf(worker) -> int:
    return worker._childPid


@pytest.mark.undisturbed
def test_a_scan_is_segmented_and_the_child_stays(caller, worker, model, tmp_path):
    scan = makeScan(tmp_path / "Aufnahme ß.nrrd")
    began = time.monotonic()
    first = worker.predict(model, scan, tmp_path / "out 1", **caller.hooks("first"))
    assert time.monotonic() - began < 0.2 and worker.isBusy
    caller.wait()
    [(name, kind, result)] = caller.ends()
    assert (name, kind) == ("first", "done") and first > 0
    assert Path(result["label"]).is_file() and Path(result["uncertainty"]).is_file() and len(result["sdm"]) == 1
    progress = [value for _, kind, value in caller.events if kind == "progress"]
    assert all(0 <= fraction <= 1 for fraction, _, _ in progress) and progress[0][2] == "Loading the networks"
    child = childOf(worker)
    began = time.monotonic()
    worker.predict(model, scan, tmp_path / "out 2", sdm=False, uncertainty=False, **caller.hooks("second"))
    caller.wait()
    assert childOf(worker) == child and caller.ends()[-1][2]["sdm"] == {}
    assert caller.ends()[-1][2]["seconds"] < 2


def test_jobs_are_done_in_order_and_can_be_taken_back(caller, worker, model, largeScan, tmp_path):
    hooks = caller.hooks
    running = worker.predict(model, largeScan, tmp_path / "a", **hooks("running"))
    waiting = worker.predict(model, largeScan, tmp_path / "b", **hooks("waiting"))
    worker.findScans(tmp_path, **hooks("last"))
    caller.waitForProgress("running", "Segmenting")
    worker.cancel(waiting)
    worker.cancel(running)
    caller.wait()
    assert sorted(caller.ends()[:2]) == [("running", "error", ""), ("waiting", "error", "")]
    assert caller.ends()[2] == ("last", "done", {"count": 0})
    worker.cancel(running)  # of no effect
    worker.cancel(None)
    assert not (tmp_path / "a").exists() and not (tmp_path / "b").exists()


def test_a_child_that_the_system_ends_is_told_and_the_rest_goes_on(caller, worker, model, largeScan, tmp_path):
    worker.predict(model, largeScan, tmp_path / "a", **caller.hooks("broken"))
    worker.findScans(tmp_path, **caller.hooks("next"))
    caller.waitForProgress("broken", "Segmenting")
    child = childOf(worker)
    os.kill(child, signal.SIGKILL)
    caller.wait()
    broken, following = caller.ends()
    assert broken[:2] == ("broken", "error") and "perhaps for lack of memory" in broken[2]
    assert following == ("next", "done", {"count": 0})
    assert childOf(worker) not in (None, child)


def test_errors_are_sentences(caller, worker, model, tmp_path):
    worker.predict(model, tmp_path / "nothing.nrrd", tmp_path / "out", **caller.hooks("image"))
    worker.predict(tmp_path / "nothing", makeScan(tmp_path / "a.nrrd"), tmp_path / "out", **caller.hooks("model"))
    worker.findScans(tmp_path / "nothing", **caller.hooks("folder"))
    caller.wait()
    sentences = {name: value for name, kind, value in caller.ends() if kind == "error"}
    assert set(sentences) == {"image", "model", "folder"}
    for sentence in sentences.values():
        assert str(tmp_path) in sentence and sentence.endswith(".") and ".." not in sentence.replace("...", "")


def test_a_start_that_fails_at_once_is_told_when_the_job_has_its_number(host, monkeypatch):
    """Windows says so within the call that starts; a batch that then hands over its next case went ever deeper."""
    from DualTaskSegLib.engine import worker as module

    class FailingProcess:
        """As much of a process as there is of one whose program is not there."""

        def connect(self, signal: str, slot) -> None:
            if signal.startswith("errorOccurred"):
                self.tell = slot

        def start(self, program: str, arguments: list[str]) -> None:
            self.tell(0)  # FailedToStart

        def errorString(self) -> str:
            return "no such program"

        def deleteLater(self) -> None:
            pass

        def write(self, _: bytes) -> None:
            raise AssertionError("nobody listens")

    depths = []
    monkeypatch.setattr(module, "newProcess", FailingProcess)
    worker = module.Worker()

    def handOver(left: int) -> None:
        numbers = []

        def onError(sentence: str) -> None:
            assert "no such program" in sentence and numbers
            depths.append(len(inspect.stack()))
            if left:
                handOver(left - 1)

        numbers.append(worker.devices(onError=onError))

    handOver(20)
    assert not depths
    host.waitFor(lambda: len(depths) == 21, seconds=10)
    assert max(depths) < min(depths) + 5 and not worker.isBusy


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/nothing/python"], "can't be started"),
        ([sys.executable, "-c", "raise ModuleNotFoundError(\"No module named 'torch'\")"], "torch is not installed"),
        ([sys.executable, "-c", "import sys; sys.exit(7)"], "code 7"),
        ([sys.executable, "-c", "print('no JSON'); print('[]'); print('{}')"], "without a result"),
    ],
)
def test_a_child_that_cannot_work_is_told_to_every_job(host, command, words):
    from DualTaskSegLib.engine.worker import Worker

    worker = Worker(command)
    caller = Caller(host, worker)
    worker.devices(**caller.hooks("one"))
    worker.devices(**caller.hooks("two"))
    caller.wait(20)
    assert [(name, kind) for name, kind, _ in caller.ends()] == [("one", "error"), ("two", "error")]
    assert all(words in sentence for *_, sentence in caller.ends())
    worker.close()


def test_a_package_that_is_missing_is_told_by_its_name(host, tmp_path, monkeypatch):
    from DualTaskSegLib.engine.worker import Worker

    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from dualtaskseg.cli import main; main(['serve'])"
    worker = Worker([sys.executable, "-c", code])
    caller = Caller(host, worker)
    worker.devices(**caller.hooks("devices"))
    worker.findScans(tmp_path, **caller.hooks("scan"))
    caller.wait(30)
    assert caller.ends()[0][2].startswith("The package torch is not installed.")
    assert caller.ends()[1][:2] == ("scan", "done")  # it is still good for other jobs
    assert any("Traceback" in line for line in worker.lastLines(100))
    worker.close()


@pytest.mark.undisturbed
@pytest.mark.parametrize("when", ["idle", "at work", "never used"])
def test_closing_ends_the_child_and_waits_for_nothing(host, worker, caller, model, largeScan, tmp_path, when):
    from DualTaskSegLib.engine import childprocess

    if when == "idle":
        worker.devices(**caller.hooks("devices"))
        caller.wait()
    elif when == "at work":
        worker.predict(model, largeScan, tmp_path / "out", **caller.hooks("predict"))
        caller.waitForProgress("predict", "Segmenting")
    child = childOf(worker)
    before = list(caller.events)
    began = time.monotonic()
    worker.close()
    worker.close()
    assert time.monotonic() - began < 0.2 and not worker.isBusy
    if child is not None:
        host.waitFor(lambda: not is_alive(child, None), seconds=10)
    host.waitFor(lambda: not childprocess._kept, seconds=10)
    assert caller.events == before  # nobody is called any more
    worker.findScans(tmp_path, **caller.hooks("again"))
    caller.wait()
    assert caller.ends()[-1][:2] == ("again", "done")


def readyEvent(**changes) -> dict:
    """What a child of ours says first; its process number it adds itself."""
    from dualtaskseg.version import VERSION
    from DualTaskSegLib.engine import interpreter

    return {"event": "ready", "version": VERSION, "folder": str(interpreter.engineFolder() / "dualtaskseg"), **changes}


def test_a_child_that_does_not_listen_is_ended_by_force(host):
    from DualTaskSegLib.engine import worker as module

    code = (
        "import json, os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"print(json.dumps({{**{readyEvent()!r}, 'pid': os.getpid()}}), flush=True); time.sleep(60)"
    )
    worker = module.Worker([sys.executable, "-c", code])
    worker.devices()
    host.waitFor(lambda: childOf(worker) is not None, seconds=10)
    child = childOf(worker)
    worker.close()
    host.waitFor(lambda: not is_alive(child, None), seconds=10)


def test_a_child_that_is_not_ready_yet_is_ended_with_all_below_its_launcher(host, pythonSlicer, tmp_path):
    """Before it has told its number, the launcher's is all that is known."""
    from DualTaskSegLib.engine import worker as module

    numbers = tmp_path / "numbers.txt"
    code = f"import os, time; open({str(numbers)!r}, 'w').write(f'{{os.getpid()}} '); time.sleep(60)"
    worker = module.Worker([str(pythonSlicer), "-c", code])
    worker.devices()
    host.waitFor(lambda: numbers.is_file() and numbers.read_text().endswith(" "), seconds=10)
    child, launcher = int(numbers.read_text()), worker._process.processId()
    assert child != launcher
    worker.close()
    host.waitFor(lambda: not is_alive(child, None) and not is_alive(launcher, None), seconds=10)


def test_a_crash_below_the_launcher_is_told_as_one(host, pythonSlicer, monkeypatch, caller, worker, tmp_path):
    worker.devices(**caller.hooks("devices"))
    caller.wait()
    assert childOf(worker) != worker._process.processId()
    os.kill(childOf(worker), signal.SIGSTOP)  # so that it does nothing more
    worker.findScans(tmp_path, **caller.hooks("scan"))
    os.kill(childOf(worker), signal.SIGKILL)
    caller.wait()
    assert "perhaps for lack of memory, or crashed in a library" in caller.ends()[-1][2]
    worker.close()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": "0.0.1"}, "version 0.0.1 in "),
        ({"folder": "/opt/site-packages/dualtaskseg"}, "in /opt/site-packages/dualtaskseg"),
        ({"version": None, "folder": None}, "version unknown"),
    ],
)
def test_another_package_of_the_same_name_is_refused(host, changes, words):
    from DualTaskSegLib.engine.worker import Worker

    code = (
        f"import json, os, sys; print(json.dumps({{**{readyEvent(**changes)!r}, 'pid': os.getpid()}}), flush=True)\n"
        "for line in sys.stdin: print(json.dumps(dict(id=json.loads(line)['id'], event='done', result={})), flush=True)"
    )
    worker = Worker([sys.executable, "-c", code])
    caller = Caller(host, worker)
    worker.devices(**caller.hooks("one"))
    worker.devices(**caller.hooks("two"))
    caller.wait(20)
    assert [(name, kind) for name, kind, _ in caller.ends()] == [("one", "error"), ("two", "error")]
    for *_, sentence in caller.ends():
        assert words in sentence and "Remove the other one" in sentence and "pip" not in sentence
    worker.close()


@pytest.mark.parametrize("when", ["idle", "at work", "not started"])
def test_what_is_installed_later_is_known_to_later_jobs(host, worker, caller, model, largeScan, tmp_path, when):
    """A new child does what is handed over afterwards; what the old one is busy with, it finishes."""
    hooks = caller.hooks
    if when != "not started":
        worker.devices(**hooks("devices"))
        caller.wait()
    child = childOf(worker)
    if when == "at work":
        running = worker.predict(model, largeScan, tmp_path / "out", **hooks("predict"))
        caller.waitForProgress("predict", "Segmenting")
        worker.renew()
        assert childOf(worker) == child
        taken = worker.findScans(tmp_path, **hooks("taken back"))
        worker.findScans(tmp_path, **hooks("scan"))
        worker.cancel(taken)
        assert caller.ends()[-1] == ("taken back", "error", "")
        worker.cancel(running)
    else:
        worker.renew()
        worker.findScans(tmp_path, **hooks("scan"))
    caller.wait()
    assert caller.ends()[-1] == ("scan", "done", {"count": 0})
    assert childOf(worker) not in (None, child)
    if child is not None:
        host.waitFor(lambda: not is_alive(child, None), seconds=10)


def test_what_an_earlier_child_said_explains_nothing_of_the_next(host, tmp_path):
    from DualTaskSegLib.engine.worker import Worker

    first = tmp_path / "first"
    code = (
        f"import os, sys; first = not os.path.exists({str(first)!r}); open({str(first)!r}, 'w').close(); "
        "print('CUDA out of memory' if first else 'odd', file=sys.stderr); sys.exit(7)"
    )
    worker = Worker([sys.executable, "-c", code])
    caller = Caller(host, worker)
    worker.devices(**caller.hooks("one"))
    caller.wait(20)
    worker.devices(**caller.hooks("two"))
    caller.wait(20)
    assert "memory did not suffice" in caller.ends()[0][2]
    assert "code 7" in caller.ends()[1][2]


def test_callbacks_may_hand_over_and_close(host, worker, caller, tmp_path):
    def again(result):
        worker.findScans(tmp_path, onDone=lambda result: worker.close())

    worker.findScans(tmp_path, onDone=again)
    caller.wait()
    host.waitFor(lambda: worker._process is None, seconds=10)


def test_a_fault_in_a_callback_is_reported_and_keeps_nobody_from_theirs(host, worker, caller, tmp_path):
    from slicerhost import pythonqt

    def fail(_):
        raise RuntimeError("mine")

    worker.findScans(tmp_path, onDone=fail)
    worker.findScans(tmp_path, **caller.hooks("next"))
    caller.wait()
    assert caller.ends() == [("next", "done", {"count": 0})]
    assert len(pythonqt.slotErrors) == 1 and "RuntimeError: mine" in pythonqt.slotErrors[0]
    host.forgetErrors()


def test_check_and_rank_take_the_projects_dataset(caller, worker, model, tmp_path):
    cases = tuple(
        Case(name, makeScan(tmp_path / f"{name}.nrrd", 14 + i), None, "unlabeled") for i, name in enumerate("ab")
    )
    dataset = Dataset("Daten", tmp_path, cases, (), "")
    worker.check(dataset, **caller.hooks("check"))
    items = []
    worker.rank(model, dataset, onItem=items.append, **caller.hooks("rank"))
    caller.wait()
    results = {name: value for name, kind, value in caller.ends() if kind == "done"}
    assert results["check"]["errors"] >= 1  # nothing is labeled
    assert [entry["case"] for entry in sorted(items, key=lambda one: one["predicted_dice"])] == [
        entry["case"] for entry in results["rank"]["ranking"]
    ]
    assert len(items) == 2


def test_found_scans_come_one_by_one(caller, worker, tmp_path):
    makeScan(tmp_path / "a.nrrd")
    items = []
    worker.findScans(tmp_path, onItem=items.append, **caller.hooks("scan"))
    caller.wait()
    assert items == [{"path": str(tmp_path / "a.nrrd"), "kind": "image", "problem": ""}]


def test_the_event_loop_goes_on_while_the_child_starts_and_works(host, worker, caller, model, largeScan, tmp_path):
    import qt

    beats = []
    timer = qt.QTimer()
    timer.connect("timeout()", lambda: beats.append(time.monotonic()))
    timer.start(10)
    job = worker.predict(model, largeScan, tmp_path / "out", **caller.hooks("predict"))
    caller.waitForProgress("predict", "Segmenting")
    worker.cancel(job)
    caller.wait()
    timer.stop()
    gaps = [after - before for before, after in pairwise(beats)]
    assert len(beats) > 20 and sorted(gaps)[int(0.98 * len(gaps))] < 0.2
