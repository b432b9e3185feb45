"""Every parameter of the module has a type, and none is ``Any`` that has a name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"
FILES = sorted([MODULE / "DualTaskSeg.py", *(MODULE / "DualTaskSegLib").rglob("*.py")], key=str)
JSON = re.compile(r"(dict|Mapping)\[str, Any\]")  # what the engine's lines and files hold
NAMES = re.compile(r"\bslicer\.((?:vtk|q)\w+)")


def _annotations(tree: ast.Module) -> Iterator[tuple[int, str, str | None]]:
    """Line, name and type of each parameter, each result and each attribute; the type is None where there is none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            given = node.args
            for each in [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]:
                if each is not None and each.arg not in ("self", "cls"):
                    yield node.lineno, f"{node.name}({each.arg})", _text(each.annotation)
            yield node.lineno, f"{node.name}()", _text(node.returns)
        elif isinstance(node, ast.AnnAssign):
            yield node.lineno, ast.unparse(node.target), _text(node.annotation)


def _text(annotation: ast.expr | None) -> str | None:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value
    return ast.unparse(annotation) if annotation is not None else None


def untyped(code: str) -> list[tuple[int, str]]:
    found = _annotations(ast.parse(code))
    return [(line, name) for line, name, kind in found if kind is None or re.search(r"\bAny\b", JSON.sub("", kind))]


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("def f(node) -> None: ...", 1),
        ("def f(node: Any) -> None: ...", 1),
        ("def f(nodes: list[Any]): ...", 2),
        ("node: Any = None", 1),
        ("def f(self, node: slicer.vtkMRMLNode, document: dict[str, Any]) -> None: ...", 0),
    ],
)
def test_the_search_finds_what_has_no_type(code, count):
    assert len(untyped(code)) == count


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(MODULE).as_posix())
def test_everything_has_a_type(file):
    assert untyped(file.read_text(encoding="utf-8")) == []


def test_the_types_of_slicer_are_there(host):
    """As text they are never looked up, so a wrong name would not be noticed."""
    import slicer

    kinds = {
        name
        for file in FILES
        for _line, _name, kind in _annotations(ast.parse(file.read_text(encoding="utf-8")))
        for name in NAMES.findall(kind or "")
    }
    assert len(kinds) > 10
    assert [name for name in sorted(kinds) if not hasattr(slicer, name)] == []
