"""Reading lists of cases in every layout, and saying what is wrong with one. No scan is opened here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from dualtaskseg.contract.dataset import EXCLUDED, LABELED, UNLABELED, Case, Dataset, choose_segments, keep_labels
from dualtaskseg.contract.segment import Segment, default_color
from dualtaskseg.data.case_tables import apply_case_list
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.errors import InputError
from dualtaskseg.io.paths import file_stem

STRANGE = "Ünïcode ß 空 dir"


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def decathlon(folder: Path, **changes: object) -> Path:
    document = {
        "name": "Liver",
        "modality": {"0": "CT"},
        "labels": {"0": "background", "1": "liver", "2": "tumor"},
        "training": [
            {"image": f"./imagesTr/liver_{n}.nii.gz", "label": f"./labelsTr/liver_{n}.nii.gz"} for n in (3, 1, 2)
        ],
        "test": ["./imagesTs/liver_9.nii.gz"],
    }
    document.update(changes)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return folder


def table(folder: Path, text: str, name: str = "cases.csv", encoding: str = "utf-8") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def names(dataset: Dataset) -> list[str]:
    return [case.name for case in dataset.cases]


def message(function, *arguments) -> str:
    with pytest.raises(InputError) as caught:
        function(*arguments)
    assert caught.value.remedy
    return str(caught.value)


# --- Decathlon


def test_decathlon_keeps_its_order_and_leaves_test_cases_out_unless_asked_for(tmp_path: Path):
    folder = decathlon(tmp_path / STRANGE)
    for path in (folder, folder / "dataset.json", str(folder)):
        dataset = load_dataset(path)
        assert dataset.name == "Liver"
        assert dataset.folder == folder
        assert dataset.modality == "CT"
        assert names(dataset) == ["liver_3", "liver_1", "liver_2", "liver_9"]
        assert [case.role for case in dataset.cases] == [LABELED] * 3 + [EXCLUDED]
        assert "list 'test'" in dataset.notes[0] and "--include-test" in dataset.notes[0]
        dataset = load_dataset(path, include_test=True)
        assert [case.role for case in dataset.cases] == [LABELED] * 3 + [UNLABELED]
        assert not dataset.notes
        assert dataset.cases[0].image == folder / "imagesTr" / "liver_3.nii.gz"
        assert dataset.cases[0].label == folder / "labelsTr" / "liver_3.nii.gz"
        assert dataset.cases[3].label is None
        assert [(s.name, s.value) for s in dataset.segments] == [("liver", 1), ("tumor", 2)]
        assert [case.name for case in dataset.labeled] == ["liver_3", "liver_1", "liver_2"]
        assert [case.name for case in dataset.unlabeled] == ["liver_9"]


@pytest.mark.parametrize(
    "labels",
    [
        {"0": "background", "2": "tumor", "1": "liver"},
        {"background": 0, "liver": 1, "tumor": 2},
        {"1": "liver", "2": "tumor"},
    ],
)
def test_both_ways_to_write_labels(tmp_path: Path, labels: dict):
    dataset = load_dataset(decathlon(tmp_path, labels=labels))
    assert [(s.name, s.value) for s in dataset.segments] == [("liver", 1), ("tumor", 2)]


def test_colors_and_terminology_of_ours(tmp_path: Path):
    folder = decathlon(tmp_path, colors={"tumor": [1, 2, 3]}, terminology={"liver": "SCT~10200004~Liver"})
    liver, tumor = load_dataset(folder).segments
    assert liver == Segment("liver", 1, default_color(0), "SCT~10200004~Liver")
    assert tumor == Segment("tumor", 2, (1, 2, 3), "")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"0": "MRI"}, "MR"),
        ({"0": "LGE-MRI"}, "MR"),
        ({"0": "T1", "1": "FLAIR"}, "MR"),
        ({"0": "CT"}, "CT"),
        (["CT"], "CT"),
        ("ct", "CT"),
        ({"0": "PET", "1": "CT"}, "CT"),
        ({"0": "CT", "1": "MRI"}, ""),
        ({"0": "ultrasound"}, ""),
        ({"0": "SPECT"}, ""),
        (None, ""),
        (5, ""),
    ],
)
def test_modality(tmp_path: Path, written: object, expected: str):
    assert load_dataset(decathlon(tmp_path, modality=written)).modality == expected


def test_training_entry_without_label_is_unlabeled_and_a_label_of_a_test_case_is_not_used(tmp_path: Path):
    folder = decathlon(
        tmp_path,
        training=["a.nii.gz", {"image": "b.nii.gz"}, {"image": "c.nrrd", "label": "c_label.nrrd"}],
        test=[{"image": "d.mha", "label": "d_label.mha"}],
    )
    assert [(c.name, c.role, c.label is None) for c in load_dataset(folder).cases] == [
        ("a", UNLABELED, True),
        ("b", UNLABELED, True),
        ("c", LABELED, False),
        ("d", EXCLUDED, True),
    ]


def test_nnunet_folder_has_no_list_of_cases(tmp_path: Path):
    folder = decathlon(tmp_path, labels={"background": 0, "liver": 1}, channel_names={"0": "CT"})
    document = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    del document["training"], document["test"], document["modality"]
    (folder / "dataset.json").write_text(json.dumps(document), encoding="utf-8")
    touch(folder, "imagesTr/liver_001_0000.nii.gz", "labelsTr/liver_001.nii.gz", "imagesTr/liver_002_0000.nii.gz")
    dataset = load_dataset(folder)
    assert [(case.name, case.role) for case in dataset.cases] == [("liver_001", LABELED), ("liver_002", UNLABELED)]
    assert dataset.modality == "CT"
    assert [s.name for s in dataset.segments] == ["liver"]


# --- nnU-Net


def nnunet(folder: Path, **changes: object) -> Path:
    """A raw folder of nnU-Net as its documentation describes it."""
    document = {
        "channel_names": {"0": "CT"},
        "labels": {"background": 0, "liver": 1, "tumor": 2},
        "numTraining": 2,
        "file_ending": ".nii.gz",
    }
    document.update(changes)
    touch(folder, "imagesTr/a_0000.nii.gz", "imagesTr/b_0000.nii.gz", "labelsTr/a.nii.gz", "labelsTr/b.nii.gz")
    (folder / "dataset.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_a_raw_folder_of_nnunet(tmp_path: Path):
    folder = nnunet(tmp_path / "Dataset017_Leber")
    touch(folder, "imagesTr/c_0000.nii.gz", "imagesTs/d_0000.nii.gz", "imagesTs/e_0000.nii.gz")
    dataset = load_dataset(folder)
    roles = {"a": LABELED, "b": LABELED, "c": UNLABELED, "d": EXCLUDED, "e": EXCLUDED}
    assert {case.name: case.role for case in dataset.cases} == roles
    assert dataset.name == "Dataset017_Leber"
    assert dataset.modality == "CT"
    assert [(segment.name, segment.value) for segment in dataset.segments] == [("liver", 1), ("tumor", 2)]
    assert "The 2 scans in imagesTs are left out" in dataset.notes[0]
    with_test = load_dataset(folder, include_test=True)
    assert {case.name: case.role for case in with_test.cases} == {**roles, "d": UNLABELED, "e": UNLABELED}
    assert with_test.notes == ()


def test_the_file_ending_of_nnunet_counts(tmp_path: Path):
    folder = nnunet(tmp_path, file_ending=".mha")
    touch(folder, "imagesTr/z_0000.mha", "labelsTr/z.mha")
    dataset = load_dataset(folder)
    assert [(case.name, case.label.name) for case in dataset.cases] == [("z", "z.mha")]
    assert any("imagesTr are left out, since 'file_ending' of dataset.json is .mha" in note for note in dataset.notes)
    for ending, expected in ((".png", "no 3D scans with a voxel size"), (5, "'file_ending' is 5"), ("", "is ''")):
        text = message(load_dataset, nnunet(tmp_path, file_ending=ending))
        assert expected in text and str(folder / "dataset.json") in text


def test_all_images_of_nnunet_end_in_a_channel(tmp_path: Path):
    """Scans that only count from 0000 on, without any label, look the same; here it is known."""
    folder = tmp_path / "raw"
    touch(folder, "imagesTr/la_0000.nii.gz", "imagesTr/la_0001.nii.gz")
    (folder / "dataset.json").write_text('{"channel_names": {"0": "T1", "1": "T2"}, "file_ending": ".nii.gz"}')
    assert "several images of one scan, such as la_0001.nii.gz" in message(load_dataset, folder)


def test_a_list_of_cases_of_nnunet(tmp_path: Path):
    cases = {
        "one": {"images": ["elsewhere/x_0000.nii.gz"], "label": "elsewhere/x_outline.nii.gz"},
        "two": {"images": [str(tmp_path / "y.nii.gz")]},
    }
    dataset = load_dataset(nnunet(tmp_path, dataset=cases))
    assert [(case.name, case.image.name, case.role) for case in dataset.cases] == [
        ("one", "x_0000.nii.gz", LABELED),
        ("two", "y.nii.gz", UNLABELED),
    ]
    for wrong, expected in (
        ([], "'dataset' is not a list of cases"),
        ({"one": {"images": []}}, "names no images"),
        ({"one": {"images": ["a_0000.nii.gz", "a_0001.nii.gz"]}}, "has 2 images"),
        ({"one": {"images": ["a.nii.gz"], "label": 3}}, "is not a file name"),
        ({"a/b": {"images": ["a.nii.gz"]}}, "can't be used"),
    ):
        assert expected in message(load_dataset, nnunet(tmp_path, dataset=wrong))


def test_regions_of_nnunet(tmp_path: Path):
    labels = {"background": 0, "edema": [1], "tumor": 2}
    dataset = load_dataset(nnunet(tmp_path, labels=labels, regions_class_order=[1, 2]))
    assert [(segment.name, segment.value) for segment in dataset.segments] == [("edema", 1), ("tumor", 2)]
    labels = {"background": 0, "whole tumor": [1, 2], "core": 2}
    assert "regions of several values" in message(load_dataset, nnunet(tmp_path, labels=labels))


# --- MONAI Label


def monai_label(folder: Path, objects: dict[str, object] | None = None, **changes: object) -> Path:
    """A data folder as MONAI Label keeps it: approved outlines, results of models, and the server's list."""
    touch(
        folder,
        *("spleen_2.nii.gz", "spleen_3.nii.gz", "spleen_10.nii.gz", ".lock", "train/checkpoint.pt"),
        *("labels/final/spleen_2.nii.gz", "labels/original/spleen_2.nii.gz", "labels/original/spleen_10.nii.gz"),
    )
    document = {"name": "new-dataset", "images_dir": ".", "labels_dir": "labels", "objects": objects or {}}
    (folder / "datastore_v2.json").write_text(json.dumps({**document, **changes}), encoding="utf-8")
    return folder


