"""How the training package is built: which file leans on which, and how large its rooms are."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import dualtaskseg
import importgraph
import pytest

PACKAGE = Path(dualtaskseg.__file__).parent
LARGEST_SHARE = 0.15  # of the package's lines that one room may hold


@pytest.fixture(scope="module")
def arrows() -> dict[str, set[str]]:
    return importgraph.arrows(PACKAGE)


def _room(module: str) -> str:
    first = module.split(".")[0]
    return first if (PACKAGE / first).is_dir() else f"{first}.py"


def test_a_relative_import_is_found():
    with pytest.raises(AssertionError, match="line 1"):
        importgraph.imported(ast.parse("from ..errors import InputError"))


def test_a_circle_is_found():
    assert importgraph.circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert importgraph.circle({"a": {"b", "c"}, "b": {"c"}}) == []


def test_no_circle_of_files(arrows):
    assert importgraph.circle(arrows) == []


def test_no_circle_of_rooms(arrows):
    rooms: dict[str, set[str]] = defaultdict(set)
    for module, targets in arrows.items():
        rooms[_room(module)] |= {_room(target) for target in targets} - {_room(module)}
    assert importgraph.circle(rooms) == []


def test_no_room_is_too_large():
    lines: dict[str, int] = defaultdict(int)
    for name, file in importgraph.modules(PACKAGE).items():
        lines[_room(name)] += len(file.read_text(encoding="utf-8").splitlines())
    total = sum(lines.values())
    assert {room: count for room, count in lines.items() if count > LARGEST_SHARE * total} == {}


def _compared(tree: ast.Module) -> list[tuple[int, str]]:
    """The texts that something is compared with, matched with, or looked up by: line and text."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            parts = [node.value]
        elif isinstance(node, ast.Subscript):
            parts = [node.slice]
        else:
            continue
        constants = (each for part in parts for each in ast.walk(part) if isinstance(each, ast.Constant))
        found += [(each.lineno, each.value) for each in constants if isinstance(each.value, str)]
    return sorted(found)


def test_what_is_compared_is_found():
    source = "a = b == 'paper' or b in ('x', 'mutual')\nc = d['paper']\nmatch a:\n  case 'paper': e = 'said'"
    assert _compared(ast.parse(source)) == [(1, "mutual"), (1, "paper"), (1, "x"), (2, "paper"), (4, "paper")]


def test_nobody_but_the_methods_asks_for_one_by_name():
    """What is special of a method is known in its own file; the plan knows what learns from labels alone."""
    from dualtaskseg.method.registry import METHODS, PRESET_METHODS

    names = {*PRESET_METHODS, *METHODS} - {"mutual"}  # also the name of a group of settings in the plan
    asking = [
        f"{name}:{line} {text}"
        for name, file in importgraph.modules(PACKAGE).items()
        if _room(name) != "method"
        for line, text in _compared(ast.parse(file.read_text(encoding="utf-8")))
        if text in names
    ]
    assert [each for each in asking if not each.startswith("planning.plan:") or "supervised" not in each] == []
    naming = {  # in whatever way; the table of presets tells how large each is, and what a user may choose
        name
        for name, file in importgraph.modules(PACKAGE).items()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in PRESET_METHODS and _room(name) != "method"
    }
    assert naming == {"contract.presets"}


def test_a_method_takes_one_file_and_one_line():
    from dualtaskseg.method import mean_teacher, registry

    assert len(Path(mean_teacher.__file__).read_text(encoding="utf-8").splitlines()) < 150
    telling = [
        name
        for name, file in importgraph.modules(PACKAGE).items()
        if any(word in file.read_text(encoding="utf-8") for word in ("mean_teacher", "MeanTeacher"))
    ]
    assert sorted(telling) == ["method.mean_teacher", "method.registry"]
    assert Path(registry.__file__).read_text(encoding="utf-8").count("mean_teacher") == 1


def _stored_in(function: ast.FunctionDef) -> set[str]:
    """The attributes of ``self`` that a method writes."""
    written = (
        each for each in ast.walk(function) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
    )
    return {each.attr for each in written if ast.unparse(each.value) == "self"}


def _born_late(tree: ast.Module) -> set[str]:
    """Attributes that an object gets by another method than ``__init__``, nor are fields of its class."""
    late = set()
    for kind in (each for each in ast.walk(tree) if isinstance(each, ast.ClassDef)):
        at_first = {each.target.id for each in kind.body if isinstance(each, ast.AnnAssign)}
        methods = [each for each in kind.body if isinstance(each, ast.FunctionDef)]
        at_first = at_first.union(*(_stored_in(each) for each in methods if each.name == "__init__"))
        late |= {f"{kind.name}.{name}" for each in methods for name in _stored_in(each) - at_first}
    return late


def test_an_attribute_that_is_born_late_is_found():
    source = (
        "class A:\n  c: int\n  def __init__(self):\n    self.a = 1\n  def f(self):\n    self.a = self.b = self.c = 2"
    )
    assert _born_late(ast.parse(source)) == {"A.b"}


def test_no_attribute_is_born_outside_of_init():
    """Of whatever works on a run: what an object has is to be read in one place, whatever was called before."""
    files = {name: file for name, file in importgraph.modules(PACKAGE).items() if _room(name) in ("training", "method")}
    late = {name: _born_late(ast.parse(file.read_text(encoding="utf-8"))) for name, file in files.items()}
    assert {name: found for name, found in late.items() if found} == {}
