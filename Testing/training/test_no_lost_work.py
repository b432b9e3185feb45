"""What was learned is not lost: not by one scan, a damaged file, a lost file, or somebody's folder."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import stat
import sys
import zipfile
from pathlib import Path

import pytest
import torch
from dualtaskseg import cli
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.errors import InputError
from dualtaskseg.files import temporary_name
from dualtaskseg.model.folder import read_model, rename_model, set_terminology
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import read_status
from dualtaskseg.training import finalize as finish_module
from dualtaskseg.training import findings, first_look
from dualtaskseg.training import learners as learners_module
from dualtaskseg.training import preparing as preparing_module
from dualtaskseg.training import trainer as trainer_module
from dualtaskseg.training import validation as validation_module
from dualtaskseg.training.checkpoint import load_checkpoint
from dualtaskseg.training.trainer import Trainer, train
from safetensors.torch import load_file

pytestmark = pytest.mark.usefixtures("narrow_networks")

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")
STEPS = 4


@pytest.fixture(scope="module")
def finished(tmp_path_factory, dataset) -> RunFolder:
    """A short training with two saved states, that nothing interrupted."""
    request = TrainingRequest(dataset, iterations=STEPS, device="cpu", validation=1).to_dict()
    run = RunFolder.create(tmp_path_factory.mktemp("läuft") / "run", request)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer_module, "CHECKPOINT_EVERY_S", 0.0)
        train(run.folder)
    return run


@pytest.fixture
def copy(finished, tmp_path) -> RunFolder:
    """The same run in another folder, where it may be harmed."""
    shutil.copytree(finished.folder, tmp_path / "copy")
    return RunFolder.open(tmp_path / "copy")


def weights(run: RunFolder) -> dict[str, torch.Tensor]:
    return load_file(run.model_folder / "weights.safetensors")


def are_same(first: RunFolder, second: RunFolder) -> bool:
    one, two = weights(first), weights(second)
    return one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


# --- the model is there before anything looks at it


def fail(*_: object, **__: object) -> None:
    raise ValueError("Expected more than 1 value per channel")


@pytest.mark.parametrize(
    ("module", "broken"),
    [
        *(
            (findings, name)
            for name in ("predict_prepared", "quick_dice", "forecast_factor", "reduced", "looked_at_first")
        ),
        *((finish_module, name) for name in ("mean_of", "report_html", "describe_model")),
    ],
)
def test_whatever_fails_while_looking_at_the_results_is_told_and_stops_nothing(
    copy, finished, monkeypatch, module, broken
):
    shutil.rmtree(copy.model_folder)
    copy.report_file.unlink()
    calls = []
    real = getattr(module, broken)

    def once(*arguments, **keywords):
        calls.append(1)
        return fail() if len(calls) == 1 else real(*arguments, **keywords)

    monkeypatch.setattr(module, broken, once)
    assert cli.main(["resume", str(copy.folder)]) == 0
    assert calls and copy.state() == "finished" and are_same(copy, finished)
    read_model(copy.model_folder)
    notes = read_status(copy.folder).notes
    assert len(notes) == 1 and "Expected more than 1 value" in notes[0], notes
    assert notes[0] in copy.log_file.read_text(encoding="utf-8")
    assert "Expected more than 1 value" in copy.report_file.read_text(encoding="utf-8")


def test_a_model_whose_figures_cannot_be_told_is_there_without_them(copy, finished, monkeypatch):
    shutil.rmtree(copy.model_folder)
    real = finish_module.library_versions
    monkeypatch.setattr(finish_module, "library_versions", lambda: fail() if copy.model_folder.exists() else real())
    assert cli.main(["resume", str(copy.folder)]) == 0
    assert copy.state() == "finished" and are_same(copy, finished)
    assert read_model(copy.model_folder).trained_on["validation_figures"] is None
    assert "The model's own figures could not be made" in read_status(copy.folder).notes[0]


def test_a_model_that_overlooks_nothing_looks_first_and_says_so(copy, dataset, tmp_path, monkeypatch, capsys):
    """What decides, with real networks and scans, is tested in test_region.py."""
    shutil.rmtree(copy.model_folder)
    monkeypatch.setattr(findings, "looked_at_first", lambda *_, **__: (0.2, 0))
    monkeypatch.setattr(first_look, "FEWEST", 2)
    assert cli.main(["resume", str(copy.folder)]) == 0
    assert read_model(copy.model_folder).plan["look_first"] is True
    assert "it overlooked nothing of what all patches show, with 20% of them" in copy.report_file.read_text("utf-8")
    scan = str(dataset.unlabeled[0].image)
    for options, told in (([], True), (["--no-look-first"], False)):
        assert cli.main(["predict", str(copy.folder), scan, "--out", str(tmp_path / f"{told}"), *options]) == 0
        assert ("looked at roughly first" in capsys.readouterr().err) == told


def test_a_scan_that_cannot_be_looked_at_is_named_and_the_others_are_looked_at(copy, dataset, monkeypatch, capsys):
    shutil.rmtree(copy.model_folder)
    unlucky = dataset.unlabeled[0].name
    real = findings._prediction_of
    monkeypatch.setattr(
        findings,
        "_prediction_of",
        lambda context, n, p, case: fail() if case.name == unlucky else real(context, n, p, case),
    )
    assert cli.main(["resume", str(copy.folder)]) == 0
    assert unlucky in capsys.readouterr().err
    assert cli.main(["status", str(copy.folder)]) == 0
    assert f"Note:      The figures of the scan {unlucky} could not be made" in capsys.readouterr().out
    page = copy.report_file.read_text(encoding="utf-8")
    assert f"of the scan {unlucky}" in page and dataset.unlabeled[1].name in page


def test_a_model_that_is_renamed_while_the_results_are_looked_at_keeps_its_name(copy, monkeypatch):
    shutil.rmtree(copy.model_folder)
    real = finish_module.look_at_scans

    def look(*arguments):
        rename_model(copy.model_folder, "Mine")  # as the panel does, which lists it from now on
        set_terminology(copy.model_folder, {read_model(copy.model_folder).segments[0].name: "~SCT^1^One~SCT^2^Two~"})
        return real(*arguments)

    monkeypatch.setattr(finish_module, "look_at_scans", look)
    assert cli.main(["resume", str(copy.folder)]) == 0
    model = read_model(copy.model_folder)
    assert model.name == "Mine" and model.trained_on["validation_figures"]
    assert model.segments[0].terminology == "~SCT^1^One~SCT^2^Two~"


def test_a_run_that_failed_while_looking_can_be_resumed(copy, finished, monkeypatch):
    """As runs of earlier versions did, whose models were written last."""
    shutil.rmtree(copy.model_folder)
    monkeypatch.setattr(finish_module.Finalizer, "finish", fail)
    with pytest.raises(ValueError):
        train(copy.folder)
    assert copy.state() == "failed"
    monkeypatch.undo()
    assert cli.main(["resume", str(copy.folder)]) == 0
    assert copy.state() == "finished" and are_same(copy, finished)


def test_a_validation_scan_that_cannot_be_looked_at_on_the_way_stops_nothing(request_of, run_path, monkeypatch):
    run = RunFolder.create(run_path, request_of(iterations=8, validation=1))
    monkeypatch.setattr(validation_module, "score_cases", fail)
    train(run.folder)
    assert run.state() == "finished"
    assert any("Validation was left out" in row.get("text", "") for row in run.read_metrics()[0])


def test_a_finished_run_whose_model_was_damaged_or_removed_makes_it_again(copy, finished):
    (copy.model_folder / "weights.safetensors").write_bytes(b"half")
    assert cli.main(["resume", str(copy.folder)]) == 0
    assert are_same(copy, finished)
    shutil.rmtree(copy.model_folder)
    assert cli.main(["resume", str(copy.folder)]) == 0
    assert are_same(copy, finished)


# --- saved states


def zeroed(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes(65536) + content[middle + 65536 :]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def repacked(content: bytes, method: int = zipfile.ZIP_STORED, again: int = 0) -> bytes:
    """The same archive, packed, or with its largest array in it once more, and that all zero."""
    there, made = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for entry in there.infolist():
            archive.writestr(entry.filename, there.read(entry))
        largest = max(there.infolist(), key=lambda entry: entry.file_size)
        for _ in range(again):
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr(largest.filename, bytes(largest.file_size))
    return made.getvalue()


DAMAGES = {
    "packed": lambda content: repacked(content, zipfile.ZIP_DEFLATED),
    "something twice": lambda content: repacked(content, again=1),
    "zeros inside": zeroed,
    "one bit": flipped,
    "cut": lambda content: content[: len(content) // 2],
    "cut by a byte": lambda content: content[:-1],
    "empty": lambda _: b"",
    "foreign": lambda _: b"no saved state",
    "a bit of its table": lambda content: content[:-30] + bytes([content[-30] ^ 4]) + content[-29:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_state_is_never_used_and_the_one_before_is(copy, finished, damage, capsys):
    intact = load_checkpoint(copy)
    copy.checkpoint_file.write_bytes(DAMAGES[damage](copy.checkpoint_file.read_bytes()))
    told = []
    state = load_checkpoint(copy, told.append)
    if state["progress"]["iteration"] == STEPS:  # the damage is where nothing of the state is
        ours, theirs = state["learner"]["students"], intact["learner"]["students"]
        assert all(torch.equal(ours[name], theirs[name]) for name in theirs) and damage == "a bit of its table"
        return
    assert state["progress"]["iteration"] == STEPS - 1
    assert len(told) == 1 and "checkpoint.previous.pt" in told[0] and "damaged" in told[0]
    copy.status_file.unlink()
    assert cli.main(["resume", str(copy.folder)]) == 0
    assert "checkpoint.previous.pt" in capsys.readouterr().err
    assert are_same(copy, finished)


def test_when_both_states_are_damaged_the_advice_loses_nothing(copy):
    for path in (copy.checkpoint_file, copy.previous_checkpoint_file):
        path.write_bytes(flipped(path.read_bytes()))
    before = contents(copy.folder)
    with pytest.raises(InputError) as caught:
        train(copy.folder)
    assert "backup" in caught.value.remedy and "torch" not in str(caught.value).lower()
    after = contents(copy.folder)
    assert all(after[name] == content for name, content in before.items() if name.startswith("checkpoint"))


def test_a_state_of_another_run_is_refused(copy, request_of, tmp_path):
    other = RunFolder.create(tmp_path / "other", request_of(seed=5, iterations=2))
    train(other.folder)
    shutil.copy(copy.checkpoint_file, other.checkpoint_file)
    with pytest.raises(InputError, match="another training"):
        train(other.folder)
    shutil.copy(copy.checkpoint_file, other.checkpoint_file)
    told = []
    other.previous_checkpoint_file.unlink(missing_ok=True)
    with pytest.raises(InputError):
        load_checkpoint(other, told.append)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EMFILE, errno.ESTALE])
def test_a_state_that_may_not_be_read_asks_for_what_helps(copy, monkeypatch, number):
    real_open = Path.open

    def opened(self, *arguments, **keywords):
        if self.name == "checkpoint.pt":
            raise OSError(number, os.strerror(number), str(self))
        return real_open(self, *arguments, **keywords)

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(InputError) as caught:
        train(copy.folder)
    text = str(caught.value)
    assert os.strerror(number) in text and "then resume; nothing is lost" in text
    assert "another folder" not in text.replace("or choose another folder", "") and "weights_only" not in text
    monkeypatch.undo()
    train(copy.folder)
    assert copy.state() == "finished"


def test_a_state_whose_disk_is_bad_falls_back_to_the_one_before(copy, monkeypatch):
    real_open = Path.open

    def opened(self, *arguments, **keywords):
        if self.name == "checkpoint.pt":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(self))
        return real_open(self, *arguments, **keywords)

    monkeypatch.setattr(Path, "open", opened)
    told = []
    assert load_checkpoint(copy, told.append)["progress"]["iteration"] == STEPS - 1 and told


# --- documents of the run


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"format": 1}', b"\xff\xfe", b"[" * 100_000])
@pytest.mark.parametrize("name", ["plan.json", "split.json"])
def test_a_lost_or_damaged_document_is_made_again_from_the_state(copy, finished, name, content):
    path = copy.folder / name
    whole = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    shutil.copy(copy.previous_checkpoint_file, copy.checkpoint_file)
    copy.status_file.unlink()
    assert cli.main(["resume", str(copy.folder)]) == 0
    status = read_status(copy.folder)
    assert (status.phase, status.iteration, status.of) == ("finished", STEPS, STEPS)
    assert any(name in note for note in status.notes)
    again = json.loads(path.read_text(encoding="utf-8"))
    assert {**again, "seed": 0} == {**whole, "seed": 0}
    assert are_same(copy, finished)
    assert read_model(copy.model_folder).trained_on["iterations"] == STEPS


def test_a_lost_plan_without_a_way_back_is_refused(copy):
    """A run of an earlier version, whose states don't hold the plan, and which made no model yet."""
    state = torch.load(copy.checkpoint_file, weights_only=True)
    state.pop("plan")
    for path in (copy.checkpoint_file, copy.previous_checkpoint_file):
        torch.save(state, path)
    (copy.folder / "plan.json").unlink()
    shutil.rmtree(copy.model_folder)
    with pytest.raises(InputError, match=r"plan\.json is missing.*intact copy"):
        train(copy.folder)
    assert copy.state() == "failed" and copy.checkpoint_file.exists()