def labeled_by(structures: dict[str, int], tag: str = "final") -> dict[str, object]:
    info = [{"name": name, "idx": value} for name, value in structures.items()]
    return {"image": {"ext": ".nii.gz"}, "labels": {tag: {"ext": ".nii.gz", "info": {"label_info": info}}}}


@pytest.mark.parametrize("has_list", [True, False])
def test_a_folder_of_monai_label(tmp_path: Path, has_list: bool):
    folder = monai_label(tmp_path / STRANGE)
    if not has_list:
        (folder / "datastore_v2.json").unlink()
    dataset = load_dataset(folder)
    assert [(case.name, case.role) for case in dataset.cases] == [
        ("spleen_2", LABELED),
        ("spleen_3", UNLABELED),
        ("spleen_10", UNLABELED),
    ]
    assert dataset.cases[0].label == folder / "labels" / "final" / "spleen_2.nii.gz"
    assert dataset.segments == ()
    assert dataset.notes == (
        "2 labels in labels/original are left out: a model made them, and nobody approved them; labels/final counts",
    )


def test_what_monai_label_notes_of_the_values(tmp_path: Path):
    objects = {
        "spleen_2": labeled_by({"background": 0, "spleen": 1}),
        "spleen_3": labeled_by({"spleen": 1, "liver": 4}),
        "spleen_10": labeled_by({"spleen": 7}, tag="original"),
        "broken": {"labels": ["final"]},
    }
    dataset = load_dataset(monai_label(tmp_path, objects))
    assert [(segment.name, segment.value) for segment in dataset.segments] == [("spleen", 1), ("liver", 4)]
    objects["spleen_3"] = labeled_by({"liver": 1})
    assert "unlike in other scans" in message(load_dataset, monai_label(tmp_path, objects))
    (tmp_path / "segments.json").write_text('[{"name": "Milz", "value": 1}]', encoding="utf-8")
    assert [segment.name for segment in load_dataset(tmp_path).segments] == ["Milz"]


