"""What the test stand accepts, or can't see, and Slicer's PythonQt does not: looked for in the module's source."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest
from slicerhost import signatures

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"
FILES = sorted(path for path in MODULE.rglob("*.py"))

# What Qt 6 lost. What came with it is not there in the stand, but for methods of QObjects: those are looked for here.
LOST = {"exec_", "QTextCodec", "QRegExp", "QDesktopWidget"}


@functools.cache
def notInBoth() -> frozenset[str]:
    """Names that only one of Qt 5.15 and Qt 6 has, and no dict."""
    from PySide6 import QtCore, QtGui, QtWidgets

    found = set(LOST)
    for line in signatures.lines("lacking_qt5.txt"):
        name, _dot, member = line.partition(".")
        classes = (getattr(module, name, None) for module in (QtCore, QtGui, QtWidgets))
        if member and any(issubclass(cls, QtCore.QObject) for cls in classes if cls is not None):
            found.add(member)
    return frozenset(found - set(dir(dict)))


def attributeOfQt(node: ast.AST) -> str | None:
    """``QWidget`` for ``qt.QWidget``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "qt":
        return node.attr
    return None


def faults(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Call):
            found += [f"{line}: {fault}" for fault in faultsOfCall(node)]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            if any(name.split(".")[0] in ("PySide6", "PyQt5", "torch", "SimpleITK", "highdicom") for name in names):
                found.append(f"{line}: imports {', '.join(filter(None, names))}")
        elif isinstance(node, ast.Attribute) and node.attr in notInBoth():
            found.append(f"{line}: {node.attr} is not in Qt 5.15 and Qt 6")
    return found


def faultsOfCall(node: ast.Call) -> list[str]:
    found = []
    name = node.func.id if isinstance(node.func, ast.Name) else None
    if name == "isinstance":
        kinds = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
        found += [f"isinstance(..., qt.{k}): ask inherits()" for k in map(attributeOfQt, kinds) if k]
    if name == "_" and any(isinstance(argument, ast.JoinedStr) for argument in node.args):
        found.append("an f-string can't be translated")
    if attributeOfQt(node.func) and node.keywords:
        found.append(f"qt.{attributeOfQt(node.func)} takes no keywords")
    if (
        isinstance(node.func, ast.Attribute)
        and attributeOfQt(node.func.value) == "QFile"
        and node.func.attr == "exists"
    ):
        found.append("QFile.exists needs an object")
    if (
        isinstance(node.func, ast.Attribute)
        and node.func.attr.startswith("confirm")
        and node.func.attr[-7:] == "Display"
    ):
        found.append("Slicer logs what it asks, and names of patients with it: Panel.confirm does not")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(MODULE)))
def test_habits(path):
    assert faults(path.read_text(encoding="utf-8")) == []


def test_faults_are_found():
    source = """
import torch
from PySide6.QtCore import Qt
isinstance(button, (int, qt.QWidget))
_(f"{n} cases")
qt.QLabel(text="a")
qt.QFile.exists(path)
dialog.exec_()
process.startCommand("ls")
slicer.util.confirmYesNoDisplay("Replace it?")
"""
    assert sorted(int(fault.split(":")[0]) for fault in faults(source)) == list(range(2, 11))
    assert faults("isinstance(value, int)\n_('{n} cases').format(n=3)\nqt.QLabel('a')\nqt.QFile(p).exists()\n") == []
