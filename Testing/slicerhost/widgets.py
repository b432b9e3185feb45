"""The widgets of CTK and Slicer which the module's .ui files may use. Every other one raises when it is made."""

from __future__ import annotations

import contextlib
from typing import ClassVar

import slicer
import vtk
from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Property, Signal

from . import questions
from .uiloader import UiLoader


def unmodelled(name: str) -> type:
    """A class which can be named, and raises when it is made."""

    def refuse(self, *args, **keywords):
        raise NotImplementedError(f"The test stand has no stand-in for {name}.")

    return type(name, (), {"__init__": refuse})


class ctkCollapsibleButton(QtWidgets.QAbstractButton):
    """A header which shows and hides the widgets in it."""

    contentsCollapsed = Signal(bool)

    def __init__(self, *args):
        text = args[0] if args and isinstance(args[0], str) else ""
        parents = [argument for argument in args if not isinstance(argument, str)]
        super().__init__(*parents)
        self._collapsed = False
        self._flat = False
        self._collapsedHeight = 0
        self._wanted: dict[QtWidgets.QWidget, bool] = {}  # which children are visible when not collapsed
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(QtWidgets.QSizePolicy.Minimum, QtWidgets.QSizePolicy.Preferred)
        self.setContentsMargins(0, self._headerHeight(), 0, 0)
        self.connect("toggled(bool)", lambda checked: self.setCollapsed(not checked))

    def setCollapsed(self, collapsed: bool) -> None:
        collapsed = bool(collapsed)
        if collapsed == self._collapsed:
            return
        children = [child for child in self.children() if child.inherits("QWidget")]
        if collapsed:
            self._wanted = {child: not child.isHidden() for child in children}
            self._collapsed = True
            for child in children:
                child.setVisible(False)
        else:
            self._collapsed = False
            for child in children:
                child.setVisible(self._wanted.get(child, True))
        self.setMaximumHeight(self._headerHeight() + self._collapsedHeight if collapsed else 16777215)
        self.setChecked(not collapsed)
        self.updateGeometry()
        self.contentsCollapsed.emit(collapsed)

    def childEvent(self, event):
        child = event.child()
        if event.added() and child.isWidgetType():
            child.installEventFilter(self)
        super().childEvent(event)

    def eventFilter(self, child, event):
        """A child shown or hidden by the program while the section is collapsed appears so when it is opened."""
        if self._collapsed and event.type() == QtCore.QEvent.ShowToParent:
            self._wanted[child] = True
            child.setVisible(False)
            self._wanted[child] = True
        return False

    def _headerHeight(self) -> int:
        return self.fontMetrics().height() + 10

    def sizeHint(self):
        hint = self.layout().totalSizeHint() if self.layout() and not self._collapsed else QtCore.QSize(0, 0)
        width = self.fontMetrics().horizontalAdvance(self.text) + 40
        return QtCore.QSize(max(hint.width(), width), max(hint.height(), self._headerHeight()))

    def minimumSizeHint(self):
        if self.layout() and not self._collapsed:
            return self.layout().totalMinimumSize()
        return QtCore.QSize(0, self._headerHeight())

    def hitButton(self, position):
        return position.y() < self._headerHeight()

    def paintEvent(self, event):
        painter = QtWidgets.QStylePainter(self)
        header = QtCore.QRect(0, 0, self.width, self._headerHeight())
        painter.fillRect(header, self.palette.button())
        arrow = QtWidgets.QStyleOption()
        arrow.initFrom(self)
        arrow.rect = QtCore.QRect(6, (header.height() - 10) // 2, 10, 10)
        shape = QtWidgets.QStyle.PE_IndicatorArrowRight if self._collapsed else QtWidgets.QStyle.PE_IndicatorArrowDown
        painter.drawPrimitive(shape, arrow)
        role = QtGui.QPalette.ButtonText
        flags = QtCore.Qt.AlignVCenter | QtCore.Qt.TextShowMnemonic
        painter.drawItemText(header.adjusted(24, 0, -6, 0), flags, self.palette, True, self.text, role)
        if not self._flat and not self._collapsed:
            painter.setPen(self.palette.mid().color())
            painter.drawRect(self.rect.adjusted(0, 0, -1, -1))

    collapsed = Property(bool, lambda self: self._collapsed, setCollapsed)
    flat = Property(bool, lambda self: self._flat, lambda self, flat: setattr(self, "_flat", flat))
    collapsedHeight = Property(
        int, lambda self: self._collapsedHeight, lambda self, height: setattr(self, "_collapsedHeight", height)
    )
    SIGNALS: ClassVar = {"contentsCollapsed(bool)": "contentsCollapsed"}


class ctkSliderWidget(QtWidgets.QWidget):
    """A slider for real numbers beside a spin box."""

    valueChanged = Signal(float)
    valueIsChanging = Signal(float)

    def __init__(self, parent=None):
        super().__init__(*([parent] if parent is not None else []))
        self._slider = QtWidgets.QSlider(QtCore.Qt.Horizontal)
        self._spin = QtWidgets.QDoubleSpinBox()
        self._tracking = True
        self._spin.setRange(0.0, 99.0)
        row = QtWidgets.QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._slider)
        row.addWidget(self._spin)
        self.setLayout(row)
        self._fit()
        self._slider.connect("valueChanged(int)", self._slid)
        self._slider.connect("sliderReleased()", self._released)
        self._spin.connect("valueChanged(double)", self._typed)

    def _fit(self) -> None:
        spin, slider = self._spin, self._slider
        steps = round((spin.maximum - spin.minimum) / spin.singleStep) if spin.singleStep > 0 else 0
        slider.blockSignals(True)
        slider.setRange(0, max(0, steps))
        slider.setValue(round((spin.value - spin.minimum) / spin.singleStep) if spin.singleStep > 0 else 0)
        slider.blockSignals(False)

    def _slid(self, position: int) -> None:
        value = self._spin.minimum + position * self._spin.singleStep
        if self._slider.sliderDown and not self._tracking:
            self.valueIsChanging.emit(value)
            return
        self._spin.setValue(value)

    def _released(self) -> None:
        if not self._tracking:
            self._slid(self._slider.value)

    def _typed(self, value: float) -> None:
        self._fit()
        self.valueIsChanging.emit(value)
        self.valueChanged.emit(value)

    def setValue(self, value: float) -> None:
        self._spin.setValue(value)

    def setMinimum(self, value: float) -> None:
        self._spin.setMinimum(value)
        self._fit()

    def setMaximum(self, value: float) -> None:
        self._spin.setMaximum(value)
        self._fit()

    def setRange(self, least: float, greatest: float) -> None:
        self._spin.setRange(least, greatest)
        self._fit()

    def setSingleStep(self, step: float) -> None:
        self._spin.setSingleStep(step)
        self._fit()

    def setDecimals(self, decimals: int) -> None:
        self._spin.setDecimals(decimals)

    def setPageStep(self, step: float) -> None:
        self._slider.setPageStep(max(1, round(step / self._spin.singleStep)))

    def setPrefix(self, text: str) -> None:
        self._spin.setPrefix(text)

    def setSuffix(self, text: str) -> None:
        self._spin.setSuffix(text)

    def setTracking(self, tracking: bool) -> None:
        self._tracking = bool(tracking)

    def slider(self):
        return self._slider

    def spinBox(self):
        return self._spin

    value = Property(float, lambda self: self._spin.value, setValue)
    minimum = Property(float, lambda self: self._spin.minimum, setMinimum)
    maximum = Property(float, lambda self: self._spin.maximum, setMaximum)
    singleStep = Property(float, lambda self: self._spin.singleStep, setSingleStep)
    pageStep = Property(float, lambda self: self._slider.pageStep * self._spin.singleStep, setPageStep)
    decimals = Property(int, lambda self: self._spin.decimals, setDecimals)
    prefix = Property(str, lambda self: self._spin.prefix, setPrefix)
    suffix = Property(str, lambda self: self._spin.suffix, setSuffix)
    tracking = Property(bool, lambda self: self._tracking, setTracking)
    SIGNALS: ClassVar = {"valueChanged(double)": "valueChanged", "valueIsChanging(double)": "valueIsChanging"}


