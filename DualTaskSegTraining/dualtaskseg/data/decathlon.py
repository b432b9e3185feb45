"""Folders of the Medical Segmentation Decathlon and of nnU-Net, which a dataset.json describes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import EXCLUDED, LABELED, UNLABELED, Case, Dataset
from dualtaskseg.data import nnunet
from dualtaskseg.data.assembling import LAYOUT_REMEDY, NoDatasetError, assemble
from dualtaskseg.data.image_folders import folder_cases, folder_layout
from dualtaskseg.data.listed_files import case_stem, list_in, located, read_document, usable_case_name
from dualtaskseg.data.segment_lists import described_segments, segments_beside
from dualtaskseg.errors import InputError
from dualtaskseg.io.access import is_there
from dualtaskseg.io.paths import abbreviated, is_text

WORDS_CT = {"CT", "CTA", "CECT", "NCCT", "LDCT"}
WORDS_MR = {"MR", "MRI", "MRA", "CMR", "FMRI", "T1", "T1W", "T2", "T2W", "T1C", "T1CE", "FLAIR", "ADC", "DWI", "LGE"}


def load_decathlon(file: Path, include_test: bool) -> Dataset:
    """The dataset that a ``dataset.json`` describes; see :func:`~dualtaskseg.data.layouts.load_dataset`."""
    data = _read_description(file)
    folder = file.parent
    images, labels = folder_layout(folder)
    entries: list[Case] = []
    notes: list[str] = []
    if "training" in data:
        entries = [_decathlon_entry(file, item, allow_label=True) for item in list_in(file, data, "training")]
        tests = [_decathlon_entry(file, item, allow_label=False) for item in list_in(file, data, "test")]
        entries += _tests(tests, f"the list 'test' of {file.name}", include_test, notes)
    elif nnunet.CASES in data:
        for name, image, label in nnunet.cases_of(file, data) or []:
            item = {"image": image, "label": label}
            entries.append(
                replace(_decathlon_entry(file, item, allow_label=True), name=usable_case_name(name, str(file)))
            )
        entries += _tests(_nnunet_tests(file, data), nnunet.TEST_FOLDER, include_test, notes)
    elif images:  # nnU-Net writes a dataset.json without a list of cases
        entries, notes = folder_cases(images, labels, file, data)
        entries += _tests(_nnunet_tests(file, data), nnunet.TEST_FOLDER, include_test, notes)
    else:
        raise NoDatasetError(f"{file} has no list 'training' of cases", LAYOUT_REMEDY)
    name = data.get("name")
    return assemble(
        name if isinstance(name, str) and name.strip() and is_text(name) else folder.name,
        folder,
        entries,
        described_segments(file, data) or segments_beside(folder),
        _modality(data.get("modality", data.get("channel_names"))),
        source=file,
        notes=notes,
    )


def _tests(tests: list[Case], where: str, include_test: bool, notes: list[str]) -> list[Case]:
    """Scans that are kept to test with: left out, which is noted, unless they are asked for."""
    if include_test or not tests:
        return tests
    scans = "The scan" if len(tests) == 1 else f"The {len(tests)} scans"
    notes.append(
        f"{scans} in {where} {'is' if len(tests) == 1 else 'are'} left out; "
        "the option --include-test learns from them as unlabeled scans"
    )
    return [replace(entry, role=EXCLUDED) for entry in tests]


def _nnunet_tests(file: Path, data: dict[str, Any]) -> list[Case]:
    folder = file.parent / nnunet.TEST_FOLDER
    if not (is_there(folder) and folder.is_dir()):
        return []
    return folder_cases(folder, None, file, data)[0]


def _read_description(file: Path) -> dict[str, Any]:
    data = read_document(file)
    if not isinstance(data, dict):
        raise NoDatasetError(f"{file} is not a description of a dataset", LAYOUT_REMEDY)
    return data


def _decathlon_entry(file: Path, item: Any, allow_label: bool) -> Case:
    fields = {"image": item} if isinstance(item, str) else item
    image = fields.get("image") if isinstance(fields, dict) else None
    if not isinstance(image, str) or not image.strip():
        raise InputError(
            f"{file} lists a case that names no image file: {abbreviated(item)}",
            'Write each case as {"image": "...", "label": "..."}; scans in several files are not supported',
        )
    label = fields.get("label") if allow_label else None
    if label is not None and not isinstance(label, str):
        raise InputError(f"{file}: the label of {image} is not a file name", "Give one label file for each case")
    image_path = located(file.parent, image, str(file))
    label_path = located(file.parent, label, str(file)) if label else None
    return Case(case_stem(image_path), image_path, label_path, LABELED if label_path else UNLABELED)


def _modality(value: Any) -> str:
    """Returns ``"CT"`` or ``"MR"`` for what datasets write: ``{"0": "LGE-MRI"}``, ``["CT"]``, ``"t1"``."""
    texts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
    words = set(re.findall(r"[A-Z0-9]+", " ".join(text for text in texts if isinstance(text, str)).upper()))
    is_ct, is_mr = bool(words & WORDS_CT), bool(words & WORDS_MR)
    if is_ct == is_mr:
        return ""
    return "CT" if is_ct else "MR"
