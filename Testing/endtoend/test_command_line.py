"""The command line as a user types it: the whole path on synthetic scans, and what it says when something is wrong."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg.synthetic.cohort import write_cohort
from nursery import Nursery, Outcome

COMMANDS = [
    "check",
    "train",
    "resume",
    "stop",
    "status",
    "predict",
    "evaluate",
    "measure",
    "rank",
    "export-seg",
    "model",
    "demo",
]


@pytest.fixture(scope="module")
def dualtaskseg(tmp_path_factory) -> Iterator[Callable[..., Outcome]]:
    """Runs a command in a process of its own and checks its exit code and that no traceback is shown."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NARROW_NETWORKS")  # these learn something
        nursery = Nursery(tmp_path_factory.mktemp("children"), ("dualtaskseg.training.trainer", "SimpleITK"))
    with nursery:

        def run(*arguments: object, code: int = 0) -> Outcome:
            outcome = nursery.run(*arguments, within=300)
            assert outcome.code == code, f"{outcome}\n{outcome.output}"
            assert "Traceback" not in outcome.errors + outcome.output
            return outcome

        yield run


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    folder = tmp_path_factory.mktemp("Kohorte ß 空") / "Daten mit Leerzeichen"
    return write_cohort(folder, labeled=4, unlabeled=4, held_out=3, seed=2, size=(20, 24, 20))


