"""The base classes of scripted modules, the translation functions and the loading of a module."""

from __future__ import annotations

import functools
import importlib.util
import logging
import re
import sys
import types
import unittest
from pathlib import Path

import slicer
import slicer.util
from PySide6 import QtGui, QtWidgets

_PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}]+)\}(?!\})")


class qSlicerScriptedLoadableModule:
    """What Slicer knows of a scripted module: the ``parent`` of its ScriptedLoadableModule."""

    def __init__(self, name: str, path: Path):
        self.name = name
        self.path = str(path)
        self.title = name
        self.categories: list[str] = []
        self.dependencies: list[str] = []
        self.contributors: list[str] = []
        self.associatedNodeTypes: list[str] = []
        self.helpText = ""
        self.acknowledgementText = ""
        self.icon = QtGui.QIcon()
        self.hidden = False
        self.widgetRepresentationCreationEnabled = True
        self._representation = None
        self._logic = slicer.vtkSlicerScriptedLoadableModuleLogic()
        self._logic.SetMRMLScene(slicer.mrmlScene)

    def __setattr__(self, name, value):
        if hasattr(self, "_logic") and not hasattr(self, name):
            raise AttributeError(f"A module of Slicer has no attribute {name!r}.")
        super().__setattr__(name, value)

    def logic(self):
        return self._logic

    def isHidden(self) -> bool:
        return self.hidden

    def widgetRepresentation(self):
        """The module's panel, made and set up at the first call."""
        if self._representation is None:
            self._representation = qSlicerScriptedLoadableModuleWidget(self)
            self._representation.reload()
        return self._representation

    def createNewWidgetRepresentation(self):
        representation = qSlicerScriptedLoadableModuleWidget(self)
        representation.reload()
        return representation

    def unload(self) -> None:
        """Free the panel and forget the module."""
        for name in (self.name.lower(), self.name + "Widget", self.name + "Instance"):
            slicer.modules.__dict__.pop(name, None)
        if self._representation is not None:
            self._representation.setParent(None)
            self._representation.deleteLater()
            self._representation = None
        sys.modules.pop(self.name, None)


class qSlicerScriptedLoadableModuleWidget(QtWidgets.QWidget):
    """The Qt widget in which a scripted module's panel is built: its ``parent``."""

    def __init__(self, module: qSlicerScriptedLoadableModule):
        super().__init__()
        self.setObjectName(module.name + "ModuleWidget")
        self.setLayout(QtWidgets.QVBoxLayout())
        self._module = module
        self._instance = None
        self.isEntered = False

    def module(self):
        return self._module

    def self(self):
        return self._instance

    def reload(self) -> None:
        """Make the panel anew from the class as it is now."""
        name = self._module.name
        self._instance = getattr(sys.modules[name], name + "Widget")(self)
        setattr(slicer.modules, name + "Widget", self._instance)
        self._instance.setup()

    def mrmlScene(self):
        return slicer.mrmlScene

    def enter(self) -> None:
        self.isEntered = True
        self._call("enter")

    def exit(self) -> None:
        self.isEntered = False
        self._call("exit")

    def _call(self, method: str) -> None:
        if hasattr(self._instance, method):
            getattr(self._instance, method)()


class ScriptedLoadableModule:
    def __init__(self, parent):
        self.parent = parent
        self.moduleName = type(self).__name__
        icon = Path(parent.path).parent / "Resources" / "Icons" / f"{self.moduleName}.png"
        if icon.exists():
            parent.icon = QtGui.QIcon(str(icon))

    def resourcePath(self, filename: str) -> str:
        return str(Path(self.parent.path).parent / "Resources" / filename)

    def getDefaultModuleDocumentationLink(self, docPage: str | None = None) -> str:
        return f'<a href="https://slicer.readthedocs.io/">{docPage or self.parent.title}</a>'

    def runTest(self, msec: int = 100, **keywords) -> None:
        getattr(sys.modules[self.moduleName], self.moduleName + "Test")().runTest()


