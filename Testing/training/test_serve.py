"""The warm process of graphical programs: the same results as the command line's, and nothing disturbs the lines."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from dualtaskseg import cli
from dualtaskseg.contract.dataset import Case, Dataset
from dualtaskseg.contract.segment import Segment
from dualtaskseg.io.geometry import geometry_of
from dualtaskseg.method.networks import build_networks, weights_of
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import rename_model, write_model
from dualtaskseg.synthetic.cohort import write_dicom_series
from safetensors.torch import save_file
from test_predict_command import make_scan
from test_predictor import make_model, make_plan

ENDS = ("done", "error", "cancelled")
# With another number of threads, sums are taken in another order and differ in the last bit.
ENVIRONMENT = {**os.environ, "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}


class Client:
    """A program that talks to ``dualtaskseg serve``."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            command or [sys.executable, "-m", "dualtaskseg", "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
        )
        self.events: queue.Queue[dict] = queue.Queue()
        self.errors: list[bytes] = []
        self.number = 0
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.events.put(json.loads(line))  # every line is one document, or this thread ends and the test waits

    def send(self, line: str | bytes) -> None:
        self.process.stdin.write((line.encode("utf-8") if isinstance(line, str) else line) + b"\n")
        self.process.stdin.flush()

    def ask(self, op: str, **request) -> int:
        self.number += 1
        self.send(json.dumps({"id": self.number, "op": op, **request}))
        return self.number

    def next(self, *kinds: str, seconds: float = 120.0) -> dict:
        """The next event of these kinds; others are passed over."""
        while True:
            event = self.events.get(timeout=seconds)
            if event["event"] in kinds:
                return event

    def result(self, op: str, **request) -> dict:
        number = self.ask(op, **request)
        event = self.next(*ENDS)
        assert event["id"] == number and event["event"] == "done", event
        return event["result"]

    def error(self, op: str, **request) -> dict:
        self.ask(op, **request)
        event = self.next(*ENDS)
        assert event["event"] == "error" and event["what"] and event["remedy"], event
        return event

    def end(self) -> int:
        self.process.stdin.close()
        return self.process.wait(30)


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(scope="module")
def client():
    client = Client()
    yield client
    if client.process.poll() is None:
        assert client.end() == 0


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    plan = make_plan(values=(3, 9), patch=(16, 16, 16), spacing=(1.1, 1.1, 1.1))
    segments = (replace(plan.segments[0], name="Left / right"), replace(plan.segments[1], name="Fluß"))
    return make_model(tmp_path_factory.mktemp("Modelle ü") / "model", plan.replaced(segments=segments))


@pytest.fixture(scope="module")
def large_scan(tmp_path_factory) -> Path:
    """Takes long to segment."""
    path = tmp_path_factory.mktemp("large") / "large.nrrd"
    array = np.random.default_rng(1).integers(0, 900, (200, 200, 200)).astype(np.int16)
    sitk.WriteImage(sitk.GetImageFromArray(array), str(path))
    return path


def same(ours: Path | str, theirs: Path | str) -> None:
    ours, theirs = sitk.ReadImage(str(ours)), sitk.ReadImage(str(theirs))
    assert ours.GetPixelID() == theirs.GetPixelID()
    assert np.array_equal(sitk.GetArrayFromImage(ours), sitk.GetArrayFromImage(theirs))
    assert geometry_of(ours).same_grid(geometry_of(theirs))


def dataset_of(folder: Path, cases: list[Case], segments: tuple[Segment, ...] = ()) -> dict:
    return Dataset("Daten", folder, tuple(cases), segments, "").to_dict()


# --- predict


@pytest.fixture(scope="module")
def by_command(model, tmp_path_factory) -> Path:
    """A folder ``scans`` with one scan for each direction, and ``cli`` with what the command makes of them."""
    folder = tmp_path_factory.mktemp("Aufnahmen ß")
    for direction in ("LPS", "PSR", "RAI"):
        make_scan(folder / "scans" / f"Kopf ü {direction}.nii.gz", direction=direction)
    arguments = ["predict", str(model), str(folder / "scans"), "--out", str(folder / "cli"), "--sdm", "--uncertainty"]
    subprocess.run([sys.executable, "-m", "dualtaskseg", *arguments, "--device", "cpu"], check=True, env=ENVIRONMENT)
    return folder


