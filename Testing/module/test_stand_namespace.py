"""The stand's module ``slicer`` has the names that Slicer 5.10 and 5.12 have, and the module uses no others."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from slicerhost import namespace, versions

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"
FILES = sorted([*MODULE.rglob("*.py"), *(MODULE.parent / "Testing" / "in_slicer").rglob("*.py")])
ONLY_IN_SOME = {"packaging"}  # asked for with try, or hasattr


def usedNames(source: str) -> set[str]:
    """``x`` of each ``slicer.x``, ``from slicer import x`` and ``import slicer.x``."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "slicer":
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.module == "slicer" and not node.level:
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("slicer."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("slicer.")}
    return found


@pytest.mark.parametrize("version", versions.ALL)
def test_the_lists_are_of_slicer(version):
    names = namespace.names(version)
    assert 550 < len(names) < 750
    # One of each kit, of the loadable modules' libraries, of the Python files, and of what is set at run time.
    assert {
        "vtkMRMLScene",
        "vtkMRMLSliceLogic",
        "vtkMRMLModelDisplayableManager",
        "vtkMRMLCommandLineModuleNode",
    } <= names
    assert {"vtkSegment", "vtkOrientedGridTransform", "vtkSlicerApplicationLogic", "qMRMLNodeComboBox"} <= names
    assert {"qSlicerIOManager", "qSlicerCLIModule", "qSlicerWidget", "qSlicerScriptedLoadableModule"} <= names
    assert {"vtkSlicerSegmentationsModuleLogic", "vtkMRMLMarkupsFiducialNode", "qMRMLSegmentEditorWidget"} <= names
    assert {"vtkSlicerDICOMLoadable", "util", "modules", "parameterNodeWrapper", "app", "mrmlScene"} <= names
    # What has a module of its own, is excluded from wrapping, or is a function of slicer.util.
    for name in ("vtkITK", "vtkITKArchetypeImageSeriesScalarReader", "vtkTeemNRRDReader", "vtkImageLabelCombine"):
        assert name not in names
    for name in ("vtk", "loadVolume", "qSlicerFileDialog", "vtkMRMLDisplayableManagerGroup"):
        assert name not in names
    assert ("packaging" in names) == (version == "5.12")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(MODULE.parent)))
def test_the_module_uses_only_names_of_both_versions(path):
    assert usedNames(path.read_text(encoding="utf-8")) - namespace.inAll() - ONLY_IN_SOME == set()


def test_uses_are_found():
    source = (
        "import slicer.util\nfrom slicer import vtkA, b\nfrom slicer.i18n import tr\nx = slicer.vtkC().d(slicer.e.f)"
    )
    assert usedNames(source) == {"util", "vtkA", "b", "i18n", "vtkC", "e"}


def test_other_names_are_refused(slicerVersion):
    import slicer

    assert {name for name in vars(slicer) if not name.startswith("__")} <= namespace.inAll() | ONLY_IN_SOME
    assert hasattr(slicer, "packaging") == (slicerVersion == "5.12")
    for name in ("vtkITKArchetypeImageSeriesScalarReader", "vtkTeemNRRDReader", "loadVolume", "vtk"):
        with pytest.raises(AttributeError, match=name):
            getattr(slicer, name)
    with pytest.raises(AttributeError, match="qSlicerFileDialog"):
        slicer.qSlicerFileDialog  # noqa: B018
    with pytest.raises(AttributeError, match="vtkImageMapToWindowLevelAddon"):  # 5.12 has it, 5.10 has not
        slicer.vtkImageMapToWindowLevelAddon  # noqa: B018
    assert not hasattr(slicer, "dicomDatabase")


def test_what_slicer_has_and_the_wheel_has_not_is_said(host):
    import slicer

    with pytest.raises(NotImplementedError, match="vtkSlicerDICOMExportable"):
        slicer.vtkSlicerDICOMExportable()


def test_modules_beside_slicer_are_there(host):
    import vtkAddon
    import vtkITK
    import vtkSegmentationCore
    import vtkTeem

    assert vtkITK.vtkITKArchetypeImageSeriesScalarReader().IsA("vtkImageAlgorithm")
    assert vtkTeem.vtkTeemNRRDReader and vtkSegmentationCore.vtkSegment and vtkAddon.vtkOrientedGridTransform
