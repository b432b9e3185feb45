"""A model as a MONAI Bundle: MONAI alone gives the mask of ``dualtaskseg predict``, and nothing private is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from dualtaskseg import cli
from dualtaskseg.bundle import export as export_module
from dualtaskseg.bundle.configuration import MARKS
from dualtaskseg.bundle.export import export_bundle
from dualtaskseg.bundle.scripted import scripted
from dualtaskseg.data.grid import blur_std
from dualtaskseg.errors import InputError
from dualtaskseg.inference.predictor import Predictor, predict_prepared
from dualtaskseg.inference.sliding_window import window_shape
from dualtaskseg.io.images import read_image
from dualtaskseg.method import registry
from dualtaskseg.method.base import Decoded
from dualtaskseg.method.mutual import MutualLearning
from dualtaskseg.method.networks import build_networks, weights_of
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import write_model
from dualtaskseg.planning.plan import NetworkPlan, Normalization, Plan
from safetensors.torch import save_file
from test_predictor import DIRECTIONS, make_plan

SPACING = (1.6, 1.6, 1.6)
SCANS = {  # name: voxel size in mm (x, y, z), direction
    "grid": (SPACING, "LPS"),
    "grid turned": (SPACING, "PSR"),
    "fine": ((0.9, 0.8, 1.2), "RAI"),
    "thick": ((1.0, 1.0, 4.5), "SRP"),
    "finest": ((0.6, 0.6, 0.7), "AIL"),
    "oblique": ((1.3, 1.2, 2.0), "oblique"),
}


def write_scan(path: Path, spacing: tuple[float, ...], direction: str, extent: float = 48.0) -> None:
    """A scan of a smooth field that depends on where a voxel lies in the body, with an odd origin."""
    axes = np.asarray(DIRECTIONS[direction], float).reshape(3, 3)
    size = [max(4, round(extent / side)) for side in spacing]
    origin = np.array([-24.7, 31.3, 12.9]) - axes @ (np.array(spacing) * (np.array(size) - 1) / 2)
    index = np.stack(np.meshgrid(*(np.arange(n) for n in size), indexing="ij"), axis=-1) * np.array(spacing)
    x, y, z = np.moveaxis(index @ axes.T + origin, -1, 0)
    field = np.sin(x / 7.0) * np.cos(y / 9.0) + np.sin(z / 8.0 + 1.0) + 0.01 * x
    image = sitk.GetImageFromArray(np.round(300 * field).astype(np.int16).transpose(2, 1, 0))
    image.SetSpacing(spacing)
    image.SetOrigin(origin.tolist())
    image.SetDirection(axes.ravel().tolist())
    path.parent.mkdir(parents=True, exist_ok=True)
    sitk.WriteImage(image, str(path))


def write_random_model(folder: Path, plan: Plan, seed: int = 3, name: str = "Hüfte") -> Path:
    """A model whose random networks answer with more than one segment."""
    torch.manual_seed(seed)
    weights = weights_of(build_networks(plan))
    trained_on = {"labeled": 3, "unlabeled": 5, "validation_figures": {plan.segments[0].name: {"dice": 0.8765}}}
    description = ModelDescription(name, plan.segments, plan.to_dict(), trained_on)
    write_model(folder, description, lambda path: save_file(weights, path))
    return folder


def bundle_plan(**changes) -> Plan:
    """A plan whose networks, even with random weights, give smooth masks of a smooth scan: they never coarsen it."""
    smooth = NetworkPlan("unet", (1, 1, 1), (4, 4, 6), ((1, 1, 1),) * 3, ((3, 3, 3),) * 3)
    return make_plan(2, spacing=SPACING, **{"normalization": Normalization("scan"), "network": smooth, **changes})


def masks_by_monai(bundle: Path, scans: Path, out: Path) -> dict[str, sitk.Image]:
    """What ``python -m monai.bundle run`` makes of a folder of scans, in a process that can't import this package."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    program = (
        "import runpy, sys; sys.modules['dualtaskseg'] = None; "
        f"sys.argv = ['monai.bundle', *{bundle_arguments(bundle, scans, out)!r}]; "
        "runpy.run_module('monai.bundle', run_name='__main__', alter_sys=True)"
    )
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-3000:]
    return {file.name.removesuffix("_seg.nii.gz"): sitk.ReadImage(str(file)) for file in out.iterdir()}


