"""Partly outlined scans: what was looked at teaches as an outline, the rest as an unlabeled scan, and nothing more."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from dualtaskseg import cli
from dualtaskseg.contract.dataset import Dataset, keep_labels
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.laterality import SideStatistics, decide_mirroring
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.data.meaning import Meaning
from dualtaskseg.data.outlines import Outline, read_outline
from dualtaskseg.errors import InputError
from dualtaskseg.io.writing import write_image
from dualtaskseg.method.learner import Learner
from dualtaskseg.method.losses import distance_loss
from dualtaskseg.method.mutual import make_views, pseudo_labels, training_step
from dualtaskseg.method.sampling import Sampler, step_generator
from dualtaskseg.planning.plan import Plan
from dualtaskseg.preparation.partly import UNSEEN, distance_bounds, widened
from dualtaskseg.preparation.prepare import PreparedCase, open_prepared, prepare
from dualtaskseg.preparation.signed_distance import signed_distance
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import read_status
from dualtaskseg.training import plan_run
from dualtaskseg.training.plan_run import plan_for
from dualtaskseg.training.validation import comparable

pytestmark = pytest.mark.usefixtures("narrow_networks")
SHAPE, SPACING = (24, 28, 26), (2.0, 2.0, 2.0)
STEP = 4  # every so-manieth slice is outlined
CPU = torch.device("cpu")
UNKNOWN = 9  # a value of labels for where nobody looked


def ball(center: tuple[float, ...], radius: float, shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    grid = np.stack(np.meshgrid(*(np.arange(side) for side in shape), indexing="ij"), axis=-1)
    return ((grid - np.array(center)) ** 2).sum(-1) < radius**2


def scan(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A large ball with another one in it, and noise; values 1 and 2."""
    random = np.random.default_rng(seed)
    middle = np.array(SHAPE) / 2 + random.uniform(-2, 2, 3)
    label = ball(middle, 8).astype(np.uint8)
    label[ball(middle + np.array([1, 1, 0]), 4)] = 2
    return (label * 3 + random.normal(0, 0.5, SHAPE)).astype(np.float32), label


def outlined(label: np.ndarray, axis: int = 0) -> np.ndarray:
    """Where somebody looked: every so-manieth slice, or half of the scan along the last axis."""
    seen = np.zeros(label.shape, bool)
    np.moveaxis(seen, axis, 0)[slice(13) if axis == 2 else slice(1, None, STEP)] = True
    return seen


def image_of(array: np.ndarray, spacing: tuple[float, ...] = SPACING) -> sitk.Image:
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(spacing[::-1])
    return image


def save(array: np.ndarray, path: Path, spacing: tuple[float, ...] = SPACING) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_image(image_of(array, spacing), path)


def write_dataset(folder: Path, way: str = "companion", labeled: int = 3, unlabeled: int = 2, whole: int = 0) -> Path:
    """A dataset whose labeled scans are outlined in part, and how it tells that."""
    rows = ["image,label,seen"]
    for index in range(labeled + unlabeled):
        image, label = scan(index)
        save(image, folder / "images" / f"s{index}.nii.gz")
        if index >= labeled:
            rows.append(f"images/s{index}.nii.gz,,")
            continue
        seen = outlined(label, index % 3) if index >= whole else np.ones(SHAPE, bool)
        label[~seen] = UNKNOWN if way == "value" else 0
        save(label, folder / "labels" / f"s{index}.nii.gz")
        if way == "companion":
            save(seen.astype(np.uint8), folder / "labels" / f"s{index}_seen.nrrd")
        if way == "column":
            save(seen.astype(np.uint8), folder / "maps" / f"m{index}.nii.gz")
        rows.append(f"images/s{index}.nii.gz,labels/s{index}.nii.gz,maps/m{index}.nii.gz")
    names = [{"name": "Shell", "value": 1}, {"name": "Core", "value": 2}]
    if way == "value":
        names.append({"name": "ignore", "value": UNKNOWN})
    (folder / "segments.json").write_text(json.dumps(names))
    if way == "column":
        (folder / "cases.csv").write_text("\n".join(rows))
    return folder