def test_monai_label_with_folders_of_other_names(tmp_path: Path):
    touch(tmp_path, "scans/a.nii.gz", "scans/series/0001", "outlines/final/a.nii.gz", "labels/final/b.nii.gz")
    (tmp_path / "datastore_v2.json").write_text('{"images_dir": "scans", "labels_dir": "outlines"}')
    assert [(case.name, case.role) for case in load_dataset(tmp_path).cases] == [("a", LABELED), ("series", UNLABELED)]
    for wrong, expected in (
        ('{"images_dir": "nowhere"}', "does not exist"),
        ('{"labels_dir": 7}', "'labels_dir' is 7"),
        ("[]", "is not a list of MONAI Label"),
        ("{", "is not correct JSON"),
    ):
        (tmp_path / "datastore_v2.json").write_text(wrong)
        assert expected in message(load_dataset, tmp_path)


def test_a_folder_images_with_the_labels_of_monai_label(tmp_path: Path):
    """The approved outlines lie one folder deeper, and must not be overlooked."""
    touch(tmp_path, "images/a.nii.gz", "images/b.nii.gz", "labels/final/a.nii.gz")
    assert [(case.name, case.role) for case in load_dataset(tmp_path).cases] == [("a", LABELED), ("b", UNLABELED)]
    touch(tmp_path, "labels/b.nii.gz")  # somebody's own folder of labels, with another folder in it
    assert [(case.name, case.role) for case in load_dataset(tmp_path).cases] == [("a", UNLABELED), ("b", LABELED)]


