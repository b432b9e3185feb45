"""The section Apply: segments the chosen volume, or many cases, with a model."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import qt
import slicer
from dualtaskseg.model.folder import read_model
from dualtaskseg.progress import format_duration
from slicer.i18n import tr as _

from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.installing import dependencies
from DualTaskSegLib.panel import shortcuts
from DualTaskSegLib.panel.apply.batchtable import BatchTable
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.filling import fillCombo
from DualTaskSegLib.panel.jobbar import JobBar
from DualTaskSegLib.panel.quality import judgement
from DualTaskSegLib.panel.section import Section, setAvailable, slot
from DualTaskSegLib.panel.watching import ScanFilter, SceneWatch
from DualTaskSegLib.results import results
from DualTaskSegLib.results.accepting import acceptSteps
from DualTaskSegLib.results.annotations import showInSegmentEditor
from DualTaskSegLib.results.completing import CaseCompleter, requireCompletable
from DualTaskSegLib.results.results import Result
from DualTaskSegLib.results.segmenting import Segmented, figuresOf
from DualTaskSegLib.scene import casevolumes, labelmaps, segmentations

Start = Callable[[slicer.vtkMRMLScalarVolumeNode, Path, Result | None, str, bool], None]


class ApplySection(Section):
    TITLE = _("&Apply")
    UI_FILE = "Apply.ui"

    def __init__(self, panel: Panel, parentLayout: qt.QVBoxLayout) -> None:
        super().__init__(panel, parentLayout)
        self.job = JobBar(self.ui.statusLabel, self.ui.progressBar, self.ui.cancelButton)
        self.segmenter = CaseCompleter(lambda: panel.worker, self._onProgress, self._onDone, self._onFailed)
        self.batch = BatchTable(panel, self.ui, self._showBatchResult)
        self._isWarm = False  # the child process has PyTorch and the networks loaded
        self._isIncomplete = True  # until it was looked for
        # A result that came while there was no parameter node to choose it in.
        self._forReview: slicer.vtkMRMLSegmentationNode | None = None
        self._connect()
        self.watch = SceneWatch(panel, self.refresh)
        self.scansOnly = ScanFilter(self.ui.inputVolumeSelector)
        self.refreshModels()

    def _connect(self) -> None:
        ui, panel = self.ui, self.panel
        ui.modelSelector.connect("currentIndexChanged(int)", self.onModelChosen)
        ui.segmentButton.connect("clicked()", self.onSegment)
        ui.completeButton.connect("clicked()", self.onComplete)
        ui.cancelButton.connect("clicked()", self.onCancel)
        ui.editButton.connect("clicked()", self.onEdit)
        ui.acceptButton.connect("clicked()", self.onAccept)
        panel.shortcuts.add(shortcuts.CORRECT, ui.editButton)
        panel.shortcuts.add(shortcuts.ACCEPT, ui.acceptButton)
        panel.modelsChanged.connect(self.refreshModels)
        for signal in (panel.projectChanged, panel.casesChanged, panel.resultsChanged):
            signal.connect(self.refresh)
        panel.parameterNodeChanged.connect(self._chooseForReview)

    # --- state

    def refreshModels(self) -> None:
        """Shows the models to choose from."""
        usable = [(entry.name, str(entry.folder)) for entry in self.panel.models if not entry.problem]
        fillCombo(self.ui.modelSelector, usable, str(self.panel.currentModel()))
        self.refresh()

    def refresh(self) -> None:
        """Shows what can be done."""
        ui = self.ui
        reason = self._whyNotSegment()
        setAvailable(ui.segmentButton, reason, _("Segment the volume; nothing that is in the scene is overwritten"))
        setAvailable(
            ui.completeButton,
            reason or self._whyNotComplete(),
            _("Fill the slices of this scan that are not outlined yet; your outlines stay exactly as they are"),
        )
        setAvailable(
            ui.modelSelector,
            "" if ui.modelSelector.count else _("Train a model first, or import one in the section Models."),
            _("The trained model to segment with: those of the project's trainings and the imported ones"),
        )
        ui.deviceLabel.text = self._deviceText()
        self._refreshResult()
        self.batch.refresh(reasonForAll=self._whyNoModel() or self._whyBusy())

    def _refreshResult(self) -> None:
        node = self._reviewed()
        self.ui.resultBox.visible = node is not None
        if node is None:
            for button in (self.ui.editButton, self.ui.acceptButton):  # they have keys, also while they aren't seen
                setAvailable(button, _("No result of a model is under review."), "")
            return
        texts = [node.GetName(), judgement(*figuresOf(node))]
        if results.isCompleted(node):
            texts.append(_("Your outlines are in it as they were; the rest was predicted."))
        self.ui.resultLabel.text = "\n".join(texts)
        setAvailable(
            self.ui.editButton,
            "" if self._sourceOf(node) is not None else _("The volume that was segmented is no longer in the scene."),
            _("Open the result in Segment Editor with its volume"),
        )
        setAvailable(
            self.ui.acceptButton,
            self._whyNotAccept(node),
            _("Make the result, with your corrections, the label of its case; the next training learns from it"),
        )

    def _whyNoModel(self) -> str:
        if self._isIncomplete:
            self._isIncomplete = bool(dependencies.missing())  # it may have been installed meanwhile
        if self._isIncomplete:
            return _("Something has to be installed first: click Install in the section Train.")
        if self.panel.currentModel() is None:
            return _("Train a model first, or import one in the section Models.")
        return ""

    def _whyBusy(self) -> str:
        return _("A volume is being segmented.") if self.segmenter.isBusy else ""

    def _whyNotSegment(self) -> str:
        if self.batch.isRunning:
            return _("Cases are being segmented.")
        volume = self.panel.currentVolume()
        reason = self._whyNoModel() or self._whyBusy()
        if reason:
            return reason
        if volume is None:
            return _("Choose a volume.")
        problems = casevolumes.problemsOf(volume)
        return problems[0] if problems else ""

    def _whyNotComplete(self) -> str:
        if self.panel.project is None:
            return _("Open or make a project first (at the top).")
        case = casevolumes.caseOf(self.panel.currentVolume(), self.panel.project)
        if case is None or not case.isPartly:
            return _("The volume is not partly outlined, so there is nothing to complete.")
        return ""

    def _whyNotAccept(self, node: slicer.vtkMRMLSegmentationNode) -> str:
        if self.panel.project is None:
            return _("Open or make a project first (at the top).")
        if casevolumes.caseOf(self._sourceOf(node), self.panel.project) is None:
            return _("Its volume is no case of the project. Add it in the section Cases.")
        return ""

    def _deviceText(self) -> str:
        device = self.device()
        if device == "auto":
            return _("Automatic: a graphics card that works, else the CPU")
        if device == "cpu":
            return _("CPU; a large scan may take some minutes")
        return device

    def device(self) -> str:
        """Where to compute, as it was chosen for the training."""
        return self.panel.settings.text("Device", "auto") or "auto"

    def _reviewed(self) -> slicer.vtkMRMLSegmentationNode | None:
        node = self.panel.parameterNode.segmentation if self.panel.parameterNode is not None else None
        return node if results.resultOf(node) is not None else None

    @staticmethod
    def _sourceOf(segmentationNode: slicer.vtkMRMLSegmentationNode) -> slicer.vtkMRMLScalarVolumeNode | None:
        return results.sourceOf(segmentationNode) or segmentations.volumeOf(segmentationNode)

    # --- one volume

    @slot
    def onModelChosen(self, index: int) -> None:
        """The user chose a model."""
        if index >= 0:
            self.panel.setCurrentModel(Path(self.ui.modelSelector.itemData(index)))

    @slot
    def onSegment(self) -> None:
        """Segments the chosen volume."""
        self._segment(self._whyNotSegment(), self.segmenter.start)

    @slot
    def onComplete(self) -> None:
        """Fills what is not outlined yet of the case that the chosen volume shows."""
        project, model = self.panel.project, self.panel.currentModel()
        reason = self._whyNotSegment() or self._whyNotComplete()
        if not reason:
            requireCompletable(project, casevolumes.caseOf(self.panel.currentVolume(), project), model)
        self._segment(reason, partial(self.segmenter.complete, project))

    def _segment(self, reason: str, start: Start) -> None:
        """Starts with the chosen volume and model; asks first whether an earlier result is replaced."""
        volume, model = self.panel.currentVolume(), self.panel.currentModel()
        if reason:
            self.panel.fail(reason)
            return
        self.panel.inform("")
        earlier = self._earlierResult(volume, model)
        if earlier is None:
            self._start(start, volume, model, None)
        elif labelcontent.isQuick(earlier.segmentationNode):
            self._askAndStart(start, volume, model, earlier)
        else:
            self.panel.doSteps(
                labelcontent.lookSteps([earlier.segmentationNode]),
                _("Looking whether the earlier result was edited"),
                lambda _nothing: self._askAndStart(start, volume, model, earlier),
            )

    def _start(
        self,
        start: Start,
        volume: slicer.vtkMRMLScalarVolumeNode,
        model: Path,
        replaced: Result | None,
        mayLoseEdits: bool = False,
    ) -> None:
        text = _("Starting") if self._isWarm else _("Starting, about 10 s; the next scan is quicker")
        if self.panel.worker.isBusy:
            text = _("Waiting until the other work of this panel is done")
        start(volume, model, replaced, self.device(), mayLoseEdits)
        self.job.begin(text)
        self.refresh()

    @staticmethod
    def _earlierResult(volume: slicer.vtkMRMLScalarVolumeNode, model: Path) -> Result | None:
        name = read_model(model, verify=False).name
        same = [each for each in results.resultsOf(volume) if each.modelName == name and each.segmentationNode]
        return same[-1] if same else None

    @slot
    def _askAndStart(self, start: Start, volume: slicer.vtkMRMLScalarVolumeNode, model: Path, earlier: Result) -> None:
        """Starts after asking whether the earlier result is replaced."""
        text = _("{volume} has a result of {model} already. Replace it?").format(
            volume=volume.GetName(), model=earlier.modelName
        )
        isEdited = results.isEdited(earlier.segmentationNode)
        if isEdited:
            text += " " + _("It was edited: your corrections would be lost.")
        text += "\n\n" + _("Yes: the new result takes its place.\nNo: both are kept.")
        self._start(start, volume, model, earlier if self.panel.askYesNo(text) else None, isEdited)

    @slot
    def onCancel(self) -> None:
        """Ends what is going on."""
        if self.segmenter.isBusy:
            self.segmenter.cancel()
            self.job.end(_("Canceled. Nothing was changed."))
        else:
            self.batch.cancel()
        self.refresh()

    def _onProgress(self, share: float, secondsLeft: float | None, text: str) -> None:
        if secondsLeft is not None:
            text = _("{text}, about {time} left").format(text=text, time=format_duration(secondsLeft))
        self.job.update(share, text)

    def _onDone(self, segmented: Segmented) -> None:
        self._isWarm = True
        self.job.end(
            _("{name} was segmented in {time} on the device {device}.").format(
                name=segmented.volumeNode.GetName(),
                time=format_duration(max(1.0, segmented.prediction.seconds)),
                device=segmented.prediction.device,
            )
        )
        if segmented.remarks:
            self.panel.inform(" ".join(segmented.remarks))
        self._review(segmented.result.segmentationNode)

    def _onFailed(self, sentence: str) -> None:
        self._isWarm = False  # it may have crashed
        self.job.end()
        if sentence:  # empty when it was canceled
            self.panel.fail(sentence)
        self.refresh()

    def _review(self, segmentationNode: slicer.vtkMRMLSegmentationNode) -> None:
        self._forReview = segmentationNode
        self._chooseForReview()
        self.panel.resultsChanged.emit()

    def _chooseForReview(self) -> None:
        node, parameters = self._forReview, self.panel.parameterNode
        if node is None or parameters is None:
            return
        self._forReview = None
        if node.GetScene() is not None:
            parameters.segmentation = node

    # --- what becomes of a result

    @slot
    def onEdit(self) -> None:
        """Opens the result in Segment Editor."""
        node = self._reviewed()
        showInSegmentEditor(self._sourceOf(node), node)

    @slot
    def onAccept(self) -> None:
        """Makes the result the label of its case."""
        node, project = self._reviewed(), self.panel.project
        volume = self._sourceOf(node)
        case = casevolumes.caseOf(volume, project)
        if case.label and not self.panel.confirm(
            _("{name} has a label already. Use this result instead?").format(name=case.name)
        ):
            return

        def done(written: labelmaps.WrittenLabel) -> None:
            self.panel.segmentsChanged.emit()
            self.panel.keepCases()
            text = _("{name} is labeled now; the next training learns from it.").format(name=case.name)
            self.panel.inform(" ".join([text, *written.remarks]))

        self.panel.doSteps(acceptSteps(project, case, node, volume), _("Writing the label"), done)

    def _showBatchResult(
        self, segmentationNode: slicer.vtkMRMLSegmentationNode, volumeNode: slicer.vtkMRMLScalarVolumeNode
    ) -> None:
        self.panel.setCurrentVolume(volumeNode)
        self._review(segmentationNode)

    # --- the scene

    def enter(self) -> None:
        """Something may have been installed or removed."""
        self._isIncomplete = True
        self.refresh()

    def onSceneStartClose(self) -> None:
        if self.segmenter.isBusy:
            self.segmenter.cancel()
            self.job.end()
            self.panel.inform(_("The scene was closed, so the segmentation of its volume was ended."))
        self._forReview = None

    def cleanup(self) -> None:
        self.watch.close()
        self.scansOnly.close()
        self.segmenter.cancel()
        self.batch.cancel()
