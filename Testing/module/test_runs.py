"""Trainings in the background: real child processes of the real engine, watched through their run folders."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.errors import InputError
from dualtaskseg.processes import host_name, is_alive, process_start_time
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.locking import device_lock
from dualtaskseg.run.status import read_status
from dualtaskseg.run.status_writer import StatusWriter
from dualtaskseg.synthetic.cohort import write_cohort
from DualTaskSegLib.engine import runs
from DualTaskSegLib.engine.runs import RunWatch
from DualTaskSegLib.project import modellibrary
from DualTaskSegLib.project.project import Project

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return write_cohort(tmp_path_factory.mktemp("Aufnahmen ß") / "c", 2, 1, 0, seed=2, size=(16, 18, 16))


@pytest.fixture
def project(tmp_path, cohort) -> Project:
    project = Project.create(tmp_path / "Projekt ü 1")
    dataset = load_dataset(cohort.dataset)
    for case in dataset.cases:
        added = project.addCase(case.image)
        if case.label:
            project.setLabel(added.id, case.label)
    project.setSegments(dataset.segments)
    project.save()
    return project


@pytest.fixture
def begin(project):
    """Starts trainings and sees to it that none outlives the test."""
    started = []

    def start(**request) -> RunWatch:
        watch = runs.startTraining(project, project.request(**{"device": "cpu", "iterations": 6, **request}))
        started.append(watch)
        return watch

    yield start
    for watch in started:
        if watch.poll().isAtWork:
            watch.kill()
            until(watch, lambda news: not news.isAtWork)


@pytest.fixture
def quiet(project) -> RunWatch:
    """A run folder in which nobody works."""
    return RunWatch(RunFolder.create(project.newRunFolder(), project.request().to_dict()).folder)


def until(watch: RunWatch, condition, seconds: float = 240.0):
    """Polls as a timer does, and returns the news that fit."""
    end = time.monotonic() + seconds
    while True:
        news = watch.poll()
        if condition(news):
            return news
        assert time.monotonic() < end, (news, watch.logText())
        time.sleep(0.05)


def trains(news) -> bool:
    return news.state == runs.RUNNING and news.status.phase == "training" and news.status.iteration > 0


# --- a training's life


@pytest.mark.undisturbed
@pytest.mark.slow
def test_from_the_click_to_the_model(project, begin):
    clicked = time.monotonic()
    watch = begin()
    assert time.monotonic() - clicked < 0.2 or os.getloadavg()[0] > 2
    states, rows, spent = [], [], []

    def look(news):
        states.append(news.state)
        rows.extend(news.newRows)
        return not news.isAtWork

    news = until(watch, look)
    for _ in range(50):
        began = time.process_time()
        watch.poll()
        spent.append(time.process_time() - began)
    assert news.state == runs.FINISHED, (news.message, watch.logText())
    assert sorted(spent)[25] < 0.005
    assert [state for i, state in enumerate(states) if i == 0 or states[i - 1] != state] == [
        runs.STARTING,
        runs.RUNNING,
        runs.FINISHED,
    ]
    trained = [row["iteration"] for row in rows if row["kind"] == "train"]
    assert trained == sorted(set(trained)) and trained[-1] == 6
    assert news.fraction == 1.0 and "Finished after" in news.message and not news.canResume
    assert watch.reportFile.is_file()
    [entry] = modellibrary.listModels(project.modelsFolder, project.runsFolder)
    assert (entry.folder, entry.runFolder, entry.labeled) == (watch.modelFolder, watch.folder, 2)
    assert entry.segments == tuple(segment.name for segment in project.segments)
    [found] = runs.listRuns(project)
    assert found.folder == watch.folder and found.poll().state == runs.FINISHED
    watch.resume()  # of a finished one: without effect
    assert watch.poll().state == runs.FINISHED
    with pytest.raises(InputError, match="is no longer there"):
        modellibrary.deleteModel(modellibrary.ModelEntry(Path("/nothing"), "x"))


@pytest.mark.slow
def test_stop_resume_and_end_at_once(project, begin):
    watch = begin(iterations=3000)
    until(watch, trains)
    watch.stop()
    assert watch.poll().state in (runs.STOPPING, runs.STOPPED)
    news = until(watch, lambda news: not news.isAtWork)
    assert news.state == runs.STOPPED and news.canResume
    stopped = news.status.iteration
    assert f"at step {stopped} of 3000" in news.message and "Everything is saved" in news.message
    assert "Resumed" not in watch.logText()

    watch.resume()
    assert watch.poll().state == runs.STARTING
    news = until(watch, lambda news: trains(news) and news.status.iteration > stopped)
    assert f"Resumed at step {stopped}" in watch.logText()
    pid, started = news.status.pid, news.status.process_started
    watch.kill()
    news = until(watch, lambda news: not news.isAtWork, 10)
    assert news.state == runs.INTERRUPTED and "ended at once" in news.message and news.canResume
    assert not is_alive(pid, started)


@pytest.mark.slow
def test_a_training_goes_on_without_who_started_it_and_is_found_again(project, tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(MODULE)!r}); "
        "from DualTaskSegLib.engine import runs; from DualTaskSegLib.project.project import Project; "
        f"project = Project.open({str(project.folder)!r}); "
        "runs.startTraining(project, project.request(device='cpu', iterations=3000))"
    )
    subprocess.run([sys.executable, "-X", "utf8", "-c", code], check=True)
    [watch] = runs.listRuns(project)
    news = until(watch, trains)
    try:
        with pytest.raises(InputError, match=f"Another training, {watch.name}, is using"):
            runs.startTraining(project, project.request(device="auto"))
        assert [found.folder for found in runs.listRuns(project)] == [watch.folder]  # no second folder was left
        os.kill(news.status.pid, signal.SIGKILL)  # as the system does when memory runs out
    finally:
        watch.kill()
    news = until(watch, lambda news: not news.isAtWork, 10)
    assert news.state == runs.INTERRUPTED and watch.lastLines()


@pytest.mark.slow
def test_a_process_that_the_system_ends_is_told_with_the_likely_cause(begin, monkeypatch):
    monkeypatch.setenv("PATH", os.defpath)  # without a launcher its end is seen
    watch = begin(iterations=3000)
    news = until(watch, trains)
    os.kill(news.status.pid, signal.SIGKILL)
    news = until(watch, lambda news: not news.isAtWork, 10)
    assert news.state == runs.INTERRUPTED
    assert "the system ended its process, perhaps for lack of memory" in news.message and "at step" in news.message
    assert any("PyTorch" in line for line in watch.lastLines(100))
    later = RunWatch(watch.folder).poll()  # after a restart of Slicer nobody knows the exit code
    assert later.state == runs.INTERRUPTED and "nobody saw why" in later.message


@pytest.mark.slow
def test_bad_scans_are_refused_whoever_starts(project, begin, cohort):
    project.setLabel(project.cases[0].id, load_dataset(cohort.dataset).cases[1].label)  # of another scan
    news = until(begin(), lambda news: not news.isAtWork)
    assert news.state == runs.FAILED and "does not lie on the grid of its scan" in news.message


@pytest.mark.slow
def test_a_second_training_on_the_device_is_refused_by_the_process_too(project, tmp_path):
    other = tmp_path / "other run"
    with device_lock("cpu", other):
        with pytest.raises(InputError, match="Another training, other run, is using"):
            runs.startTraining(project, project.request(device="cpu"))
        assert not project.runsFolder.exists()
        watch = RunWatch(
            RunFolder.create(project.newRunFolder(), project.request(device="cpu", iterations=6).to_dict()).folder
        )
        watch.launch()  # as if the other one had started in the same moment
        news = until(watch, lambda news: not news.isAtWork)
        assert news.state == runs.FAILED and "Another training" in news.message and str(other) in news.message
        with pytest.raises(InputError, match="other run"):
            watch.resume()


def test_a_training_that_has_just_been_started_keeps_the_next_one_out(project, monkeypatch):
    monkeypatch.setattr(runs, "command", lambda *_: [sys.executable, "-c", "import time; time.sleep(60)"])
    watch = runs.startTraining(project, project.request(device="cpu"))
    try:
        assert watch.poll().state == runs.STARTING
        with pytest.raises(InputError, match=watch.name):
            runs.startTraining(project, project.request(device="cpu"))
        watch.resume()  # without effect
    finally:
        watch.kill()
    assert until(watch, lambda news: not news.isAtWork, 10).state == runs.NEW


# --- what goes wrong before the training can say so itself


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise ModuleNotFoundError(\"No module named 'torch'\")", "torch is not installed. Click Install"),
        ("import sys; sys.exit('Error: The disk is odd. Turn it round.')", "The disk is odd. Turn it round."),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "perhaps for lack of memory"),
        ("import sys; sys.exit(7)", "code 7"),
        ("raise OSError(28, 'No space left on device')", "The disk is full"),
    ],
)
def test_a_process_that_dies_at_once_is_told(project, monkeypatch, code, words):
    monkeypatch.setattr(runs, "command", lambda *_: [sys.executable, "-c", code])
    watch = runs.startTraining(project, project.request(device="cpu"))
    news = until(watch, lambda news: not news.isAtWork, 20)
    assert news.state == runs.FAILED and words in news.message and news.canResume


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        (
            "Error: The run folder /x/y can't be written (Permission denied). Make sure you may write there.",
            "The run folder /x/y can't be written (Permission denied). Make sure you may write there.",
        ),
        ("PermissionError: [Errno 13] Permission denied: '/x/y/log.txt'", "/x/y/log.txt can't be written"),
        ("Error: this is a defect of DualTaskSeg: OSError: [Errno 30] Read-only file system: '/x/z'", "/x/z can't be"),
        ("Error: this is a defect of DualTaskSeg: ValueError: x", "this is a defect of DualTaskSeg: ValueError"),
    ],
)
def test_a_folder_without_rights_is_named_by_its_own_name(project, monkeypatch, printed, message):
    """Whichever it was, the panel told of Slicer's folder."""
    monkeypatch.setattr(runs, "command", lambda *_: [sys.executable, "-c", f"import sys; sys.exit({printed!r})"])
    watch = runs.startTraining(project, project.request(device="cpu"))
    news = until(watch, lambda news: not news.isAtWork, 30)
    assert news.state == runs.FAILED and message in news.message and "Slicer's folder" not in news.message


