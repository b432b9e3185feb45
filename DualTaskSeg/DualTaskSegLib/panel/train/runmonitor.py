"""What the trainings of a project do, asked in the background: their disk may take its time, or never answer."""

from __future__ import annotations

import qt

from DualTaskSegLib.common.signals import Signal
from DualTaskSegLib.engine import runs
from DualTaskSegLib.engine.runs import RunSnapshot, RunWatch
from DualTaskSegLib.panel.context import Panel
from DualTaskSegLib.panel.section import slot

POLL_MS = 1000
CATCH_UP = 20  # parts of the metrics of an older training that are read at once


class RunMonitor:
    """Watches the trainings of the open project."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.news: dict[RunWatch, RunSnapshot] = {}  # what each does
        self.found = Signal()  # it was looked which trainings there are; a list, the newest first
        self.taken = Signal()  # a training, and what is new of it
        self.looked = Signal()  # all was taken that is new at the moment
        self.ended = Signal()  # a training, and what became of it
        self._timer = qt.QTimer()
        self._timer.setInterval(POLL_MS)
        self._timer.connect("timeout()", self.poll)
        panel.runChanged.connect(self.read)

    @property
    def atWork(self) -> list[RunWatch]:
        """The trainings that go on."""
        return [watch for watch, news in self.news.items() if news.isAtWork]

    def forget(self) -> None:
        """Another project is open."""
        self.news = {}
        self.panel.setTraining(False)

    def close(self) -> None:
        """Asks no more."""
        self._timer.stop()

    def read(self) -> None:
        """Looks which trainings there are, and what those do that the timer doesn't ask."""
        project, atWork = self.panel.project, self.atWork
        known = {watch.folder: watch for watch in self.news}

        def look() -> list[tuple[RunWatch, RunSnapshot | None]]:
            found = [known.get(watch.folder, watch) for watch in runs.listRuns(project)] if project is not None else []
            return [(watch, None if watch in atWork else watch.poll()) for watch in found]

        def answered(found: list[tuple[RunWatch, RunSnapshot | None]]) -> None:
            if self.panel.project is not project:
                return
            for watch, news in found:
                if news is not None:
                    self._take(watch, news)
            watches = [watch for watch, _news in found]
            self.news = {watch: news for watch, news in self.news.items() if watch in watches}
            self.panel.setTraining(bool(self.atWork))
            if self.atWork:
                self._timer.start()
            self.found.emit(watches)

        self.panel.disk.ask("runs", look, answered, self.panel.failWith, isPressing=False)

    def follow(self, watch: RunWatch) -> None:
        """Something was done with a training: from now on it is asked what is new."""
        self._take(watch, watch.poll())
        self._timer.start()

    def catchUp(self, watch: RunWatch) -> None:
        """Reads what a training wrote so far; one poll reads a part of it only."""

        def read() -> list[RunSnapshot]:
            parts = [watch.poll()]
            while parts[-1].newRows and len(parts) < CATCH_UP:
                parts.append(watch.poll())
            return parts

        def answered(parts: list[RunSnapshot]) -> None:
            if watch not in self.news:  # another project may have been opened meanwhile
                return
            for news in parts:
                self._take(watch, news)
            self.looked.emit()

        self.panel.disk.ask(f"older {watch.folder}", read, answered, self.panel.failWith)

    @slot
    def poll(self) -> None:
        """Asks the trainings that go on what is new; the timer stops when there are none."""
        if self.panel.disk.isWaiting("news"):  # a network drive that is gone
            return
        atWork = self.atWork
        self.panel.disk.ask(
            "news", lambda: [(watch, watch.poll()) for watch in atWork], self._onNews, self.panel.failWith
        )

    @slot
    def _onNews(self, found: list[tuple[RunWatch, RunSnapshot]]) -> None:
        before = {watch: news.state for watch, news in self.news.items()}
        for watch, news in found:
            if watch in self.news:  # another project may have been opened meanwhile
                self._take(watch, news)
        self.looked.emit()
        for watch, state in before.items():
            news = self.news.get(watch)
            if news is not None and news.state != state and not news.isAtWork:
                self.ended.emit(watch, news)
        if not self.atWork:
            self._timer.stop()

    def _take(self, watch: RunWatch, news: RunSnapshot) -> None:
        self.news[watch] = news
        self.panel.setTraining(bool(self.atWork))
        self.taken.emit(watch, news)
