"""The stand, and so the module, can call only what Slicer 5.10 and 5.12 would accept."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from slicerhost import signatures, versions

MODULE = Path(__file__).resolve().parents[2] / "DualTaskSeg"
FILES = sorted([*MODULE.rglob("*.py"), *(MODULE.parent / "Testing" / "in_slicer").rglob("*.py")])
KIND = inspect.Parameter
NAMED = (KIND.POSITIONAL_OR_KEYWORD, KIND.KEYWORD_ONLY)


# The stand's own functions


def leniency(name: str, stand: inspect.Signature, real: inspect.Signature) -> list[str]:
    """What the stand's function accepts and Slicer's does not; being stricter is fine."""
    found = []
    ours, theirs = list(stand.parameters.values()), list(real.parameters.values())
    kinds = {each.kind for each in theirs}
    positional = [each.name for each in theirs if each.kind in (KIND.POSITIONAL_ONLY, KIND.POSITIONAL_OR_KEYWORD)]
    place = 0
    for each in ours:
        match = real.parameters.get(each.name)
        if each.kind in (KIND.VAR_POSITIONAL, KIND.VAR_KEYWORD):
            if each.kind not in kinds:
                found.append(f"{name} takes any arguments")
            continue
        if each.kind in NAMED and not (match and match.kind in NAMED) and KIND.VAR_KEYWORD not in kinds:
            found.append(f"{name} takes {each.name}")
        if each.kind in (KIND.POSITIONAL_ONLY, KIND.POSITIONAL_OR_KEYWORD):
            named = positional[place] if place < len(positional) else None
            if KIND.VAR_POSITIONAL not in kinds and (named is None or (each.kind in NAMED and named != each.name)):
                found.append(f"{name} takes {each.name} in place {place}, Slicer's takes {named}")
            place += 1
    needed = [
        each
        for each in theirs
        if each.default is KIND.empty and each.kind not in (KIND.VAR_POSITIONAL, KIND.VAR_KEYWORD)
    ]
    given = [each for each in ours if each.default is KIND.empty]
    for number, each in enumerate(needed):
        if each.kind is KIND.POSITIONAL_ONLY:
            if number >= len(given):
                found.append(f"{name} does not need {each.name}")
        elif each.name not in (other.name for other in given):
            found.append(f"{name} does not need {each.name}")
    return found


def faultsOf(version: str, name: str, value) -> list[str]:
    """Compares a function, or the constructor and the public methods of a class, with the version's."""
    if inspect.isclass(value):
        isTold = f"{name}.__init__" in signatures.table(version) and value.__init__ is not object.__init__
        found = faultsOf(version, f"{name}.__init__", value.__init__) if isTold else []
        methods = {key for cls in value.__mro__ if cls.__module__.startswith("slicerhost") for key in vars(cls)}
        for key in sorted(methods):
            method = inspect.getattr_static(value, key)
            if not key.startswith("_") and isinstance(method, staticmethod | type(leniency)):
                found += faultsOf(version, f"{name}.{key}", getattr(method, "__func__", method))
        return found
    known = signatures.table(version).get(name)
    if known is None:
        return [f"Slicer {version} has no {name}"]
    stand = inspect.signature(value)
    if name.startswith("ctk."):  # C++: no self in the table
        stand = stand.replace(parameters=list(stand.parameters.values())[1:])
    faults = [leniency(name, stand, real) for real in known]
    return [] if any(fault == [] for fault in faults) else faults[0]


def test_functions_of_the_stand_accept_nothing_that_slicer_refuses(slicerVersion):
    import SampleData
    import slicer.i18n
    import slicer.parameterNodeWrapper
    import slicer.ScriptedLoadableModule
    import slicer.util
    from slicerhost import dicomdatabase

    modelled = {
        "SampleData.SampleDataLogic": SampleData.SampleDataLogic,
        "SampleData.SampleDataSource": SampleData.SampleDataSource,
        "ctk.ctkDICOMDatabase": dicomdatabase.DicomDatabase,
        "ctk.ctkDICOMIndexer": dicomdatabase.ctkDICOMIndexer,
    }
    bases = slicer.ScriptedLoadableModule
    modelled |= {f"slicer.ScriptedLoadableModule.{name}": getattr(bases, name) for name in bases.__all__}
    modelled |= {f"slicer.i18n.{name}": getattr(slicer.i18n, name) for name in ("tr", "translate")}
    for name in ("messageBox", "pip_install", "pip_uninstall"):
        modelled[f"slicer.util.{name}"] = getattr(slicer.util, name).guards
    for name in slicer.parameterNodeWrapper.__all__:
        (full,) = (
            full
            for full in signatures.table(slicerVersion)
            if full.startswith("slicer.parameterNodeWrapper.") and full.split(".")[3:] in ([name], [name, "__init__"])
        )
        modelled[full.removesuffix(".__init__")] = getattr(slicer.parameterNodeWrapper, name)
    if slicerVersion == "5.12":
        import slicer.packaging

        for name in ("load_requirements", "pip_check", "pip_ensure", "pip_install"):
            modelled[f"slicer.packaging.{name}"] = getattr(slicer.packaging, name)
    faults = [fault for name, value in modelled.items() for fault in faultsOf(slicerVersion, name, value)]
    assert "\n".join(faults) == ""