def test_a_process_that_dies_at_once_below_the_launcher_is_told(project, monkeypatch, pythonSlicer):
    """The launcher itself ends as usual: only what it prints tells of the kill."""
    program = str(pythonSlicer)
    monkeypatch.setattr(runs, "command", lambda *_: [program, "-c", "import os; os.kill(os.getpid(), 9)"])
    watch = runs.startTraining(project, project.request(device="cpu"))
    news = until(watch, lambda news: not news.isAtWork, 20)
    assert news.state == runs.FAILED and "perhaps for lack of memory, or crashed in a library" in news.message


@pytest.mark.slow
def test_a_training_that_the_system_ends_below_the_launcher_is_told(begin, pythonSlicer):
    watch = begin(iterations=3000)
    news = until(watch, trains)
    assert news.status.pid != watch._pid
    os.kill(news.status.pid, signal.SIGKILL)
    news = until(watch, lambda news: not news.isAtWork, 10)
    assert news.state == runs.INTERRUPTED
    assert "perhaps for lack of memory, or crashed in a library at step" in news.message
    assert "Resume goes on" in news.message


def test_before_the_launcher_has_ended_too_nobody_says_why(quiet, monkeypatch):
    """The trial of a moment: the Python is gone, the launcher has not yet said how."""
    code = "import sys, time; time.sleep(1); print('error: [x] exit abnormally', file=sys.stderr); sys.exit(1)"
    monkeypatch.setattr(runs, "command", lambda *_: [sys.executable, "-c", code])
    quiet.launch()
    with StatusWriter(RunFolder.open(quiet.folder)) as writer:
        writer.update(phase="training", of=10, iteration=3)
    document = json.loads((quiet.folder / "status.json").read_text())
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    document["pid"] = int(gone.stdout)
    (quiet.folder / "status.json").write_text(json.dumps(document))
    assert quiet.poll().state == runs.RUNNING
    news = until(quiet, lambda news: not news.isAtWork, 20)
    assert news.state == runs.INTERRUPTED and "crashed in a library at step 3 of 10" in news.message