def test_a_plan_of_another_run_is_not_taken_for_this_one(copy, finished):
    path = copy.folder / "plan.json"
    plan = json.loads(path.read_text(encoding="utf-8"))
    plan["network"]["filters"] = [2 * each for each in plan["network"]["filters"]]
    path.write_text(json.dumps(plan), encoding="utf-8")
    shutil.copy(copy.previous_checkpoint_file, copy.checkpoint_file)
    train(copy.folder)
    assert are_same(copy, finished)
    assert any("plan.json" in note for note in read_status(copy.folder).notes)


# --- prepared scans


def test_prepared_scans_that_vanish_in_mid_training_are_made_again(finished, tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "run", {**finished.request})
    real_step = trainer_module._step_or_none
    removed = []

    def step(learner, iteration, of):
        if iteration == 2 and not removed:
            removed.append(1)
            shutil.rmtree(run.prepared_folder)
        return real_step(learner, iteration, of)

    monkeypatch.setattr(trainer_module, "_step_or_none", step)
    train(run.folder)
    assert removed and run.state() == "finished" and are_same(run, finished)
    assert any("made again" in row.get("text", "") for row in run.read_metrics()[0])


def test_prepared_scans_that_vanish_with_the_scans_lose_nothing(finished, tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "run", {**finished.request})
    real_step = trainer_module._step_or_none

    def step(learner, iteration, of):
        if iteration == 2:
            shutil.rmtree(run.prepared_folder, ignore_errors=True)
        return real_step(learner, iteration, of)

    def gone(*_, **__):
        raise InputError("scan.nii.gz is missing", "Put it back")

    monkeypatch.setattr(trainer_module, "_step_or_none", step)
    real_prepare, calls = preparing_module.prepare, []

    def prepare_once(*arguments):
        calls.append(1)
        return real_prepare(*arguments) if len(calls) == 1 else gone()

    monkeypatch.setattr(preparing_module, "prepare", prepare_once)
    with pytest.raises(InputError, match="is missing"):
        train(run.folder)
    assert load_checkpoint(run)["progress"]["iteration"] >= 2  # the next step's patches may have been read before
    monkeypatch.undo()
    train(run.folder)
    assert are_same(run, finished)