def bundle_arguments(bundle: Path, scans: Path, out: Path) -> list[str]:
    return [
        *("run", "--config_file", str(bundle / "configs" / "inference.json")),
        *("--meta_file", str(bundle / "configs" / "metadata.json"), "--bundle_root", str(bundle)),
        *("--dataset_dir", str(scans), "--output_dir", str(out)),
    ]


def dice(first: np.ndarray, second: np.ndarray) -> float:
    return 2 * (first & second).sum() / max(1, first.sum() + second.sum())


@pytest.mark.slow
def test_monai_alone_gives_our_mask(tmp_path: Path) -> None:
    model = write_random_model(tmp_path / "Modell", bundle_plan())
    for name, (spacing, direction) in SCANS.items():
        write_scan(tmp_path / "Aufnahmen ß" / f"{name}.nii.gz", spacing, direction)
    assert cli.main(["model", "export", str(model), "--format", "monai-bundle", "--out", str(tmp_path / "bündel")]) == 0
    masks = masks_by_monai(tmp_path / "bündel", tmp_path / "Aufnahmen ß", tmp_path / "aus")
    assert masks.keys() == SCANS.keys()
    predictor = Predictor(model, "cpu")
    for name, mask in masks.items():
        scan = tmp_path / "Aufnahmen ß" / f"{name}.nii.gz"
        ours = predictor.predict(read_image(scan)).label
        expected, found = sitk.GetArrayFromImage(ours), sitk.GetArrayFromImage(mask)
        assert np.allclose(mask.GetDirection(), ours.GetDirection(), atol=1e-4)
        assert np.allclose(mask.GetOrigin(), ours.GetOrigin(), atol=1e-3)
        assert found.dtype == np.uint8
        assert min((expected == value).mean() for value in range(3)) > 0.02, name
        if name.startswith("grid"):
            assert np.array_equal(found, expected), name
        for value in range(3):
            assert dice(expected == value, found == value) >= 0.99, (name, value)


@pytest.mark.parametrize(
    "changes",
    [
        {"normalization": Normalization("ct", -200.0, 350.0, 20.0, 180.0), "values": (3, 70000)},
        {"normalization": Normalization("scan mean"), "keep_largest": (True, False)},
    ],
    ids=["ct and large values", "scan mean and largest part"],
)
def test_intensities_values_and_largest_parts(tmp_path: Path, changes: dict) -> None:
    from monai.bundle import run

    plan = make_plan(2, spacing=SPACING, network=bundle_plan().network, **changes)
    model = write_random_model(tmp_path / "model", plan)
    write_scan(tmp_path / "scans" / "one.nii.gz", SPACING, "PSR")
    bundle = export_bundle(model, tmp_path / "bundle")
    run(
        config_file=str(bundle / "configs" / "inference.json"),
        bundle_root=str(bundle),
        dataset_dir=str(tmp_path / "scans"),
        output_dir=str(tmp_path / "out"),
    )
    expected = sitk.GetArrayFromImage(Predictor(model, "cpu").predict(read_image(tmp_path / "scans/one.nii.gz")).label)
    found = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "out" / "one_seg.nii.gz")))
    assert np.unique(expected).tolist() == [0, *(segment.value for segment in plan.segments)]
    assert np.array_equal(found, expected)
    assert ("scikit-image" in (bundle / "docs" / "README.md").read_text("utf-8")) == any(plan.keep_largest)


# --- the program


def program_of(plan: Plan, seed: int = 1) -> tuple:
    torch.manual_seed(seed)
    networks = build_networks(plan).eval()
    return networks, scripted(networks, plan)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"method": "mean-teacher"},
        {
            "preset": "paper",
            "network": NetworkPlan("vnet", (1, 1, 1), (4, 6), ((1, 1, 1), (2, 2, 2)), ((3, 3, 3),) * 2),
        },
        {
            "network": NetworkPlan(
                "unet", (1, 2, 2), (4, 4, 6), ((1, 1, 1), (2, 2, 2), (1, 2, 2)), ((1, 3, 3), (3, 3, 3), (3, 3, 3))
            )
        },
    ],
    ids=["mutual", "mean teacher", "paper", "half resolution"],
)
def test_the_program_says_what_the_predictor_says(changes: dict) -> None:
    plan = replace(make_plan(2, **{key: value for key, value in changes.items() if key != "method"}))
    plan = plan.replaced(method=changes.get("method", plan.method))
    networks, program = program_of(plan)
    for shape in ((20, 24, 28), (50, 40, 30), (5, 33, 60)):  # as a whole, in windows, smaller than a window
        scan = torch.randn(shape, generator=torch.Generator().manual_seed(2))
        probabilities = program(scan.permute(2, 1, 0)[None, None])[0].permute(0, 3, 2, 1)
        assert torch.allclose(probabilities.sum(dim=0), torch.ones(shape), atol=1e-4)
        found = probabilities.argmax(dim=0).numpy()
        expected = predict_prepared(networks, plan, scan.numpy()).label
        assert len(np.unique(expected)) > 1
        assert (found != expected).mean() < 1e-4, shape


