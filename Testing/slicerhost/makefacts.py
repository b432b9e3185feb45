"""Makes namespace_*.txt, signatures_*.txt and lacking_*.txt from checkouts of sources; the stand does not need it.

    git clone --branch v5.12.3 https://github.com/Slicer/Slicer
    git clone https://github.com/Slicer/vtkAddon  # at the commit that Slicer/SuperBuild.cmake names
    git clone https://github.com/commontk/CTK  # at the commit that Slicer/SuperBuild/External_CTK.cmake names
    git clone https://github.com/fepegar/SlicerPyTorch
    python makefacts.py 5.12 Slicer vtkAddon CTK SlicerPyTorch

    pip install --target stubs PyQt5-stubs==5.15.6.0  # what Qt 5.15 has, as far as another binding shows it
    git clone --branch v3.6.1 https://github.com/MeVisLab/pythonqt  # the rest of it
    python makefacts.py qt stubs/PyQt5-stubs pythonqt

Only names are taken, no code: of the classes that Slicer's build wraps for Python, of its Python modules, of what the
application puts into the module ``slicer`` when it runs; the names and defaults of functions' parameters; and names of
methods that classes of the wheel installed here have and those of the version have not.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib import metadata
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


# Signatures

# Python files whose public functions and classes the module uses or the stand models, by the name of their module.
PYTHON_FILES = {
    "slicer.util": "Base/Python/slicer/util.py",
    "slicer.packaging": "Base/Python/slicer/packaging.py",
    "slicer.i18n": "Base/Python/slicer/i18n.py",
    "slicer.ScriptedLoadableModule": "Base/Python/slicer/ScriptedLoadableModule.py",
    "slicer.parameterNodeWrapper.default": "Base/Python/slicer/parameterNodeWrapper/default.py",
    "slicer.parameterNodeWrapper.guiConnectors": "Base/Python/slicer/parameterNodeWrapper/guiConnectors.py",
    "slicer.parameterNodeWrapper.guiCreation": "Base/Python/slicer/parameterNodeWrapper/guiCreation.py",
    "slicer.parameterNodeWrapper.types": "Base/Python/slicer/parameterNodeWrapper/types.py",
    "slicer.parameterNodeWrapper.validators": "Base/Python/slicer/parameterNodeWrapper/validators.py",
    "slicer.parameterNodeWrapper.wrapper": "Base/Python/slicer/parameterNodeWrapper/wrapper.py",
    "SampleData": "Modules/Scripted/SampleData/SampleData.py",
    "DICOMLib.DICOMUtils": "Modules/Scripted/DICOMLib/DICOMUtils.py",
}
CTK_HEADERS = ("Libs/DICOM/Core/ctkDICOMDatabase.h", "Libs/DICOM/Core/ctkDICOMIndexer.h")


def signaturesOfPython(module: str, path: Path) -> list[str]:
    """``module.function(parameters)`` and ``module.Class.method(parameters)``, without annotations."""
    found = []

    def collect(owner: str, body: list[ast.stmt]) -> None:
        for node in body:
            name = getattr(node, "name", "_")
            isPublic = not name.startswith("_") or name == "__init__"
            if isinstance(node, ast.FunctionDef) and isPublic:
                found.append(f"{owner}.{name}({_parameters(node.args)})")
            elif isinstance(node, ast.ClassDef) and isPublic:
                found.append(f"{owner}.{name}")
                collect(f"{owner}.{name}", node.body)
                if any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list):
                    found.append(f"{owner}.{name}.__init__({_fields(node)})")

    tree = ast.parse(path.read_text(encoding="utf-8"))
    collect(module, tree.body)
    for node in tree.body:  # constants
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            found.append(f"{module}.{node.targets[0].id}")
    return found


def _fields(node: ast.ClassDef) -> str:
    fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
    return ", ".join(
        ["self", *(f"{each.target.id}={ast.unparse(each.value)}" if each.value else each.target.id for each in fields)]
    )


def _parameters(arguments: ast.arguments) -> str:
    everything = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    for each in filter(None, everything):
        each.annotation = None
    return ast.unparse(arguments)


def signaturesOfHeader(path: Path) -> list[str]:
    """``ctk.Class.method(parameters)`` of what PythonQt shows: slots and Q_INVOKABLE; overloads make several lines."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found, inSlots = [], False
    for statement in re.split(r"[;{}]", text):
        for access in re.findall(r"(public|protected|private)\s*(Q_SLOTS|slots)?\s*:|Q_SIGNALS\s*:", statement):
            inSlots = access == ("public", "Q_SLOTS")
        called = re.search(r"(\w+)\s*\(((?:[^()]|\([^()]*\))*)\)\s*(?:const)?\s*(?:override)?\s*$", statement)
        if called and (inSlots or "Q_INVOKABLE" in statement):
            parameters = []
            for parameter in re.split(r",(?![^<]*>)", called.group(2)):
                declared, _, default = parameter.partition("=")
                name = re.search(r"(\w+)\s*$", declared)
                if name:
                    parameters.append(name.group(1) + ("=..." if default else ""))
            found.append(f"ctk.{path.stem}.{called.group(1)}({', '.join(parameters)})")
    return found


