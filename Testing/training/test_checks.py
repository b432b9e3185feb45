"""The checks find every problem of every case at once, and nothing wrong with good data."""

from __future__ import annotations

import argparse
import gzip
import json
import math
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from childmemory import number_printed_by, only_on_linux
from dualtaskseg.commands import check as command
from dualtaskseg.contract.dataset import EXCLUDED, LABELED, UNLABELED, Case, choose_segments, keep_labels
from dualtaskseg.contract.issue import ERROR, WARNING
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data import fingerprint as facts_module
from dualtaskseg.data import intensities
from dualtaskseg.data.checks import CheckReport, check_dataset
from dualtaskseg.data.fingerprint import extract_fingerprint, extract_fingerprints
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.data.meaning import Meaning
from dualtaskseg.errors import InputError

STRANGE = "Ünïcode ß 空 dir"
SHAPE = (12, 15, 10)  # z, y, x


def scan(seed: int, shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    return np.random.default_rng(seed).normal(100, 20, shape).astype(np.float32)


def outline(*values: int) -> np.ndarray:
    """A label with a cube of eight voxels for each value, side by side."""
    label = np.zeros(SHAPE, np.uint8)
    for place, value in enumerate(values):
        label[4:6, 5:7, 2 * place : 2 * place + 2] = value
    return label


def save(path: Path, array: np.ndarray, spacing: tuple[float, ...] = (1.0, 1.0, 2.0)) -> Path:
    image = SimpleITK.GetImageFromArray(array, isVector=False)
    image.SetSpacing(spacing + (1.0,) * (image.GetDimension() - 3))
    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleITK.WriteImage(image, str(path), True)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good dataset: cases a to d labeled, e and f unlabeled, segments 1 and 2."""
    folder = tmp_path / STRANGE
    for seed, name in enumerate("abcdef"):
        save(folder / "images" / f"{name}.nii.gz", scan(seed))
        if name < "e":
            save(folder / "labels" / f"{name}.nii.gz", outline(1, 2))
    segments = [{"name": "Head", "value": 1}, {"name": "Tail", "value": 2}]
    (folder / "segments.json").write_text(json.dumps(segments), encoding="utf-8")
    return folder


def check(folder: Path) -> CheckReport:
    return check_dataset(load_dataset(folder))


def found(report: CheckReport) -> list[tuple[str, str, str]]:
    for problem in report.problems:
        assert problem.what, problem
        assert problem.remedy, problem
        assert not problem.what.endswith("."), problem
        assert problem.case == "" or Path(problem.file).name in problem.what, problem
    return [(problem.case, problem.severity, problem.code) for problem in report.problems]


def only(report: CheckReport, case: str, severity: str, code: str) -> str:
    """The sentence of the one problem that there is."""
    assert found(report) == [(case, severity, code)]
    return report.problems[0].what


# --- good data


def test_good_dataset(folder: Path):
    seen: list[tuple[int, str]] = []
    report = check_dataset(load_dataset(folder), on_progress=lambda done, name: seen.append((done, name)))
    assert report.problems == []
    assert seen == list(enumerate("abcdef", start=1))
    report.raise_if_errors()
    assert [one.name for one in report.fingerprints] == list("abcdef")


def test_segments_come_from_the_labels_where_none_are_named(folder: Path):
    (folder / "segments.json").unlink()
    save(folder / "labels" / "b.nii.gz", outline(1, 7))
    report = check(folder)
    assert report.problems == []
    assert [(s.name, s.value) for s in report.dataset.segments] == [
        ("Segment 1", 1),
        ("Segment 2", 2),
        ("Segment 7", 7),
    ]
    assert len({s.color for s in report.dataset.segments}) == 3


# --- files


def test_missing_files(folder: Path):
    (folder / "images" / "b.nii.gz").unlink()
    (folder / "images" / "f.nii.gz").unlink()
    document = {"training": [{"image": f"images/{n}.nii.gz", "label": f"labels/{n}.nii.gz"} for n in "abc"]}
    document["training"].append("images/f.nii.gz")
    (folder / "labels" / "c.nii.gz").unlink()
    (folder / "dataset.json").write_text(json.dumps(document), encoding="utf-8")
    report = check(folder)
    assert found(report) == [("b", ERROR, "missing"), ("c", ERROR, "missing"), ("f", ERROR, "missing")]
    assert report.problems[1].file == str(folder / "labels" / "c.nii.gz")


def test_label_without_image(folder: Path):
    save(folder / "labels" / "x.nii.gz", outline(1, 2))
    assert "x.nii.gz does not exist" in only(check(folder), "x", ERROR, "missing")


def test_truncated_files(folder: Path, capfd: pytest.CaptureFixture):
    for name in ("images/b.nii.gz", "labels/d.nii.gz"):
        (folder / name).write_bytes((folder / name).read_bytes()[:-20])
    assert found(check(folder)) == [("b", ERROR, "truncated"), ("d", ERROR, "truncated")]
    assert capfd.readouterr() == ("", "")


def test_sequence_color_and_flat_image(folder: Path):
    save(folder / "images" / "a.nii.gz", scan(1, (3, *SHAPE)))
    color = SimpleITK.GetImageFromArray(np.zeros((*SHAPE, 3), np.uint8), isVector=True)
    SimpleITK.WriteImage(color, str(folder / "images" / "b.nii.gz"))
    save(folder / "images" / "c.nii.gz", scan(1, (1, 20, 20)))
    assert found(check(folder)) == [("a", ERROR, "4d"), ("b", ERROR, "color"), ("c", ERROR, "2d")]


# --- intensities


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd"])
def test_voxels_that_are_no_number(folder: Path, suffix: str):
    array = scan(0)
    array[1, 2, 3] = math.nan
    array[2, 2, 3] = math.inf
    array[3, 2, 3] = -math.inf
    (folder / "images" / "a.nii.gz").unlink()
    save(folder / "images" / f"a{suffix}", array)
    report = check(folder)
    assert "1 not a number (NaN), 2 infinite" in only(report, "a", ERROR, "not-finite")
    good = array[np.isfinite(array)]
    assert report.fingerprints[0].mean == pytest.approx(good.mean(), rel=1e-6)
    assert report.fingerprints[0].maximum == good.max()


def test_nothing_but_no_numbers(folder: Path):
    save(folder / "images" / "e.nrrd", np.full(SHAPE, np.nan, np.float32))
    (folder / "images" / "e.nii.gz").unlink()
    report = check(folder)
    assert only(report, "e", ERROR, "not-finite")
    assert report.fingerprints[4].mean is None
    json.dumps(report.to_dict(), allow_nan=False)


def test_enormous_values(folder: Path):
    array = scan(0).astype(np.float64)
    array[0, 0, 0] = 1e300
    save(folder / "images" / "a.nii.gz", array)
    report = check(folder)
    assert report.fingerprints[0].maximum == 1e300
    assert "absurd intensities" in only(report, "a", ERROR, "intensities")  # as predict says it
    json.dumps(report.to_dict(), allow_nan=False)


def test_constant_scan(folder: Path):
    for name in "ef":
        save(folder / "images" / f"{name}.nii.gz", np.full(SHAPE, 7, np.int16))
    report = check(folder)
    assert found(report) == [("e", ERROR, "constant"), ("f", ERROR, "constant")]  # and not the same scan
    assert "has the same value 7 in all voxels" in report.problems[0].what


# --- voxel sizes and extents


def test_zero_spacing_in_the_header(folder: Path):
    path = folder / "images" / "b.nii.gz"
    content = bytearray(gzip.decompress(path.read_bytes()))
    struct.pack_into("<f", content, 84, 0.0)
    path.write_bytes(gzip.compress(bytes(content)))
    assert "impossible voxel size of 1 x 0 x 2 mm" in only(check(folder), "b", ERROR, "spacing")


@pytest.mark.parametrize("spacing", [(0.001, 0.001, 0.002), (1.0, 1.0, 51.0)])
def test_absurd_spacing(folder: Path, spacing: tuple[float, ...]):
    for name in "ef":
        (folder / "images" / f"{name}.nii.gz").unlink()
    for name in "bcd":
        (folder / "images" / f"{name}.nii.gz").unlink()
        (folder / "labels" / f"{name}.nii.gz").unlink()
    save(folder / "images" / "e.nii.gz", scan(4), spacing)
    assert "absurd voxel size" in only(check(folder), "e", ERROR, "spacing")


def test_very_long_voxels(folder: Path):
    for name in "abcdef":
        save(folder / "images" / f"{name}.nii.gz", scan(ord(name)), (0.3, 0.3, 9.0))
        if name < "e":
            save(folder / "labels" / f"{name}.nii.gz", outline(1, 2), (0.3, 0.3, 9.0))
    assert found(check(folder)) == [(name, WARNING, "spacing-ratio") for name in "abcdef"]


@pytest.mark.parametrize(("shape", "word"), [((3, 15, 10), "smaller"), ((50, 50, 50), "larger")])
def test_scan_of_another_extent(folder: Path, shape: tuple[int, ...], word: str):
    save(folder / "images" / "f.nii.gz", scan(9, shape))
    assert f"is far {word} than the other scans" in only(check(folder), "f", WARNING, "extent")


def test_extent_does_not_depend_on_the_order_of_axes(folder: Path):
    for name, seed in (("e", 8), ("f", 9)):
        image = SimpleITK.GetImageFromArray(scan(seed, (5, 10, 48)))
        image.SetSpacing((1.0, 1.0, 1.0))
        image.SetDirection((0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0))
        SimpleITK.WriteImage(image, str(folder / "images" / f"{name}.nii.gz"))
    assert check(folder).problems == []  # 10 x 5 x 48 mm, the others 10 x 15 x 24 mm


# --- labels


def test_label_on_another_grid(folder: Path):
    save(folder / "labels" / "a.nii.gz", outline(1, 2)[:-1])
    save(folder / "labels" / "c.nii.gz", outline(1, 2), (1.0, 1.0, 2.5))
    report = check(folder)
    assert found(report) == [("a", ERROR, "other-grid"), ("c", ERROR, "other-grid")]
    assert "the label has 10x15x11 voxels of 1x1x2 mm" in report.problems[0].what
    assert "the scan has 10x15x12 voxels of 1x1x2 mm" in report.problems[0].what
    assert "10x15x12 voxels of 1x1x2.5 mm" in report.problems[1].what


def test_labels_mixed_up_with_those_of_other_scans(folder: Path):
    save(folder / "images" / "c.nii.gz", scan(2, (12, 14, 11)))
    report = check(folder)
    assert "11x14x12" in only(report, "c", ERROR, "other-grid")


def test_values_without_a_name(folder: Path):
    save(folder / "labels" / "b.nii.gz", outline(1, 3, 4))
    assert "values that the dataset does not name: 3, 4" in only(check(folder), "b", ERROR, "label-values")


def test_values_of_segments_that_were_not_chosen_are_background(folder: Path):
    dataset = choose_segments(load_dataset(folder), ["Tail"])
    save(folder / "labels" / "b.nii.gz", outline(1))
    report = check_dataset(dataset)
    assert only(report, "b", WARNING, "empty-label")
    assert report.fingerprints[0].segment_boxes == {2: ((4, 6), (5, 7), (2, 4))}


def test_values_that_are_not_whole(folder: Path):
    save(folder / "labels" / "b.nii.gz", outline(1, 2) * np.float32(0.3))
    assert "not whole numbers" in only(check(folder), "b", ERROR, "not-whole")


@pytest.mark.parametrize("named", [True, False])
def test_scan_in_place_of_a_label(folder: Path, named: bool):
    if not named:
        (folder / "segments.json").unlink()
    save(folder / "labels" / "b.nii.gz", scan(3).astype(np.int16))
    report = check(folder)
    assert only(report, "b", ERROR, "label-values")
    assert len(report.dataset.segments) == 2
    assert len(report.problems[0].what) < 400 + len(str(folder))


def test_negative_values(folder: Path):
    (folder / "segments.json").unlink()
    save(folder / "labels" / "b.nii.gz", -outline(1, 2).astype(np.int16))
    assert "negative values: -2, -1" in only(check(folder), "b", ERROR, "label-values")


def test_a_label_without_background(folder: Path):
    """As programs write it that count from 1: the background would be learned as a structure."""
    save(folder / "labels" / "d.nii.gz", np.maximum(outline(1, 2), 1))
    assert "no background" in only(check(folder), "d", WARNING, "no-background")


def test_empty_label(folder: Path):
    save(folder / "labels" / "d.nii.gz", outline())
    report = check(folder)
    assert "holds no voxel of any segment" in only(report, "d", WARNING, "empty-label")
    report.raise_if_errors()


@pytest.mark.parametrize("named", [True, False])
def test_all_labels_empty(folder: Path, named: bool):
    if not named:
        (folder / "segments.json").unlink()
    for name in "abcd":
        save(folder / "labels" / f"{name}.nii.gz", outline())
    report = check(folder)
    assert found(report) == [*((name, WARNING, "empty-label") for name in "abcd"), ("", ERROR, "no-segment")]
    with pytest.raises(InputError, match="nothing to learn"):
        report.raise_if_errors()


def test_segment_that_no_label_holds(folder: Path):
    for name in "abcd":
        save(folder / "labels" / f"{name}.nii.gz", outline(2))
    assert "No label holds the segment Head (value 1)" in only(check(folder), "", WARNING, "segment-absent")


def test_no_labeled_case(folder: Path):
    shutil.rmtree(folder / "labels")
    assert "has no labeled case" in only(check(folder), "", ERROR, "no-labeled-case")


# --- the same scan twice


def test_duplicates_among_labeled_scans(folder: Path):
    shutil.copy(folder / "images" / "a.nii.gz", folder / "images" / "c.nii.gz")
    text = only(check(folder), "a", WARNING, "duplicate")
    assert "a.nii.gz shows the same scan as c" in text


def test_same_scan_labeled_and_unlabeled_in_other_format_and_type(folder: Path):
    array = scan(0).astype(np.int16)
    save(folder / "images" / "a.nii.gz", array)
    (folder / "images" / "e.nii.gz").unlink()
    save(folder / "images" / "e.nrrd", array.astype(np.float64))
    assert "is both labeled and unlabeled" in only(check(folder), "a", ERROR, "duplicate")


def test_same_file_used_twice(folder: Path):
    text = (
        "image,label,name\nimages/a.nii.gz,labels/a.nii.gz,a\nimages/b.nii.gz,labels/a.nii.gz,b\nimages/a.nii.gz,,c\n"
    )
    (folder / "cases.csv").write_text(text + "images/d.nii.gz,images/d.nii.gz,d\n", encoding="utf-8")
    report = check_dataset(load_dataset(folder / "cases.csv"))
    same = [problem for problem in report.problems if problem.code == "same-file"]
    assert [problem.case for problem in same] == ["b", "c", "d"]
    assert "is the label of the case b and the label of the case a" in same[0].what
    assert "is the scan of the case c and the scan of the case a" in same[1].what
    assert "is the label of the case d and the scan of the case d" in same[2].what
    assert not [problem for problem in report.problems if problem.code == "duplicate"]


# --- all at once


def test_every_problem_of_every_case_is_listed(folder: Path):
    (folder / "images" / "a.nii.gz").unlink()
    save(folder / "labels" / "a.nii.gz", outline(9))
    save(folder / "images" / "b.nii.gz", np.full(SHAPE, 1, np.int16))
    save(folder / "labels" / "b.nii.gz", outline(1, 5), (1.0, 1.0, 3.0))
    report = check(folder)
    assert found(report) == [
        ("a", ERROR, "missing"),
        ("a", ERROR, "label-values"),
        ("b", ERROR, "constant"),
        ("b", ERROR, "other-grid"),
        ("b", ERROR, "label-values"),
    ]
    with pytest.raises(InputError) as caught:
        report.raise_if_errors()
    assert "has 5 errors: " in str(caught.value)
    assert "images/a.nii.gz does not exist" in str(caught.value)
    assert "; and 2 more." in str(caught.value)
    assert f'dualtaskseg check "{folder}"' in str(caught.value)


def test_left_out_cases_are_not_checked(folder: Path):
    (folder / "images" / "b.nii.gz").write_bytes(b"")
    text = "image,label,role\nimages/a.nii.gz,labels/a.nii.gz,\nimages/b.nii.gz,labels/a.nii.gz,left out\n"
    (folder / "cases.csv").write_text(text, encoding="utf-8")
    report = check_dataset(load_dataset(folder / "cases.csv"))
    assert report.problems == []
    assert [one.name for one in report.fingerprints] == ["a"]


def test_hidden_labels_are_not_looked_at(folder: Path):
    (folder / "labels" / "d.nii.gz").unlink()
    (folder / "labels" / "c.nii.gz").write_bytes(b"")
    assert check_dataset(keep_labels(load_dataset(folder), 2)).problems == []


# --- facts


def test_facts_agree_with_numpy(folder: Path):
    segments = [Segment("Head", 1, (0, 0, 0)), Segment("Tail", 2, (0, 0, 0))]
    (one,) = extract_fingerprints(load_dataset(folder).cases[:1], segments)
    array, label = scan(0), outline(1, 2)
    assert one.geometry.size == (10, 15, 12)
    assert one.geometry.spacing == (1.0, 1.0, 2.0)
    assert one.geometry.direction == (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    assert (one.minimum, one.maximum) == (array.min(), array.max())
    assert one.mean == pytest.approx(array.mean(dtype=np.float64))
    assert one.std == pytest.approx(array.std(dtype=np.float64))
    percentiles = np.percentile(array.astype(np.float64), (0.5, 50, 99.5))
    assert [one.percentile_00_5, one.percentile_50, one.percentile_99_5] == pytest.approx(list(percentiles))
    assert one.label_values == {0: SHAPE[0] * SHAPE[1] * SHAPE[2] - 16, 1: 8, 2: 8}
    assert one.segment_boxes == {1: ((4, 6), (5, 7), (0, 2)), 2: ((4, 6), (5, 7), (2, 4))}
    assert sorted(one.foreground_sample) == sorted(array[label > 0])
    assert one.file_size == (folder / "images" / "a.nii.gz").stat().st_size
    assert one.modified_ns == (folder / "images" / "a.nii.gz").stat().st_mtime_ns
    assert one.label_file_size == (folder / "labels" / "a.nii.gz").stat().st_size
    assert (one.nan_count, one.infinite_count, one.constant, one.modality, one.problems) == (0, 0, False, "", [])


def test_large_scans_are_sampled_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Small limits stand for a large scan; a gradient along each axis would show an uneven sample."""
    monkeypatch.setattr(facts_module, "SLAB", 5000)
    monkeypatch.setattr(intensities, "PERCENTILE_SAMPLE", 10_000)
    z, y, x = np.meshgrid(np.arange(40), np.arange(64), np.arange(64), indexing="ij")
    meaning = Meaning((Segment("A", 1, (1, 2, 3)),))
    for name, gradient in (("z", z), ("y", y), ("x", x)):
        image = save(tmp_path / f"{name}.nrrd", gradient.astype(np.int16))
        label = save(tmp_path / f"{name}_label.nrrd", ((z > 3) & (y > 9) & (x > 20)).astype(np.uint8))
        one = extract_fingerprint(Case(name, image, label, LABELED), meaning)
        assert one.percentile_50 == pytest.approx(np.median(gradient), abs=1)
        assert one.percentile_99_5 == pytest.approx(np.percentile(gradient, 99.5), abs=1)
        assert (one.mean, one.std) == pytest.approx((gradient.mean(), gradient.std()))
        inside = gradient[(z > 3) & (y > 9) & (x > 20)]
        assert 4900 <= one.foreground_sample.size <= 5000
        assert np.median(one.foreground_sample) == pytest.approx(np.median(inside), abs=1)
        assert one.foreground_sample.max() == inside.max()
        again = extract_fingerprint(Case(name, image, label, LABELED), meaning)
        assert (again.foreground_sample == one.foreground_sample).all()


def test_facts_survive_json(folder: Path):
    (folder / "images" / "b.nii.gz").unlink()
    for one in extract_fingerprints(load_dataset(folder).cases, []):
        again = json.loads(json.dumps(one.to_dict(), allow_nan=False))
        assert again == one.to_dict()
        boxes = {str(value): [list(ends) for ends in box] for value, box in one.segment_boxes.items()}
        assert again["segment_boxes"] == boxes
        assert (again["geometry"] or {}).get("size") == (list(one.geometry.size) if one.geometry else None)
        assert "foreground_sample" not in again


def test_number_of_workers_makes_no_difference(folder: Path):
    dataset = load_dataset(folder)
    documents = [check_dataset(dataset, workers=workers).to_dict() for workers in (1, 2, 5)]
    assert documents[0] == documents[1] == documents[2]


@only_on_linux
def test_memory_does_not_grow_with_the_number_of_cases(tmp_path: Path):
    """A thousand cases of 2 MB each: all at once would be 2 GB."""
    for seed in range(4):
        save(tmp_path / f"{seed}.nrrd", (scan(seed, (64, 128, 128)) * 100).astype(np.int16))
    save(tmp_path / "label.nrrd", np.ones((64, 128, 128), np.uint8))
    script = (
        "import sys; from pathlib import Path\n"
        "from dualtaskseg.contract.dataset import Case\n"
        "from dualtaskseg.data.fingerprint import extract_fingerprints\n"
        "folder = Path(sys.argv[1])\n"
        "label, count = folder / 'label.nrrd', int(sys.argv[2])\n"
        "cases = [Case(str(n), folder / f'{n % 4}.nrrd', label, 'labeled') for n in range(count)]\n"
        "facts = extract_fingerprints(cases, [], workers=2)\n"
        "assert all(one.voxel_hash and not one.problems for one in facts)\n"
        "print(peak_memory() / 2**20)"
    )
    growth = number_printed_by(script, tmp_path, 100) - number_printed_by(script, tmp_path, 10)
    assert growth < 15  # MiB; 100 cases hold 200 MB of scans


# --- the command


def arguments(dataset: Path, **changes: object) -> argparse.Namespace:
    given = {"labeled": None, "cases": None, "segments": None, "include_test": False, "json": False, "cluster": None}
    return argparse.Namespace(**{"dataset": dataset, **given, **changes})


def test_command_on_a_good_dataset(folder: Path, capsys: pytest.CaptureFixture):
    assert command.run(arguments(folder)) == 0
    output, progress = capsys.readouterr()
    assert f"{STRANGE}: 4 labeled and 2 unlabeled cases" in output
    assert "10x15x12 voxels" in output
    assert "1x1x2 mm" in output
    assert "1 Head: in 4 of 4 labels, 0.016 to 0.016 ml" in output
    assert "No problems found." in output
    assert "Checking 6/6" in progress


def test_command_lists_problems_by_case(folder: Path, capsys: pytest.CaptureFixture):
    save(folder / "labels" / "a.nii.gz", outline(9))
    (folder / "images" / "f.nii.gz").unlink()
    shutil.copy(folder / "images" / "b.nii.gz", folder / "images" / "e.nii.gz")
    save(folder / "labels" / "d.nii.gz", outline())
    (folder / "dataset.json").write_text(
        json.dumps(
            {
                "training": [{"image": f"images/{n}.nii.gz", "label": f"labels/{n}.nii.gz"} for n in "abcd"]
                + ["images/e.nii.gz", "images/f.nii.gz"]
            }
            | {"labels": {"Head": 1, "Tail": 2}}
        ),
        encoding="utf-8",
    )
    assert command.run(arguments(folder)) == 2
    lines = capsys.readouterr().out.splitlines()
    for case in "abdf":
        assert lines.count(f"Case {case}") == 1
    assert "  ERROR: The label labels/a.nii.gz holds values that the dataset does not name: 9." in lines
    assert "  ERROR: images/f.nii.gz does not exist." in lines
    assert "    Put it back, correct its name, or leave the case out." in lines
    assert lines[-1] == "3 errors, 1 warning."


def test_command_with_warnings_only_succeeds(folder: Path):
    save(folder / "labels" / "d.nii.gz", outline())
    assert command.run(arguments(folder)) == 0


def test_command_prints_one_json_document(folder: Path, capsys: pytest.CaptureFixture):
    (folder / "images" / "f.nii.gz").write_bytes(b"")
    assert command.run(arguments(folder, json=True)) == 2
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["errors"], document["warnings"]) == (False, 1, 0)
    assert document["problems"][0]["case"] == "f"
    assert document["problems"][0]["file"] == str(folder / "images" / "f.nii.gz")
    assert [case["role"] for case in document["dataset"]["cases"]] == [LABELED] * 4 + [UNLABELED] * 2
    assert document["facts"][0]["label_values"] == {"0": 1784, "1": 8, "2": 8}


