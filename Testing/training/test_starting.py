"""What a training finds when it starts: the cases to hold out, the device, the scans, and the model it goes on from."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
import SimpleITK as sitk
import torch
from dualtaskseg import cli
from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.method.networks import weights_of
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import read_model, write_model
from dualtaskseg.planning.rules import NOTES_ON_GRID
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.locking import device_lock, device_lock_holder
from dualtaskseg.run.split import draw_split
from dualtaskseg.run.status import read_status
from dualtaskseg.training import stages as stages_module
from dualtaskseg.training import trainer as trainer_module
from dualtaskseg.training.trainer import Trainer, execute, train
from dualtaskseg.training.warm_start import RATE_SHARE, InitialModel
from safetensors.torch import load_file, save_file
from untrained import untimed

pytestmark = pytest.mark.usefixtures("narrow_networks")


@pytest.fixture(scope="module")
def earlier(tmp_path_factory, dataset) -> RunFolder:
    """A run whose model others go on from."""
    request = TrainingRequest(dataset, iterations=4, device="cpu", validation=0).to_dict()
    run = RunFolder.create(tmp_path_factory.mktemp("früher") / "run", request)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages_module, "fitted_learner", untimed)
        train(run.folder)
    return run


def start(request: dict, path) -> RunFolder:
    run = RunFolder.create(path, request)
    train(run.folder)
    return run


def begins_with(learner, weights: dict[str, torch.Tensor]) -> bool:
    return all(
        torch.equal(value, weights[name])
        for networks in (learner.students, learner.teachers)
        for name, value in weights_of(networks).items()
    )


# --- the cases to hold out


def test_the_cases_that_the_user_holds_out_are_held_out(request_of, run_path, dataset):
    names = [case.name for case in dataset.labeled]
    run = RunFolder.create(run_path, request_of(validation_cases=[names[2], names[0]], validation=None))
    split = draw_split(run, dataset, run.read_request())
    assert (split.training, split.validation) == ([names[1]], [names[0], names[2]])
    assert "2 of 3 labeled cases, chosen by the user" in split.reason
    assert run.read_split()["validation"] == [names[0], names[2]]
    again = draw_split(run, dataset, TrainingRequest(dataset, validation_cases=(names[1],)))  # a split is drawn once
    assert again == split


def test_no_cases_to_hold_out_leave_it_to_the_rule(request_of, run_path, dataset):
    run = RunFolder.create(run_path, request_of(validation_cases=[], validation=1))
    assert len(draw_split(run, dataset, run.read_request()).validation) == 1


@pytest.mark.parametrize(("names", "words"), [(["nobody"], "nobody is to be held out"), (None, "All labeled cases")])
def test_cases_that_cannot_be_held_out_are_refused(request_of, run_path, dataset, names, words):
    names = names or [case.name for case in dataset.labeled]
    run = RunFolder.create(run_path, request_of(validation_cases=names))
    with pytest.raises(InputError, match=words):
        draw_split(run, dataset, run.read_request())
    assert run.read_split() is None


def test_figures_of_a_model_that_went_on_from_another_are_told_with_care(request_of, run_path, dataset):
    names = [case.name for case in dataset.labeled]
    run = RunFolder.create(run_path, request_of(validation_cases=names[:1], start_from="model"))
    assert "may have learned from them" in draw_split(run, dataset, run.read_request()).reason


# --- the scans


def test_bad_scans_end_a_training_before_it_begins(request_of, run_path, dataset):
    first, second = dataset.labeled[:2]
    bad = replace(dataset, cases=(replace(first, label=second.label), *dataset.cases[1:]))
    with pytest.raises(InputError, match="does not lie on the grid of its scan"):
        start(request_of(dataset=bad), run_path)
    status = read_status(run_path)
    assert status.phase == "failed" and "grid" in status.error["what"] and status.error["remedy"]
    assert not (run_path / "plan.json").exists() and not (run_path / "prepared").exists()


def test_segments_that_the_request_does_not_name_come_from_the_labels(request_of, run_path, dataset, untrained):
    start(request_of(dataset=replace(dataset, segments=())), run_path)
    plan = json.loads((run_path / "plan.json").read_text(encoding="utf-8"))
    assert [segment["value"] for segment in plan["segments"]] == [1, 2]


def test_a_stop_while_the_scans_are_checked_counts(request_of, run_path):
    run = RunFolder.create(run_path, request_of())
    run.request_stop()
    with pytest.raises(StoppedError, match="Stopped before the training began"):
        train(run.folder)
    assert read_status(run_path).phase == "stopped" and not (run_path / "plan.json").exists()


# --- the device


@pytest.fixture
def own_devices(monkeypatch, tmp_path):
    """Other tests may train at the same time."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_training_marks_its_device(request_of, run_path, own_devices, untrained, monkeypatch):
    holders = []
    monkeypatch.setattr(
        trainer_module.Finalizer, "finish", lambda self, learner: holders.append(device_lock_holder("cpu"))
    )
    assert device_lock_holder("cpu") is None
    start(request_of(exclusive_device=True), run_path)
    assert holders == [run_path] and device_lock_holder("cpu") is None


