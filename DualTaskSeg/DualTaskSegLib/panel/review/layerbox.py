"""The part of the section Review that chooses the map that lies over the scan, and tells what its colors mean."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from slicer.i18n import tr as _

from DualTaskSegLib.panel.filling import fillCombo
from DualTaskSegLib.panel.section import Widgets
from DualTaskSegLib.views.overlays import CHANGE_COLORS, DISTANCE_COLORS, UNCERTAINTY_COLORS

NONE, DISTANCE, UNCERTAINTY, CHANGES = "", "distance", "uncertainty", "changes"


class LayerBox:
    """Drives layerSelector and the legend below it.

    Args:
        onChosen: called with one of the names above when the user chose a map.
    """

    def __init__(self, ui: Widgets, onChosen: Callable[[str], None]) -> None:
        self.ui = ui
        self._onChosen = onChosen
        self._legend: tuple[str, float] | None = None  # what the legend shows
        ui.layerSelector.connect("currentIndexChanged(int)", self._onIndex)

    def refresh(self, available: Collection[str], shown: str, band: float) -> None:
        """Shows which maps there are.

        Args:
            shown: the one that is shown.
            band: up to how many mm from the surface the colors of the distance reach.
        """
        titles = {
            NONE: _("Nothing"),
            DISTANCE: _("Signed distance to the surface"),
            UNCERTAINTY: _("Where the two networks disagree"),
            CHANGES: _("What changed"),
        }
        selector = self.ui.layerSelector
        wanted = [layer for layer in titles if layer == NONE or layer in available]
        there = [selector.itemData(index) for index in range(selector.count)]
        if there != wanted or selector.itemData(selector.currentIndex) != shown:
            fillCombo(selector, [(titles[layer], layer) for layer in wanted], shown)
        self._showLegend(shown, band)

    def _onIndex(self, index: int) -> None:
        if index >= 0:
            self._onChosen(self.ui.layerSelector.itemData(index))

    def _showLegend(self, layer: str, band: float) -> None:
        if self._legend == (layer, band):
            return
        self._legend = (layer, band)
        ui = self.ui
        hasScale = layer in (DISTANCE, UNCERTAINTY)
        for widget in (ui.legendBar, ui.legendLowLabel, ui.legendMiddleLabel, ui.legendHighLabel):
            widget.visible = hasScale
        ui.legendKindsLabel.visible = layer == CHANGES
        if layer == DISTANCE:
            ui.legendBar.styleSheet = _gradient((0.5 + place / 2, color) for place, color in DISTANCE_COLORS)
            ui.legendLowLabel.text = _("-{band:g} mm, inside").format(band=band)
            ui.legendMiddleLabel.text = _("0, surface")
            ui.legendHighLabel.text = _("+{band:g} mm, outside").format(band=band)
        elif layer == UNCERTAINTY:
            ui.legendBar.styleSheet = _gradient(UNCERTAINTY_COLORS)
            ui.legendLowLabel.text = _("0, they agree")
            ui.legendMiddleLabel.text = ""
            ui.legendHighLabel.text = _("1, they contradict each other")
        elif layer == CHANGES:
            texts = (_("added"), _("removed"), _("another structure"))
            squares = (
                f'<span style="color: {_css(color)}">■</span> {text}'
                for color, text in zip(CHANGE_COLORS, texts, strict=True)
            )
            ui.legendKindsLabel.text = "&nbsp;&nbsp; ".join(squares)


def _gradient(stops: Iterable[tuple[float, tuple[float, float, float]]]) -> str:
    """A style sheet with colors at places from 0 to 1, from left to right."""
    parts = ", ".join(f"stop:{place:.3f} {_css(color)}" for place, color in stops)
    return f"background: qlineargradient(x1:0, y1:0, x2:1, y2:0, {parts})"


def _css(color: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in color)
