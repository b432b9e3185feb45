"""What lets the keyboard and screen readers in: names for what has no text, and no table that keeps the Tab key."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import qt

# Where a widget of Slicer or CTK consists of others, the keyboard is in those.
_CONTROLS = ("QAbstractButton", "QAbstractSlider", "QAbstractSpinBox", "QComboBox", "QLineEdit")


def makeAccessible(form: qt.QWidget) -> None:
    """Makes all of a form's widgets reachable with the Tab key and gives those without a text of their own a name.

    The name is that of the form (accessibleName), or what stands before the widget in its row, or for a button with a
    sign only, its tooltip. In a table the arrow keys go from cell to cell; the Tab key, which would go round in it for
    ever, leaves it.
    """
    for child in list(_below(form)):
        if child.inherits("QAbstractItemView"):
            child.setTabKeyNavigation(False)
        elif child.inherits("QPlainTextEdit"):
            child.setTabChangesFocus(True)
        elif child.inherits("QFormLayout"):
            _nameFields(child)
        elif child.inherits("QAbstractButton") and child.text and not any(sign.isalnum() for sign in child.text):
            giveName(child, child.toolTip)


def giveName(widget: qt.QWidget, name: str) -> None:
    """Gives a widget, and those it consists of, the name that screen readers tell, unless it has one."""
    if not widget.accessibleName:
        widget.accessibleName = name
    for part in _below(widget):
        if any(part.inherits(kind) for kind in _CONTROLS) and not part.accessibleName:
            part.accessibleName = name


def inTabOrder(widgets: list[qt.QWidget]) -> None:
    """Makes the Tab key go through widgets that were made later than their neighbors, in the order of the list."""
    for before, after in itertools.pairwise(widgets):
        qt.QWidget.setTabOrder(before, after)


def _below(thing: qt.QObject) -> Iterator[qt.QObject]:
    """Widgets and layouts in a form, in the order in which they were made."""
    for child in thing.children():
        if child.inherits("QWidget") or child.inherits("QLayout"):
            yield child
            yield from _below(child)


def _nameFields(layout: qt.QFormLayout) -> None:
    for field in layout.parentWidget().children():
        label = layout.labelForField(field) if field.inherits("QWidget") else None
        if label is not None and label.inherits("QLabel") and not field.inherits("QLabel"):
            label.setBuddy(field)
            giveName(field, label.text.replace("&", "").rstrip(": "))
