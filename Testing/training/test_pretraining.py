"""Networks pretrained on random volumes: the volumes, the command, and trainings that start from its weights."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from multiprocessing import get_context
from pathlib import Path

import pytest
import torch
from dualtaskseg import cli
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.errors import InputError, StoppedError
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.networks import build_network, named_weights, weights_of
from dualtaskseg.method.two_networks import TwoNetworks
from dualtaskseg.model.folder import read_model
from dualtaskseg.planning.plan import NetworkPlan
from dualtaskseg.pretraining import pretrain as pretrain_module
from dualtaskseg.pretraining import start as start_module
from dualtaskseg.pretraining.pretrain import LAST_LAYER, Pretraining, pretrain
from dualtaskseg.pretraining.start import PretrainedWeights
from dualtaskseg.pretraining.volumes import CUT, Volumes, distance_to_boundary, random_volumes
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.training import stages as stages_module
from dualtaskseg.training import trainer as trainer_module
from dualtaskseg.training.trainer import Trainer, train
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from test_starting import begins_with
from untrained import untimed

pytestmark = pytest.mark.usefixtures("narrow_networks")
CPU = torch.device("cpu")
SIZE = (12, 14, 16)


@pytest.fixture(autouse=True)
def small_volumes(monkeypatch):
    monkeypatch.delenv("NARROW_NETWORKS", raising=False)  # children here make volumes only
    monkeypatch.setattr(pretrain_module, "SIZES", {"quick": (16, 16, 16), "standard": (32, 32, 32)})


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory, narrow_networks) -> Path:
    """A folder with weights for the narrow networks of the tests."""
    folder = tmp_path_factory.mktemp("weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pretrain_module, "SIZES", {"quick": (16, 16, 16)})
        pretrain(Pretraining("quick", 3), folder / "quick.safetensors", CPU, makers=0)
    return folder


@pytest.fixture
def starting(pretrained, monkeypatch) -> PretrainedWeights:
    """Trainings start from these."""
    monkeypatch.setattr(start_module, "FOLDER", pretrained)
    return PretrainedWeights.read(pretrained / "quick.safetensors", "quick")


def equal(one: Volumes, other: Volumes) -> bool:
    return all(torch.equal(getattr(one, each.name), getattr(other, each.name)) for each in fields(Volumes))


# --- volumes


def test_a_step_sees_the_same_volumes_in_every_process_and_no_other_step_does():
    here = random_volumes(SIZE, seed=3, step=7, count=2)
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            there = pool.submit(random_volumes, SIZE, 3, 7, 2).result(60)
        assert equal(random_volumes(SIZE, 3, 7, 2), here) and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert equal(here, there)
    assert here.image.shape == (2, 1, *SIZE) and here.kind.shape == (2, *SIZE)
    for other in (random_volumes(SIZE, 3, 8, 2), random_volumes(SIZE, 4, 7, 2)):
        assert not torch.equal(here.image, other.image)
    assert not torch.equal(here.image[0], here.image[1])


def test_what_is_told_of_a_volume_is_true():
    """A bright cube in the dark: distances to the nearest voxels at its surface, and the side of it."""
    clean = torch.zeros(13, 13, 13)
    clean[4:9, 4:9, 4:9] = 1.0
    distance, side = distance_to_boundary(clean)
    line = [0.5 + each for each in (3, 2, 1, 0, 0, 1, 2, 1, 0, 0, 1, 2, 3)]  # through its center, along any axis
    for axis in range(3):
        told = distance.movedim(axis, 0)[:, 6, 6]
        assert torch.allclose(told, torch.tensor(line) / CUT)
        assert torch.allclose(side.movedim(axis, 0)[:, 6, 6].abs(), 1 - told)
    assert torch.equal(side > 0, clean > 0)
    # from a corner the nearest voxel beside the cube is one of its faces' outer neighbors
    assert float(distance[0, 0, 0]) == pytest.approx(min(1.0, ((4**2 + 4**2 + 3**2) ** 0.5 + 0.5) / CUT))
    faint = distance_to_boundary(0.1 * clean)
    assert bool((faint[0] == 1).all()) and not faint[1].any()


# --- the command


def test_the_command_comes_to_the_same_weights_and_tells_how_they_were_made(tmp_path, capsys):
    asked = ["pretrain", "--preset", "quick", "--steps", "3", "--seed", "5", "--batch", "2", "--device", "cpu", "--out"]
    assert cli.main([*asked, str(tmp_path / "a.safetensors")]) == 0
    assert cli.main([*asked, str(tmp_path / "b.safetensors"), "--makers", "1"]) == 0
    first, second = load_file(tmp_path / "a.safetensors"), load_file(tmp_path / "b.safetensors")
    assert first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)
    assert all(value.dtype == torch.float16 and LAST_LAYER not in name for name, value in first.items())
    with safe_open(tmp_path / "a.safetensors", "pt") as file:
        origin = file.metadata()
    assert (origin["preset"], origin["steps"], origin["seed"], origin["batch"]) == ("quick", "3", "5", "2")
    assert origin["command"] == "dualtaskseg pretrain --preset quick --steps 3 --seed 5 --batch 2"
    assert str(tmp_path) not in json.dumps(origin) and origin["torch"] == torch.__version__
    assert [each.name for each in sorted(tmp_path.iterdir())] == ["a.safetensors", "b.safetensors"]
    before = (tmp_path / "a.safetensors").read_bytes()
    assert cli.main([*asked, str(tmp_path / "a.safetensors")]) == 2
    assert "exists already" in capsys.readouterr().err and (tmp_path / "a.safetensors").read_bytes() == before
    assert cli.main([*asked[:5], "--batch", "1", "--out", str(tmp_path / "c.pt")]) == 2


def test_a_pretraining_that_was_stopped_goes_on_to_the_same_weights(tmp_path):
    asked, out = Pretraining("quick", 4, seed=2, batch=1), tmp_path / "w.safetensors"
    pretrain(asked, tmp_path / "whole.safetensors", CPU, makers=0)
    answers = iter([False, True])
    with pytest.raises(StoppedError, match="after step 2 of 4"):
        pretrain(asked, out, CPU, 0, lambda: next(answers))
    assert not out.exists()
    with pytest.raises(InputError, match="another pretraining"):
        pretrain(replace(asked, seed=3), out, CPU, 0)
    pretrain(asked, out, CPU, 0)
    whole, stopped = load_file(tmp_path / "whole.safetensors"), load_file(out)
    assert all(torch.equal(whole[name], stopped[name]) for name in whole)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["w.safetensors", "whole.safetensors"]
    (tmp_path / "v.safetensors.state").write_bytes(b"PK\3\4 no state")
    with pytest.raises(InputError, match="damaged"):
        pretrain(asked, tmp_path / "v.safetensors", CPU, 0)


# --- taking over

FILTERS = (4, 6, 8, 10, 10)


def networks(levels: int, segments: int = 1, thick: int = 0, stem: int = 2) -> TwoNetworks:
    """Of random weights; the first ``thick`` levels have kernels of one slice, and their axis is not halved."""
    kernels = tuple((1, 3, 3) if level < thick else (3, 3, 3) for level in range(levels))
    strides = ((1, 1, 1), *((1 if level <= thick and thick else 2, 2, 2) for level in range(1, levels)))
    plan = NetworkPlan("unet", (1 if thick else stem, stem, stem), FILTERS[:levels], strides, kernels)
    return TwoNetworks(build_network(plan, segments + 1), build_network(plan, segments), [1.0] * segments, 1.0)


def kept_of(source: TwoNetworks) -> PretrainedWeights:
    return PretrainedWeights("quick 0", {k: v for k, v in weights_of(source).items() if LAST_LAYER not in k})


def taken(source: TwoNetworks, target: TwoNetworks) -> tuple[dict, dict, dict]:
    """The weights of both, and those that the target had before it took over the source's."""
    before = {name: value.clone() for name, value in named_weights(target).items()}
    kept_of(source).put_into(target)
    return weights_of(source), weights_of(target), before