class ctkPathLineEdit(QtWidgets.QWidget):
    """A path that can be typed, chosen from the earlier ones, or browsed for."""

    Dirs, Files, Drives, NoSymLinks = 0x001, 0x002, 0x004, 0x008
    Readable, Writable, Executable, Modified, Hidden, System = 0x010, 0x020, 0x040, 0x080, 0x100, 0x200
    AllDirs, NoDot, NoDotDot, CaseSensitive = 0x400, 0x2000, 0x4000, 0x800
    AllEntries, NoDotAndDotDot = 0x007, 0x6000

    currentPathChanged = Signal(str)
    validInputChanged = Signal(bool)

    def __init__(self, parent=None):
        super().__init__(*([parent] if parent is not None else []))
        self._filters = self.AllEntries | self.NoDotAndDotDot | self.Readable
        self._nameFilters: list[str] = []
        self._settingKey = ""
        self._label = ""
        self._valid = False
        self._combo = QtWidgets.QComboBox()
        self._combo.setEditable(True)
        self._combo.setSizePolicy(QtWidgets.QSizePolicy.Expanding, QtWidgets.QSizePolicy.Fixed)
        self._button = QtWidgets.QToolButton()
        self._button.setText("...")
        row = QtWidgets.QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._combo)
        row.addWidget(self._button)
        self.setLayout(row)
        self._path = ""
        self._combo.connect("editTextChanged(QString)", self._edited)
        self._button.connect("clicked()", self.browse)

    def _edited(self, path: str) -> None:
        if path == self._path:
            return
        self._path = path
        valid = self._isValid(path)
        if valid != self._valid:
            self._valid = valid
            self.validInputChanged.emit(valid)
        self.currentPathChanged.emit(path)

    def _isValid(self, path: str) -> bool:
        info = QtCore.QFileInfo(path)
        if not path or not info.exists():
            return False
        return bool(self._filters & self.Dirs) if info.isDir() else bool(self._filters & self.Files)

    def setCurrentPath(self, path: str) -> None:
        self._combo.setEditText(path)

    def browse(self) -> None:
        if self._filters & self.Files:
            path = questions.ask("ctkPathLineEdit.browse", f"{self._label} | file", self)
        else:
            path = questions.ask("ctkPathLineEdit.browse", f"{self._label} | directory", self)
        if path:
            self.setCurrentPath(str(path))
            self.addCurrentPathToHistory()

    def addCurrentPathToHistory(self) -> None:
        if not self._path:
            return
        history = [self._path, *(p for p in self._history() if p != self._path)]
        if self._settingKey:
            QtCore.QSettings().setValue(self._settingKey, history)
        self._fillHistory(history)

    def retrieveHistory(self) -> None:
        history = self._history()
        self._fillHistory(history)
        if history:
            self.setCurrentPath(history[0])

    def _history(self) -> list[str]:
        if not self._settingKey:
            return [self._combo.itemText(i) for i in range(self._combo.count)]
        kept = QtCore.QSettings().value(self._settingKey)
        return [kept] if isinstance(kept, str) else list(kept or [])

    def _fillHistory(self, history: list[str]) -> None:
        path = self._path
        self._combo.blockSignals(True)
        self._combo.clear()
        self._combo.addItems(history)
        self._combo.setEditText(path)
        self._combo.blockSignals(False)

    def setSettingKey(self, key: str) -> None:
        self._settingKey = key
        self.retrieveHistory()

    def setFilters(self, filters: int) -> None:
        self._filters = int(filters)

    def setNameFilters(self, filters) -> None:
        self._nameFilters = list(filters)

    def setLabel(self, label: str) -> None:
        self._label = label

    def setShowBrowseButton(self, shown: bool) -> None:
        self._button.setVisible(shown)

    def comboBox(self):
        return self._combo

    currentPath = Property(str, lambda self: self._path, setCurrentPath)
    filters = Property(int, lambda self: self._filters, setFilters)
    nameFilters = Property("QStringList", lambda self: self._nameFilters, setNameFilters)
    label = Property(str, lambda self: self._label, setLabel)
    settingKey = Property(str, lambda self: self._settingKey, setSettingKey)
    showBrowseButton = Property(bool, lambda self: not self._button.isHidden(), setShowBrowseButton)
    SIGNALS: ClassVar = {
        "currentPathChanged(QString)": "currentPathChanged",
        "validInputChanged(bool)": "validInputChanged",
    }


