"""``--cluster``: work on a real Ray cluster of two computers, one of which is lost in the middle."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dualtaskseg
import importgraph
import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg import cli
from dualtaskseg.cluster.command import ClusterCommand
from dualtaskseg.cluster.engine import Cluster, Node, connected, load_train
from dualtaskseg.cluster.ledger import NAME, TABLE, open_ledger
from dualtaskseg.cluster.pool import Pool
from dualtaskseg.cluster.segmenting import Segmenting, segment_scans
from dualtaskseg.cluster.share import Share, computing_share, reading_share, room_for, training_share
from dualtaskseg.cluster.training import BEGIN, END, GO_ON, _Office
from dualtaskseg.cluster.worker import Job
from dualtaskseg.errors import InputError
from dualtaskseg.inference.outputs import OutputFiles, Scan
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.parallel.places import Place
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import PHASES_AT_END, RunState, read_status
from dualtaskseg.synthetic.cohort import write_cohort
from test_predictor import make_model, make_plan
from test_workers import BUDGET_S, RUN_FILES, kept_to_its_time

STORE = 80 << 20
COUNT = 24  # so many that a computer which is lost has one in its hands
TIMEOUT_S = 240.0


def make_scan(path: Path, seed: int) -> Path:
    image = sitk.GetImageFromArray(np.random.default_rng(seed).integers(-1000, 900, (32, 34, 32)).astype(np.int16))
    path.parent.mkdir(parents=True, exist_ok=True)
    sitk.WriteImage(image, str(path))
    return path


@pytest.fixture(scope="module")
def scans(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("scans") / "cohort"
    return write_cohort(folder, labeled=2, unlabeled=1, held_out=0, seed=1, size=(16, 16, 16)).dataset


@pytest.fixture(scope="module")
def ray_cluster() -> Iterator[object]:
    """A head and a second computer, as far as Ray can tell, with a core each."""
    from dualtaskseg.cluster.engine import load_ray

    load_ray()
    from ray.cluster_utils import Cluster as RayCluster

    folder = tempfile.mkdtemp(prefix="dts")  # Ray's sockets need a short path
    options = {"num_cpus": 1, "object_store_memory": STORE}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_TMPDIR", folder)  # where it notes the address, and where it makes no folder for it itself
        Path(folder, "ray").mkdir()
        cluster = RayCluster(
            initialize_head=True, head_node_args={**options, "include_dashboard": False, "temp_dir": folder}
        )
    cluster.add_node(**options)
    try:
        yield cluster
    finally:
        cluster.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def when(is_so: Callable[[], bool], action: Callable[[], object]) -> threading.Thread:
    """Does something as soon as something is so."""

    def wait() -> None:
        end = time.monotonic() + TIMEOUT_S
        while not is_so() and time.monotonic() < end:
            time.sleep(0.005)
        action()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def works_on(run: Path, unlike: int | None = None) -> Callable[[], bool]:
    """Whether a process trains in a run folder, another one than that with this number."""

    def is_so() -> bool:
        status = read_status(run)
        is_other = status is not None and status.pid != unlike and status.phase not in PHASES_AT_END
        return is_other and RunFolder.open(run).state() is RunState.RUNNING

    return is_so


def processes(ray_cluster, name: str = "ray::") -> set[int]:
    """Those at work that Ray started and gave such a name; its own helpers of each node are left out."""
    raylets = [node.all_processes["raylet"][0].process.pid for node in ray_cluster.list_all_nodes()]
    children = [Path(f"/proc/{pid}/task/{pid}/children").read_text().split() for pid in raylets]
    titles = {int(pid): title_of(pid) for each in children for pid in each}
    return {pid for pid, title in titles.items() if name in title and not re.search(r"Agent|IDLE", title)}


def title_of(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:  # it has just ended
        return ""


def kill_follower(ray_cluster, run: Path) -> None:
    """Ends the worker of a training on the cluster that is not the first."""
    (follower,) = processes(ray_cluster, "RayTrainWo") - {read_status(run).pid}
    os.kill(follower, signal.SIGKILL)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds a worker in /proc")
def test_a_training_that_is_stopped_and_loses_a_worker_comes_to_the_same(
    ray_cluster, narrow_networks, scans, tmp_path, monkeypatch, capfd
):
    run, plain = tmp_path / "run ß", tmp_path / "plain"
    words = ["train", str(scans), "--device", "cpu", "--iterations", "6", "--workers", "2", "--out"]
    monkeypatch.chdir(tmp_path)
    stopping = when(works_on(run), lambda: os.kill(os.getpid(), signal.SIGINT))
    assert cli.main([*words, run.name, "--cluster", ray_cluster.address]) == 3
    stopping.join()
    said = capfd.readouterr()
    assert re.search(
        r"Checking 3/3[^$]*Stopping after this step[^$]*Stopped .*Go on with:? dualtaskseg resume", said.err
    )
    assert {path.name for path in run.iterdir()} <= {*RUN_FILES}
    stopped = read_status(run)
    assert stopped.phase == "stopped"

    killing = when(works_on(run, stopped.pid), lambda: kill_follower(ray_cluster, run))
    assert cli.main(["resume", str(run), "--cluster", ray_cluster.address]) == 0
    killing.join()
    said = capfd.readouterr()
    assert "Workers were lost. The training goes on with new ones, 1 of at most 3 times.\n" in said.err
    assert said.out.startswith("Done in ") and "Traceback" not in said.err
    assert cli.main([*words, str(plain)]) == 0
    assert read_model(find_model(run)).weights_sha256 == read_model(find_model(plain)).weights_sha256
    logs = Path(ray_cluster.head_node.get_session_dir_path(), "logs")
    assert not [file for file in logs.rglob("*") if file.is_file() and b"case_0" in file.read_bytes()]

    capfd.readouterr()
    assert cli.main(["resume", str(run), "--cluster", "127.0.0.1:1"]) == 0  # no cluster is asked
    assert "is finished; its model is in" in capfd.readouterr().out
    assert cli.main([*words[:-2], "9", "--out", "new", "--cluster", ray_cluster.address]) == 2
    assert "There is room for 2 workers with a CPU core each on the Ray cluster at" in capfd.readouterr().err
    assert not Path("new").exists()


def leaves_nothing(ray_cluster, kept: set[int], run: Path) -> bool:
    """Whether all processes of a training end soon but those that were there before, and nobody holds its folder."""

    def is_so() -> bool:
        return processes(ray_cluster) <= kept and RunFolder.open(run).state() is RunState.INTERRUPTED

    when(is_so, lambda: None).join()
    return is_so()


def end_at_once(run: Path) -> None:
    """Asks this process to end, twice, while a training can't come to the end of its step."""
    os.kill(read_status(run).pid, signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes in /proc")
def test_a_training_whose_command_is_killed_leaves_nothing_and_keeps_to_its_time(
    ray_cluster, narrow_networks, scans, tmp_path, capfd
):
    run, there = tmp_path / "run", ["--cluster", ray_cluster.address]
    asked = f"--device cpu --time-budget {BUDGET_S} --workers 2".split()
    words = ["train", str(scans), *asked, "--out", str(run)]
    kept = processes(ray_cluster)
    command = subprocess.Popen([sys.executable, "-m", "dualtaskseg", *words, *there])
    when(works_on(run), command.kill).join()
    assert command.wait() == -signal.SIGKILL
    kept |= processes(ray_cluster, "_AutoscalingCo")  # the first training on a cluster starts it for all later ones
    assert leaves_nothing(ray_cluster, kept, run)

    killed, before = read_status(run), signal.getsignal(signal.SIGTERM)
    ending = when(works_on(run, killed.pid), lambda: end_at_once(run))
    capfd.readouterr()
    assert cli.main(["resume", str(run), *there]) == 3
    ending.join()
    assert re.search(r"Stopping after this step[^$]*\nEnded at once.* dualtaskseg resume", capfd.readouterr().err)
    assert leaves_nothing(ray_cluster, kept, run) and signal.getsignal(signal.SIGTERM) is before

    worked = read_status(run).elapsed_s
    assert cli.main(["resume", str(run), *there]) == 0
    kept_to_its_time(run, read_status(run).elapsed_s - worked)


def test_workers_that_are_lost_while_a_stop_is_asked_for_are_not_replaced(tmp_path):
    """As by a second click on the panel's button, which ends rank 0."""
    office = _Office(Share(2, 1, 0.0), {}, "", tmp_path / "run", {})
    assert [office.task_of(group) for group in ("a", "a", "b")] == [BEGIN, BEGIN, BEGIN]  # nothing was begun yet
    run = RunFolder.create(tmp_path / "run", {})
    assert office.task_of("c") == GO_ON
    run.request_stop()
    assert [office.task_of(group) for group in ("c", "d")] == [GO_ON, END]


INSTALL_IT = "Install it with: pip install 'dualtaskseg[cluster]'."


def refused(capsys, *words: str, sentence: str) -> bool:
    """Whether a command ends for bad input, with this sentence."""
    return cli.main([*words]) == 2 and sentence in capsys.readouterr().err


def test_a_training_that_cannot_be_on_a_cluster_is_refused(cohort, tmp_path, capsys, monkeypatch):
    words = ["train", str(cohort.dataset), "--out", str(tmp_path / "run")]
    for options, sentence in (
        (["--gpus-per-worker", "1"], "--gpus-per-worker is only for a cluster. Add --cluster local"),
        (["--cluster", "nowhere"], "nowhere is no address of a Ray cluster."),
    ):
        assert refused(capsys, *words, *options, sentence=sentence)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "ray", None)
        assert refused(capsys, *words, "--cluster", "local", sentence=INSTALL_IT)
    with monkeypatch.context() as patch:
        for name, value in Place(1, 2, 1, 2, "here", 1234, hosts=False).environment().items():
            patch.setenv(name, value)
        assert cli.main([*words, "--cluster", "local"]) == 2
        assert "This process was started as a rank of a training" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
    monkeypatch.setitem(sys.modules, "ray.train.torch", None)
    with pytest.raises(InputError, match=r"needs Ray Train.* pip install 'dualtaskseg\[cluster\]'"):
        load_train()


