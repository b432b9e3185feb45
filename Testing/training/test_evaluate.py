"""Comparing folders of segmentations: what is matched, what the figures are, what users read."""

from __future__ import annotations

import argparse
import csv
import json
import math
import statistics
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from dualtaskseg.cli import main
from dualtaskseg.commands.evaluate import run
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.compare import COLUMNS, describe, evaluate_folders, evaluate_pair
from dualtaskseg.evaluation.metrics import UNION, score_masks
from dualtaskseg.evaluation.pairing import label_folder
from dualtaskseg.evaluation.segment_names import read_segment_names

SPACING = (0.5, 0.75, 2.0)  # (x, y, z)
DECATHLON = {"labels": {"0": "background", "1": "Anterior", "2": "Posterior"}}


def image_of(labels: np.ndarray, spacing=SPACING, origin=(10.0, -4.0, 2.5)) -> SimpleITK.Image:
    """A label volume from an array (z, y, x)."""
    image = SimpleITK.GetImageFromArray(labels.astype(np.uint8))
    image.SetSpacing(spacing)
    image.SetOrigin(origin)
    return image


def two_segments(shift: int = 0) -> np.ndarray:
    """Two touching boxes, moved along x by ``shift`` voxels."""
    labels = np.zeros((10, 12, 16), np.uint8)
    labels[2:8, 3:9, 2 + shift : 6 + shift] = 1
    labels[2:8, 3:9, 6 + shift : 10 + shift] = 2
    return labels