def test_networks_for_other_segments_take_over_all_but_the_last_layer():
    source, target, before = taken(networks(3, segments=1), networks(3, segments=4))
    for name, value in target.items():
        expected = before[name] if LAST_LAYER in name else source[name]
        assert torch.equal(value, expected), name
    part = "body.input_block.conv1.conv.weight"
    assert not torch.equal(target[f"probability.{part}"], target[f"distance.{part}"])


@pytest.mark.parametrize("part", ["probability", "distance"])
def test_levels_are_matched_from_the_finest_one(part):
    """The names of DynUNet count some from the other end, so the same name is another level."""
    source, target, _ = taken(networks(4), networks(3))
    same = {
        "body.bottleneck.conv1.conv.weight": "body.downsamples.1.conv1.conv.weight",
        "body.downsamples.0.norm2.bias": "body.downsamples.0.norm2.bias",
        "body.upsamples.0.transp_conv.conv.weight": "body.upsamples.1.transp_conv.conv.weight",
        "body.upsamples.1.conv_block.conv2.conv.weight": "body.upsamples.2.conv_block.conv2.conv.weight",
    }
    for name, other in same.items():
        assert torch.equal(target[f"{part}.{name}"], source[f"{part}.{other}"]), name
    source, target, before = taken(networks(4), networks(5))
    for name, other in {
        "body.downsamples.2.conv2.conv.weight": "body.bottleneck.conv2.conv.weight",
        "body.upsamples.1.transp_conv.conv.weight": "body.upsamples.0.transp_conv.conv.weight",
        "body.upsamples.3.conv_block.conv1.conv.weight": "body.upsamples.2.conv_block.conv1.conv.weight",
    }.items():
        assert torch.equal(target[f"{part}.{name}"], source[f"{part}.{other}"]), name
    for name in ("body.bottleneck.conv1.conv.weight", "body.upsamples.0.conv_block.conv1.conv.weight"):
        assert torch.equal(target[f"{part}.{name}"], before[f"{part}.{name}"]), name  # no such level is known


