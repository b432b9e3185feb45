"""What segments mean: terminology entries as Slicer keeps them."""

import pytest
import scans  # noqa: F401  (makes DualTaskSegLib importable)
from dualtaskseg.contract.terminology import (
    TISSUE,
    is_unspecific,
    or_tissue,
    parse_terminology,
    same_meaning,
    short_text,
)

KIDNEY = (
    "Segmentation category and type - 3D Slicer General Anatomy list~SCT^123037004^Anatomical Structure"
    "~SCT^64033007^Kidney~SCT^24028007^Right~Anatomic codes - DICOM master list~^^~^^"
)


def test_an_entry_is_read_and_written_the_same():
    codes = parse_terminology(KIDNEY)
    assert (codes.type.scheme, codes.type.value, codes.type.meaning) == ("SCT", "64033007", "Kidney")
    assert codes.type_modifier.meaning == "Right" and codes.region is None
    assert codes.to_entry() == KIDNEY and short_text(KIDNEY) == "Kidney, right"


@pytest.mark.parametrize(
    "text", ["", "Liver", "a~b~c", "list~SCT^1~SCT^2^x", "list~SCT^^~SCT^2^x~~~~", "~^^~^^~^^~~^^~^^"]
)
def test_what_dicom_export_would_refuse_is_replaced_by_tissue_and_told(text):
    assert parse_terminology(text) is None and is_unspecific(text) and short_text(text) == ""
    entry = or_tissue(text)
    assert parse_terminology(entry) == TISSUE and is_unspecific(entry)
    parts = entry.split("~")
    assert len(parts) == 7 and all(part.count("^") == 2 for place, part in enumerate(parts) if place not in (0, 4))


def test_a_good_entry_is_kept():
    assert or_tissue(KIDNEY) == KIDNEY and not is_unspecific(KIDNEY)


def test_entries_of_other_lists_mean_the_same():
    other = KIDNEY.replace("Segmentation category and type - 3D Slicer General Anatomy list", "Mine")
    assert same_meaning(KIDNEY, other)
    assert not same_meaning(KIDNEY, KIDNEY.replace("SCT^24028007^Right", "SCT^7771000^Left"))
    tissue = TISSUE.to_entry()
    assert not same_meaning(tissue, tissue)  # it says nothing
    assert not same_meaning(KIDNEY, "") and not same_meaning("", "")


def test_segments_keep_their_entry_where_slicer_looks_for_it(host):
    import slicer
    from DualTaskSegLib.scene import segmenttags

    segment = slicer.vtkSegment()
    segmenttags.setTerminology(segment, KIDNEY)
    assert segmenttags.terminologyOf(segment) == KIDNEY
    assert segment.HasTag(slicer.vtkSegment.GetTerminologyEntryTagName())
    assert segmenttags.textOf(segment, "no such tag") == ""


def test_the_synthetic_cohort_s_entries_are_understood():
    from dualtaskseg.synthetic.cohort import SEGMENTS

    assert [short_text(segment.terminology) for segment in SEGMENTS] == ["Organ", "Vein"]


def test_slicer_s_own_reader_understands_what_is_written(host):
    import slicer

    logic = slicer.modules.terminologies.logic()
    entry = slicer.vtkSlicerTerminologyEntry()
    assert logic.DeserializeTerminologyEntry(TISSUE.to_entry(), entry)
    assert entry.GetTypeObject().GetCodeValue() == "85756007"
    assert entry.GetCategoryObject().GetCodeMeaning() == "Tissue"


# --- the list of terms


def test_each_term_has_the_code_that_dicom_has_for_it():
    from DualTaskSegLib.project import terms
    from pydicom.sr._concepts_dict import concepts

    meanings = {}
    for scheme in ("SCT", "NCIt"):
        for codes in concepts[scheme].values():
            for code, (meaning, _groups) in codes.items():
                meanings.setdefault((scheme, code), set()).add(meaning.casefold())
    rows = terms._rows()
    assert len(rows) > 600 and len({row.code.value for row in rows}) == len(rows)
    wrong = [row.code for row in rows if row.code.meaning.casefold() not in meanings[row.code.scheme, row.code.value]]
    assert wrong == []
    for row in rows:
        for side in ("", "left", "right") if row.isSided else ("",):
            entry = row.term(side).entry
            assert parse_terminology(entry).to_entry() == entry


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("Liver", "Liver"),
        ("leber", "Liver"),
        ("kidney_L", "Kidney, left"),
        ("KidneyRight", "Kidney, right"),
        ("linke Niere", "Kidney, left"),
        ("Lungs", "Lung"),
        ("Liver tumor", "Neoplasm, Liver"),
        ("cyst of left kidney", "Cyst, Kidney, left"),
        ("left atrium", "Left atrium"),
        # what could be several things, or what is no name, suggests nothing
        *((name, None) for name in ("Structure", "Segment_1", "Liver2", "left liver", "ventricle", "LA", "left", "")),
    ],
)
def test_a_name_suggests_its_term_and_no_other(name, term):
    from DualTaskSegLib.project import terms

    found = terms.suggestion(name)
    assert (found and found.text) == term


def test_terms_are_found_by_the_beginnings_of_words():
    from DualTaskSegLib.project import terms

    assert [term.text for term in terms.search("kidney")][:3] == ["Kidney", "Kidney, right", "Kidney, left"]
    assert [term.text for term in terms.search("left kidn")] == ["Kidney, left"]
    assert "Neoplasm, Liver" in [term.text for term in terms.search("liver tum")]
    assert terms.search("xyz") == [] and terms.search(" ") == []