def write(path: Path, labels: np.ndarray, **geometry) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleITK.WriteImage(image_of(labels, **geometry), str(path))
    return path


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Three cases of which two have a prediction, and names beside the references."""
    prediction, reference = tmp_path / "predicted", tmp_path / "dataset" / "labelsTr"
    for number in range(3):
        write(reference / f"case_{number}.nii.gz", two_segments())
    write(prediction / "case_0.nii.gz", two_segments())
    write(prediction / "case_1.nii.gz", two_segments(shift=1))
    (reference.parent / "dataset.json").write_text(json.dumps(DECATHLON), encoding="utf-8")
    return prediction, reference


def arguments(prediction: Path, reference: Path, out: Path | None = None, as_json: bool = False) -> argparse.Namespace:
    return argparse.Namespace(
        prediction=str(prediction), reference=str(reference), out=None if out is None else str(out), json=as_json
    )


def figures_of(evaluation) -> dict[tuple[str, str], float]:
    return {(row.case, row.segment): row.score.dice for row in evaluation.rows}


# One pair


def test_pair_scores_segments_and_their_union() -> None:
    rows = evaluate_pair(image_of(two_segments(1)), image_of(two_segments()), {1: "Anterior", 2: "Posterior"}, "a")
    assert [(row.case, row.segment) for row in rows] == [("a", "Anterior"), ("a", "Posterior"), ("a", UNION)]
    assert [row.score.dice for row in rows] == pytest.approx([3 / 4, 3 / 4, 7 / 8])
    # Moved along x, by one voxel of 0.5 mm.
    assert [row.score.hd95_mm for row in rows] == pytest.approx([0.5, 0.5, 0.5])
    assert rows[0].score.volume_reference_mm3 == pytest.approx(6 * 6 * 4 * math.prod(SPACING))
    assert rows[2].score == score_masks(two_segments(1) > 0, two_segments() > 0, SPACING[::-1])


def test_one_segment_has_no_union() -> None:
    rows = evaluate_pair(image_of(two_segments()), image_of(two_segments()), {2: "Posterior"})
    assert [row.segment for row in rows] == ["Posterior"]


@pytest.mark.parametrize(
    "other",
    [
        image_of(two_segments(), spacing=(0.5, 0.75, 2.1)),
        image_of(two_segments(), origin=(10.0, -4.0, 4.5)),
        image_of(two_segments()[:-1]),
    ],
    ids=["spacing", "origin", "size"],
)
def test_pair_on_different_grids(other: SimpleITK.Image) -> None:
    with pytest.raises(InputError, match="different grids") as caught:
        evaluate_pair(other, image_of(two_segments()), {1: "Anterior"})
    assert caught.value.remedy
    from dualtaskseg.io.geometry import geometry_of

    for image in (other, image_of(two_segments())):
        assert geometry_of(image).describe() in caught.value.what


def test_rounding_of_the_geometry_is_tolerated() -> None:
    moved = image_of(two_segments(), origin=(10.0 + 1e-6, -4.0, 2.5))
    assert evaluate_pair(moved, image_of(two_segments()), {1: "Anterior"})[0].score.dice == 1


# Segment names


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("dataset.json", DECATHLON),
        ("dataset.json", {"labels": {"background": 0, "Posterior": 2, "Anterior": 1}}),
        ("segments.json", [{"name": "Posterior", "value": 2}, {"name": "Anterior", "value": 1}]),
    ],
)
@pytest.mark.parametrize("where", [".", ".."])
def test_segment_names(tmp_path: Path, name: str, document: object, where: str) -> None:
    labels = tmp_path / "labels"
    labels.mkdir()
    (labels / where / name).write_text(json.dumps(document), encoding="utf-8")
    assert list(read_segment_names(labels)[0].items()) == [(1, "Anterior"), (2, "Posterior")]


def test_no_segment_names(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    assert read_segment_names(tmp_path / "labels") == (None, None)
    (tmp_path / "dataset.json").write_text('{"name": "without labels"}', encoding="utf-8")
    assert read_segment_names(tmp_path / "labels") == (None, None)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dataset.json", "{"),
        ("dataset.json", '{"labels": {"Tumor": [1, 2]}}'),
        ("dataset.json", '{"labels": ["Liver"]}'),
        ("dataset.json", "[]"),
        ("segments.json", '[{"name": "Liver"}]'),
    ],
)
def test_damaged_segment_names(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=name) as caught:
        read_segment_names(tmp_path)
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["dataset.json", "segments.json"])
@pytest.mark.parametrize("content", [b"{", b"7", b"\xff\xfe\xfd", b'"' + b"a" * 100, b'{"a": 1, "a": 2}'])
@pytest.mark.parametrize("where", [".", "labels"])
def test_a_damaged_file_that_is_only_met_is_to_be_moved_away(tmp_path: Path, name: str, content: bytes, where: str):
    """The advice was to give a folder with subfolders, or to check a path that nobody gave."""
    (tmp_path / "labels").mkdir()
    (tmp_path / where / name).write_bytes(content)
    with pytest.raises(InputError, match=name) as caught:
        read_segment_names(tmp_path / "labels")
    assert caught.value.remedy == "Correct the file, or move it away"


def test_segments_of_one_name_stay_apart(tmp_path: Path) -> None:
    labels = {"1": "Cyst", "2": "Cyst", "3": UNION}
    (tmp_path / "dataset.json").write_text(json.dumps({"labels": labels}), encoding="utf-8")
    assert read_segment_names(tmp_path)[0] == {1: "Cyst", 2: "Cyst (2)", 3: f"{UNION} (3)"}


# Folders


def test_folders(folders: tuple[Path, Path]) -> None:
    seen = []
    evaluation = evaluate_folders(*folders, on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert evaluation.segments == {1: "Anterior", 2: "Posterior"}
    assert figures_of(evaluation) == pytest.approx(
        {
            ("case_0", "Anterior"): 1.0,
            ("case_0", "Posterior"): 1.0,
            ("case_0", UNION): 1.0,
            ("case_1", "Anterior"): 0.75,
            ("case_1", "Posterior"): 0.75,
            ("case_1", UNION): 0.875,
        }
    )
    assert evaluation.compared == 2
    assert evaluation.missing_predictions == ["case_2"]
    assert not evaluation.problems and not evaluation.missing_references and not evaluation.notes
    assert [row.case for row in evaluation.worst_cases()] == ["case_1", "case_0"]
    dice = evaluation.summary()[UNION]["dice"]
    assert (dice.mean, dice.median, dice.minimum, dice.maximum) == pytest.approx((0.9375, 0.9375, 0.875, 1.0))
    assert dice.sd == pytest.approx(statistics.stdev([1.0, 0.875]))
    assert (dice.count, dice.undefined) == (2, 0)


def test_the_root_of_a_dataset_is_a_reference(folders: tuple[Path, Path]) -> None:
    prediction, reference = folders
    assert evaluate_folders(prediction, reference.parent).rows == evaluate_folders(prediction, reference).rows


def test_the_data_folder_of_monai_label_is_a_reference(tmp_path: Path) -> None:
    """It holds the scans themselves, and the outlines two folders deeper."""
    for folder in (tmp_path, tmp_path / "labels" / "original"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "a.nii.gz").write_bytes(b"x")
    assert label_folder(tmp_path) == tmp_path
    (tmp_path / "labels" / "final").mkdir()
    assert label_folder(tmp_path) == tmp_path / "labels" / "final"


def test_formats_may_differ(tmp_path: Path) -> None:
    write(tmp_path / "p" / "a.nrrd", two_segments())
    write(tmp_path / "p" / "b.mha", two_segments(1))
    write(tmp_path / "p" / "c_0000.nii.gz", two_segments())
    for name in ("a.nii.gz", "b.nii", "c.nrrd"):
        write(tmp_path / "r" / name, two_segments())
    evaluation = evaluate_folders(tmp_path / "p", tmp_path / "r")
    assert {row.case: row.score.dice for row in evaluation.rows if row.segment == UNION} == pytest.approx(
        {"a": 1.0, "b": 0.875, "c": 1.0}
    )


def test_side_files_are_not_predictions(folders: tuple[Path, Path]) -> None:
    prediction, reference = folders
    for name in ("case_0_sdm_Anterior", "case_0_probability_Left atrium", "case_1_uncertainty", "case_2_uncertainty"):
        write(prediction / f"{name}.nii.gz", two_segments())
    (prediction / ".tmp_case_2.nii.gz").write_bytes(b"half a file")
    (prediction / "notes.txt").write_text("no volume")
    evaluation = evaluate_folders(prediction, reference)
    assert sorted({row.case for row in evaluation.rows}) == ["case_0", "case_1"]
    assert evaluation.missing_references == []
    # Neither do those of a second program's predictions count as references.
    write(reference / "case_0_sdm_Anterior.nii.gz", two_segments())
    assert evaluate_folders(prediction, reference).missing_predictions == ["case_2"]


def test_a_case_merely_named_like_a_side_file_counts(tmp_path: Path) -> None:
    for folder in ("p", "r"):
        write(tmp_path / folder / "study_sdm_3.nii.gz", two_segments())
    assert {row.case for row in evaluate_folders(tmp_path / "p", tmp_path / "r").rows} == {"study_sdm_3"}


def test_without_names_every_value_is_a_segment(tmp_path: Path) -> None:
    write(tmp_path / "p" / "a.nii.gz", two_segments())
    write(tmp_path / "r" / "a.nii.gz", two_segments())
    for folder in ("p", "r"):  # has no segment 2 in either file
        write(tmp_path / folder / "b.nii.gz", (two_segments(1 if folder == "p" else 0) == 1) * 1)
        write(tmp_path / folder / "c.nii.gz", np.zeros_like(two_segments()))
    evaluation = evaluate_folders(tmp_path / "p", tmp_path / "r")
    assert evaluation.segments == {1: "Segment 1", 2: "Segment 2"}
    assert len(evaluation.rows) == 9
    figures = figures_of(evaluation)
    assert figures[("b", "Segment 1")] == figures[("b", UNION)] == pytest.approx(0.75)
    assert figures[("b", "Segment 2")] == figures[("c", UNION)] == 1


def test_nothing_but_background(tmp_path: Path) -> None:
    for folder in ("p", "r"):
        write(tmp_path / folder / "a.nii.gz", np.zeros((3, 3, 3)))
    evaluation = evaluate_folders(tmp_path / "p", tmp_path / "r")
    assert evaluation.rows == [] and evaluation.summary() == {}
    assert "Neither" in evaluation.notes[0]


def test_a_value_without_name_is_said(folders: tuple[Path, Path]) -> None:
    prediction, reference = folders
    labels = two_segments()
    labels[0, 0, 0] = 7
    write(prediction / "case_0.nii.gz", labels)
    evaluation = evaluate_folders(prediction, reference)
    assert "7" in evaluation.notes[0]
    assert figures_of(evaluation)[("case_0", UNION)] == 1


def test_empty_predictions_are_left_out_of_mean_distances(folders: tuple[Path, Path]) -> None:
    prediction, reference = folders
    write(prediction / "case_2.nii.gz", np.zeros_like(two_segments()))
    summary = evaluate_folders(prediction, reference).summary()["Anterior"]
    assert (summary["hd95_mm"].count, summary["hd95_mm"].undefined) == (2, 1)
    assert summary["hd95_mm"].mean == pytest.approx(0.25)
    assert summary["dice"].mean == pytest.approx((1 + 0.75 + 0) / 3)


def test_describe_few_figures() -> None:
    one = describe([2.5, math.nan])
    assert (one.mean, one.median, one.count, one.undefined) == (2.5, 2.5, 1, 1)
    assert math.isnan(one.sd)
    none = describe([math.nan])
    assert all(math.isnan(figure) for figure in (none.mean, none.sd, none.median, none.minimum, none.maximum))


def test_bad_cases_are_listed_and_the_rest_goes_on(folders: tuple[Path, Path]) -> None:
    prediction, reference = folders
    write(prediction / "case_2.nii.gz", two_segments(), spacing=(1.0, 1.0, 1.0))
    write(reference / "case_3.nii.gz", two_segments())
    (prediction / "case_3.nii.gz").write_bytes(b"this is no image")
    write(reference / "case_4.nii.gz", two_segments())
    write(prediction / "case_4.nii.gz", two_segments())
    write(prediction / "case_4.nrrd", two_segments())
    write(prediction / "stranger.nii.gz", two_segments())
    evaluation = evaluate_folders(prediction, reference)
    problems = {problem.case: problem for problem in evaluation.problems}
    assert list(problems) == ["case_2", "case_3", "case_4"]
    assert "grid" in problems["case_2"].what
    assert "case_3.nii.gz" in problems["case_3"].what
    assert "case_4.nii.gz and case_4.nrrd" in problems["case_4"].what
    assert all(problem.remedy for problem in problems.values())
    assert evaluation.missing_references == ["stranger"]
    assert evaluation.compared == 2


def test_none_matched(tmp_path: Path) -> None:
    write(tmp_path / "p" / "a.nii.gz", two_segments())
    write(tmp_path / "r" / "b.nii.gz", two_segments())
    with pytest.raises(InputError, match="name of a reference") as caught:
        evaluate_folders(tmp_path / "p", tmp_path / "r")
    assert caught.value.remedy
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty holds no label volumes"):
        evaluate_folders(tmp_path / "p", tmp_path / "empty")
    with pytest.raises(InputError, match="nowhere does not exist"):
        evaluate_folders(tmp_path / "nowhere", tmp_path / "r")
    with pytest.raises(InputError, match="is a file"):
        evaluate_folders(tmp_path / "p" / "a.nii.gz", tmp_path / "r")


def test_non_ascii_paths(tmp_path: Path) -> None:
    """Accents and spaces, and the same name composed on one system and decomposed on another."""
    name = "Größe é 測試"
    write(tmp_path / "Vorhersage für ü" / f"{unicodedata.normalize('NFD', name)}.nii.gz", two_segments(1))
    write(tmp_path / "référence" / f"{unicodedata.normalize('NFC', name)}.nii.gz", two_segments())
    out = tmp_path / "résultats ü" / "Maße.csv"
    assert run(arguments(tmp_path / "Vorhersage für ü", tmp_path / "référence", out)) == 0
    with out.open(encoding="utf-8", newline="") as file:
        assert {row["case"] for row in csv.DictReader(file)} == {name}


# The command


def test_command_prints_a_table(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments(*folders)) == 0
    shown, said = capsys.readouterr()
    assert "2 cases compared." in shown
    assert "1 reference has no prediction." in shown
    assert "0.9375 ± 0.0884" in shown
    worst = shown[shown.index("Lowest Dice") :].splitlines()
    assert [line.split()[:2] for line in worst[1:]] == [["case_1", "0.8750"], ["case_0", "1.0000"]]
    assert "Comparing 2/2" in said


def test_command_writes_csv(folders: tuple[Path, Path], tmp_path: Path) -> None:
    prediction, reference = folders
    write(prediction / "case_2.nii.gz", two_segments() * (two_segments() == 1))
    out = tmp_path / "metrics.csv"
    out.write_text("the one before")
    assert run(arguments(prediction, reference, out)) == 0
    evaluation = evaluate_folders(prediction, reference)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    header = "case,segment,dice,jaccard,hd95_mm,assd_mm,hd_mm,volume_reference_mm3,volume_prediction_mm3"
    assert ",".join(COLUMNS) == ",".join(rows[0]) == header
    assert [(row["case"], row["segment"]) for row in rows] == [(row.case, row.segment) for row in evaluation.rows]
    for read, row in zip(rows, evaluation.rows, strict=True):
        for measure in COLUMNS[2:]:
            figure = float(read[measure]) if read[measure] else math.nan
            assert figure == pytest.approx(getattr(row.score, measure), abs=1e-6, nan_ok=True)
    lost = next(row for row in rows if (row["case"], row["segment"]) == ("case_2", "Posterior"))
    assert (lost["dice"], lost["hd95_mm"], lost["assd_mm"]) == ("0.0", "", "")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".tmp")] == []


def test_command_with_json(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prediction, reference = folders
    write(prediction / "case_2.nii.gz", np.zeros((2, 2, 2)))
    out = tmp_path / "metrics.json"
    assert run(arguments(prediction, reference, out, as_json=True)) == 2
    shown, said = capsys.readouterr()
    document = json.loads(shown)
    assert document == json.loads(out.read_text(encoding="utf-8"))
    assert document["segments"] == {"1": "Anterior", "2": "Posterior"}
    assert len(document["cases"]) == 6
    assert [entry["segment"] for entry in document["summary"]] == ["Anterior", "Posterior", UNION]
    assert document["summary"][2]["dice"]["mean"] == pytest.approx(0.9375)
    assert [problem["case"] for problem in document["problems"]] == ["case_2"]
    assert "case_2" in said


def test_command_with_nothing_comparable(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    prediction, reference = folders
    for path in prediction.iterdir():
        path.write_bytes(b"this is no image")
    assert run(arguments(prediction, reference)) == 2
    shown, said = capsys.readouterr()
    assert "0 cases compared." in shown and "2 cases could not be compared." in shown
    assert "case_0.nii.gz" in said and "case_1.nii.gz" in said


@pytest.mark.parametrize("name", ["metrics.xlsx", "metrics", "folder.csv"])
def test_command_refuses_other_outputs(folders: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=name) as caught:
        run(arguments(*folders, tmp_path / name))
    assert caught.value.remedy
    assert not (tmp_path / "metrics").exists() and not (tmp_path / "metrics.xlsx").exists()


def test_command_says_when_the_output_cannot_be_written(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("a file where a folder is needed")
    with pytest.raises(InputError, match=r"metrics\.csv can't be written"):
        run(arguments(*folders, tmp_path / "file" / "metrics.csv"))
    assert "2 cases compared." in capsys.readouterr().out  # the figures are not lost


def test_real_hippocampus(real_data: Path, tmp_path: Path) -> None:
    """Five real outlines, each against itself moved by one voxel, with the dataset's own names."""
    reference = real_data / "hippocampus" / "labelsTr"
    chosen = sorted(reference.glob("*.nii.gz"))[:5]
    for path in chosen:
        image = SimpleITK.ReadImage(str(path))
        moved = SimpleITK.GetImageFromArray(np.roll(SimpleITK.GetArrayFromImage(image), 1, axis=1))
        moved.CopyInformation(image)
        (tmp_path / "p").mkdir(exist_ok=True)
        SimpleITK.WriteImage(moved, str(tmp_path / "p" / path.name))
    evaluation = evaluate_folders(tmp_path / "p", reference)
    assert evaluation.segments == {1: "Anterior", 2: "Posterior"}
    assert evaluation.compared == 5
    assert len(evaluation.missing_predictions) == len(list(reference.glob("*.nii.gz"))) - 5
    assert not evaluation.problems
    for row in evaluation.rows:
        assert 0.7 < row.score.dice < 1
        assert row.score.hd95_mm == pytest.approx(1.0, abs=1e-5)
        assert 0 < row.score.assd_mm < 1
        assert row.score.volume_prediction_mm3 == pytest.approx(row.score.volume_reference_mm3)


