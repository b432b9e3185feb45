"""Terminology tags of segments."""

import pytest
import scans  # noqa: F401  (makes DualTaskSegLib importable)

KIDNEY = (
    "Segmentation category and type - 3D Slicer General Anatomy list~SCT^123037004^Anatomical Structure"
    "~SCT^64033007^Kidney~SCT^24028007^Right~Anatomic codes - DICOM master list~^^~^^"
)


def test_a_tag_is_read_and_written_the_same(host):
    from DualTaskSegLib.scene import terminology

    entry = terminology.parse(KIDNEY)
    assert (entry.type.scheme, entry.type.value, entry.type.meaning) == ("SCT", "64033007", "Kidney")
    assert entry.modifier.meaning == "Right" and not entry.region
    assert entry.toText() == KIDNEY and terminology.shortText(KIDNEY) == "Kidney, right"


@pytest.mark.parametrize(
    "text", [None, "", "Liver", "a~b~c", "list~SCT^1~SCT^2^x", "list~SCT^^~SCT^2^x~~~~", "~^^~^^~^^~~^^~^^"]
)
def test_what_dicom_export_would_refuse_is_replaced_by_tissue_and_told(host, text):
    from DualTaskSegLib.scene import terminology

    assert terminology.parse(text) is None and terminology.isDefault(text) and terminology.shortText(text) == ""
    tag, isStandIn = terminology.orDefault(text)
    assert isStandIn and terminology.parse(tag).type.value == "85756007" and terminology.isDefault(tag)
    assert tag.count("~") == 6 and all(part.count("^") == 2 for k, part in enumerate(tag.split("~")) if k not in (0, 4))


def test_a_good_tag_is_kept(host):
    from DualTaskSegLib.scene import terminology

    assert terminology.orDefault(KIDNEY) == (KIDNEY, False) and not terminology.isDefault(KIDNEY)


def test_tags_of_other_lists_mean_the_same(host):
    from DualTaskSegLib.scene import terminology

    other = KIDNEY.replace("Segmentation category and type - 3D Slicer General Anatomy list", "Mine")
    assert terminology.sameMeaning(KIDNEY, other)
    assert not terminology.sameMeaning(KIDNEY, KIDNEY.replace("SCT^24028007^Right", "SCT^7771000^Left"))
    tissue = terminology.TISSUE.toText()
    assert not terminology.sameMeaning(tissue, tissue)  # it says nothing
    assert not terminology.sameMeaning(KIDNEY, "") and not terminology.sameMeaning(None, None)


def test_segments_keep_their_tag_where_slicer_looks_for_it(host):
    import slicer
    from DualTaskSegLib.scene import terminology

    segment = slicer.vtkSegment()
    terminology.setTag(segment, KIDNEY)
    assert terminology.tagOf(segment) == KIDNEY
    assert segment.HasTag(slicer.vtkSegment.GetTerminologyEntryTagName())
    assert terminology.textOf(segment, "no such tag") == ""


def test_the_synthetic_cohort_s_tags_are_understood(host):
    from dualtaskseg.synthetic.cohort import SEGMENTS
    from DualTaskSegLib.scene import terminology

    assert [terminology.shortText(segment["terminology"]) for segment in SEGMENTS] == ["Organ", "Vein"]


def test_slicer_s_own_reader_understands_what_is_written(host):
    import slicer
    from DualTaskSegLib.scene import terminology

    logic = slicer.modules.terminologies.logic()
    entry = slicer.vtkSlicerTerminologyEntry()
    assert logic.DeserializeTerminologyEntry(terminology.TISSUE.toText(), entry)
    assert entry.GetTypeObject().GetCodeValue() == "85756007"
    assert entry.GetCategoryObject().GetCodeMeaning() == "Tissue"
