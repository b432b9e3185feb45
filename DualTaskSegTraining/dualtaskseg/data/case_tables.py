"""Tables of cases: cases.csv, and lists of the roles that cases are to have."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from dualtaskseg.contract.dataset import EXCLUDED, LABELED, UNLABELED, Case, Dataset
from dualtaskseg.data.assembling import assemble
from dualtaskseg.data.listed_files import case_stem, located, read_table, role_of, usable_case_name
from dualtaskseg.data.segment_lists import segments_beside
from dualtaskseg.errors import InputError
from dualtaskseg.io.paths import abbreviated, usable_path

LONGEST_CASE_NAME = 200  # bytes; names of results are somewhat longer


def apply_case_list(dataset: Dataset, file: Path | str) -> Dataset:
    """Gives cases the roles that a table lists.

    Args:
        file: a CSV file with the columns ``case`` and ``role``. A case it doesn't name is left out; the label of an
            unlabeled one is hidden.

    Raises:
        InputError: the file is unreadable, or a line names an unknown case, an unknown role, a case twice, or the role
            labeled for a case without a label.
    """
    file = Path(file)
    by_name = {case.name: case for case in dataset.cases}
    roles: dict[str, str] = {}
    for line, row in read_table(file, required=("case", "role")):
        name, where = row["case"], f"{file}, line {line}"
        if name not in by_name:
            raise InputError(
                f"{where}: {dataset.name} has no case named {name!r}",
                "Run 'dualtaskseg check' on the dataset to see how its cases are named",
            )
        if name in roles:
            raise InputError(f"{where}: the case {name} is listed twice", "Remove one of its lines")
        roles[name] = role_of(row["role"], where)
        if roles[name] == LABELED and by_name[name].label is None:
            raise InputError(
                f"{where}: the case {name} is to be labeled but has no label", "Give it another role, or add a label"
            )

    def with_role(case: Case) -> Case:
        role = roles.get(case.name, EXCLUDED)
        return case.unlabeled() if role == UNLABELED else replace(case, role=role)

    return replace(dataset, cases=tuple(map(with_role, dataset.cases)))


def images_of_table(file: Path | str) -> list[Path]:
    """The scans that a table with a column ``image`` names, such as ``cases.csv``; not those that are left out.

    Raises:
        InputError: the table can't be read, or names no scan.
    """
    file = usable_path(file)
    images = []
    for line, row in read_table(file, required=("image",)):
        where = f"{file}, line {line}"
        if not row["image"]:
            raise InputError(f"{where}: the column image is empty", "Name the scan's file")
        if not row.get("role") or role_of(row["role"], where) != EXCLUDED:
            images.append(located(file.parent, row["image"], where))
    if not images:
        raise InputError(f"The table {file} names no scan", "Name the scans' files in the column image")
    return images


def load_case_table(file: Path) -> Dataset:
    """The dataset that a ``cases.csv`` lists; see :func:`~dualtaskseg.data.layouts.load_dataset`."""
    folder = file.parent
    entries = []
    for line, row in read_table(file, required=("image",)):
        where = f"{file}, line {line}"
        if not row["image"]:
            raise InputError(f"{where}: the column image is empty", "Name the scan's file")
        image = located(folder, row["image"], where)
        label = located(folder, row["label"], where) if row.get("label") else None
        role = role_of(row["role"], where) if row.get("role") else (LABELED if label else UNLABELED)
        if role == LABELED and label is None:
            raise InputError(
                f"{where}: the role is labeled but no label is given", "Name the label file, or give another role"
            )
        name = row.get("name") or case_stem(image)
        usable_case_name(name, where)
        if len(os.fsencode(name)) > LONGEST_CASE_NAME and row.get("name"):
            raise InputError(
                f"{where}: the name {abbreviated(name)} is too long, since files are named after it",
                f"Use at most {LONGEST_CASE_NAME} letters",
            )
        seen = located(folder, row["seen"], where) if row.get("seen") else None
        if seen is not None and label is None:
            raise InputError(
                f"{where}: the column seen names {seen.name}, but no label is given",
                "Name the label that was outlined there, or leave the column seen empty",
            )
        case = Case(name, image, label, role, seen)
        entries.append(case.unlabeled() if role == UNLABELED else case)
    return assemble(folder.name, folder, entries, segments_beside(folder), "", source=file)
