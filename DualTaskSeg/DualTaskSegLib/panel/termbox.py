"""Chooses the standard term of a structure: by words in our own list, or with Slicer's selector where that is there."""

from __future__ import annotations

import qt
import slicer
from dualtaskseg.contract.terminology import parse_terminology
from slicer.i18n import tr as _

from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.panel.section import Widgets
from DualTaskSegLib.project import terms


class TermBox:
    """Drives termBox.

    Attributes:
        chosen: the user chose a term: the name of the structure, and the term as Slicer writes it.
    """

    def __init__(self, ui: Widgets) -> None:
        self.ui = ui
        self.chosen = Signal()
        self.structure = ""  # the name of the structure that it is asked about; empty where nothing is asked
        self._entry = ""  # its present term
        ui.termEdit.connect("textChanged(QString)", self._search)
        ui.termEdit.connect("returnPressed()", self._onUse)
        ui.termList.connect("itemDoubleClicked(QListWidgetItem*)", lambda _item: self._onUse())
        ui.termList.connect("currentRowChanged(int)", self._refreshButton)
        ui.termUseButton.connect("clicked()", self._onUse)
        ui.termCancelButton.connect("clicked()", self.hide)
        ui.termSlicerButton.connect("clicked()", self._onSlicer)

    def ask(self, name: str, entry: str = "") -> None:
        """Shows the list for a structure; what its name suggests is found already.

        Args:
            entry: its present term, as Slicer writes it.
        """
        self.structure = name
        self._entry = entry
        ui = self.ui
        ui.termBox.title = _("Standard term of {name}").format(name=name)
        ui.termSlicerButton.visible = hasSlicersSelector()
        ui.termEdit.text = name
        self._search(name)
        ui.termBox.visible = True
        ui.termEdit.setFocus()
        ui.termEdit.selectAll()

    def hide(self) -> None:
        """Puts the question away."""
        self.structure = ""
        self.ui.termBox.visible = False

    def _search(self, text: str) -> None:
        found = terms.search(text)
        termList = self.ui.termList
        termList.clear()
        for term in [*found, terms.tissue()]:
            label = term.text
            if term == terms.tissue():
                label = _("Tissue (nothing closer fits)")
            item = qt.QListWidgetItem(label)
            item.setData(qt.Qt.UserRole, term.entry)
            item.setToolTip(codesText(term.entry))
            termList.addItem(item)
        termList.setCurrentRow(0 if found else -1)  # "nothing closer fits" is for the user to say
        self._refreshButton()

    def _refreshButton(self, _row: int = 0) -> None:
        self.ui.termUseButton.enabled = self.ui.termList.currentRow >= 0

    def _onUse(self) -> None:
        row = self.ui.termList.currentRow
        if row >= 0 and self.structure:
            self._choose(str(self.ui.termList.item(row).data(qt.Qt.UserRole)))

    def _choose(self, entry: str) -> None:
        name = self.structure
        self.hide()
        self.chosen.emit(name, entry)

    def _onSlicer(self) -> None:
        entry = askSlicer(self._entry, self.structure)
        if entry:
            self._choose(entry)


def codesText(entry: str) -> str:
    """The codes of a term, for those who look them up: ``SCT 64033007 Kidney, SCT 7771000 Left``."""
    codes = parse_terminology(entry)
    parts = (codes.type, codes.type_modifier, codes.region, codes.region_modifier) if codes is not None else ()
    return ", ".join(f"{code.scheme} {code.value} {code.meaning}" for code in parts if code is not None)


# --- Slicer's own selector


def hasSlicersSelector() -> bool:
    """Whether the widget is there that Slicer's module Terminologies chooses terms with."""
    return hasattr(slicer, "qSlicerTerminologyNavigatorWidget")


def askSlicer(entry: str, name: str) -> str:
    """Asks with Slicer's selector; returns the term as Slicer writes it, empty if none was chosen.

    Args:
        entry: the present term, which is shown; the suggested one where there is none.
    """
    logic = slicer.modules.terminologies.logic()
    suggested = terms.suggestion(name)
    dialog = qt.QDialog(slicer.util.mainWindow())
    dialog.setWindowTitle(_("Standard term of {name}").format(name=name))
    layout = qt.QVBoxLayout(dialog)
    navigator = slicer.qSlicerTerminologyNavigatorWidget()
    navigator.setMRMLScene(slicer.mrmlScene)
    navigator.overrideSectionVisible = False  # name and color are chosen in the panel
    layout.addWidget(navigator)
    buttons = qt.QDialogButtonBox(qt.QDialogButtonBox.Ok | qt.QDialogButtonBox.Cancel)
    layout.addWidget(buttons)
    buttons.connect("accepted()", dialog.accept)
    buttons.connect("rejected()", dialog.reject)
    navigator.connect("typeDoubleClicked()", dialog.accept)
    present = slicer.vtkSlicerTerminologyEntry()
    wanted = entry if parse_terminology(entry) is not None else suggested.entry if suggested is not None else ""
    if wanted and logic.DeserializeTerminologyEntry(wanted, present):
        navigator.setTerminologyEntry(present)
    chosen = slicer.vtkSlicerTerminologyEntry()
    run = getattr(dialog, "exec_", None) or dialog.exec  # Qt 6 has the latter only
    isChosen = run() == qt.QDialog.Accepted and navigator.terminologyEntry(chosen)
    dialog.deleteLater()
    return logic.SerializeTerminologyEntry(chosen) if isChosen else ""
