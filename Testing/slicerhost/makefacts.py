"""Makes the lists of names in this folder from a checkout of Slicer's sources; the stand itself does not need it.

    git clone --branch v5.12.3 https://github.com/Slicer/Slicer
    git clone https://github.com/Slicer/vtkAddon  # at the commit that Slicer's SuperBuild.cmake names
    python makefacts.py 5.12 Slicer vtkAddon

Only names are taken, no code: of the classes that Slicer's build wraps for Python, of its Python modules, and of what
the application puts into the module ``slicer`` when it runs.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
# The folders of the kits that slicer/kits.py names (Base/Python/CMakeLists.txt), and those of the loadable modules'
# libraries that qSlicerScriptedUtils::importModulePythonExtensions imports.
VTK_KITS = (
    "Libs/MRML/CLI",
    "Libs/MRML/Core",
    "Libs/MRML/DisplayableManager",
    "Libs/MRML/Logic",
    "Libs/vtkSegmentationCore",
    "Base/Logic",
    "Modules/Loadable/*/Logic",
    "Modules/Loadable/*/MRML",
    "Modules/Loadable/*/MRMLDM",
    "Modules/Loadable/*/VTKWidgets",
    "Modules/Scripted/DICOMLib/Logic",
)
QT_KITS = (
    "Libs/MRML/Widgets",
    "Base/QTCore",
    "Base/QTCLI",
    "Base/QTGUI",
    "Base/QTApp",
    "Modules/Loadable/*/Widgets",
    "Modules/Loadable/*/SubjectHierarchyPlugins",
    "Modules/Loadable/*/EditorEffects",
    "Modules/Scripted/DICOMLib/Widgets",
)
PYTHON = "Base/Python/slicer"


def wrappedClasses(folder: Path, isQt: bool) -> set[str]:
    """Names of the classes of one library that are wrapped: listed in its CMakeLists.txt and not excluded there."""
    listed = re.sub(r"#.*", "", (folder / "CMakeLists.txt").read_text(encoding="utf-8"))
    listed = listed.replace("${MODULE_NAME}", folder.parent.name)
    excluded = set()
    for properties in re.findall(r"set_source_files_properties\(([^)]*)\)", listed):
        if "WRAP_EXCLUDE" in properties:
            excluded |= set(re.findall(r"(\w+)\.(?:cxx|h)", properties))
    found = set()
    for header in sorted(folder.glob("*.h")):
        name = header.stem
        if name in excluded or not re.search(rf"\b{name}\.(?:cxx|h)", listed):
            continue
        text = header.read_text(encoding="utf-8", errors="replace")
        if isQt:
            constructor = (
                rf"[^~]\b{name}\s*\([^)]*(?:QObject|QWidget)\s*\*"  # PythonQt's wrapper wants one with a parent
            )
            found |= {name} if "Q_OBJECT" in text and re.search(constructor, text) else set()
        else:
            found |= set(re.findall(r"^class\s+(?:\w+\s+)?(vtk\w+)\s*(?:final)?\s*:\s*public", text, re.MULTILINE))
            if name.startswith("vtk") and re.search(rf"^class\s+(?:\w+\s+)?{name}\s*\{{", text, re.MULTILINE):
                found.add(name)
    return found


def namesOfPackage(folder: Path) -> set[str]:
    """Names in the module ``slicer`` from its own Python files: what __init__.py leaves, and the submodules."""
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    names, removed = set(), set()
    for node in _outsideFunctions(tree):
        if isinstance(node, ast.Import):
            names |= {(each.asname or each.name).partition(".")[0] for each in node.names}
        elif isinstance(node, ast.Delete):
            removed |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value
            if isinstance(called.func, ast.Name) and called.func.id == "_createModule":
                names.add(called.args[0].value.rpartition(".")[2])
    names |= {path.stem for path in folder.glob("*.py") if path.stem != "__init__"} | {"kits"}
    names |= {path.parent.name for path in folder.glob("*/__init__.py") if path.parent.name not in ("tests", "release")}
    return {name for name in names - removed if not name.startswith("_")}


def _outsideFunctions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef):
            yield child
            yield from _outsideFunctions(child)


def namesSetAtRunTime(source: Path) -> set[str]:
    """Names that the application's Python files put into ``slicer``: ``slicer.x = ...``, ``setattr(slicer, ...)``."""
    names = set()
    for path in (*source.glob("Base/Python/**/*.py"), *source.glob("Modules/Scripted/DICOM*/**/*.py")):
        if "tests" in path.parts or "Testing" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    names |= {target.attr} if target.value.id == "slicer" else set()
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
                owner, name = node.args[:2]
                if isinstance(owner, ast.Name) and owner.id == "slicer" and isinstance(name, ast.Constant):
                    names.add(name.value)
    return names


def namespace(source: Path, vtkAddon: Path) -> set[str]:
    """All names in the module ``slicer`` of the running application."""
    names = wrappedClasses(vtkAddon, isQt=False)
    for kits, isQt in ((VTK_KITS, False), (QT_KITS, True)):
        for pattern in kits:
            for folder in sorted(source.glob(pattern)):
                if (folder / "CMakeLists.txt").is_file():
                    names |= wrappedClasses(folder, isQt)
    return names | namesOfPackage(source / PYTHON) | namesSetAtRunTime(source)


def main() -> None:
    version, source, vtkAddon = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    head = (
        f"# Names in the module slicer of Slicer {version}, made from its public sources by makefacts.py: the classes\n"
        "# wrapped by the kits of slicer/kits.py and by the loadable modules' libraries, the Python files of slicer,\n"
        "# what the application sets when it runs. Left out: constants of headers, modules of other repositories.\n"
    )
    text = head + "".join(f"{name}\n" for name in sorted(namespace(source, vtkAddon)))
    (HERE / f"namespace_{version}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