def test_wrong_descriptions_of_datasets(tmp_path: Path):
    file = tmp_path / "dataset.json"
    for content, expected in (
        ('{"training": [}', "is not correct JSON"),
        ("[1, 2]", "is not a description of a dataset"),
        ('{"name": "x"}', "has no list 'training' of cases"),
        ('{"training": "all"}', "'training' is not a list of cases"),
        ('{"training": []}', "holds no scan"),
        ('{"training": [5]}', "names no image file: 5"),
        ('{"training": [{"label": "a.nii"}]}', "names no image file"),
        ('{"training": [{"image": ["a.nii", "b.nii"]}]}', "scans in several files are not supported"),
        ('{"training": [{"image": "a.nii", "label": 3}]}', "the label of a.nii is not a file name"),
        ('{"training": ["a.nii"], "labels": ["x"]}', "'labels' is not a list of names and values"),
        ('{"training": ["a.nii"], "labels": {"x": [1, 2]}}', "the value of the segment x is [1, 2]"),
        ('{"training": ["a.nii"], "labels": {"x": 1.5}}', "the value of the segment x is 1.5"),
        ('{"training": ["a.nii"], "labels": {"x": true}}', "the value of the segment x is True"),
        ('{"training": ["a.nii"], "labels": {"1": ""}}', "a segment has no name"),
        ('{"training": ["a.nii"], "labels": {"1": "x", "2": "X"}}', "two segments have the name 'x'"),
        ('{"training": ["a.nii"], "labels": {"x": 1, "y": 1}}', "two segments have the value 1"),
        ('{"training": ["a.nii"], "labels": {"x": 1}, "colors": {"x": [0, 0, 256]}}', "the color of the segment x is"),
        ('{"training": ["a.nii"], "labels": {"x": 1}, "colors": {"x": "red"}}', "the color of the segment x is 'red'"),
    ):
        file.write_text(content, encoding="utf-8")
        text = message(load_dataset, tmp_path)
        assert expected in text, content
        assert str(file) in text, content
    file.write_bytes(b"\xff\xfe\x00")
    assert "is not a UTF-8 text file" in message(load_dataset, tmp_path)