class qMRMLWidget(QtWidgets.QWidget):
    """A widget which knows a scene and passes it on."""

    mrmlSceneChanged = Signal(object)

    def __init__(self, parent=None):
        super().__init__(*([parent] if parent is not None else []))
        self._scene = None

    def mrmlScene(self):
        return self._scene

    def setMRMLScene(self, scene) -> None:
        if scene is self._scene:
            return
        self._scene = scene
        self.mrmlSceneChanged.emit(scene)

    SIGNALS: ClassVar = {"mrmlSceneChanged(vtkMRMLScene*)": "mrmlSceneChanged"}


def _flag(name: str) -> Property:
    return Property(bool, lambda self: self._flags[name], lambda self, value: self._setFlag(name, value))


def _flagSetter(name: str):
    return lambda self, value: self._setFlag(name, value)


class qMRMLSortFilterProxyModel:
    """What a node selector offers, as far as programs choose it: nodes that are hidden by their ID."""

    def __init__(self, changed):
        self._changed = changed
        self._hiddenNodeIDs: tuple[str, ...] = ()

    @property
    def hiddenNodeIDs(self) -> tuple[str, ...]:
        return self._hiddenNodeIDs

    @hiddenNodeIDs.setter
    def hiddenNodeIDs(self, identifiers) -> None:
        if tuple(identifiers) != self._hiddenNodeIDs:
            self._hiddenNodeIDs = tuple(identifiers)
            self._changed()