def test_a_device_in_use_is_refused_where_the_request_says_so(request_of, run_path, own_devices, untrained, tmp_path):
    with device_lock("cpu", tmp_path / "other"):
        with pytest.raises(InputError, match=r"Another training, in .*other, is using the device cpu"):
            start(request_of(exclusive_device=True), run_path)
        assert read_status(run_path).error["what"].startswith("Another training")
        assert not untrained
        run = start(request_of(), tmp_path / "beside")  # on the command line it is the user's own affair
        assert len(untrained) == 1 and "goes on beside it" in run.log_file.read_text(encoding="utf-8")
        assert device_lock_holder("cpu") == tmp_path / "other"


# --- an earlier model


def test_networks_and_grid_come_from_the_earlier_model(earlier, request_of, run_path, untrained):
    run = start(request_of(start_from=str(earlier.folder), preset="standard", seed=7), run_path)
    [(_, learner)] = untrained
    assert begins_with(learner, load_file(earlier.model_folder / "weights.safetensors"))
    theirs = json.loads((earlier.folder / "plan.json").read_text(encoding="utf-8"))
    ours = json.loads((run.folder / "plan.json").read_text(encoding="utf-8"))
    for key in ("network", "spacing", "orientation", "normalization", "patch", "truncation", "softness"):
        assert ours[key] == theirs[key], key
    assert (ours["preset"], ours["seed"]) == ("standard", 7)
    assert ours["rate"] == RATE_SHARE * 2e-3 and ours["mutual"]["start"] == 0
    assert learner.mutual_start == 0
    assert any("start from an earlier model" in note for note in ours["notes"])
    grid = [note for note in theirs["notes"] if note.startswith(NOTES_ON_GRID)]
    assert len(grid) >= 2 and grid == [note for note in ours["notes"] if note.startswith(NOTES_ON_GRID)]
    for word in ("mirrored", "unit of length"):
        assert any(word in note for note in ours["notes"]), word
    assert str(earlier.folder) not in (run.folder / "plan.json").read_text(encoding="utf-8")  # it gets into the model
    assert "Starting from the model" in run.log_file.read_text(encoding="utf-8")


def test_segments_are_matched_by_name(earlier, request_of, run_path, dataset, untrained):
    """The networks' first channel is the organ's, whatever value the organ has in the labels now."""
    swapped = replace(
        dataset, segments=tuple(replace(s, value=3 - s.value, name=s.name.upper()) for s in dataset.segments)
    )
    for case in swapped.labeled:
        label = sitk.ReadImage(str(case.label))
        values = sitk.GetArrayFromImage(label)
        image = sitk.GetImageFromArray((3 - values) * (values > 0))
        image.CopyInformation(label)
        sitk.WriteImage(image, str(run_path.parent / f"{case.name}.nrrd"))
    cases = tuple(
        replace(case, label=run_path.parent / f"{case.name}.nrrd") if case.role == "labeled" else case
        for case in swapped.cases
    )
    run = start(request_of(dataset=replace(swapped, cases=cases), start_from=str(earlier.folder)), run_path)
    plan = json.loads((run.folder / "plan.json").read_text(encoding="utf-8"))
    assert [(segment["name"], segment["value"]) for segment in plan["segments"]] == [("ORGAN", 2), ("VEIN", 1)]
    [(context, _)] = untrained
    original = json.loads((earlier.folder / "plan.json").read_text(encoding="utf-8"))
    assert [segment["value"] for segment in original["segments"]] == [1, 2]
    prepared = {case.name: case.label() for case in context.cases.training}
    before = RunFolder.open(earlier.folder).read_request()
    assert prepared and before.dataset.labeled[0].name in prepared
    first = context.cases.training[0]
    from dualtaskseg.planning.plan import Plan
    from dualtaskseg.preparation.prepare import open_prepared

    [same] = [
        case for case in open_prepared(earlier.prepared_folder, Plan.from_dict(original)) if case.name == first.name
    ]
    assert (first.label() == same.label()).all()  # the same structure in the same channel