@pytest.fixture(scope="module")
def partly(tmp_path_factory) -> Dataset:
    return load_dataset(write_dataset(tmp_path_factory.mktemp("teilweise ß") / "data"))


@pytest.fixture(scope="module")
def plan(partly) -> Plan:
    plan = plan_for(partly, [case.name for case in partly.labeled], TrainingRequest(partly))
    return plan.replaced(patch=(16, 16, 16), spacing=SPACING)


@pytest.fixture(scope="module")
def prepared(partly, plan, tmp_path_factory) -> list[PreparedCase]:
    return prepare(partly.cases, plan, tmp_path_factory.mktemp("prepared"))


# --- what a dataset tells


@pytest.mark.parametrize("way", ["companion", "column", "value"])
def test_each_way_of_telling_gives_the_same(tmp_path, way):
    dataset = load_dataset(write_dataset(tmp_path / "data", way))
    assert [segment.name for segment in dataset.segments] == ["Shell", "Core"]
    assert [(case.name, case.role) for case in dataset.cases] == [
        *((f"s{index}", "labeled") for index in range(3)),
        *((f"s{index}", "unlabeled") for index in (3, 4)),
    ]
    again = Dataset.from_dict(json.loads(json.dumps(dataset.to_dict())))
    assert again == dataset
    for index, case in enumerate(again.labeled):
        _, label = scan(index)
        seen = outlined(label, index % 3)
        outline = read_outline(case, Meaning(dataset.segments))
        assert np.array_equal(outline.seen_array(), seen)
        assert np.array_equal(sitk.GetArrayFromImage(outline.label), np.where(seen, label, 0))
    report = check_dataset(dataset)
    assert not report.problems
    assert [round(one.seen_share, 2) for one in report.fingerprints] == [0.25, 0.25, 0.5, 1, 1]
    assert "s0 is outlined in part: 25% of it was looked at" in report.notes
    for index, one in enumerate(report.fingerprints[:3]):
        _, label = scan(index)
        seen = outlined(label, index % 3)
        assert one.label_values == {value: int((label[seen] == value).sum()) for value in (0, 1, 2)}


def test_an_unlabeled_case_has_no_map(tmp_path):
    folder = write_dataset(tmp_path / "data")
    (folder / "roles.csv").write_text("case,role\ns0,unlabeled\ns1,labeled\n")
    assert cli.main(["check", str(folder), "--cases", str(folder / "roles.csv"), "--json"]) == 0
    for way in ("companion", "value"):
        dataset = keep_labels(load_dataset(write_dataset(tmp_path / way, way)), 1)
        assert [(case.seen, case.unseen_value) for case in dataset.unlabeled] == [(None, None)] * 4


def test_many_partly_outlined_scans_are_told_of_in_one_sentence(tmp_path):
    notes = check_dataset(load_dataset(write_dataset(tmp_path / "data", labeled=6))).notes
    assert "6 scans are outlined in part: 25% to 50% of each was looked at" in notes
    assert sum("in part" in note for note in notes) == 1


def test_nnunets_description_names_the_value(tmp_path):
    folder = write_dataset(tmp_path / "data", "value")
    (folder / "segments.json").unlink()
    for old, new in (("images", "imagesTr"), ("labels", "labelsTr")):
        (folder / old).rename(folder / new)
    document = {"channel_names": {"0": "MRI"}, "labels": {"background": 0, "Shell": 1, "Core": 2, "ignore": UNKNOWN}}
    (folder / "dataset.json").write_text(json.dumps(document))
    dataset = load_dataset(folder)
    assert [segment.name for segment in dataset.segments] == ["Shell", "Core"]
    assert {case.unseen_value for case in dataset.labeled} == {UNKNOWN}
    assert not check_dataset(dataset).problems


