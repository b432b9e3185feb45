"""Chooses the standard term of a structure: by words in our own list, or with Slicer's selector where that is there."""

from __future__ import annotations

import qt
import slicer
from dualtaskseg.contract.terminology import parse_terminology
from slicer.i18n import tr as _

from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.panel.section import Widgets
from DualTaskSegLib.project import terms

WITHOUT_REGION = ("123037004", "91720002")  # of Slicer's list: anatomical structures and fluids, which are the place


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
    navigator.connect("colorDoubleClicked()", dialog.accept)
    isKnown = parse_terminology(entry) is not None
    showTerm(navigator, entry if isKnown else suggested.entry if suggested is not None else "")
    run = getattr(dialog, "exec_", None) or dialog.exec  # Qt 6 has the latter only
    chosen = termIn(navigator) if run() == qt.QDialog.Accepted else ""
    dialog.deleteLater()
    return chosen


def showTerm(navigator: slicer.qSlicerTerminologyNavigatorWidget, entry: str) -> bool:
    """Shows a term in Slicer's selector, as Slicer writes it; its lists where it is empty. Returns whether it could."""
    present = slicer.vtkSlicerTerminologyEntry()
    if entry and slicer.modules.terminologies.logic().DeserializeTerminologyEntry(entry, present):
        # The selector drops the side and the region unless type and category say that they can have one, which the
        # text of an entry doesn't tell.
        category, region = present.GetCategoryObject(), present.GetRegionObject()
        category.SetShowAnatomy(bool(region.GetCodeValue()) or category.GetCodeValue() not in WITHOUT_REGION)
        present.GetTypeObject().SetHasModifiers(True)
        region.SetHasModifiers(True)
    return bool(navigator.setTerminologyEntry(present))


def termIn(navigator: slicer.qSlicerTerminologyNavigatorWidget) -> str:
    """The term that is chosen in Slicer's selector, as Slicer writes it; empty where that is none."""
    chosen = slicer.vtkSlicerTerminologyEntry()
    if not navigator.terminologyEntry(chosen):
        return ""
    entry = slicer.modules.terminologies.logic().SerializeTerminologyEntry(chosen)
    return entry if parse_terminology(entry) is not None else ""  # its "None" is an entry without codes