@pytest.fixture(scope="module")
def run(dualtaskseg, cohort, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("läufe") / "erster Lauf"
    dualtaskseg("train", cohort.dataset, "--out", folder, "--iterations", 60, "--device", "cpu")
    return folder


@pytest.fixture(scope="module")
def predictions(dualtaskseg, cohort, run, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("out") / "Masken"
    dualtaskseg(
        "predict", run, cohort.held_out_images, "--out", out, "--sdm", "--probability", "--uncertainty"
    )  # fmt: skip
    return out


# --- the whole path


def test_check_finds_the_cohort_sound(dualtaskseg, cohort):
    result = dualtaskseg("check", cohort.dataset)
    assert "4 labeled and 4 unlabeled" in result.output and "No problems found" in result.output
    assert json.loads(dualtaskseg("check", cohort.dataset, "--json").output)


def test_train_leaves_a_run_folder_model_and_report(dualtaskseg, run):
    assert {path.name for path in run.iterdir()} >= {
        "run.json", "split.json", "plan.json", "status.json", "metrics.jsonl", "log.txt", "checkpoint.pt", "prepared",
        "model", "report.html",
    }  # fmt: skip
    assert not list(run.glob(".tmp*"))
    status = json.loads(dualtaskseg("status", run, "--json").output)
    assert "finished" in json.dumps(status)
    assert "finished" in dualtaskseg("status", run).output


def test_predict_keeps_the_grid_and_writes_what_was_asked(cohort, predictions):
    scans = sorted(cohort.held_out_images.iterdir())
    assert len(scans) == 3
    for scan in scans:
        name = scan.name.removesuffix(".nii.gz")
        image = sitk.ReadImage(str(scan))
        label = sitk.ReadImage(str(predictions / f"{name}.nii.gz"))
        for kind in ("sdm_Organ", "sdm_Vein", "probability_Organ", "probability_Vein", "uncertainty"):
            volume = sitk.ReadImage(str(predictions / f"{name}_{kind}.nii.gz"))
            assert volume.GetPixelID() == sitk.sitkFloat32
            assert volume.GetSize() == image.GetSize()
            assert np.allclose(volume.GetDirection(), image.GetDirection(), atol=1e-5)
        assert label.GetSize() == image.GetSize()
        assert np.allclose(label.GetOrigin(), image.GetOrigin(), atol=1e-4)
        assert set(np.unique(sitk.GetArrayFromImage(label))) <= {0, 1, 2}
        distance = sitk.GetArrayFromImage(sitk.ReadImage(str(predictions / f"{name}_sdm_Organ.nii.gz")))
        assert distance.min() < 0 < distance.max()


def test_sixty_steps_are_better_than_nothing(dualtaskseg, cohort, predictions, tmp_path):
    result = dualtaskseg(
        "evaluate", "--prediction", predictions, "--reference", cohort.held_out_labels, "--json"
    )  # fmt: skip
    cases = json.loads(result.output)["cases"]
    union = [row["dice"] for row in cases if row["segment"] == "all segments"]
    assert len(union) == 3 and np.mean(union) > 0.25
    out = tmp_path / "metrics.csv"
    table = dualtaskseg("evaluate", "--prediction", predictions, "--reference", cohort.held_out_labels, "--out", out)
    assert "Organ" in table.output
    with out.open(newline="", encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == 9


def test_rank_lists_the_unlabeled_scans(dualtaskseg, cohort, run, tmp_path):
    out = tmp_path / "ranking.csv"
    dualtaskseg("rank", run, cohort.dataset, "--out", out)
    with out.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 4
    assert all(0 <= float(row["predicted_dice"]) <= 1 for row in rows)


def test_a_model_travels_as_one_file(dualtaskseg, cohort, run, predictions, tmp_path):
    file = tmp_path / "Modell.dtsmodel"
    dualtaskseg("model", "export", run, "--out", file)
    dualtaskseg("model", "import", file, "--out", tmp_path / "models")
    (model,) = [path for path in (tmp_path / "models").iterdir() if path.is_dir()]
    assert "Organ" in dualtaskseg("model", "info", model).output
    scan = sorted(cohort.held_out_images.iterdir())[0]
    dualtaskseg("predict", model, scan, "--out", tmp_path / "again")
    first, second = (
        sitk.GetArrayFromImage(sitk.ReadImage(str(folder / scan.name))) for folder in (predictions, tmp_path / "again")
    )
    assert np.array_equal(first, second)


def test_a_dicom_series_is_segmented_on_its_own_grid(dualtaskseg, cohort, run, tmp_path):
    series = next(path for path in (cohort.dataset / "images").iterdir() if path.is_dir())
    dualtaskseg("predict", run, series, "--out", tmp_path)
    result = sitk.ReadImage(str(tmp_path / f"{series.name}.nii.gz"))
    scan = sitk.ReadImage(sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(series)))
    assert result.GetSize() == scan.GetSize() and len(set(scan.GetSize())) > 1
    assert result.GetSpacing() == pytest.approx(scan.GetSpacing(), rel=1e-5)
    assert result.GetOrigin() == pytest.approx(scan.GetOrigin(), abs=1e-3)
    assert result.GetDirection() == pytest.approx(scan.GetDirection(), abs=1e-5)


def test_a_bad_scan_among_good_ones_is_named_and_the_rest_goes_on(dualtaskseg, cohort, run, tmp_path):
    scans = tmp_path / "scans"
    scans.mkdir()
    good = sorted(cohort.held_out_images.iterdir())[0]
    (scans / "a.nii.gz").write_bytes(good.read_bytes()[:500])
    (scans / "b.nii.gz").write_bytes(good.read_bytes())
    result = dualtaskseg("predict", run, scans, "--out", tmp_path / "out", code=2)
    assert "a.nii.gz" in result.errors
    assert (tmp_path / "out" / "b.nii.gz").is_file() and not (tmp_path / "out" / "a.nii.gz").exists()


# --- stop and resume


def test_stop_and_resume_from_another_process(dualtaskseg, cohort, tmp_path):
    folder = tmp_path / "run"
    process = subprocess.Popen(
        [sys.executable, "-m", "dualtaskseg", "train", cohort.dataset, "--out", folder, "--iterations", "2000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        status = folder / "status.json"
        if status.exists() and json.loads(status.read_text())["phase"] == "training":
            break
        time.sleep(0.2)
    second = dualtaskseg("resume", folder, code=2)
    assert "process" in second.errors
    dualtaskseg("stop", folder)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 3, errors
    assert "resume" in errors
    assert "stopped" in dualtaskseg("status", folder).output


def test_resuming_a_finished_run_changes_nothing(dualtaskseg, run):
    before = (run / "model" / "model.json").read_bytes()
    assert "finished" in dualtaskseg("resume", run).output
    assert (run / "model" / "model.json").read_bytes() == before


# --- what is wrong is said in one sentence, with what to do, and nothing is written


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "{missing}", "--out", "{out}"], "does not exist"),
        (["train", "{dataset}", "--out", "{run}"], "already holds a run"),
        (["train", "{dataset}", "--labeled", "0", "--out", "{out}"], "labeled"),
        (["train", "{dataset}", "--segments", "Liver", "--out", "{out}"], "Liver"),
        (["train", "{dataset}", "--device", "cuda:7", "--out", "{out}"], "cuda:7"),
        (["train", "{dataset}", "--device", "toaster", "--out", "{out}"], "toaster"),
        (["train", "{dataset}", "--validation", "4", "--out", "{out}"], "validation"),
        (["rank", "{run}", "{dataset}", "--out", "{out}"], "neither a .csv nor a .json"),
        (["check", "{missing}"], "does not exist"),
        (["predict", "{missing}", "{scan}", "--out", "{out}"], "{missing}"),
        (["predict", "{run}", "{missing}", "--out", "{out}"], "{missing}"),
        (["evaluate", "--prediction", "{missing}", "--reference", "{missing}"], "{missing}"),
        (["rank", "{run}", "{missing}"], "{missing}"),
        (["status", "{missing}"], "run.json"),
        (["resume", "{missing}"], "run.json"),
        (["stop", "{missing}"], "run.json"),
        (["model", "info", "{missing}"], "{missing}"),
        (["model", "import", "{scan}", "--out", "{out}"], ".nii.gz"),
    ],
)
def test_bad_input_is_said_in_a_sentence_and_nothing_is_written(dualtaskseg, cohort, run, tmp_path, arguments, words):
    names = {
        "missing": tmp_path / "fehlt",
        "out": tmp_path / "out",
        "run": run,
        "dataset": cohort.dataset,
        "scan": sorted(cohort.held_out_images.iterdir())[0],
    }
    result = dualtaskseg(*[argument.format(**names) for argument in arguments], code=2)
    assert words.format(**names) in result.errors
    last = result.errors.strip().splitlines()[-1]
    assert last.endswith(".") and last.count(". ") >= 1, last  # what is wrong, and what to do
    assert not (tmp_path / "out").exists()


