"""Sentences with numbers: no "1 cases are" anywhere in the module."""

import ast
import re
from pathlib import Path

import scans  # noqa: F401  (makes DualTaskSegLib importable)

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"
# A number that the program puts in, and a noun or a verb for many.
MANY = r"\{(count|number|of|done|failed|missing)\}( of these| of the selected)? (\w+s|are|have|lie|belong)\b"
NEVER_ONE = "several channels"


def test_the_sentence_fits_the_number(host):
    from DualTaskSegLib.common.i18n import counted

    one, many = "{count} scan is in {place}", "{count} scans are in {place}"
    said = [counted(count, one, many, place="A") for count in (0, 1, 2)]
    assert said == ["0 scans are in A", "1 scan is in A", "2 scans are in A"]


def test_every_sentence_with_a_number_has_a_form_for_one():
    found = []
    for file in MODULE.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        fitting = {
            each
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "counted"
            for argument in call.args
            for each in ast.walk(argument)
        }
        for node in ast.walk(tree):
            isText = isinstance(node, ast.Constant) and isinstance(node.value, str)
            isMany = isText and re.search(MANY, node.value) and NEVER_ONE not in node.value
            if isMany and node not in fitting:
                found.append(f"{file.name}:{node.lineno}: {node.value}")
    assert not found


def test_of_many_sentences_the_first_are_shown():
    from DualTaskSegLib.common.i18n import together

    assert together([]) == "" and together(["A.", "B."]) == "A. B."
    assert together(["A.", "B.", "C.", "D."]) == "A. B. C. There is 1 more like that."
    assert together(list("ABCDE")) == "A B C There are 2 more like that."
