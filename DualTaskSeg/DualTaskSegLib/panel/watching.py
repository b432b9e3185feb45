"""Tells when the scene's parameters changed or nodes went away, and keeps what isn't a scan out of a selector.

Several changes at once are told once.
"""

from __future__ import annotations

from collections.abc import Callable

import qt
import slicer
import vtk

from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.scene.casevolumes import isScan
from DualTaskSegLib.scene.parameters import DualTaskSegParameterNode


class _Watch:
    """Calls a function from the event loop after events.

    Args:
        onEvents: the function.
        *events: of the scene.
    """

    def __init__(self, onEvents: Callable[[], None], *events: int) -> None:
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.connect("timeout()", onEvents)
        self._tags = [slicer.mrmlScene.AddObserver(event, self._onEvent) for event in events]

    def close(self) -> None:
        """Ends the watch."""
        self._timer.stop()
        for tag in self._tags:
            slicer.mrmlScene.RemoveObserver(tag)

    def _onEvent(self, caller: vtk.vtkObject | None = None, event: str | None = None) -> None:
        self._timer.start()


class SceneWatch(_Watch):
    """Watches the scene's parameter node, whichever it is at the time, and the scene for nodes that are removed."""

    def __init__(self, panel: Panel, onChanged: Callable[[], None]) -> None:
        super().__init__(onChanged, slicer.vtkMRMLScene.NodeRemovedEvent)
        self._panel = panel
        self._node: DualTaskSegParameterNode | None = None
        self._tag: int | None = None
        panel.parameterNodeChanged.connect(self._reconnect)
        self._reconnect()

    def close(self) -> None:
        """Ends the watch."""
        self._panel.parameterNodeChanged.disconnect(self._reconnect)
        self._disconnect()
        super().close()

    def _reconnect(self) -> None:
        self._disconnect()
        self._node = self._panel.parameterNode
        if self._node is not None:
            self._tag = self._node.AddObserver(vtk.vtkCommand.ModifiedEvent, self._onEvent)
        self._timer.start()

    def _disconnect(self) -> None:
        if self._tag is not None:
            self._node.RemoveObserver(self._tag)
        self._node = self._tag = None


class ScanFilter(_Watch):
    """Keeps volumes that we made, such as signed distances, out of a selector of scans."""

    def __init__(self, selector: slicer.qMRMLNodeComboBox) -> None:
        self._selector = selector
        scene = slicer.vtkMRMLScene  # nodes get their attributes after they were added, but before the event loop
        super().__init__(self.update, scene.NodeAddedEvent, scene.EndImportEvent, scene.EndCloseEvent)
        self.update()

    def update(self) -> None:
        """Looks which volumes are no scans."""
        nodes = slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")
        self._selector.sortFilterProxyModel().hiddenNodeIDs = [node.GetID() for node in nodes if not isScan(node)]
