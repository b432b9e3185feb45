"""From the training to what its model makes of scans."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import slicer

from checking.hands import COMPUTING_S, TRAINING_S, Hands
from checking.report import Fault, Skip

ITERATIONS = 15
SERIES_PROGRAM = """
import sys
from pathlib import Path
import SimpleITK as sitk
from dualtaskseg.synthetic.cohort import make_scan, write_dicom_series
write_dicom_series(sitk.Cast(make_scan(77)[0], sitk.sitkInt16), Path(sys.argv[1]), 77, "DTS-77")
"""


class ModelSteps(Hands):
    """See the module."""

    def train(self) -> str:
        train = self.section("TrainSection")
        self.waitFor(lambda: train.ui.deviceCombo.findData("cpu") >= 0, "the devices", COMPUTING_S)
        train.ui.deviceCombo.setCurrentIndex(train.ui.deviceCombo.findData("cpu"))
        train.ui.presetCombo.setCurrentIndex(train.ui.presetCombo.findData("quick"))
        self.waitFor(lambda: train.ui.trainButton.enabled, f"Train ({train.ui.trainButton.toolTip})")
        project = self.panel.project
        request = project.request
        project.request = lambda **wishes: request(**{**wishes, "iterations": ITERATIONS, "time_budget": None})
        try:
            self.click(train.ui.trainButton)
        finally:
            del project.request
        self.waitFor(lambda: train.monitor.atWork, "the training to begin")
        self.waitFor(lambda: not train.monitor.atWork, "the training to end", TRAINING_S)
        news = train.monitor.news[train.shown]
        if news.state != "finished":
            raise Fault(f"{news.state}: {news.message} {' '.join(train.shown.lastLines(3))}")
        return news.message

    def showCurves(self) -> str:
        train = self.section("TrainSection")
        self.click(train.ui.curvesButton)
        self.settle(1)
        series = slicer.util.getNodesByClass("vtkMRMLPlotSeriesNode")
        charts = slicer.util.getNodesByClass("vtkMRMLPlotChartNode")
        points = [each.GetTableNode().GetNumberOfRows() for each in series if each.GetTableNode() is not None]
        self.click(train.ui.curvesButton)
        if not charts or not any(points):
            raise Fault(f"{len(charts)} charts, series with {points} points")
        return f"{len(charts)} charts, {len(series)} series"

    def checkModel(self) -> str:
        train = self.section("TrainSection")
        self.waitFor(lambda: self.panel.currentModel() is not None, "the model")
        if self.panel.currentModel() != train.shown.modelFolder:
            raise Fault(f"another model is chosen: {self.panel.currentModel()}")
        entry = next(each for each in self.panel.models if each.folder == self.panel.currentModel())
        if entry.problem or not train.shown.reportFile.is_file():
            raise Fault(entry.problem or "there is no report")
        return f"{entry.name}, {entry.sizeBytes / 1e6:.1f} MB"

    def passModelOn(self) -> None:
        models = self.section("ModelsSection")
        chosen = self.panel.currentModel()
        file = self.folder / "passed on.dtsmodel"
        self.answers.giveFile(file)
        self.click(models.ui.exportButton)
        self.waitFor(file.is_file, "the exported model")
        self.settle()
        self.answers.giveFile(file)
        self.click(models.ui.importButton)
        self.waitFor(lambda: len(self.panel.models) == 2, "the imported model")
        self.settle()
        self.panel.setCurrentModel(chosen)

    def apply(self) -> str:
        project = self.panel.project
        case = next(each for each in project.cases if each.role == "unlabeled" and Path(each.image).is_file())
        self.volume = slicer.util.loadVolume(case.image)
        apply = self.section("ApplySection")
        self.panel.setCurrentVolume(self.volume)
        self.waitFor(lambda: apply.ui.segmentButton.enabled, f"Apply ({apply.ui.segmentButton.toolTip})")
        self.click(apply.ui.segmentButton)
        self.waitFor(lambda: not apply.segmenter.isBusy, "the result", COMPUTING_S)
        self.waitFor(lambda: self.parameters.segmentation is not None, "the result to be under review")
        from DualTaskSegLib.results import results

        result = results.resultOf(self.parameters.segmentation)
        names = [segment.name for segment in project.segments]
        if result is None or result.uncertaintyNode is None or sorted(result.sdmNodes) != sorted(names):
            raise Fault(f"the result is not whole; the panel says: {self.widget.ui.messageLabel.text}")
        for node in result.sdmNodes.values():
            distances = slicer.util.arrayFromVolume(node)
            if distances.shape != slicer.util.arrayFromVolume(self.volume).shape or not np.isfinite(distances).all():
                raise Fault(f"{node.GetName()} has shape {distances.shape}, {distances.min()} to {distances.max()} mm")
        self.segmentation = self.parameters.segmentation
        return apply.ui.statusLabel.text

    def complete(self) -> str:
        """The partly outlined scan is filled around its outlines; then the slice to outline next is shown."""
        from DualTaskSegLib.results import results
        from DualTaskSegLib.scene import casevolumes

        case = next(each for each in self.panel.project.cases if each.isPartly)
        volume, apply = casevolumes.nodeOf(case), self.section("ApplySection")
        label, seen = (slicer.util.loadLabelVolume(file) for file in (case.label, case.seen))
        before = slicer.util.arrayFromVolume(label).copy()
        isSeen = slicer.util.arrayFromVolume(seen) > 0
        for node in (label, seen):
            slicer.mrmlScene.RemoveNode(node)
        self.panel.setCurrentVolume(volume)
        self.waitFor(lambda: apply.ui.completeButton.enabled, f"Complete ({apply.ui.completeButton.toolTip})")
        self.click(apply.ui.completeButton)
        self.waitFor(lambda: not apply.segmenter.isBusy, "the completed outline", COMPUTING_S)
        completed = self.parameters.segmentation
        if not results.isCompleted(completed):
            raise Fault(f"it was not completed; the panel says: {self.widget.ui.messageLabel.text}")
        for segment in self.panel.project.segments:
            segmentId = completed.GetSegmentation().GetSegmentIdBySegmentName(segment.name)
            mask = slicer.util.arrayFromSegmentBinaryLabelmap(completed, segmentId, volume) > 0
            if not np.array_equal(mask[isSeen], before[isSeen] == segment.value):
                raise Fault(f"the outline of {segment.name} was changed")
        self.settle()
        self.click(self.section("ReviewSection").ui.suggestSliceButton)
        self.settle(1)
        said = self.widget.ui.messageLabel.text
        self.panel.setCurrentVolume(self.volume)
        self.parameters.segmentation = self.segmentation
        self.settle()
        return said

    def suggest(self) -> str:
        cases = self.section("CasesSection")
        project = self.panel.project
        self.waitFor(lambda: cases.ui.suggestButton.enabled, "Suggest next")
        self.click(cases.ui.suggestButton)
        self.waitFor(lambda: any(case.suggested for case in project.cases), "the suggestion", COMPUTING_S)
        self.settle()
        return next(case.name for case in project.cases if case.suggested)

    def segmentMany(self) -> str:
        apply = self.section("ApplySection")
        apply.ui.batchCollapsible.collapsed = False
        self.waitFor(lambda: apply.ui.batchButton.enabled, "the batch")
        self.click(apply.ui.batchButton)
        self.waitFor(lambda: not apply.batch.isRunning, "the batch", COMPUTING_S)
        problems = [item.problem for item in apply.batch.batch.items if item.problem]
        apply.ui.batchCollapsible.collapsed = True
        if problems:
            raise Fault(problems[0])
        return f"{len(apply.batch.batch.items)} cases"

    def exportDicom(self) -> str:
        from DualTaskSegLib.installing import dependencies

        if any(one.name == "highdicom" for one in dependencies.missing(withOptional=True)):
            raise Skip("highdicom is not installed")
        series = self.folder / "series"
        self.runPython("-c", SERIES_PROGRAM, str(series))
        from DualTaskSegLib.common import steps
        from DualTaskSegLib.scene import casevolumes

        project = self.panel.project
        case = project.addCase(series)
        self.panel.saveProject()
        self.panel.casesChanged.emit()
        volume = steps.finish(casevolumes.loadCaseSteps(case))
        apply = self.section("ApplySection")
        self.panel.setCurrentVolume(volume)
        self.waitFor(lambda: apply.ui.segmentButton.enabled, f"Apply ({apply.ui.segmentButton.toolTip})")
        self.click(apply.ui.segmentButton)
        self.waitFor(lambda: not apply.segmenter.isBusy, "the result", COMPUTING_S)
        self.settle()
        export = self.section("ExportSection")
        self.waitFor(lambda: export.ui.exportButton.enabled, f"Export ({export.ui.exportButton.toolTip})")
        out = self.folder / "segmentation.dcm"
        self.answers.giveFile(out)
        self.click(export.ui.exportButton)
        self.waitFor(lambda: not export.exporter.isBusy, "the file", COMPUTING_S)
        self.settle()
        if not out.is_file():
            raise Fault(f"no file was written; the panel says: {self.widget.ui.messageLabel.text}")
        import pydicom

        header = pydicom.dcmread(str(out), stop_before_pixels=True)
        if header.Modality != "SEG":
            raise Fault(f"its modality is {header.Modality}")
        self.parameters.segmentation = self.segmentation
        self.panel.setCurrentVolume(self.volume)
        self.settle()
        return f"{len(header.SegmentSequence)} segments, {out.stat().st_size / 1000:.0f} kB"
