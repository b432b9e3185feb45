"""Collects what the training package says to people, so that the panel can say it in the user's language.

The package has no Slicer and says everything in English. Its texts are f-strings; here each becomes a sentence with
places for what is put in: ``f"{path} has no {axis} axis"`` becomes ``{path} has no {axis} axis``. Where a word is
chosen in the code (``"is" if count == 1 else "are"``), there is one whole sentence for each choice.
"""

from __future__ import annotations

import ast
import functools
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "DualTaskSegTraining" / "dualtaskseg"
# What only people at a command line, and readers of a report, of a log or of an exported bundle see.
ELSEWHERE = (
    "arguments.py",
    "bundle/configuration.py",
    "cli.py",
    "cluster",
    "commands",
    "data/side_words.py",
    "evaluation/compare.py",
    "evaluation/pairing.py",
    "evaluation/segment_names.py",
    "evaluation/tables.py",
    "parallel",
    "report",
    "synthetic",
    "terminal.py",
    "training/run_report.py",
)
NO_SENTENCES = re.compile(  # what files, libraries and lists hold, which is compared, written or read, not said
    r"ignore \w+|to ignore|don t care|dont care|do not care|not labell?ed|not annotated|back ground|clear label|"
    r"arri.re plan|Segmentation category and type.*|Anatomic codes.*|ISO_IR 192|no units|Source image for .*|"
    r"Unspecified method of calculation|Anatomical Structure|Signed distance\{of\}.*|Uncertainty \(0 to 1\)|"
    r"Disagreement of two networks.*|# Color table file|space: .*|space \w+: .*|endian: .*|encoding: .*|"
    r"Segmentation_.*|Structure set|block size|space (dimension|directions|units|origin)|axis (mins|maxs)|"
    r"(old|new) (min|max)|(line|byte) skip|sample units|measurement frame|data file|"
    r"((un)?signed )?(char|short|int|long|long long)( int)?|unable to determine imageio|got only|out of memory|"
    r"can't allocate memory|not enough memory|of another rank|(HD95|ASSD|HD|Axial|In 3D) mm|Volume mL|across it|"
    r"(NVIDIA|Apple) GPU.*|CPU \(.*|model name|scan mean|Dice mean.*|Is a directory|not rotated|RECON TOMO|"
    r", then resume.*|"
    r"(dualtaskseg resume|Every scan is brought to|The scans' usual voxels are|The scans have|CT numbers are clipped|"
    r"Each scan's intensities|The computer is) ?(\"\{folder\}\")?"
)
FOR_PROGRAMMERS = ("ValueError", "KeyError", "TypeError", "RuntimeError", "AssertionError", "NotImplementedError")
WORDS = re.compile(r"[^\W\d_]{2,}")
PLACE = re.compile(r"\{\w+\}")
# What is no sentence where it stands in the code: single words of progress, and what is joined of several texts.
OTHERS = (
    "Comparing",
    "Measuring",
    "Segmenting",
    "Training",
    "{file}, line {line}",
    "{remedy}, then resume",
    "{remedy}, then resume; nothing is lost",
    "Checking scan {done} of {of}",
    "Looking at labeled scan {done} of {of}",
    "Looking at unlabeled scan {done} of {of}",
    "Looking at validation scan {done} of {of}",
    "Preparing scan {done} of {of}",
    "Timing step {done} of {of}",
    "Learning the overview step {done} of {of}",
    "Looking over scan {done} of {of}",
)
MOST_CHOICES = 16  # sentences that one f-string may stand for

Chosen = dict[str, list[str]]  # name -> the texts that it may stand for


@functools.cache
def collect() -> list[str]:
    """All sentences, each once, in the order of the files and of their lines."""
    found = dict.fromkeys(OTHERS)
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        if not any(name == each or name.startswith(f"{each}/") for each in ELSEWHERE):
            found.update(dict.fromkeys(sentences(file.read_text(encoding="utf-8"))))
    return list(found)


def sentences(code: str) -> Iterator[str]:
    """The sentences of one file."""
    for node, chosen in _texts(ast.parse(code), {}):
        for text in _variants(node, chosen):
            is_sentence = len(WORDS.findall(PLACE.sub(" ", text))) > 1 and " " in text.strip()
            if is_sentence and "\n" not in text and not NO_SENTENCES.fullmatch(text):
                yield text.rstrip(".")


def _texts(node: ast.AST, chosen: Chosen) -> Iterator[tuple[ast.JoinedStr | ast.Constant, Chosen]]:
    """The texts below a node that somebody may read, each with the words that names stand for there."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield node, chosen
        return
    if _is_for_programmers(node):
        return
    if isinstance(node, ast.FunctionDef):
        chosen = chosen | _chosen_words(node)
    unread = [getattr(node, "annotation", None), getattr(node, "returns", None)]
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
        unread.append(node.body[0])
    for child in ast.iter_child_nodes(node):
        if child not in unread:
            yield from _texts(child, chosen)


def _is_for_programmers(node: ast.AST) -> bool:
    """Whether texts of a statement or a call are patterns, defects or for the log."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return ast.unparse(node.exc.func) in FOR_PROGRAMMERS
    if isinstance(node, ast.Call):
        function = node.func
        while isinstance(function, ast.Attribute):
            function = function.value
        return isinstance(function, ast.Name) and function.id in ("re", "log", "logging", "struct")
    return isinstance(node, ast.Assert)


def _chosen_words(scope: ast.AST) -> Chosen:
    """The names of a function that stand for one of a few texts, as ``are = "is" if count == 1 else "are"``."""
    values: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values.setdefault(node.targets[0].id, []).append(node.value)
    return {
        name: [text for choice in given for text in _choices(choice)]
        for name, given in values.items()
        if all(map(_choices, given)) and any(isinstance(choice, ast.IfExp) for choice in given)
    }


def _choices(node: ast.expr) -> list[str]:
    """The texts that stand in a choice, or nothing where it isn't one between plain texts."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        parts = [_choices(node.body), _choices(node.orelse)]
        return [text for part in parts for text in part] if all(parts) else []
    return []


def _variants(node: ast.JoinedStr | ast.Constant, chosen: Chosen) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value]
    used: dict[str, str] = {}  # place -> what is put in
    parts: list[list[str]] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append([part.value])
            continue
        words = _choices(part.value) or (chosen.get(part.value.id, []) if isinstance(part.value, ast.Name) else [])
        parts.append(words or [f"{{{_place(part.value, used)}}}"])
    many = len(list(itertools.product(*parts))) > MOST_CHOICES
    return ["".join(text) for text in itertools.product(*parts)] if not many else []


def _place(node: ast.expr, used: dict[str, str]) -> str:
    """A name for what is put in: the last one of the expression that says what it is."""
    text = ast.unparse(node)
    name = _name(node)
    number = 1
    while used.get(name if number == 1 else f"{name}{number}", text) != text:
        number += 1
    place = name if number == 1 else f"{name}{number}"
    used[place] = text
    return place


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id.lower()
    if isinstance(node, ast.Attribute):
        return node.attr.lower()
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    if isinstance(node, ast.Call):
        return _name(node.args[0]) if node.args else _name(node.func)
    if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        return _name(node.elt)
    return "value"
