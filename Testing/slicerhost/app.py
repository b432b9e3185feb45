"""The application: the scene with its logics, ``slicer.app``, ``slicer.modules`` and the main window.

``start()`` sets it up, once a process, and returns the :class:`Host` with what a test needs.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import types
from pathlib import Path

import slicer
import slicer.util
import vtk
from PySide6 import QtCore, QtWidgets

from . import (
    installing,
    launcher,
    module,
    namespace,
    parameternode,
    pythonqt,
    questions,
    sampledata,
    signatures,
    subjecthierarchy,
    versions,
    widgets,
)
from .coreio import qSlicerCoreIOManager

qt = pythonqt.install()

# Logics by the name of their module in slicer.modules; SetMRMLApplicationLogic comes before SetMRMLScene.
_LOGICS = {
    "colors": "vtkSlicerColorLogic",
    "units": "vtkSlicerUnitsLogic",
    "volumes": "vtkSlicerVolumesLogic",
    "models": "vtkSlicerModelsLogic",
    "tables": "vtkSlicerTablesLogic",
    "texts": "vtkSlicerTextsLogic",
    "plots": "vtkSlicerPlotsLogic",
    "markups": "vtkSlicerMarkupsLogic",
    "transforms": "vtkSlicerTransformLogic",
    "subjecthierarchy": "vtkSlicerSubjectHierarchyModuleLogic",
    "terminologies": "vtkSlicerTerminologiesModuleLogic",
    "segmentations": "vtkSlicerSegmentationsModuleLogic",
    "cameras": "vtkSlicerCamerasModuleLogic",
    "volumerendering": "vtkSlicerVolumeRenderingLogic",
    "cropvolume": "vtkSlicerCropVolumeLogic",
    "sequences": "vtkSlicerSequencesLogic",
}
_NAMES = {"subjecthierarchy": "SubjectHierarchy", "volumerendering": "VolumeRendering", "cropvolume": "CropVolume"}
_SEGMENT_EDITOR = Path(__file__).parent / "modules" / "SegmentEditor.py"
_WITHOUT_RESOURCE_FILES = {"colors", "terminologies"}  # the wheel lacks them and the logics say so

_host: Host | None = None


def start() -> Host:
    """Start the application, or return the one that runs."""
    global _host
    if _host is None:
        _host = Host()
    return _host


class CoreModule:
    """A module of Slicer written in C++: its logic is the real one, it has no panel here."""

    def __init__(self, name: str, logic):
        self.name = name
        self._logic = logic

    def logic(self):
        return self._logic

    def widgetRepresentation(self):
        raise NotImplementedError(f"The test stand has no panel of the module {self.name}.")


class ModuleFactoryManager:
    def __init__(self, modules):
        self._modules = modules

    def loadedModuleNames(self) -> tuple[str, ...]:
        return tuple(self._modules)

    def isLoaded(self, name: str) -> bool:
        return name in self._modules


class ModuleManager(QtCore.QObject):
    moduleLoaded = QtCore.Signal(str)
    moduleAboutToBeUnloaded = QtCore.Signal(str)

    def __init__(self):
        super().__init__()
        self.modules: dict[str, object] = {}

    def module(self, name: str):
        return self.modules.get(name)

    def modulesNames(self) -> tuple[str, ...]:
        return tuple(self.modules)

    def factoryManager(self):
        return ModuleFactoryManager(self.modules)


class ModuleSelector(QtCore.QObject):
    """The main window's list of modules: choosing one leaves the other and enters it."""

    moduleSelected = QtCore.Signal(str)

    def __init__(self, manager: ModuleManager):
        super().__init__()
        self._manager = manager
        self._selected = ""

    @property
    def selectedModule(self) -> str:
        return self._selected

    def selectModule(self, name: str) -> None:
        chosen = self._manager.module(name)
        if chosen is None:
            raise RuntimeError(f"There is no module {name!r} in the test stand.")
        if name == self._selected:
            return
        self._call("exit")
        self._selected = name
        if isinstance(chosen, module.qSlicerScriptedLoadableModule):
            slicer.util.mainWindow().showPanel(chosen.widgetRepresentation())
        self._call("enter")
        self.moduleSelected.emit(name)

    def leave(self) -> None:
        self._call("exit")
        self._selected = ""

    def _call(self, method: str) -> None:
        current = self._manager.module(self._selected)
        if isinstance(current, module.qSlicerScriptedLoadableModule):
            try:
                getattr(current.widgetRepresentation(), method)()
            except Exception:
                pythonqt.reportSlotError()  # Slicer prints it and goes on