def test_each_rank_needs_room():
    cluster = Cluster("c", (Node(16, 2), Node(32, 2), Node(8, 0)))
    assert training_share(cluster, "auto", None, None) == Share(4, 8, 1.0, "cuda")
    assert training_share(cluster, "cpu", 5, 0) == Share(5, 8, 0.0, "cpu")
    assert room_for(Share(1, 8, 1.0), cluster.nodes[1:]) == 2
    for gpus, count, told in (
        (0.5, 2, "on one GPU, not on 0.5"),
        (2.0, 1, "on one GPU"),
        (1.0, 5, "room for 4 workers"),
    ):
        with pytest.raises(InputError, match=told):
            training_share(cluster, "auto", count, gpus)


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    plan = make_plan(values=(3, 9), patch=(16, 16, 16), spacing=(1.1, 1.1, 1.1))
    return make_model(tmp_path_factory.mktemp("Modelle ü") / "model", plan)


def lines_of(folder: Path) -> list[dict]:
    try:
        return [json.loads(line) for line in (folder / NAME).read_text().splitlines()]
    except (OSError, ValueError):
        return []


def when_done(out: Path, count: int, action: Callable[[], object]) -> threading.Thread:
    """Does something as soon as so many scans stand in the ledger."""
    return when(lambda: len(lines_of(out)) >= count, action)