def test_a_segmentation_of_slicer_may_name_the_value_itself(tmp_path):
    """Its own number of "ignore" is another one than the dataset's."""
    folder = write_dataset(tmp_path / "data", "value")
    label = folder / "labels" / "s0.nii.gz"
    image = sitk.ReadImage(str(label))
    label.unlink()
    values = sitk.GetArrayFromImage(image)
    image = image_of(np.select([values == 1, values == 2, values == UNKNOWN], [3, 1, 2]).astype(np.uint8))
    for index, (name, value) in enumerate([("Core", 1), ("ignore", 2), ("Shell", 3)]):
        image.SetMetaData(f"Segment{index}_ID", f"Segment_{index + 1}")
        image.SetMetaData(f"Segment{index}_Name", name)
        image.SetMetaData(f"Segment{index}_LabelValue", str(value))
        image.SetMetaData(f"Segment{index}_Layer", "0")
    sitk.WriteImage(image, str(folder / "labels" / "s0.seg.nrrd"))
    dataset = load_dataset(folder)
    outline = read_outline(dataset.cases[0], Meaning(dataset.segments))
    _, truth = scan(0)
    assert np.array_equal(outline.seen_array(), outlined(truth))
    assert np.array_equal(sitk.GetArrayFromImage(outline.label), np.where(outlined(truth), truth, 0))
    assert not check_dataset(dataset).problems


def test_a_map_of_everything_is_a_whole_outline(tmp_path):
    dataset = load_dataset(write_dataset(tmp_path / "data", whole=3))
    assert all(read_outline(case, Meaning()).seen is None for case in dataset.labeled)
    report = check_dataset(dataset)
    assert not any("in part" in note for note in report.notes)


def other_grid(folder: Path) -> None:
    save(np.ones((3, 4, 5), np.uint8), folder / "labels" / "s0_seen.nrrd")


def nothing_seen(folder: Path) -> None:
    save(np.zeros(SHAPE, np.uint8), folder / "labels" / "s0_seen.nrrd")
    save(np.zeros(SHAPE, np.uint8), folder / "labels" / "s0.nii.gz")


def no_map(folder: Path) -> None:
    (folder / "labels" / "s0_seen.nrrd").write_bytes(b"NRRD0004\n")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (other_grid, "The map of what was looked at"),
        (nothing_seen, "Nothing of the scan was looked at, says"),
        (no_map, "s0_seen.nrrd"),
    ],
)
def test_a_map_that_makes_no_sense_is_refused_by_name(tmp_path, capsys, harm, words):
    folder = write_dataset(tmp_path / "data")
    harm(folder)
    for command in (["check", str(folder)], ["train", str(folder), "--out", str(tmp_path / "run")]):
        assert cli.main(command) == 2
        told = "".join(capsys.readouterr())
        assert words in told and "s0" in told
    assert not (tmp_path / "run").exists()


def test_what_is_outlined_where_nobody_looked_counts_as_seen_and_is_told(tmp_path):
    folder = write_dataset(tmp_path / "data")
    _, label = scan(0)
    save(label, folder / "labels" / "s0.nii.gz")
    dataset = load_dataset(folder)
    outline = read_outline(dataset.cases[0], Meaning(dataset.segments))
    seen = outlined(label)
    assert np.array_equal(outline.seen_array(), seen | (label > 0))
    assert outline.added == np.count_nonzero(label[~seen])
    warning = check_dataset(dataset).problems[0]
    assert warning.severity == "warning" and f"nobody looked at {outline.added} voxels" in warning.what


@pytest.mark.parametrize("value", [0, 1])
def test_the_value_for_unseen_voxels_is_that_of_nothing_else(tmp_path, value):
    folder = write_dataset(tmp_path / "data", "value")
    names = [{"name": "Shell", "value": 1}, {"name": "ignore", "value": value}]
    (folder / "segments.json").write_text(json.dumps(names))
    with pytest.raises(InputError, match=r"ignore|same|value"):
        load_dataset(folder)


