"""The outlines of cases: opened in Segment Editor, and used as labels once they are drawn."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from DualTaskSegLib.engine.steprunner import StepRunner
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.panel.cases.checking import BackgroundChecks
from DualTaskSegLib.panel.cases.emptyslicesbox import EmptySlicesBox
from DualTaskSegLib.panel.cases.mappingbox import MappingBox
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.section import Widgets, slot
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.project.emptyslices import Answer
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.results.annotations import Annotation, Annotations, segmentsFor, showInSegmentEditor
from DualTaskSegLib.scene import labelmaps, seenmaps
from DualTaskSegLib.scene.seenmaps import SliceQuestion
from DualTaskSegLib.scene.segmentations import mismatches
from DualTaskSegLib.views.shownslices import ShownSlice


class Outlines:
    """Drives useLabel and useButton, which offer outlines, and the question what their segments stand for."""

    def __init__(self, panel: Panel, ui: Widgets, checks: BackgroundChecks) -> None:
        self.panel = panel
        self.ui = ui
        self.annotations = Annotations()
        self.mapping = MappingBox(ui)
        self.slices = EmptySlicesBox(ui)
        self._asked: tuple[Annotation, dict[str, str | None]] | None = None  # what slices is shown for; None: a label
        self._checks = checks
        self._runner = StepRunner()  # looks at outlines
        self._look: object = None
        ui.useButton.connect("clicked()", self.onUse)
        self.mapping.applied.connect(self._use)
        self.slices.answered.connect(self._onAnswered)
        panel.projectChanged.connect(self.forget)

    def forget(self) -> None:
        """Another project is open, or the scene is closed."""
        self._runner.close()
        self.mapping.hide()
        self.slices.hide()
        self.annotations.forget()

    def close(self) -> None:
        """Looks no more."""
        self._runner.close()

    def refresh(self) -> None:
        """Offers outlines that are not in the project; those that came with a scene once they were looked at."""
        project = self.panel.project
        self._runner.cancel(self._look)
        self._show()
        if project is None:
            return
        self._look = self._runner.start(
            self.annotations.lookSteps(project),
            onDone=lambda _nothing: self._show(),
            onError=self.panel.failWith,
        )

    @property
    def _isAsking(self) -> bool:
        return self.mapping.isAsking or self.slices.isAsking

    def _show(self) -> None:
        found = self.annotations.inScene(self.panel.project) if self.panel.project is not None else []
        names = ", ".join(annotation.case.name for annotation in found)
        isOffered = bool(found) and not self._isAsking
        self.ui.useLabel.text = _("New outlines of {names}").format(names=names) if found else ""
        self.ui.useLabel.visible = self.ui.useButton.visible = isOffered

    @slot
    def open(self, caseId: str) -> None:
        """Loads a case if need be, shows it, and opens Segment Editor for it."""
        project = self.panel.project
        case = project.caseById(caseId) if project is not None else None
        if case is None:
            return
        self.panel.inform("")

        def opened(nodes: tuple[slicer.vtkMRMLScalarVolumeNode, slicer.vtkMRMLSegmentationNode]) -> None:
            volume, node = nodes
            self.panel.setCurrentVolume(volume)
            showInSegmentEditor(volume, node)

        text = _("Loading {name}").format(name=case.name)
        self.panel.doSteps(self.annotations.openSteps(project, case), text, opened)

    @slot
    def useOwn(self) -> None:
        """Uses the outlines that were drawn in segmentations which were opened from the table."""
        if self.slices.isAsking and self._asked is not None:
            self.slices.hide()  # more may have been outlined meanwhile: it is asked again, if need be
        if self.panel.project is None or self._isAsking or self.panel.isWorking:
            return
        for annotation in self.annotations.inScene(self.panel.project):
            if annotation.isOurs:
                self._useOrAsk(annotation)

    @slot
    def onUse(self) -> None:
        """Uses all outlines in the scene that belong to cases."""
        self.panel.inform("")
        for annotation in self.annotations.inScene(self.panel.project):
            self._useOrAsk(annotation)

    def _useOrAsk(self, annotation: Annotation) -> None:
        self.panel.doSteps(
            labelcontent.lookSteps([annotation.node]),
            _("Looking at the outline of {name}").format(name=annotation.case.name),
            lambda _nothing: self._useOrAskNow(self.panel.project, annotation),
        )

    @slot
    def _useOrAskNow(self, project: Project | None, annotation: Annotation) -> None:
        if project is None or annotation.case not in project.cases or annotation.node.GetScene() is None:
            return
        segments = segmentsFor(project, annotation)
        found = mismatches(annotation.node, segments)
        if not found.unknown:
            self._use(annotation, {})
        elif not self._isAsking:
            self.mapping.ask(annotation, found, segments)
            self._show()

    @slot
    def _use(self, annotation: Annotation, mapping: dict[str, str | None], answer: Answer | None = None) -> None:
        project = self.panel.project

        def done(written: labelmaps.WrittenLabel | SliceQuestion) -> None:
            if self.panel.project is not project:
                return
            if isinstance(written, SliceQuestion):
                self._ask(written, (annotation, mapping))
                return
            self._checks.add([annotation.case.id])
            self.panel.segmentsChanged.emit()
            self.panel.keepCases()
            text = _("The outline of {name} is part of the project.").format(name=annotation.case.name)
            if annotation.case.isPartly:
                text += " " + _("Only its outlined slices count as looked at.")
            self.panel.inform(" ".join([text, *written.remarks]))

        text = _("Writing the outline of {name}").format(name=annotation.case.name)
        self.panel.doSteps(self.annotations.useSteps(project, annotation, mapping, answer), text, done)

    # --- slices without outline

    def _ask(self, question: SliceQuestion, asked: tuple[Annotation, dict[str, str | None]] | None) -> None:
        """Shows the question about empty slices, unless another one is shown: then it comes up again later."""
        if not self._isAsking:
            self._asked = asked
            self.slices.ask(question)
        self._show()

    @slot
    def _onAnswered(self, question: SliceQuestion, isPartly: bool) -> None:
        """The user said what the empty slices are."""
        if self.panel.project is None or question.case not in self.panel.project.cases:
            return  # it was taken out of the list meanwhile
        if self._asked is not None:
            self._use(*self._asked, question.answer(isPartly))
        else:
            self._keepAnswer(question, isPartly)

    @slot
    def askAgain(self, caseId: str) -> None:
        """Asks what the empty slices of a labeled case are, to change the answer."""
        project = self.panel.project
        case = project.caseById(caseId)
        self.panel.inform("")
        if case.unseenValue is not None:
            self.panel.inform(
                _("The label of {name} tells itself where nobody looked. Outline more to change that.").format(
                    name=case.name
                )
            )
            return

        def found(question: SliceQuestion) -> None:
            if self.panel.project is not project:
                return
            if question.planes.empty:
                self._ask(question, None)
            elif not case.isPartly:
                self.panel.inform(
                    _("All slices between the outlined ones of {name} are outlined.").format(name=case.name)
                )
            elif self.panel.confirm(
                _("A map says that only a part of {name} was looked at. Shall all of it count as outlined?").format(
                    name=case.name
                )
            ):
                self._keepAnswer(question, False)

        text = _("Looking at the outline of {name}").format(name=case.name)
        self.panel.doSteps(seenmaps.questionSteps(project, case), text, found)

    @slot
    def sayNothingThere(self, case: ProjectCase, shown: ShownSlice, slice: str) -> None:
        """Notes of a slice of a partly outlined case that nothing is there, or takes that back.

        Args:
            slice: what it is called.
        """
        project = self.panel.project
        self.panel.inform("")

        def done(isMarked: bool) -> None:
            if self.panel.project is not project:
                return
            self._checks.add([case.id])
            self.panel.keepCases()
            text = _("{name}, {slice}: looked at, and nothing is there. Choose it again to take that back.")
            if not isMarked:
                text = _("{name}, {slice}: not looked at.")
            self.panel.inform(text.format(name=case.name, slice=slice))

        text = _("Writing what was looked at of {name}").format(name=case.name)
        self.panel.doSteps(seenmaps.sayNothingThereSteps(project, case, shown.axis, shown.index), text, done)

    def _keepAnswer(self, question: SliceQuestion, isPartly: bool) -> None:
        project, case = self.panel.project, question.case

        def done(_nothing: None) -> None:
            if self.panel.project is project:
                self._checks.add([case.id])
                self.panel.keepCases()

        text = _("Writing what was looked at of {name}").format(name=case.name)
        self.panel.doSteps(seenmaps.keepAnswerSteps(project, case, isPartly), text, done)