# --- folders


def test_folder_pairs_by_name_whatever_the_order_and_format(tmp_path: Path):
    folder = tmp_path / STRANGE
    touch(
        folder,
        *("images/scan10.nrrd", "images/scan2.nii.gz", "images/scan1_0000.mha", "images/空 ß.nii"),
        *("images/.hidden.nii.gz", "images/._scan2.nii.gz", "images/notes.txt", "images/scan3.mhd", "images/scan3.raw"),
        *("labels/scan1.nii.gz", "labels/scan2.seg.nrrd", "labels/空 ß.nii.gz", "labels/._scan10.nrrd"),
        *("images/series 1.2/0001", "labels/series 1.2.nii.gz"),
    )
    dataset = load_dataset(folder)
    assert names(dataset) == ["scan1", "scan2", "scan3", "scan10", "series 1.2", "空 ß"]
    assert [c.label.name if c.label else None for c in dataset.cases] == [
        *("scan1.nii.gz", "scan2.seg.nrrd", None, None),
        *("series 1.2.nii.gz", "空 ß.nii.gz"),
    ]
    assert [c.role for c in dataset.cases] == [LABELED, LABELED, UNLABELED, UNLABELED, LABELED, LABELED]
    assert dataset.cases[4].image == folder / "images" / "series 1.2"
    assert dataset.segments == ()
    assert dataset.modality == ""
    assert dataset.name == STRANGE


def test_folder_without_labels(tmp_path: Path):
    touch(tmp_path, "images/a.nii.gz", "images/b.nii.gz")
    assert [case.role for case in load_dataset(tmp_path).cases] == [UNLABELED, UNLABELED]


def test_label_without_image_becomes_a_case_that_the_checks_will_name(tmp_path: Path):
    touch(tmp_path, "images/a.nii.gz", "labels/b.nii.gz")
    assert load_dataset(tmp_path).cases[1] == Case(
        "b", tmp_path / "images" / "b.nii.gz", tmp_path / "labels" / "b.nii.gz", LABELED
    )


def test_two_files_for_one_case(tmp_path: Path):
    touch(tmp_path, "images/a.nii.gz", "images/a.nrrd")
    assert "two files for the case a: a.nii.gz and a.nrrd" in message(load_dataset, tmp_path)


def test_channels_of_nnunet(tmp_path: Path):
    touch(tmp_path, "images/a_0000.nii.gz", "images/b_0000.nii.gz", "labels/a.nii.gz")
    assert [(c.name, c.role) for c in load_dataset(tmp_path).cases] == [("a", LABELED), ("b", UNLABELED)]
    touch(tmp_path, "images/b_0001.nii.gz")
    text = message(load_dataset, tmp_path)
    assert "several images of one scan, such as b_0001.nii.gz" in text


@pytest.mark.parametrize("labels", [["labels/la_0000.nii.gz"], ["labels/la_0002.nii.gz"], []])
def test_scans_counted_from_0000_are_no_channels(tmp_path: Path, labels: list[str]):
    touch(tmp_path, "images/la_0000.nii.gz", "images/la_0001.nii.gz", "images/la_0002.nii.gz", *labels)
    dataset = load_dataset(tmp_path)
    assert names(dataset) == ["la_0000", "la_0001", "la_0002"]
    assert len(dataset.labeled) == len(labels)