@pytest.mark.parametrize(
    "harm", ["empty array", "cut array", "no array", "voxels", "other shape", "facts", "list", "index", "names"]
)
def test_damaged_prepared_scans_are_made_again(copy, finished, harm):
    folder = copy.prepared_folder
    label = sorted(folder.glob("*_label.npy"))[0]
    facts = sorted(each for each in folder.glob("0*.json"))[0]
    if harm == "empty array":
        for each in folder.glob("*.npy"):
            each.write_bytes(b"")
    elif harm == "cut array":
        label.write_bytes(label.read_bytes()[:-100])
    elif harm == "voxels":
        content = label.read_bytes()
        label.write_bytes(content[:-500] + bytes(each ^ 1 for each in content[-500:]))
    elif harm == "no array":
        label.unlink()
    elif harm == "other shape":
        shutil.copy(sorted(folder.glob("*_image.npy"))[0], label)
    elif harm == "facts":
        document = json.loads(facts.read_text())
        document["foreground"][0][0] = [10**6, -1, "x"]
        facts.write_text(json.dumps(document))
    elif harm == "list":
        facts.write_text("[1, 2]")
    elif harm == "index":
        (folder / "index.json").write_text('{"format": 1, "plan": 3, "cases": 7}')
    elif harm == "names":
        index = json.loads((folder / "index.json").read_text())
        index["cases"][0][0] = "somebody else"
        (folder / "index.json").write_text(json.dumps(index))
    shutil.copy(copy.previous_checkpoint_file, copy.checkpoint_file)
    copy.status_file.unlink()
    assert cli.main(["resume", str(copy.folder)]) == 0
    assert are_same(copy, finished)


