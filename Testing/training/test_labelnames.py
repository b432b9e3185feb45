"""Label files that name their values are read by these names, in training and in evaluation."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from dualtaskseg import cli
from dualtaskseg.contract.dataset import Dataset, choose_segments
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.data.checks import CheckReport, check_dataset
from dualtaskseg.data.label_names import named_values
from dualtaskseg.data.labels import read_named_label
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.data.meaning import Meaning
from dualtaskseg.errors import InputError
from dualtaskseg.evaluation.compare import evaluate_folders
from dualtaskseg.preparation.prepare import prepare
from dualtaskseg.training.plan_run import plan_for

SIZE = (14, 16, 18)
BOTH = {"Liver": 1, "Tumor": 2}


def shapes() -> tuple[np.ndarray, np.ndarray]:
    """A large block, and a small one in it."""
    liver, tumor = np.zeros(SIZE, bool), np.zeros(SIZE, bool)
    liver[3:11, 3:12, 4:15] = True
    tumor[5:8, 5:9, 6:10] = True
    return liver & ~tumor, tumor


def save_image(path: Path, array: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(array), str(path), useCompression=True)
    return path


def save_slicer(path: Path, values: dict[str, int], empty: dict[str, int] | None = None, **tags: str) -> Path:
    """A ``.seg.nrrd`` file with the liver and the tumor under these names and values, and segments without voxels."""
    liver, tumor = shapes()
    names = list(values)
    array = np.zeros(SIZE, np.uint8)
    array[liver] = values[names[0]]
    if len(names) > 1:
        array[tumor] = values[names[1]]
    image = SimpleITK.GetImageFromArray(array)
    for index, (name, value) in enumerate(sorted({**values, **(empty or {})}.items(), key=lambda item: item[1])):
        image.SetMetaData(f"Segment{index}_ID", f"Segment_{index + 1}")
        image.SetMetaData(f"Segment{index}_Name", name)
        image.SetMetaData(f"Segment{index}_LabelValue", str(value))
        image.SetMetaData(f"Segment{index}_Layer", "0")
        image.SetMetaData(f"Segment{index}_Color", f"0.{index + 1} 0.5 0.5")
        if name in tags:
            image.SetMetaData(f"Segment{index}_Tags", f"TerminologyEntry:{tags[name]}|")
    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleITK.WriteImage(image, str(path))
    return path


def write_dataset(folder: Path, *cases: dict[str, int], segments: dict[str, int] | None = None) -> Path:
    liver, tumor = shapes()
    for index, values in enumerate(cases):
        noise = np.random.default_rng(index).normal(0, 5, SIZE)
        save_image(folder / "images" / f"c{index}.nrrd", (100 + 80 * liver - 60 * tumor + noise).astype(np.int16))
        save_slicer(folder / "labels" / f"c{index}.seg.nrrd", values)
    if segments:
        document = [{"name": name, "value": value} for name, value in segments.items()]
        (folder / "segments.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def check(folder: Path) -> CheckReport:
    return check_dataset(load_dataset(folder))


def counts(report: CheckReport) -> list[dict[int, int]]:
    """Voxels of each value of each label, without the background."""
    return [{value: n for value, n in one.label_values.items() if value} for one in report.fingerprints]


def named(report: CheckReport) -> list[tuple[str, int]]:
    return [(segment.name, segment.value) for segment in report.dataset.segments]


def only_problem(report: CheckReport) -> str:
    (problem,) = report.errors
    assert problem.remedy
    return problem.what


@pytest.fixture(scope="module")
def sizes() -> tuple[int, int]:
    liver, tumor = shapes()
    return int(liver.sum()), int(tumor.sum())


def test_names_count_not_numbers(tmp_path: Path, sizes):
    folder = write_dataset(tmp_path, {"Liver": 1, "Tumor": 2}, {"Liver": 2, "Tumor": 1})
    report = check(folder)
    assert not report.problems
    assert named(report) == [("Liver", 1), ("Tumor", 2)]
    assert counts(report) == [{1: sizes[0], 2: sizes[1]}] * 2
    assert any("number them differently" in note for note in report.notes)


def test_what_is_trained_on_has_each_structure_under_its_name(tmp_path: Path, sizes):
    report = check(write_dataset(tmp_path / "data", {"Liver": 1, "Tumor": 2}, {"Liver": 2, "Tumor": 1}))
    plan = plan_for(report.dataset, ["c0", "c1"], TrainingRequest(report.dataset), report.fingerprints)
    for case in prepare(report.dataset.labeled, plan, tmp_path / "prepared"):
        label = np.asarray(case.label())
        assert ((label == 1).sum(), (label == 2).sum()) == sizes


def test_a_list_of_segments_gives_the_values(tmp_path: Path, sizes):
    cases = {"liver": 1, "Tumor": 2}, {"Liver": 7, "tumor": 1}
    report = check(write_dataset(tmp_path, *cases, segments={"Tumor": 3, "Liver": 5}))
    assert not report.problems
    assert named(report) == [("Tumor", 3), ("Liver", 5)]
    assert counts(report) == [{3: sizes[1], 5: sizes[0]}] * 2


def test_other_names_are_refused(tmp_path: Path):
    folder = write_dataset(
        tmp_path, {"Liver": 1, "Tumor": 2}, {"Leber": 1, "Tumor": 2}, segments={"Liver": 1, "Tumor": 2}
    )
    what = only_problem(check(folder))
    assert "c1.seg.nrrd" in what and "'Leber'" in what and "Liver (1)" in what


def test_segments_without_voxels_do_not_matter(tmp_path: Path):
    folder = write_dataset(tmp_path, {"Liver": 1, "Tumor": 2}, segments=BOTH)
    save_slicer(folder / "labels" / "c0.seg.nrrd", {"Liver": 2, "Tumor": 1}, {"Leber": 3})
    assert not check(folder).problems


def test_empty_segments_that_only_files_list_are_not_learned(tmp_path: Path, sizes):
    folder = write_dataset(tmp_path, {"Liver": 1, "Tumor": 2})
    save_slicer(folder / "labels" / "c0.seg.nrrd", {"Liver": 1, "Tumor": 3}, {"Leftover": 2})
    report = check(folder)
    assert not report.problems
    assert named(report) == [("Liver", 1), ("Tumor", 3)]
    assert any("Leftover" in note for note in report.notes)
    again = Dataset.from_dict(json.loads(json.dumps(report.dataset.to_dict())))
    assert again == report.dataset and not check_dataset(again).problems


def test_the_names_of_chosen_and_other_segments_are_known(tmp_path: Path, sizes):
    folder = write_dataset(
        tmp_path, {"Liver": 1, "Tumor": 2}, {"Liver": 2, "Tumor": 1}, segments={"Liver": 1, "Tumor": 2}
    )
    dataset = choose_segments(load_dataset(folder), ["Liver"])
    report = check_dataset(dataset)
    assert not report.problems and named(report) == [("Liver", 1)]
    assert counts(report) == [{1: sizes[0], 2: sizes[1]}] * 2
    plan = plan_for(report.dataset, ["c0", "c1"], TrainingRequest(report.dataset), report.fingerprints)
    prepared = prepare(report.dataset.labeled, plan, tmp_path / "prepared", not_chosen=report.dataset.not_chosen)
    assert [int((np.asarray(case.label()) > 0).sum()) for case in prepared] == [sizes[0]] * 2


def test_names_that_say_nothing_count_by_their_numbers_if_these_agree(tmp_path: Path, sizes):
    folder = write_dataset(tmp_path / "a", {"Segment_1": 1, "Segment_2": 2}, segments=BOTH)
    assert counts(check(folder)) == [{1: sizes[0], 2: sizes[1]}]
    folder = write_dataset(tmp_path / "b", {"Segment_1": 2, "Segment_2": 1}, segments=BOTH)
    assert "Segment_" in only_problem(check(folder))


def test_codes_stand_for_names(tmp_path: Path, sizes):
    entry = "Any list~SCT^123037004^Anatomical Structure~SCT^10200004^Liver~^^~Any~^^~^^"
    folder = write_dataset(tmp_path, {"Liver": 1, "Tumor": 2}, segments=BOTH)
    (folder / "segments.json").write_text(
        json.dumps([{"name": "Liver", "value": 1, "terminology": entry}, {"name": "Tumor", "value": 2}]), "utf-8"
    )
    save_slicer(folder / "labels" / "c0.seg.nrrd", {"Leber": 2, "Tumor": 1}, Leber=entry)
    assert counts(check(folder)) == [{1: sizes[0], 2: sizes[1]}]


def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path):
    folder = write_dataset(tmp_path / "a", {"Liver": 1, "Tumor": 2}, {"Liver": 1, "Tumor": 2}, segments={"Liver": 1})
    save_slicer(folder / "labels" / "c1.seg.nrrd", {"Liver": 1, "LIVER": 2})
    assert "two segments that mean the same" in " ".join(p.what for p in check(folder).errors)
    (folder / "segments.json").unlink()
    with pytest.raises(InputError, match="two segments named"):
        load_dataset(folder)


def test_an_unnamed_label_among_named_ones(tmp_path: Path):
    liver, tumor = shapes()
    for values, severity in (({"Liver": 1, "Tumor": 2}, "warning"), ({"Liver": 2, "Tumor": 1}, "error")):
        folder = write_dataset(tmp_path / severity, {"Liver": 1, "Tumor": 2}, values, {"Liver": 1, "Tumor": 2})
        (folder / "labels" / "c2.seg.nrrd").unlink()
        save_image(folder / "labels" / "c2.nii.gz", (liver + 2 * tumor).astype(np.uint8))
        (problem,) = check(folder).problems
        assert (problem.case, problem.severity, problem.code) == ("c2", severity, "unnamed-label")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c0.ctbl", "# Color table file c0.ctbl\n0 Background 0 0 0 0\n1 Tumor 9 8 7 255\n2 Liver 1 2 3 255\n"),
        ("c0_ColorTable.ctbl", "1 Tumor 9 8 7 255\n2 Liver 1 2 3 255\n"),
        ("c0.label", '0 0 0 0 0 0 0 "Clear Label"\n1 255 0 0 1 1 1 "Tumor"\n2 0 255 0 1 1 1 "Liver"\n'),
    ],
)
def test_tables_beside_a_label_name_its_values(tmp_path: Path, sizes, name: str, text: str):
    folder = write_dataset(tmp_path, {"Liver": 1, "Tumor": 2}, segments=BOTH)
    (folder / "labels" / "c0.seg.nrrd").unlink()
    liver, tumor = shapes()
    save_image(folder / "labels" / "c0.nii.gz", (2 * liver + tumor).astype(np.uint8))
    assert counts(check(folder)) == [{1: sizes[1], 2: sizes[0]}]
    (folder / "labels" / name).write_text(text, encoding="utf-8")
    assert counts(check(folder)) == [{1: sizes[0], 2: sizes[1]}]


def test_headers_are_read_as_text(tmp_path: Path):
    path = save_slicer(tmp_path / "a.seg.nrrd", {"Große Leber": 3, "Tumor": 9})
    assert [(entry.name, entry.value) for entry in named_values(path)] == [("Große Leber", 3), ("Tumor", 9)]
    assert named_values(tmp_path / "absent.seg.nrrd") == ()
    path = save_slicer(tmp_path / "b.seg.nrrd", {"Li\x1b[31mver\\nx": 1})
    assert [entry.name for entry in named_values(path)] == ["Li [31mver\\nx"]
    if hasattr(os, "mkfifo"):  # not on Windows
        os.mkfifo(tmp_path / "pipe.nrrd")
        assert named_values(tmp_path / "pipe.nrrd") == ()
    (tmp_path / "b.nrrd").write_bytes(b"\x00" * 100)
    assert named_values(tmp_path / "b.nrrd") == ()


@pytest.mark.parametrize(
    ("kind", "name"),
    [  # a list may call a value 'ignore', and by no other name
        *((kind, name) for kind in ("dataset.json", "segments.json") for name in ("ignored", "IGNORE_label")),
        *(("seg.nrrd", name) for name in ("ignore", "Ignore", "IGNORE_label")),
    ],
)
def test_voxels_to_ignore_are_refused_wherever_they_come_from(tmp_path: Path, name: str, kind: str):
    values = {"Liver": 1, name: 2}
    folder = write_dataset(tmp_path, values)
    if kind == "segments.json":
        (folder / kind).write_text(json.dumps([{"name": n, "value": v} for n, v in values.items()]), encoding="utf-8")
    if kind == "dataset.json":
        (folder / kind).write_text(json.dumps({"labels": {"background": 0, **values}}), encoding="utf-8")
    for problems_of in (
        lambda path: check(path).errors,
        lambda path: evaluate_folders(path / "labels", path / "labels").problems,
    ):
        try:
            (found,) = problems_of(folder)
        except InputError as error:
            found = error
        assert found.what.endswith(f"names the label {name!r}: voxels to ignore are no structure") and found.remedy


def test_voxels_to_ignore_are_refused_where_only_a_label_names_them(tmp_path: Path):
    """The advice to name it in the dataset's list, as any other unknown segment, would lead to the next refusal."""
    folder = write_dataset(tmp_path, {"Liver": 1, "ignore": 2}, segments={"Liver": 1})
    assert "names the label 'ignore': voxels to ignore" in only_problem(check(folder))
    evaluation = evaluate_folders(folder / "labels", folder / "labels")
    (problem,) = evaluation.problems
    assert "voxels to ignore" in problem.what and "Where nobody looked" in problem.remedy