@contextmanager
def noted_workers() -> Iterator[dict[int, object]]:
    """The workers that were given a scan meanwhile, by their identity."""
    at_work: dict[int, object] = {}
    usual = Pool._hand_out

    def hand_out(self: Pool, member: object, item: object) -> None:
        usual(self, member, item)
        at_work[id(member)] = member

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pool, "_hand_out", hand_out)
        yield at_work


@dataclass(frozen=True)
class Calls:
    """What three calls of the same command did: one interrupted, one that lost a computer, and the plain one."""

    words: list[str]
    scans: list[Path]
    out: Path
    plain: Path
    codes: list[int]
    first: dict[str, int]  # what stood in the folder after the interrupted one, and when it was written
    printed: str  # by the second


@pytest.fixture(scope="module")
def calls(ray_cluster, model, tmp_path_factory) -> Calls:
    folder = tmp_path_factory.mktemp("Läufe")
    scans = [make_scan(folder / "scans" / f"s{index}.nii.gz", index) for index in range(COUNT)]
    table = folder / "cases.csv"
    table.write_text("image\n" + "".join(f"scans/{scan.name}\n" for scan in scans), encoding="utf-8")
    out, plain = folder / "out", folder / "plain"
    words = ["predict", str(model), str(table), "--device", "cpu", "--mirror", "--uncertainty"]
    codes = []
    stdout, sys.stdout = sys.stdout, (folder / "printed.txt").open("w+", encoding="utf-8")
    try:
        interrupting = when_done(out, 2, lambda: os.kill(os.getpid(), signal.SIGINT))
        codes.append(cli.main([*words, "--out", str(out), "--cluster", ray_cluster.address]))
        interrupting.join()
        first = {path.name: path.stat().st_mtime_ns for path in out.glob("*.nii.gz")}
        lost = next(node for node in ray_cluster.list_all_nodes() if not node.head)
        sys.stdout.truncate(0)
        sys.stdout.seek(0)
        with noted_workers() as at_work:
            done = len(lines_of(out)) + 2
            killing = when(
                # on a busy machine the second computer's worker may be ready after two scans only
                lambda: len(at_work) == 2 and len(lines_of(out)) >= done,
                lambda: ray_cluster.remove_node(lost, allow_graceful=False),
            )
            codes.append(cli.main([*words, "--out", str(out), "--cluster", ray_cluster.address]))
            killing.join()
        sys.stdout.seek(0)
        printed = sys.stdout.read()
        codes.append(cli.main([*words, "--out", str(plain)]))
    finally:
        sys.stdout.close()
        sys.stdout = stdout
    return Calls(words, scans, out, plain, codes, first, printed)