def test_command_options(folder: Path, capsys: pytest.CaptureFixture):
    listed = folder / "list.csv"
    listed.write_text("case;role\na;labeled\nb;labeled\nc;unlabeled\n", encoding="utf-8")
    assert command.run(arguments(folder, json=True, cases=listed, labeled=1, segments=["tail"])) == 0
    document = json.loads(capsys.readouterr().out)
    roles = [case["role"] for case in document["dataset"]["cases"]]
    assert roles == [LABELED, UNLABELED, UNLABELED, EXCLUDED, EXCLUDED, EXCLUDED]
    assert [segment["name"] for segment in document["dataset"]["segments"]] == ["Tail"]
    with pytest.raises(InputError, match="5 labeled cases were asked for"):
        command.run(arguments(folder, labeled=5))


# --- real scans


@pytest.mark.parametrize(("name", "count"), [("hippocampus", 220), ("left_atrium", 80)])
def test_nothing_is_wrong_with_real_datasets(real_data: Path, name: str, count: int):
    report = check(real_data / name)
    assert report.problems == []
    assert len(report.fingerprints) == count
    assert all(one.foreground_sample.size > 1000 and one.segment_boxes for one in report.fingerprints)


def test_dicom_folders_as_cases(real_data: Path, tmp_path: Path):
    for name in ("brain_t1post_oblique", "hippocampus_crop_1", "hippocampus_crop_2"):
        shutil.copytree(real_data / "dicom" / name, tmp_path / "images" / name)
    report = check(tmp_path)
    assert [one.modality for one in report.fingerprints] == ["MR"] * 3
    assert report.dataset.modality == "MR"
    assert found(report) == [("", ERROR, "no-labeled-case")]
    assert report.fingerprints[1].file_size == sum(
        f.stat().st_size for f in (tmp_path / "images" / "hippocampus_crop_1").iterdir()
    )


@pytest.mark.parametrize(
    ("ranges", "modality"),
    [
        ([(-1024, 1500), (-1000, 900), (-3024, 3071)], "CT"),
        ([(-1024, 1500), (0, 900)], ""),  # one is no CT, so the scale is not known
        ([(-1024, 40)], ""),  # no bone
        ([(0, 4095)], ""),
    ],
)
def test_scans_on_the_scale_of_ct_are_known_as_ct(tmp_path: Path, ranges, modality):
    """NIfTI files do not tell what scanner they come from, and CT is normalised in its own way."""
    (tmp_path / "images").mkdir()
    for index, (least, most) in enumerate(ranges):
        array = (scan(index) * 20).astype(np.int16)
        array[0, 0, 0], array[-1, -1, -1] = least, most
        save(tmp_path / "images" / f"{index}.nii.gz", array.clip(least, most))
    assert check_dataset(load_dataset(tmp_path)).dataset.modality == modality
