"""The curves of trainings beside the slices, and back to the user's own layout."""

from __future__ import annotations

from typing import Any

from DualTaskSegLib.engine.runs import RunSnapshot, RunWatch
from DualTaskSegLib.views import layouts
from DualTaskSegLib.views.curves import Curves


class CurveView:
    """Keeps what trainings tell of themselves, so that their curves can be drawn at any time, in any scene."""

    def __init__(self) -> None:
        self._curves: dict[RunWatch, Curves] = {}
        self._rows: dict[RunWatch, list[dict[str, Any]]] = {}  # of metrics, kept in case the scene is closed
        self._layoutBefore: int | None = None

    def take(self, watch: RunWatch, news: RunSnapshot) -> None:
        """Keeps what is new of a training, and draws it if its curves were shown."""
        rows = self._rows.setdefault(watch, [])
        if news.isRestarted:
            rows.clear()
        rows += news.newRows
        curves = self._curves.get(watch)
        if curves is not None:
            if news.isRestarted:
                curves.clear()
            curves.append(news.newRows)

    def of(self, watch: RunWatch) -> Curves:
        """The curves of a training."""
        if watch not in self._curves:
            self._curves[watch] = Curves(watch.name)
            self._curves[watch].append(self._rows.get(watch, []))
        return self._curves[watch]

    def show(self, watch: RunWatch) -> None:
        """Shows the curves of a training in our layout."""
        before = self.of(watch).show()
        if before != layouts.TRAINING:
            self._layoutBefore = before

    def hide(self) -> None:
        """Goes back to the layout before."""
        layouts.restore(self._layoutBefore)
        self._layoutBefore = None

    def forget(self) -> None:
        """Another project is open: the curves go."""
        for curves in self._curves.values():
            curves.remove()
        self._curves, self._rows = {}, {}

    def onSceneStartClose(self) -> None:
        """The curves go with the scene; they are drawn anew when they are wanted."""
        self._curves.clear()
