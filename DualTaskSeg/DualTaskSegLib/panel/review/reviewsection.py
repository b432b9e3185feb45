"""The section Review: how a result is shown, where the networks disagree, and back to the user's own view."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import qt
import slicer
from dualtaskseg.errors import InputError
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps
from DualTaskSegLib.engine.steprunner import StepRunner
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.panel import shortcuts
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.filling import fillCombo
from DualTaskSegLib.panel.jobbar import JobBar
from DualTaskSegLib.panel.quality import judgement
from DualTaskSegLib.panel.review import layerbox
from DualTaskSegLib.panel.review.comparebox import CompareBox
from DualTaskSegLib.panel.review.layerbox import LayerBox
from DualTaskSegLib.panel.review.numbersbox import NumbersBox
from DualTaskSegLib.panel.review.regionsbox import RegionsBox
from DualTaskSegLib.panel.section import Section, setAvailable, slot
from DualTaskSegLib.panel.watching import SceneWatch
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.results import results, uncertainregions
from DualTaskSegLib.results.results import Result
from DualTaskSegLib.results.segmenting import figuresOf
from DualTaskSegLib.results.suggestedslice import SuggestedSlice, suggestSliceSteps
from DualTaskSegLib.scene import casevolumes
from DualTaskSegLib.views import contours, layouts, overlays, viewstate

T = TypeVar("T")
LAYERS = {  # parameters by the map
    layerbox.DISTANCE: "showDistance",
    layerbox.UNCERTAINTY: "showUncertainty",
    layerbox.CHANGES: "showChanges",
}


class ReviewSection(Section):
    """See the module.

    Every kind of overlay has a key, all that it depends on. When the scene or a parameter changed, only those overlays
    whose key is another one are drawn anew.
    """

    TITLE = _("&Review")
    UI_FILE = "Review.ui"

    def __init__(self, panel: Panel, parentLayout: qt.QVBoxLayout) -> None:
        super().__init__(panel, parentLayout)
        self._viewState: viewstate.ViewState | None = None  # the user's own view, while ours is shown
        self._tooltips: dict[str, str] = {}  # of widgets, as the form has them
        self._isHidden = False  # by the user, until another result is chosen or it is to be shown again
        self._isEdited = False
        self._badDistances = ""  # what the user was told about distances that can't be read
        self._shown: dict[str, Any] = {}
        self._foreign: list[slicer.vtkMRMLSegmentationNode] = []  # of other scans, hidden meanwhile
        self._result = Result("")  # with nothing in it while none is chosen
        self._runner = StepRunner()
        self._work: dict[str, object] = {}  # what goes on, by its kind
        self.layers = LayerBox(self.ui, self.onLayerChosen)
        job = JobBar(self.ui.reviewStatusLabel, self.ui.reviewProgressBar, self.ui.reviewCancelButton)
        self.comparing = CompareBox(panel, self.ui, job, self._onCompared)
        self.numbers = NumbersBox(panel, self.ui, job, self.refresh)
        self.job = job
        self.regions = RegionsBox(panel, self.ui, self._start, self._cancel, self._jumpTo, self._refreshWidgets)
        self._connect()
        self.watch = SceneWatch(panel, self.onSceneChanged)
        self.refresh()

    def _connect(self) -> None:
        ui = self.ui
        ui.distanceSegmentSelector.connect("currentIndexChanged(int)", self.onSegmentChosen)
        ui.suggestSliceButton.connect("clicked()", self.onSuggestSlice)
        ui.hideButton.connect("clicked()", self.onHide)
        ui.reviewCancelButton.connect("clicked()", self.onCancel)
        keys = self.panel.shortcuts
        keys.add(shortcuts.HIDE_RESULT, ui.resultCheck)
        self.panel.resultsChanged.connect(self.enter)
        self.panel.casesChanged.connect(self.refresh)
        self.panel.projectChanged.connect(self.refresh)

    def _start(self, kind: str, steps: Steps[T], onDone: Callable[[T], None]) -> None:
        """Starts work; what goes on of the same kind is canceled."""
        self._cancel(kind)
        self._work[kind] = self._runner.start(steps, onDone, self.panel.failWith)

    def _cancel(self, kind: str) -> None:
        self._runner.cancel(self._work.get(kind))

    # --- state

    @slot
    def enter(self) -> None:
        """The result may have been edited in another module."""
        self._lookForEdits()
        self.refresh()

    def _lookForEdits(self) -> None:
        """Looks whether the result was edited; only when it is chosen or the user comes, since it takes a while."""
        self._cancel("edits")
        node = self._result.segmentationNode
        if node is None:
            self._isEdited = False
            return

        def done(_nothing: None) -> None:
            if self._result.segmentationNode is node and node.GetScene() is not None:
                self._isEdited = results.isEdited(node)
                self.comparing.check()
                self.numbers.check()
                if self.panel.parameterNode is not None:
                    self._refreshWidgets()

        self._start("edits", labelcontent.lookSteps([node]), done)

    @slot
    def onSceneChanged(self) -> None:
        """Parameters changed or nodes went away."""
        contours.removeLostContours()
        self.refresh()

    @slot
    def refresh(self) -> None:
        """Brings widgets and views up to date with the parameters."""
        parameters = self.panel.parameterNode
        if parameters is None:  # another module is open, or the scene is being closed: the views stay as they are
            return
        node = parameters.segmentation
        isOther = node is not self._result.segmentationNode
        self._result = results.resultOf(node) or Result("", node)
        if isOther:
            self._isHidden = False
            self._isEdited = False
            self._lookForEdits()
        self._refreshWidgets()
        if not self._isHidden:
            if node is not None and (isOther or self._viewState is None):
                self._beginReview(node)
            self._draw()

    def _beginReview(self, node: slicer.vtkMRMLSegmentationNode) -> None:
        """The result's volume comes to the slice views, unless it is there; what they showed is kept."""
        source = results.sourceOf(node)
        if self._viewState is None:
            self._viewState = viewstate.ViewState.save()
        if source is not None:
            self._viewState.showVolume(source)
        self._showForeign()
        self._foreign = overlays.hideForeign(node)
        self._shown.pop("compared", None)  # may be among what was hidden just now

    def _showForeign(self) -> None:
        """Outlines and results of other scans come back, if they were hidden for the review."""
        for node in self._foreign:
            if node.GetScene() is not None and node.GetDisplayNode() is not None:
                node.GetDisplayNode().SetVisibility(True)
        self._foreign = []

    def _refreshWidgets(self) -> None:
        ui, parameters, result = self.ui, self.panel.parameterNode, self._result
        node = result.segmentationNode
        self.comparing.look(node)
        noChoice = "" if node is not None else _("Choose a result, or segment a volume in the section Apply.")
        noResult = noChoice or (_("Everything is hidden. Click Show again.") if self._isHidden else "")
        noDistance = noResult or ("" if result.sdmNodes else _("This segmentation has no signed distance volume."))
        noMap = noResult or ("" if result.uncertaintyNode else _("This segmentation has no uncertainty volume."))
        self._fillSegments()
        text = judgement(*figuresOf(node)) if node is not None else ""
        if results.isCompleted(node):
            text += " " + _("It holds outlines of a person; the model filled the rest.")
        if self._isEdited:
            text += " " + _("It was edited since; distance and uncertainty are still those of the prediction.")
        ui.agreementLabel.text = text
        ui.agreementLabel.visible = bool(text)
        self._setReason(ui.resultCheck, noResult)
        noSegments = noResult or ("" if parameters.showSegmentation else _("The result is not visible."))
        isOutline = self._layer() == layerbox.CHANGES
        outlineOnly = noSegments or (_("Over the map of changes only the outline is drawn.") if isOutline else "")
        for widget in (ui.fillSlider, ui.outlineCheck):
            self._setReason(widget, outlineOnly)
        self._setReason(ui.show3DCheck, noSegments)
        self._refreshLayers(noResult)
        for widget in (ui.contoursCheck, ui.distanceSegmentSelector):
            self._setReason(widget, noDistance)
        for widget in (ui.distanceBandSlider, ui.distanceOpacitySlider):
            self._setReason(widget, noDistance or ("" if parameters.showDistance else _("Choose this map above.")))
        self._setReason(
            ui.contourDistancesEdit, noDistance or ("" if parameters.showContours else _("Turn on the contour lines."))
        )
        self._setReason(
            ui.uncertaintyOpacitySlider, noMap or ("" if parameters.showUncertainty else _("Choose this map above."))
        )
        isBusy = self.comparing.comparer.isBusy or self.numbers.measurer.isBusy
        busy = _("Wait until the numbers are there, or cancel.") if isBusy else ""
        self.comparing.refresh(noResult, busy)
        self.numbers.refresh(node, noChoice, busy)
        self._setReason(
            ui.changesOpacitySlider, noResult or ("" if parameters.showChanges else _("Choose this map above."))
        )
        self.regions.refresh(result.uncertaintyNode, noMap)
        setAvailable(
            ui.suggestSliceButton,
            noMap or ("" if self._partlyOutlined() is not None else _("This scan is not partly outlined.")),
            _("Go to the slice that is worth outlining next: not outlined yet, and the networks disagree most on it"),
        )
        ui.hideButton.text = _("Show again") if self._isHidden else _("Hide everything")
        setAvailable(
            ui.hideButton,
            noChoice,
            _("Show the result again as it was")
            if self._isHidden
            else _("Take all overlays away and restore the layout and the volumes that you had"),
        )

    def _refreshLayers(self, noResult: str) -> None:
        """Shows which maps there are, and which one is shown."""
        parameters, nodes = self.panel.parameterNode, self._layerNodes()
        available = [layer for layer, node in nodes.items() if node is not None]
        self.layers.refresh(available, layerbox.NONE if noResult else self._layer(), parameters.distanceBand)
        self._setReason(
            self.ui.layerSelector, noResult or ("" if available else _("This segmentation has no map of its own."))
        )

    def _layer(self) -> str:
        """The map that is shown."""
        parameters, nodes = self.panel.parameterNode, self._layerNodes()
        return next((each for each, name in LAYERS.items() if nodes[each] and getattr(parameters, name)), layerbox.NONE)

    def _layerNodes(self) -> dict[str, slicer.vtkMRMLScalarVolumeNode | None]:
        comparison = self.comparing.comparison
        return {
            layerbox.DISTANCE: self._distanceNode(),
            layerbox.UNCERTAINTY: self._result.uncertaintyNode,
            layerbox.CHANGES: comparison.node if comparison is not None else None,
        }

    def _setReason(self, widget: qt.QWidget, reason: str) -> None:
        """Enables a widget or disables it; its own tooltip, from the form, is kept."""
        setAvailable(widget, reason, self._tooltips.setdefault(widget.objectName, widget.toolTip))

    def _fillSegments(self) -> None:
        names = list(self._result.sdmNodes)
        selector, chosen = self.ui.distanceSegmentSelector, self.panel.parameterNode.distanceSegment
        isShown = names == [selector.itemText(index) for index in range(selector.count)]
        if not isShown or selector.currentIndex != (names.index(chosen) if chosen in names else 0):
            fillCombo(selector, [(name, name) for name in names], chosen)

    # --- drawing

    def _draw(self) -> None:
        parameters = self.panel.parameterNode
        node, layer, layerNodes = self._result.segmentationNode, self._layer(), self._layerNodes()
        sdm = layerNodes[layerbox.DISTANCE]
        self._drawOne(
            "segmentation",
            node
            and parameters.showSegmentation
            and (node, self._fill(layer), parameters.segmentationOutline or layer == layerbox.CHANGES),
            overlays.showSegmentation,
            overlays.hideSegmentation,
        )
        self._drawOne(
            "surface",
            node and parameters.showSegmentation and parameters.show3D and (node,),
            self._showSurface,
            self._hideSurface,
        )
        self._drawOne(
            "distance",
            layer == layerbox.DISTANCE and (sdm, parameters.distanceBand, parameters.distanceOpacity),
            overlays.showDistance,
            overlays.hideLayer,
        )
        self._drawOne(
            "uncertainty",
            layer == layerbox.UNCERTAINTY and (layerNodes[layer], parameters.uncertaintyOpacity),
            overlays.showUncertainty,
            overlays.hideLayer,
        )
        self._drawOne(
            "changes",
            layer == layerbox.CHANGES and (layerNodes[layer], parameters.changesOpacity),
            overlays.showChanges,
            overlays.hideLayer,
        )
        compared = self.comparing.compared if parameters.showCompared else None
        self._drawOne("compared", compared and (compared, 0.0, True), overlays.showSegmentation, self._hideCompared)
        distances = self._contourDistances(parameters.contourDistances) if sdm and parameters.showContours else None
        if distances is None:
            self._complain("")
        self._drawOne(
            "contours",
            distances is not None and (sdm, distances),
            self._showContours,
            lambda _former: contours.hideContours(),
        )

    def _fill(self, layer: str) -> float:
        """How opaque segments are filled: not at all over the map of changes, whose colors would be others then."""
        return 0.0 if layer == layerbox.CHANGES else self.panel.parameterNode.segmentationFill

    def _drawOne(
        self,
        kind: str,
        key: tuple[object, ...] | None,
        show: Callable[..., object],
        hide: Callable[[slicer.vtkMRMLNode], object],
    ) -> None:
        """Shows one kind of overlay, if its key is another than the last time.

        Args:
            key: the node and all that the display depends on, the arguments of ``show``; false to show nothing.
            hide: gets the node that was shown and hides it.
        """
        former = self._shown.get(kind)
        key = key or None
        if key == former:
            return
        if former is not None and (key is None or key[0] is not former[0]) and former[0].GetScene() is not None:
            hide(former[0])
        self._shown[kind] = key
        if key is not None:
            show(*key)

    def _distanceNode(self) -> slicer.vtkMRMLScalarVolumeNode | None:
        nodes = self._result.sdmNodes
        return nodes.get(self.panel.parameterNode.distanceSegment) or next(iter(nodes.values()), None)

    def _showSurface(self, node: slicer.vtkMRMLSegmentationNode) -> None:
        if not layouts.shows3D():
            layouts.switchTo(layouts.REVIEW)
        self._start("surface", overlays.show3DSteps(node), lambda _nothing: self._viewState.reset3DViews())

    def _hideSurface(self, node: slicer.vtkMRMLSegmentationNode) -> None:
        self._cancel("surface")
        overlays.hide3D(node)

    def _hideCompared(self, node: slicer.vtkMRMLSegmentationNode) -> None:
        if node is not self._result.segmentationNode:  # the two may have changed places
            overlays.hideSegmentation(node)

    def _contourDistances(self, text: str) -> tuple[float, ...]:
        """The distances that the user typed; the former ones while that can't be read."""
        try:
            distances = contourDistances(text)
        except InputError as error:
            self._complain(str(error))
            former = self._shown.get("contours")
            return former[1] if former else (0.0,)
        self._complain("")
        return distances

    def _complain(self, sentence: str) -> None:
        """Tells what is wrong with the distances, or takes it back once it is right."""
        if sentence != self._badDistances:
            self.panel.withdraw(self._badDistances)
            self._badDistances = sentence
            if sentence:
                self.panel.fail(sentence)

    def _showContours(self, sdm: slicer.vtkMRMLScalarVolumeNode, distances: tuple[float, ...]) -> None:
        def done(absent: list[float]) -> None:
            if absent:
                self.panel.inform(
                    _("No place is at a distance of {distances} mm, so no line is drawn for it.").format(
                        distances=", ".join(f"{distance:g}" for distance in absent)
                    )
                )

        self._start("contours", contours.showContoursSteps(sdm, distances), done)

    # --- choices

    @slot
    def onSegmentChosen(self, index: int) -> None:
        """Another segment's distance is to be shown."""
        if self.panel.parameterNode is not None and index >= 0:
            self.panel.parameterNode.distanceSegment = self.ui.distanceSegmentSelector.itemText(index)

    @slot
    def onLayerChosen(self, layer: str) -> None:
        """Slice views have one layer above the volume, so one map is shown."""
        if self.panel.parameterNode is not None:
            for each, name in LAYERS.items():
                self.panel.parameterNode.setValue(name, each == layer)

    @slot
    def onHide(self) -> None:
        """Hides all that we show and gives the user the former view back; the next click shows it again."""
        if self._isHidden:
            self._isHidden = False
            self.refresh()
            return
        self._isHidden = True
        self._runner.close()
        overlays.hideAll()
        self._shown.clear()
        self._showForeign()
        if self._viewState is not None:
            self._viewState.restore()
            self._viewState = None
        self.refresh()

    # --- numbers

    def _onCompared(self, isNew: bool) -> None:
        """A comparison begins or ended; a new one is shown."""
        if isNew:
            self._shown.pop("changes", None)  # its node may be the same as before, with another content
            self.onLayerChosen(layerbox.CHANGES)
        self.refresh()

    @slot
    def onCancel(self) -> None:
        """Ends comparing or measuring."""
        self.comparing.cancel()
        self.numbers.cancel()
        self.job.end(_("Canceled."))
        self.refresh()

    # --- where to look next

    def _jumpTo(self, ras: tuple[float, float, float]) -> None:
        """Takes the slice views to a place; of an oblique scan they show its own slices, on which people outline."""
        source = results.sourceOf(self._result.segmentationNode)
        if source is not None and self._viewState is not None:
            self._viewState.turnTo(source)
        uncertainregions.jumpTo(ras)

    def _partlyOutlined(self) -> ProjectCase | None:
        """The case whose result is under review, if it is partly outlined."""
        case = casevolumes.caseOf(results.sourceOf(self._result.segmentationNode), self.panel.project)
        return case if case is not None and case.isPartly else None

    @slot
    def onSuggestSlice(self) -> None:
        """Takes the slice views to the slice that is worth outlining next."""
        node, case = self._result.uncertaintyNode, self._partlyOutlined()

        def done(found: SuggestedSlice | None) -> None:
            if found is None:
                self.panel.inform(_("The networks agree on all slices that are left to outline."))
                return
            self._jumpTo(found.ras)
            self.panel.inform(
                _("Outline this {direction} slice of {name} next: the networks disagree on {area} cm² of it.").format(
                    direction=found.direction, name=case.name, area=f"{found.areaCm2:.2g}"
                )
            )

        self._start("slice", suggestSliceSteps(case, results.sourceOf(node), node), done)

    # --- the scene

    def onSceneStartClose(self) -> None:
        self._runner.close()
        self.comparing.close()
        self.numbers.close()
        self.job.end()
        self._viewState = None
        self.regions.forget()
        self._result = Result("")
        self._foreign = []
        self._shown.clear()

    def cleanup(self) -> None:
        self.watch.close()
        self._runner.close()
        self.comparing.close()
        self.numbers.close()


def contourDistances(text: str) -> tuple[float, ...]:
    """Reads distances in mm as people type them: ``-2, 0, 5``; ``InputError`` if something in it is no number."""
    distances = []
    for part in re.split(r"[;,\s]+", text.strip()):
        if not part:
            continue
        try:
            distance = float(part)
        except ValueError:
            distance = float("nan")
        if not abs(distance) < 1000:
            raise InputError(_("'{part}' is no distance in mm").format(part=part), _("Write numbers such as -2, 0, 5"))
        distances.append(distance)
    return tuple(distances)