class qMRMLNodeComboBox(qMRMLWidget):
    """Chooses a node of the scene.

    Without "None" the first node that appears is chosen, as long as none is. When the current node goes, the one before
    it is chosen, whatever it is; "None" only where it stands before. The list is filled anew after a scene was imported
    or closed, with nothing chosen. As in Slicer 5.12, ``currentNodeChanged`` is told when the text of the box changes,
    so not between two nodes of the same name; ``nodeActivated`` is told whenever a person chooses.
    """

    nodeChanged = Signal(object)
    nodeChosen = Signal(bool)
    nodeIdChanged = Signal(str)
    nodeActivated = Signal(object)
    nodeAdded = Signal(object)
    nodeAddedByUser = Signal(object)
    nodeAboutToBeRemoved = Signal(object)
    currentNodeRenamed = Signal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._nodeTypes: list[str] = []
        self._flags = {
            "showHidden": False,
            "noneEnabled": False,
            "addEnabled": True,
            "removeEnabled": True,
            "editEnabled": False,
            "renameEnabled": False,
            "selectNodeUponCreation": True,
            "showChildNodeTypes": True,
        }
        self._filter = qMRMLSortFilterProxyModel(self._filterChanged)
        self._noneDisplay = "None"
        self._baseName = ""
        self._attributes: list[tuple[str, str, str | None]] = []
        self._tags: list[tuple[object, int]] = []
        self._nodeTags: dict[str, tuple[object, int]] = {}
        self._combo = QtWidgets.QComboBox()
        row = QtWidgets.QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._combo)
        self.setLayout(row)
        self._combo.connect("currentTextChanged(QString)", lambda text: self._announce())
        self._combo.connect("activated(int)", lambda index: self.nodeActivated.emit(self.currentNode()))
        tags, nodeTags = self._tags, self._nodeTags
        self.connect("destroyed()", lambda: _removeObservers(tags, nodeTags))

    # The scene

    def setMRMLScene(self, scene) -> None:
        if scene is self._scene:
            return
        _removeObservers(self._tags, self._nodeTags)
        self._scene = scene
        if scene is not None:
            cls = type(scene)
            for event, react in (
                (cls.NodeAddedEvent, self._onAdded),
                (cls.NodeAboutToBeRemovedEvent, self._onRemoved),
            ):
                self._tags.append((scene, scene.AddObserver(event, _withNode(react))))
            for event in (cls.EndImportEvent, cls.EndCloseEvent):
                self._tags.append((scene, scene.AddObserver(event, lambda caller, name: self._refill())))
        self._rebuild()
        self.mrmlSceneChanged.emit(scene)

    def _refill(self) -> None:
        """As the model of the scene does it: all nodes go, so that none is chosen any more, then they come again."""
        for observed, tag in self._nodeTags.values():
            observed.RemoveObserver(tag)
        self._nodeTags.clear()
        self._combo.setCurrentIndex(0 if self._flags["noneEnabled"] else -1)
        self._rebuild()

    def _onAdded(self, node) -> None:
        if self._scene.IsImporting():
            return  # IDs and references aren't valid yet
        if not self._fits(node):
            self._observe(node)  # it may fit once it is renamed, shown or given an attribute
            return
        self._insert(node)
        if not self._flags["noneEnabled"] and self._combo.currentIndex < 0:
            self._combo.setCurrentIndex(0)
        self.nodeAdded.emit(node)

    def _onRemoved(self, node) -> None:
        if self._scene.IsClosing():
            return
        identifier = node.GetID()
        if identifier in self._nodeTags:
            observed, tag = self._nodeTags.pop(identifier)
            observed.RemoveObserver(tag)
        index = self._combo.findData(identifier)
        if index < 0:
            return
        self.nodeAboutToBeRemoved.emit(node)
        self._combo.removeItem(index)

    def _onModified(self, node) -> None:
        if self._scene.IsImporting() or self._scene.IsClosing():
            return
        index = self._combo.findData(node.GetID())
        fits = self._fits(node)
        if fits and index < 0:
            self._insert(node)
        elif index >= 0 and not fits:
            self._combo.removeItem(index)
        elif index >= 0 and self._combo.itemText(index) != (node.GetName() or ""):
            self._combo.setItemText(index, node.GetName() or "")
            if index == self._combo.currentIndex:
                self.currentNodeRenamed.emit(node.GetName() or "")

    def _filterChanged(self) -> None:
        for node in self._allNodes():
            if self._typeFits(node):
                self._onModified(node)

    def sortFilterProxyModel(self) -> qMRMLSortFilterProxyModel:
        return self._filter

    def _typeFits(self, node) -> bool:
        if self._flags["showChildNodeTypes"]:
            return any(node.IsA(kind) for kind in self._nodeTypes)
        return node.GetClassName() in self._nodeTypes

    def _fits(self, node) -> bool:
        if not self._typeFits(node):
            return False
        if node.GetHideFromEditors() and not self._flags["showHidden"]:
            return False
        if node.GetID() in self._filter.hiddenNodeIDs:
            return False
        return all(
            node.GetAttribute(name) is not None and value in (None, node.GetAttribute(name))
            for kind, name, value in self._attributes
            if node.IsA(kind)
        )

    def _observe(self, node) -> None:
        if self._typeFits(node) and node.GetID() not in self._nodeTags:
            tag = node.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda caller, event: self._onModified(caller))
            self._nodeTags[node.GetID()] = (node, tag)

    def _insert(self, node) -> None:
        self._observe(node)
        self._combo.addItem(node.GetName() or "", node.GetID())

    def _rebuild(self) -> None:
        current, text = self._combo.currentData, self._combo.currentText
        self._combo.blockSignals(True)
        self._combo.clear()
        if self._flags["noneEnabled"]:
            self._combo.addItem(self._noneDisplay, "")
        for node in self._allNodes():
            if self._fits(node):
                self._insert(node)
            else:
                self._observe(node)
        index = self._combo.findData(current) if current else -1
        if index < 0 and self._combo.count:
            index = 0
        self._combo.setCurrentIndex(index)
        self._combo.blockSignals(False)
        if self._combo.currentText != text:
            self._announce()

    def _allNodes(self) -> list:
        if self._scene is None:
            return []
        return [self._scene.GetNthNode(i) for i in range(self._scene.GetNumberOfNodes())]

    # The current node

    def _announce(self) -> None:
        node = self.currentNode()
        self.nodeChanged.emit(node)
        self.nodeChosen.emit(node is not None)
        self.nodeIdChanged.emit(node.GetID() if node is not None else "")

    def currentNode(self):
        identifier = self._combo.currentData
        return self._scene.GetNodeByID(identifier) if identifier and self._scene is not None else None

    def setCurrentNode(self, node) -> None:
        if isinstance(node, str):
            self.setCurrentNodeID(node)
        else:
            self.setCurrentNodeID(node.GetID() if node is not None else "")

    def setCurrentNodeID(self, identifier: str) -> None:
        self._combo.setCurrentIndex(self._combo.findData(identifier or ""))

    def setCurrentNodeIndex(self, index: int) -> None:
        self._combo.setCurrentIndex(index + (1 if self._flags["noneEnabled"] else 0))

    def nodeCount(self) -> int:
        return self._combo.count - (1 if self._flags["noneEnabled"] else 0)

    def nodeFromIndex(self, index: int):
        identifier = self._combo.itemData(index + (1 if self._flags["noneEnabled"] else 0))
        return self._scene.GetNodeByID(identifier) if identifier else None

    def addNode(self, nodeType: str = ""):
        node = self._scene.AddNewNodeByClass(nodeType or self._nodeTypes[0], self._baseName or "")
        if self._flags["selectNodeUponCreation"]:
            self.setCurrentNode(node)
        self.nodeAddedByUser.emit(node)
        return node

    def addAttribute(self, nodeType: str, name: str, value: str | None = None) -> None:
        self._attributes.append((nodeType, name, value))
        self._rebuild()

    def removeAttribute(self, nodeType: str, name: str) -> None:
        self._attributes = [a for a in self._attributes if a[:2] != (nodeType, name)]
        self._rebuild()

    def comboBox(self):
        return self._combo

    def setNodeTypes(self, types) -> None:
        if list(types) != self._nodeTypes:
            self._nodeTypes = list(types)
            self._rebuild()

    def setBaseName(self, name: str) -> None:
        self._baseName = name

    def setNoneDisplay(self, text: str) -> None:
        self._noneDisplay = text
        self._rebuild()

    def _setFlag(self, name: str, value: bool) -> None:
        if self._flags[name] != bool(value):
            self._flags[name] = bool(value)
            if name in ("showHidden", "noneEnabled", "showChildNodeTypes"):
                self._rebuild()

    nodeTypes = Property("QStringList", lambda self: self._nodeTypes, setNodeTypes)
    currentNodeID = Property(str, lambda self: self._combo.currentData or "", setCurrentNodeID)
    baseName = Property(str, lambda self: self._baseName, setBaseName)
    noneDisplay = Property(str, lambda self: self._noneDisplay, setNoneDisplay)
    showHidden = _flag("showHidden")
    noneEnabled = _flag("noneEnabled")
    addEnabled = _flag("addEnabled")
    removeEnabled = _flag("removeEnabled")
    editEnabled = _flag("editEnabled")
    renameEnabled = _flag("renameEnabled")
    selectNodeUponCreation = _flag("selectNodeUponCreation")
    showChildNodeTypes = _flag("showChildNodeTypes")
    setShowHidden = _flagSetter("showHidden")
    setNoneEnabled = _flagSetter("noneEnabled")
    setAddEnabled = _flagSetter("addEnabled")
    setRemoveEnabled = _flagSetter("removeEnabled")
    setEditEnabled = _flagSetter("editEnabled")
    setRenameEnabled = _flagSetter("renameEnabled")
    setSelectNodeUponCreation = _flagSetter("selectNodeUponCreation")
    setShowChildNodeTypes = _flagSetter("showChildNodeTypes")
    SIGNALS: ClassVar = {
        "mrmlSceneChanged(vtkMRMLScene*)": "mrmlSceneChanged",
        "currentNodeChanged(vtkMRMLNode*)": "nodeChanged",
        "currentNodeChanged(bool)": "nodeChosen",
        "currentNodeIDChanged(QString)": "nodeIdChanged",
        "nodeActivated(vtkMRMLNode*)": "nodeActivated",
        "nodeAdded(vtkMRMLNode*)": "nodeAdded",
        "nodeAddedByUser(vtkMRMLNode*)": "nodeAddedByUser",
        "nodeAboutToBeRemoved(vtkMRMLNode*)": "nodeAboutToBeRemoved",
        "currentNodeRenamed(QString)": "currentNodeRenamed",
    }


