"""What PythonQt, on Qt 5.15, gives and PySide6 does not, or the other way round: tuples, truth, what came with Qt 6."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from pathlib import Path

import PySide6
from PySide6 import QtCore

from . import signatures

# What is false in PythonQt, by what it is then; of the subclasses as well.
FALSE_IF = {
    "isEmpty": "QBitArray QByteArray QDir QItemSelection QItemSelectionRange QJsonArray QJsonDocument "
    "QKeySequence QLayoutItem QMenu QPainterPath QPolygon QPolygonF QProcessEnvironment QRect QRectF QRegion QSize "
    "QSizeF QTextDocument QTextDocumentFragment QTextFormat QTranslator QUrl QUrlQuery",
    "isNull": "QIcon QImage QJsonValue QLine QLineF QMargins QMarginsF QPicture QPixmap QPoint QPointF QQuaternion "
    "QTextCursor QUuid QVector2D QVector3D QVector4D",
    "isValid": "QColor QDate QDateTime QElapsedTimer QMetaEnum QMetaMethod QMetaProperty QMimeType QModelIndex QMovie "
    "QPageLayout QPageSize QPersistentModelIndex QRegularExpression QRegularExpressionMatch QStorageInfo QTemporaryDir "
    "QTextBlock QTextFragment QTextLine QTime QTimeZone",
}
# Methods that also exist without an object; PythonQt finds only the one that needs it.
_NEED_AN_OBJECT = {"QFile": ("exists", "remove", "rename", "copy", "link"), "QFileInfo": ("exists",)}

newerSignals: dict[str, set[type]] = {}  # that came with Qt 6, with their classes


def removeNewer(module: types.ModuleType, sources: tuple[types.ModuleType, ...]) -> None:
    """Slicer has Qt 5.15: what came with Qt 6 is not there. But methods of QObjects stay, since Qt itself looks for
    those that are virtual; a test looks for them in the module."""
    for line in signatures.lines("lacking_qt5.txt"):
        name, _dot, member = line.partition(".")
        if not member:
            vars(module).pop(name, None)
            continue
        cls = next((getattr(source, name) for source in sources if hasattr(source, name)), None)
        if cls is None:
            continue
        if not issubclass(cls, QtCore.QObject):
            setattr(cls, member, _Absent(line))
        elif isinstance(vars(cls).get(member), QtCore.Signal):
            newerSignals.setdefault(member, set()).add(cls)


def isNewerSignal(cls: type, name: str) -> bool:
    """Whether a signal came with Qt 6: PySide6 makes signals anew, so that they can't be taken away."""
    return name in newerSignals and not newerSignals[name].isdisjoint(cls.__mro__)


class _Absent:
    """In the place of what PySide6 has and Qt 5.15 has not."""

    def __init__(self, name: str):
        self.name = name

    def __get__(self, instance, owner=None):
        raise AttributeError(f"Qt 5.15 has no {self.name}.")


def tupled(value: object) -> object:
    """As PythonQt gives Python what Qt has: every list is a tuple, also within."""
    if isinstance(value, list):
        return tuple(map(tupled, value))
    if type(value) is dict:
        return {key: tupled(each) for key, each in value.items()}
    return value


def giveTuples(classes: set[type], sources: tuple[types.ModuleType, ...]) -> None:
    """Let the methods of Qt's classes give tuples for lists."""
    for cls, name in _methodsThatMayGiveLists(classes, sources):
        method = cls.__dict__.get(name)
        if isinstance(method, types.MethodDescriptorType):
            setattr(cls, name, _tupling(method))
        elif isinstance(method, types.BuiltinFunctionType):
            setattr(cls, name, staticmethod(_tupling(method)))


def _methodsThatMayGiveLists(classes: set[type], sources: tuple[types.ModuleType, ...]) -> Iterator[tuple[type, str]]:
    """As PySide6's own stub files tell. Models keep theirs: Qt calls these itself, all the time."""
    found = set()
    for module in sources:
        cls = None
        stub = Path(PySide6.__file__).with_name(module.__name__.rpartition(".")[2] + ".pyi")
        for line in stub.read_text(encoding="utf-8").splitlines():
            if line.startswith("class "):
                cls = getattr(module, re.match(r"class (\w+)", line).group(1), None)
                isModel = cls is None or issubclass(cls, QtCore.QAbstractItemModel)
            elif cls in classes and not isModel and line.startswith("    def "):
                given = line.rpartition("->")[2]
                if "List[" in given or "Sequence[" in given or "typing.Any" in given:
                    found.add((cls, line[8 : line.index("(")]))
    yield from found


def _tupling(method):
    def call(*args, **keywords):
        return tupled(method(*args, **keywords))

    call.__name__ = method.__name__
    return call


def setTruth(module: types.ModuleType) -> None:
    """Let what is empty, null or not valid be false."""
    for question, names in FALSE_IF.items():
        for name in names.split():
            getattr(module, name).__bool__ = _truth(question)


def _truth(question: str):
    def isTrue(self) -> bool:
        return bool(getattr(self, question)()) == (question == "isValid")

    return isTrue


def demandObjects(module: types.ModuleType) -> None:
    """Let methods be refused without an object, which PythonQt does not find then."""
    for className, names in _NEED_AN_OBJECT.items():
        cls = getattr(module, className)
        for name in names:
            setattr(cls, name, _demanding(cls, getattr(cls, name)))


def _demanding(cls: type, method):
    def call(self, *args):
        if not issubclass(type(self), cls):
            raise ValueError(
                f"{cls.__name__}.{method.__name__} needs an object, as in {cls.__name__}(path).{method.__name__}()."
            )
        return method(self, *args)

    return call
