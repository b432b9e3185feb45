"""The part of the section Review that goes from one uncertain place to the next."""

from __future__ import annotations

from collections.abc import Callable

import slicer
from slicer.i18n import tr as _

from DualTaskSegLib.panel import shortcuts
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.section import Widgets, setAvailable, slot
from DualTaskSegLib.results import uncertainregions
from DualTaskSegLib.results.uncertainregions import UncertainRegion

MOST_REGIONS = 10


class RegionsBox:
    """Drives nextPlaceButton, previousPlaceButton and placeLabel.

    Args:
        start: starts steps of a kind, and tells what they found; what goes on of that kind is canceled.
        cancel: ends those of a kind.
        jumpTo: takes the views to a place.
        onChanged: called when another place was chosen.
    """

    def __init__(
        self,
        panel: Panel,
        ui: Widgets,
        start: Callable[..., None],
        cancel: Callable[[str], None],
        jumpTo: Callable[[tuple[float, float, float]], None],
        onChanged: Callable[[], None],
    ) -> None:
        self.panel = panel
        self.ui = ui
        self._start = start
        self._cancel = cancel
        self._jumpTo = jumpTo
        self._onChanged = onChanged
        self.found: list[UncertainRegion] | None = None  # None: not looked for yet
        self._node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._index = -1
        ui.previousPlaceButton.connect("clicked()", self.onPreviousPlace)
        ui.nextPlaceButton.connect("clicked()", self.onNextPlace)
        panel.shortcuts.add(shortcuts.NEXT_PLACE, ui.nextPlaceButton)
        panel.shortcuts.add(shortcuts.PREVIOUS_PLACE, ui.previousPlaceButton)

    def forget(self) -> None:
        """The result under review is another one, or none."""
        self._cancel("regions")
        self.found = self._node = None
        self._index = -1

    def refresh(self, node: slicer.vtkMRMLScalarVolumeNode | None, reason: str) -> None:
        """Shows where one can go.

        Args:
            node: where the networks disagree.
            reason: why there is nothing to go to; empty if there may be.
        """
        if node is not self._node:
            self.forget()
            self._node = node
        count = len(self.found) if self.found is not None else None
        if count == 0:
            reason = reason or _("The networks agree everywhere.")
        setAvailable(
            self.ui.nextPlaceButton,
            reason or (_("This is the last place.") if count is not None and self._index >= count - 1 else ""),
            _("Go to the next most uncertain place; the slice views center on it"),
        )
        setAvailable(
            self.ui.previousPlaceButton,
            reason or (_("This is the first place.") if self._index <= 0 else ""),
            _("Go back to the place before"),
        )
        if count == 0:
            text = _("no such place")
        elif count is None or self._index < 0:
            text = ""
        else:
            region = self.found[self._index]
            text = _("{number} of {count}: {size} mL").format(
                number=self._index + 1, count=count, size=f"{region.sizeMl:.2g}"
            )
        self.ui.placeLabel.text = text

    @slot
    def onNextPlace(self) -> None:
        """Goes to the next place; the first time, the places are looked for."""
        if self.found is not None:
            self._goTo(self._index + 1)
            return
        node = self._node

        def done(found: list[UncertainRegion]) -> None:
            if node is self._node:
                self.found = found
                self._goTo(0)

        self.ui.placeLabel.text = _("looking...")
        self._start("regions", uncertainregions.uncertainRegionsSteps(node, MOST_REGIONS), done)

    @slot
    def onPreviousPlace(self) -> None:
        """Goes back to the place before."""
        self._goTo(self._index - 1)

    def _goTo(self, index: int) -> None:
        if self.found and 0 <= index < len(self.found):
            self._index = index
            self._jumpTo(self.found[index].ras)
        if self.panel.parameterNode is not None:
            self._onChanged()
