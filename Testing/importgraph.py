"""Which file of a folder leans on which: for the tests that hold how both houses are built."""

from __future__ import annotations

import ast
from pathlib import Path


def modules(folder: Path) -> dict[str, Path]:
    """All Python files below a folder by their dotted names; a folder's own file by the folder's name."""
    found = {}
    for file in folder.rglob("*.py"):
        parts = file.relative_to(folder).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = file
    return found


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """What a file imports, at its top or within a function, as dotted names; not for type hints alone.

    Raises:
        AssertionError: an import is a relative one.
    """
    hints = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            hints.update(id(child) for child in ast.walk(node))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: a relative import"
        if id(node) in hints:
            continue
        if isinstance(node, ast.ImportFrom):
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


def arrows(folder: Path) -> dict[str, set[str]]:
    """From each file of a package to those of the same package that it imports."""
    files = modules(folder)
    found = {}
    for name, file in files.items():
        start = f"{folder.name}."
        own = [target.removeprefix(start) for target in imported(parsed(file)) if target.startswith(start)]
        found[name] = {target if target in files else target.rpartition(".")[0] for target in own}
    return found


def circle(arrows: dict[str, set[str]]) -> list[str]:
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
