"""The structures of the project: their names, colors and standard terms, and scans that wait to be looked at again."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import qt
import slicer
from dualtaskseg.contract.segment import Segment
from dualtaskseg.contract.terminology import is_unspecific, parse_terminology, short_text
from slicer.i18n import tr as _

from DualTaskSegLib.common.i18n import counted, firstNames
from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.panel.cases.checking import BackgroundChecks
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.filling import fillRow, selectedRows, silenced, styleTable
from DualTaskSegLib.panel.section import Widgets, setAvailable, slot
from DualTaskSegLib.panel.termbox import TermBox, codesText
from DualTaskSegLib.project import structures
from DualTaskSegLib.project.structures import Change
from DualTaskSegLib.results.annotations import Annotations
from DualTaskSegLib.results.structures import changeSteps, nameAsNow

NAME, TERM = range(2)
NAME_WIDTH = 24  # characters
SWATCH = 12  # pixels


class StructuresBox:
    """Drives structuresBox and laterBox.

    Args:
        annotations: know which open outlines are those of label files.
        checks: look into scans that are learned from again.

    Attributes:
        caseWanted: a case, by its id, is to be opened in Segment Editor.
    """

    def __init__(self, panel: Panel, ui: Widgets, annotations: Annotations, checks: BackgroundChecks) -> None:
        self.panel = panel
        self.ui = ui
        self.caseWanted = Signal()
        self.terms = TermBox(ui)
        self._annotations = annotations
        self._checks = checks
        styleTable(ui.structuresTable, {NAME: NAME_WIDTH}, TERM, [_("Structure"), _("Standard term")])
        ui.structuresTable.connect("itemSelectionChanged()", self.refreshButtons)
        ui.structuresTable.connect("cellDoubleClicked(int,int)", self.onDoubleClick)
        ui.structuresButton.connect("toggled(bool)", self.refresh)
        ui.structureAddButton.connect("clicked()", self.onAdd)
        ui.structureRenameButton.connect("clicked()", self.onRename)
        ui.structureColorButton.connect("clicked()", self.onColor)
        ui.structureTermButton.connect("clicked()", self.onTerm)
        ui.structureRemoveButton.connect("clicked()", self.onRemove)
        ui.laterOpenButton.connect("clicked()", self.onLookAgain)
        ui.laterAbsentButton.connect("clicked()", self.onAbsent)
        self.terms.chosen.connect(self.onTermChosen)
        panel.projectChanged.connect(self.onProjectChanged)
        panel.segmentsChanged.connect(self.refresh)
        panel.casesChanged.connect(self.refresh)
        panel.selectionChanged.connect(self.refreshLater)
        panel.workChanged.connect(lambda text, _share: None if text else self.refreshButtons())
        panel.resultsChanged.connect(self.nameResults)
        panel.modelsChanged.connect(self.nameResults)
        self.refresh()

    # --- state

    def onProjectChanged(self) -> None:
        """Another project is open."""
        self.terms.hide()
        self.refresh()

    def refresh(self, _flag: bool = False) -> None:
        """Shows the structures."""
        ui = self.ui
        segments = self._segments()
        setAvailable(
            ui.structuresButton,
            self.panel.whyNoProject(),
            _("Names, colors and standard terms of the structures; add one more"),
        )
        isShown = ui.structuresButton.checked and self.panel.project is not None
        ui.structuresBox.visible = isShown
        ui.structuresLabel.text = self._text(segments)
        if isShown:
            with silenced(ui.structuresTable):
                ui.structuresTable.setRowCount(len(segments))
                for row, segment in enumerate(segments):
                    self._fillRow(row, segment)
        self.refreshButtons()
        self.refreshLater()

    def _text(self, segments: list[Segment]) -> str:
        if self.panel.project is None:
            return ""
        shown = [
            '<span style="color:#{:02x}{:02x}{:02x}">■</span>&nbsp;{}'.format(*segment.color, escape(segment.name))
            for segment in segments
        ]
        return "&nbsp; ".join(shown) or _("Structures are named by the first scan that you outline, or here:")

    def _fillRow(self, row: int, segment: Segment) -> None:
        text, tooltip = short_text(segment.terminology), codesText(segment.terminology)
        if parse_terminology(segment.terminology) is None:
            text, tooltip = _("none yet"), _("Choose a term, so that DICOM files say what the structure is")
        elif is_unspecific(segment.terminology):
            text = _("Tissue (nothing closer fits)")
        table = self.ui.structuresTable
        fillRow(table, row, {NAME: segment.name, TERM: text}, {NAME: segment.name, TERM: tooltip})
        picture = qt.QPixmap(SWATCH, SWATCH)
        picture.fill(qt.QColor(*segment.color))
        table.item(row, NAME).setIcon(qt.QIcon(picture))

    def refreshButtons(self) -> None:
        """Enables what can be clicked, and says of the rest why it can't."""
        ui, segment = self.ui, self._selected()
        noProject = self.panel.whyNoProject()
        busy = noProject or (_("Wait until all outlines are written.") if self.panel.isWorking else "")
        setAvailable(ui.structureAddButton, busy, _("Add one more structure. Outlines that are there stay as they are"))
        noChoice = busy or ("" if segment is not None else _("Select a structure in the table."))
        setAvailable(ui.structureRenameButton, noChoice, _("Give it another name, in all outlines, too"))
        setAvailable(ui.structureColorButton, noChoice, _("Give it another color"))
        setAvailable(ui.structureTermButton, noChoice, _("Choose what it is in SNOMED CT; DICOM files say so"))
        why = noChoice or structures.whyNotRemove(self.panel.project, segment)
        setAvailable(ui.structureRemoveButton, why, _("Take it out of the project; nobody outlined it yet"))

    def refreshLater(self) -> None:
        """Shows which scans wait to be looked at again."""
        cases = structures.toBeLookedAt(self.panel.project)
        ui = self.ui
        ui.laterBox.visible = bool(cases)
        if not cases:
            return
        missing = dict.fromkeys(name for case in cases for name in case.notLookedFor)
        ui.laterLabel.text = counted(
            len(cases),
            _(
                "{case} was outlined before {structures} came into the project. Until you say what of that is there, "
                "its outline is not learned from."
            ),
            _(
                "{count} scans were outlined before {structures} came into the project: {case}. Until you say what of "
                "that is there, their outlines are not learned from."
            ),
            case=firstNames([case.name for case in cases]),
            structures=", ".join(missing),
        )
        setAvailable(ui.laterOpenButton, "", _("Open the first of them in Segment Editor, to outline what is there"))
        chosen = {case.id for case in cases} & set(self.panel.selectedCaseIds)
        setAvailable(
            ui.laterAbsentButton,
            "" if chosen else _("Select scans in the table in which you looked and found nothing."),
            _("Their outlines are complete: what is not outlined is not there"),
        )

    def _segments(self) -> list[Segment]:
        return self.panel.project.segments if self.panel.project is not None else []

    def _selected(self) -> Segment | None:
        rows = selectedRows(self.ui.structuresTable)
        segments = self._segments()
        return segments[rows[0]] if rows and rows[0] < len(segments) else None

    # --- clicks

    @slot
    def onDoubleClick(self, _row: int, column: int) -> None:
        """A double click on a name renames, one on a term chooses another."""
        if self._selected() is not None and not self.panel.isWorking:
            (self.onRename if column == NAME else self.onTerm)()

    @slot
    def onAdd(self) -> None:
        """Asks for the name of one more structure."""
        name = self.panel.askText(_("Add a structure"), _("Name of the structure:"))
        if name:
            self._do(structures.added(self.panel.project, name))

    @slot
    def onRename(self) -> None:
        """Asks for another name."""
        segment = self._selected()
        name = self.panel.askText(_("Rename"), _("Name of the structure:"), segment.name)
        if name and name != segment.name:
            self._do(structures.renamed(self.panel.project, segment, name))

    @slot
    def onColor(self) -> None:
        """Asks for another color."""
        segment = self._selected()
        color = qt.QColorDialog.getColor(
            qt.QColor(*segment.color), slicer.util.mainWindow(), _("Color of {name}").format(name=segment.name)
        )
        if color is not None and color.spec() != qt.QColor.Invalid:  # the user canceled
            self._do(Change(segment, replace(segment, color=(color.red(), color.green(), color.blue()))))

    @slot
    def onTerm(self) -> None:
        """Asks for a term."""
        segment = self._selected()
        self.terms.ask(segment.name, segment.terminology)

    @slot
    def onTermChosen(self, name: str, entry: str) -> None:
        """A term was chosen."""
        segment = structures.structureNamed(self.panel.project, name)
        if segment is not None:
            self._do(Change(segment, replace(segment, terminology=entry)))

    @slot
    def onRemove(self) -> None:
        """Takes a structure out that nobody outlined yet."""
        self._do(Change(self._selected(), None))

    def _do(self, change: Change) -> None:
        project = self.panel.project
        self.panel.inform("")
        self.terms.hide()

        def done(copied: int) -> None:
            if self.panel.project is not project:
                return
            self.panel.segmentsChanged.emit()
            self.panel.keepCases()
            self.panel.resultsChanged.emit()
            self._tell(change, copied)

        models = [entry.name for entry in self.panel.models]
        steps = changeSteps(project, change, self._annotations, models)
        self.panel.doSteps(steps, _("Changing the structures"), done)

    def _tell(self, change: Change, copied: int) -> None:
        if copied:
            self.panel.inform(
                counted(
                    copied,
                    _("{count} label file names the structure itself: a copy in the project is used, yours stays."),
                    _("{count} label files name the structure themselves: copies in the project are used, yours stay."),
                )
            )
        elif change.before is None and parse_terminology(change.after.terminology) is None:
            self.panel.inform(_("Choose a standard term for {name} with Term….").format(name=change.after.name))

    # --- scans that were outlined before a structure came

    @slot
    def onLookAgain(self) -> None:
        """Opens the first scan that is to be looked at again."""
        self.caseWanted.emit(structures.toBeLookedAt(self.panel.project)[0].id)

    @slot
    def onAbsent(self) -> None:
        """The user looked at the selected scans and found nothing."""
        project, ids = self.panel.project, set(self.panel.selectedCaseIds)
        cases = [case for case in structures.toBeLookedAt(project) if case.id in ids]
        missing = dict.fromkeys(name for case in cases for name in case.notLookedFor)
        names = firstNames([case.name for case in cases])
        question = _("Did you look at {cases}, and is {structures} not there? Networks learn that from these scans.")
        if not self.panel.confirm(question.format(cases=names, structures=", ".join(missing))):
            return
        structures.confirmAbsent(project, ids)
        self._checks.add([case.id for case in cases])
        self.panel.keepCases()

    # --- results

    def nameResults(self) -> None:
        """Results of models that know a structure by a former name get the present one."""
        if self.panel.project is not None:
            nameAsNow(self.panel.project, [entry.name for entry in self.panel.models])