def test_a_map_without_a_label_is_refused(tmp_path):
    folder = write_dataset(tmp_path / "data", "column")
    (folder / "cases.csv").write_text("image,label,seen\nimages/s0.nii.gz,,maps/m0.nii.gz\n")
    with pytest.raises(InputError, match=r"the column seen names m0\.nii\.gz, but no label"):
        load_dataset(folder)


def test_a_case_that_is_called_like_a_map_is_a_case(tmp_path, capsys):
    image, label = scan(0)
    for name in ("a", "a_seen"):
        save(image, tmp_path / "data" / "images" / f"{name}.nii.gz")
        save(label, tmp_path / "data" / "labels" / f"{name}.nii.gz")
        save(label, tmp_path / "predicted" / f"{name}.nii.gz")
    dataset = load_dataset(tmp_path / "data")
    assert [(case.name, case.role, case.seen) for case in dataset.cases] == [
        ("a", "labeled", None),
        ("a_seen", "labeled", None),
    ]
    words = ["evaluate", "--prediction", str(tmp_path / "predicted"), "--reference", str(tmp_path / "data"), "--json"]
    assert cli.main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["case"] for row in found["cases"]} == {"a", "a_seen"} and not found["notes"]


# --- what it teaches


@pytest.mark.parametrize("axis", [0, 2])
def test_the_true_distance_lies_between_its_bounds_whatever_lies_where_nobody_looked(axis):
    label = ball((12, 14, 13), 8)
    unseen = ~outlined(label, axis)
    least, most = distance_bounds(label & ~unseen, unseen, SPACING, 12.0)
    assert (least <= most).all() and (least[~unseen] * most[~unseen] > 0).all()
    assert (least[unseen] < 0).all() and (most[unseen] > 0).all()
    random = np.random.default_rng(0)
    possible = [label, label & ~unseen, label | unseen]
    possible += [np.where(unseen, ball((12, 14, 13), radius), label) for radius in (5, 7, 9, 11)]
    possible += [np.where(unseen, random.random(SHAPE) < share, label) for share in (0.05, 0.5, 0.95)]
    for each in possible:
        true = signed_distance(each, SPACING, 12.0)[~unseen]
        beyond = np.maximum(least[~unseen] - true, true - most[~unseen])
        assert beyond.max() < SPACING[0]  # surfaces lie between voxels, so a nearest one may be half a voxel aside
        assert (beyond > 1e-3).mean() < 0.05


def test_with_everything_seen_every_distance_is_certain():
    label = ball((12, 14, 13), 8)
    least, most = distance_bounds(label, np.zeros(SHAPE, bool), SPACING, 12.0)
    assert np.array_equal(least, most) and np.array_equal(most, signed_distance(label, SPACING, 12.0))


def test_between_its_bounds_a_distance_is_no_error():
    least, most = (torch.full((1, 1, 1, 1, 1), value) for value in (-0.5, 0.2))
    weight, voxel = torch.ones(1, 1, 1, 1, 1), torch.tensor([0.1])
    for value, error in ((-0.7, 0.2), (-0.5, 0.0), (0.1, 0.0), (0.3, 0.1)):
        found = distance_loss(torch.full_like(most, value), most, weight, voxel, 3.0, 1.0, least)
        assert found == pytest.approx(error)  # not near, since it may be 5 voxels away
    found = distance_loss(torch.full_like(most, 0.3), most, weight, voxel, 6.0, 1.0, least)
    assert found == pytest.approx(0.1 + 0.1 / 0.1)


