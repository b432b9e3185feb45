"""The trainer in its run folder: whatever happens, what was saved stays saved and the run goes on from there."""

from __future__ import annotations

import errno
import json
import math
import os
import signal
import subprocess
import sys
import time

import pytest
import torch
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.files import temporary_name
from dualtaskseg.method import learner as learner_module
from dualtaskseg.method.base import Method
from dualtaskseg.method.learner import Learner
from dualtaskseg.model.folder import read_model
from dualtaskseg.run import folder as run_module
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import read_status
from dualtaskseg.training import stages as stages_module
from dualtaskseg.training import trainer as trainer_module
from dualtaskseg.training import validation as validation_module
from dualtaskseg.training.calibration import FEWEST_ITERATIONS, halve_batch_or_patch, iterations_within
from dualtaskseg.training.pace import TRAINING_SHARE
from dualtaskseg.training.trainer import Trainer, execute, train
from safetensors.torch import load_file

pytestmark = pytest.mark.usefixtures("narrow_networks")


def weights(run: RunFolder) -> dict[str, torch.Tensor]:
    return load_file(run.model_folder / "weights.safetensors")


def same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, dataset) -> RunFolder:
    """A short training that nothing interrupted."""
    request = TrainingRequest(dataset, iterations=8, device="cpu", validation=1).to_dict()
    run = RunFolder.create(tmp_path_factory.mktemp("läuft") / "run", request)
    train(run.folder)
    return run


def test_a_finished_run_has_everything(finished):
    status = read_status(finished.folder)
    assert finished.state() == "finished"
    assert (status.phase, status.iteration, status.of, status.error) == ("finished", 8, 8, None)
    rows, _ = finished.read_metrics()
    trained = [row for row in rows if row["kind"] == "train"]
    assert trained[-1]["iteration"] == 8 and all(math.isfinite(row["loss"]) for row in trained)
    assert rows[-1]["kind"] == "validation" and set(rows[-1]["dice"]) == {"Organ", "Vein", "all segments"}
    assert finished.report_file.stat().st_size > 10_000
    description = read_model(finished.model_folder)
    assert description.trained_on["labeled"] == 2 and description.trained_on["validation"] == 1
    assert description.trained_on["unlabeled"] == 3
    assert [segment.name for segment in description.segments] == ["Organ", "Vein"]
    plan = json.loads((finished.folder / "plan.json").read_text())
    assert plan["iterations"] == 8


def test_the_model_names_no_case(finished, dataset):
    text = (finished.model_folder / "model.json").read_text()
    assert not any(case.name in text or str(case.image) in text for case in dataset.cases)


def test_two_runs_give_the_same_weights(finished, tmp_path):
    run = RunFolder.create(tmp_path / "again", {**finished.request})
    train(run.folder)
    assert same(weights(run), weights(finished))


def test_stop_saves_and_resume_ends_the_same(finished, tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "stopped", {**finished.request})
    real_step = learner_module.Learner.step

    def stepping(self, iteration, of):
        if of == 8 and iteration == 3:
            run.request_stop()
        return real_step(self, iteration, of)

    monkeypatch.setattr(learner_module.Learner, "step", stepping)
    with pytest.raises(StoppedError, match="Stopped at step 4 of 8"):
        train(run.folder)
    assert run.state() == "stopped"
    assert not run.model_folder.exists()
    monkeypatch.undo()
    run.clear_stop()
    train(run.folder)
    assert run.state() == "finished"
    assert same(weights(run), weights(finished))
    iterations = [row["iteration"] for row in run.read_metrics()[0] if row["kind"] == "train"]
    assert iterations == sorted(set(iterations))