def test_segments_file(tmp_path: Path):
    touch(tmp_path, "images/a.nii.gz")
    segments = [
        {"name": "Tumor ß", "value": 7, "color": [9, 8, 7]},
        {"name": "Liver", "value": 1, "terminology": "SCT"},
        {"name": "background", "value": 0},
    ]
    (tmp_path / "segments.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(segments).encode())
    expected = (Segment("Liver", 1, default_color(0), "SCT"), Segment("Tumor ß", 7, (9, 8, 7)))
    assert load_dataset(tmp_path).segments == expected
    table(tmp_path, "image\nimages/a.nii.gz\n")
    assert load_dataset(tmp_path / "cases.csv").segments == expected
    (tmp_path / "segments.json").write_text('{"Liver": 1}', encoding="utf-8")
    assert "is not a list of segments" in message(load_dataset, tmp_path)


def test_what_is_no_dataset(tmp_path: Path):
    touch(tmp_path, "scan.nii.gz", "empty/images/notes.txt")
    assert f"{tmp_path / 'nowhere'} does not exist" in message(load_dataset, tmp_path / "nowhere")
    text = message(load_dataset, tmp_path)
    assert "it holds no dataset.json, no cases.csv and no folder images" in text
    assert "subfolders images and labels" in text
    assert f"{tmp_path / 'scan.nii.gz'} is not a dataset" in message(load_dataset, tmp_path / "scan.nii.gz")
    assert "holds no scan" in message(load_dataset, tmp_path / "empty")


# --- tables


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_table(tmp_path: Path, separator: str, encoding: str, newline: str):
    rows = [
        ("Image", "label", "name", "role", "remark"),
        (f"{STRANGE}/a.nii.gz", "a_label.nrrd", "", "", "good"),
        ("b.nii.gz", "", "Patient ß", "", ""),
        ("", "", "", "", ""),
        ("sub\\c.nii.gz", "c_label.nrrd", "", "unlabeled", ""),
        ("d.nii.gz", "d_label.nrrd", "", "Left_out", ""),
        ("../e.nii.gz", "e_label.nrrd", "", "labeled", ""),
    ]
    file = table(tmp_path / "x", newline.join(separator.join(row) for row in rows), encoding=encoding)
    for path in (file, file.parent):
        dataset = load_dataset(path)
        assert [(c.name, c.role) for c in dataset.cases] == [
            ("a", LABELED),
            ("Patient ß", UNLABELED),
            ("c", UNLABELED),
            ("d", EXCLUDED),
            ("e", LABELED),
        ]
        assert dataset.cases[0].image == tmp_path / "x" / STRANGE / "a.nii.gz"
        assert dataset.cases[2].image == tmp_path / "x" / "sub" / "c.nii.gz"
        assert dataset.cases[2].label is None
        assert dataset.cases[3].label == tmp_path / "x" / "d_label.nrrd"
        assert dataset.cases[4].image == tmp_path / "e.nii.gz"
        assert dataset.folder == tmp_path / "x"


def test_names_with_separators_in_quotes(tmp_path: Path):
    file = table(tmp_path, 'image,label\n"Doe, J.nii.gz","l,1.nrrd"\n')
    assert load_dataset(file).cases[0].image == tmp_path / "Doe, J.nii.gz"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "has no column 'image'"),
        ("scan,label\na,b\n", "has no column 'image'"),
        ("image,label\n", "holds no scan"),
        ("image,label\na.nii,b.nii\n,c.nii\n", "line 3: the column image is empty"),
        ("image,label\na, b.nii,c.nii\n", "line 2: 3 values for 2 columns"),
        ("image,label,role\na.nii,,labeled\n", "line 2: the role is labeled but no label is given"),
        ("image,label,role\n\na.nii,b.nii,test\n", "line 3: the role 'test' is unknown"),
        ("image,name\na.nii,x/y\n", "line 2: the name 'x/y' can't be used"),
        ("image,name\na.nii,..\n", "line 2: the name '..' can't be used"),
    ],
)
def test_wrong_tables(tmp_path: Path, text: str, expected: str):
    file = table(tmp_path, text)
    problem = message(load_dataset, file)
    assert expected in problem
    assert str(file) in problem


