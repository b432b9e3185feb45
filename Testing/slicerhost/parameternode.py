"""``slicer.parameterNodeWrapper``: typed access to a module's parameter node, tied to widgets.

Modelled: fields of type bool, int, float, str, Enum, pathlib.Path and MRML node, with Default, Minimum, Maximum,
WithinRange, Choice, Decimals and SingleStep, and the widgets of ``_CONNECTORS``. Everything else raises.
"""

from __future__ import annotations

import sys
import types
import typing
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import slicer
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

    def read(self, node):
        if self.isNode:
            return node.GetNodeReference(self.name)
        text = node.GetParameter(self.name)
        if self.type is bool:
            return text == "True"
        return self.type[text] if issubclass(self.type, Enum) else self.type(text)

    def write(self, node, value) -> None:
        self.check(value)
        if self.isNode:
            node.SetNodeReferenceID(self.name, value.GetID() if value is not None else None)
        elif issubclass(self.type, Enum):
            node.SetParameter(self.name, value.name)
        else:
            node.SetParameter(self.name, str(self.type(value)))

    def isIn(self, node) -> bool:
        return self.isNode or self.name in node.GetParameterNames()


_MISSING = object()


def parameterNodeWrapper(cls: type) -> type:
    """Give a class whose annotations name parameters typed access to a vtkMRMLScriptedModuleNode."""
    fields = {}
    for name, hint in typing.get_type_hints(cls, include_extras=True).items():
        fields[name] = _Field(cls.__name__, name, hint, cls.__dict__.get(name, _MISSING))
        setattr(cls, name, _access(fields[name]))
    cls.allParameters = fields
    for name in ("__init__", "__setattr__"):
        if name in cls.__dict__:
            raise NotImplementedError(f"{cls.__name__}: the test stand models no parameter node with its own {name}.")
    for name, function in _METHODS.items():
        setattr(cls, name, function)
    return cls


def _access(field: _Field) -> property:
    return property(
        lambda self: field.read(self.parameterNode), lambda self, value: field.write(self.parameterNode, value)
    )


def _init(self, parameterNode) -> None:
    if parameterNode is None or not parameterNode.IsA("vtkMRMLScriptedModuleNode"):
        raise TypeError("A parameter node wrapper wraps a vtkMRMLScriptedModuleNode.")
    self.__dict__.update(parameterNode=parameterNode, _connections={}, _nextTag=1)
    for field in self.allParameters.values():
        if not field.isIn(parameterNode):
            field.write(parameterNode, field.default)


def _setAttribute(self, name, value) -> None:
    if name not in self.allParameters:
        raise AttributeError(f"{type(self).__name__} has no parameter {name!r}.")
    object.__setattr__(self, name, value)


def _default(self, name: str):
    return types.SimpleNamespace(value=self.allParameters[name].default)


def _connectGui(self, gui) -> int:
    """Tie the widgets of ``slicer.util.childWidgetVariables`` which have a SlicerParameterName to that parameter."""
    mapping = {}
    for widget in vars(gui).values():
        name = widget.property("SlicerParameterName") if hasattr(widget, "property") else None
        if name:
            mapping[name] = widget
    return self.connectParametersToGui(mapping)


def _connectParametersToGui(self, mapping: dict) -> int:
    unknown = set(mapping) - set(self.allParameters)
    if unknown:
        raise ValueError(f"There is no parameter {', '.join(sorted(unknown))}.")
    ties = [_Tie(self, self.allParameters[name], widget) for name, widget in mapping.items()]

    def update(caller=None, event=None):
        for tie in ties:
            tie.toWidget()

    observer = self.parameterNode.AddObserver(vtk.vtkCommand.ModifiedEvent, update)
    update()
    for tie in ties:
        tie.connect()
    tag = self._nextTag
    self.__dict__["_nextTag"] += 1
    self._connections[tag] = (observer, ties)
    return tag


def _disconnectGui(self, tag: int) -> None:
    observer, ties = self._connections.pop(tag)
    self.parameterNode.RemoveObserver(observer)
    for tie in ties:
        tie.disconnect()


