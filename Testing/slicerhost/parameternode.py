"""``slicer.parameterNodeWrapper``: typed access to a module's parameter node, tied to widgets.

Modelled: fields of type bool, int, float, str, Enum, pathlib.Path and MRML node, with Default, Minimum, Maximum,
WithinRange, Choice, Decimals and SingleStep, and the widgets of ``_CONNECTORS``. Everything else raises. Values are
kept until the node is modified, and each tie to widgets leaves an observer behind, as in Slicer 5.10.
"""

from __future__ import annotations

import math
import sys
import types
import typing
import weakref
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import slicer
import slicer.util
import vtk

# Annotations


@dataclass(frozen=True)
class Default:
    value: object


@dataclass(frozen=True)
class Minimum:
    minimum: float

    def validate(self, value) -> None:
        if value < self.minimum:
            raise ValueError(f"Value must be greater than or equal to {self.minimum}, is {value}")


@dataclass(frozen=True)
class Maximum:
    maximum: float

    def validate(self, value) -> None:
        if value > self.maximum:
            raise ValueError(f"Value must be less than or equal to {self.maximum}, is {value}")


@dataclass(frozen=True)
class WithinRange:
    minimum: float
    maximum: float

    def validate(self, value) -> None:
        if not self.minimum <= value <= self.maximum:
            raise ValueError(f"Value must be within range [{self.minimum}, {self.maximum}], is {value}")


class Choice:
    def __init__(self, choices):
        self.choices = list(choices)

    def validate(self, value) -> None:
        if value not in self.choices:
            raise ValueError(f"Value must be one of {self.choices}, is {value!r}")


@dataclass(frozen=True)
class Decimals:
    value: int


@dataclass(frozen=True)
class SingleStep:
    value: float


_ANNOTATIONS = (Default, Minimum, Maximum, WithinRange, Choice, Decimals, SingleStep)

# Fields


class _Field:
    """A parameter of the wrapper: its type, limits, default and how it is kept in the node."""

    def __init__(self, owner: str, name: str, hint, default):
        self.name = name
        self.annotations = []
        if typing.get_origin(hint) is typing.Annotated:
            hint, *self.annotations = typing.get_args(hint)
        for annotation in self.annotations:
            if not isinstance(annotation, _ANNOTATIONS):
                raise NotImplementedError(f"{owner}.{name}: the test stand knows no annotation {annotation!r}.")
        self.type = hint
        self.isNode = isinstance(hint, type) and issubclass(hint, slicer.vtkMRMLNode)
        known = isinstance(hint, type) and (hint in (bool, int, float, str, Path) or issubclass(hint, Enum))
        if not self.isNode and not known:
            raise NotImplementedError(f"{owner}.{name}: the test stand knows no parameters of type {hint!r}.")
        annotated = self.find(Default)
        if annotated is not None:
            default = annotated.value
        self.default = self._unspecified() if default is _MISSING else default
        self.check(self.default)

    def _unspecified(self):
        if self.isNode:
            return None
        if self.find(Choice) is not None:
            return self.find(Choice).choices[0]
        return next(iter(self.type)) if issubclass(self.type, Enum) else self.type()

    def find(self, kind: type):
        return next((a for a in self.annotations if isinstance(a, kind)), None)

    def check(self, value) -> None:
        expected = (int, float) if self.type is float else self.type
        if not (value is None and self.isNode) and not isinstance(value, expected):
            raise TypeError(f"{self.name} takes {self.type.__name__}, not {value!r}.")
        for annotation in self.annotations:
            if hasattr(annotation, "validate"):
                annotation.validate(value)

    def isIn(self, node) -> bool:
        return bool(node.HasParameter(self.name))

    def read(self, node):
        if not self.isIn(node):
            self.write(node, self.default)
        if self.isNode:
            return node.GetNodeReference(self.name)
        text = node.GetParameter(self.name)
        if self.type is bool:
            return text == "True"
        return self.type[text] if issubclass(self.type, Enum) else self.type(text)

    def write(self, node, value) -> None:
        self.check(value)
        if self.isNode:
            node.SetParameter(self.name, "")  # tells that it was set, to None perhaps
            node.SetNodeReferenceID(self.name, value.GetID() if value is not None else None)
        elif issubclass(self.type, Enum):
            node.SetParameter(self.name, value.name)
        else:
            node.SetParameter(self.name, str(value))