def signatures(source: Path, ctk: Path, pyTorch: Path) -> list[str]:
    """All signatures of a version, sorted."""
    found = []
    for module, path in PYTHON_FILES.items():
        if (source / path).is_file():
            found += signaturesOfPython(module, source / path)
    for path in CTK_HEADERS:
        found += signaturesOfHeader(ctk / path)
    found += signaturesOfPython("PyTorchUtils", pyTorch / "PyTorchUtils" / "PyTorchUtils.py")
    return sorted(set(found))


# Methods


def lacking(source: Path, vtkAddon: Path) -> list[str]:
    """``class.method`` of the wheel's classes whose name no header of the class and its bases has."""
    import slicer_core

    folders = [vtkAddon, *(folder for kit in VTK_KITS for folder in sorted(source.glob(kit)))]
    words = {
        header.stem: set(re.findall(r"\w+", header.read_text(encoding="utf-8", errors="replace")))
        for folder in folders
        for header in folder.glob("*.h")
    }
    everything = set().union(*words.values())
    found = []
    for name in sorted(namespace(source, vtkAddon)):
        cls = getattr(slicer_core, name, None)
        if not isinstance(cls, type) or not hasattr(cls, "SafeDownCast"):
            continue
        known = set().union(*(words.get(base.__name__, set()) for base in cls.__mro__))
        known |= set() if name in words else everything  # it shares another's header
        known |= {"IsA", "IsTypeOf", "SafeDownCast", "NewInstance"}  # made by macros, as are those of GetNumberOf...
        for method in vars(cls):
            isOrdinary = method[0].isupper() and not method.startswith("GetNumberOfGenerationsFromBase")
            if isOrdinary and not _spellings(method) & known:
                found.append(f"{name}.{method}")
    return found


def _spellings(method: str) -> set[str]:
    """How a header names a method: as it is, or in a macro such as vtkGetMacro, vtkBooleanMacro, vtkClampMacro."""
    ending = r"(On|Off|MinValue|MaxValue|AsString|FromString|_)$"
    short = re.sub(r"^(SetAndPropagate|Set|Get)", "", method)
    parts = {method, short, re.sub(ending, "", method), re.sub(ending, "", short)}
    return parts | set(re.findall(r"^\w+?To(\w+)$", short))


# Qt