@pytest.mark.parametrize("direction", ["LPS", "PSR", "RAI"])
def test_results_equal_those_of_the_command_line(client, model, by_command, tmp_path, direction):
    scan, theirs, name = by_command / "scans" / f"Kopf ü {direction}.nii.gz", by_command / "cli", f"Kopf ü {direction}"
    out = tmp_path / "Ergebnis ß"
    result = client.result("predict", model=str(model), image=str(scan), folder=str(out), sdm=True, uncertainty=True)
    same(result["label"], theirs / f"{name}.nii.gz")
    assert list(result["sdm"]) == ["Left / right", "Fluß"]
    same(result["sdm"]["Left / right"], theirs / f"{name}_sdm_Left _ right.nii.gz")
    same(result["sdm"]["Fluß"], theirs / f"{name}_sdm_Fluß.nii.gz")
    same(result["uncertainty"], theirs / f"{name}_uncertainty.nii.gz")
    scan_grid, label_grid = geometry_of(sitk.ReadImage(str(scan))), geometry_of(sitk.ReadImage(result["label"]))
    assert label_grid.size == scan_grid.size
    for name in ("spacing", "origin", "direction"):  # but for the last bit, not only within a tenth of a voxel
        assert getattr(label_grid, name) == pytest.approx(getattr(scan_grid, name), rel=0, abs=1e-12)
    assert sorted(file.name for file in out.iterdir()) == sorted(
        ["label.nrrd", "sdm_Left _ right.nrrd", "sdm_Fluß.nrrd", "uncertainty.nrrd"]
    )
    assert set(np.unique(sitk.GetArrayFromImage(sitk.ReadImage(result["label"])))) <= {0, 3, 9}
    assert [segment["name"] for segment in result["segments"]] == ["Left / right", "Fluß"]
    assert 0 <= result["agreement"] <= 1 and 0 <= result["predicted_dice"] <= 1 and result["device"]


def test_a_dicom_series_is_a_scan_too(client, model, tmp_path):
    scan = sitk.ReadImage(str(make_scan(tmp_path / "source.nii.gz", direction="RAI")))
    write_dicom_series(scan, tmp_path / "serie", 1, "nobody")
    result = client.result("predict", model=str(model), image=str(tmp_path / "serie"), folder=str(tmp_path / "out"))
    assert result["sdm"] == {} and result["uncertainty"] is None
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["label.nrrd"]
    assert cli.main(["predict", str(model), str(tmp_path / "serie"), "--out", str(tmp_path), "--device", "cpu"]) == 0
    same(result["label"], tmp_path / "serie.nii.gz")


def test_progress_grows_and_tells_what_is_done(client, model, tmp_path):
    scan = tmp_path / "scan.nrrd"
    array = np.random.default_rng(1).integers(0, 900, (80, 80, 80)).astype(np.int16)
    sitk.WriteImage(sitk.GetImageFromArray(array), str(scan))
    client.ask("predict", model=str(model), image=str(scan), folder=str(tmp_path / "out"), sdm=True)
    assert client.next("started", "progress")["event"] == "started"
    fractions, texts, left = [], [], []
    while (event := client.next("progress", *ENDS))["event"] == "progress":
        fractions.append(event["fraction"])
        texts.append(event["text"])
        left.append(event["seconds_left"])
    assert event["event"] == "done"
    assert fractions == sorted(fractions) and fractions[0] >= 0 and fractions[-1] <= 1
    assert list(dict.fromkeys(texts)) == [
        "Loading the networks",
        "Reading the scan",
        "Segmenting",
        "Writing the results",
    ]
    assert len(fractions) < 2000 and any(value is not None and value >= 0 for value in left)


def test_a_model_stays_loaded_until_it_is_another(client, tmp_path):
    folder = make_model(tmp_path / "model", make_plan(patch=(16, 16, 16)))
    scan = make_scan(tmp_path / "scan.nrrd")

    def ask():
        result = client.result("predict", model=str(folder), image=str(scan), folder=str(tmp_path / "out"), sdm=True)
        [sdm] = result["sdm"].values()
        return result, sitk.GetArrayFromImage(sitk.ReadImage(sdm))

    first, before = ask()
    second, again = ask()
    assert np.array_equal(before, again) and first["weights_sha256"] == second["weights_sha256"]
    rename_model(folder, "Neuer Name")
    assert ask()[0]["model_name"] == "Neuer Name"
    plan = make_plan(patch=(16, 16, 16))
    torch.manual_seed(4)
    weights = weights_of(build_networks(plan))
    description = ModelDescription("Other", plan.segments, plan.to_dict(), {"labeled": 1})
    write_model(folder, description, lambda path: save_file(weights, path))
    third, other = ask()
    assert third["weights_sha256"] != first["weights_sha256"] and not np.array_equal(before, other)


