"""Every sentence that the module shows can be translated: it stands whole, as a plain text, within ``_()``."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"
FILES = sorted([MODULE / "DualTaskSeg.py", *(MODULE / "DualTaskSegLib").rglob("*.py")], key=str)
WORDS = re.compile(r"[A-Za-z}]{2,}[,.:;]? [A-Za-z{]{2,}")  # two of them make a sentence
FOR_PROGRAMMERS = ("ValueError", "KeyError", "TypeError", "RuntimeError", "FileNotFoundError", "NotImplementedError")
# Texts that are no sentences for people: what programs print, write or name.
NO_SENTENCES = {
    "DualTaskSeg.py": {"The DualTaskSeg developers"},
    "DualTaskSegLib/common/knownfailures.py": {  # patterns of what pip and PyTorch print
        r".*[|\\].*",
        "No module named 'dualtaskseg'",
        "DO NOT MATCH THE HASHES",
        "Could not find a version that satisfies",
    },
    "DualTaskSegLib/engine/launching.py": {"exit abnormally"},
    "DualTaskSegLib/engine/runs.py": {"this is a defect"},  # what the command line prints
    "DualTaskSegLib/image/volumefiles.py": {r"(space|kinds|encoding|space directions|space origin|space units): .*"},
    "DualTaskSegLib/panel/cases/checking.py": {"files of cases"},  # questions for a disk
    "DualTaskSegLib/panel/export/exportsection.py": {"files of the series"},
    "DualTaskSegLib/panel/review/layerbox.py": {"background: .*"},  # a style sheet
    "DualTaskSegLib/panel/train/trainsection.py": {"go on"},
    "DualTaskSegLib/results/results.py": {"signed distance", "negative inside"},  # attributes of nodes
    "DualTaskSegLib/scene/sampledata.py": {"import sys; .*"},
}


def _within(node: ast.AST) -> set[int]:
    return {id(child) for child in ast.walk(node)}


def _calls(tree: ast.Module) -> list[ast.Call]:
    """The calls that translate."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if ast.unparse(call.func) in ("_", "translate")]


def _passedOver(tree: ast.Module) -> set[int]:
    """Nodes whose texts no user reads: docstrings, annotations, the log, patterns, defects; and what is translated."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node) is not None:
            found |= _within(node.body[0])
        elif isinstance(node, ast.Call) and re.match(r"logging\.|re\.", ast.unparse(node.func)):
            found |= _within(node)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if ast.unparse(node.exc.func) in FOR_PROGRAMMERS:
                found |= _within(node)
        elif isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation is not None:
            found |= _within(node.annotation)
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            found |= _within(node.returns)
    return found.union(*(_within(call) for call in _calls(tree)))


def untranslated(code: str) -> list[tuple[int, str]]:
    """The sentences in code that are not translated, each with its line."""
    tree = ast.parse(code)
    passedOver, found = _passedOver(tree), []
    for node in ast.walk(tree):
        if id(node) in passedOver:
            continue
        if isinstance(node, ast.JoinedStr):
            passedOver |= _within(node)
            text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if WORDS.search(text) and not text.startswith("<"):
            found.append((node.lineno, text))
    return found


@pytest.mark.parametrize(
    ("code", "isFound"),
    [
        ("panel.fail('The disk is full.')", True),
        ("panel.fail(f'{file} is missing.')", True),
        ("raise InputError(f'The folder {folder} is gone', '')", True),
        ("panel.fail(_('The disk is full.'))", False),
        ("panel.fail(_('{file} is missing.').format(file=file))", False),
        ("raise ValueError('the transform is not linear')", False),
        ("def f():\n    'Says something.'", False),
    ],
)
def test_the_search_finds_sentences(code, isFound):
    assert bool(untranslated(code)) == isFound


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(MODULE).as_posix())
def test_every_sentence_can_be_translated(file):
    allowed = NO_SENTENCES.get(file.relative_to(MODULE).as_posix(), set())
    found = untranslated(file.read_text(encoding="utf-8"))
    assert [each for each in found if not any(re.fullmatch(pattern, each[1]) for pattern in allowed)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(MODULE).as_posix())
def test_what_is_translated_is_a_plain_text(file):
    """The tools that collect texts don't run the code: an f-string, or a name, is nothing that they could collect."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    odd = [call.lineno for call in _calls(tree) if not all(isinstance(each, ast.Constant) for each in call.args)]
    assert odd == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(MODULE).as_posix())
def test_no_function_that_translates_gives_the_underscore_another_meaning(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and _calls(function):
            stored = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == "_"]
            assert not [node.lineno for node in stored if isinstance(node.ctx, ast.Store)]


def test_without_slicer_sentences_stay_as_they_are():
    code = (
        f"import sys; sys.path.insert(0, {str(MODULE)!r}); from DualTaskSegLib.common.i18n import tr; "
        "print(tr('Add scans first.'), 'slicer' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert answer.stdout.strip() == "Add scans first. False"
