"""The project folder: what is told to it is there again when it is opened, and the command line reads it too."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from dualtaskseg import cli
from dualtaskseg.contract.dataset import Case, Dataset
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.layouts import load_dataset
from dualtaskseg.data.scan_search import find_scans
from dualtaskseg.errors import InputError
from dualtaskseg.run.folder import RunFolder
from dualtaskseg.synthetic.cohort import write_cohort
from DualTaskSegLib.common.steps import finish
from DualTaskSegLib.project.adding import addFound, datasetSteps
from DualTaskSegLib.project.project import Project

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"
LIVER = Segment("Liver, left", 1, (10, 20, 30), "a~SCT^1^b~|~c")
VEIN = Segment("Vène 空", 4, (200, 0, 0))
needsRights = pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere")


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return write_cohort(tmp_path_factory.mktemp("Aufnahmen ß") / "c", 3, 2, 0, seed=2, size=(16, 18, 16))


@pytest.fixture
def project(tmp_path) -> Project:
    return Project.create(tmp_path / "Projekt ü 1")


@pytest.fixture
def filled(project, cohort) -> Project:
    """As the user would fill it with the synthetic cohort."""
    for case in load_dataset(cohort.dataset).cases:
        added = project.addCase(case.image)
        if case.label:
            project.setLabel(added.id, case.label)
    project.setSegments(load_dataset(cohort.dataset).segments)
    project.save()
    return project


# --- the folder


def test_everything_is_there_again(project, tmp_path):
    a = project.addCase(tmp_path / "a.nii.gz")
    b = project.addCase(project.imagesFolder / "b.nrrd")
    c = project.addCase(tmp_path / "c.nrrd", 'Case, with "quotes"')
    project.setLabel(a.id, project.labelsFolder / "a.nrrd", "predicted")
    project.setLabel(c.id, tmp_path / "c label.nrrd", "edited")
    project.setValidation([c.id], True)
    project.setRole([b.id], "left out")
    b.problems = ["It is empty."]
    project.setRanking({b.name: 0.25})
    project.setSegments([VEIN, LIVER])
    assert project.isModified
    project.save()
    assert not project.isModified
    again = Project.open(project.folder)
    assert again.cases == project.cases and again.segments == project.segments == [LIVER, VEIN]
    assert again.name == "Projekt ü 1"
    assert [case.origin for case in again.cases] == ["predicted", "", "edited"]
    assert again.caseById(b.id).problems == ["It is empty."] and again.caseById(b.id).predictedDice == 0.25
    assert again.caseByName(c.name).validation


def test_what_was_looked_at_is_there_again_also_elsewhere(project, tmp_path):
    """The map of a partly outlined case, the answer that nothing is there, and a value of the label."""
    a, b, c = (project.addCase(tmp_path / name) for name in ("a.nrrd", "b.nrrd", "c.nrrd"))
    project.setSegments([LIVER])
    for case in (a, b, c):
        project.setLabel(case.id, project.labelsFolder / f"{case.name}.nrrd")
    project.setPartly(a.id, project.labelsFolder / "a_seen.nrrd", 9, 41)
    project.setWhole(b.id, {"K": (4, 5), "I": [7]})
    project.setUnseenValue(c.id, 9)
    with pytest.raises(InputError, match=r"value 1 stands for voxels at which nobody looked.*Liver, left"):
        project.setUnseenValue(b.id, 1)
    with pytest.raises(InputError, match=r"value 8 .*does not fit ignore"):
        project.setUnseenValue(b.id, 8)
    project.save()
    moved = tmp_path / "elsewhere"
    shutil.move(project.folder, moved)
    again = Project.open(moved)
    assert again.cases[0].seen == str(moved / "labels" / "a_seen.nrrd")
    assert (again.cases[0].outlinedSlices, again.cases[0].allSlices) == (9, 41)
    assert again.cases[1].emptySlices == {"K": [4, 5], "I": [7]} and again.cases[2].unseenValue == 9
    read = load_dataset(moved)
    assert [case.seen for case in read.cases] == [Path(again.cases[0].seen), None, None]
    assert read.cases[2].unseen_value == 9 and read.segments == (LIVER,)
    again.setRole([a.id], "unlabeled")
    assert again.dataset().cases[0].seen is None and again.cases[0].seen  # kept, for another change of mind


@pytest.mark.parametrize("values", [(0, None), (10**9, None), (1, None), (8, 9)])
def test_a_value_of_what_nobody_looked_at_that_no_list_can_hold_is_refused(project, tmp_path, values):
    """The list beside the cases holds it as a segment of its own, so the project could not be trained from."""
    project.setSegments([Segment("Organ", 1, (1, 2, 3))])
    for name in "ab":
        case = project.addCase(tmp_path / f"{name}.nrrd")
        project.setLabel(case.id, tmp_path / f"{name} label.nrrd")
        project.setUnseenValue(case.id, 9)
    project.save()
    document = json.loads(project.file.read_text(encoding="utf-8"))
    for case, value in zip(document["cases"], values, strict=True):
        case["unseenValue"] = value
    project.file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        Project.open(project.folder)


def test_an_outdated_map_is_deleted_once_the_project_is_saved(project, tmp_path):
    """Not before: the saved project names it. And only one that was written for the project."""
    own, theirs = project.labelsFolder / "a_seen.nrrd", tmp_path / "b_seen.nrrd"
    project.labelsFolder.mkdir()
    for case, file in ((project.addCase(tmp_path / "a.nrrd"), own), (project.addCase(tmp_path / "b.nrrd"), theirs)):
        file.write_text("a map")
        project.setLabel(case.id, tmp_path / f"{case.name} label.nrrd")
        project.setPartly(case.id, file)
    project.save()
    for case in project.cases:
        project.setWhole(case.id, {})
    assert own.exists()
    project.save()
    assert not own.exists() and theirs.exists()
    document = json.loads(project.file.read_text(encoding="utf-8"))
    assert document["format"] == 1  # older programs know all that is in it


@pytest.mark.parametrize(
    "nonsense",
    [{"seen": 5}, {"seen": "x"}, {"outlinedSlices": -1}, {"allSlices": True}, {"unseenValue": "9"}, {"unseenValue": 2}]
    + [{"emptySlices": value} for value in ([], {"X": [1]}, {"K": 1}, {"K": ["1"]}, {"K": [1.5]})],
    ids=repr,
)
def test_nonsense_about_what_was_looked_at_is_refused(project, tmp_path, nonsense):
    project.addCase(tmp_path / "a.nrrd")
    project.save()
    document = json.loads(project.file.read_text(encoding="utf-8"))
    document["cases"][0].update(nonsense)
    project.file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        Project.open(project.folder)


def test_a_moved_project_finds_what_is_inside(filled, tmp_path):
    inside = filled.addCase(filled.imagesFolder / "own.nrrd")
    filled.setLabel(inside.id, filled.labelsFolder / "own.nrrd")
    filled.save()
    outside = filled.cases[0].image
    moved = tmp_path / "elsewhere" / "moved"
    moved.parent.mkdir()
    shutil.move(filled.folder, moved)
    again = Project.open(moved)
    assert again.caseById(inside.id).image == str(moved / "images" / "own.nrrd")
    assert again.caseById(inside.id).label == str(moved / "labels" / "own.nrrd")
    assert again.cases[0].image == outside
    assert str(tmp_path) not in (moved / "cases.csv").read_text(encoding="utf-8").splitlines()[-1]


def test_the_command_line_reads_the_project(filled, capsys):
    dataset = load_dataset(filled.folder)
    ours = filled.dataset()
    assert dataset.cases == ours.cases and dataset.segments == ours.segments
    assert cli.main(["check", str(filled.folder)]) == 0
    assert "3 labeled and 2 unlabeled cases" in capsys.readouterr().out


def test_awkward_names_pass_through_the_table(project, tmp_path):
    for index, name in enumerate(['a, b; "c"', " Ünï 空 ", "x\ty\nz", "A/B\\C:*?<>|", ".hidden", "CON", "=1+1"]):
        case = project.addCase(tmp_path / f"Bild, {index};ü.nrrd", name)
        project.setLabel(case.id, tmp_path / f"Label, {index}.nrrd")
    project.setSegments([LIVER])
    project.save()
    dataset = load_dataset(project.folder)
    assert [case.name for case in dataset.cases] == [case.name for case in project.cases]
    assert [case.image for case in dataset.cases] == [Path(case.image) for case in project.cases]
    assert dataset.segments == (LIVER,)


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="all names are text there")
def test_a_name_that_no_document_can_hold_is_refused_and_spoils_nothing(project, tmp_path):
    project.addCase(tmp_path / "a.nrrd")
    with pytest.raises(InputError, match=r"sc\\udce4n.*can't be stored.*Rename the file"):
        project.addCase(os.fsdecode(os.fsencode(tmp_path) + b"/sc\xe4n.nrrd"))
    project.save()
    assert [case.name for case in Project.open(project.folder).cases] == ["a"]


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="all names are text there")
def test_one_scan_that_cannot_be_added_does_not_keep_the_others_away(project, tmp_path):
    bad = os.fsdecode(os.fsencode(tmp_path) + b"/sc\xe4n.nrrd")
    scans = [{"path": str(path), "problem": ""} for path in (tmp_path / "a.nrrd", bad, tmp_path / "b.nrrd")]
    added, refused = addFound(project, scans)
    assert [project.caseById(each).name for each in added] == ["a", "b"] and len(refused) == 1
    cases = [Case("c", tmp_path / "c.nrrd", Path(bad), "labeled"), Case("d", Path(bad), None, "unlabeled")]
    cases.append(Case("e", tmp_path / "e.nrrd", tmp_path / "l.nrrd", "labeled"))
    dataset = Dataset("d", tmp_path, tuple(cases), (LIVER,), "")
    list(datasetSteps(project, dataset, added.extend, refused.append))
    assert len(refused) == 3 and all("can't be stored" in sentence for sentence in refused)
    project.save()
    stored = {case.name: (case.role, bool(case.label)) for case in Project.open(project.folder).cases}
    assert stored == dict.fromkeys("abc", ("unlabeled", False)) | {"e": ("labeled", True)}


def test_a_case_that_waits_for_its_label_is_passed_over_by_the_command_line(project, tmp_path):
    case = project.addCase(tmp_path / "a.nrrd")
    project.setRole([case.id], "labeled")
    project.addCase(tmp_path / "b.nrrd")
    project.save()
    assert [one.role for one in load_dataset(project.folder).cases] == ["left out", "unlabeled"]
    assert project.readyToTrain() == (False, "The case a is marked as labeled but has no segmentation.")


@pytest.mark.parametrize("name", ["notes.txt", "cases.csv", "dataset.json", "images"])
def test_a_folder_with_something_in_it_is_refused(tmp_path, name):
    (tmp_path / "images").mkdir() if name == "images" else (tmp_path / name).write_text("mine")
    with pytest.raises(InputError, match=f"not empty .it holds {name}"):
        Project.create(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_project_is_not_made_twice(project):
    with pytest.raises(InputError, match="already holds a project"):
        Project.create(project.folder)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    for action in (Project.create, Project.open):
        with pytest.raises(InputError):
            action(tmp_path / "file")


@pytest.mark.parametrize(
    ("where", "value"),
    [
        *((("cases", 0, "name"), name) for name in ("../../x", "/x", "a\\b", "a\nb", "..", "", "x" * 300, 7, "\ud800")),
        *((("cases", 0, key), value) for key, value in (("id", []), ("image", ""), ("image", 5), ("label", {}))),
        *(
            (("cases", 0, key), value)
            for key, value in (("validation", 1), ("predictedDice", 10**400), ("problems", [3]))
        ),
        *((("segments", 0, "value"), value) for value in (-1, 0, True, 1.5, "1", 10**12)),
        *((("segments", 0, "color"), value) for value in ([1, 2], [1, 2, 300], "red")),
        *((("segments", 0, "name"), value) for value in (" ", 5, None)),
        (("name",), ["x"]),
    ],
)
def test_what_could_not_be_saved_or_trained_from_is_refused(filled, where, value):
    """Such a project was opened, and the fault came up somewhere else; a name could lead out of the folder."""
    document = json.loads(filled.file.read_text(encoding="utf-8"))
    inner = document
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = value
    filled.file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match="is damaged") as caught:
        Project.open(filled.folder)
    assert str(filled.file) in str(caught.value) and "Put back an older copy" in caught.value.remedy


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "holds no project"),
        ("{", "not correct JSON"),
        ("[" * 100_000, "not correct JSON"),
        ("[]", "names no format"),
        ('{"format": true}', "names no format"),
        ('{"format": 4}', "newer version"),
        ('{"format": 1}', "damaged"),
        ('{"format": 1, "name": "x", "segments": 5, "cases": []}', "damaged"),
        ('{"format": 1, "name": "x", "segments": [], "cases": [{"id": "1"}]}', "damaged"),
        (
            '{"format": 1, "name": "x", "segments": [], '
            '"cases": [{"id": "1", "name": "a", "image": "a", "role": "b"}]}',
            "damaged",
        ),
        (
            '{"format": 1, "name": "x", "segments": [], "cases": [{"id": "1", "name": "a", "image": "a"}, '
            '{"id": "2", "name": "A", "image": "b"}]}',
            "same name",
        ),
    ],
)
def test_a_damaged_project_is_refused_with_a_remedy(tmp_path, content, words):
    if content is not None:
        (tmp_path / "project.json").write_text(content)
    with pytest.raises(InputError, match=words) as caught:
        Project.open(tmp_path)
    assert str(tmp_path) in caught.value.what and caught.value.remedy


def test_what_a_later_version_adds_to_a_case_is_passed_over(filled):
    document = json.loads(filled.file.read_text(encoding="utf-8"))
    document["cases"][0]["mood"] = "good"
    filled.file.write_text(json.dumps(document), encoding="utf-8")
    assert len(Project.open(filled.folder).cases) == 5


def test_a_project_that_another_program_changed_is_not_overwritten(filled):
    other = Project.open(filled.folder)
    other.setRole([other.cases[0].id], "left out")
    other.save()
    filled.setRole([filled.cases[1].id], "left out")
    with pytest.raises(InputError, match="changed by another program"):
        filled.save()
    assert [case.role for case in Project.open(filled.folder).cases][:2] == ["left out", "labeled"]


SAVING = """
import sys
from dualtaskseg.errors import InputError
from dualtaskseg.data.scan_search import find_scans
from DualTaskSegLib.project.adding import addFound, datasetSteps
from DualTaskSegLib.project.project import Project
folder, name = sys.argv[1:]
sys.stdin.readline()  # both begin at once
for number in range(60):
    project = Project.open(folder)
    case = project.addCase(f"/scans/{name}_{number}.nrrd")
    try:
        project.save()
        print(case.name, flush=True)
    except InputError as error:
        assert "another program" in str(error), error
