"""Lists of segments, tables, links and DICOM numbers that mean something else than they seem to."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from dualtaskseg import cli
from dualtaskseg.data.checks import check_dataset
from dualtaskseg.data.label_names import named_values
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.compare import evaluate_folders
from dualtaskseg.io.image_notes import assumptions
from dualtaskseg.io.images import read_assumptions, read_image
from pydicom.dataset import Dataset
from strangerfiles import RAW, labeled_folder, series


def refusal(folder: Path) -> str:
    """The one sentence of training and of evaluation."""
    sentences = set()
    for read in (load_dataset, lambda path: evaluate_folders(path / "labels", path / "labels")):
        with pytest.raises(InputError) as caught:
            read(folder)
        sentences.add(caught.value.what)
        assert caught.value.remedy
    (sentence,) = sentences
    return sentence


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ('{"0": "background", "1": "liver", "1": "spleen"}', "names '1' twice"),
        ('{"background": 1, "liver": 0}', "gives 'background' the value 1, but background is 0"),
        ('{"liver": 1, "Background": 7}', "gives 'Background' the value 7"),
        ('{"background": 0, "liver": 1, "Void": 2}', "names the label 'Void': voxels to ignore"),
        ('{"background": 0, "liver": 1, "not labeled": 2}', "voxels to ignore"),
        ('{"background": 0, "liver": 1, "unlabeled": 2}', "voxels to ignore"),
        ('{"ignore": 0, "liver": 1}', "voxels to ignore"),
    ],
)
def test_lists_that_would_be_misread_are_refused(tmp_path: Path, labels: str, words: str):
    """Of a name that stands twice the last one counted; background with another value was learned."""
    folder = labeled_folder(tmp_path / "d")
    (folder / "dataset.json").write_text(f'{{"labels": {labels}}}', encoding="utf-8")
    assert words in refusal(folder)


@pytest.mark.parametrize(
    "labels",
    [
        {"void": 0, "liver": 1},
        {"background": "0", "liver": "1"},
        {"0": "bg", "1": "liver"},
        *({name: 0, "liver": 1} for name in ("unlabeled", "Unlabelled", "unannotated", "not annotated", "Not-Labeled")),
    ],
)
def test_lists_that_can_be_read_are(tmp_path: Path, labels: dict):
    folder = labeled_folder(tmp_path / "d")
    (folder / "dataset.json").write_text(json.dumps({"labels": labels}), encoding="utf-8")
    assert [(segment.name, segment.value) for segment in load_dataset(folder).segments] == [("liver", 1)]
    assert "liver" in evaluate_folders(folder / "labels", folder / "labels").summary()


def test_two_names_of_one_value_are_refused_in_evaluation_too(tmp_path: Path):
    folder = labeled_folder(tmp_path / "d")
    (folder / "segments.json").write_text(json.dumps([{"name": name, "value": 1} for name in "AB"]), encoding="utf-8")
    assert "two segments have the value 1" in refusal(folder)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_of_names_in_each_encoding_of_windows(tmp_path: Path, encoding: str):
    """A table that was not UTF-8 was passed over, and the bare numbers counted."""
    (tmp_path / "a.label").write_text('    1   255    0    0        1  1  1    "Lésion"\n', encoding=encoding)
    assert [(entry.name, entry.value) for entry in named_values(tmp_path / "a.nii.gz")] == [("Lésion", 1)]


def test_a_value_that_often_means_to_ignore_is_told_where_nothing_is_named(tmp_path: Path):
    folder = labeled_folder(tmp_path / "d")
    path = folder / "labels" / "s0.nii.gz"
    label = sitk.ReadImage(str(path))
    label[0:24, 0:24, 0] = 255
    sitk.WriteImage(label, str(path))
    warnings = [problem.what for problem in check_dataset(load_dataset(folder)).warnings]
    assert any("the value 255, which often stands for voxels to ignore" in what for what in warnings)
    (folder / "segments.json").write_text(json.dumps([{"name": "A", "value": 1}, {"name": "B", "value": 255}]))
    assert not check_dataset(load_dataset(folder)).warnings


@pytest.mark.parametrize("name", ["labels/s2.mgz", "images/s9.npy", "images/s9.nii.bz2"])
def test_volumes_of_other_formats_are_told_of(tmp_path: Path, name: str):
    """A label of another format made its case an unlabeled one."""
    folder = labeled_folder(tmp_path / "d")
    (folder / name).write_bytes(b"x")
    note = next(note for note in load_dataset(folder).notes if "not read" in note)
    assert note.startswith(f"{Path(name).name} in {Path(name).parent} is left out")


@pytest.mark.parametrize("name", ["s9.mnc", "s9.h5", "s9.HDF5"])
def test_formats_that_only_a_list_leads_to_are_not_called_unread(tmp_path: Path, name: str):
    folder = labeled_folder(tmp_path / "d")
    sitk.WriteImage(sitk.ReadImage(str(folder / "images" / "s0.nii.gz")), str(folder / "images" / name.lower()))
    (folder / "images" / name.lower()).rename(folder / "images" / name)
    assert [note for note in load_dataset(folder).notes if name in note] == [
        f"{name} in images is left out: files of this kind are only read where each is named; name each of them, for "
        "example in a table cases.csv, or convert them to .nii.gz"
    ]
    (folder / "cases.csv").write_text(f"image,label\nimages/{name},labels/s0.nii.gz\n", encoding="utf-8")
    report = check_dataset(load_dataset(folder))
    assert not report.errors and report.fingerprints[0].label_values[1] > 0


def test_each_kind_of_file_that_is_passed_over_is_told_of_by_its_first(tmp_path: Path):
    folder = labeled_folder(tmp_path / "d")
    for name in ("s10.mgz", "s9.mgz", "b.zip", "a.mnc", "s11.zarr"):
        (folder / "images" / name).write_bytes(b"x")
    (folder / "images" / "s12.zarr").mkdir()  # which is no series
    dataset = load_dataset(folder)
    assert not any("s12" in case.name for case in dataset.cases)
    told = [note.split(": ")[0] for note in dataset.notes if "left out" in note]
    assert told == [
        "s9.mgz and 3 more in images are left out",
        "a.mnc in images is left out",
        "b.zip in images is left out",
    ]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("s1.npy", "Convert them to .nii.gz"), ("s1.mnc", "Name each of them"), ("s1.nii.xz", "Unpack them")],
)
@pytest.mark.parametrize("has_list", [False, True])
def test_a_folder_of_other_formats_only_is_told_of(tmp_path: Path, name: str, remedy: str, has_list: bool, capsys):
    """It was said to hold no scan, as an empty one."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / name).write_bytes(b"x")
    (tmp_path / "images" / f"a{name}").write_bytes(b"x")
    if has_list:
        (tmp_path / "dataset.json").write_text('{"labels": {"background": 0, "A": 1}}', encoding="utf-8")
    assert cli.main(["check", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert f"{tmp_path / 'images'} holds no scan but a{name} and 1 more: " in said and f". {remedy}" in said


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")
def test_a_loop_of_links_is_told(tmp_path: Path, capsys):
    folder = labeled_folder(tmp_path / "d")
    (folder / "images" / "loop.nii.gz").symlink_to("loop.nii.gz")
    assert cli.main(["check", str(folder)]) == 2
    assert "loop.nii.gz is a link that leads nowhere" in capsys.readouterr().out


# --- numbers of DICOM slices


def without_scale(one: Dataset, place: int) -> None:
    if place == 4:
        del one.RescaleSlope, one.RescaleIntercept


def without_slope(one: Dataset, place: int) -> None:
    if place == 4:
        del one.RescaleSlope


def without_intercept(one: Dataset, place: int) -> None:
    if place == 4:
        del one.RescaleIntercept


def slope_zero(one: Dataset, place: int) -> None:
    if place == 4:
        one.RescaleSlope = 0


def scaled_as_pet_is(one: Dataset, place: int) -> None:
    one.RescaleSlope = 0.5 + place / 4
    without_scale(one, place)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"edit": without_scale}, "In 1 of the 10 slices in .*such as 004.dcm, the slope and intercept"),
        ({"edit": without_intercept}, "In 1 of the 10 slices in .*such as 004.dcm, the intercept of .* is missing"),
        ({"edit": without_scale, "slope": 2, "intercept": 0}, "such as 004.dcm, the slope and intercept"),
        ({"edit": without_slope, "slope": 2}, "such as 004.dcm, the slope of the intensities is missing"),
        ({"edit": slope_zero, "slope": 2, "intercept": 0}, "such as 004.dcm, the slope of the intensities is missing"),
        ({"edit": scaled_as_pet_is, "intercept": 0}, "such as 004.dcm, the slope and intercept"),
        ({"slope": 0, "intercept": -1024}, r"000.dcm gives '0.0' as the slope of its intensities"),
        ({"BitsStored": 12, "HighBit": 15}, "keeps the 12 bits of its numbers below bit 16"),
        ({"PixelSpacing": None, "ImagerPixelSpacing": [0.5, 0.5]}, "gives nothing as the size of its pixels"),
    ],
)
def test_slices_whose_numbers_or_pixels_are_not_known_are_refused(tmp_path: Path, values: dict, words: str):
    """They were read: one slice 1024 HU too bright, intensities sixteen times too large, the detector's pixels."""
    with pytest.raises(InputError, match=words):
        read_image(series(tmp_path / "s", **values))