def test_what_an_earlier_process_printed_does_not_count(quiet, monkeypatch):
    (quiet.folder / "output.txt").write_text("No space left on device\nError: Old. Old.\n")
    monkeypatch.setattr(runs, "command", lambda *_: [sys.executable, "-c", "import sys; sys.exit(7)"])
    quiet.launch()
    news = until(quiet, lambda news: not news.isAtWork, 20)
    assert news.state == runs.FAILED and "code 7" in news.message
    assert quiet.lastLines() == ["No space left on device", "Error: Old. Old."]


def test_an_error_of_a_library_is_told_in_known_words(quiet):
    error = {"what": "A fault", "why": "RuntimeError: CUDA error: no kernel image is available", "remedy": "Resume"}
    (quiet.folder / "status.json").write_text(json.dumps({"phase": "failed", "error": error}))
    assert "does not support the graphics card" in quiet.poll().message
    error["why"] = "KeyError: 'x'"
    (quiet.folder / "status.json").write_text(json.dumps({"phase": "failed", "error": error}))
    assert quiet.poll().message == "A fault. KeyError: 'x'. Resume."


@pytest.mark.parametrize("size", [10, 200])
def test_of_a_long_log_the_end_is_shown(quiet, monkeypatch, size):
    monkeypatch.setattr(runs, "TAIL_BYTES", 100)
    lines = [f"line {number} ß" for number in range(size)]
    (quiet.folder / "log.txt").write_text("\n".join(lines), encoding="utf-8")
    shown = quiet.lastLines(1000)
    assert shown and shown == lines[-len(shown) :] and (size == 10) == (len(shown) == size)