def test_thick_slices_take_over_what_wide_kernels_answer_where_nothing_changes_across_slices():
    source, target, before = taken(networks(3), networks(3, thick=1))
    name = "probability.body.input_block.conv1.conv.weight"
    assert torch.equal(target[name], source[name].sum(2, keepdim=True))
    image = torch.rand(1, 4, 1, 6, 6).expand(-1, -1, 5, -1, -1)
    wide = torch.nn.functional.conv3d(image, source[name])[:, :, 1:2]
    assert torch.allclose(torch.nn.functional.conv3d(image, target[name])[:, :, 2:3], wide, atol=1e-5)
    assert torch.equal(target["distance.stem.weight"], source["distance.stem.weight"].sum(2, keepdim=True))
    for name in ("distance.up.weight", "distance.body.upsamples.1.transp_conv.conv.weight"):
        assert torch.equal(target[name], source[name].mean(2, keepdim=True)), name
    image = torch.rand(1, 6, 1, 3, 3).expand(-1, -1, 3, -1, -1)
    doubled = torch.nn.functional.conv_transpose3d(image, source[name], stride=2)
    left = torch.nn.functional.conv_transpose3d(image, target[name], stride=(1, 2, 2))
    assert torch.allclose(left[:, :, 1], doubled[:, :, 2:4].mean(2), atol=1e-6)
    fresh = [name for name in target if torch.equal(target[name], before[name]) and LAST_LAYER not in name]
    assert all(
        name.endswith(("norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias", "bias", "mix.1.weight"))
        for name in fresh
    )  # which begin alike in all networks


def test_networks_of_which_little_fits_are_refused(starting, dataset, monkeypatch):
    monkeypatch.setitem(PRESETS, "quick", replace(PRESETS["quick"], filters=8, largest_filters=16))
    with pytest.raises(InputError, match=r"Only .* of 56 layers fit the pretrained networks"):
        plan_of(dataset)
    monkeypatch.undo()


# --- trainings


def plan_of(dataset, **asked):
    from dualtaskseg.contract.request import TrainingRequest
    from dualtaskseg.training.plan_run import plan_for

    names = [case.name for case in dataset.labeled]
    return start_module.with_pretrained_start(plan_for(dataset, names, TrainingRequest(dataset, **asked)))


def trained(request: dict, path: Path) -> RunFolder:
    run = RunFolder.create(path, request)
    train(run.folder)
    return run


@pytest.mark.parametrize("method", ["mutual", "supervised", "mean-teacher"])
def test_a_training_starts_from_pretrained_networks(method, starting, request_of, run_path, untrained):
    run = trained(request_of(method=method, start_from="pretrained"), run_path)
    _, learner = untrained[0]
    assert learner.plan.start == starting.name and json.loads((run_path / "plan.json").read_text())["start"]
    assert sum("pretrained on random shapes, on nobody's scans (54 of 56 layers fit)" in note
               for note in learner.plan.notes) == 1  # fmt: skip
    fresh = Learner(learner.plan, learner.labeled.cases, [], CPU)
    expected = {**weights_of(fresh.students), **starting.weights}
    assert begins_with(learner, expected) and not begins_with(fresh, expected)
    assert run.request["start_from"] == "pretrained"


@pytest.mark.parametrize("preset", ["paper", "best"])
def test_presets_without_pretrained_networks_say_so(preset, starting, dataset):
    with pytest.raises(InputError, match=f"no pretrained networks for the preset {preset}.*preset quick"):
        plan_of(dataset, preset=preset)