class MainWindow(QtWidgets.QMainWindow):
    """Holds the panel of the chosen module. Event filters on it see its Close event, as in Slicer."""

    def __init__(self, manager: ModuleManager):
        super().__init__()
        self.setObjectName("qSlicerMainWindow")
        self.setAttribute(QtCore.Qt.WA_DontShowOnScreen)
        self._selector = ModuleSelector(manager)
        self._panels = QtWidgets.QStackedWidget()
        self.setCentralWidget(self._panels)
        self.resize(480, 900)
        self.staysOpen = False  # as when the user cancels Slicer's own question whether to save

    def closeEvent(self, event) -> None:
        if self.staysOpen:
            event.ignore()
        else:
            super().closeEvent(event)

    def moduleSelector(self):
        return self._selector

    def showPanel(self, panel) -> None:
        if self._panels.indexOf(panel) < 0:
            self._panels.addWidget(panel)
        self._panels.setCurrentWidget(panel)


class CommandOptions:
    testingEnabled = True
    noMainWindow = False
    runPythonAndExit = False


class qSlicerApplication(QtWidgets.QApplication):
    """``slicer.app``."""

    startupCompleted = QtCore.Signal()

    def __init__(self, folder: Path):
        super().__init__(["slicerhost"])
        self.setOrganizationName("NA-MIC")
        self.setOrganizationDomain("www.na-mic.org")
        self.setApplicationName("Slicer")
        self._folder = folder
        for scope in (QtCore.QSettings.UserScope, QtCore.QSettings.SystemScope):
            QtCore.QSettings.setPath(QtCore.QSettings.IniFormat, scope, str(folder / "settings"))
        QtCore.QSettings.setDefaultFormat(QtCore.QSettings.IniFormat)
        self._settings = QtCore.QSettings()
        self._revisionSettings = QtCore.QSettings(str(folder / "settings" / "revision.ini"), QtCore.QSettings.IniFormat)
        self._coreIOManager = qSlicerCoreIOManager()
        self._moduleManager = ModuleManager()
        self._applicationLogic = slicer.vtkSlicerApplicationLogic()
        self._layoutManager = None
        self.revision = "0"
        versions.follow(self._setVersion)
        self.temporaryPath = str(folder / "temporary")
        Path(self.temporaryPath).mkdir()
        self.slicerHome = str(folder)
        self.cachePath = str(folder / "cache")
        self.applicationLocaleName = "en_US"
        self._translators: list[QtCore.QTranslator] = []
        self.defaultScenePath = str(folder / "Documents")
        self.os = sys.platform

    def _setVersion(self, version: str) -> None:
        self.majorVersion, self.minorVersion = map(int, version.split("."))
        self.setApplicationVersion(f"{version}.0")

    def loadTranslations(self, folder: str) -> None:
        """Loads the folder's files for the language: those for its country, or else those for all countries."""
        language, _separator, country = self.applicationLocaleName.partition("_")
        for ends in ((f"{language}_{country}", f"{language}-{country}"), (language,)):
            files = [file for end in ends for file in sorted(Path(folder).glob(f"*{end}.qm"))]
            for file in files:
                translator = QtCore.QTranslator()
                if not translator.load(str(file)):
                    raise RuntimeError(f"{file} can't be loaded.")
                self.installTranslator(translator)
                self._translators.append(translator)
            if files:
                return

    def forgetTranslations(self) -> None:
        for translator in self._translators:
            self.removeTranslator(translator)
        self._translators.clear()

    def mrmlScene(self):
        return slicer.mrmlScene

    def applicationLogic(self):
        return self._applicationLogic

    def coreIOManager(self):
        return self._coreIOManager

    ioManager = coreIOManager

    def moduleManager(self):
        return self._moduleManager

    def layoutManager(self):
        if self._layoutManager is None:
            from .views import LayoutManager

            self._layoutManager = LayoutManager(self._applicationLogic, slicer.mrmlScene)
        return self._layoutManager

    def testingEnabled(self) -> bool:
        return True

    def commandOptions(self):
        return CommandOptions

    def mainWindow(self):
        return slicer.util.mainWindow()

    def settings(self):
        return self._settings

    userSettings = settings

    def revisionUserSettings(self):
        return self._revisionSettings

    def startupEnvironment(self):
        return QtCore.QProcessEnvironment.systemEnvironment()

    def pauseRender(self) -> None:
        self.layoutManager().pauseRender()

    def resumeRender(self) -> None:
        self.layoutManager().resumeRender()


