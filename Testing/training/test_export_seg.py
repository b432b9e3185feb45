"""``dualtaskseg export-seg``, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import highdicom
import numpy as np
import pydicom
import pytest
from dicomseries import save_like, series_image, write_series
from dualtaskseg.cli import main
from dualtaskseg.contract.segment import Segment
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import write_model
from safetensors.numpy import save_file

SHAPE = (12, 20, 16)
LIVER = "c~SCT^123037004^Anatomical Structure~SCT^10200004^Liver~^^~r~^^~^^"


@pytest.fixture
def series(tmp_path) -> Path:
    return write_series(tmp_path / "Sérïe")


@pytest.fixture
def model(tmp_path) -> Path:
    description = ModelDescription(
        name="Liver and co",
        segments=(
            Segment("Liver", 1, (221, 130, 101), LIVER),
            Segment("a vein", 2, (86, 180, 233)),
        ),
        plan={},
        trained_on={},
    )
    tensors = {"a": np.zeros(3, np.float32)}
    write_model(tmp_path / "run" / "model", description, lambda path: save_file(tensors, path))
    return tmp_path / "run"


@pytest.fixture
def label(series, tmp_path) -> Path:
    array = np.zeros(SHAPE, np.uint8)
    array[2:7, 3:12, 2:9] = 1
    array[5:9, 13:18, 4:12] = 2
    return save_like(array, series_image(series), tmp_path / "case.nii.gz")


def run(capsys, *arguments: object, code: int = 0) -> tuple[str, str]:
    """Runs the command; returns standard output and error."""
    assert main(["export-seg", *map(str, arguments)]) == code, capsys.readouterr()
    told = capsys.readouterr()
    assert "Traceback" not in told.err and "Doe" not in told.out + told.err
    return told.out, told.err


def test_writes_what_the_model_found(capsys, series, model, label, tmp_path):
    out = tmp_path / "new folder" / "liver.dcm"
    told, warned = run(capsys, label, "--series", series, "--model", model, "--out", out)
    assert f"{out}: DualTaskSeg Liver and co, AUTOMATIC, 9 frames on 12 slices, read back and compared" in told
    assert "Liver: 0.2953 mL (Anatomical Structure, Liver)" in told
    assert "Warning: The segment a vein has no terminology, so it is coded as Tissue only." in warned
    dataset = pydicom.dcmread(out)
    assert [segment.SegmentLabel for segment in dataset.SegmentSequence] == ["Liver", "a vein"]
    assert [file.name for file in out.parent.iterdir()] == ["liver.dcm"]


def test_all_options_reach_the_file(capsys, series, model, label, tmp_path):
    out = tmp_path / "x.dcm"
    options = [
        "--edited",
        "--series-description",
        "For the board",
        "--series-number",
        9,
        "--content-creator",
        "Who^Ever",
    ]
    told, _ = run(capsys, label, "--series", series, "--model", model, "--out", out, *options, "--json")
    document = json.loads(told)
    assert document["file"] == str(out) and document["algorithm_type"] == "SEMIAUTOMATIC"
    assert [segment["name"] for segment in document["segments"]] == ["Liver", "a vein"]
    dataset = pydicom.dcmread(out)
    assert (dataset.SeriesDescription, dataset.SeriesNumber) == ("For the board", 9)
    assert dataset.ContentCreatorName == "Who^Ever"
    assert {segment.SegmentAlgorithmType for segment in dataset.SegmentSequence} == {"SEMIAUTOMATIC"}
    run(capsys, label, "--series", series, "--model", model, "--out", out, "--overwrite", "--labelmap-type")
    assert pydicom.dcmread(out).SegmentationType == "LABELMAP"


def test_a_list_of_segments_instead_of_a_model(capsys, series, label, tmp_path):
    segments = tmp_path / "segments.json"
    segments.write_text(
        json.dumps([{"name": "Leber", "value": 1, "terminology": LIVER}, {"name": "Vene", "value": 2}]), "utf-8"
    )
    command = [label, "--series", series, "--segments", segments, "--out", tmp_path / "x.dcm"]
    assert "MANUAL" in run(capsys, *command)[0]
    assert "AUTOMATIC" in run(capsys, *command, "--algorithm", "Other 2.0", "--overwrite")[0]
    segments.write_text("{}", "utf-8")
    assert "is not a list of segments" in run(capsys, *command, code=2)[1]
    segments.unlink()
    assert str(segments) in run(capsys, *command, code=2)[1]


def test_a_map_for_each_segment(capsys, series, model, tmp_path):
    image = series_image(series)
    arrays = np.zeros((2, *SHAPE), np.uint8)
    arrays[0, 2:8, 3:12, 2:9] = 1
    arrays[1, 4:9, 8:18, 4:12] = 1
    files = [save_like(array, image, tmp_path / f"{index}.nrrd") for index, array in enumerate(arrays)]
    out = tmp_path / "x.dcm"
    told, _ = run(
        capsys, f"Liver={files[0]}", f"a vein={files[1]}", "--series", series, "--model", model, "--out", out, "--json"
    )
    assert [segment["voxels"] for segment in json.loads(told)["segments"]] == [array.sum() for array in arrays]
    assert pydicom.dcmread(out).SegmentsOverlap == "YES"
    command = ["--series", series, "--model", model, "--out", tmp_path / "y.dcm"]
    assert "A segment is given twice" in run(capsys, f"Liver={files[0]}", f"Liver={files[1]}", *command, code=2)[1]
    assert "the segment Milz" in run(capsys, f"Milz={files[0]}", *command, code=2)[1]
    assert not (tmp_path / "y.dcm").exists()


def test_signed_distances_and_uncertainty_beside_it(capsys, series, model, label, tmp_path):
    image = series_image(series)
    values = np.random.default_rng(0).normal(size=SHAPE).astype(np.float32)
    liver = save_like(values, image, tmp_path / "case_sdm_Liver.nii.gz")
    vein = save_like(values + 1, image, tmp_path / "case_sdm_a vein.nii.gz")
    unsure = save_like(np.abs(values) / 9, image, tmp_path / "case_uncertainty.nii.gz")
    out = tmp_path / "out" / "x.dcm"
    command = [label, "--series", series, "--model", model, "--out", out]
    told, _ = run(capsys, *command, "--sdm", liver, f"a vein={vein}", "--uncertainty", unsure)
    assert {file.name for file in out.parent.iterdir()} == {
        "x.dcm",
        "x_sdm_Liver.dcm",
        "x_sdm_a vein.dcm",
        "x_uncertainty.dcm",
    }
    assert f"{tmp_path / 'out' / 'x_sdm_Liver.dcm'}: parametric map, read back and compared" in told
    maps = [pydicom.dcmread(file) for file in sorted(out.parent.iterdir())]
    assert len({dataset.SeriesNumber for dataset in maps}) == len({dataset.SeriesInstanceUID for dataset in maps}) == 4
    assert {dataset.StudyInstanceUID for dataset in maps} == {"1.2.3"}
    read = np.frombuffer(maps[2].FloatPixelData, "<f4").reshape(SHAPE)
    assert maps[2].SeriesDescription == "DualTaskSeg Signed distance to a vein (mm)"
    assert np.array_equal(read, values + 1)


def test_all_or_nothing(capsys, series, model, label, tmp_path, monkeypatch):
    image = series_image(series)
    liver = save_like(np.ones(SHAPE, np.float32), image, tmp_path / "case_sdm_Liver.nii.gz")
    small = save_like(np.ones((5, 20, 16), np.float32), image[:, :, :5], tmp_path / "case_sdm_a vein.nii.gz")
    out = tmp_path / "out" / "x.dcm"
    command = ["--series", series, "--model", model, "--out", out]
    _, told = run(capsys, label, *command, "--sdm", liver, small, code=2)  # the first of both is written already
    assert "Error: " in told and "16x20x5 voxels" in told
    assert not list(out.parent.iterdir())
    whole = highdicom.seg.Segmentation

    def all_first_segment(images, array, *more, **options):
        return whole(images, np.ones_like(array), *more, **options)

    monkeypatch.setattr(highdicom.seg, "Segmentation", all_first_segment)
    _, told = run(capsys, label, *command, "--sdm", liver, code=1)
    assert "The written DICOM file holds" in told
    assert not list(out.parent.iterdir())
    monkeypatch.undo()
    _, told = run(capsys, label, *command, "--sdm", save_like(np.ones(SHAPE), image, tmp_path / "odd.nrrd"), code=2)
    assert "Of which segment" in told and "Liver, a vein" in told
    _, told = run(capsys, label, *command, "--sdm", liver, f"Liver={liver}", code=2)
    assert "given twice" in told
    assert not list(out.parent.iterdir())
    (tmp_path / "out" / "x_sdm_Liver.dcm").write_text("mine", "utf-8")
    _, told = run(capsys, label, *command, "--sdm", liver, code=2)
    assert "exists already" in told
    assert [file.name for file in out.parent.iterdir()] == ["x_sdm_Liver.dcm"]


def test_check_writes_nothing(capsys, series, model, label, tmp_path):
    out = tmp_path / "x.dcm"
    command = ["--series", series, "--model", model, "--out", out, "--check"]
    told, _ = run(capsys, label, *command)
    assert told.splitlines()[0].startswith("Warning: The segment a vein has no terminology")
    assert "Note: The segments will be declared AUTOMATIC." in told
    bad = save_like(np.full(SHAPE, 5, np.uint8), series_image(series), tmp_path / "bad.nrrd")
    findings = json.loads(run(capsys, bad, *command, "--json", code=2)[0])["findings"]
    assert findings[0]["severity"] == "error" and "value 5" in findings[0]["what"] and findings[0]["remedy"]
    assert not out.exists()


def bad_inputs(folder: Path) -> dict[str, tuple[Path, str]]:
    """Folders that hold no series fit for export, with what is said of them."""
    (folder / "text").mkdir()
    (folder / "text" / "a.txt").write_text("no DICOM", "utf-8")
    write_series(folder / "mixed")
    write_series(folder / "scouts", (2, 20, 16), orientation=(0, 1, 0, 0, 0, -1), first=50)
    for number, file in enumerate(sorted((folder / "scouts").iterdir())):
        file.rename(folder / "mixed" / f"scout{number}")
    write_series(folder / "study" / "S1", (6, 20, 16))
    write_series(folder / "study" / "S2", (6, 20, 16), first=6)
    write_series(folder / "several")
    write_series(folder / "several", uid="1.2.3.2")
    return {
        "not DICOM": (folder / "text", "holds no DICOM scan"),
        "one slice": (write_series(folder / "one", (1, 20, 16)), "has a single slice"),
        "localizers": (folder / "mixed", "2 of 14 have another size or direction"),
        "study": (folder / "study", "holds no DICOM scan itself, but its subfolders do"),
        "split": (folder / "study" / "S1", "the series goes on in"),
        "several": (folder / "several", "holds 2 DICOM series"),
        "gone": (folder / "gone", "does not exist"),
    }


def test_bad_series_end_with_a_sentence_and_no_file(capsys, model, label, tmp_path):
    (tmp_path / "bad").mkdir()
    for name, (folder, words) in bad_inputs(tmp_path / "bad").items():
        out = tmp_path / "out" / f"{name}.dcm"
        told, error = run(capsys, label, "--series", folder, "--model", model, "--out", out, code=2)
        assert error.splitlines()[-1].startswith("Error: ") and words in error, name
        assert told == ""
        assert not out.parent.exists() or not list(out.parent.iterdir()), name


def test_bad_label_maps_end_with_a_sentence_and_no_file(capsys, series, model, label, tmp_path):
    text = tmp_path / "text.nrrd"
    text.write_text("no image", "utf-8")
    image = series_image(series)
    for path, words in (
        (tmp_path / "gone.nrrd", "does not exist"),
        (text, "can't be read"),
        (save_like(np.ones((5, 20, 16), np.uint8), image[:, :, :5], tmp_path / "small.nrrd"), "16x20x12 voxels"),
        (save_like(np.zeros(SHAPE, np.uint8), image, tmp_path / "empty.nrrd"), "nothing to export"),
        (save_like(np.full(SHAPE, 9, np.uint8), image, tmp_path / "nine.nrrd"), "holds the value 9 (3840 voxels)"),
    ):
        out = tmp_path / "out" / "x.dcm"
        _, error = run(capsys, path, "--series", series, "--model", model, "--out", out, code=2)
        assert words in error
        assert not out.parent.exists() or not list(out.parent.iterdir())
    out = tmp_path / "out" / "x.dcm"
    assert "does not say which segments" in run(capsys, label, "--series", series, "--out", out, code=2)[1]