def test_a_python_that_is_missing_leaves_no_run_behind(project, monkeypatch):
    monkeypatch.setattr(runs, "command", lambda *_: ["/nothing/python"])
    with pytest.raises(InputError, match="can't be started"):
        runs.startTraining(project, project.request(device="cpu"))
    assert not list(project.runsFolder.iterdir())


# --- run folders in any condition


def test_a_folder_that_vanishes_and_comes_back(quiet, tmp_path):
    assert quiet.poll().state == runs.NEW
    away = tmp_path / "away"
    quiet.folder.rename(away)
    news = quiet.poll()
    assert news.state == runs.GONE and "missing" in news.message and str(quiet.folder) in news.message
    assert not news.isAtWork and not news.canResume and quiet.request is None and quiet.created == 0
    with pytest.raises(InputError, match="missing"):
        quiet.resume()
    with pytest.raises(InputError):
        quiet.stop()
    quiet.kill()
    away.rename(quiet.folder)
    assert quiet.poll().state == runs.NEW


def test_a_run_of_which_nothing_can_be_read(quiet):
    (quiet.folder / "run.json").write_text("{")
    (quiet.folder / "status.json").write_bytes(b"\xff\xfe\0")
    (quiet.folder / "metrics.jsonl").write_bytes(b'{"kind": "train", "iteration": 1}\n\xff\xfe{\n[]\n{"kind"')
    (quiet.folder / "log.txt").write_bytes(b"\xff\n")
    news = quiet.poll()
    assert news.state == runs.NEW and news.newRows == [{"kind": "train", "iteration": 1}] and news.status is None
    assert quiet.request is None and len(quiet.lastLines()) == 1
    (quiet.folder / "metrics.jsonl").unlink()
    (quiet.folder / "metrics.jsonl").mkdir()
    (quiet.folder / "lock").unlink()
    (quiet.folder / "lock").mkdir()
    assert quiet.poll().message  # whatever it is, it is said, and nothing is raised


def test_a_status_that_is_damaged_while_a_process_works(quiet):
    run = RunFolder.open(quiet.folder)
    with run.lock():
        assert quiet.poll().state == runs.STARTING
        run.status_file.write_text("{torn")
        news = quiet.poll()
        assert news.state == runs.RUNNING and "status can't be read" in news.message
    assert quiet.poll().state == runs.NEW


def test_what_a_working_process_says_is_shown(quiet):
    run = RunFolder.open(quiet.folder)
    with run.lock(), StatusWriter(run, min_interval_s=0.01) as writer:

        def say(**changes):
            writer.update(**changes)
            until(quiet, lambda news: news.status and all(getattr(news.status, k) == v for k, v in changes.items()))
            return quiet.poll()

        news = say(phase="training", message="Training, step 30 of 120", iteration=30, of=120, seconds_left=200.0)
        assert news.message == "Training, step 30 of 120, 3 min 20 s left" and news.fraction == 0.25
        quiet.stop()
        assert quiet.poll().state == runs.STOPPING and "Stopping" in quiet.poll().message
        run.clear_stop()  # as a process does that had begun in the moment of the click
        assert quiet.poll().state == runs.STOPPING and run.stop_requested()
        say(phase="failed", error={"what": "It broke.", "why": "", "remedy": "Mend it"})
    news = quiet.poll()
    assert news.state == runs.FAILED and news.message == "It broke. Mend it." and news.canResume


def test_a_stop_before_anything_was_learned_claims_nothing_saved(quiet):
    (quiet.folder / "status.json").write_text(json.dumps({"phase": "stopped", "iteration": 0, "of": 20}))
    news = quiet.poll()
    assert news.state == runs.STOPPED and news.canResume and "saved" not in news.message
    (quiet.folder / "checkpoint.pt").touch()
    assert "Everything is saved" in quiet.poll().message


