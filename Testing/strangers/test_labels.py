"""Outlines as people have them: stored as floats, hundreds of values, parts of datasets that mean something else."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel
import numpy as np
import pytest
from dualtaskseg.cli import main
from dualtaskseg.data.checks import CheckReport, check_dataset
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.errors import InputError

MASK = np.zeros((16, 14, 12), np.uint8)
MASK[4:12, 3:11, 3:9] = 1
MASK[6:9, 5:8, 5:8] = 2
AFFINE = np.diag([-1.2, -1.2, 2.5, 1])


def save(path: Path, array: np.ndarray, dtype: type | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nibabel.save(nibabel.Nifti1Image(array, AFFINE, dtype=dtype), path)


def dataset(folder: Path, label: np.ndarray, dtype: type | None = None) -> Path:
    noise = np.random.default_rng(0).normal(100, 9, label.shape)
    save(folder / "images" / "a.nii.gz", (noise + 50 * (label > 0)).astype(np.float32))
    save(folder / "labels" / "a.nii.gz", label, dtype)
    return folder


def check(folder: Path) -> CheckReport:
    return check_dataset(load_dataset(folder))


@pytest.mark.parametrize("factor", [1.0000001, 0.99998, 1.0002])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_that_are_nearly_whole(tmp_path: Path, factor: float, dtype: type):
    """nnUNet issues 565 and 2868: labels scaled and stored as floats are off by rounding."""
    (facts,) = check(dataset(tmp_path, (MASK * factor).astype(dtype))).fingerprints
    assert facts.label_values == {value: int((value == MASK).sum()) for value in range(3)}


def test_other_floats_are_refused_with_all_their_digits(tmp_path: Path):
    """nnUNet issue 2868: the value that is wrong was printed as 1."""
    report = check(dataset(tmp_path, (MASK * 1.002345).astype(np.float64)))
    (problem,) = [problem for problem in report.errors if problem.code == "not-whole"]
    assert "1.002345" in problem.what


def test_an_atlas_is_told_to_name_its_values(tmp_path: Path):
    """FastSurfer issue 303: more than a hundred values, as atlases have them."""
    values = np.r_[np.arange(1000, 1060), np.arange(2000, 2060)].astype(np.int32)
    label = np.zeros(MASK.shape, np.int32)
    label[MASK > 0] = np.resize(values, int((MASK > 0).sum()))
    report = check(dataset(tmp_path, label))
    assert "segments.json" in next(problem.remedy for problem in report.errors if problem.code == "label-values")
    (tmp_path / "segments.json").write_text(json.dumps([{"name": f"p{v}x", "value": int(v)} for v in values]), "utf-8")
    assert not check(tmp_path).errors


def blocks(count: int) -> np.ndarray:
    """Small cubes, each a segment of its own."""
    numbers = (np.arange(512) + 1).reshape(8, 8, 8)
    numbers[numbers > count] = 0
    return np.kron(numbers, np.ones((2, 2, 2), int)).astype(np.uint16)


def test_more_segments_than_a_byte_counts_are_refused_before_the_training(tmp_path: Path, capsys):
    """StarDist issue 168, napari issue 8200: more labels than fit into eight bits became others."""
    folder = dataset(tmp_path / "data", blocks(300))
    named = [{"name": f"Parcel {chr(97 + v % 26)}{v}", "value": v} for v in range(1, 301)]
    (folder / "segments.json").write_text(json.dumps(named), encoding="utf-8")
    assert main(["train", str(folder), "--out", str(tmp_path / "run"), "--iterations", "1"]) == 2
    assert "300 segments, but at most 255" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
    names = [segment["name"] for segment in named[:255]]
    assert main(["check", str(folder), "--segments", *names]) == 0


@pytest.mark.parametrize("value", [2**32, 10**12])
def test_values_beyond_all_files_are_refused(tmp_path: Path, value: int):
    """nnUNet issue 2316: odd values in a list of labels."""
    folder = dataset(tmp_path, MASK)
    (folder / "segments.json").write_text(json.dumps([{"name": "Liver", "value": value}]), encoding="utf-8")
    with pytest.raises(InputError, match="too large"):
        load_dataset(folder)


@pytest.mark.parametrize("name", ["ignore", "Ignore"])
def test_nnunets_ignore_label_is_no_structure(tmp_path: Path, name: str, capsys):
    """nnUNet issues 1104, 1926 and 2138: voxels that nobody annotated became a structure to learn."""
    mask = np.where(np.arange(len(MASK))[:, None, None] % 2, MASK, 2).astype(np.uint8)
    folder = dataset(tmp_path / "data", mask)
    document = {"channel_names": {"0": "MRI"}, "labels": {"background": 0, "liver": 1, name: 2}}
    (folder / "dataset.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["check", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [segment["name"] for segment in found["dataset"]["segments"]] == ["liver"]
    assert found["facts"][0]["label_values"] == {"0": int((mask == 0).sum()), "1": int((mask == 1).sum())}
    assert any("outlined in part: 50% of it was looked at" in note for note in found["notes"])


@pytest.mark.parametrize("name", ["ignored", "not annotated"])
def test_other_names_of_voxels_to_ignore_are_refused(tmp_path: Path, name: str, capsys):
    """As above, under names that nothing says the meaning of."""
    folder = dataset(tmp_path / "data", MASK)
    document = {"channel_names": {"0": "MRI"}, "labels": {"background": 0, "liver": 1, name: 2}}
    (folder / "dataset.json").write_text(json.dumps(document), encoding="utf-8")
    for command in (["check", str(folder)], ["train", str(folder), "--out", str(tmp_path / "run")]):
        assert main(command) == 2
        assert "to ignore" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_scans_of_a_decathlons_test_list_are_learned_from_only_if_asked_for(tmp_path: Path, capsys):
    """Medical Segmentation Decathlon: figures on the test list are worth little if it was learned from."""
    folder = dataset(tmp_path, MASK)
    save(folder / "images" / "b.nii.gz", np.random.default_rng(1).normal(100, 9, MASK.shape).astype(np.float32))
    training = [{"image": "images/a.nii.gz", "label": "labels/a.nii.gz"}]
    document = {"training": training, "test": ["images/b.nii.gz"], "labels": {"1": "liver", "2": "tumor"}}
    (folder / "dataset.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["check", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "0 unlabeled cases, 1 left out" in told and "--include-test" in told
    assert main(["check", str(folder), "--include-test"]) == 0
    told = capsys.readouterr().out
    assert "1 unlabeled cases" in told and "--include-test" not in told


@pytest.mark.parametrize(
    "name", ["x" * 300, "/".join(["folder"] * 800), "a\0b.nii.gz", "~nosuchuser/x.nii.gz", "\udcff\ud800.nii.gz"]
)
@pytest.mark.parametrize("kind", ["dataset.json", "cases.csv"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str, kind: str, capsys):
    """nnUNet issue 946 and others: what a list of cases names is not always a file's name."""
    dataset(tmp_path, MASK)
    if kind == "dataset.json":
        (tmp_path / kind).write_text(json.dumps({"training": [{"image": name, "label": "labels/a.nii.gz"}]}), "utf-8")
    else:
        (tmp_path / kind).write_bytes(f"image,label\n{name},labels/a.nii.gz\n".encode("utf-8", "surrogatepass"))
    assert main(["check", str(tmp_path / kind)]) == 2
    printed = capsys.readouterr()
    assert "defect" not in printed.err and "Traceback" not in printed.err