@pytest.mark.slow
def test_a_model_goes_on_from_a_model_by_the_command_line(earlier, dataset, tmp_path, capsys):
    out = tmp_path / "weiter"
    arguments = ["train", str(dataset.folder), "--out", str(out), "--iterations", "4", "--device", "cpu"]
    assert cli.main([*arguments, "--from", str(earlier.model_folder)]) == 0
    assert RunFolder.open(out).request["start_from"] == str(earlier.model_folder)
    again = Predictor(out, "cpu")
    assert again.plan.network == Predictor(earlier.folder, "cpu").plan.network
    assert read_model(out / "model").weights_sha256 != read_model(earlier.model_folder).weights_sha256


def test_a_broken_off_start_begins_with_the_earlier_model_again(earlier, request_of, run_path, untrained):
    run = start(request_of(start_from=str(earlier.folder)), run_path)
    train(run.folder)  # calibrated, but without a checkpoint
    weights = load_file(earlier.model_folder / "weights.safetensors")
    assert len(untrained) == 2 and all(begins_with(learner, weights) for _, learner in untrained)


def test_a_checkpoint_needs_the_earlier_model_no_more(earlier, request_of, run_path, tmp_path, monkeypatch):
    copy = tmp_path / "copy"
    shutil.copytree(earlier.model_folder, copy)
    run = RunFolder.create(run_path, request_of(start_from=str(copy), iterations=1000))
    monkeypatch.setattr(stages_module, "fitted_learner", untimed)
    original = Trainer._report

    def stop_soon(self, bar):
        run.request_stop()
        return original(self, bar)

    monkeypatch.setattr(Trainer, "_report", stop_soon)
    with pytest.raises(StoppedError):
        execute(run)
    shutil.rmtree(copy)
    run.clear_stop()
    monkeypatch.setattr(Trainer, "train", lambda self: (_ for _ in ()).throw(StoppedError("far enough")))
    with pytest.raises(StoppedError, match="far enough"):
        execute(run)


def test_a_model_that_calls_a_segment_by_its_former_name_goes_on(earlier, request_of, run_path, dataset, untrained):
    first, second = dataset.segments
    renamed = replace(dataset, segments=(first, replace(second, name="Ader")))
    former = {"vein": "Ader"}
    run = start(request_of(dataset=renamed, start_from=str(earlier.folder), former_names=former), run_path)
    plan = json.loads((run.folder / "plan.json").read_text(encoding="utf-8"))
    assert [(segment["name"], segment["value"]) for segment in plan["segments"]] == [("Organ", 1), ("Ader", 2)]
    [(context, _)] = untrained
    assert context.request.former_names == former
    with pytest.raises(InputError, match="former_names"):
        TrainingRequest.from_dict({**context.request.to_dict(), "former_names": {"vein": 5}}, "run.json")


@pytest.mark.parametrize("what", ["missing", "unfinished", "other segments", "paper", "damaged", "not finite"])
def test_a_model_that_cannot_be_gone_on_from_is_refused(
    earlier, request_of, run_path, dataset, tmp_path, untrained, what
):
    model = tmp_path / "model"
    shutil.copytree(earlier.model_folder, model)
    request = request_of(start_from=str(model))
    words = {
        "missing": "There is no model",
        "unfinished": "has no model yet",
        "other segments": "knows the segments Organ, Vein, but these are to be learned: Organ, Ader",
        "paper": "trained with the preset quick",
        "damaged": "are not those the model was made with",
        "not finite": "some are no numbers",
    }[what]
    if what == "missing":
        shutil.rmtree(model)
    elif what == "unfinished":
        request["start_from"] = str(RunFolder.create(tmp_path / "leer", {}).folder)
    elif what == "other segments":
        first, second = dataset.segments
        request["dataset"] = replace(dataset, segments=(first, replace(second, name="Ader"))).to_dict()
    elif what == "paper":
        request["preset"] = "paper"
    elif what == "damaged":
        file = model / "weights.safetensors"
        file.write_bytes(file.read_bytes()[:-1] + b"\x7f")
    else:
        weights = load_file(model / "weights.safetensors")
        name = next(iter(weights))
        weights[name] = torch.full_like(weights[name], float("nan"))
        description = ModelDescription(**{**vars(read_model(model)), "weights_sha256": ""})
        write_model(model, description, lambda path: save_file(weights, path))
    with pytest.raises(InputError, match=words):
        start(request, run_path)
    assert read_status(run_path).phase == "failed"


def test_the_command_line_refuses_a_missing_model_before_it_makes_a_folder(dataset, tmp_path, capsys):
    out = tmp_path / "run"
    assert cli.main(["train", str(dataset.folder), "--out", str(out), "--from", str(tmp_path / "nothing")]) == 2
    assert "There is no model" in capsys.readouterr().err and not out.exists()


def test_an_earlier_model_knows_its_plan(earlier):
    model = InitialModel.open(earlier.folder)
    assert model.folder == earlier.model_folder and len(model.plan.segments) == 2
    assert Dataset.from_dict(earlier.request["dataset"]).segments