def lackingInQt5(stubs: Path, pythonQt: Path) -> list[str]:
    """Classes, and their methods, signals and enumerators, that PySide6 has, and neither the stubs nor PythonQt."""
    import PySide6.QtCore
    import PySide6.QtGui
    import PySide6.QtWidgets

    members: dict[str, set[str]] = {}
    for path in (stubs / f"{name}.pyi" for name in ("QtCore", "QtGui", "QtWidgets")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                members.setdefault(node.name, set()).update(name for each in node.body for name in _namesOf(each))
    for path in pythonQt.glob("generated_cpp_515/com_trolltech_qt_[cg]*/*.h"):
        for part in path.read_text(encoding="utf-8").split("\nclass PythonQtWrapper_")[1:]:
            words = re.findall(r"\w+", re.sub(r"\bstatic_\w+?_", "", part))
            members.setdefault(words[0], set()).update(words)
    modules = (PySide6.QtCore, PySide6.QtGui, PySide6.QtWidgets)
    everything = {name: getattr(module, name) for module in modules for name in dir(module)}
    wrapped = {name: cls for name, cls in everything.items() if isinstance(cls, type(PySide6.QtCore.QObject))}
    found = set(wrapped) - set(members)
    for name in members.keys() & wrapped.keys():
        bases = wrapped[name].__mro__
        known = set().union(*(members.get(base.__name__, set()) for base in bases))
        offered = {key for base in bases if base.__name__ in wrapped for key in vars(base)} - {
            "connect",
            "emit",
        }  # of PySide6 itself
        found |= {f"{name}.{key}" for key in offered if not key.startswith("_") and key not in known}
    for line in list(found):  # what a base lacks is not said again
        name, _dot, key = line.partition(".")
        bases = wrapped[name].__mro__[1:] if key else ()
        found -= {line} if any(f"{base.__name__}.{key}" in found for base in bases) else set()
    return sorted(found)


def _namesOf(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    return [target.id for target in targets if isinstance(target, ast.Name)]


def writeQt(stubs: Path, pythonQt: Path) -> None:
    """The list for Qt, which no version of Slicer needs anew."""
    head = (
        f"# Names of PySide6-Essentials {metadata.version('PySide6-Essentials')} that are not in Qt 5.15, on which\n"
        "# Slicer 5.10 and 5.12 are built: classes, methods, signals and enumerators. Made by makefacts.py from the\n"
        "# stubs of PyQt5 5.15.6 and PythonQt 3.6.1.\n"
    )
    text = head + "".join(f"{each}\n" for each in lackingInQt5(stubs, pythonQt))
    (HERE / "lacking_qt5.txt").write_text(text, encoding="utf-8")


def main() -> None:
    version = sys.argv[1]
    if version == "qt":
        return writeQt(Path(sys.argv[2]), Path(sys.argv[3]))
    source, vtkAddon, ctk, pyTorch = map(Path, sys.argv[2:])
    head = (
        f"# Names in the module slicer of Slicer {version}, made from its public sources by makefacts.py: the classes\n"
        "# wrapped by the kits of slicer/kits.py and by the loadable modules' libraries, the Python files of slicer,\n"
        "# what the application sets when it runs. Left out: constants of headers, modules of other repositories.\n"
    )
    text = head + "".join(f"{name}\n" for name in sorted(namespace(source, vtkAddon)))
    (HERE / f"namespace_{version}.txt").write_text(text, encoding="utf-8")
    head = (
        f"# Signatures of what the module uses of Slicer {version} and the stand models, made from public sources by\n"
        "# makefacts.py: public functions, classes and methods, with names and defaults of their parameters.\n"
    )
    text = head + "".join(f"{signature}\n" for signature in signatures(source, ctk, pyTorch))
    (HERE / f"signatures_{version}.txt").write_text(text, encoding="utf-8")
    wheel = f"slicer-core {metadata.version('slicer-core')}"
    head = (
        f"# Methods and enumerators that classes of the wheel {wheel} have and those of Slicer {version} lack,\n"
        "# made by makefacts.py: their names are in no header of the class and its bases.\n"
    )
    text = head + "".join(f"{each}\n" for each in lacking(source, vtkAddon))
    (HERE / f"lacking_{version}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
