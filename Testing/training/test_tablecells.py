"""Tables for people hold no formulas: names come from others' files."""

from __future__ import annotations

import csv
import io

import pytest
from dualtaskseg.evaluation.compare import Evaluation, Row
from dualtaskseg.evaluation.metrics import SegmentScore
from dualtaskseg.tablecells import csv_text, original_cell, safe_cell


@pytest.mark.parametrize(
    "text", ["=cmd|calc!A0", "@SUM(A1)", "+1+1", "-2+3", '=HYPERLINK("http://x")', "\t=1", "\r=1", " =1", "\n@A1"]
)
def test_what_begins_like_a_formula_becomes_text(text: str):
    assert safe_cell(text) == f"'{text}"
    assert original_cell(safe_cell(text)) == text


@pytest.mark.parametrize("value", [-1.5, 3, None, "-1.5", "+2", "-3e-4", "case_1", "a=b", "Müller", "", "1-2"])
def test_numbers_and_other_text_stay(value):
    assert safe_cell(value) == value
    assert not isinstance(value, str) or original_cell(value) == value


def test_figures_with_such_names_are_defused():
    score = SegmentScore(1.0, 1.0, 0.0, 0.0, 0.0, 5.0, 5.0)
    text = Evaluation({1: "=1+1"}, [Row("@case", "=1+1", score)]).to_csv()
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][:3] == ["'@case", "'=1+1", "1.0"]
    assert list(csv.reader(io.StringIO(csv_text(("case", "x"), [("-c", -0.5)])))) == [["case", "x"], ["'-c", "-0.5"]]