class _CachedValue:
    """A parameter's value, read anew only when the node says that it was modified.

    So it goes stale when what it stands for changes without that, as a node does when a scene is loaded.
    """

    def __init__(self, field: _Field, node):
        self._field, self._node = field, node
        self._isWriting = False
        self._value = field.read(node)
        own = weakref.ref(self)  # or the observer would keep it alive
        self._tag = node.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda caller, event: own()._onModified())

    def __del__(self):
        self._node.RemoveObserver(self._tag)

    def _onModified(self) -> None:
        if not self._isWriting:
            self._value = self._field.read(self._node)

    def read(self):
        return self._value

    def write(self, value) -> None:
        self._isWriting = True
        try:
            with slicer.util.NodeModify(self._node):
                self._field.write(self._node, value)
                self._value = self._field.read(self._node)
        finally:
            self._isWriting = False


_MISSING = object()
_observers: list = []


def parameterNodeWrapper(cls: type, /) -> type:
    """Give a class whose annotations name parameters typed access to a vtkMRMLScriptedModuleNode."""
    fields = {}
    for name, hint in typing.get_type_hints(cls, include_extras=True).items():
        fields[name] = _Field(cls.__name__, name, hint, cls.__dict__.get(name, _MISSING))
        setattr(cls, name, _access(name))
    reserved = {"allParameters", *_METHODS} - {"__init__", "__setattr__"}
    for name in reserved & set(vars(cls)):
        raise ValueError(f"Cannot use reserved name '{name}' in a parameterNodeWrapper")
    cls.allParameters = fields
    for name in ("__init__", "__setattr__"):
        if name in cls.__dict__:
            raise NotImplementedError(f"{cls.__name__}: the test stand models no parameter node with its own {name}.")
    for name, function in _METHODS.items():
        setattr(cls, name, function)
    return cls


def _access(name: str) -> property:
    return property(lambda self: self._values[name].read(), lambda self, value: self._values[name].write(value))


def _init(self, parameterNode, prefix: str | None = None) -> None:
    if prefix is not None:
        raise NotImplementedError("The test stand models no prefix of parameters.")
    if parameterNode is None or not parameterNode.IsA("vtkMRMLScriptedModuleNode"):
        raise TypeError("A parameter node wrapper wraps a vtkMRMLScriptedModuleNode.")
    self.__dict__.update(parameterNode=parameterNode, _ties={}, _nextTag=0, _isUpdatingGui=False, _values={})
    for field in self.allParameters.values():
        if not field.isIn(parameterNode):
            field.write(parameterNode, field.default)
        self._values[field.name] = _CachedValue(field, parameterNode)


def _setAttribute(self, name, value) -> None:
    if not hasattr(type(self), name) and name not in self.__dict__:
        raise AttributeError(f"{type(self).__name__} has no parameter {name!r}.")
    object.__setattr__(self, name, value)


def _checkName(self, name: str) -> None:
    if name not in self.allParameters:
        raise ValueError(f"There is no parameter {name}.")


def _default(self, name: str):
    _checkName(self, name)
    return types.SimpleNamespace(value=self.allParameters[name].default)


def _getValue(self, name: str):
    _checkName(self, name)
    return self._values[name].read()


def _setValue(self, name: str, value) -> None:
    _checkName(self, name)
    self._values[name].write(value)


def _connectGui(self, gui) -> int:
    """Tie the widgets of ``slicer.util.childWidgetVariables`` which have a SlicerParameterName to that parameter."""
    mapping = {}
    for widget in vars(gui).values():
        name = widget.property("SlicerParameterName") if hasattr(widget, "property") else None
        if name:
            mapping[name] = widget
    return self.connectParametersToGui(mapping)