# --- folders of somebody


FOREIGN = {
    "a file called lock": lambda folder: (folder / "lock").write_text("my key"),
    "a folder called lock": lambda folder: (folder / "lock").mkdir(),
    "a folder like a temporary one": lambda folder: (
        (folder / ".tmp_work").mkdir(),
        (folder / ".tmp_work/a.txt").write_text("mine"),
    ),
    "a file like a temporary one": lambda folder: (folder / ".tmp_notes").write_text("mine"),
    "a hidden file": lambda folder: (folder / ".git").write_text("gitdir: elsewhere"),
    "a file": lambda folder: (folder / "thesis.txt").write_text("mine"),
    "an empty folder": lambda folder: (folder / "scans").mkdir(),
    "a link": lambda folder: (folder / "lock").symlink_to(folder.parent / "victim"),
    "a link like the system's": lambda folder: (folder / ".DS_Store").symlink_to(folder.parent / "victim"),
}


@posix_only
@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_folder_with_anything_of_somebody_is_refused_and_left_as_it_is(tmp_path, request_of, foreign):
    folder = tmp_path / "out"
    folder.mkdir()
    (tmp_path / "victim").write_text("precious")
    FOREIGN[foreign](folder)
    before = contents(tmp_path), sorted(each.name for each in folder.rglob("*"))
    with pytest.raises(InputError, match="is not empty"):
        RunFolder.create(folder, request_of())
    assert (contents(tmp_path), sorted(each.name for each in folder.rglob("*"))) == before