def _withNode(react):
    @vtk.calldata_type(vtk.VTK_OBJECT)
    def call(caller, event, node):
        react(node)

    return call


def _removeObservers(tags: list, nodeTags: dict) -> None:
    for observed, tag in [*tags, *nodeTags.values()]:
        with contextlib.suppress(AttributeError):
            observed.RemoveObserver(tag)
    tags.clear()
    nodeTags.clear()


class qSlicerTerminologyNavigatorWidget(qMRMLWidget):
    """Slicer's selector of terms: it holds an entry; its lists are not there, a test sets what a user would choose.

    As the real one, it keeps a side or a region only of what says that it can have one, has no lists before it was
    given an entry, and takes its "None", without codes, for a choice.
    """

    typeDoubleClicked = Signal()
    colorDoubleClicked = Signal()
    selectionValidityChanged = Signal(bool)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._entry = slicer.vtkSlicerTerminologyEntry()
        self._hasLists = False
        self._hasOverrides = True

    def setTerminologyEntry(self, entry) -> bool:
        self._hasLists = True
        self._entry.Copy(entry)
        if not entry.GetTypeObject().GetHasModifiers():
            self._entry.GetTypeModifierObject().Initialize()
        if not entry.GetCategoryObject().GetShowAnatomy():
            self._entry.GetRegionObject().Initialize()
        if not self._entry.GetRegionObject().GetHasModifiers():
            self._entry.GetRegionModifierObject().Initialize()
        self.selectionValidityChanged.emit(True)
        return True

    def terminologyEntry(self, entry) -> bool:
        if self._hasLists:
            entry.Copy(self._entry)
        return self._hasLists

    def _setOverrides(self, flag: bool) -> None:
        self._hasOverrides = bool(flag)

    overrideSectionVisible = Property(bool, lambda self: self._hasOverrides, _setOverrides)
    SIGNALS: ClassVar = {
        **qMRMLWidget.SIGNALS,
        "typeDoubleClicked()": "typeDoubleClicked",
        "colorDoubleClicked()": "colorDoubleClicked",
        "selectionValidityChanged(bool)": "selectionValidityChanged",
    }


STAND_INS = (
    *(ctkCollapsibleButton, ctkSliderWidget, ctkPathLineEdit, qMRMLWidget, qMRMLNodeComboBox),
    qSlicerTerminologyNavigatorWidget,
)
UiLoader.standIns.update({cls.__name__: cls for cls in STAND_INS})