def test_earlier_results_are_replaced_and_nothing_else(client, model, tmp_path):
    scan = make_scan(tmp_path / "label.nrrd")
    request = {"model": str(model), "image": str(scan)}
    assert "is no result of this program" in client.error("predict", folder=str(tmp_path), **request)["what"]
    out = tmp_path / "out"
    client.result("predict", folder=str(out), **request)
    client.result("predict", folder=str(out), **request)
    (out / "label.nrrd").write_text("mine")
    assert "label.nrrd" in client.error("predict", folder=str(out), **request)["what"]
    assert (out / "label.nrrd").read_text() == "mine" and [file.name for file in out.iterdir()] == ["label.nrrd"]


@pytest.mark.parametrize("what", ["missing", "damaged", "flat", "no model"])
def test_bad_input_is_told_and_the_next_job_works(client, model, tmp_path, what):
    scan = make_scan(tmp_path / "scan.nrrd")
    bad = tmp_path / "bad.nrrd"
    if what == "damaged":
        bad.write_bytes(scan.read_bytes()[:-100])
    elif what == "flat":
        sitk.WriteImage(sitk.Image([5, 5], sitk.sitkInt16), str(bad))
    request = {"model": str(model), "image": str(bad), "folder": str(tmp_path / "out")}
    if what == "no model":
        request = {**request, "model": str(tmp_path / "nothing"), "image": str(scan)}
    error = client.error("predict", **request)
    assert str(tmp_path) in error["what"] and "is_defect" not in error
    assert not (tmp_path / "out").exists()
    client.result("predict", model=str(model), image=str(scan), folder=str(tmp_path / "out"))


def test_a_device_that_is_not_there_is_told(client, model, tmp_path):
    scan = make_scan(tmp_path / "scan.nrrd")
    request = {"model": str(model), "image": str(scan), "folder": str(tmp_path / "out"), "device": "cuda:99"}
    assert "cuda:99" in client.error("predict", **request)["what"]


# --- cancel and end


def test_jobs_are_cancelled_wherever_they_are(client, model, large_scan, tmp_path):
    request = {"model": str(model), "image": str(large_scan), "folder": str(tmp_path / "out")}
    running, waiting = client.ask("predict", **request), client.ask("predict", **request)
    while client.next("progress")["text"] != "Segmenting":
        pass
    client.send(json.dumps({"op": "cancel", "id": waiting}))
    assert client.next(*ENDS) == {"id": waiting, "event": "cancelled"}
    asked = time.monotonic()
    client.send(json.dumps({"op": "cancel", "id": running}))
    assert client.next(*ENDS) == {"id": running, "event": "cancelled"}
    assert time.monotonic() - asked < 5
    assert not (tmp_path / "out").exists()
    client.send(json.dumps({"op": "cancel", "id": running}))  # too late, and of no effect
    client.send(json.dumps({"op": "cancel"}))
    assert client.result("findscans", folder=str(large_scan.parent)) == {"count": 1}


@pytest.mark.parametrize("when", ["idle", "at work", "waiting"])
def test_the_end_of_the_input_ends_the_process(model, large_scan, tmp_path, when):
    client = Client()
    client.next("ready")
    if when != "idle":
        for _ in range(2 if when == "waiting" else 1):
            client.ask("predict", model=str(model), image=str(large_scan), folder=str(tmp_path / "out"))
        while client.next("progress")["text"] != "Segmenting":
            pass
    asked = time.monotonic()
    assert client.end() == 0
    assert time.monotonic() - asked < 8
    assert not (tmp_path / "out").exists()


# --- the lines


def test_whatever_is_no_request_is_answered(client, tmp_path):
    for line in ("no JSON", "[1, 2]", b"\xff\xfe", '{"op": "fly", "id": 7}', '{"op": "predict"}', "[" * 100_000):
        client.send(line)
        event = client.next("error")
        assert event["is_defect"] and "not understood" in event["what"]
    client.send("")
    event = client.error("predict", model=str(tmp_path))  # a request without what it needs: our own defect
    assert event["is_defect"] and "KeyError" in event["what"]
    wait_until(lambda: any(b"Traceback" in line for line in list(client.errors)))  # comes by another pipe
    assert client.result("findscans", folder=str(tmp_path)) == {"count": 0}