def test_voxels_to_ignore_are_refused_in_a_project_of_the_panel(tmp_path: Path):
    """Whose list of segments passes through no file."""
    folder = write_dataset(tmp_path, {"Liver": 1, "Ignored": 2}, segments={"Liver": 1, "Other": 2})
    dataset = load_dataset(folder)
    named = (*dataset.segments[:1], replace(dataset.segments[1], name="Ignored"))
    report = check_dataset(Dataset.from_dict(replace(dataset, segments=named).to_dict()))
    assert only_problem(report).startswith(f"The dataset {tmp_path.name} names the label 'Ignored': voxels to ignore")


@pytest.mark.parametrize("name", ["Background", "bg", "Hintergrund"])
def test_background_is_no_structure_wherever_it_is_named(tmp_path: Path, name: str):
    """A segment of 3D Slicer called so was learned: nearly every voxel of the scan."""
    folder = write_dataset(tmp_path, {"Liver": 1, name: 2}, segments={"Liver": 1, "Other": 2})
    advice = "in 3D Slicer, remove this segment"
    (problem,) = check(folder).errors
    assert problem.what.endswith(f"c0.seg.nrrd gives {name!r} the value 2, but background is 0")
    assert advice in problem.remedy
    (found,) = evaluate_folders(folder / "labels", folder / "labels").problems
    assert (found.what, found.remedy) == (problem.what, problem.remedy)
    dataset = load_dataset(folder)
    panel = replace(dataset, segments=(dataset.segments[0], replace(dataset.segments[1], name=name)))
    report = check_dataset(Dataset.from_dict(panel.to_dict()))
    assert only_problem(report) == f"The dataset {tmp_path.name} gives {name!r} the value 2, but background is 0"
    (folder / "segments.json").unlink()
    for read in (load_dataset, lambda folder: evaluate_folders(folder / "labels", folder / "labels")):
        with pytest.raises(InputError, match="but background is 0") as caught:
            read(folder)
        assert advice in caught.value.remedy


