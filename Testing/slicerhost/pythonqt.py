"""The module ``qt`` as Slicer's Python sees it, made from PySide6.

Slicer wraps Qt with PythonQt, which differs from PySide6 in daily matters: a property is an attribute
(``button.text = "Go"``), a signal is connected by its signature (``button.connect("clicked(bool)", f)``), a child is an
attribute of its parent, constructors take no keywords, lists come as tuples. PySide6's classes are changed in place, so
that objects made by Qt itself behave the same. What PythonQt converts silently and what is a mistake in nearly every
case (a number for a text, a signal which does not exist) raises here.

Questions (file dialogs, input boxes, message boxes, modal dialogs) would wait for ever without a person: a test says
beforehand what is answered, see :mod:`slicerhost.questions`.
"""

from __future__ import annotations

import contextlib
import sys
import traceback
import types
from pathlib import PurePath

import shiboken6
from PySide6 import QtCore, QtGui, QtUiTools, QtWidgets

from . import qtvalues, questions
from .qtvalues import tupled
from .uiloader import UiLoader

# Text of every exception which left a slot, an event handler or an observer. PythonQt prints these and goes on; the
# tests assert that there are none.
slotErrors: list[str] = []

_MODULES = (QtCore, QtGui, QtWidgets, QtUiTools)
_CPP_TYPE = type(QtCore.QObject)
_STATIC_OF_SAME_NAME = {("QTimer", "singleShot")}
_TEXT_TYPES = {"QString"}
_WHOLE_TYPES = {"int", "uint", "short", "ushort", "qlonglong", "qulonglong", "long", "ulong"}
_REAL_TYPES = {"double", "float"}

_classes: set[type] = set()  # those of Qt itself
_connect = QtCore.QObject.connect
_disconnect = QtCore.QObject.disconnect
_connections: dict[int, list[tuple[str, object, object]]] = {}  # by address: signature, callable, wrapper


def install() -> types.ModuleType:
    """Change PySide6's classes and return the module ``qt``, also put into ``sys.modules``. Later calls return it."""
    if "qt" in sys.modules:
        return sys.modules["qt"]
    module = types.ModuleType("qt", "Qt as PythonQt offers it, made from PySide6 by the test stand.")
    for source in _MODULES:
        for name in dir(source):
            if name.startswith("_"):
                continue
            value = getattr(source, name)
            setattr(module, name, value)
            if isinstance(value, _CPP_TYPE):
                _classes.add(value)
    for cls in _classes:
        _adapt(cls)
    qtvalues.removeNewer(module, _MODULES)
    qtvalues.giveTuples(_classes, _MODULES)
    qtvalues.setTruth(module)
    qtvalues.demandObjects(module)
    _CPP_TYPE.__instancecheck__ = _isInstance
    _CPP_TYPE.__call__ = _construct
    module.QUiLoader = UiLoader
    singleShot = QtCore.QTimer.singleShot
    QtCore.QTimer.singleShot = staticmethod(lambda milliseconds, slot: singleShot(milliseconds, _slot(slot)))
    questions.install(module)
    sys.modules["qt"] = module
    sys.excepthook = _collect
    return module


def isQObject(value: object) -> bool:
    """True for every QObject; ``isinstance`` says so for the very class only, as in PythonQt."""
    return issubclass(type(value), QtCore.QObject)


def reportSlotError() -> None:
    """Record and print the exception being handled, as PythonQt prints an exception of a slot."""
    _collect(*sys.exc_info())


def _collect(kind, error, trace) -> None:
    text = "".join(traceback.format_exception(kind, error, trace))
    slotErrors.append(text)
    print(text, file=sys.stderr)


# Classes


def _isCpp(cls: type) -> bool:
    return cls in _classes


def _isInstance(cls, value) -> bool:
    if not _isCpp(cls):
        return type.__instancecheck__(cls, value)
    for base in type(value).__mro__:
        if base is cls:
            return True
        if _isCpp(base):
            return False  # PythonQt's classes of Qt do not inherit from each other
    return False


def _construct(cls, *args, **keywords):
    if keywords and _isCpp(cls):
        raise ValueError(f"{cls.__name__}: PythonQt takes no keyword arguments ({', '.join(keywords)}).")
    return type.__call__(cls, *args, **keywords)