def test_networks_are_fresh_unless_asked(starting, request_of, run_path, untrained):
    trained(request_of(), run_path)
    _, learner = untrained[0]
    assert learner.plan.start == "" and not any("pretrained" in note for note in learner.plan.notes)
    fresh = Learner(learner.plan, learner.labeled.cases, [], CPU)
    assert begins_with(learner, weights_of(fresh.students))


def test_a_model_to_start_from_counts_instead(starting, request_of, tmp_path, monkeypatch):
    monkeypatch.setattr(stages_module, "fitted_learner", untimed)
    earlier = trained(request_of(iterations=1, start_from="pretrained"), tmp_path / "earlier")
    described = read_model(earlier.model_folder)
    assert described.plan["start"] == starting.name
    assert f"SHA-256 {starting.name.split()[1]}" in cli_text(["model", "info", str(earlier.model_folder)])
    page = earlier.report_file.read_text(encoding="utf-8")
    assert "pretrained on random shapes" in page
    begun = []
    monkeypatch.setattr(Trainer, "train", lambda self: begun.append(self.learner) or self.learner)
    monkeypatch.setattr(trainer_module.Finalizer, "finish", lambda self, learner: None)
    trained(request_of(start_from=str(earlier.folder)), tmp_path / "later")
    assert begun[0].plan.start == ""
    assert begins_with(begun[0], load_file(earlier.model_folder / "weights.safetensors"))


def cli_text(arguments: list[str]) -> str:
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert cli.main(arguments) == 0
    return out.getvalue()


def test_a_stopped_training_goes_on_from_its_state_whatever_weights_are_there(
    starting, pretrained, request_of, tmp_path, monkeypatch
):
    monkeypatch.setattr(stages_module, "fitted_learner", untimed)
    whole = trained(request_of(iterations=4, start_from="pretrained"), tmp_path / "whole")
    run = RunFolder.create(tmp_path / "stopped", request_of(iterations=4, start_from="pretrained"))
    real_step = Learner.step

    def stepping(self, iteration, of):
        if iteration == 1:
            run.request_stop()
        return real_step(self, iteration, of)

    monkeypatch.setattr(Learner, "step", stepping)
    with pytest.raises(StoppedError):
        train(run.folder)
    monkeypatch.setattr(Learner, "step", real_step)
    monkeypatch.setattr(start_module, "FOLDER", tmp_path / "nothing")
    run.clear_stop()
    train(run.folder)
    ends = [load_file(each.model_folder / "weights.safetensors") for each in (whole, run)]
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_a_training_that_had_not_begun_wants_the_weights_of_its_plan(
    starting, request_of, run_path, tmp_path, untrained, monkeypatch
):
    run = trained(request_of(start_from="pretrained"), run_path)
    monkeypatch.setattr(start_module, "FOLDER", tmp_path / "nothing")
    with pytest.raises(InputError, match="which this version of DualTaskSeg doesn't have"):
        train(run.folder)


@pytest.mark.parametrize("fault", ["no file of ours", "cut short", "no numbers", "absurd"])
def test_damaged_weights_are_refused(fault, pretrained, request_of, run_path, tmp_path, monkeypatch, untrained):
    file = tmp_path / "quick.safetensors"
    content = (pretrained / "quick.safetensors").read_bytes()
    weights = load_file(pretrained / "quick.safetensors")
    if fault == "no file of ours":
        file.write_bytes(b"\x80\x04K\x01." * 100)
    elif fault == "cut short":
        file.write_bytes(content[:-10])
    else:
        name = next(iter(weights))
        bad = float("nan") if fault == "no numbers" else 1e9
        save_file({**weights, name: torch.full_like(weights[name], bad, dtype=torch.float32)}, file)
    monkeypatch.setattr(start_module, "FOLDER", tmp_path)
    words = "are damaged" if fault in ("no numbers", "absurd") else "can't be read"
    with pytest.raises(InputError, match=f"The pretrained weights in .* {words}.*without --from pretrained"):
        trained(request_of(start_from="pretrained"), run_path)
    trained(request_of(), tmp_path / "other")


def test_the_command_line_asks_for_pretrained_networks(starting, cohort, tmp_path, untrained):
    for name in ("pretrained", None):
        out = tmp_path / f"{name}"
        asked = ["--from", name] if name else []
        assert cli.main(["train", str(cohort.dataset), "--out", str(out), "--iterations", "5", *asked]) == 0
        assert RunFolder.open(out).request["start_from"] == name