def test_numbers_that_are_taken_as_they_are_are_told_of(tmp_path: Path):
    """Where nothing but a slope is left open, and that of all other slices is 1."""
    some = series(tmp_path / "some", edit=without_scale, slope=1, intercept=0)
    ct = series(tmp_path / "ct", edit=without_slope)
    none = series(tmp_path / "none", slope=0, intercept=0)
    for folder, voxels, words in (
        *((some, RAW, "of 1 of its 10 slices"), (ct, RAW - 1024, "of 1 of its 10 slices")),
        (none, RAW, "gives 0 as the slope"),
    ):
        image = read_image(folder)
        assert np.array_equal(sitk.GetArrayFromImage(image), voxels)
        (said,) = assumptions(image)
        assert words in said and "taken as they are" in said and read_assumptions(folder) == [said]


@pytest.mark.parametrize("text", [b"1,5 ", b"nan "])
def test_a_slope_that_is_no_number_is_refused(tmp_path: Path, text: bytes):
    """The reading library takes what stands before the comma."""
    folder = series(tmp_path / "s", slope=7.25)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"7.25", text))
    with pytest.raises(InputError, match="as the slope of its intensities, which is no usable number"):
        read_image(folder)


def test_each_slice_may_have_a_slope_of_its_own(tmp_path: Path):
    def scaled(one: Dataset, place: int) -> None:
        one.RescaleSlope = place + 1

    image = read_image(series(tmp_path / "s", edit=scaled))
    right = RAW * np.arange(1, 11).reshape(-1, 1, 1) - 1024.0
    assert np.array_equal(sitk.GetArrayFromImage(image), right)
