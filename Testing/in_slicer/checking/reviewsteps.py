"""What is seen of a result, its correction, and its way through a scene file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import slicer

from checking.hands import MODULE, Hands
from checking.report import Fault, Skip


class ReviewSteps(Hands):
    """See the module."""

    def _result(self) -> Any:
        from DualTaskSegLib.results import results

        return results.resultOf(self.segmentation)

    def _isForeground(self, node: Any) -> bool:
        composites = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
        return any(each.GetForegroundVolumeID() == node.GetID() for each in composites)

    def showFill(self) -> None:
        self.section("ReviewSection")
        self.parameters.segmentationFill = 0.3
        self.settle()
        display = self.segmentation.GetDisplayNode()
        if not display.GetVisibility() or not 0 < display.GetOpacity2DFill() <= 1:
            raise Fault(f"visible {display.GetVisibility()}, fill {display.GetOpacity2DFill()}")
        shown = {each.GetBackgroundVolumeID() for each in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")}
        if self.volume.GetID() not in shown:
            raise Fault("the slice views show another volume")

    def show3D(self) -> None:
        review = self.section("ReviewSection")
        self._requireSegments()
        self.click(review.ui.show3DCheck)
        surface = slicer.vtkSegmentationConverter.GetSegmentationClosedSurfaceRepresentationName()

        def isThere() -> bool:
            segmentation = self.segmentation.GetSegmentation()
            segments = [segmentation.GetNthSegment(index) for index in range(segmentation.GetNumberOfSegments())]
            surfaces = [segment.GetRepresentation(surface) for segment in segments]
            return any(each is not None and each.GetNumberOfPoints() for each in surfaces)

        self.waitFor(isThere, "the surface")
        self.settle()
        if not self.segmentation.GetDisplayNode().GetVisibility3D():
            raise Fault("it is not visible")
        self.click(review.ui.show3DCheck)

    def _requireSegments(self) -> None:
        from DualTaskSegLib.scene import segmentations

        if all(info.empty for info in segmentations.segmentsOf(self.segmentation)):
            raise Fault("after so short a training the model found nothing")

    def _chooseLayer(self, layer: str) -> None:
        selector = self.section("ReviewSection").ui.layerSelector
        selector.setCurrentIndex(selector.findData(layer))

    def showDistance(self) -> None:
        sdm = next(iter(self._result().sdmNodes.values()))
        self._chooseLayer("distance")
        self.waitFor(lambda: self._isForeground(sdm), "the distance map in the slice views")
        self.settle()
        self._chooseLayer("")
        self.waitFor(lambda: not self._isForeground(sdm), "the distance map to go")

    def showContours(self) -> str:
        review = self.section("ReviewSection")
        self._requireSegments()
        self.parameters.contourDistances = "0, 2"
        self.click(review.ui.contoursCheck)

        def lines() -> list[Any]:
            models = slicer.util.getNodesByClass("vtkMRMLModelNode")
            ours = [each for each in models if each.GetAttribute("DualTaskSeg.Role") == "contour"]
            return [each for each in ours if each.GetDisplayNode().GetVisibility2D()]

        self.waitFor(lines, "the contour lines")
        self.settle()
        count = len(lines())
        self.click(review.ui.contoursCheck)
        self.settle()
        return f"{count} distances"

    def showUncertainty(self) -> None:
        node = self._result().uncertaintyNode
        self._chooseLayer("uncertainty")
        self.waitFor(lambda: self._isForeground(node), "the uncertainty map in the slice views")
        self.settle()
        self._chooseLayer("")

    def goToPlace(self) -> str:
        review = self.section("ReviewSection")
        red = slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode()
        before = [red.GetSliceToRAS().GetElement(row, 3) for row in range(3)]
        self.click(review.ui.nextPlaceButton)
        self.waitFor(lambda: review.ui.placeLabel.text not in ("", "looking..."), "the next place")
        self.settle()
        after = [red.GetSliceToRAS().GetElement(row, 3) for row in range(3)]
        if "no such" in review.ui.placeLabel.text:
            raise Skip("the networks agree everywhere")
        if before == after:
            raise Fault(f"the slice views stayed where they were; {review.ui.placeLabel.text}")
        return review.ui.placeLabel.text

    def measure(self) -> str:
        review = self.section("ReviewSection")
        self._requireSegments()
        before = slicer.util.getNodesByClass("vtkMRMLTableNode")
        self.click(review.ui.measureButton)
        self.waitFor(lambda: not review.numbers.measurer.isBusy, "the numbers")
        self.settle()
        tables = [each for each in slicer.util.getNodesByClass("vtkMRMLTableNode") if each not in before]
        if not tables:
            raise Fault("there is no table")
        return f"{tables[0].GetTable().GetColumnByName('volume_ml').GetValue(0):.3g} mL"

    def hideAndShow(self) -> None:
        review = self.section("ReviewSection")
        self.click(review.ui.hideButton)
        self.settle()
        if self.segmentation.GetDisplayNode().GetVisibility():
            raise Fault("the segmentation is still visible")
        self.click(review.ui.hideButton)
        self.settle()
        if not self.segmentation.GetDisplayNode().GetVisibility():
            raise Fault("the segmentation did not come back")

    def correct(self) -> None:
        apply = self.section("ApplySection")
        self.click(apply.ui.editButton)
        self.waitFor(lambda: slicer.util.selectedModule() == "SegmentEditor", "Segment Editor")
        editor = slicer.modules.SegmentEditorWidget.editor
        if editor.segmentationNode().GetID() != self.segmentation.GetID():
            raise Fault("Segment Editor has another segmentation")
        segmentId = self.segmentation.GetSegmentation().GetNthSegmentID(0)
        mask = slicer.util.arrayFromSegmentBinaryLabelmap(self.segmentation, segmentId, self.volume).copy()
        corner = tuple(slice(0, size // 4) for size in mask.shape)
        mask[corner] = 1 - mask[corner]
        slicer.util.updateSegmentBinaryLabelmapFromArray(mask, self.segmentation, segmentId, self.volume)
        slicer.util.selectModule(MODULE)
        self.settle()
        from DualTaskSegLib.results import results

        if not results.isEdited(self.segmentation):
            raise Fault("the correction was not noticed")

    def label(self) -> str:
        from DualTaskSegLib.scene import casevolumes

        apply = self.section("ApplySection")
        self.click(apply.ui.acceptButton)
        case = casevolumes.caseOf(self.volume, self.panel.project)
        self.waitFor(lambda: case.label != "", "the label")
        self.settle()
        if case.role != "labeled" or not Path(case.label).is_file():
            raise Fault(f"{case.name} is {case.role}, its label {case.label}")
        return f"{case.name}, {case.origin}"

    def saveAndLoadScene(self) -> str:
        from DualTaskSegLib.results import results
        from DualTaskSegLib.scene import segmentations

        name = self.segmentation.GetName()
        segmentId = self.segmentation.GetSegmentation().GetNthSegmentID(0)
        before = slicer.util.arrayFromSegmentBinaryLabelmap(self.segmentation, segmentId, self.volume).copy()
        file = self.folder / "scene.mrb"
        if not slicer.util.saveScene(str(file)) or not file.is_file():
            raise Fault("the scene was not saved")
        self.volume = self.segmentation = None
        slicer.mrmlScene.Clear()
        self.settle()
        if self.panel.project is None or self.parameters is None:
            raise Fault("the project was lost with the scene")
        slicer.util.loadScene(str(file))
        self.settle(1)
        node = self.parameters.segmentation
        if node is None or node.GetName() != name:
            raise Fault("the result is not under review any more")
        result = results.resultOf(node)
        volume = segmentations.volumeOf(node)
        if result is None or not result.sdmNodes or result.uncertaintyNode is None or volume is None:
            raise Fault("the result lost its volumes")
        segmentId = node.GetSegmentation().GetNthSegmentID(0)
        after = slicer.util.arrayFromSegmentBinaryLabelmap(node, segmentId, volume)
        if not np.array_equal(before, after):
            raise Fault("the segmentation has other voxels")
        self.volume, self.segmentation = volume, node
        self.showDistance()
        return f"{file.stat().st_size / 1e6:.1f} MB"
