"""Models come by mail. Whatever their plans ask for and their weights hold, they are refused with a sentence, before
memory or time is spent on them."""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from childmemory import number_printed_by, only_on_linux
from dualtaskseg import cli
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.contract.segment import Segment
from dualtaskseg.errors import InputError
from dualtaskseg.files import read_regular
from dualtaskseg.inference.device import choose_device
from dualtaskseg.inference.outputs import named_scans
from dualtaskseg.inference.predictor import Predictor
from dualtaskseg.inference.ranking import factor_of
from dualtaskseg.method.networks import build_networks, weights_of
from dualtaskseg.method.registry import make_plan as planned
from dualtaskseg.method.weights import networks_of_file, read_weights
from dualtaskseg.model.archive import export_model, import_model, inspect_exported
from dualtaskseg.model.description import ModelDescription, describe
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.names import safe_segment_names
from dualtaskseg.planning.plan import Plan
from dualtaskseg.planning.rules import ScanStatistics
from safetensors.torch import save_file
from test_predictor import make_model, make_plan


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    return make_model(tmp_path_factory.mktemp("sound") / "model", make_plan())


def changed(folder: Path, sound: Path, change) -> Path:
    """A copy of a model whose description was changed."""
    folder.mkdir()
    document = json.loads((sound / "model.json").read_text())
    change(document)
    (folder / "model.json").write_text(json.dumps(document))
    (folder / "weights.safetensors").write_bytes((sound / "weights.safetensors").read_bytes())
    return folder


