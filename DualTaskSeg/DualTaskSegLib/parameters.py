"""What belongs to the scene and is saved with it: the chosen nodes and how results are shown."""

from typing import Annotated

from slicer import vtkMRMLScalarVolumeNode, vtkMRMLSegmentationNode
from slicer.parameterNodeWrapper import WithinRange, parameterNodeWrapper


@parameterNodeWrapper
class DualTaskSegParameterNode:
    """See the module. Names are a file format: scenes that were saved with them must open later.

    Attributes:
        inputVolume: the scan to work on.
        segmentation: the result under review.
        segmentationFill: opacity of the inside of segments on slices.
        segmentationOutline: whether segments have an outline on slices.
        showDistance, distanceSegment, distanceBand, distanceOpacity: the signed distance on slices, of which segment,
            up to how many mm from the surface.
        showContours, contourDistances: contour lines on slices, at distances in mm as the user typed them.
        showUncertainty, uncertaintyOpacity: where the two networks disagree.
        show3D: the surface in the 3D view.
    """

    inputVolume: vtkMRMLScalarVolumeNode
    segmentation: vtkMRMLSegmentationNode
    segmentationFill: Annotated[float, WithinRange(0, 1)] = 0.4
    segmentationOutline: bool = True
    showDistance: bool = False
    distanceSegment: str = ""
    distanceBand: Annotated[float, WithinRange(0.1, 1000)] = 10.0
    distanceOpacity: Annotated[float, WithinRange(0, 1)] = 0.5
    showContours: bool = False
    contourDistances: str = "0"
    showUncertainty: bool = False
    uncertaintyOpacity: Annotated[float, WithinRange(0, 1)] = 0.5
    show3D: bool = False