@pytest.mark.parametrize(("coarser", "reach"), [(1.0, 0), (1.1, 0), (2.0, 1), (3.0, 1), (5.0, 2)])
def test_outlined_slices_reach_as_far_as_a_voxel_of_the_grid(coarser, reach):
    label = np.zeros((21, 4, 4), np.uint8)
    seen = np.zeros(label.shape, np.uint8)
    label[10, 1:3], seen[10] = 1, 1
    outline = Outline(image_of(label, (1.0, 1.0, 1.0)), False, image_of(seen, (1.0, 1.0, 1.0)))
    wide = widened(outline, (coarser, 1.0, 1.0), "LPS")
    expected = np.zeros_like(seen)
    expected[10 - reach : 11 + reach] = 1
    assert np.array_equal(wide.seen_array(), expected > 0)
    assert np.array_equal(sitk.GetArrayFromImage(wide.label), np.where(expected, label[10], 0))


def test_prepared_scans_know_what_was_looked_at(prepared, partly, plan):
    for index, case in enumerate(prepared[:3]):
        _, label = scan(index)
        seen = outlined(label, index % 3)
        assert np.array_equal(case.label(), np.where(seen, label, UNSEEN))
        for place, truncation in enumerate(plan.stored_truncation):
            bounds = distance_bounds((label == place + 1) & seen, ~seen, SPACING, truncation)
            for told, bound in zip((case.least_distance(), case.distance()), bounds, strict=True):
                assert np.abs(told[place].astype(np.float32) - bound).max() < 0.01
        assert all(seen[tuple(position)] for position in case.seen)
        assert all(case.label()[tuple(position)] == 1 for position in case.foreground[0])
    assert all(case.seen is None for case in prepared[3:])
    again = open_prepared(prepared[0].folder, plan)
    assert [case.name for case in again] == [case.name for case in prepared]
    assert np.array_equal(again[0].seen, prepared[0].seen)


def test_patches_tell_where_the_label_is_known(prepared, plan):
    sampler = Sampler(prepared[:3], plan, True, CPU)
    batch = sampler.draw(12, step_generator(0, 1))
    assert batch.known.any(dim=(1, 2, 3)).all() and not batch.known.all()
    assert not batch.label[~batch.known].any() and set(batch.label.unique().tolist()) == {0, 1, 2}
    assert (batch.least <= batch.distance + 1e-2).all() and (batch.least < batch.distance).any()
    assert Sampler(prepared[3:], plan, False, CPU).draw(1, step_generator(0, 1)).least is None


def test_the_loss_of_labels_does_not_see_what_nobody_looked_at(prepared, plan):
    labeled = Sampler(prepared[:3], plan, True, CPU).draw(2, step_generator(0, 2))
    learner = Learner(plan, prepared[:3], [], CPU)
    views = make_views(labeled, None, plan, torch.Generator().manual_seed(0))
    loss, parts = training_step(learner.students, learner.teachers, views, 0.0, plan)
    assert torch.isfinite(loss) and all(torch.isfinite(part) for part in parts.values())
    changed = replace(labeled, label=torch.where(labeled.known, labeled.label, 1))
    other, _ = training_step(learner.students, learner.teachers, replace(views, labeled=changed), 0.0, plan)
    assert loss == other
    seen = replace(labeled, label=torch.where(labeled.known, 1, labeled.label))
    assert loss != training_step(learner.students, learner.teachers, replace(views, labeled=seen), 0.0, plan)[0]