def test_table_in_another_encoding(tmp_path: Path):
    file = table(tmp_path, "image\nMüller.nii.gz\n", encoding="latin-1")
    assert "Save it as 'CSV UTF-8'" in message(load_dataset, file)


# --- names


def test_equal_names_are_told_apart_by_their_folders(tmp_path: Path):
    file = table(
        tmp_path, "image\np1/T1.nii.gz\np2/t1.nrrd\np2/T2.nii.gz\np3/T1.nii.gz\np3/T1.mha\np3_T1.nii.gz\np3_T1_2.nii\n"
    )
    found = names(load_dataset(file))
    assert found == ["p1_T1", "p2_t1", "T2", "p3_T1", "p3_T1_2", "p3_T1_3", "p3_T1_2_2"]
    assert len({name.casefold() for name in found}) == len(found)


def test_file_stem():
    assert file_stem("x/a.nii.gz") == file_stem("a.seg.nrrd") == file_stem("a.NII") == file_stem("a") == "a"
    assert file_stem("a.b.nrrd") == "a.b"
    assert file_stem(".nrrd") == ".nrrd"


def test_default_colors_differ():
    colors = [default_color(index) for index in range(40)]
    assert len(set(colors)) == 40
    assert all(0 <= channel <= 255 for color in colors for channel in color)


# --- choosing


def test_keep_labels_hides_the_others_in_the_order_of_the_dataset(tmp_path: Path):
    dataset = keep_labels(load_dataset(decathlon(tmp_path)), 1)
    assert [(c.name, c.role, c.label is None) for c in dataset.cases] == [
        ("liver_3", LABELED, False),
        ("liver_1", UNLABELED, True),
        ("liver_2", UNLABELED, True),
        ("liver_9", EXCLUDED, True),
    ]


@pytest.mark.parametrize("count", [0, -1, 4])
def test_keep_labels_of_more_than_there_are(tmp_path: Path, count: int):
    text = message(keep_labels, load_dataset(decathlon(tmp_path)), count)
    assert f"{count} labeled cases were asked for, but Liver has 3" in text
    assert "from 1 to 3" in text


@pytest.mark.parametrize("separator", [",", ";"])
def test_case_list(tmp_path: Path, separator: str):
    rows = [("case", "role"), ("liver_1", "unlabeled"), ("liver_3", "labeled"), ("liver_9", "left out")]
    file = table(tmp_path / STRANGE, "\r\n".join(map(separator.join, rows)), "list.csv", "utf-8-sig")
    dataset = apply_case_list(load_dataset(decathlon(tmp_path)), file)
    assert [(c.name, c.role, c.label is None) for c in dataset.cases] == [
        ("liver_3", LABELED, False),
        ("liver_1", UNLABELED, True),
        ("liver_2", EXCLUDED, False),
        ("liver_9", EXCLUDED, True),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,role\n", "has no column 'case'"),
        ("case\nliver_1\n", "has no column 'role'"),
        ("case,role\nliver_1,labeled\nliver_7,labeled\n", "line 3: Liver has no case named 'liver_7'"),
        ("case,role\nliver_1,labeled\nliver_1,unlabeled\n", "line 3: the case liver_1 is listed twice"),
        ("case,role\nliver_9,labeled\n", "line 2: the case liver_9 is to be labeled but has no label"),
        ("case,role\nliver_1,training\n", "line 2: the role 'training' is unknown"),
        ("case,role\nliver_1,\n", "line 2: the role '' is unknown"),
    ],
)
def test_wrong_case_lists(tmp_path: Path, text: str, expected: str):
    file = table(tmp_path, text, "list.csv")
    problem = message(apply_case_list, load_dataset(decathlon(tmp_path)), file)
    assert expected in problem
    assert str(file) in problem