def test_the_program_chooses_the_same_windows() -> None:
    plan = make_plan(1, patch=(24, 32, 16))
    _, program = program_of(plan)
    random = np.random.default_rng(0)
    for shape in [(24, 32, 16), (30, 40, 20), (31, 40, 20), *random.integers(1, 48, (200, 3)).tolist()]:
        assert tuple(program.window(list(shape))) == window_shape(tuple(shape), plan), shape


def test_the_program_smooths_what_becomes_coarser() -> None:
    plan = make_plan(1, spacing=(3.0, 1.0, 2.0))
    _, program = program_of(plan)
    scan = np.random.default_rng(0).normal(size=(20, 30, 40)).astype(np.float32)
    image = sitk.GetImageFromArray(scan)
    for axis, (old, new) in enumerate(zip((0.7, 1.0, 1.0), (2.0, 1.0, 3.0), strict=True)):
        std = blur_std(image.GetSize()[axis], old, new)
        if std:
            image = sitk.RecursiveGaussian(image, std / old, direction=axis)
    smooth = program.smoothed(torch.from_numpy(scan.transpose(2, 1, 0).copy())[None], [0.7, 1.0, 1.0])[0]
    assert np.abs(smooth.numpy().transpose(2, 1, 0) - sitk.GetArrayFromImage(image)).max() < 0.02
    assert np.abs(scan - sitk.GetArrayFromImage(image)).max() > 1
    same = torch.rand(1, 9, 9, 9)
    assert torch.equal(program.smoothed(same, [2.0, 1.0, 3.0]), same)


def test_voxels_that_are_no_number_get_the_lowest_intensity() -> None:
    _, program = program_of(make_plan(1))
    scan = torch.arange(27.0).reshape(1, 3, 3, 3) - 5
    broken = scan.clone()
    broken[0, 1, 1] = torch.tensor([float("nan"), float("inf"), -float("inf")])
    expected = scan.clone()
    expected[0, 1, 1] = -5
    assert torch.equal(program.smoothed(broken, [1.0, 1.0, 1.0]), expected)


def test_of_a_constant_scan_all_is_background() -> None:
    _, program = program_of(make_plan(2))
    probabilities = program(torch.full((1, 1, 20, 24, 30), 0.3))
    assert probabilities.shape == (1, 3, 20, 24, 30)
    assert (probabilities[:, 0] == 1).all() and (probabilities[:, 1:] == 0).all()


def test_numbers_without_sense_are_refused() -> None:
    plan = make_plan(1)
    networks = build_networks(plan).eval()
    with torch.no_grad():
        for weight in networks.probability.parameters():
            weight.fill_(float("nan"))
    with pytest.raises(torch.jit.Error, match="make no sense"):
        scripted(networks, plan)(torch.randn(1, 1, 24, 24, 24))


# --- the folder


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("Fall Müller")
    model = write_random_model(folder / "model", bundle_plan())
    (folder / "out").mkdir()  # an empty folder may be there
    return export_bundle(model, folder / "out")


def test_the_folder_is_a_bundle(bundle: Path) -> None:
    files = sorted(str(file.relative_to(bundle).as_posix()) for file in bundle.rglob("*") if file.is_file())
    assert files == ["configs/inference.json", "configs/metadata.json", "docs/README.md", "models/model.ts"]
    metadata = json.loads((bundle / "configs" / "metadata.json").read_text("utf-8"))
    required = {"version", "monai_version", "pytorch_version", "numpy_version", "required_packages_version", "task"}
    assert required | {"description", "authors", "copyright", "network_data_format"} <= metadata.keys()
    output = metadata["network_data_format"]["outputs"]["pred"]
    assert output["channel_def"] == {"0": "background", "1": "Teil 1", "2": "Teil 2"}
    assert output["num_channels"] == 3
    for side in ("inputs", "outputs"):
        for each in metadata["network_data_format"][side].values():
            specified = {"type", "format", "num_channels", "spatial_shape", "dtype", "value_range", "is_patch_data"}
            assert specified | {"channel_def"} <= each.keys()
    assert metadata["eval_metrics"] == {"Teil 1 dice": 0.8765}
    assert metadata["network_data_format"]["inputs"]["image"]["modality"] == "n/a"  # nobody said what it is