def test_nothing_is_lost_and_nothing_done_twice(calls):
    assert calls.codes == [3, 0, 0]
    names = {scan.name.removesuffix(".nii.gz") for scan in calls.scans}
    expected = {f"{name}{kind}.nii.gz" for name in names for kind in ("", "_uncertainty")}
    assert {path.name for path in calls.out.iterdir()} == {*expected, NAME, TABLE, "ledger.lock"}
    for name in expected:  # byte for byte what the plain command writes
        assert (calls.out / name).read_bytes() == (calls.plain / name).read_bytes(), name
    done_first = {name for name in calls.first if "_" not in name}
    assert 2 <= len(done_first) < COUNT
    for name in done_first:
        assert (calls.out / name).stat().st_mtime_ns == calls.first[name], "done again"
    told = [line.split(":")[0] for line in calls.printed.splitlines() if "networks agree" in line]
    assert sorted([*told, *(name.removesuffix(".nii.gz") for name in done_first)]) == sorted(names)
    assert f"{len(done_first)} of {COUNT} scans had been segmented already" in calls.printed


def test_the_ledger_tells_what_became_of_each(calls):
    entries = lines_of(calls.out)
    assert {entry["scan"] for entry in entries} == {str(scan) for scan in calls.scans} and len(entries) == COUNT
    assert {entry["state"] for entry in entries} == {"done"} and all(entry["seconds"] > 0 for entry in entries)
    assert sum(entry["tries"] for entry in entries) == COUNT + 1, "the lost computer had one scan in its hands"
    with (calls.out / TABLE).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["scan"], row["state"]) for row in rows] == [(entry["scan"], entry["state"]) for entry in entries]
    assert all(0 <= float(row["agreement"]) <= 1 and 0 <= float(row["forecast"]) <= 1 for row in rows)