def test_what_others_print_does_not_get_between_the_lines():
    code = (
        "import os, sys\n"
        "from dualtaskseg.serving.channel import Channel\n"
        "from dualtaskseg.serving.server import Server\n"
        "channel = Channel.of_this_process()\n"
        "def noisy(job):\n"
        "    print('from Python'); os.write(1, b'from C\\n'); os.system('echo from a child')\n"
        "    return {'answer': sys.stdin.readline(), 'nan': float('nan'), 'text': 'ß 空 \\udcff'}\n"
        "Server(channel, {'noisy': noisy}).serve()\n"
    )
    client = Client(sys.executable, "-c", code)
    assert client.next("ready")["operations"] == ["noisy"]
    result = client.result("noisy")
    assert result == {"answer": "", "nan": None, "text": "ß 空 \udcff"}  # names that are no UTF-8 come through
    assert client.end() == 0
    printed = b"".join(client.errors)
    assert all(text in printed for text in (b"from Python", b"from C", b"from a child"))


def test_a_listener_that_is_gone_does_no_harm(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "dualtaskseg", "serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert b"ready" in process.stdout.readline()
    process.stdout.close()
    request = json.dumps({"id": 1, "op": "findscans", "folder": str(tmp_path)}).encode()
    _, errors = process.communicate(request + b"\n", timeout=30)
    assert process.returncode == 0 and not errors


# --- check, rank, findscans, devices


def test_check_tells_the_problems_of_each_case(client, cohort, dataset, tmp_path):
    good, other = dataset.labeled[:2]
    bad = Case("schlecht", good.image, other.label, "labeled")
    gone = Case("weg", tmp_path / "weg.nrrd", None, "unlabeled")
    result = client.result("check", dataset=dataset_of(tmp_path, [good, bad, gone], dataset.segments))
    assert set(result["problems"]) >= {"schlecht", "weg"} and result["errors"] >= 2
    [problem] = [each for each in result["problems"]["schlecht"] if each["code"] == "other-grid"]
    assert problem["severity"] == "error" and "grid" in problem["what"] and problem["remedy"]
    assert "does not exist" in result["problems"]["weg"][0]["what"]
    good_only = client.result("check", dataset=dataset_of(tmp_path, [good]))
    assert good_only["errors"] == 0 and [segment["value"] for segment in good_only["segments"]]


def test_a_check_is_cancelled(client, dataset, tmp_path):
    cases = [Case(f"c{i}", dataset.cases[0].image, None, "unlabeled") for i in range(3000)]
    number = client.ask("check", dataset=dataset_of(tmp_path, cases))
    while client.next("progress")["fraction"] == 0:
        pass
    client.send(json.dumps({"op": "cancel", "id": number}))
    assert client.next(*ENDS) == {"id": number, "event": "cancelled"}


def test_rank_agrees_with_the_command_line(client, model, tmp_path, capsys):
    images = tmp_path / "images"
    scans = [make_scan(images / f"{name}.nrrd", seed) for seed, name in enumerate("abc")]
    (images / "bad.nrrd").write_text("nothing")
    cases = [Case(scan.stem, scan, None, "unlabeled") for scan in [*scans, images / "bad.nrrd"]]
    number = client.ask("rank", model=str(model), dataset=dataset_of(tmp_path, cases), device="cpu")
    items = []
    while (event := client.next("item", *ENDS))["event"] == "item":
        items.append(event)
    assert event["event"] == "done" and event["id"] == number
    assert cli.main(["rank", str(model), str(tmp_path), "--json", "--device", "cpu"]) == 2
    theirs = json.loads(capsys.readouterr().out)
    assert event["result"] == theirs
    assert [item["case"] for item in items] == ["a", "b", "c"]
    assert [entry["case"] for entry in event["result"]["failed"]] == ["bad"]


def test_nothing_to_rank_is_told(client, model, dataset, tmp_path):
    error = client.error("rank", model=str(model), dataset=dataset_of(tmp_path, dataset.labeled))
    assert "No case is unlabeled" in error["what"]


def test_scans_are_told_as_they_are_found(client, tmp_path):
    folder = tmp_path / "Ordner ß"
    make_scan(folder / "a.nii.gz")
    make_scan(folder / "unter" / "b.nrrd")
    scan = sitk.ReadImage(str(folder / "a.nii.gz"))
    write_dicom_series(scan, folder / "serie", 1, "nobody")
    write_dicom_series(scan, folder / "zwei", 2, "nobody")
    write_dicom_series(scan, tmp_path / "andere", 3, "nobody")
    for file in (tmp_path / "andere").iterdir():
        file.rename(folder / "zwei" / f"x{file.name}")
    client.ask("findscans", folder=str(folder))
    found = {}
    while (event := client.next("item", *ENDS))["event"] == "item":
        found[Path(event["path"]).relative_to(folder).as_posix()] = (event["kind"], event["problem"])
    assert event["result"] == {"count": 4}
    assert list(found) == ["a.nii.gz", "serie", "unter/b.nrrd", "zwei"]
    assert found["a.nii.gz"] == ("image", "") and found["serie"] == ("dicom", "")
    assert found["zwei"][0] == "dicom" and "2 DICOM series" in found["zwei"][1]
    assert "can't be read" in client.error("findscans", folder=str(tmp_path / "nichts"))["what"]


def test_the_devices_are_tried(client):
    result = client.result("devices")
    assert result["torch"] == torch.__version__
    by_name = {device["name"]: device for device in result["devices"]}
    assert result["automatic"] in by_name and by_name["cpu"]["problem"] == ""
    assert by_name["cpu"]["free_bytes"] > 0


def test_looking_needs_no_pytorch(tmp_path, dataset):
    code = (
        "import json, sys\n"
        "from dualtaskseg.serving.operations import Operations\n"
        "from dualtaskseg.serving.server import Job\n"
        "class Mute:\n"
        "    def send(self, **event): pass\n"
        f"request = {{'folder': {str(tmp_path)!r}, 'dataset': json.loads({json.dumps(dataset.to_dict())!r})}}\n"
        "table = Operations().table()\n"
        "for op in ('findscans', 'check'):\n"
        "    table[op](Job(Mute(), {'id': 1, 'op': op, **request}))\n"
        "print('torch' in sys.modules)\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert answer.stdout == "False\n", answer.stderr


# --- DICOM


def test_a_dicom_segmentation_is_written_once(client, model, tmp_path):
    pytest.importorskip("highdicom")
    scan = sitk.ReadImage(str(make_scan(tmp_path / "source.nii.gz", direction="RAI")))
    write_dicom_series(scan, tmp_path / "serie", 1, "nobody")
    result = client.result("predict", model=str(model), image=str(tmp_path / "serie"), folder=str(tmp_path / "out"))
    out = tmp_path / "seg.dcm"
    request = {"labels": result["label"], "series": str(tmp_path / "serie"), "out": str(out), "model": str(model)}
    report = client.result("exportseg", options={"edited": True}, **request)
    assert out.is_file() and report["algorithm_type"] == "SEMIAUTOMATIC"
    assert "exists" in client.error("exportseg", **request)["what"]
    segments = [{"name": "Leber", "value": 3, "color": [1, 2, 3], "terminology": ""}]
    segments.append({"name": "Vene", "value": 9, "color": [4, 5, 6], "terminology": ""})
    report = client.result("exportseg", **{**request, "model": None, "out": str(tmp_path / "b.dcm")}, segments=segments)
    assert {segment["name"] for segment in report["segments"]} <= {"Leber", "Vene"}


# --- lines and files that mean harm


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 1, "op": ["predict"]}',
        '{"id": 1, "op": {"predict": 1}}',
        '{"id": [1], "op": "predict"}',
        '{"id": {"a": 1}, "op": "cancel"}',
        '{"id": null, "op": "predict"}',
        '{"id": true, "op": "devices"}',
        '{"id": 1e999, "op": NaN}',
        '{"id": 1, "op": null}',
        '{"id": 1, "op": ' + "[" * 900 + "]" * 900 + "}",
        '{"id": ' + "[" * 900 + "]" * 900 + ', "op": "predict"}',
        '{"id": 1, "op": "' + "x" * 100_000 + '"}',
        '{"id": 1' + "0" * 5000 + ', "op": 5}',
        '"predict"',
        "17",
        "null",
        b'{"id": 1, "op": "\xff\xfe\x00"}',
        b"\x00" * 1000,
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda line: str(line)[:30],
)
def test_no_line_keeps_the_process_from_listening(client, tmp_path, line):
    """{"op": ["predict"]} once ended the listening: nothing was heard any more, and the process never ended."""
    client.send(line)
    if b"cancel" not in (line if isinstance(line, bytes) else line.encode()):
        event = client.next(*ENDS)
        assert event["event"] == "error" and len(event["what"]) < 1000
    assert client.result("findscans", folder=str(tmp_path)) == {"count": 0}


