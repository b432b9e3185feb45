"""Which cases are checked next, and what the project keeps of what was found."""

from __future__ import annotations

import pytest
from DualTaskSegLib.project.checking import CHECKED_AT_ONCE, CaseChecks
from DualTaskSegLib.project.project import Project

LIVER = {"name": "Liver", "value": 1, "color": [1, 2, 3], "terminology": ""}


@pytest.fixture
def project(tmp_path) -> Project:
    """Twelve cases; the first two have labels, nobody named the structures."""
    made = Project.create(tmp_path / "project")
    for index in range(12):
        case = made.addCase(tmp_path / f"scan_{index:02}.nrrd")
        if index < 2:
            made.setLabel(case.id, tmp_path / f"label_{index}.nrrd", "")
    return made


@pytest.fixture
def checks(project) -> CaseChecks:
    made = CaseChecks(project)
    made.waiting = [case.id for case in project.cases]
    return made


def namesOf(dataset) -> list[str]:
    return [case.name for case in dataset.cases]


def test_all_labels_come_first_where_nobody_named_the_structures(project, checks):
    assert checks.isAboutStructures
    first = checks.next()
    assert namesOf(first) == ["scan_00", "scan_01"]
    assert checks.take(first, {"problems": {}, "segments": [LIVER]}) == (True, True)
    assert [segment.name for segment in project.segments] == ["Liver"] and not checks.isAboutStructures
    assert len(checks.next().cases) == CHECKED_AT_ONCE and len(checks.next().cases) == 2
    assert checks.next() is None


def test_labels_without_structures_are_not_checked_again_and_again(checks):
    assert checks.take(checks.next(), {"problems": {}, "segments": []}) == (False, False)
    assert not checks.isAboutStructures
    assert namesOf(checks.next()) == [f"scan_{index:02}" for index in range(2, 2 + CHECKED_AT_ONCE)]


def test_labels_that_are_left_out_keep_no_other_from_being_checked(project, checks):
    project.setRole([case.id for case in project.cases[:2]], "left out")
    assert namesOf(checks.next())[0] == "scan_02"


def test_problems_are_kept_and_go_when_they_are_mended(project, checks):
    checked = checks.next()
    problem = {"what": "label_0.nrrd is empty", "remedy": "Outline it"}
    assert checks.take(checked, {"problems": {"scan_00": [problem]}, "segments": []})[0], "it is written down"
    assert project.cases[0].problems == ["label_0.nrrd is empty. Outline it."] and project.cases[1].problems == []
    checks.take(checked, {"problems": {}, "segments": []})
    assert project.cases[0].problems == []


def test_missing_files_are_noted_until_they_are_back(project, checks):
    image = project.cases[3].image
    assert checks.noteMissing({image}) and not checks.noteMissing({image})
    assert image in project.cases[3].problems[0]
    assert not CaseChecks(project).noteMissing({image})