def test_again_it_does_what_is_missing_or_was_changed(ray_cluster, calls, model, capsys):
    out, scans = calls.out, calls.scans
    (out / "s0.nii.gz").unlink()
    status = scans[1].stat()
    make_scan(scans[1], seed=77)
    os.utime(scans[1], ns=(status.st_atime_ns, status.st_mtime_ns))  # the content counts, not the date
    corrected = sitk.ReadImage(str(out / "s2.nii.gz"))
    corrected[3, 4, 5] = 9 if corrected[3, 4, 5] != 9 else 0
    sitk.WriteImage(corrected, str(out / "s2.nii.gz"))
    scans[3].write_bytes(scans[3].read_bytes()[:5000])
    before = {path.name: path.read_bytes() for path in out.glob("*.nii.gz")}
    with (out / NAME).open("a") as stream:
        stream.write('{"scan": "cut sh')  # as by a crash
    capsys.readouterr()
    assert cli.main([*calls.words, "--out", str(out), "--cluster", ray_cluster.address]) == 2
    said = capsys.readouterr()
    told = [line.split(":")[0] for line in said.out.splitlines() if "networks agree" in line]
    assert sorted(told) == ["s0", "s1"]
    assert f"{COUNT - 4} of {COUNT} scans had been segmented already" in said.out
    assert f"2 of {COUNT} scans could not be segmented" in said.err and "Traceback" not in said.err
    assert "s2.nii.gz exists and was changed since this program wrote it" in said.err and str(scans[3]) in said.err
    after = {path.name: path.read_bytes() for path in out.glob("*.nii.gz")}
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"s0.nii.gz", "s1.nii.gz", "s1_uncertainty.nii.gz"}
    failed = {Path(entry["scan"]).name for entry in lines_of(out) if entry["state"] == "failed" and entry["error"]}
    assert failed == {scans[2].name, scans[3].name}
    assert [entry["state"] for entry in lines_of(out)].count("done") == COUNT - 2


@dataclass
class Doubling(Job):
    """Doubles numbers, or comes to grief."""

    refuses: bool = False

    def start(self) -> str:
        if self.refuses:
            raise InputError("There is no model here", "Put it there")
        return "fingers"

    def do(self, task: int | str, should_stop: Callable[[], bool]) -> int:
        if task == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        return 2 * task if task != "defect" else {}["no such key"]


