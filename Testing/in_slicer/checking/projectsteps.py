"""From the module to a project with outlined scans."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import slicer
import vtk

from checking.hands import MODULE, Hands
from checking.report import Fault, Skip

LABELED, UNLABELED = 3, 3
INSTALLING_S = 1800.0


class ProjectSteps(Hands):
    """See the module."""

    mayInstall = False

    def openModule(self) -> str:
        if not hasattr(slicer.modules, MODULE.lower()):
            raise Fault(f"{MODULE} is not loaded: install the extension, or give --additional-module-paths")
        slicer.mrmlScene.Clear()
        slicer.util.selectModule(MODULE)
        self.waitFor(lambda: len(self.widget.sections) == 6, "the sections")
        if self.panel.project is not None:  # it was opened at the start of Slicer
            self.panel.useProject(None)
        from dualtaskseg.version import VERSION

        return f"version {VERSION}, {Path(slicer.modules.dualtaskseg.path).parent}"

    def findSampleData(self) -> str:
        if not hasattr(slicer.modules, "sampledata") and "SampleData" not in sys.modules:
            raise Skip("this Slicer has no module Sample Data")
        self.waitFor(lambda: self._sampleNames(), "our sample to be registered", 15)
        names = self._sampleNames()
        if len(names) != 1:
            raise Fault(f"registered: {names}")
        return names[0]

    @staticmethod
    def _sampleNames() -> list[str]:
        sources = getattr(slicer.modules, "sampleDataSources", {})
        return [source.sampleName for source in sources.get(MODULE, ())]

    def install(self) -> str:
        from DualTaskSegLib.installing import dependencies

        note = ""
        if self.mayInstall and dependencies.missing(withOptional=True):
            installer = self.panel.installer
            installer.install(dependencies.missing(withOptional=True))
            if not installer.isAtWork:
                raise Fault(f"it did not begin; the panel says: {self.widget.ui.messageLabel.text}")
            self.waitFor(lambda: not installer.isAtWork, "the installation", INSTALLING_S)
            if not installer.news.isDone:
                raise Fault(installer.news.problem)
            note = f" {installer.news.restartNote}"
        absent = [one.requirement for one in dependencies.missing()]
        if absent:
            raise Fault(f"missing: {', '.join(absent)}; run the check again with --install")
        return ", ".join(f"{one.name} {one.installed}" for one in dependencies.status() if one.installed) + note

    def makeSamples(self) -> str:
        from DualTaskSegLib.scene import sampledata

        self.samples = sampledata.writeCohort(self.folder / "samples", LABELED, UNLABELED)
        return f"{LABELED} labeled and {UNLABELED} other scans"

    def makeProject(self) -> None:
        folder = self.folder / "project"
        folder.mkdir()
        self.answers.giveFile(folder)
        self.click(self.widget.ui.newProjectButton)
        if self.panel.project is None or Path(self.panel.project.folder).resolve() != folder.resolve():
            raise Fault(f"no project was made; the panel says: {self.widget.ui.messageLabel.text}")

    def addCases(self) -> str:
        cases = self.section("CasesSection")
        self.answers.giveFile(self.samples)
        self.click(cases.ui.addFolderButton)
        project = self.panel.project
        self.waitFor(lambda: len(project.cases) == LABELED + UNLABELED, "the cases")
        self.settle(2)  # they are looked into by the child process
        labeled = [case for case in project.cases if case.role == "labeled"]
        if len(labeled) != LABELED or not project.segments:
            raise Fault(f"{len(labeled)} labeled, segments: {[segment.name for segment in project.segments]}")
        problems = [problem for case in project.cases for problem in case.problems]
        if problems:
            raise Fault(problems[0])
        return f"{len(project.cases)} cases, {', '.join(segment.name for segment in project.segments)}"

    def chooseTerm(self) -> str:
        """Slicer's selector takes a term of ours and gives it back; the structures have theirs in the panel."""
        from dualtaskseg.contract.terminology import same_meaning
        from DualTaskSegLib.panel import termbox
        from DualTaskSegLib.project import terms

        cases = self.section("CasesSection")
        self.click(cases.ui.structuresButton)
        shown = [cases.ui.structuresTable.item(row, 1).text() for row in range(cases.ui.structuresTable.rowCount)]
        self.click(cases.ui.structuresButton)
        if len(shown) != len(self.panel.project.segments):
            raise Fault(f"the list of structures shows {shown}")
        if not termbox.hasSlicersSelector():
            raise Fault("Slicer's selector of terms is not there")
        navigator = slicer.qSlicerTerminologyNavigatorWidget()
        navigator.setMRMLScene(slicer.mrmlScene)
        navigator.overrideSectionVisible = False
        for name in ("left kidney", "liver tumor"):  # with a side, with a region
            text = terms.suggestion(name).entry
            if not termbox.showTerm(navigator, text):
                raise Fault(f"Slicer's selector does not take {text}")
            back = termbox.termIn(navigator)
            if not same_meaning(text, back):
                raise Fault(f"Slicer's selector makes {back or 'nothing'} of {text}")
        return ", ".join(shown)

    def outline(self) -> None:
        """A scan that is only in the scene becomes a case and is outlined in Segment Editor, with a sample's label."""
        project = self.panel.project
        sample = next(case for case in project.cases if case.label and Path(case.image).is_file())
        original = slicer.util.loadVolume(sample.image)
        label = slicer.util.loadLabelVolume(sample.label)
        truth = slicer.util.arrayFromVolume(label).copy()
        matrix = vtk.vtkMatrix4x4()
        original.GetIJKToRASMatrix(matrix)
        scan = slicer.util.addVolumeFromArray(slicer.util.arrayFromVolume(original).copy(), matrix, "Loaded scan")
        for node in (original, label):
            slicer.mrmlScene.RemoveNode(node)
        cases = self.section("CasesSection")
        self.waitFor(lambda: cases.ui.addLoadedButton.enabled, "the scan to be offered")
        self.click(cases.ui.addLoadedButton)
        self.waitFor(lambda: len(project.cases) == LABELED + UNLABELED + 1, "the loaded scan to be a case")
        case = project.cases[-1]
        self.settle()
        cases.outlines.open(case.id)
        self.waitFor(lambda: slicer.util.selectedModule() == "SegmentEditor", "Segment Editor")
        editor = slicer.modules.SegmentEditorWidget.editor
        if editor.sourceVolumeNode() is None or editor.sourceVolumeNode().GetID() != scan.GetID():
            raise Fault("Segment Editor has another source volume")
        node = editor.segmentationNode()
        for segment in project.segments:
            segmentId = node.GetSegmentation().GetSegmentIdBySegmentName(segment.name)
            mask = (truth == segment.value).astype(np.uint8)
            slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, scan)
        slicer.util.selectModule(MODULE)
        self.waitFor(lambda: case.label != "", "the outline to be used")
        self.settle()
        written = slicer.util.loadLabelVolume(case.label)
        isEqual = np.array_equal(slicer.util.arrayFromVolume(written), truth)
        slicer.mrmlScene.RemoveNode(written)
        if not isEqual or case.role != "labeled":
            raise Fault(f"the label is not what was outlined (role {case.role})")

    def outlinePartly(self) -> str:
        """Of the same outline only every fourth slice is left, and the others are said to be not outlined yet."""
        project, cases = self.panel.project, self.section("CasesSection")
        case = project.cases[-1]
        cases.outlines.open(case.id)
        self.waitFor(lambda: slicer.util.selectedModule() == "SegmentEditor", "Segment Editor")
        editor = slicer.modules.SegmentEditorWidget.editor
        node, scan = editor.segmentationNode(), editor.sourceVolumeNode()
        for segment in project.segments:
            segmentId = node.GetSegmentation().GetSegmentIdBySegmentName(segment.name)
            mask = slicer.util.arrayFromSegmentBinaryLabelmap(node, segmentId, scan).copy()
            mask[np.arange(len(mask)) % 4 > 0] = 0
            slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, scan)
        slicer.util.selectModule(MODULE)
        self.waitFor(lambda: cases.outlines.slices.isAsking, "the question about slices without outline")
        self.click(cases.ui.slicesPartlyButton)
        self.waitFor(lambda: case.isPartly, "the map of what was looked at")
        self.settle()
        seen = slicer.util.loadLabelVolume(case.seen)
        slices = np.flatnonzero(slicer.util.arrayFromVolume(seen).all(axis=(1, 2))).tolist()
        slicer.mrmlScene.RemoveNode(seen)
        if len(slices) != case.outlinedSlices or any(index % 4 for index in slices):
            raise Fault(f"{case.outlinedSlices} slices are outlined; looked at: {slices}")
        return f"{case.outlinedSlices} of {case.allSlices} slices"