def test_train_refuses_broken_scans_and_names_them(dualtaskseg, cohort, tmp_path):
    images = tmp_path / "images"
    images.mkdir()
    (tmp_path / "labels").mkdir()
    source = sorted(cohort.held_out_images.iterdir())
    for index, scan in enumerate(source):
        (images / scan.name).write_bytes(scan.read_bytes()[: 800 if index == 1 else None])
        label = cohort.held_out_labels / scan.name
        (tmp_path / "labels" / scan.name).write_bytes(label.read_bytes())
    result = dualtaskseg("train", tmp_path, "--out", tmp_path / "run", code=2)
    assert source[1].name in result.errors
    assert not (tmp_path / "run").exists()


def test_wrong_arguments_end_with_two_and_a_usage_line(dualtaskseg):
    assert "usage" in dualtaskseg("train", code=2).errors
    assert "usage" in dualtaskseg("frobnicate", code=2).errors
    assert "negative" in dualtaskseg("train", "x", "--out", "y", "--seed", "-1", code=2).errors
    assert "too large" in dualtaskseg("train", "x", "--out", "y", "--seed", "9" * 30, code=2).errors


# --- light


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_quick_and_light(command):
    script = (
        "import sys, time; begun = time.process_time()\n"
        "from dualtaskseg.cli import main\n"
        f"try: main([{command!r}, '--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'torch', 'monai', 'SimpleITK', 'scipy', 'pydicom'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert time.process_time() - begun < 0.5\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)


def test_a_command_hides_what_only_monai_would_load(monkeypatch):
    package = Path(__file__).resolve().parents[2] / "DualTaskSegTraining"
    monkeypatch.setenv("PYTHONPATH", str(package))  # without that which hides them from all children of the tests
    script = (
        "import importlib, importlib.util, runpy, sys\n"
        "names = ('scipy', 'nibabel', 'skimage')\n"
        "assert all(importlib.util.find_spec(name) for name in names)\n"
        "sys.argv[1:] = ['--help']\n"
        "try: runpy.run_module('dualtaskseg', run_name='__main__')\n"
        "except SystemExit as end: assert end.code == 0\n"
        "for name in names:\n"
        "    try: importlib.import_module(name)\n"
        "    except ImportError: continue\n"
        "    sys.exit(name)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize(
    "module",
    [
        "dualtaskseg", "dualtaskseg.cli", "dualtaskseg.model.folder", "dualtaskseg.run.folder",
        "dualtaskseg.data.layouts",
        "dualtaskseg.io.images", "dualtaskseg.data.checks", "dualtaskseg.synthetic.cohort", "dualtaskseg.planning.plan",
        "dualtaskseg.planning.rules", "dualtaskseg.report.page", "dualtaskseg.evaluation.metrics",
    ],
)  # fmt: skip
def test_what_the_panel_in_slicer_needs_imports_without_torch(module):
    script = f"import sys, {module}; assert not {{'torch', 'monai'}} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_training_goes_on_with_warnings(dualtaskseg, cohort, tmp_path):
    """One scan's outline is empty: said, and trained on, since a structure may be absent."""
    for kind in ("images", "labels"):
        (tmp_path / "data" / kind).mkdir(parents=True)
    for index, scan in enumerate(sorted(cohort.held_out_images.iterdir())):
        (tmp_path / "data" / "images" / scan.name).write_bytes(scan.read_bytes())
        label = sitk.ReadImage(str(cohort.held_out_labels / scan.name))
        sitk.WriteImage(label * (index > 0), str(tmp_path / "data" / "labels" / scan.name))
    result = dualtaskseg("train", tmp_path / "data", "--out", tmp_path / "run", "--iterations", 2)
    assert "Warning" in result.errors and "empty" in result.errors
    assert (tmp_path / "run" / "model").is_dir()


def test_the_demo_runs_through_and_says_where_to_look(tmp_path, monkeypatch, capsys, narrow_networks):
    from dualtaskseg import cli
    from dualtaskseg.commands import demo

    for name, count in (("LABELED", 3), ("UNLABELED", 4), ("HELD_OUT", 2)):
        monkeypatch.setattr(demo, name, count)
    for _ in range(2):  # a second demo replaces the run of the first
        assert cli.main(["demo", "--out", str(tmp_path / "demo"), "--time-budget", "4"]) == 0
    text = capsys.readouterr().out
    report = tmp_path / "demo" / "run" / "report.html"
    assert report.is_file() and str(report) in text
    assert len(list((tmp_path / "demo" / "predictions").glob("held_out_??.nii.gz"))) == 2
    assert (tmp_path / "demo" / "metrics.csv").is_file() and (tmp_path / "demo" / "ranking.csv").is_file()
    assert any(path.is_dir() for path in (tmp_path / "demo" / "scans" / "dataset" / "images").iterdir())


def test_the_demo_removes_nothing_that_is_not_its_own(dualtaskseg, tmp_path):
    (tmp_path / "demo" / "run").mkdir(parents=True)
    (tmp_path / "demo" / "run" / "thesis.txt").write_text("years of work")
    result = dualtaskseg("demo", "--out", tmp_path / "demo", code=2)
    assert "not of the demo" in result.errors
    assert (tmp_path / "demo" / "run" / "thesis.txt").read_text() == "years of work"


def test_real_scans_from_the_decathlon_folder_to_figures(dualtaskseg, real_data, tmp_path):
    data = real_data / "hippocampus"
    entries = json.loads((data / "dataset.json").read_text())["training"]
    names = [Path(entry["image"]).name.removesuffix(".nii.gz") for entry in entries]
    rows = [f"{name},{'labeled' if index < 4 else 'unlabeled'}" for index, name in enumerate(names[:8])]
    (tmp_path / "cases.csv").write_text("\n".join(["case,role", *rows]) + "\n")
    run, out = tmp_path / "run", tmp_path / "out"
    dualtaskseg("train", data, "--cases", tmp_path / "cases.csv", "--out", run, "--iterations", 80)
    scans = [data / "imagesTr" / f"{name}.nii.gz" for name in names[8:10]]
    dualtaskseg("predict", run, *scans, "--out", out, "--sdm")
    result = dualtaskseg("evaluate", "--prediction", out, "--reference", data / "labelsTr", "--json")
    union = [row["dice"] for row in json.loads(result.output)["cases"] if row["segment"] == "all segments"]
    assert len(union) == 2 and np.mean(union) > 0.3
    for name in names[8:10]:
        label, scan = (sitk.ReadImage(str(folder / f"{name}.nii.gz")) for folder in (out, data / "imagesTr"))
        assert label.GetSize() == scan.GetSize() and label.GetSpacing() == pytest.approx(scan.GetSpacing())
        assert set(np.unique(sitk.GetArrayFromImage(label))) <= {0, 1, 2}
