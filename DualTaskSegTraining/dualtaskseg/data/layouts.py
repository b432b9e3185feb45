"""The list of scans to learn from: which there are, which have an outline, and what the outlines mean.

These layouts are read: a folder of the Decathlon or of nnU-Net (``dataset.json``), a folder with ``images`` and
``labels``, a data folder of MONAI Label, and a table ``cases.csv``. Nothing here opens a scan; a file that is missing
or damaged is found by :mod:`dualtaskseg.data.checks`.
"""

from __future__ import annotations

from pathlib import Path

from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.data.assembling import LAYOUT_REMEDY, NoDatasetError, assemble
from dualtaskseg.data.case_tables import load_case_table
from dualtaskseg.data.decathlon import load_decathlon
from dualtaskseg.data.image_folders import folder_cases, folder_layout
from dualtaskseg.data.listed_files import read_document
from dualtaskseg.data.monai_label import LIST_FILE, find_folder, load_monai_label
from dualtaskseg.data.segment_lists import DATASET_FILE, segments_beside
from dualtaskseg.errors import InputError
from dualtaskseg.io.access import as_stored, is_there
from dualtaskseg.io.paths import usable_path, visible


def load_dataset(path: Path | str, include_test: bool = False) -> Dataset:
    """Reads the list of cases of a dataset.

    Args:
        path: a folder of the Decathlon or nnU-Net or its ``dataset.json``; a ``cases.csv`` or its folder; a data folder
            of MONAI Label; a folder with ``images`` and, where there are any, ``labels``. Where a folder holds several
            of these, the first in this order counts.
        include_test: learn from the scans of a Decathlon folder's list ``test``, or of nnU-Net's folder ``imagesTs``,
            as unlabeled ones. Else they are left out: figures on scans that were learned from, if only without their
            labels, say little about new ones.

    Returns:
        The dataset. Files it names need not exist. Where it names no segments but its label files do, the segments are
        those.

    Raises:
        NoDatasetError: it is none of these, or holds no scan.
        InputError: its list of cases is wrong.
    """
    path = as_stored(usable_path(path))
    if not path.exists():
        raise InputError(f"The dataset {path} does not exist", "Check the path")
    if path.is_dir():
        visible(path)  # says where it can't be read: of files that can't be seen, each seems to be missing
    if path.is_file():
        if path.suffix.lower() == ".json":
            return load_decathlon(path, include_test)
        if path.suffix.lower() == ".csv":
            return load_case_table(path)
        raise NoDatasetError(f"{path} is not a dataset", LAYOUT_REMEDY)
    if is_there(path / DATASET_FILE):
        return load_decathlon(path / DATASET_FILE, include_test)
    if is_there(path / "cases.csv"):
        return load_case_table(path / "cases.csv")
    server_list = read_document(path / LIST_FILE) if is_there(path / LIST_FILE) else None
    found = find_folder(path, server_list)
    if found:
        return load_monai_label(path, found, server_list)
    images, labels = folder_layout(path)
    if images:
        entries, notes = folder_cases(images, labels)
        return assemble(path.name, path, entries, segments_beside(path), "", source=images, notes=notes)
    raise NoDatasetError(
        f"{path} is not a dataset: it holds no dataset.json, no cases.csv and no folder images", LAYOUT_REMEDY
    )