@pytest.mark.parametrize(
    ("stand", "real", "isLenient"),
    [
        ("a, b=1", "a, b=2", False),
        ("a", "a, b=2", False),
        ("a, b", "a, b=2", False),
        ("a", "**kwargs", True),
        ("a=1", "a", True),
        ("", "a", True),
        ("a, b=1", "a", True),
        ("a, c=1", "a, b=1", True),
        ("a, c=1, b=1", "a, b=1, c=1", True),
        ("a, *, b=1", "a, b=1", False),
        ("a, b=1", "a, *, b=1", True),
        ("*args", "a", True),
        ("a, **keywords", "a", True),
        ("a, **keywords", "a, **kwargs", False),
        ("x, /", "a, /", False),
        ("/, x".replace("/, x", "x, y, /"), "a, /", True),
    ],
)
def test_leniency_is_found(stand, real, isLenient):
    assert bool(leniency("f", signatures.parse(stand), signatures.parse(real))) is isLenient


# slicer.util, which is the wheel's


def test_slicer_util_has_the_functions_of_the_version(slicerVersion):
    import slicer.util

    assert hasattr(slicer.util, "executePythonModule") == (slicerVersion == "5.12")
    own = {name: value for name, value in vars(slicer.util).items() if inspect.isfunction(value) and name[0] != "_"}
    public = {name for name, value in own.items() if value.__module__ == "slicer.util"}
    lacking = signatures.names(slicerVersion, "slicer.util") - set(dir(slicer.util))
    assert lacking == set()
    assert {name for name in public if hasattr(slicer.util, name)} <= signatures.names(slicerVersion, "slicer.util")


def test_calls_that_a_version_refuses_fail(slicerVersion):
    import slicer.util

    for call in (
        lambda: slicer.util.findChild(slicer.util.mainWindow(), "x", properties={}),  # 5.12 has it
        lambda: slicer.util.loadVolume("scan.nrrd", name="Scan"),
        lambda: slicer.util.showStatusMessage("a", 1, 2),
        lambda: slicer.util.getModuleGui(),
        lambda: slicer.util.pip_install("x", requester="y"),
    ):
        with pytest.raises(TypeError, match=r"Slicer 5\.1"):
            call()


def test_a_replaced_function_is_guarded_too(host, monkeypatch):
    import slicer.util

    monkeypatch.setattr(slicer.util, "loadVolume", lambda *args, **keywords: "loaded")
    assert slicer.util.loadVolume("scan.nrrd", {"name": "Scan"}) == "loaded"
    with pytest.raises(TypeError, match="name"):
        slicer.util.loadVolume("scan.nrrd", name="Scan")
    monkeypatch.undo()
    assert inspect.unwrap(slicer.util.loadVolume).__module__ == "slicer.util"
    assert not hasattr(vars(slicer.util)["loadVolume"], "guards")


# The module's calls


def faultsOfCalls(source: str) -> list[str]:
    """Calls of ``slicer.util.f(...)`` that a version refuses, or whose function it has not got."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = ast.unparse(node.func)
        if ast.unparse(node.func.value) != "slicer.util":
            continue
        if any(isinstance(each, ast.Starred) for each in node.args) or any(each.arg is None for each in node.keywords):
            continue
        lacking = [
            version for version in versions.ALL if name.split(".")[2] not in signatures.names(version, "slicer.util")
        ]
        positional = len(node.args)
        if f"{name}.__init__" in signatures.table(versions.DEFAULT):
            name, positional = f"{name}.__init__", positional + 1
        reason = signatures.refusal(name, positional, [each.arg for each in node.keywords])
        found += [f"{node.lineno}: Slicer {version} has no {name}" for version in lacking]
        found += [f"{node.lineno}: {reason}"] if reason else []
    return found


def newerMethods(source: str) -> list[str]:
    """Methods that a class of the wheel has and the same class of a version lacks; who has them is not looked at."""
    newer: dict[str, str] = {}
    for version in versions.ALL:
        for line in signatures.lines(f"lacking_{version}.txt"):
            newer.setdefault(line.rpartition(".")[2], f"Slicer {version} lacks {line}")
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)]
    return [f"{node.lineno}: {newer[node.attr]}" for node in nodes if node.attr in newer]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(MODULE.parent)))
def test_methods_that_the_module_calls_are_not_newer_than_slicer(path):
    assert newerMethods(path.read_text(encoding="utf-8")) == []


def test_newer_methods_are_found():
    assert newerMethods("node.GetName()\ndisplay.GetVisibleInAllViews()") == [
        "2: Slicer 5.10 lacks vtkMRMLDisplayNode.GetVisibleInAllViews"
    ]
    pinned = re.search(r"slicer-core==(\S+)", (MODULE.parent / "requirements-dev.txt").read_text()).group(1)
    for version in versions.ALL:  # a list tells of one wheel: another one has other methods
        head = (Path(signatures.__file__).parent / f"lacking_{version}.txt").read_text(encoding="utf-8").splitlines()[0]
        assert f"slicer-core {pinned} have" in head


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(MODULE.parent)))
def test_calls_of_the_module(path):
    assert faultsOfCalls(path.read_text(encoding="utf-8")) == []


def test_faults_of_calls_are_found():
    source = """
slicer.util.loadVolume(path, {"name": n})
slicer.util.loadVolume(path, name=n)
slicer.util.executePythonModule("pip", [])
slicer.util.NodeModify(node)
slicer.util.NodeModify()
slicer.util.loadVolume(*arguments)
slicer.util.findChild(w, "x", properties={})
"""
    assert [fault.split(":")[0] for fault in faultsOfCalls(source)] == ["3", "4", "6", "8"]
