"""Loads Qt Designer files, with the test stand's widgets for those of CTK and Slicer."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import ClassVar

import shiboken6
from PySide6 import QtCore, QtUiTools


class UiLoader(QtUiTools.QUiLoader):
    """``qt.QUiLoader`` which raises on a class or a property that it does not know, where Qt only prints a warning."""

    standIns: ClassVar[dict[str, type]] = {}  # by the class name in the file; filled by slicerhost.widgets
    _kept: ClassVar[list] = []  # Python would free them while Qt still uses them

    def load(self, device, parent=None):
        data = bytes(device.readAll().data())
        root = ET.fromstring(data)
        connections = root.find("connections")
        if connections is not None:
            root.remove(connections)
        self._checkClasses(root)
        choices = self._takeChoices(root)
        buffer = QtCore.QBuffer()
        buffer.setData(ET.tostring(root))
        buffer.open(QtCore.QIODevice.ReadOnly)
        self._failure = None
        widget = super().load(buffer, parent)
        if self._failure is not None:
            raise self._failure
        if widget is None:
            raise RuntimeError(f"The .ui file can't be loaded: {self.errorString()}")
        self._checkProperties(root.find("widget"), widget)
        for name, prop, value in choices:
            setattr(_named(widget, name), prop, value)
        for connection in connections if connections is not None else ():
            self._connect(widget, connection)
        return widget

    def createWidget(self, className, parent=None, name=""):
        kind = self.standIns.get(className)
        if kind is None:
            return super().createWidget(className, parent, name)
        try:
            widget = kind(parent) if parent is not None else kind()
        except Exception as error:  # C++ would print it and go on with nothing
            self._failure = error
            return super().createWidget("QWidget", parent, name)
        widget.setObjectName(name)
        self._kept[:] = [kept for kept in self._kept if shiboken6.isValid(kept)]
        self._kept.append(widget)
        return widget

    def _checkClasses(self, root) -> None:
        known = set(self.availableWidgets()) | set(self.standIns) | {"Line"}
        unknown = sorted({node.get("class") for node in root.iter("widget")} - known)
        if unknown:
            raise NotImplementedError(
                f"The test stand has no stand-in for {', '.join(unknown)}, which the .ui file uses."
            )

    def _takeChoices(self, root) -> list[tuple[str, str, int]]:
        """Take out the enumerators of our own widgets, which Qt can't read: widget, property, value."""
        choices = []
        for element in root.iter("widget"):
            kind = self.standIns.get(element.get("class"))
            for prop in element.findall("property") if kind else ():
                text = prop.findtext("set") or prop.findtext("enum")
                if text and hasattr(kind, text.split("::")[-1].split("|")[0]):
                    value = 0
                    for name in text.split("|"):
                        value |= getattr(kind, name.split("::")[-1])
                    choices.append((element.get("name"), prop.get("name"), value))
                    element.remove(prop)
        return choices

    def _checkProperties(self, node, top) -> None:
        for element in node.iter("widget"):
            name = element.get("name")
            widget = top if top.objectName == name else top.findChild("QObject", name)
            if widget is None:
                continue  # a page title or the like: Qt has put it elsewhere
            for prop in element.findall("property"):
                standard = prop.get("stdset") != "0"
                if standard and element.get("class") != "Line" and not self._has(widget, prop.get("name")):
                    raise AttributeError(f"{element.get('class')} {name!r} has no property {prop.get('name')!r}.")

    @staticmethod
    def _has(widget, name: str) -> bool:
        return widget.metaObject().indexOfProperty(name) >= 0

    @staticmethod
    def _connect(top, connection) -> None:
        sender = _named(top, connection.findtext("sender"))
        receiver = _named(top, connection.findtext("receiver"))
        sender.connect(connection.findtext("signal"), receiver, connection.findtext("slot"))


def _named(top, name: str):
    found = top if top.objectName == name else top.findChild("QObject", name)
    if found is None:
        raise AttributeError(f"The .ui file names {name!r}, which it does not hold.")
    return found
