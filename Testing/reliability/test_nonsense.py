"""Whatever stands in a file that is read: no crash, no wait without end, no memory without end, no traceback."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import SimpleITK as sitk
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.errors import InputError
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.planning.plan import Plan
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.run.status import Status, read_status
from dualtaskseg.run.status_writer import StatusWriter
from DualTaskSegLib.project.project import Project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projectsaving import add
from soaking import IS_LONG, QUICK, add_figure, times

LONGEST_S = 60.0  # for a command on a busy machine; calm ones take one or two
MOST_MEMORY = 1 << 30  # bytes

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**31, 2**53, 2**64, -1, 10**400, 1e308, 1e-308, -0.0]),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["", "..", "/etc/passwd", "\ud800", "\x00", "a" * 5000, "liver_L"]),
)
nonsense = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=8,
)
often = settings(
    max_examples=times(60, 3000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
    database=None,
)


def places_in(document: Any, path: tuple = ()) -> list[tuple]:
    """The way to each value of a JSON document."""
    found = [path] if path else []
    if isinstance(document, dict):
        for key in document:
            found += places_in(document[key], (*path, key))
    elif isinstance(document, list):
        for index in range(len(document)):
            found += places_in(document[index], (*path, index))
    return found


def changed(document: Any, place: tuple, value: Any, is_removed: bool) -> Any:
    """A copy with another value somewhere, or without it."""
    copy = json.loads(json.dumps(document))
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    if is_removed:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return copy


def spoiled(document: Any) -> st.SearchStrategy:
    """Documents that differ from a sound one in one value, which may be of any kind or missing."""
    return st.builds(
        lambda place, value, is_removed: changed(document, place, value, is_removed),
        st.sampled_from(places_in(document)),
        nonsense,
        st.booleans(),
    )


# --- documents, read here


def test_plans(finished):
    sound = json.loads((finished.folder / "plan.json").read_text(encoding="utf-8"))

    @often
    @given(spoiled(sound))
    def read(document):
        add_figure("spoiled plans")
        try:
            plan = Plan.from_dict(document)
        except InputError:
            return
        assert plan.progress_at(1, plan.iterations) >= 0

    read()


def test_descriptions_of_models(finished):
    sound = json.loads((finished.model_folder / "model.json").read_text(encoding="utf-8"))

    @often
    @given(spoiled(sound))
    def read(document):
        add_figure("spoiled descriptions of models")
        try:
            ModelDescription.from_dict(document)
        except InputError:
            return

    read()


def test_requests(finished):
    sound = json.loads(finished.request_file.read_text(encoding="utf-8"))

    @often
    @given(spoiled(sound))
    def read(document):
        add_figure("spoiled requests")
        try:
            request = RunFolder(finished.folder, document).read_request()
        except InputError:
            return
        assert request.seed is not None and request.dataset.labeled

    read()


def test_states(finished, tmp_path):
    sound = json.loads(finished.status_file.read_text(encoding="utf-8"))
    run = RunFolder.create(tmp_path / "run", {})

    @often
    @given(spoiled(sound))
    def read(document):
        add_figure("spoiled states of runs")
        run.status_file.write_text(json.dumps(document), encoding="utf-8")
        run.state()
        status = read_status(run.folder)
        assert status is None or isinstance(Status.from_dict(status.to_dict()), Status)
        with run.lock(), StatusWriter(run, before=status):
            pass

    read()


@pytest.mark.parametrize("kind", ["cases.csv", "dataset.json"])
def test_lists_of_scans(cohort, tmp_path, kind):
    images = sorted(cohort.held_out_images.iterdir())
    if kind == "dataset.json":
        sound = {
            "name": "x",
            "modality": {"0": "MRI"},
            "labels": {"0": "background", "1": "Organ"},
            "training": [
                {"image": "./a.nii.gz", "label": "./b.nii.gz"},
                {"image": "./c.nii.gz", "label": "./d.nii.gz"},
            ],
            "test": ["./e.nii.gz"],
        }
        texts: st.SearchStrategy = spoiled(sound).map(json.dumps)
    else:
        rows = st.lists(
            st.one_of(st.sampled_from([str(images[0]), "nowhere.nii", ""]), st.text(max_size=30)), max_size=5
        )
        texts = st.lists(rows.map(",".join), max_size=5).map(lambda lines: "\n".join(["image,label", *lines]))

    @often
    @given(texts)
    def read(text):
        add_figure(f"spoiled {kind}")
        (tmp_path / kind).write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            load_dataset(tmp_path / kind)
        except InputError:
            return

    read()


# --- whole run folders, given to a command


@pytest.mark.parametrize(
    "name",
    ["run.json", "plan.json", "split.json", "status.json", "metrics.jsonl", "prepared/index.json", "prepared/*.json"][
        :: 1 if IS_LONG else 2
    ],
)
def test_run_folders(nursery, count, finished, copy_of, name):
    source = random.Random(name)
    for _ in range(times(1, 60)):
        place = copy_of(finished.folder)
        file = source.choice(sorted(place.glob(name)))
        text = file.read_text(encoding="utf-8")
        if name.endswith("l"):
            text = text.replace(source.choice("0123456789"), source.choice(["1e999", "[", "}", '"', "9" * 400]), 3)
        else:
            document = json.loads(text)
            where = source.choice(places_in(document))
            value = source.choice([None, -1, 1e308, 10**400, "x", [], {}, True, 0, [[[]]]])
            text = json.dumps(changed(document, where, value, source.random() < 0.2))
        file.write_text(text, encoding="utf-8")
        if name != "status.json":
            (place / "status.json").unlink()
        for arguments in (("status", place), ("resume", place)):
            outcome = nursery.run(*arguments, patches=QUICK, within=LONGEST_S)
            count(f"spoiled {name} given to {arguments[0]}", outcome)
            assert outcome.is_clean, (name, text[:2000], outcome)


def test_projects(tmp_path):
    """A damaged project is refused; what is opened can be trained from, and saved."""
    project = Project.create(tmp_path / "project")
    add(project, 3)
    sound = json.loads(project.file.read_text(encoding="utf-8"))

    @often
    @given(spoiled(sound))
    def read(document):
        add_figure("spoiled projects")
        project.file.write_text(json.dumps(document), encoding="utf-8")
        try:
            opened = Project.open(project.folder)
        except InputError as error:
            assert error.remedy
            return
        if opened.readyToTrain()[0]:
            document = json.loads(json.dumps(opened.request().to_dict()))
            assert RunFolder(tmp_path / "run", document).read_request().dataset.labeled
        opened.addCase(opened.imagesFolder / opened.neutralName())
        opened.setRanking({case.name: 0.5 for case in opened.cases})
        opened.newRunFolder()
        opened.save()
        assert len(Project.open(project.folder).cases) == len(opened.cases)
        load_dataset(project.folder)

    read()


# --- files of voxels and weights, by bytes


def damaged(content: bytes, source: random.Random) -> bytes:
    """Some bytes changed, cut out, doubled or put in."""
    result = bytearray(content)
    for _ in range(source.choice([1, 1, 2, 5])):
        # headers are where nonsense does most
        place = source.randrange(min(len(result), source.choice([64, 400, 4000, len(result)])) or 1)
        kind = source.randrange(5)
        if kind == 0:
            result[place : place + 1] = bytes([source.randrange(256)])
        elif kind == 1:
            del result[place : place + source.choice([1, 7, 200])]
        elif kind == 2:
            result[place:place] = bytes(source.randrange(256) for _ in range(source.choice([1, 4, 1200])))
        elif kind == 3:
            result[place : place + 4] = source.choice(
                [b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"1e99"]
            )
        else:
            del result[place + source.randrange(len(result)) :]
    return bytes(result)


SUFFIXES = [".nii", ".nii.gz", ".nrrd", ".mha"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_scans(nursery, count, cohort, tmp_path, suffix):
    source = random.Random(suffix)
    sound = tmp_path / f"sound{suffix}"
    sitk.WriteImage(sitk.ReadImage(str(sorted(cohort.held_out_images.iterdir())[0])), str(sound))
    content = sound.read_bytes()
    (tmp_path / "images").mkdir()
    shutil.copy(sound, tmp_path / "images" / f"sound{suffix}")
    for _ in range(times(1, 20)):
        for index in range(8):
            (tmp_path / "images" / f"case_{index}{suffix}").write_bytes(damaged(content, source))
        outcome = nursery.run("check", tmp_path, within=LONGEST_S)
        count(f"checks of 8 damaged {suffix}", outcome)
        assert outcome.code in (0, 2) and "Traceback" not in outcome.errors, outcome
        assert outcome.memory < MOST_MEMORY, outcome


@pytest.fixture(scope="module")
def dicom_files(nursery, exportable, tmp_path_factory) -> dict[str, Path]:
    """A series of slices, a file of frames, and a segmentation."""
    from dicomseries import write_enhanced

    folder = tmp_path_factory.mktemp("dicom")
    assert nursery.run("export-seg", *exportable, "--out", folder / "seg.dcm").code == 0
    frames = write_enhanced(folder, list(range(11, -1, -1))) / "frames.dcm"
    return {"slices": exportable[2], "frames": frames, "segmentation": folder / "seg.dcm"}


@pytest.mark.parametrize("kind", ["slices", "frames", "segmentation"])
def test_dicom(nursery, count, dicom_files, cohort, tmp_path, kind):
    """As scans, and the segmentation also as a label, which is refused with a sentence whatever is wrong with it."""
    source = random.Random(kind)
    sound = dicom_files[kind]
    scan = sorted(cohort.held_out_images.iterdir())[0]
    images, labels = tmp_path / "images", tmp_path / "labels"
    for _ in range(times(1, 60)):
        for folder in (images, labels):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        for index in range(8):
            if kind == "slices":
                shutil.copytree(sound, images / f"case_{index}")
                spoiled_file = source.choice(sorted((images / f"case_{index}").iterdir()))
            elif kind == "frames":
                spoiled_file = images / f"case_{index}.dcm"
                shutil.copy(sound, spoiled_file)
            else:
                shutil.copy(scan, images / f"case_{index}.nii.gz")
                shutil.copy(sound, images / f"scan_{index}.dcm")
                (images / f"scan_{index}.dcm").write_bytes(damaged(sound.read_bytes(), source))
                spoiled_file = labels / f"case_{index}.dcm"
                shutil.copy(sound, spoiled_file)
            spoiled_file.write_bytes(damaged(spoiled_file.read_bytes(), source))
        outcome = nursery.run("check", tmp_path, "--json", within=LONGEST_S)
        count(f"checks of 8 damaged DICOM {kind}", outcome)
        assert outcome.code in (0, 2) and "Traceback" not in outcome.errors, outcome
        assert outcome.memory < MOST_MEMORY // 2, outcome
        told = json.loads(outcome.output)
        problems = told["problems"]
        assert len(told["facts"]) == (16 if kind == "segmentation" else 8)  # all of them were looked at
        assert all(one["what"] and one["remedy"] for one in problems)
        if kind == "segmentation":
            refused = {one["case"] for one in problems if one["severity"] == "error"}
            assert refused >= {f"case_{index}" for index in range(8)}, problems


@pytest.mark.parametrize("name", ["weights.safetensors", "model.json", "x.dtsmodel"])
def test_models(nursery, count, finished, cohort, copy_of, tmp_path, name):
    source = random.Random(name)
    file = tmp_path / "x.dtsmodel"
    assert nursery.run("model", "export", finished.folder, "--out", file).code == 0
    scan = sorted(cohort.held_out_images.iterdir())[0]
    for _ in range(times(4, 200)):
        if name == "x.dtsmodel":
            place = tmp_path / "damaged.dtsmodel"
            place.write_bytes(damaged(file.read_bytes(), source))
            arguments: tuple = ("model", "import", place, "--out", tmp_path / "models")
        else:
            place = copy_of(finished.model_folder)
            (place / name).write_bytes(damaged((place / name).read_bytes(), source))
            arguments = ("predict", place, scan, "--out", tmp_path / "masks")
        outcome = nursery.run(*arguments, within=LONGEST_S)
        count(f"damaged {name}", outcome)
        assert outcome.is_clean and outcome.memory < MOST_MEMORY, outcome
