"""What belongs to the scene and is saved with it: the chosen nodes and how results are shown."""

from collections.abc import Callable
from typing import Annotated

import qt
import slicer
import vtk
from slicer import vtkMRMLScalarVolumeNode, vtkMRMLSegmentationNode
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper

LEAST_BAND, LARGEST_BAND = 0.5, 50.0  # mm; the slider goes from one to the other


@parameterNodeWrapper
class DualTaskSegParameterNode:
    """See the module. Names are a file format: scenes that were saved with them must open later."""

    inputVolume: vtkMRMLScalarVolumeNode  # the scan to work on
    segmentation: vtkMRMLSegmentationNode  # the result under review
    segmentationFill: Annotated[float, WithinRange(0, 1)] = 0.4  # opacity of the inside of segments on slices
    showSegmentation: bool = True  # the result in the views
    segmentationOutline: bool = True  # whether segments have an outline on slices
    showDistance: bool = False  # the signed distance on slices
    distanceSegment: str = ""  # of which segment
    distanceBand: Annotated[float, WithinRange(LEAST_BAND, LARGEST_BAND)] = 10.0  # up to how many mm from the surface
    distanceOpacity: Annotated[float, WithinRange(0, 1)] = 0.5
    showContours: bool = False  # contour lines on slices
    contourDistances: str = "0"  # in mm, as the user typed them
    showUncertainty: bool = False  # where the two networks disagree
    showChanges: bool = False  # what a later result changed; of these three maps, one at most is shown
    compared: vtkMRMLSegmentationNode  # what the result is compared with
    showCompared: bool = False  # its outline on slices
    changesOpacity: Annotated[float, WithinRange(0, 1)] = 0.7
    uncertaintyOpacity: Annotated[float, WithinRange(0, 1)] = 0.5
    show3D: bool = False  # the surface in the 3D view


# The wrapper of the scene's node, once it was asked for, and an observer.
_known: list[tuple[DualTaskSegParameterNode, int]] = []


def parametersOf(node: "slicer.vtkMRMLScriptedModuleNode") -> DualTaskSegParameterNode:
    """Wraps a scene's parameter node, with values that are up to date; the same wrapper as long as the node lives.

    Every wrapper observes the node and keeps values of its own, so another one would cost time at each change, and its
    changes would reach the widgets that are tied to the first one late.
    """
    if not _known or _known[0][0].parameterNode is not node:
        forget()
        # Of observers of the same priority, VTK calls the first one last: not that which keeps a value up to date.
        tag = node.AddObserver(vtk.vtkCommand.ModifiedEvent, _nothing)
        _known.append((DualTaskSegParameterNode(node), tag))
    parameters, _tag = _known[0]
    parameters.Modified()  # it reads values anew only then, and they are stale after a scene was loaded
    if not LEAST_BAND <= parameters.distanceBand <= LARGEST_BAND:  # an older scene may have another
        parameters.distanceBand = min(max(parameters.distanceBand, LEAST_BAND), LARGEST_BAND)
    return parameters


def knownParameters() -> DualTaskSegParameterNode | None:
    """The scene's parameters as they were asked for last; None before, or when their node is gone."""
    return _known[0][0] if _known and _known[0][0].parameterNode.GetScene() is not None else None


def forget() -> None:
    """Lets go of the node; called when the module goes."""
    for parameters, tag in _known:
        parameters.RemoveObserver(tag)
    _known.clear()


def _nothing(caller: object, event: str) -> None:
    pass


class Tie:
    """Ties widgets to parameters, until it is closed.

    Args:
        widgets: by the name of their parameter.
    """

    def __init__(self, parameters: DualTaskSegParameterNode, widgets: "dict[str, qt.QWidget]") -> None:
        self._parameters = parameters
        self._observers: list[int] = []
        self._chosen: list[tuple[slicer.qMRMLNodeComboBox, Callable[..., None]]] = []
        self._tag = self._connect(widgets)
        for name, widget in widgets.items():
            if widget.inherits("qMRMLNodeComboBox"):
                self._followChoice(name, widget)

    def _connect(self, widgets: "dict[str, qt.QWidget]") -> int:
        """Not by connectGui, nor as it is: in some versions the observer that is added here is never removed."""
        addObserver = self._parameters.AddObserver

        def noted(*arguments: object) -> int:
            self._observers.append(addObserver(*arguments))
            return self._observers[-1]

        self._parameters.AddObserver = noted
        try:
            return self._parameters.connectParametersToGui(widgets)
        finally:
            del self._parameters.AddObserver

    def _followChoice(self, name: str, selector: "slicer.qMRMLNodeComboBox") -> None:
        """A selector may not tell that its node changed when both have the same name, but that a user chose one."""

        def chosen(node: "slicer.vtkMRMLNode | None") -> None:
            self._parameters.setValue(name, node)

        selector.connect("nodeActivated(vtkMRMLNode*)", chosen)
        self._chosen.append((selector, chosen))

    def close(self) -> None:
        """Unties them."""
        for selector, chosen in self._chosen:
            selector.disconnect("nodeActivated(vtkMRMLNode*)", chosen)
        self._chosen.clear()
        self._parameters.disconnectGui(self._tag)
        for observer in self._observers:
            self._parameters.RemoveObserver(observer)
        self._observers.clear()