@pytest.mark.parametrize("value", [None, 5, [], {}, "", "x" * 300, "a\0b", ["a"], True])
@pytest.mark.parametrize(("operation", "key"), [("predict", "model"), ("predict", "image"), ("findscans", "folder")])
def test_names_of_no_file_are_told(client, model, tmp_path, operation, key, value):
    request = {"model": str(model), "image": str(tmp_path / "a.nrrd"), "folder": str(tmp_path / "out")}
    what = client.error(operation, **{**request, key: value})["what"]
    assert f"{key} of the request {operation}" in what and "fault of the program" not in what
    assert client.result("findscans", folder=str(tmp_path)) == {"count": 0}


def test_a_line_without_end_takes_no_memory_and_is_answered():
    client = Client()
    client.next("ready")
    for _ in range(200):  # MB
        client.process.stdin.write(b"x" * 2**20)
    client.send("")
    assert "not understood" in client.next("error")["what"]
    if sys.platform.startswith("linux"):
        status = Path(f"/proc/{client.process.pid}/status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        assert peak / 1024 < 250  # MB, of which the program itself has some fifty
    assert client.end() == 0


def test_the_process_ends_with_its_input_whatever_came_before():
    client = Client()
    client.next("ready")
    for line in ('{"id":1,"op":["predict"]}', '{"id":{},"op":{}}', "[" * 1000):
        client.send(line)
    client.process.stdin.write(b'{"id": 5, "op": "dev')  # and is cut off in the middle of a line
    assert client.end() == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for the memory")
def test_damaged_files_leave_nothing_in_memory(client, model, tmp_path):
    """One wrong byte in a slice of 2 KB once kept 1.5 GB for ever, at each reading."""
    scan = sitk.ReadImage(str(make_scan(tmp_path / "source.nii.gz", direction="RAI")))
    write_dicom_series(scan, tmp_path / "series", 1, "nobody")
    for file in (tmp_path / "series").iterdir():
        content = file.read_bytes()
        place = content.index(b"\x02\x00\x03\x00UI")
        file.write_bytes(content[: place + 4] + b"WI" + content[place + 6 :])

    def memory() -> float:
        status = Path(f"/proc/{client.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    request = {"model": str(model), "image": str(tmp_path / "series"), "folder": str(tmp_path / "out")}
    client.ask("predict", **request)
    client.next(*ENDS)
    before = memory()
    for _ in range(3):
        client.ask("predict", **request)
        client.next(*ENDS)
    assert memory() - before < 100


def test_measuring_and_comparing(client, tmp_path):
    """One case that fails keeps no other from being measured; alone, it is the job that fails."""
    masks = {}
    for name, width in (("before", 4), ("after", 6)):
        array = np.zeros((6, 7, 8), np.uint8)
        array[1:4, 1:5, 1 : 1 + width] = 1
        masks[name] = str(tmp_path / f"{name}.nrrd")
        sitk.WriteImage(sitk.GetImageFromArray(array), masks[name])
    record = {"label": masks["after"], "sdm": {}, "uncertainty": None, "agreement": 0.9, "predicted_dice": 0.8}
    record |= {"warnings": [], "model": "", "model_name": "m", "segments": [Segment("Liver", 1, (1, 2, 3)).to_dict()]}
    broken = {"case": "broken", "structures": ["Liver"], "masks": {"Liver": str(tmp_path / "absent.nrrd")}}
    client.ask(
        "measure",
        cases=[
            {"case": "one", "structures": ["Liver", "Cyst"], "masks": {"Liver": masks["before"]}},
            {"case": "two", "prediction": record},
            broken,
        ],
    )
    result = client.next(*ENDS)["result"]
    assert [row[:2] for row in result["rows"]] == [["one", 0.048], ["two", 0.072]]
    assert result["columns"][-2:] == ["predicted_dice", "agreement"] and result["rows"][1][-2:] == [0.8, 0.9]
    assert [each["case"] for each in result["failed"]] == ["broken"]
    client.ask("measure", cases=[broken])
    assert "absent.nrrd" in client.next(*ENDS)["what"]
    changes = {"before": {"Liver": masks["before"]}, "after": {"Liver": masks["after"]}}
    client.ask("compare", **changes, out=str(tmp_path / "map.nrrd"))
    (liver,) = client.next(*ENDS)["result"]["structures"]
    assert (liver["before_ml"], liver["added_ml"], liver["removed_ml"]) == (0.048, 0.024, 0)
    assert sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "map.nrrd"))).sum() == 24