@dataclass
class Deadly(Segmenting):
    """Scans that end whatever works on them."""

    def start(self) -> str:
        return ""

    def do(self, task: object, should_stop: Callable[[], bool]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_scan_that_kills_its_worker_twice_is_noted(ray_cluster, tmp_path):
    import ray

    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    scan = Scan(tmp_path / "a.nii.gz", "a")
    job = Deadly(tmp_path, "cpu", False, False, "", [scan.path], "")
    files = OutputFiles.named(lambda *kind: tmp_path / scan.output_name(*kind), ["Organ"])
    with connected(ray_cluster.address) as cluster, open_ledger(tmp_path / "out") as ledger:
        (outcome,) = segment_scans(ClusterCommand(cluster, ""), Share(1, 1, 0.0), job, [(scan, files)], ledger)
        entry = ledger.entry(scan.path)
    assert (entry.state, entry.tries) == ("set aside", 2) and outcome.error.exit_code == 2
    assert entry.error == str(outcome.error) and "a.nii.gz is set aside: 2 workers were lost" in entry.error


def test_a_task_that_kills_its_worker_twice_is_set_aside(ray_cluster):
    import ray

    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers don't find this file
    taken, most = [], 0
    with connected(ray_cluster.address) as cluster:

        def tasks() -> Iterator[int | str]:
            for task in (1, "deadly", "defect", *range(2, 40)):
                taken.append(task)
                yield task

        answers = {}
        with Pool(cluster, Share(2, 1, 0.0), Doubling()) as pool:
            for answer in pool.run(tasks()):
                most = max(most, len(taken) - len(answers))
                answers[answer.task] = answer
        assert {task: answers[task].result for task in range(1, 40)} == {task: 2 * task for task in range(1, 40)}
        assert answers["deadly"].lost and answers["deadly"].tries == 2
        assert answers["defect"].fault.exit_code == 1 and "KeyError" in answers["defect"].fault.details
        assert most <= 2 + 2, "tasks are taken as workers become free"
        refusal = pytest.raises(InputError, match=r"There is no model here\. Put it there\.")
        with Pool(cluster, Share(2, 1, 0.0), Doubling(refuses=True)) as pool, refusal:
            list(pool.run([1, 2, 3]))


def test_check_and_rank_say_the_same_as_without_a_cluster(ray_cluster, model, cohort, capsys, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", ray_cluster.address)

    def said(*words: object) -> dict:
        code = cli.main([*map(str, words), "--json"])
        return {"code": code, **json.loads(capsys.readouterr().out)}

    for words in (("check", cohort.dataset), ("rank", model, cohort.dataset, "--device", "cpu")):
        assert said(*words, "--cluster", "auto") == said(*words)


def test_what_cannot_be_is_told_at_once(model, tmp_path, capsys, monkeypatch):
    scan = make_scan(tmp_path / "a.nii.gz", 0)
    words = ["predict", str(model), str(scan), "--out", str(tmp_path / "out")]
    for options, sentence in (
        (["--workers", "2"], "--workers is only for a cluster. Add --cluster local, or leave --workers out."),
        (["--cluster", "local", "--table", "t.csv"], "--table is not written by work on a cluster. Leave --table out"),
        (["--cluster", "nowhere"], "nowhere is no address of a Ray cluster. Give auto, local, or HOST:PORT"),
        (["--cluster", "ray://here:10001"], "ray://here:10001 is no address of a Ray cluster."),
        (["--cluster", "127.0.0.1:1"], "No Ray cluster answers at 127.0.0.1:1"),
    ):
        assert refused(capsys, *words, *options, sentence=sentence)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "ray", None)
        assert refused(capsys, *words, "--cluster", "local", sentence=INSTALL_IT)
    assert not (tmp_path / "out").exists()


def test_a_foreign_ledger_is_left_alone(tmp_path):
    for name in (NAME, TABLE, "ledger.lock"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_text("my notes\n")
        with pytest.raises(InputError, match=r"Move it away|this program"), open_ledger(folder):
            pass
        assert (folder / name).read_text() == "my notes\n"
    busy = pytest.raises(InputError, match="Another command is writing")
    with open_ledger(tmp_path / "busy"), busy, open_ledger(tmp_path / "busy"):
        pass


@pytest.mark.parametrize(
    "changes",
    [
        *({"scan": value} for value in (3, None, ["a"])),
        *({"state": "thrown away"}, {"tries": "2"}, {"tries": True}, {"seconds": "long"}, {"agreement": [1]}),
        *({"error": 7}, {"made_from": {"scan": 1}}, {"results": [1]}, None),
    ],
)
def test_a_line_that_is_no_entry_is_told_with_its_number(tmp_path, changes):
    entry = {"scan": "/a.nrrd", "state": "done"}
    lines = [entry, [entry] if changes is None else {**entry, **changes}]
    (tmp_path / NAME).write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(InputError, match=f"{NAME}, line 2, is not of a ledger"), open_ledger(tmp_path):
        pass


def test_each_device_gets_a_worker():
    nodes = (Node(16, 2), Node(32, 2), Node(8, 0))
    cluster = Cluster("c", nodes)
    assert computing_share(cluster, "auto", None, None) == Share(4, 8, 1.0, "cuda")
    assert computing_share(cluster, "auto", None, 0.5) == Share(8, 4, 0.5, "cuda")
    assert computing_share(cluster, "cpu", None, None) == Share(3, 16, 0.0, "cpu")
    assert computing_share(Cluster("c", (Node(4, 0),)), "auto", 3, None) == Share(3, 1, 0.0, "cpu")
    assert reading_share(cluster, None) == Share(12, 1, 0.0)
    for device, gpus in (("cuda:1", None), ("cpu", 1.0)):
        with pytest.raises(InputError):
            computing_share(cluster, device, None, gpus)
    with pytest.raises(InputError, match="has a GPU"):
        computing_share(Cluster("c", (Node(4, 0),)), "cuda", None, None)


def test_a_training_of_a_campaign_is_asked_to_stop():
    from compare_methods import output_of
    from dualtaskseg.errors import StoppedError

    told = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); time.sleep(60)"
    began = time.monotonic()
    with pytest.raises(StoppedError):
        output_of([sys.executable, "-c", told], dict(os.environ), lambda: True)
    assert time.monotonic() - began < 30
    assert output_of([sys.executable, "-c", "print(7)"], dict(os.environ), lambda: False) == "7\n"


def test_only_the_room_of_the_cluster_knows_ray():
    files = importgraph.modules(Path(dualtaskseg.__file__).parent)
    knowing = {name for name, file in files.items() if "ray" in importgraph.imported(importgraph.parsed(file))}
    assert knowing and all(name.startswith("cluster.") for name in knowing)
