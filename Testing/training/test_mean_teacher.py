"""Mean teacher, the yardstick: who teaches whom, and that it is a method like any other."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from dualtaskseg import cli
from dualtaskseg.contract.dataset import UNLABELED
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.errors import InputError
from dualtaskseg.inference.predictor import Predictor, predict_prepared
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.mean_teacher import METHOD
from dualtaskseg.method.networks import weights_of
from dualtaskseg.method.registry import make_plan, method_of
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import read_model, write_model
from dualtaskseg.preparation.prepare import prepare
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.training.plan_run import plan_for
from dualtaskseg.training.trainer import train
from safetensors.torch import save_file

CPU = torch.device("cpu")
pytestmark = pytest.mark.usefixtures("narrow_networks")


@pytest.fixture(scope="module")
def learner(dataset, tmp_path_factory, narrow_networks) -> Learner:
    request = TrainingRequest(dataset, method="mean-teacher")
    plan = plan_for(dataset, [case.name for case in dataset.labeled], request)
    cases = prepare([*dataset.labeled, *dataset.unlabeled], plan, tmp_path_factory.mktemp("prepared"))
    labeled = [case for case in cases if case.role != UNLABELED]
    return Learner(plan, labeled, [case for case in cases if case.role == UNLABELED], CPU)


def views_of(learner: Learner, progress: float = 0.5):
    return learner.views(progress, 3, torch.Generator().manual_seed(0))


def gradients(learner: Learner, views, progress: float) -> dict[str, torch.Tensor]:
    learner.students.zero_grad()
    learner.compute(progress, views)[0].backward()
    return {name: weight.grad.clone() for name, weight in learner.students.named_parameters()}


def differing(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> set[str]:
    """The networks whose gradients differ."""
    return {name.split(".")[0] for name in first if not torch.equal(first[name], second[name])}


def test_unlabeled_scans_teach_the_probability_network_only(learner):
    views = views_of(learner)
    before = gradients(learner, views, 0.5)
    views.unlabeled_image = views.unlabeled_image.flip(-1)
    assert differing(before, gradients(learner, views, 0.5)) == {"probability"}
    assert all(weight.grad is None for weight in learner.teachers.parameters())


def test_the_student_is_drawn_to_what_the_teacher_says_of_its_own_view(learner):
    """The gradient that the unlabeled patches add is that of the weighted mean squared difference of probabilities."""
    views, progress = views_of(learner), 0.5
    with_them = gradients(learner, views, progress)
    alone = views_of(learner)
    alone.unlabeled = None
    without = gradients(learner, alone, progress)
    with torch.no_grad():
        expected = torch.softmax(learner.teachers.probability(views.teacher_image), dim=1)
    said = torch.softmax(learner.students.probability(views.unlabeled_image), dim=1)
    valid = views.unlabeled.valid[:, None].expand_as(said)
    weight = 0.1 * np.exp(-5 * (1 - progress) ** 2)
    learner.students.zero_grad()
    (weight * ((said - expected) ** 2)[valid].mean()).backward()
    for name, parameter in learner.students.probability.named_parameters():
        added = with_them[f"probability.{name}"] - without[f"probability.{name}"]
        assert torch.allclose(added, parameter.grad, rtol=1e-2, atol=1e-5), name
    assert not torch.equal(views.teacher_image, views.unlabeled_image)  # each has changes of its own


def test_the_teacher_follows_as_an_average(learner):
    fresh = Learner(learner.plan, learner.labeled.cases, learner.unlabeled.cases, CPU)
    names = [name for name, _ in fresh.teachers.named_parameters()]
    for iteration in range(3):
        before = {name: value.clone() for name, value in fresh.teachers.named_parameters()}
        fresh.step(iteration, 10)
        decay = min(1 - 1 / (iteration + 1), fresh.plan.ema_decay)
        students, teachers = dict(fresh.students.named_parameters()), dict(fresh.teachers.named_parameters())
        for name in names:
            assert torch.allclose(teachers[name], decay * before[name] + (1 - decay) * students[name], atol=1e-6), name


def test_the_probability_network_infers_and_the_other_one_says_the_distance(learner):
    case = learner.labeled.cases[0]
    prediction_on_grid = predict_prepared(learner.teachers, learner.plan, case.image())
    assert np.array_equal(prediction_on_grid.label, prediction_on_grid.label_probability)
    inside = (prediction_on_grid.distance_mm < 0).any(axis=0)
    assert inside.any() and (prediction_on_grid.label_distance[inside] > 0).all()
    assert not np.array_equal(prediction_on_grid.label, prediction_on_grid.label_distance)


def test_without_unlabeled_scans_it_learns_from_labels_alone():
    from test_planning import SEGMENTS, hippocampus

    plan = make_plan(hippocampus(), SEGMENTS, method="mean-teacher", has_unlabeled=False)
    assert plan.is_supervised and method_of(plan) is not METHOD
    plan = make_plan(hippocampus(), SEGMENTS, method="mean-teacher")
    assert plan.method == "mean-teacher" and method_of(plan) is METHOD and METHOD.mutual_start(plan) == 0


def test_it_trains_from_the_command_line_and_its_model_predicts(cohort, tmp_path, capsys):
    out = tmp_path / "run"
    train_it = ["train", str(cohort.dataset), "--out", str(out), "--iterations", "4", "--device", "cpu"]
    assert cli.main([*train_it, "--method", "mean-teacher", "--validation", "1"]) == 0
    run = RunFolder.open(out)
    assert run.request["method"] == "mean-teacher" and read_model(run.model_folder).trained_on["unlabeled"] == 3
    report = run.report_file.read_text(encoding="utf-8")
    assert "mean teacher" in report and "teach each other" not in report
    rows = [row for row in run.read_metrics()[0] if row["kind"] == "train"]
    assert all("teacher_consistency" in row and "unlabeled_loss" in row for row in rows)
    images = str(cohort.held_out_images)
    assert cli.main(["predict", str(out), images, "--out", str(tmp_path / "results"), "--device", "cpu", "--sdm"]) == 0
    written = {path.name for path in (tmp_path / "results").iterdir()}
    assert any("sdm" in name for name in written) and len(written) >= 6  # a mask and two distances of each scan


def test_a_preset_that_is_a_method_by_itself_goes_with_no_other(cohort, tmp_path, capsys):
    out = tmp_path / "run"
    arguments = ["train", str(cohort.dataset), "--out", str(out), "--preset", "paper", "--method", "mean-teacher"]
    assert cli.main(arguments) == 2
    assert "preset paper is a method by itself" in capsys.readouterr().err and not out.exists()


def test_a_run_that_asks_for_an_unknown_method_is_refused(request_of, run_path):
    run = RunFolder.create(run_path, request_of(method="cross teaching"))
    with pytest.raises(
        InputError, match=r'run\.json can.t be followed: The method "cross teaching" is unknown'
    ) as raised:
        train(run.folder)
    assert run.state() == "failed" and "update DualTaskSeg" in raised.value.remedy


def test_a_model_of_an_unknown_method_is_refused(learner, tmp_path):
    """A later version's, whose networks may have to be read otherwise."""
    plan = learner.plan.replaced(method="cross teaching")
    folder = tmp_path / "model"
    description = ModelDescription("Test", plan.segments, plan.to_dict(), {"labeled": 1})
    write_model(folder, description, lambda path: save_file(weights_of(learner.students), path))
    with pytest.raises(InputError, match=r'model can.t be used: The method "cross teaching" is unknown'):
        Predictor(folder, "cpu")