"""


def test_of_two_programs_that_save_no_saving_is_lost(tmp_path):
    """Each is accepted, and then it is there for good, or refused with a sentence."""
    folder = Project.create(tmp_path / "project").folder
    path = os.pathsep.join([str(MODULE), str(MODULE.parent / "DualTaskSegTraining")])
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", SAVING, str(folder), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": path},
        )
        for name in "ab"
    ]
    for program in programs:
        program.stdin.write("\n")
        program.stdin.flush()
    accepted = [name for program in programs for name in program.communicate(timeout=120)[0].split()]
    assert all(program.returncode == 0 for program in programs)
    assert len(accepted) >= 60
    assert sorted(case.name for case in Project.open(folder).cases) == sorted(accepted)


def test_a_project_that_came_into_the_folder_meanwhile_is_not_overwritten(tmp_path):
    late = Project(tmp_path / "project", "late")
    Project.create(tmp_path / "project", "early")
    with pytest.raises(InputError, match="already holds a project"):
        late.save()
    assert Project.open(tmp_path / "project").name == "early"


def test_a_disk_without_locks_is_no_hindrance(tmp_path, monkeypatch):
    from dualtaskseg.run.locking import FileLock, LockUnsupportedError

    def refuse(self):
        raise LockUnsupportedError(38, "Function not implemented")

    monkeypatch.setattr(FileLock, "acquire", refuse)
    project = Project.create(tmp_path / "project")
    project.addCase(tmp_path / "scan.nrrd")
    project.save()
    assert len(Project.open(project.folder).cases) == 1


def test_a_project_whose_disk_is_gone_is_not_made_anew_elsewhere(filled, tmp_path):
    away = tmp_path / "away"
    filled.folder.rename(away)
    filled.setRole([filled.cases[0].id], "left out")
    with pytest.raises(InputError, match="no longer there"):
        filled.save()
    assert not filled.folder.exists() and filled.isModified
    away.rename(filled.folder)
    filled.save()
    assert Project.open(filled.folder).cases[0].role == "left out"


@needsRights
def test_a_folder_without_rights_is_told_and_nothing_is_lost(filled):
    before = filled.file.read_bytes()
    filled.folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        filled.setRole([filled.cases[0].id], "left out")
        with pytest.raises(InputError, match="can't be saved"):
            filled.save()
        assert filled.isModified and filled.file.read_bytes() == before
    finally:
        filled.folder.chmod(0o755)
    filled.save()


def test_a_full_disk_is_told_and_nothing_is_lost(filled, monkeypatch):
    before = filled.file.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    filled.setRole([filled.cases[0].id], "left out")
    monkeypatch.setattr("dualtaskseg.files.os.fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        filled.save()
    assert filled.file.read_bytes() == before and not list(filled.folder.glob(".tmp_*"))
    monkeypatch.undo()
    filled.save()
    assert Project.open(filled.folder).cases[0].role == "left out"


# --- cases


def test_a_scan_is_added_once(project, tmp_path, monkeypatch):
    first = project.addCase(tmp_path / "a.nrrd")
    monkeypatch.chdir(tmp_path)
    assert project.addCase("a.nrrd") is first
    assert project.addCase(tmp_path / "x" / ".." / "a.nrrd") is first
    assert len(project.cases) == 1 and first.role == "unlabeled"


def test_names_are_unique_whatever_the_spelling(project, tmp_path):
    names = [project.addCase(tmp_path / folder / "Scan.nii.gz").name for folder in "xyz"]
    names.append(project.addCase(tmp_path / "scan.nrrd").name)
    assert names == ["Scan", "Scan_2", "Scan_3", "scan_4"]
    assert project.rename(project.cases[1].id, "SCAN") == "SCAN_2"
    assert project.rename(project.cases[1].id, "SCAN_2") == "SCAN_2"
    assert project.rename(project.cases[0].id, " /.. ") == "_"


def test_dicom_folders_get_names_that_tell_nothing(project, tmp_path):
    for name in ("Doe^Jane 1970", "Smith^John"):
        (tmp_path / name).mkdir()
    names = [project.addCase(tmp_path / name).name for name in ("Doe^Jane 1970", "Smith^John")]
    names.append(project.addCase(project.imagesFolder / f"{project.neutralName()}.nrrd").name)
    assert names == ["scan_001", "scan_002", "scan_003"]
    project.save()
    assert "Doe" not in project.folder.joinpath("cases.csv").read_text().replace(str(tmp_path / "Doe^Jane 1970"), "")


def test_removing_deletes_no_file(project, tmp_path):
    files = [tmp_path / "a.nrrd", tmp_path / "l.nrrd"]
    for file in files:
        file.write_text("mine")
    case = project.addCase(files[0])
    project.setLabel(case.id, files[1])
    project.remove([case.id])
    project.save()
    assert project.cases == [] and all(file.read_text() == "mine" for file in files)
    assert project.addCase(files[0]).id != case.id


def test_roles_and_marks_fit_together(project, tmp_path):
    a, b = (project.addCase(tmp_path / name) for name in ("a.nrrd", "b.nrrd"))
    project.setValidation([a.id, b.id], True)
    assert not a.validation  # nothing of it is outlined
    project.setLabel(a.id, tmp_path / "l.nrrd")
    assert (a.role, a.origin) == ("labeled", "outlined")
    project.setValidation([a.id], True)
    project.setRole([a.id], "unlabeled")
    assert not a.validation and a.label  # the outline is kept, for another change of mind
    assert project.dataset().cases[0].label is None
    project.setRole([a.id], "labeled")
    project.setLabel(a.id, None)
    assert (a.role, a.label, a.origin) == ("unlabeled", "", "")
    project.setRole([b.id], "left out")
    project.setLabel(b.id, tmp_path / "m.nrrd")
    assert b.role == "left out"  # by the user's will
    with pytest.raises(ValueError):
        project.setRole([a.id], "labelled")
    with pytest.raises(ValueError):
        project.setLabel(a.id, tmp_path / "l.nrrd", "guessed")


def test_the_unlabeled_case_of_which_least_is_expected_is_suggested(filled):
    labeled, *_, fourth, fifth = filled.cases
    assert filled.setRanking({labeled.name: 0.1, fourth.name: 0.8, fifth.name: 0.6}) is fifth
    assert [case.suggested for case in filled.cases] == [False] * 4 + [True]
    filled.setRole([fifth.id], "left out")
    assert not fifth.suggested
    assert filled.setRanking({fourth.name: 0.8, fifth.name: 0.6}) is fourth and not fifth.suggested
    assert filled.setRanking({}) is None and not fourth.suggested and fourth.predictedDice is None
    filled.setRole([fifth.id], "unlabeled")
    assert filled.setRanking({fourth.name: 0.1, fifth.name: None}) is fifth  # nothing was found: perhaps overlooked
    assert fifth.nothingFound and not fourth.nothingFound


@pytest.mark.parametrize(
    ("segments", "words"),
    [
        ([Segment(" ", 1, (0, 0, 0))], "no name"),
        ([Segment("a", 1, (0, 0, 0)), Segment("A", 2, (0, 0, 0))], "the name A"),
        ([Segment("a", 1, (0, 0, 0)), Segment("b", 1, (0, 0, 0))], "used twice"),
        ([Segment("a", 0, (0, 0, 0))], "below 1"),
    ],
)
def test_segments_that_make_no_sense_are_refused(filled, segments, words):
    before = filled.segments
    with pytest.raises(InputError, match=words):
        filled.setSegments(segments)
    assert filled.segments == before


# --- training


def test_what_is_missing_for_a_training_is_told(project, tmp_path):
    def reason():
        ready, text = project.readyToTrain()
        assert ready == (not text)
        with pytest.raises(InputError) if text else nullcontext():
            project.request()
        return text

    assert reason() == "Add scans first."
    a, b = (project.addCase(tmp_path / name) for name in ("a.nrrd", "b.nrrd"))
    assert reason() == "Outline the structure on at least one scan first."
    project.setLabel(a.id, tmp_path / "l.nrrd")
    assert reason() == "Name at least one segment to learn."
    project.setSegments([LIVER])
    assert reason() == ""
    project.setValidation([a.id], True)
    assert "held out" in reason()
    project.setLabel(b.id, tmp_path / "m.nrrd")
    assert reason() == ""


def test_the_request_says_everything_that_a_run_needs(filled, tmp_path):
    filled.setValidation([filled.cases[1].id], True)
    asked = {"preset": "standard", "time_budget": 600, "device": "cpu", "method": "supervised", "seed": 7}
    request = filled.request(**asked, start_from=tmp_path / "model")
    run = RunFolder.create(filled.newRunFolder(), request.to_dict())
    stored = RunFolder.open(run.folder).request
    assert stored["dataset"] == filled.dataset().to_dict()
    assert stored["validation_cases"] == [filled.cases[1].name]
    assert (stored["preset"], stored["time_budget"], stored["device"]) == ("standard", 600, "cpu")
    assert (stored["method"], stored["seed"], stored["start_from"]) == ("supervised", 7, str(tmp_path / "model"))
    assert stored["exclusive_device"] is True


def test_the_cases_that_measure_the_quality_are_drawn_once_for_the_project(project, tmp_path):
    def label(count):
        for _ in range(count):
            case = project.addCase(tmp_path / f"{len(project.cases)}.nrrd")
            project.setLabel(case.id, tmp_path / f"{len(project.cases)} label.nrrd")

    project.setSegments([LIVER])
    label(9)
    assert project.request().validation_cases == ()
    label(3)
    held = project.request().validation_cases
    assert len(held) == 2 and project.isModified
    project.save()
    label(20)
    again = Project.open(project.folder)
    assert again.request(seed=3).validation_cases == held
    assert project.request(seed=4).validation_cases == held


def test_run_folders_are_short_and_new(project):
    project.name = "A very long name of a project that somebody typed without an end" * 3
    first = project.newRunFolder()
    first.mkdir(parents=True)
    second = project.newRunFolder()
    assert first != second and second.parent == project.runsFolder
    assert len(first.name) < 60 and not first.name.startswith(" ")


# --- finding scans


def test_scans_are_found_below_a_folder(tmp_path, cohort):
    folder = tmp_path / "Ordner 空"
    (folder / "b" / "deep").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name in ("x.nii.gz", "b/y.NRRD", "b/deep/z.mha", "b/readme.txt", ".hidden/h.nrrd", "s.seg.nrrd", ".f.nrrd"):
        (folder / name).write_text("")
    series = folder / "c" / "series"
    series.mkdir(parents=True)
    for name in ("IM1", "IM2", "3.dcm"):
        (series / name).write_bytes(b"\0" * 128 + b"DICM")
    (folder / "c" / "IM").write_bytes(b"\0" * 200)
    found = [(scan.path.relative_to(folder).as_posix(), scan.kind) for scan in find_scans(folder)]
    assert found == [
        ("x.nii.gz", "image"),
        ("b/y.NRRD", "image"),
        ("b/deep/z.mha", "image"),
        ("c/series", "dicom"),
    ]


def test_a_folder_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(InputError, match="can't be read"):
        list(find_scans(tmp_path / "nothing"))


def test_real_dicom_series_are_found(real_data):
    found = list(find_scans(real_data / "dicom"))
    assert {scan.kind for scan in found} == {"dicom"} and len(found) == 3


# --- five hundred cases


@pytest.mark.undisturbed
def test_five_hundred_cases_are_quick(tmp_path):
    project = Project.create(tmp_path / "p")
    scans = [tmp_path / f"scan_{index:03}.nii.gz" for index in range(500)]
    spent = {}

    def measure(name, action):
        started = time.process_time()
        action()
        spent[name] = time.process_time() - started

    measure("addOne", lambda: project.addCase(tmp_path / "one.nrrd"))
    for scan in scans:
        project.addCase(scan)
    ids = [case.id for case in project.cases]
    measure("lastOne", lambda: project.addCase(tmp_path / "last.nrrd"))
    measure("roles", lambda: project.setRole(ids, "left out"))
    measure("save", project.save)
    measure("open", lambda: Project.open(project.folder))
    assert max(spent.values()) < 0.2, spent


def test_five_thousand_cases_take_as_long_each_as_fifty(tmp_path):
    """Not one of them is held against all others, whatever the names: that took minutes."""
    project = Project.create(tmp_path / "p")
    shown = []
    cases = tuple(
        Case("scan", tmp_path / f"{index}.nii.gz", tmp_path / f"l{index}.nii.gz", "labeled") for index in range(2500)
    )
    began = time.process_time()
    finish(datasetSteps(project, Dataset("many", tmp_path, cases, (), "CT"), shown.append, pytest.fail))
    for first in range(2500, 5000, 50):
        scans = [{"path": str(tmp_path / f"{index}.dcm"), "problem": ""} for index in range(first, first + 50)]
        shown.append(addFound(project, scans)[0])
    assert time.process_time() - began < 3
    assert len({case.name for case in project.cases}) == 5000 and project.cases[-1].name == "scan_4901"
    assert sum(map(len, shown)) == 5000 and len(shown) < 50 + 30, "all are looked at each time that more are shown"


@pytest.mark.parametrize("folder", ["~nosuchuser/scans", "x" * 300, "a\0b"])
def test_names_that_no_folder_can_have_end_in_a_sentence(tmp_path, monkeypatch, folder):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        Project.open(folder)
    with pytest.raises(InputError):
        list(find_scans(folder))
