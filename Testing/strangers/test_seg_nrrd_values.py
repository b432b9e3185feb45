"""Outlines saved by 3D Slicer, in which the same structure has another value in every file."""

from __future__ import annotations

import json
import time
import unicodedata
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK
from dualtaskseg.cli import main
from dualtaskseg.contract.segment import refuse_name
from dualtaskseg.data.label_names import named_values
from dualtaskseg.errors import InputError

SIZE = (16, 18, 20)
NUMBERS = [{"Liver": 1, "Tumor": 2}, {"Tumor": 1, "Liver": 2}, {"Tumor": 5, "Liver": 3}]


def shapes(index: int) -> tuple[np.ndarray, np.ndarray]:
    """A large ball with a small one in it, as (z, y, x)."""
    z, y, x = np.mgrid[: SIZE[0], : SIZE[1], : SIZE[2]].astype(float)
    liver = (z - 8) ** 2 + (y - 9 + index % 2) ** 2 + (x - 10) ** 2 < 6**2
    tumor = (z - 8) ** 2 + (y - 11 + index % 2) ** 2 + (x - 10) ** 2 < 2.5**2
    return liver & ~tumor, tumor


def save(path: Path, array: np.ndarray, names: dict[str, int] | None = None) -> None:
    image = SimpleITK.GetImageFromArray(array)
    for index, (name, value) in enumerate((names or {}).items()):
        for key, text in (("ID", f"Segment_{index + 1}"), ("Name", name), ("LabelValue", str(value)), ("Layer", "0")):
            image.SetMetaData(f"Segment{index}_{key}", text)
    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleITK.WriteImage(image, str(path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for index, names in enumerate(NUMBERS):
        liver, tumor = shapes(index)
        noise = np.random.default_rng(index).normal(0, 5, SIZE)
        save(tmp_path / "ds" / "images" / f"c{index}.nrrd", (100 + 80 * liver - 60 * tumor + noise).astype(np.int16))
        label = names["Liver"] * liver + names["Tumor"] * tumor
        save(tmp_path / "ds" / "labels" / f"c{index}.seg.nrrd", label.astype(np.uint8), names)
    return tmp_path / "ds"


@pytest.mark.parametrize("listed", [None, {"Liver": 1, "Tumor": 2}, {"Tumor": 1, "Liver": 2}])
def test_each_structure_is_learned_under_its_name(folder: Path, listed: dict[str, int] | None, capsys):
    """SlicerFreeSurfer issue 5, Slicer issue 5044, nnUNet issues 2220 and 2500: numbers differ from file to file."""
    if listed:
        document = [{"name": name, "value": value} for name, value in listed.items()]
        (folder / "segments.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["check", str(folder), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    values = {segment["name"]: str(segment["value"]) for segment in document["dataset"]["segments"]}
    assert {name: int(value) for name, value in values.items()} == (listed or NUMBERS[0])
    for index, facts in enumerate(document["facts"]):
        liver, tumor = shapes(index)
        assert facts["label_values"][values["Liver"]] == liver.sum()
        assert facts["label_values"][values["Tumor"]] == tumor.sum()


def test_a_perfect_prediction_gets_a_perfect_dice(folder: Path, tmp_path: Path, capsys):
    """The same in an evaluation, where it gave a Dice of 0 for both."""
    (folder / "segments.json").write_text(
        json.dumps([{"name": name, "value": value} for name, value in NUMBERS[0].items()]), encoding="utf-8"
    )
    for index in range(3):
        liver, tumor = shapes(index)
        save(tmp_path / "masks" / f"c{index}.nii.gz", (liver + 2 * tumor).astype(np.uint8))
    arguments = ["evaluate", "--prediction", str(tmp_path / "masks"), "--reference", str(folder / "labels"), "--json"]
    assert main(arguments) == 0
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert {row["segment"]: row["dice"]["mean"] for row in summary} == {"Liver": 1, "Tumor": 1, "all segments": 1}


def test_names_that_do_not_fit_are_an_error_of_one_sentence(folder: Path, capsys):
    """No mapping is certain where a file calls its segments otherwise than the dataset does."""
    (folder / "segments.json").write_text(json.dumps([{"name": "Leber", "value": 1}, {"name": "Tumor", "value": 2}]))
    assert main(["train", str(folder), "--out", str(folder.parent / "run"), "--iterations", "1"]) == 2
    assert "'Liver', which is none of the dataset's segments: Leber (1), Tumor (2)" in capsys.readouterr().err
    assert not (folder.parent / "run").exists()


def evaluated(folder: Path, capsys) -> tuple[dict[str, float], list[str]]:
    """Mean Dice by segment, and the notes, of a folder's predictions and references."""
    arguments = ["evaluate", "--prediction", str(folder / "masks"), "--reference", str(folder / "labels"), "--json"]
    assert main(arguments) == 0
    document = json.loads(capsys.readouterr().out)
    return {row["segment"]: row["dice"]["mean"] for row in document["summary"]}, document["notes"]


@pytest.mark.parametrize("kind", ["segments.json", "dataset.json", "table", "none"])
def test_bare_predictions_are_numbered_as_the_list_beside_them_says(tmp_path: Path, kind: str, capsys):
    """SlicerFreeSurfer issue 5: where all references are numbered alike, but otherwise than predictions, Dice was 0."""
    liver, tumor = shapes(0)
    save(tmp_path / "labels" / "a.seg.nrrd", (tumor + 2 * liver).astype(np.uint8), NUMBERS[1])
    save(tmp_path / "masks" / "a.nii.gz", (liver + 2 * tumor).astype(np.uint8))
    if kind == "segments.json":
        text = json.dumps([{"name": name, "value": value} for name, value in NUMBERS[0].items()])
        (tmp_path / "masks" / kind).write_text(text, encoding="utf-8")
    elif kind == "dataset.json":  # as nnU-Net copies it there
        (tmp_path / "masks" / kind).write_text(
            json.dumps({"labels": {"background": 0, **NUMBERS[0]}}), encoding="utf-8"
        )
    elif kind == "table":  # as BIDS has it
        (tmp_path / "masks" / "a.tsv").write_text(
            "index\tname\tcolor\n0\tnone\t\n" + "9" * 5000 + "\tEndless\t\n1\tLiver\t#dd8265\n2\tTumor\t\n"
        )
    dice, notes = evaluated(tmp_path, capsys)
    if kind == "none":  # nothing tells: it is assumed, and what speaks against it is said
        assert dice == {"Tumor": 0, "Liver": 0, "all segments": 1}
        assert any("called Tumor in the prediction lies where the reference has Liver" in note for note in notes)
    else:
        assert dice == {"Tumor": 1, "Liver": 1, "all segments": 1}


def test_names_whose_accents_are_stored_otherwise_are_the_same(folder: Path, tmp_path: Path, capsys):
    """macOS names (owncloud/core issue 21365), of segments: one was "none of the dataset's", which listed it."""
    composed, apart = (unicodedata.normalize(form, "Drüse") for form in ("NFC", "NFD"))
    for index in range(2):
        gland, tumor = shapes(index)
        name = (composed, apart)[index]
        numbers = ({name: 1, "Tumor": 2}, {"Tumor": 1, name: 2})[index]
        label = (numbers[name] * gland + numbers["Tumor"] * tumor).astype(np.uint8)
        save(tmp_path / ("labels", "masks")[index] / "a.seg.nrrd", label, numbers)
        save(folder / "labels" / f"c{index}.seg.nrrd", label, numbers)
    (folder / "labels" / "c2.seg.nrrd").unlink()
    assert evaluated(tmp_path, capsys)[0].keys() == {composed, "Tumor", "all segments"}
    assert main(["check", str(folder), "--json", "--segments", apart]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)["dataset"]["segments"]] == [composed]
    with pytest.raises(InputError, match="background is 0"):
        refuse_name("a list", unicodedata.normalize("NFD", "Arrière-plan"), 3)


CARET = (
    '<?xml version="1.0"?><CaretExtension><VolumeInformation Index="0"><LabelTable>'
    '<Label Key="0" Red="1" Green="1" Blue="1" Alpha="0"><![CDATA[???]]></Label>{}</LabelTable></VolumeInformation>'
    "</CaretExtension>"
)


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
def test_names_within_nifti_files_count(tmp_path: Path, kind: type, suffix: str, capsys):
    """nnUNet issues 2220 and 2500, for masks of TotalSegmentator, whose headers name their values."""
    liver, tumor = shapes(0)
    for folder, numbers in (("labels", NUMBERS[1]), ("masks", NUMBERS[0])):
        label = (numbers["Liver"] * liver + numbers["Tumor"] * tumor).astype(np.uint8)
        image = kind(label.T, np.eye(4))
        table = "".join(f'<Label Key="{value}" Red="1"><![CDATA[{name}]]></Label>' for name, value in numbers.items())
        image.header.extensions.append(nibabel.nifti1.Nifti1Extension(0, CARET.format(table).encode()))
        (tmp_path / folder).mkdir()
        nibabel.save(image, tmp_path / folder / f"a{suffix}")
        assert {entry.name: entry.value for entry in named_values(tmp_path / folder / f"a{suffix}")} == numbers
    assert evaluated(tmp_path, capsys)[0] == {"Tumor": 1, "Liver": 1, "all segments": 1}


def test_a_table_without_end_takes_no_time(tmp_path: Path):
    """Megabytes of tags that are never closed would be searched from each of them to the end."""
    image = nibabel.Nifti1Image(np.zeros((4, 4, 4), np.uint8), np.eye(4))
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension(0, b"<Label " * 500_000))
    nibabel.save(image, tmp_path / "a.nii")
    began = time.process_time()
    assert named_values(tmp_path / "a.nii") == () and time.process_time() - began < 3
