"""What all sections of the panel have in common."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Protocol, TypeVar

import ctk
import qt
import slicer
from dualtaskseg.errors import DualTaskSegError
from slicer.i18n import tr as _

from DualTaskSegLib.panel.accessible import makeAccessible
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.shortcuts import KEYS
from DualTaskSegLib.scene.parameters import Tie

R = TypeVar("R")

PARAMETER = "SlicerParameterName"  # dynamic property of a widget in a .ui file


class Widgets(Protocol):
    """The widgets of a ``.ui`` file by their names, as ``slicer.util.childWidgetVariables`` gives them."""

    def __getattr__(self, name: str) -> qt.QWidget: ...


class _HasPanel(Protocol):
    panel: Panel


def slot(method: Callable[..., R]) -> Callable[..., R | None]:
    """Makes a method of a section fit to be connected: what goes wrong with the user's data becomes a message.

    Arguments of the signal that the method doesn't take are dropped. A defect of ours is told and raised on, so that it
    stands in the log.
    """
    accepted = len(inspect.signature(method).parameters) - 1

    @functools.wraps(method)
    def guarded(self: _HasPanel, *arguments: object) -> R | None:
        try:
            return method(self, *arguments[:accepted])
        except DualTaskSegError as error:
            self.panel.fail(str(error))
        except OSError as error:
            name = getattr(error, "filename", None) or _("A file")
            reason = error.strerror or str(error)
            self.panel.fail(_("{file} can't be read or written: {reason}.").format(file=name, reason=reason))
        except Exception:
            self.panel.fail(
                _("Something went wrong that is a defect of DualTaskSeg. Details are in the application log.")
            )
            raise
        return None

    return guarded


def setAvailable(widget: qt.QWidget, reason: str, tooltip: str) -> None:
    """Enables a widget; or disables it and says why, instead of what it does, and which keys do the same."""
    widget.enabled = not reason
    keys = widget.property(KEYS)
    widget.toolTip = reason or (_("{tooltip} (key: {keys})").format(tooltip=tooltip, keys=keys) if keys else tooltip)


class Section:
    """A collapsible part of the panel with a ``.ui`` file of its own."""

    TITLE = ""  # the heading, translated; & stands before the letter that opens it with the Alt key
    UI_FILE = ""  # in Resources/UI

    def __init__(self, panel: Panel, parentLayout: qt.QVBoxLayout) -> None:
        self.panel = panel
        self.button = ctk.ctkCollapsibleButton()  # the ctkCollapsibleButton that holds it
        self.button.objectName = type(self).__name__ + "Button"
        self.button.text = self.TITLE
        self.widget = slicer.util.loadUI(panel.resourcePath("UI/" + self.UI_FILE))
        self.ui = slicer.util.childWidgetVariables(self.widget)  # the widgets of the .ui file by their names
        makeAccessible(self.widget)
        self.widget.setMRMLScene(slicer.mrmlScene)  # the top of each .ui is a qMRMLWidget
        layout = qt.QVBoxLayout(self.button)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.widget)
        parentLayout.addWidget(self.button)
        self._tie: Tie | None = None
        panel.parameterNodeChanged.connect(self.connectParameters)

    @property
    def collapsed(self) -> bool:
        """Whether only the heading is seen."""
        return self.button.collapsed

    @collapsed.setter
    def collapsed(self, flag: bool) -> None:
        self.button.collapsed = flag

    def connectParameters(self) -> None:
        """Ties widgets that have the property SlicerParameterName to the scene's parameter node."""
        if self._tie is not None:
            self._tie.close()
            self._tie = None
        widgets = {
            widget.property(PARAMETER): widget for widget in vars(self.ui).values() if widget.property(PARAMETER)
        }
        if self.panel.parameterNode is not None and widgets:
            self._tie = Tie(self.panel.parameterNode, widgets)

    def refresh(self) -> None:
        """Shows the present state."""

    def enter(self) -> None:
        """The user comes to the module."""

    def exit(self) -> None:
        """The user goes to another module."""

    def onSceneStartClose(self) -> None:
        """The scene is about to be closed: let go of its nodes."""

    def onSceneEndClose(self) -> None:
        """The scene was closed."""
        self.refresh()

    def cleanup(self) -> None:
        """The panel goes away: end timers, observers, children."""