def test_monai_knows_the_parts_of_the_workflow(bundle: Path) -> None:
    from monai.bundle import ConfigWorkflow

    workflow = ConfigWorkflow(
        config_file=str(bundle / "configs" / "inference.json"),
        meta_file=str(bundle / "configs" / "metadata.json"),
        workflow_type="infer",
        bundle_root=str(bundle),
    )
    workflow.initialize()
    assert not workflow.check_properties()


def test_the_program_carries_the_texts_too(bundle: Path) -> None:
    from monai.data import load_net_with_metadata

    _, metadata, more = load_net_with_metadata(str(bundle / "models" / "model.ts"), more_extra_files=["inference.json"])
    assert metadata["network_data_format"]["outputs"]["pred"]["num_channels"] == 3
    assert json.loads(more["inference.json"]) == json.loads((bundle / "configs" / "inference.json").read_text("utf-8"))


def test_no_path_and_no_case_is_in_it(bundle: Path) -> None:
    with zipfile.ZipFile(bundle / "models" / "model.ts") as archive:
        assert archive.testzip() is None
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert not [name for name in contents if "debug" in name]
    contents |= {str(file): file.read_bytes() for file in bundle.rglob("*") if file.suffix != ".ts" and file.is_file()}
    source = str(Path(export_module.__file__).parent)
    for name, content in contents.items():
        for private in ("Müller", source, sys.prefix, str(Path.home())):
            assert private.encode() not in content, (name, private)


def test_no_device_is_written_down_in_the_program(bundle: Path) -> None:
    """What is traced on a CPU must run on a GPU."""
    with zipfile.ZipFile(bundle / "models" / "model.ts") as archive:
        code = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".py"))
    assert "device=" in code
    assert "torch.device(" not in code and "mkldnn" not in code


def test_texts_of_the_model_are_not_computed_by_monai(tmp_path: Path) -> None:
    hostile = "$__import__('os').abort()"
    plan = bundle_plan()
    segments = (replace(plan.segments[0], name=hostile), replace(plan.segments[1], name="@bundle_root\n$1"))
    model = write_random_model(tmp_path / "model", plan.replaced(segments=segments), name="%" + hostile)
    bundle = export_bundle(model, tmp_path / "bundle")
    metadata = (bundle / "configs" / "metadata.json").read_text("utf-8")

    def texts(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for key, each in value.items() for text in [key, *texts(each)]]
        if isinstance(value, list):
            return [text for each in value for text in texts(each)]
        return [value] if isinstance(value, str) else []

    assert not [text for text in texts(json.loads(metadata)) if text.startswith(tuple(MARKS))]
    assert "abort" in metadata
    assert "abort" not in (bundle / "configs" / "inference.json").read_text("utf-8")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = write_random_model(tmp_path / "model", bundle_plan())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    assert cli.main(["model", "export", str(model), "--format", "monai-bundle", "--out", str(tmp_path / "out")]) == 2
    assert "exists already" in capsys.readouterr().err
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["notes.txt"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model", "out"]


def untraceable(networks: object, probability: torch.Tensor, averaged: torch.Tensor) -> Decoded:
    return MutualLearning().decode(networks, torch.from_numpy(probability.numpy().copy()), averaged)


def of_one_size(networks: object, probability: torch.Tensor, averaged: torch.Tensor) -> Decoded:
    noise = torch.linspace(0, 1, int(probability.shape[-1])).flip(0)  # its length is written down when it is traced
    return MutualLearning().decode(networks, probability * noise[: probability.shape[-1]], averaged)


@pytest.mark.parametrize("decode", [untraceable, of_one_size])
def test_a_method_that_torchscript_cannot_follow_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decode: Callable
) -> None:
    method = MutualLearning()
    monkeypatch.setattr(method, "decode", decode)
    monkeypatch.setattr(registry, "method_named", lambda preset, name: method)
    model = write_random_model(tmp_path / "model", bundle_plan())
    with pytest.raises(InputError, match="can't be made a TorchScript program"):
        export_bundle(model, tmp_path / "out")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model"]


def test_the_dtsmodel_file_is_still_what_is_made_by_default(tmp_path: Path) -> None:
    model = write_random_model(tmp_path / "model", bundle_plan())
    assert cli.main(["model", "export", str(model), "--out", str(tmp_path / "one.dtsmodel")]) == 0
    assert zipfile.is_zipfile(tmp_path / "one.dtsmodel")
