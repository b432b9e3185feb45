"""What is chosen when a chosen node is deleted: never what merely stands beside it in the list."""

from __future__ import annotations

import slicer
import vtk

from DualTaskSegLib.results import results
from DualTaskSegLib.scene import segmentations
from DualTaskSegLib.scene.parameters import knownParameters

BEFORE_SELECTORS = 10.0  # priority of an observer


class ChosenNodes:
    """Chooses anew before a node goes.

    Slicer's selectors go on to the neighbor of a node that is deleted, whatever it is: another patient's outlines would
    be drawn over this scan. Instead, another result of the same volume is taken, or none.
    """

    def __init__(self) -> None:
        self._tag = slicer.mrmlScene.AddObserver(
            slicer.vtkMRMLScene.NodeAboutToBeRemovedEvent, self._onAboutToBeRemoved, BEFORE_SELECTORS
        )

    def close(self) -> None:
        """Watches no more."""
        slicer.mrmlScene.RemoveObserver(self._tag)

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _onAboutToBeRemoved(self, scene: slicer.vtkMRMLScene, event: str, node: slicer.vtkMRMLNode) -> None:
        parameters = knownParameters()
        if parameters is None or scene.IsClosing():
            return
        if node is parameters.segmentation:
            parameters.segmentation = another(node)
        elif node is parameters.inputVolume:
            parameters.inputVolume = None


def another(segmentationNode: slicer.vtkMRMLSegmentationNode) -> slicer.vtkMRMLSegmentationNode | None:
    """The latest other result of the volume that a segmentation belongs to; None if there is none."""
    volume = results.sourceOf(segmentationNode) or segmentations.volumeOf(segmentationNode)
    nodes = [result.segmentationNode for result in results.resultsOf(volume)]
    return next((node for node in reversed(nodes) if node is not None and node is not segmentationNode), None)