def _connectParametersToGui(self, mapping: dict) -> int:
    for name in mapping:
        _checkName(self, name)
    ties = [_Tie(self, self.allParameters[name], widget) for name, widget in mapping.items()]
    tag = self._nextTag
    self.__dict__["_nextTag"] += 1
    self._ties[tag] = ties
    for tie in ties:
        tie.toWidget()
        tie.connect()
    # As in Slicer 5.10, where disconnectGui doesn't remove this observer. Were it collected while VTK may still call
    # it, the program would crash, so it is kept.
    _observers.append(lambda caller, event: _updateGui(self))
    self.AddObserver(vtk.vtkCommand.ModifiedEvent, _observers[-1])
    return tag


def _updateGui(self) -> None:
    """Shows all values in all widgets that are tied, whichever changed."""
    if self._isUpdatingGui:
        return
    self.__dict__["_isUpdatingGui"] = True
    try:
        with slicer.util.NodeModify(self):
            for ties in self._ties.values():
                for tie in ties:
                    tie.toWidget()
    finally:
        self.__dict__["_isUpdatingGui"] = False


def _disconnectGui(self, guiTag: int) -> None:
    for tie in self._ties.pop(guiTag, ()):
        tie.disconnect()


_METHODS = {
    "__init__": _init,
    "__setattr__": _setAttribute,
    "default": _default,
    "isCached": lambda self, name: True,
    "getValue": _getValue,
    "setValue": _setValue,
    "dataType": lambda self, name: self.allParameters[name].type,
    "connectGui": _connectGui,
    "connectParametersToGui": _connectParametersToGui,
    "disconnectGui": _disconnectGui,
    "AddObserver": lambda self, event, callback, priority=0.0: self.parameterNode.AddObserver(
        event, callback, priority
    ),
    "RemoveObserver": lambda self, tag: self.parameterNode.RemoveObserver(tag),
    "StartModify": lambda self: self.parameterNode.StartModify(),
    "EndModify": lambda self, wasModified: self.parameterNode.EndModify(wasModified),
    "Modified": lambda self: self.parameterNode.Modified(),
}

# Widgets: class, types, signal, how the value is read and written.


def _isChoice(field: _Field) -> bool:
    return field.find(Choice) is not None or issubclass(field.type, Enum)


def _choices(field: _Field) -> list:
    return list(field.type) if issubclass(field.type, Enum) else field.find(Choice).choices


def _fillCombo(widget, field: _Field) -> None:
    widget.clear()
    for choice in _choices(field):
        if isinstance(choice, Enum):
            widget.addItem(choice.label() if hasattr(choice, "label") else choice.name)
        else:
            widget.addItem(str(choice))


def _isBounded(field: _Field) -> bool:
    return field.find(WithinRange) is not None or (field.find(Minimum) is not None and field.find(Maximum) is not None)


def _limit(least: float, greatest: float):
    """The limits of the parameter become those of the widget, whatever its .ui file says."""

    def prepare(widget, field: _Field) -> None:
        if field.find(Decimals) is not None:
            widget.setDecimals(field.find(Decimals).value)
        if field.find(SingleStep) is not None:
            widget.setSingleStep(field.find(SingleStep).value)
        limits = field.find(WithinRange)
        low = limits or field.find(Minimum)
        high = limits or field.find(Maximum)
        widget.setMinimum(low.minimum if low is not None else least)
        widget.setMaximum(high.maximum if high is not None else greatest)

    return prepare


def _slider(widget, field: _Field) -> None:
    if not _isBounded(field):
        raise RuntimeError(f"Cannot have a connection to {widget.className()} where {field.name} is unbounded.")
    _limit(-math.inf, math.inf)(widget, field)


def _checkable(widget, field: _Field) -> None:
    if not widget.checkable:
        raise ValueError(f"The button {widget.objectName!r} must be checkable to show {field.name}.")


def _property(name: str):
    return lambda widget, field: getattr(widget, name), lambda widget, field, value: setattr(widget, name, value)