def set_in(document: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        document = document[parent]
    document[last] = value


def with_segments(document: dict[str, Any], segments: list[dict[str, Any]]) -> None:
    document["segments"] = document["plan"]["segments"] = segments
    document["plan"]["truncation"] = [12.0] * len(segments)


HOSTILE = {
    "plan.network.filters": [[1000, 1000, 1000], [2200, 2200, 2200], [2**40] * 3, [4.0, 4, 8], [4, 8], [4, 4, 9], 7],
    "plan.network.kernels": [[[16] * 3] * 3, [[2] * 3] * 3, [[5] * 3] * 3, [[3, 3, 1e9]] * 3, [[0] * 3] * 3],
    "plan.network.strides": [[[1] * 3, [16] * 3, [16] * 3], [[2] * 3] * 3, [[1] * 3, [2] * 3, [4, 2, 2]], [[1] * 3]],
    "plan.network.stem": [[16] * 3, [2] * 3, [0, 1, 1], "abc", [1, 1]],
    "plan.network.kind": ["vnet", "", None, "unet2"],
    "plan.spacing": [[1000.0] * 3, [0.001] * 3, [0, 1, 1], [None] * 3, [1, 1]],
    "plan.patch": [[2**13] * 3, [512, 512, 512], [23, 24, 24], [0] * 3, [-4] * 3],
    "plan.segments": [[], {}, None, [{"name": "Teil 1", "value": 2**32}], [{"name": 5, "value": 1}]],
    "plan.truncation": [[0.0], [1e300], [], [1.0, 2.0]],
    "plan.normalization": [None, {"kind": []}, {"kind": "ct", "lower": 5, "upper": -5}, {"kind": "ct", "wrong": 1}],
    "plan.orientation": ["LLL", "lps", ["L", "P", "S"], "LPSR"],
    "plan.format": [99, "1", None],
    "segments": [[{"name": "Teil 1", "value": 2**32}], [{"name": "Teil 1", "value": True}], [{"value": 1}], 7],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [(path, value) for path, values in HOSTILE.items() for value in values],
    ids=lambda each: str(each)[:40],
)
def test_hostile_plans_are_refused(tmp_path, sound, path, value, capsys):
    folder = changed(tmp_path / "model", sound, lambda document: set_in(document, path, value))
    sitk.WriteImage(sitk.Image([9, 9, 9], sitk.sitkInt16), str(tmp_path / "a.nrrd"))
    started = time.process_time()
    assert cli.main(["predict", str(folder), str(tmp_path / "a.nrrd"), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("Error: ") and "Traceback" not in error and str(folder) in error
    assert not (tmp_path / "out").exists() and time.process_time() - started < 10


@pytest.mark.parametrize("count", [300, 800, 2000])
def test_many_segments_of_one_name_take_no_time(tmp_path, sound, count):
    segments = [{"name": "Organ", "value": value} for value in range(1, count + 1)]
    folder = changed(tmp_path / "model", sound, lambda document: with_segments(document, segments))
    started = time.process_time()
    with pytest.raises(InputError, match="at most 255"):
        Predictor(folder, "cpu")
    assert len(set(safe_segment_names(segment["name"] for segment in segments))) == count
    assert time.process_time() - started < 3


def test_two_segments_of_one_name_are_refused(tmp_path, sound):
    """Their volumes and signed distances are told apart by their names."""
    segments = [{"name": "Organ", "value": 1}, {"name": "Organ", "value": 2}]
    folder = changed(tmp_path / "model", sound, lambda document: with_segments(document, segments))
    with pytest.raises(InputError, match="two segments have the name Organ"):
        Predictor(folder, "cpu")


MEMORY_SCRIPT = """
import sys
from dualtaskseg.errors import InputError
from dualtaskseg.inference.predictor import Predictor

before = peak_memory()
try:
    Predictor(sys.argv[1], "cpu")
    print(-1)
except InputError:
    print((peak_memory() - before) / 2**20)
assert "torch._dynamo" not in sys.modules, "PyTorch loads its compiler"
"""


@only_on_linux
@pytest.mark.parametrize("network", [{"filters": [1000] * 3}, {"kernels": [[7] * 3] * 3, "filters": [512] * 3}])
def test_what_a_plan_asks_for_takes_no_memory_before_it_is_known_to_fit(tmp_path, sound, network):
    """Networks of 5 GB were once made to find out that the weights, some MB, are others."""
    folder = changed(tmp_path / "model", sound, lambda document: document["plan"]["network"].update(network))
    assert 0 <= number_printed_by(MEMORY_SCRIPT, folder) < 100


def model_of(folder: Path, weights: dict[str, torch.Tensor]) -> Path:
    from dualtaskseg.model.folder import write_model

    plan = make_plan()
    description = ModelDescription("Test", plan.segments, plan.to_dict(), {"labeled": 1})
    write_model(folder, description, lambda path: save_file(weights, path))
    return folder


@pytest.mark.parametrize("kind", [torch.float64, torch.float16, torch.bfloat16, torch.int32, torch.bool, torch.int64])
def test_weights_of_another_type_are_refused(tmp_path, kind):
    weights = {name: tensor.to(kind) for name, tensor in weights_of(build_networks(make_plan())).items()}
    with pytest.raises(InputError, match="are of the type"):
        Predictor(model_of(tmp_path / "model", weights), "cpu")


def test_weights_that_are_missing_additional_or_of_another_shape_are_refused(tmp_path):
    weights = weights_of(build_networks(make_plan()))
    first = next(iter(weights))
    others = [{**weights, "more": torch.zeros(1)}, {**weights, first: weights[first][:1].contiguous()}]
    others.append({name: tensor for name, tensor in weights.items() if name != first})
    for number, each in enumerate(others):
        with pytest.raises(InputError, match="do not fit its plan"):
            Predictor(model_of(tmp_path / str(number), each), "cpu")


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_planned_networks_pass_and_are_those_that_were_saved(tmp_path, preset):
    """What refuses hostile plans refuses none of ours, and makes the networks that the weights came from."""
    scan = ScanStatistics((60, 80, 90), (2.0, 1.5, 1.5), ((60.0, 70.0, 70.0),) * 2, (25.0, 5.0))
    segments = [Segment(name, value, (0, 0, 0)) for value, name in enumerate("AB", 1)]
    plan = Plan.from_dict(json.loads(json.dumps(planned([scan] * 4, segments, preset).to_dict())))
    torch.manual_seed(1)
    networks = build_networks(plan).eval()
    save_file(weights_of(networks), tmp_path / "weights.safetensors")
    loaded = networks_of_file(tmp_path / "weights.safetensors", plan)
    assert not any(parameter.is_meta for parameter in [*loaded.parameters(), *loaded.buffers()])
    image = torch.randn(1, 1, *(2 * step for step in plan.network.total_stride))
    with torch.inference_mode():
        for theirs, ours in (
            (networks.probabilities(image), loaded.probabilities(image)),
            (networks.distances(image), loaded.distances(image)),
            (networks.masks(networks.distances(image)), loaded.masks(loaded.distances(image))),
        ):
            assert torch.equal(theirs, ours)


def test_plans_with_the_largest_numbers_that_are_allowed_pass():
    """255 segments with values up to the largest."""
    values = (*range(1, 255), 2**31 - 1)
    plan = Plan.from_dict(json.loads(json.dumps(make_plan(values=values).to_dict())))
    assert len(plan.segments) == 255


def test_weights_are_ours_once_they_are_read(tmp_path):
    """Not the file's, which may be cut short by a program that writes into it."""
    weights = weights_of(build_networks(make_plan()))
    file = tmp_path / "weights.safetensors"
    save_file(weights, file)
    read = read_weights(file, make_plan())
    os.truncate(file, 0)
    assert all(torch.equal(read[name], weights[name]) for name in weights)


def test_training_on_from_a_hostile_model_is_refused(tmp_path, sound):
    from dualtaskseg.training.warm_start import InitialModel

    folder = changed(tmp_path / "model", sound, lambda document: set_in(document, "plan.network.filters", [512] * 3))
    with pytest.raises(InputError, match="do not fit its plan"):
        InitialModel.open(folder)


@pytest.mark.parametrize("factor", [None, "x", [], True, -3, 1e308, {"a": 1}])
def test_a_forecast_that_makes_no_sense_counts_as_none(tmp_path, sound, factor):
    folder = changed(tmp_path / "model", sound, lambda document: set_in(document, "trained_on.forecast_factor", factor))
    assert factor_of(read_model(folder)) == 1.0


# --- what is no file


SPECIAL = {"endless": "/dev/zero", "empty": "/dev/null", "pipe": ""}


@pytest.fixture(params=sorted(SPECIAL))
def special(request, tmp_path) -> Path:
    """A device or a named pipe, under a name of each kind that is asked for."""
    if os.name == "nt":
        pytest.skip("there are none")
    place = tmp_path / "special.dtsmodel"
    if request.param == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to(SPECIAL[request.param])
    return place


def test_what_is_no_file_is_no_model(tmp_path, special, sound, capsys):
    for read in (inspect_exported, lambda file: import_model(file, tmp_path / "library"), read_regular):
        with pytest.raises(InputError, match="is no file"):
            read(special)
    folder = tmp_path / "model"
    folder.mkdir()
    special.rename(folder / "model.json")
    for read in (read_model, find_model):
        with pytest.raises(InputError):
            read(folder)
    folder = changed(tmp_path / "other", sound, lambda document: None)
    (folder / "weights.safetensors").unlink()
    (tmp_path / "model" / "model.json").rename(folder / "weights.safetensors")
    with pytest.raises(InputError):
        Predictor(folder, "cpu")


def test_what_is_no_file_holds_no_cases_and_no_segments(tmp_path, special, dataset, capsys):
    for arguments in (
        ["check", str(dataset.folder), "--cases", str(special)],
        ["check", str(special)],
        ["export-seg", "a.nrrd", "--series", str(tmp_path), "--out", "a.dcm", "--segments", str(special)],
    ):
        assert cli.main(arguments) == 2
        assert "Traceback" not in capsys.readouterr().err
    for name in ("cases.csv", "dataset.json", "segments.json"):
        folder = tmp_path / name.replace(".", "_")
        (folder / "images").mkdir(parents=True)
        (folder / name).symlink_to(special.absolute())
        assert cli.main(["check", str(folder)]) == 2
        assert "Traceback" not in capsys.readouterr().err


def test_files_that_are_far_too_large_are_refused_unread(tmp_path, dataset, capsys):
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(100 << 30)
    assert cli.main(["check", str(dataset.folder), "--cases", str(large)]) == 2
    assert "has more than 64 MB" in capsys.readouterr().err
    with pytest.raises(InputError, match="damaged or not an exported model"):
        inspect_exported(large)


# --- names


def test_results_of_long_names_are_written(tmp_path):
    paths = [tmp_path / f"{'ü' * 123}{number}.nii.gz" for number in range(3)]
    scans, notes = named_scans(paths, safe_segment_names(["s" * 400, "Leber"]))
    names = [scan.output_name(*kind) for scan in scans for kind in ((), ("sdm", "s" * 150), ("uncertainty",))]
    assert len(set(names)) == 9 and max(len(os.fsencode(name)) for name in names) <= 255
    assert len(notes) == 3 and "too long" in notes[0]


def test_ten_thousand_scans_of_one_name_are_told_apart_in_no_time(tmp_path):
    started = time.process_time()
    scans, _ = named_scans([Path(f"/nowhere/x/{number}/scan/a.nii.gz") for number in range(10_000)], ["Leber"])
    assert len({scan.name for scan in scans}) == 10_000
    assert time.process_time() - started < 20


@pytest.mark.parametrize("name", ["cpu:5", "cpu:1", "mps:3", "meta", "", "cuda:-1", "cuda:99999"])
def test_devices_that_are_not_there_are_refused(name):
    with pytest.raises(InputError):
        choose_device(name)


def test_a_models_name_steers_no_terminal(tmp_path, sound, capsys):
    name = "Li\u202ever\x1b[2J\nTest"
    folder = changed(tmp_path / "model", sound, lambda document: document.update(name=name))
    for arguments in ([], ["--json"]):
        assert cli.main(["model", "info", str(folder), *arguments]) == 0
        printed = capsys.readouterr().out
        assert not set("\x1b\u202e") & set(printed)
    assert json.loads(printed)["name"] == name
    export_model(folder, tmp_path / "exported")
    assert cli.main(["model", "import", str(tmp_path / "exported.dtsmodel"), "--out", str(tmp_path / "library")]) == 0
    assert not set("\x1b\u202e") & set(capsys.readouterr().out)


# --- anything anywhere

VALUES = [None, True, 0, -1, 4, 256, 2**32, 10**400, 1e-300, 1e300, "", "x", "paper", [], {}, [1, 1, 1], [2, 2, 2]]
VALUES += [[[2, 2, 2]] * 3, ["a"] * 3, [None] * 3, [1e308] * 3, {"a": 1}, [[[]]], [True] * 3, [0.01] * 3, [50.0] * 3]


def places_in(document: Any, place: tuple = ()):
    for key in document if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ():
        yield (*place, key)
        yield from places_in(document[key], (*place, key))


def test_models_with_anything_anywhere_are_used_or_refused(tmp_path):
    """Whatever stands wherever in a description: a finite result, or a sentence."""
    folder = make_model(tmp_path / "model", make_plan(2))
    sound = (folder / "model.json").read_text()
    places = list(places_in(json.loads(sound)))
    image = sitk.GetImageFromArray(np.random.default_rng(0).normal(size=(12, 14, 13)).astype(np.float32))
    chance, outcomes = random.Random(0), Counter()
    for _ in range(60):
        document = json.loads(sound)
        *parents, last = chance.choice(places)
        inner = document
        for key in parents:
            inner = inner[key]
        inner[last] = chance.choice(VALUES)
        (folder / "model.json").write_text(json.dumps(document))
        try:
            describe(read_model(folder))
            prediction = Predictor(folder, "cpu", mirror=True).predict(image, sdm=True, uncertainty=True)
            assert np.isfinite([prediction.summary.agreement, prediction.summary.disagreement]).all()
            outcomes["used"] += 1
        except InputError:
            outcomes["refused"] += 1
    assert outcomes["used"] > 2 and outcomes["refused"] > 20


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes")
@pytest.mark.parametrize(
    "odd", ["x" * 300, "a/" * 2050, "~nobody/x", "pipe", "loop", "nowhere", "/dev/null", "a\x1b\nb"]
)
def test_odd_names_in_every_place_are_told_in_a_sentence(tmp_path, sound, capsys, monkeypatch, odd):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    for link in ("loop", "nowhere"):
        Path(link).symlink_to({"loop": "loop", "nowhere": "gone/gone"}[link])
    Path("empty").mkdir()
    sitk.WriteImage(sitk.Image([9, 9, 9], sitk.sitkInt16), "a.nrrd")
    export = ["export-seg", "a.nrrd", "--series", "empty", "--out", "a.dcm"]
    for arguments in (
        *(
            ["check", odd],
            ["train", odd, "--out", "run"],
            ["resume", odd],
            ["status", odd],
            ["stop", odd, "--wait", "0"],
        ),
        *(["check", "empty", "--cases", odd], ["train", "empty", "--out", "run", "--from", odd]),
        *(["predict", odd, "a.nrrd", "--out", "out"], ["predict", str(sound), odd, "--out", "out"]),
        *(["evaluate", "--prediction", odd, "--reference", "empty"], ["rank", odd, "empty"], ["rank", str(sound), odd]),
        *(["export-seg", odd, "--series", "empty", "--out", "a.dcm"], ["export-seg", "a.nrrd", "--series", odd]),
        *([*export, "--model", odd], [*export, "--segments", odd], [*export, "--model", str(sound), "--sdm", odd]),
        *(["model", "info", odd], ["model", "export", odd, "--out", "m"], ["model", "import", odd, "--out", "m"]),
    ):
        try:
            code = cli.main(arguments)
        except SystemExit as ended:  # by the reader of the command line
            code = ended.code
        error = capsys.readouterr().err
        assert code == 2 and error and "Traceback" not in error and "\x1b" not in error, arguments
