"""The section Train: starts trainings, watches them, shows their curves."""

from __future__ import annotations

import logging
from html import escape

import qt
import slicer
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.errors import DualTaskSegError
from dualtaskseg.progress import format_duration
from slicer.i18n import tr as _

from DualTaskSegLib.common.i18n import counted, firstNames
from DualTaskSegLib.engine import runs
from DualTaskSegLib.engine.runs import RunSnapshot, RunWatch
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.filling import fillCombo, silenced
from DualTaskSegLib.panel.jobbar import showShare
from DualTaskSegLib.panel.section import Section, setAvailable, slot
from DualTaskSegLib.panel.train.closing import ClosingQuestion
from DualTaskSegLib.panel.train.curveview import CurveView
from DualTaskSegLib.panel.train.devices import CPU, Devices
from DualTaskSegLib.panel.train.runmonitor import RunMonitor
from DualTaskSegLib.panel.train.runtable import RunTable
from DualTaskSegLib.project import structures, terms
from DualTaskSegLib.scene import sampledata

MINUTE = 60.0
LOG_LINES = 400
GO_ON, STOP = "go on", "stop"  # what becomes of trainings when Slicer ends


class TrainSection(Section):
    TITLE = _("&Train")
    UI_FILE = "Train.ui"

    def __init__(self, panel: Panel, parentLayout: qt.QVBoxLayout) -> None:
        super().__init__(panel, parentLayout)
        self.monitor = RunMonitor(panel)
        self.curves = CurveView()
        self.shown: RunWatch | None = None
        self.runTable = RunTable(self.ui.runsTable, self.onRunSelected)
        self._fillPresets()
        self._connect()
        self._question = ClosingQuestion(self.askBeforeClosing)
        slicer.app.connect("aboutToQuit()", self.actAtEnd)
        self.devices = Devices(panel, self.ui, self.refreshButtons)
        self.refresh()

    def _connect(self) -> None:
        ui, panel = self.ui, self.panel
        ui.presetCombo.connect("currentIndexChanged(int)", self.onPreset)
        ui.minutesSpin.connect("valueChanged(double)", self.onMinutes)
        ui.trainButton.connect("clicked()", self.onTrain)
        ui.stopButton.connect("clicked()", self.onStop)
        ui.resumeButton.connect("clicked()", self.onResume)
        ui.curvesButton.connect("toggled(bool)", self.onCurves)
        ui.reportButton.connect("clicked()", self.onReport)
        ui.logButton.connect("toggled(bool)", self.onLog)
        panel.projectChanged.connect(self.onProjectChanged)
        panel.casesChanged.connect(self.refreshButtons)
        panel.segmentsChanged.connect(self.refreshSegments)
        panel.modelsChanged.connect(self.refreshStarts)
        self.monitor.found.connect(self._showRuns)
        self.monitor.taken.connect(self.curves.take)
        self.monitor.taken.connect(self.runTable.update)
        self.monitor.looked.connect(self._refreshShown)
        self.monitor.ended.connect(self._onEnded)
        panel.workChanged.connect(self.onWorkChanged)
        self.button.connect("contentsCollapsed(bool)", self.onCollapsed)

    def onWorkChanged(self, text: str, share: float) -> None:
        """Scans or outlines are being written, or are written now."""
        if not text:
            self.refreshButtons()

    def _fillPresets(self) -> None:
        titles = {
            "quick": _("Quick ({time})"),
            "standard": _("Standard ({time})"),
            "best": _("Best ({time}, for a graphics card)"),
            "paper": _("As published (many hours, for a graphics card)"),
        }
        for name, preset in PRESETS.items():
            time = format_duration(preset.seconds)
            self.ui.presetCombo.addItem(titles[name].format(time=time), name)
        self._showUsualTime()

    def _showUsualTime(self) -> None:
        """Shows what was chosen last; for the sample scans, which are learned soon, what they take."""
        isSample = self.panel.project is not None and sampledata.isSampleProject(self.panel.project)
        with silenced(self.ui.presetCombo), silenced(self.ui.minutesSpin):
            preset = "quick" if isSample else self.panel.settings.text("Preset", "quick")
            self.ui.presetCombo.setCurrentIndex(max(0, self.ui.presetCombo.findData(preset)))
            self._showPresetTime()
            minutes = sampledata.TRAINING_MINUTES if isSample else self.panel.settings.number("Minutes")
            if self.ui.minutesSpin.enabled and minutes is not None:
                self.ui.minutesSpin.setValue(minutes)

    # --- state

    def refresh(self) -> None:
        """Shows everything anew."""
        self.refreshSegments()
        self.refreshStarts()
        self._refreshShown()

    def _refreshShown(self) -> None:
        self.refreshRun()
        self.refreshButtons()

    def refreshSegments(self) -> None:
        """Shows the structures to learn, each with its color."""
        segments = self.panel.project.segments if self.panel.project is not None else []
        shown = [
            '<span style="color:#{:02x}{:02x}{:02x}">■</span>&nbsp;{}'.format(*segment.color, escape(segment.name))
            for segment in segments
        ]
        self.ui.segmentsLabel.text = "&nbsp; ".join(shown) or _("those of the first scan that you outline")

    def refreshStarts(self) -> None:
        """Offers the models to go on from."""
        usable = [entry for entry in self.panel.models if not entry.problem]
        entries = [(_("Model {name}").format(name=entry.name), str(entry.folder)) for entry in usable]
        chosen = self.ui.startCombo.currentData
        fillCombo(self.ui.startCombo, [(_("New networks"), ""), *entries], chosen or "")

    def refreshButtons(self) -> None:
        """Enables what can be clicked, and says of the rest why it can't."""
        news = self.monitor.news.get(self.shown)
        setAvailable(self.ui.trainButton, self._whyNoTraining(), _("Train a network on the cases of the table"))
        isAtWork = news is not None and news.isAtWork
        stopping = isAtWork and news.state == runs.STOPPING
        self.ui.stopButton.text = _("End at once") if stopping else _("Stop")
        setAvailable(
            self.ui.stopButton,
            "" if isAtWork else _("No training is going on."),
            _("End the process at once; what was learned since it last saved is lost")
            if stopping
            else _("Finish the present step, save everything and end. Resume goes on later"),
        )
        setAvailable(self.ui.resumeButton, self._whyNoResume(), _("Go on with the selected training"))
        noRun = "" if self.shown is not None else _("There is no training yet.")
        setAvailable(self.ui.curvesButton, noRun, _("Show loss and Dice as curves beside the slices"))
        setAvailable(self.ui.logButton, noRun, _("Show what the training wrote about itself"))
        noReport = noRun or (
            "" if news is not None and news.hasReport else _("The report comes with the end of the training.")
        )
        setAvailable(self.ui.reportButton, noReport, _("Open the report with figures and pictures in the browser"))

    def _whyNoTraining(self) -> str:
        if self.panel.project is None:
            return self.panel.whyNoProject()
        ready, reason = self.panel.project.readyToTrain()
        if not ready:
            return reason
        if self.devices.missing:
            return _("Install what is missing first.")
        if self.monitor.atWork:
            return _("A training is going on. Stop it first, or wait until it ends.")
        if self.devices.isLooking:
            return _("Wait a moment: it is being found out what can compute here.")
        if self.panel.isWorking:
            return _("Wait until all scans and outlines are written.")
        return ""

    def _whyNoResume(self) -> str:
        news = self.monitor.news.get(self.shown)
        if news is None:
            return _("There is no training yet.")
        if news.isAtWork:
            return _("This training is going on.")
        if news.state == runs.FINISHED:
            return _("This training is finished. To train further, choose its model under Begin with, and click Train.")
        if not news.canResume:
            return news.message
        return _("Install what is missing first.") if self.devices.missing else ""

    def refreshRun(self) -> None:
        """Shows how far the training is."""
        news = self.monitor.news.get(self.shown)
        self.ui.trainBar.visible = self.ui.phaseLabel.visible = news is not None
        if news is None:
            return
        device = news.status.device if news.status is not None and news.isAtWork else ""
        self.ui.phaseLabel.text = news.message + (_(" (on {device})").format(device=device) if device else "")
        showShare(self.ui.trainBar, news.fraction if news.isAtWork else news.fraction or 0.0)
        self.runTable.update(self.shown, news)
        if self.ui.logButton.checked:
            self._showLog()

    # --- the project's trainings

    def onProjectChanged(self) -> None:
        """Another project is open: its trainings are looked at; one that goes on is watched."""
        self.ui.curvesButton.setChecked(False)
        self.curves.forget()
        self.monitor.forget()
        self.shown = None
        self._showUsualTime()
        self.refresh()
        self.monitor.read()

    def _showRuns(self, found: list[RunWatch]) -> None:
        self.runTable.show(found, self.monitor.news)
        self.ui.runsTable.visible = bool(found)
        if self.shown not in found:
            self.shown = next(
                (watch for watch in found if self.monitor.news[watch].isAtWork), found[0] if found else None
            )
        self.runTable.select(self.shown)
        self._refreshShown()

    def _onEnded(self, watch: RunWatch, news: RunSnapshot) -> None:
        if news.state == runs.FINISHED:
            self.panel.readModels(choose=watch.modelFolder)
            self.panel.inform(_("The training is finished. Its model is chosen under Models; apply it to a scan."))
        elif news.state == runs.STOPPED:
            self.panel.inform(news.message)
        else:
            self.panel.fail(news.message)
        self.panel.runChanged.emit()

    @slot
    def onRunSelected(self) -> None:
        """Another training is selected: everything below shows it."""
        self.shown = self.runTable.selected()
        if self.shown is not None:
            self.monitor.catchUp(self.shown)
            if self.ui.curvesButton.checked:
                self.curves.show(self.shown)
        self._refreshShown()

    # --- devices

    def onCollapsed(self, isCollapsed: bool) -> None:
        """The section was opened: find out what can compute."""
        if not isCollapsed:
            self.devices.find()

    # --- settings

    @slot
    def onPreset(self) -> None:
        """Another preset is chosen: its time becomes the time."""
        self.panel.settings.store("Preset", self.ui.presetCombo.currentData)
        self._showPresetTime()

    @slot
    def onMinutes(self, minutes: float) -> None:
        """Another time is chosen: it is kept for the next time."""
        self.panel.settings.store("Minutes", str(minutes))

    def _showPresetTime(self) -> None:
        seconds = PRESETS[self.ui.presetCombo.currentData].seconds
        self.ui.minutesSpin.enabled = bool(seconds)
        if seconds:
            self.ui.minutesSpin.setValue(seconds / MINUTE)

    # --- Train, Stop, Resume

    @slot
    def onTrain(self) -> None:
        """Starts a training in the background."""
        device = self.devices.chosen
        preset = self.ui.presetCombo.currentData
        seconds = self.ui.minutesSpin.value * MINUTE if PRESETS[preset].seconds else None
        if not self._confirmStructures() or (device == CPU and not self._confirmProcessor(seconds)):
            return
        self.panel.inform("")
        self.panel.settings.store("Device", device)
        project, startFrom = self.panel.project, self.ui.startCombo.currentData or None

        def start() -> None:
            project.save()
            request = project.request(preset=preset, time_budget=seconds, device=device, start_from=startFrom)
            self._begin(runs.startTraining(project, request))

        self.panel.whenReachable("train", project.folder, start)

    def _confirmStructures(self) -> bool:
        """Sees to it that each structure has a term, and says which outlines are not learned from."""
        project = self.panel.project
        waiting = structures.toBeLookedAt(project)
        if waiting and not self.panel.confirm(
            counted(
                len(waiting),
                _("{names} was outlined before a structure was added, so its outline is not learned from. Train?"),
                _(
                    "{count} scans ({names}) were outlined before a structure was added, so their outlines are not "
                    "learned from. Train?"
                ),
                names=firstNames([case.name for case in waiting]),
            )
        ):
            return False
        named = terms.withTerms(project.segments)
        unnamed = terms.withoutTerm(named)
        if unnamed and not self.panel.confirm(
            _(
                "No standard term is chosen for {names}, so DICOM files will call it 'Tissue'. Train all the same? To "
                "choose a term, cancel, and click Structures in the section Cases."
            ).format(names=", ".join(segment.name for segment in unnamed))
        ):
            return False
        named = terms.orTissue(named)
        if named != project.segments:
            project.setSegments(named)
            self.panel.segmentsChanged.emit()
        return True

    def _confirmProcessor(self, seconds: float | None) -> bool:
        time = format_duration(seconds) if seconds else _("many hours")
        return self.panel.confirm(
            _(
                "Train on the processor? It takes {time} and keeps all its cores busy. A graphics card learns many "
                "times more in the same time."
            ).format(time=time)
        )

    def _begin(self, watch: RunWatch) -> None:
        self.monitor.follow(watch)
        self.shown = watch
        self._showRuns([watch, *(each for each in self.runTable.watches if each is not watch)])
        if self.ui.curvesButton.checked:
            self.curves.show(watch)
        self.panel.runChanged.emit()

    @slot
    def onStop(self) -> None:
        """Asks the training to save and end; the second click ends it at once, after asking."""
        watch = self.shown
        if self.monitor.news[watch].state == runs.STOPPING:
            question = _("End the training at once? What it learned since it last saved, at most a minute, is lost.")
            if not self.panel.confirm(question):
                return
            act = watch.kill
        else:
            act = watch.stop

        def stop() -> None:
            act()
            self.monitor.follow(watch)
            self._refreshShown()

        self.panel.whenReachable("stop", watch.folder, stop)

    @slot
    def onResume(self) -> None:
        """Goes on with the selected training."""
        self.panel.inform("")
        watch = self.shown

        def resume() -> None:
            watch.resume()
            self._begin(watch)

        self.panel.whenReachable("resume", watch.folder, resume)

    def askBeforeClosing(self) -> str | None:
        """Slicer is about to be closed: asks whether trainings go on. They do, unless the user wants them to stop.

        Returns what to do when Slicer ends, see :meth:`actAtEnd`; None if it is to stay open.
        """
        if self.panel.installer.isAtWork and not self.panel.confirm(
            _("Packages are being installed. Close Slicer all the same? The installation ends, and has to begin again.")
        ):
            return None
        if not self.monitor.atWork:
            return GO_ON
        goesOn = self.panel.askYesNo(
            _(
                "A training is going on. Shall it go on in the background after Slicer is closed? You find it again "
                "when you open the project.\n\nYes: it goes on.\nNo: it saves and stops; Resume goes on with it later."
            )
        )
        return GO_ON if goesOn else STOP

    def actAtEnd(self) -> None:
        """Slicer ends, and nothing can keep it open any more: trainings are stopped if the user said so."""
        if self._question.answer != STOP:
            return
        for watch in self.monitor.atWork:
            try:
                watch.stop()
            except DualTaskSegError as error:  # nobody sees a message any more
                logging.warning("DualTaskSeg: a training could not be stopped (%s)", type(error).__name__)

    # --- curves, report, log

    @slot
    def onCurves(self, isOn: bool) -> None:
        """Shows the curves beside the slices, or goes back to the user's layout."""
        if isOn and self.shown is not None:
            self.monitor.catchUp(self.shown)
            self.curves.show(self.shown)
        else:
            self.curves.hide()

    @slot
    def onReport(self) -> None:
        """Opens the report in the browser."""
        qt.QDesktopServices.openUrl(qt.QUrl.fromLocalFile(str(self.shown.reportFile)))

    @slot
    def onLog(self, isOn: bool) -> None:
        """Shows or hides the log."""
        self.ui.logText.visible = isOn
        if isOn:
            self._showLog()

    def _showLog(self) -> None:
        text = "\n".join(self.shown.lastLines(LOG_LINES)) if self.shown is not None else ""
        if text != self.ui.logText.plainText:
            self.ui.logText.setPlainText(text)
            bar = self.ui.logText.verticalScrollBar()
            bar.setValue(bar.maximum)

    # --- from the panel

    def enter(self) -> None:
        """The user comes back: look for what happened meanwhile."""
        self.devices.refreshMissing()
        if not self.collapsed:
            self.devices.find()
        self.monitor.read()
        if self.ui.curvesButton.checked and self.shown is not None:
            self.curves.show(self.shown)

    def exit(self) -> None:
        """The user goes elsewhere, or Slicer ends: the layout is the user's own again, the button stays as it is."""
        self.curves.hide()

    def onSceneStartClose(self) -> None:
        self.curves.onSceneStartClose()

    def onSceneEndClose(self) -> None:
        """Trainings don't live in the scene: they go on, and so do their curves."""
        if self.ui.curvesButton.checked and self.shown is not None:
            self.curves.show(self.shown)

    def cleanup(self) -> None:
        """The panel goes away; trainings go on, unless Slicer ends and the user wanted them to stop."""
        self.monitor.close()
        self.devices.close()
        self._question.remove()
        slicer.app.disconnect("aboutToQuit()", self.actAtEnd)
        if self.panel.isReloading:
            self.curves.hide()  # at the end of Slicer nothing is laid out any more: see exit
        else:
            self.actAtEnd()