class Modules(types.SimpleNamespace):
    """``slicer.modules``: modules by their name in lower case, panels as NameWidget."""


class Host:
    """The running application, for tests."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="slicerhost")
        if shutil.which(launcher.NAME) is None:
            launcher.install(Path(self._folder.name) / "PythonSlicer")
        namespace.install()
        slicer.util.__class__ = signatures.GuardedModule
        self.vtkErrors: list[str] = []
        _watchErrors(self.vtkErrors)
        self.app = slicer.app = qSlicerApplication(Path(self._folder.name))
        self.scene = slicer.mrmlScene = slicer.vtkMRMLScene()
        slicer.modules = Modules()
        module.install()
        parameternode.install()
        sampledata.install()
        installing.install()
        _installWidgets()
        questions.installMessages(qt)
        self._startLogics()
        self.app.layoutManager()
        self.mainWindow = MainWindow(self.app.moduleManager())
        self.mainWindow.show()
        self.loadModule(_SEGMENT_EDITOR)

    def _startLogics(self) -> None:
        scene, logic = self.scene, self.app.applicationLogic()
        scene.AddNode(slicer.vtkMRMLCrosshairNode())
        logic.SetMRMLScene(scene)
        logic.SetSliceLogics(vtk.vtkCollection())
        logic.SetViewLogics(vtk.vtkCollection())
        for name, className in _LOGICS.items():
            self._startLogic(name, getattr(slicer, className)())
        # Without the remote cache, reading an .mrb fails.
        self._remote = slicer.vtkMRMLRemoteIOLogic()
        self._remote.SetMRMLScene(scene)
        self._remote.GetCacheManager().SetRemoteCacheDirectory(str(Path(self._folder.name) / "cache"))
        self._data = slicer.vtkDataIOManagerLogic()
        self._data.SetMRMLApplicationLogic(logic)
        self._data.SetMRMLScene(scene)
        self._data.SetAndObserveDataIOManager(self._remote.GetDataIOManager())
        self._remote.AddDataIOToScene()
        scene.SetCacheManager(self._remote.GetCacheManager())
        slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(scene, True)
        subjecthierarchy.follow(scene)

    def _startLogic(self, name: str, logic) -> None:
        warnings = vtk.vtkObject.GetGlobalWarningDisplay()
        if name in _WITHOUT_RESOURCE_FILES:
            vtk.vtkObject.SetGlobalWarningDisplay(0)
        logic.SetMRMLApplicationLogic(self.app.applicationLogic())
        logic.SetMRMLScene(self.scene)
        title = _NAMES.get(name, name.capitalize())
        self.app.applicationLogic().SetModuleLogic(title, logic)
        vtk.vtkObject.SetGlobalWarningDisplay(warnings)
        setattr(slicer.modules, name, CoreModule(title, logic))
        self.app.moduleManager().modules[title] = getattr(slicer.modules, name)

    def speak(self, language: str) -> None:
        """Start Slicer in another language, such as ``de_DE``: call it before a module is loaded the first time.

        Slicer restarts for another language, so what modules translate while they are imported is not translated anew.
        """
        self.app.forgetTranslations()
        self.app.applicationLocaleName = language

    def loadModule(self, path: str | Path):
        """Load a scripted module and tell it that the start is complete."""
        loaded = module.load(path)
        self.app.moduleManager().modules[loaded.name] = loaded
        self.app.moduleManager().moduleLoaded.emit(loaded.name)
        self.app.startupCompleted.emit()
        self.app.disconnect("startupCompleted()")  # emitted once in Slicer, so here once for every module
        return loaded

    def unloadModules(self) -> None:
        """Leave, clean up and forget every scripted module, as at the end of Slicer."""
        self.mainWindow.moduleSelector().leave()
        manager = self.app.moduleManager()
        for name, loaded in list(manager.modules.items()):
            if isinstance(loaded, module.qSlicerScriptedLoadableModule):
                self._emitAboutToBeUnloaded(name)
                loaded.unload()
                del manager.modules[name]
        sampledata.forget()
        self.processEvents()
        self.loadModule(_SEGMENT_EDITOR)

    def _emitAboutToBeUnloaded(self, name: str) -> None:
        self.app.moduleManager().moduleAboutToBeUnloaded.emit(name)

    # Errors

    def errors(self) -> list[str]:
        """What went wrong since ``forgetErrors()``: exceptions in slots, VTK errors, questions or answers too many."""
        found = [*pythonqt.slotErrors, *self.vtkErrors]
        found += [f"Unexpected question: {question}" for question in questions.unexpected]
        if questions.pending():
            found.append(f"{questions.pending()} answers were never asked for.")
        return found

    def forgetErrors(self) -> None:
        """Forget what :meth:`errors` lists; for a test in which errors are right."""
        pythonqt.slotErrors.clear()
        self.vtkErrors.clear()
        questions.unexpected.clear()

    def reset(self) -> None:
        """An empty scene, default settings, no errors."""
        self.scene.Clear(False)
        for className in ("vtkMRMLScriptedModuleNode", "vtkMRMLSegmentEditorNode"):  # singletons outlive it
            for node in slicer.util.getNodesByClass(className):
                self.scene.RemoveNode(node)
        self.app.layoutManager().forgetScene()
        self.app.settings().clear()
        self.app.revisionUserSettings().clear()
        self.speak("en_US")
        self.processEvents()
        self.forgetErrors()
        questions.forget()

    def processEvents(self, milliseconds: int = 0) -> None:
        pythonqt.processEvents(milliseconds)

    def pressKeys(self, keys: str) -> None:
        """Presses keys such as ``Shift+N`` while the main window is active, as by a person who looks at the views."""
        from PySide6 import QtGui
        from PySide6.QtTest import QTest

        window = self.mainWindow
        if window.testAttribute(QtCore.Qt.WA_DontShowOnScreen):  # such a window is never active
            window.hide()
            window.setAttribute(QtCore.Qt.WA_DontShowOnScreen, False)
            window.show()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window)
        if self.app.focusWidget() is not None:
            self.app.focusWidget().clearFocus()
        QTest.keySequence(window, QtGui.QKeySequence(keys))
        self.processEvents()

    def waitFor(self, condition, seconds: float = 30.0) -> None:
        """Let Qt run until ``condition()`` is true; AssertionError when it is not in time."""
        timer = QtCore.QElapsedTimer()
        timer.start()
        while not condition():
            if timer.elapsed() > seconds * 1000:
                raise AssertionError(f"Waited {seconds} s in vain.")
            self.processEvents(5)

    def closeApplication(self) -> bool:
        """Close the main window as a user does. False when the program (an event filter on the window) refused."""
        self.mainWindow.show()
        if not self.mainWindow.close():
            return False
        self.mainWindow.moduleSelector().leave()
        manager = self.app.moduleManager()
        for name in list(manager.modules):
            self._emitAboutToBeUnloaded(name)
        self.app.aboutToQuit.emit()
        return True


def _watchErrors(errors: list[str]) -> None:
    @vtk.calldata_type(vtk.VTK_STRING)
    def record(caller, event, text):
        errors.append(text)

    vtk.vtkOutputWindow.GetInstance().AddObserver(vtk.vtkCommand.ErrorEvent, record)


def _installWidgets() -> None:
    ctk = types.ModuleType("ctk", "The stand-ins for CTK's widgets.")
    for cls in widgets.STAND_INS:
        setattr(ctk if cls.__name__.startswith("ctk") else slicer, cls.__name__, cls)
    ctk.__getattr__ = _unmodelledIn("ctk", ("ctk",))
    slicer.__getattr__ = _unmodelledIn("slicer", ("qMRML", "qSlicer", "vtk"), namespace.inAll())
    sys.modules["ctk"] = ctk


def _unmodelledIn(owner: str, prefixes: tuple[str, ...], known: frozenset[str] | None = None):
    """Looks up what is not there: a class of Slicer or CTK that can't be made here, or nothing that they have."""

    def lookUp(name: str):
        if name.startswith(prefixes) and (known is None or name in known):
            return widgets.unmodelled(name)
        raise AttributeError(f"module {owner!r} has no attribute {name!r}")

    return lookUp
