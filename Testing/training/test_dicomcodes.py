"""Slicer's terminology entries as codes."""

from __future__ import annotations

import pytest
from dualtaskseg.contract.terminology import Code, Terminology, parse_terminology


def test_all_parts_of_an_entry():
    entry = (
        "Segmentation category and type - 3D Slicer General Anatomy list"
        "~SCT^49755003^Morphologically Abnormal Structure~SCT^4147007^Mass~SCT^7771000^Left"
        "~Anatomic codes - DICOM master list~SCT^64033007^Kidney~SCT^24028007^Right"
    )
    assert parse_terminology(entry) == Terminology(
        Code("SCT", "49755003", "Morphologically Abnormal Structure"),
        Code("SCT", "4147007", "Mass"),
        Code("SCT", "7771000", "Left"),
        Code("SCT", "64033007", "Kidney"),
        Code("SCT", "24028007", "Right"),
    )


@pytest.mark.parametrize("ending", ["~^^~Anatomic codes - DICOM master list~^^~^^", "~^^~~^^~^^", ""])
def test_parts_that_say_nothing(ending):
    liver = Terminology(Code("SCT", "123037004", "Anatomical Structure"), Code("SCT", "10200004", "Liver"))
    assert parse_terminology("c~SCT^123037004^Anatomical Structure~SCT^10200004^Liver" + ending) == liver


def test_a_modifier_without_its_region_is_dropped():
    entry = "c~SCT^1^A~SCT^2^B~^^~r~^^~SCT^7771000^Left"
    assert parse_terminology(entry) == Terminology(Code("SCT", "1", "A"), Code("SCT", "2", "B"))


@pytest.mark.parametrize(
    "entry",
    [
        *("", "~", "~~~~~~", "Tissue", "c~^^~^^~^^~r~^^~^^", "c~SCT^1^A", "c~SCT^1^A~SCT^2", "c~SCT^1^A~^2^B"),
        *("c~SCT^1^A~SCT^^B", "c~a scheme of more than 16^1^A~SCT^2^B", "c~SCT^1^A~SCT^2^B^C"),
    ],
)
def test_what_is_no_code(entry):
    assert parse_terminology(entry) is None


def test_a_long_meaning_is_cut_to_what_dicom_holds():
    assert parse_terminology(f"c~SCT^1^A~SCT^2^{'b' * 100}").type.meaning == "b" * 64
