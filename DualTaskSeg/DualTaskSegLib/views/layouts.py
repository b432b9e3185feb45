"""Layouts of our own: slices with a 3D view to review, slices with two plots to watch a training."""

from __future__ import annotations

import slicer
import vtk
from slicer.i18n import tr as _

# Slicer's own layouts end below 100, and modules are asked to choose large numbers.
REVIEW, TRAINING = 29301, 29302
LOSS_VIEW, DICE_VIEW = "DualTaskSegLoss", "DualTaskSegDice"

_SLICE = (
    '<item><view class="vtkMRMLSliceNode" singletontag="{tag}"><property name="orientation" action="default">'
    '{orientation}</property><property name="viewlabel" action="default">{label}</property>'
    '<property name="viewcolor" action="default">{color}</property></view></item>'
)
_RED = _SLICE.format(tag="Red", orientation="Axial", label="R", color="#F34A33")
_GREEN = _SLICE.format(tag="Green", orientation="Coronal", label="G", color="#6EB04B")
_YELLOW = _SLICE.format(tag="Yellow", orientation="Sagittal", label="Y", color="#EDD54C")
_THREE_D = (
    '<item><view class="vtkMRMLViewNode" singletontag="1"><property name="viewlabel" action="default">1</property>'
    "</view></item>"
)
_PLOT = (
    '<item><view class="vtkMRMLPlotViewNode" singletontag="{tag}"><property name="viewlabel" action="default">{label}'
    "</property></view></item>"
)


def descriptions() -> dict[int, str]:
    """The layouts as Slicer describes them in XML, by number."""
    plots = _PLOT.format(tag=LOSS_VIEW, label=_("Loss")) + _PLOT.format(tag=DICE_VIEW, label=_("Dice"))
    slices = _RED + _GREEN + _YELLOW
    return {
        REVIEW: (
            '<layout type="vertical" split="true">'
            f'<item><layout type="horizontal">{_RED}{_THREE_D}</layout></item>'
            f'<item><layout type="horizontal">{_GREEN}{_YELLOW}</layout></item></layout>'
        ),
        TRAINING: (
            '<layout type="vertical" split="true">'
            f'<item splitSize="550"><layout type="horizontal">{slices}</layout></item>'
            f'<item splitSize="450"><layout type="horizontal">{plots}</layout></item></layout>'
        ),
    }


def register() -> None:
    """Makes the layouts known to the scene's layout node; doing it again changes nothing.

    While one of ours is shown, a scene is saved without its layout: where our layouts aren't known, as in a Slicer
    without this module, it would open with an empty view area.
    """
    node = layoutNode()
    if node is None:
        return
    _keeper.follow(node)
    for number, description in descriptions().items():
        if node.IsLayoutDescription(number):
            node.SetLayoutDescription(number, description)
        else:
            node.AddLayoutDescription(number, description)


def release() -> None:
    """Lets go of the layout node; called when the module goes."""
    _keeper.follow(None)


class _SaveKeeper:
    """Has the layout saved with the scene, except ours."""

    def __init__(self) -> None:
        self._node = None
        self._tag = 0

    def follow(self, node: slicer.vtkMRMLLayoutNode | None) -> None:
        """Watches a layout node, or none."""
        if node is self._node:
            return
        if self._node is not None:
            self._node.RemoveObserver(self._tag)
        self._node = node
        if node is not None:
            self._tag = node.AddObserver(vtk.vtkCommand.ModifiedEvent, self._onModified)
            self._onModified(node)

    def _onModified(self, node: slicer.vtkMRMLLayoutNode, event: str | None = None) -> None:
        node.SetSaveWithScene(not isOurs(node.GetViewArrangement()))


_keeper = _SaveKeeper()


def switchTo(number: int) -> int | None:
    """Shows one of our layouts and returns the number of the layout before; None where there are no layouts."""
    node = layoutNode()
    if node is None:
        return None
    register()
    before = node.GetViewArrangement()
    if before != number:
        node.SetViewArrangement(number)
    return before


def restore(number: int | None) -> None:
    """Goes back to the user's layout, unless another than ours was chosen meanwhile."""
    node = layoutNode()
    if node is not None and number is not None and isOurs(node.GetViewArrangement()):
        node.SetViewArrangement(number)


def shows3D() -> bool:
    """Whether the present layout has a 3D view."""
    nodes = slicer.app.layoutManager().layoutLogic().GetViewNodes()
    return any(nodes.GetItemAsObject(index).IsA("vtkMRMLViewNode") for index in range(nodes.GetNumberOfItems()))


def isOurs(number: int) -> bool:
    """Whether a layout is one of ours."""
    return number in (REVIEW, TRAINING)


def plotView(tag: str) -> slicer.vtkMRMLPlotViewNode | None:
    """The plot view with this name; None before a layout with it was shown."""
    for node in slicer.util.getNodesByClass("vtkMRMLPlotViewNode"):
        if node.GetSingletonTag() == tag:
            return node
    return None


def layoutNode() -> slicer.vtkMRMLLayoutNode | None:
    """The scene's layout node; None where there is none, as without a window."""
    nodes = slicer.util.getNodesByClass("vtkMRMLLayoutNode")
    return nodes[0] if nodes else None