def test_case_list_that_does_not_exist(tmp_path: Path):
    text = message(apply_case_list, load_dataset(decathlon(tmp_path)), tmp_path / "list.csv")
    assert f"The table {tmp_path / 'list.csv'} does not exist" in text


def test_choose_segments(tmp_path: Path):
    labels = {"background": 0, "liver": 1, "tumor": 2, "vessel": 5}
    dataset = choose_segments(load_dataset(decathlon(tmp_path, labels=labels)), ["VESSEL", "liver", "liver"])
    assert [(s.name, s.color) for s in dataset.segments] == [("liver", default_color(0)), ("vessel", default_color(2))]
    assert dataset.background == (2,)
    assert choose_segments(dataset, ["vessel"]).background == (1, 2)


def test_wrong_choices_of_segments(tmp_path: Path):
    dataset = load_dataset(decathlon(tmp_path / "a"))
    assert "has no segment named 'spleen'. Choose from: liver, tumor" in message(choose_segments, dataset, ["spleen"])
    assert "No segment is chosen" in message(choose_segments, dataset, [])
    touch(tmp_path / "b", "images/x.nii.gz")
    text = message(choose_segments, load_dataset(tmp_path / "b"), ["liver"])
    assert "does not name its segments" in text
    assert "segments.json" in text


# --- documents


def test_document_round_trip(tmp_path: Path):
    dataset = choose_segments(keep_labels(load_dataset(decathlon(tmp_path / STRANGE)), 2), ["liver"])
    assert Dataset.from_dict(json.loads(json.dumps(dataset.to_dict()))) == dataset


def test_damaged_document(tmp_path: Path):
    document = load_dataset(decathlon(tmp_path)).to_dict()
    for key in ("name", "folder", "cases", "segments", "modality"):
        assert "damaged" in message(Dataset.from_dict, {k: v for k, v in document.items() if k != key})
    assert "damaged" in message(Dataset.from_dict, {**document, "segments": [{"name": "x"}]})
    for nothing in (None, "", {}):
        cases = [{**case, "label": nothing} for case in document["cases"]]
        assert "has no label" in message(Dataset.from_dict, {**document, "cases": cases})


def test_only_the_standard_library_is_needed():
    script = (
        "import sys, dualtaskseg.data.layouts\n"
        "print([name for name in ('numpy', 'SimpleITK', 'torch') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.strip() == "[]"


def test_real_datasets(real_data: Path):
    hippocampus = load_dataset(real_data / "hippocampus")
    assert len(hippocampus.labeled) == 220
    assert [s.name for s in hippocampus.segments] == ["Anterior", "Posterior"]
    assert hippocampus.modality == "MR"
    atrium = keep_labels(load_dataset(real_data / "left_atrium"), 16)
    assert (len(atrium.labeled), len(atrium.unlabeled)) == (16, 64)
    assert [case.name[:6] for case in atrium.labeled] == [f"la_{n:03d}" for n in range(16)]
    assert all(case.image.is_file() and case.label.is_file() for case in hippocampus.cases)


@pytest.mark.parametrize(
    "text",
    [
        '[{"name": "Liver", "value": 1, "color": [1e400, 0, 0]}]',
        '[{"name": "Li\\ud800ver", "value": 1}]',
        '[{"name": "Li\\u001b[31mver", "value": 1}]',
        '[{"name": "Liver", "value": %s}]' % ("9" * 5000),
        '[{"name": "Liver", "value": NaN}]',
        '[{"name": "Liver", "value": 1e5}]',
    ],
)
def test_values_in_a_list_of_segments_that_are_no_values(tmp_path: Path, text: str):
    """None of them may end in anything but a sentence."""
    touch(tmp_path, "images/a.nii.gz")
    (tmp_path / "segments.json").write_text(text, encoding="utf-8")
    assert message(load_dataset, tmp_path).isascii()