def _adapt(cls: type) -> None:
    cls.__setattr__ = _setAttribute
    if not issubclass(cls, QtCore.QObject):
        return
    meta = cls.staticMetaObject
    for index in range(meta.propertyOffset(), meta.propertyCount()):
        prop = meta.property(index)
        if (cls.__name__, prop.name()) not in _STATIC_OF_SAME_NAME:
            setattr(cls, prop.name(), _Property(cls, prop))
    if "__getattribute__" in cls.__dict__ or cls is QtCore.QObject:
        cls.__getattribute__ = _attributeReader(cls.__dict__["__getattribute__"])
    if cls is QtCore.QObject:
        cls.__getattr__ = _missingAttribute
        cls.className = lambda self: self.metaObject().className()
        cls.findChild = _childFinder(cls.findChild, all_=False)
        cls.findChildren = _childFinder(cls.findChildren, all_=True)
        cls.delete = lambda self: shiboken6.delete(self)


class _Property:
    """A property of Qt as an attribute."""

    def __init__(self, cls: type, prop):
        self.name = prop.name()
        self.owner = cls.__name__
        self.type = prop.typeName()
        self.isEnum = prop.isEnumType() or prop.isFlagType()
        self.writable = prop.isWritable()
        # QObject.property() would come back here for a virtual getter: ask the method that this attribute hides.
        hidden = cls.__dict__.get(self.name)
        self.getter = hidden if isinstance(hidden, types.MethodDescriptorType) else None
        self.hidden = hidden

    def __get__(self, instance, owner=None):
        if instance is None:
            return self.hidden if self.hidden is not None else self
        value = self.getter(instance) if self.getter else QtCore.QObject.property(instance, self.name)
        return tupled(value)

    def __set__(self, instance, value):
        where = f"{self.owner}.{self.name}"
        if not self.writable:
            raise AttributeError(f"{where} can't be set.")
        if self.type in _TEXT_TYPES and isinstance(value, PurePath):
            value = str(value)
        if not self._takes(value):
            raise AttributeError(f"{where} is of type {self.type} and can't be set to {value!r}.")
        if self.isEnum or self.type in _WHOLE_TYPES:
            value = int(value)
        if not QtCore.QObject.setProperty(instance, self.name, value):
            raise AttributeError(f"{where} is of type {self.type} and can't be set to {value!r}.")

    def _takes(self, value) -> bool:
        if self.type in _TEXT_TYPES:
            return isinstance(value, str)
        if self.type == "bool" or self.type in _WHOLE_TYPES or self.type in _REAL_TYPES or self.isEnum:
            return isinstance(value, int | float)
        return True


def _setAttribute(self, name, value) -> None:
    for base in type(self).__mro__:
        if name in base.__dict__:
            attribute = base.__dict__[name]
            if type(attribute) is QtCore.Property:  # of one of our own widgets
                attribute.fset(self, value)
                return
            if hasattr(type(attribute), "__set__"):
                attribute.__set__(self, value)
                return
            break
    if name == "name" and isQObject(self):
        self.setObjectName(value)
    elif not _isCpp(type(self)) or isinstance(value, QtCore.SignalInstance):
        self.__dict__[name] = value  # PySide6 keeps its signals there itself
    elif isQObject(self) and name in _dynamicProperties(self):
        self.setProperty(name, value)
    else:
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}: Python can't add one to a class of Qt.")


def _dynamicProperties(instance) -> set[str]:
    return {bytes(name.data()).decode() for name in instance.dynamicPropertyNames()}


def _attributeReader(original):
    newerSignals = qtvalues.newerSignals  # attributes are read so often that a call each is felt

    def read(self, name):
        if name == "connect":
            return lambda *args: _connectAny(self, args)
        if name == "disconnect":
            return lambda *args: _disconnectAny(self, args)
        if name in newerSignals and qtvalues.isNewerSignal(type(self), name):
            raise AttributeError(f"Qt 5.15 has no {type(self).__name__}.{name}.")
        return original(self, name)

    return read


def _missingAttribute(self, name):
    if not name.startswith("__") and shiboken6.isValid(self):
        if name == "name":
            return self.objectName
        if name == "exec_" and hasattr(type(self), "exec"):
            return self.exec
        if name in _dynamicProperties(self):
            return self.property(name)
        for child in self.children():
            if child.objectName == name:
                return child
    raise AttributeError(f"{type(self).__name__} has no attribute {name!r}.")