@posix_only
@pytest.mark.parametrize(
    "name",
    [
        "lock",
        "log.txt",
        "metrics.jsonl",
        "status.json",
        "stop",
        "checkpoint.pt",
        "split.json",
        "plan.json",
        ".tmp_status.json",
    ],
)
@pytest.mark.parametrize("kind", ["file", "dangling", "pipe"])
def test_nothing_is_written_through_a_link_in_a_run_folder(request_of, run_path, tmp_path, name, kind):
    run = RunFolder.create(run_path, request_of())
    victim = tmp_path / "victim"
    (run.folder / name).unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(run.folder / name)
    else:
        (run.folder / name).symlink_to(victim)
    if kind == "file":
        victim.write_text("precious")
    with pytest.raises(InputError, match=name.replace(".", r"\.")):
        train(run.folder)
    assert kind != "file" or victim.read_text() == "precious"
    assert kind == "file" or not victim.exists()
    cli.main(["status", str(run.folder)])


@posix_only
@pytest.mark.parametrize("name", ["prepared", "model"])
def test_nothing_is_written_into_a_folder_that_a_run_folder_links_to(request_of, run_path, tmp_path, name):
    run = RunFolder.create(run_path, request_of())
    (tmp_path / "elsewhere").mkdir()
    (run.folder / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match=f"{name} is a link"):
        train(run.folder)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_what_a_user_keeps_in_a_run_folder_stays(copy):
    (copy.folder / ".tmp_work").mkdir()
    (copy.folder / ".tmp_work" / "thesis.txt").write_text("mine")
    (copy.folder / "notes.txt").write_text("mine")
    ours = copy.folder / temporary_name(".pt").replace(f"-{os.getpid()}-", "-99999999-")
    ours.write_bytes(b"half")
    train(copy.folder)
    assert (copy.folder / ".tmp_work" / "thesis.txt").read_text() == "mine" and (copy.folder / "notes.txt").exists()
    assert not ours.exists()


@posix_only
@pytest.mark.parametrize("exists", [True, False])
def test_others_cannot_look_into_a_run_folder(finished, request_of, tmp_path, exists):
    if exists:
        (tmp_path / "run").mkdir(mode=0o755)
    run = RunFolder.create(tmp_path / "run", request_of())
    assert stat.S_IMODE(run.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(finished.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(finished.prepared_folder.stat().st_mode) == 0o700


def test_a_state_is_an_archive_whose_every_array_has_a_checksum(finished):
    """What the comparison before each use relies on."""
    with zipfile.ZipFile(io.BytesIO(finished.checkpoint_file.read_bytes())) as archive:
        assert all(entry.CRC or not entry.file_size for entry in archive.infolist())


def test_the_trainer_says_what_a_second_ctrl_c_lost(request_of, run_path, monkeypatch):
    run = RunFolder.create(run_path, request_of())
    monkeypatch.setattr(Trainer, "train", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt, match="before anything of the training was saved"):
        train(run.folder)
    status = read_status(run.folder)
    assert run.state() == "interrupted" and "before anything" in status.message and status.phase == "interrupted"


def test_memory_that_runs_out_where_nothing_can_be_made_smaller_is_told(copy, finished, monkeypatch, capsys):
    def lack(*_, **__):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    shutil.rmtree(copy.model_folder)
    with monkeypatch.context() as patch:
        patch.setattr(learners_module, "Learner", lack)  # another program fills the memory of the device
        assert cli.main(["resume", str(copy.folder)]) == 2
    told = capsys.readouterr().err
    assert "Error: Memory ran out" in told and "Close other programs" in told and "CUDA" not in told
    assert read_status(copy.folder).error["what"].startswith("Memory ran out")
    assert cli.main(["resume", str(copy.folder)]) == 0 and are_same(copy, finished)
