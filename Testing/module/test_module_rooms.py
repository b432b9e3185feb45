"""How the module is built: which file leans on which, how large its rooms are, which of them need no Slicer."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import importgraph
import pytest

LIB = Path(__file__).resolve().parents[2] / "DualTaskSeg" / "DualTaskSegLib"
LARGEST_SHARE = 0.15  # of the lines that one room may hold; each section of the panel is a room of its own
WITHOUT_SLICER = ("common", "project")
NOT_THERE = ("qt", "ctk", "slicer", "vtk", "mrml", "numpy", "SimpleITK", "torch")


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    return {name: importgraph.imported(importgraph.parsed(file)) for name, file in importgraph.modules(LIB).items()}


@pytest.fixture(scope="module")
def arrows() -> dict[str, set[str]]:
    return importgraph.arrows(LIB)


def _room(module: str) -> str:
    """The folder that a file lies in: ``panel``, ``panel.cases``."""
    return module if importgraph.modules(LIB)[module].name == "__init__.py" else module.rpartition(".")[0]


def test_every_import_is_found(arrows):
    targets = set().union(*arrows.values())
    assert targets <= set(arrows) and "" not in targets
    assert "panel.context" in targets and "common.steps" in arrows["engine.steprunner"]


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
    for name, file in importgraph.modules(LIB).items():
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