def test_killed_at_every_stage_and_resumed_ends_the_same(finished, tmp_path):
    """SIGKILL, no chance to say goodbye: what the last checkpoint holds is the most that can be lost."""
    run = RunFolder.create(tmp_path / "killed", {**finished.request})
    # One process loads PyTorch, which takes seconds, and forks a child for every stage.
    script = (
        "import os, signal, sys\n"
        "from dataclasses import replace\n"
        "from dualtaskseg.contract.presets import PRESETS\n"
        "from dualtaskseg.training import trainer\n"
        "trainer.CHECKPOINT_EVERY_S = 0.0\n"
        "folder, filters, largest = sys.argv[1], *map(int, sys.argv[2:])\n"
        "PRESETS['quick'] = replace(PRESETS['quick'], filters=filters, largest_filters=largest)\n"
        "class Deadly(trainer.StatusWriter):\n"
        "    def update(self, **changes):\n"
        "        super().update(**changes)\n"
        "        if self.status.phase == stage and (stage != 'training' or self.status.iteration >= 2):\n"
        "            with self._changed:  # else its thread could still write what was before\n"
        "                self._is_closing = True\n"
        "                self._changed.notify()\n"
        "            self._thread.join()\n"
        "            self._write()\n"
        "            os.kill(os.getpid(), signal.SIGKILL)\n"
        "trainer.StatusWriter = Deadly\n"
        "for stage in map(str.strip, sys.stdin):\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        trainer.train(folder)\n"
        "        os._exit(0)\n"
        "    print('ended', os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)\n"
    )
    quick = PRESETS["quick"]
    with subprocess.Popen(
        [sys.executable, "-c", script, str(run.folder), str(quick.filters), str(quick.largest_filters)],
        env={**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        for stage in ("checking", "preparing", "calibrating", "training", "finishing"):
            process.stdin.write(stage + "\n")
            process.stdin.flush()
            answer = next(line for line in process.stdout if line.startswith("ended"))
            assert int(answer.split()[1]) == -signal.SIGKILL
            assert read_status(run.folder).phase == stage
            assert run.state() == "interrupted"
    train(run.folder)
    assert run.state() == "finished"
    assert same(weights(run), weights(finished))
    assert not list(run.folder.glob(".tmp*"))
    iterations = [row["iteration"] for row in run.read_metrics()[0] if row["kind"] == "train"]
    assert iterations == sorted(set(iterations)) and iterations[-1] == 8


def test_a_torn_checkpoint_falls_back_to_the_one_before(finished, tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "torn", {**finished.request})
    monkeypatch.setattr(trainer_module, "CHECKPOINT_EVERY_S", 0.0)
    train(run.folder)
    content = run.checkpoint_file.read_bytes()
    run.checkpoint_file.write_bytes(content[: len(content) // 2])
    train(run.folder)  # from the step before the last
    assert same(weights(run), weights(finished))


def test_unreadable_checkpoints_end_with_a_clear_sentence(finished, tmp_path):
    run = RunFolder.create(tmp_path / "broken", {**finished.request})
    run.checkpoint_file.write_bytes(b"no checkpoint")
    with pytest.raises(InputError, match="can't be read"):
        train(run.folder)
    assert run.state() == "failed"
    error = read_status(run.folder).error
    assert "can't be read" in error["what"] and error["remedy"]


def test_a_checkpoint_with_code_in_it_is_not_run(finished, tmp_path):
    run = RunFolder.create(tmp_path / "hostile", {**finished.request})
    marker = tmp_path / "executed"

    class Hostile:
        def __reduce__(self):
            return (os.system, (f"touch {marker}",))

    torch.save({"format": 1, "learner": Hostile()}, run.checkpoint_file)
    with pytest.raises(InputError):
        train(run.folder)
    assert not marker.exists()


def test_a_vanished_scan_is_told_in_the_status(request_of, run_path, tmp_path):
    request = request_of()
    request["dataset"]["cases"][-1]["image"] = str(tmp_path / "verschwunden.nii.gz")
    run = RunFolder.create(run_path, request)
    with pytest.raises(InputError, match=r"verschwunden\.nii\.gz"):
        train(run.folder)
    assert run.state() == "failed"
    assert "verschwunden.nii.gz" in read_status(run.folder).error["what"]


def test_a_full_disk_while_saving_is_told_and_the_older_state_kept(finished, tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "full", {**finished.request})
    monkeypatch.setattr(trainer_module, "CHECKPOINT_EVERY_S", 0.0)
    real_save, calls = torch.save, []

    def save(state, stream):
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("PytorchStreamWriter failed writing file: No space left on device")
        return real_save(state, stream)

    monkeypatch.setattr(torch, "save", save)
    with pytest.raises(InputError, match=r"checkpoint\.pt: the disk is full or gone\. Make room"):
        train(run.folder)
    assert run.state() == "failed"
    assert not list(run.folder.glob(".tmp_*"))
    monkeypatch.undo()
    train(run.folder)
    assert same(weights(run), weights(finished))


def test_when_memory_runs_out_the_batch_is_halved_then_the_patch(request_of, run_path, monkeypatch):
    run = RunFolder.create(run_path, request_of())
    real_step = learner_module.Learner.step
    failed = []

    def step(self, iteration, of):
        if of == 6 and iteration == 2 and len(failed) < 1:
            failed.append(1)
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real_step(self, iteration, of)

    monkeypatch.setattr(learner_module.Learner, "step", step)
    before = json.loads(json.dumps(run.request))
    train(run.folder)
    plan = json.loads((run.folder / "plan.json").read_text())
    events = [row["text"] for row in run.read_metrics()[0] if row["kind"] == "event"]
    assert any("Memory did not suffice" in text for text in events)
    assert any("Memory did not suffice" in note for note in plan["notes"])
    assert run.request == before and run.state() == "finished"


def test_the_plan_gets_smaller_in_a_fixed_order(finished):
    from dualtaskseg.planning.plan import Plan

    plan = Plan.from_dict(json.loads((finished.folder / "plan.json").read_text()))
    plan = plan.replaced(batch_labeled=2, batch_unlabeled=2)
    halved = halve_batch_or_patch(plan)
    assert (halved.batch_labeled, halved.batch_unlabeled, halved.patch) == (1, 1, plan.patch)
    again = halve_batch_or_patch(halved)
    assert math.prod(again.patch) < math.prod(plan.patch)
    assert all(side % step == 0 for side, step in zip(again.patch, plan.network.total_stride, strict=True))
    with pytest.raises(InputError, match="smallest patch"):
        for _ in range(20):
            again = halve_batch_or_patch(again)


@pytest.mark.parametrize("often", [1, 4])
def test_a_loss_that_is_no_number_sends_back_with_half_the_rate(request_of, run_path, monkeypatch, often):
    run = RunFolder.create(run_path, request_of())
    monkeypatch.setattr(trainer_module, "CHECKPOINT_EVERY_S", 0.0)
    real_step = learner_module.Learner.step
    broken, factors = [], []

    def step(self, iteration, of):
        losses = real_step(self, iteration, of)
        if of == 6 and iteration == 3 and len(broken) < often:
            broken.append(1)
            losses["loss"] = losses["loss"] * float("nan")
        if of == 6:
            factors.append(self.rate_factor)
        return losses

    monkeypatch.setattr(learner_module.Learner, "step", step)
    if often > 3:
        with pytest.raises(InputError, match="unstable"):
            train(run.folder)
        assert run.state() == "failed"
        return
    train(run.folder)
    assert factors[-1] == 0.5
    assert run.state() == "finished"
    rows = [row for row in run.read_metrics()[0] if row["kind"] == "train"]
    assert [row["iteration"] for row in rows] == [1, 2, 3, 4, 5, 6]


def test_two_processes_never_train_in_one_folder(request_of, run_path):
    run = RunFolder.create(run_path, request_of())
    with run.lock(), pytest.raises(InputError, match="process"):
        execute(RunFolder.open(run.folder))


def test_a_time_budget_becomes_a_number_of_steps(request_of, run_path):
    started = time.process_time()  # not the clock on the wall: other programs work here too
    run = RunFolder.create(run_path, request_of(iterations=None, time_budget=6))
    train(run.folder)
    plan = json.loads((run.folder / "plan.json").read_text())
    first = plan["turns"][0][1] if plan["turns"] else plan["iterations"]
    supervised, mutual = plan["step_seconds"]
    mean = plan["mutual"]["start"] * supervised + (1 - plan["mutual"]["start"]) * mutual
    # what the budget holds, less what checking took before and looking at the results will take
    most, least = 0.96 * 6 / mean, TRAINING_SHARE * 0.96 * 6 / mean
    assert max(FEWEST_ITERATIONS, int(least)) <= first <= max(FEWEST_ITERATIONS, int(most)) + 1
    assert read_status(run.folder).iteration == plan["iterations"]
    assert time.process_time() - started < 60


def test_twice_the_time_makes_twice_the_steps(request_of, tmp_path, monkeypatch):
    """On a computer whose steps take 0.1 s, and 0.2 s with unlabeled scans, from 0.3 of the training on."""

    def measured(plan, labeled, unlabeled, device, *_):
        return Learner(plan, labeled, unlabeled, device), 0.1, 0.2

    monkeypatch.setattr(stages_module, "fitted_learner", measured)
    monkeypatch.setattr(stages_module, "finishing_seconds", lambda *_: 0.0)
    monkeypatch.setattr(Trainer, "train", lambda self: (_ for _ in ()).throw(StoppedError("measured")))
    steps = []
    for budget in (1000, 2000):
        run = RunFolder.create(tmp_path / str(budget), request_of(iterations=None, time_budget=budget))
        with pytest.raises(StoppedError, match="measured"):
            train(run.folder)
        steps.append(json.loads((run.folder / "plan.json").read_text())["iterations"])
    # 2 % are kept for the end, 4 % are spare; checking and preparing took seconds
    assert 0.9 * 1000 / 0.17 < steps[0] <= 0.98 * 0.96 * 1000 / 0.17
    assert steps[1] == pytest.approx(2 * steps[0], rel=0.05)


def test_a_training_whose_time_is_over_ends_with_a_report(request_of, run_path, monkeypatch):
    """All held-out scans are looked at all the same, and the worst of them is shown."""
    monkeypatch.setattr(stages_module.Pace, "is_over", lambda self: True)
    run = RunFolder.create(run_path, request_of(iterations=2, validation=2))
    train(run.folder)
    assert run.state() == "finished" and run.report_file.exists()
    trained_on = read_model(run.model_folder).trained_on
    assert trained_on["validation"] == 2 and trained_on["validation_figures"]


def test_the_budget_weighs_both_kinds_of_steps():
    assert iterations_within(1000 / 0.96, 1.0, 2.0, mutual_start=0.25) == pytest.approx(1000 / 1.75, abs=1)
    assert iterations_within(1000 / 0.96, 1.0, 2.0, mutual_start=1.0) == pytest.approx(1000, abs=1)


def test_supervised_uses_no_unlabeled_scan(request_of, run_path):
    run = RunFolder.create(run_path, request_of(method="supervised"))
    train(run.folder)
    rows = [row for row in run.read_metrics()[0] if row["kind"] == "train"]
    assert all("probability_taught" not in row for row in rows)
    assert read_model(run.model_folder).trained_on["unlabeled"] == 0


def test_free_memory_is_known():
    from dualtaskseg.memory import available_memory

    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0.001 * physical < available_memory() <= physical


def test_a_step_that_would_not_fit_is_never_tried(request_of, run_path, monkeypatch):
    """A process that takes too much memory on a CPU is killed without a word, so the patch is fitted before."""
    from dualtaskseg.training import calibration

    monkeypatch.setattr(calibration, "available_memory", lambda: 40 * 2**20)
    run = RunFolder.create(run_path, request_of(preset="standard", iterations=3))
    train(run.folder)
    plan = json.loads((run.folder / "plan.json").read_text())
    assert any("Memory did not suffice" in note for note in plan["notes"])


def test_ctrl_c_saves_and_stops(finished, tmp_path):
    run = RunFolder.create(tmp_path / "interrupted", {**finished.request, "iterations": 5000})
    process = subprocess.Popen(
        [sys.executable, "-m", "dualtaskseg", "resume", str(run.folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        status = read_status(run.folder)
        if status is not None and status.phase == "training":
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()  # one that does not end must not take its processor from the tests after it
    assert process.returncode == 3, errors
    assert "Stopped at step" in errors and "Traceback" not in errors
    assert run.state() == "stopped" and run.checkpoint_file.exists()


def test_a_step_that_leaves_no_numbers_is_seen_in_its_gradient(request_of, run_path, monkeypatch):
    """The loss is still a number when an infinite gradient has already spoiled the weights."""
    run = RunFolder.create(run_path, request_of())
    monkeypatch.setattr(trainer_module, "CHECKPOINT_EVERY_S", 0.0)
    real_shorten, broken = Method.shorten, []

    def shorten(self, students, plan):
        if not broken and run.checkpoint_file.exists():
            broken.append(1)
            next(students.parameters()).grad.fill_(float("inf"))
        return real_shorten(self, students, plan)

    monkeypatch.setattr(Method, "shorten", shorten)
    train(run.folder)
    assert broken and any("no number" in row.get("text", "") for row in run.read_metrics()[0])
    assert all(torch.isfinite(tensor).all() for tensor in weights(run).values())


def test_a_run_that_broke_off_before_its_first_checkpoint_keeps_its_number_of_steps(request_of, run_path, monkeypatch):
    run = RunFolder.create(run_path, request_of(iterations=None, time_budget=8))
    monkeypatch.setattr(Trainer, "train", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        train(run.folder)
    before = (run.folder / "plan.json").read_bytes()
    monkeypatch.undo()
    monkeypatch.setattr(stages_module, "fitted_learner", None)  # measured once, never again
    monkeypatch.setattr(stages_module.Pace, "moved_end", lambda *_: None)  # the end may move, but nothing here asks
    train(run.folder)
    assert (run.folder / "plan.json").read_bytes() == before


def test_a_prepared_run_ends_on_a_machine_without_simpleitk_and_without_the_scans(
    request_of, run_path, tmp_path, monkeypatch
):
    request = request_of(iterations=4, validation=2)
    run = RunFolder.create(run_path, request)
    monkeypatch.setattr(Trainer, "train", lambda self: (_ for _ in ()).throw(StoppedError("prepared")))
    with pytest.raises(StoppedError):
        execute(run)
    text = run.request_file.read_text(encoding="utf-8")
    moved = json.loads(text)
    for case in moved["dataset"]["cases"]:
        case["image"] = str(tmp_path / "not here" / case["name"])
    run.request_file.write_text(json.dumps(moved), encoding="utf-8")
    script = (
        "import sys; sys.modules['SimpleITK'] = None\n"
        "from dualtaskseg.training.trainer import train\n"
        "train(sys.argv[1])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(run.folder)], capture_output=True, encoding="utf-8", check=False
    )
    assert result.returncode == 0, result.stderr
    assert read_model(run.model_folder).trained_on["validation"] == 2 and run.report_file.exists()


@pytest.mark.parametrize("helps", [True, False])
def test_the_largest_part_is_kept_only_where_validation_gains(finished, monkeypatch, helps):
    """Truth plus a speck: keeping the largest part helps. A truth in two parts: it harms."""
    from types import SimpleNamespace

    import numpy as np
    from dualtaskseg.planning.plan import Plan
    from dualtaskseg.training import findings
    from dualtaskseg.training.context import Cases

    plan = Plan.from_dict(json.loads((finished.folder / "plan.json").read_text()))
    truth = np.zeros((12, 12, 12), np.uint8)
    truth[2:6, 2:6, 2:6] = 1
    found = truth.copy()
    found[9, 9, 9] = 1
    case = SimpleNamespace(image=lambda: None, label=lambda: truth if helps else found, seen=None, overview=None)
    monkeypatch.setattr(findings, "predict_prepared", lambda *_, **__: SimpleNamespace(label=found))
    context = SimpleNamespace(
        cases=Cases([], [case, case]),
        run=finished,
        on_progress=lambda _: lambda *_: None,
        attempt=lambda what, work, otherwise, case: work(),
    )
    learner = SimpleNamespace(teachers=None)
    assert findings.with_largest_parts(context, learner, plan).keep_largest == (helps, False)


def test_outlines_tell_how_small_a_part_can_be_and_how_many_there_are(finished):
    """A quarter of the smallest one outlined, without specks, where three scans show it; the most of any scan.

    Up to a half where each of four scans has a single part and these are alike.
    """
    from types import SimpleNamespace

    import numpy as np
    from dualtaskseg.planning.plan import Plan
    from dualtaskseg.training import findings

    plan = Plan.from_dict(json.loads((finished.folder / "plan.json").read_text())).replaced(spacing=(2.0, 1.0, 1.0))

    def outlined(*sides: int, seen: object = None) -> SimpleNamespace:
        label = np.zeros((30, 12, 12), np.uint8)
        for row, side in zip(range(0, 30, 10), sides, strict=False):
            label[row : row + side, :side, :side] = 1
        return SimpleNamespace(label=lambda: label, seen=seen)

    def usual(*cases: SimpleNamespace) -> tuple[tuple[float, ...], tuple[int, ...]]:
        context = SimpleNamespace(cases=SimpleNamespace(training=cases))
        found = findings.with_usual_parts(context, plan)
        return found.least_parts, found.most_parts

    scans = outlined(8), outlined(7, 5, 1), outlined(9)
    assert usual(*scans) == ((0.25 * 2.0 * 5**3, 0.0), (2, 0))
    assert usual(*scans[:2], outlined(3, seen=np.zeros(1))) == ((0.0, 0.0), (0, 0))
    alike, unlike = [outlined(side) for side in (8, 8, 7, 8)], [outlined(side) for side in (3, 9, 5, 8)]
    assert usual(*alike) == ((0.5 * 2.0 * 7**3, 0.0), (1, 0))
    assert usual(*alike[:3]) == ((0.25 * 2.0 * 7**3, 0.0), (1, 0))  # three may be alike by chance
    assert usual(*alike, outlined(8, 8)) == ((0.25 * 2.0 * 7**3, 0.0), (2, 0))
    assert usual(*unlike) == ((0.25 * 2.0 * 3**3, 0.0), (1, 0))
    somewhat = np.array([6.0, 8.0, 7.0, 7.0]) ** 3
    between = 2.0 * np.exp(np.log(somewhat).mean() - 4 * np.log(somewhat).std(ddof=1))
    assert 0.25 * 2.0 * 6**3 < between < 0.5 * 2.0 * 6**3
    assert usual(*(outlined(side) for side in (6, 8, 7, 7)))[0][0] == pytest.approx(between, abs=1e-4)


def test_a_stop_while_validating_is_saved_and_told_as_any_other(request_of, run_path, monkeypatch):
    run = RunFolder.create(run_path, request_of(iterations=8, validation=1))
    real_look = validation_module.Validation.look

    def look(self, *arguments):
        run.request_stop()
        return real_look(self, *arguments)

    monkeypatch.setattr(validation_module.Validation, "look", look)
    with pytest.raises(StoppedError, match="Stopped at step 2 of 8; everything is saved"):
        train(run.folder)
    assert run.state() == "stopped" and run.checkpoint_file.exists()


def test_a_stop_after_the_last_step_is_told_and_the_rest_done_later(finished, tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "late", {**finished.request})
    real_finish = trainer_module.Finalizer.finish

    def finish(self, learner):
        run.request_stop()
        return real_finish(self, learner)

    monkeypatch.setattr(trainer_module.Finalizer, "finish", finish)
    with pytest.raises(StoppedError, match=r"the training itself is done and saved.*resume \"") as raised:
        train(run.folder)
    assert str(run.folder) in str(raised.value) and run.state() == "stopped"
    monkeypatch.undo()
    run.clear_stop()
    train(run.folder)
    assert run.state() == "finished" and same(weights(run), weights(finished))


@pytest.mark.parametrize(("share", "looked_at"), [(0.0, 0), (1e9, 2)])
def test_validation_on_the_way_keeps_to_its_share_of_the_time(request_of, run_path, monkeypatch, share, looked_at):
    """On large scans, looking at all validation scans eight times would take longer than the training."""
    monkeypatch.setattr(validation_module, "SHARE", share)
    run = RunFolder.create(run_path, request_of(iterations=8, validation=2))
    train(run.folder)
    rows = [row for row in run.read_metrics()[0] if row["kind"] == "validation"]
    on_the_way = [row["cases"] for row in rows if row["iteration"] < 8]
    assert on_the_way == [looked_at] * (7 if looked_at else 0)
    assert rows[-1]["iteration"] == 8  # at the end all of them, in any case


def test_what_a_killed_process_left_half_written_is_removed(request_of, run_path):
    run = RunFolder.create(run_path, request_of(iterations=2))
    half_model = run.folder / temporary_name().replace(f"-{os.getpid()}-", "-99999999-")  # of a process that is gone
    half_model.mkdir()
    (half_model / "weights.safetensors").write_bytes(b"half")
    (run.folder / half_model.with_suffix(".pt").name).write_bytes(b"half")
    train(run.folder)
    assert not list(run.folder.glob(".tmp_*"))


def test_a_disk_that_is_full_while_training_is_told_with_the_file(request_of, run_path, monkeypatch):
    run = RunFolder.create(run_path, request_of())
    real_open = run_module.open_own

    class Full:
        def write(self, content):
            raise OSError(errno.ENOSPC, "No space left on device")

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    def opened(path, mode):
        real_open(path, mode).close()
        return Full() if path.name == "metrics.jsonl" else real_open(path, mode)

    monkeypatch.setattr(run_module, "open_own", opened)
    with pytest.raises(OSError, match="No space left"):
        train(run.folder)
    error = read_status(run.folder).error
    assert error["what"].endswith("metrics.jsonl can't be read or written: No space left on device")
    assert run.state() == "failed" and error["remedy"]


def test_a_name_that_no_model_can_hold_is_told_before_the_training_not_after_it(request_of, run_path):
    request = request_of()
    request["dataset"]["segments"][0]["name"] = "/home/jane/liver"
    run = RunFolder.create(run_path, request)
    with pytest.raises(InputError, match=r"path of this disk.*another name"):
        train(run.folder)
    assert run.state() == "failed" and not run.checkpoint_file.exists()


def test_a_model_is_called_as_asked(request_of, run_path):
    run = RunFolder.create(run_path, request_of(iterations=2, name="Leber & Gefäße"))
    train(run.folder)
    assert read_model(run.model_folder).name == "Leber & Gefäße"
    assert "<title>Leber &amp; Gefäße" in run.report_file.read_text(encoding="utf-8")


def test_a_run_goes_on_on_another_device(request_of, run_path):
    """As on a machine without the GPU that it was started on."""
    run = RunFolder.create(run_path, request_of(iterations=2, device="cuda:63"))
    with pytest.raises(InputError, match="cuda:63"):
        train(run.folder)
    train(run.folder, device="cpu")
    assert run.state() == "finished" and run.request["device"] == "cuda:63"


def test_a_crash_between_two_checkpoints_leaves_the_older_one(finished, tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "between", {**finished.request})
    monkeypatch.setattr(trainer_module, "CHECKPOINT_EVERY_S", 0.0)
    train(run.folder)
    assert run.previous_checkpoint_file.stat().st_size > 1000
    run.checkpoint_file.unlink()  # as if killed after the older one was moved and before the newer one came
    train(run.folder)
    assert same(weights(run), weights(finished))


def test_a_stop_while_the_computer_is_measured_counts_at_once(request_of, run_path, monkeypatch):
    run = RunFolder.create(run_path, request_of())
    real_step, steps = learner_module.Learner.step, []

    def step(self, iteration, of):
        steps.append(of)
        if len(steps) == 2:
            run.request_stop()
        return real_step(self, iteration, of)

    monkeypatch.setattr(learner_module.Learner, "step", step)
    with pytest.raises(StoppedError, match="before the training began"):
        train(run.folder)
    assert len(steps) == 2 and run.state() == "stopped"


@pytest.mark.parametrize(
    ("longest", "iterations", "timed"),
    [(1e9, 60, 7), (0.0, 60, 2), (1e9, 20, 3), (1e9, 2, 2)],  # one of them, of each kind, is to warm up
)
def test_slow_steps_and_those_of_short_trainings_are_timed_fewer_times(
    request_of, run_path, monkeypatch, longest, iterations, timed
):
    from dualtaskseg.training import calibration

    def end(self):
        raise StoppedError("measured")

    monkeypatch.setattr(calibration, "LONGEST_S", longest)
    monkeypatch.setattr(Trainer, "train", end)
    run = RunFolder.create(run_path, request_of(iterations=iterations))
    real_step, steps = learner_module.Learner.step, []
    monkeypatch.setattr(
        learner_module.Learner, "step", lambda self, *places: steps.append(places[1]) or real_step(self, *places)
    )
    with pytest.raises(StoppedError, match="measured"):
        train(run.folder)
    assert steps == [10**6] * 2 * timed


def test_with_a_time_budget_all_steps_are_timed_whatever_number_was_asked_for(request_of, run_path, monkeypatch):
    asked = []

    def fitted(*arguments):
        asked.append(arguments[-2])
        raise StoppedError("measured")

    monkeypatch.setattr(stages_module, "fitted_learner", fitted)
    run = RunFolder.create(run_path, request_of(iterations=None, time_budget=30))
    with pytest.raises(StoppedError, match="measured"):
        train(run.folder)
    assert asked == [None]