def _childFinder(original, all_: bool):
    def find(self, kind, name=""):
        if not isinstance(kind, str):
            return tupled(original(self, kind, name) if name else original(self, kind))
        named = self.findChildren(QtCore.QObject, name) if name else self.findChildren(QtCore.QObject)
        found = [child for child in named if child.inherits(kind)]
        return tuple(found) if all_ else (found[0] if found else None)

    return find


# Signals


def normalized(signature: str) -> str:
    return bytes(QtCore.QMetaObject.normalizedSignature(signature).data()).decode()


def _connectAny(sender, args):
    if args and isQObject(args[0]):  # PySide6's own way, which its SignalInstance.connect uses
        return _connect(*args)
    signature, *target = args
    if len(target) == 2:  # connect(signal, receiver, "slot()")
        slot = getattr(target[0], target[1].split("(")[0])
    elif len(target) == 1 and callable(target[0]):
        slot = target[0]
    else:
        raise ValueError("connect takes a signature and a callable, or a signature, a receiver and its slot.")
    signature = normalized(signature)
    if signature.count("(") != 1:
        raise ValueError(f"{signature!r} is no signature of a signal, as in 'clicked(bool)'.")
    wrapper = _slot(slot)
    signal = _standInSignal(sender, signature)
    if signal is not None:
        signal.connect(wrapper)
    elif sender.metaObject().indexOfSignal(signature) >= 0 and hasattr(sender, signature.partition("(")[0]):
        _connect(sender, "2" + signature, wrapper)
    else:
        raise AttributeError(f"{type(sender).__name__} has no signal {signature!r}.")
    address = shiboken6.getCppPointer(sender)[0]
    if address not in _connections:
        _connections[address] = []
        _connect(sender, "2destroyed()", lambda: _connections.pop(address, None))
    _connections[address].append((signature, slot, wrapper))
    return True


def _disconnectAny(sender, args):
    if not args or isQObject(args[0]):
        return _disconnect(*args)
    if len(args) == 2 and args[0].startswith("2"):
        return _disconnect(sender, *args)
    signature, *target = args
    signature = normalized(signature)
    known = _connections.get(shiboken6.getCppPointer(sender)[0], [])
    slot = None
    if len(target) == 2:
        slot = getattr(target[0], target[1].split("(")[0])
    elif target:
        slot = target[0]
    matching = [entry for entry in known if entry[0] == signature and (slot is None or entry[1] == slot)]
    for entry in matching[:1] if slot is not None else matching:
        known.remove(entry)
        signal = _standInSignal(sender, signature)
        if signal is not None:
            signal.disconnect(entry[2])
        else:
            _disconnect(sender, "2" + signature, entry[2])
    return bool(matching)


def _standInSignal(sender, signature: str):
    """The signal of one of our own widgets: its C++ argument types are not known to PySide6."""
    name = getattr(type(sender), "SIGNALS", {}).get(signature)
    return getattr(sender, name) if name else None


def _slot(function):
    """Calls ``function`` with as many of the signal's arguments as it takes and reports its exception."""
    limit = _argumentLimit(function)

    def call(*args):
        try:
            function(*map(tupled, args[:limit]))
        except BaseException:
            reportSlotError()

    return call


def _argumentLimit(function) -> int | None:
    """How many arguments PythonQt gives; None for all of them."""
    bound = isinstance(function, types.MethodType)
    plain = function.__func__ if bound else function
    if not isinstance(plain, types.FunctionType) or plain.__code__.co_flags & 0x04:  # *args
        return None
    return plain.__code__.co_argcount - (1 if bound else 0)


def processEvents(milliseconds: int = 0) -> None:
    """Let Qt do what is due, at least as long as given."""
    timer = QtCore.QElapsedTimer()
    timer.start()
    while True:
        try:
            QtCore.QCoreApplication.processEvents(QtCore.QEventLoop.AllEvents, 10)
            QtCore.QCoreApplication.sendPostedEvents(None, QtCore.QEvent.DeferredDelete)
        except Exception:  # of an event handler: PySide6 raises it here, PythonQt prints it
            reportSlotError()
        if timer.elapsed() >= milliseconds:
            return
        with contextlib.suppress(InterruptedError):
            QtCore.QThread.msleep(1)