def test_the_rest_of_a_partly_outlined_scan_is_taught_as_an_unlabeled_one(prepared, plan):
    learner = Learner(plan, prepared[:3], prepared[3:], CPU)
    assert [case.name for case in learner.unlabeled.cases] == ["s3", "s4", "s0", "s1", "s2"]
    assert Learner(plan, prepared[:3], [], CPU).mutual_start == plan.mutual.start < 1  # without any unlabeled scan
    assert Learner(plan.replaced(method="supervised"), prepared[:3], [], CPU).unlabeled is None
    patches = Sampler(prepared[:1], plan, False, CPU).draw(1, step_generator(0, 5))
    assert patches.known.any() and not patches.known.all() and patches.distance is None
    taught = pseudo_labels(learner.teachers, patches, 0.9, plan)
    for target in (taught.by_probability, taught.by_distance):
        assert torch.equal(target.label[patches.known], patches.label[patches.known])
        assert (target.weight[patches.known] == 1).all()
    of_both = Sampler([prepared[3], prepared[0]], plan, False, CPU).draw(2, step_generator(0, 5), [0, 1])
    assert not of_both.known[0].any() and of_both.known[1].any()


def test_a_pasted_patch_teaches_only_where_its_label_is_known(prepared, plan):
    plan = plan.replaced(mutual=replace(plan.mutual, mix=1.0))
    learner = Learner(plan, prepared[:3], prepared[3:], CPU)
    labeled = learner.labeled.draw(1, step_generator(0, 3))
    unlabeled = Sampler(prepared[3:], plan, False, CPU).draw(1, step_generator(0, 4))
    views = make_views(labeled, unlabeled, plan, torch.Generator().manual_seed(0))
    assert (views.pasted & ~labeled.known).any()
    loss, _ = training_step(learner.students, learner.teachers, views, 0.9, plan)
    changed = replace(labeled, label=torch.where(labeled.known, labeled.label, 2))
    assert loss == training_step(learner.students, learner.teachers, replace(views, labeled=changed), 0.9, plan)[0]


# --- planning, figures, a whole training


def test_the_plan_says_what_it_knows_less_of(partly, plan):
    note = next(note for note in plan.notes if "in part" in note)
    assert "3 of the 3 labeled scans are outlined in part" in note and "lower bounds" in note
    true_radius = 8 * SPACING[0]
    whole = load_dataset(write_dataset(partly.folder.parent / "whole", whole=3))
    of_whole = plan_for(whole, [case.name for case in whole.labeled], TrainingRequest(whole))
    assert plan.truncation[0] == pytest.approx(of_whole.truncation[0], abs=0.25 * true_radius)
    assert not any("in part" in note for note in of_whole.notes)


def test_the_plan_says_that_a_single_labeled_scan_teaches_too_little(tmp_path):
    dataset = load_dataset(write_dataset(tmp_path / "data", whole=3))
    notes = [
        plan_for(dataset, chosen, TrainingRequest(dataset, **asked)).notes
        for chosen, asked in ((["s0"], {}), (["s0", "s1"], {}), (["s0"], {"method": "supervised"}))
    ]
    assert [any("Outline a second one" in note for note in each) for each in notes] == [True, False, False]


def test_a_structure_that_falls_between_coarser_voxels_is_planned_for_all_the_same(monkeypatch):
    """Very large masks are measured coarsely."""
    monkeypatch.setattr(plan_run, "MEASURED_VOXELS", 100)
    mask = np.zeros((9, 9, 9), bool)
    mask[1::2, 1::2, 1::2] = True
    assert plan_run._inner_radius(mask, (1.0, 1.0, 1.0)) > 0
    assert plan_run._inner_radius(mask, (1.0, 1.0, 1.0), ~mask) > 0


def test_without_unlabeled_scans_the_networks_still_teach_each_other(tmp_path):
    dataset = load_dataset(write_dataset(tmp_path / "data", unlabeled=0))
    assert plan_for(dataset, ["s0", "s1", "s2"], TrainingRequest(dataset)).method == "mutual"
    whole = load_dataset(write_dataset(tmp_path / "whole", unlabeled=0, whole=3))
    assert plan_for(whole, ["s0", "s1", "s2"], TrainingRequest(whole)).method == "supervised"


def test_the_published_method_refuses_them(partly, tmp_path, capsys):
    command = ["train", str(partly.folder), "--out", str(tmp_path / "run"), "--preset", "paper", "--iterations", "2"]
    assert cli.main(command) == 2
    assert "learns from whole outlines only, and s0, s1, s2 are outlined in part" in capsys.readouterr().err


