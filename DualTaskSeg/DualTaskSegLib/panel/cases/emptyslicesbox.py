"""Asks what the empty slices between outlined ones mean, in the panel rather than in a window."""

from __future__ import annotations

from slicer.i18n import tr as _

from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.panel.section import Widgets
from DualTaskSegLib.scene.seenmaps import SliceQuestion


class EmptySlicesBox:
    """Drives slicesBox.

    Attributes:
        answered: the user answered: the question, and whether those slices are not outlined yet.
    """

    def __init__(self, ui: Widgets) -> None:
        self.ui = ui
        self.question: SliceQuestion | None = None
        self.answered = Signal()
        ui.slicesPartlyButton.connect("clicked()", lambda: self._onClick(True))
        ui.slicesNothingButton.connect("clicked()", lambda: self._onClick(False))
        ui.slicesLaterButton.connect("clicked()", self.hide)

    @property
    def isAsking(self) -> bool:
        """Whether the question is shown."""
        return self.question is not None

    def ask(self, question: SliceQuestion) -> None:
        """Shows the question; the probable answer is the one that the Enter key gives."""
        self.question = question
        ui, isRegular = self.ui, question.planes.isRegular
        sentences = [
            _("{case}: there are empty slices beside those that you outlined ({slices}).").format(
                case=question.case.name, slices=outlinedText(question)
            ),
            _("Are they not outlined yet, or is the structure not there?"),
            _("Equal gaps look like slices that are not outlined yet.")
            if isRegular
            else _("If you looked at all slices, the structure is not there."),
        ]
        ui.slicesLabel.text = " ".join(sentences)
        ui.slicesBox.visible = True
        for button, isDefault in ((ui.slicesPartlyButton, isRegular), (ui.slicesNothingButton, not isRegular)):
            button.default = isDefault
            if isDefault:
                button.setFocus()

    def hide(self) -> None:
        """Puts the question away; the outline isn't used."""
        self.question = None
        self.ui.slicesBox.visible = False

    def _onClick(self, isPartly: bool) -> None:
        question = self.question
        self.hide()
        self.answered.emit(question, isPartly)


def outlinedText(question: SliceQuestion) -> str:
    """How many slices are outlined, by their direction: ``axial: 9 of 41, sagittal: 1 of 60``."""
    planes = question.planes
    return ", ".join(
        _("{direction}: {outlined} of {all}").format(
            direction=question.geometry.sliceDirection(axis), outlined=len(indices), all=planes.shape[axis]
        )
        for axis, indices in enumerate(planes.planes)
        if indices
    )