def test_a_process_that_falls_silent_is_told(quiet):
    run = RunFolder.open(quiet.folder)
    with run.lock():
        with StatusWriter(run) as writer:
            writer.update(phase="training", message="Training")
        document = json.loads(run.status_file.read_text())
        run.status_file.write_text(json.dumps({**document, "heartbeat": time.time() - 125}))
        assert "no sign of life for 2 min 5 s" in quiet.poll().message


def test_a_training_on_another_computer_is_not_ended_from_here(quiet):
    document = {"phase": "training", "host": "elsewhere", "pid": os.getpid(), "heartbeat": time.time()}
    (quiet.folder / "status.json").write_text(json.dumps(document))
    assert quiet.poll().state == runs.RUNNING
    with pytest.raises(InputError, match="another computer, elsewhere"):
        quiet.kill()


@pytest.fixture
def bystander():
    """A process that has nothing to do with a training."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("host", ["", host_name()])
@pytest.mark.parametrize("isStartTold", [False, True])
@pytest.mark.parametrize("isLocked", [False, True])
def test_a_process_that_a_run_folder_only_claims_is_left_alone(quiet, bystander, host, isStartTold, isLocked):
    """A run folder from elsewhere may name any process, even with its true start time."""
    started = process_start_time(bystander.pid) if isStartTold else None
    status = {"phase": "training", "host": host, "pid": bystander.pid, "process_started": started}
    run = RunFolder.open(quiet.folder)
    with run.lock() if isLocked else contextlib.nullcontext():  # by this process, not by the one that is named
        (quiet.folder / "status.json").write_text(json.dumps({**status, "heartbeat": time.time()}))
        assert quiet.poll().isAtWork
        with pytest.raises(InputError, match=r"not certain which process works in .*task manager"):
            quiet.kill()
    time.sleep(0.1)
    assert bystander.poll() is None


def test_without_locks_only_what_was_started_from_here_is_ended(quiet, bystander, monkeypatch):
    monkeypatch.setattr(runs, "is_locked", lambda _path: None)
    status = {"phase": "training", "host": host_name(), "pid": bystander.pid, "heartbeat": time.time()}
    status["process_started"] = process_start_time(bystander.pid)
    (quiet.folder / "status.json").write_text(json.dumps(status))
    with pytest.raises(InputError, match="not certain"):
        quiet.kill()
    assert bystander.poll() is None


def test_a_read_only_folder_is_watched_all_the_same(quiet, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(InputError, match="can't be written"):
        quiet.stop()
    assert quiet.poll().state == runs.NEW


# --- metrics


@pytest.mark.undisturbed
def test_the_rows_of_a_long_run_come_in_portions(quiet):
    run = RunFolder.open(quiet.folder)
    for iteration in range(1, 6001):
        run.append_metrics({"kind": "train", "iteration": iteration, "loss": 1 / iteration, "rate": 0.001})
    seen, spent = [], []
    for _ in range(20):
        began = time.process_time()
        news = quiet.poll()
        spent.append(time.process_time() - began)
        assert not news.isRestarted
        seen += [row["iteration"] for row in news.newRows]
    assert seen == list(range(1, 6001)) and max(spent) < 0.05


@pytest.mark.parametrize("again", [0, 3, 60])
def test_rows_that_a_resume_takes_back_are_told(quiet, again):
    run = RunFolder.open(quiet.folder)
    for iteration in range(1, 21):
        run.append_metrics({"kind": "train", "iteration": iteration})
    run.append_metrics({"kind": "validation", "iteration": 20})
    assert len(quiet.poll().newRows) == 21
    run.truncate_metrics(10)
    for iteration in range(11, 11 + again):
        run.append_metrics({"kind": "train", "iteration": iteration, "text": "x" * (again == 60)})
    news = quiet.poll()
    assert news.isRestarted and [row["iteration"] for row in news.newRows] == list(range(1, 11 + again))
    run.append_metrics({"kind": "event", "iteration": 10 + again, "text": "y"})
    news = quiet.poll()
    assert not news.isRestarted and len(news.newRows) == 1


def test_runs_are_listed_the_newest_first_and_nothing_else(project):
    assert runs.listRuns(project) == []
    first, second = project.runsFolder / "a", project.runsFolder / "b"
    for age, folder in ((100, first), (0, second)):
        RunFolder.create(folder, project.request().to_dict())
        os.utime(folder / "run.json", (time.time() - age,) * 2)
    (project.runsFolder / "c").mkdir()
    (project.runsFolder / "d").write_text("")
    assert [watch.folder for watch in runs.listRuns(project)] == [second, first]
    shutil.rmtree(second)
    assert [watch.name for watch in runs.listRuns(project)] == ["a"]
    assert read_status(first) is None