class ScriptedLoadableModuleWidget:
    def __init__(self, parent=None):
        if parent is None:
            parent = slicer.qMRMLWidget()
            parent.setLayout(QtWidgets.QVBoxLayout())
            parent.setMRMLScene(slicer.mrmlScene)
        self.parent = parent
        self.layout = parent.layout()
        self.moduleName = type(self).__name__.removesuffix("Widget")
        self.developerMode = False
        self.logic = None
        slicer.app.moduleManager().connect("moduleAboutToBeUnloaded(QString)", self._onModuleAboutToBeUnloaded)

    def _onModuleAboutToBeUnloaded(self, moduleName: str) -> None:
        if moduleName == self.moduleName:
            self.cleanup()
            slicer.app.moduleManager().disconnect("moduleAboutToBeUnloaded(QString)", self._onModuleAboutToBeUnloaded)

    def resourcePath(self, filename: str) -> str:
        return str(Path(slicer.util.modulePath(self.moduleName)).parent / "Resources" / filename)

    def setup(self) -> None:
        pass

    def cleanup(self) -> None:
        pass

    def onReload(self) -> None:
        slicer.util.reloadScriptedModule(self.moduleName)


class ScriptedLoadableModuleLogic:
    def __init__(self, parent=None):
        self.parent = parent
        self.moduleName = type(self).__name__.removesuffix("Logic")
        self.isSingletonParameterNode = True

    def getParameterNode(self):
        """The module's parameter node, made when the scene has none."""
        if self.isSingletonParameterNode:
            node = slicer.mrmlScene.GetSingletonNode(self.moduleName, "vtkMRMLScriptedModuleNode")
            if node is None:
                return self.createParameterNode()
            node.SetAttribute("ModuleName", self.moduleName)  # closing the scene resets a singleton
            return node
        nodes = self.getAllParameterNodes()
        return nodes[0] if nodes else self.createParameterNode()

    def getAllParameterNodes(self) -> list:
        nodes = slicer.util.getNodesByClass("vtkMRMLScriptedModuleNode")
        return [node for node in nodes if node.GetAttribute("ModuleName") == self.moduleName]

    def createParameterNode(self):
        node = slicer.mrmlScene.CreateNodeByClass("vtkMRMLScriptedModuleNode")
        node.UnRegister(None)  # made with one reference too many for Python
        if self.isSingletonParameterNode:
            node.SetSingletonTag(self.moduleName)
        node.SetAttribute("ModuleName", self.moduleName)
        node.SetName(slicer.mrmlScene.GenerateUniqueName(self.moduleName))
        return slicer.mrmlScene.AddNode(node)


class ScriptedLoadableModuleTest(unittest.TestCase):
    def __init__(self, *args, **keywords):
        super().__init__(*args, **keywords)
        self.messageDelay = 0

    def delayDisplay(self, message: str, requestedDelay: int | None = None, msec: int | None = None) -> None:
        slicer.app.processEvents()

    def runTest(self) -> None:
        raise NotImplementedError("A module's test defines runTest.")


@functools.cache
def _contextOf(file: str) -> str:
    path = Path(file)
    return f"{path.parent.name}.{path.stem}" if (path.parent / "__init__.py").is_file() else path.stem


def tr(text: str) -> str:
    """The text in the application's language: looked up by the file that calls, refused without its placeholders."""
    context = _contextOf(sys._getframe(1).f_code.co_filename)
    translated = translate(context, text)
    if set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(translated)):
        logging.warning("In %s, %r has other placeholders than %r", context, translated, text)
        return text
    return translated


def translate(context: str, text: str) -> str:
    return slicer.app.translate(context, text)


def install() -> None:
    """Make ``slicer.ScriptedLoadableModule`` and ``slicer.i18n`` importable."""
    bases = types.ModuleType("slicer.ScriptedLoadableModule")
    names = ["ScriptedLoadableModule", "ScriptedLoadableModuleWidget"]
    names += ["ScriptedLoadableModuleLogic", "ScriptedLoadableModuleTest"]
    for name in names:
        setattr(bases, name, globals()[name])
    bases.__all__ = names
    i18n = types.ModuleType("slicer.i18n")
    i18n.tr, i18n.translate = tr, translate
    for module in (bases, i18n):
        sys.modules[module.__name__] = module
        setattr(slicer, module.__name__.rpartition(".")[2], module)
    slicer.qSlicerScriptedLoadableModule = qSlicerScriptedLoadableModule
    slicer.qSlicerScriptedLoadableModuleWidget = qSlicerScriptedLoadableModuleWidget


def load(path: str | Path) -> qSlicerScriptedLoadableModule:
    """Load a scripted module as Slicer does at its start, and return what Slicer knows of it."""
    path = Path(path).resolve()
    name = path.stem
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(name, path)
    python = importlib.util.module_from_spec(spec)
    sys.modules[name] = python
    spec.loader.exec_module(python)
    module = qSlicerScriptedLoadableModule(name, path)
    instance = getattr(python, name)(module)
    setattr(slicer.modules, name.lower(), module)
    setattr(slicer.modules, name + "Instance", instance)
    return module