_METHODS = {
    "__init__": _init,
    "__setattr__": _setAttribute,
    "default": _default,
    "getValue": lambda self, name: getattr(self, name),
    "setValue": lambda self, name, value: setattr(self, name, value),
    "dataType": lambda self, name: self.allParameters[name].type,
    "connectGui": _connectGui,
    "connectParametersToGui": _connectParametersToGui,
    "disconnectGui": _disconnectGui,
    "AddObserver": lambda self, *args: self.parameterNode.AddObserver(*args),
    "RemoveObserver": lambda self, tag: self.parameterNode.RemoveObserver(tag),
    "HasObserver": lambda self, *args: self.parameterNode.HasObserver(*args),
    "StartModify": lambda self: self.parameterNode.StartModify(),
    "EndModify": lambda self, before: self.parameterNode.EndModify(before),
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
            widget.addItem(choice.label() if hasattr(choice, "label") else choice.name, choice.name)
        else:
            widget.addItem(str(choice), choice)


def _comboValue(widget, field: _Field):
    index = widget.currentIndex
    return _choices(field)[index] if index >= 0 else field.default


def _limit(widget, field: _Field) -> None:
    for kind in (WithinRange, Minimum, Maximum):
        limits = field.find(kind)
        if hasattr(limits, "minimum"):
            widget.setMinimum(limits.minimum)
        if hasattr(limits, "maximum"):
            widget.setMaximum(limits.maximum)
    if field.find(Decimals) is not None:
        widget.setDecimals(field.find(Decimals).value)
    if field.find(SingleStep) is not None:
        widget.setSingleStep(field.find(SingleStep).value)


def _checkable(widget, field: _Field) -> None:
    if not widget.checkable:
        raise ValueError(f"The button {widget.objectName!r} must be checkable to show {field.name}.")


def _property(name: str):
    return lambda widget, field: getattr(widget, name), lambda widget, field, value: setattr(widget, name, value)


@dataclass(frozen=True)
class _Connector:
    widget: str
    fits: object
    signal: str
    get: object
    set: object
    prepare: object = lambda widget, field: None


_CONNECTORS = (
    _Connector("QCheckBox", lambda f: f.type is bool, "toggled(bool)", *_property("checked")),
    _Connector("QPushButton", lambda f: f.type is bool, "toggled(bool)", *_property("checked"), _checkable),
    _Connector("QSlider", lambda f: f.type is int, "valueChanged(int)", *_property("value"), _limit),
    _Connector("QSpinBox", lambda f: f.type is int, "valueChanged(int)", *_property("value"), _limit),
    _Connector("QDoubleSpinBox", lambda f: f.type is float, "valueChanged(double)", *_property("value"), _limit),
    _Connector("ctkSliderWidget", lambda f: f.type is float, "valueChanged(double)", *_property("value"), _limit),
    _Connector("QLineEdit", lambda f: f.type is str, "textChanged(QString)", *_property("text")),
    _Connector("QTextEdit", lambda f: f.type is str, "textChanged()", *_property("plainText")),
    _Connector("QLabel", lambda f: f.type is str, "", *_property("text")),
    _Connector(
        "QComboBox",
        _isChoice,
        "currentIndexChanged(int)",
        _comboValue,
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
        value = self.connector.get(self.widget, self.field)
        if value != self.field.read(self.wrapper.parameterNode):
            self.field.write(self.wrapper.parameterNode, value)

    def toWidget(self) -> None:
        value = self.field.read(self.wrapper.parameterNode)
        if value != self.connector.get(self.widget, self.field):
            self.connector.set(self.widget, self.field, value)


def install() -> None:
    """Make ``slicer.parameterNodeWrapper`` importable, with what is modelled of it."""
    module = types.ModuleType("slicer.parameterNodeWrapper")
    module.parameterNodeWrapper = parameterNodeWrapper
    for annotation in _ANNOTATIONS:
        setattr(module, annotation.__name__, annotation)
    module.__all__ = ["parameterNodeWrapper", *(annotation.__name__ for annotation in _ANNOTATIONS)]
    sys.modules[module.__name__] = slicer.parameterNodeWrapper = module
