"""What only a GPU shows: that trainings and predictions on it come to what they do on a CPU."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from dualtaskseg import cli
from dualtaskseg.inference.device import choose_device, largest_precision
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.sampling import step_generator
from dualtaskseg.model.folder import find_model, read_model
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.training import calibration

pytestmark = [
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA GPU"),
    pytest.mark.usefixtures("narrow_networks"),
]
OF = 1000
GPU = torch.device("cuda")


def learner_on(prepared, device: str, precision: str = "float32") -> Learner:
    plan, labeled, unlabeled = prepared
    return Learner(plan.replaced(precision=precision), labeled, unlabeled, choose_device(device))


def test_a_step_sees_the_same_patches_on_both_devices(prepared):
    seen = [learner_on(prepared, name).views(1.0, 5, step_generator(0, 5)) for name in ("cpu", "cuda")]
    for part in ("image", "pasted"):
        of_cpu, of_gpu = (getattr(views, part).float().cpu() for views in seen)
        assert torch.allclose(of_cpu, of_gpu, atol=1e-3)
    assert seen[1].image.device.type == "cuda"


@pytest.mark.parametrize(("precision", "near"), [("float32", 2e-3), ("bfloat16", 0.05), ("float16", 0.02)])
def test_losses_are_those_of_the_cpu(prepared, precision, near):
    of_cpu, of_gpu = learner_on(prepared, "cpu"), learner_on(prepared, "cuda", precision)
    for iteration in (OF - 3, OF - 2):
        expected, found = (float(each.step(iteration, OF)["loss"]) for each in (of_cpu, of_gpu))
        assert found == pytest.approx(expected, rel=near)


def test_a_training_in_half_precision_predicts_as_on_the_cpu(cohort, tmp_path, monkeypatch):
    monkeypatch.setattr(calibration, "CLEARLY_FASTER", 0)  # single precision never is: these networks are small
    run, held_out = tmp_path / "run", sorted(cohort.held_out_images.iterdir())[0]
    words = ["train", str(cohort.dataset), "--out", str(run), "--device", "cuda", "--iterations", "60"]
    assert cli.main([*words, "--validation", "0"]) == 0
    model = find_model(run)
    description = read_model(model)
    assert description.trained_on["device"].startswith("NVIDIA")
    assert description.plan["precision"] == largest_precision(GPU) != "float32"
    masks, distances = [], []
    for device in ("cpu", "cuda"):
        out = tmp_path / device
        assert cli.main(["predict", str(model), str(held_out), "--out", str(out), "--device", device, "--sdm"]) == 0
        for path in sorted(out.glob("*.nii.gz")):
            array = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
            (distances if "_sdm" in path.name else masks).append(array.astype(np.float32))
    of_cpu, of_gpu = (np.stack(half) for half in np.array_split(distances, 2))
    assert np.mean(masks[0] != masks[1]) < 0.01
    assert np.mean(np.abs(of_cpu - of_gpu)) < 0.1


def test_goes_on_from_a_checkpoint(cohort, tmp_path, monkeypatch):
    run = tmp_path / "run"
    words = ["train", str(cohort.dataset), "--out", str(run), "--device", "cuda", "--iterations", "30"]
    step = Learner.step

    def stops(learner: Learner, iteration: int, of: int) -> dict[str, torch.Tensor]:
        if iteration == 20 and of == 30:
            RunFolder.open(run).request_stop()
        return step(learner, iteration, of)

    with monkeypatch.context() as patch:
        patch.setattr(Learner, "step", stops)
        assert cli.main([*words, "--validation", "0"]) == 3
    assert cli.main(["resume", str(run)]) == 0
    assert RunFolder.open(run).state() == "finished"


def test_takes_smaller_patches_where_memory_does_not_suffice(cohort, tmp_path):
    run = tmp_path / "run"
    words = ["train", str(cohort.dataset), "--out", str(run), "--device", "cuda", "--iterations", "4"]
    torch.cuda.empty_cache()
    used = torch.cuda.memory_reserved(GPU)
    total = torch.cuda.get_device_properties(GPU).total_memory
    torch.cuda.set_per_process_memory_fraction((used + 8 * 2**20) / total)
    try:
        assert cli.main([*words, "--validation", "0"]) == 0
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    notes = read_model(find_model(run)).plan["notes"]
    assert any(note.startswith("Memory did not suffice") for note in notes)