def _writeText(widget, field: _Field, value: str) -> None:
    if value != widget.text:  # writing it moves the cursor to the end
        widget.text = value


@dataclass(frozen=True)
class _Connector:
    widget: str
    fits: object
    signal: str
    get: object
    set: object
    prepare: object = lambda widget, field: None


_INT, _DOUBLE = (-(2**31), 2**31 - 1), (-math.inf, math.inf)
_CONNECTORS = (
    _Connector("QCheckBox", lambda f: f.type is bool, "stateChanged(int)", *_property("checked")),
    _Connector("QPushButton", lambda f: f.type is bool, "toggled(bool)", *_property("checked"), _checkable),
    _Connector("QSlider", lambda f: f.type is int, "valueChanged(int)", *_property("value"), _slider),
    _Connector("QSpinBox", lambda f: f.type is int, "valueChanged(int)", *_property("value"), _limit(*_INT)),
    _Connector(
        "QDoubleSpinBox", lambda f: f.type is float, "valueChanged(double)", *_property("value"), _limit(*_DOUBLE)
    ),
    _Connector("ctkSliderWidget", lambda f: f.type is float, "valueChanged(double)", *_property("value"), _slider),
    _Connector(
        "QLineEdit", lambda f: f.type is str, "textChanged(QString)", lambda widget, field: widget.text, _writeText
    ),
    _Connector("QTextEdit", lambda f: f.type is str, "textChanged()", *_property("plainText")),
    _Connector("QLabel", lambda f: f.type is str, "", *_property("text")),
    _Connector(
        "QComboBox",
        _isChoice,
        "currentIndexChanged(int)",
        lambda widget, field: _choices(field)[widget.currentIndex],
        lambda widget, field, value: widget.setCurrentIndex(_choices(field).index(value)),
        _fillCombo,
    ),
    _Connector(
        "ctkPathLineEdit",
        lambda f: f.type is Path,
        "currentPathChanged(QString)",
        lambda widget, field: Path(widget.currentPath),
        lambda widget, field, value: setattr(widget, "currentPath", str(value)),
    ),
    _Connector(
        "qMRMLNodeComboBox",
        lambda f: f.isNode,
        "currentNodeChanged(vtkMRMLNode*)",
        lambda widget, field: widget.currentNode(),
        lambda widget, field, value: widget.setCurrentNode(value),
        lambda widget, field: widget.setNodeTypes((field.type().GetClassName(),)),
    ),
)


class _Tie:
    """A parameter and the widget that shows it."""

    def __init__(self, wrapper, field: _Field, widget):
        self.wrapper, self.field, self.widget = wrapper, field, widget
        name = widget.className()
        found = [c for c in _CONNECTORS if c.widget == name and c.fits(field)]
        if not found:
            raise NotImplementedError(f"The test stand can't tie {field.name} ({field.type.__name__}) to a {name}.")
        self.connector = found[0]
        self.connector.prepare(widget, field)

    def connect(self) -> None:
        if self.connector.signal:
            self.widget.connect(self.connector.signal, self.toParameter)

    def disconnect(self) -> None:
        if self.connector.signal:
            self.widget.disconnect(self.connector.signal, self.toParameter)

    def toParameter(self, *args) -> None:
        with slicer.util.NodeModify(self.wrapper):
            if not self.wrapper._isUpdatingGui:
                self.wrapper.setValue(self.field.name, self.connector.get(self.widget, self.field))

    def toWidget(self) -> None:
        self.connector.set(self.widget, self.field, self.wrapper.getValue(self.field.name))


def install() -> None:
    """Make ``slicer.parameterNodeWrapper`` importable, with what is modelled of it."""
    module = types.ModuleType("slicer.parameterNodeWrapper")
    module.parameterNodeWrapper = parameterNodeWrapper
    for annotation in _ANNOTATIONS:
        setattr(module, annotation.__name__, annotation)
    module.__all__ = ["parameterNodeWrapper", *(annotation.__name__ for annotation in _ANNOTATIONS)]
    sys.modules[module.__name__] = slicer.parameterNodeWrapper = module