def test_import_is_light() -> None:
    """The command line imports the command at its start, so the heavy libraries must wait until they are needed."""
    code = (
        "import dualtaskseg.commands.evaluate, sys;"
        "print([name for name in ('torch', 'SimpleITK', 'scipy', 'pydicom') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "labels", ['{"1e400": "A"}', '{"A": 1e400}', '{"A": NaN}', '{"A\\ud800": 1}', '{"ignore": 1}', "[" * 100_000]
)
def test_names_that_are_none_end_in_a_sentence(folders: tuple[Path, Path], labels: str) -> None:
    prediction, reference = folders
    (reference.parent / "dataset.json").write_text(f'{{"labels": {labels}}}', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        evaluate_folders(prediction, reference)
    assert "dataset.json" in caught.value.what and caught.value.remedy
    str(caught.value).encode()


# --- measuring


def test_measure_tells_volumes_and_diameters_one_row_a_case(folders, tmp_path, capsys):
    """Of a dataset's labels, with its names; side files are passed over, a damaged case keeps no other from it."""
    _, reference = folders
    only_first = np.where(two_segments() == 1, 1, 0)
    write(reference / "case_3.nii.gz", only_first)
    write(reference / "case_3_uncertainty.nii.gz", only_first)
    (reference / "case_1.nii.gz").write_bytes(b"nothing")
    out = tmp_path / "sizes.csv"
    assert main(["measure", str(reference.parent), "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert "Anterior" in told.out and "case_1" in told.err and "Traceback" not in told.err
    with out.open(newline="", encoding="utf-8") as stream:
        rows = {row["case"]: row for row in csv.DictReader(stream)}
    assert list(rows) == ["case_0", "case_2", "case_3"]
    # 4 x 6 x 6 voxels of 0.5 x 0.75 x 2 mm; in 3D, from end to end but for half a voxel on either side along x and y
    assert float(rows["case_0"]["Anterior volume_ml"]) == pytest.approx(0.108)
    assert float(rows["case_0"]["Anterior axial_mm"]) == pytest.approx(math.hypot(1.5, 4.5), abs=0.01)
    assert float(rows["case_0"]["Anterior largest_mm"]) == pytest.approx(math.hypot(1.5, 3.75, 12), abs=0.01)
    assert float(rows["case_3"]["Posterior volume_ml"]) == 0 and rows["case_3"]["Posterior largest_mm"] == ""
    assert "predicted_dice" not in rows["case_0"]  # no model made them


def test_measure_is_told_the_names_by_a_file_or_finds_them_in_it(tmp_path, capsys):
    path = write(tmp_path / "mask.nii.gz", two_segments())
    assert main(["measure", str(path), "--json"]) == 0
    (case,) = json.loads(capsys.readouterr().out)["cases"]
    assert [each["segment"] for each in case["segments"]] == ["Segment 1", "Segment 2"]
    assert main(["measure", str(tmp_path / "absent.nii.gz")]) == 2
    assert main(["measure", str(tmp_path), "--out", str(tmp_path / "table.txt")]) == 2
    assert "absent.nii.gz" in capsys.readouterr().err


def test_a_structure_called_like_a_formula_makes_none_of_the_table(tmp_path):
    write(tmp_path / "a" / "=1+1.nii.gz", two_segments())
    names = [{"name": "=cmd", "value": 1}, {"name": "B", "value": 2}]
    (tmp_path / "a" / "segments.json").write_text(json.dumps(names), encoding="utf-8")
    assert main(["measure", str(tmp_path / "a"), "--out", str(tmp_path / "t.csv")]) == 0
    header, row = csv.reader((tmp_path / "t.csv").open(newline="", encoding="utf-8"))
    assert header[1] == "'=cmd volume_ml" and row[0] == "'=1+1"


def test_of_a_label_that_is_outlined_in_part_what_was_outlined_is_measured_and_said(tmp_path, capsys):
    """Where nobody looked is a value of its own, or a map beside the label: neither is a structure."""
    labels = two_segments()
    labels[0] = 9
    write(tmp_path / "a" / "case.nii.gz", labels)
    names = [{"name": "A", "value": 1}, {"name": "B", "value": 2}, {"name": "ignore", "value": 9}]
    (tmp_path / "a" / "segments.json").write_text(json.dumps(names), encoding="utf-8")
    write(tmp_path / "b" / "case.nii.gz", two_segments())
    write(tmp_path / "b" / "case_seen.nii.gz", np.ones((10, 12, 16)) - (labels == 9))
    for folder in ("a", "b"):
        assert main(["measure", str(tmp_path / folder), "--json"]) == 0
        told = capsys.readouterr()
        (case,) = json.loads(told.out)["cases"]
        assert [each["volume_ml"] for each in case["segments"]] == [0.108, 0.108]
        assert "case is outlined in part: only that was measured" in told.err