def test_two_structures_that_are_nowhere_outlined_whole_may_be_left_and_right():
    segments = [Segment("Shell", 1, (0, 0, 0)), Segment("Core", 2, (0, 0, 0))]
    partly, whole = (SideStatistics((), (0, 0), is_whole) for is_whole in (False, True))
    assert not decide_mirroring(segments, [partly, partly]).allowed
    assert decide_mirroring(segments, [partly, whole]).allowed


def test_figures_count_what_was_looked_at(prepared):
    truth = np.array(prepared[0].label())
    seen = truth != UNSEEN
    found, known = comparable(np.where(seen, truth, 1), prepared[0])  # wrong where nobody can tell
    assert np.array_equal(found, known) and np.array_equal(known, np.where(seen, truth, 0))


@pytest.mark.parametrize("way", ["companion", "value"])
def test_evaluate_compares_where_somebody_looked(tmp_path, capsys, way):
    folder = write_dataset(tmp_path / "data", way, unlabeled=0)
    for index in range(3):
        _, label = scan(index)
        label[~outlined(label, index % 3)] = 2  # wrong, but nobody can tell
        save(label, tmp_path / "predicted" / f"s{index}.nii.gz")
    words = ["evaluate", "--prediction", str(tmp_path / "predicted"), "--reference", str(folder), "--json"]
    assert cli.main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["dice"] for row in found["cases"]} == {1.0} and len(found["cases"]) == 9
    assert {row["hd95_mm"] for row in found["cases"]} == {None}
    assert any("s0, s1, s2 are outlined in part" in note for note in found["notes"])


def test_a_training_from_partly_outlined_scans_ends_and_tells_it(partly, tmp_path, capsys):
    run = tmp_path / "run"
    words = [
        "train",
        str(partly.folder),
        "--out",
        str(run),
        "--iterations",
        "8",
        "--validation",
        "1",
        "--device",
        "cpu",
    ]
    assert cli.main(words) == 0
    assert RunFolder.open(run).state() == "finished" and not read_status(run).notes
    assert "2, 2 of them outlined in part" in (run / "report.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["model", "info", str(run)]) == 0
    assert "2 labeled (2 in part) and 2 unlabeled cases, 1 held out" in capsys.readouterr().out
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    losses = [row for row in rows if row["kind"] == "train"]
    assert losses and any("unlabeled_loss" in row for row in losses)
    validation = [row for row in rows if row["kind"] == "validation"]
    assert all(0 <= value <= 1 for row in validation for value in row["dice"].values())


def test_networks_learn_whole_structures_from_a_quarter_of_the_slices(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(PRESETS, "quick", replace(PRESETS["quick"], filters=12, largest_filters=48))
    folder = write_dataset(tmp_path / "data", unlabeled=0)
    run, held_out = tmp_path / "run", tmp_path / "held out"
    for seed in (10, 11, 12):
        image, label = scan(seed)
        save(image, held_out / "images" / f"h{seed}.nii.gz")
        save(label, held_out / "labels" / f"h{seed}.nii.gz")
    words = ["train", str(folder), "--out", str(run), "--iterations", "120", "--validation", "0", "--device", "cpu"]
    assert cli.main(words) == 0
    assert cli.main(["predict", str(run), str(held_out / "images"), "--out", str(tmp_path / "masks")]) == 0
    capsys.readouterr()
    words = ["evaluate", "--prediction", str(tmp_path / "masks"), "--reference", str(held_out / "labels"), "--json"]
    assert cli.main(words) == 0
    summary = json.loads(capsys.readouterr().out)["summary"]
    means = {row["segment"]: row["dice"]["mean"] for row in summary}
    assert means["all segments"] > 0.85 and means["Segment 1"] > 0.75, means
