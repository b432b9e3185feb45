"""How the module is built: which file leans on which, how large its rooms are, which of them need no Slicer."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

LIB = Path(__file__).resolve().parents[2] / "DualTaskSeg" / "DualTaskSegLib"
LARGEST_SHARE = 0.15  # of the lines that one room may hold; each section of the panel is a room of its own
WITHOUT_SLICER = ("common", "project")
NOT_THERE = ("qt", "ctk", "slicer", "vtk", "mrml", "numpy", "SimpleITK", "torch")


def _modules() -> dict[str, Path]:
    found = {}
    for file in LIB.rglob("*.py"):
        parts = file.relative_to(LIB).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = file
    return found


def _imported(tree: ast.Module) -> set[str]:
    """What a file imports, at its top or within a function, as dotted names; not for type hints alone."""
    hints = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            hints.update(id(child) for child in ast.walk(node))
    found = set()
    for node in ast.walk(tree):
        if id(node) in hints:
            continue
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: a relative import"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    return {name: _imported(ast.parse(file.read_text(encoding="utf-8"))) for name, file in _modules().items()}


@pytest.fixture(scope="module")
def arrows(imports) -> dict[str, set[str]]:
    """From each file to those of the module that it imports."""
    found: dict[str, set[str]] = {}
    for name, targets in imports.items():
        own = [target.removeprefix("DualTaskSegLib.") for target in targets if target.startswith("DualTaskSegLib.")]
        found[name] = {target if target in imports else target.rpartition(".")[0] for target in own}
    return found


def _circle(arrows: dict[str, set[str]]) -> list[str]:
    """A circle of arrows, from its first to its first again; empty where there is none."""
    done: set[str] = set()

    def follow(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for target in sorted(arrows.get(name, ())):
            found = follow(target, [*way, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in sorted(arrows) if (found := follow(name, []))), [])


def _room(module: str) -> str:
    """The folder that a file lies in: ``panel``, ``panel.cases``."""
    return module if _modules()[module].name == "__init__.py" else module.rpartition(".")[0]


def test_every_import_is_found(arrows):
    targets = set().union(*arrows.values())
    assert targets <= set(arrows) and "" not in targets
    assert "panel.context" in targets and "common.steps" in arrows["engine.steprunner"]


def test_a_circle_is_found():
    assert _circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert _circle({"a": {"b", "c"}, "b": {"c"}}) == []


def test_no_circle_of_files(arrows):
    assert _circle(arrows) == []


def test_no_circle_of_rooms(arrows):
    rooms: dict[str, set[str]] = defaultdict(set)
    for module, targets in arrows.items():
        rooms[_room(module)] |= {_room(target) for target in targets} - {_room(module)}
    assert _circle(rooms) == []


def test_nothing_leans_on_the_panel_but_the_panel(arrows):
    leaning = {
        module
        for module, targets in arrows.items()
        if not module.startswith("panel") and any(target.startswith("panel") for target in targets)
    }
    assert leaning == set()


def test_a_section_knows_no_other(arrows):
    sections = {module: targets for module, targets in arrows.items() if module.startswith("panel.")}
    across = {
        (module, target)
        for module, targets in sections.items()
        for target in targets
        if target.startswith("panel.") and _room(target) not in ("panel", _room(module))
    }
    assert across == set()


def test_no_room_is_too_large():
    lines: dict[str, int] = defaultdict(int)
    for name, file in _modules().items():
        lines[_room(name)] += len(file.read_text(encoding="utf-8").splitlines())
    total = sum(lines.values())
    assert {room: count for room, count in lines.items() if count > LARGEST_SHARE * total} == {}


@pytest.mark.parametrize("room", WITHOUT_SLICER)
def test_a_room_needs_neither_qt_nor_slicer(room, imports):
    inside = {name: targets for name, targets in imports.items() if name.split(".")[0] == room}
    inside.pop("common.i18n", None)  # it asks Slicer where Slicer is loaded
    assert len(inside) > 3
    assert {
        (name, target) for name, targets in inside.items() for target in targets if target.split(".")[0] in NOT_THERE
    } == set()