# --- several layers


def save_layers(path: Path, layers: list[dict[str, tuple[int, np.ndarray]]], **fields: str) -> Path:
    """A ``.seg.nrrd`` file as 3D Slicer writes segmentations that overlap or once did: layers in front of the axes."""
    stack = np.zeros((*SIZE, len(layers)), np.uint8)
    told = []
    for place, layer in enumerate(layers):
        for name, (value, mask) in layer.items():
            stack[mask, place] = value
            told.append({"ID": f"S{len(told)}", "Name": name, "LabelValue": str(value), "Layer": str(place)})
    lines = [
        *("NRRD0004", "type: unsigned char", "dimension: 4", "space: left-posterior-superior"),
        f"sizes: {len(layers)} {SIZE[2]} {SIZE[1]} {SIZE[0]}",
        *("space directions: none (1,0,0) (0,1,0) (0,0,1)", "kinds: list domain domain domain", "encoding: raw"),
        *("space origin: (0,0,0)", *(f"{key}: {value}" for key, value in fields.items())),
        *(f"Segment{index}_{key}:={text}" for index, entry in enumerate(told) for key, text in entry.items()),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("\n".join([*lines, "", ""]).encode() + stack.tobytes())
    return path


def layered(folder: Path) -> Path:
    """A dataset of two cases with the liver and the tumor in layers of their own, under the same value."""
    liver, tumor = shapes()
    write_dataset(folder, BOTH, BOTH)
    (folder / "labels" / "c0.seg.nrrd").unlink()
    save_layers(folder / "labels" / "c0.seg.nrrd", [{"Tumor": (1, tumor)}, {"Liver": (1, liver)}])
    return folder


def test_layers_that_do_not_overlap_are_read(tmp_path: Path, sizes):
    report = check(layered(tmp_path))
    assert not report.problems
    assert dict(named(report)) == {"Tumor": 1, "Liver": 2}
    assert counts(report) == [{1: sizes[1], 2: sizes[0]}] * 2
    plan = plan_for(report.dataset, ["c0", "c1"], TrainingRequest(report.dataset), report.fingerprints)
    first, second = (case.label() for case in prepare(report.dataset.cases, plan, tmp_path / "prepared"))
    assert np.array_equal(first, second) and set(np.unique(first)) == {0, 1, 2}


def test_layers_are_compared_by_their_names(tmp_path: Path):
    folder = layered(tmp_path)
    save_slicer(tmp_path / "masks" / "c0.seg.nrrd", BOTH)
    save_slicer(tmp_path / "masks" / "c1.seg.nrrd", {"Liver": 5, "Tumor": 1})
    perfect = {"Tumor": 1.0, "Liver": 1.0, "all segments": 1.0}
    assert mean_dice(tmp_path / "masks", folder / "labels") == perfect
    assert mean_dice(folder / "labels", tmp_path / "masks") == perfect


def test_values_that_differ_between_layers_stay(tmp_path: Path):
    liver, tumor = shapes()
    path = save_layers(
        tmp_path / "a.seg.nrrd", [{"Tumor": (7, tumor)}, {"Liver": (4, liver)}, {"Empty": (9, ~(liver | ~liver))}]
    )
    assert {entry.name: entry.value for entry in named_values(path)} == {"Tumor": 7, "Liver": 4, "Empty": 9}
    image, is_named = read_named_label(path, Meaning())
    assert is_named and np.array_equal(SimpleITK.GetArrayFromImage(image), 7 * tumor + 4 * liver)


@pytest.mark.parametrize("value", [1, 2, 3])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_segments_of_a_layer_that_is_gone_change_no_value(tmp_path: Path, sizes, place: int, value: int):
    """One layer taken out of a segmentation keeps the header of the whole; Liver and Tumor changed places."""
    folder = write_dataset(tmp_path, {"Liver": 1, "Tumor": 2}, BOTH)
    path = folder / "labels" / "c0.seg.nrrd"
    entries = [("Liver", 1, 0), ("Tumor", 2, 0)]
    entries.insert(place, ("Spleen", value, 1))
    image = SimpleITK.ReadImage(str(path))
    for index, (name, own, layer) in enumerate(entries):
        for key, text in (("ID", f"S{index}"), ("Name", name), ("LabelValue", own), ("Layer", layer)):
            image.SetMetaData(f"Segment{index}_{key}", str(text))
    SimpleITK.WriteImage(image, str(path))
    assert {entry.name: entry.value for entry in named_values(path)} == BOTH
    report = check(folder)
    assert not report.problems and named(report) == [("Liver", 1), ("Tumor", 2)]
    assert counts(report) == [{1: sizes[0], 2: sizes[1]}] * 2
    assert mean_dice(folder / "labels", folder / "labels") == {"Liver": 1.0, "Tumor": 1.0, "all segments": 1.0}


def test_the_layers_that_are_there_keep_their_values_beside_one_that_is_gone(tmp_path: Path):
    liver, tumor = shapes()
    path = save_layers(tmp_path / "a.seg.nrrd", [{"Liver": (1, liver)}, {"Tumor": (2, tumor)}])
    gone = b"Segment2_ID:=S2\nSegment2_Name:=Spleen\nSegment2_LabelValue:=1\nSegment2_Layer:=2\n"
    path.write_bytes(path.read_bytes().replace(b"Segment0_ID", gone + b"Segment0_ID"))
    assert {entry.name: entry.value for entry in named_values(path)} == BOTH
    image, _ = read_named_label(path, Meaning())
    assert np.array_equal(SimpleITK.GetArrayFromImage(image), liver + 2 * tumor)


def test_layers_in_another_unit_lie_on_their_scan(tmp_path: Path):
    liver, tumor = shapes()
    path = save_layers(
        tmp_path / "a.seg.nrrd", [{"Tumor": (1, tumor)}, {"Liver": (1, liver)}], **{"space units": '"cm" "cm" "cm"'}
    )
    assert read_named_label(path, Meaning())[0].GetSpacing() == (10.0, 10.0, 10.0)


def overlapping(path: Path) -> Path:
    liver, tumor = shapes()
    return save_layers(path, [{"Tumor": (1, tumor)}, {"Liver": (1, liver | tumor)}])


def test_segments_that_overlap_are_refused_in_one_sentence(tmp_path: Path, sizes, capsys):
    """In each command, and wherever the panel asks; nothing is written."""
    folder = layered(tmp_path / "data")
    path = overlapping(folder / "labels" / "c1.seg.nrrd")
    sentence = (
        f"The label {path} has segments that overlap: {sizes[1]} voxels of Liver belong to another, such as Tumor"
    )
    assert only_problem(check(folder)) == sentence
    assert check_dataset(Dataset.from_dict(load_dataset(folder).to_dict())).errors[0].what == sentence
    assert cli.main(["check", str(folder)]) == 2
    assert "segments that overlap" in capsys.readouterr().out
    assert cli.main(["train", str(folder), "--out", str(tmp_path / "run"), "--iterations", "1"]) == 2
    assert f"{sentence}. Let each voxel" in capsys.readouterr().err and not (tmp_path / "run").exists()
    overlapping(tmp_path / "masks" / "c0.seg.nrrd")
    for arguments in ((tmp_path / "masks", folder / "labels"), (folder / "labels", folder / "labels")):
        command = ["evaluate", "--prediction", str(arguments[0]), "--reference", str(arguments[1])]
        assert cli.main(command) == 2
        assert "segments that overlap" in capsys.readouterr().err


def test_a_value_of_a_layer_without_a_name_is_refused(tmp_path: Path):
    liver, tumor = shapes()
    path = save_layers(tmp_path / "a.seg.nrrd", [{"Tumor": (1, tumor)}, {"Liver": (1, liver)}])
    path.write_bytes(path.read_bytes().replace(b"Segment1_LabelValue:=1", b"Segment1_LabelValue:=2"))
    with pytest.raises(InputError, match="holds the value 1 in its layer 1, which no segment has"):
        read_named_label(path, Meaning())


# --- evaluation


def mean_dice(prediction: Path, reference: Path) -> dict[str, float]:
    evaluation = evaluate_folders(prediction, reference)
    assert not evaluation.problems
    return {name: figures["dice"].mean for name, figures in evaluation.summary().items()}


def test_a_perfect_prediction_of_a_reference_numbered_otherwise_is_perfect(tmp_path: Path):
    folder = write_dataset(
        tmp_path, {"Liver": 1, "Tumor": 2}, {"Liver": 2, "Tumor": 1}, segments={"Liver": 1, "Tumor": 2}
    )
    liver, tumor = shapes()
    for index in range(2):
        save_image(tmp_path / "masks" / f"c{index}.nii.gz", (liver + 2 * tumor).astype(np.uint8))
    assert mean_dice(tmp_path / "masks", folder / "labels") == {"Liver": 1.0, "Tumor": 1.0, "all segments": 1.0}


def test_two_segmentations_are_compared_by_their_names(tmp_path: Path):
    save_slicer(tmp_path / "truth" / "a.seg.nrrd", {"Liver": 2, "Tumor": 1})
    save_slicer(tmp_path / "masks" / "a.seg.nrrd", {"Liver": 1, "Tumor": 2})
    assert mean_dice(tmp_path / "masks", tmp_path / "truth") == {"Tumor": 1.0, "Liver": 1.0, "all segments": 1.0}


def test_references_that_agree_tell_what_a_bare_prediction_means_and_it_is_said(tmp_path: Path):
    save_slicer(tmp_path / "truth" / "a.seg.nrrd", {"Liver": 2, "Tumor": 1})
    liver, tumor = shapes()
    save_image(tmp_path / "masks" / "a.nii.gz", (2 * liver + tumor).astype(np.uint8))
    assert mean_dice(tmp_path / "masks", tmp_path / "truth") == {"Tumor": 1.0, "Liver": 1.0, "all segments": 1.0}
    meaning, unit = evaluate_folders(tmp_path / "masks", tmp_path / "truth").notes
    assert "1 Tumor, 2 Liver" in meaning
    assert "unit of length" in unit


def test_a_bare_prediction_is_not_guessed_where_references_disagree(tmp_path: Path):
    liver, tumor = shapes()
    for name, values in (("a", {"Liver": 2, "Tumor": 1}), ("b", {"Liver": 1, "Tumor": 2})):
        save_slicer(tmp_path / "truth" / f"{name}.seg.nrrd", values)
        save_image(tmp_path / "masks" / f"{name}.nii.gz", (2 * liver + tumor).astype(np.uint8))
    evaluation = evaluate_folders(tmp_path / "masks", tmp_path / "truth")
    assert not evaluation.rows and len(evaluation.problems) == 2
    assert "segments.json" in evaluation.problems[0].remedy
    assert not any("hold a segment" in note for note in evaluation.notes)
